//! Going through content streams and noting the glyphs they show.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use super::actual_text::Replacement;
use super::font::{Code, Font, Meaning};
use super::reader::{Form, PdfText, XObject};
use super::state::{Affine, Position, State};
use super::{Corner, Flow, PageText, TextError};
use crate::geometry::{Length, MilliPoints, Pt, Size};
use crate::limits::{Limit, Meter};
use crate::pdf::{Content, Operand};
use crate::pdf::{Dictionary, Object, text_string};

/// States that `q` saves; beyond that it saves none, as in viewers.
const MOST_SAVED: usize = 512;

/// Forms in forms; above what [`Limits::depth`](crate::limits::Limits::depth) allows it is less.
const MOST_FORMS: u64 = 32;

/// Work through one page.
pub(super) struct Show<'t, 'f> {
    text: &'t mut PdfText<'f>,
    page: PageText,
    size: Size,
    glyphs: Meter,
    depth: u64,
    /// What stands in the place of the marked content that is open.
    replaced: Option<Replacement>,
}

/// The least that going through a content stream costs, in bytes: setting out costs something too.
const SETTING_OUT: usize = 4096;

/// What one entry of a category of resources costs each stream that uses it, in bytes.
const COST_OF_AN_ENTRY: u64 = 32;

/// What one content stream works with. Resources are looked up once for each name: a stream may use
/// one a million times.
struct Stream {
    resources: Rc<Dictionary>,
    categories: HashMap<&'static [u8], Dictionary>,
    fonts: HashMap<Vec<u8>, Option<Rc<Font>>>,
    x_objects: HashMap<Vec<u8>, XObject>,
    /// The font and size that an entry of `/ExtGState` sets.
    states: HashMap<Vec<u8>, Option<SetFont>>,
    /// Whether content marked with an entry of `/Properties` is shown.
    layers: HashMap<Vec<u8>, bool>,
    state: State,
    saved: Vec<State>,
    position: Position,
    /// The marked-content sequences that are open.
    marked: Vec<Marked>,
    /// How many of those are not.
    hidden: usize,
}

/// A marked-content sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marked {
    Shown,
    /// By its optional content group.
    Hidden,
    /// Another text stands in its place, which ends with it.
    Replaced,
}

/// A font that the graphics state is set to, none if it cannot be read, and its size.
struct SetFont {
    font: Option<Rc<Font>>,
    size: f64,
}

impl Stream {
    fn is_shown(&self) -> bool {
        self.hidden == 0
    }
}

impl<'t, 'f> Show<'t, 'f> {
    pub(super) fn new(text: &'t mut PdfText<'f>, size: Size) -> Self {
        let glyphs = Meter::new(Limit::Values, text.revision.file().limits().values);
        Self { text, page: PageText::default(), size, glyphs, depth: 0, replaced: None }
    }

    pub(super) fn finish(self) -> PageText {
        self.page
    }

    /// A page's content; `ctm` leads to the visual frame.
    pub(super) fn run(
        &mut self,
        content: &[u8],
        resources: Rc<Dictionary>,
        ctm: Affine,
    ) -> Result<(), TextError> {
        self.stream(content, resources, State::new(ctm))
    }

    fn stream(
        &mut self,
        content: &[u8],
        resources: Rc<Dictionary>,
        state: State,
    ) -> Result<(), TextError> {
        let cost = content.len().saturating_add(SETTING_OUT);
        self.text.work.spend(u64::try_from(cost).unwrap_or(u64::MAX))?;
        let mut stream = Stream {
            resources,
            categories: HashMap::new(),
            fonts: HashMap::new(),
            x_objects: HashMap::new(),
            states: HashMap::new(),
            layers: HashMap::new(),
            state,
            saved: Vec::new(),
            position: Position::START,
            marked: Vec::new(),
            hidden: 0,
        };
        let (mut content, mut operands) = (Content::new(content), Vec::new());
        while let Some(operator) = content.next(&mut operands) {
            self.operator(&mut stream, operator, &operands)?;
        }
        while let Some(open) = stream.marked.pop() {
            self.end_marked(&mut stream, open)?;
        }
        Ok(())
    }

