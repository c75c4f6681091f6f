//! Who and what is spoken of: values that cannot hold a wrong text, and ids.
//!
//! A value that exists is right: it went through its parser, also when it comes out of a database.
//! What belongs to a person (a name, an identity number, a mobile number) shows only its mask, has
//! no serialised form of its own, and is stored inside [`Personal`] alone.
//!
//! People type numbers with spaces, hyphens and in lower case: `normalize` brings a text to the form
//! in which values are compared (R-ID-08 to R-ID-10), `parse` then takes it or says what is wrong.
//!
//! ```
//! use sealwright::identity::{Mobile, Personal};
//!
//! let mobile = Mobile::parse(&Mobile::normalize("+86 138-1234-1569"))?;
//! let stored = Personal::new(mobile);
//! assert_eq!(format!("{stored:?}"), "Personal(138****1569)");
//! assert_eq!(stored.get().expose(), "13812341569"); // whoever says `expose` handles personal data
//! # Ok::<(), sealwright::identity::Error>(())
//! ```
//!
//! Ids are chosen by the embedder and say nothing of a person:
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
mod document;
mod email;
mod error;
mod factor;
mod id;
mod mask;
mod mobile;
mod name;
mod permit;
mod person;
mod personal;
mod resident_id;
mod uscc;

pub use actor::Actor;
pub use document::{IdDocument, IdDocumentKind, check_age, check_not_expired};
pub use email::Email;
pub use error::{Error, Warning};
pub use factor::{Factor, Factors};
pub use id::{
    CeremonyId, ContractId, DepartmentId, DocumentId, EmployeeId, EntitlementId, GrantId, GroupId,
    OrganizationId, ParticipantId, PartyId, PersonId, RoleId, SealId, SeatId, SlotId, UseId,
};
pub use mobile::Mobile;
pub(crate) use name::is_unseen;
pub use name::{OrganizationName, PersonName};
pub use permit::{HongKongMacauPermit, TaiwanPermit, TaiwanPermitForm};
pub use person::Person;
pub use personal::{Personal, PersonalFact};
pub use resident_id::{Gender, ResidencePermit, ResidentId, date_in_china};
pub use uscc::Uscc;
