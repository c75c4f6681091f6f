//! What is written about a seal: its name, and the tax number on an invoice seal.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Error;
use crate::identity::Uscc;

/// The name of a seal: 1 to 50 characters, no control characters, no white space around (R-SEAL-03).
///
/// ```
/// use sealwright::authorization::SealName;
/// assert_eq!(SealName::parse(" 合同专用章（上海） ")?.as_str(), "合同专用章（上海）");
/// assert_eq!(SealName::parse("").unwrap_err().code(), "seal.name_invalid");
/// # Ok::<(), sealwright::authorization::Error>(())
/// ```
///
/// The name of a seal may well hold that of a person (a legal representative's, a physician's), so
/// `Debug` shows its length alone, and it stands in no error, notice or trail.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealName(String);

impl SealName {
    /// The most characters a name may have.
    pub const MAX_CHARACTERS: usize = 50;

    /// A name, without the white space around it.
    ///
    /// # Errors
    ///
    /// [`Error::NameInvalid`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let name = text.trim();
        let characters = name.chars().count();
        if !(1..=Self::MAX_CHARACTERS).contains(&characters) || name.chars().any(char::is_control) {
            return Err(Error::NameInvalid { characters, most: Self::MAX_CHARACTERS });
        }
        Ok(Self(name.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SealName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SealName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealName({} characters)", self.0.chars().count())
    }
}

impl TryFrom<String> for SealName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<SealName> for String {
    fn from(name: SealName) -> Self {
        name.0
    }
}

/// The tax number on an invoice seal (纳税人识别号): 15 to 20 digits and capital letters. Since 2015
/// it is the credit code; older ones are still about.
///
/// ```
/// use sealwright::authorization::TaxNumber;
/// assert_eq!(TaxNumber::parse("110108000000016")?.as_str(), "110108000000016");
/// assert_eq!(TaxNumber::parse("").unwrap_err().code(), "seal.tax_number_required");
/// # Ok::<(), sealwright::authorization::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaxNumber(String);

impl TaxNumber {
    /// A tax number, without the white space around it.
    ///
    /// # Errors
    ///
    /// [`Error::TaxNumberRequired`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let number = text.trim();
        let characters = number.chars().count();
        let known = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
        if !(15..=20).contains(&characters) || !number.chars().all(known) {
            return Err(Error::TaxNumberRequired { characters });
        }
        Ok(Self(number.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Uscc> for TaxNumber {
    fn from(uscc: &Uscc) -> Self {
        Self(uscc.as_str().to_owned())
    }
}

impl TryFrom<String> for TaxNumber {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<TaxNumber> for String {
    fn from(number: TaxNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_seal_03_a_name_has_1_to_50_characters() {
        assert!(SealName::parse(&"章".repeat(50)).is_ok());
        for wrong in ["", " \t", "一\n二", "a\u{0}b", &"章".repeat(51)] {
            let error = SealName::parse(wrong).unwrap_err();
            assert_eq!(error.code(), "seal.name_invalid", "{wrong:?}");
        }
        assert!(serde_json::from_str::<SealName>("\"\"").is_err());
        let name = SealName::parse("公章").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"公章\"");
        assert_eq!(format!("{name:?}"), "SealName(2 characters)");
    }

    #[test]
    fn seal_a_tax_number_has_15_to_20_digits_and_capital_letters() {
        for right in ["110108000000016", "91110108MA01KPGK0L", "12345678901234567890"] {
            assert!(TaxNumber::parse(right).is_ok());
        }
        for wrong in [
            "",
            "1101080000000",
            "123456789012345678901",
            "91110108ma01kpgk0l",
            "１１０１０８００００００００１６",
        ] {
            let error = TaxNumber::parse(wrong).unwrap_err();
            assert_eq!(error.code(), "seal.tax_number_required", "{wrong}");
        }
    }
}
