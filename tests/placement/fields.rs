//! Form fields as places (§5.3): one rectangle for each widget, R-CTL-05 for the rest.

use sealwright::contract::{Control, ControlKind, FieldName, TextStyle};
use sealwright_testdata::documents::{CATALOG, page_number};
use sealwright_testdata::pdf::Pdf;

use crate::paper::{A4, Offices, boxes, open, pages, resolve, seal, signature, written};
use crate::world::control;

fn field(name: &str, id: &str, kind: ControlKind) -> Control {
    control("doc", id, "sa", kind, FieldName::new(name).unwrap())
}

/// Three pages, the second turned; the form's fields are objects 40 and up.
fn form(fields: &str, annotations: [&str; 3], objects: &[(u32, &str)]) -> Vec<u8> {
    let entries = [A4, &format!("{A4} /Rotate 90"), A4];
    let entries: Vec<String> = (entries.iter().zip(annotations))
        .map(|(page, annotations)| format!("{page} /Annots [{annotations}]"))
        .collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    let mut pdf: Pdf = pages(&entries);
    pdf.append_entry(CATALOG, &format!("/AcroForm << /Fields [{fields}] >>"));
    for (number, body) in objects {
        pdf.set(*number, *body);
    }
    written(&pdf)
}

/// The codes and the texts of what is wrong.
fn problems(bytes: &[u8], control: Control) -> Vec<(&'static str, String)> {
    let file = open(bytes);
    let contract = Offices::new().draft(&[("doc", &file)], vec![control]);
    let problems = resolve(&contract, &file).unwrap_err();
    problems.iter().map(|problem| (problem.code(), problem.to_string())).collect()
}

#[test]
fn r_ctl_05_an_empty_signature_field_hosts_a_seal() {
    let bytes = form(
        "40 0 R",
        ["40 0 R", "", ""],
        &[(40, "<</Type/Annot/Subtype/Widget/FT/Sig/T(seal)/Rect[100 582 240 722]>>")],
    );
    let file = open(&bytes);
    let contract = Offices::new().draft(&[("doc", &file)], vec![field("seal", "s", seal())]);
    let plan = resolve(&contract, &file).unwrap();
    assert_eq!(boxes(&plan, "s"), ["1: 140 x 140 at (100, 120)"]);
    assert_eq!(plan.controls()[0].mode(), "field");
}

#[test]
fn a_field_with_several_widgets_has_several_rectangles() {
    // The pages list the widgets in another order than the field, and no widget says its page.
    let bytes = form(
        "40 0 R",
        ["42 0 R", "41 0 R", "43 0 R"],
        &[
            (40, "<</FT/Tx/T(name)/Kids[41 0 R 42 0 R 43 0 R]>>"),
            (41, "<</Type/Annot/Subtype/Widget/Parent 40 0 R/Rect[200 100 260 220]>>"),
            (42, "<</Type/Annot/Subtype/Widget/Parent 40 0 R/Rect[100 582 220 642]>>"),
            (43, "<</Type/Annot/Subtype/Widget/Parent 40 0 R/Rect[220 642 100 582]>>"),
        ],
    );
    let file = open(&bytes);
    let text = ControlKind::Text(TextStyle::default());
    let contract = Offices::new().draft(&[("doc", &file)], vec![field("name", "t", text)]);
    let plan = resolve(&contract, &file).unwrap();
    let expected = ["1", "2", "3"].map(|page| format!("{page}: 120 x 60 at (100, 200)"));
    assert_eq!(boxes(&plan, "t"), expected);
}

#[test]
fn r_ctl_05_a_field_that_takes_no_signature_is_refused() {
    let widget = "/Type/Annot/Subtype/Widget/Rect[100 500 240 640]";
    let cases: [(&str, &str, &str); 9] = [
        ("/FT/Tx/T(f)", "no signature field", "ctl.field_cannot_host_signature"),
        ("/FT/Btn/T(f)", "no signature field", "ctl.field_cannot_host_signature"),
        ("/FT/Sig/T(f)/Ff 1", "read-only", "ctl.field_cannot_host_signature"),
        ("/FT/Sig/T(f)/V<</Type/Sig>>", "signed already", "ctl.field_cannot_host_signature"),
        ("/FT/Sig/T(f)/F 2", "hidden", "ctl.field_cannot_host_signature"),
        ("/FT/Sig/T(f)/F 32", "hidden", "ctl.field_cannot_host_signature"),
        ("/FT/Sig/T(other)", "no form field of this name", "ctl.field_not_found"),
        ("/FT/Sig/T(f)/Rect 7", "a rectangle", "ctl.field_cannot_host_signature"),
        ("/FT/Sig/T(f)/Rect[9 9 9 9]", "cannot be seen", "ctl.rect_degenerate"),
    ];
    for (entries, text, code) in cases {
        let widget = if entries.contains("Rect") { "/Subtype/Widget" } else { widget };
        let bytes = form("40 0 R", ["40 0 R", "", ""], &[(40, &format!("<<{widget}{entries}>>"))]);
        let found = problems(&bytes, field("f", "s", signature()));
        assert_eq!(found.len(), 1, "{entries}: {found:?}");
        assert_eq!(found[0].0, code, "{entries}");
        assert!(found[0].1.contains(text), "{entries}: {}", found[0].1);
    }
}

