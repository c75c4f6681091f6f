//! How a contract follows from its events. Nothing is decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::closing::ClosingStamp;
use super::control::{Applied, ControlKey};
use super::edit::Edit;
use super::event::{Beginning, Event, Frozen, Start, Verdict};
use super::name::UserData;
use super::phase::{Phase, Progress};
use super::signed_record::{Application, Revised, SignedRecord};
use super::signer::{Account, Holder, Signer};
use super::slot::{Handover, Review, Slot, SlotState};
use super::state::{Contract, Hold};
use crate::decision::{Evolve, History, Recorded};
use crate::identity::{Actor, ContractId, Factors, SlotId};

impl Evolve for Contract {
    type Event = Event;

    const PREFIX: &'static str = "con";
    const SUBJECT: &'static str = "contract";

    crate::decision::id_and_history!();

    fn state_name(&self) -> &'static str {
        self.phase.name()
    }

    fn begin(first: &Recorded<Event>) -> Option<Self> {
        match &first.event {
            Event::Created { beginning } => {
                let id: ContractId = first.aggregate.parse().ok()?;
                Some(Self::begun(id, beginning))
            }
            _ => None,
        }
    }

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            // Only a beginning: see `begin`.
            Event::Created { .. } => {}
            Event::Edited { change } => self.edited(change),
            Event::StartSubmitted => {
                self.phase = Phase::ReviewingStart;
                self.submitted_by = Some(recorded.actor.clone());
            }
            Event::StartReviewed { passed, .. } => {
                if !passed {
                    self.phase = Phase::Draft;
                }
            }
            Event::Started { start } => self.started(start, recorded),
            Event::MeetingCalledOff { .. } => self.ceremony = None,
            Event::Opened { slot } => self.opened(slot, recorded),
            Event::Filled { slot, values, finished } => {
                let values: BTreeMap<_, _> = values.iter().map(|(key, it)| (key, it)).collect();
                for control in &mut self.controls {
                    if let Some(value) = values.get(control.key()) {
                        control.fill((*value).clone());
                    }
                }
                self.filled(slot, *finished);
            }
            Event::FillDeclined { slot, .. } => {
                self.acted(slot, SlotState::Declined, recorded);
                self.end(Phase::FillRejected, SlotState::Stopped);
            }
            Event::Composed { documents, certified_by } => {
                self.revised(documents);
                self.certified_by.clone_from(certified_by);
            }
            Event::Reviewed { slot, verdict, .. } => self.reviewed(slot, *verdict, recorded),
            Event::SigningBegun { slot, until } => {
                let ticket = recorded.revision;
                self.hold = Some(Hold { slot: slot.clone(), until: *until, ticket });
                if let Some(slot) = self.slot_mut(slot) {
                    let running = slot.held_until.filter(|first| recorded.at < *first);
                    slot.held_until = running.or(Some(*until));
                }
            }
            Event::SigningAbandoned { .. } => self.hold = None,
            Event::Signed { record, .. } => self.signed(record, recorded),
            Event::Completed => self.phase = Phase::Completed,
            Event::Closed { stamps } => self.closed(stamps),
            Event::Declined { slot, .. } => {
                self.acted(slot, SlotState::Declined, recorded);
                self.end(Phase::Rejected, SlotState::Stopped);
            }
            Event::Cancelled { .. } => {
                if self.returns_quota() {
                    self.quota = None;
                }
                self.end(Phase::Cancelled, SlotState::Cancelled);
            }
            Event::Expired { slot } => {
                let others = if slot.is_some() { SlotState::Stopped } else { SlotState::Expired };
                if let Some(slot) = slot.as_ref().and_then(|slot| self.slot_mut(slot)) {
                    slot.state = SlotState::Expired;
                }
                self.end(Phase::Expired, others);
            }
            Event::DeadlineExtended { slot, to } => {
                match slot.as_ref().and_then(|slot| self.slot_mut(slot)) {
                    Some(slot) => slot.plan.deadline = Some(*to),
                    None => self.deadline = Some(*to),
                }
            }
            Event::Forwarded { slot, place, from, to, kind } => {
                let (from, kind, at) = (from.clone(), *kind, recorded.at);
                let held = self.slot(slot).map(|slot| slot.withheld_from(*place));
                let was_delivered = held.is_ok_and(Factors::is_empty);
                let to_account = to.account.clone();
                let handover = Handover { from, to: to_account, kind, was_delivered, at };
                self.forwarded(slot, *place, to, handover);
            }
            Event::Bound { slot, holder } => self.bound(slot, holder),
            Event::Reminded { slot } => {
                if let Some(slot) = self.slot_mut(slot) {
                    slot.reminders = slot.reminders.saturating_add(1);
                }
            }
            Event::Invalidated { .. } => self.end(Phase::Invalidated, SlotState::Stopped),
            Event::DeliveryWithheld { slot, place, factors } => {
                if let Some(slot) = self.slot_mut(slot) {
                    slot.withhold(*place, *factors);
                }
            }
            Event::DeliveryRestored { slot, place, holder } => self.restored(slot, *place, holder),
            Event::ReleaseStarted { release } => self.released_by = Some(release.clone()),
            Event::Released { .. } => {
                self.phase = Phase::Released;
                for slot in &mut self.slots {
                    slot.state = SlotState::Released;
                }
            }
            Event::Archived => self.archived = true,
            Event::Purged => self.purged(),
            // A fact for the trail; the documents are as they were.
            Event::IntegrityChecked { .. } => {}
        }
    }
}

