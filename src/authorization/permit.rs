//! The proof that a signing was allowed: what a drawing of a registered seal rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use time::{Duration, OffsetDateTime};

use super::{Authority, ContractFacts, DocumentState, Validity};
use crate::contract::{
    Contract, ControlKey, IntentCheck, Mark, SealKind, SignatureMethod, Spot, Value,
};
use crate::decision::{Revision, Witness};
use crate::digest::Digest;
use crate::identity::{
    Actor, CeremonyId, ContractId, DocumentId, EmployeeId, GrantId, GroupId, OrganizationId,
    SealId, SlotId, Uscc,
};
use crate::statement::FaceDigest;

/// May put this face of this seal into this control, here and now (用印许可).
///
/// *Who makes it*: [`authorize`](super::authorize) alone, when R-SIGN-01 to 12 have passed at the
/// moment of application. It names the signer, the seal with its version and face, the control, the
/// contract, the document with its bytes, the grant, and until when it holds.
///
/// What is compared where: whoever draws asks [`Authority::require_face`] and
/// [`Authority::require_document`], which look at the face and at the document's bytes. All the rest,
/// the control, the rectangles and the time among it, is compared when the signing is recorded
/// ([`record_signing`](super::record_signing)).
///
/// It can be neither copied nor read from anywhere:
///
/// ```compile_fail,E0277
/// fn needs_clone<T: Clone>() {}
/// needs_clone::<sealwright::authorization::SealPermit>();
/// ```
/// ```compile_fail,E0277
/// fn needs_deserialize<T: serde::de::DeserializeOwned>() {}
/// needs_deserialize::<sealwright::authorization::SealPermit>();
/// ```
/// ```compile_fail,E0451
/// # use sealwright::authorization::SealPermit;
/// fn made_by_hand(stolen: SealPermit) -> SealPermit {
///     SealPermit { version: 2, ..stolen }
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct SealPermit {
    pub(super) control: ControlKey,
    pub(super) contract: ContractId,
    pub(super) slot: SlotId,
    pub(super) employee: EmployeeId,
    pub(super) organization: OrganizationId,
    pub(super) seal: SealId,
    pub(super) kind: SealKind,
    pub(super) version: u32,
    pub(super) face: FaceDigest,
    pub(super) source: Digest,
    pub(super) document: DocumentState,
    pub(super) grant: GrantId,
    pub(super) granted: Validity,
    pub(super) at: OffsetDateTime,
    pub(super) until: OffsetDateTime,
}

impl SealPermit {
    /// The control that the seal goes into.
    #[must_use]
    pub fn control(&self) -> &ControlKey {
        &self.control
    }

    /// The contract.
    #[must_use]
    pub fn contract(&self) -> &ContractId {
        &self.contract
    }

    /// In whose place.
    #[must_use]
    pub fn slot(&self) -> &SlotId {
        &self.slot
    }

    /// Who uses the seal: the signer, or whoever answers for a slot that is signed with no human
    /// act.
    #[must_use]
    pub fn employee(&self) -> &EmployeeId {
        &self.employee
    }

    /// The organization that owns the seal.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// The seal.
    #[must_use]
    pub fn seal(&self) -> &SealId {
        &self.seal
    }

    /// What the seal is for.
    #[must_use]
    pub fn kind(&self) -> &SealKind {
        &self.kind
    }

    /// The version of its face.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The face: a drawing of anything else is not permitted.
    #[must_use]
    pub fn face(&self) -> FaceDigest {
        self.face
    }

    /// The digest of the picture as it was uploaded.
    #[must_use]
    pub fn source(&self) -> Digest {
        self.source
    }

    /// The document and its bytes.
    #[must_use]
    pub fn document(&self) -> &DocumentState {
        &self.document
    }

    /// The grant under which the seal is used.
    #[must_use]
    pub fn grant(&self) -> &GrantId {
        &self.grant
    }

    /// When the grant holds.
    #[must_use]
    pub fn granted(&self) -> Validity {
        self.granted
    }

    /// When it was given, UTC.
    #[must_use]
    pub fn at(&self) -> OffsetDateTime {
        self.at
    }

    /// The first instant at which the seal may not be applied by it any more, UTC: that of the
    /// signing it is part of ([`SigningPermit::until`]).
    #[must_use]
    pub fn until(&self) -> OffsetDateTime {
        self.until
    }

    /// What the record of the contract says of the seal in this control.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark::Seal {
            seal: self.seal.clone(),
            version: self.version,
            face: Digest::sha256(*self.face.as_bytes()),
            grant: self.grant.clone(),
        }
    }
}

/// A personal signature that is part of a permitted signing. It is bound to no seal and needs no
/// permit of its own: its method was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermittedSignature {
    /// The control that it goes into.
    pub control: ControlKey,
    /// How it comes about.
    pub method: SignatureMethod,
    /// In an approval block, what its children say, in their order; none for a plain signature.
    pub values: Option<Vec<Option<Value>>>,
}

impl PermittedSignature {
    /// What the record of the contract says of the signature in this control.
    #[must_use]
    pub fn mark(&self, face: Digest) -> Mark {
        let method = self.method;
        match self.values.clone() {
            Some(values) => Mark::Block { method, face, values },
            None => Mark::Signature { method, face },
        }
    }
}

