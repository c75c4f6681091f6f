//! Second copies: a signature or a time-stamp that was made for something else.

use time::Duration;

use super::Family;
use super::scene::{
    CONTENT, FORM, FREE, LIES, PAGE, SAYS, VALUE, append, detached, form, message, page, scene,
    sign, sign_again, sign_as, signed, signed_at, signer, signer_info, stamp_placeholder, stamper,
    text, value_of, waiting, wide_placeholder,
};
use crate::pdf::{Layout, Pdf};
use crate::pki::{KeyType, Validity, self_signed};
use crate::tsa::{OID_TIMESTAMP_TOKEN, signature_of, with_unsigned};

pub fn family() -> Family {
    let mut family = Family::new(
        "copies",
        "DSS copied document time-stamp and double SignerInfo; Mainka et al. (NDSS 2021)",
    );
    let base = signed();
    let field = |value: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (second) /F 132 /Rect [0 0 0 0] /P 3 0 R {value} >>"
        )
    };
    let second = |value: &str| {
        append(
            &base,
            &[
                (PAGE, page("6 0 R 9 0 R", "").as_bytes()),
                (FORM, form("6 0 R 9 0 R").as_bytes()),
                (FREE, field(value).as_bytes()),
            ],
        )
    };
    family.add(
        "one_value_in_two_fields",
        "counts two signatures where one was made",
        second("/V 8 0 R"),
        second(""),
    );
    let value = |bytes: &[u8]| {
        let at = value_of(bytes);
        bytes[at].to_vec()
    };
    let other = laid(LIES, scene());
    family.add(
        "value_of_another_document",
        "verifies the value, and not what it was made for",
        filled(other.clone(), &value(&base)),
        sign(other),
    );
    let stamping = || {
        let mut pdf = scene();
        pdf.set(VALUE, stamp_placeholder());
        pdf
    };
    let stamped = sign(laid(SAYS, stamping()));
    family.add(
        "stamp_of_another_document",
        "verifies the token, and not its imprint",
        filled(laid(LIES, stamping()), &value(&stamped)),
        stamped.clone(),
    );
    let signature = super::scene::detached(b"something else");
    let digits: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    family.add(
        "signature_as_stamp",
        "takes any CMS for a time-stamp",
        filled(laid(SAYS, stamping()), format!("<{digits}").as_bytes()),
        stamped.clone(),
    );
    let twice = sign_again(&base, &[], "", true);
    let last = |bytes: &[u8]| base.len() + value_of(&bytes[base.len()..]).start;
    family.add(
        "proof_of_another_document",
        "takes the time of a document time-stamp, and does not ask what it was made for",
        exchanged(&twice, last(&twice), &value(&stamped)),
        twice,
    );
    inside(&mut family);
    family
}

/// What is in a message beside the signature: time-stamps, signers, certificates.
fn inside(family: &mut Family) {
    let wide = || {
        let mut pdf = scene();
        pdf.set(VALUE, wide_placeholder());
        pdf
    };
    let signed = |line: &str, value: &dyn Fn(&[u8]) -> Vec<u8>| sign_as(laid(line, wide()), value);
    let other = detached(b"another document");
    let stamped = |cms: &[u8], over: &[u8]| {
        let token = stamper().stamp(&signature_of(over), signed_at());
        with_unsigned(cms, OID_TIMESTAMP_TOKEN, &token)
    };
    let own = signed(SAYS, &|covered| {
        let cms = detached(covered);
        stamped(&cms, &cms)
    });
    family.add(
        "stamp_of_another_signature",
        "takes the time of any time-stamp that a signature carries",
        signed(SAYS, &|covered| stamped(&detached(covered), &other)),
        own,
    );
    let certificate = &signer().certificate_der;
    family.add(
        "signer_of_another_document",
        "verifies one signer of two",
        signed(SAYS, &|covered| {
            message(certificate, &[signer_info(b"another document"), signer_info(covered)].concat())
        }),
        signed(SAYS, &detached),
    );
    // The same name, number and key, and another certificate.
    let validity = Validity::around(signed_at() + Duration::days(100));
    let namesake = self_signed(KeyType::Rsa2048, validity).certificate_der;
    family.add(
        "certificate_exchanged",
        "finds the signer by name and number, and does not ask which certificate he meant",
        signed(SAYS, &|covered| message(&namesake, &signer_info(covered))),
        signed(SAYS, &detached),
    );
}

/// A document with a value from elsewhere in the gap that begins at `at`.
fn exchanged(bytes: &[u8], at: usize, value: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + value.len()].copy_from_slice(value);
    bytes
}

/// A document with the right ranges around a value from elsewhere.
fn filled(bytes: Vec<u8>, value: &[u8]) -> Vec<u8> {
    let gap = waiting(&bytes);
    let mut bytes = sign(bytes);
    bytes[gap.start + 1..gap.end - 1].fill(b'0');
    bytes[gap.start..gap.start + value.len()].copy_from_slice(value);
    bytes
}

fn laid(line: &str, mut pdf: Pdf) -> Vec<u8> {
    pdf.set_stream(CONTENT, "", &text(line));
    pdf.write(&Layout::default())
}
