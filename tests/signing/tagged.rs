//! Tagged documents (ISO 32000-2 §14.7): every widget that is added has a structure element, found here
//! by a reader that knows nothing of how it was written.

use std::collections::BTreeMap;

use sealwright::authorization::Authority;
use sealwright::contract::CrossPage;
use sealwright::geometry::{PageNumber, Rect};
use sealwright::pdf::{ObjectId, Revision};
use sealwright::report::Conclusion;
use sealwright::signing::Seal;
use sealwright::update::{
    NewField, NewFieldKind, Preparation, Request, SubFilter, Tagging, Update,
};
use sealwright::{CheckOptions, TrustAnchors, check};
use sealwright_testdata::documents;
use sealwright_testdata::pdf::Layout;

use super::*;

fn page(number: u32) -> PageNumber {
    PageNumber::new(number).unwrap()
}

fn rect(top: f64) -> Rect {
    Rect::new(Mm(20.0), Mm(top), Mm(42.0), Mm(42.0)).unwrap()
}

/// A seal on page 1, a date on page 2, a closing field that nobody sees.
fn fields() -> Preparation<'static> {
    Preparation::default()
        .signer([
            NewField::new("seal", NewFieldKind::Signature)
                .at(page(1), rect(100.0))
                .labelled("盖章"),
            NewField::new("date", NewFieldKind::Text { lines: false }).at(page(2), rect(160.0)),
        ])
        .closing("closing")
}

fn prepared(bytes: &Vec<u8>) -> (Vec<u8>, Vec<(String, ObjectId)>, Tagging) {
    let file = open(bytes);
    let prepared = fields().append_to(&file).unwrap();
    let whole = [bytes.as_slice(), prepared.appended()].concat();
    (whole, prepared.fields().to_vec(), prepared.tagging())
}

/// The parent tree, flattened; its leaves keep their limits and their order.
fn parents(revision: Revision<'_>) -> BTreeMap<i64, Object> {
    fn walk(revision: Revision<'_>, node: &Object, root: bool, out: &mut Vec<(i64, Object)>) {
        let node = revision.resolve(node).unwrap();
        let node = node.as_dictionary().unwrap();
        let before = out.len();
        if let Some(kids) = revision.lookup(node, b"Kids").unwrap() {
            for kid in kids.as_array().unwrap() {
                walk(revision, &kid.value, false, out);
            }
        }
        if let Some(numbers) = revision.lookup(node, b"Nums").unwrap() {
            for pair in numbers.as_array().unwrap().chunks(2) {
                out.push((pair[0].value.as_integer().unwrap(), pair[1].value.clone()));
            }
        }
        assert_eq!(node.contains(b"Limits"), !root, "limits are for all nodes but the root");
        if !root {
            let limits = node.get(b"Limits").and_then(Object::as_array).unwrap();
            let limits: Vec<i64> =
                limits.iter().map(|limit| limit.value.as_integer().unwrap()).collect();
            assert_eq!(limits, [out[before].0, out.last().unwrap().0]);
        }
    }
    let mut found = Vec::new();
    walk(revision, root(revision).get(b"ParentTree").unwrap(), true, &mut found);
    assert!(found.is_sorted_by(|one, next| one.0 < next.0), "keys rise: {found:?}");
    found.into_iter().collect()
}

fn root(revision: Revision<'_>) -> Dictionary {
    let root = revision.catalog().unwrap().reference(b"StructTreeRoot").unwrap();
    revision.dictionary(root).unwrap()
}

/// What a reader that speaks says of a widget: it goes by the parent tree to the element, and from the
/// root down to the same one.
fn spoken(revision: Revision<'_>, widget: ObjectId) -> String {
    let dictionary = revision.dictionary(widget).unwrap();
    let key = dictionary.integer(b"StructParent").expect("/StructParent");
    let element = parents(revision)[&key].as_reference().unwrap();
    let next = root(revision).integer(b"ParentTreeNextKey").unwrap();
    assert!(key < next, "the next key {next} is free");

    let found = revision.dictionary(element).unwrap();
    assert_eq!(found.name(b"S"), Some(&b"Form"[..]));
    let content = found.get(b"K").and_then(Object::as_dictionary).unwrap();
    assert!(content.is_type(b"OBJR"));
    assert_eq!(content.reference(b"Obj"), Some(widget));
    assert_eq!(content.reference(b"Pg"), dictionary.reference(b"P"));

    let above = found.reference(b"P").unwrap();
    let kids = revision.dictionary(above).unwrap();
    let kids = revision.lookup(&kids, b"K").unwrap().unwrap().into_owned();
    let listed = kids.as_array().unwrap().iter().filter_map(|kid| kid.value.as_reference());
    assert_eq!(listed.filter(|kid| *kid == element).count(), 1);
    let alt = found.get(b"Alt").and_then(Object::as_string).unwrap();
    sealwright::pdf::text_string::decode(&alt.bytes)
}

