//! What attackers do to bundles of evidence: each of it is exposed by a code of its own.

use std::sync::OnceLock;

use sealwright::audit::Head;
use sealwright::decision::Aggregate;
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::execution::evidence::{EvidenceVerdict, VerifyOptions, verify};
use sealwright::pki::TrustAnchors;
use sealwright::report::Conclusion;
use sealwright::signing::{LocalSigner, sign_detached};
use sealwright_testdata::pki;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::cast::document_id;
use crate::evidence::{gathered, signed};
use crate::evidence_bundle::{bundled, codes, platform, roots};

type Entries = Vec<(String, Vec<u8>)>;

/// The entries of an archive, by its local headers.
pub fn entries(zip: &[u8]) -> Entries {
    let number = |at: usize, length: usize| {
        zip[at..at + length].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    let (mut found, mut at) = (Vec::new(), 0);
    while zip[at..].starts_with(b"PK\x03\x04") {
        let (length, name) = (number(at + 22, 4), number(at + 26, 2));
        let start = at + 30 + name;
        let name = String::from_utf8(zip[at + 30..start].to_vec()).unwrap();
        found.push((name, zip[start..start + length].to_vec()));
        at = start + length;
    }
    found
}

pub fn content(entries: &Entries, name: &str) -> String {
    let found = entries.iter().find(|(own, _)| own == name);
    String::from_utf8(found.unwrap_or_else(|| panic!("{name}")).1.clone()).unwrap()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 }
        })
    })
}

/// An archive of these entries, as the bundle's own.
fn archive(entries: &Entries) -> Vec<u8> {
    let (mut local, mut central) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let mut told = vec![10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        told.extend(crc(content).to_le_bytes());
        told.extend([length, length].concat());
        told.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        told.extend([0, 0]);
        let offset = u32::try_from(local.len()).unwrap().to_le_bytes();
        local.extend([b"PK\x03\x04", &told[..], name.as_bytes(), content].concat());
        let attributes = [0, 0, 0, 0, 0, 0, 0, 0, 0xA4, 0x81];
        central.extend(
            [b"PK\x01\x02", &[0x14, 3][..], &told, &attributes, &offset, name.as_bytes()].concat(),
        );
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let length = u32::try_from(central.len()).unwrap().to_le_bytes();
    let offset = u32::try_from(local.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &length, &offset, &[0, 0]].concat();
    [local, central, end].concat()
}

/// What is changed: made once for all.
struct Original {
    bundle: Vec<u8>,
    document: Vec<u8>,
    head: Head,
    now: OffsetDateTime,
    anchors: TrustAnchors,
}

fn original() -> &'static Original {
    static ORIGINAL: OnceLock<Original> = OnceLock::new();
    ORIGINAL.get_or_init(|| {
        let cast = signed(2);
        Original {
            bundle: bundled(&cast, &gathered(&cast)),
            document: cast.bytes[&document_id()].clone(),
            head: cast.contract.head().clone(),
            now: cast.now,
            anchors: roots(),
        }
    })
}

/// A bundle that is changed.
struct Forged {
    entries: Entries,
}

impl Forged {
    fn new() -> Self {
        Self { entries: entries(&original().bundle) }
    }

    fn verdict(&self) -> EvidenceVerdict {
        let Original { anchors, head, now, .. } = original();
        let options = VerifyOptions::trusting(anchors, *now).expected_head(head);
        verify(&archive(&self.entries), &options).unwrap()
    }

    fn codes(&self) -> Vec<&'static str> {
        codes(&self.verdict())
    }

    fn entry(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.entries.iter_mut().find(|(own, _)| own == name).unwrap().1
    }

    fn edited(mut self, name: &str, edit: impl FnOnce(&mut Value)) -> Self {
        let mut value = serde_json::from_slice(self.entry(name)).unwrap();
        edit(&mut value);
        *self.entry(name) = serde_json::to_vec(&value).unwrap();
        self
    }

    /// The manifest tells of the entries as they are now.
    fn listed_anew(self) -> Self {
        let listed = self.entries[2..].iter().map(|(name, content)| {
            let sha256 = Digest::of(DigestAlgorithm::Sha256, content).to_hex();
            json!({ "name": name, "length": content.len(), "sha256": sha256 })
        });
        let listed = listed.collect::<Vec<_>>();
        self.edited("manifest.json", |manifest| manifest["entries"] = json!(listed))
    }

    /// And is signed by whoever has this key.
    fn signed_by(self, signer: &LocalSigner) -> Self {
        let mut forged = self.listed_anew();
        let manifest = forged.entry("manifest.json").clone();
        *forged.entry("manifest.p7s") = sign_detached(&manifest, signer, original().now).unwrap();
        forged
    }

    /// As dishonest makers do: everything fits but what the documents say.
    fn by_its_maker(self) -> Self {
        self.signed_by(&platform())
    }
}

