//! The one public error: what the paved path can fail with, by the stage that failed.

use thiserror::Error as ThisError;

/// Whatever a stage of the engine refused, for hosts that handle all of them alike.
///
/// Each stage has an error of its own with the values that disagree; this one only collects them,
/// so that `?` works across stages. [`Error::code`] is stable.
///
/// ```
/// use sealwright::Error;
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
///
/// fn open(bytes: &[u8]) -> Result<File<'_>, Error> {
///     Ok(File::open(bytes, Limits::default())?)
/// }
/// assert_eq!(open(b"no PDF at all").unwrap_err().code(), "doc.not_pdf");
/// ```
#[derive(Debug, ThisError)]
#[non_exhaustive]
pub enum Error {
    /// A text is not the value that it should be.
    #[error(transparent)]
    Identity(#[from] crate::identity::Error),
    /// A trail is not what it should be.
    #[error(transparent)]
    Audit(#[from] crate::audit::Error),
    /// The state has moved on since it was looked at.
    #[error(transparent)]
    Stale(#[from] crate::decision::Stale),
    /// An event or a decision does not follow from the state.
    #[error(transparent)]
    Replay(#[from] crate::decision::ReplayError),
    /// An organization, an employee or an entitlement refuses.
    #[error(transparent)]
    Organization(#[from] crate::organization::Error),
    /// A contract refuses.
    #[error(transparent)]
    Contract(#[from] crate::contract::Error),
    /// A seal or a grant refuses.
    #[error(transparent)]
    Authorization(#[from] crate::authorization::Error),
    /// A meeting refuses.
    #[error(transparent)]
    Ceremony(#[from] crate::ceremony::Error),
    /// The document cannot be read.
    #[error(transparent)]
    Pdf(#[from] crate::pdf::Error),
    /// A certificate, key or CMS cannot be read.
    #[error(transparent)]
    Pki(#[from] crate::pki::Error),
    /// A length, box or rotation describes nothing.
    #[error(transparent)]
    Geometry(#[from] crate::geometry::Error),
    /// A seal cannot stand where it is wanted.
    #[error(transparent)]
    Placement(#[from] crate::placement::Error),
    /// A picture cannot become a seal.
    #[error(transparent)]
    Appearance(#[from] crate::appearance::Error),
    /// The document cannot take the signature.
    #[error(transparent)]
    Update(#[from] crate::update::Error),
    /// Signing failed.
    #[error(transparent)]
    Signing(#[from] crate::signing::Error),
    /// Nothing can be said of a document.
    #[error(transparent)]
    Verification(#[from] crate::verification::Error),
    /// A contract cannot be executed further.
    #[error(transparent)]
    Execution(#[from] crate::execution::Error),
}

impl Error {
    /// The stable code of the stage's own error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Identity(error) => error.code(),
            Self::Audit(error) => error.code(),
            Self::Stale(error) => error.code(),
            Self::Replay(error) => error.code(),
            Self::Organization(error) => error.code(),
            Self::Contract(error) => error.code(),
            Self::Authorization(error) => error.code(),
            Self::Ceremony(error) => error.code(),
            Self::Pdf(error) => error.code(),
            Self::Pki(error) => error.code(),
            Self::Geometry(error) => error.code(),
            Self::Placement(error) => error.code(),
            Self::Appearance(error) => error.code(),
            Self::Update(error) => error.code(),
            Self::Signing(error) => error.code(),
            Self::Verification(error) => error.code(),
            Self::Execution(error) => error.code(),
        }
    }
}
