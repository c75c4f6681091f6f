//! C9, C12 to C15, C19, C22: how a contract ends, and how its end is put off.

use sealwright::contract::{
    Cause, Command, Contract, Holder, Phase, Reason, Signer, SlotState, StartReview,
};
use sealwright::decision::Aggregate;
use sealwright::identity::Factors;
use sealwright::organization::{By, Entitlement, ShippedRole};

use crate::case::{
    Plan, apply, id, reason, refusal, sign, signs, slot, states, take, try_start, with_facts,
};
use crate::paper;
use crate::world::{Firm, NOW, World, contracts, days, digest, person};

fn decline(slot: &str) -> Command<'static> {
    Command::Decline { slot: id(slot), reason: reason("条款有误") }
}

fn decline_fill(slot: &str) -> Command<'static> {
    Command::DeclineFill { slot: id(slot), reason: reason("信息不全") }
}

fn fillers(world: &World) -> Plan {
    Plan::new(world).with(|plan| {
        plan.controls.push(paper::field("d1", "fa", "sa"));
        plan.controls.push(paper::field("d1", "fb", "sb"));
    })
}

#[test]
fn c9_a_signer_declines_to_fill() {
    let world = World::new();
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let mut contract = fillers(&world).started(&world);
    assert_eq!(refusal(&contract, decline_fill("sa"), &bert, NOW), "con.not_a_signer");
    // Also before his turn: nothing that the others fill in would change his mind.
    let taken = take(&mut contract, decline_fill("sb"), &bert, NOW);
    assert_eq!(taken.kinds, ["contract.fill_declined"]);
    assert_eq!(contract.phase(), Phase::FillRejected);
    assert_eq!(states(&contract), [SlotState::Stopped, SlotState::Declined]);
    assert_eq!(refusal(&contract, decline_fill("sa"), &sally, NOW), "con.illegal_transition");
}

#[test]
fn c9_refuses_whoever_may_not_decline_has_filled_or_has_nothing_to_fill() {
    let world = World::new();
    let sally = world.a.by("sally");
    let forbidden = fillers(&world).with_slot("sa", |slot| slot.options.may_decline = false);
    let contract = forbidden.started(&world);
    assert_eq!(refusal(&contract, decline_fill("sa"), &sally, NOW), "con.decline_forbidden");

    let mut contract = fillers(&world).started(&world);
    let values = vec![(paper::key("d1", "fa"), paper::text("x"))];
    let fill = Command::Fill { slot: id("sa"), values, finished: true };
    take(&mut contract, fill, &sally, NOW);
    assert_eq!(refusal(&contract, decline_fill("sa"), &sally, NOW), "con.already_acted");

    let one = Plan::new(&world).with(|plan| plan.controls.push(paper::field("d1", "fb", "sb")));
    let contract = one.started(&world);
    assert_eq!(refusal(&contract, decline_fill("sa"), &sally, NOW), "con.not_pending");
}

#[test]
fn c12_a_signer_declines_in_his_turn_and_the_contract_ends_for_all() {
    let world = World::new();
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let mut contract = Plan::new(&world).started(&world);
    assert_eq!(refusal(&contract, decline("sb"), &bert, NOW), "con.not_your_turn");
    assert_eq!(refusal(&contract, decline("sa"), &bert, NOW), "con.not_a_signer");
    signs(&mut contract, "sa", &sally);
    assert_eq!(refusal(&contract, decline("sa"), &sally, NOW), "con.already_acted");
    let taken = take(&mut contract, decline("sb"), &bert, NOW);
    assert_eq!(taken.kinds, ["contract.declined"]);
    assert_eq!(contract.phase(), Phase::Rejected);
    assert_eq!(states(&contract), [SlotState::Signed, SlotState::Declined]);
    assert_eq!(taken.told, ["contract.declined"; 3], "the initiator and both signers");
}

#[test]
fn c12_refuses_whoever_may_not_decline() {
    let world = World::new();
    let plan = Plan::new(&world).with_slot("sa", |slot| slot.options.may_decline = false);
    let contract = plan.started(&world);
    assert_eq!(
        refusal(&contract, decline("sa"), &world.a.by("sally"), NOW),
        "con.decline_forbidden"
    );
    let draft = Plan::new(&world).draft(&world);
    assert_eq!(refusal(&draft, decline("sa"), &world.a.by("sally"), NOW), "con.illegal_transition");
}

