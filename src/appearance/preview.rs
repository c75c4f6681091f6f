//! Pictures of a seal for people: on a console, in a mail, in a list of seals.
//!
//! They are no appearance and carry no digest: what is put on a document is the face itself.

use std::io::{Cursor, Read};

use flate2::read::ZlibDecoder;
use image::codecs::jpeg::JpegDecoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageFormat, RgbaImage};

use super::Error;
use super::artwork::{Artwork, Point, Step, decimal, ink};
use super::coverage::Coverage;
use super::seal_face::{Art, Raster, SealFace};
use crate::geometry::Size;
use crate::limits::{Limit, LimitExceeded};
use crate::statement::ColourSpace;

/// Dots per inch: how many pixels a preview has for 25.4 mm of the seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dpi(pub u16);

/// The largest preview, in pixels.
const MOST_PIXELS: u64 = 8_000_000;

impl SealFace {
    /// The seal as a standalone SVG document of its physical size: outlines as paths, the text of a
    /// generated seal as title, an image as an embedded PNG. The `viewBox` is in millimetres.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let png = sealwright_testdata::faces::upright_png(2);
    /// use sealwright::appearance::SealFace;
    /// use sealwright::geometry::Mm;
    /// let svg = SealFace::from_image(&png, Mm(42.0))?.to_svg()?;
    /// assert!(svg.contains(r#"width="42mm" height="21mm" viewBox="0 0 42 21""#));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Decode`] if the image cannot be decoded again, [`Error::Unsupported`] for a JPEG in
    /// CMYK that no program of Adobe's wrote: a document can show it, a preview cannot.
    pub fn to_svg(&self) -> Result<String, Error> {
        match self.art() {
            Art::Vector(artwork) => Ok(artwork_svg(artwork)),
            Art::Raster(raster) => {
                let [width, height] = millimetres(self.size()).map(|side| decimal(side, 3));
                let png = base64(&png(rgba(raster)?)?);
                Ok(format!(
                    "{}<image width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" \
                     href=\"data:image/png;base64,{png}\"/></svg>\n",
                    svg_head(&width, &height)
                ))
            }
        }
    }

    /// The seal as a PNG on transparent ground, with so many pixels an inch of its physical size.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let png = sealwright_testdata::faces::upright_png(2);
    /// use sealwright::appearance::{Dpi, SealFace};
    /// use sealwright::geometry::Mm;
    /// let face = SealFace::from_image(&png, Mm(50.8))?;
    /// let preview = SealFace::from_image(&face.to_png(Dpi(100))?, Mm(50.8))?;
    /// assert_eq!(preview.pixels(), (200, 100));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`SealFace::to_svg`], and [`Error::Limit`] for more than 8 million pixels: 100 mm square at
    /// 600 dpi have 5.6. A preview needs twenty bytes a pixel while it is drawn.
    pub fn to_png(&self, dpi: Dpi) -> Result<Vec<u8>, Error> {
        let [width, height] = millimetres(self.size()).map(|side| pixels(side, dpi));
        let count = u64::from(width) * u64::from(height);
        LimitExceeded::check(Limit::Pixels, count, MOST_PIXELS)?;
        let image = match self.art() {
            Art::Vector(artwork) => artwork_pixels(artwork, width, height),
            Art::Raster(raster) => {
                imageops::resize(&rgba(raster)?, width, height, FilterType::CatmullRom)
            }
        };
        png(image)
    }
}

/// Width and height in thousandths of a millimetre, rounded to the whole hundredths that the
/// points were rounded from.
fn millimetres(size: Size) -> [i64; 2] {
    [size.width(), size.height()].map(|side| {
        let thousandths = side.thousandths().saturating_mul(254) / 720;
        (thousandths + 5) / 10 * 10
    })
}

/// At least one pixel.
fn pixels(thousandths_of_mm: i64, Dpi(dpi): Dpi) -> u32 {
    let pixels = (thousandths_of_mm.max(0) * i64::from(dpi) + 12_700) / 25_400;
    u32::try_from(pixels.max(1)).unwrap_or(u32::MAX)
}

fn svg_head(width: &str, height: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" \
         viewBox=\"0 0 {width} {height}\">\n"
    )
}

