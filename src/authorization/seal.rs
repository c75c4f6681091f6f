//! Seals of organizations (印章): what they are and what can be done with them.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::seal_event::{SealEvent, SealStatus, SealVersion};
use super::{Error, Right, SealGrant, SealName, TaxNumber, Validity};
use crate::contract::{Description, SealKind};
use crate::decision::{Aggregate, Claim, ClaimKey, Evolve, History, Recorded};
use crate::identity::{OrganizationId, SealId};
use crate::organization::{By, Organization, Permission};
use crate::statement::FaceDigest;

/// A seal of an organization (印章): a picture, a physical size, and where it stands.
///
/// Made by [`Seal::create`], changed by [`Seal::decide`]. Who may *use* it is said by
/// [`SealGrant`]s alone: neither the super admin nor whoever manages the seal may apply it without
/// one.
///
/// ```
/// use sealwright::authorization::{Seal, SealStatus};
/// use sealwright::decision::{Aggregate, Recorded};
/// # fn example(events: &[Recorded<sealwright::authorization::SealEvent>])
/// #     -> Result<(), sealwright::decision::ReplayError> {
/// let seal = Seal::replay(events)?; // from where the host keeps what happened
/// if seal.status() == SealStatus::Enabled {
///     println!("{} shows the face {}", seal.name(), seal.current().image.face());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    id: SealId,
    organization: OrganizationId,
    kind: SealKind,
    name: SealName,
    status: SealStatus,
    validity: Validity,
    description: Description,
    tax_number: Option<TaxNumber>,
    representative_term: Option<u32>,
    current: SealVersion,
    past: Vec<SealVersion>,
    history: History,
}

impl Seal {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &SealId {
        &self.id
    }

    /// Whose it is.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// What it is for (印章类型).
    #[must_use]
    pub fn kind(&self) -> &SealKind {
        &self.kind
    }

    /// What it is called; unique within its organization (R-SEAL-03).
    #[must_use]
    pub fn name(&self) -> &SealName {
        &self.name
    }

    /// What the organization notes of it.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The tax number on an invoice seal.
    #[must_use]
    pub fn tax_number(&self) -> Option<&TaxNumber> {
        self.tax_number.as_ref()
    }

    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> SealStatus {
        self.status
    }

    /// When it may be applied.
    #[must_use]
    pub fn validity(&self) -> Validity {
        self.validity
    }

    /// The face it has now.
    #[must_use]
    pub fn current(&self) -> &SealVersion {
        &self.current
    }

    /// All faces it has had, the first one first.
    pub fn versions(&self) -> impl Iterator<Item = &SealVersion> {
        self.past.iter().chain([&self.current])
    }

    /// The version that has this face: whether a seal on a document is one of the register.
    #[must_use]
    pub fn version_with(&self, face: FaceDigest) -> Option<&SealVersion> {
        self.versions().find(|version| version.image.face() == face)
    }

    /// Whether it may be applied at this instant, whoever does it (R-SEAL-11).
    ///
    /// # Errors
    ///
    /// [`Error::NotEnabled`], then [`Error::OutsideValidity`].
    pub fn require_applicable(&self, now: OffsetDateTime) -> Result<(), Error> {
        self.require_enabled()?;
        if self.validity.contains(now) {
            return Ok(());
        }
        let (seal, from, until) = (self.id.clone(), self.validity.from(), self.validity.until());
        Err(Error::OutsideValidity { seal, from, until, now })
    }

    /// Whether it is enabled (R-SEAL-11).
    ///
    /// # Errors
    ///
    /// [`Error::NotEnabled`].
    pub fn require_enabled(&self) -> Result<(), Error> {
        if self.status == SealStatus::Enabled {
            return Ok(());
        }
        Err(Error::NotEnabled { seal: self.id.clone(), status: self.status })
    }

    /// Whether it is no seal of a former legal representative of the organization: what bears his name
    /// speaks for nobody any more once another one follows.
    ///
    /// # Errors
    ///
    /// [`Error::FormerRepresentative`].
    pub fn require_of_present_representative(
        &self,
        organization: &Organization,
    ) -> Result<(), Error> {
        let present = Some(organization.representative_term());
        if self.kind.is_legal_representative() && self.representative_term != present {
            return Err(Error::FormerRepresentative { seal: self.id.clone() });
        }
        Ok(())
    }

