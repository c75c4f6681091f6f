//! X.509 certificates (RFC 5280, 4.1), as they occur in the wild.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use time::OffsetDateTime;

use super::algorithm::AlgorithmIdentifier;
use super::asn1::{Reader, tag};
use super::certificate_parts::Parts;
use super::error::Error;
use super::extensions::Extensions;
use super::path_signature::Strength;
use super::public_key::PublicKey;
use super::scheme::Scheme;
use super::{KeyAlgorithm, KeyUsage, Purposes, name, oid, pem};
use crate::digest::{Digest, DigestAlgorithm};

/// A certificate: its DER bytes, and what they say. Cloning it is cheap.
///
/// Reading decodes the validity and what the extensions say of the key's use; names and keys are
/// decoded when asked for. Nothing is verified here: see [`TrustAnchors`](super::TrustAnchors).
///
/// ```
/// use sealwright::pki::Certificate;
///
/// # let pem = include_bytes!("../../testdata/pki/rsa.crt");
/// let certificate = Certificate::from_pem(pem)?;
/// assert_eq!(certificate.common_name().as_deref(), Some("Test Signer RSA"));
/// assert!(certificate.key_usage().is_some_and(|usage| usage.may_sign_documents()));
/// # Ok::<(), sealwright::pki::Error>(())
/// ```
#[derive(Clone)]
pub struct Certificate {
    parts: Arc<Parts>,
}

