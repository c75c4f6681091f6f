//! Why an organization, an employee or an entitlement does not do what is asked.

use thiserror::Error as ThisError;
use time::OffsetDateTime;

use super::{
    AuthorizationMethod, EmployeeStatus, EntitlementStatus, Feature, LicenceField,
    OrganizationStatus, Permission, RequiredFact,
};
use crate::decision::Stale;
use crate::identity::{
    self, ContractId, DepartmentId, EmployeeId, EntitlementId, Factors, OrganizationId, RoleId,
    Uscc,
};
use crate::instant::rfc3339;

/// Why a command on an [`Organization`](super::Organization), an [`Employee`](super::Employee) or
/// an [`Entitlement`](super::Entitlement) is refused. Nothing has changed.
///
/// Names of persons, their numbers and addresses are never part of an error; ids are.
///
/// ```
/// use sealwright::organization::{Error, OrganizationStatus};
/// let error = Error::ActivationOrder {
///     need: OrganizationStatus::Verified,
///     have: OrganizationStatus::Registered,
/// };
/// assert_eq!(error.code(), "org.activation_order");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A value is not what it should be.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// The command was decided on a state that is no longer the newest.
    #[error(transparent)]
    Stale(#[from] Stale),

    // ---- organization ----
    /// Another active organization has this credit code.
    #[error(
        "organization {holder} is active under {uscc} already; sign in there, or have it closed first"
    )]
    AlreadyExists {
        /// The credit code.
        uscc: Uscc,
        /// Who has it.
        holder: OrganizationId,
    },
    /// A fact that the step rests on is not given.
    #[error("the step needs the fact `{}`, which is not given; give it and try again", fact.code())]
    FactMissing {
        /// Which fact.
        fact: RequiredFact,
    },
    /// What the verifier found differs from what the organization stated.
    #[error("the {} that was stated is not the one the register returned; correct it and submit again", field.code())]
    LicenceMismatch {
        /// The first fact that differs.
        field: LicenceField,
    },
    /// A step was asked for before or after its turn (R-ORG-02).
    #[error("the step needs the organization to be {}, it is {}; account, legal representative, super admin is the order", need.code(), have.code())]
    ActivationOrder {
        /// The status the step starts from.
        need: OrganizationStatus,
        /// The status the organization has.
        have: OrganizationStatus,
    },
    /// This kind of organization cannot be authorized in this way.
    #[error("{} does not authorize this organization; it takes {}", method.code(), accepted(allowed))]
    AuthorizationMethodNotAllowed {
        /// The method that was asked for.
        method: AuthorizationMethod,
        /// What is accepted instead.
        allowed: &'static [AuthorizationMethod],
    },
    /// The check of the letter of authority failed.
    #[error("the review of the letter of authority ended with a refusal; hand in a correct letter")]
    AuthorizationReviewRejected,
    /// The employee is not the person whom the legal representative authorized.
    #[error(
        "employee {employee} does not bear the name that was authorized; authorize him, or activate the right one"
    )]
    SuperAdminMismatch {
        /// The employee.
        employee: EmployeeId,
    },
    /// There is a super admin already (R-ORG-03).
    #[error("{holder} is the super admin, and there is one only; use `ChangeSuperAdmin`")]
    SuperAdminExists {
        /// Who it is.
        holder: EmployeeId,
    },
    /// The organization may not act yet (R-ORG-01).
    #[error("organization {organization} is {}; {} comes next", have.code(), missing_step.code())]
    NotActive {
        /// The organization.
        organization: OrganizationId,
        /// What has to be reached next.
        missing_step: OrganizationStatus,
        /// The status it has.
        have: OrganizationStatus,
    },
    /// The organization is suspended.
    #[error("organization {organization} is suspended; resume it first")]
    Suspended {
        /// The organization.
        organization: OrganizationId,
    },
    /// The organization is closing or closed.
    #[error("organization {organization} is {}; it does not act any more", have.code())]
    Closing {
        /// The organization.
        organization: OrganizationId,
        /// The status it has.
        have: OrganizationStatus,
    },
    /// The fact never changes (R-ORG-05).
    #[error("the {} of an organization never changes; register another organization", field.code())]
    Immutable {
        /// Which fact.
        field: LicenceField,
    },
    /// Contracts are still running.
    #[error("{} contracts are still running, {} among them; finish or cancel them first", contracts.len(), first(contracts))]
    HasLiveContracts {
        /// The running contracts.
        contracts: Vec<ContractId>,
    },
    /// The name is one that the organization had before.
    #[error("organization {organization} was renamed; use its new name")]
    NameChanged {
        /// The organization.
        organization: OrganizationId,
    },
    /// No department has this id.
    #[error("the organization has no department {department}; add it first")]
    DepartmentUnknown {
        /// The id.
        department: DepartmentId,
    },
    /// Another department has this id.
    #[error("the organization has a department {department} already; choose another id")]
    DepartmentTaken {
        /// The id.
        department: DepartmentId,
    },
    /// A department would lie below itself.
    #[error(
        "department {department} cannot move to {parent}, which lies below it; move that one first"
    )]
    DepartmentCycle {
        /// The department.
        department: DepartmentId,
        /// The parent it should have got.
        parent: DepartmentId,
    },
    /// There would be too many departments, or one would lie too deep.
    #[error(
        "department {department} has no place: an organization has at most {most} of them, {deepest} \
         below one another; remove or move some first"
    )]
    DepartmentLimit {
        /// The department.
        department: DepartmentId,
        /// The most departments.
        most: usize,
        /// The most on one way to the top.
        deepest: usize,
    },
    /// The department is not empty.
    #[error(
        "department {department} has {below} departments below it and {members} members; move them first"
    )]
    DepartmentInUse {
        /// The department.
        department: DepartmentId,
        /// Departments directly below it.
        below: usize,
        /// Employees in it.
        members: usize,
    },
    /// No own role has this id.
    #[error("the organization has no role {role}; define it first")]
    RoleUnknown {
        /// The id.
        role: RoleId,
    },
    /// Employees hold the role.
    #[error("{holders} employees hold the role {role}; take it from them first")]
    RoleInUse {
        /// The role.
        role: RoleId,
        /// How many hold it.
        holders: usize,
    },
    /// A name of a department or role is not one.
    #[error("a name has 1 to {most} characters and no control characters; this one has {chars}")]
    LabelInvalid {
        /// Its length.
        chars: usize,
        /// The longest that is accepted.
        most: usize,
    },
    /// A picture is too large to be a logo, or is none.
    #[error(
        "a logo is a PNG or JPEG of at most {most_bytes} bytes and {most_pixels} pixels a side; this one has {bytes} bytes, {width} x {height} pixels"
    )]
    LogoInvalid {
        /// Its bytes.
        bytes: u64,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// The most bytes.
        most_bytes: u64,
        /// The most pixels a side.
        most_pixels: u32,
    },

    // ---- employee ----
    /// Somebody else in the organization has this mobile number (R-EMP-01).
    #[error(
        "employee {holder} has this mobile number; have it changed there, or invite with another one"
    )]
    DuplicateMobile {
        /// Who has it.
        holder: EmployeeId,
    },
    /// Somebody else in the organization has this identity number (R-EMP-01).
    #[error(
        "employee {holder} has this identity number; invite that one again, or correct the number"
    )]
    DuplicateIdNumber {
        /// Who has it.
        holder: EmployeeId,
    },
    /// Only the person himself changes these facts now.
    #[error("the facts of employee {employee}, who is {}, are changed by nobody but himself", have.code())]
    FactsLocked {
        /// The employee.
        employee: EmployeeId,
        /// The status he has.
        have: EmployeeStatus,
    },
    /// The facts that were proved are not those of the invitation.
    #[error(
        "{factors} of employee {employee} differ from what was stated; correct them and try again"
    )]
    IdentityMismatch {
        /// The employee.
        employee: EmployeeId,
        /// Which facts differ.
        factors: Factors,
    },
    /// The employee has not proved who he is.
    #[error("employee {employee} has not activated his account; he follows his invitation first")]
    NotVerified {
        /// The employee.
        employee: EmployeeId,
    },
    /// The request to join waits for approval.
    #[error("employee {employee} waits for an administrator's approval")]
    PendingAudit {
        /// The employee.
        employee: EmployeeId,
    },
    /// The employee belongs to another organization.
    #[error("employee {employee} does not belong to organization {organization}")]
    NotInOrganization {
        /// The employee.
        employee: EmployeeId,
        /// The organization.
        organization: OrganizationId,
    },
    /// The employee has left.
    #[error("employee {employee} has resigned; name a colleague who is active")]
    Resigned {
        /// The employee.
        employee: EmployeeId,
    },
    /// Who holds this position cannot leave, and nobody else may do what belongs to it (R-EMP-02).
    #[error("this belongs to the {}; {}", role.code(), role.advice())]
    ProtectedRole {
        /// The position.
        role: ProtectedRole,
    },
    /// Open work needs somebody who takes it over (R-EMP-03).
    #[error("employee {employee} has open work in {} contracts, {} among them; name who takes it over", contracts.len(), first(contracts))]
    HandoverRequired {
        /// Who wants to leave.
        employee: EmployeeId,
        /// Where he is still awaited.
        contracts: Vec<ContractId>,
    },
    /// Whoever should take over cannot.
    #[error(
        "{successor} cannot take over from {employee}: it takes another, active employee of the same organization; what is signed for a subsidiary is handed over there first"
    )]
    HandoverInvalid {
        /// Who wants to leave.
        employee: EmployeeId,
        /// Who should take over.
        successor: EmployeeId,
    },
    /// The employee lacks a permission, or it does not reach so far.
    #[error(
        "{actor} may not do this: it takes the permission {permission}; ask an administrator for a role that has it"
    )]
    NoPermission {
        /// Who asked.
        actor: String,
        /// What it takes.
        permission: Permission,
    },
    /// The employee's status does not allow the step.
    #[error("an employee who is {} cannot take the step `{action}`", from.code())]
    EmployeeTransition {
        /// The status he has.
        from: EmployeeStatus,
        /// What was asked for.
        action: &'static str,
    },

    // ---- entitlement ----
    /// The organization has no right to the feature (R-ENT-01).
    #[error("organization {organization} has no right to {}; apply for it", feature.code())]
    NotEntitled {
        /// The organization.
        organization: OrganizationId,
        /// The feature.
        feature: Feature,
    },
    /// The right has ended (R-ENT-02).
    #[error(
        "the right to {} ended at {until}; have it extended",
        feature.code(), until = rfc3339(*until)
    )]
    FeatureExpired {
        /// The feature.
        feature: Feature,
        /// The first instant at which it was over.
        until: OffsetDateTime,
    },
    /// Nothing is left of the quota.
    #[error("{left} of the quota for {} are left, {asked} are needed; have it raised", feature.code())]
    QuotaExhausted {
        /// The feature.
        feature: Feature,
        /// What was asked for.
        asked: u64,
        /// What is left.
        left: u64,
    },
    /// A window that ends before it starts.
    #[error(
        "the window from {from} until {until} is empty; it has to end after it starts",
        from = rfc3339(*from), until = rfc3339(*until)
    )]
    WindowInvalid {
        /// The first instant.
        from: OffsetDateTime,
        /// The instant after the last.
        until: OffsetDateTime,
    },
    /// A window from or until an instant that has another year in UTC than a date can have.
    #[error(
        "{at} is outside the calendar of UTC; choose a time in the years 0 to 9999",
        at = rfc3339(*at)
    )]
    OutsideCalendar {
        /// The instant.
        at: OffsetDateTime,
    },
    /// The entitlement's status does not allow the step.
    #[error("entitlement {entitlement} is {}; it cannot take the step `{action}`", from.code())]
    EntitlementTransition {
        /// The entitlement.
        entitlement: EntitlementId,
        /// The status it has.
        from: EntitlementStatus,
        /// What was asked for.
        action: &'static str,
    },

    // ---- reasons ----
    /// A reason has to be given.
    #[error("this needs a reason of 1 to {most} characters; none is given")]
    ReasonRequired {
        /// The longest that is accepted.
        most: usize,
    },
    /// The reason is too long.
    #[error("a reason has at most {most} characters, this one has {chars}; shorten it")]
    ReasonTooLong {
        /// Its length.
        chars: usize,
        /// The longest that is accepted.
        most: usize,
    },
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Identity(error) => error.code(),
            Self::Stale(error) => error.code(),
            Self::AlreadyExists { .. } => "org.already_exists",
            Self::FactMissing { .. } => "org.fact_missing",
            Self::LicenceMismatch { .. } => "org.licence_mismatch",
            Self::ActivationOrder { .. } => "org.activation_order",
            Self::AuthorizationMethodNotAllowed { .. } => "org.authorization_method_not_allowed",
            Self::AuthorizationReviewRejected => "org.authorization_review_rejected",
            Self::SuperAdminMismatch { .. } => "org.super_admin_mismatch",
            Self::SuperAdminExists { .. } => "org.super_admin_exists",
            Self::NotActive { .. } => "org.not_active",
            Self::Suspended { .. } => "org.suspended",
            Self::Closing { .. } => "org.closing",
            Self::Immutable { .. } => "org.immutable",
            Self::HasLiveContracts { .. } => "org.has_live_contracts",
            Self::NameChanged { .. } => "org.name_changed",
            Self::DepartmentUnknown { .. } => "org.department_unknown",
            Self::DepartmentTaken { .. } => "org.department_taken",
            Self::DepartmentCycle { .. } => "org.department_cycle",
            Self::DepartmentLimit { .. } => "org.department_limit",
            Self::DepartmentInUse { .. } => "org.department_in_use",
            Self::RoleUnknown { .. } => "org.role_unknown",
            Self::RoleInUse { .. } => "org.role_in_use",
            Self::LabelInvalid { .. } => "org.label_invalid",
            Self::LogoInvalid { .. } => "org.logo_invalid",
            Self::DuplicateMobile { .. } => "emp.duplicate_mobile",
            Self::DuplicateIdNumber { .. } => "emp.duplicate_id_number",
            Self::FactsLocked { .. } => "emp.facts_locked",
            Self::IdentityMismatch { .. } => "emp.identity_mismatch",
            Self::NotVerified { .. } => "emp.not_verified",
            Self::PendingAudit { .. } => "emp.pending_audit",
            Self::NotInOrganization { .. } => "emp.not_in_org",
            Self::Resigned { .. } => "emp.resigned",
            Self::ProtectedRole { .. } => "emp.protected_role",
            Self::HandoverRequired { .. } => "emp.handover_required",
            Self::HandoverInvalid { .. } => "emp.handover_invalid",
            Self::NoPermission { .. } => "emp.no_permission",
            Self::EmployeeTransition { .. } => "emp.illegal_transition",
            Self::NotEntitled { .. } => "feature.not_entitled",
            Self::FeatureExpired { .. } => "feature.expired",
            Self::QuotaExhausted { .. } => "feature.quota_exhausted",
            Self::WindowInvalid { .. } | Self::OutsideCalendar { .. } => "feature.window_invalid",
            Self::EntitlementTransition { .. } => "feature.illegal_transition",
            Self::ReasonRequired { .. } => "con.reason_required",
            Self::ReasonTooLong { .. } => "con.reason_too_long",
        }
    }
}

/// A position that one person holds and that must not become vacant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectedRole {
    /// The super admin alone.
    SuperAdmin,
    /// The legal representative alone.
    LegalRepresentative,
    /// Either of the two.
    Head,
    /// The host program and its operators: nobody verifies or entitles himself.
    Operator,
}

impl ProtectedRole {
    fn code(self) -> &'static str {
        match self {
            Self::SuperAdmin => "super admin",
            Self::LegalRepresentative => "legal representative",
            Self::Head => "super admin or the legal representative",
            Self::Operator => "host",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::SuperAdmin | Self::LegalRepresentative => "name a successor first",
            Self::Head => "ask one of them",
            Self::Operator => "let it decide",
        }
    }
}

fn first(contracts: &[ContractId]) -> &str {
    contracts.first().map_or("none", ContractId::as_str)
}

fn accepted(methods: &[AuthorizationMethod]) -> String {
    methods.iter().map(|method| method.code()).collect::<Vec<_>>().join(", ")
}
