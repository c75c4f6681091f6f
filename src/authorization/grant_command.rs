//! How grants are given, used and taken back.

use std::num::NonZeroU32;

use time::OffsetDateTime;

use super::grant_event::{GrantEvent, RevocationCause};
use super::seal::is_legal_representative;
use super::{
    Error, GrantScope, GrantStatus, PolicyText, Right, Rights, Seal, SealFacts, SealGrant,
    UseRecord, Validity,
};
use crate::contract::Reason;
use crate::decision::{Decision, Notice, Recipient};
use crate::digest::Digest;
use crate::identity::{Actor, EmployeeId, GrantId, OrganizationId};
use crate::organization::{self, By, Employee, Organization, Permission};

/// A grant that is to be given.
///
/// ```
/// use sealwright::authorization::{GrantScope, NewGrant, Validity};
/// use time::OffsetDateTime;
/// let new = NewGrant {
///     scope: GrantScope::Ceremony("signing-day".parse()?),
///     max_uses: std::num::NonZeroU32::new(1),
///     ..NewGrant::to_use("grant-1".parse()?, Validity::starting(OffsetDateTime::UNIX_EPOCH))
/// };
/// assert!(new.consent.is_none());
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// Its id, which the embedder chooses.
    pub id: GrantId,
    /// What it allows.
    pub rights: Rights,
    /// When.
    pub validity: Validity,
    /// For which contracts.
    pub scope: GrantScope,
    /// How often, if that is limited.
    pub max_uses: Option<NonZeroU32>,
    /// What the grantor writes of it.
    pub policy: PolicyText,
    /// For the legal representative's seal: the digest of his letter of authority for this holder.
    pub consent: Option<Digest>,
}

impl NewGrant {
    /// The right to use the seal on any contract, any number of times.
    #[must_use]
    pub fn to_use(id: GrantId, validity: Validity) -> Self {
        Self {
            id,
            rights: Rights::to_use(),
            validity,
            scope: GrantScope::AnyContract,
            max_uses: None,
            policy: PolicyText::default(),
            consent: None,
        }
    }
}

/// Who gets a grant.
#[derive(Clone, Copy, Debug)]
pub struct Grantee<'a> {
    /// The employee.
    pub employee: &'a Employee,
    /// The parent organization in whose group the employee has a role that reaches down to the
    /// owner of the seal (集团模式), as the host asserts; `None` outside of groups.
    pub group_parent: Option<&'a OrganizationId>,
}

impl<'a> From<&'a Employee> for Grantee<'a> {
    fn from(employee: &'a Employee) -> Self {
        Self { employee, group_parent: None }
    }
}

impl SealGrant {
    /// Gives a grant of a seal.
    ///
    /// The grantor has the permission `seal.grant` in the organization that owns the seal; the seal
    /// of the legal representative is granted by himself alone (R-SEAL-14), with the digest of a
    /// letter of authority for each holder. The grantee is an active employee of that organization,
    /// or of its parent in a group.
    ///
    /// ```
    /// # use sealwright::authorization::{Error, NewGrant, Seal, SealGrant, Validity};
    /// # use sealwright::organization::{By, Employee, Staff};
    /// # use time::{Duration, OffsetDateTime};
    /// fn for_a_week(
    ///     seal: &Seal,
    ///     to: &Employee,
    ///     grantor: Staff<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<SealGrant, Box<dyn std::error::Error>> {
    ///     let week = Validity::new(now, Some(now + Duration::days(7)))?;
    ///     let new = NewGrant::to_use("grant-7".parse()?, week);
    ///     let organization = grantor.organization();
    ///     let by = By::Staff(grantor);
    ///     let decision = SealGrant::grant(new, seal, to.into(), &by, organization, now)?;
    ///     Ok(decision.found()?.0)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// In this order: [`Error::NotEnabled`], `org.not_active`, [`Error::LegalRepOnly`],
    /// [`Error::GrantorIneligible`], [`Error::FormerRepresentative`], [`Error::GranteeIneligible`],
    /// [`Error::ScopeInvalid`], [`Error::LegalRepConsentRequired`]. An empty window, an empty set of rights and a text that
    /// is too long cannot be said.
    pub fn grant(
        new: NewGrant,
        seal: &Seal,
        to: Grantee<'_>,
        by: &By<'_>,
        organization: &Organization,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        seal.require_enabled()?;
        organization.require_active()?;
        require_grantor(seal, by, organization)?;
        seal.require_of_present_representative(organization)?;
        require_grantee(seal, to)?;
        new.scope.check()?;
        if seal.kind().is_legal_representative() && new.consent.is_none() {
            return Err(Error::LegalRepConsentRequired);
        }
        let quiet = new.scope.is_per_contract();
        let grantee = to.employee.id().clone();
        let decision = by
            .creates(new.id.as_str(), now)
            .event(GrantEvent::Granted {
                grant: new.id,
                seal: seal.id().clone(),
                organization: seal.organization().clone(),
                grantee: grantee.clone(),
                rights: new.rights,
                validity: new.validity,
                scope: new.scope,
                max_uses: new.max_uses,
                policy: new.policy,
                consent: new.consent,
            })
            .reading(seal)
            .reading(organization)
            .reading(to.employee);
        Ok(told(decision, "seal.grant_valid", quiet, &grantee, &by.actor()))
    }

