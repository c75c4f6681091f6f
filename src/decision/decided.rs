//! What a verb returns.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Aggregate, Claim, Event as _, Notice, Recorded, ReplayError, Revision, Stale};
use crate::audit::{Entry, HashAlgorithm};
use crate::identity::Actor;

/// An aggregate that a decision rests on without changing it: the organization and the employee who
/// ask, a contract whose state was looked at.
///
/// A host that wants no race at all checks in the transaction, before its first write, that the
/// aggregate is still at this revision. Where a verb returns several decisions, one may rest on what
/// another one changes; that is why the writes come after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// What kind of aggregate: `organization`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// The revision that was looked at.
    pub revision: Revision,
}

impl Witness {
    pub(crate) fn of<A: Aggregate>(state: &A) -> Self {
        let (id, revision) = (state.id().to_owned(), state.revision());
        Self { kind: A::SUBJECT.to_owned(), id, revision }
    }
}

/// What a verb decided for one aggregate: to be stored in one transaction, then applied.
///
/// Only verbs make one. `expected` is the revision that the aggregate must still have.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decision is stored and applied"]
pub struct Decision<A: Aggregate> {
    id: String,
    expected: Revision,
    at: OffsetDateTime,
    clock: Option<OffsetDateTime>,
    actor: Actor,
    events: Vec<Recorded<A::Event>>,
    notices: Vec<Notice>,
    claims: Vec<Claim>,
    witnesses: Vec<Witness>,
}

impl<A: Aggregate> Decision<A> {
    /// A decision on a state. An instant before the state's last event is recorded as that event's
    /// (it did happen later), with the clock's reading beside it.
    pub(crate) fn on(state: &A, actor: Actor, now: OffsetDateTime) -> Self {
        let now = in_utc(now);
        let last = state.history().last();
        Self {
            expected: state.revision(),
            at: now.max(last),
            clock: (now < last).then_some(now),
            ..Self::creating(state.id(), actor, now)
        }
    }

    /// A decision that something comes to be.
    pub(crate) fn creating(id: &str, actor: Actor, now: OffsetDateTime) -> Self {
        Self {
            id: id.to_owned(),
            expected: Revision::NONE,
            at: in_utc(now),
            clock: None,
            actor,
            events: Vec::new(),
            notices: Vec::new(),
            claims: Vec::new(),
            witnesses: Vec::new(),
        }
    }

    /// With one more event.
    pub(crate) fn event(mut self, event: A::Event) -> Self {
        let revision = self.reached().next();
        self.events.push(Recorded {
            aggregate: self.id.clone(),
            revision,
            at: self.at,
            clock: self.clock,
            actor: self.actor.clone(),
            trail: None,
            event,
        });
        self
    }

    /// With one more notice, about what has been decided so far.
    pub(crate) fn notice(mut self, notice: Notice) -> Self {
        self.notices.push(notice.about(A::SUBJECT, &self.id, self.reached()));
        self
    }

    /// With notices, about what has been decided so far.
    pub(crate) fn notices_of(self, notices: impl IntoIterator<Item = Notice>) -> Self {
        notices.into_iter().fold(self, Self::notice)
    }

    /// With one more claim on a name, or the release of one.
    pub(crate) fn claim(mut self, claim: Claim) -> Self {
        self.claims.push(claim);
        self
    }

    /// Noting an aggregate that the decision rests on, once. The aggregate that it is about is no
    /// witness: it has its own condition.
    pub(crate) fn reading<B: Aggregate>(self, other: &B) -> Self {
        self.resting_on([Witness::of(other)])
    }

    /// Noting several aggregates of a kind that the decision rests on.
    pub(crate) fn reading_all<'b, B: Aggregate + 'b>(
        self,
        others: impl IntoIterator<Item = &'b B>,
    ) -> Self {
        self.resting_on(others.into_iter().map(Witness::of))
    }

    /// Noting what was read before, each once.
    pub(crate) fn resting_on(mut self, witnesses: impl IntoIterator<Item = Witness>) -> Self {
        for witness in witnesses {
            let is_itself = witness.kind == A::SUBJECT && witness.id == self.id;
            if !is_itself && !self.witnesses.contains(&witness) {
                self.witnesses.push(witness);
            }
        }
        self
    }

