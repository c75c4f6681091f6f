//! Features that take an entitlement.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::organization::UnknownName;

/// A feature that an organization may be entitled to.
///
/// ```
/// use sealwright::organization::Feature;
/// assert_eq!(Feature::StrategicSigning.code(), "strategic_signing");
/// assert_eq!(Feature::StrategicSigning.chinese(), "战略会议签约");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Feature {
    /// Ceremonies at which contracts are signed (战略签约).
    StrategicSigning,
    /// Seals applied without a human act (授权签).
    AutoSign,
    /// Seals cut over the edges of pages (骑缝章).
    CrossPageSeal,
    /// Signers from abroad.
    OverseasSigner,
    /// Signers younger than 18.
    AgeExtension,
    /// Contracts that are shown on mobile devices only.
    MobileOnlyView,
    /// Personal signatures applied without a human act.
    PersonalAutoSign,
    /// Reminders sent by the host.
    Reminders,
    /// Contracts to start; this one counts (合同额度).
    Contracts,
}

impl Feature {
    /// Every feature of this version.
    pub const ALL: [Self; 9] = [
        Self::StrategicSigning,
        Self::AutoSign,
        Self::CrossPageSeal,
        Self::OverseasSigner,
        Self::AgeExtension,
        Self::MobileOnlyView,
        Self::PersonalAutoSign,
        Self::Reminders,
        Self::Contracts,
    ];

    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::StrategicSigning => "strategic_signing",
            Self::AutoSign => "auto_sign",
            Self::CrossPageSeal => "cross_page_seal",
            Self::OverseasSigner => "overseas_signer",
            Self::AgeExtension => "age_extension",
            Self::MobileOnlyView => "mobile_only_view",
            Self::PersonalAutoSign => "personal_auto_sign",
            Self::Reminders => "reminders",
            Self::Contracts => "contracts",
        }
    }

    /// The name in an application: the guide's own words for strategic signing.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::StrategicSigning => "战略会议签约",
            Self::AutoSign => "授权签",
            Self::CrossPageSeal => "骑缝章",
            Self::OverseasSigner => "境外签署人",
            Self::AgeExtension => "签署年龄扩展",
            Self::MobileOnlyView => "仅移动端查看",
            Self::PersonalAutoSign => "个人授权签",
            Self::Reminders => "催办",
            Self::Contracts => "合同额度",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for Feature {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|known| known.code() == text).ok_or(UnknownName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ent_01_feature_codes_are_those_of_the_stored_form_and_read_back() {
        for feature in Feature::ALL {
            let stored = serde_json::to_string(&feature).unwrap();
            assert_eq!(stored, format!("\"{}\"", feature.code()));
            assert_eq!(feature.code().parse(), Ok(feature));
        }
        assert!("teleportation".parse::<Feature>().is_err());
    }
}
