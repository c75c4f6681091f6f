//! Certificate extensions (RFC 5280, 4.2) that decide what a key may be used for.

use x509_parser::asn1_rs::{FromDer, Oid};
use x509_parser::error::X509Error;
use x509_parser::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, KeyIdentifier, KeyUsage as Bits, X509Extension,
};

use super::oid;

/// Key usage (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    /// The nine bits, digitalSignature lowest.
    bits: u16,
}

impl KeyUsage {
    /// digitalSignature (bit 0).
    #[must_use]
    pub fn digital_signature(self) -> bool {
        self.bits & 1 != 0
    }

    /// nonRepudiation, also called contentCommitment (bit 1).
    #[must_use]
    pub fn non_repudiation(self) -> bool {
        self.bits & 1 << 1 != 0
    }

    /// keyCertSign (bit 5).
    #[must_use]
    pub fn certificate_sign(self) -> bool {
        self.bits & 1 << 5 != 0
    }

    /// Whether signatures over documents are allowed: digitalSignature or nonRepudiation.
    #[must_use]
    pub fn may_sign_documents(self) -> bool {
        self.digital_signature() || self.non_repudiation()
    }
}

/// The purposes of a key, as far as they matter for documents (RFC 5280, 4.2.1.12).
///
/// No document standard demands a purpose. A key for TLS servers alone is told apart from one that
/// was meant for people and documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purposes {
    /// id-kp-documentSigning (RFC 9336) or the Adobe or Microsoft predecessor.
    pub document_signing: bool,
    /// id-kp-emailProtection.
    pub email_protection: bool,
    /// id-kp-clientAuth.
    pub client_auth: bool,
    /// id-kp-codeSigning.
    pub code_signing: bool,
    /// anyExtendedKeyUsage.
    pub any: bool,
    /// id-kp-timeStamping.
    pub time_stamping: bool,
    /// id-kp-serverAuth.
    pub server_auth: bool,
    /// id-kp-OCSPSigning.
    pub ocsp_signing: bool,
    /// Something not listed here.
    pub other: bool,
    /// Whether the extension is critical.
    pub critical: bool,
}

impl Purposes {
    /// Whether nothing speaks for documents: only machines' purposes are named.
    #[must_use]
    pub fn only_for_machines(self) -> bool {
        let for_people = self.document_signing
            || self.email_protection
            || self.client_auth
            || self.code_signing
            || self.any
            || self.other;
        !for_people
    }

    /// Whether it is exactly what RFC 3161, 2.3 demands of a time-stamping authority.
    #[must_use]
    pub fn only_time_stamping(self) -> bool {
        self == Self { time_stamping: true, critical: true, ..Self::default() }
    }

    fn add(&mut self, oid: &[u8]) {
        let purpose = match oid {
            oid::DOCUMENT_SIGNING
            | oid::ADOBE_DOCUMENT_SIGNING
            | oid::MICROSOFT_DOCUMENT_SIGNING => &mut self.document_signing,
            oid::EMAIL_PROTECTION => &mut self.email_protection,
            oid::CLIENT_AUTH => &mut self.client_auth,
            oid::CODE_SIGNING => &mut self.code_signing,
            oid::ANY_PURPOSE => &mut self.any,
            oid::TIME_STAMPING => &mut self.time_stamping,
            oid::SERVER_AUTH => &mut self.server_auth,
            oid::OCSP_SIGNING => &mut self.ocsp_signing,
            _ => &mut self.other,
        };
        *purpose = true;
    }
}

/// What the extensions say that matters here.
///
/// An unreadable key usage or purpose is refused with the certificate. An unreadable constraint
/// makes no authority, and unreadable key identifiers, which are only hints, count as absent: the
/// path validation looks at the constraints itself.
#[derive(Default)]
pub(super) struct Extensions {
    key_usage: Option<KeyUsage>,
    purposes: Option<Purposes>,
    is_authority: bool,
    subject_key_id: Option<Box<[u8]>>,
    authority_key_id: Option<Box<[u8]>>,
}

