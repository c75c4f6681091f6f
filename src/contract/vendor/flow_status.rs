//! The state of a contract in three generations of the interface.

use super::super::phase::{Phase, Progress};
use super::super::state::Contract;
use super::{UnknownNumber, numbers};

numbers! {
    /// The state of a flow in the present interface, 20201111 (`FlowStatus`).
    ///
    /// ```
    /// use sealwright::contract::vendor::FlowStatus;
    /// use sealwright::contract::{Phase, Progress};
    /// assert_eq!(FlowStatus::try_from(2)?.phase(), Phase::Signing(Progress::Partial));
    /// # Ok::<(), sealwright::contract::vendor::UnknownNumber>(())
    /// ```
    FlowStatus, "state of a flow in interface 20201111";
    /// Not started, nothing to fill.
    Draft = 0,
    /// To be signed, nobody has.
    Signing = 1,
    /// Partly signed.
    PartlySigned = 2,
    /// Refused.
    Rejected = 3,
    /// Signed by all.
    Completed = 4,
    /// Past its deadline.
    Expired = 5,
    /// Withdrawn.
    Cancelled = 6,
    /// Not started, with fields to fill.
    DraftToFill = 7,
    /// To be filled, nobody has.
    Filling = 8,
    /// Partly filled.
    PartlyFilled = 9,
    /// Filling was refused.
    FillRejected = 10,
    /// No longer valid.
    Invalidated = 16,
    /// Released by a second agreement.
    Released = 21,
}

impl FlowStatus {
    /// The state of a contract. A start that waits for its review is not started.
    #[must_use]
    pub fn of(contract: &Contract) -> Self {
        let to_fill = || {
            let mut controls = contract.controls().iter();
            controls.any(|it| it.owner().slot().is_some() && it.kind().is_fill())
        };
        match contract.phase() {
            Phase::Draft | Phase::ReviewingStart if to_fill() => Self::DraftToFill,
            Phase::Draft | Phase::ReviewingStart => Self::Draft,
            Phase::Filling(Progress::None) => Self::Filling,
            Phase::Filling(Progress::Partial) => Self::PartlyFilled,
            Phase::Signing(Progress::None) => Self::Signing,
            Phase::Signing(Progress::Partial) => Self::PartlySigned,
            Phase::Completed => Self::Completed,
            Phase::Rejected => Self::Rejected,
            Phase::FillRejected => Self::FillRejected,
            Phase::Cancelled => Self::Cancelled,
            Phase::Expired => Self::Expired,
            Phase::Invalidated => Self::Invalidated,
            Phase::Released => Self::Released,
        }
    }

    /// The state that is meant.
    #[must_use]
    pub fn phase(self) -> Phase {
        match self {
            Self::Draft | Self::DraftToFill => Phase::Draft,
            Self::Filling => Phase::Filling(Progress::None),
            Self::PartlyFilled => Phase::Filling(Progress::Partial),
            Self::Signing => Phase::Signing(Progress::None),
            Self::PartlySigned => Phase::Signing(Progress::Partial),
            Self::Completed => Phase::Completed,
            Self::Rejected => Phase::Rejected,
            Self::FillRejected => Phase::FillRejected,
            Self::Cancelled => Phase::Cancelled,
            Self::Expired => Phase::Expired,
            Self::Invalidated => Phase::Invalidated,
            Self::Released => Phase::Released,
        }
    }
}

