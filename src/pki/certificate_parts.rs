//! Reading a certificate (RFC 5280, 4.1) with x509-parser, and keeping where its parts stand.

use std::ops::Range;

use time::{OffsetDateTime, UtcOffset};
use x509_parser::certificate::X509CertificateParser;
use x509_parser::error::X509Error;
use x509_parser::nom::{self, Parser};
use x509_parser::time::ASN1Time;

use super::asn1::{Reader, tag};
use super::error::Error;
use super::extensions::Extensions;

/// The bytes of a certificate, where its parts stand, and what was decoded at once.
pub(super) struct Parts {
    pub der: Box<[u8]>,
    pub version: u64,
    /// What the issuer signed.
    pub to_be_signed: Range<usize>,
    pub signature: Range<usize>,
    pub serial: Range<usize>,
    pub issuer: Range<usize>,
    pub subject: Range<usize>,
    pub public_key: Range<usize>,
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
    pub extensions: Extensions,
}

impl Parts {
    /// Reads one DER certificate that fills the input.
    pub fn read(der: &[u8]) -> Result<Self, Error> {
        const END: &str = "the end of the certificate";
        let mut outer = Reader::der(der);
        outer.expect(tag::SEQUENCE, "a certificate")?;
        outer.finish(END)?;

        let wrong = |what| Error::malformed(0, what);
        let mut parser = X509CertificateParser::new().with_deep_parse_extensions(false);
        let (_, parsed) = parser.parse(der).map_err(|error| wrong(missing_part(&error)))?;
        let tbs = &parsed.tbs_certificate;
        let signature = range(der, &parsed.signature_value.data)?;
        // The library passes over what follows the signature.
        if signature.end != der.len() {
            return Err(Error::malformed(signature.end, END));
        }
        let not_before = in_utc(tbs.validity.not_before);
        let not_after = in_utc(tbs.validity.not_after);
        Ok(Self {
            version: u64::from(tbs.version.0).saturating_add(1),
            to_be_signed: sequence(der, tbs.as_ref(), "the certificate's contents")?,
            signature,
            serial: range(der, tbs.raw_serial())?,
            issuer: sequence(der, tbs.issuer.as_raw(), "the issuer's name")?,
            subject: sequence(der, tbs.subject.as_raw(), "the subject's name")?,
            public_key: sequence(der, tbs.subject_pki.raw, "a public key")?,
            not_before: not_before.ok_or_else(|| wrong("the start of the validity"))?,
            not_after: not_after.ok_or_else(|| wrong("the end of the validity"))?,
            extensions: Extensions::read(tbs.extensions()).map_err(wrong)?,
            der: der.into(),
        })
    }
}

/// What should have stood where the library stopped; it does not say where that is.
fn missing_part(error: &nom::Err<X509Error>) -> &'static str {
    let (nom::Err::Error(error) | nom::Err::Failure(error)) = error else {
        return "a length within the certificate";
    };
    match error {
        X509Error::InvalidVersion => "a version",
        X509Error::InvalidSerial => "a serial number",
        X509Error::InvalidAlgorithmIdentifier => "a signature algorithm",
        X509Error::InvalidX509Name => "a name",
        X509Error::InvalidDate => "a validity",
        X509Error::InvalidSPKI => "a public key",
        X509Error::InvalidExtensions => "the extensions",
        X509Error::InvalidSignatureValue => "a signature",
        _ => "the certificate's contents",
    }
}

/// Where a part stands.
fn range(der: &[u8], part: &[u8]) -> Result<Range<usize>, Error> {
    let start = part.as_ptr().addr().checked_sub(der.as_ptr().addr());
    start
        .and_then(|start| Some(start..start.checked_add(part.len())?))
        .filter(|range| range.end <= der.len())
        .ok_or_else(|| Error::malformed(0, "the certificate's contents"))
}

/// Where a SEQUENCE stands, all of it: the library's own slice ends where it stopped understanding.
fn sequence(der: &[u8], part: &[u8], what: &'static str) -> Result<Range<usize>, Error> {
    let start = range(der, part)?.start;
    let element = Reader::der(der.get(start..).unwrap_or_default())
        .expect(tag::SEQUENCE, what)
        .map_err(|_| Error::malformed(start, what))?;
    Ok(start..start.saturating_add(element.raw.len()))
}

