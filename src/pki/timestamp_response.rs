//! Time-stamp responses (RFC 3161, 2.4.2), read strictly: they come from somewhere else.

use std::fmt;

use super::asn1::{Element, Reader, tag};
use super::error::Error;
use crate::limits::{Limit, LimitExceeded, Limits};

/// What an authority answered: a token, or why there is none.
///
/// What the token says is checked by [`TimestampRequest::accept`](super::TimestampRequest::accept).
/// Texts of the authority are not kept.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pki::{TimestampFailure, TimestampResponse, TimestampStatus};
///
/// // A rejection for a digest algorithm that the authority does not take.
/// let der = [0x30, 9, 0x30, 7, 2, 1, 2, 3, 2, 7, 0x80];
/// let response = TimestampResponse::parse(&der, &Limits::default())?;
/// assert_eq!(response.status(), TimestampStatus::Rejection);
/// assert_eq!(response.failure(), Some(TimestampFailure::BadAlgorithm));
/// assert!(response.token().is_none());
/// # Ok::<(), sealwright::pki::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampResponse<'a> {
    status: TimestampStatus,
    failure: Option<TimestampFailure>,
    token: Option<&'a [u8]>,
}

/// PKIStatus: whether there is a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimestampStatus {
    /// 0: as it was asked for.
    Granted,
    /// 1: with changes, which the client has to look for.
    GrantedWithMods,
    /// 2: refused.
    Rejection,
    /// 3: later.
    Waiting,
    /// 4: the authority's certificate is about to be revoked.
    RevocationWarning,
    /// 5: it was revoked.
    RevocationNotification,
}

/// PKIFailureInfo: why there is no token. Of several, the first in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimestampFailure {
    /// Bit 0: the algorithm is not known or not supported.
    BadAlgorithm,
    /// Bit 2: the transaction is not permitted or not supported.
    BadRequest,
    /// Bit 5: what was sent has the wrong format.
    BadDataFormat,
    /// Bit 14: the time source of the authority is not available.
    TimeNotAvailable,
    /// Bit 15: the policy that was asked for is not supported.
    UnacceptedPolicy,
    /// Bit 16: an extension that was asked for is not supported.
    UnacceptedExtension,
    /// Bit 17: further information that was asked for is not available.
    AddInfoNotAvailable,
    /// Bit 25: the request cannot be handled because of a failure.
    SystemFailure,
    /// A bit that RFC 3161 does not know.
    Other,
}

impl<'a> TimestampResponse<'a> {
    /// Reads a TimeStampResp that fills the input.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] or [`Error::Truncated`] with the byte, also where a status that grants
    /// comes without a token or another one with one; [`Error::Limit`] for more than
    /// [`Limits::object_bytes`].
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        LimitExceeded::check(Limit::ObjectBytes, length, limits.object_bytes)?;
        let mut outer = Reader::ber(bytes, limits.depth);
        let mut parts = outer.expect(tag::SEQUENCE, "a time-stamp response")?.reader();
        outer.finish("the end of the response")?;
        let (status, failure) = read_status(&parts.expect(tag::SEQUENCE, "a status")?)?;
        let token_at = parts.offset();
        let token = parts.optional(tag::SEQUENCE)?;
        parts.finish("the end of the response")?;
        if token.is_some() != status.is_granted() {
            return Err(Error::malformed(token_at, "a token if it is granted, and only then"));
        }
        Ok(Self { status, failure, token: token.map(|token| token.raw) })
    }

    /// Whether there is a token.
    #[must_use]
    pub fn status(&self) -> TimestampStatus {
        self.status
    }

    /// Why there is none, if the authority said so.
    #[must_use]
    pub fn failure(&self) -> Option<TimestampFailure> {
        self.failure
    }

    /// The token as it came.
    #[must_use]
    pub fn token(&self) -> Option<&'a [u8]> {
        self.token
    }
}

impl TimestampStatus {
    /// Whether there is a token.
    #[must_use]
    pub fn is_granted(self) -> bool {
        matches!(self, Self::Granted | Self::GrantedWithMods)
    }
}

impl fmt::Display for TimestampStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Granted => "granted",
            Self::GrantedWithMods => "granted with modifications",
            Self::Rejection => "rejection",
            Self::Waiting => "waiting",
            Self::RevocationWarning => "revocation warning",
            Self::RevocationNotification => "revocation notification",
        })
    }
}

impl fmt::Display for TimestampFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadAlgorithm => "badAlg",
            Self::BadRequest => "badRequest",
            Self::BadDataFormat => "badDataFormat",
            Self::TimeNotAvailable => "timeNotAvailable",
            Self::UnacceptedPolicy => "unacceptedPolicy",
            Self::UnacceptedExtension => "unacceptedExtension",
            Self::AddInfoNotAvailable => "addInfoNotAvailable",
            Self::SystemFailure => "systemFailure",
            Self::Other => "another failure",
        })
    }
}

/// The bits of PKIFailureInfo, in the order in which they are told.
const FAILURES: [(usize, TimestampFailure); 8] = [
    (0, TimestampFailure::BadAlgorithm),
    (2, TimestampFailure::BadRequest),
    (5, TimestampFailure::BadDataFormat),
    (14, TimestampFailure::TimeNotAvailable),
    (15, TimestampFailure::UnacceptedPolicy),
    (16, TimestampFailure::UnacceptedExtension),
    (17, TimestampFailure::AddInfoNotAvailable),
    (25, TimestampFailure::SystemFailure),
];

