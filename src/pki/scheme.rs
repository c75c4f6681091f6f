//! What a signature value is computed with, as identifiers and their parameters say.

use super::algorithm::{AlgorithmIdentifier, SignatureAlgorithm, UnsupportedAlgorithm};
use super::asn1::{Element, tag};
use super::error::Error;
use super::oid;
use crate::digest::DigestAlgorithm;

/// What a signature value is computed with: wider than [`SignatureAlgorithm`], since a wrong value
/// of a weak algorithm is still wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    RsaPkcs1(DigestAlgorithm),
    RsaPss(DigestAlgorithm),
    Ecdsa(DigestAlgorithm),
    Ed25519,
    /// PSS with one digest throughout and a salt of another length.
    RsaPssSalt(DigestAlgorithm, usize),
    /// ECDSA whose two numbers stand side by side (BSI TR-03111, 5.2.1).
    #[cfg(feature = "legacy-algorithms")]
    PlainEcdsa(DigestAlgorithm),
}

impl Scheme {
    /// Reads the signature algorithm of a certificate or signer. `beside` is the digest algorithm
    /// that stands next to it in CMS, for identifiers that name only the kind of key.
    pub fn read(
        identifier: &AlgorithmIdentifier<'_>,
        beside: Option<DigestAlgorithm>,
    ) -> Result<Self, UnsupportedAlgorithm> {
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
        let unsupported = || UnsupportedAlgorithm::of(identifier.oid);
        // Plain ECDSA may name the curve beside itself; the key's own is the one that counts.
        let names_curve = identifier.oid.starts_with(oid::PLAIN_ECDSA)
            && identifier.parameters.is_some_and(|named| named.tag == tag::OID);
        let may_have = matches!(identifier.oid, oid::RSA_PSS | oid::EC) || names_curve;
        if !may_have && identifier.has_parameters() {
            return Err(UnsupportedAlgorithm::with_parameters(identifier.oid));
        }
        match identifier.oid {
            oid::RSA => beside.map(Self::RsaPkcs1).ok_or_else(unsupported),
            oid::RSA_SHA1 | oid::RSA_SHA1_OIW => Ok(Self::RsaPkcs1(Sha1)),
            oid::RSA_SHA256 => Ok(Self::RsaPkcs1(Sha256)),
            oid::RSA_SHA384 => Ok(Self::RsaPkcs1(Sha384)),
            oid::RSA_SHA512 => Ok(Self::RsaPkcs1(Sha512)),
            oid::RSA_PSS => read_pss(identifier.parameters.as_ref()),
            oid::EC => beside.map(Self::Ecdsa).ok_or_else(unsupported),
            oid::ECDSA_SHA1 => Ok(Self::Ecdsa(Sha1)),
            oid::ECDSA_SHA256 => Ok(Self::Ecdsa(Sha256)),
            oid::ECDSA_SHA384 => Ok(Self::Ecdsa(Sha384)),
            oid::ECDSA_SHA512 => Ok(Self::Ecdsa(Sha512)),
            oid::ED25519 => Ok(Self::Ed25519),
            other => beyond(other).ok_or_else(unsupported),
        }
    }

    /// The digest inside the signature; none for Ed25519, which has no choice.
    pub fn digest(self) -> Option<DigestAlgorithm> {
        match self {
            Self::RsaPkcs1(digest)
            | Self::RsaPss(digest)
            | Self::RsaPssSalt(digest, _)
            | Self::Ecdsa(digest) => Some(digest),
            #[cfg(feature = "legacy-algorithms")]
            Self::PlainEcdsa(digest) => Some(digest),
            Self::Ed25519 => None,
        }
    }

    /// The same as one of the algorithms that may carry a judgement.
    pub fn supported(self) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
        #[cfg(feature = "legacy-algorithms")]
        use DigestAlgorithm::{Sha3_256, Sha3_384, Sha3_512};
        match self {
            Self::RsaPkcs1(Sha1) => Err(UnsupportedAlgorithm::of(oid::RSA_SHA1)),
            Self::RsaPkcs1(Sha256) => Ok(SignatureAlgorithm::RsaPkcs1Sha256),
            Self::RsaPkcs1(Sha384) => Ok(SignatureAlgorithm::RsaPkcs1Sha384),
            Self::RsaPkcs1(Sha512) => Ok(SignatureAlgorithm::RsaPkcs1Sha512),
            Self::RsaPss(Sha1) => {
                Err(UnsupportedAlgorithm::named("RSA PSS with SHA-1", oid::RSA_PSS))
            }
            Self::RsaPss(Sha256) => Ok(SignatureAlgorithm::RsaPssSha256),
            Self::RsaPss(Sha384) => Ok(SignatureAlgorithm::RsaPssSha384),
            Self::RsaPss(Sha512) => Ok(SignatureAlgorithm::RsaPssSha512),
            Self::Ecdsa(Sha1) => Err(UnsupportedAlgorithm::of(oid::ECDSA_SHA1)),
            Self::Ecdsa(Sha256) => Ok(SignatureAlgorithm::EcdsaSha256),
            Self::Ecdsa(Sha384) => Ok(SignatureAlgorithm::EcdsaSha384),
            Self::Ecdsa(Sha512) => Err(UnsupportedAlgorithm::of(oid::ECDSA_SHA512)),
            Self::Ed25519 => Ok(SignatureAlgorithm::Ed25519),
            Self::RsaPssSalt(digest, salt) => {
                let name = format!("RSA PSS with {digest} and a salt of {salt} bytes");
                Err(UnsupportedAlgorithm::named(name, oid::RSA_PSS))
            }
            #[cfg(feature = "legacy-algorithms")]
            Self::PlainEcdsa(digest) => {
                let name = format!("plain ECDSA with {digest}");
                Err(UnsupportedAlgorithm::named(name, oid::PLAIN_ECDSA))
            }
            #[cfg(feature = "legacy-algorithms")]
            Self::RsaPkcs1(Sha3_256) => Err(UnsupportedAlgorithm::of(oid::RSA_SHA3_256)),
            #[cfg(feature = "legacy-algorithms")]
            Self::RsaPkcs1(Sha3_384) => Err(UnsupportedAlgorithm::of(oid::RSA_SHA3_384)),
            #[cfg(feature = "legacy-algorithms")]
            Self::RsaPkcs1(Sha3_512) => Err(UnsupportedAlgorithm::of(oid::RSA_SHA3_512)),
            #[cfg(feature = "legacy-algorithms")]
            Self::RsaPss(digest) => {
                Err(UnsupportedAlgorithm::named(format!("RSA PSS with {digest}"), oid::RSA_PSS))
            }
            #[cfg(feature = "legacy-algorithms")]
            Self::Ecdsa(digest) => {
                Err(UnsupportedAlgorithm::named(format!("ECDSA with {digest}"), oid::EC))
            }
        }
    }
}

