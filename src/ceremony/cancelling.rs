//! Calling a meeting off (M9).

use time::OffsetDateTime;

use super::error::Error;
use super::event::Event;
use super::state::{Ceremony, Phase};
use crate::contract::{self, Contract, Group, Reason};
use crate::decision::Decision;
use crate::organization::{By, Entitlement};

/// What becomes of the contracts of a meeting that is called off.
#[derive(Clone, Copy, Debug)]
pub enum ContractsOfCancelled<'a> {
    /// They are cancelled with it, groups of contracts as a whole. Those that have ended already stay
    /// as they are.
    Cancelled(&'a [&'a Contract]),
    /// They go on without it: from now on they belong to no meeting, and their signers sign at any
    /// time.
    Kept(&'a [&'a Contract]),
}

/// What calling off returns. All of it is stored in **one** transaction, each list in its order.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct MeetingCancellation {
    /// On the meeting.
    pub ceremony: Decision<Ceremony>,
    /// On its contracts: cancelled, or from now on of no meeting.
    pub contracts: Vec<Decision<Contract>>,
    /// On the entitlements whose units are returned, one after the other.
    pub quotas: Vec<Decision<Entitlement>>,
}

impl Ceremony {
    /// M9: calls the meeting off, by a host or the booker, before its room is open. Everybody who
    /// was told of it is told.
    ///
    /// `entitlements` are those on which units are reserved for the contracts
    /// ([`Contract::quota`]) and for the meeting ([`Ceremony::quota`]); they are needed to return
    /// them.
    ///
    /// ```
    /// use sealwright::ceremony::{Ceremony, ContractsOfCancelled, Error, MeetingCancellation};
    /// use sealwright::contract::{Contract, Reason};
    /// use sealwright::organization::By;
    /// use time::OffsetDateTime;
    ///
    /// /// The meeting falls out, the contract is signed all the same.
    /// fn meet_no_more(
    ///     meeting: &Ceremony,
    ///     contract: &Contract,
    ///     by: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<MeetingCancellation, Error> {
    ///     let reason = Reason::parse("改为线下")?;
    ///     meeting.cancel(reason, ContractsOfCancelled::Kept(&[contract]), &[], by, now)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `cer.illegal_transition`; `cer.host_only`; `cer.contract_state` if not exactly its contracts
    /// are given; `con.group_incomplete` if one of them belongs to a group of which not every member is
    /// attached to the meeting: let them be kept, and cancel the [`Group`]; those of
    /// [`Contract::cancel`], among them `con.cancel_forbidden` for a host who may not cancel the
    /// organization's contracts: let him keep them, or ask the booker.
    /// `con.quota_not_given` also for the entitlement of the meeting itself.
    pub fn cancel(
        &self,
        reason: Reason,
        contracts: ContractsOfCancelled<'_>,
        entitlements: &[&Entitlement],
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<MeetingCancellation, Error> {
        self.require_acquainted(by)?;
        self.require("cancel", |phase| matches!(phase, Phase::Draft | Phase::Booked))?;
        self.require_host_or_booker(by)?;
        let mut returned = Returned { left: Vec::new(), decisions: Vec::new() };
        let mut decided = Vec::new();
        let contracts_kept = match contracts {
            ContractsOfCancelled::Kept(contracts) => {
                self.require_attached(contracts)?;
                let freed = contracts.iter().filter_map(|one| one.go_on_without(&self.id, by, now));
                decided.extend(freed);
                true
            }
            ContractsOfCancelled::Cancelled(contracts) => {
                self.require_attached(contracts)?;
                for contract in contracts.iter().filter(|one| !one.phase().is_terminal()) {
                    require_whole_group(contract, contracts)?;
                    let quota =
                        contract.quota().and_then(|id| returned.find(id.as_str(), entitlements));
                    let done =
                        contract.cancel_as_member(reason.clone(), by, quota.as_ref(), now)?;
                    decided.push(done.contract);
                    returned.keep(quota, done.quota)?;
                }
                false
            }
        };
        self.return_meeting(entitlements, &mut returned, by, now)?;
        let was_booked = self.phase == Phase::Booked;
        let notices = if was_booked { self.notices_to_all("ceremony.cancelled") } else { vec![] };
        let ceremony = by
            .decides(self, now)
            .event(Event::Cancelled { reason, contracts_kept })
            .notices_of(notices);
        Ok(MeetingCancellation { ceremony, contracts: decided, quotas: returned.decisions })
    }

    /// The unit that the booking took for the meeting itself.
    fn return_meeting(
        &self,
        entitlements: &[&Entitlement],
        returned: &mut Returned,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let (Some(id), Some(contract)) = (&self.quota, self.contracts.first()) else {
            return Ok(());
        };
        let missing = || contract::Error::QuotaNotGiven { entitlement: id.clone() };
        let entitlement = returned.find(id.as_str(), entitlements).ok_or_else(missing)?;
        let decision = entitlement.give_back(contract, by, now)?;
        returned.keep(Some(entitlement), Some(decision))
    }
}

/// Members of a group are cancelled together or not at all.
fn require_whole_group(contract: &Contract, contracts: &[&Contract]) -> Result<(), Error> {
    if let Some(membership) = contract.group() {
        let is_member = |one: &&Contract| one.group().is_some_and(|of| of.id == membership.id);
        Group::of(contracts.iter().copied().filter(is_member).collect())?;
    }
    Ok(())
}

/// Entitlements as they are after the units returned so far.
struct Returned {
    left: Vec<Entitlement>,
    decisions: Vec<Decision<Entitlement>>,
}

impl Returned {
    fn find(&self, id: &str, given: &[&Entitlement]) -> Option<Entitlement> {
        let known = self.left.iter().find(|one| one.id().as_str() == id);
        known.or_else(|| given.iter().find(|one| one.id().as_str() == id).copied()).cloned()
    }

    fn keep(
        &mut self,
        before: Option<Entitlement>,
        decision: Option<Decision<Entitlement>>,
    ) -> Result<(), Error> {
        if let (Some(mut after), Some(decision)) = (before, decision) {
            decision.apply_to(&mut after)?;
            self.left.retain(|one| one.id() != after.id());
            self.left.push(after);
            self.decisions.push(decision);
        }
        Ok(())
    }
}
