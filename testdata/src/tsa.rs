//! A time-stamping authority (RFC 3161) that answers at once, and wrongly if it is asked to.
//!
//! With an RSA key the same request at the same time gets the same answer to the last bit; an ECDSA
//! signature is another one each time.
//!
//! ```
//! use sealwright_testdata::pki::{KeyType, Validity};
//! use sealwright_testdata::tsa::{Flaw, Tsa};
//! let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
//! let tsa = Tsa::new(KeyType::Rsa2048, Validity::around(now));
//! let rejecting = Tsa::new(KeyType::Rsa2048, Validity::around(now)).with(Flaw::Rejection);
//! # let _ = (tsa, rejecting);
//! ```

use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use time::OffsetDateTime;

use crate::der::{contents, element, integer, issuer_and_serial, oid, sequence};
use crate::pki::{Identity, KeyType, Purposes, Validity, time_stamping};

/// The policy under which it stamps, dotted.
pub const POLICY: &str = "1.2.3.4.1";

/// A time-stamping authority with an RSA-2048, RSA-3072 or P-256 key, below the root of all test
/// identities.
#[derive(Clone)]
pub struct Tsa {
    identity: Identity,
    key: KeyType,
    flaw: Option<Flaw>,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Status 2, systemFailure.
    Rejection,
    /// The token is over another digest.
    OtherImprint,
    /// The token has another nonce.
    OtherNonce,
    /// The token has no nonce.
    NoNonce,
    /// The signature is over something else.
    WrongSignature,
    /// The certificate is not in the token.
    NoCertificate,
    /// The token does not name its certificate.
    NotBound,
    /// The certificate's purpose is time-stamping, and not critical.
    PurposeNotCritical,
    /// The certificate's purposes are time-stamping and another one.
    PurposeAmongOthers,
    /// The certificate says nothing about its purpose.
    NoPurpose,
    /// The answer ends in the middle.
    Truncated,
    /// Something stands behind the answer.
    Padded,
}

impl Flaw {
    /// Every flaw, for tests that iterate.
    pub const ALL: [Self; 12] = [
        Self::Rejection,
        Self::OtherImprint,
        Self::OtherNonce,
        Self::NoNonce,
        Self::WrongSignature,
        Self::NoCertificate,
        Self::NotBound,
        Self::PurposeNotCritical,
        Self::PurposeAmongOthers,
        Self::NoPurpose,
        Self::Truncated,
        Self::Padded,
    ];
}

impl Tsa {
    /// One without a flaw.
    pub fn new(key: KeyType, validity: Validity) -> Self {
        let identity = time_stamping(key, Purposes::TimeStampingAlone, validity);
        Self { identity, key, flaw: None }
    }

    /// The same authority, whose answers are wrong in one way.
    pub fn with(self, flaw: Flaw) -> Self {
        let validity = self.identity.validity;
        let purposes = match flaw {
            Flaw::PurposeNotCritical => Purposes::TimeStampingNotCritical,
            Flaw::PurposeAmongOthers => Purposes::TimeStampingAndMore,
            Flaw::NoPurpose => Purposes::Unsaid,
            _ => Purposes::TimeStampingAlone,
        };
        let identity = time_stamping(self.key, purposes, validity);
        Self { identity, flaw: Some(flaw), ..self }
    }

    /// Its certificates, to trust it.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Answers a TimeStampReq with a TimeStampResp.
    ///
    /// # Panics
    ///
    /// If the request is not DER as RFC 3161 has it.
    pub fn answer(&self, request: &[u8], at: OffsetDateTime) -> Vec<u8> {
        if self.flaw == Some(Flaw::Rejection) {
            // systemFailure is bit 25.
            let failure = element(0x03, &[6, 0, 0, 0, 0x40]);
            return sequence(&[&sequence(&[&integer(&[2]), &failure])]);
        }
        let token = self.token(request, at);
        let mut answer = sequence(&[&sequence(&[&integer(&[0])]), &token]);
        match self.flaw {
            Some(Flaw::Truncated) => answer.truncate(answer.len() - 7),
            Some(Flaw::Padded) => answer.push(0),
            _ => {}
        }
        answer
    }

