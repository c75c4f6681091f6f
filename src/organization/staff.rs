//! Who asks: an employee for his organization, a person for himself, the host, or nobody.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::{DataRange, Employee, Error, Organization, Permission, ProtectedRole};
use crate::decision::{Aggregate, Decision};
use crate::identity::{Actor, DepartmentId, EmployeeId, Person, PersonId};

/// An employee who acts for his organization, as the host authenticated him.
///
/// It says who acts, not that he may: each verb asks for what it needs, in the order organization,
/// employee, permission.
///
/// ```
/// # use sealwright::organization::{Employee, Error, Organization, Permission, Staff};
/// fn may_book(organization: &Organization, employee: &Employee) -> Result<(), Error> {
///     Staff::of(organization, employee)?.require(Permission::CeremonyBook)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Staff<'a> {
    organization: &'a Organization,
    employee: &'a Employee,
    parent: Option<&'a Organization>,
}

impl<'a> Staff<'a> {
    /// An employee and the organization he belongs to.
    ///
    /// # Errors
    ///
    /// `emp.not_in_org` if he belongs to another one.
    pub fn of(organization: &'a Organization, employee: &'a Employee) -> Result<Self, Error> {
        employee.require_member_of(organization)?;
        Ok(Self { organization, employee, parent: None })
    }

    /// An employee of the parent of a group who acts for one of its subsidiaries (集团模式). That it is
    /// its parent, and that he has a role in the group, the host asserts.
    ///
    /// He signs for the subsidiary where he is named as its signer, and uses those of its seals that
    /// he was granted. Its roles and permissions are not his, whatever he may do at home.
    ///
    /// ```
    /// # use sealwright::organization::{Employee, Error, Organization, Permission, Staff};
    /// fn act(subsidiary: &Organization, parent: &Organization, he: &Employee) -> Result<(), Error> {
    ///     let staff = Staff::of_group(subsidiary, parent, he)?;
    ///     assert_eq!(staff.organization().id(), subsidiary.id());
    ///     assert!(staff.require(Permission::SealManage).is_err());
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `emp.not_in_org` if he does not belong to the parent.
    pub fn of_group(
        organization: &'a Organization,
        parent: &'a Organization,
        employee: &'a Employee,
    ) -> Result<Self, Error> {
        employee.require_member_of(parent)?;
        Ok(Self { organization, employee, parent: Some(parent) })
    }

    /// The organization he acts for: his own, or in a group a subsidiary of it.
    #[must_use]
    pub fn organization(&self) -> &'a Organization {
        self.organization
    }

    /// The employee.
    #[must_use]
    pub fn employee(&self) -> &'a Employee {
        self.employee
    }

    /// As records name him.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Employee(self.employee.id().clone())
    }

    /// Organization and employee are active; in a group the parent as well.
    ///
    /// # Errors
    ///
    /// `org.not_active`, `org.suspended`, `org.closing`, then `emp.resigned`, `emp.not_verified`,
    /// `emp.pending_audit`.
    pub fn require_active(&self) -> Result<(), Error> {
        self.organization.require_active()?;
        self.parent.map_or(Ok(()), Organization::require_active)?;
        self.employee.require_active()
    }

    /// He belongs to the organization he acts for, not to its parent.
    ///
    /// # Errors
    ///
    /// `emp.not_in_org`.
    pub fn require_member(&self) -> Result<(), Error> {
        self.employee.require_member_of(self.organization)
    }

    /// Organization and employee are active, and he has the permission in some range.
    ///
    /// # Errors
    ///
    /// Those of [`Staff::require_active`], then `emp.no_permission`.
    pub fn require(&self, permission: Permission) -> Result<(), Error> {
        self.require_active()?;
        self.organization.require(self.employee, permission)
    }

    /// As [`Staff::require`], and the permission reaches what belongs to `owner`.
    ///
    /// # Errors
    ///
    /// Those of [`Staff::require`].
    pub fn require_over(&self, permission: Permission, owner: Owner<'_>) -> Result<(), Error> {
        self.require(permission)?;
        if self.organization.reaches(self.employee, permission, owner) {
            return Ok(());
        }
        Err(Error::NoPermission { actor: self.actor().to_string(), permission })
    }

    /// How far he reaches with a permission; `None`: he does not have it.
    #[must_use]
    pub fn range(&self, permission: Permission) -> Option<DataRange> {
        self.organization.range(self.employee, permission)
    }

    /// Whether he is the super admin.
    #[must_use]
    pub fn is_super_admin(&self) -> bool {
        self.parent.is_none() && self.organization.is_super_admin(self.employee.id())
    }

    /// Whether he is the legal representative: name and identity document are equal.
    #[must_use]
    pub fn is_legal_representative(&self) -> bool {
        self.organization.is_legal_representative(self.employee.person())
    }

    /// Whether he is an active super admin or legal representative.
    #[must_use]
    pub fn is_head(&self) -> bool {
        self.employee.is_active() && (self.is_super_admin() || self.is_legal_representative())
    }
}

