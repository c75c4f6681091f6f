//! Where text is put (ISO 32000-2 §9.4).

use std::rc::Rc;

use super::font::{Font, Glyph};
use super::matrix::{Bounds, Matrix};
use super::state::{Mode, State, TextState};
use super::walk::{Sink, Walk};
use crate::pdf::{ObjectId, Operand};

/// The glyphs of one operator.
pub(crate) struct Text<'t> {
    /// The stream in which it stands: a page or a form.
    pub(crate) object: ObjectId,
    /// Whether it belongs to optional content that is not shown.
    pub(crate) hidden: bool,
    /// From the line on which it stands to user space; along the line is `x`.
    pub(crate) place: Matrix,
    pub(crate) font: &'t Font,
    /// One for each string.
    pub(crate) runs: &'t [Run],
}

/// The glyphs of one string, by their distance on the line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Run {
    /// Glyphs that are not white space.
    pub(crate) ink: u64,
    /// Where the first of those begins and the last ends.
    pub(crate) inked: (f64, f64),
    /// The same of all glyphs.
    pub(crate) all: (f64, f64),
    /// Whether it is made of spaces and zeros alone.
    pub(crate) blank: bool,
}

/// The text matrix and the matrix of the line (§9.4.1).
pub(super) struct Line {
    start: Matrix,
    text: Matrix,
}

impl Default for Line {
    fn default() -> Self {
        Self { start: Matrix::IDENTITY, text: Matrix::IDENTITY }
    }
}

impl Line {
    pub(super) fn begin(&mut self, matrix: Matrix) {
        (self.start, self.text) = (matrix, matrix);
    }

    pub(super) fn next(&mut self, x: f64, y: f64) {
        self.begin(Matrix::translation(x, y).then(self.start));
    }
}

impl Text<'_> {
    /// The box around a run, at least as large as the glyphs of a usual font.
    pub(crate) fn bounds(&self, run: &Run, state: &TextState) -> Bounds {
        let (from, to) = run.all;
        let size = state.size;
        if self.font.vertical {
            // The origin is above the middle of a glyph, and the line goes down.
            return self.place.bounds([-0.5 * size, -to, 0.5 * size, -from]);
        }
        let (low, high) = (state.rise - 0.3 * size, state.rise + size);
        self.place.bounds([from, low, to, high])
    }
}

impl<S: Sink> Walk<'_, '_, '_, S> {
    /// The operators of §9 but those that show something.
    pub(super) fn set_text(
        operator: &[u8],
        numbers: &[f64],
        line: &mut Line,
        text: &mut TextState,
    ) {
        match (operator, numbers) {
            (b"BT", _) => line.begin(Matrix::IDENTITY),
            (b"Tc", [value]) => text.character_space = *value,
            (b"Tw", [value]) => text.word_space = *value,
            (b"Tz", [value]) => text.scale = value / 100.0,
            (b"TL", [value]) => text.leading = *value,
            (b"Ts", [value]) => text.rise = *value,
            (b"Tr", [mode]) => text.mode = Mode::of(*mode),
            (b"Td", [x, y]) => line.next(*x, *y),
            (b"TD", [x, y]) => {
                text.leading = -y;
                line.next(*x, *y);
            }
            (b"Tm", [a, b, c, d, e, f]) => line.begin(Matrix([*a, *b, *c, *d, *e, *f])),
            (b"T*" | b"'", _) => line.next(0.0, -text.leading),
            (b"\"", [word, character]) => {
                (text.word_space, text.character_space) = (*word, *character);
                line.next(0.0, -text.leading);
            }
            _ => {}
        }
    }

    /// Shows the strings of one operator.
    pub(super) fn show(
        &mut self,
        operands: &[Operand],
        line: &mut Line,
        (object, hidden): (ObjectId, bool),
        state: &State,
    ) -> Result<(), S::Stop> {
        let pieces = match operands.last() {
            Some(Operand::Array(pieces)) => pieces,
            Some(one @ Operand::String(_)) => std::slice::from_ref(one),
            _ => return Ok(()),
        };
        let Some(font) = state.text.font.as_ref().map(Rc::clone) else { return Ok(()) };
        let mut runs = std::mem::take(&mut self.runs);
        runs.clear();
        let mut at = 0.0;
        for piece in pieces {
            match piece {
                Operand::Number(back) => {
                    at -= back / 1000.0 * state.text.size * along(&font, &state.text);
                }
                Operand::String(bytes) => runs.push(run(&font, bytes, &state.text, &mut at)),
                _ => {}
            }
        }
        let place = line.text.then(state.ctm);
        // How far a vertical line goes down is known by the widths alone, as far as it is at all.
        let shift = if font.vertical { (0.0, -at.abs()) } else { (at, 0.0) };
        line.text = Matrix::translation(shift.0, shift.1).then(line.text);
        let text = Text { object, hidden, place, font: &font, runs: &runs };
        let outcome = self.sink.text(&text, state);
        self.runs = runs;
        outcome
    }
}

/// By how much a line is stretched (§9.3.4): only if it goes across.
fn along(font: &Font, text: &TextState) -> f64 {
    if font.vertical { 1.0 } else { text.scale }
}

/// Puts the glyphs of a string on the line.
fn run(font: &Font, bytes: &[u8], text: &TextState, at: &mut f64) -> Run {
    let nothing = (f64::INFINITY, f64::NEG_INFINITY);
    let around = |(from, to): (f64, f64), (start, end): (f64, f64)| {
        (from.min(start).min(end), to.max(start).max(end))
    };
    let scale = along(font, text);
    let mut run = Run { ink: 0, inked: nothing, all: nothing, blank: true };
    for (width, glyph) in font.glyphs(bytes) {
        let word = if glyph == Glyph::Space { text.word_space } else { 0.0 };
        let extent = (*at, *at + width * text.size * scale);
        *at += (width * text.size + text.character_space + word) * scale;
        run.all = around(run.all, extent);
        if glyph == Glyph::Ink {
            run.ink += 1;
            run.inked = around(run.inked, extent);
        }
    }
    // In a font of the document's own a space is a procedure as any other.
    run.blank = !font.is_type3 && bytes.iter().all(|byte| matches!(byte, 0 | b' '));
    run
}
