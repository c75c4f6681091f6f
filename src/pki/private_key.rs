//! Private keys that lie in memory, and signing with them.

use std::fmt;

use ring::rand::SystemRandom;
use ring::signature::{
    self as engine, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaEncoding,
    RsaKeyPair,
};
use zeroize::{Zeroize, Zeroizing};

use super::algorithm::{AlgorithmIdentifier, SignatureAlgorithm};
use super::asn1::{Element, Reader, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::public_key::KeyAlgorithm;
use super::{oid, pem};

/// A private key: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017) or SEC1 (RFC 5915), in PEM or DER.
///
/// RSA from 2048 to 4096 bits, P-256, P-384 and Ed25519. Buffers made while reading are wiped; the
/// key itself lives in ring's own types, which do not wipe their memory.
///
/// ```
/// use sealwright::pki::{Certificate, PrivateKey};
///
/// # let certificate = Certificate::from_pem(include_bytes!("../../testdata/pki/p256.crt"))?;
/// # let pem = include_bytes!("../../testdata/pki/p256.key");
/// let key = PrivateKey::parse(pem)?;
/// assert!(key.belongs_to(&certificate));
/// let signature = key.sign(key.default_algorithm(), b"message")?;
/// # assert!(!signature.is_empty());
/// # Ok::<(), sealwright::pki::Error>(())
/// ```
pub struct PrivateKey {
    kind: Kind,
}

enum Kind {
    Rsa { pair: Box<RsaKeyPair>, only_pss: bool },
    EcP256(EcdsaKeyPair),
    EcP384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl PrivateKey {
    /// Reads a key. In PEM the first block whose label ends in `PRIVATE KEY` is taken.
    ///
    /// # Errors
    ///
    /// [`Error::EncryptedKey`]; [`Error::PublicKeyMissing`] for an EC key without its public half
    /// (use [`with_certificate`](Self::with_certificate)); [`Error::UnsupportedKey`],
    /// [`Error::BadKey`]; [`Error::NoPem`], [`Error::BadPem`] and errors of reading DER.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::parse_with(bytes, None)
    }

    /// Reads a key together with its certificate, which supplies the public half if the key lacks it.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and [`Error::KeyMismatch`] if the two do not belong together.
    pub fn with_certificate(bytes: &[u8], certificate: &Certificate) -> Result<Self, Error> {
        let key = Self::parse_with(bytes, Some(certificate))?;
        if key.belongs_to(certificate) { Ok(key) } else { Err(key.mismatch(certificate)) }
    }

    /// The kind of key.
    #[must_use]
    pub fn algorithm(&self) -> KeyAlgorithm {
        match &self.kind {
            Kind::Rsa { pair, only_pss } => {
                let bits = pair.public().modulus_len().saturating_mul(8);
                if *only_pss { KeyAlgorithm::RsaPss { bits } } else { KeyAlgorithm::Rsa { bits } }
            }
            Kind::EcP256(_) => KeyAlgorithm::EcP256,
            Kind::EcP384(_) => KeyAlgorithm::EcP384,
            Kind::Ed25519(_) => KeyAlgorithm::Ed25519,
        }
    }

    /// What it can sign with, the usual one first.
    #[must_use]
    pub fn signature_algorithms(&self) -> &'static [SignatureAlgorithm] {
        use SignatureAlgorithm as A;
        match &self.kind {
            Kind::Rsa { only_pss: false, .. } => &[
                A::RsaPkcs1Sha256,
                A::RsaPkcs1Sha384,
                A::RsaPkcs1Sha512,
                A::RsaPssSha256,
                A::RsaPssSha384,
                A::RsaPssSha512,
            ],
            Kind::Rsa { only_pss: true, .. } => {
                &[A::RsaPssSha256, A::RsaPssSha384, A::RsaPssSha512]
            }
            Kind::EcP256(_) => &[A::EcdsaSha256],
            Kind::EcP384(_) => &[A::EcdsaSha384],
            Kind::Ed25519(_) => &[A::Ed25519],
        }
    }

    /// The first of [`signature_algorithms`](Self::signature_algorithms).
    #[must_use]
    pub fn default_algorithm(&self) -> SignatureAlgorithm {
        match &self.kind {
            Kind::Rsa { only_pss: false, .. } => SignatureAlgorithm::RsaPkcs1Sha256,
            Kind::Rsa { only_pss: true, .. } => SignatureAlgorithm::RsaPssSha256,
            Kind::EcP256(_) => SignatureAlgorithm::EcdsaSha256,
            Kind::EcP384(_) => SignatureAlgorithm::EcdsaSha384,
            Kind::Ed25519(_) => SignatureAlgorithm::Ed25519,
        }
    }

    /// Whether the certificate carries this key's public half.
    #[must_use]
    pub fn belongs_to(&self, certificate: &Certificate) -> bool {
        let public: &[u8] = match &self.kind {
            Kind::Rsa { pair, .. } => pair.public_key().as_ref(),
            Kind::EcP256(pair) | Kind::EcP384(pair) => pair.public_key().as_ref(),
            Kind::Ed25519(pair) => pair.public_key().as_ref(),
        };
        certificate.public_key().is_ok_and(|key| key.bits == public)
    }

    /// Signs a message: it is hashed here. ECDSA values are DER, as CMS wants them.
    ///
    /// Random numbers, where the algorithm needs them, come from the operating system through ring.
    ///
    /// # Errors
    ///
    /// [`Error::AlgorithmForOtherKey`], or [`Error::SigningFailed`].
    pub fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>, Error> {
        if !self.signature_algorithms().contains(&algorithm) {
            return Err(Error::AlgorithmForOtherKey {
                key: self.algorithm().to_string(),
                algorithm: algorithm.name(),
            });
        }
        match &self.kind {
            Kind::Rsa { pair, .. } => {
                let padding = rsa_padding(algorithm).ok_or(Error::SigningFailed)?;
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| Error::SigningFailed)?;
                Ok(signature)
            }
            Kind::EcP256(pair) | Kind::EcP384(pair) => pair
                .sign(&SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| Error::SigningFailed),
            Kind::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }

    fn parse_with(bytes: &[u8], certificate: Option<&Certificate>) -> Result<Self, Error> {
        if !pem::is_pem(bytes) {
            return Self::from_der(bytes, certificate);
        }
        let blocks = pem::blocks(bytes)?;
        let block = blocks
            .iter()
            .find(|block| block.label.ends_with("PRIVATE KEY"))
            .ok_or(Error::NoPem { expected: "PRIVATE KEY" })?;
        if block.has_headers || block.label == "ENCRYPTED PRIVATE KEY" {
            return Err(Error::EncryptedKey);
        }
        Self::from_der(&block.der, certificate)
    }

    /// Tells the three forms, and an encrypted one, apart by their first elements.
    fn from_der(der: &[u8], certificate: Option<&Certificate>) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let key = outer.expect(tag::SEQUENCE, "a private key")?;
        outer.finish("the end of the private key")?;
        let mut parts = key.reader();
        let first = parts.any("a private key")?;
        let second = parts.any("a private key")?;
        match (first.tag, second.tag) {
            (tag::INTEGER, tag::SEQUENCE) => Self::from_pkcs8(&second, parts, certificate),
            (tag::INTEGER, tag::INTEGER) => Self::from_pkcs1(der, false),
            (tag::INTEGER, tag::OCTET_STRING) => Self::from_sec1(&key, None, certificate),
            (tag::SEQUENCE, tag::OCTET_STRING) => Err(Error::EncryptedKey),
            _ => Err(Error::malformed(first.offset, "a PKCS#8, PKCS#1 or SEC1 private key")),
        }
    }

    /// OneAsymmetricKey (RFC 5958, 2) after version and algorithm.
    fn from_pkcs8(
        algorithm: &Element<'_>,
        mut rest: Reader<'_>,
        certificate: Option<&Certificate>,
    ) -> Result<Self, Error> {
        let identifier = AlgorithmIdentifier::of(algorithm)?;
        let inner = rest.expect(tag::OCTET_STRING, "a private key")?.content;
        rest.optional(tag::context(0))?;
        let public = rest.optional(tag::context_primitive(1))?;
        match identifier.oid {
            oid::RSA => Self::from_pkcs1(inner, false),
            oid::RSA_PSS => Self::from_pkcs1(inner, true),
            oid::EC => {
                let curve = identifier.parameters.map(|curve| curve.content);
                let key = Reader::der(inner).expect(tag::SEQUENCE, "an EC key")?;
                Self::from_sec1(&key, curve, certificate)
            }
            oid::ED25519 => {
                let seed = Reader::der(inner).expect(tag::OCTET_STRING, "an Ed25519 seed")?.content;
                let public = public.and_then(|bits| bits.content.strip_prefix(&[0]));
                Self::from_seed(seed, public)
            }
            other => Err(Error::UnsupportedKey {
                algorithm: oid::dotted(other),
                hint: "use RSA, P-256, P-384 or Ed25519",
            }),
        }
    }

    fn from_pkcs1(der: &[u8], only_pss: bool) -> Result<Self, Error> {
        let pair =
            RsaKeyPair::from_der(der).map_err(|reason| match reason.to_string().as_str() {
                "TooSmall" => rsa_size("an RSA key shorter than 2048 bits"),
                "TooLarge" => rsa_size("an RSA key longer than 4096 bits"),
                other => Error::BadKey { reason: other.to_owned() },
            })?;
        Ok(Self { kind: Kind::Rsa { pair: Box::new(pair), only_pss } })
    }

    /// ECPrivateKey (RFC 5915, 3).
    fn from_sec1(
        key: &Element<'_>,
        outer_curve: Option<&[u8]>,
        certificate: Option<&Certificate>,
    ) -> Result<Self, Error> {
        let mut parts = key.reader();
        parts.expect(tag::INTEGER, "a version")?;
        let scalar = parts.expect(tag::OCTET_STRING, "an EC private key")?.content;
        let inner_curve = parts.optional(tag::context(0))?;
        let public = parts.optional(tag::context(1))?;
        let curve = match (&inner_curve, outer_curve) {
            (_, Some(curve)) => curve,
            (Some(curve), None) => curve.reader().expect(tag::OID, "a named curve")?.content,
            (None, None) => return Err(Error::malformed(key.offset, "a named curve")),
        };
        let public = match (&public, certificate) {
            (Some(bits), _) => bits.reader().expect(tag::BIT_STRING, "a public key")?.bits()?,
            (None, Some(certificate)) => certificate.public_key()?.bits,
            (None, None) => return Err(Error::PublicKeyMissing),
        };
        let kind = match curve {
            oid::P256 => {
                Kind::EcP256(ec(&engine::ECDSA_P256_SHA256_ASN1_SIGNING, scalar, 32, public)?)
            }
            oid::P384 => {
                Kind::EcP384(ec(&engine::ECDSA_P384_SHA384_ASN1_SIGNING, scalar, 48, public)?)
            }
            other => {
                return Err(Error::UnsupportedKey {
                    algorithm: format!("the curve {}", oid::dotted(other)),
                    hint: "use P-256 or P-384",
                });
            }
        };
        Ok(Self { kind })
    }

    fn from_seed(seed: &[u8], public: Option<&[u8]>) -> Result<Self, Error> {
        let pair = match public {
            Some(public) => Ed25519KeyPair::from_seed_and_public_key(seed, public),
            None => Ed25519KeyPair::from_seed_unchecked(seed),
        };
        let pair = pair.map_err(|reason| Error::BadKey { reason: reason.to_string() })?;
        Ok(Self { kind: Kind::Ed25519(pair) })
    }

    fn mismatch(&self, certificate: &Certificate) -> Error {
        Error::KeyMismatch {
            key: self.algorithm().to_string(),
            certificate: certificate.key_algorithm().to_string(),
        }
    }
}

