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
//! a form that [`FaceDigest`] describes. Whatever differs is no face, and nothing is said of it: a
//! signature by hand is none either.

use std::collections::HashMap;

use super::default_colours::are_calibrated;
use crate::pdf::{Dictionary, File, Object, ObjectId, Revision, Stream};
use crate::report::ShownFace;
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
}

impl<'f> Faces<'f> {
    pub(super) fn of(file: &'f File<'f>) -> Self {
        Self { file, known: HashMap::new() }
    }

    /// What these fields show in a revision.
    pub(super) fn shown(&mut self, revision: usize, fields: &[ObjectId]) -> Vec<ShownFace> {
        let Some(view) = self.file.revision(revision) else { return Vec::new() };
        let widgets = fields.iter().flat_map(|field| widgets(view, *field)).take(MOST_PLACES);
        widgets.filter_map(|widget| self.face(view, widget)).collect()
    }

    fn face(&mut self, view: Revision<'_>, widget: ObjectId) -> Option<ShownFace> {
        let dictionary = view.dictionary(widget).ok()?;
        let flags = view.lookup(&dictionary, b"F").ok()?;
        if flags.and_then(|flags| flags.as_integer()).unwrap_or(0) & UNSEEN != 0 {
            return None;
        }
        let appearance = view.lookup(&dictionary, b"AP").ok()??;
        let normal = appearance.as_dictionary()?.reference(b"N")?;
        let form = stream(view, normal)?;
        let [width, height] = form_size(view, &form, &numbers(view, &dictionary, b"Rect")?)?;
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
        Some(ShownFace {
            object: widget.to_string(),
            digest: digest?.to_string(),
            part: template.clip.is_some(),
            opacity: state.opacity,
            multiplied: state.multiplied,
        })
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
fn form_size(view: Revision<'_>, form: &Stream, rect: &[f64]) -> Option<[f64; 2]> {
    let keys: [&[u8]; 6] = [b"Type", b"Subtype", b"BBox", b"Matrix", b"Resources", b"Length"];
    let dictionary = &form.dictionary;
    if !only(dictionary, &keys) || dictionary.name(b"Subtype") != Some(b"Form") {
        return None;
    }
    let [left, bottom, width, height] = numbers(view, dictionary, b"BBox")?[..] else {
        return None;
    };
    let [x0, y0, x1, y1] = *rect else { return None };
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

    /// Whether it paints inside a box of this size: a whole picture lies in it, a slice is clipped to
    /// it and fills it.
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
                same(across, width) && same(up, height) && covers && top >= height - HAIR
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
mod tests {
    use sealwright_testdata::documents;
    use sealwright_testdata::pdf::{Layout, deflate};

    use super::*;
    use crate::limits::Limits;

    const BOX: &str = "/Type/XObject/Subtype/Form/BBox[0 0 120 60]";
    const OUTLINES: &str = "/Type/XObject/Subtype/Form/BBox[0 0 1000 1000]\
        /Matrix[0.001 0 0 0.001 0 0]/Resources<<>>";
    const IMAGE: &str = "/Type/XObject/Subtype/Image/Width 2/Height 1/ColorSpace/DeviceGray\
        /BitsPerComponent 8";
    const PATHS: &[u8] = b"1 0 0 rg 0 0 m 1000 0 l 500 1000 l h f";

    /// A widget with an appearance: what the tests change of it.
    struct Page<'a> {
        widget: &'a str,
        form: &'a str,
        resources: &'a str,
        content: &'a str,
        picture: (&'a str, &'a [u8]),
    }

    const PAGE: Page<'static> = Page {
        widget: "/Rect[100 200 220 260]",
        form: BOX,
        resources: "/XObject<</S 42 0 R>>",
        content: "q 60 0 0 60 30 0 cm /S Do Q",
        picture: (OUTLINES, PATHS),
    };

    impl Page<'_> {
        fn shown(&self) -> Option<ShownFace> {
            let mut pdf = documents::plain(1);
            let widget = "<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/AP<</N 41 0 R>>";
            pdf.set(40, format!("{widget}{}>>", self.widget));
            let form = format!("{}/Resources<<{}>>", self.form, self.resources);
            pdf.set_stream(41, &form, self.content.as_bytes());
            pdf.set_stream(42, self.picture.0, self.picture.1);
            pdf.set_stream(43, IMAGE, b"\x80\xff");
            let bytes = pdf.write(&Layout::default());
            let file = File::open(&bytes, Limits::default()).unwrap();
            let mut found = Faces::of(&file).shown(1, &[ObjectId::new(40, 0)]);
            assert!(found.len() <= 1);
            found.pop()
        }
    }

    fn digest_of(paths: &[u8]) -> String {
        FaceDigest::of_vector(&VectorFace { content: paths, resources: &[] }).unwrap().to_string()
    }

    #[test]
    fn outlines_are_known_again_whole_sliced_pale_and_multiplied() {
        let whole = PAGE.shown().unwrap();
        assert_eq!(whole.digest, digest_of(PATHS));
        assert_eq!((whole.object.as_str(), whole.part), ("40 0", false));
        assert_eq!((whole.opacity, whole.multiplied), (1000, false));

        let slice = Page { content: "q 0 0 120 60 re W n 240 0 0 60 -120 0 cm /S Do Q", ..PAGE };
        let slice = slice.shown().unwrap();
        assert_eq!((slice.digest, slice.part), (digest_of(PATHS), true));

        let resources = "/XObject<</S 42 0 R>>/ExtGState<</G<</Type/ExtGState/CA 0.85/ca 0.85\
            /BM/Multiply>>>>";
        let pale = Page { content: "q /G gs 60 0 0 60 30 0 cm /S Do Q", resources, ..PAGE };
        let pale = pale.shown().unwrap();
        assert_eq!((pale.opacity, pale.multiplied), (850, true));
        assert_eq!(pale.digest, digest_of(PATHS));
    }

