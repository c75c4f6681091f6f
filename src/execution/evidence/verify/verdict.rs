//! What came of a verification.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::audit::Verdict;
use crate::execution::evidence::checklist::ReliabilityChecklist;
use crate::execution::evidence::finding::{Code, Finding, Weight};
use crate::identity::{ContractId, DocumentId};
use crate::instant::rfc3339;
use crate::report::{Conclusion, IdentityStatus, Lang, Report, short_name};

/// Whether a bundle is what it says.
///
/// Made by [`verify`](super::verify()). `Display` says it in English.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceVerdict {
    /// The contract, as the manifest names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// Its title, as the evidence has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The answer in one word. `Unsigned` is a bundle with which nothing is wrong but that nobody signed
    /// it.
    pub conclusion: Conclusion,
    /// Who signed the bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealer: Option<Sealer>,
    /// What the trail shows; none if it shows nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trail: Option<Verdict>,
    /// What the judge says of each document now.
    pub reports: BTreeMap<DocumentId, Report>,
    /// What can be shown of the conditions of the law now: the assertions are those of the bundle.
    pub checklist: ReliabilityChecklist,
    /// What is wrong, what could not be shown, and what is to be known.
    pub findings: Vec<Finding>,
}

/// Who signed a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealer {
    /// The subject of his certificate (RFC 4514).
    pub subject: String,
    /// Its issuer (RFC 4514).
    pub issuer: String,
    /// Its serial number in lower-case hexadecimal digits.
    pub serial: String,
    /// Whether he is trusted.
    pub status: IdentityStatus,
    /// When he says that he signed, UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub claimed_at: Option<OffsetDateTime>,
}

impl EvidenceVerdict {
    pub(super) fn nothing_yet() -> Self {
        Self {
            contract: None,
            title: None,
            conclusion: Conclusion::Failed,
            sealer: None,
            trail: None,
            reports: BTreeMap::new(),
            checklist: ReliabilityChecklist::default(),
            findings: Vec::new(),
        }
    }

    pub(super) fn concluded(mut self) -> Self {
        let unsigned = self.findings.iter().any(|it| it.code == Code::Unsigned);
        self.conclusion = match self.findings.iter().map(|it| it.code.weight()).max() {
            Some(Weight::Fault) => Conclusion::Failed,
            Some(Weight::Doubt) => Conclusion::Indeterminate,
            _ if unsigned => Conclusion::Unsigned,
            _ => Conclusion::Passed,
        };
        self
    }

    /// The verdict in plain words of a language.
    #[must_use]
    pub fn in_language(&self, lang: Lang) -> impl fmt::Display + '_ {
        InLanguage { verdict: self, lang }
    }
}

impl fmt::Display for EvidenceVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_language(Lang::En).fmt(f)
    }
}

struct InLanguage<'v> {
    verdict: &'v EvidenceVerdict,
    lang: Lang,
}

impl InLanguage<'_> {
    fn say<'w>(&self, en: &'w str, zh: &'w str) -> &'w str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    fn conclusion(&self) -> &'static str {
        let (en, zh) = match self.verdict.conclusion {
            Conclusion::Passed => ("passed: everything is as it says", "通过：内容与所述一致"),
            Conclusion::Unsigned => {
                ("nothing is wrong, but nobody signed it", "未发现问题，但证据包未经签名")
            }
            Conclusion::Indeterminate => {
                ("indeterminate: not everything could be shown", "无法确定：未能全部证明")
            }
            Conclusion::Failed => ("failed: something is wrong", "未通过：存在问题"),
        };
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    fn sealer(&self, f: &mut fmt::Formatter<'_>, sealer: &Sealer) -> fmt::Result {
        let trust = match sealer.status {
            IdentityStatus::Trusted | IdentityStatus::TrustedDirectly => {
                self.say("trusted", "受信任")
            }
            IdentityStatus::NotChecked => self.say("trust was not asked", "未检查信任"),
            _ => self.say("not trusted", "不受信任"),
        };
        let name = short_name(&sealer.subject);
        write!(f, "{} {name} ({trust})", self.say("Sealed by", "签名者"))?;
        if let Some(at) = sealer.claimed_at {
            write!(f, ", {}", rfc3339(at))?;
        }
        writeln!(f)
    }

    fn trail(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(trail) = self.verdict.trail else { return Ok(()) };
        let said = match trail {
            Verdict::Complete => self.say(
                "complete, up to the head that was kept elsewhere",
                "完整，与外部留存的链头一致",
            ),
            _ => self
                .say("consistent; nothing shows that it is complete", "前后一致；不能说明其完整"),
        };
        writeln!(f, "{}: {said}", self.say("Trail", "审计日志"))
    }

    fn checklist(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for one in &self.verdict.checklist.signatures {
            writeln!(
                f,
                "{} {}, {} {}",
                self.say("Slot", "签署位"),
                one.slot,
                self.say("document", "文件"),
                one.document
            )?;
            for shown in &one.conditions {
                let (article, words) = (shown.condition.article(), shown.shown.words(self.lang));
                let reason = shown.reason.words(self.lang);
                match self.lang {
                    Lang::En => writeln!(f, "  art. {article}: {words}; {reason}")?,
                    Lang::Zh => writeln!(f, "  电子签名法 {article}：{words}；{reason}")?,
                }
            }
        }
        Ok(())
    }
}

impl fmt::Display for InLanguage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = self.verdict;
        let about = self.say("Evidence", "证据包");
        match (&verdict.title, &verdict.contract) {
            (Some(title), Some(id)) => write!(f, "{about} {title} ({id}): ")?,
            (None, Some(id)) => write!(f, "{about} {id}: ")?,
            _ => write!(f, "{about}: ")?,
        }
        writeln!(f, "{}", self.conclusion())?;
        match &verdict.sealer {
            Some(sealer) => self.sealer(f, sealer)?,
            None => writeln!(f, "{}", self.say("Sealed by nobody", "无签名者"))?,
        }
        for (document, report) in &verdict.reports {
            let word = self.say("Document", "文件");
            let conclusion = match report.conclusion {
                Conclusion::Passed => self.say("passed", "通过"),
                Conclusion::Indeterminate => self.say("indeterminate", "无法确定"),
                Conclusion::Failed => self.say("failed", "未通过"),
                Conclusion::Unsigned => self.say("unsigned", "未签名"),
            };
            let signatures = report.signatures.len();
            let counted = self.say("signatures", "个签名");
            writeln!(f, "{word} {document}: {conclusion}, {signatures} {counted}")?;
        }
        self.trail(f)?;
        self.checklist(f)?;
        for finding in &verdict.findings {
            finding.write(f, self.lang)?;
            writeln!(f)?;
        }
        Ok(())
    }
}
