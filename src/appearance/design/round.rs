//! Round seals: the name around, a star or a text in the middle.

use super::lettering::{Lettering, Line, Ring};
use super::ring::Ellipse;
use super::sheet::Sheet;
use super::{Border, Error, Inscription};
use crate::appearance::artwork::Artwork;
use crate::appearance::{Font, SealFace};
use crate::authorization::{SealColour, SealRules, SealShape, SealSize};
use crate::geometry::Mm;

/// The share of the ring that a name takes at most: 270 degrees …
const ALONE: f64 = 0.75;
/// … and 238 where a text stands below the star.
const WITH_LINE: f64 = 0.66;
/// All measures are those of a seal of 42 mm, and grow and shrink with it.
const NORM: f64 = 42.0;

/// A round seal (圆形印章), generated: the name runs clockwise from the lower left over the top to
/// the lower right, letters upright seen from outside; below it a star with one tip up, a line of
/// text under the star, a second line, and digits along the bottom, each if wanted.
///
/// ```
/// # fn main() -> Result<(), sealwright::appearance::design::Error> {
/// use sealwright::appearance::design::RoundSeal;
/// use sealwright::authorization::SealSize;
/// use sealwright::geometry::Mm;
///
/// let seal = RoundSeal::new("晨曦科技(深圳)有限公司", SealSize::round(40))?
///     .line("合同专用章")?
///     .code("4403050012345")?
///     .border(Mm(1.2))?;
/// # let _ = seal;
/// assert_eq!(RoundSeal::new("晨曦", SealSize::round(41)).unwrap_err().code(), "seal.size_not_in_enum");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RoundSeal {
    size: SealSize,
    name: Inscription,
    border: Border,
    /// Millimetres from the middle to a tip.
    star: Option<f64>,
    line: Option<Inscription>,
    bottom: Option<Inscription>,
    code: Option<Inscription>,
    pub(super) colour: SealColour,
}

impl RoundSeal {
    /// A seal with a star a third as wide as the seal, a border of 1.2 mm, in red.
    ///
    /// # Errors
    ///
    /// [`Error::Size`] if a circle of this diameter is not among the generated ones (R-SEAL-07),
    /// [`Error::Text`] for a name that is empty, too long or no text.
    pub fn new(name: &str, size: SealSize) -> Result<Self, Error> {
        Self::under(&SealRules::default(), name, size)
    }

    /// The same with the sizes of a deployment.
    ///
    /// # Errors
    ///
    /// As [`RoundSeal::new`].
    pub fn under(rules: &SealRules, name: &str, size: SealSize) -> Result<Self, Error> {
        if size.width != size.height || !rules.circles.contains(&size.width) {
            let allowed = rules.circles.iter().map(|side| SealSize::round(*side)).collect();
            return Err(Error::Size { shape: SealShape::Circle, size, allowed });
        }
        Ok(Self {
            size,
            name: Inscription::name(name)?,
            border: Border::new(Mm(1.2))?,
            star: Some(f64::from(size.width) / 6.0),
            line: None,
            bottom: None,
            code: None,
            colour: SealColour::Red,
        })
    }

    /// With a star of another size: the diameter of the circle through its tips.
    ///
    /// # Errors
    ///
    /// [`Error::Star`] unless it is a fifth to a half of the seal.
    pub fn star(mut self, diameter: Mm) -> Result<Self, Error> {
        let Mm(given_mm) = diameter;
        let seal = f64::from(self.size.width);
        let (least_mm, most_mm) = (seal / 5.0, seal / 2.0);
        if !(least_mm..=most_mm).contains(&given_mm) {
            return Err(Error::Star { given_mm, least_mm, most_mm });
        }
        self.star = Some(given_mm / 2.0);
        Ok(self)
    }

    /// Without a star, as contract and finance seals often are; the line moves to the middle.
    #[must_use]
    pub fn without_star(mut self) -> Self {
        self.star = None;
        self
    }

    /// The line of text below the star: 合同专用章, 财务专用章.
    ///
    /// # Errors
    ///
    /// [`Error::Text`].
    pub fn line(mut self, text: &str) -> Result<Self, Error> {
        self.line = Some(Inscription::line(text)?);
        Ok(self)
    }

    /// A second line of text, lower and smaller: (1), 财务部.
    ///
    /// # Errors
    ///
    /// [`Error::Text`].
    pub fn bottom(mut self, text: &str) -> Result<Self, Error> {
        self.bottom = Some(Inscription::line(text)?);
        Ok(self)
    }

