//! Why a decision cannot be applied.

use thiserror::Error as ThisError;

use super::Revision;

/// The state has moved on since it was looked at. Load it again and decide again.
///
/// ```
/// use sealwright::decision::{Revision, Stale};
/// let stale = Stale { aggregate: "con", seen: Revision::from(4), found: Revision::from(5) };
/// assert_eq!(stale.code(), "con.stale_revision");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[error("{aggregate} is at revision {found}, not at {seen}; load it again and decide again")]
pub struct Stale {
    /// The prefix of the aggregate's codes: `con`, `org`, `seal`.
    pub aggregate: &'static str,
    /// The revision that was looked at.
    pub seen: Revision,
    /// The revision that it has.
    pub found: Revision,
}

impl Stale {
    /// A stable name of the refusal, by kind of aggregate: `con.stale_revision`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.aggregate {
            "con" => "con.stale_revision",
            "org" => "org.stale_revision",
            "emp" => "emp.stale_revision",
            "feature" => "feature.stale_revision",
            "seal" => "seal.stale_revision",
            "grant" => "grant.stale_revision",
            "cer" => "cer.stale_revision",
            _ => "stale_revision",
        }
    }
}

/// Why an event cannot be applied to a state.
///
/// ```
/// assert_eq!(sealwright::decision::ReplayError::Nothing.code(), "replay.nothing");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum ReplayError {
    /// The state has moved on.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The event belongs to another aggregate.
    #[error("the event belongs to {found}, the state to {expected}")]
    OtherAggregate {
        /// The id of the state.
        expected: String,
        /// The id in the event.
        found: String,
    },
    /// An event is missing before this one, or it was applied already.
    #[error("event {found} cannot follow: the next one is event {expected}")]
    Gap {
        /// The revision that the next event has.
        expected: Revision,
        /// The revision that this one has.
        found: Revision,
    },
    /// The first event does not create anything.
    #[error("the first event, {kind}, creates nothing; give the events from the first on")]
    NotABeginning {
        /// The kind of the event.
        kind: &'static str,
    },
    /// There is no event at all.
    #[error("there is no event to begin with")]
    Nothing,
}

impl ReplayError {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stale(stale) => stale.code(),
            Self::OtherAggregate { .. } => "replay.other_aggregate",
            Self::Gap { .. } => "replay.gap",
            Self::NotABeginning { .. } => "replay.not_a_beginning",
            Self::Nothing => "replay.nothing",
        }
    }
}
