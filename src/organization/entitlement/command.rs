//! What can be asked of an entitlement, and whether it follows.

use time::OffsetDateTime;

use super::{
    Entitlement, EntitlementEvent, EntitlementRequest, EntitlementStatus, Feature, Window,
};
use crate::decision::{Decision, Event as _, Notice, Recipient};
use crate::digest::Digest;
use crate::identity::{ContractId, EntitlementId, OrganizationId};
use crate::organization::{By, Error, Organization, Staff, stated_reason};

/// On which terms an entitlement is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// When it holds.
    pub window: Window,
    /// How much; `None`: as much as one likes.
    pub quota: Option<u64>,
    /// The digest of what it rests on; `None`: the application, if there is one.
    pub evidence: Option<Digest>,
}

impl Terms {
    /// Within this window, as much as one likes.
    #[must_use]
    pub fn within(window: Window) -> Self {
        Self { window, quota: None, evidence: None }
    }
}

/// What can be asked of an [`Entitlement`]. All of it is for the host; units of a
/// quota are taken and given back by contracts and meetings, as they start and are cancelled.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum EntitlementCommand {
    /// Approve the application.
    Approve(Terms),
    /// Refuse the application.
    Refuse {
        /// Why.
        reason: String,
    },
    /// Let it hold at another time.
    Extend {
        /// When.
        window: Window,
    },
    /// Note that its window is over.
    Expire,
    /// Take it back.
    Revoke {
        /// Why.
        reason: String,
    },
    /// Set how much there is in all. What is in use stays in use.
    ChangeQuota {
        /// How much.
        limit: u64,
    },
}

type Decided = Result<Decision<Entitlement>, Error>;

impl Entitlement {
    /// An organization applies for a feature (S5). For its super admin and legal representative:
    /// features change what the organization answers for.
    ///
    /// # Errors
    ///
    /// `org.not_active`, `org.suspended`, `org.closing`; `emp.protected_role`.
    pub fn request(
        id: &EntitlementId,
        organization: &Organization,
        feature: Feature,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        organization.require_active()?;
        by.require_head_of(organization)?;
        let request = EntitlementRequest {
            organization: organization.id().clone(),
            name: organization.name().clone(),
            feature,
        };
        Ok(by
            .creates(id.as_str(), now)
            .event(EntitlementEvent::Requested { request })
            .reading(organization))
    }

    /// The host gives an entitlement that nobody applied for.
    ///
    /// ```
    /// use sealwright::organization::{By, Entitlement, Feature, Terms, Window};
    /// let now = time::OffsetDateTime::UNIX_EPOCH;
    /// let terms = Terms { quota: Some(100), ..Terms::within(Window::new(now, None)?) };
    /// let (id, org_a) = ("ent_1".parse()?, "org_a".parse()?);
    /// let decision =
    ///     Entitlement::grant(&id, &org_a, Feature::Contracts, terms, &By::System, now)?;
    /// let (entitlement, _) = decision.found()?;
    /// assert!(entitlement.require(&org_a, Feature::Contracts, now).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `emp.protected_role` for anybody but the host.
    pub fn grant(
        id: &EntitlementId,
        organization: &OrganizationId,
        feature: Feature,
        terms: Terms,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        by.require_operator()?;
        let Terms { window, quota, evidence } = terms;
        let organization = organization.clone();
        let administrators = Recipient::Administrators(organization.clone());
        let told = Notice::new("feature.granted", administrators).with("feature", feature);
        let event = EntitlementEvent::Granted { organization, feature, window, quota, evidence };
        Ok(by.creates(id.as_str(), now).event(event).notice(told))
    }

