//! The audit trail under attack: every change is found, and what cannot be found is not promised.

use proptest::prelude::*;
use sealwright::audit::{Details, Entry, Error, Facts, HashAlgorithm, Head, Verdict, verify};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

fn facts(minute: i64) -> Facts {
    let at = OffsetDateTime::UNIX_EPOCH + Duration::minutes(minute);
    Facts::new(at, "e:alice", "contract.reminded", "contract:c1")
        .from_state("signing")
        .to_state("signing")
        .details(Details::new().with("minute", minute).with("slots", Details::new().with("a", 1)))
}

fn trail(length: i64) -> (Vec<Entry>, Head) {
    let mut head = Head::start(HashAlgorithm::Sha256);
    let entries = (0..length).map(|minute| head.append(facts(minute))).collect();
    (entries, head)
}

/// What is said of the entries after they went through a store that changed them.
fn judged(entries: &[Entry], change: impl FnOnce(&mut Vec<Value>)) -> Result<Verdict, String> {
    let mut stored: Vec<Value> =
        entries.iter().map(|entry| serde_json::to_value(entry).unwrap()).collect();
    change(&mut stored);
    let read: Result<Vec<Entry>, _> = stored.into_iter().map(serde_json::from_value).collect();
    let read = read.map_err(|error| format!("unreadable: {error}"))?;
    verify(&read, None).map_err(|error| error.code().to_owned())
}

#[test]
fn audit_an_untouched_trail_is_complete_with_its_head_and_consistent_without() {
    let (entries, head) = trail(5);
    assert_eq!(verify(&entries, Some(&head)), Ok(Verdict::Complete));
    assert_eq!(verify(&entries, None), Ok(Verdict::ConsistentOnly));
    assert_eq!(judged(&entries, |_| ()), Ok(Verdict::ConsistentOnly));
    assert_eq!(verify(&[], None), Ok(Verdict::ConsistentOnly));
    assert_eq!(verify(&[], Some(&Head::start(HashAlgorithm::Sha256))), Ok(Verdict::Complete));
}

#[test]
fn audit_every_changed_fact_breaks_the_chain() {
    let (entries, _) = trail(5);
    for (field, wrong) in [
        ("at", json!("1970-01-01T00:02:00.5Z")),
        ("actor", json!("e:mallory")),
        ("kind", json!("contract.signed")),
        ("subject", json!("contract:c2")),
        ("before", json!("draft")),
        ("before", Value::Null),
        ("after", json!("completed")),
        ("details", json!({})),
        ("details", json!({"minute": 3, "slots": {"a": 1}})),
        ("details", json!({"minute": 2, "slots": {"a": 2}})),
        ("details", json!({"minute": "2", "slots": {"a": 1}})),
        ("previous", json!("0".repeat(64))),
        ("hash", json!("0".repeat(64))),
    ] {
        let verdict = judged(&entries, |stored| stored[2][field] = wrong.clone());
        assert_eq!(verdict, Err("audit.chain_broken".to_owned()), "{field} {wrong}");
    }
}

#[test]
fn audit_the_entry_that_breaks_the_chain_is_named() {
    let (mut entries, _) = trail(3);
    let (other, _) = trail(5);
    let mut foreign = Head::start(HashAlgorithm::Sha256);
    foreign.append(facts(9));
    entries[1] = foreign.append(facts(1));
    let error = verify(&entries, None).unwrap_err();
    assert_eq!(error, Error::ChainBroken { seq: 1 });
    assert_eq!(error.code(), "audit.chain_broken");
    assert!(verify(&other, None).is_ok());
}

#[test]
fn audit_an_entry_left_out_doubled_or_moved_is_a_gap() {
    let (entries, _) = trail(5);
    let gap = Err("audit.gap".to_owned());
    assert_eq!(judged(&entries, |stored| drop(stored.remove(0))), gap);
    assert_eq!(judged(&entries, |stored| drop(stored.remove(3))), gap);
    assert_eq!(judged(&entries, |stored| stored.swap(1, 2)), gap);
    assert_eq!(judged(&entries, |stored| stored.insert(1, stored[1].clone())), gap);
    let error = verify(&entries[1..], None).unwrap_err();
    assert_eq!(error, Error::Gap { seq: 0, found: 1 });
    assert_eq!(error.code(), "audit.gap");
}

#[test]
fn audit_a_renumbered_trail_breaks_the_chain() {
    let (entries, _) = trail(5);
    let verdict = judged(&entries, |stored| {
        stored.remove(2);
        stored[2]["seq"] = json!(2);
        stored[3]["seq"] = json!(3);
    });
    assert_eq!(verdict, Err("audit.chain_broken".to_owned()));
}

