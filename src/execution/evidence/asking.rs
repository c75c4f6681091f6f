//! Who may ask for evidence, and for which contracts.

use serde::{Deserialize, Serialize};

use super::Error;
use crate::contract::{Contract, Phase, SlotState};
use crate::identity::{EmployeeId, OrganizationId};
use crate::organization::{By, Organization, Permission};

/// Who asked for evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// The organization that he acts for.
    pub organization: OrganizationId,
    /// Its legal name.
    pub name: String,
    /// He.
    pub employee: EmployeeId,
    /// As what he asks.
    pub capacity: Capacity,
}

/// As what somebody asks for evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// Super admin (超级管理员).
    SuperAdmin,
    /// Legal representative (法定代表人).
    LegalRepresentative,
}

/// That there is evidence to give and that whoever asks may have it: the state of the contract, then
/// organization, employee, permission, and at last who he is.
pub(super) fn require(contract: &Contract, by: &By<'_>) -> Result<Requester, Error> {
    if !matches!(contract.phase(), Phase::Completed | Phase::Released) {
        let (contract, phase) = (contract.id().clone(), contract.phase());
        return Err(Error::NotCompleted { contract, phase });
    }
    if contract.is_purged() {
        return Err(Error::Purged { contract: contract.id().clone() });
    }
    let stranger =
        || Error::NotParty { actor: by.actor().to_string(), contract: contract.id().clone() };
    let staff = by.staff().ok_or_else(stranger)?;
    if !is_involved(contract, staff.organization()) {
        return Err(stranger());
    }
    staff.require(Permission::EvidenceRequest)?;
    let capacity = match (staff.is_super_admin(), staff.is_legal_representative()) {
        (true, _) => Capacity::SuperAdmin,
        (false, true) => Capacity::LegalRepresentative,
        (false, false) => {
            return Err(Error::NotHead { organization: staff.organization().id().clone() });
        }
    };
    Ok(Requester {
        organization: staff.organization().id().clone(),
        name: staff.organization().name().as_str().to_owned(),
        employee: staff.employee().id().clone(),
        capacity,
    })
}

/// Whether an organization wrote the contract or signed it.
fn is_involved(contract: &Contract, organization: &Organization) -> bool {
    let signed = contract
        .slots()
        .iter()
        .filter(|slot| matches!(slot.state(), SlotState::Signed | SlotState::Released))
        .filter_map(|slot| contract.party(slot.party()));
    let mut signed = signed;
    contract.initiator().organization == *organization.id()
        || signed.any(|party| party.stands_for(organization.id(), organization.name()))
}
