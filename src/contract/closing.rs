//! What happens to the documents around the signatures: who certifies them before the first one, and
//! the time-stamps that close them after the last.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::decide::Moment;
use super::error::Error;
use super::event::Event;
use super::phase::Phase;
use super::signed_record::{CertificateRecord, Integrity, Revised};
use super::state::Contract;
use crate::audit::Details;
use crate::decision::Decision;
use crate::digest::Digest;
use crate::identity::DocumentId;
use crate::organization::Permission;

/// Who certifies the documents of a contract, so that nothing but filling its fields is permitted
/// afterwards (DocMDP, ISO 32000-2 §12.8.2.2). Decided once, when the fields were written into them.
///
/// ```
/// use sealwright::contract::CertifiedBy;
/// let stored = serde_json::to_string(&CertifiedBy::FirstSigner)?;
/// assert_eq!(stored, r#"{"by":"first_signer"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum CertifiedBy {
    /// The platform on which it is signed, before anybody signs.
    Platform {
        /// With this certificate.
        certificate: CertificateRecord,
    },
    /// Whoever signs first.
    FirstSigner,
    /// Nobody.
    Nobody,
}

impl CertifiedBy {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Platform { .. } => "platform",
            Self::FirstSigner => "first_signer",
            Self::Nobody => "nobody",
        }
    }

    /// What the trail says of it.
    pub(super) fn details(&self) -> Details {
        let details = Details::new().with("by", self.code());
        match self {
            Self::Platform { certificate } => details
                .with("serial", certificate.serial.as_str())
                .with("issuer", certificate.issuer.as_str()),
            Self::FirstSigner | Self::Nobody => details,
        }
    }
}

/// The time-stamp that closes a document (归档时间戳): an authority's word that all of it, with every
/// signature, existed at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingStamp {
    /// The document, with its digests before and after the time-stamp was appended.
    pub revised: Revised,
    /// The fully qualified name of the field in which it stands.
    pub field: String,
    /// The serial number of its token in lower-case hexadecimal digits.
    pub serial: String,
    /// The time it vouches for, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    /// The authority's policy, dotted.
    pub policy: String,
}

impl ClosingStamp {
    /// What the trail says of it.
    pub(super) fn details(&self) -> Details {
        Details::new()
            .with("document", self.revised.document.as_str())
            .with("before", self.revised.before.to_string())
            .with("after", self.revised.after.to_string())
            .with("serial", self.serial.as_str())
            .with("time", self.time.unix_timestamp())
            .with("policy", self.policy.as_str())
    }
}

impl Contract {
    /// Who certifies its documents; `None` as long as no fields were written into them, or whoever
    /// wrote them did not say.
    #[must_use]
    pub fn certified_by(&self) -> Option<&CertifiedBy> {
        self.certified_by.as_ref()
    }

    /// Whether a time-stamp closes every document.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        !self.documents.is_empty() && self.documents.iter().all(|it| it.closed_by().is_some())
    }
}

impl Moment<'_> {
    /// The final bytes were checked once more, and time-stamped if there are stamps.
    pub(super) fn close(
        &self,
        stamps: Vec<ClosingStamp>,
        integrity: Integrity,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("be closed", |phase| phase == Phase::Completed && !contract.purged)?;
        if !self.by.is_operator() {
            return Err(self.lacks(Permission::ContractInitiate));
        }
        if integrity != Integrity::Intact {
            return Err(Error::Postcheck { found: "documents that are not intact" });
        }
        let mut stamped = BTreeSet::new();
        for ClosingStamp { revised, .. } in &stamps {
            let Revised { document, before, after } = revised;
            contract.require_digests(std::slice::from_ref(revised))?;
            if contract.document(document).is_some_and(|it| it.closed_by().is_some()) {
                let action = "have a document closed twice";
                return Err(Error::IllegalTransition { from: contract.phase, action });
            }
            if before == after || !stamped.insert(document) {
                return Err(Error::Postcheck {
                    found: "a document that is unchanged or listed twice",
                });
            }
        }
        let after = |id: &DocumentId| {
            stamps.iter().find(|stamp| stamp.revised.document == *id).map(|it| it.revised.after)
        };
        let documents: Vec<(DocumentId, Digest)> = contract
            .documents
            .iter()
            .map(|it| (it.id().clone(), after(it.id()).unwrap_or(*it.digest())))
            .collect();
        let checked = Event::IntegrityChecked { documents };
        if stamps.is_empty() {
            return Ok(self.decided(checked));
        }
        Ok(self.decided(Event::Closed { stamps }).event(checked))
    }
}
