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

/// What whoever looked at the picture of a seal found, before anything is decided of it.
///
/// `appearance::SealFace` computes all of it from uploaded bytes: `source_digest()`,
/// `face_digest()`, `pixels()`, `is_transparent()`; if it fails on bytes whose format is known,
/// `face` is `None`. A seal that was drawn in outlines has no file: [`ImageFacts::drawn`].
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
    /// Whether what is below can be read through it; else it covers the text under it.
    pub transparent: bool,
    /// The digest of the uploaded bytes.
    pub source: Digest,
    /// The digest of what is painted; `None` if the picture could not be decoded.
    pub face: Option<FaceDigest>,
}

impl ImageFacts {
    /// Of a generated seal that consists of outlines: neither file nor pixels, and clear between its
    /// lines. Both digests are those of its `appearance::SealFace`.
    ///
    /// ```
    /// use sealwright::authorization::{ImageFacts, SealImage};
    /// use sealwright::digest::{Digest, DigestAlgorithm};
    /// use sealwright::statement::FaceDigest;
    ///
    /// let operators = Digest::of(DigestAlgorithm::Sha256, b"0 0 m 9 0 l 9 9 l f");
    /// let facts = ImageFacts::drawn(operators, FaceDigest::from_bytes([7; 32]));
    /// assert_eq!(SealImage::of_outlines(&facts)?.format(), None);
    /// # Ok::<(), sealwright::authorization::Error>(())
    /// ```
    #[must_use]
    pub fn drawn(source: Digest, face: FaceDigest) -> Self {
        let (format, face) = (None, Some(face));
        Self { format, bytes: 0, width: 0, height: 0, transparent: true, source, face }
    }

    /// Whether they are those of outlines: no pixels, no format, and something to paint.
    pub(super) fn are_of_outlines(&self) -> bool {
        let no_file = self.format.is_none() && self.bytes == 0;
        no_file && (self.width, self.height) == (0, 0) && self.face.is_some()
    }
}

/// A picture of a seal that keeps to the rules (印章图片): its facts and digests.
///
/// *Who makes it*: [`SealImage::accept`], and [`SealImage::of_outlines`] for a generated one.
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
    /// Nothing for outlines.
    file: Option<File>,
    transparent: bool,
    source: Digest,
    face: FaceDigest,
}

/// What was uploaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct File {
    format: ImageFormat,
    bytes: u64,
    width: NonZeroU32,
    height: NonZeroU32,
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
        let face = facts.face.ok_or(Error::ImageDecode { format })?;
        let file = File { format, bytes: facts.bytes, width: columns, height: rows };
        let (transparent, source) = (facts.transparent, facts.source);
        Ok(Self { file: Some(file), transparent, source, face })
    }

    /// A generated seal of outlines, to which the limits of pictures do not apply.
    ///
    /// # Errors
    ///
    /// [`Error::ImageFormat`] for facts of something that was uploaded, or that paints nothing.
    pub fn of_outlines(facts: &ImageFacts) -> Result<Self, Error> {
        let face = facts.face.filter(|_| facts.are_of_outlines()).ok_or(Error::ImageFormat)?;
        Ok(Self { file: None, transparent: true, source: facts.source, face })
    }

    /// The form of the uploaded file; nothing for a seal of outlines.
    #[must_use]
    pub fn format(&self) -> Option<ImageFormat> {
        self.file.map(|file| file.format)
    }

    /// The length of the uploaded file in bytes; 0 for a seal of outlines.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.file.map_or(0, |file| file.bytes)
    }

    /// Pixels a row, and rows; nothing for a seal of outlines.
    #[must_use]
    pub fn pixels(&self) -> Option<(u32, u32)> {
        self.file.map(|file| (file.width.get(), file.height.get()))
    }

    /// Whether what is below can be read through it.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        self.transparent
    }

    /// The digest of the uploaded file, or of the operators that draw the outlines.
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
        assert_eq!((image.format(), image.bytes()), (Some(ImageFormat::Jpeg), 5 << 20));
        assert_eq!(image.pixels(), Some((4096, 4096)));
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

    #[test]
    fn outlines_have_no_file_and_what_has_one_is_not_taken_for_outlines() {
        let drawn = ImageFacts::drawn(facts().source, FaceDigest::from_bytes([2; 32]));
        let image = SealImage::of_outlines(&drawn).unwrap();
        assert_eq!((image.format(), image.bytes(), image.pixels()), (None, 0, None));
        assert!(image.is_transparent());
        assert_eq!(refused(&drawn), "seal.image_format");
        let again: SealImage =
            serde_json::from_str(&serde_json::to_string(&image).unwrap()).unwrap();
        assert_eq!(again, image);
        for other in [
            facts(),
            ImageFacts { face: None, ..drawn },
            ImageFacts { bytes: 6, ..drawn },
            ImageFacts { width: 1, ..drawn },
            ImageFacts { format: Some(ImageFormat::Png), ..drawn },
        ] {
            assert_eq!(SealImage::of_outlines(&other).unwrap_err().code(), "seal.image_format");
        }
    }
}
