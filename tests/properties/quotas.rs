//! Departments and quotas under random commands: small states that are known in full at each step.

use std::collections::BTreeMap;

use sealwright::contract::{
    Allowance, Command, Contract, ContractName, Error, NewContract, Placements, Reason, StartFacts,
};
use sealwright::decision::Decision;
use sealwright::organization::{
    By, Entitlement, EntitlementCommand, Entitlements, Feature, Label, OrganizationCommand, Terms,
    Window,
};
use time::{Duration, OffsetDateTime};

use crate::cast::{Cast, Who};
use crate::drafts::two_seals;
use crate::people::{START, active};
use crate::sequence::{Choices, Watched, explore};
use crate::signatures::record;

#[test]
fn org_departments_stay_a_tree() {
    let coverage = explore(96, 200, |choices, marks| {
        let mut organization = active("org_0", 0).0;
        let name = Label::parse("部门").unwrap();
        while choices.more() {
            let department =
                |choices: &mut Choices| format!("dep_{}", choices.below(6)).parse().unwrap();
            let parent = choices.percent(70).then(|| department(choices));
            let id = department(choices);
            let command = match choices.below(5) {
                0 | 1 => OrganizationCommand::AddDepartment { id, name: name.clone(), parent },
                2 | 3 => OrganizationCommand::MoveDepartment { id, parent },
                _ => OrganizationCommand::RemoveDepartment { id, members: choices.below(2) },
            };
            match organization.decide(command, &By::System, START) {
                Ok(decision) => {
                    decision.kinds().into_iter().for_each(|kind| marks.reached(kind));
                    decision.apply_to(&mut organization).unwrap();
                }
                Err(error) => marks.reached(error.code()),
            }
            let all = organization.departments();
            for (id, _) in all.iter() {
                let mut above = Some(id.clone());
                for _ in 0..=all.len() {
                    above = above.and_then(|id| all.get(&id).unwrap().parent.clone());
                }
                assert_eq!(above, None, "{id} lies below itself");
            }
        }
    });
    for mark in ["org.department_moved", "org.department_cycle", "org.department_in_use"] {
        coverage.require(mark, 50);
    }
    coverage.require("org.department_removed", 20);
}

const SIGNERS: [usize; 2] = [3, 8];

/// Contracts that are started, signed, declined, cancelled and left to expire on one quota.
struct Counted<'c> {
    cast: &'c Cast,
    quota: Watched<Entitlement>,
    drafts: Vec<Contract>,
    /// Each contract, and whether it holds a unit by the book-keeping of the test.
    contracts: Vec<(Contract, bool)>,
    now: OffsetDateTime,
}

impl Counted<'_> {
    fn start(&mut self, until: OffsetDateTime) -> Result<(), Error> {
        let (draft, unit) = (self.drafts[self.contracts.len()].clone(), self.quota.state().clone());
        let documents =
            draft.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
        let facts = StartFacts {
            placements: &Placements::default(),
            documents: &documents,
            entitlements: Entitlements::NONE,
            quota: Allowance::On(&unit),
            withheld: &BTreeMap::new(),
        };
        let started = draft.start(&facts, &By::Staff(self.cast.staff(1)), self.now)?;
        assert!(self.now < until && unit.quota().unwrap().left() > 0);
        self.quota.follow(&unit, Ok::<_, Error>(started.quota.unwrap())).unwrap();
        self.contracts.push((after(draft, &started.contract), true));
        Ok(())
    }

    fn cancel(&mut self, number: usize) -> Result<(), Error> {
        let (contract, unit) = (self.contracts[number].0.clone(), self.quota.state().clone());
        let reason = Reason::parse("条款有误").unwrap();
        let by = By::Staff(self.cast.staff(1));
        let cancelled = contract.cancel(reason, &by, Some(&unit), self.now)?;
        assert_eq!(cancelled.quota.is_some(), !contract.has_human_signature());
        if let Some(returned) = cancelled.quota {
            self.quota.follow(&unit, Ok::<_, Error>(returned)).unwrap();
            self.contracts[number].1 = false;
        }
        self.contracts[number].0 = after(contract, &cancelled.contract);
        Ok(())
    }

    /// Whatever else happens to a contract keeps its unit.
    fn go_on(&mut self, number: usize, choices: &mut Choices) -> Result<(), Error> {
        let contract = self.contracts[number].0.clone();
        let due = contract.pending().next().cloned();
        let slot = due.unwrap_or_else(|| contract.slots()[0].clone());
        let signer = SIGNERS[usize::from(slot.id().as_str() == "slot_1")];
        let by = self.cast.by(Who::Employee(signer));
        let reason = Reason::parse("条款有误").unwrap();
        let (command, by) = match choices.below(6) {
            0 => (Command::Decline { slot: slot.id().clone(), reason }, by),
            1 => (Command::Expire, By::System),
            _ => (Command::AssertSigned(Box::new(record(&contract, &slot, 1))), by),
        };
        let decision = contract.decide(command, &by, self.now)?;
        self.contracts[number].0 = after(contract, &decision);
        Ok(())
    }
}

