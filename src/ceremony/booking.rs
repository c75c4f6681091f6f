//! Booking (M7): one verb over the meeting, its contracts and what the organizer is entitled to.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::contracts::ends_before;
use super::error::{Error, Part, Undeliverable};
use super::event::Event;
use super::layout::{Layout, LayoutPlan};
use super::matching::delivery_of;
use super::participant::{Delivery, Participant};
use super::policy::DeliveryPolicy;
use super::schedule::Schedule;
use super::starting::{Starts, validate};
use super::state::{Ceremony, Phase};
use super::token::LinkKeys;
use crate::contract::{Allowance, Contract, Placements, Validation};
use crate::decision::Decision;
use crate::digest::Digest;
use crate::identity::{ContractId, DocumentId, Factors, ParticipantId, SlotId};
use crate::organization::{By, Entitlement, Entitlements, Feature, Staff};

/// A contract of the meeting with what its start rests on; see
/// [`StartFacts`](crate::contract::StartFacts).
#[derive(Clone, Copy, Debug)]
pub struct ContractToStart<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// Where its controls were found.
    pub placements: &'a Placements,
    /// The digests of its documents as the host has them now.
    pub documents: &'a BTreeMap<DocumentId, Digest>,
}

/// What a booking rests on beyond the meeting itself.
#[derive(Clone, Debug)]
pub struct BookingFacts<'a> {
    /// The contracts of the meeting.
    pub contracts: &'a [ContractToStart<'a>],
    /// The employees that the signers may be: those whom the host program finds by name, identity
    /// number or mobile number in the organizations that sign.
    pub registered: &'a [Staff<'a>],
    /// Rights of the organizer: strategic signing among them.
    pub entitlements: Entitlements<'a>,
    /// On what the contracts' units of quota are reserved.
    pub quota: Allowance<'a>,
    /// The codes of the warnings that the booker has seen and accepts: those of the contracts and
    /// those of the layout.
    pub acknowledged: &'a BTreeSet<String>,
    /// The keys that seal the links.
    pub keys: &'a LinkKeys,
}

/// What a booking returns. All of it is stored in **one** transaction, each list in its order, each
/// decision on the condition of its revision; so it cannot cross shards.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct Booking {
    /// On the meeting.
    pub ceremony: Decision<Ceremony>,
    /// On the contracts, one after the other: warnings acknowledged, if there are any, then started.
    pub contracts: Vec<Decision<Contract>>,
    /// On the entitlements, one after the other: units reserved.
    pub quotas: Vec<Decision<Entitlement>>,
}

