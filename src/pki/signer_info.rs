//! One signer of a SignedData (RFC 5652, 5.3), and the check of what he signed.

use time::OffsetDateTime;

use super::algorithm::{AlgorithmIdentifier, SignatureAlgorithm, UnsupportedAlgorithm};
use super::algorithm_policy::AlgorithmUse;
use super::asn1::{Element, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::outcome::{Doubt, Fault, Outcome};
use super::scheme::Scheme;
use super::signature_check::{SignatureCheck, SignedContent};
use super::signed_attributes::Attributes;
use super::{name, oid, signing_certificate};
use crate::digest::{Digest, DigestAlgorithm};

/// One signer. Made by [`SignedData`](super::SignedData).
#[derive(Clone, Debug)]
pub struct SignerInfo<'a> {
    id: SignerId<'a>,
    digest_algorithm: AlgorithmIdentifier<'a>,
    signed_attributes: Option<Attributes<'a>>,
    signature_algorithm: AlgorithmIdentifier<'a>,
    signature: Vec<u8>,
    unsigned_attributes: Option<Attributes<'a>>,
}

/// How a signer names his certificate.
#[derive(Clone, Copy, Debug)]
enum SignerId<'a> {
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    SubjectKeyId(&'a [u8]),
}

impl<'a> SignerInfo<'a> {
    pub(super) fn read(element: &Element<'a>) -> Result<Self, Error> {
        let mut parts = element.reader();
        parts.expect(tag::INTEGER, "a signer version")?;
        let id = SignerId::read(&parts.any("a signer identifier")?)?;
        let digest_algorithm = AlgorithmIdentifier::read(&mut parts)?;
        let signed = parts.optional(tag::context(0))?;
        let signature_algorithm = AlgorithmIdentifier::read(&mut parts)?;
        let signature = parts.any("a signature value")?;
        if signature.tag & !tag::CONSTRUCTED != tag::OCTET_STRING {
            return Err(Error::malformed(signature.offset, "a signature value"));
        }
        let unsigned = parts.optional(tag::context(1))?;
        parts.finish("the end of the signer")?;
        Ok(Self {
            id,
            digest_algorithm,
            signed_attributes: signed.map(Attributes::read).transpose()?,
            signature_algorithm,
            signature: signature.octets()?.into_owned(),
            unsigned_attributes: unsigned.map(Attributes::read).transpose()?,
        })
    }

    /// The algorithm with which the content must be hashed.
    ///
    /// # Errors
    ///
    /// The name of an algorithm that is not supported.
    pub fn digest_algorithm(&self) -> Result<DigestAlgorithm, UnsupportedAlgorithm> {
        self.digest_algorithm.digest()
    }

    /// The algorithm of the signature.
    ///
    /// # Errors
    ///
    /// The name of an algorithm that is not supported or too weak.
    pub fn signature_algorithm(&self) -> Result<SignatureAlgorithm, UnsupportedAlgorithm> {
        self.scheme().and_then(Scheme::supported)
    }

    /// The signature value.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// The signing-time attribute (RFC 5652, 11.3): a claim of the signer.
    #[must_use]
    pub fn signing_time(&self) -> Option<OffsetDateTime> {
        self.signed_attributes.as_ref()?.signing_time()
    }

    /// Whether there are signed attributes. Without them the signature is over the content itself.
    #[must_use]
    pub fn has_signed_attributes(&self) -> bool {
        self.signed_attributes.is_some()
    }

    /// Whether the signed attributes are written in DER, as RFC 5652, 5.3 demands. The signature is
    /// checked over the bytes as they came either way.
    #[must_use]
    pub fn signed_attributes_are_der(&self) -> bool {
        self.signed_attributes.as_ref().is_none_or(Attributes::is_der)
    }

    /// The object identifiers of the signed attributes, dotted, in their order.
    #[must_use]
    pub fn signed_attribute_types(&self) -> Vec<String> {
        types(self.signed_attributes.as_ref())
    }