    /// The CMS of one signer with a time-stamp over his signature as its only unsigned attribute
    /// (RFC 3161, appendix A).
    ///
    /// # Panics
    ///
    /// If it is no such CMS in DER.
    pub fn stamp_signature(&self, message: &[u8], at: OffsetDateTime) -> Vec<u8> {
        let signature = signature_of(message);
        with_unsigned(message, OID_TIMESTAMP_TOKEN, &self.stamp(&signature, at))
    }

    /// A token over bytes.
    pub fn stamp(&self, bytes: &[u8], at: OffsetDateTime) -> Vec<u8> {
        let imprint = element(0x04, digest(&SHA256, bytes).as_ref());
        let imprint = sequence(&[&sequence(&[&oid(OID_SHA256)]), &imprint]);
        let request = sequence(&[&integer(&[1]), &imprint, &integer(&[7]), &[1, 1, 0xFF]]);
        self.token(&request, at)
    }

    /// ContentInfo with SignedData (RFC 5652, 5.1), the TSTInfo inside.
    fn token(&self, request: &[u8], at: OffsetDateTime) -> Vec<u8> {
        let content = self.info(request, at);
        let sha256 = sequence(&[&oid(OID_SHA256)]);
        let encapsulated =
            sequence(&[&oid(OID_TST_INFO), &element(0xA0, &element(0x04, &content))]);
        let mut certificates = self.identity.certificate_der.clone();
        certificates.extend(self.identity.chain.concat());
        let certificates = match self.flaw {
            Some(Flaw::NoCertificate) => Vec::new(),
            _ => element(0xA0, &certificates),
        };
        let signer = self.signer(&content, &sha256);
        let data = sequence(&[
            &integer(&[3]),
            &element(0x31, &sha256),
            &encapsulated,
            &certificates,
            &element(0x31, &signer),
        ]);
        sequence(&[&oid(OID_SIGNED_DATA), &element(0xA0, &data)])
    }

    /// TSTInfo (RFC 3161, 2.4.2).
    fn info(&self, request: &[u8], at: OffsetDateTime) -> Vec<u8> {
        let asked = Asked::read(request);
        let mut imprint = asked.imprint.to_vec();
        if self.flaw == Some(Flaw::OtherImprint) {
            *imprint.last_mut().expect("an imprint is not empty") ^= 1;
        }
        let mut nonce = asked.nonce.to_vec();
        match self.flaw {
            Some(Flaw::OtherNonce) => *nonce.last_mut().expect("a nonce was sent") ^= 1,
            Some(Flaw::NoNonce) => nonce.clear(),
            _ => {}
        }
        // As unlike each other as what they stamp, and the same for the same.
        let serial = digest(&SHA256, request);
        let serial = [&[0x01], &serial.as_ref()[..8]].concat();
        let accuracy = sequence(&[&integer(&[1])]);
        let time = format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}Z",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        );
        sequence(&[
            &integer(&[1]),
            &oid(OID_POLICY),
            &imprint,
            &integer(&serial),
            &element(0x18, time.as_bytes()),
            &accuracy,
            &nonce,
        ])
    }

    /// SignerInfo (RFC 5652, 5.3), the certificate named by ESSCertIDv2 (RFC 5816).
    fn signer(&self, content: &[u8], sha256: &[u8]) -> Vec<u8> {
        let certificate = &self.identity.certificate_der;
        let attribute = |kind: &[u8], value: &[u8]| sequence(&[&oid(kind), &element(0x31, value)]);
        let hash = element(0x04, digest(&SHA256, certificate).as_ref());
        let mut attributes = vec![
            attribute(OID_CONTENT_TYPE, &oid(OID_TST_INFO)),
            attribute(OID_MESSAGE_DIGEST, &element(0x04, digest(&SHA256, content).as_ref())),
        ];
        if self.flaw != Some(Flaw::NotBound) {
            let named = sequence(&[&sequence(&[&sequence(&[&hash])])]);
            attributes.push(attribute(OID_SIGNING_CERTIFICATE_V2, &named));
        }
        attributes.sort();
        let attributes = attributes.concat();
        let mut message = element(0x31, &attributes);
        if self.flaw == Some(Flaw::WrongSignature) {
            message.push(0);
        }
        let (algorithm, signature) = self.sign(&message);
        sequence(&[
            &integer(&[1]),
            &issuer_and_serial(certificate),
            sha256,
            &element(0xA0, &attributes),
            &algorithm,
            &element(0x04, &signature),
        ])
    }

    fn sign(&self, message: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (key, random) = (&self.identity.key_pkcs8_der, SystemRandom::new());
        match self.key {
            KeyType::Rsa2048 | KeyType::Rsa3072 => {
                let key = RsaKeyPair::from_pkcs8(key).expect("an RSA key");
                let mut value = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut value).expect("a signature");
                (sequence(&[&oid(OID_RSA_SHA256), &[5, 0]]), value)
            }
            KeyType::P256 => {
                let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
                let key = EcdsaKeyPair::from_pkcs8(algorithm, key, &random).expect("a P-256 key");
                let value = key.sign(&random, message).expect("a signature");
                (sequence(&[&oid(OID_ECDSA_SHA256)]), value.as_ref().to_vec())
            }
            KeyType::P384 | KeyType::Ed25519 => panic!("an authority has an RSA or a P-256 key"),
        }
    }
}