impl Extensions {
    /// Reads those that are known here. The error says what was expected.
    pub fn read(list: &[X509Extension<'_>]) -> Result<Self, &'static str> {
        let mut read = Self::default();
        if let Some(extension) = only(list, oid::KEY_USAGE)? {
            let bits: Bits = value::<_, X509Error>(extension).ok_or("a key usage")?;
            read.key_usage = Some(KeyUsage { bits: bits.flags });
        }
        if let Some(extension) = only(list, oid::EXTENDED_KEY_USAGE)? {
            let list: Vec<Oid<'_>> = value(extension).ok_or("an extended key usage")?;
            let mut purposes = Purposes { critical: extension.critical, ..Purposes::default() };
            list.iter().for_each(|purpose| purposes.add(purpose.as_bytes()));
            read.purposes = Some(purposes);
        }
        read.is_authority = only(list, oid::BASIC_CONSTRAINTS)?
            .and_then(value::<BasicConstraints, _>)
            .is_some_and(|constraints| constraints.ca);
        read.subject_key_id = only(list, oid::SUBJECT_KEY_ID)?
            .and_then(value::<KeyIdentifier<'_>, _>)
            .map(|id| id.0.into());
        read.authority_key_id = only(list, oid::AUTHORITY_KEY_ID)?
            .and_then(value::<AuthorityKeyIdentifier<'_>, _>)
            .and_then(|id| Some(id.key_identifier?.0.into()));
        Ok(read)
    }

    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.key_usage
    }

    pub fn purposes(&self) -> Option<Purposes> {
        self.purposes
    }

    pub fn is_authority(&self) -> bool {
        self.is_authority
    }

    /// The subject key identifier (4.2.1.2).
    pub fn subject_key_id(&self) -> Option<&[u8]> {
        self.subject_key_id.as_deref()
    }

    /// The key identifier of the issuer (4.2.1.1).
    pub fn authority_key_id(&self) -> Option<&[u8]> {
        self.authority_key_id.as_deref()
    }
}

/// The extension of this kind. Two of them would be two readings (RFC 5280, 4.2).
fn only<'l, 'a>(
    list: &'l [X509Extension<'a>],
    wanted: &[u8],
) -> Result<Option<&'l X509Extension<'a>>, &'static str> {
    let mut found = list.iter().filter(|extension| extension.oid.as_bytes() == wanted);
    match (found.next(), found.next()) {
        (_, Some(_)) => Err("one extension of each kind"),
        (one, None) => Ok(one),
    }
}

/// The decoded value, if it fills the extension.
fn value<'a, T: FromDer<'a, E>, E>(extension: &X509Extension<'a>) -> Option<T> {
    match T::from_der(extension.value) {
        Ok(([], value)) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::asn1::tag;
    use crate::pki::encode::{element, octet_string, oid as encode_oid, sequence};

    impl Extensions {
        /// From extensions one after the other.
        fn new(mut list: &[u8]) -> Self {
            let mut all = Vec::new();
            while let Ok((rest, extension)) = X509Extension::from_der(list) {
                all.push(extension);
                list = rest;
            }
            Self::read(&all).unwrap()
        }
    }

    fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
        let flag = if critical { vec![1, 1, 0xFF] } else { vec![] };
        sequence(&[&encode_oid(oid), &flag, &octet_string(value)])
    }

    #[test]
    fn bits_of_key_usage() {
        let usage = |bits: &[u8]| {
            let list = extension(oid::KEY_USAGE, true, &element(tag::BIT_STRING, bits));
            Extensions::new(&list).key_usage().unwrap()
        };
        assert!(usage(&[7, 0x80]).digital_signature());
        assert!(usage(&[6, 0x40]).may_sign_documents());
        assert!(!usage(&[1, 0x06]).may_sign_documents());
        assert!(usage(&[1, 0x06]).certificate_sign());
        assert!(!usage(&[7, 0x00, 0x80]).may_sign_documents());
    }

    #[test]
    fn purposes_for_machines_are_told_apart() {
        let purposes = |critical, oids: &[&[u8]]| {
            let oids = oids.iter().map(|oid| encode_oid(oid)).collect::<Vec<_>>().concat();
            let list = extension(oid::EXTENDED_KEY_USAGE, critical, &sequence(&[&oids]));
            Extensions::new(&list).purposes().unwrap()
        };
        assert!(purposes(false, &[oid::SERVER_AUTH]).only_for_machines());
        assert!(!purposes(false, &[oid::SERVER_AUTH, oid::CLIENT_AUTH]).only_for_machines());
        assert!(!purposes(false, &[oid::ADOBE_DOCUMENT_SIGNING]).only_for_machines());
        assert!(purposes(true, &[oid::TIME_STAMPING]).only_time_stamping());
        assert!(!purposes(false, &[oid::TIME_STAMPING]).only_time_stamping());
        assert!(!purposes(true, &[oid::TIME_STAMPING, oid::ANY_PURPOSE]).only_time_stamping());
    }

    #[test]
    fn what_is_absent_or_damaged_says_nothing() {
        assert_eq!(Extensions::new(&[]).key_usage(), None);
        assert!(!Extensions::new(&[0x30, 0x80]).is_authority());
        let empty = extension(oid::BASIC_CONSTRAINTS, true, &sequence(&[]));
        assert!(!Extensions::new(&empty).is_authority());
        let authority = extension(oid::BASIC_CONSTRAINTS, true, &sequence(&[&[1, 1, 0xFF]]));
        assert!(Extensions::new(&authority).is_authority());
    }

    fn read(extensions: &[&[u8]]) -> Result<Extensions, &'static str> {
        let all = extensions.iter().map(|bytes| X509Extension::from_der(bytes).unwrap().1);
        Extensions::read(&all.collect::<Vec<_>>())
    }

