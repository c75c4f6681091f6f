//! R-DOC-01 to R-DOC-07, from bytes.

use sealwright::contract::{
    ActiveContent, ChangesAllowed, Content, Document, DocumentIntake, Encryption, IntakeLimits,
    PdfFacts, PreparedContent,
};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::execution::{intake, intake_digested, intake_with_password};
use sealwright::limits::Limits;
use sealwright::pdf::{File, Password, Source};
use sealwright_testdata::documents::{self, CATALOG, page_number};
use sealwright_testdata::pdf::{Layout, Pdf};
use sealwright_testdata::{appended, contract};

fn taken(bytes: &[u8]) -> DocumentIntake {
    intake("doc".parse().unwrap(), "合同.pdf", bytes, Limits::default()).unwrap()
}

fn facts(bytes: &[u8]) -> PdfFacts {
    match taken(bytes).content() {
        Content::Pdf(facts) => facts.clone(),
        other => panic!("{other:?}"),
    }
}

fn called(bytes: &[u8]) -> &'static str {
    match taken(bytes).content() {
        Content::Other(called) => called,
        other => panic!("{other:?}"),
    }
}

fn accepted(bytes: &[u8]) -> Result<Document, Vec<&'static str>> {
    let accepted = taken(bytes).accept(&IntakeLimits::default());
    accepted.map_err(|all| all.iter().map(|one| one.error.code()).collect())
}

fn warnings(bytes: &[u8]) -> Vec<&'static str> {
    accepted(bytes).unwrap().warnings().map(|warning| warning.code().code()).collect()
}

/// A document of two pages whose first has one field, filled with this value.
fn signed(value: &str, field: &str) -> Pdf {
    let mut pdf = documents::plain(2);
    pdf.append_entry(CATALOG, "/AcroForm << /Fields [20 0 R] >>");
    pdf.append_entry(page_number(0), "/Annots [20 0 R]");
    let widget = "/Type /Annot /Subtype /Widget /Rect [0 0 9 9]";
    pdf.set(20, format!("<< /FT /Sig /T (a) {widget} {field} /V 21 0 R >>"));
    pdf.set(21, format!("<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> {value} >>"));
    pdf
}

fn certification(level: &str) -> String {
    format!("/Reference [<< /TransformMethod /DocMDP /TransformParams << {level} >> >>]")
}

fn written(pdf: &Pdf) -> Vec<u8> {
    pdf.write(&Layout::default())
}

#[test]
fn r_doc_01_a_pdf_is_known_by_its_bytes_whatever_it_is_called() {
    let id = "doc".parse().unwrap();
    let named = intake(id, "合同.docx", contract::PDF, Limits::default()).unwrap();
    let document = named.accept(&IntakeLimits::default()).unwrap();
    assert_eq!((document.name(), document.page_count()), ("合同.docx", 3));
    assert_eq!(document.length(), contract::PDF.len() as u64);
    assert_eq!(document.warnings().count(), 0);
    let file = File::open(contract::PDF, Limits::default()).unwrap();
    assert_eq!(document.pages(), file.latest().page_geometries().unwrap());
}

#[test]
fn r_doc_05_what_is_no_pdf_is_called_by_what_it_is() {
    assert_eq!(called(b""), "an empty file");
    assert_eq!(called(b"PK\x03\x04 word/document.xml"), "a word processor's file");
    assert_eq!(called(b"\x89PNG\r\n\x1A\n"), "a PNG image");
    assert_eq!(accepted(b"<html>"), Err(vec!["doc.not_pdf"]));
    // A PDF that is put away in an archive is an archive.
    let packed = [b"PK\x03\x04 a.pdf", contract::PDF, b"PK\x01\x02"].concat();
    assert_eq!(called(&packed), "a ZIP archive");
    // Bytes before the header alone make nothing else of it, nor does damage.
    assert!(accepted(&documents::junk_before_header()).is_ok());
    assert_eq!(
        accepted(&documents::hostile::truncated_in_the_middle()),
        Err(vec!["doc.malformed"])
    );
    assert_eq!(accepted(&documents::hostile::header_only()), Err(vec!["doc.malformed"]));
}

#[test]
fn r_doc_02_an_encrypted_file_that_needs_a_password_is_closed_without() {
    for bytes in [
        documents::encrypted_with_password(),
        documents::encrypted_revision_5(),
        documents::encrypted_for_a_certificate(),
    ] {
        let facts = facts(&bytes);
        assert_eq!((facts.encryption, facts.malformed), (Encryption::Closed, None));
        assert_eq!(accepted(&bytes), Err(vec!["doc.encrypted"]));
    }
}

