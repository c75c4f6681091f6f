//! Public keys (RFC 5280, 4.1.2.7) and what can be verified with them.

use std::fmt;

use ring::signature::{self as engine, UnparsedPublicKey, VerificationAlgorithm};

use super::algorithm::{AlgorithmIdentifier, UnsupportedAlgorithm};
use super::asn1::{Element, Reader, tag};
use super::error::Error;
use super::oid;
use super::outcome::{Doubt, Fault, Outcome};
use super::scheme::Scheme;
use crate::digest::DigestAlgorithm;

/// The kind of a public key.
///
/// ```
/// use sealwright::pki::KeyAlgorithm;
/// assert_eq!(KeyAlgorithm::Rsa { bits: 2048 }.to_string(), "RSA-2048");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// RSA, for PKCS#1 v1.5 and PSS.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
    },
    /// RSA that may be used with PSS only (RFC 4055, 1.2).
    RsaPss {
        /// Bits of the modulus.
        bits: usize,
    },
    /// ECDSA on P-256 (secp256r1).
    EcP256,
    /// ECDSA on P-384 (secp384r1).
    EcP384,
    /// Ed25519.
    Ed25519,
    /// A key that cannot be judged.
    Unsupported(UnsupportedAlgorithm),
}

impl KeyAlgorithm {
    /// The bits of an RSA key's modulus.
    pub(super) fn rsa_bits(&self) -> Option<usize> {
        match self {
            Self::Rsa { bits } | Self::RsaPss { bits } => Some(*bits),
            _ => None,
        }
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { bits } => write!(f, "RSA-{bits}"),
            Self::RsaPss { bits } => write!(f, "RSA-{bits} for PSS only"),
            Self::EcP256 => f.write_str("EC P-256"),
            Self::EcP384 => f.write_str("EC P-384"),
            Self::Ed25519 => f.write_str("Ed25519"),
            Self::Unsupported(unsupported) => unsupported.fmt(f),
        }
    }
}

/// SubjectPublicKeyInfo, taken apart.
#[derive(Clone, Debug)]
pub(super) struct PublicKey<'a> {
    pub algorithm: KeyAlgorithm,
    /// The subjectPublicKey bits.
    pub bits: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// From the content of a SubjectPublicKeyInfo.
    pub fn read(info: &Element<'a>) -> Result<Self, Error> {
        let mut reader = info.reader();
        let identifier = AlgorithmIdentifier::read(&mut reader)?;
        let bits = reader.expect(tag::BIT_STRING, "a public key")?.bits()?;
        reader.finish("the end of the public key")?;
        Ok(Self { algorithm: key_algorithm(&identifier, bits), bits })
    }

    /// Checks a signature over a message that lies in memory.
    pub fn verify(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> Outcome {
        let (engine, weakness) = match self.engine(scheme) {
            Ok(found) => found,
            #[cfg(feature = "legacy-algorithms")]
            Err(Outcome::CannotJudge(doubt)) => {
                return super::legacy::verify(self, scheme, message, signature)
                    .unwrap_or(Outcome::CannotJudge(doubt));
            }
            Err(outcome) => return outcome,
        };
        match (UnparsedPublicKey::new(engine, self.bits).verify(message, signature), weakness) {
            (Err(_), _) => Outcome::Bad(Fault::SignatureWrong),
            (Ok(()), Some(weak)) => Outcome::CannotJudge(Doubt::Weak(weak)),
            (Ok(()), None) => Outcome::Good,
        }
    }

    /// What computes this scheme with this key, and why a match would prove nothing, if so.
    fn engine(&self, scheme: Scheme) -> Result<Engine, Outcome> {
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
        let sound = |engine: &'static dyn VerificationAlgorithm| Ok((engine, None));
        match (&self.algorithm, scheme) {
            (KeyAlgorithm::Unsupported(name), _) => {
                Err(Outcome::CannotJudge(Doubt::Unsupported(name.clone())))
            }
            (KeyAlgorithm::Rsa { bits }, Scheme::RsaPkcs1(digest)) => rsa_pkcs1(*bits, digest),
            (
                KeyAlgorithm::Rsa { bits } | KeyAlgorithm::RsaPss { bits },
                Scheme::RsaPss(Sha256 | Sha384 | Sha512),
            ) if is_short(*bits) => Err(unsupported(UnsupportedAlgorithm::short_rsa(*bits))),
            (KeyAlgorithm::Rsa { .. } | KeyAlgorithm::RsaPss { .. }, Scheme::RsaPss(digest)) => {
                match digest {
                    Sha1 => Err(unsupported_scheme(scheme)),
                    Sha256 => sound(&engine::RSA_PSS_2048_8192_SHA256),
                    Sha384 => sound(&engine::RSA_PSS_2048_8192_SHA384),
                    Sha512 => sound(&engine::RSA_PSS_2048_8192_SHA512),
                    #[cfg(feature = "legacy-algorithms")]
                    _ => Err(unsupported_scheme(scheme)),
                }
            }
            (KeyAlgorithm::EcP256, Scheme::Ecdsa(Sha256)) => sound(&engine::ECDSA_P256_SHA256_ASN1),
            (KeyAlgorithm::EcP256, Scheme::Ecdsa(Sha384)) => sound(&engine::ECDSA_P256_SHA384_ASN1),
            (KeyAlgorithm::EcP384, Scheme::Ecdsa(Sha256)) => sound(&engine::ECDSA_P384_SHA256_ASN1),
            (KeyAlgorithm::EcP384, Scheme::Ecdsa(Sha384)) => sound(&engine::ECDSA_P384_SHA384_ASN1),
            (KeyAlgorithm::EcP256 | KeyAlgorithm::EcP384, Scheme::Ecdsa(_)) => {
                Err(unsupported_scheme(scheme))
            }
            (KeyAlgorithm::Ed25519, Scheme::Ed25519) => sound(&engine::ED25519),
            (KeyAlgorithm::Rsa { .. } | KeyAlgorithm::RsaPss { .. }, Scheme::RsaPssSalt(..)) => {
                Err(unsupported_scheme(scheme))
            }
            #[cfg(feature = "legacy-algorithms")]
            (KeyAlgorithm::EcP256 | KeyAlgorithm::EcP384, Scheme::PlainEcdsa(_)) => {
                Err(unsupported_scheme(scheme))
            }
            (key, scheme) => Err(Outcome::Bad(Fault::KeyOfOtherKind {
                algorithm: scheme_name(scheme),
                key: key.to_string(),
            })),
        }
    }
}