    /// Decides on a command. Nothing has changed yet.
    ///
    /// # Errors
    ///
    /// `emp.protected_role` for anybody but the host; `feature.illegal_transition`;
    /// `con.reason_required`.
    pub fn decide(&self, command: EntitlementCommand, by: &By<'_>, now: OffsetDateTime) -> Decided {
        use EntitlementCommand as Command;
        use EntitlementEvent as Event;
        use EntitlementStatus::{Expired, Granted, Requested};
        match command {
            Command::Approve(terms) => {
                self.require_host(by, &[Requested], "approve")?;
                let request = self.request.as_ref().map(EntitlementRequest::digest);
                let event = Event::Granted {
                    organization: self.organization.clone(),
                    feature: self.feature,
                    window: terms.window,
                    quota: terms.quota,
                    evidence: terms.evidence.or(request),
                };
                Ok(self.tell(event, by, now))
            }
            Command::Refuse { reason } => {
                self.require_host(by, &[Requested], "refuse")?;
                Ok(self.tell(Event::Refused { reason: stated_reason(&reason)? }, by, now))
            }
            Command::Extend { window } => {
                self.require_host(by, &[Granted, Expired], "extend")?;
                Ok(self.tell(Event::Extended { window }, by, now))
            }
            Command::Expire => {
                self.require_host(by, &[Granted], "expire")?;
                if !self.window.is_some_and(|window| window.is_over(now)) {
                    return Err(self.transition("expire"));
                }
                Ok(self.tell(Event::Expired, by, now))
            }
            Command::Revoke { reason } => {
                self.require_host(by, &[Granted, Expired], "revoke")?;
                Ok(self.tell(Event::Revoked { reason: stated_reason(&reason)? }, by, now))
            }
            Command::ChangeQuota { limit } => {
                self.require_host(by, &[Granted, Expired], "change_quota")?;
                Ok(self.tell(Event::QuotaChanged { limit }, by, now))
            }
        }
    }

    /// A contract starts (C6), or a meeting is booked (M7): one unit is taken for it. Without a quota
    /// nothing is counted, and the decision is empty.
    ///
    /// For the state of whoever takes it to call, since that alone knows that it is the first time.
    pub(crate) fn reserve(
        &self,
        contract: &ContractId,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        self.require_own(by)?;
        self.require(&self.organization, self.feature, now)?;
        let contract = contract.clone();
        let event = self.quota.is_some().then_some(EntitlementEvent::Reserved { contract });
        Ok(event.into_iter().fold(by.decides(self, now), Decision::event))
    }

    /// The unit of a contract that was cancelled before anybody signed, or of a meeting that was
    /// called off: it comes back whatever became of the entitlement meanwhile.
    ///
    /// For the state of whoever took it to call, as [`Entitlement::reserve`].
    pub(crate) fn give_back(
        &self,
        contract: &ContractId,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decided {
        self.require_own(by)?;
        let contract = contract.clone();
        let event = self.quota.is_some().then_some(EntitlementEvent::Returned { contract });
        Ok(event.into_iter().fold(by.decides(self, now), Decision::event))
    }

    /// Units are taken and given back by people of the organization, or by the host.
    fn require_own(&self, by: &By<'_>) -> Result<(), Error> {
        let is_ours = |staff: &Staff<'_>| *staff.organization().id() == self.organization;
        if by.is_operator() || by.staff().is_some_and(is_ours) {
            return Ok(());
        }
        let organization = self.organization.clone();
        Err(Error::NotEntitled { organization, feature: self.feature })
    }

    fn tell(&self, event: EntitlementEvent, by: &By<'_>, now: OffsetDateTime) -> Decision<Self> {
        let administrators = Recipient::Administrators(self.organization.clone());
        let notice = Notice::new(event.kind(), administrators).with("feature", self.feature);
        by.decides(self, now).event(event).notice(notice)
    }

    fn require_host(
        &self,
        by: &By<'_>,
        from: &[EntitlementStatus],
        action: &'static str,
    ) -> Result<(), Error> {
        by.require_operator()?;
        if from.contains(&self.status) { Ok(()) } else { Err(self.transition(action)) }
    }

    fn transition(&self, action: &'static str) -> Error {
        Error::EntitlementTransition { entitlement: self.id.clone(), from: self.status, action }
    }
}