#[test]
fn r_ctl_05_a_widget_that_no_page_lists_is_seen_by_nobody() {
    let page = page_number(0);
    let widget =
        format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(f)/P {page} 0 R/Rect[100 500 240 640]>>");
    let bytes = form("40 0 R", ["", "", ""], &[(40, &widget)]);
    let found = problems(&bytes, field("f", "s", signature()));
    assert_eq!(found[0].0, "ctl.field_cannot_host_signature");
    assert!(found[0].1.contains("on no page"), "{}", found[0].1);
    // A field without any widget either.
    let bytes = form("40 0 R", ["", "", ""], &[(40, "<</FT/Sig/T(f)>>")]);
    let found = problems(&bytes, field("f", "s", signature()));
    assert!(found[0].1.contains("no widget"), "{}", found[0].1);
}

#[test]
fn r_ctl_05_a_widget_is_planned_on_the_one_page_that_shows_it() {
    let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(f)";
    let on_first = format!("{widget}/Rect[100 500 240 640]/P {} 0 R>>", page_number(0));
    let elsewhere = form("40 0 R", ["", "40 0 R", ""], &[(40, &on_first)]);
    let twice = form("40 0 R", ["40 0 R", "40 0 R", ""], &[(40, &on_first)]);
    for (bytes, why) in [(elsewhere, "/P is another page"), (twice, "several pages list")] {
        let found = problems(&bytes, field("f", "s", signature()));
        assert_eq!(found[0].0, "ctl.field_cannot_host_signature");
        assert!(found[0].1.contains(why), "{}", found[0].1);
    }
    // A list that two pages name is listed on both.
    let mut pdf = pages(&[&format!("{A4} /Annots 41 0 R"), &format!("{A4} /Annots 41 0 R")]);
    pdf.append_entry(CATALOG, "/AcroForm << /Fields [40 0 R] >>");
    pdf.set(40, &*on_first);
    pdf.set(41, "[40 0 R]");
    let found = problems(&written(&pdf), field("f", "s", signature()));
    assert!(found[0].1.contains("several pages list"), "{}", found[0].1);
    // Numbers that stand elsewhere are numbers.
    let rect = format!("{widget}/Rect[41 0 R 500 240 640]>>");
    let bytes = form("40 0 R", ["40 0 R", "", ""], &[(40, &rect), (41, "100")]);
    let file = open(&bytes);
    let contract = Offices::new().draft(&[("doc", &file)], vec![field("f", "s", signature())]);
    assert_eq!(boxes(&resolve(&contract, &file).unwrap(), "s"), ["1: 140 x 140 at (100, 202)"]);
}

#[test]
fn r_ctl_05_what_cannot_be_signed_is_not_planned() {
    let widget = "<</Type/Annot/Subtype/Widget/Parent 40 0 R/Rect[100 500 240 640]>>";
    let several = "<</FT/Sig/T(f)/Kids[41 0 R 42 0 R]>>";
    let objects = [(40, several), (41, widget), (42, widget)];
    let bytes = form("40 0 R", ["41 0 R", "42 0 R", ""], &objects);
    let found = problems(&bytes, field("f", "s", signature()));
    assert_eq!(found[0].0, "ctl.field_cannot_host_signature");
    assert!(found[0].1.contains("several widgets"), "{}", found[0].1);

    let demanding = "<</FT/Sig/T(f)/SV<</Ff 2/SubFilter[/x]>>/Subtype/Widget/Rect[1 1 99 99]>>";
    let bytes = form("40 0 R", ["40 0 R", "", ""], &[(40, demanding)]);
    let found = problems(&bytes, field("f", "s", signature()));
    assert!(found[0].1.contains("/SV"), "{}", found[0].1);
}

