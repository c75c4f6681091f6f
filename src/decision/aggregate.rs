//! A state that changes by events only.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Recorded, ReplayError, Revision, Stale};
use crate::audit::{Details, Entry, Facts, HashAlgorithm, Head};

/// What can happen to an aggregate.
pub trait Event: Clone + Debug + PartialEq + Serialize + DeserializeOwned {
    /// The version tag of its serialised form.
    const FORMAT: &'static str;

    /// What happened, as records and hosts name it: `contract.signed`.
    fn kind(&self) -> &'static str;

    /// What the trail says of it: ids, digests, masks; no personal facts.
    fn details(&self) -> Details;
}

/// The length and the trail of what happened to an aggregate so far. Part of every state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    head: Head,
    #[serde(with = "time::serde::rfc3339")]
    last: OffsetDateTime,
}

impl History {
    /// The history of something that does not exist yet.
    pub(crate) fn start() -> Self {
        Self::chained_with(HashAlgorithm::default())
    }

    fn chained_with(algorithm: HashAlgorithm) -> Self {
        Self { head: Head::start(algorithm), last: OffsetDateTime::UNIX_EPOCH }
    }

    /// How many events there were.
    #[must_use]
    pub fn revision(&self) -> Revision {
        Revision::from(self.head.len())
    }

    /// When the last event was decided.
    #[must_use]
    pub fn last(&self) -> OffsetDateTime {
        self.last
    }

    /// Where the trail ends.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.head
    }
}

/// How a state follows from events. Only this crate implements it; hosts call [`Aggregate`], which
/// keeps revision and trail in step.
pub trait Evolve: Sized {
    /// What can happen to it.
    type Event: Event;

    /// The prefix of its codes: `con`, `org`, `seal`.
    const PREFIX: &'static str;
    /// What records call it: `contract`.
    const SUBJECT: &'static str;

    /// The id of the aggregate.
    fn key(&self) -> &str;

    /// The history in the state.
    fn history(&self) -> &History;

    /// The history in the state.
    fn history_mut(&mut self) -> &mut History;

    /// The name of the state that it is in, as records have it.
    fn state_name(&self) -> &'static str;

    /// The state after a creating event, with [`History::start`]; `None` if it creates nothing.
    fn begin(first: &Recorded<Self::Event>) -> Option<Self>;

    /// The state after the event. It decides nothing and cannot fail. Not called for the first one.
    fn evolve(&mut self, event: &Recorded<Self::Event>);
}

/// What [`Evolve`] asks of every state alike: the fields `id` and `history`.
macro_rules! id_and_history {
    () => {
        fn key(&self) -> &str {
            self.id.as_str()
        }

        fn history(&self) -> &$crate::decision::History {
            &self.history
        }

        fn history_mut(&mut self) -> &mut $crate::decision::History {
            &mut self.history
        }
    };
}
pub(crate) use id_and_history;

/// A state that changes by events only: an organization, a seal, a contract, a ceremony.
pub trait Aggregate:
    Evolve + Clone + Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync
{
    /// The version tag of its serialised form.
    const FORMAT: &'static str;

    /// The id that the embedder chose.
    fn id(&self) -> &str {
        self.key()
    }

    /// How many events it has seen.
    fn revision(&self) -> Revision {
        self.history().revision()
    }

    /// Where its trail ends: to be anchored elsewhere.
    fn head(&self) -> &Head {
        self.history().head()
    }

    /// The state itself, if it still is at the revision that the caller has seen.
    ///
    /// # Errors
    ///
    /// [`Stale`] if it has moved on, code `con.stale_revision` for a contract.
    fn expect(&self, seen: Revision) -> Result<&Self, Stale> {
        let found = self.revision();
        if seen == found { Ok(self) } else { Err(Stale { aggregate: Self::PREFIX, seen, found }) }
    }

    /// Applies an event and returns its entry in the trail.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] if the event is not this aggregate's next one. Nothing has changed then.
    fn apply(&mut self, event: &Recorded<Self::Event>) -> Result<Entry, ReplayError> {
        if event.aggregate != self.key() {
            let (expected, found) = (self.key().to_owned(), event.aggregate.clone());
            return Err(ReplayError::OtherAggregate { expected, found });
        }
        let expected = self.revision().next();
        if event.revision != expected {
            return Err(ReplayError::Gap { expected, found: event.revision });
        }
        let before = self.state_name();
        self.evolve(event);
        Ok(enter(self, event, Some(before)))
    }

    /// The state that follows from the first event, and its entry in the trail.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] if the event is not a first one.
    fn found(first: &Recorded<Self::Event>) -> Result<(Self, Entry), ReplayError> {
        let expected = Revision::NONE.next();
        if first.revision != expected {
            return Err(ReplayError::Gap { expected, found: first.revision });
        }
        let mut state = Self::begin(first)
            .ok_or_else(|| ReplayError::NotABeginning { kind: first.event.kind() })?;
        if let Some(algorithm) = first.trail {
            *state.history_mut() = History::chained_with(algorithm);
        }
        let entry = enter(&mut state, first, None);
        Ok((state, entry))
    }

    /// The state that follows from all events, from the first on.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] if there are none, or one does not follow.
    fn replay<'a, I>(events: I) -> Result<Self, ReplayError>
    where
        I: IntoIterator<Item = &'a Recorded<Self::Event>>,
        Self::Event: 'a,
    {
        let mut events = events.into_iter();
        let (mut state, _) = Self::found(events.next().ok_or(ReplayError::Nothing)?)?;
        for event in events {
            state.apply(event)?;
        }
        Ok(state)
    }
}

fn enter<A: Aggregate>(
    state: &mut A,
    event: &Recorded<A::Event>,
    before: Option<&'static str>,
) -> Entry {
    let subject = format!("{}:{}", A::SUBJECT, event.aggregate);
    let clock = event.clock.map(OffsetDateTime::unix_timestamp);
    let details = event.event.details().with_some("clock", clock);
    let mut facts = Facts::new(event.at, event.actor.to_string(), event.event.kind(), subject)
        .to_state(state.state_name())
        .details(details);
    if let Some(before) = before {
        facts = facts.from_state(before);
    }
    let history = state.history_mut();
    history.last = event.at;
    history.head.append(facts)
}