/// Somebody whom nobody trusts.
fn stranger() -> LocalSigner {
    let identity = pki::demo_identity(crate::world::monday());
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap()
}

#[test]
fn the_tools_of_this_file_change_nothing_by_themselves() {
    assert_eq!(Forged::new().codes(), [""; 0]);
    assert_eq!(Forged::new().by_its_maker().codes(), [""; 0]);
}

#[test]
fn every_entry_that_is_changed_is_not_the_one_of_the_manifest() {
    let mut forged = Forged::new();
    for place in 2..forged.entries.len() {
        let length = forged.entries[place].1.len();
        for at in [0, length / 3, length / 2, length - 1] {
            forged.entries[place].1[at] ^= 1;
            let verdict = forged.verdict();
            let name = &forged.entries[place].0;
            let found = verdict.findings.iter().filter(|it| it.entry.as_ref() == Some(name));
            let found: Vec<_> = found.map(|it| it.code.as_str()).collect();
            assert!(found.contains(&"bundle.entry_changed"), "{name} at {at}: {verdict}");
            assert_eq!(verdict.conclusion, Conclusion::Failed);
            forged.entries[place].1[at] ^= 1;
        }
    }
    let length = forged.entry("manifest.json").len();
    for at in (0..length).step_by(101) {
        forged.entry("manifest.json")[at] ^= 4;
        let codes = forged.codes();
        let expected = ["bundle.manifest_malformed", "bundle.signature_broken"];
        assert!(codes.iter().any(|it| expected.contains(it)), "byte {at}: {codes:?}");
        forged.entry("manifest.json")[at] ^= 4;
    }
    // What nobody signs of a CMS, such as its list of algorithms, changes nothing either.
    let sealer = forged.verdict().sealer;
    let length = forged.entry("manifest.p7s").len();
    let mut silent = 0;
    for at in (0..length).step_by(61) {
        forged.entry("manifest.p7s")[at] ^= 4;
        let verdict = forged.verdict();
        if verdict.findings.is_empty() {
            assert_eq!(verdict.sealer, sealer, "byte {at}");
            silent += 1;
        }
        forged.entry("manifest.p7s")[at] ^= 4;
    }
    assert!(silent * 4 < length / 61, "{silent} of {length} bytes");
}

#[test]
fn entries_taken_out_put_in_renamed_and_moved() {
    for place in 2..Forged::new().entries.len() {
        let mut forged = Forged::new();
        let (name, _) = forged.entries.remove(place);
        assert!(forged.codes().contains(&"bundle.entry_missing"), "{name}");
    }
    let mut forged = Forged::new();
    forged.entries.push(("more.txt".to_owned(), b"more".to_vec()));
    assert_eq!(forged.codes(), ["bundle.entry_unlisted"]);
    let mut forged = Forged::new();
    forged.entries[2].0 = "README.md".to_owned();
    assert_eq!(forged.codes(), ["bundle.entry_missing", "bundle.entry_unlisted"]);
    let mut forged = Forged::new();
    forged.entries.swap(2, 3);
    assert_eq!(forged.codes(), ["bundle.entry_order"]);
    let mut forged = Forged::new();
    forged.entries.swap(0, 1);
    assert_eq!(forged.codes(), ["bundle.entry_order"]);
    let mut forged = Forged::new();
    forged.entries.remove(0);
    assert_eq!(forged.codes(), ["bundle.manifest_missing"]);
    let mut forged = Forged::new();
    forged.entries.remove(1);
    assert_eq!(forged.codes(), ["bundle.signature_missing"]);
    let mut forged = Forged::new();
    let twin = ("evidence.JSON".to_owned(), b"{}".to_vec());
    forged.entries.push(twin);
    assert_eq!(forged.codes(), ["bundle.entry_twice"]);
    let mut forged = Forged::new();
    forged.entries.push(("../evidence.json".to_owned(), b"{}".to_vec()));
    assert_eq!(forged.codes(), ["bundle.entry_name"]);
}

