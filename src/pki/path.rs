//! The answers of path validation (RFC 5280, 6).

use thiserror::Error;
use time::OffsetDateTime;

use super::algorithm::UnsupportedAlgorithm;
use super::algorithm_policy::AlgorithmUse;
use super::certificate::Certificate;

/// What the key at the end of the path is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// Signing documents. No extended key usage is demanded; one that is for machines alone is
    /// refused.
    DocumentSigning,
    /// Time-stamping (RFC 3161, 2.3): the extended key usage must be critical and nothing else.
    TimeStamping,
}

/// The answer of a path validation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct PathValidation {
    /// Whether the signer is trusted.
    pub status: PathStatus,
    /// The signer, the authorities between, and the anchor, as far as a path was found.
    pub chain: Vec<Certificate>,
    /// How many public-key operations were made.
    pub signature_checks: u64,
}

/// Whether a signer is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathStatus {
    /// A path leads to an anchor, and everything on it holds at the given time.
    Trusted,
    /// The signer's certificate is itself an anchor.
    TrustedDirectly,
    /// Certificates say no.
    Untrusted(PathFault),
    /// A certificate on the path had expired at the given time; nothing else is wrong with the path.
    Expired {
        /// The end of its validity.
        not_after: OffsetDateTime,
    },
    /// A certificate on the path was not valid yet at the given time; nothing else is wrong with it.
    NotYetValid {
        /// The start of its validity.
        not_before: OffsetDateTime,
    },
    /// Something on the way is not supported.
    CannotJudge(PathDoubt),
}

/// Why a signer is not trusted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PathFault {
    /// No path to an anchor.
    #[error("no path leads from the signer's certificate to a trusted one")]
    UnknownIssuer,
    /// No anchors were given.
    #[error("no trusted certificates were given")]
    NoAnchors,
    /// A certificate on the path was not signed by its issuer.
    #[error("a certificate on the path does not carry its issuer's signature")]
    SignatureWrong,
    /// The signer's key usage allows neither signatures nor non-repudiation.
    #[error("the key usage of the signer's certificate does not allow signatures")]
    KeyUsage,
    /// The signer's extended key usage excludes this purpose.
    #[error("the extended key usage of the signer's certificate does not allow this purpose")]
    ExtendedKeyUsage,
    /// A certificate issued others without being an authority, or a chain too long for its issuer.
    #[error("a certificate on the path must not issue others")]
    NotAnAuthority,
    /// Name constraints of an authority exclude the signer.
    #[error("an authority on the path must not issue for this name")]
    NameConstraints,
}

/// Why a path cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PathDoubt {
    /// A signature on the path, or a key, is of a kind that is not supported.
    #[error("{0} on the path is not supported")]
    Unsupported(UnsupportedAlgorithm),
    /// A signature on the path, or a key, proves nothing any more at the time asked for.
    #[error("{0} on the path is too weak to prove anything at that time")]
    Weak(AlgorithmUse),
    /// A critical extension on the path is not supported.
    #[error("a critical extension on the path is not supported")]
    CriticalExtension,
    /// A certificate is of version 1 or 2.
    #[error("a certificate of version {version} is on the path; only version 3 is supported")]
    Version {
        /// Its version.
        version: u64,
    },
    /// An authority's certificate made the signature.
    #[error("the signer's certificate is that of an authority, and is not itself trusted")]
    AuthorityAsSigner,
    /// A certificate on the path is not well-formed.
    #[error("a certificate on the path is not well-formed: {reason}")]
    Malformed {
        /// What the library says.
        reason: String,
    },
    /// The limit of path steps ran out.
    #[error("the path was not found within {allowed} steps; raise `path_steps` in `Limits`")]
    Limit {
        /// The limit.
        allowed: u64,
    },
}

impl PathStatus {
    /// Whether the signer is trusted, over a path or directly.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        matches!(self, Self::Trusted | Self::TrustedDirectly)
    }

    /// A stable code for programs.
    ///
    /// ```
    /// use sealwright::pki::{PathFault, PathStatus};
    /// assert_eq!(PathStatus::Untrusted(PathFault::UnknownIssuer).code(), "unknown-issuer");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::TrustedDirectly => "trusted-directly",
            Self::Untrusted(fault) => fault.code(),
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not-yet-valid",
            Self::CannotJudge(doubt) => doubt.code(),
        }
    }
}

impl PathFault {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownIssuer => "unknown-issuer",
            Self::NoAnchors => "no-anchors",
            Self::SignatureWrong => "certificate-signature-wrong",
            Self::KeyUsage => "key-usage",
            Self::ExtendedKeyUsage => "extended-key-usage",
            Self::NotAnAuthority => "not-an-authority",
            Self::NameConstraints => "name-constraints",
        }
    }
}

impl PathDoubt {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsupported(_) => "unsupported-algorithm",
            Self::Weak(_) => "weak-algorithm",
            Self::CriticalExtension => "critical-extension",
            Self::Version { .. } => "certificate-version",
            Self::AuthorityAsSigner => "authority-as-signer",
            Self::Malformed { .. } => "malformed-certificate",
            Self::Limit { .. } => "path-limit",
        }
    }
}
