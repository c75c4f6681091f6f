//! The one place where a personal fact is stored in full.

use std::borrow::Cow;
use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Error;

/// A fact about a natural person: a value that shows its mask and nothing else.
pub trait PersonalFact: Sized {
    /// The full text as it is stored.
    fn stored(&self) -> Cow<'_, str>;

    /// The value of a stored text.
    ///
    /// # Errors
    ///
    /// Those of the value's parser.
    fn from_stored(text: &str) -> Result<Self, Error>;

    /// The text with its middle taken out, as screens and records show it (R-ID-13).
    fn masked(&self) -> String;
}

/// Makes a value with `parse`, `expose` and `masked` a [`PersonalFact`] whose `Debug` is its mask.
macro_rules! personal_fact {
    ($fact:ident, $from_stored:path) => {
        impl $crate::identity::PersonalFact for $fact {
            fn stored(&self) -> std::borrow::Cow<'_, str> {
                std::borrow::Cow::Borrowed(self.expose())
            }

            fn from_stored(text: &str) -> Result<Self, $crate::identity::Error> {
                $from_stored(text)
            }

            fn masked(&self) -> String {
                Self::masked(self)
            }
        }

        impl std::fmt::Debug for $fact {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($fact), self.masked())
            }
        }
    };
    ($fact:ident) => {
        $crate::identity::personal::personal_fact!($fact, Self::parse);
    };
}
pub(super) use personal_fact;

/// A personal fact in a state or an event (rule 10 of the design).
///
/// `Debug` shows the mask. Serialised it is an object with the one key `personal` that holds the
/// full text: a host finds what it has to **store encrypted** by that key, and nothing outside such
/// objects holds a personal fact.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Wraps a fact.
    pub fn new(fact: T) -> Self {
        Self(fact)
    }

    /// The fact.
    pub fn get(&self) -> &T {
        &self.0
    }
}

impl<T: PersonalFact> Personal<T> {
    /// The mask of the fact.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.masked()
    }
}

impl<T> From<T> for Personal<T> {
    fn from(fact: T) -> Self {
        Self(fact)
    }
}

impl<T: PersonalFact> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Personal({})", self.0.masked())
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    personal: Cow<'a, str>,
}

impl<T: PersonalFact> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored { personal: self.0.stored() }.serialize(serializer)
    }
}

impl<'de, T: PersonalFact> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        T::from_stored(&stored.personal).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Nickname(String);

    impl PersonalFact for Nickname {
        fn stored(&self) -> Cow<'_, str> {
            Cow::Borrowed(&self.0)
        }

        fn from_stored(text: &str) -> Result<Self, Error> {
            if text.is_empty() { Err(Error::Actor) } else { Ok(Self(text.to_owned())) }
        }

        fn masked(&self) -> String {
            "*".to_owned()
        }
    }

    #[test]
    fn it_shows_its_mask_and_stores_its_text_under_one_key() {
        let name = Personal::new(Nickname("Bobby".to_owned()));
        assert_eq!(format!("{name:?}"), "Personal(*)");
        let stored = serde_json::to_string(&name).unwrap();
        assert_eq!(stored, r#"{"personal":"Bobby"}"#);
        assert_eq!(serde_json::from_str::<Personal<Nickname>>(&stored).unwrap(), name);
        assert!(serde_json::from_str::<Personal<Nickname>>(r#"{"personal":""}"#).is_err());
        assert!(serde_json::from_str::<Personal<Nickname>>(r#""Bobby""#).is_err());
    }
}
