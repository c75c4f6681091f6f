//! The judge on comments: what a certification of level 3 permits, and what only looks like it.

mod judging_support;

use judging_support::{Draft, codes};
use sealwright::inspection::DocMdp;
use sealwright::report::{ChangeKind, Code, Conclusion, ModificationLevel, Report, Rule};
use sealwright::verification::{CheckOptions, check};
use sealwright_testdata::appended::last_size;
use sealwright_testdata::pki::KeyType;

/// Where the page is empty; its content fills the lower left quarter of 200 by 200.
const CLEAR: &str = "[120 120 180 180]";
const OVER: &str = "[20 70 80 95]";

fn certify(permission: u8) -> String {
    format!(
        "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams \
         << /Type /TransformParams /V /1.2 /P {permission} >> >>]"
    )
}

/// A document with these objects, certified at a level; 0 for signed and not certified.
fn signed(objects: &[(u32, &str)], level: u8) -> Draft {
    let mut draft = Draft::new(KeyType::P256);
    draft.append(objects);
    let entries = if level == 0 { String::new() } else { certify(level) };
    draft.fill_prepared_with(&entries);
    assert_eq!(draft.judge().conclusion, Conclusion::Passed, "{}", draft.judge());
    draft
}

fn page(annotations: &str) -> String {
    format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R {annotations} >>")
}

fn stream(entries: &str, data: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

fn form(data: &str) -> String {
    stream("/Type /XObject /Subtype /Form /BBox [0 0 60 60] /Resources << >>", data)
}

/// The document with one more annotation, whose appearance is this if it has one.
fn commented(draft: &Draft, annotation: &str, appearance: Option<&str>) -> Report {
    let (number, shown) = (last_size(&draft.bytes), last_size(&draft.bytes) + 1);
    let named = appearance.map(|_| format!("/AP << /N {shown} 0 R >>")).unwrap_or_default();
    let annotation = format!("<< /Type /Annot /P 3 0 R /F 4 {annotation} {named} >>");
    let page = page(&format!("/Annots [6 0 R {number} 0 R]"));
    let mut objects = vec![(3, page.as_str()), (number, annotation.as_str())];
    objects.extend(appearance.map(|body| (shown, body)));
    after(draft, &objects)
}

fn after(draft: &Draft, objects: &[(u32, &str)]) -> Report {
    let mut changed = draft.clone();
    changed.append(objects);
    changed.judge()
}

#[track_caller]
fn assert_passed(report: &Report) {
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    let level = report.signatures[0].modification.level;
    assert_eq!(level, ModificationLevel::Annotation, "{report}");
}

#[track_caller]
fn assert_refused(report: &Report) {
    assert_eq!(report.conclusion, Conclusion::Failed, "{report}");
}

fn has(report: &Report, code: Code) -> bool {
    report.signatures[0].findings.iter().any(|finding| finding.code == code)
}

#[track_caller]
fn assert_over_content(report: &Report) {
    assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report}");
    assert!(has(report, Code::ModOverContent), "{report}");
}

#[test]
fn comments_are_permitted_by_level_3_and_by_nothing_else() {
    let kinds = [
        "Text /Name /Note",
        "Link /A << /S /URI /URI (https://example.com) >>",
        "FreeText /DA (/Helv 9 Tf)",
        "Line /L [120 120 180 180]",
        "Square",
        "Circle /IC [1 0 0]",
        "Polygon /Vertices [120 120 180 120 150 180]",
        "PolyLine /Vertices [120 120 180 120 150 180]",
        "Highlight /QuadPoints [120 180 180 180 120 120 180 120] /C [1 1 0]",
        "Underline",
        "Squiggly",
        "StrikeOut",
        "Stamp /Name /Approved",
        "Caret",
        "Ink /InkList [[120 120 180 180]]",
        "Popup /Open false",
        "FileAttachment",
        "Redact",
    ];
    for level in 0..=3 {
        let draft = signed(&[], level);
        for kind in kinds {
            let report = commented(&draft, &format!("/Subtype /{kind} /Rect {CLEAR}"), None);
            if level < 3 {
                assert_refused(&report);
                let expected = if level == 0 { "mod.forbidden" } else { "mod.not_permitted" };
                assert_eq!(codes(&report), [expected], "{kind}: {report}");
                continue;
            }
            assert_passed(&report);
            let changes = &report.signatures[0].modification.changes;
            let rule = |it: &&sealwright::report::Change| it.rule == Some(Rule::AnnotationAdded);
            let change = changes.iter().find(rule).expect("the comment is listed");
            assert_eq!((change.kind, change.page), (ChangeKind::Annotation, Some(1)));
            assert_eq!(change.rect, Some([120.0, 120.0, 180.0, 180.0]));
            assert_eq!(change.seen, Some([120.0, 20.0, 180.0, 80.0]));
        }
    }
}

