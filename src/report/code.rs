//! The closed list of what can be found, each with a stable string, a weight, and its words.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::lint_codes::with_lint_codes;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Something that could not be shown, or that people should look at.
    Warning,
    /// Something is wrong.
    Error,
}

macro_rules! codes {
    ($($name:ident $text:literal $severity:ident $en:literal $zh:literal;)*) => {
        /// What was found. The list is closed: a code keeps its string and its meaning for ever.
        ///
        /// ```
        /// use sealwright::report::Code;
        /// assert_eq!(Code::SigGap.as_str(), "sig.gap");
        /// assert_eq!("sig.gap".parse(), Ok(Code::SigGap));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Code {
            $(
                #[doc = concat!("`", $text, "`: ", $en, ".")]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable string.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How much it weighs.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            pub(super) fn english(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }

            pub(super) fn chinese(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }
        }
    };
}

with_lint_codes! { codes;
    DocJunkBeforeHeader "doc.junk_before_header" Info
        "{0} bytes stand before the header of the file"
        "文件头之前有 {0} 个字节";
    DocSpaceAfterEnd "doc.space_after_end" Info
        "{0} bytes of white space stand after the end of the file"
        "文件结束标记之后有 {0} 个空白字节";
    DocJunkAfterEnd "doc.junk_after_end" Warning
        "{0} bytes stand after the end of the document"
        "文件结束标记之后还有 {0} 个字节";
    DocSpaceBeforeSection "doc.space_before_section" Info
        "white space stands before the cross references at byte {0}"
        "第 {0} 字节处的交叉引用之前有空白";
    DocEntryWidth "doc.entry_width" Info
        "cross-reference entries of {1} bytes in place of 20, from byte {0}"
        "自第 {0} 字节起，交叉引用条目为 {1} 字节而非 20 字节";
    DocEntryLineEnd "doc.entry_line_end" Info
        "cross-reference entries end their lines oddly, from byte {0}"
        "自第 {0} 字节起，交叉引用条目的行尾不规范";
    DocSize "doc.size" Info
        "the trailer counts {0} objects where {1} is right"
        "文件尾声明的对象数为 {0}，应为 {1}";
    DocStaleLinearization "doc.stale_linearization" Info
        "the file was arranged for fast web view once; later updates made that stale"
        "文件曾为快速网页浏览而排列，后续更新使其失效";
    DocDeviation "doc.deviation" Info
        "the file departs from the standard: {0}"
        "文件不完全符合标准：{0}";
    DocRebuilt "doc.rebuilt" Error
        "the file is damaged: its objects had to be searched for, so nothing can be vouched for"
        "文件已损坏，只能通过搜索找回对象，因此无法作出保证";
    DocEncrypted "doc.encrypted" Warning
        "the document is encrypted and needs a password: signatures are judged over its raw bytes, what was changed in it cannot be"
        "文档已加密且需要口令：只能按原始字节判断签名，无法判断其内容是否被更改";
    DocWrongPassword "doc.wrong_password" Warning
        "the document is encrypted and the password that was given does not open it: what was changed in it cannot be judged"
        "文档已加密，所给口令无法打开：无法判断其内容是否被更改";
    DocPublicKey "doc.public_key" Warning
        "the document is encrypted for holders of certificates: signatures are judged over its raw bytes, what was changed in it cannot be"
        "文档以证书（公钥）加密：只能按原始字节判断签名，无法判断其内容是否被更改";
    DocEncryptionUnknown "doc.encryption_unknown" Warning
        "the document is encrypted in a way that is not known, or not in all its revisions alike: what was changed in it cannot be judged"
        "文档的加密方式未知，或各版本加密方式不一致：无法判断其内容是否被更改";
    DocOpened "doc.opened" Info
        "the document is encrypted ({0}) and was opened"
        "文档已加密（{0}），并已打开";
    DocPermissionsDisagree "doc.permissions_disagree" Warning
        "the permissions of the encrypted document were changed by somebody who could not open it"
        "加密文档的权限被无法打开它的人更改";
    DocForm "doc.form" Warning
        "the form of the document cannot be read ({0})"
        "无法读取文档的表单（{0}）";
    DocRevisionOrder "doc.revision_order" Error
        "the revisions of the file do not follow one another in it"
        "文件的各个版本未按先后顺序排列";
    DocObjectOutside "doc.object_outside" Error
        "a revision places object {0} at byte {1}, behind its own end"
        "某一版本将对象 {0} 放在第 {1} 字节，超出其自身末尾";
    DocWaitsForStream "doc.waits_for_stream" Error
        "a revision has object {0} in object stream {1}, which is not there: whoever adds it decides later what the object is"
        "某一版本将对象 {0} 放在并不存在的对象流 {1} 中：补上该对象流的人可在日后决定其内容";
    DocUnusedRange "doc.unused_range" Warning
        "bytes that look like a signature stand at byte {0}, where no revision has an object"
        "第 {0} 字节处有类似签名的内容，但不属于任何版本的对象";
    DocUsageRights "doc.usage_rights" Info
        "the document carries a usage-rights signature, which says nothing about its content"
        "文档带有使用权限签名，该签名与文档内容无关";
    DocTooManySignatures "doc.too_many_signatures" Warning
        "more than {0} signatures: those beyond were not looked at"
        "签名超过 {0} 个，其余未予检查";
    SigUnreadable "sig.unreadable" Error
        "the signature value cannot be read ({0})"
        "无法读取签名值（{0}）";
    SigByteRangeMissing "sig.byte_range_missing" Error
        "the signature does not say which bytes it covers"
        "签名未声明所覆盖的字节";
    SigByteRangeMalformed "sig.byte_range_malformed" Error
        "the signature does not name two ranges of bytes"
        "签名声明的字节范围不是两段";
    SigByteRangeStart "sig.byte_range_start" Error
        "the signature leaves out the first {0} bytes of the file"
        "签名未覆盖文件开头的 {0} 个字节";
    SigByteRangeOrder "sig.byte_range_order" Error
        "the two ranges of the signature overlap or are turned around"
        "签名的两段字节范围重叠或顺序颠倒";
    SigByteRangeOutside "sig.byte_range_outside" Error
        "the signature claims bytes up to {0}, but the file ends at {1}"
        "签名声称覆盖至第 {0} 字节，但文件只有 {1} 字节";
    SigGap "sig.gap" Error
        "what the signature leaves out is not exactly its own value"
        "签名未覆盖的部分并不恰好是签名值本身";
    SigContentsMissing "sig.contents_missing" Error
        "the signature has no value"
        "签名没有签名值";
    SigContentsForm "sig.contents_form" Error
        "the signature value is not a hexadecimal string that stands in the file itself"
        "签名值不是直接写在文件中的十六进制字符串";
    SigNotARevision "sig.not_a_revision" Error
        "the covered bytes end at {0}, where no revision of the document ends"
        "覆盖范围止于第 {0} 字节，那里并非任何版本的结尾";
    SigPadding "sig.padding" Error
        "something other than zeros follows the signature in the space reserved for it"
        "签名预留空间中，签名之后存在非零内容";
    SigOverridden "sig.overridden" Error
        "a later revision shows another signature dictionary than the one that was signed"
        "后续版本替换了已签署的签名字典";
    SigUnreachable "sig.unreachable" Error
        "this signature was made, but no field of the document leads to it any more"
        "该签名曾经存在，但文档中已没有任何域指向它";
    SigDetached "sig.detached" Warning
        "no field leads to this signature, and the form that should cannot be read"
        "没有域指向该签名，且表单无法读取";
    SigSharedValue "sig.shared_value" Info
        "{0} fields show this one signature"
        "有 {0} 个域显示同一签名";
    SigSubFilter "sig.sub_filter" Warning
        "the kind of signature ({0}) is not supported"
        "不支持该签名类型（{0}）";
    SigEmpty "sig.empty" Error
        "the space for the signature was reserved and never filled"
        "签名位置已预留，但从未写入签名";
    SigCms "sig.cms" Error
        "the signature value is not a well-formed CMS message ({0})"
        "签名值不是格式正确的 CMS 消息（{0}）";
    SigEncapsulated "sig.encapsulated" Error
        "the signature carries content of its own, where it must refer to the file alone"
        "签名自带内容，而它只应针对文件本身";
    SigEncapsulatedDigest "sig.encapsulated_digest" Error
        "the digest that was signed is not that of the covered bytes"
        "被签署的摘要与覆盖字节的摘要不符";
    SigDigest "sig.digest" Error
        "the covered bytes were changed after signing: their digest is another one"
        "覆盖的字节在签署后被更改：摘要不符";
    SigSignature "sig.signature" Error
        "the signature does not fit the signer's key"
        "签名与签署人的密钥不符";
    SigContentType "sig.content_type" Error
        "the signature was made for another kind of content"
        "签名针对的是另一种内容类型";
    SigAttributeMissing "sig.attribute_missing" Error
        "the signed attribute {0} is missing"
        "缺少签名属性 {0}";
    SigAttributeMalformed "sig.attribute_malformed" Error
        "the signed attribute {0} is ambiguous or malformed"
        "签名属性 {0} 含糊或格式错误";
    SigOtherCertificate "sig.other_certificate" Error
        "the signature was made for another certificate than the one it carries ({0})"
        "签名所绑定的证书与所附证书不同（{0}）";
    SigAlgorithmsDisagree "sig.algorithms_disagree" Error
        "the signature names two algorithms that disagree: {0} and {1}"
        "签名中声明的算法互相矛盾：{0} 与 {1}";
    SigKeyKind "sig.key_kind" Error
        "the signature is of kind {0}, the signer's key of kind {1}"
        "签名算法为 {0}，而签署人的密钥为 {1}";
    SigUnsupportedAlgorithm "sig.unsupported_algorithm" Warning
        "the algorithm {0} is not supported"
        "不支持算法 {0}";
    SigWeakAlgorithm "sig.weak_algorithm" Warning
        "intact but weak: bytes and signature agree, but {0} is too weak to prove anything"
        "内容与签名相符，但算法 {0} 强度不足，不能作为证明";
    SigOutdatedAlgorithm "sig.outdated_algorithm" Warning
        "intact but weak: bytes and signature agree, but {0} proves something only before {1}, and no trusted time-stamp shows the signature to be older"
        "内容与签名相符，但算法 {0} 仅在 {1} 之前可作为证明，且没有受信任的时间戳证明签名早于该时间";
    SigAlgorithmInTime "sig.algorithm_in_time" Info
        "{0} was strong enough until {1}, and the signature is shown to be older"
        "算法 {0} 在 {1} 之前强度足够，且签名已被证明早于该时间";
    SigNoCertificate "sig.no_certificate" Warning
        "the signer's certificate is not in the signature"
        "签名中没有签署人的证书";
    SigSignerCount "sig.signer_count" Warning
        "the signature value names {0} signers where one is allowed"
        "签名值包含 {0} 个签署人，而只允许一个";
    SigUnusualDigest "sig.unusual_digest" Warning
        "{0} was used with a digest by {1} where the standard demands {2}"
        "{0} 使用了 {1} 摘要，而标准要求 {2}";
    SigUnsupportedAttribute "sig.unsupported_attribute" Warning
        "the signed attribute {0} has a form that is not supported"
        "不支持签名属性 {0} 的形式";
    SigNotJudged "sig.not_judged" Warning
        "the signature cannot be judged ({0})"
        "无法判断该签名（{0}）";
    SigNoBinding "sig.no_binding" Info
        "the signature does not bind the signer's certificate"
        "签名未绑定签署人的证书";
    SigNotDer "sig.not_der" Info
        "the signed attributes are not written in DER"
        "签名属性未按 DER 编码";
    SigLimit "sig.limit" Warning
        "the limit {0} ran out before this signature could be judged"
        "在判断该签名之前，限额 {0} 已耗尽";
    SigLateCertification "sig.late_certification" Warning
        "the document was certified after it had been signed"
        "文档在已有签名之后才被认证";
    SigNotLooked "sig.not_looked_at" Error
        "changes after this signature could not be judged ({0})"
        "无法判断该签名之后的更改（{0}）";
    IdNotChecked "id.not_checked" Info
        "whether the signer can be trusted was not asked"
        "未要求检查签署人是否可信";
    IdUntrusted "id.untrusted" Warning
        "the signer is not trusted: {0}"
        "签署人不受信任：{0}";
    IdExpired "id.expired" Warning
        "a certificate of the signer had expired on {0}, and no time-stamp shows an earlier signing"
        "签署人的证书已于 {0} 过期，且没有时间戳证明更早签署";
    IdNotYetValid "id.not_yet_valid" Warning
        "a certificate of the signer was not valid before {0}"
        "签署人的证书在 {0} 之前尚未生效";
    IdUnsupported "id.unsupported" Warning
        "whether the signer can be trusted cannot be said: {0}"
        "无法判断签署人是否可信：{0}";
    IdNoRevocation "id.no_revocation" Info
        "whether the certificate was revoked was not checked"
        "未检查证书是否已被吊销";
    TimeBad "time.bad" Error
        "the time-stamp inside the signature does not hold ({0})"
        "签名内的时间戳无效（{0}）";
    TimeUnsupported "time.unsupported" Warning
        "the time-stamp inside the signature cannot be judged ({0})"
        "无法判断签名内的时间戳（{0}）";
    TimeWeak "time.weak_algorithm" Warning
        "the time-stamp inside the signature is intact, but it rests on {0}, so its time proves nothing"
        "签名内的时间戳完好，但依赖算法 {0}，其时间不能作为证明";
    TimeUntrusted "time.untrusted" Warning
        "the authority of the time-stamp is not trusted, so its time proves nothing"
        "时间戳机构不受信任，其时间不能作为证明";
    TimeClaimAfterProof "time.claim_after_proof" Warning
        "the signer claims a time after the one that is proven"
        "签署人声称的时间晚于已证明的时间";
    AuthorityUnstated "authority.unstated" Info
        "the signature shows {0} picture(s) that could be seals, and states nothing of any authority"
        "签名显示了 {0} 处可能是印章的图样，但未声明任何用印权限";
    AuthorityMalformed "authority.malformed" Warning
        "what the signature states of its authority cannot be read ({0})"
        "无法读取签名中的用印权限声明（{0}）";
    AuthorityUnsupported "authority.unsupported" Warning
        "the signature states its authority in version {0}, which is not known here"
        "签名中的用印权限声明为版本 {0}，此处不支持";
    AuthorityFaceNotClaimed "authority.face_not_claimed" Warning
        "the signature shows a picture that it does not claim as a seal, so it may be copied: {0}"
        "签名显示了其未声明为印章的图样，可能是复制的：{0}";
    AuthorityPictureBeside "authority.picture_beside" Info
        "the signature shows a picture that it claims as no seal, such as a signature by hand: {0}"
        "签名显示了其未声明为印章的图样，例如手写签名：{0}";
    AuthorityFaceNotShown "authority.face_not_shown" Warning
        "the signature claims a seal that it does not show: {0}"
        "签名声明了其未显示的印章：{0}";
    AuthorityOtherDocument "authority.other_document" Warning
        "the authority was stated for other bytes than those before this signature: {0}"
        "用印权限声明针对的并非此签名之前的内容：{0}";
    AuthorityIssuedElsewhere "authority.issued_elsewhere" Info
        "the bytes as issued are not a beginning of this file: {0}"
        "发起时的文件内容并非此文件的开头部分：{0}";
    AuthorityGrantMalformed "authority.grant_malformed" Warning
        "a signed grant in the signature cannot be read ({0})"
        "无法读取签名中的授权书（{0}）";
    AuthorityGrantBroken "authority.grant_broken" Warning
        "the custodian's signature of the grant {0} does not hold: {1}"
        "授权 {0} 的印章管理员签名无效：{1}";
    AuthorityGrantUntrusted "authority.grant_untrusted" Warning
        "who signed the grant {0} is no trusted custodian of its organization: {1}"
        "授权 {0} 的签署者不是该企业受信任的印章管理员：{1}";
    AuthorityGrantNotCovered "authority.grant_not_covered" Warning
        "the grant {0} that was signed is not for this: {1} differs"
        "已签名的授权 {0} 不适用于此次用印：{1} 不符";
    AuthorityGrantUnjudged "authority.grant_unjudged" Warning
        "whether the grant {0} holds cannot be said: {1}"
        "无法判断授权 {0} 是否有效：{1}";
    AuthorityCustodianUnknown "authority.custodian_unknown" Info
        "nobody said who may sign the grant {0} for the organization {1}"
        "未指定谁可以为企业 {1} 签署授权 {0}";
    AuthorityGrantUnused "authority.grant_unused" Info
        "a signed grant is in the signature that no seal rests on: {0}"
        "签名中含有与任何印章无关的授权书：{0}";
    ModForbidden "mod.forbidden" Error
        "revision {0} changes the document in a way that nothing permits"
        "第 {0} 版对文档作了任何规则都不允许的更改";
    ModNotPermitted "mod.not_permitted" Error
        "revision {0} makes a change that the certification (level {1}) does not permit"
        "第 {0} 版的更改超出了认证级别 {1} 所允许的范围";
    ModLocked "mod.locked" Error
        "revision {0} fills a field that an earlier signature locked"
        "第 {0} 版填写了已被先前签名锁定的域";
    ModTrailing "mod.trailing" Error
        "{0} bytes that belong to no revision stand behind the last one"
        "最后一个版本之后有 {0} 个不属于任何版本的字节";
    ModMore "mod.more" Info
        "{0} further changes are not listed"
        "另有 {0} 处更改未列出";
    ModOverContent "mod.over_content" Warning
        "revision {0} adds, changes or takes away something that lies over signed content: compare the page with the one that was signed"
        "第 {0} 版添加、更改或移除了覆盖在已签署内容之上的内容：请与签署时的页面对照";
    ModVisible "mod.visible" Info
        "revision {0} puts a visible signature on the page"
        "第 {0} 版在页面上添加了可见签名";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownCode)
    }
}

/// No code is spelt like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no finding has this code; `Code::ALL` lists them")]
pub struct UnknownCode;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_string_and_words_in_both_languages() {
        let mut seen = std::collections::HashSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            assert!(code.as_str().contains('.'));
            let places = |text: &str| (0..4).filter(|n| text.contains(&format!("{{{n}}}"))).count();
            assert_eq!(places(code.english()), places(code.chinese()), "{code}");
            assert!(!code.chinese().is_ascii(), "{code}");
        }
    }

    #[test]
    fn the_serde_name_is_the_code() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
