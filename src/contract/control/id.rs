//! How controls are called.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ControlError;
use crate::identity::DocumentId;

/// The longest id, and the longest name, in characters.
const MOST_ID: usize = 30;
const MOST_NAME: usize = 20;

/// The id of a control: 1 to 30 Chinese characters, Latin letters, digits and `_`; unique within
/// its document (R-CTL-01).
///
/// ```
/// use sealwright::contract::ControlId;
/// assert!("甲方_seal_1".parse::<ControlId>().is_ok());
/// assert_eq!("seal-1".parse::<ControlId>().unwrap_err().code(), "ctl.id_invalid");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ControlId(Arc<str>);

impl ControlId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ControlId {
    type Err = ControlError;

    fn from_str(text: &str) -> Result<Self, ControlError> {
        let length = text.chars().count();
        let position = text.chars().position(|c| !is_of_an_id(c)).map(|at| at + 1);
        if length == 0 || length > MOST_ID || position.is_some() {
            return Err(ControlError::IdInvalid { length, position });
        }
        Ok(Self(Arc::from(text)))
    }
}

impl TryFrom<String> for ControlId {
    type Error = ControlError;

    fn try_from(text: String) -> Result<Self, ControlError> {
        text.parse()
    }
}

impl From<ControlId> for String {
    fn from(id: ControlId) -> Self {
        id.0.as_ref().to_owned()
    }
}

impl fmt::Display for ControlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which control of a contract: ids are unique per document only. Cloning is cheap.
///
/// ```
/// use sealwright::contract::ControlKey;
/// let key = ControlKey::new("doc_1".parse()?, "seal_a".parse()?);
/// assert_eq!(key.to_string(), "doc_1/seal_a");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ControlKey {
    /// The document.
    pub document: DocumentId,
    /// The control in it.
    pub control: ControlId,
}

impl ControlKey {
    /// A control of a document.
    #[must_use]
    pub fn new(document: DocumentId, control: ControlId) -> Self {
        Self { document, control }
    }
}

impl fmt::Display for ControlKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.document, self.control)
    }
}

/// What a person calls a control: at most 20 characters, may repeat, may be empty.
///
/// ```
/// use sealwright::contract::ControlName;
/// assert!("甲方盖章处".parse::<ControlName>().is_ok());
/// assert!("a very long name of a control".parse::<ControlName>().is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ControlName(String);

impl ControlName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ControlName {
    type Err = ControlError;

    fn from_str(text: &str) -> Result<Self, ControlError> {
        let length = text.chars().count();
        if length > MOST_NAME || text.chars().any(char::is_control) {
            return Err(ControlError::NameInvalid { length, most: MOST_NAME });
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for ControlName {
    type Error = ControlError;

    fn try_from(text: String) -> Result<Self, ControlError> {
        text.parse()
    }
}

impl From<ControlName> for String {
    fn from(name: ControlName) -> Self {
        name.0
    }
}

fn is_of_an_id(c: char) -> bool {
    let chinese = matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇');
    chinese || c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ctl_01_thirty_characters_of_the_allowed_set() {
        for text in ["a", "甲方_1", &"字".repeat(30), "〇"] {
            assert!(text.parse::<ControlId>().is_ok(), "{text}");
        }
        for text in ["", "a b", "a-b", "é", "ａ", "。", &"字".repeat(31)] {
            let error = text.parse::<ControlId>().unwrap_err();
            assert_eq!(error.code(), "ctl.id_invalid", "{text}");
        }
        assert!(serde_json::from_str::<ControlId>("\"a b\"").is_err());
    }

    #[test]
    fn r_ctl_01_names_are_short() {
        assert!("甲".repeat(20).parse::<ControlName>().is_ok());
        assert_eq!("甲".repeat(21).parse::<ControlName>().unwrap_err().code(), "ctl.id_invalid");
        assert!("a\nb".parse::<ControlName>().is_err());
    }
}
