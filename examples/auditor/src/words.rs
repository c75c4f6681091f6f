//! The words of the report in English and Chinese.

use sealwright::report::{
    ByteRangeState, Change, Claim, Conclusion, FieldMdp, Granted, IdentityStatus, Integrity, Kind,
    Lang, ModificationLevel, Parse, Severity, SignatureReport,
};
use serde::Serialize;
use time::OffsetDateTime;
use time::macros::format_description;

/// The words of one language.
#[derive(Clone, Copy)]
pub struct Words(pub Lang);

impl Words {
    /// One of two texts.
    pub fn say(self, en: &'static str, zh: &'static str) -> &'static str {
        match self.0 {
            Lang::Zh => zh,
            _ => en,
        }
    }

    /// One of two texts with `{0}`, `{1}` … replaced. Values are not looked into.
    pub fn fill(self, en: &'static str, zh: &'static str, values: &[&str]) -> String {
        let mut filled = String::new();
        let mut rest = self.say(en, zh);
        while let Some((before, after)) = rest.split_once('{') {
            let (index, behind) = after.split_once('}').unwrap_or((after, ""));
            filled.push_str(before);
            let value = index.parse().ok().and_then(|index: usize| values.get(index));
            filled.push_str(value.unwrap_or(&"…"));
            rest = behind;
        }
        filled + rest
    }

    /// The verdict in one word.
    pub fn verdict(self, conclusion: Option<Conclusion>) -> &'static str {
        match conclusion {
            Some(Conclusion::Passed) => self.say("Passed", "通过"),
            Some(Conclusion::Indeterminate) => self.say("Indeterminate", "无法确定"),
            Some(Conclusion::Failed) => self.say("Failed", "未通过"),
            Some(Conclusion::Unsigned) => self.say("Unsigned", "未签名"),
            None => self.say("Unreadable", "无法读取"),
        }
    }

    /// The verdict in one sentence.
    pub fn sentence(self, conclusion: Option<Conclusion>) -> &'static str {
        match conclusion {
            Some(Conclusion::Passed) => self.say(
                "Every signature holds, and nothing was changed afterwards that it does not permit.",
                "所有签名均有效，签署之后没有未经允许的更改。",
            ),
            Some(Conclusion::Indeterminate) => self.say(
                "Nothing shows a forgery, but not everything could be confirmed.",
                "未发现伪造，但并非所有内容都能得到确认。",
            ),
            Some(Conclusion::Failed) => self.say(
                "Do not rely on this document: a signature does not hold, or the document was changed \
                 after it was signed.",
                "请勿信赖此文档：有签名无效，或者文档在签署之后被更改。",
            ),
            Some(Conclusion::Unsigned) => {
                self.say("The document carries no signature.", "文档中没有签名。")
            }
            None => self.say("Nothing can be said of this file.", "无法对此文件作出任何判断。"),
        }
    }

    /// The verdict on a bundle of evidence in one sentence.
    pub fn of_bundle(self, conclusion: Conclusion) -> &'static str {
        match conclusion {
            Conclusion::Passed => self.say(
                "Everything in the bundle is as it says, and whoever sealed it is named below.",
                "证据包中的内容与其所述一致，签名者见下文。",
            ),
            Conclusion::Unsigned => self.say(
                "Nothing is wrong with it, but nobody sealed it: anybody can have put it together.",
                "未发现问题，但证据包未经签名：任何人都可能制作它。",
            ),
            Conclusion::Indeterminate => self.say(
                "Nothing shows a forgery, but not everything could be shown.",
                "未发现伪造，但并非所有内容都能得到证明。",
            ),
            Conclusion::Failed => self.say(
                "Do not rely on this bundle: something in it is not as it says.",
                "请勿信赖此证据包：其中有内容与其所述不符。",
            ),
        }
    }

    /// The verdict on one signature.
    pub fn holds(self, conclusion: Conclusion) -> &'static str {
        match conclusion {
            Conclusion::Passed => self.say("Holds", "有效"),
            Conclusion::Failed => self.say("Does not hold", "无效"),
            Conclusion::Indeterminate | Conclusion::Unsigned => self.say("Not certain", "无法确定"),
        }
    }

    /// What a signature is.
    pub fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Signature => self.say("Signature", "签名"),
            Kind::Timestamp => self.say("Document time-stamp", "文档时间戳"),
        }
    }

    /// Whether a signer is trusted.
    pub fn trust(self, status: IdentityStatus) -> &'static str {
        match status {
            IdentityStatus::Trusted => self
                .say("The certificate leads to one that you trust", "证书链可追溯到您信任的证书"),
            IdentityStatus::TrustedDirectly => {
                self.say("The certificate is one that you trust", "该证书直接受您信任")
            }
            IdentityStatus::Untrusted => self
                .say("The certificate leads to none that you trust", "证书链未追溯到您信任的证书"),
            IdentityStatus::Expired => self
                .say("The certificate had expired at the time that counts", "在判定时刻证书已过期"),
            IdentityStatus::NotYetValid => self.say(
                "The certificate was not valid yet at the time that counts",
                "在判定时刻证书尚未生效",
            ),
            IdentityStatus::Unsupported => {
                self.say("The certificate cannot be judged", "无法判断证书")
            }
            IdentityStatus::Missing => self.say("There is no certificate", "没有证书"),
            IdentityStatus::NotChecked => self.say(
                "Whether the certificate can be trusted was not asked",
                "未检查证书是否可信（按要求不作信任判断）",
            ),
        }
    }

    /// What a signature covers.
    pub fn covers(self, signature: &SignatureReport) -> String {
        let coverage = &signature.coverage;
        if coverage.byte_range == ByteRangeState::Bad {
            let text = self.say(
                "Not what it should: the byte range leaves out more than the signature itself",
                "覆盖范围不符合要求：字节范围遗漏了签名值以外的内容",
            );
            return text.to_owned();
        }
        if coverage.whole_file {
            return self.say("The whole file", "整个文件").to_owned();
        }
        let revision =
            coverage.revision.map_or_else(|| "?".to_owned(), |number| number.to_string());
        self.fill(
            "Revision {0} and everything before it; {1} bytes came later",
            "第 {0} 版及之前的全部内容；其后又追加了 {1} 字节",
            &[&revision, &grouped(coverage.tail_bytes)],
        )
    }

    /// Whether what is covered is what was signed.
    pub fn integrity(self, integrity: Integrity) -> &'static str {
        match integrity {
            Integrity::Intact => {
                self.say("intact: these bytes were signed", "完整：所覆盖的字节与签署时一致")
            }
            Integrity::Weak => self.say(
                "intact but weak: these bytes were signed, but with an algorithm that proves nothing",
                "完整但不可靠：字节与签署时一致，但所用算法不能作为证明",
            ),
            Integrity::Broken => self.say(
                "BROKEN: these are not the bytes that were signed",
                "已破坏：所覆盖的字节与签署时不符",
            ),
            Integrity::Unsupported => self.say("cannot be judged", "无法判断"),
        }
    }

    /// What a signature permits.
    pub fn permits(self, signature: &SignatureReport) -> String {
        let certified = match signature.permissions.docmdp {
            Some(1) => self.say(
                "Certifies the document: nothing may be changed any more (P=1)",
                "认证签名：此后不允许任何更改（P=1）",
            ),
            Some(2) => self.say(
                "Certifies the document: forms may be filled and signed (P=2)",
                "认证签名：此后只允许填写表单和签名（P=2）",
            ),
            Some(_) => self.say(
                "Certifies the document: forms may be filled and signed, and comments made (P=3)",
                "认证签名：此后允许填写表单、签名和批注（P=3）",
            ),
            None => self.say(
                "Does not certify: forms may be filled and signed",
                "非认证签名：此后可以填写表单和签名",
            ),
        };
        let locks = match signature.permissions.fieldmdp {
            None => return certified.to_owned(),
            Some(FieldMdp::All) => self.say("; locks all form fields", "；锁定全部表单域"),
            Some(FieldMdp::Include) => self.say("; locks listed form fields", "；锁定所列表单域"),
            Some(FieldMdp::Exclude) => {
                self.say("; locks all form fields but listed ones", "；锁定所列以外的全部表单域")
            }
        };
        certified.to_owned() + locks
    }

    /// What was changed after a signature.
    pub fn later(self, signature: &SignatureReport) -> &'static str {
        match signature.modification.level {
            ModificationLevel::Forbidden if signature.changes_unknown() => {
                self.say("Cannot be said", "无法判断")
            }
            ModificationLevel::None => self.say("Nothing", "无"),
            ModificationLevel::Lta => {
                self.say("Only data for checking it later was added", "仅添加了用于日后验证的数据")
            }
            ModificationLevel::Form => self.say(
                "Form fields were added, filled or signed, as permitted",
                "按许可添加、填写或签署了表单域",
            ),
            ModificationLevel::Annotation => {
                self.say("Annotations were changed, as permitted", "按许可更改了批注")
            }
            ModificationLevel::Forbidden => {
                self.say("Changed in a way that is NOT permitted", "存在不允许的更改")
            }
        }
    }

    /// What a signature claims of the authority behind it.
    pub fn claim(self, claim: Claim) -> &'static str {
        match claim {
            Claim::Permitted => self.say("Permitted by the signing chain", "经签署流程许可"),
            Claim::AssertedByHost => self.say(
                "Asserted by the program that had it signed; nothing was checked",
                "由签署程序自行声明，未经核验",
            ),
            Claim::Nothing => {
                self.say("No authority and no seal is claimed", "未声明任何权限或印章")
            }
            _ => self.say("The claim cannot be read", "声明无法读取"),
        }
    }

    /// Whether somebody vouches for a seal.
    pub fn granted(self, granted: Granted) -> &'static str {
        match granted {
            Granted::Granted => self.say("its organization vouches for it", "企业已签名证明"),
            Granted::NotCovered => {
                self.say("its organization granted something else", "企业授权范围不符")
            }
            Granted::Untrusted => {
                self.say("who vouches for it is not trusted", "证明授权者不受信任")
            }
            Granted::Missing => self.say("the signer alone says so", "仅由签署人声明"),
            _ => self.say("whether it was granted cannot be said", "无法判断是否已授权"),
        }
    }

    /// How a file parsed.
    pub fn parse(self, parse: Parse) -> &'static str {
        match parse {
            Parse::Strict => self.say("to the letter of the standard", "完全符合标准"),
            Parse::Tolerated => {
                self.say("with small departures from the standard", "与标准略有偏差")
            }
            Parse::Repaired => {
                self.say("damaged, objects had to be searched for", "已损坏，需搜索对象")
            }
        }
    }

    /// How much a finding weighs.
    pub fn severity(self, severity: Severity) -> &'static str {
        match severity {
            Severity::Info => self.say("Note", "说明"),
            Severity::Warning => self.say("Caution", "注意"),
            Severity::Error => self.say("Problem", "问题"),
        }
    }

    /// What kind of object was changed; its code where there is no word for it.
    pub fn changed_kind(self, change: &Change) -> String {
        let code = code(&change.kind);
        let word = match code.as_str() {
            "catalog" => self.say("document catalog", "文档目录"),
            "form" => self.say("form", "表单"),
            "signature_field" => self.say("signature field", "签名域"),
            "signature_value" => self.say("signature value", "签名值"),
            "form_field" => self.say("form field", "表单域"),
            "page" => self.say("page", "页面"),
            "page_tree" => self.say("page tree", "页面树"),
            "annotation" => self.say("annotation", "批注"),
            "security_store" => self.say("validation data", "验证数据"),
            "metadata" => self.say("metadata", "元数据"),
            "structure" => self.say("structure tree", "结构树"),
            "font" => self.say("font", "字体"),
            "x_object" => self.say("picture or drawing", "图像或图形"),
            "trailer" => self.say("trailer", "文件尾"),
            "removed" => self.say("removed object", "被删除的对象"),
            "bytes" => self.say("bytes of no object", "不属于任何对象的字节"),
            "other" => self.say("content", "内容"),
            _ => return code,
        };
        word.to_owned()
    }

    /// The rule that allows a change, in words; none where there is no word for it.
    pub fn rule(self, rule: &str) -> Option<&'static str> {
        let word = match rule {
            "signature_filled" => {
                self.say("an empty signature field was signed", "签署了空白签名域")
            }
            "signature_field_added" => self.say("a signature field was added", "添加了签名域"),
            "field_filled" => self.say("a form field was filled", "填写了表单域"),
            "document_timestamp" => self.say("a document time-stamp", "文档时间戳"),
            "annotation_added" => self.say("an annotation was added", "添加了批注"),
            "annotation_changed" => self.say("an annotation was changed", "修改了批注"),
            "annotation_removed" => self.say("an annotation was removed", "删除了批注"),
            "tab_order" => self.say("the order of visiting annotations", "批注的跳转顺序"),
            "security_store" => self.say("validation data was added", "添加了验证数据"),
            "metadata" => {
                self.say("dates and producer of the metadata", "元数据中的日期和生成程序")
            }
            "container" => self.say("cross references and object streams", "交叉引用与对象流"),
            "structure_added" => self.say("the structure tree follows", "结构树随之更新"),
            "extensions" => self.say("extensions or a version were declared", "声明了扩展或版本"),
            "dependency" => self.say("serves only allowed changes", "仅用于其他允许的更改"),
            "unused" => self.say("nothing uses it", "未被任何内容使用"),
            "freed" => self.say("given up, nothing refers to it", "已弃用，无任何引用"),
            _ => return None,
        };
        Some(word)
    }

    /// An instant, in UTC.
    pub fn instant(self, time: OffsetDateTime) -> String {
        let form = format_description!("[year]-[month]-[day] [hour]:[minute]:[second] UTC");
        let utc = time.checked_to_offset(time::UtcOffset::UTC).unwrap_or(time);
        utc.format(form).unwrap_or_else(|_| utc.to_string())
    }
}

/// The stable code of a value that the report writes as a word.
pub fn code(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or("?").to_owned()
}

/// A number with its digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202F}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_values_are_not_filled_again() {
        assert_eq!(grouped(1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(grouped(12), "12");
        let words = Words(Lang::En);
        assert_eq!(words.fill("{0} {1} {2}", "", &["{1}", "b"]), "{1} b …");
    }

    #[test]
    fn both_languages_have_a_word_for_every_verdict() {
        let all = [
            None,
            Some(Conclusion::Passed),
            Some(Conclusion::Failed),
            Some(Conclusion::Indeterminate),
            Some(Conclusion::Unsigned),
        ];
        let words = |lang| all.map(|conclusion| Words(lang).verdict(conclusion));
        let both = [words(Lang::En), words(Lang::Zh)].concat();
        let different: std::collections::BTreeSet<_> = both.iter().collect();
        assert_eq!(different.len(), both.len());
    }
}
