//! What an organization is entitled to (功能开通): features within a window, some with a quota.

mod command;
#[cfg(test)]
mod entitlement_tests;
mod event;
mod feature;
mod quota;
mod request;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use command::{EntitlementCommand, Terms};
pub use event::EntitlementEvent;
pub use feature::Feature;
pub use quota::Quota;
pub use request::EntitlementRequest;

use super::Error;
use crate::decision::{History, storable};
use crate::digest::Digest;
use crate::identity::{EntitlementId, OrganizationId};

/// How far an entitlement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntitlementStatus {
    /// Applied for.
    Requested,
    /// Refused. Nothing leads out of here: apply anew.
    Refused,
    /// Given. Whether it is within its window is another question.
    Granted,
    /// Its window is over, as somebody noted. Extending it gives it back.
    Expired,
    /// Taken back. Nothing leads out of here.
    Revoked,
}

impl EntitlementStatus {
    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Refused => "refused",
            Self::Granted => "granted",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

/// A span of time, half open: from its first instant to before its last.
///
/// ```
/// use sealwright::organization::Window;
/// use time::{Duration, OffsetDateTime};
/// let from = OffsetDateTime::UNIX_EPOCH;
/// let window = Window::new(from, Some(from + Duration::DAY))?;
/// assert!(window.contains(from) && !window.contains(from + Duration::DAY));
/// assert_eq!(Window::new(from, Some(from)).unwrap_err().code(), "feature.window_invalid");
/// # Ok::<(), sealwright::organization::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "WindowForm", into = "WindowForm")]
pub struct Window {
    from: OffsetDateTime,
    until: Option<OffsetDateTime>,
}

impl Window {
    /// From `from` until before `until`; `None`: without end.
    ///
    /// # Errors
    ///
    /// `feature.window_invalid` if it contains no instant, or UTC does not have one of its bounds.
    pub fn new(from: OffsetDateTime, until: Option<OffsetDateTime>) -> Result<Self, Error> {
        if let Some(until) = until.filter(|until| *until <= from) {
            return Err(Error::WindowInvalid { from, until });
        }
        let utc = |at| storable(at).ok_or(Error::OutsideCalendar { at });
        Ok(Self { from: utc(from)?, until: until.map(utc).transpose()? })
    }

    /// The first instant.
    #[must_use]
    pub fn from(&self) -> OffsetDateTime {
        self.from
    }

    /// The first instant after it.
    #[must_use]
    pub fn until(&self) -> Option<OffsetDateTime> {
        self.until
    }

    /// Whether it contains this instant.
    #[must_use]
    pub fn contains(&self, now: OffsetDateTime) -> bool {
        self.from <= now && !self.is_over(now)
    }

    /// Whether it ended before or at this instant.
    #[must_use]
    pub fn is_over(&self, now: OffsetDateTime) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct WindowForm {
    #[serde(with = "time::serde::rfc3339")]
    from: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option", default)]
    until: Option<OffsetDateTime>,
}

impl TryFrom<WindowForm> for Window {
    type Error = Error;

    fn try_from(form: WindowForm) -> Result<Self, Error> {
        Self::new(form.from, form.until)
    }
}

impl From<Window> for WindowForm {
    fn from(window: Window) -> Self {
        Self { from: window.from, until: window.until }
    }
}

/// The right of an organization to use a feature (白名单 / 功能开通).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entitlement {
    id: EntitlementId,
    organization: OrganizationId,
    feature: Feature,
    status: EntitlementStatus,
    request: Option<EntitlementRequest>,
    window: Option<Window>,
    quota: Option<Quota>,
    evidence: Option<Digest>,
    granted_by: Option<String>,
    history: History,
}

impl Entitlement {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &EntitlementId {
        &self.id
    }

    /// The organization.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// The feature.
    #[must_use]
    pub fn feature(&self) -> Feature {
        self.feature
    }

    /// How far it has come.
    #[must_use]
    pub fn status(&self) -> EntitlementStatus {
        self.status
    }

