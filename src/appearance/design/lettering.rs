//! Letters as outlines in boxes, and boxes that must not touch.

use super::Error;
use super::inscription::Sign;
use super::ring::{Band, Ellipse, Stand};
use super::sheet::Sheet;
use crate::appearance::glyphs::Glyphs;
use crate::appearance::path::Path;
use crate::appearance::{self, Font};

/// A letter is never set narrower than this share of its height …
const NARROWEST: f64 = 0.5;
/// … nor wider than this one, on a ring or a line.
const WIDEST: f64 = 0.88;
/// What a letter leaves free of its place on a ring or a line.
const FILLED: f64 = 0.9;
/// Below this height in millimetres a name cannot be read on paper.
const LOWEST: f64 = 1.8;
/// Letters are made lower in steps of this many millimetres.
const STEP: f64 = 0.1;
/// What stays free between a line and whatever is around it, in millimetres.
const CLEARANCE: f64 = 0.6;

/// A letter and the box that its place is filled with, in units of the em.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) outline: Path,
    /// Left, bottom, right, top.
    pub(super) cell: [f64; 4],
    /// Its width as a share of the widest.
    share: f64,
}

impl Letter {
    /// Its width as a share of the widest of its text.
    pub(super) fn share(&self) -> f64 {
        self.share
    }
}

/// A letter in its place: the middle of its foot, which way is up, how wide and high.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) stand: Stand,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Place {
    /// The corners, around.
    pub(super) fn corners(&self) -> [(f64, f64); 4] {
        let Stand { foot, head: (x, y) } = self.stand;
        let corner = |side: f64, up: f64| {
            let (side, up) = (side * self.width, up * self.height);
            (foot.0 + y * side + x * up, foot.1 - x * side + y * up)
        };
        [corner(-0.5, 0.0), corner(0.5, 0.0), corner(0.5, 1.0), corner(-0.5, 1.0)]
    }

    /// Whether two boxes, the first grown by `clearance` on all sides, have a point in common
    /// (separating axes).
    pub(super) fn meets(&self, other: &Self, clearance: f64) -> bool {
        let Stand { foot, head } = self.stand;
        let grown = Self {
            stand: Stand { foot: (foot.0 - clearance * head.0, foot.1 - clearance * head.1), head },
            width: self.width + 2.0 * clearance,
            height: self.height + 2.0 * clearance,
        };
        let axes = [self.stand.head, other.stand.head];
        let axes = axes.into_iter().flat_map(|(x, y)| [(x, y), (y, -x)]);
        let extent = |of: &Self, (x, y): (f64, f64)| {
            let along = of.corners().map(|corner| corner.0 * x + corner.1 * y);
            along.iter().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(*at), high.max(*at)))
        };
        let mut apart = axes.map(|axis| (extent(&grown, axis), extent(other, axis)));
        !apart.any(|((low, high), (bottom, top))| high <= bottom || top <= low)
    }
}

/// A text whose letters a font has.
#[derive(Clone, Debug)]
pub(super) struct Lettering {
    letters: Vec<Letter>,
    /// The width of the widest cell as a share of its height.
    aspect: f64,
}

impl Lettering {
    /// Takes the outlines out of a font.
    ///
    /// # Errors
    ///
    /// [`Error::MissingGlyphs`] with every character that the font lacks, and what is wrong with
    /// the font.
    pub(super) fn new(font: &Font, signs: &[Sign]) -> Result<Self, Error> {
        let glyphs = font.glyphs().map_err(appearance::Error::from)?;
        let (mut missing, mut drawn) = (Vec::new(), Vec::new());
        for sign in signs {
            match Drawn::of(&glyphs, sign)? {
                Ok(letter) => drawn.push(letter),
                Err(character) => missing.push(character),
            }
        }
        if !missing.is_empty() {
            return Err(Error::MissingGlyphs { missing: missing.into_iter().collect() });
        }
        let letters = into_cells(drawn);
        let aspect = letters.iter().map(|letter| {
            let [left, bottom, right, top] = letter.cell;
            (right - left) / (top - bottom)
        });
        let aspect = aspect.fold(0.01, f64::max);
        Ok(Self { letters, aspect })
    }

    /// Every letter as wide as the widest, as numbers are set.
    pub(super) fn evenly(mut self) -> Self {
        self.letters.iter_mut().for_each(|letter| letter.share = 1.0);
        self
    }

    /// The letters with their places.
    pub(super) fn letters(&self) -> &[Letter] {
        &self.letters
    }

