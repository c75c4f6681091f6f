//! On whose word a seal is drawn.

use std::sync::Arc;

use thiserror::Error as ThisError;

use super::SealPermit;
use crate::digest::Digest;
use crate::statement::FaceDigest;

/// On whose word a seal is drawn. There is no default: the caller says it.
///
/// ```
/// use sealwright::authorization::Authority;
/// assert_eq!(format!("{:?}", Authority::AssertedByHost), "AssertedByHost");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authority {
    /// The host program vouches that this person may use this seal here and now. Nothing was
    /// checked by this crate, and whatever is recorded of the signature says so.
    AssertedByHost,
    /// This crate has decided it: R-SIGN-01 to 12 have passed. Made by
    /// [`SigningPermit::authority`](super::SigningPermit::authority) alone; its clones share the
    /// one permit, since a seal may be drawn on several pages of its document.
    Permitted(Arc<SealPermit>),
}

impl Authority {
    /// A stable name of the kind of authority, for records.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AssertedByHost => "asserted_by_host",
            Self::Permitted(_) => "permitted",
        }
    }

    /// The permit, if there is one.
    #[must_use]
    pub fn permit(&self) -> Option<&SealPermit> {
        match self {
            Self::AssertedByHost => None,
            Self::Permitted(permit) => Some(permit),
        }
    }

    /// Whether this face may be drawn on this word: the permitted one alone, or any that the host
    /// asserts.
    ///
    /// ```
    /// use sealwright::authorization::Authority;
    /// use sealwright::statement::FaceDigest;
    /// assert!(Authority::AssertedByHost.require_face(FaceDigest::from_bytes([7; 32])).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// [`FaceNotPermitted`].
    pub fn require_face(&self, drawn: FaceDigest) -> Result<(), FaceNotPermitted> {
        match self {
            Self::Permitted(permit) if permit.face() != drawn => {
                Err(FaceNotPermitted { permitted: permit.face(), drawn })
            }
            Self::AssertedByHost | Self::Permitted(_) => Ok(()),
        }
    }

    /// The SHA-256 of the document in which the seal may be drawn, before the signature; `None`:
    /// in any, the host asserts it.
    ///
    /// ```
    /// use sealwright::authorization::Authority;
    /// assert_eq!(Authority::AssertedByHost.document(), None);
    /// ```
    #[must_use]
    pub fn document(&self) -> Option<Digest> {
        self.permit().map(|permit| permit.document().digest)
    }

    /// Whether this may be drawn in a document with these bytes: the permitted ones alone, or any
    /// that the host asserts.
    ///
    /// ```
    /// use sealwright::authorization::Authority;
    /// use sealwright::digest::{Digest, DigestAlgorithm};
    /// let found = Digest::of(DigestAlgorithm::Sha256, b"%PDF-1.7");
    /// assert!(Authority::AssertedByHost.require_document(found).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// [`DocumentNotPermitted`].
    pub fn require_document(&self, found: Digest) -> Result<(), Box<DocumentNotPermitted>> {
        match self.document() {
            Some(permitted) if permitted != found => {
                Err(Box::new(DocumentNotPermitted { permitted, found }))
            }
            _ => Ok(()),
        }
    }
}

/// The document in which the seal is to be drawn is not the one that was permitted (R-DOC-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[error(
    "the permit is for the document with the digest {permitted}, not for {found}; sign the bytes that \
     the contract names, or ask for a permit for these"
)]
pub struct DocumentNotPermitted {
    /// The digest of the bytes in the permit.
    pub permitted: Digest,
    /// The digest of the bytes that are to be signed.
    pub found: Digest,
}

impl DocumentNotPermitted {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "doc.hash_mismatch"
    }
}

/// What is to be drawn is not the face that was permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ThisError)]
#[error(
    "the permit is for the face {permitted}, not for {drawn}; draw the version of the seal that it names"
)]
pub struct FaceNotPermitted {
    /// The face in the permit.
    pub permitted: FaceDigest,
    /// The face that is to be drawn.
    pub drawn: FaceDigest,
}

impl FaceNotPermitted {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "sign.face_not_permitted"
    }
}
