//! What a control asks of the seal that completes it.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::seal_kind::SealKind;
use super::ControlError;
use crate::identity::SealId;

/// How opaque a mark is drawn, 0.6 to 1 (R-CTL-12). Kept, and stored, in thousandths.
///
/// ```
/// use sealwright::contract::Opacity;
/// assert_eq!(Opacity::new(0.85)?.per_mille(), 850);
/// assert_eq!(Opacity::default().per_mille(), 1000);
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Opacity(u16);

impl Opacity {
    /// An opacity, rounded to thousandths.
    ///
    /// # Errors
    ///
    /// [`ControlError::OpacityOutOfRange`].
    #[expect(clippy::cast_possible_truncation, reason = "cut to the range, which is refused")]
    pub fn new(opacity: f64) -> Result<Self, ControlError> {
        let per_mille = if opacity.is_nan() { -1.0 } else { (opacity * 1000.0).round() };
        Self::checked(per_mille as i64)
    }

    /// The opacity in thousandths, 600 to 1000.
    #[must_use]
    pub fn per_mille(self) -> u16 {
        self.0
    }

    fn checked(per_mille: i64) -> Result<Self, ControlError> {
        let in_range = u16::try_from(per_mille).ok().filter(|it| (600..=1000).contains(it));
        in_range.map(Self).ok_or(ControlError::OpacityOutOfRange { per_mille })
    }
}

impl Default for Opacity {
    fn default() -> Self {
        Self(1000)
    }
}

impl TryFrom<u16> for Opacity {
    type Error = ControlError;

    fn try_from(per_mille: u16) -> Result<Self, ControlError> {
        Self::checked(per_mille.into())
    }
}

impl From<Opacity> for u16 {
    fn from(opacity: Opacity) -> Self {
        opacity.0
    }
}

/// Which seals complete a control. Where ids are named, they win and kinds are ignored (R-GRANT-07);
/// the initiator names ids of his own organization only (R-GRANT-06).
///
/// ```
/// use sealwright::contract::{AllowedSeals, SealKind};
/// let contract_seals = AllowedSeals::kinds([SealKind::Contract]);
/// assert!(contract_seals.allows(&"seal_1".parse()?, &SealKind::Contract));
/// assert!(!contract_seals.allows(&"seal_2".parse()?, &SealKind::Official));
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct AllowedSeals {
    ids: BTreeSet<SealId>,
    kinds: BTreeSet<SealKind>,
}

impl AllowedSeals {
    /// Any company seal (§5.1): official, contract, finance, HR and other ones. An invoice or a
    /// professional seal has to be named.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Seals of these kinds; none named means [`AllowedSeals::any`].
    #[must_use]
    pub fn kinds(kinds: impl IntoIterator<Item = SealKind>) -> Self {
        Self { ids: BTreeSet::new(), kinds: kinds.into_iter().collect() }
    }

    /// These seals only; one is a fixed seal. None named means [`AllowedSeals::any`].
    #[must_use]
    pub fn ids(ids: impl IntoIterator<Item = SealId>) -> Self {
        Self { ids: ids.into_iter().collect(), kinds: BTreeSet::new() }
    }

    /// With these kinds as well, as far as no id is named.
    #[must_use]
    pub fn or_kinds(mut self, kinds: impl IntoIterator<Item = SealKind>) -> Self {
        self.kinds.extend(kinds);
        self
    }

    /// The same kinds, with no seal named: what is left of it when somebody else initiates, who names
    /// no seal of another organization (R-GRANT-06).
    #[must_use]
    pub fn kinds_only(self) -> Self {
        Self { ids: BTreeSet::new(), ..self }
    }

