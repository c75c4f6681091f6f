//! What is known of the picture of a seal: facts, never bytes.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::digest::Digest;
use crate::statement::FaceDigest;

/// The forms a picture of a seal may be uploaded in.
///
/// ```
/// use sealwright::authorization::ImageFormat;
/// assert_eq!(ImageFormat::sniff(b"\x89PNG\r\n\x1A\n"), Some(ImageFormat::Png));
/// assert_eq!(ImageFormat::sniff(b"GIF89a"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImageFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG, as JFIF or Exif or bare.
    Jpeg,
}

impl ImageFormat {
    /// The form by content, never by a file's name (R-SEAL-04).
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else {
            None
        }
    }
}

/// What whoever looked at an uploaded picture found, before anything is decided of it.
///
/// `appearance::SealFace` computes all of it from the bytes: `source_digest()`, `face_digest()`,
/// `pixels()`, `is_transparent()`; if it fails on bytes whose format is known, `face` is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// The form by content ([`ImageFormat::sniff`]); `None` if it is neither PNG nor JPEG.
    pub format: Option<ImageFormat>,
    /// The length of what was uploaded, in bytes.
    pub bytes: u64,
    /// Pixels a row, as the header says even if decoding failed.
    pub width: u32,
    /// Rows of pixels.
    pub height: u32,
    /// Whether any pixel is transparent; one that is opaque covers the text under it.
    pub transparent: bool,
    /// The digest of the uploaded bytes.
    pub source: Digest,
    /// The digest of what is painted; `None` if the picture could not be decoded.
    pub face: Option<FaceDigest>,
}

/// A picture of a seal that keeps to the rules (印章图片): its facts and digests.
///
/// *Who makes it*: [`SealImage::accept`].
///
/// ```
/// use sealwright::authorization::{ImageFacts, ImageFormat, ImageLimits, SealImage};
/// use sealwright::digest::{Digest, DigestAlgorithm};
/// use sealwright::statement::FaceDigest;
///
/// let facts = ImageFacts {
///     format: Some(ImageFormat::Png),
///     bytes: 90_000,
///     width: 600,
///     height: 600,
///     transparent: true,
///     source: Digest::of(DigestAlgorithm::Sha256, b"the uploaded bytes"),
///     face: Some(FaceDigest::from_bytes([7; 32])),
/// };
/// let image = SealImage::accept(&facts, &ImageLimits::default())?;
/// assert_eq!(image.face(), FaceDigest::from_bytes([7; 32]));
///
/// let huge = ImageFacts { bytes: 6 << 20, ..facts };
/// let error = SealImage::accept(&huge, &ImageLimits::default()).unwrap_err();
/// assert_eq!(error.code(), "seal.image_too_large");
/// # Ok::<(), sealwright::authorization::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealImage {
    format: ImageFormat,
    bytes: u64,
    width: NonZeroU32,
    height: NonZeroU32,
    transparent: bool,
    source: Digest,
    face: FaceDigest,
}

impl SealImage {
    /// Holds the facts against the limits, in the order R-SEAL-04, R-SEAL-05.
    ///
    /// # Errors
    ///
    /// [`Error::ImageFormat`], [`Error::ImageTooLarge`], [`Error::ImageDimensions`],
    /// [`Error::ImageDecode`].
    pub fn accept(facts: &ImageFacts, limits: &ImageLimits) -> Result<Self, Error> {
        let format = facts.format.ok_or(Error::ImageFormat)?;
        if facts.bytes > limits.bytes {
            return Err(Error::ImageTooLarge { bytes: facts.bytes, most: limits.bytes });
        }
        let (width, height) = (facts.width, facts.height);
        let most_bytes = limits.decoded_bytes;
        let dimensions = Error::ImageDimensions { width, height, side: limits.side, most_bytes };
        let decoded = u128::from(width) * u128::from(height) * 4;
        if width > limits.side || height > limits.side || decoded > u128::from(most_bytes) {
            return Err(dimensions);
        }
        let (Some(columns), Some(rows)) = (NonZeroU32::new(width), NonZeroU32::new(height)) else {
            return Err(dimensions);
        };
        Ok(Self {
            format,
            bytes: facts.bytes,
            width: columns,
            height: rows,
            transparent: facts.transparent,
            source: facts.source,
            face: facts.face.ok_or(Error::ImageDecode { format })?,
        })
    }

