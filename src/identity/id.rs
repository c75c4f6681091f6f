//! Typed ids. The embedder chooses them; to the engine they are opaque.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Error;

/// The longest id in bytes.
const MOST_BYTES: usize = 128;

fn accepted(what: &'static str, text: &str) -> Result<Arc<str>, Error> {
    // Control characters are refused because ids are joined with NUL where a MAC is taken.
    if text.is_empty() || text.len() > MOST_BYTES || text.chars().any(char::is_control) {
        return Err(Error::Id { what, length: text.len(), most: MOST_BYTES });
    }
    Ok(Arc::from(text))
}

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident = $what:literal;)+) => {$(
        $(#[doc = $doc])+
        ///
        /// Opaque, chosen by the embedder: 1 to 128 bytes without control characters. It is shown in
        /// errors, notices and records, so it must not be made from personal facts. Cloning is cheap.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                accepted($what, text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// An organization (企业).
    OrganizationId = "an organization id";
    /// An employee (员工) of one organization.
    EmployeeId = "an employee id";
    /// A natural person who acts for nobody but himself.
    PersonId = "a person id";
    /// A department (部门).
    DepartmentId = "a department id";
    /// A role (角色) that an organization defines.
    RoleId = "a role id";
    /// A seal (印章).
    SealId = "a seal id";
    /// The grant of a seal to an employee (印章授权).
    GrantId = "a grant id";
    /// One application of a seal (用印记录).
    UseId = "a use id";
    /// A contract (合同).
    ContractId = "a contract id";
    /// A group of contracts that are signed as one act (合同组).
    GroupId = "a contract group id";
    /// A document of a contract.
    DocumentId = "a document id";
    /// A party of a contract (签署方).
    PartyId = "a party id";
    /// The place of one signer in a contract (签署人).
    SlotId = "a slot id";
    /// A ceremony (战略签约会议).
    CeremonyId = "a ceremony id";
    /// A participant of a ceremony.
    ParticipantId = "a participant id";
    /// A seat in a ceremony's layout (座次).
    SeatId = "a seat id";
    /// A right of an organization to use a feature (功能开通).
    EntitlementId = "an entitlement id";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_not_empty_not_long_and_has_no_control_characters() {
        assert!("合同-1".parse::<ContractId>().is_ok());
        assert!("a".repeat(128).parse::<ContractId>().is_ok());
        for text in ["", "a\0b", "a\n", &"a".repeat(129)] {
            assert_eq!(text.parse::<ContractId>().unwrap_err().code(), "identity.id_invalid");
        }
    }

    #[test]
    fn an_id_out_of_a_database_is_parsed_as_well() {
        let seal: SealId = serde_json::from_str("\"seal_1\"").unwrap();
        assert_eq!(serde_json::to_string(&seal).unwrap(), "\"seal_1\"");
        assert!(serde_json::from_str::<SealId>("\"\"").is_err());
    }
}
