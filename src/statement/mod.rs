//! What writer and judge must agree on byte for byte: the digest of what a seal looks like.
//!
//! The *face digest* does not depend on how a file stores the picture (compression, object
//! numbers, a resaved copy): it is taken over what is painted. Whoever writes a seal and whoever
//! judges one compute it with the same function, from the same parts.
//!
//! ```
//! use sealwright::statement::{ColourSpace, FaceDigest, RasterFace, Samples};
//!
//! let red_dot = RasterFace {
//!     width: 1,
//!     height: 1,
//!     colour_space: ColourSpace::DeviceRgb,
//!     inverted: false,
//!     samples: Samples::Decoded(&[200, 0, 0]),
//!     alpha: None,
//! };
//! let opaque = FaceDigest::of_raster(&red_dot)?;
//! let faint = FaceDigest::of_raster(&RasterFace { alpha: Some(&[128]), ..red_dot })?;
//! assert_ne!(opaque, faint);
//! # Ok::<(), sealwright::statement::Error>(())
//! ```

mod calibration;
mod face_digest;
mod vector_face;

use thiserror::Error;

pub(crate) use calibration::{GAMMA, PRIMARIES, WHITE_POINT, calibrated_grey, calibrated_rgb};
pub use face_digest::{ColourSpace, FaceDigest, RasterFace, Samples};
pub use vector_face::{FaceResource, FaceValue, VectorFace};

/// Why no digest can be taken, or none be read.
///
/// ```
/// use sealwright::statement::FaceDigest;
/// let error = "not a digest".parse::<FaceDigest>().unwrap_err();
/// assert_eq!(error.code(), "statement.face_digest_form");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The samples do not fill the picture, or more than fill it.
    #[error(
        "a {width} x {height} picture in {colour_space} has {expected} bytes of samples, but {found} \
         were given; the image is damaged"
    )]
    SampleCount {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// The colour space of the samples.
        colour_space: ColourSpace,
        /// How many bytes belong to such a picture.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// The transparency does not have one byte a pixel.
    #[error(
        "a {width} x {height} picture has {expected} bytes of transparency, but {found} were given; \
         the soft mask must have the size of its image"
    )]
    AlphaCount {
        /// Pixels a row.
        width: u32,
        /// Rows.
        height: u32,
        /// How many bytes belong to such a picture.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// Two resources of a vector face have the same category and name.
    #[error("two of the {resources} resources of a face have one name; each has to have its own")]
    FaceResourceTwice {
        /// How many resources there are.
        resources: usize,
    },
    /// A resource of a vector face consists of too many arrays and dictionaries inside each other.
    #[error("a resource of a face is nested deeper than {most} levels; no seal needs that")]
    FaceResourceDepth {
        /// How deep it may be.
        most: u32,
    },
    /// A text that should be a face digest is not.
    #[error(
        "a face digest is 64 lower-case hexadecimal digits; this text of {length} bytes is not"
    )]
    FaceDigestForm {
        /// The length of the text.
        length: usize,
    },
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::SampleCount { .. } => "statement.sample_count",
            Self::AlphaCount { .. } => "statement.alpha_count",
            Self::FaceResourceTwice { .. } => "statement.face_resource_twice",
            Self::FaceResourceDepth { .. } => "statement.face_resource_depth",
            Self::FaceDigestForm { .. } => "statement.face_digest_form",
        }
    }
}
