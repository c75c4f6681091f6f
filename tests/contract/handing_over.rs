//! C16 to C18: who acts in a slot, after the start.

use sealwright::contract::{
    Command, Contract, ForwardKind, Holder, Order, Phase, Review, Signer, SlotState, Verdict,
};
use sealwright::decision::Recipient;
use sealwright::identity::{Actor, Factor, Factors};
use sealwright::organization::{By, Entitlements, Staff};

use crate::case::{Plan, bound, cc, holder, id, refusal, sign, signs, slot, take};
use crate::paper;
use crate::world::{NOW, World, born, person};

fn forward<'a>(slot: &str, to: Staff<'a>) -> Command<'a> {
    Command::Forward { slot: id(slot), from: None, to, kind: ForwardKind::ByEmployee }
}

fn resigned<'a>(slot: &str, from: Staff<'a>, to: Staff<'a>) -> Command<'a> {
    Command::Forward { slot: id(slot), from: Some(from), to, kind: ForwardKind::Resigned }
}

fn remind(slot: &str) -> Command<'static> {
    Command::Remind { slot: id(slot) }
}

fn bind(slot: &str, holder: Holder) -> Command<'static> {
    Command::BindSigner { slot: id(slot), holder, entitlements: Entitlements::NONE }
}

#[test]
fn c16_the_holder_hands_his_slot_to_a_colleague() {
    let world = World::new();
    let (sally, steve) = (world.a.by("sally"), world.a.by("steve"));
    let mut contract = Plan::new(&world).started(&world);
    let taken = take(&mut contract, forward("sa", world.a.staff("steve")), &sally, NOW);
    assert_eq!(taken.kinds, ["contract.forwarded"]);
    let slot = contract.slot(&id("sa")).unwrap();
    let state = |by: &By<'_>| slot.state_for(&by.actor());
    assert_eq!((state(&sally), state(&steve)), (SlotState::Forwarded, SlotState::ToSign));
    assert_eq!(slot.handovers()[0].kind, ForwardKind::ByEmployee);
    assert_eq!(refusal(&contract, sign(&contract, "sa"), &sally, NOW), "con.not_a_signer");
    signs(&mut contract, "sa", &steve);
    let code = refusal(&contract, forward("sa", world.a.staff("sally")), &steve, NOW);
    assert_eq!(code, "con.already_acted");
}

#[test]
fn c16_heads_and_contract_admins_hand_over_too_and_nobody_else() {
    let world = World::new();
    let contract = Plan::new(&world).started(&world);
    let code = |by: &By<'_>| {
        let command = forward("sa", world.a.staff("steve"));
        contract.decide(command, by, NOW).map(drop).map_err(|refused| refused.code())
    };
    assert_eq!(code(&world.a.by("admin")), Ok(()));
    assert_eq!(code(&world.a.by("cora")), Ok(()));
    assert_eq!(code(&world.a.by("ivo")), Err("con.forward_forbidden"), "a salesperson");
    assert_eq!(code(&world.b.by("admin")), Err("con.forward_forbidden"));
    assert_eq!(code(&world.paul()), Err("con.forward_forbidden"));
}

#[test]
fn c16_refuses_in_the_order_acted_allowed_target_actor() {
    let mut world = World::new();
    let plan = || Plan::new(&world).with_slot("sa", |slot| slot.options.may_forward = false);
    let contract = plan().started(&world);
    let sally = world.a.by("sally");
    let to_b = || forward("sa", world.b.staff("bill"));
    assert_eq!(refusal(&contract, to_b(), &sally, NOW), "con.forward_forbidden");

    let contract = Plan::new(&world).started(&world);
    assert_eq!(refusal(&contract, to_b(), &sally, NOW), "emp.not_in_org");
    let code = refusal(&contract, forward("xx", world.a.staff("steve")), &sally, NOW);
    assert_eq!(code, "con.not_a_signer");

    // Whoever has filled fields signs as well.
    let plan = Plan::new(&world).with(|plan| plan.controls.push(paper::field("d1", "fa", "sa")));
    let mut filling = plan.started(&world);
    let values = vec![(paper::key("d1", "fa"), paper::text("x"))];
    let fill = Command::Fill { slot: id("sa"), values, finished: false };
    take(&mut filling, fill, &sally, NOW);
    let code = refusal(&filling, forward("sa", world.a.staff("steve")), &sally, NOW);
    assert_eq!(code, "con.already_acted");

    world.a.suspend();
    let code = refusal(&contract, forward("sa", world.a.staff("steve")), &world.a.by("sally"), NOW);
    assert_eq!(code, "org.suspended");
}

