//! What the evidence says, against what follows from trail and documents.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::contents::{Contents, fits};
use super::documents::Judged;
use super::{EvidenceVerdict, VerifyOptions};
use crate::audit::{self, Details, Entry, Head, Value};
use crate::contract::Contract;
use crate::execution::Overall;
use crate::execution::evidence::bundle::{HEAD, INTENTS, Intents, TRAIL};
use crate::execution::evidence::checklist::{ReliabilityChecklist, Shown};
use crate::execution::evidence::finding::{Code, Finding};
use crate::execution::evidence::signature::{SignatureEvidence, SigningEvidence};
use crate::execution::evidence::{ClosingEvidence, Error, Evidence, signing_record, trail_lines};
use crate::report::{Claim, Conclusion};

/// More than a contract can have, which would only cost time.
pub(super) fn too_many(evidence: &Evidence) -> Option<Finding> {
    let documents = evidence.documents.len();
    let signings = evidence.signings.len();
    let names: BTreeSet<_> = evidence.documents.iter().map(|it| &it.id).collect();
    let slots: BTreeSet<_> = evidence.signings.iter().map(|it| &it.slot).collect();
    let fits = signings <= Contract::MOST_SIGNERS
        && documents <= Contract::MOST_DOCUMENTS
        && (names.len(), slots.len()) == (documents, signings)
        && evidence.signings.iter().all(|it| it.signatures.len() <= documents);
    let found = || format!("{signings} signers and {documents} documents");
    let expected = "each signer and each document once, at most 50 signers and 100 documents";
    (!fits).then(|| Finding::new(Code::EvidenceMalformed, expected, found()))
}

/// The trail, if it can be read, and what it shows.
pub(super) fn trail(
    contents: &Contents<'_>,
    evidence: &Evidence,
    options: &VerifyOptions<'_>,
    verdict: &mut EvidenceVerdict,
) -> Result<Vec<Entry>, Error> {
    let told = |finding: Finding| finding.in_entry(TRAIL);
    let bytes = contents.get(TRAIL).unwrap_or(&[]);
    fits(bytes, options)?;
    let entries = match trail_lines::read(bytes) {
        Ok(entries) => entries,
        Err(line) => {
            let found = format!("line {line} is none");
            verdict.find(told(Finding::new(Code::TrailMalformed, "entries", found)));
            return Ok(Vec::new());
        }
    };
    let subject = format!("contract:{}", evidence.contract.id);
    if let Some(entry) = entries.iter().find(|it| it.subject() != subject) {
        verdict.find(told(Finding::new(Code::TrailForeign, &subject, entry.subject())));
    }
    if let Err(error) = audit::verify(&entries, None) {
        verdict.find(told(Finding::new(Code::TrailBroken, "a chain", error)));
        return Ok(entries);
    }
    let own = &evidence.trail;
    let head = contents.get(HEAD).and_then(|it| serde_json::from_slice::<Head>(it).ok());
    let ends = head.as_ref() == Some(&own.head) && own.entries == own.head.len();
    if !ends || audit::verify(&entries, Some(&own.head)).is_err() {
        let (is, now) = (own.head.len(), entries.len());
        let (is, now) = (format!("{is} entries, {}", own.head.hash()), format!("{now} entries"));
        verdict.find(told(Finding::new(Code::TrailDiffers, is, now)));
    }
    match (options.head, audit::verify(&entries, options.head)) {
        (Some(expected), Err(error)) => {
            let expected = format!("{} entries, {}", expected.len(), expected.hash());
            verdict.find(told(Finding::new(Code::TrailHead, expected, error)));
        }
        (head, Ok(shown)) => {
            verdict.shows(shown);
            if head.is_none() {
                verdict.find(told(Finding::new(Code::TrailConsistentOnly, "", "")));
            }
        }
        (None, Err(_)) => {}
    }
    Ok(entries)
}

