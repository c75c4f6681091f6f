//! A document that waits for its signature, as bytes: to be resumed in another process.

use std::fmt;

use time::{OffsetDateTime, UtcOffset};
use zeroize::Zeroizing;

use super::Profile;
use super::awaiting::Awaiting;
use super::error::Error;
use super::prepared::{PermitRequest, Prepared};
use super::signer::SignerDescription;
use super::stating::{Stated, still_permitted};
use super::ticket_format::{Reader, Writer};
use crate::authorization::{Authority, SigningPermit};
use crate::digest::{Digest, DigestAlgorithm, hmac_sha256, hmac_sha256_matches};
use crate::geometry::{MilliPoints, PageNumber, Rect};
use crate::limits::{Progress, Unwatched};
use crate::pdf::{File, ObjectId};
use crate::pki::{Certificate, SignatureAlgorithm};
use crate::statement::FaceDigest;
use crate::update::{Saved, SavedField, Update};

const MAGIC: &[u8; 8] = b"SWTICKET";
const VERSION: u16 = 3;
const MAC_LEN: usize = 32;

/// [`Authority::code`] of a seal that is drawn on a permit.
const PERMITTED: &str = "permitted";

/// The most certificates that a ticket is read with.
const MOST_CERTIFICATES: u32 = 64;

/// The key that protects tickets. Whoever has it can make one: keep it like a signing key.
pub struct TicketKey {
    bytes: Zeroizing<Vec<u8>>,
}

impl TicketKey {
    /// The least number of bytes.
    pub const MINIMUM: usize = 32;

    /// From random bytes of the host's; wiped when dropped.
    ///
    /// # Errors
    ///
    /// If there are fewer than [`TicketKey::MINIMUM`].
    pub fn new(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() < Self::MINIMUM {
            return Err(Error::TicketKey { length: bytes.len(), minimum: Self::MINIMUM });
        }
        Ok(Self { bytes: Zeroizing::new(bytes.to_vec()) })
    }
}

impl fmt::Debug for TicketKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketKey(..)")
    }
}

/// A ticket whose seal was found unbroken.
///
/// A ticket holds everything but the document: the bytes to be appended, the document's length and
/// SHA-256, the digest to be signed, who is to sign, and on whose word the seal is drawn. It is
/// sealed with HMAC-SHA-256: not secret (it holds certificates), but nobody without the key can
/// make or change one.
///
/// The steps, in order: [`Awaiting::to_ticket`] in the first process; in the second one
/// [`Ticket::open`] and [`Ticket::resume`], which checks again everything that the signature
/// depends on; then [`Awaiting::finish`].
///
/// # Which ticket counts
///
/// A ticket has no memory: opening one twice gives the same twice. When a signature does not fit,
/// [`Finish::NeedsMore`](super::Finish::NeedsMore) gives a fresh document with another digest, and
/// a ticket made from it has the next [`Ticket::attempt`]. The old ticket is dead in that a
/// signature over its digest fits nothing made from the fresh one, and the one that was too large
/// for it always will be. The host keeps one ticket per document, the newest, in place of the older
/// one.
///
/// # A permit cannot be put aside
///
/// A [`SigningPermit`] says what was true at one instant, has no
/// serialised form and ends after
/// [`SigningPermit::LASTS`](crate::authorization::SigningPermit::LASTS). A ticket holds what it was
/// asked for, no more: one whose seals were drawn on a permit is resumed under another one
/// ([`Ticket::resume_under`]). When the signature is there, the chain runs again on the facts of that
/// moment: contract, meeting, seals and grants are loaded,
/// [`authorize`](crate::authorization::authorize()) is asked with the same attempt, the intent proved
/// anew if it is too old by then, and its permit is what the ticket is resumed under, and what
/// [`record_signing`](crate::authorization::record_signing) takes. If it is refused, or allows
/// something else than was stated, the signature is dropped: nothing was stored. Meanwhile
/// [`BeginSigning`](crate::contract::Command::BeginSigning) makes others wait, for
/// [`Contract::LONGEST_HOLD`](crate::contract::Contract::LONGEST_HOLD) at most.
///
/// ```
/// # use sealwright::limits::Limits;
/// # use sealwright::pdf::File;
/// # use sealwright::signing::{LocalSigner, Seal, Signer};
/// # use sealwright_testdata::pki::{KeyType, Validity, identity};
/// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// # let identity = identity(KeyType::P256, Validity::around(now));
/// # let device =
/// #     LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes())?;
/// # let bytes = sealwright_testdata::documents::classic_table();
/// use sealwright::signing::{Finish, Ticket, TicketKey};
///
/// let key = TicketKey::new(&[7; 32])?; // random bytes that both processes have
/// let in_two_days = now + time::Duration::days(2);
/// let (ticket, to_be_signed) = {
///     let file = File::open(&bytes, Limits::default())?;
///     let awaiting = Seal::on(&file).invisible().prepare(device.description(), now)?.digest()?;
///     (awaiting.to_ticket(&key, in_two_days)?, awaiting.to_be_signed()?)
/// };
/// let answer = device.sign(&to_be_signed)?; // far away
///
/// let tomorrow = now + time::Duration::days(1);
/// let file = File::open(&bytes, Limits::default())?;
/// let awaiting = Ticket::open(&ticket, &key)?.resume(&file, tomorrow)?;
/// assert!(matches!(awaiting.finish(answer)?, Finish::Signed(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Ticket {
    base_len: u64,
    base: [u8; 32],
    document: Vec<u8>,
    expires: i64,
    attempt: u32,
    signed_at: OffsetDateTime,
    profile: Profile,
    signer: SignerDescription,
    permit: Option<PermitRequest>,
    stated: Stated,
    saved: Saved,
}

