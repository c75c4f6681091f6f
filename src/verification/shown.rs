//! Which registered pictures a signature shows: faces, recognised by their digest.
//!
//! A face counts as shown only if the widget's appearance is, token for token, one of the templates
//!
//! ```text
//! q [/G gs] W 0 0 H x y cm /S Do Q
//! q [/G gs] 0 0 w h re W n W 0 0 H x y cm /S Do Q
//! ```
//!
//! scaled to the widget's rectangle, at an opacity of at least 0.6, with nothing among its resources
//! but what the template names and what calibrates device colours, all of it in the revision that was
//! signed, and if `/S` is an image or
//! a form that [`FaceDigest`] describes. The widget is listed by a page of the document, lies inside
//! what the page shows, depends on no layer, and shows a millimetre at least. Whatever differs is no
//! face, and nothing is said of it: a signature by hand is none either.
//!
//! What is not looked at is what else is painted there: another annotation over the widget, or page
//! content that leaves nothing of ink that is multiplied with it.

use std::collections::{HashMap, HashSet};

use super::default_colours::are_calibrated;
use super::on_page::{Extent, Pages};
use crate::geometry::Coordinate;
use crate::pdf::{Dictionary, File, Object, ObjectId, Revision, Stream};
use crate::report::{ShownCut, ShownFace};
use crate::statement::{ColourSpace, FaceDigest, RasterFace, Samples, VectorFace};

/// The least opacity at which somebody sees a seal.
const LEAST_OPACITY: f64 = 0.6;
/// The longest content of a template, in bytes.
const LONGEST: u64 = 256;
/// By how much lengths may differ that ought to be equal, in user space units: coordinates have
/// thousandths.
const HAIR: f64 = 0.01;
/// Hidden or NoView: bits 2 and 6 of `/F` (ISO 32000-2 Table 167).
const UNSEEN: i64 = 0b10_0010;
/// So many places of one signature are looked at.
const MOST_PLACES: usize = 10_000;

/// Reads faces; what several places show is read once.
pub(super) struct Faces<'f> {
    file: &'f File<'f>,
    /// By the object and the revision in which it was looked up.
    known: HashMap<(ObjectId, usize), Option<FaceDigest>>,
    pages: Pages,
}

impl<'f> Faces<'f> {
    pub(super) fn of(file: &'f File<'f>) -> Self {
        Self { file, known: HashMap::new(), pages: Pages::new() }
    }

    /// What these fields show in a revision.
    pub(super) fn shown(&mut self, revision: usize, fields: &[ObjectId]) -> Vec<ShownFace> {
        let Some(view) = self.file.revision(revision) else { return Vec::new() };
        let widgets = fields.iter().flat_map(|field| widgets(view, *field)).take(MOST_PLACES);
        let mut asked = HashSet::new();
        let widgets = widgets.filter(|widget| asked.insert(*widget));
        let found: Vec<(ObjectId, ShownFace, Extent)> = widgets
            .filter_map(|widget| self.face(view, widget).map(|(face, at)| (widget, face, at)))
            .collect();
        let extents = found.iter().map(|(widget, _, extent)| (*widget, *extent)).collect();
        let seen = self.pages.seen(view, &extents);
        let found = found.into_iter().filter(|(widget, ..)| seen.contains(widget));
        found.map(|(_, face, _)| face).collect()
    }

    fn face(&mut self, view: Revision<'_>, widget: ObjectId) -> Option<(ShownFace, Extent)> {
        let dictionary = view.dictionary(widget).ok()?;
        let is_widget = view.lookup(&dictionary, b"Subtype").ok()??.as_name() == Some(b"Widget");
        let flags = match view.lookup(&dictionary, b"F").ok()? {
            Some(flags) => flags.as_integer()?,
            None => 0,
        };
        if !is_widget || flags & UNSEEN != 0 || dictionary.contains(b"OC") {
            return None;
        }
        let appearance = view.lookup(&dictionary, b"AP").ok()??;
        let normal = appearance.as_dictionary()?.reference(b"N")?;
        let form = stream(view, normal)?;
        let rect: [f64; 4] = numbers(view, &dictionary, b"Rect")?.try_into().ok()?;
        let [width, height] = form_size(view, &form, rect)?;
        if form.data.len() > LONGEST {
            return None;
        }
        let content = view.decoded(normal, &form).ok()?;
        let template = Template::read(std::str::from_utf8(&content).ok()?)?;
        if !template.fits(width, height) {
            return None;
        }
        let (picture, state) = resources(view, &form.dictionary, template.has_state)?;
        let digest = *self
            .known
            .entry((picture, view.number()))
            .or_insert_with(|| face_digest(view, picture));
        let (page, least) = (dictionary.reference(b"P"), template.least_side(width, height));
        let extent = Extent { rect, page, least };
        let face = ShownFace {
            object: widget.to_string(),
            digest: digest?.to_string(),
            part: template.clip.is_some(),
            opacity: state.opacity,
            multiplied: state.multiplied,
            cut: template.cut(width, height)?,
        };
        Some((face, extent))
    }
}