fn after(mut contract: Contract, decision: &Decision<Contract>) -> Contract {
    decision.apply_to(&mut contract).unwrap();
    contract
}

fn drafts(cast: &Cast) -> Vec<Contract> {
    let (booker, by) = (cast.staff(1), By::Staff(cast.staff(1)));
    let draft = |number: usize| {
        let name = ContractName::parse("协议").unwrap();
        let new = NewContract::new(format!("con_{number}").parse().unwrap(), name);
        let created = Contract::create(new, &booker, Allowance::Unlimited, START).unwrap();
        let facts = |signer: usize| (signer, cast.employees[signer].1.person().clone());
        let edits = two_seals(cast, SIGNERS.map(facts)).into_iter();
        edits.fold(created.found().unwrap().0, |draft, edit| {
            let decision = draft.decide(Command::Edit(edit), &by, START).unwrap();
            after(draft, &decision)
        })
    };
    (0..6).map(draft).collect()
}

#[test]
fn r_ent_01_random_sequences_conserve_the_quota() {
    let cast = Cast::new();
    let drafts = drafts(&cast);
    let coverage = explore(128, 200, |choices, marks| {
        let mut limit = u64::try_from(choices.below(6)).unwrap();
        let until = START + Duration::hours(2 + i64::try_from(choices.below(20)).unwrap());
        let window = Window::new(START, Some(until)).unwrap();
        let terms = Terms { quota: Some(limit), ..Terms::within(window) };
        let (id, owner) = ("ent_1".parse().unwrap(), cast.companies[0].id());
        let granted =
            Entitlement::grant(&id, owner, Feature::Contracts, terms, &By::System, START).unwrap();
        let quota = Watched::begin(&granted);
        let (drafts, contracts) = (drafts.clone(), Vec::new());
        let mut run = Counted { cast: &cast, quota, drafts, contracts, now: START };
        while choices.more() {
            run.now += Duration::minutes(i64::try_from(choices.below(90)).unwrap());
            let number = choices.below(run.contracts.len().max(1));
            let (kind, outcome) = match choices.below(12) {
                0..4 if run.contracts.len() < run.drafts.len() => ("started", run.start(until)),
                4..7 if !run.contracts.is_empty() => ("cancelled", run.cancel(number)),
                7..10 if !run.contracts.is_empty() => ("went on", run.go_on(number, choices)),
                10 | 11 => {
                    limit = u64::try_from(choices.below(9)).unwrap();
                    let before = run.quota.state().clone();
                    let command = EntitlementCommand::ChangeQuota { limit };
                    let changed = before.decide(command, &By::System, run.now);
                    run.quota.follow(&before, changed).unwrap();
                    ("changed", Ok(()))
                }
                _ => continue,
            };
            marks.reached(outcome.map_or_else(|error| error.code(), |()| kind));
            let quota = run.quota.state().quota().unwrap();
            let held = run.contracts.iter().filter(|(_, holds)| *holds).count();
            assert_eq!((quota.limit(), quota.used()), (limit, u64::try_from(held).unwrap()));
            assert_eq!(quota.left(), limit.saturating_sub(quota.used()));
            for (contract, holds) in &run.contracts {
                assert_eq!(contract.quota().is_some(), *holds);
            }
        }
        run.quota.check();
    });
    for mark in ["started", "cancelled", "went on", "changed", "feature.quota_exhausted"] {
        coverage.require(mark, 50);
    }
    for mark in ["feature.expired", "con.illegal_transition"] {
        coverage.require(mark, 10);
    }
}
