//! Document time-stamps, judged afterwards by the judge of strangers' files.

use std::cell::Cell;

use sealwright::digest::DigestAlgorithm;
use sealwright::pki::TrustAnchors;
use sealwright::report::{Kind, ModificationLevel, Report, TimeSource};
use sealwright::signing::{
    DocumentTimestamp, Seal, SignerError, SignerFault, Stamped, TimestampAuthority, TimestampFinish,
};
use sealwright::update::{Certification, NewField, NewFieldKind, Preparation};
use sealwright::{CheckOptions, check};
use sealwright_testdata::documents;
use sealwright_testdata::tsa::{Flaw, POLICY, Tsa};
use time::Duration;

use super::*;

/// A service that counts how often it is asked.
struct Service {
    tsa: Tsa,
    at: OffsetDateTime,
    asked: Cell<u64>,
}

impl Service {
    fn of(tsa: Tsa) -> Self {
        Self { tsa, at: now() + Duration::minutes(1), asked: Cell::new(0) }
    }
}

impl TimestampAuthority for Service {
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, SignerError> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.tsa.answer(request, self.at))
    }
}

fn tsa(key: KeyType) -> Tsa {
    Tsa::new(key, Validity::around(now()))
}

/// Numbers that differ, which is all that matters here.
fn nonces() -> impl FnMut() -> u64 {
    let mut last = 0x5EED_0000_0000_0000;
    move || {
        last += 1;
        last
    }
}

fn stamped<'f>(asked: &DocumentTimestamp<'f>) -> Stamped<'f> {
    asked.stamp(&Service::of(tsa(KeyType::P256)), &mut nonces(), now()).unwrap()
}

/// The document with a stamp in a new field.
fn with_stamp(bytes: &Vec<u8>) -> Vec<u8> {
    let file = open(bytes);
    joined(bytes, stamped(&DocumentTimestamp::on(&file)).update.appended())
}

fn signed(bytes: &Vec<u8>, seal: impl for<'f> FnOnce(Seal<'f>) -> Seal<'f>) -> Vec<u8> {
    let file = open(bytes);
    let signed = seal(Seal::on(&file).invisible()).sign(&signer(KeyType::P256), now()).unwrap();
    joined(bytes, signed.appended())
}

/// What the judge says, who trusts the root of everybody here.
fn judged(bytes: &[u8]) -> Report {
    let root = identity(KeyType::P256, Validity::around(now())).root_pem();
    let anchors = TrustAnchors::from_pem(root.as_bytes()).unwrap();
    check(bytes, &CheckOptions::trusting(&anchors).at(now() + Duration::hours(1))).unwrap()
}

#[test]
fn a_stamp_proves_when_the_signatures_before_it_existed() {
    for bytes in [
        documents::classic_table(),
        documents::xref_stream(),
        documents::object_streams(),
        documents::hybrid(),
        documents::tagged(),
        documents::pdf_a_2b(),
    ] {
        let once = signed(&bytes, |seal| seal);
        let all = with_stamp(&once);
        let report = judged(&all);
        assert!(report.conclusion.is_passed(), "{report}");
        let [signature, stamp] = &report.signatures[..] else { panic!("{report}") };
        assert_eq!(signature.time.proven, Some(now() + Duration::minutes(1)));
        assert_eq!(signature.time.source, Some(TimeSource::DocumentTimestamp));
        assert_eq!(signature.modification.level, ModificationLevel::Lta);
        assert_eq!((stamp.kind, stamp.sub_filter.as_str()), (Kind::Timestamp, "ETSI.RFC3161"));
        assert!(stamp.coverage.whole_file);
    }
}

#[test]
fn a_dictionary_of_a_stamp_says_nothing_but_how_to_read_it() {
    let bytes = documents::classic_table();
    let all = with_stamp(&bytes);
    let file = open(&all);
    let field = file.latest().fields().unwrap().pop().unwrap();
    let value = field.value.unwrap().as_reference().unwrap();
    let dictionary = file.latest().dictionary(value).unwrap();
    let mut keys: Vec<_> =
        dictionary.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()).collect();
    keys.sort();
    assert_eq!(keys, ["ByteRange", "Contents", "Filter", "SubFilter", "Type"]);
    assert!(dictionary.is_type(b"DocTimeStamp"));
    keep("stamped.pdf", &all);
}