#[test]
fn a_manifest_that_was_made_to_fit_lacks_its_signature() {
    let mut forged = Forged::new();
    forged.entry("README.txt").push(b'x');
    let forged = forged.listed_anew();
    assert_eq!(forged.codes(), ["bundle.signature_broken"]);
    let forged = forged.edited("manifest.json", |it| it["signed"] = json!(false));
    assert_eq!(forged.codes(), ["bundle.signature_broken"]);
    let mut forged = forged;
    forged.entries.remove(1);
    let verdict = forged.verdict();
    assert_eq!(codes(&verdict), ["bundle.unsigned"]);
    assert_eq!(verdict.conclusion, Conclusion::Unsigned);
    let forged = Forged::new().signed_by(&stranger());
    assert_eq!(forged.codes(), ["bundle.signer_untrusted"]);
    assert_eq!(forged.verdict().conclusion, Conclusion::Indeterminate);
}

#[test]
fn another_document_under_a_manifest_of_somebody_else() {
    let mut forged = Forged::new();
    *forged.entry("documents/1.pdf") = sealwright_testdata::contract::PDF.to_vec();
    let codes = forged.signed_by(&stranger()).codes();
    for code in [
        "bundle.signer_untrusted",
        "bundle.document_differs",
        "bundle.revision_differs",
        "bundle.report_differs",
        "bundle.signing_differs",
        "bundle.certificate_differs",
        "bundle.claims_too_much",
    ] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    let mut forged = Forged::new();
    *forged.entry("documents/1.pdf") = b"nothing".to_vec();
    let codes = forged.by_its_maker().codes();
    assert!(
        codes.contains(&"bundle.document_unreadable") && codes.contains(&"bundle.verdict_differs"),
        "{codes:?}"
    );
    let mut forged = Forged::new();
    forged.entries.retain(|(name, _)| name != "documents/1.pdf");
    assert!(forged.by_its_maker().codes().contains(&"bundle.document_missing"));
}

#[test]
fn a_document_that_its_maker_changed_is_judged_anew() {
    let mut forged = Forged::new();
    let bytes = forged.entry("documents/1.pdf");
    let at = bytes.windows(8).position(|it| it == b"contract").unwrap();
    bytes[at] ^= 1;
    let codes = forged.by_its_maker().codes();
    for code in [
        "bundle.document_failed",
        "bundle.report_differs",
        "bundle.revision_differs",
        "bundle.claims_too_much",
        "bundle.verdict_differs",
        "bundle.sources_differ",
    ] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
}

#[test]
fn a_trail_without_its_end_is_found_only_by_a_head_from_elsewhere() {
    let shortened = || {
        let mut forged = Forged::new();
        let mut trail: Vec<Value> = content(&forged.entries, "trail.jsonl")
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        let removed = trail.pop().unwrap();
        assert!(removed["canonical"].as_str().unwrap().contains("contract.completed"));
        let lines: Vec<String> = trail.iter().map(|it| format!("{it}\n")).collect();
        *forged.entry("trail.jsonl") = lines.concat().into_bytes();
        let (len, hash) = (trail.len(), trail.last().unwrap()["hash"].clone());
        (forged, len, hash)
    };
    let (forged, len, hash) = shortened();
    assert_eq!(forged.by_its_maker().codes(), ["bundle.trail_differs", "bundle.trail_head"]);
    let (forged, ..) = shortened();
    let head = json!({ "algorithm": "sha256", "len": len, "hash": hash });
    let forged =
        forged.edited("head.json", |it| *it = head.clone()).edited("evidence.json", |it| {
            it["trail"]["head"] = head.clone();
            it["trail"]["entries"] = json!(len);
        });
    let forged = forged.by_its_maker();
    assert_eq!(forged.codes(), ["bundle.trail_head"]);
    let without = VerifyOptions::trusting(&original().anchors, original().now);
    let without = verify(&archive(&forged.entries), &without).unwrap();
    assert_eq!(codes(&without), ["bundle.trail_consistent_only"], "as the documentation says");
}

#[test]
fn a_trail_that_was_changed_or_is_another_ones() {
    let with = |change: &dyn Fn(String) -> String| {
        let mut forged = Forged::new();
        let trail = content(&forged.entries, "trail.jsonl");
        *forged.entry("trail.jsonl") = change(trail).into_bytes();
        forged.by_its_maker().codes()
    };
    let has =
        |codes: Vec<&'static str>, code: &str| assert!(codes.contains(&code), "{code}: {codes:?}");
    has(with(&|trail| trail.replacen("face-check-7", "face-check-8", 1)), "bundle.trail_broken");
    has(with(&|trail| trail.replace("contract:con_1", "contract:con_2")), "bundle.trail_foreign");
    has(with(&|trail| trail.replacen('{', "[", 1)), "bundle.trail_malformed");
    has(with(&|_| String::new()), "bundle.signing_differs");
}

