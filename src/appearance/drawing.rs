//! What is painted in one box, ready for any document.

use std::fmt;
use std::sync::Arc;

use super::fit::Fit;
use super::shared::{BodyBuilder, Shared};
use crate::contract::Opacity;
use crate::digest::{Digest, DigestAlgorithm, Hasher};
use crate::geometry::{MilliPoints, Size};

/// How a drawing mixes with what is below it (ISO 32000-2 §11.3.5).
///
/// ```
/// assert_eq!(sealwright::appearance::Blend::default(), sealwright::appearance::Blend::Normal);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Blend {
    /// It covers what is below.
    #[default]
    Normal,
    /// Both show, as ink on print: black text below a red seal stays black, white stays red.
    Multiply,
}

/// What is painted in one box: a seal, a text, a picture, strokes. It knows no document and may be
/// put on any number of them; clones share everything.
///
/// In a document it is one XObject, written once however often the drawing is shown, and for each
/// place a form of a few hundred bytes that paints it.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut png = Vec::new();
/// # let image = image::RgbaImage::from_pixel(4, 2, image::Rgba([200, 0, 0, 128]));
/// # image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)?;
/// use sealwright::appearance::{Blend, UploadedPicture};
/// use sealwright::contract::Opacity;
/// use sealwright::geometry::Mm;
///
/// let logo = UploadedPicture::from_bytes(&png)?.drawing(Mm(42.0))?;
/// let pale = logo.opacity(Opacity::new(0.8)?).blend(Blend::Multiply).described("江州澄砚");
/// assert_eq!(pale.size().to_string(), "119.055 x 59.528");
/// assert_eq!(pale.description(), Some("江州澄砚"));
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq)]
pub struct Drawing {
    size: Size,
    /// The XObject as it is, and as a transparency group (§11.6.6), without which parts that
    /// overlap would show through each other.
    plain: Shared,
    group: Shared,
    frame: Frame,
    description: Option<Arc<str>>,
    opacity: Opacity,
    blend: Blend,
    /// Multiplied wherever the page permits it.
    is_ink: bool,
    fit: Fit,
    traits: Traits,
}

/// What a standard for long-term preservation asks about a drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// It has pictures with clear pixels; without transparency they stand on white.
    pub(crate) masked: bool,
    /// Parts of it are pale, which nothing stands for.
    pub(crate) pale: bool,
    /// It has pictures in CMYK.
    pub(crate) cmyk: bool,
}

/// The space of the XObject that a place paints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// It fills the unit square, as images do.
    Unit,
    /// It is as large as the drawing, in points.
    Points,
}

impl Drawing {
    /// Operators that paint into `[0 0 w h]`, in points, the origin at the bottom left, y up,
    /// upright; whatever they change of the graphics state is between `q` and `Q`.
    ///
    /// With [`Frame::Unit`] a matrix brings the result into the unit square, as the appearance of a
    /// registered seal has to be painted.
    pub(crate) fn new(size: Size, content: Vec<u8>, resources: &Resources, frame: Frame) -> Self {
        let (width, height) = (size.width(), size.height());
        let matrix = match frame {
            Frame::Unit => format!("/Matrix[{} 0 0 {} 0 0]", inverse(width), inverse(height)),
            Frame::Points => String::new(),
        };
        let data: Arc<[u8]> = content.into();
        let form = |group: &str| {
            let entries = format!(
                "/Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]{matrix}{group}/Resources"
            );
            Shared::stream(resources.written_after(Shared::body().bytes(entries)), data.clone())
        };
        let (plain, group) = (form(""), form("/Group<</S/Transparency>>"));
        Self { plain, group, frame, ..Self::image(size, Shared::body().finish()) }
    }

    /// An image XObject, at a size.
    pub(crate) fn image(size: Size, image: Shared) -> Self {
        Self {
            size,
            plain: image.clone(),
            group: image,
            frame: Frame::Unit,
            description: None,
            opacity: Opacity::default(),
            blend: Blend::default(),
            is_ink: false,
            fit: Fit::default(),
            traits: Traits::default(),
        }
    }