/// The widgets of a field: itself, or its kids.
fn widgets(view: Revision<'_>, field: ObjectId) -> Vec<ObjectId> {
    let Ok(dictionary) = view.dictionary(field) else { return Vec::new() };
    match view.lookup(&dictionary, b"Kids") {
        Ok(Some(kids)) => {
            let kids = kids.as_array().unwrap_or(&[]).iter();
            kids.filter_map(|kid| kid.value.as_reference()).collect()
        }
        _ => vec![field],
    }
}

fn stream(view: Revision<'_>, id: ObjectId) -> Option<Stream> {
    match view.get(id).ok()??.object.value {
        Object::Stream(stream) => Some(stream),
        _ => None,
    }
}

/// Whether a dictionary has no keys but these.
fn only(dictionary: &Dictionary, keys: &[&[u8]]) -> bool {
    dictionary.iter().all(|(key, _)| keys.contains(&key))
}

fn numbers(view: Revision<'_>, dictionary: &Dictionary, key: &[u8]) -> Option<Vec<f64>> {
    let array = view.lookup(dictionary, key).ok()??;
    array.as_array()?.iter().map(|item| item.value.as_number()).collect()
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= HAIR
}

/// Width and height of an appearance as a person sees it: its box, which a turn by quarters puts
/// exactly onto the widget's rectangle (§12.5.5).
fn form_size(view: Revision<'_>, form: &Stream, rect: [f64; 4]) -> Option<[f64; 2]> {
    let keys: [&[u8]; 6] = [b"Type", b"Subtype", b"BBox", b"Matrix", b"Resources", b"Length"];
    let dictionary = &form.dictionary;
    if !only(dictionary, &keys) || dictionary.name(b"Subtype") != Some(b"Form") {
        return None;
    }
    let [left, bottom, width, height] = numbers(view, dictionary, b"BBox")?[..] else {
        return None;
    };
    let [x0, y0, x1, y1] = rect;
    let (across, up) = ((x1 - x0).abs(), (y1 - y0).abs());
    let turned = if dictionary.contains(b"Matrix") {
        let [a, b, c, d, e, f] = numbers(view, dictionary, b"Matrix")?[..] else { return None };
        let turns = [
            [1.0, 0.0, 0.0, 1.0],
            [-1.0, 0.0, 0.0, -1.0],
            [0.0, 1.0, -1.0, 0.0],
            [0.0, -1.0, 1.0, 0.0],
        ];
        let turn = turns.iter().position(|turn| *turn == [a, b, c, d])?;
        (e.is_finite() && f.is_finite()).then_some(turn > 1)?
    } else {
        false
    };
    let seen = if turned { [up, across] } else { [across, up] };
    let fits = left == 0.0 && bottom == 0.0 && same(width, seen[0]) && same(height, seen[1]);
    (fits && width > 0.0 && height > 0.0).then_some([width, height])
}

/// What the content of an appearance says.
struct Template {
    has_state: bool,
    clip: Option<[f64; 2]>,
    /// The picture: left, bottom, width, height.
    picture: [f64; 4],
}

