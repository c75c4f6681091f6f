//! Two readings of one byte string: escapes, comments, keys that stand twice, lengths that lie.

use super::Family;
use super::scene::{
    CONTENT, FIELD, LIES, PAGE, SAYS, append, content, field, page, scene, sign, signed_with, text,
};
use crate::pdf::Layout;

pub fn family() -> Family {
    let mut family = Family::new(
        "spelling",
        "Müller et al., Processing Dangerous Paths (NDSS 2021); Mladenov et al. (CCS 2019), malformed objects",
    );
    let lies = String::from_utf8(content(LIES)).expect("text");
    let base = signed_with(&[(9, &lies)]);
    let own = page("6 0 R", "");
    let pages = |to: &str| {
        let changed = own.replace("/Contents 4 0 R", to);
        append(&base, &[(PAGE, changed.as_bytes())])
    };
    family.add(
        "escaped_name",
        "compares names before they are decoded",
        pages("/Con#74ents 9 0 R"),
        pages("/Con#74ents 4 0 R"),
    );
    family.add(
        "comment",
        "finds keys in comments",
        pages("/Contents 9 0 R %/Contents 4 0 R\n"),
        pages("/Contents 4 0 R %/Contents 9 0 R\n"),
    );
    let twice = "takes the first of two keys, or the last";
    family.add(
        "key_twice_last",
        twice,
        pages("/Contents 4 0 R /Contents 9 0 R"),
        pages("/Contents 4 0 R"),
    );
    family.add(
        "key_twice_first",
        twice,
        pages("/Contents 9 0 R /Contents 4 0 R"),
        pages("/Contents 4 0 R"),
    );
    let other = field("").replace("/V 8 0 R", "/V 8 0 R /V null");
    family.add(
        "value_twice",
        twice,
        append(&base, &[(FIELD, other.as_bytes())]),
        append(&base, &[(FIELD, field("").as_bytes())]),
    );
    family.add(
        "length_short",
        "looks for endstream, and not at the length",
        append(&base, &[(CONTENT, &measured(SAYS, LIES, true))]),
        append(&base, &[(CONTENT, &content(SAYS))]),
    );
    family.add(
        "length_long",
        "believes the length, and not endstream",
        append(&base, &[(CONTENT, &measured(SAYS, LIES, false))]),
        append(&base, &[(CONTENT, &content(SAYS))]),
    );
    family.add(
        "reference_with_generation",
        "does not look at the generation of a reference",
        pages("/Contents 9 7 R"),
        pages("/Contents 4 0 R"),
    );
    let before = Layout { before_header: &[b' '; 64], ..Layout::default() };
    let counted = Layout { offsets_from_header: true, ..before.clone() };
    family.add(
        "offsets_from_header",
        "counts from the header, where others count from the first byte",
        sign(scene().write(&counted)),
        sign(scene().write(&before)),
    );
    family
}

/// A stream that goes on behind its `/Length`, or ends before it.
fn measured(says: &str, lies: &str, is_short: bool) -> Vec<u8> {
    let (first, second) = (text(says), text(lies));
    let between = b"\nendstream\n".to_vec();
    let data = [&first[..], &between, &second].concat();
    let length = if is_short { first.len() - 3 } else { data.len() };
    let head = format!("<< /Length {length} >>\nstream\n");
    [head.as_bytes(), &data, b"\nendstream"].concat()
}
