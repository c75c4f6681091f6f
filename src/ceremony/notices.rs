//! Whom a meeting tells what (§2.9). Nothing is sent here.

use super::participant::Participant;
use super::schedule::Schedule;
use super::state::Ceremony;
use crate::decision::{Channel, Notice, Recipient};
use crate::identity::ParticipantId;
use crate::instant::rfc3339;

/// One notice for each of them: somebody who takes part twice is told once on the same channels
/// (R-CER-09), and whoever allows no channel is not told.
pub(super) fn to_each<'a>(
    kind: &str,
    people: impl IntoIterator<Item = &'a Participant>,
) -> Vec<Notice> {
    let mut told: Vec<&Participant> = Vec::new();
    for one in people {
        let again = told.iter().any(|other| {
            other.facts().is_same_person(one.facts()) && other.channels() == one.channels()
        });
        if !again && !one.channels().is_empty() {
            told.push(one);
        }
    }
    told.into_iter().map(|one| to(kind, one)).collect()
}

/// A notice to one participant.
pub(super) fn to(kind: &str, one: &Participant) -> Notice {
    let channels: Vec<Channel> = one.channels().iter().copied().collect();
    Notice::new(kind, Recipient::Participant(one.id().clone()))
        .over(&channels)
        .with("role", one.role())
}

/// With start and end.
pub(super) fn at_time(notice: Notice, schedule: Option<&Schedule>) -> Notice {
    match schedule {
        Some(schedule) => notice
            .with("starts_at", rfc3339(schedule.starts_at()))
            .with("ends_at", rfc3339(schedule.ends_at())),
        None => notice,
    }
}

impl Ceremony {
    /// One notice for each participant, with the time of the meeting.
    pub(super) fn notices_to_all(&self, kind: &str) -> Vec<Notice> {
        let notices = to_each(kind, &self.participants).into_iter();
        notices.map(|notice| at_time(notice, self.schedule.as_ref())).collect()
    }

    /// A notice for each host.
    pub(super) fn notices_to_hosts(&self, kind: &str) -> Vec<Notice> {
        let hosts = self.participants.iter();
        to_each(kind, hosts.filter(|one| one.role() == super::participant::Role::Host))
    }

    /// A notice for somebody of the participants.
    pub(super) fn notice_to(&self, kind: &str, id: &ParticipantId) -> Option<Notice> {
        self.participant(id).map(|one| to(kind, one))
    }
}
