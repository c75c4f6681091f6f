//! The small parts of a statement: references, windows of time, references to a proof of intent.

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::Error;
use super::wire::{Elements, write_octets, write_optional, write_sequence, write_text, write_time};
use crate::digest::hmac_sha256;

/// The id of something in the books of whoever issued it: opaque, never a personal fact. 1 to 256
/// bytes without control characters.
///
/// ```
/// use sealwright::statement::Reference;
/// assert_eq!("seal_1".parse::<Reference>()?.as_str(), "seal_1");
/// assert!("".parse::<Reference>().is_err());
/// # Ok::<(), sealwright::statement::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

impl Reference {
    /// The longest in bytes.
    pub const MOST_BYTES: usize = 256;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn read(
        elements: &mut Elements<'_, '_>,
        wanted: &'static str,
    ) -> Result<Self, Error> {
        elements.text(wanted)?.parse()
    }

    pub(super) fn write(&self) -> Result<Vec<u8>, Error> {
        write_text(&self.0)
    }
}

impl FromStr for Reference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let length = text.len();
        if length == 0 || length > Self::MOST_BYTES || text.chars().any(char::is_control) {
            return Err(Error::ReferenceForm { length, most: Self::MOST_BYTES });
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// From when until when something is granted: half-open, or without an end (R-GRANT-02). Whole
/// seconds, UTC.
///
/// ```
/// use sealwright::statement::Window;
/// use time::{Duration, OffsetDateTime};
///
/// let from = OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// let window = Window::new(from, Some(from + Duration::days(1)))?;
/// assert!(window.contains(from) && !window.contains(from + Duration::days(1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    from: OffsetDateTime,
    until: Option<OffsetDateTime>,
}

impl Window {
    /// A window. Fractions of a second are cut off at the start and rounded up at the end: what is
    /// stated contains what is granted.
    ///
    /// # Errors
    ///
    /// [`Error::WindowEmpty`] if nothing lies in it.
    pub fn new(from: OffsetDateTime, until: Option<OffsetDateTime>) -> Result<Self, Error> {
        let up = |time: OffsetDateTime| match time.nanosecond() {
            0 => time,
            _ => time.saturating_add(time::Duration::SECOND),
        };
        let (from, until) = (whole_second(from), until.map(|time| whole_second(up(time))));
        match until {
            Some(until) if until <= from => Err(Error::WindowEmpty {
                from: from.unix_timestamp(),
                until: until.unix_timestamp(),
            }),
            _ => Ok(Self { from, until }),
        }
    }

    /// The first instant in it.
    #[must_use]
    pub fn from(&self) -> OffsetDateTime {
        self.from
    }

    /// The first instant after it; `None` if it never ends.
    #[must_use]
    pub fn until(&self) -> Option<OffsetDateTime> {
        self.until
    }

    /// Whether the instant lies in it.
    #[must_use]
    pub fn contains(&self, at: OffsetDateTime) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    pub(super) fn read(elements: &mut Elements<'_, '_>) -> Result<Self, Error> {
        elements.sequence("a window", |parts| {
            let from = parts.time("the start of a window")?;
            let until = parts.optional(0, |end| end.time("the end of a window"))?;
            Self::new(from, until)
        })
    }

    pub(super) fn write(&self) -> Result<Vec<u8>, Error> {
        write_sequence(&[write_time(self.from)?, write_optional(0, self.until, write_time)?])
    }
}

/// In UTC, without fractions.
pub(super) fn whole_second(time: OffsetDateTime) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(time.unix_timestamp()).unwrap_or(time)
}

/// The key with which references to proofs of intent are made: without it nobody finds the proof
/// behind a reference, not even by trying all of them.
pub struct IntentKey(Zeroizing<Vec<u8>>);

impl IntentKey {
    /// The least number of bytes.
    pub const MINIMUM: usize = 32;

