//! A meeting and the state that it is in.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::layout::Layout;
use super::link::{Link, LinkId, LinkKind};
use super::participant::{Participant, Party, PersonFacts, Role};
use super::policy::{Policy, Profile};
use super::schedule::{Schedule, Title};
use crate::decision::{Aggregate, History};
use crate::identity::{
    CeremonyId, ContractId, EmployeeId, EntitlementId, OrganizationId, ParticipantId, PartyId,
};

/// How a meeting ended (M17, M18).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Every contract was signed by all.
    Signed,
    /// Somebody signed, somebody did not.
    Partial,
    /// Nobody signed.
    NotSigned,
}

/// The state of a meeting. The last two are terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// Being prepared by the booker (草稿).
    Draft,
    /// Booked: the contract has started, everybody was told (已预约).
    Booked,
    /// The room is open (进行中).
    Live,
    /// Over (已结束).
    Concluded(Outcome),
    /// Called off (已取消).
    Cancelled,
}

impl Phase {
    /// A stable name: `booked`, `concluded_signed`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Booked => "booked",
            Self::Live => "live",
            Self::Concluded(Outcome::Signed) => "concluded_signed",
            Self::Concluded(Outcome::Partial) => "concluded_partial",
            Self::Concluded(Outcome::NotSigned) => "concluded_not_signed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing leads out of it.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Concluded(_) | Self::Cancelled)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The part of a live meeting in which contracts are signed (签署环节, M14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Stage {
    /// It has not come to it yet.
    #[default]
    NotOpened,
    /// Signers may scan the QR and sign.
    Open,
    /// It was closed again, by the host or with the meeting.
    Closed,
}

/// Where the meeting is held: the number or address that another system gave it (会议号). Opaque,
/// 1 to 256 printable characters.
///
/// ```
/// use sealwright::ceremony::ConferenceRef;
/// assert_eq!(ConferenceRef::parse(" 123 456 789 ")?.as_str(), "123 456 789");
/// # Ok::<(), sealwright::ceremony::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConferenceRef(String);

impl ConferenceRef {
    const LONGEST: usize = 256;

    /// Reads a reference; white space around it is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::ConferenceInvalid`] if it is empty, too long or holds control characters.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let characters = text.chars().count();
        let fits = (1..=Self::LONGEST).contains(&characters) && !text.chars().any(char::is_control);
        if fits { Ok(Self(text.to_owned())) } else { Err(Error::ConferenceInvalid { characters }) }
    }

    /// The reference.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ConferenceRef {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<ConferenceRef> for String {
    fn from(reference: ConferenceRef) -> Self {
        reference.0
    }
}

/// A meeting at which contracts are signed (战略签约会议).
///
/// It comes to be with [`Ceremony::draft`] and changes by the events of its verbs only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ceremony {
    pub(super) id: CeremonyId,
    pub(super) organizer: OrganizationId,
    pub(super) booker: EmployeeId,
    pub(super) profile: Profile,
    pub(super) policy: Policy,
    pub(super) title: Option<Title>,
    pub(super) schedule: Option<Schedule>,
    pub(super) conference: Option<ConferenceRef>,
    pub(super) parties: Vec<Party>,
    pub(super) participants: Vec<Participant>,
    pub(super) contracts: Vec<ContractId>,
    pub(super) finished_controls: BTreeSet<ContractId>,
    pub(super) layouts: Vec<Layout>,
    pub(super) phase: Phase,
    pub(super) stage: Stage,
    pub(super) recording: bool,
    pub(super) links: Vec<Link>,
    pub(super) acknowledged: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quota: Option<EntitlementId>,
    pub(super) history: History,
}

impl Ceremony {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &CeremonyId {
        &self.id
    }

    /// The organization that holds it (组织方).
    #[must_use]
    pub fn organizer(&self) -> &OrganizationId {
        &self.organizer
    }

