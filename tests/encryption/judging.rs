//! Judging encrypted documents: objects in plain, digests over raw bytes.

use sealwright::report::{Conclusion, Integrity};
use sealwright_testdata::appended::append_table_update;
use sealwright_testdata::documents;
use sealwright_testdata::pki::KeyType;

use super::*;

fn codes(report: &Report) -> Vec<&'static str> {
    let signatures = report.signatures.iter().flat_map(|signature| &signature.findings);
    report.findings.iter().chain(signatures).map(|finding| finding.code.as_str()).collect()
}

/// A document that was signed and then changed by somebody without the password.
fn changed(entries: &str) -> Vec<u8> {
    let base = signed(&documents::encrypted_with_password(), Some("user"), KeyType::P256, 20.0);
    let file = open(&base, Some("user"));
    let page = file.latest().page(1).unwrap();
    let body = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>";
    append_table_update(&base, &[(page.id().number, 0, body.as_bytes())], entries)
}

fn encrypt_entry(bytes: &[u8]) -> String {
    let file = open(bytes, Some("user"));
    let id = file.sections()[0].trailer().reference(b"Encrypt").unwrap();
    format!("/Encrypt {id} R")
}

#[test]
fn without_the_password_only_the_raw_bytes_are_judged() {
    let bytes = documents::encrypted_with_password();
    let bytes = signed(&bytes, Some("user"), KeyType::P256, 20.0);
    for (password, code) in [(None, "doc.encrypted"), (Some("wrong"), "doc.wrong_password")] {
        let report = judged(&bytes, password);
        assert_eq!(report.conclusion, Conclusion::Indeterminate, "{report}");
        assert!(codes(&report).contains(&code), "{report}");
        assert_eq!(report.signatures[0].integrity, Integrity::Intact);
        // Nothing is told of what cannot be read: no name in cipher text.
        let field = &report.signatures[0].field;
        assert!(field.ends_with(" 0") && field.is_ascii(), "{field:?}");
        assert!(!format!("{report:?}").contains("wrong\""));
    }
    let report = judged(&bytes, Some("user"));
    assert_eq!(report.conclusion, Conclusion::Passed);
    assert!(codes(&report).contains(&"doc.opened"));
}

#[test]
fn a_page_replaced_without_the_password_is_noticed() {
    let entries = encrypt_entry(&documents::encrypted_with_password());
    let bytes = changed(&entries);
    assert_eq!(judged(&bytes, Some("user")).conclusion, Conclusion::Failed);
    let report = judged(&bytes, None);
    assert_eq!(report.conclusion, Conclusion::Indeterminate);
    assert!(report.signatures[0].changes_unknown());
    assert!(report.to_string().contains("Changed later: cannot be said."), "{report}");
    assert!(!report.to_string().contains("NOT permitted"), "{report}");
}

#[test]
fn a_revision_that_drops_or_replaces_the_encryption_never_passes() {
    for entries in ["", "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (x) /U (x) >>"] {
        let report = judged(&changed(entries), Some("user"));
        assert_ne!(report.conclusion, Conclusion::Passed, "{report}");
        assert!(codes(&report).contains(&"doc.encryption_unknown"), "{report}");
    }
}

#[test]
fn for_certificates_only_the_raw_bytes_are_judged() {
    let report = judged(&documents::encrypted_for_a_certificate(), None);
    assert_eq!(report.conclusion, Conclusion::Unsigned);
}

#[test]
fn a_flipped_bit_of_the_cipher_text_breaks_the_signature() {
    let bytes = signed(&documents::encrypted_aes_256(), None, KeyType::P256, 20.0);
    let at = memchr::memmem::find(&bytes, b"stream").unwrap() + 30;
    let mut flipped = bytes.clone();
    flipped[at] ^= 1;
    assert_eq!(judged(&bytes, None).conclusion, Conclusion::Passed);
    assert_eq!(judged(&flipped, None).conclusion, Conclusion::Failed);
}
