//! The lint before signing: for each kind of prepared content a document that has it, and an honest one
//! that looks like it and must not be warned of.

use std::collections::BTreeSet;

use sealwright::inspection::{PreparedContents, prepared_content};
use sealwright::limits::Limits;
use sealwright::pdf::{Error, File};
use sealwright::report::{Code, Conclusion, Finding, Severity};
use sealwright::signing::{self, LocalSigner, Seal};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::appended::append_table_update;
use sealwright_testdata::documents::{self, CATALOG, FONT, page_number};
use sealwright_testdata::pdf::{Layout, Pdf};
use sealwright_testdata::pki::{KeyType, Validity, identity};
use time::OffsetDateTime;

fn look(bytes: &[u8]) -> PreparedContents {
    let file = File::open(bytes, Limits::default()).unwrap();
    prepared_content(&file.latest()).unwrap()
}

fn warnings(pdf: &Pdf) -> Vec<&'static str> {
    let found = look(&pdf.write(&Layout::default())).warnings();
    found.iter().map(|code| code.as_str()).collect()
}

/// One page with this content, which may use `/F1`, the opaque image `/I` and the mask `/M`, the
/// form `/X`, the states `/Half` and `/Solid`.
fn page(content: &str) -> Pdf {
    let mut pdf = documents::plain(1);
    let image = "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8";
    pdf.set_stream(40, &format!("{image} /ColorSpace /DeviceGray"), b"\x80");
    pdf.set_stream(41, &format!("{image} /ColorSpace /DeviceGray /SMask 40 0 R"), b"\x80");
    let form = "/Type /XObject /Subtype /Form /BBox [0 0 600 900]";
    pdf.set_stream(42, form, b"1 g 60 690 300 40 re f");
    pdf.set(43, "<< /Type /OCG /Name (a) >>");
    pdf.set(
        page_number(0),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font \
             << /F1 {FONT} 0 R >> /XObject << /I 40 0 R /M 41 0 R /X 42 0 R >> /ExtGState << /Half << \
             /ca 0.5 >> /Multiply << /BM /Multiply >> >> /Properties << /L 43 0 R >> >> >>",
            page_number(0) + 1
        ),
    );
    pdf.set_stream(page_number(0) + 1, "", content.as_bytes());
    pdf
}

const TEXT: &str = "BT /F1 12 Tf 72 700 Td (You owe nothing) Tj ET ";

fn drawn(content: &str) -> Vec<&'static str> {
    warnings(&page(content))
}

#[test]
fn a_plain_document_gives_no_cause() {
    let bytes = documents::plain(3).write(&Layout::default());
    let found = look(&bytes);
    assert!(found.findings().is_empty(), "{found:?}");
    assert!(drawn(TEXT).is_empty());
    assert!(look(sealwright_testdata::contract::PDF).warnings().is_empty());
}

