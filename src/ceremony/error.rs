//! Why a command on a meeting was refused, or a value is none.

use std::fmt;

use thiserror::Error as ThisError;
use time::OffsetDateTime;

use super::event::DenialReason;
use super::link::LinkProblem;
use crate::contract;
use crate::decision::{ReplayError, Stale};
use crate::identity::{self, ContractId, Factors, ParticipantId, PartyId, SeatId, SlotId};
use crate::instant::rfc3339;
use crate::organization;

/// Why a command on a meeting was refused, or a value is none. Nothing has changed then; no text
/// holds a personal fact.
///
/// ```
/// let error = sealwright::ceremony::Title::parse("", 64).unwrap_err();
/// assert_eq!(error.code(), "cer.title_invalid");
/// ```
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// M2, R-CER-02.
    #[error(
        "give a title of 1 to {longest} printable characters in one line; this has {characters}"
    )]
    TitleInvalid {
        /// Its length without white space around it.
        characters: usize,
        /// The longest that is allowed.
        longest: usize,
    },
    /// M2, R-CER-01.
    #[error(
        "the meeting would start at {starts_at} and end at {ends_at}; let it start earlier",
        starts_at = rfc3339(*starts_at), ends_at = rfc3339(*ends_at)
    )]
    TimeOrder {
        /// The start.
        starts_at: OffsetDateTime,
        /// The end.
        ends_at: OffsetDateTime,
    },
    /// M2, R-CER-01: an instant that has another year in UTC than a date can have.
    #[error(
        "{at} is outside the calendar of UTC; choose a time in the years 0 to 9999",
        at = rfc3339(*at)
    )]
    OutsideCalendar {
        /// The instant.
        at: OffsetDateTime,
    },
    /// M2, R-CER-01.
    #[error(
        "the meeting would start at {starts_at}, but it is {now}; choose a later start",
        starts_at = rfc3339(*starts_at), now = rfc3339(*now)
    )]
    StartInPast {
        /// The start.
        starts_at: OffsetDateTime,
        /// The time of the command.
        now: OffsetDateTime,
    },
    /// M3.
    #[error("nobody hosts the meeting; name an employee of the organizer as its host")]
    NoHost,
    /// M3, R-CER-03.
    #[error("host {participant} is not an active employee of the organizer; name one who is")]
    HostNotOrganizer {
        /// Who was to be host.
        participant: ParticipantId,
    },
    /// M3: strategic signing has exactly two parties.
    #[error("{found} organizations sign; this kind of meeting needs {needed}")]
    PartyCount {
        /// How many there are.
        found: usize,
        /// How many there must be.
        needed: &'static str,
    },
    /// Two parties are one organization or have one id.
    #[error("party {party} is there twice; leave one out")]
    PartyDuplicate {
        /// The party.
        party: PartyId,
    },
    /// M3, R-CER-04.
    #[error("nobody signs for {}; name a signer of each", list(parties))]
    PartyWithoutSigner {
        /// The parties without a signer.
        parties: Vec<PartyId>,
    },
    /// M3.
    #[error("{first} and {second} are one person in one role; leave one out")]
    ParticipantDuplicate {
        /// The first entry.
        first: ParticipantId,
        /// The second entry.
        second: ParticipantId,
    },
    /// More people or contracts than the policy allows.
    #[error("the meeting has {found} {what}, allowed are {most}; leave some out")]
    TooMany {
        /// What is too many.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many may be.
        most: usize,
    },
    /// An entry in the list of participants that cannot stand.
    #[error("participant {participant}: {problem}")]
    ParticipantInvalid {
        /// The entry.
        participant: ParticipantId,
        /// What is wrong with it, and what to do.
        problem: &'static str,
    },
    /// M4, M14.
    #[error("contract {contract} is {found}, it must be {needed}")]
    ContractState {
        /// The contract.
        contract: ContractId,
        /// The state that it is in.
        found: &'static str,
        /// The state that it must be in, or whose it must be.
        needed: &'static str,
    },
    /// M4.
    #[error(
        "the contract has no slot for signers [{}], and slots [{}] belong to nobody who signs in \
         the meeting; name the same people in both",
        list(missing),
        list(extra)
    )]
    SignerSetMismatch {
        /// Signers of the meeting without a slot in the contract.
        missing: Vec<ParticipantId>,
        /// Slots of the contract whose person does not sign in the meeting.
        extra: Vec<SlotId>,
    },
    /// M5: the contract's controls are not finished. The problems are those of its validation.
    #[error("contract {contract} has {} problems: {}; finish its controls", codes.len(), list(codes))]
    ControlsIncomplete {
        /// The contract.
        contract: ContractId,
        /// The codes of all problems.
        codes: Vec<&'static str>,
    },
    /// M7, R-CER-07: everything that is missing, at once.
    #[error("the meeting cannot be booked yet; finish: {}", list(parts))]
    Incomplete {
        /// The parts that are missing.
        parts: Vec<Part>,
    },
    /// M7, R-CER-06: all signers who would not receive the contract.
    #[error("the facts of signers are not those registered: {}; correct them", list(signers))]
    Undeliverable {
        /// The signers, each with the facts that differ, without their values.
        signers: Vec<Undeliverable>,
    },
    /// M7.
    #[error("the warnings {} must be acknowledged first", list(codes))]
    WarningUnacknowledged {
        /// The codes of the warnings.
        codes: Vec<&'static str>,
    },
    /// The command does not fit the state.
    #[error("a meeting that is {from} cannot {action}")]
    IllegalTransition {
        /// The state.
        from: &'static str,
        /// The command.
        action: &'static str,
    },
    /// M8.
    #[error("the meeting has started; only its host can change it now, and only its layout")]
    Started,
    /// M8.
    #[error("signers are settled by the booking; forward the contract, or cancel and book again")]
    SignersLocked,
    /// M10, M18.
    #[error(
        "it is {now}; this is possible from {from} on",
        from = rfc3339(*from), now = rfc3339(*now)
    )]
    TooEarly {
        /// From when on.
        from: OffsetDateTime,
        /// The time of the command.
        now: OffsetDateTime,
    },
    /// M11.
    #[error("the meeting is {phase}; it can be entered once its room is open")]
    NotLive {
        /// The state.
        phase: &'static str,
    },
    /// M11.
    #[error("the meeting is over")]
    Ended,
    /// M11, R-CER-11: also what somebody is told who asks for a meeting that is not his.
    #[error("this person is not among the participants")]
    NotInvited,
    /// M9, M12, M13, M14, M17.
    #[error("only {who} may do this")]
    HostOnly {
        /// Who may.
        who: &'static str,
    },
    /// M15, R-SIGN-02a.
    #[error("the signing stage is not open; wait for the host to open it")]
    StageNotOpen,
    /// M15, R-CER-13.
    #[error("this sign QR opens nothing: {problem}; ask the host for a new one")]
    QrInvalid {
        /// Why.
        problem: LinkProblem,
    },
    /// S44: the text is empty, or no QR of a size that is read across a room holds it.
    #[error("a QR on the board holds 1 to {most} bytes, and this text has {found}; shorten it")]
    QrPayload {
        /// How many bytes the text has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// M15.
    #[error(
        "this sign QR has lived until {expired_at}; ask the host for a new one",
        expired_at = rfc3339(*expired_at)
    )]
    QrExpired {
        /// When its time was over.
        expired_at: OffsetDateTime,
    },
    /// R-CER-10.
    #[error("this sign-result link opens nothing: {problem}; ask the host for a new one")]
    LinkForbidden {
        /// Why.
        problem: LinkProblem,
    },
    /// Layout (§2.8).
    #[error("the template has no seat {seat}; choose one of its seats")]
    SeatUnknown {
        /// The seat.
        seat: SeatId,
    },
    /// Layout (§2.8).
    #[error("seat {seat} is for {holder}, not for {participant} as well; choose another")]
    SeatTaken {
        /// The seat.
        seat: SeatId,
        /// Who has it.
        holder: ParticipantId,
        /// Who was to have it too.
        participant: ParticipantId,
    },
    /// Layout (§2.8).
    #[error("{participant} sits in {first} already; take that seat away before giving {second}")]
    PersonAlreadySeated {
        /// Who.
        participant: ParticipantId,
        /// The seat he has.
        first: SeatId,
        /// The seat he was to have too.
        second: SeatId,
    },
    /// Layout (§2.8): only participants have seats, only parties have logos.
    #[error("{who} does not take part in the meeting; add it to the participants first")]
    NotParticipant {
        /// The id that was given.
        who: String,
    },
    /// Layout (§2.8): a logo in a place that the template does not have, or that is taken.
    #[error("there is no free place {place} for a logo; choose another of the template's")]
    LogoPlace {
        /// The name of the place.
        place: String,
    },
    /// A template that makes no sense.
    #[error("the template is wrong in {what}")]
    TemplateInvalid {
        /// In what.
        what: &'static str,
    },
    /// R-CER-08.
    #[error("the picture is neither PNG nor JPEG, or its head is damaged; give one that is")]
    ImageFormat,
    /// R-CER-08.
    #[error("the picture has {found} {what}, allowed are {most}; make it smaller")]
    ImageTooLarge {
        /// What is too many.
        what: &'static str,
        /// How many there are.
        found: u64,
        /// How many may be.
        most: u64,
    },
    /// The reference to another system's meeting is none.
    #[error("a conference reference has 1 to 256 printable characters; this has {characters}")]
    ConferenceInvalid {
        /// Its length without white space around it.
        characters: usize,
    },
    /// A key for links, the name of one, or the id of a link that is none.
    #[error("this is no {problem} of a link key; see its documentation")]
    LinkKey {
        /// What is wrong.
        problem: &'static str,
    },
    /// A policy without sense.
    #[error("the policy's field {field} is out of its bounds; see its documentation")]
    PolicyInvalid {
        /// The field.
        field: &'static str,
    },
    /// A value of a person or an organization that is none.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// The organization, the employee or the entitlement does not allow it.
    #[error(transparent)]
    Organization(#[from] organization::Error),
    /// The contract does not allow it.
    #[error(transparent)]
    Contract(#[from] contract::Error),
    /// The meeting has moved on since it was looked at.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// Events that do not follow.
    #[error(transparent)]
    Replay(#[from] ReplayError),
}

impl Error {
    pub(super) fn check_count(what: &'static str, found: usize, most: usize) -> Result<(), Self> {
        if found <= most { Ok(()) } else { Err(Self::TooMany { what, found, most }) }
    }

    /// A stable name of the kind of refusal, for programs (domain §3.9).
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TitleInvalid { .. } => "cer.title_invalid",
            Self::TimeOrder { .. } | Self::OutsideCalendar { .. } => "cer.time_order",
            Self::StartInPast { .. } => "cer.start_in_past",
            Self::NoHost => "cer.no_host",
            Self::HostNotOrganizer { .. } => "cer.host_not_organizer",
            Self::PartyCount { .. } => "cer.party_count",
            Self::PartyDuplicate { .. } => "cer.party_duplicate",
            Self::PartyWithoutSigner { .. } => "cer.party_without_signer",
            Self::ParticipantDuplicate { .. } => "cer.participant_duplicate",
            Self::TooMany { .. } => "cer.too_many",
            Self::ParticipantInvalid { .. } => "cer.participant_invalid",
            Self::ContractState { .. } => "cer.contract_state",
            Self::SignerSetMismatch { .. } => "cer.signer_set_mismatch",
            Self::ControlsIncomplete { .. } => "cer.controls_incomplete",
            Self::Incomplete { .. } => "cer.incomplete",
            Self::Undeliverable { .. } => "cer.undeliverable",
            Self::WarningUnacknowledged { .. } => "cer.warning_unacknowledged",
            Self::IllegalTransition { .. } => "cer.illegal_transition",
            Self::Started => "cer.started",
            Self::SignersLocked => "cer.signers_locked",
            Self::TooEarly { .. } => "cer.too_early",
            Self::NotLive { .. } => "cer.not_live",
            Self::Ended => "cer.ended",
            Self::NotInvited => "cer.not_invited",
            Self::HostOnly { .. } => "cer.host_only",
            Self::StageNotOpen => "cer.stage_not_open",
            Self::QrInvalid { .. } => "cer.qr_invalid",
            Self::QrPayload { .. } => "cer.qr_payload",
            Self::QrExpired { .. } => "cer.qr_expired",
            Self::LinkForbidden { .. } => "cer.link_forbidden",
            Self::SeatUnknown { .. } => "layout.seat_unknown",
            Self::SeatTaken { .. } => "layout.seat_taken",
            Self::PersonAlreadySeated { .. } => "layout.person_already_seated",
            Self::NotParticipant { .. } => "layout.not_participant",
            Self::LogoPlace { .. } => "layout.logo_place",
            Self::TemplateInvalid { .. } => "layout.template_invalid",
            Self::ImageFormat => "layout.image_format",
            Self::ImageTooLarge { .. } => "layout.image_too_large",
            Self::ConferenceInvalid { .. } => "cer.conference_invalid",
            Self::LinkKey { .. } => "cer.link_key",
            Self::PolicyInvalid { .. } => "cer.policy_invalid",
            Self::Identity(error) => error.code(),
            Self::Organization(error) => error.code(),
            Self::Contract(error) => error.code(),
            Self::Stale(error) => error.code(),
            Self::Replay(error) => error.code(),
        }
    }
}

