//! From uploaded bytes to pixels, under limits.

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder};

use super::Error;
use super::jpeg::{Jpeg, Passage};
use crate::limits::{Limit, LimitExceeded, Limits};
use crate::statement::{ColourSpace, RasterFace, Samples};

const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";
const JPEG: &[u8] = b"\xFF\xD8\xFF";

/// A picture as it will stand in the PDF, not yet compressed.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) colour_space: ColourSpace,
    pub(super) inverted: bool,
    pub(super) pixels: Pixels,
    pub(super) alpha: Option<Vec<u8>>,
}

#[derive(Debug)]
pub(super) enum Pixels {
    /// 8 bits a component.
    Decoded(Vec<u8>),
    /// A JPEG stream.
    Dct(Vec<u8>),
}

impl Picture {
    /// Decided by content, never by a file's name.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        LimitExceeded::check(Limit::Bytes, length, limits.bytes)?;
        if bytes.starts_with(PNG) {
            let decoder = PngDecoder::with_limits(Cursor::new(bytes), decoder_limits(limits))
                .map_err(|error| damaged("PNG", &error))?;
            let image = decode("PNG", decoder, limits)?;
            Self::from_image(image)
        } else if bytes.starts_with(JPEG) {
            Self::from_jpeg(bytes, limits)
        } else {
            Err(Error::Format { first: bytes.iter().copied().take(8).collect() })
        }
    }

    pub(super) fn face(&self) -> RasterFace<'_> {
        RasterFace {
            width: self.width,
            height: self.height,
            colour_space: self.colour_space,
            inverted: self.inverted,
            samples: match &self.pixels {
                Pixels::Decoded(samples) => Samples::Decoded(samples),
                Pixels::Dct(bytes) => Samples::Dct(bytes),
            },
            alpha: self.alpha.as_deref(),
        }
    }

    fn from_jpeg(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let jpeg = Jpeg::parse(bytes)?;
        let (width, height) = (jpeg.frame.width, jpeg.frame.height);
        check_pixels(width, height, limits)?;
        let passage = jpeg.passage()?;
        let mut decoder =
            JpegDecoder::new(Cursor::new(bytes)).map_err(|error| damaged("JPEG", &error))?;
        let turned = decoder.orientation().is_ok_and(|turn| turn != Orientation::NoTransforms);
        if turned && jpeg.frame.components == 4 {
            return Err(Error::Unsupported { what: "a turned or mirrored JPEG in CMYK" });
        }
        // Decoded in any case: half a picture would be shown as half a seal, or not at all.
        let image = decode("JPEG", decoder, limits)?;
        match passage {
            Passage::AsIs { colour_space, inverted } if !turned => Ok(Self {
                width,
                height,
                colour_space,
                inverted,
                pixels: Pixels::Dct(jpeg.stripped),
                alpha: None,
            }),
            _ => Self::from_image(image),
        }
    }

    fn from_image(image: DynamicImage) -> Result<Self, Error> {
        let (width, height) = (image.width(), image.height());
        let (colour_space, samples, alpha) = match eight_bits(image) {
            DynamicImage::ImageLuma8(pixels) => (ColourSpace::DeviceGray, pixels.into_raw(), None),
            DynamicImage::ImageLumaA8(pixels) => {
                let (samples, alpha) = split_alpha::<2>(&pixels);
                (ColourSpace::DeviceGray, samples, Some(alpha))
            }
            DynamicImage::ImageRgba8(pixels) => {
                let (samples, alpha) = split_alpha::<4>(&pixels);
                (ColourSpace::DeviceRgb, samples, Some(alpha))
            }
            other => (ColourSpace::DeviceRgb, other.into_rgb8().into_raw(), None),
        };
        let alpha = alpha.filter(|alpha| alpha.iter().any(|value| *value != u8::MAX));
        if alpha.as_ref().is_some_and(|alpha| alpha.iter().all(|value| *value == 0)) {
            return Err(Error::Invisible { width, height });
        }
        let pixels = Pixels::Decoded(samples);
        Ok(Self { width, height, colour_space, inverted: false, pixels, alpha })
    }
}

/// Decodes one picture and turns it as its Exif data says, so that the seal looks as it did where
/// it was chosen.
fn decode(
    format: &'static str,
    mut decoder: impl ImageDecoder,
    limits: &Limits,
) -> Result<DynamicImage, Error> {
    let (width, height) = decoder.dimensions();
    check_pixels(width, height, limits)?;
    LimitExceeded::check(Limit::InflatedBytes, decoder.total_bytes(), limits.inflated_bytes)?;
    decoder.set_limits(decoder_limits(limits)).map_err(|error| damaged(format, &error))?;
    // Exif data that cannot be read turns nothing.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|error| damaged(format, &error))?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn check_pixels(width: u32, height: u32, limits: &Limits) -> Result<(), LimitExceeded> {
    LimitExceeded::check(Limit::Pixels, u64::from(width) * u64::from(height), limits.pixels)
}

fn decoder_limits(limits: &Limits) -> image::Limits {
    let side = u32::try_from(limits.pixels).unwrap_or(u32::MAX);
    let mut decoder_limits = image::Limits::no_limits();
    decoder_limits.max_image_width = Some(side);
    decoder_limits.max_image_height = Some(side);
    decoder_limits.max_alloc = Some(limits.inflated_bytes);
    decoder_limits
}

fn damaged(format: &'static str, error: &image::ImageError) -> Error {
    Error::Decode { format, reason: error.to_string() }
}

/// 16-bit samples become 8-bit ones; colour type and transparency stay.
fn eight_bits(image: DynamicImage) -> DynamicImage {
    match image {
        DynamicImage::ImageLuma16(_) => DynamicImage::ImageLuma8(image.into_luma8()),
        DynamicImage::ImageLumaA16(_) => DynamicImage::ImageLumaA8(image.into_luma_alpha8()),
        DynamicImage::ImageRgba16(_) => DynamicImage::ImageRgba8(image.into_rgba8()),
        other => other,
    }
}

/// Takes the last of `N` components of each pixel apart.
fn split_alpha<const N: usize>(pixels: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let pixels = pixels.as_chunks::<N>().0;
    let samples = pixels.iter().flat_map(|pixel| pixel.iter().copied().take(N - 1)).collect();
    let alpha = pixels.iter().filter_map(|pixel| pixel.last().copied()).collect();
    (samples, alpha)
}