impl Contract {
    pub(super) fn begun(id: ContractId, beginning: &Beginning) -> Self {
        Self {
            id,
            name: beginning.name.clone(),
            initiator: beginning.initiator.clone(),
            settings: beginning.settings.clone(),
            deadline: beginning.deadline,
            documents: Vec::new(),
            parties: Vec::new(),
            slots: Vec::new(),
            cc: Vec::new(),
            controls: Vec::new(),
            acknowledged: BTreeSet::new(),
            phase: Phase::Draft,
            started_at: None,
            quota: None,
            ceremony: None,
            hold: None,
            group: beginning.group.clone(),
            releases: beginning.releases.clone(),
            released_by: None,
            submitted_by: None,
            certified_by: None,
            archived: false,
            purged: false,
            history: History::start(),
        }
    }

    pub(super) fn edited(&mut self, change: &Edit) {
        match change {
            Edit::Name { name } => self.name = name.clone(),
            Edit::Settings { settings } => self.settings = settings.as_ref().clone(),
            Edit::Deadline { deadline } => self.deadline = *deadline,
            Edit::People { parties, slots, cc } => {
                self.parties.clone_from(parties);
                self.slots = slots.iter().cloned().map(Slot::planned).collect();
                self.cc.clone_from(cc);
            }
            Edit::Acknowledged { warnings } => self.acknowledged.clone_from(warnings),
            content => self.edit_content(content),
        }
    }

    fn started(&mut self, start: &Start, recorded: &Recorded<Event>) {
        self.deadline = Some(start.deadline);
        self.started_at = Some(recorded.at);
        self.quota.clone_from(&start.quota);
        self.ceremony.clone_from(&start.ceremony);
        let frozen: BTreeMap<&ControlKey, &Frozen> =
            start.frozen.iter().map(|frozen| (&frozen.control, frozen)).collect();
        for control in &mut self.controls {
            if let Some(frozen) = frozen.get(control.key()) {
                control.freeze(frozen.spots.clone(), frozen.whole);
            }
        }
        for slot in &mut self.slots {
            slot.fills = start.fillers.contains(slot.id());
            slot.state = SlotState::WaitingTurn;
        }
        self.phase = if start.fillers.is_empty() {
            Phase::Signing(Progress::None)
        } else {
            Phase::Filling(Progress::None)
        };
        self.settle_turns();
    }

    /// The first sight of the text also tells which account a signer who was known by his facts only
    /// has: only he passes the guards.
    fn opened(&mut self, slot: &SlotId, recorded: &Recorded<Event>) {
        let Some(slot) = self.slot_mut(slot) else { return };
        slot.opened_at.get_or_insert(recorded.at);
        if let Signer::Bound { holder } = &mut slot.plan.signer
            && holder.account == Account::Unknown
        {
            holder.account = match &recorded.actor {
                Actor::Employee(id) => Account::Employee(id.clone()),
                Actor::Person(id) => Account::Person(id.clone()),
                Actor::Host(_) | Actor::System => Account::Unknown,
            };
        }
    }

    fn filled(&mut self, slot: &SlotId, finished: bool) {
        if !finished {
            return;
        }
        self.phase = Phase::Filling(Progress::Partial);
        if let Some(slot) = self.slot_mut(slot) {
            slot.state = SlotState::Filled;
        }
        if !self.fillers_left(slot) {
            self.phase = Phase::Signing(Progress::None);
        }
        self.settle_turns();
    }

