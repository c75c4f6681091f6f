//! Instants are UTC in everything that is stored, whatever the offset that a caller gives.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::contract::{
    Allowance, CertificateRecord, Command, Contract, ContractName, Edit, IntentCheck, IntentMethod,
    NewContract, ReleasePlan,
};
use sealwright::decision::Decision;
use serde_json::Value;
use time::{OffsetDateTime, UtcOffset};

use crate::case::{Plan, bound, id, record, refusal, signs, slot, try_start, with_facts};
use crate::paper;
use crate::world::{NOW, World, days, digest};

/// The same instant, as a clock in China shows it.
fn local(at: OffsetDateTime) -> OffsetDateTime {
    at.to_offset(UtcOffset::from_hms(8, 0, 0).unwrap())
}

/// Every instant that is written is one of UTC.
fn all_in_utc(what: &str, value: &Value, seen: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let bytes = text.as_bytes();
            let is_instant = bytes.len() >= 20 && bytes[4] == b'-' && bytes[10] == b'T';
            if is_instant {
                assert!(text.ends_with('Z'), "{what}: {text}");
                seen.insert(what.to_owned());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all_in_utc(what, item, seen)),
        Value::Object(fields) => fields.iter().for_each(|(name, it)| all_in_utc(name, it, seen)),
        _ => {}
    }
}

/// A contract and the fields in which its events and states had an instant.
struct Watched {
    contract: Contract,
    seen: BTreeSet<String>,
}

impl Watched {
    fn look(&mut self, decision: &Decision<Contract>) {
        let events = serde_json::to_value(decision.events()).unwrap();
        all_in_utc("events", &events, &mut self.seen);
        let state = serde_json::to_value(&self.contract).unwrap();
        all_in_utc("state", &state, &mut self.seen);
    }

    fn take(&mut self, decision: &Decision<Contract>) {
        decision.apply_to(&mut self.contract).unwrap();
        self.look(decision);
    }
}

