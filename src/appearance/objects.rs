//! The PDF objects of a face, as bytes.

use std::fmt::Write;

use pdf_writer::{Chunk, Filter, Finish, Name, Ref, Settings};

use crate::geometry::{Coordinate, MilliPoints, PdfRect, Rotation, Size};
use crate::placement::Placed;
use crate::statement::{ColourSpace, RasterFace, Samples};

/// The streams of a compiled face: they are the same in every document but for their numbers.
pub(super) struct ImageStreams {
    pub(super) image: Image,
    pub(super) soft_mask: Option<Image>,
}

/// An image XObject without its number (ISO 32000-2 Table 87): what its dictionary says, and its
/// encoded data.
pub(super) struct Image {
    width: i32,
    height: i32,
    colour_space: ColourSpace,
    inverted: bool,
    filter: Filter,
    data: Vec<u8>,
}

impl Image {
    /// The picture of a face; `data` is encoded as the form of the face's samples says.
    pub(super) fn picture(face: &RasterFace<'_>, data: Vec<u8>) -> Self {
        let filter = match face.samples {
            Samples::Decoded(_) => Filter::FlateDecode,
            Samples::Dct(_) => Filter::DctDecode,
        };
        Self {
            width: integer(face.width),
            height: integer(face.height),
            colour_space: face.colour_space,
            inverted: face.inverted,
            filter,
            data,
        }
    }

    /// A soft mask (ISO 32000-2 §11.6.5.2) of as many pixels as its image; `data` is deflated.
    pub(super) fn soft_mask(width: u32, height: u32, data: Vec<u8>) -> Self {
        Self {
            width: integer(width),
            height: integer(height),
            colour_space: ColourSpace::DeviceGray,
            inverted: false,
            filter: Filter::FlateDecode,
            data,
        }
    }

