//! What writer and judge must agree on byte for byte: the digest of what a seal looks like, and what
//! a signature says of the authority behind it.
//!
//! [`AuthorityStatement`] is the value of a signed attribute, [`GrantStatement`] what the custodian of
//! a seal signs; their bytes, and why they stand where they stand, are in
//! [`manual::statement`](crate::manual::statement).
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

mod authority;
#[cfg(test)]
mod authority_tests;
mod calibration;
mod face_digest;
mod grant;
#[cfg(test)]
mod grant_tests;
mod identifier;
mod reference;
mod vector_face;
mod wire;

use thiserror::Error;

use crate::digest::DigestAlgorithm;
use crate::instant::rfc3339_of;
use crate::limits::LimitExceeded;

pub use authority::{
    AuthorityStatement, ContractReference, DocumentReference, OrganizationReference,
    PermittedStatement, SealClaim,
};
pub(crate) use calibration::{GAMMA, PRIMARIES, WHITE_POINT, calibrated_grey, calibrated_rgb};
pub use face_digest::{ColourSpace, FaceDigest, RasterFace, Samples};
pub use grant::{GrantReach, GrantStatement, GrantedFace, Grantee, decode_grants, encode_grants};
pub use identifier::{
    AUTHORITY_ATTRIBUTE, GRANT_CONTENT_TYPE, GRANTS_ATTRIBUTE, authority_attribute,
    grants_attribute,
};
pub use reference::{IntentKey, IntentReference, Reference, Window};
pub use vector_face::{FaceResource, FaceValue, VectorFace};

/// Why no digest can be taken, or no statement be written or read.
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
    /// A reference that is none.
    #[error(
        "a reference has 1 to {most} bytes without control characters; this one of {length} bytes \
         has not"
    )]
    ReferenceForm {
        /// Its length in bytes.
        length: usize,
        /// The most it may have.
        most: usize,
    },
    /// A window of time in which no instant lies.
    #[error(
        "a window from {from} to {until} is empty; let it end after its start",
        from = rfc3339_of(*from), until = rfc3339_of(*until)
    )]
    WindowEmpty {
        /// Its start.
        from: i64,
        /// Its end.
        until: i64,
    },
    /// An instant that has no spelling in a statement.
    #[error("a statement has times from 1970 to 9999, not {seconds} (Unix time)")]
    Time {
        /// The instant.
        seconds: i64,
    },
    /// The key for references to proofs of intent is too short to hide anything.
    #[error("the key for proofs of intent has {length} bytes; give at least {minimum} random ones")]
    IntentKey {
        /// Its length.
        length: usize,
        /// The least that is accepted.
        minimum: usize,
    },
    /// A list is longer than a statement may have it.
    #[error("a statement has at most {most} {what}, not {found}; sign in several documents")]
    TooMany {
        /// What is listed.
        what: &'static str,
        /// The most there may be.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// A list is empty that must not be.
    #[error("a statement needs one of its {what} at least; state nothing if there is none")]
    TooFew {
        /// What is listed.
        what: &'static str,
    },
    /// Faces are not in ascending order, each once.
    #[error("the faces of a statement stand in ascending order, each once; sort them")]
    FacesOrder,
    /// The bytes of a document are named by another digest than SHA-256.
    #[error("a statement names documents by SHA-256, not by {found}; hash them with it")]
    NotSha256 {
        /// The algorithm of the digest.
        found: DigestAlgorithm,
    },
    /// The bytes are no statement.
    #[error("no statement: at byte {offset} {wanted} should stand in DER")]
    Malformed {
        /// Where reading stopped.
        offset: usize,
        /// What should have stood there.
        wanted: &'static str,
    },
    /// A statement of a version that this release does not know. Nothing of it is guessed.
    #[error("the statement has version {version}, this release reads {supported}; update it")]
    UnsupportedVersion {
        /// Its version.
        version: u32,
        /// The version that is read.
        supported: u32,
    },
    /// It is larger than the host allows.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
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
            Self::ReferenceForm { .. } => "statement.reference_form",
            Self::WindowEmpty { .. } => "statement.window_empty",
            Self::Time { .. } => "statement.time",
            Self::IntentKey { .. } => "statement.intent_key",
            Self::TooMany { .. } => "statement.too_many",
            Self::TooFew { .. } => "statement.too_few",
            Self::FacesOrder => "statement.faces_order",
            Self::NotSha256 { .. } => "statement.not_sha256",
            Self::Malformed { .. } => "statement.malformed",
            Self::UnsupportedVersion { .. } => "statement.unsupported_version",
            Self::Limit(_) => "statement.limit",
        }
    }
}