impl Certificate {
    /// Reads one DER certificate that fills the input.
    ///
    /// Key usage and extended key usage must be readable and stand there once: leaving one aside
    /// would allow what it forbids.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] or [`Error::Truncated`]. The byte is that of the certificate, 0, where
    /// only the part that is wrong is known.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        Ok(Self { parts: Arc::new(Parts::read(der)?) })
    }

    /// Reads the first `CERTIFICATE` block of a PEM text, or a DER certificate.
    ///
    /// # Errors
    ///
    /// As [`Certificate::from_der`], [`Error::BadPem`], or [`Error::NoPem`] if no block is one.
    pub fn from_pem(text: &[u8]) -> Result<Self, Error> {
        let mut chain = Self::chain_from_pem(text)?;
        if chain.is_empty() {
            return Err(Error::NoPem { expected: "CERTIFICATE" });
        }
        Ok(chain.swap_remove(0))
    }

    /// Reads every `CERTIFICATE` block of a PEM text in its order, or one DER certificate.
    /// Blocks of other kinds are ignored.
    ///
    /// # Errors
    ///
    /// As [`Certificate::from_pem`].
    pub fn chain_from_pem(text: &[u8]) -> Result<Vec<Self>, Error> {
        if !pem::is_pem(text) {
            return Ok(vec![Self::from_der(text)?]);
        }
        let blocks = pem::blocks(text)?;
        let certificates = blocks
            .iter()
            .filter(|block| matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE"));
        let chain =
            certificates.map(|block| Self::from_der(&block.der)).collect::<Result<Vec<_>, _>>()?;
        if chain.is_empty() {
            return Err(Error::NoPem { expected: "CERTIFICATE" });
        }
        Ok(chain)
    }

    /// The DER bytes, unchanged.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.parts.der
    }

    /// The certificate as PEM (RFC 7468), in lines of 64 characters.
    ///
    /// ```
    /// use sealwright::pki::Certificate;
    /// let text = include_bytes!("../../testdata/pki/p256.crt");
    /// let certificate = Certificate::from_pem(text)?;
    /// let again = Certificate::from_pem(certificate.to_pem().as_bytes())?;
    /// assert_eq!(again.as_der(), certificate.as_der());
    /// # Ok::<(), sealwright::pki::Error>(())
    /// ```
    #[must_use]
    pub fn to_pem(&self) -> String {
        pem::armoured("CERTIFICATE", self.as_der())
    }

    /// The subject as RFC 4514 text, most specific part first.
    #[must_use]
    pub fn subject(&self) -> String {
        name::display(self.subject_der())
    }

    /// The issuer as RFC 4514 text, most specific part first.
    #[must_use]
    pub fn issuer(&self) -> String {
        name::display(self.issuer_der())
    }

    /// The subject's common name (2.5.4.3).
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        name::value_of(self.subject_der(), oid::COMMON_NAME)
    }

    /// The subject's organisation (2.5.4.10).
    #[must_use]
    pub fn organization(&self) -> Option<String> {
        name::value_of(self.subject_der(), oid::ORGANIZATION)
    }

    /// The serial number in lower-case hexadecimal digits, two for each octet of the INTEGER, without
    /// the leading zero octet that only says "not negative".
    #[must_use]
    pub fn serial(&self) -> String {
        let serial = self.serial_bytes();
        let shown = match serial {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        oid::hex(shown)
    }

    /// The first instant at which it is valid, in UTC.
    #[must_use]
    pub fn not_before(&self) -> OffsetDateTime {
        self.parts.not_before
    }

    /// The last instant at which it is valid, in UTC.
    #[must_use]
    pub fn not_after(&self) -> OffsetDateTime {
        self.parts.not_after
    }

    /// The kind of its public key.
    #[must_use]
    pub fn key_algorithm(&self) -> KeyAlgorithm {
        self.public_key().map_or_else(
            |_| KeyAlgorithm::Unsupported(super::UnsupportedAlgorithm::unreadable()),
            |key| key.algorithm,
        )
    }

    /// The key usage extension (RFC 5280, 4.2.1.3), none if it is absent.
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions().key_usage()
    }

    /// The extended key usage extension (RFC 5280, 4.2.1.12), none if it is absent.
    #[must_use]
    pub fn purposes(&self) -> Option<Purposes> {
        self.extensions().purposes()
    }

    /// Whether basic constraints (RFC 5280, 4.2.1.9) mark it as that of a certification authority.
    #[must_use]
    pub fn is_authority(&self) -> bool {
        self.extensions().is_authority()
    }

    /// Whether subject and issuer are the same name. The signature is not checked.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject_der() == self.issuer_der()
    }

    /// Whether it is self-issued and its own key made its signature. Costs a public-key operation;
    /// false as well for algorithms that are not supported.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.is_signed_by(self, Strength::STRONG_ONLY)
    }

    /// SHA-256 of the DER bytes.
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        Digest::of(DigestAlgorithm::Sha256, self.as_der())
    }

    /// The X.509 version, 1 to 3.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.parts.version
    }

    pub(super) fn subject_der(&self) -> &[u8] {
        self.part(&self.parts.subject)
    }

    pub(super) fn issuer_der(&self) -> &[u8] {
        self.part(&self.parts.issuer)
    }

    /// The content octets of the serial number.
    pub(super) fn serial_bytes(&self) -> &[u8] {
        self.part(&self.parts.serial)
    }

    /// SHA-256 of the DER of its public key (SubjectPublicKeyInfo): the same in every certificate for
    /// one key.
    #[must_use]
    pub fn key_fingerprint(&self) -> Digest {
        Digest::of(DigestAlgorithm::Sha256, self.public_key_der())
    }

    /// The SubjectPublicKeyInfo.
    pub(super) fn public_key_der(&self) -> &[u8] {
        self.part(&self.parts.public_key)
    }

    /// Whether its key is marked for RSA PSS without restrictions to a digest or salt.
    pub(super) fn has_plain_pss_key(&self) -> bool {
        let identifier = || {
            let info = Reader::der(self.public_key_der()).expect(tag::SEQUENCE, "a key")?;
            AlgorithmIdentifier::read(&mut info.reader())
        };
        identifier().is_ok_and(|found| found.oid == oid::RSA_PSS && found.parameters.is_none())
    }

    pub(super) fn public_key(&self) -> Result<PublicKey<'_>, Error> {
        let info = Reader::der(self.public_key_der()).expect(tag::SEQUENCE, "a key")?;
        PublicKey::read(&info)
    }

    /// Whether the issuer's key made its signature, with an algorithm that is supported and was strong
    /// enough.
    pub(super) fn is_signed_by(&self, issuer: &Self, strength: Strength<'_>) -> bool {
        let message = self.part(&self.parts.to_be_signed);
        let signature = self.part(&self.parts.signature);
        self.signature_algorithm()
            .is_ok_and(|algorithm| issuer.has_signed(&algorithm, message, signature, strength))
    }

    /// Whether its key made this signature over a message, with an algorithm that is supported and was
    /// strong enough.
    pub(super) fn has_signed(
        &self,
        algorithm: &AlgorithmIdentifier<'_>,
        message: &[u8],
        signature: &[u8],
        strength: Strength<'_>,
    ) -> bool {
        let verify = || {
            let scheme = Scheme::read(algorithm, None).ok()?;
            Some(strength.verify(&self.public_key().ok()?, scheme, message, signature))
        };
        verify().unwrap_or(false)
    }

    pub(super) fn signature_algorithm(&self) -> Result<AlgorithmIdentifier<'_>, Error> {
        let after = self.parts.der.get(self.parts.to_be_signed.end..).unwrap_or_default();
        AlgorithmIdentifier::read(&mut Reader::der(after))
    }

    pub(super) fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.parts.der.get(range.clone()).unwrap_or_default()
    }
}

