//! Algorithms that older readers do not know, and the extensions that announce them.

use super::PlannedSigning;
use crate::pdf::{Error, Object, Revision};
use crate::report::{Code, Finding};

/// With what a signature is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlannedAlgorithm {
    /// RSA with PKCS#1 padding.
    RsaPkcs1,
    /// RSA-PSS.
    RsaPss,
    /// ECDSA over P-256 or P-384.
    EcdsaNist,
    /// ECDSA over a brainpool curve (RFC 5639).
    EcdsaBrainpool,
    /// Ed25519 (RFC 8419).
    Ed25519,
    /// Ed448 (RFC 8419).
    Ed448,
    /// SM2 (GB/T 32918).
    Sm2,
}

/// The digest of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlannedDigest {
    /// SHA-1: broken.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384 or SHA-512.
    Longer,
    /// SHA-3 or SHAKE256.
    Sha3,
    /// SM3 (GB/T 32905).
    Sm3,
}

pub(super) fn look(
    revision: &Revision<'_>,
    planned: &PlannedSigning,
    found: &mut Vec<Finding>,
) -> Result<(), Error> {
    let unknown = match planned.algorithm {
        PlannedAlgorithm::RsaPkcs1 | PlannedAlgorithm::EcdsaNist => None,
        PlannedAlgorithm::RsaPss => Some("RSA-PSS"),
        PlannedAlgorithm::EcdsaBrainpool => Some("brainpool"),
        PlannedAlgorithm::Ed25519 => Some("Ed25519"),
        PlannedAlgorithm::Ed448 => Some("Ed448"),
        PlannedAlgorithm::Sm2 => Some("SM2"),
    };
    found.extend(unknown.map(|name| Finding::new(Code::CompatAlgorithm).with(name)));
    let digest = match planned.digest {
        // SHAKE256 is part of Ed448.
        PlannedDigest::Sha3 if planned.algorithm != PlannedAlgorithm::Ed448 => Some("SHA-3"),
        PlannedDigest::Sm3 if planned.algorithm != PlannedAlgorithm::Sm2 => Some("SM3"),
        PlannedDigest::Sha1 => Some("SHA-1"),
        _ => None,
    };
    found.extend(digest.map(|name| Finding::new(Code::CompatDigest).with(name)));
    // ISO/TS 32001 is of SHA-3, ISO/TS 32002 of the curves.
    let sha3 = (planned.digest == PlannedDigest::Sha3).then_some(32001);
    let curve = matches!(
        planned.algorithm,
        PlannedAlgorithm::Ed25519 | PlannedAlgorithm::Ed448 | PlannedAlgorithm::EcdsaBrainpool
    );
    for level in sha3.into_iter().chain(curve.then_some(32002)) {
        if !planned.declares_extensions && !declares(revision, level)? {
            found.push(Finding::new(Code::CompatExtensions).with(level));
        }
    }
    Ok(())
}

/// Whether the catalog declares an extension of ISO (ISO 32000-2 §7.12).
fn declares(revision: &Revision<'_>, level: i64) -> Result<bool, Error> {
    let catalog = revision.catalog()?;
    let Some(extensions) = revision.lookup(&catalog, b"Extensions")? else { return Ok(false) };
    let Some(extensions) = extensions.as_dictionary() else { return Ok(false) };
    let Some(own) = revision.lookup(extensions, b"ISO_")? else { return Ok(false) };
    let one = std::slice::from_ref(&*own);
    let listed = own.as_array().map(|items| items.iter().map(|it| &it.value).collect());
    for extension in listed.unwrap_or_else(|| one.iter().collect::<Vec<&Object>>()) {
        let extension = revision.resolve(extension)?;
        let stated = extension.as_dictionary().and_then(|it| it.integer(b"ExtensionLevel"));
        if stated == Some(level) {
            return Ok(true);
        }
    }
    Ok(false)
}
