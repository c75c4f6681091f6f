//! Taking a document in: what the host found in the bytes, judged.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::prepared_content::PreparedContent;
use super::super::warning::WarningCode;
use super::{Document, DocumentError, DocumentProblem};
use crate::digest::Digest;
use crate::geometry::PageGeometry;
use crate::identity::DocumentId;

/// What a contract takes in, unless the host says otherwise (§2.5.1, R-DOC-03).
///
/// ```
/// use sealwright::contract::IntakeLimits;
/// assert_eq!(IntakeLimits::default().most_bytes, 60 << 20);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakeLimits {
    /// The most bytes: 60 MB.
    pub most_bytes: u64,
    /// The most pages: 2000.
    pub most_pages: u32,
}

impl Default for IntakeLimits {
    fn default() -> Self {
        Self { most_bytes: 60 << 20, most_pages: 2000 }
    }
}

/// How a document is encrypted (R-DOC-02).
///
/// ```
/// use sealwright::contract::Encryption;
/// assert_ne!(Encryption::None, Encryption::Opened { may_sign: true });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encryption {
    /// Not at all.
    #[default]
    None,
    /// A password opened it.
    Opened {
        /// Whether its permissions allow signing.
        may_sign: bool,
    },
    /// No password opened it.
    Closed,
}

/// What earlier signatures still allow (R-DOC-04).
///
/// ```
/// assert_eq!(
///     sealwright::contract::ChangesAllowed::default(),
///     sealwright::contract::ChangesAllowed::Signing,
/// );
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChangesAllowed {
    /// Further signatures, at least.
    #[default]
    Signing,
    /// No change at all (DocMDP level 1).
    Nothing,
}

/// What may change what a document shows, or run when it is opened (R-DOC-07).
///
/// ```
/// use sealwright::contract::ActiveContent;
/// assert!(ActiveContent::Script < ActiveContent::LaunchAction);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ActiveContent {
    /// A script.
    Script,
    /// An action that starts a program.
    LaunchAction,
    /// A file inside.
    EmbeddedFile,
}

/// What the host, or the engine's own reader, found in a PDF.
///
/// ```
/// use sealwright::contract::{Encryption, PdfFacts};
/// let facts = PdfFacts { encryption: Encryption::Closed, ..PdfFacts::of_pages(vec![]) };
/// assert_eq!(facts.signatures, 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PdfFacts {
    /// Its pages, in order.
    pub pages: Vec<PageGeometry>,
    /// How it is encrypted.
    pub encryption: Encryption,
    /// Where it is damaged, if it is: also a file that was readable only after repair, since such a
    /// file is never signed.
    pub malformed: Option<String>,
    /// Which limit of the reader ran out, if one did.
    pub limit: Option<String>,
    /// How many signatures it carries.
    pub signatures: u32,
    /// What they still allow.
    pub changes: ChangesAllowed,
    /// What in it is active.
    pub active: BTreeSet<ActiveContent>,
    /// What in it may be made for a later swap.
    pub prepared: BTreeSet<PreparedContent>,
    /// Whether its form is XFA.
    pub xfa: bool,
}

impl PdfFacts {
    /// A plain PDF of these pages.
    #[must_use]
    pub fn of_pages(pages: Vec<PageGeometry>) -> Self {
        Self { pages, ..Self::default() }
    }
}

/// What the bytes are, by content and not by name.
///
/// ```
/// use sealwright::contract::Content;
/// let content = Content::Other("an image");
/// assert_ne!(content, Content::Other("a word processor's file"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// A PDF.
    Pdf(PdfFacts),
    /// Something else, said in words. Converting it is the host's.
    Other(&'static str),
}

