//! The report in plain words: what an auditor would paste into a letter.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use time::OffsetDateTime;

use super::attack_family::AttackFamily;
use super::authority::{Claim, Granted, StatedSeal};
use super::code::Severity;
use super::modification::ModificationLevel;
use super::signature::{
    ByteRangeState, Identity, IdentityStatus, Integrity, Kind, SignatureReport, TimeSource,
};
use super::wording::{Lang, fill};
use super::{Conclusion, Parse, Report};
use crate::instant::rfc3339;

/// A report and the language to put it in.
pub(super) struct Letter<'r> {
    pub(super) report: &'r Report,
    pub(super) lang: Lang,
}

impl fmt::Display for Letter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.report;
        writeln!(f, "{}", self.headline())?;
        writeln!(f, "{}", self.file_line())?;
        for finding in &report.findings {
            writeln!(f, "  {} {}", self.mark(finding.severity), finding.message_in(self.lang))?;
        }
        for signature in &report.signatures {
            writeln!(f)?;
            self.signature(f, signature)?;
        }
        Ok(())
    }
}

impl Letter<'_> {
    fn say(&self, en: &'static str, zh: &'static str) -> &'static str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    fn headline(&self) -> &'static str {
        match self.report.conclusion {
            Conclusion::Passed => self.say(
                "PASSED. Every signature holds, and nothing was changed that it does not permit.",
                "通过。所有签名均有效，签署后没有未经允许的更改。",
            ),
            Conclusion::Indeterminate => self.say(
                "INDETERMINATE. Nothing shows a forgery, but not everything could be confirmed.",
                "无法确定。未发现伪造，但并非所有内容都能得到确认。",
            ),
            Conclusion::Failed => self.say(
                "FAILED. At least one signature does not hold, or the document was changed.",
                "未通过。至少有一个签名无效，或者文档已被更改。",
            ),
            Conclusion::Unsigned => {
                self.say("UNSIGNED. The document carries no signature.", "未签名。文档中没有签名。")
            }
        }
    }

    fn file_line(&self) -> String {
        let file = &self.report.file;
        let parse = match file.parse {
            Parse::Strict => self.say("", ""),
            Parse::Tolerated => {
                self.say(", with small departures from the standard", "，与标准略有偏差")
            }
            Parse::Repaired => self.say(", damaged", "，已损坏"),
        };
        let template = self.say(
            "The file has {0} bytes in {1} revision(s){2}. SHA-256: {3}",
            "文件共 {0} 字节，{1} 个版本{2}。SHA-256：{3}",
        );
        let values =
            [file.bytes.to_string(), file.revisions.to_string(), parse.into(), file.sha256.clone()];
        fill(template, &values)
    }

    fn mark(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Info => self.say("note:", "说明："),
            Severity::Warning => self.say("caution:", "注意："),
            Severity::Error => self.say("problem:", "问题："),
        }
    }

    fn signature(&self, f: &mut fmt::Formatter<'_>, signature: &SignatureReport) -> fmt::Result {
        writeln!(f, "{}", self.title(signature))?;
        writeln!(f, "  {}", self.who(signature))?;
        if let Some(certificate) = self.certificate(&signature.identity) {
            writeln!(f, "  {certificate}")?;
        }
        writeln!(f, "  {}", self.when(signature))?;
        writeln!(f, "  {}", self.what(signature))?;
        writeln!(f, "  {}", self.later(signature))?;
        self.resembles(f, signature)?;
        self.faces(f, signature)?;
        self.authority(f, signature)?;
        for finding in &signature.findings {
            write!(f, "  {} {}", self.mark(finding.severity), finding.message_in(self.lang))?;
            if let Some(object) = &finding.object {
                write!(
                    f,
                    "{}",
                    fill(self.say(" (object {0}", "（对象 {0}"), std::slice::from_ref(object))
                )?;
                if let Some(page) = finding.page {
                    let page = page.to_string();
                    write!(f, "{}", fill(self.say(", page {0}", "，第 {0} 页"), &[page]))?;
                }
                write!(f, "{}", self.say(")", "）"))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    /// Each family of attacks once.
    fn resembles(&self, f: &mut fmt::Formatter<'_>, signature: &SignatureReport) -> fmt::Result {
        let found = signature.findings.iter().filter_map(|it| AttackFamily::of(it.code));
        let changes = signature.modification.changes.iter().filter_map(|it| it.resembles);
        let families: BTreeSet<AttackFamily> = found.chain(changes).collect();
        let template = self.say("It reminds of a known attack: {0}.", "与已知攻击手法相似：{0}。");
        for family in families {
            writeln!(f, "  {}", fill(template, &[family.name(self.lang).to_owned()]))?;
        }
        Ok(())
    }

    /// Each face once, with the number of places that show it.
    fn faces(&self, f: &mut fmt::Formatter<'_>, signature: &SignatureReport) -> fmt::Result {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for face in &signature.faces {
            *places.entry(&face.digest).or_default() += 1;
        }
        let template = self.say(
            "Shows: a seal whose face digest is {0}, in {1} place(s).",
            "印章图样：摘要 {0}，共 {1} 处。",
        );
        for (digest, count) in places {
            writeln!(f, "  {}", fill(template, &[visible(digest), count.to_string()]))?;
        }
        Ok(())
    }

    /// What is stated of the authority, a line for each seal.
    fn authority(&self, f: &mut fmt::Formatter<'_>, signature: &SignatureReport) -> fmt::Result {
        let Some(stated) = &signature.authority else { return Ok(()) };
        let unknown = "?".to_owned();
        let template = match stated.claim {
            Claim::Permitted => self.say(
                "Authority: permitted for contract {0}, signer {1}, document {2}.",
                "用印权限：合同 {0}，签署人 {1}，文件 {2}，已获许可。",
            ),
            Claim::AssertedByHost => self.say(
                "Authority: asserted by the program that had it signed; nothing was checked.",
                "用印权限：由签署程序自行声明，未经核验。",
            ),
            Claim::Nothing => self.say(
                "Authority: none is claimed, and no seal.",
                "用印权限：未声明任何权限或印章。",
            ),
            Claim::Malformed | Claim::Unsupported => {
                self.say("Authority: cannot be read.", "用印权限：无法读取。")
            }
        };
        let contract = stated.contract.as_ref().map_or(&unknown, |contract| &contract.id);
        let document = stated.document.as_ref().map_or(&unknown, |document| &document.id);
        let slot = stated.slot.as_ref().unwrap_or(&unknown);
        writeln!(f, "  {}", fill(template, &[contract, slot, document].map(|id| visible(id))))?;
        for seal in &stated.seals {
            writeln!(f, "  {}", self.stated_seal(seal))?;
        }
        Ok(())
    }

    fn stated_seal(&self, seal: &StatedSeal) -> String {
        let granted = match seal.granted {
            Granted::Granted => self.say("its organization vouches for it", "企业已签名证明"),
            Granted::NotCovered => {
                self.say("its organization granted something else", "企业授权范围不符")
            }
            Granted::Untrusted => {
                self.say("who vouches for it is not trusted", "证明授权者不受信任")
            }
            Granted::Indeterminate => {
                self.say("whether it was granted cannot be said", "无法判断是否已授权")
            }
            Granted::Missing => self.say("the signer alone says so", "仅由签署人声明"),
        };
        let template = self.say(
            "Claims: seal {0}, version {1}, under grant {2}; shown in {3} place(s); {4}.",
            "声明：印章 {0} 第 {1} 版，授权 {2}；显示 {3} 处；{4}。",
        );
        let (version, places) = (seal.version.to_string(), seal.places.to_string());
        let values = [visible(&seal.seal), version, visible(&seal.grant), places, granted.into()];
        fill(template, &values)
    }

    fn title(&self, signature: &SignatureReport) -> String {
        let kind = match signature.kind {
            Kind::Signature => self.say("Signature", "签名"),
            Kind::Timestamp => self.say("Document time-stamp", "文档时间戳"),
        };
        let word = match signature.conclusion {
            Conclusion::Passed => self.say("passed", "通过"),
            Conclusion::Failed => self.say("failed", "未通过"),
            Conclusion::Indeterminate | Conclusion::Unsigned => {
                self.say("indeterminate", "无法确定")
            }
        };
        let template = self.say("{0} {1} in field \"{2}\": {3}.", "{0} {1}，域“{2}”：{3}。");
        let values =
            [kind.into(), signature.index.to_string(), visible(&signature.field), word.into()];
        fill(template, &values)
    }

    fn who(&self, signature: &SignatureReport) -> String {
        let identity = &signature.identity;
        let Some(name) = identity.name() else {
            return self.say("Signed by: unknown.", "签署人：未知。").to_owned();
        };
        let trust = match identity.status {
            IdentityStatus::Trusted => self.say("trusted", "受信任"),
            IdentityStatus::TrustedDirectly => self.say("trusted directly", "直接受信任"),
            IdentityStatus::Untrusted => self.say("not trusted", "不受信任"),
            IdentityStatus::Expired => self.say("certificate expired", "证书已过期"),
            IdentityStatus::NotYetValid => self.say("certificate not valid yet", "证书尚未生效"),
            IdentityStatus::Unsupported | IdentityStatus::Missing => {
                self.say("trust cannot be judged", "无法判断是否可信")
            }
            IdentityStatus::NotChecked => self.say("trust not checked", "未检查是否可信"),
        };
        let issuer = identity.issuer_name().unwrap_or_else(|| "?".to_owned());
        let template =
            self.say("Signed by: {0}, issued by {1} ({2}).", "签署人：{0}，颁发者：{1}（{2}）。");
        fill(template, &[name, issuer, trust.into()])
    }

    /// The whole names, for whoever compares certificates; none without a certificate.
    fn certificate(&self, identity: &Identity) -> Option<String> {
        let (subject, issuer) = (identity.subject.as_deref()?, identity.issuer.as_deref()?);
        let serial = identity.serial.as_deref().unwrap_or("?");
        let template = self.say(
            "Certificate: {0}; issuer: {1}; serial number {2}.",
            "证书：{0}；颁发者：{1}；序列号 {2}。",
        );
        Some(fill(template, &[subject, issuer, serial].map(visible)))
    }

    fn when(&self, signature: &SignatureReport) -> String {
        let times = &signature.time;
        let shown = |time: Option<OffsetDateTime>| {
            time.map_or_else(|| self.say("no time", "无").to_owned(), rfc3339)
        };
        let source = match times.source {
            None => self.say("no time is proven", "没有可证明的时间"),
            Some(TimeSource::SignatureTimestamp) => {
                self.say("a time-stamp inside the signature shows {1}", "签名内的时间戳证明为 {1}")
            }
            Some(TimeSource::DocumentTimestamp) => {
                self.say("a document time-stamp shows {1}", "文档时间戳证明为 {1}")
            }
        };
        let values = [shown(times.claimed), shown(times.proven)];
        let head =
            fill(self.say("When: the signer claims {0}; ", "时间：签署人声称 {0}；"), &values);
        head + &fill(source, &values) + self.say(".", "。")
    }

    fn what(&self, signature: &SignatureReport) -> String {
        let coverage = &signature.coverage;
        let intact = match signature.integrity {
            Integrity::Intact => self.say("unchanged since", "签署后未变"),
            Integrity::Weak => self.say(
                "unchanged as it seems, but the algorithm proves nothing",
                "看似未变，但所用算法不能作为证明",
            ),
            Integrity::Broken => self.say("not what was signed", "与签署内容不符"),
            Integrity::Unsupported => self.say("cannot be judged", "无法判断"),
        };
        if coverage.byte_range == ByteRangeState::Bad {
            let text = match coverage.declared {
                Some(Integrity::Intact) => self.say(
                    "Covers: the signature does not cover what it should; what it covers is unchanged.",
                    "覆盖范围：签名未覆盖其应覆盖的内容；其所覆盖的部分未变。",
                ),
                _ => self.say(
                    "Covers: the signature does not cover what it should.",
                    "覆盖范围：签名未覆盖其应覆盖的内容。",
                ),
            };
            return text.to_owned();
        }
        if coverage.whole_file {
            let template = self.say("Covers: the whole file; {0}.", "覆盖范围：整个文件；{0}。");
            return fill(template, &[intact.into()]);
        }
        let revision = coverage.revision.map_or_else(|| "?".to_owned(), |n| n.to_string());
        let template = self.say(
            "Covers: revision {0} of the file, all but the last {1} bytes; {2}.",
            "覆盖范围：文件的第 {0} 版，最后 {1} 字节除外；{2}。",
        );
        fill(template, &[revision, coverage.tail_bytes.to_string(), intact.into()])
    }

    fn later(&self, signature: &SignatureReport) -> String {
        let text = match signature.modification.level {
            ModificationLevel::None => self.say("Changed later: nothing.", "签署后的更改：无。"),
            ModificationLevel::Lta => self.say(
                "Changed later: only data for checking it later was added.",
                "签署后的更改：仅添加了用于日后验证的数据。",
            ),
            ModificationLevel::Form => self.say(
                "Changed later: signature fields were added or filled, as permitted.",
                "签署后的更改：按许可添加或填写了签名域。",
            ),
            ModificationLevel::Annotation => self.say(
                "Changed later: annotations, as permitted.",
                "签署后的更改：按许可修改了注释。",
            ),
            ModificationLevel::Forbidden if signature.changes_unknown() => {
                self.say("Changed later: cannot be said.", "签署后的更改：无法判断。")
            }
            ModificationLevel::Forbidden => self.say(
                "Changed later: in a way that is NOT permitted.",
                "签署后的更改：存在不允许的更改。",
            ),
        };
        text.to_owned()
    }
}

/// Text from the file, without what would move or hide other text on a terminal.
pub(super) fn visible(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    text.chars().map(|c| if hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_reorder_text_is_shown_as_replaced() {
        assert_eq!(visible("a\u{202E}b\u{1b}[2J甲"), "a\u{FFFD}b\u{FFFD}[2J甲");
    }
}
