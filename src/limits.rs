//! Caps for untrusted input, and the counters that spend them.
//!
//! Every entry point that reads foreign bytes takes [`Limits`]. Running out is an error that names
//! the limit, so that a host can tell a hostile file from one that is merely large.
//!
//! ```
//! use sealwright::limits::{Limit, Limits, Meter};
//!
//! let limits = Limits { depth: 32, ..Limits::default() };
//! let meter = Meter::new(Limit::Depth, limits.depth);
//! assert!(meter.spend(32).is_ok());
//! assert_eq!(meter.spend(1).unwrap_err().limit, Limit::Depth);
//! ```

use std::sync::atomic::{AtomicU64, Ordering};

use thiserror::Error;

/// What a document may cost before it is refused. The defaults suit a server that reads strangers'
/// files; each can be set alone with the struct update syntax.
///
/// ```
/// use sealwright::limits::Limits;
/// let tight = Limits { bytes: 10_000_000, ..Limits::default() };
/// assert!(tight.bytes < Limits::default().bytes);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Length of the input in bytes. Default 16 GiB.
    pub bytes: u64,
    /// Number of objects a cross-reference section may announce, and of objects parsed for one call.
    /// Default 8,388,607 (ISO 32000-1 Annex C.2).
    pub objects: u64,
    /// Length in bytes of one object, the data of a stream not counted. Default 16 MiB.
    pub object_bytes: u64,
    /// Values inside one object: elements of its arrays, entries of its dictionaries. Default
    /// 1,048,576.
    pub values: u64,
    /// Nesting of arrays and dictionaries, of the page tree and of the field tree. Default 64; above
    /// 500 it counts as 500.
    pub depth: u64,
    /// Bytes that come out of stream filters, in total per opened file. Default 256 MiB.
    pub inflated_bytes: u64,
    /// Bytes gone through for objects that are long, lie inside each other or are asked for again
    /// and again, in total per opened file. Default 4 GiB.
    pub work: u64,
    /// Length of a file that is searched for objects when its cross references lead nowhere. Default
    /// 256 MiB.
    pub searched_bytes: u64,
    /// Cross-reference sections, hence revisions. Default 1,024.
    pub revisions: u64,
    /// Certificates per signature. Default 64.
    pub certificates: u64,
    /// Signatures made by certificates that path building may check per signature. Default 128.
    pub path_steps: u64,
    /// Signatures and time-stamps in one file. Default 2,048.
    pub signatures: u64,
    /// Bytes that judging may hash beyond four times the file's length. Default 64 MiB.
    pub hashed_bytes: u64,
    /// Pixels of a seal image. Default 36,000,000.
    pub pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 << 30,
            objects: 8_388_607,
            object_bytes: 16 << 20,
            values: 1 << 20,
            depth: 64,
            inflated_bytes: 256 << 20,
            work: 4 << 30,
            searched_bytes: 256 << 20,
            revisions: 1_024,
            certificates: 64,
            path_steps: 128,
            signatures: 2_048,
            hashed_bytes: 64 << 20,
            pixels: 36_000_000,
        }
    }
}

/// The name of a limit, as errors and reports show it.
///
/// ```
/// assert_eq!(sealwright::limits::Limit::InflatedBytes.to_string(), "inflated_bytes");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// [`Limits::bytes`]
    Bytes,
    /// [`Limits::objects`]
    Objects,
    /// [`Limits::object_bytes`]
    ObjectBytes,
    /// [`Limits::values`]
    Values,
    /// [`Limits::depth`]
    Depth,
    /// [`Limits::inflated_bytes`]
    InflatedBytes,
    /// [`Limits::work`]
    Work,
    /// [`Limits::searched_bytes`]
    SearchedBytes,
    /// [`Limits::revisions`]
    Revisions,
    /// [`Limits::certificates`]
    Certificates,
    /// [`Limits::path_steps`]
    PathSteps,
    /// [`Limits::signatures`]
    Signatures,
    /// [`Limits::hashed_bytes`]
    HashedBytes,
    /// [`Limits::pixels`]
    Pixels,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::Objects => "objects",
            Self::ObjectBytes => "object_bytes",
            Self::Values => "values",
            Self::Depth => "depth",
            Self::InflatedBytes => "inflated_bytes",
            Self::Work => "work",
            Self::SearchedBytes => "searched_bytes",
            Self::Revisions => "revisions",
            Self::Certificates => "certificates",
            Self::PathSteps => "path_steps",
            Self::Signatures => "signatures",
            Self::HashedBytes => "hashed_bytes",
            Self::Pixels => "pixels",
        })
    }
}

/// A limit ran out. Nothing can be said about what lies beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the limit `{limit}` of {allowed} ran out; raise it in `Limits` if this input is expected")]
pub struct LimitExceeded {
    /// Which one.
    pub limit: Limit,
    /// What it was set to.
    pub allowed: u64,
}

impl LimitExceeded {
    /// Fails if `wanted` is more than `allowed`.
    ///
    /// # Errors
    ///
    /// The limit that does not suffice.
    pub fn check(limit: Limit, wanted: u64, allowed: u64) -> Result<(), Self> {
        if wanted > allowed { Err(Self { limit, allowed }) } else { Ok(()) }
    }
}

/// A counter that is spent and never refilled. It may be shared between threads.
#[derive(Debug)]
pub struct Meter {
    limit: Limit,
    allowed: u64,
    left: AtomicU64,
}

impl Meter {
    /// A full counter.
    #[must_use]
    pub fn new(limit: Limit, allowed: u64) -> Self {
        Self { limit, allowed, left: AtomicU64::new(allowed) }
    }

    /// Takes `amount` off.
    ///
    /// # Errors
    ///
    /// If less is left; the counter then stays as it was.
    pub fn spend(&self, amount: u64) -> Result<(), LimitExceeded> {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(amount))
            .map(|_| ())
            .map_err(|_| LimitExceeded { limit: self.limit, allowed: self.allowed })
    }

    /// What is left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.left.load(Ordering::Relaxed)
    }
}

/// What a host sees of a long call, and how it stops one: its own limit.
///
/// Called between chunks of a megabyte or so, on the thread that made the call.
///
/// ```
/// use sealwright::limits::Progress;
///
/// /// Stops after a given number of bytes.
/// struct Until(u64);
/// impl Progress for Until {
///     fn advance(&self, done: u64, _total: u64) -> bool {
///         done < self.0
///     }
/// }
/// assert!(!Until(10).advance(11, 100));
/// ```
pub trait Progress {
    /// `done` of `total` bytes are through. Answering `false` cancels the call.
    fn advance(&self, done: u64, total: u64) -> bool;
}

/// The host does not watch: never cancels.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn advance(&self, _done: u64, _total: u64) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_spending_takes_nothing() {
        let meter = Meter::new(Limit::Objects, 10);
        assert!(meter.spend(7).is_ok());
        assert!(meter.spend(4).is_err());
        assert_eq!(meter.left(), 3);
        assert!(meter.spend(3).is_ok());
    }

    #[test]
    fn the_message_names_the_limit_and_what_to_do() {
        let error = LimitExceeded::check(Limit::Revisions, 2, 1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the limit `revisions` of 1 ran out; raise it in `Limits` if this input is expected"
        );
    }
}
