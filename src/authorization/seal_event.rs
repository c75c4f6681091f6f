//! What happens to a seal.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{SealForm, SealImage, SealName, SealWarning, TaxNumber, Validity};
use crate::audit::{Details, Value};
use crate::contract::{Description, Reason, SealKind};
use crate::decision;
use crate::identity::{OrganizationId, SealId};

/// Where a seal stands (印章状态).
///
/// ```
/// use sealwright::authorization::SealStatus;
/// assert_eq!(SealStatus::CheckingByAdmin.to_string(), "checking_by_admin");
/// assert!(SealStatus::Disabled.is_live() && !SealStatus::Void.is_live());
/// assert_eq!(SealStatus::Enabled.vendor_code(), Some("SUCCESS"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealStatus {
    /// The platform's reviewers look at it (审核中).
    Checking,
    /// The organization's super admin looks at it.
    CheckingByAdmin,
    /// It may be applied (已启用).
    Enabled,
    /// The review refused it (审核未通过).
    Rejected,
    /// Switched off for now (已停用).
    Disabled,
    /// Stopped for good (停止).
    Stopped,
    /// Declared void (作废).
    Void,
    /// Made wrong by a change of its organization's name, or of the legal representative whose name it
    /// bears (失效).
    Invalid,
    /// Deleted (已删除). Its versions stay for the record.
    Deleted,
}

impl SealStatus {
    /// Whether it counts: it is under review, enabled or disabled.
    #[must_use]
    pub fn is_live(self) -> bool {
        matches!(self, Self::Checking | Self::CheckingByAdmin | Self::Enabled | Self::Disabled)
    }

    /// Whether somebody has to look at it.
    #[must_use]
    pub fn is_under_review(self) -> bool {
        matches!(self, Self::Checking | Self::CheckingByAdmin)
    }

    /// What the vendor's interface calls it; it has no word for a deleted seal.
    #[must_use]
    pub fn vendor_code(self) -> Option<&'static str> {
        match self {
            Self::Checking => Some("CHECKING"),
            Self::CheckingByAdmin => Some("CHECKING-SADM"),
            Self::Enabled => Some("SUCCESS"),
            Self::Rejected => Some("FAIL"),
            Self::Disabled => Some("DISABLE"),
            Self::Stopped => Some("STOPPED"),
            Self::Void => Some("VOID"),
            Self::Invalid => Some("INVALID"),
            Self::Deleted => None,
        }
    }

    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::CheckingByAdmin => "checking_by_admin",
            Self::Enabled => "enabled",
            Self::Rejected => "rejected",
            Self::Disabled => "disabled",
            Self::Stopped => "stopped",
            Self::Void => "void",
            Self::Invalid => "invalid",
            Self::Deleted => "deleted",
        }
    }
}

impl fmt::Display for SealStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Where the picture of a seal comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealSource {
    /// Uploaded; needs review (R-SEAL-12).
    Uploaded,
    /// Drawn by the platform from the organization's name; needs none.
    Generated,
    /// Issued by a seal authority; reviewed like an upload.
    Issued,
}

/// One face that a seal has or had. What was applied keeps the version it was applied with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealVersion {
    /// 1 for the first, one more with each change of the face (章面变更).
    pub number: u32,
    /// Where the picture comes from.
    pub source: SealSource,
    /// Shape, size and colour.
    pub form: SealForm,
    /// The picture.
    pub image: SealImage,
    /// What was odd about it when it was made.
    pub warnings: BTreeSet<SealWarning>,
}

/// What happens to a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SealEvent {
    /// It came to be.
    Created {
        /// Its id.
        seal: SealId,
        /// Whose it is.
        organization: OrganizationId,
        /// What it is for.
        kind: SealKind,
        /// What it is called.
        name: SealName,
        /// Its first face.
        version: SealVersion,
        /// Where it stands first.
        status: SealStatus,
        /// When it may be applied.
        validity: Validity,
        /// What the organization notes of it.
        description: Description,
        /// The tax number on an invoice seal.
        tax_number: Option<TaxNumber>,
        /// For the seal of the legal representative: in which term it was made
        /// ([`Organization::representative_term`](crate::organization::Organization::representative_term)).
        representative_term: Option<u32>,
    },
    /// The review let it pass.
    Approved,
    /// The review refused it.
    Rejected {
        /// Why.
        reason: Reason,
    },
    /// It was switched off.
    Disabled,
    /// It was switched on again.
    Enabled,
    /// It was stopped for good.
    Stopped {
        /// Why.
        reason: Reason,
    },
    /// It was declared void.
    Voided {
        /// Why.
        reason: Reason,
    },
    /// The name of its organization changed, or the legal representative whose name it bears.
    Invalidated,
    /// It has a new face, which is to be reviewed.
    FaceChanged {
        /// The new face.
        version: SealVersion,
        /// Where it stands now.
        status: SealStatus,
    },
    /// It was deleted.
    Deleted,
}

impl decision::Event for SealEvent {
    const FORMAT: &'static str = "sealwright/seal-event/1";

    fn kind(&self) -> &'static str {
        match self {
            Self::Created { .. } => "seal.created",
            Self::Approved | Self::Rejected { .. } => "seal.reviewed",
            Self::Disabled => "seal.disabled",
            Self::Enabled => "seal.enabled",
            Self::Stopped { .. } => "seal.stopped",
            Self::Voided { .. } => "seal.void",
            Self::Invalidated => "seal.invalid",
            Self::FaceChanged { .. } => "seal.face_changed",
            Self::Deleted => "seal.deleted",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Created { organization, kind, version, validity, .. } => version
                .details()
                .with("organization", organization.as_str())
                .with("seal_kind", kind.to_string())
                .with("valid_from", validity.from().unix_timestamp())
                .with_some("valid_until", validity.until().map(OffsetDateTime::unix_timestamp)),
            Self::FaceChanged { version, .. } => version.details(),
            Self::Approved => Details::new().with("passed", true),
            Self::Rejected { .. } => Details::new().with("passed", false),
            Self::Disabled
            | Self::Enabled
            | Self::Stopped { .. }
            | Self::Voided { .. }
            | Self::Invalidated
            | Self::Deleted => Details::new(),
        }
    }
}

impl SealVersion {
    fn details(&self) -> Details {
        let warnings = self.warnings.iter().map(|warning| warning.code());
        Details::new()
            .with("version", self.number)
            .with("face", self.image.face().to_string())
            .with("source", String::from(self.image.source()))
            .with("size", self.form.size.to_string())
            .with("warnings", Value::from_iter(warnings))
    }
}
