//! C3: owners, seals, values, documents and warnings; C2: what a draft may hold.

use std::time::Instant;

use super::super::samples::{Facts, NOW, World, apply, control, document, key, last_page, sealed};
use super::super::{
    AllowedSeals, Command, Contract, Control, ControlKind, CrossPage, DateStyle, Edit, Error,
    Holder, Input, Locks, Mark, Owner, PageSet, Party, Placements, SealKind, SealMark,
    SignatureMark, Signer, SlotPlan, Spot, TextStyle, Warning, WarningCode,
};
use crate::identity::{DocumentId, SealId};
use crate::organization::By;

fn seal_kind() -> ControlKind {
    ControlKind::Seal(SealMark::default())
}

fn codes(contract: &Contract) -> Vec<&'static str> {
    let facts = Facts::of(contract);
    contract.validate(&facts.start(), NOW).errors.iter().map(Error::code).collect()
}

fn warnings(contract: &Contract) -> Vec<Warning> {
    let facts = Facts::of(contract);
    contract.validate(&facts.start(), NOW).warnings
}

fn place(world: &World, contract: &mut Contract, control: Control) {
    world.edit(contract, Edit::ControlPlaced { control: Box::new(control) });
}

fn refusal(world: &World, contract: &Contract, edit: Edit) -> &'static str {
    let before = contract.clone();
    let by = By::Staff(world.alice());
    let error = contract.decide(Command::Edit(edit), &by, NOW).unwrap_err();
    assert_eq!(*contract, before);
    error.code()
}

/// The sample draft with slot `sb` signing for what `change` makes of it.
fn with_b(change: impl FnOnce(&mut Vec<Party>, &mut SlotPlan)) -> Contract {
    let world = World::new();
    let mut contract = world.draft();
    let (mut parties, mut slots) = (world.parties(), world.slots());
    change(&mut parties, &mut slots[1]);
    world.edit(&mut contract, Edit::People { parties, slots, cc: Vec::new() });
    contract
}

#[test]
fn c3_tells_all_problems_in_the_order_of_the_guards() {
    let world = World::new();
    let mut contract = world.bare();
    assert_eq!(codes(&world.blank()), ["doc.missing", "con.no_signer"]);
    let off = control("off", seal_kind(), "sa", 590.0);
    let far = control("far", seal_kind(), "sa", 0.0)
        .moved(super::super::Absolute::new(
            crate::geometry::PageIndex::new(9).unwrap(),
            super::super::Point::at(crate::geometry::Pt(0.0), crate::geometry::Pt(0.0)).unwrap(),
        ))
        .unwrap();
    let empty = Control::new(
        key("price"),
        ControlKind::Text(TextStyle::default()),
        Owner::Initiator,
        last_page(0.0),
    );
    for control in [off, far, empty] {
        place(&world, &mut contract, control);
    }
    let facts = Facts::default();
    let validation = contract.validate(&facts.start(), NOW);
    let found: Vec<_> = validation.errors.iter().map(Error::code).collect();
    assert_eq!(
        found,
        [
            "doc.missing",
            "con.signer_has_no_control",
            "ctl.rect_out_of_page",
            "ctl.page_out_of_range",
            "ctl.required_value_missing",
        ]
    );
    assert_eq!(validation.warnings, [Warning::SealMissing { party: "b".parse().unwrap() }]);
}

#[test]
fn c6_starts_with_the_rectangles_frozen() {
    let started = World::new().started();
    assert_eq!(started.controls()[0].spots(), [super::super::samples::spot(3, 60.0, 100.0)]);
}

#[test]
fn r_doc_06_other_bytes_than_those_attached() {
    let contract = World::new().draft();
    let mut facts = Facts::of(&contract);
    let other = *document("other", 1).digest();
    facts.documents.insert("doc_1".parse().unwrap(), other);
    let errors = contract.validate(&facts.start(), NOW).errors;
    assert_eq!(errors.iter().map(Error::code).collect::<Vec<_>>(), ["doc.hash_mismatch"]);
}

