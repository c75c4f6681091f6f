//! The judge on objects that are two things at once: what may change as the one must not change what a
//! page shows as the other.

mod judging_support;

use judging_support::{Draft, codes};
use sealwright::report::{Conclusion, Report};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::appended::{append_stream_update, append_table_update, last_size};
use sealwright_testdata::pdf::{Layout, Pdf, Section};
use sealwright_testdata::pki::KeyType;

/// What a page shows later, and no signer saw.
const COVER: &str = "<< /Type /XObject /Subtype /Form /BBox [0 0 200 200] /Resources << >> /Length 16 >>\n\
    stream\n0 0 200 200 re f\nendstream";

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

#[track_caller]
fn assert_forbidden(report: &Report) {
    assert_eq!(codes(report), ["mod.forbidden"], "{report}");
}

#[test]
fn only_a_list_of_annotations_gets_widgets() {
    let page_with = |annotations: &str| {
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R \
             /Resources << /Font << /F 7 0 R >> >> /Annots {annotations} >>"
        )
    };
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 65 /LastChar 67 \
        /Widths 8 0 R >>";
    for annotations in ["[6 0 R]", "9 0 R"] {
        let draft = signed(
            &[(3, &page_with(annotations)), (7, font), (8, "[500 600 700]"), (9, "[6 0 R]")],
            "",
        );
        let field = last_size(&draft.bytes);
        let widget =
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (b) /F 132 /Rect [1 1 9 9] /P 3 0 R >>";
        let form = format!("<< /Fields [6 0 R {field} 0 R] /SigFlags 3 >>");
        let grown = format!("[6 0 R {field} 0 R]");
        let own = page_with(if annotations == "9 0 R" { annotations } else { &grown });
        let mut objects = vec![(field, widget), (5, form.as_str()), (3, own.as_str())];
        if annotations == "9 0 R" {
            objects.push((9, &grown));
        }
        let report = after(&draft, &objects);
        assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
        let shifted = format!("[{field} 0 R 500 600 700]");
        objects.push((8, &shifted));
        assert_forbidden(&after(&draft, &objects));
    }
}

#[test]
fn metadata_that_a_page_shows_is_no_metadata() {
    let xmp = "/Type /Metadata /Subtype /XML";
    let paints = |grey: &str| stream(xmp, &format!("{grey} g 0 0 100 100 re f"));
    let root = catalog("/Metadata 7 0 R");
    let honest = signed(&[(1, &root), (7, &paints("0"))], "");
    assert_eq!(after(&honest, &[(7, &paints("1"))]).conclusion, Conclusion::Passed);
    for other in [page("/Contents 7 0 R"), page("/Contents [4 0 R 7 0 R]")] {
        let draft = signed(&[(1, &root), (3, &other), (7, &paints("0"))], "");
        assert_forbidden(&after(&draft, &[(7, &paints("1"))]));
    }
}

#[test]
fn a_security_store_that_a_page_draws_from_is_none() {
    let root = catalog("/DSS 7 0 R");
    let certificate = stream("", "0");
    let store = |value: &str| format!("<< /CRL {value} >>");
    let before = [(1, root.as_str()), (8, &certificate)];
    let old = store("8 0 R");
    let shows = page("/Contents 4 0 R /Resources << /XObject 7 0 R >>");
    let honest = signed(&[&before[..], &[(7, &old)]].concat(), "");
    let number = last_size(&honest.bytes);
    let new = store(&format!("{number} 0 R"));
    assert_eq!(after(&honest, &[(7, &new), (number, &certificate)]).conclusion, Conclusion::Passed);
    let draft = signed(&[&before[..], &[(7, &old), (3, &shows)]].concat(), "");
    assert_forbidden(&after(&draft, &[(7, &new), (number, COVER)]));

    // An array of certificates that is a page's content too.
    let shows = page("/Contents 9 0 R");
    let store = "<< /Certs 9 0 R >>";
    let draft = signed(&[&before[..], &[(7, store), (3, &shows), (9, "[8 0 R]")]].concat(), "");
    let number = last_size(&draft.bytes);
    let paints = stream("", "0 0 200 200 re f");
    let grown = format!("[8 0 R {number} 0 R]");
    assert_forbidden(&after(&draft, &[(9, &grown), (number, &paints)]));
}