fn artwork_svg(artwork: &Artwork) -> String {
    let [width, height] = artwork.thousandths_of_mm();
    let at = |[x, y]: Point| {
        let share = |part: i32, whole: i64| (i64::from(part) * whole + 50_000).div_euclid(100_000);
        let (x, y) = (share(x, width), height - share(y, height));
        format!("{} {}", decimal(x, 3), decimal(y, 3))
    };
    let mut svg = svg_head(&decimal(width, 3), &decimal(height, 3));
    let [red, green, blue] = ink(artwork.colour);
    svg.push_str(&format!("<title>{}</title>\n", escaped(&artwork.text)));
    svg.push_str(&format!("<g fill=\"#{red:02X}{green:02X}{blue:02X}\">\n"));
    for shape in &artwork.shapes {
        svg.push_str("<path d=\"");
        for step in shape {
            svg.push_str(&match *step {
                Step::Move(to) => format!("M{}", at(to)),
                Step::Line(to) => format!("L{}", at(to)),
                Step::Curve(first, second, to) => {
                    format!("C{} {} {}", at(first), at(second), at(to))
                }
                Step::Close => "Z".to_owned(),
            });
        }
        svg.push_str("\"/>\n");
    }
    svg.push_str("</g></svg>\n");
    svg
}

/// Characters that XML does not know are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\u{FFFE}' | '\u{FFFF}' => {}
            _ if character.is_control() => {}
            _ => escaped.push(character),
        }
    }
    escaped
}

