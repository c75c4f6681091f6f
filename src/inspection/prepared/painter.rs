//! Goes through content streams and notes what is shown, and what hides it (ISO 32000-2 §8 and §9).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::canvas::{Bounds, Canvas, Ground, POINTS};
use super::font::Glyph;
use super::graphics::{Matrix, Mode, Space, State, common, is_in};
use super::layers::Layers;
use super::path::{MOST_BOXES, Path};
use super::resources::{Cache, Form, Resources, XObject};
use crate::pdf::{Content, Error, ObjectId, Operand};
use crate::report::Code;

/// Forms inside each other.
const DEEPEST: u32 = 12;

/// Saved states; those beyond are not kept.
const MOST_SAVED: usize = 512;

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
pub(super) struct Painter<'p, 'r, 'f> {
    pub(super) cache: &'p mut Cache<'r, 'f>,
    pub(super) canvas: &'p mut Canvas,
    pub(super) layers: &'p Layers,
    pub(super) tally: &'p mut Tally,
    /// Text may run over its box, as in a field that is scrolled.
    pub(super) lenient: bool,
}

/// A content stream while it is gone through.
struct Stream {
    object: ObjectId,
    resources: Rc<Resources>,
    saved: Vec<State>,
    path: Path,
    clip: bool,
    line: Matrix,
    text: Matrix,
    /// For each marked sequence whether it is in a hidden layer.
    marked: Vec<bool>,
    hidden: bool,
    depth: u32,
}

