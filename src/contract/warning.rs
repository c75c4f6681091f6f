//! What is not wrong but has to be known before a contract starts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error as ThisError;

use super::control::ControlKey;
use super::prepared_content::PreparedContent;
use crate::identity::{DocumentId, PartyId};

/// The stable code of a warning, by which it is acknowledged. Written and stored as in §3.9.
///
/// ```
/// use sealwright::contract::WarningCode;
/// assert_eq!(WarningCode::SealMissing.code(), "W-SEAL-MISSING");
/// assert_eq!("W-CTL-OVERLAP".parse::<WarningCode>()?, WarningCode::ControlOverlap);
/// # Ok::<(), sealwright::contract::UnknownWarning>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum WarningCode {
    /// An organization is a party and no seal of its is asked for (R-CTL-14).
    SealMissing,
    /// Sign controls of different owners cover each other (R-CTL-13).
    ControlOverlap,
    /// A seal is drawn larger than its control (R-CTL-15).
    SealLargerThanBox,
    /// The document carries signatures already (R-DOC-04).
    DocumentHasSignatures,
    /// The document carries scripts, launch actions or embedded files (R-DOC-07).
    DocumentActiveContent,
    /// The document has content that may be made for a later swap (R-DOC-07).
    DocumentPrepared(PreparedContent),
}

impl WarningCode {
    /// Every code.
    pub fn all() -> impl Iterator<Item = Self> {
        let prepared = PreparedContent::ALL.iter().copied().map(Self::DocumentPrepared);
        [
            Self::SealMissing,
            Self::ControlOverlap,
            Self::SealLargerThanBox,
            Self::DocumentHasSignatures,
            Self::DocumentActiveContent,
        ]
        .into_iter()
        .chain(prepared)
    }

    /// The code as text.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SealMissing => "W-SEAL-MISSING",
            Self::ControlOverlap => "W-CTL-OVERLAP",
            Self::SealLargerThanBox => "W-CTL-SEAL-LARGER-THAN-BOX",
            Self::DocumentHasSignatures => "W-DOC-HAS-SIGNATURES",
            Self::DocumentActiveContent => "W-DOC-ACTIVE-CONTENT",
            Self::DocumentPrepared(kind) => kind.code(),
        }
    }
}

impl fmt::Display for WarningCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for WarningCode {
    type Err = UnknownWarning;

    fn from_str(text: &str) -> Result<Self, UnknownWarning> {
        Self::all().find(|code| code.code() == text).ok_or(UnknownWarning)
    }
}

impl TryFrom<String> for WarningCode {
    type Error = UnknownWarning;

    fn try_from(text: String) -> Result<Self, UnknownWarning> {
        text.parse()
    }
}

impl From<WarningCode> for String {
    fn from(code: WarningCode) -> Self {
        code.code().to_owned()
    }
}

/// A text is not the code of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[error("this is no code of a contract's warnings; they look like W-SEAL-MISSING")]
pub struct UnknownWarning;

/// What is not wrong but has to be acknowledged, by its code, before the contract starts.
///
/// ```
/// use sealwright::contract::{Warning, WarningCode};
/// let warning = Warning::SealMissing { party: "party_b".parse()? };
/// assert_eq!(warning.code(), WarningCode::SealMissing);
/// assert!(warning.to_string().contains("party_b"));
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Warning {
    /// R-CTL-14.
    SealMissing {
        /// The organization's party.
        party: PartyId,
    },
    /// R-CTL-13.
    ControlOverlap {
        /// A control.
        first: ControlKey,
        /// One of another owner.
        second: ControlKey,
    },
    /// R-CTL-15.
    SealLargerThanBox {
        /// The control.
        control: ControlKey,
    },
    /// R-DOC-04.
    DocumentHasSignatures {
        /// The document.
        document: DocumentId,
    },
    /// R-DOC-07.
    DocumentActiveContent {
        /// The document.
        document: DocumentId,
    },
    /// R-DOC-07: what may be made for a later swap.
    DocumentPrepared {
        /// The document.
        document: DocumentId,
        /// What it is.
        kind: PreparedContent,
    },
}

impl Warning {
    /// Its code.
    #[must_use]
    pub fn code(&self) -> WarningCode {
        match self {
            Self::SealMissing { .. } => WarningCode::SealMissing,
            Self::ControlOverlap { .. } => WarningCode::ControlOverlap,
            Self::SealLargerThanBox { .. } => WarningCode::SealLargerThanBox,
            Self::DocumentHasSignatures { .. } => WarningCode::DocumentHasSignatures,
            Self::DocumentActiveContent { .. } => WarningCode::DocumentActiveContent,
            Self::DocumentPrepared { kind, .. } => WarningCode::DocumentPrepared(*kind),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SealMissing { party } => write!(
                f,
                "{party} is an organization and no seal of its is asked for: the contract may not \
                 bind it; add a seal control"
            ),
            Self::ControlOverlap { first, second } => {
                write!(f, "{first} and {second} belong to different owners and overlap; move one")
            }
            Self::SealLargerThanBox { control } => {
                write!(f, "the seal is larger than its control {control}; enlarge the control")
            }
            Self::DocumentHasSignatures { document } => {
                write!(f, "{document} carries signatures that were made elsewhere")
            }
            Self::DocumentActiveContent { document } => {
                write!(
                    f,
                    "{document} carries scripts, actions or files that may change what it shows"
                )
            }
            Self::DocumentPrepared { document, kind } => {
                write!(
                    f,
                    "{document} has content that may be made for a later swap ({}): look at it before \
                     anybody signs",
                    kind.code()
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_and_are_stored_as_they_are_written() {
        for code in WarningCode::all() {
            assert_eq!(code.code().parse::<WarningCode>().unwrap(), code);
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{code}\""));
        }
        assert!(serde_json::from_str::<WarningCode>("\"W-NONE\"").is_err());
    }
}