#[test]
fn audit_a_missing_end_is_seen_only_with_the_head() {
    let (entries, head) = trail(5);
    assert_eq!(verify(&entries[..4], None), Ok(Verdict::ConsistentOnly));
    let error = verify(&entries[..4], Some(&head)).unwrap_err();
    assert_eq!(error, Error::HeadMismatch { expected: 5, found: 4 });
    assert_eq!(error.code(), "audit.head_mismatch");
}

#[test]
fn audit_a_trail_written_anew_is_seen_only_with_the_head() {
    let (_, head) = trail(2);
    let mut forged = Head::start(HashAlgorithm::Sha256);
    let entries = [forged.append(facts(0)), forged.append(facts(7))];
    assert_eq!(verify(&entries, None), Ok(Verdict::ConsistentOnly));
    assert_eq!(verify(&entries, Some(&head)).unwrap_err().code(), "audit.head_mismatch");
    assert_eq!(verify(&entries, Some(&forged)), Ok(Verdict::Complete));
}

#[test]
fn audit_an_entry_older_than_its_predecessor_is_a_clock_regression() {
    let mut head = Head::start(HashAlgorithm::Sha256);
    let entries = [0, 5, 5, 4].map(|minute| head.append(facts(minute)));
    assert_eq!(verify(&entries[..3], None), Ok(Verdict::ConsistentOnly));
    let error = verify(&entries, Some(&head)).unwrap_err();
    assert_eq!(error, Error::ClockRegression { seq: 3 });
    assert_eq!(error.code(), "audit.clock_regression");
}

#[test]
fn audit_a_store_that_keeps_instants_in_another_offset_does_no_harm() {
    let (entries, _) = trail(3);
    let verdict = judged(&entries, |stored| stored[1]["at"] = json!("1970-01-01T08:01:00+08:00"));
    assert_eq!(verdict, Ok(Verdict::ConsistentOnly));
}

#[test]
fn audit_heads_and_entries_out_of_a_database_are_parsed() {
    let (entries, head) = trail(2);
    let stored = serde_json::to_string(&head).unwrap();
    assert_eq!(serde_json::from_str::<Head>(&stored).unwrap(), head);
    let shorter = stored.replace(&head.hash(), &head.hash()[2..]);
    assert!(serde_json::from_str::<Head>(&shorter).is_err());
    assert!(stored.contains(r#""algorithm":"sha256""#));
    let unknown = judged(&entries, |stored| stored[1]["algorithm"] = json!("md5")).unwrap_err();
    assert!(unknown.starts_with("unreadable"), "{unknown}");
}

#[cfg(feature = "sm")]
#[test]
fn audit_one_trail_has_one_algorithm() {
    let mut head = Head::start(HashAlgorithm::Sm3);
    let entries: Vec<Entry> = (0..3).map(|minute| head.append(facts(minute))).collect();
    assert_eq!(verify(&entries, Some(&head)), Ok(Verdict::Complete));
    assert_eq!(verify(&[], Some(&Head::start(HashAlgorithm::Sm3))), Ok(Verdict::Complete));
    let broken = Err("audit.chain_broken".to_owned());
    assert_eq!(judged(&entries, |stored| stored[1]["algorithm"] = json!("sha256")), broken);
    let all = judged(&entries, |stored| {
        stored.iter_mut().for_each(|entry| entry["algorithm"] = json!("sha256"));
    });
    assert_eq!(all, broken);
    let (entries, _) = trail(0);
    assert!(verify(&entries, Some(&head)).is_err());
}

proptest! {
    #[test]
    fn audit_one_changed_character_anywhere_is_found(
        entry in 0_usize..4, place in any::<prop::sample::Index>(), by in 1_u8..128,
    ) {
        let (entries, head) = trail(4);
        let mut stored: Vec<String> =
            entries.iter().map(|entry| serde_json::to_string(entry).unwrap()).collect();
        let mut bytes = std::mem::take(&mut stored[entry]).into_bytes();
        let at = place.index(bytes.len());
        bytes[at] = (bytes[at] ^ by) & 0x7f;
        stored[entry] = String::from_utf8(bytes).unwrap();
        let read: Result<Vec<Entry>, _> =
            stored.iter().map(|text| serde_json::from_str(text)).collect();
        if let Ok(read) = read {
            // A text that says the same in other words is no change.
            prop_assert!(read == entries || verify(&read, Some(&head)).is_err());
        }
    }
}
