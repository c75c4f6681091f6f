//! From the invitation to the activation, and the changes of facts on the way and after.

use std::collections::BTreeSet;

use time::{Date, OffsetDateTime};

use super::{Employee, EmployeeEvent, EmployeeStatus};
use crate::decision::{Claim, ClaimKey, Decision, Notice, Recipient};
use crate::identity::{
    DepartmentId, Email, EmployeeId, Mobile, OrganizationId, Person, PersonName, Personal,
    PersonalFact, check_age, check_not_expired, date_in_china,
};
use crate::organization::{By, Entitlements, Error, Feature, Organization, RequiredFact, RoleRef};

/// Signers are at least so old, unless the organization holds [`Feature::AgeExtension`] (R-ID-12).
const LEAST_AGE: u16 = 18;

/// What is entered to invite a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Name, identity document and mobile number: what the person will have to prove.
    pub person: Person,
    /// The mail address.
    pub email: Option<Email>,
    /// The departments.
    pub departments: BTreeSet<DepartmentId>,
    /// The roles.
    pub roles: BTreeSet<RoleRef>,
}

impl Invitation {
    /// An invitation without mail address, departments and roles.
    #[must_use]
    pub fn of(person: Person) -> Self {
        Self { person, email: None, departments: BTreeSet::new(), roles: BTreeSet::new() }
    }
}

/// Who in the organization has a mobile or an identity number already, as the host's index of
/// claims says (R-EMP-01).
///
/// This is asked so that the refusal comes early and names the colleague. What decides between two
/// writers is the unique index over the claims of the decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// Who has the mobile number.
    pub mobile: Option<EmployeeId>,
    /// Who has the identity number.
    pub id_number: Option<EmployeeId>,
}

impl Holders {
    fn require_free_for(&self, employee: &EmployeeId) -> Result<(), Error> {
        let other = |holder: &Option<EmployeeId>| holder.clone().filter(|id| id != employee);
        if let Some(holder) = other(&self.mobile) {
            return Err(Error::DuplicateMobile { holder });
        }
        if let Some(holder) = other(&self.id_number) {
            return Err(Error::DuplicateIdNumber { holder });
        }
        Ok(())
    }
}

/// The outcome of a real-name check (实名认证), made by whoever the host trusts with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealName {
    /// The facts that were proved.
    pub person: Person,
    /// The day of birth, where the document does not tell it in its number.
    pub birth_date: Option<Date>,
    /// The last day of the document's validity; `None`: unlimited.
    pub document_last_day: Option<Date>,
    /// The reference under which whoever checked can be asked. It goes into the trail: no personal
    /// facts.
    pub reference: String,
}

impl Employee {
    /// A person is invited to the organization.
    ///
    /// Mobile and identity number are claimed within the organization until the employee resigns.
    ///
    /// ```
    /// # use sealwright::identity::{IdDocument, IdDocumentKind, Mobile, OrganizationName, Person, PersonName, Uscc};
    /// # use sealwright::organization::{LicenceKind, OrganizationKind, Registration};
    /// use sealwright::organization::{By, Employee, Holders, Invitation, Organization};
    /// # let registration = Registration {
    /// #     name: OrganizationName::parse("晨曦公司")?,
    /// #     uscc: Uscc::parse("91350100M000100Y43")?,
    /// #     kind: OrganizationKind::Enterprise,
    /// #     licence: LicenceKind::CreditCode,
    /// # };
    /// # let now = time::OffsetDateTime::UNIX_EPOCH;
    /// # let decision =
    /// #     Organization::register("org_a".parse()?, registration, None, &By::System, now)?;
    /// # let (organization, _) = decision.found()?;
    /// let zhang = Person::new(
    ///     PersonName::parse("张三")?,
    ///     IdDocument::parse(IdDocumentKind::ResidentId, "11010519491231002X")?,
    ///     Mobile::parse("13800000000")?,
    /// );
    /// let decision = Employee::invite(
    ///     "zhang".parse()?,
    ///     Invitation::of(zhang),
    ///     &organization,
    ///     &Holders::default(), // nobody has the mobile or the number yet
    ///     &By::System,
    ///     now,
    /// )?;
    /// assert_eq!(decision.claims().len(), 2);
    /// assert_eq!(decision.found()?.0.require_active().unwrap_err().code(), "emp.not_verified");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `org.closing`; `emp.no_permission` without `org.manage`; `org.department_unknown`,
    /// `org.role_unknown`, `emp.protected_role` for what cannot be assigned;
    /// `identity.id_card_birth_date` for somebody born tomorrow;
    /// `emp.duplicate_mobile`, `emp.duplicate_id_number` (R-EMP-01).
    pub fn invite(
        id: EmployeeId,
        invitation: Invitation,
        organization: &Organization,
        holders: &Holders,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        organization.require_open()?;
        by.require_manager_of(organization)?;
        organization.require_assignable(&invitation.departments, &invitation.roles)?;
        by.require_holder_of(organization, organization.permissions_of(invitation.roles.iter()))?;
        invitation.person.id_document().check_birth_date(date_in_china(now))?;
        holders.require_free_for(&id)?;
        let Invitation { person, email, departments, roles } = invitation;
        let scope = organization.id();
        let taken = [take_mobile(scope, &person, &id), take_id_number(scope, &person, &id)];
        let decision = by
            .creates(id.as_str(), now)
            .event(EmployeeEvent::Invited {
                organization: scope.clone(),
                person,
                email: email.map(Personal::new),
                departments,
                roles,
            })
            .notice(Notice::new("emp.invited", Recipient::Employee(id)))
            .reading(organization);
        Ok(taken.into_iter().fold(decision, Decision::claim))
    }

