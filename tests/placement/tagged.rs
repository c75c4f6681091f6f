//! Values in tagged documents (ISO 32000-2 §14.7): what is drawn before the first signature has a
//! structure element, found here from the root of the structure down and from the page back up.

use std::collections::BTreeMap;

use sealwright::appearance::{Font, FontBook, UploadedPicture};
use sealwright::contract::{
    self, Absolute, Control, ControlKind, FieldName, ImageFit, Input, Owner, PageSet, Picture,
    PictureFormat, Point, TextStyle, Watermark,
};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::Pt;
use sealwright::pdf::{Dictionary, Object, ObjectId, Revision, text_string};
use sealwright::update::Filling;
use sealwright_testdata::documents::{self, CATALOG, page_number};
use sealwright_testdata::font::{DEJAVU_SANS, NOTO_SANS_SC};
use sealwright_testdata::{faces, pdf::Pdf};

use crate::paper::{Offices, at, key, open, qpdf_is_silent, resolve, written};
use crate::world::control;

fn fonts() -> FontBook {
    let font = |bytes: &[u8]| Font::from_bytes(bytes, 0).unwrap();
    let fonts = FontBook::new().with(contract::Font::Hei, font(NOTO_SANS_SC)).unwrap();
    fonts.with_fallback(font(DEJAVU_SANS)).unwrap()
}

fn line(id: &str, page: i32) -> Control {
    let kind = ControlKind::Text(TextStyle::default());
    let place = at(page, 60.0, 260.0, 180.0, 24.0);
    control("doc", id, "sa", kind, place).filled(&Input::text("甲方")).unwrap()
}

/// A line on either page, a tick and a picture on the second, and a watermark.
fn controls() -> Vec<Control> {
    let bytes = faces::upright_png(4);
    let digest = Digest::of(DigestAlgorithm::Sha256, &bytes);
    let picture = Picture { digest, format: PictureFormat::Png, length: bytes.len() as u64 };
    let of = |id: &str, kind, place, input: &Input| {
        control("doc", id, "sa", kind, place).filled(input).unwrap()
    };
    let everywhere = Absolute::new(PageSet::All, Point::at(Pt(0.0), Pt(0.0)).unwrap());
    let mark = ControlKind::Watermark(Watermark::text("甲方").unwrap());
    vec![
        line("one", 1),
        line("two", 2),
        of("tick", ControlKind::CheckBox, at(2, 260.0, 60.0, 14.0, 14.0), &Input::text("true")),
        of(
            "picture",
            ControlKind::Image(ImageFit::Keep),
            at(2, 300.0, 160.0, 120.0, 80.0),
            &Input::pictures([picture]),
        ),
        Control::new(key("doc", "mark"), mark, Owner::Initiator, everywhere),
    ]
}

/// The document with the values, and what is appended.
fn filled(bytes: &[u8], controls: Vec<Control>) -> (Vec<u8>, Vec<u8>) {
    let file = open(bytes);
    let contract = Offices::new().draft(&[("doc", &file)], controls);
    let (plan, fonts) = (resolve(&contract, &file).unwrap(), fonts());
    let find = |_: &Picture| UploadedPicture::from_bytes(&faces::upright_png(4)).ok();
    let filling = Filling::of(&contract, &plan, &fonts).pictures(&find);
    let appended = filling.merge(&plan.documents()[0], &file).unwrap();
    let whole = [bytes, &appended].concat();
    qpdf_is_silent(&whole);
    (whole, appended)
}

fn root(revision: Revision<'_>) -> Dictionary {
    revision.dictionary(revision.catalog().unwrap().reference(b"StructTreeRoot").unwrap()).unwrap()
}