/// May sign in this slot, here and now: R-SIGN-01 to 12 have passed at the moment of application.
///
/// *Who makes it*: [`authorize`](super::authorize) alone. It holds one [`SealPermit`] for each seal
/// control of the slot, and all that the chain looked at and the record has to say again: who signs
/// for which organization, how he proved that he means it, and where the marks go.
/// [`record_signing`](super::record_signing) takes it.
///
/// ```compile_fail,E0277
/// fn needs_clone<T: Clone>() {}
/// needs_clone::<sealwright::authorization::SigningPermit>();
/// ```
/// ```compile_fail,E0277
/// fn needs_deserialize<T: serde::de::DeserializeOwned>() {}
/// needs_deserialize::<sealwright::authorization::SigningPermit>();
/// ```
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a permit allows a signing, it does not make one"]
pub struct SigningPermit {
    pub(super) contract: ContractId,
    pub(super) circumstances: Circumstances,
    pub(super) revision: Revision,
    pub(super) slot: SlotId,
    pub(super) signer: Actor,
    pub(super) organization: Option<(OrganizationId, Uscc)>,
    pub(super) intent: Vec<IntentCheck>,
    pub(super) documents: Vec<DocumentState>,
    /// The digests of the documents as they were attached.
    pub(super) issued: BTreeMap<DocumentId, Digest>,
    pub(super) seals: Vec<Arc<SealPermit>>,
    pub(super) signatures: Vec<PermittedSignature>,
    /// Dates and opinions that were chosen.
    pub(super) beside: BTreeSet<ControlKey>,
    /// Where the controls of the slot are, by the plan of the contract.
    pub(super) places: BTreeMap<ControlKey, Vec<Spot>>,
    /// What it rests on and nobody looks at again when the signing is recorded.
    pub(super) witnesses: Vec<Witness>,
    pub(super) at: OffsetDateTime,
    pub(super) until: OffsetDateTime,
}

/// What grants may be limited to, beside the contract itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Circumstances {
    pub(super) group: Option<GroupId>,
    pub(super) contract_type: Option<String>,
    pub(super) ceremony: Option<CeremonyId>,
}

impl SigningPermit {
    /// How long it lasts at most: what it was given on is looked at again by then.
    pub const LASTS: Duration = Contract::LONGEST_HOLD;

    /// The contract.
    #[must_use]
    pub fn contract(&self) -> &ContractId {
        &self.contract
    }

    /// The contract and what grants may be limited to.
    #[must_use]
    pub fn contract_facts(&self) -> ContractFacts<'_> {
        ContractFacts {
            id: &self.contract,
            group: self.circumstances.group.as_ref(),
            contract_type: self.circumstances.contract_type.as_deref(),
            ceremony: self.circumstances.ceremony.as_ref(),
        }
    }

    /// The revision of the contract that was looked at.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The slot that is signed in.
    #[must_use]
    pub fn slot(&self) -> &SlotId {
        &self.slot
    }

    /// Who signs.
    #[must_use]
    pub fn signer(&self) -> &Actor {
        &self.signer
    }

    /// The organization that is signed for, with its credit code; none for a person who signs for
    /// himself.
    #[must_use]
    pub fn organization(&self) -> Option<&(OrganizationId, Uscc)> {
        self.organization.as_ref()
    }

    /// How the signer proved that he means it; nothing where no human acts.
    #[must_use]
    pub fn intent(&self) -> &[IntentCheck] {
        &self.intent
    }

    /// Where the mark in a control goes: the rectangles that were frozen when the contract started.
    /// `None` for a control that the signer places himself.
    #[must_use]
    pub fn spots(&self, control: &ControlKey) -> Option<&[Spot]> {
        self.places.get(control).map(Vec::as_slice)
    }

    /// The documents of the contract and their bytes.
    #[must_use]
    pub fn documents(&self) -> &[DocumentState] {
        &self.documents
    }

    /// The digest of a document's bytes as it was attached to the contract; `None` if it is none of
    /// the contract's.
    #[must_use]
    pub fn issued(&self, document: &DocumentId) -> Option<Digest> {
        self.issued.get(document).copied()
    }

    /// One permit for each seal control.
    pub fn seals(&self) -> impl Iterator<Item = &SealPermit> {
        self.seals.iter().map(Arc::as_ref)
    }

    /// The personal signatures that belong to it.
    #[must_use]
    pub fn signatures(&self) -> &[PermittedSignature] {
        &self.signatures
    }

    /// The controls of dates and opinions that belong to it.
    pub fn beside(&self) -> impl Iterator<Item = &ControlKey> {
        self.beside.iter()
    }

    /// When it was given, UTC.
    #[must_use]
    pub fn at(&self) -> OffsetDateTime {
        self.at
    }

    /// The first instant at which the signing cannot be recorded any more, UTC: [`Self::LASTS`] after
    /// it was given, or before that when the first of its seals and grants ends (R-SEAL-11,
    /// R-GRANT-02).
    #[must_use]
    pub fn until(&self) -> OffsetDateTime {
        self.until
    }

    /// On whose word the seal in a control is drawn; `None` if no seal may be drawn there.
    #[must_use]
    pub fn authority(&self, control: &ControlKey) -> Option<Authority> {
        let permit = self.seals.iter().find(|permit| permit.control == *control)?;
        Some(Authority::Permitted(Arc::clone(permit)))
    }
}
