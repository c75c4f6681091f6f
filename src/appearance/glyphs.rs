//! The glyphs of a font, as outlines, within bounds.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::WritingError;
use super::path::{Path, Point};
use crate::font_file::OutlineCosts;

/// Points, or bytes of charstrings, of one glyph and of the parts it is built of. The most intricate
/// ideographs have a thousand; worn type, as on old stamps, has tens of thousands.
const MOST_STEPS: u32 = 100_000;

/// The same of all glyphs that are asked for at once.
const MOST_STEPS_IN_ALL: u32 = 20_000_000;

/// A glyph of one font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Glyph(pub(super) u16);

/// The glyphs of a font; everything is in ems, y up from the baseline.
pub(super) struct Glyphs<'a> {
    face: Face<'a>,
    units: f64,
    costs: OutlineCosts<'a>,
    left: Cell<u32>,
    /// What is painted, once for each glyph.
    inks: RefCell<BTreeMap<Glyph, Option<Ink>>>,
}

/// Lowest and highest corner.
type Ink = (Point, Point);

impl<'a> Glyphs<'a> {
    /// Of the font of this index in a file.
    pub(super) fn new(
        face: Face<'a>,
        units: f64,
        file: &'a [u8],
        index: u32,
    ) -> Result<Self, WritingError> {
        let reason = "its outlines are damaged";
        let costs = OutlineCosts::of(file, index).ok_or(WritingError::FontFormat { reason })?;
        let left = Cell::new(MOST_STEPS_IN_ALL);
        Ok(Self { face, units, costs, left, inks: RefCell::default() })
    }

    pub(super) fn of(&self, character: char) -> Option<Glyph> {
        glyph(&self.face, character)
    }

    /// The form of an ideograph that a variation selector asks for.
    pub(super) fn variation(&self, character: char, selector: char) -> Option<Glyph> {
        self.face.glyph_variation_index(character, selector).map(|GlyphId(id)| Glyph(id))
    }

    /// How far the pen moves to the right.
    pub(super) fn advance(&self, glyph: Glyph) -> f64 {
        let advance = self.face.glyph_hor_advance(GlyphId(glyph.0)).unwrap_or(0);
        f64::from(advance) / self.units
    }

    /// Fails if a glyph is too intricate to be drawn, or all so far are.
    pub(super) fn check(&self, glyph: Glyph) -> Result<(), WritingError> {
        let allowed = self.left.get().min(MOST_STEPS);
        let mut left = allowed;
        self.costs.spend(glyph.0, &mut left).map_err(|_| {
            let reason = "a glyph is more intricate than anybody draws one";
            WritingError::FontFormat { reason }
        })?;
        self.left.set(self.left.get() - (allowed - left));
        Ok(())
    }

    /// Lowest and highest corner of what is painted; none for a space.
    pub(super) fn ink(&self, glyph: Glyph) -> Result<Option<Ink>, WritingError> {
        if let Some(known) = self.inks.borrow().get(&glyph) {
            return Ok(*known);
        }
        self.check(glyph)?;
        let at = |x: i16, y: i16| Point::new(f64::from(x) / self.units, f64::from(y) / self.units);
        let ink = self.face.glyph_bounding_box(GlyphId(glyph.0));
        let ink = ink.map(|ink| (at(ink.x_min, ink.y_min), at(ink.x_max, ink.y_max)));
        self.inks.borrow_mut().insert(glyph, ink);
        Ok(ink)
    }

    /// Its outline; empty for a space.
    pub(super) fn outline(&self, glyph: Glyph) -> Result<Path, WritingError> {
        self.check(glyph)?;
        let mut pen = Pen { path: Path::default(), at: Point::default(), units: self.units };
        self.face.outline_glyph(GlyphId(glyph.0), &mut pen);
        Ok(pen.path)
    }
}

/// Glyph 0 is the box that stands for what a font does not have.
pub(super) fn glyph(face: &Face<'_>, character: char) -> Option<Glyph> {
    face.glyph_index(character).map(|GlyphId(id)| Glyph(id)).filter(|glyph| *glyph != Glyph(0))
}

struct Pen {
    path: Path,
    at: Point,
    units: f64,
}

impl Pen {
    fn point(&self, x: f32, y: f32) -> Point {
        Point::new(f64::from(x) / self.units, f64::from(y) / self.units)
    }

    fn step(&mut self, to: Point, draw: impl FnOnce(&mut Path)) {
        draw(&mut self.path);
        self.at = to;
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.step(to, |path| path.move_to(to));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.point(x, y);
        self.step(to, |path| path.line_to(to));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (from, control, to) = (self.at, self.point(x1, y1), self.point(x, y));
        let (first, second) = (from.towards(control, 2.0 / 3.0), to.towards(control, 2.0 / 3.0));
        self.step(to, |path| path.cubic_to(first, second, to));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let (first, second, to) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
        self.step(to, |path| path.cubic_to(first, second, to));
    }

    fn close(&mut self) {
        let at = self.at;
        self.step(at, Path::close);
    }
}
