//! Goes through content streams with the graphics state (ISO 32000-2 §7.8.2 and §8).

use std::rc::Rc;

use super::matrix::{Bounds, Matrix};
use super::path::{Painted, Path};
use super::resources::{Cache, Drawn, Form, Image, Resources};
use super::state::{Blend, Paint, State};
use super::text::{Line, Run, Text};
use crate::pdf::{Content, Error, Object, ObjectId, Operand};

/// Forms inside each other.
const DEEPEST: u32 = 12;

/// States that are saved at a time.
const MOST_SAVED: usize = 512;

/// Whoever looks on while content is gone through.
pub(crate) trait Sink {
    /// Why nothing is gone through any further.
    type Stop;

    /// One operator, whatever it is: what all of them may cost is for the onlooker to say.
    fn step(&mut self) -> Result<(), Self::Stop>;

    /// Something cannot be followed. `Ok` goes on without it.
    fn unclear(&mut self, what: Unclear) -> Result<(), Self::Stop>;

    /// Whether what belongs to optional content (§8.11) is looked at: a group, or a membership.
    fn shows(&mut self, layer: &Object) -> Result<bool, Self::Stop>;

    /// A path, in user space and not yet clipped; `bounds` is the box around it.
    fn path(
        &mut self,
        path: &Path,
        bounds: Bounds,
        painted: Painted,
        state: &State,
    ) -> Result<(), Self::Stop>;

    /// A shading (§8.7.4) over the whole clip.
    fn shading(&mut self, state: &State) -> Result<(), Self::Stop>;

    /// An image in the unit square.
    fn image(&mut self, image: Image, state: &State) -> Result<(), Self::Stop>;

    /// Text, also what is not seen.
    fn text(&mut self, text: &Text<'_>, state: &State) -> Result<(), Self::Stop>;
}

/// What cannot be followed.
pub(crate) enum Unclear {
    /// A font, a state, a colour space: what is painted with it is painted none the less.
    Manner(Error),
    /// What would have been painted itself.
    Painting(Error),
    /// Forms inside each other beyond all use.
    Depth,
    /// Saved states beyond all use.
    Saved,
}

/// A walk through the content of one page or appearance.
pub(crate) struct Walk<'w, 'r, 'f, S> {
    pub(super) cache: &'w mut Cache<'r, 'f>,
    pub(super) sink: &'w mut S,
    /// Kept for the next operator that shows text.
    pub(super) runs: Vec<Run>,
}

/// A content stream while it is gone through.
struct Stream {
    object: ObjectId,
    resources: Rc<Resources>,
    saved: Vec<State>,
    path: Path,
    line: Line,
    /// For each marked sequence whether it is in a hidden layer.
    marked: Vec<bool>,
    hidden: bool,
    depth: u32,
}

impl<'w, 'r, 'f, S: Sink> Walk<'w, 'r, 'f, S> {
    pub(crate) fn new(cache: &'w mut Cache<'r, 'f>, sink: &'w mut S) -> Self {
        Self { cache, sink, runs: Vec::new() }
    }

    /// Goes through the content of an object in a state.
    pub(crate) fn content(
        &mut self,
        content: &[u8],
        (object, resources): (ObjectId, Rc<Resources>),
        state: State,
    ) -> Result<(), S::Stop> {
        self.stream(content, (object, resources), state, (false, 0))
    }

    /// Goes through a form as its matrix and the state put it.
    pub(crate) fn form(&mut self, form: &Form, state: State) -> Result<(), S::Stop> {
        let resources = form.resources.clone().unwrap_or_default();
        self.stream(&form.content, (form.id, resources), inside(form, state), (false, 0))
    }

    fn stream(
        &mut self,
        content: &[u8],
        (object, resources): (ObjectId, Rc<Resources>),
        mut state: State,
        (hidden, depth): (bool, u32),
    ) -> Result<(), S::Stop> {
        let mut stream = Stream {
            object,
            resources,
            saved: Vec::new(),
            path: Path::default(),
            line: Line::default(),
            marked: Vec::new(),
            hidden,
            depth,
        };
        let (mut content, mut operands) = (Content::new(content), Vec::new());
        let mut numbers = Vec::new();
        while let Some(operator) = content.next(&mut operands) {
            self.sink.step()?;
            numbers.clear();
            numbers.extend(operands.iter().filter_map(Operand::number));
            self.operator(operator, (&operands, &numbers), &mut stream, &mut state)?;
        }
        Ok(())
    }

