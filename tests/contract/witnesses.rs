//! What decisions on a contract rest on: whoever asks, and every aggregate that was looked at.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::contract::{
    Allowance, Command, Contract, ContractName, Edit, ForwardKind, Holder, NewContract, Signer,
};
use sealwright::decision::Decision;
use sealwright::identity::{Factor, Factors};
use sealwright::organization::{By, Entitlements, Feature};

use crate::case::{Plan, apply, bound, id, open, reason, sign, slot, take, try_start, with_facts};
use crate::world::{NOW, World, days, granted, person};

fn read(decision: &Decision<Contract>) -> BTreeSet<String> {
    decision.witnesses().iter().map(|it| format!("{}:{}", it.kind, it.id)).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

const INA: [&str; 2] = ["organization:a", "employee:a.ina"];
const SALLY: [&str; 2] = ["organization:a", "employee:a.sally"];

#[test]
fn c1_to_c22_note_who_asks_and_his_organization() {
    let world = World::new();
    let (ina, sally, admin) = (world.a.by("ina"), world.a.by("sally"), world.a.by("admin"));
    let new = NewContract::new("c1".parse().unwrap(), ContractName::parse("框架协议").unwrap());
    let created = Contract::create(new, &world.a.staff("ina"), Allowance::Unlimited, NOW).unwrap();
    assert_eq!(read(&created), set(&INA));

    let draft = Plan::new(&world).draft(&world);
    let decided = |contract: &Contract, command, by: &By<'_>| {
        read(&contract.decide(command, by, NOW).unwrap())
    };
    let edit = Command::Edit(Edit::Deadline { deadline: None });
    assert_eq!(decided(&draft, edit, &ina), set(&INA));
    let started = try_start(&draft, &BTreeMap::new(), &ina, NOW).unwrap().contract;
    assert_eq!(read(&started), set(&INA));
    let mut contract = draft;
    apply(&mut contract, &started);
    let until = NOW + time::Duration::minutes(5);
    for command in [
        open("sa"),
        Command::BeginSigning { slot: id("sa"), until },
        sign(&contract, "sa"),
        Command::Decline { slot: id("sa"), reason: reason("不同意") },
    ] {
        assert_eq!(decided(&contract, command, &sally), set(&SALLY));
    }
    for command in [
        Command::Remind { slot: id("sa") },
        Command::ExtendDeadline { slot: None, to: NOW + days(500) },
    ] {
        assert_eq!(decided(&contract, command, &ina), set(&INA));
    }
    let cancelled = contract.cancel(reason("取消"), &admin, None, NOW).unwrap().contract;
    assert_eq!(read(&cancelled), set(&["organization:a", "employee:a.admin"]));
    // The host and the clock are no aggregates, and a person who signs for himself is none.
    let late = contract.decide(Command::Expire, &By::System, NOW + days(800)).unwrap();
    assert_eq!(read(&late), set(&[]));
}

#[test]
fn c6_c16_to_c18_note_what_else_was_looked_at() {
    let world = World::new();
    let ina = world.a.by("ina");
    let age = granted(world.a.organization.id(), Feature::AgeExtension, None);
    let given = [&age];
    let entitlements = Entitlements::of(&given);
    let age = format!("entitlement:{}", age.id());
    let plan = Plan::new(&world)
        .with_slot("sa", |slot| {
            let written = world.a.employee("sally").person().clone();
            let other = written.with_mobile(person("x", 999).mobile().clone());
            slot.signer = Signer::bound(Holder::known_by_facts(other));
        })
        .and(slot("s3", "pb", Signer::LateBound, 3))
        .and(slot("s4", "pb", bound(&world.b, "beth"), 4));
    let mut contract = plan.draft(&world);
    let started = with_facts(&contract, &BTreeMap::new(), |facts| {
        let facts = sealwright::contract::StartFacts { entitlements, ..facts.clone() };
        contract.start(&facts, &ina, NOW).unwrap().contract
    });
    assert_eq!(read(&started), &set(&INA) | &set(&[&age]));
    apply(&mut contract, &started);

    let bill = Holder::known_by_facts(world.b.employee("bill").person().clone());
    let bind = Command::BindSigner { slot: id("s3"), holder: bill, entitlements };
    let bound = contract.decide(bind, &ina, NOW).unwrap();
    assert_eq!(read(&bound), &set(&INA) | &set(&[&age]));

    let (beth, boris) = (world.b.staff("beth"), world.b.staff("boris"));
    let kind = ForwardKind::ByEmployee;
    let forward = Command::Forward { slot: id("s4"), from: Some(beth), to: boris, kind };
    let forwarded = contract.decide(forward, &world.b.by("admin"), NOW).unwrap();
    let b = ["organization:b", "employee:b.admin", "employee:b.beth", "employee:b.boris"];
    assert_eq!(read(&forwarded), set(&b));

    let factors = Factors::NONE.with(Factor::Mobile);
    let withhold = Command::WithholdDelivery { slot: id("sa"), place: 0, factors };
    take(&mut contract, withhold, &ina, NOW);
    let restore = Command::RestoreDelivery {
        slot: id("sa"),
        person: Some(world.a.employee("sally").person().clone()),
        registered: world.a.staff("sally"),
    };
    let restored = contract.decide(restore, &ina, NOW).unwrap();
    assert_eq!(read(&restored), &set(&INA) | &set(&SALLY));
}
