//! The contract: what it consists of and the state it is in.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::closing::CertifiedBy;
use super::control::Control;
use super::document::Document;
use super::error::Error;
use super::group::Membership;
use super::name::ContractName;
use super::party::{Cc, Party};
use super::phase::Phase;
use super::settings::Settings;
use super::slot::{Slot, SlotState};
use super::warning::WarningCode;
use crate::decision::{Aggregate, History, Revision};
use crate::identity::{
    Actor, CeremonyId, ContractId, DepartmentId, DocumentId, EmployeeId, EntitlementId,
    OrganizationId, PartyId, SlotId,
};
use crate::organization::{Owner as Responsible, Staff};

/// Who wrote a contract (发起方).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Initiator {
    /// The organization that he acts for.
    pub organization: OrganizationId,
    /// He.
    pub employee: EmployeeId,
    /// The departments he belonged to when he created it: they decide who sees it.
    pub departments: BTreeSet<DepartmentId>,
}

impl Initiator {
    pub(super) fn of(staff: &Staff<'_>) -> Self {
        Self {
            organization: staff.organization().id().clone(),
            employee: staff.employee().id().clone(),
            departments: staff.employee().departments().clone(),
        }
    }

    /// Whose thing the contract is, for data ranges.
    #[must_use]
    pub fn responsible(&self) -> Responsible<'_> {
        Responsible { employee: &self.employee, departments: &self.departments }
    }
}

/// That a signature is being made and others have to wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Who signs.
    pub slot: SlotId,
    /// Until when at most, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// The revision at which it was begun: what a signature under way is known by.
    pub ticket: Revision,
}

/// A contract (合同): documents, parties, signers, controls and the state they are in.
///
/// It changes by events only: [`Contract::create`] and the other verbs return decisions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    pub(super) id: ContractId,
    pub(super) name: ContractName,
    pub(super) initiator: Initiator,
    pub(super) settings: Settings,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) deadline: Option<OffsetDateTime>,
    pub(super) documents: Vec<Document>,
    pub(super) parties: Vec<Party>,
    pub(super) slots: Vec<Slot>,
    pub(super) cc: Vec<Cc>,
    pub(super) controls: Vec<Control>,
    pub(super) acknowledged: BTreeSet<WarningCode>,
    pub(super) phase: Phase,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) started_at: Option<OffsetDateTime>,
    /// The entitlement on which a unit is reserved for this contract.
    pub(super) quota: Option<EntitlementId>,
    /// The meeting that it was booked for.
    pub(super) ceremony: Option<CeremonyId>,
    pub(super) hold: Option<Hold>,
    pub(super) group: Option<Membership>,
    /// The contract that this one releases.
    pub(super) releases: Option<ContractId>,
    /// The contract that releases, or tries to release, this one.
    pub(super) released_by: Option<ContractId>,
    /// Who submitted its start for the review that it is in or was in last.
    #[serde(default)]
    pub(super) submitted_by: Option<Actor>,
    /// Who certifies its documents.
    #[serde(default)]
    pub(super) certified_by: Option<CertifiedBy>,
    pub(super) archived: bool,
    pub(super) purged: bool,
    pub(super) history: History,
}