#[test]
fn evidence_that_claims_more_than_there_is() {
    let edited = |edit: &dyn Fn(&mut Value)| {
        Forged::new().edited("evidence.json", edit).by_its_maker().codes()
    };
    let conditions = "/checklist/signatures/0/conditions";
    let proved = edited(&|it| {
        *it.pointer_mut(&format!("{conditions}/0/shown")).unwrap() = json!({ "is": "proved" });
    });
    assert_eq!(proved, ["bundle.claims_too_much"]);
    let other = edited(&|it| {
        *it.pointer_mut(&format!("{conditions}/2/shown")).unwrap() = json!({ "is": "unknown" });
    });
    assert_eq!(other, ["bundle.checklist_differs"]);
    let shorter = edited(&|it| *it.pointer_mut("/checklist/signatures").unwrap() = json!([]));
    assert_eq!(shorter, ["bundle.checklist_differs"]);
    for (path, value, code) in [
        ("/signings/0/signatures/0/serial/recorded", json!("00"), "bundle.signing_differs"),
        ("/signings/0/signatures/0/seals/0/face/shown", json!("00"), "bundle.signing_differs"),
        ("/signings/0/signatures/0/seals/0/seen", json!(9), "bundle.signing_differs"),
        ("/signings/0/signatures/0/seals/0/places/0/page", json!(1), "bundle.signing_differs"),
        ("/signings/0/recorded/actor", json!("e:other"), "bundle.signing_differs"),
        ("/signings/0/recorded/uscc", json!("91440300MA50004950"), "bundle.signing_differs"),
        ("/parties/0/organization", json!("org_1"), "bundle.signing_differs"),
        ("/documents/0/revisions/1/end", json!(7), "bundle.revision_differs"),
        ("/documents/0/pages", json!(4), "bundle.document_differs"),
        ("/certificates/0/serial", json!("00"), "bundle.certificate_differs"),
        ("/grants/0/until", json!("2030-01-01T00:00:00Z"), "bundle.grant_differs"),
        ("/grants/0/grantee", json!("other"), "bundle.grant_differs"),
        (
            "/verdict/reports/doc_1/signatures/0/identity/serial",
            json!("00"),
            "bundle.report_differs",
        ),
        (
            "/verdict/reports/doc_1/signatures/0/coverage/tail_bytes",
            json!(0),
            "bundle.report_differs",
        ),
        (
            "/documents/0/closing",
            json!({ "time": "2026-01-05T01:00:00Z", "serial": "01", "policy": "1.2" }),
            "bundle.document_differs",
        ),
        ("/trail/entries", json!(3), "bundle.trail_differs"),
        ("/contract/id", json!("con_2"), "bundle.evidence_malformed"),
        ("/format", json!("sealwright/evidence/9"), "bundle.evidence_malformed"),
        ("/verdict/overall", json!("intact_some_foreign"), "bundle.deviation"),
    ] {
        let codes = edited(&|it| *it.pointer_mut(path).unwrap() = value.clone());
        assert!(codes.contains(&code), "{path}: {codes:?}");
    }
    let forged =
        Forged::new().edited("intents.json", |it| it[0]["checks"][0]["reference"] = json!("other"));
    assert_eq!(forged.by_its_maker().codes(), ["bundle.intents_differ"]);
}

#[test]
fn somebody_who_signed_cannot_be_left_out() {
    let edited = |edit: &dyn Fn(&mut Value)| {
        Forged::new().edited("evidence.json", edit).by_its_maker().codes()
    };
    let slot = edited(&|it| {
        it["signings"].as_array_mut().unwrap().remove(1);
        it["checklist"]["signatures"].as_array_mut().unwrap().remove(1);
    });
    assert!(slot.contains(&"bundle.signing_differs"), "{slot:?}");
    let seal = edited(&|it| {
        it["signings"][0]["signatures"][0]["seals"].as_array_mut().unwrap().remove(0);
    });
    assert_eq!(seal, ["bundle.signing_differs"]);
}

#[test]
fn a_signed_grant_that_was_changed_does_not_hold() {
    let mut forged = Forged::new();
    let place = forged.entries.iter().position(|(name, _)| name == "grants/1.der").unwrap();
    forged.entries[place].0 = "grants/1.p7m".to_owned();
    assert_eq!(forged.by_its_maker().codes(), ["bundle.grant_broken"]);
    let mut forged = Forged::new();
    forged.entry("grants/1.der").pop();
    assert_eq!(forged.by_its_maker().codes(), ["bundle.grant_differs"]);
    let mut forged = Forged::new();
    let second = forged.entry("grants/2.der").clone();
    *forged.entry("grants/1.der") = second;
    assert_eq!(forged.by_its_maker().codes(), ["bundle.grant_differs"]);
}

