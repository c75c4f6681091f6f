//! C11 to C22: what is recorded of the documents around the signatures: who certifies them, and the
//! time-stamps that close them.

use sealwright::contract::{
    CertificateRecord, CertifiedBy, ClosingStamp, Command, Contract, Integrity, Phase, Revised,
};
use sealwright::decision::{Decision, Recorded, Snapshot};
use sealwright::organization::By;
use serde_json::json;

use crate::case::{Plan, refusal, signs, take};
use crate::world::{NOW, World, days, digest};

fn stamp(contract: &Contract, after: &str) -> ClosingStamp {
    let document = &contract.documents()[0];
    ClosingStamp {
        revised: Revised {
            document: document.id().clone(),
            before: *document.digest(),
            after: digest(after),
        },
        field: "sealwright#closing".to_owned(),
        serial: "01ab".to_owned(),
        time: NOW,
        policy: "1.2.3".to_owned(),
    }
}

fn close(stamps: Vec<ClosingStamp>) -> Command<'static> {
    Command::Close { stamps, integrity: Integrity::Intact }
}

fn completed(world: &World) -> Contract {
    let mut contract = Plan::new(world).started(world);
    signs(&mut contract, "sa", &world.a.by("sally"));
    signs(&mut contract, "sb", &world.b.by("bert"));
    assert_eq!(contract.phase(), Phase::Completed);
    contract
}

/// The same contract, out of a snapshot that was written before and the events that followed.
fn replayed(before: &Contract, decision: &Decision<Contract>) -> Contract {
    let stored = serde_json::to_string(&Snapshot::of(before)).unwrap();
    let mut contract: Contract =
        serde_json::from_str::<Snapshot<Contract>>(&stored).unwrap().into_state();
    let stored = serde_json::to_string(decision.events()).unwrap();
    let events: Vec<Recorded<_>> = serde_json::from_str(&stored).unwrap();
    assert_eq!(events, decision.events());
    decision.apply_to(&mut contract).unwrap();
    contract
}

#[test]
fn c11_a_complete_contract_is_closed_once_by_its_host() {
    let world = World::new();
    let mut contract = completed(&world);
    let stamped = close(vec![stamp(&contract, "stamped")]);
    for by in [world.a.by("ina"), world.b.by("bert"), world.a.by("admin")] {
        assert_eq!(refusal(&contract, stamped.clone(), &by, NOW), "emp.no_permission");
    }
    let before = contract.clone();
    let decision = contract.decide(stamped.clone(), &By::System, NOW).unwrap();
    let taken = take(&mut contract, stamped, &By::System, NOW);
    assert_eq!(taken.kinds, ["contract.closed", "document.integrity_checked"]);
    assert!(taken.told.is_empty());
    assert_eq!(replayed(&before, &decision), contract);

    assert_eq!(contract.phase(), Phase::Completed, "closing is no other state");
    let document = &contract.documents()[0];
    assert_eq!(*document.digest(), digest("stamped"));
    assert_eq!(document.closed_by().unwrap().serial, "01ab");
    let again = close(vec![stamp(&contract, "again")]);
    assert_eq!(refusal(&contract, again, &By::System, NOW), "con.illegal_transition");
}

#[test]
fn c11_what_the_trail_says_of_the_end() {
    let world = World::new();
    let contract = completed(&world);
    let command = close(vec![stamp(&contract, "stamped")]);
    let decision = contract.decide(command, &By::System, NOW).unwrap();
    let details: Vec<_> = decision
        .events()
        .iter()
        .map(|it| serde_json::to_value(sealwright::decision::Event::details(&it.event)).unwrap())
        .collect();
    let stamp = &details[0]["stamps"][0];
    assert_eq!(stamp["serial"], "01ab");
    assert_eq!(stamp["policy"], "1.2.3");
    assert_eq!(stamp["time"], NOW.unix_timestamp());
    assert_eq!(stamp["after"], json!(digest("stamped").to_string()));
    assert_eq!(details[1]["documents"][0]["digest"], stamp["after"]);
}