impl Template {
    fn read(content: &str) -> Option<Self> {
        let number = |token: &str| {
            let plain = token.bytes().all(|it| matches!(it, b'0'..=b'9' | b'.' | b'-'));
            token.parse::<f64>().ok().filter(|value| plain && value.is_finite())
        };
        let tokens: Vec<&str> = content.split_ascii_whitespace().collect();
        let inside = tokens.strip_prefix(&["q"])?.strip_suffix(&["cm", "/S", "Do", "Q"])?;
        let (has_state, rest) = match inside.strip_prefix(&["/G", "gs"]) {
            Some(rest) => (true, rest),
            None => (false, inside),
        };
        let (clip, matrix) = match rest {
            ["0", "0", width, height, "re", "W", "n", matrix @ ..] => {
                (Some([number(width)?, number(height)?]), matrix)
            }
            matrix => (None, matrix),
        };
        let [width, "0", "0", height, left, bottom] = matrix else { return None };
        let picture = [number(left)?, number(bottom)?, number(width)?, number(height)?];
        Some(Self { has_state, clip, picture })
    }

    /// The shortest side of what is seen of the picture in a box of this size.
    fn least_side(&self, width: f64, height: f64) -> f64 {
        let [_, _, w, h] = self.picture;
        w.min(h).min(width).min(height)
    }

    /// Which part a slice is of in a box of this size; `None` if that is too large to be said.
    #[expect(clippy::option_option, reason = "a whole picture has no part, which is no failure")]
    fn cut(&self, width: f64, height: f64) -> Option<Option<ShownCut>> {
        if self.clip.is_none() {
            return Some(None);
        }
        let [left, bottom, w, h] = self.picture;
        let thousandths = |value| Coordinate::new(value).ok().map(Coordinate::thousandths);
        Some(Some(ShownCut {
            left: thousandths(-left)?,
            top: thousandths(bottom + h - height)?,
            width: thousandths(width)?,
            height: thousandths(height)?,
            whole_width: thousandths(w)?,
            whole_height: thousandths(h)?,
        }))
    }

    /// Whether it paints inside a box of this size: a whole picture lies in it, a slice is clipped to
    /// it and fills it, and is cut one way only.
    fn fits(&self, width: f64, height: f64) -> bool {
        let [left, bottom, w, h] = self.picture;
        let (right, top) = (left + w, bottom + h);
        if w <= 0.0 || h <= 0.0 {
            return false;
        }
        let (wide, high) = (width + HAIR, height + HAIR);
        match self.clip {
            None => left >= -HAIR && bottom >= -HAIR && right <= wide && top <= high,
            Some([across, up]) => {
                let covers = left <= HAIR && bottom <= HAIR && right >= width - HAIR;
                let cut_once = same(w, width) && same(left, 0.0) || same(h, height);
                same(across, width)
                    && same(up, height)
                    && covers
                    && top >= height - HAIR
                    && cut_once
            }
        }
    }
}

struct State {
    /// In thousandths.
    opacity: u16,
    multiplied: bool,
}

