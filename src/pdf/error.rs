//! What can be wrong with a file.

use thiserror::Error;

use super::encryption::Closed;
use super::object::ObjectId;
use crate::limits::LimitExceeded;

/// Why a file, or an object in it, cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// No `%PDF-` header: the document's fault.
    #[error("not a PDF: no `%PDF-` in the first 1024 of {length} bytes")]
    NotPdf {
        /// Length of the input.
        length: u64,
    },
    /// Bytes that the syntax does not allow.
    #[error("byte {offset}: expected {expected}")]
    Syntax {
        /// Where, from byte 0 of the file or of the decoded object stream.
        offset: u64,
        /// What should have stood there.
        expected: &'static str,
    },
    /// A key that stands twice in one dictionary: two readings of one byte string.
    #[error("byte {offset}: the key /{key} stands twice in one dictionary")]
    DuplicateKey {
        /// Where the second one stands.
        offset: u64,
        /// The key, shortened to 32 characters.
        key: String,
    },
    /// The cross references do not lead to the objects.
    #[error("byte {offset}: {problem}")]
    CrossReference {
        /// Where the cross references go wrong.
        offset: u64,
        /// What is wrong there.
        problem: &'static str,
    },
    /// The object at an offset is not the one that the cross references promise.
    #[error("byte {offset}: the cross references promise object {expected}, found {found}")]
    WrongObject {
        /// Where the object begins.
        offset: u64,
        /// The object that was asked for.
        expected: ObjectId,
        /// The object that stands there.
        found: ObjectId,
    },
    /// An object that the document cannot do without is missing or of another kind.
    #[error("object {object}: {problem}")]
    Structure {
        /// The object in which it was noticed; 0 0 stands for the trailer.
        object: ObjectId,
        /// What is wrong.
        problem: &'static str,
    },
    /// A stream filter failed.
    #[error("object {object}: its stream data cannot be decoded ({problem})")]
    Filter {
        /// The stream.
        object: ObjectId,
        /// What failed.
        problem: &'static str,
    },
    /// The document is encrypted, and the object can be had only with its key.
    #[error("the document is encrypted: {0}")]
    Encrypted(Closed),
    /// The document was opened with the user's password, and its owner forbids what was asked for.
    #[error(
        "the document's permissions do not let its users {action}; open it with the owner's password"
    )]
    NotPermitted {
        /// What is forbidden.
        action: &'static str,
    },
    /// A limit ran out.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// The source could not be read: the environment's fault.
    #[error("byte {offset}: the source failed ({kind})")]
    Source {
        /// Where reading failed.
        offset: u64,
        /// What the source answered.
        kind: std::io::ErrorKind,
    },
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPdf { .. } => "doc.not_pdf",
            Self::Syntax { .. } => "doc.syntax",
            Self::DuplicateKey { .. } => "doc.duplicate_key",
            Self::CrossReference { .. } => "doc.cross_reference",
            Self::WrongObject { .. } => "doc.wrong_object",
            Self::Structure { .. } => "doc.structure",
            Self::Filter { .. } => "doc.filter",
            Self::Encrypted(_) => "doc.encrypted",
            Self::NotPermitted { .. } => "doc.not_permitted",
            Self::Limit(_) => "doc.limit",
            Self::Source { .. } => "environment.source",
        }
    }

    pub(crate) fn structure(object: ObjectId, problem: &'static str) -> Self {
        Self::Structure { object, problem }
    }
}
