//! What an authority answered, against what it was asked (RFC 3161, 2.2, step 4).

use thiserror::Error as ThisError;
use time::{Duration, OffsetDateTime};

use super::certificate::Certificate;
use super::error::Error;
use super::oid;
use super::outcome::Outcome;
use super::path::{PathStatus, Purpose};
use super::timestamp_request::{TimestampRequest, unsigned};
use super::timestamp_response::{TimestampFailure, TimestampResponse, TimestampStatus};
use super::timestamp_token::TimestampToken;
use super::trust_anchors::TrustAnchors;
use crate::digest::Digest;
use crate::instant::rfc3339;
use crate::limits::Limits;

/// What a time-stamp is measured by: the host's own time, by how much an authority's may differ from
/// it, and whom the host trusts to stamp.
#[derive(Clone, Copy, Debug)]
pub struct TimestampExpectation<'a> {
    /// The time as the host knows it.
    pub now: OffsetDateTime,
    /// By how much the time of the stamp may be before or after it.
    pub tolerance: Duration,
    /// To whom the authority's certificate must lead; not asked if `None`.
    pub anchors: Option<&'a TrustAnchors>,
}

/// Why an answer is no time-stamp over what was asked. Nothing of it is used.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum TimestampRefusal {
    /// The answer, or the token in it, cannot be read.
    #[error("the answer of the time-stamping authority cannot be read: {0}")]
    Unreadable(#[from] Error),
    /// The authority gave no time-stamp.
    #[error(
        "the authority answered `{status}`{}; ask again later, or another one",
        .failure.map(|failure| format!(" ({failure})")).unwrap_or_default()
    )]
    NotGranted {
        /// What it answered.
        status: TimestampStatus,
        /// Why, if it said so.
        failure: Option<TimestampFailure>,
    },
    /// The token is over something else.
    #[error("the token stamps {found}, {asked} was asked for; ask again")]
    OtherImprint {
        /// The digest that was asked for.
        asked: Box<Digest>,
        /// The one in the token, in hexadecimal digits, or the algorithm that is not ours.
        found: String,
    },
    /// The token answers another question.
    #[error(
        "the token answers the nonce {}, {asked:016x} was asked; an old answer was played back, or \
         nonces are not supported there",
        .found.as_deref().unwrap_or("none")
    )]
    OtherNonce {
        /// The nonce that was sent.
        asked: u64,
        /// The one in the token, in hexadecimal digits.
        found: Option<String>,
    },
    /// The token's signature does not hold.
    #[error("the signature of the token does not hold: {reason}")]
    Signature {
        /// What the check found.
        reason: String,
    },
    /// The token does not name the certificate that verifies it (RFC 3161, 2.4.2; RFC 5816).
    #[error("the token does not name its certificate (signing-certificate); ask another authority")]
    NotBound,
    /// The certificate is not one for time-stamps alone (RFC 3161, 2.3).
    #[error(
        "the certificate is not for time-stamps alone: its extended key usage is {found}, critical \
         id-kp-timeStamping and nothing else is demanded"
    )]
    Purpose {
        /// What it is.
        found: &'static str,
    },
    /// The certificate was not valid at the time that the token says.
    #[error(
        "the token says {time}, its certificate is valid from {not_before} to {not_after}",
        time = rfc3339(*time), not_before = rfc3339(*not_before), not_after = rfc3339(*not_after)
    )]
    NotValidThen {
        /// The time of the token.
        time: OffsetDateTime,
        /// The first instant at which the certificate is valid.
        not_before: OffsetDateTime,
        /// The last one.
        not_after: OffsetDateTime,
    },
    /// The host does not trust the authority.
    #[error("the authority is not trusted ({status}); add its root to the anchors if it should be")]
    NotTrusted {
        /// What the path validation says.
        status: &'static str,
    },
    /// The time of the token is far from the host's.
    #[error(
        "the token says {time}, here it is {now}, and at most {tolerance} may lie between; check the \
         clock, or tolerate more",
        time = rfc3339(*time), now = rfc3339(*now)
    )]
    OtherTime {
        /// The time of the token.
        time: OffsetDateTime,
        /// The host's time.
        now: OffsetDateTime,
        /// What may lie between.
        tolerance: Duration,
    },
}

