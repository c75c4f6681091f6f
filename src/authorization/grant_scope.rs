//! Which rights a grant gives, and for which contracts.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::identity::{CeremonyId, ContractId, GroupId};

/// What one may do with a seal: three separate rights (三权分立), none of which implies another.
///
/// ```
/// use sealwright::authorization::Right;
/// assert_eq!(Right::Use.to_string(), "use");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Apply it to contracts (使用).
    Use,
    /// Switch it on and off, change its face, delete it (管理).
    Manage,
    /// Read the record of its uses and changes (审计).
    Audit,
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Use => "use",
            Self::Manage => "manage",
            Self::Audit => "audit",
        })
    }
}

/// One right or several.
///
/// ```
/// use sealwright::authorization::{Right, Rights};
/// let rights = Rights::of([Right::Use, Right::Audit])?;
/// assert!(rights.contains(Right::Use) && !rights.contains(Right::Manage));
/// assert!(Rights::of([]).is_err());
/// # Ok::<(), sealwright::authorization::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "BTreeSet<Right>", into = "BTreeSet<Right>")]
pub struct Rights(BTreeSet<Right>);

impl Rights {
    /// Rights, each once.
    ///
    /// # Errors
    ///
    /// [`Error::ScopeInvalid`] if there are none.
    pub fn of(rights: impl IntoIterator<Item = Right>) -> Result<Self, Error> {
        Self::try_from(rights.into_iter().collect::<BTreeSet<_>>())
    }

    /// The right to use the seal, and no other.
    #[must_use]
    pub fn to_use() -> Self {
        Self(BTreeSet::from([Right::Use]))
    }

    /// Whether this right is among them.
    #[must_use]
    pub fn contains(&self, right: Right) -> bool {
        self.0.contains(&right)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Right> {
        self.0.iter().copied()
    }
}

impl TryFrom<BTreeSet<Right>> for Rights {
    type Error = Error;

    fn try_from(rights: BTreeSet<Right>) -> Result<Self, Error> {
        if rights.is_empty() {
            return Err(Error::ScopeInvalid { what: "one right or several", found: 0 });
        }
        Ok(Self(rights))
    }
}

impl From<Rights> for BTreeSet<Right> {
    fn from(rights: Rights) -> Self {
        rights.0
    }
}

/// A kind of contract as the host names it: what a grant may be limited to.
pub type ContractType = String;

/// What is known of the contract that a seal is to be used on.
#[derive(Clone, Copy, Debug)]
pub struct ContractFacts<'a> {
    /// Its id.
    pub id: &'a ContractId,
    /// The group it is signed in, if it is.
    pub group: Option<&'a GroupId>,
    /// Its type, if the host has types.
    pub contract_type: Option<&'a str>,
    /// The ceremony it is signed at, if it is.
    pub ceremony: Option<&'a CeremonyId>,
}

impl<'a> ContractFacts<'a> {
    /// A contract on its own.
    #[must_use]
    pub fn of(id: &'a ContractId) -> Self {
        Self { id, group: None, contract_type: None, ceremony: None }
    }
}

/// Which contracts a grant reaches (R-GRANT-04).
///
/// ```
/// use sealwright::authorization::{ContractFacts, GrantScope};
/// let (first, second) = ("con-1".parse()?, "con-2".parse()?);
/// let scope = GrantScope::of_lists([first], [])?;
/// assert!(!scope.contains(&ContractFacts::of(&second)));
/// assert!(GrantScope::of_lists([second], ["group-1".parse()?]).is_err()); // one list, not both
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", tag = "reaches", content = "of", rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantScope {
    /// Any contract.
    AnyContract,
    /// These contracts, 1 to 50 (单次用印授权).
    Contracts(BTreeSet<ContractId>),
    /// The contracts of these groups, 1 to 10.
    Groups(BTreeSet<GroupId>),
    /// Contracts of these types, 1 to 50, the name of each 1 to 50 characters long.
    ContractTypes(BTreeSet<ContractType>),
    /// What is signed at this ceremony.
    Ceremony(CeremonyId),
}