/// Whose thing it is that a permission has to reach.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The employee who made it or acts in it.
    pub employee: &'a EmployeeId,
    /// His departments.
    pub departments: &'a BTreeSet<DepartmentId>,
}

impl<'a> From<&'a Employee> for Owner<'a> {
    fn from(employee: &'a Employee) -> Self {
        Self { employee: employee.id(), departments: employee.departments() }
    }
}

/// Who asks for something.
///
/// The host has authenticated whoever it is; the engine decides what he may do.
///
/// ```
/// use sealwright::identity::Actor;
/// use sealwright::organization::By;
/// assert_eq!(By::System.actor(), Actor::System);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum By<'a> {
    /// An employee, for his organization.
    Staff(Staff<'a>),
    /// A natural person, for himself.
    Person {
        /// The id under which the host knows him.
        id: &'a PersonId,
        /// The facts that were proved about him.
        person: &'a Person,
    },
    /// The host program or one of its operators.
    Host(&'a PersonId),
    /// Nobody: a rule or the passing of time.
    System,
}

impl<'a> By<'a> {
    /// As records name him.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Staff(staff) => staff.actor(),
            Self::Person { id, .. } => Actor::Person((*id).clone()),
            Self::Host(id) => Actor::Host((*id).clone()),
            Self::System => Actor::System,
        }
    }

    /// His decision on a state; it rests on the employee that he is and on his organization.
    pub(crate) fn decides<A: Aggregate>(&self, state: &A, now: OffsetDateTime) -> Decision<A> {
        self.noted_in(Decision::on(state, self.actor(), now))
    }

    /// The same for what comes to be.
    pub(crate) fn creates<A: Aggregate>(&self, id: &str, now: OffsetDateTime) -> Decision<A> {
        self.noted_in(Decision::creating(id, self.actor(), now))
    }

    fn noted_in<A: Aggregate>(&self, decision: Decision<A>) -> Decision<A> {
        match self {
            Self::Staff(staff) => decision
                .reading(staff.organization)
                .reading_all(staff.parent)
                .reading(staff.employee),
            _ => decision,
        }
    }

    /// The employee who asks, if it is one.
    #[must_use]
    pub fn staff(&self) -> Option<&Staff<'a>> {
        match self {
            Self::Staff(staff) => Some(staff),
            _ => None,
        }
    }

    /// Whether the host or nobody asks.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        matches!(self, Self::Host(_) | Self::System)
    }

    /// Whether the super admin or the legal representative of `organization` asks.
    #[must_use]
    pub fn is_head_of(&self, organization: &Organization) -> bool {
        match self {
            Self::Staff(staff) => staff.organization.id() == organization.id() && staff.is_head(),
            Self::Person { person, .. } => organization.is_legal_representative(person),
            Self::Host(_) | Self::System => false,
        }
    }

    pub(super) fn require_head_of(&self, organization: &Organization) -> Result<(), Error> {
        if self.is_head_of(organization) {
            return Ok(());
        }
        Err(Error::ProtectedRole { role: ProtectedRole::Head })
    }

    pub(super) fn require_operator(&self) -> Result<(), Error> {
        if self.is_operator() {
            return Ok(());
        }
        Err(Error::ProtectedRole { role: ProtectedRole::Operator })
    }

    /// May manage employees, departments and settings of `organization`: an employee with the
    /// permission, the legal representative, the host; before there is a super admin also whoever
    /// registered it.
    pub(super) fn require_manager_of(&self, organization: &Organization) -> Result<(), Error> {
        let permission = Permission::OrganizationManage;
        let may = match self {
            Self::Staff(staff) => {
                staff.employee.require_member_of(organization)?;
                staff.employee.require_active()?;
                if staff.is_head() {
                    return Ok(());
                }
                return organization.require(staff.employee, permission);
            }
            Self::Person { person, .. } => {
                organization.is_legal_representative(person)
                    || (organization.super_admin().is_none()
                        && *organization.applicant() == self.actor())
            }
            Self::Host(_) | Self::System => true,
        };
        if may {
            return Ok(());
        }
        Err(Error::NoPermission { actor: self.actor().to_string(), permission })
    }

    /// Whoever is not at the head passes on only what he has himself, and in no wider range: the right
    /// to manage roles is not the right to take every other.
    pub(super) fn require_holder_of(
        &self,
        organization: &Organization,
        given: impl IntoIterator<Item = (Permission, DataRange)>,
    ) -> Result<(), Error> {
        if self.is_operator() || self.is_head_of(organization) {
            return Ok(());
        }
        for (permission, range) in given {
            let own = self.staff().and_then(|staff| organization.range(staff.employee, permission));
            if own < Some(range) {
                return Err(Error::NoPermission { actor: self.actor().to_string(), permission });
            }
        }
        Ok(())
    }
}
