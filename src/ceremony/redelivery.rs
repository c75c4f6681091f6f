//! A signer from whom the contract was withheld gets it once the facts agree (R-CER-06, lenient).

use time::OffsetDateTime;

use super::error::{Error, Undeliverable};
use super::event::Event;
use super::matching::delivery_of;
use super::participant::{Delivery, Participant, PersonFacts};
use super::state::{Ceremony, Phase};
use crate::contract::{Command, Contract, Holder, Slot};
use crate::decision::Decision;
use crate::identity::{ParticipantId, Person};
use crate::organization::{By, Staff};

/// What delivering returns. All of it is stored in **one** transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct Redelivery {
    /// On the meeting.
    pub ceremony: Decision<Ceremony>,
    /// On the contracts that were withheld from him.
    pub contracts: Vec<Decision<Contract>>,
}

impl Ceremony {
    /// Delivers what was withheld: the host or the booker corrected what he had given of the signer
    /// (`corrected`), or the employee corrected what is registered (`None`).
    ///
    /// ```
    /// use sealwright::ceremony::{Ceremony, Error, Redelivery};
    /// use sealwright::contract::Contract;
    /// use sealwright::identity::{ParticipantId, Person};
    /// use sealwright::organization::{By, Staff};
    /// use time::OffsetDateTime;
    ///
    /// fn correct_a_mobile(
    ///     meeting: &Ceremony,
    ///     (signer, corrected): (&ParticipantId, &Person),
    ///     registered: Staff<'_>,
    ///     contract: &Contract,
    ///     booker: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<Redelivery, Error> {
    ///     meeting.redeliver(signer, Some(corrected), registered, &[contract], booker, now)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `cer.illegal_transition`; `cer.host_only`; `layout.not_participant` for an unknown signer;
    /// `cer.signers_locked` for one who has the contract; `cer.undeliverable{signer, fields}` if facts
    /// differ still; then those of the contract.
    pub fn redeliver(
        &self,
        signer: &ParticipantId,
        corrected: Option<&Person>,
        registered: Staff<'_>,
        contracts: &[&Contract],
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Redelivery, Error> {
        self.require_acquainted(by)?;
        self.require("redeliver", |phase| matches!(phase, Phase::Booked | Phase::Live))?;
        self.require_host_or_booker(by)?;
        self.require_attached(contracts)?;
        let unknown = || Error::NotParticipant { who: signer.to_string() };
        let before = self.participant(signer).ok_or_else(unknown)?;
        let party = before.party().and_then(|party| self.party(party)).ok_or_else(unknown)?;
        if !matches!(before.delivery(), Some(Delivery::Withheld { .. })) {
            return Err(Error::SignersLocked);
        }
        let facts = corrected.map_or_else(|| before.facts().clone(), PersonFacts::from);
        let employee = match delivery_of(&facts, party, &[registered]) {
            Delivery::Deliverable { employee } => employee,
            Delivery::Withheld { fields } => {
                let signers = vec![Undeliverable { signer: signer.clone(), fields }];
                return Err(Error::Undeliverable { signers });
            }
            Delivery::Unchecked => return Err(Error::SignersLocked),
        };
        let mut restored = Vec::new();
        for contract in contracts {
            // Of an employee who was not active nothing was withheld: he could not sign anyway.
            let slots = self.slots_of(before, contract);
            let is_his = |slot: &&Slot| self.is_withheld_from(before, contract, slot, registered);
            for slot in slots.filter(is_his) {
                let slot = slot.id().clone();
                let person = corrected.cloned();
                let command = Command::RestoreDelivery { slot, person, registered };
                restored.push(contract.decide(command, by, now)?);
            }
        }
        let event = Event::DeliveryRestored { participant: signer.clone(), facts, employee };
        let ceremony = by
            .decides(self, now)
            .event(event)
            .notices_of(self.notice_to("ceremony.delivery_restored", signer))
            .reading(registered.organization())
            .reading(registered.employee())
            .reading_all(contracts.iter().copied());
        Ok(Redelivery { ceremony, contracts: restored })
    }

    /// Whether the contract is withheld from a signer, one of perhaps several candidates: whoever has
    /// the facts of the participant, or is the registered employee.
    fn is_withheld_from(
        &self,
        signer: &Participant,
        contract: &Contract,
        slot: &Slot,
        registered: Staff<'_>,
    ) -> bool {
        let employee = registered.employee();
        let known = Holder::employee(employee.id().clone(), employee.person().clone());
        slot.signer().holders().iter().enumerate().any(|(place, holder)| {
            !slot.withheld_from(place).is_empty()
                && (holder.is_same_human(&known) || self.is_holder(signer, contract, slot, holder))
        })
    }
}