    fn operator(
        &mut self,
        stream: &mut Stream,
        operator: &[u8],
        operands: &[Operand],
    ) -> Result<(), TextError> {
        let first = operands.first();
        let number = |index: usize| operands.get(index).and_then(Operand::number).unwrap_or(0.0);
        match operator {
            b"q" if stream.saved.len() < MOST_SAVED => stream.saved.push(stream.state.clone()),
            b"Q" => {
                if let Some(saved) = stream.saved.pop() {
                    stream.state = saved;
                }
            }
            b"cm" => stream.state.ctm = matrix(operands).then(stream.state.ctm),
            b"BT" => stream.position = Position::START,
            b"Tc" => stream.state.character_space = number(0),
            b"Tw" => stream.state.word_space = number(0),
            b"Tz" => stream.state.scale = number(0) / 100.0,
            b"TL" => stream.state.leading = number(0),
            b"Ts" => stream.state.rise = number(0),
            b"Tr" => {
                stream.state.mode = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
                    .iter()
                    .zip(0..)
                    .find(|(mode, _)| (*mode - number(0)).abs() < 0.5)
                    .map_or(0, |(_, mode)| mode)
            }
            b"Tf" => {
                stream.state.font = self.font(stream, first)?;
                stream.state.size = number(1);
            }
            b"gs" => self.graphics_state(stream, first)?,
            b"Td" => stream.position.next_line(number(0), number(1)),
            b"TD" => {
                stream.state.leading = -number(1);
                stream.position.next_line(number(0), number(1));
            }
            b"Tm" => stream.position.set(matrix(operands)),
            b"T*" => stream.position.next_line(0.0, -stream.state.leading),
            b"Tj" | b"TJ" => self.show(stream, first)?,
            b"'" | b"\"" => {
                if operator == b"\"" {
                    stream.state.word_space = number(0);
                    stream.state.character_space = number(1);
                }
                stream.position.next_line(0.0, -stream.state.leading);
                self.show(stream, operands.last())?;
            }
            b"BMC" => stream.marked.push(Marked::Shown),
            b"BDC" => {
                let marked = self.begin_marked(stream, operands)?;
                stream.marked.push(marked);
                stream.hidden += usize::from(marked == Marked::Hidden);
            }
            b"EMC" => {
                if let Some(marked) = stream.marked.pop() {
                    self.end_marked(stream, marked)?;
                }
            }
            b"Do" => self.x_object(stream, first)?,
            b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"sh" | b"EI" => {
                self.page.note_drawing();
            }
            _ => {}
        }
        Ok(())
    }

