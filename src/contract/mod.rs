//! Contracts: documents, parties, signers, controls, and the states they go through (合同).

mod error;
mod name;
mod order;
mod phase;
mod reason;
mod seal_kind;
mod settings;

pub use error::Error;
pub use name::{ContractName, Description, RoleLabel, UserData};
pub use order::{Order, Rank};
pub use phase::{Phase, Progress};
pub use reason::Reason;
pub use seal_kind::{CustomSealKind, SealKind, UnknownSealKind};
pub use settings::{Opening, ReadingGate, ReadingMode, ReadingTime, Settings, StartReview};