    /// With what is to be known of it.
    pub(crate) fn with_traits(self, traits: Traits) -> Self {
        Self { traits, ..self }
    }

    /// What is to be known of it.
    pub(crate) fn traits(&self) -> Traits {
        self.traits
    }

    /// Opaque, and covering what is below.
    pub(crate) fn covering(self) -> Self {
        Self { opacity: Opacity::default(), ..self.blend(Blend::Normal) }
    }

    /// Mixed as ink is: it multiplies, and covers where a page permits no blend mode.
    pub(crate) fn inked(self) -> Self {
        Self { is_ink: true, ..self }
    }

    /// Mixed as it is on a page that permits blend modes, or none.
    pub(crate) fn settled(self, permitted: bool) -> Self {
        match (self.is_ink, permitted) {
            (false, _) => self,
            (true, true) => self.blend(Blend::Multiply),
            (true, false) => self.blend(Blend::Normal),
        }
    }

    /// Its own size, in points.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// The SHA-256 of what is painted, by value: by it a host knows a signature by hand again. What a
    /// registered seal is known by is its [face digest](super::SealFace::face_digest).
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
        hasher.update(format!("sealwright-drawing-1\0{}\0", self.size).as_bytes());
        self.plain.hash_into(&mut hasher);
        hasher.finish()
    }

    /// With a text for those who do not see it: the alternative description in a tagged document.
    #[must_use]
    pub fn described(self, text: &str) -> Self {
        Self { description: Some(text.into()), ..self }
    }

    /// The text for those who do not see it.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Drawn so opaque.
    #[must_use]
    pub fn opacity(self, opacity: Opacity) -> Self {
        Self { opacity, ..self }
    }

    /// Mixed so with what is below.
    #[must_use]
    pub fn blend(self, blend: Blend) -> Self {
        Self { blend, is_ink: false, ..self }
    }

    /// Standing so in a box that has another size or shape than it has.
    #[must_use]
    pub fn fitted(self, fit: Fit) -> Self {
        Self { fit, ..self }
    }

    /// How it stands in such a box.
    #[must_use]
    pub fn fit(&self) -> Fit {
        self.fit
    }

    /// Whether it needs transparency, which PDF/A-1 does not know: an opacity, a blend mode, pictures
    /// with clear pixels, pale parts.
    #[must_use]
    pub fn uses_transparency(&self) -> bool {
        self.is_blended() || self.traits.masked || self.traits.pale
    }

    /// Whether it mixes as ink does, where that is permitted.
    pub(crate) fn is_ink(&self) -> bool {
        self.is_ink
    }

    /// Whether all of it is painted with an opacity or a blend mode.
    pub(crate) fn is_blended(&self) -> bool {
        self.opacity != Opacity::default() || self.blend != Blend::default()
    }

    /// The XObject that its places refer to.
    pub(super) fn xobject(&self) -> &Shared {
        if self.is_blended() { &self.group } else { &self.plain }
    }

    /// The space of that XObject.
    pub(super) fn frame(&self) -> Frame {
        self.frame
    }

    /// The graphics state parameter dictionary (Table 57) for what differs from opaque and normal.
    pub(super) fn graphics_state(&self) -> Option<String> {
        if !self.is_blended() {
            return None;
        }
        let mut state = String::from("<< /Type /ExtGState");
        if self.opacity != Opacity::default() {
            let opacity = MilliPoints::new(self.opacity.per_mille().into()).unwrap_or_default();
            state.push_str(&format!(" /CA {opacity} /ca {opacity}"));
        }
        if self.blend == Blend::Multiply {
            state.push_str(" /BM /Multiply");
        }
        state.push_str(" >>");
        Some(state)
    }
}

/// One over a length in points, with nine digits.
fn inverse(length: MilliPoints) -> String {
    factor(1.0, length)
}

/// A number of units against a length in points, with nine digits: far less than a thousandth of a
/// unit over the longest side.
#[expect(clippy::cast_precision_loss, reason = "lengths on a page need no more than 53 bits")]
pub(super) fn factor(units: f64, points: MilliPoints) -> String {
    let factor = units * 1_000.0 / points.thousandths().max(1) as f64;
    let digits = format!("{factor:.9}");
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drawing")
            .field("size", &self.size)
            .field("opacity", &self.opacity)
            .field("blend", &self.blend)
            .finish_non_exhaustive()
    }
}

