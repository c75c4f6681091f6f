//! What the trail says of a signing, read back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::audit::{Details, Entry, IdentityReference};
use crate::contract::{IntentCheck, IntentMethod, Revised, SignatureMethod};
use crate::digest::Digest;
use crate::identity::{DocumentId, GrantId, OrganizationId, SealId, SlotId, Uscc};

/// The kind of the entry.
const SIGNED: &str = "contract.signed";

/// What was recorded of a signing when it was made (R-SIGN-13): the entry `contract.signed` of the
/// trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningRecord {
    /// The number of the entry in the trail.
    pub entry: u64,
    /// When it was recorded, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who did it, as records name him.
    pub actor: String,
    /// In whose place.
    pub slot: SlotId,
    /// The signer: the mask of his identity document, and its HMAC under the host's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<IdentityReference>,
    /// The organization that he signed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// Its unified social credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uscc: Option<Uscc>,
    /// What was put into which control.
    pub marks: Vec<MarkRecord>,
    /// How he showed that he means it.
    pub intent: Vec<IntentCheck>,
    /// The documents that changed by it, with their digests before and after.
    pub documents: Vec<Revised>,
    /// The certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<RecordedCertificate>,
    /// What the host knew of the device.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub client: BTreeMap<String, String>,
    /// Where the time comes from: `local`, or who issued a trusted time-stamp.
    pub time_source: String,
    /// On whose word it was recorded: `permitted`, `asserted_by_host`.
    pub warrant: String,
}

/// The certificate and algorithm of a signature, as they were recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedCertificate {
    /// The serial number in hexadecimal digits.
    pub serial: String,
    /// The issuer's distinguished name.
    pub issuer: String,
    /// Valid from, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    /// Valid until, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
    /// The signature algorithm by name.
    pub algorithm: String,
}

/// What was put into one control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRecord {
    /// The control, `doc_1/seal_a`.
    pub control: String,
    /// What it is: `seal`, `signature`, `date`, `opinion`, `block`.
    pub mark: String,
    /// The seal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<SealId>,
    /// The version of its face.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The digest of what was drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<Digest>,
    /// The grant by which the seal was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<GrantId>,
    /// How a signature by hand came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<SignatureMethod>,
    /// Where it was drawn: page, left, top, width, height, as
    /// [`PlaceEvidence`](super::PlaceEvidence) has them.
    pub spots: Vec<[i64; 5]>,
}

impl MarkRecord {
    /// The id of the control, if it is one of this document.
    pub(super) fn control_in(&self, document: &DocumentId) -> Option<&str> {
        let id = self.control.strip_prefix(document.as_str())?.strip_prefix('/')?;
        // Ids of controls have no slash, those of documents may.
        (!id.contains('/')).then_some(id)
    }
}

/// All signings of a trail, in their order. An entry that says less than it must is left out: what rests
/// on it is then not recorded.
pub(super) fn read(trail: &[Entry]) -> Vec<SigningRecord> {
    trail.iter().filter(|entry| entry.kind() == SIGNED).filter_map(one).collect()
}

fn one(entry: &Entry) -> Option<SigningRecord> {
    let told: Told = read_details(entry.details())?;
    let instant = |seconds| OffsetDateTime::from_unix_timestamp(seconds).ok();
    let checks = told.intent.into_iter();
    let intent = checks.map(|TellsCheck { method, reference, at }| {
        Some(IntentCheck { method, reference, at: instant(at)? })
    });
    let certificate = match told.certificate {
        None => None,
        Some(told) => Some(RecordedCertificate {
            serial: told.serial,
            issuer: told.issuer,
            not_before: instant(told.not_before)?,
            not_after: instant(told.not_after)?,
            algorithm: told.algorithm,
        }),
    };
    Some(SigningRecord {
        entry: entry.seq(),
        at: entry.at(),
        actor: entry.actor().to_owned(),
        slot: told.slot,
        signer: told.signer,
        organization: told.organization,
        uscc: told.uscc,
        marks: told.applied,
        intent: intent.collect::<Option<_>>()?,
        documents: told.documents,
        certificate,
        client: told.client,
        time_source: told.time_source,
        warrant: told.warrant,
    })
}

/// The details as the contract writes them.
#[derive(Deserialize)]
struct Told {
    slot: SlotId,
    signer: Option<IdentityReference>,
    organization: Option<OrganizationId>,
    uscc: Option<Uscc>,
    applied: Vec<MarkRecord>,
    intent: Vec<TellsCheck>,
    documents: Vec<Revised>,
    certificate: Option<TellsCertificate>,
    #[serde(default)]
    client: BTreeMap<String, String>,
    time_source: String,
    warrant: String,
}

#[derive(Deserialize)]
struct TellsCheck {
    method: IntentMethod,
    reference: String,
    at: i64,
}

#[derive(Deserialize)]
struct TellsCertificate {
    serial: String,
    issuer: String,
    not_before: i64,
    not_after: i64,
    algorithm: String,
}

fn read_details<T: for<'de> Deserialize<'de>>(details: &Details) -> Option<T> {
    serde_json::to_value(details).and_then(serde_json::from_value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Facts, HashAlgorithm, Head, Value};

    fn entry(details: Details) -> Entry {
        let facts = Facts::new(OffsetDateTime::UNIX_EPOCH, "e:a", SIGNED, "contract:c");
        Head::start(HashAlgorithm::Sha256).append(facts.details(details))
    }

    #[test]
    fn an_entry_that_says_less_than_it_must_is_no_record() {
        let nothing = || Vec::<Value>::new().into_iter().collect::<Value>();
        let least = Details::new()
            .with("slot", "slot_1")
            .with("applied", nothing())
            .with("intent", nothing())
            .with("documents", nothing())
            .with("time_source", "local")
            .with("warrant", "permitted");
        assert_eq!(read(&[entry(least.clone())]).len(), 1);
        assert!(read(&[entry(least.clone().with("slot", 7))]).is_empty());
        assert!(read(&[entry(least.with("warrant", false))]).is_empty());
        assert!(read(&[entry(Details::new())]).is_empty());
    }

    #[test]
    fn a_control_is_known_by_document_and_id() {
        let mark = MarkRecord {
            control: "doc/1/seal".to_owned(),
            mark: "seal".to_owned(),
            seal: None,
            version: None,
            face: None,
            grant: None,
            method: None,
            spots: Vec::new(),
        };
        assert_eq!(mark.control_in(&"doc/1".parse().unwrap()), Some("seal"));
        assert_eq!(mark.control_in(&"doc".parse().unwrap()), None);
    }
}