fn kids(revision: Revision<'_>, of: &Dictionary) -> Vec<ObjectId> {
    let kids = revision.lookup(of, b"K").unwrap().unwrap().into_owned();
    kids.as_array().unwrap().iter().filter_map(|kid| kid.value.as_reference()).collect()
}

#[test]
fn every_prepared_widget_has_an_element_with_its_label() {
    for (bytes, below_document) in [
        (documents::tagged(), true),
        (documents::pdf_a_2a(), true),
        (documents::tagged_with_parent_tree_of_leaves(), false),
    ] {
        let (ready, fields, tagging) = prepared(&bytes);
        assert_eq!(tagging, Tagging::Done);
        let (before, file) = (open(&bytes), open(&ready));
        let latest = file.latest();
        let texts: Vec<String> = fields.iter().map(|(_, id)| spoken(latest, *id)).collect();
        assert_eq!(texts, ["盖章", "date", "closing"]);

        // What was there is there.
        let (old, new) = (parents(before.latest()), parents(latest));
        assert_eq!(new.len(), old.len() + 3);
        assert!(old.iter().all(|(key, value)| new[key] == *value));
        let mut top = root(latest);
        if below_document {
            assert_eq!(top.get(b"K"), root(before.latest()).get(b"K"));
            top = latest.dictionary(top.reference(b"K").unwrap()).unwrap();
        }
        assert_eq!(kids(latest, &top).len(), 5, "two paragraphs and three widgets");
        for number in 1..=2 {
            assert_eq!(latest.page(number).unwrap().dictionary().name(b"Tabs"), Some(&b"S"[..]));
        }
    }
}

#[test]
fn a_document_that_is_not_tagged_stays_so() {
    let (ready, _, tagging) = prepared(&documents::classic_table());
    assert_eq!(tagging, Tagging::NotNeeded);
    let appended = &ready[documents::classic_table().len()..];
    for word in ["StructParent", "/Tabs", "OBJR"] {
        assert!(memchr::memmem::find(appended, word.as_bytes()).is_none(), "{word}");
    }
}

#[test]
fn widgets_of_a_first_signature_are_tagged_and_those_of_later_ones_left_out() {
    let bytes = documents::tagged();
    let face = face();
    let file = open(&bytes);
    let seal = Seal::on(&file)
        .face(&face, Authority::AssertedByHost)
        .page(1)
        .at(Mm(20.0), Mm(60.0))
        .field("seal")
        .cross_page(CrossPage::staggered(0));
    let signed = seal.sign(&signer(KeyType::P256), now()).unwrap();
    let once = [bytes.as_slice(), signed.appended()].concat();
    let first = open(&once);
    let fields = first.latest().fields().unwrap();
    assert_eq!(fields.len(), 3, "the seal and a slice on either page");
    for field in &fields {
        assert_eq!(spoken(first.latest(), field.id), field.name);
    }

    let request = Request::invisible(SubFilter::Cades, now());
    let update = Update::prepare(&first, &request, 40).unwrap();
    assert_eq!(update.tagging(&first).unwrap(), Tagging::LeftOut);
    let signed = Seal::on(&first).invisible().sign(&signer(KeyType::P256), now()).unwrap();
    let twice = [once.as_slice(), signed.appended()].concat();
    let second = open(&twice);
    assert_eq!(parents(second.latest()), parents(first.latest()), "the structure is as it was");
    let root = identity(KeyType::P256, Validity::around(now())).root_pem();
    let anchors = TrustAnchors::from_pem(root.as_bytes()).unwrap();
    let report = check(&twice, &CheckOptions::trusting(&anchors).at(now())).unwrap();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
}

