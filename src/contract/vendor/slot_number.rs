//! The state of a signer in the present interface.

use super::super::slot::SlotState;
use super::{UnknownNumber, numbers};

numbers! {
    /// The state of a signer (`ApproveStatus`).
    ///
    /// ```
    /// use sealwright::contract::SlotState;
    /// use sealwright::contract::vendor::SlotNumber;
    /// assert_eq!(SlotNumber::of(SlotState::Signed).number(), 3);
    /// assert_eq!(SlotNumber::try_from(19)?.state(), SlotState::Forwarded);
    /// # Ok::<(), sealwright::contract::vendor::UnknownNumber>(())
    /// ```
    SlotNumber, "state of a signer in interface 20201111";
    /// Not started.
    NotStarted = 0,
    /// In the flow, not touched.
    InFlow = 1,
    /// To sign.
    ToSign = 2,
    /// Signed.
    Signed = 3,
    /// Refused.
    Declined = 4,
    /// Past the deadline.
    Expired = 5,
    /// Withdrawn.
    Cancelled = 6,
    /// Not even prepared to start.
    NotPrepared = 7,
    /// To fill.
    ToFill = 8,
    /// Somebody else ended it.
    Stopped = 9,
    /// Filled.
    Filled = 10,
    /// Released by a second agreement.
    Released = 15,
    /// Handed over.
    Forwarded = 19,
}

impl SlotNumber {
    /// The number of a state. A slot that waits for a review is, to the vendor, to be signed.
    #[must_use]
    pub fn of(state: SlotState) -> Self {
        match state {
            SlotState::NotStarted => Self::NotStarted,
            SlotState::WaitingTurn => Self::InFlow,
            SlotState::ToFill => Self::ToFill,
            SlotState::Filled => Self::Filled,
            SlotState::ToSign | SlotState::UnderReview => Self::ToSign,
            SlotState::Signed => Self::Signed,
            SlotState::Declined => Self::Declined,
            SlotState::Expired => Self::Expired,
            SlotState::Cancelled => Self::Cancelled,
            SlotState::Stopped => Self::Stopped,
            SlotState::Forwarded => Self::Forwarded,
            SlotState::Released => Self::Released,
        }
    }

    /// The state that is meant.
    #[must_use]
    pub fn state(self) -> SlotState {
        match self {
            Self::NotStarted | Self::NotPrepared => SlotState::NotStarted,
            Self::InFlow => SlotState::WaitingTurn,
            Self::ToSign => SlotState::ToSign,
            Self::Signed => SlotState::Signed,
            Self::Declined => SlotState::Declined,
            Self::Expired => SlotState::Expired,
            Self::Cancelled => SlotState::Cancelled,
            Self::ToFill => SlotState::ToFill,
            Self::Stopped => SlotState::Stopped,
            Self::Filled => SlotState::Filled,
            Self::Released => SlotState::Released,
            Self::Forwarded => SlotState::Forwarded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_reads_back_and_means_its_state() {
        for number in SlotNumber::ALL {
            assert_eq!(SlotNumber::try_from(number.number()), Ok(*number));
            if *number != SlotNumber::NotPrepared {
                assert_eq!(SlotNumber::of(number.state()), *number);
            }
        }
        assert_eq!(SlotNumber::of(SlotState::UnderReview).number(), 2);
        assert!(SlotNumber::try_from(11).is_err());
    }
}
