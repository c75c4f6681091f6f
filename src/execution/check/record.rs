//! The record against the register: what of it does not depend on the documents.

use time::OffsetDateTime;

use super::CheckFacts;
use super::code::DeviationCode as Code;
use super::verdict::Deviation;
use crate::authorization::{ContractFacts, Right, Seal, SealGrant};
use crate::contract::{Contract, Control, ControlState, Mark, Slot, SlotState};
use crate::identity::{Actor, GrantId, SealId};
use crate::instant::rfc3339;

/// Whether a slot counts as signed.
pub(super) fn is_signed(slot: &Slot) -> bool {
    matches!(slot.state(), SlotState::Signed | SlotState::Released)
}

/// What a control was signed with, by the record.
pub(super) fn mark_of(control: &Control) -> Option<&Mark> {
    match control.state() {
        ControlState::Applied(applied) => Some(&applied.mark),
        _ => None,
    }
}

/// Whether an instant is too late for a slot (as `con.deadline_passed` has it).
pub(super) fn late(contract: &Contract, slot: &Slot, at: OffsetDateTime) -> Option<Deviation> {
    let deadline = contract.deadline_of(slot).filter(|deadline| at >= *deadline)?;
    Some(Deviation::new(Code::DeadlinePassed, deadline, at).of_slot(slot.id()))
}

/// Deadlines, the faces of seals and the grants of everything that the record has as signed.
pub(super) fn check(contract: &Contract, facts: &CheckFacts<'_>) -> Vec<Deviation> {
    let mut found = Vec::new();
    for slot in contract.slots().iter().filter(|slot| is_signed(slot)) {
        found.extend(slot.acted_at().and_then(|at| late(contract, slot, at)));
    }
    for control in contract.controls() {
        let ControlState::Applied(applied) = control.state() else { continue };
        let Mark::Seal { seal, version, face, grant } = &applied.mark else { continue };
        let told = |deviation: Deviation| {
            let deviation = deviation.at(control.key());
            match control.owner().slot() {
                Some(slot) => deviation.of_slot(slot),
                None => deviation,
            }
        };
        found.extend(registered(facts, seal, *version, &face.to_hex()).map(told));
        let by = control.owner().slot().and_then(|id| contract.slot(id).ok()?.acted_by());
        found.extend(granted(contract, facts, (seal, grant, by), applied.at).map(told));
    }
    found
}

/// That the register has this face as this version of the seal.
fn registered(
    facts: &CheckFacts<'_>,
    seal: &SealId,
    version: u32,
    face: &str,
) -> Option<Deviation> {
    let Some(known) = facts.seals.iter().find(|it| it.id() == seal) else {
        return Some(Deviation::new(Code::FaceRegister, seal, "no such seal"));
    };
    let known = known.versions().find(|it| it.number == version);
    let known = known.map(|it| it.image.face().to_string());
    if known.as_deref() == Some(face) {
        return None;
    }
    let expected = known.unwrap_or_else(|| format!("no version {version} of {seal}"));
    Some(Deviation::new(Code::FaceRegister, expected, face))
}

/// That the grant held when it was used, for this seal and this contract.
fn granted(
    contract: &Contract,
    facts: &CheckFacts<'_>,
    (seal, grant, by): (&SealId, &GrantId, Option<&Actor>),
    at: OffsetDateTime,
) -> Option<Deviation> {
    let Some(grant) = facts.grants.iter().find(|it| it.id() == grant) else {
        return Some(Deviation::new(Code::GrantUnknown, grant, "no such grant"));
    };
    if let Some(revocation) = grant.revocation().filter(|it| it.at <= at) {
        let expected = format!("used before {}", rfc3339(revocation.at));
        return Some(Deviation::new(Code::GrantRevoked, expected, rfc3339(at)));
    }
    let validity = grant.validity();
    if !validity.contains(at) {
        let until = validity.until().map_or_else(|| "without end".to_owned(), rfc3339);
        let expected = format!("{} to {until}", rfc3339(validity.from()));
        return Some(Deviation::new(Code::GrantWindow, expected, rfc3339(at)));
    }
    if let Some(Actor::Employee(employee)) = by
        && employee != grant.grantee()
    {
        return Some(Deviation::new(Code::GrantPerson, grant.grantee(), employee));
    }
    let reaches = ContractFacts {
        id: contract.id(),
        group: contract.group().map(|membership| &membership.id),
        contract_type: facts.contract_type,
        ceremony: contract.ceremony(),
    };
    let covers = grant.scope().contains(&reaches)
        && grant.seal() == seal
        && grant.rights().contains(Right::Use);
    let found = || format!("seal {seal} on contract {}", contract.id());
    (!covers).then(|| Deviation::new(Code::GrantScope, told(grant), found()))
}

fn told(grant: &SealGrant) -> String {
    format!("seal {} on {}", grant.seal(), grant.scope().kind())
}

/// What the register has under this face: the seal and the version.
pub(super) fn seal_of<'s>(seals: &[&'s Seal], face: &str) -> Option<(&'s Seal, u32)> {
    seals.iter().find_map(|seal| {
        let version = seal.versions().find(|it| it.image.face().to_string() == face)?;
        Some((*seal, version.number))
    })
}
