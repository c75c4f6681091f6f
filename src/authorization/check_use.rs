//! May this person use this seal on this contract, now?

use std::cmp::Reverse;
use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::{ContractFacts, Error, Right, Seal, SealGrant};
use crate::contract::{self, Review};
use crate::identity::{GrantId, SlotId};
use crate::organization::{Employee, Organization};

/// What the question is about.
#[derive(Clone, Copy, Debug)]
pub struct UseRequest<'a> {
    /// Who wants to use the seal.
    pub employee: &'a Employee,
    /// The organization of the party that he signs for, as it is now.
    pub signs_for: &'a Organization,
    /// The seal.
    pub seal: &'a Seal,
    /// Grants among which there may be one; those of others and of other seals are passed over.
    pub grants: &'a [&'a SealGrant],
    /// The contract.
    pub contract: ContractFacts<'a>,
    /// In whose place.
    pub slot: &'a SlotId,
    /// How the review of the use stands, which the contract may demand (用印审批).
    pub review: Review,
}

/// Whether a seal may be used (R-SIGN-12), and under which grant. The first failure wins, in this
/// fixed order:
///
/// 1. the employee is active: `emp.resigned`, `emp.not_verified`, `emp.pending_audit`;
/// 2. the seal belongs to the organization that he signs for: `seal.not_owned`;
/// 3. the seal is enabled: `seal.not_enabled`;
/// 4. it is valid now, and not that of a former legal representative: `seal.outside_validity`;
/// 5. a grant to use it exists: `grant.not_found` (R-GRANT-01);
/// 6. it was not revoked: `grant.revoked`;
/// 7. it has begun: `grant.not_yet_valid`;
/// 8. it is not over: `grant.expired`;
/// 9. it reaches the contract: `grant.scope_excluded`;
/// 10. it has uses left: `grant.usage_exhausted`;
/// 11. the use was approved, if the contract demands that: `con.review_pending`,
///     `con.review_rejected`.
///
/// Being super admin is no grant, and neither is managing the seal. Of several grants one that
/// passes is taken: the one that ends first, so that the broadest lasts longest. If none passes,
/// the refusal is that of the grant which got furthest.
///
/// ```
/// # use sealwright::authorization::{ContractFacts, Seal, SealGrant, UseRequest, check_use};
/// # use sealwright::contract::{Contract, Review, Slot};
/// # use sealwright::organization::Staff;
/// # use time::OffsetDateTime;
/// /// The seals that an employee may choose from, for a list on his screen.
/// fn usable<'s>(
///     seals: &[&'s Seal],
///     grants: &[&SealGrant],
///     staff: Staff<'_>,
///     contract: &Contract,
///     slot: &Slot,
///     now: OffsetDateTime,
/// ) -> Vec<&'s Seal> {
///     let may = |seal: &Seal| {
///         let request = UseRequest {
///             employee: staff.employee(),
///             signs_for: staff.organization(),
///             seal,
///             grants,
///             contract: ContractFacts::of(contract.id()),
///             slot: slot.id(),
///             review: Review::NotNeeded, // it may still come
///         };
///         check_use(&request, now).is_ok()
///     };
///     seals.iter().copied().filter(|seal| may(seal)).collect()
/// }
/// ```
///
/// # Errors
///
/// The first failure.
pub fn check_use<'a>(
    request: &UseRequest<'a>,
    now: OffsetDateTime,
) -> Result<&'a SealGrant, Error> {
    check_use_beside(request, &SpokenFor::new(), now)
}

/// How many uses of grants are spoken for, though nobody has made them yet.
pub(super) type SpokenFor<'a> = BTreeMap<&'a GrantId, u32>;

/// The same beside others who will use the grants as well.
pub(super) fn check_use_beside<'a>(
    request: &UseRequest<'a>,
    spoken_for: &SpokenFor<'_>,
    now: OffsetDateTime,
) -> Result<&'a SealGrant, Error> {
    let (employee, seal) = (request.employee, request.seal);
    employee.require_active()?;
    if seal.organization() != request.signs_for.id() {
        return Err(Error::NotOwned {
            seal: seal.id().clone(),
            owner: seal.organization().clone(),
            signs_for: request.signs_for.id().clone(),
        });
    }
    seal.require_applicable(now)?;
    seal.require_of_present_representative(request.signs_for)?;
    let grant = usable_grant(request, spoken_for, now)?;
    let slot = request.slot.clone();
    match request.review {
        Review::NotNeeded | Review::Passed => Ok(grant),
        Review::Pending => Err(contract::Error::ReviewPending { slot }.into()),
        Review::Rejected => Err(contract::Error::ReviewRejected { slot }.into()),
    }
}

/// The grants that pass, each for itself: what ends first, first.
pub(super) fn usable_grants<'a>(
    request: &UseRequest<'a>,
    now: OffsetDateTime,
) -> Vec<&'a SealGrant> {
    let (seal, holder) = (request.seal, request.employee.id());
    let passes = |grant: &&SealGrant| {
        grant.is_about(Right::Use, seal, holder) && grant.check(&request.contract, 0, now).is_ok()
    };
    let mut usable: Vec<&SealGrant> = request.grants.iter().copied().filter(passes).collect();
    usable.sort_by(|one, other| precedence(one).cmp(&precedence(other)));
    usable
}

fn usable_grant<'a>(
    request: &UseRequest<'a>,
    spoken_for: &SpokenFor<'_>,
    now: OffsetDateTime,
) -> Result<&'a SealGrant, Error> {
    let (seal, holder) = (request.seal, request.employee.id());
    let mut nearest: Option<(u8, Error)> = None;
    let mut usable: Option<&SealGrant> = None;
    for grant in request.grants.iter().filter(|grant| grant.is_about(Right::Use, seal, holder)) {
        let taken = spoken_for.get(grant.id()).copied().unwrap_or(0);
        match grant.check(&request.contract, taken, now) {
            Ok(()) if usable.is_none_or(|other| precedence(grant) < precedence(other)) => {
                usable = Some(grant);
            }
            Ok(()) => {}
            Err((reached, error)) => {
                if nearest.as_ref().is_none_or(|(furthest, _)| reached > *furthest) {
                    nearest = Some((reached, error));
                }
            }
        }
    }
    usable.ok_or_else(|| match nearest {
        Some((_, error)) => error,
        None => Error::GrantNotFound { seal: seal.id().clone(), who: holder.to_string() },
    })
}

/// What ends first is used first, whatever the order in which the host found them.
fn precedence(grant: &SealGrant) -> (Reverse<bool>, Option<OffsetDateTime>, &str) {
    let until = grant.validity().until();
    (Reverse(until.is_some()), until, grant.id().as_str())
}