    fn reviewed(&mut self, slot: &SlotId, verdict: Verdict, recorded: &Recorded<Event>) {
        if verdict == Verdict::Refuse {
            self.acted(slot, SlotState::Declined, recorded);
            self.end(Phase::Rejected, SlotState::Stopped);
            return;
        }
        if let Some(slot) = self.slot_mut(slot) {
            let passed = verdict == Verdict::Pass;
            slot.review = if passed { Review::Passed } else { Review::Rejected };
        }
        self.settle_turns();
    }

    fn signed(&mut self, record: &SignedRecord, recorded: &Recorded<Event>) {
        self.hold = None;
        self.acted(&record.slot, SlotState::Signed, recorded);
        if let Some(slot) = self.slot_mut(&record.slot) {
            slot.certificate.clone_from(&record.certificate);
        }
        let applied: BTreeMap<&ControlKey, &Application> =
            record.applications.iter().map(|applied| (&applied.control, applied)).collect();
        for control in &mut self.controls {
            if let Some(&application) = applied.get(control.key()) {
                let Application { mark, spots, .. } = application.clone();
                control.apply(Applied { at: recorded.at, mark, spots });
            }
        }
        self.revised(&record.documents);
        self.phase = Phase::Signing(Progress::Partial);
        self.settle_turns();
    }

    fn revised(&mut self, documents: &[Revised]) {
        for revised in documents {
            let document = self.documents.iter_mut().find(|it| *it.id() == revised.document);
            if let Some(document) = document {
                document.advance(revised.after);
            }
        }
    }

    fn closed(&mut self, stamps: &[ClosingStamp]) {
        for stamp in stamps {
            let id = &stamp.revised.document;
            if let Some(document) = self.documents.iter_mut().find(|it| it.id() == id) {
                document.close(stamp.clone());
            }
        }
    }

    fn acted(&mut self, slot: &SlotId, state: SlotState, recorded: &Recorded<Event>) {
        if let Some(slot) = self.slot_mut(slot) {
            slot.state = state;
            slot.acted_by = Some(recorded.actor.clone());
            slot.acted_at = Some(recorded.at);
        }
    }

    /// The contract ends: slots that have not acted get the state that says why.
    fn end(&mut self, phase: Phase, others: SlotState) {
        self.phase = phase;
        self.hold = None;
        for slot in self.slots.iter_mut().filter(|slot| !slot.state.is_over()) {
            slot.state = others;
        }
    }

    /// Another person: what was opened, withheld or approved for the one before does not hold for
    /// him. Reminders count for the slot. Nobody else is touched (R-CON-07).
    fn forwarded(&mut self, slot: &SlotId, place: usize, to: &Holder, handover: Handover) {
        self.hold = self.hold.take().filter(|hold| hold.slot != *slot);
        let Some(slot) = self.slot_mut(slot) else { return };
        slot.plan.signer.replace(place, to);
        slot.opened_at = None;
        slot.withhold(place, Factors::NONE);
        if slot.review != Review::NotNeeded {
            slot.review = Review::Pending;
        }
        slot.handovers.push(handover);
        self.settle_turns();
    }

    fn bound(&mut self, slot: &SlotId, holder: &Holder) {
        if let Some(slot) = self.slot_mut(slot) {
            slot.plan.signer = Signer::bound(holder.clone());
            // What was approved while nobody was named was not approved for him, who may be the one
            // who approved it.
            slot.review = slot.plan.review_demanded();
        }
        self.settle_turns();
    }

    /// Other facts or another account: as after a hand-over, what was opened or approved for what was
    /// written before does not hold any more.
    fn restored(&mut self, slot: &SlotId, place: usize, corrected: &Holder) {
        let Some(found) = self.slot_mut(slot) else { return };
        found.withhold(place, Factors::NONE);
        if found.signer().holders().get(place) == Some(corrected) {
            return;
        }
        found.plan.signer.replace(place, corrected);
        found.opened_at = None;
        found.review = found.plan.review_demanded();
        self.hold = self.hold.take().filter(|hold| hold.slot != *slot);
        self.settle_turns();
    }

    fn purged(&mut self) {
        self.purged = true;
        self.documents.clear();
        self.controls.clear();
        self.settings.user_data = UserData::default();
    }
}
