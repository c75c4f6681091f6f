//! Which control stands in which fields of a document: what [`start`](super::start()) makes, what
//! [`apply`](super::apply()) fills and what is expected of a document that comes back.

use std::collections::BTreeMap;

use crate::contract::{Contract, Control, ControlKey, ControlKind, Location};
use crate::identity::{DocumentId, SlotId};
use crate::placement::{PlacementPlan, PlannedBox, PlannedControl};

/// The invisible field that stays for the time-stamp that closes the contract.
pub(super) const CLOSING: &str = "sealwright#closing";
/// The invisible field of the platform's own signature.
pub(super) const PLATFORM: &str = "sealwright#platform";

/// The fields of one contract.
pub(super) struct Fields<'c> {
    contract: &'c Contract,
    planned: BTreeMap<&'c ControlKey, &'c PlannedControl>,
}

/// The fields of one control: one for each of its boxes, or the field of the document in which it
/// stands.
pub(super) struct ControlFields<'c> {
    pub(super) control: &'c Control,
    pub(super) boxes: &'c [PlannedBox],
    /// As many as there are boxes, or one that exists.
    pub(super) names: Vec<String>,
    /// Whether the document had it before.
    pub(super) exist: bool,
}

impl<'c> Fields<'c> {
    pub(super) fn of(contract: &'c Contract, plan: &'c PlacementPlan) -> Self {
        let planned = plan.controls().iter().map(|it| (it.key(), it)).collect();
        Self { contract, planned }
    }

    /// Those of one signer in one document, in the order of the contract's controls.
    pub(super) fn of_slot(&self, slot: &SlotId, document: &DocumentId) -> Vec<ControlFields<'c>> {
        let controls = self.contract.controls().iter();
        let own = controls.filter(|control| control.kind().is_sign() && control.is_of(slot));
        let here = own.filter(|control| control.key().document == *document);
        here.filter(|control| control.is_on_pages())
            .filter_map(|control| Some((control, self.planned.get(control.key())?)))
            .map(|(control, planned)| ControlFields::of(control, planned.boxes()))
            .collect()
    }

    /// The invisible field of a signer who shows no picture in a document.
    pub(super) fn invisible(&self, slot: &SlotId) -> String {
        let place = self.contract.slots().iter().position(|it| it.id() == slot);
        format!("signer#{}", place.map_or(0, |place| place + 1))
    }
}

impl<'c> ControlFields<'c> {
    fn of(control: &'c Control, boxes: &'c [PlannedBox]) -> Self {
        // Ids of controls have no sign but `_`.
        let id = control.key().control.as_str();
        let (names, exist) = match control.location() {
            Location::Field(name) => (vec![name.as_str().to_owned()], true),
            _ if boxes.len() == 1 => (vec![id.to_owned()], false),
            _ => ((1..=boxes.len()).map(|number| format!("{id}#{number}")).collect(), false),
        };
        Self { control, boxes, names, exist }
    }

    /// Whether its fields are signature fields: seals, and signatures by hand, alone or in a block.
    pub(super) fn is_picture(&self) -> bool {
        self.control.kind().is_of_signer()
    }

    /// Whether a text in it may have several lines.
    pub(super) fn has_lines(&self) -> bool {
        matches!(self.control.kind(), ControlKind::Opinion(_))
    }

    /// Its fields with their boxes; a field that exists has one name for all of them.
    pub(super) fn places(&self) -> impl Iterator<Item = (&String, &'c PlannedBox)> {
        self.names.iter().zip(self.boxes)
    }
}
