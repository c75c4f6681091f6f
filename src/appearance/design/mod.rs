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

mod inscription;
#[cfg(test)]
mod letter_tests;
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

use super::{Font, MissingCharacters, SealFace};
use crate::authorization::{ImageFacts, NewFace, SealColour, SealShape, SealSize, SealSource};
use crate::geometry::Mm;
use inscription::Inscription;

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

    /// Draws it, and says what the record of the seal has to know of it: a generated face, which
    /// nobody reviews (R-SEAL-12).
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let font = sealwright::appearance::Font::from_bytes(sealwright_testdata::font::NOTO_SERIF_SC, 0)?;
    /// use sealwright::appearance::design::{RoundSeal, SealDesign};
    /// use sealwright::authorization::{NewSeal, SealName, SealSize};
    /// use sealwright::contract::SealKind;
    ///
    /// let design = SealDesign::from(RoundSeal::new("江州澄砚信息技术有限公司", SealSize::round(42))?);
    /// let (face, record) = design.face_to_register(&font)?;
    /// let seal =
    ///     NewSeal::new("seal-1".parse()?, SealKind::Official, SealName::parse("公章")?, record);
    /// assert_eq!(seal.face.image.face, Some(face.face_digest()));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`SealDesign::face`].
    pub fn face_to_register(&self, font: &Font) -> Result<(SealFace, NewFace), Error> {
        let face = self.face(font)?;
        let record = NewFace {
            source: SealSource::Generated,
            image: ImageFacts::drawn(*face.source_digest(), face.face_digest()),
            shape: self.shape(),
            size: Some(self.size()),
            colour: self.colour(),
        };
        Ok((face, record))
    }

    /// The colour it is drawn in.
    #[must_use]
    pub fn colour(&self) -> SealColour {
        match self {
            Self::Round(seal) => seal.colour,
            Self::Oval(seal) => seal.colour,
            Self::Name(seal) => seal.colour,
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

/// Why a seal cannot be made. Texts are not shown, as a legal representative's seal is a person's
/// name; of characters that a font lacks the code points are.
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
    #[error("the font has no {missing}; give one that has them")]
    MissingGlyphs {
        /// Each of them once, in the order of the text.
        missing: MissingCharacters,
    },
    /// Something stands where something else was to be put.
    #[error("the seal has {has}, which {wanted} would remove; leave one of them out")]
    Taken {
        /// What the seal has.
        has: &'static str,
        /// What was to be added.
        wanted: &'static str,
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
            Self::Taken { .. } => "seal.part_taken",
            Self::Unreadable { .. } => "seal.text_unreadable",
            Self::Face(error) => error.code(),
        }
    }
}

fn sizes(allowed: &[SealSize]) -> String {
    allowed.iter().map(SealSize::to_string).collect::<Vec<_>>().join(", ")
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