    /// The object identifiers of the unsigned attributes, dotted, in their order.
    #[must_use]
    pub fn unsigned_attribute_types(&self) -> Vec<String> {
        types(self.unsigned_attributes.as_ref())
    }

    /// The DER of the only value of a signed attribute, by its dotted object identifier. None if
    /// it is absent, repeated, or has several values.
    #[must_use]
    pub fn signed_attribute(&self, dotted: &str) -> Option<&'a [u8]> {
        let attributes = self.signed_attributes.as_ref()?;
        let found = attributes.iter().find(|attribute| oid::dotted(attribute.oid) == dotted)?;
        attributes.single(found.oid).ok()?.map(|value| value.raw)
    }

    /// The DER of every value of a signed attribute, by its dotted object identifier, however often
    /// it occurs.
    #[must_use]
    pub fn signed_attribute_values(&self, dotted: &str) -> Vec<&'a [u8]> {
        let all = self.signed_attributes.iter().flat_map(Attributes::iter);
        let found = all.filter(|attribute| oid::dotted(attribute.oid) == dotted);
        found.flat_map(|attribute| attribute.values.iter().map(|value| value.raw)).collect()
    }

    /// The signature time-stamp tokens (RFC 3161, appendix A), each a CMS of its own.
    #[must_use]
    pub fn timestamp_tokens(&self) -> Vec<&'a [u8]> {
        let all = self.unsigned_attributes.iter().flat_map(Attributes::iter);
        let tokens = all.filter(|attribute| attribute.oid == oid::TIMESTAMP_TOKEN);
        tokens.flat_map(|attribute| attribute.values.iter().map(|value| value.raw)).collect()
    }

    /// The certificate of this signer among `candidates`.
    ///
    /// If several fit (two certificates may carry one serial number), the one that the signed
    /// attributes refer to is taken.
    #[must_use]
    pub fn find_certificate<'c>(&self, candidates: &'c [Certificate]) -> Option<&'c Certificate> {
        let mut fitting = candidates.iter().filter(|certificate| self.id.fits(certificate));
        let first = fitting.next()?;
        let bound = |certificate: &&Certificate| {
            let attributes = self.signed_attributes.as_ref();
            attributes.is_some_and(|a| signing_certificate::check(a, certificate).is_good())
        };
        match fitting.next() {
            None => Some(first),
            Some(second) => [first, second].into_iter().chain(fitting).find(bound).or(Some(first)),
        }
    }

    /// Checks everything that needs no trust.
    pub(super) fn check(
        &self,
        content: &SignedContent<'_>,
        content_type: &[u8],
        certificate: Option<&Certificate>,
    ) -> SignatureCheck {
        let mut key_operations = 0;
        let signature = match certificate {
            Some(certificate) => self.check_signature(content, certificate, &mut key_operations),
            None => Outcome::CannotJudge(Doubt::NoCertificate),
        };
        let signing_certificate = match (&self.signed_attributes, certificate) {
            (Some(attributes), Some(certificate)) => {
                signing_certificate::check(attributes, certificate)
            }
            (Some(_), None) => Outcome::CannotJudge(Doubt::NoCertificate),
            (None, _) => Outcome::Absent,
        };
        SignatureCheck {
            certificate: certificate.cloned(),
            message_digest: self.check_message_digest(content),
            content_type: self.check_content_type(content_type),
            signature,
            signing_certificate,
            algorithms: self.check_algorithms(),
            algorithms_used: self.algorithms_used(certificate),
            key_operations,
        }
    }

    fn algorithms_used(&self, certificate: Option<&Certificate>) -> Vec<AlgorithmUse> {
        let beside = self.signed_attributes.as_ref().and(self.digest_algorithm().ok());
        let within = self.scheme().ok().and_then(Scheme::digest);
        let within = within.filter(|digest| Some(*digest) != beside);
        let digests = beside.into_iter().chain(within).map(AlgorithmUse::Digest);
        digests.chain(certificate.map(|it| AlgorithmUse::Key(it.key_algorithm()))).collect()
    }

    fn check_message_digest(&self, content: &SignedContent<'_>) -> Outcome {
        const ATTRIBUTE: &str = "message-digest";
        let Some(attributes) = &self.signed_attributes else { return Outcome::Absent };
        let signed = match attributes.single(oid::MESSAGE_DIGEST) {
            Ok(Some(value)) if value.tag == tag::OCTET_STRING => value.content,
            Ok(None) => return Outcome::Bad(Fault::AttributeMissing { attribute: ATTRIBUTE }),
            _ => return Outcome::Bad(Fault::AttributeMalformed { attribute: ATTRIBUTE }),
        };
        let algorithm = match self.digest_algorithm() {
            Ok(algorithm) => algorithm,
            Err(name) => return Outcome::CannotJudge(Doubt::Unsupported(name)),
        };
        let actual = match content {
            SignedContent::Digest(digest) if digest.algorithm() == algorithm => **digest,
            SignedContent::Bytes(bytes) => Digest::of(algorithm, bytes),
            _ => return Outcome::CannotJudge(Doubt::ContentMissing),
        };
        if !actual.equals(signed) {
            let signed = oid::hex(signed.get(..64).unwrap_or(signed));
            return Outcome::Bad(Fault::DigestDiffers { signed, actual: actual.to_hex() });
        }
        if algorithm.is_strong() {
            Outcome::Good
        } else {
            Outcome::CannotJudge(Doubt::Weak(UnsupportedAlgorithm::named("SHA-1", oid::SHA1)))
        }
    }

    fn check_content_type(&self, actual: &[u8]) -> Outcome {
        const ATTRIBUTE: &str = "content-type";
        let Some(attributes) = &self.signed_attributes else {
            // RFC 5652, 5.3: only plain data may go without signed attributes.
            return if actual == oid::DATA {
                Outcome::Absent
            } else {
                Outcome::Bad(Fault::AttributeMissing { attribute: ATTRIBUTE })
            };
        };
        match attributes.single(oid::CONTENT_TYPE) {
            Ok(Some(value)) if value.tag == tag::OID && value.content == actual => Outcome::Good,
            Ok(Some(value)) if value.tag == tag::OID => Outcome::Bad(Fault::ContentTypeDiffers {
                signed: oid::dotted(value.content),
                actual: oid::dotted(actual),
            }),
            Ok(None) => Outcome::Bad(Fault::AttributeMissing { attribute: ATTRIBUTE }),
            _ => Outcome::Bad(Fault::AttributeMalformed { attribute: ATTRIBUTE }),
        }
    }

    fn check_signature(
        &self,
        content: &SignedContent<'_>,
        certificate: &Certificate,
        key_operations: &mut u64,
    ) -> Outcome {
        let scheme = match self.scheme() {
            Ok(scheme) => scheme,
            Err(name) => return Outcome::CannotJudge(Doubt::Unsupported(name)),
        };
        let Ok(key) = certificate.public_key() else {
            let unreadable = UnsupportedAlgorithm::unreadable();
            return Outcome::CannotJudge(Doubt::Unsupported(unreadable));
        };
        let outcome = match (&self.signed_attributes, content) {
            (Some(attributes), _) => match attributes.signed_message() {
                Ok(message) => key.verify(scheme, &message, &self.signature),
                Err(_) => {
                    return Outcome::CannotJudge(Doubt::UnsupportedAttribute {
                        attribute: "signed attributes in nested BER",
                    });
                }
            },
            (None, SignedContent::Bytes(message)) => key.verify(scheme, message, &self.signature),
            (None, _) => return Outcome::CannotJudge(Doubt::ContentMissing),
        };
        *key_operations = key_operations.saturating_add(1);
        outcome
    }

    fn check_algorithms(&self) -> Outcome {
        let (digest, scheme) = match (self.digest_algorithm(), self.scheme()) {
            (Ok(digest), Ok(scheme)) => (digest, scheme),
            (Err(name), _) | (_, Err(name)) => {
                return Outcome::CannotJudge(Doubt::Unsupported(name))
                    .and(self.check_algorithm_protection());
            }
        };
        let agreement = match scheme.digest() {
            Some(signed) if signed == digest => Outcome::Good,
            Some(signed) => Outcome::Bad(Fault::AlgorithmsDisagree {
                one: format!("digest {digest}"),
                other: format!("signature with {signed}"),
            }),
            // RFC 8419, 3.1: with signed attributes the message digest is SHA-512.
            None if digest == DigestAlgorithm::Sha512 => Outcome::Good,
            None => Outcome::CannotJudge(Doubt::UnusualDigest {
                algorithm: SignatureAlgorithm::Ed25519.name(),
                digest,
                wanted: DigestAlgorithm::Sha512,
            }),
        };
        agreement.and(self.check_algorithm_protection())
    }

    /// CMSAlgorithmProtection (RFC 6211): both algorithms repeated under the signature.
    fn check_algorithm_protection(&self) -> Outcome {
        const ATTRIBUTE: &str = "CMSAlgorithmProtection";
        let malformed = || Outcome::Bad(Fault::AttributeMalformed { attribute: ATTRIBUTE });
        let Some(attributes) = &self.signed_attributes else { return Outcome::Absent };
        let value = match attributes.single(oid::ALGORITHM_PROTECTION) {
            Ok(Some(value)) => value,
            Ok(None) => return Outcome::Absent,
            Err(_) => return malformed(),
        };
        let read = || {
            let mut parts = value.reader();
            let digest = AlgorithmIdentifier::read(&mut parts)?;
            let signature = parts.expect(tag::context(1), "a signature algorithm")?;
            Ok::<_, Error>((digest, AlgorithmIdentifier::of(&signature)?))
        };
        let Ok((digest, signature)) = read() else { return malformed() };
        for (outside, inside) in
            [(&self.digest_algorithm, &digest), (&self.signature_algorithm, &signature)]
        {
            if !outside.same_as(inside) {
                return Outcome::Bad(Fault::AlgorithmsDisagree {
                    one: oid::dotted(outside.oid),
                    other: format!("{} under the signature", oid::dotted(inside.oid)),
                });
            }
        }
        Outcome::Good
    }

    fn scheme(&self) -> Result<Scheme, UnsupportedAlgorithm> {
        let beside = match self.digest_algorithm() {
            Ok(digest) => Some(digest),
            // Plain rsaEncryption takes its digest from here, so this is the name to report.
            Err(name) if matches!(self.signature_algorithm.oid, oid::RSA | oid::EC) => {
                return Err(name);
            }
            Err(_) => None,
        };
        Scheme::read(&self.signature_algorithm, beside)
    }
}

impl<'a> SignerId<'a> {
    fn read(element: &Element<'a>) -> Result<Self, Error> {
        match element.tag {
            tag::SEQUENCE => {
                let mut parts = element.reader();
                let issuer = parts.expect(tag::SEQUENCE, "the issuer's name")?.raw;
                let serial = parts.expect(tag::INTEGER, "a serial number")?.content;
                Ok(Self::IssuerAndSerial { issuer, serial })
            }
            SUBJECT_KEY_ID => Ok(Self::SubjectKeyId(element.content)),
            _ => Err(Error::malformed(element.offset, "a signer identifier")),
        }
    }

    fn fits(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                *serial == certificate.serial_bytes()
                    && name::same(issuer, certificate.issuer_der())
            }
            Self::SubjectKeyId(id) => certificate.extensions().subject_key_id() == Some(id),
        }
    }
}

const SUBJECT_KEY_ID: u8 = tag::context_primitive(0);

fn types(attributes: Option<&Attributes<'_>>) -> Vec<String> {
    let all = attributes.into_iter().flat_map(Attributes::iter);
    all.map(|attribute| oid::dotted(attribute.oid)).collect()
}
