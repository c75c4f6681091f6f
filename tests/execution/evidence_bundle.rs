//! Bundles of evidence: made, read by other tools, verified.

use sealwright::decision::Aggregate;
use sealwright::execution::Certifier;
use sealwright::execution::evidence::{
    Bundle, Evidence, EvidenceVerdict, Material, VerifyOptions, unpack, verify,
};
use sealwright::limits::Limits;
use sealwright::pdf::Password;
use sealwright::pki::TrustAnchors;
use sealwright::report::{Conclusion, IdentityStatus, Lang};
use sealwright::signing::{LocalSigner, grant_statement, sign_grant};
use sealwright_testdata::pki::KeyType;

use crate::cast::{Cast, Staging, document_id, identity_of, key, ordinary_seals};
use crate::evidence::{gathered, signed, with_facts};
use crate::evidence_attacks::{content, entries};

/// With deterministic signatures: the same input gives the same bytes.
pub fn platform() -> LocalSigner {
    key(KeyType::Rsa2048)
}

/// Everybody's roots.
pub fn roots() -> TrustAnchors {
    let mut anchors = TrustAnchors::none();
    for kind in KeyType::ALL {
        let root = TrustAnchors::from_pem(identity_of(kind).root_pem().as_bytes()).unwrap();
        root.certificates().iter().for_each(|it| anchors.add(it.clone()));
    }
    anchors
}

/// A bundle that the platform signed.
pub fn bundled(cast: &Cast, evidence: &Evidence) -> Vec<u8> {
    let platform = platform();
    with_facts(cast, |facts| {
        Bundle::of(evidence, &facts).sealed_by(&platform).to_zip(cast.now).unwrap()
    })
}

