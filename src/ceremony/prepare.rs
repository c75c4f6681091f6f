//! From the draft to everything that a booking needs (M1 to M6), and what may still be changed
//! after it (M8).

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::command::Rescheduling;
use super::contracts::ends_before;
use super::error::{Error, Part};
use super::event::Event;
use super::layout::{Layout, LayoutPlan};
use super::notices;
use super::participant::{Participant, Party, Role};
use super::policy::{Policy, Profile};
use super::schedule::{Schedule, Title};
use super::state::{Ceremony, ConferenceRef, Phase};
use crate::decision::Decision;
use crate::identity::CeremonyId;
use crate::organization::{By, Entitlements, Feature, Permission, Staff};

impl Ceremony {
    /// M1: begins a meeting. The organization must be entitled to strategic signing at `now`.
    ///
    /// ```
    /// use sealwright::ceremony::{Ceremony, Error, Policy, Profile};
    /// use sealwright::organization::{Entitlements, Staff};
    /// use time::OffsetDateTime;
    ///
    /// fn press_book_a_meeting(
    ///     staff: &Staff<'_>,
    ///     entitlements: Entitlements<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<Ceremony, Error> {
    ///     let (id, policy) = ("cer_1".parse()?, Policy::default());
    ///     let drafted = Ceremony::draft(id, Profile::Strategic, policy, staff, entitlements, now)?;
    ///     let (meeting, _trail) = drafted.found()?; // after its events were stored
    ///     Ok(meeting)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `cer.policy_invalid`; then `org.not_active`, `emp.no_permission`, `feature.not_entitled`,
    /// `feature.expired` (R-ENT-01).
    pub fn draft(
        id: CeremonyId,
        profile: Profile,
        policy: Policy,
        staff: &Staff<'_>,
        entitlements: Entitlements<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        policy.check()?;
        staff.require(Permission::CeremonyBook)?;
        let organizer = staff.organization().id().clone();
        let entitlement = entitlements.find(&organizer, Feature::StrategicSigning, now)?;
        let booker = staff.employee().id().clone();
        let decision = By::Staff(*staff).creates(id.as_str(), now);
        Ok(decision
            .event(Event::Drafted { id, organizer, booker, profile, policy })
            .reading(entitlement))
    }

    pub(super) fn set_schedule(
        &self,
        title: &str,
        (starts_at, ends_at): (OffsetDateTime, OffsetDateTime),
        booked: Option<Rescheduling<'_>>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_changeable("set_schedule", by)?;
        let title = Title::parse(title, self.policy.title_characters)?;
        let schedule = Schedule::new(starts_at, ends_at)?;
        schedule.require_future(now)?;
        let decision = by.decides(self, now);
        if self.title.as_ref() == Some(&title) && self.schedule == Some(schedule) {
            return Ok(decision);
        }
        if self.phase == Phase::Draft {
            return Ok(decision.event(Event::Scheduled { title, schedule }));
        }
        let Some(Rescheduling { contracts, keys }) = booked else {
            return Err(Error::Incomplete { parts: vec![Part::Contract] });
        };
        self.require_attached(contracts)?;
        if contracts.iter().any(|one| ends_before(one, schedule.ends_at(), now)) {
            return Err(Error::Incomplete { parts: vec![Part::Deadline] });
        }
        let notices = notices::to_each("ceremony.rescheduled", &self.participants);
        let notices = notices.into_iter().map(|one| notices::at_time(one, Some(&schedule)));
        let decision = decision
            .event(Event::Rescheduled { title, schedule })
            .notices_of(notices)
            .reading_all(contracts.iter().copied());
        Ok(self.renew_links(decision, keys, &schedule, now))
    }

    pub(super) fn set_conference(
        &self,
        conference: Option<ConferenceRef>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("set_conference", |phase| !phase.is_terminal())?;
        // Another system may give the number, long after the booking.
        match self.phase {
            _ if by.is_operator() => {}
            Phase::Draft => self.require_planner(by)?,
            _ => self.require_host_or_booker(by)?,
        }
        let decision = by.decides(self, now);
        if self.conference == conference {
            return Ok(decision);
        }
        Ok(decision.event(Event::ConferenceSet { conference }))
    }

