//! Several documents of which a signer signs some, fields that a document brings along, and values
//! that are filled in before anybody signs.

use sealwright::contract::{
    Absolute, Control, ControlKind, DateStyle, FieldName, Input, Owner, Phase, Point, SealMark,
    TextStyle,
};
use sealwright::execution::{Certifier, Error};
use sealwright::geometry::{Mm, PageIndex};
use sealwright::identity::DocumentId;
use sealwright::limits::Limits;
use sealwright::pdf::{File, Object, text_string};
use sealwright::report::{Conclusion, Report};
use sealwright_testdata::documents::{self, CATALOG, page_number};
use sealwright_testdata::pdf::Layout;
use sealwright_testdata::pki::KeyType;

use crate::cast::{Cast, Staging, document_id, key, look};
use crate::world::{control, seal_control};

const PDF: &[u8] = sealwright_testdata::contract::PDF;

fn id(document: &str) -> DocumentId {
    document.parse().unwrap()
}

fn passed(cast: &Cast, document: &str, signatures: usize) -> Report {
    let report = cast.report_of(&id(document));
    assert_eq!(report.conclusion, Conclusion::Passed, "{document}: {report}");
    assert_eq!(report.signatures.len(), signatures, "{document}: {report}");
    let verdict = crate::verdicts::checked(cast);
    assert!(verdict.deviations.is_empty(), "{verdict}");
    report
}

fn date(
    document: &str,
    name: &str,
    of: &str,
    at: impl Into<sealwright::contract::Location>,
) -> Control {
    control(document, name, of, ControlKind::SignDate(DateStyle::default()), at)
}

/// The first party signs both documents, the second only the first, the third only the second; the
/// last document is read by everybody and signed by nobody.
pub fn three_documents() -> Cast {
    let seal = |document, name, of, x| seal_control(document, name, of, Mm(x), Mm(150.0));
    let at = Absolute::new(PageIndex::FIRST, Point::at(Mm(20.0), Mm(20.0)).unwrap());
    let controls = vec![
        seal("doc_1", "seal_a", "slot_0", 20.0),
        seal("doc_1", "seal_b", "slot_1", 100.0),
        seal("doc_2", "seal_a", "slot_0", 20.0),
        // Nothing to see of a signature: a date alone.
        date("doc_2", "date_c", "slot_2", at),
        seal("doc_1", "seal_c", "slot_2", 150.0),
    ];
    let staging = Staging::of(3, controls).on("doc_1", PDF).on("doc_2", &documents::tagged());
    Cast::staged(staging.on("doc_3", &documents::xref_stream())).unwrap()
}

#[test]
fn each_signs_the_documents_that_he_has_a_part_in() {
    let mut cast = three_documents();
    let issued = cast.bytes.clone();
    cast.start(Certifier::FirstSigner);
    assert_eq!(cast.bytes[&id("doc_3")], issued[&id("doc_3")], "nobody has a part in it");
    cast.sign(0).unwrap();
    let (first, second) = (cast.bytes[&id("doc_1")].clone(), cast.bytes[&id("doc_2")].clone());
    passed(&cast, "doc_1", 1);
    passed(&cast, "doc_2", 1);
    cast.sign(1).unwrap();
    passed(&cast, "doc_1", 2);
    assert_ne!(cast.bytes[&id("doc_1")], first);
    assert_eq!(cast.bytes[&id("doc_2")], second);
    cast.sign(2).unwrap();
    passed(&cast, "doc_1", 3);
    let report = passed(&cast, "doc_2", 2);
    assert_eq!(report.signatures[1].faces.len(), 0, "a date is no seal");
    assert_eq!(report.signatures[0].permissions.docmdp, Some(2));
    assert_eq!(cast.bytes[&id("doc_3")], issued[&id("doc_3")]);
    assert_eq!(cast.report_of(&id("doc_3")).conclusion, Conclusion::Unsigned);
    assert_eq!(cast.contract.phase(), Phase::Completed);
}

#[test]
fn the_platform_certifies_each_document_that_somebody_signs() {
    let platform = key(KeyType::P256);
    let mut cast = three_documents();
    cast.start(Certifier::Platform(&platform));
    passed(&cast, "doc_1", 1);
    passed(&cast, "doc_2", 1);
    assert_eq!(cast.report_of(&id("doc_3")).conclusion, Conclusion::Unsigned);
    (0..3).for_each(|number| cast.sign(number).unwrap());
    passed(&cast, "doc_1", 4);
    passed(&cast, "doc_2", 3);
}

#[test]
fn none_is_signed_if_one_of_them_is_not_what_the_contract_knows() {
    let mut cast = three_documents();
    cast.start(Certifier::FirstSigner);
    let before = cast.contract.clone();
    // Even one in which he has no part.
    cast.bytes.get_mut(&id("doc_3")).unwrap().extend_from_slice(b"\n");
    let kept = cast.bytes.clone();
    let refused = cast.sign(0).unwrap_err();
    assert_eq!(refused.code(), "doc.hash_mismatch");
    assert!(
        matches!(&refused, Error::DocumentChanged { document, .. } if *document == id("doc_3"))
    );
    assert_eq!((cast.contract, cast.bytes), (before, kept));
}

