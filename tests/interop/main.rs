//! Writes what the foreign judges look at: `target/interop/cases.json`, and the documents that it
//! names: signatures one by one, whole contracts, and the report for people. `judge.py` in this folder
//! brings them before pyHanko, pdfsig, MuPDF, qpdf and, where a document is PDF/A-1, the validator of
//! PDFBox.

mod bundle;
#[path = "../execution/cast.rs"]
mod cast;
mod engine;
mod evidence_report;
mod executed;
mod permitted;
mod plan;
#[path = "../execution/reported.rs"]
mod reported;
#[path = "../world/mod.rs"]
mod world;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sealwright::{CheckOptions, TrustAnchors, check};
use sealwright_testdata::pki::{Identity, Validity, identity};
use time::format_description::well_known::Rfc3339;

#[test]
fn every_case_is_written() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("interop");
    let now = world::monday();
    let cases = plan::cases();

    let mut manifest = Vec::new();
    for case in &cases {
        let identity: Identity = identity(case.key.key, Validity::around(now));
        let signed = engine::sign(case, &identity, now);
        assert!(signed.starts_with(&case.bytes), "{}: the input was touched", case.file());
        let anchors = TrustAnchors::from_pem(identity.root_pem().as_bytes()).unwrap();
        let report = check(&signed, &CheckOptions::trusting(&anchors).at(now)).unwrap();
        assert!(report.conclusion.is_passed(), "{}: our own judge: {report}", case.file());

        write(&folder.join(case.file()), &signed);
        write(&folder.join(case.input_file()), &case.bytes);
        write(&folder.join(case.root_file()), identity.root_pem().as_bytes());
        manifest.push(case.manifest(&now.format(&Rfc3339).unwrap()));
    }
    for executed in executed::all() {
        let bytes = &executed.signed;
        assert!(bytes.starts_with(&executed.input), "{}: the input was touched", executed.kind);
        let root = cast::identity_of(executed::KEY).root_pem();
        let anchors = TrustAnchors::from_pem(root.as_bytes()).unwrap();
        let report = check(bytes, &CheckOptions::trusting(&anchors).at(now)).unwrap();
        assert!(report.conclusion.is_passed(), "{}: our own judge: {report}", executed.kind);
        write(&folder.join(executed.file()), bytes);
        write(&folder.join(executed.input_file()), &executed.input);
        write(&folder.join(executed.root_file()), root.as_bytes());
        manifest.push(executed.manifest(&now.format(&Rfc3339).unwrap()));
    }
    for reported in evidence_report::all() {
        assert!(reported.signed.starts_with(&reported.input), "{}: touched", reported.name);
        write(&folder.join(reported.file()), &reported.signed);
        write(&folder.join(reported.input_file()), &reported.input);
        manifest.push(reported.manifest(&now.format(&Rfc3339).unwrap()));
    }
    let text = serde_json::to_string_pretty(&manifest).unwrap();
    write(&folder.join("cases.json"), text.as_bytes());
    println!("{} documents in {}", manifest.len(), folder.display());
}

#[test]
fn no_case_hides_another_and_no_kind_is_left_out_for_a_key() {
    let cases = plan::cases();
    let files: BTreeSet<_> = cases.iter().map(plan::Case::file).collect();
    assert_eq!(files.len(), cases.len(), "two cases write the same file");

    let kinds_of = |key: &str| -> BTreeSet<&str> {
        let of_key = cases.iter().filter(|case| case.key.name == key);
        of_key.map(|case| case.kind.as_str()).collect()
    };
    let every_kind = kinds_of(plan::KEYS[0].name);
    assert!(every_kind.len() > 10);
    for key in plan::KEYS {
        assert!(kinds_of(key.name).is_superset(&every_kind), "{} lacks a kind", key.name);
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}
