//! The linter of choices: each finding with a document or plan that gives cause, and one that does not.

use sealwright::appearance::SealFace;
use sealwright::authorization::Authority;
use sealwright::geometry::Mm;
use sealwright::inspection::{
    DocMdp, PlannedAlgorithm, PlannedDigest, PlannedSigning, compatibility, prepared_content,
};
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::report::{Code, Lang};
use sealwright::signing::{LocalSigner, Seal};
use sealwright::update::Certification;
use sealwright_testdata::appended::append_table_update;
use sealwright_testdata::documents::{self, CATALOG};
use sealwright_testdata::pdf::{Layout, Section};
use sealwright_testdata::pki::{KeyType, Validity, identity};
use time::OffsetDateTime;

fn look(bytes: &[u8], planned: &PlannedSigning) -> Vec<Code> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let found = compatibility(&file, planned).unwrap();
    for finding in &found {
        assert!(!finding.message.contains('…'), "a value is missing: {}", finding.message);
        assert!(!finding.message_in(Lang::Zh).contains("{"), "{}", finding.code);
    }
    found.iter().map(|finding| finding.code).collect()
}

fn plain() -> PlannedSigning {
    PlannedSigning::default()
}

fn of(bytes: &[u8]) -> Vec<Code> {
    look(bytes, &plain())
}

fn signed(bytes: &[u8], certify: Option<Certification>) -> Vec<u8> {
    let now = OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
    let identity = identity(KeyType::P256, Validity::around(now));
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap();
    let mut png = Vec::new();
    let image = image::RgbaImage::from_pixel(4, 4, image::Rgba([200, 0, 0, 128]));
    image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let face = SealFace::from_image(&png, Mm(30.0)).unwrap();
    let file = File::open(bytes, Limits::default()).unwrap();
    let seal =
        Seal::on(&file).page(1).at(Mm(20.0), Mm(20.0)).face(&face, Authority::AssertedByHost);
    let seal = match certify {
        Some(level) => seal.certify(level),
        None => seal,
    };
    let sealed = seal.sign(&signer, now).unwrap();
    let mut out = Vec::new();
    sealed.write_to(&mut out).unwrap();
    out
}

#[test]
fn what_we_write_gives_no_cause() {
    for section in [Section::Table, Section::Stream, Section::ObjectStreams(5)] {
        let bytes = documents::plain(2).write(&Layout::with(section));
        let once = signed(&bytes, None);
        let twice = signed(&once, None);
        for bytes in [&bytes, &once, &twice] {
            assert_eq!(of(bytes), []);
            let file = File::open(bytes, Limits::default()).unwrap();
            assert!(prepared_content(&file.latest()).unwrap().warnings().is_empty());
        }
    }
}

