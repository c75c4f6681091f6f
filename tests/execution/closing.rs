//! Complete contracts, checked once more and closed with document time-stamps.

use sealwright::contract::{Order, Phase};
use sealwright::decision::Aggregate;
use sealwright::execution::{
    self, Certifier, ClosingAnswer, Documents, Error, Means, Overall, StampOptions, StampSource,
    Stamping,
};
use sealwright::identity::{DocumentId, PersonId};
use sealwright::limits::Limits;
use sealwright::organization::By;
use sealwright::pdf::File;
use sealwright::pki::TrustAnchors;
use sealwright::report::{Conclusion, Kind, ModificationLevel, TimeSource};
use sealwright::signing::DocumentTimestamp;
use sealwright_testdata::pki::{KeyType, Validity};
use sealwright_testdata::tsa::{Flaw, POLICY, Tsa};
use serde_json::json;
use time::Duration;

use crate::attacks::recorded;
use crate::cast::{Cast, Service, document_id, identity_of, key, look, slot, tsa};
use crate::documents::three_documents;
use crate::evidence::gathered;
use crate::verdicts::{all_sign, assert_codes, checked, set, signed, started};
use crate::world::{digest, monday};

/// The bytes with a time-stamp behind them that no record knows of.
fn stamped(bytes: &[u8], field: Option<&str>, tsa: &Tsa) -> Vec<u8> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let stamp = DocumentTimestamp::on(&file);
    let stamp = match field {
        Some(name) => stamp.existing_field(name),
        None => stamp,
    };
    let authority = Service { tsa: tsa.clone(), at: monday() };
    let made = stamp.stamp(&authority, &mut || 77, monday()).unwrap();
    [bytes, made.update.appended()].concat()
}

/// A refusal leaves everything as it was.
fn refused(cast: &mut Cast, stamping: Option<Stamping<'_>>) -> Error {
    let (contract, bytes) = (cast.contract.clone(), cast.bytes.clone());
    let refused = cast.close(stamping).unwrap_err();
    assert!(cast.contract == contract && cast.bytes == bytes, "nothing has changed");
    refused
}

fn with_authority(cast: &mut Cast, tsa: Tsa) -> Error {
    let authority = Service { tsa, at: cast.now };
    let source = StampSource::Authority { authority: &authority, nonces: &mut || 7 };
    refused(cast, Some(Stamping { source, options: StampOptions::default() }))
}

#[test]
fn the_documents_of_a_complete_contract_are_closed_whoever_certified_them() {
    let platform = key(KeyType::P256);
    for certifier in [Certifier::FirstSigner, Certifier::Platform(&platform), Certifier::Nobody] {
        let mut cast = signed(2, certifier);
        let before = cast.bytes[&document_id()].clone();
        let at = cast.now;
        cast.close_with(tsa()).unwrap();
        look(&cast);
        assert!(cast.bytes[&document_id()].starts_with(&before));
        assert!(cast.contract.is_closed());
        assert_eq!(cast.contract.phase(), Phase::Completed);
        let report = cast.report();
        assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
        let (stamp, signatures) = report.signatures.split_last().unwrap();
        assert_eq!((stamp.kind, stamp.field.as_str()), (Kind::Timestamp, "sealwright#closing"));
        assert!(stamp.coverage.whole_file);
        for signature in signatures {
            assert_eq!(signature.time.proven, Some(at), "{report}");
            assert_eq!(signature.time.source, Some(TimeSource::DocumentTimestamp));
            assert!(signature.modification.level <= ModificationLevel::Form, "{report}");
        }
        let verdict = checked(&cast);
        assert!(verdict.is_complete(), "{verdict}");
        let closed = cast.contract.documents()[0].closed_by().unwrap();
        assert_eq!((closed.time, closed.policy.as_str()), (at, POLICY));
        assert_eq!(closed.field, "sealwright#closing");
    }
}

