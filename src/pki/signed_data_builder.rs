//! Building SignedData (RFC 5652, 5) for a PAdES or plain PKCS#7 signature, in DER throughout.

use time::OffsetDateTime;

use super::algorithm::{SignatureAlgorithm, digest_identifier};
use super::asn1::{Reader, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::public_key::KeyAlgorithm;
use super::{encode, oid, signing_certificate};
use crate::digest::{Digest, DigestAlgorithm};

/// Which signed attributes are written.
///
/// Both have content-type, message-digest, signing-certificate-v2 and CMSAlgorithmProtection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureProfile {
    /// PAdES baseline (ETSI EN 319 142-1, 6.3): no signing-time, the PDF says the time itself.
    Cades,
    /// PKCS#7 as in ISO 32000-1, 12.8.3.3: with signing-time.
    Pkcs7 {
        /// The claimed time of signing; written in UTC, in whole seconds.
        signing_time: OffsetDateTime,
    },
}

/// Prepares a detached signature: attributes first, CMS when the signature value is there.
///
/// It is a pure function of its inputs: another process that is given the same certificates,
/// algorithm, profile and digest builds the same bytes to be signed.
///
/// ```
/// use sealwright::digest::Digest;
/// use sealwright::pki::{Certificate, PrivateKey, SignatureProfile, SignedDataBuilder};
///
/// # let chain = Certificate::chain_from_pem(include_bytes!("../../testdata/pki/p256.crt"))?;
/// # let key = PrivateKey::parse(include_bytes!("../../testdata/pki/p256.key"))?;
/// let algorithm = key.default_algorithm();
/// let builder = SignedDataBuilder::new(&chain, algorithm, SignatureProfile::Cades)?;
/// let room = builder.estimated_len();
///
/// let digest = Digest::of(algorithm.digest(), b"the document");
/// let attributes = builder.signed_attributes(&digest)?;
/// let signature = key.sign(algorithm, attributes.as_der())?;
/// let cms = attributes.finish(&signature);
/// assert!(cms.len() <= room);
/// # Ok::<(), sealwright::pki::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignedDataBuilder<'a> {
    signer: &'a Certificate,
    chain: &'a [Certificate],
    algorithm: SignatureAlgorithm,
    profile: SignatureProfile,
    extra: Vec<Vec<u8>>,
    /// The contents octets of a content type, and the content, if it goes inside.
    enclosed: Option<(Vec<u8>, Vec<u8>)>,
}

impl<'a> SignedDataBuilder<'a> {
    /// Starts with the signer's certificate first in `chain`; the others are written beside it, each
    /// once.
    ///
    /// # Errors
    ///
    /// [`Error::NoCertificate`], or [`Error::AlgorithmForOtherKey`] if the certificate's key cannot
    /// have made such a signature.
    pub fn new(
        chain: &'a [Certificate],
        algorithm: SignatureAlgorithm,
        profile: SignatureProfile,
    ) -> Result<Self, Error> {
        let signer = chain.first().ok_or(Error::NoCertificate)?;
        let key = signer.key_algorithm();
        if signature_len(&key, algorithm).is_none() {
            return Err(Error::AlgorithmForOtherKey {
                key: key.to_string(),
                algorithm: algorithm.name(),
            });
        }
        Ok(Self { signer, chain, algorithm, profile, extra: Vec::new(), enclosed: None })
    }

    /// Adds a signed attribute: the DER of a whole `Attribute`.
    ///
    /// # Errors
    ///
    /// [`Error::BadAttribute`] if it is not one, repeats another, or is one that the builder writes
    /// or the profile forbids.
    pub fn signed_attribute(mut self, attribute: Vec<u8>) -> Result<Self, Error> {
        let index = self.extra.len();
        let bad = |reason| Error::BadAttribute { index, reason };
        let own = attribute_type(&attribute).ok_or_else(|| bad("it is no DER attribute"))?;
        if RESERVED.contains(&own) {
            return Err(bad("its type is written, or left out, by the profile"));
        }
        if self.extra.iter().any(|other| attribute_type(other) == Some(own)) {
            return Err(bad("its type was added before"));
        }
        self.extra.push(attribute);
        Ok(self)
    }

