//! The states of a contract (domain §2.5.2).

use std::fmt;

use serde::{Deserialize, Serialize};

/// How far a stage has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Nobody has done his part.
    None,
    /// Somebody has, somebody has not.
    Partial,
}

/// The state of a contract (合同状态).
///
/// The last seven are terminal. [`Phase::Completed`] to [`Phase::Released`] (C21) is the only way
/// out of a terminal state.
///
/// ```
/// use sealwright::contract::{Phase, Progress};
/// assert!(Phase::Signing(Progress::None).is_open());
/// assert!(Phase::Cancelled.is_terminal());
/// assert_eq!(Phase::Filling(Progress::Partial).to_string(), "filling_partial");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Being written by the initiator (草稿).
    Draft,
    /// Waiting for an internal approval of its start (发起审核中).
    ReviewingStart,
    /// Parties fill in their fields (填写中).
    Filling(Progress),
    /// Parties sign (签署中).
    Signing(Progress),
    /// Signed by all, checked (已完成).
    Completed,
    /// A signer declined to sign (已拒签).
    Rejected,
    /// A signer declined to fill (已拒填).
    FillRejected,
    /// Withdrawn by the initiator (已撤销).
    Cancelled,
    /// A deadline passed (已过期).
    Expired,
    /// The identity of a signer or a document changed while it was open (已失效).
    Invalidated,
    /// Undone by a second signed agreement (已解除).
    Released,
}

impl Phase {
    /// A stable name: `draft`, `signing_partial`, `completed`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::ReviewingStart => "reviewing_start",
            Self::Filling(Progress::None) => "filling_none",
            Self::Filling(Progress::Partial) => "filling_partial",
            Self::Signing(Progress::None) => "signing_none",
            Self::Signing(Progress::Partial) => "signing_partial",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::FillRejected => "fill_rejected",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Invalidated => "invalidated",
            Self::Released => "released",
        }
    }

    /// Whether nothing leads out of it but C20 to C22.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        !matches!(self, Self::Draft | Self::ReviewingStart) && !self.is_open()
    }

    /// Whether the signers have work to do: `Filling` or `Signing`.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.is_filling() || self.is_signing()
    }

    /// Whether fields are being filled.
    #[must_use]
    pub fn is_filling(self) -> bool {
        matches!(self, Self::Filling(_))
    }

    /// Whether signatures are being given.
    #[must_use]
    pub fn is_signing(self) -> bool {
        matches!(self, Self::Signing(_))
    }

    /// Whether it binds its organizations' hands: submitted and not ended. A draft does not.
    #[must_use]
    pub fn is_live(self) -> bool {
        self == Self::ReviewingStart || self.is_open()
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_is_exactly_one_of_beginning_open_and_terminal() {
        let phases = [
            Phase::Draft,
            Phase::ReviewingStart,
            Phase::Filling(Progress::None),
            Phase::Filling(Progress::Partial),
            Phase::Signing(Progress::None),
            Phase::Signing(Progress::Partial),
            Phase::Completed,
            Phase::Rejected,
            Phase::FillRejected,
            Phase::Cancelled,
            Phase::Expired,
            Phase::Invalidated,
            Phase::Released,
        ];
        assert_eq!(phases.iter().filter(|phase| phase.is_terminal()).count(), 7);
        assert_eq!(phases.iter().filter(|phase| phase.is_open()).count(), 4);
        assert_eq!(phases.iter().filter(|phase| phase.is_live()).count(), 5);
        let mut names: Vec<_> = phases.iter().map(|phase| phase.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), phases.len());
    }
}
