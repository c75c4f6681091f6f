//! Who takes part: hosts, signers, observers, and the organizations that sign.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::decision::Channel;
use crate::identity::{
    ContractId, EmployeeId, Factors, IdDocument, Mobile, OrganizationId, OrganizationName,
    ParticipantId, PartyId, Person, PersonName, Personal, SlotId,
};

/// What somebody does in a meeting (S16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Leads the meeting (主持人): the organizer's employee, may change layout and recording.
    Host,
    /// Signs for a party (签署人).
    Signer,
    /// Attends (旁听人).
    Observer,
}

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Presence {
    /// Told of the meeting, not come yet.
    #[default]
    Invited,
    /// In the room.
    Joined,
    /// Gone again; may come back.
    Left,
    /// Sent out by the host; may not come back.
    Denied,
}

/// An organization that signs (签署方). The first one of a meeting is the organizer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Its name in this meeting.
    pub id: PartyId,
    /// Its legal name as the booker gave it: one of the four factors.
    pub organization: OrganizationName,
    /// Which organization that is, if the host program knows.
    pub organization_id: Option<OrganizationId>,
}

/// What is known of somebody who is to come, or who has come: a name and a mobile number, and an
/// identity document for those who sign or lead. `Debug` shows masks; **store encrypted**.
///
/// ```
/// use sealwright::ceremony::PersonFacts;
/// use sealwright::identity::{Mobile, PersonName};
///
/// let guest = PersonFacts::new(PersonName::parse("李四")?, Mobile::parse("13800000000")?);
/// assert!(guest.recognises(&guest));
/// assert!(!format!("{guest:?}").contains("李四"));
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFacts {
    name: Personal<PersonName>,
    mobile: Personal<Mobile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_document: Option<Personal<IdDocument>>,
}

impl PersonFacts {
    /// Name and mobile number: enough for an observer.
    #[must_use]
    pub fn new(name: PersonName, mobile: Mobile) -> Self {
        Self { name: name.into(), mobile: mobile.into(), id_document: None }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &PersonName {
        self.name.get()
    }

    /// The mobile number.
    #[must_use]
    pub fn mobile(&self) -> &Mobile {
        self.mobile.get()
    }

    /// The identity document, if one was given.
    #[must_use]
    pub fn id_document(&self) -> Option<&IdDocument> {
        self.id_document.as_ref().map(Personal::get)
    }

    /// Whether the other facts are of this person, by normalised name, mobile number and, if one is
    /// known here, identity document (M11).
    #[must_use]
    pub fn recognises(&self, other: &Self) -> bool {
        let same_document = self.id_document.is_none() || self.id_document == other.id_document;
        self.name == other.name && self.mobile == other.mobile && same_document
    }

    /// Whether both are one person: by identity document if both have one, else by name and mobile.
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        match (&self.id_document, &other.id_document) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => self.name == other.name && self.mobile == other.mobile,
        }
    }

    /// Whether these are all the facts of this person.
    #[must_use]
    pub fn is_exactly(&self, person: &Person) -> bool {
        *self == Self::from(person)
    }

    /// The whole person, if the identity document is known.
    #[must_use]
    pub fn person(&self) -> Option<Person> {
        let document = self.id_document()?.clone();
        Some(Person::new(self.name().clone(), document, self.mobile().clone()))
    }
}

impl From<&Person> for PersonFacts {
    fn from(person: &Person) -> Self {
        Self {
            name: person.name().clone().into(),
            mobile: person.mobile().clone().into(),
            id_document: Some(person.id_document().clone().into()),
        }
    }
}

/// Whether a signer receives the contract (R-CER-06).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Delivery {
    /// Not looked at yet: that happens when the meeting is booked.
    #[default]
    Unchecked,
    /// All four factors are those of this registered employee.
    Deliverable {
        /// The employee.
        employee: EmployeeId,
    },
    /// The contract is withheld: these factors differ, or, if there are none, the employee has not
    /// activated his account or left.
    Withheld {
        /// What differs, without values.
        fields: Factors,
    },
}

/// What belongs to a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
enum Standing {
    Host { employee: EmployeeId },
    Signer { party: PartyId, delivery: Delivery, slots: Vec<(ContractId, SlotId)> },
    Observer { organization: Option<OrganizationName> },
}

/// Somebody who takes part.
///
/// ```
/// use sealwright::ceremony::{Participant, PersonFacts, Role};
/// use sealwright::identity::{Mobile, PersonName};
///
/// let facts = PersonFacts::new(PersonName::parse("王五")?, Mobile::parse("13900000000")?);
/// let guest = Participant::observer("guest-1".parse()?, facts).with_camera();
/// assert_eq!(guest.role(), Role::Observer);
/// assert!(guest.needs_camera());
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    id: ParticipantId,
    facts: PersonFacts,
    standing: Standing,
    channels: BTreeSet<Channel>,
    needs_camera: bool,
    presence: Presence,
}

