//! C7 to C11: opening, filling, reviewing, signing.

use std::collections::BTreeSet;

use sealwright::contract::{
    Command, Contract, Entry, Holder, Integrity, Order, Phase, Progress, Review, Revised, Signer,
    SlotState, Verdict, ViewCheck,
};
use sealwright::decision::{Aggregate, Revision};
use sealwright::identity::{Actor, Factor, Factors};
use sealwright::organization::By;
use time::Duration;

use crate::case::{
    Plan, apply, bound, holder, id, reason, record, refusal, sign, signs, slot, take,
};
use crate::paper;
use crate::world::{NOW, World, days, digest, person};

fn open(slot: &str) -> Command<'static> {
    Command::Open { slot: id(slot), entry: Entry::List, shown: BTreeSet::new() }
}

fn fill(slot: &str, control: &str, text: &str, finished: bool) -> Command<'static> {
    let values = vec![(paper::key("d1", control), paper::text(text))];
    Command::Fill { slot: id(slot), values, finished }
}

fn review(slot: &str, verdict: Verdict, why: Option<&str>) -> Command<'static> {
    Command::Review { slot: id(slot), verdict, reason: why.map(reason) }
}

fn states(contract: &Contract) -> Vec<SlotState> {
    contract.slots().iter().map(|slot| slot.state()).collect()
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
    };
    let code = refusal(&contract, revised("other", "x"), &By::System, NOW);
    assert_eq!(code, "doc.hash_mismatch");
    assert_eq!(refusal(&contract, revised("d1", "x"), &world.b.by("bert"), NOW), "emp.not_in_org");
    let composed = take(&mut contract, revised("d1", "d1 with fields"), &By::System, NOW);
    assert_eq!(composed.kinds, ["document.composed"]);
    assert_eq!(*contract.documents()[0].digest(), digest("d1 with fields"));
    signs(&mut contract, "sa", &world.a.by("sally"));
    let code = refusal(&contract, revised("d1", "x"), &By::System, NOW);
    assert_eq!(code, "con.illegal_transition");
}

#[test]
fn c10_a_slot_that_needs_a_review_waits_for_it() {
    let world = World::new();
    let plan = Plan::new(&world).with_slot("sa", |slot| slot.options.needs_review = true);
    let mut contract = plan.started(&world);
    let (sally, vera) = (world.a.by("sally"), world.a.by("vera"));
    assert_eq!(states(&contract)[0], SlotState::UnderReview);
    let sa = sign(&contract, "sa");
    assert_eq!(refusal(&contract, sa.clone(), &sally, NOW), "con.review_pending");

    let code = |command, by: &By<'_>| refusal(&contract, command, by, NOW);
    assert_eq!(
        code(review("sb", Verdict::Pass, None), &world.b.by("boris")),
        "con.no_review_needed"
    );
    assert_eq!(code(review("sa", Verdict::Pass, None), &sally), "emp.no_permission");
    assert_eq!(code(review("sa", Verdict::Pass, None), &world.b.by("boris")), "emp.not_in_org");
    assert_eq!(code(review("sa", Verdict::Reject, None), &vera), "con.reason_required");

    take(&mut contract, review("sa", Verdict::Reject, Some("印章不对")), &vera, NOW);
    assert_eq!(refusal(&contract, sa.clone(), &sally, NOW), "con.review_rejected");
    let passed = take(&mut contract, review("sa", Verdict::Pass, None), &vera, NOW);
    assert_eq!(
        (passed.kinds, passed.told),
        (vec!["contract.review_result"], vec!["contract.to_sign".into()])
    );
    assert_eq!(contract.slots()[0].review(), Review::Passed);
    take(&mut contract, sa, &sally, NOW);
    assert_eq!(
        refusal(&contract, review("sa", Verdict::Pass, None), &vera, NOW),
        "con.already_acted"
    );
}

#[test]
fn c10_nobody_opens_the_gate_for_himself() {
    let world = World::new();
    let plan = Plan::new(&world).with_slot("sa", |slot| {
        slot.signer = bound(&world.a, "vera");
        slot.options.needs_review = true;
    });
    let contract = plan.started(&world);
    let pass = review("sa", Verdict::Pass, None);
    assert_eq!(refusal(&contract, pass.clone(), &world.a.by("vera"), NOW), "emp.no_permission");
    assert!(contract.decide(pass, &world.a.by("admin"), NOW).is_ok());
}

