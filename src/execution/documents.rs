//! The documents of a contract, as bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Error;
use crate::contract::{Contract, Document, Revised};
use crate::digest::Hasher;
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

    /// The same for one that is encrypted, with the password of its owner or its users.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    pub fn with_password(
        mut self,
        id: DocumentId,
        source: impl Source + 'a,
        limits: Limits,
        password: &pdf::Password,
    ) -> Result<Self, pdf::Error> {
        self.files.insert(id, File::open_with_password(source, limits, password)?);
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

    /// The bytes of one, all of them in memory: copied only from a source that is elsewhere.
    pub(super) fn whole(&self, id: &DocumentId) -> Result<Cow<'_, [u8]>, Error> {
        let source = self.require(id)?.source();
        if let Some(bytes) = source.as_slice() {
            return Ok(Cow::Borrowed(bytes));
        }
        let mut bytes = vec![0; usize::try_from(source.len()).unwrap_or(usize::MAX)];
        let failed = |error: std::io::Error| pdf::Error::Source { offset: 0, kind: error.kind() };
        source.read_at(0, &mut bytes).map_err(failed)?;
        Ok(Cow::Owned(bytes))
    }

    /// That each document of the contract is here with the bytes that the contract knows (R-DOC-06).
    pub(super) fn check(&self, contract: &Contract) -> Result<Hashed, Error> {
        let mut hashed = BTreeMap::new();
        for document in contract.documents() {
            let file = self.require(document.id())?;
            let mut hasher = Hasher::new(document.digest().algorithm());
            file.hash_into(&mut hasher)?;
            hashed.insert(document.id().clone(), hasher.clone());
            let found = hasher.finish();
            if found != *document.digest() {
                return Err(Error::DocumentChanged {
                    document: document.id().clone(),
                    expected: Box::new(*document.digest()),
                    found: Box::new(found),
                });
            }
        }
        Ok(Hashed(hashed))
    }
}

/// The documents of a contract, each hashed once: what is appended continues where they end.
pub(super) struct Hashed(BTreeMap<DocumentId, Hasher>);

impl Hashed {
    /// What a step appends to one of them.
    pub(super) fn append(
        &self,
        (document, file): (&Document, &File<'_>),
        bytes: Vec<u8>,
    ) -> Result<Appended, Error> {
        let id = document.id();
        let missing = || Error::DocumentMissing { document: id.clone() };
        let mut hasher = self.0.get(id).cloned().ok_or_else(missing)?;
        hasher.update(&bytes);
        let (before, after) = (*document.digest(), hasher.finish());
        let revised = Revised { document: id.clone(), before, after };
        Ok(Appended { base_len: file.len(), bytes, revised })
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
