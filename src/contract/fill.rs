//! Seeing the text (C7), filling fields (C8), and writing the values into the documents.

use std::collections::{BTreeMap, BTreeSet};

use super::closing::CertifiedBy;
use super::command::Entry;
use super::control::{Control, ControlError, ControlKey, Input, Value};
use super::decide::Moment;
use super::error::Error;
use super::event::Event;
use super::notices::merged;
use super::order::Order;
use super::phase::{Phase, Progress};
use super::signed_record::Revised;
use super::slot::{Slot, ViewCheck};
use super::state::Contract;
use crate::decision::Decision;
use crate::identity::SlotId;
use crate::organization::Permission;

impl Contract {
    /// The controls that a slot fills.
    pub fn fill_controls_of<'a>(&'a self, slot: &'a SlotId) -> impl Iterator<Item = &'a Control> {
        self.controls.iter().filter(move |control| control.kind().is_fill() && control.is_of(slot))
    }

    /// The controls that a slot signs.
    pub fn sign_controls_of<'a>(&'a self, slot: &'a SlotId) -> impl Iterator<Item = &'a Control> {
        self.controls.iter().filter(move |control| control.kind().is_sign() && control.is_of(slot))
    }

    /// Whether the slot has given any value since the start.
    pub(super) fn has_values_of(&self, slot: &Slot) -> bool {
        slot.fills && self.fill_controls_of(slot.id()).any(|control| control.value().is_some())
    }

    /// The slots whose turn it is when signing begins.
    pub(super) fn first_signers(&self) -> impl Iterator<Item = &Slot> {
        self.first_of(self.slots.iter().collect())
    }

    /// Those of the slots that act first.
    pub(super) fn first_of<'a>(&self, slots: Vec<&'a Slot>) -> impl Iterator<Item = &'a Slot> {
        let ordered = self.settings.order == Order::Sequential;
        let first = slots.iter().map(|slot| slot.plan.rank).min();
        slots.into_iter().filter(move |slot| !ordered || Some(slot.plan.rank) == first)
    }
}

impl Moment<'_> {
    /// C7.
    pub(super) fn open(
        &self,
        slot: &SlotId,
        entry: Entry,
        shown: &BTreeSet<ViewCheck>,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("be opened", Phase::is_open)?;
        let place = contract.slot(slot)?;
        let checks = &place.plan.options.view_checks;
        if let Some(missing) = checks.difference(shown).next() {
            return Err(Error::ViewCheckMissing { slot: slot.clone(), missing: *missing });
        }
        self.acting_in(slot)?;
        if place.plan.options.link_only && entry != Entry::Link {
            return Err(Error::EntryLinkOnly { slot: slot.clone() });
        }
        if contract.settings.hide_until_turn {
            contract.require_turn(place)?;
        }
        Ok(self.decided(Event::Opened { slot: slot.clone() }))
    }

    /// C8.
    pub(super) fn fill(
        &self,
        slot: SlotId,
        values: Vec<(ControlKey, Input)>,
        finished: bool,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("be filled", Phase::is_filling)?;
        let place = contract.slot(&slot)?;
        contract.require_in_time(place, self.now)?;
        self.acting_in(&slot)?;
        contract.require_unacted(place)?;
        let own: BTreeMap<&ControlKey, &Control> =
            contract.fill_controls_of(&slot).map(|control| (control.key(), control)).collect();
        let mut read = Vec::with_capacity(values.len());
        for (key, input) in values {
            let control = own.get(&key).ok_or_else(|| ControlError::NotOwner.of(key.clone()))?;
            read.push((key, control.read(&input)?));
        }
        let values = read;
        contract.require_turn(place)?;
        if !place.fills {
            return Err(Error::NotPending { slot, state: place.state.name() });
        }
        if finished {
            contract.require_values(&slot, &values)?;
        }
        let done = slot.clone();
        let decision = self.decided(Event::Filled { slot, values, finished });
        if !finished {
            return Ok(decision);
        }
        if contract.fillers_left(&done) {
            let next = contract.next_after(&done);
            return Ok(decision.notices_of(merged(next.filter_map(|it| contract.call_to_fill(it)))));
        }
        let next = contract.first_signers().filter_map(|next| contract.call_to_sign(next));
        Ok(decision.notice(contract.tell_initiator("contract.filled")).notices_of(merged(next)))
    }

    /// The values, fields and locks were written into the documents, by whoever executes the
    /// contract, while nobody signs them.
    pub(super) fn compose(
        &self,
        documents: Vec<Revised>,
        certified_by: Option<CertifiedBy>,
    ) -> Result<Decision<Contract>, Error> {
        let action = "have its documents composed";
        self.contract.require(action, |phase| phase == Phase::Signing(Progress::None))?;
        if !self.by.is_operator() {
            return Err(self.lacks(Permission::ContractInitiate));
        }
        if let Some(hold) = self.contract.hold.as_ref().filter(|hold| self.now < hold.until) {
            return Err(Error::InProgress { slot: hold.slot.clone(), until: hold.until });
        }
        self.contract.require_digests(&documents)?;
        let mut composed = BTreeSet::new();
        if !documents.iter().all(|revised| composed.insert(&revised.document)) {
            return Err(Error::Postcheck { found: "a document listed twice" });
        }
        Ok(self.decided(Event::Composed { documents, certified_by }))
    }
}

impl Contract {
    /// R-CTL-10: every required field of the slot has a value, among these or before.
    fn require_values(&self, slot: &SlotId, values: &[(ControlKey, Value)]) -> Result<(), Error> {
        let given: BTreeSet<&ControlKey> = values.iter().map(|(key, _)| key).collect();
        let missing: Vec<ControlKey> = self
            .fill_controls_of(slot)
            .filter(|control| control.misses_value() && !given.contains(control.key()))
            .map(|control| control.key().clone())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(ControlError::RequiredValueMissing { controls: missing }.into())
    }

    /// R-DOC-06: the documents are those that were recorded last.
    pub(super) fn require_digests(&self, documents: &[Revised]) -> Result<(), Error> {
        for revised in documents {
            let Revised { document, before, .. } = revised;
            let recorded = self
                .document(document)
                .ok_or_else(|| Error::DocumentUnknown { document: document.clone() })?;
            recorded.check_digest(before)?;
        }
        Ok(())
    }
}