/// A form with two fields to sign in and three for texts.
fn form() -> Vec<u8> {
    let mut pdf = documents::plain(2);
    let widget = "/Type/Annot/Subtype/Widget/F 4";
    let text = "/FT/Tx/DA(/Helv 10 Tf 0 g)";
    let fields = [
        (40, format!("<<{widget}/FT/Sig/T(a)/Rect[50 50 170 170]>>")),
        (41, format!("<<{widget}/FT/Sig/T(b)/Rect[250 50 370 170]>>")),
        (42, format!("<<{widget}{text}/T(a_date)/Rect[50 180 200 200]>>")),
        (43, format!("<<{widget}{text}/T(b_date)/Rect[250 180 400 200]>>")),
        (44, format!("<<{widget}{text}/T(amount)/Rect[50 220 200 240]>>")),
    ];
    let list = "40 0 R 41 0 R 42 0 R 43 0 R 44 0 R";
    pdf.append_entry(page_number(0), &format!("/Annots [{list}]"));
    pdf.append_entry(CATALOG, &format!("/AcroForm << /Fields [{list}] >>"));
    for (number, body) in &fields {
        pdf.set(*number, body.as_str());
    }
    pdf.write(&Layout::default())
}

fn in_field(name: &str) -> FieldName {
    FieldName::new(name).unwrap()
}

/// The text that a field has.
fn value(cast: &Cast, name: &str) -> Option<String> {
    let file = File::open(cast.bytes[&document_id()].as_slice(), Limits::default()).unwrap();
    let fields = file.latest().fields().unwrap();
    let field = fields.into_iter().find(|field| field.name == name).unwrap();
    let value = field.value.as_ref().and_then(Object::as_string)?;
    Some(text_string::decode(&value.bytes))
}

#[test]
fn fields_that_the_document_brings_along_take_seals_dates_and_values() {
    let seal = |name: &str, of: &str, field: &str| {
        control("doc_1", name, of, ControlKind::Seal(SealMark::default()), in_field(field))
    };
    let amount = ControlKind::Text(TextStyle::default());
    let key = sealwright::contract::ControlKey::new(document_id(), "amount".parse().unwrap());
    let controls = vec![
        Control::new(key, amount, Owner::Initiator, in_field("amount"))
            .filled(&Input::text("1000"))
            .unwrap(),
        seal("seal_a", "slot_0", "a"),
        date("doc_1", "date_a", "slot_0", in_field("a_date")),
        seal("seal_b", "slot_1", "b"),
        date("doc_1", "date_b", "slot_1", in_field("b_date")),
        // A second seal of his, in a field that is made for it.
        seal_control("doc_1", "more_b", "slot_1", Mm(100.0), Mm(100.0)),
    ];
    let mut cast = Cast::staged(Staging::of(2, controls).on("doc_1", &form())).unwrap();
    cast.start(Certifier::FirstSigner);
    assert_eq!(value(&cast, "amount").as_deref(), Some("1000"));
    assert_eq!(value(&cast, "a_date"), None);
    cast.sign(0).unwrap();
    assert!(value(&cast, "a_date").unwrap().contains("2026"));
    assert_eq!(value(&cast, "b_date"), None);
    passed(&cast, "doc_1", 1);
    cast.sign(1).unwrap();
    assert!(value(&cast, "b_date").unwrap().contains("2026"));
    let report = passed(&cast, "doc_1", 2);
    assert_eq!(report.signatures[0].faces.len(), 1);
    assert_eq!(report.signatures[1].faces.len(), 2);
    look(&cast);
}

#[test]
fn values_are_part_of_the_pages_before_anybody_signs() {
    let at = |y: f64| Absolute::new(PageIndex::LAST, Point::at(Mm(20.0), Mm(y)).unwrap());
    let text = |name: &str, y: f64, value: &str| {
        let key = sealwright::contract::ControlKey::new(document_id(), name.parse().unwrap());
        let kind = ControlKind::Text(TextStyle::default());
        let control = Control::new(key, kind, Owner::Initiator, at(y));
        control.filled(&Input::text(value)).unwrap()
    };
    let mut controls = crate::cast::usual_controls(2);
    controls.push(text("place", 20.0, "同意"));
    controls.push(text("sum", 35.0, "2026"));
    let mut cast = Cast::staged(Staging::of(2, controls).on("doc_1", PDF)).unwrap();
    let before = cast.bytes[&document_id()].clone();
    cast.start(Certifier::FirstSigner);
    let (old, new) = {
        let content = |bytes: &[u8]| {
            let file = File::open(bytes.to_vec(), Limits::default()).unwrap();
            let page = file.latest().page(3).unwrap();
            page.dictionary().get(b"Contents").cloned()
        };
        (content(&before), content(&cast.bytes[&document_id()]))
    };
    assert_ne!(old, new, "the page has more content");
    let file = File::open(cast.bytes[&document_id()].as_slice(), Limits::default()).unwrap();
    assert!(file.latest().fields().unwrap().iter().all(|field| field.name != "place"));
    drop(file);
    for number in 0..2 {
        cast.sign(number).unwrap();
        passed(&cast, "doc_1", number + 1);
    }
    look(&cast);
}