#[test]
fn c10_a_refusal_by_the_organization_rejects_the_contract() {
    let world = World::new();
    let plan = Plan::new(&world).with_slot("sb", |slot| slot.options.needs_review = true);
    let mut contract = plan.started(&world);
    let refuse = review("sb", Verdict::Refuse, Some("不同意"));
    take(&mut contract, refuse.clone(), &world.b.by("boris"), NOW);
    assert_eq!(contract.phase(), Phase::Rejected);
    assert_eq!(states(&contract), [SlotState::Stopped, SlotState::Declined]);
    assert_eq!(refusal(&contract, refuse, &world.b.by("boris"), NOW), "con.illegal_transition");
}

#[test]
fn c11_signs_in_order_and_the_last_signature_completes() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let first = signs(&mut contract, "sa", &sally);
    assert_eq!(first.kinds, ["contract.signed"]);
    assert_eq!(first.told, ["contract.signed", "contract.to_sign"]);
    assert_eq!(contract.phase(), Phase::Signing(Progress::Partial));
    assert_eq!(contract.slots()[0].acted_by(), Some(&sally.actor()));
    assert!(contract.is_last(&id("sb")) && !contract.is_last(&id("sa")));
    let last = signs(&mut contract, "sb", &bert);
    assert_eq!(last.kinds, ["contract.signed", "document.integrity_checked", "contract.completed"]);
    assert_eq!(contract.phase(), Phase::Completed);
    assert_eq!(states(&contract), [SlotState::Signed, SlotState::Signed]);
    assert_eq!(last.told, ["contract.completed"; 3]);
}

#[test]
fn c11_completion_needs_an_intact_check_of_the_final_bytes() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    signs(&mut contract, "sa", &world.a.by("sally"));
    for integrity in [None, Some(Integrity::Broken)] {
        let record =
            Box::new(sealwright::contract::SignedRecord { integrity, ..record(&contract, "sb") });
        let code = refusal(&contract, Command::RecordSigned(record), &world.b.by("bert"), NOW);
        assert_eq!(code, "sign.postcheck");
    }
}

#[test]
fn c11_every_control_is_signed_once_and_nobody_elses() {
    let world = World::new();
    let contract = Plan::new(&world)
        .with(|plan| plan.controls.push(paper::seal("d1", "seal_a2", "sa")))
        .started(&world);
    let whole = record(&contract, "sa");
    assert_eq!(whole.applications.len(), 2);
    let code = |change: &dyn Fn(&mut sealwright::contract::SignedRecord)| {
        let mut record = whole.clone();
        change(&mut record);
        refusal(&contract, Command::RecordSigned(Box::new(record)), &world.a.by("sally"), NOW)
    };
    assert_eq!(code(&|record| drop(record.applications.pop())), "sign.control_unsigned");
    assert_eq!(
        code(&|record| record.applications.push(record.applications[0].clone())),
        "sign.control_unsigned"
    );
    assert_eq!(
        code(&|record| record.applications[0].control = paper::key("d1", "seal_b")),
        "ctl.not_owner"
    );
    assert_eq!(code(&|record| record.documents[0].before = digest("old")), "doc.hash_mismatch");
    assert_eq!(code(&|record| record.documents.clear()), "sign.postcheck");
    assert_eq!(
        code(&|record| record.documents.push(record.documents[0].clone())),
        "sign.postcheck"
    );
    assert_eq!(
        code(&|record| record.documents[0].after = record.documents[0].before),
        "sign.postcheck"
    );
    let unknown = "d9".parse::<sealwright::identity::DocumentId>().unwrap();
    assert_eq!(code(&|record| record.documents[0].document = unknown.clone()), "doc.missing");
}

#[test]
fn c11_refuses_in_the_order_of_the_chain() {
    let world = World::new();
    let contract = Plan::new(&world)
        .with(|plan| plan.deadline = Some(NOW + days(9)))
        .with_slot("sa", |slot| slot.deadline = Some(NOW + days(3)))
        .started(&world);
    let (sa, sb) = (sign(&contract, "sa"), sign(&contract, "sb"));
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    assert_eq!(refusal(&contract, sa.clone(), &sally, NOW + days(3)), "con.deadline_passed");
    assert_eq!(refusal(&contract, sb.clone(), &bert, NOW + days(9)), "con.deadline_passed");
    assert_eq!(refusal(&contract, sa.clone(), &bert, NOW), "con.not_a_signer");
    assert_eq!(refusal(&contract, sb, &bert, NOW), "con.not_your_turn");
    let mut signed = contract.clone();
    take(&mut signed, sa.clone(), &sally, NOW);
    assert_eq!(refusal(&signed, sa.clone(), &sally, NOW), "con.already_acted");
    let draft = Plan::new(&world).draft(&world);
    assert_eq!(refusal(&draft, sa, &sally, NOW), "con.illegal_transition");
}

