//! Certificate extensions (RFC 5280, 4.2) that decide what a key may be used for.

use super::asn1::{Reader, tag};
use super::oid;

/// Key usage (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    /// The nine bits, digitalSignature highest.
    bits: u16,
}

impl KeyUsage {
    /// digitalSignature (bit 0).
    #[must_use]
    pub fn digital_signature(self) -> bool {
        self.bits & 0x8000 != 0
    }

    /// nonRepudiation, also called contentCommitment (bit 1).
    #[must_use]
    pub fn non_repudiation(self) -> bool {
        self.bits & 0x4000 != 0
    }

    /// keyCertSign (bit 5).
    #[must_use]
    pub fn certificate_sign(self) -> bool {
        self.bits & 0x0400 != 0
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

/// The list of extensions, searched when asked. What is malformed counts as absent here; the path
/// validation refuses it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extensions<'a> {
    list: &'a [u8],
}

impl<'a> Extensions<'a> {
    pub fn new(list: &'a [u8]) -> Self {
        Self { list }
    }

    pub fn key_usage(&self) -> Option<KeyUsage> {
        let (_, value) = self.find(oid::KEY_USAGE)?;
        let bits = Reader::der(value).expect(tag::BIT_STRING, "key usage").ok()?.content;
        let byte = |at| bits.get(at).copied().map_or(0, u16::from);
        Some(KeyUsage { bits: byte(1) << 8 | byte(2) })
    }

    pub fn purposes(&self) -> Option<Purposes> {
        let (critical, value) = self.find(oid::EXTENDED_KEY_USAGE)?;
        let mut purposes = Purposes { critical, ..Purposes::default() };
        let mut list = Reader::der(value).expect(tag::SEQUENCE, "key purposes").ok()?.reader();
        while let Some(purpose) = list.next().ok()? {
            purposes.add(purpose.content);
        }
        Some(purposes)
    }

    pub fn is_authority(&self) -> bool {
        let read = || {
            let (_, value) = self.find(oid::BASIC_CONSTRAINTS)?;
            let mut constraints =
                Reader::der(value).expect(tag::SEQUENCE, "basic constraints").ok()?.reader();
            let authority = constraints.optional(tag::BOOLEAN).ok()??;
            Some(authority.content != [0])
        };
        read().unwrap_or(false)
    }

    /// The subject key identifier (4.2.1.2).
    pub fn subject_key_id(&self) -> Option<&'a [u8]> {
        let (_, value) = self.find(oid::SUBJECT_KEY_ID)?;
        Some(Reader::der(value).expect(tag::OCTET_STRING, "a key identifier").ok()?.content)
    }

    /// The key identifier of the issuer (4.2.1.1).
    pub fn authority_key_id(&self) -> Option<&'a [u8]> {
        let (_, value) = self.find(oid::AUTHORITY_KEY_ID)?;
        let mut id = Reader::der(value).expect(tag::SEQUENCE, "a key identifier").ok()?.reader();
        Some(id.optional(tag::context_primitive(0)).ok()??.content)
    }

    /// Criticality and value of the first extension of this kind.
    fn find(&self, wanted: &[u8]) -> Option<(bool, &'a [u8])> {
        let mut list = Reader::der(self.list);
        while let Some(extension) = list.next().ok()? {
            let mut parts = extension.reader();
            if parts.expect(tag::OID, "an extension").ok()?.content != wanted {
                continue;
            }
            let critical =
                parts.optional(tag::BOOLEAN).ok()?.is_some_and(|flag| flag.content != [0]);
            return Some((critical, parts.expect(tag::OCTET_STRING, "a value").ok()?.content));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::encode::{element, octet_string, oid as encode_oid, sequence};

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
}