    pub(super) fn invite_again(
        &self,
        person: &Person,
        organization: &Organization,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        organization.require_open()?;
        by.require_manager_of(organization)?;
        self.require_status(EmployeeStatus::Invited, "invite_again")?;
        self.require_same(person)?;
        Ok(by
            .decides(self, now)
            .event(EmployeeEvent::InvitedAgain)
            .notice(Notice::new("emp.invited", self.recipient())))
    }

    pub(super) fn request_join(
        &self,
        organization: &Organization,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        organization.require_open()?;
        self.require_himself_or_manager(organization, by)?;
        self.require_status(EmployeeStatus::Invited, "request_join")?;
        if !organization.settings().approve_joins {
            return Err(self.transition("request_join"));
        }
        let administrators = Recipient::Administrators(self.organization.clone());
        Ok(by
            .decides(self, now)
            .event(EmployeeEvent::JoinRequested)
            .notice(Notice::new("emp.join_requested", administrators).with("employee", &self.id)))
    }

    pub(super) fn activate(
        &self,
        proof: &RealName,
        entitlements: Entitlements<'_>,
        organization: &Organization,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        organization.require_open()?;
        match self.status {
            EmployeeStatus::Invited if organization.settings().approve_joins => {
                return Err(Error::PendingAudit { employee: self.id.clone() });
            }
            EmployeeStatus::PendingAudit if organization.settings().approve_joins => by
                .require_manager_of(organization)
                .map_err(|_| Error::PendingAudit { employee: self.id.clone() })?,
            EmployeeStatus::Invited | EmployeeStatus::PendingAudit => {}
            EmployeeStatus::Active | EmployeeStatus::Resigned => {
                return Err(self.transition("activate"));
            }
        }
        self.require_himself_or_manager(organization, by)?;
        self.require_same(&proof.person)?;
        let extension = match proof.require_age(now) {
            Ok(()) => None,
            Err(too_young) => {
                let scope = organization.id();
                let extension = entitlements.find(scope, Feature::AgeExtension, now);
                Some(extension.map_err(|_| too_young)?)
            }
        };
        proof.require_valid_document(now)?;
        Ok(by
            .decides(self, now)
            .event(EmployeeEvent::Activated { reference: proof.reference.clone() })
            .notice(Notice::new("emp.activated", self.recipient()))
            .reading_all(extension))
    }

    pub(super) fn edit_facts(
        &self,
        person: Person,
        email: Option<Email>,
        holders: &Holders,
        organization: &Organization,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        organization.require_open()?;
        by.require_manager_of(organization)?;
        if self.status != EmployeeStatus::Invited {
            return Err(self.locked());
        }
        person.id_document().check_birth_date(date_in_china(now))?;
        holders.require_free_for(&self.id)?;
        let decision = by.decides(self, now);
        let email = email.map(Personal::new);
        if person == self.person && email == self.email {
            return Ok(decision);
        }
        let claims = self.claims_of_change(&person);
        let decision = decision
            .event(EmployeeEvent::Edited { person, email })
            .notice(Notice::new("emp.invited", self.recipient()));
        Ok(claims.into_iter().fold(decision, Decision::claim))
    }