#[test]
fn sections_that_are_split_or_mixed_are_told() {
    assert_eq!(of(&documents::hybrid()), [Code::CompatHybrid]);
    let stream = documents::plain(1).write(&Layout::with(Section::Stream));
    let table = documents::plain(1).write(&Layout::default());
    let update: &[(u32, u16, &[u8])] = &[(4, 0, b"<< /Title (x) >>")];
    assert_eq!(of(&append_table_update(&stream, update, "")), [Code::CompatMixedSections]);
    assert_eq!(of(&append_table_update(&table, update, "")), []);
    // One table of ten entries cut into two where numbers go on.
    let at = table.windows(7).rposition(|window| window == b"xref\n0 ").unwrap() + 5;
    let first = at + table[at..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let count = std::str::from_utf8(&table[at + 2..first - 1]).unwrap();
    let rest = count.parse::<usize>().unwrap() - 3;
    let entries = &table[first..first + 60];
    let middle = format!("\n3 {rest}\n");
    let head = [&table[..at], b"0 3\n", &entries[..59], middle.as_bytes()].concat();
    let split = [&head[..], &table[first + 60..]].concat();
    assert_eq!(of(&split), [Code::CompatFragmented]);
}

#[test]
fn departures_versions_and_forms_are_told() {
    assert_eq!(of(&documents::white_space_before_xref()), [Code::CompatDeviation]);
    let mut old = documents::plain(1).write(&Layout::with(Section::Stream));
    let at = old.windows(5).position(|window| window == b"%PDF-").unwrap();
    old[at + 5..at + 8].copy_from_slice(b"1.4");
    assert_eq!(of(&old), [Code::CompatVersion]);
    let form = |entries: &str| {
        let mut pdf = documents::plain(1);
        pdf.append_entry(CATALOG, &format!("/AcroForm << /Fields [60 0 R] {entries} >>"));
        pdf.set(60, "<< /FT /Tx /T (a) /Ff 16777216 /MaxLen 5 >>");
        pdf
    };
    let written = |pdf: &sealwright_testdata::pdf::Pdf| pdf.write(&Layout::default());
    assert_eq!(of(&written(&form("/NeedAppearances true"))), [Code::CompatNeedAppearances]);
    assert_eq!(of(&written(&form("/NeedAppearances false"))), []);
    let mut comb = form("");
    comb.set(60, "<< /FT /Tx /T (a) /Ff 16777216 >>");
    assert_eq!(of(&written(&comb)), [Code::CompatComb]);
    assert_eq!(of(&documents::five_hundred_revisions()), [Code::CompatRevisions]);
}

#[test]
fn what_a_certification_leaves_open_is_told() {
    let bytes = documents::plain(1).write(&Layout::default());
    let certified = |level| signed(&bytes, Some(level));
    let long = PlannedSigning { long_term: true, new_fields: 0, ..plain() };
    assert_eq!(look(&certified(Certification::NoChanges), &long), [Code::CompatLongTerm]);
    assert_eq!(look(&certified(Certification::FormFilling), &long), []);
    let planned = PlannedSigning { certifies: Some(DocMdp::NoChanges), ..long };
    assert_eq!(look(&bytes, &planned), [Code::CompatLongTerm]);
    assert_eq!(of(&certified(Certification::FormFilling)), [Code::CompatNewFields]);
    let existing = PlannedSigning { new_fields: 0, ..plain() };
    assert_eq!(look(&certified(Certification::FormFilling), &existing), []);
    let across = PlannedSigning { fields_of_signature: 3, ..plain() };
    assert_eq!(look(&bytes, &across), [Code::CompatSharedValue]);
}

#[test]
fn algorithms_that_readers_do_not_know_are_told() {
    let bytes = documents::plain(1).write(&Layout::default());
    let with = |algorithm, digest| look(&bytes, &PlannedSigning { algorithm, digest, ..plain() });
    use PlannedAlgorithm::{EcdsaBrainpool, EcdsaNist, Ed448, Ed25519, RsaPkcs1, RsaPss, Sm2};
    use PlannedDigest::{Longer, Sha1, Sha3, Sha256, Sm3};
    assert_eq!(with(RsaPkcs1, Sha256), []);
    assert_eq!(with(EcdsaNist, Longer), []);
    assert_eq!(with(RsaPss, Sha256), [Code::CompatAlgorithm]);
    assert_eq!(with(Sm2, Sm3), [Code::CompatAlgorithm]);
    assert_eq!(with(RsaPkcs1, Sha1), [Code::CompatDigest]);
    assert_eq!(with(RsaPkcs1, Sha3), [Code::CompatDigest, Code::CompatExtensions]);
    for curve in [Ed25519, Ed448, EcdsaBrainpool] {
        assert_eq!(with(curve, Sha256), [Code::CompatAlgorithm, Code::CompatExtensions]);
    }
    let mut pdf = documents::plain(1);
    let iso = "/Extensions << /ISO_ [<< /BaseVersion /2.0 /ExtensionLevel 32002 >>] >>";
    pdf.append_entry(CATALOG, iso);
    let declared = pdf.write(&Layout::default());
    let planned = PlannedSigning { algorithm: Ed25519, ..plain() };
    assert_eq!(look(&declared, &planned), [Code::CompatAlgorithm]);
    let declares = PlannedSigning { declares_extensions: true, ..planned };
    assert_eq!(look(&bytes, &declares), [Code::CompatAlgorithm]);
}
