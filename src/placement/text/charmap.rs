//! The `cmap` table of an embedded TrueType or OpenType font, read backwards: from glyphs to
//! characters. For fonts whose codes are glyph numbers and that carry no `/ToUnicode`. Read here and not
//! by `ttf-parser`, which goes through all characters that a hostile table promises.

use std::collections::HashMap;

use crate::font_file::{table, u16_at, u32_at};

/// Characters that are looked at; a font has at most 65,535 glyphs, several characters may share one.
const MOST_CHARACTERS: u32 = 200_000;

/// From glyph numbers to characters.
pub(super) struct Characters(HashMap<u16, char>);

impl Characters {
    /// Of a font file; `None` if it has no table of Unicode characters.
    pub(super) fn of_font(font: &[u8]) -> Option<Self> {
        let table = table(font, 0, *b"cmap")?;
        let subtables = usize::from(u16_at(table, 2)?);
        let mut best: Option<(u8, &[u8])> = None;
        for index in 0..subtables.min(64) {
            let record = 4 + index * 8;
            let rank = match (u16_at(table, record)?, u16_at(table, record + 2)?) {
                (3, 10) | (0, 4 | 6) => 2,
                (3, 1) | (0, 0..=3) => 1,
                _ => continue,
            };
            let subtable = table.get(usize::try_from(u32_at(table, record + 4)?).ok()?..)?;
            if best.is_none_or(|(found, _)| rank > found) {
                best = Some((rank, subtable));
            }
        }
        let (_, subtable) = best?;
        let mut characters = HashMap::new();
        match u16_at(subtable, 0)? {
            4 => format_4(subtable, &mut characters),
            12 => format_12(subtable, &mut characters),
            _ => None,
        };
        (!characters.is_empty()).then_some(Self(characters))
    }

    pub(super) fn of_glyph(&self, glyph: u16) -> Option<char> {
        self.0.get(&glyph).copied()
    }
}

/// Segments of the Basic Multilingual Plane.
fn format_4(table: &[u8], characters: &mut HashMap<u16, char>) -> Option<()> {
    let doubled = usize::from(u16_at(table, 6)?);
    let mut looked_at = 0;
    for at in (0..doubled).step_by(2) {
        let end = u16_at(table, 14 + at)?;
        let start = u16_at(table, 16 + doubled + at)?;
        let delta = u16_at(table, 16 + doubled * 2 + at)?;
        let offset_at = 16 + doubled * 3 + at;
        let offset = usize::from(u16_at(table, offset_at)?);
        for code in start..=end {
            looked_at += 1;
            if looked_at > MOST_CHARACTERS {
                return None;
            }
            let glyph = if offset == 0 {
                code.wrapping_add(delta)
            } else {
                let index = offset_at + offset + usize::from(code - start) * 2;
                match u16_at(table, index) {
                    None => break,
                    Some(0) => continue,
                    Some(glyph) => glyph.wrapping_add(delta),
                }
            };
            note(characters, glyph, u32::from(code));
        }
    }
    Some(())
}

/// Groups of all planes.
fn format_12(table: &[u8], characters: &mut HashMap<u16, char>) -> Option<()> {
    let groups = usize::try_from(u32_at(table, 12)?).ok()?;
    let mut looked_at = 0;
    for index in 0..groups {
        let at = 16 + index * 12;
        let (start, end) = (u32_at(table, at)?, u32_at(table, at + 4)?);
        let first = u32_at(table, at + 8)?;
        for (glyph, code) in (first..=u32::from(u16::MAX)).zip(start..=end) {
            looked_at += 1;
            if looked_at > MOST_CHARACTERS {
                return None;
            }
            note(characters, u16::try_from(glyph).ok()?, code);
        }
    }
    Some(())
}

/// The first character of a glyph counts, one that is not private before one that is; radicals give
/// way to ideographs, which come later.
fn note(characters: &mut HashMap<u16, char>, glyph: u16, code: u32) {
    let Some(character) = char::from_u32(code).filter(|_| glyph != 0) else { return };
    let is_poor = |character: char| matches!(character, '\u{2E80}'..='\u{2FDF}' | '\u{E000}'..='\u{F8FF}' | '\u{F900}'..='\u{FAFF}');
    if matches!(character, '\u{F000}'..='\u{F0FF}') {
        return;
    }
    let known = characters.entry(glyph).or_insert(character);
    if is_poor(*known) && !is_poor(character) {
        *known = character;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A font file with nothing but a `cmap` table of one subtable.
    fn font(platform: u16, encoding: u16, subtable: &[u16]) -> Vec<u8> {
        let words =
            |words: &[u16]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<_>>();
        let cmap = [words(&[0, 1, platform, encoding, 0, 12]), words(subtable)].concat();
        let mut out = vec![0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        out.extend(b"cmap\0\0\0\0\0\0\0\x1c");
        out.extend(u32::try_from(cmap.len()).unwrap().to_be_bytes());
        out.extend(cmap);
        out
    }

    #[test]
    fn segments_are_read_backwards() {
        // 方 (65B9) is glyph 7, 章 (7AE0) glyph 9; the radical ⽅ (2F45) shares glyph 7.
        let subtable = [
            4,
            0,
            0,
            8,
            0,
            0,
            0,
            0x2F45,
            0x65B9,
            0x7AE0,
            0xFFFF,
            0,
            0x2F45,
            0x65B9,
            0x7AE0,
            0xFFFF,
            7_u16.wrapping_sub(0x2F45),
            7_u16.wrapping_sub(0x65B9),
            9_u16.wrapping_sub(0x7AE0),
            1,
            0,
            0,
            0,
            0,
        ];
        let characters = Characters::of_font(&font(3, 1, &subtable)).unwrap();
        assert_eq!(characters.of_glyph(7), Some('方'));
        assert_eq!(characters.of_glyph(9), Some('章'));
        assert_eq!(characters.of_glyph(1), None);
    }

    #[test]
    fn a_symbol_font_says_nothing_of_characters() {
        assert!(Characters::of_font(&font(3, 0, &[4, 0, 0, 0])).is_none());
        assert!(Characters::of_font(b"OTTO").is_none());
        for length in 0..60 {
            let whole = font(3, 10, &[12, 0, 0, 28, 0, 0, 0, 1, 0, 0x65B9, 0, 0x65BA, 0, 3]);
            let _ = Characters::of_font(&whole[..length.min(whole.len())]);
        }
        let groups = font(3, 10, &[12, 0, 0, 28, 0, 0, 0, 1, 0, 0x65B9, 0, 0x65BA, 0, 3]);
        assert_eq!(Characters::of_font(&groups).unwrap().of_glyph(3), Some('方'));
    }
}
