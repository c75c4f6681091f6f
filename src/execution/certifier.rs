//! Who certifies the documents of a contract.

use std::fmt;

use crate::contract::{CertificateRecord, CertifiedBy};
use crate::signing::{Signer, SignerDescription};

/// Who certifies a document, so that nothing but filling its fields is permitted afterwards (DocMDP
/// with P = 2, ISO 32000-2 §12.8.2.2). A document that came with signatures is never certified.
///
/// Decided when a contract is started, and recorded in it ([`CertifiedBy`]): later steps ask the record.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub enum Certifier<'a> {
    /// The platform: an invisible signature of its own over the prepared revision. It claims no seal
    /// and is counted as no party. The best choice where the host has a key.
    Platform(&'a dyn Signer),
    /// Whoever signs first. Where he has a cross-page seal, several fields share the certifying
    /// signature.
    #[default]
    FirstSigner,
    /// Nobody.
    Nobody,
}

impl Certifier<'_> {
    /// As the contract records it.
    pub(super) fn recorded(&self) -> CertifiedBy {
        match self {
            Self::Platform(signer) => match certificate_of(signer.description()) {
                Some(certificate) => CertifiedBy::Platform { certificate },
                // No description is without one.
                None => CertifiedBy::Nobody,
            },
            Self::FirstSigner => CertifiedBy::FirstSigner,
            Self::Nobody => CertifiedBy::Nobody,
        }
    }
}

impl fmt::Debug for Certifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Platform(_) => "Platform",
            Self::FirstSigner => "FirstSigner",
            Self::Nobody => "Nobody",
        })
    }
}

/// What is recorded of a signer's certificate.
pub(super) fn certificate_of(signer: &SignerDescription) -> Option<CertificateRecord> {
    signer.certificates().first().map(|certificate| CertificateRecord {
        serial: certificate.serial(),
        issuer: certificate.issuer(),
        fingerprint: Some(certificate.fingerprint()),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        algorithm: signer.algorithm().name().to_owned(),
    })
}