#[test]
fn every_instant_is_stored_in_utc_whatever_the_offset_given() {
    let world = World::new();
    let now = local(NOW);
    let (ina, sally, bert) = (world.a.by("ina"), world.a.by("sally"), world.b.by("bert"));
    let name = || ContractName::parse("框架协议").unwrap();
    let new = NewContract {
        deadline: Some(now + days(30)),
        ..NewContract::new("c1".parse().unwrap(), name())
    };
    let created = Contract::create(new, &world.a.staff("ina"), Allowance::Unlimited, now).unwrap();
    let contract = created.found().unwrap().0;
    let mut run = Watched { contract, seen: BTreeSet::new() };
    run.look(&created);

    let Plan { parties, mut slots, controls, .. } = Plan::new(&world);
    slots[0].deadline = Some(now + days(9));
    slots[0].options.view_checks.clear();
    slots.push(slot("s3", "pb", bound(&world.b, "beth"), 3));
    let document = Box::new(paper::document("d1"));
    let mut edits = vec![
        Edit::Deadline { deadline: Some(now + days(20)) },
        Edit::People { parties, slots, cc: Vec::new() },
        Edit::DocumentAttached { document },
    ];
    let third = paper::seal("d1", "seal_c", "s3");
    edits.extend(
        controls.into_iter().chain([third]).map(|it| Edit::ControlPlaced { control: Box::new(it) }),
    );
    for edit in edits {
        let decision = run.contract.decide(Command::Edit(edit), &ina, now).unwrap();
        run.take(&decision);
    }
    let started = try_start(&run.contract, &BTreeMap::new(), &ina, now).unwrap().contract;
    run.take(&started);
    let until = now + time::Duration::minutes(5);
    for (command, by) in [
        (Command::ExtendDeadline { slot: Some(id("sa")), to: now + days(10) }, &ina),
        (Command::ExtendDeadline { slot: None, to: now + days(40) }, &ina),
        (crate::case::open("sa"), &sally),
        (Command::BeginSigning { slot: id("sa"), until }, &sally),
    ] {
        let decision = run.contract.decide(command, by, now).unwrap();
        run.take(&decision);
    }
    let mut signed = record(&run.contract, "sa");
    signed.intent =
        vec![IntentCheck { method: IntentMethod::Face, reference: "face-1".into(), at: now }];
    signed.certificate = Some(CertificateRecord {
        serial: "01".into(),
        issuer: "CN=Test".into(),
        fingerprint: None,
        not_before: now - days(1),
        not_after: now + days(365),
        algorithm: "RSA".into(),
    });
    let command = Command::AssertSigned(Box::new(signed));
    let decision = run.contract.decide(command, &sally, now).unwrap();
    run.take(&decision);
    let forward = Command::Forward {
        slot: id("s3"),
        from: None,
        to: world.b.staff("bill"),
        kind: sealwright::contract::ForwardKind::ByEmployee,
    };
    let decision = run.contract.decide(forward, &world.b.by("beth"), now).unwrap();
    run.take(&decision);
    signs(&mut run.contract, "sb", &bert);
    signs(&mut run.contract, "s3", &world.b.by("bill"));

    // A release; and a contract whose deadline is left to the start.
    let plan = ReleasePlan {
        id: "r".parse().unwrap(),
        name: name(),
        deadline: Some(now + days(3)),
        document: paper::document("r1"),
        controls: ["sa", "sb", "s3"].map(|it| paper::seal("r1", it, it)).into(),
        replacements: BTreeMap::new(),
        organizations: &[],
        acknowledged: BTreeSet::new(),
    };
    let release = with_facts(&run.contract, &BTreeMap::new(), |facts| {
        let documents = BTreeMap::from([("r1".parse().unwrap(), digest("r1"))]);
        let facts = sealwright::contract::StartFacts { documents: &documents, ..facts.clone() };
        run.contract.start_release(plan, None, &facts, &world.a.staff("cora"), now).unwrap().release
    });
    run.contract = release.found().unwrap().0;
    run.look(&release);
    let draft = Plan::new(&world).draft(&world);
    let started = try_start(&draft, &BTreeMap::new(), &ina, now).unwrap().contract;
    run.contract = draft;
    run.take(&started);

    let expected = [
        "acted_at",
        "at",
        "deadline",
        "held_until",
        "not_after",
        "not_before",
        "opened_at",
        "started_at",
        "to",
        "until",
    ];
    let missing: Vec<_> = expected.iter().filter(|name| !run.seen.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?} not among {:?}", run.seen);
}

#[test]
fn an_instant_that_utc_does_not_have_is_refused_at_every_door() {
    let world = World::new();
    let edge = time::Date::from_calendar_date(9999, time::Month::December, 31).unwrap();
    let west = UtcOffset::from_hms(-8, 0, 0).unwrap();
    let beyond = edge.with_hms(23, 0, 0).unwrap().assume_offset(west);
    let new = NewContract {
        deadline: Some(beyond),
        ..NewContract::new("c1".parse().unwrap(), ContractName::parse("框架协议").unwrap())
    };
    let created = Contract::create(new, &world.a.staff("ina"), Allowance::Unlimited, NOW);
    assert_eq!(created.unwrap_err().code(), "con.setting_invalid");
    let draft = Plan::new(&world).draft(&world);
    let (ina, admin) = (world.a.by("ina"), world.a.by("admin"));
    let Plan { parties, mut slots, .. } = Plan::new(&world);
    slots[0].deadline = Some(beyond);
    let edits = [
        Edit::Deadline { deadline: Some(beyond) },
        Edit::People { parties, slots, cc: Vec::new() },
    ];
    for edit in edits {
        assert_eq!(refusal(&draft, Command::Edit(edit), &ina, NOW), "con.setting_invalid");
    }
    let started = Plan::new(&world).started(&world);
    let extend = Command::ExtendDeadline { slot: None, to: beyond };
    assert_eq!(refusal(&started, extend, &admin, NOW), "con.setting_invalid");
    let mut signed = record(&started, "sa");
    signed.intent =
        vec![IntentCheck { method: IntentMethod::Face, reference: "face-1".into(), at: beyond }];
    let signed = Command::AssertSigned(Box::new(signed));
    assert_eq!(refusal(&started, signed, &world.a.by("sally"), NOW), "con.setting_invalid");
}
