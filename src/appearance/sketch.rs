//! What will be painted in one box, before the fonts are cut.

use std::collections::BTreeMap;
use std::fmt;

use super::drawing::{Category, Drawing, Frame, Resources, Traits};
use super::font::Font;
use super::font_book::Letter;
use super::font_program::FontProgram;
use super::glyphs::Glyph;
use super::path::{Affine, Path, Point, number};
use super::seal_face::deflate;
use super::shared::Shared;
use super::uploaded_picture::UploadedPicture;
use super::{Error, WritingError};
use crate::contract::Colour;
use crate::geometry::{MilliPoints, Size};

/// From so many bytes on, what is painted is deflated.
const LONG: usize = 1_000;
/// How thick the line around glyphs is that stands for bold type, in ems.
pub(super) const THICKENING: f64 = 0.03;

/// What will be painted in one box: text with the glyphs chosen and the lines broken, marks,
/// handwriting, pictures; alone or several of them together.
///
/// *Who makes it*: [`TextBlock`](super::TextBlock), [`Handwriting`](super::Handwriting),
/// [`CheckMark`](super::CheckMark) and the like. A document gets [`Drawing`]s of it:
/// [`Sketch::drawings`] makes them for several sketches at once, as all that one person writes in
/// one revision should share its fonts. A console gets an [SVG](Sketch::svg).
///
/// ```
/// # let bytes = sealwright_testdata::font::NOTO_SANS_SC;
/// use sealwright::appearance::{Font, FontBook, Sketch, TextBlock};
/// use sealwright::contract;
/// use sealwright::geometry::{Pt, Size};
///
/// let fonts = FontBook::new().with(contract::Font::Hei, Font::from_bytes(bytes, 0)?)?;
/// let size = Size::new(Pt(120.0), Pt(30.0))?;
/// let date = TextBlock::line("2026年1月6日").sketch(&fonts, size)?;
/// let name = TextBlock::line("甲方").sketch(&fonts, size)?;
/// let drawings = Sketch::drawings(&[date, name])?; // one font for both
/// assert_eq!(drawings[0].size(), size);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Sketch {
    size: Size,
    elements: Vec<Element>,
}

/// What is painted, in points from the lower left corner of the box, y up.
#[derive(Clone)]
pub(super) enum Element {
    Text(TextRun),
    Fill {
        path: Path,
        colour: Colour,
    },
    /// The picture's unit square, mapped.
    Picture {
        picture: UploadedPicture,
        map: Affine,
    },
    /// Others, mapped, and together so opaque (in thousandths).
    Group {
        map: Affine,
        per_mille: u16,
        elements: Vec<Element>,
    },
}

/// Glyphs of one font on one line.
#[derive(Clone)]
pub(super) struct TextRun {
    pub(super) letters: Vec<Letter>,
    /// Where the baseline begins.
    pub(super) at: Point,
    /// An em, in points.
    pub(super) size: f64,
    pub(super) colour: Colour,
}

impl Sketch {
    /// Nothing yet.
    ///
    /// # Errors
    ///
    /// [`WritingError::EmptyBox`] for a size without area.
    pub fn blank(size: Size) -> Result<Self, WritingError> {
        if size.is_empty() {
            return Err(WritingError::EmptyBox { size });
        }
        Ok(Self { size, elements: Vec::new() })
    }

    /// With another sketch on top of it, whose top left corner lies so far from the left and the
    /// top of this one. What leaves the box is cut off.
    #[must_use]
    pub fn with(mut self, left: MilliPoints, top: MilliPoints, other: &Self) -> Self {
        let bottom = self.height() - points(top) - other.height();
        let map = Affine::scaled_at(1.0, points(left), bottom);
        self.elements.push(Element::Group {
            map,
            per_mille: 1000,
            elements: other.elements.clone(),
        });
        self
    }

