//! A seal, compiled once.

use std::fmt;
use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::Error;
use super::artwork::Artwork;
use super::drawing::{Drawing, Traits};
use super::objects;
use super::picture::{Picture, Pixels};
use super::shared::Shared;
use crate::digest::{Digest, DigestAlgorithm};
use crate::geometry::{Mm, Size};
use crate::limits::Limits;
use crate::statement::{ColourSpace, FaceDigest, RasterFace, Samples, VectorFace};

/// What a seal looks like, ready to be put on any number of documents.
///
/// *Who makes it*: the host, from the bytes that were uploaded for a seal and its physical width, or
/// from a [design](super::design).
/// It is cheap to clone (the clones share everything) and may be used from several threads.
///
/// * **PNG**, all colour types: palettes and fewer bits are expanded, 16 bits reduced to 8, grey
///   stays grey, transparency becomes a soft mask unless every pixel is opaque. Pixels that are
///   fully clear get the seal's mean colour, so that no reader shows a fringe of another. Colour
///   profiles and gamma are not applied: the samples are taken as `DeviceRGB` or `DeviceGray`.
/// * **JPEG**, 8-bit grey, RGB or CMYK, baseline or progressive: the compressed picture is kept
///   bit for bit, without its Exif data, thumbnails and comments. If the Exif data turns or
///   mirrors the picture, or its colours could be read in two ways, it is decoded and stored as
///   pixels instead (CMYK is then refused).
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
/// assert_eq!(face.pixels(), (4, 2));
/// assert_eq!(face.size().to_string(), "119.055 x 59.528");
/// # Ok(()) }
/// ```
///
/// A face is drawn on somebody's [authority](crate::authorization::Authority): that of a permit, or the
/// host's word, both of which the signature then states. There is no way from it to a [`Drawing`], which
/// may be put anywhere; only a preview shows it without an authority
/// ([`Impression`](crate::update::Impression)).
///
/// ```compile_fail,E0624
/// # fn put_anywhere(face: &sealwright::appearance::SealFace) {
/// let drawing = face.drawing(); // private
/// # }
/// ```
///
/// ```compile_fail,E0277
/// # fn put_anywhere(face: &sealwright::appearance::SealFace) {
/// let drawing = sealwright::appearance::Drawing::from(face);
/// # }
/// ```
///
/// ```compile_fail,E0277
/// # fn put_anywhere(face: &sealwright::appearance::SealFace) {
/// let shown = sealwright::update::Impression::from(face);
/// let drawing: sealwright::appearance::Drawing = shown.into(); // what a preview shows stays in it
/// # }
/// ```
#[derive(Clone)]
pub struct SealFace {
    compiled: Arc<Compiled>,
}

struct Compiled {
    size: Size,
    source_digest: Digest,
    face_digest: FaceDigest,
    art: Art,
    drawing: Drawing,
}

/// What a face was made from, in the encoding it has in a document.
pub(super) enum Art {
    Raster(Raster),
    Vector(Artwork),
}

/// An image as its XObject holds it.
pub(super) struct Raster {
    pub(super) pixels: (u32, u32),
    pub(super) colour_space: ColourSpace,
    pub(super) inverted: bool,
    /// A JPEG stream; deflated samples otherwise.
    pub(super) is_dct: bool,
    pub(super) data: Arc<[u8]>,
    /// Deflated.
    pub(super) alpha: Option<Arc<[u8]>>,
    /// Whether it is transparent enough to read through it.
    shows_below: bool,
}

impl SealFace {
    /// The shortest side that is drawn. What is registered as a seal keeps to the narrower bounds of
    /// [`SealRules`](crate::authorization::SealRules): 10 to 100 mm (R-SEAL-06).
    pub const MIN_SIDE: Mm = Mm(5.0);
    /// The longest side that is drawn.
    pub const MAX_SIDE: Mm = Mm(100.0);