#[test]
fn the_host_may_permit_comments_or_nothing() {
    let judged = |draft: &Draft, level: DocMdp| {
        let mut changed = draft.clone();
        let number = last_size(&changed.bytes);
        let page = page(&format!("/Annots [6 0 R {number} 0 R]"));
        changed.append(&[
            (3, &page),
            (number, &format!("<< /Subtype /Square /Rect {CLEAR} /P 3 0 R >>")),
        ]);
        check(&changed.bytes, &CheckOptions::without_trust().assume_certified(level)).unwrap()
    };
    let open = signed(&[], 0);
    assert_passed(&judged(&open, DocMdp::Annotate));
    assert_refused(&judged(&open, DocMdp::FillAndSign));
    let certified = signed(&[], 3);
    assert_passed(&judged(&certified, DocMdp::Annotate));
    assert_refused(&judged(&certified, DocMdp::NoChanges));
    assert_refused(&judged(&signed(&[], 2), DocMdp::Annotate));
}

#[test]
fn rectangles_are_told_as_they_are_seen() {
    let turned = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /CropBox [10 20 200 200] \
                  /Rotate 90 /UserUnit 2 /Contents 4 0 R /Annots [6 0 R] >>";
    let draft = signed(&[(3, turned)], 3);
    let number = last_size(&draft.bytes);
    let page = turned.replace("[6 0 R]", &format!("[6 0 R {number} 0 R]"));
    let note = "<< /Subtype /Square /Rect [120 130 140 180] >>";
    let report = after(&draft, &[(3, &page), (number, note)]);
    assert_passed(&report);
    let changes = &report.signatures[0].modification.changes;
    let change = changes.iter().find(|it| it.rule == Some(Rule::AnnotationAdded)).unwrap();
    // Turned clockwise, x is what was y from the lower edge, y what was x from the left; doubled.
    assert_eq!(change.seen, Some([220.0, 220.0, 320.0, 260.0]));
    assert_eq!(change.rect, Some([120.0, 130.0, 140.0, 180.0]));
}

#[test]
fn lists_of_annotations_may_be_anywhere_and_go() {
    let note = format!("<< /Type /Annot /Subtype /Square /Rect {CLEAR} >>");
    let own = signed(&[(3, &page("/Annots 7 0 R")), (7, "[6 0 R]")], 3);
    let number = last_size(&own.bytes);
    let grown = format!("[6 0 R {number} 0 R]");
    assert_passed(&after(&own, &[(7, &grown), (number, &note)]));
    let direct = page(&format!("/Annots [6 0 R {number} 0 R]"));
    assert_passed(&after(&own, &[(3, &direct), (number, &note)]));
    let inline = page(&format!("/Annots [6 0 R {note}]"));
    assert_passed(&after(&own, &[(3, &inline)]));
    let elsewhere = page(&format!("/Annots {number} 0 R"));
    let list = format!("[6 0 R {note}]");
    assert_passed(&after(&own, &[(3, &elsewhere), (number, &list)]));

    let objects = [(3, &*page("/Annots [6 0 R 7 0 R]")), (7, note.as_str())];
    let noted = signed(&objects, 3);
    assert_passed(&after(&noted, &[(3, &page("/Annots [6 0 R]"))]));
    // The widget of a signature is none.
    assert_refused(&after(&noted, &[(3, &page("/Annots [7 0 R]"))]));
    assert_refused(&after(&noted, &[(3, &page(""))]));
    // What was below is above now.
    assert_refused(&after(&noted, &[(3, &page("/Annots [7 0 R 6 0 R]"))]));
    assert_refused(&after(&noted, &[(3, &page("/Annots [6 0 R 7 0 R 7 0 R]"))]));
    for level in [0, 2] {
        let noted = signed(&objects, level);
        assert_refused(&after(&noted, &[(3, &page("/Annots [6 0 R]"))]));
    }
}