impl Ceremony {
    /// M7: books the meeting and starts its contracts. Everybody is told once; links to the result
    /// and to the contracts are made. Where the entitlement to strategic signing counts, a unit is
    /// reserved under the first contract's id: calling off returns it, the host consumes it later.
    ///
    /// ```
    /// use sealwright::ceremony::{BookingFacts, Ceremony, Error};
    /// use sealwright::organization::By;
    /// use time::OffsetDateTime;
    ///
    /// fn press_book(
    ///     meeting: &Ceremony,
    ///     facts: &BookingFacts<'_>,
    ///     booker: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> String {
    ///     match meeting.book(facts, booker, now) {
    ///         // All of it in one transaction; then the notices are sent.
    ///         Ok(booking) => format!("{} people are told", booking.ceremony.notices().len()),
    ///         Err(Error::Incomplete { parts }) => format!("{} things are missing", parts.len()),
    ///         Err(Error::Undeliverable { signers }) => format!("check {} signers", signers.len()),
    ///         Err(Error::WarningUnacknowledged { codes }) => format!("really? {codes:?}"),
    ///         Err(other) => other.to_string(),
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// In this order: `cer.illegal_transition`; who asks (`cer.host_only`, `org.*`, `emp.*`), the
    /// entitlement, which is looked at again (R-ENT-02); `cer.incomplete{parts}` with everything that
    /// is missing, or `cer.start_in_past` if nothing is but the time has come (R-CER-01);
    /// `cer.undeliverable{signers}` with all of them (R-CER-06, unless the policy is
    /// lenient); `cer.warning_unacknowledged{codes}` with all of them; then those of
    /// [`Contract::start`].
    pub fn book(
        &self,
        facts: &BookingFacts<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Booking, Error> {
        self.require_acquainted(by)?;
        self.require("book", |phase| phase == Phase::Draft)?;
        self.require_planner(by)?;
        let entitlement =
            facts.entitlements.find(&self.organizer, Feature::StrategicSigning, now)?;
        let contracts: Vec<&Contract> = facts.contracts.iter().map(|one| one.contract).collect();
        self.require_attached(&contracts)?;
        let validations: Vec<Validation> =
            facts.contracts.iter().map(|one| validate(one, facts, now)).collect();
        let schedule = self.require_complete(&contracts, &validations, now)?;
        let deliveries = self.require_deliverable(facts.registered)?;
        let layout = self.booked_layout()?;
        let acknowledged =
            self.require_acknowledged(layout.as_ref(), &validations, facts.acknowledged)?;

        let withheld = self.withheld(&deliveries);
        let mut starts = Starts::new(&self.id, facts, by, now);
        for (one, validation) in facts.contracts.iter().zip(&validations) {
            starts.start(one, validation, &self.slots_withheld(one.contract, &withheld))?;
        }
        let (started, mut quotas) = starts.decisions();
        let reserved = self.reserve_meeting(entitlement, by, now)?;
        let quota = reserved.as_ref().map(|_| entitlement.id().clone());
        quotas.extend(reserved);

        let slots = self.slots_of_all(&contracts);
        let mut decision = by.decides(self, now);
        if let Some(layout) = layout {
            decision = decision.event(Event::LayoutChanged { layout: Box::new(layout) });
        }
        decision = decision
            .event(Event::Booked { deliveries, slots, acknowledged, quota })
            .notices_of(self.notices_to_all("ceremony.booked"))
            .reading(entitlement)
            .reading_all(facts.registered.iter().map(Staff::organization))
            .reading_all(facts.registered.iter().map(Staff::employee));
        for link in self.first_links(facts.keys, &schedule, now) {
            decision = decision.event(Event::LinkIssued { link });
        }
        Ok(Booking { ceremony: decision, contracts: started, quotas })
    }

    /// R-CER-07: everything that is missing, at once. If it is only that the start has passed, that
    /// is said (R-CER-01).
    fn require_complete(
        &self,
        contracts: &[&Contract],
        validations: &[Validation],
        now: OffsetDateTime,
    ) -> Result<Schedule, Error> {
        let ready = self.schedule.filter(|one| one.require_future(now).is_ok());
        let ends_at = self.schedule.map(|schedule| schedule.ends_at());
        let fit = contracts.iter().all(|one| self.require_own_draft(one).is_ok())
            && self.require_same_signers(contracts).is_ok();
        let finished = self.contracts.iter().all(|id| self.finished_controls.contains(id))
            && validations.iter().all(|validation| validation.errors.is_empty());
        let too_short = |one: &Contract| ends_at.is_some_and(|end| ends_before(one, end, now));
        let gaps = [
            (Part::Schedule, ready.is_none() || self.title.is_none()),
            (Part::Participants, self.participants.is_empty()),
            (Part::Contract, contracts.is_empty() || !fit),
            (Part::Controls, contracts.is_empty() || !finished),
            (Part::Deadline, contracts.iter().any(|one| too_short(one))),
        ];
        let parts: Vec<Part> = gaps.into_iter().filter(|gap| gap.1).map(|gap| gap.0).collect();
        match (ready, self.schedule) {
            (Some(schedule), _) if parts.is_empty() => Ok(schedule),
            (None, Some(schedule)) if parts == [Part::Schedule] => {
                schedule.require_future(now)?;
                Err(Error::Incomplete { parts })
            }
            _ => Err(Error::Incomplete { parts }),
        }
    }

    /// R-CER-06: every signer against the registered employees.
    pub(super) fn require_deliverable(
        &self,
        registered: &[Staff<'_>],
    ) -> Result<BTreeMap<ParticipantId, Delivery>, Error> {
        let delivery = |signer: &Participant| {
            let party = signer.party().and_then(|party| self.party(party))?;
            Some((signer.id().clone(), delivery_of(signer.facts(), party, registered)))
        };
        let deliveries: BTreeMap<_, _> = self.signers().filter_map(delivery).collect();
        let undeliverable = deliveries.iter().filter_map(|(signer, delivery)| match delivery {
            Delivery::Withheld { fields } => {
                Some(Undeliverable { signer: signer.clone(), fields: *fields })
            }
            _ => None,
        });
        let signers: Vec<_> = undeliverable.collect();
        if signers.is_empty() || self.policy.delivery == DeliveryPolicy::Lenient {
            return Ok(deliveries);
        }
        Err(Error::Undeliverable { signers })
    }

    /// The default layout, if none was saved (M7).
    fn booked_layout(&self) -> Result<Option<Layout>, Error> {
        if self.layout().is_some() {
            return Ok(None);
        }
        let plan = LayoutPlan::arranged(&self.parties, &self.participants);
        Layout::check(plan, &self.parties, &self.participants).map(Some)
    }

    /// The warnings of layout and contracts, if all of them were acknowledged.
    fn require_acknowledged(
        &self,
        layout: Option<&Layout>,
        validations: &[Validation],
        acknowledged: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Error> {
        let layout = layout
            .or(self.layout())
            .map(|layout| layout.warnings(&self.participants, &self.policy.pictures));
        let layout = layout.iter().flatten().map(super::layout::LayoutWarning::code);
        let contracts = validations.iter().flat_map(|validation| &validation.warnings);
        let codes: BTreeSet<_> = contracts.map(|one| one.code().code()).chain(layout).collect();
        let open: Vec<_> =
            codes.iter().copied().filter(|code| !acknowledged.contains(*code)).collect();
        if open.is_empty() {
            return Ok(codes.into_iter().map(str::to_owned).collect());
        }
        Err(Error::WarningUnacknowledged { codes: open })
    }

    /// The signers who do not receive the contract, and why.
    fn withheld<'a>(
        &'a self,
        deliveries: &BTreeMap<ParticipantId, Delivery>,
    ) -> Vec<(&'a Participant, Factors)> {
        let fields = |signer: &'a Participant| match deliveries.get(signer.id())? {
            Delivery::Withheld { fields } => Some((signer, *fields)),
            _ => None,
        };
        self.signers().filter_map(fields).collect()
    }

    /// What the start of one contract rests on: its signers who do not receive it among them.
    fn slots_withheld(
        &self,
        contract: &Contract,
        withheld: &[(&Participant, Factors)],
    ) -> BTreeMap<(SlotId, usize), Factors> {
        let places = withheld.iter().flat_map(|(signer, fields)| {
            self.places_of(signer, contract)
                .map(|(slot, place)| ((slot.id().clone(), place), *fields))
        });
        places.collect()
    }

    /// The slots of every signer, by which he is known from now on, whatever becomes of his facts.
    fn slots_of_all(
        &self,
        contracts: &[&Contract],
    ) -> BTreeMap<ParticipantId, Vec<(ContractId, SlotId)>> {
        let of = |signer: &Participant| -> Vec<(ContractId, SlotId)> {
            let slots = contracts.iter().flat_map(|contract| {
                let slots = self.slots_of(signer, contract);
                slots.map(|slot| (contract.id().clone(), slot.id().clone()))
            });
            slots.collect()
        };
        self.signers().map(|signer| (signer.id().clone(), of(signer))).collect()
    }

    /// An entitlement that counts meetings loses one; it is told by the first contract's id.
    fn reserve_meeting(
        &self,
        entitlement: &Entitlement,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Option<Decision<Entitlement>>, Error> {
        let Some(contract) = self.contracts.first().filter(|_| entitlement.quota().is_some())
        else {
            return Ok(None);
        };
        Ok(Some(entitlement.reserve(contract, by, now)?))
    }
}