    /// The application, if there was one.
    #[must_use]
    pub fn application(&self) -> Option<&EntitlementRequest> {
        self.request.as_ref()
    }

    /// When it holds; `None` until it is given.
    #[must_use]
    pub fn window(&self) -> Option<&Window> {
        self.window.as_ref()
    }

    /// How much of the feature; `None`: as much as one likes.
    #[must_use]
    pub fn quota(&self) -> Option<&Quota> {
        self.quota.as_ref()
    }

    /// The digest of what it was given on: the application, or another paper.
    #[must_use]
    pub fn evidence(&self) -> Option<&Digest> {
        self.evidence.as_ref()
    }

    /// Who gave it, as records name him.
    #[must_use]
    pub fn granted_by(&self) -> Option<&str> {
        self.granted_by.as_deref()
    }

    /// The organization may use the feature now (R-ENT-01): the entitlement is its own and given,
    /// `now` is within its window, and something is left of the quota.
    ///
    /// # Errors
    ///
    /// `feature.not_entitled`, `feature.expired`, `feature.quota_exhausted`, in this order.
    pub fn require(
        &self,
        organization: &OrganizationId,
        feature: Feature,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let not_entitled = Error::NotEntitled { organization: organization.clone(), feature };
        let ours = self.organization == *organization && self.feature == feature;
        let given = matches!(self.status, EntitlementStatus::Granted | EntitlementStatus::Expired);
        let Some(window) = self.window.filter(|_| ours && given) else {
            return Err(not_entitled);
        };
        match window.until {
            Some(until) if window.is_over(now) => Err(Error::FeatureExpired { feature, until }),
            _ if !window.contains(now) => Err(not_entitled),
            _ => self.quota.as_ref().map_or(Ok(()), |quota| quota.require_left(feature)),
        }
    }
}

/// The entitlements that a command may rest on.
///
/// ```
/// use sealwright::organization::{Entitlements, Feature};
/// let none = Entitlements::NONE;
/// let now = time::OffsetDateTime::UNIX_EPOCH;
/// let error = none.require(&"org_a".parse()?, Feature::StrategicSigning, now).unwrap_err();
/// assert_eq!(error.code(), "feature.not_entitled");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Entitlements<'a>(&'a [&'a Entitlement]);

impl<'a> Entitlements<'a> {
    /// None at all.
    pub const NONE: Self = Self(&[]);

    /// These; those of other organizations and features do no harm.
    #[must_use]
    pub fn of(entitlements: &'a [&'a Entitlement]) -> Self {
        Self(entitlements)
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'a Entitlement> {
        self.0.iter().copied()
    }

    /// Whether the organization may use the feature now.
    #[must_use]
    pub fn includes(
        &self,
        organization: &OrganizationId,
        feature: Feature,
        now: OffsetDateTime,
    ) -> bool {
        self.require(organization, feature, now).is_ok()
    }

    /// The organization may use the feature now, by one of the entitlements (R-ENT-01, R-ENT-02).
    ///
    /// # Errors
    ///
    /// `feature.quota_exhausted` if one fails by its quota alone, else `feature.expired` if one is
    /// over, else `feature.not_entitled`.
    pub fn require(
        &self,
        organization: &OrganizationId,
        feature: Feature,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        self.find(organization, feature, now).map(drop)
    }

    /// The first entitlement by which the organization may use the feature now.
    ///
    /// # Errors
    ///
    /// Those of [`Entitlements::require`].
    pub fn find(
        &self,
        organization: &OrganizationId,
        feature: Feature,
        now: OffsetDateTime,
    ) -> Result<&'a Entitlement, Error> {
        let telling = |error: &Error| match error {
            Error::QuotaExhausted { .. } => 2,
            Error::FeatureExpired { .. } => 1,
            _ => 0,
        };
        let mut best = Error::NotEntitled { organization: organization.clone(), feature };
        for entitlement in self.0 {
            match entitlement.require(organization, feature, now) {
                Ok(()) => return Ok(entitlement),
                Err(error) if telling(&error) > telling(&best) => best = error,
                Err(_) => {}
            }
        }
        Err(best)
    }
}
