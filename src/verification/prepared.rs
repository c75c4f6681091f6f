//! Stage 7, prepared: what in a signed revision looks made for a later swap.
//!
//! It is no fault of a signature by itself. Together with a later change of the very object that was
//! prepared it is more than chance: then nothing is vouched for.

use std::collections::BTreeSet;

use super::verdict::Verdict;
use crate::inspection::prepared_content;
use crate::pdf::{Error, File};
use crate::report::{Code, Finding, Severity, SignatureReport};

/// Looks at what the first and the last signature were put under.
///
/// # Errors
///
/// Only what ends everything: a limit, or the source.
pub(super) fn look(
    file: &File<'_>,
    revisions: impl Iterator<Item = usize>,
    signatures: &[SignatureReport],
    document: &mut Verdict,
) -> Result<(), Error> {
    let signed: BTreeSet<usize> = revisions.collect();
    let changed: BTreeSet<&str> = signatures
        .iter()
        .flat_map(|signature| &signature.modification.changes)
        .filter_map(|change| change.object.as_deref())
        .collect();
    let mut told: Vec<Finding> = Vec::new();
    for number in [signed.first(), signed.last()].into_iter().flatten() {
        let Some(revision) = file.revision(*number) else { continue };
        let prepared = match prepared_content(&revision) {
            Ok(prepared) => prepared,
            Err(error @ (Error::Limit(_) | Error::Source { .. })) => return Err(error),
            Err(_) => {
                document.note(Finding::new(Code::PrepUnreadable));
                continue;
            }
        };
        for finding in prepared.findings() {
            let weighs = finding.severity >= Severity::Warning;
            if !weighs || told.contains(finding) {
                continue;
            }
            told.push(finding.clone());
            let object = finding.object.as_deref();
            match object.is_some_and(|object| changed.contains(object)) {
                true => document.doubt(finding.clone()),
                false => document.note(finding.clone()),
            }
        }
    }
    Ok(())
}
