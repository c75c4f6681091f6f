//! Why a document cannot be part of a contract.

use thiserror::Error as ThisError;

use crate::digest::Digest;
use crate::identity::DocumentId;

/// Why a document cannot be part of a contract (`doc.*` of §3.9).
///
/// ```
/// use sealwright::contract::DocumentError;
/// assert_eq!(DocumentError::Xfa.code(), "doc.xfa");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum DocumentError {
    /// The contract has none.
    #[error("the contract has no document; attach one")]
    Missing,
    /// Nobody gave the digest of its bytes.
    #[error("nobody gave the digest of its bytes; load them")]
    BytesMissing,
    /// R-DOC-01, R-DOC-05.
    #[error("it is {found} by its content, not a PDF; convert it first")]
    NotPdf {
        /// What it is: `an image`, `a word processor's file`, …
        found: &'static str,
    },
    /// R-DOC-01.
    #[error("it has {length} bytes, the most are {most}; make it smaller")]
    TooLarge {
        /// How many it has.
        length: u64,
        /// How many it may have.
        most: u64,
    },
    /// R-DOC-02.
    #[error("it is encrypted and {why}; give the owner's password or an open copy")]
    Encrypted {
        /// Why it cannot be signed: `no password opened it`, …
        why: &'static str,
    },
    /// R-DOC-03.
    #[error("it is damaged at {place}; have it written anew by the program that made it")]
    Malformed {
        /// Where: a byte offset, an object, or `xref`.
        place: String,
    },
    /// R-DOC-03.
    #[error("it goes beyond the limit of {which}; simplify it, or raise the limit")]
    Limit {
        /// Which limit: `pages`, `objects`, `depth`, `inflated bytes`.
        which: String,
    },
    /// R-DOC-04.
    #[error("a signature made elsewhere forbids further signing; ask for a copy without it")]
    CertifiedLocked,
    /// R-DOC-07.
    #[error("its form is XFA, whose pages are not what is signed; have it flattened")]
    Xfa,
    /// R-DOC-06.
    #[error(
        "its bytes have the digest {found:?}, the contract knows {expected:?}; fetch them anew"
    )]
    HashMismatch {
        /// What the contract knows.
        expected: Box<Digest>,
        /// What was found.
        found: Box<Digest>,
    },
}

impl DocumentError {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing | Self::BytesMissing => "doc.missing",
            Self::NotPdf { .. } => "doc.not_pdf",
            Self::TooLarge { .. } => "doc.too_large",
            Self::Encrypted { .. } => "doc.encrypted",
            Self::Malformed { .. } => "doc.malformed",
            Self::Limit { .. } => "doc.limit",
            Self::CertifiedLocked => "doc.certified_locked",
            Self::Xfa => "doc.xfa",
            Self::HashMismatch { .. } => "doc.hash_mismatch",
        }
    }

    /// The same error, told of one document.
    pub(in crate::contract) fn of(self, document: DocumentId) -> DocumentProblem {
        DocumentProblem { document, error: self }
    }
}

/// What is wrong with one document.
///
/// ```
/// use sealwright::contract::{DocumentError, DocumentProblem};
/// let problem = DocumentProblem { document: "doc_1".parse()?, error: DocumentError::Xfa };
/// assert!(problem.to_string().starts_with("document doc_1: its form is XFA"));
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[error("document {document}: {error}")]
pub struct DocumentProblem {
    /// The document.
    pub document: DocumentId,
    /// What is wrong.
    #[source]
    pub error: DocumentError,
}

impl DocumentProblem {
    /// The stable name of the kind of error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.error.code()
    }
}