    #[test]
    fn on_a_turned_page_and_deflated_it_is_the_same_face() {
        let form = format!("{BOX}/Matrix[0 1 -1 0 60 0]");
        let turned = Page { widget: "/Rect[100 200 160 320]", form: &form, ..PAGE };
        assert_eq!(turned.shown().unwrap().digest, digest_of(PATHS));
        let (entries, data) = (format!("{OUTLINES}/Filter/FlateDecode"), deflate(PATHS));
        let deflated = Page { picture: (&entries, &data), ..PAGE };
        assert_eq!(deflated.shown().unwrap().digest, digest_of(PATHS));
    }

    #[test]
    fn another_operator_is_another_face() {
        let other = b"1 0 0 rg 0 0 m 1000 0 l 500 999 l h f";
        let found = Page { picture: (OUTLINES, other), ..PAGE }.shown().unwrap().digest;
        assert_eq!(found, digest_of(other));
        assert_ne!(found, digest_of(PATHS));
    }

    #[test]
    fn an_image_is_known_with_its_soft_mask() {
        let masked = format!("{IMAGE}/SMask 43 0 R");
        let found = Page { picture: (&masked, b"\x01\x02"), ..PAGE }.shown().unwrap().digest;
        let face = RasterFace {
            width: 2,
            height: 1,
            colour_space: ColourSpace::DeviceGray,
            inverted: false,
            samples: Samples::Decoded(&[1, 2]),
            alpha: Some(&[128, 255]),
        };
        assert_eq!(found, FaceDigest::of_raster(&face).unwrap().to_string());
        // Samples that do not fill the picture are no picture.
        assert_eq!(Page { picture: (IMAGE, b"\x01"), ..PAGE }.shown(), None);
    }

    #[test]
    fn whatever_differs_from_the_template_is_no_face() {
        let contents = [
            "q 60 0 0 60 30 0 cm /S Do",
            "q 60 0 0 60 30 0 cm /S Do Q q Q",
            "q 60 0 0.1 60 30 0 cm /S Do Q",
            "q 60 0 0 60 61 0 cm /S Do Q",
            "q 60 0 0 61 30 0 cm /S Do Q",
            "q -60 0 0 60 90 0 cm /S Do Q",
            "q 60 0 0 60 30 0 cm /T Do Q",
            "q 0 0 60 60 re W n 60 0 0 60 0 0 cm /S Do Q",
            "q 0 0 120 60 re W n 60 0 0 60 0 0 cm /S Do Q",
            "q /G gs 60 0 0 60 30 0 cm /S Do Q",
            "q 1e9 0 0 60 30 0 cm /S Do Q",
            "q 6% 0 0 60 30 0 cm /S Do Q",
            "",
        ];
        for content in contents {
            assert_eq!(Page { content, ..PAGE }.shown(), None, "{content}");
        }
        let state = |entries: &str| format!("/XObject<</S 42 0 R>>/ExtGState<</G<<{entries}>>>>");
        let states = ["/ca 0.59", "/ca 2", "/BM/Screen", "/SMask 43 0 R", "/ca 0.7/AIS true"];
        for resources in states.map(state) {
            let content = "q /G gs 60 0 0 60 30 0 cm /S Do Q";
            let page = Page { content, resources: &resources, ..PAGE };
            assert_eq!(page.shown(), None, "{resources}");
        }
        for resources in
            ["/XObject<</S 99 0 R>>", "/XObject<</S 42 0 R/T 42 0 R>>", "", "/XObject 1"]
        {
            assert_eq!(Page { resources, ..PAGE }.shown(), None, "{resources}");
        }
        let widgets = ["/Rect[100 200 221 260]", "/Rect[100 200 220 260]/F 2", "/Rect[1 2 3]", ""];
        for widget in widgets {
            assert_eq!(Page { widget, ..PAGE }.shown(), None, "{widget}");
        }
        for more in ["/Group<</S/Transparency>>", "/OC 1 0 R", "/Matrix[2 0 0 2 0 0]"] {
            let form = format!("{BOX}{more}");
            assert_eq!(Page { form: &form, ..PAGE }.shown(), None, "{more}");
        }
        for more in ["/Group<</S/Transparency>>", "/Ref 1 0 R", "/Mask 43 0 R"] {
            let (vector, raster) = (format!("{OUTLINES}{more}"), format!("{IMAGE}{more}"));
            assert_eq!(Page { picture: (&vector, PATHS), ..PAGE }.shown(), None, "{more}");
            assert_eq!(Page { picture: (&raster, b"\x01\x02"), ..PAGE }.shown(), None, "{more}");
        }
        let font = OUTLINES.replace("/Resources<<>>", "/Resources<</Font<</F 5 0 R>>>>");
        assert_eq!(Page { picture: (&font, PATHS), ..PAGE }.shown(), None);
    }
}
