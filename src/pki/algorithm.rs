//! Signature and digest algorithms, and honest names for those that cannot be judged.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::asn1::{Element, Reader, tag};
use super::error::Error;
use super::scheme::Scheme;
use super::{encode, oid};
use crate::digest::DigestAlgorithm;

/// A signature algorithm that can be used for new signatures and judged in old ones.
///
/// ECDSA does not name its curve here: the key does. New ECDSA signatures are P-256 with SHA-256 or
/// P-384 with SHA-384; the other two pairs are judged only.
///
/// ```
/// use sealwright::digest::DigestAlgorithm;
/// use sealwright::pki::SignatureAlgorithm;
///
/// let algorithm = SignatureAlgorithm::RsaPssSha256;
/// assert_eq!(algorithm.digest(), DigestAlgorithm::Sha256);
/// assert_eq!(SignatureAlgorithm::from_der(&algorithm.to_der()), Ok(algorithm));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSA PKCS#1 v1.5 with SHA-256 (RFC 8017, 8.2).
    RsaPkcs1Sha256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    RsaPkcs1Sha384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    RsaPkcs1Sha512,
    /// RSA PSS, SHA-256 throughout, salt of 32 bytes (RFC 4056).
    RsaPssSha256,
    /// RSA PSS, SHA-384 throughout, salt of 48 bytes.
    RsaPssSha384,
    /// RSA PSS, SHA-512 throughout, salt of 64 bytes.
    RsaPssSha512,
    /// ECDSA with SHA-256 (RFC 5753).
    EcdsaSha256,
    /// ECDSA with SHA-384.
    EcdsaSha384,
    /// Ed25519 (RFC 8419); the message digest beside it is SHA-512.
    Ed25519,
}

impl SignatureAlgorithm {
    /// The algorithm of the document digest that goes with it in CMS.
    #[must_use]
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::RsaPkcs1Sha256 | Self::RsaPssSha256 | Self::EcdsaSha256 => {
                DigestAlgorithm::Sha256
            }
            Self::RsaPkcs1Sha384 | Self::RsaPssSha384 | Self::EcdsaSha384 => {
                DigestAlgorithm::Sha384
            }
            Self::RsaPkcs1Sha512 | Self::RsaPssSha512 | Self::Ed25519 => DigestAlgorithm::Sha512,
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RsaPkcs1Sha256 => "RSA PKCS#1 v1.5 with SHA-256",
            Self::RsaPkcs1Sha384 => "RSA PKCS#1 v1.5 with SHA-384",
            Self::RsaPkcs1Sha512 => "RSA PKCS#1 v1.5 with SHA-512",
            Self::RsaPssSha256 => "RSA PSS with SHA-256",
            Self::RsaPssSha384 => "RSA PSS with SHA-384",
            Self::RsaPssSha512 => "RSA PSS with SHA-512",
            Self::EcdsaSha256 => "ECDSA with SHA-256",
            Self::EcdsaSha384 => "ECDSA with SHA-384",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The DER AlgorithmIdentifier, with PSS parameters written out.
    #[must_use]
    pub fn to_der(self) -> Vec<u8> {
        let rsa = |oid| encode::sequence(&[&encode::oid(oid), &encode::NULL]);
        match self {
            Self::RsaPkcs1Sha256 => rsa(oid::RSA_SHA256),
            Self::RsaPkcs1Sha384 => rsa(oid::RSA_SHA384),
            Self::RsaPkcs1Sha512 => rsa(oid::RSA_SHA512),
            Self::RsaPssSha256 | Self::RsaPssSha384 | Self::RsaPssSha512 => {
                let parameters = pss_parameters(self.digest());
                encode::sequence(&[&encode::oid(oid::RSA_PSS), &parameters])
            }
            Self::EcdsaSha256 => encode::sequence(&[&encode::oid(oid::ECDSA_SHA256)]),
            Self::EcdsaSha384 => encode::sequence(&[&encode::oid(oid::ECDSA_SHA384)]),
            Self::Ed25519 => encode::sequence(&[&encode::oid(oid::ED25519)]),
        }
    }

