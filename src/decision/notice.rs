//! What somebody should be told. The engine sends nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Revision;
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::{EmployeeId, OrganizationId, ParticipantId, PersonId, SlotId};

/// Who should be told: an id, under which the host finds number and address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Recipient {
    /// An employee.
    Employee(EmployeeId),
    /// A natural person.
    Person(PersonId),
    /// The signers in a slot of the contract that the notice is about, as far as the contract is
    /// delivered to them: of several candidates, `Slot::delivered` says who.
    Slot(SlotId),
    /// A participant of the ceremony that the notice is about.
    Participant(ParticipantId),
    /// The administrators of an organization.
    Administrators(OrganizationId),
    /// Those who manage the seals of an organization.
    SealManagers(OrganizationId),
    /// Those who audit the seals of an organization.
    SealAuditors(OrganizationId),
}

impl Recipient {
    fn spelt(&self) -> String {
        match self {
            Self::Employee(id) => format!("employee:{id}"),
            Self::Person(id) => format!("person:{id}"),
            Self::Slot(id) => format!("slot:{id}"),
            Self::Participant(id) => format!("participant:{id}"),
            Self::Administrators(id) => format!("administrators:{id}"),
            Self::SealManagers(id) => format!("seal-managers:{id}"),
            Self::SealAuditors(id) => format!("seal-auditors:{id}"),
        }
    }
}

/// A way to tell somebody something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Channel {
    /// A short message to the mobile number.
    Sms,
    /// A mail.
    Email,
    /// A message in the host's own application or mini program.
    App,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::Sms, Self::Email, Self::App];
}

/// What somebody should be told (通知), and at once. It names people by id and holds no personal fact.
/// Its dedupe key serves as its id; why something happened, where it is known, is the parameter
/// `reason`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it says, by the event that it tells of: `ceremony.booked`.
    pub kind: String,
    /// Who should be told.
    pub recipient: Recipient,
    /// The ways that are allowed.
    pub channels: Vec<Channel>,
    /// What it is about: `ceremony:cer_1`.
    pub subject: String,
    /// Values for the host's template: ids, codes, instants; no personal facts.
    pub parameters: BTreeMap<String, String>,
    /// Equal for notices that say the same: SHA-256 of kind, recipient, subject and revision.
    pub dedupe_key: String,
}

impl Notice {
    /// A notice on every channel, at once. The decision adds what it is about.
    pub(crate) fn new(kind: &str, recipient: Recipient) -> Self {
        Self {
            kind: kind.to_owned(),
            recipient,
            channels: Channel::ALL.to_vec(),
            subject: String::new(),
            parameters: BTreeMap::new(),
            dedupe_key: String::new(),
        }
    }

    /// With a value for the template.
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.parameters.insert(name.to_owned(), value.to_string());
        self
    }

    /// On these channels only.
    pub(crate) fn over(self, channels: &[Channel]) -> Self {
        Self { channels: channels.to_vec(), ..self }
    }

    /// About this, at this revision. A decision says it of the notices that it holds.
    pub(crate) fn about(self, kind: &str, id: &str, revision: Revision) -> Self {
        let subject = format!("{kind}:{id}");
        let spelt = format!("{}\0{}\0{subject}\0{revision}", self.kind, self.recipient.spelt());
        let dedupe_key = Digest::of(DigestAlgorithm::Sha256, spelt.as_bytes()).to_hex();
        Self { subject, dedupe_key, ..self }
    }
}
