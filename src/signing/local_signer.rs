//! A signer whose key lies in memory.

use std::fmt;

use super::error::Error;
use super::signer::{
    Signer, SignerAnswer, SignerDescription, SignerError, SignerFault, ToBeSigned,
};
use crate::pki::{Certificate, PrivateKey, SignatureAlgorithm};

/// Signs with a key in memory: RSA from 2048 bits, P-256, P-384, Ed25519. Random numbers, where the
/// algorithm needs them, come from the operating system.
///
/// ```
/// use sealwright::signing::{LocalSigner, Signer};
/// use sealwright_testdata::pki::{KeyType, Validity, identity};
///
/// let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// let identity = identity(KeyType::P256, Validity::around(now));
/// let key = identity.key_pem();
/// let signer = LocalSigner::from_pem(key.as_bytes(), identity.chain_pem().as_bytes())?;
/// assert_eq!(signer.description().certificates().len(), 2);
/// assert!(signer.may_sign_again());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct LocalSigner {
    key: PrivateKey,
    description: SignerDescription,
}

impl LocalSigner {
    /// From a private key (PKCS#8, PKCS#1 or SEC1) and a chain of certificates, the signer's first;
    /// each PEM or DER. They may stand in one PEM text, given twice.
    ///
    /// # Errors
    ///
    /// If either cannot be read, or they do not belong together.
    pub fn from_pem(key: &[u8], certificates: &[u8]) -> Result<Self, Error> {
        let chain = Certificate::chain_from_pem(certificates)?;
        let key = match chain.first() {
            Some(certificate) => PrivateKey::with_certificate(key, certificate)?,
            None => PrivateKey::parse(key)?,
        };
        Self::new(key, chain)
    }

    /// From a PKCS#12 file (`.p12`, `.pfx`). Only with the feature `pkcs12`.
    ///
    /// # Errors
    ///
    /// If the password is wrong, the file is damaged, or holds no key with its certificate.
    ///
    /// ```
    /// use sealwright::signing::{LocalSigner, Signer};
    /// # let file = include_bytes!("../../testdata/pki/p256.p12");
    /// let signer = LocalSigner::from_pkcs12(file, "secret")?;
    /// assert!(signer.description().certificates()[0].common_name().is_some());
    /// # Ok::<(), sealwright::signing::Error>(())
    /// ```
    #[cfg(feature = "pkcs12")]
    pub fn from_pkcs12(file: &[u8], password: &str) -> Result<Self, Error> {
        let (key, chain) = PrivateKey::from_pkcs12(file, password)?;
        Self::new(key, chain)
    }

    /// From a key and a chain that are read already.
    ///
    /// # Errors
    ///
    /// If the chain is empty or does not begin with the key's certificate.
    pub fn new(key: PrivateKey, chain: Vec<Certificate>) -> Result<Self, Error> {
        let algorithm = key.default_algorithm();
        Self::with_algorithm(key, chain, algorithm)
    }

    /// The same with another algorithm than the usual one for the key, such as RSA-PSS.
    ///
    /// # Errors
    ///
    /// As [`LocalSigner::new`]; also if the key cannot make such signatures.
    pub fn with_algorithm(
        key: PrivateKey,
        chain: Vec<Certificate>,
        algorithm: SignatureAlgorithm,
    ) -> Result<Self, Error> {
        let description = SignerDescription::new(chain, algorithm)?;
        if !description.certificates().first().is_some_and(|first| key.belongs_to(first)) {
            return Err(Error::OtherCertificate);
        }
        Ok(Self { key, description })
    }
}

impl Signer for LocalSigner {
    fn description(&self) -> &SignerDescription {
        &self.description
    }

    fn sign(&self, to_be_signed: &ToBeSigned) -> Result<SignerAnswer, SignerError> {
        self.key
            .sign(to_be_signed.algorithm(), to_be_signed.message())
            .map(SignerAnswer::Signature)
            .map_err(|_| SignerError::new(SignerFault::Failed))
    }

    fn may_sign_again(&self) -> bool {
        true
    }
}

impl fmt::Debug for LocalSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalSigner").field(&self.description).finish()
    }
}
