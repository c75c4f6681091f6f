//! The reliability checklist: articles 13 and 14 of the Electronic Signature Law (电子签名法, 2019).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Error;
use super::signature::{SignatureEvidence, SigningEvidence};
use crate::execution::{ExecutionVerdict, Overall};
use crate::identity::{DocumentId, SlotId};
use crate::report::{
    ByteRangeState, Conclusion, Integrity, Lang, ModificationLevel, SignatureReport,
};

/// What can be shown, signature by signature, of the conditions that the law attaches consequences to
/// (可靠电子签名). Whether the law attaches them is not said here: that is for a court.
///
/// Conditions (3) and (4) of article 13 are proved by arithmetic alone, or not. Conditions (1) and (2)
/// happen where no program looks: they can only be asserted, by whom is said with a reference.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReliabilityChecklist {
    /// One for each signature in each document.
    pub signatures: Vec<Reliability>,
}

/// What can be shown of one signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reliability {
    /// In whose place it was made.
    pub slot: SlotId,
    /// In which document.
    pub document: DocumentId,
    /// The four conditions, then what rests on them, in the order of [`Condition::ALL`].
    pub conditions: Vec<ConditionShown>,
}

/// How far a condition can be shown, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionShown {
    /// Which condition.
    pub condition: Condition,
    /// How far.
    pub shown: Shown,
    /// Why.
    pub reason: Reason,
}

/// How far something can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Shown {
    /// By the documents alone: anybody can compute it.
    Proved,
    /// On somebody's word.
    AssertedBy {
        /// Whose.
        by: String,
        /// Where he keeps what it rests on.
        references: Vec<String>,
    },
    /// Not at all.
    Unknown,
}

/// A condition of the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Condition {
    /// Art. 13 (1): the data for making the signature belong to the signer alone.
    #[serde(rename = "13.1")]
    Exclusive,
    /// Art. 13 (2): when he signed, he alone controlled them.
    #[serde(rename = "13.2")]
    Controlled,
    /// Art. 13 (3): any change to the signature can be found.
    #[serde(rename = "13.3")]
    SignatureChange,
    /// Art. 13 (4): any change to the content or its form can be found.
    #[serde(rename = "13.4")]
    ContentChange,
    /// Art. 14: what rests on the four: the force of a handwritten signature or a seal.
    #[serde(rename = "14")]
    Force,
}

impl Condition {
    /// All of them, in the order of the law.
    pub const ALL: [Self; 5] = [
        Self::Exclusive,
        Self::Controlled,
        Self::SignatureChange,
        Self::ContentChange,
        Self::Force,
    ];

    /// The article and its number: `13 (1)`.
    #[must_use]
    pub fn article(self) -> &'static str {
        match self {
            Self::Exclusive => "13 (1)",
            Self::Controlled => "13 (2)",
            Self::SignatureChange => "13 (3)",
            Self::ContentChange => "13 (4)",
            Self::Force => "14",
        }
    }

    /// The condition in words.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::Exclusive => (
                "the data used to make the signature belong exclusively to the signer",
                "电子签名制作数据用于电子签名时，属于电子签名人专有",
            ),
            Self::Controlled => (
                "the data used to make the signature were controlled by the signer alone when signing",
                "签署时电子签名制作数据仅由电子签名人控制",
            ),
            Self::SignatureChange => (
                "any change to the signature after signing can be found",
                "签署后对电子签名的任何改动能够被发现",
            ),
            Self::ContentChange => (
                "any change to the content or form of the document after signing can be found",
                "签署后对数据电文内容和形式的任何改动能够被发现",
            ),
            Self::Force => (
                "what the law attaches to a reliable electronic signature",
                "可靠的电子签名与手写签名或者盖章具有同等的法律效力",
            ),
        };
        lang_of(lang, en, zh)
    }
}

