//! How much of a feature: reserved when a contract starts, then returned or consumed once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Feature;
use crate::identity::ContractId;
use crate::organization::Error;

/// A countable entitlement (合同额度).
///
/// Limit = left + reserved + consumed at all times, unless the limit is set below what is in use.
/// Each contract has one reservation at most, which is returned or consumed exactly once, so that
/// no retry gives back twice.
///
/// What is reserved is remembered contract by contract. A host that counts many contracts consumes
/// a reservation as soon as nothing can return it any more (somebody has signed, or the contract has
/// ended otherwise), so that the list stays as long as what is really open.
///
/// ```
/// let quota = sealwright::organization::Quota::of(100);
/// assert_eq!((quota.limit(), quota.left(), quota.reserved(), quota.consumed()), (100, 100, 0, 0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "QuotaForm", into = "QuotaForm")]
pub struct Quota {
    limit: u64,
    consumed: u64,
    reserved: BTreeMap<ContractId, u64>,
    /// The sum of what is reserved: asked for by every command, while the list may be long.
    outstanding: u64,
}

#[derive(Serialize, Deserialize)]
struct QuotaForm {
    limit: u64,
    consumed: u64,
    reserved: BTreeMap<ContractId, u64>,
}

impl From<QuotaForm> for Quota {
    fn from(form: QuotaForm) -> Self {
        let QuotaForm { limit, consumed, reserved } = form;
        let outstanding = reserved.values().fold(0, |sum: u64, one| sum.saturating_add(*one));
        Self { limit, consumed, reserved, outstanding }
    }
}

impl From<Quota> for QuotaForm {
    fn from(quota: Quota) -> Self {
        let Quota { limit, consumed, reserved, outstanding: _ } = quota;
        Self { limit, consumed, reserved }
    }
}

impl Quota {
    /// A quota of which nothing is used.
    #[must_use]
    pub fn of(limit: u64) -> Self {
        Self { limit, consumed: 0, reserved: BTreeMap::new(), outstanding: 0 }
    }

    /// How much there is in all.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// How much is gone for good.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    /// How much is set aside for contracts that may still give it back.
    #[must_use]
    pub fn reserved(&self) -> u64 {
        self.outstanding
    }

    /// What is set aside for this contract.
    #[must_use]
    pub fn reserved_for(&self, contract: &ContractId) -> Option<u64> {
        self.reserved.get(contract).copied()
    }

    /// How much may still be set aside.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.consumed).saturating_sub(self.reserved())
    }

    pub(super) fn require(&self, feature: Feature, asked: u64) -> Result<(), Error> {
        let left = self.left();
        if asked <= left { Ok(()) } else { Err(Error::QuotaExhausted { feature, asked, left }) }
    }

    pub(super) fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    pub(super) fn reserve(&mut self, contract: ContractId, amount: u64) {
        self.give_back(&contract);
        self.reserved.insert(contract, amount);
        self.outstanding = self.outstanding.saturating_add(amount);
    }

    /// Returns how much it was.
    pub(super) fn give_back(&mut self, contract: &ContractId) -> u64 {
        let amount = self.reserved.remove(contract).unwrap_or(0);
        self.outstanding = self.outstanding.saturating_sub(amount);
        amount
    }

    pub(super) fn consume(&mut self, contract: &ContractId) {
        let amount = self.give_back(contract);
        self.consumed = self.consumed.saturating_add(amount);
    }
}
