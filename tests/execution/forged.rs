//! Documents that are signed properly, by honest keys, and not as it was permitted and recorded: made
//! with the engine by a host that has another record, another register or another clock.

use sealwright::contract::Control;
use sealwright::execution::Certifier;
use sealwright::signing::Signer;
use sealwright::statement::grants_attribute;
use sealwright_testdata::pki::KeyType;
use serde_json::Value as Json;
use serde_json::json;
use time::Duration;

use crate::attacks::{recorded, resigned_with, rewritten};
use crate::cast::{Cast, Side, Staging, document_id, key, usual_controls};
use crate::verdicts::{all_sign, assert_codes, checked, exposed, names, signed, started};
use crate::world::person;

const PDF: &[u8] = sealwright_testdata::contract::PDF;

/// One control of a record.
fn control<'v>(contract: &'v mut Json, id: &str) -> &'v mut Json {
    let mut controls = contract["controls"].as_array_mut().unwrap().iter_mut();
    controls.find(|it| it["key"]["control"] == id).unwrap()
}

/// A record in which one thing is otherwise.
fn believe(cast: &mut Cast, change: impl FnOnce(&mut Json)) {
    cast.contract = recorded(&cast.contract, change);
}

fn instant(at: time::OffsetDateTime) -> Json {
    json!(at.format(&time::format_description::well_known::Rfc3339).unwrap())
}

#[test]
fn an_old_version_of_the_seal_under_an_honest_key_is_exposed() {
    let mut cast = started(2);
    let old = cast.sides[1].seal.clone();
    let other = Side::new(2, KeyType::P256);
    let current = serde_json::to_value(other.seal.current()).unwrap();
    cast.sides[1].seal = rewritten(&old, |seal| {
        let before = std::mem::replace(&mut seal["current"], current);
        seal["current"]["number"] = json!(2);
        seal["past"] = json!([before]);
    });
    let old_face = std::mem::replace(&mut cast.sides[1].face, other.face);
    let hostile = |cast: &mut Cast| {
        (cast.sides[1].seal, cast.sides[1].face) = (old, old_face);
        all_sign(cast);
    };
    let verdict = exposed(&mut cast, all_sign, hostile, &["exec.seal_version"]);
    assert!(names(&verdict, "exec.seal_version", 1, Some(3)), "{verdict}");
    assert!(verdict.to_string().contains("expected: version 2"), "{verdict}");
}

#[test]
fn who_signs_before_his_turn_is_exposed() {
    let hostile = |cast: &mut Cast| {
        believe(cast, |contract| contract["settings"]["order"] = json!("parallel"));
        cast.sign(1).unwrap();
        cast.sign(0).unwrap();
    };
    let expected = ["exec.order_violated", "exec.time_differs"];
    let verdict = exposed(&mut started(2), all_sign, hostile, &expected);
    assert!(names(&verdict, "exec.order_violated", 1, None), "{verdict}");
}

#[test]
fn who_signs_after_the_deadline_is_exposed() {
    let mut cast = started(2);
    let deadline = cast.now + Duration::hours(1);
    believe(&mut cast, |contract| contract["deadline"] = instant(deadline));
    let hostile = |cast: &mut Cast| {
        cast.sign(0).unwrap();
        believe(cast, |contract| contract["deadline"] = instant(deadline + Duration::hours(9)));
        cast.now = deadline + Duration::hours(1);
        cast.sign(1).unwrap();
    };
    let expected = ["exec.deadline_passed", "exec.time_differs"];
    let verdict = exposed(&mut cast, all_sign, hostile, &expected);
    assert!(names(&verdict, "exec.deadline_passed", 1, None), "{verdict}");
}

#[test]
fn who_signs_under_another_grant_is_exposed() {
    let hostile = |cast: &mut Cast| {
        let side = &cast.sides[1];
        let other = side.company.grant("grant_9", &side.seal, &side.signer);
        cast.sides[1].grant = other;
        all_sign(cast);
    };
    let verdict = exposed(&mut started(2), all_sign, hostile, &["exec.grant_other"]);
    assert!(verdict.to_string().contains("expected: grant_1; found: grant_9"), "{verdict}");
}

