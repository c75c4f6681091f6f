//! The details page of a meeting (会议详情, S31 to S33).

use serde::Serialize;
use time::OffsetDateTime;

use super::error::Error;
use super::link::LinkKind;
use super::participant::{Delivery, Participant, Presence, Role};
use super::schedule::Schedule;
use super::state::{Ceremony, ConferenceRef, Phase, Stage};
use super::token::{LinkKeys, LinkText};
use crate::contract::{Contract, Phase as ContractPhase};
use crate::identity::{
    CeremonyId, ContractId, ParticipantId, PartyId, PersonName, Personal, SeatId,
};
use crate::organization::By;

/// One participant on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParticipantDetails {
    /// Who.
    pub participant: ParticipantId,
    /// What he does.
    pub role: Role,
    /// The name to show.
    pub name: Personal<PersonName>,
    /// The party he signs for.
    pub party: Option<PartyId>,
    /// Whether he is there.
    pub presence: Presence,
    /// Where he sits.
    pub seat: Option<SeatId>,
    /// Whether he needs the desktop client: he is seated with his camera on (R-CER-12).
    pub needs_desktop_client: bool,
    /// The masked mobile number; for host and booker.
    pub mobile: Option<String>,
    /// Whether a signer receives the contract; for host and booker.
    pub delivery: Option<Delivery>,
}

/// One contract on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContractDetails {
    /// The contract.
    pub contract: ContractId,
    /// Its name.
    pub name: String,
    /// Its state.
    pub phase: ContractPhase,
}

/// The details of a meeting for somebody who may see them.
///
/// ```
/// use sealwright::ceremony::{Ceremony, Error, LinkKeys, MeetingDetails};
/// use sealwright::organization::By;
/// use time::OffsetDateTime;
///
/// /// S32: copy the link to the sign-result page.
/// fn copy_link(
///     meeting: &Ceremony,
///     keys: &LinkKeys,
///     by: &By<'_>,
///     now: OffsetDateTime,
/// ) -> Result<Option<String>, Error> {
///     let details = MeetingDetails::of(meeting, &[], Some(keys), by, now)?;
///     Ok(details.result_link.map(|link| format!("https://example.org/r/{}", link.as_str())))
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeetingDetails {
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
    /// How far the signing is.
    pub stage: Stage,
    /// Whether it is being recorded.
    pub is_recording: bool,
    /// Whether a host is in the room (S17).
    pub has_host_joined: bool,
    /// The version of the layout in force; 0 before one was saved.
    pub layout_version: usize,
    /// Everybody who takes part.
    pub participants: Vec<ParticipantDetails>,
    /// The contracts.
    pub contracts: Vec<ContractDetails>,
    /// The sign-result link: for host and booker only (R-CER-10). It is left out when the details
    /// are serialised; hand its text out on purpose.
    #[serde(skip)]
    pub result_link: Option<LinkText>,
}

impl MeetingDetails {
    /// What the caller may see: host and booker everything, participants of a meeting that is booked
    /// all but links, numbers and deliveries. `keys` make the link's text; without them it is left
    /// out.
    ///
    /// # Errors
    ///
    /// `cer.not_invited` for anybody else (R-CER-11): also when there is no such meeting a host
    /// program should answer that.
    pub fn of(
        ceremony: &Ceremony,
        contracts: &[&Contract],
        keys: Option<&LinkKeys>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Self, Error> {
        let leads = ceremony.is_host(by) || ceremony.is_booker(by);
        let takes_part = ceremony.phase != Phase::Draft && !ceremony.entries_by(by).is_empty();
        if !leads && !takes_part {
            return Err(Error::NotInvited);
        }
        let attached = contracts.iter().filter(|one| ceremony.contracts.contains(one.id()));
        let people = ceremony.participants.iter();
        Ok(Self {
            id: ceremony.id.clone(),
            title: ceremony.title.as_ref().map(ToString::to_string),
            schedule: ceremony.schedule,
            conference: ceremony.conference.clone(),
            phase: ceremony.phase,
            stage: ceremony.stage,
            is_recording: ceremony.recording,
            has_host_joined: ceremony.has_host_joined(),
            layout_version: ceremony.layout_version(),
            participants: people.map(|one| participant(ceremony, one, leads)).collect(),
            contracts: attached.map(|one| contract(one)).collect(),
            result_link: keys
                .filter(|_| leads)
                .and_then(|keys| ceremony.link_text(&LinkKind::Result, keys, now)),
        })
    }
}

fn participant(ceremony: &Ceremony, one: &Participant, leads: bool) -> ParticipantDetails {
    let place = ceremony.layout().and_then(|layout| layout.seat_of(one.id()));
    ParticipantDetails {
        participant: one.id().clone(),
        role: one.role(),
        name: one.facts().name().clone().into(),
        party: one.party().cloned(),
        presence: one.presence(),
        seat: place.map(|(seat, _)| seat.clone()),
        needs_desktop_client: place.is_some_and(|(_, place)| place.camera),
        mobile: leads.then(|| one.facts().mobile().masked()),
        delivery: one.delivery().filter(|_| leads).cloned(),
    }
}

fn contract(contract: &Contract) -> ContractDetails {
    ContractDetails {
        contract: contract.id().clone(),
        name: contract.name().as_str().to_owned(),
        phase: contract.phase(),
    }
}
