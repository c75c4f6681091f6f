//! From the stages to the report.

use time::OffsetDateTime;

use crate::inspection::{SignaturePermissions, field_lock, signature_permissions};
use crate::limits::{Limit, Meter};
use crate::pdf::{self, Deviation, File, Parse, Span};
use crate::report::{self, Code, Conclusion, FileSummary, Finding, Report, SignatureReport};

use super::case::{Case, Closing, Prepared};
use super::covered::{Covered, cover};
use super::encrypted;
use super::error::Error;
use super::hashing::{Swept, sweep};
use super::identified::Trust;
use super::intact::{Message, ranges, sub_filter};
use super::level::Levels;
use super::located::{self, Located, Stray};
use super::options::CheckOptions;
use super::outside_streams::outside_streams;
use super::prepared;
use super::security_data::SecurityData;
use super::shown::Faces;
use super::stated::{self, Beginnings, Prefixes, Stated};
use super::unmodified::{self, Signed};
use super::verdict::Verdict;

/// Runs all stages.
pub(super) fn report(file: &File<'_>, options: &CheckOptions<'_>) -> Result<Report, Error> {
    let mut document = Verdict::open();
    let readable = outside_streams(file);
    let all = locate(file, &readable, &mut document)?;
    let messages: Vec<Message<'_>> = all
        .iter()
        .map(|covered| {
            Message::read(sub_filter(&covered.dictionary), &covered.contents, &options.limits)
        })
        .collect();
    let statements: Vec<Stated> =
        messages.iter().map(|message| stated::read(message, &options.limits)).collect();
    let beginnings = stated::beginnings(file, &statements);
    let swept = hash(file, &all, &messages, &beginnings, options)?;
    let permissions: Vec<SignaturePermissions> =
        all.iter().map(|covered| permissions(file, covered)).collect();
    let signed = signed(&all, &messages, &permissions);
    let history = unmodified::history(file, &signed, &readable, options.assumed);
    let store = SecurityData::of(file);

    let budget = Meter::new(Limit::HashedBytes, options.limits.hashed_bytes);
    let mut cases: Vec<Case<'_>> = Vec::with_capacity(all.len());
    let parts = all.iter().zip(&messages).zip(&permissions).zip(&statements);
    for (((covered, message), permissions), stated) in parts {
        let digest = wanted(covered, message).and_then(|ranges| swept.digest(&ranges));
        let budget = &budget;
        let prepared = Prepared { covered, message, permissions, stated, digest, budget };
        cases.push(Case::open(file, prepared, &history, &store, &options.limits));
    }
    identify(
        &mut cases,
        &Trust::new(options.anchors, &options.algorithms, &options.limits),
        &store,
    );
    describe_file(file, cases.is_empty(), &mut document);
    let prefixes = beginnings.hashed(&swept.beginnings);
    let covered: Vec<usize> = all.iter().filter_map(|covered| covered.revision).collect();
    let signatures = close(cases, file, &store, (&prefixes, options), document.conclusion);
    if options.prepared {
        prepared::look(file, covered.into_iter(), &signatures, &mut document)?;
    }

    let mut report = Report::new(summary(file, &swept), conclude(&signatures, &document));
    report.signatures = signatures;
    report.findings = document.findings;
    Ok(report)
}

