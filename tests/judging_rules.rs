//! The judge on what comes with changes, and on what is written in another way and says the same.

mod judging_support;

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use judging_support::Draft;
use sealwright::report::{AttackFamily, Conclusion, ModificationLevel, Report, Rule};
use sealwright_testdata::appended::last_size;
use sealwright_testdata::pki::KeyType;

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

fn page(entries: &str) -> String {
    format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Annots [6 0 R] {entries} >>")
}

fn stream(entries: &str, data: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

fn after(draft: &Draft, objects: &[(u32, &str)]) -> Report {
    let mut changed = draft.clone();
    changed.append(objects);
    changed.judge()
}

fn rules(report: &Report) -> Vec<Rule> {
    report.signatures[0].modification.changes.iter().filter_map(|it| it.rule).collect()
}

#[track_caller]
fn assert_passed(report: &Report) {
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
}

#[track_caller]
fn assert_refused(report: &Report) {
    assert_eq!(report.conclusion, Conclusion::Failed, "{report}");
}

#[test]
fn an_empty_field_is_new_to_those_who_certified() {
    for (level, passes) in [(0, true), (1, false), (2, false), (3, true)] {
        let draft = signed(&[], level);
        let field = last_size(&draft.bytes);
        let widget =
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (b) /F 132 /Rect [1 1 9 9] /P 3 0 R >>";
        let report = after(
            &draft,
            &[
                (3, &page("/Contents 4 0 R").replace("[6 0 R]", &format!("[6 0 R {field} 0 R]"))),
                (5, &format!("<< /Fields [6 0 R {field} 0 R] /SigFlags 3 >>")),
                (field, widget),
            ],
        );
        let passed = report.conclusion == Conclusion::Passed;
        assert_eq!(passed, passes, "{level}: {report}");
        if passes {
            assert!(rules(&report).contains(&Rule::EmptyFieldAdded), "{report}");
        }
    }
}

#[test]
fn an_object_that_nothing_uses_is_left_alone() {
    let draft = signed(&[], 1);
    let number = last_size(&draft.bytes);
    let report = after(&draft, &[(number, "(x)")]);
    assert_passed(&report);
    assert_eq!(rules(&report), [Rule::Unused]);
    // Beside something forbidden it may be a part of it.
    let report = after(&draft, &[(number, "(x)"), (4, &stream("", "0 0 9 9 re f"))]);
    assert!(rules(&report).is_empty(), "{report}");
}

#[test]
fn names_are_added_for_icons_and_for_nothing_else() {
    let catalog =
        |names: &str| format!("<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /Names {names} >>");
    let icon = stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", "0 0 9 9 re f");
    let plain = signed(&[], 3);
    let number = last_size(&plain.bytes);
    let tree = format!("<< /AP << /Names [(a) {number} 0 R] >> >>");
    let report = after(&plain, &[(1, &catalog(&tree)), (number, &icon)]);
    assert_passed(&report);
    assert_eq!(report.signatures[0].modification.level, ModificationLevel::Annotation);
    for level in 0..3 {
        let plain = signed(&[], level);
        let number = last_size(&plain.bytes);
        let tree = format!("<< /AP << /Names [(a) {number} 0 R] >> >>");
        assert_refused(&after(&plain, &[(1, &catalog(&tree)), (number, &icon)]));
    }
    let script = "<< /S /JavaScript /JS (x) >>";
    for names in [
        format!("<< /JavaScript << /Names [(a) {number} 0 R] >> >>"),
        format!("<< /EmbeddedFiles << /Names [(a) {number} 0 R] >> >>"),
        format!("<< /Dests << /Names [(a) {number} 0 R] >> >>"),
        format!("<< /AP << /Names [(a) {number} 0 R] >> >>"),
        format!("<< /AP << /Kids [{number} 0 R] >> >>"),
    ] {
        assert_refused(&after(&plain, &[(1, &catalog(&names)), (number, script)]));
    }
    // A name that was there stays what it was.
    let named = signed(&[(1, &catalog("<< /AP << /Names [(a) 7 0 R] >> >>")), (7, &icon)], 3);
    let number = last_size(&named.bytes);
    let more = format!("<< /AP << /Names [(a) 7 0 R (b) {number} 0 R] >> >>");
    assert_passed(&after(&named, &[(1, &catalog(&more)), (number, &icon)]));
    assert_refused(&after(&named, &[(1, &catalog(&tree)), (number, &icon)]));
    assert_refused(&after(&named, &[(1, &catalog("<< /AP << /Names [] >> >>"))]));
    // Names that a page draws by are none.
    let shown = page("/Contents 4 0 R /Resources << /XObject 8 0 R >>");
    let draws = signed(&[(1, &catalog("8 0 R")), (3, &shown), (8, "<< /AP << /Names [] >> >>")], 3);
    let number = last_size(&draws.bytes);
    let more = format!("<< /AP << /Names [(a) {number} 0 R] >> >>");
    assert_refused(&after(&draws, &[(8, &more), (number, &icon)]));
}

#[test]
fn another_writer_may_say_the_same_under_other_numbers() {
    let font = |name: &str| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} >>");
    let with = |contents: u32, resources: u32| {
        page(&format!("/Contents [{contents} 0 R] /Resources {resources} 0 R"))
    };
    let resources = |font: u32| format!("<< /Font << /F {font} 0 R >> >>");
    let text = "BT /F 12 Tf (a) Tj ET";
    let draft = signed(
        &[(3, &with(4, 7)), (4, &stream("", text)), (7, &resources(8)), (8, &font("Helvetica"))],
        1,
    );
    let number = last_size(&draft.bytes);
    let again = |name: &str, text: &str| {
        let objects = [
            (3, with(number, number + 1)),
            (number, stream("", text)),
            (number + 1, resources(number + 2)),
            (number + 2, font(name)),
        ];
        after(&draft, &objects.each_ref().map(|(number, body)| (*number, body.as_str())))
    };
    let report = again("Helvetica", text);
    assert_passed(&report);
    assert_eq!(report.signatures[0].modification.level, ModificationLevel::Lta);
    assert_eq!(rules(&report).iter().filter(|rule| **rule == Rule::Restated).count(), 3);
    assert_refused(&again("Symbol", text));
    assert_refused(&again("Helvetica", "BT /F 12 Tf (b) Tj ET"));
    // Fields and annotations are known by their numbers: a copy of one is another one.
    let widget = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (prepared) /F 132 \
                  /Rect [10 10 60 60] /P 3 0 R >>";
    let copied =
        page("/Contents [4 0 R] /Resources 7 0 R").replace("[6 0 R]", &format!("[{number} 0 R]"));
    assert_refused(&after(&draft, &[(3, &copied), (number, widget)]));
}

