//! Goes through a content stream and tells the boxes of what it paints.

use std::cell::Cell;

use super::fonts::Font;
use super::grid::Bounds;
use super::matrix::{Matrix, around, common};
use crate::pdf::{Content, Dictionary, Object, Operand, Revision};

/// Forms inside each other.
const DEEPEST: u32 = 12;
/// Saved states; of content that saves more nothing is believed.
const MOST_SAVED: usize = 512;
/// What is at least this opaque hides what is below it.
const OPAQUE: f64 = 0.6;
/// A colour of which one part is at least this light leaves dark print readable below it.
const LIGHT: f64 = 0.5;
const WHITE: f64 = 0.98;

/// How many operators may still be looked at.
pub(in super::super) struct Budget(Cell<u64>);

impl Budget {
    pub(in super::super) fn new(operators: u64) -> Self {
        Self(Cell::new(operators))
    }

    fn spend(&self) -> Option<()> {
        self.0.set(self.0.get().checked_sub(1)?);
        Some(())
    }
}

/// How something was painted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Ink {
    /// What is below it cannot be read.
    pub(in super::super) opaque: bool,
    /// It is white, or cannot be seen for another reason.
    pub(in super::super) blank: bool,
    /// For lines: their width and length. What stands between them is not painted.
    pub(in super::super) line: Option<(f64, f64)>,
}

#[derive(Clone)]
struct State {
    ctm: Matrix,
    clip: Bounds,
    fill: Option<[f64; 3]>,
    stroke: Option<[f64; 3]>,
    fill_alpha: f64,
    stroke_alpha: f64,
    multiplied: bool,
    line_width: f64,
    font: Font,
    size: f64,
    spacing: f64,
    word_spacing: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    invisible: bool,
}

/// A walk through the content of one page or appearance.
pub(in super::super) struct Interpreter<'i, 'f> {
    view: Revision<'f>,
    budget: &'i Budget,
    paint: &'i mut dyn FnMut(Bounds, Ink),
}

#[derive(Default)]
struct Path {
    points: Vec<(f64, f64)>,
    length: f64,
    clips: bool,
}

/// Points of a path that are kept; of longer ones only the box.
const MOST_POINTS: usize = 4_096;

impl<'i, 'f> Interpreter<'i, 'f> {
    pub(in super::super) fn new(
        view: Revision<'f>,
        budget: &'i Budget,
        paint: &'i mut dyn FnMut(Bounds, Ink),
    ) -> Self {
        Self { view, budget, paint }
    }

    /// Goes through content. None if it cannot be understood to its end.
    pub(in super::super) fn run(
        &mut self,
        content: &[u8],
        resources: &Dictionary,
        (ctm, clip): (Matrix, Bounds),
    ) -> Option<()> {
        self.stream(content, resources, State::new(ctm, clip), DEEPEST)
    }