#[test]
fn extensions_are_extensions_and_nothing_else() {
    let root = catalog("/Extensions 7 0 R");
    let extension = "<< /BaseVersion /1.7 /ExtensionLevel 1 >>";
    let honest = signed(&[(1, &root), (7, &format!("<< /A {extension} >>"))], "");
    let more = format!("<< /A {extension} /B {extension} >>");
    assert_eq!(after(&honest, &[(7, &more)]).conclusion, Conclusion::Passed);

    let shows = page("/Contents 4 0 R /Resources << /XObject 7 0 R >>");
    let draft = signed(&[(1, &root), (3, &shows), (7, "<< >>")], "");
    let number = last_size(&draft.bytes);
    let grown = format!("<< /X {number} 0 R >>");
    assert_forbidden(&after(&draft, &[(7, &grown), (number, COVER)]));

    // A page that claims to be a list of extensions.
    let empty = page("").replace("/Type /Page", "");
    let draft = signed(&[(1, &catalog("/Extensions 3 0 R")), (3, &empty)], "");
    let turned = empty.replace("/Annots", "/Rotate 90 /Annots");
    assert_forbidden(&after(&draft, &[(3, &turned)]));
}

#[test]
fn a_page_is_no_extension() {
    let draft = signed(&[], "");
    let root = catalog("/Extensions << /X 3 0 R /Y << /BaseVersion /1.7 >> >>");
    let turned = page("/Contents 4 0 R /Rotate 90");
    let claims = page("/Contents 4 0 R /Rotate 90 /BaseVersion /1.7 /ExtensionLevel 1");
    assert_forbidden(&after(&draft, &[(1, &root), (3, &turned)]));
    assert_forbidden(&after(&draft, &[(1, &root), (3, &claims)]));
}

#[test]
fn the_bytes_of_cross_references_are_no_content_that_a_page_was_waiting_for() {
    let draft = signed(&[(3, &page("/Contents [4 0 R 100 0 R]")), (98, "(last)")], "");
    let mut changed = draft.clone();
    changed.bytes = append_stream_update(&draft.bytes, &[(101, 0, b"(x)")], "");
    assert_eq!(changed.judge().conclusion, Conclusion::Passed, "{}", changed.judge());
    changed.bytes = append_stream_update(&draft.bytes, &[], "");
    assert_forbidden(&changed.judge());
}

#[test]
fn what_a_later_revision_made_the_next_one_may_change() {
    let xmp = |text: &str| stream("/Type /Metadata /Subtype /XML", text);
    let mut draft = signed(&[], "");
    let number = last_size(&draft.bytes);
    let root = catalog(&format!("/Metadata {number} 0 R /DSS {} 0 R", number + 1));
    let certificate = stream("", "0");
    let store = |more: &str| format!("<< /Certs [{} 0 R {more}] >>", number + 2);
    draft.append(&[
        (1, &root),
        (number, &xmp("a")),
        (number + 1, &store("")),
        (number + 2, &certificate),
    ]);
    assert_eq!(draft.judge().conclusion, Conclusion::Passed, "{}", draft.judge());
    let more = store(&format!("{} 0 R", number + 3));
    draft.append(&[(number, &xmp("b")), (number + 1, &more), (number + 3, &certificate)]);
    assert_eq!(draft.judge().conclusion, Conclusion::Passed, "{}", draft.judge());
}

#[test]
fn a_parent_tree_that_pages_draw_from_is_none() {
    let tree = |name: u32, more: &str| {
        format!("<< /Nums [0 10 0 R {more}] /XObject << /X {name} 0 R >> >>")
    };
    let root = catalog("/StructTreeRoot 9 0 R /MarkInfo << /Marked true >>");
    let draft = signed(
        &[
            (1, &root),
            (3, &page("/Contents 4 0 R /Resources 7 0 R")),
            (4, &stream("", "/X Do")),
            (7, &tree(8, "")),
            (8, COVER),
            (9, "<< /Type /StructTreeRoot /K 10 0 R /ParentTree 7 0 R >>"),
            (10, "<< /Type /StructElem /S /Document /P 9 0 R >>"),
        ],
        "",
    );
    let number = last_size(&draft.bytes);
    assert_forbidden(&after(&draft, &[(7, &tree(number, "")), (number, COVER)]));
}

#[test]
fn a_tree_whose_nodes_stand_in_it_again_and_again_is_none() {
    let root = catalog("/StructTreeRoot 9 0 R /MarkInfo << /Marked true >>");
    let nodes: Vec<(u32, String)> = (20..34)
        .map(|number| {
            (number, format!("<< /Kids [{}] >>", format!("{} 0 R ", number + 1).repeat(1000)))
        })
        .collect();
    let nodes = nodes.iter().map(|(number, body)| (*number, body.as_str()));
    let tree = "<< /Type /StructTreeRoot /ParentTree 20 0 R >>";
    let objects: Vec<(u32, &str)> =
        [(1, root.as_str()), (9, tree)].into_iter().chain(nodes).collect();
    let draft = signed(&objects, "");
    let tree = tree.replace(" >>", " /ParentTreeNextKey 1 >>");
    assert_forbidden(&after(&draft, &[(9, &tree)]));
}

