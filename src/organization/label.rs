//! Short texts that people give: names of departments and roles, and reasons.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Error;

/// The name of a department or role: 1 to 50 characters, no control characters, trimmed.
///
/// ```
/// use sealwright::organization::Label;
/// assert_eq!(Label::parse(" 法务部 ")?.as_str(), "法务部");
/// assert_eq!(Label::parse("  ").unwrap_err().code(), "org.label_invalid");
/// # Ok::<(), sealwright::organization::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Label(String);

impl Label {
    /// The longest label, in characters.
    pub const MOST_CHARS: usize = 50;

    /// Takes a text as a label.
    ///
    /// # Errors
    ///
    /// `org.label_invalid` if nothing but white space is left, it is too long or holds a control
    /// character.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let chars = text.chars().count();
        if chars == 0 || chars > Self::MOST_CHARS || text.chars().any(char::is_control) {
            return Err(Error::LabelInvalid { chars, most: Self::MOST_CHARS });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Label {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<Label> for String {
    fn from(label: Label) -> Self {
        label.0
    }
}

/// A reason as somebody stated it, trimmed: 1 to 200 characters.
pub(super) fn stated_reason(text: &str) -> Result<String, Error> {
    const MOST: usize = 200;
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Error::ReasonRequired { most: MOST }),
        chars if chars > MOST => Err(Error::ReasonTooLong { chars, most: MOST }),
        _ => Ok(text.to_owned()),
    }
}
