//! Who and what is spoken of: values that cannot hold a wrong text, and ids.
//!
//! A value that exists is right: it went through its parser, also when it comes out of a database.
//! What belongs to a person (a name, an identity number, a mobile number) shows only its mask, has
//! no serialised form of its own, and is stored inside [`Personal`] alone.
//!
//! ```
//! use sealwright::identity::{Actor, EmployeeId};
//!
//! let alice: EmployeeId = "alice".parse()?;
//! assert_eq!(Actor::from(alice).to_string(), "e:alice");
//! assert!("".parse::<EmployeeId>().is_err());
//! # Ok::<(), sealwright::identity::Error>(())
//! ```

mod actor;
mod error;
mod id;
mod personal;

pub use actor::Actor;
pub use error::Error;
pub use id::{
    CeremonyId, ContractId, DepartmentId, DocumentId, EmployeeId, EntitlementId, GrantId, GroupId,
    OrganizationId, ParticipantId, PartyId, PersonId, RoleId, SealId, SeatId, SlotId, UseId,
};
pub use personal::{Personal, PersonalFact};
