//! Whose turn it is, and how the slots follow from it (R-SIGN-06, R-CON-06).

use time::OffsetDateTime;

use super::error::Error;
use super::order::Order;
use super::phase::Phase;
use super::slot::{Review, Slot, SlotState};
use super::state::Contract;
use crate::identity::SlotId;

impl Contract {
    /// The slots that act before this one does: those of a smaller rank that have not acted. Empty
    /// when it is its turn, or when the order is parallel.
    #[must_use]
    pub fn waiting_for(&self, slot: &Slot) -> Vec<SlotId> {
        self.before(slot, &[]).map(|earlier| earlier.id().clone()).collect()
    }

    /// The slots in which somebody has to act now.
    pub fn pending(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.state.is_pending())
    }

    /// The slots without a human signer whose turn it is: the host applies their seals.
    pub fn due_automatically(&self) -> impl Iterator<Item = &Slot> {
        self.pending().filter(|slot| slot.state == SlotState::ToSign && slot.signer().is_auto())
    }

    /// R-SIGN-02: it is before the deadlines of the contract and of the slot.
    ///
    /// # Errors
    ///
    /// `con.deadline_passed`.
    pub fn require_in_time(&self, slot: &Slot, now: OffsetDateTime) -> Result<(), Error> {
        match self.deadline_of(slot) {
            Some(deadline) if now >= deadline => Err(Error::DeadlinePassed { deadline, now }),
            _ => Ok(()),
        }
    }

    /// R-SIGN-05: the slot has not acted.
    ///
    /// # Errors
    ///
    /// `con.already_acted`.
    pub fn require_unacted(&self, slot: &Slot) -> Result<(), Error> {
        if slot.state.is_over() || (self.phase.is_filling() && slot.state == SlotState::Filled) {
            return Err(Error::AlreadyActed { slot: slot.id().clone() });
        }
        Ok(())
    }

    /// The slot has neither signed nor declined, whatever the stage.
    pub(super) fn require_unsigned(&self, slot: &Slot) -> Result<(), Error> {
        if slot.state.is_over() {
            return Err(Error::AlreadyActed { slot: slot.id().clone() });
        }
        Ok(())
    }

    /// R-SIGN-06: it is the slot's turn.
    ///
    /// # Errors
    ///
    /// `con.not_your_turn{waiting_for}`.
    pub fn require_turn(&self, slot: &Slot) -> Result<(), Error> {
        let waiting_for = self.waiting_for(slot);
        if waiting_for.is_empty() {
            return Ok(());
        }
        Err(Error::NotYourTurn { slot: slot.id().clone(), waiting_for })
    }

    /// R-SIGN-07: the review that the slot demands was passed.
    ///
    /// # Errors
    ///
    /// `con.review_pending`, `con.review_rejected`.
    pub fn require_review(&self, slot: &Slot) -> Result<(), Error> {
        let id = || slot.id().clone();
        match slot.review {
            Review::NotNeeded | Review::Passed => Ok(()),
            Review::Pending => Err(Error::ReviewPending { slot: id() }),
            Review::Rejected => Err(Error::ReviewRejected { slot: id() }),
        }
    }

    /// Whether the signers of a slot to whom the contract is delivered may see its documents: not
    /// before their turn if the contract hides them until then (R-CON-08, R-CER-06).
    #[must_use]
    pub fn shows_documents_to(&self, slot: &Slot) -> bool {
        !slot.is_withheld() && self.started_at.is_some() && !self.is_hidden_from(slot)
    }

    /// R-CON-08: the contract hides its documents until a signer's turn, and that of this slot has
    /// not come.
    pub(super) fn is_hidden_from(&self, slot: &Slot) -> bool {
        self.settings.hide_until_turn
            && !slot.state.is_over()
            && self.phase.is_open()
            && self.before(slot, &[]).next().is_some()
    }

    /// The slots whose turn comes when these have acted as well, and had not come before.
    pub(super) fn next_after<'a>(&'a self, done: &'a SlotId) -> impl Iterator<Item = &'a Slot> {
        self.slots.iter().filter(move |slot| {
            slot.state == SlotState::WaitingTurn
                && self.takes_part(slot)
                && self.before(slot, std::slice::from_ref(done)).next().is_none()
        })
    }

    /// Whether anybody but these has still to fill.
    pub(super) fn fillers_left(&self, done: &SlotId) -> bool {
        self.slots
            .iter()
            .any(|slot| slot.fills && slot.state != SlotState::Filled && slot.id() != done)
    }

    /// Whether anybody but this one has still to sign.
    pub(super) fn signers_left(&self, done: &SlotId) -> bool {
        self.slots.iter().any(|slot| slot.state != SlotState::Signed && slot.id() != done)
    }

    /// The state a slot has when signing begins or goes on, by its turn and its review.
    pub(super) fn signing_state(&self, slot: &Slot) -> SlotState {
        if self.before(slot, &[]).next().is_some() {
            SlotState::WaitingTurn
        } else if self.require_review(slot).is_err() {
            SlotState::UnderReview
        } else {
            SlotState::ToSign
        }
    }

    /// Brings the slots that have not acted to the state that their turn gives them.
    pub(super) fn settle_turns(&mut self) {
        let states: Vec<SlotState> = self
            .slots
            .iter()
            .map(|slot| match self.phase {
                _ if slot.state.is_over() => slot.state,
                Phase::Signing(_) => self.signing_state(slot),
                Phase::Filling(_) if !slot.fills || slot.state == SlotState::Filled => {
                    if slot.fills { SlotState::Filled } else { SlotState::WaitingTurn }
                }
                Phase::Filling(_) if self.before(slot, &[]).next().is_none() => SlotState::ToFill,
                Phase::Filling(_) => SlotState::WaitingTurn,
                _ => slot.state,
            })
            .collect();
        for (slot, state) in self.slots.iter_mut().zip(states) {
            slot.state = state;
        }
    }

    /// The slots of a smaller rank that have not done their part in the present stage, `done` taken
    /// as having done it.
    fn before<'a>(&'a self, slot: &'a Slot, done: &'a [SlotId]) -> impl Iterator<Item = &'a Slot> {
        let ordered = self.settings.order == Order::Sequential;
        self.slots.iter().filter(move |earlier| {
            ordered
                && earlier.plan.rank < slot.plan.rank
                && self.takes_part(earlier)
                && !self.has_done(earlier)
                && !done.contains(earlier.id())
        })
    }

    fn takes_part(&self, slot: &Slot) -> bool {
        !self.phase.is_filling() || slot.fills
    }

    fn has_done(&self, slot: &Slot) -> bool {
        if self.phase.is_filling() {
            slot.state == SlotState::Filled
        } else {
            slot.state == SlotState::Signed
        }
    }
}