    /// Reads a DER AlgorithmIdentifier that says everything by itself (so not plain
    /// `rsaEncryption`, which leaves the digest to its surroundings).
    ///
    /// # Errors
    ///
    /// The name of what stands there, if it is not one of ours.
    pub fn from_der(der: &[u8]) -> Result<Self, UnsupportedAlgorithm> {
        AlgorithmIdentifier::read(&mut Reader::der(der))
            .map_err(|_| UnsupportedAlgorithm::unreadable())
            .and_then(|identifier| Scheme::read(&identifier, None))
            .and_then(Scheme::supported)
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An algorithm that is named but not judged: unsupported is never the same as invalid.
///
/// ```
/// use sealwright::pki::SignatureAlgorithm;
/// let ed448 = [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x71];
/// let unsupported = SignatureAlgorithm::from_der(&ed448).unwrap_err();
/// assert_eq!(unsupported.to_string(), "Ed448 (1.3.101.113)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnsupportedAlgorithm {
    name: Cow<'static, str>,
    oid: String,
}

impl UnsupportedAlgorithm {
    /// Its plain name, such as `SHA3-256` or `RSA PSS with a salt of 20 bytes`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its object identifier in dotted notation, empty if there is none.
    #[must_use]
    pub fn oid(&self) -> &str {
        &self.oid
    }

    pub(super) fn named(name: impl Into<Cow<'static, str>>, oid: &[u8]) -> Self {
        Self { name: name.into(), oid: oid::dotted(oid) }
    }

    pub(super) fn short_rsa(bits: usize) -> Self {
        Self::named(format!("RSA-{bits} (shorter than 2048 bits)"), oid::RSA)
    }

    pub(super) fn restricted_pss() -> Self {
        Self::named("RSA PSS key with parameters", oid::RSA_PSS)
    }

    pub(super) fn unreadable() -> Self {
        Self { name: Cow::Borrowed("unreadable algorithm identifier"), oid: String::new() }
    }

    /// An algorithm that takes no parameters, with some.
    pub(super) fn with_parameters(content: &[u8]) -> Self {
        Self::named(format!("{} with unknown parameters", Self::of(content).name), content)
    }

    /// The best name there is for an identifier that nothing here handles.
    pub(super) fn of(content: &[u8]) -> Self {
        let known = NAMES.iter().find(|(known, _)| *known == content).map(|(_, name)| *name);
        let family = || content.starts_with(oid::PLAIN_ECDSA).then_some("plain ECDSA");
        Self::named(known.or_else(family).unwrap_or("unknown algorithm"), content)
    }
}

impl fmt::Display for UnsupportedAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.oid.is_empty() {
            f.write_str(&self.name)
        } else {
            write!(f, "{} ({})", self.name, self.oid)
        }
    }
}

/// AlgorithmIdentifier (RFC 5280, 4.1.1.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct AlgorithmIdentifier<'a> {
    pub oid: &'a [u8],
    pub parameters: Option<Element<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Error> {
        Self::of(&reader.expect(tag::SEQUENCE, "an algorithm identifier")?)
    }

    /// From an element whose tag may have been replaced by an implicit one.
    pub fn of(element: &Element<'a>) -> Result<Self, Error> {
        let mut inner = element.reader();
        let oid = inner.expect(tag::OID, "an object identifier")?.content;
        let parameters = inner.next()?;
        inner.finish("the end of the algorithm identifier")?;
        Ok(Self { oid, parameters })
    }

    /// Whether both mean the same; absent and NULL parameters are the same thing.
    pub fn same_as(&self, other: &Self) -> bool {
        let parameters = |a: &Self| a.parameters.map(|p| p.raw).filter(|raw| *raw != encode::NULL);
        self.oid == other.oid && parameters(self) == parameters(other)
    }

    /// Whether there are parameters other than NULL.
    pub fn has_parameters(&self) -> bool {
        self.parameters.is_some_and(|parameters| parameters.raw != encode::NULL)
    }

    /// The digest algorithm it names. Some signers write the name of an RSA signature where a
    /// digest belongs, which leaves one reading only.
    pub fn digest(&self) -> Result<DigestAlgorithm, UnsupportedAlgorithm> {
        if self.has_parameters() {
            return Err(UnsupportedAlgorithm::with_parameters(self.oid));
        }
        match self.oid {
            oid::SHA1 | oid::RSA_SHA1 => Ok(DigestAlgorithm::Sha1),
            oid::SHA256 | oid::RSA_SHA256 => Ok(DigestAlgorithm::Sha256),
            oid::SHA384 | oid::RSA_SHA384 => Ok(DigestAlgorithm::Sha384),
            oid::SHA512 | oid::RSA_SHA512 => Ok(DigestAlgorithm::Sha512),
            #[cfg(feature = "legacy-algorithms")]
            oid::SHA3_256 | oid::RSA_SHA3_256 => Ok(DigestAlgorithm::Sha3_256),
            #[cfg(feature = "legacy-algorithms")]
            oid::SHA3_384 | oid::RSA_SHA3_384 => Ok(DigestAlgorithm::Sha3_384),
            #[cfg(feature = "legacy-algorithms")]
            oid::SHA3_512 | oid::RSA_SHA3_512 => Ok(DigestAlgorithm::Sha3_512),
            other => Err(UnsupportedAlgorithm::of(other)),
        }
    }
}