#[test]
fn who_signs_after_his_grant_was_revoked_is_exposed() {
    let mut cast = started(2);
    let revoked = cast.now + Duration::hours(1);
    let honest = |cast: &mut Cast| {
        all_sign(cast);
        cast.sides[1].grant = rewritten(&cast.sides[1].grant, |grant| {
            let (by, at) = (grant["grantor"].clone(), instant(revoked));
            grant["revocation"] = json!({ "by": by, "at": at, "cause": "request", "reason": null });
        });
    };
    let hostile = |cast: &mut Cast| {
        cast.sign(0).unwrap();
        cast.now = revoked + Duration::hours(1);
        cast.sign(1).unwrap();
    };
    let expected = ["exec.grant_revoked", "exec.time_differs"];
    exposed(&mut cast, honest, hostile, &expected);
}

#[test]
fn who_signs_after_his_grant_had_ended_is_exposed() {
    let mut cast = started(2);
    let until = cast.now + Duration::hours(1);
    let longer = cast.sides[1].grant.clone();
    cast.sides[1].grant = rewritten(&longer, |it| it["validity"]["until"] = instant(until));
    let hostile = |cast: &mut Cast| {
        cast.sign(0).unwrap();
        cast.sides[1].grant = longer;
        cast.now = until + Duration::hours(1);
        cast.sign(1).unwrap();
    };
    let expected = ["exec.grant_window", "exec.time_differs"];
    exposed(&mut cast, all_sign, hostile, &expected);
}

#[test]
fn a_grant_that_is_stated_for_longer_than_it_was_given_is_exposed() {
    let hostile = |cast: &mut Cast| {
        let longer = |grant: &mut Json| grant["validity"]["until"] = json!(null);
        cast.sides[1].grant = rewritten(&cast.sides[1].grant, longer);
        all_sign(cast);
    };
    exposed(&mut started(2), all_sign, hostile, &["exec.grant_window"]);
}

#[test]
fn who_signs_in_the_place_of_another_is_exposed() {
    let honest = |cast: &mut Cast| {
        cast.start(Certifier::FirstSigner);
        all_sign(cast);
    };
    let hostile = |cast: &mut Cast| {
        believe(cast, |contract| control(contract, "seal_1")["owner"]["slot"] = json!("slot_0"));
        cast.start(Certifier::FirstSigner);
        all_sign(cast);
    };
    // The field of the second stands under the signature of the first, and shows his seal.
    let expected = ["exec.face_elsewhere", "exec.other_signature", "exec.seal_other"];
    let verdict = exposed(&mut Cast::of(2), honest, hostile, &expected);
    assert!(names(&verdict, "exec.other_signature", 1, Some(3)), "{verdict}");
}

#[test]
fn a_document_that_was_prepared_without_a_field_is_exposed() {
    let honest = |cast: &mut Cast| {
        cast.start(Certifier::FirstSigner);
        all_sign(cast);
    };
    let hostile = |cast: &mut Cast| {
        believe(cast, |contract| {
            let controls = contract["controls"].as_array_mut().unwrap();
            controls.retain(|it| it["key"]["control"] != "date_1");
        });
        cast.start(Certifier::FirstSigner);
        all_sign(cast);
    };
    let verdict = exposed(&mut Cast::of(2), honest, hostile, &["exec.field_missing"]);
    assert!(names(&verdict, "exec.field_missing", 1, Some(3)), "{verdict}");
}

#[test]
fn a_document_that_was_prepared_with_fields_elsewhere_is_exposed() {
    let honest = |cast: &mut Cast| {
        cast.start(Certifier::FirstSigner);
        all_sign(cast);
    };
    for (id, by) in [("seal_1", 40_000), ("date_1", 11)] {
        let hostile = |cast: &mut Cast| {
            believe(cast, |contract| {
                let x = &mut control(contract, id)["spots"][0]["rect"]["x"];
                *x = json!(x.as_i64().unwrap() - by);
            });
            cast.start(Certifier::FirstSigner);
            all_sign(cast);
        };
        let verdict = exposed(&mut Cast::of(2), honest, hostile, &["exec.field_moved"]);
        assert!(names(&verdict, "exec.field_moved", 1, Some(3)), "{verdict}");
    }
}