    /// What the letters take along a line, in widths of the widest.
    fn widths(&self) -> f64 {
        self.letters.iter().map(|letter| letter.share).sum()
    }

    /// Side by side on a ring below `outer`, evenly spaced around the top, or around the bottom for
    /// an inverted one. They get narrower first and then lower until they fit.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`].
    pub(super) fn on_ring(&self, ring: &Ring) -> Result<Vec<Place>, Error> {
        let mut height = ring.tallest;
        while height >= ring.lowest {
            let band = Band::new(ring.outer, height);
            let room = band.length() * ring.share / self.widths();
            let pitch = room.min(height * ring.loosest);
            let width = (pitch * FILLED).min(height * WIDEST.min(self.aspect));
            if width >= height * self.narrowest() {
                return Ok(self.stand_on(&band, ring.inverted, pitch, width, height));
            }
            height -= STEP;
        }
        Err(self.unreadable(ring.lowest))
    }

    /// What is narrow by itself, as digits are, may get narrower still.
    fn narrowest(&self) -> f64 {
        NARROWEST * self.aspect.min(1.0)
    }

    fn stand_on(
        &self,
        band: &Band,
        inverted: bool,
        pitch: f64,
        width: f64,
        height: f64,
    ) -> Vec<Place> {
        self.along(pitch)
            .map(|(at, share)| {
                let stand = if inverted { band.inverted(at) } else { band.upright(at) };
                Place { stand, width: width * share, height }
            })
            .collect()
    }

    /// In a straight line whose heads are at `top`, inside `within` and clear of `taken`. As
    /// [`Lettering::on_ring`], they get narrower first and then lower.
    ///
    /// # Errors
    ///
    /// [`Error::Unreadable`].
    pub(super) fn on_line(
        &self,
        line: &Line,
        within: Ellipse,
        taken: &[Place],
    ) -> Result<Vec<Place>, Error> {
        let within = within.within(CLEARANCE);
        let mut height = line.tallest;
        while height >= LOWEST {
            let foot = if line.centred { -height / 2.0 } else { line.top - height };
            let mut width = height * line.widest.min(self.aspect);
            while width >= height * self.narrowest() {
                let places = self.stand_in_line(foot, width, height, line.gap);
                let fits = |place: &Place| {
                    place.corners().iter().all(|corner| within.holds(*corner))
                        && !taken.iter().any(|other| place.meets(other, CLEARANCE))
                };
                if places.iter().all(fits) {
                    return Ok(places);
                }
                width -= STEP / 2.0;
            }
            height -= STEP;
        }
        Err(self.unreadable(LOWEST))
    }

    /// In a straight line of given letters, feet at `foot`, the middle of all above the origin.
    pub(super) fn stand_in_line(&self, foot: f64, width: f64, height: f64, gap: f64) -> Vec<Place> {
        self.along(width * (1.0 + gap))
            .map(|(at, share)| Place {
                stand: Stand { foot: (at, foot), head: (0.0, 1.0) },
                width: width * share,
                height,
            })
            .collect()
    }

    /// The middle of each letter along a line whose middle is 0, and its share; the widest takes
    /// `pitch`.
    fn along(&self, pitch: f64) -> impl Iterator<Item = (f64, f64)> {
        let mut at = -self.widths() * pitch / 2.0;
        self.letters.iter().map(move |letter| {
            let half = letter.share * pitch / 2.0;
            at += 2.0 * half;
            (at - half, letter.share)
        })
    }

    fn unreadable(&self, lowest_mm: f64) -> Error {
        Error::Unreadable { characters: self.letters.len(), lowest_mm }
    }

    /// Draws the letters in their places.
    pub(super) fn draw(&self, places: &[Place], sheet: &mut Sheet) {
        for (letter, place) in self.letters.iter().zip(places) {
            sheet.letter(letter, place);
        }
    }
}

/// A ring of letters.
pub(super) struct Ring {
    /// Where the heads are (the feet, if inverted).
    pub(super) outer: Ellipse,
    /// How much of the ring they may take.
    pub(super) share: f64,
    /// The height they have if there is room, in millimetres.
    pub(super) tallest: f64,
    /// The height below which they are refused.
    pub(super) lowest: f64,
    /// How far apart a few of them stand, as a share of their height.
    pub(super) loosest: f64,
    /// At the bottom, heads inwards.
    pub(super) inverted: bool,
}

impl Ring {
    /// A name's ring.
    pub(super) fn of_name(outer: Ellipse, share: f64, tallest: f64) -> Self {
        Self { outer, share, tallest, lowest: LOWEST, loosest: 1.3, inverted: false }
    }
}

