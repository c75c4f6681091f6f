//! The face digest of a picture, version 1.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::digest::{Digest, DigestAlgorithm, Hasher};

pub(super) const DOMAIN: &[u8] = b"sealwright-face-1\0";

/// The colour spaces a face may have; each component is 8 bits (ISO 32000-2 §8.6.4).
///
/// ```
/// use sealwright::statement::ColourSpace;
/// assert_eq!(ColourSpace::DeviceRgb.name(), "DeviceRGB");
/// assert_eq!(ColourSpace::DeviceCmyk.components(), 4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColourSpace {
    /// `DeviceGray`
    DeviceGray,
    /// `DeviceRGB`
    DeviceRgb,
    /// `DeviceCMYK`
    DeviceCmyk,
}

impl ColourSpace {
    /// The name as PDF writes it, without the slash.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DeviceGray => "DeviceGray",
            Self::DeviceRgb => "DeviceRGB",
            Self::DeviceCmyk => "DeviceCMYK",
        }
    }

    /// How many components a pixel has.
    #[must_use]
    pub fn components(self) -> u8 {
        match self {
            Self::DeviceGray => 1,
            Self::DeviceRgb => 3,
            Self::DeviceCmyk => 4,
        }
    }
}

impl fmt::Display for ColourSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The pixels of a face, in one of the two forms a file may hold them.
///
/// ```
/// use sealwright::statement::Samples;
/// assert_eq!(Samples::Dct(b"\xFF\xD8\xFF\xD9").bytes().len(), 4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Samples<'a> {
    /// 8 bits a component, row by row from the top, without padding.
    Decoded(&'a [u8]),
    /// The bytes that the filter `DCTDecode` gets: a JPEG stream, not looked into here.
    Dct(&'a [u8]),
}

impl<'a> Samples<'a> {
    /// The bytes, whichever form they have.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        match self {
            Self::Decoded(bytes) | Self::Dct(bytes) => bytes,
        }
    }
}

/// The parts of a raster face, borrowed from wherever they are.
///
/// ```
/// use sealwright::statement::{ColourSpace, FaceDigest, RasterFace, Samples};
/// let face = RasterFace {
///     width: 2,
///     height: 1,
///     colour_space: ColourSpace::DeviceGray,
///     inverted: false,
///     samples: Samples::Decoded(&[0, 255]),
///     alpha: None,
/// };
/// assert!(FaceDigest::of_raster(&face).is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RasterFace<'a> {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// What the samples mean.
    pub colour_space: ColourSpace,
    /// Whether the image's `/Decode` turns every component around, `[1 0 1 0 …]`, as JPEG files
    /// in CMYK need it.
    pub inverted: bool,
    /// The pixels.
    pub samples: Samples<'a>,
    /// The soft mask's samples, if there is one: one byte a pixel.
    pub alpha: Option<&'a [u8]>,
}

