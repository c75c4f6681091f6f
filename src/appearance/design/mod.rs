//! Making seals (印章制作): what a round, oval, square or rectangular seal says, in what size, drawn as
//! filled outlines with the letters of whatever font the host gives.
//!
//! | builder | form | sizes in mm |
//! |---|---|---|
//! | [`RoundSeal`] | name on the ring, star, lines, code | circles of 38, 40, 42, 45, 50, 58 |
//! | [`OvalSeal`] | name over the top, tax number, line or star, bottom text | 40×30, 45×30 |
//! | [`NameSeal`] | a name in a square or a rectangle, with or without frame | squares of 18, 20, 25 |
//!
//! Sizes are checked when a builder is made, texts when they are added: what exists can be drawn,
//! but for characters that a font lacks and names that are too long for the seal, which
//! [`SealDesign::face`] says. The same builder and font give the same bytes on every machine.
//!
//! Letters get narrower when a name is long, then lower, and never touch each other; below 1.8 mm
//! they are refused.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let bytes = sealwright_testdata::font::NOTO_SERIF_SC.to_vec();
//! use sealwright::appearance::Font;
//! use sealwright::appearance::design::{RoundSeal, SealDesign};
//! use sealwright::authorization::SealSize;
//!
//! let font = Font::from_bytes(bytes, 0)?;
//! let design = SealDesign::from(
//!     RoundSeal::new("江州澄砚信息技术有限公司", SealSize::round(42))?.line("合同专用章")?,
//! );
//! let face = design.face(&font)?;
//! assert_eq!(face.size().to_string(), "119.055 x 119.055");
//! assert_eq!(face.face_digest(), design.face(&font)?.face_digest());
//! # Ok(()) }
//! ```

mod lettering;
mod name;
mod oval;
mod ring;
mod round;
#[cfg(test)]
mod shape_tests;
mod sheet;

use thiserror::Error;

pub use name::{Closing, NameSeal};
pub use oval::OvalSeal;
pub use round::RoundSeal;

use super::{Font, SealFace};
use crate::authorization::{SealShape, SealSize};
use crate::geometry::Mm;

/// A seal to be drawn, of whichever form.
///
/// ```
/// # fn main() -> Result<(), sealwright::appearance::design::Error> {
/// use sealwright::appearance::design::{Closing, NameSeal, SealDesign};
/// use sealwright::authorization::{SealShape, SealSize};
/// let seal = NameSeal::square("王小明", Closing::Fitting, SealSize::round(20))?;
/// assert_eq!(SealDesign::from(seal).shape(), SealShape::Square);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SealDesign {
    /// A circle.
    Round(RoundSeal),
    /// An ellipse.
    Oval(OvalSeal),
    /// A square or rectangle.
    Name(NameSeal),
}

impl SealDesign {
    /// Draws it with the letters of a font.
    ///
    /// # Errors
    ///
    /// [`Error::MissingGlyphs`] if the font lacks a character, [`Error::Unreadable`] if a text is
    /// too long for the seal.
    pub fn face(&self, font: &Font) -> Result<SealFace, Error> {
        match self {
            Self::Round(seal) => seal.face(font),
            Self::Oval(seal) => seal.face(font),
            Self::Name(seal) => seal.face(font),
        }
    }

    /// Its outline, as the record of a seal has it.
    #[must_use]
    pub fn shape(&self) -> SealShape {
        match self {
            Self::Round(_) => SealShape::Circle,
            Self::Oval(_) => SealShape::Ellipse,
            Self::Name(_) if self.size().width == self.size().height => SealShape::Square,
            Self::Name(_) => SealShape::Rectangle,
        }
    }

    /// Its size on paper.
    #[must_use]
    pub fn size(&self) -> SealSize {
        match self {
            Self::Round(seal) => seal.size(),
            Self::Oval(seal) => seal.size(),
            Self::Name(seal) => seal.size(),
        }
    }
}

impl From<RoundSeal> for SealDesign {
    fn from(seal: RoundSeal) -> Self {
        Self::Round(seal)
    }
}

impl From<OvalSeal> for SealDesign {
    fn from(seal: OvalSeal) -> Self {
        Self::Oval(seal)
    }
}

impl From<NameSeal> for SealDesign {
    fn from(seal: NameSeal) -> Self {
        Self::Name(seal)
    }
}