impl Ticket {
    /// Checks the seal and reads what is inside.
    ///
    /// # Errors
    ///
    /// If it is not a ticket of this version, was changed, or was made with another key.
    pub fn open(bytes: &[u8], key: &TicketKey) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes);
        if reader.bytes(MAGIC.len())? != MAGIC {
            return Err(Error::Ticket { problem: "these bytes are not a ticket" });
        }
        let version = reader.u16()?;
        if version != VERSION {
            return Err(Error::TicketVersion { version, supported: VERSION });
        }
        let at = bytes.len().checked_sub(MAC_LEN);
        let (body, mac) = at
            .and_then(|at| bytes.split_at_checked(at))
            .ok_or(Error::Ticket { problem: "it was cut short" })?;
        if !hmac_sha256_matches(&key.bytes, body, mac) {
            return Err(Error::Ticket { problem: "it was changed, or made with another key" });
        }
        let mut reader = Reader::new(body);
        reader.bytes(MAGIC.len() + 2)?;
        let ticket = Self::read(&mut reader)?;
        reader.finish()?;
        Ok(ticket)
    }

    /// Goes on with the document: checks that the time is not over and that the document is the one
    /// that was prepared, bit for bit, which takes one pass over it.
    ///
    /// # Errors
    ///
    /// [`Error::TicketExpired`], [`Error::DocumentChanged`], or whatever keeps the document from
    /// being signed; [`Error::PermitNeeded`] for a permitted signing.
    pub fn resume<'f>(
        self,
        file: &'f File<'_>,
        now: OffsetDateTime,
    ) -> Result<Awaiting<'f>, Error> {
        self.resume_watched(file, now, &Unwatched)
    }

    /// Goes on with a permitted signing: the chain has run again, on the facts of this moment, and
    /// allows what was stated: the same seals with the same faces under the same grants, in the same
    /// document of the same contract.
    ///
    /// # Errors
    ///
    /// [`Error::PermitChanged`] if it does not; else as [`Ticket::resume_watched`].
    pub fn resume_under<'f>(
        self,
        file: &'f File<'_>,
        permit: &SigningPermit,
        now: OffsetDateTime,
        progress: &'f (dyn Progress + Sync),
    ) -> Result<Awaiting<'f>, Error> {
        match self.stated.permitted()? {
            Some(stated) => still_permitted(&stated, permit)?,
            None => self.still_drawn(permit)?,
        }
        self.resumed(file, now, progress)
    }

    /// The same; the host watches the pass over the document and may cancel it.
    ///
    /// # Errors
    ///
    /// As [`Ticket::resume`], or cancelled.
    pub fn resume_watched<'f>(
        self,
        file: &'f File<'_>,
        now: OffsetDateTime,
        progress: &'f (dyn Progress + Sync),
    ) -> Result<Awaiting<'f>, Error> {
        if self.permit.as_ref().is_some_and(|permit| permit.authority == PERMITTED)
            || self.stated.permitted()?.is_some()
        {
            return Err(Error::PermitNeeded);
        }
        self.resumed(file, now, progress)
    }

    fn resumed<'f>(
        self,
        file: &'f File<'_>,
        now: OffsetDateTime,
        progress: &'f (dyn Progress + Sync),
    ) -> Result<Awaiting<'f>, Error> {
        let changed = |what| Error::DocumentChanged { what };
        if now.unix_timestamp() >= self.expires {
            return Err(Error::TicketExpired { expired: self.expires, now: now.unix_timestamp() });
        }
        if file.len() != self.base_len {
            return Err(changed("its length"));
        }
        let update = Update::restore(file, self.saved)?;
        let algorithm = self.signer.digest_algorithm();
        let covered = update.digest(file, algorithm, progress)?;
        let prepared = Prepared {
            file,
            update,
            signer: self.signer,
            profile: self.profile,
            signed_at: self.signed_at,
            permit: self.permit,
            stated: self.stated,
            progress,
        };
        let awaiting = Awaiting { prepared, covered, attempt: self.attempt };
        if !awaiting.base_digest()?.equals(&self.base) {
            return Err(changed("its bytes"));
        }
        if !awaiting.document_digest().equals(&self.document) {
            return Err(changed("the digest to be signed"));
        }
        Ok(awaiting)
    }

    /// Whether the permit allows the seal that was drawn, where nothing was stated of it.
    fn still_drawn(&self, permit: &SigningPermit) -> Result<(), Error> {
        let drawn = self.permit.as_ref().filter(|drawn| drawn.authority == PERMITTED);
        let same = permit.seals().any(|seal| {
            drawn.is_some_and(|drawn| drawn.face == seal.face())
                && seal.document().digest.equals(&self.base)
        });
        if same { Ok(()) } else { Err(Error::PermitChanged) }
    }

    /// How long the document was when it was prepared, in bytes: it is stale for a longer one.
    #[must_use]
    pub fn base_len(&self) -> u64 {
        self.base_len
    }

    /// How often the document was prepared again for a larger signature.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// When it expires, as Unix time.
    #[must_use]
    pub fn expires(&self) -> i64 {
        self.expires
    }

    /// Who is to sign.
    #[must_use]
    pub fn signer(&self) -> &SignerDescription {
        &self.signer
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let base_len = reader.u64()?;
        let base = reader.array::<32>()?;
        let document = reader.variable()?.to_vec();
        let expires = reader.i64()?;
        let attempt = reader.u32()?;
        let signed_at = read_time(reader)?;
        let profile = match reader.u8()? {
            0 => Profile::Pades,
            1 => Profile::Pkcs7,
            _ => return Err(UNKNOWN),
        };
        let signer = read_signer(reader)?;
        let permit = match reader.u8()? {
            0 => None,
            1 => Some(read_permit(reader)?),
            _ => return Err(UNKNOWN),
        };
        let stated = Stated { authority: read_optional(reader)?, grants: read_optional(reader)? };
        let saved = read_saved(reader)?;
        Ok(Self {
            base_len,
            base,
            document,
            expires,
            attempt,
            signed_at,
            profile,
            signer,
            permit,
            stated,
            saved,
        })
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("attempt", &self.attempt)
            .field("expires", &self.expires)
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}

