//! Whether a draft may start: all that stands against it (C3).

use time::OffsetDateTime;

use super::control::ControlError;
use super::edit::Edit;
use super::error::Error;
use super::event::Frozen;
use super::start::StartFacts;
use super::state::Contract;
use super::warning::Warning;
use crate::identity::SlotId;

/// Where controls by keyword and form field were found on the pages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placements;

/// All that stands against the start of a draft, and where its controls would be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validation {
    /// What must be mended, in the order of C6's guards.
    pub errors: Vec<Error>,
    /// What must be mended or acknowledged.
    pub warnings: Vec<Warning>,
    /// Where the controls would be.
    pub frozen: Vec<Frozen>,
}

impl Contract {
    /// C3: all that stands against the start of the draft.
    #[must_use]
    pub fn validate(&self, facts: &StartFacts<'_>, now: OffsetDateTime) -> Validation {
        let mut errors = self.problems_of_people(facts.entitlements, now);
        errors.extend(self.problems_of_deadlines(now));
        Validation { errors, ..Validation::default() }
    }

    pub(super) fn check_content(&self, _change: &Edit) -> Result<(), Error> {
        Ok(())
    }

    pub(super) fn edit_content(&mut self, change: &Edit) {
        match change {
            Edit::DocumentAttached { document } => self.documents.push(document.as_ref().clone()),
            Edit::ControlPlaced { control } => self.controls.push(control.as_ref().clone()),
            _ => {}
        }
    }

    /// R-SIGN-09: the required fields of the slot are filled.
    ///
    /// # Errors
    ///
    /// `ctl.required_value_missing`, naming them.
    pub fn require_fields_filled(&self, slot: &SlotId) -> Result<(), Error> {
        let missing = self.fill_controls_of(slot).filter(|control| control.misses_value());
        let controls: Vec<_> = missing.map(|control| control.key().clone()).collect();
        if controls.is_empty() {
            return Ok(());
        }
        Err(ControlError::RequiredValueMissing { controls }.into())
    }
}
