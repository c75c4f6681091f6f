//! Why something cannot be written.

use std::fmt;

use thiserror::Error as ThisError;

use crate::geometry::Size;
use crate::limits::LimitExceeded;

/// Why text, a mark or a handwritten signature cannot be drawn. It holds nothing of what was to be
/// written but the code points that no font has.
///
/// ```
/// use sealwright::appearance::Font;
/// let error = Font::from_bytes(b"no font".as_slice(), 0).unwrap_err();
/// assert_eq!(error.code(), "font.format");
/// ```
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum WritingError {
    /// The bytes are no font, or one of a kind that PDF cannot hold.
    #[error("the font cannot be used: {reason}; give a TrueType or OpenType font with outlines")]
    FontFormat {
        /// What is wrong.
        reason: &'static str,
    },
    /// The collection has fewer fonts.
    #[error("the file has no font {index}: it has {count}, counted from 0")]
    FontIndex {
        /// What was asked for.
        index: u32,
        /// How many there are.
        count: u32,
    },
    /// The font's licence bits (OS/2 `fsType`) forbid what PDF does with it.
    #[error(
        "the font {font} does not allow {what} (its fsType is {fs_type:#06x}); use another one, or \
         say with `Font::licensed` that you have the right"
    )]
    EmbeddingForbidden {
        /// Its PostScript name.
        font: String,
        /// What it does not allow.
        what: &'static str,
        /// The bits.
        fs_type: u16,
    },
    /// The host gave no font for a style (字体).
    #[error("no font is given for the style {style}; add one to the `FontBook`")]
    StyleWithoutFont {
        /// 宋体, 黑体 or 仿宋.
        style: &'static str,
    },
    /// Neither the style's font nor a fallback has these characters.
    #[error("no font has {characters}; add a fallback font to the `FontBook`")]
    MissingGlyphs {
        /// Which.
        characters: MissingCharacters,
    },
    /// A character of a script whose letters change with their neighbours, or run from right to
    /// left: drawn one by one they would be wrong.
    #[error("the script of U+{code_point:04X} cannot be set; give the text as a picture")]
    Script {
        /// The first such character.
        code_point: u32,
    },
    /// The text does not fit into its box.
    #[error(
        "the text needs {needed} points, its box is {given}; make the box larger or the type smaller"
    )]
    Overflow {
        /// What it needs at this size of type.
        needed: Size,
        /// The box.
        given: Size,
    },
    /// More characters than a control can hold.
    #[error("a text of {length} characters is too long; at most {most} can be drawn in one box")]
    TooLong {
        /// How many there are.
        length: usize,
        /// How many there may be.
        most: usize,
    },
    /// A box without area shows nothing.
    #[error("a box of {size} points shows nothing; give it a width and a height")]
    EmptyBox {
        /// The box.
        size: Size,
    },
    /// The host does not have a picture that a control holds.
    #[error("a picture that the control holds is not at hand; give its bytes")]
    NoPicture,
    /// Nothing was written.
    #[error("the handwriting has no point; ask for the signature again")]
    NothingWritten,
    /// The canvas, a point or a pressure is no number or out of range.
    #[error("the {what} of the handwriting is {value}; it has to be between {min} and {max}")]
    StrokeValue {
        /// Which.
        what: &'static str,
        /// What was given.
        value: f64,
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// More strokes or points than a signature has.
    #[error(
        "the handwriting has {count} {what}, at most {most} are accepted; sample it less often"
    )]
    TooManyStrokes {
        /// `strokes` or `points`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// The font is larger than the limits allow.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
}

impl WritingError {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::FontFormat { .. } => "font.format",
            Self::FontIndex { .. } => "font.index",
            Self::EmbeddingForbidden { .. } => "font.embedding_forbidden",
            Self::StyleWithoutFont { .. } => "font.style_without_font",
            Self::MissingGlyphs { .. } => "font.missing_glyphs",
            Self::Limit(_) => "font.too_large",
            Self::Script { .. } => "text.script",
            Self::Overflow { .. } => "text.overflow",
            Self::TooLong { .. } => "text.too_long",
            Self::EmptyBox { .. } => "text.empty_box",
            Self::NoPicture => "text.no_picture",
            Self::NothingWritten => "stroke.nothing_written",
            Self::StrokeValue { .. } => "stroke.value",
            Self::TooManyStrokes { .. } => "stroke.too_many",
        }
    }
}

/// Characters that no font has, each once, in the order of the text; the first twenty are kept.
/// They are shown as code points, as a text may be anybody's name.
///
/// ```
/// use sealwright::appearance::MissingCharacters;
/// let missing: MissingCharacters = "𠮷a𠮷".chars().collect();
/// assert_eq!(missing.to_string(), "U+20BB7, U+0061");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct MissingCharacters {
    kept: Vec<char>,
    /// How many there are beside those that are kept, repetitions included.
    more: usize,
}

impl MissingCharacters {
    const MOST: usize = 20;

    /// Those that are kept.
    #[must_use]
    pub fn as_slice(&self) -> &[char] {
        &self.kept
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    fn add(&mut self, character: char) {
        if self.kept.len() == Self::MOST {
            self.more += usize::from(!self.kept.contains(&character));
        } else if !self.kept.contains(&character) {
            self.kept.push(character);
        }
    }
}

impl FromIterator<char> for MissingCharacters {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> Self {
        let mut missing = Self::default();
        characters.into_iter().for_each(|character| missing.add(character));
        missing
    }
}

impl fmt::Display for MissingCharacters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, character) in self.kept.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}U+{:04X}", u32::from(*character))?;
        }
        if self.more > 0 { write!(f, " and {} more", self.more) } else { Ok(()) }
    }
}

impl fmt::Debug for MissingCharacters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MissingCharacters({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_once_and_not_without_end() {
        let missing: MissingCharacters = ('\u{4e00}'..'\u{4e20}').chain(['\u{4e00}']).collect();
        assert_eq!(missing.as_slice().len(), 20);
        assert!(missing.to_string().ends_with("U+4E13 and 12 more"), "{missing}");
        assert!(MissingCharacters::default().is_empty());
        let name: MissingCharacters = "李".chars().collect();
        assert_eq!(format!("{name:?}"), "MissingCharacters(U+674E)");
    }
}
