//! Contracts: documents, parties, signers, controls, and the states they go through (合同).
//!
//! ```text
//!  create ─► Draft ─► [ReviewingStart] ─► [Filling] ─► Signing ─► Completed ─► Released
//!            │ edit        review          fill          │ open    (by a second, signed contract)
//!            │ validate                                  │ review
//!            ▼                                           │ sign, one slot after the other
//!         Cancelled ◄── cancel ──────────────────────────┤
//!                                                        ├─► Rejected, FillRejected   decline
//!                                                        ├─► Expired                  expire
//!                                                        └─► Invalidated              a name changed
//! ```
//!
//! * A [`Contract`] consists of [`Document`]s, [`Party`]s, the [`Slot`]s in which they sign, and
//!   [`Control`]s: rectangles on pages that a slot fills or signs.
//! * Every verb looks at the contract and the time and returns a [`Decision`]: what happened, whom to
//!   tell. Nothing has changed until the host has stored and applied it. [`Contract::decide`] takes
//!   the [`Command`]s that touch the contract alone; [`Contract::create`], [`Contract::start`],
//!   [`Contract::cancel`] and [`Contract::start_release`] return decisions on the entitlement or on
//!   the second contract as well.
//! * Contracts that are signed as one act go through a [`Group`].
//! * The order holds for the action, not for the notices: a slot whose turn has not come is refused,
//!   whatever link its signer holds.
//!
//! ```
//! use sealwright::contract::{Command, Contract, Error, Reason};
//! use sealwright::decision::Decision;
//! use sealwright::identity::SlotId;
//! use sealwright::organization::By;
//! # use time::OffsetDateTime;
//!
//! /// The signer of a slot does not want to sign.
//! fn decline(
//!     contract: &Contract,
//!     slot: SlotId,
//!     by: &By<'_>,
//!     now: OffsetDateTime,
//! ) -> Result<Decision<Contract>, Error> {
//!     let reason = Reason::parse("付款条款有误")?;
//!     contract.decide(Command::Decline { slot, reason }, by, now)
//! }
//! ```
//!
//! What needs the bytes of a PDF (where a keyword stands, whether the last revision verifies) comes in
//! as data: this module sees no PDF.
//!
//! [`Decision`]: crate::decision::Decision

mod closing;
mod command;
mod control;
mod create;
mod decide;
mod document;
mod edit;
mod ending;
mod error;
mod error_code;
mod event;
mod event_details;
mod evolve;
mod fill;
mod group;
mod handing_over;
mod instant;
mod intent;
mod listing;
#[cfg(test)]
mod listing_tests;
mod location;
mod name;
mod notices;
mod order;
mod party;
mod people;
mod phase;
mod prepared_content;
mod reason;
mod release;
mod review;
#[cfg(test)]
pub(crate) mod samples;
mod seal_kind;
mod settings;
mod sign;
mod signed_record;
mod signer;
mod signing;
mod slot;
mod start;
mod state;
mod turn;
mod validation;
pub mod vendor;
mod warning;

pub use closing::{CertifiedBy, ClosingStamp};
pub use command::{Command, Entry};
pub use control::{
    Align, AllowedSeals, Applied, ApprovalBlock, BlockChild, BlockPart, CheckBoxGroup, Colour,
    Control, ControlError, ControlId, ControlKey, ControlKind, ControlName, ControlProblem,
    ControlState, DateFormat, DateStyle, Fact, FactStyle, FilledRows, FilledText, Font, FontSize,
    ImageFit, Input, Locks, Mark, NumberStyle, Opacity, Opinion, Owner, OwnerKind, Picture,
    PictureFormat, SealMark, SelectorStyle, SignatureMark, SignatureMethod, TableStyle, TextStyle,
    Value, Watermark, WatermarkPlace, WatermarkText, check_locks,
};
pub use create::{Allowance, NewContract};
pub use document::{
    ActiveContent, ChangesAllowed, Content, Document, DocumentError, DocumentIntake,
    DocumentProblem, Encryption, IntakeLimits, PdfFacts,
};
pub use edit::Edit;
pub use ending::Cancellation;
pub use error::Error;
pub use event::{Beginning, Cause, Event, Frozen, Start, Verdict};
pub use group::{Group, Membership};
pub use intent::{IntentCheck, IntentMethod, IntentProof};
pub use listing::{ContractFilter, Listed, Relation, Viewer, contracts_for};
pub use location::{
    Absolute, Anchor, CrossPage, Cut, Edge, Extent, FieldName, FractionOfPage, Keyword, Location,
    MatchOrder, Measure, Origin, PageLength, PageRange, PageSet, PercentOfPage, Point, Relative,
    SinglePage, Slice, Spot, ThinSlices,
};
pub use name::{ContractName, Description, RoleLabel, UserData};
pub use order::{Order, Rank};
pub use party::{Cc, CcPermission, CcTime, Party, PartyKind};
pub use phase::{Phase, Progress};
pub use prepared_content::PreparedContent;
pub use reason::Reason;
pub use release::{ReleasePlan, ReleaseStarted};
pub use seal_kind::{CustomSealKind, SealKind, UnknownSealKind};
pub use settings::{Opening, ReadingGate, ReadingMode, ReadingTime, Settings, StartReview};
pub use signed_record::{
    Application, CertificateRecord, Integrity, Revised, SignedRecord, TimeSource, Warrant,
};
pub use signer::{Account, Holder, Signer};
pub(crate) use signing::WindowSpan;
pub use signing::{
    Choice, Pick, ReadingProof, SigningAttempt, SigningError, SigningFacts, SigningPolicy,
    SigningWindow,
};
pub use slot::{
    Allowed, ForwardKind, Handover, Review, Slot, SlotOptions, SlotPlan, SlotState, ViewCheck,
    Withheld,
};
pub use start::{StartFacts, Started};
pub use state::{Contract, Hold, Initiator};
pub use validation::{FieldKind, Located, Placements, Validation};
pub use warning::{UnknownWarning, Warning, WarningCode};
