//! Fields: new and existing ones, their names, locks and certifications.

use sealwright::authorization::Authority;
use sealwright::geometry::Mm;
use sealwright::pdf::Field;
use sealwright::signing::{Seal, SignedUpdate};
use sealwright::update::{Certification, Value};
use sealwright_testdata::documents::{self, CATALOG, page_number, plain};
use sealwright_testdata::pdf::Layout;

use super::*;

fn signed_by<'f>(seal: Seal<'f>) -> Result<SignedUpdate<'f>, sealwright::signing::Error> {
    seal.sign(&signer(KeyType::P256), now())
}

fn code(seal: Seal<'_>) -> &'static str {
    signed_by(seal).unwrap_err().code()
}

fn after(bytes: &Vec<u8>, seal: impl for<'f> FnOnce(Seal<'f>) -> Seal<'f>) -> Vec<u8> {
    let file = open(bytes);
    let signed = signed_by(seal(Seal::on(&file))).unwrap();
    joined(bytes, signed.appended())
}

fn field(bytes: &Vec<u8>, name: &str) -> Field {
    let fields = open(bytes).latest().fields().unwrap();
    fields.into_iter().find(|field| field.name == name).unwrap()
}

/// A document with these objects as fields, all on the first page.
fn with_fields(bodies: &[&str], form_entries: &str) -> Vec<u8> {
    let mut pdf = plain(2);
    let page = page_number(0);
    let fields: Vec<String> = bodies
        .iter()
        .map(|body| {
            let number = pdf.add(format!(
                "<< /Type /Annot /Subtype /Widget /Rect [72 100 192 220] /F 4 /P {page} 0 R {body} >>"
            ));
            format!("{number} 0 R")
        })
        .collect();
    let fields = fields.join(" ");
    pdf.append_entry(page, &format!("/Annots [{fields}]"));
    pdf.append_entry(CATALOG, &format!("/AcroForm << /Fields [{fields}] {form_entries} >>"));
    pdf.write(&Layout::default())
}

#[test]
fn names_of_any_script_and_a_number_for_those_that_are_taken() {
    let mut bytes = documents::empty_signature_field();
    for (wanted, given) in [
        ("seal", "seal2"),
        ("seal", "seal3"),
        ("甲方（盖章）", "甲方（盖章）"),
        ("📝", "📝"),
        ("📝", "📝2"),
    ] {
        let file = open(&bytes);
        let signed = signed_by(Seal::on(&file).invisible().field(wanted)).unwrap();
        assert_eq!(signed.field_name(), given);
        let signed = joined(&bytes, signed.appended());
        drop(file);
        bytes = signed;
        assert!(field(&bytes, given).is_signature());
    }
    assert_eq!(sound_signatures(&bytes).len(), 5);
}

#[test]
fn existing_fields_are_filled_wherever_they_stand_in_the_tree() {
    let face = face();
    for (bytes, name) in [
        (documents::empty_signature_field(), "seal"),
        (documents::empty_signature_field_with_separate_widget(), "seal"),
        (documents::empty_signature_field_in_hierarchy(), "party_a.signatures.seal"),
        (documents::several_empty_signature_fields(), "party_b"),
        (documents::locked_empty_signature_field(), "seal"),
    ] {
        let count = open(&bytes).latest().fields().unwrap().len();
        let invisible = after(&bytes, |seal| seal.invisible().existing_field(name));
        assert!(field(&invisible, name).value.is_some());
        assert_eq!(open(&invisible).latest().fields().unwrap().len(), count);
        assert_eq!(sound_signatures(&invisible).len(), 1);

        let file = open(&bytes);
        let seal = Seal::on(&file).face(&face, Authority::AssertedByHost).existing_field(name);
        let visible = joined(&bytes, signed_by(seal).unwrap().appended());
        let file = open(&visible);
        let widget = field(&visible, name).widgets[0];
        let widget = file.latest().dictionary(widget).unwrap();
        let Some(Object::Dictionary(appearance)) = widget.get(b"AP") else { panic!("no /AP") };
        assert!(appearance.reference(b"N").is_some());
        // The rectangle is the field's own.
        let before = open(&bytes);
        let before = before.latest().dictionary(field(&bytes, name).widgets[0]).unwrap();
        assert_eq!(before.get(b"Rect"), widget.get(b"Rect"));
        keep(&format!("existing-{}.pdf", bytes.len()), &visible);
        assert_eq!(sound_signatures(&visible).len(), 1);
    }
}

