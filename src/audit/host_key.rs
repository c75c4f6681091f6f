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

    /// Tells keys apart without telling anything of them: sixteen hexadecimal digits, recorded
    /// beside what the key was used for, so that a host can change keys and still find the right one.
    #[must_use]
    pub fn id(&self) -> String {
        hex(hmac_sha256(&self.0, b"sealwright-key-id-1").get(..8).unwrap_or_default())
    }

    /// HMAC-SHA-256 of a fact under this key, in hexadecimal digits. `kind` keeps equal texts of
    /// different kinds apart.
    #[must_use]
    pub fn fingerprint(&self, kind: &str, fact: &str) -> String {
        let message = Zeroizing::new(format!("sealwright-fact-1\0{kind}\0{fact}"));
        hex(&hmac_sha256(&self.0, message.as_bytes()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_key_is_refused() {
        let error = HostKey::new(&[7; 15]).unwrap_err();
        assert_eq!(error.code(), "audit.host_key");
        assert!(HostKey::new(&[7; 16]).is_ok());
    }

    #[test]
    fn a_fingerprint_depends_on_key_kind_and_fact() {
        let key = HostKey::new(&[7; 32]).unwrap();
        let print = key.fingerprint("mobile", "13800000000");
        assert_eq!(print.len(), 64);
        assert_eq!(print, key.fingerprint("mobile", "13800000000"));
        assert_ne!(print, key.fingerprint("mobile", "13800000001"));
        assert_ne!(print, key.fingerprint("id_number", "13800000000"));
        let other = HostKey::new(&[8; 32]).unwrap();
        assert_ne!(print, other.fingerprint("mobile", "13800000000"));
        assert_ne!(key.id(), other.id());
        assert_eq!(key.id().len(), 16);
    }

    #[test]
    fn r_id_13_debug_shows_nothing_of_a_key() {
        let key = HostKey::new(b"secretsecretsecretsecretsecret!!").unwrap();
        assert_eq!(format!("{key:?}"), "HostKey");
    }
}
