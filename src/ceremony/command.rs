//! What may be asked of a meeting.

use time::OffsetDateTime;

use super::error::Error;
use super::event::DenialReason;
use super::layout::LayoutPlan;
use super::link::{LinkId, LinkKind};
use super::participant::{Participant, Party, PersonFacts};
use super::policy::SigningWindowPolicy;
use super::state::{Ceremony, ConferenceRef};
use super::token::LinkKeys;
use crate::contract::{Contract, StartFacts};
use crate::decision::Decision;
use crate::identity::ParticipantId;
use crate::organization::{By, Staff};

/// How somebody comes to the meeting (S38).
#[derive(Clone, Copy, Debug)]
pub enum Entrance<'a> {
    /// Out of the list of his meetings.
    List,
    /// By the number of the meeting.
    Number(&'a ConferenceRef),
}

/// Who comes or goes.
#[derive(Clone, Copy, Debug)]
pub enum Visitor<'a> {
    /// Whoever asks.
    Himself,
    /// Somebody whose facts the host program has proved: only it may say so.
    Vouched(&'a PersonFacts),
}

/// What a change of time takes once the meeting is booked (M8).
#[derive(Clone, Copy, Debug)]
pub struct Rescheduling<'a> {
    /// The contracts of the meeting.
    pub contracts: &'a [&'a Contract],
    /// The keys that seal the links.
    pub keys: &'a LinkKeys,
}

/// What may be asked of a meeting by [`Ceremony::decide`].
///
/// Verbs that touch other aggregates as well are methods of their own: [`Ceremony::draft`],
/// [`Ceremony::book`], [`Ceremony::cancel`], [`Ceremony::redeliver`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Command<'a> {
    /// M2, M8: give it a title and a time. After the booking everybody is told, and links that live
    /// are made anew for the new time; the contracts must live until its end.
    SetSchedule {
        /// The title.
        title: String,
        /// The start.
        starts_at: OffsetDateTime,
        /// The end.
        ends_at: OffsetDateTime,
        /// What it takes once the meeting is booked.
        booked: Option<Rescheduling<'a>>,
    },
    /// Say where it is held, or that this is not known any more.
    SetConference(Option<ConferenceRef>),
    /// M3, M8: name everybody. After the booking the signers must stay as they are; those who come
    /// are told of the meeting, those who go that it is not theirs any more: whoever goes is found
    /// under his id in the meeting as it was before.
    SetParticipants {
        /// The organizations that sign; after the booking those before.
        parties: Vec<Party>,
        /// Everybody.
        participants: Vec<Participant>,
        /// The employees that the hosts are.
        hosts: &'a [Staff<'a>],
    },
    /// M4: attach contracts, in place of those before.
    AttachContracts(&'a [&'a Contract]),
    /// M5: the controls of a contract are finished.
    FinishControls {
        /// The contract.
        contract: &'a Contract,
        /// What its start will rest on.
        start: &'a StartFacts<'a>,
    },
    /// M6, M8, M12: save a layout.
    SetLayout(LayoutPlan),
    /// M10: open the room.
    OpenRoom,
    /// M11: come in.
    Enter {
        /// Who.
        visitor: Visitor<'a>,
        /// How.
        entrance: Entrance<'a>,
    },
    /// M11: record that somebody was not let in, and tell the hosts. For the host program, after
    /// [`Command::Enter`] was refused: see [`Error::denial`].
    RecordDenial(DenialReason),
    /// Go out.
    Leave {
        /// Who.
        visitor: Visitor<'a>,
    },
    /// Send somebody out for good.
    SendOut(ParticipantId),
    /// M13: start or stop the recording.
    Record(bool),
    /// M14: open the signing stage, with the contracts as they are.
    OpenStage(&'a [&'a Contract]),
    /// Close the signing stage again.
    CloseStage,
    /// Make a link. One of its kind before it does not count any more.
    IssueLink {
        /// What it opens.
        kind: LinkKind,
        /// The keys of the host program.
        keys: &'a LinkKeys,
    },
    /// Withdraw a link.
    RevokeLink(LinkId),
    /// Decide anew when signers may sign: for instance after the meeting those who have not.
    SetSigningWindow(SigningWindowPolicy),
    /// M17: end it, with the contracts as they are.
    Conclude(&'a [&'a Contract]),
    /// M18: its time is over; with the contracts as they are.
    Lapse(&'a [&'a Contract]),
}

impl Ceremony {
    /// Decides on a command: what follows from it, to be stored and applied.
    ///
    /// ```
    /// use sealwright::ceremony::{Ceremony, Command, Error};
    /// use sealwright::contract::Contract;
    /// use sealwright::organization::By;
    /// use time::OffsetDateTime;
    ///
    /// fn open_the_signing_stage(
    ///     meeting: &mut Ceremony,
    ///     contract: &Contract,
    ///     host: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<(), Error> {
    ///     let decision = meeting.decide(Command::OpenStage(&[contract]), host, now)?;
    ///     // store decision.events() where the revision is still decision.expected(), then:
    ///     decision.apply_to(meeting)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `cer.not_invited` to whoever is neither of the organizer's staff nor takes part (R-CER-11);
    /// then those of the rule that the command stands for, guards in the order of domain §2.7. Nothing
    /// has changed then.
    pub fn decide(
        &self,
        command: Command<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        self.require_acquainted(by)?;
        match command {
            Command::SetSchedule { title, starts_at, ends_at, booked } => {
                self.set_schedule(&title, (starts_at, ends_at), booked, by, now)
            }
            Command::SetConference(conference) => self.set_conference(conference, by, now),
            Command::SetParticipants { parties, participants, hosts } => {
                self.set_participants(parties, participants, hosts, by, now)
            }
            Command::AttachContracts(contracts) => self.attach_contracts(contracts, by, now),
            Command::FinishControls { contract, start } => {
                self.finish_controls(contract, start, by, now)
            }
            Command::SetLayout(plan) => self.set_layout(plan, by, now),
            Command::OpenRoom => self.open_room(by, now),
            Command::Enter { visitor, entrance } => self.enter(visitor, entrance, by, now),
            Command::RecordDenial(reason) => self.record_denial(reason, by, now),
            Command::Leave { visitor } => self.leave(visitor, by, now),
            Command::SendOut(participant) => self.send_out(&participant, by, now),
            Command::Record(on) => self.record(on, by, now),
            Command::OpenStage(contracts) => self.open_stage(contracts, by, now),
            Command::CloseStage => self.close_stage(by, now),
            Command::IssueLink { kind, keys } => self.issue_link(&kind, keys, by, now),
            Command::RevokeLink(link) => self.revoke_link(&link, by, now),
            Command::SetSigningWindow(window) => self.set_signing_window(window, by, now),
            Command::Conclude(contracts) => self.conclude(contracts, by, now),
            Command::Lapse(contracts) => self.lapse(contracts, by, now),
        }
    }
}
