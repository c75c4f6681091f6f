//! Groups of contracts: signed, declined and withdrawn as one act, or not at all.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::contract::{
    Allowance, Cause, Command, Contract, ContractName, Edit, Error, Group, Membership, NewContract,
    Phase, Placements, Reason, SlotState, StartFacts,
};
use sealwright::decision::Decision;
use sealwright::identity::SlotId;
use sealwright::organization::{By, Entitlement, Entitlements, Feature, Terms, Window};
use time::{Duration, OffsetDateTime};

use crate::cast::{Cast, Who};
use crate::drafts::two_seals;
use crate::people::{START, digest};
use crate::sequence::{Choices, Marks, Watched, explore};
use crate::signatures::record;

const SIGNERS: [usize; 2] = [3, 8];
const SIZE: u8 = 3;

/// A group of contracts that both companies sign, started, each on a unit of the quota.
fn started(cast: &Cast) -> (Vec<Watched<Contract>>, Watched<Entitlement>) {
    let window = Window::new(START, None).unwrap();
    let terms = Terms { quota: Some(u64::from(SIZE)), ..Terms::within(window) };
    let (id, owner) = ("quota".parse().unwrap(), cast.companies[0].id());
    let granted = Entitlement::grant(&id, owner, Feature::Contracts, terms, &By::System, START);
    let mut quota = Watched::begin(&granted.unwrap());
    let (booker, by) = (cast.staff(1), By::Staff(cast.staff(1)));
    let contract = |number: u8| {
        let name = ContractName::parse("框架协议及附件").unwrap();
        let id = format!("con_{number}").parse().unwrap();
        let group = Some(Membership::new("group_1".parse().unwrap(), SIZE).unwrap());
        let new = NewContract { group, ..NewContract::new(id, name) };
        let created = Contract::create(new, &booker, Allowance::Unlimited, START).unwrap();
        let mut contract = Watched::begin(&created);
        let facts = |signer: usize| (signer, cast.employees[signer].1.person().clone());
        for edit in two_seals(cast, SIGNERS.map(facts)) {
            let before = contract.state().clone();
            contract.follow(&before, before.decide(Command::Edit(edit), &by, START)).unwrap();
        }
        let (before, unit) = (contract.state().clone(), quota.state().clone());
        let documents: BTreeMap<_, _> =
            before.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
        let facts = StartFacts {
            placements: &Placements::default(),
            documents: &documents,
            entitlements: Entitlements::NONE,
            quota: Allowance::On(&unit),
            withheld: &BTreeMap::new(),
        };
        let started = before.start(&facts, &by, START).unwrap();
        contract.follow(&before, Ok::<_, Error>(started.contract)).unwrap();
        quota.follow(&unit, Ok::<_, Error>(started.quota.unwrap())).unwrap();
        contract
    };
    ((0..SIZE).map(contract).collect(), quota)
}

struct Run<'c> {
    cast: &'c Cast,
    contracts: Vec<Watched<Contract>>,
    quota: Watched<Entitlement>,
    now: OffsetDateTime,
    /// One of them ended on its own.
    apart: bool,
}

