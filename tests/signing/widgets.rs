//! Widgets of existing fields and lists of annotations, as pages really have them.

use sealwright::appearance::Drawing;
use sealwright::authorization::Authority;
use sealwright::contract::PageSet;
use sealwright::geometry::{Length, MilliPoints, PageNumber, Pt, Rect, Size};
use sealwright::pdf::ObjectId;
use sealwright::report::Conclusion;
use sealwright::signing::Seal;
use sealwright::update::{NewField, NewFieldKind, Part, Preparation};
use sealwright_testdata::documents::{CATALOG, page_number, plain};
use sealwright_testdata::pdf::{Layout, Pdf, Section};

use super::vessel::judged;
use super::*;

const FIELD: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(seal)";

/// What each page lists, by number.
fn listed(bytes: &Vec<u8>) -> Vec<Vec<u32>> {
    let file = open(bytes);
    let latest = file.latest();
    let mut lists = Vec::new();
    let read = latest.each_page(|page| {
        let list = latest.lookup(page.dictionary(), b"Annots")?;
        let list = list.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let ids = list.iter().filter_map(|item| item.value.as_reference());
        lists.push(ids.map(|id| id.number).collect());
        Ok::<_, sealwright::pdf::Error>(())
    });
    read.unwrap();
    lists
}

/// Three pages that have one list of annotations, with a link in it.
fn one_list_for_all(layout: &Layout) -> Vec<u8> {
    let mut pdf = plain(3);
    let link = pdf.add("<</Type/Annot/Subtype/Link/Rect[1 1 9 9]>>");
    let list = pdf.add(format!("[ {link} 0 R ]"));
    for page in 0..3 {
        pdf.append_entry(page_number(page), &format!("/Annots {list} 0 R"));
    }
    pdf.write(layout)
}

#[test]
fn a_list_that_pages_share_shows_a_seal_on_its_own_page_alone() {
    let face = face();
    for layout in [Layout::default(), Layout::with(Section::ObjectStreams(50))] {
        let mut bytes = one_list_for_all(&layout);
        let link = listed(&bytes)[0].clone();
        let mut expected = vec![link.clone(), link.clone(), link];
        // Page 1 gets an own list, then page 2; the rest is page 3's alone by then.
        for page in [1, 2, 2, 3] {
            let file = open(&bytes);
            let seal = Seal::on(&file).face(&face, Authority::AssertedByHost);
            let signed = seal.page(page).at(Mm(20.0), Mm(20.0));
            let signed = signed.sign(&signer(KeyType::P256), now()).unwrap();
            let name = signed.field_name().to_owned();
            let signed = joined(&bytes, signed.appended());
            drop(file);
            bytes = signed;
            let fields = open(&bytes).latest().fields().unwrap();
            let field = fields.iter().find(|field| field.name == name).unwrap().id;
            expected[usize::try_from(page).unwrap() - 1].push(field.number);
            assert_eq!(listed(&bytes), expected);
            let report = judged(&bytes);
            assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
        }
    }
}

#[test]
fn a_shared_list_grows_once_for_each_page_when_several_are_sealed() {
    let face = face();
    let bytes = one_list_for_all(&Layout::default());
    let file = open(&bytes);
    let seal = Seal::on(&file).face(&face, Authority::AssertedByHost);
    let signed = seal.pages(PageSet::All).at(Mm(20.0), Mm(20.0));
    let signed = signed.sign(&signer(KeyType::P256), now()).unwrap();
    let lists = listed(&joined(&bytes, signed.appended()));
    assert!(lists.iter().all(|list| list.len() == 2), "{lists:?}");

    let page = PageNumber::new(2).unwrap();
    let rect = |x: f64| Rect::new(Mm(x), Mm(10.0), Mm(20.0), Mm(20.0)).unwrap();
    let field = |name, x| NewField::new(name, NewFieldKind::Signature).at(page, rect(x));
    let ready = Preparation::default().signer([field("a", 10.0), field("b", 60.0)]);
    let lists = listed(&joined(&bytes, ready.append_to(&file).unwrap().appended()));
    assert_eq!(lists.iter().map(Vec::len).collect::<Vec<_>>(), [1, 3, 1]);
}

/// Two pages, the second upside down, with a signature field of these entries.
fn with_field(entries: &str, lists: [&str; 2]) -> Vec<u8> {
    let mut pdf: Pdf = plain(2);
    pdf.append_entry(page_number(1), "/Rotate 180");
    for (page, list) in (0..).zip(lists) {
        pdf.append_entry(page_number(page), &format!("/Annots {list}"));
    }
    pdf.append_entry(CATALOG, "/AcroForm << /Fields [40 0 R] >>");
    let rect = if entries.contains("/Rect") { "" } else { "/Rect[72 100 192 220]" };
    pdf.set(40, format!("{FIELD}{rect}{entries}>>"));
    pdf.set(41, "72");
    pdf.set(42, "[40 0 R]");
    pdf.write(&Layout::default())
}

