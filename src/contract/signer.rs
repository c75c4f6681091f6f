//! Who signs in a slot, and how a caller is recognised as that person (R-SIGN-03).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::Error;
use super::party::Party;
use crate::identity::{Actor, EmployeeId, Factor, Factors, Person, PersonId, SealId};
use crate::organization::{By, Employee, Staff};

/// Under which id the host knows a signer, if he is known yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Account {
    /// By his facts only: he may not have registered yet.
    Unknown,
    /// An employee of the party's organization.
    Employee(EmployeeId),
    /// A person who signs for himself.
    Person(PersonId),
}

impl Account {
    /// Whether this actor has the account.
    #[must_use]
    pub fn is(&self, actor: &Actor) -> bool {
        match (self, actor) {
            (Self::Employee(own), Actor::Employee(id)) => own == id,
            (Self::Person(own), Actor::Person(id)) => own == id,
            _ => false,
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown"),
            Self::Employee(id) => write!(f, "e:{id}"),
            Self::Person(id) => write!(f, "p:{id}"),
        }
    }
}

/// A human who acts for a party (经办人): his facts, and his account if it is known.
///
/// ```
/// use sealwright::contract::{Account, Holder, Signer};
/// use sealwright::identity::Person;
/// fn either(one: Person, other: Person) -> Signer {
///     let holders = vec![Holder::known_by_facts(one), Holder::known_by_facts(other)];
///     Signer::Candidates { holders }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Name, identity document and mobile number, as the initiator gave them.
    pub person: Person,
    /// His account.
    pub account: Account,
}

impl Holder {
    /// Somebody known by his facts only.
    #[must_use]
    pub fn known_by_facts(person: Person) -> Self {
        Self { person, account: Account::Unknown }
    }

    /// An employee.
    #[must_use]
    pub fn employee(id: EmployeeId, person: Person) -> Self {
        Self { person, account: Account::Employee(id) }
    }

    /// A person who signs for himself.
    #[must_use]
    pub fn person(id: PersonId, person: Person) -> Self {
        Self { person, account: Account::Person(id) }
    }

    /// The id of the employee, if it is known.
    #[must_use]
    pub fn employee_id(&self) -> Option<&EmployeeId> {
        match &self.account {
            Account::Employee(id) => Some(id),
            Account::Unknown | Account::Person(_) => None,
        }
    }

    /// Whether this is the employee: by account or, where none is known, by identity document.
    #[must_use]
    pub fn is_employee(&self, employee: &Employee) -> bool {
        match &self.account {
            Account::Employee(id) => id == employee.id(),
            Account::Person(_) => false,
            Account::Unknown => {
                !self.person.differences(employee.person()).contains(Factor::IdNumber)
            }
        }
    }

    /// Whether both are the same human being: same account, or same identity document.
    #[must_use]
    pub fn is_same_human(&self, other: &Self) -> bool {
        (self.account != Account::Unknown && self.account == other.account)
            || !self.person.differences(&other.person).contains(Factor::IdNumber)
    }

    /// Whether an authenticated caller is this person, acting for this party: all four factors.
    ///
    /// # Errors
    ///
    /// `con.not_a_signer` for somebody else, `emp.identity_mismatch{fields}` for the right person
    /// whose registered facts differ.
    pub(super) fn recognise(&self, by: &By<'_>, party: &Party) -> Result<(), Error> {
        match by {
            By::Staff(staff) if party.is_organization() => self.recognise_staff(staff, party),
            By::Person { id, person } if !party.is_organization() => {
                let stranger = match &self.account {
                    Account::Person(own) => own != *id,
                    _ => self.person.differences(person).contains(Factor::IdNumber),
                };
                if stranger {
                    return Err(Error::NotASigner);
                }
                Error::unless_equal(self.person.differences(person))
            }
            _ => Err(Error::NotASigner),
        }
    }

