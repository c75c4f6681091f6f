//! Grants of seals (印章授权): the right of one employee to one seal.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::grant_event::{GrantEvent, RevocationCause};
use super::{ContractFacts, Error, GrantScope, Right, Rights, Seal, UseOutcome, Validity};
use crate::contract::Reason;
use crate::decision::{Aggregate, Evolve, History, Recorded};
use crate::digest::Digest;
use crate::identity::{Actor, EmployeeId, GrantId, OrganizationId, SealId};

/// The right of one employee to one seal (印章授权, 用印权限).
///
/// Made by [`SealGrant::grant`], ended by [`SealGrant::revoke`]. A grant that was revoked or is
/// over never works again; it takes a new one (R-GRANT-03).
///
/// ```
/// use sealwright::authorization::{GrantStatus, SealGrant};
/// fn line(grant: &SealGrant) -> String {
///     let left = grant.uses_left().map_or_else(|| "any number".to_owned(), |n| n.to_string());
///     match grant.status() {
///         GrantStatus::Active => format!("{} may use {}, {left} times", grant.grantee(), grant.seal()),
///         GrantStatus::Revoked => format!("{} may not use {} any more", grant.grantee(), grant.seal()),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealGrant {
    id: GrantId,
    seal: SealId,
    organization: OrganizationId,
    grantee: EmployeeId,
    grantor: Actor,
    rights: Rights,
    validity: Validity,
    scope: GrantScope,
    max_uses: Option<NonZeroU32>,
    policy: PolicyText,
    consent: Option<Digest>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    uses: u32,
    revocation: Option<Revocation>,
    history: History,
}

/// Whether a grant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantStatus {
    /// Nobody took it back.
    Active,
    /// It was taken back.
    Revoked,
}

/// That a grant was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    /// Who did it.
    pub by: Actor,
    /// When, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What brought it about.
    pub cause: RevocationCause,
    /// Why, in words.
    pub reason: Option<Reason>,
}

/// What the grantor writes of how the seal is to be used: at most 300 characters. `Debug` shows its
/// length alone.
///
/// ```
/// use sealwright::authorization::PolicyText;
/// assert_eq!(PolicyText::parse("仅限租赁合同")?.as_str(), "仅限租赁合同");
/// let long = "字".repeat(301);
/// assert_eq!(PolicyText::parse(&long).unwrap_err().code(), "grant.policy_text_too_long");
/// # Ok::<(), sealwright::authorization::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PolicyText(String);

impl PolicyText {
    /// The most characters it may have.
    pub const MAX_CHARACTERS: usize = 300;

    /// A text.
    ///
    /// # Errors
    ///
    /// [`Error::PolicyTextTooLong`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let found = text.chars().count();
        if found > Self::MAX_CHARACTERS {
            return Err(Error::PolicyTextTooLong { found, most: Self::MAX_CHARACTERS });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PolicyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicyText({} characters)", self.0.chars().count())
    }
}

impl TryFrom<String> for PolicyText {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<PolicyText> for String {
    fn from(text: PolicyText) -> Self {
        text.0
    }
}

impl SealGrant {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &GrantId {
        &self.id
    }

    /// The seal.
    #[must_use]
    pub fn seal(&self) -> &SealId {
        &self.seal
    }

    /// The organization that owns the seal.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// Who holds it.
    #[must_use]
    pub fn grantee(&self) -> &EmployeeId {
        &self.grantee
    }

    /// Who gave it.
    #[must_use]
    pub fn grantor(&self) -> &Actor {
        &self.grantor
    }

    /// What it allows.
    #[must_use]
    pub fn rights(&self) -> &Rights {
        &self.rights
    }

    /// When it allows it.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// For which contracts.
    #[must_use]
    pub fn scope(&self) -> &GrantScope {
        &self.scope
    }

    /// How often it may be used, if that is limited.
    #[must_use]
    pub fn max_uses(&self) -> Option<u32> {
        self.max_uses.map(NonZeroU32::get)
    }

    /// How often it was used.
    #[must_use]
    pub fn uses(&self) -> u32 {
        self.uses
    }

    /// How often it may still be used, if that is limited.
    #[must_use]
    pub fn uses_left(&self) -> Option<u32> {
        self.max_uses().map(|most| most.saturating_sub(self.uses))
    }

    /// What the grantor wrote.
    #[must_use]
    pub fn policy(&self) -> &PolicyText {
        &self.policy
    }

    /// The digest of the letter of authority, for the legal representative's seal.
    #[must_use]
    pub fn consent(&self) -> Option<Digest> {
        self.consent
    }

    /// When it was given, UTC.
    #[must_use]
    pub fn created_at(&self) -> OffsetDateTime {
        self.created_at
    }