/// The parent tree, read as the limits lead: what they hide is not there.
fn parents(revision: Revision<'_>) -> BTreeMap<i64, Object> {
    fn walk(revision: Revision<'_>, node: &Object, out: &mut BTreeMap<i64, Object>) {
        let node = revision.resolve(node).unwrap();
        let node = node.as_dictionary().unwrap();
        let mut found = BTreeMap::new();
        let list = |key: &[u8]| {
            let list = revision.lookup(node, key).unwrap();
            list.map(|list| list.as_array().unwrap().to_vec()).unwrap_or_default()
        };
        for kid in list(b"Kids") {
            walk(revision, &kid.value, &mut found);
        }
        for pair in list(b"Nums").chunks(2) {
            let value = revision.resolve(&pair[1].value).unwrap().into_owned();
            assert!(found.insert(pair[0].value.as_integer().unwrap(), value).is_none());
        }
        let limits: Vec<_> =
            list(b"Limits").iter().filter_map(|it| it.value.as_integer()).collect();
        if let [first, last] = limits[..] {
            found.retain(|key, _| (first..=last).contains(key));
        }
        out.extend(found);
    }
    let mut found = BTreeMap::new();
    walk(revision, root(revision).get(b"ParentTree").unwrap(), &mut found);
    found
}

/// Every element below the root that has content of a page: kind, number, and what it says.
fn elements(revision: Revision<'_>, page: u32) -> Vec<(String, usize, String)> {
    fn walk(revision: Revision<'_>, of: &Dictionary, out: &mut Vec<(ObjectId, Dictionary)>) {
        let kids = revision.lookup(of, b"K").unwrap().map(|kids| kids.into_owned());
        let kids = match (kids, of.reference(b"K")) {
            (Some(Object::Array(kids)), _) => {
                kids.iter().filter_map(|kid| kid.value.as_reference()).collect()
            }
            (_, only) => only.into_iter().collect::<Vec<_>>(),
        };
        for kid in kids {
            let element = revision.dictionary(kid).unwrap();
            walk(revision, &element, out);
            out.push((kid, element));
        }
    }
    let mut found = Vec::new();
    walk(revision, &root(revision), &mut found);
    let page = revision.page(page).unwrap();
    let list = page.dictionary().integer(b"StructParents").map(|key| {
        parents(revision)[&key].as_array().expect("a list of elements by number").to_vec()
    });
    let own = found.into_iter().filter(|(_, it)| it.reference(b"Pg") == Some(page.id()));
    own.filter_map(|(id, element)| {
        let number = usize::try_from(element.integer(b"K")?).unwrap();
        let listed = list.as_ref().expect("a list for the page")[number].value.as_reference();
        assert_eq!(listed, Some(id), "content {number} leads to its element");
        let text = element.get(b"Alt").or(element.get(b"ActualText")).and_then(Object::as_string);
        let text = text.map(|text| text_string::decode(&text.bytes)).unwrap_or_default();
        let kind = String::from_utf8(element.name(b"S").unwrap().to_vec()).unwrap();
        Some((kind, number, text))
    })
    .collect()
}

fn element(kind: &str, number: usize, text: &str) -> (String, usize, String) {
    (kind.to_owned(), number, text.to_owned())
}

fn count(bytes: &[u8], text: &str) -> usize {
    memchr::memmem::find_iter(bytes, text).count()
}

#[test]
fn every_value_on_a_page_has_an_element_that_says_what_it_is() {
    for bytes in
        [documents::tagged(), documents::pdf_a_2a(), documents::tagged_with_parent_tree_of_leaves()]
    {
        let (whole, appended) = filled(&bytes, controls());
        let file = open(&whole);
        let latest = file.latest();
        let there = element("P", 0, "");
        assert_eq!(elements(latest, 1), [there.clone(), element("P", 1, "甲方")]);
        let figure = element("Figure", 3, "picture");
        let second = [there, element("P", 1, "甲方"), element("P", 2, "\u{2611}"), figure];
        assert_eq!(elements(latest, 2), second);

        // What is drawn carries just these numbers, and the watermark none.
        for (marked, wanted) in [
            ("/P <</MCID 1>> BDC\nq ", 2),
            ("/P <</MCID 2>> BDC\nq ", 1),
            ("/Figure <</MCID 3/ActualText (picture)>> BDC\nq ", 1),
            ("/Artifact <</Type/Pagination/Subtype/Watermark>> BDC\nq ", 2),
            ("/MCID", 4),
            ("/Artifact", 2),
        ] {
            assert_eq!(count(&appended, marked), wanted, "{marked}");
        }
        // The pages had lists: no key is new, and none is lost.
        assert_eq!(parents(latest).len(), 2);
    }
}