    /// Puts the content inside, under a content type of its own (dotted). The digest to be signed is
    /// that of the content.
    ///
    /// ```
    /// use sealwright::digest::Digest;
    /// use sealwright::limits::Limits;
    /// use sealwright::pki::{
    ///     Certificate, PrivateKey, SignatureProfile, SignedContent, SignedData, SignedDataBuilder,
    /// };
    /// # let chain = Certificate::chain_from_pem(include_bytes!("../../testdata/pki/p256.crt"))?;
    /// # let key = PrivateKey::parse(include_bytes!("../../testdata/pki/p256.key"))?;
    /// let algorithm = key.default_algorithm();
    /// let builder = SignedDataBuilder::new(&chain, algorithm, SignatureProfile::Cades)?
    ///     .enclosing("2.25.1", b"the content".to_vec())?;
    /// let attributes = builder.signed_attributes(&Digest::of(algorithm.digest(), b"the content"))?;
    /// let cms = attributes.finish(&key.sign(algorithm, attributes.as_der())?);
    /// let signed = SignedData::parse(&cms, &Limits::default())?;
    /// assert_eq!(signed.content(), Some(&b"the content"[..]));
    /// assert!(signed.check(&SignedContent::Encapsulated, &[]).overall().is_good());
    /// # Ok::<(), sealwright::pki::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::BadContentType`] if that is no object identifier.
    pub fn enclosing(mut self, content_type: &str, content: Vec<u8>) -> Result<Self, Error> {
        let bad = || Error::BadContentType { found: content_type.chars().take(64).collect() };
        self.enclosed = Some((oid::from_dotted(content_type).ok_or_else(bad)?, content));
        Ok(self)
    }

    fn content_type(&self) -> &[u8] {
        self.enclosed.as_ref().map_or(oid::DATA, |(kind, _)| kind)
    }

    /// The algorithm with which the document must be hashed.
    #[must_use]
    pub fn digest_algorithm(&self) -> DigestAlgorithm {
        self.algorithm.digest()
    }

    /// The largest size in bytes that the CMS can have. Unsigned attributes come on top.
    #[must_use]
    pub fn estimated_len(&self) -> usize {
        let len = signature_len(&self.signer.key_algorithm(), self.algorithm).unwrap_or(0);
        let digest = Digest::of(self.algorithm.digest(), &[]);
        SignedAttributes { builder: self, der: self.attributes(&digest) }
            .finish(&vec![0; len])
            .len()
    }

    /// Builds what is to be signed, for a document with this digest.
    ///
    /// # Errors
    ///
    /// [`Error::DigestForOtherAlgorithm`] if it is of another algorithm than
    /// [`digest_algorithm`](Self::digest_algorithm).
    pub fn signed_attributes(&self, document: &Digest) -> Result<SignedAttributes<'_>, Error> {
        let wanted = self.algorithm.digest();
        if document.algorithm() != wanted {
            return Err(Error::DigestForOtherAlgorithm {
                algorithm: self.algorithm.name(),
                wanted,
                given: document.algorithm(),
            });
        }
        Ok(SignedAttributes { builder: self, der: self.attributes(document) })
    }

    /// The DER SET OF Attribute.
    fn attributes(&self, document: &Digest) -> Vec<u8> {
        let mut list = self.extra.clone();
        list.push(attribute(oid::CONTENT_TYPE, &encode::oid(self.content_type())));
        list.push(attribute(oid::MESSAGE_DIGEST, &encode::octet_string(document.as_bytes())));
        list.push(attribute(oid::SIGNING_CERTIFICATE_V2, &signing_certificate::v2(self.signer)));
        list.push(attribute(oid::ALGORITHM_PROTECTION, &self.algorithm_protection()));
        if let SignatureProfile::Pkcs7 { signing_time } = self.profile {
            list.push(attribute(oid::SIGNING_TIME, &encode::signing_time(signing_time)));
        }
        encode::element(tag::SET, &encode::set_contents(list))
    }

    /// CMSAlgorithmProtection (RFC 6211, 2).
    fn algorithm_protection(&self) -> Vec<u8> {
        let mut signature = self.algorithm.to_der();
        if let Some(first) = signature.first_mut() {
            *first = tag::context(1); // implicit
        }
        encode::sequence(&[&digest_identifier(self.algorithm.digest()), &signature])
    }
}

/// What is to be signed: the DER SET OF Attribute (RFC 5652, 5.4). Made by
/// [`SignedDataBuilder::signed_attributes`].
#[derive(Clone, Debug)]
pub struct SignedAttributes<'b> {
    builder: &'b SignedDataBuilder<'b>,
    der: Vec<u8>,
}

