//! The signed reference to the signer's certificate: ESS signing-certificate (RFC 2634, 5.4) and
//! signing-certificate-v2 (RFC 5035).

use super::algorithm::{AlgorithmIdentifier, UnsupportedAlgorithm};
use super::asn1::{Element, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::outcome::{Doubt, Fault, Outcome};
use super::signed_attributes::Attributes;
use super::{encode, name, oid};
use crate::digest::{Digest, DigestAlgorithm};

const V1: &str = "signing-certificate";
const V2: &str = "signing-certificate-v2";

/// Whether the attributes name this certificate as the signer's; absent if they name none.
pub(super) fn check(attributes: &Attributes<'_>, certificate: &Certificate) -> Outcome {
    let version = |oid, name, default| match attributes.single(oid) {
        Ok(None) => Outcome::Absent,
        Ok(Some(value)) => match Reference::read(&value, default) {
            Ok(reference) => reference.check(certificate, name),
            Err(_) => malformed(name),
        },
        Err(_) => malformed(name),
    };
    let v1 = version(oid::SIGNING_CERTIFICATE, V1, DigestAlgorithm::Sha1);
    v1.and(version(oid::SIGNING_CERTIFICATE_V2, V2, DigestAlgorithm::Sha256))
}

/// SigningCertificateV2 with SHA-256 (the default, hence not written) and issuerSerial.
pub(super) fn v2(certificate: &Certificate) -> Vec<u8> {
    let directory_name = encode::element(tag::context(4), certificate.issuer_der());
    let issuer_serial = encode::sequence(&[
        &encode::sequence(&[&directory_name]),
        &encode::element(tag::INTEGER, certificate.serial_bytes()),
    ]);
    let hash = encode::octet_string(certificate.fingerprint().as_bytes());
    let id = encode::sequence(&[&hash, &issuer_serial]);
    encode::sequence(&[&encode::sequence(&[&id])])
}

/// The first ESSCertID or ESSCertIDv2: the signer's. Others name the chain and are not checked.
struct Reference<'a> {
    digest_algorithm: Result<DigestAlgorithm, UnsupportedAlgorithm>,
    hash: &'a [u8],
    issuer_serial: Option<Element<'a>>,
}

impl<'a> Reference<'a> {
    fn read(attribute: &Element<'a>, default: DigestAlgorithm) -> Result<Self, Error> {
        if attribute.tag != tag::SEQUENCE {
            return Err(Error::malformed(attribute.offset, "a signing certificate"));
        }
        let mut list = attribute.reader().expect(tag::SEQUENCE, "certificate references")?.reader();
        let mut id = list.expect(tag::SEQUENCE, "a certificate reference")?.reader();
        let algorithm = id.optional(tag::SEQUENCE)?;
        let digest_algorithm = match &algorithm {
            Some(algorithm) => AlgorithmIdentifier::of(algorithm)?.digest(),
            None => Ok(default),
        };
        let hash = id.expect(tag::OCTET_STRING, "a certificate hash")?.content;
        Ok(Self { digest_algorithm, hash, issuer_serial: id.optional(tag::SEQUENCE)? })
    }

    fn check(&self, certificate: &Certificate, attribute: &'static str) -> Outcome {
        let algorithm = match &self.digest_algorithm {
            Ok(algorithm) => *algorithm,
            Err(name) => return Outcome::CannotJudge(Doubt::Unsupported(name.clone())),
        };
        // SHA-1 will do here: a second certificate of the same hash is beyond anybody's reach, and
        // the key in the certificate is bound by the signature anyway.
        let same_hash = Digest::of(algorithm, certificate.as_der()).equals(self.hash);
        let same_serial = match &self.issuer_serial {
            Some(element) => match names_certificate(element, certificate) {
                Ok(same) => same,
                Err(_) => return malformed(attribute),
            },
            None => true,
        };
        if same_hash && same_serial {
            Outcome::Good
        } else {
            Outcome::Bad(Fault::OtherCertificate { attribute })
        }
    }
}

/// IssuerSerial (RFC 5035, 5): GeneralNames and a serial number.
fn names_certificate(element: &Element<'_>, certificate: &Certificate) -> Result<bool, Error> {
    let mut parts = element.reader();
    let mut names = parts.expect(tag::SEQUENCE, "the issuer's names")?.reader();
    let serial = parts.expect(tag::INTEGER, "a serial number")?.content;
    let mut issuer = None;
    while let Some(general_name) = names.next()? {
        if general_name.tag == tag::context(4) {
            issuer = Some(general_name.content);
        }
    }
    let same_issuer = issuer.is_none_or(|issuer| name::same(issuer, certificate.issuer_der()));
    Ok(same_issuer && serial == certificate.serial_bytes())
}

fn malformed(attribute: &'static str) -> Outcome {
    Outcome::Bad(Fault::AttributeMalformed { attribute })
}
