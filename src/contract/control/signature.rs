//! How a natural person's signature may come about.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Opacity;

/// How a signature comes about (个人签名).
///
/// ```
/// use sealwright::contract::SignatureMethod;
/// // Who may use a stored stroke may as well write afresh.
/// assert!(SignatureMethod::StoredStroke.covers(SignatureMethod::FreshStroke));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignatureMethod {
    /// A stroke written for this signature (vendor `HANDWRITE`).
    FreshStroke,
    /// A stroke written once and kept; includes a fresh one (`HANDWRITTEN_ESIGN`).
    StoredStroke,
    /// A stroke that is recognised against the name (`OCR_ESIGN`).
    RecognisedStroke,
    /// The person's own seal (`ESIGN`).
    PersonalSeal,
    /// Generated from the name (`SYSTEM_ESIGN`).
    Generated,
    /// An uploaded picture (`IMG_ESIGN`).
    Uploaded,
}

impl SignatureMethod {
    /// Every method.
    pub const ALL: [Self; 6] = [
        Self::FreshStroke,
        Self::StoredStroke,
        Self::RecognisedStroke,
        Self::PersonalSeal,
        Self::Generated,
        Self::Uploaded,
    ];

    /// A stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::FreshStroke => "fresh_stroke",
            Self::StoredStroke => "stored_stroke",
            Self::RecognisedStroke => "recognised_stroke",
            Self::PersonalSeal => "personal_seal",
            Self::Generated => "generated",
            Self::Uploaded => "uploaded",
        }
    }

    /// Whether allowing this method allows the other one.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self == other || (self == Self::StoredStroke && other == Self::FreshStroke)
    }
}

impl fmt::Display for SignatureMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What a control that is completed by a signature asks for; no method named means any.
///
/// ```
/// use sealwright::contract::{SignatureMark, SignatureMethod};
/// let mark = SignatureMark::by([SignatureMethod::StoredStroke]);
/// assert!(mark.allows(SignatureMethod::FreshStroke));
/// assert!(!mark.allows(SignatureMethod::Uploaded));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct SignatureMark {
    /// How the signature may come about.
    pub methods: BTreeSet<SignatureMethod>,
    /// How opaque it is drawn.
    pub opacity: Opacity,
}

impl SignatureMark {
    /// By these methods.
    #[must_use]
    pub fn by(methods: impl IntoIterator<Item = SignatureMethod>) -> Self {
        Self { methods: methods.into_iter().collect(), opacity: Opacity::default() }
    }

    /// Whether a method completes the control (R-SIGN-11).
    #[must_use]
    pub fn allows(&self, method: SignatureMethod) -> bool {
        allows(&self.methods, method)
    }
}

/// Whether a set of methods, empty for any, allows one.
pub(in crate::contract) fn allows(
    methods: &BTreeSet<SignatureMethod>,
    method: SignatureMethod,
) -> bool {
    methods.is_empty() || methods.iter().any(|allowed| allowed.covers(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_stroke_does_not_stand_for_a_stored_one() {
        let fresh = SignatureMark::by([SignatureMethod::FreshStroke]);
        assert!(!fresh.allows(SignatureMethod::StoredStroke));
        assert!(SignatureMethod::ALL.iter().all(|it| SignatureMark::default().allows(*it)));
    }

    #[test]
    fn codes_are_what_is_stored() {
        for method in SignatureMethod::ALL {
            assert_eq!(serde_json::to_string(&method).unwrap(), format!("\"{method}\""));
        }
    }
}
