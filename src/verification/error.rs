//! When nothing can be said of a file.

use thiserror::Error as ThisError;

use crate::pdf;

/// Why a file cannot be judged at all. What is wrong with a signature is no error but a finding.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// The file cannot be read as a PDF, or a limit ran out while reading it.
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
    /// The host cancelled the call.
    #[error("cancelled after {done} of {total} bytes, as the host asked")]
    Cancelled {
        /// How many bytes were through.
        done: u64,
        /// How many there are.
        total: u64,
    },
    /// A report is one of another file.
    #[error(
        "the report is of a file of {reported} bytes, this one has {found}: check this file first"
    )]
    OtherFile {
        /// The length that the report has.
        reported: u64,
        /// The length of the file.
        found: u64,
    },
    /// Which bytes a signature covers is not proven.
    #[error(
        "which bytes signature {index} covers is not proven: its /ByteRange is not what it must be"
    )]
    NothingCovered {
        /// Its number in the report.
        index: u64,
    },
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pdf(error) => error.code(),
            Self::Cancelled { .. } => "caller.cancelled",
            Self::OtherFile { .. } => "caller.other_file",
            Self::NothingCovered { .. } => "sig.byte_range",
        }
    }
}
