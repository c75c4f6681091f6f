//! Signatures whose algorithms were strong once: intact but weak, unless they are shown to be old enough.

use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::pki::{AlgorithmClass, AlgorithmPolicy, TrustAnchors};
use sealwright::report::{
    Code, Conclusion, IdentityStatus, Integrity, Report, SignatureReport, TimeSource,
    TimestampState,
};
use sealwright::signing::{DocumentTimestamp, TimestampFinish};
use sealwright::{CheckOptions, check};
use sealwright_testdata::pki::{KeyType, Validity, identity};
use sealwright_testdata::tsa::Tsa;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

fn at(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap()
}

fn now() -> OffsetDateTime {
    at("2026-11-22T00:00:00Z")
}

fn file(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/weak/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

/// From 2001 to 2060.
const LONG: Validity = Validity {
    not_before: OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::seconds(1_000_000_000)),
    not_after: OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::seconds(2_840_000_000)),
};

/// The root of the files here, and that of the authority in `stamped_over`.
fn anchors() -> TrustAnchors {
    let mut anchors = TrustAnchors::from_pem(&file("root.crt")).unwrap();
    let other = identity(KeyType::P256, LONG);
    let other = TrustAnchors::from_pem(other.root_pem().as_bytes()).unwrap();
    other.certificates().iter().for_each(|it| anchors.add(it.clone()));
    anchors
}

fn judged_by(bytes: &[u8], policy: AlgorithmPolicy) -> Report {
    let anchors = anchors();
    check(bytes, &CheckOptions::trusting(&anchors).at(now()).algorithms(policy)).unwrap()
}

fn judged(name: &str) -> SignatureReport {
    let report = judged_by(&file(&format!("{name}.pdf")), AlgorithmPolicy::default());
    let [signature] = report.signatures.try_into().unwrap();
    signature
}

fn values(signature: &SignatureReport, code: Code) -> Vec<String> {
    let found = signature.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("{:?}", signature.findings)).values.clone()
}

#[track_caller]
fn is_weak(signature: &SignatureReport, algorithm: &str, until: &str) {
    assert_eq!(signature.integrity, Integrity::Weak);
    assert_eq!(signature.conclusion, Conclusion::Indeterminate);
    assert_eq!(values(signature, Code::SigOutdatedAlgorithm), [algorithm, until]);
}

const END: &str = "2009-01-01T00:00:00Z";

#[test]
fn what_nothing_shows_to_be_old_is_intact_but_weak() {
    is_weak(&judged("sha1"), "SHA-1", END);
    is_weak(&judged("short-key"), "RSA-1024", END);
    // Old enough for neither.
    let late = judged("sha1-stamped-2010");
    is_weak(&late, "SHA-1", END);
    assert_eq!(late.time.proven, Some(at("2010-06-01T00:00:00Z")));
}

#[test]
fn a_strong_stamp_from_before_the_end_makes_it_good() {
    for (name, algorithm) in [
        ("sha1-stamped-2008", "SHA-1"),
        ("sha1-inside-stamped-2008", "SHA-1"),
        ("short-key-stamped-2008", "RSA-1024"),
    ] {
        let signature = judged(name);
        assert_eq!(signature.integrity, Integrity::Intact, "{name}");
        assert_eq!(signature.conclusion, Conclusion::Passed, "{name}: {:?}", signature.findings);
        assert_eq!(signature.time.source, Some(TimeSource::SignatureTimestamp), "{name}");
        assert_eq!(values(&signature, Code::SigAlgorithmInTime), [algorithm, END], "{name}");
    }
}

#[test]
fn the_path_of_the_certificate_is_weighed_for_the_time_that_is_shown() {
    let doubtful = judged("under-sha1");
    assert_eq!(doubtful.integrity, Integrity::Intact, "the signature itself is strong");
    assert_eq!(doubtful.identity.status, IdentityStatus::Unsupported);
    assert_eq!(doubtful.conclusion, Conclusion::Indeterminate);
    let good = judged("under-sha1-stamped-2008");
    assert_eq!(good.identity.status, IdentityStatus::Trusted);
    assert_eq!(good.conclusion, Conclusion::Passed, "{:?}", good.findings);
}