/// A scope as it is stored, before its list is known to be one.
#[derive(Deserialize)]
#[serde(tag = "reaches", content = "of", rename_all = "snake_case")]
enum Stored {
    AnyContract,
    Contracts(BTreeSet<ContractId>),
    Groups(BTreeSet<GroupId>),
    ContractTypes(BTreeSet<ContractType>),
    Ceremony(CeremonyId),
}

impl TryFrom<Stored> for GrantScope {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self, Error> {
        let scope = match stored {
            Stored::AnyContract => Self::AnyContract,
            Stored::Contracts(listed) => Self::Contracts(listed),
            Stored::Groups(listed) => Self::Groups(listed),
            Stored::ContractTypes(listed) => Self::ContractTypes(listed),
            Stored::Ceremony(only) => Self::Ceremony(only),
        };
        scope.check().map(|()| scope)
    }
}

impl GrantScope {
    /// The most contracts that may be listed.
    pub const MAX_CONTRACTS: usize = 50;
    /// The most groups that may be listed.
    pub const MAX_GROUPS: usize = 10;
    /// The most contract types that may be listed.
    pub const MAX_TYPES: usize = 50;
    /// The most characters the name of a contract type may have.
    pub const MAX_TYPE_CHARACTERS: usize = 50;

    /// A scope of one list, contracts or groups, as other systems hand them over.
    ///
    /// # Errors
    ///
    /// [`Error::ScopeInvalid`] if both lists are empty, both are not, or one is too long.
    pub fn of_lists(
        contracts: impl IntoIterator<Item = ContractId>,
        groups: impl IntoIterator<Item = GroupId>,
    ) -> Result<Self, Error> {
        let contracts: BTreeSet<_> = contracts.into_iter().collect();
        let groups: BTreeSet<_> = groups.into_iter().collect();
        if !contracts.is_empty() && !groups.is_empty() {
            let found = contracts.len().saturating_add(groups.len());
            let what = "a list of contracts or one of groups, not both";
            return Err(Error::ScopeInvalid { what, found });
        }
        let scope =
            if groups.is_empty() { Self::Contracts(contracts) } else { Self::Groups(groups) };
        scope.check().map(|()| scope)
    }

    /// Whether the contract is within it.
    #[must_use]
    pub fn contains(&self, contract: &ContractFacts<'_>) -> bool {
        match self {
            Self::AnyContract => true,
            Self::Contracts(listed) => listed.contains(contract.id),
            Self::Groups(listed) => contract.group.is_some_and(|group| listed.contains(group)),
            Self::ContractTypes(listed) => {
                contract.contract_type.is_some_and(|one| listed.contains(one))
            }
            Self::Ceremony(only) => contract.ceremony == Some(only),
        }
    }

    /// Whether it names single contracts or groups: such a grant is a matter of these alone, and
    /// nobody is told of it beside the grantee's own work.
    #[must_use]
    pub fn is_per_contract(&self) -> bool {
        matches!(self, Self::Contracts(_) | Self::Groups(_))
    }