    /// There is no `/Interpolate`, which PDF/A forbids.
    fn write(&self, number: u32, soft_mask: Option<u32>, out: &mut Vec<u8>) {
        let settings = Settings { pretty: false };
        let mut chunk = Chunk::with_settings_and_capacity(settings, self.data.len() + 256);
        let mut image = chunk.image_xobject(reference(number), &self.data);
        image.filter(self.filter);
        image.width(self.width).height(self.height);
        image.color_space_name(Name(self.colour_space.name().as_bytes()));
        image.bits_per_component(8);
        if self.inverted {
            image.decode([1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
        }
        if let Some(soft_mask) = soft_mask {
            image.s_mask(reference(soft_mask));
        }
        image.finish();
        out.extend_from_slice(chunk.as_bytes());
    }
}

/// Pixels are far below what the type holds, object numbers above it do not exist in any file.
fn integer(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn reference(number: u32) -> Ref {
    Ref::new(integer(number.max(1)))
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
        self.write_content(number, &Upright { width, height, matrix }, &content, out);
    }

    /// The same for a rectangle that has another shape than the seal, as in a field that somebody
    /// else made: the seal stands in its middle at `own` size, or smaller if it would not fit, and
    /// is never distorted. Its content is the template `q w 0 0 h x y cm /S Do Q`.
    pub fn write_centred_form(&self, number: u32, placed: &Placed, own: Size, out: &mut Vec<u8>) {
        let upright = Upright::of(&placed.user_space(), placed.rotation());
        let inside = placed.rect().size();
        // Thousandths of points against thousandths of user space units: they differ by UserUnit.
        let share =
            |own: MilliPoints, inside: MilliPoints| ratio(own.thousandths(), inside.thousandths());
        let across = share(own.width(), inside.width());
        let up = share(own.height(), inside.height());
        let fit = across.max(up).max(1.0);
        let (across, up) = (across / fit, up / fit);
        let [width, height] = [upright.width, upright.height].map(units);
        let number_of = |value: f64| Coordinate::new(value).unwrap_or(Coordinate::ZERO);
        let content = format!(
            "q {} 0 0 {} {} {} cm /S Do Q",
            number_of(width * across),
            number_of(height * up),
            number_of(width * (1.0 - across) / 2.0),
            number_of(height * (1.0 - up) / 2.0),
        );
        self.write_content(number, &upright, &content, out);
    }

    fn write_content(&self, number: u32, upright: &Upright, content: &str, out: &mut Vec<u8>) {
        let Upright { width, height, matrix } = upright;
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

/// A coordinate as a number of user space units; thousandths are exact far beyond any page.
fn units(coordinate: Coordinate) -> f64 {
    ratio(coordinate.thousandths(), 1_000)
}

#[expect(clippy::cast_precision_loss, reason = "lengths on a page need no more than 53 bits")]
fn ratio(dividend: i64, divisor: i64) -> f64 {
    dividend as f64 / divisor as f64
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

#[cfg(test)]
mod tests {
    use std::io::Read;

    use sealwright_testdata::faces::{uniform_jpeg, upright_jpeg, upright_png};

    use crate::appearance::SealFace;
    use crate::geometry::{Mm, PageGeometry, PageNumber, Pt, Rect};
    use crate::placement::Placed;
    use crate::statement::{ColourSpace, FaceDigest, RasterFace, Samples};

    fn written(face: &SealFace) -> (Vec<u8>, Vec<(u32, usize)>) {
        let mut next = 7..;
        let mut out = b"%PDF-1.7\n".to_vec();
        let offsets = face.objects(|| next.next().unwrap()).write(&mut out);
        (out, offsets)
    }

    fn form(rotate: i64, user_unit: f64) -> String {
        let face = SealFace::from_image(&upright_png(1), Mm(42.0)).unwrap();
        let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, rotate, user_unit).unwrap();
        let rect = Rect::new(Pt(100.0), Pt(200.0), Pt(120.0), Pt(60.5)).unwrap();
        let placed = Placed::on(PageNumber::new(1).unwrap(), &page, rect).unwrap();
        let mut next = 7..;
        let mut out = Vec::new();
        face.objects(|| next.next().unwrap()).write_form(9, &placed, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// The dictionary and the data of the object at an offset.
    fn parts(out: &[u8], offset: usize) -> (String, &[u8]) {
        let object = &out[offset..];
        let find =
            |needle: &[u8]| object.windows(needle.len()).position(|bytes| bytes == needle).unwrap();
        let (start, end) = (find(b"\nstream\n"), find(b"\nendstream\nendobj\n"));
        (String::from_utf8(object[..start].to_vec()).unwrap(), &object[start + 8..end])
    }

    fn inflated(data: &[u8]) -> Vec<u8> {
        let mut samples = Vec::new();
        flate2::read::ZlibDecoder::new(data).read_to_end(&mut samples).unwrap();
        samples
    }

    #[test]
    fn an_upright_page_needs_no_matrix() {
        assert_eq!(
            form(0, 1.0),
            "9 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 120 60.5] \
             /Resources << /XObject << /S 7 0 R >> >> /Length 29 >>\n\
             stream\nq 120 0 0 60.5 0 0 cm /S Do Q\nendstream\nendobj\n"
        );
    }

    #[test]
    fn the_box_is_what_a_person_sees_and_the_matrix_turns_it() {
        for (rotate, matrix) in [
            (90, "/BBox [0 0 120 60.5] /Matrix [0 1 -1 0 60.5 0] "),
            (180, "/BBox [0 0 120 60.5] /Matrix [-1 0 0 -1 120 60.5] "),
            (270, "/BBox [0 0 120 60.5] /Matrix [0 -1 1 0 0 120] "),
        ] {
            let form = form(rotate, 1.0);
            assert!(form.contains(matrix), "{form}");
            assert!(form.contains("\nq 120 0 0 60.5 0 0 cm /S Do Q\n"), "{form}");
        }
    }

    #[test]
    fn large_user_units_make_small_numbers() {
        let form = form(90, 2.0);
        assert!(form.contains("/BBox [0 0 60 30.25] /Matrix [0 1 -1 0 30.25 0] "), "{form}");
    }

    #[test]
    fn the_image_names_its_soft_mask_and_the_lengths_are_exact() {
        let face = SealFace::from_image(&upright_png(2), Mm(42.0)).unwrap();
        let (out, offsets) = written(&face);
        assert_eq!(offsets.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [7, 8]);
        let (image, data) = parts(&out, offsets[0].1);
        assert_eq!(
            image,
            format!(
                "7 0 obj\n<</Length {}/Type/XObject/Subtype/Image/Filter/FlateDecode/Width 40\
                 /Height 20/ColorSpace/DeviceRGB/BitsPerComponent 8/SMask 8 0 R>>",
                data.len()
            )
        );
        let (mask, data) = parts(&out, offsets[1].1);
        assert_eq!(
            mask,
            format!(
                "8 0 obj\n<</Length {}/Type/XObject/Subtype/Image/Filter/FlateDecode/Width 40\
                 /Height 20/ColorSpace/DeviceGray/BitsPerComponent 8>>",
                data.len()
            )
        );
    }

    /// As a judge does it who has the file and nothing else.
    #[test]
    fn the_face_digest_can_be_taken_from_what_was_written() {
        let face = SealFace::from_image(&upright_png(3), Mm(42.0)).unwrap();
        let (out, offsets) = written(&face);
        let samples = inflated(parts(&out, offsets[0].1).1);
        let alpha = inflated(parts(&out, offsets[1].1).1);
        let read_back = RasterFace {
            width: 60,
            height: 30,
            colour_space: ColourSpace::DeviceRgb,
            inverted: false,
            samples: Samples::Decoded(&samples),
            alpha: Some(&alpha),
        };
        assert_eq!(FaceDigest::of_raster(&read_back).unwrap(), face.face_digest());
    }

    #[test]
    fn a_jpeg_is_one_object_that_holds_it_as_it_is() {
        let jpeg = upright_jpeg(3);
        let face = SealFace::from_image(&jpeg, Mm(42.0)).unwrap();
        let (out, offsets) = written(&face);
        assert_eq!(offsets.len(), 1);
        let (image, data) = parts(&out, offsets[0].1);
        assert!(image.contains("/Filter/DCTDecode/"), "{image}");
        assert_eq!(data, jpeg);
        let read_back = RasterFace {
            width: 60,
            height: 30,
            colour_space: ColourSpace::DeviceRgb,
            inverted: false,
            samples: Samples::Dct(data),
            alpha: None,
        };
        assert_eq!(FaceDigest::of_raster(&read_back).unwrap(), face.face_digest());
    }

    #[test]
    fn inverted_inks_say_so() {
        let dictionary = |adobe| {
            let jpeg = uniform_jpeg(&[9; 4], adobe);
            let (out, offsets) = written(&SealFace::from_image(&jpeg, Mm(42.0)).unwrap());
            parts(&out, offsets[0].1).0
        };
        assert!(dictionary(Some(0)).contains("/Decode[1 0 1 0 1 0 1 0]"));
        assert!(!dictionary(None).contains("/Decode["));
    }
}
