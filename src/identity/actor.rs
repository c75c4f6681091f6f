//! Who did something.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{EmployeeId, Error, PersonId};

/// Who did something, as records name him: `e:alice`, `p:bob`, `h:nightly-job`, `system`.
///
/// ```
/// use sealwright::identity::Actor;
/// let actor: Actor = "e:alice".parse()?;
/// assert_eq!(actor.to_string(), "e:alice");
/// assert!("alice".parse::<Actor>().is_err());
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[non_exhaustive]
pub enum Actor {
    /// An employee, acting for his organization.
    Employee(EmployeeId),
    /// A natural person, acting for himself.
    Person(PersonId),
    /// The host program or someone of its operators, named by an opaque id.
    Host(PersonId),
    /// Nobody: a rule or the passing of time.
    System,
}

impl From<EmployeeId> for Actor {
    fn from(id: EmployeeId) -> Self {
        Self::Employee(id)
    }
}

impl From<PersonId> for Actor {
    fn from(id: PersonId) -> Self {
        Self::Person(id)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Employee(id) => write!(f, "e:{id}"),
            Self::Person(id) => write!(f, "p:{id}"),
            Self::Host(id) => write!(f, "h:{id}"),
            Self::System => f.write_str("system"),
        }
    }
}

impl FromStr for Actor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.split_once(':') {
            Some(("e", id)) => Ok(Self::Employee(id.parse()?)),
            Some(("p", id)) => Ok(Self::Person(id.parse()?)),
            Some(("h", id)) => Ok(Self::Host(id.parse()?)),
            None if text == "system" => Ok(Self::System),
            _ => Err(Error::Actor),
        }
    }
}

impl TryFrom<String> for Actor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Actor> for String {
    fn from(actor: Actor) -> Self {
        actor.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_actor_reads_back_what_it_writes() {
        for text in ["e:alice", "p:bob", "h:job", "system", "e:with:colon"] {
            assert_eq!(text.parse::<Actor>().unwrap().to_string(), text);
        }
        for text in ["", "alice", "x:alice", "System"] {
            let error = text.parse::<Actor>().unwrap_err();
            assert_eq!(error.code(), "identity.actor_invalid", "{text}");
        }
        assert_eq!("e:".parse::<Actor>().unwrap_err().code(), "identity.id_invalid");
    }
}
