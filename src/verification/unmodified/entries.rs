//! What the entries of a field and of its widget are (ISO 32000-2 Tables 166, 191, 224 and 234).
//!
//! A field may be something else as well, whose names mean fonts or pictures: an entry that may change
//! must therefore look like the entry it claims to be, and like nothing that a page draws with.

use crate::pdf::Object;

/// Whether this may become the value of an entry when a field is filled; none if the entry goes.
pub(super) fn may_be(key: &[u8], value: Option<&Object>) -> bool {
    let keys: &[&[u8]] = match key {
        b"MK" => &[b"R", b"BC", b"BG", b"CA", b"RC", b"AC", b"I", b"RI", b"IX", b"IF", b"TP"],
        b"BS" => &[b"Type", b"W", b"S", b"D"],
        b"Lock" => &[b"Type", b"Action", b"Fields", b"P"],
        b"SV" => &SEED_VALUE,
        b"V" | b"AP" | b"AS" | b"F" | b"Ff" | b"M" | b"DA" | b"P" | b"Border" => &[],
        _ => return false,
    };
    let Some(value) = value else { return true };
    match key {
        b"V" => true,
        b"AP" => is_appearance(value),
        b"AS" => value.as_name().is_some(),
        b"F" | b"Ff" => value.as_integer().is_some(),
        b"M" | b"DA" => value.as_string().is_some(),
        b"P" => value.as_dictionary().is_some_and(|page| page.is_type(b"Page")),
        b"Border" => is_border(value),
        _ => value.as_dictionary().is_some_and(|it| it.iter().all(|(key, _)| keys.contains(&key))),
    }
}

/// A seed value dictionary (Table 237).
const SEED_VALUE: [&[u8]; 14] = [
    b"Type",
    b"Ff",
    b"Filter",
    b"SubFilter",
    b"DigestMethod",
    b"V",
    b"Cert",
    b"Reasons",
    b"MDP",
    b"TimeStamp",
    b"LegalAttestation",
    b"AddRevInfo",
    b"LockDocument",
    b"AppearanceFilter",
];

/// An appearance dictionary (Table 170): references, or dictionaries of them.
fn is_appearance(value: &Object) -> bool {
    let is_state = |value: &Object| match value {
        Object::Reference(_) => true,
        Object::Dictionary(states) => states.iter().all(|(_, v)| v.as_reference().is_some()),
        _ => false,
    };
    let known = |key: &[u8]| matches!(key, b"N" | b"R" | b"D");
    let dictionary = value.as_dictionary();
    dictionary.is_some_and(|all| all.iter().all(|(key, value)| known(key) && is_state(value)))
}

/// Numbers, and the numbers of a dash.
fn is_border(value: &Object) -> bool {
    value.as_array().is_some_and(|all| {
        all.iter().all(|item| item.value.as_number().is_some() || is_border(&item.value))
    })
}
