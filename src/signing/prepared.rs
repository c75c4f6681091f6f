//! Prepared: the revision stands, nothing is hashed yet.

use time::OffsetDateTime;

use super::Profile;
use super::awaiting::Awaiting;
use super::error::Error;
use super::signer::SignerDescription;
use super::stating::{Stated, check_base};
use crate::appearance::SealFace;
use crate::authorization::Authority;
use crate::limits::Progress;
use crate::pdf::File;
use crate::statement::FaceDigest;
use crate::update::Update;

/// A document that is ready to be hashed for its signature. Made by
/// [`Seal::prepare`](super::Seal::prepare); [`Prepared::digest`] is the next step.
#[must_use = "nothing is signed yet: the next step is `digest`"]
pub struct Prepared<'f> {
    pub(super) file: &'f File<'f>,
    pub(super) update: Update,
    pub(super) signer: SignerDescription,
    pub(super) profile: Profile,
    pub(super) signed_at: OffsetDateTime,
    pub(super) permit: Option<PermitRequest>,
    pub(super) stated: Stated,
    pub(super) progress: &'f (dyn Progress + Sync),
}

impl<'f> Prepared<'f> {
    /// The name of the field: the one that was asked for, or the next free one.
    #[must_use]
    pub fn field_name(&self) -> &str {
        self.update.field_name()
    }

    /// The update, to ask where things are.
    #[must_use]
    pub fn update(&self) -> &Update {
        &self.update
    }

    /// Hashes the document, in one pass.
    ///
    /// # Errors
    ///
    /// If the source fails or the host cancels; `doc.hash_mismatch` if a permitted signing is for
    /// other bytes.
    pub fn digest(self) -> Result<Awaiting<'f>, Error> {
        let algorithm = self.signer.digest_algorithm();
        let covered = self.update.digest(self.file, algorithm, self.progress)?;
        let awaiting = Awaiting { prepared: self, covered, attempt: 0 };
        if awaiting.prepared.stated.permitted()?.is_some() {
            check_base(&awaiting.prepared.stated, &awaiting.base_digest()?)?;
        }
        Ok(awaiting)
    }
}

/// On whose word a seal is drawn and which one, as a ticket carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PermitRequest {
    pub(super) authority: String,
    pub(super) face: FaceDigest,
}

impl PermitRequest {
    pub(super) fn of(face: &SealFace, authority: &Authority) -> Self {
        Self { authority: authority.code().to_owned(), face: face.face_digest() }
    }
}