    /// Compiles an uploaded image under default [`Limits`]. The height follows from the image's
    /// shape; pixels are square. These limits keep a decoder in bounds and are wider than what may be
    /// registered: for a picture that an organization uploads as its seal there is
    /// [`SealFace::to_register`] (R-SEAL-04 to R-SEAL-06).
    ///
    /// # Errors
    ///
    /// The bytes are not an image, damaged or too large, or the size is none for a seal.
    pub fn from_image(bytes: &[u8], width: Mm) -> Result<Self, Error> {
        Self::from_image_with(bytes, width, &Limits::default())
    }

    /// The same under limits of the caller's: `bytes`, `pixels` and `inflated_bytes` count.
    ///
    /// # Errors
    ///
    /// As [`SealFace::from_image`].
    pub fn from_image_with(bytes: &[u8], width: Mm, limits: &Limits) -> Result<Self, Error> {
        Self::from_picture(&Picture::read(bytes, limits)?, width, bytes)
    }

    /// From what was made of the bytes that were uploaded.
    pub(super) fn from_picture(
        picture: &Picture,
        width: Mm,
        uploaded: &[u8],
    ) -> Result<Self, Error> {
        let size = physical_size(width, picture.width, picture.height)?;
        let face_digest = FaceDigest::of_raster(&picture.face())?;
        let source_digest = Digest::of(DigestAlgorithm::Sha256, uploaded);
        let (raster, drawing) = compile(picture, size)?;
        let art = Art::Raster(raster);
        let compiled = Compiled { size, source_digest, face_digest, art, drawing };
        Ok(Self { compiled: Arc::new(compiled) })
    }

    /// From outlines: one form XObject, deflated, which fills the unit square as an image does.
    pub(super) fn from_artwork(artwork: Artwork) -> Result<Self, Error> {
        let content = artwork.content();
        let [width_mm, height_mm] = [artwork.size.width, artwork.size.height].map(f64::from);
        let (Mm(min_mm), Mm(max_mm)) = (Self::MIN_SIDE, Self::MAX_SIDE);
        let size = Size::new(Mm(width_mm), Mm(height_mm)).map_err(|_| Error::SizeOutOfRange {
            width_mm,
            height_mm,
            min_mm,
            max_mm,
        })?;
        let face = VectorFace { content: &content, resources: &[] };
        let face_digest = FaceDigest::of_vector(&face)?;
        let source_digest = Digest::of(DigestAlgorithm::Sha256, &content);
        let form = objects::outlines(deflate(&content)?);
        let drawing = Drawing::image(size, form).described(&artwork.text);
        let art = Art::Vector(artwork);
        let compiled = Compiled { size, source_digest, face_digest, art, drawing };
        Ok(Self { compiled: Arc::new(compiled) })
    }

    pub(super) fn art(&self) -> &Art {
        &self.compiled.art
    }

    /// The physical size on paper, in points.
    #[must_use]
    pub fn size(&self) -> Size {
        self.compiled.size
    }

    /// Pixels a row, and rows, as displayed; none of either for a generated seal.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        match &self.compiled.art {
            Art::Raster(raster) => raster.pixels,
            Art::Vector(_) => (0, 0),
        }
    }

    /// SHA-256 of the bytes that were uploaded: which file it was. For a generated seal, of the
    /// operators that draw it.
    #[must_use]
    pub fn source_digest(&self) -> &Digest {
        &self.compiled.source_digest
    }

    /// The digest of what is painted, however a file stores it.
    #[must_use]
    pub fn face_digest(&self) -> FaceDigest {
        self.compiled.face_digest
    }

    /// Whether what it is put on can be read through it (R-SEAL-16). A white ground covers that, even
    /// if its corners are round and clear.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        match &self.compiled.art {
            Art::Raster(raster) => raster.shows_below,
            Art::Vector(_) => true,
        }
    }

    /// Whether its transparency is a soft mask, which PDF/A-1 does not know; outlines need none.
    #[must_use]
    pub fn has_soft_mask(&self) -> bool {
        matches!(&self.compiled.art, Art::Raster(raster) if raster.alpha.is_some())
    }

    /// What it paints, opaque and covering what is below, at its physical size. For the crate alone: a
    /// host draws a seal on somebody's authority, or in a preview.
    pub(crate) fn drawing(&self) -> Drawing {
        self.compiled.drawing.clone()
    }
}