#[test]
fn in_a_field_with_a_lock_it_locks_nothing() {
    let bytes = documents::locked_empty_signature_field();
    let file = open(&bytes);
    let stamped = stamped(&DocumentTimestamp::on(&file).existing_field("seal"));
    let all = joined(&bytes, stamped.update.appended());
    let file = open(&all);
    let fields = file.latest().fields().unwrap();
    let field = fields.into_iter().find(|field| field.name == "seal").unwrap();
    let value = field.value.unwrap().as_reference().unwrap();
    let dictionary = file.latest().dictionary(value).unwrap();
    assert!(!dictionary.contains(b"Reference"), "ISO 32000-2 Table 255 has none in a time-stamp");
    assert!(judged(&all).conclusion.is_passed());
}

#[test]
fn only_what_a_time_stamp_has_may_be_asked_for() {
    use sealwright::update::{FieldChoice, Request, SubFilter, Update};
    let bytes = documents::several_empty_signature_fields();
    let file = open(&bytes);
    let asked = || Request {
        field: FieldChoice::Existing { name: "party_a" },
        ..Request::invisible(SubFilter::Rfc3161, now())
    };
    assert!(Update::prepare(&file, &asked(), 100).is_ok());
    let lock = ["party_b".to_owned()];
    for (what, request) in [
        ("text", Request { reason: Some("closed"), ..asked() }),
        ("text", Request { name: Some("platform"), ..asked() }),
        ("certification", Request { certification: Some(Certification::NoChanges), ..asked() }),
        ("lock", Request { lock: &lock, ..asked() }),
    ] {
        let error = Update::prepare(&file, &request, 100).unwrap_err();
        assert_eq!(error, sealwright::update::Error::BesideTimestamp { what });
        assert_eq!(error.code(), "sign.beside_timestamp");
    }
}

#[test]
fn facts_and_request_are_those_of_the_token() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    for (key, algorithm) in
        [(KeyType::Rsa2048, DigestAlgorithm::Sha512), (KeyType::P256, DigestAlgorithm::Sha384)]
    {
        let tsa = tsa(key);
        let asked = DocumentTimestamp::on(&file).digest_algorithm(algorithm).field("封存");
        let awaiting = asked.prepare(7).unwrap();
        assert_eq!(awaiting.field_name(), "封存");
        assert_eq!(asked.prepare(7).unwrap().request(), awaiting.request(), "the same again");
        assert_ne!(asked.prepare(8).unwrap().request(), awaiting.request());

        let answer = tsa.answer(&awaiting.request(), now());
        // The answer came back to another process, which prepares again.
        let TimestampFinish::Stamped(stamped) =
            asked.prepare(7).unwrap().finish(&answer, now()).unwrap()
        else {
            panic!("it fits");
        };
        assert_eq!((stamped.facts.time, stamped.facts.policy.as_str()), (now(), POLICY));
        assert_eq!(stamped.facts.serial.len(), 18);
        let report = judged(&joined(&bytes, stamped.update.appended()));
        assert!(report.conclusion.is_passed(), "{report}");
    }
    let weak = DocumentTimestamp::on(&file).digest_algorithm(DigestAlgorithm::Sha1);
    assert_eq!(weak.prepare(7).unwrap_err().code(), "tsa.weak_imprint");
}

#[test]
fn the_field_that_was_kept_for_it_takes_it_under_a_certification() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let fields = vec![NewField::new("seal", NewFieldKind::Signature)];
    let prepared = Preparation::default().signer(fields).closing("closing").append_to(&file);
    let ready = joined(&bytes, prepared.unwrap().appended());
    let certified =
        signed(&ready, |seal| seal.existing_field("seal").certify(Certification::FormFilling));
    let file = open(&certified);
    let stamped = stamped(&DocumentTimestamp::on(&file).existing_field("closing"));
    assert_eq!(stamped.update.field_name(), "closing");
    let all = joined(&certified, stamped.update.appended());
    let report = judged(&all);
    assert!(report.conclusion.is_passed(), "{report}");
    assert_eq!(report.signatures[0].modification.level, ModificationLevel::Lta);
    keep("stamped_closing.pdf", &all);

    let file = open(&all);
    let again = DocumentTimestamp::on(&file).existing_field("closing").prepare(1);
    assert_eq!(again.unwrap_err().code(), "ctl.field_cannot_host_signature");
}

