//! Documents that come back, against the record of their contract.

use std::collections::BTreeMap;

use sealwright::contract::Order;
use sealwright::digest::Digest;
use sealwright::execution::{self, Certifier, CheckFacts, Overall};
use sealwright::identity::DocumentId;
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::report::Lang;
use sealwright::{Authority, Mm};
use sealwright_testdata::pki::KeyType;
use serde_json::json;

use crate::attacks::{exchange, last, recorded, rewritten, templates, with_a_page_more};
use crate::cast::{Cast, Side, by_hand, document_id, key, usual_controls};
use crate::verdicts::{assert_codes, changed_by_the_last, checked, codes, names, set, signed};

fn honest_at_every_stage(parties: usize, certifier: Certifier<'_>) {
    let mut cast = Cast::of(parties);
    assert_eq!(checked(&cast).overall, Overall::NoSignature);
    cast.start(certifier);
    for number in 0..parties {
        let verdict = checked(&cast);
        assert!(verdict.deviations.is_empty(), "{verdict}");
        assert_eq!(verdict.pending.len(), parties - number);
        assert!(!verdict.is_complete());
        cast.sign(number).unwrap();
        assert_eq!(checked(&cast).overall, Overall::IntactAllExpected, "{}", checked(&cast));
    }
    let verdict = checked(&cast);
    assert!(verdict.is_complete() && verdict.deviations.is_empty(), "{verdict}");
    assert!(verdict.in_language(Lang::Zh).to_string().contains("均符合记录"));
}

#[test]
fn an_honest_contract_of_two_is_as_expected_at_every_stage() {
    honest_at_every_stage(2, Certifier::FirstSigner);
    honest_at_every_stage(2, Certifier::Nobody);
    honest_at_every_stage(2, Certifier::Platform(&key(KeyType::P256)));
}

#[test]
fn an_honest_contract_of_five_is_as_expected_at_every_stage() {
    honest_at_every_stage(5, Certifier::FirstSigner);
}

#[test]
fn signatures_by_hand_and_opinions_are_as_expected() {
    let controls = usual_controls(2).into_iter().chain(by_hand("slot_1")).collect();
    let mut cast = Cast::with(2, controls, sealwright_testdata::contract::PDF, |_| {});
    cast.start(Certifier::FirstSigner);
    (0..2).for_each(|number| cast.sign(number).unwrap());
    assert!(checked(&cast).is_complete(), "{}", checked(&cast));
}

#[test]
fn another_version_of_the_seal_is_exposed() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let other = Side::new(2, KeyType::P256).seal.current().clone();
    let other = serde_json::to_value(&other).unwrap();
    cast.sides[1].seal = rewritten(&cast.sides[1].seal, |seal| {
        let before = std::mem::replace(&mut seal["current"], other.clone());
        seal["current"]["number"] = json!(2);
        seal["past"] = json!([before]);
    });
    assert!(checked(&cast).is_complete(), "an old version that is recorded is no deviation");
    let face = Digest::sha256(*cast.sides[1].seal.current().image.face().as_bytes());
    cast.contract = recorded(&cast.contract, |contract| {
        for control in contract["controls"].as_array_mut().unwrap() {
            let mark = &mut control["state"]["is"]["mark"];
            let mark = mark.as_object_mut().filter(|mark| mark.contains_key("seal"));
            if let Some(mark) = mark.filter(|mark| mark["seal"] == "seal_1") {
                mark["version"] = json!(2);
                mark["face"] = serde_json::to_value(face).unwrap();
            }
        }
    });
    let verdict = checked(&cast);
    assert_codes(&verdict, &["exec.seal_version"]);
    assert_eq!(verdict.overall, Overall::IntactSomeForeign);
    assert!(names(&verdict, "exec.seal_version", 1, Some(3)));
    assert!(verdict.to_string().contains("expected: version 2"), "{verdict}");
}

#[test]
fn a_revoked_grant_is_exposed_and_one_revoked_later_is_not() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let (before, after) = (cast.now - time::Duration::hours(1), cast.now);
    for (at, expected) in [(before, vec!["exec.grant_revoked"]), (after, vec![])] {
        let at = at.format(&time::format_description::well_known::Rfc3339).unwrap();
        cast.sides[1].grant = rewritten(&cast.sides[1].grant, |grant| {
            let by = grant["grantor"].clone();
            grant["revocation"] = json!({ "by": by, "at": at, "cause": "request", "reason": null });
        });
        assert_codes(&checked(&cast), &expected);
    }
}