    fn recognise_staff(&self, staff: &Staff<'_>, party: &Party) -> Result<(), Error> {
        let employee = staff.employee();
        let differences = self.person.differences(employee.person());
        let stranger = match &self.account {
            Account::Employee(own) => own != employee.id(),
            _ => differences.contains(Factor::IdNumber),
        };
        let organization = staff.organization();
        let elsewhere = party.organization_id().is_some_and(|id| id != organization.id());
        if stranger || elsewhere {
            return Err(Error::NotASigner);
        }
        Error::unless_equal(self.differences_from(staff, party))
    }

    /// In which of the four factors the registered employee differs from what is written here.
    #[must_use]
    pub fn differences_from(&self, staff: &Staff<'_>, party: &Party) -> Factors {
        let renamed = party.organization_name() != Some(staff.organization().name());
        self.person
            .differences(staff.employee().person())
            .with_if(Factor::OrganizationName, renamed)
    }
}

/// Who signs in a slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Signer {
    /// This person.
    Bound {
        /// He.
        holder: Holder,
    },
    /// Somebody who is named after the start (动态签署人), see C17.
    LateBound,
    /// Any one of these (或签): when one has signed, the others have nothing to do any more.
    Candidates {
        /// Two or more.
        holders: Vec<Holder>,
    },
    /// Nobody: the seals are applied with no human act (授权签, formerly 静默签).
    Auto {
        /// The seals that may be applied; their owner is the party's organization.
        ///
        /// DECISION: unlike for a human signer (R-GRANT-06), the initiator names them for another
        /// organization too, since no human chooses one later (R-CTL-06). They are a proposal:
        /// nothing is applied unless an employee of that organization who was granted each seal
        /// answers for it, and the organization may sign so (R-SIGN-12).
        seals: Vec<SealId>,
    },
}

impl Signer {
    /// A bound signer.
    #[must_use]
    pub fn bound(holder: Holder) -> Self {
        Self::Bound { holder }
    }

    /// Everyone who may act here at present.
    #[must_use]
    pub fn holders(&self) -> &[Holder] {
        match self {
            Self::Bound { holder } => std::slice::from_ref(holder),
            Self::Candidates { holders } => holders,
            Self::LateBound | Self::Auto { .. } => &[],
        }
    }

    /// Somebody else takes the place, counted from 0, of one who may act here.
    pub(super) fn replace(&mut self, place: usize, by: &Holder) {
        let holders = match self {
            Self::Bound { holder } => std::slice::from_mut(holder),
            Self::Candidates { holders } => holders,
            Self::LateBound | Self::Auto { .. } => return,
        };
        if let Some(holder) = holders.get_mut(place) {
            holder.clone_from(by);
        }
    }

    /// Whether no human acts here.
    #[must_use]
    pub fn is_auto(&self) -> bool {
        matches!(self, Self::Auto { .. })
    }

    /// A stable name: `bound`, `late_bound`, `candidates`, `auto`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Bound { .. } => "bound",
            Self::LateBound => "late_bound",
            Self::Candidates { .. } => "candidates",
            Self::Auto { .. } => "auto",
        }
    }

    /// The holder who is the authenticated caller, with his place, from 0.
    ///
    /// # Errors
    ///
    /// `con.not_a_signer`, `emp.identity_mismatch{fields}`. Of several candidates the one that comes
    /// nearest decides.
    pub(super) fn recognise(
        &self,
        by: &By<'_>,
        party: &Party,
    ) -> Result<Option<(usize, &Holder)>, Error> {
        if self.is_auto() {
            return match by {
                By::System | By::Host(_) => Ok(None),
                By::Staff(_) | By::Person { .. } => Err(Error::NotASigner),
            };
        }
        let mut nearest = Error::NotASigner;
        for (place, holder) in self.holders().iter().enumerate() {
            match holder.recognise(by, party) {
                Ok(()) => return Ok(Some((place, holder))),
                Err(Error::NotASigner) => {}
                Err(mismatch) => nearest = mismatch,
            }
        }
        Err(nearest)
    }
}
