//! What other software, or an attacker, appends to a finished PDF.
//!
//! A naive writer on purpose: it looks for the last trailer as text and writes what it is told, so that
//! a test can change a page, replace a signature, add an annotation or validation data, and see what
//! the judge says.
//!
//! ```
//! use sealwright_testdata::{appended::append_table_update, documents};
//! let base = documents::classic_table();
//! let changed = append_table_update(&base, &[(4, 0, b"(swapped)")], "");
//! assert!(changed.starts_with(&base) && changed.ends_with(b"%%EOF\n"));
//! ```

use crate::pdf::{Entries, Entry, write_object, write_table, xref_stream_body};

/// Appends objects (number, generation, body between `obj` and `endobj`) and a classic table. An
/// object with an empty body is freed. `trailer_extra` comes before the entries carried over from the
/// last trailer (`/Root`, `/Info`, `/ID`, unless `trailer_extra` names them).
pub fn append_table_update(
    base: &[u8],
    objects: &[(u32, u16, &[u8])],
    trailer_extra: &str,
) -> Vec<u8> {
    let (mut bytes, mut entries) = append_objects(base, objects);
    entries.insert(0, Entry::Free { generation: 65535 });
    let trailer = trailer(base, &entries, trailer_extra);
    let startxref = bytes.len();
    write_table(&mut bytes, &entries, b" \n");
    bytes.extend(format!("trailer\n<< {trailer} >>\nstartxref\n{startxref}\n%%EOF\n").bytes());
    bytes
}

/// Appends objects like [`append_table_update`], with a cross-reference stream.
pub fn append_stream_update(
    base: &[u8],
    objects: &[(u32, u16, &[u8])],
    trailer_extra: &str,
) -> Vec<u8> {
    let (mut bytes, mut entries) = append_objects(base, objects);
    let highest = entries.last_key_value().map_or(0, |(&number, _)| number + 1);
    let number = highest.max(last_size(base));
    let startxref = bytes.len();
    entries.insert(number, Entry::At { offset: startxref as u64, generation: 0 });
    let trailer = trailer(base, &entries, trailer_extra);
    write_object(&mut bytes, number, 0, &xref_stream_body(&entries, &trailer));
    bytes.extend(format!("startxref\n{startxref}\n%%EOF\n").bytes());
    bytes
}

/// The `startxref` of the last revision.
pub fn last_startxref(base: &[u8]) -> u64 {
    let keyword = b"startxref";
    let found = base.windows(keyword.len()).rposition(|window| window == keyword);
    number(&base[found.expect("a finished PDF") + keyword.len()..]).expect("an offset")
}

/// The `/Size` of the last trailer: the first object number that nobody uses yet.
pub fn last_size(base: &[u8]) -> u32 {
    let size = last_value(base, "/Size").and_then(number).expect("a trailer");
    size.try_into().expect("fewer than 2^32 objects")
}

fn append_objects(base: &[u8], objects: &[(u32, u16, &[u8])]) -> (Vec<u8>, Entries) {
    let mut bytes = base.to_vec();
    if !bytes.ends_with(b"\n") {
        bytes.push(b'\n');
    }
    let mut entries = Entries::new();
    for &(number, generation, body) in objects {
        if body.is_empty() {
            entries.insert(number, Entry::Free { generation });
        } else {
            entries.insert(number, Entry::At { offset: bytes.len() as u64, generation });
            write_object(&mut bytes, number, generation, body);
        }
    }
    (bytes, entries)
}

fn trailer(base: &[u8], entries: &Entries, extra: &str) -> String {
    let highest = entries.last_key_value().map_or(0, |(&number, _)| number + 1);
    let size = highest.max(last_size(base));
    let mut trailer = format!("/Size {size} {extra} /Prev {}", last_startxref(base));
    for key in ["/Root", "/Info", "/ID"] {
        if extra.contains(key) {
            continue;
        }
        if let Some(value) = last_value(base, key).and_then(reference_or_array) {
            trailer += &format!(" {key} {value}");
        }
    }
    trailer
}

/// What follows `key` in the newest trailer, or in the dictionary of the newest cross-reference stream.
fn last_value<'a>(base: &'a [u8], key: &str) -> Option<&'a [u8]> {
    let section = &base[last_startxref(base) as usize..];
    let found = section.windows(key.len()).position(|window| window == key.as_bytes())?;
    Some(&section[found + key.len()..])
}

/// The text of a reference or an array, up to its `R` or `]`.
fn reference_or_array(value: &[u8]) -> Option<&str> {
    let value = value.trim_ascii_start();
    let last = if value.starts_with(b"[") { b']' } else { b'R' };
    let end = value.iter().position(|&byte| byte == last)?;
    std::str::from_utf8(&value[..=end]).ok()
}

fn number(text: &[u8]) -> Option<u64> {
    let text = text.trim_ascii_start();
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    std::str::from_utf8(&text[..end]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents;

    #[test]
    fn updates_carry_the_trailer_of_any_base() {
        for base in [
            documents::classic_table(),
            documents::object_streams(),
            documents::hybrid(),
            documents::linearized(),
        ] {
            for append in [append_table_update, append_stream_update] {
                let number = last_size(&base);
                let updated = append(&base, &[(number, 0, b"(new)")], "/Extra true");
                let trailer = &updated[last_startxref(&updated) as usize..];
                assert!(updated.starts_with(&base));
                assert!(last_size(&updated) > number);
                for wanted in ["/Root ", " 0 R /Info ", "/ID [<5EA1", "/Extra true"] {
                    let found = trailer.windows(wanted.len()).any(|w| w == wanted.as_bytes());
                    assert!(found, "{wanted}");
                }
            }
        }
    }

    #[test]
    fn an_empty_body_frees_an_object() {
        let updated = append_table_update(&documents::classic_table(), &[(4, 1, b"")], "");
        let freed = b"\n4 1\n0000000000 00001 f \n";
        assert!(updated.windows(freed.len()).any(|window| window == freed));
    }
}
