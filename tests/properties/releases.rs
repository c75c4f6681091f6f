//! Contracts that are complete, and attempts to undo them: the one way out of a terminal state.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::contract::{
    Allowance, Command, Contract, ContractName, Edit, Error, NewContract, Phase, Placements,
    Reason, ReleasePlan, SlotState, StartFacts,
};
use sealwright::organization::{By, Entitlements};
use time::{Duration, OffsetDateTime};

use crate::cast::{Cast, Who};
use crate::drafts::{document, two_seals};
use crate::people::START;
use crate::sequence::{Choices, Marks, Watched, explore};
use crate::signatures::record;

const SIGNERS: [usize; 2] = [3, 8];

fn edits(cast: &Cast) -> Vec<Edit> {
    two_seals(cast, SIGNERS.map(|number| (number, cast.employees[number].1.person().clone())))
}

/// What a start rests on, where the document is as it was attached.
fn with_start<T>(start: impl FnOnce(&StartFacts<'_>) -> T) -> T {
    let document = document("doc_1");
    start(&StartFacts {
        placements: &Placements::default(),
        documents: &[(document.id().clone(), *document.digest())].into(),
        entitlements: Entitlements::NONE,
        quota: Allowance::Unlimited,
        withheld: &BTreeMap::new(),
    })
}

/// Whoever is to sign next does, or this one does; nothing if he may not.
fn sign(
    contract: &mut Watched<Contract>,
    slot: Option<usize>,
    cast: &Cast,
    now: OffsetDateTime,
    revision: usize,
) -> Result<(), Error> {
    let before = contract.state().clone();
    let due = before.slots().iter().position(|it| it.state() == SlotState::ToSign);
    let Some(slot) = slot.or(due) else { return Ok(()) };
    let record = record(&before, &before.slots()[slot], revision);
    let by = cast.by(Who::Employee(SIGNERS[slot]));
    let outcome = before.decide(Command::AssertSigned(Box::new(record)), &by, now);
    contract.follow(&before, outcome).map(drop)
}

/// A contract that both companies have signed.
fn completed(cast: &Cast) -> Watched<Contract> {
    let name = ContractName::parse("框架协议").unwrap();
    let new = NewContract::new("con_0".parse().unwrap(), name);
    let (booker, by) = (cast.staff(1), By::Staff(cast.staff(1)));
    let mut contract =
        Watched::begin(&Contract::create(new, &booker, Allowance::Unlimited, START).unwrap());
    for edit in edits(cast) {
        let before = contract.state().clone();
        contract.follow(&before, before.decide(Command::Edit(edit), &by, START)).unwrap();
    }
    let before = contract.state().clone();
    let started = with_start(|facts| before.start(facts, &by, START)).unwrap();
    contract.follow(&before, Ok::<_, Error>(started.contract)).unwrap();
    for revision in 0..2 {
        sign(&mut contract, None, cast, START, revision).unwrap();
    }
    assert_eq!(contract.state().phase(), Phase::Completed);
    contract
}

struct Run<'c> {
    cast: &'c Cast,
    original: Watched<Contract>,
    releases: Vec<Watched<Contract>>,
    now: OffsetDateTime,
}

