//! Message digests: one idea, wrapped so that no caller needs to know which library computes it.
//!
//! ```
//! use sealwright::digest::{Digest, DigestAlgorithm};
//!
//! let digest = Digest::of(DigestAlgorithm::Sha256, b"abc");
//! assert!(digest.to_hex().starts_with("ba7816bf"));
//! ```

use std::fmt;

use ring::{digest as engine, hmac};
use serde::{Deserialize, Serialize};

/// A digest algorithm of the SHA family (FIPS 180-4; SHA-3 of FIPS 202 with the feature
/// `legacy-algorithms`).
///
/// ```
/// use sealwright::digest::DigestAlgorithm;
/// assert_eq!(DigestAlgorithm::Sha384.output_len(), 48);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SHA-1: read in old signatures only, never written. A signature that rests on it is weak.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA3-256: read in signatures, never written.
    #[cfg(feature = "legacy-algorithms")]
    #[serde(rename = "sha3-256")]
    Sha3_256,
    /// SHA3-384: read in signatures, never written.
    #[cfg(feature = "legacy-algorithms")]
    #[serde(rename = "sha3-384")]
    Sha3_384,
    /// SHA3-512: read in signatures, never written.
    #[cfg(feature = "legacy-algorithms")]
    #[serde(rename = "sha3-512")]
    Sha3_512,
}

impl DigestAlgorithm {
    const ALL: &[Self] = &[
        Self::Sha1,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        #[cfg(feature = "legacy-algorithms")]
        Self::Sha3_256,
        #[cfg(feature = "legacy-algorithms")]
        Self::Sha3_384,
        #[cfg(feature = "legacy-algorithms")]
        Self::Sha3_512,
    ];

    /// The name as it is stored, the one that serde writes as well.
    fn tag(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_256 => "sha3-256",
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_384 => "sha3-384",
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_512 => "sha3-512",
        }
    }

    /// The length of the digest in bytes.
    #[must_use]
    pub fn output_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_256 => 32,
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_384 => 48,
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_512 => 64,
        }
    }

    /// Whether new signatures may rest on it.
    #[must_use]
    pub fn is_strong(self) -> bool {
        self != Self::Sha1
    }

    fn context(self) -> Context {
        let ring = |algorithm| Context::Ring(engine::Context::new(algorithm));
        match self {
            Self::Sha1 => ring(&engine::SHA1_FOR_LEGACY_USE_ONLY),
            Self::Sha256 => ring(&engine::SHA256),
            Self::Sha384 => ring(&engine::SHA384),
            Self::Sha512 => ring(&engine::SHA512),
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_256 => Context::Sha3_256(Default::default()),
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_384 => Context::Sha3_384(Default::default()),
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_512 => Context::Sha3_512(Default::default()),
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_256 => "SHA3-256",
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_384 => "SHA3-384",
            #[cfg(feature = "legacy-algorithms")]
            Self::Sha3_512 => "SHA3-512",
        })
    }
}

/// A digest value together with the algorithm that made it.
///
/// ```
/// use sealwright::digest::{Digest, DigestAlgorithm};
/// let empty = Digest::of(DigestAlgorithm::Sha256, b"");
/// assert!(empty.equals(empty.as_bytes()));
/// assert!(empty.to_string().starts_with("sha256:e3b0c442"));
/// assert_eq!(empty.to_string().parse(), Ok(empty));
/// ```
///
/// Stored as its algorithm and its hexadecimal digits, `sha256:e3b0…`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest {
    algorithm: DigestAlgorithm,
    bytes: [u8; 64],
}

impl Digest {
    /// The digest of bytes that lie in memory.
    #[must_use]
    pub fn of(algorithm: DigestAlgorithm, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// A SHA-256 value that was computed elsewhere.
    #[must_use]
    pub fn sha256(value: [u8; 32]) -> Self {
        let mut bytes = [0; 64];
        for (to, from) in bytes.iter_mut().zip(value) {
            *to = from;
        }
        Self { algorithm: DigestAlgorithm::Sha256, bytes }
    }

    /// The algorithm that made it.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The value, as long as [`DigestAlgorithm::output_len`].
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.algorithm.output_len()).unwrap_or(&[])
    }

    /// The value in lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        // Digit by digit: every notice and every record of a document is named like this.
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
        self.as_bytes().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }

    /// Compares with a value of unknown origin, in time that does not depend on where they differ.
    #[must_use]
    pub fn equals(&self, other: &[u8]) -> bool {
        equal_in_constant_time(self.as_bytes(), other)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm, self.to_hex())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.tag(), self.to_hex())
    }
}

/// A text that is no digest: it should be an algorithm, a colon and as many hexadecimal digits as
/// the algorithm's digest has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write the digest as sha256: and 64 lower-case hexadecimal digits, or another algorithm's")]
pub struct NotADigest;

impl std::str::FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let (tag, digits) = text.split_once(':').ok_or(NotADigest)?;
        let known = DigestAlgorithm::ALL.iter().copied().find(|known| known.tag() == tag);
        let algorithm = known.ok_or(NotADigest)?;
        let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
        if pairs.len() != algorithm.output_len() || !rest.is_empty() {
            return Err(NotADigest);
        }
        let mut bytes = [0; 64];
        for (to, [high, low]) in bytes.iter_mut().zip(pairs) {
            *to = digit(*high)? * 16 + digit(*low)?;
        }
        Ok(Self { algorithm, bytes })
    }
}

impl TryFrom<String> for Digest {
    type Error = NotADigest;

