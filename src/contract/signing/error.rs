//! Why a signature is refused that the contract's state would allow.

use thiserror::Error as ThisError;
use time::{Duration, OffsetDateTime};

use super::super::control::{ControlKey, SignatureMethod};
use super::super::intent::IntentMethod;
use super::super::seal_kind::SealKind;
use crate::identity::{CeremonyId, SealId};
use crate::instant::rfc3339;

/// Why a signature is refused that the contract's state would allow (R-SIGN-02a, 08, 10 and 11).
///
/// ```
/// use sealwright::contract::SigningError;
/// assert_eq!(SigningError::IntentMissing.code(), "sign.intent_missing");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum SigningError {
    /// R-SIGN-02a.
    #[error("the ceremony has not opened the stage of signing; wait for the host")]
    StageNotOpen,
    /// R-SIGN-02a: nobody but the meeting of a contract says when it may be signed.
    #[error(
        "the contract is signed at the meeting {ceremony}, the window that was given is of {found}; \
         load that meeting and ask it"
    )]
    WindowOfAnother {
        /// The meeting that the contract was booked for.
        ceremony: CeremonyId,
        /// Whose window was given: another meeting's id, or no meeting.
        found: String,
    },
    /// R-SIGN-08.
    #[error("the text was shown for {shown}, it has to be shown for {least}; read on")]
    ReadTimeNotMet {
        /// How long it was shown.
        shown: Duration,
        /// How long it has to be.
        least: Duration,
    },
    /// R-SIGN-08.
    #[error("the text was not read to its end; read on")]
    NotReadToEnd,
    /// R-SIGN-10.
    #[error("nothing shows that the signer means to sign; have it proved")]
    IntentMissing,
    /// R-SIGN-10.
    #[error("the signer may not prove his intent by {method}; use another method")]
    IntentMethodNotAllowed {
        /// The method he used.
        method: IntentMethod,
    },
    /// R-SIGN-10: a device knows its owner, not who that is.
    #[error("{method} is vouched for by the signer's own device alone; add another method")]
    IntentDeviceOnly {
        /// The method he used.
        method: IntentMethod,
    },
    /// R-SIGN-10.
    #[error(
        "the intent was proved at {at}, it is {now}; have it proved again",
        at = rfc3339(*at), now = rfc3339(*now)
    )]
    IntentStale {
        /// When it was proved.
        at: OffsetDateTime,
        /// The time that was given.
        now: OffsetDateTime,
    },
    /// R-SIGN-10.
    #[error(
        "the intent was proved for the {what} {proved}, what is to be signed is {asked}; show the \
         contract as it is and have it proved again"
    )]
    IntentBinding {
        /// In what they differ: `contract`, `slot`, `signer`, `document`, `number of documents`.
        what: &'static str,
        /// For what it was proved.
        proved: String,
        /// What is to be signed.
        asked: String,
    },
    /// R-SIGN-11.
    #[error("seal {seal} is not in the register that was given; load it")]
    SealNotFound {
        /// The seal.
        seal: SealId,
    },
    /// R-SIGN-11.
    #[error("{control} does not take {found}, it takes {expected}; choose another one")]
    SealTypeNotAllowed {
        /// The control.
        control: ControlKey,
        /// What was chosen: a seal with its kind, or no seal at all.
        found: String,
        /// What it takes.
        expected: String,
    },
    /// R-SIGN-11.
    #[error("{control} takes no signature by {method}; choose another method")]
    MethodNotAllowed {
        /// The control.
        control: ControlKey,
        /// The method that was chosen.
        method: SignatureMethod,
    },
}

impl SigningError {
    /// A stable name of the kind of refusal, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::StageNotOpen | Self::WindowOfAnother { .. } => "cer.stage_not_open",
            Self::ReadTimeNotMet { .. } => "sign.read_time_not_met",
            Self::NotReadToEnd => "sign.not_read_to_end",
            Self::IntentMissing => "sign.intent_missing",
            Self::IntentMethodNotAllowed { .. } | Self::IntentDeviceOnly { .. } => {
                "sign.intent_method_not_allowed"
            }
            Self::IntentStale { .. } => "sign.intent_stale",
            Self::IntentBinding { .. } => "sign.intent_binding",
            Self::SealNotFound { .. } => "seal.not_found",
            Self::SealTypeNotAllowed { .. } => "seal.type_not_allowed",
            Self::MethodNotAllowed { .. } => "sign.method_not_allowed",
        }
    }

    /// The refusal of a seal of this kind.
    pub(super) fn seal(
        control: &ControlKey,
        seal: &SealId,
        kind: &SealKind,
        expected: impl ToString,
    ) -> Self {
        let (control, expected) = (control.clone(), expected.to_string());
        Self::SealTypeNotAllowed { control, found: format!("{seal}, {kind}"), expected }
    }
}
