//! The known attacks on signed PDFs, by family, and what of a finding reminds of which.

use serde::{Deserialize, Serialize};

use super::code::Code;
use super::wording::Lang;

/// A family of published attacks on signed PDFs. What resembles one need not be one: a careless writer
/// leaves the same traces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AttackFamily {
    /// The signature is there and its value or its ranges are not.
    UniversalForgery,
    /// Content is redefined behind the signed bytes.
    IncrementalSaving,
    /// The ranges are moved, so that something else stands where signed bytes were.
    SignatureWrapping,
    /// What hid something in the signed document is taken away.
    ShadowHide,
    /// What was signed as one text shows another, by its font or its field.
    ShadowReplace,
    /// A second document that was there all along takes the place of the first.
    ShadowHideAndReplace,
    /// A comment stands over what was certified.
    EvilAnnotation,
    /// A new signature shows something that nobody certified.
    SneakySignature,
    /// An appearance that a page uses elsewhere is drawn anew.
    AppearanceClobbering,
    /// The dictionary of a signature is exchanged later.
    DictionaryOverride,
}

/// What each family is called, in English and in Chinese.
const NAMES: [(AttackFamily, &str, &str); 10] = [
    (AttackFamily::UniversalForgery, "universal signature forgery", "通用签名伪造"),
    (AttackFamily::IncrementalSaving, "incremental saving", "增量保存攻击"),
    (AttackFamily::SignatureWrapping, "signature wrapping", "签名包装攻击"),
    (AttackFamily::ShadowHide, "shadow attack: hide", "影子攻击（隐藏）"),
    (AttackFamily::ShadowReplace, "shadow attack: replace", "影子攻击（替换）"),
    (
        AttackFamily::ShadowHideAndReplace,
        "shadow attack: hide and replace",
        "影子攻击（隐藏并替换）",
    ),
    (AttackFamily::EvilAnnotation, "evil annotation", "恶意批注攻击"),
    (AttackFamily::SneakySignature, "sneaky signature", "隐蔽签名攻击"),
    (AttackFamily::AppearanceClobbering, "appearance clobbering", "外观覆写攻击"),
    (AttackFamily::DictionaryOverride, "signature dictionary override", "签名字典替换攻击"),
];

/// What is found of a signature as such.
const OF_CODES: [(Code, AttackFamily); 15] = [
    (Code::SigContentsMissing, AttackFamily::UniversalForgery),
    (Code::SigContentsForm, AttackFamily::UniversalForgery),
    (Code::SigEmpty, AttackFamily::UniversalForgery),
    (Code::SigByteRangeMissing, AttackFamily::UniversalForgery),
    (Code::SigByteRangeMalformed, AttackFamily::UniversalForgery),
    (Code::SigByteRangeOutside, AttackFamily::UniversalForgery),
    (Code::SigByteRangeStart, AttackFamily::SignatureWrapping),
    (Code::SigByteRangeOrder, AttackFamily::SignatureWrapping),
    (Code::SigGap, AttackFamily::SignatureWrapping),
    (Code::SigOverridden, AttackFamily::DictionaryOverride),
    (Code::SigUnreachable, AttackFamily::DictionaryOverride),
    (Code::ModTrailing, AttackFamily::IncrementalSaving),
    (Code::DocRevisionOrder, AttackFamily::IncrementalSaving),
    (Code::DocObjectOutside, AttackFamily::IncrementalSaving),
    (Code::DocWaitsForStream, AttackFamily::IncrementalSaving),
];

impl AttackFamily {
    /// The family that a finding reminds of, if it reminds of one by itself.
    ///
    /// ```
    /// use sealwright::report::{AttackFamily, Code};
    /// assert_eq!(AttackFamily::of(Code::SigGap), Some(AttackFamily::SignatureWrapping));
    /// assert_eq!(AttackFamily::of(Code::IdExpired), None);
    /// ```
    #[must_use]
    pub fn of(code: Code) -> Option<Self> {
        OF_CODES.iter().find(|(known, _)| *known == code).map(|(_, family)| *family)
    }

    /// What it is called in a language.
    ///
    /// ```
    /// use sealwright::report::{AttackFamily, Lang};
    /// assert_eq!(AttackFamily::EvilAnnotation.name(Lang::En), "evil annotation");
    /// assert_eq!(AttackFamily::EvilAnnotation.name(Lang::Zh), "恶意批注攻击");
    /// ```
    #[must_use]
    pub fn name(self, lang: Lang) -> &'static str {
        let row = NAMES.iter().find(|(family, ..)| *family == self);
        row.map_or("", |(_, english, chinese)| match lang {
            Lang::En => english,
            Lang::Zh => chinese,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_a_name_of_its_own_in_every_language() {
        for (family, english, chinese) in NAMES {
            assert_eq!((family.name(Lang::En), family.name(Lang::Zh)), (english, chinese));
            let json = serde_json::to_string(&family).unwrap();
            assert_eq!(serde_json::from_str::<AttackFamily>(&json).unwrap(), family);
        }
        let mut names: Vec<_> = NAMES.iter().flat_map(|(_, en, zh)| [en, zh]).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 2 * NAMES.len());
    }

    #[test]
    fn no_code_reminds_of_two_families() {
        let mut codes: Vec<_> = OF_CODES.iter().map(|(code, _)| code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), OF_CODES.len());
    }
}
