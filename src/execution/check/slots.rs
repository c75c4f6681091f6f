//! The signatures of one document against the slots and controls of its contract.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::CheckFacts;
use super::code::DeviationCode as Code;
use super::document::check_signature;
use super::faces::{Seen, copied, elsewhere};
use super::form::{Annotations, Form, is_filled, veiled};
use super::hosts::Hosts;
use super::record::{is_signed, mark_of};
use super::stated::Said;
use super::verdict::Deviation;
use super::{pages, words};
use crate::contract::{Contract, Document, Mark, Order, Rank, Slot};
use crate::execution::fields::{CLOSING, ControlFields, Fields, PLATFORM};
use crate::pdf::{Error, Field, File, ObjectId};
use crate::placement::PlannedBox;
use crate::report::{Kind, Report, SignatureReport};

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

    /// What stands on the pages beside what the contract put there.
    pub(super) fn beside(&self, issued: Option<usize>) -> Result<Vec<Deviation>, Error> {
        let Some(issued) = issued.and_then(|number| self.file.revision(number)) else {
            return Ok(Vec::new());
        };
        let slots = self.contract.slots().iter().map(|slot| self.fields.invisible(slot.id()));
        let hosts: Vec<String> = slots.chain([CLOSING.into(), PLATFORM.into()]).collect();
        let mut own = self.form.widgets(hosts.iter());
        own.extend(self.planned.iter().chain(self.form.signed()));
        pages::check((issued, self.file.latest()), &own)
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
            self.report.signatures.get(**place).is_some_and(|it| self.said(slot, it).is_of_slot())
        };
        let place = standing.iter().find(claims).or(standing.first()).copied();
        if !is_signed(slot) {
            self.early(slot, own);
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
        let report = self.report;
        let signature = place.and_then(|place| report.signatures.get(place));
        let said = signature.map(|signature| self.said(slot, signature));
        for deviation in said.iter().flat_map(Said::check) {
            self.tell(deviation, slot);
        }
        for control in own {
            self.control(slot, control, (place, said));
        }
        if let Some(signature) = signature {
            let widgets = self.form.widgets(own.iter().flat_map(|it| &it.names));
            for deviation in elsewhere(signature, &widgets) {
                self.tell(deviation, slot);
            }
        }
        place
    }

    /// What the signature of a slot says.
    fn said(&self, slot: &'j Slot, signature: &'j SignatureReport) -> Said<'j> {
        let Self { contract, document, facts, .. } = *self;
        Said { contract, document, slot, facts, signature }
    }

    /// Dates and opinions of somebody who has not signed yet.
    fn early(&mut self, slot: &Slot, own: &[ControlFields<'_>]) {
        for control in own.iter().filter(|it| !it.is_picture() && !it.exist) {
            self.unrecorded(slot, control);
        }
    }

    /// A control that the record has as empty is.
    fn unrecorded(&mut self, slot: &Slot, own: &ControlFields<'_>) {
        let fields = own.names.iter().filter_map(|name| self.form.field(name));
        let filled = |field: &&Field| is_filled(self.file.latest(), field);
        if fields.into_iter().any(|field| filled(&field)) {
            let told = Deviation::new(Code::NotRecorded, own.control.state(), "filled");
            self.tell(told.at(own.control.key()), slot);
        }
    }

    fn control(
        &mut self,
        slot: &Slot,
        own: &ControlFields<'_>,
        (place, said): (Option<usize>, Option<Said<'_>>),
    ) {
        let Some(mark) = mark_of(own.control) else {
            if own.control.is_required() {
                let told = Deviation::new(Code::NotSigned, "signed", own.control.state());
                self.tell(told.at(own.control.key()), slot);
            }
            self.unrecorded(slot, own);
            return;
        };
        let seals = self.facts.seals;
        let seen = said.filter(|_| matches!(mark, Mark::Seal { .. }));
        let key = own.control.key();
        let seen = seen.map(|said| Seen { key, mark, said, signature: said.signature, seals });
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
                Err(deviation) => {
                    let is_sliced = is_sliced && place.is_some();
                    Some(sliced((*deviation).at(own.control.key()), is_sliced))
                }
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
        let standing = if own.exist { planned } else { self.made(own, &field, planned)? };
        covered.insert(standing.placed().page().get());
        if !own.is_picture() {
            if !is_filled(self.file.latest(), &field) {
                let told = Deviation::new(Code::NotFilled, "a value", "nothing");
                return Err(Box::new(told.on_page(page)));
            }
            let signature = place.and_then(|place| self.report.signatures.get(place));
            let of = (self.contract, own.control);
            if let Some(told) = words::check(of, (self.file.latest(), &field), signature) {
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

    /// A field that was made for a control: one, with one widget, which is seen where it was planned.
    fn made<'b>(
        &self,
        own: &ControlFields<'b>,
        field: &Field,
        planned: &'b PlannedBox,
    ) -> Told<&'b PlannedBox> {
        let page = planned.placed().page().get();
        let refused = |code, expected: &str, found: &str| {
            Err(Box::new(Deviation::new(code, expected, found).on_page(page)))
        };
        if self.form.is_doubled(&field.name) {
            return refused(Code::FieldDoubled, "one field", "several of this name");
        }
        let [widget] = field.widgets[..] else {
            let found = format!("{} widgets", field.widgets.len());
            return refused(Code::FieldDoubled, "one widget", &found);
        };
        let standing = self.standing(own, field, planned)?;
        // What is still empty has nothing to show.
        match veiled(self.file.latest(), widget).filter(|_| field.value.is_some()) {
            None => Ok(standing),
            Some(why) if own.is_picture() => refused(Code::FaceNotShown, "seen by all", why),
            Some(why) => refused(Code::ValueNotShown, "seen by all", why),
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
        let existed = |signature: &SignatureReport| {
            usize::try_from(signature.coverage.revision.unwrap_or(u64::MAX))
                .is_ok_and(|revision| issued.is_some_and(|issued| revision <= issued))
        };
        let Self { contract, document, ref form, file, .. } = *self;
        let hosts = Hosts { contract, document, form, file };
        // Time-stamps certify nothing, and what was signed before is not certified any more.
        let certifies = report.signatures.first().filter(|it| it.kind == Kind::Signature);
        let certifies = certifies.filter(|it| issued.is_some() && !existed(it));
        let mut of_document: Vec<Deviation> =
            certifies.and_then(|it| hosts.certified_otherwise(it)).into_iter().collect();
        let mut of_slot = Vec::new();
        for (place, signature) in report.signatures.iter().enumerate() {
            let slot = of_slots.get(&place);
            let mut told: Vec<Deviation> = check_signature(signature).into_iter().collect();
            if slot.is_none() && !existed(signature) {
                told.extend(hosts.check(signature, place < first));
            }
            told.extend(copied(signature, self.facts.seals));
            match slot {
                Some(slot) => of_slot.extend(told.into_iter().map(|it| (it, *slot))),
                None => of_document.extend(told),
            }
        }
        let id = self.document.id();
        self.found.extend(of_document.into_iter().map(|deviation| deviation.in_document(id)));
        for (deviation, slot) in of_slot {
            self.tell(deviation, slot);
        }
    }

    fn tell(&mut self, deviation: Deviation, slot: &Slot) {
        let deviation = deviation.of_slot(slot.id()).in_document(self.document.id());
        self.found.push(deviation);
    }
}

/// Of a cross-page seal, what another seal is, and what is not shown, has a name of its own.
fn sliced(deviation: Deviation, is_sliced: bool) -> Deviation {
    let code = match deviation.code {
        Code::FaceNotShown | Code::NotSigned if is_sliced => Code::SliceMissing,
        Code::SealOther if is_sliced => Code::SliceOtherSeal,
        code => code,
    };
    Deviation { code, ..deviation }
}