impl TimestampRefusal {
    /// A stable code for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(error) => error.code(),
            Self::NotGranted { .. } => "tsa.not_granted",
            Self::OtherImprint { .. } => "tsa.other_imprint",
            Self::OtherNonce { .. } => "tsa.other_nonce",
            Self::Signature { .. } => "tsa.signature",
            Self::NotBound => "tsa.not_bound",
            Self::Purpose { .. } => "tsa.purpose",
            Self::NotValidThen { .. } => "tsa.not_valid_then",
            Self::NotTrusted { .. } => "tsa.not_trusted",
            Self::OtherTime { .. } => "tsa.other_time",
        }
    }
}

impl TimestampRequest {
    /// Takes the token out of an answer, if it is what was asked for: granted, over this digest, for
    /// this nonce, signed by a certificate inside that is for time-stamps alone and was valid, and of
    /// a time that is near the host's.
    ///
    /// ```
    /// use sealwright::digest::{Digest, DigestAlgorithm};
    /// use sealwright::limits::Limits;
    /// use sealwright::pki::{TimestampExpectation, TimestampRequest, TimestampResponse};
    /// # use sealwright_testdata::pki::{KeyType, Validity};
    /// # use sealwright_testdata::tsa::Tsa;
    /// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
    /// # let tsa = Tsa::new(KeyType::P256, Validity::around(now));
    ///
    /// let request = TimestampRequest::new(Digest::of(DigestAlgorithm::Sha256, b"content"), 7);
    /// let answer: Vec<u8> = tsa.answer(&request.to_der(), now);
    ///
    /// let response = TimestampResponse::parse(&answer, &Limits::default())?;
    /// let expected =
    ///     TimestampExpectation { now, tolerance: time::Duration::minutes(5), anchors: None };
    /// let token = request.accept(&response, &expected, &Limits::default())?;
    /// assert_eq!(token.time(), now);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`TimestampRefusal`]: the first thing that is wrong.
    pub fn accept<'r>(
        &self,
        response: &TimestampResponse<'r>,
        expected: &TimestampExpectation<'_>,
        limits: &Limits,
    ) -> Result<TimestampToken<'r>, TimestampRefusal> {
        let (status, failure) = (response.status(), response.failure());
        let granted = response.token().filter(|_| status.is_granted());
        let token = granted.ok_or(TimestampRefusal::NotGranted { status, failure })?;
        let token = TimestampToken::parse(token, limits)?;
        self.check_answer(&token)?;
        let authority = check_signature(&token)?;
        check_authority(&authority, &token, expected, limits)?;
        check_time(token.time(), expected)?;
        Ok(token)
    }

    /// That it answers this question: the digest and the nonce.
    fn check_answer(&self, token: &TimestampToken<'_>) -> Result<(), TimestampRefusal> {
        let other = |found| {
            let asked = Box::new(*self.imprint());
            Err(TimestampRefusal::OtherImprint { asked, found })
        };
        match token.imprint_algorithm() {
            Err(algorithm) => return other(algorithm.to_string()),
            Ok(found) if found != self.imprint().algorithm() => return other(found.to_string()),
            Ok(_) if !self.imprint().equals(token.imprint()) => {
                return other(oid::hex(token.imprint().get(..64).unwrap_or(token.imprint())));
            }
            Ok(_) => {}
        }
        if token.nonce() == Some(&unsigned(self.nonce())) {
            return Ok(());
        }
        let found = token.nonce().map(|found| oid::hex(found.get(..32).unwrap_or(found)));
        Err(TimestampRefusal::OtherNonce { asked: self.nonce(), found })
    }
}

/// That it is signed, by a certificate that came with it and that it names.
fn check_signature(token: &TimestampToken<'_>) -> Result<Certificate, TimestampRefusal> {
    let check = token.check_signature();
    let broken = |reason: String| Err(TimestampRefusal::Signature { reason });
    match check.overall() {
        Outcome::Good => {}
        Outcome::Absent => return broken("nothing is signed".to_owned()),
        Outcome::CannotJudge(doubt) => return broken(doubt.to_string()),
        Outcome::Bad(fault) => return broken(fault.to_string()),
    }
    if !check.signing_certificate.is_good() {
        return Err(TimestampRefusal::NotBound);
    }
    check.certificate.ok_or_else(|| TimestampRefusal::Signature {
        reason: "the authority's certificate is not there".to_owned(),
    })
}

