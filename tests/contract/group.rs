//! Contracts that are signed as one act.

use sealwright::contract::{
    Cause, Command, Contract, Group, Integrity, Membership, Phase, Progress, SignedRecord, Verdict,
};
use sealwright::organization::By;

use crate::case::{Plan, apply, id, reason, record, refusal, sign, take, with_facts};
use crate::world::{NOW, World, contracts, days};

fn member(world: &World, contract: &'static str) -> Contract {
    let membership = Membership::new("g".parse().unwrap(), 2).unwrap();
    Plan { id: contract, group: Some(membership), ..Plan::new(world) }.started(world)
}

fn records(members: &[Contract], slot: &str) -> Vec<SignedRecord> {
    members.iter().map(|contract| record(contract, slot)).collect()
}

fn sign_all(members: &mut [Contract], slot: &str, by: &By<'_>) {
    let records = records(members, slot);
    let group = Group::of(members.iter().collect()).unwrap();
    let decisions = group.assert_signed(records, by, NOW).unwrap();
    for (contract, decision) in members.iter_mut().zip(&decisions) {
        apply(contract, decision);
    }
}

#[test]
fn c11_a_group_is_signed_as_one_act() {
    let world = World::new();
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let mut members = [member(&world, "g1"), member(&world, "g2")];
    let alone = sign(&members[0], "sa");
    assert_eq!(refusal(&members[0], alone, &sally, NOW), "con.illegal_transition");
    sign_all(&mut members, "sa", &sally);
    assert!(members.iter().all(|it| it.phase() == Phase::Signing(Progress::Partial)));

    // If one of the contracts refuses, none is signed.
    let mut last = records(&members, "sb");
    last[1].integrity = Some(Integrity::Broken);
    let group = Group::of(members.iter().collect()).unwrap();
    assert_eq!(group.assert_signed(last, &bert, NOW).unwrap_err().code(), "sign.postcheck");
    let one = vec![record(&members[0], "sb")];
    assert_eq!(group.assert_signed(one, &bert, NOW).unwrap_err().code(), "con.group_incomplete");
    sign_all(&mut members, "sb", &bert);
    assert!(members.iter().all(|it| it.phase() == Phase::Completed));
}

#[test]
fn a_group_needs_all_its_contracts_once() {
    let world = World::new();
    let (one, two) = (member(&world, "g1"), member(&world, "g2"));
    let three = member(&world, "g3");
    let stranger = Plan { id: "s", ..Plan::new(&world) }.started(&world);
    for wrong in [
        vec![],
        vec![&one],
        vec![&one, &one],
        vec![&one, &stranger],
        vec![&stranger, &one],
        vec![&stranger, &stranger],
        vec![&one, &two, &three],
        vec![&one, &two, &two],
    ] {
        assert_eq!(Group::of(wrong).unwrap_err().code(), "con.group_incomplete");
    }
    assert_eq!(Group::of(vec![&two, &one]).unwrap().contracts().len(), 2);
}

#[test]
fn c15_the_deadline_of_a_group_is_put_off_for_all() {
    let world = World::new();
    let ina = world.a.by("ina");
    let members = [member(&world, "g1"), member(&world, "g2")];
    let to = NOW + days(400);
    let alone = Command::ExtendDeadline { slot: None, to };
    assert_eq!(refusal(&members[0], alone, &ina, NOW), "con.illegal_transition");
    let group = Group::of(members.iter().collect()).unwrap();
    assert_eq!(group.extend_deadline(to, &ina, NOW).unwrap().len(), 2);
    assert_eq!(group.extend_deadline(NOW, &ina, NOW).unwrap_err().code(), "con.deadline_not_later");
}

#[test]
fn c12_a_group_is_declined_as_a_whole() {
    let world = World::new();
    let sally = world.a.by("sally");
    let members = [member(&world, "g1"), member(&world, "g2")];
    let alone = Command::Decline { slot: id("sa"), reason: reason("不") };
    assert_eq!(refusal(&members[0], alone, &sally, NOW), "con.illegal_transition");
    let group = Group::of(members.iter().collect()).unwrap();
    let declined = group.decline(vec![id("sa"), id("sa")], &reason("不"), &sally, NOW).unwrap();
    assert!(declined.iter().all(|decision| decision.kinds() == ["contract.declined"]));
    let fill = Command::DeclineFill { slot: id("sa"), reason: reason("不") };
    assert_eq!(refusal(&members[0], fill, &sally, NOW), "con.illegal_transition");
    let missing = group.decline(vec![id("sa")], &reason("不"), &sally, NOW).unwrap_err();
    assert_eq!(missing.code(), "con.group_incomplete");
}

