//! What can happen to a contract (§2.9).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::closing::{CertifiedBy, ClosingStamp};
use super::control::{ControlKey, Value};
use super::edit::Edit;
use super::event_details;
use super::group::Membership;
use super::location::Spot;
use super::name::ContractName;
use super::reason::Reason;
use super::settings::Settings;
use super::signed_record::{Revised, SignedRecord, Warrant};
use super::signer::{Account, Holder};
use super::slot::ForwardKind;
use super::state::Initiator;
use crate::audit::Details;
use crate::decision;
use crate::digest::Digest;
use crate::geometry::Size;
use crate::identity::{
    CeremonyId, ContractId, DocumentId, EntitlementId, Factors, OrganizationId, SlotId,
};

/// How a contract begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beginning {
    /// Its name.
    pub name: ContractName,
    /// Who wrote it.
    pub initiator: Initiator,
    /// What he decided about its course.
    pub settings: Settings,
    /// When it expires, if that is not left to the start.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub deadline: Option<OffsetDateTime>,
    /// The group that it is a member of.
    pub group: Option<Membership>,
    /// The contract that it releases.
    pub releases: Option<ContractId>,
}

/// Where a control is, once and for all: its location was resolved when the contract started, and no
/// later stage looks for it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The control.
    pub control: ControlKey,
    /// Its rectangles, page by page.
    pub spots: Vec<Spot>,
    /// How large the whole seal is whose slices the rectangles show: of a cross-page seal (骑缝章,
    /// §5.4) alone. The rectangles do not tell: two seals over ten pages each lie where one of twice
    /// the width lies over twenty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Size>,
}

/// How a contract starts (C6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// When it expires, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    /// The slots that have fields to fill; none: signing begins at once.
    pub fillers: BTreeSet<SlotId>,
    /// Where the controls are, from now on for good.
    pub frozen: Vec<Frozen>,
    /// The entitlement on which a unit of quota is reserved.
    pub quota: Option<EntitlementId>,
    /// The meeting that was booked for it: from now on that meeting says when it may be signed.
    pub ceremony: Option<CeremonyId>,
}

/// What a review of a slot says (C10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The slot may sign.
    Pass,
    /// It may not, for now.
    Reject,
    /// The organization refuses the contract: it is rejected for all.
    Refuse,
}

/// Why a contract is no longer what its signers were shown (C19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Cause {
    /// A signer who has not acted changed his name.
    SignerRenamed {
        /// His slot.
        slot: SlotId,
    },
    /// An organization whose slots have not all acted changed its name (R-ORG-04).
    OrganizationRenamed {
        /// The organization.
        organization: OrganizationId,
    },
    /// The bytes of a document are not those that were recorded.
    DocumentChanged {
        /// The document.
        document: DocumentId,
        /// The digest of the bytes that were found.
        found: Digest,
    },
}

