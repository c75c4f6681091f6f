//! The state of an organization and what it answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    AuthorizationMethod, DataRange, Departments, Employee, Error, LegalRepresentative, LicenceKind,
    OrganizationKind, Owner, Permission, Permissions, Role, RoleRef, ShippedRole,
};
use crate::decision::History;
use crate::digest::Digest;
use crate::identity::{
    Actor, EmployeeId, OrganizationId, OrganizationName, Person, PersonName, Personal, RoleId, Uscc,
};

/// How far an organization has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OrganizationStatus {
    /// The account exists.
    Registered,
    /// The licence is being checked.
    Verifying,
    /// The check failed; the facts may be handed in again.
    Rejected,
    /// The licence is in order.
    Verified,
    /// The legal representative has authorized somebody.
    LegalAuthorized,
    /// It has a super admin and may act.
    Active,
    /// It may not act for now.
    Suspended,
    /// It acts no more; its contracts are wound up.
    Closing,
    /// It is gone. Nothing leads out of here.
    Closed,
}

impl OrganizationStatus {
    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Verifying => "verifying",
            Self::Rejected => "rejected",
            Self::Verified => "verified",
            Self::LegalAuthorized => "legal_authorized",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closing => "closing",
            Self::Closed => "closed",
        }
    }

    /// What has to be reached next on the way to [`OrganizationStatus::Active`].
    fn next_step(self) -> Self {
        match self {
            Self::Registered | Self::Verifying | Self::Rejected => Self::Verified,
            Self::Verified => Self::LegalAuthorized,
            _ => Self::Active,
        }
    }
}

/// A name that the organization had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastName {
    /// The name.
    pub name: OrganizationName,
    /// When it ended, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
}

/// A logo, as the host stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// The digest of the bytes.
    pub digest: Digest,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

impl Logo {
    /// The most bytes of a logo. The guide's own design specification is not public; a host that
    /// has one checks it before.
    pub const MOST_BYTES: u64 = 5 * 1024 * 1024;
    /// The most pixels a side.
    pub const MOST_PIXELS: u32 = 4096;

    pub(super) fn check(&self) -> Result<(), Error> {
        let side = 1..=Self::MOST_PIXELS;
        let fits = (1..=Self::MOST_BYTES).contains(&self.bytes)
            && side.contains(&self.width)
            && side.contains(&self.height);
        if fits {
            return Ok(());
        }
        Err(Error::LogoInvalid {
            bytes: self.bytes,
            width: self.width,
            height: self.height,
            most_bytes: Self::MOST_BYTES,
            most_pixels: Self::MOST_PIXELS,
        })
    }
}

/// What an organization decides for itself.
///
/// ```
/// use sealwright::organization::{DataRange, Permission, Settings};
/// let settings = Settings::default();
/// assert!(!settings.approve_joins);
/// assert_eq!(settings.everyone.get(&Permission::ContractSign), Some(&DataRange::Own));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether an administrator lets in who follows an invitation. Off by default.
    pub approve_joins: bool,
    /// What every active employee may do without any role: sign where he is named, and see that
    /// contract.
    pub everyone: Permissions,
}

impl Default for Settings {
    fn default() -> Self {
        let own = |permission| (permission, DataRange::Own);
        Self {
            approve_joins: false,
            everyone: [own(Permission::ContractSign), own(Permission::ContractView)].into(),
        }
    }
}

/// Who may become super admin, and by which way he was authorized.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorized {
    /// His name.
    pub name: Personal<PersonName>,
    /// The way.
    pub method: AuthorizationMethod,
}

/// An organization (企业): a legal entity that owns seals and has employees.
///
/// It becomes active in three steps, in this order (R-ORG-02): the account with its licence, the
/// authorization by the legal representative, the activation of the super admin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    pub(super) id: OrganizationId,
    pub(super) name: OrganizationName,
    pub(super) uscc: Uscc,
    pub(super) kind: OrganizationKind,
    pub(super) licence: LicenceKind,
    pub(super) status: OrganizationStatus,
    pub(super) applicant: Actor,
    pub(super) address: Option<String>,
    pub(super) legal_representative: Option<LegalRepresentative>,
    pub(super) representative_term: u32,
    /// Whether the verifier named his identity document.
    pub(super) representative_registered: bool,
    pub(super) authorized: Option<Authorized>,
    pub(super) super_admin: Option<EmployeeId>,
    /// Who suspended it resumes it: the organization does not lift what its host imposed.
    pub(super) suspended_by_operator: bool,
    pub(super) logo: Option<Logo>,
    pub(super) past_names: Vec<PastName>,
    pub(super) departments: Departments,
    pub(super) roles: BTreeMap<RoleId, Role>,
    pub(super) settings: Settings,
    pub(super) history: History,
}

impl Organization {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &OrganizationId {
        &self.id
    }

    /// Its legal name.
    #[must_use]
    pub fn name(&self) -> &OrganizationName {
        &self.name
    }

    /// Its credit code (统一社会信用代码).
    #[must_use]
    pub fn uscc(&self) -> &Uscc {
        &self.uscc
    }

    /// What it is in law.
    #[must_use]
    pub fn kind(&self) -> OrganizationKind {
        self.kind
    }

    /// The licence it showed.
    #[must_use]
    pub fn licence(&self) -> LicenceKind {
        self.licence
    }

    /// How far it has come.
    #[must_use]
    pub fn status(&self) -> OrganizationStatus {
        self.status
    }

    /// Who registered it.
    #[must_use]
    pub fn applicant(&self) -> &Actor {
        &self.applicant
    }

