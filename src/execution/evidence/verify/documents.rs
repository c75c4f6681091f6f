//! The documents of a bundle, judged anew, and what is said of them.

use std::collections::{BTreeMap, BTreeSet};

use super::contents::{Contents, length};
use super::{EvidenceVerdict, VerifyOptions};
use crate::digest::Digest;
use crate::execution::evidence::bundle::{
    bare_grant_entry, certificate_entry, document_entry, paper_entry, signed_grant_entry,
};
use crate::execution::evidence::documents::{Read, certificates};
use crate::execution::evidence::finding::{Code, Finding};
use crate::execution::evidence::record::{CertificateEvidence, DocumentEvidence, GrantEvidence};
use crate::execution::evidence::{Error, Evidence};
use crate::pdf::Protection;
use crate::report::{
    Conclusion, Granted, IdentityStatus, Lang, Level, Report, SignatureReport, TimestampState,
};
use crate::signing::SignedGrant;
use crate::statement::{GrantStatement, Window};
use crate::verification::{self, check_file};

/// A document of the bundle, judged now.
pub(super) struct Judged<'b> {
    pub(super) evidence: &'b DocumentEvidence,
    pub(super) read: Read,
}

/// What can be said of the documents.
#[derive(Default)]
pub(super) struct Documents<'b> {
    /// Those that can be read.
    pub(super) judged: Vec<Judged<'b>>,
    /// Whether one is encrypted and stays closed: what is said of it cannot be compared then.
    pub(super) closed: bool,
}

/// Judges every document that is there and can be read.
pub(super) fn judge<'b>(
    contents: &Contents<'_>,
    evidence: &'b Evidence,
    options: &VerifyOptions<'_>,
    verdict: &mut EvidenceVerdict,
) -> Result<Documents<'b>, Error> {
    let mut all = Documents::default();
    for (number, document) in (1_usize..).zip(&evidence.documents) {
        let name = document_entry(number);
        let told = |finding: Finding| finding.in_entry(&name).in_document(&document.id);
        let Some(bytes) = contents.get(&name) else {
            verdict.find(told(Finding::new(Code::DocumentMissing, "its bytes", "nothing")));
            continue;
        };
        match one(document, bytes, options)? {
            Looked::Read(read, found) => {
                verdict.findings.extend(found.into_iter().map(told));
                compare_reports(evidence, &read, verdict);
                verdict.reports.insert(document.id.clone(), read.report.clone());
                all.judged.push(Judged { evidence: document, read: *read });
            }
            Looked::Closed(report, found) => {
                verdict.findings.extend(found.into_iter().map(told));
                verdict.reports.insert(document.id.clone(), *report);
                all.closed = true;
            }
            Looked::Unreadable(why) => {
                verdict.find(told(Finding::new(Code::DocumentUnreadable, "a PDF", why)));
            }
        }
    }
    Ok(all)
}

/// What was seen of a document, each with what is wrong with it.
enum Looked {
    /// All of it.
    Read(Box<Read>, Vec<Finding>),
    /// Its bytes alone: it is encrypted.
    Closed(Box<Report>, Vec<Finding>),
    /// Nothing, and why.
    Unreadable(String),
}

fn one(
    document: &DocumentEvidence,
    bytes: &[u8],
    options: &VerifyOptions<'_>,
) -> Result<Looked, Error> {
    let unreadable = |why: String| Ok(Looked::Unreadable(why));
    let asked = options.check();
    let file = match asked.open(bytes) {
        Ok(file) => file,
        Err(error) => return unreadable(error.to_string()),
    };
    let report = match check_file(&file, &asked) {
        Ok(report) => report,
        Err(verification::Error::Pdf(error)) => return unreadable(error.to_string()),
        Err(error) => return Err(error.into()),
    };
    let mut found: Vec<Finding> = conclusion(&report).into_iter().collect();
    let digest = (document.digest.shown.clone().unwrap_or_default(), sha256(&report));
    if let Protection::Closed(_) = file.protection() {
        let other = (digest.0 != digest.1)
            .then(|| Finding::new(Code::DocumentDiffers, &digest.0, &digest.1));
        found.push(Finding::new(Code::DocumentClosed, "its password", "another, or none"));
        found.extend(other);
        return Ok(Looked::Closed(Box::new(report), found));
    }
    let read = match Read::of(&document.id, &file, bytes, &report, document.issued_length) {
        Ok(read) => read,
        Err(error) => return unreadable(error.to_string()),
    };
    let issued = usize::try_from(document.issued_length).ok().and_then(|end| bytes.get(..end));
    let issued = issued.map(|it| Digest::of(document.issued.algorithm(), it).to_string());
    let pages = file.latest().page_ids().map_or(0, |ids| ids.len());
    let facts = [
        (document.length.to_string(), length(bytes).to_string()),
        digest,
        (document.issued.to_string(), issued.unwrap_or_else(|| "fewer bytes".to_owned())),
        (format!("{} pages", document.pages), format!("{pages} pages")),
    ];
    for (expected, now) in facts.into_iter().filter(|(expected, now)| expected != now) {
        found.push(Finding::new(Code::DocumentDiffers, expected, now));
    }
    let mut revisions = document.revisions.iter().zip(&read.revisions);
    let count = (document.revisions.len(), read.revisions.len());
    if let Some((is, now)) = revisions.find(|(is, now)| is != now) {
        let told = |it: &crate::execution::evidence::RevisionEvidence| {
            format!("revision {}, bytes {} to {}, {}", it.number, it.start, it.end, it.digest)
        };
        found.push(Finding::new(Code::RevisionDiffers, told(is), told(now)));
    } else if count.0 != count.1 {
        let (is, now) = (format!("{} revisions", count.0), format!("{} revisions", count.1));
        found.push(Finding::new(Code::RevisionDiffers, is, now));
    }
    Ok(Looked::Read(Box::new(read), found))
}