/// The DER AlgorithmIdentifier of a digest; parameters absent for SHA-2 (RFC 5754, 2).
pub(super) fn digest_identifier(algorithm: DigestAlgorithm) -> Vec<u8> {
    encode::sequence(&[&encode::oid(digest_oid(algorithm))])
}

pub(super) fn digest_oid(algorithm: DigestAlgorithm) -> &'static [u8] {
    match algorithm {
        DigestAlgorithm::Sha1 => oid::SHA1,
        DigestAlgorithm::Sha256 => oid::SHA256,
        DigestAlgorithm::Sha384 => oid::SHA384,
        DigestAlgorithm::Sha512 => oid::SHA512,
        #[cfg(feature = "legacy-algorithms")]
        DigestAlgorithm::Sha3_256 => oid::SHA3_256,
        #[cfg(feature = "legacy-algorithms")]
        DigestAlgorithm::Sha3_384 => oid::SHA3_384,
        #[cfg(feature = "legacy-algorithms")]
        DigestAlgorithm::Sha3_512 => oid::SHA3_512,
    }
}

fn pss_parameters(digest: DigestAlgorithm) -> Vec<u8> {
    let hash = encode::sequence(&[&encode::oid(digest_oid(digest)), &encode::NULL]);
    let mask = encode::sequence(&[&encode::oid(oid::MGF1), &hash]);
    let salt = encode::small_integer(u8::try_from(digest.output_len()).unwrap_or(u8::MAX));
    encode::sequence(&[
        &encode::element(tag::context(0), &hash),
        &encode::element(tag::context(1), &mask),
        &encode::element(tag::context(2), &salt),
    ])
}

