//! The closed list of what can be wrong with a bundle, each with a stable string, its weight and words.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::{DocumentId, SlotId};
use crate::report::Lang;

macro_rules! codes {
    ($($name:ident $text:literal $weight:ident $en:literal $zh:literal;)*) => {
        /// What is wrong with a bundle, or what cannot be shown of it. The list is closed: a code keeps
        /// its string and its meaning for ever.
        ///
        /// ```
        /// use sealwright::execution::evidence::Code;
        /// assert_eq!(Code::EntryChanged.as_str(), "bundle.entry_changed");
        /// let read: Code = serde_json::from_str("\"bundle.entry_changed\"")?;
        /// assert_eq!(read, Code::EntryChanged);
        /// # Ok::<(), serde_json::Error>(())
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
            pub fn weight(self) -> Weight {
                match self { $(Self::$name => Weight::$weight,)* }
            }

            pub(super) fn words(self, lang: Lang) -> &'static str {
                match lang {
                    Lang::En => match self { $(Self::$name => $en,)* },
                    Lang::Zh => match self { $(Self::$name => $zh,)* },
                }
            }
        }
    };
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// To be known; nothing is wrong with it.
    Note,
    /// Something could not be shown.
    Doubt,
    /// Something is wrong.
    Fault,
}

codes! {
    Archive "bundle.archive" Fault
        "the archive cannot be read" "压缩包无法读取";
    ArchiveBytes "bundle.archive_bytes" Fault
        "bytes stand before, behind or between the entries" "条目之前、之后或之间有多余字节";
    ArchiveHeaders "bundle.archive_headers" Fault
        "the two headers of an entry disagree" "条目的两处文件头不一致";
    ArchiveEncrypted "bundle.archive_encrypted" Fault
        "an entry is encrypted" "条目被加密";
    ArchiveCompressed "bundle.archive_compressed" Fault
        "an entry is compressed, which no bundle has" "条目被压缩，证据包不使用压缩";
    ArchiveWide "bundle.archive_wide" Fault
        "the archive has the 64-bit form, which no bundle needs" "压缩包采用 ZIP64 格式，证据包不使用该格式";
    ArchiveExtra "bundle.archive_extra" Fault
        "the archive has comments, extra fields or flags" "压缩包含有注释、附加字段或标志位";
    EntryName "bundle.entry_name" Fault
        "the name of an entry leads elsewhere" "条目名称指向他处";
    EntryTwice "bundle.entry_twice" Fault
        "two entries have one name, letters of both cases being equal" "两个条目同名（不分大小写）";
    EntryChecksum "bundle.entry_checksum" Fault
        "an entry has another checksum than its header says" "条目校验和与文件头不符";
    EntryMissing "bundle.entry_missing" Fault
        "an entry of the manifest is not there" "清单所列条目缺失";
    EntryUnlisted "bundle.entry_unlisted" Fault
        "an entry is not in the manifest" "条目不在清单中";
    EntryOrder "bundle.entry_order" Fault
        "the entries stand in another order than in the manifest" "条目顺序与清单不符";
    EntryChanged "bundle.entry_changed" Fault
        "an entry is not the one of the manifest" "条目内容与清单不符";
    ManifestMissing "bundle.manifest_missing" Fault
        "there is no manifest" "缺少清单";
    ManifestMalformed "bundle.manifest_malformed" Fault
        "the manifest cannot be read" "清单无法读取";
    Unsigned "bundle.unsigned" Note
        "nobody has signed the manifest: it shows what belongs together, not who put it together"
        "清单未经签名：只能说明内容相互对应，不能说明由谁制作";
    SignatureMissing "bundle.signature_missing" Fault
        "the signature over the manifest was taken away" "清单的签名缺失";
    SignatureBroken "bundle.signature_broken" Fault
        "the signature over the manifest does not hold" "清单的签名验证失败";
    SignatureDoubtful "bundle.signature_doubtful" Doubt
        "the signature over the manifest cannot be judged" "清单的签名无法判定";
    SignerUntrusted "bundle.signer_untrusted" Doubt
        "whoever signed the manifest is not trusted" "清单签名者不受信任";
    EvidenceMissing "bundle.evidence_missing" Fault
        "there is no evidence.json" "缺少 evidence.json";
    EvidenceMalformed "bundle.evidence_malformed" Fault
        "evidence.json cannot be read" "evidence.json 无法读取";
    DocumentMissing "bundle.document_missing" Fault
        "a document is not there" "文件缺失";
    DocumentDiffers "bundle.document_differs" Fault
        "a document is not the one that the evidence is about" "文件与证据所述不符";
    DocumentClosed "bundle.document_closed" Doubt
        "a document is encrypted and stays closed: what is said of it was not compared"
        "文件已加密且未能打开，与其有关的陈述未作比对";
    DocumentUnreadable "bundle.document_unreadable" Fault
        "a document cannot be read" "文件无法读取";
    DocumentFailed "bundle.document_failed" Fault
        "a signature in a document does not hold" "文件中的签名验证失败";
    DocumentDoubtful "bundle.document_doubtful" Doubt
        "not everything about the signatures in a document could be shown" "文件中的签名未能完全验证";
    ReportDiffers "bundle.report_differs" Fault
        "the recorded report says something else than the judge says now" "记录的验证报告与重新验证的结果不符";
    RevisionDiffers "bundle.revision_differs" Fault
        "a revision is not the one that was recorded" "修订版本与记录不符";
    CertificateDiffers "bundle.certificate_differs" Fault
        "the certificates are not those of the signatures" "证书与签名中的证书不符";
    SigningDiffers "bundle.signing_differs" Fault
        "what is said of a signing is not what trail and documents say" "签署事实与日志及文件不符";
    SourcesDiffer "bundle.sources_differ" Fault
        "the record and the document say different things" "记录与文件所示不一致";
    TrailMalformed "bundle.trail_malformed" Fault
        "the trail cannot be read" "审计日志无法读取";
    TrailBroken "bundle.trail_broken" Fault
        "the entries of the trail do not follow from each other" "审计日志的哈希链不连续";
    TrailForeign "bundle.trail_foreign" Fault
        "the trail is about something else" "审计日志并非该合同的日志";
    TrailDiffers "bundle.trail_differs" Fault
        "the trail does not end where the evidence says" "审计日志的末端与证据所述不符";
    TrailHead "bundle.trail_head" Fault
        "the trail does not end at the head that was kept elsewhere" "审计日志的末端与外部留存的链头不符";
    TrailConsistentOnly "bundle.trail_consistent_only" Note
        "the trail is consistent; without a head that was kept elsewhere nothing shows that it is complete"
        "审计日志前后一致；没有外部留存的链头，不能说明其完整";
    IntentsDiffer "bundle.intents_differ" Fault
        "the references to proofs of intent are not those of the trail" "签署意愿认证的引用与日志不符";
    GrantBroken "bundle.grant_broken" Fault
        "a signed grant does not hold" "授权书的签名验证失败";
    GrantDiffers "bundle.grant_differs" Fault
        "a grant is not the one that its statement, or the signature, is about" "授权与授权书或签名所述不符";
    ClaimsTooMuch "bundle.claims_too_much" Fault
        "the checklist claims something as proved that is not" "清单声称已证明的事项实际未能证明";
    ChecklistDiffers "bundle.checklist_differs" Fault
        "the checklist is not what follows from trail and documents" "可靠性检查表与日志及文件不符";
    VerdictDiffers "bundle.verdict_differs" Fault
        "the recorded verdict is better than the documents" "记录的结论优于文件的实际状况";
    Deviation "bundle.deviation" Doubt
        "the documents were not what the record of the contract says when the evidence was gathered"
        "取证时文件即与合同记录不符";
    PaperFailed "bundle.paper_failed" Fault
        "the report for people to read was changed" "出证报告被改动";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that was found in a bundle, and the two values that disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub code: Code,
    /// In which entry of the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// In which document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// In whose place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<SlotId>,
    /// What should be.
    pub expected: String,
    /// What is.
    pub found: String,
}