#[test]
fn r_ctl_06_kinds_that_an_owner_may_not_have() {
    let person = with_b(|parties, slot| {
        parties[1] = Party::person("b".parse().unwrap());
        let himself = slot.signer.holders()[0].person.clone();
        slot.signer = Signer::bound(Holder::known_by_facts(himself));
    });
    assert_eq!(codes(&person), ["ctl.kind_not_allowed_for_party"]);
    let automatic = |seals: Vec<SealId>| with_b(|_, slot| slot.signer = Signer::Auto { seals });
    assert_eq!(codes(&automatic(vec![])), ["ctl.kind_not_allowed_for_party"]);
    assert_eq!(codes(&automatic(vec!["s1".parse().unwrap()])), Vec::<&str>::new());
    let world = World::new();
    let mut contract = automatic(vec!["s1".parse().unwrap()]);
    let by_hand = ControlKind::Signature(SignatureMark::default());
    place(&world, &mut contract, control("x", by_hand, "sb", 400.0));
    assert_eq!(codes(&contract), ["ctl.kind_not_allowed_for_party"]);
    let mut contract = world.draft();
    let initiators = Control::new(key("x"), seal_kind(), Owner::Initiator, last_page(400.0));
    place(&world, &mut contract, initiators);
    assert_eq!(codes(&contract), ["ctl.kind_not_allowed_for_party"]);
    let mut contract = world.draft();
    place(&world, &mut contract, sealed("x", "nobody", 400.0));
    assert_eq!(codes(&contract), ["ctl.not_owner"]);
}

#[test]
fn r_grant_06_seals_are_named_for_ones_own_organization_only() {
    let world = World::new();
    let seals = AllowedSeals::ids(["s1".parse().unwrap()]);
    let named = || ControlKind::Seal(SealMark { seals: seals.clone(), ..SealMark::default() });
    for (slot, expected) in [("sa", vec![]), ("sb", vec!["ctl.foreign_seal_id"])] {
        let mut contract = world.draft();
        place(&world, &mut contract, control("x", named(), slot, 440.0));
        assert_eq!(codes(&contract), expected);
    }
    let mut contract = world.draft();
    let kinds = AllowedSeals::kinds([SealKind::Official]);
    let kind = ControlKind::Seal(SealMark { seals: kinds, ..SealMark::default() });
    place(&world, &mut contract, control("x", kind, "sb", 440.0));
    assert_eq!(codes(&contract), Vec::<&str>::new());
    let of_slot = with_b(|_, slot| slot.allowed.seals = seals.clone());
    assert_eq!(codes(&of_slot), ["ctl.foreign_seal_id"]);
}

#[test]
fn r_ctl_10_the_initiators_fields_have_values_before_the_start() {
    let world = World::new();
    let field = |id: &str, owner: Owner| {
        Control::new(key(id), ControlKind::Text(TextStyle::default()), owner, last_page(0.0))
    };
    let mut contract = world.draft();
    place(&world, &mut contract, field("price", Owner::Initiator));
    assert_eq!(codes(&contract), ["ctl.required_value_missing"]);
    let filled = field("price", Owner::Initiator).filled(&Input::text("100")).unwrap();
    world.edit(&mut contract, Edit::ControlChanged { control: Box::new(filled) });
    place(&world, &mut contract, field("note", Owner::Initiator).optional());
    place(&world, &mut contract, field("theirs", Owner::Slot("sb".parse().unwrap())));
    assert_eq!(codes(&contract), Vec::<&str>::new());
}

#[test]
fn r_ctl_07_a_signer_with_nothing_but_a_date_has_nothing_to_sign() {
    let world = World::new();
    let mut contract = world.draft();
    world.edit(&mut contract, Edit::ControlRemoved { control: key("seal_b") });
    let date = ControlKind::SignDate(DateStyle::default());
    place(&world, &mut contract, control("date_b", date, "sb", 300.0));
    assert_eq!(codes(&contract), ["con.signer_has_no_control"]);
    let by_hand = ControlKind::Signature(SignatureMark::default());
    place(&world, &mut contract, control("hand_b", by_hand, "sb", 450.0));
    assert_eq!(codes(&contract), Vec::<&str>::new());
}

