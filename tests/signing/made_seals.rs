//! A seal of outlines goes the way of a seal of pixels.

use std::io::Read;

use sealwright::appearance::design::RoundSeal;
use sealwright::appearance::{Blend, Font};
use sealwright::authorization::{Authority, SealSize};
use sealwright::contract::{CrossPage, Opacity, PageSet};
use sealwright::geometry::Mm;
use sealwright::pki::TrustAnchors;
use sealwright::signing::{LocalSigner, Seal};
use sealwright::statement::{FaceDigest, VectorFace};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::pdf::Layout;
use sealwright_testdata::pki::KeyType;
use sealwright_testdata::{contract, documents, font, pki};

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
    let [shown] = &report.signatures[0].faces[..] else { panic!("{report}") };
    assert_eq!(shown.digest, face.face_digest().to_string());
    assert!(shown.multiplied && !shown.part && shown.opacity == 1000);
    assert!(report.to_string().contains(&shown.digest), "{report}");
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

#[test]
fn a_made_seal_over_the_edges_pale_and_on_turned_pages_shows_its_own_face() {
    let font = Font::from_bytes(font::NOTO_SERIF_SC, 0).unwrap();
    let made = |line: &str| {
        let design = RoundSeal::new(contract::PARTY_A, SealSize::round(42)).unwrap();
        design.line(line).unwrap().face(&font).unwrap()
    };
    let (face, other) = (made("合同专用章"), made("合同专用"));
    assert_ne!(face.face_digest(), other.face_digest());
    let mut pdf = documents::plain(4);
    for (page, rotate) in (0..).zip([0, 90, 180, 270]) {
        pdf.append_entry(documents::page_number(page), &format!("/Rotate {rotate}"));
    }
    let bytes = pdf.write(&Layout::default());
    let file = open(&bytes);
    let shown = |seal: Seal<'_>| {
        let signed = seal.sign(&super::signer(KeyType::P256), now()).unwrap();
        let out = [bytes.as_slice(), signed.appended()].concat();
        check(&out, &CheckOptions::without_trust()).unwrap().signatures[0].faces.clone()
    };
    for face in [face, super::face()] {
        let seal = || Seal::on(&file).face(&face, Authority::AssertedByHost);
        let digest = face.face_digest().to_string();
        let pale = shown(seal().page(2).at(Mm(20.0), Mm(20.0)).opacity(Opacity::new(0.7).unwrap()));
        assert_eq!(pale.len(), 1);
        assert_eq!((&pale[0].digest, pale[0].opacity), (&digest, 700));
        let plain = shown(seal().page(3).at(Mm(20.0), Mm(20.0)).blend(Blend::Normal));
        assert_eq!((&plain[0].digest, plain[0].multiplied), (&digest, false));

        let everywhere = seal().pages(PageSet::All).at(Mm(20.0), Mm(120.0));
        let all = shown(everywhere.cross_page(CrossPage::staggered(0)));
        assert!(all.iter().all(|it| it.digest == digest), "{all:?}");
        let parts = all.iter().filter(|it| it.part).count();
        assert_eq!((all.len(), parts), (8, 4), "{all:?}");
    }
}