#[test]
fn every_document_is_closed_also_one_that_nobody_signed() {
    let mut cast = three_documents();
    cast.start(Certifier::FirstSigner);
    all_sign(&mut cast);
    cast.close_with(tsa()).unwrap();
    for document in cast.contract.documents() {
        let report = cast.report_of(document.id());
        assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
        let stamp = report.signatures.last().unwrap();
        assert_eq!((stamp.kind, stamp.field.as_str()), (Kind::Timestamp, "sealwright#closing"));
        assert_eq!(document.closed_by().unwrap().field, stamp.field);
    }
    let serials: std::collections::BTreeSet<_> =
        cast.contract.documents().iter().map(|it| &it.closed_by().unwrap().serial).collect();
    assert_eq!(serials.len(), 3, "each has a request of its own");
    let verdict = checked(&cast);
    assert!(verdict.is_complete(), "{verdict}");
}

#[test]
fn without_a_stamp_it_is_a_check_that_the_trail_tells_of() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let bytes = cast.bytes.clone();
    let length = cast.contract.head().len();
    cast.close(None).unwrap();
    assert_eq!(cast.bytes, bytes);
    assert_eq!(cast.contract.head().len(), length + 1);
    assert!(!cast.contract.is_closed());
    cast.close_with(tsa()).unwrap();
    assert_eq!(cast.contract.head().len(), length + 3);
    assert!(cast.contract.is_closed());
    // Closed contracts may be checked as often as somebody likes.
    cast.close(None).unwrap();
}

#[test]
fn who_has_not_signed_is_waited_for() {
    let mut cast = started(2);
    cast.sign(0).unwrap();
    let error = with_authority(&mut cast, tsa());
    assert_eq!(error.code(), "con.illegal_transition");
    assert!(matches!(&error, Error::NotComplete { waiting, .. } if *waiting == [slot(1)]));
    assert!(error.to_string().ends_with("waits for slot_1; it is complete when all have signed"));
}

#[test]
fn a_contract_is_closed_once_and_by_the_host_alone() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let (fonts, documents) = (cast.fonts.clone(), cast.documents());
    let means = Means::new(&fonts);
    let by = cast.sides[0].by();
    let error = execution::complete(&cast.contract, &documents, &means, None, None, &by, cast.now);
    assert_eq!(error.unwrap_err().code(), "emp.no_permission");
    drop(documents);
    cast.close_with(tsa()).unwrap();
    let error = with_authority(&mut cast, tsa());
    assert!(matches!(&error, Error::AlreadyClosed { document } if *document == document_id()));
    assert_eq!(error.code(), "con.illegal_transition");
}

#[test]
fn other_bytes_than_the_recorded_ones_are_not_closed() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let honest = cast.bytes[&document_id()].clone();
    set(&mut cast, stamped(&honest, None, &tsa()));
    assert_eq!(with_authority(&mut cast, tsa()).code(), "doc.hash_mismatch");
    let (fonts, host) = (cast.fonts.clone(), "platform".parse::<PersonId>().unwrap());
    let (means, none) = (Means::new(&fonts), Documents::new());
    let by = By::Host(&host);
    let error = execution::complete(&cast.contract, &none, &means, None, None, &by, cast.now);
    assert_eq!(error.unwrap_err().code(), "doc.missing");
}

#[test]
fn what_deviates_from_record_and_register_is_not_closed() {
    let mut cast = signed(2, Certifier::FirstSigner);
    cast.contract = recorded(&cast.contract, |contract| {
        for control in contract["controls"].as_array_mut().unwrap() {
            if let Some(grant) = control["state"]["is"]["mark"].get_mut("grant") {
                *grant = json!("grant_9");
            }
        }
    });
    let error = with_authority(&mut cast, tsa());
    assert_eq!(error.code(), "sign.postcheck");
    let Error::Deviates { overall, codes } = &error else { panic!("{error}") };
    assert_eq!(*overall, Overall::IntactSomeForeign);
    assert!(codes.iter().any(|code| code.as_str() == "exec.grant_unknown"), "{error}");
    assert!(error.to_string().contains("exec.grant_unknown"), "{error}");
}

