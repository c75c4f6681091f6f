//! What is wrong with the places that a contract names.

use thiserror::Error as ThisError;

use super::keyword::KeywordError;
use super::text::TextError;
use crate::contract::{ControlError, ControlKey, ControlProblem, DocumentProblem};
use crate::geometry::{Overshoot, PageNumber};
use crate::identity::DocumentId;

/// One thing that is wrong; [`resolve`](super::resolve()) tells all of them at once.
///
/// ```
/// use sealwright::contract::{ControlError, ControlKey, ControlProblem};
/// use sealwright::placement::Problem;
/// let control = ControlKey::new("doc_1".parse()?, "seal_a".parse()?);
/// let problem = Problem::from(ControlProblem { control, error: ControlError::KeywordNotFound });
/// assert_eq!(problem.code(), "ctl.keyword_not_found");
/// assert_eq!(problem.document().as_str(), "doc_1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum Problem {
    /// A control cannot be where it wants to be.
    #[error(transparent)]
    Control(#[from] ControlProblem),
    /// A document is not there, or not the one that the contract knows.
    #[error(transparent)]
    Document(#[from] DocumentProblem),
    /// A document cannot be read where it has to be looked into.
    #[error("document {document} cannot be searched: {error}")]
    Unreadable {
        /// The document.
        document: DocumentId,
        /// Why not.
        #[source]
        error: Box<TextError>,
    },
    /// A keyword gives no place.
    #[error("control {control}: {error}")]
    Keyword {
        /// The control.
        control: ControlKey,
        /// Why, with what is nearest to it.
        #[source]
        error: Box<KeywordError>,
    },
    /// The controls have more rectangles than a contract may have.
    #[error(
        "with control {control} the contract has {found} rectangles, at most {most} are taken; place \
         controls on fewer pages, or name fewer matches"
    )]
    TooManyBoxes {
        /// The control with which they became too many; those after it were not looked at.
        control: ControlKey,
        /// How many there are with it.
        found: usize,
        /// The greatest number.
        most: usize,
    },
    /// This build has no text search.
    #[error(
        "control {control} stands by a keyword, and this build cannot search text; enable the \
         feature `text`, or place the control by coordinates"
    )]
    NoTextSearch {
        /// The control.
        control: ControlKey,
    },
}

impl Problem {
    /// A stable name of the kind of problem, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Control(problem) => problem.code(),
            Self::Document(problem) => problem.code(),
            Self::Unreadable { error, .. } => error.code(),
            Self::Keyword { error, .. } => error.code(),
            Self::TooManyBoxes { .. } => "con.setting_invalid",
            Self::NoTextSearch { .. } => "ctl.keyword_not_found",
        }
    }

    /// The document in which it is.
    #[must_use]
    pub fn document(&self) -> &DocumentId {
        match self {
            Self::Control(ControlProblem { control, .. })
            | Self::Keyword { control, .. }
            | Self::TooManyBoxes { control, .. }
            | Self::NoTextSearch { control } => &control.document,
            Self::Document(DocumentProblem { document, .. })
            | Self::Unreadable { document, .. } => document,
        }
    }

    /// The control, where it is one.
    #[must_use]
    pub fn control(&self) -> Option<&ControlKey> {
        match self {
            Self::Control(ControlProblem { control, .. })
            | Self::Keyword { control, .. }
            | Self::TooManyBoxes { control, .. }
            | Self::NoTextSearch { control } => Some(control),
            Self::Document(_) | Self::Unreadable { .. } => None,
        }
    }

    /// The page, where it is on one.
    #[must_use]
    pub fn page(&self) -> Option<PageNumber> {
        match self {
            Self::Control(ControlProblem {
                error:
                    ControlError::OutOfPage { page, .. }
                    | ControlError::Degenerate { page, .. }
                    | ControlError::KeywordNoTextLayer { page },
                ..
            }) => Some(*page),
            Self::Keyword { error, .. } => match &**error {
                KeywordError::NoTextLayer { page } => Some(*page),
                _ => None,
            },
            _ => None,
        }
    }

    /// Which sides of the page are crossed, and by how much, where that is the problem (R-CTL-04).
    #[must_use]
    pub fn sides(&self) -> Option<&Overshoot> {
        match self {
            Self::Control(ControlProblem { error: ControlError::OutOfPage { by, .. }, .. }) => {
                Some(by)
            }
            _ => None,
        }
    }
}
