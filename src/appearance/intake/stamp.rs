//! The picture of a stamp while it is being cleaned.

use super::paper::{Colour, Paper, Pixels, distance};
use crate::appearance::Error;
use crate::appearance::artwork::ink;
use crate::appearance::ground::{is_paper, shows_below};
use crate::appearance::picture::{self, Picture};
use crate::authorization::SealColour;
use crate::limits::Limits;
use crate::statement::ColourSpace;

/// A share of ink above which a pixel belongs to the seal, of 255.
const SEEN: u8 = 96;

/// How much redder than green and blue ink has to be, of 255.
const RED: f64 = 40.0;

/// The share of a row or column that has to be ink before the seal begins there: less is dust.
const DUST_PER_MILLE: u64 = 4;

/// Colours and how much of them there is.
pub(super) struct Stamp {
    width: u32,
    height: u32,
    colours: Vec<[u8; 3]>,
    /// How opaque; nothing if all of it is.
    alpha: Option<Vec<u8>>,
}

impl Stamp {
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let picture = Picture::decoded(bytes, limits)?;
        let (width, height) = (picture.width, picture.height);
        let samples = match &picture.pixels {
            picture::Pixels::Decoded(samples) => samples,
            picture::Pixels::Dct(_) => return Err(Error::Unsupported { what: "a JPEG in CMYK" }),
        };
        let colours = match picture.colour_space {
            ColourSpace::DeviceGray => samples.iter().map(|grey| [*grey; 3]).collect(),
            _ => samples.as_chunks::<3>().0.to_vec(),
        };
        Ok(Self { width, height, colours, alpha: picture.alpha })
    }

    pub(super) fn into_picture(self) -> Result<Picture, Error> {
        let Self { width, height, colours, alpha } = self;
        if alpha.as_ref().is_some_and(|alpha| alpha.iter().all(|share| *share == 0)) {
            return Err(Error::Invisible { width, height });
        }
        Ok(Picture {
            width,
            height,
            colour_space: ColourSpace::DeviceRgb,
            inverted: false,
            pixels: picture::Pixels::Decoded(colours.concat()),
            alpha,
        })
    }

    pub(super) fn width(&self) -> u32 {
        self.width
    }

    /// Whether what is below can be read through it: then what is opaque is ink.
    pub(super) fn shows_below(&self) -> bool {
        let colours = || self.colours.iter().copied();
        self.alpha.as_ref().is_some_and(|alpha| shows_below(colours(), alpha))
    }

    /// The colours on a ground of the paper that is in the picture, or white: without transparency.
    fn on_paper(&self) -> Vec<[u8; 3]> {
        let Some(alpha) = &self.alpha else { return self.colours.clone() };
        let opaque = self.colours.iter().zip(alpha).filter(|(_, share)| **share > SEEN);
        let paper: Vec<_> = opaque.map(|(colour, _)| *colour).filter(|it| is_paper(*it)).collect();
        let ground = [0, 1, 2].map(|part: usize| {
            let mut values: Vec<u8> = paper.iter().filter_map(|it| it.get(part).copied()).collect();
            values.sort_unstable();
            values.get(values.len() / 2).copied().unwrap_or(255)
        });
        let mixed = |(colour, share): (&[u8; 3], &u8)| {
            let share = f64::from(*share) / 255.0;
            let mut parts = colour.iter().zip(ground).map(|(part, ground)| {
                eight_bits(f64::from(*part) * share + f64::from(ground) * (1.0 - share))
            });
            let mut next = || parts.next().unwrap_or(0);
            [next(), next(), next()]
        };
        self.colours.iter().zip(alpha).map(mixed).collect()
    }

    /// Makes paper transparent and takes its shine out of the ink's edges; returns its colour in the
    /// middle. Nothing if there is no telling.
    pub(super) fn remove_paper(&mut self) -> Option<[u8; 3]> {
        let samples = self.on_paper();
        let pixels = Pixels { width: self.width, height: self.height, samples: &samples };
        let paper = Paper::of(&pixels)?;
        let ink = full_ink(&pixels, &paper)?;
        let threshold = paper.threshold(ink);
        let mut colours = Vec::with_capacity(self.colours.len());
        let mut alpha = Vec::with_capacity(self.colours.len());
        for y in 0..self.height {
            for x in 0..self.width {
                let (colour, ground) = (pixels.at(x, y), paper.at(&pixels, x, y));
                // Ink darkens. What is brighter than the paper is a reflection.
                let darker = colour.iter().zip(ground).map(|(a, b)| b - a).sum::<f64>() > 0.0;
                let share = if darker { inked(colour, ground) / ink } else { 0.0 };
                // From the threshold to nine tenths of full ink, linearly: as soft as it was.
                let share = ((share - threshold) / (0.9 - threshold)).clamp(0.0, 1.0);
                alpha.push(eight_bits(share * 255.0));
                colours.push(unmixed(colour, ground, share));
            }
        }
        let middle = paper.at(&pixels, self.width / 2, self.height / 2).map(eight_bits);
        fill_clear(&mut colours, &alpha);
        (self.colours, self.alpha) = (colours, Some(alpha));
        Some(middle)
    }

    /// Gives all ink one colour. For red, ink that is not red goes; returns how much of all ink went,
    /// in thousandths.
    pub(super) fn colour(&mut self, colour: SealColour) -> u32 {
        let (mut whole, mut gone) = (0_u64, 0_u64);
        if let Some(alpha) = &mut self.alpha {
            // Pale ink is red too: what counts is how red its reddest is.
            let strongest = strongest_red(&self.colours, alpha);
            for (share, pixel) in alpha.iter_mut().zip(&self.colours) {
                whole += u64::from(*share);
                if colour == SealColour::Red && strongest > RED {
                    let kept = (redness(*pixel) / (0.4 * strongest)).clamp(0.0, 1.0);
                    let left = eight_bits(f64::from(*share) * kept);
                    gone += u64::from(*share - left.min(*share));
                    *share = left.min(*share);
                }
            }
        }
        self.colours.fill(ink(colour));
        u32::try_from((gone * 1_000).checked_div(whole).unwrap_or(0)).unwrap_or(1_000)
    }

    /// Whether ink reaches the left, top, right and bottom edge.
    pub(super) fn edges(&self) -> [bool; 4] {
        let (columns, rows) = self.sums();
        let is_ink = self.shows_below();
        let reached = |sums: &[u64], at: Option<usize>, across: u32| {
            let sum = at.and_then(|at| sums.get(at)).copied().unwrap_or(0);
            is_ink && sum * 1_000 > u64::from(across) * DUST_PER_MILLE
        };
        let last = |sums: &[u64]| sums.len().checked_sub(1);
        [
            reached(&columns, Some(0), self.height),
            reached(&rows, Some(0), self.width),
            reached(&columns, last(&columns), self.height),
            reached(&rows, last(&rows), self.width),
        ]
    }

    /// Pixels across and down that the ink takes, all of them if everything is opaque.
    pub(super) fn extent(&self) -> (u32, u32) {
        let [left, top, right, bottom] = self.bounds();
        (right - left, bottom - top)
    }

    /// Whether there is red in it.
    pub(super) fn has_red(&self) -> bool {
        let seen = |index: usize| {
            self.alpha.as_ref().is_none_or(|alpha| alpha.get(index).is_some_and(|a| *a > SEEN))
        };
        let red = self
            .colours
            .iter()
            .enumerate()
            .filter(|(index, pixel)| redness(**pixel) > RED && seen(*index))
            .count();
        red * 1_000 > self.colours.len()
    }

    /// Cuts everything around the ink, but for one pixel; returns how much went at the left, top,
    /// right and bottom. Nothing if nothing was around it.
    pub(super) fn trim(&mut self) -> Option<[u32; 4]> {
        let [left, top, right, bottom] = self.bounds();
        let (left, top) = (left.saturating_sub(1), top.saturating_sub(1));
        let (right, bottom) = ((right + 1).min(self.width), (bottom + 1).min(self.height));
        let margins = [left, top, self.width - right, self.height - bottom];
        if margins == [0; 4] {
            return None;
        }
        let inside = |x: u32, y: u32| (left..right).contains(&x) && (top..bottom).contains(&y);
        let places = |(index, _): &(usize, _)| {
            let index = u64::try_from(*index).unwrap_or(0);
            let width = u64::from(self.width.max(1));
            let side = |value: u64| u32::try_from(value).unwrap_or(u32::MAX);
            inside(side(index % width), side(index / width))
        };
        let colours = self.colours.iter().enumerate().filter(|at| places(&(at.0, ())));
        let colours = colours.map(|(_, colour)| *colour).collect();
        let alpha = self.alpha.as_ref().map(|alpha| {
            let kept = alpha.iter().enumerate().filter(|at| places(&(at.0, ())));
            kept.map(|(_, share)| *share).collect()
        });
        (self.colours, self.alpha) = (colours, alpha);
        (self.width, self.height) = (right - left, bottom - top);
        Some(margins)
    }

    /// Where the ink begins and ends: left, top, and the first beyond at the right and bottom.
    fn bounds(&self) -> [u32; 4] {
        let (columns, rows) = self.sums();
        let range = |sums: &[u64], across: u32| {
            let seen = |sum: &u64| sum * 1_000 > u64::from(across) * DUST_PER_MILLE;
            let first = sums.iter().position(seen);
            let last = sums.iter().rposition(seen);
            let side = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            match (first, last) {
                (Some(first), Some(last)) => (side(first), side(last) + 1),
                _ => (0, side(sums.len())),
            }
        };
        let (left, right) = range(&columns, self.height);
        let (top, bottom) = range(&rows, self.width);
        [left, top, right, bottom]
    }

    /// How many pixels of ink each column and each row has.
    fn sums(&self) -> (Vec<u64>, Vec<u64>) {
        let side = |side: u32| usize::try_from(side).unwrap_or(0);
        let (width, height) = (side(self.width), side(self.height));
        let (mut columns, mut rows) = (vec![0; width], vec![0; height]);
        let Some(alpha) = &self.alpha else {
            columns.fill(u64::from(self.height));
            rows.fill(u64::from(self.width));
            return (columns, rows);
        };
        for (line, sum) in alpha.chunks(width.max(1)).zip(&mut rows) {
            for (share, column) in line.iter().zip(&mut columns) {
                let seen = u64::from(*share > SEEN);
                *sum += seen;
                *column += seen;
            }
        }
        (columns, rows)
    }
}