/// The digest of what a face paints, version 1. Shown and serialised as 64 hexadecimal digits. A
/// value of this type may have been read from somewhere: it is a claim until it was computed with
/// [`FaceDigest::of_raster`] or [`FaceDigest::of_vector`].
///
/// SHA-256 over these bytes, in this order; integers are unsigned and big-endian:
///
/// | bytes | what |
/// |---|---|
/// | 18 | `sealwright-face-1` and a zero byte |
/// | 1 | `R` (0x52): a raster face |
/// | 4 | width in pixels |
/// | 4 | height in pixels |
/// | 8 | length of the colour space's name: 9 or 10 |
/// | 9, 10 | its PDF name: `DeviceGray`, `DeviceRGB` or `DeviceCMYK` |
/// | 1 | `N` (0x4E): samples mean what they say; `I` (0x49): `/Decode` inverts every component |
/// | 1 | `S` (0x53): decoded samples follow; `D` (0x44): DCT (JPEG) bytes follow |
/// | 8 | length of what follows |
/// | … | the samples, 8 bits a component, row by row from the top, no padding; or the bytes of the stream as `DCTDecode` gets them |
/// | 1 | `-` (0x2D): opaque, the end; `A` (0x41): transparency follows |
/// | 8 | length of what follows: width × height |
/// | … | the transparency, 8 bits a pixel, in the same order; 0 is clear, 255 opaque |
///
/// Everything that changes the picture is in it: a stream dictionary with another key that affects
/// painting (`/Mask`, `/Matte`, `/ImageMask`, `/ColorTransform`, a `/Decode` other than the two
/// above) is not one of these faces and has no face digest.
///
/// For outlines ([`VectorFace`](super::VectorFace)) what follows the first 18 bytes is
///
/// | bytes | what |
/// |---|---|
/// | 1 | `V` (0x56): a vector face |
/// | 8 | length of what follows |
/// | … | the content stream of the form, after all filters |
/// | 8 | how many resources follow, in ascending order of category, then name |
/// | 8, … | of each: length of its category and the category, |
/// | 8, … | length of its name and the name, |
/// | … | its value |
///
/// and a value ([`FaceValue`](super::FaceValue)) is one of
///
/// | first byte | what follows it |
/// |---|---|
/// | `0`, `t`, `f` | nothing: null, true, false |
/// | `#` | 8 bytes, two's complement: a number in millionths |
/// | `/`, `(` | 8 bytes of length and the bytes of a name or string |
/// | `[` | 8 bytes: how many; the values of an array |
/// | `<` | 8 bytes: how many; the entries of a dictionary in ascending order of keys: length, key, value |
/// | `s` | the same for the dictionary of a stream, then length and data of the stream |
///
/// ```
/// use sealwright::statement::FaceDigest;
/// let text = "00".repeat(32);
/// assert_eq!(text.parse::<FaceDigest>()?.to_string(), text);
/// # Ok::<(), sealwright::statement::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FaceDigest([u8; 32]);

impl FaceDigest {
    /// The digest of a raster face.
    ///
    /// # Errors
    ///
    /// [`Error::SampleCount`] and [`Error::AlphaCount`] if the parts do not belong together. DCT
    /// bytes are taken as they are.
    pub fn of_raster(face: &RasterFace<'_>) -> Result<Self, Error> {
        check_lengths(face)?;
        let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
        hasher.update(DOMAIN);
        hasher.update(b"R");
        hasher.update(&face.width.to_be_bytes());
        hasher.update(&face.height.to_be_bytes());
        update_with_length(&mut hasher, face.colour_space.name().as_bytes());
        hasher.update(if face.inverted { b"I" } else { b"N" });
        hasher.update(match face.samples {
            Samples::Decoded(_) => b"S",
            Samples::Dct(_) => b"D",
        });
        update_with_length(&mut hasher, face.samples.bytes());
        match face.alpha {
            None => hasher.update(b"-"),
            Some(alpha) => {
                hasher.update(b"A");
                update_with_length(&mut hasher, alpha);
            }
        }
        Ok(Self::from_digest(&hasher.finish()))
    }

    /// A digest read from somewhere.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn from_digest(digest: &Digest) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(digest.as_bytes()) {
            *to = *from;
        }
        Self(bytes)
    }
}

impl fmt::Display for FaceDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for FaceDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceDigest({self})")
    }
}

