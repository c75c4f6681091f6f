//! Universal signature forgery: what a verifier needs is missing or empty, so that it verifies nothing.

use super::Family;
use super::scene::{LIES, SAYS, find, overwritten, signed, value_of};

pub fn family() -> Family {
    let mut family = Family::new(
        "forgery",
        "Mladenov et al., 1 Trillion Dollar Refund (CCS 2019); CVE-2018-16042",
    );
    let honest = signed();
    let lies = overwritten(&honest, SAYS, LIES);
    let mut add = |name, careless, attack| family.add(name, careless, attack, honest.clone());

    let hidden = overwritten(&lies, "/Contents <", "/Kontents <");
    add("contents_missing", "finds no value and calls the signature good", hidden);
    add("contents_null", "takes null for a value", contents(&lies, "null"));
    add("contents_empty", "verifies no bytes at all", contents(&lies, "<>"));
    add("contents_zero", "takes an empty reservation for a value", contents(&lies, "<00>"));
    add("contents_number", "takes any object for a value", contents(&lies, "0"));
    let hidden = overwritten(&lies, "/ByteRange [", "/ByteRongs [");
    add("byte_range_missing", "hashes nothing, or only what it likes", hidden);
    for (name, value) in [
        ("byte_range_null", "null"),
        ("byte_range_empty", "[]"),
        ("byte_range_one", "[0]"),
        ("byte_range_zeros", "[0 0 0 0]"),
        ("byte_range_negative", "[0 -1 0 -1]"),
        ("byte_range_huge", "[0 99999999999999999999 1 1]"),
        ("byte_range_names", "[/a /b /c /d]"),
        ("byte_range_short", "[0 20 40 20]"),
    ] {
        add(name, "hashes other bytes than the document's, or none", ranges(&lies, value));
    }
    let kind = overwritten(&lies, "/ETSI.CAdES.detached", "/ETSI.CAdES.detachex");
    add("sub_filter_unknown", "skips what it does not know", kind);
    family
}

/// Other `/Contents`, padded with what says nothing.
fn contents(bytes: &[u8], value: &str) -> Vec<u8> {
    let at = value_of(bytes);
    let mut bytes = bytes.to_vec();
    let fill = if value == "<00>" { b'0' } else { b' ' };
    bytes[at.clone()].fill(fill);
    bytes[at.start..at.start + value.len()].copy_from_slice(value.as_bytes());
    if value == "<00>" {
        bytes[at.start + 3] = b'0';
        bytes[at.end - 1] = b'>';
    }
    bytes
}

/// Another `/ByteRange`.
fn ranges(bytes: &[u8], value: &str) -> Vec<u8> {
    let start = find(bytes, b"/ByteRange [") + b"/ByteRange ".len();
    let end = start + find(&bytes[start..], b"]") + 1;
    let mut bytes = bytes.to_vec();
    bytes[start..end].fill(b' ');
    bytes[start..start + value.len()].copy_from_slice(value.as_bytes());
    bytes
}