#[test]
fn what_does_not_hold_is_not_closed_even_if_the_record_says_so() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let mut bytes = cast.bytes[&document_id()].clone();
    let stream = bytes.windows(6).position(|it| it == b"stream").unwrap();
    bytes[stream + 16] ^= 1;
    cast.contract = recorded(&cast.contract, |contract| {
        contract["documents"][0]["digest"] = json!(digest(&bytes).to_string());
    });
    set(&mut cast, bytes);
    let (fonts, host) = (cast.fonts.clone(), "platform".parse::<PersonId>().unwrap());
    let (means, by) = (Means::new(&fonts), By::Host(&host));
    let documents = cast.documents();
    let closed = execution::complete(&cast.contract, &documents, &means, None, None, &by, cast.now);
    let error = closed.unwrap_err();
    assert_eq!(error.code(), "sign.postcheck");
    assert!(matches!(error, Error::Postcheck { found: Conclusion::Failed, .. }), "{error}");
}

#[test]
fn the_evidence_of_a_closed_contract_tells_of_the_stamp() {
    let mut cast = signed(2, Certifier::FirstSigner);
    let at = cast.now;
    cast.close_with(tsa()).unwrap();
    let evidence = gathered(&cast);
    assert_eq!(evidence.differences(), []);
    assert!(evidence.verdict.is_complete(), "{}", evidence.verdict);
    let report = evidence.report(&document_id()).unwrap();
    assert_eq!(report.signatures.last().unwrap().kind, Kind::Timestamp);
    for signing in &evidence.signings {
        let signature = evidence.signature(&signing.signatures[0]).unwrap();
        assert_eq!(signature.time.proven, Some(at));
    }
    let closed = cast.trail.iter().find(|entry| entry.kind() == "contract.closed").unwrap();
    assert_eq!(closed.states(), (Some("completed"), Some("completed")));
}

#[test]
fn an_answer_that_is_not_what_was_asked_for_closes_nothing() {
    let mut cast = three_documents();
    cast.start(Certifier::FirstSigner);
    all_sign(&mut cast);
    for flaw in Flaw::ALL {
        let code = with_authority(&mut cast, tsa().with(flaw)).code();
        assert!(code.starts_with("tsa.") || code.starts_with("pki."), "{flaw:?}: {code}");
    }
    let late = Tsa::new(KeyType::P256, Validity::around(monday()));
    let authority = Service { tsa: late, at: cast.now + Duration::minutes(6) };
    let source = StampSource::Authority { authority: &authority, nonces: &mut || 7 };
    let stamping = Stamping { source, options: StampOptions::default() };
    assert_eq!(refused(&mut cast, Some(stamping)).code(), "tsa.other_time");

    let nobody = TrustAnchors::none();
    let root = TrustAnchors::from_pem(identity_of(KeyType::P256).root_pem().as_bytes()).unwrap();
    for (anchors, trusted) in [(&nobody, false), (&root, true)] {
        let authority = Service { tsa: tsa(), at: cast.now };
        let source = StampSource::Authority { authority: &authority, nonces: &mut || 7 };
        let options = StampOptions { anchors: Some(anchors), ..StampOptions::default() };
        let stamping = Some(Stamping { source, options });
        match trusted {
            true => cast.close(stamping).unwrap(),
            false => assert_eq!(refused(&mut cast, stamping).code(), "tsa.not_trusted"),
        }
    }
}

