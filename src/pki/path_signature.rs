//! Signatures on certificates, verified for webpki, weighed by a policy, and counted.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use time::OffsetDateTime;

#[cfg(feature = "legacy-algorithms")]
use super::algorithm::UnsupportedAlgorithm;
use super::algorithm_policy::{AlgorithmPolicy, AlgorithmUse, WeakAlgorithm};
#[cfg(feature = "legacy-algorithms")]
use super::asn1::Reader;
#[cfg(feature = "legacy-algorithms")]
use super::encode;
use super::outcome::{Doubt, Outcome};
#[cfg(feature = "legacy-algorithms")]
use super::public_key::key_algorithm;
use super::public_key::{KeyAlgorithm, PublicKey, rsa_bits};
use super::scheme::Scheme;
use crate::digest::DigestAlgorithm;

/// Counts public-key operations, and stops them at a limit.
#[derive(Debug)]
pub(super) struct Counter {
    made: AtomicU64,
    allowed: u64,
}

impl Counter {
    pub fn new(allowed: u64) -> Self {
        Self { made: AtomicU64::new(0), allowed }
    }

    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed).min(self.allowed)
    }

    /// Whether one more operation is allowed.
    pub fn take(&self) -> bool {
        self.made.fetch_add(1, Ordering::Relaxed) < self.allowed
    }

    /// Whether an operation was refused.
    pub fn ran_out(&self) -> bool {
        self.made.load(Ordering::Relaxed) > self.allowed
    }
}

/// How strong algorithms must be: by what policy, at what time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strength<'p> {
    pub policy: &'p AlgorithmPolicy,
    pub at: OffsetDateTime,
}

impl Strength<'static> {
    /// Whatever the time, only what is strong today.
    pub const STRONG_ONLY: Self =
        Self { policy: &AlgorithmPolicy::strong_only(), at: OffsetDateTime::UNIX_EPOCH };
}

impl Strength<'_> {
    /// Whether the policy lets these algorithms prove something.
    pub fn judge(&self, scheme: Scheme, key: &KeyAlgorithm) -> Result<(), WeakAlgorithm> {
        let digest = scheme.digest().map(AlgorithmUse::Digest);
        let used: Vec<_> = digest.into_iter().chain([AlgorithmUse::Key(key.clone())]).collect();
        self.policy.judge(&used, Some(self.at)).map(drop)
    }

    /// Whether a signature holds and proves something.
    pub fn verify(
        &self,
        key: &PublicKey<'_>,
        scheme: Scheme,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        let holds = matches!(
            key.verify(scheme, message, signature),
            Outcome::Good | Outcome::CannotJudge(Doubt::Weak(_))
        );
        holds && self.judge(scheme, &key.algorithm).is_ok()
    }
}

/// One combination of signature algorithm and kind of key.
pub(super) struct PathSignature<'c> {
    row: Row,
    strength: Strength<'c>,
    counter: &'c Counter,
}

/// What certificates are signed with, and how they spell it.
struct Row {
    scheme: Scheme,
    key: KeyAlgorithm,
    signature_id: AlgorithmIdentifier,
    key_id: AlgorithmIdentifier,
}

/// Everything that certificates on a path may be signed with.
pub(super) fn all<'c>(strength: Strength<'c>, counter: &'c Counter) -> Vec<PathSignature<'c>> {
    rows().into_iter().map(|row| PathSignature { row, strength, counter }).collect()
}

/// Whether signatures of this kind can be judged on a path.
pub(super) fn is_known(scheme: Scheme, key: &KeyAlgorithm) -> bool {
    use KeyAlgorithm::{Rsa, RsaPss};
    rows().iter().any(|row| {
        let fits = match (&row.key, key) {
            (Rsa { .. }, Rsa { bits }) | (RsaPss { .. }, RsaPss { bits }) => {
                *bits >= shortest_rsa(scheme)
            }
            (known, key) => known == key,
        };
        fits && row.scheme == scheme
    })
}

/// The shortest RSA key with which a scheme can be computed.
fn shortest_rsa(scheme: Scheme) -> usize {
    use DigestAlgorithm::{Sha1, Sha256, Sha512};
    let in_ring = matches!(scheme, Scheme::RsaPkcs1(Sha1 | Sha256 | Sha512));
    if in_ring || cfg!(feature = "legacy-algorithms") { 1024 } else { 2041 }
}