    /// Takes the grant back, from now on and for good (R-GRANT-03).
    ///
    /// May be done by the grantor, by whoever may manage the seal, by the legal representative and
    /// by the platform.
    ///
    /// ```
    /// # use sealwright::authorization::{Error, Seal, SealFacts, SealGrant, SealRules};
    /// # use sealwright::organization::{By, Staff};
    /// fn take_back(
    ///     grant: &mut SealGrant,
    ///     seal: &Seal,
    ///     staff: Staff<'_>,
    ///     now: time::OffsetDateTime,
    /// ) -> Result<(), Error> {
    ///     let rules = SealRules::default();
    ///     let facts = SealFacts::of(staff.organization(), &rules);
    ///     let decision = grant.revoke(None, seal, &By::Staff(staff), &facts, now)?;
    ///     decision.apply_to(grant)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::GrantNotFound`] to somebody of another organization, `emp.no_permission` to a
    /// colleague who may not, [`Error::AlreadyRevoked`] the second time.
    pub fn revoke(
        &self,
        reason: Option<Reason>,
        seal: &Seal,
        by: &By<'_>,
        facts: &SealFacts<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        let organization = facts.organization;
        let stranger =
            by.staff().is_some_and(|staff| staff.organization().id() != self.organization());
        let other = seal.id() != self.seal() || organization.id() != self.organization();
        if stranger || other {
            let (seal, who) = (self.seal().clone(), by.actor().to_string());
            return Err(Error::GrantNotFound { seal, who });
        }
        let active = by.staff().is_none_or(|staff| staff.require_active().is_ok());
        let may = by.is_operator()
            || (active && by.actor() == *self.grantor())
            || seal.gives(Right::Manage, by, facts.grants, now)
            || is_legal_representative(by, organization);
        if !may {
            let (actor, permission) = (by.actor().to_string(), Permission::SealManage);
            return Err(organization::Error::NoPermission { actor, permission }.into());
        }
        let decision = self.end(RevocationCause::Request, reason, by, now)?;
        let manages = seal.grant_of(Right::Manage, by, facts.grants, now);
        Ok(decision.reading(seal).reading(organization).reading_all(manages))
    }

    /// The grant ends, whoever brings it about.
    pub(super) fn end(
        &self,
        cause: RevocationCause,
        reason: Option<Reason>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        if let Some(revocation) = self.revocation() {
            return Err(Error::AlreadyRevoked { grant: self.id().clone(), at: revocation.at });
        }
        let quiet = self.scope().is_per_contract();
        let decision = by.decides(self, now).event(GrantEvent::Revoked { cause, reason });
        Ok(told(decision, "seal.grant_invalid", quiet, self.grantee(), self.grantor()))
    }

    /// The seal was used under this grant, once for each record. What may have changed since the
    /// permit was given is asked again: a revocation in between refuses, and so does the last use
    /// by somebody faster.
    pub(super) fn record_uses(
        &self,
        records: Vec<UseRecord>,
        seal: &Seal,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_standing()?;
        self.require_uses_left(records.len())?;
        let mut decision = by.decides(self, now).reading(seal);
        for record in records {
            let auditors = Recipient::SealAuditors(self.organization().clone());
            let notice = Notice::new(record.kind(), auditors).with("use", &record.id);
            decision = decision.event(GrantEvent::Used { record }).notice(notice);
        }
        Ok(decision)
    }

    /// Whether it still stands.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status() == GrantStatus::Active
    }
}

fn require_grantor(seal: &Seal, by: &By<'_>, organization: &Organization) -> Result<(), Error> {
    let owner = organization.id() == seal.organization();
    if seal.kind().is_legal_representative() && owner {
        let is_he = is_legal_representative(by, organization);
        return if is_he { Ok(()) } else { Err(Error::LegalRepOnly) };
    }
    let staff = by.staff().filter(|staff| staff.organization().id() == seal.organization());
    if owner && staff.is_some_and(|staff| staff.require(Permission::SealGrant).is_ok()) {
        return Ok(());
    }
    Err(Error::GrantorIneligible { grantor: by.actor().to_string(), seal: seal.id().clone() })
}

fn require_grantee(seal: &Seal, to: Grantee<'_>) -> Result<(), Error> {
    let employee = to.employee;
    let belongs = employee.organization() == seal.organization()
        || to.group_parent.is_some_and(|parent| employee.organization() == parent);
    if belongs && employee.is_active() {
        return Ok(());
    }
    Err(Error::GranteeIneligible { grantee: employee.id().clone(), seal: seal.id().clone() })
}

/// Grantee and grantor are told, each once; nobody is of a grant for single contracts.
fn told(
    decision: Decision<SealGrant>,
    kind: &str,
    quiet: bool,
    grantee: &EmployeeId,
    grantor: &Actor,
) -> Decision<SealGrant> {
    if quiet {
        return decision;
    }
    let decision = decision.notice(Notice::new(kind, Recipient::Employee(grantee.clone())));
    match grantor {
        Actor::Employee(id) if id != grantee => {
            decision.notice(Notice::new(kind, Recipient::Employee(id.clone())))
        }
        Actor::Person(id) => decision.notice(Notice::new(kind, Recipient::Person(id.clone()))),
        _ => decision,
    }
}
