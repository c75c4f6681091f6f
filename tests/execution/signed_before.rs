//! Documents that came with signatures: they are never certified, their certification says whether
//! they take fields, and what was signed before stays good.

use sealwright::contract::{
    Absolute, Control, ControlKey, ControlKind, DocumentIntake, FieldName, Input, Owner, PdfFacts,
    Point, PreparedContent, SealMark, TextStyle, WarningCode,
};
use sealwright::execution::{Certifier, Error};
use sealwright::geometry::{Mm, PageIndex};
use sealwright::limits::Limits;
use sealwright::pdf::File;
use sealwright::report::{Conclusion, ModificationLevel};
use sealwright::signing::Seal;
use sealwright::update::{self, Certification};
use sealwright_testdata::documents;
use sealwright_testdata::pki::KeyType;

use crate::attacks::{last, recorded};
use crate::cast::{Cast, Staging, document_id, key, usual_controls};
use crate::world::{control, digest, monday};

/// Signed by a stranger, in a field of his own.
fn signed(bytes: &[u8], certification: Option<Certification>) -> Vec<u8> {
    let file = File::open(bytes, Limits::default()).unwrap();
    let seal = Seal::on(&file).invisible().field("stranger");
    let seal = match certification {
        Some(certification) => seal.certify(certification),
        None => seal,
    };
    let signed = seal.sign(&key(KeyType::P256), monday()).unwrap();
    [bytes, signed.appended()].concat()
}

fn staging(bytes: &[u8], controls: Vec<Control>) -> Staging {
    Staging::of(2, controls).on("doc_1", bytes)
}

/// As if the host had not looked: of what was certified against every change it is told by the intake.
fn unlooked(bytes: Vec<u8>, controls: Vec<Control>) -> Staging {
    let file = File::open(bytes.as_slice(), Limits::default()).unwrap();
    let facts = PdfFacts::of_pages(file.latest().page_geometries().unwrap());
    drop(file);
    let length = u64::try_from(bytes.len()).unwrap();
    let intake = DocumentIntake::pdf(document_id(), length, digest(&bytes), facts);
    let mut staging = Staging::of(2, controls);
    staging.documents.push((intake, "doc_1", bytes));
    staging
}

/// Seals on the last page and over the edges; a field for a date would be refused.
fn seals() -> Vec<Control> {
    let controls = usual_controls(2).into_iter();
    controls.filter(|control| control.kind().is_seal()).collect()
}

/// All of the signatures pass, none certifies but the stranger's own.
fn holds(cast: &Cast, signatures: usize, docmdp: Option<u8>) {
    let report = cast.report();
    assert_eq!(report.conclusion, Conclusion::Passed, "{report}");
    assert_eq!(report.signatures.len(), signatures, "{report}");
    for (number, signature) in report.signatures.iter().enumerate() {
        assert!(signature.modification.level <= ModificationLevel::Form, "{report}");
        let expected = if number == 0 { docmdp } else { None };
        assert_eq!(signature.permissions.docmdp, expected, "{report}");
    }
}

#[test]
fn a_document_that_was_signed_is_never_certified_and_stays_good() {
    let platform = key(KeyType::P256);
    for certifier in [Certifier::FirstSigner, Certifier::Platform(&platform), Certifier::Nobody] {
        let bytes = signed(sealwright_testdata::contract::PDF, None);
        let staging = staging(&bytes, seals());
        let mut cast = Cast::staged(staging).unwrap();
        cast.start(certifier);
        holds(&cast, 1, None);
        for number in 0..2 {
            cast.sign(number).unwrap();
            holds(&cast, number + 2, None);
        }
    }
}