/// Two pages with this said of their structure: the entries of each, the parent tree, what the content of
/// the first is, more objects, and more of the catalog.
fn structured(
    pages: [&str; 2],
    tree: &str,
    content: &str,
    objects: &[(u32, &str)],
    catalog: &str,
) -> Vec<u8> {
    let mut pdf: Pdf = documents::plain(2);
    for (page, entries) in (0..).zip(pages) {
        pdf.append_entry(page_number(page), entries);
    }
    pdf.set_stream(page_number(0) + 1, "", content.as_bytes());
    pdf.set(50, format!("<< /Type /StructTreeRoot /K 51 0 R {tree} >>"));
    pdf.set(51, "<< /Type /StructElem /S /Sect /P 50 0 R >>");
    for (number, body) in objects {
        pdf.set(*number, *body);
    }
    let catalog = format!("/StructTreeRoot 50 0 R /MarkInfo << /Marked true >> {catalog}");
    pdf.append_entry(CATALOG, &catalog);
    written(&pdf)
}

/// The number of the line on either page, and the keys of both pages.
fn numbers(bytes: &[u8]) -> ([usize; 2], [Option<i64>; 2]) {
    let (whole, _) = filled(bytes, vec![line("one", 1), line("two", 2)]);
    let file = open(&whole);
    let latest = file.latest();
    let found = [1, 2].map(|page| match &elements(latest, page)[..] {
        [(kind, number, _)] if kind == "P" => *number,
        other => panic!("{other:?}"),
    });
    let key = |page| latest.page(page).unwrap().dictionary().integer(b"StructParents");
    (found, [key(1), key(2)])
}

#[test]
fn numbers_that_the_content_of_a_page_uses_are_not_used_again() {
    let list = |list: &str| format!("/ParentTree << /Nums [0 {list} 1 [null]] >>");
    let pages = ["/StructParents 0", "/StructParents 1"];
    for (list, content, first) in [
        (list("[]"), "", 0),
        (list("[null null]"), "", 2),
        (list("[null]"), "/P <</MCID 6>> BDC EMC /P <</MCID 2>> BDC EMC", 7),
        (list("52 0 R"), "/P <</Lang (en)/MCID 3 >> BDC EMC", 4),
        (list("52 0 R"), "", 1),
    ] {
        let bytes = structured(pages, &list, content, &[(52, "[null]")], "");
        assert_eq!(numbers(&bytes), ([first, 1], [Some(0), Some(1)]), "{list} {content}");
    }
    // Numbers that stand in the resources.
    let mut pdf = documents::plain(2);
    let resources = "/Resources << /Properties << /A << /MCID 8 >> /B 53 0 R >> >>";
    for page in 0..2 {
        let number = page_number(page);
        let body = format!(
            "<< /Type /Page /Parent {} 0 R /MediaBox [0 0 595 842] {resources} /Contents {} 0 R >>",
            documents::PAGES,
            number + 1
        );
        pdf.set(number, body);
    }
    pdf.set(50, "<< /Type /StructTreeRoot /K 51 0 R >>");
    pdf.set(51, "<< /Type /StructElem /S /Sect /P 50 0 R >>");
    pdf.set(53, "<< /MCID 11 >>");
    pdf.append_entry(CATALOG, "/StructTreeRoot 50 0 R /MarkInfo << /Marked true >>");
    assert_eq!(numbers(&written(&pdf)), ([12, 12], [Some(0), Some(1)]));
}