/// Why something is shown, or is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The host says who keeps the key and where that is written.
    Custody,
    /// Nobody says who keeps the key.
    NoCustody,
    /// How the signer showed that he meant it was recorded, with the number of the check.
    Intent,
    /// Nothing was recorded of how the signer showed that he meant it.
    NoIntent,
    /// The signature fits the bytes it covers and the key in its certificate.
    Intact,
    /// The document has no signature of this slot.
    NoSignature,
    /// The signature could not be shown to be intact.
    NotIntact,
    /// It covers the document as it was signed; what came later was found and is permitted.
    Covered,
    /// The document was changed in a way that nobody permitted, or is not the one that was issued.
    Changed,
    /// The four conditions are proved or asserted, as the lines above say.
    Conditions,
    /// One of the four conditions is unknown.
    ConditionUnknown,
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::Custody => ("the custody of the key is on record", "密钥保管情况有据可查"),
            Self::NoCustody => ("nobody says who keeps the key", "无人说明密钥由谁保管"),
            Self::Intent => {
                ("the proof of the signer's intent is on record", "签署意愿认证记录可查")
            }
            Self::NoIntent => {
                ("no proof of the signer's intent is on record", "无签署意愿认证记录")
            }
            Self::Intact => (
                "the signature fits the bytes it covers and the key in its certificate",
                "签名与其覆盖的字节及证书中的公钥相符",
            ),
            Self::NoSignature => {
                ("the document has no signature of this signer", "文件中没有该签署方的签名")
            }
            Self::NotIntact => {
                ("the signature could not be shown to be intact", "无法证明签名完好")
            }
            Self::Covered => (
                "the signature covers the document as signed; what came later was found and is permitted",
                "签名覆盖签署时的整份文件，其后的改动均已查明且属许可范围",
            ),
            Self::Changed => (
                "the document was changed without permission, or is not the one that was issued",
                "文件存在未经许可的改动，或并非所签发的文件",
            ),
            Self::Conditions => (
                "rests on the four conditions above; whether it follows is for a court to say",
                "取决于上述四项条件；是否成立由司法机关认定",
            ),
            Self::ConditionUnknown => {
                ("one of the four conditions above is unknown", "上述四项条件中有未知项")
            }
        };
        lang_of(lang, en, zh)
    }
}

impl Shown {
    /// In words: `proved`, `asserted by …`, `unknown`.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Proved, Lang::En) => "proved".to_owned(),
            (Self::Proved, Lang::Zh) => "已证明".to_owned(),
            (Self::Unknown, Lang::En) => "unknown".to_owned(),
            (Self::Unknown, Lang::Zh) => "未知".to_owned(),
            (Self::AssertedBy { by, references }, lang) => {
                let said = match lang {
                    Lang::En => format!("asserted by {by}"),
                    Lang::Zh => format!("由{by}声明"),
                };
                if references.is_empty() {
                    said
                } else {
                    format!("{said} [{}]", references.join(", "))
                }
            }
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(Lang::En))
    }
}

/// On whose word something is taken, and where he keeps what it rests on.
///
/// ```
/// use sealwright::execution::evidence::Assertion;
/// let custody = Assertion::new("the platform's key store", "kms://keys/17")?;
/// assert_eq!(custody.reference(), "kms://keys/17");
/// # Ok::<(), sealwright::execution::evidence::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredAssertion")]
pub struct Assertion {
    by: String,
    reference: String,
}

impl Assertion {
    /// The most characters that source and reference may have.
    pub const LONGEST: usize = 200;

    /// Who says so, and the number or address under which he can be asked. No personal facts: it stands
    /// in evidence as it is.
    ///
    /// # Errors
    ///
    /// [`Error::Assertion`] for texts that are empty, too long or have control characters.
    pub fn new(by: impl Into<String>, reference: impl Into<String>) -> Result<Self, Error> {
        let (by, reference) = (by.into(), reference.into());
        for text in [&by, &reference] {
            let length = text.chars().count();
            if length == 0 || length > Self::LONGEST || text.chars().any(char::is_control) {
                return Err(Error::Assertion { length, most: Self::LONGEST });
            }
        }
        Ok(Self { by, reference })
    }

    /// Who says so.
    #[must_use]
    pub fn by(&self) -> &str {
        &self.by
    }

    /// Under which number or address.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference
    }
}

#[derive(Deserialize)]
struct StoredAssertion {
    by: String,
    reference: String,
}

impl TryFrom<StoredAssertion> for Assertion {
    type Error = Error;

    fn try_from(stored: StoredAssertion) -> Result<Self, Error> {
        Self::new(stored.by, stored.reference)
    }
}

/// What the host asserts of one signer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asserted {
    /// Who keeps the key that he signs with, and how that is his alone: art. 13 (1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<Assertion>,
    /// Who checked that it was he who had it used: art. 13 (2). What the record says of his intent
    /// ([`SigningRecord::intent`](super::SigningRecord::intent)) is named beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Assertion>,
}

/// Who asserts what nobody else is named for.
const HOST: &str = "host";