#[test]
fn comments_have_answers_popups_and_other_words() {
    let note = format!("<< /Type /Annot /Subtype /Text /Rect {CLEAR} /P 3 0 R /Contents (a) >>");
    let draft = signed(&[(3, &page("/Annots [6 0 R 7 0 R]")), (7, &note)], 3);
    let (popup, answer) = (last_size(&draft.bytes), last_size(&draft.bytes) + 1);
    let changed = note.replace("(a)", &format!("(b) /Popup {popup} 0 R"));
    let objects = [
        (3, page(&format!("/Annots [6 0 R 7 0 R {popup} 0 R {answer} 0 R]"))),
        (7, changed.clone()),
        (popup, format!("<< /Type /Annot /Subtype /Popup /Rect {CLEAR} /Parent 7 0 R >>")),
        (answer, format!("<< /Type /Annot /Subtype /Text /Rect {CLEAR} /IRT 7 0 R /RT /R >>")),
    ];
    let objects = objects.each_ref().map(|(number, body)| (*number, body.as_str()));
    let report = after(&draft, &objects);
    assert_passed(&report);
    let rules: Vec<_> =
        report.signatures[0].modification.changes.iter().filter_map(|it| it.rule).collect();
    assert!(rules.contains(&Rule::AnnotationChanged), "{rules:?}");
    // Whoever permits no comments permits no other words in them either.
    let closed = signed(&[(3, &page("/Annots [6 0 R 7 0 R]")), (7, &note)], 2);
    let words = note.replace("(a)", "(b)");
    assert_eq!(codes(&after(&closed, &[(7, &words)])), ["mod.not_permitted"]);
}

#[test]
fn a_comment_over_content_is_no_comment_like_others() {
    let draft = signed(&[], 3);
    let white = form("1 g 0 0 60 60 re f");
    let text = form("BT /F 40 Tf 10 10 Td (900) Tj ET");
    let thick = form("20 w 0 30 m 60 30 l S");
    let hatched = form("3 w 0 5 m 60 5 l 60 10 l 0 10 l 0 15 l 60 15 l 60 20 l 0 20 l S");
    let cases = [
        ("FreeText", None),
        ("Stamp", None),
        ("Redact", None),
        ("Square /IC [1 1 1]", None),
        ("Ink /BS << /W 30 >> /InkList [[20 80 80 80]]", None),
        ("Highlight /C [0 0 0]", None),
        ("FreeText", Some(&white)),
        ("Stamp", Some(&text)),
        ("Highlight", Some(&white)),
        ("Ink", Some(&thick)),
        ("Ink", Some(&hatched)),
        ("Text", Some(&white)),
        ("Link", Some(&white)),
    ];
    for (kind, appearance) in cases {
        let over = format!("/Subtype /{kind} /Rect {OVER}");
        assert_over_content(&commented(&draft, &over, appearance.map(String::as_str)));
        let beside = over.replace(OVER, CLEAR);
        assert_passed(&commented(&draft, &beside, appearance.map(String::as_str)));
    }
    // What one sees the content through, or does not see at all.
    let marker = stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 60 60] \
         /Resources << /ExtGState << /M << /BM /Multiply >> >> >>",
        "/M gs 1 1 0 rg 0 0 60 60 re f",
    );
    let line = form("1 w 0 30 m 60 30 l S");
    for (kind, appearance) in [
        ("Highlight", Some(&marker)),
        ("Highlight /C [1 1 0]", None),
        ("StrikeOut", Some(&line)),
        ("Underline", None),
        ("Square", None),
        ("Text", None),
        ("Popup", None),
    ] {
        let over = format!("/Subtype /{kind} /Rect {OVER}");
        assert_passed(&commented(&draft, &over, appearance.map(String::as_str)));
    }
    let dark = marker.replace("1 1 0 rg", "0 0 0 rg");
    let over = format!("/Subtype /Highlight /Rect {OVER}");
    assert_over_content(&commented(&draft, &over, Some(&dark)));
}

