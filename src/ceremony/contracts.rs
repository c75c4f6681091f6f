//! The contracts of a meeting: the same people sign in both (M4), and their controls are finished
//! (M5).

use time::OffsetDateTime;

use super::error::Error;
use super::event::Event;
use super::participant::Participant;
use super::state::{Ceremony, Phase};
use crate::contract::{Contract, Holder, Phase as ContractPhase, Slot, StartFacts};
use crate::decision::Decision;
use crate::identity::{ContractId, ParticipantId, SlotId};
use crate::organization::By;

impl Ceremony {
    pub(super) fn attach_contracts(
        &self,
        contracts: &[&Contract],
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("attach_contracts", |phase| phase == Phase::Draft)?;
        self.require_planner(by)?;
        Error::check_count("contracts", contracts.len(), self.policy.most_contracts)?;
        for contract in contracts {
            self.require_own_draft(contract)?;
        }
        if !contracts.is_empty() {
            self.require_same_signers(contracts)?;
        }
        let mut ids: Vec<ContractId> = Vec::new();
        for contract in contracts {
            if !ids.contains(contract.id()) {
                ids.push(contract.id().clone());
            }
        }
        let decision = by.decides(self, now).reading_all(contracts.iter().copied());
        if ids == self.contracts {
            return Ok(decision);
        }
        Ok(decision.event(Event::ContractsAttached { contracts: ids }))
    }

    /// M5: the controls of a contract were looked at in the preview and are finished. `start` is what
    /// the contract's start will rest on.
    pub(super) fn finish_controls(
        &self,
        contract: &Contract,
        start: &StartFacts<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("finish_controls", |phase| phase == Phase::Draft)?;
        self.require_planner(by)?;
        self.require_one_attached(contract.id())?;
        let validation = contract.validate(start, now);
        let codes: Vec<_> = validation.errors.iter().map(crate::contract::Error::code).collect();
        if !codes.is_empty() {
            return Err(Error::ControlsIncomplete { contract: contract.id().clone(), codes });
        }
        let warnings = validation.warnings.iter().map(|one| one.code().code().to_owned());
        let (contract_id, warnings) = (contract.id().clone(), warnings.collect());
        Ok(by
            .decides(self, now)
            .event(Event::ControlsFinished { contract: contract_id, warnings })
            .reading(contract)
            .reading_all(start.entitlements.all()))
    }

    /// A draft of the organizer's.
    pub(super) fn require_own_draft(&self, contract: &Contract) -> Result<(), Error> {
        let wrong = |found, needed| {
            Err(Error::ContractState { contract: contract.id().clone(), found, needed })
        };
        if contract.phase() != ContractPhase::Draft {
            return wrong(contract.phase().name(), "a draft");
        }
        if contract.initiator().organization != self.organizer {
            return wrong("initiated by another organization", "initiated by the organizer");
        }
        Ok(())
    }

    /// M4: whoever signs in the meeting has a slot, and whoever has a slot signs in the meeting.
    pub(super) fn require_same_signers(&self, contracts: &[&Contract]) -> Result<(), Error> {
        let has_slot = |signer: &&Participant| {
            contracts.iter().any(|contract| self.slots_of(signer, contract).next().is_some())
        };
        let missing: Vec<ParticipantId> =
            self.signers().filter(|one| !has_slot(one)).map(|one| one.id().clone()).collect();
        let slots = contracts
            .iter()
            .flat_map(|contract| contract.slots().iter().map(|slot| (*contract, slot)));
        let extra: Vec<SlotId> = slots
            .filter(|(contract, slot)| !self.signs_in_meeting(contract, slot))
            .map(|(_, slot)| slot.id().clone())
            .collect();
        if missing.is_empty() && extra.is_empty() {
            return Ok(());
        }
        Err(Error::SignerSetMismatch { missing, extra })
    }

    /// The slots of a signer in a contract: those that the booking recorded; before it, those of the
    /// same person.
    pub(super) fn slots_of<'a>(
        &'a self,
        signer: &'a Participant,
        contract: &'a Contract,
    ) -> impl Iterator<Item = &'a Slot> {
        let recorded = signer.slots();
        contract.slots().iter().filter(move |slot| {
            if !recorded.is_empty() {
                return recorded.iter().any(|(of, id)| of == contract.id() && id == slot.id());
            }
            slot.signer()
                .holders()
                .iter()
                .any(|holder| self.is_holder(signer, contract, slot, holder))
        })
    }

    /// The places of a signer in the slots of a contract, among those who may act there: before the
    /// booking, by his facts.
    pub(super) fn places_of<'a>(
        &'a self,
        signer: &'a Participant,
        contract: &'a Contract,
    ) -> impl Iterator<Item = (&'a Slot, usize)> {
        contract.slots().iter().filter_map(move |slot| {
            let mut holders = slot.signer().holders().iter();
            let place = holders.position(|it| self.is_holder(signer, contract, slot, it))?;
            Some((slot, place))
        })
    }

    /// Seals that are applied by nobody's hand need nobody in the meeting.
    fn signs_in_meeting(&self, contract: &Contract, slot: &Slot) -> bool {
        let holders = slot.signer().holders();
        let is_known = |holder: &Holder| {
            self.signers().any(|signer| self.is_holder(signer, contract, slot, holder))
        };
        slot.signer().is_auto() || (!holders.is_empty() && holders.iter().all(is_known))
    }

    /// The same person, by all facts, for the same organization.
    pub(super) fn is_holder(
        &self,
        signer: &Participant,
        contract: &Contract,
        slot: &Slot,
        holder: &Holder,
    ) -> bool {
        let party = signer.party().and_then(|party| self.party(party));
        let theirs = contract.party(slot.party()).and_then(|party| party.organization_name());
        party.map(|party| &party.organization) == theirs
            && signer.facts().is_exactly(&holder.person)
    }

    pub(super) fn require_one_attached(&self, contract: &ContractId) -> Result<(), Error> {
        if self.contracts.contains(contract) {
            return Ok(());
        }
        Err(Error::ContractState {
            contract: contract.clone(),
            found: "not attached",
            needed: "one of the meeting's",
        })
    }
}

/// Whether the contract's deadline, the one it has or would get now, is before the meeting's end.
pub(super) fn ends_before(contract: &Contract, end: OffsetDateTime, now: OffsetDateTime) -> bool {
    let span = contract.settings().opening.default_span();
    contract.deadline().unwrap_or_else(|| now.saturating_add(span)) < end
}
