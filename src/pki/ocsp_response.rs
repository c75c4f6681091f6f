//! Answers about single certificates (RFC 6960, 4.2): whom they are about, and who gave them.

use std::ops::Range;

use super::algorithm::AlgorithmIdentifier;
use super::asn1::{Element, Reader, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::path_signature::Strength;
use super::{name, oid};
use crate::digest::{Digest, DigestAlgorithm};
use crate::limits::{Limit, LimitExceeded, Limits, Meter};

/// A successful OCSP response.
///
/// Whether the answer is *good* or *revoked*, and how old it is, is not looked at here: it is whether
/// there is an answer at all. *Unknown* is none.
#[derive(Clone, Debug)]
pub(super) struct OcspResponse {
    /// The BasicOCSPResponse.
    der: Box<[u8]>,
    /// What its signature is over.
    to_be_signed: Range<usize>,
    signature: Range<usize>,
    about: Vec<CertificateId>,
    certificates: Vec<Certificate>,
}

/// A CertID (RFC 6960, 4.1.1) whose digest is one that can be computed.
#[derive(Clone, Debug)]
struct CertificateId {
    digest: DigestAlgorithm,
    issuer_name: Vec<u8>,
    issuer_key: Vec<u8>,
    serial: Vec<u8>,
}

impl OcspResponse {
    /// Reads an OCSPResponse that fills the input.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`], [`Error::Truncated`], or [`Error::Limit`] for more answers or
    /// certificates than a signature may have certificates.
    pub fn from_der(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut outer = Reader::der(der);
        let mut response = outer.expect(tag::SEQUENCE, "an OCSP response")?.reader();
        outer.finish("the end of the OCSP response")?;
        let status = response.expect(ENUMERATED, "the status of the response")?;
        if status.content != [0] {
            return Err(Error::malformed(status.offset, "a successful response"));
        }
        let bytes = response.expect(tag::context(0), "the bytes of the response")?;
        let bytes = bytes.reader().expect(tag::SEQUENCE, "the bytes of the response")?;
        let mut bytes = bytes.reader();
        let kind = bytes.expect(tag::OID, "the type of the response")?;
        if kind.content != oid::OCSP_BASIC {
            return Err(Error::malformed(kind.offset, "a basic OCSP response"));
        }
        Self::read(bytes.expect(tag::OCTET_STRING, "a basic OCSP response")?.content, limits)
    }

    fn read(der: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut parts = Reader::der(der).expect(tag::SEQUENCE, "a basic OCSP response")?.reader();
        let data = parts.expect(tag::SEQUENCE, "the answers")?;
        parts.expect(tag::SEQUENCE, "a signature algorithm")?;
        let signature = parts.expect(tag::BIT_STRING, "a signature")?;
        let bits = signature.bits()?;
        let end = signature.offset.saturating_add(signature.raw.len());
        let certificates = match parts.optional(tag::context(0))? {
            Some(list) => certificates(&list, limits)?,
            None => Vec::new(),
        };
        Ok(Self {
            der: der.into(),
            to_be_signed: data.offset..data.offset.saturating_add(data.raw.len()),
            signature: end.saturating_sub(bits.len())..end,
            about: answers(&data, limits)?,
            certificates,
        })
    }

    /// Whether it answers for a certificate of this issuer, and the issuer, or a responder that the
    /// issuer certified for it (RFC 6960, 4.2.2.2), gave the answer.
    pub fn answers_for(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        work: &Meter,
    ) -> bool {
        let is_about = self.about.iter().any(|id| id.names(certificate, issuer));
        is_about && (self.is_signed_by(issuer, work) || self.is_delegated_by(issuer, work))
    }

    fn is_delegated_by(&self, issuer: &Certificate, work: &Meter) -> bool {
        let mut responders = self.certificates.iter().filter(|responder| {
            let may_answer = responder.purposes().is_some_and(|it| it.ocsp_signing);
            may_answer && name::same(responder.issuer_der(), issuer.subject_der())
        });
        responders.any(|responder| {
            work.spend(1).is_ok()
                && responder.is_signed_by(issuer, Strength::STRONG_ONLY)
                && self.is_signed_by(responder, work)
        })
    }

    fn is_signed_by(&self, responder: &Certificate, work: &Meter) -> bool {
        let part = |range: &Range<usize>| self.der.get(range.clone()).unwrap_or_default();
        let behind = self.der.get(self.to_be_signed.end..).unwrap_or_default();
        let message = part(&self.to_be_signed);
        AlgorithmIdentifier::read(&mut Reader::der(behind)).is_ok_and(|algorithm| {
            work.spend(1).is_ok()
                && responder.has_signed(
                    &algorithm,
                    message,
                    part(&self.signature),
                    Strength::STRONG_ONLY,
                )
        })
    }
}

impl CertificateId {
    /// None: the digest is one that nothing here computes, or the status is *unknown*.
    fn read(single: &Element<'_>) -> Result<Option<Self>, Error> {
        let mut single = single.reader();
        let id = single.expect(tag::SEQUENCE, "a certificate's id")?;
        let mut id = id.reader();
        let algorithm = AlgorithmIdentifier::read(&mut id)?;
        let issuer_name = id.expect(tag::OCTET_STRING, "the digest of a name")?.content.to_vec();
        let issuer_key = id.expect(tag::OCTET_STRING, "the digest of a key")?.content.to_vec();
        let serial = id.expect(tag::INTEGER, "a serial number")?.content.to_vec();
        let status = single.any("the status of a certificate")?;
        let Ok(digest) = algorithm.digest() else { return Ok(None) };
        let is_known = status.tag != UNKNOWN;
        Ok(is_known.then_some(Self { digest, issuer_name, issuer_key, serial }))
    }

    fn names(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let is = |bytes: &[u8], digest: &[u8]| Digest::of(self.digest, bytes).as_bytes() == digest;
        self.serial == certificate.serial_bytes()
            && is(certificate.issuer_der(), &self.issuer_name)
            && issuer.public_key().is_ok_and(|key| is(key.bits, &self.issuer_key))
    }
}

const ENUMERATED: u8 = 0x0A;
/// `unknown [2] IMPLICIT NULL`, the third status (RFC 6960, 4.2.1).
const UNKNOWN: u8 = tag::context_primitive(2);

fn certificates(list: &Element<'_>, limits: &Limits) -> Result<Vec<Certificate>, Error> {
    let mut list = list.reader().expect(tag::SEQUENCE, "certificates")?.reader();
    let mut found = Vec::new();
    while let Some(element) = list.next()? {
        count(found.len(), limits)?;
        // One that cannot be read certifies nobody here.
        found.extend(Certificate::from_der(element.raw));
    }
    Ok(found)
}

fn answers(data: &Element<'_>, limits: &Limits) -> Result<Vec<CertificateId>, Error> {
    let mut data = data.reader();
    data.optional(tag::context(0))?;
    data.any("the responder's name or key")?;
    data.expect(tag::GENERALIZED_TIME, "when the answer was given")?;
    let mut list = data.expect(tag::SEQUENCE, "the answers")?.reader();
    let mut found = Vec::new();
    while let Some(single) = list.next()? {
        count(found.len(), limits)?;
        found.extend(CertificateId::read(&single)?);
    }
    Ok(found)
}

fn count(known: usize, limits: &Limits) -> Result<(), LimitExceeded> {
    let wanted = u64::try_from(known).unwrap_or(u64::MAX).saturating_add(1);
    LimitExceeded::check(Limit::Certificates, wanted, limits.certificates)
}
