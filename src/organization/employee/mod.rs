//! Employees: invited, activated by matching facts, changed by themselves, resigned with a
//! hand-over.

mod command;
mod event;
mod joining;
#[cfg(test)]
mod joining_tests;
mod leaving;
#[cfg(test)]
mod leaving_tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use command::EmployeeCommand;
pub use event::EmployeeEvent;
pub use joining::{Holders, Invitation, RealName};
pub use leaving::OpenWork;

use super::{Error, Organization, RoleRef};
use crate::decision::History;
use crate::identity::{DepartmentId, Email, EmployeeId, OrganizationId, Person, Personal};

/// How far an employee has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmployeeStatus {
    /// Somebody entered the facts and invited the person.
    Invited,
    /// The person asked to join and waits for approval.
    PendingAudit,
    /// The person proved the facts and belongs to the organization.
    Active,
    /// The person has left. Nothing leads out of here.
    Resigned,
}

impl EmployeeStatus {
    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::PendingAudit => "pending_audit",
            Self::Active => "active",
            Self::Resigned => "resigned",
        }
    }
}

/// An employee (员工): a person who belongs to one organization.
///
/// Whoever works for two organizations is two employees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employee {
    id: EmployeeId,
    organization: OrganizationId,
    person: Person,
    email: Option<Personal<Email>>,
    departments: BTreeSet<DepartmentId>,
    roles: BTreeSet<RoleRef>,
    status: EmployeeStatus,
    invitations: u32,
    #[serde(with = "time::serde::rfc3339::option")]
    verified_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    resigned_at: Option<OffsetDateTime>,
    handover_to: Option<EmployeeId>,
    history: History,
}

impl Employee {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &EmployeeId {
        &self.id
    }

    /// The organization.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// The person: name, identity document, mobile number. Proved once the employee is active.
    #[must_use]
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// The mail address, if there is one.
    #[must_use]
    pub fn email(&self) -> Option<&Email> {
        self.email.as_ref().map(Personal::get)
    }

    /// The departments.
    #[must_use]
    pub fn departments(&self) -> &BTreeSet<DepartmentId> {
        &self.departments
    }

    /// The roles. That of the super admin is not among them: the organization names him.
    #[must_use]
    pub fn roles(&self) -> &BTreeSet<RoleRef> {
        &self.roles
    }

    /// How far the employee has come.
    #[must_use]
    pub fn status(&self) -> EmployeeStatus {
        self.status
    }

    /// How often the invitation was sent.
    #[must_use]
    pub fn invitations(&self) -> u32 {
        self.invitations
    }

    /// When the facts were proved, UTC.
    #[must_use]
    pub fn verified_at(&self) -> Option<OffsetDateTime> {
        self.verified_at
    }

    /// When the employee left, UTC.
    #[must_use]
    pub fn resigned_at(&self) -> Option<OffsetDateTime> {
        self.resigned_at
    }

    /// Who took over.
    #[must_use]
    pub fn handover_to(&self) -> Option<&EmployeeId> {
        self.handover_to.as_ref()
    }

    /// Whether the employee may act.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == EmployeeStatus::Active
    }

    /// The employee may act.
    ///
    /// # Errors
    ///
    /// `emp.resigned`, `emp.pending_audit`, `emp.not_verified`.
    pub fn require_active(&self) -> Result<(), Error> {
        let employee = self.id.clone();
        match self.status {
            EmployeeStatus::Active => Ok(()),
            EmployeeStatus::Invited => Err(Error::NotVerified { employee }),
            EmployeeStatus::PendingAudit => Err(Error::PendingAudit { employee }),
            EmployeeStatus::Resigned => Err(Error::Resigned { employee }),
        }
    }

    /// The employee belongs to this organization.
    ///
    /// # Errors
    ///
    /// `emp.not_in_org`.
    pub fn require_member_of(&self, organization: &Organization) -> Result<(), Error> {
        if self.organization == *organization.id() {
            return Ok(());
        }
        let (employee, organization) = (self.id.clone(), organization.id().clone());
        Err(Error::NotInOrganization { employee, organization })
    }
}
