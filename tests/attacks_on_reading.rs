//! The judge on documents that mean one thing to him and another to the reader of the signer: an object
//! that is several things, a reference that only some readers see, a revision that only some go to.

mod judging_support;

use judging_support::{Draft, codes};
use sealwright::report::{Conclusion, Report};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::appended::{append_table_update, last_size, last_startxref};
use sealwright_testdata::pdf::{Layout, Pdf, Section};
use sealwright_testdata::pki::KeyType;

const WIDGET: &str =
    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (prepared) /F 132 /Rect [1 1 9 9] /P 3 0 R";

/// A document with these objects, signed in its prepared field.
fn signed(objects: &[(u32, &str)], trailer: &str) -> Draft {
    let mut draft = Draft::new(KeyType::P256);
    let objects: Vec<(u32, u16, &[u8])> =
        objects.iter().map(|(number, body)| (*number, 0, body.as_bytes())).collect();
    draft.bytes = append_table_update(&draft.bytes, &objects, trailer);
    draft.fill_prepared();
    let report = draft.judge();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    draft
}

fn after(draft: &Draft, objects: &[(u32, &str)]) -> Report {
    let mut changed = draft.clone();
    changed.append(objects);
    changed.judge()
}

fn page(entries: &str) -> String {
    format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Annots [6 0 R] {entries} >>")
}

fn catalog(entries: &str) -> String {
    format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R {entries} >>")
}