type Engine = (&'static dyn VerificationAlgorithm, Option<UnsupportedAlgorithm>);

fn rsa_pkcs1(bits: usize, digest: DigestAlgorithm) -> Result<Engine, Outcome> {
    use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
    let weak_key = UnsupportedAlgorithm::short_rsa(bits);
    if !is_short(bits) {
        return match digest {
            Sha1 => Ok((
                &engine::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
                Some(UnsupportedAlgorithm::named("RSA with SHA-1", oid::RSA_SHA1)),
            )),
            Sha256 => Ok((&engine::RSA_PKCS1_2048_8192_SHA256, None)),
            Sha384 => Ok((&engine::RSA_PKCS1_2048_8192_SHA384, None)),
            Sha512 => Ok((&engine::RSA_PKCS1_2048_8192_SHA512, None)),
            #[cfg(feature = "legacy-algorithms")]
            _ => Err(unsupported_scheme(Scheme::RsaPkcs1(digest))),
        };
    }
    if bits < 1024 {
        return Err(unsupported(weak_key));
    }
    match digest {
        Sha1 => Ok((&engine::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, Some(weak_key))),
        Sha256 => Ok((&engine::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, Some(weak_key))),
        Sha384 => Err(unsupported(weak_key)),
        Sha512 => Ok((&engine::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, Some(weak_key))),
        #[cfg(feature = "legacy-algorithms")]
        _ => Err(unsupported(weak_key)),
    }
}

fn unsupported(name: UnsupportedAlgorithm) -> Outcome {
    Outcome::CannotJudge(Doubt::Unsupported(name))
}

fn unsupported_scheme(scheme: Scheme) -> Outcome {
    let name = match scheme.supported() {
        Ok(supported) => UnsupportedAlgorithm::named(supported.name(), &[]),
        Err(name) => name,
    };
    unsupported(name)
}

fn scheme_name(scheme: Scheme) -> String {
    scheme.supported().map_or_else(|name| name.to_string(), |supported| supported.name().to_owned())
}

/// Below 2048 bits, where the last started byte counts as full.
fn is_short(bits: usize) -> bool {
    bits.div_ceil(8) < 256
}

pub(super) fn key_algorithm(identifier: &AlgorithmIdentifier<'_>, bits: &[u8]) -> KeyAlgorithm {
    let named = |name: &'static str, oid: &[u8]| {
        KeyAlgorithm::Unsupported(UnsupportedAlgorithm::named(name, oid))
    };
    match identifier.oid {
        oid::RSA => {
            rsa_bits(bits).map_or_else(KeyAlgorithm::Unsupported, |bits| KeyAlgorithm::Rsa { bits })
        }
        oid::RSA_PSS => rsa_bits(bits)
            .map_or_else(KeyAlgorithm::Unsupported, |bits| KeyAlgorithm::RsaPss { bits }),
        oid::ED25519 => KeyAlgorithm::Ed25519,
        oid::ED448 => named("Ed448", oid::ED448),
        oid::DSA => named("DSA", oid::DSA),
        oid::EC => match identifier.parameters.filter(|p| p.tag == tag::OID).map(|p| p.content) {
            Some(oid::P256) => KeyAlgorithm::EcP256,
            Some(oid::P384) => KeyAlgorithm::EcP384,
            Some(oid::P521) => named("EC P-521", oid::P521),
            Some(oid::SECP256K1) => named("EC secp256k1", oid::SECP256K1),
            Some(oid::SM2) => named("SM2", oid::SM2),
            Some(curve) if curve.starts_with(oid::BRAINPOOL) => named("EC brainpool", curve),
            Some(curve) => named("EC on an unknown curve", curve),
            None => named("EC with a curve spelled out", oid::EC),
        },
        other => named("unknown kind of key", other),
    }
}

/// The length of the modulus, if ring can compute with this key at all.
pub(super) fn rsa_bits(bits: &[u8]) -> Result<usize, UnsupportedAlgorithm> {
    let read = || {
        let mut key = Reader::der(bits).expect(tag::SEQUENCE, "an RSA key")?.reader();
        let modulus = key.expect(tag::INTEGER, "a modulus")?.content;
        let exponent = key.expect(tag::INTEGER, "an exponent")?.content;
        Ok::<_, Error>((modulus, exponent))
    };
    let named = |name: String| UnsupportedAlgorithm::named(name, oid::RSA);
    let (modulus, exponent) = read().map_err(|_| named("RSA with an unreadable key".to_owned()))?;
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros());
    let bits = modulus.len().saturating_mul(8).saturating_sub(usize::try_from(zeros).unwrap_or(0));
    if bits > 8192 {
        return Err(named(format!("RSA-{bits}, longer than 8192 bits,")));
    }
    if exponent.len() > 4 || exponent.last().is_none_or(|byte| byte & 1 == 0) || exponent == [1] {
        return Err(named("RSA with an unusual exponent".to_owned()));
    }
    Ok(bits)
}