/// The evidence with everything that trail and documents say, whatever stood there.
pub(super) fn computed(evidence: &Evidence, trail: &[Entry], judged: &[Judged<'_>]) -> Evidence {
    let records = signing_record::read(trail);
    let read: Vec<_> = judged.iter().map(|it| &it.read).collect();
    let contract = &evidence.contract.id;
    let claimed = evidence.signings.iter();
    let signings: Vec<SigningEvidence> =
        claimed.map(|it| it.read_from(contract, &records, &read)).collect();
    let checklist = ReliabilityChecklist::of(&signings, &evidence.verdict, |signature| {
        let document = read.iter().find(|it| it.document == signature.document)?;
        document.report.signatures.iter().find(|it| Some(it.index) == signature.index)
    });
    let mut computed = Evidence { signings, checklist, ..evidence.clone() };
    let recorded = last_recorded(trail);
    for document in &mut computed.documents {
        let last = recorded.get(document.id.as_str());
        if let Some(after) = last.and_then(|it| text(it, "after")) {
            document.digest.recorded = Some(after.to_owned());
        }
        document.closing = last.and_then(|it| closing(it));
    }
    computed
}

/// What the trail says that each document became last: signed, or closed with a time-stamp.
fn last_recorded(trail: &[Entry]) -> BTreeMap<&str, &Details> {
    let mut last = BTreeMap::new();
    for entry in trail {
        let listed = entry.details().get("documents").or(entry.details().get("stamps"));
        let Some(Value::List(documents)) = listed else { continue };
        for revised in documents {
            let Value::Map(details) = revised else { continue };
            if text(details, "after").is_some() {
                last.extend(text(details, "document").map(|document| (document, details)));
            }
        }
    }
    last
}

fn closing(details: &Details) -> Option<ClosingEvidence> {
    let Some(Value::Integer(seconds)) = details.get("time") else { return None };
    Some(ClosingEvidence {
        time: OffsetDateTime::from_unix_timestamp(*seconds).ok()?,
        serial: text(details, "serial")?.to_owned(),
        policy: text(details, "policy")?.to_owned(),
    })
}

fn text<'d>(details: &'d Details, name: &str) -> Option<&'d str> {
    match details.get(name)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// The time-stamps that close the documents are those of the trail.
pub(super) fn compare_closings(
    evidence: &Evidence,
    computed: &Evidence,
    verdict: &mut EvidenceVerdict,
) {
    for (is, now) in evidence.documents.iter().zip(&computed.documents) {
        // Fractions of a second are not recorded.
        let whole =
            |it: &ClosingEvidence| (it.time.unix_timestamp(), it.serial.clone(), it.policy.clone());
        if is.closing.as_ref().map(whole) != now.closing.as_ref().map(whole) {
            let expected = "the closing time-stamp as said";
            let finding = Finding::new(Code::DocumentDiffers, expected, "another in the trail");
            verdict.find(finding.in_document(&is.id));
        }
    }
}