impl Painter<'_, '_, '_> {
    /// Draws a content stream in a state.
    pub(super) fn draw(
        &mut self,
        content: &[u8],
        (object, resources): (ObjectId, Rc<Resources>),
        state: State,
    ) -> Result<(), Error> {
        self.stream(content, (object, resources), state, (false, 0))
    }

    /// Draws a form as its matrix and the state put it.
    pub(super) fn form(&mut self, form: &Form, mut state: State) -> Result<(), Error> {
        state.ctm = form.matrix.then(state.ctm);
        if let Some(bbox) = form.bbox {
            state.clip_to(state.ctm.bounds(bbox), state.ctm.keeps_boxes());
        }
        let resources = form.resources.clone().unwrap_or_default();
        self.draw(&form.content, (form.id, resources), state)
    }

    fn stream(
        &mut self,
        content: &[u8],
        (object, resources): (ObjectId, Rc<Resources>),
        mut state: State,
        (hidden, depth): (bool, u32),
    ) -> Result<(), Error> {
        let mut stream = Stream {
            object,
            resources,
            saved: Vec::new(),
            path: Path::default(),
            clip: false,
            line: Matrix::IDENTITY,
            text: Matrix::IDENTITY,
            marked: Vec::new(),
            hidden,
            depth,
        };
        let (mut content, mut operands) = (Content::new(content), Vec::new());
        while let Some(operator) = content.next(&mut operands) {
            self.canvas.step()?;
            self.operator(operator, &operands, &mut stream, &mut state)?;
        }
        Ok(())
    }

    fn operator(
        &mut self,
        operator: &[u8],
        operands: &[Operand],
        stream: &mut Stream,
        state: &mut State,
    ) -> Result<(), Error> {
        let numbers: Vec<f64> = operands.iter().filter_map(Operand::number).collect();
        let name = operands.last().and_then(Operand::name);
        match (operator, numbers.as_slice()) {
            (b"q", _) if stream.saved.len() < MOST_SAVED => stream.saved.push(state.clone()),
            (b"Q", _) => {
                if let Some(saved) = stream.saved.pop() {
                    *state = saved;
                }
            }
            (b"cm", [a, b, c, d, e, f]) => {
                state.ctm = Matrix([*a, *b, *c, *d, *e, *f]).then(state.ctm);
            }
            (b"gs", _) => self.parameters(name.unwrap_or_default(), stream, state)?,
            (b"g", parts) => fill(state, Space::Gray, parts),
            (b"rg", parts) => fill(state, Space::Rgb, parts),
            (b"k", parts) => fill(state, Space::Cmyk, parts),
            (b"cs", _) => {
                let space =
                    stream.resources.space(self.cache.revision, name.unwrap_or_default())?;
                (state.space, state.fill) = (space, space.initial());
            }
            (b"sc" | b"scn", parts) => state.fill = state.space.colour(parts),
            (b"Do", _) => self.xobject(name.unwrap_or_default(), stream, state)?,
            (b"EI", _) => self.inline_image(operands, stream, state)?,
            (b"BDC", _) => {
                let layer = operands.first().and_then(Operand::name) == Some(b"OC");
                let layer = name.filter(|_| layer).and_then(|it| stream.resources.property(it));
                let hides = match layer {
                    Some(layer) => !self.layers.shows(self.cache.revision, layer)?,
                    None => false,
                };
                stream.marked.push(hides);
            }
            (b"BMC", _) => stream.marked.push(false),
            (b"EMC", _) => drop(stream.marked.pop()),
            (b"m" | b"l" | b"c" | b"v" | b"y" | b"re" | b"h", _) => {
                stream.path.build(operator, &numbers, state.ctm);
            }
            (b"W" | b"W*", _) => stream.clip = true,
            (b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*", _) => {
                self.fill(stream, state)?;
                end_path(stream, state);
            }
            (b"S" | b"s", _) => {
                if let Some(all) = stream.path.all.filter(|_| !stream.is_hidden()) {
                    self.canvas.touch(common(all, state.clip), false)?;
                }
                end_path(stream, state);
            }
            (b"n", _) => end_path(stream, state),
            (b"sh", _) if !stream.is_hidden() => self.canvas.touch(state.clip, false)?,
            _ => self.text(operator, operands, &numbers, (stream, state))?,
        }
        Ok(())
    }

    fn parameters(&mut self, name: &[u8], stream: &Stream, state: &mut State) -> Result<(), Error> {
        let revision = self.cache.revision;
        let Some(set) = stream.resources.state(revision, name)? else { return Ok(()) };
        if let Some(alpha) = revision.lookup(&set, b"ca")?.and_then(|it| it.as_number()) {
            state.alpha = alpha;
        }
        if let Some(blend) = revision.lookup(&set, b"BM")? {
            let first = blend.as_array().and_then(|all| all.first()).map(|it| &it.value);
            let name = first.unwrap_or(&blend).as_name();
            state.normal_blend = matches!(name, Some(b"Normal" | b"Compatible"));
        }
        if let Some(mask) = revision.lookup(&set, b"SMask")? {
            state.masked = mask.as_name() != Some(b"None");
        }
        Ok(())
    }

    fn xobject(&mut self, name: &[u8], stream: &Stream, state: &State) -> Result<(), Error> {
        let Some((xobject, layer)) = self.cache.xobject(&stream.resources, name)? else {
            return Ok(());
        };
        let hidden = match layer {
            Some(layer) => !self.layers.shows(self.cache.revision, &layer)?,
            None => false,
        };
        let hidden = hidden || stream.is_hidden();
        match xobject {
            XObject::Image { opaque } if !hidden => self.image(opaque, state)?,
            XObject::Form(form) if stream.depth < DEEPEST => {
                let mut inner = state.clone();
                inner.in_opaque_group = state.is_opaque();
                inner.ctm = form.matrix.then(state.ctm);
                if let Some(bbox) = form.bbox {
                    inner.clip_to(inner.ctm.bounds(bbox), inner.ctm.keeps_boxes());
                }
                let own = form.resources.clone().unwrap_or_else(|| Rc::clone(&stream.resources));
                let within = (hidden, stream.depth + 1);
                self.stream(&form.content, (form.id, own), inner, within)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn inline_image(
        &mut self,
        operands: &[Operand],
        stream: &Stream,
        state: &State,
    ) -> Result<(), Error> {
        let mut stencil = false;
        for pair in operands.windows(2) {
            if let [Operand::Name(key), Operand::Other] = pair {
                stencil |= matches!(key.as_slice(), b"IM" | b"ImageMask");
            }
        }
        if stream.is_hidden() { Ok(()) } else { self.image(!stencil, state) }
    }

    fn image(&mut self, opaque: bool, state: &State) -> Result<(), Error> {
        let area = state.ctm.bounds([0.0, 0.0, 1.0, 1.0]);
        let area = common(area, state.clip);
        let covers = opaque && state.is_opaque() && state.clip_is_box && state.ctm.keeps_boxes();
        match covers {
            true => self.canvas.cover(area, None, true)?,
            false => self.canvas.touch(area, true)?,
        }
        Ok(())
    }

    fn fill(&mut self, stream: &mut Stream, state: &State) -> Result<(), Error> {
        stream.path.close_figure();
        let Some(all) = stream.path.all.filter(|_| !stream.is_hidden()) else { return Ok(()) };
        let plain = !stream.path.odd && stream.path.boxes.len() <= MOST_BOXES;
        let covers = plain && state.is_opaque() && state.clip_is_box && state.fill.is_some();
        if !covers {
            self.canvas.touch(common(all, state.clip), false)?;
            return Ok(());
        }
        for area in &stream.path.boxes {
            self.canvas.cover(common(*area, state.clip), state.fill, false)?;
        }
        Ok(())
    }

    /// The operators of §9.
    fn text(
        &mut self,
        operator: &[u8],
        operands: &[Operand],
        numbers: &[f64],
        (stream, state): (&mut Stream, &mut State),
    ) -> Result<(), Error> {
        match (operator, numbers) {
            (b"BT", _) => (stream.line, stream.text) = (Matrix::IDENTITY, Matrix::IDENTITY),
            (b"Tf", [size]) => {
                let name = operands.first().and_then(Operand::name).unwrap_or_default();
                state.text.font = Some(self.cache.font(&stream.resources, name)?);
                state.text.size = *size;
            }
            (b"Tc", [value]) => state.text.character_space = *value,
            (b"Tw", [value]) => state.text.word_space = *value,
            (b"Tz", [value]) => state.text.scale = value / 100.0,
            (b"TL", [value]) => state.text.leading = *value,
            (b"Ts", [value]) => state.text.rise = *value,
            (b"Tr", [mode]) => state.text.mode = Mode::of(*mode),
            (b"Td", [x, y]) => stream.next_line(*x, *y),
            (b"TD", [x, y]) => {
                state.text.leading = -y;
                stream.next_line(*x, *y);
            }
            (b"Tm", [a, b, c, d, e, f]) => {
                stream.line = Matrix([*a, *b, *c, *d, *e, *f]);
                stream.text = stream.line;
            }
            (b"T*", _) => stream.next_line(0.0, -state.text.leading),
            (b"Tj", _) => self.show(operands, stream, state)?,
            (b"TJ", _) => {
                if let [Operand::Array(pieces)] = operands {
                    self.show(pieces, stream, state)?;
                }
            }
            (b"'", _) => {
                stream.next_line(0.0, -state.text.leading);
                self.show(operands, stream, state)?;
            }
            (b"\"", [word, character]) => {
                state.text.word_space = *word;
                state.text.character_space = *character;
                stream.next_line(0.0, -state.text.leading);
                self.show(operands.get(2..).unwrap_or_default(), stream, state)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn show(
        &mut self,
        pieces: &[Operand],
        stream: &mut Stream,
        state: &State,
    ) -> Result<(), Error> {
        let Some(font) = state.text.font.clone() else { return Ok(()) };
        let text = &state.text;
        let (mut advance, mut ink, mut first) = (0.0, 0_u64, None);
        let mut last = 0.0;
        for piece in pieces {
            match piece {
                Operand::Number(back) => advance -= back / 1000.0 * text.size * text.scale,
                Operand::String(bytes) => {
                    for (width, glyph) in font.glyphs(bytes) {
                        let before = advance;
                        let word = if glyph == Glyph::Space { text.word_space } else { 0.0 };
                        advance += (width * text.size + text.character_space + word) * text.scale;
                        if glyph == Glyph::Ink {
                            ink += 1;
                            first.get_or_insert(before);
                            last = before + width * text.size * text.scale;
                        }
                    }
                }
                _ => {}
            }
        }
        let place = stream.text.then(state.ctm);
        // Where a vertical line goes is not followed: it is known by its first glyph.
        let shift = if font.vertical { (0.0, -advance.abs()) } else { (advance, 0.0) };
        stream.text = Matrix::translation(shift.0, shift.1).then(stream.text);
        let Some(first) = first else { return Ok(()) };
        let last = if font.vertical { first } else { last };
        let is_tiny = !font.is_type3 && text.size.abs() * place.height() < TINY;
        self.piece(ink, (first, last, is_tiny), place, (stream, state));
        Ok(())
    }

    /// A piece of text with ink between two distances on its line.
    fn piece(
        &mut self,
        ink: u64,
        (first, last, is_tiny): (f64, f64, bool),
        place: Matrix,
        (stream, state): (&Stream, &State),
    ) {
        let text = &state.text;
        let low = text.rise - 0.2 * text.size;
        let high = text.rise + 0.8 * text.size;
        let bounds = place.bounds([first.min(last), low.min(high), first.max(last), low.max(high)]);
        let mut points = [(0.0, 0.0); POINTS];
        let mut part = 0.5;
        for point in &mut points {
            let x = first + (last - first) * part / 8.0;
            *point = place.point(x, text.rise + 0.25 * text.size);
            part += 1.0;
        }
        let at = |code| (code, stream.object);
        if stream.is_hidden() {
            tell(self.tally, at(Code::PrepTextInHiddenLayer), ink, bounds);
            return;
        }
        let invisible = text.mode == Mode::Invisible || state.alpha < 0.01;
        let plain = text.mode == Mode::Fill && !invisible;
        let colour = state.fill.filter(|_| plain);
        let ground = self.canvas.ground(&points, colour);
        let code = match ground {
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
            Some(code) => tell(self.tally, at(code), ink, bounds),
            None => self.canvas.show(&points, (stream.object, ink, bounds, invisible)),
        }
    }
}

impl Stream {
    fn is_hidden(&self) -> bool {
        self.hidden || self.marked.contains(&true)
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::translation(x, y).then(self.line);
        self.text = self.line;
    }
}

fn fill(state: &mut State, space: Space, parts: &[f64]) {
    state.space = space;
    state.fill = space.colour(parts);
}

fn end_path(stream: &mut Stream, state: &mut State) {
    stream.path.close_figure();
    if std::mem::take(&mut stream.clip)
        && let Some(all) = stream.path.all
    {
        let is_box = !stream.path.odd && stream.path.boxes.len() == 1;
        state.clip_to(all, is_box);
    }
    stream.path = Path::default();
}
