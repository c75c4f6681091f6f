//! Contracts: documents, parties, signers, controls, and the states they go through (合同).

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
mod intent;
mod location;
mod name;
mod notices;
mod order;
mod party;
mod people;
mod phase;
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
mod warning;

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
pub use location::{
    Absolute, Anchor, CrossPage, Cut, Edge, Extent, FieldName, FractionOfPage, Keyword, Location,
    MatchOrder, Measure, Origin, PageLength, PageRange, PageSet, PercentOfPage, Point, Relative,
    SinglePage, Slice, Spot, ThinSlices,
};
pub use name::{ContractName, Description, RoleLabel, UserData};
pub use order::{Order, Rank};
pub use party::{Cc, CcPermission, CcTime, Party, PartyKind};
pub use phase::{Phase, Progress};
pub use reason::Reason;
pub use release::{ReleasePlan, ReleaseStarted};
pub use seal_kind::{CustomSealKind, SealKind, UnknownSealKind};
pub use settings::{Opening, ReadingGate, ReadingMode, ReadingTime, Settings, StartReview};
pub use signed_record::{
    Application, CertificateRecord, Integrity, Revised, SignedRecord, TimeSource,
};
pub use signer::{Account, Holder, Signer};
pub use signing::{
    Choice, Pick, ReadingProof, SigningAttempt, SigningError, SigningFacts, SigningPolicy,
    SigningWindow,
};
pub use slot::{
    Allowed, ForwardKind, Handover, Review, Slot, SlotOptions, SlotPlan, SlotState, ViewCheck,
};
pub use start::{StartFacts, Started};
pub use state::{Contract, Hold, Initiator};
pub use validation::{FieldKind, Located, Placements, Validation};
pub use warning::{UnknownWarning, Warning, WarningCode};
