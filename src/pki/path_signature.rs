//! Signatures on certificates, verified by ring for webpki, and counted.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use rustls_pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

use super::outcome::Outcome;
use super::public_key::{KeyAlgorithm, PublicKey};
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

/// One combination of signature algorithm and kind of key.
pub(super) struct PathSignature<'c> {
    scheme: Scheme,
    key: KeyAlgorithm,
    signature_id: AlgorithmIdentifier,
    key_id: AlgorithmIdentifier,
    counter: &'c Counter,
}

/// Everything that certificates on a path may be signed with.
pub(super) fn all(counter: &Counter) -> Vec<PathSignature<'_>> {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    // The true length of an RSA key is checked by ring.
    let rsa = KeyAlgorithm::Rsa { bits: 2048 };
    let rsa_pss = KeyAlgorithm::RsaPss { bits: 2048 };
    let (p256, p384) = (KeyAlgorithm::EcP256, KeyAlgorithm::EcP384);
    [
        (Scheme::RsaPkcs1(Sha256), &rsa, alg_id::RSA_PKCS1_SHA256, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha384), &rsa, alg_id::RSA_PKCS1_SHA384, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha512), &rsa, alg_id::RSA_PKCS1_SHA512, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha256), &rsa, RSA_SHA256_WITHOUT_NULL, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha384), &rsa, RSA_SHA384_WITHOUT_NULL, alg_id::RSA_ENCRYPTION),
        (Scheme::RsaPkcs1(Sha512), &rsa, RSA_SHA512_WITHOUT_NULL, alg_id::RSA_ENCRYPTION),
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
    ]
    .into_iter()
    .map(|(scheme, key, signature_id, key_id)| PathSignature {
        scheme,
        key: key.clone(),
        signature_id,
        key_id,
        counter,
    })
    .collect()
}

const RSA_SHA256_WITHOUT_NULL: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b");
const RSA_SHA384_WITHOUT_NULL: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c");
const RSA_SHA512_WITHOUT_NULL: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d");
const RSA_PSS_KEY: AlgorithmIdentifier =
    AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a");

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
        let key = PublicKey { algorithm: self.key.clone(), bits: public_key };
        match key.verify(self.scheme, message, signature) {
            Outcome::Good => Ok(()),
            _ => Err(InvalidSignature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key_id
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature_id
    }
}

impl fmt::Debug for PathSignature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PathSignature({:?}, {})", self.scheme, self.key)
    }
}