const NAMES: &[(&[u8], &str)] = &[
    (oid::SHA1, "SHA-1"),
    (oid::SHA224, "SHA-224"),
    (oid::SHA256, "SHA-256"),
    (oid::SHA384, "SHA-384"),
    (oid::SHA512, "SHA-512"),
    (oid::SHA512_256, "SHA-512/256"),
    (oid::SHA3_224, "SHA3-224"),
    (oid::SHA3_256, "SHA3-256"),
    (oid::SHA3_384, "SHA3-384"),
    (oid::SHA3_512, "SHA3-512"),
    (oid::SHAKE256, "SHAKE256"),
    (oid::SHAKE256_LEN, "SHAKE256 with a stated length"),
    (oid::MD5, "MD5"),
    (oid::RIPEMD160, "RIPEMD-160"),
    (oid::SM3, "SM3"),
    (oid::RSA, "RSA without a digest"),
    (oid::RSA_MD5, "RSA with MD5"),
    (oid::RSA_SHA1, "RSA with SHA-1"),
    (oid::RSA_SHA1_OIW, "RSA with SHA-1"),
    (oid::RSA_SHA224, "RSA with SHA-224"),
    (oid::RSA_SHA256, "RSA with SHA-256"),
    (oid::RSA_SHA384, "RSA with SHA-384"),
    (oid::RSA_SHA512, "RSA with SHA-512"),
    (oid::RSA_SHA3_224, "RSA with SHA3-224"),
    (oid::RSA_SHA3_256, "RSA with SHA3-256"),
    (oid::RSA_SHA3_384, "RSA with SHA3-384"),
    (oid::RSA_SHA3_512, "RSA with SHA3-512"),
    (oid::EC, "ECDSA without a digest"),
    (oid::ECDSA_SHA1, "ECDSA with SHA-1"),
    (oid::ECDSA_SHA224, "ECDSA with SHA-224"),
    (oid::ECDSA_SHA256, "ECDSA with SHA-256"),
    (oid::ECDSA_SHA384, "ECDSA with SHA-384"),
    (oid::ECDSA_SHA512, "ECDSA with SHA-512"),
    (oid::ECDSA_SHA3_224, "ECDSA with SHA3-224"),
    (oid::ECDSA_SHA3_256, "ECDSA with SHA3-256"),
    (oid::ECDSA_SHA3_384, "ECDSA with SHA3-384"),
    (oid::ECDSA_SHA3_512, "ECDSA with SHA3-512"),
    (oid::ED25519, "Ed25519"),
    (oid::ED448, "Ed448"),
    (oid::DSA, "DSA"),
    (oid::DSA_SHA1, "DSA with SHA-1"),
    (oid::DSA_SHA256, "DSA with SHA-256"),
    (oid::SM2_SM3, "SM2 with SM3"),
    (oid::SM2_SIGN, "SM2 signature"),
    (oid::ML_DSA_44, "ML-DSA-44"),
    (oid::ML_DSA_65, "ML-DSA-65"),
    (oid::ML_DSA_87, "ML-DSA-87"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [SignatureAlgorithm; 9] = [
        SignatureAlgorithm::RsaPkcs1Sha256,
        SignatureAlgorithm::RsaPkcs1Sha384,
        SignatureAlgorithm::RsaPkcs1Sha512,
        SignatureAlgorithm::RsaPssSha256,
        SignatureAlgorithm::RsaPssSha384,
        SignatureAlgorithm::RsaPssSha512,
        SignatureAlgorithm::EcdsaSha256,
        SignatureAlgorithm::EcdsaSha384,
        SignatureAlgorithm::Ed25519,
    ];

    #[test]
    fn identifiers_survive_a_round_trip() {
        for algorithm in ALL {
            assert_eq!(SignatureAlgorithm::from_der(&algorithm.to_der()), Ok(algorithm));
        }
    }

    #[test]
    fn pss_with_defaults_or_another_salt_is_unsupported_by_name() {
        let defaults = encode::sequence(&[&encode::oid(oid::RSA_PSS), &encode::sequence(&[])]);
        let name = SignatureAlgorithm::from_der(&defaults).unwrap_err();
        assert_eq!(name.name(), "RSA PSS with SHA-1");

        let mut other_salt = SignatureAlgorithm::RsaPssSha256.to_der();
        *other_salt.last_mut().unwrap() = 20;
        let name = SignatureAlgorithm::from_der(&other_salt).unwrap_err();
        assert_eq!(name.name(), "RSA PSS with SHA-256 and a salt of 20 bytes");

        let mut other_mask = SignatureAlgorithm::RsaPssSha256.to_der();
        let at = other_mask.windows(9).rposition(|window| window == oid::SHA256).unwrap();
        other_mask[at + 8] = 2; // SHA-384
        let name = SignatureAlgorithm::from_der(&other_mask).unwrap_err();
        assert_eq!(name.name(), "RSA PSS with SHA-256 and another mask digest");
    }

    #[test]
    fn absent_and_null_parameters_are_the_same() {
        let absent = encode::sequence(&[&encode::oid(oid::SHA256)]);
        let null = encode::sequence(&[&encode::oid(oid::SHA256), &encode::NULL]);
        let other = encode::sequence(&[&encode::oid(oid::SHA384)]);
        let read = |der| AlgorithmIdentifier::read(&mut Reader::der(der)).unwrap();
        assert!(read(&absent).same_as(&read(&null)));
        assert!(!read(&absent).same_as(&read(&other)));
    }

    #[test]
    fn the_strange_ones_have_names() {
        let name = |oid| {
            SignatureAlgorithm::from_der(&encode::sequence(&[&encode::oid(oid)]))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(name(oid::RSA_SHA3_256), "RSA with SHA3-256 (2.16.840.1.101.3.4.3.14)");
        assert_eq!(name(oid::PLAIN_ECDSA), "plain ECDSA (0.4.0.127.0.7.1.1.4.1)");
        assert_eq!(name(b"\x2a\x03"), "unknown algorithm (1.2.3)");
    }
}