#[test]
fn r_con_03_a_reason_is_required_bounded_and_without_emoji() {
    for (text, code) in [
        ("", "con.reason_required"),
        (&*"长".repeat(201), "con.reason_too_long"),
        ("不行😀", "con.reason_invalid"),
    ] {
        assert_eq!(Reason::parse(text).unwrap_err().code(), code);
    }
}

fn cancel(contract: &Contract, by: &By<'_>) -> Result<(), &'static str> {
    contract.cancel(reason("改期"), by, None, NOW).map(drop).map_err(|refused| refused.code())
}

#[test]
fn c13_the_initiator_cancels_whatever_has_not_ended() {
    let world = World::new();
    let ina = world.a.by("ina");
    let reviewing = {
        let plan = Plan::new(&world);
        let mut contract =
            plan.with(|plan| plan.settings.start_review = StartReview::ByAnother).draft(&world);
        let submitted = with_facts(&contract, &Default::default(), |facts| {
            contract.submit_start(facts, &ina, NOW)
        });
        apply(&mut contract, &submitted.unwrap());
        contract
    };
    for mut contract in [
        Plan::new(&world).draft(&world),
        reviewing,
        fillers(&world).started(&world),
        Plan::new(&world).started(&world),
    ] {
        let cancelled = contract.cancel(reason("改期"), &ina, None, NOW).unwrap().contract;
        assert_eq!(cancelled.kinds(), ["contract.cancelled"]);
        apply(&mut contract, &cancelled);
        assert_eq!(contract.phase(), Phase::Cancelled);
        assert_eq!(states(&contract), [SlotState::Cancelled; 2]);
        assert_eq!(cancel(&contract, &ina), Err("con.illegal_transition"));
    }
}

#[test]
fn c13_what_was_signed_stays_signed() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    signs(&mut contract, "sa", &world.a.by("sally"));
    let cancelled = contract.cancel(reason("改期"), &world.a.by("ina"), None, NOW).unwrap();
    apply(&mut contract, &cancelled.contract);
    assert_eq!(states(&contract), [SlotState::Signed, SlotState::Cancelled]);
    assert_eq!(contract.phase(), Phase::Cancelled);
}

#[test]
fn c13_heads_and_colleagues_with_a_wide_enough_view_cancel_too() {
    let mut world = World::new();
    let mut ivan = |role| {
        let number = 110 + world_number(&world.a);
        world.a.hire("ivan", person("伊凡", number), &[role]);
        let contract = Plan::new(&world).started(&world);
        cancel(&contract, &world.a.by("ivan"))
    };
    assert_eq!(ivan(ShippedRole::ContractAdmin), Ok(()), "sees all");
    assert_eq!(ivan(ShippedRole::Salesperson), Err("con.cancel_forbidden"), "sees his own");
    assert_eq!(ivan(ShippedRole::SealAdmin), Err("con.cancel_forbidden"));
    let contract = Plan::new(&world).started(&world);
    assert_eq!(cancel(&contract, &world.a.by("admin")), Ok(()), "super admin");
    assert_eq!(cancel(&contract, &world.a.by("sally")), Err("con.cancel_forbidden"));
    assert_eq!(cancel(&contract, &world.b.by("admin")), Err("con.cancel_forbidden"));
    assert_eq!(cancel(&contract, &world.paul()), Err("con.cancel_forbidden"));
}

/// A number nobody of the firm has yet.
fn world_number(firm: &Firm) -> u32 {
    u32::try_from(firm.organization.revision().get()).unwrap()
}

fn started_on_quota(world: &World, plan: Plan) -> (Contract, Entitlement) {
    let mut quota = contracts(world.a.organization.id(), 5);
    let mut contract = plan.draft(world);
    let started = with_facts(&contract, &Default::default(), |facts| {
        let mut facts = facts.clone();
        facts.quota = sealwright::contract::Allowance::On(&quota);
        contract.start(&facts, &world.a.by("ina"), NOW).unwrap()
    });
    apply(&mut contract, &started.contract);
    started.quota.unwrap().apply_to(&mut quota).unwrap();
    assert_eq!(quota.quota().unwrap().left(), 4);
    (contract, quota)
}