impl Participant {
    /// A host: an employee of the organizer, by the facts he registered with (R-CER-03).
    #[must_use]
    pub fn host(id: ParticipantId, employee: EmployeeId, person: &Person) -> Self {
        Self::new(id, person.into(), Standing::Host { employee })
    }

    /// A signer of a party, by the facts that the booker gave (R-CER-06).
    #[must_use]
    pub fn signer(id: ParticipantId, party: PartyId, person: &Person) -> Self {
        let standing = Standing::Signer { party, delivery: Delivery::default(), slots: Vec::new() };
        Self::new(id, person.into(), standing)
    }

    /// An observer (R-CER-05).
    #[must_use]
    pub fn observer(id: ParticipantId, facts: PersonFacts) -> Self {
        Self::new(id, facts, Standing::Observer { organization: None })
    }

    fn new(id: ParticipantId, facts: PersonFacts, standing: Standing) -> Self {
        let channels = Channel::ALL.into_iter().collect();
        Self { id, facts, standing, channels, needs_camera: false, presence: Presence::default() }
    }

    /// An observer's organization: it decides where he sits by default. Without effect on hosts and
    /// signers, whose organization is known.
    #[must_use]
    pub fn from_organization(mut self, name: OrganizationName) -> Self {
        if let Standing::Observer { organization } = &mut self.standing {
            *organization = Some(name);
        }
        self
    }

    /// Told over these channels only.
    #[must_use]
    pub fn over(self, channels: impl IntoIterator<Item = Channel>) -> Self {
        Self { channels: channels.into_iter().collect(), ..self }
    }

    /// Shown by camera: once seated, he needs the desktop client (R-CER-12).
    #[must_use]
    pub fn with_camera(self) -> Self {
        Self { needs_camera: true, ..self }
    }

    /// His name in this meeting.
    #[must_use]
    pub fn id(&self) -> &ParticipantId {
        &self.id
    }

    /// What he does.
    #[must_use]
    pub fn role(&self) -> Role {
        match self.standing {
            Standing::Host { .. } => Role::Host,
            Standing::Signer { .. } => Role::Signer,
            Standing::Observer { .. } => Role::Observer,
        }
    }

    /// What is known of the person.
    #[must_use]
    pub fn facts(&self) -> &PersonFacts {
        &self.facts
    }

    /// The party that he signs for.
    #[must_use]
    pub fn party(&self) -> Option<&PartyId> {
        match &self.standing {
            Standing::Signer { party, .. } => Some(party),
            _ => None,
        }
    }

    /// The employee that he is: of a host always, of a signer once all four factors fit.
    #[must_use]
    pub fn employee(&self) -> Option<&EmployeeId> {
        match &self.standing {
            Standing::Host { employee }
            | Standing::Signer { delivery: Delivery::Deliverable { employee }, .. } => {
                Some(employee)
            }
            _ => None,
        }
    }

    /// Whether a signer receives the contract.
    #[must_use]
    pub fn delivery(&self) -> Option<&Delivery> {
        match &self.standing {
            Standing::Signer { delivery, .. } => Some(delivery),
            _ => None,
        }
    }

    /// The places in contracts that are a signer's, from the booking on.
    #[must_use]
    pub fn slots(&self) -> &[(ContractId, SlotId)] {
        match &self.standing {
            Standing::Signer { slots, .. } => slots,
            _ => &[],
        }
    }

    /// Over which channels he is told.
    #[must_use]
    pub fn channels(&self) -> &BTreeSet<Channel> {
        &self.channels
    }

    /// Whether he is to be shown by camera.
    #[must_use]
    pub fn needs_camera(&self) -> bool {
        self.needs_camera
    }

    /// Whether he is there.
    #[must_use]
    pub fn presence(&self) -> Presence {
        self.presence
    }

    /// Whether he belongs to the party: signs for it, or comes from its organization.
    pub(super) fn belongs_to(&self, to: &Party) -> bool {
        match &self.standing {
            Standing::Host { .. } => false,
            Standing::Signer { party, .. } => *party == to.id,
            Standing::Observer { organization } => organization.as_ref() == Some(&to.organization),
        }
    }

    pub(super) fn is(&self, role: Role) -> bool {
        self.role() == role
    }

    /// Whether the facts are his, and he was not sent out.
    pub(super) fn lets_in(&self, visitor: &PersonFacts) -> bool {
        self.presence != Presence::Denied && self.facts.recognises(visitor)
    }

