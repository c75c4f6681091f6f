//! How a meeting follows from its events.

use std::collections::BTreeSet;

use super::event::Event;
use super::link::{Link, LinkKind};
use super::participant::{Participant, Presence};
use super::state::{Ceremony, Phase, Stage};
use crate::decision::{Evolve, History, Recorded};
use crate::identity::ParticipantId;

impl Evolve for Ceremony {
    type Event = Event;

    const PREFIX: &'static str = "cer";
    const SUBJECT: &'static str = "ceremony";

    crate::decision::id_and_history!();

    fn state_name(&self) -> &'static str {
        match (self.phase, self.stage) {
            (Phase::Live, Stage::Open) => "live_signing_open",
            (phase, _) => phase.name(),
        }
    }

    fn begin(first: &Recorded<Event>) -> Option<Self> {
        let Event::Drafted { id, organizer, booker, profile, policy } = &first.event else {
            return None;
        };
        Some(Self {
            id: id.clone(),
            organizer: organizer.clone(),
            booker: booker.clone(),
            profile: *profile,
            policy: policy.clone(),
            title: None,
            schedule: None,
            conference: None,
            parties: Vec::new(),
            participants: Vec::new(),
            contracts: Vec::new(),
            finished_controls: BTreeSet::new(),
            layouts: Vec::new(),
            phase: Phase::Draft,
            stage: Stage::default(),
            recording: false,
            links: Vec::new(),
            acknowledged: BTreeSet::new(),
            quota: None,
            history: History::start(),
        })
    }

    fn evolve(&mut self, recorded: &Recorded<Event>) {
        match &recorded.event {
            Event::Drafted { .. } | Event::EntryDenied { .. } => {}
            Event::Scheduled { title, schedule } | Event::Rescheduled { title, schedule } => {
                self.title = Some(title.clone());
                self.schedule = Some(*schedule);
            }
            Event::ConferenceSet { conference } => self.conference.clone_from(conference),
            Event::ParticipantsSet { parties, participants } => {
                self.parties.clone_from(parties);
                self.participants.clone_from(participants);
            }
            Event::ParticipantsChanged { participants, .. } => {
                self.participants.clone_from(participants);
            }
            Event::ContractsAttached { contracts } => {
                self.contracts.clone_from(contracts);
                self.finished_controls.clear();
            }
            Event::ControlsFinished { contract, .. } => {
                self.finished_controls.insert(contract.clone());
            }
            Event::LayoutChanged { layout } => self.layouts.push(layout.as_ref().clone()),
            Event::Booked { deliveries, slots, acknowledged, quota } => {
                self.quota.clone_from(quota);
                self.phase = Phase::Booked;
                self.acknowledged.clone_from(acknowledged);
                for (signer, delivery) in deliveries {
                    self.change(signer, |one| one.set_delivery(delivery.clone()));
                }
                for (signer, slots) in slots {
                    self.change(signer, |one| one.set_slots(slots));
                }
            }
            Event::Cancelled { .. } => {
                self.phase = Phase::Cancelled;
                self.links.iter_mut().for_each(Link::revoke);
            }
            Event::RoomOpened => self.phase = Phase::Live,
            Event::Entered { participant } => self.be(participant, Presence::Joined),
            Event::Left { participant } => self.be(participant, Presence::Left),
            Event::SentOut { participant } => self.be(participant, Presence::Denied),
            Event::RecordingStarted => self.recording = true,
            Event::RecordingStopped => self.recording = false,
            Event::StageOpened => self.stage = Stage::Open,
            Event::StageClosed => self.stage = Stage::Closed,
            Event::LinkIssued { link } => {
                self.revoke(|other| other.kind() == link.kind());
                self.links.push(link.clone());
            }
            Event::LinkRevoked { link, .. } => self.revoke(|other| other.id() == link),
            Event::SignerReplaced { participant, facts, employee } => {
                self.change(participant, |one| one.replace(facts.clone(), employee.clone()));
            }
            Event::DeliveryRestored { participant, facts, employee } => {
                self.change(participant, |one| one.correct(facts.clone(), employee.clone()));
            }
            Event::SigningWindowSet { window } => self.policy.signing_window = *window,
            Event::Concluded { outcome, .. } => {
                self.phase = Phase::Concluded(*outcome);
                self.recording = false;
                if self.stage == Stage::Open {
                    self.stage = Stage::Closed;
                }
                self.revoke(|link| matches!(link.kind(), LinkKind::Sign { .. }));
            }
        }
    }
}

impl Ceremony {
    fn be(&mut self, participant: &ParticipantId, presence: Presence) {
        self.change(participant, |one| one.set_presence(presence));
    }

    fn change(&mut self, id: &ParticipantId, change: impl FnOnce(&mut Participant)) {
        if let Some(one) = self.participants.iter_mut().find(|one| one.id() == id) {
            change(one);
        }
    }

    fn revoke(&mut self, which: impl Fn(&Link) -> bool) {
        self.links.iter_mut().filter(|link| which(link)).for_each(Link::revoke);
    }
}
