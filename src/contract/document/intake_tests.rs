//! R-DOC-01 to R-DOC-07, from facts.

use super::{
    ActiveContent, ChangesAllowed, Content, Document, DocumentIntake, Encryption, IntakeLimits,
    PdfFacts,
};
use crate::contract::{PreparedContent, Warning};
use crate::digest::{Digest, DigestAlgorithm};
use crate::geometry::PageGeometry;

fn facts() -> PdfFacts {
    let a4 = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
    PdfFacts::of_pages(vec![a4; 3])
}

fn digest(bytes: &[u8]) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, bytes)
}

fn intake(length: u64, content: Content) -> DocumentIntake {
    DocumentIntake::new("doc".parse().unwrap(), length, digest(b"bytes"), content).named("合同.pdf")
}

fn accept(facts: PdfFacts) -> Result<Document, Vec<&'static str>> {
    judged(1000, Content::Pdf(facts))
}

fn judged(length: u64, content: Content) -> Result<Document, Vec<&'static str>> {
    let accepted = intake(length, content).accept(&IntakeLimits::default());
    accepted.map_err(|errors| errors.iter().map(|error| error.code()).collect())
}

fn warnings(document: &Document) -> Vec<&'static str> {
    document.warnings().map(|warning: Warning| warning.code().code()).collect()
}

#[test]
fn r_doc_01_a_pdf_of_sixty_megabytes_at_most() {
    assert!(judged(60 << 20, Content::Pdf(facts())).is_ok());
    assert_eq!(judged((60 << 20) + 1, Content::Pdf(facts())), Err(vec!["doc.too_large"]));
    let wider = IntakeLimits { most_bytes: 100 << 20, ..IntakeLimits::default() };
    assert!(intake(61 << 20, Content::Pdf(facts())).accept(&wider).is_ok());
    assert_eq!(judged(9, Content::Other("an image")), Err(vec!["doc.not_pdf"]));
}

#[test]
fn r_doc_05_what_is_no_pdf_is_to_be_converted_first() {
    let errors = intake(9, Content::Other("a word processor's file"))
        .accept(&IntakeLimits::default())
        .unwrap_err();
    assert_eq!(errors[0].code(), "doc.not_pdf");
    assert!(errors[0].to_string().contains("convert it first"), "{}", errors[0]);
}

#[test]
fn r_doc_02_encrypted_only_if_opened_and_allowed() {
    let with = |encryption| accept(PdfFacts { encryption, ..facts() }).map(|_| ());
    assert_eq!(with(Encryption::Opened { may_sign: true }), Ok(()));
    assert_eq!(with(Encryption::Opened { may_sign: false }), Err(vec!["doc.encrypted"]));
    assert_eq!(with(Encryption::Closed), Err(vec!["doc.encrypted"]));
    let closed = PdfFacts { encryption: Encryption::Closed, ..PdfFacts::default() };
    assert_eq!(accept(closed), Err(vec!["doc.encrypted"]));
}

#[test]
fn r_doc_03_limits_and_damage() {
    let limit = PdfFacts { limit: Some("depth".into()), ..PdfFacts::default() };
    assert_eq!(accept(limit), Err(vec!["doc.limit"]));
    let page = facts().pages[0];
    assert_eq!(accept(PdfFacts::of_pages(vec![page; 2001])), Err(vec!["doc.limit"]));
    assert!(accept(PdfFacts::of_pages(vec![page; 2000])).is_ok());
    let damaged = PdfFacts { malformed: Some("xref".into()), ..facts() };
    assert_eq!(accept(damaged), Err(vec!["doc.malformed"]));
    assert_eq!(accept(PdfFacts::default()), Err(vec!["doc.malformed"]));
}

#[test]
fn r_doc_04_earlier_signatures_are_noted_and_may_forbid() {
    let signed = PdfFacts { signatures: 2, ..facts() };
    let document = accept(signed.clone()).unwrap();
    assert_eq!(warnings(&document), ["W-DOC-HAS-SIGNATURES"]);
    let locked = PdfFacts { changes: ChangesAllowed::Nothing, ..signed };
    assert_eq!(accept(locked), Err(vec!["doc.certified_locked"]));
}