    /// Whether he is this employee, and was not sent out.
    pub(super) fn lets_in_employee(&self, visitor: &EmployeeId) -> bool {
        self.presence != Presence::Denied && self.employee() == Some(visitor)
    }

    /// Whether the other entry is his as well: the same id, role and person.
    pub(super) fn is_same_entry(&self, other: &Self) -> bool {
        self.id == other.id
            && self.role() == other.role()
            && self.facts.is_same_person(&other.facts)
    }

    pub(super) fn set_presence(&mut self, presence: Presence) {
        self.presence = presence;
    }

    pub(super) fn set_delivery(&mut self, to: Delivery) {
        if let Standing::Signer { delivery, .. } = &mut self.standing {
            *delivery = to;
        }
    }

    pub(super) fn set_slots(&mut self, to: &[(ContractId, SlotId)]) {
        if let Standing::Signer { slots, .. } = &mut self.standing {
            *slots = to.to_vec();
        }
    }

    /// The slot was forwarded: somebody else signs now (C16).
    pub(super) fn replace(&mut self, facts: PersonFacts, employee: EmployeeId) {
        self.presence = Presence::default();
        self.correct(facts, employee);
    }

    /// The same signer with the facts that are registered (R-CER-06).
    pub(super) fn correct(&mut self, facts: PersonFacts, employee: EmployeeId) {
        self.facts = facts;
        self.set_delivery(Delivery::Deliverable { employee });
    }

    /// As it is before anybody was told of the meeting.
    pub(super) fn afresh(mut self) -> Self {
        self.presence = Presence::default();
        self.set_delivery(Delivery::default());
        self.set_slots(&[]);
        self
    }

    /// The entry of somebody who takes part already, with what has happened to him.
    pub(super) fn continuing(mut self, known: &Self) -> Self {
        self.presence = known.presence;
        if let Some(delivery) = known.delivery() {
            self.set_delivery(delivery.clone());
        }
        self.set_slots(known.slots());
        self
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Host => "host",
            Self::Signer => "signer",
            Self::Observer => "observer",
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::identity::IdDocumentKind;

    fn person(name: &str, document: &str, mobile: &str) -> Person {
        Person::new(
            PersonName::parse(name).unwrap(),
            IdDocument::parse(IdDocumentKind::ResidentId, document).unwrap(),
            Mobile::parse(mobile).unwrap(),
        )
    }

    pub(crate) fn facts(name: &str, document: &str, mobile: &str) -> PersonFacts {
        PersonFacts::from(&person(name, document, mobile))
    }

    #[test]
    fn r_cer_11_whoever_comes_is_recognised_by_all_that_is_known_of_him() {
        let invited = facts("张三", "11010519491231002X", "13800000000");
        assert!(invited.recognises(&facts(" 张三", "11010519491231002X", "13800000000")));
        for other in [
            facts("张山", "11010519491231002X", "13800000000"),
            facts("张三", "440524188001010014", "13800000000"),
            facts("张三", "11010519491231002X", "13800000001"),
            PersonFacts::new(invited.name().clone(), invited.mobile().clone()),
        ] {
            assert!(!invited.recognises(&other));
        }
        let guest = PersonFacts::new(invited.name().clone(), invited.mobile().clone());
        assert!(guest.recognises(&invited), "no document was asked for");
    }

    #[test]
    fn m3_one_person_is_known_by_document_or_by_name_and_mobile() {
        let known = facts("张三", "11010519491231002X", "13800000000");
        assert!(known.is_same_person(&facts("张叁", "11010519491231002X", "13800000001")));
        assert!(!known.is_same_person(&facts("张三", "440524188001010014", "13800000000")));
        let guest = PersonFacts::new(known.name().clone(), known.mobile().clone());
        assert!(guest.is_same_person(&known) && known.is_same_person(&guest));
        assert_eq!(known.person().unwrap().mobile(), known.mobile());
        assert!(guest.person().is_none());
    }

    #[test]
    fn r_cer_12_what_is_stored_reads_back_and_shows_masks() {
        let signer = Participant::signer(
            "SA".parse().unwrap(),
            "A".parse().unwrap(),
            &person("张三丰", "11010519491231002X", "13800001569"),
        );
        let signer = signer.over([Channel::Sms]).with_camera();
        let stored = serde_json::to_value(&signer).unwrap();
        assert_eq!(stored["standing"]["role"], "signer");
        assert_eq!(stored["facts"]["mobile"]["personal"], "13800001569");
        assert_eq!(serde_json::from_value::<Participant>(stored).unwrap(), signer);
        let shown = format!("{signer:?}");
        for secret in ["张三丰", "11010519491231002X", "13800001569"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
