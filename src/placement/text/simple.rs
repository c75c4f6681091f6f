//! Simple fonts (ISO 32000-2 §9.6) and Type 3 fonts (§9.6.4): one byte, one glyph.
//!
//! Widths and `/ToUnicode` are read here. Where a font leaves either out, `hayro-font` is asked: it
//! knows the standard fonts' widths, the encodings, the glyph names and what font programs say.

use super::cmap::cmap;
use super::composite::meaning;
use super::font::{Cell, Code, Meaning, Reach, dictionary_at, numbers, stream_at};
use super::probe;
use crate::limits::Meter;
use crate::pdf::{Dictionary, Error, Revision};

/// A font of 256 codes.
pub(super) struct Simple {
    /// What each code stands for, and its advance.
    glyphs: Vec<(Meaning, f64)>,
    reach: Reach,
}

impl Simple {
    pub(super) fn new(
        revision: &Revision<'_>,
        work: &Meter,
        dictionary: &Dictionary,
    ) -> Result<Self, Error> {
        let stated =
            stream_at(revision, work, dictionary, b"ToUnicode")?.and_then(|data| cmap(&data));
        let mut glyphs: Vec<_> = (0..=255_u32)
            .map(|code| (meaning(stated.as_ref().and_then(|map| map.lookup_bf_string(code))), None))
            .collect();

        let is_type_3 = dictionary.name(b"Subtype") == Some(b"Type3");
        let matrix = match revision.lookup(dictionary, b"FontMatrix")? {
            Some(value) if is_type_3 => {
                numbers(revision, &value, 7)?.try_into().unwrap_or(PER_THOUSAND)
            }
            _ => PER_THOUSAND,
        };
        let scale = matrix[0].abs() * 1000.0;
        let first = revision.lookup(dictionary, b"FirstChar")?.and_then(|value| value.as_integer());
        let first = first.and_then(|first| usize::try_from(first).ok()).unwrap_or(0);
        if let Some(value) = revision.lookup(dictionary, b"Widths")? {
            let widths = numbers(revision, &value, 256)?;
            for ((_, width), stated) in glyphs.iter_mut().skip(first).zip(widths) {
                *width = Some(stated * scale);
            }
        }

        // Codes without a width are codes that are not used; only a font without any is incomplete.
        let no_widths = glyphs.iter().all(|(_, width)| width.is_none());
        let unknown = |(meaning, width): &(Meaning, Option<f64>)| {
            !meaning.is_known() && (no_widths || width.is_some_and(|width| width != 0.0))
        };
        if no_widths || glyphs.iter().any(unknown) {
            let probed = probe::glyphs(revision, work, dictionary)?;
            for ((meaning, width), (probed_meaning, probed_width)) in glyphs.iter_mut().zip(probed)
            {
                if !meaning.is_known() {
                    *meaning = probed_meaning;
                }
                width.get_or_insert(probed_width);
            }
        }

        let descriptor =
            dictionary_at(revision, dictionary, b"FontDescriptor")?.unwrap_or_default();
        let reach = if is_type_3 {
            type_3_reach(revision, dictionary, matrix)?
        } else if descriptor.entries().is_empty() {
            standard_reach(dictionary.name(b"BaseFont").unwrap_or_default())
        } else {
            Reach::from_descriptor(revision, &descriptor)?
        };
        let missing = revision.lookup(&descriptor, b"MissingWidth")?;
        let missing = missing.and_then(|value| value.as_number()).unwrap_or(0.0);
        let glyphs = glyphs
            .into_iter()
            .map(|(meaning, width)| (meaning, width.unwrap_or(missing)))
            .collect();
        Ok(Self { glyphs, reach })
    }

    pub(super) fn code<'b>(&self, bytes: &'b [u8]) -> (Code, &'b [u8]) {
        let (byte, rest) = bytes.split_first().map_or((0, bytes), |(byte, rest)| (*byte, rest));
        let (meaning, advance) =
            self.glyphs.get(usize::from(byte)).cloned().unwrap_or((Meaning::Unknown, 0.0));
        let Reach { ascent: top, descent: bottom } = self.reach;
        let cell = Cell { left: 0.0, right: advance, top, bottom };
        (Code { meaning, advance, cell, is_space: byte == 32 }, rest)
    }
}

/// Glyph space of all fonts but those of Type 3.
const PER_THOUSAND: [f64; 6] = [0.001, 0.0, 0.0, 0.001, 0.0, 0.0];

/// How far the glyphs of a standard font reach: it may do without a descriptor (§9.6.2.2).
fn standard_reach(name: &[u8]) -> Reach {
    let is = |family: &[u8]| memchr::memmem::find(name, family).is_some();
    let (ascent, descent) = if is(b"Helvetica") || is(b"Arial") {
        (718.0, -207.0)
    } else if is(b"Times") {
        (683.0, -217.0)
    } else if is(b"Courier") {
        (629.0, -157.0)
    } else {
        return Reach::USUAL;
    };
    Reach { ascent, descent }
}

/// How far the glyphs of a Type 3 font reach: its bounding box, if that is one.
fn type_3_reach(
    revision: &Revision<'_>,
    dictionary: &Dictionary,
    matrix: [f64; 6],
) -> Result<Reach, Error> {
    let Some(value) = revision.lookup(dictionary, b"FontBBox")? else { return Ok(Reach::USUAL) };
    let Ok([_, lower, _, upper]) = <[f64; 4]>::try_from(numbers(revision, &value, 5)?) else {
        return Ok(Reach::USUAL);
    };
    let scale = matrix[3] * 1000.0;
    let (one, other) = (lower * scale, upper * scale);
    let reach = Reach { ascent: one.max(other), descent: one.min(other) };
    let usable = (200.0..=3000.0).contains(&(reach.ascent - reach.descent));
    Ok(if usable { reach } else { Reach::USUAL })
}
