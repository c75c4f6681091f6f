//! The closed list of deviations, each with a stable string, its weight and its words.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::report::Lang;

macro_rules! codes {
    ($($name:ident $text:literal $weight:ident $en:literal $zh:literal;)*) => {
        /// In what a document is not what the record of its contract says. The list is closed: a code
        /// keeps its string and its meaning for ever.
        ///
        /// ```
        /// use sealwright::execution::DeviationCode;
        /// assert_eq!(DeviationCode::SealVersion.as_str(), "exec.seal_version");
        /// let read: DeviationCode = serde_json::from_str("\"exec.seal_version\"")?;
        /// assert_eq!(read, DeviationCode::SealVersion);
        /// # Ok::<(), serde_json::Error>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum DeviationCode {
            $(
                #[doc = concat!("`", $text, "`: ", $en, ".")]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl DeviationCode {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable string.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            pub(super) fn weight(self) -> Weight {
                match self { $(Self::$name => Weight::$weight,)* }
            }

            pub(in crate::execution) fn words(self, lang: Lang) -> &'static str {
                match lang {
                    Lang::En => match self { $(Self::$name => $en,)* },
                    Lang::Zh => match self { $(Self::$name => $zh,)* },
                }
            }
        }
    };
}

/// What a deviation makes of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// What was signed is there, but not all of it is what was expected.
    Unexpected,
    /// The bytes or a signature are not what they were.
    Changed,
    /// Nothing can be said of a document.
    Unreadable,
}

codes! {
    Malformed "exec.malformed" Unreadable
        "the document cannot be read" "文件无法读取";
    DocumentMissing "exec.document_missing" Unreadable
        "the document was not given" "未提供该文件";
    OtherDocument "exec.other_document" Changed
        "it does not begin with the bytes that were issued" "文件开头不是所签发的原始字节";
    BytesDiffer "exec.bytes_differ" Changed
        "the bytes that the record ends with are not in it" "文件与记录的最新字节不符";
    BytesAppended "exec.bytes_appended" Unexpected
        "something follows the bytes that the record ends with" "记录的最新字节之后另有追加";
    PagesDiffer "exec.pages_differ" Changed
        "a page was added, dropped, moved or given another shape" "页面被增加、删除、换位或改变形状";
    ContentChanged "exec.content_changed" Changed
        "a page says something else than was issued" "页面内容与所签发的不符";
    SignatureFailed "exec.signature_failed" Changed
        "the signature does not hold" "签名验证失败";
    SignatureDoubtful "exec.signature_doubtful" Unexpected
        "not everything about the signature could be shown" "签名未能完全验证";
    ForeignSignature "exec.foreign_signature" Unexpected
        "the contract expects no such signature" "合同预期之外的签名";
    CertifiedOtherwise "exec.certified_otherwise" Unexpected
        "it is certified by somebody else than recorded, or by nobody" "认证签名与记录不符";
    OtherPlatform "exec.other_platform" Unexpected
        "the platform's certificate is not the recorded one" "平台证书与记录不符";
    OtherTimestamp "exec.other_timestamp" Unexpected
        "the time-stamp that closes the document is not the recorded one" "归档时间戳与记录不符";
    NotRecorded "exec.not_recorded" Unexpected
        "the slot is signed, and the record knows nothing of it" "签署位已签，但记录中没有";
    FieldMissing "exec.field_missing" Unexpected
        "the field of the control is not there" "控件的域不存在";
    FieldMoved "exec.field_moved" Unexpected
        "the field of the control stands elsewhere than planned" "控件的域不在计划的位置";
    FieldDoubled "exec.field_doubled" Unexpected
        "the field of the control is there twice, or shows itself in several places"
        "控件的域重复，或显示在多处";
    NotSigned "exec.not_signed" Unexpected
        "the control is recorded as signed and is not" "控件记录为已签，实际未签";
    NotFilled "exec.not_filled" Unexpected
        "the control is recorded as filled and is empty" "控件记录为已填，实际为空";
    ValueOther "exec.value_other" Unexpected
        "the field holds another value than recorded" "域值与记录不符";
    ValueNotShown "exec.value_not_shown" Unexpected
        "the field does not show the value that it holds" "域的显示与其值不符";
    OtherSignature "exec.other_signature" Unexpected
        "the control stands under another signature than its slot's" "控件不在其签署位的签名之下";
    OtherSigner "exec.other_signer" Unexpected
        "the certificate is not the recorded one" "证书与记录不符";
    TimeDiffers "exec.time_differs" Unexpected
        "the signature was made at another time than recorded" "签名时间与记录不符";
    FaceNotShown "exec.face_not_shown" Unexpected
        "the place of the seal does not show the recorded face, whole and nothing else"
        "印章位置未完整且单独地显示记录的印模";
    FaceCovered "exec.face_covered" Unexpected
        "something else is drawn over the seal" "印章上覆盖有其他内容";
    FaceCopied "exec.face_copied" Unexpected
        "the signature shows a seal that it states no authority for" "签名显示了未声明授权的印章";
    FaceElsewhere "exec.face_elsewhere" Unexpected
        "the signature shows its seal where no control of its slot stands" "印章出现在控件以外的位置";
    AnnotationAdded "exec.annotation_added" Unexpected
        "an annotation was added that the contract does not know" "存在合同之外的批注";
    FaceRegister "exec.face_register" Unexpected
        "the recorded face is not the one in the register" "记录的印模与登记的不符";
    SealVersion "exec.seal_version" Unexpected
        "another version of the seal" "印章版本不符";
    SealOther "exec.seal_other" Unexpected
        "another seal than the recorded one" "印章与记录不符";
    GrantUnknown "exec.grant_unknown" Unexpected
        "the grant is not in the register" "授权未登记";
    GrantRevoked "exec.grant_revoked" Unexpected
        "the grant had been revoked when it was used" "使用时授权已被撤销";
    GrantWindow "exec.grant_window" Unexpected
        "the grant did not hold at the time of signing" "签署时不在授权有效期内";
    GrantScope "exec.grant_scope" Unexpected
        "the grant does not cover this seal on this contract" "授权范围不包括此印章用于此合同";
    GrantPerson "exec.grant_person" Unexpected
        "the grant was given to somebody else" "授权属于他人";
    GrantOther "exec.grant_other" Unexpected
        "the signature states another grant than the record" "签名声明的授权与记录不符";
    SliceMissing "exec.slice_missing" Unexpected
        "a page lacks its slice of the cross-page seal" "某页缺少骑缝章的部分";
    SliceMisplaced "exec.slice_misplaced" Unexpected
        "a page shows another slice of the cross-page seal than planned" "骑缝章的部分错位";
    SliceOtherSeal "exec.slice_other_seal" Unexpected
        "the slices of the cross-page seal are not of one seal" "骑缝章各部分并非同一印章";
    OrderViolated "exec.order_violated" Unexpected
        "a slot was signed before one that comes first" "签署顺序不符";
    DeadlinePassed "exec.deadline_passed" Unexpected
        "it was signed after the deadline" "签署时已过截止时间";
}

impl fmt::Display for DeviationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_spelt_once_and_listed_in_the_table_above() {
        let spelt: BTreeSet<_> = DeviationCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(spelt.len(), DeviationCode::ALL.len());
        let table = include_str!("mod.rs");
        for code in spelt {
            assert!(code.starts_with("exec."), "{code}");
            assert!(table.contains(&format!("//! | `{code}` |")), "{code} is not in the table");
        }
    }
}
