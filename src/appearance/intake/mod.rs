//! Taking a seal in (印章上传): from a scan or a photograph of a stamp to a face that hides no text.
//!
//! [`SealFace::from_image`] takes a picture as it is. [`SealIntake`] looks at it, and changes it where
//! it is told to: paper becomes transparent, ink becomes seal red, what is around the seal goes. What
//! was done and what is odd is in the result; nothing is done that was not asked for.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let photo = sealwright_testdata::seal::opaque_jpeg("江州澄砚信息技术有限公司", 500);
//! use sealwright::appearance::intake::{SealIntake, Step};
//! use sealwright::geometry::Mm;
//!
//! let taken = SealIntake::new(Mm(42.0)).without_paper().in_seal_red().trimmed().take(&photo)?;
//! assert!(taken.face().is_transparent());
//! assert!(matches!(taken.steps()[0], Step::PaperRemoved { .. }));
//! assert!(taken.warnings().is_empty());
//! # Ok(()) }
//! ```

mod paper;
#[cfg(test)]
mod photo_tests;
mod stamp;

use super::picture::Picture;
use super::{Error, SealFace};
use crate::authorization::{SealColour, SealShape};
use crate::geometry::Mm;
use crate::limits::Limits;
use stamp::Stamp;

/// Below so many pixels an inch a seal looks poor in print …
const LOW_DPI: u32 = 300;
/// … and below so many its letters cannot be read.
const COARSE_DPI: u32 = 150;

/// How a seal is to be taken in. Without further words the picture stays as it is and is only
/// looked at.
///
/// ```
/// use sealwright::appearance::intake::SealIntake;
/// use sealwright::authorization::SealShape;
/// use sealwright::geometry::Mm;
/// let scan = SealIntake::new(Mm(42.0)).without_paper().trimmed();
/// let square = SealIntake::new(Mm(20.0)).shape(SealShape::Square);
/// # let _ = (scan, square);
/// ```
#[derive(Clone, Debug)]
pub struct SealIntake {
    width: Mm,
    shape: SealShape,
    remove_paper: bool,
    colour: Option<SealColour>,
    trim: bool,
    limits: Limits,
}

/// Something that was done to the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// What has the colour of the paper became transparent, softly at the edges of the ink.
    PaperRemoved {
        /// The colour of the paper in the middle of the picture: red, green, blue.
        paper: [u8; 3],
    },
    /// Ink of every shade became this colour; how much of it there is stayed.
    Coloured {
        /// The colour.
        colour: SealColour,
        /// Pixels of ink of another colour (a printed text, a signature) that went, in thousandths
        /// of all ink.
        others_per_mille: u32,
    },
    /// What is around the seal went.
    Trimmed {
        /// Pixels that went at the left, top, right and bottom.
        margins: [u32; 4],
    },
}

/// Something odd about a picture that does not keep it from being a seal.
///
/// ```
/// use sealwright::appearance::intake::Warning;
/// assert_eq!(Warning::NotTransparent.code(), "W-SEAL-NO-ALPHA");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The ink of a circle or square is not as wide as high (R-SEAL-15): a stamp that was
    /// photographed at a slant, or squeezed.
    NotRound {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// At its physical size the picture has fewer than 300 pixels an inch, or than 150: then letters
    /// cannot be read.
    LowResolution {
        /// Pixels an inch.
        dpi: u32,
        /// How many there should be: 300, or 150 if it is worse than that.
        below: u32,
    },
    /// The picture is opaque and will cover the text under it (R-SEAL-16).
    NotTransparent,
    /// There is no red in it, which seals have.
    NothingRed,
    /// Ink reaches an edge of the picture: the seal may have been cut.
    Cut {
        /// Left, top, right, bottom.
        edges: [bool; 4],
    },
    /// The paper could not be told from the ink, and was left.
    PaperUnclear,
    /// The picture shows what is below it already: there was no paper to remove.
    PaperNotFound,
}

impl Warning {
    /// A stable name, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRound { .. } => "W-SEAL-ASPECT",
            Self::LowResolution { .. } => "W-SEAL-LOW-RESOLUTION",
            Self::NotTransparent => "W-SEAL-NO-ALPHA",
            Self::NothingRed => "W-SEAL-NOT-RED",
            Self::Cut { .. } => "W-SEAL-CUT",
            Self::PaperUnclear => "W-SEAL-PAPER-UNCLEAR",
            Self::PaperNotFound => "W-SEAL-PAPER-NOT-FOUND",
        }
    }
}

/// A seal that was taken in. Who makes it: [`SealIntake::take`].
#[derive(Clone, Debug)]
pub struct TakenSeal {
    face: SealFace,
    steps: Vec<Step>,
    warnings: Vec<Warning>,
}

impl TakenSeal {
    /// The face. Its source digest is that of the uploaded bytes, whatever was done to them.
    #[must_use]
    pub fn face(&self) -> &SealFace {
        &self.face
    }

