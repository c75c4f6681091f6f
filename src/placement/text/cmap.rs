//! CMaps that a document carries (ISO 32000-2 §9.7.5.4, §9.10.3): `hayro-cmap` reads them, once they are
//! known to ask for no more time and memory than they have bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_cmap::CMap;

/// The longest CMap that is read. One of 65,536 codes, each on a line, has a megabyte or so.
const MOST_BYTES: usize = 8 << 20;

/// Maps that it may build upon; one is usual. Each is read again whenever it is named.
const MOST_USED: usize = 4;

/// Bytes of one string, as it is written. §9.10.3 allows 512, two digits each; a range gives its string
/// to every code in it.
const LONGEST_STRING: usize = 2048;

/// A CMap of the document; `None` if it is none, costs too much, or its reader panics over it.
pub(super) fn cmap(data: &[u8]) -> Option<CMap> {
    // The reader's own format for the predefined maps has no business in a document.
    if data.len() > MOST_BYTES || data.starts_with(b"bcmap") {
        return None;
    }
    if memchr::memmem::find_iter(data, b"usecmap").count() > MOST_USED || has_long_string(data) {
        return None;
    }
    let parse = || CMap::parse(data, hayro_cmap::load_embedded);
    catch_unwind(AssertUnwindSafe(parse)).ok().flatten()
}

/// Whether a string is too long: `<…>`, or `(…)` with parentheses inside.
fn has_long_string(data: &[u8]) -> bool {
    let mut rest = data;
    while let Some(found) = rest.iter().position(|byte| b"<(%".contains(byte)) {
        let (opening, behind) = (rest.get(found), rest.get(found + 1..).unwrap_or_default());
        let length = match opening {
            Some(b'%') => behind.iter().position(|byte| b"\r\n".contains(byte)),
            Some(b'<') => behind.iter().position(|byte| b"<>".contains(byte)),
            _ => literal(behind),
        };
        let length = length.unwrap_or(behind.len());
        if length > LONGEST_STRING && opening != Some(&b'%') {
            return true;
        }
        // A dictionary opens with two angle brackets: the second one is looked at again.
        rest = behind.get(length..).unwrap_or_default();
    }
    false
}

/// Where a string of characters ends.
fn literal(bytes: &[u8]) -> Option<usize> {
    let (mut open, mut escaped) = (1_u32, false);
    bytes.iter().position(|byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => open += 1,
            b')' => open -= 1,
            _ => {}
        }
        open == 0
    })
}

#[cfg(test)]
mod tests {
    use hayro_cmap::BfString;

    use super::*;

    fn char_map(text: &str) -> Vec<u8> {
        format!("/CMapName /A def 1 beginbfchar <0041> <{text}> endbfchar").into_bytes()
    }

    #[test]
    fn long_strings_are_none() {
        let usual = cmap(&char_map("00660066")).unwrap();
        assert_eq!(usual.lookup_bf_string(0x41), Some(BfString::String("ff".into())));
        assert!(cmap(&char_map(&"0066".repeat(512))).is_some());
        assert!(cmap(&char_map(&"0066".repeat(513))).is_none());
        let literal = |inside: &str| {
            format!("<< /A <00> >> % ( a comment <\n1 beginbfrange <00> <FF> ({inside}) endbfrange")
        };
        assert!(cmap(literal(r"a\)(b)").as_bytes()).is_some());
        assert!(cmap(literal(&"ab".repeat(1100)).as_bytes()).is_none());
        assert!(cmap(literal(&"(a)".repeat(1100)).as_bytes()).is_none());
    }

    #[test]
    fn maps_that_are_used_again_and_again_are_none() {
        let used = |times| b"/UniGB-UTF16-H usecmap ".repeat(times);
        assert!(cmap(&used(1)).unwrap().lookup_cid_code(0x7532, 2).is_some());
        assert!(cmap(&used(5)).is_none());
        let own = hayro_cmap::load_embedded(hayro_cmap::CMapName::UniGbUtf16H).unwrap();
        assert!(own.starts_with(b"bcmap") && cmap(own).is_none());
    }
}
