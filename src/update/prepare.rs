//! From a request to appended bytes that await their signature.

use super::Error;
use super::byte_range::ByteRange;
use super::draft::Draft;
use super::field::Choosing;
use super::request::Request;
use super::self_check;
use super::signature_dictionary::Placeholder;
use super::structure_tree::{Tagging, tagging};
use crate::authorization::DocumentNotPermitted;
use crate::digest::{Digest, DigestAlgorithm, Hasher};
use crate::geometry::Size;
use crate::limits::Progress;
use crate::pdf::{self, Append, File, ObjectId, Span};
use crate::placement::Placed;

/// The most bytes that a gap holds.
const LARGEST_GAP: usize = 4 << 20;

/// How many bytes are hashed between two calls of [`Progress`].
const CHUNK: usize = 1 << 20;

/// A revision that is complete but for its signature: what will be appended to the document, and
/// where in it the signature goes.
///
/// *Who makes it*: [`Update::prepare`]; nothing of the document is copied. *What comes next*:
/// [`Update::digest`], a CMS over that digest, [`Update::embed`].
///
/// ```
/// use sealwright::digest::DigestAlgorithm;
/// use sealwright::limits::{Limits, Unwatched};
/// use sealwright::pdf::File;
/// use sealwright::update::{Request, SubFilter, Update};
///
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
/// let at = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// let update = Update::prepare(&file, &Request::invisible(SubFilter::Cades, at), 4_096)?;
/// assert_eq!(update.field_name(), "Signature1");
///
/// let covered = update.digest(&file, DigestAlgorithm::Sha256, &Unwatched)?;
/// assert_eq!(covered.document.as_bytes().len(), 32);
/// let embedded = update.embed(&file, b"the CMS over this digest")?;
/// assert_eq!(embedded.byte_range().gap().len(), 2 * 4_096 + 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Update {
    pub(super) appended: Vec<u8>,
    pub(super) base_len: u64,
    pub(super) byte_range: ByteRange,
    /// Where the array of `/ByteRange` stands, as an offset of the whole file.
    pub(super) byte_range_at: u64,
    pub(super) signature: ObjectId,
    /// The signature fields, the first one being the one that was asked for first.
    pub(super) fields: Vec<SignatureField>,
    /// Fields of other kinds that were filled.
    pub(super) filled: Vec<ObjectId>,
    /// What the document has to be before the update, as the seals' permits say.
    pub(super) permitted_base: Option<Box<Digest>>,
}

/// A signature field of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureField {
    /// The field.
    pub id: ObjectId,
    /// Its fully qualified name.
    pub name: String,
    /// Where something is drawn; `None` if nothing is.
    pub placed: Option<Placed>,
    /// Set where what is drawn has another size than its own. Told when the update is made: of one
    /// that was put aside and restored it is not known any more.
    pub resized: Option<Resized>,
}

/// The two sizes of a seal or another picture that is not shown in its own: it was made to fit its
/// field, or the slices of a cross-page seal that were cut when the contract was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resized {
    /// The picture's own size, in the width that was asked for; of a registered seal its physical size.
    pub own: Size,
    /// The size that all of it has there.
    pub shown: Size,
}

/// The digests that one pass over a document gives.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    /// Of everything the signature covers.
    pub document: Digest,
    /// SHA-256 of the document before the update, if the signature uses SHA-256 too, when it comes
    /// for nothing, or a seal is drawn on a permit, which names it.
    pub base: Option<Digest>,
}

impl Update {
    /// Makes the revision: the field, its widget and seal, the signature dictionary with a gap for
    /// `room` bytes, and the cross references.
    ///
    /// # Errors
    ///
    /// If the document may not be signed (repaired, encrypted and closed, certified, the field locked), the
    /// request cannot be met, or the document is damaged where it has to be changed.
    pub fn prepare(file: &File<'_>, request: &Request<'_>, room: usize) -> Result<Self, Error> {
        request.check()?;
        for seal in request.seals() {
            seal.authority.require_face(seal.face.face_digest())?;
        }
        let permitted_base = request.seals().find_map(|seal| seal.authority.document());
        if let Some(base) = permitted_base {
            // Its bytes are hashed later; two permits for different ones cannot both be met.
            request.seals().try_for_each(|seal| seal.authority.require_document(base))?;
        }
        check_room(room)?;
        let mut append = Append::to(file)?;
        let revision = append.base();
        let fields = revision.fields()?;
        let is_timestamp = request.sub_filter.is_timestamp();
        let mut choosing = Choosing::of(revision, &fields)?.for_timestamp(is_timestamp);
        let signatures = choosing.signatures();
        if request.certification.is_some() && signatures > 0 {
            return Err(Error::CertifiesTooLate { signatures });
        }
        let mut draft = Draft::new(request, &mut choosing, &mut append)?;
        draft.edit(&mut append)?;
        draft.write_new_objects(&mut append);
        let placeholder = Placeholder::new(request, draft.lock(), revision.catalog_id()?, room)?;
        // Last before the cross references: little is left behind the gap.
        let (body, blank) = (&placeholder.body, placeholder.byte_range.start);
        let end = append.put_signature(draft.signature(), body, blank);
        // Strings before the blank may be written otherwise; nothing behind it is.
        let at = end - length(body.len());
        let appended = append.finish()?;
        let gap = Span::new(at + length(placeholder.gap.start), at + length(placeholder.gap.end));
        let byte_range = ByteRange::new(gap, file.len() + length(appended.len()));
        let mut update = Self {
            appended,
            base_len: file.len(),
            byte_range,
            byte_range_at: at + length(placeholder.byte_range.start),
            signature: draft.signature(),
            fields: draft.fields(),
            filled: draft.filled(),
            permitted_base: permitted_base.map(Box::new),
        };
        update.write_byte_range()?;
        if draft.structure().is_some() {
            let extended = File::extended(file, &update.appended)?;
            self_check::check_structure(&extended, draft.structure())?;
        }
        Ok(update)
    }

