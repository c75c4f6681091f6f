//! Why a signature was not made.

use thiserror::Error;

use super::SignerError;
use crate::contract::ControlError;
use crate::{pki, placement, update};

/// Why a document was not signed. It is unchanged in every case.
///
/// ```
/// use sealwright::signing::{Error, SignerError, SignerFault};
/// let error = Error::from(SignerError::new(SignerFault::Declined));
/// assert_eq!(error.code(), "sign.backend");
/// ```
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The update could not be prepared or embedded.
    #[error(transparent)]
    Update(#[from] update::Error),
    /// The place for the seal cannot be met.
    #[error(transparent)]
    Placement(#[from] placement::Error),
    /// A set of pages, or a cross-page seal, cannot be met.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// One page and several.
    #[error("the seal goes on one page or on several: leave `page` or `pages` out")]
    PageAndPages,
    /// Certificates, key or CMS are not usable.
    #[error(transparent)]
    Pki(#[from] pki::Error),
    /// The signer did not sign.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// Neither a face nor the word that there is none.
    #[error("say what is to be seen: a face, or `invisible()`")]
    NothingToShow,
    /// A registered seal and another drawing for the same field.
    #[error("a field shows a face or a drawing, not both: leave one of them out")]
    FaceAndDrawing,
    /// A face and the word that there is none.
    #[error("an invisible signature has no face, page, position or width: leave them out")]
    InvisibleWithFace,
    /// A page without position, or a position without page.
    #[error("a place takes both: a page and a position on it")]
    HalfAPlace,
    /// The signature value or CMS does not verify: wrong key, wrong message, or damaged.
    #[error("the answer of the signer does not verify over this document: {reason}")]
    DoesNotVerify {
        /// What the check found.
        reason: String,
    },
    /// The CMS was made with another certificate than the one that was described.
    #[error("the CMS was signed with another certificate than the one described")]
    OtherCertificate,
    /// The CMS has attributes that the profile forbids, or lacks some.
    #[error("the CMS does not keep the rules of {profile}: {problem}")]
    Profile {
        /// `/SubFilter` of the signature.
        profile: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// The answer was larger than the gap, and the signer may not be asked again, or was asked too
    /// often. Nothing is cut.
    #[error(
        "the signature takes {needed} bytes, {reserved} were reserved; let the signer declare its \
         largest CMS"
    )]
    DoesNotFit {
        /// Its size in bytes.
        needed: usize,
        /// The size of the gap in bytes.
        reserved: usize,
    },
    /// The key for tickets is too short to protect anything.
    #[error("the key for tickets has {length} bytes; give at least {minimum} random ones")]
    TicketKey {
        /// Its length.
        length: usize,
        /// The least that is accepted.
        minimum: usize,
    },
    /// The ticket is not one, was changed, or is of another key.
    #[error("the ticket cannot be trusted: {problem}; prepare the document again")]
    Ticket {
        /// What is wrong.
        problem: &'static str,
    },
    /// The ticket is of a version that this release does not read.
    #[error("the ticket has version {version}, this release reads {supported}; prepare again")]
    TicketVersion {
        /// Its version.
        version: u16,
        /// The version that is read.
        supported: u16,
    },
    /// The time to sign is over.
    #[error("the ticket expired at {expired} (Unix time), it is {now}; prepare the document again")]
    TicketExpired {
        /// When it expired.
        expired: i64,
        /// The time that was given.
        now: i64,
    },
    /// The document is not the one that was prepared.
    #[error("the document changed since the ticket was made: {what}; prepare it again")]
    DocumentChanged {
        /// What is different.
        what: &'static str,
    },
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Update(error) => error.code(),
            Self::Placement(error) => error.code(),
            Self::Control(error) => error.code(),
            Self::PageAndPages => "sign.page_and_pages",
            Self::Pki(error) => error.code(),
            Self::Signer(_) => "sign.backend",
            Self::NothingToShow => "sign.nothing_to_show",
            Self::FaceAndDrawing => "sign.face_and_drawing",
            Self::InvisibleWithFace => "sign.invisible_with_face",
            Self::HalfAPlace => "sign.no_place",
            Self::DoesNotVerify { .. } => "sign.does_not_verify",
            Self::OtherCertificate => "sign.other_certificate",
            Self::Profile { .. } => "sign.profile",
            Self::DoesNotFit { .. } => "sign.does_not_fit",
            Self::TicketKey { .. } => "sign.ticket_key",
            Self::Ticket { .. }
            | Self::TicketVersion { .. }
            | Self::TicketExpired { .. }
            | Self::DocumentChanged { .. } => "sign.stale_ticket",
        }
    }
}
