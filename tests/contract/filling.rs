//! C7 and C8: seeing the text, filling fields.

use sealwright::contract::{
    CertifiedBy, Command, Entry, Holder, Order, Phase, Progress, Revised, Signer, SlotState,
    ViewCheck,
};
use sealwright::organization::By;

use crate::case::{Plan, id, open, refusal, signs, states, take};
use crate::paper;
use crate::world::{NOW, World, days, digest, person};

fn fill(slot: &str, control: &str, text: &str, finished: bool) -> Command<'static> {
    let values = vec![(paper::key("d1", control), paper::text(text))];
    Command::Fill { slot: id(slot), values, finished }
}

fn fillers(world: &World) -> Plan {
    Plan::new(world).with(|plan| {
        plan.controls.push(paper::field("d1", "fa", "sa"));
        plan.controls.push(paper::field("d1", "fb", "sb"));
        plan.controls.push(paper::field("d1", "fb2", "sb").optional());
    })
}

#[test]
fn c7_only_the_matching_signer_sees_the_text() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    assert_eq!(refusal(&contract, open("sa"), &world.a.by("steve"), NOW), "con.not_a_signer");
    assert_eq!(refusal(&contract, open("sa"), &world.b.by("bert"), NOW), "con.not_a_signer");
    assert_eq!(refusal(&contract, open("sa"), &world.paul(), NOW), "con.not_a_signer");
    assert_eq!(refusal(&contract, open("sa"), &By::System, NOW), "con.not_a_signer");
    assert_eq!(refusal(&contract, open("xx"), &world.a.by("sally"), NOW), "con.not_a_signer");
    let decision = take(&mut contract, open("sa"), &world.a.by("sally"), NOW);
    assert_eq!(decision.kinds, ["contract.opened"]);
    assert_eq!(contract.slots()[0].opened_at(), Some(NOW));
    let draft = Plan::new(&world).draft(&world);
    assert_eq!(refusal(&draft, open("sa"), &world.a.by("sally"), NOW), "con.illegal_transition");
}

#[test]
fn c7_facts_that_differ_are_named_and_the_account_is_bound_at_first_sight() {
    let world = World::new();
    let known = |change: &dyn Fn() -> Holder| {
        Plan::new(&world)
            .with_slot("sa", |slot| slot.signer = Signer::bound(change()))
            .started(&world)
    };
    let sally = world.a.employee("sally").person().clone();
    let other_mobile = person("x", 999).mobile().clone();
    let contract =
        known(&|| Holder::known_by_facts(sally.clone().with_mobile(other_mobile.clone())));
    let by = world.a.by("sally");
    let error = contract.decide(open("sa"), &by, NOW).unwrap_err();
    assert_eq!(error.code(), "emp.identity_mismatch");
    assert!(error.to_string().starts_with("mobile of the signer"), "{error}");
    assert!(!format!("{error:?}{error}").contains("138"), "no personal facts in {error:?}");

    let mut contract = known(&|| Holder::known_by_facts(sally.clone()));
    assert_eq!(contract.slots()[0].signer().holders()[0].employee_id(), None);
    take(&mut contract, open("sa"), &by, NOW);
    let bound = contract.slots()[0].signer().holders()[0].employee_id();
    assert_eq!(bound, Some(world.a.employee("sally").id()));
}

#[test]
fn c7_a_renamed_organization_is_a_difference() {
    let mut world = World::new();
    let contract = Plan::new(&world).started(&world);
    world.a.rename("新甲方有限公司");
    let error = contract.decide(open("sa"), &world.a.by("sally"), NOW).unwrap_err();
    assert_eq!(error.code(), "emp.identity_mismatch");
    assert!(error.to_string().contains("organization_name"));
}

#[test]
fn c7_view_checks_come_first_and_link_only_entries_take_a_link() {
    let world = World::new();
    let contract = Plan::new(&world)
        .with_slot("sa", |slot| {
            slot.options.view_checks = [ViewCheck::Mobile].into();
            slot.options.link_only = true;
        })
        .started(&world);
    let open = |entry, shown: &[ViewCheck]| Command::Open {
        slot: id("sa"),
        entry,
        shown: shown.iter().copied().collect(),
    };
    let by = world.a.by("sally");
    let code = |entry, shown| refusal(&contract, open(entry, shown), &by, NOW);
    assert_eq!(code(Entry::Link, &[]), "emp.not_verified");
    assert_eq!(code(Entry::Link, &[ViewCheck::RealName]), "emp.not_verified");
    assert_eq!(code(Entry::List, &[ViewCheck::Mobile]), "con.entry_link_only");
    assert!(contract.decide(open(Entry::Link, &[ViewCheck::Mobile]), &by, NOW).is_ok());
}

#[test]
fn r_con_08_a_later_signer_does_not_see_the_text_before_his_turn() {
    let world = World::new();
    let hidden = Plan::new(&world).with(|plan| plan.settings.hide_until_turn = true);
    let mut contract = hidden.started(&world);
    let bert = world.b.by("bert");
    assert!(!contract.shows_documents_to(&contract.slots()[1]));
    assert_eq!(refusal(&contract, open("sb"), &bert, NOW), "con.not_your_turn");
    signs(&mut contract, "sa", &world.a.by("sally"));
    assert!(contract.shows_documents_to(&contract.slots()[1]));
    take(&mut contract, open("sb"), &bert, NOW);

    let shown = Plan::new(&world).started(&world);
    assert!(shown.shows_documents_to(&shown.slots()[1]));
}

