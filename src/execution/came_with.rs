//! What documents bring along that speaks against a start: signatures that do not pass, and what nobody
//! acknowledged.

use std::collections::BTreeSet;

use super::Error;
use crate::contract::{Contract, Document, PreparedContent, WarningCode};
use crate::inspection::{PreparedContents, active_content, prepared_content};
use crate::pdf::File;
use crate::report::{Code, Conclusion, Finding, Report};
use crate::verification::{CheckOptions, check_file};

/// Judges a document as it was handed in. What its earlier signatures leave open would be found after
/// the first signature of the contract, and could not be mended any more (R-SIGN-13).
pub(super) fn check(
    contract: &Contract,
    document: &Document,
    file: &File<'_>,
) -> Result<(), Error> {
    // Whom the host trusts is his matter: nobody is asked here.
    let options = CheckOptions::without_trust().limits(file.limits().clone());
    let report = check_file(file, &options).map_err(|source| Error::Verification {
        document: document.id().clone(),
        source: Box::new(source),
    })?;
    acknowledged(contract, (document, file), &report)?;
    match report.conclusion {
        Conclusion::Passed | Conclusion::Unsigned => Ok(()),
        Conclusion::Indeterminate | Conclusion::Failed => Err(unsound(document, &report)),
    }
}

/// That the warnings were acknowledged for which the bytes give cause, whatever the host said of the
/// document when it was taken in (R-DOC-04, R-DOC-07).
fn acknowledged(
    contract: &Contract,
    (document, file): (&Document, &File<'_>),
    report: &Report,
) -> Result<(), Error> {
    let mut codes = BTreeSet::new();
    if !report.signatures.is_empty() {
        codes.insert(WarningCode::DocumentHasSignatures);
    }
    if !active_content(&file.latest())?.kinds().is_empty() {
        codes.insert(WarningCode::DocumentActiveContent);
    }
    let prepared = prepared_content(&file.latest())?;
    codes.extend(warned_of(&prepared).into_iter().map(WarningCode::DocumentPrepared));
    codes.retain(|code| !contract.acknowledged().contains(code));
    if codes.is_empty() {
        return Ok(());
    }
    let is_open = |finding: &&Finding| {
        told(finding.code).is_some_and(|kind| codes.contains(&WarningCode::DocumentPrepared(kind)))
    };
    let places = prepared.findings().iter().filter(is_open).cloned().collect();
    let codes = codes.into_iter().collect();
    Err(Error::WarningsOpen { document: document.id().clone(), codes, places })
}

/// What the contract calls that of which the lint warns.
pub(super) fn warned_of(prepared: &PreparedContents) -> BTreeSet<PreparedContent> {
    prepared.warnings().into_iter().filter_map(told).collect()
}

/// Both lists spell a kind alike: `prep.hidden_text` is `W-PREP-HIDDEN-TEXT`.
fn told(code: Code) -> Option<PreparedContent> {
    let name = code.as_str().strip_prefix("prep.")?;
    let spelt = format!("W-PREP-{}", name.to_ascii_uppercase().replace('_', "-"));
    PreparedContent::ALL.iter().copied().find(|kind| kind.code() == spelt)
}

/// The signature that speaks against it most, and what is found of it.
fn unsound(document: &Document, report: &Report) -> Error {
    let worst = report
        .signatures
        .iter()
        .reduce(|worst, next| if next.conclusion > worst.conclusion { next } else { worst });
    let own = worst.map_or(&[][..], |signature| &signature.findings);
    let all = own.iter().chain(&report.findings);
    let why = all.reduce(|most, next| if next.severity > most.severity { next } else { most });
    Error::CameUnsound {
        document: document.id().clone(),
        signature: worst.map_or(0, |signature| signature.index),
        field: worst.map_or_else(String::new, |signature| signature.field.clone()),
        found: report.conclusion,
        finding: why.map_or_else(String::new, |finding: &Finding| finding.message.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Severity;

    #[test]
    fn r_doc_07_whatever_the_lint_warns_of_can_be_acknowledged() {
        let warnings = Code::ALL.iter().filter(|code| code.as_str().starts_with("prep."));
        let warnings = warnings.filter(|code| code.severity() == Severity::Warning);
        let told: BTreeSet<PreparedContent> = warnings
            .map(|code| told(*code).unwrap_or_else(|| panic!("{code} cannot be acknowledged")))
            .collect();
        assert_eq!(told.len(), PreparedContent::ALL.len());
    }
}
