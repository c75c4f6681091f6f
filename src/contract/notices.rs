//! Who is told what (§2.9). Nothing is sent.

use super::party::{CcTime, Party};
use super::signer::Signer;
use super::slot::{Review, Slot};
use super::state::Contract;
use crate::decision::{Channel, Notice, Recipient};

impl Contract {
    /// A notice to the signer of a slot. None if he cannot be told, the contract is withheld from
    /// him, or no human signs there.
    pub(super) fn tell(&self, slot: &Slot, kind: &'static str) -> Option<Notice> {
        let nobody = slot.signer().holders().is_empty() || !slot.withheld.is_empty();
        if nobody { None } else { self.address(slot, kind) }
    }

    /// A notice to whoever signs in a slot once the decision is applied.
    pub(super) fn address(&self, slot: &Slot, kind: &'static str) -> Option<Notice> {
        let channels = self.channels_of(slot);
        let notice = Notice::new(kind, Recipient::Slot(slot.id().clone())).over(&channels);
        (!channels.is_empty()).then_some(notice)
    }

    /// The same, if it is the slot's turn: what it has to do.
    pub(super) fn address_with_task(&self, slot: &Slot) -> Option<Notice> {
        let kind = if self.phase.is_filling() { "contract.to_fill" } else { "contract.to_sign" };
        slot.state.is_pending().then(|| self.address(slot, kind)).flatten()
    }

    /// How the signer of a slot may be told: as his options say, and not by SMS if he is the
    /// initiator.
    fn channels_of(&self, slot: &Slot) -> Vec<Channel> {
        let own = slot
            .signer()
            .holders()
            .iter()
            .any(|holder| holder.employee_id() == Some(&self.initiator.employee));
        let allowed = slot.plan.options.channels.iter().copied();
        allowed.filter(|channel| !own || *channel != Channel::Sms).collect()
    }

    /// The notice to whoever has to do something when a slot's turn to sign comes: its signer, those
    /// who review, or the initiator where nobody is named yet.
    pub(super) fn call_to_sign(&self, slot: &Slot) -> Option<Notice> {
        let waits = matches!(slot.review, Review::Pending | Review::Rejected);
        let reviewers = || self.party(slot.party()).and_then(Party::organization_id);
        match (slot.signer(), waits) {
            (Signer::LateBound, _) => {
                Some(self.tell_initiator("contract.signer_missing").with("slot", slot.id()))
            }
            (_, true) => reviewers().map(|organization| {
                Notice::new("contract.review_due", Recipient::SealManagers(organization.clone()))
                    .with("slot", slot.id())
            }),
            (_, false) => self.tell(slot, "contract.to_sign"),
        }
    }

    /// The notice to whoever has to fill fields now.
    pub(super) fn call_to_fill(&self, slot: &Slot) -> Option<Notice> {
        match slot.signer() {
            Signer::LateBound => {
                Some(self.tell_initiator("contract.signer_missing").with("slot", slot.id()))
            }
            _ => self.tell(slot, "contract.to_fill"),
        }
    }

    /// A notice to the initiator.
    pub(super) fn tell_initiator(&self, kind: &'static str) -> Notice {
        Notice::new(kind, Recipient::Employee(self.initiator.employee.clone()))
    }

    /// A notice to the administrators of the initiating organization.
    pub(super) fn tell_administrators(&self, kind: &'static str) -> Notice {
        Notice::new(kind, Recipient::Administrators(self.initiator.organization.clone()))
    }

    /// Notices to those who read along.
    pub(super) fn tell_cc(
        &self,
        kind: &'static str,
        when: CcTime,
    ) -> impl Iterator<Item = Notice> + '_ {
        self.cc
            .iter()
            .filter(move |cc| cc.told == when)
            .map(move |cc| Notice::new(kind, Recipient::Person(cc.id.clone())))
    }

    /// Notices to the initiator and to every signer who knows of the contract: it ended.
    pub(super) fn tell_all(&self, kind: &'static str) -> Vec<Notice> {
        let known =
            |slot: &&Slot| !self.settings.hide_until_turn || self.waiting_for(slot).is_empty();
        let signers = self.slots.iter().filter(known).filter_map(|slot| self.tell(slot, kind));
        std::iter::once(self.tell_initiator(kind)).chain(signers).collect()
    }
}