    /// What kind of aggregate it is about: `contract`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        A::SUBJECT
    }

    /// The id of the aggregate.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The revision that it rests on; [`Revision::NONE`] if the aggregate comes to be.
    #[must_use]
    pub fn expected(&self) -> Revision {
        self.expected
    }

    /// The revision that the aggregate has afterwards.
    #[must_use]
    pub fn reached(&self) -> Revision {
        self.events.last().map_or(self.expected, |last| last.revision)
    }

    /// What happened, in order.
    #[must_use]
    pub fn events(&self) -> &[Recorded<A::Event>] {
        &self.events
    }

    /// Whether nothing happened: the command asked for what already is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The names of the events, in order: `contract.signed`, `contract.completed`.
    #[must_use]
    pub fn kinds(&self) -> Vec<&'static str> {
        self.events.iter().map(|recorded| recorded.event.kind()).collect()
    }

    /// What to tell whom. Nothing is sent by the engine.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The names to claim or to release under a unique index.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The aggregates that it rests on without changing them.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// The same with a trail that is chained by this algorithm: to be said before what comes to be is
    /// stored, since its first event keeps it. The default is SHA-256; a host that has to use the
    /// algorithms of the Chinese cryptography standards chooses SM3 (feature `sm`) for everything that
    /// it creates. Without effect on a decision about what exists: its trail has begun.
    ///
    /// ```
    /// use sealwright::audit::HashAlgorithm;
    /// use sealwright::decision::{Aggregate, Decision};
    ///
    /// /// What a host does to every decision that creates something.
    /// fn ours<A: Aggregate>(decision: Decision<A>, chain: HashAlgorithm) -> Decision<A> {
    ///     decision.chained_with(chain)
    /// }
    /// ```
    pub fn chained_with(mut self, algorithm: HashAlgorithm) -> Self {
        let first = self.events.first_mut().filter(|first| first.revision == Revision::NONE.next());
        if let Some(first) = first {
            first.trail = Some(algorithm).filter(|chosen| *chosen != HashAlgorithm::default());
        }
        self
    }

    /// Applies the decision to the state it was made on, and returns the entries of the trail.
    ///
    /// # Errors
    ///
    /// [`ReplayError::Stale`] if the state has moved on, another one if it is another aggregate's.
    /// Nothing has changed then.
    pub fn apply_to(&self, state: &mut A) -> Result<Vec<Entry>, ReplayError> {
        if state.id() != self.id {
            let (expected, found) = (state.id().to_owned(), self.id.clone());
            return Err(ReplayError::OtherAggregate { expected, found });
        }
        state.expect(self.expected)?;
        self.events.iter().map(|event| state.apply(event)).collect()
    }

    /// The state that the decision brings into being, and the entries of its trail.
    ///
    /// # Errors
    ///
    /// [`ReplayError`] if the decision is about something that exists.
    pub fn found(&self) -> Result<(A, Vec<Entry>), ReplayError> {
        let (first, rest) = self.events.split_first().ok_or(ReplayError::Nothing)?;
        let (mut state, entry) = A::found(first)?;
        let mut entries = vec![entry];
        for event in rest {
            entries.push(state.apply(event)?);
        }
        Ok((state, entries))
    }

    /// What a writer is told whose condition on the revision failed when storing.
    #[must_use]
    pub fn stale(&self, found: Revision) -> Stale {
        Stale { aggregate: A::PREFIX, seen: self.expected, found }
    }
}

/// An instant at the edge of the calendar, which UTC cannot tell, stays as it is.
fn in_utc(now: OffsetDateTime) -> OffsetDateTime {
    now.checked_to_offset(time::UtcOffset::UTC).unwrap_or(now)
}

