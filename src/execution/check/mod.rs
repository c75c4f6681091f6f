//! Check: documents that came back, against the record of their contract.
//!
//! The judge of strangers' files says whether signatures hold ([`verification`]).
//! Here it is asked whether they are the signatures of *this* contract: every control done by its
//! signer with the recorded seal, where it was planned, in order, in time, on the very bytes that were
//! issued. Each difference is a [`Deviation`] with a code of its own and the two values that disagree:
//!
//! | code | what it says | makes the whole | shown by the test |
//! |---|---|---|---|
//! | `exec.malformed` | a document cannot be read | malformed | `what_cannot_be_read_is_a_verdict` |
//! | `exec.document_missing` | a document was not given | malformed | `what_cannot_be_read_is_a_verdict` |
//! | `exec.other_document` | it does not begin with the bytes that were issued | tampered | `another_document_with_the_same_text_is_exposed` |
//! | `exec.bytes_differ` | the bytes that the record ends with are not in it | tampered | `another_document_with_the_same_text_is_exposed` |
//! | `exec.bytes_appended` | something follows them | some foreign | `a_copied_seal_picture_is_exposed` |
//! | `exec.pages_differ` | a page was added, dropped, moved or given another shape, in any signed revision | tampered | `an_inserted_page_is_exposed_in_the_revision_that_was_signed_with_it` |
//! | `exec.content_changed` | a page says something else than was issued, beside the values that the contract fills in | tampered | `other_text_on_a_page_that_was_issued_is_exposed` |
//! | `exec.signature_failed` | a signature does not hold | tampered | `a_flipped_byte_in_the_first_revision_breaks_both_signatures` |
//! | `exec.signature_doubtful` | not everything about a signature could be shown | some foreign | `a_paper_that_is_no_grant_makes_a_signature_doubtful` |
//! | `exec.foreign_signature` | the contract expects no such signature | some foreign | `a_copied_seal_picture_is_exposed` |
//! | `exec.certified_otherwise` | a document is certified by somebody else than recorded, for other changes, or by nobody | some foreign | `who_certifies_is_who_the_record_says` |
//! | `exec.other_platform` | the platform's signature is of another certificate than the recorded one | some foreign | `a_platform_that_is_not_the_recorded_one_is_exposed` |
//! | `exec.other_timestamp` | the time-stamp that closes a document is not the recorded one | some foreign | `a_time_stamp_that_is_not_the_recorded_one_is_exposed` |
//! | `exec.not_recorded` | a slot is signed, and the record knows nothing of it | some foreign | `a_signature_that_the_record_does_not_know_and_one_that_is_missing_are_exposed` |
//! | `exec.field_missing` | the field of a control is not there | some foreign | `a_document_that_was_prepared_without_a_field_is_exposed` |
//! | `exec.field_moved` | it stands elsewhere than planned | some foreign | `a_document_that_was_prepared_with_fields_elsewhere_is_exposed` |
//! | `exec.field_doubled` | it is there twice, or shows itself in several places | some foreign | `a_seal_that_shows_itself_on_another_page_as_well_is_exposed` |
//! | `exec.not_signed` | a control is recorded as signed and is not | some foreign | `a_signature_that_the_record_does_not_know_and_one_that_is_missing_are_exposed` |
//! | `exec.not_filled` | a date or an opinion is recorded and is empty | some foreign | `a_signature_that_the_record_does_not_know_and_one_that_is_missing_are_exposed` |
//! | `exec.value_other` | it holds another date or opinion than recorded | some foreign | `a_date_that_was_put_back_is_exposed` |
//! | `exec.value_not_shown` | it does not show the value that it holds | some foreign | `a_field_that_shows_something_else_than_it_holds_is_exposed` |
//! | `exec.other_signature` | a control stands under a signature that does not state its slot | some foreign | `who_signs_in_the_place_of_another_is_exposed` |
//! | `exec.other_signer` | the certificate is not the recorded one | some foreign | `who_signs_with_a_key_of_his_own_under_the_same_names_is_exposed` |
//! | `exec.time_differs` | the signature was made at another time than recorded | some foreign | `who_signs_before_his_turn_is_exposed` |
//! | `exec.face_not_shown` | the recorded face cannot be seen there, whole and nothing else | some foreign | `a_seal_that_is_hidden_is_not_shown` |
//! | `exec.face_covered` | an annotation is drawn over it | some foreign | `an_annotation_over_the_seal_is_exposed` |
//! | `exec.face_copied` | a signature shows a registered seal that it states no authority for | some foreign | `a_copied_seal_picture_is_exposed` |
//! | `exec.face_elsewhere` | a signature shows its seal where no control of its slot stands | some foreign | `who_also_seals_in_the_place_of_somebody_who_has_not_signed_is_exposed` |
//! | `exec.annotation_added` | a page has an annotation that the contract does not know | some foreign | `an_annotation_over_the_seal_is_exposed` |
//! | `exec.face_register` | the recorded face is not that of the register | some foreign | `another_signer_another_seal_and_another_grant_than_recorded_are_exposed` |
//! | `exec.seal_version` | another version of the seal is shown or stated | some foreign | `an_old_version_of_the_seal_under_an_honest_key_is_exposed` |
//! | `exec.seal_other` | another seal is | some foreign | `who_signs_in_the_place_of_another_is_exposed` |
//! | `exec.grant_unknown` | the grant is not in the register | some foreign | `another_signer_another_seal_and_another_grant_than_recorded_are_exposed` |
//! | `exec.grant_revoked` | it had been revoked when it was used | some foreign | `who_signs_after_his_grant_was_revoked_is_exposed` |
//! | `exec.grant_window` | it had not begun, or had ended | some foreign | `who_signs_after_his_grant_had_ended_is_exposed` |
//! | `exec.grant_scope` | it does not cover this seal on this contract | some foreign | `a_grant_for_other_contracts_is_exposed` |
//! | `exec.grant_person` | it was given to somebody else | some foreign | `who_uses_the_grant_of_another_is_exposed` |
//! | `exec.grant_other` | the signature states another grant than the record | some foreign | `who_signs_under_another_grant_is_exposed` |
//! | `exec.slice_missing` | a page lacks its slice of a cross-page seal (骑缝章) | some foreign | `a_slice_that_was_left_out_is_exposed` |
//! | `exec.slice_misplaced` | it shows another slice than planned | some foreign | `swapped_slices_are_exposed` |
//! | `exec.slice_other_seal` | it shows a slice of another seal | some foreign | `a_slice_of_another_seal_is_exposed` |
//! | `exec.order_violated` | somebody signed before one who comes first | some foreign | `who_signs_before_his_turn_is_exposed` |
//! | `exec.deadline_passed` | somebody signed too late | some foreign | `who_signs_after_the_deadline_is_exposed` |
//!
//! Slots that nobody has signed yet are *pending* and no deviation: a contract may be checked at every
//! stage.
//!
//! Since the record ends with a digest of the bytes, no other bytes are ever complete. The other codes
//! say what was done, and hold just as well against a host that recorded the digest of whatever came
//! back. What is not looked at, and is known by the digest alone: what a host draws on the pages beside the
//! values that the contract fills in, where it fills in any; a seal that is drawn there or anywhere else
//! outside of signatures; page content under a seal that is multiplied with it; the picture of a
//! signature by hand; outlines of a font that are others than its mapping to Unicode says; and a time
//! that a signer claims without a time-stamp, as long as the record claims it too.

mod code;
mod content;
mod document;
mod faces;
mod form;
mod hosts;
mod pages;
mod record;
mod slots;
mod stated;
mod verdict;
mod words;

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
    let file = match facts.options.open(bytes) {
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
    if let Some(issued) = issued {
        let values = content::has_values(contract, document);
        let changed = content::check(file, issued, values)?;
        found.extend(changed.into_iter().map(|it| it.in_document(document.id())));
    }
    let judged = slots::Judged::new((contract, document), facts, fields, (file, report))?;
    let beside = judged.beside(issued)?;
    found.extend(beside.into_iter().map(|it| it.in_document(document.id())));
    found.extend(judged.check(issued));
    Ok(found)
}
