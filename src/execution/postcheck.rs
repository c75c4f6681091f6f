//! That what was made verifies, judged as a stranger's file would be (R-SIGN-13).

use super::Error;
use super::documents::{Appended, Documents};
use crate::contract::Contract;
use crate::identity::DocumentId;
use crate::pdf::File;
use crate::report::{Code, Conclusion, Finding, Report};
use crate::verification::{CheckOptions, check_file};

/// Judges the documents that somebody just signed as they will be; with the last signature all others
/// too. Done with every signature: what nobody could finish any more is refused to whoever made it so.
pub(super) fn postcheck(
    contract: &Contract,
    documents: &Documents<'_>,
    appended: &[Appended],
    is_last: bool,
) -> Result<(), Error> {
    for document in contract.documents() {
        let id = document.id();
        let file = documents.require(id)?;
        match appended.iter().find(|it| it.document() == id) {
            Some(made) => passes(id, &File::extended(file, made.bytes())?)?,
            None if is_last => passes(id, file)?,
            None => {}
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
    let refused = |finding: Option<&Finding>| Error::Postcheck {
        document: document.clone(),
        found: report.conclusion,
        finding: finding.map_or_else(String::new, |finding| finding.message.clone()),
    };
    if !matches!(report.conclusion, Conclusion::Passed | Conclusion::Unsigned) {
        return Err(refused(worst(&report)));
    }
    // A seal that is signed for and seen by nobody.
    let mut findings = report.signatures.iter().flat_map(|signature| &signature.findings);
    match findings.find(|finding| finding.code == Code::AuthorityFaceNotShown) {
        Some(unseen) => Err(refused(Some(unseen))),
        None => Ok(()),
    }
}

/// The most serious finding, the first of its kind.
fn worst(report: &Report) -> Option<&Finding> {
    let of_signatures = report.signatures.iter().flat_map(|signature| &signature.findings);
    let all = report.findings.iter().chain(of_signatures);
    all.reduce(|worst, next| if next.severity > worst.severity { next } else { worst })
}