#[test]
fn a_copied_seal_picture_is_exposed() {
    let mut cast = signed(2, Certifier::Nobody);
    let bytes = cast.bytes[&document_id()].clone();
    let stranger = key(KeyType::P384);
    for (x, more) in [(120.0, None), (30.0, Some("exec.face_covered"))] {
        let file = File::open(&bytes, Limits::default()).unwrap();
        let face = &cast.sides[0].face;
        let seal = sealwright::Seal::on(&file)
            .page(-1)
            .at(Mm(x), Mm(if more.is_some() { 190.0 } else { 20.0 }))
            .face(face, Authority::AssertedByHost);
        let appended = seal.sign(&stranger, cast.now).unwrap().into_appended();
        set(&mut cast, [bytes.clone(), appended].concat());
        let verdict = checked(&cast);
        let usual = ["exec.bytes_appended", "exec.face_copied", "exec.foreign_signature"];
        let expected: Vec<_> = usual.into_iter().chain(more).collect();
        assert_codes(&verdict, &expected);
        assert_eq!(verdict.overall, Overall::IntactSomeForeign);
        assert_eq!(names(&verdict, "exec.face_covered", 0, Some(3)), more.is_some());
    }
}

#[test]
fn a_picture_of_no_size_and_one_that_is_clipped_away_are_not_shown() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let honest = cast.bytes[&document_id()].clone();
    let whole: Vec<String> =
        templates(&honest).into_iter().filter(|it| !it.contains("re W n")).collect();
    let numbers: Vec<&str> = whole[0].split(' ').collect();
    let at = numbers.iter().position(|it| *it == "cm").unwrap();
    let size = format!("{} 0 0 {} ", numbers[at - 6], numbers[at - 3]);
    let nothing: String =
        size.chars().map(|it| if it.is_ascii_digit() { '0' } else { it }).collect();
    changed_by_the_last(&mut cast, |bytes| {
        exchange(bytes, &whole[0], &whole[0].replacen(&size, &nothing, 1));
    });
    let verdict = checked(&cast);
    assert_codes(&verdict, &["exec.bytes_differ", "exec.face_not_shown"]);
    assert!(names(&verdict, "exec.face_not_shown", 1, Some(3)), "{verdict}");

    set(&mut cast, honest);
    changed_by_the_last(&mut cast, |bytes| {
        let before = last(bytes, whole[0].as_bytes());
        let bbox = last(&bytes[..before], b"/BBox [0 0 ") + b"/BBox [0 0 ".len();
        let digits = bytes[bbox..].iter().position(|byte| *byte == b'.' || *byte == b' ').unwrap();
        bytes[bbox..bbox + digits].fill(b'0');
    });
    let verdict = checked(&cast);
    assert_codes(&verdict, &["exec.bytes_differ", "exec.face_not_shown"]);
    assert!(names(&verdict, "exec.face_not_shown", 1, Some(3)), "{verdict}");
}

#[test]
fn exchanged_slices_are_exposed() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let bytes = cast.bytes[&document_id()].clone();
    let slices: Vec<String> =
        templates(&bytes).into_iter().filter(|it| it.contains("re W n")).collect();
    assert_eq!(slices.len(), 3, "{slices:?}");
    // Each as long as it was: a zero more here, a digit less there.
    let third = slices[1].replace("-39.685 0 cm", "-79.37 00 cm");
    let second = slices[2].replace("-79.37 0 cm", "-39.69 0 cm");
    changed_by_the_last(&mut cast, |bytes| {
        let places = [&slices[1], &slices[2]].map(|it| last(bytes, it.as_bytes()));
        bytes[places[0]..places[0] + third.len()].copy_from_slice(third.as_bytes());
        bytes[places[1]..places[1] + second.len()].copy_from_slice(second.as_bytes());
    });
    let verdict = checked(&cast);
    assert_codes(&verdict, &["exec.bytes_differ", "exec.slice_misplaced"]);
    assert!(names(&verdict, "exec.slice_misplaced", 1, Some(2)));
    assert!(names(&verdict, "exec.slice_misplaced", 1, Some(3)));
}