#[test]
fn c16_a_resigned_holders_slot_goes_over_whatever_its_options_say() {
    let world = World::new();
    let plan = Plan::new(&world)
        .with(|plan| plan.controls.push(paper::field("d1", "fa", "sa")))
        .with_slot("sa", |slot| slot.options.may_forward = false);
    let mut contract = plan.started(&world);
    let sally = world.a.by("sally");
    let values = vec![(paper::key("d1", "fa"), paper::text("x"))];
    take(&mut contract, Command::Fill { slot: id("sa"), values, finished: true }, &sally, NOW);
    let command = || resigned("sa", world.a.staff("sally"), world.a.staff("steve"));
    assert_eq!(refusal(&contract, command(), &sally, NOW), "con.forward_forbidden");
    take(&mut contract, command(), &By::System, NOW);
    let slot = contract.slot(&id("sa")).unwrap();
    assert_eq!(slot.handovers()[0].kind, ForwardKind::Resigned);
    signs(&mut contract, "sa", &world.a.by("steve"));
}

#[test]
fn c16_of_several_candidates_the_one_who_is_named_or_asks_is_replaced() {
    let world = World::new();
    let holders = vec![holder(&world.a, "sally"), holder(&world.a, "steve")];
    let plan =
        Plan::new(&world).with_slot("sa", |slot| slot.signer = Signer::Candidates { holders });
    let mut contract = plan.started(&world);
    let names = |contract: &Contract| {
        let holders = contract.slots()[0].signer().holders().iter();
        holders.map(|holder| holder.employee_id().unwrap().to_string()).collect::<Vec<_>>()
    };
    take(&mut contract, forward("sa", world.a.staff("cora")), &world.a.by("steve"), NOW);
    assert_eq!(names(&contract), ["a.sally", "a.cora"]);
    let twice = forward("sa", world.a.staff("sally"));
    let code = refusal(&contract, twice, &world.a.by("cora"), NOW);
    assert_eq!(code, "con.duplicate_signer", "he may sign already");
    let (sally, steve) = (world.a.staff("sally"), world.a.staff("steve"));
    take(&mut contract, resigned("sa", sally, steve), &By::System, NOW);
    assert_eq!(names(&contract), ["a.steve", "a.cora"]);
    let code = refusal(&contract, forward("sa", world.a.staff("ina")), &world.a.by("admin"), NOW);
    assert_eq!(code, "con.forward_forbidden", "nobody is named who gives it up");
}

#[test]
fn c16_a_candidate_who_is_known_by_his_facts_only_is_found_by_his_identity_document() {
    let world = World::new();
    let by_facts = |name: &str| Holder::known_by_facts(world.a.employee(name).person().clone());
    let holders = vec![by_facts("steve"), by_facts("sally")];
    let plan =
        Plan::new(&world).with_slot("sa", |slot| slot.signer = Signer::Candidates { holders });
    let mut contract = plan.started(&world);
    let (sally, cora, dan) = (world.a.staff("sally"), world.a.staff("cora"), world.a.staff("dan"));
    assert_eq!(
        refusal(&contract, resigned("sa", dan, cora), &By::System, NOW),
        "con.forward_forbidden",
        "somebody who signs nothing"
    );
    take(&mut contract, resigned("sa", sally, cora), &By::System, NOW);
    let slot = &contract.slots()[0];
    assert_eq!(slot.signer().holders()[0], by_facts("steve"));
    assert_eq!(slot.signer().holders()[1], holder(&world.a, "cora"));
    assert!(slot.handovers()[0].from.is(&world.a.by("sally").actor()));
    // The head hands over for one of them as well.
    let named = Command::Forward {
        slot: id("sa"),
        from: Some(world.a.staff("steve")),
        to: dan,
        kind: ForwardKind::ByEmployee,
    };
    take(&mut contract, named, &world.a.by("admin"), NOW);
    assert_eq!(contract.slots()[0].signer().holders()[0], holder(&world.a, "dan"));
}

