//! The PDF objects of a face, as bytes.

use std::convert::Infallible;
use std::sync::Arc;

use super::drawing::Drawing;
use super::fit::Fit;
use super::place::View;
use super::shared::{Numbers, Shared};
use crate::placement::Placed;
use crate::statement::{ColourSpace, RasterFace, Samples};

/// The image XObject (ISO 32000-2 Table 87) of a face; `data` is encoded as the form of the face's
/// samples says.
///
/// There is no `/Interpolate`, which PDF/A forbids. Of a picture with a soft mask `opaque` makes one
/// without.
pub(super) fn picture(
    face: &RasterFace<'_>,
    data: Arc<[u8]>,
    soft_mask: Option<&Shared>,
    opaque: impl Fn() -> Option<Shared> + Send + Sync + 'static,
) -> Shared {
    let filter = match face.samples {
        Samples::Decoded(_) => "FlateDecode",
        Samples::Dct(_) => "DCTDecode",
    };
    let mut entries = entries(filter, face.width, face.height, face.colour_space);
    if face.inverted {
        entries.push_str("/Decode[1 0 1 0 1 0 1 0]");
    }
    let entries = Shared::body().bytes(entries);
    match soft_mask {
        Some(soft_mask) => {
            let entries = entries.bytes("/SMask ").reference(soft_mask);
            Shared::transparent_stream(entries, data, opaque)
        }
        None => Shared::stream(entries, data),
    }
}

/// A soft mask (ISO 32000-2 §11.6.5.2) of as many pixels as its image; `data` is deflated.
pub(super) fn soft_mask(width: u32, height: u32, data: Arc<[u8]>) -> Shared {
    let entries = entries("FlateDecode", width, height, ColourSpace::DeviceGray);
    Shared::stream(Shared::body().bytes(entries), data)
}

/// The form XObject of a vector face ([`VectorFace`](crate::statement::VectorFace)); `data` is its
/// content, deflated.
pub(super) fn outlines(data: Vec<u8>) -> Shared {
    let entries = "/Type/XObject/Subtype/Form/BBox[0 0 1000 1000]/Matrix[0.001 0 0 0.001 0 0]\
                   /Filter/FlateDecode/Resources<<";
    let entries = Shared::body().bytes(entries).default_colours().bytes(">>");
    Shared::stream(entries, data)
}

fn entries(filter: &str, width: u32, height: u32, colour_space: ColourSpace) -> String {
    format!(
        "/Type/XObject/Subtype/Image/Filter/{filter}/Width {width}/Height {height}\
         /ColorSpace/{}/BitsPerComponent 8",
        colour_space.name()
    )
}

/// A drawing in one document: the numbers that its objects got there. Made by [`Drawing::objects`], for
/// hosts that write documents themselves. All generations are 0.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut png = Vec::new();
/// # let image = image::RgbaImage::from_pixel(4, 2, image::Rgba([200, 0, 0, 128]));
/// # image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)?;
/// use sealwright::appearance::UploadedPicture;
/// use sealwright::geometry::Mm;
///
/// let logo = UploadedPicture::from_bytes(&png)?.drawing(Mm(42.0))?;
/// let mut numbers = 7..;
/// let mut objects = logo.objects(|| numbers.next().unwrap_or(u32::MAX));
/// let mut out = b"what is already there\n".to_vec();
/// for (number, offset) in objects.write(&mut out) {
///     // What a cross-reference entry needs.
///     assert!(out[offset..].starts_with(format!("{number} 0 obj\n").as_bytes()));
/// }
/// # Ok(()) }
/// ```
pub struct FaceObjects {
    drawing: Drawing,
    numbers: Numbers,
    xobject: u32,
}

impl Drawing {
    /// The objects that a document needs once to show this drawing any number of times, for hosts that
    /// write documents themselves. `take_number` hands out the document's next free object number.
    #[must_use]
    pub fn objects(&self, take_number: impl FnMut() -> u32) -> FaceObjects {
        FaceObjects::new(self.clone(), take_number)
    }
}

impl FaceObjects {
    pub(super) fn new(drawing: Drawing, mut take_number: impl FnMut() -> u32) -> Self {
        let mut numbers = Numbers::default();
        let Ok(xobject) =
            numbers.number_of(drawing.xobject(), &mut || Ok::<_, Infallible>(take_number()));
        Self { drawing, numbers, xobject }
    }

    /// The object number of the image XObject, or of the form XObject of a face made of paths.
    #[must_use]
    pub fn image(&self) -> u32 {
        self.xobject
    }

    /// Appends the image and its soft mask, each from `N 0 obj` to `endobj`; to be done once per
    /// document: a second time nothing is left to write. Returns each object's number and where in
    /// `out` it starts.
    pub fn write(&mut self, out: &mut Vec<u8>) -> Vec<(u32, usize)> {
        self.numbers.write(out)
    }

    /// Appends the appearance of one widget: a form XObject (ISO 32000-2 Table 93) with the object
    /// number `number`, from `N 0 obj` to `endobj`. It belongs under `/AP << /N number 0 R >>` of a
    /// widget whose `/Rect` is [`Placed::user_space`]; where that has another size or shape, the
    /// drawing stands in it as `fit` says. Its content is the template `q W 0 0 H x y cm /S Do Q`.
    pub fn write_form(&mut self, number: u32, placed: &Placed, fit: Fit, out: &mut Vec<u8>) {
        let view = View::All { fit, own: self.drawing.size() };
        // Its XObject has its number already.
        let mut take = || Ok::<_, Infallible>(self.xobject);
        let Ok(form) = self.drawing.form(placed, view, &mut self.numbers, &mut take);
        out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        out.extend_from_slice(&form);
        out.extend_from_slice(b"\nendobj\n");
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use sealwright_testdata::faces::{uniform_jpeg, upright_jpeg, upright_png};

    use crate::appearance::{Fit, SealFace};
    use crate::geometry::{Mm, PageGeometry, PageNumber, Pt, Rect};
    use crate::placement::Placed;
    use crate::statement::{ColourSpace, FaceDigest, RasterFace, Samples};

    fn written(face: &SealFace) -> (Vec<u8>, Vec<(u32, usize)>) {
        let mut next = 7..;
        let mut out = b"%PDF-1.7\n".to_vec();
        let offsets = face.drawing().objects(|| next.next().unwrap()).write(&mut out);
        (out, offsets)
    }

    fn form(rotate: i64, user_unit: f64) -> String {
        let face = SealFace::from_image(&upright_png(1), Mm(42.0)).unwrap();
        let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, rotate, user_unit).unwrap();
        let rect = Rect::new(Pt(100.0), Pt(200.0), Pt(120.0), Pt(60.5)).unwrap();
        let placed = Placed::on(PageNumber::new(1).unwrap(), &page, rect).unwrap();
        let mut next = 7..;
        let mut out = Vec::new();
        face.drawing().objects(|| next.next().unwrap()).write_form(
            9,
            &placed,
            Fit::STRETCH,
            &mut out,
        );
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
