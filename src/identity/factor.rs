//! The four factors a signer is recognised by, and sets of them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the facts by which a signer is matched with a registered employee (四要素, R-CER-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// 姓名.
    Name,
    /// 证件号: kind and number of the identity document.
    IdNumber,
    /// 手机号.
    Mobile,
    /// 企业名称.
    OrganizationName,
}

impl Factor {
    /// Every factor, in the order in which sets list them.
    pub const ALL: [Self; 4] = [Self::Name, Self::IdNumber, Self::Mobile, Self::OrganizationName];

    /// The stable name, as serialised.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::IdNumber => "id_number",
            Self::Mobile => "mobile",
            Self::OrganizationName => "organization_name",
        }
    }

    fn bit(self) -> u8 {
        match self {
            Self::Name => 1,
            Self::IdNumber => 2,
            Self::Mobile => 4,
            Self::OrganizationName => 8,
        }
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A set of factors: those that differ between two descriptions of a person. It tells which facts
/// disagree and none of the facts.
///
/// ```
/// use sealwright::identity::{Factor, Factors};
/// let differ = Factors::from_iter([Factor::Mobile, Factor::Name]);
/// assert_eq!(differ.to_string(), "name, mobile");
/// assert!(!differ.contains(Factor::IdNumber));
/// assert!(Factors::default().is_empty());
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Factor>", into = "Vec<Factor>")]
pub struct Factors(u8);

impl Factors {
    /// No factor.
    pub const NONE: Self = Self(0);

    /// The set with one more.
    #[must_use]
    pub fn with(self, factor: Factor) -> Self {
        Self(self.0 | factor.bit())
    }

    /// The set, with the factor if `holds`.
    #[must_use]
    pub fn with_if(self, factor: Factor, holds: bool) -> Self {
        if holds { self.with(factor) } else { self }
    }

    /// The factors of both sets.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the factor is in the set.
    #[must_use]
    pub fn contains(self, factor: Factor) -> bool {
        self.0 & factor.bit() != 0
    }

    /// Whether no factor is in the set.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many factors are in the set.
    #[must_use]
    pub fn len(self) -> usize {
        self.iter().count()
    }

    /// The factors in the order of [`Factor::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Factor> {
        Factor::ALL.into_iter().filter(move |&factor| self.contains(factor))
    }
}

impl FromIterator<Factor> for Factors {
    fn from_iter<I: IntoIterator<Item = Factor>>(factors: I) -> Self {
        factors.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<Factor>> for Factors {
    fn from(factors: Vec<Factor>) -> Self {
        Self::from_iter(factors)
    }
}

impl From<Factors> for Vec<Factor> {
    fn from(factors: Factors) -> Self {
        factors.iter().collect()
    }
}

impl fmt::Debug for Factors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl fmt::Display for Factors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, factor) in self.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{factor}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cer_06_a_set_lists_each_factor_once_and_in_order() {
        let factors: Factors =
            [Factor::OrganizationName, Factor::Name, Factor::Name].into_iter().collect();
        assert_eq!(factors.len(), 2);
        assert_eq!(factors.to_string(), "name, organization_name");
        assert_eq!(format!("{factors:?}"), "{Name, OrganizationName}");
        assert_eq!(serde_json::to_string(&factors).unwrap(), r#"["name","organization_name"]"#);
        let read: Factors = serde_json::from_str(r#"["organization_name","name"]"#).unwrap();
        assert_eq!(read, factors);
        assert_eq!(factors.union(Factors::NONE.with(Factor::Mobile)).len(), 3);
    }

    #[test]
    fn r_cer_06_the_names_of_factors_are_as_serialised() {
        for factor in Factor::ALL {
            let name = serde_json::to_string(&factor).unwrap();
            assert_eq!(name, format!("\"{}\"", factor.code()));
            assert!(Factors::NONE.with_if(factor, true).contains(factor));
            assert!(!Factors::NONE.with_if(factor, false).contains(factor));
        }
    }
}