numbers! {
    /// The state of a flow in callbacks (`FlowCallbackStatus`), coarser than the interface's.
    ///
    /// ```
    /// use sealwright::contract::Phase;
    /// use sealwright::contract::vendor::CallbackFlowStatus;
    /// // It does not say whether signing or filling was refused.
    /// let refused = CallbackFlowStatus::try_from(3)?.phases();
    /// assert_eq!(refused, [Phase::Rejected, Phase::FillRejected]);
    /// # Ok::<(), sealwright::contract::vendor::UnknownNumber>(())
    /// ```
    CallbackFlowStatus, "state of a flow in callbacks";
    /// `INIT`: not started.
    Init = 1,
    /// `PART`: being signed, whether or not somebody has.
    Part = 2,
    /// `REJECT`: refused, to fill or to sign.
    Reject = 3,
    /// `ALL`: signed by all.
    All = 4,
    /// `DEADLINE`: past its deadline.
    Deadline = 5,
    /// `CANCEL`: withdrawn.
    Cancel = 6,
    /// `INIT` as well: being filled.
    Filling = 8,
    /// `INVALID`: no longer valid.
    Invalid = 16,
    /// `RELIEVED`: released by a second agreement.
    Relieved = 21,
}

impl CallbackFlowStatus {
    /// The state of a contract.
    #[must_use]
    pub fn of(phase: Phase) -> Self {
        match phase {
            Phase::Draft | Phase::ReviewingStart => Self::Init,
            Phase::Filling(_) => Self::Filling,
            Phase::Signing(_) => Self::Part,
            Phase::Rejected | Phase::FillRejected => Self::Reject,
            Phase::Completed => Self::All,
            Phase::Expired => Self::Deadline,
            Phase::Cancelled => Self::Cancel,
            Phase::Invalidated => Self::Invalid,
            Phase::Released => Self::Relieved,
        }
    }

    /// The states that may be meant.
    #[must_use]
    pub fn phases(self) -> &'static [Phase] {
        match self {
            Self::Init => &[Phase::Draft, Phase::ReviewingStart],
            Self::Filling => &[Phase::Filling(Progress::None), Phase::Filling(Progress::Partial)],
            Self::Part => &[Phase::Signing(Progress::None), Phase::Signing(Progress::Partial)],
            Self::Reject => &[Phase::Rejected, Phase::FillRejected],
            Self::All => &[Phase::Completed],
            Self::Deadline => &[Phase::Expired],
            Self::Cancel => &[Phase::Cancelled],
            Self::Invalid => &[Phase::Invalidated],
            Self::Relieved => &[Phase::Released],
        }
    }

    /// What callbacks show beside the number.
    #[must_use]
    pub fn shown(self) -> &'static str {
        match self {
            Self::Init | Self::Filling => "INIT",
            Self::Part => "PART",
            Self::Reject => "REJECT",
            Self::All => "ALL",
            Self::Deadline => "DEADLINE",
            Self::Cancel => "CANCEL",
            Self::Invalid => "INVALID",
            Self::Relieved => "RELIEVED",
        }
    }
}

numbers! {
    /// The state of a flow in the interface of 2020, 20201222: it knows neither filling nor release.
    ///
    /// ```
    /// use sealwright::contract::Phase;
    /// use sealwright::contract::vendor::FlowStatus2020;
    /// assert_eq!(FlowStatus2020::try_from(2)?.phases(), [Phase::Rejected]);
    /// # Ok::<(), sealwright::contract::vendor::UnknownNumber>(())
    /// ```
    FlowStatus2020, "state of a flow in interface 20201222";
    /// Not started.
    Draft = 0,
    /// Being signed.
    Signing = 1,
    /// Refused.
    Rejected = 2,
    /// Withdrawn.
    Cancelled = 3,
    /// Signed by all and archived.
    Archived = 4,
    /// Past its deadline.
    Expired = 5,
    /// Its documents are destroyed.
    Destroyed = 6,
    /// Signed by all, not archived yet.
    Completed = 7,
}

