//! The bundle of evidence that `bundle.py` in this folder looks at with the tools of others.

use std::fs;
use std::path::Path;

use sealwright::execution::evidence::{Bundle, EvidenceFacts, VerifyOptions, gather, verify};
use sealwright::execution::{Certifier, CheckFacts};
use sealwright::pki::TrustAnchors;
use sealwright::signing::{grant_statement, sign_grant};

use crate::cast::{Cast, Staging, identity_of, key, usual_controls};
use crate::executed::KEY;

#[test]
fn a_bundle_is_written() {
    let pdf = sealwright_testdata::contract::PDF;
    let staging = Staging::of(2, usual_controls(2)).on("doc_1", pdf).keys(KEY);
    let mut cast = Cast::staged(staging).unwrap();
    cast.start(Certifier::FirstSigner);
    (0..2).for_each(|number| cast.sign(number).unwrap());
    let seals: Vec<_> = cast.sides.iter().map(|side| &side.seal).collect();
    let grants: Vec<_> = cast.sides.iter().map(|side| &side.grant).collect();
    let documents = cast.documents();
    let facts = EvidenceFacts::new(&documents, CheckFacts::of(&seals, &grants), &cast.trail);
    let by = cast.sides[0].company.head();
    let evidence = gather(&cast.contract, &facts, &by, cast.now).unwrap();
    let platform = key(KEY);
    let statement = grant_statement(grants[0], seals[0], None, None, cast.now).unwrap();
    let paper = sign_grant(&statement, &platform).unwrap();
    let bundle = Bundle::of(&evidence, &facts).grant(&paper).sealed_by(&platform);
    let bundle = bundle.to_zip(cast.now).unwrap();

    let root = identity_of(KEY).root_pem();
    let anchors = TrustAnchors::from_pem(root.as_bytes()).unwrap();
    let verdict = verify(&bundle, &VerifyOptions::trusting(&anchors, cast.now)).unwrap();
    assert!(verdict.conclusion.is_passed(), "{verdict}");

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("interop").join("evidence");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("bundle.zip"), bundle).unwrap();
    fs::write(folder.join("root.pem"), root).unwrap();
    fs::write(folder.join("at"), cast.now.unix_timestamp().to_string()).unwrap();
}