/// What happened to a contract. Serialised, each has a `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// C1: it was created.
    Created {
        /// How.
        beginning: Box<Beginning>,
    },
    /// C2: the draft was changed.
    Edited {
        /// In what.
        change: Edit,
    },
    /// C4: its start was submitted for review.
    StartSubmitted,
    /// C5: the start was reviewed.
    StartReviewed {
        /// Whether it may start.
        passed: bool,
        /// Why not.
        reason: Option<Reason>,
    },
    /// C6: it started.
    Started {
        /// How.
        start: Box<Start>,
    },
    /// M9: its meeting was called off, and it goes on without one.
    MeetingCalledOff {
        /// The meeting.
        ceremony: CeremonyId,
    },
    /// C7: a signer saw the text.
    Opened {
        /// His slot.
        slot: SlotId,
    },
    /// C8: a signer filled fields.
    Filled {
        /// His slot.
        slot: SlotId,
        /// Controls and their values.
        values: Vec<(ControlKey, Value)>,
        /// Whether he is done.
        finished: bool,
    },
    /// C9: a signer declined to fill.
    FillDeclined {
        /// His slot.
        slot: SlotId,
        /// Why.
        reason: Reason,
    },
    /// The values and the empty fields were written into the documents, before the first signature.
    Composed {
        /// The documents that changed.
        documents: Vec<Revised>,
        /// Who certifies them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        certified_by: Option<CertifiedBy>,
    },
    /// C10: an organization reviewed a signing.
    Reviewed {
        /// The slot.
        slot: SlotId,
        /// What it says.
        verdict: Verdict,
        /// Why, if not [`Verdict::Pass`].
        reason: Option<Reason>,
    },
    /// A signature is being made; others wait.
    SigningBegun {
        /// Who signs.
        slot: SlotId,
        /// Until when at most, UTC.
        #[serde(with = "time::serde::rfc3339")]
        until: OffsetDateTime,
    },
    /// The signature that was being made will not come.
    SigningAbandoned {
        /// Who had begun it.
        slot: SlotId,
    },
    /// C11: a slot was signed.
    Signed {
        /// All that is recorded of it.
        record: Box<SignedRecord>,
        /// On whose word.
        warrant: Warrant,
    },
    /// The final bytes were checked and found intact.
    IntegrityChecked {
        /// The documents and their digests.
        documents: Vec<(DocumentId, Digest)>,
    },
    /// C11: the last required slot was signed.
    Completed,
    /// Its documents were closed with time-stamps.
    Closed {
        /// Each document that was stamped.
        stamps: Vec<ClosingStamp>,
    },
    /// C12: a signer declined.
    Declined {
        /// His slot.
        slot: SlotId,
        /// Why.
        reason: Reason,
    },
    /// C13: the initiator withdrew it.
    Cancelled {
        /// Why.
        reason: Reason,
    },
    /// C14: a deadline passed.
    Expired {
        /// The slot whose deadline it was; none: the contract's.
        slot: Option<SlotId>,
    },
    /// C15: a deadline was put off.
    DeadlineExtended {
        /// The slot whose deadline it is; none: the contract's.
        slot: Option<SlotId>,
        /// The new deadline, UTC.
        #[serde(with = "time::serde::rfc3339")]
        to: OffsetDateTime,
    },
    /// C16: a slot was handed over.
    Forwarded {
        /// The slot.
        slot: SlotId,
        /// The place of the signer among those who may act in it, from 0.
        place: usize,
        /// Who had it.
        from: Account,
        /// Who has it now.
        to: Box<Holder>,
        /// Why.
        kind: ForwardKind,
    },
    /// C17: the signer of a late-bound slot was named.
    Bound {
        /// The slot.
        slot: SlotId,
        /// He.
        holder: Box<Holder>,
    },
    /// C18: a signer was reminded.
    Reminded {
        /// His slot.
        slot: SlotId,
    },
    /// C19: it is no longer what its signers were shown.
    Invalidated {
        /// Why.
        cause: Cause,
    },
    /// R-CER-06: the contract is not delivered to a signer whose facts differ.
    DeliveryWithheld {
        /// His slot.
        slot: SlotId,
        /// His place among those who may act in it, from 0.
        place: usize,
        /// What differs.
        factors: Factors,
    },
    /// R-CER-06: his facts were corrected.
    DeliveryRestored {
        /// His slot.
        slot: SlotId,
        /// His place among those who may act in it, from 0.
        place: usize,
        /// He, with his registered facts.
        holder: Box<Holder>,
    },
    /// C20: a contract that releases this one was started.
    ReleaseStarted {
        /// That contract.
        release: ContractId,
    },
    /// C21: that contract is complete.
    Released {
        /// That contract.
        release: ContractId,
    },
    /// C22: it was put into the archive.
    Archived,
    /// C22: its documents, controls and values were dropped.
    Purged,
}

impl decision::Event for Event {
    const FORMAT: &'static str = "sealwright/contract-event/1";

    fn kind(&self) -> &'static str {
        match self {
            Self::Created { .. } => "contract.created",
            Self::Edited { .. } => "contract.edited",
            Self::StartSubmitted => "contract.start_review",
            Self::StartReviewed { .. } => "contract.start_reviewed",
            Self::Started { .. } => "contract.started",
            Self::MeetingCalledOff { .. } => "contract.meeting_called_off",
            Self::Opened { .. } => "contract.opened",
            Self::Filled { .. } => "contract.filled",
            Self::FillDeclined { .. } => "contract.fill_declined",
            Self::Composed { .. } => "document.composed",
            Self::Reviewed { .. } => "contract.review_result",
            Self::SigningBegun { .. } => "contract.signing_begun",
            Self::SigningAbandoned { .. } => "contract.signing_abandoned",
            Self::Signed { .. } => "contract.signed",
            Self::IntegrityChecked { .. } => "document.integrity_checked",
            Self::Completed => "contract.completed",
            Self::Closed { .. } => "contract.closed",
            Self::Declined { .. } => "contract.declined",
            Self::Cancelled { .. } => "contract.cancelled",
            Self::Expired { .. } => "contract.expired",
            Self::DeadlineExtended { .. } => "contract.deadline_extended",
            Self::Forwarded { .. } => "contract.forwarded",
            Self::Bound { .. } => "contract.bound",
            Self::Reminded { .. } => "contract.reminded",
            Self::Invalidated { .. } => "contract.invalidated",
            Self::DeliveryWithheld { .. } => "contract.delivery_withheld",
            Self::DeliveryRestored { .. } => "contract.delivery_restored",
            Self::ReleaseStarted { .. } => "contract.release_started",
            Self::Released { .. } => "contract.released",
            Self::Archived => "contract.archived",
            Self::Purged => "contract.purged",
        }
    }

    fn details(&self) -> Details {
        event_details::of(self)
    }
}

impl Verdict {
    /// A stable name: `pass`, `reject`, `refuse`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Reject => "reject",
            Self::Refuse => "refuse",
        }
    }
}
