//! A font as far as a reader of text needs it: which codes a string is made of, how far each one
//! moves the pen, and what it stands for.

use super::composite::Composite;
use super::simple::Simple;
use crate::limits::Meter;
use crate::pdf::{Dictionary, Error, Object, Revision};

/// A byte of a map or a font program costs as much as so many of a content stream: it becomes an entry
/// of a table that is sorted.
const COST_OF_A_BYTE: u64 = 8;

/// Bytes of text that one code may stand for; the longest ligature of Unicode has 18 characters.
const LONGEST: usize = 256;

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Character(char),
    Characters(Box<str>),
    Unknown,
}

impl Meaning {
    /// What is longer than any ligature stands for nothing: every glyph of its code would bring it.
    pub(super) fn from_text(text: &str) -> Self {
        if text.len() > LONGEST {
            return Self::Unknown;
        }
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => Self::from_character(only),
            (None, _) => Self::Unknown,
            _ => Self::Characters(text.into()),
        }
    }

    /// Characters that stand for "no character" are none.
    pub(super) fn from_character(character: char) -> Self {
        match character {
            '\0' | '\u{FFFD}' | '\u{FFFF}' | '\u{FEFF}' => Self::Unknown,
            _ => Self::Character(character),
        }
    }

    /// How much it counts for in the text of a page: one, and more for what is longer than a ligature.
    pub(super) fn cost(&self) -> u64 {
        match self {
            Self::Characters(text) => u64::try_from(text.len() / 16).unwrap_or(u64::MAX) + 1,
            _ => 1,
        }
    }

    pub(super) fn is_known(&self) -> bool {
        *self != Self::Unknown
    }
}

/// One code of a string that is shown, in thousandths of the font size.
#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) meaning: Meaning,
    /// How far the pen moves along the writing direction: rightwards, or upwards where it is
    /// vertical (usually negative).
    pub(super) advance: f64,
    /// The cell: left and right edge, upper and lower edge, from the pen before it moves.
    pub(super) cell: Cell,
    /// Whether word spacing applies: the single byte 32 (§9.3.3).
    pub(super) is_space: bool,
}

/// The rectangle that a glyph takes up, in thousandths of the font size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// A font of the document.
pub(super) enum Font {
    /// One byte, one glyph (§9.6).
    Simple(Box<Simple>),
    /// Codes of one to four bytes (§9.7).
    Composite(Box<Composite>),
}

impl Font {
    /// The code at the front of `bytes`, and the bytes behind it. `bytes` is not empty.
    pub(super) fn code<'b>(&self, bytes: &'b [u8]) -> (Code, &'b [u8]) {
        match self {
            Self::Simple(font) => font.code(bytes),
            Self::Composite(font) => font.code(bytes),
        }
    }

    pub(super) fn is_vertical(&self) -> bool {
        matches!(self, Self::Composite(font) if font.is_vertical())
    }
}

/// How far the glyphs of a font reach above and below the baseline, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reach {
    pub(super) ascent: f64,
    pub(super) descent: f64,
}

impl Reach {
    /// Of a font that says nothing: the ideographic em box.
    pub(super) const USUAL: Self = Self { ascent: 880.0, descent: -120.0 };

    /// From a font descriptor (§9.8.1). What is not there, has the wrong sign or is out of all
    /// proportion is replaced: fonts of scanners and old drivers have zeros there.
    pub(super) fn from_descriptor(
        revision: &Revision<'_>,
        descriptor: &Dictionary,
    ) -> Result<Self, Error> {
        let number = |key: &[u8]| {
            Ok::<_, Error>(revision.lookup(descriptor, key)?.and_then(|value| value.as_number()))
        };
        let ascent = number(b"Ascent")?.filter(|value| (300.0..=1500.0).contains(value));
        let descent = number(b"Descent")?.map(|value| -value.abs());
        let descent = descent.filter(|value| (-700.0..=0.0).contains(value));
        Ok(match (ascent, descent) {
            (Some(ascent), Some(descent)) if ascent - descent >= 500.0 => Self { ascent, descent },
            (Some(ascent), _) => Self { ascent, ..Self::USUAL },
            _ => Self::USUAL,
        })
    }
}

/// A dictionary under a key, whether direct or referred to.
pub(super) fn dictionary_at(
    revision: &Revision<'_>,
    dictionary: &Dictionary,
    key: &[u8],
) -> Result<Option<Dictionary>, Error> {
    Ok(revision.lookup(dictionary, key)?.and_then(|value| value.as_dictionary().cloned()))
}

/// The first numbers of an array; anything else in it counts as zero.
pub(super) fn numbers(
    revision: &Revision<'_>,
    value: &Object,
    most: usize,
) -> Result<Vec<f64>, Error> {
    let items = value.as_array().unwrap_or_default().iter().take(most);
    items.map(|item| Ok(revision.resolve(&item.value)?.as_number().unwrap_or(0.0))).collect()
}

/// The decoded data of the stream under a key, `None` if there is no stream or it is damaged: a font
/// without its map is still a font. A limit that runs out is passed on. What is read is paid for: many
/// fonts may share one stream.
pub(super) fn stream_at(
    revision: &Revision<'_>,
    work: &Meter,
    dictionary: &Dictionary,
    key: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    let Some(value) = dictionary.get(key) else { return Ok(None) };
    let id = value.as_reference();
    let resolved = revision.resolve(value)?;
    let (Some(id), Some(stream)) = (id, resolved.as_stream()) else { return Ok(None) };
    work.spend(stream.data.len().saturating_mul(COST_OF_A_BYTE))?;
    match revision.decoded(id, stream) {
        Ok(data) => {
            let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
            work.spend(length.saturating_mul(COST_OF_A_BYTE))?;
            Ok(Some(data))
        }
        Err(error @ Error::Limit(_)) => Err(error),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_nothing_is_unknown() {
        assert_eq!(Meaning::from_text(""), Meaning::Unknown);
        assert_eq!(Meaning::from_text("\0"), Meaning::Unknown);
        assert_eq!(Meaning::from_text("章"), Meaning::Character('章'));
        assert!(Meaning::from_text("ffi").is_known());
        assert!(Meaning::from_text(&"a".repeat(256)).is_known());
        assert!(!Meaning::from_text(&"a".repeat(257)).is_known());
    }
}