    fn stream(
        &mut self,
        content: &[u8],
        resources: &Dictionary,
        mut state: State,
        depth: u32,
    ) -> Option<()> {
        let deeper = depth.checked_sub(1)?;
        let (mut content, mut operands) = (Content::new(content), Vec::new());
        let (mut saved, mut path) = (Vec::new(), Path::default());
        let (mut line, mut text) = (Matrix::IDENTITY, Matrix::IDENTITY);
        while let Some(operator) = content.next(&mut operands) {
            self.budget.spend()?;
            let numbers: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
            let name = operands.last().and_then(Operand::name);
            match (operator, numbers.as_slice()) {
                (b"q", _) if saved.len() < MOST_SAVED => saved.push(state.clone()),
                (b"q", _) => return None,
                (b"Q", _) => state = saved.pop().unwrap_or(state),
                (b"cm", [a, b, c, d, e, f]) => {
                    state.ctm = Matrix([*a, *b, *c, *d, *e, *f]).then(&state.ctm);
                }
                (b"gs", _) => self.graphics_state(resources, name, &mut state),
                (b"BT", _) => (line, text) = (Matrix::IDENTITY, Matrix::IDENTITY),
                (b"Tm", [a, b, c, d, e, f]) => {
                    line = Matrix([*a, *b, *c, *d, *e, *f]);
                    text = line;
                }
                (b"Td" | b"TD", [x, y]) => {
                    if operator == b"TD" {
                        state.leading = -y;
                    }
                    line = Matrix([1.0, 0.0, 0.0, 1.0, *x, *y]).then(&line);
                    text = line;
                }
                (b"T*" | b"'" | b"\"", _) => {
                    line = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading]).then(&line);
                    text = line;
                    self.show(&operands, &state, &mut text);
                }
                (b"Tj" | b"TJ", _) => self.show(&operands, &state, &mut text),
                (b"Tf", _) => {
                    let font = operands.first().and_then(Operand::name);
                    state.font = self.font(resources, font);
                    state.size = numbers.last().copied().unwrap_or(0.0);
                }
                (b"Do", _) => self.external(resources, name?, &state, deeper)?,
                (b"sh", _) => (self.paint)(state.clip, state.ink(true, None)),
                (b"EI", _) => self.unit_square(&state),
                (b"f" | b"F" | b"f*", _) => self.end_path(&mut path, &mut state, (true, false)),
                (b"S" | b"s", _) => self.end_path(&mut path, &mut state, (false, true)),
                (b"B" | b"B*" | b"b" | b"b*", _) => {
                    self.end_path(&mut path, &mut state, (true, true));
                }
                (b"n", _) => self.end_path(&mut path, &mut state, (false, false)),
                (b"W" | b"W*", _) => path.clips = true,
                (other, numbers) => {
                    if !path.take(other, numbers, &state.ctm) {
                        state.take(other, numbers, name.is_some());
                    }
                }
            }
        }
        Some(())
    }

    fn end_path(&mut self, path: &mut Path, state: &mut State, (fills, strokes): (bool, bool)) {
        let Path { points, length, clips } = std::mem::take(path);
        if points.is_empty() {
            return;
        }
        let bounds = around(points);
        if fills {
            (self.paint)(common(bounds, state.clip), state.ink(true, None));
        }
        if strokes {
            let width = state.line_width * state.ctm.stretch();
            let half = width / 2.0;
            let [left, bottom, right, top] = bounds;
            let wide = [left - half, bottom - half, right + half, top + half];
            (self.paint)(common(wide, state.clip), state.ink(false, Some((width, length))));
        }
        if clips {
            state.clip = common(bounds, state.clip);
        }
    }

    fn show(&mut self, operands: &[Operand], state: &State, text: &mut Matrix) {
        let pieces: &[Operand] = match operands.last() {
            Some(Operand::Array(pieces)) => pieces,
            Some(one @ Operand::String(_)) => std::slice::from_ref(one),
            _ => return,
        };
        for piece in pieces {
            let advance = match piece {
                Operand::Number(back) => -back / 1000.0 * state.size * state.scale,
                Operand::String(string) => {
                    let (width, codes) = state.font.width(string);
                    let words = string.iter().filter(|byte| **byte == b' ').count();
                    let words = f64::from(u32::try_from(words).unwrap_or(u32::MAX));
                    let spaces = codes * state.spacing + words * state.word_spacing;
                    let advance = width / 1000.0 * state.size + spaces;
                    let advance = advance * state.scale;
                    let blank = string.iter().all(|byte| matches!(byte, 0 | b' '));
                    if !state.invisible && !blank {
                        let (low, high) = (-0.3 * state.size, state.size);
                        let line = [0.0, low + state.rise, advance, high + state.rise];
                        let bounds = text.then(&state.ctm).bounds(line);
                        (self.paint)(common(bounds, state.clip), state.ink(true, None));
                    }
                    advance
                }
                _ => 0.0,
            };
            *text = Matrix([1.0, 0.0, 0.0, 1.0, advance, 0.0]).then(text);
        }
    }

    fn unit_square(&mut self, state: &State) {
        let bounds = common(state.ctm.bounds([0.0, 0.0, 1.0, 1.0]), state.clip);
        let ink = Ink { blank: false, ..state.ink(true, None) };
        (self.paint)(bounds, ink);
    }

    fn resource(&self, resources: &Dictionary, kind: &[u8], name: &[u8]) -> Option<Object> {
        let all = self.view.lookup(resources, kind).ok()??;
        Some(self.view.lookup(all.as_dictionary()?, name).ok()??.into_owned())
    }

    fn font(&self, resources: &Dictionary, name: Option<&[u8]>) -> Font {
        let font = name.and_then(|name| self.resource(resources, b"Font", name));
        let font = font.as_ref().and_then(Object::as_dictionary);
        font.map_or_else(Font::unknown, |font| Font::read(&self.view, font))
    }

    fn graphics_state(&self, resources: &Dictionary, name: Option<&[u8]>, state: &mut State) {
        let found = name.and_then(|name| self.resource(resources, b"ExtGState", name));
        let Some(found) = found.as_ref().and_then(Object::as_dictionary) else { return };
        let value = |key: &[u8]| self.view.lookup(found, key).ok().flatten();
        let number = |key: &[u8]| value(key).and_then(|value| value.as_number());
        state.fill_alpha = number(b"ca").unwrap_or(state.fill_alpha);
        state.stroke_alpha = number(b"CA").unwrap_or(state.stroke_alpha);
        state.line_width = number(b"LW").unwrap_or(state.line_width);
        if let Some(mode) = value(b"BM") {
            state.multiplied = matches!(mode.as_name(), Some(b"Multiply" | b"Darken"));
        }
        if let Some(font) = value(b"Font") {
            // Set in a way of its own: nothing is known of it but its size.
            let size = font.as_array().and_then(|pair| pair.last()?.value.as_number());
            (state.font, state.size) = (Font::unknown(), size.unwrap_or(state.size));
        }
    }

    fn external(
        &mut self,
        resources: &Dictionary,
        name: &[u8],
        state: &State,
        depth: u32,
    ) -> Option<()> {
        let all = self.view.lookup(resources, b"XObject").ok()?;
        let all = all.as_deref().and_then(Object::as_dictionary);
        // A name that leads nowhere paints nothing.
        let Some(id) = all.and_then(|all| all.reference(name)) else { return Some(()) };
        let Some(found) = self.view.get(id).ok()? else { return Some(()) };
        let Object::Stream(stream) = found.object.value else { return Some(()) };
        if stream.dictionary.name(b"Subtype") != Some(b"Form") {
            self.unit_square(state);
            return Some(());
        }
        let content = self.view.decoded(id, &stream).ok()?;
        let (matrix, bounds) = frame(&self.view, &stream.dictionary);
        let mut inner = state.clone();
        inner.ctm = matrix.then(&state.ctm);
        if let Some(bounds) = bounds {
            inner.clip = common(inner.ctm.bounds(bounds), inner.clip);
        }
        let own = self.view.lookup(&stream.dictionary, b"Resources").ok()?;
        let own = own.as_deref().and_then(Object::as_dictionary).unwrap_or(resources);
        self.stream(&content, own, inner, depth)
    }
}