#[test]
fn a_seal_that_a_comment_hides_is_content() {
    let draft = signed(&[(4, &stream("", " "))], 3);
    let over = "/Subtype /FreeText /Rect [10 10 60 60]";
    assert_over_content(&commented(&draft, over, None));
    assert_passed(&commented(&draft, "/Subtype /FreeText /Rect [70 70 90 90]", None));
}

#[test]
fn a_comment_that_hid_something_is_told_when_it_goes_or_moves() {
    let note = format!("<< /Type /Annot /Subtype /FreeText /Rect {OVER} /P 3 0 R >>");
    let draft = signed(&[(3, &page("/Annots [6 0 R 7 0 R]")), (7, &note)], 3);
    assert_over_content(&after(&draft, &[(3, &page("/Annots [6 0 R]"))]));
    assert_over_content(&after(&draft, &[(7, &note.replace(OVER, CLEAR))]));
    assert_over_content(&after(&draft, &[(7, &note.replace("/P 3", "/F 2 /P 3"))]));
}

#[test]
fn a_new_signature_over_content_is_told() {
    for (level, conclusion) in
        [(0, Conclusion::Passed), (2, Conclusion::Indeterminate), (3, Conclusion::Indeterminate)]
    {
        for (rect, over) in [(OVER, true), (CLEAR, false)] {
            let mut draft = signed(&[], level);
            let (field, shown) = (last_size(&draft.bytes) + 1, last_size(&draft.bytes) + 2);
            let widget = format!(
                "<< /Type /Annot /Subtype /Widget /FT /Sig /T (b) /F 132 /Rect {rect} /P 3 0 R \
                 /AP << /N {shown} 0 R >> /V VALUE 0 R >>"
            );
            draft.sign_among(&[
                (3, &page(&format!("/Annots [6 0 R {field} 0 R]"))),
                (5, &format!("<< /Fields [6 0 R {field} 0 R] /SigFlags 3 >>")),
                (field, &widget),
                (shown, &form("1 g 0 0 60 60 re f")),
            ]);
            let report = draft.judge();
            let expected = if over { conclusion } else { Conclusion::Passed };
            assert_eq!(report.conclusion, expected, "{level} {rect}: {report}");
            assert_eq!(has(&report, Code::ModOverContent), over, "{report}");
        }
    }
}

/// A document of two pages, the second empty and with a field where the first has content.
fn two_pages() -> Draft {
    let second = page("/Annots [21 0 R]").replace("/Contents 4 0 R", "");
    let objects = [
        (2, "<< /Type /Pages /Kids [3 0 R 20 0 R] /Count 2 >>"),
        (5, "<< /Fields [6 0 R 21 0 R] /SigFlags 3 >>"),
        (20, second.as_str()),
        (21, &prepared_field("")),
    ];
    signed(&objects, 2)
}

/// The field of the second page.
fn prepared_field(value: &str) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (c) /F 132 /Rect {OVER} /P 20 0 R {value} >>"
    )
}

