//! How wide a font's glyphs are (ISO 32000-2 §9.6 and §9.7).

use std::collections::HashMap;

use super::resources::numbers;
use super::standard_widths;
use crate::pdf::{Dictionary, Error, Object, Revision, Spanned};

/// Widths of a composite font that are kept.
const MOST_WIDTHS: usize = 70_000;

/// No glyph of a usual font is wider than this, in thousandths of the size.
const WIDEST: f64 = 1000.0;

/// What counts as the width of a glyph of which the document does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// About what is usual: for whoever asks where most of a text is.
    Usual,
    /// At least what it may be: for whoever asks how far a text reaches.
    Widest,
}

/// A font as far as the extent of its text needs it.
pub(crate) struct Font {
    composite: bool,
    pub(crate) vertical: bool,
    pub(crate) is_type3: bool,
    /// Text space per glyph unit.
    unit: f64,
    /// The width of a code that is not in the list.
    other: f64,
    widths: Widths,
}

/// Widths by code.
enum Widths {
    None,
    Standard(&'static standard_widths::Widths),
    /// From the first code on.
    Simple(u32, Vec<Option<f64>>),
    /// By CID.
    Composite(HashMap<u32, f64>),
}

impl Font {
    /// What stands in for a font that cannot be read.
    pub(super) fn unknown(unknown: Unknown) -> Self {
        Self {
            composite: false,
            vertical: false,
            is_type3: false,
            unit: 0.001,
            other: match unknown {
                Unknown::Usual => WIDEST / 2.0,
                Unknown::Widest => WIDEST,
            },
            widths: Widths::None,
        }
    }

    pub(super) fn read(
        revision: &Revision<'_>,
        font: &Dictionary,
        unknown: Unknown,
    ) -> Result<Self, Error> {
        let mut read = Self::unknown(unknown);
        match font.name(b"Subtype") {
            Some(b"Type0") => read.composite(revision, font, unknown)?,
            Some(b"Type3") => {
                read.is_type3 = true;
                let matrix = numbers::<6>(revision, font.get(b"FontMatrix"))?;
                read.unit = matrix.map_or(0.001, |matrix| matrix[0].abs());
                // Its glyphs are in a space of its own: of one without a width nothing is known.
                read.simple(revision, font)?;
            }
            _ => read.simple(revision, font)?,
        }
        Ok(read)
    }

    fn simple(&mut self, revision: &Revision<'_>, font: &Dictionary) -> Result<(), Error> {
        let first = revision.lookup(font, b"FirstChar")?.and_then(|it| it.as_integer());
        let first = first.and_then(|first| u32::try_from(first).ok()).unwrap_or(0);
        let listed = revision.lookup(font, b"Widths")?;
        let listed = listed.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let mut widths = Vec::with_capacity(listed.len().min(256));
        for width in listed.iter().take(256) {
            widths.push(revision.resolve(&width.value)?.as_number());
        }
        self.widths = match font.name(b"BaseFont").and_then(standard_widths::of_font) {
            _ if !widths.is_empty() => Widths::Simple(first, widths),
            Some(standard) if !self.is_type3 => Widths::Standard(standard),
            _ => Widths::None,
        };
        Ok(())
    }

    fn composite(
        &mut self,
        revision: &Revision<'_>,
        font: &Dictionary,
        unknown: Unknown,
    ) -> Result<(), Error> {
        self.composite = true;
        self.other = WIDEST;
        let encoding = revision.lookup(font, b"Encoding")?;
        let name = encoding.as_deref().and_then(Object::as_name);
        self.vertical = name.is_some_and(|name| name.ends_with(b"-V") || name == b"V");
        let Some(descendants) = revision.lookup(font, b"DescendantFonts")? else { return Ok(()) };
        let Some([descendant, ..]) = descendants.as_array() else { return Ok(()) };
        let descendant = revision.resolve(&descendant.value)?;
        let Some(descendant) = descendant.as_dictionary() else { return Ok(()) };
        if let Some(default) = revision.lookup(descendant, b"DW")?.and_then(|it| it.as_number()) {
            self.other = default;
        }
        // Only then a code is the CID by which the widths are listed.
        let are_cids = name.is_some_and(|name| name.starts_with(b"Identity"));
        if unknown == Unknown::Widest && !are_cids {
            self.other = self.other.max(WIDEST);
            return Ok(());
        }
        let Some(widths) = revision.lookup(descendant, b"W")? else { return Ok(()) };
        let widths = composite_widths(revision, widths.as_array().unwrap_or(&[]))?;
        self.widths = Widths::Composite(widths);
        Ok(())
    }

    fn width(&self, code: u32) -> f64 {
        let listed = match &self.widths {
            Widths::None => None,
            Widths::Standard(widths) => {
                index(code, 32).and_then(|at| widths.get(at)).map(|width| f64::from(*width))
            }
            Widths::Simple(first, widths) => {
                index(code, *first).and_then(|at| widths.get(at).copied().flatten())
            }
            Widths::Composite(widths) => widths.get(&code).copied(),
        };
        listed.unwrap_or(self.other) * self.unit
    }

    /// For each glyph of a string its width in text space of size 1, and whether it is white space.
    pub(super) fn glyphs<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (f64, Glyph)> + 't {
        let size = if self.composite { 2 } else { 1 };
        text.chunks(size).map(move |code| {
            let number = code.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
            let glyph = match (self.composite, number) {
                (false, 32) => Glyph::Space,
                // The usual places of a space in Adobe's character collections and in TrueType.
                (true, 1 | 3 | 32) | (false, 0 | 9 | 10 | 13 | 160) => Glyph::Blank,
                _ => Glyph::Ink,
            };
            (self.width(number), glyph)
        })
    }
}

/// Where a code stands in a list that begins with another.
fn index(code: u32, first: u32) -> Option<usize> {
    code.checked_sub(first).and_then(|at| usize::try_from(at).ok())
}

/// `c [w …]` and `first last w` (§9.7.4.3).
fn composite_widths(
    revision: &Revision<'_>,
    items: &[Spanned],
) -> Result<HashMap<u32, f64>, Error> {
    let code = |object: &Object| object.as_integer().and_then(|it| u32::try_from(it).ok());
    let (mut widths, mut items) = (HashMap::new(), items);
    let mut note = |code: u32, width: Option<f64>| {
        if let Some(width) = width.filter(|_| widths.len() < MOST_WIDTHS) {
            widths.insert(code, width);
        }
    };
    while let [first, second, rest @ ..] = items {
        let Some(first) = code(&first.value) else { break };
        match &*revision.resolve(&second.value)? {
            Object::Array(listed) => {
                for (code, width) in (first..).zip(listed) {
                    note(code, width.value.as_number());
                }
                items = rest;
            }
            last => {
                let [width, rest @ ..] = rest else { break };
                let last = code(last).unwrap_or(first).min(0xFFFF);
                for code in first..=last {
                    note(code, width.value.as_number());
                }
                items = rest;
            }
        }
    }
    Ok(widths)
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