#[test]
fn what_was_certified_takes_no_new_field() {
    use Certification::{Annotations, FormFilling, NoChanges};
    for (certification, permission) in [(NoChanges, 1), (FormFilling, 2), (Annotations, 3)] {
        let bytes = signed(sealwright_testdata::contract::PDF, Some(certification));
        let staging = unlooked(bytes, seals());
        let mut cast = Cast::staged(staging).unwrap();
        acknowledge(&mut cast, "W-DOC-HAS-SIGNATURES");
        let before = (cast.contract.clone(), cast.bytes.clone());
        let refused = cast.try_start(Certifier::FirstSigner).unwrap_err();
        assert_eq!(refused.code(), "doc.certified_locked");
        let Error::Update { document, source } = refused else { panic!("{refused}") };
        assert_eq!(document.as_str(), "doc_1");
        match *source {
            update::Error::NoChangesAllowed { permission: found } => {
                assert_eq!((permission, found), (1, 1));
            }
            update::Error::NoNewField { permission: found } => assert_eq!(found, permission),
            other => panic!("{other}"),
        }
        assert_eq!(before, (cast.contract, cast.bytes));
    }
}

#[test]
fn a_date_finds_no_field_in_what_was_signed() {
    let bytes = signed(sealwright_testdata::contract::PDF, None);
    let staging = staging(&bytes, usual_controls(2));
    let mut cast = Cast::staged(staging).unwrap();
    let refused = cast.try_start(Certifier::FirstSigner).unwrap_err();
    assert_eq!(refused.code(), "sign.field_too_late");
}

#[test]
fn existing_fields_are_signed_in_what_was_certified_with_form_filling() {
    let bytes =
        signed(&documents::several_empty_signature_fields(), Some(Certification::FormFilling));
    let seal = |number: usize, field: &str| {
        let kind = ControlKind::Seal(SealMark::default());
        let at = FieldName::new(field).unwrap();
        control("doc_1", &format!("seal_{number}"), &format!("slot_{number}"), kind, at)
    };
    let controls = vec![seal(0, "party_a"), seal(1, "party_b")];
    let mut cast = Cast::staged(staging(&bytes, controls)).unwrap();
    cast.start(Certifier::FirstSigner);
    holds(&cast, 1, Some(2));
    for number in 0..2 {
        cast.sign(number).unwrap();
        holds(&cast, number + 2, Some(2));
    }
}

#[test]
fn earlier_signatures_are_to_be_acknowledged() {
    let bytes = signed(sealwright_testdata::contract::PDF, None);
    let mut staging = staging(&bytes, seals());
    staging.acknowledges = false;
    let refused = Cast::staged(staging).err().unwrap();
    assert_eq!(refused.code(), "con.warning_unacknowledged");
    assert!(refused.to_string().contains(WarningCode::DocumentHasSignatures.code()), "{refused}");
}

/// A record in which a warning is acknowledged that its documents do not give.
fn acknowledge(cast: &mut Cast, code: &str) {
    cast.contract = recorded(&cast.contract, |contract| {
        contract["acknowledged"].as_array_mut().unwrap().push(serde_json::json!(code));
    });
}

/// Refused before anything is made.
fn refused(cast: &mut Cast) -> Error {
    let before = (cast.contract.clone(), cast.bytes.clone());
    let refused = cast.try_start(Certifier::FirstSigner).unwrap_err();
    assert!(before == (cast.contract.clone(), cast.bytes.clone()), "nothing has changed");
    refused
}