fn rows() -> Vec<Row> {
    use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
    // The true length of an RSA key is looked at when it is used.
    let rsa = KeyAlgorithm::Rsa { bits: 2048 };
    let rsa_pss = KeyAlgorithm::RsaPss { bits: 2048 };
    let (p256, p384) = (KeyAlgorithm::EcP256, KeyAlgorithm::EcP384);
    let known = [
        (Scheme::RsaPkcs1(Sha256), &rsa, alg_id::RSA_PKCS1_SHA256, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha384), &rsa, alg_id::RSA_PKCS1_SHA384, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha512), &rsa, alg_id::RSA_PKCS1_SHA512, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha256), &rsa, RSA_SHA256_WITHOUT_NULL, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha384), &rsa, RSA_SHA384_WITHOUT_NULL, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha512), &rsa, RSA_SHA512_WITHOUT_NULL, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha1), &rsa, RSA_SHA1, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha1), &rsa, RSA_SHA1_WITHOUT_NULL, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPss(Sha256), &rsa, alg_id::RSA_PSS_SHA256, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPss(Sha384), &rsa, alg_id::RSA_PSS_SHA384, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPss(Sha512), &rsa, alg_id::RSA_PSS_SHA512, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPss(Sha256), &rsa_pss, alg_id::RSA_PSS_SHA256, RSA_PSS_KEY),
        (Scheme::RsaPss(Sha384), &rsa_pss, alg_id::RSA_PSS_SHA384, RSA_PSS_KEY),
        (Scheme::RsaPss(Sha512), &rsa_pss, alg_id::RSA_PSS_SHA512, RSA_PSS_KEY),
        (Scheme::Ecdsa(Sha256), &p256, alg_id::ECDSA_SHA256, alg_id::ECDSA_P256),
        (Scheme::Ecdsa(Sha384), &p256, alg_id::ECDSA_SHA384, alg_id::ECDSA_P256),
        (Scheme::Ecdsa(Sha256), &p384, alg_id::ECDSA_SHA256, alg_id::ECDSA_P384),
        (Scheme::Ecdsa(Sha384), &p384, alg_id::ECDSA_SHA384, alg_id::ECDSA_P384),
        (Scheme::Ed25519, &KeyAlgorithm::Ed25519, alg_id::ED25519, alg_id::ED25519),
    ];
    let known = known.into_iter().map(|(scheme, key, signature_id, key_id)| Row {
        scheme,
        key: key.clone(),
        signature_id,
        key_id,
    });
    #[cfg(feature = "legacy-algorithms")]
    let known = known.chain(beyond_ring());
    known.collect()
}

/// What only `legacy-algorithms` computes.
#[cfg(feature = "legacy-algorithms")]
fn beyond_ring() -> impl Iterator<Item = Row> {
    use DigestAlgorithm::{Sha3_256, Sha3_384, Sha3_512, Sha256, Sha384, Sha512};
    let id = AlgorithmIdentifier::from_slice;
    let rsa = KeyAlgorithm::Rsa { bits: 2048 };
    let with_rsa = [
        (Sha3_256, b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x0e\x05\x00".as_slice()),
        (Sha3_384, b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x0f\x05\x00"),
        (Sha3_512, b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x10\x05\x00"),
    ];
    let with_rsa = with_rsa.into_iter().map(move |(digest, identifier)| Row {
        scheme: Scheme::RsaPkcs1(digest),
        key: rsa.clone(),
        signature_id: id(identifier),
        key_id: alg_id::RSA_ENCRYPTION,
    });
    let digests = [
        (Sha256, b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02".as_slice()),
        (Sha384, b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03"),
        (Sha512, b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04"),
        (Sha3_256, b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x0a"),
        (Sha3_384, b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x0b"),
        (Sha3_512, b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x0c"),
    ];
    let curves = [
        b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23".as_slice(),
        b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x07",
        b"\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01\x0b",
    ];
    let with_curves = curves.into_iter().flat_map(move |curve| {
        digests.into_iter().map(move |(digest, identifier)| Row {
            scheme: Scheme::Ecdsa(digest),
            key: key_of(curve),
            signature_id: id(identifier),
            key_id: id(curve),
        })
    });
    with_rsa.chain(with_curves)
}

/// The kind of key that the content of an AlgorithmIdentifier names.
#[cfg(feature = "legacy-algorithms")]
fn key_of(identifier: &'static [u8]) -> KeyAlgorithm {
    let whole = encode::sequence(&[identifier]);
    let read = super::algorithm::AlgorithmIdentifier::read(&mut Reader::der(&whole));
    read.map_or_else(
        |_| KeyAlgorithm::Unsupported(UnsupportedAlgorithm::unreadable()),
        |identifier| key_algorithm(&identifier, &[]),
    )
}

const RSA_SHA1: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00");
const RSA_SHA1_WITHOUT_NULL: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05");
const RSA_SHA256_WITHOUT_NULL: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b");
const RSA_SHA384_WITHOUT_NULL: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c");
const RSA_SHA512_WITHOUT_NULL: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d");
const RSA_PSS_KEY: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a");

impl PathSignature<'_> {
    /// The kind of key, an RSA key with its true length.
    fn key(&self, bits: &[u8]) -> Result<KeyAlgorithm, InvalidSignature> {
        let length = || rsa_bits(bits).map_err(|_| InvalidSignature);
        Ok(match &self.row.key {
            KeyAlgorithm::Rsa { .. } => KeyAlgorithm::Rsa { bits: length()? },
            KeyAlgorithm::RsaPss { .. } => KeyAlgorithm::RsaPss { bits: length()? },
            other => other.clone(),
        })
    }
}

impl SignatureVerificationAlgorithm for PathSignature<'_> {
    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        if !self.counter.take() {
            return Err(InvalidSignature);
        }
        let key = PublicKey { algorithm: self.key(public_key)?, bits: public_key };
        if self.strength.verify(&key, self.row.scheme, message, signature) {
            Ok(())
        } else {
            Err(InvalidSignature)
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.row.key_id
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.row.signature_id
    }
}

impl fmt::Debug for PathSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PathSignature({:?}, {})", self.row.scheme, self.row.key)
    }
}
