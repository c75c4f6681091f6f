//! Identities minted in code: root, intermediate and signer for every key type and every flaw.
//!
//! Keys are the committed test keys, authorities are RSA-2048 and serial numbers are fixed, so that a
//! minted chain depends on the validity alone. Two things are fresh on every run: the signature of a
//! self-signed ECDSA certificate, and [`demo_identity`], which has new keys throughout.
//!
//! ```
//! use sealwright_testdata::pki::{KeyType, Validity, identity};
//! let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
//! let signer = identity(KeyType::P256, Validity::around(now));
//! assert_eq!(signer.chain.len(), 1);
//! ```

use std::fmt::Write as _;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
    SignatureAlgorithm,
};
use time::{Duration, OffsetDateTime};

use crate::contract::PARTY_A;

/// A signer with everything a test needs to sign as it and to trust it.
#[derive(Clone)]
pub struct Identity {
    /// The private key as PKCS#8.
    pub key_pkcs8_der: Vec<u8>,
    /// The signer's certificate.
    pub certificate_der: Vec<u8>,
    /// The certificates between signer and root, the signer's issuer first. Empty if self-signed.
    pub chain: Vec<Vec<u8>>,
    /// The root. The signer's certificate itself if self-signed.
    pub root_der: Vec<u8>,
    /// When the certificate is valid.
    pub validity: Validity,
}

impl Identity {
    /// The private key as PEM.
    pub fn key_pem(&self) -> String {
        pem("PRIVATE KEY", &self.key_pkcs8_der)
    }

    /// The signer's certificate as PEM.
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate_der)
    }

    /// Signer and intermediates as one PEM file, the signer first, without the root.
    pub fn chain_pem(&self) -> String {
        let chain: String = self.chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
        self.certificate_pem() + &chain
    }

    /// The root as PEM.
    pub fn root_pem(&self) -> String {
        pem("CERTIFICATE", &self.root_der)
    }
}

/// The kinds of key that signers hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    Rsa2048,
    Rsa3072,
    P256,
    P384,
    Ed25519,
}

impl KeyType {
    /// Every kind, for tests that iterate.
    pub const ALL: [Self; 5] =
        [Self::Rsa2048, Self::Rsa3072, Self::P256, Self::P384, Self::Ed25519];

    /// The committed key as a PKCS#8 PEM file.
    pub fn pkcs8_pem(self) -> &'static str {
        match self {
            Self::Rsa2048 => include_str!("../keys/rsa2048.pkcs8.pem"),
            Self::Rsa3072 => include_str!("../keys/rsa3072.pkcs8.pem"),
            Self::P256 => include_str!("../keys/p256.pkcs8.pem"),
            Self::P384 => include_str!("../keys/p384.pkcs8.pem"),
            Self::Ed25519 => include_str!("../keys/ed25519.pkcs8.pem"),
        }
    }

    /// The same key in the older form of its kind: PKCS#1 for RSA, SEC1 for elliptic curves.
    pub fn traditional_pem(self) -> Option<&'static str> {
        match self {
            Self::Rsa2048 => Some(include_str!("../keys/rsa2048.pkcs1.pem")),
            Self::Rsa3072 => Some(include_str!("../keys/rsa3072.pkcs1.pem")),
            Self::P256 => Some(include_str!("../keys/p256.sec1.pem")),
            Self::P384 => Some(include_str!("../keys/p384.sec1.pem")),
            Self::Ed25519 => None,
        }
    }

    /// A name for test output and file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Ed25519 => "ed25519",
        }
    }

    fn algorithm(self) -> &'static SignatureAlgorithm {
        match self {
            Self::Rsa2048 | Self::Rsa3072 => &rcgen::PKCS_RSA_SHA256,
            Self::P256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Self::P384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            Self::Ed25519 => &rcgen::PKCS_ED25519,
        }
    }

    fn key_pair(self) -> KeyPair {
        KeyPair::from_pkcs8_pem_and_sign_algo(self.pkcs8_pem(), self.algorithm())
            .expect("the committed key fits its type")
    }
}

/// From when to when a signer's certificate is valid. Authorities of the same chain are valid for
/// ten years more on both sides, so that a flaw of the signer is the only flaw.
#[derive(Clone, Copy, Debug)]
pub struct Validity {
    pub not_before: OffsetDateTime,
    pub not_after: OffsetDateTime,
}

impl Validity {
    /// Valid from a year before `now` to two years after it.
    pub fn around(now: OffsetDateTime) -> Self {
        Self { not_before: now - Duration::days(365), not_after: now + Duration::days(730) }
    }

