//! Evidence (出证): what is known of a contract that was signed, for whoever has to be shown.
//!
//! ```text
//!  contract ─┐                                 ┌─► report for people (PDF)
//!  documents ├─► gather ─► Evidence (plain) ───┤           │
//!  trail ────┘                                 └─► Bundle ◄┘ ─► ZIP ─► verify ─► EvidenceVerdict
//! ```
//!
//! [`gather()`] reads contract, documents and trail, has the documents judged anew, and says what each
//! source says: [`Evidence`], plain and serialisable. Where record and documents speak of the same fact,
//! both values stand beside each other ([`Compared`]). [`Evidence::paper`] says it to people, in Chinese
//! or in English: a PDF document that its issuer seals ([`Paper`]). [`Bundle`] puts it into one archive with all that
//! it rests on, under the signature of whoever hands it out; [`verify()`] judges such an archive offline,
//! whoever it comes from; [`manual::evidence`](crate::manual::evidence) has the form of it.
//!
//! # What it shows, and what not
//!
//! The [`ReliabilityChecklist`] goes through articles 13 and 14 of the Electronic Signature Law
//! (电子签名法), signature by signature: *proved*, *asserted by* somebody with a reference, or *unknown*.
//! That a change to signature or content would be found is proved by the judge. That the key is the
//! signer's alone and that it was he who had it used happens where no program looks: the host asserts
//! it ([`Asserted`]), with references to whoever keeps the key and whoever checked the intent. Whether a
//! court takes the signature for a reliable one is not said.
//!
//! The trail is a chain of hashes. By itself it shows that its entries follow from each other, and
//! nothing else: whoever holds the log and its head can write both anew, and a missing end leaves no
//! trace. Only against a head that was kept elsewhere it is complete ([`TrailEvidence::verdict`]).
//!
//! People appear as masks and keyed digests (R-ID-13). What a signer's certificate says of him stands in
//! the documents and is repeated by the judge.

mod archive;
mod archive_reading;
mod asking;
mod bundle;
mod checklist;
mod documents;
mod error;
mod finding;
mod gather;
mod manifest;
mod paper;
mod readme;
mod record;
mod signature;
mod signing_record;
mod trail_lines;
mod verify;

pub use asking::{Capacity, Requester};
pub use bundle::{Bundle, Material};
pub use checklist::{
    Asserted, Assertion, Condition, ConditionShown, Reason, Reliability, ReliabilityChecklist,
    Shown,
};
pub use error::Error;
pub use finding::{Code, Finding, Weight};
pub use gather::{EvidenceFacts, gather};
pub use paper::{Paper, PaperOptions, ReservedPlace};
pub use record::{
    Assertions, CeremonyEvidence, CertificateEvidence, ClosingEvidence, Compared, ContractEvidence,
    Difference, DocumentEvidence, Evidence, Format, GrantEvidence, PartyEvidence, RevisionEvidence,
    TrailEvidence,
};
pub use signature::{
    OtherEvidence, PlaceEvidence, SealEvidence, SignatureEvidence, SigningEvidence,
};
pub use signing_record::{MarkRecord, RecordedCertificate, SigningRecord};
pub use verify::{EvidenceVerdict, Sealer, Unpacked, VerifyOptions, unpack, verify};
