//! What comes out of a database is not trusted: events and states that were changed there are
//! refused or give some state, and whatever is asked of that state afterwards gets an answer.
//! Nothing panics.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sealwright::contract::{
    Allowance, Cause, Command, Contract, ContractName, Edit, Entry, Event, ForwardKind, Integrity,
    NewContract, Signer, Verdict,
};
use sealwright::decision::{Aggregate, Decision, Recorded, Snapshot};
use sealwright::organization::{By, Entitlements};
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, PrimitiveDateTime};

use crate::case::{Plan, holder, id, reason, sign, slot, try_start, with_facts};
use crate::world::{NOW, World};

#[allow(dead_code, reason = "shared with `tests/contract`, which uses the rest")]
#[path = "contract/case.rs"]
mod case;
#[allow(dead_code, reason = "shared with `tests/contract`, which uses the rest")]
#[path = "contract/paper.rs"]
mod paper;
#[allow(dead_code, reason = "shared with `tests/contract`, which uses the rest")]
#[path = "contract/world.rs"]
mod world;

/// A contract and all that happened to it.
struct Story {
    contract: Contract,
    events: Vec<Recorded<Event>>,
}

impl Story {
    fn takes(&mut self, decision: &Decision<Contract>) {
        decision.apply_to(&mut self.contract).unwrap();
        self.events.extend_from_slice(decision.events());
    }

    fn does(&mut self, command: Command<'_>, by: &By<'_>) {
        let decision = self.contract.decide(command, by, NOW).unwrap();
        self.takes(&decision);
    }
}

/// Edited, started, filled, bound, reminded, signed by one and forwarded.
fn story(world: &World) -> Story {
    let (ina, sally, bert) = (world.a.by("ina"), world.a.by("sally"), world.b.by("bert"));
    let new = NewContract::new("c1".parse().unwrap(), ContractName::parse("框架协议").unwrap());
    let created = Contract::create(new, &world.a.staff("ina"), Allowance::Unlimited, NOW).unwrap();
    let contract = created.found().unwrap().0;
    let mut story = Story { contract, events: created.events().to_vec() };
    let plan = Plan::new(world)
        .with(|plan| plan.controls.push(paper::field("d1", "who", "sb")))
        .and(slot("sc", "pb", Signer::LateBound, 3));
    let people = Edit::People { parties: plan.parties, slots: plan.slots, cc: plan.cc };
    story.does(Command::Edit(people), &ina);
    let document = Box::new(paper::document("d1"));
    story.does(Command::Edit(Edit::DocumentAttached { document }), &ina);
    for control in plan.controls {
        let edit = Edit::ControlPlaced { control: Box::new(control) };
        story.does(Command::Edit(edit), &ina);
    }
    let started = try_start(&story.contract, &BTreeMap::new(), &ina, NOW).unwrap();
    story.takes(&started.contract);
    let values = vec![(paper::key("d1", "who"), paper::text("说明"))];
    story.does(Command::Fill { slot: id("sb"), values, finished: true }, &bert);
    let (slot, holder) = (id("sc"), holder(&world.b, "beth"));
    let entitlements = Entitlements::NONE;
    story.does(Command::BindSigner { slot, holder, entitlements }, &ina);
    story.does(Command::Remind { slot: id("sa") }, &ina);
    let signature = sign(&story.contract, "sa");
    story.does(signature, &sally);
    let (slot, to, kind) = (id("sc"), world.b.staff("bill"), ForwardKind::ByEmployee);
    story.does(Command::Forward { slot, from: None, to, kind }, &world.b.by("beth"));
    story
}