fn stream(entries: &str, data: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

/// A form that covers the page.
fn cover() -> String {
    stream("/Type /XObject /Subtype /Form /BBox [0 0 200 200]", "0 0 200 200 re f")
}

#[track_caller]
fn assert_forbidden(report: &Report, object: &str) {
    assert_eq!(codes(report), ["mod.forbidden"], "{report}");
    let findings = report.signatures.iter().flat_map(|signature| &signature.findings);
    let about: Vec<_> = findings.filter_map(|finding| finding.object.as_deref()).collect();
    assert_eq!(about, [object], "{report}");
}

/// A stream has a dictionary: what the rules know by its keys may have the content of a page for data.
#[test]
fn the_content_of_a_page_is_no_dictionary_that_may_change() {
    let (small, large) = ("0 0 100 100 re f", "0 0 200 200 re f");
    let honest = signed(&[(7, "<< /Producer (a) >>")], "/Info 7 0 R");
    let report = after(&honest, &[(7, "<< /Producer (b) >>")]);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    let draft = signed(&[(4, &stream("", small))], "/Info 4 0 R");
    assert_forbidden(&after(&draft, &[(4, &stream("", large))]), "4 0");

    let root = |data| stream("/Type /Catalog /Pages 2 0 R /AcroForm 5 0 R", data);
    let draft = signed(&[(1, &root(small)), (3, &page("/Contents 1 0 R"))], "");
    assert_forbidden(&after(&draft, &[(1, &root(large))]), "1 0");

    let tree = |data| stream("/Type /StructTreeRoot", data);
    let tagged = catalog("/StructTreeRoot 7 0 R");
    let draft = signed(&[(1, &tagged), (7, &tree(small)), (3, &page("/Contents 7 0 R"))], "");
    assert_forbidden(&after(&draft, &[(7, &tree(large))]), "7 0");
}

/// Without a length a reader looks for `endstream`, of which there may be two.
#[test]
fn the_length_of_a_stream_is_no_information() {
    let content = "<< /Length 7 0 R >>\nstream\n0 0 100 100 re f\nendstream";
    let draft = signed(&[(4, content), (7, "16")], "/Info 7 0 R");
    assert_forbidden(&after(&draft, &[(7, "<< /ModDate (x) >>")]), "7 0");
}

/// All of these are references to object 30 for one reader or another.
#[test]
fn a_page_waits_for_an_object_however_the_reference_is_spelt() {
    let spelt = [
        "30 0 R".to_owned(),
        // Some readers do not look at the generation.
        "30 5 R".to_owned(),
        // Some end a number where it cannot go on.
        "30 0R".to_owned(),
        format!("30 0 %{}\n R", "x".repeat(600)),
        format!("30 {} R", "0".repeat(600)),
        format!("30 0{}R", " ".repeat(600)),
        format!("30{}0 R", "\n".repeat(600)),
    ];
    for reference in spelt {
        let resources = format!("/Contents 4 0 R /Resources << /XObject << /A {reference} >> >>");
        let draft = signed(&[(4, &stream("", "/A Do")), (3, &page(&resources))], "");
        assert_forbidden(&after(&draft, &[(30, &cover())]), "30 0");
        let report = after(&draft, &[(31, &cover())]);
        let clear = reference.len() < 500;
        assert_eq!(report.conclusion == Conclusion::Passed, clear, "{report}");
    }
}

/// The dictionary of a cross-reference stream is its trailer, and that of an object: for some readers it
/// may be the resources of a page.
#[test]
fn a_trailer_that_a_page_draws_from_is_no_trailer() {
    for (resources, passes) in [("<< >>", true), ("7 0 R", false)] {
        let mut draft = Draft::new(KeyType::P256);
        let mut pdf = Pdf::new();
        pdf.set(1, catalog(""));
        pdf.set(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        pdf.set(3, page(&format!("/Contents 4 0 R /Resources {resources}")));
        pdf.set_stream(4, "", b"0 0 100 100 re f /A Do");
        pdf.set(5, "<< /Fields [6 0 R] /SigFlags 3 >>");
        pdf.set(6, format!("{WIDGET} >>"));
        let shown = if passes { "" } else { "/XObject << /A 30 0 R >>" };
        pdf.trailer(format!("/Root 1 0 R {shown}"));
        draft.bytes = pdf.write(&Layout::with(Section::Stream));
        draft.sign_among(&[(6, &format!("{WIDGET} /V VALUE 0 R >>"))]);
        assert_eq!(draft.judge().conclusion, Conclusion::Passed);
        let report = after(&draft, &[(30, &cover())]);
        assert_eq!(report.conclusion == Conclusion::Passed, passes, "{report}");
    }
}

/// Cross references that name an object stream which is not there: whoever makes it later makes the
/// objects in it, of which his own cross references say nothing.
#[test]
fn a_signed_revision_must_not_wait_for_an_object_stream() {
    let cover = cover();
    let inner = "8 0 99 16 << /A 51 0 R >>  << >>";
    let first = inner.find("<<").unwrap();
    let packed = stream(&format!("/Type /ObjStm /N 2 /First {first}"), inner);
    for waits in [false, true] {
        let mut draft = Draft::new(KeyType::P256);
        let mut pdf = Pdf::new();
        pdf.set(1, catalog(""));
        pdf.set(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        pdf.set(3, page("/Contents 4 0 R /Resources << /XObject 8 0 R >>"));
        pdf.set_stream(4, "", b"0 0 100 100 re f /A Do");
        pdf.set(5, "<< /Fields [6 0 R] /SigFlags 3 >>");
        pdf.set(6, format!("{WIDGET} >>"));
        pdf.trailer("/Root 1 0 R");
        draft.bytes = pdf.write(&Layout::with(Section::Stream));
        if waits {
            rows(&mut draft.bytes, &[], &[(8, 2, 50, 0)]);
        } else {
            rows(&mut draft.bytes, &[(50, &packed)], &[(8, 2, 50, 0)]);
        }
        draft.sign_among(&[(6, &format!("{WIDGET} /V VALUE 0 R >>"))]);
        assert_eq!(draft.judge().conclusion, Conclusion::Passed);
        let mut changed = draft.clone();
        if waits {
            rows(&mut changed.bytes, &[(50, &packed), (51, &cover)], &[(99, 2, 50, 1)]);
            assert_eq!(codes(&changed.judge()), ["doc.waits_for_stream"], "{}", changed.judge());
        } else {
            rows(&mut changed.bytes, &[(52, &cover)], &[(99, 2, 50, 1)]);
            assert_eq!(changed.judge().conclusion, Conclusion::Passed, "{}", changed.judge());
        }
    }
}

/// Appends objects and a cross-reference stream with these rows too: number, type, second and third field.
fn rows(bytes: &mut Vec<u8>, objects: &[(u32, &str)], more: &[(u32, u8, u32, u16)]) {
    let (previous, size) = (last_startxref(bytes), last_size(bytes).max(100));
    let mut all = more.to_vec();
    for (number, body) in objects {
        all.push((*number, 1, u32::try_from(bytes.len()).unwrap(), 0));
        bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }
    let start = bytes.len();
    all.push((size, 1, u32::try_from(start).unwrap(), 0));
    let (mut index, mut data) = (String::new(), Vec::new());
    for (number, kind, second, third) in all {
        index += &format!("{number} 1 ");
        data.push(kind);
        data.extend(second.to_be_bytes());
        data.extend(third.to_be_bytes());
    }
    let (next, length) = (size + 1, data.len());
    let head = format!(
        "{size} 0 obj\n<< /Type /XRef /W [1 4 2] /Index [{index}] /Size {next} /Root 1 0 R \
         /Prev {previous} /Length {length} >>\nstream\n"
    );
    bytes.extend(head.bytes().chain(data));
    bytes.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
}

/// A dictionary of colours may have names that are keys of a store of validation data.
#[test]
fn a_colour_that_a_page_paints_in_is_no_validation_data() {
    let colour = |first: &str| format!("[/Indexed /DeviceRGB 1 <{first}000000>]");
    let paints = stream("", "/CRL cs 0 sc 0 0 100 100 re f");
    let draft = signed(
        &[
            (1, &catalog("/DSS 40 0 R")),
            (40, "<< /CRL 31 0 R >>"),
            (30, "<< /CRL 31 0 R >>"),
            (31, &colour("ff0000")),
            (4, &paints),
            (3, &page("/Contents 4 0 R /Resources << /ColorSpace 30 0 R >>")),
        ],
        "",
    );
    for other in [colour("ffffff"), "[]".to_owned(), "<< /CRL [] >>".to_owned(), "(x)".to_owned()] {
        assert_forbidden(&after(&draft, &[(31, &other)]), "31 0");
    }
}

/// The catalog of a later revision calls the signature one for usage rights, and no field shows it.
#[test]
fn a_signature_is_not_made_one_of_usage_rights_by_whoever_appends() {
    let draft = signed(&[], "");
    let value = last_size(&draft.bytes) - 1;
    let mut changed = draft.clone();
    changed.append(&[
        (1, &catalog(&format!("/Perms << /UR3 {value} 0 R >>"))),
        (5, "<< /Fields [] >>"),
        (6, "null"),
        (4, &stream("", "0 0 200 200 re f")),
    ]);
    assert!(codes(&changed.judge()).contains(&"sig.unreachable"), "{}", changed.judge());
    // Nor if somebody else signs what he made of it.
    changed.sign("other");
    let report = changed.judge();
    assert_eq!(report.conclusion, Conclusion::Failed, "{report}");

    // One that says so itself is none of the document, and does not count.
    let mut draft = Draft::new(KeyType::P256);
    let next = last_size(&draft.bytes);
    let rights = "/Reference [<< /Type /SigRef /TransformMethod /UR3 >>]";
    draft.sign_without_field_with(rights);
    draft.append(&[(1, &catalog(&format!("/Perms << /UR3 {next} 0 R >>")))]);
    draft.fill_prepared();
    let report = draft.judge();
    assert_eq!((report.signatures.len(), report.conclusion), (1, Conclusion::Passed), "{report}");
}

/// `/Prev` leads behind a revision: what was signed there is in the file, and no revision has it.
#[test]
fn a_signature_that_the_chain_passes_over_is_missed() {
    let mut draft = signed(&[], "");
    let first = last_startxref(&draft.bytes);
    draft.sign("other");
    assert_eq!(draft.judge().conclusion, Conclusion::Passed);
    let second = last_startxref(&draft.bytes);
    for (previous, passes) in [(second, true), (first, false)] {
        let bytes = without_objects(&draft.bytes, last_size(&draft.bytes), previous);
        let report = check(&bytes, &CheckOptions::without_trust()).unwrap();
        assert_eq!(report.conclusion == Conclusion::Passed, passes, "{report}");
        if !passes {
            assert_eq!(report.conclusion, Conclusion::Indeterminate);
            assert!(codes(&report).contains(&"doc.unused_range"), "{report}");
        }
    }
}

/// What is beyond `/Size` is missing, for those who keep to the standard (§7.5.5).
#[test]
fn a_later_revision_cuts_off_no_objects() {
    let draft = signed(&[], "");
    let (size, previous) = (last_size(&draft.bytes), last_startxref(&draft.bytes));
    for (stated, passes) in [(size + 9, true), (size, true), (size - 1, false), (4, false)] {
        let bytes = without_objects(&draft.bytes, stated, previous);
        let report = check(&bytes, &CheckOptions::without_trust()).unwrap();
        assert_eq!(report.conclusion == Conclusion::Passed, passes, "{stated}: {report}");
        if !passes {
            assert_eq!(codes(&report), ["mod.forbidden"], "{report}");
        }
        // Some writers do that, and the next revision says what is right.
        let again = without_objects(&bytes, size, u64::try_from(draft.bytes.len()).unwrap());
        let report = check(&again, &CheckOptions::without_trust()).unwrap();
        assert_eq!(report.conclusion, Conclusion::Passed, "{stated}: {report}");
    }
}

/// A revision that lists nothing.
fn without_objects(base: &[u8], size: u32, previous: u64) -> Vec<u8> {
    let start = base.len();
    let section = format!(
        "xref\n0 0\ntrailer\n<< /Size {size} /Root 1 0 R /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n"
    );
    [base, section.as_bytes()].concat()
}
