//! A seal of outlines goes the way of a seal of pixels.

use std::io::Read;

use sealwright::appearance::Font;
use sealwright::appearance::design::RoundSeal;
use sealwright::authorization::{Authority, SealSize};
use sealwright::geometry::Mm;
use sealwright::pki::TrustAnchors;
use sealwright::signing::{LocalSigner, Seal};
use sealwright::statement::{FaceDigest, VectorFace};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::{contract, font, pki};

use super::*;

#[test]
fn a_made_seal_is_signed_with_judged_good_and_its_digest_read_back_from_the_file() {
    let font = Font::from_bytes(font::NOTO_SERIF_SC, 0).unwrap();
    let design = RoundSeal::new(contract::PARTY_A, SealSize::round(42)).unwrap();
    let face = design.line("合同专用章").unwrap().face(&font).unwrap();
    let identity = pki::demo_identity(now());
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap();

    let file = File::open(contract::PDF, Limits::default()).unwrap();
    let signed = Seal::on(&file)
        .page(-1)
        .at(Mm(45.0), Mm(203.0))
        .face(&face, Authority::AssertedByHost)
        .sign(&signer, now())
        .unwrap();
    let appended = signed.appended();
    let out = [contract::PDF, appended].concat();
    let anchors = TrustAnchors::from_pem(identity.root_pem().as_bytes()).unwrap();
    let report = check(&out, &CheckOptions::trusting(&anchors).at(now())).unwrap();
    assert!(report.conclusion.is_passed(), "{report}");
    keep("made-seal.pdf", &out);

    // As a judge does it, who has the file and nothing else.
    let find = |from: usize, needle: &[u8]| {
        let at = appended[from..].windows(needle.len()).position(|bytes| bytes == needle);
        from + at.unwrap_or_else(|| panic!("no {}", String::from_utf8_lossy(needle)))
    };
    let form = find(0, b"/BBox[0 0 1000 1000]/Matrix[0.001 0 0 0.001 0 0]");
    let (start, end) = (find(form, b"stream\n") + 7, find(form, b"\nendstream"));
    let mut content = Vec::new();
    flate2::read::ZlibDecoder::new(&appended[start..end]).read_to_end(&mut content).unwrap();
    let shown = VectorFace { content: &content, resources: &[] };
    assert_eq!(FaceDigest::of_vector(&shown).unwrap(), face.face_digest());
    assert!(appended.len() < 40_000, "{} bytes", appended.len());
}