    /// The digits along the bottom (防伪编码), read from left to right.
    ///
    /// # Errors
    ///
    /// [`Error::Code`] unless they are 6 to 20 digits and capital letters.
    pub fn code(mut self, digits: &str) -> Result<Self, Error> {
        self.code = Some(Inscription::code(digits)?);
        Ok(self)
    }

    /// A border of another weight.
    ///
    /// # Errors
    ///
    /// [`Error::Border`] unless it is 1.0 to 1.5 mm.
    pub fn border(mut self, weight: Mm) -> Result<Self, Error> {
        self.border = Border::new(weight)?;
        Ok(self)
    }

    /// In another colour than red.
    #[must_use]
    pub fn colour(mut self, colour: SealColour) -> Self {
        self.colour = colour;
        self
    }

    /// Its size on paper.
    #[must_use]
    pub fn size(&self) -> SealSize {
        self.size
    }

    /// Draws it with the letters of a font.
    ///
    /// # Errors
    ///
    /// [`Error::MissingGlyphs`] if the font lacks a character, [`Error::Unreadable`] if a text is
    /// too long for the seal.
    pub fn face(&self, font: &Font) -> Result<SealFace, Error> {
        Ok(SealFace::from_artwork(self.artwork(font)?)?)
    }

    pub(super) fn artwork(&self, font: &Font) -> Result<Artwork, Error> {
        let lettering = |text: &Inscription| Lettering::new(font, text.signs());
        let scale = f64::from(self.size.width) / NORM;
        let mut sheet = Sheet::new(self.size);
        let outline = sheet.outline();
        let inside = outline.within(self.border.mm());
        sheet.ring(outline, self.border.mm());
        if let Some(tip) = self.star {
            sheet.star(tip);
        }

        let name = lettering(&self.name)?;
        let mut taken = name.on_ring(&self.name_ring(inside, scale))?;
        name.draw(&taken, &mut sheet);
        if let Some(code) = &self.code {
            let code = lettering(code)?;
            let places = code.on_ring(&self.code_ring(inside, scale))?;
            code.draw(&places, &mut sheet);
            taken.extend(places);
        }
        let mut top = self.star.map_or(-0.25 * inside.up, |tip| -0.81 * tip - 0.9 * scale);
        if let Some(line) = &self.line {
            let line = lettering(line)?;
            let (centred, tallest) =
                if self.star.is_some() { (false, 4.4 * scale) } else { (true, 5.2 * scale) };
            let wanted = Line { top, centred, tallest, widest: 0.85, gap: 0.12 };
            let places = line.on_line(&wanted, inside, &taken)?;
            line.draw(&places, &mut sheet);
            let foot = places.first().map_or(top, |place| place.stand.foot.1);
            top = foot - if centred { 1.6 } else { 0.8 } * scale;
        }
        if let Some(bottom) = &self.bottom {
            let bottom = lettering(bottom)?;
            let wanted =
                Line { top, centred: false, tallest: 3.2 * scale, widest: 0.85, gap: 0.15 };
            let places = bottom.on_line(&wanted, inside, &taken)?;
            bottom.draw(&places, &mut sheet);
        }
        let parts =
            [Some(&self.name), self.line.as_ref(), self.bottom.as_ref(), self.code.as_ref()];
        Ok(sheet.finish(self.colour, Inscription::read(&parts)))
    }

    fn name_ring(&self, inside: Ellipse, scale: f64) -> Ring {
        let outer = inside.within(0.8 * scale);
        let lines = self.line.is_some() || self.bottom.is_some();
        let (share, tallest) = if lines { (WITH_LINE, 6.2) } else { (ALONE, 6.8) };
        let beside_star = outer.up - self.star.unwrap_or(0.0) - 1.0 * scale;
        Ring::of_name(outer, share, beside_star.min(tallest * scale))
    }

    fn code_ring(&self, inside: Ellipse, scale: f64) -> Ring {
        let lines = self.line.is_some() || self.bottom.is_some();
        Ring {
            outer: inside.within(0.5 * scale),
            share: if lines { 0.24 } else { 0.19 },
            tallest: 1.6 * scale,
            lowest: 0.9,
            loosest: 0.85,
            inverted: true,
        }
    }
}