impl Run<'_> {
    fn start(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let before = self.original.state().clone();
        let controls = edits(self.cast).into_iter().filter_map(|edit| match edit {
            Edit::ControlPlaced { control } => Some(*control),
            _ => None,
        });
        let plan = ReleasePlan {
            id: format!("con_{}", self.releases.len() + 1).parse().unwrap(),
            name: ContractName::parse("解除协议").unwrap(),
            deadline: None,
            document: document("doc_1"),
            controls: controls.collect(),
            replacements: BTreeMap::new(),
            organizations: &[],
            acknowledged: BTreeSet::new(),
        };
        let previous = self.releases.last().map(Watched::state).filter(|_| choices.percent(90));
        let by = self.cast.staff(choices.one_of(&[1, 6, 0, 2]));
        let outcome =
            with_start(|facts| before.start_release(plan, previous, facts, &by, self.now));
        match outcome {
            Ok(started) => {
                let live = self.releases.iter().any(|it| !it.state().phase().is_terminal());
                assert!(!live, "one release at a time");
                self.original.follow(&before, Ok::<_, Error>(started.original)).unwrap();
                self.releases.push(Watched::begin(&started.release));
                marks.reached(format!("release {} started", self.releases.len().min(2)));
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    fn go_on(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let now = self.now;
        let Some(last) = self.releases.last_mut() else { return };
        let before = last.state().clone();
        let slot = choices.below(2);
        let (by, id) =
            (self.cast.by(Who::Employee(SIGNERS[slot])), before.slots()[slot].id().clone());
        let outcome = match choices.below(10) {
            0..3 => {
                let reason = Reason::parse("不同意").unwrap();
                let decline = Command::Decline { slot: id, reason };
                let outcome = before.decide(decline, &by, now);
                last.follow(&before, outcome).map(drop)
            }
            3 => {
                let outcome = before.decide(Command::Expire, &By::System, now);
                last.follow(&before, outcome).map(drop)
            }
            _ => sign(last, choices.percent(20).then_some(slot), self.cast, now, choices.below(99)),
        };
        outcome.unwrap_or_else(|error| marks.reached(error.code()));
        marks.reached(format!("release {}", last.state().phase()));
    }

    /// Anything else that somebody may try on a contract that is complete or released.
    fn disturb(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let before = self.original.state().clone();
        let slot = before.slots()[0].clone();
        let reason = || Reason::parse("反悔").unwrap();
        let by = self.cast.by(Who::Employee(choices.one_of(&[0, 1, 3, 8])));
        let command = match choices.below(8) {
            0 => Command::AssertSigned(Box::new(record(&before, &slot, 7))),
            1 => Command::Decline { slot: slot.id().clone(), reason: reason() },
            2 => Command::Expire,
            3 => Command::ExtendDeadline { slot: None, to: self.now + Duration::days(900) },
            4 => Command::Archive,
            5 if choices.percent(10) => Command::Purge,
            6 => {
                let cancelled = before.cancel(reason(), &by, None, self.now).unwrap_err();
                return marks.reached(cancelled.code());
            }
            _ => Command::Edit(Edit::Acknowledged { warnings: BTreeSet::new() }),
        };
        let outcome = before.decide(command, &by, self.now);
        match self.original.follow(&before, outcome) {
            Ok(kinds) => {
                let kept = ["contract.archived", "contract.purged"];
                assert!(kinds.iter().all(|kind| kept.contains(kind)), "{kinds:?}");
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    fn release(&mut self, choices: &mut Choices, marks: &mut Marks) {
        if self.releases.is_empty() {
            return;
        }
        let before = self.original.state().clone();
        let release = self.releases[choices.below(self.releases.len())].state().clone();
        let command = Command::CompleteRelease { release: &release };
        match self.original.follow(&before, before.decide(command, &By::System, self.now)) {
            Ok(_) => {
                assert_eq!(release.phase(), Phase::Completed, "both signed that it is undone");
                assert_eq!(before.released_by(), Some(release.id()));
            }
            Err(error) => marks.reached(error.code()),
        }
    }
}

#[test]
fn c20_and_c21_random_sequences_release_once_and_by_a_signed_agreement_only() {
    let cast = Cast::new();
    let finished = completed(&cast);
    let coverage = explore(192, 300, |choices, marks| {
        let mut run =
            Run { cast: &cast, original: finished.clone(), releases: Vec::new(), now: START };
        while choices.more() {
            let hours = if choices.percent(4) { 24 * 8 } else { choices.below(20) };
            run.now += Duration::hours(i64::try_from(hours).unwrap());
            match choices.below(8) {
                0 | 1 => run.start(choices, marks),
                2..5 => run.go_on(choices, marks),
                5 => run.release(choices, marks),
                _ => run.disturb(choices, marks),
            }
            let phase = run.original.state().phase();
            assert!(matches!(phase, Phase::Completed | Phase::Released), "{phase}");
            assert!(run.original.count("contract.released") <= 1);
            let slots = run.original.state().slots().iter();
            let expected =
                if phase == Phase::Released { SlotState::Released } else { SlotState::Signed };
            assert!(slots.into_iter().all(|slot| slot.state() == expected));
            marks.reached(phase);
        }
        run.original.check();
        run.releases.iter().for_each(Watched::check);
    });
    for mark in ["release 1 started", "released", "con.illegal_transition"] {
        coverage.require(mark, 40);
    }
    for mark in ["release 2 started", "con.release_exists", "con.release_forbidden"] {
        coverage.require(mark, 20);
    }
    for mark in ["release rejected", "release expired", "emp.no_permission"] {
        coverage.require(mark, 5);
    }
}