/// A document that is handed in, and what was found in it.
///
/// ```
/// use sealwright::contract::{Content, DocumentIntake, IntakeLimits};
/// use sealwright::digest::{Digest, DigestAlgorithm};
/// let digest = Digest::of(DigestAlgorithm::Sha256, b"PK...");
/// let content = Content::Other("a word processor's file");
/// let intake = DocumentIntake::new("doc_1".parse()?, 5, digest, content);
/// let errors = intake.accept(&IntakeLimits::default()).unwrap_err();
/// assert_eq!(errors[0].code(), "doc.not_pdf");
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentIntake {
    id: DocumentId,
    name: String,
    length: u64,
    digest: Digest,
    content: Content,
}

impl DocumentIntake {
    /// Bytes of this length and digest, that are this.
    #[must_use]
    pub fn new(id: DocumentId, length: u64, digest: Digest, content: Content) -> Self {
        Self { id, name: String::new(), length, digest, content }
    }

    /// A PDF of this length and digest, in which this was found.
    #[must_use]
    pub fn pdf(id: DocumentId, length: u64, digest: Digest, facts: PdfFacts) -> Self {
        Self::new(id, length, digest, Content::Pdf(facts))
    }

    /// With a name for people.
    #[must_use]
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// What was found in it.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The digest of its bytes.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// The document, with the warnings that have to be acknowledged before the start.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, not the first only (R-DOC-01 to R-DOC-05, R-DOC-07).
    pub fn accept(self, limits: &IntakeLimits) -> Result<Document, Vec<DocumentProblem>> {
        let errors = self.errors(limits);
        match self.content {
            Content::Pdf(facts) if errors.is_empty() => Ok(Document {
                warnings: warnings(&facts),
                id: self.id,
                name: self.name,
                length: self.length,
                original: self.digest,
                digest: self.digest,
                pages: facts.pages,
                closed_by: None,
            }),
            _ => Err(errors.into_iter().map(|error| error.of(self.id.clone())).collect()),
        }
    }

    fn errors(&self, limits: &IntakeLimits) -> Vec<DocumentError> {
        let mut errors = Vec::new();
        if self.length > limits.most_bytes {
            let (length, most) = (self.length, limits.most_bytes);
            errors.push(DocumentError::TooLarge { length, most });
        }
        match &self.content {
            Content::Other(found) => errors.push(DocumentError::NotPdf { found }),
            Content::Pdf(facts) => errors.extend(pdf_errors(facts, limits)),
        }
        errors
    }
}

fn pdf_errors(facts: &PdfFacts, limits: &IntakeLimits) -> Vec<DocumentError> {
    let why = match facts.encryption {
        Encryption::None | Encryption::Opened { may_sign: true } => None,
        Encryption::Opened { may_sign: false } => Some("its permissions forbid signing"),
        Encryption::Closed => Some("no password opened it"),
    };
    let pages = u32::try_from(facts.pages.len()).unwrap_or(u32::MAX);
    // What cannot be opened shows no pages; that is no second fault.
    let unread = facts.limit.is_some()
        || facts.malformed.is_some()
        || facts.encryption == Encryption::Closed;
    let no_page = (pages == 0 && !unread).then(|| "the page tree: it has no page".to_owned());
    let too_many = (pages > limits.most_pages).then(|| format!("{} pages", limits.most_pages));
    [
        why.map(|why| DocumentError::Encrypted { why }),
        facts.limit.clone().or(too_many).map(|which| DocumentError::Limit { which }),
        facts.malformed.clone().or(no_page).map(|place| DocumentError::Malformed { place }),
        (facts.changes == ChangesAllowed::Nothing).then_some(DocumentError::CertifiedLocked),
        facts.xfa.then_some(DocumentError::Xfa),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn warnings(facts: &PdfFacts) -> BTreeSet<WarningCode> {
    let signed = (facts.signatures > 0).then_some(WarningCode::DocumentHasSignatures);
    let active = (!facts.active.is_empty()).then_some(WarningCode::DocumentActiveContent);
    let prepared = facts.prepared.iter().copied().map(WarningCode::DocumentPrepared);
    signed.into_iter().chain(active).chain(prepared).collect()
}