    /// What was done, in its order; nothing if the picture is as it was uploaded.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What is odd about the result.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

impl SealIntake {
    /// A seal of this width on paper, round, to be looked at only. With [`SealIntake::trimmed`] it is
    /// the width of the seal itself, otherwise that of the picture.
    #[must_use]
    pub fn new(width: Mm) -> Self {
        Self {
            width,
            shape: SealShape::Circle,
            remove_paper: false,
            colour: None,
            trim: false,
            limits: Limits::default(),
        }
    }

    /// Of another shape: only circles and squares are expected to be as wide as high.
    #[must_use]
    pub fn shape(self, shape: SealShape) -> Self {
        Self { shape, ..self }
    }

    /// Makes paper transparent: white, tinted, or unevenly lit as in a photograph.
    #[must_use]
    pub fn without_paper(self) -> Self {
        Self { remove_paper: true, ..self }
    }

    /// Gives all ink the red of seals. Ink that is not red goes: text that was stamped over.
    #[must_use]
    pub fn in_seal_red(self) -> Self {
        Self { colour: Some(SealColour::Red), ..self }
    }

    /// Gives all ink one colour.
    #[must_use]
    pub fn in_colour(self, colour: SealColour) -> Self {
        Self { colour: Some(colour), ..self }
    }

    /// Cuts the picture to the seal; one pixel around it stays.
    #[must_use]
    pub fn trimmed(self) -> Self {
        Self { trim: true, ..self }
    }

    /// Under limits of the caller's: `bytes`, `pixels` and `inflated_bytes` count.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Takes a seal in.
    ///
    /// # Errors
    ///
    /// As [`SealFace::from_image_with`]; [`Error::Unsupported`] for a picture in CMYK that is to be
    /// changed.
    pub fn take(&self, bytes: &[u8]) -> Result<TakenSeal, Error> {
        let (mut steps, mut warnings) = (Vec::new(), Vec::new());
        let changes = self.remove_paper || self.colour.is_some() || self.trim;
        let face = if changes {
            let mut stamp = Stamp::read(bytes, &self.limits)?;
            self.change(&mut stamp, &mut steps, &mut warnings);
            self.look(&stamp, &mut warnings);
            SealFace::from_picture(&stamp.into_picture()?, self.width, bytes)?
        } else {
            let picture = Picture::read(bytes, &self.limits)?;
            match Stamp::read(bytes, &self.limits) {
                Ok(stamp) => self.look(&stamp, &mut warnings),
                // Its pixels are not known, CMYK for one; that it is opaque and how large is.
                Err(_) => {
                    let size = (picture.width, picture.height);
                    self.look_at_size(picture.width, size, &mut warnings);
                    warnings.push(Warning::NotTransparent);
                }
            }
            SealFace::from_picture(&picture, self.width, bytes)?
        };
        Ok(TakenSeal { face, steps, warnings })
    }

    fn change(&self, stamp: &mut Stamp, steps: &mut Vec<Step>, warnings: &mut Vec<Warning>) {
        let mut is_ink = stamp.shows_below();
        if self.remove_paper && is_ink {
            warnings.push(Warning::PaperNotFound);
        } else if self.remove_paper {
            match stamp.remove_paper() {
                Some(paper) => {
                    steps.push(Step::PaperRemoved { paper });
                    is_ink = true;
                }
                None => warnings.push(Warning::PaperUnclear),
            }
        }
        // Where paper is opaque there is no telling what is ink.
        if let (Some(colour), true) = (self.colour, is_ink) {
            let others_per_mille = stamp.colour(colour);
            steps.push(Step::Coloured { colour, others_per_mille });
        }
        let edges = stamp.edges();
        if edges.contains(&true) {
            warnings.push(Warning::Cut { edges });
        }
        if self.trim
            && let Some(margins) = stamp.trim()
        {
            steps.push(Step::Trimmed { margins });
        }
    }

    fn look(&self, stamp: &Stamp, warnings: &mut Vec<Warning>) {
        let edges = stamp.edges();
        let told = warnings.iter().any(|warning| matches!(warning, Warning::Cut { .. }));
        if edges.contains(&true) && !told && !self.trim {
            warnings.push(Warning::Cut { edges });
        }
        self.look_at_size(stamp.width(), stamp.extent(), warnings);
        if !stamp.shows_below() {
            warnings.push(Warning::NotTransparent);
        }
        if !stamp.has_red() {
            warnings.push(Warning::NothingRed);
        }
    }

    /// What is odd about a picture of this size with a seal of this size in it.
    fn look_at_size(&self, columns: u32, (width, height): (u32, u32), warnings: &mut Vec<Warning>) {
        if self.shape.is_regular() && width.abs_diff(height) * 20 > width.max(height) {
            warnings.push(Warning::NotRound { width, height });
        }
        let dpi = resolution(columns, self.width);
        if let Some(below) = [COARSE_DPI, LOW_DPI].into_iter().find(|below| dpi < *below) {
            warnings.push(Warning::LowResolution { dpi, below });
        }
    }
}

/// Pixels an inch, rounded down.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut before")]
fn resolution(pixels: u32, Mm(width): Mm) -> u32 {
    (f64::from(pixels) * 25.4 / width.max(0.1)).clamp(0.0, 1e6) as u32
}