#[test]
fn an_inserted_page_is_exposed_in_the_revision_that_was_signed_with_it() {
    let mut cast = Cast::of(3);
    cast.start(Certifier::FirstSigner);
    cast.sign(0).unwrap();
    let bytes = with_a_page_more(&cast.bytes[&document_id()]);
    let file = File::open(&bytes, Limits::default()).unwrap();
    let side = &cast.sides[1];
    let seal = sealwright::Seal::on(&file).existing_field("seal_1");
    let seal = seal.face(&side.face, Authority::AssertedByHost);
    let appended = seal.sign(&side.key, cast.now).unwrap().into_appended();
    set(&mut cast, [bytes.as_slice(), &appended].concat());
    let verdict = checked(&cast);
    assert_eq!(verdict.overall, Overall::Tampered, "{verdict}");
    let pages = verdict.deviations.iter().filter(|it| it.code.as_str() == "exec.pages_differ");
    let pages: Vec<_> = pages.map(|it| (it.signature, it.found.as_str())).collect();
    assert_eq!(pages, [(Some(2), "4 pages"), (None, "4 pages")], "{verdict}");
    assert!(names(&verdict, "exec.signature_failed", 0, None), "{verdict}");
}

#[test]
fn another_order_is_exposed() {
    let pdf = sealwright_testdata::contract::PDF;
    let mut cast = Cast::with(2, usual_controls(2), pdf, |settings| {
        settings.order = Order::Parallel;
    });
    cast.start(Certifier::FirstSigner);
    cast.sign(1).unwrap();
    let sequential =
        |cast: &Cast| recorded(&cast.contract, |it| it["settings"]["order"] = json!("sequential"));
    let parallel = cast.contract.clone();
    cast.contract = sequential(&cast);
    assert_codes(&checked(&cast), &["exec.order_violated"]);
    cast.contract = parallel;
    cast.sign(0).unwrap();
    assert!(checked(&cast).is_complete(), "{}", checked(&cast));
    cast.contract = sequential(&cast);
    let verdict = checked(&cast);
    assert_codes(&verdict, &["exec.order_violated"]);
    assert!(names(&verdict, "exec.order_violated", 1, None), "{verdict}");
}

#[test]
fn a_passed_deadline_is_exposed() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let deadline = cast.now - time::Duration::seconds(90);
    let deadline = deadline.format(&time::format_description::well_known::Rfc3339).unwrap();
    cast.contract = recorded(&cast.contract, |contract| contract["deadline"] = json!(deadline));
    let verdict = checked(&cast);
    assert_codes(&verdict, &["exec.deadline_passed"]);
    assert!(names(&verdict, "exec.deadline_passed", 1, None), "{verdict}");
    assert!(!names(&verdict, "exec.deadline_passed", 0, None), "{verdict}");
}

#[test]
fn another_document_with_the_same_text_is_exposed() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let mut pdf = sealwright_testdata::contract::PDF.to_vec();
    let id = last(&pdf, b"(sealwright contract");
    pdf[id + 1] = b'S';
    let mut other = Cast::with(2, usual_controls(2), &pdf, |_| {});
    other.start(Certifier::FirstSigner);
    (0..2).for_each(|number| other.sign(number).unwrap());
    assert!(checked(&other).is_complete(), "{}", checked(&other));
    cast.bytes = other.bytes;
    let verdict = checked(&cast);
    let expected = ["exec.bytes_differ", "exec.other_document", "exec.other_signature"];
    assert_codes(&verdict, &expected);
    assert_eq!(verdict.overall, Overall::Tampered);
}

#[test]
fn a_flipped_byte_in_the_first_revision_breaks_both_signatures() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let mut bytes = cast.bytes[&document_id()].clone();
    let at = bytes.windows(8).position(|it| it == b"contract").unwrap();
    bytes[at] ^= 1;
    set(&mut cast, bytes);
    let verdict = checked(&cast);
    assert_eq!(verdict.overall, Overall::Tampered, "{verdict}");
    for number in 0..2 {
        assert!(names(&verdict, "exec.signature_failed", number, None), "{verdict}");
    }
    assert!(codes(&verdict).contains("exec.other_document"), "{verdict}");
}