fn artwork_pixels(artwork: &Artwork, width: u32, height: u32) -> RgbaImage {
    let count = |side: u32| usize::try_from(side).unwrap_or(usize::MAX);
    let mut coverage = Coverage::new(count(width), count(height));
    let mut shares = vec![0.0; count(width).saturating_mul(count(height))];
    let at = |[x, y]: Point| {
        let share = |part: i32| f64::from(part) / 100_000.0;
        (share(x) * f64::from(width), (1.0 - share(y)) * f64::from(height))
    };
    for shape in &artwork.shapes {
        let (mut start, mut last) = ((0.0, 0.0), (0.0, 0.0));
        for step in shape {
            match *step {
                Step::Move(to) => {
                    coverage.line(last, start);
                    (start, last) = (at(to), at(to));
                }
                Step::Line(to) => {
                    coverage.line(last, at(to));
                    last = at(to);
                }
                Step::Curve(first, second, to) => {
                    coverage.curve(last, at(first), at(second), at(to));
                    last = at(to);
                }
                Step::Close => {
                    coverage.line(last, start);
                    last = start;
                }
            }
        }
        coverage.line(last, start);
        coverage.fill(&mut shares);
    }
    let [red, green, blue] = ink(artwork.colour);
    let bytes = shares.iter().flat_map(|share| [red, green, blue, eight_bits(*share)]).collect();
    // As many shares as pixels, four bytes each.
    RgbaImage::from_raw(width, height, bytes).unwrap_or_default()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
fn eight_bits(share: f64) -> u8 {
    (share * 255.0 + 0.5).clamp(0.0, 255.0) as u8
}

/// What a raster face shows.
pub(super) fn rgba(raster: &Raster) -> Result<RgbaImage, Error> {
    let (width, height) = raster.pixels;
    let mut image = match raster.colour_space {
        ColourSpace::DeviceGray if !raster.is_dct => {
            grey(inflated(&raster.data, width, height, 1)?, width, height)
        }
        _ if !raster.is_dct => rgb(inflated(&raster.data, width, height, 3)?, width, height),
        ColourSpace::DeviceCmyk if !raster.inverted => {
            return Err(Error::Unsupported { what: "a JPEG in CMYK that is not Adobe's" });
        }
        _ => {
            let decoder = JpegDecoder::new(Cursor::new(&*raster.data)).map_err(undecodable)?;
            Some(DynamicImage::from_decoder(decoder).map_err(undecodable)?.into_rgba8())
        }
    }
    .ok_or(Error::Decode { format: "PNG", reason: "its samples do not fill it".into() })?;
    if let Some(alpha) = &raster.alpha {
        let alpha = inflated(alpha, width, height, 1)?;
        for (pixel, alpha) in image.pixels_mut().zip(alpha) {
            let image::Rgba([.., share]) = pixel;
            *share = alpha;
        }
    }
    Ok(image)
}

fn grey(samples: Vec<u8>, width: u32, height: u32) -> Option<RgbaImage> {
    let image = image::GrayImage::from_raw(width, height, samples)?;
    Some(DynamicImage::ImageLuma8(image).into_rgba8())
}

fn rgb(samples: Vec<u8>, width: u32, height: u32) -> Option<RgbaImage> {
    let image = image::RgbImage::from_raw(width, height, samples)?;
    Some(DynamicImage::ImageRgb8(image).into_rgba8())
}

/// Our own compression undone, up to the size it had.
fn inflated(data: &[u8], width: u32, height: u32, components: u64) -> Result<Vec<u8>, Error> {
    let length = u64::from(width) * u64::from(height) * components;
    let mut samples = Vec::new();
    ZlibDecoder::new(data)
        .take(length)
        .read_to_end(&mut samples)
        .map_err(|error| Error::Decode { format: "PNG", reason: error.to_string() })?;
    Ok(samples)
}

fn undecodable(error: image::ImageError) -> Error {
    Error::Decode { format: "JPEG", reason: error.to_string() }
}

pub(super) fn png(image: RgbaImage) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(|error| Error::Deflate { reason: error.to_string() })?;
    Ok(bytes)
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut three = [0; 4];
        for (to, from) in three.iter_mut().skip(1).zip(chunk) {
            *to = *from;
        }
        let bits = u32::from_be_bytes(three);
        for place in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            let shown = ALPHABET.get(digit).map_or('=', |digit| char::from(*digit));
            text.push(if place <= chunk.len() { shown } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::{RED, uniform_jpeg, upright_jpeg, upright_png};

    use super::*;
    use crate::geometry::Mm;

    fn shown(face: &SealFace, dpi: u16) -> RgbaImage {
        image::load_from_memory(&face.to_png(Dpi(dpi)).unwrap()).unwrap().into_rgba8()
    }

    #[test]
    fn base64_has_its_padding() {
        let known =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in known {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xFB, 0xFF]), "+/8=");
    }

    #[test]
    fn an_image_is_shown_as_it_was_uploaded() {
        let face = SealFace::from_image(&upright_png(10), Mm(50.8)).unwrap();
        let picture = shown(&face, 100);
        assert_eq!(picture.dimensions(), (200, 100));
        let uploaded = image::load_from_memory(&upright_png(10)).unwrap().into_rgba8();
        for (found, wanted) in picture.pixels().zip(uploaded.pixels()) {
            assert_eq!(found.0[3], wanted.0[3]);
            assert!(found.0[3] == 0 || found.0[..3] == RED, "{found:?}");
        }
        let half = shown(&face, 50);
        assert_eq!(half.dimensions(), (100, 50));
    }

    #[test]
    fn a_jpeg_and_its_inks_are_shown_in_their_colours() {
        let face = SealFace::from_image(&upright_jpeg(10), Mm(50.8)).unwrap();
        let [r, g, b, a] = shown(&face, 100).get_pixel(100, 60).0;
        assert!(r > 180 && g < 40 && b < 40 && a == 255);
        let inks = |components: &[u8], adobe| {
            SealFace::from_image(&uniform_jpeg(components, adobe), Mm(20.0)).unwrap()
        };
        for face in [inks(&[255, 0, 0, 255], Some(0)), inks(&[179, 171, 1, 255], Some(2))] {
            let [r, g, b, _] = shown(&face, 72).get_pixel(5, 5).0;
            assert!(r > 200 && g < 60 && b < 60, "{r} {g} {b}");
        }
        let bare = inks(&[0, 255, 255, 0], None).to_png(Dpi(72));
        assert_eq!(bare.unwrap_err().code(), "seal.image_unsupported");
    }

    #[test]
    fn a_preview_without_end_is_refused() {
        let face = SealFace::from_image(&upright_png(1), Mm(100.0)).unwrap();
        let side = |dpi| face.to_png(Dpi(dpi)).map(drop).map_err(|error| error.code());
        // More than 8 million pixels, though fewer than a picture may have that is uploaded.
        assert_eq!(side(1_500), Err("seal.image_dimensions"));
        assert_eq!(face.to_png(Dpi(u16::MAX)).unwrap_err().code(), "seal.image_dimensions");
        assert_eq!(shown(&face, 0).dimensions(), (1, 1));
    }
}