/// The instant in UTC, if it can be stored there: the calendar of RFC 3339 has the years 0 to 9999,
/// which an instant near its edge leaves when its offset is taken away.
pub(crate) fn storable(at: OffsetDateTime) -> Option<OffsetDateTime> {
    at.checked_to_offset(time::UtcOffset::UTC).filter(|utc| (0..=9999).contains(&utc.year()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Details, Verdict, verify};
    use crate::decision::{Event, Evolve, History, Recipient, Snapshot};

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Lamp {
        id: String,
        on: bool,
        history: History,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Switched {
        Hung,
        On,
        Off,
    }

    impl Event for Switched {
        const FORMAT: &'static str = "sealwright/lamp-event/1";

        fn kind(&self) -> &'static str {
            match self {
                Self::Hung => "lamp.hung",
                Self::On => "lamp.on",
                Self::Off => "lamp.off",
            }
        }

        fn details(&self) -> Details {
            Details::new()
        }
    }

    impl Evolve for Lamp {
        type Event = Switched;

        const PREFIX: &'static str = "con";
        const SUBJECT: &'static str = "lamp";

        fn key(&self) -> &str {
            &self.id
        }

        fn history(&self) -> &History {
            &self.history
        }

        fn history_mut(&mut self) -> &mut History {
            &mut self.history
        }

        fn state_name(&self) -> &'static str {
            if self.on { "on" } else { "off" }
        }

        fn begin(first: &Recorded<Switched>) -> Option<Self> {
            (first.event == Switched::Hung).then(|| Self {
                id: first.aggregate.clone(),
                on: false,
                history: History::start(),
            })
        }

        fn evolve(&mut self, event: &Recorded<Switched>) {
            self.on = event.event == Switched::On;
        }
    }

    impl Aggregate for Lamp {
        const FORMAT: &'static str = "sealwright/lamp/1";
    }

    fn second(second: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(second).unwrap()
    }

    fn lamp() -> (Lamp, Vec<Entry>, Vec<Recorded<Switched>>) {
        let hung = Decision::<Lamp>::creating("l", Actor::System, second(10)).event(Switched::Hung);
        let (lamp, entries) = hung.found().unwrap();
        (lamp, entries, hung.events().to_vec())
    }

    fn switch(lamp: &Lamp, event: Switched, at: i64) -> Decision<Lamp> {
        Decision::on(lamp, Actor::System, second(at)).event(event)
    }

    #[test]
    fn of_two_writers_one_wins_and_the_other_changes_nothing() {
        let (mut lamp, ..) = lamp();
        let (one, other) = (switch(&lamp, Switched::On, 11), switch(&lamp, Switched::Off, 11));
        one.apply_to(&mut lamp).unwrap();
        let before = lamp.clone();
        let refused = other.apply_to(&mut lamp).unwrap_err();
        assert_eq!(refused.code(), "con.stale_revision");
        assert_eq!(lamp, before);
        assert_eq!(other.stale(lamp.revision()).found, Revision::from(2));
        assert!(lamp.expect(Revision::from(1)).is_err());
        assert!(lamp.expect(Revision::from(2)).is_ok());
    }

    #[test]
    fn the_events_give_the_state_and_the_trail_again() {
        let (mut lamp, mut entries, mut events) = lamp();
        for (event, at) in [(Switched::On, 11), (Switched::Off, 12), (Switched::On, 12)] {
            let decision = switch(&lamp, event, at);
            entries.extend(decision.apply_to(&mut lamp).unwrap());
            events.extend_from_slice(decision.events());
        }
        assert_eq!(Lamp::replay(&events).unwrap(), lamp);
        assert_eq!(verify(&entries, Some(lamp.head())).unwrap(), Verdict::Complete);
        assert_eq!(entries[2].states(), (Some("on"), Some("off")));

        let stored = serde_json::to_string(&events).unwrap();
        let read: Vec<Recorded<Switched>> = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, events);
        assert_eq!(Lamp::replay(&read[1..]).unwrap_err().code(), "replay.gap");
        assert_eq!(Lamp::replay(&[]).unwrap_err().code(), "replay.nothing");
    }

    #[test]
    fn events_of_others_and_events_that_do_not_follow_are_refused() {
        let (mut lamp, _, events) = lamp();
        let foreign = Recorded { aggregate: "m".to_owned(), ..events[0].clone() };
        assert_eq!(lamp.apply(&foreign).unwrap_err().code(), "replay.other_aggregate");
        assert_eq!(lamp.apply(&events[0]).unwrap_err().code(), "replay.gap");
        let beginning = Recorded { event: Switched::On, ..events[0].clone() };
        assert_eq!(Lamp::found(&beginning).unwrap_err().code(), "replay.not_a_beginning");
    }

    #[test]
    fn another_format_is_refused() {
        let (lamp, _, events) = lamp();
        let text = serde_json::to_string(&Snapshot::of(&lamp)).unwrap();
        assert!(text.starts_with(r#"{"format":"sealwright/lamp/1","state":{"#));
        let read: Snapshot<Lamp> = serde_json::from_str(&text).unwrap();
        assert_eq!(read.into_state(), lamp);
        assert!(serde_json::from_str::<Snapshot<Lamp>>(&text.replace("/1", "/2")).is_err());
        let text = serde_json::to_string(&events[0]).unwrap();
        assert!(serde_json::from_str::<Recorded<Switched>>(&text.replace("/1", "/2")).is_err());
    }

    #[test]
    fn a_clock_that_goes_back_is_recorded_beside_the_order() {
        let (mut lamp, mut entries, _) = lamp();
        let decision = switch(&lamp, Switched::On, 7);
        entries.extend(decision.apply_to(&mut lamp).unwrap());
        assert_eq!(decision.events()[0].at, second(10));
        assert_eq!(decision.events()[0].clock, Some(second(7)));
        assert_eq!(verify(&entries, Some(lamp.head())).unwrap(), Verdict::Complete);
        assert_eq!(entries[1].details().get("clock"), Some(&7_i64.into()));
    }

    #[cfg(feature = "sm")]
    #[test]
    fn a_host_chooses_what_chains_a_trail_when_it_begins() {
        let hang =
            || Decision::<Lamp>::creating("l", Actor::System, second(10)).event(Switched::Hung);
        let plain = hang().chained_with(HashAlgorithm::Sha256);
        assert_eq!(plain, hang(), "the default leaves no mark");
        let hung = hang().event(Switched::On).chained_with(HashAlgorithm::Sm3);
        let (mut lamp, mut entries) = hung.found().unwrap();
        let mut events = hung.events().to_vec();
        // Of what exists, nobody chooses any more.
        let off = switch(&lamp, Switched::Off, 11).chained_with(HashAlgorithm::Sha256);
        entries.extend(off.apply_to(&mut lamp).unwrap());
        events.extend_from_slice(off.events());
        assert_eq!(verify(&entries, Some(lamp.head())).unwrap(), Verdict::Complete);
        assert!(entries.iter().all(|entry| entry.algorithm() == HashAlgorithm::Sm3));
        assert_ne!(lamp.head(), &hang().found().unwrap().0.history.head().clone());

        let stored = serde_json::to_string(&events).unwrap();
        assert_eq!(stored.matches(r#""trail":"sm3""#).count(), 1);
        let read: Vec<Recorded<Switched>> = serde_json::from_str(&stored).unwrap();
        assert_eq!(Lamp::replay(&read).unwrap(), lamp);
        let other = stored.replace("sm3", "md5");
        assert!(serde_json::from_str::<Vec<Recorded<Switched>>>(&other).is_err());
    }

    #[test]
    fn what_a_decision_rests_on_is_noted_once_and_never_itself() {
        let (lamp, ..) = lamp();
        let mut other = lamp.clone();
        "other".clone_into(&mut other.id);
        let decision = switch(&lamp, Switched::On, 11).reading_all([&other, &lamp]).reading(&other);
        let [witness] = decision.witnesses() else { panic!("{:?}", decision.witnesses()) };
        assert_eq!((witness.kind.as_str(), witness.id.as_str()), ("lamp", "other"));
        assert_eq!(witness.revision, other.revision());
    }

    #[test]
    fn notices_that_say_the_same_have_the_same_key() {
        let (lamp, ..) = lamp();
        let notice = || Notice::new("lamp.on", Recipient::Employee("e".parse().unwrap()));
        let told = |at| switch(&lamp, Switched::On, at).notice(notice()).notices()[0].clone();
        assert_eq!(told(11).dedupe_key, told(12).dedupe_key);
        assert_eq!(told(11).subject, "lamp:l");
        let twice = switch(&lamp, Switched::On, 11).event(Switched::Off).notice(notice());
        assert_ne!(twice.notices()[0].dedupe_key, told(11).dedupe_key);
    }
}