#[test]
fn c11_an_organization_that_is_not_active_signs_nothing() {
    let mut world = World::new();
    let contract = Plan::new(&world).started(&world);
    world.a.suspend();
    let code = refusal(&contract, sign(&contract, "sa"), &world.a.by("sally"), NOW);
    assert_eq!(code, "org.suspended");
}

#[test]
fn r_con_06_the_order_holds_for_the_action() {
    let world = World::new();
    let plan = Plan::new(&world).and(slot("sc", "pb", bound(&world.b, "beth"), 2));
    let mut contract = plan.started(&world);
    let error = contract.decide(sign(&contract, "sc"), &world.b.by("beth"), NOW).unwrap_err();
    assert_eq!(error.to_string(), "it is not the turn of sc: sa first");
    signs(&mut contract, "sa", &world.a.by("sally"));
    // Equal ranks act in any order among themselves.
    assert_eq!(states(&contract)[1..], [SlotState::ToSign, SlotState::ToSign]);
    signs(&mut contract, "sc", &world.b.by("beth"));
    signs(&mut contract, "sb", &world.b.by("bert"));
    assert_eq!(contract.phase(), Phase::Completed);
}

#[test]
fn c11_in_a_parallel_contract_everybody_signs_at_once() {
    let world = World::new();
    let plan = Plan::new(&world).with(|plan| plan.settings.order = Order::Parallel);
    let mut contract = plan.started(&world);
    signs(&mut contract, "sb", &world.b.by("bert"));
    signs(&mut contract, "sa", &world.a.by("sally"));
    assert_eq!(contract.phase(), Phase::Completed);
}

#[test]
fn c11_of_several_candidates_one_signs_and_the_others_are_stopped() {
    let world = World::new();
    let holders = vec![holder(&world.a, "sally"), holder(&world.a, "steve")];
    let plan =
        Plan::new(&world).with_slot("sa", |slot| slot.signer = Signer::Candidates { holders });
    let mut contract = plan.started(&world);
    signs(&mut contract, "sa", &world.a.by("steve"));
    let slot = &contract.slots()[0];
    let state = |name| slot.state_for(&Actor::Employee(world.a.employee(name).id().clone()));
    assert_eq!((state("steve"), state("sally")), (SlotState::Signed, SlotState::Stopped));
    let again = sign(&contract, "sa");
    assert_eq!(refusal(&contract, again, &world.a.by("sally"), NOW), "con.already_acted");
}

#[test]
fn c11_a_slot_with_no_human_act_is_signed_by_the_host_alone() {
    let world = World::new();
    let auto = Signer::Auto { seals: vec!["seal-1".parse().unwrap()] };
    let plan = Plan::new(&world).with_slot("sa", |slot| slot.signer = auto);
    let mut contract = plan.started(&world);
    assert_eq!(contract.due_automatically().count(), 1);
    let sa = sign(&contract, "sa");
    assert_eq!(refusal(&contract, sa.clone(), &world.a.by("sally"), NOW), "con.not_a_signer");
    take(&mut contract, sa, &By::System, NOW);
    assert!(!contract.has_human_signature());
    signs(&mut contract, "sb", &world.b.by("bert"));
    assert!(contract.has_human_signature());
}

#[test]
fn c11_a_person_signs_for_himself() {
    let world = World::new();
    let paul = Holder::person(world.paul_id.clone(), world.paul.clone());
    let himself = sealwright::contract::Party::person("pp".parse().unwrap());
    let plan = Plan::new(&world).with(|plan| plan.parties.push(himself)).and(slot(
        "sp",
        "pp",
        Signer::bound(paul),
        1,
    ));
    let mut contract = plan.started(&world);
    let sp = sign(&contract, "sp");
    assert_eq!(refusal(&contract, sp.clone(), &world.a.by("sally"), NOW), "con.not_a_signer");
    take(&mut contract, sp, &world.paul(), NOW);
    assert_eq!(contract.slots()[2].state(), SlotState::Signed);
}