    /// The size of the box.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Whether it paints nothing, like a text without characters.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.elements.is_empty()
    }

    /// Whether it needs transparency, which PDF/A-1 does not know: a picture with clear pixels, a
    /// pale watermark.
    #[must_use]
    pub fn uses_transparency(&self) -> bool {
        let traits = self.traits();
        traits.masked || traits.pale
    }

    fn traits(&self) -> Traits {
        fn gather(elements: &[Element], traits: &mut Traits) {
            for element in elements {
                match element {
                    Element::Text(_) | Element::Fill { .. } => {}
                    Element::Picture { picture, .. } => {
                        traits.masked |= picture.is_transparent();
                        traits.cmyk |= picture.is_cmyk();
                    }
                    Element::Group { per_mille, elements, .. } => {
                        traits.pale |= *per_mille < 1000;
                        gather(elements, traits);
                    }
                }
            }
        }
        let mut traits = Traits::default();
        gather(&self.elements, &mut traits);
        traits
    }

    /// For documents, alone.
    ///
    /// # Errors
    ///
    /// As [`Sketch::drawings`].
    pub fn drawing(&self) -> Result<Drawing, Error> {
        self.compile(&Programs::of([self])?)
    }

    /// For documents: several sketches that share their fonts, cut down to the glyphs they use, in
    /// the order of the sketches.
    ///
    /// # Errors
    ///
    /// [`WritingError::FontFormat`] if a font is damaged where it had not been looked at.
    pub fn drawings(sketches: &[Self]) -> Result<Vec<Drawing>, Error> {
        let fonts = Programs::of(sketches)?;
        sketches.iter().map(|sketch| sketch.compile(&fonts)).collect()
    }

    pub(super) fn push(&mut self, element: Element) {
        self.elements.push(element);
    }

    pub(super) fn elements(&self) -> &[Element] {
        &self.elements
    }

    pub(super) fn width(&self) -> f64 {
        points(self.size.width())
    }

    pub(super) fn height(&self) -> f64 {
        points(self.size.height())
    }

    fn compile(&self, fonts: &Programs) -> Result<Drawing, Error> {
        let mut painter = Painter::new(fonts, self.size);
        painter.out.extend_from_slice(b"q\n");
        painter.paint(&self.elements)?;
        painter.out.extend_from_slice(b"Q");
        let resources = painter.resources();
        if painter.out.len() < LONG {
            let drawing = Drawing::new(self.size, painter.out, &resources, Frame::Points);
            return Ok(drawing.with_traits(self.traits()));
        }
        // Outlines are long: a form of their own holds them deflated.
        let (width, height) = (self.size.width(), self.size.height());
        let entries = format!(
            "/Filter/FlateDecode/Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]/Resources"
        );
        let entries = resources.written_after(Shared::body().bytes(entries));
        let form = Shared::stream(entries, deflate(&painter.out)?);
        let outer = Resources::default().with(Category::XObject, "P", &form);
        let drawing = Drawing::new(self.size, b"/P Do".to_vec(), &outer, Frame::Points);
        Ok(drawing.with_traits(self.traits()))
    }
}

impl fmt::Debug for Sketch {
    /// Without what it says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sketch")
            .field("size", &self.size)
            .field("elements", &self.elements.len())
            .finish_non_exhaustive()
    }
}

/// A length on a page in points.
#[expect(clippy::cast_precision_loss, reason = "lengths on a page need no more than 53 bits")]
pub(crate) fn points(length: MilliPoints) -> f64 {
    length.thousandths() as f64 / 1000.0
}

/// The fonts of several sketches.
pub(super) struct Programs(Vec<(Font, FontProgram)>);

type Texts = Vec<(Font, BTreeMap<Glyph, String>)>;