impl SignedAttributes<'_> {
    /// The message to be signed, byte for byte.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Its digest, for signers that take one. Ed25519 signs the message, never a digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.builder.algorithm.digest(), &self.der)
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        self.builder.algorithm
    }

    /// The CMS in DER, with this signature value (DER of `r` and `s` for ECDSA). The value is not
    /// checked here: parse the result and [`check`](super::SignedData::check) it.
    #[must_use]
    pub fn finish(&self, signature: &[u8]) -> Vec<u8> {
        let builder = self.builder;
        let digest_algorithm = digest_identifier(builder.algorithm.digest());
        let mut attributes = self.der.clone();
        if let Some(first) = attributes.first_mut() {
            *first = tag::context(0); // implicit
        }
        let signer = encode::sequence(&[
            &encode::small_integer(1),
            &encode::sequence(&[
                builder.signer.issuer_der(),
                &encode::element(tag::INTEGER, builder.signer.serial_bytes()),
            ]),
            &digest_algorithm,
            &attributes,
            &builder.algorithm.to_der(),
            &encode::octet_string(signature),
        ]);
        let mut certificates =
            builder.chain.iter().map(|c| c.as_der().to_vec()).collect::<Vec<_>>();
        certificates.sort_unstable();
        certificates.dedup();
        let kind = builder.content_type();
        // RFC 5652, 5.1: 3 for any other content than data.
        let version = if kind == oid::DATA { 1 } else { 3 };
        let content = builder
            .enclosed
            .as_ref()
            .map(|(_, content)| encode::element(tag::context(0), &encode::octet_string(content)));
        let signed_data = encode::sequence(&[
            &encode::small_integer(version),
            &encode::element(tag::SET, &digest_algorithm),
            &encode::sequence(&[&encode::oid(kind), &content.unwrap_or_default()]),
            &encode::element(tag::context(0), &certificates.concat()),
            &encode::element(tag::SET, &signer),
        ]);
        encode::sequence(&[
            &encode::oid(oid::SIGNED_DATA),
            &encode::element(tag::context(0), &signed_data),
        ])
    }
}

/// Attributes that the builder decides about.
const RESERVED: &[&[u8]] = &[
    oid::CONTENT_TYPE,
    oid::MESSAGE_DIGEST,
    oid::SIGNING_TIME,
    oid::SIGNING_CERTIFICATE,
    oid::SIGNING_CERTIFICATE_V2,
    oid::ALGORITHM_PROTECTION,
];

fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
    encode::sequence(&[&encode::oid(kind), &encode::element(tag::SET, value)])
}

/// The type of a DER attribute that fills the bytes and has at least one value.
fn attribute_type(der: &[u8]) -> Option<&[u8]> {
    let mut outer = Reader::der(der);
    let mut parts = outer.expect(tag::SEQUENCE, "an attribute").ok()?.reader();
    outer.finish("the end").ok()?;
    let kind = parts.expect(tag::OID, "a type").ok()?.content;
    let mut values = parts.expect(tag::SET, "values").ok()?.reader();
    parts.finish("the end").ok()?;
    let mut count = 0_usize;
    while values.next().ok()?.is_some() {
        count = count.saturating_add(1);
    }
    (count > 0).then_some(kind)
}