impl fmt::Debug for SealFace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealFace")
            .field("size", &self.compiled.size)
            .field("pixels", &self.pixels())
            .field("face_digest", &self.compiled.face_digest)
            .finish_non_exhaustive()
    }
}

/// Faces are shared between threads that sign.
const _: fn() = || {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<SealFace>();
};

fn physical_size(width: Mm, columns: u32, rows: u32) -> Result<Size, Error> {
    let (Mm(min_mm), Mm(max_mm)) = (SealFace::MIN_SIDE, SealFace::MAX_SIDE);
    let Mm(width_mm) = width;
    let height_mm = width_mm * f64::from(rows) / f64::from(columns);
    let range = min_mm..=max_mm;
    let error = Error::SizeOutOfRange { width_mm, height_mm, min_mm, max_mm };
    if !range.contains(&width_mm) || !range.contains(&height_mm) {
        return Err(error);
    }
    Size::new(width, Mm(height_mm)).map_err(|_| error)
}

pub(super) fn compile(picture: &Picture, size: Size) -> Result<(Raster, Drawing), Error> {
    let data: Arc<[u8]> = match &picture.pixels {
        Pixels::Decoded(samples) => deflate(samples)?.into(),
        Pixels::Dct(bytes) => bytes.clone().into(),
    };
    let (width, height) = (picture.width, picture.height);
    let alpha: Option<Arc<[u8]>> = match &picture.alpha {
        None => None,
        Some(alpha) => Some(deflate(alpha)?.into()),
    };
    let soft_mask = alpha.clone().map(|alpha| objects::soft_mask(width, height, alpha));
    let on_white = flattening(picture, &data, alpha.clone());
    let image = objects::picture(&picture.face(), data.clone(), soft_mask.as_ref(), on_white);
    let raster = Raster {
        pixels: (width, height),
        colour_space: picture.colour_space,
        inverted: picture.inverted,
        is_dct: matches!(picture.pixels, Pixels::Dct(_)),
        data,
        alpha,
        shows_below: picture.shows_below(),
    };
    let masked = raster.alpha.is_some();
    let cmyk = picture.colour_space == ColourSpace::DeviceCmyk;
    let drawing = Drawing::image(size, image);
    Ok((raster, drawing.with_traits(Traits { masked, pale: false, cmyk })))
}

/// Makes the picture as it looks on white, without a soft mask, from what is compiled.
fn flattening(
    picture: &Picture,
    data: &Arc<[u8]>,
    alpha: Option<Arc<[u8]>>,
) -> impl Fn() -> Option<Shared> + Send + Sync + 'static {
    let (width, height, colour_space) = (picture.width, picture.height, picture.colour_space);
    let data = data.clone();
    move || {
        let mut samples = inflate(&data)?;
        let alpha = inflate(alpha.as_deref()?)?;
        let channels = samples.len().checked_div(alpha.len()).filter(|channels| *channels > 0)?;
        for (pixel, alpha) in samples.chunks_exact_mut(channels).zip(alpha) {
            for sample in pixel {
                let ink = u32::from(255 - *sample) * u32::from(alpha);
                *sample = 255 - u8::try_from((ink + 127) / 255).unwrap_or(255);
            }
        }
        let data = deflate(&samples).ok()?.into();
        let samples = Samples::Decoded(&samples);
        let face =
            RasterFace { width, height, colour_space, inverted: false, samples, alpha: None };
        Some(objects::picture(&face, data, None, || None))
    }
}