    /// The address on the licence.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// The person named on the licence.
    #[must_use]
    pub fn legal_representative(&self) -> Option<&LegalRepresentative> {
        self.legal_representative.as_ref()
    }

    /// How often another legal representative has followed: 0 under the first. By it a seal of the
    /// legal representative is known to be his who holds the office now, and not a predecessor's.
    #[must_use]
    pub fn representative_term(&self) -> u32 {
        self.representative_term
    }

    /// How its legal representative authorized the first super admin.
    #[must_use]
    pub fn authorization_method(&self) -> Option<AuthorizationMethod> {
        self.authorized.as_ref().map(|authorized| authorized.method)
    }

    /// The super admin: exactly one while it is active (R-ORG-03).
    #[must_use]
    pub fn super_admin(&self) -> Option<&EmployeeId> {
        self.super_admin.as_ref()
    }

    /// Its logo.
    #[must_use]
    pub fn logo(&self) -> Option<&Logo> {
        self.logo.as_ref()
    }

    /// The names it had, oldest first.
    #[must_use]
    pub fn past_names(&self) -> &[PastName] {
        &self.past_names
    }

    /// Its departments.
    #[must_use]
    pub fn departments(&self) -> &Departments {
        &self.departments
    }

    /// The roles it defined beside the shipped ones.
    #[must_use]
    pub fn roles(&self) -> &BTreeMap<RoleId, Role> {
        &self.roles
    }

    /// What it decided for itself.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether it may act: the guide's first precondition in one word.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == OrganizationStatus::Active
    }

    /// It may act (R-ORG-01).
    ///
    /// # Errors
    ///
    /// `org.not_active` with the step that is missing, `org.suspended`, `org.closing`.
    pub fn require_active(&self) -> Result<(), Error> {
        let organization = self.id.clone();
        match self.status {
            OrganizationStatus::Active => Ok(()),
            OrganizationStatus::Suspended => Err(Error::Suspended { organization }),
            OrganizationStatus::Closing | OrganizationStatus::Closed => {
                Err(Error::Closing { organization, have: self.status })
            }
            have => Err(Error::NotActive { organization, missing_step: have.next_step(), have }),
        }
    }

    /// `name` is not one that the organization gave up (R-ORG-04): new contracts bear the new one.
    /// Whether it is the right one at all is for the comparison of the four factors.
    ///
    /// # Errors
    ///
    /// `org.name_changed`.
    pub fn require_name(&self, name: &OrganizationName) -> Result<(), Error> {
        if *name != self.name && self.past_names.iter().any(|past| past.name == *name) {
            return Err(Error::NameChanged { organization: self.id.clone() });
        }
        Ok(())
    }

    /// Whether this employee is the super admin.
    #[must_use]
    pub fn is_super_admin(&self, employee: &EmployeeId) -> bool {
        self.super_admin.as_ref() == Some(employee)
    }

    /// Whether this person is the legal representative: name and identity document are equal.
    /// Nobody is before the authorization: the number on the form is the applicant's word alone.
    #[must_use]
    pub fn is_legal_representative(&self, person: &Person) -> bool {
        self.authorized.is_some()
            && self.legal_representative.as_ref().is_some_and(|known| known.is(person))
    }

    /// What a role gives with a permission; `None`: nothing, or there is no such role.
    #[must_use]
    pub fn role_range(&self, role: &RoleRef, permission: Permission) -> Option<DataRange> {
        match role {
            RoleRef::Shipped(ShippedRole::SuperAdmin) => None,
            RoleRef::Shipped(shipped) => shipped.range(permission),
            RoleRef::Own(id) => self.roles.get(id)?.permissions.get(&permission).copied(),
        }
    }

    /// How far an employee reaches with a permission: the widest range of his roles and of what
    /// everybody may. `None`: he does not have it, is not active, or belongs elsewhere.
    #[must_use]
    pub fn range(&self, employee: &Employee, permission: Permission) -> Option<DataRange> {
        if *employee.organization() != self.id || !employee.is_active() {
            return None;
        }
        if self.is_super_admin(employee.id()) {
            return ShippedRole::SuperAdmin.range(permission);
        }
        let everyone = self.settings.everyone.get(&permission).copied();
        let roles = employee.roles().iter().map(|role| self.role_range(role, permission));
        roles.fold(everyone, Option::max)
    }

    /// Whether an employee has a permission, in whatever range.
    #[must_use]
    pub fn permits(&self, employee: &Employee, permission: Permission) -> bool {
        self.range(employee, permission).is_some()
    }

    /// An employee has a permission, in whatever range. Whether the organization is active is
    /// asked apart, see [`super::Staff::require`].
    ///
    /// # Errors
    ///
    /// `emp.no_permission`.
    pub fn require(&self, employee: &Employee, permission: Permission) -> Result<(), Error> {
        if self.permits(employee, permission) {
            return Ok(());
        }
        let actor = Actor::Employee(employee.id().clone()).to_string();
        Err(Error::NoPermission { actor, permission })
    }

    /// Whether an employee's permission reaches what belongs to `owner`: everything, what belongs
    /// to his departments and those below, or his own.
    #[must_use]
    pub fn reaches(&self, employee: &Employee, permission: Permission, owner: Owner<'_>) -> bool {
        let own = owner.employee == employee.id();
        match self.range(employee, permission) {
            None => false,
            Some(DataRange::Own) => own,
            Some(DataRange::Department) => {
                own || self.departments.reaches(employee.departments(), owner.departments)
            }
            Some(DataRange::All) => true,
        }
    }
}