#[test]
fn c13_returns_the_quota_as_long_as_no_human_has_signed() {
    let world = World::new();
    let ina = world.a.by("ina");
    let (contract, mut quota) = started_on_quota(&world, Plan::new(&world));
    assert!(contract.returns_quota());
    assert_eq!(cancel(&contract, &ina), Err("con.quota_not_given"));
    let cancelled = contract.cancel(reason("改期"), &ina, Some(&quota), NOW).unwrap();
    cancelled.quota.unwrap().apply_to(&mut quota).unwrap();
    assert_eq!(quota.quota().unwrap().left(), 5);
    let mut contract = contract;
    apply(&mut contract, &cancelled.contract);
    assert_eq!(contract.quota(), None);

    // A signature with no human act does not count.
    let auto = Signer::Auto { seals: vec!["seal-1".parse().unwrap()] };
    let plan = Plan::new(&world).with_slot("sa", |slot| slot.signer = auto);
    let (mut contract, mut quota) = started_on_quota(&world, plan);
    signs(&mut contract, "sa", &By::System);
    let cancelled = contract.cancel(reason("改期"), &ina, Some(&quota), NOW).unwrap();
    cancelled.quota.unwrap().apply_to(&mut quota).unwrap();
    assert_eq!(quota.quota().unwrap().left(), 5);

    // One that a human made does.
    let (mut contract, quota) = started_on_quota(&world, Plan::new(&world));
    signs(&mut contract, "sa", &world.a.by("sally"));
    assert!(!contract.returns_quota());
    let cancelled = contract.cancel(reason("改期"), &ina, Some(&quota), NOW).unwrap();
    assert!(cancelled.quota.is_none());
}

#[test]
fn c14_expires_at_the_deadline_and_not_before() {
    let world = World::new();
    let plan = || Plan::new(&world).with(|plan| plan.deadline = Some(NOW + days(10)));
    let mut contract = plan().started(&world);
    let early = NOW + days(10) - time::Duration::SECOND;
    assert_eq!(refusal(&contract, Command::Expire, &By::System, early), "con.deadline_not_reached");
    let taken = take(&mut contract, Command::Expire, &By::System, NOW + days(10));
    assert_eq!(taken.kinds, ["contract.expired"]);
    assert_eq!(contract.phase(), Phase::Expired);
    assert_eq!(states(&contract), [SlotState::Expired; 2]);
    let late = NOW + days(11);
    assert_eq!(refusal(&contract, Command::Expire, &By::System, late), "con.illegal_transition");
}

#[test]
fn c14_the_deadline_of_a_signer_who_has_not_acted_expires_it_too() {
    let world = World::new();
    let plan = || Plan::new(&world).with_slot("sa", |slot| slot.deadline = Some(NOW + days(3)));
    let mut contract = plan().started(&world);
    take(&mut contract, Command::Expire, &By::System, NOW + days(3));
    assert_eq!(states(&contract), [SlotState::Expired, SlotState::Stopped]);

    // At the same instant it is the contract's deadline that ends it.
    let both = plan().with(|plan| plan.deadline = Some(NOW + days(3)));
    let mut contract = both.started(&world);
    take(&mut contract, Command::Expire, &By::System, NOW + days(3));
    assert_eq!(states(&contract), [SlotState::Expired; 2]);

    let mut contract = plan().started(&world);
    signs(&mut contract, "sa", &world.a.by("sally"));
    let code = refusal(&contract, Command::Expire, &By::System, NOW + days(3));
    assert_eq!(code, "con.deadline_not_reached");
}

fn extend(slot: Option<&str>, to: time::OffsetDateTime) -> Command<'static> {
    Command::ExtendDeadline { slot: slot.map(id), to }
}

#[test]
fn c15_puts_the_deadline_off_and_never_forward() {
    let world = World::new();
    let (ina, now) = (world.a.by("ina"), NOW);
    let mut contract =
        Plan::new(&world).with(|plan| plan.deadline = Some(NOW + days(10))).started(&world);
    let code = |to, by: &By<'_>, now| refusal(&contract, extend(None, to), by, now);
    assert_eq!(code(now + days(10), &ina, now), "con.deadline_not_later");
    assert_eq!(code(now + days(20), &ina, now + days(20)), "con.deadline_not_later");
    assert_eq!(code(now + days(11), &world.a.by("cora"), now), "emp.no_permission");
    assert_eq!(code(now + days(11), &world.b.by("admin"), now), "emp.not_in_org");
    assert!(contract.decide(extend(None, now + days(11)), &world.a.by("admin"), now).is_ok());
    let taken = take(&mut contract, extend(None, now + days(11)), &ina, now);
    assert_eq!(taken.kinds, ["contract.deadline_extended"]);
    assert_eq!(taken.told, ["contract.deadline_extended"]);
    assert_eq!(contract.deadline(), Some(now + days(11)));
}

