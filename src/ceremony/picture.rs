//! Logos and backgrounds: what is known of a picture. The bytes stay with the host.

use std::io::Cursor;

use image::codecs::{jpeg::JpegDecoder, png::PngDecoder};
use image::{ImageDecoder, ImageResult};
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::policy::PictureRules;
use crate::digest::{Digest, DigestAlgorithm};

/// The forms that a picture may have, by its content and not by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PictureFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

/// What is known of a logo or a background (R-CER-08): form, size and digest. A host finds the
/// bytes by the digest.
///
/// ```
/// use sealwright::ceremony::{Picture, PictureFormat, PictureRules};
///
/// let logo = Picture::read(sealwright_testdata::seal::PNG, &PictureRules::default())?;
/// assert_eq!(logo.format(), PictureFormat::Png);
/// let refused = Picture::read(b"GIF89a", &PictureRules::default()).unwrap_err();
/// assert_eq!(refused.code(), "layout.image_format");
/// # Ok::<(), sealwright::ceremony::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Facts")]
pub struct Picture {
    format: PictureFormat,
    width: u32,
    height: u32,
    bytes: u64,
    digest: Digest,
}

impl Picture {
    /// Looks at the head of a picture; what it shows is not decoded.
    ///
    /// # Errors
    ///
    /// [`Error::ImageFormat`] if it is neither PNG nor JPEG, or its head is damaged;
    /// [`Error::ImageTooLarge`] if it has more bytes or a longer side than the rules allow.
    pub fn read(bytes: &[u8], rules: &PictureRules) -> Result<Self, Error> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        within("bytes", length, rules.most_bytes)?;
        let (format, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            (PictureFormat::Png, dimensions(PngDecoder::new(Cursor::new(bytes))))
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            (PictureFormat::Jpeg, dimensions(JpegDecoder::new(Cursor::new(bytes))))
        } else {
            return Err(Error::ImageFormat);
        };
        let (width, height) = size.ok_or(Error::ImageFormat)?;
        within("pixels a side", u64::from(width.max(height)), u64::from(rules.most_pixels))?;
        let digest = Digest::of(DigestAlgorithm::Sha256, bytes);
        Self::try_from(Facts { format, width, height, bytes: length, digest })
    }

    /// Its form.
    #[must_use]
    pub fn format(&self) -> PictureFormat {
        self.format
    }

    /// Its width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Its height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Its length in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The SHA-256 of its bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Whether its sides are in the ratio `width` to `height`, within so many permille.
    pub(super) fn has_ratio(&self, (width, height): (u32, u32), permille: u32) -> bool {
        // width : height is held against ours crosswise, so that nothing is divided.
        let ours = u128::from(self.width) * u128::from(height);
        let wanted = u128::from(self.height) * u128::from(width);
        ours.abs_diff(wanted) * 1000 <= wanted * u128::from(permille)
    }
}

fn dimensions<D: ImageDecoder>(decoder: ImageResult<D>) -> Option<(u32, u32)> {
    decoder.ok().map(|decoder| decoder.dimensions())
}

fn within(what: &'static str, found: u64, most: u64) -> Result<(), Error> {
    if found <= most { Ok(()) } else { Err(Error::ImageTooLarge { what, found, most }) }
}

#[derive(Deserialize)]
struct Facts {
    format: PictureFormat,
    width: u32,
    height: u32,
    bytes: u64,
    digest: Digest,
}

impl TryFrom<Facts> for Picture {
    type Error = Error;

    fn try_from(facts: Facts) -> Result<Self, Error> {
        let Facts { format, width, height, bytes, digest } = facts;
        if width == 0 || height == 0 || digest.algorithm() != DigestAlgorithm::Sha256 {
            return Err(Error::ImageFormat);
        }
        Ok(Self { format, width, height, bytes, digest })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        image::RgbImage::new(width, height)
            .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
            .unwrap();
        bytes
    }

    pub(crate) fn picture(width: u32, height: u32) -> Picture {
        Picture::read(&png(width, height), &PictureRules::default()).unwrap()
    }

    #[test]
    fn r_cer_08_a_picture_is_known_by_its_content() {
        let read = picture(40, 20);
        assert_eq!((read.format(), read.width(), read.height()), (PictureFormat::Png, 40, 20));
        assert_eq!(read.bytes(), png(40, 20).len() as u64);
        let mut jpeg = Vec::new();
        image::RgbImage::new(8, 8)
            .write_to(&mut Cursor::new(&mut jpeg), image::ImageFormat::Jpeg)
            .unwrap();
        let read = Picture::read(&jpeg, &PictureRules::default()).unwrap();
        assert_eq!(read.format(), PictureFormat::Jpeg);
    }

    #[test]
    fn r_cer_08_other_forms_and_damaged_heads_are_refused() {
        for bytes in [&b"GIF89a"[..], b"", b"%PDF-1.7", &png(9, 9)[..20], &[0xff, 0xd8, 0xff]] {
            let refused = Picture::read(bytes, &PictureRules::default()).unwrap_err();
            assert_eq!(refused.code(), "layout.image_format");
        }
    }

    #[test]
    fn r_cer_08_large_pictures_are_refused_by_bytes_and_by_pixels() {
        let few_bytes = PictureRules { most_bytes: 20, ..PictureRules::default() };
        let few_pixels = PictureRules { most_pixels: 39, ..PictureRules::default() };
        for rules in [few_bytes, few_pixels] {
            let refused = Picture::read(&png(20, 40), &rules).unwrap_err();
            assert_eq!(refused.code(), "layout.image_too_large");
        }
    }

    #[test]
    fn r_cer_08_a_ratio_holds_within_one_percent() {
        for (width, height, fits) in
            [(300, 100, true), (303, 100, true), (304, 100, false), (296, 100, false)]
        {
            assert_eq!(picture(width, height).has_ratio((3, 1), 10), fits, "{width}");
        }
    }

    #[test]
    fn r_cer_08_stored_facts_go_through_the_parser() {
        let stored = serde_json::to_string(&picture(4, 4)).unwrap();
        assert_eq!(serde_json::from_str::<Picture>(&stored).unwrap(), picture(4, 4));
        let flat = stored.replace("\"width\":4", "\"width\":0");
        assert!(serde_json::from_str::<Picture>(&flat).is_err());
    }
}
