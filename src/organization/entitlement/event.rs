//! What can happen to an entitlement, and the state that follows.

use serde::{Deserialize, Serialize};

use super::{Entitlement, EntitlementRequest, EntitlementStatus, Feature, Quota, Window};
use crate::audit::Details;
use crate::decision::{Aggregate, Event, Evolve, History, Recorded};
use crate::digest::Digest;
use crate::identity::{ContractId, OrganizationId};

/// What can happen to an [`Entitlement`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntitlementEvent {
    /// The organization applied for it.
    Requested {
        /// The application.
        request: EntitlementRequest,
    },
    /// It was given, on an application or without one.
    Granted {
        /// The organization.
        organization: OrganizationId,
        /// The feature.
        feature: Feature,
        /// When it holds.
        window: Window,
        /// How much; `None`: as much as one likes.
        quota: Option<u64>,
        /// The digest of what it rests on.
        evidence: Option<Digest>,
    },
    /// The application was refused.
    Refused {
        /// Why.
        reason: String,
    },
    /// It holds at another time.
    Extended {
        /// When.
        window: Window,
    },
    /// Its window is over.
    Expired,
    /// It was taken back.
    Revoked {
        /// Why.
        reason: String,
    },
    /// There is more or less of it.
    QuotaChanged {
        /// How much in all.
        limit: u64,
    },
    /// One unit was taken for a contract, or for the meeting at which it is signed.
    Reserved {
        /// The contract.
        contract: ContractId,
    },
    /// The unit of a contract came back.
    Returned {
        /// The contract.
        contract: ContractId,
    },
}

impl Event for EntitlementEvent {
    const FORMAT: &'static str = "sealwright/entitlement-event/1";

    fn kind(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "feature.requested",
            Self::Granted { .. } => "feature.granted",
            Self::Refused { .. } => "feature.refused",
            Self::Extended { .. } => "feature.extended",
            Self::Expired => "feature.expired",
            Self::Revoked { .. } => "feature.revoked",
            Self::QuotaChanged { .. } => "feature.quota_changed",
            Self::Reserved { .. } => "feature.quota_reserved",
            Self::Returned { .. } => "feature.quota_returned",
        }
    }

    fn details(&self) -> Details {
        let details = Details::new();
        match self {
            Self::Requested { request } => details
                .with("organization", request.organization.as_str())
                .with("feature", request.feature.code())
                .with("evidence", request.digest().to_string()),
            Self::Granted { organization, feature, quota, evidence, window } => spoken(
                details
                    .with("organization", organization.as_str())
                    .with("feature", feature.code())
                    .with_some("quota", quota.map(counted))
                    .with_some("evidence", evidence.map(|digest| digest.to_string())),
                window,
            ),
            Self::Extended { window } => spoken(details, window),
            Self::QuotaChanged { limit } => details.with("quota", counted(*limit)),
            Self::Reserved { contract } | Self::Returned { contract } => {
                details.with("contract", contract.as_str())
            }
            // A reason is a person's own words and may name somebody: it stays in the event.
            Self::Refused { .. } | Self::Revoked { .. } | Self::Expired => details,
        }
    }
}

/// Seconds since 1970, UTC.
fn spoken(details: Details, window: &Window) -> Details {
    details
        .with("from", window.from().unix_timestamp())
        .with_some("until", window.until().map(|until| until.unix_timestamp()))
}

fn counted(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

impl Evolve for Entitlement {
    type Event = EntitlementEvent;

    const PREFIX: &'static str = "feature";
    const SUBJECT: &'static str = "entitlement";

    crate::decision::id_and_history!();

    fn state_name(&self) -> &'static str {
        self.status.code()
    }

    fn begin(first: &Recorded<EntitlementEvent>) -> Option<Self> {
        let (organization, feature, request) = match &first.event {
            EntitlementEvent::Requested { request } => {
                (&request.organization, request.feature, Some(request.clone()))
            }
            EntitlementEvent::Granted { organization, feature, .. } => {
                (organization, *feature, None)
            }
            _ => return None,
        };
        let mut begun = Self {
            id: first.aggregate.parse().ok()?,
            organization: organization.clone(),
            feature,
            status: EntitlementStatus::Requested,
            request,
            window: None,
            quota: None,
            evidence: None,
            granted_by: None,
            history: History::start(),
        };
        begun.evolve(first);
        Some(begun)
    }

    fn evolve(&mut self, recorded: &Recorded<EntitlementEvent>) {
        match &recorded.event {
            EntitlementEvent::Requested { .. } => {}
            EntitlementEvent::Granted { window, quota, evidence, .. } => {
                self.status = EntitlementStatus::Granted;
                self.window = Some(*window);
                self.quota = quota.map(Quota::of);
                self.evidence = *evidence;
                self.granted_by = Some(recorded.actor.to_string());
            }
            EntitlementEvent::Refused { .. } => self.status = EntitlementStatus::Refused,
            EntitlementEvent::Extended { window } => {
                self.status = EntitlementStatus::Granted;
                self.window = Some(*window);
            }
            EntitlementEvent::Expired => self.status = EntitlementStatus::Expired,
            EntitlementEvent::Revoked { .. } => self.status = EntitlementStatus::Revoked,
            EntitlementEvent::QuotaChanged { limit } => {
                self.quota.get_or_insert_with(|| Quota::of(*limit)).set_limit(*limit);
            }
            EntitlementEvent::Reserved { .. } => self.quota.iter_mut().for_each(Quota::take),
            EntitlementEvent::Returned { .. } => self.quota.iter_mut().for_each(Quota::give_back),
        }
    }
}

impl Aggregate for Entitlement {
    const FORMAT: &'static str = "sealwright/entitlement/1";
}