#[test]
fn a_signature_field_that_a_page_draws_from_gives_it_no_other_fonts() {
    let field = "/Type /Annot /Subtype /Widget /FT /Sig /T (b) /F 132 /Rect [1 1 9 9] /P 3 0 R";
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let page =
        page("/Contents 4 0 R /Resources << /Font 7 0 R >>").replace("[6 0 R]", "[6 0 R 7 0 R]");
    let form = "<< /Fields [6 0 R 7 0 R] /SigFlags 3 >>";
    let other = font.replace("Helvetica", "Symbol");
    let empty = format!("<< {field} /MK 8 0 R >>");
    let shows = [(3, page.as_str()), (5, form), (7, &empty), (8, font)];
    for (entries, passes) in
        [("/MK << /CA (b) >>", true), ("/MK 8 0 R", true), ("/MK FREE 0 R", false)]
    {
        let mut draft = signed(&shows, "");
        let free = last_size(&draft.bytes) + 1;
        let entries = entries.replace("FREE", &free.to_string());
        let filled = format!("<< {field} {entries} /V VALUE 0 R >>");
        draft.sign_among(&[(7, &filled), (free, &other)]);
        let report = draft.judge();
        assert_eq!(report.conclusion == Conclusion::Passed, passes, "{entries}: {report}");
    }
}

#[test]
fn information_is_texts_and_nothing_a_page_draws() {
    let shows = page("/Contents 4 0 R /Resources << /XObject 7 0 R >>");
    let draft = signed(&[(3, &shows), (7, "<< /Producer 8 0 R >>"), (8, COVER)], "/Info 7 0 R");
    assert_forbidden(&after(&draft, &[(7, "<< >>")]));
    assert_forbidden(&after(&draft, &[(7, "<< /Producer (x) >>")]));
    let honest = signed(&[(7, "<< /Producer 8 0 R >>"), (8, "(a)")], "/Info 7 0 R");
    let report = after(&honest, &[(7, "<< /Producer (x) /ModDate (D:2026) >>")]);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
}

#[test]
fn resources_of_the_form_that_a_page_uses_must_not_grow() {
    let form = "<< /Fields [6 0 R] /SigFlags 3 /DR 7 0 R >>";
    let paints = stream("", "/X Do");
    let own = page("/Contents 4 0 R");
    let shows = page("/Contents 4 0 R /Resources 7 0 R");
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    for (page, grown, forbidden) in [
        (&own, "<< /Font << /F FREE 0 R >> >>", false),
        (&own, "<< /Font << >> /XObject << /X FREE 0 R >> >>", false),
        (&shows, "<< /Font << >> /XObject << /X FREE 0 R >> >>", true),
        (&shows, "<< /Font << /X FREE 0 R >> >>", true),
    ] {
        let draft = signed(&[(5, form), (3, page), (4, &paints), (7, "<< /Font << >> >>")], "");
        let number = last_size(&draft.bytes);
        let grown = grown.replace("FREE", &number.to_string());
        let added = if grown.contains("/XObject") { COVER } else { font };
        let report = after(&draft, &[(7, &grown), (number, added)]);
        assert_eq!(report.conclusion != Conclusion::Passed, forbidden, "{grown}: {report}");
    }
}

#[test]
fn a_list_of_fields_that_something_else_has_is_none() {
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Widths 8 0 R >>";
    let form = "<< /Fields 8 0 R /SigFlags 3 >>";
    let widget =
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (b) /F 132 /Rect [1 1 9 9] /P 3 0 R >>";
    for (font, passes) in [(font.replace("8 0 R", "[500]"), true), (font.to_owned(), false)] {
        let draft = signed(&[(5, form), (7, &font), (8, "[6 0 R]")], "");
        let field = last_size(&draft.bytes);
        let page = page("/Contents 4 0 R").replace("[6 0 R]", &format!("[6 0 R {field} 0 R]"));
        let grown = format!("[{field} 0 R 6 0 R]");
        let report = after(&draft, &[(field, widget), (8, &grown), (3, &page)]);
        assert_eq!(report.conclusion == Conclusion::Passed, passes, "{report}");
    }
}

