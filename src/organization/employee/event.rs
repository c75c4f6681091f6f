//! What can happen to an employee, and the state that follows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Employee, EmployeeStatus};
use crate::audit::{Details, Value};
use crate::decision::{Aggregate, Event, Evolve, History, Recorded};
use crate::identity::{
    ContractId, DepartmentId, Email, EmployeeId, Mobile, OrganizationId, Person, PersonName,
    Personal,
};
use crate::organization::RoleRef;

/// What can happen to an [`Employee`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmployeeEvent {
    /// The person was invited.
    Invited {
        /// By which organization.
        organization: OrganizationId,
        /// The facts that have to be proved.
        person: Person,
        /// The mail address.
        email: Option<Personal<Email>>,
        /// The departments.
        departments: BTreeSet<DepartmentId>,
        /// The roles.
        roles: BTreeSet<RoleRef>,
    },
    /// The invitation was sent again.
    InvitedAgain,
    /// The person asked to be let in.
    JoinRequested,
    /// The person proved the facts.
    Activated {
        /// The reference of whoever checked them.
        reference: String,
    },
    /// The facts of the invitation were corrected.
    Edited {
        /// The facts that have to be proved.
        person: Person,
        /// The mail address.
        email: Option<Personal<Email>>,
    },
    /// The person changed facts about himself. With the name, live contracts in which he has not
    /// acted fall.
    Changed {
        /// The new name, if it changed.
        name: Option<Personal<PersonName>>,
        /// The new mobile number, if it changed.
        mobile: Option<Personal<Mobile>>,
        /// The reference of whoever checked them.
        reference: String,
    },
    /// Departments and roles were assigned.
    Assigned {
        /// All departments.
        departments: BTreeSet<DepartmentId>,
        /// All roles.
        roles: BTreeSet<RoleRef>,
    },
    /// The person left. His grants of seals end, and his open places go to the successor.
    Resigned {
        /// Who takes over.
        handover_to: Option<EmployeeId>,
        /// Where he was still awaited.
        contracts: Vec<ContractId>,
    },
}

impl EmployeeEvent {
    /// Whether the person bears another name now: live contracts in which he has not acted fall.
    #[must_use]
    pub fn changes_name(&self) -> bool {
        matches!(self, Self::Changed { name: Some(_), .. })
    }
}

impl Event for EmployeeEvent {
    const FORMAT: &'static str = "sealwright/employee-event/1";

    fn kind(&self) -> &'static str {
        match self {
            Self::Invited { .. } => "emp.invited",
            Self::InvitedAgain => "emp.invited_again",
            Self::JoinRequested => "emp.join_requested",
            Self::Activated { .. } => "emp.activated",
            Self::Edited { .. } => "emp.edited",
            Self::Changed { .. } => "emp.changed",
            Self::Assigned { .. } => "emp.assigned",
            Self::Resigned { .. } => "emp.resigned",
        }
    }

    fn details(&self) -> Details {
        let details = Details::new();
        match self {
            Self::Invited { organization, departments, roles, .. } => {
                assigned(details.with("organization", organization.as_str()), departments, roles)
            }
            Self::Assigned { departments, roles } => assigned(details, departments, roles),
            Self::Activated { reference } => details.with("reference", reference.as_str()),
            Self::Changed { name, mobile, reference } => details
                .with("name_changed", name.is_some())
                .with("mobile_changed", mobile.is_some())
                .with("reference", reference.as_str()),
            Self::Resigned { handover_to, contracts } => details
                .with_some("handover_to", handover_to.as_ref().map(EmployeeId::as_str))
                .with("contracts", contracts.iter().map(ContractId::as_str).collect::<Value>()),
            Self::InvitedAgain | Self::JoinRequested | Self::Edited { .. } => details,
        }
    }
}

fn assigned(
    details: Details,
    departments: &BTreeSet<DepartmentId>,
    roles: &BTreeSet<RoleRef>,
) -> Details {
    details
        .with("departments", departments.iter().map(DepartmentId::as_str).collect::<Value>())
        .with("roles", roles.iter().map(RoleRef::to_string).collect::<Value>())
}

impl Evolve for Employee {
    type Event = EmployeeEvent;

    const PREFIX: &'static str = "emp";
    const SUBJECT: &'static str = "employee";

    crate::decision::id_and_history!();

    fn state_name(&self) -> &'static str {
        self.status.code()
    }

    fn begin(first: &Recorded<EmployeeEvent>) -> Option<Self> {
        let EmployeeEvent::Invited { organization, person, email, departments, roles } =
            &first.event
        else {
            return None;
        };
        Some(Self {
            id: first.aggregate.parse().ok()?,
            organization: organization.clone(),
            person: person.clone(),
            email: email.clone(),
            departments: departments.clone(),
            roles: roles.clone(),
            status: EmployeeStatus::Invited,
            invitations: 1,
            verified_at: None,
            resigned_at: None,
            handover_to: None,
            history: History::start(),
        })
    }

    fn evolve(&mut self, recorded: &Recorded<EmployeeEvent>) {
        match &recorded.event {
            EmployeeEvent::Invited { .. } => {}
            EmployeeEvent::InvitedAgain => self.invitations = self.invitations.saturating_add(1),
            EmployeeEvent::JoinRequested => self.status = EmployeeStatus::PendingAudit,
            EmployeeEvent::Activated { .. } => {
                self.status = EmployeeStatus::Active;
                self.verified_at = Some(recorded.at);
            }
            EmployeeEvent::Edited { person, email } => {
                self.person = person.clone();
                self.email.clone_from(email);
            }
            EmployeeEvent::Changed { name, mobile, .. } => {
                if let Some(name) = name {
                    self.person = self.person.clone().with_name(name.get().clone());
                }
                if let Some(mobile) = mobile {
                    self.person = self.person.clone().with_mobile(mobile.get().clone());
                }
            }
            EmployeeEvent::Assigned { departments, roles } => {
                self.departments.clone_from(departments);
                self.roles.clone_from(roles);
            }
            EmployeeEvent::Resigned { handover_to, .. } => {
                self.status = EmployeeStatus::Resigned;
                self.resigned_at = Some(recorded.at);
                self.handover_to.clone_from(handover_to);
            }
        }
    }
}

impl Aggregate for Employee {
    const FORMAT: &'static str = "sealwright/employee/1";
}
