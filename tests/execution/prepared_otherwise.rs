//! Documents to which a host added something after they were issued and before anybody signed: all
//! signatures hold, and cover it.

use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright_testdata::appended::{append_table_update, last_size};

use crate::attacks::last;
use crate::cast::{Cast, document_id};
use crate::verdicts::{
    all_sign, assert_codes, checked, exposed, names, signed, started, took_over,
};

/// The text of an object as it stands last.
fn text_of(bytes: &[u8], number: u32) -> String {
    let from = last(bytes, format!("\n{number} 0 obj\n").as_bytes());
    let from = from + format!("\n{number} 0 obj\n").len();
    let to = from + bytes[from..].windows(6).position(|it| it == b"endobj").unwrap();
    String::from_utf8(bytes[from..to].to_vec()).unwrap()
}

/// The object of a field of this name.
fn field(bytes: &[u8], name: &str) -> u32 {
    let file = File::open(bytes, Limits::default()).unwrap();
    let fields = file.latest().fields().unwrap();
    fields.iter().find(|field| field.name == name).unwrap().id.number
}

/// The object of a page, from 1.
fn page(bytes: &[u8], number: usize) -> u32 {
    File::open(bytes, Limits::default()).unwrap().latest().page_ids().unwrap()[number - 1].number
}

/// These objects with something replaced.
fn changed(bytes: &[u8], changes: &[(u32, &str, &str)], more: &[String]) -> Vec<u8> {
    let texts = changes.iter().map(|(number, old, new)| {
        let text = text_of(bytes, *number);
        assert!(text.contains(old), "{old} in {text}");
        (*number, text.replacen(old, new, 1))
    });
    let new = (last_size(bytes)..).zip(more.iter().cloned());
    let objects: Vec<(u32, String)> = texts.chain(new).collect();
    let objects: Vec<_> = objects.iter().map(|(number, it)| (*number, 0, it.as_bytes())).collect();
    append_table_update(bytes, &objects, "")
}

/// From the prepared document another one is made, which all sign.
fn prepared(change: impl FnOnce(&[u8]) -> Vec<u8>, expected: &[&'static str]) -> Vec<Option<u32>> {
    let hostile = |cast: &mut Cast| {
        let bytes = change(&cast.bytes[&document_id()]);
        cast.bytes.insert(document_id(), bytes);
        took_over(cast);
        all_sign(cast);
    };
    let verdict = exposed(&mut started(2), all_sign, hostile, expected);
    verdict.deviations.iter().map(|it| it.page).collect()
}

/// An annotation that covers this.
fn square(rect: &str) -> String {
    format!("<< /Type /Annot /Subtype /Square /IC [1 1 1] /F 4 /Rect [{rect}] >>")
}

#[test]
fn an_annotation_over_the_seal_is_exposed() {
    let over = |bytes: &[u8]| {
        let new = format!("/Annots [{} 0 R ", last_size(bytes));
        let page = page(bytes, 3);
        // Below the seals: nothing is covered, and yet it was added.
        changed(bytes, &[(page, "/Annots [", &new)], &[square("60 190 200 320")])
    };
    assert_eq!(prepared(over, &["exec.annotation_added"]), [Some(3)]);
    let over = |bytes: &[u8]| {
        let new = format!(" {} 0 R] >>", last_size(bytes));
        let page = page(bytes, 3);
        changed(bytes, &[(page, "] >>", &new)], &[square("60 190 200 320")])
    };
    prepared(over, &["exec.annotation_added", "exec.face_covered"]);
}

#[test]
fn an_annotation_that_is_no_object_is_exposed() {
    let inside = |bytes: &[u8]| {
        let new = format!("/Annots [{} ", square("60 400 200 500"));
        changed(bytes, &[(page(bytes, 1), "/Annots [", &new)], &[])
    };
    assert_eq!(prepared(inside, &["exec.annotation_added"]), [Some(1)]);
}

#[test]
fn a_seal_that_shows_itself_on_another_page_as_well_is_exposed() {
    // The engine signs no such field: it is made so afterwards, which breaks what the others signed.
    let mut cast = signed(2, sealwright::execution::Certifier::FirstSigner);
    let bytes = cast.bytes[&document_id()].clone();
    let twice = format!("/Annots [{} 0 R ", field(&bytes, "seal_1"));
    let bytes = changed(&bytes, &[(page(&bytes, 1), "/Annots [", &twice)], &[]);
    cast.bytes.insert(document_id(), bytes);
    let expected = ["exec.bytes_appended", "exec.field_doubled", "exec.signature_failed"];
    assert_codes(&checked(&cast), &expected);
}

#[test]
fn a_field_of_two_widgets_is_exposed() {
    // No signature field: the engine signs none that has two.
    let two = |bytes: &[u8]| {
        let (number, next) = (field(bytes, "date_1"), last_size(bytes));
        let own = text_of(bytes, number);
        let widget = |page: u32| {
            let rest = own.replacen("/FT /Tx /Ff 0 ", "", 1).replacen("/T (date_1) ", "", 1);
            let (before, after) = rest.split_at(rest.find("/P ").unwrap());
            let after = &after[after.find(" R").unwrap() + 2..];
            format!("{before} /P {page} 0 R /Parent {number} 0 R {after}")
        };
        let pages = [page(bytes, 3), page(bytes, 1)];
        let field = format!(
            "<< /FT /Tx /Ff 0 /DA (/Helv 0 Tf 0 g) /T (date_1) /Kids [{next} 0 R {} 0 R] >>",
            next + 1
        );
        let old = format!("{number} 0 R");
        let (third, first) = (format!("{next} 0 R"), format!("/Annots [{} 0 R ", next + 1));
        changed(
            bytes,
            &[(number, &own, &field), (pages[0], &old, &third), (pages[1], "/Annots [", &first)],
            &[widget(pages[0]), widget(pages[1])],
        )
    };
    prepared(two, &["exec.field_doubled"]);
}

#[test]
fn a_field_that_nobody_planned_is_exposed() {
    let more = |bytes: &[u8]| {
        let (next, page) = (last_size(bytes), page(bytes, 2));
        let field = format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (late) /F 132 /Rect [60 60 200 200] /P {page} 0 R >>"
        );
        let (list, form) = (format!("/Annots [{next} 0 R "), format!("/Fields [{next} 0 R "));
        let catalog = 1;
        changed(bytes, &[(page, "/Annots [", &list), (catalog, "/Fields [", &form)], &[field])
    };
    assert_eq!(prepared(more, &["exec.annotation_added"]), [Some(2)]);
}

