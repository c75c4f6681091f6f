//! What is said of encrypted documents (ISO 32000-2 §7.6).

use super::verdict::Verdict;
use crate::pdf::{Closed, File, Protection};
use crate::report::{Code, Finding};

/// Why the objects of a document cannot be read; `None` if they can. Digests and signatures are over
/// raw bytes, and can be judged all the same.
pub(super) fn closed(file: &File<'_>) -> Option<Finding> {
    let Protection::Closed(why) = file.protection() else { return None };
    Some(Finding::new(match why {
        Closed::NoPassword => Code::DocEncrypted,
        Closed::WrongPassword => Code::DocWrongPassword,
        Closed::PublicKey => Code::DocPublicKey,
        _ => Code::DocEncryptionUnknown,
    }))
}

/// Whether a finding is one of [`closed`].
pub(super) fn is_of_closed(code: Code) -> bool {
    matches!(
        code,
        Code::DocEncrypted
            | Code::DocWrongPassword
            | Code::DocPublicKey
            | Code::DocEncryptionUnknown
    )
}

/// Says how the document is encrypted.
pub(super) fn describe(file: &File<'_>, document: &mut Verdict) {
    if let Some(finding) = closed(file) {
        document.doubt(finding);
    }
    if let Protection::Opened(opened) = file.protection() {
        document.note(Finding::new(Code::DocOpened).with(opened.cipher()));
        if !opened.permissions_agree() {
            document.note(Finding::new(Code::DocPermissionsDisagree));
        }
    }
}