#[test]
fn a_host_that_asks_itself_hands_the_answers_in() {
    let mut cast = three_documents();
    cast.start(Certifier::Nobody);
    all_sign(&mut cast);
    let (fonts, options) = (cast.fonts.clone(), StampOptions::default());
    let means = Means::new(&fonts);
    let mut nonce = 40;
    let mut nonces = || {
        nonce += 1;
        nonce
    };
    let asked = execution::closing_requests(
        &cast.contract,
        &cast.documents(),
        &means,
        &options,
        &mut nonces,
    );
    let asked = asked.unwrap();
    assert_eq!(asked.iter().map(|it| it.nonce).collect::<Vec<_>>(), [41, 42, 43]);
    let answer = |asked: &execution::ClosingRequest| ClosingAnswer {
        document: asked.document.clone(),
        nonce: asked.nonce,
        response: tsa().answer(&asked.request, cast.now),
    };
    let answers: Vec<_> = asked.iter().map(answer).collect();
    let given = |answers| Some(Stamping { source: StampSource::Answers(answers), options });

    let error = refused(&mut cast, given(&answers[1..]));
    assert!(matches!(&error, Error::StampMissing { document } if document.as_str() == "doc_1"));
    assert_eq!(error.code(), "tsa.no_answer");
    let mut swapped = answers.clone();
    swapped[0].document = answers[1].document.clone();
    swapped[1].document = answers[0].document.clone();
    assert_eq!(refused(&mut cast, given(&swapped)).code(), "tsa.other_imprint");
    let small = StampOptions { room: 64, ..options };
    let source = StampSource::Answers(&answers);
    let stamping = Some(Stamping { source, options: small });
    assert_eq!(refused(&mut cast, stamping).code(), "tsa.other_imprint", "another gap");

    cast.close(given(&answers)).unwrap();
    assert!(checked(&cast).is_complete(), "{}", checked(&cast));
}

#[test]
fn a_time_stamp_that_no_record_knows_is_foreign_wherever_it_stands() {
    let honest = signed(2, Certifier::FirstSigner);
    let bytes = honest.bytes[&document_id()].clone();
    for field in [Some("sealwright#closing"), None] {
        let mut cast = signed(2, Certifier::FirstSigner);
        cast.contract = honest.contract.clone();
        set(&mut cast, stamped(&bytes, field, &tsa()));
        assert_eq!(cast.report().conclusion, Conclusion::Passed, "nothing else is wrong with it");
        let verdict = checked(&cast);
        assert_codes(&verdict, &["exec.bytes_appended", "exec.foreign_signature"]);
        assert_eq!(verdict.overall, Overall::IntactSomeForeign);
    }
    // Behind one that is recorded too.
    let mut cast = signed(2, Certifier::FirstSigner);
    cast.close_with(tsa()).unwrap();
    let closed = cast.bytes[&document_id()].clone();
    set(&mut cast, stamped(&closed, None, &tsa()));
    let verdict = checked(&cast);
    assert_codes(&verdict, &["exec.bytes_appended", "exec.foreign_signature"]);
}

#[test]
fn a_time_stamp_that_is_not_the_recorded_one_is_exposed() {
    let mut cast = signed(2, Certifier::FirstSigner);
    cast.close_with(tsa()).unwrap();
    let honest = cast.contract.clone();
    for (what, other) in [("serial", json!("01")), ("time", json!("2020-01-01T00:00:00Z"))] {
        cast.contract = recorded(&honest, |contract| {
            contract["documents"][0]["closed_by"][what] = other;
        });
        assert_codes(&checked(&cast), &["exec.other_timestamp"]);
    }
    cast.contract = recorded(&honest, |contract| {
        contract["documents"][0]["closed_by"]["field"] = json!("elsewhere");
    });
    assert_codes(&checked(&cast), &["exec.foreign_signature"]);
    cast.contract = recorded(&honest, |contract| {
        contract["documents"][0]["closed_by"] = json!(null);
    });
    assert_codes(&checked(&cast), &["exec.foreign_signature"]);
}

#[test]
fn parties_in_parallel_close_their_contract_all_the_same() {
    let mut cast = Cast::with(
        2,
        crate::cast::usual_controls(2),
        sealwright_testdata::contract::PDF,
        |settings| settings.order = Order::Parallel,
    );
    cast.start(Certifier::FirstSigner);
    cast.sign(1).unwrap();
    cast.sign(0).unwrap();
    cast.close_with(tsa()).unwrap();
    let id: DocumentId = document_id();
    assert!(cast.contract.document(&id).unwrap().closed_by().is_some());
    assert!(checked(&cast).is_complete(), "{}", checked(&cast));
}
