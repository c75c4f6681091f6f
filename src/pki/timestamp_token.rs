//! Time-stamp tokens (RFC 3161, 2.4.2; RFC 5816): a SignedData whose content is a TSTInfo.

use std::fmt;

use time::OffsetDateTime;

use super::algorithm::{AlgorithmIdentifier, UnsupportedAlgorithm};
use super::algorithm_policy::AlgorithmUse;
use super::asn1::{Reader, tag};
use super::certificate::Certificate;
use super::error::Error;
use super::oid;
use super::outcome::{Doubt, Fault, Outcome};
use super::signature_check::{SignatureCheck, SignedContent};
use super::signed_data::SignedData;
use crate::digest::{Digest, DigestAlgorithm};
use crate::limits::Limits;

/// A time-stamp token: an authority's word that something existed at a time.
///
/// ```
/// use sealwright::digest::Digest;
/// use sealwright::limits::Limits;
/// use sealwright::pki::TimestampToken;
///
/// # let der = include_bytes!("../../testdata/pki/timestamp.tst");
/// let token = TimestampToken::parse(der, &Limits::default())?;
/// let algorithm = token.imprint_algorithm().map_err(|name| name.to_string())?;
/// let check = token.check(&Digest::of(algorithm, b"content\n"), &[]);
/// assert!(check.overall().is_good());
/// println!("existed at {}", token.time());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TimestampToken<'a> {
    signed: SignedData<'a>,
    info: TstInfo,
}

/// The answers of all checks of a token, trust in its authority aside.
#[derive(Clone, Debug)]
#[must_use]
pub struct TimestampCheck {
    /// Whether the token is over the digest given.
    pub imprint: Outcome,
    /// Whether its signature holds.
    pub signature: SignatureCheck,
    /// What the imprint was made with, as far as it is known.
    imprint_algorithm: Option<DigestAlgorithm>,
}

impl TimestampCheck {
    /// The worst of all answers.
    pub fn overall(&self) -> Outcome {
        self.imprint.clone().and(self.signature.overall())
    }

    /// The algorithms on which it rests, the one of the imprint among them.
    #[must_use]
    pub fn algorithms_used(&self) -> Vec<AlgorithmUse> {
        let imprint = self.imprint_algorithm.map(AlgorithmUse::Digest);
        imprint.into_iter().chain(self.signature.algorithms_used.iter().cloned()).collect()
    }
}

impl<'a> TimestampToken<'a> {
    /// Reads the token at the start of `bytes`.
    ///
    /// # Errors
    ///
    /// As [`SignedData::parse`], and [`Error::NotTimestamp`] if the content is no TSTInfo. Offsets
    /// inside the TSTInfo count from its own start.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let signed = SignedData::parse(bytes, limits)?;
        if signed.content_type_der() != oid::TST_INFO {
            return Err(Error::NotTimestamp { found: signed.content_type() });
        }
        let info = TstInfo::read(signed.content().unwrap_or_default(), limits)?;
        Ok(Self { signed, info })
    }

    /// The SignedData around it: certificates, signer, what follows.
    #[must_use]
    pub fn signed_data(&self) -> &SignedData<'a> {
        &self.signed
    }

    /// The time it vouches for (genTime), in UTC.
    #[must_use]
    pub fn time(&self) -> OffsetDateTime {
        self.info.time
    }

    /// The algorithm with which the stamped bytes must be hashed.
    ///
    /// # Errors
    ///
    /// The name of an algorithm that is not supported.
    pub fn imprint_algorithm(&self) -> Result<DigestAlgorithm, UnsupportedAlgorithm> {
        self.info.imprint_algorithm.clone()
    }

    /// The serial number of the token in lower-case hexadecimal digits.
    #[must_use]
    pub fn serial(&self) -> String {
        oid::hex(&self.info.serial)
    }

    /// The authority's policy, dotted.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.info.policy
    }

    /// What ties it to its request: the contents of an INTEGER, if it has one.
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.info.nonce.as_deref()
    }

    /// The digest that it stamps.
    pub(super) fn imprint(&self) -> &[u8] {
        &self.info.imprint
    }

    /// Checks its signature under a certificate that came with it.
    pub(super) fn check_signature(&self) -> SignatureCheck {
        self.signed.check(&SignedContent::Encapsulated, &[])
    }

    /// Checks the token against the digest of what it should stamp, with certificates from elsewhere
    /// for a token that does not carry its own.
    pub fn check(&self, stamped: &Digest, more: &[Certificate]) -> TimestampCheck {
        TimestampCheck {
            imprint: self.check_imprint(stamped),
            imprint_algorithm: self.imprint_algorithm().ok(),
            signature: self.signed.check(&SignedContent::Encapsulated, more),
        }
    }

    fn check_imprint(&self, stamped: &Digest) -> Outcome {
        match &self.info.imprint_algorithm {
            Err(name) => Outcome::CannotJudge(Doubt::Unsupported(name.clone())),
            Ok(algorithm) if *algorithm != stamped.algorithm() => {
                Outcome::CannotJudge(Doubt::ContentMissing)
            }
            Ok(_) if !stamped.equals(&self.info.imprint) => Outcome::Bad(Fault::DigestDiffers {
                signed: oid::hex(self.info.imprint.get(..64).unwrap_or(&self.info.imprint)),
                actual: stamped.to_hex(),
            }),
            Ok(algorithm) if !algorithm.is_strong() => {
                Outcome::CannotJudge(Doubt::Weak(UnsupportedAlgorithm::named("SHA-1", oid::SHA1)))
            }
            Ok(_) => Outcome::Good,
        }
    }
}

