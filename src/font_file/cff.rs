//! As much of the Compact Font Format (Adobe Technical Note 5176) as it takes to follow subroutines.

use std::collections::BTreeMap;

use super::u16_at;

/// A CFF table.
pub(super) struct Cff<'f> {
    data: &'f [u8],
    pub(super) glyphs: Index<'f>,
    pub(super) global: Index<'f>,
    local: Local<'f>,
}

/// Where the subroutines of a glyph are.
enum Local<'f> {
    /// One list for all glyphs.
    Same(Index<'f>),
    /// A font dictionary for each glyph, and in it a list.
    Chosen { dictionaries: Index<'f>, select: &'f [u8] },
}

/// Operators of dictionaries, those of two bytes with 12 as the upper one.
const CHAR_STRINGS: u16 = 17;
const PRIVATE: u16 = 18;
const SUBROUTINES: u16 = 19;
const REGISTRY_ORDERING: u16 = 12 << 8 | 30;
const FONT_DICTIONARIES: u16 = 12 << 8 | 36;
const FONT_DICTIONARY_SELECT: u16 = 12 << 8 | 37;

impl<'f> Cff<'f> {
    /// `None` if it cannot be understood.
    pub(super) fn read(data: &'f [u8]) -> Option<Self> {
        let [_, tops, _, global] = lists(data)?;
        let top = Dictionary::read(tops.get(0)?)?;
        let glyphs = Index::read(data, top.offset(CHAR_STRINGS)?)?.0;
        let local = if top.0.contains_key(&REGISTRY_ORDERING) {
            let dictionaries = Index::read(data, top.offset(FONT_DICTIONARIES)?)?.0;
            let select = data.get(top.offset(FONT_DICTIONARY_SELECT)?..)?;
            Local::Chosen { dictionaries, select }
        } else {
            Local::Same(subroutines(data, &top)?)
        };
        Some(Self { data, glyphs, global, local })
    }

    /// The local subroutines of a glyph, and how many ranges were gone through to find them.
    pub(super) fn local(&self, glyph: u16) -> Option<(Index<'f>, usize)> {
        match &self.local {
            Local::Same(index) => Some((*index, 0)),
            Local::Chosen { dictionaries, select } => {
                let (dictionary, ranges) = selected(select, glyph)?;
                let dictionary = Dictionary::read(dictionaries.get(usize::from(dictionary))?)?;
                Some((subroutines(self.data, &dictionary)?, ranges))
            }
        }
    }
}

/// The lists at the start of the table: names, top dictionaries, strings, global subroutines.
fn lists(data: &[u8]) -> Option<[Index<'_>; 4]> {
    let (names, at) = Index::read(data, usize::from(*data.get(2)?).max(4))?;
    let (tops, at) = Index::read(data, at)?;
    let (strings, at) = Index::read(data, at)?;
    let (global, _) = Index::read(data, at)?;
    Some([names, tops, strings, global])
}

/// The list of subroutines that the private dictionary of a top or font dictionary names.
fn subroutines<'f>(data: &'f [u8], dictionary: &Dictionary) -> Option<Index<'f>> {
    let Some(range) = dictionary.0.get(&PRIVATE) else { return Some(Index::EMPTY) };
    let [length, start] = range.as_slice() else { return None };
    let (length, start) = (usize::try_from(*length).ok()?, usize::try_from(*start).ok()?);
    let private = Dictionary::read(data.get(start..start.checked_add(length)?)?)?;
    match private.offset(SUBROUTINES) {
        Some(offset) => Some(Index::read(data, start.checked_add(offset)?)?.0),
        None => Some(Index::EMPTY),
    }
}

/// Which font dictionary a glyph has (`FDSelect`), and how many ranges were gone through.
fn selected(select: &[u8], glyph: u16) -> Option<(u8, usize)> {
    match select.first()? {
        0 => Some((*select.get(1 + usize::from(glyph))?, 0)),
        3 => {
            let ranges = usize::from(u16_at(select, 1)?);
            let starts = |range: usize| u16_at(select, 3 + range * 3);
            let of = |range: usize| Some(starts(range)?..starts(range + 1)?);
            let range = (0..ranges).find(|it| of(*it).is_some_and(|it| it.contains(&glyph)))?;
            Some((*select.get(5 + range * 3)?, range))
        }
        _ => None,
    }
}