fn sha256(report: &Report) -> String {
    format!("sha256:{}", report.file.sha256)
}

fn conclusion(report: &Report) -> Option<Finding> {
    let code = match report.conclusion {
        Conclusion::Passed | Conclusion::Unsigned => return None,
        Conclusion::Indeterminate => Code::DocumentDoubtful,
        Conclusion::Failed => Code::DocumentFailed,
    };
    let own = report.signatures.iter().flat_map(|it| &it.findings).chain(&report.findings);
    let worst = own.max_by_key(|it| it.severity);
    let worst = worst.map_or_else(String::new, |it| it.message.clone());
    Some(Finding::new(code, "signatures that pass", worst))
}

/// The recorded report against the one of now, but for what depends on whom one trusts, and when.
fn compare_reports(evidence: &Evidence, read: &Read, verdict: &mut EvidenceVerdict) {
    let told = |expected: String, found: String| {
        Finding::new(Code::ReportDiffers, expected, found).in_document(&read.document)
    };
    let Some(recorded) = evidence.report(&read.document) else {
        return verdict.find(told("a report".to_owned(), "nothing".to_owned()));
    };
    if recorded.file != read.report.file {
        let (is, now) = (sha256(recorded), sha256(&read.report));
        verdict.find(told(format!("{is}, {} bytes", recorded.file.bytes), now));
    }
    let count = |report: &Report| format!("{} signatures", report.signatures.len());
    if recorded.signatures.len() != read.report.signatures.len() {
        verdict.find(told(count(recorded), count(&read.report)));
    }
    for (is, now) in recorded.signatures.iter().zip(&read.report.signatures) {
        let differing = differing(is, now);
        if !differing.is_empty() {
            let what = format!("signature {}: {}", now.index, differing.join(", "));
            verdict.find(told(what, "other values".to_owned()));
        }
    }
}

/// In what two reports of one signature differ that everybody finds alike.
fn differing(is: &SignatureReport, now: &SignatureReport) -> Vec<&'static str> {
    let (is, now) = (alike(is), alike(now));
    let parts = [
        ("index", is.index == now.index),
        ("field", is.field == now.field),
        ("kind", is.kind == now.kind && is.sub_filter == now.sub_filter),
        ("coverage", is.coverage == now.coverage),
        ("integrity", is.integrity == now.integrity),
        ("identity", is.identity == now.identity),
        ("time", is.time == now.time),
        ("permissions", is.permissions == now.permissions),
        ("modification", is.modification == now.modification),
        ("faces", is.faces == now.faces),
        ("authority", is.authority == now.authority),
    ];
    parts.into_iter().filter(|(_, same)| !same).map(|(part, _)| part).collect()
}

fn alike(report: &SignatureReport) -> SignatureReport {
    let mut report = report.clone();
    report.identity.status = IdentityStatus::NotChecked;
    report.time.proven = None;
    report.time.source = None;
    report.time.timestamp = TimestampState::None;
    report.level = Level::None;
    for seal in report.authority.iter_mut().flat_map(|it| &mut it.seals) {
        seal.granted = Granted::Missing;
        seal.granted_by = None;
    }
    report
}