/// Every signature with what it covers, by the end of its ranges.
fn locate(
    file: &File<'_>,
    readable: &[Span],
    document: &mut Verdict,
) -> Result<Vec<Covered>, Error> {
    let form = located::from_form(file);
    form.findings.into_iter().for_each(|finding| document.doubt(finding));
    let most = file.limits().signatures;
    let mut latest: Vec<Span> = form.signatures.iter().filter_map(|s| s.container).collect();
    let mut all: Vec<Covered> = Vec::new();
    for located in form.signatures {
        if all.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
            document.doubt(Finding::new(Code::DocTooManySignatures).with(most));
            break;
        }
        all.push(cover(file, located));
    }
    latest.extend(all.iter().filter_map(|covered| covered.container));

    let places = located::places(file.source(), readable, most.saturating_add(1))?;
    let unknown: Vec<u64> = places
        .iter()
        .copied()
        .filter(|at| !latest.iter().any(|span| span.start <= *at && *at < span.end))
        .collect();
    if places.len() > usize::try_from(most).unwrap_or(usize::MAX) {
        document.doubt(Finding::new(Code::DocTooManySignatures).with(most));
    }
    let usage_rights = located::usage_rights(file);
    for stray in located::around(file, &unknown, form.readable)? {
        match stray {
            // A signature that the chain of cross references passes over may be one that fails.
            Stray::Unowned(at) if located::may_be_signature(file.source(), at) => {
                document.doubt(Finding::new(Code::DocUnusedRange).with(at));
            }
            Stray::Unowned(at) => document.note(Finding::new(Code::DocUnusedRange).with(at)),
            Stray::Signature(located)
                if located::grants_usage_rights(file, &usage_rights, &located) =>
            {
                document.note(Finding::new(Code::DocUsageRights).about(located.place.object()));
            }
            Stray::Signature(located) if is_known(&all, &located) => {}
            Stray::Signature(located) => all.push(cover(file, *located)),
        }
    }
    let is_told = document.findings.iter().any(|finding| finding.code == Code::DocUsageRights);
    if !is_told && located::names_usage_rights(file) {
        document.note(Finding::new(Code::DocUsageRights));
    }
    all.sort_by_key(|covered| covered.claimed_end);
    Ok(all)
}

/// Whether an older copy of a signature says the same as the one that counts.
fn is_known(all: &[Covered], located: &Located) -> bool {
    all.iter()
        .any(|known| known.located.place == located.place && known.dictionary == located.dictionary)
}

fn wanted(covered: &Covered, message: &Message<'_>) -> Option<super::hashing::Ranges> {
    Some(ranges(covered.byte_range.as_ref()?, message.digest_algorithm()?))
}