#[test]
fn a_widget_is_reported_on_the_page_that_lists_it() {
    let second = page("/Contents 4 0 R");
    let tree = "<< /Type /Pages /Kids [3 0 R 7 0 R] /Count 2 >>";
    let other = second.replace("/Annots [6 0 R]", "");
    let draft = signed(&[(2, tree), (7, &other)], "");
    let field = last_size(&draft.bytes);
    let widget =
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (b) /F 132 /Rect [1 1 9 9] /P 3 0 R >>";
    let listing = other.replace(">>", &format!("/Annots [{field} 0 R] >>"));
    let form = format!("<< /Fields [6 0 R {field} 0 R] /SigFlags 3 >>");
    let report = after(&draft, &[(field, widget), (7, &listing), (5, &form)]);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    let changes = &report.signatures[0].modification.changes;
    let name = format!("{field} 0");
    let added = changes.iter().find(|change| change.object.as_ref() == Some(&name)).unwrap();
    assert_eq!(added.page, Some(2));
}

#[test]
fn another_catalog_that_was_there_already_is_no_catalog() {
    let hidden = "<< /Type /Catalog /Pages 21 0 R /AcroForm 5 0 R >>";
    let pages = "<< /Type /Pages /Kids [22 0 R] /Count 1 >>";
    let other = page("/Contents 4 0 R /Rotate 90").replace("2 0 R", "21 0 R");
    let draft = signed(&[(20, hidden), (21, pages), (22, &other)], "");
    let mut changed = draft.clone();
    changed.bytes = append_table_update(&draft.bytes, &[], "/Root 20 0 R");
    assert_forbidden(&changed.judge());
    changed.bytes = append_table_update(&draft.bytes, &[(99, 0, b"(x)")], "/Root 20 0 R");
    assert_forbidden(&changed.judge());
    // The same catalog under another number is the same.
    let number = last_size(&draft.bytes);
    let root = catalog("");
    let objects: [(u32, u16, &[u8]); 1] = [(number, 0, root.as_bytes())];
    changed.bytes = append_table_update(&draft.bytes, &objects, &format!("/Root {number} 0 R"));
    assert_eq!(changed.judge().conclusion, Conclusion::Passed, "{}", changed.judge());
    let other = root.replace("/Pages 2 0 R", "/Pages 21 0 R");
    let objects: [(u32, u16, &[u8]); 1] = [(number, 0, other.as_bytes())];
    changed.bytes = append_table_update(&draft.bytes, &objects, &format!("/Root {number} 0 R"));
    assert_forbidden(&changed.judge());
    // A document of new objects alone, of which none was there to be changed.
    let (n, m) = (number + 1, number + 2);
    let other = root.replace("/Pages 2 0 R", &format!("/Pages {n} 0 R"));
    let pages = pages.replace("22 0 R", &format!("{m} 0 R"));
    let page = page("/Contents 4 0 R /Rotate 90").replace("2 0 R", &format!("{n} 0 R"));
    let objects: [(u32, u16, &[u8]); 3] =
        [(number, 0, other.as_bytes()), (n, 0, pages.as_bytes()), (m, 0, page.as_bytes())];
    changed.bytes = append_table_update(&draft.bytes, &objects, &format!("/Root {number} 0 R"));
    assert_forbidden(&changed.judge());
}

#[test]
fn a_new_information_dictionary_says_what_the_old_one_said() {
    let draft = signed(&[(7, "<< /Title (a) >>")], "/Info 7 0 R");
    let number = last_size(&draft.bytes);
    let mut changed = draft.clone();
    for (body, passes) in [("<< /Title (a) /ModDate (b) >>", true), ("<< /Title (b) >>", false)] {
        let objects: [(u32, u16, &[u8]); 1] = [(number, 0, body.as_bytes())];
        let trailer = format!("/Info {number} 0 R");
        changed.bytes = append_table_update(&draft.bytes, &objects, &trailer);
        let report = changed.judge();
        assert_eq!(report.conclusion == Conclusion::Passed, passes, "{report}");
    }
}