impl Programs {
    fn of<'a>(sketches: impl IntoIterator<Item = &'a Sketch>) -> Result<Self, Error> {
        let mut texts = Texts::new();
        for sketch in sketches {
            gather(&sketch.elements, &mut texts);
        }
        Self::with(texts)
    }

    /// Of runs that are on no sketch.
    pub(super) fn of_runs<'a>(runs: impl IntoIterator<Item = &'a TextRun>) -> Result<Self, Error> {
        let mut texts = Texts::new();
        runs.into_iter().for_each(|run| gather_run(run, &mut texts));
        Self::with(texts)
    }

    fn with(texts: Texts) -> Result<Self, Error> {
        let programs = texts.into_iter().map(|(font, texts)| {
            let program = FontProgram::new(&font, texts)?;
            Ok((font, program))
        });
        Ok(Self(programs.collect::<Result<_, Error>>()?))
    }

    fn find(&self, font: &Font) -> Option<(usize, &FontProgram)> {
        let position = self.0.iter().position(|(known, _)| known.is(font))?;
        self.0.get(position).map(|(_, program)| (position, program))
    }
}

/// Adds the glyphs that are used, each with the text that it first stands for.
fn gather(elements: &[Element], texts: &mut Texts) {
    for element in elements {
        match element {
            Element::Text(run) => gather_run(run, texts),
            Element::Group { elements, .. } => gather(elements, texts),
            Element::Fill { .. } | Element::Picture { .. } => {}
        }
    }
}

fn gather_run(run: &TextRun, texts: &mut Texts) {
    for letter in &run.letters {
        let Some(form) = &letter.form else { continue };
        let position = texts.iter().position(|(font, _)| font.is(&form.font));
        let position = position.unwrap_or_else(|| {
            texts.push((form.font.clone(), BTreeMap::new()));
            texts.len() - 1
        });
        if let Some((_, glyphs)) = texts.get_mut(position) {
            glyphs.entry(form.glyph).or_insert_with(|| letter.text());
        }
    }
}

pub(super) struct Painter<'a> {
    fonts: &'a Programs,
    size: Size,
    out: Vec<u8>,
    used: BTreeMap<(Category, String), Shared>,
}

impl<'a> Painter<'a> {
    /// Of a box of this size, or a page.
    pub(super) fn new(fonts: &'a Programs, size: Size) -> Self {
        Self { fonts, size, out: Vec::new(), used: BTreeMap::new() }
    }

    /// The operators, and what they refer to.
    pub(super) fn finish(self) -> (Vec<u8>, Resources) {
        let resources = self.resources();
        (self.out, resources)
    }

    fn paint(&mut self, elements: &[Element]) -> Result<(), Error> {
        for element in elements {
            match element {
                Element::Text(run) => self.text(run, &[]),
                Element::Fill { path, colour } => {
                    self.line(&colour_operator(*colour, "g", "rg"));
                    path.write_pdf(&mut self.out);
                    self.line("f");
                }
                Element::Picture { picture, map } => {
                    let name = self.resource(Category::XObject, "P", picture.shared());
                    self.line(&format!("q {} cm /{name} Do Q", matrix(map)));
                }
                Element::Group { map, per_mille: 1000, elements } => {
                    self.line(&format!("q {} cm", matrix(map)));
                    self.paint(elements)?;
                    self.line("Q");
                }
                Element::Group { map, per_mille, elements } => {
                    self.pale(map, *per_mille, elements)?;
                }
            }
        }
        Ok(())
    }

    /// As a transparency group of its own, so that parts that overlap do not show through each
    /// other (ISO 32000-2 §11.6.6).
    fn pale(&mut self, map: &Affine, per_mille: u16, elements: &[Element]) -> Result<(), Error> {
        let (fonts, size) = (self.fonts, self.size);
        let mut inner = Painter::new(fonts, size);
        inner.line(&format!("q {} cm", matrix(map)));
        inner.paint(elements)?;
        inner.line("Q");
        let entries = format!(
            "/Type/XObject/Subtype/Form/BBox[0 0 {} {}]/Group<</S/Transparency>>/Resources",
            size.width(),
            size.height()
        );
        let entries = inner.resources().written_after(Shared::body().bytes(entries));
        let form = Shared::stream(entries, inner.out);
        let opacity = number(f64::from(per_mille) / 1000.0);
        let state = format!("<</Type/ExtGState/CA {opacity}/ca {opacity}>>");
        let state = Shared::body().bytes(state).finish();
        let state = self.resource(Category::ExtGState, "G", &state);
        let form = self.resource(Category::XObject, "P", &form);
        self.line(&format!("q /{state} gs /{form} Do Q"));
        Ok(())
    }

