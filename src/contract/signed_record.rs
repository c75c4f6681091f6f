//! What is recorded of a signature: plain data, brought by whoever made it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::control::{ControlKey, Mark};
use super::intent::IntentCheck;
use super::location::Spot;
use crate::audit::{Details, IdentityReference, Value};
use crate::decision::Revision;
use crate::digest::Digest;
use crate::identity::{DocumentId, OrganizationId, SlotId, Uscc};

/// One control and what was put into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The control.
    pub control: ControlKey,
    /// What was put into it.
    pub mark: Mark,
    /// Where it was drawn.
    pub spots: Vec<Spot>,
}

/// A document before and after a revision was appended to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revised {
    /// The document.
    pub document: DocumentId,
    /// The digest of the bytes that were there.
    pub before: Digest,
    /// The digest of the bytes that are there now.
    pub after: Digest,
}

/// The certificate and algorithm of the digital signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRecord {
    /// The serial number in hexadecimal digits.
    pub serial: String,
    /// The issuer's distinguished name.
    pub issuer: String,
    /// The digest of the certificate: anybody can give a certificate the names and the number of
    /// another one. Records of earlier versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Digest>,
    /// Valid from, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    /// Valid until, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
    /// The signature algorithm by name.
    pub algorithm: String,
}

/// Where the time of a signature comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TimeSource {
    /// The clock of the host.
    #[default]
    Local,
    /// A trusted timestamp.
    Trusted {
        /// Who issued it.
        authority: String,
    },
}

/// What became of the check of the final bytes, which completion rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrity {
    /// Every document is unchanged and every expected signature is good.
    Intact,
    /// Something is not as it should be, or could not be judged.
    Broken,
}

/// On whose word a signing is recorded.
///
/// ```
/// use sealwright::contract::Warrant;
/// assert_eq!(Warrant::AssertedByHost.code(), "asserted_by_host");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warrant {
    /// The host's: it vouches that seals, grants, intent and reading were in order.
    AssertedByHost,
    /// This crate's: R-SIGN-01 to 12 had passed, and what was recorded is what was permitted.
    Permitted,
}

impl Warrant {
    /// A stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AssertedByHost => "asserted_by_host",
            Self::Permitted => "permitted",
        }
    }
}

/// What is recorded of a signature (R-SIGN-13): the facts that §2.11 asks for, as data.
///
/// It holds no personal fact; `client` is what the host deems fit for its trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedRecord {
    /// Who signed where.
    pub slot: SlotId,
    /// The signer: the mask of his identity number and its HMAC under the host's key. None for a
    /// slot that is signed with no human act.
    pub signer: Option<IdentityReference>,
    /// The organization that he signed for, with its credit code.
    pub organization: Option<(OrganizationId, Uscc)>,
    /// Every sign control of the slot, exactly once.
    pub applications: Vec<Application>,
    /// How the signer proved that he meant it; nothing for a slot that is signed with no human act.
    pub intent: Vec<IntentCheck>,
    /// Every document of the contract that changed.
    pub documents: Vec<Revised>,
    /// The certificate of the digital signature.
    pub certificate: Option<CertificateRecord>,
    /// What the host knows of the device: address, model, place.
    pub client: BTreeMap<String, String>,
    /// Where the time comes from.
    pub time: TimeSource,
    /// The [`Hold`](super::Hold) under which it was made, if it was begun by
    /// [`Command::BeginSigning`](super::Command::BeginSigning).
    pub ticket: Option<Revision>,
    /// The check of the final bytes, with the last signature: whoever executes the contract runs it,
    /// since only he has the bytes, and this module sees no PDF. Without [`Integrity::Intact`] the
    /// last signature is refused (`sign.postcheck`): a contract is complete only if it verifies.
    pub integrity: Option<Integrity>,
}

impl SignedRecord {
    /// What the trail says of it.
    pub(super) fn details(&self) -> Details {
        let documents = self.documents.iter().map(|revised| {
            Details::new()
                .with("document", revised.document.as_str())
                .with("before", revised.before.to_string())
                .with("after", revised.after.to_string())
        });
        let client = self
            .client
            .iter()
            .fold(Details::new(), |details, (name, value)| details.with(name, value.as_str()));
        let time = match &self.time {
            TimeSource::Local => "local",
            TimeSource::Trusted { authority } => authority,
        };
        Details::new()
            .with("slot", self.slot.as_str())
            .with_some("signer", self.signer.as_ref())
            .with_some("organization", self.organization.as_ref().map(|(id, _)| id.as_str()))
            .with_some("uscc", self.organization.as_ref().map(|(_, uscc)| uscc.to_string()))
            .with("applied", self.applications.iter().map(applied).collect::<Value>())
            .with("intent", self.intent.iter().map(intent).collect::<Value>())
            .with("documents", documents.collect::<Value>())
            .with_some("certificate", self.certificate.as_ref().map(certificate))
            .with("client", client)
            .with("time_source", time)
    }
}

fn applied(application: &Application) -> Details {
    let details = Details::new()
        .with("control", application.control.to_string())
        .with("spots", application.spots.iter().map(rectangle).collect::<Value>());
    let details = details.with("mark", application.mark.code());
    match &application.mark {
        Mark::Seal { seal, version, face, grant } => details
            .with("seal", seal.as_str())
            .with("version", *version)
            .with("face", face.to_string())
            .with("grant", grant.as_str()),
        Mark::Signature { method, face } | Mark::Block { method, face, .. } => {
            details.with("method", method.code()).with("face", face.to_string())
        }
        Mark::Date | Mark::Opinion => details,
    }
}

/// Page, and thousandths of a point from the top left.
fn rectangle(spot: &Spot) -> Value {
    let Spot { page, rect } = spot;
    [
        i64::from(page.get()),
        rect.x().thousandths(),
        rect.y().thousandths(),
        rect.width().thousandths(),
        rect.height().thousandths(),
    ]
    .into_iter()
    .collect()
}

fn intent(check: &IntentCheck) -> Details {
    Details::new()
        .with("method", check.method.code())
        .with("reference", check.reference.as_str())
        .with("at", check.at.unix_timestamp())
}

fn certificate(record: &CertificateRecord) -> Details {
    let details = Details::new()
        .with("serial", record.serial.as_str())
        .with("issuer", record.issuer.as_str())
        .with("not_before", record.not_before.unix_timestamp())
        .with("not_after", record.not_after.unix_timestamp())
        .with("algorithm", record.algorithm.as_str());
    match record.fingerprint {
        Some(fingerprint) => details.with("fingerprint", fingerprint.to_string()),
        None => details,
    }
}