/// The certificates of the signatures: as they are said to be, and as files.
pub(super) fn compare_certificates(
    contents: &Contents<'_>,
    evidence: &Evidence,
    judged: &[Judged<'_>],
    verdict: &mut EvidenceVerdict,
) {
    let found = certificates(judged.iter().map(|it| &it.read));
    let told: Vec<CertificateEvidence> = found.iter().map(Into::into).collect();
    if told != evidence.certificates {
        let (is, now) = (evidence.certificates.len(), told.len());
        let (is, now) = (format!("{is} certificates as said"), format!("{now} in the signatures"));
        verdict.find(Finding::new(Code::CertificateDiffers, is, now));
    }
    for certificate in found {
        let name = certificate_entry(&certificate);
        if contents.get(&name) != Some(certificate.to_pem().as_bytes()) {
            let finding = Finding::new(Code::CertificateDiffers, "the certificate", "another");
            verdict.find(finding.in_entry(&name));
        }
    }
}

/// What organizations say of their grants, against what is said here and in the signatures.
pub(super) fn compare_grants(
    contents: &Contents<'_>,
    evidence: &Evidence,
    judged: &[Judged<'_>],
    options: &VerifyOptions<'_>,
    verdict: &mut EvidenceVerdict,
) {
    let mut known: BTreeSet<_> = BTreeSet::new();
    for (number, grant) in (1_usize..).zip(&evidence.grants) {
        let told = |finding: Finding, name: &str| finding.in_entry(name);
        if !known.insert(&grant.id) {
            verdict.find(Finding::new(Code::GrantDiffers, "each grant once", &grant.id));
        }
        let (signed, bare) = (signed_grant_entry(number), bare_grant_entry(number));
        let (name, statement) = match (contents.get(&signed), contents.get(&bare)) {
            (Some(cms), _) => match SignedGrant::from_der(cms, &options.limits) {
                Ok(paper) => (signed, paper.statement().clone()),
                Err(error) => {
                    let finding = Finding::new(Code::GrantBroken, "a signed grant", error);
                    verdict.find(told(finding, &signed));
                    continue;
                }
            },
            (None, Some(der)) => match GrantStatement::decode(der, &options.limits) {
                Ok(statement) => (bare, statement),
                Err(error) => {
                    let finding = Finding::new(Code::GrantDiffers, "a statement", error);
                    verdict.find(told(finding, &bare));
                    continue;
                }
            },
            (None, None) => continue,
        };
        if let Some(finding) = against_statement(grant, &statement) {
            verdict.find(told(finding, &name));
        }
    }
    for finding in stated(evidence, judged) {
        verdict.find(finding);
    }
}

fn against_statement(grant: &GrantEvidence, statement: &GrantStatement) -> Option<Finding> {
    let window = Window::new(grant.from, grant.until).ok();
    let said = |window: Option<Window>| window.map_or_else(String::new, |it| format!("{it:?}"));
    let facts = [
        (grant.id.to_string(), statement.grant.as_str().to_owned()),
        (grant.seal.to_string(), statement.seal.as_str().to_owned()),
        (grant.organization.to_string(), statement.organization.id.as_str().to_owned()),
        (grant.grantee.to_string(), statement.grantee.employee.as_str().to_owned()),
        (said(window), said(Some(statement.window))),
    ];
    let (is, now) = facts.into_iter().find(|(is, now)| is != now)?;
    Some(Finding::new(Code::GrantDiffers, is, now))
}

/// The grants as the signatures state them.
fn stated(evidence: &Evidence, judged: &[Judged<'_>]) -> Vec<Finding> {
    let mut found = Vec::new();
    let grants: BTreeMap<&str, &GrantEvidence> =
        evidence.grants.iter().map(|it| (it.id.as_str(), it)).collect();
    for Judged { read, .. } in judged {
        let stated = read.report.signatures.iter().filter_map(|it| it.authority.as_deref());
        for seal in stated.filter(|it| it.authentic).flat_map(|it| &it.seals) {
            let Some(grant) = grants.get(seal.grant.as_str()) else { continue };
            let window = Window::new(grant.from, grant.until).ok();
            let same = window == Window::new(seal.from, seal.until).ok()
                && grant.seal.as_str() == seal.seal
                && grant.organization.as_str() == seal.organization
                && grant.grantee.as_str() == seal.employee;
            if !same {
                let expected = format!("grant {} as said", grant.id);
                let finding =
                    Finding::new(Code::GrantDiffers, expected, "as a signature states it");
                found.push(finding.in_document(&read.document));
            }
        }
    }
    found
}

/// The report for people: whoever signed it, nothing in it was changed.
pub(super) fn judge_papers(
    contents: &Contents<'_>,
    options: &VerifyOptions<'_>,
    verdict: &mut EvidenceVerdict,
) {
    for name in [Lang::En, Lang::Zh].map(paper_entry) {
        let Some(bytes) = contents.get(&name) else { continue };
        let found = match verification::check(bytes, &options.check()) {
            Ok(report) if report.conclusion != Conclusion::Failed => continue,
            Ok(report) => conclusion(&report).map_or_else(String::new, |it| it.found),
            Err(error) => error.to_string(),
        };
        verdict.find(Finding::new(Code::PaperFailed, "as it was made", found).in_entry(&name));
    }
}
