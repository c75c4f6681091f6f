//! What came of a check.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::code::{DeviationCode, Weight};
use crate::contract::ControlKey;
use crate::identity::{ContractId, DocumentId, SlotId};
use crate::report::{Conclusion, Lang, Report};

/// The answer in one word (domain §2.11).
///
/// ```
/// use sealwright::execution::Overall;
/// assert_eq!(serde_json::to_string(&Overall::IntactAllExpected)?, "\"intact_all_expected\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Every signature passes, and everything is what the record says.
    IntactAllExpected,
    /// No signature is broken, but something is not what the record says: a signature that nobody
    /// expected, another seal, a grant that did not hold. The deviations say what.
    IntactSomeForeign,
    /// A signature does not hold, or the bytes are not those of the contract.
    Tampered,
    /// No document carries a signature.
    NoSignature,
    /// A document is missing or cannot be read.
    Malformed,
}

/// One thing that is not what the record says, and the two values that disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation {
    /// What.
    pub code: DeviationCode,
    /// In which document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// In whose place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<SlotId>,
    /// At which control.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<ControlKey>,
    /// On which page, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The number of the signature in the report of the document
    /// ([`SignatureReport::index`](crate::report::SignatureReport::index)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<u64>,
    /// What the record, the register or the plan says.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl Deviation {
    pub(super) fn new(
        code: DeviationCode,
        expected: impl fmt::Display,
        found: impl fmt::Display,
    ) -> Self {
        Self {
            code,
            document: None,
            slot: None,
            control: None,
            page: None,
            signature: None,
            expected: expected.to_string(),
            found: found.to_string(),
        }
    }

    pub(super) fn of_slot(self, slot: &SlotId) -> Self {
        Self { slot: Some(slot.clone()), ..self }
    }

    pub(super) fn at(self, control: &ControlKey) -> Self {
        Self { document: Some(control.document.clone()), control: Some(control.clone()), ..self }
    }

    pub(super) fn on_page(self, page: u32) -> Self {
        Self { page: Some(page), ..self }
    }

    pub(super) fn under(self, signature: u64) -> Self {
        Self { signature: Some(signature), ..self }
    }

    pub(super) fn in_document(self, document: &DocumentId) -> Self {
        Self { document: Some(document.clone()), ..self }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, lang: Lang) -> fmt::Result {
        let (words, expected, found) = match lang {
            Lang::En => {
                (["slot ", "control ", "document ", "page ", "signature "], "expected", "found")
            }
            Lang::Zh => (["签署位 ", "控件 ", "文件 ", "页 ", "签名 "], "应为", "实为"),
        };
        write!(f, "{}: {}", self.code, self.code.words(lang))?;
        let document = self.document.as_ref().filter(|_| self.control.is_none());
        let places = [
            self.slot.as_ref().map(ToString::to_string),
            self.control.as_ref().map(ToString::to_string),
            document.map(ToString::to_string),
            self.page.map(|page| page.to_string()),
            self.signature.map(|signature| signature.to_string()),
        ];
        for (word, place) in words.iter().zip(places) {
            if let Some(place) = place {
                write!(f, ", {word}{place}")?;
            }
        }
        write!(f, "; {expected}: {}; {found}: {}", self.expected, self.found)
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Lang::En)
    }
}

/// Whether documents that came back are what the record of their contract says.
///
/// Made by [`check`](super::check()). `Display` says it in English, a line for each deviation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExecutionVerdict {
    /// The contract.
    pub contract: ContractId,
    /// The answer in one word.
    pub overall: Overall,
    /// Who has not signed yet. That is no deviation.
    pub pending: Vec<SlotId>,
    /// In what documents and record differ.
    pub deviations: Vec<Deviation>,
    /// What the judge of strangers' files says of each document that can be read.
    pub reports: BTreeMap<DocumentId, Report>,
}

impl ExecutionVerdict {
    /// Whether everybody has signed and everything is what the record says.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.overall == Overall::IntactAllExpected && self.pending.is_empty()
    }

    /// The verdict in plain words of a language.
    #[must_use]
    pub fn in_language(&self, lang: Lang) -> impl fmt::Display + '_ {
        InLanguage { verdict: self, lang }
    }

    pub(super) fn conclude(&mut self) {
        let weight = self.deviations.iter().map(|it| it.code.weight()).max();
        let signed = self.reports.values().any(|report| !report.signatures.is_empty());
        let failed = self.reports.values().any(|it| it.conclusion == Conclusion::Failed);
        self.overall = match weight {
            Some(Weight::Unreadable) => Overall::Malformed,
            _ if !signed => Overall::NoSignature,
            Some(Weight::Changed) => Overall::Tampered,
            _ if failed => Overall::Tampered,
            Some(Weight::Unexpected) => Overall::IntactSomeForeign,
            None => Overall::IntactAllExpected,
        };
    }
}

impl fmt::Display for ExecutionVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_language(Lang::En).fmt(f)
    }
}

struct InLanguage<'v> {
    verdict: &'v ExecutionVerdict,
    lang: Lang,
}

impl fmt::Display for InLanguage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verdict, lang } = self;
        let (contract, pending) = match lang {
            Lang::En => ("Contract", "Not signed yet"),
            Lang::Zh => ("合同", "尚未签署"),
        };
        writeln!(f, "{contract} {}: {}", verdict.contract, verdict.overall.words(*lang))?;
        for slot in &verdict.pending {
            writeln!(f, "{pending}: {slot}")?;
        }
        for deviation in &verdict.deviations {
            deviation.write(f, *lang)?;
            writeln!(f)?;
        }
        Ok(())
    }
}

impl Overall {
    fn words(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::IntactAllExpected => ("intact, all as recorded", "完整，均符合记录"),
            Self::IntactSomeForeign => ("intact, not all as recorded", "完整，但有与记录不符之处"),
            Self::Tampered => ("tampered with", "已被篡改"),
            Self::NoSignature => ("no signature", "没有签名"),
            Self::Malformed => ("cannot be judged", "无法判定"),
        };
        match lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }
}