/// Who signed what with which digests, and whether anybody was left out.
pub(super) fn compare_signings(
    evidence: &Evidence,
    computed: &Evidence,
    trail: &[Entry],
    judged: &[Judged<'_>],
    verdict: &mut EvidenceVerdict,
) {
    for (is, now) in evidence.signings.iter().zip(&computed.signings) {
        let told = |expected: &str, found: &str| {
            Finding::new(Code::SigningDiffers, expected, found).of_slot(&is.slot)
        };
        if is.recorded != now.recorded {
            verdict.find(told("the record as said", "another in the trail"));
        } else if now.recorded.is_none() {
            verdict.find(told("an entry of the trail", "none"));
        }
        for (is, now) in is.signatures.iter().zip(&now.signatures) {
            if is != now {
                let finding = told("the signature as said", "another in trail and document");
                verdict.find(finding.in_document(&is.document));
            }
        }
        if let Some(what) = left_out(now) {
            verdict.find(told("everything that was recorded", &what));
        }
        let recorded = now.recorded.as_ref().and_then(|it| it.organization.as_ref());
        let party = evidence.party(now).and_then(|it| it.organization.as_ref());
        if let Some((recorded, party)) = recorded.zip(party).filter(|(one, other)| one != other) {
            verdict.find(told(party.as_str(), recorded.as_str()));
        }
    }
    for difference in computed.differences() {
        let (is, now) = (&difference.recorded, &difference.shown);
        let expected = format!("{} {is}, says the record", difference.what);
        let finding = Finding::new(Code::SourcesDiffer, expected, now);
        let finding = finding.in_document(&difference.document);
        verdict.find(match &difference.slot {
            Some(slot) => finding.of_slot(slot),
            None => finding,
        });
    }
    for slot in unsaid(evidence, trail, judged) {
        let finding = Finding::new(Code::SigningDiffers, "everybody who signed", slot);
        verdict.find(finding);
    }
}

/// A document or a control that the record has, and the evidence is silent about.
fn left_out(signing: &SigningEvidence) -> Option<String> {
    let record = signing.recorded.as_ref()?;
    let controls = |signature: &SignatureEvidence| {
        let seals = signature.seals.iter().map(|it| &it.control);
        let all = seals.chain(signature.others.iter().map(|it| &it.control));
        all.map(|id| format!("{}/{id}", signature.document)).collect::<Vec<_>>()
    };
    let controls: BTreeSet<String> = signing.signatures.iter().flat_map(controls).collect();
    let documents: BTreeSet<_> = signing.signatures.iter().map(|it| &it.document).collect();
    let control = record.marks.iter().find(|it| !controls.contains(&it.control));
    let document = record.documents.iter().find(|it| !documents.contains(&it.document));
    control.map(|it| it.control.clone()).or_else(|| Some(document?.document.to_string()))
}

/// The slots that signed, by trail or documents, and that the evidence is silent about.
fn unsaid(evidence: &Evidence, trail: &[Entry], judged: &[Judged<'_>]) -> BTreeSet<String> {
    let recorded = signing_record::read(trail).into_iter().map(|it| it.slot.to_string());
    let states = judged.iter().flat_map(|it| &it.read.report.signatures);
    let states = states.filter_map(|it| it.authority.as_deref());
    let contract = evidence.contract.id.as_str();
    let own = states
        .filter(|it| it.authentic && it.claim == Claim::Permitted)
        .filter(|it| it.contract.as_ref().is_some_and(|stated| stated.id == contract));
    let said: BTreeSet<&str> = evidence.signings.iter().map(|it| it.slot.as_str()).collect();
    let all = recorded.chain(own.filter_map(|it| it.slot.clone()));
    all.filter(|slot| !said.contains(slot.as_str())).collect()
}

/// The references to proofs of intent are those of the trail.
pub(super) fn compare_intents(
    contents: &Contents<'_>,
    computed: &Evidence,
    verdict: &mut EvidenceVerdict,
) {
    let told = contents.get(INTENTS).map(serde_json::from_slice::<Vec<Intents>>);
    if !matches!(told, Some(Ok(told)) if told == Intents::of(computed)) {
        let finding = Finding::new(Code::IntentsDiffer, "those of the trail", "others");
        verdict.find(finding.in_entry(INTENTS));
    }
}

/// The recorded verdict must not be better than what the documents show now.
pub(super) fn compare_verdicts(
    evidence: &Evidence,
    judged: &[Judged<'_>],
    verdict: &mut EvidenceVerdict,
) {
    let recorded = &evidence.verdict;
    let word = |overall: Overall| serde_json::to_string(&overall).unwrap_or_default();
    let failed = judged.iter().any(|it| it.read.report.conclusion == Conclusion::Failed);
    let is_whole = judged.len() == evidence.documents.len();
    let is_good =
        matches!(recorded.overall, Overall::IntactAllExpected | Overall::IntactSomeForeign);
    let too_good = is_good && (failed || !is_whole)
        || recorded.overall == Overall::IntactAllExpected && !recorded.deviations.is_empty()
        || recorded.contract != evidence.contract.id;
    if too_good {
        let found = "documents or deviations that say otherwise";
        verdict.find(Finding::new(Code::VerdictDiffers, word(recorded.overall), found));
    }
    if !recorded.is_complete() {
        let told = recorded.deviations.iter().map(|it| it.code.as_str());
        let told: BTreeSet<_> = told.collect();
        let told = told.into_iter().collect::<Vec<_>>().join(", ");
        let found = format!("{} {told}", word(recorded.overall));
        verdict.find(Finding::new(Code::Deviation, "everything as recorded", found));
    }
    for Judged { evidence: document, .. } in judged {
        if !recorded.reports.contains_key(&document.id) && recorded.overall != Overall::Malformed {
            let finding = Finding::new(Code::VerdictDiffers, "a report", "nothing");
            verdict.find(finding.in_document(&document.id));
        }
    }
}

/// What the checklist claims against what can be shown.
pub(super) fn compare_checklists(
    evidence: &Evidence,
    computed: &Evidence,
    verdict: &mut EvidenceVerdict,
) {
    let (is, now) = (&evidence.checklist.signatures, &computed.checklist.signatures);
    for (number, is) in is.iter().enumerate() {
        let now =
            now.get(number).filter(|now| (&now.slot, &now.document) == (&is.slot, &is.document));
        for shown in &is.conditions {
            let own = now
                .and_then(|now| now.conditions.iter().find(|it| it.condition == shown.condition));
            let can = own.map_or(&Shown::Unknown, |it| &it.shown);
            let code = match (&shown.shown, can) {
                (Shown::Proved, Shown::Proved) => continue,
                (Shown::Proved, _) => Code::ClaimsTooMuch,
                (is, can) if is != can => Code::ChecklistDiffers,
                _ => continue,
            };
            let article = shown.condition.article();
            let (expected, found) = (format!("art. {article}: {can}"), shown.shown.to_string());
            let finding = Finding::new(code, expected, found);
            verdict.find(finding.of_slot(&is.slot).in_document(&is.document));
        }
    }
    let same_reasons = is.len() == now.len()
        && is.iter().zip(now).all(|(is, now)| {
            let reasons = |it: &crate::execution::evidence::Reliability| {
                it.conditions.iter().map(|it| (it.condition, it.reason)).collect::<Vec<_>>()
            };
            reasons(is) == reasons(now)
        });
    if !same_reasons {
        let finding =
            Finding::new(Code::ChecklistDiffers, "every signature, with its reasons", "others");
        verdict.find(finding);
    }
}
