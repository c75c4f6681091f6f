//! Signatures that ring cannot verify: RSA PSS with any salt, RSA and ECDSA with SHA-3, ECDSA on P-521 and
//! the brainpool curves, and ECDSA as two plain numbers. Judged, never made; behind the feature
//! `legacy-algorithms`.
//!
//! Not here, and still *unsupported*: Ed448 (its crate is a preview), brainpoolP512r1 (there is no crate
//! of the same keeping), PSS whose mask has another digest than the message.

use ecdsa::signature::hazmat::PrehashVerifier;
use rsa::{BoxedUint, Pkcs1v15Sign, Pss};

use super::algorithm::{UnsupportedAlgorithm, digest_oid};
use super::asn1::{Reader, tag};
use super::encode;
use super::outcome::{Doubt, Fault, Outcome};
use super::public_key::{KeyAlgorithm, PublicKey};
use super::scheme::Scheme;
use crate::digest::{Digest, DigestAlgorithm};

/// Curves by the identifiers of their keys.
const P521: &str = "1.3.132.0.35";
const BRAINPOOL_P256R1: &str = "1.3.36.3.3.2.8.1.1.7";
const BRAINPOOL_P384R1: &str = "1.3.36.3.3.2.8.1.1.11";

/// The answer for what ring does not know; `None` if it is not known here either.
pub(super) fn verify(
    key: &PublicKey<'_>,
    scheme: Scheme,
    message: &[u8],
    signature: &[u8],
) -> Option<Outcome> {
    let fits = match (&key.algorithm, scheme) {
        (KeyAlgorithm::Rsa { .. }, Scheme::RsaPkcs1(digest)) => {
            pkcs1(key.bits, digest, message, signature)
        }
        (
            KeyAlgorithm::Rsa { .. } | KeyAlgorithm::RsaPss { .. },
            Scheme::RsaPss(digest) | Scheme::RsaPssSalt(digest, _),
        ) => {
            let salt = match scheme {
                Scheme::RsaPssSalt(_, salt) => salt,
                _ => digest.output_len(),
            };
            pss(key.bits, (digest, salt), message, signature)
        }
        (_, Scheme::Ecdsa(digest)) => ecdsa(key, digest, message, signature),
        (KeyAlgorithm::EcP256 | KeyAlgorithm::EcP384, Scheme::PlainEcdsa(digest)) => {
            let der = as_der(signature);
            return Some(match der {
                Some(der) => key.verify(Scheme::Ecdsa(digest), message, &der),
                None => Outcome::Bad(Fault::SignatureWrong),
            });
        }
        (_, Scheme::PlainEcdsa(digest)) => match as_der(signature) {
            Some(der) => ecdsa(key, digest, message, &der),
            None => Some(false),
        },
        _ => None,
    }?;
    let short = key.algorithm.rsa_bits().filter(|bits| *bits <= 2040);
    Some(match (fits, short) {
        (false, _) => Outcome::Bad(Fault::SignatureWrong),
        (true, None) => Outcome::Good,
        (true, Some(bits)) => {
            Outcome::CannotJudge(Doubt::Weak(UnsupportedAlgorithm::short_rsa(bits)))
        }
    })
}

fn rsa_key(bits: &[u8]) -> Option<rsa::PublicKey> {
    let mut key = Reader::der(bits).expect(tag::SEQUENCE, "an RSA key").ok()?.reader();
    let modulus = key.expect(tag::INTEGER, "a modulus").ok()?.content;
    let exponent = key.expect(tag::INTEGER, "an exponent").ok()?.content;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    rsa::PublicKey::new_with_size_limits(number(modulus), number(exponent), 1024..=8192).ok()
}

/// RFC 8017, 8.2.2, with the DigestInfo spelt out.
fn pkcs1(bits: &[u8], digest: DigestAlgorithm, message: &[u8], signature: &[u8]) -> Option<bool> {
    if digest == DigestAlgorithm::Sha1 {
        return None;
    }
    let hash = Digest::of(digest, message);
    let identifier = encode::sequence(&[&encode::oid(digest_oid(digest)), &encode::NULL]);
    let value = encode::element(tag::OCTET_STRING, hash.as_bytes());
    let info = encode::sequence(&[&identifier, &value]);
    let scheme = Pkcs1v15Sign::new_unprefixed();
    Some(rsa_key(bits)?.verify(scheme, &info, signature).is_ok())
}

/// RFC 8017, 8.1.2, with the message's digest in the mask.
fn pss(
    bits: &[u8],
    (digest, salt): (DigestAlgorithm, usize),
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let (key, hash) = (rsa_key(bits)?, Digest::of(digest, message));
    let hash = hash.as_bytes();
    let checked = match digest {
        DigestAlgorithm::Sha256 => {
            key.verify(Pss::<sha2::Sha256>::new_with_salt(salt), hash, signature)
        }
        DigestAlgorithm::Sha384 => {
            key.verify(Pss::<sha2::Sha384>::new_with_salt(salt), hash, signature)
        }
        DigestAlgorithm::Sha512 => {
            key.verify(Pss::<sha2::Sha512>::new_with_salt(salt), hash, signature)
        }
        DigestAlgorithm::Sha3_256 => {
            key.verify(Pss::<sha3::Sha3_256>::new_with_salt(salt), hash, signature)
        }
        DigestAlgorithm::Sha3_384 => {
            key.verify(Pss::<sha3::Sha3_384>::new_with_salt(salt), hash, signature)
        }
        DigestAlgorithm::Sha3_512 => {
            key.verify(Pss::<sha3::Sha3_512>::new_with_salt(salt), hash, signature)
        }
        DigestAlgorithm::Sha1 => return None,
    };
    Some(checked.is_ok())
}