#[test]
fn a_field_that_cannot_take_the_signature_is_named() {
    let sig = "/FT /Sig /T (a)";
    let cases = [
        (with_fields(&["/FT /Tx /T (a)"], ""), "ctl.field_cannot_host_signature"),
        (with_fields(&["/FT /Sig /T (b)"], ""), "ctl.field_not_found"),
        (with_fields(&[&format!("{sig} /Ff 1")], ""), "ctl.field_cannot_host_signature"),
        (
            with_fields(&[&format!("{sig} /SV << /Ff 2 /SubFilter [/x] >>")], ""),
            "ctl.field_cannot_host_signature",
        ),
    ];
    for (bytes, expected) in cases {
        let file = open(&bytes);
        assert_eq!(code(Seal::on(&file).invisible().existing_field("a")), expected);
    }
    let bytes = with_fields(&[sig, "/FT /Tx /T (b)"], "");
    let file = open(&bytes);
    let face = face();
    let existing = || Seal::on(&file).existing_field("a");
    let seen = || existing().face(&face, Authority::AssertedByHost);
    assert_eq!(code(seen().page(1).at(Mm(1.0), Mm(1.0))), "sign.decided_before");
    assert_eq!(code(existing().invisible().lock(["b"])), "sign.decided_before");
    assert_eq!(code(Seal::on(&file).invisible().lock(["c"])), "sign.no_field_to_lock");

    let once = after(&bytes, |seal| seal.invisible().existing_field("a"));
    let file = open(&once);
    let again = Seal::on(&file).invisible().existing_field("a");
    assert_eq!(code(again), "ctl.field_cannot_host_signature");
}

#[test]
fn an_invisible_field_shows_no_seal() {
    let bytes = documents::several_empty_signature_fields();
    let file = open(&bytes);
    let face = face();
    let seal = Seal::on(&file).existing_field("witness").face(&face, Authority::AssertedByHost);
    assert_eq!(code(seal), "ctl.field_cannot_host_signature");
}

#[test]
fn a_certification_stands_in_perms_and_only_the_first_signature_certifies() {
    for certification in
        [Certification::NoChanges, Certification::FormFilling, Certification::Annotations]
    {
        let bytes = documents::several_empty_signature_fields();
        let once =
            after(&bytes, |seal| seal.invisible().existing_field("party_a").certify(certification));
        let file = open(&once);
        let latest = file.latest();
        let catalog = latest.catalog().unwrap();
        let perms = latest.lookup(&catalog, b"Perms").unwrap().unwrap().into_owned();
        let certified = perms.as_dictionary().unwrap().reference(b"DocMDP").unwrap();
        assert_eq!(Some(certified), field(&once, "party_a").value.unwrap().as_reference());
        let signature = &sound_signatures(&once)[0];
        let reference = &signature.get(b"Reference").unwrap().as_array().unwrap()[0].value;
        let parameters = reference.as_dictionary().unwrap().get(b"TransformParams").unwrap();
        let parameters = parameters.as_dictionary().unwrap();
        assert_eq!(parameters.integer(b"P"), Some(certification.permission()));
        assert_eq!(parameters.name(b"V"), Some(b"1.2".as_slice()));

        let again = Seal::on(&file).invisible().existing_field("party_b").certify(certification);
        let new = Seal::on(&file).invisible();
        let existing = Seal::on(&file).invisible().existing_field("party_b");
        assert_eq!(code(new), "doc.certified_locked");
        assert_eq!(code(again), "sign.certifies_too_late");
        match certification {
            Certification::NoChanges => assert_eq!(code(existing), "doc.certified_locked"),
            _ => {
                let signed = signed_by(existing).unwrap();
                let twice = joined(&once, signed.appended());
                assert_eq!(sound_signatures(&twice).len(), 2);
                keep(&format!("certified-{certification:?}.pdf"), &twice);
            }
        }
    }
}