#[test]
fn a_widget_stands_on_one_page_and_stays_there() {
    let fill = |objects: &[(u32, &str)]| {
        let mut draft = two_pages();
        let shown = form("1 g 0 0 60 60 re f");
        let field = prepared_field("/AP << /N 30 0 R >> /V VALUE 0 R");
        draft.sign_among(&[&[(21, field.as_str()), (30, &shown)], objects].concat());
        draft.judge()
    };
    assert_passed_twice(&fill(&[]));
    let elsewhere = page("/Annots [6 0 R 21 0 R]");
    assert_refused(&fill(&[(3, &elsewhere)]));

    let place = |lists: [&str; 2]| {
        let mut draft = two_pages();
        let widget = prepared_field("/AP << /N 30 0 R >> /V VALUE 0 R").replace("(c)", "(d)");
        let second = page(&format!("/Annots {}", lists[1])).replace("/Contents 4 0 R", "");
        draft.sign_among(&[
            (3, &page(&format!("/Annots {}", lists[0]))),
            (5, "<< /Fields [6 0 R 21 0 R 40 0 R] /SigFlags 3 >>"),
            (20, &second),
            (40, &widget),
            (30, &form("1 g 0 0 60 60 re f")),
        ]);
        draft.judge()
    };
    assert_passed_twice(&place(["[6 0 R]", "[21 0 R 40 0 R]"]));
    // It says that it is on the second page.
    assert_over_content(&place(["[6 0 R 40 0 R]", "[21 0 R]"]));
    assert_refused(&place(["[6 0 R 40 0 R]", "[21 0 R 40 0 R]"]));
}

#[test]
fn a_list_that_two_pages_have_gets_no_widget() {
    let second = page("/Annots 23 0 R").replace("/Contents 4 0 R", "");
    let shared = page("/Annots 23 0 R");
    let objects = [
        (2, "<< /Type /Pages /Kids [3 0 R 20 0 R] /Count 2 >>"),
        (3, shared.as_str()),
        (20, second.as_str()),
        (23, "[6 0 R]"),
    ];
    let mut draft = signed(&objects, 2);
    let widget = prepared_field("/AP << /N 30 0 R >> /V VALUE 0 R");
    draft.sign_among(&[
        (5, "<< /Fields [6 0 R 21 0 R] /SigFlags 3 >>"),
        (21, &widget),
        (23, "[6 0 R 21 0 R]"),
        (30, &form("1 g 0 0 60 60 re f")),
    ]);
    assert_refused(&draft.judge());
}

#[track_caller]
fn assert_passed_twice(report: &Report) {
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    assert_eq!(report.signatures.len(), 2, "{report}");
}

/// Each of these stands in `/Annots` and is no comment.
#[test]
fn what_plays_runs_or_fills_in_is_no_comment() {
    let draft = signed(&[], 3);
    for entries in [
        "/Subtype /Widget /FT /Tx /T (x)",
        "/Subtype /Screen",
        "/Subtype /RichMedia",
        "/Subtype /Watermark",
        "/Subtype /PrinterMark",
        "/Subtype /Link /A << /S /JavaScript /JS (x) >>",
        "/Subtype /Link /A << /S /Launch /F (x) >>",
        "/Subtype /Link /A << /S /GoTo /D [3 0 R /Fit] /Next << /S /JavaScript /JS (x) >> >>",
        "/Subtype /Square /AA << /E << /S /JavaScript /JS (x) >> >>",
        "/Subtype /Square /OC << /Type /OCG /Name (x) >>",
        "/Subtype /Square /FT /Sig",
        "/Subtype /Square /X << /Y 4 0 R >>",
        "/Type /Page /Subtype /Square",
        "",
    ] {
        let annotation = format!("{entries} /Rect {CLEAR} /P 3 0 R");
        let mut changed = draft.clone();
        let number = last_size(&changed.bytes);
        let body = format!("<< {annotation} >>");
        changed.append(&[(3, &page(&format!("/Annots [6 0 R {number} 0 R]"))), (number, &body)]);
        assert_refused(&changed.judge());
    }
    for appearance in [
        "<< /N 4 0 R >>",
        stream("/Subtype /Form", "0 0 9 9 re f").as_str(),
        stream("/Subtype /Form /BBox [0 0 9 9] /OC << >>", "0 0 9 9 re f").as_str(),
    ] {
        let note = format!("/Subtype /Stamp /Rect {CLEAR}");
        assert_refused(&commented(&draft, &note, Some(appearance)));
    }
}

