//! The signatures of one document against the slots and controls of its contract.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::CheckFacts;
use super::code::DeviationCode as Code;
use super::document::check_signature;
use super::faces::{Seen, copied, permitted};
use super::form::{Annotations, Form, is_filled};
use super::record::{is_signed, late, mark_of};
use super::verdict::Deviation;
use crate::contract::{Contract, Document, Mark, Order, Rank, Slot};
use crate::execution::fields::{CLOSING, ControlFields, Fields, PLATFORM};
use crate::pdf::{Error, Field, File, ObjectId};
use crate::placement::PlannedBox;
use crate::report::{Claim, Kind, Report, SignatureReport, TimeSource};

/// What a look at one field gives, or the first thing that is wrong with it.
type Told<T> = Result<T, Box<Deviation>>;

/// One document, judged.
pub(super) struct Judged<'j, 'f> {
    contract: &'j Contract,
    document: &'j Document,
    facts: &'j CheckFacts<'j>,
    report: &'j Report,
    fields: &'j Fields<'j>,
    form: Form,
    file: &'j File<'f>,
    /// The widgets of all controls of the contract: these may overlap as planned.
    planned: HashSet<ObjectId>,
    annotations: Annotations<'j>,
    found: Vec<Deviation>,
}

impl<'j, 'f> Judged<'j, 'f> {
    pub(super) fn new(
        (contract, document): (&'j Contract, &'j Document),
        facts: &'j CheckFacts<'j>,
        fields: &'j Fields<'j>,
        (file, report): (&'j File<'f>, &'j Report),
    ) -> Result<Self, Error> {
        let form = Form::read(file.latest(), report)?;
        let slots = contract.slots().iter();
        let own: Vec<ControlFields<'_>> =
            slots.flat_map(|slot| fields.of_slot(slot.id(), document.id())).collect();
        let planned = form.widgets(own.iter().flat_map(|it| &it.names));
        let mut annotations = Annotations::of(file.latest());
        let boxes = own.iter().flat_map(|it| it.boxes);
        annotations.read(boxes.map(|it| it.placed().page().get()));
        let found = Vec::new();
        Ok(Self {
            contract,
            document,
            facts,
            report,
            fields,
            form,
            file,
            planned,
            annotations,
            found,
        })
    }

    /// All slots, then what nobody expected. `issued` revisions were there before the contract.
    pub(super) fn check(mut self, issued: Option<usize>) -> Vec<Deviation> {
        let mut of_slots: BTreeMap<usize, &'j Slot> = BTreeMap::new();
        for slot in self.contract.slots() {
            let own = self.fields.of_slot(slot.id(), self.document.id());
            if own.is_empty() {
                continue;
            }
            if let Some(place) = self.slot(slot, &own) {
                of_slots.entry(place).or_insert(slot);
            }
        }
        self.order(&of_slots);
        self.signatures(&of_slots, issued);
        self.found
    }

    /// One slot; the place of its signature in the report.
    fn slot(&mut self, slot: &'j Slot, own: &[ControlFields<'_>]) -> Option<usize> {
        let invisible = self.fields.invisible(slot.id());
        let pictures = own.iter().filter(|it| it.is_picture()).flat_map(|it| &it.names);
        let mut names: Vec<&String> = pictures.collect();
        if names.is_empty() {
            names.push(&invisible);
        }
        let standing: Vec<usize> =
            names.iter().filter_map(|name| self.form.signature_in(name)).collect();
        let claims = |place: &&usize| {
            self.report.signatures.get(**place).is_some_and(|it| self.is_of(slot, it))
        };
        let place = standing.iter().find(claims).or(standing.first()).copied();
        if !is_signed(slot) {
            let signature = self.report.signatures.get(place?)?;
            self.tell(
                Deviation::new(Code::NotRecorded, slot.state(), "signed").under(signature.index),
                slot,
            );
            return place;
        }
        if own.iter().all(|it| !it.is_picture()) && place.is_none() {
            self.tell(Deviation::new(Code::NotSigned, "signed", "no signature"), slot);
        }
        if let Some(signature) = place.and_then(|place| self.report.signatures.get(place)) {
            self.signature_of(slot, signature);
        }
        for control in own {
            self.control(slot, control, place);
        }
        place
    }

    /// Whether a signature says that it was made in this slot.
    fn is_of(&self, slot: &Slot, signature: &SignatureReport) -> bool {
        permitted(signature).is_some_and(|stated| {
            stated.slot.as_deref() == Some(slot.id().as_str())
                && stated.contract.as_ref().is_some_and(|it| it.id == self.contract.id().as_str())
                && stated.document.as_ref().is_some_and(|it| it.id == self.document.id().as_str())
        })
    }