#[test]
fn c15_what_is_entered_by_a_code_stays_open_for_thirty_days_at_most() {
    let world = World::new();
    let ina = world.a.by("ina");
    let contract = Plan::new(&world)
        .with(|plan| plan.settings.opening = sealwright::contract::Opening::ByCode)
        .started(&world);
    let later = NOW + days(6);
    let code = refusal(&contract, extend(None, NOW + days(31)), &ina, later);
    assert_eq!(code, "con.setting_invalid", "from its start, not from now");
    assert!(contract.decide(extend(None, NOW + days(30)), &ina, later).is_ok());
}

#[test]
fn c15_a_signers_deadline_stays_before_the_next_ones_and_the_contracts() {
    let world = World::new();
    let ina = world.a.by("ina");
    let mut contract = Plan::new(&world)
        .with(|plan| plan.deadline = Some(NOW + days(10)))
        .with_slot("sa", |slot| slot.deadline = Some(NOW + days(2)))
        .with_slot("sb", |slot| slot.deadline = Some(NOW + days(5)))
        .started(&world);
    let code = |slot: &str, to| refusal(&contract, extend(Some(slot), NOW + days(to)), &ina, NOW);
    assert_eq!(code("sa", 2), "con.deadline_not_later");
    assert_eq!(code("sa", 6), "con.deadline_after_next");
    assert_eq!(code("sb", 11), "con.deadline_after_contract");
    assert_eq!(code("xx", 4), "con.not_a_signer");
    let parallel = Plan::new(&world)
        .with(|plan| plan.settings.order = sealwright::contract::Order::Parallel)
        .with_slot("sa", |slot| slot.deadline = Some(NOW + days(2)))
        .with_slot("sb", |slot| slot.deadline = Some(NOW + days(5)))
        .started(&world);
    assert!(parallel.decide(extend(Some("sa"), NOW + days(6)), &ina, NOW).is_ok());
    take(&mut contract, extend(Some("sa"), NOW + days(5)), &ina, NOW);
    take(&mut contract, extend(Some("sb"), NOW + days(10)), &ina, NOW);
    signs(&mut contract, "sa", &world.a.by("sally"));
    let code = refusal(&contract, extend(Some("sa"), NOW + days(9)), &ina, NOW);
    assert_eq!(code, "con.already_acted");
}

#[test]
fn c19_a_changed_name_ends_what_is_open() {
    let world = World::new();
    let system = By::System;
    let a = world.a.organization.id().clone();
    let mut contract = Plan::new(&world).started(&world);
    let renamed = |organization: &sealwright::identity::OrganizationId| {
        Command::Invalidate(Cause::OrganizationRenamed { organization: organization.clone() })
    };
    assert!(contract.is_invalidated_by_rename_of(&world.a.organization));
    assert!(!contract.is_invalidated_by_rename_of(&world.c.organization));
    let c = world.c.organization.id();
    assert_eq!(refusal(&contract, renamed(c), &system, NOW), "con.not_a_signer");

    // Once its slots are signed, the new name of an organization does not matter.
    let mut signed = contract.clone();
    signs(&mut signed, "sa", &world.a.by("sally"));
    assert!(!signed.is_invalidated_by_rename_of(&world.a.organization));
    assert_eq!(refusal(&signed, renamed(&a), &system, NOW), "con.not_a_signer");
    let signer = Command::Invalidate(Cause::SignerRenamed { slot: id("sa") });
    assert_eq!(refusal(&signed, signer.clone(), &system, NOW), "con.already_acted");

    // A signer who may not decline does not get rid of it by saying that he has another name.
    for by in [world.a.by("sally"), world.b.by("boris"), world.a.by("admin")] {
        assert_eq!(refusal(&contract, signer.clone(), &by, NOW), "emp.no_permission");
        assert_eq!(refusal(&contract, renamed(&a), &by, NOW), "emp.no_permission");
    }
    take(&mut contract, renamed(&a), &system, NOW);
    assert_eq!(contract.phase(), Phase::Invalidated);
    assert_eq!(states(&contract), [SlotState::Stopped; 2]);
    assert_eq!(refusal(&contract, signer, &system, NOW), "con.illegal_transition");
}