#[test]
fn data_that_is_packed_in_another_way_is_the_same_data() {
    let text = "0 0 100 100 re f";
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let hex: String = packed.iter().map(|byte| format!("{byte:02x}")).collect();
    let filters = "/Filter [/ASCIIHexDecode /FlateDecode]";
    let draft = signed(&[(4, &stream("", text))], 1);
    let report = after(&draft, &[(4, &stream(filters, &format!("{hex}>")))]);
    assert_passed(&report);
    assert!(report.signatures[0].modification.changes.is_empty(), "{report}");
    let hex_of = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let plain = |text: &str| stream("/Filter /ASCIIHexDecode", &format!("{}>", hex_of(text)));
    assert_passed(&after(&draft, &[(4, &plain(text))]));
    assert_refused(&after(&draft, &[(4, &plain("0 0 101 100 re f"))]));
    // What cannot be unpacked says something else, and so does a dictionary with more in it.
    let cut = &hex[..hex.len() - 8];
    assert_refused(&after(&draft, &[(4, &stream(filters, &format!("{cut}>")))]));
    assert_refused(&after(&draft, &[(4, &stream("/F (other)", text))]));
}

#[test]
fn the_structure_follows_comments_and_nothing_else() {
    let note = "<< /Type /Annot /Subtype /Square /Rect [120 120 180 180] /StructParent 1 >>";
    let root = "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /StructTreeRoot 9 0 R \
                /MarkInfo << /Marked true >> >>";
    let kids = |kids: &str| format!("<< /Type /StructElem /S /Document /P 9 0 R /K [{kids}] >>");
    let tree = |entries: &str| {
        format!("<< /Type /StructTreeRoot /K 10 0 R /ParentTree << /Nums [{entries}] >> >>")
    };
    let paragraph = "<< /Type /StructElem /S /P /P 10 0 R /K 0 /Pg 3 0 R >>";
    let annotated = |list: &str| page("/Contents 4 0 R").replace("[6 0 R]", list);
    let objects = [
        (1, root.to_owned()),
        (3, annotated("[6 0 R]")),
        (9, tree("0 [11 0 R]")),
        (10, kids("11 0 R")),
        (11, paragraph.to_owned()),
    ];
    let objects = objects.each_ref().map(|(number, body)| (*number, body.as_str()));
    let draft = signed(&objects, 3);
    let (number, element) = (last_size(&draft.bytes), last_size(&draft.bytes) + 1);
    let new = format!(
        "<< /Type /StructElem /S /Annot /P 10 0 R /K << /Type /OBJR /Obj {number} 0 R >> >>"
    );
    let added = |list: &str, elements: &str, entries: &str, new: &str| {
        let objects = [
            (3, annotated(list)),
            (9, tree(entries)),
            (10, kids(elements)),
            (number, note.to_owned()),
            (element, new.to_owned()),
        ];
        after(&draft, &objects.each_ref().map(|(number, body)| (*number, body.as_str())))
    };
    let (list, elements) = (format!("[6 0 R {number} 0 R]"), format!("11 0 R {element} 0 R"));
    let entries = format!("0 [11 0 R] 1 {element} 0 R");
    let report = added(&list, &elements, &entries, &new);
    assert_passed(&report);
    assert!(rules(&report).contains(&Rule::StructureAdded), "{report}");
    // An element of the text, another order of the text, or one of it less.
    let text = "<< /Type /StructElem /S /P /P 10 0 R /K 1 /Pg 3 0 R >>";
    assert_refused(&added(&list, &elements, &entries, text));
    assert_refused(&added(&list, &format!("{element} 0 R"), &entries, &new));
    assert_refused(&added(&list, &elements, &format!("1 {element} 0 R"), &new));
    let taken = format!("0 {element} 0 R 1 {element} 0 R");
    assert_refused(&added(&list, &elements, &taken, &new));
    assert_refused(&added("[6 0 R]", &elements, &entries, &new));
}