#[test]
fn who_signs_with_a_key_of_his_own_under_the_same_names_is_exposed() {
    let mut cast = started(2);
    let thief = key(KeyType::P384);
    let (own, his) = (cast.sides[1].key.description(), thief.description());
    let (own, his) = (&own.certificates()[0], &his.certificates()[0]);
    assert_eq!((own.serial(), own.issuer()), (his.serial(), his.issuer()));
    assert_ne!(own.fingerprint(), his.fingerprint());
    let hostile = |cast: &mut Cast| {
        let own = std::mem::replace(&mut cast.sides[1].key, thief);
        all_sign(cast);
        cast.sides[1].key = own;
    };
    let verdict = exposed(&mut cast, all_sign, hostile, &["exec.other_signer"]);
    assert!(names(&verdict, "exec.other_signer", 1, None), "{verdict}");
}

#[test]
fn who_uses_the_grant_of_another_is_exposed() {
    let mut cast = started(2);
    let side = &cast.sides[1];
    let other = side.company.employ("deputy", &person("甲代理", 77), &[]);
    let given = side.company.grant("grant_1", &side.seal, &other);
    all_sign(&mut cast);
    assert!(checked(&cast).is_complete(), "{}", checked(&cast));
    // Of this number the register knows a grant, and it is somebody else's.
    cast.sides[1].grant = given;
    assert_codes(&checked(&cast), &["exec.grant_person"]);
}

#[test]
fn a_grant_for_other_contracts_is_exposed() {
    let mut cast = signed(2, Certifier::FirstSigner);
    cast.sides[1].grant = rewritten(&cast.sides[1].grant, |grant| {
        grant["scope"] = json!({ "reaches": "contracts", "of": ["con_9"] });
    });
    assert_codes(&checked(&cast), &["exec.grant_scope"]);
}

#[test]
fn a_paper_that_is_no_grant_makes_a_signature_doubtful() {
    let hostile = |cast: &mut Cast| {
        all_sign(cast);
        let attribute = grants_attribute(b"\x30\x03\x04\x01\x00").unwrap();
        let signer = (KeyType::ALL[1], &cast.sides[1].key);
        let bytes = resigned_with(&cast.bytes[&document_id()], signer, &[attribute], |_| {});
        cast.bytes.insert(document_id(), bytes);
    };
    let verdict = exposed(&mut started(2), all_sign, hostile, &["exec.signature_doubtful"]);
    assert!(names(&verdict, "exec.signature_doubtful", 1, None), "{verdict}");
}

/// A contract on two documents, which are the same but for their ids.
fn twins() -> Cast {
    let of = |document: &'static str| {
        usual_controls(2).into_iter().map(move |it| on_document(&it, document))
    };
    let controls = of("doc_1").chain(of("doc_2")).collect();
    Cast::staged(Staging::of(2, controls).on("doc_1", PDF).on("doc_2", PDF)).unwrap()
}

fn on_document(control: &Control, document: &str) -> Control {
    rewritten(control, |control| control["key"]["document"] = json!(document))
}

#[test]
fn exchanged_documents_are_exposed_even_if_they_are_the_same() {
    let mut cast = twins();
    cast.start(Certifier::FirstSigner);
    let hostile = |cast: &mut Cast| {
        all_sign(cast);
        let first = cast.bytes.remove(&document_id()).unwrap();
        let second = cast.bytes.insert("doc_2".parse().unwrap(), first).unwrap();
        cast.bytes.insert(document_id(), second);
    };
    let verdict = exposed(&mut cast, all_sign, hostile, &["exec.other_signature"]);
    assert_eq!(verdict.deviations.len(), 4, "two signatures in two documents: {verdict}");
}

#[test]
fn one_document_in_the_place_of_both_is_exposed() {
    let mut cast = twins();
    cast.start(Certifier::FirstSigner);
    let hostile = |cast: &mut Cast| {
        all_sign(cast);
        let first = cast.bytes[&document_id()].clone();
        cast.bytes.insert("doc_2".parse().unwrap(), first);
    };
    let verdict = exposed(&mut cast, all_sign, hostile, &["exec.other_signature"]);
    let second = "doc_2".parse().unwrap();
    assert!(verdict.deviations.iter().all(|it| it.document.as_ref() == Some(&second)), "{verdict}");
}

#[test]
fn signatures_for_another_contract_of_the_same_ids_are_exposed() {
    let hostile = |cast: &mut Cast| {
        // The same ids, and another text behind them; then laid over these bytes.
        believe(cast, |contract| {
            let other = crate::world::digest(b"another text");
            contract["documents"][0]["original"] = serde_json::to_value(other).unwrap();
        });
        all_sign(cast);
    };
    exposed(&mut started(2), all_sign, hostile, &["exec.other_signature"]);
}