#[test]
fn r_ctl_13_controls_of_different_owners_that_overlap() {
    let world = World::new();
    let mut contract = world.draft();
    // The signer's own date over his own seal is normal practice.
    let date = ControlKind::SignDate(DateStyle::default());
    place(&world, &mut contract, control("date_a", date.clone(), "sa", 60.0));
    place(&world, &mut contract, control("touching", date.clone(), "sb", 180.0));
    // What is filled in may lie under a signature.
    let text = ControlKind::Text(TextStyle::default());
    place(&world, &mut contract, control("text", text, "sb", 60.0));
    assert_eq!(warnings(&contract), []);
    place(&world, &mut contract, control("over", date, "sb", 179.0));
    let overlap = |first: &str| Warning::ControlOverlap { first: key(first), second: key("over") };
    assert_eq!(warnings(&contract), [overlap("seal_a"), overlap("date_a")]);
    assert_eq!(overlap("seal_a").code().code(), "W-CTL-OVERLAP");
}

#[test]
fn r_ctl_13_two_cross_page_seals_at_one_height() {
    let world = World::new();
    let cross = |id: &str, slot: &str, location: CrossPage| {
        let kind = ControlKind::PagingSeal(SealMark::default());
        control(id, kind, slot, 0.0).moved(location).unwrap()
    };
    let mut apart = world.draft();
    place(&world, &mut apart, cross("xa", "sa", CrossPage::staggered(0)));
    let mut together = apart.clone();
    place(&world, &mut apart, cross("xb", "sb", CrossPage::staggered(1)));
    place(&world, &mut together, cross("xb", "sb", CrossPage::staggered(0)));
    assert_eq!(warnings(&apart), []);
    let overlap = Warning::ControlOverlap { first: key("xa"), second: key("xb") };
    assert_eq!(warnings(&together), [overlap]);
}

#[test]
fn r_ctl_14_an_organization_without_a_seal_is_acknowledged_not_refused() {
    let world = World::new();
    let mut contract = world.draft();
    let by_hand = ControlKind::Signature(SignatureMark::default());
    world.edit(&mut contract, Edit::ControlRemoved { control: key("seal_b") });
    place(&world, &mut contract, control("hand_b", by_hand, "sb", 300.0));
    let missing = Warning::SealMissing { party: "b".parse().unwrap() };
    assert_eq!(missing.code().code(), "W-SEAL-MISSING");
    assert_eq!(warnings(&contract), [missing]);
    assert_eq!(codes(&contract), Vec::<&str>::new());
    let facts = Facts::of(&contract);
    let refused = contract.start(&facts.start(), &By::Staff(world.alice()), NOW).unwrap_err();
    assert_eq!(refused.code(), "con.warning_unacknowledged");
    let warnings = [WarningCode::SealMissing].into();
    world.edit(&mut contract, Edit::Acknowledged { warnings });
    let validation = contract.validate(&facts.start(), NOW);
    assert!(validation.is_clear(contract.acknowledged()));
    let started = contract.start(&facts.start(), &By::Staff(world.alice()), NOW).unwrap();
    apply(&mut contract, started.contract);
    // A signer who places his controls himself may still bring a seal.
    let placing = with_b(|_, slot| slot.options.places_controls = true);
    assert_eq!(self::warnings(&placing), []);
}

#[test]
fn c2_a_control_is_placed_once_on_a_document_that_is_there() {
    let world = World::new();
    let contract = world.draft();
    let placed = |control| Edit::ControlPlaced { control: Box::new(control) };
    assert_eq!(refusal(&world, &contract, placed(sealed("seal_a", "sa", 0.0))), "ctl.id_duplicate");
    let elsewhere = super::super::ControlKey::new("doc_9".parse().unwrap(), "x".parse().unwrap());
    let owner = Owner::Initiator;
    let lost = Control::new(elsewhere, seal_kind(), owner, last_page(0.0));
    assert_eq!(refusal(&world, &contract, placed(lost)), "doc.missing");
    let unknown = Box::new(sealed("nothing", "sa", 0.0));
    assert_eq!(
        refusal(&world, &contract, Edit::ControlChanged { control: unknown }),
        "ctl.not_owner"
    );
    let gone = Edit::ControlRemoved { control: key("nothing") };
    assert_eq!(refusal(&world, &contract, gone), "ctl.not_owner");
    let detached = Edit::DocumentDetached { document: "doc_9".parse().unwrap() };
    assert_eq!(refusal(&world, &contract, detached), "doc.missing");
}