/// How far full ink is from the paper: what a quarter of it exceeds, of the red ink where there is
/// some, as a text under the seal is blacker. Nothing if there is hardly any.
fn full_ink(pixels: &Pixels<'_>, paper: &Paper) -> Option<f64> {
    let (mut any, mut red): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    let least = 3.0 * paper.noise.max(12.0);
    let step = usize::try_from((pixels.width.max(pixels.height) / 400).max(1)).unwrap_or(1);
    for y in (0..pixels.height).step_by(step) {
        for x in (0..pixels.width).step_by(step) {
            let (colour, ground) = (pixels.at(x, y), paper.at(pixels, x, y));
            let inked = inked(colour, ground);
            if inked > least {
                any.push(inked);
                if redness(colour.map(eight_bits)) > RED {
                    red.push(inked);
                }
            }
        }
    }
    let mut ink = if red.len() * 10 > any.len() { red } else { any };
    ink.sort_unstable_by(f64::total_cmp);
    ink.get(ink.len() * 3 / 4).copied()
}

/// How far a colour is from the paper, as if that were fully lit: in the shade ink is darker too.
fn inked(colour: Colour, ground: Colour) -> f64 {
    let light = ground.iter().sum::<f64>() / (3.0 * 255.0);
    distance(colour, ground) / light.max(0.2)
}

