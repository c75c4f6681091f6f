//! Recording a signature (C11) and, with the last one, that the contract is complete.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};

use super::control::{Control, ControlError, ControlKey};
use super::decide::Moment;
use super::error::Error;
use super::event::Event;
use super::instant::in_utc;
use super::location::Spot;
use super::notices::merged;
use super::party::CcTime;
use super::phase::Phase;
use super::signed_record::{Application, Integrity, Revised, SignedRecord, Warrant};
use super::signing::{SigningWindow, require_to_sign};
use super::slot::Slot;
use super::state::{Contract, Hold};
use crate::decision::{Decision, Revision};
use crate::digest::Digest;
use crate::identity::{DocumentId, SlotId};

impl Contract {
    /// The longest time for which [`Command::BeginSigning`](super::Command::BeginSigning) lets others
    /// wait.
    pub const LONGEST_HOLD: Duration = Duration::minutes(30);

    /// For how long a slot that has let others wait lets them begin before it may make them wait again:
    /// nobody holds a contract up without end by beginning over and over.
    pub const PAUSE_OF_HOLDS: Duration = Duration::minutes(1);

    /// Whether the slot is the last one that a contract waits for: its signature completes it, and
    /// its record carries the outcome of the integrity check.
    #[must_use]
    pub fn is_last(&self, slot: &SlotId) -> bool {
        self.phase.is_signing() && !self.signers_left(slot)
    }

    /// That nobody else is signing now.
    pub(super) fn require_no_other_hold(
        &self,
        slot: &SlotId,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        match &self.hold {
            Some(hold) if hold.slot != *slot && now < hold.until => {
                Err(Error::InProgress { slot: hold.slot.clone(), until: hold.until })
            }
            _ => Ok(()),
        }
    }

    /// That a signature which was begun is still the one under way.
    fn require_ticket(&self, slot: &SlotId, ticket: Option<Revision>) -> Result<(), Error> {
        let Some(found) = ticket else { return Ok(()) };
        let hold = self.hold.as_ref().filter(|hold| hold.slot == *slot);
        let expected = hold.map_or(Revision::NONE, |Hold { ticket, .. }| *ticket);
        if found == expected {
            return Ok(());
        }
        Err(Error::StaleTicket { slot: slot.clone(), expected, found })
    }

    /// R-SIGN-11, once more on what was applied: every sign control of the slot exactly once, and
    /// nothing of anybody else's. Who places his controls himself gives each of them a key of its
    /// own and a place on the pages. At least one seal or signature is among all that was applied,
    /// whoever placed the rest: a date or an opinion beside nothing binds nobody.
    fn require_all_applied(&self, record: &SignedRecord) -> Result<(), Error> {
        let slot = &record.slot;
        let mut due: BTreeSet<&ControlKey> =
            self.sign_controls_of(slot).filter(|it| it.is_on_pages()).map(Control::key).collect();
        let own_placement = self.slot(slot)?.plan.options.places_controls;
        let mut wrong = Vec::new();
        let mut own = BTreeSet::new();
        let mut signs = false;
        let most = Self::MOST_CONTROLS;
        Error::check_setting("applications", record.applications.len(), 0, most)?;
        let known: BTreeMap<&ControlKey, &Control> =
            self.controls.iter().map(|control| (control.key(), control)).collect();
        for Application { control: key, mark, spots } in &record.applications {
            signs |= mark.is_of_signer();
            match known.get(key) {
                Some(control) if control.is_of(slot) => {
                    let once = due.remove(key);
                    if !once || !control.kind().is_completed_by(mark) {
                        wrong.push(key.clone());
                    }
                }
                None if own_placement => {
                    if !own.insert(key) || spots.is_empty() {
                        wrong.push(key.clone());
                    }
                    self.check_own_spots(key, spots)?;
                }
                _ => return Err(ControlError::NotOwner.of(key.clone()).into()),
            }
        }
        wrong.extend(due.into_iter().cloned());
        if !signs {
            wrong.extend(record.applications.iter().map(|applied| applied.control.clone()));
        }
        if wrong.is_empty() && !record.applications.is_empty() {
            return Ok(());
        }
        Err(Error::ControlUnsigned { slot: slot.clone(), controls: wrong })
    }

    /// That what a signer placed himself can be seen on the pages (R-CTL-02…04).
    fn check_own_spots(&self, key: &ControlKey, spots: &[Spot]) -> Result<(), Error> {
        let unknown = || Error::DocumentUnknown { document: key.document.clone() };
        let document = self.document(&key.document).ok_or_else(unknown)?;
        Error::check_setting("spots", spots.len(), 0, document.pages().len())?;
        let on_page = |spot: &Spot| spot.check(document.pages());
        Ok(spots.iter().try_for_each(on_page).map_err(|error| error.of(key.clone()))?)
    }

    /// That each document in which something was applied, and each that is listed, has one new
    /// revision: a mark that left no trace in the bytes is none.
    fn require_revisions(&self, record: &SignedRecord) -> Result<(), Error> {
        self.require_digests(&record.documents)?;
        let mut revised = BTreeSet::new();
        for Revised { document, before, after } in &record.documents {
            if before == after || !revised.insert(document) {
                return Err(Error::Postcheck {
                    found: "a document that is unchanged or listed twice",
                });
            }
        }
        let mut marked = record.applications.iter().map(|applied| &applied.control.document);
        if marked.any(|document| !revised.contains(document)) {
            return Err(Error::Postcheck { found: "a mark in a document that was not revised" });
        }
        Ok(())
    }