#[test]
fn r_doc_06_the_digest_is_kept_and_compared() {
    let mut document = accept(facts()).unwrap();
    assert_eq!(document.digest(), &digest(b"bytes"));
    assert!(document.check_digest(&digest(b"bytes")).is_ok());
    let error = document.check_digest(&digest(b"other")).unwrap_err();
    assert_eq!(error.code(), "doc.hash_mismatch");
    document.advance(digest(b"longer"));
    assert!(document.check_digest(&digest(b"longer")).is_ok());
    assert!(document.check_digest(&digest(b"bytes")).is_err());
    assert_eq!(document.original(), &digest(b"bytes"));
}

#[test]
fn r_doc_07_active_content_is_a_warning_and_xfa_an_error() {
    let all = [ActiveContent::Script, ActiveContent::LaunchAction, ActiveContent::EmbeddedFile];
    for active in all {
        let document = accept(PdfFacts { active: [active].into(), ..facts() }).unwrap();
        assert_eq!(warnings(&document), ["W-DOC-ACTIVE-CONTENT"]);
    }
    assert_eq!(accept(PdfFacts { xfa: true, ..facts() }), Err(vec!["doc.xfa"]));
}

#[test]
fn r_doc_03_all_problems_are_told_at_once() {
    let bad = PdfFacts {
        xfa: true,
        changes: ChangesAllowed::Nothing,
        encryption: Encryption::Opened { may_sign: false },
        ..facts()
    };
    let codes = judged(61 << 20, Content::Pdf(bad)).unwrap_err();
    assert_eq!(codes, ["doc.too_large", "doc.encrypted", "doc.certified_locked", "doc.xfa"]);
}

#[test]
fn a_document_survives_storage() {
    let document = accept(PdfFacts { signatures: 1, ..facts() }).unwrap();
    let json = serde_json::to_string(&document).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
}

#[test]
fn r_doc_07_each_kind_of_prepared_content_is_a_warning_of_its_own() {
    let kinds = [
        (PreparedContent::HiddenText, "W-PREP-HIDDEN-TEXT"),
        (PreparedContent::TextUnderAnnotation, "W-PREP-TEXT-UNDER-ANNOTATION"),
        (PreparedContent::InvisibleText, "W-PREP-INVISIBLE-TEXT"),
        (PreparedContent::SameColourText, "W-PREP-SAME-COLOUR-TEXT"),
        (PreparedContent::TinyText, "W-PREP-TINY-TEXT"),
        (PreparedContent::ClippedText, "W-PREP-CLIPPED-TEXT"),
        (PreparedContent::TextInHiddenLayer, "W-PREP-TEXT-IN-HIDDEN-LAYER"),
        (PreparedContent::LayerSwitches, "W-PREP-LAYER-SWITCHES"),
        (PreparedContent::OrphanPage, "W-PREP-ORPHAN-PAGE"),
        (PreparedContent::OrphanContent, "W-PREP-ORPHAN-CONTENT"),
        (PreparedContent::TwinFont, "W-PREP-TWIN-FONT"),
        (PreparedContent::TwinXObject, "W-PREP-TWIN-XOBJECT"),
        (PreparedContent::DuplicateObject, "W-PREP-DUPLICATE-OBJECT"),
        (PreparedContent::FieldValue, "W-PREP-FIELD-VALUE"),
        (PreparedContent::NeedAppearances, "W-PREP-NEED-APPEARANCES"),
        (PreparedContent::HiddenAnnotation, "W-PREP-HIDDEN-ANNOTATION"),
        (PreparedContent::FontContradicts, "W-PREP-FONT-CONTRADICTS"),
        (PreparedContent::External, "W-PREP-EXTERNAL"),
        (PreparedContent::Unreadable, "W-PREP-UNREADABLE"),
    ];
    assert_eq!(kinds.len(), PreparedContent::ALL.len());
    for (kind, code) in kinds {
        let document = accept(PdfFacts { prepared: [kind].into(), ..facts() }).unwrap();
        assert_eq!(warnings(&document), [code]);
    }
}