#[test]
fn text_under_an_image_or_a_filled_box_is_hidden() {
    for over in [
        "q 400 0 0 100 60 650 cm /I Do Q",
        "q 0 100 -400 0 460 650 cm /I Do Q",
        "1 g 60 690 300 40 re f",
        "1 g 60 690 m 360 690 l 360 730 l 60 730 l h f",
        "1 g 60 690 50 40 re 110 690 200 40 re f",
        "/X Do",
        "BI /W 1 /H 1 /CS /G /BPC 8 ID \u{1} EI q 400 0 0 100 60 650 cm /I Do Q",
    ] {
        assert_eq!(drawn(&format!("{TEXT}{over}")), ["prep.hidden_text"], "{over}");
    }
    let found = look(&page(&format!("{TEXT}/X Do")).write(&Layout::default()));
    let finding = &found.findings()[0];
    assert_eq!((finding.page, finding.object.as_deref()), (Some(1), Some("5 0")));
    let rect = finding.rect.unwrap();
    assert!(rect[0] >= 72.0 && rect[1] < 700.0 && rect[3] > 705.0, "{rect:?}");
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn text_that_can_be_seen_is_not_hidden() {
    for honest in [
        format!("q 400 0 0 100 60 650 cm /I Do Q {TEXT}"),
        format!("0.9 g 60 690 300 40 re f 0 g {TEXT}"),
        format!("{TEXT} q 400 0 0 100 60 650 cm /M Do Q"),
        format!("{TEXT} /Half gs 1 g 60 690 300 40 re f"),
        format!("{TEXT} /Multiply gs 1 g 60 690 300 40 re f"),
        format!("{TEXT} /Half gs /X Do"),
        format!("{TEXT} 1 g 60 690 40 40 re f"),
        format!("{TEXT} 1 g 60 500 300 40 re f"),
        format!("{TEXT} q 0 0 10 10 re W n 1 g 60 690 300 40 re f Q"),
        format!("{TEXT} 60 690 300 40 re S"),
        format!("{TEXT} 1 g 60 690 m 360 690 l 200 800 l f"),
    ] {
        assert!(drawn(&honest).is_empty(), "{honest}: {:?}", drawn(&honest));
    }
}

#[test]
fn invisible_text_belongs_to_a_scan() {
    let invisible = "BT 3 Tr /F1 12 Tf 72 700 Td (You owe nothing) Tj ET ";
    assert_eq!(drawn(invisible), ["prep.invisible_text"]);
    assert!(drawn(&format!("q 595 0 0 842 0 0 cm /I Do Q {invisible}")).is_empty());
    assert!(drawn(&format!("{invisible} q 595 0 0 842 0 0 cm /M Do Q")).is_empty());
    assert!(drawn("BT 3 Tr /F1 12 Tf 72 700 Td (    ) Tj ET").is_empty(), "nothing but space");
}

#[test]
fn text_in_the_colour_of_its_ground_is_found() {
    for same in ["1 g ", "1 1 1 rg ", "0 0 0 0 k ", "/DeviceRGB cs 1 1 1 sc ", "0.99 g "] {
        assert_eq!(drawn(&format!("{same}{TEXT}")), ["prep.same_colour_text"], "{same}");
    }
    let on_blue = format!("0 0 1 rg 60 690 300 40 re f {TEXT}");
    assert_eq!(drawn(&on_blue), ["prep.same_colour_text"]);
    for honest in [
        format!("0 0 1 rg 60 690 300 40 re f 1 g {TEXT}"),
        format!("q 400 0 0 100 60 650 cm /I Do Q 1 g {TEXT}"),
        format!("0 0 1 rg 60 690 m 360 690 400 700 360 730 c 60 730 l f 1 g {TEXT}"),
        format!("1 Tr 1 g {TEXT}"),
    ] {
        assert!(drawn(&honest).is_empty(), "{honest}: {:?}", drawn(&honest));
    }
}

#[test]
fn text_that_is_tiny_or_clipped_away_is_found() {
    let tiny = "BT /F1 0.5 Tf 72 700 Td (You owe nothing) Tj ET";
    assert_eq!(drawn(tiny), ["prep.tiny_text"]);
    assert_eq!(drawn(&format!("0.01 0 0 0.01 0 0 cm {TEXT}")), ["prep.tiny_text"]);
    assert!(drawn("BT /F1 0.5 Tf 24 0 0 24 72 700 Tm (You owe nothing) Tj ET").is_empty());
    assert!(drawn("BT /F1 4 Tf 72 700 Td (small print) Tj ET").is_empty());
    assert_eq!(drawn(&format!("q 0 0 10 10 re W n {TEXT} Q")), ["prep.clipped_text"]);
    assert!(drawn(&format!("q 60 690 300 40 re W n {TEXT} Q")).is_empty());
    let beside = page("BT /F1 12 Tf 900 700 Td (printer's mark) Tj ET").write(&Layout::default());
    assert_eq!(look(&beside).count(Code::PrepOutsideText), 1);
    assert!(look(&beside).warnings().is_empty());
}

#[test]
fn a_layer_that_is_off_or_not_the_same_on_paper_is_found() {
    let layered = |default: &str, group: &str| {
        let mut pdf = page(&format!("/OC /L BDC {TEXT} EMC"));
        pdf.set(43, format!("<< /Type /OCG /Name (a) {group} >>"));
        let layers = format!("/OCProperties << /OCGs [43 0 R] /D << {default} >> >>");
        pdf.append_entry(CATALOG, &layers);
        warnings(&pdf)
    };
    assert_eq!(layered("/OFF [43 0 R]", ""), ["prep.text_in_hidden_layer"]);
    assert_eq!(layered("/BaseState /OFF", ""), ["prep.text_in_hidden_layer"]);
    assert!(layered("/BaseState /OFF /ON [43 0 R]", "").is_empty());
    assert!(layered("", "").is_empty());
    let usage = |print| format!("/Usage << /Print << /PrintState /{print} >> >>");
    let events = "/AS [<< /Event /Print /Category [/Print] /OCGs [43 0 R] >>]";
    assert_eq!(layered(events, &usage("OFF")), ["prep.layer_switches"]);
    assert!(layered(events, &usage("ON")).is_empty());
    assert!(layered("", &usage("OFF")).is_empty(), "no event asks for it");
}

/// A page with text, and a widget or annotation over it.
fn annotated(annotation: &str, appearance: &str) -> Pdf {
    let mut pdf = page(TEXT);
    pdf.append_entry(page_number(0), "/Annots [50 0 R]");
    pdf.set(
        50,
        format!("<< /Type /Annot /Rect [60 690 360 730] /AP << /N 51 0 R >> {annotation} >>"),
    );
    let form =
        format!("/Subtype /Form /BBox [0 0 300 40] /Resources << /Font << /F1 {FONT} 0 R >> >>");
    pdf.set_stream(51, &form, appearance.as_bytes());
    pdf
}

#[test]
fn an_appearance_that_covers_text_is_found() {
    let stamp = |appearance| warnings(&annotated("/Subtype /Stamp /F 4", appearance));
    assert_eq!(stamp("1 g 0 0 300 40 re f"), ["prep.text_under_annotation"]);
    assert!(stamp("0 0 300 40 re S").is_empty());
    assert!(stamp("1 g 0 0 300 5 re f").is_empty(), "below the line");
    let found =
        look(&annotated("/Subtype /Stamp /F 4", "1 g 0 0 300 40 re f").write(&Layout::default()));
    assert_eq!(found.findings()[0].object.as_deref(), Some("50 0"));
}

#[test]
fn an_annotation_that_is_hidden_is_found() {
    let flagged = |flags: u32| warnings(&annotated(&format!("/Subtype /Stamp /F {flags}"), "n"));
    assert_eq!(flagged(2), ["prep.hidden_annotation"]);
    assert_eq!(flagged(4 | 32), ["prep.hidden_annotation"]);
    assert!(flagged(4).is_empty());
    let unprinted = annotated("/Subtype /Stamp /F 0", "n").write(&Layout::default());
    assert_eq!(look(&unprinted).count(Code::PrepUnprintedAnnotation), 1);
}

#[test]
fn a_field_that_shows_something_other_than_its_value_is_found() {
    let text = |entries: &str, shown: &str| {
        let appearance = format!("/Tx BMC BT /F1 12 Tf 2 30 Td ({shown}) Tj ET EMC");
        let mut pdf =
            annotated(&format!("/Subtype /Widget /F 4 /FT /Tx /T (a) {entries}"), &appearance);
        pdf.append_entry(CATALOG, "/AcroForm << /Fields [50 0 R] >>");
        warnings(&pdf)
    };
    assert_eq!(text("/V (Attacker)", "World Health"), ["prep.field_value"]);
    assert_eq!(text("/V (Attacker)", ""), ["prep.field_value"]);
    assert!(text("/V (World Health)", "World  Health").is_empty());
    assert!(text("/V (World Health Organisation)", "World Hea").is_empty(), "cut by the viewer");
    assert!(text("", "placeholder").is_empty(), "no value");
    assert!(text("/V (secret) /Ff 8192", "******").is_empty(), "a password");
    assert!(text("/V (1000) /AA << /F << /S /JavaScript /JS (x) >> >>", "1,000.00").is_empty());
    let stray = annotated("/Subtype /Widget /F 4 /FT /Tx /T (a) /V (b)", "BT (other) Tj ET");
    assert_eq!(warnings(&stray), ["prep.field_value"], "the form does not list it");
    let anew = |value: &str| {
        let mut pdf = annotated(&format!("/Subtype /Widget /FT /Tx /T (a) {value}"), "");
        pdf.append_entry(CATALOG, "/AcroForm << /Fields [50 0 R] /NeedAppearances true >>");
        warnings(&pdf)
    };
    assert_eq!(anew("/V (b)"), ["prep.need_appearances"]);
    assert!(anew("").is_empty(), "there is nothing to draw anew");
}

#[test]
fn a_twin_or_a_page_that_nothing_uses_is_found() {
    let with = |number: u32, body: &str| {
        let mut pdf = page("/X Do /I Do");
        pdf.set(number, body);
        warnings(&pdf)
    };
    assert_eq!(
        with(60, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"),
        ["prep.orphan_page"]
    );
    let font = "<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Helvetica >>";
    assert_eq!(with(60, font), ["prep.twin_font"]);
    assert!(with(60, "<< /Type /Font /BaseFont /Times-Roman >>").is_empty(), "resembles none");
    let stream = |entries: &str, data: &[u8]| {
        let mut pdf = page("/X Do /I Do");
        pdf.set_stream(60, entries, data);
        warnings(&pdf)
    };
    assert_eq!(stream("/Subtype /Image /Width 1 /Height 1", b"\x01"), ["prep.twin_xobject"]);
    assert!(stream("/Subtype /Image /Width 7 /Height 9", b"\x01").is_empty());
    assert_eq!(stream("/Subtype /Form /BBox [0 0 600 900]", b"q Q"), ["prep.twin_xobject"]);
    assert_eq!(stream("", TEXT.as_bytes()), ["prep.orphan_content"]);
    assert!(stream("", b"some data that is no content").is_empty());
    assert!(stream("/Type /Metadata", TEXT.as_bytes()).is_empty());
}

#[test]
fn what_an_update_left_behind_is_no_twin() {
    let bytes = page("/X Do").write(&Layout::default());
    let body = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_vec();
    let updated = append_table_update(&bytes, &[(page_number(0), 0, &body)], "");
    let found = look(&updated);
    assert!(found.warnings().is_empty(), "it was used before: {found:?}");
    assert_eq!(found.count(Code::PrepRevisions), 1);
    assert_eq!(found.count(Code::PrepOrphanObjects), 1);
}

#[test]
fn objects_that_no_cross_reference_reaches_are_found() {
    let bytes = documents::plain(1).write(&Layout::default());
    let at = memchr_position(&bytes, b"\nxref\n") + 1;
    let slipped = |object: &str| {
        let update = [&bytes[..at], object.as_bytes(), &bytes[at..]].concat();
        let start = format!("startxref\n{}", at + object.len());
        let old = format!("startxref\n{at}");
        let from = memchr_position(&update, old.as_bytes());
        [&update[..from], start.as_bytes(), &update[from + old.len()..]].concat()
    };
    let twice = slipped("3 0 obj\n<< /Type /Font >>\nendobj\n");
    let found = look(&twice);
    assert_eq!(found.warnings(), [Code::PrepDuplicateObject].into());
    assert_eq!(found.findings()[0].object.as_deref(), Some("3 0"));
    let dead = look(&slipped("77 0 obj\n(unused)\nendobj\n"));
    assert!(dead.warnings().is_empty());
    assert_eq!(dead.count(Code::PrepDeadObjects), 1);
    let mut inside = documents::plain(1);
    inside.set_stream(page_number(0) + 1, "", b"% 3 0 obj stands in this content");
    assert!(look(&inside.write(&Layout::default())).findings().is_empty());
}

#[test]
fn a_font_that_says_two_things_is_found() {
    let font = |map: &str| {
        let mut pdf = page(TEXT);
        let entries = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 70 0 R";
        let names = "/Encoding << /Type /Encoding /Differences [89 /one /two] >>";
        pdf.set(FONT, format!("<< {entries} {names} >>"));
        pdf.set_stream(70, "", map.as_bytes());
        warnings(&pdf)
    };
    assert_eq!(font("1 beginbfchar <59> <0039> endbfchar"), ["prep.font_contradicts"]);
    assert_eq!(font("1 beginbfrange <58> <5A> <0041> endbfrange"), ["prep.font_contradicts"]);
    assert!(font("2 beginbfchar <59> <0031> <5A> <0032> endbfchar").is_empty());
    assert!(font("1 beginbfchar <59> <4E00> endbfchar").is_empty(), "not a letter or digit");
}

#[test]
fn what_is_taken_from_elsewhere_is_found() {
    let image = "/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray";
    let with = |entries: &str| {
        let mut pdf = page("/I Do");
        pdf.set_stream(40, &format!("{image} {entries}"), b"\x01");
        warnings(&pdf)
    };
    for outside in ["/F (other.bin)", "/OPI << >>", "/Alternates [<< /Image 40 0 R >>]"] {
        assert_eq!(with(outside), ["prep.external"], "{outside}");
    }
    assert!(with("").is_empty());
    let mut pdf = page("/X Do");
    pdf.set_stream(42, "/Subtype /Form /BBox [0 0 9 9] /Ref << /F (a.pdf) /Page 0 >>", b"q Q");
    assert_eq!(warnings(&pdf), ["prep.external"]);
}

#[test]
fn what_cannot_be_read_is_told_and_what_costs_too_much_is_an_error() {
    let mut pdf = page(TEXT);
    pdf.set_stream(page_number(0) + 1, "/Filter /Unheard", b"x");
    assert_eq!(warnings(&pdf), ["prep.unreadable"]);
    let bytes = page(&"0 0 600 900 re f ".repeat(2_000)).write(&Layout::default());
    let tight = Limits { work: 1 << 20, ..Limits::default() };
    let file = File::open(&bytes, tight).unwrap();
    assert!(matches!(prepared_content(&file.latest()), Err(Error::Limit(_))));
}

#[test]
fn an_object_that_cannot_be_read_is_information() {
    let mut pdf = page(TEXT);
    pdf.append_entry(CATALOG, "/Private 60 0 R");
    pdf.set(60, "<< /Length 900 >> stream");
    let found = look(&pdf.write(&Layout::default()));
    assert_eq!(found.count(Code::PrepUnreadableObject), 1);
    assert!(found.warnings().is_empty());
}

#[test]
fn more_than_a_hundred_places_are_counted_and_not_listed() {
    let mut pdf = page(TEXT);
    for number in 100..250 {
        pdf.set(number, "<< /Type /Page /Parent 2 0 R >>");
    }
    let found = look(&pdf.write(&Layout::default()));
    assert_eq!(found.count(Code::PrepOrphanPage), 150);
    let listed = found.findings().iter().filter(|it| it.code == Code::PrepOrphanPage).count();
    assert_eq!(listed, 100);
    assert_eq!(found.findings().last().unwrap().values, ["50"]);
}

#[test]
fn a_form_that_draws_itself_many_times_over_ends() {
    let mut pdf = page("/X Do");
    let entries = "/Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 42 0 R >> >>";
    pdf.set_stream(42, entries, b"/X Do /X Do");
    assert!(warnings(&pdf).is_empty());
}

fn signed(bytes: &[u8], acknowledged: Option<&[Code]>) -> Result<Vec<u8>, signing::Error> {
    let now = OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
    let identity = identity(KeyType::P256, Validity::around(now));
    let (key, chain) = (identity.key_pem(), identity.chain_pem());
    let signer = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes()).unwrap();
    let file = File::open(bytes, Limits::default()).unwrap();
    let mut seal = Seal::on(&file).invisible();
    if let Some(acknowledged) = acknowledged {
        seal = seal.inspected(acknowledged.iter().copied());
    }
    let mut out = Vec::new();
    seal.sign(&signer, now)?.write_to(&mut out).unwrap();
    Ok(out)
}

#[test]
fn nothing_is_signed_before_each_warning_is_acknowledged() {
    let bytes = page(&format!("{TEXT} 1 g 60 690 300 40 re f {TEXT}")).write(&Layout::default());
    let refused = |codes: &[Code]| {
        let error = signed(&bytes, Some(codes)).unwrap_err();
        assert_eq!(error.code(), "doc.prepared_content");
        error.to_string()
    };
    let told = refused(&[]);
    assert!(told.contains("prep.hidden_text in object 5 0 on page 1"), "{told}");
    assert!(told.contains("prep.same_colour_text in object 5 0 on page 1"), "{told}");
    let told = refused(&[Code::PrepSameColourText]);
    assert!(told.contains("hidden") && !told.contains("colour"), "{told}");
    assert!(signed(&bytes, Some(&[Code::PrepSameColourText, Code::PrepHiddenText])).is_ok());
    assert!(signed(&documents::plain(1).write(&Layout::default()), Some(&[])).is_ok());
}

#[test]
fn judging_looks_for_prepared_content_when_asked() {
    let bytes = page(&format!("{TEXT} 1 g 60 690 300 40 re f")).write(&Layout::default());
    let bytes = signed(&bytes, None).unwrap();
    let quick = check(&bytes, &CheckOptions::without_trust()).unwrap();
    assert!(quick.findings.is_empty() && quick.conclusion == Conclusion::Passed, "{quick}");
    let options = CheckOptions::without_trust().looking_for_prepared_content();
    let thorough = check(&bytes, &options).unwrap();
    assert_eq!(thorough.conclusion, Conclusion::Passed, "it is no fault by itself");
    assert_eq!(thorough.findings.len(), 1);
    assert_eq!(thorough.findings[0].code, Code::PrepHiddenText);
    let honest = signed(&documents::plain(1).write(&Layout::default()), None).unwrap();
    assert!(check(&honest, &options).unwrap().findings.is_empty());
}

#[test]
fn a_later_change_of_what_was_prepared_is_not_vouched_for() {
    let appearance = |text: &str| {
        let form = format!(
            "/Subtype /Form /BBox [0 0 300 40] /Resources << /Font << /F1 {FONT} 0 R >> >>"
        );
        let content = format!("/Tx BMC BT /F1 12 Tf 2 30 Td ({text}) Tj ET EMC");
        sealwright_testdata::pdf::stream_body(&form, content.as_bytes())
    };
    let field = |value: &str, shown: u32| {
        format!(
            "<< /Type /Annot /Rect [60 690 360 730] /AP << /N {shown} 0 R >> /Subtype /Widget /F 4 /FT /Tx \
             /T (a) /V ({value}) /DA (/F1 12 Tf 0 g) >>"
        )
    };
    let judged = |value: &str| {
        let mut pdf = annotated("", "");
        pdf.set(50, field(value, 51));
        pdf.set(51, appearance("Old"));
        pdf.append_entry(CATALOG, "/AcroForm << /Fields [50 0 R] >>");
        let bytes = signed(&pdf.write(&Layout::default()), None).unwrap();
        let (changed, shown) = (field("New", 90), appearance("New"));
        let objects: &[(u32, u16, &[u8])] = &[(50, 0, changed.as_bytes()), (90, 0, &shown)];
        let bytes = append_table_update(&bytes, objects, "");
        let plain = check(&bytes, &CheckOptions::without_trust()).unwrap();
        assert_eq!(plain.conclusion, Conclusion::Passed, "{plain}");
        let options = CheckOptions::without_trust().looking_for_prepared_content();
        check(&bytes, &options).unwrap().conclusion
    };
    assert_eq!(judged("Old"), Conclusion::Passed);
    assert_eq!(judged("Hidden"), Conclusion::Indeterminate);
}

#[test]
fn warnings_are_acknowledged_by_their_codes() {
    let found =
        look(&page(&format!("{TEXT} 1 g 60 690 300 40 re f {TEXT}")).write(&Layout::default()));
    let codes: BTreeSet<Code> = found.warnings();
    assert_eq!(codes, [Code::PrepHiddenText, Code::PrepSameColourText].into());
    assert_eq!(found.open(&BTreeSet::new()).len(), 2);
    let left = found.open(&[Code::PrepHiddenText].into());
    assert_eq!(
        left.iter().map(|it: &&Finding| it.code).collect::<Vec<_>>(),
        [Code::PrepSameColourText]
    );
    assert!(found.open(&codes).is_empty());
}

fn memchr_position(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).rposition(|window| window == what).unwrap()
}