impl FlowStatus2020 {
    /// The state of a contract; `None` for what this generation cannot say.
    #[must_use]
    pub fn of(contract: &Contract) -> Option<Self> {
        if contract.is_purged() {
            return Some(Self::Destroyed);
        }
        match contract.phase() {
            Phase::Draft | Phase::ReviewingStart => Some(Self::Draft),
            Phase::Signing(_) => Some(Self::Signing),
            Phase::Rejected => Some(Self::Rejected),
            Phase::Cancelled => Some(Self::Cancelled),
            Phase::Completed if contract.is_archived() => Some(Self::Archived),
            Phase::Completed => Some(Self::Completed),
            Phase::Expired => Some(Self::Expired),
            Phase::Filling(_) | Phase::FillRejected | Phase::Invalidated | Phase::Released => None,
        }
    }

    /// The states that may be meant; any terminal one for destroyed documents.
    #[must_use]
    pub fn phases(self) -> &'static [Phase] {
        match self {
            Self::Draft => &[Phase::Draft, Phase::ReviewingStart],
            Self::Signing => &[Phase::Signing(Progress::None), Phase::Signing(Progress::Partial)],
            Self::Rejected => &[Phase::Rejected],
            Self::Cancelled => &[Phase::Cancelled],
            Self::Archived | Self::Completed => &[Phase::Completed],
            Self::Expired => &[Phase::Expired],
            Self::Destroyed => &[
                Phase::Completed,
                Phase::Rejected,
                Phase::FillRejected,
                Phase::Cancelled,
                Phase::Expired,
                Phase::Invalidated,
                Phase::Released,
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_reads_back() {
        for status in FlowStatus::ALL {
            assert_eq!(FlowStatus::try_from(status.number()), Ok(*status));
        }
        for status in CallbackFlowStatus::ALL {
            assert_eq!(CallbackFlowStatus::try_from(status.number()), Ok(*status));
            for phase in status.phases() {
                assert_eq!(CallbackFlowStatus::of(*phase), *status);
            }
        }
        for status in FlowStatus2020::ALL {
            assert_eq!(FlowStatus2020::try_from(status.number()), Ok(*status));
        }
        assert!(FlowStatus::try_from(11).is_err());
        assert!(CallbackFlowStatus::try_from(0).is_err());
        assert!(FlowStatus2020::try_from(8).is_err());
    }

    #[test]
    fn the_table_of_the_vendor() {
        // Engine, present interface, callbacks.
        let table = [
            (Phase::Draft, 0, 1),
            (Phase::Filling(Progress::None), 8, 8),
            (Phase::Filling(Progress::Partial), 9, 8),
            (Phase::Signing(Progress::None), 1, 2),
            (Phase::Signing(Progress::Partial), 2, 2),
            (Phase::FillRejected, 10, 3),
            (Phase::Rejected, 3, 3),
            (Phase::Completed, 4, 4),
            (Phase::Expired, 5, 5),
            (Phase::Cancelled, 6, 6),
            (Phase::Invalidated, 16, 16),
            (Phase::Released, 21, 21),
        ];
        for (phase, present, callback) in table {
            assert_eq!(FlowStatus::try_from(present).unwrap().phase(), phase);
            assert_eq!(CallbackFlowStatus::of(phase).number(), callback);
        }
        assert_eq!(FlowStatus::try_from(7).unwrap().phase(), Phase::Draft);
    }

    #[test]
    fn two_means_three_things() {
        assert_eq!(FlowStatus::try_from(2).unwrap().phase(), Phase::Signing(Progress::Partial));
        assert_eq!(CallbackFlowStatus::try_from(2).unwrap().phases().len(), 2);
        assert_eq!(FlowStatus2020::try_from(2).unwrap().phases(), [Phase::Rejected]);
    }

    #[test]
    fn a_contract_says_its_number() {
        let world = crate::contract::samples::World::new();
        let draft = world.draft();
        assert_eq!(FlowStatus::of(&draft), FlowStatus::Draft);
        assert_eq!(FlowStatus2020::of(&draft), Some(FlowStatus2020::Draft));
        let started = world.start(draft);
        assert_eq!(FlowStatus::of(&started), FlowStatus::Signing);
        assert_eq!(FlowStatus2020::of(&started), Some(FlowStatus2020::Signing));
    }
}