#[test]
fn a_signed_document_is_not_certified_afterwards() {
    let bytes = documents::classic_table();
    let once = after(&bytes, |seal| seal.invisible());
    let file = open(&once);
    let seal = Seal::on(&file).invisible().certify(Certification::FormFilling);
    assert_eq!(code(seal), "sign.certifies_too_late");
}

#[test]
fn perms_of_another_kind_stay_beside_the_certification() {
    let bytes = documents::usage_rights();
    let once = after(&bytes, |seal| seal.invisible().certify(Certification::FormFilling));
    let file = open(&once);
    let catalog = file.latest().catalog().unwrap();
    let perms = catalog.get(b"Perms").unwrap().as_dictionary().unwrap();
    assert!(perms.contains(b"UR3") && perms.contains(b"DocMDP"));
}

#[test]
fn a_lock_is_written_into_field_and_signature_and_keeps_others_out() {
    let bytes = with_fields(
        &["/FT /Tx /T <FEFF91D1989D>", "/FT /Sig /T (b)", "/FT /Sig /T (c)"],
        "/NeedAppearances true",
    );
    let once = after(&bytes, |seal| {
        seal.invisible().field("a").lock(["金额", "b"]).certify(Certification::FormFilling)
    });
    let file = open(&once);
    let locking = field(&once, "a");
    let lock = locking.dictionary.reference(b"Lock").expect("an object of its own");
    let lock = file.latest().dictionary(lock).unwrap();
    assert_eq!(lock.name(b"Action"), Some(b"Include".as_slice()));
    let signature = &sound_signatures(&once)[0];
    let references = signature.get(b"Reference").unwrap().as_array().unwrap();
    let methods: Vec<_> = references
        .iter()
        .map(|one| one.value.as_dictionary().unwrap().name(b"TransformMethod").unwrap())
        .collect();
    assert_eq!(methods, [b"DocMDP".as_slice(), b"FieldMDP"]);
    let parameters = references[1].value.as_dictionary().unwrap().get(b"TransformParams");
    let parameters = parameters.unwrap().as_dictionary().unwrap();
    assert_eq!(parameters.get(b"Fields"), lock.get(b"Fields"));
    // What the form said before, it still says.
    let form = file.latest().form().unwrap().unwrap().1;
    assert_eq!(form.get(b"NeedAppearances"), Some(&Object::Boolean(true)));

    let locked = signed_by(Seal::on(&file).invisible().existing_field("b")).unwrap_err();
    assert_eq!(locked.code(), "ctl.locked");
    assert!(locked.to_string().contains("locks field \"b\" (object"), "{locked}");
    let filled =
        Seal::on(&file).invisible().existing_field("c").fill("金额", Value::Text("9"), None);
    let filled = signed_by(filled).unwrap_err();
    assert!(filled.to_string().contains("locks field \"金额\" (object"), "{filled}");
    let other = signed_by(Seal::on(&file).invisible().existing_field("c")).unwrap();
    keep("locked.pdf", &joined(&once, other.appended()));
}

#[test]
fn the_lock_of_an_existing_field_goes_into_its_signature() {
    let bytes = documents::locked_empty_signature_field();
    let once = after(&bytes, |seal| seal.invisible().existing_field("seal"));
    let signature = &sound_signatures(&once)[0];
    let references = signature.get(b"Reference").unwrap().as_array().unwrap();
    let method = references[0].value.as_dictionary().unwrap().name(b"TransformMethod");
    assert_eq!(method, Some(b"FieldMDP".as_slice()));
    // New signatures next to it lock nothing and are not locked.
    let twice = after(&once, |seal| seal.invisible());
    assert_eq!(sound_signatures(&twice).len(), 2);
}

#[test]
fn a_lock_on_everything_keeps_everybody_out() {
    let bytes = with_fields(
        &["/FT /Sig /T (a) /Lock << /Type /SigFieldLock /Action /All >>", "/FT /Sig /T (b)"],
        "",
    );
    let once = after(&bytes, |seal| seal.invisible().existing_field("a"));
    let file = open(&once);
    assert_eq!(code(Seal::on(&file).invisible().existing_field("b")), "ctl.locked");
    assert_eq!(code(Seal::on(&file).invisible()), "ctl.locked");
}
