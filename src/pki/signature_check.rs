//! What a signature is checked against, and the answers.

use super::algorithm_policy::AlgorithmUse;
use super::certificate::Certificate;
use super::outcome::{Doubt, Outcome};
use crate::digest::Digest;

/// What the signature is over, as far as the caller has it.
#[derive(Clone, Copy, Debug)]
pub enum SignedContent<'a> {
    /// The digest of detached content, made with the signer's
    /// [`digest_algorithm`](super::SignerInfo::digest_algorithm). It does not suffice for a
    /// signature without signed attributes, which is over the content itself.
    Digest(&'a Digest),
    /// Detached content that lies in memory.
    Bytes(&'a [u8]),
    /// What the CMS carries inside.
    Encapsulated,
}

/// The answers of all checks of one signature.
///
/// Trust is not part of it: see [`TrustAnchors`](super::TrustAnchors).
#[derive(Clone, Debug)]
#[must_use]
pub struct SignatureCheck {
    /// The certificate under which the signature was checked.
    pub certificate: Option<Certificate>,
    /// Whether the message-digest attribute is the digest of the content (RFC 5652, 11.2); absent
    /// if there are no signed attributes.
    pub message_digest: Outcome,
    /// Whether the content-type attribute is the type of the content (RFC 5652, 11.1); absent if
    /// there are no signed attributes.
    pub content_type: Outcome,
    /// Whether the signature value fits the signed attributes, or without them the content, and
    /// the key in the certificate.
    pub signature: Outcome,
    /// Whether signing-certificate or signing-certificate-v2 name this certificate; absent if
    /// neither is there.
    pub signing_certificate: Outcome,
    /// Whether the digest algorithm, the signature algorithm and CMSAlgorithmProtection (RFC 6211)
    /// agree.
    pub algorithms: Outcome,
    /// The algorithms on which the signature rests, as far as they were computed; for an
    /// [`AlgorithmPolicy`](super::AlgorithmPolicy).
    pub algorithms_used: Vec<AlgorithmUse>,
    /// How many public-key operations were made.
    pub key_operations: u64,
}

impl SignatureCheck {
    /// The worst of all answers.
    pub fn overall(&self) -> Outcome {
        // The digest first: a document that was changed is what people want to hear first.
        self.message_digest
            .clone()
            .and(self.signature.clone())
            .and(self.content_type.clone())
            .and(self.signing_certificate.clone())
            .and(self.algorithms.clone())
    }

    pub(super) fn cannot_judge(doubt: &Doubt) -> Self {
        let outcome = || Outcome::CannotJudge(doubt.clone());
        Self {
            certificate: None,
            message_digest: outcome(),
            content_type: outcome(),
            signature: outcome(),
            signing_certificate: outcome(),
            algorithms: outcome(),
            algorithms_used: Vec::new(),
            key_operations: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::DigestAlgorithm;
    use crate::limits::Limits;
    use crate::pki::asn1::{Reader, tag};
    use crate::pki::{SignatureAlgorithm, SignedData, fixtures, oid};

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
    }

    #[test]
    #[cfg(not(feature = "legacy-algorithms"))]
    fn what_is_beyond_ring_is_unsupported_without_the_feature() {
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