impl FromStr for FaceDigest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let error = Error::FaceDigestForm { length: text.len() };
        if text.len() != 64 {
            return Err(error);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            for digit in pair {
                *byte = (*byte << 4) | hex_digit(*digit).ok_or(error)?;
            }
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for FaceDigest {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<FaceDigest> for String {
    fn from(digest: FaceDigest) -> Self {
        digest.to_string()
    }
}

fn check_lengths(face: &RasterFace<'_>) -> Result<(), Error> {
    let (width, height, colour_space) = (face.width, face.height, face.colour_space);
    // At most 2^32 · 2^32 pixels: the product is taken where it cannot overflow.
    let pixels = u128::from(width) * u128::from(height);
    let shown = |count: u128| u64::try_from(count).unwrap_or(u64::MAX);
    let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if let Samples::Decoded(samples) = face.samples {
        let (expected, found) =
            (shown(pixels * u128::from(colour_space.components())), length(samples));
        if expected != found {
            return Err(Error::SampleCount { width, height, colour_space, expected, found });
        }
    }
    if let Some(alpha) = face.alpha {
        let (expected, found) = (shown(pixels), length(alpha));
        if expected != found {
            return Err(Error::AlphaCount { width, height, expected, found });
        }
    }
    Ok(())
}

pub(super) fn update_with_length(hasher: &mut Hasher, bytes: &[u8]) {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    hasher.update(&length.to_be_bytes());
    hasher.update(bytes);
}

/// Lower case only, so that a digest has one text.
fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACE: RasterFace<'static> = RasterFace {
        width: 2,
        height: 1,
        colour_space: ColourSpace::DeviceRgb,
        inverted: false,
        samples: Samples::Decoded(&[200, 0, 0, 1, 2, 3]),
        alpha: Some(&[255, 128]),
    };

    /// The table above, spelled out.
    #[test]
    fn the_layout_byte_by_byte() {
        let mut bytes = b"sealwright-face-1\0R".to_vec();
        bytes.extend([0, 0, 0, 2, 0, 0, 0, 1]);
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 9]);
        bytes.extend(b"DeviceRGBNS");
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 6, 200, 0, 0, 1, 2, 3]);
        bytes.extend(b"A");
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 2, 255, 128]);
        let expected = Digest::of(DigestAlgorithm::Sha256, &bytes);
        assert_eq!(FaceDigest::of_raster(&FACE).unwrap().as_bytes()[..], *expected.as_bytes());

        let jpeg = RasterFace {
            colour_space: ColourSpace::DeviceCmyk,
            inverted: true,
            samples: Samples::Dct(b"\xFF\xD8\xFF\xD9"),
            alpha: None,
            ..FACE
        };
        let mut bytes = b"sealwright-face-1\0R".to_vec();
        bytes.extend([0, 0, 0, 2, 0, 0, 0, 1]);
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 10]);
        bytes.extend(b"DeviceCMYKID");
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 4, 0xFF, 0xD8, 0xFF, 0xD9]);
        bytes.extend(b"-");
        let expected = Digest::of(DigestAlgorithm::Sha256, &bytes);
        assert_eq!(FaceDigest::of_raster(&jpeg).unwrap().as_bytes()[..], *expected.as_bytes());
    }

    /// Computed once with another SHA-256 over the bytes of the table; may never change.
    #[test]
    fn the_known_answer_of_version_1() {
        assert_eq!(
            FaceDigest::of_raster(&FACE).unwrap().to_string(),
            "66e54de0497740532b1d302a77387958d9184725b37e52dfcc2bcaa91cfcff65"
        );
    }

    #[test]
    fn whatever_changes_the_picture_changes_the_digest() {
        let others = [
            RasterFace { width: 1, height: 2, ..FACE },
            RasterFace { inverted: true, ..FACE },
            RasterFace { samples: Samples::Decoded(&[200, 0, 0, 1, 2, 4]), ..FACE },
            RasterFace { samples: Samples::Dct(&[200, 0, 0, 1, 2, 3]), ..FACE },
            RasterFace { alpha: Some(&[255, 127]), ..FACE },
            RasterFace { alpha: None, ..FACE },
            RasterFace {
                colour_space: ColourSpace::DeviceCmyk,
                samples: Samples::Dct(&[200, 0, 0, 1, 2, 3]),
                ..FACE
            },
        ];
        let mut digests: Vec<String> =
            others.iter().map(|face| FaceDigest::of_raster(face).unwrap().to_string()).collect();
        digests.push(FaceDigest::of_raster(&FACE).unwrap().to_string());
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), 8);
    }

    #[test]
    fn parts_that_do_not_belong_together_are_refused() {
        let short = RasterFace { samples: Samples::Decoded(&[1, 2, 3]), ..FACE };
        let error = FaceDigest::of_raster(&short).unwrap_err();
        assert_eq!(error.code(), "statement.sample_count");
        assert!(error.to_string().contains("has 6 bytes of samples, but 3 were given"));
        let error = FaceDigest::of_raster(&RasterFace { alpha: Some(&[]), ..FACE }).unwrap_err();
        assert_eq!(error.code(), "statement.alpha_count");
        let huge = RasterFace { width: u32::MAX, height: u32::MAX, ..FACE };
        assert!(FaceDigest::of_raster(&huge).is_err());
    }

    #[test]
    fn the_text_form_is_read_back_and_only_it() {
        let digest = FaceDigest::of_raster(&FACE).unwrap();
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<FaceDigest>(&json).unwrap(), digest);
        let text = digest.to_string();
        for wrong in [text.to_uppercase(), text[1..].to_owned(), format!("{text}0"), "é".repeat(32)]
        {
            assert!(wrong.parse::<FaceDigest>().is_err(), "{wrong}");
        }
    }
}
