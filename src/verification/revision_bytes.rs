//! What the signer saw: the file as it was when a signature was made.

use std::io;

use super::error::Error;
use crate::pdf::{Source, Span};
use crate::report::SignatureReport;

/// The bytes of a file up to the end of what a signature covers: what was there when it was made,
/// and the signature itself. A view of the file's own bytes, nothing is copied.
///
/// It is a [`Source`]: it can be opened, rendered, judged and stored like any other file.
#[derive(Clone, Copy)]
pub struct RevisionBytes<'s> {
    source: &'s (dyn Source + 's),
    ranges: [Span; 2],
}

/// The bytes that each signer signed: the file as of the end of one signature of the report.
///
/// Costs nothing: the ranges are those that the check has proven. They are not hashed again, so hand
/// over the file that was checked.
///
/// # Errors
///
/// [`Error::OtherFile`] if the file is not as long as the report says;
/// [`Error::NothingCovered`] if the signature's `/ByteRange` was not what it must be
/// (ISO 32000-2 §12.8.1).
///
/// ```
/// use sealwright::report::Report;
/// use sealwright::verification::{CheckOptions, Error, check, revision_bytes};
///
/// /// The file as each signer had it.
/// fn as_signed<'f>(bytes: &'f [u8], report: &Report) -> Result<Vec<&'f [u8]>, Error> {
///     let each = report.signatures.iter();
///     each.map(|signature| {
///         let seen = revision_bytes(&bytes, signature)?;
///         Ok(&bytes[..seen.end() as usize])
///     })
///     .collect()
/// }
/// # let bytes = sealwright_testdata::documents::classic_table();
/// # let report = check(&bytes, &CheckOptions::without_trust())?;
/// # assert!(as_signed(&bytes, &report)?.is_empty());
/// # Ok::<(), Error>(())
/// ```
pub fn revision_bytes<'s>(
    source: &'s (dyn Source + 's),
    signature: &SignatureReport,
) -> Result<RevisionBytes<'s>, Error> {
    let nothing = Error::NothingCovered { index: signature.index };
    let [start, length, from, rest] = signature.coverage.ranges.ok_or(nothing.clone())?;
    // A report may have been read back from anywhere.
    let front_end = start.checked_add(length).filter(|end| *end <= from).ok_or(nothing.clone())?;
    let end = from.checked_add(rest).ok_or(nothing)?;
    let reported = end.saturating_add(signature.coverage.tail_bytes);
    if reported != source.len() {
        return Err(Error::OtherFile { reported, found: source.len() });
    }
    Ok(RevisionBytes { source, ranges: [Span::new(start, front_end), Span::new(from, end)] })
}

impl<'s> RevisionBytes<'s> {
    /// The offset behind the last byte, which is the length.
    #[must_use]
    pub fn end(&self) -> u64 {
        let [_, back] = self.ranges;
        back.end
    }

    /// The two ranges that were hashed; between them stands the signature value.
    #[must_use]
    pub fn ranges(&self) -> [Span; 2] {
        self.ranges
    }

    /// All bytes at once, borrowed from the file; none if the file does not lie in memory.
    ///
    /// ```
    /// # use sealwright::report::SignatureReport;
    /// # use sealwright::verification::{Error, revision_bytes};
    /// fn as_signed(file: &[u8], signature: &SignatureReport) -> Result<Vec<u8>, Error> {
    ///     let seen = revision_bytes(&file, signature)?;
    ///     Ok(seen.as_bytes().unwrap_or_default().to_vec())
    /// }
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> Option<&'s [u8]> {
        self.source.as_slice()?.get(..usize::try_from(self.end()).ok()?)
    }
}

impl Source for RevisionBytes<'_> {
    fn len(&self) -> u64 {
        self.end()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let wanted = u64::try_from(buffer.len()).ok().and_then(|length| offset.checked_add(length));
        if wanted.is_none_or(|wanted| wanted > self.end()) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.source.read_at(offset, buffer)
    }

    fn as_slice(&self) -> Option<&[u8]> {
        self.as_bytes()
    }
}

impl std::fmt::Debug for RevisionBytes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RevisionBytes").field("ranges", &self.ranges).finish_non_exhaustive()
    }
}