#[test]
fn r_cer_06_what_is_withheld_is_neither_opened_nor_signed_until_corrected() {
    let world = World::new();
    let mobile = Factors::NONE.with(Factor::Mobile);
    let wrong =
        world.a.employee("sally").person().clone().with_mobile(person("x", 999).mobile().clone());
    let plan = Plan::new(&world)
        .with_slot("sa", |slot| slot.signer = Signer::bound(Holder::known_by_facts(wrong.clone())));
    let mut contract = plan.started(&world);
    let (ina, sally) = (world.a.by("ina"), world.a.by("sally"));
    let withhold = |factors| Command::WithholdDelivery { slot: id("sa"), factors };
    assert_eq!(refusal(&contract, withhold(mobile), &world.b.by("boris"), NOW), "emp.not_in_org");
    take(&mut contract, withhold(mobile), &ina, NOW);
    assert!(contract.decide(withhold(mobile), &ina, NOW).unwrap().is_empty());
    assert!(!contract.shows_documents_to(&contract.slots()[0]));
    assert_eq!(refusal(&contract, open("sa"), &sally, NOW), "emp.identity_mismatch");
    assert_eq!(refusal(&contract, sign(&contract, "sa"), &sally, NOW), "emp.identity_mismatch");

    let restore = |person| Command::RestoreDelivery {
        slot: id("sa"),
        person,
        registered: world.a.staff("sally"),
    };
    assert_eq!(refusal(&contract, restore(None), &ina, NOW), "emp.identity_mismatch");
    let right = world.a.employee("sally").person().clone();
    let restored = take(&mut contract, restore(Some(right)), &ina, NOW);
    assert_eq!(restored.told, ["contract.to_sign"]);
    take(&mut contract, open("sa"), &sally, NOW);
    assert_eq!(refusal(&contract, restore(None), &ina, NOW), "con.not_pending");
}

#[test]
fn r_sign_13_one_signature_is_made_at_a_time() {
    let world = World::new();
    let plan = Plan::new(&world).with(|plan| plan.settings.order = Order::Parallel);
    let mut contract = plan.started(&world);
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let minutes = Duration::minutes;
    let begin = |slot: &str, until| Command::BeginSigning { slot: id(slot), until };
    assert_eq!(refusal(&contract, begin("sa", NOW), &sally, NOW), "con.setting_invalid");
    assert_eq!(
        refusal(&contract, begin("sa", NOW + minutes(31)), &sally, NOW),
        "con.setting_invalid"
    );
    take(&mut contract, begin("sa", NOW + minutes(5)), &sally, NOW);
    let ticket = contract.hold().unwrap().ticket;
    let sb = sign(&contract, "sb");
    assert_eq!(refusal(&contract, sb.clone(), &bert, NOW), "sign.in_progress");
    assert_eq!(refusal(&contract, begin("sb", NOW + minutes(5)), &bert, NOW), "sign.in_progress");
    assert!(contract.decide(sb.clone(), &bert, NOW + minutes(5)).is_ok(), "it lapses by itself");

    // Begun again on another device, the first one's result comes too late.
    take(&mut contract, begin("sa", NOW + minutes(6)), &sally, NOW);
    let mut stale = record(&contract, "sa");
    stale.ticket = Some(ticket);
    let stale = Command::RecordSigned(Box::new(stale));
    assert_eq!(refusal(&contract, stale, &sally, NOW), "sign.stale_ticket");

    let abandon = |slot: &str| Command::AbandonSigning { slot: id(slot) };
    assert_eq!(refusal(&contract, abandon("sb"), &bert, NOW), "con.not_pending");
    take(&mut contract, abandon("sa"), &sally, NOW);
    assert!(contract.hold().is_none());
    let mut late = record(&contract, "sa");
    late.ticket = Some(Revision::from(contract.revision().get()));
    let late = Command::RecordSigned(Box::new(late));
    assert_eq!(refusal(&contract, late, &sally, NOW), "sign.stale_ticket");
    take(&mut contract, sb, &bert, NOW);
}

#[test]
fn con_stale_revision_is_what_the_second_writer_gets() {
    let world = World::new();
    let plan = Plan::new(&world).with(|plan| plan.settings.order = Order::Parallel);
    let mut contract = plan.started(&world);
    let seen = contract.revision();
    let first = contract.decide(sign(&contract, "sa"), &world.a.by("sally"), NOW).unwrap();
    let second = contract.decide(sign(&contract, "sb"), &world.b.by("bert"), NOW).unwrap();
    apply(&mut contract, &first);
    assert_eq!(second.apply_to(&mut contract).unwrap_err().code(), "con.stale_revision");
    assert_eq!(contract.expect(seen).unwrap_err().code(), "con.stale_revision");
}