/// Shows the kind of key and nothing of the key.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.algorithm())
    }
}

/// An EC pair from scalar and public point; the scalar is brought to the length of the curve.
fn ec(
    algorithm: &'static EcdsaSigningAlgorithm,
    scalar: &[u8],
    len: usize,
    public: &[u8],
) -> Result<EcdsaKeyPair, Error> {
    let bad = |reason: &str| Error::BadKey { reason: reason.to_owned() };
    let significant = scalar.iter().position(|byte| *byte != 0).unwrap_or(scalar.len());
    let digits = scalar.get(significant..).unwrap_or_default();
    let padding = len.checked_sub(digits.len()).ok_or_else(|| bad("scalar too long"))?;
    let mut padded = Zeroizing::new(Vec::with_capacity(len));
    padded.resize(padding, 0);
    padded.extend_from_slice(digits);
    let pair = EcdsaKeyPair::from_private_key_and_public_key(
        algorithm,
        &padded,
        public,
        &SystemRandom::new(),
    );
    padded.zeroize();
    pair.map_err(|reason| bad(&reason.to_string()))
}

fn rsa_padding(algorithm: SignatureAlgorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match algorithm {
        SignatureAlgorithm::RsaPkcs1Sha256 => &engine::RSA_PKCS1_SHA256,
        SignatureAlgorithm::RsaPkcs1Sha384 => &engine::RSA_PKCS1_SHA384,
        SignatureAlgorithm::RsaPkcs1Sha512 => &engine::RSA_PKCS1_SHA512,
        SignatureAlgorithm::RsaPssSha256 => &engine::RSA_PSS_SHA256,
        SignatureAlgorithm::RsaPssSha384 => &engine::RSA_PSS_SHA384,
        SignatureAlgorithm::RsaPssSha512 => &engine::RSA_PSS_SHA512,
        _ => return None,
    })
}