#[test]
fn no_certification_and_no_lock_stands_in_its_way() {
    let bytes = documents::several_empty_signature_fields();
    for level in [Certification::NoChanges, Certification::FormFilling, Certification::Annotations]
    {
        let certified = signed(&bytes, |seal| seal.existing_field("party_a").certify(level));
        let report = judged(&with_stamp(&certified));
        assert!(report.conclusion.is_passed(), "{level:?}: {report}");
        let file = open(&certified);
        let kept = stamped(&DocumentTimestamp::on(&file).existing_field("party_b"));
        let report = judged(&joined(&certified, kept.update.appended()));
        assert!(report.conclusion.is_passed(), "{level:?}: {report}");
    }
    let locked = documents::locked_empty_signature_field();
    let locked = signed(&locked, |seal| seal.existing_field("seal"));
    let report = judged(&with_stamp(&locked));
    assert!(report.conclusion.is_passed(), "{report}");
}

#[test]
fn stamps_follow_each_other_and_signatures() {
    let mut bytes = documents::object_streams();
    for _ in 0..2 {
        bytes = signed(&bytes, |seal| seal);
        bytes = with_stamp(&bytes);
    }
    let report = judged(&bytes);
    assert!(report.conclusion.is_passed(), "{report}");
    let kinds: Vec<_> = report.signatures.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [Kind::Signature, Kind::Timestamp, Kind::Signature, Kind::Timestamp]);
}

#[test]
fn an_answer_that_is_not_what_was_asked_for_is_not_embedded() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let asked = DocumentTimestamp::on(&file);
    for flaw in Flaw::ALL {
        let service = Service::of(tsa(KeyType::Rsa2048).with(flaw));
        let error = asked.stamp(&service, &mut nonces(), now()).unwrap_err();
        let code = error.code();
        assert!(code.starts_with("tsa.") || code.starts_with("pki."), "{flaw:?}: {code}");
        assert_eq!(service.asked.get(), 1, "{flaw:?}: it is not asked again");
    }
    // After a bad answer a good one is taken.
    let awaiting = asked.prepare(7).unwrap();
    let tsa = tsa(KeyType::P256);
    let other = tsa.answer(&asked.prepare(8).unwrap().request(), now());
    assert_eq!(awaiting.finish(&other, now()).unwrap_err().code(), "tsa.other_nonce");
    let late = now() + Duration::minutes(6);
    let answer = tsa.answer(&awaiting.request(), now());
    assert_eq!(awaiting.finish(&answer, late).unwrap_err().code(), "tsa.other_time");
    assert!(awaiting.finish(&answer, now()).is_ok());
    let patient = DocumentTimestamp::on(&file).tolerance(Duration::minutes(7));
    assert!(patient.prepare(7).unwrap().finish(&answer, late).is_ok());
    let nobody = TrustAnchors::none();
    let wary = DocumentTimestamp::on(&file).trusting(&nobody).prepare(7).unwrap();
    assert_eq!(wary.finish(&answer, now()).unwrap_err().code(), "tsa.not_trusted");
}

#[test]
fn an_authority_that_does_not_answer_is_named_without_its_words() {
    struct Down;
    impl TimestampAuthority for Down {
        fn stamp(&self, _: &[u8]) -> Result<Vec<u8>, SignerError> {
            Err(SignerError::new(SignerFault::Unavailable).with_vendor_code(503))
        }
    }
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let error = DocumentTimestamp::on(&file).stamp(&Down, &mut nonces(), now()).unwrap_err();
    assert_eq!(error.code(), "tsa.no_answer");
    assert!(error.to_string().contains("Unavailable, vendor code 503"), "{error}");
}

#[test]
fn a_token_that_does_not_fit_is_asked_for_again_with_more_room() {
    let bytes = documents::classic_table();
    let file = open(&bytes);
    let small = DocumentTimestamp::on(&file).room(100);
    let service = Service::of(tsa(KeyType::Rsa2048));
    let stamped = small.stamp(&service, &mut nonces(), now()).unwrap();
    assert_eq!(service.asked.get(), 2);
    let report = judged(&joined(&bytes, stamped.update.appended()));
    assert!(report.conclusion.is_passed(), "{report}");

    let awaiting = small.prepare(7).unwrap();
    let answer = service.tsa.answer(&awaiting.request(), now());
    let TimestampFinish::NeedsMore { needed } = awaiting.finish(&answer, now()).unwrap() else {
        panic!("it cannot fit");
    };
    let larger = awaiting.with_room(needed, 8).unwrap();
    assert!(larger.room() >= needed);
    assert_ne!(larger.request(), awaiting.request(), "another digest, another nonce");
    assert_eq!(larger.finish(&answer, now()).unwrap_err().code(), "tsa.other_imprint");
}