#[test]
fn a_report_for_people_that_was_changed_is_found() {
    let mut forged = Forged::new();
    let mut paper = original().document.clone();
    forged.entries.push(("report/zh.pdf".to_owned(), paper.clone()));
    assert_eq!(forged.by_its_maker().codes(), [""; 0]);
    let mut forged = Forged::new();
    let at = paper.windows(8).position(|it| it == b"contract").unwrap();
    paper[at] ^= 1;
    forged.entries.push(("report/zh.pdf".to_owned(), paper));
    assert_eq!(forged.by_its_maker().codes(), ["bundle.paper_failed"]);
}

#[test]
fn whom_the_auditor_does_not_know_he_does_not_trust() {
    let nobody = TrustAnchors::none();
    let Original { bundle, now, .. } = original();
    let verdict = verify(bundle, &VerifyOptions::trusting(&nobody, *now)).unwrap();
    let expected =
        ["bundle.document_doubtful", "bundle.signer_untrusted", "bundle.trail_consistent_only"];
    assert_eq!(codes(&verdict), expected);
    assert_eq!(verdict.conclusion, Conclusion::Indeterminate);
    let sealers = &original().anchors;
    let options = VerifyOptions::trusting(&nobody, *now).sealers(sealers);
    assert!(!codes(&verify(bundle, &options).unwrap()).contains(&"bundle.signer_untrusted"));
}

#[test]
fn a_bundle_without_its_facts_or_its_trail() {
    for (name, code) in [
        ("evidence.json", "bundle.evidence_missing"),
        ("trail.jsonl", "bundle.trail_differs"),
        ("head.json", "bundle.trail_differs"),
        ("intents.json", "bundle.intents_differ"),
    ] {
        let mut forged = Forged::new();
        forged.entries.retain(|(own, _)| own != name);
        let codes = forged.by_its_maker().codes();
        assert!(codes.contains(&code), "{name}: {codes:?}");
    }
}

#[test]
fn a_signature_over_something_else_is_broken() {
    let mut forged = Forged::new();
    let signer = platform();
    *forged.entry("manifest.p7s") = sign_detached(b"other", &signer, original().now).unwrap();
    assert_eq!(forged.codes(), ["bundle.signature_broken"]);
    *forged.entry("manifest.p7s") = b"nothing".to_vec();
    assert_eq!(forged.codes(), ["bundle.signature_broken"]);
}

#[test]
fn a_signature_that_cannot_be_judged_is_doubtful_and_not_broken() {
    let mut forged = Forged::new();
    let cms = forged.entry("manifest.p7s");
    // sha256WithRSAEncryption, where the signer names his algorithm and protects it, behind the
    // certificates.
    let algorithm = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
    for _ in 0..2 {
        let own = cms.windows(algorithm.len()).rposition(|it| it == algorithm).unwrap();
        cms[own + algorithm.len() - 1] = 0x63;
    }
    let verdict = forged.verdict();
    assert_eq!(codes(&verdict), ["bundle.signature_doubtful"], "{verdict}");
    assert_eq!(verdict.conclusion, Conclusion::Indeterminate);
    let told = &verdict.findings[0];
    assert_eq!(told.entry.as_deref(), Some("manifest.p7s"));
    assert!(told.found.contains("1.2.840.113549.1.1.99"), "{told}");
    assert!(verdict.sealer.is_some(), "whose it says to be is told");
}

#[test]
fn a_signature_without_its_certificate_is_doubtful() {
    let mut forged = Forged::new();
    let serial = forged.verdict().sealer.unwrap().serial;
    let octet = |at| u8::from_str_radix(&serial[at..at + 2], 16).unwrap();
    let serial: Vec<u8> = (0..serial.len()).step_by(2).map(octet).collect();
    let cms = forged.entry("manifest.p7s");
    let mut named = (0..cms.len() - serial.len()).filter(|at| cms[*at..].starts_with(&serial));
    // In the certificate itself, then where the signer is named.
    let own = named.nth(1).unwrap();
    cms[own + serial.len() - 1] ^= 1;
    let verdict = forged.verdict();
    assert_eq!(codes(&verdict), ["bundle.signature_doubtful"], "{verdict}");
    assert_eq!(verdict.conclusion, Conclusion::Indeterminate);
    assert!(verdict.sealer.is_none());
}