/// Whoever prepares a document may let one object be two.
#[test]
fn a_comment_that_a_page_draws_from_does_not_change() {
    let note = format!("<< /Type /Annot /Subtype /Square /Rect {CLEAR} /CA 1 /Contents (a) >>");
    let with =
        |resources: &str| page(&format!("/Annots [6 0 R 7 0 R] /Resources << {resources} >>"));
    let faded = note.replace("/CA 1", "/CA 0");
    assert_passed(&after(&signed(&[(3, &with("")), (7, &note)], 3), &[(7, &faded)]));
    let state = signed(&[(3, &with("/ExtGState << /G 7 0 R >>")), (7, &note)], 3);
    assert_refused(&after(&state, &[(7, &faded)]));
    let element = "<< /Type /StructElem /S /Annot /P 9 0 R /K 7 0 R >>";
    let through = signed(&[(3, &with("/ExtGState 8 0 R")), (7, &note), (8, element)], 3);
    assert_refused(&after(&through, &[(7, &faded)]));

    // The object that shows it is used elsewhere too.
    let shows = note.replace("/CA 1", "/AP << /N 8 0 R >>");
    let before = form("0 g 0 0 9 9 re f");
    let other = form("1 g 0 0 9 9 re f");
    let own = signed(&[(3, &with("")), (7, &shows), (8, &before)], 3);
    assert_passed(&after(&own, &[(7, &shows.replace("(a)", "(b)")), (8, &other)]));
    let objects = [(3, with("/XObject << /X 8 0 R >>")), (7, shows.clone()), (8, before.clone())];
    let shared = signed(&objects.each_ref().map(|(n, body)| (*n, body.as_str())), 3);
    assert_refused(&after(&shared, &[(7, &shows.replace("(a)", "(b)")), (8, &other)]));
}

#[test]
fn an_object_that_a_page_was_waiting_for_is_no_new_comment() {
    let waiting = page("/Annots [6 0 R] /Resources << /ExtGState << /G 30 0 R >> >>");
    let draft = signed(&[(3, &waiting), (40, "(last)")], 3);
    let grown = waiting.replace("[6 0 R]", "[6 0 R 30 0 R]");
    let note = format!("<< /Type /Annot /Subtype /Square /Rect {CLEAR} /CA 0 >>");
    assert_refused(&after(&draft, &[(3, &grown), (30, &note)]));
}

#[test]
fn the_order_of_tabs_may_follow_the_structure_where_none_was_stated() {
    let plain = page("/Annots [6 0 R]");
    for (level, order, passes) in [
        (1, "/S", false),
        (2, "/S", true),
        (2, "/R", false),
        (0, "/S", true),
        (0, "/W", false),
        (3, "/R", true),
        (3, "4 0 R", false),
    ] {
        let draft = signed(&[(3, &plain)], level);
        let now = page(&format!("/Annots [6 0 R] /Tabs {order}"));
        let report = after(&draft, &[(3, &now)]);
        let passed = report.conclusion == Conclusion::Passed;
        assert_eq!(passed, passes, "{level} {order}: {report}");
    }
    let stated = signed(&[(3, &page("/Annots [6 0 R] /Tabs /R"))], 2);
    assert_refused(&after(&stated, &[(3, &page("/Annots [6 0 R] /Tabs /S"))]));
}

#[test]
fn what_nothing_refers_to_any_more_may_be_given_up() {
    let note = format!("<< /Type /Annot /Subtype /Square /Rect {CLEAR} >>");
    let with = page("/Annots [6 0 R 7 0 R]");
    let draft = signed(&[(3, &with), (7, &note), (8, "(unused)")], 3);
    let report = after(&draft, &[(8, "")]);
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    let changes = &report.signatures[0].modification.changes;
    assert!(changes.iter().any(|it| it.rule == Some(Rule::Freed)), "{report}");
    assert_passed(&after(&draft, &[(7, ""), (3, &page("/Annots [6 0 R]"))]));
    // Its page shows it still, or the content of the page is gone.
    assert_refused(&after(&draft, &[(7, "")]));
    assert_refused(&after(&draft, &[(4, "")]));
}