#[derive(Clone)]
struct TstInfo {
    policy: String,
    imprint_algorithm: Result<DigestAlgorithm, UnsupportedAlgorithm>,
    imprint: Vec<u8>,
    serial: Vec<u8>,
    time: OffsetDateTime,
    nonce: Option<Vec<u8>>,
}

impl TstInfo {
    fn read(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let mut outer = Reader::ber(bytes, limits.depth);
        let mut parts = outer.expect(tag::SEQUENCE, "a TSTInfo")?.reader();
        outer.finish("the end of the TSTInfo")?;
        parts.expect(tag::INTEGER, "a version")?;
        let policy = oid::dotted(parts.expect(tag::OID, "a policy")?.content);
        let mut imprint = parts.expect(tag::SEQUENCE, "a message imprint")?.reader();
        let imprint_algorithm = AlgorithmIdentifier::read(&mut imprint)?.digest();
        let hash = imprint.expect(tag::OCTET_STRING, "a hashed message")?.content;
        let serial = parts.expect(tag::INTEGER, "a serial number")?.content;
        let time = parts.expect(tag::GENERALIZED_TIME, "a time")?.time()?;
        // Accuracy, ordering, nonce, authority and extensions follow. Whether a stamp proves anything
        // does not depend on them, so what cannot be read there is no nonce.
        let mut nonce = None;
        while let Ok(Some(part)) = parts.next() {
            if part.tag == tag::INTEGER && nonce.is_none() {
                nonce = Some(part.content.to_vec());
            }
        }
        Ok(Self {
            policy,
            imprint_algorithm,
            imprint: hash.to_vec(),
            serial: serial.to_vec(),
            time,
            nonce,
        })
    }
}

impl fmt::Debug for TstInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TstInfo").field("time", &self.time).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::fixtures;

    #[test]
    fn a_token_of_another_hand() {
        let der = fixtures::file("timestamp.tst");
        let token = TimestampToken::parse(&der, &Limits::default()).unwrap();
        assert_eq!(token.policy(), "1.2.3.4.1");
        assert_eq!(token.imprint_algorithm(), Ok(DigestAlgorithm::Sha256));
        assert!(token.time() < fixtures::now());
        let check =
            |content: &[u8]| token.check(&Digest::of(DigestAlgorithm::Sha256, content), &[]);
        assert_eq!(check(b"content\n").overall(), Outcome::Good);
        assert!(check(b"content\n").signature.signing_certificate.is_good());
        let other = check(b"Content\n");
        assert!(other.imprint.is_bad() && other.signature.overall().is_good());
        let other = token.check(&Digest::of(DigestAlgorithm::Sha384, b"content\n"), &[]);
        assert_eq!(other.imprint, Outcome::CannotJudge(Doubt::ContentMissing));
    }

    #[test]
    fn a_changed_time_is_noticed() {
        let mut der = fixtures::file("timestamp.tst");
        let at = der.windows(2).position(|window| window == [tag::GENERALIZED_TIME, 15]).unwrap();
        der[at + 5] ^= 1; // the year
        let token = TimestampToken::parse(&der, &Limits::default()).unwrap();
        let check = token.check(&Digest::of(DigestAlgorithm::Sha256, b"content\n"), &[]);
        assert!(check.imprint.is_good() && check.signature.message_digest.is_bad());
    }

    #[test]
    fn signed_data_that_is_no_token_is_refused() {
        let cms = fixtures::file("rsa.cms");
        let error = TimestampToken::parse(&cms, &Limits::default());
        let found = "1.2.840.113549.1.7.1".to_owned();
        assert_eq!(error.unwrap_err(), Error::NotTimestamp { found });
    }
}