/// A straight line of letters.
pub(super) struct Line {
    /// Where the heads are, in millimetres above the middle.
    pub(super) top: f64,
    /// Or the line's middle is the seal's.
    pub(super) centred: bool,
    /// The height they have if there is room, in millimetres.
    pub(super) tallest: f64,
    /// Their width if there is room, as a share of the height.
    pub(super) widest: f64,
    /// What is between two, as a share of their width.
    pub(super) gap: f64,
}

/// A letter as the font has it, in units of the em.
struct Drawn {
    outline: Path,
    kind: Kind,
    advance: f64,
    /// Left, bottom, right, top of what is seen.
    ink: [f64; 4],
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Ideograph,
    Digit,
    Other,
}

impl Drawn {
    /// The character that the font does not have, or has nothing to show for, if there is one.
    fn of(glyphs: &Glyphs<'_>, sign: &Sign) -> Result<Result<Self, char>, Error> {
        let character = sign.character;
        let varied = sign.selector.and_then(|selector| glyphs.variation(character, selector));
        let Some(glyph) = varied.or_else(|| glyphs.of(character)) else {
            return Ok(Err(character));
        };
        let advance = glyphs.advance(glyph);
        let ink = match glyphs.ink(glyph).map_err(appearance::Error::from)? {
            Some((low, high)) => [low.x, low.y, high.x, high.y],
            None if character.is_whitespace() => [0.0, 0.0, advance, 0.0],
            None => return Ok(Err(character)),
        };
        let kind = match character {
            '0'..='9' | '０'..='９' => Kind::Digit,
            _ if is_ideograph(character) => Kind::Ideograph,
            _ => Kind::Other,
        };
        let outline = glyphs.outline(glyph).map_err(appearance::Error::from)?;
        Ok(Ok(Self { outline, kind, advance, ink }))
    }
}

/// Characters that fill a square, each as large as the next.
fn is_ideograph(character: char) -> bool {
    matches!(
        u32::from(character),
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF
            | 0xF900..=0xFAFF | 0x20000..=0x3FFFF
    )
}

/// Ideographs share one cell, the smallest that holds each of them but not less than a usual one;
/// digits one width; everything else, a bracket of full width too, is as wide as what is seen of
/// it. The heights are those of the ideographs, or without any, of all.
fn into_cells(drawn: Vec<Drawn>) -> Vec<Letter> {
    const LEAST: f64 = 0.86;
    let of_kind = |kind: Kind| drawn.iter().filter(move |letter| letter.kind == kind);
    let extent = |letters: &mut dyn Iterator<Item = (f64, f64)>| {
        letters.fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at.0), high.max(at.1)))
    };
    let has_ideographs = of_kind(Kind::Ideograph).next().is_some();
    let heights = |letter: &Drawn| (letter.ink[1], letter.ink[3]);
    let (mut bottom, mut top) = if has_ideographs {
        extent(&mut of_kind(Kind::Ideograph).map(heights))
    } else {
        extent(&mut drawn.iter().map(heights))
    };
    let around_middle = |letter: &Drawn| {
        let middle = letter.advance / 2.0;
        (middle - letter.ink[0]).max(letter.ink[2] - middle)
    };
    let mut half = of_kind(Kind::Ideograph).map(around_middle).fold(0.0, f64::max);
    if has_ideographs {
        let middle = (bottom + top) / 2.0;
        (bottom, top) = (bottom.min(middle - LEAST / 2.0), top.max(middle + LEAST / 2.0));
        half = f64::max(half, LEAST / 2.0);
    }
    let ink = |letter: &Drawn| (letter.ink[2] - letter.ink[0]).max(0.12);
    let digit = of_kind(Kind::Digit).map(ink).fold(0.0, f64::max);
    let width = |letter: &Drawn| match letter.kind {
        Kind::Ideograph => 2.0 * half,
        Kind::Digit => digit,
        Kind::Other => ink(letter) + 0.08,
    };
    let widest =
        if has_ideographs { 2.0 * half } else { drawn.iter().map(width).fold(0.0, f64::max) };
    let cell = |letter: &Drawn| {
        let middle = match letter.kind {
            Kind::Ideograph => letter.advance / 2.0,
            _ => (letter.ink[0] + letter.ink[2]) / 2.0,
        };
        let half = width(letter) / 2.0;
        [middle - half, bottom, middle + half, top.max(bottom + 0.01)]
    };
    drawn
        .iter()
        .map(|letter| Letter {
            outline: letter.outline.clone(),
            cell: cell(letter),
            share: (width(letter) / widest).min(1.0),
        })
        .collect()
}
