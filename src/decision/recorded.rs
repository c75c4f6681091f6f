//! An event with its place in the history of an aggregate.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;

use super::Event;
use super::snapshot::check_format;
use crate::audit::HashAlgorithm;
use crate::identity::Actor;

/// How many events an aggregate has seen. 0 is an aggregate that does not exist yet.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(u64);

impl Revision {
    /// What does not exist yet.
    pub const NONE: Self = Self(0);

    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }

    /// The revision after one more event.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl From<u64> for Revision {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An event with its place in the history of an aggregate: what a host stores, and replays.
///
/// Serialised as `{"format", "aggregate", "revision", "at", "actor", "event"}`, with `"clock"` and
/// `"trail"` where there is something to say; another format is refused. Personal facts stand inside
/// [`crate::identity::Personal`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded<E> {
    /// The id of the aggregate.
    pub aggregate: String,
    /// The revision that the aggregate has once this event is applied.
    pub revision: Revision,
    /// When it was decided, UTC; never before the event that it follows.
    pub at: OffsetDateTime,
    /// The time that the host gave, if that was before the event that it follows: two hosts whose
    /// clocks disagree.
    pub clock: Option<OffsetDateTime>,
    /// Who brought it about.
    pub actor: Actor,
    /// What chains the trail that begins here, if the host chose it
    /// ([`Decision::chained_with`](super::Decision::chained_with)). It counts on the first event only.
    pub trail: Option<HashAlgorithm>,
    /// What happened.
    pub event: E,
}

#[derive(Serialize)]
struct Written<'a, E> {
    format: &'static str,
    aggregate: &'a str,
    revision: Revision,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    clock: Option<OffsetDateTime>,
    actor: &'a Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    trail: Option<HashAlgorithm>,
    event: &'a E,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<E> {
    format: String,
    aggregate: String,
    revision: Revision,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option", default)]
    clock: Option<OffsetDateTime>,
    actor: Actor,
    #[serde(default)]
    trail: Option<HashAlgorithm>,
    event: E,
}

impl<E: Event> Serialize for Recorded<E> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written {
            format: E::FORMAT,
            aggregate: &self.aggregate,
            revision: self.revision,
            at: self.at,
            clock: self.clock,
            actor: &self.actor,
            trail: self.trail,
            event: &self.event,
        }
        .serialize(serializer)
    }
}

impl<'de, E: Event> Deserialize<'de> for Recorded<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Read::<E>::deserialize(deserializer)?;
        check_format(E::FORMAT, &read.format)?;
        Ok(Self {
            aggregate: read.aggregate,
            revision: read.revision,
            at: read.at,
            clock: read.clock,
            actor: read.actor,
            trail: read.trail,
            event: read.event,
        })
    }
}