impl Awaiting<'_> {
    /// Puts it aside as a [`Ticket`], to be resumed before `expires`.
    ///
    /// # Errors
    ///
    /// If the document cannot be hashed: a signature that does not use SHA-256 takes one more pass.
    pub fn to_ticket(&self, key: &TicketKey, expires: OffsetDateTime) -> Result<Vec<u8>, Error> {
        let Prepared { update, signer, profile, signed_at, permit, stated, .. } = &self.prepared;
        let mut out = Writer::default();
        out.bytes(MAGIC);
        out.u16(VERSION);
        out.u64(update.base_len());
        out.bytes(self.base_digest()?.as_bytes());
        out.variable(self.covered.document.as_bytes());
        out.i64(expires.unix_timestamp());
        out.u32(self.attempt);
        out.i64(signed_at.unix_timestamp());
        out.i64(i64::from(signed_at.offset().whole_seconds()));
        out.u8(match profile {
            Profile::Pades => 0,
            Profile::Pkcs7 => 1,
        });
        write_signer(&mut out, signer);
        out.u8(u8::from(permit.is_some()));
        if let Some(permit) = permit {
            out.variable(permit.authority.as_bytes());
            out.bytes(permit.face.as_bytes());
        }
        for stated in [&stated.authority, &stated.grants] {
            out.u8(u8::from(stated.is_some()));
            stated.iter().for_each(|bytes| out.variable(bytes));
        }
        write_saved(&mut out, &update.save());
        let body = out.into_bytes();
        let mac = hmac_sha256(&key.bytes, &body);
        Ok([body.as_slice(), &mac].concat())
    }

    /// SHA-256 of the document before the update.
    pub(super) fn base_digest(&self) -> Result<Digest, Error> {
        if let Some(digest) = self.covered.base {
            return Ok(digest);
        }
        let Prepared { update, file, progress, .. } = &self.prepared;
        let covered = update.digest(file, DigestAlgorithm::Sha256, *progress)?;
        covered.base.ok_or(Error::Ticket { problem: "the document was not hashed" })
    }
}

const UNKNOWN: Error = Error::Ticket { problem: "it holds something that does not exist" };