/// Whatever leads to an object that was changed, under whatever key of the objects that may change: the
/// page and its content stay what they were.
#[test]
fn no_key_makes_a_changed_page_a_permitted_change() {
    let draft = signed(&[], "");
    let keys = [
        "AcroForm",
        "DSS",
        "Metadata",
        "Extensions",
        "Perms",
        "Version",
        "StructTreeRoot",
        "Fields",
        "DR",
        "DA",
        "XFA",
        "CO",
        "Kids",
        "V",
        "AP",
        "Lock",
        "SV",
        "MK",
        "Annots",
        "Certs",
        "VRI",
        "Nums",
        "ParentTree",
        "K",
        "DocMDP",
        "Font",
        "N",
        "Obj",
        "Parent",
        "P",
    ];
    let shapes = [
        "@",
        "[@]",
        "<< /X @ >>",
        "<< /N @ >>",
        "<< /Font @ >>",
        "<< /Font << /X @ >> >>",
        "<< /Certs [@] >>",
        "<< /VRI @ >>",
        "<< /VRI << /X @ >> >>",
        "<< /DocMDP @ >>",
        "<< /Fields [6 0 R @] >>",
        "<< /Fields [6 0 R] /DR @ >>",
        "<< /Fields @ >>",
        "<< /Fields [6 0 R] /DR << /Font @ >> >>",
        "<< /ParentTree @ >>",
        "<< /Type /StructTreeRoot /ParentTree << /Nums [0 @] >> >>",
        "<< /Type /StructTreeRoot /K @ /ParentTree << /Nums [] >> >>",
    ];
    let turned = [
        (3, page("/Contents 4 0 R /Rotate 90")),
        (4, stream("/Type /Metadata /Subtype /XML", "0 0 200 200 re f")),
        (2, "<< /Kids [3 0 R] /Nums [] >>".to_owned()),
    ];
    let holders = [
        (1, "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R KEY VALUE >>"),
        (5, "<< /Fields [6 0 R] /SigFlags 3 KEY VALUE >>"),
    ];
    for (number, body) in &turned {
        for (key, shape) in keys.iter().flat_map(|key| shapes.map(|shape| (key, shape))) {
            for (holder, text) in holders {
                let value = shape.replace('@', &format!("{number} 0 R"));
                let text = match *key {
                    "AcroForm" => text.replace("/AcroForm 5 0 R", ""),
                    "Fields" => text.replace("/Fields [6 0 R]", ""),
                    _ => text.to_owned(),
                };
                let text = text.replace("KEY", &format!("/{key}")).replace("VALUE", &value);
                let mut changed = draft.clone();
                changed.append(&[(*number, body), (holder, &text)]);
                let report = check(&changed.bytes, &CheckOptions::without_trust()).unwrap();
                assert_ne!(report.conclusion, Conclusion::Passed, "{number} as {text}");
            }
        }
    }
}

#[test]
fn users_of_an_object_are_known_in_object_streams_too() {
    let widget = |name: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /F 132 /Rect [1 1 9 9] /P 3 0 R >>"
        )
    };
    let xmp = |text: &str| stream("/Type /Metadata /Subtype /XML", text);
    for (resources, passes) in [("<< >>", true), ("<< /XObject 8 0 R >>", false)] {
        let listed = page("/Contents 4 0 R").replace("[6 0 R]", "9 0 R");
        let mut pdf = Pdf::new();
        pdf.set(1, catalog("/Metadata 7 0 R /DSS 8 0 R"));
        pdf.set(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        pdf.set(3, listed.replace(">>", &format!("/Resources {resources} >>")));
        pdf.set_stream(4, "", b"0 0 100 100 re f");
        pdf.set(5, "<< /Fields [6 0 R] /SigFlags 3 >>");
        pdf.set(6, widget("prepared"));
        pdf.set_stream(7, "/Type /Metadata /Subtype /XML", b"a");
        pdf.set(8, "<< /Certs [] >>");
        pdf.set(9, "[6 0 R]");
        pdf.trailer("/Root 1 0 R");
        let mut draft = Draft::new(KeyType::P256);
        draft.bytes =
            pdf.write(&Layout { section: Section::ObjectStreams(50), ..Layout::default() });
        draft.sign_among(&[(6, &widget("prepared").replace(">>", "/V VALUE 0 R >>"))]);
        assert_eq!(draft.judge().conclusion, Conclusion::Passed, "{}", draft.judge());
        let free = last_size(&draft.bytes);
        let report = after(
            &draft,
            &[
                (free, &widget("b")),
                (5, &format!("<< /Fields [6 0 R {free} 0 R] /SigFlags 3 >>")),
                (9, &format!("[6 0 R {free} 0 R]")),
                (7, &xmp("b")),
                (8, &format!("<< /Certs [] /CRL {} 0 R >>", free + 1)),
                (free + 1, COVER),
            ],
        );
        assert_eq!(report.conclusion == Conclusion::Passed, passes, "{report}");
    }
}