impl ReliabilityChecklist {
    /// What can be shown of these signatures.
    pub(super) fn of<'e>(
        signings: &'e [SigningEvidence],
        verdict: &ExecutionVerdict,
        report: impl Fn(&'e SignatureEvidence) -> Option<&'e SignatureReport>,
    ) -> Self {
        let as_issued = !matches!(verdict.overall, Overall::Tampered | Overall::Malformed);
        let signatures = signings.iter().flat_map(|signing| {
            signing.signatures.iter().map(move |signature| (signing, signature))
        });
        let signatures = signatures.map(|(signing, signature)| Reliability {
            slot: signing.slot.clone(),
            document: signature.document.clone(),
            conditions: conditions(signing, report(signature), as_issued),
        });
        Self { signatures: signatures.collect() }
    }
}

fn conditions(
    signing: &SigningEvidence,
    report: Option<&SignatureReport>,
    as_issued: bool,
) -> Vec<ConditionShown> {
    let exclusive = match &signing.asserted.custody {
        Some(said) => (asserted(said.by(), [said.reference()]), Reason::Custody),
        None => (Shown::Unknown, Reason::NoCustody),
    };
    let four = [exclusive, controlled(signing), intact(report), covered(report, as_issued)];
    let force = match four.iter().all(|(shown, _)| *shown != Shown::Unknown) {
        true => (asserted(&sources(&four), Vec::<String>::new()), Reason::Conditions),
        false => (Shown::Unknown, Reason::ConditionUnknown),
    };
    let all = four.into_iter().chain([force]);
    let listed = Condition::ALL.into_iter().zip(all);
    listed.map(|(condition, (shown, reason))| ConditionShown { condition, shown, reason }).collect()
}

fn controlled(signing: &SigningEvidence) -> (Shown, Reason) {
    let checks = signing.recorded.iter().flat_map(|it| &it.intent);
    let control = signing.asserted.control.as_ref();
    let references = checks.map(|it| format!("{}:{}", it.method, it.reference));
    let references: Vec<String> =
        references.chain(control.map(|it| it.reference().to_owned())).collect();
    if references.is_empty() {
        return (Shown::Unknown, Reason::NoIntent);
    }
    let by = control.map_or(HOST, |it| it.by());
    (asserted(by, references), Reason::Intent)
}

fn intact(report: Option<&SignatureReport>) -> (Shown, Reason) {
    let Some(report) = report else { return (Shown::Unknown, Reason::NoSignature) };
    let holds = report.integrity == Integrity::Intact
        && report.coverage.byte_range == ByteRangeState::Ok
        && report.conclusion != Conclusion::Failed;
    match holds {
        true => (Shown::Proved, Reason::Intact),
        false => (Shown::Unknown, Reason::NotIntact),
    }
}

fn covered(report: Option<&SignatureReport>, as_issued: bool) -> (Shown, Reason) {
    let (Shown::Proved, Some(report)) = (intact(report).0, report) else { return intact(report) };
    let explained = report.modification.level != ModificationLevel::Forbidden;
    match explained && report.coverage.revision.is_some() && as_issued {
        true => (Shown::Proved, Reason::Covered),
        false => (Shown::Unknown, Reason::Changed),
    }
}

fn asserted(by: &str, references: impl IntoIterator<Item = impl Into<String>>) -> Shown {
    let references = references.into_iter().map(Into::into).collect();
    Shown::AssertedBy { by: by.to_owned(), references }
}

/// Everybody on whose word something rests, each once.
fn sources(shown: &[(Shown, Reason)]) -> String {
    let mut sources: Vec<&str> = Vec::new();
    for (shown, _) in shown {
        if let Shown::AssertedBy { by, .. } = shown
            && !sources.contains(&by.as_str())
        {
            sources.push(by);
        }
    }
    sources.join(", ")
}

fn lang_of(lang: Lang, en: &'static str, zh: &'static str) -> &'static str {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assertion_is_two_short_texts() {
        let long = "x".repeat(Assertion::LONGEST + 1);
        for (by, reference) in [("", "1"), ("a", ""), ("a\n", "1"), ("a", long.as_str())] {
            let refused = Assertion::new(by, reference).unwrap_err();
            assert_eq!(refused.code(), "evidence.assertion");
            let stored = serde_json::json!({ "by": by, "reference": reference });
            assert!(serde_json::from_value::<Assertion>(stored).is_err());
        }
        assert!(Assertion::new("a", &long[1..]).is_ok());
    }

    #[test]
    fn every_condition_and_reason_has_words_and_none_promises_validity() {
        for lang in [Lang::En, Lang::Zh] {
            let words = Condition::ALL.map(|it| it.words(lang));
            let unlike: std::collections::BTreeSet<_> = words.iter().collect();
            assert_eq!(unlike.len(), words.len());
            assert!(words.iter().all(|it| !it.contains("valid") && !it.contains("有效")));
        }
    }
}