#[test]
fn r_con_01_nobody_signs_twice_for_a_party_because_somebody_resigned() {
    let world = World::new();
    let contract =
        Plan::new(&world).and(slot("sa2", "pa", bound(&world.a, "steve"), 3)).started(&world);
    let (sally, steve) = (world.a.staff("sally"), world.a.staff("steve"));
    let code = refusal(&contract, resigned("sa", sally, steve), &By::System, NOW);
    assert_eq!(code, "con.duplicate_signer", "somebody else takes over");
    let cora = world.a.staff("cora");
    assert!(contract.decide(resigned("sa", sally, cora), &By::System, NOW).is_ok());
}

#[test]
fn c16_that_somebody_resigned_is_for_the_host_to_say() {
    let world = World::new();
    let plan = Plan::new(&world)
        .with_slot("sa", |slot| slot.options.may_forward = false)
        .with(|plan| plan.cc.push(cc("cc1", 103)));
    let contract = plan.started(&world);
    let command = |to| resigned("sa", world.a.staff("sally"), world.a.staff(to));
    for by in ["admin", "cora", "sally"] {
        let code = refusal(&contract, command("cora"), &world.a.by(by), NOW);
        assert_eq!(code, "con.forward_forbidden", "{by}");
    }
    assert!(contract.decide(command("cora"), &By::System, NOW).is_ok());
    assert_eq!(refusal(&contract, command("steve"), &By::System, NOW), "con.cc_is_signer");
}

#[test]
fn r_con_02_who_reads_along_takes_no_slot_over() {
    let world = World::new();
    let contract = Plan::new(&world).with(|plan| plan.cc.push(cc("cc1", 103))).started(&world);
    let code = refusal(&contract, forward("sa", world.a.staff("steve")), &world.a.by("sally"), NOW);
    assert_eq!(code, "con.cc_is_signer");
}

#[test]
fn c16_a_new_holder_needs_a_new_review_and_nobody_signs_twice_for_a_party() {
    let world = World::new();
    let plan = Plan::new(&world)
        .with_slot("sa", |slot| slot.options.needs_review = true)
        .and(slot("sa2", "pa", bound(&world.a, "steve"), 3));
    let mut contract = plan.started(&world);
    let sally = world.a.by("sally");
    let review = Command::Review { slot: id("sa"), verdict: Verdict::Pass, reason: None };
    take(&mut contract, review, &world.a.by("vera"), NOW);
    let code = refusal(&contract, forward("sa", world.a.staff("steve")), &sally, NOW);
    assert_eq!(code, "con.duplicate_signer");
    let decision = contract.decide(forward("sa", world.a.staff("cora")), &sally, NOW).unwrap();
    // The new signer, the initiator, and those who have to look at him.
    let told: Vec<_> = decision.notices().iter().map(|notice| notice.kind.as_str()).collect();
    assert_eq!(told, ["contract.forwarded", "contract.review_due", "contract.forwarded"]);
    let managers = Recipient::SealManagers(world.a.organization.id().clone());
    assert_eq!(decision.notices()[1].recipient, managers);
    decision.apply_to(&mut contract).unwrap();
    let slot = contract.slot(&id("sa")).unwrap();
    assert_eq!((slot.review(), slot.state()), (Review::Pending, SlotState::UnderReview));
    // Whose turn it is not yet, nobody reviews yet.
    let plan = Plan::new(&world).with_slot("sb", |slot| slot.options.needs_review = true);
    let contract = plan.started(&world);
    let (to, by) = (world.b.staff("beth"), world.b.by("bert"));
    let early = contract.decide(forward("sb", to), &by, NOW).unwrap();
    assert!(early.notices().iter().all(|notice| notice.kind == "contract.forwarded"));
}