impl Run<'_> {
    fn states(&self) -> Vec<Contract> {
        self.contracts.iter().map(|watched| watched.state().clone()).collect()
    }

    /// Stores what was decided on all of them, or sees that nothing was.
    fn store(
        &mut self,
        outcome: Result<Vec<Decision<Contract>>, Error>,
        mark: &str,
        marks: &mut Marks,
    ) {
        match outcome {
            Ok(decisions) => {
                assert_eq!(decisions.len(), self.contracts.len(), "all of them");
                for (watched, decision) in self.contracts.iter_mut().zip(decisions) {
                    let before = watched.state().clone();
                    watched.follow(&before, Ok::<_, Error>(decision)).unwrap();
                }
                marks.reached(mark);
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    fn sign(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let states = self.states();
        let due = states[0].slots().iter().position(|it| it.state() == SlotState::ToSign);
        let slot = if choices.percent(85) { due.unwrap_or(0) } else { choices.below(2) };
        let revision = choices.below(10_000);
        let mut records: Vec<_> =
            states.iter().map(|it| record(it, &it.slots()[slot], revision)).collect();
        let broken = choices.percent(20);
        if broken {
            let one = choices.below(records.len());
            match choices.below(3) {
                0 => records[one].documents[0].before = digest("stale"),
                1 => records[one].applications.clear(),
                _ => drop(records.remove(one)),
            }
        }
        let by = self.cast.by(Who::Employee(SIGNERS[slot]));
        let group = Group::of(states.iter().collect()).unwrap();
        let outcome = group.assert_signed(records, &by, self.now);
        assert!(!broken || outcome.is_err(), "one that fails keeps all from being signed");
        self.store(outcome, "group signed", marks);
    }

    fn end(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let states = self.states();
        let group = Group::of(states.iter().collect()).unwrap();
        let reason = Reason::parse("暂缓").unwrap();
        let slot = choices.below(2);
        match choices.below(3) {
            0 => {
                let slots: Vec<SlotId> =
                    states.iter().map(|it| it.slots()[slot].id().clone()).collect();
                let by = self.cast.by(Who::Employee(SIGNERS[slot]));
                let outcome = group.decline(slots, &reason, &by, self.now);
                self.store(outcome, "group declined", marks);
            }
            1 => {
                let by = self.cast.by(self.cast.manager_of(choices.below(2)));
                let to = self.now + Duration::days(i64::try_from(choices.below(800)).unwrap());
                let outcome = group.extend_deadline(to, &by, self.now);
                self.store(outcome, "group extended", marks);
            }
            _ => {
                let by = self.cast.by(self.cast.manager_of(choices.below(2)));
                let quota = self.quota.state().clone();
                let human = states.iter().any(Contract::has_human_signature);
                match group.cancel(&reason, &by, Some(&quota), self.now) {
                    Ok(cancelled) => {
                        let live = states.iter().filter(|it| !it.phase().is_terminal()).count();
                        assert_eq!(cancelled.len(), live);
                        for one in cancelled {
                            assert_eq!(one.quota.is_some(), !human, "units come back untouched");
                            if let Some(decision) = one.quota {
                                let before = self.quota.state().clone();
                                self.quota.follow(&before, Ok::<_, Error>(decision)).unwrap();
                            }
                            let id = one.contract.id().to_owned();
                            let found =
                                |it: &&mut Watched<Contract>| it.state().id().as_str() == id;
                            let watched = self.contracts.iter_mut().find(found).unwrap();
                            let before = watched.state().clone();
                            watched.follow(&before, Ok::<_, Error>(one.contract)).unwrap();
                        }
                        marks.reached("group cancelled");
                    }
                    Err(error) => marks.reached(error.code()),
                }
            }
        }
    }

    /// What a single member is asked to do.
    fn alone(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let number = choices.below(self.contracts.len());
        let before = self.contracts[number].state().clone();
        let slot = &before.slots()[choices.below(2)];
        let signer = usize::from(slot.id().as_str() == "slot_1");
        let by = self.cast.by(Who::Employee(SIGNERS[signer]));
        let reason = Reason::parse("暂缓").unwrap();
        let (together, command) = match choices.below(6) {
            0 => (true, Command::AssertSigned(Box::new(record(&before, slot, 3)))),
            1 => (true, Command::Decline { slot: slot.id().clone(), reason }),
            2 => (true, Command::ExtendDeadline { slot: None, to: self.now + Duration::days(900) }),
            3 if choices.percent(10) => {
                let slot = slot.id().clone();
                (false, Command::Invalidate(Cause::SignerRenamed { slot }))
            }
            4 => (false, Command::Remind { slot: slot.id().clone() }),
            _ => (false, Command::Edit(Edit::Acknowledged { warnings: BTreeSet::new() })),
        };
        let outcome = before.decide(command, &by, self.now);
        assert!(!together || outcome.is_err(), "a member does not go its own way");
        match self.contracts[number].follow(&before, outcome) {
            Ok(kinds) => self.apart |= kinds.contains(&"contract.invalidated"),
            Err(error) => marks.reached(error.code()),
        }
    }

    fn check(&self) {
        let states = self.states();
        let signed = |it: &Contract| -> Vec<SlotId> {
            let signed = it.slots().iter().filter(|slot| slot.state() == SlotState::Signed);
            signed.map(|slot| slot.id().clone()).collect()
        };
        let first = signed(&states[0]);
        assert!(states.iter().all(|it| signed(it) == first), "signed in all or in none");
        let group = Group::of(states.iter().collect()).unwrap();
        assert!(group.is_in_step() || self.apart);
        let quota = self.quota.state().quota().unwrap();
        assert_eq!(quota.used() + quota.left(), u64::from(SIZE));
    }
}

#[test]
fn c11_to_c13_random_sequences_keep_a_group_together() {
    let cast = Cast::new();
    let (contracts, quota) = started(&cast);
    let coverage = explore(160, 120, |choices, marks| {
        let (contracts, quota) = (contracts.clone(), quota.clone());
        let mut run = Run { cast: &cast, contracts, quota, now: START, apart: false };
        while choices.more() {
            run.now += Duration::minutes(i64::try_from(choices.below(90)).unwrap());
            match choices.below(10) {
                0..3 => run.sign(choices, marks),
                3 => run.end(choices, marks),
                _ => run.alone(choices, marks),
            }
            run.check();
            if run.contracts.iter().all(|it| it.state().phase() == Phase::Completed) {
                marks.reached("group completed");
            }
        }
        run.contracts.iter().for_each(Watched::check);
        run.quota.check();
    });
    for mark in ["group signed", "con.illegal_transition"] {
        coverage.require(mark, 40);
    }
    for mark in ["group completed", "group cancelled", "con.group_incomplete"] {
        coverage.require(mark, 10);
    }
    for mark in ["group declined", "group extended", "doc.hash_mismatch", "con.not_your_turn"] {
        coverage.require(mark, 3);
    }
}
