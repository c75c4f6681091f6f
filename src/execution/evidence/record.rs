//! What evidence consists of: plain, serialisable facts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::asking::Requester;
use super::checklist::ReliabilityChecklist;
use super::signature::{SignatureEvidence, SigningEvidence};
use crate::audit::{Head, Verdict};
use crate::contract::Phase;
use crate::digest::Digest;
use crate::execution::ExecutionVerdict;
use crate::identity::{
    CeremonyId, ContractId, DocumentId, EmployeeId, GrantId, OrganizationId, PartyId, SealId,
    SlotId,
};
use crate::report::{Report, SignatureReport};

/// The name and version of the form of evidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// The first version.
    #[default]
    #[serde(rename = "sealwright/evidence/1")]
    V1,
}

/// Everything that is known of a contract that was signed (出证): plain facts for whoever has to be
/// shown.
///
/// Made by [`gather`](super::gather()). It holds no personal fact but masks; what a signer's certificate
/// says of him stands in the documents, and therefore here as well. Its JSON is stable within one
/// [`Format`]: keys may be added, none is taken away or changes its meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What form this is.
    pub format: Format,
    /// When it was gathered, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub gathered_at: OffsetDateTime,
    /// Who asked for it.
    pub requester: Requester,
    /// The contract.
    pub contract: ContractEvidence,
    /// Its parties, in their order.
    pub parties: Vec<PartyEvidence>,
    /// The meeting at which it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceremony: Option<CeremonyEvidence>,
    /// Its documents, in their order.
    pub documents: Vec<DocumentEvidence>,
    /// Who signed: one for each slot, in their order.
    pub signings: Vec<SigningEvidence>,
    /// The certificates in the signatures, each once.
    pub certificates: Vec<CertificateEvidence>,
    /// The grants that the signers used, each once.
    pub grants: Vec<GrantEvidence>,
    /// The trail of the contract.
    pub trail: TrailEvidence,
    /// What became of the check of the documents against the record, with the judge's reports.
    pub verdict: ExecutionVerdict,
    /// The conditions of the Electronic Signature Law, for each signature.
    pub checklist: ReliabilityChecklist,
}

impl Evidence {
    /// What the judge says of a document.
    #[must_use]
    pub fn report(&self, document: &DocumentId) -> Option<&Report> {
        self.verdict.reports.get(document)
    }

    /// What the judge says of a signature.
    #[must_use]
    pub fn signature(&self, signature: &SignatureEvidence) -> Option<&SignatureReport> {
        let mut all = self.report(&signature.document)?.signatures.iter();
        all.find(|it| Some(it.index) == signature.index)
    }

    /// The party that a slot signs for.
    #[must_use]
    pub fn party(&self, signing: &SigningEvidence) -> Option<&PartyEvidence> {
        self.parties.iter().find(|party| party.id == signing.party)
    }

    /// Where the record and the documents say something different: nowhere, if all is well.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        for document in &self.documents {
            let digest = ("digest", &document.digest);
            found.extend(Difference::of(None, &document.id, digest));
        }
        for signing in &self.signings {
            for signature in &signing.signatures {
                let tell = |what| Difference::of(Some(&signing.slot), &signature.document, what);
                found.extend(signature.compared().into_iter().filter_map(tell));
            }
        }
        found
    }
}

/// The same fact from two sources: what was recorded when it happened, and what the documents show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// What the record says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// What the documents show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
}

impl Compared {
    pub(super) fn new(recorded: Option<String>, shown: Option<String>) -> Self {
        Self { recorded, shown }
    }

    /// Whether both say the same; none if one of them says nothing.
    ///
    /// ```
    /// use sealwright::execution::evidence::Compared;
    /// let both = |text: &str| Some(text.to_owned());
    /// let serial = Compared { recorded: both("01"), shown: both("02") };
    /// assert_eq!(serial.agrees(), Some(false));
    /// assert_eq!(Compared { shown: None, ..serial }.agrees(), None);
    /// ```
    #[must_use]
    pub fn agrees(&self) -> Option<bool> {
        Some(self.recorded.as_ref()? == self.shown.as_ref()?)
    }
}

/// A fact that record and documents say differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// In whose place, if it is about a signature.
    pub slot: Option<SlotId>,
    /// In which document.
    pub document: DocumentId,
    /// Which fact: `serial`, `after`, `face seal_a`.
    pub what: String,
    /// What the record says.
    pub recorded: String,
    /// What the document shows.
    pub shown: String,
}

impl Difference {
    fn of(
        slot: Option<&SlotId>,
        document: &DocumentId,
        (what, compared): (impl Into<String>, &Compared),
    ) -> Option<Self> {
        let Compared { recorded: Some(recorded), shown: Some(shown) } = compared else {
            return None;
        };
        (recorded != shown).then(|| Self {
            slot: slot.cloned(),
            document: document.clone(),
            what: what.into(),
            recorded: recorded.clone(),
            shown: shown.clone(),
        })
    }
}

