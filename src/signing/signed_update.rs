//! Signed: what was appended, and where it goes.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::digest::Digest;
use crate::pdf::{File, Source};
use crate::placement::Placed;
use crate::update::{ByteRange, Embedded, SignatureField};

/// How many bytes are copied or compared at once.
const CHUNK: usize = 1 << 16;

/// The result of signing: the bytes to append to the document, checked. The document itself was not
/// touched and not copied.
///
/// ```
/// # use sealwright::limits::Limits;
/// # use sealwright::pdf::File;
/// # use sealwright::signing::{LocalSigner, Seal};
/// # use sealwright_testdata::pki::{KeyType, Validity, identity};
/// # let now = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
/// # let identity = identity(KeyType::P256, Validity::around(now));
/// # let signer =
/// #     LocalSigner::from_pem(identity.key_pem().as_bytes(), identity.chain_pem().as_bytes())?;
/// # let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
/// let signed = Seal::on(&file).invisible().sign(&signer, now)?;
///
/// // Either the whole file to somewhere else …
/// let mut whole = Vec::new();
/// signed.write_to(&mut whole)?;
///
/// // … or the new bytes to the end of the file itself.
/// let mut in_place = std::io::Cursor::new(bytes.clone());
/// signed.append_to(&mut in_place)?;
/// assert_eq!(in_place.into_inner(), whole);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "write it out: nothing of it is in the document yet"]
pub struct SignedUpdate<'f> {
    file: &'f File<'f>,
    embedded: Embedded,
    document_digest: Digest,
}

impl<'f> SignedUpdate<'f> {
    pub(super) fn new(file: &'f File<'f>, embedded: Embedded, document_digest: Digest) -> Self {
        Self { file, embedded, document_digest }
    }

    /// The bytes to be appended.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        self.embedded.appended()
    }

    /// The bytes to be appended, without the rest.
    #[must_use]
    pub fn into_appended(self) -> Vec<u8> {
        self.embedded.into_appended()
    }

    /// The length of the document before.
    #[must_use]
    pub fn base_len(&self) -> u64 {
        self.embedded.update().base_len()
    }

    /// What the signature covers.
    #[must_use]
    pub fn byte_range(&self) -> &ByteRange {
        self.embedded.byte_range()
    }

    /// The digest that was signed.
    #[must_use]
    pub fn document_digest(&self) -> &Digest {
        &self.document_digest
    }

    /// The fully qualified name of the field.
    #[must_use]
    pub fn field_name(&self) -> &str {
        self.embedded.update().field_name()
    }

    /// Where the seal is drawn; `None` if there is none.
    #[must_use]
    pub fn placed(&self) -> Option<&Placed> {
        self.embedded.update().placed()
    }

    /// The signature fields, the first one being the one that was asked for first; each says where it
    /// is, and where its picture is not shown in its own size.
    #[must_use]
    pub fn fields(&self) -> &[SignatureField] {
        self.embedded.update().fields()
    }

    /// Writes the document, then what was appended.
    ///
    /// # Errors
    ///
    /// If the source or `out` fails. What `out` got until then is not a document.
    pub fn write_to(&self, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let source = self.file.source();
        match source.as_slice() {
            Some(bytes) => out.write_all(bytes)?,
            None => copy(source, out)?,
        }
        out.write_all(self.appended())?;
        out.flush()
    }

    /// Appends to the document where it lies.
    ///
    /// `target` must have the document's length and end with the same bytes (64 KiB of them are
    /// compared). Nothing but the appended bytes is written. Making it durable, as by
    /// `File::sync_all`, is left to the caller.
    ///
    /// # Errors
    ///
    /// [`NotAppended`]: the target then has its old length and bytes, unless it could not even be
    /// truncated, which [`NotAppended::restored`] tells.
    pub fn append_to(&self, target: &mut (impl Appendable + ?Sized)) -> Result<(), NotAppended> {
        let untouched = |source| NotAppended { source, restored: true };
        self.check_target(target).map_err(untouched)?;
        let written = target.write_all(self.appended()).and_then(|()| target.flush());
        let Err(source) = written else { return Ok(()) };
        let restored = target.truncate(self.base_len()).is_ok();
        Err(NotAppended { source, restored })
    }

    /// Leaves `target` positioned at its end.
    fn check_target(&self, target: &mut (impl Appendable + ?Sized)) -> io::Result<()> {
        let other = |what: &'static str| io::Error::new(io::ErrorKind::InvalidInput, what);
        if target.seek(SeekFrom::End(0))? != self.base_len() {
            return Err(other("the target is not as long as the document that was signed"));
        }
        let compared = self.base_len().min(CHUNK as u64);
        let start = self.base_len() - compared;
        let size = usize::try_from(compared).unwrap_or(CHUNK);
        let (mut expected, mut found) = (vec![0; size], vec![0; size]);
        self.file.source().read_at(start, &mut expected)?;
        target.seek(SeekFrom::Start(start))?;
        target.read_exact(&mut found)?;
        if expected != found {
            return Err(other("the target does not end like the document that was signed"));
        }
        target.seek(SeekFrom::End(0)).map(|_| ())
    }
}

impl fmt::Debug for SignedUpdate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedUpdate")
            .field("byte_range", self.byte_range())
            .field("digest", &self.document_digest)
            .finish_non_exhaustive()
    }
}

/// Something that a document lies in and that can be appended to, such as an open file.
///
/// Implemented for [`std::fs::File`] (opened for reading and writing) and for cursors over vectors.
///
/// ```
/// use sealwright::signing::Appendable;
/// let mut target = std::io::Cursor::new(b"0123456789".to_vec());
/// target.truncate(4)?;
/// assert_eq!(target.into_inner(), b"0123");
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Appendable: Read + Write + Seek {
    /// Cuts it to a length.
    ///
    /// # Errors
    ///
    /// If that is not possible.
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

impl Appendable for std::fs::File {
    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

impl Appendable for io::Cursor<Vec<u8>> {
    fn truncate(&mut self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).map_err(io::Error::other)?;
        self.get_mut().truncate(length);
        Ok(())
    }
}

/// Appending failed.
#[derive(Debug, thiserror::Error)]
#[error("{source}; the target {}", if *.restored { "is as it was" } else { "could not be cut back to its old length" })]
pub struct NotAppended {
    /// What failed.
    pub source: io::Error,
    /// Whether the target has its old length and bytes. If not, cut it back to
    /// [`SignedUpdate::base_len`].
    pub restored: bool,
}

fn copy(source: &(dyn Source + '_), out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    let mut offset = 0;
    while offset < source.len() {
        let wanted = usize::try_from(source.len() - offset).unwrap_or(CHUNK).min(CHUNK);
        let chunk = buffer.get_mut(..wanted).unwrap_or_default();
        source.read_at(offset, chunk)?;
        out.write_all(chunk)?;
        offset += wanted as u64;
    }
    Ok(())
}
