//! The way to an active organization: account, licence, legal representative, super admin (R-ORG-02).

use time::OffsetDateTime;

use super::command::{Decided, recipient};
use super::{
    AuthorizationMethod, AuthorizationProof, By, Employee, Error, LegalRepresentative,
    LicenceFacts, LicenceField, Organization, OrganizationEvent, OrganizationStatus, RegisterFacts,
    Registration, RequiredFact,
};
use crate::decision::{Claim, ClaimKey, Notice, Recipient};
use crate::identity::{OrganizationId, Person, Personal};

impl Organization {
    /// The first step: an account (企业账号激活).
    ///
    /// `holder` is who has the credit code in the host's index of claims, if anybody. The name is
    /// claimed when the organization becomes active, so a mere registration blocks nobody.
    ///
    /// ```
    /// # use sealwright::identity::{OrganizationName, Uscc};
    /// use sealwright::decision::Aggregate;
    /// use sealwright::organization::{
    ///     By, LicenceKind, Organization, OrganizationKind, Registration,
    /// };
    /// let registration = Registration {
    ///     name: OrganizationName::parse("晨曦科技(深圳)有限公司")?,
    ///     uscc: Uscc::parse("91350100M000100Y43")?,
    ///     kind: OrganizationKind::Enterprise,
    ///     licence: LicenceKind::CreditCode,
    /// };
    /// let now = time::OffsetDateTime::UNIX_EPOCH;
    /// let decision =
    ///     Organization::register("org_a".parse()?, registration, None, &By::System, now)?;
    /// let (organization, trail) = decision.found()?;
    /// assert_eq!(decision.kinds(), ["org.registered"]);
    /// assert_eq!(organization.require_active().unwrap_err().code(), "org.not_active");
    /// assert_eq!(trail.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `org.already_exists` if another organization holds the credit code.
    pub fn register(
        id: OrganizationId,
        registration: Registration,
        holder: Option<&OrganizationId>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        let Registration { name, uscc, kind, licence } = registration;
        if let Some(holder) = holder.filter(|holder| **holder != id) {
            return Err(Error::AlreadyExists { uscc, holder: holder.clone() });
        }
        let applicant = recipient(&by.actor());
        Ok(by
            .creates(id.as_str(), now)
            .event(OrganizationEvent::Registered { name, uscc, kind, licence })
            .notices_of(applicant.map(|applicant| Notice::new("org.registered", applicant))))
    }

    pub(super) fn submit_verification(
        &self,
        facts: LicenceFacts,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        if self.status != OrganizationStatus::Rejected {
            self.require_status(OrganizationStatus::Registered)?;
        }
        self.require_applicant(by)?;
        if facts.uscc.is_some_and(|uscc| uscc != self.uscc) {
            return Err(Error::Immutable { field: LicenceField::Uscc });
        }
        if facts.kind.is_some_and(|kind| kind != self.kind) {
            return Err(Error::Immutable { field: LicenceField::Kind });
        }
        let missing = |fact| Error::FactMissing { fact };
        let legal_representative =
            facts.legal_representative.ok_or_else(|| missing(RequiredFact::LegalRepresentative))?;
        let licence_digest = facts.licence_digest.ok_or_else(|| missing(RequiredFact::Licence))?;
        let event = OrganizationEvent::VerificationSubmitted {
            name: facts.name.unwrap_or_else(|| self.name.clone()),
            legal_representative,
            licence_digest,
            address: facts.address,
        };
        Ok(by.decides(self, now).event(event))
    }

    pub(super) fn accept_verification(
        &self,
        found: &RegisterFacts,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        self.require_status(OrganizationStatus::Verifying)?;
        by.require_operator()?;
        let known = self.legal_representative.as_ref();
        self.matches_register(found, known)?;
        let legal_representative = found.legal_representative_document.clone().map(Personal::new);
        self.tell(by, now, OrganizationEvent::Verified { legal_representative })
    }