    fn try_from(text: String) -> Result<Self, NotADigest> {
        text.parse()
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

/// Lower case only: one digest has one spelling.
fn digit(byte: u8) -> Result<u8, NotADigest> {
    match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(NotADigest),
    }
}

/// A digest in the making. Cloning it forks the computation: what was hashed so far is hashed once.
///
/// ```
/// use sealwright::digest::{Digest, DigestAlgorithm, Hasher};
/// let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
/// hasher.update(b"a");
/// let fork = hasher.clone();
/// hasher.update(b"bc");
/// assert_eq!(hasher.finish(), Digest::of(DigestAlgorithm::Sha256, b"abc"));
/// assert_eq!(fork.finish(), Digest::of(DigestAlgorithm::Sha256, b"a"));
/// ```
#[derive(Clone)]
pub struct Hasher {
    algorithm: DigestAlgorithm,
    context: Context,
}

/// Whoever computes it: ring, but for what it does not have.
#[derive(Clone)]
enum Context {
    Ring(engine::Context),
    #[cfg(feature = "legacy-algorithms")]
    Sha3_256(sha3::Sha3_256),
    #[cfg(feature = "legacy-algorithms")]
    Sha3_384(sha3::Sha3_384),
    #[cfg(feature = "legacy-algorithms")]
    Sha3_512(sha3::Sha3_512),
}

impl Hasher {
    /// An empty computation.
    #[must_use]
    pub fn new(algorithm: DigestAlgorithm) -> Self {
        Self { algorithm, context: algorithm.context() }
    }

    /// The algorithm it computes.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Feeds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        #[cfg(feature = "legacy-algorithms")]
        use sha3::Digest as _;
        match &mut self.context {
            Context::Ring(context) => context.update(bytes),
            #[cfg(feature = "legacy-algorithms")]
            Context::Sha3_256(context) => context.update(bytes),
            #[cfg(feature = "legacy-algorithms")]
            Context::Sha3_384(context) => context.update(bytes),
            #[cfg(feature = "legacy-algorithms")]
            Context::Sha3_512(context) => context.update(bytes),
        }
    }

    /// The digest of everything fed.
    #[must_use]
    pub fn finish(self) -> Digest {
        #[cfg(feature = "legacy-algorithms")]
        use sha3::Digest as _;
        let mut bytes = [0; 64];
        let mut take = |value: &[u8]| {
            for (to, from) in bytes.iter_mut().zip(value) {
                *to = *from;
            }
        };
        match self.context {
            Context::Ring(context) => take(context.finish().as_ref()),
            #[cfg(feature = "legacy-algorithms")]
            Context::Sha3_256(context) => take(&context.finalize()),
            #[cfg(feature = "legacy-algorithms")]
            Context::Sha3_384(context) => take(&context.finalize()),
            #[cfg(feature = "legacy-algorithms")]
            Context::Sha3_512(context) => take(&context.finalize()),
        }
        Digest { algorithm: self.algorithm, bytes }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

/// HMAC-SHA-256 (RFC 2104) of `message` under `key`.
///
/// ```
/// let tag = sealwright::digest::hmac_sha256(b"key", b"message");
/// assert!(sealwright::digest::hmac_sha256_matches(b"key", b"message", &tag));
/// assert!(!sealwright::digest::hmac_sha256_matches(b"key", b"Message", &tag));
/// ```
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message);
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    bytes
}

/// Whether `tag` is the HMAC-SHA-256 of `message` under `key`, compared in constant time.
#[must_use]
pub fn hmac_sha256_matches(key: &[u8], message: &[u8], tag: &[u8]) -> bool {
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), message, tag).is_ok()
}

fn equal_in_constant_time(left: &[u8], right: &[u8]) -> bool {
    // No early return: every byte is looked at, whatever the first ones say.
    let differences = left.iter().zip(right).fold(0, |seen, (a, b)| seen | (a ^ b));
    left.len() == right.len() && std::hint::black_box(differences) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        let hex = |algorithm| Digest::of(algorithm, b"abc").to_hex();
        assert_eq!(hex(DigestAlgorithm::Sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            hex(DigestAlgorithm::Sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(hex(DigestAlgorithm::Sha384).starts_with("cb00753f45a35e8bb5a03d699ac65007"));
        assert!(hex(DigestAlgorithm::Sha512).starts_with("ddaf35a193617abacc417349ae204131"));
    }

    #[test]
    fn a_stored_digest_is_read_back_in_one_spelling_only() {
        for algorithm in DigestAlgorithm::ALL.iter().copied() {
            let digest = Digest::of(algorithm, b"abc");
            let stored = serde_json::to_string(&digest).unwrap();
            assert_eq!(serde_json::from_str::<Digest>(&stored).unwrap(), digest);
            let tag = serde_json::to_string(&algorithm).unwrap();
            assert_eq!(format!("\"{}\"", algorithm.tag()), tag);
            assert!(digest.to_string().to_uppercase().parse::<Digest>().is_err());
        }
        let text = Digest::of(DigestAlgorithm::Sha256, b"abc").to_string();
        for wrong in ["", "sha256:", &text[7..], &text[..70], &format!("{text}0"), "md5:00"] {
            assert_eq!(wrong.parse::<Digest>(), Err(NotADigest), "{wrong}");
        }
        assert!(text.replace("sha256", "sha512").parse::<Digest>().is_err());
    }

    #[test]
    fn a_shorter_value_is_not_equal() {
        let digest = Digest::of(DigestAlgorithm::Sha256, b"abc");
        assert!(!digest.equals(&digest.as_bytes()[..31]));
        assert!(!digest.equals(b""));
    }
}
