//! Signatures without CMS: the OCTET STRING with a PKCS#1 value that the old sub-filter
//! `adbe.x509.rsa_sha1` stores (ISO 32000-1, 12.8.3.2).

use std::borrow::Cow;

use super::asn1::{Reader, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::outcome::{Doubt, Fault, Outcome};
use super::scheme::Scheme;
use super::{KeyAlgorithm, UnsupportedAlgorithm};
use crate::digest::DigestAlgorithm;
use crate::limits::Limits;

/// A bare RSA PKCS#1 v1.5 signature value. The certificate comes from elsewhere.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pki::{BareSignature, Certificate, PrivateKey, SignatureAlgorithm};
///
/// # let certificate = Certificate::from_pem(include_bytes!("../../testdata/pki/rsa.crt"))?;
/// # let key = PrivateKey::parse(include_bytes!("../../testdata/pki/rsa.key"))?;
/// # let value = key.sign(SignatureAlgorithm::RsaPkcs1Sha256, b"content")?;
/// # let stored = [&[0x04, 0x82, 0x01, 0x00], &value[..], &[0, 0]].concat();
/// let signature = BareSignature::parse(&stored, &Limits::default())?;
/// assert!(signature.tail_is_zero());
/// assert!(signature.check(&certificate, b"content").is_good());
/// # Ok::<(), sealwright::pki::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct BareSignature<'a> {
    value: Cow<'a, [u8]>,
    tail: &'a [u8],
}

impl<'a> BareSignature<'a> {
    /// Reads the OCTET STRING at the start of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`], [`Error::Truncated`] or [`Error::TooDeep`] with the byte where reading
    /// stopped.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let mut reader = Reader::ber(bytes, limits.depth);
        let element = reader.any("an octet string")?;
        if element.tag & !tag::CONSTRUCTED != tag::OCTET_STRING {
            return Err(Error::malformed(element.offset, "an octet string"));
        }
        Ok(Self { value: element.octets()?, tail: reader.rest() })
    }

    /// The bytes after the OCTET STRING.
    #[must_use]
    pub fn tail(&self) -> &'a [u8] {
        self.tail
    }

    /// Whether nothing but zero bytes follows.
    #[must_use]
    pub fn tail_is_zero(&self) -> bool {
        self.tail.iter().all(|byte| *byte == 0)
    }

    /// Checks the value over content in memory. Nothing outside the value names its digest, so that
    /// SHA-1 and the SHA-2 family are tried in turn: up to four public-key operations.
    pub fn check(&self, certificate: &Certificate, content: &[u8]) -> Outcome {
        let Ok(key) = certificate.public_key() else {
            return Outcome::CannotJudge(Doubt::Unsupported(UnsupportedAlgorithm::unreadable()));
        };
        if let KeyAlgorithm::Unsupported(name) = key.algorithm {
            return Outcome::CannotJudge(Doubt::Unsupported(name));
        }
        let mut answer = Outcome::Bad(Fault::SignatureWrong);
        for digest in [
            DigestAlgorithm::Sha1,
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512,
        ] {
            match key.verify(Scheme::RsaPkcs1(digest), content, &self.value) {
                Outcome::Bad(Fault::SignatureWrong) => {}
                // It might have held with a digest that cannot be computed for this key.
                Outcome::CannotJudge(Doubt::Unsupported(name)) => {
                    answer = Outcome::CannotJudge(Doubt::Unsupported(name));
                }
                decided => return decided,
            }
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{SignatureAlgorithm, encode, fixtures};

    #[test]
    fn every_digest_is_found_and_a_change_is_noticed() {
        let (key, certificate) = (fixtures::key("rsa"), fixtures::certificate("rsa"));
        for algorithm in [
            SignatureAlgorithm::RsaPkcs1Sha256,
            SignatureAlgorithm::RsaPkcs1Sha384,
            SignatureAlgorithm::RsaPkcs1Sha512,
        ] {
            let stored = encode::octet_string(&key.sign(algorithm, b"content").unwrap());
            let signature = BareSignature::parse(&stored, &Limits::default()).unwrap();
            assert!(signature.check(&certificate, b"content").is_good());
            assert!(signature.check(&certificate, b"Content").is_bad());
            let other = signature.check(&fixtures::certificate("p256"), b"content");
            assert!(matches!(other, Outcome::Bad(Fault::KeyOfOtherKind { .. })));
        }
    }

    #[test]
    fn sha1_is_weak_even_when_it_fits() {
        let cms = fixtures::file("sha1-noattr.cms");
        let signed = crate::pki::SignedData::parse(&cms, &Limits::default()).unwrap();
        let stored = encode::octet_string(signed.signer().unwrap().signature());
        let signature = BareSignature::parse(&stored, &Limits::default()).unwrap();
        let check = |content| signature.check(&fixtures::certificate("rsa"), content);
        assert!(matches!(check(b"content\n"), Outcome::CannotJudge(Doubt::Weak(_))));
        assert!(check(b"Content\n").is_bad());
    }

    #[test]
    fn what_is_no_octet_string_is_refused() {
        let sequence = encode::sequence(&[]);
        assert!(BareSignature::parse(&sequence, &Limits::default()).is_err());
        assert!(BareSignature::parse(&[], &Limits::default()).is_err());
    }
}