    fn operator(
        &mut self,
        operator: &[u8],
        (operands, numbers): (&[Operand], &[f64]),
        stream: &mut Stream,
        state: &mut State,
    ) -> Result<(), S::Stop> {
        match (operator, numbers) {
            (b"q", _) if stream.saved.len() < MOST_SAVED => stream.saved.push(state.clone()),
            (b"q", _) => self.sink.unclear(Unclear::Saved)?,
            (b"Q", _) => {
                if let Some(saved) = stream.saved.pop() {
                    *state = saved;
                }
            }
            (b"cm", [a, b, c, d, e, f]) => {
                state.ctm = Matrix([*a, *b, *c, *d, *e, *f]).then(state.ctm);
            }
            (b"w", [width]) => state.line_width = width.abs(),
            (b"gs", _) => self.parameters(last_name(operands), stream, state)?,
            (b"g" | b"rg" | b"k" | b"cs" | b"sc" | b"scn", _) => {
                self.colour(operator, (operands, numbers), stream, &mut state.fill)?;
            }
            (b"G" | b"RG" | b"K" | b"CS" | b"SC" | b"SCN", _) => {
                let lower = operator.to_ascii_lowercase();
                self.colour(&lower, (operands, numbers), stream, &mut state.stroke)?;
            }
            (b"m" | b"l" | b"c" | b"v" | b"y" | b"re" | b"h", _) => {
                stream.path.build(operator, numbers, state.ctm);
            }
            (b"W" | b"W*", _) => stream.path.clips = true,
            (b"f" | b"F" | b"f*", _) => self.paint(stream, state, (true, false))?,
            (b"B" | b"B*" | b"b" | b"b*", _) => self.paint(stream, state, (true, true))?,
            (b"S" | b"s", _) => self.paint(stream, state, (false, true))?,
            (b"n", _) => self.paint(stream, state, (false, false))?,
            (b"sh", _) if !stream.is_hidden() => self.sink.shading(state)?,
            (b"Do", _) => self.xobject(last_name(operands), stream, state)?,
            (b"EI", _) if !stream.is_hidden() => self.sink.image(inline_image(operands), state)?,
            (b"BDC", _) => {
                let hides = self.hides(operands, stream)?;
                stream.marked.push(hides);
            }
            (b"BMC", _) => stream.marked.push(false),
            (b"EMC", _) => drop(stream.marked.pop()),
            (b"Tf", _) => {
                let name = operands.first().and_then(Operand::name).unwrap_or_default();
                let font = self.cache.font(&stream.resources, name);
                state.text.font = Some(self.font(font)?);
                state.text.size = numbers.last().copied().unwrap_or(0.0);
            }
            _ => {
                Self::set_text(operator, numbers, &mut stream.line, &mut state.text);
                if matches!(operator, b"Tj" | b"TJ" | b"'" | b"\"") {
                    let from = (stream.object, stream.is_hidden());
                    self.show(operands, &mut stream.line, from, state)?;
                }
            }
        }
        Ok(())
    }