    /// Whether neither seals nor kinds are named.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.ids.is_empty() && self.kinds.is_empty()
    }

    /// Whether no seal whatever completes the control, since the legal representative's is the only
    /// kind named.
    #[must_use]
    pub fn allows_none(&self) -> bool {
        self.ids.is_empty()
            && !self.kinds.is_empty()
            && self.kinds.iter().all(SealKind::is_legal_representative)
    }

    /// The seals that are named.
    #[must_use]
    pub fn named(&self) -> &BTreeSet<SealId> {
        &self.ids
    }

    /// The seal that is fixed, if exactly one is named.
    #[must_use]
    pub fn fixed(&self) -> Option<&SealId> {
        self.ids.first().filter(|_| self.ids.len() == 1)
    }

    /// Whether a seal completes the control (R-SIGN-11). The legal representative's seal never does:
    /// it has controls of its own.
    #[must_use]
    pub fn allows(&self, seal: &SealId, kind: &SealKind) -> bool {
        self.admits(seal, kind) && !kind.is_legal_representative()
    }

    /// Whether a signer may place a control for the seal himself, where this is said of his slot: that
    /// of the legal representative only if it, or its kind, is named.
    #[must_use]
    pub fn admits(&self, seal: &SealId, kind: &SealKind) -> bool {
        if !self.ids.is_empty() {
            self.ids.contains(seal)
        } else if !self.kinds.is_empty() {
            self.kinds.iter().any(|allowed| allowed.admits(kind))
        } else {
            is_company_seal(kind)
        }
    }
}

fn is_company_seal(kind: &SealKind) -> bool {
    use SealKind::{Contract, Custom, Finance, Official, Other, Personnel};
    matches!(kind, Official | Contract | Finance | Personnel | Other | Custom(_))
}

impl fmt::Display for AllowedSeals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.ids.iter().map(|id| id.as_str().into());
        let kinds = self.kinds.iter().map(SealKind::code);
        let names: Vec<_> = if self.ids.is_empty() { kinds.collect() } else { ids.collect() };
        if names.is_empty() {
            f.write_str("any company seal")
        } else {
            f.write_str(&names.join(", "))
        }
    }
}

/// What a control that is completed by a seal asks for.
///
/// ```
/// use sealwright::contract::{AllowedSeals, Opacity, SealMark, SealKind};
/// let mark = SealMark { opacity: Opacity::new(0.8)?, ..SealMark::default() };
/// assert_eq!(mark.seals, AllowedSeals::any());
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct SealMark {
    /// Which seals.
    pub seals: AllowedSeals,
    /// How opaque it is drawn.
    pub opacity: Opacity,
    /// Whether it is drawn in the seal's physical size, whatever the size of the control's box
    /// (R-CTL-15).
    pub use_seal_size: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ctl_12_opacity_between_six_tenths_and_one() {
        for right in [0.6, 0.85, 1.0, 0.5996] {
            assert!(Opacity::new(right).is_ok(), "{right}");
        }
        for wrong in [0.599, 1.001, -1.0, 0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = Opacity::new(wrong).unwrap_err();
            assert_eq!(error.code(), "ctl.opacity_out_of_range", "{wrong}");
        }
        assert!(serde_json::from_str::<Opacity>("599").is_err());
        assert_eq!(serde_json::to_string(&Opacity::new(0.6).unwrap()).unwrap(), "600");
    }

    #[test]
    fn r_grant_07_an_id_wins_over_a_kind() {
        let id = |text: &str| text.parse::<SealId>().unwrap();
        let both = AllowedSeals::ids([id("s1")]).or_kinds([SealKind::Finance]);
        assert!(both.allows(&id("s1"), &SealKind::Contract));
        assert!(!both.allows(&id("s2"), &SealKind::Finance));
        assert_eq!(both.fixed(), Some(&id("s1")));
        assert_eq!(AllowedSeals::ids([id("s1"), id("s2")]).fixed(), None);
    }

    #[test]
    fn an_invoice_seal_has_to_be_named_and_a_legal_representatives_never_counts() {
        let id = "s1".parse::<SealId>().unwrap();
        assert!(!AllowedSeals::any().allows(&id, &SealKind::Invoice));
        assert!(AllowedSeals::any().allows(&id, &"other:收货章".parse().unwrap()));
        assert!(AllowedSeals::kinds([SealKind::Invoice]).allows(&id, &SealKind::Invoice));
        let legal = SealKind::LegalRepresentative;
        assert!(!AllowedSeals::kinds([legal.clone()]).allows(&id, &legal));
        assert!(!AllowedSeals::ids([id.clone()]).allows(&id, &legal));
        assert!(AllowedSeals::kinds([legal.clone()]).admits(&id, &legal));
        assert!(AllowedSeals::ids([id.clone()]).admits(&id, &legal));
        assert!(!AllowedSeals::any().admits(&id, &legal));
        assert!(AllowedSeals::kinds([legal.clone()]).allows_none());
        assert!(!AllowedSeals::any().allows_none() && !AllowedSeals::ids([id]).allows_none());
        assert!(!AllowedSeals::kinds([legal, SealKind::Other]).allows_none());
    }
}