#[test]
fn c2_a_control_may_have_one_id_in_two_documents() {
    let world = World::new();
    let mut contract = world.draft();
    let second = Box::new(document("doc_2", 1));
    world.edit(&mut contract, Edit::DocumentAttached { document: second });
    let same = super::super::ControlKey::new("doc_2".parse().unwrap(), "seal_a".parse().unwrap());
    let slot = Owner::Slot("sa".parse().unwrap());
    place(&world, &mut contract, Control::new(same, seal_kind(), slot, last_page(0.0)));
    assert_eq!(codes(&contract), Vec::<&str>::new());
    let detached: DocumentId = "doc_2".parse().unwrap();
    world.edit(&mut contract, Edit::DocumentDetached { document: detached });
    assert_eq!((contract.controls().len(), contract.documents().len()), (2, 1));
}

#[test]
fn c2_an_attached_document_replaces_the_one_of_its_id() {
    let world = World::new();
    let mut contract = world.draft();
    let shorter = Box::new(document("doc_1", 1));
    world.edit(&mut contract, Edit::DocumentAttached { document: shorter });
    assert_eq!((contract.documents().len(), contract.documents()[0].page_count()), (1, 1));
}

#[test]
fn r_ctl_20_locks_hold_against_edits() {
    let world = World::new();
    let mut contract = world.draft();
    let locks = Locks { position: true, value: false };
    place(&world, &mut contract, sealed("fixed", "sa", 440.0).locked(locks));
    let moved = Box::new(sealed("fixed", "sa", 441.0).locked(locks));
    for edit in [
        Edit::ControlChanged { control: moved },
        Edit::ControlRemoved { control: key("fixed") },
        Edit::DocumentDetached { document: "doc_1".parse().unwrap() },
    ] {
        assert_eq!(refusal(&world, &contract, edit), "ctl.locked");
    }
}

#[test]
fn c2_a_draft_takes_no_control_that_pretends_to_be_signed_or_filled() {
    let world = World::new();
    let contract = world.draft();
    let sound = serde_json::to_value(sealed("x", "sa", 440.0)).unwrap();
    let spots: Vec<Spot> = vec![super::super::samples::spot(1, 0.0, 0.0)];
    let applied = super::super::Applied { at: NOW, mark: Mark::Date, spots: spots.clone() };
    let states = [
        ("spots", serde_json::to_value(spots).unwrap()),
        ("state", serde_json::json!({"type": "applied", "is": applied})),
        ("state", serde_json::json!({"type": "filled", "is": {"type": "checked", "is": true}})),
    ];
    for (field, value) in states {
        let mut forged = sound.clone();
        forged[field] = value;
        let control: Control = serde_json::from_value(forged).unwrap();
        let edit = Edit::ControlPlaced { control: Box::new(control) };
        assert_eq!(refusal(&world, &contract, edit), "ctl.value_invalid", "{field}");
    }
}

#[test]
fn r_ctl_01_a_draft_put_together_elsewhere_with_one_id_twice() {
    let world = World::new();
    let mut stored = serde_json::to_value(world.draft()).unwrap();
    let twin = stored["controls"][0].clone();
    stored["controls"].as_array_mut().unwrap().push(twin);
    let contract: Contract = serde_json::from_value(stored).unwrap();
    assert_eq!(codes(&contract), ["ctl.id_duplicate"]);
}

#[test]
fn c3_five_hundred_controls_in_well_under_a_second_even_unoptimised() {
    let world = World::new();
    let mut contract = world.draft();
    for number in 0..498 {
        let slot = if number % 2 == 0 { "sa" } else { "sb" };
        let pages = PageSet::one(crate::geometry::PageIndex::FIRST);
        let x = f64::from(number % 40) * 11.0;
        let at = super::super::Point::at(crate::geometry::Pt(x), crate::geometry::Pt(300.0));
        let location = super::super::Absolute::new(pages, at.unwrap());
        let control = sealed(&format!("c{number}"), slot, 0.0).moved(location).unwrap();
        contract.edit_content(&Edit::ControlPlaced { control: Box::new(control) });
    }
    let facts = Facts { placements: Placements::default(), ..Facts::of(&contract) };
    let begun = Instant::now();
    let validation = contract.validate(&facts.start(), NOW);
    let took = begun.elapsed();
    assert_eq!((validation.errors.len(), validation.frozen.len()), (0, 500));
    assert!(!validation.warnings.is_empty());
    assert!(took.as_millis() < 500, "{took:?}");
}
