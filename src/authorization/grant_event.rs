//! What happens to a grant.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{GrantScope, PolicyText, Rights, UseRecord, Validity};
use crate::audit::{Details, Value};
use crate::contract::Reason;
use crate::decision;
use crate::digest::Digest;
use crate::identity::{EmployeeId, GrantId, OrganizationId, SealId};

/// What brought about that a grant was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationCause {
    /// Somebody who may took it back.
    Request,
    /// Its holder left the organization.
    Resigned,
    /// Its seal was that of a legal representative whom another one followed.
    RepresentativeFollowed,
}

/// What happens to a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum GrantEvent {
    /// It was given. By whom and when stands beside the event.
    Granted {
        /// Its id.
        grant: GrantId,
        /// The seal.
        seal: SealId,
        /// Whose the seal is.
        organization: OrganizationId,
        /// To whom.
        grantee: EmployeeId,
        /// What it allows.
        rights: Rights,
        /// When.
        validity: Validity,
        /// For which contracts.
        scope: GrantScope,
        /// How often.
        max_uses: Option<NonZeroU32>,
        /// What the grantor wrote.
        policy: PolicyText,
        /// The digest of the legal representative's letter of authority.
        consent: Option<Digest>,
    },
    /// The seal was used under it.
    Used {
        /// On what, and how.
        record: UseRecord,
    },
    /// It was taken back.
    Revoked {
        /// What brought it about.
        cause: RevocationCause,
        /// Why, in words.
        reason: Option<Reason>,
    },
}

impl decision::Event for GrantEvent {
    const FORMAT: &'static str = "sealwright/grant-event/1";

    fn kind(&self) -> &'static str {
        match self {
            Self::Granted { .. } => "seal.grant_valid",
            Self::Used { record } => record.kind(),
            Self::Revoked { .. } => "seal.grant_invalid",
        }
    }

    fn details(&self) -> Details {
        match self {
            Self::Granted { seal, grantee, rights, validity, scope, max_uses, consent, .. } => {
                Details::new()
                    .with("seal", seal.as_str())
                    .with("grantee", grantee.as_str())
                    .with("rights", Value::from_iter(rights.iter().map(|right| right.to_string())))
                    .with("valid_from", validity.from().unix_timestamp())
                    .with_some("valid_until", validity.until().map(OffsetDateTime::unix_timestamp))
                    .with("scope", scope.kind())
                    .with_some("max_uses", max_uses.map(NonZeroU32::get))
                    .with_some("consent", consent.map(String::from))
            }
            Self::Used { record } => record.details(),
            Self::Revoked { cause, .. } => Details::new().with(
                "cause",
                match cause {
                    RevocationCause::Request => "request",
                    RevocationCause::Resigned => "resigned",
                    RevocationCause::RepresentativeFollowed => "representative_followed",
                },
            ),
        }
    }
}
