//! Who is bound by a contract, and who only reads along.

use serde::{Deserialize, Serialize};

use super::name::RoleLabel;
use crate::identity::{
    Mobile, OrganizationId, OrganizationName, PartyId, PersonId, PersonName, Personal,
};

/// What kind of party it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PartyKind {
    /// An organization (企业).
    Organization {
        /// Its legal name, one of the four factors by which its signer is matched (R-CER-06).
        name: OrganizationName,
        /// Its id, if the initiator knows it. Without it the name alone decides.
        id: Option<OrganizationId>,
    },
    /// A natural person (个人), who signs for himself.
    Person,
}

/// An organization or a person bound by the contract (签署方).
///
/// ```
/// use sealwright::contract::{Party, PartyKind};
/// let person = Party::person("p1".parse()?);
/// assert_eq!(person.kind, PartyKind::Person);
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Its id in the contract.
    pub id: PartyId,
    /// Organization or person.
    pub kind: PartyKind,
    /// 甲方, 乙方, …
    pub role: RoleLabel,
}

impl Party {
    /// An organization by name and, if it is known, id.
    #[must_use]
    pub fn organization(id: PartyId, name: OrganizationName, of: Option<OrganizationId>) -> Self {
        let kind = PartyKind::Organization { name, id: of };
        Self { id, kind, role: RoleLabel::default() }
    }

    /// A natural person.
    #[must_use]
    pub fn person(id: PartyId) -> Self {
        Self { id, kind: PartyKind::Person, role: RoleLabel::default() }
    }

    /// The same party with a role: 甲方.
    #[must_use]
    pub fn called(self, role: RoleLabel) -> Self {
        Self { role, ..self }
    }

    /// Whether it is an organization.
    #[must_use]
    pub fn is_organization(&self) -> bool {
        matches!(self.kind, PartyKind::Organization { .. })
    }

    /// The id of the organization, if it is one and the id is known.
    #[must_use]
    pub fn organization_id(&self) -> Option<&OrganizationId> {
        match &self.kind {
            PartyKind::Organization { id, .. } => id.as_ref(),
            PartyKind::Person => None,
        }
    }

    /// The legal name of the organization, if it is one.
    #[must_use]
    pub fn organization_name(&self) -> Option<&OrganizationName> {
        match &self.kind {
            PartyKind::Organization { name, .. } => Some(name),
            PartyKind::Person => None,
        }
    }

    /// Whether it stands for this organization: by id where the party has one, else by name.
    #[must_use]
    pub fn stands_for(&self, id: &OrganizationId, name: &OrganizationName) -> bool {
        match &self.kind {
            PartyKind::Organization { id: Some(own), .. } => own == id,
            PartyKind::Organization { id: None, name: own } => own == name,
            PartyKind::Person => false,
        }
    }
}

/// What somebody who reads along may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CcPermission {
    /// See the contract.
    #[default]
    View,
    /// See and download it.
    Download,
}

/// When somebody who reads along is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CcTime {
    /// When the contract starts.
    AtStart,
    /// When it is complete.
    #[default]
    AtCompletion,
}

/// Somebody who sees the contract and does not act (抄送人): at most 50, none of them a signer
/// (R-CON-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cc {
    /// Under this id the host finds him.
    pub id: PersonId,
    /// His name.
    pub name: Personal<PersonName>,
    /// His mobile number: by it he is told apart from the signers.
    pub mobile: Personal<Mobile>,
    /// What he may do.
    pub permission: CcPermission,
    /// When he is told.
    pub told: CcTime,
}