#[test]
fn r_doc_04_warnings_for_which_the_bytes_give_cause_are_open_whatever_the_host_said_of_them() {
    let scripted = |catalog: &str| {
        let mut pdf = documents::plain(1);
        pdf.append_entry(documents::CATALOG, catalog);
        pdf.write(&sealwright_testdata::pdf::Layout::default())
    };
    let script = scripted("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>");
    let hides = WarningCode::DocumentPrepared(PreparedContent::SameColourText);
    let white = {
        let mut pdf = documents::plain(1);
        let content = b"1 g BT /F1 12 Tf 72 700 Td (You owe nothing) Tj ET";
        pdf.set_stream(documents::page_number(0) + 1, "", content);
        pdf.write(&sealwright_testdata::pdf::Layout::default())
    };
    let (signs, runs) = (WarningCode::DocumentHasSignatures, WarningCode::DocumentActiveContent);
    let kind = ControlKind::Seal(SealMark::default());
    let place = |x: f64| Absolute::new(PageIndex::LAST, Point::at(Mm(x), Mm(20.0)).unwrap());
    let one = |number: usize, x: f64| {
        let (id, of) = (format!("seal_{number}"), format!("slot_{number}"));
        control("doc_1", &id, &of, kind.clone(), place(x))
    };
    for (bytes, expected) in [
        (signed(&scripted(""), None), vec![signs]),
        (script.clone(), vec![runs]),
        (signed(&script, None), vec![signs, runs]),
        (white, vec![hides]),
    ] {
        let controls = vec![one(0, 20.0), one(1, 90.0)];
        let mut cast = Cast::staged(unlooked(bytes, controls)).unwrap();
        let error = refused(&mut cast);
        assert_eq!(error.code(), "con.warning_unacknowledged");
        let Error::WarningsOpen { document, codes, places } = &error else { panic!("{error}") };
        assert_eq!((document.as_str(), codes), ("doc_1", &expected));
        let located = places.first().map(|place| (place.object.as_deref(), place.page));
        let told = expected.contains(&hides).then_some((Some("5 0"), Some(1)));
        assert_eq!(located, told, "{error}");
        assert!(expected.iter().all(|code| error.to_string().contains(code.code())), "{error}");
        expected.iter().for_each(|code| acknowledge(&mut cast, code.code()));
        cast.start(Certifier::Nobody);
    }
}

#[test]
fn r_sign_13_an_earlier_signature_that_nobody_can_judge_is_refused_at_the_start() {
    let mut bytes = signed(sealwright_testdata::contract::PDF, None);
    // Of a kind that nobody knows.
    let at = last(&bytes, b"/ETSI.CAdES.detached");
    bytes[at..at + 20].copy_from_slice(b"/ETSI.NextS.detached");
    let mut cast = Cast::staged(staging(&bytes, seals())).unwrap();
    assert_eq!(cast.report().conclusion, Conclusion::Indeterminate, "{}", cast.report());
    let error = refused(&mut cast);
    assert_eq!(error.code(), "doc.signature_unsound");
    let Error::CameUnsound { document, signature, field, found, finding } = error else {
        panic!("{error}")
    };
    assert_eq!((document.as_str(), signature, field.as_str()), ("doc_1", 1, "stranger"));
    assert_eq!(found, Conclusion::Indeterminate);
    assert!(finding.contains("ETSI.NextS.detached"), "{finding}");
}

#[test]
fn an_earlier_signature_that_does_not_hold_is_refused_at_the_start() {
    let once = signed(sealwright_testdata::contract::PDF, None);
    let file = File::open(&once, Limits::default()).unwrap();
    let second = Seal::on(&file).invisible().field("neighbour");
    let second = second.sign(&key(KeyType::P384), monday()).unwrap().into_appended();
    let mut bytes = [once.as_slice(), &second].concat();
    // The second one covers this, too; of the two that fail the first is told.
    let at = bytes.windows(8).position(|it| it == b"contract").unwrap();
    bytes[at] ^= 1;
    let mut cast = Cast::staged(staging(&bytes, seals())).unwrap();
    let error = refused(&mut cast);
    let Error::CameUnsound { signature, field, found, .. } = &error else { panic!("{error}") };
    assert_eq!((*signature, field.as_str(), *found), (1, "stranger", Conclusion::Failed));
    assert!(error.to_string().contains("signature 1 in field \"stranger\""), "{error}");
}

#[test]
fn values_are_refused_in_what_was_signed() {
    let bytes = signed(sealwright_testdata::contract::PDF, None);
    let place = Absolute::new(PageIndex::LAST, Point::at(Mm(20.0), Mm(20.0)).unwrap());
    let key = ControlKey::new(document_id(), "sum".parse().unwrap());
    let text = ControlKind::Text(TextStyle::default());
    let value = Control::new(key, text, Owner::Initiator, place).filled(&Input::text("1000"));
    let controls = seals().into_iter().chain([value.unwrap()]).collect();
    let mut cast = Cast::staged(staging(&bytes, controls)).unwrap();
    let refused = cast.try_start(Certifier::FirstSigner).unwrap_err();
    let Error::Update { source, .. } = &refused else { panic!("{refused}") };
    assert!(matches!(**source, update::Error::SignedBefore { signatures: 1 }), "{refused}");
}
