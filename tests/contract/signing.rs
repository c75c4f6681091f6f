//! C10 and C11: reviewing, signing, and what holds signing back.

use sealwright::contract::{
    Command, Holder, Integrity, Mark, Order, Phase, Progress, Review, Signer, SlotState, Spot,
    Verdict,
};
use sealwright::decision::{Aggregate, Revision};
use sealwright::geometry::PageNumber;
use sealwright::identity::Actor;
use sealwright::organization::{By, Entitlements};
use time::Duration;

use crate::case::{
    Plan, apply, bound, holder, id, open, reason, record, refusal, sign, signs, slot, states, take,
};
use crate::paper;
use crate::world::{NOW, World, days, digest};

fn review(slot: &str, verdict: Verdict, why: Option<&str>) -> Command<'static> {
    Command::Review { slot: id(slot), verdict, reason: why.map(reason) }
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
    assert!(contract.decide(pass.clone(), &world.a.by("admin"), NOW).is_ok());

    // Nor does he whose facts were written down wrong, or who is known by his facts only.
    let vera = world.a.employee("vera");
    let wrong = vera.person().clone().with_mobile(world.paul.mobile().clone());
    let holders =
        [Holder::employee(vera.id().clone(), wrong.clone()), Holder::known_by_facts(wrong)];
    for holder in holders {
        let plan = Plan::new(&world).with_slot("sa", |slot| {
            slot.signer = Signer::bound(holder);
            slot.options.needs_review = true;
        });
        let contract = plan.started(&world);
        assert_eq!(refusal(&contract, pass.clone(), &world.a.by("vera"), NOW), "emp.no_permission");
    }

    // Nor does he who approves while nobody is named, and is named then.
    let plan = Plan::new(&world).with_slot("sa", |slot| {
        slot.signer = Signer::LateBound;
        slot.options.needs_review = true;
    });
    let mut contract = plan.started(&world);
    take(&mut contract, pass.clone(), &world.a.by("vera"), NOW);
    let holder = holder(&world.a, "vera");
    let bind = Command::BindSigner { slot: id("sa"), holder, entitlements: Entitlements::NONE };
    let bound = take(&mut contract, bind, &world.a.by("ina"), NOW);
    assert_eq!(bound.told, ["contract.review_due"]);
    let slot = contract.slot(&id("sa")).unwrap();
    assert_eq!((slot.review(), slot.state()), (Review::Pending, SlotState::UnderReview));
    let vera = world.a.by("vera");
    assert_eq!(refusal(&contract, sign(&contract, "sa"), &vera, NOW), "con.review_pending");
    assert_eq!(refusal(&contract, pass.clone(), &vera, NOW), "emp.no_permission");
    take(&mut contract, pass, &world.a.by("admin"), NOW);
    signs(&mut contract, "sa", &vera);
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
        let code = refusal(&contract, Command::AssertSigned(record), &world.b.by("bert"), NOW);
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
        refusal(&contract, Command::AssertSigned(Box::new(record)), &world.a.by("sally"), NOW)
    };
    assert_eq!(code(&|record| drop(record.applications.pop())), "sign.control_unsigned");
    assert_eq!(
        code(&|record| record.applications.push(record.applications[0].clone())),
        "sign.control_unsigned"
    );
    assert_eq!(
        code(&|record| record.applications[0].mark = Mark::Date),
        "sign.control_unsigned",
        "a date where a seal belongs is no seal"
    );
    assert_eq!(
        code(&|record| record.applications[0].control = paper::key("d1", "seal_b")),
        "ctl.not_owner"
    );
    assert_eq!(
        code(&|record| {
            let mut own = record.applications[0].clone();
            own.control = paper::key("d1", "of_my_own");
            record.applications.push(own);
        }),
        "ctl.not_owner",
        "a signer places controls only where he may"
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
fn c11_who_places_his_controls_himself_signs_something() {
    let world = World::new();
    // The initiator has placed a date, and left the seal to the signer.
    let contract = Plan::new(&world)
        .with(|plan| plan.controls[0] = paper::date("d1", "date_a", "sa"))
        .with_slot("sa", |slot| slot.options.places_controls = true)
        .started(&world);
    let sally = world.a.by("sally");
    let mark = record(&contract, "sb").applications[0].mark.clone();
    let applying = |marks: &[(&str, Mark)]| {
        let apply = |(control, mark): &(&str, Mark)| sealwright::contract::Application {
            control: paper::key("d1", control),
            mark: mark.clone(),
            spots: contract.controls()[0].spots().to_vec(),
        };
        let applications = marks.iter().map(apply).collect();
        let record = sealwright::contract::SignedRecord { applications, ..record(&contract, "sa") };
        Command::AssertSigned(Box::new(record))
    };
    let code = |marks: &[(&str, Mark)]| refusal(&contract, applying(marks), &sally, NOW);
    assert_eq!(code(&[]), "sign.control_unsigned");
    let date = ("date_a", Mark::Date);
    assert_eq!(code(std::slice::from_ref(&date)), "sign.control_unsigned");
    let beside = [date.clone(), ("x", Mark::Date), ("y", Mark::Opinion)];
    assert_eq!(code(&beside), "sign.control_unsigned");
    let twice = [date.clone(), ("x", mark.clone()), ("x", mark.clone())];
    assert_eq!(code(&twice), "sign.control_unsigned");
    let signed = || applying(&[("x", mark.clone()), ("y", Mark::Date), date.clone()]);
    assert!(contract.decide(signed(), &sally, NOW).is_ok());
    let placed = |change: &dyn Fn(&mut Vec<Spot>)| {
        let Command::AssertSigned(mut record) = signed() else { panic!("a signature") };
        change(&mut record.applications[1].spots);
        refusal(&contract, Command::AssertSigned(record), &sally, NOW)
    };
    assert_eq!(placed(&|spots| spots.clear()), "sign.control_unsigned");
    let beyond = PageNumber::new(99).unwrap();
    assert_eq!(placed(&|spots| spots[0].page = beyond), "ctl.page_out_of_range");
    assert_eq!(placed(&|spots| *spots = vec![spots[0]; 100]), "con.setting_invalid");
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
fn r_sign_03_the_same_human_at_another_organization_is_no_signer() {
    let mut world = World::new();
    let sally = world.a.employee("sally").person().clone();
    world.c.hire("sally", sally.clone(), &[]);
    let facts = Signer::bound(Holder::known_by_facts(sally));
    let contract = Plan::new(&world).with_slot("sa", |slot| slot.signer = facts).started(&world);
    assert_eq!(refusal(&contract, open("sa"), &world.c.by("sally"), NOW), "con.not_a_signer");
}

#[test]
fn r_sign_13_other_bytes_and_a_result_that_does_not_verify_are_refused() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let mut other_bytes = record(&contract, "sa");
    other_bytes.documents[0].before = digest("other bytes");
    let other_bytes = Command::AssertSigned(Box::new(other_bytes));
    let before = contract.clone();
    assert_eq!(refusal(&contract, other_bytes, &sally, NOW), "doc.hash_mismatch");
    assert_eq!(contract, before);

    signs(&mut contract, "sa", &sally);
    let mut broken = record(&contract, "sb");
    broken.integrity = Some(Integrity::Broken);
    let broken = Command::AssertSigned(Box::new(broken));
    assert_eq!(refusal(&contract, broken, &bert, NOW), "sign.postcheck");
    signs(&mut contract, "sb", &bert);
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
    let stale = Command::AssertSigned(Box::new(stale));
    assert_eq!(refusal(&contract, stale, &sally, NOW), "sign.stale_ticket");

    let abandon = |slot: &str| Command::AbandonSigning { slot: id(slot) };
    assert_eq!(refusal(&contract, abandon("sb"), &bert, NOW), "con.not_pending");
    let mut done = contract.clone();
    signs(&mut done, "sa", &sally);
    assert!(done.hold().is_none());
    take(&mut contract, abandon("sa"), &sally, NOW);
    assert!(contract.hold().is_none());
    let mut late = record(&contract, "sa");
    late.ticket = Some(Revision::from(contract.revision().get()));
    let late = Command::AssertSigned(Box::new(late));
    assert_eq!(refusal(&contract, late, &sally, NOW), "sign.stale_ticket");
    take(&mut contract, sb, &bert, NOW);
}

#[test]
fn r_sign_13_who_begins_over_and_over_does_not_hold_up_the_others() {
    let world = World::new();
    let plan = Plan::new(&world).with(|plan| plan.settings.order = Order::Parallel);
    let mut contract = plan.started(&world);
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let at = |minutes| NOW + Duration::minutes(minutes);
    let begin = |slot: &str, until| Command::BeginSigning { slot: id(slot), until };
    let abandon = Command::AbandonSigning { slot: id("sa") };
    take(&mut contract, begin("sa", at(10)), &sally, NOW);
    // Again while it runs, and again after it was given up: the time of the first one counts.
    take(&mut contract, begin("sa", at(25)), &sally, at(5));
    assert_eq!(contract.hold().unwrap().until, at(10));
    take(&mut contract, abandon.clone(), &sally, at(6));
    take(&mut contract, begin("sa", at(36)), &sally, at(6));
    assert_eq!(contract.hold().unwrap().until, at(10));
    take(&mut contract, begin("sa", at(8)), &sally, at(7));
    take(&mut contract, begin("sa", at(36)), &sally, at(9));
    assert_eq!(contract.hold().unwrap().until, at(10), "a shorter one makes it no longer");

    // When it has passed, the others may begin, and he may not at once.
    let refused = contract.decide(begin("sa", at(30)), &sally, at(10)).unwrap_err();
    assert_eq!(refused.code(), "sign.in_progress");
    assert!(contract.decide(begin("sb", at(30)), &bert, at(10)).is_ok());
    let mut record = record(&contract, "sa");
    record.ticket = Some(contract.hold().unwrap().ticket);
    let late = Command::AssertSigned(Box::new(record));
    assert!(contract.decide(late, &sally, at(10)).is_ok(), "what he made is taken");
    take(&mut contract, begin("sa", at(30)), &sally, at(11));
    assert_eq!(contract.hold().unwrap().until, at(30));

    // Where nobody else is to sign, nobody is held up.
    signs(&mut contract, "sa", &sally);
    take(&mut contract, begin("sb", at(20)), &bert, at(12));
    take(&mut contract, begin("sb", at(40)), &bert, at(20));
    assert_eq!(contract.hold().unwrap().until, at(40));
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
