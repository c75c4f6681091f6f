//! Texts of a contract with bounds: its name, description, user data and role labels (§2.5.1).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::Error;

/// The name of a contract (合同名称): 1 to 200 characters; Chinese, Latin letters, digits, Chinese
/// punctuation, space and `( ) [ ] - _ , ; . & +`.
///
/// White space around it is dropped. A contract that exists has a valid name, so that the first
/// guard of C6 holds by type.
///
/// ```
/// use sealwright::contract::ContractName;
/// assert_eq!(ContractName::parse(" 战略合作协议（2026） ")?.as_str(), "战略合作协议（2026）");
/// assert_eq!(ContractName::parse("a/b").unwrap_err().code(), "con.name_invalid");
/// # Ok::<(), sealwright::contract::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContractName(String);

impl ContractName {
    /// The greatest length in characters.
    pub const LONGEST: usize = 200;

    /// A name without the white space around it.
    ///
    /// # Errors
    ///
    /// `con.name_invalid` when it is empty, too long, or holds another character.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let length = text.chars().count();
        if length == 0 || length > Self::LONGEST {
            return Err(Error::NameInvalid { length, position: None });
        }
        match text.chars().position(|c| !may_stand_in_a_name(c)) {
            Some(index) => {
                Err(Error::NameInvalid { length, position: Some(index.saturating_add(1)) })
            }
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContractName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ContractName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<ContractName> for String {
    fn from(name: ContractName) -> Self {
        name.0
    }
}

/// Letters of Chinese and of Latin scripts, digits, and the punctuation of the vendor's rule. The
/// quotation marks, dash, ellipsis and middle dot of Chinese lie outside the Chinese blocks.
fn may_stand_in_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || " ()[]-_,;.&+".contains(c)
        || "·—…‘’“”".contains(c)
        || matches!(u32::from(c),
            0x00C0..=0x00D6 | 0x00D8..=0x00F6 | 0x00F8..=0x024F // Latin with diacritics
            | 0x3000..=0x303F // Chinese punctuation
            | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF // Chinese
            | 0xFF01..=0xFF5E | 0xFFE0..=0xFFE6) // full-width forms
}

/// A text with a greatest length, shown by `Debug` as its length: it is the caller's, and may hold
/// anything.
macro_rules! bounded_text {
    ($(#[$meta:meta])* $name:ident, $setting:literal, $most:literal, $measure:expr) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The greatest length.
            pub const LONGEST: usize = $most;

            /// The text, if it is not too long.
            ///
            /// # Errors
            ///
            /// `con.setting_invalid` when it is longer than [`Self::LONGEST`].
            pub fn new(text: impl Into<String>) -> Result<Self, Error> {
                let text = text.into();
                let measure: fn(&str) -> usize = $measure;
                Error::check_setting($setting, measure(&text), 0, Self::LONGEST)?;
                Ok(Self(text))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({} bytes)", stringify!($name), self.0.len())
            }
        }

        impl TryFrom<String> for $name {
            type Error = Error;

            fn try_from(text: String) -> Result<Self, Error> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}

bounded_text!(
    /// What the contract is about, at most 1000 characters.
    Description, "description", 1000, |text| text.chars().count()
);
bounded_text!(
    /// Opaque data of the host that goes with the contract, at most 20,480 bytes. Nothing reads it.
    UserData, "user_data", 20480, str::len
);
bounded_text!(
    /// The role a party or signer plays, such as 甲方, 乙方 or 法定代表人; at most 20 characters.
    RoleLabel, "role", 20, |text| text.chars().count()
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c6_a_name_has_one_to_two_hundred_characters_of_the_allowed_set() {
        assert!(ContractName::parse(&"合".repeat(200)).is_ok());
        for good in
            ["A&B 合同 (v1.0) [final]-2_3,4;5+6", "《框架协议》：甲、乙", "“甲”—乙…", "𠮷野家合同"]
        {
            assert!(ContractName::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "  ", &"合".repeat(201), "a/b", "a\nb", "合同👍", "a<b", "a'b", "a\u{202E}b"]
        {
            assert_eq!(ContractName::parse(bad).unwrap_err().code(), "con.name_invalid", "{bad:?}");
        }
    }

    #[test]
    fn texts_have_bounds_and_are_not_shown() {
        assert!(Description::new("字".repeat(1000)).is_ok());
        assert_eq!(Description::new("字".repeat(1001)).unwrap_err().code(), "con.setting_invalid");
        assert!(UserData::new("x".repeat(20480)).is_ok());
        assert!(UserData::new("字".repeat(6827)).is_err(), "bytes count, not characters");
        assert!(RoleLabel::new("角".repeat(21)).is_err());
        assert_eq!(format!("{:?}", UserData::new("secret").unwrap()), "UserData(6 bytes)");
        assert!(serde_json::from_str::<RoleLabel>(&format!("{:?}", "x".repeat(21))).is_err());
    }
}
