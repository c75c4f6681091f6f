//! The structure tree of a tagged document (ISO 32000-2 §14.7), which gets an entry for a new
//! signature field.

use crate::pdf::Error;

use super::step::Step;

impl Step<'_, '_> {
    /// Explains what a new signature field needs in the structure tree.
    pub(super) fn structure(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