#[test]
fn a_widget_is_on_the_page_that_lists_it() {
    let face = face();
    let (first, second) = (page_number(0), page_number(1));
    let (first, second) = (format!("/P {first} 0 R"), format!("/P {second} 0 R"));
    let elsewhere = "/P is another page";
    let shared = "several pages list";
    let cases = [
        ("", ["[]", "[40 0 R]"], Ok(2)),
        ("/P 900 0 R", ["[40 0 R]", "[]"], Ok(1)),
        (&second, ["[]", "[40 0 R]"], Ok(2)),
        ("/Rect[41 0 R 100 192 220]", ["[40 0 R]", "[]"], Ok(1)),
        (&first, ["[]", "[40 0 R]"], Err(elsewhere)),
        (&first, ["[]", "[]"], Err("on no page")),
        (&first, ["[40 0 R]", "[40 0 R]"], Err(shared)),
        ("", ["42 0 R", "42 0 R"], Err(shared)),
        ("/F 2", ["[40 0 R]", "[]"], Err("hidden")),
        ("/Rect[1 2 3 4 5]", ["[40 0 R]", "[]"], Err("without a rectangle")),
    ];
    for (entries, lists, expected) in cases {
        let bytes = with_field(entries, lists);
        let file = open(&bytes);
        let seal = Seal::on(&file).face(&face, Authority::AssertedByHost).existing_field("seal");
        match (seal.sign(&signer(KeyType::P256), now()), expected) {
            (Ok(signed), Ok(page)) => {
                let placed = signed.placed().unwrap();
                assert_eq!(placed.page().get(), page, "{entries} {lists:?}");
                // Upright on a page that is upside down.
                let form = appearance(&joined(&bytes, signed.appended()), 40);
                assert_eq!(form.contains("/Matrix"), page == 2, "{form}");
            }
            (Err(error), Err(why)) => {
                assert_eq!(error.code(), "ctl.field_cannot_host_signature");
                assert!(error.to_string().contains(why), "{entries} {lists:?}: {error}");
            }
            (result, _) => panic!("{entries} {lists:?}: {:?}", result.map(|_| ())),
        }
    }
}

/// The form that a widget shows: its dictionary, and the content behind it.
fn appearance(bytes: &Vec<u8>, widget: u32) -> String {
    let file = open(bytes);
    let latest = file.latest();
    let widget = latest.dictionary(ObjectId::new(widget, 0)).unwrap();
    let form = widget.get(b"AP").unwrap().as_dictionary().unwrap().reference(b"N").unwrap();
    let found = latest.get(form).unwrap().unwrap();
    let Object::Stream(stream) = &found.object.value else { panic!("no form") };
    let span = found.object.span;
    let text = &bytes[span.start as usize..span.end as usize];
    let text = String::from_utf8_lossy(text).into_owned();
    text + &String::from_utf8(latest.decoded(form, stream).unwrap()).unwrap()
}

/// What a signature shows in the field of 120 points.
fn seen(seal: Seal<'_>, bytes: &[u8]) -> String {
    let signed = seal.existing_field("seal").sign(&signer(KeyType::P256), now()).unwrap();
    appearance(&joined(bytes, signed.appended()), 40)
}

#[test]
fn a_drawing_in_a_field_has_the_width_that_was_asked_for() {
    let face = face();
    let bytes = with_field("", ["[40 0 R]", "[]"]);
    let file = open(&bytes);
    let drawing: Drawing = picture();
    let drawn = |width: Option<f64>| {
        let seal = Seal::on(&file).drawing(&drawing);
        seen(width.map_or(seal.clone(), |width| seal.width(Mm(width))), &bytes)
    };
    let sealed = |width: f64| {
        let seal = Seal::on(&file).face(&face, Authority::AssertedByHost);
        seen(seal.width(Mm(width)), &bytes)
    };
    assert_eq!(drawn(Some(42.0)), drawn(None));
    assert_ne!(drawn(Some(21.0)), drawn(None));
    // As large as a seal of that width.
    let numbers = |form: String| -> Vec<String> {
        let content = form.rsplit("endstream").next().unwrap_or("").to_owned();
        let numbers = content.split_whitespace().filter(|it| it.parse::<f64>().is_ok());
        numbers.map(str::to_owned).collect()
    };
    assert_eq!(numbers(drawn(Some(21.0))), numbers(sealed(21.0)));
}

#[test]
fn a_part_has_its_size_from_the_whole_whatever_the_width() {
    let face = face();
    let bytes = plain(1).write(&Layout::default());
    let file = open(&bytes);
    let whole = face.size().scaled_to_width(Pt(60.0)).unwrap();
    let size = Size::new(Pt(20.0), whole.height()).unwrap();
    let part = Part { whole, left: MilliPoints::ZERO, top: MilliPoints::ZERO, size };
    let drawing = picture();
    for seal in
        [Seal::on(&file).face(&face, Authority::AssertedByHost), Seal::on(&file).drawing(&drawing)]
    {
        let width: Length = Pt(60.0).into();
        let seal = seal.page(1).at(Pt(30.0), Pt(30.0)).part(part).width(width);
        let signed = seal.sign(&signer(KeyType::P256), now()).unwrap();
        assert_eq!(signed.placed().unwrap().rect().size(), size);
    }
}
