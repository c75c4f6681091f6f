//! Why a trail is not what it should be.

use thiserror::Error as ThisError;

/// Why a trail is not what it should be.
///
/// ```
/// assert_eq!(sealwright::audit::Error::Gap { seq: 3, found: 5 }.code(), "audit.gap");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// An entry does not carry the hash of the one before it, or not its own.
    #[error(
        "entry {seq} of the trail was changed: its hash does not follow from entry and predecessor"
    )]
    ChainBroken {
        /// The number of the entry.
        seq: u64,
    },
    /// An entry is missing, or stands twice.
    #[error("the trail has entry {found} where entry {seq} belongs")]
    Gap {
        /// The number that belongs there.
        seq: u64,
        /// The number that stands there.
        found: u64,
    },
    /// The trail ends elsewhere than its head says.
    #[error(
        "the trail has {found} entries and does not end at the head that was expected, after {expected}"
    )]
    HeadMismatch {
        /// How many entries the head counts.
        expected: u64,
        /// How many entries were given.
        found: u64,
    },
    /// An entry is older than the one before it.
    #[error("entry {seq} of the trail is older than the one before it")]
    ClockRegression {
        /// The number of the entry.
        seq: u64,
    },
    /// A text that should be a hash is not.
    #[error(
        "a hash in a trail is 64 lower-case hexadecimal digits; this text of {length} bytes is not"
    )]
    HashForm {
        /// The length of the text.
        length: usize,
    },
    /// A stored reference to a person is not one.
    #[error(
        "a reference to a person has a mask that hides four characters or more and two \
         hexadecimal digests; what was stored here is not one"
    )]
    Reference,
    /// The host's key is too short to keep anything secret.
    #[error(
        "a host key of {found} bytes keeps nothing secret; give at least {least}, better 32 random ones"
    )]
    HostKey {
        /// The length of the key.
        found: usize,
        /// The shortest that is accepted.
        least: usize,
    },
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ChainBroken { .. } => "audit.chain_broken",
            Self::Gap { .. } => "audit.gap",
            Self::HeadMismatch { .. } => "audit.head_mismatch",
            Self::ClockRegression { .. } => "audit.clock_regression",
            Self::HashForm { .. } => "audit.hash_form",
            Self::Reference => "audit.identity_reference",
            Self::HostKey { .. } => "audit.host_key",
        }
    }
}
