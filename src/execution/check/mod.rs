//! Check: documents that came back, against the record of their contract.
//!
//! The judge of strangers' files says whether signatures hold ([`verification`]).
//! Here it is asked whether they are the signatures of *this* contract: every control done by its
//! signer with the recorded seal, where it was planned, in order, in time, on the very bytes that were
//! issued. Each difference is a [`Deviation`] with a code of its own and the two values that disagree:
//!
//! | code | what it says | makes the whole |
//! |---|---|---|
//! | `exec.malformed` | a document cannot be read | malformed |
//! | `exec.document_missing` | a document was not given | malformed |
//! | `exec.other_document` | it does not begin with the bytes that were issued | tampered |
//! | `exec.bytes_differ` | the bytes that the record ends with are not in it | tampered |
//! | `exec.bytes_appended` | something follows them | some foreign |
//! | `exec.pages_differ` | a page was added, dropped, moved or given another shape, in any signed revision | tampered |
//! | `exec.signature_failed` | a signature does not hold | tampered |
//! | `exec.signature_doubtful` | not everything about a signature could be shown | some foreign |
//! | `exec.foreign_signature` | the contract expects no such signature | some foreign |
//! | `exec.not_recorded` | a slot is signed, and the record knows nothing of it | some foreign |
//! | `exec.field_missing` | the field of a control is not there | some foreign |
//! | `exec.field_moved` | it stands elsewhere than planned | some foreign |
//! | `exec.not_signed` | a control is recorded as signed and is not | some foreign |
//! | `exec.not_filled` | a date or an opinion is recorded and is empty | some foreign |
//! | `exec.other_signature` | a control stands under a signature that does not state its slot | some foreign |
//! | `exec.other_signer` | the certificate is not the recorded one | some foreign |
//! | `exec.face_not_shown` | the recorded face cannot be seen there, whole and nothing else | some foreign |
//! | `exec.face_covered` | an annotation is drawn over it | some foreign |
//! | `exec.face_copied` | a signature shows a registered seal that it states no authority for | some foreign |
//! | `exec.face_register` | the recorded face is not that of the register | some foreign |
//! | `exec.seal_version` | another version of the seal is shown or stated | some foreign |
//! | `exec.seal_other` | another seal is | some foreign |
//! | `exec.grant_unknown` | the grant is not in the register | some foreign |
//! | `exec.grant_revoked` | it had been revoked when it was used | some foreign |
//! | `exec.grant_window` | it had not begun, or had ended | some foreign |
//! | `exec.grant_scope` | it does not cover this seal on this contract | some foreign |
//! | `exec.grant_other` | the signature states another grant than the record | some foreign |
//! | `exec.slice_missing` | a page lacks its slice of a cross-page seal (骑缝章) | some foreign |
//! | `exec.slice_misplaced` | it shows another slice than planned | some foreign |
//! | `exec.slice_other_seal` | it shows a slice of another seal | some foreign |
//! | `exec.order_violated` | somebody signed before one who comes first | some foreign |
//! | `exec.deadline_passed` | somebody signed too late | some foreign |
//!
//! Slots that nobody has signed yet are *pending* and no deviation: a contract may be checked at every
//! stage. What is not looked at: page content under a seal that is multiplied with it, pictures of
//! seals outside of signatures, and what a date says.

mod code;
mod document;
mod faces;
mod form;
mod record;
mod slots;
mod verdict;

use std::collections::BTreeMap;

use super::Error;
use super::fields::Fields;
use crate::authorization::{Seal, SealGrant};
use crate::contract::{Contract, Document};
use crate::identity::DocumentId;
use crate::pdf::{self, File};
use crate::placement::PlacementPlan;
use crate::report::Report;
use crate::verification::{self, CheckOptions, check_file};

pub use code::DeviationCode;
pub use verdict::{Deviation, ExecutionVerdict, Overall};

/// What a check rests on besides the record.
#[derive(Clone, Debug)]
pub struct CheckFacts<'a> {
    /// The register of seals, with all their versions: those of the contract at least.
    pub seals: &'a [&'a Seal],
    /// The grants that the record names, as they are now.
    pub grants: &'a [&'a SealGrant],
    /// The type of the contract, if the host has types.
    pub contract_type: Option<&'a str>,
    /// Whom the host trusts, and what a file may cost.
    pub options: CheckOptions<'a>,
}

impl<'a> CheckFacts<'a> {
    /// With this register; whether signers are to be trusted is not asked.
    #[must_use]
    pub fn of(seals: &'a [&'a Seal], grants: &'a [&'a SealGrant]) -> Self {
        let options = CheckOptions::without_trust();
        Self { seals, grants, contract_type: None, options }
    }
}

