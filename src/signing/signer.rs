//! Whoever holds the key: a file, a token, an HSM, a cloud service.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;
use time::OffsetDateTime;

use super::Profile;
use super::error::Error;
use super::stating::Stated;
use crate::digest::{Digest, DigestAlgorithm};
use crate::pki::{Certificate, SignatureAlgorithm, SignatureProfile, SignedDataBuilder};

/// What the gap gets beyond what is known to be needed.
const MARGIN: usize = 256;

/// What signs. Implement it for an HSM, a smart card or a service; [`LocalSigner`](super::LocalSigner)
/// is there for keys in memory.
///
/// The steps of a signer, in order:
///
/// 1. it says in advance who it is ([`Signer::description`]): the gap is sized from that;
/// 2. it gets a [`ToBeSigned`] and answers with a raw signature value over
///    [`ToBeSigned::message`], or with a finished CMS over [`ToBeSigned::document_digest`];
/// 3. if its CMS turns out larger than it said, it is asked once more, over another digest, if it
///    [may be](Signer::may_sign_again).
///
/// ```
/// use sealwright::signing::{
///     Signer, SignerAnswer, SignerDescription, SignerError, SignerFault, ToBeSigned,
/// };
///
/// /// A device that somebody has to put a finger on.
/// struct Token(SignerDescription);
///
/// impl Signer for Token {
///     fn description(&self) -> &SignerDescription {
///         &self.0
///     }
///     fn sign(&self, to_be_signed: &ToBeSigned) -> Result<SignerAnswer, SignerError> {
///         let _digest_for_the_device = to_be_signed.digest();
///         Err(SignerError::new(SignerFault::Declined).with_vendor_code(0x6985))
///     }
/// }
/// ```
pub trait Signer {
    /// Who signs, how, and how much room that takes.
    fn description(&self) -> &SignerDescription;

    /// Signs.
    ///
    /// # Errors
    ///
    /// What went wrong, as a kind and a number; never with personal data.
    fn sign(&self, to_be_signed: &ToBeSigned) -> Result<SignerAnswer, SignerError>;

    /// Whether it may be asked again for the same document when its answer did not fit. `false`
    /// unless said otherwise: each time may cost a fee, a PIN, or a person's consent.
    fn may_sign_again(&self) -> bool {
        false
    }
}

impl<S: Signer + ?Sized> Signer for &S {
    fn description(&self) -> &SignerDescription {
        (**self).description()
    }

    fn sign(&self, to_be_signed: &ToBeSigned) -> Result<SignerAnswer, SignerError> {
        (**self).sign(to_be_signed)
    }

    fn may_sign_again(&self) -> bool {
        (**self).may_sign_again()
    }
}

/// What is known of a signer before it signs. Cheap to clone.
///
/// ```
/// use sealwright::pki::{Certificate, SignatureAlgorithm};
/// use sealwright::signing::SignerDescription;
/// use sealwright_testdata::pki::{KeyType, Validity, identity};
///
/// let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// let pem = identity(KeyType::P256, Validity::around(now)).chain_pem();
/// let chain = Certificate::chain_from_pem(pem.as_bytes())?;
/// let signer = SignerDescription::new(chain, SignatureAlgorithm::EcdsaSha256)?
///     .maximum_timestamp_bytes(6_000);
/// assert_eq!(signer.certificates().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SignerDescription {
    certificates: Arc<[Certificate]>,
    algorithm: SignatureAlgorithm,
    cms: Option<usize>,
    timestamp: usize,
}

impl SignerDescription {
    /// The signer's certificate first, then the others that are to be embedded, and the algorithm.
    ///
    /// # Errors
    ///
    /// If there is no certificate, or its key cannot make such signatures.
    pub fn new(
        certificates: Vec<Certificate>,
        algorithm: SignatureAlgorithm,
    ) -> Result<Self, Error> {
        SignedDataBuilder::new(&certificates, algorithm, SignatureProfile::Cades)?;
        Ok(Self { certificates: certificates.into(), algorithm, cms: None, timestamp: 0 })
    }

    /// The largest CMS that it answers with, if it answers with a CMS.
    #[must_use]
    pub fn maximum_cms_bytes(self, bytes: usize) -> Self {
        Self { cms: Some(bytes), ..self }
    }

    /// The largest timestamp token that will be added.
    #[must_use]
    pub fn maximum_timestamp_bytes(self, bytes: usize) -> Self {
        Self { timestamp: bytes, ..self }
    }

