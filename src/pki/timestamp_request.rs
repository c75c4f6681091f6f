//! Time-stamp requests (RFC 3161, 2.4.1).

use super::algorithm::digest_identifier;
use super::asn1::tag;
use super::encode;
use crate::digest::Digest;

/// What a time-stamping authority is asked: to put its time beside a digest.
///
/// The nonce ties the answer to this question, so that no old answer can be played back: a number
/// that nobody can guess, new for every request. The authority's certificate is asked for
/// (`certReq`), since a document must carry it.
///
/// ```
/// use sealwright::digest::{Digest, DigestAlgorithm};
/// use sealwright::pki::TimestampRequest;
///
/// let imprint = Digest::of(DigestAlgorithm::Sha256, b"content\n");
/// let request = TimestampRequest::new(imprint, 0x8000_0000_0000_0001);
/// // To be sent as `application/timestamp-query` (RFC 3161, 3.4).
/// assert!(request.to_der().starts_with(&[0x30]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimestampRequest {
    imprint: Digest,
    nonce: u64,
}

impl TimestampRequest {
    /// Asks for a time-stamp over this digest.
    #[must_use]
    pub fn new(imprint: Digest, nonce: u64) -> Self {
        Self { imprint, nonce }
    }

    /// The digest that gets the time.
    #[must_use]
    pub fn imprint(&self) -> &Digest {
        &self.imprint
    }

    /// What ties the answer to the question.
    #[must_use]
    pub fn nonce(&self) -> u64 {
        self.nonce
    }

    /// The DER of the TimeStampReq. The same request has the same bytes.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let imprint = encode::sequence(&[
            &digest_identifier(self.imprint.algorithm()),
            &encode::octet_string(self.imprint.as_bytes()),
        ]);
        let nonce = encode::element(tag::INTEGER, &unsigned(self.nonce));
        let with_certificate = [tag::BOOLEAN, 1, 0xFF];
        encode::sequence(&[&encode::small_integer(1), &imprint, &nonce, &with_certificate])
    }
}

/// The contents of an INTEGER that is not negative, in as few octets as DER wants (X.690, 8.3.2).
pub(super) fn unsigned(value: u64) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let significant = octets.iter().copied().skip_while(|octet| *octet == 0);
    let mut content: Vec<u8> = significant.collect();
    if content.first().is_none_or(|first| *first >= 0x80) {
        content.insert(0, 0);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::DigestAlgorithm;

    #[test]
    fn a_request_is_what_openssl_writes() {
        // openssl ts -query -data content -sha256 -cert, but for the nonce and for the NULL that
        // OpenSSL puts behind the algorithm.
        let request =
            TimestampRequest::new(Digest::of(DigestAlgorithm::Sha256, b"content\n"), 0x1234);
        let hash = Digest::of(DigestAlgorithm::Sha256, b"content\n");
        let start =
            b"\x30\x3b\x02\x01\x01\x30\x2f\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
        let expected =
            [&start[..], &[4, 32], hash.as_bytes(), &[2, 2, 0x12, 0x34, 1, 1, 0xFF]].concat();
        assert_eq!(request.to_der(), expected);
    }

    #[test]
    fn a_nonce_is_never_negative_and_never_padded() {
        assert_eq!(unsigned(0), [0]);
        assert_eq!(unsigned(0x7F), [0x7F]);
        assert_eq!(unsigned(0x80), [0, 0x80]);
        assert_eq!(unsigned(u64::MAX), [0, 255, 255, 255, 255, 255, 255, 255, 255]);
    }
}
