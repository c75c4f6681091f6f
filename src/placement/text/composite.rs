//! Composite fonts (ISO 32000-2 §9.7): codes of several bytes, a CMap to CIDs, a collection from CIDs
//! to characters.
//!
//! The CMaps are `hayro-cmap`'s: the 61 predefined ones and what a document embeds. A code's way to
//! Unicode is, in this order: `/ToUnicode`; the code itself where the CMap is one of Unicode; the
//! character collection of the CMap or of the descendant font; the embedded font's own `cmap` table.

use std::rc::Rc;

use hayro_cmap::{BfString, CMap, CidFamily, WritingMode};

use super::charmap;
use super::cmap::cmap;
use super::font::{Cell, Code, Meaning, Reach, dictionary_at, numbers, stream_at};
use super::reader::CMaps;
use crate::limits::Meter;
use crate::pdf::{Dictionary, Error, Object, Revision};

/// Ranges of widths that are kept; a font of 65,536 glyphs each with a width of its own fits.
const MOST_WIDTHS: usize = 70_000;

/// A composite font.
pub(super) struct Composite {
    encoding: Rc<CMap>,
    coded_in: CodedIn,
    to_unicode: ToUnicode,
    collection: Option<Rc<CMap>>,
    /// From glyphs of the embedded font to characters.
    characters: Option<charmap::Characters>,
    glyph_of_cid: Option<Vec<u8>>,
    widths: Widths<1>,
    default_width: f64,
    vertical_widths: Widths<3>,
    default_vertical: [f64; 2],
    reach: Reach,
}

/// What the codes of a font are, as far as its CMap's name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CodedIn {
    /// `Identity-H` and `-V`: two bytes, the CID.
    Cids,
    /// `…-UCS2-…`, `…-UTF16-…`: two bytes, or four.
    Utf16,
    /// A national encoding or the document's own CMap.
    Other,
}

enum ToUnicode {
    None,
    /// `/ToUnicode /Identity-H`: the codes are characters.
    Same,
    Map(Box<CMap>),
}

impl Composite {
    pub(super) fn new(
        revision: &Revision<'_>,
        work: &Meter,
        dictionary: &Dictionary,
        maps: &mut CMaps,
    ) -> Result<Option<Self>, Error> {
        let Some(descendant) = descendant(revision, dictionary)? else { return Ok(None) };
        let Some((encoding, coded_in)) = encoding(revision, work, dictionary, maps)? else {
            return Ok(None);
        };
        let descriptor =
            dictionary_at(revision, &descendant, b"FontDescriptor")?.unwrap_or_default();
        let named = encoding.metadata().character_collection.as_ref().map(|it| it.family.clone());
        let family = match named.filter(|family| *family != CidFamily::AdobeIdentity) {
            Some(family) => Some(family),
            None => family(revision, &descendant)?,
        };
        let to_unicode = to_unicode(revision, work, dictionary)?;
        let characters = embedded_characters(revision, work, &descriptor, &to_unicode)?;
        let number = |key: &[u8]| {
            Ok::<_, Error>(revision.lookup(&descendant, key)?.and_then(|value| value.as_number()))
        };
        let default_vertical = match revision.lookup(&descendant, b"DW2")? {
            Some(value) => numbers(revision, &value, 3)?.try_into().unwrap_or([880.0, -1000.0]),
            None => [880.0, -1000.0],
        };
        Ok(Some(Self {
            coded_in,
            to_unicode,
            collection: family.and_then(|family| maps.collection(&family)),
            glyph_of_cid: match characters {
                Some(_) => stream_at(revision, work, &descendant, b"CIDToGIDMap")?,
                None => None,
            },
            characters,
            widths: Widths::read(revision, &descendant, b"W")?,
            default_width: number(b"DW")?.unwrap_or(1000.0),
            vertical_widths: match encoding.metadata().writing_mode {
                Some(WritingMode::Vertical) => Widths::read(revision, &descendant, b"W2")?,
                _ => Widths::default(),
            },
            default_vertical,
            reach: Reach::from_descriptor(revision, &descriptor)?,
            encoding,
        }))
    }

    pub(super) fn is_vertical(&self) -> bool {
        self.encoding.metadata().writing_mode == Some(WritingMode::Vertical)
    }

