//! From uploaded bytes to pixels, under limits.

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder};

use super::Error;
use super::ground::shows_below;
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

    /// The same, but decoded whatever the format is: for those who look at pixels.
    pub(super) fn decoded(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        if !bytes.starts_with(JPEG) {
            return Self::read(bytes, limits);
        }
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        LimitExceeded::check(Limit::Bytes, length, limits.bytes)?;
        let jpeg = Jpeg::parse(bytes)?;
        if jpeg.frame.components == 4 {
            return Err(Error::Unsupported { what: "a JPEG in CMYK that is to be changed" });
        }
        check_pixels(jpeg.frame.width, jpeg.frame.height, limits)?;
        let decoder =
            JpegDecoder::new(Cursor::new(bytes)).map_err(|error| damaged("JPEG", &error))?;
        Self::from_image(decode("JPEG", decoder, limits)?)
    }

    /// Whether what is below can be read through it.
    pub(super) fn shows_below(&self) -> bool {
        let (Some(alpha), Pixels::Decoded(samples)) = (&self.alpha, &self.pixels) else {
            return false;
        };
        if self.colour_space == ColourSpace::DeviceGray {
            shows_below(samples.iter().map(|grey| [*grey; 3]), alpha)
        } else {
            shows_below(samples.as_chunks::<3>().0.iter().copied(), alpha)
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
                let (samples, alpha) = split_alpha::<2, 1>(&pixels);
                (ColourSpace::DeviceGray, samples, Some(alpha))
            }
            DynamicImage::ImageRgba8(pixels) => {
                let (samples, alpha) = split_alpha::<4, 3>(&pixels);
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

/// Takes the last of `N` components of each pixel apart, the others being `M`. Pixels that are
/// fully clear get the mean colour of those that are not: readers that scale a picture before they
/// apply its mask would show their colour as a pale or dark fringe, and what nobody can see has no
/// place in a contract.
fn split_alpha<const N: usize, const M: usize>(pixels: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let pixels = pixels.as_chunks::<N>().0;
    let alpha: Vec<u8> = pixels.iter().filter_map(|pixel| pixel.last().copied()).collect();
    let colours = || pixels.iter().map(|pixel| pixel.first_chunk::<M>().unwrap_or(&[0; M]));
    let mean = mean_colour(colours().zip(&alpha));
    let samples = colours()
        .zip(&alpha)
        .flat_map(|(colour, alpha)| if *alpha == 0 { mean } else { *colour })
        .collect();
    (samples, alpha)
}

/// Weighted with what is seen of each pixel, rounded.
fn mean_colour<'a, const M: usize>(pixels: impl Iterator<Item = (&'a [u8; M], &'a u8)>) -> [u8; M] {
    let (mut sums, mut weights) = ([0_u64; M], 0_u64);
    for (colour, alpha) in pixels {
        weights += u64::from(*alpha);
        for (sum, component) in sums.iter_mut().zip(colour) {
            *sum += u64::from(*component) * u64::from(*alpha);
        }
    }
    sums.map(|sum| {
        let mean = (sum + weights / 2).checked_div(weights).unwrap_or(0);
        u8::try_from(mean).unwrap_or(u8::MAX)
    })
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::{png, uniform_jpeg, upright_jpeg, upright_png, with_exif};

    use super::*;

    const GREY: u8 = 0;
    const RGB: u8 = 2;
    const PALETTE: u8 = 3;
    const GREY_ALPHA: u8 = 4;
    const RGB_ALPHA: u8 = 6;

    fn read(bytes: &[u8]) -> Result<Picture, Error> {
        Picture::read(bytes, &Limits::default())
    }

    fn code(bytes: &[u8]) -> &'static str {
        read(bytes).expect_err("no such picture").code()
    }

    #[track_caller]
    fn assert_pixels(png: &[u8], colour_space: ColourSpace, samples: &[u8], alpha: Option<&[u8]>) {
        let picture = read(png).unwrap();
        assert_eq!(picture.colour_space, colour_space);
        assert_eq!(picture.face().samples, Samples::Decoded(samples));
        assert_eq!(picture.alpha.as_deref(), alpha);
    }

    #[test]
    fn every_png_colour_type_becomes_eight_bits_in_grey_or_rgb() {
        use ColourSpace::{DeviceGray as Gray, DeviceRgb as Rgb};
        let size = (2, 1);
        let one_bit = png(size, (1, GREY), &[], &[0, 0b0100_0000]);
        assert_pixels(&one_bit, Gray, &[0, 255], None);
        let four_bits = png(size, (4, GREY), &[], &[0, 0x3F]);
        assert_pixels(&four_bits, Gray, &[0x33, 0xFF], None);
        let sixteen = png(size, (16, GREY), &[], &[0, 0x80, 0x00, 0xFF, 0xFF]);
        assert_pixels(&sixteen, Gray, &[0x80, 0xFF], None);
        let rgb = png(size, (8, RGB), &[], &[0, 1, 2, 3, 4, 5, 6]);
        assert_pixels(&rgb, Rgb, &[1, 2, 3, 4, 5, 6], None);
        let rgb16 = png((1, 1), (16, RGB), &[], &[0, 0, 0, 0x80, 0, 0xFF, 0xFF]);
        assert_pixels(&rgb16, Rgb, &[0, 0x80, 0xFF], None);
        let grey_alpha = png(size, (8, GREY_ALPHA), &[], &[0, 7, 255, 8, 1]);
        assert_pixels(&grey_alpha, Gray, &[7, 8], Some(&[255, 1]));
        let rgb_alpha = png(size, (8, RGB_ALPHA), &[], &[0, 1, 2, 3, 0, 4, 5, 6, 9]);
        assert_pixels(&rgb_alpha, Rgb, &[4, 5, 6, 4, 5, 6], Some(&[0, 9]));
        let alpha16 = png((1, 1), (16, GREY_ALPHA), &[], &[0, 0xFF, 0xFF, 0x80, 0]);
        assert_pixels(&alpha16, Gray, &[0xFF], Some(&[0x80]));
        let rgb_alpha16 = png((1, 1), (16, RGB_ALPHA), &[], &[0, 0xFF, 0xFF, 0, 0, 0, 0, 0x80, 0]);
        assert_pixels(&rgb_alpha16, Rgb, &[0xFF, 0, 0], Some(&[0x80]));
    }

    #[test]
    fn palettes_and_colour_keys_become_transparency() {
        let palette: (&[u8; 4], &[u8]) = (b"PLTE", &[200, 0, 0, 1, 2, 3]);
        let opaque = png((2, 1), (8, PALETTE), &[palette], &[0, 1, 0]);
        assert_pixels(&opaque, ColourSpace::DeviceRgb, &[1, 2, 3, 200, 0, 0], None);
        let clear_first = png((2, 1), (8, PALETTE), &[palette, (b"tRNS", &[0])], &[0, 1, 0]);
        let samples = [1, 2, 3, 1, 2, 3];
        assert_pixels(&clear_first, ColourSpace::DeviceRgb, &samples, Some(&[255, 0]));
        let key = png((2, 1), (8, GREY), &[(b"tRNS", &[0, 255])], &[0, 255, 7]);
        assert_pixels(&key, ColourSpace::DeviceGray, &[7, 7], Some(&[0, 255]));
    }

    #[test]
    fn transparency_that_says_nothing_is_dropped_and_a_seal_of_nothing_refused() {
        let opaque = png((2, 1), (8, GREY_ALPHA), &[], &[0, 7, 255, 8, 255]);
        assert_pixels(&opaque, ColourSpace::DeviceGray, &[7, 8], None);
        let clear = png((2, 1), (8, GREY_ALPHA), &[], &[0, 7, 0, 8, 0]);
        assert_eq!(code(&clear), "seal.image_invisible");
    }

    /// MuPDF and Poppler scale first and mask then: at 72 dots an inch, most pixels of a drawn seal
    /// looked different depending on whether its clear pixels were white or black.
    #[test]
    fn the_colour_of_what_cannot_be_seen_is_the_colour_of_the_seal() {
        let with_hidden = |hidden: u8| {
            let row = [0, 200, 0, 10, 255, hidden, hidden, hidden, 0, 100, 50, 10, 85];
            png((3, 1), (8, RGB_ALPHA), &[], &row)
        };
        // Three parts of the first colour, one of the last.
        let samples = [200, 0, 10, 175, 13, 10, 100, 50, 10];
        for hidden in [0, 255] {
            let alpha = [255, 0, 85];
            assert_pixels(&with_hidden(hidden), ColourSpace::DeviceRgb, &samples, Some(&alpha));
        }
    }

    #[test]
    fn content_decides_not_what_it_is_called() {
        assert_eq!(code(b"%PDF-1.7"), "seal.image_format");
        assert_eq!(code(b""), "seal.image_format");
        assert_eq!(code(b"\xFF\xD8"), "seal.image_format");
        let error = read(b"GIF89a, and more").unwrap_err().to_string();
        assert!(error.contains("[47, 49, 46, 38, 39, 61, 2C, 20]"), "{error}");
    }

    #[test]
    fn a_cut_file_is_refused_or_nothing_was_missing() {
        for whole in [upright_png(1), upright_jpeg(1), uniform_jpeg(&[0, 1, 2, 3], Some(2))] {
            let face = |bytes: &[u8]| {
                read(bytes).and_then(|picture| {
                    Ok(crate::statement::FaceDigest::of_raster(&picture.face())?)
                })
            };
            let expected = face(&whole).unwrap();
            let mut refused = 0;
            for length in 0..whole.len() {
                match face(&whole[..length]) {
                    Ok(digest) => assert_eq!(digest, expected, "cut after {length} bytes"),
                    Err(_) => refused += 1,
                }
            }
            // The end of a PNG, after its last pixel, is all that may be missing.
            assert!(refused + 16 >= whole.len(), "{refused} of {}", whole.len());
        }
    }

    #[test]
    fn limits_stop_before_the_pixels_are_decoded() {
        let bomb = png((100_000, 100_000), (8, RGB_ALPHA), &[], &[0; 10]);
        assert_eq!(code(&bomb), "seal.image_dimensions");
        let mut wide = uniform_jpeg(&[128], None);
        let frame = wide.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
        wide[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
        assert_eq!(code(&wide), "seal.image_dimensions");

        let refusal = |limits: &Limits| Picture::read(&upright_png(4), limits).unwrap_err();
        let pixels = Limits { pixels: 80 * 40 - 1, ..Limits::default() };
        assert_eq!(
            refusal(&pixels),
            Error::Limit(LimitExceeded { limit: Limit::Pixels, allowed: 3199 })
        );
        assert!(
            Picture::read(&upright_png(4), &Limits { pixels: 3200, ..Limits::default() }).is_ok()
        );
        let inflated = Limits { inflated_bytes: 80 * 40 * 4 - 1, ..Limits::default() };
        assert_eq!(refusal(&inflated).code(), "seal.image_dimensions");
        let bytes = Limits { bytes: 100, ..Limits::default() };
        assert_eq!(refusal(&bytes).code(), "seal.image_too_large");
    }

    #[test]
    fn a_jpeg_keeps_its_picture_and_loses_what_it_tells_about_its_origin() {
        let plain = upright_jpeg(4);
        let mut told = with_exif(&plain, 1);
        told.extend(b"and an appendix");
        let (plain, told) = (read(&plain).unwrap(), read(&told).unwrap());
        assert_eq!(plain.face(), told.face());
        let Pixels::Dct(bytes) = &told.pixels else { panic!("a JPEG is passed through") };
        assert!(!bytes.windows(4).any(|at| at == b"Exif"));
        assert!(bytes.ends_with(&[0xFF, 0xD9]));
        let decoded = |bytes: &[u8]| image::load_from_memory(bytes).unwrap();
        assert_eq!(decoded(bytes), decoded(&upright_jpeg(4)));
    }

    #[test]
    fn a_turned_jpeg_is_decoded_and_turned() {
        let quarter_turn = 6;
        let picture = read(&with_exif(&upright_jpeg(1), quarter_turn)).unwrap();
        assert_eq!((picture.width, picture.height), (10, 20));
        assert!(matches!(picture.pixels, Pixels::Decoded(_)));
    }

    #[test]
    fn which_inks_are_inverted() {
        let passed = |components: &[u8], adobe| {
            let picture = read(&uniform_jpeg(components, adobe)).unwrap();
            assert!(matches!(picture.pixels, Pixels::Dct(_)));
            (picture.colour_space, picture.inverted)
        };
        assert_eq!(passed(&[9], None), (ColourSpace::DeviceGray, false));
        assert_eq!(passed(&[9, 9, 9], None), (ColourSpace::DeviceRgb, false));
        assert_eq!(passed(&[9, 9, 9], Some(1)), (ColourSpace::DeviceRgb, false));
        assert_eq!(passed(&[9; 4], None), (ColourSpace::DeviceCmyk, false));
        assert_eq!(passed(&[9; 4], Some(0)), (ColourSpace::DeviceCmyk, true));
        assert_eq!(passed(&[9; 4], Some(2)), (ColourSpace::DeviceCmyk, true));
    }

    #[test]
    fn colours_that_readers_disagree_on_are_decoded_or_refused() {
        // RGB by Adobe's marker alone: some readers would take it for luminance and chroma.
        let picture = read(&uniform_jpeg(&[200, 0, 0], Some(0))).unwrap();
        let Pixels::Decoded(samples) = &picture.pixels else { panic!("decoded") };
        assert_eq!(samples[..3], [200, 0, 0]);
        assert_eq!(code(&uniform_jpeg(&[9; 4], Some(1))), "seal.image_unsupported");
        assert_eq!(code(&uniform_jpeg(&[9; 2], None)), "seal.image_unsupported");
        let turned_inks = with_exif(&uniform_jpeg(&[9; 4], Some(2)), 8);
        assert_eq!(code(&turned_inks), "seal.image_unsupported");
    }
}