/// Schemes that are known with the feature `legacy-algorithms` alone.
#[cfg(feature = "legacy-algorithms")]
fn beyond(identifier: &[u8]) -> Option<Scheme> {
    use DigestAlgorithm::{Sha3_256, Sha3_384, Sha3_512, Sha256, Sha384, Sha512};
    Some(match identifier {
        oid::RSA_SHA3_256 => Scheme::RsaPkcs1(Sha3_256),
        oid::RSA_SHA3_384 => Scheme::RsaPkcs1(Sha3_384),
        oid::RSA_SHA3_512 => Scheme::RsaPkcs1(Sha3_512),
        oid::ECDSA_SHA3_256 => Scheme::Ecdsa(Sha3_256),
        oid::ECDSA_SHA3_384 => Scheme::Ecdsa(Sha3_384),
        oid::ECDSA_SHA3_512 => Scheme::Ecdsa(Sha3_512),
        other => match other.strip_prefix(oid::PLAIN_ECDSA)? {
            [3] => Scheme::PlainEcdsa(Sha256),
            [4] => Scheme::PlainEcdsa(Sha384),
            [5] => Scheme::PlainEcdsa(Sha512),
            _ => return None,
        },
    })
}

#[cfg(not(feature = "legacy-algorithms"))]
fn beyond(_: &[u8]) -> Option<Scheme> {
    None
}

/// RSASSA-PSS-params (RFC 4055, 3.1): one digest throughout, or unsupported.
fn read_pss(parameters: Option<&Element<'_>>) -> Result<Scheme, UnsupportedAlgorithm> {
    let named = |name: String| UnsupportedAlgorithm::named(name, oid::RSA_PSS);
    let parsed = PssParameters::read(parameters)
        .map_err(|_| named("RSA PSS with unreadable parameters".to_owned()))?;
    let digest = parsed.digest?;
    if parsed.mask_digest != Ok(digest) {
        return Err(named(format!("RSA PSS with {digest} and another mask digest")));
    }
    if parsed.trailer != 1 {
        return Err(named(format!("RSA PSS with trailer field {}", parsed.trailer)));
    }
    match usize::try_from(parsed.salt) {
        Ok(salt) if salt == digest.output_len() => Ok(Scheme::RsaPss(digest)),
        Ok(salt) => Ok(Scheme::RsaPssSalt(digest, salt)),
        Err(_) => Err(named(format!("RSA PSS with {digest} and a salt of {} bytes", parsed.salt))),
    }
}

struct PssParameters {
    digest: Result<DigestAlgorithm, UnsupportedAlgorithm>,
    mask_digest: Result<DigestAlgorithm, UnsupportedAlgorithm>,
    salt: u64,
    trailer: u64,
}

impl PssParameters {
    fn read(parameters: Option<&Element<'_>>) -> Result<Self, Error> {
        let mut found = Self {
            digest: Ok(DigestAlgorithm::Sha1),
            mask_digest: Ok(DigestAlgorithm::Sha1),
            salt: 20,
            trailer: 1,
        };
        let Some(parameters) = parameters else { return Ok(found) };
        let mut reader = parameters.reader();
        if let Some(hash) = reader.optional(tag::context(0))? {
            found.digest = AlgorithmIdentifier::read(&mut hash.reader())?.digest();
        }
        if let Some(mask) = reader.optional(tag::context(1))? {
            let mask = AlgorithmIdentifier::read(&mut mask.reader())?;
            found.mask_digest = match (mask.oid, &mask.parameters) {
                (oid::MGF1, Some(digest)) => AlgorithmIdentifier::of(digest)?.digest(),
                (other, _) => Err(UnsupportedAlgorithm::of(other)),
            };
        }
        if let Some(salt) = reader.optional(tag::context(2))? {
            found.salt = salt.reader().expect(tag::INTEGER, "a salt length")?.small_integer()?;
        }
        if let Some(trailer) = reader.optional(tag::context(3))? {
            found.trailer = trailer.reader().expect(tag::INTEGER, "a trailer")?.small_integer()?;
        }
        reader.finish("the end of the PSS parameters")?;
        Ok(found)
    }
}
