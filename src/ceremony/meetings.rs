//! Lists of meetings: those somebody is invited to, those somebody booked (S10, S36, S39).

use serde::Serialize;

use super::participant::{Participant, PersonFacts, Presence, Role};
use super::schedule::Schedule;
use super::state::{Ceremony, ConferenceRef, Phase};
use crate::identity::{CeremonyId, SeatId};
use crate::organization::By;

/// One of somebody's meetings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MyMeeting {
    /// The meeting.
    pub id: CeremonyId,
    /// Its title.
    pub title: Option<String>,
    /// When it is held.
    pub schedule: Option<Schedule>,
    /// Where it is held.
    pub conference: Option<ConferenceRef>,
    /// Its state.
    pub phase: Phase,
    /// What he does there; nothing if he only booked it.
    pub roles: Vec<Role>,
    /// Whether he is there.
    pub presence: Option<Presence>,
    /// Where he sits.
    pub seat: Option<SeatId>,
    /// Whether he needs the desktop client (R-CER-12).
    pub needs_desktop_client: bool,
}

/// Somebody's meetings, the earliest first.
///
/// ```
/// use sealwright::ceremony::{MyMeetings, PersonFacts};
/// use sealwright::identity::{Mobile, PersonName};
///
/// let guest = PersonFacts::new(PersonName::parse("李四")?, Mobile::parse("13800000000")?);
/// assert!(MyMeetings::list_for(&guest, []).meetings.is_empty()); // no meetings: no error
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MyMeetings {
    /// The meetings.
    pub meetings: Vec<MyMeeting>,
}

impl MyMeetings {
    /// The meetings that this person is invited to: those that are booked and in which these facts,
    /// normalised, appear (R-CER-11). A meeting of others leaves no trace in the answer: it is not
    /// an error to have none.
    #[must_use]
    pub fn list_for<'a>(
        person: &PersonFacts,
        ceremonies: impl IntoIterator<Item = &'a Ceremony>,
    ) -> Self {
        let told = ceremonies.into_iter().filter(|one| one.phase != Phase::Draft);
        let own = told.filter_map(|one| {
            let entries: Vec<_> = one.entries_of(person).collect();
            (!entries.is_empty()).then(|| entry(one, &entries))
        });
        Self::sorted(own.collect())
    }

    /// The same for whoever is logged in: an employee is known by his account as well, so that a new
    /// mobile number hides no meeting from him.
    #[must_use]
    pub fn of<'a>(by: &By<'_>, ceremonies: impl IntoIterator<Item = &'a Ceremony>) -> Self {
        let told = ceremonies.into_iter().filter(|one| one.phase != Phase::Draft);
        let own = told.filter_map(|one| {
            let entries = one.entries_by(by);
            (!entries.is_empty()).then(|| entry(one, &entries))
        });
        Self::sorted(own.collect())
    }

    /// The meetings that the caller booked or hosts, drafts among them (我的预约, S10).
    #[must_use]
    pub fn booked_by<'a>(by: &By<'_>, ceremonies: impl IntoIterator<Item = &'a Ceremony>) -> Self {
        let own = ceremonies.into_iter().filter(|one| one.is_booker(by) || one.is_host(by));
        Self::sorted(own.map(|one| entry(one, &one.entries_by(by))).collect())
    }

    fn sorted(mut meetings: Vec<MyMeeting>) -> Self {
        meetings.sort_by(|one, other| {
            let starts_at = |meeting: &MyMeeting| meeting.schedule.map(|time| time.starts_at());
            starts_at(one).cmp(&starts_at(other)).then_with(|| one.id.cmp(&other.id))
        });
        Self { meetings }
    }
}

fn entry(ceremony: &Ceremony, entries: &[&Participant]) -> MyMeeting {
    let layout = ceremony.layout();
    let place = entries.iter().find_map(|one| layout.and_then(|layout| layout.seat_of(one.id())));
    MyMeeting {
        id: ceremony.id.clone(),
        title: ceremony.title.as_ref().map(ToString::to_string),
        schedule: ceremony.schedule,
        conference: ceremony.conference.clone(),
        phase: ceremony.phase,
        roles: entries.iter().map(|one| one.role()).collect(),
        presence: entries.first().map(|one| one.presence()),
        seat: place.map(|(seat, _)| seat.clone()),
        needs_desktop_client: place.is_some_and(|(_, place)| place.camera),
    }
}