    /// From random bytes of the host's; wiped when dropped.
    ///
    /// # Errors
    ///
    /// [`Error::IntentKey`] if there are fewer than [`IntentKey::MINIMUM`].
    pub fn new(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() < Self::MINIMUM {
            return Err(Error::IntentKey { length: bytes.len(), minimum: Self::MINIMUM });
        }
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }
}

impl fmt::Debug for IntentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IntentKey(..)")
    }
}

/// Points to one check of a signer's intent without saying which: HMAC-SHA-256 under the host's key
/// over `sealwright-intent-1` and a zero byte, then the contract, the slot, the method and the
/// provider's reference, each behind its length in eight bytes, big-endian.
///
/// Whoever has the key and the record of the check can show that they belong together.
///
/// ```
/// use sealwright::statement::{IntentKey, IntentReference};
/// let key = IntentKey::new(&[7; 32])?;
/// let made = IntentReference::of(&key, "con_1", "slot_a", "face", "faceid-42");
/// assert_eq!(made, IntentReference::of(&key, "con_1", "slot_a", "face", "faceid-42"));
/// assert_ne!(made, IntentReference::of(&key, "con_2", "slot_a", "face", "faceid-42"));
/// # Ok::<(), sealwright::statement::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentReference([u8; 32]);

impl IntentReference {
    /// The reference to a check.
    #[must_use]
    pub fn of(key: &IntentKey, contract: &str, slot: &str, method: &str, reference: &str) -> Self {
        let mut message = b"sealwright-intent-1\0".to_vec();
        for part in [contract, slot, method, reference] {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            message.extend_from_slice(&length.to_be_bytes());
            message.extend_from_slice(part.as_bytes());
        }
        Self(hmac_sha256(&key.0, &message))
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn read(elements: &mut Elements<'_, '_>) -> Result<Self, Error> {
        elements.octets_32("a reference to a proof of intent").map(Self)
    }

    pub(super) fn write(&self) -> Result<Vec<u8>, Error> {
        write_octets(&self.0)
    }
}

impl fmt::Display for IntentReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_short_and_have_no_control_characters() {
        assert!("章-1".parse::<Reference>().is_ok());
        assert!("a".repeat(256).parse::<Reference>().is_ok());
        for text in ["", "a\n", &"a".repeat(257)] {
            assert_eq!(text.parse::<Reference>().unwrap_err().code(), "statement.reference_form");
        }
    }

    #[test]
    fn r_grant_02_a_window_is_half_open_and_not_empty() {
        let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        let window = Window::new(at(10), Some(at(20))).unwrap();
        assert!(window.contains(at(10)) && window.contains(at(19)));
        assert!(!window.contains(at(9)) && !window.contains(at(20)));
        assert!(Window::new(at(10), None).unwrap().contains(at(1 << 37)));
        assert_eq!(Window::new(at(10), Some(at(10))).unwrap_err().code(), "statement.window_empty");
        let half = time::Duration::milliseconds(500);
        let rounded = Window::new(at(10) + half, Some(at(20) + half)).unwrap();
        assert_eq!((rounded.from(), rounded.until()), (at(10), Some(at(21))));
    }

    #[test]
    fn a_reference_to_intent_is_the_hmac_that_its_documentation_says() {
        let key = IntentKey::new(&[7; 32]).unwrap();
        let mut message = b"sealwright-intent-1\0".to_vec();
        for part in ["c", "s", "face", "x"] {
            message.extend([0, 0, 0, 0, 0, 0, 0, part.len() as u8]);
            message.extend(part.bytes());
        }
        let made = IntentReference::of(&key, "c", "s", "face", "x");
        assert_eq!(made.as_bytes(), &hmac_sha256(&[7; 32], &message));
        assert_eq!(IntentKey::new(&[7; 31]).unwrap_err().code(), "statement.intent_key");
        assert_eq!(format!("{key:?}"), "IntentKey(..)");
    }
}