    fn matches_register(
        &self,
        found: &RegisterFacts,
        stated: Option<&LegalRepresentative>,
    ) -> Result<(), Error> {
        let field = if found.name != self.name {
            LicenceField::Name
        } else if found.uscc != self.uscc {
            LicenceField::Uscc
        } else if stated.is_none_or(|stated| !found.names(stated)) {
            LicenceField::LegalRepresentative
        } else {
            return Ok(());
        };
        Err(Error::LicenceMismatch { field })
    }

    pub(super) fn authorize(
        &self,
        method: AuthorizationMethod,
        proof: AuthorizationProof,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        self.require_status(OrganizationStatus::Verified)?;
        self.require_applicant(by)?;
        let allowed = AuthorizationMethod::accepted_for(self.kind, self.licence);
        if !allowed.contains(&method) {
            return Err(Error::AuthorizationMethodNotAllowed { method, allowed });
        }
        let missing = Error::FactMissing { fact: RequiredFact::LegalRepresentative };
        proof.suffices_for(method, self.legal_representative.as_ref().ok_or(missing)?)?;
        self.tell(
            by,
            now,
            OrganizationEvent::LegalAuthorized {
                method,
                authorized: Personal::new(proof.authorized),
                legal_representative: proof.legal_representative.map(Personal::new),
                letter_digest: proof.letter.map(|(digest, _)| digest),
                reference: proof.reference,
            },
        )
    }

    pub(super) fn activate_super_admin(
        &self,
        employee: &Employee,
        holder: Option<OrganizationId>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        if let Some(holder) = self.super_admin.clone() {
            return Err(Error::SuperAdminExists { holder });
        }
        self.require_status(OrganizationStatus::LegalAuthorized)?;
        let is_himself = by.staff().is_some_and(|staff| staff.employee().id() == employee.id());
        if !is_himself {
            self.require_applicant(by)?;
        }
        employee.require_member_of(self)?;
        employee.require_active()?;
        if !self.is_authorized(employee.person()) {
            return Err(Error::SuperAdminMismatch { employee: employee.id().clone() });
        }
        if let Some(holder) = holder.filter(|holder| *holder != self.id) {
            return Err(Error::AlreadyExists { uscc: self.uscc, holder });
        }
        let claim = Claim::take(self.uscc_key(), &self.id, "org.already_exists");
        let super_admin = employee.id().clone();
        let told = Notice::new("org.activated", Recipient::Employee(super_admin.clone()));
        let event = OrganizationEvent::Activated { super_admin };
        Ok(self.tell(by, now, event)?.notice(told).claim(claim).reading(employee))
    }

    /// By name, or where the applicant is the legal representative himself, by his document too.
    fn is_authorized(&self, person: &Person) -> bool {
        self.authorized.as_ref().is_some_and(|authorized| {
            authorized.name.get() == person.name()
                && (authorized.method != AuthorizationMethod::ApplicantIsLegalRepresentative
                    || self.is_legal_representative(person))
        })
    }

    /// Nobody takes another's organization through its activation: whoever registered it does, the
    /// legal representative, whoever manages it, or the host.
    fn require_applicant(&self, by: &By<'_>) -> Result<(), Error> {
        if by.actor() == self.applicant || by.is_head_of(self) {
            return Ok(());
        }
        by.require_manager_of(self)
    }

    pub(super) fn uscc_key(&self) -> ClaimKey {
        ClaimKey::new("organization.uscc", self.uscc.as_str())
    }

    pub(super) fn change_legal_representative(
        &self,
        mut legal_representative: LegalRepresentative,
        register: &RegisterFacts,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        self.require_active()?;
        self.require_head_or_operator(by)?;
        self.matches_register(register, Some(&legal_representative))?;
        if let Some(known) = register.legal_representative_document.clone() {
            legal_representative.id_document = Some(Personal::new(known));
        }
        if self.legal_representative.as_ref() == Some(&legal_representative) {
            return Ok(by.decides(self, now));
        }
        self.tell(by, now, OrganizationEvent::LegalRepresentativeChanged { legal_representative })
    }
}