/// Every command, by those who might give it.
fn ask_everything(world: &World, contract: &Contract) {
    let everybody = [world.a.by("ina"), world.a.by("sally"), world.b.by("bert"), By::System];
    let slots = ["sa", "sb", "sc", "sx"];
    let mut commands = vec![
        Command::Expire,
        Command::Archive,
        Command::Purge,
        Command::Invalidate(Cause::SignerRenamed { slot: id("sb") }),
        Command::CompleteRelease { release: contract },
        Command::Compose { documents: Vec::new(), certified_by: None },
        Command::Close { stamps: Vec::new(), integrity: Integrity::Intact },
        Command::ExtendDeadline { slot: None, to: NOW + world::days(400) },
    ];
    for slot in slots {
        let (slot, why) = (id(slot), reason("不同意"));
        let (shown, until) = (Default::default(), NOW + time::Duration::MINUTE);
        let values = vec![(paper::key("d1", "who"), paper::text("x"))];
        commands.extend([
            sign(contract, slot.as_str()),
            Command::Open { slot: slot.clone(), entry: Entry::List, shown },
            Command::Fill { slot: slot.clone(), values, finished: true },
            Command::Decline { slot: slot.clone(), reason: why.clone() },
            Command::DeclineFill { slot: slot.clone(), reason: why.clone() },
            Command::Review { slot: slot.clone(), verdict: Verdict::Refuse, reason: Some(why) },
            Command::BeginSigning { slot: slot.clone(), until },
            Command::ExtendDeadline { slot: Some(slot.clone()), to: until },
            Command::Remind { slot },
        ]);
    }
    let last = PrimitiveDateTime::MAX.assume_utc();
    let first = PrimitiveDateTime::MIN.assume_utc();
    for (by, now) in everybody.iter().flat_map(|by| [NOW, last, first].map(|now| (by, now))) {
        for command in &commands {
            if let Ok(decision) = contract.decide(command.clone(), by, now) {
                let _ = decision.apply_to(&mut contract.clone());
            }
        }
        let nothing = BTreeMap::new();
        let _ = try_start(contract, &nothing, by, now);
        with_facts(contract, &nothing, |facts| drop(contract.validate(facts, now)));
    }
}

/// Every place in a document, as paths of names and numbers.
fn places(json: &Value, path: &str, out: &mut Vec<String>) {
    out.push(path.to_owned());
    match json {
        Value::Object(members) => {
            for (name, value) in members {
                places(
                    value,
                    &format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")),
                    out,
                );
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                places(item, &format!("{path}/{at}"), out);
            }
        }
        _ => {}
    }
}

/// Changes what stands in one place into something that may well stand there: another number, a
/// list with more or less in it, what stands elsewhere under the same name.
fn meddle(json: &mut Value, place: prop::sample::Index, by: prop::sample::Index) {
    let mut paths = Vec::new();
    places(json, "", &mut paths);
    let target = place.get(&paths).clone();
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let namesakes: Vec<&String> = paths.iter().filter(|path| name(path) == name(&target)).collect();
    let donor = json.pointer(namesakes[by.index(namesakes.len())]).unwrap().clone();
    match json.pointer_mut(&target).unwrap() {
        Value::Bool(value) => *value = !*value,
        Value::Number(number) => {
            let odd = [json!(0), json!(1), json!(2), json!(99), json!(u32::MAX), json!(u64::MAX)];
            let Value::Number(other) = by.get(&odd).clone() else { return };
            *number = other;
        }
        Value::Array(items) => match by.index(5) {
            0 => items.clear(),
            1 => items.reverse(),
            2 => drop(items.pop()),
            3 => items.extend(items.first().cloned()),
            _ => *items = donor.as_array().cloned().unwrap_or_default(),
        },
        Value::String(text) if is_an_instant(text) && by.index(2) == 0 => {
            *text = by.get(&["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"]).to_string();
        }
        other => *other = donor,
    }
}

fn is_an_instant(text: &str) -> bool {
    OffsetDateTime::parse(text, &Rfc3339).is_ok()
}

fn meddling() -> impl Strategy<Value = Vec<(prop::sample::Index, prop::sample::Index)>> {
    prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 1..4)
}

#[test]
fn what_was_stored_is_read_back_and_replays_to_the_same_state() {
    let story = story(&World::new());
    let stored = serde_json::to_string(&story.events).unwrap();
    let events: Vec<Recorded<Event>> = serde_json::from_str(&stored).unwrap();
    assert_eq!(events, story.events);
    assert_eq!(Contract::replay(&events).unwrap(), story.contract);
    let snapshot = serde_json::to_string(&Snapshot::of(&story.contract)).unwrap();
    let read: Snapshot<Contract> = serde_json::from_str(&snapshot).unwrap();
    assert_eq!(read.into_state(), story.contract);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_changed_event_makes_a_replay_panic(changes in meddling()) {
        let world = World::new();
        let mut stored = serde_json::to_value(&story(&world).events).unwrap();
        for (place, by) in changes {
            meddle(&mut stored, place, by);
        }
        if let Ok(events) = serde_json::from_value::<Vec<Recorded<Event>>>(stored)
            && let Ok(contract) = Contract::replay(&events)
        {
            ask_everything(&world, &contract);
        }
    }

    #[test]
    fn no_changed_state_makes_a_command_panic(changes in meddling()) {
        let world = World::new();
        let mut stored = serde_json::to_value(Snapshot::of(&story(&world).contract)).unwrap();
        for (place, by) in changes {
            meddle(&mut stored, place, by);
        }
        if let Ok(read) = serde_json::from_value::<Snapshot<Contract>>(stored) {
            ask_everything(&world, &read.into_state());
        }
    }
}
