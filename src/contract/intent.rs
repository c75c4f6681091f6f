//! The proof that a person meant to sign (签署意愿认证).

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::digest::Digest;
use crate::identity::{Actor, ContractId, DocumentId, SlotId};

/// How a person shows that he means to sign.
///
/// ```
/// use sealwright::contract::IntentMethod;
/// // The device recognised its owner; who that is, it cannot say.
/// assert!(IntentMethod::DeviceFace.is_device_only() && !IntentMethod::Face.is_device_only());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IntentMethod {
    /// His face, compared with the picture of the authorities (vendor number 1).
    Face,
    /// A password for signing (2).
    Password,
    /// Name, number and mobile, confirmed by the carrier, and a code (3).
    CarrierThreeFactor,
    /// A hardware key (4).
    HardwareKey,
    /// A fingerprint, compared by his device (5).
    DeviceFingerprint,
    /// His face, compared by his device (6).
    DeviceFace,
}

impl IntentMethod {
    /// Every method.
    pub const ALL: [Self; 6] = [
        Self::Face,
        Self::Password,
        Self::CarrierThreeFactor,
        Self::HardwareKey,
        Self::DeviceFingerprint,
        Self::DeviceFace,
    ];

    /// A stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Face => "face",
            Self::Password => "password",
            Self::CarrierThreeFactor => "carrier_three_factor",
            Self::HardwareKey => "hardware_key",
            Self::DeviceFingerprint => "device_fingerprint",
            Self::DeviceFace => "device_face",
        }
    }

    /// Whether only his own device vouches: not enough without another method (R-SIGN-10).
    #[must_use]
    pub fn is_device_only(self) -> bool {
        matches!(self, Self::DeviceFingerprint | Self::DeviceFace)
    }
}

impl fmt::Display for IntentMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One check that a provider made: what, where to look it up, when.
///
/// ```
/// use sealwright::contract::{IntentCheck, IntentMethod};
/// let at = time::OffsetDateTime::UNIX_EPOCH;
/// let check = IntentCheck { method: IntentMethod::Face, reference: "faceid-42".to_owned(), at };
/// assert!(serde_json::to_string(&check)?.contains("faceid-42"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntentCheck {
    /// How.
    pub method: IntentMethod,
    /// The provider's own number of the check: opaque, not personal.
    pub reference: String,
    /// When, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// The proof that this person meant to sign just this, in just this place: one check or several, bound
/// to the contract, the slot, the person, and the bytes of the documents.
///
/// The host brings it, since the providers of such checks are his. Let it be made out when the text is
/// shown: it serves for nobody else, in no other slot, and not any more once the bytes have changed.
///
/// ```
/// use sealwright::contract::{IntentMethod, IntentProof};
/// use sealwright::digest::{Digest, DigestAlgorithm};
/// let digest = Digest::of(DigestAlgorithm::Sha256, b"%PDF-1.7 ...");
/// let now = time::OffsetDateTime::UNIX_EPOCH;
/// let shown = [("doc_1".parse()?, digest)];
/// let proof = IntentProof::new("con_1".parse()?, "slot_a".parse()?, "e:alice".parse()?, shown)
///     .check(IntentMethod::DeviceFace, "device-7", now)
///     .check(IntentMethod::Password, "pw-8", now);
/// assert_eq!(proof.checks.len(), 2);
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntentProof {
    /// The contract that was shown.
    pub contract: ContractId,
    /// In whose place he means to sign.
    pub slot: SlotId,
    /// Who means it, as records name him.
    pub signer: Actor,
    /// The bytes of its documents that were shown.
    pub documents: Vec<(DocumentId, Digest)>,
    /// The checks.
    pub checks: Vec<IntentCheck>,
}

impl IntentProof {
    /// A proof for this signer, in this slot of this contract, over these bytes, without any check
    /// yet.
    #[must_use]
    pub fn new(
        contract: ContractId,
        slot: SlotId,
        signer: Actor,
        documents: impl IntoIterator<Item = (DocumentId, Digest)>,
    ) -> Self {
        let documents = documents.into_iter().collect();
        Self { contract, slot, signer, documents, checks: Vec::new() }
    }

    /// With one more check.
    #[must_use]
    pub fn check(
        mut self,
        method: IntentMethod,
        reference: impl Into<String>,
        at: OffsetDateTime,
    ) -> Self {
        self.checks.push(IntentCheck { method, reference: reference.into(), at });
        self
    }
}
