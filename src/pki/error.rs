//! What can go wrong with certificates, keys and CMS before anything can be judged.

use thiserror::Error as ThisError;

use crate::limits::LimitExceeded;

/// Why a certificate, key or CMS could not be read or made.
///
/// No message carries a name from a certificate. Offsets count bytes from the start of the
/// structure that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are not the ASN.1 that should stand there.
    #[error("byte {offset}: {expected} was expected; the data is damaged or of another kind")]
    Malformed {
        /// Where.
        offset: usize,
        /// What should have been there.
        expected: &'static str,
    },
    /// An element is longer than what is left.
    #[error(
        "byte {offset}: the element that begins here is longer than the data; it was cut short"
    )]
    Truncated {
        /// Where the element begins.
        offset: usize,
    },
    /// Indefinite lengths inside each other beyond the limit (0 where DER is demanded).
    #[error(
        "byte {offset}: indefinite lengths are nested deeper than {allowed}; raise `depth` in `Limits` if this is expected"
    )]
    TooDeep {
        /// Where the limit was reached.
        offset: usize,
        /// The limit.
        allowed: u64,
    },
    /// The CMS holds something other than signed data.
    #[error("content type {found} found where signed data (1.2.840.113549.1.7.2) was expected")]
    NotSignedData {
        /// The object identifier found.
        found: String,
    },
    /// The signed data of a time-stamp token holds something other than TSTInfo.
    #[error("content type {found} found where TSTInfo (1.2.840.113549.1.9.16.1.4) was expected")]
    NotTimestamp {
        /// The object identifier found.
        found: String,
    },
    /// A limit ran out.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// No PEM block of the expected kind.
    #[error("no PEM block `{expected}` found; give PEM text or plain DER")]
    NoPem {
        /// The label looked for.
        expected: &'static str,
    },
    /// A PEM block whose content is not base64.
    #[error("line {line}: the PEM block that begins here is not complete base64")]
    BadPem {
        /// The line of its `BEGIN`, from 1.
        line: usize,
    },
    /// An encrypted private key.
    #[error(
        "the private key is encrypted; decrypt it first (`openssl pkcs8 -in KEY -out PLAIN`), or give a PKCS#12 file with the feature `pkcs12`"
    )]
    EncryptedKey,
    /// An EC or Ed25519 key without its public half.
    #[error(
        "the private key does not carry its public key; load it together with its certificate (`PrivateKey::with_certificate`)"
    )]
    PublicKeyMissing,
    /// A key we cannot sign with.
    #[error("cannot sign with {algorithm}: {hint}")]
    UnsupportedKey {
        /// Name of the algorithm, with its object identifier where there is no name.
        algorithm: String,
        /// What is supported instead.
        hint: &'static str,
    },
    /// The key is damaged or its parts do not belong together.
    #[error("the private key is not usable ({reason}); export it again")]
    BadKey {
        /// The reason in the words of the library that refused it.
        reason: String,
    },
    /// Key and certificate are not a pair.
    #[error(
        "the private key ({key}) does not belong to the certificate ({certificate}); give the certificate that was issued for this key, signer first"
    )]
    KeyMismatch {
        /// Kind of the key.
        key: String,
        /// Kind of the certificate's key.
        certificate: String,
    },
    /// The key cannot sign with this algorithm.
    #[error("a key of kind {key} cannot sign with {algorithm}; ask the key for its algorithms")]
    AlgorithmForOtherKey {
        /// Kind of the key.
        key: String,
        /// The algorithm asked for.
        algorithm: &'static str,
    },
    /// The random generator of the operating system failed, or signing itself did.
    #[error("signing failed inside the cryptographic library; try again")]
    SigningFailed,
    /// The document digest was computed with another algorithm than the signature wants.
    #[error("the digest is {given}, {algorithm} needs {wanted}; hash the document with {wanted}")]
    DigestForOtherAlgorithm {
        /// The signature algorithm.
        algorithm: &'static str,
        /// The digest algorithm it goes with.
        wanted: crate::digest::DigestAlgorithm,
        /// The one given.
        given: crate::digest::DigestAlgorithm,
    },
    /// A builder was given no certificate.
    #[error("no certificate given; the signer's certificate must come first in the chain")]
    NoCertificate,
    /// An attribute that the builder writes itself, or that is no attribute.
    #[error("extra attribute {index}: {reason}")]
    BadAttribute {
        /// Which one, from 0.
        index: usize,
        /// Why it is refused.
        reason: &'static str,
    },
    /// A content type that is no object identifier.
    #[error("`{found}` is no object identifier in dotted notation; write it like 2.25.1")]
    BadContentType {
        /// What was given, at most 64 characters of it.
        found: String,
    },
    /// Wrong password of a PKCS#12 file.
    #[error("the password does not open the PKCS#12 file; check it (it is case-sensitive)")]
    WrongPassword,
    /// A PKCS#12 file that cannot be used.
    #[error("the PKCS#12 file cannot be used: {reason}")]
    BadPkcs12 {
        /// The reason.
        reason: String,
    },
}

impl Error {
    /// A stable code for programs.
    ///
    /// ```
    /// let error = sealwright::pki::Certificate::from_der(b"").unwrap_err();
    /// assert_eq!(error.code(), "pki.malformed");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "pki.malformed",
            Self::Truncated { .. } => "pki.truncated",
            Self::TooDeep { .. } => "pki.too-deep",
            Self::NotSignedData { .. } => "pki.not-signed-data",
            Self::NotTimestamp { .. } => "pki.not-timestamp",
            Self::Limit(_) => "pki.limit",
            Self::NoPem { .. } => "pki.no-pem",
            Self::BadPem { .. } => "pki.bad-pem",
            Self::EncryptedKey => "pki.encrypted-key",
            Self::PublicKeyMissing => "pki.public-key-missing",
            Self::UnsupportedKey { .. } => "pki.unsupported-key",
            Self::BadKey { .. } => "pki.bad-key",
            Self::KeyMismatch { .. } => "pki.key-mismatch",
            Self::AlgorithmForOtherKey { .. } => "pki.algorithm-for-other-key",
            Self::SigningFailed => "pki.signing-failed",
            Self::DigestForOtherAlgorithm { .. } => "pki.digest-for-other-algorithm",
            Self::NoCertificate => "pki.no-certificate",
            Self::BadAttribute { .. } => "pki.bad-attribute",
            Self::BadContentType { .. } => "pki.bad-content-type",
            Self::WrongPassword => "pki.wrong-password",
            Self::BadPkcs12 { .. } => "pki.bad-pkcs12",
        }
    }

    pub(super) fn malformed(offset: usize, expected: &'static str) -> Self {
        Self::Malformed { offset, expected }
    }

    pub(super) fn truncated(offset: usize) -> Self {
        Self::Truncated { offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_place_and_remedy() {
        let error = Error::malformed(17, "a serial number");
        assert_eq!(
            error.to_string(),
            "byte 17: a serial number was expected; the data is damaged or of another kind"
        );
        assert_eq!(error.code(), "pki.malformed");
    }
}