/// Whether an ECDSA signature fits; `None` for curves that are not known here.
fn ecdsa(
    key: &PublicKey<'_>,
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let KeyAlgorithm::Unsupported(curve) = &key.algorithm else { return None };
    if digest == DigestAlgorithm::Sha1 {
        return None;
    }
    let hash = Digest::of(digest, message);
    // A digest shorter than the curve is the same number with zeros before it.
    let padded = |length: usize| -> Vec<u8> {
        let zeros = length.saturating_sub(hash.as_bytes().len());
        [&vec![0; zeros], hash.as_bytes()].concat()
    };
    macro_rules! fits {
        ($curve:ty, $length:literal) => {{
            let key = ecdsa::VerifyingKey::<$curve>::from_sec1_bytes(key.bits);
            let signature = ecdsa::Signature::<$curve>::from_der(signature);
            Some(match (key, signature) {
                (Ok(key), Ok(signature)) => {
                    key.verify_prehash(&padded($length), &signature).is_ok()
                }
                _ => false,
            })
        }};
    }
    match curve.oid() {
        P521 => fits!(p521::NistP521, 66),
        BRAINPOOL_P256R1 => fits!(bp256::BrainpoolP256r1, 32),
        BRAINPOOL_P384R1 => fits!(bp384::BrainpoolP384r1, 48),
        _ => None,
    }
}

/// Two numbers of the same length, side by side, as the SEQUENCE of them.
fn as_der(plain: &[u8]) -> Option<Vec<u8>> {
    if plain.is_empty() || plain.len() % 2 == 1 {
        return None;
    }
    let (r, s) = plain.split_at_checked(plain.len() / 2)?;
    let integer = |number: &[u8]| {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let number = number.get(zeros..).filter(|rest| !rest.is_empty()).unwrap_or(&[0]);
        let is_high = number.first().is_some_and(|byte| byte & 0x80 != 0);
        let sign: &[u8] = if is_high { &[0] } else { &[] };
        encode::element(tag::INTEGER, &[sign, number].concat())
    };
    Some(encode::sequence(&[&integer(r), &integer(s)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::pki::{SignatureAlgorithm, SignatureCheck, SignedContent, SignedData, fixtures};

    /// Parses a message made by OpenSSL over the file `content` and checks it.
    fn check(file: &str, content: &[u8]) -> SignatureCheck {
        let cms = fixtures::file(file);
        let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
        signed.check(&SignedContent::Bytes(content), &[])
    }

    const BEYOND: [&str; 6] =
        ["pss-long-salt.cms", "sha3.cms", "p521.cms", "p521-sha256.cms", "bp256.cms", "bp384.cms"];

    #[test]
    fn messages_of_another_hand_hold_beyond_ring() {
        for file in BEYOND {
            assert_eq!(check(file, b"content\n").overall(), Outcome::Good, "{file}");
            assert!(check(file, b"Content\n").overall().is_bad(), "{file}");
        }
    }

    #[test]
    fn a_flipped_bit_of_the_signature_is_wrong() {
        for file in BEYOND {
            let mut cms = fixtures::file(file);
            // The signature value comes last.
            let last = cms.len() - 1;
            cms[last] ^= 1;
            let signed = SignedData::parse(&cms, &Limits::default()).unwrap();
            let check = signed.check(&SignedContent::Bytes(b"content\n"), &[]);
            assert!(check.message_digest.is_good(), "{file}");
            assert!(check.signature.is_bad(), "{file}");
        }
    }

    #[test]
    fn what_no_crate_is_kept_for_stays_unsupported_and_weak_stays_weak() {
        let doubt = |file: &str| match check(file, b"content\n").signature {
            Outcome::CannotJudge(doubt) => doubt,
            other => panic!("{other:?}"),
        };
        assert!(matches!(doubt("bp512.cms"), Doubt::Unsupported(_)));
        assert!(matches!(doubt("short.cms"), Doubt::Weak(_)));
        assert!(matches!(doubt("sha1.cms"), Doubt::Weak(_)));
    }

    #[test]
    fn two_plain_numbers_are_the_signature_that_they_spell() {
        let certificate = fixtures::certificate("p256");
        let der = fixtures::key("p256").sign(SignatureAlgorithm::EcdsaSha256, b"text").unwrap();
        let mut numbers = Reader::der(&der).expect(tag::SEQUENCE, "two numbers").unwrap().reader();
        let mut number = || {
            let content = numbers.expect(tag::INTEGER, "a number").unwrap().content;
            let content = content.strip_prefix(&[0]).unwrap_or(content);
            [&vec![0; 32 - content.len()], content].concat()
        };
        let plain = [number(), number()].concat();
        assert_eq!(as_der(&plain).unwrap(), der);
        let scheme = Scheme::PlainEcdsa(DigestAlgorithm::Sha256);
        let verify = |message: &[u8], plain: &[u8]| {
            certificate.public_key().unwrap().verify(scheme, message, plain)
        };
        assert_eq!(verify(b"text", &plain), Outcome::Good);
        assert!(verify(b"Text", &plain).is_bad());
        assert!(verify(b"text", &plain[1..]).is_bad());
        assert!(verify(b"text", &[]).is_bad());
    }
}