/// Whether the names of a font's glyphs are so long, or so often the same long one, that a list of
/// them would not fit into memory. A font that cannot be understood has none.
#[cfg(feature = "text")]
pub(super) fn has_long_strings(cff: &[u8]) -> bool {
    /// The longest string of a font: a name of a glyph, a notice of copyright.
    const LONGEST_STRING: usize = 64 << 10;
    /// Bytes of all strings of a font together, as often as its glyphs name them.
    const MOST_STRING_BYTES: usize = 8 << 20;
    /// The operator of the list that names the glyphs.
    const CHARSET: u16 = 15;

    let Some([_, tops, strings, _]) = lists(cff) else { return false };
    let Some(top) = tops.get(0).and_then(Dictionary::read) else { return false };
    let longest = (0..strings.count).filter_map(|index| strings.get(index)).map(<[u8]>::len);
    let longest = longest.max().unwrap_or(0);
    let glyphs = top.offset(CHAR_STRINGS).and_then(|at| Index::read(cff, at));
    let glyphs = glyphs.map_or(0, |(glyphs, _)| glyphs.count);
    let named = top.0.contains_key(&CHARSET) && !top.0.contains_key(&REGISTRY_ORDERING);
    longest > LONGEST_STRING || named && longest.saturating_mul(glyphs) > MOST_STRING_BYTES
}

/// An `INDEX`: byte strings one after the other.
#[derive(Clone, Copy)]
pub(super) struct Index<'f> {
    pub(super) count: usize,
    size: usize,
    offsets: &'f [u8],
    data: &'f [u8],
}

impl<'f> Index<'f> {
    const EMPTY: Self = Self { count: 0, size: 1, offsets: &[], data: &[] };

    /// The list at an offset, and where it ends.
    fn read(data: &'f [u8], at: usize) -> Option<(Self, usize)> {
        let count = usize::from(u16_at(data, at)?);
        let offsets = at.checked_add(3)?;
        if count == 0 {
            return Some((Self::EMPTY, at.checked_add(2)?));
        }
        let size = usize::from(*data.get(at.checked_add(2)?)?);
        if !(1..=4).contains(&size) {
            return None;
        }
        let start = offsets.checked_add((count + 1) * size)?;
        let index =
            Self { count, size, offsets: data.get(offsets..start)?, data: data.get(start..)? };
        let end = start.checked_add(index.offset(count)?)?;
        Some((Self { data: data.get(start..end)?, ..index }, end))
    }

    pub(super) fn get(&self, at: usize) -> Option<&'f [u8]> {
        if at >= self.count {
            return None;
        }
        self.data.get(self.offset(at)?..self.offset(at + 1)?)
    }

    fn offset(&self, at: usize) -> Option<usize> {
        let bytes = self.offsets.get(at * self.size..(at + 1) * self.size)?;
        let value = bytes.iter().fold(0_u32, |value, byte| value << 8 | u32::from(*byte));
        // They count from the byte before the data.
        usize::try_from(value).ok()?.checked_sub(1)
    }
}

/// A `DICT`: operators with the numbers before them; those that are no integers count as zero.
struct Dictionary(BTreeMap<u16, Vec<i64>>);

impl Dictionary {
    /// `None` if it is damaged, or says something twice: readers differ in which one they believe.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (mut entries, mut operands) = (BTreeMap::new(), Vec::new());
        let mut rest = bytes.iter().copied();
        while let Some(byte) = rest.next() {
            let number = match byte {
                0..=21 => {
                    let operator = match byte {
                        12 => 12 << 8 | u16::from(rest.next()?),
                        _ => u16::from(byte),
                    };
                    if entries.insert(operator, std::mem::take(&mut operands)).is_some() {
                        return None;
                    }
                    continue;
                }
                28 => i64::from(i16::from_be_bytes([rest.next()?, rest.next()?])),
                29 => i64::from(i32::from_be_bytes([
                    rest.next()?,
                    rest.next()?,
                    rest.next()?,
                    rest.next()?,
                ])),
                30 => {
                    rest.find(|pair| pair & 0x0F == 0x0F || pair >> 4 == 0x0F)?;
                    0
                }
                32..=246 => i64::from(byte) - 139,
                247..=250 => (i64::from(byte) - 247) * 256 + i64::from(rest.next()?) + 108,
                251..=254 => (251 - i64::from(byte)) * 256 - i64::from(rest.next()?) - 108,
                _ => return None,
            };
            operands.push(number);
        }
        Some(Self(entries))
    }

    fn offset(&self, operator: u16) -> Option<usize> {
        usize::try_from(*self.0.get(&operator)?.last()?).ok()
    }
}