    /// What it lists, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::AnyContract => "any contract",
            Self::Contracts(_) => "listed contracts",
            Self::Groups(_) => "listed groups of contracts",
            Self::ContractTypes(_) => "listed types of contract",
            Self::Ceremony(_) => "one ceremony",
        }
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let (what, most, found) = match self {
            Self::AnyContract | Self::Ceremony(_) => return Ok(()),
            Self::Contracts(listed) => {
                ("1 to 50 listed contracts", Self::MAX_CONTRACTS, listed.len())
            }
            Self::Groups(listed) => ("1 to 10 listed groups", Self::MAX_GROUPS, listed.len()),
            Self::ContractTypes(listed) => {
                let characters = listed.iter().map(|name| name.chars().count());
                let wrong = |found: &usize| !(1..=Self::MAX_TYPE_CHARACTERS).contains(found);
                if let Some(found) = characters.into_iter().find(wrong) {
                    let what = "types of contract named in 1 to 50 characters";
                    return Err(Error::ScopeInvalid { what, found });
                }
                ("1 to 50 listed types of contract", Self::MAX_TYPES, listed.len())
            }
        };
        if (1..=most).contains(&found) { Ok(()) } else { Err(Error::ScopeInvalid { what, found }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contracts(count: usize) -> Vec<ContractId> {
        (0..count).map(|number| format!("c{number}").parse().unwrap()).collect()
    }

    fn groups(count: usize) -> Vec<GroupId> {
        (0..count).map(|number| format!("g{number}").parse().unwrap()).collect()
    }

    #[test]
    fn r_grant_04_one_list_of_50_contracts_or_10_groups() {
        for (listed, grouped) in [(1, 0), (50, 0), (0, 1), (0, 10)] {
            let scope = GrantScope::of_lists(contracts(listed), groups(grouped)).unwrap();
            assert!(scope.is_per_contract());
        }
        for (listed, grouped) in [(0, 0), (51, 0), (0, 11), (1, 1)] {
            let error = GrantScope::of_lists(contracts(listed), groups(grouped)).unwrap_err();
            assert_eq!(error.code(), "grant.scope_invalid", "{listed} and {grouped}");
        }
        assert!(GrantScope::ContractTypes(BTreeSet::new()).check().is_err());
        assert_eq!(Rights::of([]).unwrap_err().code(), "grant.scope_invalid");
        assert!(serde_json::from_str::<Rights>("[]").is_err());
    }

    #[test]
    fn r_grant_04_a_stored_scope_is_checked_as_a_new_one() {
        let types = |name: &str| {
            let stored = serde_json::json!({ "reaches": "contract_types", "of": [name] });
            serde_json::from_value::<GrantScope>(stored).is_ok()
        };
        assert!(types("租") && types(&"租".repeat(50)));
        assert!(!types("") && !types(&"租".repeat(51)));
        for (reaches, many) in [("contracts", 51), ("groups", 11), ("contract_types", 51)] {
            for count in [0, many] {
                let of: Vec<_> = (0..count).map(|number| format!("x{number}")).collect();
                let stored = serde_json::json!({ "reaches": reaches, "of": of });
                assert!(serde_json::from_value::<GrantScope>(stored).is_err(), "{reaches} {count}");
            }
        }
    }

    #[test]
    fn grant_scopes_contain_what_they_name() {
        let id = "c1".parse().unwrap();
        let group = "g1".parse().unwrap();
        let ceremony = "m1".parse().unwrap();
        let bare = ContractFacts::of(&id);
        let full = ContractFacts {
            group: Some(&group),
            contract_type: Some("lease"),
            ceremony: Some(&ceremony),
            ..bare
        };
        for (scope, of_bare, of_full) in [
            (GrantScope::AnyContract, true, true),
            (GrantScope::Contracts([id.clone()].into()), true, true),
            (GrantScope::Contracts(contracts(1).into_iter().collect()), false, false),
            (GrantScope::Groups([group.clone()].into()), false, true),
            (GrantScope::Groups(groups(1).into_iter().collect()), false, false),
            (GrantScope::ContractTypes(["lease".to_owned()].into()), false, true),
            (GrantScope::ContractTypes(["sale".to_owned()].into()), false, false),
            (GrantScope::Ceremony(ceremony.clone()), false, true),
            (GrantScope::Ceremony("m2".parse().unwrap()), false, false),
        ] {
            assert_eq!(scope.contains(&bare), of_bare, "{scope:?}");
            assert_eq!(scope.contains(&full), of_full, "{scope:?}");
            let json = serde_json::to_string(&scope).unwrap();
            assert_eq!(serde_json::from_str::<GrantScope>(&json).unwrap(), scope);
        }
    }
}