    /// Ended a day before `now`.
    pub fn ended_before(now: OffsetDateTime) -> Self {
        Self { not_before: now - Duration::days(365), not_after: now - Duration::days(1) }
    }

    /// Begins a day after `now`.
    pub fn begins_after(now: OffsetDateTime) -> Self {
        Self { not_before: now + Duration::days(1), not_after: now + Duration::days(730) }
    }

    fn of_authorities(self) -> Self {
        let decade = Duration::days(3650);
        Self { not_before: self.not_before - decade, not_after: self.not_after + decade }
    }
}

/// Signer ← intermediate ← root, without a flaw.
pub fn identity(key: KeyType, validity: Validity) -> Identity {
    TestPki::new(validity).issue(signer_params(validity), key)
}

/// A signer who vouches for himself: no authority, one certificate, which is also the root.
pub fn self_signed(key: KeyType, validity: Validity) -> Identity {
    let pair = key.key_pair();
    let certificate = signer_params(validity).self_signed(&pair).expect("self-signed certificate");
    Identity {
        key_pkcs8_der: pair.serialize_der(),
        certificate_der: certificate.der().to_vec(),
        chain: Vec::new(),
        root_der: certificate.der().to_vec(),
        validity,
    }
}

/// A signer whose certificate ended a day before `now`.
pub fn expired(key: KeyType, now: OffsetDateTime) -> Identity {
    identity(key, Validity::ended_before(now))
}

/// A signer whose certificate begins a day after `now`.
pub fn not_yet_valid(key: KeyType, now: OffsetDateTime) -> Identity {
    identity(key, Validity::begins_after(now))
}

/// A signer whose key may encipher keys only: neither digitalSignature nor nonRepudiation.
pub fn wrong_key_usage(key: KeyType, validity: Validity) -> Identity {
    let mut params = signer_params(validity);
    params.key_usages = vec![KeyUsagePurpose::KeyEncipherment];
    TestPki::new(validity).issue(params, key)
}

/// A signer whose certificate says nothing about what its key is for.
pub fn without_key_usage(key: KeyType, validity: Validity) -> Identity {
    let mut params = signer_params(validity);
    params.key_usages = Vec::new();
    TestPki::new(validity).issue(params, key)
}

/// An authority that signs a document with its certifying key.
pub fn authority_as_signer(key: KeyType, validity: Validity) -> Identity {
    let params = authority_params("Sealwright Test Signing Authority", SERIAL_SIGNER, validity);
    TestPki::new(validity).issue(params, key)
}

/// What a certificate of a time-stamping authority says of its purpose (RFC 3161, 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purposes {
    /// As it has to be: id-kp-timeStamping alone, critical.
    TimeStampingAlone,
    TimeStampingNotCritical,
    TimeStampingAndMore,
    Unsaid,
}

/// An authority that stamps, below the same root as every signer.
pub fn time_stamping(key: KeyType, purposes: Purposes, validity: Validity) -> Identity {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "CN");
    name.push(DnType::OrganizationName, "Sealwright Test PKI");
    name.push(DnType::CommonName, "Sealwright Test Time-Stamping");
    let mut params = params(name, SERIAL_TIME_STAMPING, validity);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let time_stamping = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x08";
    let code_signing = b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x03";
    let usage = match purposes {
        Purposes::Unsaid => None,
        Purposes::TimeStampingAndMore => {
            Some([b"\x30\x14", &time_stamping[..], code_signing].concat())
        }
        _ => Some([b"\x30\x0a", &time_stamping[..]].concat()),
    };
    if let Some(usage) = usage {
        let mut usage = CustomExtension::from_oid_content(&[2, 5, 29, 37], usage);
        usage.set_criticality(purposes != Purposes::TimeStampingNotCritical);
        params.custom_extensions.push(usage);
    }
    TestPki::new(validity).issue(params, key)
}

/// Somebody who answers for the intermediate whether certificates were revoked (RFC 6960, 4.2.2.2),
/// or who was not certified for that.
pub fn responder(certified: bool, validity: Validity) -> Identity {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "CN");
    name.push(DnType::OrganizationName, "Sealwright Test PKI");
    name.push(DnType::CommonName, "Sealwright Test Responder");
    let mut params = params(name, SERIAL_RESPONDER, validity);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    if certified {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
    }
    TestPki::new(validity).issue(params, KeyType::Rsa2048)
}

/// The keys of the authorities above every signer, and of somebody else.
pub(crate) enum AuthorityKey {
    Root,
    Intermediate,
    Stranger,
}

