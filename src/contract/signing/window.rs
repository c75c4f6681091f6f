//! When the meeting of a contract lets it be signed.

use time::OffsetDateTime;

use super::super::error::Error;
use super::super::state::Contract;
use super::error::SigningError;
use crate::decision::{Revision, Witness};
use crate::identity::CeremonyId;

/// When a contract may be signed as far as a meeting says so (R-SIGN-02a): what
/// [`Ceremony::signing_window`](crate::ceremony::Ceremony::signing_window) answers, or
/// [`SigningWindow::NO_MEETING`].
///
/// A contract that was booked for a meeting knows it ([`Contract::ceremony`]) and takes the window of
/// that meeting alone. A window borrows from the meeting that it was read from: it cannot be stored,
/// made up or kept beyond it. What is recorded under it has the meeting among its witnesses.
///
/// ```
/// use sealwright::contract::SigningWindow;
/// assert!(SigningWindow::NO_MEETING.is_open(time::OffsetDateTime::UNIX_EPOCH));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningWindow<'a> {
    meeting: Option<Answer<'a>>,
}

/// What a meeting says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Answer<'a> {
    kind: &'static str,
    ceremony: &'a CeremonyId,
    revision: Revision,
    span: WindowSpan,
}

/// Whether a meeting lets its contracts be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WindowSpan {
    /// Not at this stage.
    Closed,
    /// Until just before this instant, if nothing happens in the meeting.
    Until(OffsetDateTime),
    /// As long as nothing happens in the meeting.
    Open,
}

impl<'a> SigningWindow<'a> {
    /// For a contract that is signed at no meeting. One that was booked for a meeting does not take
    /// it.
    pub const NO_MEETING: SigningWindow<'static> = SigningWindow { meeting: None };

    /// What a meeting says at a revision; `kind` is what witnesses call a meeting.
    pub(crate) fn of_meeting(
        kind: &'static str,
        (ceremony, revision): (&'a CeremonyId, Revision),
        span: WindowSpan,
    ) -> Self {
        Self { meeting: Some(Answer { kind, ceremony, revision, span }) }
    }

    /// Whether it is open at this instant, for the contracts that belong to its meeting.
    #[must_use]
    pub fn is_open(&self, now: OffsetDateTime) -> bool {
        self.meeting.is_none_or(|answer| match answer.span {
            WindowSpan::Closed => false,
            WindowSpan::Until(end) => now < end,
            WindowSpan::Open => true,
        })
    }

    /// The meeting at the revision that was looked at.
    fn witness(&self) -> Option<Witness> {
        self.meeting.map(|Answer { kind, ceremony, revision, .. }| {
            let (kind, id) = (kind.to_owned(), ceremony.to_string());
            Witness { kind, id, revision }
        })
    }
}

impl Contract {
    /// R-SIGN-02a: the meeting that it was booked for, if it was, lets it be signed now. Only the
    /// window of that very meeting says so; a contract of no meeting takes any.
    ///
    /// # Errors
    ///
    /// `cer.stage_not_open`, also for the window of another meeting or of none.
    pub fn check_window(
        &self,
        window: SigningWindow<'_>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let Some(own) = self.ceremony() else { return Ok(()) };
        let found = window.meeting.map(|answer| answer.ceremony);
        if found != Some(own) {
            let found = found.map_or_else(|| "no meeting".to_owned(), ToString::to_string);
            return Err(SigningError::WindowOfAnother { ceremony: own.clone(), found }.into());
        }
        if window.is_open(now) { Ok(()) } else { Err(SigningError::StageNotOpen.into()) }
    }

    /// On what a signature under this window rests: the meeting of the contract, if it has one.
    pub(in super::super) fn window_witness(&self, window: SigningWindow<'_>) -> Option<Witness> {
        self.ceremony().and_then(|_| window.witness())
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::super::super::samples::{NOW, World, attempt, seal_kinds};
    use super::super::SigningFacts;
    use super::*;
    use crate::organization::By;

    fn window(ceremony: &CeremonyId, span: WindowSpan) -> SigningWindow<'_> {
        SigningWindow::of_meeting("ceremony", (ceremony, Revision::NONE), span)
    }

    #[test]
    fn r_sign_02a_outside_the_stage_of_the_ceremony() {
        let world = World::new();
        let contract = booked(world.started());
        let (alice, kinds) = (By::Staff(world.alice()), seal_kinds());
        let (own, other) = ("cer_1".parse().unwrap(), "cer_2".parse().unwrap());
        let says = |window, now| {
            let facts = SigningFacts::of(&alice, &kinds).in_window(window);
            contract
                .may_sign(&attempt(&contract, "sa", now), &facts, now)
                .map_err(|error| error.to_string())
        };
        let (end, second) = (NOW + Duration::HOUR, Duration::SECOND);
        assert_eq!(says(window(&own, WindowSpan::Open), NOW), Ok(()));
        assert_eq!(says(window(&own, WindowSpan::Until(end)), end - second), Ok(()));
        for closed in [WindowSpan::Closed, WindowSpan::Until(end)] {
            assert!(says(window(&own, closed), end).unwrap_err().contains("has not opened"));
        }
        // Neither another meeting nor the host by itself opens it, and it is said whose word is missing.
        for window in [window(&other, WindowSpan::Open), SigningWindow::NO_MEETING] {
            let refused = contract.check_window(window, NOW).unwrap_err();
            assert_eq!(refused.code(), "cer.stage_not_open");
            assert!(says(window, NOW).unwrap_err().contains("cer_1"));
        }
        // Who belongs to no meeting needs none.
        let free = world.started();
        assert_eq!(free.check_window(window(&other, WindowSpan::Closed), NOW), Ok(()));
    }

    /// The contract as a booking leaves it.
    fn booked(mut contract: Contract) -> Contract {
        contract.ceremony = Some("cer_1".parse().unwrap());
        contract
    }
}
