//! R-SIGN-12: the seals that a signer chose, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::chain::documents_of;
use super::check_use::{SpokenFor, check_use_beside, usable_grants};
use super::{
    ChainFacts, ContractFacts, DocumentState, Error, Refused, Seal, SealGrant, SealPermit,
    UseOutcome, UseRecord, UseRequest,
};
use crate::contract::{self, Contract, ControlKey, SigningAttempt, Slot};
use crate::identity::{SealId, SlotId};
use crate::organization::{Employee, Staff};

/// R-SIGN-12, for one seal after the other.
pub(super) struct Link<'a, 'f> {
    pub(super) contract: &'a Contract,
    pub(super) slot: &'a Slot,
    pub(super) attempt: &'a SigningAttempt,
    pub(super) facts: &'f ChainFacts<'a>,
    pub(super) now: OffsetDateTime,
}

impl<'a> Link<'a, '_> {
    /// Every seal that was chosen, while these uses of grants are spoken for.
    pub(super) fn check_seals(
        &self,
        user: Option<Staff<'a>>,
        spoken_for: &SpokenFor<'_>,
    ) -> Result<Vec<PassedUse<'a>>, Refused> {
        let slot = self.slot;
        let register: BTreeMap<&SealId, &'a Seal> =
            self.facts.seals.iter().map(|seal| (seal.id(), *seal)).collect();
        let mut grants: BTreeMap<&SealId, &'a SealGrant> = BTreeMap::new();
        let mut uses = Vec::new();
        for (control, id) in self.attempt.seals() {
            let found = register.get(id).copied();
            let seal = found.ok_or_else(|| Error::SealNotFound { seal: id.clone() })?;
            let user = user.ok_or(contract::Error::NotASigner)?;
            let employee = user.employee();
            let grant = match grants.get(id) {
                Some(grant) => *grant,
                None => check_use_beside(&self.question(seal, user), spoken_for, self.now)
                    .map_err(|error| self.refused(seal, employee, error))?,
            };
            grants.insert(id, grant);
            uses.push(PassedUse { control, slot: slot.id(), seal, grant, employee });
        }
        Ok(uses)
    }

    /// The grants that would do for each seal that was chosen, once for each.
    pub(super) fn usable(&self) -> Vec<Vec<&'a SealGrant>> {
        let chosen: BTreeSet<&SealId> = self.attempt.seals().map(|(_, seal)| seal).collect();
        let user = self.facts.user_in(self.slot);
        let seals = self.facts.seals.iter().filter(|seal| chosen.contains(seal.id()));
        let wishes = seals.filter_map(|seal| Some(self.question(seal, user?)));
        wishes.map(|question| usable_grants(&question, self.now)).collect()
    }

    fn question(&self, seal: &'a Seal, user: Staff<'a>) -> UseRequest<'a> {
        let facts = self.facts;
        UseRequest {
            employee: user.employee(),
            // The party is the organization that he signs for (R-SIGN-03).
            signs_for: user.organization(),
            seal,
            grants: facts.grants,
            contract: ContractFacts {
                id: self.contract.id(),
                group: self.contract.group().map(|membership| &membership.id),
                contract_type: facts.contract_type,
                ceremony: self.contract.ceremony(),
            },
            slot: self.slot.id(),
            review: self.slot.review(),
        }
    }

    fn refused(&self, seal: &Seal, employee: &Employee, error: Error) -> Refused {
        match self.denied(seal, employee, &error) {
            Ok(record) => Refused { error, denied: Some(Box::new(record)) },
            Err(broken) => broken.into(),
        }
    }

    fn denied(&self, seal: &Seal, employee: &Employee, error: &Error) -> Result<UseRecord, Error> {
        let (contract, slot) = (self.contract.id(), self.slot.id());
        let at = self.now.unix_timestamp_nanos().to_string();
        let who = employee.id().as_str();
        let parts =
            ["denied", contract.as_str(), slot.as_str(), seal.id().as_str(), who, at.as_str()];
        let current = seal.current();
        let controls = self.attempt.seals().filter(|(_, chosen)| *chosen == seal.id());
        Ok(UseRecord {
            id: UseRecord::id_of(&parts)?,
            seal: seal.id().clone(),
            kind: seal.kind().clone(),
            organization: seal.organization().clone(),
            version: current.number,
            face: current.image.face(),
            employee: employee.id().clone(),
            contract: contract.clone(),
            slot: slot.clone(),
            controls: controls.map(|(control, _)| control.clone()).collect(),
            documents: documents_of(self.contract),
            at: self.now,
            outcome: UseOutcome::Denied { code: error.code().to_owned() },
        })
    }
}

/// A use of a seal that passed.
pub(super) struct PassedUse<'a> {
    pub(super) control: &'a ControlKey,
    slot: &'a SlotId,
    pub(super) seal: &'a Seal,
    pub(super) grant: &'a SealGrant,
    employee: &'a Employee,
}

impl PassedUse<'_> {
    pub(super) fn permit(
        &self,
        contract: &Contract,
        documents: &[DocumentState],
        (at, until): (OffsetDateTime, OffsetDateTime),
    ) -> Result<SealPermit, Error> {
        let document = documents.iter().find(|state| state.document == self.control.document);
        let document = document.ok_or_else(|| contract::Error::DocumentUnknown {
            document: self.control.document.clone(),
        })?;
        let current = self.seal.current();
        Ok(SealPermit {
            control: self.control.clone(),
            contract: contract.id().clone(),
            slot: self.slot.clone(),
            employee: self.employee.id().clone(),
            organization: self.seal.organization().clone(),
            seal: self.seal.id().clone(),
            kind: self.seal.kind().clone(),
            version: current.number,
            face: current.image.face(),
            source: current.image.source(),
            document: document.clone(),
            grant: self.grant.id().clone(),
            granted: self.grant.validity(),
            at,
            until,
        })
    }
}
