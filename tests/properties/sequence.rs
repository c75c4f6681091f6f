//! Sequences of choices, aggregates that are watched while they change, and how far runs came.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Display};

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sealwright::audit::{self, Entry, Verdict};
use sealwright::decision::{Aggregate, Decision, Event as _, Recorded, Snapshot};

/// Numbers out of which a run makes its choices. Fewer and smaller numbers make a simpler run, so
/// that a failure shrinks to one that can be read.
pub struct Choices {
    numbers: std::vec::IntoIter<u32>,
}

impl Choices {
    /// Whether there is something left to choose with.
    pub fn more(&self) -> bool {
        self.numbers.len() > 0
    }

    /// A number below `count`; the first once nothing is left.
    pub fn below(&mut self, count: usize) -> usize {
        let number = usize::try_from(self.numbers.next().unwrap_or(0)).unwrap();
        number % count.max(1)
    }

    /// One of these.
    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Happens so often in a hundred.
    pub fn percent(&mut self, often: usize) -> bool {
        self.below(100) < often
    }
}

/// How many runs came past which mark.
#[derive(Debug, Default)]
pub struct Coverage {
    runs: usize,
    marks: BTreeMap<String, usize>,
}

impl Coverage {
    /// At least this share of the runs came past the mark.
    pub fn require(&self, mark: &str, percent: usize) {
        let reached = self.marks.get(mark).copied().unwrap_or(0);
        assert!(
            reached * 100 >= percent * self.runs,
            "{reached} of {} runs reached `{mark}`, {percent} % are asked for: {self:#?}",
            self.runs
        );
    }
}

/// The marks that one run came past.
#[derive(Default)]
pub struct Marks(BTreeSet<String>);

impl Marks {
    /// The run came past this mark.
    pub fn reached(&mut self, mark: impl Display) {
        self.0.insert(mark.to_string());
    }
}

/// Makes `runs` runs of `steps` choices each and returns how far they came. The same runs each
/// time: what fails, fails again.
pub fn explore(runs: u32, steps: usize, run: impl Fn(&mut Choices, &mut Marks)) -> Coverage {
    let config = Config { cases: runs, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let coverage = RefCell::new(Coverage::default());
    let outcome = runner.run(&vec(any::<u32>(), steps / 2..=steps), |numbers| {
        let mut marks = Marks::default();
        run(&mut Choices { numbers: numbers.into_iter() }, &mut marks);
        let mut coverage = coverage.borrow_mut();
        coverage.runs += 1;
        for mark in marks.0 {
            *coverage.marks.entry(mark).or_default() += 1;
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let coverage = coverage.into_inner();
    println!("{coverage:#?}");
    coverage
}

/// An aggregate with everything that ever happened to it.
#[derive(Clone)]
pub struct Watched<A: Aggregate> {
    state: A,
    events: Vec<Recorded<A::Event>>,
    entries: Vec<Entry>,
    /// Decided earlier on this state and never applied.
    forgotten: Vec<Decision<A>>,
}

impl<A: Aggregate> Watched<A> {
    /// What a creating decision brings about.
    pub fn begin(decision: &Decision<A>) -> Self {
        let (state, entries) = decision.found().unwrap();
        Self { state, events: decision.events().to_vec(), entries, forgotten: Vec::new() }
    }

    /// The state.
    pub fn state(&self) -> &A {
        &self.state
    }

    /// The kinds of all that happened, in order.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.events.iter().map(|recorded| recorded.event.kind())
    }

    /// How often this happened.
    pub fn count(&self, kind: &str) -> usize {
        self.kinds().filter(|other| *other == kind).count()
    }

    /// Everything that happened, in order.
    pub fn events(&self) -> &[Recorded<A::Event>] {
        &self.events
    }

    /// Applies what was decided, or sees that a refusal changed nothing. Returns the kinds of the
    /// events that happened.
    pub fn follow<E: Debug>(
        &mut self,
        before: &A,
        outcome: Result<Decision<A>, E>,
    ) -> Result<Vec<&'static str>, E> {
        assert_eq!(self.state, *before, "deciding changes nothing");
        let decision = outcome?;
        let revision = self.state.revision();
        assert_eq!(decision.expected(), revision);
        let entries = decision.apply_to(&mut self.state).unwrap();
        assert_eq!(entries.len(), decision.events().len(), "one entry for each event");
        assert_eq!(self.state.revision(), decision.reached());
        self.entries.extend(entries);
        self.events.extend_from_slice(decision.events());
        if !decision.is_empty() {
            self.refuse_forgotten();
            let again = decision.apply_to(&mut self.state.clone()).unwrap_err();
            assert!(again.code().ends_with("stale_revision"), "{again:?}");
        }
        Ok(decision.kinds())
    }

    /// Keeps a decision that another writer made on the same state and was too late with.
    pub fn forget(&mut self, decision: Decision<A>) {
        if !decision.is_empty() {
            self.forgotten.push(decision);
        }
    }

    fn refuse_forgotten(&mut self) {
        for late in self.forgotten.drain(..) {
            let before = self.state.clone();
            let refused = late.apply_to(&mut self.state).unwrap_err();
            assert!(refused.code().ends_with("stale_revision"), "{refused:?}");
            assert_eq!(self.state, before, "whoever is late changes nothing");
        }
    }

    /// What holds for every aggregate at any time: the trail is gapless and complete, the events
    /// give the state again, and both survive being stored.
    pub fn check(&self) {
        assert_eq!(audit::verify(&self.entries, Some(self.state.head())), Ok(Verdict::Complete));
        let numbers: Vec<u64> = self.entries.iter().map(Entry::seq).collect();
        assert!(numbers.iter().copied().eq(0..self.state.revision().get()));
        assert_eq!(A::replay(&self.events).unwrap(), self.state, "replay gives the state");

        let stored = serde_json::to_string(&self.events).unwrap();
        let read: Vec<Recorded<A::Event>> = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, self.events);
        assert_eq!(A::replay(&read).unwrap(), self.state, "stored events give the state");
        let stored = serde_json::to_string(&Snapshot::of(&self.state)).unwrap();
        let read: Snapshot<'_, A> = serde_json::from_str(&stored).unwrap();
        assert_eq!(read.into_state(), self.state, "a stored state is read back");
        if let Some((_, shorter)) = self.entries.split_last().filter(|(_, rest)| !rest.is_empty()) {
            let cut = audit::verify(shorter, Some(self.state.head()));
            assert_eq!(cut.unwrap_err().code(), "audit.head_mismatch");
        }
    }
}