fn hash(
    file: &File<'_>,
    all: &[Covered],
    messages: &[Message<'_>],
    beginnings: &Beginnings,
    options: &CheckOptions<'_>,
) -> Result<Swept, Error> {
    let wanted: Vec<_> = all
        .iter()
        .zip(messages)
        .filter_map(|(covered, message)| wanted(covered, message))
        .collect();
    let ends = beginnings.offsets();
    sweep(file.source(), &wanted, &ends, &options.limits, options.progress)
}

/// What a signature permits, and the lock of the fields that it filled.
fn permissions(file: &File<'_>, covered: &Covered) -> SignaturePermissions {
    let number = covered.revision.unwrap_or(covered.located.revision);
    let Some(view) = file.revision(number) else { return SignaturePermissions::default() };
    let read = || -> Result<SignaturePermissions, pdf::Error> {
        let mut found = signature_permissions(&view, &covered.dictionary)?;
        for field in &covered.located.fields {
            found.restrict(&field_lock(&view, &view.dictionary(*field)?)?);
        }
        Ok(found)
    };
    // What cannot be read permits nothing.
    read().unwrap_or(SignaturePermissions {
        docmdp: Some(crate::inspection::DocMdp::NoChanges),
        locks: vec![crate::inspection::FieldLock::All],
    })
}

/// The signatures that count for later changes: those whose ranges are proven.
fn signed(
    all: &[Covered],
    messages: &[Message<'_>],
    permissions: &[SignaturePermissions],
) -> Vec<Signed> {
    let each = all.iter().zip(messages).zip(permissions);
    each.filter_map(|((covered, message), permissions)| {
        covered.byte_range.as_ref()?;
        Some(Signed {
            place: covered.located.place,
            revision: covered.revision?,
            is_timestamp: matches!(message, Message::Timestamp(_)),
            permissions: permissions.clone(),
        })
    })
    .collect()
}

/// Newest first, so that each signature is judged for the earliest time at which trusted document
/// time-stamps over it show that it was there.
fn identify(cases: &mut [Case<'_>], trust: &Trust<'_>, store: &SecurityData<'_>) {
    let mut shown: Vec<(u64, OffsetDateTime)> = Vec::new();
    for case in cases.iter_mut().rev() {
        let end = case.end();
        let over = shown.iter().filter(|(covers, _)| end.is_some_and(|end| end < *covers));
        let earliest = over.map(|(_, time)| *time).min();
        let proves = case.identify(trust, store, earliest);
        shown.extend(end.zip(proves));
    }
}

fn close(
    cases: Vec<Case<'_>>,
    file: &File<'_>,
    store: &SecurityData<'_>,
    (prefixes, options): (&Prefixes, &CheckOptions<'_>),
    floor: Conclusion,
) -> Vec<SignatureReport> {
    let levels = Levels::of(&cases, file.revision_count(), store, options);
    let mut faces = Faces::of(file);
    let mut signatures = Vec::with_capacity(cases.len());
    for (index, case) in (1_u64..).zip(cases) {
        let level = levels.level(&case);
        let fields = &case.covered.located.fields;
        let shown = case.covered.revision.map(|revision| faces.shown(revision, fields));
        let shown = shown.unwrap_or_default();
        let (custodians, limits) = (options.custodians.as_slice(), &options.limits);
        let closing = Closing { index, level, floor, prefixes, custodians, limits };
        signatures.push(case.close(file, &closing, shown));
    }
    signatures
}

/// Findings about the file as such.
fn describe_file(file: &File<'_>, unsigned: bool, document: &mut Verdict) {
    for deviation in file.deviations() {
        document.note(deviation_finding(deviation));
    }
    if unsigned {
        return;
    }
    if file.parse() == Parse::Repaired {
        document.conclusion = document.conclusion.and(Conclusion::Indeterminate);
    }
    encrypted::describe(file, document);
}

fn deviation_finding(deviation: &Deviation) -> Finding {
    match deviation {
        Deviation::JunkBeforeHeader { bytes } => {
            Finding::new(Code::DocJunkBeforeHeader).with(bytes)
        }
        Deviation::SpaceAfterEnd { bytes } => Finding::new(Code::DocSpaceAfterEnd).with(bytes),
        Deviation::JunkAfterEnd { bytes } => Finding::new(Code::DocJunkAfterEnd).with(bytes),
        Deviation::SpaceBeforeSection { offset } => {
            Finding::new(Code::DocSpaceBeforeSection).with(offset)
        }
        Deviation::EntryWidth { offset, width } => {
            Finding::new(Code::DocEntryWidth).with(offset).with(width)
        }
        Deviation::EntryLineEnd { offset } => Finding::new(Code::DocEntryLineEnd).with(offset),
        Deviation::Size { stated, expected } => {
            Finding::new(Code::DocSize).with(stated).with(expected)
        }
        Deviation::StaleLinearization => Finding::new(Code::DocStaleLinearization),
        Deviation::Rebuilt { .. } => Finding::new(Code::DocRebuilt),
    }
}

fn summary(file: &File<'_>, swept: &Swept) -> FileSummary {
    FileSummary {
        bytes: file.len(),
        sha256: swept.whole.to_hex(),
        revisions: u64::try_from(file.revision_count()).unwrap_or(u64::MAX),
        parse: match file.parse() {
            Parse::Strict => report::Parse::Strict,
            Parse::Tolerated => report::Parse::Tolerated,
            Parse::Repaired => report::Parse::Repaired,
        },
    }
}

fn conclude(signatures: &[SignatureReport], document: &Verdict) -> Conclusion {
    let worst = signatures.iter().map(|signature| signature.conclusion).max();
    match worst {
        Some(worst) => worst.and(document.conclusion),
        // A form that cannot be read may hide signatures.
        None if document.conclusion == Conclusion::Indeterminate => Conclusion::Indeterminate,
        None => Conclusion::Unsigned,
    }
}