/// None for a zone of less than an hour, which the library reads without its sign.
fn in_utc(time: ASN1Time) -> Option<OffsetDateTime> {
    let time = time.to_datetime();
    let known = time.offset().is_utc() || time.offset().whole_hours() != 0;
    known.then(|| time.checked_to_offset(UtcOffset::UTC)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::encode::{element, oid as encode_oid, sequence, small_integer};
    use crate::pki::{Certificate, fixtures, oid};

    /// Parts of a certificate that a test may spoil.
    struct Spoilt {
        start: (u8, &'static str),
        subject: Vec<u8>,
        extensions: Vec<u8>,
        after_signature: Vec<u8>,
    }

    fn made(spoil: impl FnOnce(&mut Spoilt)) -> Result<Certificate, Error> {
        let model = fixtures::certificate("p256");
        let mut parts = Spoilt {
            start: (tag::UTC_TIME, "260101000000Z"),
            subject: model.subject_der().to_vec(),
            extensions: Vec::new(),
            after_signature: Vec::new(),
        };
        spoil(&mut parts);
        let algorithm = sequence(&[&encode_oid(oid::ECDSA_SHA256)]);
        let start = element(parts.start.0, parts.start.1.as_bytes());
        let end = element(tag::GENERALIZED_TIME, b"99991231235959Z");
        let to_be_signed = sequence(&[
            &element(tag::context(0), &small_integer(2)),
            &small_integer(7),
            &algorithm,
            model.issuer_der(),
            &sequence(&[&start, &end]),
            &parts.subject,
            model.public_key_der(),
            &element(tag::context(3), &sequence(&[&parts.extensions])),
        ]);
        let signature = element(tag::BIT_STRING, &[0, 1, 2, 3]);
        Certificate::from_der(&sequence(&[
            &to_be_signed,
            &algorithm,
            &signature,
            &parts.after_signature,
        ]))
    }

    #[test]
    fn the_parts_are_where_they_stand() {
        let certificate = made(|_| {}).unwrap();
        let model = fixtures::certificate("p256");
        assert_eq!(certificate.serial_bytes(), [7]);
        assert_eq!(certificate.issuer_der(), model.issuer_der());
        assert_eq!(certificate.subject_der(), model.subject_der());
        assert_eq!(certificate.public_key_der(), model.public_key_der());
        let parts = Parts::read(certificate.as_der()).unwrap();
        assert_eq!(parts.der[parts.signature], [1, 2, 3]);
        assert_eq!(parts.der[parts.to_be_signed.start..][..2], [0x30, 0x82]);
        assert_eq!(certificate.signature_algorithm().unwrap().oid, oid::ECDSA_SHA256);
        assert_eq!(certificate.not_after().unix_timestamp(), 253_402_300_799);
    }

    #[test]
    fn times_with_zones_are_read_if_they_have_one_reading() {
        let start = |tag, text| made(|parts| parts.start = (tag, text)).map(|c| c.not_before());
        let at = |seconds| Ok(OffsetDateTime::from_unix_timestamp(seconds).unwrap());
        assert_eq!(start(tag::UTC_TIME, "261122160000Z"), at(1_795_363_200));
        assert_eq!(start(tag::UTC_TIME, "500101000000Z"), at(-631_152_000));
        assert_eq!(start(tag::UTC_TIME, "261123000000+0800"), at(1_795_363_200));
        assert_eq!(start(tag::UTC_TIME, "261122103000-0530"), at(1_795_363_200));
        assert!(start(tag::UTC_TIME, "261122160000Z").unwrap().offset().is_utc());
        for (tag, text) in [
            (tag::UTC_TIME, "261122160000-0030"),
            (tag::UTC_TIME, "2611221600+0800"),
            (tag::UTC_TIME, "261322160000Z"),
            (tag::UTC_TIME, "260230000000Z"),
            (tag::GENERALIZED_TIME, "20261122160000"),
            (tag::GENERALIZED_TIME, "20261122160000+0800"),
            (tag::GENERALIZED_TIME, "20261122160000.1234Z"),
            (tag::OCTET_STRING, "261122160000Z"),
        ] {
            assert_eq!(start(tag, text).unwrap_err().code(), "pki.malformed", "{text}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_read_hides_nothing() {
        let good = fixtures::certificate("p256").subject_der().to_vec();
        let tail = [&good[2..], &[0x31, 0]].concat();
        let name = sequence(&[&tail]);
        let certificate = made(|parts| parts.subject = name.clone()).unwrap();
        assert_eq!(certificate.subject_der(), name);
        assert!(certificate.subject().starts_with("#30"), "{}", certificate.subject());
        assert_eq!(certificate.common_name(), None);
    }

    #[test]
    fn nothing_may_follow_the_signature_or_stand_among_the_extensions() {
        let error = made(|parts| parts.after_signature = vec![5, 0]).unwrap_err();
        assert!(
            matches!(error, Error::Malformed { expected: "the end of the certificate", .. }),
            "{error}"
        );
        let error = made(|parts| parts.extensions = vec![5, 0]).unwrap_err();
        assert_eq!(error, Error::malformed(0, "the certificate's contents"));
    }

    #[test]
    fn damage_is_answered_and_never_a_panic() {
        let good = fixtures::certificate("ca").as_der().to_vec();
        for at in 0..good.len() {
            for value in [0, 0x80, 0x84, 0xFF, good[at] ^ 1, good[at] ^ 0x20] {
                let mut bytes = good.clone();
                bytes[at] = value;
                let Ok(read) = Certificate::from_der(&bytes) else { continue };
                assert_eq!(read.as_der(), bytes);
                let _ = (read.subject(), read.issuer(), read.common_name(), read.serial());
                let _ = (read.key_algorithm(), read.signature_algorithm(), read.is_self_issued());
            }
        }
    }
}
