//! The one place where a personal fact is stored in full.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, Visitor};
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

/// The one key of a stored fact.
const KEY: &str = "personal";

#[derive(Serialize)]
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
        // Serde's own messages repeat the value that does not fit. A format that can say what comes
        // next is asked, so that every value reaches the visitor.
        let text = if deserializer.is_human_readable() {
            deserializer.deserialize_any(Discreet::Object)
        } else {
            deserializer.deserialize_struct("Personal", &[KEY], Discreet::Object)
        }?;
        T::from_stored(&text).map(Self).map_err(D::Error::custom)
    }
}

/// Reads the object, its key or its text, and never says what it found instead.
#[derive(Clone, Copy)]
enum Discreet {
    Object,
    Key,
    Text,
}

impl Discreet {
    const REFUSAL: &'static str = "a personal fact is an object with the one key `personal` that holds a text; correct what is \
         stored";

    fn refuse<R, E: serde::de::Error>() -> Result<R, E> {
        Err(E::custom(Self::REFUSAL))
    }
}

impl<'de> DeserializeSeed<'de> for Discreet {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_str(self)
        }
    }
}

/// Makes the visits that refuse whatever they are given.
macro_rules! refused {
    ($($visit:ident: $value:ty),+ $(,)?) => {
        $(fn $visit<E: serde::de::Error>(self, _: $value) -> Result<String, E> {
            Self::refuse()
        })+
    };
}

impl<'de> Visitor<'de> for Discreet {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::REFUSAL)
    }

    refused! {
        visit_bool: bool, visit_i64: i64, visit_i128: i128, visit_u64: u64, visit_u128: u128,
        visit_f64: f64, visit_bytes: &[u8],
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        match self {
            Self::Text => Ok(text.to_owned()),
            Self::Key if text == KEY => Ok(String::new()),
            Self::Key | Self::Object => Self::refuse(),
        }
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_some<D: Deserializer<'de>>(self, _: D) -> Result<String, D::Error> {
        Self::refuse()
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, _: D) -> Result<String, D::Error> {
        Self::refuse()
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<String, A::Error> {
        Self::refuse()
    }

    /// Compact formats store the object without its key.
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<String, A::Error> {
        match self {
            Self::Object => seq.next_element_seed(Self::Text)?.map_or_else(Self::refuse, Ok),
            Self::Key | Self::Text => Self::refuse(),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        if !matches!(self, Self::Object) || map.next_key_seed(Self::Key)?.is_none() {
            return Self::refuse();
        }
        let text = map.next_value_seed(Self::Text)?;
        if map.next_key_seed(Self::Key)?.is_some() { Self::refuse() } else { Ok(text) }
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
        assert!(serde_json::from_str::<Personal<Nickname>>("{}").is_err());
        let value = serde_json::to_value(&name).unwrap();
        assert_eq!(serde_json::from_value::<Personal<Nickname>>(value).unwrap(), name);
    }
}
