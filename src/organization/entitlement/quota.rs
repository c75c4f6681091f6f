//! How much of a feature: one unit is taken when a contract starts, and given back at most once.

use serde::{Deserialize, Serialize};

use super::Feature;
use crate::organization::Error;

/// A countable entitlement (合同额度).
///
/// Limit = left + used at all times, unless the limit is set below what is in use.
///
/// Only two numbers are kept, however many contracts there were. Which contract took a unit the
/// contract itself remembers ([`Contract::quota`](crate::contract::Contract::quota)), and the meeting
/// likewise: it is taken by its one start and given back by its one cancelling, so that no retry gives
/// back twice; once a human has signed, or the contract has ended otherwise, nothing is left to give
/// back and nothing has to be cleared away.
///
/// ```
/// let quota = sealwright::organization::Quota::of(100);
/// assert_eq!((quota.limit(), quota.left(), quota.used()), (100, 100, 0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    limit: u64,
    used: u64,
}

impl Quota {
    /// A quota of which nothing is used.
    #[must_use]
    pub fn of(limit: u64) -> Self {
        Self { limit, used: 0 }
    }

    /// How much there is in all.
    #[must_use]
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// How much was taken and not given back.
    #[must_use]
    pub fn used(&self) -> u64 {
        self.used
    }

    /// How much may still be taken.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    pub(super) fn require_left(&self, feature: Feature) -> Result<(), Error> {
        if self.left() > 0 {
            Ok(())
        } else {
            Err(Error::QuotaExhausted { feature, asked: 1, left: 0 })
        }
    }

    pub(super) fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    pub(super) fn take(&mut self) {
        self.used = self.used.saturating_add(1);
    }

    pub(super) fn give_back(&mut self) {
        self.used = self.used.saturating_sub(1);
    }
}
