//! Second copies: a signature or a time-stamp that was made for something else.

use super::Family;
use super::scene::{
    CONTENT, FORM, FREE, LIES, PAGE, SAYS, VALUE, append, form, page, scene, sign, signed,
    stamp_placeholder, text, value_of, waiting,
};
use crate::pdf::{Layout, Pdf};

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
        stamped,
    );
    family
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
