//! The hashes that chain a trail.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::digest::{Digest, DigestAlgorithm};

/// Set before everything that is hashed here, so that such a hash can never be one of something
/// else.
const DOMAIN: &[u8] = b"csign-audit-v1\0";

/// The algorithm that chains a trail.
///
/// ```
/// use sealwright::audit::{HashAlgorithm, Head};
/// assert_eq!(Head::start(HashAlgorithm::Sha256).len(), 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-256 (FIPS 180-4).
    #[default]
    Sha256,
    /// SM3 (GB/T 32905-2016), with the feature `sm`.
    #[cfg(feature = "sm")]
    Sm3,
}

impl HashAlgorithm {
    pub(super) fn hash(self, previous: &Hash, canonical: &str) -> Hash {
        let mut bytes = Vec::with_capacity(DOMAIN.len() + 32 + canonical.len());
        bytes.extend_from_slice(DOMAIN);
        bytes.extend_from_slice(&previous.0);
        bytes.extend_from_slice(canonical.as_bytes());
        match self {
            Self::Sha256 => Hash::of(Digest::of(DigestAlgorithm::Sha256, &bytes).as_bytes()),
            #[cfg(feature = "sm")]
            Self::Sm3 => Hash::of(&sm3(&bytes)),
        }
    }
}

/// The hash of an entry. Serialised as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Hash([u8; 32]);

impl Hash {
    /// What the first entry has instead of the hash of a predecessor.
    pub(super) const ZERO: Self = Self([0; 32]);

    fn of(digest: &[u8]) -> Self {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = *from;
        }
        Self(bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let wrong = Error::HashForm { length: text.len() };
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut bytes = [0; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(wrong);
        }
        for (to, [high, low]) in bytes.iter_mut().zip(pairs) {
            *to = digit(*high).zip(digit(*low)).map(|(high, low)| high * 16 + low).ok_or(wrong)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(feature = "sm")]
fn sm3(bytes: &[u8]) -> [u8; 32] {
    use sm3::Digest as _;
    sm3::Sm3::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_stored_in_one_spelling_only() {
        let hash = HashAlgorithm::Sha256.hash(&Hash::ZERO, "{}");
        let stored = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&stored).unwrap(), hash);
        let digits = hash.to_string();
        let upper = digits.to_uppercase();
        for wrong in ["", "0", &digits[1..], &digits[2..], &format!("{digits}00"), &upper, "é"] {
            let error = Hash::try_from(wrong.to_owned()).unwrap_err();
            assert_eq!(error.code(), "audit.hash_form", "{wrong}");
        }
    }

    #[cfg(feature = "sm")]
    #[test]
    fn sm3_known_answers() {
        let hex = |bytes: &[u8]| Hash::of(&sm3(bytes)).to_string();
        for (bytes, expected) in [
            (&b""[..], "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
            (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
            (
                &b"abcd".repeat(16),
                "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
            ),
        ] {
            assert_eq!(hex(bytes), expected);
        }
    }
}
