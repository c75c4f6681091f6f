//! Signing an encrypted document: what is appended is encrypted with its key.

use sealwright::pdf::{Container, Object, OpenedBy, Protection};
use sealwright::report::Conclusion;
use sealwright::signing::Seal;
use sealwright_testdata::documents;
use sealwright_testdata::pki::KeyType;

use super::*;

/// Every document that opens with the empty password, and those that need one.
fn all() -> Vec<(&'static str, Vec<u8>, Option<&'static str>)> {
    vec![
        ("rc4_40", documents::encrypted_rc4_40(), None),
        ("rc4_128", documents::encrypted_rc4_128(), None),
        ("aes_128", documents::encrypted_aes_128(), None),
        ("aes_128_clear_metadata", documents::encrypted_aes_128_clear_metadata(), None),
        ("aes_256", documents::encrypted_aes_256(), None),
        ("aes_256_object_streams", documents::encrypted_aes_256_object_streams(), None),
        ("aes_256_packed_form", documents::encrypted_aes_256_packed_form(), None),
        ("aes_256_with_password", documents::encrypted_with_password(), Some("user")),
        ("aes_256_revision_5", documents::encrypted_revision_5(), Some("owner")),
    ]
}

#[test]
fn it_stays_encrypted_and_every_signature_stays_good() {
    for (name, bytes, password) in all() {
        let once = signed(&bytes, password, KeyType::P256, 20.0);
        let twice = signed(&once, password, KeyType::Rsa2048, 80.0);
        assert!(twice.starts_with(&once) && once.starts_with(&bytes), "{name}");
        let file = open(&twice, password);
        let trailer = |index: usize| file.sections()[index].trailer().get(b"Encrypt").cloned();
        assert!(trailer(0).is_some() && trailer(0) == trailer(1), "{name}");
        let report = judged(&twice, password);
        assert_eq!(report.signatures.len(), 2, "{name}");
        let passed = report.conclusion == Conclusion::Passed;
        assert!(passed, "{name}: {report}");
        std::fs::write(
            std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("encrypted-{name}.pdf")),
            &twice,
        )
        .unwrap();
    }
}

#[test]
fn nothing_that_was_drawn_or_said_stands_in_plain() {
    for (name, bytes, password) in all() {
        let once = signed(&bytes, password, KeyType::P256, 20.0);
        let appended = &once[bytes.len()..];
        let found = |text: &[u8]| memchr::memmem::find(appended, text).is_some();
        assert!(!found(b"agreed") && !found(b"Signature1)"), "{name}");
        // UTF-16 for the reason, the operators of the appearance: neither plain nor in hexadecimal.
        assert!(!found(
            "同意".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>().as_slice()
        ));
        assert!(!found(b"540c610f") && !found(b"540C610F") && !found(b" cm"), "{name}");
        let file = open(&once, password);
        let latest = file.latest();
        let fields = latest.fields().unwrap();
        let field =
            fields.iter().find(|field| field.is_signature() && field.value.is_some()).unwrap();
        assert_eq!(field.name, "Signature1", "{name}");
        let value = latest.resolve(field.value.as_ref().unwrap()).unwrap();
        let reason = value.as_dictionary().unwrap().get(b"Reason").unwrap();
        let reason = sealwright::pdf::text_string::decode(&reason.as_string().unwrap().bytes);
        assert_eq!(reason, "同意 (agreed)", "{name}");
    }
}

#[test]
fn an_object_out_of_an_object_stream_gets_its_strings_encrypted() {
    let bytes = documents::encrypted_aes_256_packed_form();
    let once = signed(&bytes, None, KeyType::P256, 20.0);
    let (before, after) = (open(&bytes, None), open(&once, None));
    let form = before.latest().catalog().unwrap().reference(b"AcroForm").unwrap();
    let [was, is] = [&before, &after].map(|file| file.latest().get(form).unwrap().unwrap());
    assert!(matches!(was.container, Container::ObjectStream(_)));
    let Container::File(span) = is.container else { panic!("it was changed") };
    let text = |object: &Object| {
        let appearance = object.as_dictionary().unwrap().get(b"DA").unwrap();
        appearance.as_string().unwrap().bytes.clone()
    };
    let plain = text(&is.object.value);
    assert_eq!(plain, text(&was.object.value));
    let stands = &once[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
    assert!(memchr::memmem::find(stands, &plain).is_none(), "it is not in plain");
}

#[test]
fn the_same_update_gives_the_same_bytes() {
    for (name, bytes, password) in all().into_iter().take(5) {
        let one = signed(&bytes, password, KeyType::Rsa2048, 20.0);
        assert!(one == signed(&bytes, password, KeyType::Rsa2048, 20.0), "{name}");
    }
}

#[test]
fn permissions_bind_users_and_not_the_owner() {
    let sign = |bytes: &[u8], password: Option<&str>, existing: bool| {
        let file = open(bytes, password);
        let seal = Seal::on(&file).invisible();
        let seal = if existing { seal.existing_field("party_a") } else { seal };
        seal.sign(&signer(KeyType::P256), now()).map(|_| ()).map_err(|error| error.code())
    };
    let signing_only = documents::encrypted_for_signing_only();
    assert_eq!(sign(&signing_only, None, true), Ok(()));
    assert_eq!(sign(&signing_only, None, false), Err("doc.not_permitted"));
    assert_eq!(sign(&signing_only, Some("owner"), false), Ok(()));
    let nothing = documents::encrypted_nothing_allowed();
    for existing in [true, false] {
        assert_eq!(sign(&nothing, None, existing), Err("doc.not_permitted"));
        assert_eq!(sign(&nothing, Some("owner"), existing), Ok(()));
    }
    let Protection::Opened(opened) = open(&nothing, Some("owner")).protection() else { panic!() };
    assert!(opened.by() == OpenedBy::Owner && !opened.permissions().may_sign());
    let closed = documents::encrypted_with_password();
    assert_eq!(sign(&closed, None, false), Err("doc.encrypted"));
    assert_eq!(sign(&closed, Some("wrong"), false), Err("doc.encrypted"));
}
