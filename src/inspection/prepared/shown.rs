//! What is shown on a page, and what hides it.

use std::collections::BTreeMap;

use super::canvas::{Canvas, Ground, POINTS};
use super::layers::Layers;
use crate::painting::{
    Bounds, Image, Mode, Painted, Path, Sink, State, Text, Unclear, common, is_in,
};
use crate::pdf::{Error, Object, ObjectId, Revision};
use crate::report::Code;

/// Text below this size, in points, cannot be read.
const TINY: f64 = 1.0;

/// Pieces of text of one kind in one stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pieces {
    pub(super) count: u64,
    pub(super) glyphs: u64,
    pub(super) bounds: Bounds,
}

/// What was found on a page, by kind and by the stream in which it stands.
pub(super) type Tally = BTreeMap<(Code, ObjectId), Pieces>;

/// Counts a piece of text.
pub(super) fn tell(tally: &mut Tally, at: (Code, ObjectId), glyphs: u64, bounds: Bounds) {
    let new = Pieces { count: 0, glyphs: 0, bounds };
    let pieces = tally.entry(at).or_insert(new);
    pieces.count = pieces.count.saturating_add(1);
    pieces.glyphs = pieces.glyphs.saturating_add(glyphs);
    let [left, bottom, right, top] = pieces.bounds;
    pieces.bounds =
        [left.min(bounds[0]), bottom.min(bounds[1]), right.max(bounds[2]), top.max(bounds[3])];
}

/// One page on its way to the canvas.
pub(super) struct Shown<'p, 'r, 'f> {
    pub(super) revision: &'r Revision<'f>,
    pub(super) canvas: &'p mut Canvas,
    pub(super) layers: &'p Layers,
    pub(super) tally: Tally,
    /// Text may run over its box, as in a field that is scrolled.
    pub(super) lenient: bool,
}

impl Sink for Shown<'_, '_, '_> {
    type Stop = Error;

    fn step(&mut self) -> Result<(), Error> {
        Ok(self.canvas.step()?)
    }

    /// A page that cannot be read is told; what lies too deep is left out.
    fn unclear(&mut self, what: Unclear) -> Result<(), Error> {
        match what {
            Unclear::Manner(error) | Unclear::Painting(error) => Err(error),
            Unclear::Depth | Unclear::Saved => Ok(()),
        }
    }

    fn shows(&mut self, layer: &Object) -> Result<bool, Error> {
        self.layers.shows(self.revision, layer)
    }

    fn path(
        &mut self,
        path: &Path,
        bounds: Bounds,
        painted: Painted,
        state: &State,
    ) -> Result<(), Error> {
        let opaque = painted.fills && state.is_opaque() && state.clip_is_box;
        match path.boxes().filter(|_| opaque && state.fill.colour.is_some()) {
            Some(boxes) => {
                for area in boxes {
                    self.canvas.cover(common(*area, state.clip), state.fill.colour, false)?;
                }
            }
            None => self.canvas.touch(common(bounds, state.clip), false)?,
        }
        Ok(())
    }

    fn shading(&mut self, state: &State) -> Result<(), Error> {
        Ok(self.canvas.touch(state.clip, false)?)
    }

    fn image(&mut self, image: Image, state: &State) -> Result<(), Error> {
        let area = common(state.ctm.bounds([0.0, 0.0, 1.0, 1.0]), state.clip);
        let whole = state.is_opaque() && state.clip_is_box && state.ctm.keeps_boxes();
        match image {
            Image::Unknown => {}
            Image::Whole if whole => self.canvas.cover(area, None, true)?,
            _ => self.canvas.touch(area, true)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &Text<'_>, state: &State) -> Result<(), Error> {
        let inked = text.runs.iter().filter(|run| run.ink > 0);
        let (ink, first, last) =
            inked.fold((0_u64, f64::INFINITY, f64::NEG_INFINITY), |(ink, first, last), run| {
                (ink.saturating_add(run.ink), first.min(run.inked.0), last.max(run.inked.1))
            });
        if ink > 0 {
            // Where a vertical line goes is not followed: it is known by its first glyph.
            let last = if text.font.vertical { first } else { last };
            self.piece(text, (ink, first, last), state);
        }
        Ok(())
    }
}

impl Shown<'_, '_, '_> {
    /// A piece of text with ink between two distances on its line.
    fn piece(&mut self, text: &Text<'_>, (ink, first, last): (u64, f64, f64), state: &State) {
        let (size, rise) = (state.text.size, state.text.rise);
        let (low, high) = (rise - 0.2 * size, rise + 0.8 * size);
        let bounds = text.place.bounds([first, low.min(high), last, low.max(high)]);
        let mut points = [(0.0, 0.0); POINTS];
        let mut part = 0.5;
        for point in &mut points {
            let x = first + (last - first) * part / 8.0;
            *point = text.place.point(x, rise + 0.25 * size);
            part += 1.0;
        }
        let at = |code| (code, text.object);
        if text.hidden {
            tell(&mut self.tally, at(Code::PrepTextInHiddenLayer), ink, bounds);
            return;
        }
        let invisible = state.text.mode == Mode::Invisible || state.fill.alpha < 0.01;
        let plain = state.text.mode == Mode::Fill && !invisible;
        let colour = state.fill.colour.filter(|_| plain);
        let is_tiny = !text.font.is_type3 && size.abs() * text.place.height() < TINY;
        let code = match self.canvas.ground(&points, colour) {
            Ground::Outside => Some(Code::PrepOutsideText),
            _ if !points.iter().any(|point| is_in(*point, state.clip)) => {
                Some(Code::PrepClippedText)
            }
            Ground::Same => Some(Code::PrepSameColourText),
            Ground::Apart if is_tiny && !invisible => Some(Code::PrepTinyText),
            Ground::Apart => None,
        };
        match code {
            Some(Code::PrepOutsideText | Code::PrepClippedText) if self.lenient => {}
            Some(code) => tell(&mut self.tally, at(code), ink, bounds),
            None => self.canvas.show(&points, (text.object, ink, bounds, invisible)),
        }
    }
}