    /// The employee who drafted it.
    #[must_use]
    pub fn booker(&self) -> &EmployeeId {
        &self.booker
    }

    /// Which parties it needs.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// What was decided otherwise for it.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> Option<&Title> {
        self.title.as_ref()
    }

    /// When it is held.
    #[must_use]
    pub fn schedule(&self) -> Option<&Schedule> {
        self.schedule.as_ref()
    }

    /// Where it is held.
    #[must_use]
    pub fn conference(&self) -> Option<&ConferenceRef> {
        self.conference.as_ref()
    }

    /// The organizations that sign; the organizer first, if it is one of them.
    #[must_use]
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// The party of that name.
    #[must_use]
    pub fn party(&self, id: &PartyId) -> Option<&Party> {
        self.parties.iter().find(|party| party.id == *id)
    }

    /// Everybody who takes part.
    #[must_use]
    pub fn participants(&self) -> &[Participant] {
        &self.participants
    }

    /// Those who sign.
    pub fn signers(&self) -> impl Iterator<Item = &Participant> {
        self.participants.iter().filter(|one| one.is(Role::Signer))
    }

    /// Somebody who takes part.
    #[must_use]
    pub fn participant(&self, id: &ParticipantId) -> Option<&Participant> {
        self.participants.iter().find(|one| one.id() == id)
    }

    /// The contracts to be signed.
    #[must_use]
    pub fn contracts(&self) -> &[ContractId] {
        &self.contracts
    }

    /// The layout in force.
    #[must_use]
    pub fn layout(&self) -> Option<&Layout> {
        self.layouts.last()
    }

    /// Every layout that was saved, from version 1 on: the last one is in force.
    #[must_use]
    pub fn layout_versions(&self) -> &[Layout] {
        &self.layouts
    }

    /// The version of the layout in force; 0 before one was saved.
    #[must_use]
    pub fn layout_version(&self) -> usize {
        self.layouts.len()
    }

    /// The state.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// How far the signing is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Whether it is being recorded.
    #[must_use]
    pub fn is_recording(&self) -> bool {
        self.recording
    }

    /// Every link that was made for it, the newest last.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The codes of the warnings that were acknowledged when it was booked.
    #[must_use]
    pub fn acknowledged(&self) -> &BTreeSet<String> {
        &self.acknowledged
    }

    /// The entitlement on which a unit is reserved for the meeting, since it was booked; it is to be
    /// given to [`Ceremony::cancel`].
    #[must_use]
    pub fn quota(&self) -> Option<&EntitlementId> {
        self.quota.as_ref()
    }

    /// Whether a host is in the room (S17: he has to be there that day).
    #[must_use]
    pub fn has_host_joined(&self) -> bool {
        let joined = super::participant::Presence::Joined;
        self.participants.iter().any(|one| one.is(Role::Host) && one.presence() == joined)
    }

    /// The entries of one person: more than one if he hosts and signs. None if he is not invited or
    /// was sent out.
    pub fn entries_of<'a>(
        &'a self,
        visitor: &PersonFacts,
    ) -> impl Iterator<Item = &'a Participant> {
        self.participants.iter().filter(move |one| one.lets_in(visitor))
    }

    pub(super) fn link_of(&self, kind: &LinkKind) -> Option<&Link> {
        self.links.iter().rev().find(|link| link.kind() == kind && !link.is_revoked())
    }

    pub(super) fn link(&self, id: &LinkId) -> Option<&Link> {
        self.links.iter().find(|link| link.id() == id)
    }

    pub(super) fn require(
        &self,
        action: &'static str,
        allowed: impl FnOnce(Phase) -> bool,
    ) -> Result<(), Error> {
        if allowed(self.phase) {
            return Ok(());
        }
        Err(Error::IllegalTransition { from: self.phase.name(), action })
    }
}

impl Aggregate for Ceremony {
    const FORMAT: &'static str = "sealwright/ceremony/1";
}