#[test]
fn c11_a_contract_that_is_not_complete_is_not_closed() {
    let world = World::new();
    let contract = Plan::new(&world).started(&world);
    let early = close(vec![stamp(&contract, "stamped")]);
    assert_eq!(refusal(&contract, early, &By::System, NOW), "con.illegal_transition");
    let mut purged = completed(&world);
    take(&mut purged, Command::Purge, &world.a.by("ina"), NOW);
    assert_eq!(refusal(&purged, close(Vec::new()), &By::System, NOW), "con.illegal_transition");
    assert!(!purged.is_closed(), "nothing is left to be closed");
}

#[test]
fn c11_only_the_documents_as_they_are_are_closed_and_each_once() {
    let world = World::new();
    let contract = completed(&world);
    let of = |stamps| refusal(&contract, close(stamps), &By::System, NOW);
    let good = stamp(&contract, "stamped");
    let mut other = good.clone();
    other.revised.before = digest("something else");
    assert_eq!(of(vec![other]), "doc.hash_mismatch");
    let mut unchanged = good.clone();
    unchanged.revised.after = unchanged.revised.before;
    assert_eq!(of(vec![unchanged]), "sign.postcheck");
    assert_eq!(of(vec![good.clone(), good.clone()]), "sign.postcheck");
    let mut unknown = good.clone();
    unknown.revised.document = "nowhere".parse().unwrap();
    assert_eq!(of(vec![unknown]), "doc.missing");
    let broken = Command::Close { stamps: vec![good], integrity: Integrity::Broken };
    assert_eq!(refusal(&contract, broken, &By::System, NOW), "sign.postcheck");
}

#[test]
fn c11_a_check_without_a_stamp_is_a_fact_for_the_trail() {
    let world = World::new();
    let mut contract = completed(&world);
    let before = contract.documents().to_vec();
    for _ in 0..2 {
        let taken = take(&mut contract, close(Vec::new()), &By::System, NOW + days(1));
        assert_eq!(taken.kinds, ["document.integrity_checked"]);
    }
    assert_eq!(contract.documents(), before);
    let stamped = close(vec![stamp(&contract, "stamped")]);
    assert!(!contract.is_closed());
    take(&mut contract, stamped, &By::System, NOW + days(1));
    assert!(contract.is_closed());
}

#[test]
fn c11_who_certifies_is_recorded_when_the_fields_are_made() {
    let world = World::new();
    let certificate = CertificateRecord {
        serial: "5e".to_owned(),
        issuer: "CN=Root".to_owned(),
        fingerprint: None,
        not_before: NOW,
        not_after: NOW + days(1),
        algorithm: "Ed25519".to_owned(),
    };
    let platform = CertifiedBy::Platform { certificate };
    for by in [Some(platform), Some(CertifiedBy::FirstSigner), Some(CertifiedBy::Nobody), None] {
        let mut contract = Plan::new(&world).started(&world);
        assert_eq!(contract.certified_by(), None);
        let command = Command::Compose { documents: Vec::new(), certified_by: by.clone() };
        let before = contract.clone();
        let decision = contract.decide(command.clone(), &By::System, NOW).unwrap();
        take(&mut contract, command, &By::System, NOW);
        assert_eq!(contract.certified_by(), by.as_ref());
        assert_eq!(replayed(&before, &decision), contract);
    }
}

#[test]
fn c11_events_and_states_of_before_say_nothing_of_it() {
    let world = World::new();
    let contract = completed(&world);
    let mut stored = serde_json::to_value(&contract).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("certified_by").is_some());
    assert_eq!(serde_json::from_value::<Contract>(stored).unwrap(), contract);
    let event = json!({ "type": "composed", "documents": [] });
    let event: sealwright::contract::Event = serde_json::from_value(event).unwrap();
    let expected =
        sealwright::contract::Event::Composed { documents: Vec::new(), certified_by: None };
    assert_eq!(event, expected);
}