    pub(super) fn code<'b>(&self, bytes: &'b [u8]) -> (Code, &'b [u8]) {
        let (code, length, cid) = self.read(bytes);
        let meaning = self.meaning(code, cid);
        let cid = cid.unwrap_or(0);
        let width = self.widths.at(cid).map_or(self.default_width, |[width]| width);
        let (advance, cell) = if self.is_vertical() {
            let [vertical, normal] = self.default_vertical;
            let [advance, x, y] =
                self.vertical_widths.at(cid).unwrap_or([normal, width / 2.0, vertical]);
            // The glyph's origin is moved so that the point (x, y) of it comes to lie on the pen;
            // the cell reaches from the font's upper edge as far as the pen moves.
            let top = (self.reach.ascent - y).clamp(-200.0, 200.0);
            (advance, Cell { left: -x, right: width - x, top, bottom: top + advance.min(0.0) })
        } else {
            let Reach { ascent: top, descent: bottom } = self.reach;
            (width, Cell { left: 0.0, right: width, top, bottom })
        };
        let is_space = length == 1 && code == 32;
        (Code { meaning, advance, cell, is_space }, bytes.get(length..).unwrap_or_default())
    }

    /// The code at the front, its length, and its CID if it has one.
    fn read(&self, bytes: &[u8]) -> (u32, usize, Option<u32>) {
        let mut code = 0;
        for (length, byte) in (1..=4_u8).zip(bytes) {
            code = code << 8 | u32::from(*byte);
            if let Some(cid) = self.encoding.lookup_cid_code(code, length) {
                return (code, usize::from(length), Some(cid));
            }
        }
        let length = self.length_of_unknown(bytes).clamp(1, bytes.len().max(1));
        let code = bytes.iter().take(length).fold(0, |code, byte| code << 8 | u32::from(*byte));
        (code, length, None)
    }

    /// How long a code is that the CMap does not know, so that those behind it are read right.
    fn length_of_unknown(&self, bytes: &[u8]) -> usize {
        match (self.coded_in, bytes) {
            (CodedIn::Cids, _) => 2,
            (CodedIn::Utf16, [0xD8..=0xDB, ..]) => 4,
            (CodedIn::Utf16, _) => 2,
            (CodedIn::Other, [0x81..=0xFE, 0x30..=0x39, ..]) => 4,
            (CodedIn::Other, [0x81..=0xFE, ..]) => 2,
            (CodedIn::Other, _) => 1,
        }
    }

    fn meaning(&self, code: u32, cid: Option<u32>) -> Meaning {
        let stated = match &self.to_unicode {
            ToUnicode::None => Meaning::Unknown,
            ToUnicode::Same => {
                char::from_u32(code).map_or(Meaning::Unknown, Meaning::from_character)
            }
            ToUnicode::Map(map) => meaning(map.lookup_bf_string(code)),
        };
        if stated.is_known() {
            return stated;
        }
        if self.coded_in == CodedIn::Utf16 {
            let [high, low] =
                [code >> 16, code & 0xFFFF].map(|unit| u16::try_from(unit).unwrap_or(0));
            let units = [high, low].into_iter().skip(usize::from(high == 0));
            let mut characters = char::decode_utf16(units);
            if let Some(Ok(character)) = characters.next() {
                return Meaning::from_character(character);
            }
        }
        let Some(cid) = cid.filter(|cid| *cid != 0) else { return Meaning::Unknown };
        let collected = self
            .collection
            .as_ref()
            .map_or(Meaning::Unknown, |map| meaning(map.lookup_bf_string(cid)));
        if collected.is_known() {
            return collected;
        }
        let characters = self.characters.as_ref();
        characters
            .and_then(|characters| characters.of_glyph(self.glyph(cid)?))
            .map_or(Meaning::Unknown, Meaning::from_character)
    }

    fn glyph(&self, cid: u32) -> Option<u16> {
        let Some(map) = &self.glyph_of_cid else { return u16::try_from(cid).ok() };
        let at = usize::try_from(cid).ok()?.checked_mul(2)?;
        match map.get(at..at.checked_add(2)?) {
            Some([high, low]) => Some(u16::from_be_bytes([*high, *low])),
            _ => None,
        }
    }
}

pub(super) fn meaning(found: Option<BfString>) -> Meaning {
    match found {
        None => Meaning::Unknown,
        Some(BfString::Char(character)) => Meaning::from_character(character),
        Some(BfString::String(text)) => Meaning::from_text(&text),
    }
}

fn descendant(
    revision: &Revision<'_>,
    dictionary: &Dictionary,
) -> Result<Option<Dictionary>, Error> {
    let Some(list) = revision.lookup(dictionary, b"DescendantFonts")? else { return Ok(None) };
    let Some(first) = list.as_array().and_then(<[_]>::first) else { return Ok(None) };
    Ok(revision.resolve(&first.value)?.as_dictionary().cloned())
}

