//! Why a contract cannot be executed further.

use std::collections::BTreeSet;

use thiserror::Error as ThisError;

use super::check::{DeviationCode, Overall};
use crate::contract::{self, ControlKey, Phase, WarningCode};
use crate::digest::Digest;
use crate::identity::{DocumentId, SealId, SlotId};
use crate::report::{Conclusion, Finding};
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
    /// Something of a document is to be warned of, and nobody has acknowledged it (R-DOC-04, R-DOC-07).
    #[error(
        "document {document} gives cause for warnings that are not acknowledged: {}{}; have it taken \
         in as it is, and acknowledge them",
        told(codes),
        located(places)
    )]
    WarningsOpen {
        /// Which document.
        document: DocumentId,
        /// The codes that are open.
        codes: Vec<WarningCode>,
        /// Where content lies that may be made for a later swap: object, page and rectangle.
        places: Vec<Finding>,
    },
    /// A signature that a document came with does not pass: after the next one nobody could finish.
    #[error(
        "document {document} came with signature {signature} in field {field:?}, which is \
         {found:?} ({finding}); have the document issued anew without it, or leave it out"
    )]
    CameUnsound {
        /// Which document.
        document: DocumentId,
        /// The number of the signature in its report, from 1; 0 if it is no single one.
        signature: u64,
        /// The name of its field.
        field: String,
        /// What the judge concludes.
        found: Conclusion,
        /// The most serious thing that it found.
        finding: String,
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
    /// A signed grant that does not cover what is to be signed.
    #[error("the signed grant {grant} is for {what}; have the custodian sign the one that is used")]
    GrantPaper {
        /// The grant, as it names itself.
        grant: String,
        /// What it is for instead.
        what: &'static str,
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
    /// Somebody has not signed yet.
    #[error(
        "the contract is {phase} and waits for {}; it is complete when all have signed",
        waiting.iter().map(SlotId::as_str).collect::<Vec<_>>().join(", ")
    )]
    NotComplete {
        /// Its state.
        phase: Phase,
        /// For whom it waits.
        waiting: Vec<SlotId>,
    },
    /// A time-stamp closes the document already.
    #[error("document {document} was closed before; a contract is closed once")]
    AlreadyClosed {
        /// Which.
        document: DocumentId,
    },
    /// No answer of a time-stamping authority was handed in for a document.
    #[error("no time-stamp was handed in for document {document}; ask for one (closing_requests)")]
    StampMissing {
        /// Which.
        document: DocumentId,
    },
    /// The documents are not what record and register say.
    #[error(
        "the documents are {overall:?} where record and register expect all to be intact ({});          `check` says what is wrong",
        codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(", ")
    )]
    Deviates {
        /// What the check came to.
        overall: Overall,
        /// What deviates, each kind once.
        codes: Vec<DeviationCode>,
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
            Self::WarningsOpen { .. } => "con.warning_unacknowledged",
            Self::CameUnsound { .. } => "doc.signature_unsound",
            Self::AlreadyStarted { .. } | Self::AlreadyClosed { .. } | Self::NotComplete { .. } => {
                "con.illegal_transition"
            }
            Self::StampMissing { .. } => "tsa.no_answer",
            Self::NoPlan { .. } => "ctl.not_owner",
            Self::FaceMissing { .. } => "seal.not_found",
            Self::SignatureMissing { .. }
            | Self::NothingToSign { .. }
            | Self::AnswerMissing { .. } => "sign.control_unsigned",
            Self::StaleTicket { .. } => "sign.stale_ticket",
            Self::GrantPaper { .. } => "grant.scope_excluded",
            Self::Postcheck { .. } | Self::Deviates { .. } => "sign.postcheck",
        }
    }

    pub(super) fn update(document: &DocumentId, source: update::Error) -> Self {
        Self::Update { document: document.clone(), source: Box::new(source) }
    }

    pub(super) fn signing(document: &DocumentId, source: signing::Error) -> Self {
        Self::Signing { document: document.clone(), source: Box::new(source) }
    }
}

/// The first place of each kind.
fn located(places: &[Finding]) -> String {
    let mut kinds = BTreeSet::new();
    let first = places.iter().filter(|place| kinds.insert(place.code));
    let first = first.map(|place| {
        let object = place.object.as_deref().unwrap_or("-");
        let page = place.page.map_or_else(String::new, |page| format!(", page {page}"));
        format!("{} in object {object}{page}", place.message)
    });
    let all: Vec<String> = first.collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join("; ")) }
}

fn told(codes: &[WarningCode]) -> String {
    codes.iter().map(|code| code.code()).collect::<Vec<_>>().join(", ")
}

impl From<authorization::Refused> for Error {
    fn from(refused: authorization::Refused) -> Self {
        Self::Refused(Box::new(refused))
    }
}
