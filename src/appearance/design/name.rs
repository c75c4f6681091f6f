//! Name seals: square and rectangular.

use super::lettering::{Letter, Lettering, Place};
use super::ring::Stand;
use super::sheet::Sheet;
use super::{Border, Error, Inscription};
use crate::appearance::artwork::Artwork;
use crate::appearance::{Font, SealFace};
use crate::authorization::{SealColour, SealRules, SealShape, SealSize};
use crate::geometry::Mm;

/// What is free between frame and letters, and between letters, in millimetres.
const MARGIN: f64 = 0.5;
const GAP: f64 = 0.35;
/// The share of the width that a caption's column takes.
const CAPTION: f64 = 0.26;
/// A letter fills its place up to this ratio of its sides.
const STRETCH: f64 = 2.2;
/// The smallest place for a letter, in millimetres.
const LOWEST: f64 = 1.8;

/// What is set behind a name so that four characters make a square.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    /// 之印 behind two characters, 印 behind one or three, nothing otherwise.
    #[default]
    Fitting,
    /// Nothing.
    None,
    /// 印
    Yin,
    /// 之印
    ZhiYin,
}

impl Closing {
    fn characters(self, name: usize) -> &'static str {
        match (self, name) {
            (Self::Fitting, 2) | (Self::ZhiYin, _) => "之印",
            (Self::Fitting, 1 | 3) | (Self::Yin, _) => "印",
            (Self::Fitting | Self::None, _) => "",
        }
    }
}

/// A square or rectangular name seal (方章, 法定代表人章), generated, in 朱文: red letters on clear
/// ground. In a square, columns are read from top to bottom and from right to left; in a rectangle
/// lines from left to right, in a high one a column.
///
/// ```
/// # fn main() -> Result<(), sealwright::appearance::design::Error> {
/// use sealwright::appearance::design::{Closing, NameSeal};
/// use sealwright::authorization::SealSize;
///
/// // 王小明印, two columns of two.
/// let square = NameSeal::square("王小明", Closing::Fitting, SealSize::round(20))?;
/// let captioned = square.clone().caption("法定代表人")?;
/// let strip = NameSeal::rectangle(&["王小明"], SealSize { width: 30, height: 12 })?.without_frame();
/// # let _ = (captioned, strip);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct NameSeal {
    size: SealSize,
    /// Columns of a square from the right; lines of a rectangle from the top.
    parts: Vec<Inscription>,
    layout: Layout,
    caption: Option<Inscription>,
    /// Nothing for a seal without a frame.
    border: Option<Border>,
    pub(super) colour: SealColour,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Layout {
    Columns,
    Lines,
}

impl NameSeal {
    /// A square seal of 1 to 9 characters, with a frame of 1 mm, in red.
    ///
    /// # Errors
    ///
    /// [`Error::Size`] if a square of this size is not among the generated ones (R-SEAL-07),
    /// [`Error::Text`] for a name that is empty, too long or no text.
    pub fn square(name: &str, closing: Closing, size: SealSize) -> Result<Self, Error> {
        Self::square_under(&SealRules::default(), name, closing, size)
    }

    /// The same with the sizes of a deployment.
    ///
    /// # Errors
    ///
    /// As [`NameSeal::square`].
    pub fn square_under(
        rules: &SealRules,
        name: &str,
        closing: Closing,
        size: SealSize,
    ) -> Result<Self, Error> {
        if size.width != size.height || !rules.squares.contains(&size.width) {
            let allowed = rules.squares.iter().map(|side| SealSize::round(*side)).collect();
            return Err(Error::Size { shape: SealShape::Square, size, allowed });
        }
        let letters = Inscription::square(name)?.len();
        let whole = format!("{}{}", name.trim(), closing.characters(letters));
        let parts = columns(&Inscription::square(&whole)?);
        Ok(Self::with(size, parts, Layout::Columns))
    }

    /// A rectangular seal of one to three lines, with a frame of 1 mm, in red. One line in a seal
    /// that is higher than wide is a column.
    ///
    /// # Errors
    ///
    /// [`Error::Size`] beyond 10 to 100 mm, if one side is more than ten times the other
    /// (R-SEAL-06), or for a square that is not among the generated ones (R-SEAL-07),
    /// [`Error::Text`] for a line that is empty, too long or no text, or too many.
    pub fn rectangle(lines: &[&str], size: SealSize) -> Result<Self, Error> {
        let rules = SealRules::default();
        let (short, long) = (size.width.min(size.height), size.width.max(size.height));
        if short < rules.shortest || long > rules.longest || long > short.saturating_mul(10) {
            let allowed = vec![SealSize::round(rules.shortest), SealSize::round(rules.longest)];
            return Err(Error::Size { shape: SealShape::Rectangle, size, allowed });
        }
        if short == long && !rules.squares.contains(&short) {
            let allowed = rules.squares.iter().map(|side| SealSize::round(*side)).collect();
            return Err(Error::Size { shape: SealShape::Square, size, allowed });
        }
        if !(1..=3).contains(&lines.len()) {
            return Err(Error::Text { part: "number of lines", found: lines.len(), most: 3 });
        }
        let parts = lines.iter().map(|line| Inscription::line(line));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let column = parts.len() == 1 && size.height > size.width;
        Ok(Self::with(size, parts, if column { Layout::Columns } else { Layout::Lines }))
    }

