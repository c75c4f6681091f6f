//! Organizations, their people, and what they are entitled to (企业).
//!
//! ```text
//!  register ─► verification ─► legal representative ─► super admin ─► Active ─► Closing ─► Closed
//!                                                                     ▲    │
//!                                                                  Suspended
//!
//!  invite ─► (approval) ─► activate: name, number, mobile as invited ─► Active ─► Resigned
//! ```
//!
//! Three aggregates: an [`Organization`] with its departments, roles and super admin; an
//! [`Employee`], a person in one organization; an [`Entitlement`], the right to use a feature.
//! [`Staff`] is an employee acting for his organization: what other modules ask for when something
//! takes a [`Permission`].
//!
//! Uniqueness reaches over aggregates, so it is claimed: the credit code when an organization
//! becomes active, mobile and identity number when an employee is invited. A host keeps claims
//! under a unique index. Commands that make claims ([`OrganizationCommand::ActivateSuperAdmin`],
//! [`Employee::invite`], [`EmployeeCommand::EditFacts`], [`EmployeeCommand::Change`]) can therefore
//! not cross shards of that index: keep the claims on credit codes in one place, those on mobiles
//! and identity numbers with their organization.
//!
//! ```
//! use sealwright::organization::{DataRange, Permission, ShippedRole};
//!
//! let role = ShippedRole::DepartmentManager;
//! assert_eq!(role.range(Permission::ContractView), Some(DataRange::Department));
//! assert_eq!(role.range(Permission::SealManage), None);
//! ```

mod activation;
#[cfg(test)]
mod activation_tests;
#[cfg(test)]
mod administration_tests;
#[cfg(test)]
mod asking_tests;
mod command;
mod department;
mod employee;
mod entitlement;
mod error;
mod event;
mod label;
mod licence;
mod permission;
#[cfg(test)]
mod privilege_tests;
#[cfg(test)]
pub(crate) mod samples;
mod staff;
mod state;
#[cfg(test)]
mod witness_tests;

pub use command::OrganizationCommand;
pub use department::{Department, Departments};
pub use employee::{
    Employee, EmployeeCommand, EmployeeEvent, EmployeeStatus, Holders, Invitation, OpenWork,
    RealName,
};
pub use entitlement::{
    Entitlement, EntitlementCommand, EntitlementEvent, EntitlementRequest, EntitlementStatus,
    Entitlements, Feature, Quota, Terms, Window,
};
pub use error::{Error, ProtectedRole};
pub use event::OrganizationEvent;
pub use label::Label;
use label::stated_reason;
pub use licence::{
    AuthorizationMethod, AuthorizationProof, LegalRepresentative, LetterReview, LicenceFacts,
    LicenceField, LicenceKind, OrganizationKind, RegisterFacts, Registration, RequiredFact,
};
pub use permission::{DataRange, Permission, Permissions, Role, RoleRef, ShippedRole, UnknownName};
pub use staff::{By, Owner, Staff};
pub use state::{Authorized, Logo, Organization, OrganizationStatus, PastName, Settings};