    #[test]
    fn an_unreadable_restriction_is_not_left_aside() {
        let usage = |bits: &[u8]| extension(oid::KEY_USAGE, true, &element(tag::BIT_STRING, bits));
        assert!(read(&[&usage(&[1, 0x06])]).is_ok());
        // A bit among those that are declared unused.
        assert_eq!(read(&[&usage(&[2, 0x06])]).err(), Some("a key usage"));
        let tail = extension(oid::KEY_USAGE, true, &[3, 2, 1, 6, 0]);
        assert_eq!(read(&[&tail]).err(), Some("a key usage"));
        let purposes = extension(oid::EXTENDED_KEY_USAGE, true, &sequence(&[&[6, 5, 1]]));
        assert_eq!(read(&[&purposes]).err(), Some("an extended key usage"));
    }

    #[test]
    fn two_of_a_kind_are_refused() {
        let signs = extension(oid::KEY_USAGE, true, &element(tag::BIT_STRING, &[7, 0x80]));
        let issues = extension(oid::KEY_USAGE, true, &element(tag::BIT_STRING, &[2, 0x04]));
        assert_eq!(read(&[&issues, &signs]).err(), Some("one extension of each kind"));
        let unknown = extension(b"\x2a\x03", false, &[]);
        assert!(read(&[&unknown, &signs, &unknown]).is_ok());
    }

    #[test]
    fn unreadable_constraints_and_hints_count_as_absent() {
        let authority = |value: &[u8]| {
            let constraints = extension(oid::BASIC_CONSTRAINTS, true, value);
            read(&[&constraints]).unwrap().is_authority()
        };
        assert!(authority(&sequence(&[&[1, 1, 1]])), "true is FF in DER, but often 1");
        assert!(!authority(&sequence(&[&[1, 1, 0xFF], &[4, 0]])));
        assert!(!authority(&[&sequence(&[&[1, 1, 0xFF]])[..], &[0]].concat()));
        let id = |oid, value: &[u8]| extension(oid, false, value);
        let good = id(oid::SUBJECT_KEY_ID, &octet_string(b"key"));
        assert_eq!(read(&[&good]).unwrap().subject_key_id(), Some(&b"key"[..]));
        let tail = id(oid::SUBJECT_KEY_ID, &[4, 1, 7, 0]);
        assert_eq!(read(&[&tail]).unwrap().subject_key_id(), None);
        let issuer = id(oid::AUTHORITY_KEY_ID, &sequence(&[&[0x80, 1, 7]]));
        assert_eq!(read(&[&issuer]).unwrap().authority_key_id(), Some(&[7][..]));
        let none = id(oid::AUTHORITY_KEY_ID, &[5, 0]);
        assert_eq!(read(&[&none]).unwrap().authority_key_id(), None);
    }
}