fn read_time(reader: &mut Reader<'_>) -> Result<OffsetDateTime, Error> {
    let seconds = reader.i64()?;
    let offset = i32::try_from(reader.i64()?).map_err(|_| UNKNOWN)?;
    let offset = UtcOffset::from_whole_seconds(offset).map_err(|_| UNKNOWN)?;
    let instant = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| UNKNOWN)?;
    instant.checked_to_offset(offset).ok_or(UNKNOWN)
}

fn number(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

fn write_signer(out: &mut Writer, signer: &SignerDescription) {
    let (cms, timestamp) = signer.maxima();
    out.variable(&signer.algorithm().to_der());
    out.u64(cms.map_or(0, number));
    out.u64(number(timestamp));
    out.u32(u32::try_from(signer.certificates().len()).unwrap_or(u32::MAX));
    for certificate in signer.certificates() {
        out.variable(certificate.as_der());
    }
}

fn read_signer(reader: &mut Reader<'_>) -> Result<SignerDescription, Error> {
    let algorithm = SignatureAlgorithm::from_der(reader.variable()?).map_err(|_| UNKNOWN)?;
    let cms = usize::try_from(reader.u64()?).map_err(|_| UNKNOWN)?;
    let timestamp = usize::try_from(reader.u64()?).map_err(|_| UNKNOWN)?;
    let count = reader.u32()?;
    if count > MOST_CERTIFICATES {
        return Err(UNKNOWN);
    }
    let certificates = (0..count)
        .map(|_| Ok(Certificate::from_der(reader.variable()?)?))
        .collect::<Result<Vec<_>, Error>>()?;
    let signer = SignerDescription::new(certificates, algorithm)?;
    let signer = signer.maximum_timestamp_bytes(timestamp);
    Ok(if cms == 0 { signer } else { signer.maximum_cms_bytes(cms) })
}

fn read_optional(reader: &mut Reader<'_>) -> Result<Option<Vec<u8>>, Error> {
    match reader.u8()? {
        0 => Ok(None),
        1 => Ok(Some(reader.variable()?.to_vec())),
        _ => Err(UNKNOWN),
    }
}

/// The request of a permit. What it asks for is decided again: a word that this release does not
/// know is refused.
fn read_permit(reader: &mut Reader<'_>) -> Result<PermitRequest, Error> {
    let authority = reader.text()?;
    if authority != Authority::AssertedByHost.code() && authority != PERMITTED {
        return Err(UNKNOWN);
    }
    Ok(PermitRequest { authority, face: FaceDigest::from_bytes(reader.array()?) })
}

fn write_saved(out: &mut Writer, saved: &Saved) {
    write_id(out, saved.signature);
    out.u32(u32::try_from(saved.fields.len()).unwrap_or(u32::MAX));
    for field in &saved.fields {
        write_id(out, field.field);
        out.variable(field.name.as_bytes());
        out.u8(u8::from(field.place.is_some()));
        if let Some((page, rect)) = &field.place {
            out.u32(page.get());
            for side in [rect.x(), rect.y(), rect.width(), rect.height()] {
                out.i64(side.thousandths());
            }
        }
    }
    out.u32(u32::try_from(saved.filled.len()).unwrap_or(u32::MAX));
    saved.filled.iter().for_each(|id| write_id(out, *id));
    out.variable(&saved.appended);
}

fn read_saved(reader: &mut Reader<'_>) -> Result<Saved, Error> {
    let signature = read_id(reader)?;
    let count = reader.u32()?;
    let fields = (0..count).map(|_| read_field(reader)).collect::<Result<_, Error>>()?;
    let count = reader.u32()?;
    let filled = (0..count).map(|_| read_id(reader)).collect::<Result<_, Error>>()?;
    let appended = reader.variable()?.to_vec();
    Ok(Saved { appended, signature, fields, filled })
}

fn read_field(reader: &mut Reader<'_>) -> Result<SavedField, Error> {
    let field = read_id(reader)?;
    let name = reader.text()?;
    let place = match reader.u8()? {
        0 => None,
        1 => {
            let page = PageNumber::new(reader.u32()?).map_err(|_| UNKNOWN)?;
            let mut side = || MilliPoints::new(reader.i64()?).map_err(|_| UNKNOWN);
            let rect = Rect::new(side()?, side()?, side()?, side()?).map_err(|_| UNKNOWN)?;
            Some((page, rect))
        }
        _ => return Err(UNKNOWN),
    };
    Ok(SavedField { field, name, place })
}

fn write_id(out: &mut Writer, id: ObjectId) {
    out.u32(id.number);
    out.u16(id.generation);
}

fn read_id(reader: &mut Reader<'_>) -> Result<ObjectId, Error> {
    Ok(ObjectId::new(reader.u32()?, reader.u16()?))
}
