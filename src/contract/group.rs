//! Contracts that are signed as one act (合同组).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::command::Command;
use super::decide::Moment;
use super::ending::Cancellation;
use super::error::Error;
use super::event::Verdict;
use super::phase::Phase;
use super::reason::Reason;
use super::signed_record::SignedRecord;
use super::signing::SigningWindow;
use super::state::Contract;
use crate::decision::Decision;
use crate::identity::{ContractId, GroupId, SlotId};
use crate::organization::{By, Entitlement};

/// That a contract belongs to a group, and how many contracts that group has.
///
/// ```
/// use sealwright::contract::Membership;
/// assert!(Membership::new("frame-and-annexes".parse()?, 3).is_ok());
/// assert!(Membership::new("alone".parse()?, 1).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Membership {
    /// The group.
    pub id: GroupId,
    size: u8,
}

impl Membership {
    /// The least number of contracts in a group.
    pub const LEAST: u8 = 2;
    /// The greatest number of contracts in a group.
    pub const MOST: u8 = 50;

    /// Membership in a group of so many contracts, 2 to 50.
    ///
    /// # Errors
    ///
    /// `con.setting_invalid` for another number.
    pub fn new(id: GroupId, size: u8) -> Result<Self, Error> {
        let bounds = (usize::from(Self::LEAST), usize::from(Self::MOST));
        Error::check_setting("group_size", usize::from(size), bounds.0, bounds.1)?;
        Ok(Self { id, size })
    }

    /// How many contracts the group has.
    #[must_use]
    pub fn size(&self) -> u8 {
        self.size
    }
}

/// A membership as it is stored, before its size is known to be one.
#[derive(Deserialize)]
struct Stored {
    id: GroupId,
    size: u8,
}

impl TryFrom<Stored> for Membership {
    type Error = Error;

    fn try_from(Stored { id, size }: Stored) -> Result<Self, Error> {
        Self::new(id, size)
    }
}

/// All contracts of a group, for what is done to them as one act: sign, decline, refuse, cancel, put
/// the deadline off. A member alone refuses these.
///
/// ```
/// # use sealwright::contract::{Contract, Error, Group, SignedRecord};
/// # use sealwright::{decision::Decision, organization::By};
/// # use time::OffsetDateTime;
/// fn sign_both(
///     frame: &Contract,
///     annex: &Contract,
///     records: Vec<SignedRecord>, // one for each, in the same order
///     by: &By<'_>,
///     now: OffsetDateTime,
/// ) -> Result<Vec<Decision<Contract>>, Error> {
///     Group::of(vec![frame, annex])?.assert_signed(records, by, now)
/// }
/// ```
///
/// Each verb returns one decision per contract, in the order in which the contracts were given, or
/// refuses as a whole. The host stores all of them in one transaction.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    contracts: Vec<&'a Contract>,
}

impl<'a> Group<'a> {
    /// The group that these contracts are, if none is missing.
    ///
    /// # Errors
    ///
    /// `con.group_incomplete` if one is missing, given twice, or of no group or another one.
    pub fn of(contracts: Vec<&'a Contract>) -> Result<Self, Error> {
        let group = contracts.first().and_then(|first| first.group.as_ref());
        let ids: BTreeSet<&ContractId> = contracts
            .iter()
            .filter(|contract| contract.group.is_some() && contract.group.as_ref() == group)
            .map(|contract| &contract.id)
            .collect();
        let expected = group.map_or(usize::from(Membership::LEAST), |it| usize::from(it.size));
        if ids.len() != expected || contracts.len() != expected {
            return Err(Error::GroupIncomplete { expected, found: ids.len() });
        }
        Ok(Self { contracts })
    }