/// The picture and the graphics state that a template names, if there is nothing else.
fn resources(view: Revision<'_>, form: &Dictionary, has_state: bool) -> Option<(ObjectId, State)> {
    let resources = view.lookup(form, b"Resources").ok()??;
    let resources = resources.as_dictionary()?;
    let xobjects = view.lookup(resources, b"XObject").ok()??;
    let xobjects = xobjects.as_dictionary()?;
    let picture = xobjects.reference(b"S")?;
    let keys: [&[u8]; 3] = [b"XObject", b"ExtGState", b"ColorSpace"];
    if !only(resources, &keys) || !only(xobjects, &[b"S"]) || !are_calibrated(view, resources) {
        return None;
    }
    if !has_state {
        let state = State { opacity: 1000, multiplied: false };
        return (!resources.contains(b"ExtGState")).then_some((picture, state));
    }
    let states = view.lookup(resources, b"ExtGState").ok()??;
    let states = states.as_dictionary().filter(|states| only(states, &[b"G"]))?;
    let state = view.lookup(states, b"G").ok()??;
    let state = state.as_dictionary()?;
    if !only(state, &[b"Type", b"CA", b"ca", b"BM"]) {
        return None;
    }
    let opacity = match state.get(b"ca") {
        Some(opacity) => opacity.as_number().filter(|opacity| *opacity <= 1.0)?,
        None => 1.0,
    };
    let multiplied = match state.get(b"BM") {
        None => false,
        Some(mode) => match mode.as_name()? {
            b"Normal" => false,
            b"Multiply" => true,
            _ => return None,
        },
    };
    let opacity = (opacity >= LEAST_OPACITY).then(|| per_mille(opacity))?;
    Some((picture, State { opacity, multiplied }))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0.6 to 1")]
fn per_mille(share: f64) -> u16 {
    (share * 1000.0).round() as u16
}

/// The digest of an image or a form, if it is a face.
fn face_digest(view: Revision<'_>, id: ObjectId) -> Option<FaceDigest> {
    let stream = stream(view, id)?;
    match stream.dictionary.name(b"Subtype")? {
        b"Image" => raster(view, id, &stream),
        b"Form" => vector(view, id, &stream),
        _ => None,
    }
}

fn raster(view: Revision<'_>, id: ObjectId, image: &Stream) -> Option<FaceDigest> {
    let dictionary = &image.dictionary;
    let (width, height, colour_space) = picture_head(dictionary)?;
    let is_dct = dictionary.name(b"Filter") == Some(b"DCTDecode");
    let inverted = match dictionary.get(b"Decode") {
        None => false,
        Some(_) => {
            let decode = numbers(view, dictionary, b"Decode")?;
            let pairs = usize::from(colour_space.components());
            (decode == [1.0, 0.0].repeat(pairs)).then_some(true)?
        }
    };
    let bytes =
        if is_dct { view.raw(image).ok()?.into_owned() } else { view.decoded(id, image).ok()? };
    let alpha = match dictionary.get(b"SMask") {
        None => None,
        Some(mask) => {
            let id = mask.as_reference()?;
            let mask = stream(view, id)?;
            let (columns, rows, grey) = picture_head(&mask.dictionary)?;
            let belongs = (columns, rows, grey) == (width, height, ColourSpace::DeviceGray);
            let plain = !mask.dictionary.contains(b"Decode") && !mask.dictionary.contains(b"SMask");
            let deflated = mask.dictionary.name(b"Filter") != Some(b"DCTDecode");
            (belongs && plain && deflated).then_some(())?;
            Some(view.decoded(id, &mask).ok()?)
        }
    };
    let samples = if is_dct { Samples::Dct(&bytes) } else { Samples::Decoded(&bytes) };
    let alpha = alpha.as_deref();
    FaceDigest::of_raster(&RasterFace { width, height, colour_space, inverted, samples, alpha })
        .ok()
}

/// Columns, rows and colour space of an image that has no key but those of a face.
fn picture_head(image: &Dictionary) -> Option<(u32, u32, ColourSpace)> {
    let keys: [&[u8]; 10] = [
        b"Type",
        b"Subtype",
        b"Filter",
        b"Width",
        b"Height",
        b"ColorSpace",
        b"BitsPerComponent",
        b"Decode",
        b"SMask",
        b"Length",
    ];
    if !only(image, &keys) || image.integer(b"BitsPerComponent") != Some(8) {
        return None;
    }
    let side = |key: &[u8]| u32::try_from(image.integer(key)?).ok();
    let spaces = [ColourSpace::DeviceGray, ColourSpace::DeviceRgb, ColourSpace::DeviceCmyk];
    let name = image.name(b"ColorSpace")?;
    let space = spaces.into_iter().find(|space| space.name().as_bytes() == name)?;
    Some((side(b"Width")?, side(b"Height")?, space))
}

/// A form of outlines, which refers to nothing but the meaning of its colours.
fn vector(view: Revision<'_>, id: ObjectId, form: &Stream) -> Option<FaceDigest> {
    let dictionary = &form.dictionary;
    let keys: [&[u8]; 7] =
        [b"Type", b"Subtype", b"BBox", b"Matrix", b"Resources", b"Filter", b"Length"];
    let resources = view.lookup(dictionary, b"Resources").ok()?;
    let refers = resources.is_some_and(|resources| {
        resources.as_dictionary().is_none_or(|resources| {
            !only(resources, &[b"ColorSpace"]) || !are_calibrated(view, resources)
        })
    });
    let is_face = only(dictionary, &keys)
        && !refers
        && numbers(view, dictionary, b"BBox")? == [0.0, 0.0, 1000.0, 1000.0]
        && numbers(view, dictionary, b"Matrix")? == [0.001, 0.0, 0.0, 0.001, 0.0, 0.0];
    is_face.then_some(())?;
    let content = view.decoded(id, form).ok()?;
    FaceDigest::of_vector(&VectorFace { content: &content, resources: &[] }).ok()
}

#[cfg(test)]
mod tests;