fn read_status(info: &Element<'_>) -> Result<(TimestampStatus, Option<TimestampFailure>), Error> {
    let mut parts = info.reader();
    let status = parts.expect(tag::INTEGER, "a status")?;
    let status = match status.small_integer()? {
        0 => TimestampStatus::Granted,
        1 => TimestampStatus::GrantedWithMods,
        2 => TimestampStatus::Rejection,
        3 => TimestampStatus::Waiting,
        4 => TimestampStatus::RevocationWarning,
        5 => TimestampStatus::RevocationNotification,
        _ => return Err(Error::malformed(status.offset, "a status from 0 to 5")),
    };
    if let Some(texts) = parts.optional(tag::SEQUENCE)? {
        let mut texts = texts.reader();
        while !texts.rest().is_empty() {
            texts.expect(tag::UTF8_STRING, "a text of the status")?;
        }
    }
    let failure = parts.optional(tag::BIT_STRING)?;
    parts.finish("the end of the status")?;
    Ok((status, failure.map(|bits| read_failure(&bits)).transpose()?.flatten()))
}

fn read_failure(bits: &Element<'_>) -> Result<Option<TimestampFailure>, Error> {
    let Some((unused @ 0..=7, octets)) = bits.content.split_first() else {
        return Err(Error::malformed(bits.offset, "failure information"));
    };
    let last = octets.last().copied().unwrap_or(0);
    if last & !(0xFF << unused) != 0 || (octets.is_empty() && *unused != 0) {
        return Err(Error::malformed(bits.offset, "failure information"));
    }
    let is_set =
        |bit: usize| octets.get(bit / 8).is_some_and(|octet| octet & (0x80 >> (bit % 8)) != 0);
    let known = FAILURES.iter().find(|(bit, _)| is_set(*bit)).map(|(_, failure)| *failure);
    let any = octets.iter().any(|octet| *octet != 0);
    Ok(known.or(any.then_some(TimestampFailure::Other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::encode;
    use crate::pki::fixtures;

    fn response(status: &[&[u8]], token: &[u8]) -> Vec<u8> {
        encode::sequence(&[&encode::sequence(status), token])
    }

    fn parse(bytes: &[u8]) -> Result<TimestampResponse<'_>, Error> {
        TimestampResponse::parse(bytes, &Limits::default())
    }

    #[test]
    fn a_granted_response_holds_the_token_as_it_came() {
        let token = fixtures::file("timestamp.tst");
        for (number, status) in
            [(0, TimestampStatus::Granted), (1, TimestampStatus::GrantedWithMods)]
        {
            let bytes = response(&[&encode::small_integer(number)], &token);
            let found = parse(&bytes).unwrap();
            assert_eq!((found.status(), found.token()), (status, Some(&token[..])));
        }
        let bytes = response(&[&encode::small_integer(0)], &token);
        for end in 0..bytes.len() {
            assert!(parse(&bytes[..end]).is_err(), "cut at {end}");
        }
        assert!(parse(&[&bytes[..], &[0]].concat()).is_err(), "something follows");
        let limits = Limits { object_bytes: 100, ..Limits::default() };
        assert_eq!(TimestampResponse::parse(&bytes, &limits).unwrap_err().code(), "pki.limit");
    }

    #[test]
    fn every_failure_has_its_name() {
        let bits = |bytes: &[u8]| encode::element(tag::BIT_STRING, bytes);
        let text = encode::sequence(&[&encode::element(tag::UTF8_STRING, "不".as_bytes())]);
        let rejected = encode::small_integer(2);
        let failure = |unused_and_octets: &[u8]| {
            let bytes = response(&[&rejected, &text, &bits(unused_and_octets)], &[]);
            parse(&bytes).map(|it| it.failure())
        };
        for (bit, expected) in FAILURES {
            let mut octets = vec![0; bit / 8 + 2];
            octets[0] = u8::try_from(7 - bit % 8).unwrap();
            octets[bit / 8 + 1] = 0x80 >> (bit % 8);
            assert_eq!(failure(&octets), Ok(Some(expected)));
        }
        assert_eq!(failure(&[6, 0x40]), Ok(Some(TimestampFailure::Other)));
        assert_eq!(failure(&[0]), Ok(None));
        assert!(failure(&[8, 0]).is_err() && failure(&[3]).is_err() && failure(&[]).is_err());
        assert!(failure(&[7, 0x81]).is_err(), "a bit that is declared unused");
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let token = fixtures::file("timestamp.tst");
        let granted = encode::small_integer(0);
        let rejected = encode::small_integer(2);
        assert!(parse(&response(&[&granted], &[])).is_err(), "granted, and no token");
        assert!(parse(&response(&[&rejected], &token)).is_err(), "rejected, and a token");
        assert!(parse(&response(&[&encode::small_integer(6)], &[])).is_err());
        assert!(parse(&response(&[&[2, 1, 0x80]], &[])).is_err(), "a negative status");
        assert!(parse(&response(&[&rejected, &encode::sequence(&[&granted])], &[])).is_err());
        assert!(parse(&token).is_err(), "a token is no response");
    }
}