/// Holds documents that came back against the record of their contract.
///
/// Every document of the contract has to be among them, in any state; others are not looked at. A
/// document that is missing or cannot be read is a verdict, [`Overall::Malformed`], and no error.
///
/// # Errors
///
/// If the host cancelled, or the record's own places do not hold.
///
/// ```
/// use std::collections::BTreeMap;
/// # use sealwright::authorization::{Seal, SealGrant};
/// # use sealwright::contract::Contract;
/// # use sealwright::execution::Error;
/// use sealwright::execution::{self, CheckFacts};
/// use sealwright::identity::DocumentId;
///
/// fn came_back(
///     contract: &Contract,
///     documents: &BTreeMap<DocumentId, Vec<u8>>,
///     (seals, grants): (&[&Seal], &[&SealGrant]),
/// ) -> Result<bool, Error> {
///     let verdict = execution::check(contract, documents, &CheckFacts::of(seals, grants))?;
///     for deviation in &verdict.deviations {
///         eprintln!("{deviation}");
///     }
///     Ok(verdict.is_complete())
/// }
/// ```
pub fn check<B: AsRef<[u8]>>(
    contract: &Contract,
    documents: &BTreeMap<DocumentId, B>,
    facts: &CheckFacts<'_>,
) -> Result<ExecutionVerdict, Error> {
    let plan = PlacementPlan::of_started(contract)?;
    let fields = Fields::of(contract, &plan);
    let pending = contract.slots().iter().filter(|slot| !slot.state().is_over());
    let mut verdict = ExecutionVerdict {
        contract: contract.id().clone(),
        overall: Overall::NoSignature,
        pending: pending.map(|slot| slot.id().clone()).collect(),
        deviations: record::check(contract, facts),
        reports: BTreeMap::new(),
    };
    for document in contract.documents() {
        let bytes = documents.get(document.id()).map(AsRef::as_ref);
        let found = one(contract, document, bytes, (facts, &fields))?;
        verdict.deviations.extend(found.deviations);
        if let Some(report) = found.report {
            verdict.reports.insert(document.id().clone(), report);
        }
    }
    verdict.conclude();
    Ok(verdict)
}

/// What was found in one document.
struct Found {
    deviations: Vec<Deviation>,
    report: Option<Report>,
}

fn one(
    contract: &Contract,
    document: &Document,
    bytes: Option<&[u8]>,
    (facts, fields): (&CheckFacts<'_>, &Fields<'_>),
) -> Result<Found, Error> {
    let unread = |deviation: Deviation, report| Found {
        deviations: vec![deviation.in_document(document.id())],
        report,
    };
    let malformed = |error: &pdf::Error| {
        Deviation::new(DeviationCode::Malformed, "a document that can be read", error)
    };
    let Some(bytes) = bytes else {
        let missing = Deviation::new(DeviationCode::DocumentMissing, "its bytes", "nothing");
        return Ok(unread(missing, None));
    };
    let file = match File::open(bytes, facts.options.file_limits().clone()) {
        Ok(file) => file,
        Err(error) => return Ok(unread(malformed(&error), None)),
    };
    let report = match check_file(&file, &facts.options) {
        Ok(report) => report,
        Err(verification::Error::Pdf(error)) => return Ok(unread(malformed(&error), None)),
        Err(source) => {
            let document = document.id().clone();
            return Err(Error::Verification { document, source: Box::new(source) });
        }
    };
    let deviations = match compare((contract, document), bytes, (&file, &report), (facts, fields)) {
        Ok(deviations) => deviations,
        Err(error) => vec![malformed(&error).in_document(document.id())],
    };
    Ok(Found { deviations, report: Some(report) })
}

fn compare(
    (contract, document): (&Contract, &Document),
    bytes: &[u8],
    (file, report): (&File<'_>, &Report),
    (facts, fields): (&CheckFacts<'_>, &Fields<'_>),
) -> Result<Vec<Deviation>, pdf::Error> {
    let issued = document::issued(document, bytes, file);
    let mut found = document::check_bytes(document, bytes, (file, issued));
    found.extend(document::check_pages(document, (file, issued), report)?);
    let mut found: Vec<_> = found.into_iter().map(|it| it.in_document(document.id())).collect();
    let judged = slots::Judged::new((contract, document), facts, fields, (file, report))?;
    found.extend(judged.check(issued));
    Ok(found)
}
