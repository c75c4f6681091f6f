//! The contracts of a meeting start one after the other, each on what the one before left.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::booking::{BookingFacts, ContractToStart};
use super::error::Error;
use crate::contract::{Allowance, Command, Contract, Edit, StartFacts, Validation, WarningCode};
use crate::decision::Decision;
use crate::identity::{CeremonyId, Factors, SlotId};
use crate::organization::{By, Entitlement};

/// The starts so far.
pub(super) struct Starts<'a> {
    meeting: &'a CeremonyId,
    facts: &'a BookingFacts<'a>,
    by: &'a By<'a>,
    now: OffsetDateTime,
    /// The entitlement as it is after the units reserved so far.
    quota: Option<Entitlement>,
    contracts: Vec<Decision<Contract>>,
    quotas: Vec<Decision<Entitlement>>,
}

impl<'a> Starts<'a> {
    pub(super) fn new(
        meeting: &'a CeremonyId,
        facts: &'a BookingFacts<'a>,
        by: &'a By<'a>,
        now: OffsetDateTime,
    ) -> Self {
        Self { meeting, facts, by, now, quota: None, contracts: Vec::new(), quotas: Vec::new() }
    }

    pub(super) fn start(
        &mut self,
        one: &ContractToStart<'_>,
        validation: &Validation,
        withheld: &BTreeMap<(SlotId, usize), Factors>,
    ) -> Result<(), Error> {
        let seen = validation.warnings.iter().map(crate::contract::Warning::code);
        let accepted = self.accept(one.contract, seen.collect())?;
        let contract = accepted.as_ref().unwrap_or(one.contract);
        let quota = match (self.facts.quota, &self.quota) {
            (Allowance::On(_), Some(left)) => Allowance::On(left),
            (given, _) => given,
        };
        let facts = StartFacts { quota, withheld, ..start_facts(one, self.facts) };
        let started = contract.start_at(Some(self.meeting), &facts, self.by, self.now)?;
        self.contracts.push(started.contract);
        if let (Some(reserved), Allowance::On(before)) = (started.quota, quota) {
            let mut left = before.clone();
            reserved.apply_to(&mut left)?;
            self.quota = Some(left);
            self.quotas.push(reserved);
        }
        Ok(())
    }

    pub(super) fn decisions(self) -> (Vec<Decision<Contract>>, Vec<Decision<Entitlement>>) {
        (self.contracts, self.quotas)
    }

    /// What the booker accepted of a contract's warnings is written into the contract itself; then
    /// this is the contract to start.
    fn accept(
        &mut self,
        contract: &Contract,
        seen: BTreeSet<WarningCode>,
    ) -> Result<Option<Contract>, Error> {
        if seen.is_subset(contract.acknowledged()) {
            return Ok(None);
        }
        let warnings = contract.acknowledged().union(&seen).copied().collect();
        let edit = Command::Edit(Edit::Acknowledged { warnings });
        let decision = contract.decide(edit, self.by, self.now)?;
        let mut accepted = contract.clone();
        decision.apply_to(&mut accepted)?;
        self.contracts.push(decision);
        Ok(Some(accepted))
    }
}

/// Everything that is wrong or unusual with a contract, as its start will see it.
pub(super) fn validate(
    one: &ContractToStart<'_>,
    facts: &BookingFacts<'_>,
    now: OffsetDateTime,
) -> Validation {
    one.contract.validate(&start_facts(one, facts), now)
}

fn start_facts<'a>(one: &ContractToStart<'a>, facts: &BookingFacts<'a>) -> StartFacts<'a> {
    static NOBODY: BTreeMap<(SlotId, usize), Factors> = BTreeMap::new();
    StartFacts {
        placements: one.placements,
        documents: one.documents,
        entitlements: facts.entitlements,
        quota: facts.quota,
        withheld: &NOBODY,
    }
}