    pub(super) fn set_participants(
        &self,
        mut parties: Vec<Party>,
        participants: Vec<Participant>,
        hosts: &[Staff<'_>],
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_changeable("set_participants", by)?;
        let most = self.policy.most_participants;
        Error::check_count("participants", participants.len(), most)?;
        Error::check_count("parties", parties.len(), most)?;
        // The organizer comes first, so that he sits on the left.
        parties.sort_by_key(|party| party.organization_id.as_ref() != Some(&self.organizer));
        self.check_participants(&parties, &participants, hosts)?;
        let decision = by
            .decides(self, now)
            .reading_all(hosts.iter().map(Staff::organization))
            .reading_all(hosts.iter().map(Staff::employee));
        if self.phase == Phase::Booked {
            return self.change_participants(decision, &parties, participants);
        }
        let participants: Vec<_> = participants.into_iter().map(Participant::afresh).collect();
        let layout = self.layout_without_strangers(&parties, &participants);
        let decision = decision.event(Event::ParticipantsSet { parties, participants });
        Ok(layout.into_iter().fold(decision, Decision::event))
    }

    pub(super) fn set_layout(
        &self,
        plan: LayoutPlan,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("set_layout", |phase| !phase.is_terminal())?;
        match self.phase {
            Phase::Draft => self.require_planner(by)?,
            Phase::Booked => self.require_host_or_booker(by)?,
            _ => self.require_host(by)?,
        }
        let layout = Layout::check(plan, &self.parties, &self.participants)?;
        let decision = by.decides(self, now);
        // Those who sit elsewhere now are told; in the meeting everybody sees it.
        let moved = self.participants.iter().filter(|one| {
            self.phase == Phase::Booked
                && self.layout().and_then(|before| before.seat_of(one.id()))
                    != layout.seat_of(one.id())
        });
        let notices = notices::to_each("ceremony.layout_changed", moved);
        Ok(decision.event(Event::LayoutChanged { layout: Box::new(layout) }).notices_of(notices))
    }

    /// M3, guards in order.
    fn check_participants(
        &self,
        parties: &[Party],
        participants: &[Participant],
        hosts: &[Staff<'_>],
    ) -> Result<(), Error> {
        check_ids(parties, participants)?;
        if !participants.iter().any(|one| one.is(Role::Host)) {
            return Err(Error::NoHost);
        }
        for host in participants.iter().filter(|one| one.is(Role::Host)) {
            let is_he = |staff: &&Staff<'_>| {
                *staff.organization().id() == self.organizer
                    && Some(staff.employee().id()) == host.employee()
                    && staff.employee().is_active()
                    && host.facts().is_exactly(staff.employee().person())
            };
            if !hosts.iter().any(|staff| is_he(&staff)) {
                return Err(Error::HostNotOrganizer { participant: host.id().clone() });
            }
        }
        let needed = match self.profile {
            Profile::Strategic => (parties.len() != 2).then_some("exactly two"),
            Profile::General => parties.is_empty().then_some("one or more"),
        };
        if let Some(needed) = needed {
            return Err(Error::PartyCount { found: parties.len(), needed });
        }
        let unsigned =
            |party: &&Party| !participants.iter().any(|one| one.party() == Some(&party.id));
        let parties: Vec<_> = parties.iter().filter(unsigned).map(|one| one.id.clone()).collect();
        if !parties.is_empty() {
            return Err(Error::PartyWithoutSigner { parties });
        }
        check_people(participants)
    }

    /// M8: hosts and observers may change, signers may not.
    fn change_participants(
        &self,
        decision: Decision<Self>,
        parties: &[Party],
        participants: Vec<Participant>,
    ) -> Result<Decision<Self>, Error> {
        let signers = |people: &[Participant]| -> Vec<_> {
            let signers = people.iter().filter(|one| one.is(Role::Signer));
            let fixed =
                |one: &Participant| (one.id().clone(), one.party().cloned(), one.facts().clone());
            let mut signers: Vec<_> = signers.map(fixed).collect();
            signers.sort_by(|one, other| one.0.cmp(&other.0));
            signers
        };
        if parties != self.parties || signers(&participants) != signers(&self.participants) {
            return Err(Error::SignersLocked);
        }
        let continuing = |one: Participant| match self.participant(one.id()) {
            Some(known) if known.is_same_entry(&one) => one.continuing(known),
            _ => one.afresh(),
        };
        let participants: Vec<_> = participants.into_iter().map(continuing).collect();
        if participants == self.participants {
            return Ok(decision);
        }
        let is_in = |people: &[Participant], one: &Participant| {
            people.iter().any(|other| other.is_same_entry(one))
        };
        let come = participants.iter().filter(|one| !is_in(&self.participants, one));
        let come = notices::to_each("ceremony.booked", come).into_iter();
        let mut told: Vec<_> =
            come.map(|one| notices::at_time(one, self.schedule.as_ref())).collect();
        let gone = self.participants.iter().filter(|one| !is_in(&participants, one));
        told.extend(
            notices::to_each("ceremony.cancelled", gone)
                .into_iter()
                .map(|one| one.with("reason", "removed")),
        );
        let is_host = |one: &&Participant| one.is(Role::Host);
        let hosts_changed =
            participants.iter().filter(is_host).any(|one| !is_in(&self.participants, one))
                || self.participants.iter().filter(is_host).any(|one| !is_in(&participants, one));
        if hosts_changed {
            let staying = participants.iter().filter(|one| is_in(&self.participants, one));
            told.extend(notices::to_each("ceremony.host_changed", staying));
        }
        let layout = self.layout_without_strangers(parties, &participants);
        let decision = decision
            .event(Event::ParticipantsChanged { participants, hosts_changed })
            .notices_of(told);
        Ok(layout.into_iter().fold(decision, Decision::event))
    }

    /// M2, M3 in a draft, M8 after the booking.
    fn require_changeable(&self, action: &'static str, by: &By<'_>) -> Result<(), Error> {
        if self.phase == Phase::Live {
            return Err(Error::Started);
        }
        self.require(action, |phase| matches!(phase, Phase::Draft | Phase::Booked))?;
        match self.phase {
            Phase::Draft => self.require_planner(by),
            _ => self.require_host_or_booker(by),
        }
    }

    pub(super) fn layout_without_strangers(
        &self,
        parties: &[Party],
        participants: &[Participant],
    ) -> Option<Event> {
        let layout = self.layout()?.without_strangers(parties, participants)?;
        Some(Event::LayoutChanged { layout: Box::new(layout) })
    }
}

/// Ids are used once, and signers sign for a party of the meeting.
fn check_ids(parties: &[Party], participants: &[Participant]) -> Result<(), Error> {
    let invalid = |one: &Participant, problem| {
        Err(Error::ParticipantInvalid { participant: one.id().clone(), problem })
    };
    let mut ids = BTreeSet::new();
    for one in participants {
        if !ids.insert(one.id()) {
            return invalid(one, "the id is used twice; give each entry its own");
        }
        if one.party().is_some_and(|party| !parties.iter().any(|known| known.id == *party)) {
            return invalid(one, "he signs for a party that is not there; add it");
        }
    }
    for (place, party) in parties.iter().enumerate() {
        let same = |other: &Party| {
            other.id == party.id
                || other.organization == party.organization
                || (other.organization_id.is_some()
                    && other.organization_id == party.organization_id)
        };
        if parties.iter().skip(place.saturating_add(1)).any(same) {
            return Err(Error::PartyDuplicate { party: party.id.clone() });
        }
    }
    Ok(())
}

/// M3: no person twice in the same role.
fn check_people(participants: &[Participant]) -> Result<(), Error> {
    for (place, first) in participants.iter().enumerate() {
        let again = participants.iter().skip(place.saturating_add(1)).find(|second| {
            first.role() == second.role() && first.facts().is_same_person(second.facts())
        });
        if let Some(second) = again {
            let (first, second) = (first.id().clone(), second.id().clone());
            return Err(Error::ParticipantDuplicate { first, second });
        }
    }
    Ok(())
}
