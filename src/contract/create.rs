//! How a contract comes to be (C1) and how its draft changes (C2).

use time::OffsetDateTime;

use super::decide::Moment;
use super::edit::Edit;
use super::error::Error;
use super::event::{Beginning, Event};
use super::group::Membership;
use super::instant::in_utc;
use super::name::ContractName;
use super::phase::Phase;
use super::settings::Settings;
use super::state::{Contract, Initiator};
use crate::decision::Decision;
use crate::identity::{ContractId, OrganizationId};
use crate::organization::{By, Entitlement, Entitlements, Feature, Permission, Staff};

/// On what a contract's unit of quota is reserved (合同额度).
///
/// The unit is reserved at the start and returned by a cancellation before the first human
/// signature; it is never returned by expiry, decline, completion or release.
#[derive(Clone, Copy, Debug)]
pub enum Allowance<'a> {
    /// The host does not count contracts.
    Unlimited,
    /// On this entitlement to [`Feature::Contracts`].
    On(&'a Entitlement),
}

impl Allowance<'_> {
    /// That a unit is left.
    pub(super) fn require(
        &self,
        organization: &OrganizationId,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        match self {
            Self::Unlimited => Ok(()),
            Self::On(entitlement) => Ok(Entitlements::of(&[*entitlement]).require(
                organization,
                Feature::Contracts,
                now,
            )?),
        }
    }
}

/// What a contract begins with. The rest is written into the draft by [`Edit`]s.
///
/// ```
/// use sealwright::contract::{ContractName, NewContract, Settings};
/// let new = NewContract {
///     settings: Settings { hide_until_turn: true, ..Settings::default() },
///     ..NewContract::new("con_1".parse()?, ContractName::parse("框架协议")?)
/// };
/// assert!(new.deadline.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NewContract {
    /// Its id, chosen by the host.
    pub id: ContractId,
    /// Its name.
    pub name: ContractName,
    /// What the initiator decides about its course.
    pub settings: Settings,
    /// When it expires; none leaves it to the start.
    pub deadline: Option<OffsetDateTime>,
    /// The group that it is a member of.
    pub group: Option<Membership>,
}

impl NewContract {
    /// A contract with default settings and no deadline yet.
    #[must_use]
    pub fn new(id: ContractId, name: ContractName) -> Self {
        Self { id, name, settings: Settings::default(), deadline: None, group: None }
    }
}

impl Contract {
    /// C1: creates a draft.
    ///
    /// ```
    /// # use sealwright::contract::{Allowance, Contract, ContractName, NewContract};
    /// # use sealwright::organization::{Entitlement, Staff};
    /// # use time::OffsetDateTime;
    /// fn draft(
    ///     staff: &Staff<'_>,
    ///     quota: &Entitlement,
    ///     now: OffsetDateTime,
    /// ) -> Result<Contract, Box<dyn std::error::Error>> {
    ///     let name = ContractName::parse("战略合作框架协议")?;
    ///     let new = NewContract::new("con_1".parse()?, name);
    ///     let decision = Contract::create(new, staff, Allowance::On(quota), now)?;
    ///     // The host stores the decision here.
    ///     Ok(decision.found()?.0)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// In this order: `org.not_active` and its like, `emp.*` for an employee who is not active,
    /// `emp.no_permission`, `feature.quota_exhausted` and its like, `con.setting_invalid` for a
    /// deadline that UTC does not have.
    pub fn create(
        new: NewContract,
        by: &Staff<'_>,
        quota: Allowance<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        by.require(Permission::ContractInitiate)?;
        quota.require(by.organization().id(), now)?;
        let beginning = Beginning {
            name: new.name,
            initiator: Initiator::of(by),
            settings: new.settings,
            deadline: new.deadline.map(in_utc).transpose()?,
            group: new.group,
            releases: None,
        };
        Ok(By::Staff(*by)
            .creates(new.id.as_str(), now)
            .event(Event::Created { beginning: Box::new(beginning) }))
    }

    /// Reserves a unit of quota for this contract.
    pub(super) fn reserve_quota(
        &self,
        quota: Allowance<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Decision<Entitlement>>, Error> {
        let Allowance::On(entitlement) = quota else { return Ok(None) };
        quota.require(&self.initiator.organization, now)?;
        let decision = entitlement.reserve(&self.id, by, now)?;
        // Without a limit there is nothing to reserve, and nothing to return.
        Ok((!decision.is_empty()).then_some(decision))
    }

    /// Returns the unit that was reserved.
    pub(super) fn return_quota(
        &self,
        entitlement: &Entitlement,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Entitlement>, Error> {
        Ok(entitlement.give_back(&self.id, by, now)?)
    }
}

impl Moment<'_> {
    /// C2.
    pub(super) fn edit(&self, change: Edit) -> Result<Decision<Contract>, Error> {
        self.contract.require("be edited", |phase| phase == Phase::Draft)?;
        self.require_initiating(Permission::ContractInitiate)?;
        let change = change.in_utc()?;
        self.contract.check_edit(&change)?;
        Ok(self.decided(Event::Edited { change }))
    }
}

impl Contract {
    /// What no draft may hold, however unfinished it is.
    pub(super) fn check_edit(&self, change: &Edit) -> Result<(), Error> {
        match change {
            Edit::People { parties, slots, cc } => {
                // The bounds keep a draft from growing without end; the rest is C6's.
                let (found, most) = (slots.len(), Self::MOST_SIGNERS);
                if found > most {
                    return Err(Error::TooManySigners { found, most });
                }
                for slot in slots {
                    let candidates = slot.signer.holders().len();
                    Error::check_setting("candidates", candidates, 0, Self::MOST_CANDIDATES)?;
                }
                Error::check_setting("parties", parties.len(), 0, Self::MOST_PARTIES)?;
                Error::check_setting("cc", cc.len(), 0, Self::MOST_CC)
            }
            Edit::Name { .. } | Edit::Settings { .. } | Edit::Deadline { .. } => Ok(()),
            Edit::Acknowledged { .. } => Ok(()),
            content => self.check_content(content),
        }
    }
}
