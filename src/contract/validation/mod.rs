//! Whether a draft may start: all that stands against it (C3), and what a draft may hold (C2).

mod content;
#[cfg(test)]
mod draft_tests;
mod judged;
mod overlap;
mod place;
#[cfg(test)]
mod place_tests;
mod placements;

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::control::{ControlError, ControlKey, Owner};
use super::document::DocumentError;
use super::error::Error;
use super::event::Frozen;
use super::start::StartFacts;
use super::state::Contract;
use super::warning::{Warning, WarningCode};
use crate::identity::SlotId;
use judged::Judged;

pub use placements::{FieldKind, Located, Placements};

/// All that stands against the start of a draft, and where its controls would be.
///
/// ```
/// use sealwright::contract::Validation;
/// assert!(Validation::default().is_clear(&Default::default()));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Validation {
    /// What must be mended, in the order of C6's guards.
    pub errors: Vec<Error>,
    /// What must be mended or acknowledged.
    pub warnings: Vec<Warning>,
    /// Where the controls would be: what a preview draws.
    pub frozen: Vec<Frozen>,
}

impl Validation {
    /// Whether nothing stands against the start: no error, and every warning acknowledged.
    #[must_use]
    pub fn is_clear(&self, acknowledged: &BTreeSet<WarningCode>) -> bool {
        self.errors.is_empty() && self.open(acknowledged).is_empty()
    }

    /// The codes of the warnings that are not acknowledged, each once.
    #[must_use]
    pub fn open(&self, acknowledged: &BTreeSet<WarningCode>) -> BTreeSet<WarningCode> {
        let codes = self.warnings.iter().map(Warning::code);
        codes.filter(|code| !acknowledged.contains(code)).collect()
    }
}

impl Contract {
    /// C3: all that stands against the start of the draft. What needs the bytes of the documents
    /// comes in as data: `facts.placements`.
    #[must_use]
    pub fn validate(&self, facts: &StartFacts<'_>, now: OffsetDateTime) -> Validation {
        let judged = Judged::of(self, facts, now);
        let mut errors = self.problems_of_documents(facts);
        errors.extend(self.problems_of_people(facts.entitlements, now));
        errors.extend(self.slots_without_control(&judged.with_control));
        errors.extend(judged.errors);
        errors.extend(self.missing_values().map(Error::from));
        errors.extend(self.problems_of_deadlines(now));
        let mut warnings: Vec<Warning> =
            self.documents.iter().flat_map(|document| document.warnings()).collect();
        warnings.extend(self.parties_without_seal());
        warnings.extend(judged.warnings);
        Validation { errors, warnings, frozen: judged.frozen }
    }

    /// There is a document, and its bytes are those that were attached (R-DOC-06).
    fn problems_of_documents(&self, facts: &StartFacts<'_>) -> Vec<Error> {
        if self.documents.is_empty() {
            return vec![DocumentError::Missing.into()];
        }
        let problem =
            |document: &super::document::Document| match facts.documents.get(document.id()) {
                Some(found) => document.check_digest(found).err(),
                None => Some(DocumentError::BytesMissing.of(document.id().clone())),
            };
        self.documents.iter().filter_map(problem).map(Error::from).collect()
    }

    /// Each signer owns a control by which he binds himself, unless he places it himself (C6): a date
    /// or an opinion only stands beside one.
    fn slots_without_control<'a>(
        &'a self,
        with_control: &'a BTreeSet<&SlotId>,
    ) -> impl Iterator<Item = Error> + 'a {
        let without = self.slots.iter().filter(|slot| {
            !slot.plan().options.places_controls && !with_control.contains(slot.id())
        });
        without.map(|slot| Error::SignerHasNoControl { slot: slot.id().clone() })
    }

    /// R-CTL-10: the initiator's required fields have values.
    fn missing_values(&self) -> Option<ControlError> {
        let own = self.controls.iter().filter(|control| *control.owner() == Owner::Initiator);
        let missing = own.filter(|control| control.misses_value());
        let controls: Vec<ControlKey> = missing.map(|control| control.key().clone()).collect();
        (!controls.is_empty()).then_some(ControlError::RequiredValueMissing { controls })
    }

    /// R-CTL-14: organizations of which no seal is asked for. Who places his controls himself may
    /// still bring one.
    fn parties_without_seal(&self) -> impl Iterator<Item = Warning> + '_ {
        let sealing: BTreeSet<&SlotId> = self
            .controls
            .iter()
            .filter(|control| control.kind().is_seal())
            .filter_map(|control| control.owner().slot())
            .collect();
        let without = self.parties.iter().filter(move |party| {
            let mut slots = self.slots.iter().filter(|slot| *slot.party() == party.id);
            party.is_organization()
                && !slots
                    .any(|slot| slot.plan().options.places_controls || sealing.contains(slot.id()))
        });
        without.map(|party| Warning::SealMissing { party: party.id.clone() })
    }
}