fn check_authority(
    authority: &Certificate,
    token: &TimestampToken<'_>,
    expected: &TimestampExpectation<'_>,
    limits: &Limits,
) -> Result<(), TimestampRefusal> {
    let found = match authority.purposes() {
        Some(purposes) if purposes.only_time_stamping() => None,
        Some(purposes) if !purposes.time_stamping => Some("for something else"),
        Some(purposes) if !purposes.critical => Some("not critical"),
        Some(_) => Some("for something else too"),
        None => Some("not there"),
    };
    if let Some(found) = found {
        return Err(TimestampRefusal::Purpose { found });
    }
    let time = token.time();
    let (not_before, not_after) = (authority.not_before(), authority.not_after());
    if time < not_before || time > not_after {
        return Err(TimestampRefusal::NotValidThen { time, not_before, not_after });
    }
    let Some(anchors) = expected.anchors else { return Ok(()) };
    let others = token.signed_data().certificates();
    let path = anchors.validate(authority, others, time, Purpose::TimeStamping, limits);
    match &path.status {
        PathStatus::Trusted | PathStatus::TrustedDirectly => Ok(()),
        other => Err(TimestampRefusal::NotTrusted { status: other.code() }),
    }
}

fn check_time(
    time: OffsetDateTime,
    expected: &TimestampExpectation<'_>,
) -> Result<(), TimestampRefusal> {
    let TimestampExpectation { now, tolerance, .. } = *expected;
    if (time - now).unsigned_abs() <= tolerance.unsigned_abs() {
        return Ok(());
    }
    Err(TimestampRefusal::OtherTime { time, now, tolerance })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::DigestAlgorithm;
    use sealwright_testdata::pki::{KeyType, Validity};
    use sealwright_testdata::tsa::{Flaw, POLICY, Tsa};

    const NONCE: u64 = 0xFEDC_BA98_7654_3210;

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_767_225_600).unwrap()
    }

    fn tsa(key: KeyType) -> Tsa {
        Tsa::new(key, Validity::around(now()))
    }

    fn request(algorithm: DigestAlgorithm) -> TimestampRequest {
        TimestampRequest::new(Digest::of(algorithm, b"the document"), NONCE)
    }

    fn expected<'a>(anchors: Option<&'a TrustAnchors>) -> TimestampExpectation<'a> {
        TimestampExpectation { now: now(), tolerance: Duration::minutes(5), anchors }
    }

    /// What is told of an answer.
    fn told(
        (request, answer): (&TimestampRequest, &[u8]),
        expected: &TimestampExpectation<'_>,
    ) -> Result<OffsetDateTime, TimestampRefusal> {
        let limits = Limits::default();
        let response = TimestampResponse::parse(answer, &limits)?;
        request.accept(&response, expected, &limits).map(|token| token.time())
    }

    #[test]
    fn tokens_of_both_kinds_of_key_over_every_digest_are_accepted() {
        for key in [KeyType::Rsa2048, KeyType::P256] {
            let tsa = tsa(key);
            let root = TrustAnchors::from_pem(tsa.identity().root_pem().as_bytes()).unwrap();
            for algorithm in
                [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512]
            {
                let request = request(algorithm);
                let answer = tsa.answer(&request.to_der(), now());
                let response = TimestampResponse::parse(&answer, &Limits::default()).unwrap();
                let token = request.accept(&response, &expected(Some(&root)), &Limits::default());
                let token = token.unwrap();
                assert_eq!((token.time(), token.policy()), (now(), POLICY));
                assert_eq!(token.nonce().unwrap()[1..], NONCE.to_be_bytes());
            }
        }
    }

    #[test]
    fn every_flaw_is_refused_by_its_name() {
        let request = request(DigestAlgorithm::Sha256);
        let codes = [
            (Flaw::Rejection, "tsa.not_granted"),
            (Flaw::OtherImprint, "tsa.other_imprint"),
            (Flaw::OtherNonce, "tsa.other_nonce"),
            (Flaw::NoNonce, "tsa.other_nonce"),
            (Flaw::WrongSignature, "tsa.signature"),
            (Flaw::NoCertificate, "tsa.signature"),
            (Flaw::NotBound, "tsa.not_bound"),
            (Flaw::PurposeNotCritical, "tsa.purpose"),
            (Flaw::PurposeAmongOthers, "tsa.purpose"),
            (Flaw::NoPurpose, "tsa.purpose"),
            (Flaw::Truncated, "pki.truncated"),
            (Flaw::Padded, "pki.malformed"),
        ];
        assert_eq!(codes.len(), Flaw::ALL.len());
        for (flaw, code) in codes {
            let answer = tsa(KeyType::Rsa2048).with(flaw).answer(&request.to_der(), now());
            let refusal = told((&request, &answer), &expected(None)).unwrap_err();
            assert_eq!(refusal.code(), code, "{flaw:?}: {refusal}");
        }
    }

    #[test]
    fn both_values_are_told() {
        let request = request(DigestAlgorithm::Sha256);
        let refusal = |flaw| {
            let answer = tsa(KeyType::P256).with(flaw).answer(&request.to_der(), now());
            told((&request, &answer), &expected(None)).unwrap_err().to_string()
        };
        let rejected = refusal(Flaw::Rejection);
        assert!(rejected.contains("`rejection` (systemFailure)"), "{rejected}");
        let nonce = refusal(Flaw::OtherNonce);
        assert!(nonce.contains("00fedcba9876543211"), "{nonce}");
        assert!(nonce.contains("fedcba9876543210 was asked"), "{nonce}");
        let imprint = refusal(Flaw::OtherImprint);
        let asked = request.imprint().to_hex();
        assert!(imprint.matches(&asked[..60]).count() == 2, "{imprint}");
    }

    #[test]
    fn the_answer_to_another_question_is_refused() {
        let (one, tsa) = (request(DigestAlgorithm::Sha256), tsa(KeyType::P256));
        let answer = tsa.answer(&one.to_der(), now());
        let other = request(DigestAlgorithm::Sha384);
        let refusal = told((&other, &answer), &expected(None)).unwrap_err();
        assert!(
            matches!(refusal, TimestampRefusal::OtherImprint { found, .. } if found == "SHA-256")
        );
        let again = TimestampRequest::new(*one.imprint(), NONCE + 1);
        let refusal = told((&again, &answer), &expected(None)).unwrap_err();
        assert_eq!(refusal.code(), "tsa.other_nonce");
    }

    #[test]
    fn the_time_has_to_be_near_and_within_the_certificate() {
        let (request, tsa) = (request(DigestAlgorithm::Sha256), tsa(KeyType::P256));
        let at = |seconds| {
            let answer = tsa.answer(&request.to_der(), now() + Duration::seconds(seconds));
            told((&request, &answer), &expected(None)).map_err(|refusal| refusal.code())
        };
        for near in [-300, 0, 300] {
            assert_eq!(at(near), Ok(now() + Duration::seconds(near)));
        }
        for far in [-301, 301] {
            assert_eq!(at(far), Err("tsa.other_time"));
        }
        let year = 366 * 24 * 3_600;
        assert_eq!(at(-year), Err("tsa.not_valid_then"));
        assert_eq!(at(2 * year), Err("tsa.not_valid_then"));
    }

    #[test]
    fn an_authority_that_nobody_trusts_is_refused_where_somebody_asks() {
        let (request, tsa) = (request(DigestAlgorithm::Sha256), tsa(KeyType::P256));
        let answer = tsa.answer(&request.to_der(), now());
        let nobody = TrustAnchors::none();
        let refusal = told((&request, &answer), &expected(Some(&nobody))).unwrap_err();
        assert_eq!(refusal, TimestampRefusal::NotTrusted { status: "no-anchors" });
        assert!(told((&request, &answer), &expected(None)).is_ok());
    }
}