/// Certificates are equal if their bytes are.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parts, &other.parts) || self.as_der() == other.as_der()
    }
}

impl Eq for Certificate {}

/// Shows no name: only a fingerprint, enough to tell two apart.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("fingerprint", &self.fingerprint())
            .field("key", &format_args!("{}", self.key_algorithm()))
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::fixtures;

    #[test]
    fn what_a_certificate_says() {
        let certificate = fixtures::certificate("rsa");
        assert_eq!(certificate.subject(), "CN=Test Signer RSA,O=Test Organisation 测试,C=CN");
        assert_eq!(certificate.issuer(), "CN=Test Root,O=Test Organisation 测试,C=CN");
        assert_eq!(certificate.organization().as_deref(), Some("Test Organisation 测试"));
        assert_eq!(certificate.key_algorithm(), KeyAlgorithm::Rsa { bits: 2048 });
        assert_eq!(certificate.serial().len(), 16);
        assert_eq!(certificate.version(), 3);
        assert!(certificate.not_before() < fixtures::now());
        assert!(certificate.not_after() > fixtures::now());
        assert!(!certificate.is_authority() && !certificate.is_self_issued());
        assert_eq!(certificate.purposes(), None);
    }

    #[test]
    fn kinds_of_keys() {
        let kind = |name| fixtures::certificate(name).key_algorithm().to_string();
        assert_eq!(kind("p256"), "EC P-256");
        assert_eq!(kind("p384"), "EC P-384");
        assert_eq!(kind("p521"), "EC P-521 (1.3.132.0.35)");
        assert_eq!(kind("ed25519"), "Ed25519");
        assert_eq!(kind("ed448"), "Ed448 (1.3.101.113)");
        assert_eq!(kind("pss"), "RSA-2048 for PSS only");
        assert_eq!(kind("short"), "RSA-1024");
    }

    #[test]
    fn self_signed_is_more_than_self_issued() {
        let root = fixtures::certificate("ca");
        assert!(root.is_self_signed() && root.is_authority());
        let mut other = root.as_der().to_vec();
        *other.last_mut().unwrap() ^= 1;
        let forged = Certificate::from_der(&other).unwrap();
        assert!(forged.is_self_issued() && !forged.is_self_signed());
        assert!(!fixtures::certificate("rsa").is_self_signed());
    }

    #[test]
    fn debug_shows_no_name() {
        let shown = format!("{:?}", fixtures::certificate("rsa"));
        assert!(shown.contains("SHA-256:") && shown.contains("RSA-2048"), "{shown}");
        assert!(!shown.contains("Test") && !shown.contains("Signer"), "{shown}");
    }

    #[test]
    fn every_cut_is_refused_and_so_is_a_tail() {
        let der = fixtures::certificate("p256").as_der().to_vec();
        for end in 0..der.len() {
            assert!(Certificate::from_der(&der[..end]).is_err(), "cut at {end}");
        }
        let longer = [&der[..], &[0]].concat();
        let error = Certificate::from_der(&longer).unwrap_err();
        assert_eq!(error, Error::malformed(der.len(), "the end of the certificate"));
    }

    #[test]
    fn a_chain_keeps_its_order_and_keys_are_ignored() {
        let text = [fixtures::file("rsa.key"), fixtures::file("rsa.crt"), fixtures::file("ca.crt")]
            .concat();
        let chain = Certificate::chain_from_pem(&text).unwrap();
        assert_eq!(chain, [fixtures::certificate("rsa"), fixtures::certificate("ca")]);
        let none = Certificate::from_pem(&fixtures::file("rsa.key")).unwrap_err();
        assert_eq!(none, Error::NoPem { expected: "CERTIFICATE" });
    }
}