impl Error {
    /// What [`Command::RecordDenial`](super::Command::RecordDenial) records of a refused entry.
    #[must_use]
    pub fn denial(&self) -> Option<DenialReason> {
        match self {
            Self::NotInvited => Some(DenialReason::NotInvited),
            Self::NotLive { .. } => Some(DenialReason::NotLive),
            Self::Ended => Some(DenialReason::Ended),
            _ => None,
        }
    }
}

/// A part of a booking that can be missing (M7, R-CER-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Part {
    /// Title, start and end, or the start has passed meanwhile.
    Schedule,
    /// Hosts, parties and signers.
    Participants,
    /// The contract to be signed: there is none, it is no draft any more, or its signers are not
    /// those of the meeting any more.
    Contract,
    /// The contract's controls, previewed and finished.
    Controls,
    /// The contract's deadline: it is before the meeting's end.
    Deadline,
}

impl Part {
    /// A stable name, for programs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Schedule => "schedule",
            Self::Participants => "participants",
            Self::Contract => "contract",
            Self::Controls => "controls",
            Self::Deadline => "deadline",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A signer who would not receive the contract, and the facts that differ, without their values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeliverable {
    /// The signer.
    pub signer: ParticipantId,
    /// What differs from the registered employee; empty if everything fits and the employee has
    /// not activated his account or left.
    pub fields: Factors,
}

impl fmt::Display for Undeliverable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.signer, self.fields)
    }
}

fn list<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