    /// Who made the signature of a slot, for what, and when.
    fn signature_of(&mut self, slot: &Slot, signature: &SignatureReport) {
        if !self.is_of(slot, signature) {
            let stated = permitted(signature);
            let found = stated.map_or_else(
                || "nothing that holds".to_owned(),
                |stated| {
                    let contract = stated.contract.as_ref().map_or("", |it| it.id.as_str());
                    format!("slot {} of {contract}", stated.slot.as_deref().unwrap_or_default())
                },
            );
            let expected = format!("slot {} of {}", slot.id(), self.contract.id());
            let deviation = Deviation::new(Code::OtherSignature, expected, found);
            self.tell(deviation.under(signature.index), slot);
        }
        if let Some(recorded) = slot.certificate() {
            let told = |serial: &str, issuer: &str| format!("{serial} of {issuer}");
            let expected = told(&recorded.serial, &recorded.issuer);
            let shown = &signature.identity;
            let serial = shown.serial.as_deref().unwrap_or("none");
            let found = told(serial, shown.issuer.as_deref().unwrap_or("nobody"));
            if expected != found {
                let deviation = Deviation::new(Code::OtherSigner, expected, found);
                self.tell(deviation.under(signature.index), slot);
            }
        }
        let times = &signature.time;
        let proven = times.proven.filter(|_| times.source == Some(TimeSource::SignatureTimestamp));
        // What the record says of the time is judged with the record.
        let too_late = times.claimed.into_iter().chain(proven);
        let too_late = too_late.filter_map(|at| late(self.contract, slot, at)).next();
        if let Some(deviation) = too_late {
            self.tell(deviation.under(signature.index), slot);
        }
    }

    fn control(&mut self, slot: &Slot, own: &ControlFields<'_>, place: Option<usize>) {
        let Some(mark) = mark_of(own.control) else {
            if own.control.is_required() {
                let told = Deviation::new(Code::NotSigned, "signed", own.control.state());
                self.tell(told.at(own.control.key()), slot);
            }
            return;
        };
        let report = self.report;
        let signature = place.and_then(|place| report.signatures.get(place));
        let seals = self.facts.seals;
        let seen = signature.filter(|_| matches!(mark, Mark::Seal { .. }));
        let seen = seen.map(|signature| Seen { key: own.control.key(), mark, signature, seals });
        for deviation in seen.iter().flat_map(Seen::check_stated) {
            self.tell(deviation, slot);
        }
        let is_sliced = own.boxes.iter().any(|found| found.slice().is_some());
        let mut covered = BTreeSet::new();
        for (name, planned) in own.places() {
            let found = match self.field(own, (name, planned), place, &mut covered) {
                Ok((field, standing)) => {
                    let slice = standing.slice();
                    let shown = seen.as_ref().map(|seen| seen.check_shown(&field, slice));
                    let page = standing.placed().page().get();
                    shown.flatten().map(|it| sliced(it, is_sliced).on_page(page))
                }
                Err(deviation) => Some((*deviation).at(own.control.key())),
            };
            if let Some(deviation) = found {
                self.tell(deviation, slot);
            }
        }
        for missing in own.boxes.iter().filter(|_| is_sliced) {
            let page = missing.placed().page().get();
            if !covered.contains(&page) {
                let told = Deviation::new(Code::SliceMissing, "a slice", "no field of this seal");
                self.tell(told.at(own.control.key()).on_page(page), slot);
            }
        }
    }

    /// One field of a control, filled by the slot's signature and where it was planned; and the box
    /// that was planned where it is.
    fn field<'b>(
        &self,
        own: &ControlFields<'b>,
        (name, planned): (&String, &'b PlannedBox),
        place: Option<usize>,
        covered: &mut BTreeSet<u32>,
    ) -> Told<(Field, &'b PlannedBox)> {
        let page = planned.placed().page().get();
        let Some(field) = self.form.field(name).cloned() else {
            let told = Deviation::new(Code::FieldMissing, name, "no such field");
            return Err(Box::new(told.on_page(page)));
        };
        let standing = if own.exist { planned } else { self.standing(own, &field, planned)? };
        covered.insert(standing.placed().page().get());
        if !own.is_picture() {
            if !is_filled(self.file.latest(), &field) {
                let told = Deviation::new(Code::NotFilled, "a value", "nothing");
                return Err(Box::new(told.on_page(page)));
            }
            return Ok((field, standing));
        }
        match self.form.signature_in(name) {
            None => {
                let told = Deviation::new(Code::NotSigned, "a signature", "nothing");
                Err(Box::new(told.on_page(page)))
            }
            found if found != place => {
                let number = |place: Option<usize>| {
                    let signature = place.and_then(|place| self.report.signatures.get(place));
                    signature.map_or(0, |signature| signature.index)
                };
                let (is, now) = (number(place), number(found));
                let told = Deviation::new(Code::OtherSignature, is, now);
                Err(Box::new(told.under(now).on_page(page)))
            }
            Some(_) => {
                self.uncovered(&field, standing)?;
                Ok((field, standing))
            }
        }
    }

