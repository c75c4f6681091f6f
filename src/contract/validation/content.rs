//! What a draft may hold of documents and controls, however unfinished it is (C2).

use super::super::control::{Control, ControlError, ControlKey, check_locks};
use super::super::edit::Edit;
use super::super::error::Error;
use super::super::state::Contract;
use crate::identity::{DocumentId, SlotId};

impl Contract {
    /// The greatest number of documents.
    pub const MOST_DOCUMENTS: usize = 100;
    /// The greatest number of controls.
    pub const MOST_CONTROLS: usize = 2000;

    /// The greatest number of rectangles of all controls: each becomes a field or a drawing of the
    /// document. More are `con.setting_invalid` when the contract is validated.
    pub const MOST_SPOTS: usize = 20_000;
    /// The greatest number of rectangles of sign controls on one page: they are compared with each
    /// other (R-CTL-13).
    pub const MOST_SPOTS_ON_A_PAGE: usize = 1000;

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

    /// Whether an edit of documents or controls may be made.
    pub(in crate::contract) fn check_content(&self, change: &Edit) -> Result<(), Error> {
        match change {
            Edit::DocumentAttached { document } => {
                let replaced = self.document(document.id()).is_some();
                let number = self.documents.len() + usize::from(!replaced);
                Error::check_setting("documents", number, 0, Self::MOST_DOCUMENTS)
            }
            Edit::DocumentDetached { document } => {
                self.require_document(document)?;
                let lost = |control: &Control| control.key().document == *document;
                self.check_removal(lost)
            }
            Edit::ControlPlaced { control } => {
                self.require_document(&control.key().document)?;
                Error::check_setting("controls", self.controls.len() + 1, 0, Self::MOST_CONTROLS)?;
                if self.control(control.key()).is_some() {
                    return Err(ControlError::IdDuplicate.of(control.key().clone()).into());
                }
                Ok(control.check_fresh()?)
            }
            Edit::ControlChanged { control } => {
                let old = self.require_control(control.key())?;
                let locks = check_locks(std::slice::from_ref(old), std::slice::from_ref(control));
                match locks.into_iter().next() {
                    Some(locked) => Err(locked.into()),
                    None => Ok(control.check_fresh()?),
                }
            }
            Edit::ControlRemoved { control } => {
                self.require_control(control)?;
                self.check_removal(|it| it.key() == control)
            }
            _ => Ok(()),
        }
    }

    /// The event says that the draft holds other documents or controls.
    pub(in crate::contract) fn edit_content(&mut self, change: &Edit) {
        match change {
            Edit::DocumentAttached { document } => {
                match self.documents.iter_mut().find(|it| it.id() == document.id()) {
                    Some(old) => *old = document.as_ref().clone(),
                    None => self.documents.push(document.as_ref().clone()),
                }
            }
            Edit::DocumentDetached { document } => {
                self.documents.retain(|it| it.id() != document);
                self.controls.retain(|it| it.key().document != *document);
            }
            Edit::ControlPlaced { control } => self.controls.push(control.as_ref().clone()),
            Edit::ControlChanged { control } => {
                if let Some(old) = self.controls.iter_mut().find(|it| it.key() == control.key()) {
                    *old = control.as_ref().clone();
                }
            }
            Edit::ControlRemoved { control } => self.controls.retain(|it| it.key() != control),
            _ => {}
        }
    }

    /// The control of this key.
    #[must_use]
    pub fn control(&self, key: &ControlKey) -> Option<&Control> {
        self.controls.iter().find(|control| control.key() == key)
    }

    fn require_control(&self, key: &ControlKey) -> Result<&Control, Error> {
        self.control(key).ok_or_else(|| ControlError::NotOwner.of(key.clone()).into())
    }

    fn require_document(&self, id: &DocumentId) -> Result<(), Error> {
        match self.document(id) {
            Some(_) => Ok(()),
            None => Err(Error::DocumentUnknown { document: id.clone() }),
        }
    }

    /// R-CTL-20: what is locked is not taken out.
    fn check_removal(&self, lost: impl Fn(&Control) -> bool) -> Result<(), Error> {
        let locked =
            self.controls.iter().filter(|control| lost(control)).find_map(|control| {
                check_locks(std::slice::from_ref(control), &[]).into_iter().next()
            });
        locked.map_or(Ok(()), |locked| Err(locked.into()))
    }
}
