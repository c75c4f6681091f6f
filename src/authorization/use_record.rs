//! The record of uses of seals (用印记录): one line each, granted or denied.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Error, Right, Seal, SealGrant};
use crate::audit::{Details, Value};
use crate::contract::{self, ControlKey, SealKind};
use crate::decision::{Notice, Recipient, Revision};
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::{
    Actor, ContractId, DocumentId, EmployeeId, GrantId, OrganizationId, SealId, SlotId, UseId,
};
use crate::organization::{self, By, Permission};
use crate::statement::FaceDigest;

/// A document at the moment a seal was, or was not, put into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentState {
    /// The document.
    pub document: DocumentId,
    /// The digest of its bytes before.
    pub digest: Digest,
}

/// How a use ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum UseOutcome {
    /// The seal was applied.
    Used {
        /// The grant it was applied under.
        grant: GrantId,
    },
    /// It was refused.
    Denied {
        /// The code of the refusal: `grant.expired`.
        code: String,
    },
}

/// One use of a seal in one signing, however many controls it was put into (用印记录).
///
/// A use that was allowed is part of the event of its [`SealGrant`]; one that was denied changes
/// nothing, and the host stores the record as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseRecord {
    /// Its id: equal for records that say the same, so that storing one twice shows.
    pub id: UseId,
    /// The seal.
    pub seal: SealId,
    /// What the seal is for.
    pub kind: SealKind,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The version of its face.
    pub version: u32,
    /// The face.
    pub face: FaceDigest,
    /// Who used it, or wanted to.
    pub employee: EmployeeId,
    /// On which contract.
    pub contract: ContractId,
    /// In whose place.
    pub slot: SlotId,
    /// In which controls.
    pub controls: Vec<ControlKey>,
    /// The documents of the contract at that moment.
    pub documents: Vec<DocumentState>,
    /// When it was decided, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: UseOutcome,
}

impl UseRecord {
    /// What happened, as records and hosts name it: `seal.used` or `seal.use_denied`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.outcome {
            UseOutcome::Used { .. } => "seal.used",
            UseOutcome::Denied { .. } => "seal.use_denied",
        }
    }

    /// What an audit trail says of it.
    #[must_use]
    pub fn details(&self) -> Details {
        let documents = self.documents.iter().map(|state| {
            Details::new()
                .with("document", state.document.as_str())
                .with("digest", String::from(state.digest))
        });
        let details = Details::new()
            .with("use", self.id.as_str())
            .with("seal", self.seal.as_str())
            .with("version", self.version)
            .with("face", self.face.to_string())
            .with("employee", self.employee.as_str())
            .with("contract", self.contract.as_str())
            .with("slot", self.slot.as_str())
            .with("controls", Value::from_iter(self.controls.iter().map(ControlKey::to_string)))
            .with("documents", Value::from_iter(documents));
        match &self.outcome {
            UseOutcome::Used { grant } => details.with("grant", grant.as_str()),
            UseOutcome::Denied { code } => details.with("denied", code.as_str()),
        }
    }

    /// What those who audit the organization's seals are told of a use that was denied.
    #[must_use]
    pub fn notice(&self) -> Notice {
        Notice::new(self.kind(), Recipient::SealAuditors(self.organization.clone()))
            .with("contract", &self.contract)
            .about("use", self.id.as_str(), Revision::NONE)
    }

    /// Whether this caller may read the record: who audits seals by his role or holds a grant to
    /// audit this one, and whoever used it himself. Neither managing the seal nor being granted its
    /// use is enough to read what others did with it.
    ///
    /// # Errors
    ///
    /// `emp.no_permission`.
    pub fn require_readable(
        &self,
        seal: &Seal,
        by: &By<'_>,
        grants: &[&SealGrant],
        now: OffsetDateTime,
    ) -> Result<(), organization::Error> {
        let own = by.actor() == Actor::Employee(self.employee.clone())
            && by.staff().is_some_and(|staff| staff.require_active().is_ok());
        if own || (*seal.id() == self.seal && seal.gives(Right::Audit, by, grants, now)) {
            return Ok(());
        }
        let (actor, permission) = (by.actor().to_string(), Permission::SealAudit);
        Err(organization::Error::NoPermission { actor, permission })
    }

    /// An id that says what the record says: SHA-256 of its parts.
    pub(super) fn id_of(parts: &[&str]) -> Result<UseId, Error> {
        let text = parts.join("\u{1f}");
        let digest = Digest::of(DigestAlgorithm::Sha256, text.as_bytes());
        Ok(digest.to_hex().parse().map_err(contract::Error::from)?)
    }
}