#[test]
fn a_parent_tree_of_leaves_gets_one_more_and_none_of_them_is_written_again() {
    let mut pdf = documents::plain(1);
    let root = pdf.next_number();
    let leaf = |leaf: u32| root + 1 + leaf;
    let leaves: Vec<String> = (0..40).map(|it| format!("{} 0 R", leaf(it))).collect();
    let leaves = leaves.join(" ");
    pdf.set(root, format!("<< /Type /StructTreeRoot /ParentTree << /Kids [{leaves}] >> >>"));
    for it in 0..40 {
        let numbers: Vec<String> =
            (0..1_000).map(|key| format!("{} null", it * 1_000 + key)).collect();
        let (first, last) = (it * 1_000, it * 1_000 + 999);
        let body = format!("<< /Limits [{first} {last}] /Nums [{}] >>", numbers.join(" "));
        pdf.set(leaf(it), body);
    }
    let marked = format!("/StructTreeRoot {root} 0 R /MarkInfo << /Marked true >>");
    pdf.append_entry(documents::CATALOG, &marked);
    let bytes = pdf.write(&Layout::default());
    let file = open(&bytes);
    let field = NewField::new("seal", NewFieldKind::Signature).at(page(1), rect(100.0));
    let prepared = Preparation::default().signer([field]).append_to(&file).unwrap();
    assert!(prepared.appended().len() < 4_000, "{} bytes", prepared.appended().len());
    let ready = [bytes.as_slice(), prepared.appended()].concat();
    let file = open(&ready);
    let widget = prepared.fields()[0].1;
    assert_eq!(spoken_below_root(file.latest(), widget), 40_000);
}

/// The key of a widget whose element may be the only one.
fn spoken_below_root(revision: Revision<'_>, widget: ObjectId) -> i64 {
    spoken(revision, widget);
    revision.dictionary(widget).unwrap().integer(b"StructParent").unwrap()
}

#[test]
fn a_damaged_structure_is_left_alone_and_the_document_signed_all_the_same() {
    for damage in [
        "<< /Type /StructTreeRoot /ParentTree 7 >>",
        "<< /Type /StructTreeRoot /ParentTree << /Nums [0] >> >>",
        "<< /Type /StructTreeRoot /ParentTree << /Nums [(a) null] >> >>",
        "<< /Type /StructTreeRoot /ParentTree << /Kids [30 0 R] >> >>",
        "<< /Type /StructTreeRoot /ParentTreeNextKey 9223372036854775807 >>",
        "[/StructTreeRoot]",
    ] {
        let mut pdf = documents::plain(2);
        pdf.set(20, damage);
        pdf.set(30, "<< /Kids [30 0 R] >>");
        let marked = "/StructTreeRoot 20 0 R /MarkInfo << /Marked true >>";
        pdf.append_entry(documents::CATALOG, marked);
        let bytes = pdf.write(&Layout::default());
        let (ready, fields, tagging) = prepared(&bytes);
        assert_eq!(tagging, Tagging::LeftOut, "{damage}");
        let file = open(&ready);
        assert!(!file.latest().dictionary(fields[0].1).unwrap().contains(b"StructParent"));
        let field = Seal::on(&file).existing_field("closing").invisible();
        assert!(field.sign(&signer(KeyType::P256), now()).is_ok(), "{damage}");
    }
}

#[test]
fn kids_of_every_shape_get_one_more() {
    for (kids, count) in [
        ("", 3),
        ("/K 5", 3),
        ("/K null", 3),
        ("/K 21 0 R", 4),
        ("/K [21 0 R]", 4),
        ("/K 22 0 R", 4),
        ("/K << /Type /MCR /MCID 0 >>", 3),
    ] {
        let mut pdf = documents::plain(2);
        pdf.set(20, format!("<< /Type /StructTreeRoot {kids} >>"));
        pdf.set(21, "<< /Type /StructElem /S /Sect /P 20 0 R >>");
        pdf.set(22, "[21 0 R]");
        let marked = "/StructTreeRoot 20 0 R /MarkInfo << /Marked true >>";
        pdf.append_entry(documents::CATALOG, marked);
        let (ready, fields, tagging) = prepared(&pdf.write(&Layout::default()));
        assert_eq!(tagging, Tagging::Done, "{kids}");
        let file = open(&ready);
        assert_eq!(spoken(file.latest(), fields[1].1), "date");
        assert_eq!(self::kids(file.latest(), &root(file.latest())).len(), count, "{kids}");
    }
}