    /// The signer's certificate first.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The algorithm it signs with.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// The algorithm with which documents are hashed for it.
    #[must_use]
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.algorithm.digest()
    }

    /// The builder of the CMS. The same description, profile, time and statement give the same bytes.
    pub(super) fn builder(
        &self,
        profile: Profile,
        signed_at: OffsetDateTime,
        stated: &Stated,
    ) -> Result<SignedDataBuilder<'_>, Error> {
        let profile = profile.attributes(signed_at);
        let builder = SignedDataBuilder::new(&self.certificates, self.algorithm, profile)?;
        let add = SignedDataBuilder::signed_attribute;
        Ok(stated.attributes()?.into_iter().try_fold(builder, add)?)
    }

    /// The bytes to reserve: what is known to be needed, and a margin.
    pub(super) fn room(
        &self,
        profile: Profile,
        signed_at: OffsetDateTime,
        stated: &Stated,
    ) -> Result<usize, Error> {
        let own = self.builder(profile, signed_at, stated)?.estimated_len();
        let own = own.saturating_add(self.timestamp);
        Ok(own.max(self.cms.unwrap_or(0)).saturating_add(MARGIN))
    }

    /// The two maxima, for a ticket.
    pub(super) fn maxima(&self) -> (Option<usize>, usize) {
        (self.cms, self.timestamp)
    }
}

impl fmt::Debug for SignerDescription {
    /// Shows the certificate's digest: a subject is a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignerDescription")
            .field("certificate", &self.certificates.first().map(Certificate::fingerprint))
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// What a signer signs. Made by [`Awaiting::to_be_signed`](super::Awaiting::to_be_signed).
#[derive(Clone, Debug)]
pub struct ToBeSigned {
    pub(super) message: Vec<u8>,
    pub(super) digest: Digest,
    pub(super) document: Digest,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) profile: Profile,
    pub(super) signed_at: OffsetDateTime,
    pub(super) attributes: Vec<Vec<u8>>,
    pub(super) room: usize,
}

impl ToBeSigned {
    /// What a raw signature is over: the DER of the signed attributes (RFC 5652 §5.4).
    #[must_use]
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The digest of the message, for devices that take one. Ed25519 takes the message.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The digest of the document: what a finished CMS is over.
    #[must_use]
    pub fn document_digest(&self) -> &Digest {
        &self.document
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Which attributes a finished CMS must have.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The claimed time of signing, which stands in `/M`.
    #[must_use]
    pub fn signed_at(&self) -> OffsetDateTime {
        self.signed_at
    }

    /// Signed attributes that a finished CMS must have as well, each the DER of an `Attribute`
    /// (RFC 5652 §5.3): the statement of the authority behind the signature and signed grants. The
    /// [message](Self::message) has them already.
    #[must_use]
    pub fn attributes(&self) -> &[Vec<u8>] {
        &self.attributes
    }

    /// The largest CMS in bytes that fits.
    #[must_use]
    pub fn room(&self) -> usize {
        self.room
    }
}

/// What a signer answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerAnswer {
    /// A signature value over [`ToBeSigned::message`]; for ECDSA the DER of `r` and `s`.
    Signature(Vec<u8>),
    /// A whole CMS over [`ToBeSigned::document_digest`], detached, with the attributes that the
    /// profile asks for.
    Cms(Vec<u8>),
}

/// Why a signer did not sign, as kinds that need no names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignerFault {
    /// The person, or a policy, said no.
    Declined,
    /// The device or service cannot be reached.
    Unavailable,
    /// It is locked, or its PIN or token is not accepted.
    NotAuthenticated,
    /// It does not know the key or cannot do the algorithm.
    Unsupported,
    /// It took too long.
    TimedOut,
    /// Anything else.
    Failed,
}

/// The answer of a signer that did not sign. There is no room for texts: they carry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "the signer did not sign ({fault:?}, vendor code {vendor_code}); the document is unchanged"
)]
pub struct SignerError {
    fault: SignerFault,
    vendor_code: i64,
}

impl SignerError {
    /// An error of this kind.
    #[must_use]
    pub fn new(fault: SignerFault) -> Self {
        Self { fault, vendor_code: 0 }
    }

    /// With the number that the device or service gave.
    #[must_use]
    pub fn with_vendor_code(self, vendor_code: i64) -> Self {
        Self { vendor_code, ..self }
    }

    /// The kind.
    #[must_use]
    pub fn fault(&self) -> SignerFault {
        self.fault
    }

    /// The number that the device or service gave, 0 if none.
    #[must_use]
    pub fn vendor_code(&self) -> i64 {
        self.vendor_code
    }
}