/// The contract as such.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractEvidence {
    /// Its id.
    pub id: ContractId,
    /// Its title.
    pub title: String,
    /// The number that people know it by (合同编号), if the host has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The state it is in: completed, or released since.
    pub phase: Phase,
    /// The organization that wrote it.
    pub initiator: OrganizationId,
    /// The employee who wrote it.
    pub written_by: EmployeeId,
    /// When its signing was begun, UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// Until when it could be signed, UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub deadline: Option<OffsetDateTime>,
    /// Who certified the documents before anybody signed: `platform`, `first_signer`, `nobody`; none if
    /// nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified_by: Option<String>,
    /// The contract that it releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub releases: Option<ContractId>,
    /// The contract that released it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_by: Option<ContractId>,
}

/// A party of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyEvidence {
    /// Its id in the contract.
    pub id: PartyId,
    /// What it is in the contract: 甲方, 乙方. May be empty.
    pub role: String,
    /// The legal name of the organization; none for a natural person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The organization's id, if the contract has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
}

/// The meeting at which a contract was signed (签约仪式).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CeremonyEvidence {
    /// Its id.
    pub id: CeremonyId,
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The organization that held it.
    pub organizer: OrganizationId,
    /// When it was to begin, UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub starts_at: Option<OffsetDateTime>,
    /// When it was to end, UTC.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ends_at: Option<OffsetDateTime>,
    /// The state it is in.
    pub phase: String,
}

/// One document of the contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentEvidence {
    /// Its id.
    pub id: DocumentId,
    /// What its file was called.
    pub name: String,
    /// How many pages it has.
    pub pages: u32,
    /// How many bytes it had when it was issued.
    pub issued_length: u64,
    /// The digest of those.
    pub issued: Digest,
    /// How many bytes it has now.
    pub length: u64,
    /// The digest of these: as the contract knows it, and as they are.
    pub digest: Compared,
    /// The time-stamp that closes it, as it was recorded.
    #[serde(default)]
    pub closing: Option<ClosingEvidence>,
    /// What was written into it, step by step; the bytes themselves are not copied.
    pub revisions: Vec<RevisionEvidence>,
}

/// The time-stamp that closes a document (归档时间戳).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingEvidence {
    /// The time it vouches for, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    /// The serial number of its token in lower-case hexadecimal digits.
    pub serial: String,
    /// The authority's policy, dotted.
    pub policy: String,
}

/// A revision of a document, as a range of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionEvidence {
    /// Its number, from 1.
    pub number: u64,
    /// Where its bytes begin.
    pub start: u64,
    /// Where they end: the first byte that is not of them.
    pub end: u64,
    /// The digest of its own bytes.
    pub digest: Digest,
    /// The digest of the document up to its end.
    pub document_digest: Digest,
    /// Whether the document was issued with it.
    pub issued: bool,
    /// The number of the signature that ends with it, in the judge's report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<u64>,
}

/// A certificate of a signature: the signer's, or one of those above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateEvidence {
    /// SHA-256 of the certificate, by which it is named here.
    pub fingerprint: Digest,
    /// The subject (RFC 4514).
    pub subject: String,
    /// The issuer (RFC 4514).
    pub issuer: String,
    /// The serial number in lower-case hexadecimal digits.
    pub serial: String,
    /// Valid from, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_before: OffsetDateTime,
    /// Valid until, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub not_after: OffsetDateTime,
}

/// A grant (授权) as the register had it when the evidence was gathered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantEvidence {
    /// Its id.
    pub id: GrantId,
    /// The seal.
    pub seal: SealId,
    /// The organization that owns the seal.
    pub organization: OrganizationId,
    /// Who holds it.
    pub grantee: EmployeeId,
    /// Who gave it, as records name him.
    pub grantor: String,
    /// What it allows: `use`, `manage`, `audit`.
    pub rights: Vec<String>,
    /// For which contracts, in words.
    pub scope: String,
    /// From when, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub from: OffsetDateTime,
    /// The first instant after it; none if it never ends.
    #[serde(with = "time::serde::rfc3339::option")]
    pub until: Option<OffsetDateTime>,
    /// How often it may be used, if that is limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u32>,
    /// When it was given, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub granted_at: OffsetDateTime,
    /// When it was taken back, if it was.
    #[serde(with = "time::serde::rfc3339::option")]
    pub revoked_at: Option<OffsetDateTime>,
}

/// The trail of the contract, and what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEvidence {
    /// How many entries it has.
    pub entries: u64,
    /// Where it ends.
    pub head: Head,
    /// What it shows: [`Verdict::Complete`] only against a head that was kept elsewhere.
    ///
    /// A bare chain shows that its entries follow from each other. It does not show that nothing was
    /// cut off its end, nor that whoever holds log and head did not write all of it anew.
    pub verdict: Verdict,
}

/// What a host asserts of a signer's key and act, by slot.
pub type Assertions = BTreeMap<SlotId, super::Asserted>;
