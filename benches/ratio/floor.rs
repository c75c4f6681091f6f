//! The floor: what no engine can go below, measured in the same run as the engine itself.
//!
//! It is ring's digest of the signature's own algorithm over the covered bytes, already in memory
//! and warm, in one call for each range, plus exactly the key operations that must be made. Nothing
//! is copied, nothing is parsed.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
    VerificationAlgorithm,
};
use ring::{digest, rand::SystemRandom};
use sealwright_testdata::pki::KeyType;

/// A key operation's message: as long as signed attributes are.
const MESSAGE: [u8; 180] = [7; 180];

/// A key of the floor, loaded, with a signature of it to verify.
pub struct Key {
    pair: Pair,
    public: Vec<u8>,
    signature: Vec<u8>,
    random: SystemRandom,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
}

impl Key {
    /// Loads the committed test key of a type; RSA-2048 or P-256.
    pub fn load(key_type: KeyType) -> Self {
        let random = SystemRandom::new();
        let identity = sealwright_testdata::pki::identity(
            key_type,
            sealwright_testdata::pki::Validity::around(crate::now()),
        );
        let der = &identity.key_pkcs8_der;
        let (pair, public) = match key_type {
            KeyType::Rsa2048 => {
                let pair = RsaKeyPair::from_pkcs8(der).expect("an RSA key");
                let public = pair.public_key().as_ref().to_vec();
                (Pair::Rsa(Box::new(pair)), public)
            }
            KeyType::P256 => {
                let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let pair = EcdsaKeyPair::from_pkcs8(algorithm, der, &random).expect("a P-256 key");
                let public = pair.public_key().as_ref().to_vec();
                (Pair::P256(Box::new(pair)), public)
            }
            other => panic!("no floor for {}", other.name()),
        };
        let mut key = Self { pair, public, signature: Vec::new(), random };
        key.signature = key.sign();
        key
    }

    /// One signature.
    pub fn sign(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &self.random, &MESSAGE, &mut signature)
                    .expect("RSA signs");
                signature
            }
            Pair::P256(pair) => {
                pair.sign(&self.random, &MESSAGE).expect("P-256 signs").as_ref().to_vec()
            }
        }
    }

    /// One verification.
    pub fn verify(&self) {
        let algorithm: &dyn VerificationAlgorithm = match &self.pair {
            Pair::Rsa(_) => &RSA_PKCS1_2048_8192_SHA256,
            Pair::P256(_) => &ECDSA_P256_SHA256_ASN1,
        };
        UnparsedPublicKey::new(algorithm, &self.public)
            .verify(&MESSAGE, &self.signature)
            .expect("a good signature");
    }
}

/// SHA-256 over some ranges, one context, one call a range.
pub fn hash(ranges: &[&[u8]]) -> digest::Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    for range in ranges {
        context.update(range);
    }
    context.finish()
}
