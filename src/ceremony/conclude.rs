//! How a meeting ends (M17, M18), and what it takes over from its contracts meanwhile.

use time::OffsetDateTime;

use super::error::Error;
use super::event::{Conclusion, Event};
use super::live::is_completed;
use super::notices;
use super::participant::{Participant, PersonFacts};
use super::policy::SigningWindowPolicy;
use super::state::{Ceremony, Outcome, Phase};
use crate::contract::{Account, Contract, Holder, Signer, Slot, SlotState};
use crate::decision::Decision;
use crate::identity::EmployeeId;
use crate::organization::By;

impl Ceremony {
    pub(super) fn conclude(
        &self,
        contracts: &[&Contract],
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("conclude", |phase| phase == Phase::Live)?;
        self.require_host(by)?;
        self.require_attached(contracts)?;
        Ok(self.concluded(Conclusion::ByHost, contracts, by, now))
    }

    pub(super) fn lapse(
        &self,
        contracts: &[&Contract],
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("lapse", |phase| matches!(phase, Phase::Booked | Phase::Live))?;
        self.require_host_or_clock(by)?;
        self.require_attached(contracts)?;
        if let Some(from) = self.lapses_at().filter(|lapses_at| now < *lapses_at) {
            return Err(Error::TooEarly { from, now });
        }
        Ok(self.concluded(Conclusion::Lapsed, contracts, by, now))
    }

    /// Takes over what happened to the contracts: a slot that was forwarded has another signer
    /// (M8, C16), and a live meeting whose contracts are all completed is over (M17). To be asked
    /// after each change of a contract of the meeting; often nothing follows.
    ///
    /// ```
    /// use sealwright::ceremony::{Ceremony, Error};
    /// use sealwright::contract::Contract;
    /// use time::OffsetDateTime;
    ///
    /// fn after_a_signature(
    ///     meeting: &mut Ceremony,
    ///     contract: &Contract,
    ///     now: OffsetDateTime,
    /// ) -> Result<(), Error> {
    ///     let decision = meeting.follow(&[contract], now)?;
    ///     if !decision.is_empty() {
    ///         decision.apply_to(meeting)?; // stored first
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `cer.contract_state` if not exactly the meeting's contracts are given.
    pub fn follow(
        &self,
        contracts: &[&Contract],
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_attached(contracts)?;
        let decision = By::System.decides(self, now).reading_all(contracts.iter().copied());
        if !matches!(self.phase, Phase::Booked | Phase::Live) {
            return Ok(decision);
        }
        let replaced = self.signers().filter_map(|signer| self.replacement(signer, contracts));
        let mut after = self.participants.clone();
        let decision = replaced.fold(decision, |decision, (participant, facts, employee)| {
            if let Some(one) = after.iter_mut().find(|one| one.id() == participant.id()) {
                one.replace(facts.clone(), employee.clone());
            }
            let notice = notices::to("ceremony.booked", participant);
            let notice = notices::at_time(notice, self.schedule.as_ref());
            let participant = participant.id().clone();
            decision.event(Event::SignerReplaced { participant, facts, employee }).notice(notice)
        });
        let layout = self.layout_without_strangers(&self.parties, &after);
        let decision = layout.into_iter().fold(decision, Decision::event);
        let all_completed = !contracts.is_empty() && contracts.iter().all(|one| is_completed(one));
        if self.phase == Phase::Live && all_completed {
            let cause = Conclusion::ContractsCompleted;
            return Ok(decision.event(Event::Concluded { outcome: Outcome::Signed, cause }));
        }
        Ok(decision)
    }

    pub(super) fn set_signing_window(
        &self,
        window: SigningWindowPolicy,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("set_signing_window", |phase| phase != Phase::Cancelled)?;
        match self.phase {
            Phase::Draft => self.require_planner(by)?,
            _ => self.require_host_or_booker(by)?,
        }
        let decision = by.decides(self, now);
        if self.policy.signing_window == window {
            return Ok(decision);
        }
        Ok(decision.event(Event::SigningWindowSet { window }))
    }

    fn concluded(
        &self,
        cause: Conclusion,
        contracts: &[&Contract],
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Decision<Self> {
        let outcome = outcome_of(contracts);
        by.decides(self, now)
            .event(Event::Concluded { outcome, cause })
            .reading_all(contracts.iter().copied())
    }

    /// Who signs in place of a signer since his slots were handed over. Whoever still holds one of
    /// his slots stays, even if others were handed to somebody else.
    fn replacement<'a>(
        &'a self,
        signer: &'a Participant,
        contracts: &[&'a Contract],
    ) -> Option<(&'a Participant, PersonFacts, EmployeeId)> {
        let slots: Vec<&Slot> =
            contracts.iter().flat_map(|contract| self.slots_of(signer, contract)).collect();
        if slots.iter().any(|slot| slot.signer().holders().iter().any(|one| is_he(signer, one))) {
            return None;
        }
        slots.into_iter().find_map(|slot| {
            let holder = self.successor(signer, slot)?;
            Some((signer, PersonFacts::from(&holder.person), holder.employee_id()?.clone()))
        })
    }

    /// To whom a slot came from a signer; one of several candidates is followed by his account.
    fn successor<'a>(&self, signer: &Participant, slot: &'a Slot) -> Option<&'a Holder> {
        let handovers = Some(slot.handovers()).filter(|handovers| !handovers.is_empty())?;
        let holders = slot.signer().holders();
        match (slot.signer(), signer.employee()) {
            (Signer::Bound { holder }, _) => Some(holder),
            (_, Some(employee)) => {
                let own = Account::Employee(employee.clone());
                let last = handovers.iter().fold(&own, |account, handover| {
                    if handover.from == *account { &handover.to } else { account }
                });
                holders.iter().find(|holder| holder.account == *last)
            }
            // Nobody knows his account: it came to the one who is nobody else in the meeting.
            (_, None) => {
                let mut new =
                    holders.iter().filter(|holder| !self.signers().any(|one| is_he(one, holder)));
                new.next().filter(|_| new.next().is_none())
            }
        }
    }
}

fn is_he(signer: &Participant, holder: &Holder) -> bool {
    let is_his_account = holder.employee_id().is_some_and(|id| signer.employee() == Some(id));
    is_his_account || signer.facts().is_exactly(&holder.person)
}

fn outcome_of(contracts: &[&Contract]) -> Outcome {
    let signed = |slot: &Slot| slot.state() == SlotState::Signed;
    if !contracts.is_empty() && contracts.iter().all(|contract| is_completed(contract)) {
        Outcome::Signed
    } else if contracts.iter().any(|one| is_completed(one) || one.slots().iter().any(signed)) {
        Outcome::Partial
    } else {
        Outcome::NotSigned
    }
}