#[test]
fn a_field_that_nobody_fills_in_for_a_contract_is_not_planned() {
    let text = || ControlKind::Text(TextStyle::default());
    for (entries, why) in [
        ("/FT/Btn/Ff 65536", "is a push-button"),
        ("/FT/Tx/Ff 8192", "is for a password"),
        ("/FT/Tx/Ff 1048576", "is for the name of a file"),
        ("/FT/Tx/Ff 33554432", "is for rich text"),
        ("/FT/Tx/Ff 8193", "is read-only"),
    ] {
        let widget = format!("<</Subtype/Widget/T(f)/Rect[100 500 240 640]{entries}>>");
        let found = problems(&form("40 0 R", ["40 0 R", "", ""], &[(40, &widget)]), {
            field("f", "c", text())
        });
        assert_eq!(found.len(), 1, "{entries}: {found:?}");
        assert_eq!(found[0].0, "ctl.field_cannot_host_signature");
        assert!(found[0].1.contains(why), "{entries}: {}", found[0].1);
    }
}

#[test]
fn a_field_that_a_signature_locks_is_not_planned() {
    let lock = |names: &str| {
        format!(
            "/V<</Type/Sig/Reference[<</TransformMethod/FieldMDP/TransformParams\
             <</Action/Include/Fields[{names}]>>>>]>>"
        )
    };
    let widget = "/Subtype/Widget/Rect[100 500 240 640]";
    let signed_with = |entries: &str| {
        let objects = [
            (40, format!("<<{widget}/FT/Tx/T(date)>>")),
            (41, format!("<<{widget}/FT/Sig/T(b)>>")),
            (42, format!("<<{widget}/FT/Sig/T(a){entries}>>")),
        ];
        let objects: Vec<_> = objects.iter().map(|(id, body)| (*id, body.as_str())).collect();
        form("40 0 R 41 0 R 42 0 R", ["40 0 R 41 0 R 42 0 R", "", ""], &objects)
    };
    let text = || ControlKind::Text(TextStyle::default());
    let in_force = [
        lock("(date)(b)"),
        "/V<</Type/Sig>>/Lock<</Action/All>>".to_owned(),
        "/V<</Type/Sig>>/Lock<</Action/Exclude/Fields[(c)]>>".to_owned(),
    ];
    for entries in in_force {
        let bytes = signed_with(&entries);
        for (name, kind) in [("date", text()), ("b", signature())] {
            let found = problems(&bytes, field(name, "c", kind));
            assert_eq!(found.len(), 1, "{entries}: {found:?}");
            assert_eq!(found[0].0, "ctl.locked");
            let told = format!("the signature in field \"a\" locks field \"{name}\"");
            assert!(found[0].1.contains(&told), "{}", found[0].1);
        }
        // Of a signed field that is said.
        let found = problems(&bytes, field("a", "c", signature()));
        assert!(found[0].1.contains("signed already"), "{}", found[0].1);
    }
    // Not in force: another field is named, or nobody has signed yet.
    for entries in [lock("(other)"), "/Lock<</Action/All>>".to_owned()] {
        let bytes = signed_with(&entries);
        let file = open(&bytes);
        let contract = Offices::new().draft(&[("doc", &file)], vec![field("date", "c", text())]);
        assert!(resolve(&contract, &file).is_ok(), "{entries}");
    }
}

#[test]
fn r_ctl_04_a_widget_off_the_page_is_named_with_page_and_side() {
    let bytes = form(
        "40 0 R",
        ["", "40 0 R", ""],
        &[(40, "<</Type/Annot/Subtype/Widget/FT/Sig/T(f)/Rect[500 -30 590 60]>>")],
    );
    let file = open(&bytes);
    let contract = Offices::new().draft(&[("doc", &file)], vec![field("f", "s", signature())]);
    let problems = resolve(&contract, &file).unwrap_err();
    assert_eq!(problems[0].code(), "ctl.rect_out_of_page");
    assert_eq!(problems[0].page().unwrap().get(), 2);
    // The page is turned: what sticks out at the bottom of the file sticks out on the left.
    assert_eq!(problems[0].sides().unwrap().to_string(), "30 pt on the left");
}

#[test]
fn a_form_that_cannot_be_read_is_a_problem_of_the_document() {
    let bytes = form("40 0 R 40 0 R", ["", "", ""], &[(40, "<</FT/Sig/T(f)>>")]);
    let file = open(&bytes);
    let contract = Offices::new().draft(&[("doc", &file)], vec![field("f", "s", signature())]);
    let problems = resolve(&contract, &file).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].control(), problems[0].document().as_str()), (None, "doc"));
}
