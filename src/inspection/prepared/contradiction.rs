//! Fonts whose names of glyphs contradict their text: what is copied or searched is not what is seen.

use std::collections::HashMap;

use super::found::Found;
use crate::pdf::{Content, Dictionary, Error, Object, ObjectId, Operand, Revision};
use crate::report::{Code, Finding};

/// Tells of those among the fonts that were used.
pub(super) fn look(
    revision: &Revision<'_>,
    used: impl Iterator<Item = ObjectId>,
    found: &mut Found,
) -> Result<(), Error> {
    let mut ids: Vec<ObjectId> = used.collect();
    ids.sort_unstable();
    for id in ids {
        let Some(font) = revision.get(id)? else { continue };
        let Some(font) = font.object.value.as_dictionary() else { continue };
        if let Some(code) = contradiction(revision, font)? {
            found.add(Finding::new(Code::PrepFontContradicts).with(code).about(id));
        }
    }
    Ok(())
}

/// The first code whose glyph has one name and whose text is another letter or digit (§9.10.3):
/// whoever copies or searches reads something else than what is seen.
///
/// Only names that are themselves a letter or a digit are compared, so that what is decided here is
/// decided by the file alone.
fn contradiction(revision: &Revision<'_>, font: &Dictionary) -> Result<Option<u8>, Error> {
    let Some(encoding) = revision.lookup(font, b"Encoding")? else { return Ok(None) };
    let Some(encoding) = encoding.as_dictionary() else { return Ok(None) };
    let Some(differences) = revision.lookup(encoding, b"Differences")? else { return Ok(None) };
    let Some(Object::Reference(id)) = font.get(b"ToUnicode") else { return Ok(None) };
    let Some(map) = revision.get(*id)? else { return Ok(None) };
    let Object::Stream(stream) = &map.object.value else { return Ok(None) };
    let Ok(map) = revision.decoded(*id, stream) else { return Ok(None) };
    let text = mapped(&map);
    let mut code = 0_i64;
    for item in differences.as_array().unwrap_or(&[]) {
        match &*revision.resolve(&item.value)? {
            Object::Integer(next) => code = *next,
            Object::Name(name) => {
                let at = u8::try_from(code).ok();
                if let Some((at, named)) = at.zip(named(name))
                    && let Some(shown) = text.get(&at)
                    && shown.is_ascii_alphanumeric()
                    && *shown != named
                {
                    return Ok(Some(at));
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    Ok(None)
}

/// The letter or digit of a glyph's name.
fn named(name: &[u8]) -> Option<char> {
    const DIGITS: [&[u8]; 10] =
        [b"zero", b"one", b"two", b"three", b"four", b"five", b"six", b"seven", b"eight", b"nine"];
    match name {
        [letter] if letter.is_ascii_alphabetic() => Some(char::from(*letter)),
        _ => {
            let digit = DIGITS.iter().position(|digit| *digit == name)?;
            char::from_digit(u32::try_from(digit).ok()?, 10)
        }
    }
}

/// Codes of one byte and their characters (§9.10.3); of a long block the beginning.
fn mapped(map: &[u8]) -> HashMap<u8, char> {
    let (mut content, mut operands, mut found) = (Content::new(map), Vec::new(), HashMap::new());
    while let Some(operator) = content.next(&mut operands) {
        let wanted = match operator {
            b"endbfchar" => 2,
            b"endbfrange" => 3,
            _ => continue,
        };
        for row in operands.chunks_exact(wanted) {
            let (Some(first), Some(to)) = (row.first().and_then(code), row.last().and_then(code))
            else {
                continue;
            };
            let last = row.get(wanted - 2).and_then(code).unwrap_or(first);
            for (code, to) in (first..=last.min(255)).zip(to..) {
                if let (Ok(code), Some(to)) = (u8::try_from(code), char::from_u32(to)) {
                    found.insert(code, to);
                }
            }
        }
    }
    found
}

/// A code or character of at most two bytes.
fn code(operand: &Operand) -> Option<u32> {
    match operand {
        Operand::String(bytes) => match bytes.as_slice() {
            [byte] => Some(u32::from(*byte)),
            [high, low] => Some(u32::from(*high) << 8 | u32::from(*low)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_read_in_both_its_forms() {
        let map = b"2 beginbfchar <41> <0042> <42> <00660069> endbfchar \
            2 beginbfrange <30> <32> <0061> <50> <51> [<0041> <0042>] endbfrange";
        let found = mapped(map);
        assert_eq!(found.get(&0x41), Some(&'B'));
        assert_eq!(found.get(&0x42), None, "two characters");
        assert_eq!(found.get(&0x32), Some(&'c'));
        assert_eq!(found.get(&0x50), None, "a list");
    }

    #[test]
    fn names_of_letters_and_digits_are_known() {
        assert_eq!(named(b"A"), Some('A'));
        assert_eq!(named(b"seven"), Some('7'));
        assert_eq!(named(b"g12"), None);
    }
}
