//! Oval seals: the invoice form, and others of the same shape.

use super::lettering::{Lettering, Line, Place, Ring};
use super::sheet::Sheet;
use super::{Border, Error, Inscription};
use crate::appearance::artwork::Artwork;
use crate::appearance::{Font, SealFace};
use crate::authorization::{SealColour, SealRules, SealShape, SealSize, TaxNumber};
use crate::geometry::Mm;

/// What 税务总局公告 2011 第 7 号 says of the invoice seal, in millimetres: the letters of the name,
/// the number's letters and its whole width, the letters at the bottom.
const NAME: f64 = 4.2;
const NUMBER: (f64, f64) = (1.3, 3.7);
const NUMBER_WIDTH: f64 = 26.0;
const NUMBER_LETTERS: f64 = 18.0;
const BOTTOM: (f64, f64) = (3.0, 4.6);
/// What stays free between the number and the name, in millimetres.
const CLEARANCE: f64 = 0.3;

/// An oval seal (椭圆形印章), generated: the name over the top, in the middle a number, a line or a
/// star, and a text below. [`OvalSeal::invoice`] is the form of the tax administration.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sealwright::appearance::design::OvalSeal;
/// use sealwright::authorization::{SealSize, TaxNumber};
///
/// let number = TaxNumber::parse("91350100M000100Y43")?;
/// let invoice = OvalSeal::invoice("晨曦科技(深圳)有限公司", &number)?;
/// assert_eq!(invoice.size(), SealSize { width: 40, height: 30 });
/// let finance = OvalSeal::new("晨曦科技(深圳)有限公司", SealSize { width: 45, height: 30 })?
///     .line("财务专用章")?;
/// # let _ = finance;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OvalSeal {
    size: SealSize,
    name: Inscription,
    border: Border,
    middle: Option<Middle>,
    bottom: Option<Inscription>,
    pub(super) colour: SealColour,
}

#[derive(Clone, Debug, PartialEq)]
enum Middle {
    Number(Inscription),
    Line(Inscription),
    /// Millimetres from the middle to a tip.
    Star(f64),
}

impl OvalSeal {
    /// An oval with nothing in the middle, a border of 1 mm, in red.
    ///
    /// # Errors
    ///
    /// [`Error::Size`] if an ellipse of this size is not among the generated ones (R-SEAL-07),
    /// [`Error::Text`] for a name that is empty, too long or no text.
    pub fn new(name: &str, size: SealSize) -> Result<Self, Error> {
        Self::under(&SealRules::default(), name, size)
    }

    /// The same with the sizes of a deployment.
    ///
    /// # Errors
    ///
    /// As [`OvalSeal::new`].
    pub fn under(rules: &SealRules, name: &str, size: SealSize) -> Result<Self, Error> {
        if !rules.ellipses.contains(&size) {
            let allowed = rules.ellipses.iter().copied().collect();
            return Err(Error::Size { shape: SealShape::Ellipse, size, allowed });
        }
        Ok(Self {
            size,
            name: Inscription::name(name)?,
            border: Border::new(Mm(1.0))?,
            middle: None,
            bottom: None,
            colour: SealColour::Red,
        })
    }

    /// The invoice seal (发票专用章) of R-SEAL-10: 40 by 30 mm, the tax number in the middle.
    ///
    /// # Errors
    ///
    /// [`Error::Text`].
    pub fn invoice(name: &str, number: &TaxNumber) -> Result<Self, Error> {
        let norm = SealSize { width: 40, height: 30 };
        let seal = Self::under(&SealRules::default(), name, norm)?.bottom("发票专用章")?;
        let number = Inscription::code(number.as_str())?;
        Ok(Self { middle: Some(Middle::Number(number)), ..seal })
    }

    /// With a line of text in the middle.
    ///
    /// # Errors
    ///
    /// [`Error::Text`], [`Error::Taken`] where a tax number or a star stands.
    pub fn line(mut self, text: &str) -> Result<Self, Error> {
        self.require_free("a line")?;
        self.middle = Some(Middle::Line(Inscription::line(text)?));
        Ok(self)
    }

