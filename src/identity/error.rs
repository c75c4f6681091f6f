//! Why a text is not the value it should be.

use thiserror::Error as ThisError;

/// Why a text is not the value it should be. It never holds the text.
///
/// ```
/// use sealwright::identity::SealId;
/// let error = "two\nlines".parse::<SealId>().unwrap_err();
/// assert_eq!(error.code(), "identity.id_invalid");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// An id is empty, too long or holds control characters.
    #[error("{what} of {length} bytes is none: give 1 to {most} bytes without control characters")]
    Id {
        /// Which id.
        what: &'static str,
        /// The length of the text.
        length: usize,
        /// The longest that is accepted.
        most: usize,
    },
    /// The name of an actor has no known prefix.
    #[error("an actor is written as e:, p:, h: and an id, or as system; this text is not")]
    Actor,
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Id { .. } => "identity.id_invalid",
            Self::Actor => "identity.actor_invalid",
        }
    }
}