    /// What was read, or what stands in for it if that is enough.
    fn manner<T>(&mut self, read: Result<T, Error>) -> Result<Option<T>, S::Stop> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error) => self.sink.unclear(Unclear::Manner(error)).map(|()| None),
        }
    }

    fn font(
        &mut self,
        font: Result<Rc<super::font::Font>, Error>,
    ) -> Result<Rc<super::font::Font>, S::Stop> {
        let font = self.manner(font)?;
        Ok(font.unwrap_or_else(|| self.cache.unknown_font()))
    }

    fn colour(
        &mut self,
        operator: &[u8],
        (operands, numbers): (&[Operand], &[f64]),
        stream: &Stream,
        paint: &mut Paint,
    ) -> Result<(), S::Stop> {
        use super::colour::Space;
        match operator {
            b"g" => paint.set(Space::Gray, numbers),
            b"rg" => paint.set(Space::Rgb, numbers),
            b"k" => paint.set(Space::Cmyk, numbers),
            b"cs" => {
                let space = stream.resources.space(self.cache.revision, last_name(operands));
                paint.enter(self.manner(space)?.unwrap_or(Space::Unknown));
            }
            _ => paint.set(paint.space, numbers),
        }
        Ok(())
    }

    /// Graphics state parameters (§8.4.5).
    fn parameters(
        &mut self,
        name: &[u8],
        stream: &Stream,
        state: &mut State,
    ) -> Result<(), S::Stop> {
        let read = self.read_parameters(name, stream, state);
        if let Some(font) = self.manner(read)?.flatten() {
            let size = font.as_array().and_then(|pair| pair.last()?.value.as_number());
            state.text.size = size.unwrap_or(state.text.size);
            let first = font.as_array().and_then(|pair| pair.first()).map(|it| &it.value);
            let font = self.cache.font_of(first);
            state.text.font = Some(self.font(font)?);
        }
        Ok(())
    }

    /// All of them but the font, which is handed back.
    fn read_parameters(
        &self,
        name: &[u8],
        stream: &Stream,
        state: &mut State,
    ) -> Result<Option<Object>, Error> {
        let revision = self.cache.revision;
        let Some(set) = stream.resources.state(revision, name)? else { return Ok(None) };
        let number = |key: &[u8]| -> Result<Option<f64>, Error> {
            Ok(revision.lookup(&set, key)?.and_then(|it| it.as_number()))
        };
        state.fill.alpha = number(b"ca")?.unwrap_or(state.fill.alpha);
        state.stroke.alpha = number(b"CA")?.unwrap_or(state.stroke.alpha);
        state.line_width = number(b"LW")?.unwrap_or(state.line_width);
        if let Some(blend) = revision.lookup(&set, b"BM")? {
            let first = blend.as_array().and_then(|all| all.first()).map(|it| &it.value);
            state.blend = Blend::of(first.unwrap_or(&blend).as_name());
        }
        if let Some(mask) = revision.lookup(&set, b"SMask")? {
            state.masked = mask.as_name() != Some(b"None");
        }
        Ok(revision.lookup(&set, b"Font")?.map(std::borrow::Cow::into_owned))
    }

    fn xobject(&mut self, name: &[u8], stream: &Stream, state: &State) -> Result<(), S::Stop> {
        let found = match self.cache.xobject(&stream.resources, name) {
            Ok(Some(found)) => found,
            // A name that leads nowhere paints nothing.
            Ok(None) => return Ok(()),
            Err(error) => return self.sink.unclear(Unclear::Painting(error)),
        };
        let hidden = match &found.layer {
            Some(layer) => !self.sink.shows(layer)?,
            None => false,
        };
        let hidden = hidden || stream.is_hidden();
        match found.drawn {
            Drawn::Image(image) if !hidden => self.sink.image(image, state),
            Drawn::Image(_) => Ok(()),
            Drawn::Form(_) if stream.depth >= DEEPEST => self.sink.unclear(Unclear::Depth),
            Drawn::Form(form) => {
                let mut inner = state.clone();
                inner.in_opaque_group = state.is_opaque();
                let own = form.resources.clone().unwrap_or_else(|| Rc::clone(&stream.resources));
                let within = (hidden, stream.depth + 1);
                self.stream(&form.content, (form.id, own), inside(&form, inner), within)
            }
        }
    }

    /// Whether marked content (§14.6) belongs to a layer that is not shown.
    fn hides(&mut self, operands: &[Operand], stream: &Stream) -> Result<bool, S::Stop> {
        let is_layer = operands.first().and_then(Operand::name) == Some(b"OC");
        let layer = operands.last().and_then(Operand::name).filter(|_| is_layer);
        match layer.and_then(|name| stream.resources.property(name)) {
            Some(layer) => Ok(!self.sink.shows(layer)?),
            None => Ok(false),
        }
    }

    fn paint(
        &mut self,
        stream: &mut Stream,
        state: &mut State,
        (fills, strokes): (bool, bool),
    ) -> Result<(), S::Stop> {
        let mut path = std::mem::take(&mut stream.path);
        path.close_figure();
        let Some((all, is_box)) = path.as_clip() else { return Ok(()) };
        if (fills || strokes) && !stream.is_hidden() {
            self.sink.path(&path, all, Painted { fills, strokes }, state)?;
        }
        if path.clips {
            state.clip_to(all, is_box);
        }
        Ok(())
    }
}

/// The state inside a form.
fn inside(form: &Form, mut state: State) -> State {
    state.ctm = form.matrix.then(state.ctm);
    if let Some(bbox) = form.bbox {
        state.clip_to(state.ctm.bounds(bbox), state.ctm.keeps_boxes());
    }
    state
}

impl Stream {
    fn is_hidden(&self) -> bool {
        self.hidden || self.marked.contains(&true)
    }
}

fn last_name(operands: &[Operand]) -> &[u8] {
    operands.last().and_then(Operand::name).unwrap_or_default()
}

/// What an inline image (§8.9.7) is by its entries.
fn inline_image(operands: &[Operand]) -> Image {
    let is_key = |key: &[u8]| matches!(key, b"IM" | b"ImageMask");
    let stencil = operands
        .windows(2)
        .any(|pair| matches!(pair, [Operand::Name(key), Operand::Other] if is_key(key)));
    if stencil { Image::Stencil } else { Image::Whole }
}