#[test]
fn c16_whoever_signs_for_another_party_may_take_over() {
    let world = World::new();
    let steve = world.a.employee("steve").person().clone();
    let himself = Holder::person("steve".parse().unwrap(), steve);
    let plan = Plan::new(&world).with(|plan| {
        plan.parties.push(sealwright::contract::Party::person("pp".parse().unwrap()));
        plan.controls.push(paper::signature("d1", "sign_p", "sp"));
        plan.slots.push(slot("sp", "pp", Signer::bound(himself), 3));
    });
    let contract = plan.started(&world);
    let command = forward("sa", world.a.staff("steve"));
    assert!(contract.decide(command, &world.a.by("sally"), NOW).is_ok());
}

#[test]
fn c16_the_new_holder_starts_afresh() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    take(&mut contract, crate::case::open("sa"), &world.a.by("sally"), NOW);
    let factors = Factors::NONE.with(Factor::Mobile);
    take(
        &mut contract,
        Command::WithholdDelivery { slot: id("sa"), place: 0, factors },
        &By::System,
        NOW,
    );
    take(&mut contract, forward("sa", world.a.staff("steve")), &world.a.by("admin"), NOW);
    let slot = contract.slot(&id("sa")).unwrap();
    assert_eq!((slot.opened_at(), slot.withheld()), (None, &[][..]));
}

#[test]
fn c16_nobody_waits_for_the_one_who_handed_over() {
    let world = World::new();
    let plan = Plan::new(&world).with(|plan| plan.settings.order = Order::Parallel);
    let mut contract = plan.started(&world);
    let sally = world.a.by("sally");
    let until = NOW + time::Duration::minutes(5);
    take(&mut contract, Command::BeginSigning { slot: id("sa"), until }, &sally, NOW);
    take(&mut contract, forward("sa", world.a.staff("steve")), &sally, NOW);
    assert!(contract.hold().is_none());
    signs(&mut contract, "sb", &world.b.by("bert"));
}

#[test]
fn r_con_07_handing_over_resets_nobody_who_signed() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    signs(&mut contract, "sa", &world.a.by("sally"));
    let signed = contract.slot(&id("sa")).unwrap().clone();
    let applied = contract.controls()[0].clone();
    take(&mut contract, forward("sb", world.b.staff("bill")), &world.b.by("bert"), NOW);
    assert_eq!(contract.slot(&id("sa")).unwrap(), &signed);
    assert_eq!(contract.controls()[0], applied);
    signs(&mut contract, "sb", &world.b.by("bill"));
    assert_eq!(contract.phase(), Phase::Completed);
}

#[test]
fn c17_names_the_signer_of_a_late_bound_slot() {
    let world = World::new();
    let plan = Plan::new(&world)
        .with(|plan| plan.cc.push(cc("cc1", 901)))
        .with_slot("sa", |slot| slot.signer = Signer::LateBound)
        .and(slot("sa2", "pa", bound(&world.a, "steve"), 3));
    let mut contract = plan.started(&world);
    let ina = world.a.by("ina");
    let code = |command, by: &By<'_>| refusal(&contract, command, by, NOW);
    let sally = || holder(&world.a, "sally");
    assert_eq!(code(sign(&contract, "sa"), &world.a.by("sally")), "con.not_a_signer");
    assert_eq!(code(bind("sb", sally()), &ina), "con.slot_not_dynamic");
    assert_eq!(code(bind("sa", sally()), &world.b.by("boris")), "emp.not_in_org");
    assert_eq!(code(bind("sa", sally()), &world.a.by("steve")), "emp.no_permission");
    assert_eq!(code(bind("sa", holder(&world.a, "steve")), &ina), "con.duplicate_signer");
    let himself = Holder::person(world.paul_id.clone(), world.paul.clone());
    assert_eq!(code(bind("sa", himself), &ina), "con.plan_inconsistent");
    let minor = Holder::known_by_facts(born("少年", 2010, 7));
    assert_eq!(code(bind("sa", minor), &ina), "identity.underage");
    let copied = Holder::known_by_facts(person("抄送", 901));
    assert_eq!(code(bind("sa", copied), &ina), "con.cc_is_signer");
    let code = refusal(&contract, forward("sa", world.a.staff("sally")), &ina, NOW);
    assert_eq!(code, "con.forward_forbidden", "nobody holds it yet");

    let taken = take(&mut contract, bind("sa", sally()), &ina, NOW);
    assert_eq!(
        (taken.kinds, taken.told),
        (vec!["contract.bound"], vec!["contract.to_sign".into()])
    );
    assert_eq!(refusal(&contract, bind("sa", sally()), &ina, NOW), "con.slot_not_dynamic");
    signs(&mut contract, "sa", &world.a.by("sally"));
}

