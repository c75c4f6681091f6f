//! Permits for contracts that are signed as one act.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::chain::authorize_beside;
use super::check_use::SpokenFor;
use super::seal_link::Link;
use super::validity::in_utc;
use super::{ChainFacts, Refused, SealGrant, SigningPermit};
use crate::contract::{Contract, Group, SigningAttempt, SigningWindow};
use crate::identity::GrantId;

/// Permits the signing of every contract of a group (合同组), or of none:
/// [`authorize`](super::authorize) for each of them, with an attempt and its facts for each, in the
/// order of the group.
///
/// A group takes one use of a grant for each contract and each seal. Permits that are asked for one by
/// one do not know of each other and all name the grant that ends first; these share the grants out so
/// that each has one, if there are enough at all. Two grants of one use serve a group of two, and a
/// grant that reaches a single contract is left to that one where another serves the rest.
///
/// [`record_group_signing`](super::record_group_signing) takes the permits.
///
/// ```
/// # use sealwright::authorization::{ChainFacts, Refused, SigningPermit, authorize_group};
/// # use sealwright::contract::{Group, SigningAttempt, SigningWindow};
/// # use time::OffsetDateTime;
/// fn sign_both(
///     group: &Group<'_>,
///     [frame, annex]: [SigningAttempt; 2],
///     facts: ChainFacts<'_>,
///     now: OffsetDateTime,
/// ) -> Result<Vec<SigningPermit>, Refused> {
///     authorize_group(group, &[(frame, facts), (annex, facts)], SigningWindow::NO_MEETING, now)
/// }
/// ```
///
/// # Errors
///
/// `con.group_incomplete` for another number of attempts; then the first refusal of
/// [`authorize`](super::authorize) in the order of the group, `grant.usage_exhausted` among them if the
/// grants together have too few uses left.
pub fn authorize_group(
    group: &Group<'_>,
    attempts: &[(SigningAttempt, ChainFacts<'_>)],
    window: SigningWindow<'_>,
    now: OffsetDateTime,
) -> Result<Vec<SigningPermit>, Refused> {
    let members = group.paired_with(attempts)?.enumerate();
    let now = in_utc(now);
    let mut shares = Shares::of(wishes_of(group.contracts(), attempts, now));
    for wish in 0..shares.wishes.len() {
        shares.settle(wish, &mut BTreeSet::new());
    }
    members
        .map(|(member, (contract, (attempt, facts)))| {
            let spoken_for = shares.of_others(member);
            authorize_beside(contract, attempt, facts, window, &spoken_for, now)
        })
        .collect()
}

/// One use that a contract of the group takes.
struct Wish<'a> {
    /// The contract's place in the group.
    member: usize,
    /// The grants that allow it: what ends first, first.
    grants: Vec<&'a SealGrant>,
}

/// The wishes of each contract, one for each seal. Where more grants would do than there are contracts
/// one of the first is free in any case: the others are left out.
fn wishes_of<'a>(
    contracts: &[&'a Contract],
    attempts: &'a [(SigningAttempt, ChainFacts<'a>)],
    now: OffsetDateTime,
) -> Vec<Wish<'a>> {
    let mut wishes = Vec::new();
    for (member, (contract, (attempt, facts))) in contracts.iter().zip(attempts).enumerate() {
        // A slot that is not there is refused by the chain.
        let Ok(slot) = contract.slot(&attempt.slot) else { continue };
        let link = Link { contract, slot, attempt, facts, now };
        wishes.extend(link.usable().into_iter().map(|mut grants| {
            grants.truncate(contracts.len());
            Wish { member, grants }
        }));
    }
    wishes
}

/// Which grant serves which wish: none more of them than it has uses left, and each at most one.
struct Shares<'a> {
    wishes: Vec<Wish<'a>>,
    served: BTreeMap<&'a GrantId, Vec<usize>>,
}

impl<'a> Shares<'a> {
    fn of(wishes: Vec<Wish<'a>>) -> Self {
        Self { wishes, served: BTreeMap::new() }
    }

    /// Finds a grant for a wish: one with a use to spare, or else one that a wish leaves for which
    /// another can be found. Done for one wish after the other, as many have one as can have.
    ///
    /// Each grant is left at most once, by a wish that had no other one: this goes no deeper than there
    /// are contracts in the group.
    fn settle(&mut self, wish: usize, left: &mut BTreeSet<&'a GrantId>) -> bool {
        let grants = self.wishes.get(wish).map(|it| it.grants.clone()).unwrap_or_default();
        if let Some(grant) = grants.iter().find(|grant| self.has_room(grant)) {
            self.served.entry(grant.id()).or_default().push(wish);
            return true;
        }
        for grant in grants {
            if !left.insert(grant.id()) {
                continue;
            }
            let mut holders = self.served.get(grant.id()).cloned().unwrap_or_default().into_iter();
            if let Some(leaves) = holders.find(|holder| self.settle(*holder, left)) {
                let holders = self.served.entry(grant.id()).or_default();
                holders.retain(|holder| *holder != leaves);
                holders.push(wish);
                return true;
            }
        }
        false
    }

    fn has_room(&self, grant: &SealGrant) -> bool {
        let taken = self.served.get(grant.id()).map_or(0, Vec::len);
        let taken = u32::try_from(taken).unwrap_or(u32::MAX);
        grant.uses_left().is_none_or(|left| taken < left)
    }

    /// All that is left of the grants that would do for this contract and are not its share.
    fn of_others(&self, member: usize) -> SpokenFor<'a> {
        let mut spoken_for = SpokenFor::new();
        let own = self.wishes.iter().enumerate().filter(|(_, wish)| wish.member == member);
        for (number, wish) in own {
            for grant in &wish.grants {
                let is_share =
                    self.served.get(grant.id()).is_some_and(|holders| holders.contains(&number));
                if let Some(left) = grant.uses_left().filter(|_| !is_share) {
                    spoken_for.insert(grant.id(), left);
                }
            }
        }
        spoken_for
    }
}
