//! Verifying: strangers' bytes against themselves, the judge, and what the auditor brings.

mod contents;
mod documents;
mod facts;
mod options;
mod sealing;
mod unpacked;
mod verdict;

use super::archive_reading::{self, Entries, is_archive};
use super::finding::{Code, Finding};
use super::manifest::{Format, MANIFEST, Manifest};
use super::{Error, Evidence};
use crate::audit::Verdict;
use crate::limits::{Limit, LimitExceeded};
use contents::Contents;
use documents::Documents;

pub use options::VerifyOptions;
pub use unpacked::{Unpacked, unpack};
pub use verdict::{EvidenceVerdict, Sealer};

/// Judges a bundle of evidence: offline, with one call, whoever it comes from.
///
/// The archive is read to the letter; every entry is held against the manifest, in both directions, and
/// the manifest against its signature; every document is judged anew by
/// [`verification`](crate::verification); and whatever of the evidence follows from documents and trail is
/// computed again and compared. What only the maker of the bundle can know, such as the kinds of seals and
/// the parties' names, rests on the signature over the manifest.
///
/// That something is wrong is no error: each thing is a [`Finding`] with a code of its own.
///
/// # Errors
///
/// `evidence.not_a_bundle` for bytes that begin otherwise; `evidence.limit` if a limit ran out.
///
/// ```
/// use sealwright::execution::evidence::{VerifyOptions, verify};
/// # use sealwright::execution::evidence::{Error, EvidenceVerdict};
/// # use sealwright::pki::TrustAnchors;
/// # use time::OffsetDateTime;
/// # fn audit(zip: &[u8], anchors: &TrustAnchors, now: OffsetDateTime)
/// # -> Result<EvidenceVerdict, Error> {
/// let verdict = verify(zip, &VerifyOptions::trusting(anchors, now))?;
/// println!("{verdict}"); // plain words; serde gives the JSON
/// assert!(verdict.conclusion.is_passed());
/// # Ok(verdict)
/// # }
/// let nothing = verify(b"no archive", &VerifyOptions::without_trust());
/// assert_eq!(nothing.unwrap_err().code(), "evidence.not_a_bundle");
/// ```
pub fn verify(bundle: &[u8], options: &VerifyOptions<'_>) -> Result<EvidenceVerdict, Error> {
    let read = archived(bundle, options)?;
    let mut verdict = EvidenceVerdict::nothing_yet();
    let is_whole = read.findings.iter().all(|it| it.code == Code::EntryChecksum);
    verdict.findings = read.findings;
    if !is_whole {
        return Ok(verdict.concluded());
    }
    let contents = Contents::of(&read.all);
    let Some(manifest) = manifest(&contents, &mut verdict, options)? else {
        return Ok(verdict.concluded());
    };
    sealing::check(&contents, &manifest, options, &mut verdict);
    let Some(evidence) = evidence(&contents, &manifest, options, &mut verdict)? else {
        return Ok(verdict.concluded());
    };
    let documents = documents::judge(&contents, &evidence, options, &mut verdict)?;
    compare(&contents, &evidence, &documents, options, &mut verdict)?;
    Ok(verdict.concluded())
}

/// The entries of the archive, if it is one.
fn archived<'b>(bundle: &'b [u8], options: &VerifyOptions<'_>) -> Result<Entries<'b>, Error> {
    let length = u64::try_from(bundle.len()).unwrap_or(u64::MAX);
    LimitExceeded::check(Limit::Bytes, length, options.limits.bytes)?;
    if !is_archive(bundle) {
        return Err(Error::NotABundle { length: bundle.len() });
    }
    Ok(archive_reading::read(bundle, options.most_entries)?)
}

/// The manifest, with every entry held against it.
fn manifest(
    contents: &Contents<'_>,
    verdict: &mut EvidenceVerdict,
    options: &VerifyOptions<'_>,
) -> Result<Option<Manifest>, Error> {
    let Some(bytes) = contents.get(MANIFEST) else {
        verdict.find(Finding::new(Code::ManifestMissing, MANIFEST, "nothing"));
        return Ok(None);
    };
    contents::fits(bytes, options)?;
    let manifest: Manifest = match serde_json::from_slice(bytes) {
        Ok(manifest) => manifest,
        Err(error) => {
            let expected = serde_json::to_string(&Format::V1).unwrap_or_default();
            let finding = Finding::new(Code::ManifestMalformed, expected, error);
            verdict.find(finding.in_entry(MANIFEST));
            return Ok(None);
        }
    };
    verdict.contract = Some(manifest.contract.clone());
    verdict.findings.extend(contents.compare(&manifest));
    Ok(Some(manifest))
}

fn evidence(
    contents: &Contents<'_>,
    manifest: &Manifest,
    options: &VerifyOptions<'_>,
    verdict: &mut EvidenceVerdict,
) -> Result<Option<Evidence>, Error> {
    let name = super::bundle::EVIDENCE;
    let Some(bytes) = contents.get(name) else {
        verdict.find(Finding::new(Code::EvidenceMissing, name, "nothing"));
        return Ok(None);
    };
    contents::fits(bytes, options)?;
    let evidence: Evidence = match serde_json::from_slice(bytes) {
        Ok(evidence) => evidence,
        Err(error) => {
            let expected = "evidence of a version that is known";
            verdict.find(Finding::new(Code::EvidenceMalformed, expected, error).in_entry(name));
            return Ok(None);
        }
    };
    if evidence.contract.id != manifest.contract {
        let (expected, found) = (&manifest.contract, &evidence.contract.id);
        verdict.find(Finding::new(Code::EvidenceMalformed, expected, found).in_entry(name));
        return Ok(None);
    }
    if let Some(finding) = facts::too_many(&evidence) {
        verdict.find(finding.in_entry(name));
        return Ok(None);
    }
    verdict.title = Some(evidence.contract.title.clone());
    Ok(Some(evidence))
}

/// What is said against what follows from documents and trail.
fn compare(
    contents: &Contents<'_>,
    evidence: &Evidence,
    documents: &Documents<'_>,
    options: &VerifyOptions<'_>,
    verdict: &mut EvidenceVerdict,
) -> Result<(), Error> {
    let trail = facts::trail(contents, evidence, options, verdict)?;
    if documents.closed {
        documents::judge_papers(contents, options, verdict);
        return Ok(());
    }
    let judged = documents.judged.as_slice();
    let computed = facts::computed(evidence, &trail, judged);
    facts::compare_signings(evidence, &computed, &trail, judged, verdict);
    facts::compare_closings(evidence, &computed, verdict);
    facts::compare_intents(contents, &computed, verdict);
    documents::compare_certificates(contents, evidence, judged, verdict);
    documents::compare_grants(contents, evidence, judged, options, verdict);
    documents::judge_papers(contents, options, verdict);
    facts::compare_verdicts(evidence, judged, verdict);
    facts::compare_checklists(evidence, &computed, verdict);
    verdict.checklist = computed.checklist;
    Ok(())
}

impl EvidenceVerdict {
    fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn shows(&mut self, trail: Verdict) {
        self.trail = Some(trail);
    }
}
