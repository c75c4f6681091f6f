//! Font files that nobody vouches for: what reading one would cost, told before a reader sees it.
//!
//! Readers of fonts bound how deep parts lie inside each other, not how many there are: ten
//! subroutines that each call the next a hundred times are a file of some kilobytes and 10²⁰ steps. What
//! is looked at here is counted.

mod cff;
mod outline_cost;

pub(crate) use outline_cost::OutlineCosts;

/// Records of characters' maps in one font; usual are two to six.
const MOST_CHARACTER_MAPS: u16 = 64;

/// Groups of many characters with one glyph (format 13): scripts, in a font of last resort.
const MOST_GROUPS: u32 = 4096;

/// The table of a font file (ISO/IEC 14496-22 §4); of the font of this index in a collection.
pub(crate) fn table(font: &[u8], index: u32, tag: [u8; 4]) -> Option<&[u8]> {
    let directory = match font.get(..4)? {
        b"ttcf" => {
            offset(font, 12_usize.checked_add(usize::try_from(index).ok()?.checked_mul(4)?)?)?
        }
        _ => 0,
    };
    let tables = usize::from(u16_at(font, directory.checked_add(4)?)?);
    (0..tables).find_map(|index| {
        let record = directory.checked_add(12 + index * 16)?;
        if font.get(record..record.checked_add(4)?)? != tag {
            return None;
        }
        let (start, length) = (offset(font, record + 8)?, offset(font, record + 12)?);
        font.get(start..start.checked_add(length)?.min(font.len()))
    })
}

/// Whether the maps of a font's characters are too many, or too long where they are gone through one by
/// one, to be asked for every character of a text.
pub(crate) fn has_slow_character_maps(font: &[u8], index: u32) -> bool {
    let Some(map) = table(font, index, *b"cmap") else { return false };
    let count = u16_at(map, 2).unwrap_or(0);
    let is_slow = |record: u16| {
        let map = map.get(offset(map, 8 + usize::from(record) * 8)?..)?;
        Some(u16_at(map, 0)? == 13 && u32_at(map, 12)? > MOST_GROUPS)
    };
    count > MOST_CHARACTER_MAPS || (0..count).any(|record| is_slow(record) == Some(true))
}

/// Whether a font program of a document asks for more time or memory than its glyphs' names and
/// characters are worth.
#[cfg(feature = "text")]
pub(crate) fn is_costly(program: &[u8]) -> bool {
    let compact = match program.first() {
        Some(1) => Some(program),
        _ => table(program, 0, *b"CFF "),
    };
    has_slow_character_maps(program, 0) || compact.is_some_and(cff::has_long_strings)
}

pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

fn offset(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}
