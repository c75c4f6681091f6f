//! Every document of the zoo: signed once visibly, once invisibly, then again by others; or
//! refused, and the refusal named.

use sealwright::authorization::Authority;
use sealwright::geometry::Mm;
use sealwright::pdf::{ObjectId, Parse};
use sealwright::signing::Seal;
use sealwright_testdata::documents::{self, Document, Expectation};

use super::*;

#[test]
fn sound_and_tolerated_documents_are_signed_three_times() {
    let (face, p256, ed25519) = (face(), signer(KeyType::P256), signer(KeyType::Ed25519));
    let mut signed = 0;
    for Document { name, bytes, expectation } in documents::all() {
        if !matches!(expectation, Expectation::Strict | Expectation::Tolerated(_)) {
            continue;
        }
        let before = sound_signatures_at_first(&bytes);
        let file = open(&bytes);
        let visible = Seal::on(&file)
            .page(-1)
            .at(Mm(5.0), Mm(5.0))
            .width(Mm(6.0))
            .face(&face, Authority::AssertedByHost)
            .may_break_pdf_a()
            .sign(&p256, now())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let once = joined(&bytes, visible.appended());
        untouched(name, &bytes, &once);

        let file = open(&once);
        assert_eq!(file.revision_count(), open(&bytes).revision_count() + 1, "{name}");
        let invisible = Seal::on(&file).invisible().sign(&ed25519, now()).unwrap();
        let twice = joined(&once, invisible.appended());
        untouched(name, &once, &twice);

        let file = open(&twice);
        let third = Seal::on(&file).invisible().field("Signature1").sign(&p256, now()).unwrap();
        assert_eq!(third.field_name(), "Signature3", "{name}");
        let thrice = joined(&twice, third.appended());
        untouched(name, &twice, &thrice);

        assert_eq!(sound_signatures(&thrice).len(), before + 3, "{name}");
        let end = open(&thrice);
        assert_eq!(end.latest().page_count(), open(&bytes).latest().page_count(), "{name}");
        assert_ne!(end.parse(), Parse::Repaired, "{name}");
        keep(&format!("zoo-{name}.input.pdf"), &bytes);
        keep(&format!("zoo-{name}.thrice.pdf"), &thrice);
        signed += 1;
    }
    assert!(signed >= 40, "only {signed} documents were signed");
}

fn sound_signatures_at_first(bytes: &Vec<u8>) -> usize {
    sound_signatures(bytes).len()
}

/// Nothing that existed lost anything: every object is as it was but for the keys that a signature
/// adds to, and no object is written again that a signature has no business with.
fn untouched(name: &str, before: &[u8], after: &[u8]) {
    assert!(after.starts_with(before), "{name}");
    let (old, new) = (before.to_vec(), after.to_vec());
    let (old, new) = (open(&old), open(&new));
    let section = &new.sections()[0];
    let latest = new.latest();
    for (number, _) in section.entries(new.source()).unwrap() {
        let Some(was) = (0..=u16::from(number < 100) * 7)
            .find_map(|generation| old.latest().get(ObjectId::new(number, generation)).unwrap())
        else {
            continue;
        };
        let is = latest.get(was.id).unwrap().unwrap().object.value;
        match (was.object.value, is) {
            (Object::Dictionary(was), Object::Dictionary(is)) => {
                for (key, value) in was.iter() {
                    let grows: [&[u8]; 9] = [
                        b"AcroForm",
                        b"Fields",
                        b"Annots",
                        b"SigFlags",
                        b"K",
                        b"ParentTree",
                        b"ParentTreeNextKey",
                        b"Kids",
                        b"Nums",
                    ];
                    let kept = is.get(key) == Some(value);
                    assert!(kept || grows.contains(&key), "{name}: {number} {key:?}");
                }
            }
            (Object::Array(was), Object::Array(is)) => assert_eq!(was, is[..was.len()], "{name}"),
            _ => panic!("{name}: object {number} was replaced"),
        }
    }
    let (was, is) = (old.latest().fields().unwrap(), latest.fields().unwrap());
    assert_eq!(is.len(), was.len() + 1, "{name}");
    for (was, is) in was.iter().zip(&is) {
        assert!(was.id == is.id && was.value == is.value && was.name == is.name, "{name}");
    }
    let (was, is) = (old.latest().trailer().unwrap(), latest.trailer().unwrap());
    for key in [b"Root".as_slice(), b"Info"] {
        assert_eq!(was.get(key), is.get(key), "{name}");
    }
    let first = |trailer: &Dictionary| {
        trailer.get(b"ID").and_then(Object::as_array).map(|id| id[0].clone())
    };
    assert!(first(was).is_none() || first(was) == first(is), "{name}");
    assert_eq!(is.integer(b"Size").unwrap() as u64, new.next_object_number(), "{name}");
}

#[test]
fn repaired_and_closed_documents_are_refused() {
    let signer = signer(KeyType::P256);
    let (mut repaired, mut encrypted) = (0, 0);
    for Document { name, bytes, expectation } in documents::all() {
        let Ok(file) = File::open(&bytes, Limits::default()) else { continue };
        let result = Seal::on(&file).invisible().sign(&signer, now());
        if file.parse() == Parse::Repaired {
            assert!(result.is_err(), "{name}");
            repaired += 1;
        } else if expectation == Expectation::Closed {
            assert_eq!(result.unwrap_err().code(), "doc.encrypted", "{name}");
            encrypted += 1;
        }
    }
    assert!(repaired >= 3 && encrypted >= 2, "{repaired} {encrypted}");
}

#[test]
fn seals_on_turned_pages_are_drawn_on_each() {
    let (face, signer) = (face(), signer(KeyType::P256));
    for bytes in [
        documents::rotated_pages(),
        documents::rotated_pages_with_user_unit(),
        documents::unusual_boxes_and_rotations(),
    ] {
        let pages = open(&bytes).latest().page_count().unwrap();
        let mut bytes = bytes;
        for page in 1..=pages {
            let file = open(&bytes);
            let signed = Seal::on(&file)
                .page(i32::try_from(page).unwrap())
                .at(Mm(8.0), Mm(8.0))
                .width(Mm(10.0))
                .face(&face, Authority::AssertedByHost)
                .sign(&signer, now())
                .unwrap();
            assert_eq!(signed.placed().unwrap().page().get(), page);
            let signed = joined(&bytes, signed.appended());
            drop(file);
            bytes = signed;
        }
        assert_eq!(sound_signatures(&bytes).len(), pages as usize);
        keep(&format!("turned-{pages}-{}.pdf", bytes.len()), &bytes);
    }
}