    /// Hashes what the signature covers, in one pass over the document and the update.
    ///
    /// # Errors
    ///
    /// If the source fails, or the host cancels; [`Error::SelfCheck`] if `file` is not the document
    /// that the update was made for, [`Error::Document`] if it is not the one that a seal's permit
    /// names: no key is asked for it.
    pub fn digest(
        &self,
        file: &File<'_>,
        algorithm: DigestAlgorithm,
        progress: &dyn Progress,
    ) -> Result<Covered, Error> {
        self.check_base(file)?;
        let total = self.byte_range.end() - self.byte_range.gap().len();
        let sha256 = DigestAlgorithm::Sha256;
        let besides = self.permitted_base.is_some() && algorithm != sha256;
        let besides = besides.then(|| Hasher::new(sha256));
        let mut pass = Pass { hasher: Hasher::new(algorithm), besides, done: 0, total, progress };
        pass.source(file)?;
        let base = match pass.besides.take() {
            Some(hasher) => Some(hasher.finish()),
            None => (algorithm == sha256).then(|| pass.hasher.clone().finish()),
        };
        if let (Some(permitted), Some(found)) = (self.permitted_base.as_deref().copied(), base)
            && permitted != found
        {
            return Err(Box::new(DocumentNotPermitted { permitted, found }).into());
        }
        let (before, after) = self.around_gap()?;
        pass.slice(before)?;
        pass.slice(after)?;
        Ok(Covered { document: pass.hasher.finish(), base })
    }

    /// Writes the CMS into a copy of the gap, and checks the result as a strict reader would before
    /// it hands it out. The update itself stays as it is: after an error another CMS may be tried.
    ///
    /// # Errors
    ///
    /// [`Error::DoesNotFit`]: a CMS that is too large is never cut; [`Update::with_room`] makes
    /// the gap larger. [`Error::SelfCheck`] if the result is not sound.
    pub fn embed(&self, file: &File<'_>, cms: &[u8]) -> Result<Embedded, Error> {
        if cms.len() > self.room() {
            return Err(Error::DoesNotFit { needed: cms.len(), reserved: self.room() });
        }
        let appended = self.fill(file, cms)?;
        Ok(Embedded { update: self.with_bytes(appended, self.byte_range.same()) })
    }

    fn fill(&self, file: &File<'_>, cms: &[u8]) -> Result<Vec<u8>, Error> {
        let mut appended = self.appended.clone();
        let start = self.index(self.byte_range.gap().start)? + 1;
        let digits = appended.get_mut(start..start + cms.len() * 2).ok_or(MISPLACED)?;
        for (pair, byte) in digits.chunks_exact_mut(2).zip(cms) {
            let hex = [byte >> 4, byte & 15].map(|nibble| match nibble {
                0..=9 => b'0' + nibble,
                _ => b'a' + (nibble - 10),
            });
            pair.copy_from_slice(&hex);
        }
        self_check::check(file, &appended, self)?;
        Ok(appended)
    }

