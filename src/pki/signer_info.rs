//! One signer of a SignedData (RFC 5652, 5.3), and the check of what he signed.

use time::OffsetDateTime;

use super::algorithm::{AlgorithmIdentifier, Scheme, SignatureAlgorithm, UnsupportedAlgorithm};
use super::asn1::{Element, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::outcome::{Doubt, Fault, Outcome};
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
            key_operations,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::pki::asn1::Reader;
    use crate::pki::fixtures;
    use crate::pki::signed_data::SignedData;

    /// Parses a message made by OpenSSL over the file `content` and checks it.
    fn check(file: &str, content: &SignedContent<'_>) -> SignatureCheck {
        let cms = fixtures::file(file);
        SignedData::parse(&cms, &Limits::default()).unwrap().check(content, &[])
    }

    fn doubt(outcome: &Outcome) -> &'static str {
        match outcome {
            Outcome::CannotJudge(doubt) => doubt.code(),
            other => panic!("{other:?}"),
        }
    }

    const CONTENT: SignedContent<'_> = SignedContent::Bytes(b"content\n");
    const OTHER: SignedContent<'_> = SignedContent::Bytes(b"Content\n");

    #[test]
    fn messages_of_another_hand_hold() {
        for file in ["rsa.cms", "pss.cms", "p384.cms", "keyid.cms", "noattr.cms"] {
            let answer = check(file, &CONTENT);
            assert_eq!(answer.overall(), Outcome::Good, "{file}");
            assert_eq!(answer.key_operations, 1);
            assert!(check(file, &OTHER).overall().is_bad(), "{file}");
        }
        for file in ["inside.cms", "stream.cms"] {
            assert_eq!(
                check(file, &SignedContent::Encapsulated).overall(),
                Outcome::Good,
                "{file}"
            );
        }
        assert!(check("rsa.cms", &CONTENT).signing_certificate.is_good());
        assert_eq!(check("pss.cms", &CONTENT).signing_certificate, Outcome::Absent);
    }

    #[test]
    fn what_is_unsupported_or_weak_is_never_good_and_a_mismatch_still_bad() {
        let sha1 = check("sha1.cms", &CONTENT);
        assert_eq!(doubt(&sha1.message_digest), "weak-algorithm");
        assert_eq!(doubt(&sha1.signature), "weak-algorithm");
        assert!(check("sha1.cms", &OTHER).message_digest.is_bad());

        let short = check("short.cms", &CONTENT);
        assert!(short.message_digest.is_good());
        assert_eq!(doubt(&short.signature), "weak-algorithm");

        let sha3 = check("sha3.cms", &CONTENT);
        assert_eq!(doubt(&sha3.message_digest), "unsupported-algorithm");
        assert_eq!(doubt(&sha3.signature), "unsupported-algorithm");

        let salt = check("pss-long-salt.cms", &CONTENT);
        assert!(salt.message_digest.is_good());
        assert_eq!(doubt(&salt.signature), "unsupported-algorithm");
    }

    #[test]
    fn what_is_missing_cannot_be_judged() {
        assert_eq!(doubt(&check("nocerts.cms", &CONTENT).signature), "no-signer-certificate");
        assert_eq!(doubt(&check("two.cms", &CONTENT).overall()), "not-one-signer");
        assert_eq!(
            doubt(&check("rsa.cms", &SignedContent::Encapsulated).overall()),
            "content-missing"
        );
        let digest = Digest::of(DigestAlgorithm::Sha256, b"content\n");
        let by_digest = SignedContent::Digest(&digest);
        assert_eq!(doubt(&check("noattr.cms", &by_digest).signature), "content-missing");
        let other = Digest::of(DigestAlgorithm::Sha512, b"content\n");
        let other = check("rsa.cms", &SignedContent::Digest(&other));
        assert_eq!(doubt(&other.message_digest), "content-missing");

        let cms = fixtures::file("nocerts.cms");
        let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
        let elsewhere = [fixtures::certificate("rsa"), fixtures::certificate("p256")];
        assert!(signed.check(&CONTENT, &elsewhere).overall().is_good());
        assert_eq!(signed.signer_certificate(&elsewhere), Some(&elsewhere[1]));
    }

    /// A message of our own with one part exchanged for another of the same length, signed again.
    fn resigned(from: &[u8], to: &[u8]) -> SignatureCheck {
        use crate::pki::{SignatureProfile, SignedDataBuilder};
        let chain = [fixtures::certificate("p256")];
        let algorithm = SignatureAlgorithm::EcdsaSha256;
        let builder = SignedDataBuilder::new(&chain, algorithm, SignatureProfile::Cades).unwrap();
        let digest = Digest::of(DigestAlgorithm::Sha256, b"content\n");
        let attributes = builder.signed_attributes(&digest).unwrap();
        let replace = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = bytes.windows(from.len()).position(|window| window == from).unwrap();
            bytes[at..at + from.len()].copy_from_slice(to);
            bytes
        };
        let changed = replace(attributes.as_der());
        let signature = fixtures::key("p256").sign(algorithm, &changed).unwrap();
        // The attributes follow the certificate, so that only their copy is changed.
        let cms = attributes.finish(&signature);
        let at =
            cms.windows(changed.len() - 4).position(|w| w == &attributes.as_der()[4..]).unwrap();
        let cms = [&cms[..at], &changed[4..], &cms[at + changed.len() - 4..]].concat();
        let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
        let check = signed.check(&CONTENT, &[]);
        assert!(check.signature.is_good());
        check
    }

    #[test]
    fn attributes_that_lie_are_found_though_the_signature_holds() {
        let fault = |outcome: &Outcome| match outcome {
            Outcome::Bad(fault) => fault.code(),
            other => panic!("{other:?}"),
        };
        let data = resigned(oid::DATA, oid::SIGNED_DATA);
        assert_eq!(fault(&data.content_type), "content-type-differs");
        let digest = Digest::of(DigestAlgorithm::Sha256, b"content\n");
        let zero = resigned(digest.as_bytes(), &[0; 32]);
        assert_eq!(fault(&zero.message_digest), "digest-differs");
        let missing = resigned(oid::MESSAGE_DIGEST, oid::SIGNING_TIME);
        assert_eq!(fault(&missing.message_digest), "attribute-missing");
        let ess = fixtures::certificate("p256").fingerprint();
        let other = fixtures::certificate("self").fingerprint();
        let bound = resigned(ess.as_bytes(), other.as_bytes());
        assert_eq!(fault(&bound.signing_certificate), "other-certificate");
        let serial = fixtures::certificate("p256").serial_bytes().to_vec();
        let mut other = serial.clone();
        other[1] ^= 1;
        let bound = resigned(&serial, &other);
        assert_eq!(fault(&bound.signing_certificate), "other-certificate");
        let protected = resigned(oid::ECDSA_SHA256, oid::ECDSA_SHA384);
        assert_eq!(fault(&protected.algorithms), "algorithms-disagree");
        let protected = resigned(oid::SHA256, oid::SHA512);
        assert_eq!(fault(&protected.algorithms), "algorithms-disagree");
    }

    /// The same message with indefinite lengths wherever BER allows them, certificates apart.
    fn loosened(der: &[u8], certificate: &Certificate) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut reader = Reader::der(der);
        while let Some(element) = reader.next().unwrap() {
            if element.tag & tag::CONSTRUCTED == 0 || element.raw == certificate.as_der() {
                bytes.extend_from_slice(element.raw);
            } else {
                bytes.extend_from_slice(&[element.tag, 0x80]);
                bytes.extend_from_slice(&loosened(element.content, certificate));
                bytes.extend_from_slice(&[0, 0]);
            }
        }
        bytes
    }

    #[test]
    fn a_message_in_indefinite_lengths_throughout_still_holds() {
        let cms = fixtures::file("rsa.cms");
        let certificate = fixtures::certificate("rsa");
        let loose = loosened(&cms, &certificate);
        let signed = SignedData::parse(&loose, &Limits::default()).unwrap();
        assert_eq!(signed.certificates(), [certificate]);
        assert!(!signed.signer().unwrap().signed_attributes_are_der());
        assert_eq!(signed.check(&CONTENT, &[]).overall(), Outcome::Good);
        assert!(signed.check(&OTHER, &[]).overall().is_bad());
    }

    #[test]
    fn digest_and_signature_algorithm_must_agree() {
        let mut cms = fixtures::file("keyid.cms");
        let at = cms.windows(8).rposition(|window| window == oid::ECDSA_SHA256).unwrap();
        cms[at + 7] = 3; // ecdsa-with-SHA384
        let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
        let check = signed.check(&CONTENT, &[]);
        assert!(check.algorithms.is_bad() && check.signature.is_bad());
    }

    #[test]
    fn one_flipped_bit_anywhere_is_never_good() {
        let cms = fixtures::file("rsa.cms");
        let content_type = cms.windows(9).position(|window| window == oid::CONTENT_TYPE).unwrap();
        // What stands before the signed attributes names the signer, and nobody signs that.
        for at in content_type - 8..cms.len() {
            let mut changed = cms.clone();
            changed[at] ^= 1 << (at % 8);
            if let Ok(signed) = SignedData::parse(&changed, &Limits::default()) {
                let check = signed.check(&CONTENT, &[]);
                assert!(!check.overall().is_good(), "bit in byte {at} of {}", cms.len());
            }
        }
    }
}
