//! One document against what the contract knows of it: bytes, pages, signatures.

use super::code::DeviationCode as Code;
use super::verdict::Deviation;
use crate::contract::Document;
use crate::digest::{Digest, Hasher};
use crate::pdf::{Error, File, ObjectId, Revision};
use crate::report::{Conclusion, Report, SignatureReport};

/// How many revisions the document had when it was issued; none if it does not begin with the bytes
/// that were issued.
pub(super) fn issued(document: &Document, bytes: &[u8], file: &File<'_>) -> Option<usize> {
    let length = usize::try_from(document.length()).ok()?;
    let found = Digest::of(document.original().algorithm(), bytes.get(..length)?);
    let began = |it: &Revision<'_>| it.span().start < document.length();
    (found == *document.original()).then(|| file.revisions().filter(began).count())
}

/// The very bytes that were issued, and up to those that the record ends with.
pub(super) fn check_bytes(
    document: &Document,
    bytes: &[u8],
    (file, issued): (&File<'_>, Option<usize>),
) -> Vec<Deviation> {
    let mut found = Vec::new();
    if issued.is_none() {
        let length = usize::try_from(document.length()).unwrap_or(usize::MAX).min(bytes.len());
        let begins =
            Digest::of(document.original().algorithm(), bytes.get(..length).unwrap_or(bytes));
        found.push(Deviation::new(Code::OtherDocument, document.original(), begins));
    }
    let mut hasher = Hasher::new(document.digest().algorithm());
    let mut done = 0;
    let mut recorded_end = None;
    let ends = file.revisions().filter_map(|it| usize::try_from(it.end()?).ok());
    for end in ends {
        let Some(next) = bytes.get(done..end) else { continue };
        hasher.update(next);
        done = end;
        if hasher.clone().finish() == *document.digest() {
            recorded_end = Some(end);
        }
    }
    hasher.update(bytes.get(done..).unwrap_or(&[]));
    let whole = hasher.finish();
    if whole == *document.digest() {
        return found;
    }
    found.push(match recorded_end {
        Some(end) => {
            let more = bytes.len().saturating_sub(end);
            Deviation::new(Code::BytesAppended, "0 bytes", format!("{more} bytes"))
        }
        None => Deviation::new(Code::BytesDiffer, document.digest(), whole),
    });
    found
}

/// The pages of every signed revision and of the last one: as many, in this order, of this shape.
/// They are the very page objects of the document that was issued.
pub(super) fn check_pages(
    document: &Document,
    (file, issued): (&File<'_>, Option<usize>),
    report: &Report,
) -> Result<Vec<Deviation>, Error> {
    let issued = issued.and_then(|number| file.revision(number));
    let original = issued.map(|view| view.page_ids()).transpose()?;
    let signed = report.signatures.iter().filter_map(|signature| {
        let revision = usize::try_from(signature.coverage.revision?).ok()?;
        Some((Some(signature.index), file.revision(revision)?))
    });
    let mut found = Vec::new();
    for (signature, view) in signed.chain([(None, file.latest())]) {
        let Some(deviation) = pages(document, original.as_deref(), view)? else { continue };
        found.push(match signature {
            Some(index) => deviation.under(index),
            None => deviation,
        });
    }
    Ok(found)
}

fn pages(
    document: &Document,
    original: Option<&[ObjectId]>,
    view: Revision<'_>,
) -> Result<Option<Deviation>, Error> {
    let ids = view.page_ids()?;
    let (expected, count) = (document.pages(), ids.len());
    if count != expected.len() {
        let (expected, count) = (expected.len(), count);
        let (expected, count) = (format!("{expected} pages"), format!("{count} pages"));
        return Ok(Some(Deviation::new(Code::PagesDiffer, expected, count)));
    }
    let moved = original.and_then(|original| {
        let pairs = (1_u32..).zip(original.iter().zip(&ids));
        pairs.into_iter().find(|(_, (before, now))| before != now)
    });
    if let Some((page, (before, now))) = moved {
        let deviation = Deviation::new(Code::PagesDiffer, before, now);
        return Ok(Some(deviation.on_page(page)));
    }
    let shapes = view.page_geometries()?;
    let other = (1_u32..).zip(expected.iter().zip(&shapes)).find(|(_, (is, now))| is != now);
    Ok(other.map(|(page, (is, now))| {
        let size = |it: &crate::geometry::PageGeometry| format!("{it:?}");
        Deviation::new(Code::PagesDiffer, size(is), size(now)).on_page(page)
    }))
}

/// That a signature holds.
pub(super) fn check_signature(signature: &SignatureReport) -> Option<Deviation> {
    let code = match signature.conclusion {
        Conclusion::Passed | Conclusion::Unsigned => return None,
        Conclusion::Indeterminate => Code::SignatureDoubtful,
        Conclusion::Failed => Code::SignatureFailed,
    };
    let why = signature.findings.iter().max_by_key(|it| it.severity);
    let why = why.map_or_else(String::new, |finding| finding.message.clone());
    Some(Deviation::new(code, "a signature that passes", why).under(signature.index))
}
