//! Contracts: documents, parties, signers, controls, and the states they go through (合同).

mod control;
mod document;
mod error;
mod intent;
mod location;
mod name;
mod order;
mod phase;
mod reason;
mod seal_kind;
mod settings;
mod warning;

pub use control::{
    Align, AllowedSeals, Applied, ApprovalBlock, BlockChild, BlockPart, CheckBoxGroup, Colour,
    Control, ControlError, ControlId, ControlKey, ControlKind, ControlName, ControlProblem,
    ControlState, DateFormat, DateStyle, Fact, FactStyle, FilledRows, FilledText, Font, FontSize,
    ImageFit, Input, Locks, Mark, NumberStyle, Opacity, Opinion, Owner, OwnerKind, Picture,
    PictureFormat, SealMark, SelectorStyle, SignatureMark, SignatureMethod, TableStyle, TextStyle,
    Value, Watermark, WatermarkPlace, WatermarkText, check_locks,
};
pub use document::{
    ActiveContent, ChangesAllowed, Content, Document, DocumentError, DocumentIntake,
    DocumentProblem, Encryption, IntakeLimits, PdfFacts,
};
pub use error::Error;
pub use intent::{IntentCheck, IntentMethod, IntentProof};
pub use location::{
    Absolute, Anchor, CrossPage, Cut, Edge, Extent, FieldName, FractionOfPage, Keyword, Location,
    MatchOrder, Measure, Origin, PageLength, PageRange, PageSet, PercentOfPage, Point, Relative,
    SinglePage, Slice, Spot, ThinSlices,
};
pub use name::{ContractName, Description, RoleLabel, UserData};
pub use order::{Order, Rank};
pub use phase::{Phase, Progress};
pub use reason::Reason;
pub use seal_kind::{CustomSealKind, SealKind, UnknownSealKind};
pub use settings::{Opening, ReadingGate, ReadingMode, ReadingTime, Settings, StartReview};
pub use warning::{UnknownWarning, Warning, WarningCode};