    /// Each of its contracts with what is given for it, in order.
    ///
    /// # Errors
    ///
    /// `con.group_incomplete` for another number of things than of contracts.
    pub(crate) fn paired_with<I>(
        &self,
        given: I,
    ) -> Result<impl Iterator<Item = (&'a Contract, I::Item)>, Error>
    where
        I: IntoIterator<IntoIter: ExactSizeIterator>,
    {
        let (expected, given) = (self.contracts.len(), given.into_iter());
        if given.len() != expected {
            return Err(Error::GroupIncomplete { expected, found: given.len() });
        }
        Ok(self.contracts.iter().copied().zip(given))
    }

    /// Its contracts.
    #[must_use]
    pub fn contracts(&self) -> &[&'a Contract] {
        &self.contracts
    }

    /// C11: records the signatures of one signer in every contract, one record for each, in order.
    /// On the host's word alone, as [`Command::AssertSigned`]; with permits it is
    /// [`record_group_signing`](crate::authorization::record_group_signing).
    ///
    /// # Errors
    ///
    /// `con.group_incomplete` for another number of records, and whatever one contract refuses:
    /// then nothing is signed.
    pub fn assert_signed(
        &self,
        records: Vec<SignedRecord>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Vec<Decision<Contract>>, Error> {
        self.record_signed(records, None, by, now)
    }

    /// C11 for whoever holds the permits.
    pub(crate) fn record_permitted(
        &self,
        records: Vec<SignedRecord>,
        window: SigningWindow<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Vec<Decision<Contract>>, Error> {
        self.record_signed(records, Some(window), by, now)
    }

    fn record_signed(
        &self,
        records: Vec<SignedRecord>,
        permitted: Option<SigningWindow<'_>>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Vec<Decision<Contract>>, Error> {
        self.paired_with(records)?
            .map(|(contract, record)| {
                Moment { contract, by, now }.record_signed(Box::new(record), permitted)
            })
            .collect()
    }

    /// C9, C12: a signer declines to fill or to sign all of them; one slot for each contract, in order.
    ///
    /// # Errors
    ///
    /// `con.group_incomplete` for another number of slots, and whatever one contract refuses.
    pub fn decline(
        &self,
        slots: Vec<SlotId>,
        reason: &Reason,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Vec<Decision<Contract>>, Error> {
        self.paired_with(slots)?
            .map(|(contract, slot)| {
                let reason = reason.clone();
                let command = if contract.phase.is_filling() {
                    Command::DeclineFill { slot, reason }
                } else {
                    Command::Decline { slot, reason }
                };
                contract.decide_as_member(command, by, now)
            })
            .collect()
    }

    /// C10: the organization of a signer refuses to sign any of them; one slot for each contract, in
    /// order. To approve, or to reject for now, is done in each contract for itself: neither ends one.
    ///
    /// # Errors
    ///
    /// `con.group_incomplete` for another number of slots, and whatever one contract refuses.
    pub fn refuse(
        &self,
        slots: Vec<SlotId>,
        reason: &Reason,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Vec<Decision<Contract>>, Error> {
        self.paired_with(slots)?
            .map(|(contract, slot)| {
                let (verdict, reason) = (Verdict::Refuse, Some(reason.clone()));
                contract.decide_as_member(Command::Review { slot, verdict, reason }, by, now)
            })
            .collect()
    }

    /// C15: puts the deadline of all of them off.
    ///
    /// # Errors
    ///
    /// Whatever one contract refuses: then no deadline changes.
    pub fn extend_deadline(
        &self,
        to: OffsetDateTime,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Vec<Decision<Contract>>, Error> {
        let extend = |contract: &&Contract| {
            contract.decide_as_member(Command::ExtendDeadline { slot: None, to }, by, now)
        };
        self.contracts.iter().map(extend).collect()
    }

    /// C13: withdraws those that have not ended. The decisions on the entitlement follow each other:
    /// store them in order.
    ///
    /// # Errors
    ///
    /// Those of [`Contract::cancel`]; `con.illegal_transition` if all have ended.
    pub fn cancel(
        &self,
        reason: &Reason,
        by: &By<'_>,
        quota: Option<&Entitlement>,
        now: OffsetDateTime,
    ) -> Result<Vec<Cancellation>, Error> {
        let mut quota = quota.cloned();
        let mut cancelled = Vec::new();
        for contract in self.contracts.iter().filter(|contract| !contract.phase.is_terminal()) {
            let given = quota.as_ref();
            let decided = contract.cancel_as_member(reason.clone(), by, given, now)?;
            if let (Some(decision), Some(entitlement)) = (&decided.quota, &mut quota) {
                // It was decided on this very state, so it applies.
                let _ = decision.apply_to(entitlement);
            }
            cancelled.push(decided);
        }
        match (cancelled.is_empty(), self.contracts.first()) {
            (true, Some(first)) => {
                Err(Error::IllegalTransition { from: first.phase, action: "be cancelled" })
            }
            _ => Ok(cancelled),
        }
    }

    /// Whether every contract is in the same phase: a group that has come apart, because one of its
    /// contracts expired or was invalidated, can only be cancelled.
    #[must_use]
    pub fn is_in_step(&self) -> bool {
        let kind = |phase: Phase| std::mem::discriminant(&phase);
        let mut phases = self.contracts.iter().map(|contract| kind(contract.phase));
        let first = phases.next();
        phases.all(|phase| Some(phase) == first)
    }
}

impl Command<'_> {
    /// Whether it is one that members of a group take together; its name, if so.
    pub(super) fn taken_together(&self) -> Option<&'static str> {
        match self {
            Self::AssertSigned(_) => Some("be signed"),
            Self::Decline { .. } | Self::DeclineFill { .. } => Some("be declined"),
            Self::Review { verdict: Verdict::Refuse, .. } => Some("be refused"),
            Self::ExtendDeadline { .. } => Some("have its deadline extended"),
            _ => None,
        }
    }
}