/// Why a seal cannot be made. Texts are not shown, but for the characters that a font lacks: a
/// legal representative's seal is a person's name.
///
/// ```
/// use sealwright::appearance::design::RoundSeal;
/// use sealwright::authorization::SealSize;
/// let error = RoundSeal::new("晨曦科技", SealSize::round(60)).unwrap_err();
/// assert!(error.to_string().contains("60x60 mm") && error.to_string().contains("58x58 mm"));
/// ```
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The shape does not come in this size (R-SEAL-07; R-SEAL-06 for rectangles).
    #[error("a generated {shape} of {size} does not exist; choose from {}", sizes(.allowed))]
    Size {
        /// The shape.
        shape: SealShape,
        /// What was given.
        size: SealSize,
        /// What there is; for a rectangle the shortest and the longest sides.
        allowed: Vec<SealSize>,
    },
    /// A text is empty, too long, or not made of characters that can be seen.
    #[error(
        "the {part} of the seal has {found} characters that can be drawn; give 1 to {most}, without \
         line breaks and control characters"
    )]
    Text {
        /// Which text.
        part: &'static str,
        /// How many characters there are; 0 if there is a control character among them.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// A code or number has other characters than digits and capital letters, or too few or many.
    #[error(
        "a seal's code or number has {least} to {most} digits and capital letters; this one has \
         {found} characters"
    )]
    Code {
        /// How many characters there are; 0 if one is neither.
        found: usize,
        /// How many there have to be.
        least: usize,
        /// How many there may be.
        most: usize,
    },
    /// The border is too thin or too thick (domain §7.5).
    #[error("a border of {given_mm} mm is out of range; give {least_mm} to {most_mm} mm")]
    Border {
        /// What was given.
        given_mm: f64,
        /// The thinnest.
        least_mm: f64,
        /// The thickest.
        most_mm: f64,
    },
    /// The star is too small or too large for the seal.
    #[error(
        "a star of {given_mm} mm is out of range; on this seal it has {least_mm} to {most_mm} mm"
    )]
    Star {
        /// The diameter that was given.
        given_mm: f64,
        /// The smallest.
        least_mm: f64,
        /// The largest.
        most_mm: f64,
    },
    /// The font has no outline for some characters.
    #[error("the font has no {}; give one that has them", .missing.iter().collect::<String>())]
    MissingGlyphs {
        /// Each of them once, in the order of the text.
        missing: Vec<char>,
    },
    /// There is no room for a text in letters that can be read.
    #[error(
        "{characters} characters do not fit on the seal in letters of {lowest_mm} mm; shorten the \
         text or take a larger seal"
    )]
    Unreadable {
        /// How many characters the text has.
        characters: usize,
        /// The height below which letters cannot be read.
        lowest_mm: f64,
    },
    /// The font cannot be read, or the drawing not be compiled.
    #[error(transparent)]
    Face(#[from] super::Error),
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Size { .. } => "seal.size_not_in_enum",
            Self::Text { .. } => "seal.text_length",
            Self::Code { .. } => "seal.code_invalid",
            Self::Border { .. } => "seal.border_out_of_range",
            Self::Star { .. } => "seal.star_out_of_range",
            Self::MissingGlyphs { .. } => "seal.glyph_missing",
            Self::Unreadable { .. } => "seal.text_unreadable",
            Self::Face(error) => error.code(),
        }
    }
}

fn sizes(allowed: &[SealSize]) -> String {
    allowed.iter().map(SealSize::to_string).collect::<Vec<_>>().join(", ")
}

/// A text of a seal that can be drawn.
#[derive(Clone, PartialEq)]
struct Inscription(String);

impl Inscription {
    fn name(text: &str) -> Result<Self, Error> {
        Self::parse("name", text, 60)
    }

    fn line(text: &str) -> Result<Self, Error> {
        Self::parse("line", text, 20)
    }

    fn square(text: &str) -> Result<Self, Error> {
        Self::parse("name", text, 9)
    }

    fn code(text: &str) -> Result<Self, Error> {
        let (least, most) = (6, 20);
        let usual = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        if usual && (least..=most).contains(&text.len()) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::Code { found: if usual { text.len() } else { 0 }, least, most })
    }

    fn parse(part: &'static str, text: &str, most: usize) -> Result<Self, Error> {
        let text = text.trim();
        // Counted no further than needed.
        let found = text.chars().take(most.saturating_add(1)).count();
        let drawable = found <= most && !text.chars().any(char::is_control);
        match found {
            1.. if drawable => Ok(Self(text.to_owned())),
            _ => Err(Error::Text { part, found: if found > most { found } else { 0 }, most }),
        }
    }

    fn as_str(&self) -> &str {
        &self.0
    }

    fn len(&self) -> usize {
        self.0.chars().count()
    }

    /// What is read on the seal: its parts in their order, with spaces between them.
    fn read(parts: &[Option<&Self>]) -> String {
        parts.iter().flatten().map(|part| part.as_str()).collect::<Vec<_>>().join(" ")
    }
}

impl std::fmt::Debug for Inscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inscription({} characters)", self.len())
    }
}

/// A border's weight.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Border(f64);

impl Border {
    const DEFAULT: Self = Self(1.0);

    fn new(Mm(given_mm): Mm) -> Result<Self, Error> {
        let (least_mm, most_mm) = (1.0, 1.5);
        if (least_mm..=most_mm).contains(&given_mm) {
            Ok(Self(given_mm))
        } else {
            Err(Error::Border { given_mm, least_mm, most_mm })
        }
    }

    fn mm(self) -> f64 {
        self.0
    }
}
