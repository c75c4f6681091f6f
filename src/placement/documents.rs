//! The opened documents of a contract.

use std::collections::BTreeMap;

use super::problem::Problem;
use super::text::TextError;
use crate::contract::{Contract, Document, DocumentError, DocumentProblem};
use crate::digest::{Digest, DigestAlgorithm, Hasher};
use crate::geometry::Size;
use crate::identity::{DocumentId, SealId};
use crate::pdf::{self, File};

/// The documents of a contract, opened, and the sizes of the seals it names: what
/// [`resolve`](super::resolve()) looks into.
///
/// ```
/// use sealwright::geometry::{Mm, Size};
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::placement::Documents;
///
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
/// let documents = Documents::default()
///     .with("doc_1".parse()?, &file)
///     .seal_size("seal_1".parse()?, Size::new(Mm(40.0), Mm(40.0))?);
/// assert!(documents.file(&"doc_1".parse()?).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Documents<'f> {
    files: BTreeMap<DocumentId, &'f File<'f>>,
    seal_sizes: BTreeMap<SealId, Size>,
}

impl<'f> Documents<'f> {
    /// With a document.
    #[must_use]
    pub fn with(mut self, id: DocumentId, file: &'f File<'f>) -> Self {
        self.files.insert(id, file);
        self
    }

    /// With the physical size of a seal that a control names. Seals of unknown size are taken to be
    /// 42 mm large, as in the contract's own validation.
    #[must_use]
    pub fn seal_size(mut self, seal: SealId, size: Size) -> Self {
        self.seal_sizes.insert(seal, size);
        self
    }

    /// A document.
    #[must_use]
    pub fn file(&self, id: &DocumentId) -> Option<&'f File<'f>> {
        self.files.get(id).copied()
    }

    /// The sizes of the seals.
    pub(super) fn seal_sizes(&self) -> impl Iterator<Item = (&SealId, Size)> {
        self.seal_sizes.iter().map(|(seal, size)| (seal, *size))
    }

    /// The documents of the contract that are what the contract says: their bytes have the digest
    /// that it knows (R-DOC-06), and the pages are those that it recorded.
    pub(super) fn sound(
        &self,
        contract: &Contract,
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<DocumentId, &'f File<'f>> {
        let mut sound = BTreeMap::new();
        for document in contract.documents() {
            let checked = match self.file(document.id()) {
                Some(file) => check(document, file).map(|()| file),
                None => Err(problem(document, DocumentError::BytesMissing)),
            };
            match checked {
                Ok(file) => {
                    sound.insert(document.id().clone(), file);
                }
                Err(problem) => problems.push(problem),
            }
        }
        sound
    }
}

fn problem(document: &Document, error: DocumentError) -> Problem {
    DocumentProblem { document: document.id().clone(), error }.into()
}

fn check(document: &Document, file: &File<'_>) -> Result<(), Problem> {
    let unreadable = |error| Problem::Unreadable {
        document: document.id().clone(),
        error: Box::new(TextError::Pdf(error)),
    };
    let found = digest_of(file, document.digest().algorithm()).map_err(unreadable)?;
    document.check_digest(&found)?;
    let pages = file.latest().page_geometries().map_err(unreadable)?;
    if pages == document.pages() {
        return Ok(());
    }
    let same = pages.iter().zip(document.pages()).take_while(|(found, known)| found == known);
    let place =
        format!("page {}, which is not the page that the contract recorded", same.count() + 1);
    Err(problem(document, DocumentError::Malformed { place }))
}

/// The digest of a file's bytes.
pub(super) fn digest_of(file: &File<'_>, algorithm: DigestAlgorithm) -> Result<Digest, pdf::Error> {
    let mut hasher = Hasher::new(algorithm);
    file.hash_into(&mut hasher)?;
    Ok(hasher.finish())
}
