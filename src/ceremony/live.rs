//! The meeting itself: who comes, what the host does (M10 to M14).

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::command::{Entrance, Visitor};
use super::error::Error;
use super::event::{DenialReason, Event};
use super::participant::{Participant, Presence, Role};
use super::schedule::Schedule;
use super::state::{Ceremony, Phase, Stage};
use crate::contract::{Contract, Phase as ContractPhase};
use crate::decision::Decision;
use crate::identity::ParticipantId;
use crate::organization::By;

impl Ceremony {
    pub(super) fn open_room(
        &self,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require("open_room", |phase| phase == Phase::Booked)?;
        self.require_host_or_clock(by)?;
        let opens_at = self.at(|schedule| schedule.starts_at().saturating_sub(self.policy.lead));
        if let Some(from) = opens_at.filter(|opens_at| now < *opens_at) {
            return Err(Error::TooEarly { from, now });
        }
        if self.has_lapsed(now) {
            return Err(Error::Ended);
        }
        Ok(by.decides(self, now).event(Event::RoomOpened))
    }

    /// M11. Whoever is not invited learns nothing of the state, nor whether there is a meeting.
    pub(super) fn enter(
        &self,
        visitor: Visitor<'_>,
        entrance: Entrance<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        let entries = self.entries_of_visitor(visitor, by)?;
        let knows_the_way = match entrance {
            Entrance::List => true,
            Entrance::Number(number) => self.conference.as_ref() == Some(number),
        };
        if entries.is_empty() || !knows_the_way || self.phase == Phase::Draft {
            return Err(Error::NotInvited);
        }
        match self.phase {
            Phase::Live => {}
            Phase::Cancelled | Phase::Concluded(_) => return Err(Error::Ended),
            _ => return Err(Error::NotLive { phase: self.phase.name() }),
        }
        let came = entries.into_iter().filter(|one| one.presence() != Presence::Joined);
        let came = came.map(|one| Event::Entered { participant: one.id().clone() });
        Ok(came.fold(by.decides(self, now), Decision::event))
    }

    pub(super) fn record_denial(
        &self,
        reason: DenialReason,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        // Whoever is refused at a door must not be able to fill the trail.
        if !by.is_operator() {
            return Err(Error::HostOnly { who: "the host program" });
        }
        self.require("record_denial", |phase| phase != Phase::Draft)?;
        let notices = self.notices_to_hosts("ceremony.entry_denied").into_iter();
        let notices = notices.map(|notice| notice.with("reason", reason.code()));
        Ok(by.decides(self, now).event(Event::EntryDenied { reason }).notices_of(notices))
    }

    pub(super) fn leave(
        &self,
        visitor: Visitor<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        let entries = self.entries_of_visitor(visitor, by)?;
        if entries.is_empty() {
            return Err(Error::NotInvited);
        }
        self.require("leave", |phase| phase == Phase::Live)?;
        let gone = entries.into_iter().filter(|one| one.presence() == Presence::Joined);
        let gone = gone.map(|one| Event::Left { participant: one.id().clone() });
        Ok(gone.fold(by.decides(self, now), Decision::event))
    }

    pub(super) fn send_out(
        &self,
        participant: &ParticipantId,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_live_host("send_out", by)?;
        let unknown = || Error::NotParticipant { who: participant.to_string() };
        let him = self.participant(participant).ok_or_else(unknown)?;
        let entries = self.participants.iter();
        let entries: Vec<_> =
            entries.filter(|one| one.facts().is_same_person(him.facts())).collect();
        if entries.iter().any(|one| one.is(Role::Host)) {
            let problem = "he hosts the meeting; a host is not sent out";
            return Err(Error::ParticipantInvalid { participant: participant.clone(), problem });
        }
        let sent = entries.into_iter().filter(|one| one.presence() != Presence::Denied);
        let sent = sent.map(|one| Event::SentOut { participant: one.id().clone() });
        Ok(sent.fold(by.decides(self, now), Decision::event))
    }

    pub(super) fn record(
        &self,
        on: bool,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_live_host("record", by)?;
        let decision = by.decides(self, now);
        Ok(match (self.recording, on) {
            (false, true) => decision.event(Event::RecordingStarted),
            (true, false) => decision.event(Event::RecordingStopped),
            _ => decision,
        })
    }

    pub(super) fn open_stage(
        &self,
        contracts: &[&Contract],
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_live_host("open_stage", by)?;
        if self.has_lapsed(now) {
            return Err(Error::Ended);
        }
        self.require_attached(contracts)?;
        // Of several contracts some may be signed already.
        let waiting = contracts.iter().any(|contract| contract.phase().is_signing());
        let stopped = contracts.iter().find(|contract| {
            !contract.phase().is_signing() && (!waiting || !is_completed(contract))
        });
        if let Some(contract) = stopped {
            return Err(Error::ContractState {
                contract: contract.id().clone(),
                found: contract.phase().name(),
                needed: "signing",
            });
        }
        let decision = by.decides(self, now).reading_all(contracts.iter().copied());
        if self.stage == Stage::Open {
            return Ok(decision);
        }
        Ok(decision.event(Event::StageOpened))
    }

    pub(super) fn close_stage(
        &self,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_live_host("close_stage", by)?;
        let decision = by.decides(self, now);
        if self.stage == Stage::Open {
            return Ok(decision.event(Event::StageClosed));
        }
        Ok(decision)
    }

    /// When the meeting is over by itself (M18).
    #[must_use]
    pub fn lapses_at(&self) -> Option<OffsetDateTime> {
        self.at(|schedule| schedule.ends_at().saturating_add(self.policy.grace))
    }

    pub(super) fn has_lapsed(&self, now: OffsetDateTime) -> bool {
        self.lapses_at().is_some_and(|lapses_at| now >= lapses_at)
    }

    fn at(&self, when: impl FnOnce(&Schedule) -> OffsetDateTime) -> Option<OffsetDateTime> {
        self.schedule.as_ref().map(when)
    }

    fn require_live_host(&self, action: &'static str, by: &By<'_>) -> Result<(), Error> {
        self.require(action, |phase| phase == Phase::Live)?;
        self.require_host(by)
    }

    /// All contracts of the meeting, each once, and no others.
    pub(super) fn require_attached(&self, contracts: &[&Contract]) -> Result<(), Error> {
        let mut given = BTreeSet::new();
        for contract in contracts {
            self.require_one_attached(contract.id())?;
            if !given.insert(contract.id()) {
                return Err(Error::ContractState {
                    contract: contract.id().clone(),
                    found: "given twice",
                    needed: "given once",
                });
            }
        }
        match self.contracts.iter().find(|id| !given.contains(id)) {
            Some(contract) => Err(Error::ContractState {
                contract: contract.clone(),
                found: "not given",
                needed: "given with the others of the meeting",
            }),
            None => Ok(()),
        }
    }

    fn entries_of_visitor(
        &self,
        visitor: Visitor<'_>,
        by: &By<'_>,
    ) -> Result<Vec<&Participant>, Error> {
        match visitor {
            Visitor::Vouched(_) if !by.is_operator() => {
                Err(Error::HostOnly { who: "the host program" })
            }
            Visitor::Vouched(facts) => Ok(self.entries_of(facts).collect()),
            Visitor::Himself => Ok(self.entries_by(by)),
        }
    }
}

/// Whether all have signed, even if the contract was released since.
pub(super) fn is_completed(contract: &Contract) -> bool {
    matches!(contract.phase(), ContractPhase::Completed | ContractPhase::Released)
}
