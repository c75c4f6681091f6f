//! How things are painted on a page: whether they can be seen, and whether what lies below them still
//! can.
//!
//! Each is told with a box at least as large as what is seen of it. What cannot be understood has to
//! count as painting everything that it might.

use crate::limits::Meter;
use crate::painting::{
    Blend, Bounds, Colour, Image, Mode, Paint, Painted, Path, Sink, State, Text, Unclear, common,
};
use crate::pdf::Object;

/// What is at least this opaque hides what is below it.
const OPAQUE: f64 = 0.6;

/// A colour of which one part is at least this light leaves dark print readable below it.
const LIGHT: u8 = 128;

/// A colour of which all parts are at least this light is white.
const WHITE: u8 = 250;

/// How something was painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink {
    /// What is below it cannot be read.
    pub(super) opaque: bool,
    /// It is white, or cannot be seen for another reason.
    pub(super) blank: bool,
    /// For lines: their width and length. What stands between them is not painted.
    pub(super) line: Option<(f64, f64)>,
}

/// The content is not understood to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotUnderstood;

/// Tells the ink of what is painted.
pub(super) struct Inks<'i> {
    /// How many operators may still be looked at.
    pub(super) budget: &'i Meter,
    pub(super) tell: &'i mut dyn FnMut(Bounds, Ink),
}

impl Ink {
    fn of(colour: Colour, alpha: f64, blend: Blend) -> Self {
        let lightest = colour.and_then(|parts| parts.into_iter().max());
        let readable = blend == Blend::Darkens && lightest.is_some_and(|part| part >= LIGHT);
        let white = colour.is_some_and(|parts| parts.iter().all(|part| *part >= WHITE));
        Self { opaque: alpha >= OPAQUE && !readable, blank: white || alpha <= 0.0, line: None }
    }

    fn painted_with(paint: &Paint, state: &State) -> Self {
        Self::of(paint.colour, paint.alpha, state.blend)
    }
}

impl Inks<'_> {
    fn paint(&mut self, bounds: Bounds, ink: Ink, state: &State) {
        (self.tell)(common(bounds, state.clip), ink);
    }
}

impl Sink for Inks<'_> {
    type Stop = NotUnderstood;

    fn step(&mut self) -> Result<(), NotUnderstood> {
        self.budget.spend(1).map_err(|_| NotUnderstood)
    }

    fn unclear(&mut self, what: Unclear) -> Result<(), NotUnderstood> {
        match what {
            Unclear::Manner(_) => Ok(()),
            Unclear::Painting(_) | Unclear::Depth | Unclear::Saved => Err(NotUnderstood),
        }
    }

    /// A layer can be switched on by whoever looks at the page.
    fn shows(&mut self, _layer: &Object) -> Result<bool, NotUnderstood> {
        Ok(true)
    }

    fn path(
        &mut self,
        path: &Path,
        bounds: Bounds,
        painted: Painted,
        state: &State,
    ) -> Result<(), NotUnderstood> {
        if painted.fills {
            self.paint(bounds, Ink::painted_with(&state.fill, state), state);
        }
        if painted.strokes {
            let width = state.line_width * state.ctm.stretch();
            let half = width / 2.0;
            let [left, bottom, right, top] = bounds;
            let wide = [left - half, bottom - half, right + half, top + half];
            let ink = Ink::painted_with(&state.stroke, state);
            self.paint(wide, Ink { line: Some((width, path.length)), ..ink }, state);
        }
        Ok(())
    }

    fn shading(&mut self, state: &State) -> Result<(), NotUnderstood> {
        self.paint(state.clip, Ink::of(None, state.fill.alpha, state.blend), state);
        Ok(())
    }

    fn image(&mut self, image: Image, state: &State) -> Result<(), NotUnderstood> {
        let colour = state.fill.colour.filter(|_| image == Image::Stencil);
        let ink = Ink { blank: false, ..Ink::of(colour, state.fill.alpha, state.blend) };
        self.paint(state.ctm.bounds([0.0, 0.0, 1.0, 1.0]), ink, state);
        Ok(())
    }

    fn text(&mut self, text: &Text<'_>, state: &State) -> Result<(), NotUnderstood> {
        if state.text.mode == Mode::Invisible {
            return Ok(());
        }
        let outlined = state.text.mode == Mode::Outlined;
        for run in text.runs.iter().filter(|run| !run.blank) {
            let bounds = text.bounds(run, &state.text);
            self.paint(bounds, Ink::painted_with(&state.fill, state), state);
            if outlined {
                self.paint(bounds, Ink::painted_with(&state.stroke, state), state);
            }
        }
        Ok(())
    }
}