    /// The box at which a field stands: its own, or another one of a cross-page seal, whose slices
    /// are told apart by their pages.
    fn standing<'b>(
        &self,
        own: &ControlFields<'b>,
        field: &Field,
        planned: &'b PlannedBox,
    ) -> Told<&'b PlannedBox> {
        // A widget stands on one page.
        let page = field.widgets.iter().find_map(|it| self.annotations.page_of(*it));
        let is_there = |it: &&PlannedBox| page == Some(it.placed().page().get());
        let other = own.boxes.iter().filter(|_| planned.slice().is_some()).find(is_there);
        for candidate in [planned].into_iter().chain(other) {
            let placed = candidate.placed();
            if field.widgets.iter().any(|it| self.annotations.is_at(*it, placed)) {
                return Ok(candidate);
            }
        }
        let placed = planned.placed();
        let expected = format!("[{}] on page {}", placed.user_space(), placed.page());
        let told = Deviation::new(Code::FieldMoved, expected, "no widget of the field there");
        Err(Box::new(told.on_page(placed.page().get())))
    }

    /// That nothing lies over what a field shows.
    fn uncovered(&self, field: &Field, standing: &PlannedBox) -> Told<()> {
        for widget in &field.widgets {
            let over = self.annotations.over(*widget, standing.placed(), &self.planned);
            if let Some(over) = over {
                let told = Deviation::new(Code::FaceCovered, "nothing over it", over);
                return Err(Box::new(told.on_page(standing.placed().page().get())));
            }
        }
        Ok(())
    }

    /// Who comes later signs later: signatures are numbered by what they cover.
    fn order(&mut self, of_slots: &BTreeMap<usize, &'j Slot>) {
        if self.contract.settings().order != Order::Sequential {
            return;
        }
        let by_slot: BTreeMap<_, usize> =
            of_slots.iter().map(|(place, slot)| (slot.id(), *place)).collect();
        let mut ranked: Vec<(Rank, Option<usize>, &'j Slot)> = Vec::new();
        for slot in self.contract.slots() {
            if !self.fields.of_slot(slot.id(), self.document.id()).is_empty() {
                ranked.push((slot.plan().rank, by_slot.get(slot.id()).copied(), slot));
            }
        }
        ranked.sort_by_key(|(rank, ..)| *rank);
        // The latest of those who come earlier; somebody who has not signed is later than all.
        let mut before: Option<(usize, &Slot)> = None;
        for group in ranked.chunk_by(|(a, ..), (b, ..)| a == b) {
            for (_, place, slot) in group {
                let (Some(place), Some((latest, first))) = (place, before) else { continue };
                if *place < latest {
                    let expected = format!("after slot {}", first.id());
                    let told = Deviation::new(Code::OrderViolated, expected, "before it");
                    let index = self.report.signatures.get(*place).map_or(0, |it| it.index);
                    self.tell(told.under(index), slot);
                }
            }
            let own = group.iter().map(|(_, place, slot)| (place.unwrap_or(usize::MAX), *slot));
            before = before.into_iter().chain(own).max_by_key(|(place, _)| *place);
        }
    }

    /// Every signature holds, is expected, and shows no seal that it has no authority for.
    fn signatures(&mut self, of_slots: &BTreeMap<usize, &'j Slot>, issued: Option<usize>) {
        let first = of_slots.keys().next().copied().unwrap_or(usize::MAX);
        let report = self.report;
        for (place, signature) in report.signatures.iter().enumerate() {
            let slot = of_slots.get(&place);
            let mut told: Vec<Deviation> = check_signature(signature).into_iter().collect();
            let existed = usize::try_from(signature.coverage.revision.unwrap_or(u64::MAX))
                .is_ok_and(|revision| issued.is_some_and(|issued| revision <= issued));
            if slot.is_none() && !existed && !is_of_host(signature, place < first) {
                let found = signature.identity.subject.clone().unwrap_or_default();
                let found = format!("field {} by {found}", signature.field);
                let deviation = Deviation::new(Code::ForeignSignature, "no signature", found);
                told.push(deviation.under(signature.index));
            }
            told.extend(copied(signature, self.facts.seals));
            for deviation in told {
                match slot {
                    Some(slot) => self.tell(deviation, slot),
                    None => self.found.push(deviation.in_document(self.document.id())),
                }
            }
        }
    }

    fn tell(&mut self, deviation: Deviation, slot: &Slot) {
        let deviation = deviation.of_slot(slot.id()).in_document(self.document.id());
        self.found.push(deviation);
    }
}

/// The platform's certification, before anybody signs, and the time-stamp that closes the contract.
fn is_of_host(signature: &SignatureReport, before_all: bool) -> bool {
    let claims_nothing =
        signature.authority.as_ref().is_none_or(|stated| stated.claim == Claim::Nothing);
    match signature.kind {
        Kind::Signature => signature.field == PLATFORM && before_all && claims_nothing,
        Kind::Timestamp => signature.field == CLOSING,
    }
}

/// Of a cross-page seal, what another seal is, and what is not shown, has a name of its own.
fn sliced(deviation: Deviation, is_sliced: bool) -> Deviation {
    let code = match deviation.code {
        Code::FaceNotShown if is_sliced => Code::SliceMissing,
        Code::SealOther if is_sliced => Code::SliceOtherSeal,
        code => code,
    };
    Deviation { code, ..deviation }
}
