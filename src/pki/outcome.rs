//! The answers of a check: good, bad, cannot be judged, not there.

use thiserror::Error;

use super::algorithm::UnsupportedAlgorithm;

/// The answer of one check. Unsupported is never bad, and never good.
///
/// ```
/// use sealwright::pki::{Doubt, Fault, Outcome};
/// let worst = Outcome::Good
///     .and(Outcome::CannotJudge(Doubt::ContentMissing))
///     .and(Outcome::Bad(Fault::SignatureWrong));
/// assert_eq!(worst, Outcome::Bad(Fault::SignatureWrong));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// Checked and right.
    Good,
    /// There was nothing to check, and nothing demands that there is.
    Absent,
    /// Cannot be judged.
    CannotJudge(Doubt),
    /// Checked and wrong.
    Bad(Fault),
}

impl Outcome {
    /// Whether it was checked and right.
    #[must_use]
    pub fn is_good(&self) -> bool {
        *self == Self::Good
    }

    /// Whether it was checked and wrong.
    #[must_use]
    pub fn is_bad(&self) -> bool {
        matches!(self, Self::Bad(_))
    }

    /// The worse of both: bad, then cannot judge, then weak, then good; absent counts for nothing. Of
    /// two equally bad answers the first stays.
    ///
    /// So where [`Doubt::Weak`] is left, everything else was checked and right.
    pub fn and(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Absent => 0,
            Self::Good => 1,
            Self::CannotJudge(Doubt::Weak(_)) => 2,
            Self::CannotJudge(_) => 3,
            Self::Bad(_) => 4,
        }
    }
}

/// What is wrong with a signature.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// The signed digest is not the digest of the content.
    #[error("the signed message digest is {signed}, the content's is {actual}")]
    DigestDiffers {
        /// The value of the message-digest attribute, in hexadecimal digits.
        signed: String,
        /// The digest of the content, in hexadecimal digits.
        actual: String,
    },
    /// The signature value does not verify under the signer's key.
    #[error("the signature value does not fit what was signed and the signer's key")]
    SignatureWrong,
    /// The content-type attribute names another type than the content has.
    #[error("the signed content type is {signed}, the content's is {actual}")]
    ContentTypeDiffers {
        /// What the attribute says, dotted.
        signed: String,
        /// What the content is, dotted.
        actual: String,
    },
    /// A signed attribute that must be there is not.
    #[error("the signed attribute {attribute} is missing")]
    AttributeMissing {
        /// Its name in the standard.
        attribute: &'static str,
    },
    /// A signed attribute occurs more than once, has several values, or is not what it should be.
    #[error("the signed attribute {attribute} is ambiguous or malformed")]
    AttributeMalformed {
        /// Its name in the standard.
        attribute: &'static str,
    },
    /// The signed reference to the signer's certificate points to another certificate.
    #[error(
        "the signed attribute {attribute} names another certificate than the one that verifies"
    )]
    OtherCertificate {
        /// Its name in the standard.
        attribute: &'static str,
    },
    /// Two places that must name the same algorithm do not.
    #[error("the algorithms disagree: {one} against {other}")]
    AlgorithmsDisagree {
        /// The algorithm in one place.
        one: String,
        /// The algorithm in the other place.
        other: String,
    },
    /// The signature algorithm does not go with the kind of key in the certificate.
    #[error("signed with {algorithm}, but the certificate holds a key of kind {key}")]
    KeyOfOtherKind {
        /// The algorithm named by the signature.
        algorithm: String,
        /// The kind of key in the certificate.
        key: String,
    },
}

impl Fault {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DigestDiffers { .. } => "digest-differs",
            Self::SignatureWrong => "signature-wrong",
            Self::ContentTypeDiffers { .. } => "content-type-differs",
            Self::AttributeMissing { .. } => "attribute-missing",
            Self::AttributeMalformed { .. } => "attribute-malformed",
            Self::OtherCertificate { .. } => "other-certificate",
            Self::AlgorithmsDisagree { .. } => "algorithms-disagree",
            Self::KeyOfOtherKind { .. } => "key-of-other-kind",
        }
    }
}

/// Why something cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Doubt {
    /// The algorithm is not supported.
    #[error("{0} is not supported")]
    Unsupported(UnsupportedAlgorithm),
    /// The values agree, but the algorithm or key is too weak to prove anything.
    #[error("{0} is too weak to prove anything")]
    Weak(UnsupportedAlgorithm),
    /// The signer's certificate is not among the certificates given.
    #[error("the signer's certificate is not there")]
    NoCertificate,
    /// Not exactly one signer.
    #[error("{count} signers found where exactly one is allowed")]
    NotOneSigner {
        /// How many.
        count: usize,
    },
    /// The check needs the content itself or a digest of another algorithm, and neither was given.
    #[error("the content, or its digest with the algorithm that was signed, was not given")]
    ContentMissing,
    /// The digest beside the signature is not the one that the standard couples with it.
    #[error("{algorithm} with a message digest of {digest}, where the standard demands {wanted}")]
    UnusualDigest {
        /// The signature algorithm.
        algorithm: &'static str,
        /// The digest used.
        digest: crate::digest::DigestAlgorithm,
        /// The digest that the standard demands.
        wanted: crate::digest::DigestAlgorithm,
    },
    /// An attribute uses a form of the standard that is not supported.
    #[error("the attribute {attribute} has a form that is not supported")]
    UnsupportedAttribute {
        /// Its name in the standard.
        attribute: &'static str,
    },
}

impl Doubt {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsupported(_) => "unsupported-algorithm",
            Self::Weak(_) => "weak-algorithm",
            Self::NoCertificate => "no-signer-certificate",
            Self::NotOneSigner { .. } => "not-one-signer",
            Self::ContentMissing => "content-missing",
            Self::UnusualDigest { .. } => "unusual-digest",
            Self::UnsupportedAttribute { .. } => "unsupported-attribute",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_answer_wins_and_the_first_of_equals_stays() {
        let doubt = Outcome::CannotJudge(Doubt::NoCertificate);
        assert_eq!(Outcome::Absent.and(Outcome::Good), Outcome::Good);
        assert_eq!(Outcome::Good.and(Outcome::Absent), Outcome::Good);
        assert_eq!(Outcome::Good.and(doubt.clone()), doubt);
        assert_eq!(doubt.clone().and(Outcome::CannotJudge(Doubt::ContentMissing)), doubt);
        let weak = Outcome::CannotJudge(Doubt::Weak(UnsupportedAlgorithm::short_rsa(1024)));
        assert_eq!(Outcome::Good.and(weak.clone()), weak);
        assert_eq!(weak.and(doubt.clone()), doubt, "what was not checked may be wrong");
        let bad = Outcome::Bad(Fault::SignatureWrong);
        assert_eq!(doubt.and(bad.clone()), bad);
    }
}