    /// Whether this caller has a right over the seal: manage and audit come with a permission of
    /// his role or with a grant, use with a grant alone (三权分立). None implies another.
    #[must_use]
    pub fn gives(
        &self,
        right: Right,
        by: &By<'_>,
        grants: &[&SealGrant],
        now: OffsetDateTime,
    ) -> bool {
        let own = by.staff().filter(|staff| *staff.organization().id() == self.organization);
        let by_role = own.is_some_and(|staff| match right {
            Right::Use => false,
            Right::Manage => staff.require(Permission::SealManage).is_ok(),
            Right::Audit => staff.require(Permission::SealAudit).is_ok(),
        });
        by_role || self.grant_of(right, by, grants, now).is_some()
    }

    /// The grant by which this caller has a right over the seal.
    pub(super) fn grant_of<'g>(
        &self,
        right: Right,
        by: &By<'_>,
        grants: &[&'g SealGrant],
        now: OffsetDateTime,
    ) -> Option<&'g SealGrant> {
        let own = by.staff().filter(|staff| *staff.organization().id() == self.organization);
        let holder = own.filter(|staff| staff.require_active().is_ok())?.employee().id();
        grants.iter().copied().find(|grant| grant.gives(right, self, holder, now))
    }

    /// The names it holds while it is live: to be claimed, or released.
    pub(super) fn names(&self) -> Vec<(ClaimKey, &'static str)> {
        names_of(&self.organization, &self.kind, &self.name)
    }

    pub(super) fn releases(&self) -> Vec<Claim> {
        self.names().into_iter().map(|(key, _)| Claim::release(key, &self.id)).collect()
    }
}

/// Whether the legal representative of the organization asks, as its employee or as himself. That
/// the organization is active is asked where something is made, not where a grant is taken back.
pub(super) fn is_legal_representative(by: &By<'_>, organization: &Organization) -> bool {
    match by {
        By::Staff(staff) => {
            staff.organization().id() == organization.id()
                && staff.employee().is_active()
                && staff.is_legal_representative()
        }
        By::Person { person, .. } => organization.is_legal_representative(person),
        _ => false,
    }
}

/// What only one live seal of an organization may have, and the code of a second one.
pub(super) fn names_of(
    organization: &OrganizationId,
    kind: &SealKind,
    name: &SealName,
) -> Vec<(ClaimKey, &'static str)> {
    let scope = organization.as_str();
    // The name may hold that of a person.
    let mut names =
        vec![(ClaimKey::personal("seal.name", scope, name.as_str()), "seal.name_taken")];
    let only = match kind {
        SealKind::Official => Some(("seal.official", "seal.official_exists")),
        SealKind::LegalRepresentative => {
            Some(("seal.legal_representative", "seal.legal_rep_exists"))
        }
        _ => None,
    };
    names.extend(only.map(|(space, code)| (ClaimKey::new(space, scope), code)));
    names
}

impl Evolve for Seal {
    type Event = SealEvent;

    const PREFIX: &'static str = "seal";
    const SUBJECT: &'static str = "seal";

    crate::decision::id_and_history!();

    fn state_name(&self) -> &'static str {
        self.status.code()
    }

    fn begin(first: &Recorded<SealEvent>) -> Option<Self> {
        let SealEvent::Created {
            seal,
            organization,
            kind,
            name,
            version,
            status,
            validity,
            description,
            tax_number,
            representative_term,
        } = first.event.clone()
        else {
            return None;
        };
        (first.aggregate == seal.as_str()).then(|| Self {
            id: seal,
            organization,
            kind,
            name,
            status,
            validity,
            description,
            tax_number,
            representative_term,
            current: version,
            past: Vec::new(),
            history: History::start(),
        })
    }

    fn evolve(&mut self, event: &Recorded<SealEvent>) {
        match &event.event {
            SealEvent::Created { .. } => {}
            SealEvent::Approved | SealEvent::Enabled => self.status = SealStatus::Enabled,
            SealEvent::Rejected { .. } => self.status = SealStatus::Rejected,
            SealEvent::Disabled => self.status = SealStatus::Disabled,
            SealEvent::Stopped { .. } => self.status = SealStatus::Stopped,
            SealEvent::Voided { .. } => self.status = SealStatus::Void,
            SealEvent::Invalidated => self.status = SealStatus::Invalid,
            SealEvent::Deleted => self.status = SealStatus::Deleted,
            SealEvent::FaceChanged { version, status } => {
                let before = std::mem::replace(&mut self.current, version.clone());
                self.past.push(before);
                self.status = *status;
            }
        }
    }
}

impl Aggregate for Seal {
    const FORMAT: &'static str = "sealwright/seal/1";
}
