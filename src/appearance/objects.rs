//! The PDF objects of a face, as bytes.

use std::fmt::Write;

use crate::geometry::{Coordinate, PdfRect, Rotation};
use crate::placement::Placed;
use crate::statement::{RasterFace, Samples};

/// The streams of a compiled face: they are the same in every document but for their numbers.
pub(super) struct ImageStreams {
    pub(super) image: Stream,
    pub(super) soft_mask: Option<Stream>,
}

/// A stream object without its number: the entries of its dictionary, and its encoded data.
pub(super) struct Stream {
    entries: String,
    data: Vec<u8>,
}

impl Stream {
    /// An image XObject (ISO 32000-2 Table 87), without its soft mask. `data` is encoded as the
    /// form of the face's samples says. There is no `/Interpolate`, which PDF/A forbids.
    pub(super) fn image(face: &RasterFace<'_>, data: Vec<u8>) -> Self {
        let decode = if face.inverted { " /Decode [1 0 1 0 1 0 1 0]" } else { "" };
        let filter = match face.samples {
            Samples::Decoded(_) => "FlateDecode",
            Samples::Dct(_) => "DCTDecode",
        };
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /{} \
             /BitsPerComponent 8{decode} /Filter /{filter}",
            face.width, face.height, face.colour_space
        );
        Self { entries, data }
    }

    /// A soft mask (ISO 32000-2 §11.6.5.2) of as many pixels as its image; `data` is deflated.
    pub(super) fn soft_mask(width: u32, height: u32, data: Vec<u8>) -> Self {
        let entries = format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} \
             /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
        );
        Self { entries, data }
    }

    fn write(&self, number: u32, soft_mask: Option<u32>, out: &mut Vec<u8>) {
        let soft_mask = soft_mask.map(|mask| format!(" /SMask {mask} 0 R")).unwrap_or_default();
        let (entries, length) = (&self.entries, self.data.len());
        let head = format!("{number} 0 obj\n<< {entries}{soft_mask} /Length {length} >>\nstream\n");
        let tail = b"\nendstream\nendobj\n";
        out.reserve(head.len() + length + tail.len());
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(&self.data);
        out.extend_from_slice(tail);
    }
}

/// A face in one document: its streams, and the object numbers they got there. Made by
/// [`SealFace::objects`](super::SealFace::objects). All generations are 0.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut png = Vec::new();
/// # let image = image::RgbaImage::from_pixel(4, 2, image::Rgba([200, 0, 0, 128]));
/// # image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)?;
/// use sealwright::appearance::SealFace;
/// use sealwright::geometry::Mm;
///
/// let face = SealFace::from_image(&png, Mm(42.0))?;
/// let mut numbers = 7..;
/// let objects = face.objects(|| numbers.next().unwrap_or(u32::MAX));
/// let mut out = b"what is already there\n".to_vec();
/// for (number, offset) in objects.write(&mut out) {
///     // What a cross-reference entry needs.
///     assert!(out[offset..].starts_with(format!("{number} 0 obj\n").as_bytes()));
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Copy)]
pub struct FaceObjects<'a> {
    streams: &'a ImageStreams,
    image: u32,
    soft_mask: Option<u32>,
}

impl<'a> FaceObjects<'a> {
    pub(super) fn new(streams: &'a ImageStreams, mut take_number: impl FnMut() -> u32) -> Self {
        let image = take_number();
        let soft_mask = streams.soft_mask.is_some().then(take_number);
        Self { streams, image, soft_mask }
    }

    /// The object number of the image XObject.
    #[must_use]
    pub fn image(&self) -> u32 {
        self.image
    }

    /// Appends the image and its soft mask, each from `N 0 obj` to `endobj`; to be done once per
    /// document. Returns each object's number and where in `out` it starts.
    pub fn write(&self, out: &mut Vec<u8>) -> Vec<(u32, usize)> {
        let mut offsets = vec![(self.image, out.len())];
        self.streams.image.write(self.image, self.soft_mask, out);
        if let (Some(stream), Some(number)) = (&self.streams.soft_mask, self.soft_mask) {
            offsets.push((number, out.len()));
            stream.write(number, None, out);
        }
        offsets
    }

    /// Appends the appearance of one widget: a form XObject (ISO 32000-2 Table 93) with the object
    /// number `number`, from `N 0 obj` to `endobj`. It belongs under `/AP << /N number 0 R >>` of a
    /// widget whose `/Rect` is [`Placed::user_space`]. Its content is the template
    /// `q W 0 0 H 0 0 cm /S Do Q`.
    pub fn write_form(&self, number: u32, placed: &Placed, out: &mut Vec<u8>) {
        let Upright { width, height, matrix } =
            Upright::of(&placed.user_space(), placed.rotation());
        let content = format!("q {width} 0 0 {height} 0 0 cm /S Do Q");
        let mut form = String::new();
        // Writing to a string cannot fail.
        let _ = write!(
            form,
            "{number} 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 {width} {height}]{matrix} \
             /Resources << /XObject << /S {image} 0 R >> >> /Length {length} >>\n\
             stream\n{content}\nendstream\nendobj\n",
            image = self.image,
            length = content.len(),
        );
        out.extend_from_slice(form.as_bytes());
    }
}

/// The size that a person sees, in user space units, and how the form is turned so that he does.
struct Upright {
    width: Coordinate,
    height: Coordinate,
    matrix: String,
}

impl Upright {
    /// The turned box keeps its lower left corner at the origin: readers that do not compute the
    /// transformed box, but only look at `/BBox` and `/Matrix`, are right as well.
    fn of(rect: &PdfRect, rotation: Rotation) -> Self {
        let (across, up) = (rect.width(), rect.height());
        let (width, height) = if rotation.swaps_axes() { (up, across) } else { (across, up) };
        let matrix = match rotation {
            Rotation::R0 => String::new(),
            Rotation::R90 => format!(" /Matrix [0 1 -1 0 {across} 0]"),
            Rotation::R180 => format!(" /Matrix [-1 0 0 -1 {across} {up}]"),
            Rotation::R270 => format!(" /Matrix [0 -1 1 0 0 {up}]"),
        };
        Self { width, height, matrix }
    }
}