/// One of these keys as PKCS#8.
pub(crate) fn authority_key_der(key: AuthorityKey) -> Vec<u8> {
    let pem = match key {
        AuthorityKey::Root => include_str!("../keys/root.pkcs8.pem"),
        AuthorityKey::Intermediate => include_str!("../keys/intermediate.pkcs8.pem"),
        AuthorityKey::Stranger => include_str!("../keys/stranger.pkcs8.pem"),
    };
    authority_key(pem).serialize_der()
}

/// A signer under a root that no test trusts; the names are those of the trusted chain, the keys of
/// the authorities are not.
pub fn unknown_root(key: KeyType, validity: Validity) -> Identity {
    let mut pki = TestPki::new(validity);
    pki.root_key = authority_key(include_str!("../keys/stranger.pkcs8.pem"));
    pki.issue(signer_params(validity), key)
}

/// A company with new P-256 keys from the root down, in the name of 甲方 of the sample contract.
pub fn demo_identity(now: OffsetDateTime) -> Identity {
    let validity = Validity::around(now);
    TestPki::fresh(validity).issue_to(signer_params(validity), &fresh_key())
}

/// An authority of a demo, with new P-256 keys: whoever trusts its root trusts everybody that it
/// certifies.
///
/// ```
/// use sealwright_testdata::pki::DemoAuthority;
/// let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap();
/// let authority = DemoAuthority::new(now);
/// let [first, second] = [(1, "甲公司"), (2, "乙公司")].map(|(serial, name)| authority.certify(serial, name));
/// assert_eq!(first.root_der, second.root_der);
/// assert_ne!(first.certificate_der, second.certificate_der);
/// ```
pub struct DemoAuthority {
    pki: TestPki,
    root_der: Vec<u8>,
    intermediate_der: Vec<u8>,
}

impl DemoAuthority {
    /// Certificates are valid from a year before `now` to ten years after it: a demo that was written
    /// once is looked at for long.
    pub fn new(now: OffsetDateTime) -> Self {
        let not_after = now + Duration::days(3650);
        let pki = TestPki::fresh(Validity { not_after, ..Validity::around(now) });
        let (root_der, intermediate_der) = pki.authorities();
        Self { pki, root_der, intermediate_der }
    }

    /// A company of this name with a new key. Every serial number is given once.
    pub fn certify(&self, serial: u64, name: &str) -> Identity {
        let key = fresh_key();
        let mut params = signer_params_of(name, self.pki.validity);
        params.serial_number = Some(SerialNumber::from(SERIAL_SIGNER + serial));
        Identity {
            key_pkcs8_der: key.serialize_der(),
            certificate_der: self.pki.certify(params, &key),
            chain: vec![self.intermediate_der.clone()],
            root_der: self.root_der.clone(),
            validity: self.pki.validity,
        }
    }

    /// The root as PEM: whom to trust.
    pub fn root_pem(&self) -> String {
        pem("CERTIFICATE", &self.root_der)
    }
}

/// A PKCS#12 file as OpenSSL 3 writes it by default (AES-256-CBC, PBKDF2), with key, certificate and
/// chain of RSA-2048; the password is [`P12_PASSWORD`].
pub const MODERN_P12: &[u8] = include_bytes!("../keys/modern.p12");

/// The same content as older tools write it (RC2 and triple DES, SHA-1).
pub const LEGACY_P12: &[u8] = include_bytes!("../keys/legacy.p12");

/// Opens [`MODERN_P12`] and [`LEGACY_P12`].
pub const P12_PASSWORD: &str = "sealwright";

const SERIAL_ROOT: u64 = 0x5EA1_0001;
const SERIAL_INTERMEDIATE: u64 = 0x5EA1_0002;
const SERIAL_SIGNER: u64 = 0x5EA1_0003;
const SERIAL_TIME_STAMPING: u64 = 0x5EA1_0004;
const SERIAL_RESPONDER: u64 = 0x5EA1_0005;

/// The two authorities above every signer.
struct TestPki {
    /// Keys that differ have names that differ.
    name: &'static str,
    root_key: KeyPair,
    intermediate_key: KeyPair,
    validity: Validity,
}

impl TestPki {
    fn new(validity: Validity) -> Self {
        Self {
            name: "Test",
            root_key: authority_key(include_str!("../keys/root.pkcs8.pem")),
            intermediate_key: authority_key(include_str!("../keys/intermediate.pkcs8.pem")),
            validity,
        }
    }