    /// With a star in the middle: the diameter of the circle through its tips.
    ///
    /// # Errors
    ///
    /// [`Error::Star`] unless it is a fifth to four tenths of the seal's height, [`Error::Taken`]
    /// where a tax number or a line stands.
    pub fn star(mut self, diameter: Mm) -> Result<Self, Error> {
        self.require_free("a star")?;
        let Mm(given_mm) = diameter;
        let height = f64::from(self.size.height);
        let (least_mm, most_mm) = (height * 0.2, height * 0.4);
        if !(least_mm..=most_mm).contains(&given_mm) {
            return Err(Error::Star { given_mm, least_mm, most_mm });
        }
        self.middle = Some(Middle::Star(given_mm / 2.0));
        Ok(self)
    }

    /// With a text at the bottom.
    ///
    /// # Errors
    ///
    /// [`Error::Text`], [`Error::Taken`] on an invoice seal, which says 发票专用章.
    pub fn bottom(mut self, text: &str) -> Result<Self, Error> {
        if matches!(self.middle, Some(Middle::Number(_))) {
            return Err(Error::Taken { has: "the text of the invoice form", wanted: "another" });
        }
        self.bottom = Some(Inscription::line(text)?);
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

    /// One thing stands in the middle.
    fn require_free(&self, wanted: &'static str) -> Result<(), Error> {
        let has = match &self.middle {
            Some(Middle::Number(_)) => "a tax number in the middle",
            Some(Middle::Line(_)) => "a line in the middle",
            Some(Middle::Star(_)) => "a star in the middle",
            None => return Ok(()),
        };
        Err(Error::Taken { has, wanted })
    }

    pub(super) fn artwork(&self, font: &Font) -> Result<Artwork, Error> {
        let lettering = |text: &Inscription| Lettering::new(font, text.signs());
        let mut sheet = Sheet::new(self.size);
        let outline = sheet.outline();
        let inside = outline.within(self.border.mm());
        sheet.ring(outline, self.border.mm());

        let name = lettering(&self.name)?;
        let share = if self.bottom.is_some() { 0.6 } else { 0.64 };
        let ring = Ring { loosest: 1.1, ..Ring::of_name(inside.within(0.7), share, NAME) };
        let mut taken = name.on_ring(&ring)?;
        name.draw(&taken, &mut sheet);
        let mut below = 0.0;
        match &self.middle {
            None => {}
            Some(Middle::Star(tip)) => {
                sheet.star(*tip);
                below = 0.81 * tip;
            }
            Some(Middle::Number(number)) => {
                let number = lettering(number)?.evenly();
                let places = number_places(&number);
                let meets = |place: &Place| taken.iter().any(|other| place.meets(other, CLEARANCE));
                if places.iter().any(meets) {
                    let (characters, lowest_mm) = (self.name.len(), NUMBER.1);
                    return Err(Error::Unreadable { characters, lowest_mm });
                }
                number.draw(&places, &mut sheet);
                below = NUMBER.1 / 2.0;
                taken.extend(places);
            }
            Some(Middle::Line(line)) => {
                let line = lettering(line)?;
                let wanted = Line { top: 0.0, centred: true, tallest: 4.6, widest: 0.8, gap: 0.15 };
                let places = line.on_line(&wanted, inside, &taken)?;
                line.draw(&places, &mut sheet);
                below = places.first().map_or(0.0, |place| place.height / 2.0);
                taken.extend(places);
            }
        }
        if let Some(bottom) = &self.bottom {
            let bottom = lettering(bottom)?;
            let (top, widest) = (-below - 2.5, BOTTOM.0 / BOTTOM.1);
            let wanted = Line { top, centred: false, tallest: BOTTOM.1, widest, gap: 0.18 };
            let places = bottom.on_line(&wanted, inside, &taken)?;
            bottom.draw(&places, &mut sheet);
        }
        let middle = match &self.middle {
            Some(Middle::Number(text) | Middle::Line(text)) => Some(text),
            _ => None,
        };
        let parts = [Some(&self.name), middle, self.bottom.as_ref()];
        Ok(sheet.finish(self.colour, Inscription::read(&parts)))
    }
}

/// Letters of the prescribed size, 18 of them over the prescribed width, fewer of them in
/// proportion; more get narrower, as the width is all there is between the name's letters.
fn number_places(number: &Lettering) -> Vec<Place> {
    let (widest, height) = NUMBER;
    let gap = (NUMBER_WIDTH - NUMBER_LETTERS * widest) / (NUMBER_LETTERS - 1.0) / widest;
    let count = f64::from(u32::try_from(number.letters().len()).unwrap_or(u32::MAX));
    let width = widest.min(NUMBER_WIDTH / (count + (count - 1.0).max(0.0) * gap));
    number.stand_in_line(-height / 2.0, width, height, gap)
}