pub fn codes(verdict: &EvidenceVerdict) -> Vec<&'static str> {
    let mut codes: Vec<_> = verdict.findings.iter().map(|it| it.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

fn passes(parties: usize) {
    let cast = signed(parties);
    let bundle = bundled(&cast, &gathered(&cast));
    let (anchors, head) = (roots(), cast.contract.head().clone());
    let options = VerifyOptions::trusting(&anchors, cast.now);
    let verdict = verify(&bundle, &options).unwrap();
    assert_eq!(verdict.conclusion, Conclusion::Passed, "{verdict}");
    assert_eq!(codes(&verdict), ["bundle.trail_consistent_only"]);
    assert_eq!(verdict.sealer.as_ref().unwrap().status, IdentityStatus::Trusted);
    let anchored = verify(&bundle, &options.expected_head(&head)).unwrap();
    assert_eq!(codes(&anchored), [""; 0], "{anchored}");
    assert_eq!(anchored.checklist, gathered(&cast).checklist);
    assert!(anchored.to_string().contains("complete, up to the head"), "{anchored}");
    assert!(anchored.to_string().contains(", 2026-01-05T01:0"), "{anchored}");
    let chinese = anchored.in_language(Lang::Zh).to_string();
    assert!(chinese.contains("通过") && !chinese.contains("passed"), "{chinese}");
    let json = serde_json::to_string(&anchored).unwrap();
    assert_eq!(serde_json::from_str::<EvidenceVerdict>(&json).unwrap(), anchored);
}

#[test]
fn the_bundle_of_two_parties_passes() {
    passes(2);
}

#[test]
fn the_bundle_of_five_parties_passes() {
    passes(5);
}

#[test]
fn a_bundle_of_fifty_parties_is_within_the_limits() {
    let pdf = sealwright_testdata::contract::PDF;
    let mut cast = Cast::with(50, ordinary_seals(50), pdf, |_| {});
    cast.start(Certifier::FirstSigner);
    (0..50).for_each(|number| cast.sign(number).unwrap());
    let bundle = bundled(&cast, &gathered(&cast));
    let verdict = verify(&bundle, &VerifyOptions::without_trust()).unwrap();
    assert_eq!(verdict.conclusion, Conclusion::Passed, "{verdict}");
    let facts = content(&entries(&bundle), "evidence.json").len();
    assert!(facts < 16 << 20, "{facts} bytes of facts for fifty parties");
}

#[test]
fn the_bundle_of_a_contract_that_a_time_stamp_closes_passes() {
    let mut cast = signed(2);
    cast.close_with(crate::cast::tsa()).unwrap();
    let evidence = gathered(&cast);
    assert_eq!(evidence.differences(), []);
    assert!(evidence.documents[0].closing.is_some());
    assert_eq!(evidence.contract.certified_by.as_deref(), Some("first_signer"));
    let bundle = bundled(&cast, &evidence);
    let verdict = verify(&bundle, &VerifyOptions::without_trust()).unwrap();
    assert_eq!(verdict.conclusion, Conclusion::Passed, "{verdict}");
}

#[test]
fn the_bundle_of_an_encrypted_document_passes_with_its_password() {
    let encrypted = sealwright_testdata::documents::encrypted_with_password();
    let staging = Staging::of(2, ordinary_seals(2)).locked("owner").on("doc_1", &encrypted);
    let mut cast = Cast::staged(staging).unwrap();
    cast.start(Certifier::FirstSigner);
    (0..2).for_each(|number| cast.sign(number).unwrap());
    let evidence = gathered(&cast);
    assert_eq!(evidence.differences(), []);
    let bundle = bundled(&cast, &evidence);
    let judged = |word: Option<&str>| {
        let options = VerifyOptions::without_trust();
        let options = match word {
            Some(word) => options.password(Password::new(word)),
            None => options,
        };
        verify(&bundle, &options).unwrap()
    };
    for word in ["owner", "user"] {
        let verdict = judged(Some(word));
        assert_eq!(verdict.conclusion, Conclusion::Passed, "{verdict}");
        assert_eq!(verdict.reports[&document_id()].signatures.len(), 2);
    }
    for word in [None, Some("another")] {
        let verdict = judged(word);
        let expected =
            ["bundle.document_closed", "bundle.document_doubtful", "bundle.trail_consistent_only"];
        assert_eq!(codes(&verdict), expected, "{verdict}");
        assert_eq!(verdict.conclusion, Conclusion::Indeterminate);
        assert_eq!(verdict.checklist.signatures, [], "nothing is claimed");
        let report = verdict.reports[&document_id()].to_string();
        assert!(!report.contains("does not show"), "seals cannot be seen, {report}");
    }
}

#[test]
fn a_bundle_that_is_taken_apart_holds_what_was_put_in() {
    let cast = signed(2);
    let bundle = bundled(&cast, &gathered(&cast));
    let options = VerifyOptions::without_trust();
    let unpacked = unpack(&bundle, &options).unwrap();
    assert_eq!(unpacked.trail, cast.trail);
    let [(id, bytes)]: [_; 1] = Vec::from_iter(&unpacked.documents).try_into().unwrap();
    assert_eq!((id, *bytes), (&document_id(), cast.bytes[&document_id()].as_slice()));
    let inside = bundle.as_ptr_range();
    assert!(inside.contains(&bytes.as_ptr()), "nothing is copied");
    // Strangers' bytes: what cannot be read is left out.
    let cut = unpack(&bundle[..bundle.len() - 1], &options).unwrap();
    assert!(cut.documents.is_empty() && cut.trail.is_empty());
}

#[test]
fn two_runs_give_the_same_bytes() {
    let cast = signed(2);
    let evidence = gathered(&cast);
    assert_eq!(bundled(&cast, &evidence), bundled(&cast, &gathered(&cast)));
}

#[test]
fn a_bundle_that_nobody_signed_says_so() {
    let cast = signed(2);
    let evidence = gathered(&cast);
    let bundle = with_facts(&cast, |facts| Bundle::of(&evidence, &facts).to_zip(cast.now).unwrap());
    let verdict = verify(&bundle, &VerifyOptions::without_trust()).unwrap();
    assert_eq!(verdict.conclusion, Conclusion::Unsigned, "{verdict}");
    assert_eq!(codes(&verdict), ["bundle.trail_consistent_only", "bundle.unsigned"]);
    let readme = content(&entries(&bundle), "README.txt");
    assert!(readme.contains("Nobody has signed the manifest") && !readme.contains("manifest.p7s"));
}

#[test]
fn a_bundle_holds_what_it_is_given_each_once_and_as_it_is() {
    let cast = signed(2);
    let (evidence, platform) = (gathered(&cast), platform());
    let bytes = cast.bytes[&document_id()].clone();
    let bundle = with_facts(&cast, |facts| {
        let bundle = Bundle::of(&evidence, &facts).paper(Lang::Zh, &bytes).paper(Lang::En, &bytes);
        let bundle =
            bundle.material(Material::Ocsp, b"an answer").material(Material::Crl, b"a list");
        bundle.sealed_by(&platform).to_zip(cast.now).unwrap()
    });
    let entries = entries(&bundle);
    let names: Vec<_> = entries.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names[..5],
        ["manifest.json", "manifest.p7s", "README.txt", "evidence.json", "documents/1.pdf"]
    );
    assert_eq!(names.iter().filter(|it| it.starts_with("certificates/")).count(), 3, "{names:?}");
    let rest = ["grants/1.der", "grants/2.der", "intents.json", "trail.jsonl", "head.json"];
    assert!(rest.iter().all(|it| names.contains(it)), "{names:?}");
    let last = ["material/1-ocsp.der", "material/2-crl.der", "report/zh.pdf", "report/en.pdf"];
    assert_eq!(names[names.len() - 4..], last);
    assert_eq!(entries[4].1, bytes);
    let own = serde_json::from_slice::<Evidence>(&entries[3].1).unwrap();
    assert_eq!(own, evidence);
    let verdict = verify(&bundle, &VerifyOptions::without_trust()).unwrap();
    assert_eq!(verdict.conclusion, Conclusion::Passed, "{verdict}");
}

