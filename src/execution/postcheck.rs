//! That what was made verifies, judged as a stranger's file would be (R-SIGN-13).

use super::Error;
use super::documents::{Appended, Documents};
use crate::contract::Contract;
use crate::identity::DocumentId;
use crate::pdf::File;
use crate::report::{Conclusion, Finding, Report};
use crate::verification::{CheckOptions, check_file};

/// Judges every document of a contract as it will be.
pub(super) fn postcheck(
    contract: &Contract,
    documents: &Documents<'_>,
    appended: &[Appended],
) -> Result<(), Error> {
    for document in contract.documents() {
        let id = document.id();
        let file = documents.require(id)?;
        match appended.iter().find(|it| it.document() == id) {
            Some(made) => passes(id, &File::extended(file, made.bytes())?)?,
            None => passes(id, file)?,
        }
    }
    Ok(())
}

/// Whom the host trusts is his matter: nobody is asked here.
fn passes(document: &DocumentId, file: &File<'_>) -> Result<(), Error> {
    let options = CheckOptions::without_trust().limits(file.limits().clone());
    let report = check_file(file, &options).map_err(|source| Error::Verification {
        document: document.clone(),
        source: Box::new(source),
    })?;
    match report.conclusion {
        Conclusion::Passed | Conclusion::Unsigned => Ok(()),
        found => Err(Error::Postcheck {
            document: document.clone(),
            found,
            finding: worst(&report).map_or_else(String::new, |finding| finding.message.clone()),
        }),
    }
}

/// The most serious finding, the first of its kind.
fn worst(report: &Report) -> Option<&Finding> {
    let of_signatures = report.signatures.iter().flat_map(|signature| &signature.findings);
    let all = report.findings.iter().chain(of_signatures);
    all.reduce(|worst, next| if next.severity > worst.severity { next } else { worst })
}
