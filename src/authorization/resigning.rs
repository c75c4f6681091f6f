//! Leaving an organization: what becomes of seals and open work.

use time::OffsetDateTime;

use super::grant_event::RevocationCause;
use super::{Error, SealGrant};
use crate::contract::{Contract, SlotState};
use crate::decision::Decision;
use crate::identity::SlotId;
use crate::organization::{self, By, Employee, EmployeeCommand, OpenWork, Organization, Staff};

/// Somebody who leaves, and all that hangs on him, as the host's queries find it.
#[derive(Clone, Copy, Debug)]
pub struct Leaving<'a> {
    /// Who leaves.
    pub employee: &'a Employee,
    /// From where.
    pub organization: &'a Organization,
    /// Who takes over; needed if there is open work.
    pub handover: Option<&'a Employee>,
    /// The contracts in which he is awaited. Those in which he is not do no harm; one that is
    /// missing here keeps waiting for somebody who has left.
    pub contracts: &'a [&'a Contract],
    /// His grants. Those of others and those that were revoked do no harm.
    pub grants: &'a [&'a SealGrant],
}

/// What follows when somebody leaves: to be stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct Resignation {
    /// On the employee.
    pub employee: Decision<Employee>,
    /// On each grant that he held: it is revoked.
    pub grants: Vec<Decision<SealGrant>>,
    /// On the contracts: each of his open places goes to his successor, as
    /// [`ForwardKind::Resigned`](crate::contract::ForwardKind::Resigned). A contract in which he has several comes several times, in the
    /// order in which the decisions are to be stored.
    pub contracts: Vec<Decision<Contract>>,
}

/// An employee leaves (离职): his grants end and his open places go to a colleague (R-EMP-03).
///
/// A place in which he signs for a subsidiary of his organization (集团模式) goes to a member of that
/// subsidiary, by a hand-over there ([`Command::Forward`](crate::contract::Command::Forward)); until
/// then he does not leave.
///
/// ```
/// use sealwright::authorization::{Leaving, resign};
/// # use sealwright::authorization::{Error, Resignation};
/// # use sealwright::organization::{By, Employee, Organization};
/// # fn example(employee: &Employee, organization: &Organization, now: time::OffsetDateTime)
/// # -> Result<Resignation, Error> {
/// let leaving = Leaving { employee, organization, handover: None, contracts: &[], grants: &[] };
/// let decisions = resign(&leaving, &By::System, now)?;
/// assert!(decisions.contracts.is_empty()); // nobody waited for him
/// # Ok(decisions) }
/// ```
///
/// # Errors
///
/// `emp.no_permission`, `emp.protected_role`, `emp.handover_required{contracts}`,
/// `emp.handover_invalid`, and what stands in the way of a hand-over in a contract.
pub fn resign(
    leaving: &Leaving<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<Resignation, Error> {
    let Leaving { employee, organization, handover, contracts, grants } = *leaving;
    let command = EmployeeCommand::Resign { handover, open_work: open_work(leaving) };
    let decision = employee.decide(command, organization, by, now)?;
    let held = grants.iter().filter(|grant| grant.grantee() == employee.id() && grant.is_active());
    let grants = held
        .map(|grant| {
            let ended = grant.end(RevocationCause::Resigned, None, by, now)?;
            Ok::<_, Error>(ended.reading(organization))
        })
        .collect::<Result<_, _>>()?;
    let mut forwarded = Vec::new();
    if let Some(successor) = handover {
        let to = Staff::of(organization, successor)?;
        if contracts.iter().any(|contract| signs_for_a_subsidiary(contract, leaving)) {
            let (employee, successor) = (employee.id().clone(), successor.id().clone());
            return Err(organization::Error::HandoverInvalid { employee, successor }.into());
        }
        for contract in contracts {
            forward(contract, leaving, to, by, now, &mut forwarded)?;
        }
    }
    Ok(Resignation { employee: decision, grants, contracts: forwarded })
}

/// Forwards every open place of whoever leaves. Each decision rests on the one before it.
fn forward(
    contract: &Contract,
    leaving: &Leaving<'_>,
    to: Staff<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
    decisions: &mut Vec<Decision<Contract>>,
) -> Result<(), Error> {
    let from = Staff::of(leaving.organization, leaving.employee)?;
    let places: Vec<SlotId> = places_of(contract, leaving).collect();
    let mut moved: Option<Contract> = None;
    for (number, slot) in (1..).zip(&places) {
        let state = moved.as_ref().unwrap_or(contract);
        let decision = state.forward_resigned(slot.clone(), from, &to, by, now)?;
        // Only a contract with a further place of his is needed as it will be.
        if number < places.len() {
            let state = moved.get_or_insert_with(|| contract.clone());
            decision.apply_to(state)?;
        }
        decisions.push(decision);
    }
    Ok(())
}

/// Whether he is awaited there on behalf of another organization than the one he leaves.
fn signs_for_a_subsidiary(contract: &Contract, leaving: &Leaving<'_>) -> bool {
    let Leaving { employee, organization, .. } = leaving;
    contract.open_slots_of(employee, organization).any(|slot| {
        let party = contract.party(slot.party());
        !party.is_some_and(|party| party.stands_for(organization.id(), organization.name()))
    })
}

/// The open places of whoever leaves, of his account in the organization that he leaves. The same
/// human may have another account in another organization.
fn places_of<'a>(
    contract: &'a Contract,
    leaving: &'a Leaving<'_>,
) -> impl Iterator<Item = SlotId> + 'a {
    let slots = contract.open_slots_of(leaving.employee, leaving.organization);
    slots.map(|slot| slot.id().clone())
}

fn open_work(leaving: &Leaving<'_>) -> OpenWork {
    let mut work = OpenWork::default();
    for contract in leaving.contracts {
        for slot in places_of(contract, leaving) {
            let fills = contract.slot(&slot).is_ok_and(|slot| slot.state() == SlotState::ToFill);
            let list = match contract.releases() {
                Some(_) => &mut work.releases,
                None if fills => &mut work.to_fill,
                None => &mut work.to_sign,
            };
            list.push(contract.id().clone());
        }
    }
    work
}