    fn fresh(validity: Validity) -> Self {
        Self { name: "Demo", root_key: fresh_key(), intermediate_key: fresh_key(), validity }
    }

    fn issue(&self, params: CertificateParams, key: KeyType) -> Identity {
        self.issue_to(params, &key.key_pair())
    }

    fn issue_to(&self, params: CertificateParams, key: &KeyPair) -> Identity {
        let (root_der, intermediate_der) = self.authorities();
        Identity {
            key_pkcs8_der: key.serialize_der(),
            certificate_der: self.certify(params, key),
            chain: vec![intermediate_der],
            root_der,
            validity: self.validity,
        }
    }

    /// Root and intermediate.
    fn authorities(&self) -> (Vec<u8>, Vec<u8>) {
        let root_params = self.root_params();
        let root = root_params.self_signed(&self.root_key).expect("root");
        let root_issuer = Issuer::from_params(&root_params, &self.root_key);
        let intermediate = self
            .intermediate_params()
            .signed_by(&self.intermediate_key, &root_issuer)
            .expect("intermediate");
        (root.der().to_vec(), intermediate.der().to_vec())
    }

    /// Under the intermediate.
    fn certify(&self, params: CertificateParams, key: &KeyPair) -> Vec<u8> {
        let intermediate_params = self.intermediate_params();
        let issuer = Issuer::from_params(&intermediate_params, &self.intermediate_key);
        params.signed_by(key, &issuer).expect("signer").der().to_vec()
    }

    fn root_params(&self) -> CertificateParams {
        let name = format!("Sealwright {} Root", self.name);
        authority_params(&name, SERIAL_ROOT, self.validity.of_authorities())
    }

    fn intermediate_params(&self) -> CertificateParams {
        let name = format!("Sealwright {} Intermediate", self.name);
        authority_params(&name, SERIAL_INTERMEDIATE, self.validity.of_authorities())
    }
}

fn fresh_key() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a fresh key")
}

fn authority_key(pkcs8_pem: &str) -> KeyPair {
    KeyPair::from_pkcs8_pem_and_sign_algo(pkcs8_pem, &rcgen::PKCS_RSA_SHA256)
        .expect("the committed key is RSA")
}

fn signer_params(validity: Validity) -> CertificateParams {
    signer_params_of(PARTY_A, validity)
}

fn signer_params_of(company: &str, validity: Validity) -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "CN");
    name.push(DnType::OrganizationName, company);
    name.push(DnType::CommonName, company);
    let mut params = params(name, SERIAL_SIGNER, validity);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    params
}

fn authority_params(common_name: &str, serial: u64, validity: Validity) -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "CN");
    name.push(DnType::OrganizationName, "Sealwright Test PKI");
    name.push(DnType::CommonName, common_name);
    let mut params = params(name, serial, validity);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn params(name: DistinguishedName, serial: u64, validity: Validity) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.serial_number = Some(SerialNumber::from(serial));
    params.not_before = validity.not_before;
    params.not_after = validity.not_after;
    params.use_authority_key_identifier_extension = true;
    params
}

/// Base64 in lines of 64 characters between the two markers (RFC 7468).
pub fn pem(label: &str, der: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in der.chunks(48) {
        for group in line.chunks(3) {
            let bits = group.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte))
                << (8 * (3 - group.len()));
            for digit in 0..4 {
                let sextet = bits >> (18 - 6 * digit) & 0x3F;
                let padding = digit > group.len();
                text.push(if padding { '=' } else { ALPHABET[sextet as usize].into() });
            }
        }
        text.push('\n');
    }
    writeln!(text, "-----END {label}-----").expect("writing to a string");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap()
    }

    #[test]
    fn every_chain_is_deterministic() {
        for key in KeyType::ALL {
            let [first, second] = [(); 2].map(|()| identity(key, Validity::around(now())));
            assert_eq!(first.certificate_der, second.certificate_der, "{key:?}");
            assert_eq!(first.root_der, second.root_der, "{key:?}");
        }
    }

    #[test]
    fn pem_is_written_as_openssl_writes_it() {
        for key in KeyType::ALL {
            assert_eq!(pem("PRIVATE KEY", &key.key_pair().serialize_der()), key.pkcs8_pem());
        }
    }

    #[test]
    fn an_unknown_root_differs_in_its_key_only() {
        let [known, unknown] =
            [identity, unknown_root].map(|f| f(KeyType::P256, Validity::around(now())));
        assert_ne!(known.root_der, unknown.root_der);
        assert_eq!(known.key_pkcs8_der, unknown.key_pkcs8_der);
    }
}