/// Drawings are shared between threads that sign.
const _: fn() = || {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Drawing>();
};

/// A kind of named resource (Table 34).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    ExtGState,
    Font,
    XObject,
}

impl Category {
    fn key(self) -> &'static str {
        match self {
            Self::ExtGState => "ExtGState",
            Self::Font => "Font",
            Self::XObject => "XObject",
        }
    }
}

/// What a drawing's operators refer to by name. Names are of letters and digits.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Resources {
    entries: Vec<(Category, String, Shared)>,
}

impl Resources {
    /// With one more.
    pub(crate) fn with(mut self, category: Category, name: &str, shared: &Shared) -> Self {
        self.entries.push((category, name.to_owned(), shared.clone()));
        self.entries.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        self
    }

    /// The dictionary, behind what is there.
    pub(crate) fn written_after(&self, mut body: BodyBuilder) -> BodyBuilder {
        body = body.bytes("<<").default_colours();
        for group in self.entries.chunk_by(|a, b| a.0 == b.0) {
            let category = group.first().map_or("", |(category, ..)| category.key());
            body = body.bytes(format!("/{category}<<"));
            for (_, name, shared) in group {
                body = body.bytes(format!("/{name} ")).reference(shared);
            }
            body = body.bytes(">>");
        }
        body.bytes(">>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::shared::Numbers;
    use crate::geometry::Pt;

    fn written(shared: &Shared) -> String {
        let (mut numbers, mut next, mut out) = (Numbers::default(), 6_u32, Vec::new());
        let mut take = || {
            next += 1;
            Ok::<_, ()>(next)
        };
        numbers.number_of(shared, &mut take).unwrap();
        numbers.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn operators_become_a_form_with_their_resources() {
        let font = Shared::body().bytes("<< /Type /Font >>").finish();
        let state = Shared::body().bytes("<< /Type /ExtGState >>").finish();
        let resources = Resources::default()
            .with(Category::Font, "F1", &font)
            .with(Category::ExtGState, "G1", &state)
            .with(Category::Font, "F0", &font);
        let size = Size::new(Pt(120.0), Pt(30.5)).unwrap();
        let drawing = Drawing::new(size, b"q Q".to_vec(), &resources, Frame::Points);
        let plain = written(drawing.xobject());
        assert!(plain.starts_with(
            "7 0 obj\n<</Length 3/Type/XObject/Subtype/Form/BBox[0 0 120 30.5]/Resources\
             <</ExtGState<</G1 8 0 R>>/Font<</F0 9 0 R/F1 9 0 R>>>>>>\nstream\nq Q\nendstream"
        ));
        assert!(!plain.contains("/Group"));
        let pale = drawing.clone().opacity(Opacity::new(0.6).unwrap());
        assert!(written(pale.xobject()).contains("/Group<</S/Transparency>>"));
        assert_eq!(drawing.blend(Blend::Multiply).xobject(), pale.xobject());
    }

    #[test]
    fn only_what_differs_from_the_default_is_in_the_graphics_state() {
        let xobject = Shared::body().finish();
        let drawing = Drawing::image(Size::new(Pt(1.0), Pt(1.0)).unwrap(), xobject);
        assert_eq!(drawing.graphics_state(), None);
        let pale = drawing.clone().opacity(Opacity::new(0.85).unwrap());
        assert_eq!(pale.graphics_state().unwrap(), "<< /Type /ExtGState /CA 0.85 /ca 0.85 >>");
        let both = pale.blend(Blend::Multiply);
        assert_eq!(
            both.graphics_state().unwrap(),
            "<< /Type /ExtGState /CA 0.85 /ca 0.85 /BM /Multiply >>"
        );
        assert!(both.uses_transparency());
        assert_eq!(
            drawing.blend(Blend::Multiply).graphics_state().unwrap(),
            "<< /Type /ExtGState /BM /Multiply >>"
        );
    }
}
