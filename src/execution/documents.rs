//! The documents of a contract, as bytes.

use std::collections::BTreeMap;

use super::Error;
use crate::contract::{Contract, Revised};
use crate::digest::{Digest, DigestAlgorithm, Hasher};
use crate::identity::DocumentId;
use crate::limits::Limits;
use crate::pdf::{self, File, Source};

/// The newest bytes of the documents of one contract, opened.
///
/// ```
/// use sealwright::execution::Documents;
/// use sealwright::limits::Limits;
/// let bytes = sealwright_testdata::documents::classic_table();
/// let documents = Documents::new().with("doc_1".parse()?, &bytes, Limits::default())?;
/// assert!(documents.file(&"doc_1".parse()?).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Documents<'a> {
    files: BTreeMap<DocumentId, File<'a>>,
}

impl<'a> Documents<'a> {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With the bytes of one; they are borrowed, not copied.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn with(
        mut self,
        id: DocumentId,
        source: impl Source + 'a,
        limits: Limits,
    ) -> Result<Self, pdf::Error> {
        self.files.insert(id, File::open(source, limits)?);
        Ok(self)
    }

    /// One of them.
    #[must_use]
    pub fn file(&self, id: &DocumentId) -> Option<&File<'a>> {
        self.files.get(id)
    }

    pub(super) fn require(&self, id: &DocumentId) -> Result<&File<'a>, Error> {
        self.files.get(id).ok_or_else(|| Error::DocumentMissing { document: id.clone() })
    }

    /// That each document of the contract is here with the bytes that the contract knows (R-DOC-06).
    pub(super) fn check(&self, contract: &Contract) -> Result<(), Error> {
        for document in contract.documents() {
            let file = self.require(document.id())?;
            let found = digest_of(file, &[], document.digest().algorithm())?;
            if found != *document.digest() {
                return Err(Error::DocumentChanged {
                    document: document.id().clone(),
                    expected: Box::new(*document.digest()),
                    found: Box::new(found),
                });
            }
        }
        Ok(())
    }
}

/// What a step appends to one document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the document lacks these bytes until they are appended"]
pub struct Appended {
    pub(super) base_len: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) revised: Revised,
}

impl Appended {
    pub(super) fn to(
        file: &File<'_>,
        (document, before): (&DocumentId, Digest),
        bytes: Vec<u8>,
    ) -> Result<Self, Error> {
        let after = digest_of(file, &bytes, before.algorithm())?;
        let revised = Revised { document: document.clone(), before, after };
        Ok(Self { base_len: file.len(), bytes, revised })
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &DocumentId {
        &self.revised.document
    }

    /// How long the document was: the bytes go there.
    #[must_use]
    pub fn base_len(&self) -> u64 {
        self.base_len
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The digests of the document before and after.
    #[must_use]
    pub fn revised(&self) -> &Revised {
        &self.revised
    }
}

/// The digest of a file with something behind it.
fn digest_of(
    file: &File<'_>,
    appended: &[u8],
    algorithm: DigestAlgorithm,
) -> Result<Digest, Error> {
    let mut hasher = Hasher::new(algorithm);
    file.hash_into(&mut hasher)?;
    hasher.update(appended);
    Ok(hasher.finish())
}