    /// The digests of all documents once the record is applied.
    fn final_digests(&self, record: &SignedRecord) -> Vec<(DocumentId, Digest)> {
        let revised = |id: &DocumentId| {
            record.documents.iter().find(|revised| revised.document == *id).map(|it| it.after)
        };
        self.documents
            .iter()
            .map(|document| {
                let digest = revised(document.id()).unwrap_or(*document.digest());
                (document.id().clone(), digest)
            })
            .collect()
    }
}

impl Moment<'_> {
    /// R-SIGN-01 to 07 for a signature that is begun or recorded. 08 to 12 were decided by whoever
    /// gave the permit; they are not data of the contract. Nor is 02a: it is looked at where a window
    /// is given.
    fn signing_in(&self, slot: &SlotId, window: Option<SigningWindow<'_>>) -> Result<&Slot, Error> {
        let contract = self.contract;
        contract.require("be signed", Phase::is_signing)?;
        let place = contract.slot(slot)?;
        contract.require_in_time(place, self.now)?;
        window.map_or(Ok(()), |window| contract.check_window(window, self.now))?;
        self.acting_in(slot)?;
        self.by.staff().map_or(Ok(()), require_to_sign)?;
        contract.require_unacted(place)?;
        contract.require_turn(place)?;
        contract.require_review(place)?;
        contract.require_no_other_hold(slot, self.now)?;
        Ok(place)
    }

    /// A signature begins; others wait for it.
    pub(super) fn begin_signing(
        &self,
        slot: SlotId,
        until: OffsetDateTime,
    ) -> Result<Decision<Contract>, Error> {
        let place = self.signing_in(&slot, None)?;
        let minutes = (until - self.now).whole_minutes();
        let most = Contract::LONGEST_HOLD;
        if until <= self.now || until - self.now > most {
            let unsigned = |minutes: i64| u64::try_from(minutes).unwrap_or(0);
            return Err(Error::SettingInvalid {
                setting: "minutes_to_sign",
                found: unsigned(minutes),
                least: 0,
                most: unsigned(most.whole_minutes()),
            });
        }
        let until = self.lease(place, in_utc(until)?)?;
        Ok(self.decided(Event::SigningBegun { slot, until }))
    }

    /// Until when a slot may hold up the others, who asks for so long: what is begun again, whether
    /// the first one was given up or not, ends when the first one would have; and whoever has let his
    /// time pass lets others begin before he does so again.
    fn lease(&self, slot: &Slot, until: OffsetDateTime) -> Result<OffsetDateTime, Error> {
        let Some(first) = slot.held_until else { return Ok(until) };
        if self.now < first {
            return Ok(until.min(first));
        }
        let again = first.saturating_add(Contract::PAUSE_OF_HOLDS);
        let others = self.contract.pending().any(|other| other.id() != slot.id());
        if others && self.now < again {
            return Err(Error::InProgress { slot: slot.id().clone(), until: again });
        }
        Ok(until)
    }

    /// The signature that was begun will not come.
    pub(super) fn abandon_signing(&self, slot: SlotId) -> Result<Decision<Contract>, Error> {
        self.contract.require("have a signature given up", Phase::is_signing)?;
        if !self.by.is_operator() {
            self.acting_in(&slot)?;
        }
        let place = self.contract.slot(&slot)?;
        if self.contract.hold.as_ref().is_none_or(|hold| hold.slot != slot) {
            return Err(Error::NotPending { slot, state: place.state.name() });
        }
        Ok(self.decided(Event::SigningAbandoned { slot }))
    }

    /// C11: on a permit, under the window that is given; else on the host's word.
    pub(super) fn record_signed(
        &self,
        record: Box<SignedRecord>,
        permitted: Option<SigningWindow<'_>>,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        let slot = record.slot.clone();
        self.signing_in(&slot, permitted)?;
        let record = Box::new(record.in_utc()?);
        contract.require_ticket(&slot, record.ticket)?;
        contract.require_fields_filled(&slot)?;
        contract.require_all_applied(&record)?;
        contract.require_revisions(&record)?;
        let (warrant, window) = match permitted {
            Some(window) => (Warrant::Permitted, contract.window_witness(window)),
            None => (Warrant::AssertedByHost, None),
        };
        if contract.is_last(&slot) {
            return Ok(self.record_last(record, warrant)?.resting_on(window));
        }
        Ok(self
            .decided(Event::Signed { record, warrant })
            .notice(contract.tell_initiator("contract.signed").with("slot", &slot))
            .notices_of(merged(
                contract.next_after(&slot).filter_map(|next| contract.call_to_sign(next)),
            ))
            .resting_on(window))
    }

    /// The last signature completes the contract if the final bytes verify.
    fn record_last(
        &self,
        record: Box<SignedRecord>,
        warrant: Warrant,
    ) -> Result<Decision<Contract>, Error> {
        match record.integrity {
            Some(Integrity::Intact) => {}
            Some(Integrity::Broken) => return Err(Error::Postcheck { found: "a broken check" }),
            None => return Err(Error::Postcheck { found: "no check" }),
        }
        let contract = self.contract;
        let documents = contract.final_digests(&record);
        Ok(self
            .decided(Event::Signed { record, warrant })
            .event(Event::IntegrityChecked { documents })
            .event(Event::Completed)
            .notices_of(contract.tell_all("contract.completed"))
            .notices_of(contract.tell_cc("contract.completed", CcTime::AtCompletion)))
    }
}