#[test]
fn a_bundle_is_made_of_the_documents_and_the_trail_that_the_evidence_is_about() {
    let mut cast = signed(2);
    let evidence = gathered(&cast);
    let code = |cast: &Cast| {
        with_facts(cast, |facts| Bundle::of(&evidence, &facts).to_zip(cast.now).unwrap_err().code())
    };
    let last = cast.trail.pop().unwrap();
    assert_eq!(code(&cast), "audit.head_mismatch");
    cast.trail.push(last);
    cast.bytes.get_mut(&document_id()).unwrap().push(b'\n');
    assert_eq!(code(&cast), "doc.hash_mismatch");
}

#[test]
fn signed_grants_stand_in_the_bundle_and_are_checked() {
    let cast = signed(2);
    let (evidence, custodian) = (gathered(&cast), platform());
    let side = &cast.sides[0];
    let code = Some(side.company.organization.uscc());
    let statement = grant_statement(&side.grant, &side.seal, code, None, cast.now).unwrap();
    let paper = sign_grant(&statement, &custodian).unwrap();
    let bundle = with_facts(&cast, |facts| {
        Bundle::of(&evidence, &facts).grant(&paper).to_zip(cast.now).unwrap()
    });
    let own = entries(&bundle);
    assert!(own.iter().any(|(name, content)| name == "grants/1.p7m" && content == paper.as_der()));
    let verdict = verify(&bundle, &VerifyOptions::without_trust()).unwrap();
    assert_eq!(verdict.conclusion, Conclusion::Unsigned, "{verdict}");
}

#[test]
fn r_id_13_a_bundle_shows_nobodys_number_nor_name() {
    let cast = signed(2);
    let bundle = bundled(&cast, &gathered(&cast));
    // What certificates say stands in the documents; the rest shows masks.
    let texts = entries(&bundle).into_iter().filter(|(name, _)| !name.starts_with("documents/"));
    for (name, content) in texts {
        let content = String::from_utf8_lossy(&content);
        for side in &cast.sides {
            for person in [side.signer.person(), side.company.admin.person()] {
                let facts = [
                    person.name().expose(),
                    person.id_document().number(),
                    person.mobile().expose(),
                ];
                for fact in facts {
                    assert!(!content.contains(fact), "{name} shows {}", person.name().masked());
                }
            }
        }
    }
}

#[test]
fn bytes_that_are_no_bundle_are_refused_and_so_is_more_than_the_limits_allow() {
    let options = VerifyOptions::without_trust();
    let code =
        |bytes: &[u8], options: &VerifyOptions<'_>| verify(bytes, options).unwrap_err().code();
    assert_eq!(code(b"", &options), "evidence.not_a_bundle");
    assert_eq!(code(b"%PDF-1.7", &options), "evidence.not_a_bundle");
    let cast = signed(2);
    let bundle = bundled(&cast, &gathered(&cast));
    for limits in [
        Limits { bytes: 10_000, ..Limits::default() },
        Limits { inflated_bytes: 1_000, ..Limits::default() },
    ] {
        assert_eq!(code(&bundle, &options.clone().limits(limits)), "evidence.limit");
    }
}