fn inflate(data: &[u8]) -> Option<Vec<u8>> {
    let mut samples = Vec::new();
    ZlibDecoder::new(data).read_to_end(&mut samples).ok()?;
    Some(samples)
}

/// Level 6 and no predictor. Measured on round seals of 840 by 840 pixels, drawn and scanned: a
/// predictor made every one of them larger (by 10 to 80 %); level 9 saves 9 % of the bytes, but
/// takes three to four times as long, half a second for a scan.
pub(crate) fn deflate(samples: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(6));
    encoder
        .write_all(samples)
        .and_then(|()| encoder.finish())
        .map_err(|error| Error::Deflate { reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::{png, upright_jpeg, upright_png};

    use super::*;

    const RGB: (u8, u8) = (8, 2);

    /// A picture of equal pixels.
    fn strip(width: u32, height: u32) -> Vec<u8> {
        let row = [vec![0], vec![1; width as usize * 3]].concat();
        png((width, height), RGB, &[], &row.repeat(height as usize))
    }

    #[test]
    fn the_height_follows_from_the_picture() {
        let face = SealFace::from_image(&strip(3, 2), Mm(42.0)).unwrap();
        assert_eq!(face.size(), Size::new(Mm(42.0), Mm(28.0)).unwrap());
        assert_eq!(face.pixels(), (3, 2));
        assert!(!face.is_transparent());
        assert!(SealFace::from_image(&upright_png(1), Mm(42.0)).unwrap().is_transparent());
    }

    #[test]
    fn a_seal_has_the_size_of_a_seal() {
        let fits = |width, columns, rows| SealFace::from_image(&strip(columns, rows), Mm(width));
        assert!(fits(5.0, 1, 1).is_ok() && fits(100.0, 1, 1).is_ok());
        assert!(fits(50.0, 10, 1).is_ok() && fits(10.0, 1, 10).is_ok());
        let outside = [
            (4.999, 1, 1),
            (100.001, 1, 1),
            (49.0, 10, 1),
            (10.1, 1, 10),
            (0.0, 1, 1),
            (-42.0, 1, 1),
            (f64::NAN, 1, 1),
            (f64::INFINITY, 1, 1),
        ];
        for (width, columns, rows) in outside {
            let error = fits(width, columns, rows).unwrap_err();
            assert_eq!(error.code(), "seal.size_out_of_range", "{width} mm");
        }
        assert_eq!(
            fits(49.0, 10, 1).unwrap_err().to_string(),
            "a seal of 49.0 x 4.9 mm is out of range: both sides have to be between 5 and 100 mm; \
             the height follows from the width and the image's shape"
        );
    }

    #[test]
    fn the_file_has_one_digest_and_the_picture_another() {
        let (png, jpeg) = (upright_png(2), upright_jpeg(2));
        let face = |bytes: &[u8]| SealFace::from_image(bytes, Mm(42.0)).unwrap();
        assert_eq!(*face(&png).source_digest(), Digest::of(DigestAlgorithm::Sha256, &png));

        let mut resaved = png.clone();
        resaved.extend(b"what follows the end of the file");
        assert_ne!(face(&png).source_digest(), face(&resaved).source_digest());
        assert_eq!(face(&png).face_digest(), face(&resaved).face_digest());
        assert_ne!(face(&png).face_digest(), face(&jpeg).face_digest());

        let small = SealFace::from_image(&png, Mm(20.0)).unwrap();
        assert_eq!(small.face_digest(), face(&png).face_digest(), "its size is the page's matter");
    }

    #[test]
    fn clones_share_what_was_compiled() {
        let face = SealFace::from_image(&upright_png(2), Mm(42.0)).unwrap();
        assert!(Arc::ptr_eq(&face.compiled, &face.clone().compiled));
    }

    #[test]
    fn debug_output_is_short() {
        let face = SealFace::from_image(&upright_png(20), Mm(42.0)).unwrap();
        assert!(format!("{face:?}").len() < 300);
    }
}