    fn with(size: SealSize, parts: Vec<Inscription>, layout: Layout) -> Self {
        let border = Some(Border::DEFAULT);
        Self { size, parts, layout, caption: None, border, colour: SealColour::Red }
    }

    /// With small letters in a column of their own at the right: 法定代表人.
    ///
    /// # Errors
    ///
    /// [`Error::Text`].
    pub fn caption(mut self, text: &str) -> Result<Self, Error> {
        self.caption = Some(Inscription::line(text)?);
        Ok(self)
    }

    /// Without a frame.
    #[must_use]
    pub fn without_frame(mut self) -> Self {
        self.border = None;
        self
    }

    /// A frame of another weight.
    ///
    /// # Errors
    ///
    /// [`Error::Border`] unless it is 1.0 to 1.5 mm.
    pub fn border(mut self, weight: Mm) -> Result<Self, Error> {
        self.border = Some(Border::new(weight)?);
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
        let mut sheet = Sheet::new(self.size);
        if let Some(border) = self.border {
            sheet.frame(border.mm());
        }
        let edge = self.border.map_or(0.0, |border| border.mm() + MARGIN);
        let outline = sheet.outline();
        let mut room = Room {
            left: edge - outline.across,
            right: outline.across - edge,
            top: outline.up - edge,
        };
        // Cells of all letters alike, whichever column they stand in.
        let whole = Inscription::joined(&self.parts);
        let name = Lettering::new(font, whole.signs())?;
        if let Some(caption) = &self.caption {
            let caption = Lettering::new(font, caption.signs())?;
            let width = (room.right - room.left) * CAPTION;
            let column = Room { left: room.right - width, ..room };
            let places =
                column.filled(caption.letters(), &[caption.letters().len()], self.layout)?;
            caption.draw(&places, &mut sheet);
            room.right -= width + GAP;
        }
        let counts: Vec<usize> = self.parts.iter().map(Inscription::len).collect();
        name.draw(&room.filled(name.letters(), &counts, self.layout)?, &mut sheet);
        let parts: Vec<_> = self.caption.iter().chain(&self.parts).map(Some).collect();
        let text = match self.layout {
            Layout::Columns if self.caption.is_none() => whole.text(),
            _ => Inscription::read(&parts),
        };
        Ok(sheet.finish(self.colour, text))
    }
}

/// The characters of a square, by columns from the right. The right column of an odd number is the
/// shorter one: a surname beside the two characters of a given name.
fn columns(text: &Inscription) -> Vec<Inscription> {
    let columns = match text.len() {
        0 | 1 => 1,
        2..=6 => 2,
        _ => 3,
    };
    let mut rest = text.len();
    let counts = (1..=columns).rev().map(|left| {
        let taken = rest / left;
        rest -= taken;
        taken
    });
    text.split(&counts.collect::<Vec<_>>())
}

/// Where letters may stand; the bottom is as far below the middle as the top above it.
#[derive(Clone, Copy)]
struct Room {
    left: f64,
    right: f64,
    top: f64,
}

impl Room {
    /// Places for letters in rows or columns of so many, which share the room evenly.
    fn filled(
        &self,
        letters: &[Letter],
        counts: &[usize],
        layout: Layout,
    ) -> Result<Vec<Place>, Error> {
        let (across, down) = (self.right - self.left, 2.0 * self.top);
        let share = |whole: f64, count: usize| {
            let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
            (whole - GAP * (count - 1.0)) / count
        };
        let mut places = Vec::with_capacity(letters.len());
        let groups = counts.len();
        let at = |size: f64, index: usize| {
            (size + GAP) * f64::from(u32::try_from(index).unwrap_or(u32::MAX))
        };
        for (group, count) in counts.iter().enumerate() {
            for index in 0..*count {
                let (width, height, x, y) = match layout {
                    Layout::Columns => {
                        let (width, height) = (share(across, groups), share(down, *count));
                        let x = self.right - at(width, group) - width / 2.0;
                        (width, height, x, self.top - at(height, index) - height / 2.0)
                    }
                    Layout::Lines => {
                        let (width, height) = (share(across, *count), share(down, groups));
                        let x = self.left + at(width, index) + width / 2.0;
                        (width, height, x, self.top - at(height, group) - height / 2.0)
                    }
                };
                if width.min(height) < LOWEST {
                    return Err(Error::Unreadable { characters: letters.len(), lowest_mm: LOWEST });
                }
                let (width, height) = (width.min(height * STRETCH), height.min(width * STRETCH));
                let foot = (x, y - height / 2.0);
                places.push(Place { stand: Stand { foot, head: (0.0, 1.0) }, width, height });
            }
        }
        for (place, letter) in places.iter_mut().zip(letters) {
            place.width *= letter.share();
        }
        Ok(places)
    }
}
