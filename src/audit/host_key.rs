//! The host's key under which personal facts are recorded.

use std::fmt;

use zeroize::Zeroizing;

use super::Error;
use crate::digest::hmac_sha256;

/// The shortest key in bytes.
const LEAST_BYTES: usize = 16;

/// The host's key under which personal facts are recorded.
///
/// There are so few identity and mobile numbers that a hash of one, salted or not, is found by
/// trying them all. An HMAC under a key that stays with the host is not. It is zeroised when dropped.
///
/// ```
/// use sealwright::audit::HostKey;
/// let key = HostKey::new(b"thirty-two bytes out of a vault!")?;
/// assert_eq!(key.fingerprint("mobile", "x"), key.fingerprint("mobile", "x"));
/// assert_ne!(key.fingerprint("mobile", "x"), key.fingerprint("id_number", "x"));
/// assert_eq!(format!("{key:?}"), "HostKey");
/// # Ok::<(), sealwright::audit::Error>(())
/// ```
#[derive(Clone)]
pub struct HostKey(Zeroizing<Vec<u8>>);

impl HostKey {
    /// A key of 16 bytes or more; 32 random ones are right.
    ///
    /// # Errors
    ///
    /// [`Error::HostKey`] if it is shorter.
    pub fn new(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() < LEAST_BYTES {
            return Err(Error::HostKey { found: bytes.len(), least: LEAST_BYTES });
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    /// HMAC-SHA-256 of a fact under this key, in hexadecimal digits. `kind` keeps equal texts of
    /// different kinds apart.
    #[must_use]
    pub fn fingerprint(&self, kind: &str, fact: &str) -> String {
        let message = Zeroizing::new(format!("sealwright-fact-1\0{kind}\0{fact}"));
        let tag = hmac_sha256(&self.0, message.as_bytes());
        tag.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostKey")
    }
}
