//! What can be asked of an employee.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::{Employee, EmployeeEvent, Holders, OpenWork, RealName};
use crate::decision::{Decision, Notice};
use crate::identity::{DepartmentId, Email, Mobile, Person, PersonName};
use crate::organization::{By, DataRange, Entitlements, Error, Organization, Permission, RoleRef};

/// What can be asked of an [`Employee`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EmployeeCommand<'a> {
    /// Send the invitation again. The facts have to be those of the first one: others are an
    /// edit.
    InviteAgain {
        /// The facts as they were entered this time.
        person: Person,
    },
    /// Ask to be let in, where the organization approves joins.
    RequestJoin,
    /// Prove the facts and join. Where the organization approves joins, an administrator does it
    /// for whoever asked.
    Activate {
        /// What was proved.
        proof: RealName,
        /// What the organization is entitled to: the age extension is looked for.
        entitlements: Entitlements<'a>,
    },
    /// Correct the facts of an invitation that nobody followed yet.
    EditFacts {
        /// The corrected facts.
        person: Person,
        /// The corrected mail address.
        email: Option<Email>,
        /// Who has the mobile and the identity number already.
        holders: Holders,
    },
    /// Change facts about oneself.
    Change {
        /// The new name.
        name: Option<PersonName>,
        /// The new mobile number.
        mobile: Option<Mobile>,
        /// What was proved: the person as changed.
        proof: RealName,
        /// Who has the mobile number already.
        holders: Holders,
    },
    /// Assign departments and roles, in place of the former ones.
    Assign {
        /// All departments.
        departments: BTreeSet<DepartmentId>,
        /// All roles.
        roles: BTreeSet<RoleRef>,
    },
    /// Leave. An administrator or the host does it.
    Resign {
        /// Who takes over; needed if there is open work.
        handover: Option<&'a Employee>,
        /// Where the employee is still awaited, as the host's query finds it.
        open_work: OpenWork,
    },
}

impl Employee {
    /// Decides on a command. Nothing has changed yet.
    ///
    /// What follows for other aggregates is decided there, in the same transaction: a change of
    /// name makes live contracts fall, a resignation ends grants and forwards places.
    ///
    /// ```
    /// use sealwright::organization::{By, Employee, EmployeeCommand, Error, OpenWork, Organization};
    /// # use sealwright::decision::Decision;
    ///
    /// fn leaves(
    ///     employee: &Employee,
    ///     heir: &Employee,
    ///     organization: &Organization,
    ///     now: time::OffsetDateTime,
    /// ) -> Result<Decision<Employee>, Error> {
    ///     let open_work = OpenWork::default(); // what the host's query finds
    ///     let command = EmployeeCommand::Resign { handover: Some(heir), open_work };
    ///     employee.decide(command, organization, &By::System, now)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `emp.not_in_org` if `organization` is another one, `emp.resigned` once he has left; then the
    /// first guard of the command that does not hold.
    pub fn decide(
        &self,
        command: EmployeeCommand<'_>,
        organization: &Organization,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        use EmployeeCommand as Command;
        self.require_member_of(organization)?;
        if self.resigned_at.is_some() {
            return Err(Error::Resigned { employee: self.id.clone() });
        }
        let decision = match command {
            Command::InviteAgain { person } => self.invite_again(&person, organization, by, now),
            Command::RequestJoin => self.request_join(organization, by, now),
            Command::Activate { proof, entitlements } => {
                self.activate(&proof, entitlements, organization, by, now)
            }
            Command::EditFacts { person, email, holders } => {
                self.edit_facts(person, email, &holders, organization, by, now)
            }
            Command::Change { name, mobile, proof, holders } => {
                self.change(name, mobile, &proof, &holders, by, now)
            }
            Command::Assign { departments, roles } => {
                self.assign(departments, roles, organization, by, now)
            }
            Command::Resign { handover, open_work } => {
                self.resign(handover, &open_work, organization, by, now)
            }
        }?;
        Ok(decision.reading(organization))
    }

    fn assign(
        &self,
        departments: BTreeSet<DepartmentId>,
        roles: BTreeSet<RoleRef>,
        organization: &Organization,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        organization.require_open()?;
        by.require_manager_of(organization)?;
        organization.require_assignable(&departments, &roles)?;
        let given = organization.permissions_of(roles.difference(&self.roles));
        by.require_holder_of(organization, given)?;
        let decision = by.decides(self, now);
        if departments == self.departments && roles == self.roles {
            return Ok(decision);
        }
        Ok(decision
            .event(EmployeeEvent::Assigned { departments, roles })
            .notice(Notice::new("emp.assigned", self.recipient())))
    }
}

impl Organization {
    /// Departments and roles exist, and nobody is made super admin in passing (R-ORG-03).
    pub(super) fn require_assignable(
        &self,
        departments: &BTreeSet<DepartmentId>,
        roles: &BTreeSet<RoleRef>,
    ) -> Result<(), Error> {
        use crate::organization::{ProtectedRole, ShippedRole};
        for department in departments {
            self.departments().require(department)?;
        }
        for role in roles {
            match role {
                RoleRef::Shipped(ShippedRole::SuperAdmin) => {
                    return Err(Error::ProtectedRole { role: ProtectedRole::SuperAdmin });
                }
                RoleRef::Own(id) if !self.roles().contains_key(id) => {
                    return Err(Error::RoleUnknown { role: id.clone() });
                }
                RoleRef::Shipped(_) | RoleRef::Own(_) => {}
            }
        }
        Ok(())
    }

    /// What these roles let somebody do.
    pub(super) fn permissions_of<'a>(
        &self,
        roles: impl Iterator<Item = &'a RoleRef>,
    ) -> Vec<(Permission, DataRange)> {
        let of = |role| {
            Permission::ALL.into_iter().filter_map(move |permission| {
                Some((permission, self.role_range(role, permission)?))
            })
        };
        roles.flat_map(of).collect()
    }
}