    /// Whether it stands.
    #[must_use]
    pub fn status(&self) -> GrantStatus {
        if self.revocation.is_some() { GrantStatus::Revoked } else { GrantStatus::Active }
    }

    /// How it was taken back, if it was.
    #[must_use]
    pub fn revocation(&self) -> Option<&Revocation> {
        self.revocation.as_ref()
    }

    /// Whether this employee has this right over this seal by it, at this instant. For the right
    /// to use, [`check_use`](super::check_use()) asks more: the seal, the contract, the uses left.
    #[must_use]
    pub fn gives(
        &self,
        right: Right,
        seal: &Seal,
        holder: &EmployeeId,
        now: OffsetDateTime,
    ) -> bool {
        self.is_about(right, seal, holder)
            && self.status() == GrantStatus::Active
            && self.validity.contains(now)
    }

    /// Whether it says anything of this right of this employee over this seal.
    pub(super) fn is_about(&self, right: Right, seal: &Seal, holder: &EmployeeId) -> bool {
        self.seal == *seal.id() && self.grantee == *holder && self.rights.contains(right)
    }

    /// The part of the use check that asks the grant, in its fixed order: revoked, not yet valid,
    /// expired, scope, uses (R-GRANT-02, 03, 04), some of which are spoken for. A failure comes with
    /// how far it got.
    pub(super) fn check(
        &self,
        contract: &ContractFacts<'_>,
        spoken_for: u32,
        now: OffsetDateTime,
    ) -> Result<(), (u8, Error)> {
        let grant = || self.id.clone();
        self.require_standing().map_err(|error| (1, error))?;
        if !self.validity.has_begun(now) {
            let from = self.validity.from();
            return Err((2, Error::NotYetValid { grant: grant(), from, now }));
        }
        if let Some(until) = self.validity.until().filter(|_| self.validity.is_over(now)) {
            return Err((3, Error::Expired { grant: grant(), until, now }));
        }
        if !self.scope.contains(contract) {
            let (scope, contract) = (self.scope.clone(), contract.id.clone());
            return Err((4, Error::ScopeExcluded { grant: grant(), scope, contract }));
        }
        let uses = self.uses.saturating_add(spoken_for);
        self.require_room(uses, 1).map_err(|error| (5, error))
    }

    pub(super) fn require_standing(&self) -> Result<(), Error> {
        match &self.revocation {
            None => Ok(()),
            Some(revocation) => Err(Error::Revoked { grant: self.id.clone(), at: revocation.at }),
        }
    }

    pub(super) fn require_uses_left(&self, wanted: usize) -> Result<(), Error> {
        self.require_room(self.uses, u32::try_from(wanted).unwrap_or(u32::MAX))
    }

    fn require_room(&self, uses: u32, wanted: u32) -> Result<(), Error> {
        match self.max_uses() {
            Some(most) if uses.saturating_add(wanted) > most => {
                Err(Error::UsageExhausted { grant: self.id.clone(), uses, most })
            }
            _ => Ok(()),
        }
    }
}

impl Evolve for SealGrant {
    type Event = GrantEvent;

    const PREFIX: &'static str = "grant";
    const SUBJECT: &'static str = "grant";

    crate::decision::id_and_history!();

    fn state_name(&self) -> &'static str {
        match self.status() {
            GrantStatus::Active => "active",
            GrantStatus::Revoked => "revoked",
        }
    }

    fn begin(first: &Recorded<GrantEvent>) -> Option<Self> {
        let GrantEvent::Granted {
            grant,
            seal,
            organization,
            grantee,
            rights,
            validity,
            scope,
            max_uses,
            policy,
            consent,
        } = first.event.clone()
        else {
            return None;
        };
        (first.aggregate == grant.as_str()).then(|| Self {
            id: grant,
            seal,
            organization,
            grantee,
            grantor: first.actor.clone(),
            rights,
            validity,
            scope,
            max_uses,
            policy,
            consent,
            created_at: first.at,
            uses: 0,
            revocation: None,
            history: History::start(),
        })
    }

    fn evolve(&mut self, event: &Recorded<GrantEvent>) {
        match &event.event {
            GrantEvent::Granted { .. } => {}
            GrantEvent::Used { record } => {
                if matches!(record.outcome, UseOutcome::Used { .. }) {
                    self.uses = self.uses.saturating_add(1);
                }
            }
            GrantEvent::Revoked { cause, reason } => {
                self.revocation = Some(Revocation {
                    by: event.actor.clone(),
                    at: event.at,
                    cause: *cause,
                    reason: reason.clone(),
                });
            }
        }
    }
}

impl Aggregate for SealGrant {
    const FORMAT: &'static str = "sealwright/grant/1";
}
