//! The documents of a contract: what has to be known of their bytes (R-DOC-01 to R-DOC-07).

mod error;
mod intake;
#[cfg(test)]
mod intake_tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::closing::ClosingStamp;
use super::warning::{Warning, WarningCode};
use crate::digest::Digest;
use crate::geometry::{PageGeometry, PageNumber};
use crate::identity::DocumentId;

pub use error::{DocumentError, DocumentProblem};
pub use intake::{
    ActiveContent, ChangesAllowed, Content, DocumentIntake, Encryption, IntakeLimits, PdfFacts,
};

/// A document of a contract (合同文件): its bytes stay with the host.
///
/// Made by [`DocumentIntake::accept`] from what the host found in the bytes.
///
/// ```
/// use sealwright::contract::{DocumentIntake, IntakeLimits, PdfFacts};
/// use sealwright::digest::{Digest, DigestAlgorithm};
/// use sealwright::geometry::PageGeometry;
/// let a4 = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0)?;
/// let digest = Digest::of(DigestAlgorithm::Sha256, b"%PDF-1.7 ...");
/// let intake = DocumentIntake::pdf("doc_1".parse()?, 12, digest, PdfFacts::of_pages(vec![a4; 3]));
/// let document = intake.accept(&IntakeLimits::default()).map_err(|errors| errors[0].clone())?;
/// assert_eq!(document.page_count(), 3);
/// assert!(document.check_digest(&digest).is_ok());
/// let other = Digest::of(DigestAlgorithm::Sha256, b"%PDF-1.4 ...");
/// assert_eq!(document.check_digest(&other).unwrap_err().code(), "doc.hash_mismatch");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    id: DocumentId,
    name: String,
    length: u64,
    original: Digest,
    digest: Digest,
    pages: Vec<PageGeometry>,
    warnings: BTreeSet<WarningCode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    closed_by: Option<ClosingStamp>,
}

impl Document {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &DocumentId {
        &self.id
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many bytes it had when it was attached.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The digest of the bytes as they were attached.
    #[must_use]
    pub fn original(&self) -> &Digest {
        &self.original
    }

    /// The digest of the bytes as they are now: with everything that was appended.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The time-stamp that closes it, once the contract is complete and its host had one made.
    #[must_use]
    pub fn closed_by(&self) -> Option<&ClosingStamp> {
        self.closed_by.as_ref()
    }

    /// Its pages, in order.
    #[must_use]
    pub fn pages(&self) -> &[PageGeometry] {
        &self.pages
    }

    /// How many pages it has.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        u32::try_from(self.pages.len()).unwrap_or(u32::MAX)
    }

    /// A page.
    #[must_use]
    pub fn page(&self, number: PageNumber) -> Option<&PageGeometry> {
        self.pages.get(usize::try_from(number.pages_before()).ok()?)
    }

    /// What has to be acknowledged of it (R-DOC-04, R-DOC-07).
    pub fn warnings(&self) -> impl Iterator<Item = Warning> + '_ {
        self.warnings.iter().filter_map(|code| match code {
            WarningCode::DocumentHasSignatures => {
                Some(Warning::DocumentHasSignatures { document: self.id.clone() })
            }
            WarningCode::DocumentActiveContent => {
                Some(Warning::DocumentActiveContent { document: self.id.clone() })
            }
            WarningCode::DocumentPrepared(kind) => {
                Some(Warning::DocumentPrepared { document: self.id.clone(), kind: *kind })
            }
            _ => None,
        })
    }

    /// Whether these are the bytes that the contract knows (R-DOC-06).
    ///
    /// # Errors
    ///
    /// [`DocumentError::HashMismatch`].
    pub fn check_digest(&self, found: &Digest) -> Result<(), DocumentProblem> {
        if *found == self.digest {
            return Ok(());
        }
        let error = DocumentError::HashMismatch {
            expected: Box::new(self.digest),
            found: Box::new(*found),
        };
        Err(error.of(self.id.clone()))
    }

    /// The event says that bytes were appended.
    pub(in crate::contract) fn advance(&mut self, digest: Digest) {
        self.digest = digest;
    }

    /// The event says that a time-stamp was appended.
    pub(in crate::contract) fn close(&mut self, stamp: ClosingStamp) {
        self.digest = stamp.revised.after;
        self.closed_by = Some(stamp);
    }
}