#[test]
fn r_doc_02_an_encrypted_file_is_taken_if_it_opens_and_may_be_signed() {
    let with = |bytes: &Vec<u8>, password: &str| {
        let (limits, password) = (Limits::default(), Password::new(password));
        let id = "doc_1".parse().unwrap();
        let intake = intake_with_password(id, "a.pdf", bytes, limits, &password).unwrap();
        intake.accept(&IntakeLimits::default()).is_ok()
    };
    for bytes in [
        documents::encrypted_rc4_40(),
        documents::encrypted_rc4_128(),
        documents::encrypted_aes_256(),
        documents::encrypted_aes_256_object_streams(),
    ] {
        let facts = facts(&bytes);
        let opened = Encryption::Opened { may_sign: true };
        assert_eq!((facts.encryption, facts.malformed), (opened, None));
        assert!(!facts.pages.is_empty());
        assert!(accepted(&bytes).is_ok());
    }
    let bound = documents::encrypted_nothing_allowed();
    assert_eq!(facts(&bound).encryption, Encryption::Opened { may_sign: false });
    assert_eq!(accepted(&bound), Err(vec!["doc.encrypted"]));
    assert!(with(&bound, "owner"));
    let closed = documents::encrypted_with_password();
    assert!(with(&closed, "user") && with(&closed, "owner") && !with(&closed, "wrong"));
}

#[test]
fn r_doc_03_damage_is_told_with_its_place() {
    let repaired = documents::startxref_two_too_low();
    let place = facts(&repaired).malformed.unwrap();
    assert!(place.contains("cross references were rebuilt"), "{place}");
    assert_eq!(accepted(&repaired), Err(vec!["doc.malformed"]));
    // Each part that cannot be read makes the document malformed, and the others are told still.
    let mut pdf = documents::plain(2);
    pdf.append_entry(CATALOG, "/AcroForm 7 /Collection << >>");
    let place = facts(&written(&pdf)).malformed.unwrap();
    assert!(place.contains("/AcroForm is not a dictionary"), "{place}");
    let mut pdf = documents::plain(2);
    pdf.append_entry(page_number(1), "/UserUnit /x /AA << /O << /S /Launch >> >>");
    let facts = facts(&written(&pdf));
    assert!(facts.malformed.unwrap().contains("/UserUnit"), "which page");
    assert_eq!(facts.active, [ActiveContent::LaunchAction].into());
    assert!(accepted(&documents::field_tree_with_cycle()).is_err());
}

#[test]
fn r_doc_03_a_limit_of_the_reader_is_told_by_its_name() {
    let with = |limits: Limits, bytes: &[u8]| {
        let taken = intake("doc".parse().unwrap(), "", bytes, limits).unwrap();
        let Content::Pdf(facts) = taken.content().clone() else { panic!("a PDF") };
        let refused = taken.accept(&IntakeLimits::default()).unwrap_err();
        assert!(refused.iter().any(|one| one.error.code() == "doc.limit"));
        facts.limit.unwrap()
    };
    let bytes = contract::PDF;
    assert_eq!(with(Limits { bytes: 1_000, ..Limits::default() }, bytes), "bytes");
    assert_eq!(with(Limits { objects: 3, ..Limits::default() }, bytes), "objects");
    let two = documents::plain(2).write(&Layout::default());
    let many = [two.as_slice(), &b"%/ByteRange".repeat(3)].concat();
    assert_eq!(with(Limits { signatures: 2, ..Limits::default() }, &many), "signatures");
    assert_eq!(facts(&documents::hostile::nested_brackets_in_catalog()).limit.unwrap(), "depth");
}

#[test]
fn r_doc_04_signatures_are_counted_once_each_and_also_those_cut_off() {
    let one = written(&signed("", ""));
    assert_eq!(facts(&one).signatures, 1);
    assert_eq!(warnings(&one), ["W-DOC-HAS-SIGNATURES"]);
    assert_eq!(facts(&documents::empty_signature_field()).signatures, 0);
    assert_eq!(facts(&documents::usage_rights()).signatures, 0, "no signature of the document");
    // A certification that the catalog names too is one; one that no field shows is one as well.
    let mut both = signed(&certification("/P 2"), "");
    both.append_entry(CATALOG, "/Perms << /DocMDP 21 0 R >>");
    assert_eq!(facts(&written(&both)).signatures, 1);
    let mut hidden = documents::plain(2);
    hidden.append_entry(CATALOG, "/Perms << /DocMDP << /Type /Sig >> >>");
    assert_eq!(facts(&written(&hidden)).signatures, 1);
    // A later revision empties the form; the signature still stands in the bytes.
    let emptied = appended::append_table_update(&one, &[(20, 0, b"<< /FT /Sig /T (a) >>")], "");
    assert_eq!(facts(&emptied).signatures, 1);
}

