//! Whoever stamps: a service that is reached over a network that is not here.

use super::signer::SignerError;

/// A time-stamping authority (RFC 3161), as a transport over bytes. The host implements it with the
/// HTTP client of its choice, or asks without it ([`AwaitingTimestamp`](super::AwaitingTimestamp)).
///
/// ```
/// use sealwright::signing::{SignerError, SignerFault, TimestampAuthority};
///
/// /// An authority that is asked over HTTP (RFC 3161 §3.4).
/// struct Service<F>(F);
///
/// impl<F: Fn(&str, &[u8]) -> Option<Vec<u8>>> TimestampAuthority for Service<F> {
///     fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, SignerError> {
///         let post = &self.0;
///         post("application/timestamp-query", request)
///             .ok_or(SignerError::new(SignerFault::Unavailable))
///     }
/// }
/// # let service = Service(|_: &str, _: &[u8]| None);
/// # assert_eq!(service.stamp(b"").unwrap_err().fault(), SignerFault::Unavailable);
/// ```
pub trait TimestampAuthority {
    /// Sends the DER of a TimeStampReq and gives back the TimeStampResp, as it came: what it says is
    /// checked here.
    ///
    /// # Errors
    ///
    /// Why there is no answer, as a kind and a number; never with personal data.
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, SignerError>;
}

impl<A: TimestampAuthority + ?Sized> TimestampAuthority for &A {
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, SignerError> {
        (**self).stamp(request)
    }
}