#[test]
fn a_new_key_is_above_every_key_whatever_the_tree_says_of_itself() {
    for (pages, tree, keys) in [
        // A page without a key, and one whose key the tree does not know.
        (["", "/StructParents 9"], "/ParentTree << /Nums [] >> /ParentTreeNextKey 4", [10, 11]),
        (["", ""], "/ParentTree << /Nums [6 51 0 R] >> /ParentTreeNextKey 2", [7, 8]),
        (["", ""], "/ParentTreeNextKey 30", [30, 31]),
        // The key of an element is none of a page.
        (["/StructParents 6", ""], "/ParentTree << /Nums [6 51 0 R] >>", [7, 8]),
        // Limits that hide a key, and such that promise more than there is.
        (["", ""], "/ParentTree << /Kids [60 0 R 61 0 R] >>", [21, 22]),
        (["", ""], "/ParentTree 62 0 R", [13, 14]),
    ] {
        let leaves = [
            (60, "<< /Limits [0 1] /Nums [0 51 0 R 12 51 0 R] >>"),
            (61, "<< /Limits [13 20] /Nums [13 51 0 R] >>"),
            (62, "<< /Limits [0 0] /Kids [60 0 R] >>"),
        ];
        let (_, found) = numbers(&structured(pages, tree, "", &leaves, ""));
        assert_eq!(found, keys.map(Some), "{tree}");
    }
}

#[test]
fn a_page_of_absurd_numbers_is_filled_and_its_structure_left_alone() {
    let tree = "/ParentTree << /Nums [0 [null] 1 [null]] >>";
    let pages = ["/StructParents 0", "/StructParents 1"];
    let absurd = "/P <</MCID 4000000000>> BDC EMC";
    let bytes = structured(pages, tree, absurd, &[], "");
    let (whole, appended) = filled(&bytes, vec![line("one", 1), line("two", 2)]);
    assert!(appended.len() < 60_000, "{} bytes", appended.len());
    let file = open(&whole);
    assert_eq!(elements(file.latest(), 1), []);
    assert_eq!(elements(file.latest(), 2), [element("P", 1, "甲方")]);

    // Of a tree that is none nothing is written again.
    let (_, appended) =
        filled(&structured(pages, "/ParentTree 7", "", &[], ""), vec![line("one", 1)]);
    assert_eq!(count(&appended, "StructElem") + count(&appended, "MCID"), 0);
}

#[test]
fn a_field_of_the_document_gets_an_element_unless_it_has_one() {
    let widget = "/Type /Annot /Subtype /Widget /FT /Tx /F 4";
    let known = format!("<< {widget} /T (known) /Rect [60 600 200 624] /StructParent 0 >>");
    let unknown = format!("<< {widget} /T (f) /TU (Buyer) /Rect [60 700 200 724] >>");
    let form = "<< /Type /StructElem /S /Form /P 50 0 R /K << /Type /OBJR /Obj 40 0 R >> >>";
    let annotations = "/Annots [40 0 R 41 0 R]";
    let objects = [(40, known.as_str()), (41, &unknown), (52, form)];
    let tree = "/ParentTree << /Nums [0 52 0 R] >>";
    let form = "/AcroForm << /Fields [40 0 R 41 0 R] >>";
    let bytes = structured([annotations, ""], tree, "", &objects, form);
    let value = |name: &str| {
        let kind = ControlKind::Text(TextStyle::default());
        let field = FieldName::new(name).unwrap();
        control("doc", name, "sa", kind, field).filled(&Input::text("甲方")).unwrap()
    };
    let (whole, _) = filled(&bytes, vec![value("known"), value("f"), line("one", 1)]);
    let file = open(&whole);
    let latest = file.latest();
    let widget = |number| latest.dictionary(ObjectId::new(number, 0)).unwrap();
    assert_eq!(widget(40).integer(b"StructParent"), Some(0));
    let parents = parents(latest);
    assert_eq!(parents.len(), 3, "the old one, the new one, and the page");
    let element = &parents[&widget(41).integer(b"StructParent").unwrap()];
    let element = element.as_dictionary().unwrap();
    assert_eq!(element.name(b"S"), Some(&b"Form"[..]));
    let content = element.get(b"K").and_then(Object::as_dictionary).unwrap();
    assert_eq!(content.reference(b"Obj"), Some(ObjectId::new(41, 0)));
    let text = element.get(b"Alt").and_then(Object::as_string).unwrap();
    assert_eq!(text_string::decode(&text.bytes), "Buyer");
    let page = latest.page(1).unwrap();
    assert_eq!(page.dictionary().name(b"Tabs"), Some(&b"S"[..]));
    assert_eq!(elements(latest, 1).len(), 1);
}