#[test]
fn a_page_that_is_turned_before_or_after_is_exposed() {
    let turn = |bytes: &[u8]| {
        changed(bytes, &[(page(bytes, 2), "/Type /Page", "/Type /Page /Rotate 180")], &[])
    };
    prepared(turn, &["exec.pages_differ"]);
    let mut cast = signed(2, sealwright::execution::Certifier::FirstSigner);
    let bytes = turn(&cast.bytes[&document_id()]);
    cast.bytes.insert(document_id(), bytes);
    let verdict = checked(&cast);
    let expected = ["exec.bytes_appended", "exec.pages_differ", "exec.signature_failed"];
    assert_codes(&verdict, &expected);
    assert!((0..2).all(|number| names(&verdict, "exec.signature_failed", number, None)));
}

#[test]
fn a_date_in_the_name_of_somebody_who_has_not_signed_is_exposed() {
    let one_signs = |cast: &mut Cast| cast.sign(0).unwrap();
    let hostile = |cast: &mut Cast| {
        let bytes = cast.bytes[&document_id()].clone();
        let change = [(field(&bytes, "date_1"), "/T (date_1)", "/T (date_1) /V (2026)")];
        cast.bytes.insert(document_id(), changed(&bytes, &change, &[]));
        took_over(cast);
        one_signs(cast);
    };
    let verdict = exposed(&mut started(2), one_signs, hostile, &["exec.not_recorded"]);
    assert!(names(&verdict, "exec.not_recorded", 1, None), "{verdict}");
}

#[test]
fn other_text_on_a_page_that_was_issued_is_exposed() {
    // The content of the page, its resources, what these lead to, and one more stream before it.
    let content = |bytes: &[u8]| {
        let text = text_of(bytes, page(bytes, 1));
        let after = text.split("/Contents ").nth(1).unwrap();
        let number: u32 = after.split(' ').next().unwrap().parse().unwrap();
        (text, number)
    };
    let stream = "<< /Length 27 >>\nstream\nBT /F1 9 Tf (99) Tj ET      \nendstream".to_owned();
    type Change<'c> = &'c dyn Fn(&[u8]) -> Vec<u8>;
    let again: Change<'_> = &|bytes| {
        let (_, number) = content(bytes);
        append_table_update(bytes, &[(number, 0, stream.as_bytes())], "")
    };
    let before: Change<'_> = &|bytes| {
        let (_, number) = content(bytes);
        let (old, next) = (format!("/Contents {number} 0 R"), last_size(bytes));
        let new = format!("/Contents [{next} 0 R {number} 0 R]");
        changed(bytes, &[(page(bytes, 1), &old, &new)], std::slice::from_ref(&stream))
    };
    let font: Change<'_> = &|bytes| {
        let other = "<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>";
        append_table_update(bytes, &[(3, 0, other.as_bytes())], "")
    };
    let resources: Change<'_> =
        &|bytes| changed(bytes, &[(page(bytes, 1), "/F1 3 0 R", "/F2 3 0 R")], &[]);
    for change in [again, before, font, resources] {
        let pages = prepared(change, &["exec.content_changed"]);
        assert_eq!(pages.first(), Some(&Some(1)), "{pages:?}");
    }
}

#[test]
fn layers_that_came_later_are_exposed() {
    let layers = |bytes: &[u8]| {
        let new = "/Type /Catalog /OCProperties << /OCGs [] /D << >> >>";
        changed(bytes, &[(1, "/Type /Catalog", new)], &[])
    };
    assert_eq!(prepared(layers, &["exec.content_changed"]), [None]);
}