#[test]
fn a_weak_stamp_shows_no_time() {
    let signature = judged("sha1-weakly-stamped");
    is_weak(&signature, "SHA-1", END);
    assert_eq!(signature.time.proven, None, "anybody can make such a stamp today");
    assert_eq!(signature.time.timestamp, TimestampState::Weak);
    assert_eq!(values(&signature, Code::TimeWeak), ["SHA-1"]);
}

/// The document with a time-stamp over it by a strong authority.
fn stamped_over(name: &str, time: OffsetDateTime) -> Vec<u8> {
    let bytes = file(name);
    let open = File::open(&bytes, Limits::default()).unwrap();
    let awaiting = DocumentTimestamp::on(&open).prepare(7).unwrap();
    let answer = Tsa::new(KeyType::P256, LONG).answer(&awaiting.request(), time);
    let TimestampFinish::Stamped(stamped) = awaiting.finish(&answer, time).unwrap() else {
        panic!("a token fits")
    };
    [bytes.as_slice(), stamped.update.appended()].concat()
}

#[test]
fn a_weak_stamp_counts_once_a_strong_one_vouches_that_it_is_old() {
    let early = stamped_over("sha1-weakly-stamped.pdf", at("2008-09-01T00:00:00Z"));
    let report = judged_by(&early, AlgorithmPolicy::default());
    let [signature, stamp] = report.signatures.try_into().unwrap();
    assert_eq!(stamp.conclusion, Conclusion::Passed, "{:?}", stamp.findings);
    assert_eq!(signature.conclusion, Conclusion::Passed, "{:?}", signature.findings);
    assert_eq!(signature.time.proven, Some(at("2008-06-01T00:00:00Z")));
    assert_eq!(signature.time.timestamp, TimestampState::Ok);

    let late = stamped_over("sha1-weakly-stamped.pdf", at("2012-09-01T00:00:00Z"));
    let report = judged_by(&late, AlgorithmPolicy::default());
    is_weak(&report.signatures[0], "SHA-1", END);
    assert_eq!(report.signatures[0].time.timestamp, TimestampState::Weak);
}

#[test]
fn who_trusts_nobody_is_shown_no_time() {
    let report = check(file("sha1-stamped-2008.pdf"), &CheckOptions::without_trust()).unwrap();
    is_weak(&report.signatures[0], "SHA-1", END);
    // Nor is he who trusts others.
    let nobody = TrustAnchors::none();
    let options = CheckOptions::trusting(&nobody).at(now());
    let report = check(file("sha1-stamped-2008.pdf"), &options).unwrap();
    is_weak(&report.signatures[0], "SHA-1", END);
}

#[test]
fn a_host_has_its_own_dates() {
    let signature = |name: &str, policy| judged_by(&file(name), policy).signatures.remove(0);
    let strict = signature("sha1-stamped-2008.pdf", AlgorithmPolicy::strong_only());
    assert_eq!(strict.integrity, Integrity::Weak);
    assert_eq!(values(&strict, Code::SigWeakAlgorithm), ["SHA-1"]);

    let class = AlgorithmClass::RsaShorterThan(2048);
    let lenient = AlgorithmPolicy::strong_only().until(class, now() + Duration::days(1));
    let today = signature("short-key.pdf", lenient);
    assert_eq!(today.conclusion, Conclusion::Passed, "{:?}", today.findings);

    // What is strong for everybody else may be weak for a host.
    let never = AlgorithmPolicy::default().never(AlgorithmClass::RsaShorterThan(3072));
    let stricter = signature("under-sha1-stamped-2008.pdf", never);
    assert_eq!(stricter.integrity, Integrity::Weak);
    assert_eq!(values(&stricter, Code::SigWeakAlgorithm), ["RSA-2048"]);
}

#[test]
fn a_changed_byte_is_broken_and_not_weak() {
    for name in ["sha1-stamped-2008.pdf", "short-key-stamped-2008.pdf"] {
        let mut bytes = file(name);
        let at = bytes.windows(8).position(|window| window == b"MediaBox").unwrap();
        bytes[at + 12] ^= 1;
        let report = judged_by(&bytes, AlgorithmPolicy::default());
        assert_eq!(report.signatures[0].integrity, Integrity::Broken, "{name}");
        assert_eq!(report.conclusion, Conclusion::Failed, "{name}");
    }
}