fn encoding(
    revision: &Revision<'_>,
    work: &Meter,
    dictionary: &Dictionary,
    maps: &mut CMaps,
) -> Result<Option<(Rc<CMap>, CodedIn)>, Error> {
    let Some(value) = revision.lookup(dictionary, b"Encoding")? else { return Ok(None) };
    let has = |name: &[u8], part: &[u8]| memchr::memmem::find(name, part).is_some();
    let coded_in = |name: &[u8]| match name {
        b"Identity-H" | b"Identity-V" => CodedIn::Cids,
        name if has(name, b"UCS2") || has(name, b"UTF16") => CodedIn::Utf16,
        _ => CodedIn::Other,
    };
    if let Some(name) = value.as_name() {
        return Ok(maps.named(name).map(|map| (map, coded_in(name))));
    }
    let own = stream_at(revision, work, dictionary, b"Encoding")?;
    let parsed = own.and_then(|data| cmap(&data));
    Ok(parsed.map(|map| (Rc::new(map), CodedIn::Other)))
}

fn to_unicode(
    revision: &Revision<'_>,
    work: &Meter,
    dictionary: &Dictionary,
) -> Result<ToUnicode, Error> {
    if let Some(value) = revision.lookup(dictionary, b"ToUnicode")?
        && let Some(b"Identity-H" | b"Identity-V") = value.as_name()
    {
        return Ok(ToUnicode::Same);
    }
    let data = stream_at(revision, work, dictionary, b"ToUnicode")?;
    let parsed = data.and_then(|data| cmap(&data));
    Ok(parsed.map_or(ToUnicode::None, |map| ToUnicode::Map(Box::new(map))))
}

/// The character collection of `/CIDSystemInfo` (§9.7.3).
fn family(revision: &Revision<'_>, descendant: &Dictionary) -> Result<Option<CidFamily>, Error> {
    let Some(info) = dictionary_at(revision, descendant, b"CIDSystemInfo")? else {
        return Ok(None);
    };
    let string = |key: &[u8]| {
        let value = revision.lookup(&info, key)?;
        Ok::<_, Error>(value.and_then(|value| value.as_string().map(|text| text.bytes.clone())))
    };
    let (Some(registry), Some(ordering)) = (string(b"Registry")?, string(b"Ordering")?) else {
        return Ok(None);
    };
    Ok(Some(CidFamily::from_registry_ordering(&registry, &ordering)))
}

/// The embedded font's way from glyphs to characters; not asked for where `/ToUnicode` says it.
fn embedded_characters(
    revision: &Revision<'_>,
    work: &Meter,
    descriptor: &Dictionary,
    to_unicode: &ToUnicode,
) -> Result<Option<charmap::Characters>, Error> {
    if !matches!(to_unicode, ToUnicode::None) {
        return Ok(None);
    }
    for key in [&b"FontFile2"[..], b"FontFile3"] {
        if let Some(data) = stream_at(revision, work, descriptor, key)? {
            return Ok(charmap::Characters::of_font(&data));
        }
    }
    Ok(None)
}

/// `/W` and `/W2` (§9.7.4.3): numbers for ranges of CIDs, sorted by their start.
struct Widths<const N: usize> {
    ranges: Vec<(u32, u32, [f64; N])>,
}

impl<const N: usize> Default for Widths<N> {
    fn default() -> Self {
        Self { ranges: Vec::new() }
    }
}

impl<const N: usize> Widths<N> {
    fn read(revision: &Revision<'_>, dictionary: &Dictionary, key: &[u8]) -> Result<Self, Error> {
        let Some(value) = revision.lookup(dictionary, key)? else { return Ok(Self::default()) };
        let mut items = value.as_array().unwrap_or_default().iter();
        let mut ranges = Vec::new();
        while let Some(first) = items.next() {
            let first = cid(&*revision.resolve(&first.value)?);
            let Some(second) = items.next() else { break };
            match &*revision.resolve(&second.value)? {
                list @ Object::Array(_) => {
                    let listed = numbers(revision, list, MOST_WIDTHS)?;
                    for (cid, group) in (first..=u32::MAX).zip(listed.chunks_exact(N)) {
                        ranges.push((cid, cid, group.try_into().unwrap_or([0.0; N])));
                    }
                }
                last => {
                    let last = cid(last);
                    let mut group = [0.0; N];
                    for (place, item) in group.iter_mut().zip(items.by_ref()) {
                        *place = revision.resolve(&item.value)?.as_number().unwrap_or(0.0);
                    }
                    ranges.push((first, last, group));
                }
            }
            if ranges.len() > MOST_WIDTHS {
                break;
            }
        }
        ranges.sort_by_key(|(first, ..)| *first);
        Ok(Self { ranges })
    }

    fn at(&self, cid: u32) -> Option<[f64; N]> {
        let after = self.ranges.partition_point(|(first, ..)| *first <= cid);
        let (_, last, group) = self.ranges.get(after.checked_sub(1)?)?;
        (cid <= *last).then_some(*group)
    }
}

fn cid(value: &Object) -> u32 {
    value.as_integer().and_then(|value| u32::try_from(value).ok()).unwrap_or(0)
}