    /// The bytes to be appended; zeros where the signature goes.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        &self.appended
    }

    /// The length of the document that it extends.
    #[must_use]
    pub fn base_len(&self) -> u64 {
        self.base_len
    }

    /// What the signature covers.
    #[must_use]
    pub fn byte_range(&self) -> &ByteRange {
        &self.byte_range
    }

    /// How many bytes of CMS fit the gap.
    #[must_use]
    pub fn room(&self) -> usize {
        usize::try_from(self.byte_range.gap().len().saturating_sub(2) / 2).unwrap_or(0)
    }

    /// The signature dictionary.
    #[must_use]
    pub fn signature(&self) -> ObjectId {
        self.signature
    }

    /// The field that was asked for first.
    #[must_use]
    pub fn field(&self) -> ObjectId {
        self.fields.first().map_or(ObjectId::new(0, 0), |field| field.id)
    }

    /// Its fully qualified name: the one that was asked for, or the next free one.
    #[must_use]
    pub fn field_name(&self) -> &str {
        self.fields.first().map_or("", |field| field.name.as_str())
    }

    /// Where the seal is drawn in it; `None` if there is none.
    #[must_use]
    pub fn placed(&self) -> Option<&Placed> {
        self.fields.first().and_then(|field| field.placed.as_ref())
    }

    /// All fields that show this signature, the one that was asked for first at the front.
    #[must_use]
    pub fn fields(&self) -> &[SignatureField] {
        &self.fields
    }

    /// Whether those who do not see the document find the widgets that it adds to a tagged `file`.
    ///
    /// # Errors
    ///
    /// If `file` is not the document that the update was made for.
    pub fn tagging(&self, file: &File<'_>) -> Result<Tagging, Error> {
        self.check_base(file)?;
        let extended = File::extended(file, &self.appended)?;
        Ok(tagging(file, &extended, self.fields.iter().map(|field| field.id))?)
    }

    /// The same places with other bytes and another range.
    pub(super) fn with_bytes(&self, appended: Vec<u8>, byte_range: ByteRange) -> Self {
        Self {
            appended,
            byte_range,
            base_len: self.base_len,
            byte_range_at: self.byte_range_at,
            signature: self.signature,
            fields: self.fields.clone(),
            filled: self.filled.clone(),
            permitted_base: self.permitted_base.clone(),
        }
    }

    pub(super) fn check_base(&self, file: &File<'_>) -> Result<(), Error> {
        if file.len() == self.base_len {
            return Ok(());
        }
        Err(Error::SelfCheck { problem: "the update was made for a document of another length" })
    }

    pub(super) fn write_byte_range(&mut self) -> Result<(), Error> {
        let at = self.index(self.byte_range_at)?;
        let tokens = self.byte_range.tokens();
        let room = self.appended.get_mut(at..at + tokens.len()).ok_or(MISPLACED)?;
        room.copy_from_slice(&tokens);
        Ok(())
    }

    /// The appended bytes before and behind the gap.
    fn around_gap(&self) -> Result<(&[u8], &[u8]), Error> {
        let before = self.appended.get(..self.index(self.byte_range.gap().start)?);
        let after = self.appended.get(self.index(self.byte_range.gap().end)?..);
        before.zip(after).ok_or(MISPLACED)
    }

    /// An offset of the whole file as an index into the appended bytes.
    pub(super) fn index(&self, offset: u64) -> Result<usize, Error> {
        let index = offset.checked_sub(self.base_len).and_then(|index| usize::try_from(index).ok());
        index.ok_or(MISPLACED)
    }
}

/// An update with its signature in it, read back and found sound; to be appended to the document.
///
/// Made by [`Update::embed`] alone.
#[derive(Debug)]
pub struct Embedded {
    update: Update,
}

impl Embedded {
    /// The bytes to be appended.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        &self.update.appended
    }

    /// The bytes to be appended, without the rest.
    #[must_use]
    pub fn into_appended(self) -> Vec<u8> {
        self.update.appended
    }

    /// What the signature covers.
    #[must_use]
    pub fn byte_range(&self) -> &ByteRange {
        &self.update.byte_range
    }

    /// The update, to ask where things are.
    #[must_use]
    pub fn update(&self) -> &Update {
        &self.update
    }
}

pub(super) const MISPLACED: Error =
    Error::SelfCheck { problem: "the gap or /ByteRange is not where it was put" };

pub(super) fn check_room(room: usize) -> Result<(), Error> {
    if room > LARGEST_GAP {
        return Err(Error::GapTooLarge { wanted: room, allowed: LARGEST_GAP });
    }
    Ok(())
}

/// One pass of hashing that a host may watch.
struct Pass<'p> {
    hasher: Hasher,
    /// A second digest, of the document before the update.
    besides: Option<Hasher>,
    done: u64,
    total: u64,
    progress: &'p dyn Progress,
}

impl Pass<'_> {
    fn source(&mut self, file: &File<'_>) -> Result<(), Error> {
        let source = file.source();
        if let Some(bytes) = source.as_slice() {
            return self.slice(bytes);
        }
        let mut buffer = vec![0; CHUNK];
        let mut offset = 0;
        while offset < source.len() {
            let wanted = usize::try_from(source.len() - offset).unwrap_or(CHUNK).min(CHUNK);
            let chunk = buffer.get_mut(..wanted).ok_or(MISPLACED)?;
            source
                .read_at(offset, chunk)
                .map_err(|error| pdf::Error::Source { offset, kind: error.kind() })?;
            self.slice(chunk)?;
            offset += length(wanted);
        }
        Ok(())
    }

    fn slice(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for chunk in bytes.chunks(CHUNK) {
            self.hasher.update(chunk);
            if let Some(besides) = &mut self.besides {
                besides.update(chunk);
            }
            self.done += length(chunk.len());
            if !self.progress.advance(self.done, self.total) {
                return Err(Error::Cancelled);
            }
        }
        Ok(())
    }
}

pub(super) fn length(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
