//! Why a contract cannot be executed further.

use thiserror::Error as ThisError;

use crate::contract::{self, ControlKey};
use crate::digest::Digest;
use crate::identity::{DocumentId, SealId, SlotId};
use crate::report::Conclusion;
use crate::{appearance, authorization, pdf, placement, signing, update, verification};

/// Why a step was refused. Nothing has changed: not the contract, not a grant, not a document.
///
/// ```
/// use sealwright::execution::Error;
/// let error = Error::DocumentMissing { document: "doc_2".parse()? };
/// assert_eq!(error.code(), "doc.missing");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The contract refuses.
    #[error(transparent)]
    Contract(#[from] contract::Error),
    /// The signing chain refuses, R-SIGN-01 to 12; what it says is to be kept
    /// ([`Refused::denied`](authorization::Refused::denied)).
    #[error(transparent)]
    Refused(#[from] Box<authorization::Refused>),
    /// What was made is not what was permitted, or the register has moved on since.
    #[error(transparent)]
    Authorization(#[from] authorization::Error),
    /// The plan of the controls does not hold any more.
    #[error(transparent)]
    Plan(#[from] placement::Error),
    /// Something cannot be drawn.
    #[error(transparent)]
    Appearance(#[from] appearance::Error),
    /// A document cannot be read.
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
    /// A document cannot take the fields or the values.
    #[error("document {document}: {source}")]
    Update {
        /// Which document.
        document: DocumentId,
        /// Why.
        source: Box<update::Error>,
    },
    /// A document cannot be signed.
    #[error("document {document}: {source}")]
    Signing {
        /// Which document.
        document: DocumentId,
        /// Why.
        source: Box<signing::Error>,
    },
    /// Nothing can be said of a document that was just made.
    #[error("document {document}: {source}")]
    Verification {
        /// Which document.
        document: DocumentId,
        /// Why.
        source: Box<verification::Error>,
    },
    /// The host did not bring a document of the contract.
    #[error("document {document} of the contract was not given; hand in its newest bytes")]
    DocumentMissing {
        /// Which.
        document: DocumentId,
    },
    /// A document is not what the contract knows (R-DOC-06).
    #[error(
        "document {document} has the digest {found}, the contract knows it with {expected}; hand in \
         its newest bytes"
    )]
    DocumentChanged {
        /// Which.
        document: DocumentId,
        /// What the contract knows.
        expected: Box<Digest>,
        /// What was handed in.
        found: Box<Digest>,
    },
    /// The fields are in the documents already.
    #[error("document {document} was prepared before; go on with signing")]
    AlreadyStarted {
        /// Which.
        document: DocumentId,
    },
    /// A control whose place its signer chooses when he signs has no field before the first signature,
    /// and afterwards nobody can add one.
    #[error(
        "control {control} is in no plan: places that a signer chooses himself cannot be executed \
         here; give the control a place before the start"
    )]
    NoPlan {
        /// The control.
        control: ControlKey,
    },
    /// The host has no picture of a seal that is to be drawn.
    #[error("control {control} shows version {version} of seal {seal}, of which no face was given")]
    FaceMissing {
        /// The control.
        control: ControlKey,
        /// The seal.
        seal: SealId,
        /// Its version.
        version: u32,
    },
    /// The host has no signature by hand that is to be drawn.
    #[error("control {control} shows a signature that was not given")]
    SignatureMissing {
        /// The control.
        control: ControlKey,
    },
    /// What was made does not verify (R-SIGN-13).
    #[error(
        "document {document} would be {found:?} after this signature ({finding}); nothing was kept"
    )]
    Postcheck {
        /// Which document.
        document: DocumentId,
        /// What the judge concludes.
        found: Conclusion,
        /// The first thing that it found wrong.
        finding: String,
    },
    /// No document has a control of the slot.
    #[error("slot {slot} has no control in any document; there is nothing to sign")]
    NothingToSign {
        /// The slot.
        slot: SlotId,
    },
    /// Somebody signed since the ticket was made.
    #[error(
        "document {document} had {prepared} bytes when it was prepared and has {found} now: somebody \
         signed meanwhile; begin again"
    )]
    StaleTicket {
        /// Which document.
        document: DocumentId,
        /// Its length then.
        prepared: u64,
        /// Its length now.
        found: u64,
    },
    /// Answers and tickets do not belong together.
    #[error(
        "document {document} waits for a signature, and no answer or no ticket was given for it"
    )]
    AnswerMissing {
        /// Which document.
        document: DocumentId,
    },
}

impl Error {
    /// The stable code of the refusal.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Contract(error) => error.code(),
            Self::Refused(refused) => refused.code(),
            Self::Authorization(error) => error.code(),
            Self::Plan(error) => error.code(),
            Self::Appearance(error) => error.code(),
            Self::Pdf(error) => error.code(),
            Self::Update { source, .. } => source.code(),
            Self::Signing { source, .. } => source.code(),
            Self::Verification { source, .. } => source.code(),
            Self::DocumentMissing { .. } => "doc.missing",
            Self::DocumentChanged { .. } => "doc.hash_mismatch",
            Self::AlreadyStarted { .. } => "con.illegal_transition",
            Self::NoPlan { .. } => "ctl.not_owner",
            Self::FaceMissing { .. } => "seal.not_found",
            Self::SignatureMissing { .. }
            | Self::NothingToSign { .. }
            | Self::AnswerMissing { .. } => "sign.control_unsigned",
            Self::StaleTicket { .. } => "sign.stale_ticket",
            Self::Postcheck { .. } => "sign.postcheck",
        }
    }

    pub(super) fn update(document: &DocumentId, source: update::Error) -> Self {
        Self::Update { document: document.clone(), source: Box::new(source) }
    }

    pub(super) fn signing(document: &DocumentId, source: signing::Error) -> Self {
        Self::Signing { document: document.clone(), source: Box::new(source) }
    }
}

impl From<authorization::Refused> for Error {
    fn from(refused: authorization::Refused) -> Self {
        Self::Refused(Box::new(refused))
    }
}