#[test]
fn r_doc_04_a_certification_that_allows_nothing_locks() {
    let changes = |value: &str, field: &str| facts(&written(&signed(value, field))).changes;
    for locked in ["/P 1", "/P 0", "/P 9", "/P /x"] {
        assert_eq!(changes(&certification(locked), ""), ChangesAllowed::Nothing, "{locked}");
    }
    for open in ["", "/P 2", "/P 3"] {
        assert_eq!(changes(&certification(open), ""), ChangesAllowed::Signing, "{open}");
    }
    assert_eq!(changes("", "/Lock << /Action /All /P 1 >>"), ChangesAllowed::Nothing);
    let locked = written(&signed(&certification("/P 1"), ""));
    assert_eq!(accepted(&locked), Err(vec!["doc.certified_locked"]));
    let mut catalog = documents::plain(1);
    let certification = certification("/P 1");
    catalog.append_entry(CATALOG, &format!("/Perms << /DocMDP << {certification} >> >>"));
    assert_eq!(facts(&written(&catalog)).changes, ChangesAllowed::Nothing);
}

#[test]
fn r_doc_06_the_digest_is_of_all_bytes_in_whatever_pieces_they_are_read() {
    /// A source that is no slice, with a place that lies across two reads.
    struct Device(Vec<u8>);
    impl Source for Device {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
            self.0.as_slice().read_at(offset, buffer)
        }
    }
    // The signature is cut off, so that its place alone tells of it: five bytes before a read ends.
    let padded = |padding: usize| {
        let mut pdf = signed("", "");
        pdf.set(15, format!("({})", "x".repeat(padding)));
        written(&pdf)
    };
    let place = |bytes: &[u8]| bytes.windows(10).position(|part| part == b"/ByteRange").unwrap();
    let bytes = padded((1 << 20) - 5 - place(&padded(0)));
    assert_eq!(place(&bytes), (1 << 20) - 5);
    let bytes = appended::append_table_update(&bytes, &[(20, 0, b"<< /FT /Sig /T (a) >>")], "");
    let device = Device(bytes.clone());
    let by_piece = intake("doc".parse().unwrap(), "合同.pdf", &device, Limits::default()).unwrap();
    assert_eq!(by_piece, taken(&bytes));
    assert_eq!(by_piece.digest(), &Digest::of(DigestAlgorithm::Sha256, &bytes));
    assert_eq!(facts(&bytes).signatures, 1);
    let longer = DigestAlgorithm::Sha512;
    let id = "doc".parse().unwrap();
    let taken = intake_digested(id, "", contract::PDF, Limits::default(), longer).unwrap();
    assert_eq!(taken.digest(), &Digest::of(longer, contract::PDF));
}

#[test]
fn r_doc_07_active_content_and_xfa_are_found_in_the_bytes() {
    let with = |catalog: &str| {
        let mut pdf = documents::plain(1);
        pdf.append_entry(CATALOG, catalog);
        written(&pdf)
    };
    for (catalog, active) in [
        ("/OpenAction << /S /JavaScript /JS (x) >>", ActiveContent::Script),
        ("/OpenAction << /S /Launch /F (x) >>", ActiveContent::LaunchAction),
        ("/AF [<< /Type /Filespec /EF << >> >>]", ActiveContent::EmbeddedFile),
    ] {
        let bytes = with(catalog);
        assert_eq!(facts(&bytes).active, [active].into());
        assert_eq!(warnings(&bytes), ["W-DOC-ACTIVE-CONTENT"]);
    }
    assert_eq!(accepted(&with("/AcroForm << /Fields [] /XFA [] >>")), Err(vec!["doc.xfa"]));
}

#[test]
fn r_doc_07_content_made_for_a_later_swap_is_found_in_the_bytes() {
    let mut pdf = documents::plain(1);
    pdf.set(60, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>");
    let bytes = written(&pdf);
    assert_eq!(facts(&bytes).prepared, [PreparedContent::OrphanPage].into());
    assert_eq!(warnings(&bytes), ["W-PREP-ORPHAN-PAGE"]);
}

#[test]
fn a_source_that_fails_is_no_fault_of_the_document() {
    struct Gone;
    impl Source for Gone {
        fn len(&self) -> u64 {
            100
        }
        fn read_at(&self, _: u64, _: &mut [u8]) -> std::io::Result<()> {
            Err(std::io::ErrorKind::NotConnected.into())
        }
    }
    let refused = intake("doc".parse().unwrap(), "", &Gone, Limits::default()).unwrap_err();
    assert_eq!(refused.code(), "environment.source");
}