    pub(super) fn change(
        &self,
        name: Option<PersonName>,
        mobile: Option<Mobile>,
        proof: &RealName,
        holders: &Holders,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        let himself = by.staff().is_some_and(|staff| staff.employee().id == self.id);
        if !himself {
            return Err(self.locked());
        }
        self.require_active()?;
        let name = name.filter(|name| name != self.person.name());
        let mobile = mobile.filter(|mobile| mobile != self.person.mobile());
        let mut changed = self.person.clone();
        if let Some(name) = &name {
            changed = changed.with_name(name.clone());
        }
        if let Some(mobile) = &mobile {
            changed = changed.with_mobile(mobile.clone());
        }
        self.require_equal(&changed, &proof.person)?;
        proof.require_valid_document(now)?;
        if mobile.is_some() {
            holders.require_free_for(&self.id)?;
        }
        let decision = by.decides(self, now);
        if name.is_none() && mobile.is_none() {
            return Ok(decision);
        }
        let claims = self.claims_of_change(&changed);
        let decision = decision
            .event(EmployeeEvent::Changed {
                name: name.map(Personal::new),
                mobile: mobile.map(Personal::new),
                reference: proof.reference.clone(),
            })
            .notice(Notice::new("emp.changed", self.recipient()));
        Ok(claims.into_iter().fold(decision, Decision::claim))
    }

    /// Gives up what the person no longer has before taking what he has now.
    fn claims_of_change(&self, changed: &Person) -> Vec<Claim> {
        let (scope, id) = (&self.organization, &self.id);
        let mut claims = Vec::new();
        if changed.mobile() != self.person.mobile() {
            claims.push(Claim::release(mobile_key(scope, &self.person), id));
            claims.push(take_mobile(scope, changed, id));
        }
        if changed.id_document() != self.person.id_document() {
            claims.push(Claim::release(id_number_key(scope, &self.person), id));
            claims.push(take_id_number(scope, changed, id));
        }
        claims
    }

    pub(super) fn claims_given_up(&self) -> [Claim; 2] {
        [mobile_key, id_number_key]
            .map(|key| Claim::release(key(&self.organization, &self.person), &self.id))
    }

    pub(super) fn recipient(&self) -> Recipient {
        Recipient::Employee(self.id.clone())
    }

    /// Nobody joins for somebody else: whoever follows an invitation is the person who was invited, by
    /// all facts, unless the organization or the host does it for him.
    fn require_himself_or_manager(
        &self,
        organization: &Organization,
        by: &By<'_>,
    ) -> Result<(), Error> {
        match by {
            By::Person { person, .. } => self.require_same(person),
            _ => by.require_manager_of(organization),
        }
    }

    fn require_same(&self, person: &Person) -> Result<(), Error> {
        self.require_equal(&self.person, person)
    }

    fn require_equal(&self, stated: &Person, proved: &Person) -> Result<(), Error> {
        let factors = stated.differences(proved);
        if factors.is_empty() {
            return Ok(());
        }
        Err(Error::IdentityMismatch { employee: self.id.clone(), factors })
    }

    fn require_status(&self, need: EmployeeStatus, action: &'static str) -> Result<(), Error> {
        if self.status == need { Ok(()) } else { Err(self.transition(action)) }
    }

    fn transition(&self, action: &'static str) -> Error {
        Error::EmployeeTransition { from: self.status, action }
    }

    fn locked(&self) -> Error {
        Error::FactsLocked { employee: self.id.clone(), have: self.status }
    }
}

impl RealName {
    fn require_age(&self, now: OffsetDateTime) -> Result<(), Error> {
        let document = self.person.id_document();
        match (document.birth_date(), self.birth_date) {
            (None, Some(born)) => check_age(born, LEAST_AGE, now)?,
            (None, None) => return Err(Error::FactMissing { fact: RequiredFact::BirthDate }),
            (Some(_), _) => document.check_age(LEAST_AGE, now)?,
        }
        Ok(())
    }

    fn require_valid_document(&self, now: OffsetDateTime) -> Result<(), Error> {
        Ok(self.document_last_day.map_or(Ok(()), |last_day| check_not_expired(last_day, now))?)
    }
}

fn mobile_key(scope: &OrganizationId, person: &Person) -> ClaimKey {
    ClaimKey::personal("employee.mobile", scope.as_str(), person.mobile().expose())
}

fn id_number_key(scope: &OrganizationId, person: &Person) -> ClaimKey {
    ClaimKey::personal("employee.id_number", scope.as_str(), person.id_document().stored())
}

fn take_mobile(scope: &OrganizationId, person: &Person, owner: &EmployeeId) -> Claim {
    Claim::take(mobile_key(scope, person), owner, "emp.duplicate_mobile")
}

fn take_id_number(scope: &OrganizationId, person: &Person, owner: &EmployeeId) -> Claim {
    Claim::take(id_number_key(scope, person), owner, "emp.duplicate_id_number")
}
