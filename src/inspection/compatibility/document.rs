//! What a document brings along that readers stumble over, and what its certification leaves.

use super::super::permission::{DocMdp, field_lock, signature_permissions};
use super::PlannedSigning;
use crate::pdf::{Error, File, Object, SectionKind};
use crate::report::{Code, Finding};

/// Above this readers become slow, and some give up.
const MANY_REVISIONS: usize = 100;

/// Where readers with signed offsets of 32 bits end.
const TWO_GIB: u64 = 1 << 31;

/// Ten digits of a classic table end here, and so do those of many byte ranges.
const TEN_DIGITS: u64 = 10_000_000_000;

/// `/Ff` of a text field: one cell for each character (§12.7.5.3).
const COMB: i64 = 1 << 24;

pub(super) fn look(file: &File<'_>, found: &mut Vec<Finding>) -> Result<(), Error> {
    sections(file, found);
    if let Some(deviation) = file.deviations().first() {
        found.push(Finding::new(Code::CompatDeviation).with(deviation));
    }
    let compressed = file.sections().iter().any(|section| section.has_compressed());
    let (major, minor) = file.header_version();
    if compressed && (major, minor) < (1, 5) {
        let version = format!("{major}.{minor}");
        found.push(Finding::new(Code::CompatVersion).with(version).with("1.5"));
    }
    if file.revision_count() > MANY_REVISIONS {
        found.push(Finding::new(Code::CompatRevisions).with(file.revision_count()));
    }
    found.extend(size(file.len()));
    let latest = file.latest();
    if let Some((id, form)) = latest.form()? {
        let anew = latest.lookup(&form, b"NeedAppearances")?;
        if anew.and_then(|it| it.as_boolean()) == Some(true) {
            found.push(Finding::new(Code::CompatNeedAppearances).about(id));
        }
    }
    for field in latest.fields()? {
        let cells = latest.lookup(&field.dictionary, b"MaxLen")?.is_some();
        if field.kind.as_deref() == Some(b"Tx") && field.flags & COMB != 0 && !cells {
            found.push(Finding::new(Code::CompatComb).about(field.id));
        }
    }
    Ok(())
}

fn sections(file: &File<'_>, found: &mut Vec<Finding>) {
    let kinds = |kind| file.sections().iter().any(|section| section.kind() == kind);
    if kinds(SectionKind::Hybrid) {
        found.push(Finding::new(Code::CompatHybrid));
    } else if kinds(SectionKind::Table) && kinds(SectionKind::Stream) {
        found.push(Finding::new(Code::CompatMixedSections));
    }
    let split = file.sections().iter().map(|section| section.needless_subsections()).max();
    if let Some(split) = split.filter(|split| *split > 0) {
        found.push(Finding::new(Code::CompatFragmented).with(split));
    }
}

/// What a length of so many bytes means for others.
fn size(bytes: u64) -> Option<Finding> {
    let code = match bytes {
        TEN_DIGITS.. => Code::CompatTenDigits,
        TWO_GIB.. => Code::CompatLarge,
        _ => return None,
    };
    Some(Finding::new(code).with(bytes))
}

/// What the certification in force, or the planned one, leaves to readers' opinion.
pub(super) fn permitted(
    file: &File<'_>,
    planned: &PlannedSigning,
    found: &mut Vec<Finding>,
) -> Result<(), Error> {
    let latest = file.latest();
    let mut before: Option<DocMdp> = None;
    for field in latest.fields()?.iter().filter(|field| field.is_signature()) {
        let Some(value) = &field.value else { continue };
        let value = latest.resolve(value)?;
        let Some(signature) = Object::as_dictionary(&value) else { continue };
        let own = signature_permissions(&latest, signature)?.docmdp;
        let lock = field_lock(&latest, &field.dictionary)?.docmdp;
        before = [before, own, lock].into_iter().flatten().min();
    }
    let after = [before, planned.certifies].into_iter().flatten().min();
    if planned.long_term && after == Some(DocMdp::NoChanges) {
        found.push(Finding::new(Code::CompatLongTerm));
    }
    if planned.new_fields > 0 && before == Some(DocMdp::FillAndSign) {
        found.push(Finding::new(Code::CompatNewFields).with(planned.new_fields));
    }
    if planned.fields_of_signature > 1 {
        found.push(Finding::new(Code::CompatSharedValue).with(planned.fields_of_signature));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_where_other_readers_end() {
        let code = |bytes| size(bytes).map(|finding| finding.code);
        assert_eq!(code((1 << 31) - 1), None);
        assert_eq!(code(1 << 31), Some(Code::CompatLarge));
        assert_eq!(code(9_999_999_999), Some(Code::CompatLarge));
        assert_eq!(code(10_000_000_000), Some(Code::CompatTenDigits));
    }
}