impl Finding {
    pub(super) fn new(code: Code, expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        let (expected, found) = (expected.to_string(), found.to_string());
        Self { code, entry: None, document: None, slot: None, expected, found }
    }

    pub(super) fn in_entry(self, name: &str) -> Self {
        Self { entry: Some(name.to_owned()), ..self }
    }

    pub(super) fn in_document(self, document: &DocumentId) -> Self {
        Self { document: Some(document.clone()), ..self }
    }

    pub(super) fn of_slot(self, slot: &SlotId) -> Self {
        Self { slot: Some(slot.clone()), ..self }
    }

    /// What its code says, in a language.
    ///
    /// ```
    /// use sealwright::execution::evidence::Finding;
    /// use sealwright::report::Lang;
    ///
    /// let json = r#"{"code":"bundle.unsigned","expected":"","found":""}"#;
    /// let finding: Finding = serde_json::from_str(json)?;
    /// assert!(finding.message_in(Lang::En).starts_with("nobody has signed the manifest"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn message_in(&self, lang: Lang) -> &'static str {
        self.code.words(lang)
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, lang: Lang) -> fmt::Result {
        let (words, expected, found) = match lang {
            Lang::En => (["", "document ", "slot "], "expected", "found"),
            Lang::Zh => (["", "文件 ", "签署位 "], "应为", "实为"),
        };
        write!(f, "{}: {}", self.code, self.message_in(lang))?;
        let places = [
            self.entry.clone(),
            self.document.as_ref().map(ToString::to_string),
            self.slot.as_ref().map(ToString::to_string),
        ];
        for (word, place) in words.iter().zip(places) {
            if let Some(place) = place {
                write!(f, ", {word}{place}")?;
            }
        }
        if self.expected.is_empty() && self.found.is_empty() {
            return Ok(());
        }
        write!(f, "; {expected}: {}; {found}: {}", self.expected, self.found)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Lang::En)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_spelt_once_and_listed_in_the_manual() {
        let spelt: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(spelt.len(), Code::ALL.len());
        let manual = include_str!("../../manual/evidence.md");
        for code in Code::ALL {
            let weight = serde_json::to_string(&code.weight()).unwrap();
            let words = code.words(Lang::En);
            let row = format!("| `{code}` | {words} | {} |", weight.trim_matches('"'));
            assert!(code.as_str().starts_with("bundle."), "{code}");
            assert!(manual.contains(&row), "{row}");
        }
    }
}