#[test]
fn c13_a_group_is_cancelled_as_a_whole_and_returns_each_unit() {
    let world = World::new();
    let ina = world.a.by("ina");
    let mut quota = contracts(world.a.organization.id(), 2);
    let mut members = ["g1", "g2"].map(|name| {
        let membership = Membership::new("g".parse().unwrap(), 2).unwrap();
        let plan = Plan { id: name, group: Some(membership), ..Plan::new(&world) };
        let mut contract = plan.draft(&world);
        let started = with_facts(&contract, &Default::default(), |facts| {
            let mut facts = facts.clone();
            facts.quota = sealwright::contract::Allowance::On(&quota);
            contract.start(&facts, &ina, NOW).unwrap()
        });
        apply(&mut contract, &started.contract);
        started.quota.unwrap().apply_to(&mut quota).unwrap();
        contract
    });
    assert_eq!(quota.quota().unwrap().left(), 0);
    let alone = members[0].cancel(reason("改期"), &ina, Some(&quota), NOW).map(drop).unwrap_err();
    assert_eq!(alone.code(), "con.illegal_transition");
    let group = Group::of(members.iter().collect()).unwrap();
    let cancelled = group.cancel(&reason("改期"), &ina, Some(&quota), NOW).unwrap();
    for (contract, decided) in members.iter_mut().zip(cancelled) {
        apply(contract, &decided.contract);
        decided.quota.unwrap().apply_to(&mut quota).unwrap();
    }
    assert_eq!(quota.quota().unwrap().left(), 2);
    let group = Group::of(members.iter().collect()).unwrap();
    let again = group.cancel(&reason("改期"), &ina, None, NOW).unwrap_err();
    assert_eq!(again.code(), "con.illegal_transition");
}

#[test]
fn c13_what_is_left_of_a_group_that_came_apart_can_be_cancelled() {
    let world = World::new();
    let mut members = [member(&world, "g1"), member(&world, "g2")];
    let gone = Command::Invalidate(Cause::SignerRenamed { slot: id("sa") });
    take(&mut members[0], gone, &By::System, NOW);
    let group = Group::of(members.iter().collect()).unwrap();
    assert!(!group.is_in_step());
    let records = records(&members, "sa");
    let refused = group.assert_signed(records, &world.a.by("sally"), NOW).unwrap_err();
    assert_eq!(refused.code(), "con.illegal_transition");
    let cancelled = group.cancel(&reason("改期"), &world.a.by("ina"), None, NOW).unwrap();
    assert_eq!(cancelled.len(), 1);
}

#[test]
fn c10_a_group_is_refused_by_an_organization_as_a_whole() {
    let world = World::new();
    let membership = Membership::new("g".parse().unwrap(), 2).unwrap();
    let member = |id: &'static str| {
        let plan = Plan { id, group: Some(membership.clone()), ..Plan::new(&world) };
        plan.with_slot("sa", |slot| slot.options.needs_review = true).started(&world)
    };
    let members = [member("g1"), member("g2")];
    let vera = world.a.by("vera");
    let (slot, why) = (id("sa"), Some(reason("不同意")));
    let alone = Command::Review { slot, verdict: Verdict::Refuse, reason: why };
    assert_eq!(refusal(&members[0], alone, &vera, NOW), "con.illegal_transition");
    let pass = Command::Review { slot: id("sa"), verdict: Verdict::Pass, reason: None };
    assert!(members[0].decide(pass, &vera, NOW).is_ok());

    let group = Group::of(members.iter().collect()).unwrap();
    let why = reason("不同意");
    let one = group.refuse(vec![id("sa")], &why, &vera, NOW).unwrap_err();
    assert_eq!(one.code(), "con.group_incomplete");
    let slots = vec![id("sa"), id("sa")];
    let sally = group.refuse(slots.clone(), &why, &world.a.by("sally"), NOW).unwrap_err();
    assert_eq!(sally.code(), "emp.no_permission");
    for (contract, decision) in members.iter().zip(group.refuse(slots, &why, &vera, NOW).unwrap()) {
        let mut contract = contract.clone();
        apply(&mut contract, &decision);
        assert_eq!(contract.phase(), Phase::Rejected);
    }
}

#[test]
fn a_stored_membership_of_no_group_is_refused() {
    let stored = |size: u8| format!(r#"{{"id":"g","size":{size}}}"#);
    for size in [0, 1, 51, 255] {
        assert!(serde_json::from_str::<Membership>(&stored(size)).is_err(), "{size}");
    }
    let whole: Membership = serde_json::from_str(&stored(2)).unwrap();
    assert_eq!(serde_json::to_string(&whole).unwrap(), stored(2));
}