    /// An entry of a category of the resources, not resolved.
    fn resource(
        &self,
        stream: &mut Stream,
        category: &'static [u8],
        name: &[u8],
    ) -> Result<Option<Object>, TextError> {
        let entries = match stream.categories.entry(category) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let found = self.text.revision.lookup(&stream.resources, category)?;
                let found = found.and_then(|value| value.as_dictionary().cloned());
                let found = found.unwrap_or_default();
                let size = u64::try_from(found.entries().len()).unwrap_or(u64::MAX);
                self.text.work.spend(size.saturating_mul(COST_OF_AN_ENTRY))?;
                place.insert(found)
            }
        };
        Ok(entries.get(name).cloned())
    }

    fn font(
        &mut self,
        stream: &mut Stream,
        name: Option<&Operand>,
    ) -> Result<Option<Rc<Font>>, TextError> {
        let Some(name) = name.and_then(Operand::name) else { return Ok(None) };
        if let Some(known) = stream.fonts.get(name) {
            return Ok(known.clone());
        }
        let font = match self.resource(stream, b"Font", name)? {
            Some(value) => self.text.font(&value)?,
            None => None,
        };
        stream.fonts.insert(name.to_vec(), font.clone());
        Ok(font)
    }

    /// `gs` may name a font and its size (Table 57).
    fn graphics_state(
        &mut self,
        stream: &mut Stream,
        name: Option<&Operand>,
    ) -> Result<(), TextError> {
        let Some(name) = name.and_then(Operand::name) else { return Ok(()) };
        if !stream.states.contains_key(name) {
            let set = match self.resource(stream, b"ExtGState", name)? {
                Some(value) => self.font_of_state(&value)?,
                None => None,
            };
            stream.states.insert(name.to_vec(), set);
        }
        if let Some(Some(set)) = stream.states.get(name) {
            (stream.state.font, stream.state.size) = (set.font.clone(), set.size);
        }
        Ok(())
    }

    fn font_of_state(&mut self, value: &Object) -> Result<Option<SetFont>, TextError> {
        let revision = self.text.revision;
        let value = revision.resolve(value)?;
        let Some(state) = value.as_dictionary() else { return Ok(None) };
        let Some(pair) = revision.lookup(state, b"Font")? else { return Ok(None) };
        let Some([font, size]) = pair.as_array() else { return Ok(None) };
        let size = revision.resolve(&size.value)?.as_number().unwrap_or(1.0);
        Ok(Some(SetFont { font: self.text.font(&font.value)?, size }))
    }

    /// A marked-content sequence may be hidden (§8.11.3.2), or stand for another text (§14.9.4).
    fn begin_marked(
        &mut self,
        stream: &mut Stream,
        operands: &[Operand],
    ) -> Result<Marked, TextError> {
        if let [Operand::Name(tag), Operand::Name(name)] = operands
            && tag == b"OC"
        {
            let shown = self.is_marked_shown(stream, name)?;
            return Ok(if shown { Marked::Shown } else { Marked::Hidden });
        }
        // Inside of what is replaced everything is.
        if self.replaced.is_some() || !stream.is_shown() {
            return Ok(Marked::Shown);
        }
        let text = match operands {
            [_, Operand::Name(name)] => self.actual_text(stream, name)?,
            [_, Operand::Dictionary(entries)] => {
                let mut strings = entries.iter().filter(|(key, _)| key == b"ActualText");
                match strings.next() {
                    Some((_, Operand::String(bytes))) => Some(text_string::decode(bytes)),
                    _ => None,
                }
            }
            _ => None,
        };
        let Some(text) = text else { return Ok(Marked::Shown) };
        self.replaced = Some(Replacement::new(text));
        Ok(Marked::Replaced)
    }

    fn end_marked(&mut self, stream: &mut Stream, marked: Marked) -> Result<(), TextError> {
        match marked {
            Marked::Shown => {}
            Marked::Hidden => stream.hidden -= 1,
            Marked::Replaced => {
                if let Some(replacement) = self.replaced.take() {
                    let characters = u64::try_from(replacement.characters()).unwrap_or(u64::MAX);
                    self.glyphs.spend(characters)?;
                    replacement.write(&mut self.page);
                }
            }
        }
        Ok(())
    }

    /// `/ActualText` of an entry of `/Properties`.
    fn actual_text(
        &mut self,
        stream: &mut Stream,
        name: &[u8],
    ) -> Result<Option<String>, TextError> {
        let Some(value) = self.resource(stream, b"Properties", name)? else { return Ok(None) };
        let revision = self.text.revision;
        let value = revision.resolve(&value)?;
        let Some(list) = value.as_dictionary() else { return Ok(None) };
        let text = revision.lookup(list, b"ActualText")?;
        Ok(text.and_then(|text| Some(text_string::decode(&text.as_string()?.bytes))))
    }

    /// Whether the content that is marked with an entry of `/Properties` is shown.
    fn is_marked_shown(&mut self, stream: &mut Stream, name: &[u8]) -> Result<bool, TextError> {
        if let Some(known) = stream.layers.get(name) {
            return Ok(*known);
        }
        let shown = match self.resource(stream, b"Properties", name)? {
            Some(group) => self.text.optional_content.shows(&self.text.revision, &group)?,
            None => true,
        };
        stream.layers.insert(name.to_vec(), shown);
        Ok(shown)
    }

    fn x_object(&mut self, stream: &mut Stream, name: Option<&Operand>) -> Result<(), TextError> {
        let Some(name) = name.and_then(Operand::name) else { return Ok(()) };
        let known = stream.x_objects.get(name).cloned();
        let found = match known {
            Some(known) => known,
            None => {
                let found = match self.resource(stream, b"XObject", name)? {
                    Some(value) => self.text.x_object(&value)?,
                    None => XObject::Nothing,
                };
                stream.x_objects.insert(name.to_vec(), found.clone());
                found
            }
        };
        match found {
            XObject::Nothing => Ok(()),
            XObject::Picture => {
                self.page.note_drawing();
                Ok(())
            }
            XObject::Form(form) => self.form(stream, &form),
        }
    }

    fn form(&mut self, stream: &Stream, form: &Form) -> Result<(), TextError> {
        let deepest = self.text.revision.file().limits().depth.min(MOST_FORMS);
        if !stream.is_shown() || self.depth >= deepest {
            return Ok(());
        }
        let mut state = stream.state.clone();
        state.ctm = form.matrix.then(state.ctm);
        let resources = form.resources.as_ref().unwrap_or(&stream.resources).clone();
        self.depth += 1;
        let done = self.stream(&form.content, resources, state);
        self.depth -= 1;
        done
    }

    /// `Tj` and `TJ`.
    fn show(&mut self, stream: &mut Stream, operand: Option<&Operand>) -> Result<(), TextError> {
        let Some(font) = stream.state.font.clone() else { return Ok(()) };
        match operand {
            Some(Operand::String(bytes)) => self.show_string(stream, &font, bytes),
            Some(Operand::Array(items)) => items.iter().try_for_each(|item| match item {
                Operand::String(bytes) => self.show_string(stream, &font, bytes),
                Operand::Number(adjustment) => {
                    let by = -adjustment / 1000.0 * stream.state.size;
                    if font.is_vertical() {
                        stream.position.advance(0.0, by);
                    } else {
                        stream.position.advance(by * stream.state.scale, 0.0);
                    }
                    Ok(())
                }
                _ => Ok(()),
            }),
            _ => Ok(()),
        }
    }

    fn show_string(
        &mut self,
        stream: &mut Stream,
        font: &Font,
        bytes: &[u8],
    ) -> Result<(), TextError> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let (code, behind) = font.code(rest);
            rest = behind;
            self.glyphs.spend(code.meaning.cost())?;
            if stream.is_shown() {
                self.glyph(stream, font, &code);
            }
            let state = &stream.state;
            let mut by = code.advance / 1000.0 * state.size + state.character_space;
            if code.is_space {
                by += state.word_space;
            }
            if font.is_vertical() {
                stream.position.advance(0.0, by);
            } else {
                stream.position.advance(by * state.scale, 0.0);
            }
        }
        Ok(())
    }

    /// Notes one glyph, if any of it lies on the page as displayed.
    fn glyph(&mut self, stream: &Stream, font: &Font, code: &Code) {
        let state = &stream.state;
        let per_mille = state.size / 1000.0;
        let matrix = Affine([per_mille * state.scale, 0.0, 0.0, per_mille, 0.0, state.rise])
            .then(stream.position.text)
            .then(state.ctm);
        let cell = &code.cell;
        let corners = [
            (cell.left, cell.top),
            (cell.right, cell.top),
            (cell.right, cell.bottom),
            (cell.left, cell.bottom),
        ];
        let Some(corners) = corners_of(matrix, corners) else { return };
        if !self.touches_page(&corners) {
            return;
        }
        let flow = if font.is_vertical() { Flow::Down } else { Flow::Across };
        if let Some(replaced) = &mut self.replaced {
            return replaced.cover(corners, flow, state.paints());
        }
        let mut buffer = [0; 4];
        let text: &str = match &code.meaning {
            Meaning::Unknown => return self.page.push_unreadable(),
            Meaning::Character(character) => character.encode_utf8(&mut buffer),
            Meaning::Characters(characters) => characters,
        };
        self.page.push(text, corners, flow, state.paints());
    }

    fn touches_page(&self, corners: &[Corner; 4]) -> bool {
        let reaches = |low: MilliPoints, high: MilliPoints, of: fn(&Corner) -> MilliPoints| {
            corners.iter().any(|corner| of(corner) >= low)
                && corners.iter().any(|corner| of(corner) <= high)
        };
        reaches(MilliPoints::ZERO, self.size.width(), |corner| corner.x)
            && reaches(MilliPoints::ZERO, self.size.height(), |corner| corner.y)
    }
}

/// The corners in the visual frame; `None` where numbers are too large to be a place on a page.
fn corners_of(matrix: Affine, corners: [(f64, f64); 4]) -> Option<[Corner; 4]> {
    let mut placed = [Corner::default(); 4];
    for (corner, (x, y)) in placed.iter_mut().zip(corners) {
        let (x, y) = matrix.apply(x, y);
        let round = |value| Length::from(Pt(value)).round().ok();
        *corner = Corner { x: round(x)?, y: round(y)? };
    }
    Some(placed)
}

/// The six numbers of `cm` and `Tm`.
fn matrix(operands: &[Operand]) -> Affine {
    let mut numbers = [0.0; 6];
    for (number, operand) in numbers.iter_mut().zip(operands) {
        *number = operand.number().unwrap_or(0.0);
    }
    Affine(numbers)
}