impl Contract {
    /// The greatest number of signers.
    pub const MOST_SIGNERS: usize = 50;
    /// The greatest number of persons who are copied.
    pub const MOST_CC: usize = 50;
    /// The greatest number of parties: each has a signer.
    pub const MOST_PARTIES: usize = Self::MOST_SIGNERS;
    /// The greatest number of persons any one of whom may sign in a slot.
    pub const MOST_CANDIDATES: usize = 50;

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &ContractId {
        &self.id
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &ContractName {
        &self.name
    }

    /// Who wrote it.
    #[must_use]
    pub fn initiator(&self) -> &Initiator {
        &self.initiator
    }

    /// What he decided about its course.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// When it expires, UTC. A draft may leave it to the default of its start.
    #[must_use]
    pub fn deadline(&self) -> Option<OffsetDateTime> {
        self.deadline
    }

    /// Its documents; none any more once it is purged.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The document of this id.
    #[must_use]
    pub fn document(&self, id: &DocumentId) -> Option<&Document> {
        self.documents.iter().find(|document| document.id() == id)
    }

    /// Its parties.
    #[must_use]
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// The party of this id.
    #[must_use]
    pub fn party(&self, id: &PartyId) -> Option<&Party> {
        self.parties.iter().find(|party| party.id == *id)
    }

    /// The places of its signers.
    #[must_use]
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The slot of this id.
    ///
    /// # Errors
    ///
    /// `con.not_a_signer` if there is none.
    pub fn slot(&self, id: &SlotId) -> Result<&Slot, Error> {
        self.slots.iter().find(|slot| slot.id() == id).ok_or(Error::NotASigner)
    }

    /// Who reads along.
    #[must_use]
    pub fn cc(&self) -> &[Cc] {
        &self.cc
    }

    /// Its controls.
    #[must_use]
    pub fn controls(&self) -> &[Control] {
        &self.controls
    }

    /// The warnings that the initiator acknowledged.
    #[must_use]
    pub fn acknowledged(&self) -> &BTreeSet<WarningCode> {
        &self.acknowledged
    }

    /// The state it is in.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// When it was started, UTC.
    #[must_use]
    pub fn started_at(&self) -> Option<OffsetDateTime> {
        self.started_at
    }

    /// The entitlement on which a unit of quota is reserved for it.
    #[must_use]
    pub fn quota(&self) -> Option<&EntitlementId> {
        self.quota.as_ref()
    }

    /// The meeting at which it is signed (签约仪式): the one that booked it, unless it was called off
    /// and the contract kept. Only that meeting's [`SigningWindow`](super::SigningWindow) lets it be
    /// signed.
    #[must_use]
    pub fn ceremony(&self) -> Option<&CeremonyId> {
        self.ceremony.as_ref()
    }

    /// Who is signing at this moment, if anybody has said so.
    #[must_use]
    pub fn hold(&self) -> Option<&Hold> {
        self.hold.as_ref()
    }

    /// The group that it is a member of.
    #[must_use]
    pub fn group(&self) -> Option<&Membership> {
        self.group.as_ref()
    }

    /// The contract that this one releases (C20).
    #[must_use]
    pub fn releases(&self) -> Option<&ContractId> {
        self.releases.as_ref()
    }

    /// The contract that releases this one, or tries to (C20).
    #[must_use]
    pub fn released_by(&self) -> Option<&ContractId> {
        self.released_by.as_ref()
    }

    /// Whether it was put into the archive (C22).
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.archived
    }

    /// Whether its documents were dropped (C22).
    #[must_use]
    pub fn is_purged(&self) -> bool {
        self.purged
    }

    /// Whether a human has signed. Signatures with no human act do not count: as long as there is
    /// none, cancelling returns the quota.
    #[must_use]
    pub fn has_human_signature(&self) -> bool {
        self.slots.iter().any(|slot| slot.state == SlotState::Signed && !slot.signer().is_auto())
    }

    /// When a slot must be done: its own deadline, or the contract's.
    #[must_use]
    pub fn deadline_of(&self, slot: &Slot) -> Option<OffsetDateTime> {
        match (slot.plan.deadline, self.deadline) {
            (Some(own), Some(contract)) => Some(own.min(contract)),
            (own, contract) => own.or(contract),
        }
    }

    /// The party that a slot signs for.
    ///
    /// # Errors
    ///
    /// `con.not_a_signer` if the contract does not have it: no started contract lacks one.
    pub fn party_of(&self, slot: &Slot) -> Result<&Party, Error> {
        self.party(slot.party()).ok_or(Error::NotASigner)
    }

    pub(super) fn slot_mut(&mut self, id: &SlotId) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.id() == id)
    }

    /// Refuses what the present state does not allow.
    pub(super) fn require(
        &self,
        action: &'static str,
        allowed: impl FnOnce(Phase) -> bool,
    ) -> Result<(), Error> {
        if allowed(self.phase) {
            Ok(())
        } else {
            Err(Error::IllegalTransition { from: self.phase, action })
        }
    }
}

impl Aggregate for Contract {
    const FORMAT: &'static str = "sealwright/contract/1";
}
