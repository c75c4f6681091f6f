//! What an annotation is, and what its entries are (ISO 32000-2 §12.5.2 to §12.5.6).
//!
//! Level 3 of a certification permits comments, not everything that stands in `/Annots`: what plays,
//! prints or runs something, belongs to a form or to layers is none.

use crate::pdf::{Dictionary, Object};

use super::entries::may_be;

/// The kinds that a commenter makes (Table 171).
const KINDS: [&[u8]; 18] = [
    b"Text",
    b"Link",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Stamp",
    b"Caret",
    b"Ink",
    b"Popup",
    b"FileAttachment",
    b"Redact",
];

/// Entries that are names, numbers, texts, or lists of such.
const PLAIN: [&[u8]; 43] = [
    b"Type",
    b"Subtype",
    b"Rect",
    b"Contents",
    b"NM",
    b"M",
    b"F",
    b"AS",
    b"Border",
    b"C",
    b"CA",
    b"ca",
    b"BM",
    b"Lang",
    b"StructParent",
    b"T",
    b"RC",
    b"CreationDate",
    b"Subj",
    b"RT",
    b"IT",
    b"RD",
    b"DA",
    b"DS",
    b"Q",
    b"CL",
    b"LE",
    b"IC",
    b"QuadPoints",
    b"Vertices",
    b"L",
    b"LL",
    b"LLE",
    b"LLO",
    b"Cap",
    b"CP",
    b"CO",
    b"InkList",
    b"Sy",
    b"Name",
    b"Open",
    b"State",
    b"StateModel",
];

/// More of them, for links and redactions.
const MORE_PLAIN: [&[u8]; 5] = [b"H", b"Dest", b"OverlayText", b"Repeat", b"Rotate"];

/// Dictionaries of plain entries.
const STYLES: [&[u8]; 2] = [b"BS", b"BE"];

/// Other annotations, or the page.
const RELATED: [&[u8]; 4] = [b"P", b"Popup", b"IRT", b"Parent"];

/// How deep lists of plain entries are nested.
const DEPTH: u32 = 3;

/// Entries that also mean something in parameters of a graphics state.
pub(super) const ALSO_GRAPHICS: [&[u8]; 3] = [b"CA", b"ca", b"BM"];

/// Whether a dictionary is an annotation of a kind that a commenter makes.
pub(super) fn is_comment(dictionary: &Dictionary) -> bool {
    let kind = dictionary.name(b"Subtype");
    let is_annotation = dictionary.get(b"Type").is_none() || dictionary.is_type(b"Annot");
    let of_a_form = [&b"FT"[..], b"Kids", b"V", b"Ff"].iter().any(|key| dictionary.contains(key));
    kind.is_some_and(|kind| KINDS.contains(&kind))
        && is_annotation
        && !of_a_form
        && dictionary.contains(b"Rect")
}

/// Whether an entry, its references followed, may be that of an annotation; none if it goes.
/// Appearances are looked at by whoever knows what they lead to.
pub(super) fn may_annotate(key: &[u8], value: Option<&Object>) -> bool {
    let Some(value) = value else { return true };
    match key {
        b"AP" => may_be(key, Some(value)),
        b"A" => value.as_dictionary().is_some_and(is_harmless_action),
        b"FS" => value.as_string().is_some() || value.as_dictionary().is_some_and(is_file),
        b"Dest" => is_plain(value, DEPTH, true),
        key if RELATED.contains(&key) => matches!(value, Object::Dictionary(_)),
        key if STYLES.contains(&key) => {
            let plain = |d: &Dictionary| d.iter().all(|(_, value)| is_plain(value, DEPTH, false));
            matches!(value, Object::Dictionary(_)) && value.as_dictionary().is_some_and(plain)
        }
        key if PLAIN.contains(&key) || MORE_PLAIN.contains(&key) => is_plain(value, DEPTH, false),
        // What readers do not know they pass over, if it leads nowhere.
        _ => !is_active(key) && is_plain(value, 0, false),
    }
}

/// Entries that run something, or show and hide it.
fn is_active(key: &[u8]) -> bool {
    matches!(key, b"AA" | b"OC" | b"PA" | b"AF" | b"Kids" | b"FT" | b"V" | b"DV" | b"MK")
}

/// No dictionary, no stream; references only where they are destinations.
fn is_plain(value: &Object, depth: u32, references: bool) -> bool {
    match value {
        Object::Array(items) => depth
            .checked_sub(1)
            .is_some_and(|below| items.iter().all(|it| is_plain(&it.value, below, references))),
        Object::Reference(_) => references,
        Object::Dictionary(_) | Object::Stream(_) => false,
        _ => true,
    }
}

/// An action that goes somewhere and does nothing there (Table 201).
fn is_harmless_action(action: &Dictionary) -> bool {
    let goes = matches!(action.name(b"S"), Some(b"GoTo" | b"URI"));
    goes && action.iter().all(|(key, value)| match key {
        b"D" => is_plain(value, DEPTH, true),
        b"Type" | b"S" | b"URI" | b"IsMap" => is_plain(value, 0, false),
        _ => false,
    })
}

fn is_file(file: &Dictionary) -> bool {
    file.is_type(b"Filespec") || file.is_type(b"F") || file.contains(b"EF")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_entry_stands_in_two_lists() {
        let mut all: Vec<&[u8]> = PLAIN.iter().chain(&MORE_PLAIN).copied().collect();
        all.extend(STYLES.iter().chain(&RELATED));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|key| !is_active(key)));
    }

    #[test]
    fn lists_end_at_their_depth() {
        let nested = |depth: usize| {
            (0..depth).fold(Object::Integer(1), |inner, _| {
                let span = crate::pdf::Span::new(0, 0);
                Object::Array(vec![crate::pdf::Spanned { value: inner, span }])
            })
        };
        assert!(may_annotate(b"InkList", Some(&nested(3))));
        assert!(!may_annotate(b"InkList", Some(&nested(4))));
        assert!(!may_annotate(b"Unknown", Some(&nested(1))));
        assert!(may_annotate(b"Unknown", Some(&nested(0))));
        assert!(!may_annotate(b"AA", Some(&nested(0))));
    }
}