#[test]
fn c19_finds_the_open_slots_of_an_employee() {
    let world = World::new();
    let facts = Holder::known_by_facts(world.b.employee("beth").person().clone());
    let plan = Plan::new(&world).and(slot("sc", "pb", Signer::bound(facts), 3));
    let mut contract = plan.started(&world);
    let (a, b) = (&world.a.organization, &world.b.organization);
    let found = |contract: &Contract, employee, of| contract.open_slots_of(employee, of).count();
    assert_eq!(found(&contract, world.a.employee("sally"), a), 1);
    assert_eq!(found(&contract, world.b.employee("beth"), b), 1, "known by his facts only");
    assert_eq!(found(&contract, world.b.employee("beth"), a), 0, "he signs for B");
    assert_eq!(found(&contract, world.a.employee("steve"), a), 0);
    signs(&mut contract, "sa", &world.a.by("sally"));
    assert_eq!(found(&contract, world.a.employee("sally"), a), 0);
}

#[test]
fn c19_a_document_that_changed_ends_it_only_if_it_did() {
    let world = World::new();
    let contract = Plan::new(&world).started(&world);
    let changed = |document: &str, found| {
        let document = document.parse().unwrap();
        Command::Invalidate(Cause::DocumentChanged { document, found: digest(found) })
    };
    let system = By::System;
    assert_eq!(refusal(&contract, changed("d1", "d1"), &system, NOW), "con.document_unchanged");
    assert_eq!(refusal(&contract, changed("d9", "d1"), &system, NOW), "doc.missing");
    assert!(contract.decide(changed("d1", "x"), &system, NOW).is_ok());
    assert_eq!(
        refusal(&contract, changed("d1", "x"), &world.b.by("bert"), NOW),
        "emp.no_permission"
    );
}

#[test]
fn c22_archives_and_purges_what_has_ended() {
    let world = World::new();
    let ina = world.a.by("ina");
    let mut contract = Plan::new(&world).started(&world);
    for command in [Command::Archive, Command::Purge] {
        assert_eq!(refusal(&contract, command, &ina, NOW), "con.illegal_transition");
    }
    let cancelled = contract.cancel(reason("改期"), &ina, None, NOW).unwrap().contract;
    apply(&mut contract, &cancelled);
    let head = contract.head().len();
    assert_eq!(refusal(&contract, Command::Purge, &world.b.by("admin"), NOW), "emp.not_in_org");
    assert_eq!(refusal(&contract, Command::Purge, &world.a.by("cora"), NOW), "emp.no_permission");
    take(&mut contract, Command::Archive, &ina, NOW);
    take(&mut contract, Command::Purge, &ina, NOW);
    assert!(contract.is_archived() && contract.is_purged());
    assert!(contract.documents().is_empty() && contract.controls().is_empty());
    assert_eq!(contract.head().len(), head + 2, "the trail stays");
    assert_eq!(contract.phase(), Phase::Cancelled);
    for command in [Command::Archive, Command::Purge] {
        assert_eq!(refusal(&contract, command, &ina, NOW), "con.illegal_transition");
    }
}

#[test]
fn every_terminal_state_refuses_every_command_of_the_open_ones() {
    let world = World::new();
    let (ina, sally, system) = (world.a.by("ina"), world.a.by("sally"), By::System);
    let mut ended = Vec::new();
    let started = || Plan::new(&world).started(&world);
    let after = |command, by: &By<'_>, now| {
        let mut contract = started();
        take(&mut contract, command, by, now);
        contract
    };
    ended.push(after(decline("sa"), &sally, NOW));
    ended.push(after(Command::Expire, &system, NOW + days(366)));
    ended.push(after(Command::Invalidate(Cause::SignerRenamed { slot: id("sa") }), &system, NOW));
    let mut complete = started();
    signs(&mut complete, "sa", &sally);
    signs(&mut complete, "sb", &world.b.by("bert"));
    ended.push(complete);
    for contract in &ended {
        assert!(contract.phase().is_terminal(), "{}", contract.phase());
        for command in [
            sign(contract, "sa"),
            decline("sa"),
            decline_fill("sa"),
            Command::Expire,
            extend(None, NOW + days(999)),
            Command::Remind { slot: id("sa") },
            Command::Compose { documents: Vec::new(), certified_by: None },
            Command::WithholdDelivery { slot: id("sa"), place: 0, factors: Factors::NONE },
            Command::BeginSigning { slot: id("sa"), until: NOW + days(1) },
        ] {
            let shown = format!("{command:?}");
            for by in [&ina, &sally, &system] {
                let code = refusal(contract, command.clone(), by, NOW);
                assert_eq!(code, "con.illegal_transition", "{} {shown}", contract.phase());
            }
        }
        assert_eq!(cancel(contract, &ina), Err("con.illegal_transition"));
        let again = try_start(contract, &Default::default(), &ina, NOW).unwrap_err();
        assert_eq!(again.code(), "con.illegal_transition");
    }
}
