//! Revocation lists (RFC 5280, 5) and OCSP responses (RFC 6960) of the authorities of [`crate::pki`],
//! the same to the last bit every time.
//!
//! ```
//! use sealwright_testdata::pki::{KeyType, Validity, identity};
//! use sealwright_testdata::revocation::{Authority, list};
//! let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
//! let signer = identity(KeyType::P256, Validity::around(now));
//! let crl = list(Authority::Intermediate, &signer, &[]);
//! assert_eq!(crl, list(Authority::Intermediate, &signer, &[]));
//! ```

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};

use crate::der::{contents, element, integer, oid, sequence};
use crate::pki::{AuthorityKey, Identity, authority_key_der};

/// Who says something, in whose name, and with which key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The root, about the intermediate.
    Root,
    /// The intermediate, about signers and stampers.
    Intermediate,
    /// Somebody in the name of the intermediate, with a key of his own.
    Impostor,
}

impl Authority {
    fn certificate(self, identity: &Identity) -> &[u8] {
        match self {
            Self::Root => &identity.root_der,
            Self::Intermediate | Self::Impostor => &identity.chain[0],
        }
    }

    fn key(self) -> Vec<u8> {
        authority_key_der(match self {
            Self::Root => AuthorityKey::Root,
            Self::Intermediate => AuthorityKey::Intermediate,
            Self::Impostor => AuthorityKey::Stranger,
        })
    }
}

/// What a response says of the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Good,
    Revoked,
    Unknown,
}

/// A list that lists nobody, with finished extensions.
pub fn list(by: Authority, identity: &Identity, extensions: &[&[u8]]) -> Vec<u8> {
    let name = Parts::of(by.certificate(identity)).subject;
    let mut parts = vec![
        integer(&[1]),
        algorithm(),
        name.to_vec(),
        element(0x17, b"270114000000Z"),
        element(0x17, b"270201000000Z"),
    ];
    if !extensions.is_empty() {
        parts.push(element(0xA0, &sequence(extensions)));
    }
    signed(&sequence(&[&parts.concat()]), &by.key(), &[])
}

/// An extension of a list: last number of its identifier below 2.5.29, and value.
pub fn extension(number: u8, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xFF] } else { &[] };
    sequence(&[&oid(&[0x55, 0x1D, number]), critical, &element(0x04, value)])
}

/// A response about a certificate that the intermediate issued.
pub fn response(by: Authority, identity: &Identity, status: Status) -> Vec<u8> {
    answered(identity, status, &by.key(), &[])
}

/// The same by a responder, whose certificate is in it.
pub fn response_of(responder: &Identity, identity: &Identity, status: Status) -> Vec<u8> {
    let certificates = element(0xA0, &sequence(&[&responder.certificate_der]));
    answered(identity, status, &responder.key_pkcs8_der, &certificates)
}

fn answered(identity: &Identity, status: Status, key: &[u8], certificates: &[u8]) -> Vec<u8> {
    let issuer = Parts::of(&identity.chain[0]);
    let hash = |bytes: &[u8]| element(0x04, digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    let id = sequence(&[
        &sequence(&[&oid(OID_SHA1), &[5, 0]]),
        &hash(issuer.subject),
        &hash(issuer.key_bits),
        Parts::of(&identity.certificate_der).serial,
    ]);
    let status = match status {
        Status::Good => element(0x80, &[]),
        Status::Revoked => element(0xA1, &element(0x18, b"20270110000000Z")),
        Status::Unknown => element(0x82, &[]),
    };
    let time = element(0x18, b"20270114000000Z");
    let single = sequence(&[&id, &status, &time]);
    let by_name = element(0xA1, issuer.subject);
    let data = sequence(&[&by_name, &time, &sequence(&[&single])]);
    let basic = signed(&data, key, certificates);
    let bytes = sequence(&[&oid(OID_OCSP_BASIC), &element(0x04, &basic)]);
    sequence(&[&element(0x0A, &[0]), &element(0xA0, &bytes)])
}

/// What is signed, the algorithm, the signature, and what follows.
fn signed(body: &[u8], key: &[u8], behind: &[u8]) -> Vec<u8> {
    let key = RsaKeyPair::from_pkcs8(key).expect("an RSA key");
    let mut value = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body, &mut value).expect("a signature");
    let bits = element(0x03, &[&[0], &value[..]].concat());
    sequence(&[body, &algorithm(), &bits, behind])
}

fn algorithm() -> Vec<u8> {
    sequence(&[&oid(OID_RSA_SHA256), &[5, 0]])
}

/// Parts of a certificate, each as it stands there but the bits of the key.
struct Parts<'c> {
    serial: &'c [u8],
    subject: &'c [u8],
    key_bits: &'c [u8],
}

impl<'c> Parts<'c> {
    fn of(certificate: &'c [u8]) -> Self {
        let (certificate, _) = contents(certificate, 0x30);
        let (mut rest, _) = contents(certificate, 0x30);
        let mut parts = Vec::new();
        while let Some(tag) = rest.first() {
            let (_, behind) = contents(rest, *tag);
            parts.push(&rest[..rest.len() - behind.len()]);
            rest = behind;
        }
        // Version, serial number, algorithm, issuer, validity, subject, key.
        let (key, _) = contents(parts[6], 0x30);
        let (_, bits) = contents(key, 0x30);
        Self { serial: parts[1], subject: parts[5], key_bits: &contents(bits, 0x03).0[1..] }
    }
}

const OID_SHA1: &[u8] = b"\x2b\x0e\x03\x02\x1a";
const OID_RSA_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
const OID_OCSP_BASIC: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x30\x01\x01";