/// `/Matrix` and `/BBox` of a form.
pub(in super::super) fn frame(view: &Revision<'_>, form: &Dictionary) -> (Matrix, Option<Bounds>) {
    let numbers = |key: &[u8]| -> Vec<f64> {
        let list = view.lookup(form, key).ok().flatten();
        let list = list.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        list.iter().take(6).filter_map(|it| view.resolve(&it.value).ok()?.as_number()).collect()
    };
    let matrix = numbers(b"Matrix").try_into().map_or(Matrix::IDENTITY, Matrix);
    let bounds: Option<[f64; 4]> = numbers(b"BBox").try_into().ok();
    (matrix, bounds.map(|[a, b, c, d]| [a.min(c), b.min(d), a.max(c), b.max(d)]))
}

impl State {
    fn new(ctm: Matrix, clip: Bounds) -> Self {
        Self {
            ctm,
            clip,
            fill: Some([0.0; 3]),
            stroke: Some([0.0; 3]),
            fill_alpha: 1.0,
            stroke_alpha: 1.0,
            multiplied: false,
            line_width: 1.0,
            font: Font::unknown(),
            size: 0.0,
            spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            invisible: false,
        }
    }

    fn ink(&self, fills: bool, line: Option<(f64, f64)>) -> Ink {
        let (colour, alpha) =
            if fills { (self.fill, self.fill_alpha) } else { (self.stroke, self.stroke_alpha) };
        let lightest = colour.map(|parts| parts.into_iter().fold(0.0, f64::max));
        let readable = self.multiplied && lightest.is_some_and(|part| part >= LIGHT);
        let white = colour.is_some_and(|parts| parts.iter().all(|part| *part >= WHITE));
        Ink { opaque: alpha >= OPAQUE && !readable, blank: white || alpha <= 0.0, line }
    }

