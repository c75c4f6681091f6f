//! In which order the signers act.

use serde::{Deserialize, Serialize};

use super::error::Error;

/// Whether the signers act one after the other (有序 / 无序签署).
///
/// The order holds for the *action* itself, not only for the notices (R-CON-06).
///
/// ```
/// use sealwright::contract::Order;
/// assert_eq!(Order::default(), Order::Sequential);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By [`Rank`]: a slot's turn comes when all slots of a smaller rank are signed. Slots of equal
    /// rank act in any order among themselves.
    #[default]
    Sequential,
    /// Everybody at once; ranks mean nothing.
    Parallel,
}

/// A place in the order, from 1.
///
/// ```
/// use sealwright::contract::Rank;
/// assert!(Rank::new(1)? < Rank::new(2)?);
/// assert!(Rank::new(0).is_err());
/// # Ok::<(), sealwright::contract::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Rank(u32);

impl Rank {
    /// The first place.
    pub const FIRST: Self = Self(1);

    /// The place with this number.
    ///
    /// # Errors
    ///
    /// `con.setting_invalid` for zero: places count from 1.
    pub fn new(number: u32) -> Result<Self, Error> {
        if number == 0 {
            return Err(Error::SettingInvalid {
                setting: "order",
                found: 0,
                least: 1,
                most: u64::from(u32::MAX),
            });
        }
        Ok(Self(number))
    }

    /// The number, from 1.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Rank {
    type Error = Error;

    fn try_from(number: u32) -> Result<Self, Error> {
        Self::new(number)
    }
}

impl From<Rank> for u32 {
    fn from(rank: Rank) -> Self {
        rank.0
    }
}
