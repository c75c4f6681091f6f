//! Awaiting: the document is hashed, the signature is outstanding.

use std::fmt;

use super::error::Error;
use super::prepared::Prepared;
use super::signed_update::SignedUpdate;
use super::signer::{SignerAnswer, SignerDescription, ToBeSigned};
use crate::digest::Digest;
use crate::update::{Covered, Update};

/// A document that waits for its signature. Made by [`Prepared::digest`], or from a ticket by
/// [`Ticket::resume`](super::Ticket::resume); [`Awaiting::finish`] is the last step.
///
/// ```
/// # use sealwright::limits::Limits;
/// # use sealwright::pdf::File;
/// # use sealwright::signing::{LocalSigner, Seal};
/// # use sealwright_testdata::pki::{KeyType, Validity, identity};
/// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// # let identity = identity(KeyType::P256, Validity::around(now));
/// # let (key, chain) = (identity.key_pem(), identity.chain_pem());
/// # let device = LocalSigner::from_pem(key.as_bytes(), chain.as_bytes())?;
/// # let bytes = sealwright_testdata::documents::classic_table();
/// use sealwright::signing::{Finish, Signer};
///
/// let file = File::open(&bytes, Limits::default())?;
/// let awaiting = Seal::on(&file).invisible().prepare(device.description(), now)?.digest()?;
/// // Send it away; the answer is a raw signature or a finished CMS.
/// let answer = device.sign(&awaiting.to_be_signed()?)?;
/// match awaiting.finish(answer)? {
///     Finish::Signed(signed) => assert!(signed.appended().len() < 10_000),
///     Finish::NeedsMore(more) => panic!("ask again, for {} bytes", more.needed()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "nothing is signed yet: the last step is `finish`"]
pub struct Awaiting<'f> {
    pub(super) prepared: Prepared<'f>,
    pub(super) covered: Covered,
    /// How often the gap was made larger.
    pub(super) attempt: u32,
}

/// What became of an answer.
#[must_use]
#[derive(Debug)]
pub enum Finish<'f> {
    /// The document is signed.
    Signed(SignedUpdate<'f>),
    /// The signature is larger than the gap. Nothing was cut; the document was prepared again with
    /// the room it needs, and has to be signed again.
    NeedsMore(NeedsMore<'f>),
}

/// A document that was prepared again for a larger signature.
///
/// Its digest is another one, so the first signature is of no use any more. Across processes: make a
/// new ticket from [`NeedsMore::into_awaiting`], keep it in place of the old one, and ask for a
/// signature over [`NeedsMore::digest`].
#[must_use = "the document has to be signed again"]
#[derive(Debug)]
pub struct NeedsMore<'f> {
    needed: usize,
    awaiting: Box<Awaiting<'f>>,
}

impl<'f> NeedsMore<'f> {
    /// The size in bytes of the CMS that did not fit.
    #[must_use]
    pub fn needed(&self) -> usize {
        self.needed
    }

    /// The digest of the document as it was prepared anew.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        self.awaiting.document_digest()
    }

    /// What now waits for its signature.
    pub fn awaiting(&self) -> &Awaiting<'f> {
        &self.awaiting
    }

    /// To go on in this process.
    pub fn into_awaiting(self) -> Awaiting<'f> {
        *self.awaiting
    }
}

impl<'f> Awaiting<'f> {
    /// What the signer is to sign.
    ///
    /// # Errors
    ///
    /// If the signer's algorithm needs another digest: never for a value that this crate made.
    pub fn to_be_signed(&self) -> Result<ToBeSigned, Error> {
        let Prepared { signer, profile, signed_at, stated, .. } = &self.prepared;
        let builder = signer.builder(*profile, *signed_at, stated)?;
        let attributes = builder.signed_attributes(&self.covered.document)?;
        Ok(ToBeSigned {
            message: attributes.as_der().to_vec(),
            digest: attributes.digest(),
            document: self.covered.document,
            algorithm: signer.algorithm(),
            profile: *profile,
            signed_at: *signed_at,
            attributes: stated.attributes()?,
            room: self.room(),
        })
    }

    /// Takes the answer: checks that it verifies, puts it into the gap, and reads the whole back as
    /// a strict reader would.
    ///
    /// # Errors
    ///
    /// If the answer does not verify or breaks the profile. What waits still waits: a better answer
    /// may follow.
    pub fn finish(&self, answer: SignerAnswer) -> Result<Finish<'f>, Error> {
        let Prepared { file, update, .. } = &self.prepared;
        let cms = self.checked_cms(answer)?;
        if cms.len() > self.room() {
            let awaiting = Box::new(self.with_room(cms.len())?);
            return Ok(Finish::NeedsMore(NeedsMore { needed: cms.len(), awaiting }));
        }
        let embedded = update.embed(file, &cms)?;
        Ok(Finish::Signed(SignedUpdate::new(file, embedded, self.covered.document)))
    }

    fn checked_cms(&self, answer: SignerAnswer) -> Result<Vec<u8>, Error> {
        let Prepared { signer, profile, signed_at, stated, .. } = &self.prepared;
        let cms = match answer {
            SignerAnswer::Cms(cms) => cms,
            SignerAnswer::Signature(value) => {
                let builder = signer.builder(*profile, *signed_at, stated)?;
                builder.signed_attributes(&self.covered.document)?.finish(&value)
            }
        };
        profile.check(&cms, &self.covered.document, signer, *signed_at)?;
        stated.check(&cms)?;
        Ok(cms)
    }

    /// The same document with a larger gap, hashed again.
    fn with_room(&self, needed: usize) -> Result<Self, Error> {
        let Prepared { file, signer, profile, signed_at, permit, stated, progress, .. } =
            &self.prepared;
        // A signer that misjudged once may be off by a little again.
        let room = needed.saturating_add(needed / 8);
        let prepared = Prepared {
            file,
            update: self.prepared.update.with_room(file, room)?,
            signer: signer.clone(),
            profile: *profile,
            signed_at: *signed_at,
            permit: permit.clone(),
            stated: stated.clone(),
            progress: *progress,
        };
        Ok(Self { attempt: self.attempt.saturating_add(1), ..prepared.digest()? })
    }

    /// The digest of the document: everything the signature covers.
    #[must_use]
    pub fn document_digest(&self) -> &Digest {
        &self.covered.document
    }

    /// The largest CMS in bytes that fits.
    #[must_use]
    pub fn room(&self) -> usize {
        self.prepared.update.room()
    }

    /// Who is to sign.
    #[must_use]
    pub fn signer(&self) -> &SignerDescription {
        &self.prepared.signer
    }

    /// The update, to ask where things are.
    #[must_use]
    pub fn update(&self) -> &Update {
        &self.prepared.update
    }

    /// The name of the field.
    #[must_use]
    pub fn field_name(&self) -> &str {
        self.prepared.update.field_name()
    }
}

impl fmt::Debug for Awaiting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Awaiting")
            .field("byte_range", self.prepared.update.byte_range())
            .field("digest", &self.covered.document)
            .field("signer", &self.prepared.signer)
            .finish_non_exhaustive()
    }
}