#[test]
fn a_signature_that_the_record_does_not_know_and_one_that_is_missing_are_exposed() {
    let mut cast = Cast::of(2);
    cast.start(Certifier::FirstSigner);
    let (contract, before) = (cast.contract.clone(), cast.bytes.clone());
    cast.sign(0).unwrap();
    let after = cast.contract.clone();
    cast.contract = contract;
    assert_codes(&checked(&cast), &["exec.bytes_appended", "exec.not_recorded"]);
    cast.contract = after;
    cast.bytes = before;
    let verdict = checked(&cast);
    assert_eq!(verdict.overall, Overall::NoSignature);
    let expected = ["exec.bytes_differ", "exec.not_filled", "exec.not_signed"];
    assert_codes(&verdict, &expected);
}

#[test]
fn another_signer_another_seal_and_another_grant_than_recorded_are_exposed() {
    let honest = signed(2, Certifier::FirstSigner);
    let mut cast = honest;
    let contract = cast.contract.clone();
    cast.contract = recorded(&contract, |contract| {
        contract["slots"][1]["certificate"]["serial"] = json!("0badcafe");
    });
    assert_codes(&checked(&cast), &["exec.other_signer"]);
    let remarked = |what: &str, is: &str| {
        recorded(&contract, |contract| {
            let controls = contract["controls"].as_array_mut().unwrap().iter_mut();
            for control in controls.filter(|it| it["key"]["control"] == "seal_1") {
                control["state"]["is"]["mark"][what] = json!(is);
            }
        })
    };
    cast.contract = remarked("grant", "grant_0");
    assert_codes(&checked(&cast), &["exec.grant_other", "exec.grant_person"]);
    cast.contract = remarked("grant", "grant_9");
    assert_codes(&checked(&cast), &["exec.grant_other", "exec.grant_unknown"]);
    cast.contract = remarked("seal", "seal_0");
    let expected = ["exec.face_register", "exec.grant_scope", "exec.seal_other"];
    assert_codes(&checked(&cast), &expected);
}

#[test]
fn a_platform_that_is_not_the_recorded_one_is_exposed() {
    let mut cast = signed(2, Certifier::Platform(&key(KeyType::P256)));
    assert_codes(&checked(&cast), &[]);
    let honest = cast.contract.clone();
    cast.contract = recorded(&honest, |contract| {
        contract["certified_by"]["certificate"]["serial"] = json!("0b");
    });
    let verdict = checked(&cast);
    assert_codes(&verdict, &["exec.other_platform"]);
    assert_eq!(verdict.overall, Overall::IntactSomeForeign);
    // Who was not to certify is a stranger.
    cast.contract = recorded(&honest, |contract| contract["certified_by"] = json!(null));
    assert_codes(&checked(&cast), &["exec.foreign_signature"]);
}

#[test]
fn who_certifies_is_who_the_record_says() {
    let platform = key(KeyType::P256);
    for certifier in [Certifier::FirstSigner, Certifier::Platform(&platform), Certifier::Nobody] {
        let mut cast = signed(2, certifier);
        let honest = cast.contract.clone();
        for by in ["first_signer", "nobody"] {
            cast.contract = recorded(&honest, |contract| {
                contract["certified_by"] = json!({ "by": by });
            });
            let mut expected = vec!["exec.certified_otherwise"];
            match certifier {
                Certifier::Platform(_) => expected.push("exec.foreign_signature"),
                _ if honest.certified_by().unwrap().code() == by => expected.clear(),
                _ => {}
            }
            assert_codes(&checked(&cast), &expected);
        }
    }
    // The platform's signature, and nobody's certification, are missed where the record has them.
    let certified = signed(2, Certifier::Platform(&platform)).contract;
    let by = serde_json::to_value(certified.certified_by().unwrap()).unwrap();
    for certifier in [Certifier::FirstSigner, Certifier::Nobody] {
        let mut cast = signed(2, certifier);
        cast.contract = recorded(&cast.contract, |contract| contract["certified_by"] = by.clone());
        assert_codes(&checked(&cast), &["exec.certified_otherwise"]);
    }
}

#[test]
fn what_cannot_be_read_is_a_verdict() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let seals: [_; 0] = [];
    set(&mut cast, b"no document".to_vec());
    let verdict = checked(&cast);
    assert_eq!(verdict.overall, Overall::Malformed);
    assert_codes(&verdict, &["exec.malformed"]);
    let none: BTreeMap<DocumentId, Vec<u8>> = BTreeMap::new();
    let verdict = execution::check(&cast.contract, &none, &CheckFacts::of(&seals, &[])).unwrap();
    assert_eq!(verdict.overall, Overall::Malformed);
    assert!(codes(&verdict).contains("exec.document_missing"), "{verdict}");
}
