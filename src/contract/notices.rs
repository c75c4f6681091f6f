//! Who is told what (§2.9). Nothing is sent.

use super::party::{CcTime, Party};
use super::signer::Signer;
use super::slot::{Review, Slot};
use super::state::Contract;
use crate::decision::{Channel, Notice, Recipient};
use crate::identity::SlotId;

impl Contract {
    /// A notice to the signers of a slot. None if they cannot be told, the contract is withheld from
    /// all of them, or no human signs there.
    pub(super) fn tell(&self, slot: &Slot, kind: &'static str) -> Option<Notice> {
        let nobody = slot.delivered().next().is_none();
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

    /// What is to do now that a signer is named, if it is the slot's turn: it is reviewed, if its plan
    /// says so, whatever was reviewed before.
    pub(super) fn address_bound(&self, slot: &Slot) -> Option<Notice> {
        if !slot.state.is_pending() || !self.phase.is_signing() || !slot.plan.options.needs_review {
            return self.address_with_task(slot);
        }
        let due = "contract.review_due";
        self.tell_reviewers(slot, due).or_else(|| self.address(slot, due))
    }

    /// After a hand-over, where signings are reviewed and it is the slot's turn: those who review have
    /// to look again, at whoever signs now.
    pub(super) fn call_to_review_again(&self, slot: &Slot) -> Option<Notice> {
        let due = slot.state.is_pending() && self.phase.is_signing();
        let reviewed = slot.review != Review::NotNeeded;
        (due && reviewed).then(|| self.tell_reviewers(slot, "contract.review_due")).flatten()
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
        match slot.signer() {
            Signer::LateBound => Some(self.ask_for_signer(slot)),
            _ if self.require_review(slot).is_err() => self.call(slot, "contract.review_due"),
            _ => self.call(slot, "contract.to_sign"),
        }
    }

    /// The notice to whoever has to fill fields now.
    pub(super) fn call_to_fill(&self, slot: &Slot) -> Option<Notice> {
        match slot.signer() {
            Signer::LateBound => Some(self.ask_for_signer(slot)),
            _ => self.tell(slot, "contract.to_fill"),
        }
    }

    /// A notice to the signer of a slot or, while it waits for a review, to those of his
    /// organization who review. If that is not known yet, to the signer, who knows his colleagues.
    pub(super) fn call(&self, slot: &Slot, kind: &'static str) -> Option<Notice> {
        let waits = self.require_review(slot).is_err();
        let reviewers = waits.then(|| self.tell_reviewers(slot, kind)).flatten();
        reviewers.or_else(|| self.tell(slot, kind))
    }

    /// A notice to those who review, if it is known which organization they are of.
    fn tell_reviewers(&self, slot: &Slot, kind: &'static str) -> Option<Notice> {
        let organization = self.party(slot.party()).and_then(Party::organization_id)?;
        let reviewers = Recipient::SealManagers(organization.clone());
        Some(Notice::new(kind, reviewers).with("slot", slot.id()))
    }

    /// Under which name a notice says in what the signer in a place of a slot differs.
    pub(super) fn factors_of(&self, slot: &SlotId, place: usize) -> String {
        match self.slot(slot).map(Slot::signer) {
            Ok(Signer::Candidates { .. }) => {
                format!("factors of {slot}, candidate {}", place.saturating_add(1))
            }
            _ => format!("factors of {slot}"),
        }
    }

    fn ask_for_signer(&self, slot: &Slot) -> Notice {
        self.tell_initiator("contract.signer_missing").with("slot", slot.id())
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

/// One notice for each kind and recipient: notices that are equal in both count as the same, so what
/// they say of several slots is said in one.
pub(super) fn merged(notices: impl IntoIterator<Item = Notice>) -> Vec<Notice> {
    let mut merged: Vec<Notice> = Vec::new();
    for notice in notices {
        let same =
            |other: &&mut Notice| other.kind == notice.kind && other.recipient == notice.recipient;
        let Some(first) = merged.iter_mut().find(same) else {
            merged.push(notice);
            continue;
        };
        for (name, value) in notice.parameters {
            match first.parameters.get_mut(&name) {
                Some(values) => {
                    values.push_str(", ");
                    values.push_str(&value);
                }
                None => drop(first.parameters.insert(name, value)),
            }
        }
    }
    merged
}