/// The value that the one signer of a CMS made (RFC 5652, 5.3).
pub(crate) fn signature_of(message: &[u8]) -> Vec<u8> {
    let (_, signer) = taken_apart(message);
    let value = signer.iter().rfind(|part| part[0] == 0x04).expect("a signature");
    contents(value, 0x04).0.to_vec()
}

/// A CMS with one unsigned attribute in the place of all it had.
pub(crate) fn with_unsigned(message: &[u8], kind: &[u8], value: &[u8]) -> Vec<u8> {
    let (data, signer) = taken_apart(message);
    let attribute = sequence(&[&oid(kind), &element(0x31, value)]);
    let signed = signer.iter().filter(|part| part[0] != 0xA1);
    let signer: Vec<&[u8]> = signed.map(Vec::as_slice).collect();
    let signer = [&signer.concat()[..], &element(0xA1, &attribute)].concat();
    let data = [data, element(0x31, &element(0x30, &signer))].concat();
    sequence(&[&oid(OID_SIGNED_DATA), &element(0xA0, &element(0x30, &data))])
}

/// The SignedData before its signers, and the elements of its one signer.
fn taken_apart(message: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let (info, _) = contents(message, 0x30);
    let (_, content) = contents(info, 0x06);
    let parts = elements(contents(contents(content, 0xA0).0, 0x30).0);
    let (signers, before) = parts.split_last().expect("signers");
    (before.concat(), elements(contents(contents(signers, 0x31).0, 0x30).0))
}

/// The elements of some contents, one after the other.
fn elements(mut der: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(tag) = der.first() {
        let (_, behind) = contents(der, *tag);
        all.push(der[..der.len() - behind.len()].to_vec());
        der = behind;
    }
    all
}

pub(crate) const OID_TIMESTAMP_TOKEN: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e";
const OID_SHA256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
const OID_SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const OID_TST_INFO: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";
const OID_CONTENT_TYPE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
const OID_MESSAGE_DIGEST: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
const OID_SIGNING_CERTIFICATE_V2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f";
const OID_RSA_SHA256: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
const OID_ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
const OID_POLICY: &[u8] = b"\x2a\x03\x04\x01";

/// What a request says.
struct Asked<'r> {
    /// The message imprint, as it stands there.
    imprint: &'r [u8],
    /// The nonce, as it stands there.
    nonce: &'r [u8],
}

impl<'r> Asked<'r> {
    fn read(request: &'r [u8]) -> Self {
        let (parts, rest) = contents(request, 0x30);
        assert!(rest.is_empty(), "nothing follows the request");
        let (_, rest) = contents(parts, 0x02);
        let (_, behind) = contents(rest, 0x30);
        let (imprint, rest) = rest.split_at(rest.len() - behind.len());
        let (_, behind) = contents(rest, 0x02);
        let nonce = &rest[..rest.len() - behind.len()];
        assert_eq!(behind, [1, 1, 0xFF], "the certificate is asked for, and nothing else");
        Self { imprint, nonce }
    }
}
