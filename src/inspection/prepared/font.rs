//! How wide a font's glyphs are, and whether its names contradict its text.

use std::collections::HashMap;

use crate::pdf::{Content, Dictionary, Error, Object, Operand, Revision, Spanned};

/// Widths of a composite font that are kept.
const MOST_WIDTHS: usize = 70_000;

/// A font as far as the extent of its text needs it.
pub(super) struct Font {
    composite: bool,
    pub(super) vertical: bool,
    /// Text space per glyph unit.
    unit: f64,
    pub(super) is_type3: bool,
    default: f64,
    widths: HashMap<u32, f64>,
}

impl Font {
    /// What stands in for a font that cannot be read.
    pub(super) fn unknown() -> Self {
        Self {
            composite: false,
            vertical: false,
            unit: 0.001,
            is_type3: false,
            default: 500.0,
            widths: HashMap::new(),
        }
    }

    pub(super) fn read(revision: &Revision<'_>, font: &Dictionary) -> Result<Self, Error> {
        let mut read = Self::unknown();
        match font.name(b"Subtype") {
            Some(b"Type0") => read.composite(revision, font)?,
            Some(b"Type3") => {
                read.is_type3 = true;
                let matrix = revision.lookup(font, b"FontMatrix")?;
                let matrix = matrix.as_deref().and_then(Object::as_array).unwrap_or(&[]);
                let scale = matrix.first().and_then(|it| it.value.as_number());
                read.unit = scale.map_or(0.001, f64::abs);
                read.simple(revision, font)?;
            }
            _ => read.simple(revision, font)?,
        }
        Ok(read)
    }

    fn simple(&mut self, revision: &Revision<'_>, font: &Dictionary) -> Result<(), Error> {
        let first = revision.lookup(font, b"FirstChar")?.and_then(|it| it.as_integer());
        let first = first.and_then(|first| u32::try_from(first).ok()).unwrap_or(0);
        let widths = revision.lookup(font, b"Widths")?;
        let widths = widths.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        for (code, width) in (first..).zip(widths.iter().take(256)) {
            if let Some(width) = revision.resolve(&width.value)?.as_number() {
                self.widths.insert(code, width);
            }
        }
        if widths.is_empty() && font.name(b"BaseFont").is_some_and(|it| it.starts_with(b"Courier"))
        {
            self.default = 600.0;
        }
        Ok(())
    }

    fn composite(&mut self, revision: &Revision<'_>, font: &Dictionary) -> Result<(), Error> {
        self.composite = true;
        self.default = 1000.0;
        let encoding = revision.lookup(font, b"Encoding")?;
        let name = encoding.as_deref().and_then(Object::as_name);
        self.vertical = name.is_some_and(|name| name.ends_with(b"-V") || name == b"V");
        let Some(descendants) = revision.lookup(font, b"DescendantFonts")? else { return Ok(()) };
        let Some([descendant, ..]) = descendants.as_array() else { return Ok(()) };
        let descendant = revision.resolve(&descendant.value)?;
        let Some(descendant) = descendant.as_dictionary() else { return Ok(()) };
        if let Some(default) = revision.lookup(descendant, b"DW")?.and_then(|it| it.as_number()) {
            self.default = default;
        }
        let Some(widths) = revision.lookup(descendant, b"W")? else { return Ok(()) };
        self.composite_widths(revision, widths.as_array().unwrap_or(&[]))
    }

    /// `c [w …]` and `first last w` (§9.7.4.3).
    fn composite_widths(
        &mut self,
        revision: &Revision<'_>,
        items: &[Spanned],
    ) -> Result<(), Error> {
        let code = |object: &Object| object.as_integer().and_then(|it| u32::try_from(it).ok());
        let mut items = items;
        while let [first, second, rest @ ..] = items {
            let Some(first) = code(&first.value) else { return Ok(()) };
            match &*revision.resolve(&second.value)? {
                Object::Array(listed) => {
                    for (code, width) in (first..).zip(listed) {
                        self.width(code, width.value.as_number());
                    }
                    items = rest;
                }
                last => {
                    let [width, rest @ ..] = rest else { return Ok(()) };
                    let last = code(last).unwrap_or(first).min(0xFFFF);
                    for code in first..=last {
                        self.width(code, width.value.as_number());
                    }
                    items = rest;
                }
            }
        }
        Ok(())
    }

    fn width(&mut self, code: u32, width: Option<f64>) {
        if let Some(width) = width.filter(|_| self.widths.len() < MOST_WIDTHS) {
            self.widths.insert(code, width);
        }
    }

    /// For each glyph of a string its width in text space of size 1, and whether it is white space.
    pub(super) fn glyphs<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (f64, Glyph)> + 't {
        let size = if self.composite { 2 } else { 1 };
        text.chunks(size).map(move |code| {
            let number = code.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
            let width = self.widths.get(&number).copied().unwrap_or(self.default) * self.unit;
            let glyph = match (self.composite, number) {
                (false, 32) => Glyph::Space,
                // The usual places of a space in Adobe's character collections and in TrueType.
                (true, 1 | 3 | 32) | (false, 0 | 9 | 10 | 13 | 160) => Glyph::Blank,
                _ => Glyph::Ink,
            };
            (width, glyph)
        })
    }
}

/// What a code of a string stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    /// The single byte 32, which is widened by the word space.
    Space,
    /// Other white space.
    Blank,
    /// Something that is seen.
    Ink,
}

/// The first code whose glyph has one name and whose text is another letter or digit (§9.10.3):
/// whoever copies or searches reads something else than what is seen.
///
/// Only names that are themselves a letter or a digit are compared, so that what is decided here is
/// decided by the file alone.
pub(super) fn contradiction(
    revision: &Revision<'_>,
    font: &Dictionary,
) -> Result<Option<u8>, Error> {
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
