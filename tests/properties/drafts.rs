//! Drafts of contracts: who signs where, in which order, and with which controls.

use sealwright::contract::{
    Absolute, AllowedSeals, Control, ControlKey, ControlKind, Document, DocumentIntake, Edit,
    Extent, Holder, Input, IntakeLimits, Order, Party, PdfFacts, Point, Rank, SealMark, Settings,
    SignatureMark, Signer, SlotOptions, SlotPlan, StartReview, TextStyle,
};
use sealwright::geometry::{Mm, PageGeometry, PageIndex};
use sealwright::identity::{PartyId, Person, SlotId};

use crate::cast::Cast;
use crate::people::digest;
use crate::sequence::Choices;

/// What is still to be written into a draft, in this order.
pub fn edits(cast: &Cast, choices: &mut Choices) -> Vec<Edit> {
    let mut parties = parties(cast);
    let slots = slots(cast, &parties, choices);
    parties.retain(|party| slots.iter().any(|slot| slot.party == party.id));
    let mut edits = vec![
        Edit::Settings { settings: Box::new(settings(choices)) },
        Edit::DocumentAttached { document: Box::new(document("doc_1")) },
    ];
    for (number, slot) in slots.iter().enumerate() {
        let person = parties.iter().any(|party| party.id == slot.party && !party.is_organization());
        edits.extend(controls(slot, number, person, choices.percent(25)));
    }
    // People come before the controls that belong to them.
    edits.insert(1, Edit::People { parties, slots, cc: Vec::new() });
    edits
}

/// A contract that both companies sign with a seal, one after the other, by employees of whom these
/// facts were stated: as for a ceremony.
pub fn two_seals(cast: &Cast, signers: [(usize, Person); 2]) -> Vec<Edit> {
    let mut parties = parties(cast);
    parties.truncate(2);
    let slots: Vec<SlotPlan> = signers
        .into_iter()
        .enumerate()
        .map(|(number, (signer, facts))| {
            let holder = Holder::employee(cast.employees[signer].1.id().clone(), facts);
            let id = format!("slot_{number}").parse().unwrap();
            let rank = Rank::new(1 + u32::try_from(number).unwrap()).unwrap();
            let plan = SlotPlan::new(id, parties[number].id.clone(), Signer::bound(holder));
            SlotPlan { rank, ..plan }
        })
        .collect();
    let attached = Edit::DocumentAttached { document: Box::new(document("doc_1")) };
    let seals: Vec<Edit> = slots
        .iter()
        .enumerate()
        .flat_map(|(number, slot)| controls(slot, number, false, false))
        .collect();
    [vec![Edit::People { parties, slots, cc: Vec::new() }, attached], seals].concat()
}

fn settings(choices: &mut Choices) -> Settings {
    Settings {
        order: if choices.percent(70) { Order::Sequential } else { Order::Parallel },
        hide_until_turn: choices.percent(20),
        start_review: if choices.percent(20) {
            StartReview::ByAnother
        } else {
            StartReview::NotNeeded
        },
        ..Settings::default()
    }
}

pub fn document(id: &str) -> Document {
    let a4 = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
    let facts = PdfFacts::of_pages(vec![a4; 3]);
    let intake = DocumentIntake::pdf(id.parse().unwrap(), 1_000, digest(id), facts);
    intake.accept(&IntakeLimits::default()).unwrap()
}

fn parties(cast: &Cast) -> Vec<Party> {
    let company = |number: usize| {
        let company = &cast.companies[number];
        let id: PartyId = format!("party_{number}").parse().unwrap();
        Party::organization(id, company.name().clone(), Some(company.id().clone()))
    };
    vec![company(0), company(1), Party::person("party_2".parse().unwrap())]
}

fn slots(cast: &Cast, parties: &[Party], choices: &mut Choices) -> Vec<SlotPlan> {
    let count = 2 + choices.below(4);
    // Nobody signs twice for the same party: a fresh signer for each slot.
    let mut free: [Vec<usize>; 3] = [vec![3, 4, 1, 0], vec![8, 9, 6, 5], vec![0, 1]];
    let mut slots = Vec::new();
    for number in 0..count {
        let side = if number < 2 { number } else { choices.below(3) };
        let Some(signer) = signer(cast, side, &mut free[side], choices) else { continue };
        let id: SlotId = format!("slot_{number}").parse().unwrap();
        let rank = Rank::new(1 + u32::try_from(choices.below(3)).unwrap()).unwrap();
        let options = SlotOptions {
            may_decline: choices.percent(80),
            may_forward: choices.percent(80),
            needs_review: side < 2 && choices.percent(25),
            ..SlotOptions::default()
        };
        let plan = SlotPlan::new(id, parties[side].id.clone(), signer);
        slots.push(SlotPlan { rank, options, ..plan });
    }
    slots
}

fn signer(
    cast: &Cast,
    side: usize,
    free: &mut Vec<usize>,
    choices: &mut Choices,
) -> Option<Signer> {
    if free.is_empty() {
        return None;
    }
    if side == 2 {
        let (id, person) = &cast.persons[free.remove(0)];
        return Some(Signer::bound(Holder::person(id.clone(), person.clone())));
    }
    let mut next = || {
        let employee = &cast.employees[free.remove(0)].1;
        Holder::employee(employee.id().clone(), employee.person().clone())
    };
    let first = next();
    Some(match choices.below(10) {
        0 => Signer::LateBound,
        1 if !free.is_empty() => {
            let employee = &cast.employees[free.remove(0)].1;
            let second = Holder::known_by_facts(employee.person().clone());
            Signer::Candidates { holders: vec![first, second] }
        }
        2 if side == 0 => Signer::Auto { seals: vec!["seal_auto".parse().unwrap()] },
        3 | 4 => Signer::bound(Holder::known_by_facts(first.person)),
        _ => Signer::bound(first),
    })
}

/// A seal or a signature for each slot, for some of them a text to fill as well.
fn controls(slot: &SlotPlan, number: usize, person: bool, with_text: bool) -> Vec<Edit> {
    let row = Mm(20.0 + 45.0 * f64::from(u32::try_from(number).unwrap()));
    let place = |id: &str, kind, x, width, height| {
        let at = Absolute::new(PageIndex::LAST, Point::at(x, row).unwrap())
            .sized(Extent::new(width, height).unwrap());
        let id = format!("{id}_{number}").parse().unwrap();
        let key = ControlKey::new("doc_1".parse().unwrap(), id);
        Control::new(key, kind, slot.id.clone(), at)
    };
    let sign = if person {
        place(
            "sign",
            ControlKind::Signature(SignatureMark::default()),
            Mm(20.0),
            Mm(40.0),
            Mm(20.0),
        )
    } else {
        let allowed = match &slot.signer {
            Signer::Auto { seals } => AllowedSeals::ids(seals.iter().cloned()),
            _ => AllowedSeals::any(),
        };
        let mark = SealMark { seals: allowed, ..SealMark::default() };
        place("seal", ControlKind::Seal(mark), Mm(20.0), Mm(44.0), Mm(44.0))
    };
    let mut controls = vec![sign];
    if !slot.signer.is_auto() && with_text {
        let text = ControlKind::Text(TextStyle::default());
        controls.push(place("text", text, Mm(120.0), Mm(40.0), Mm(10.0)));
    }
    let placed = |control| Edit::ControlPlaced { control: Box::new(control) };
    controls.into_iter().map(placed).collect()
}

/// A value for a text control.
pub fn text() -> Input {
    Input::text("约定内容")
}