    /// `gaps` are what is left free before each letter, in ems; none if it is empty.
    pub(super) fn text(&mut self, run: &TextRun, gaps: &[f64]) {
        let forms = run.letters.iter().filter_map(|letter| Some((letter, letter.form.as_ref()?)));
        let Some((_, first)) = forms.clone().next() else { return };
        let Some((position, program)) = self.fonts.find(&first.font) else { return };
        let (mut codes, mut differs) = (String::new(), false);
        for (index, (letter, form)) in forms.enumerate() {
            let Some((code, text)) = program.code(form.glyph) else { continue };
            if let Some(gap) = gaps.get(index).filter(|gap| **gap != 0.0) {
                codes.push_str(&format!(">{}<", number(-1000.0 * gap)));
            }
            codes.push_str(&format!("{code:04X}"));
            differs |= text != letter.text();
        }
        let shown = if gaps.is_empty() {
            format!("<{codes}> Tj")
        } else {
            format!("[<{codes}>] TJ").replace("<>", "")
        };
        let name = format!("F{position}");
        self.used.insert((Category::Font, name.clone()), program.resource.clone());
        if differs {
            // Two characters share a glyph: what is read is said for the whole run.
            let text: String = run.letters.iter().map(Letter::text).collect();
            let text: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            self.line(&format!("/Span<</ActualText<FEFF{text}>>>BDC"));
        }
        self.line(&colour_operator(run.colour, "g", "rg"));
        if first.thickened {
            let width = number(THICKENING * run.size);
            self.line(&format!("{width} w 1 j {}", colour_operator(run.colour, "G", "RG")));
        }
        let mode = if first.thickened { "2 Tr " } else { "0 Tr " };
        let (size, x, y) = (number(run.size), number(run.at.x), number(run.at.y));
        self.line(&format!("BT /{name} {size} Tf {mode}{x} {y} Td {shown} ET"));
        if differs {
            self.line("EMC");
        }
    }

    /// The name of a resource, which it gets if it has none.
    pub(super) fn resource(&mut self, category: Category, letter: &str, shared: &Shared) -> String {
        let known = self.used.iter().find(|((kind, _), it)| *kind == category && *it == shared);
        if let Some(((_, name), _)) = known {
            return name.clone();
        }
        let name = format!("{letter}{}", self.used.len());
        self.used.insert((category, name.clone()), shared.clone());
        name
    }

    fn resources(&self) -> Resources {
        self.used.iter().fold(Resources::default(), |resources, ((category, name), shared)| {
            resources.with(*category, name, shared)
        })
    }

    pub(super) fn line(&mut self, line: &str) {
        self.out.extend_from_slice(line.as_bytes());
        self.out.push(b'\n');
    }
}

/// Grey as grey: black text stays on the black plate.
pub(super) fn colour_operator(Colour(red, green, blue): Colour, grey: &str, rgb: &str) -> String {
    let share = |value: u8| number(f64::from(value) / 255.0);
    if red == green && green == blue {
        format!("{} {grey}", share(red))
    } else {
        format!("{} {} {} {rgb}", share(red), share(green), share(blue))
    }
}

/// Six digits for what scales and turns, so that text at the far end of a page is where it belongs.
fn matrix(map: &Affine) -> String {
    let [a, b, c, d, e, f] = map.0;
    let precise = |value: f64| {
        let digits = format!("{value:.6}");
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        if digits == "-0" { "0".to_owned() } else { digits.to_owned() }
    };
    let [a, b, c, d] = [a, b, c, d].map(precise);
    format!("{a} {b} {c} {d} {} {}", number(e), number(f))
}
