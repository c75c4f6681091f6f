//! The kinds of seal that a control may ask for (印章类型).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a seal is for (印章类型). Controls name kinds, seals have one.
///
/// Shown, read and serialised as one text: `official`, `contract`, …, `other`, or `other:` and the
/// name of a kind of the organization's own.
///
/// ```
/// use sealwright::contract::SealKind;
/// let kind: SealKind = "other:仓库收货章".parse()?;
/// assert_eq!(kind.to_string(), "other:仓库收货章");
/// assert!(SealKind::Other.admits(&kind));
/// assert!(!SealKind::Contract.admits(&SealKind::Official));
/// # Ok::<(), sealwright::contract::UnknownSealKind>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum SealKind {
    /// The one general company seal (公章).
    Official,
    /// For contracts (合同专用章).
    Contract,
    /// For finance documents (财务专用章).
    Finance,
    /// For labour documents (人事专用章).
    Personnel,
    /// Oval, with the tax number (发票专用章).
    Invoice,
    /// The name seal of the legal representative (法定代表人章).
    LegalRepresentative,
    /// An employee's professional seal lent to the enterprise (执业章).
    Qualification,
    /// Any other, without a name of its own (其他印章).
    Other,
    /// Any other, with a name of the organization's own.
    Custom(CustomSealKind),
}

impl SealKind {
    /// Whether a control that allows this kind allows a seal of `kind`: the same one, and
    /// [`SealKind::Other`] stands for every custom kind too.
    #[must_use]
    pub fn admits(&self, kind: &Self) -> bool {
        self == kind || (*self == Self::Other && matches!(kind, Self::Custom(_)))
    }

    /// Whether it is the seal that only the legal representative disposes of (R-SEAL-14).
    #[must_use]
    pub fn is_legal_representative(&self) -> bool {
        *self == Self::LegalRepresentative
    }

    /// What people call it in Chinese.
    #[must_use]
    pub fn chinese_name(&self) -> &str {
        match self {
            Self::Official => "公章",
            Self::Contract => "合同专用章",
            Self::Finance => "财务专用章",
            Self::Personnel => "人事专用章",
            Self::Invoice => "发票专用章",
            Self::LegalRepresentative => "法定代表人章",
            Self::Qualification => "执业章",
            Self::Other => "其他印章",
            Self::Custom(kind) => kind.as_str(),
        }
    }

    /// What the vendor's interface calls it; a custom kind is one of its `OTHER`s.
    #[must_use]
    pub fn vendor_code(&self) -> &'static str {
        match self {
            Self::Official => "OFFICIAL",
            Self::Contract => "CONTRACT",
            Self::Finance => "FINANCE",
            Self::Personnel => "PERSONNEL",
            Self::Invoice => "INVOICE",
            Self::LegalRepresentative => "LEGAL_PERSON_SEAL",
            Self::Qualification => "EMPLOYEE_QUALIFICATION_SEAL",
            Self::Other | Self::Custom(_) => "OTHER",
        }
    }

    /// The stable text of the kind: what [`fmt::Display`] shows.
    #[must_use]
    pub fn code(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Official => "official",
            Self::Contract => "contract",
            Self::Finance => "finance",
            Self::Personnel => "personnel",
            Self::Invoice => "invoice",
            Self::LegalRepresentative => "legal_representative",
            Self::Qualification => "qualification",
            Self::Other => "other",
            Self::Custom(kind) => return Cow::Owned(format!("{CUSTOM_PREFIX}{}", kind.as_str())),
        })
    }
}

impl fmt::Display for SealKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code())
    }
}

impl FromStr for SealKind {
    type Err = UnknownSealKind;

    fn from_str(text: &str) -> Result<Self, UnknownSealKind> {
        if let Some(name) = text.strip_prefix(CUSTOM_PREFIX) {
            return CustomSealKind::new(name).map(Self::Custom);
        }
        PLAIN
            .iter()
            .find(|kind| kind.code() == text)
            .cloned()
            .ok_or(UnknownSealKind { characters: text.chars().count() })
    }
}

impl TryFrom<String> for SealKind {
    type Error = UnknownSealKind;

    fn try_from(text: String) -> Result<Self, UnknownSealKind> {
        text.parse()
    }
}

impl From<SealKind> for String {
    fn from(kind: SealKind) -> Self {
        kind.code().into_owned()
    }
}

/// The name of a kind of seal that an organization made up: 1 to 20 characters, none of them a
/// control character, no white space around.
///
/// ```
/// use sealwright::contract::CustomSealKind;
/// assert_eq!(CustomSealKind::new("仓库收货章")?.as_str(), "仓库收货章");
/// assert!(CustomSealKind::new("").is_err());
/// # Ok::<(), sealwright::contract::UnknownSealKind>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomSealKind(String);

impl CustomSealKind {
    /// The most characters a name may have.
    pub const MAX_CHARACTERS: usize = 20;

    /// Takes a name.
    ///
    /// # Errors
    ///
    /// [`UnknownSealKind`] if it is empty, too long, or has control characters or white space
    /// around it.
    pub fn new(name: &str) -> Result<Self, UnknownSealKind> {
        let characters = name.chars().count();
        let sound = (1..=Self::MAX_CHARACTERS).contains(&characters)
            && name.trim() == name
            && !name.chars().any(char::is_control);
        if sound { Ok(Self(name.to_owned())) } else { Err(UnknownSealKind { characters }) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that names no kind of seal.
///
/// ```
/// use sealwright::contract::SealKind;
/// let error = "great seal".parse::<SealKind>().unwrap_err();
/// assert_eq!(error.code(), "contract.seal_kind_form");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "this text of {characters} characters names no kind of seal; it is one of official, contract, \
     finance, personnel, invoice, legal_representative, qualification, other, or other: and a name \
     of 1 to 20 characters"
)]
pub struct UnknownSealKind {
    /// How many characters the text has.
    pub characters: usize,
}

impl UnknownSealKind {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "contract.seal_kind_form"
    }
}

const CUSTOM_PREFIX: &str = "other:";

const PLAIN: &[SealKind] = &[
    SealKind::Official,
    SealKind::Contract,
    SealKind::Finance,
    SealKind::Personnel,
    SealKind::Invoice,
    SealKind::LegalRepresentative,
    SealKind::Qualification,
    SealKind::Other,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_text_that_is_read_back() {
        let custom = SealKind::Custom(CustomSealKind::new("仓库 章").unwrap());
        for kind in PLAIN.iter().chain([&custom]) {
            assert_eq!(kind.to_string().parse::<SealKind>().unwrap(), *kind);
            let json = serde_json::to_string(kind).unwrap();
            assert_eq!(serde_json::from_str::<SealKind>(&json).unwrap(), *kind);
            assert!(!kind.chinese_name().is_empty());
            assert!(kind.admits(kind));
            let vendors = kind.vendor_code().chars();
            assert!(vendors.into_iter().all(|c| c.is_ascii_uppercase() || c == '_'));
        }
        assert!(SealKind::Other.admits(&custom));
        assert!(!custom.admits(&SealKind::Other));
    }

    #[test]
    fn names_that_are_none_are_refused() {
        for text in ["", "Official", "other:", "other: x", "other:a\nb", &"x".repeat(40)] {
            assert!(text.parse::<SealKind>().is_err(), "{text:?}");
            assert!(serde_json::from_str::<SealKind>(&format!("{text:?}")).is_err());
        }
        let longest = "章".repeat(CustomSealKind::MAX_CHARACTERS);
        assert!(CustomSealKind::new(&longest).is_ok());
        assert!(CustomSealKind::new(&format!("{longest}章")).is_err());
    }
}