/// What a forbidden change reminds of, one of each family that a change of objects may remind of.
#[test]
fn a_forbidden_change_names_the_attack_that_it_resembles() {
    let form = |data: &str| stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", data);
    let widget = |shown: u32| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (t) /F 4 /Rect [1 1 9 9] /P 3 0 R \
             /AP << /N {shown} 0 R >> >>"
        )
    };
    let shows =
        page("/Contents 4 0 R /Resources << /Font << /F 7 0 R >> /XObject << /X 8 0 R >> >>")
            .replace("[6 0 R]", "[6 0 R 9 0 R]");
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    let objects = [
        (3, shows.clone()),
        (5, "<< /Fields [6 0 R 9 0 R] /SigFlags 3 >>".to_owned()),
        (7, font.to_owned()),
        (8, form("0 0 9 9 re f")),
        (9, widget(8)),
    ];
    let draft = signed(&objects.each_ref().map(|(number, body)| (*number, body.as_str())), 2);
    let number = last_size(&draft.bytes);
    let note = "<< /Type /Annot /Subtype /FreeText /Rect [10 10 90 90] >>";
    let noted = shows.replace("[6 0 R 9 0 R]", &format!("[6 0 R 9 0 R {number} 0 R]"));
    let cases: [(AttackFamily, Vec<(u32, String)>); 8] = [
        (AttackFamily::ShadowReplace, vec![(7, font.replace("Helvetica", "Symbol"))]),
        (AttackFamily::ShadowHide, vec![(8, form("0 0 0 0 re f"))]),
        (AttackFamily::ShadowHide, vec![(8, String::new())]),
        (
            AttackFamily::AppearanceClobbering,
            vec![(8, form("0 0 0 0 re f")), (9, widget(8).replace("/T (t)", "/T (t) /V (x)"))],
        ),
        (AttackFamily::IncrementalSaving, vec![(3, shows.replace("/Contents 4 0 R", ""))]),
        (AttackFamily::IncrementalSaving, vec![(4, stream("", "1 1 9 9 re f"))]),
        (
            AttackFamily::ShadowHideAndReplace,
            vec![(2, "<< /Type /Pages /Kids [] /Count 0 >>".into())],
        ),
        (AttackFamily::EvilAnnotation, vec![(3, noted), (number, note.to_owned())]),
    ];
    for (family, objects) in cases {
        let objects: Vec<(u32, &str)> =
            objects.iter().map(|(number, body)| (*number, body.as_str())).collect();
        let report = after(&draft, &objects);
        assert_refused(&report);
        let changes = &report.signatures[0].modification.changes;
        let found: Vec<_> = changes.iter().filter_map(|change| change.resembles).collect();
        assert!(found.contains(&family), "{family:?}: {found:?} {report}");
        let text = report.to_string();
        assert!(text.contains(family.name(sealwright::report::Lang::En)), "{text}");
        let allowed = changes.iter().filter(|change| change.rule.is_some());
        assert!(allowed.into_iter().all(|change| change.resembles.is_none()));
    }
}
