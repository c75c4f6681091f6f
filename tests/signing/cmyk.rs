//! Pictures in CMYK: as they are in a plain document, and in one that claims to be PDF/A only where its
//! output intent says what these colours are (ISO 19005-1, 6.2.3.3; 19005-2, 6.2.4.3).

use sealwright::appearance::{Drawing, Fit, SealFace, UploadedPicture};
use sealwright::authorization::Authority;
use sealwright::geometry::{Mm, PageNumber, Rect, Size};
use sealwright::placement::Placed;
use sealwright::signing::Seal;
use sealwright::update::{PageContent, TransparencyPolicy};
use sealwright_testdata::documents::{self, CATALOG, archived};
use sealwright_testdata::faces::{uniform_jpeg, upright_jpeg};
use sealwright_testdata::pdf::Layout;
use sealwright_testdata::pki::KeyType;

use super::archived::breaches;
use super::*;

/// What the output intent is about.
#[derive(Clone, Copy, PartialEq)]
enum Intent {
    None,
    Rgb,
    Cmyk,
}

fn archive(part: u8, intent: Intent) -> Vec<u8> {
    let mut pdf = archived(part, 'B', intent == Intent::Rgb);
    if intent == Intent::Cmyk {
        let profile = pdf.add_stream("/N 4 /Alternate /DeviceCMYK", b"a profile of a press");
        let intent = "/Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (press)";
        let intent = format!("/OutputIntents [<< {intent} /DestOutputProfile {profile} 0 R >>]");
        pdf.append_entry(CATALOG, &intent);
    }
    pdf.write(&Layout::default())
}

/// Red, in inks.
fn red() -> Vec<u8> {
    uniform_jpeg(&[0, 255, 255, 0], None)
}

fn sealed(bytes: &Vec<u8>, face: &SealFace, policy: TransparencyPolicy) -> Result<Vec<u8>, String> {
    let file = open(bytes);
    let seal = Seal::on(&file).page(1).at(Mm(20.0), Mm(20.0)).transparency(policy);
    let seal = seal.face(face, Authority::AssertedByHost);
    let signed = seal.sign(&signer(KeyType::P256), now());
    let signed = signed.map_err(|error| format!("{}: {error}", error.code()))?;
    Ok(joined(bytes, signed.appended()))
}

/// As the signer's own signature, and as page content.
fn drawn(bytes: &Vec<u8>, drawing: &Drawing) -> Result<Vec<u8>, &'static str> {
    let file = open(bytes);
    let page = file.latest().page(1).unwrap();
    let rect = Rect::new(Mm(20.0), Mm(100.0), Mm(40.0), Mm(20.0)).unwrap();
    let geometry = file.latest().page_geometry(&page).unwrap();
    let placed = Placed::on(PageNumber::new(1).unwrap(), &geometry, rect).unwrap();
    let mut content = PageContent::of(&file).unwrap();
    content.draw(placed, drawing);
    content.finish().map(|appended| joined(bytes, &appended)).map_err(|error| error.code())
}

fn has_inks(base: &[u8], out: &[u8]) -> bool {
    memchr::memmem::find(&out[base.len()..], b"/ColorSpace/DeviceCMYK").is_some()
}

#[test]
fn a_plain_document_takes_a_seal_in_cmyk_as_it_is() {
    let face = SealFace::from_image(&red(), Mm(40.0)).unwrap();
    let bytes = documents::plain(1).write(&Layout::default());
    let out = sealed(&bytes, &face, TransparencyPolicy::Refuse).unwrap();
    assert!(has_inks(&bytes, &out));
}

#[test]
fn pdf_a_takes_cmyk_under_an_output_intent_in_cmyk_and_nowhere_else() {
    let face = SealFace::from_image(&red(), Mm(40.0)).unwrap();
    let picture = UploadedPicture::from_bytes(&red()).unwrap();
    let size = Size::new(Mm(40.0), Mm(20.0)).unwrap();
    let picture = picture.sketch(Fit::CONTAIN, size).unwrap().drawing().unwrap();
    for part in [1, 2, 3] {
        for intent in [Intent::None, Intent::Rgb] {
            let bytes = archive(part, intent);
            for policy in [TransparencyPolicy::Refuse, TransparencyPolicy::Flatten] {
                let error = sealed(&bytes, &face, policy).unwrap_err();
                assert!(error.starts_with("sign.pdf_a: "), "{error}");
                assert!(error.contains("a picture in CMYK"), "{error}");
                assert!(error.contains("an output intent in CMYK"), "{error}");
            }
            assert_eq!(drawn(&bytes, &picture), Err("sign.pdf_a"));
            // A claim that may be broken is no reason to refuse.
            let out = sealed(&bytes, &face, TransparencyPolicy::BreakClaim).unwrap();
            assert!(has_inks(&bytes, &out) && !breaches(&bytes, &out).is_empty());
        }
        let bytes = archive(part, Intent::Cmyk);
        for out in [
            sealed(&bytes, &face, TransparencyPolicy::Refuse).unwrap(),
            drawn(&bytes, &picture).unwrap(),
        ] {
            assert!(has_inks(&bytes, &out), "PDF/A-{part}");
            assert_eq!(breaches(&bytes, &out), [""; 0], "PDF/A-{part}");
        }
    }
}

/// Under an intent that says nothing of RGB, red and grey get a meaning of their own.
#[test]
fn pdf_a_for_the_press_takes_a_seal_in_rgb_with_calibrated_colours() {
    let face = SealFace::from_image(&upright_jpeg(4), Mm(40.0)).unwrap();
    for part in [1, 2, 3] {
        let bytes = archive(part, Intent::Cmyk);
        let out = sealed(&bytes, &face, TransparencyPolicy::Refuse).unwrap();
        assert!(memchr::memmem::find(&out[bytes.len()..], b"/DefaultRGB").is_some());
        assert_eq!(breaches(&bytes, &out), [""; 0], "PDF/A-{part}");
    }
}