/// The largest signature value of this key, or none if it cannot sign so.
fn signature_len(key: &KeyAlgorithm, algorithm: SignatureAlgorithm) -> Option<usize> {
    use SignatureAlgorithm as A;
    let is_pss = matches!(algorithm, A::RsaPssSha256 | A::RsaPssSha384 | A::RsaPssSha512);
    let is_pkcs1 = matches!(algorithm, A::RsaPkcs1Sha256 | A::RsaPkcs1Sha384 | A::RsaPkcs1Sha512);
    match (key, algorithm) {
        (KeyAlgorithm::Rsa { bits }, _) if is_pss || is_pkcs1 => Some(bits.div_ceil(8)),
        (KeyAlgorithm::RsaPss { bits }, _) if is_pss => Some(bits.div_ceil(8)),
        // SEQUENCE of two integers, each with a sign octet.
        (KeyAlgorithm::EcP256, A::EcdsaSha256 | A::EcdsaSha384) => Some(72),
        (KeyAlgorithm::EcP384, A::EcdsaSha256 | A::EcdsaSha384) => Some(104),
        (KeyAlgorithm::Ed25519, A::Ed25519) => Some(64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::pki::{SignedContent, SignedData, fixtures};

    fn cades(chain: &[Certificate], algorithm: SignatureAlgorithm) -> SignedDataBuilder<'_> {
        SignedDataBuilder::new(chain, algorithm, SignatureProfile::Cades).unwrap()
    }

    #[test]
    fn what_is_built_is_judged_good_and_fits_its_estimate() {
        for name in ["rsa", "pss", "p256", "p384", "ed25519"] {
            let key = fixtures::key(name);
            let chain = [fixtures::certificate(name), fixtures::certificate("sub")];
            for algorithm in key.signature_algorithms() {
                let builder = cades(&chain, *algorithm);
                let digest = Digest::of(algorithm.digest(), b"document");
                let attributes = builder.signed_attributes(&digest).unwrap();
                let cms = attributes.finish(&key.sign(*algorithm, attributes.as_der()).unwrap());
                assert!(cms.len() <= builder.estimated_len(), "{name} {algorithm}");
                assert!(cms.len() + 10 > builder.estimated_len(), "{name} {algorithm}");

                let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
                assert_eq!(signed.encoded_len(), cms.len());
                let check = signed.check(&SignedContent::Digest(&digest), &[]);
                assert_eq!(check.overall(), crate::pki::Outcome::Good, "{name} {algorithm}");
                assert!(check.signing_certificate.is_good() && check.algorithms.is_good());
                let signer = signed.signer().unwrap();
                assert_eq!(signer.signature_algorithm(), Ok(*algorithm));
                assert!(signer.signed_attributes_are_der());
                let other = Digest::of(algorithm.digest(), b"Document");
                let check = signed.check(&SignedContent::Digest(&other), &[]);
                assert!(check.message_digest.is_bad() && check.signature.is_good());
            }
        }
    }

    #[test]
    fn the_profiles_write_exactly_their_attributes() {
        let chain = [fixtures::certificate("p256")];
        let types = |profile| {
            let builder =
                SignedDataBuilder::new(&chain, SignatureAlgorithm::EcdsaSha256, profile).unwrap();
            let digest = Digest::of(DigestAlgorithm::Sha256, b"");
            let cms = builder.signed_attributes(&digest).unwrap().finish(&[]);
            let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
            let signer = signed.signer().unwrap();
            (signer.signed_attribute_types(), signer.signing_time())
        };
        let (mut names, time) = types(SignatureProfile::Cades);
        names.sort();
        let own = [
            "1.2.840.113549.1.9.16.2.47", // signing-certificate-v2
            "1.2.840.113549.1.9.3",       // content-type
            "1.2.840.113549.1.9.4",       // message-digest
            "1.2.840.113549.1.9.52",      // CMSAlgorithmProtection
        ];
        assert_eq!((&names[..], time), (&own.map(str::to_owned)[..], None));

        let now = fixtures::now();
        let (names, time) = types(SignatureProfile::Pkcs7 { signing_time: now });
        assert_eq!((names.len(), time), (5, Some(now)));
    }

    #[test]
    fn extra_attributes_are_signed_and_guarded() {
        let chain = [fixtures::certificate("p256")];
        let digest = Digest::of(DigestAlgorithm::Sha256, b"");
        let plain = cades(&chain, SignatureAlgorithm::EcdsaSha256);
        let own = attribute(b"\x2a\x03", &encode::octet_string(b"value"));
        let builder = plain.clone().signed_attribute(own.clone()).unwrap();
        assert_eq!(builder.estimated_len() - plain.estimated_len(), own.len());
        let cms = builder.signed_attributes(&digest).unwrap().finish(&[]);
        let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
        let value = signed.signer().unwrap().signed_attribute("1.2.3").unwrap();
        assert_eq!(value, encode::octet_string(b"value"));
        assert!(signed.signer().unwrap().signed_attributes_are_der());

        assert!(builder.signed_attribute(own.clone()).is_err(), "twice");
        let time = attribute(oid::SIGNING_TIME, &encode::signing_time(fixtures::now()));
        for refused in [time, own[1..].to_vec(), [&own[..], &[0]].concat(), vec![]] {
            assert!(plain.clone().signed_attribute(refused.clone()).is_err(), "{refused:02x?}");
        }
    }

    #[test]
    fn the_same_inputs_give_the_same_bytes() {
        let chain = [fixtures::certificate("rsa"), fixtures::certificate("ca")];
        let digest = Digest::of(DigestAlgorithm::Sha256, b"document");
        let build = || {
            let builder = cades(&chain, SignatureAlgorithm::RsaPkcs1Sha256);
            builder.signed_attributes(&digest).unwrap().as_der().to_vec()
        };
        assert_eq!(build(), build());
    }

    #[test]
    fn wrong_use_is_refused() {
        let no_certificate =
            SignedDataBuilder::new(&[], SignatureAlgorithm::Ed25519, SignatureProfile::Cades);
        assert_eq!(no_certificate.unwrap_err(), Error::NoCertificate);
        let chain = [fixtures::certificate("p256")];
        let other_key = SignedDataBuilder::new(
            &chain,
            SignatureAlgorithm::RsaPkcs1Sha256,
            SignatureProfile::Cades,
        );
        assert_eq!(other_key.unwrap_err().code(), "pki.algorithm-for-other-key");
        let builder = cades(&chain, SignatureAlgorithm::EcdsaSha256);
        let digest = Digest::of(DigestAlgorithm::Sha512, b"");
        let error = builder.signed_attributes(&digest).unwrap_err();
        assert_eq!(error.code(), "pki.digest-for-other-algorithm");
    }
}