#[test]
fn c8_fills_in_order_and_signing_begins_with_the_last_one() {
    let world = World::new();
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let mut contract = fillers(&world).started(&world);
    assert_eq!(contract.phase(), Phase::Filling(Progress::None));
    assert_eq!(states(&contract), [SlotState::ToFill, SlotState::WaitingTurn]);
    assert_eq!(refusal(&contract, fill("sb", "fb", "x", true), &bert, NOW), "con.not_your_turn");

    let first = take(&mut contract, fill("sa", "fa", "x", true), &sally, NOW);
    assert_eq!(
        (first.kinds, first.told),
        (vec!["contract.filled"], vec!["contract.to_fill".into()])
    );
    assert_eq!(contract.phase(), Phase::Filling(Progress::Partial));
    assert_eq!(states(&contract), [SlotState::Filled, SlotState::ToFill]);
    assert_eq!(refusal(&contract, fill("sa", "fa", "y", true), &sally, NOW), "con.already_acted");

    let last = take(&mut contract, fill("sb", "fb", "x", true), &bert, NOW);
    assert_eq!(last.told, ["contract.filled", "contract.to_sign"]);
    assert_eq!(contract.phase(), Phase::Signing(Progress::None));
    assert_eq!(states(&contract), [SlotState::ToSign, SlotState::WaitingTurn]);
}

#[test]
fn c8_only_ones_own_fields_with_values_of_their_kind() {
    let world = World::new();
    let mut contract = fillers(&world).started(&world);
    let sally = world.a.by("sally");
    let code = |command| refusal(&contract, command, &sally, NOW);
    assert_eq!(code(fill("sa", "fb", "x", true)), "ctl.not_owner");
    assert_eq!(code(fill("sa", "seal_a", "x", true)), "ctl.not_owner");
    assert_eq!(code(fill("sb", "fb", "x", true)), "con.not_a_signer");
    assert_eq!(code(fill("sa", "fa", "bad\u{0}text", true)), "ctl.value_invalid");
    let nothing = |finished| Command::Fill { slot: id("sa"), values: Vec::new(), finished };
    assert_eq!(code(nothing(true)), "ctl.required_value_missing");
    // Values may come bit by bit; the slot stays open until its signer says that he is done.
    take(&mut contract, fill("sa", "fa", "first", false), &sally, NOW);
    assert_eq!(contract.phase(), Phase::Filling(Progress::None));
    take(&mut contract, fill("sa", "fa", "second", false), &sally, NOW);
    take(&mut contract, nothing(true), &sally, NOW);
    assert_eq!(states(&contract)[0], SlotState::Filled);
}

#[test]
fn c8_not_after_the_deadline_and_not_while_signing() {
    let world = World::new();
    let contract = fillers(&world).started(&world);
    let late = NOW + days(365);
    let sally = world.a.by("sally");
    assert_eq!(
        refusal(&contract, fill("sa", "fa", "x", true), &sally, late),
        "con.deadline_passed"
    );
    let signing = Plan::new(&world).started(&world);
    assert_eq!(
        refusal(&signing, fill("sa", "fa", "x", true), &sally, NOW),
        "con.illegal_transition"
    );
}

#[test]
fn c8_a_parallel_contract_is_filled_in_any_order() {
    let world = World::new();
    let plan = fillers(&world).with(|plan| plan.settings.order = Order::Parallel);
    let mut contract = plan.started(&world);
    assert_eq!(states(&contract), [SlotState::ToFill, SlotState::ToFill]);
    take(&mut contract, fill("sb", "fb", "x", true), &world.b.by("bert"), NOW);
    take(&mut contract, fill("sa", "fa", "x", true), &world.a.by("sally"), NOW);
    assert_eq!(states(&contract), [SlotState::ToSign, SlotState::ToSign]);
}

#[test]
fn c8_values_are_written_before_the_first_signature_only() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    let revised = |before: &str, after| Command::Compose {
        documents: vec![Revised {
            document: "d1".parse().unwrap(),
            before: digest(before),
            after: digest(after),
        }],
        certified_by: Some(CertifiedBy::FirstSigner),
    };
    let code = refusal(&contract, revised("other", "x"), &By::System, NOW);
    assert_eq!(code, "doc.hash_mismatch");
    for by in [world.b.by("bert"), world.a.by("ina"), world.a.by("admin")] {
        assert_eq!(refusal(&contract, revised("d1", "x"), &by, NOW), "emp.no_permission");
    }
    let Command::Compose { documents, .. } = revised("d1", "x") else { unreachable!() };
    let documents = [documents.clone(), documents].concat();
    let twice = Command::Compose { documents, certified_by: None };
    assert_eq!(refusal(&contract, twice, &By::System, NOW), "sign.postcheck");
    let mut held = contract.clone();
    let until = NOW + time::Duration::minutes(5);
    let begin = Command::BeginSigning { slot: id("sa"), until };
    take(&mut held, begin, &world.a.by("sally"), NOW);
    assert_eq!(refusal(&held, revised("d1", "x"), &By::System, NOW), "sign.in_progress");
    assert!(held.decide(revised("d1", "x"), &By::System, until).is_ok());
    let composed = take(&mut contract, revised("d1", "d1 with fields"), &By::System, NOW);
    assert_eq!(composed.kinds, ["document.composed"]);
    assert_eq!(*contract.documents()[0].digest(), digest("d1 with fields"));
    assert_eq!(contract.certified_by(), Some(&CertifiedBy::FirstSigner));
    signs(&mut contract, "sa", &world.a.by("sally"));
    let code = refusal(&contract, revised("d1", "x"), &By::System, NOW);
    assert_eq!(code, "con.illegal_transition");
}