    /// Operators that set one value.
    fn take(&mut self, operator: &[u8], numbers: &[f64], pattern: bool) {
        match (operator, numbers) {
            (b"w", [width]) => self.line_width = width.abs(),
            (b"Tc", [spacing]) => self.spacing = spacing.max(0.0),
            (b"Tw", [spacing]) => self.word_spacing = spacing.max(0.0),
            (b"Tz", [percent]) => self.scale = percent / 100.0,
            (b"TL", [leading]) => self.leading = *leading,
            (b"Ts", [rise]) => self.rise = *rise,
            (b"Tr", [mode]) => self.invisible = *mode == 3.0 || *mode == 7.0,
            (b"g" | b"rg" | b"k" | b"sc" | b"scn", parts) => {
                self.fill = colour(parts).filter(|_| !pattern);
            }
            (b"G" | b"RG" | b"K" | b"SC" | b"SCN", parts) => {
                self.stroke = colour(parts).filter(|_| !pattern);
            }
            (b"cs", _) => self.fill = None,
            (b"CS", _) => self.stroke = None,
            _ => {}
        }
    }
}

/// Grey, three colours or four, as devices have them.
fn colour(parts: &[f64]) -> Option<[f64; 3]> {
    match parts {
        [grey] => Some([*grey; 3]),
        [red, green, blue] => Some([*red, *green, *blue]),
        [cyan, magenta, yellow, black] => {
            Some([cyan, magenta, yellow].map(|part| (1.0 - part) * (1.0 - black)))
        }
        _ => None,
    }
}

impl Path {
    /// Operators that build a path.
    fn take(&mut self, operator: &[u8], numbers: &[f64], ctm: &Matrix) -> bool {
        match (operator, numbers) {
            (b"m", [x, y]) => self.add(ctm.point((*x, *y)), false),
            (b"l", [x, y]) => self.add(ctm.point((*x, *y)), true),
            (b"c" | b"v" | b"y", parts) => {
                for pair in parts.as_chunks::<2>().0 {
                    self.add(ctm.point((pair[0], pair[1])), true);
                }
            }
            (b"re", [x, y, width, height]) => {
                for (index, corner) in
                    [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].into_iter().enumerate()
                {
                    let point = (x + width * corner.0, y + height * corner.1);
                    self.add(ctm.point(point), index > 0);
                }
                self.length += height.abs() * ctm.stretch();
            }
            (b"h", _) => {}
            _ => return false,
        }
        true
    }

    fn add(&mut self, point: (f64, f64), drawn: bool) {
        if drawn && let Some(last) = self.points.last() {
            self.length += (point.0 - last.0).hypot(point.1 - last.1);
        }
        if self.points.len() >= MOST_POINTS {
            // The box is all that counts: two corners of it.
            let [left, bottom, right, top] = around(self.points.drain(..));
            self.points.extend([(left, bottom), (right, top)]);
        }
        self.points.push(point);
    }
}