fn rsa_size(algorithm: &str) -> Error {
    Error::UnsupportedKey {
        algorithm: algorithm.to_owned(),
        hint: "use 2048 to 4096 bits; longer keys sign through a signer of your own",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::fixtures;

    #[test]
    fn all_forms_of_a_key_are_the_same_key() {
        for (file, certificate) in [
            ("rsa.key", "rsa"),
            ("rsa.pkcs1.key", "rsa"),
            ("pss.key", "pss"),
            ("p256.key", "p256"),
            ("p256.sec1.key", "p256"),
            ("p384.key", "p384"),
            ("ed25519.key", "ed25519"),
        ] {
            let text = fixtures::file(file);
            let certificate = fixtures::certificate(certificate);
            let key = PrivateKey::parse(&text).unwrap();
            assert!(key.belongs_to(&certificate), "{file}");
            assert_eq!(key.algorithm(), certificate.key_algorithm(), "{file}");
            let blocks = pem::blocks(&text).unwrap();
            let der = &blocks.last().unwrap().der;
            assert!(PrivateKey::parse(der).unwrap().belongs_to(&certificate), "DER of {file}");
        }
    }

    #[test]
    fn an_ec_key_without_its_public_half_needs_the_certificate() {
        let text = fixtures::file("p256.sec1-nopublic.key");
        assert_eq!(PrivateKey::parse(&text).unwrap_err(), Error::PublicKeyMissing);
        let certificate = fixtures::certificate("p256");
        let key = PrivateKey::with_certificate(&text, &certificate).unwrap();
        assert!(key.belongs_to(&certificate));
        // Another point of the same curve is no pair.
        let other = fixtures::certificate("self");
        assert!(matches!(
            PrivateKey::with_certificate(&text, &other).unwrap_err(),
            Error::BadKey { .. } | Error::KeyMismatch { .. }
        ));
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let error = PrivateKey::with_certificate(
            &fixtures::file("rsa.key"),
            &fixtures::certificate("p256"),
        );
        assert_eq!(
            error.unwrap_err(),
            Error::KeyMismatch { key: "RSA-2048".to_owned(), certificate: "EC P-256".to_owned() }
        );
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let refused = |file| PrivateKey::parse(&fixtures::file(file)).unwrap_err();
        assert_eq!(refused("p256.encrypted.key"), Error::EncryptedKey);
        let der = pem::blocks(&fixtures::file("p256.encrypted.key")).unwrap();
        assert_eq!(PrivateKey::parse(&der[0].der).unwrap_err(), Error::EncryptedKey);
        assert_eq!(refused("p521.key").code(), "pki.unsupported-key");
        assert_eq!(refused("ed448.key").code(), "pki.unsupported-key");
        assert_eq!(refused("short.key").code(), "pki.unsupported-key");
        assert_eq!(refused("rsa.crt"), Error::NoPem { expected: "PRIVATE KEY" });
        let old = b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n\
            -----END RSA PRIVATE KEY-----\n";
        assert_eq!(PrivateKey::parse(old).unwrap_err(), Error::EncryptedKey);
    }

    #[test]
    fn every_algorithm_of_every_key_verifies() {
        for name in ["rsa", "pss", "p256", "p384", "ed25519"] {
            let (key, certificate) = (fixtures::key(name), fixtures::certificate(name));
            for algorithm in key.signature_algorithms() {
                let mut signature = key.sign(*algorithm, b"message").unwrap();
                let identifier = algorithm.to_der();
                let identifier = AlgorithmIdentifier::read(&mut Reader::der(&identifier)).unwrap();
                let scheme = crate::pki::scheme::Scheme::read(&identifier, None).unwrap();
                let public = certificate.public_key().unwrap();
                assert!(public.verify(scheme, b"message", &signature).is_good(), "{algorithm}");
                assert!(public.verify(scheme, b"massage", &signature).is_bad(), "{algorithm}");
                *signature.last_mut().unwrap() ^= 1;
                assert!(public.verify(scheme, b"message", &signature).is_bad(), "{algorithm}");
            }
        }
        let error = fixtures::key("p256").sign(SignatureAlgorithm::Ed25519, b"").unwrap_err();
        assert_eq!(error.code(), "pki.algorithm-for-other-key");
    }

    #[test]
    fn debug_shows_the_kind_alone() {
        assert_eq!(format!("{:?}", fixtures::key("p256")), "PrivateKey(EC P-256)");
    }
}