    /// The form of the uploaded file.
    #[must_use]
    pub fn format(&self) -> ImageFormat {
        self.format
    }

    /// The length of the uploaded file in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Pixels a row, and rows.
    #[must_use]
    pub fn pixels(&self) -> (u32, u32) {
        (self.width.get(), self.height.get())
    }

    /// Whether any pixel is transparent.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        self.transparent
    }

    /// The digest of the uploaded file.
    #[must_use]
    pub fn source(&self) -> Digest {
        self.source
    }

    /// The digest of what is painted, which a drawing of this seal must have.
    #[must_use]
    pub fn face(&self) -> FaceDigest {
        self.face
    }
}

/// How large an uploaded picture may be (R-SEAL-04, R-SEAL-05).
///
/// ```
/// use sealwright::authorization::ImageLimits;
/// assert_eq!(ImageLimits::default().bytes, 5 * 1024 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageLimits {
    /// The most bytes of the file; 5 MiB unless told otherwise.
    pub bytes: u64,
    /// The most pixels of a side; 4096 unless told otherwise.
    pub side: u32,
    /// The most bytes of the decoded pixels, four each; 64 MiB unless told otherwise.
    pub decoded_bytes: u64,
}

impl Default for ImageLimits {
    fn default() -> Self {
        Self { bytes: 5 << 20, side: 4096, decoded_bytes: 64 << 20 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::DigestAlgorithm;

    fn facts() -> ImageFacts {
        ImageFacts {
            format: Some(ImageFormat::Jpeg),
            bytes: 5 << 20,
            width: 4096,
            height: 4096,
            transparent: false,
            source: Digest::of(DigestAlgorithm::Sha256, b"jpeg"),
            face: Some(FaceDigest::from_bytes([1; 32])),
        }
    }

    fn refused(facts: &ImageFacts) -> &'static str {
        SealImage::accept(facts, &ImageLimits::default()).unwrap_err().code()
    }

    #[test]
    fn r_seal_04_only_png_and_jpeg_by_content_and_not_too_large() {
        let image = SealImage::accept(&facts(), &ImageLimits::default()).unwrap();
        assert_eq!((image.format(), image.bytes()), (ImageFormat::Jpeg, 5 << 20));
        assert_eq!(image.pixels(), (4096, 4096));
        assert_eq!(refused(&ImageFacts { format: None, ..facts() }), "seal.image_format");
        let large = ImageFacts { bytes: (5 << 20) + 1, ..facts() };
        assert_eq!(refused(&large), "seal.image_too_large");
        assert_eq!(ImageFormat::sniff(b"\xFF\xD8\xFF\xE0"), Some(ImageFormat::Jpeg));
        for other in [&b""[..], b"%PDF-1.7", b"\x89PNG", b"<svg/>", b"\xFF\xD8"] {
            assert_eq!(ImageFormat::sniff(other), None);
        }
    }

    #[test]
    fn r_seal_05_what_does_not_decode_within_limits_is_refused() {
        assert_eq!(refused(&ImageFacts { face: None, ..facts() }), "seal.image_decode");
        for (width, height) in [(4097, 1), (1, 4097), (0, 10), (10, 0), (u32::MAX, u32::MAX)] {
            let strange = ImageFacts { width, height, ..facts() };
            assert_eq!(refused(&strange), "seal.image_dimensions", "{width} x {height}");
        }
        let narrow = ImageLimits { decoded_bytes: 400, ..ImageLimits::default() };
        let small = ImageFacts { width: 10, height: 10, ..facts() };
        assert!(SealImage::accept(&small, &narrow).is_ok());
        let more = ImageFacts { width: 11, ..small };
        assert_eq!(SealImage::accept(&more, &narrow).unwrap_err().code(), "seal.image_dimensions");
    }
}