/// The ink of a pixel without the paper that shines through it.
fn unmixed(colour: Colour, ground: Colour, share: f64) -> [u8; 3] {
    let mut parts = colour
        .iter()
        .zip(ground)
        .map(|(colour, ground)| eight_bits((colour - (1.0 - share) * ground) / share.max(0.05)));
    let mut next = || parts.next().unwrap_or(0);
    [next(), next(), next()]
}

/// Gives what is clear the mean colour of what is not, as all faces have it.
fn fill_clear(colours: &mut [[u8; 3]], alpha: &[u8]) {
    let (mut sums, mut weight) = ([0_u64; 3], 0_u64);
    for (colour, share) in colours.iter().zip(alpha) {
        weight += u64::from(*share);
        for (sum, part) in sums.iter_mut().zip(colour) {
            *sum += u64::from(*part) * u64::from(*share);
        }
    }
    let mean = sums.map(|sum| u8::try_from(sum.checked_div(weight).unwrap_or(0)).unwrap_or(0));
    for (colour, share) in colours.iter_mut().zip(alpha) {
        if *share == 0 {
            *colour = mean;
        }
    }
}

/// How much more red than green and blue there is.
fn redness([red, green, blue]: [u8; 3]) -> f64 {
    f64::from(red) - f64::from(green.max(blue))
}

/// The redness that a tenth of the red ink exceeds; 0 if hardly any ink is red: a blue seal.
fn strongest_red(colours: &[[u8; 3]], alpha: &[u8]) -> f64 {
    const RED_PER_CENT: usize = 2;
    let inked = colours.iter().zip(alpha).filter(|(_, share)| **share > SEEN);
    let all: Vec<f64> = inked.map(|(colour, _)| redness(*colour)).collect();
    let mut reds: Vec<f64> = all.iter().copied().filter(|redness| *redness > RED).collect();
    if reds.len() * 100 < all.len() * RED_PER_CENT {
        return 0.0;
    }
    reds.sort_unstable_by(f64::total_cmp);
    reds.get(reds.len() * 9 / 10).copied().unwrap_or(0.0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
fn eight_bits(value: f64) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}