#[test]
fn c17_an_automatic_slot_is_not_bound() {
    let world = World::new();
    let auto = Signer::Auto { seals: vec!["seal-1".parse().unwrap()] };
    let contract = Plan::new(&world).with_slot("sa", |slot| slot.signer = auto).started(&world);
    let command = bind("sa", holder(&world.a, "sally"));
    assert_eq!(refusal(&contract, command, &world.a.by("ina"), NOW), "con.slot_not_dynamic");
    assert_eq!(refusal(&contract, remind("sa"), &world.a.by("ina"), NOW), "con.no_channel");
}

#[test]
fn c18_reminds_whoever_has_to_act_now() {
    let world = World::new();
    let ina = world.a.by("ina");
    let mut contract = Plan::new(&world).started(&world);
    assert_eq!(refusal(&contract, remind("sb"), &ina, NOW), "con.not_pending");
    assert_eq!(refusal(&contract, remind("sa"), &world.b.by("boris"), NOW), "emp.not_in_org");
    let taken = take(&mut contract, remind("sa"), &ina, NOW);
    assert_eq!(taken.kinds, ["contract.reminded"]);
    assert_eq!(taken.told, ["contract.reminded"]);
    signs(&mut contract, "sa", &world.a.by("sally"));
    assert_eq!(refusal(&contract, remind("sa"), &ina, NOW), "con.not_pending");
    let mute = Plan::new(&world).with_slot("sa", |slot| slot.options.channels.clear());
    assert_eq!(refusal(&mute.started(&world), remind("sa"), &ina, NOW), "con.no_channel");
}

#[test]
fn r_con_05_three_reminders_for_a_slot_are_enough_whoever_holds_it() {
    let world = World::new();
    let ina = world.a.by("ina");
    let mut contract = Plan::new(&world).started(&world);
    for _ in 0..2 {
        take(&mut contract, remind("sa"), &ina, NOW);
    }
    take(&mut contract, forward("sa", world.a.staff("steve")), &world.a.by("sally"), NOW);
    take(&mut contract, remind("sa"), &ina, NOW);
    assert_eq!(refusal(&contract, remind("sa"), &ina, NOW), "con.reminder_limit");
    signs(&mut contract, "sa", &world.a.by("steve"));
    take(&mut contract, remind("sb"), &ina, NOW);
}

#[test]
fn the_initiator_who_signs_himself_gets_no_short_message() {
    let world = World::new();
    let plan = Plan::new(&world).with_slot("sa", |slot| slot.signer = bound(&world.a, "ina"));
    let contract = plan.started(&world);
    let reminded = contract.decide(remind("sa"), &world.a.by("ina"), NOW).unwrap();
    let channels = &reminded.notices()[0].channels;
    assert!(!channels.contains(&sealwright::decision::Channel::Sms) && !channels.is_empty());
    assert_eq!(contract.slots()[0].state_for(&Actor::System), SlotState::ToSign);
}
