//! Where the bytes come from: a slice, a memory map, or anything that can be read at an offset.

use std::borrow::Cow;
use std::io;

use super::error::Error;

/// Bytes of known length that can be read anywhere. Implemented for slices, vectors and references.
///
/// A source must not change while a [`File`](super::File) reads it.
///
/// ```
/// use sealwright::pdf::Source;
///
/// /// Zeros that take no memory.
/// struct Zeros(u64);
/// impl Source for Zeros {
///     fn len(&self) -> u64 {
///         self.0
///     }
///     fn read_at(&self, _offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
///         buffer.fill(0);
///         Ok(())
///     }
/// }
/// assert_eq!(Zeros(1 << 40).len(), 1 << 40);
/// ```
pub trait Source: Send + Sync {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// Fills `buffer` with the bytes from `offset` on.
    ///
    /// # Errors
    ///
    /// If the range is not all there, or the device fails.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;

    /// All bytes at once, where they lie in memory anyway. Reading is then free of copies.
    fn as_slice(&self) -> Option<&[u8]> {
        None
    }

    /// Whether there are no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Source for [u8] {
    fn len(&self) -> u64 {
        length(self.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let from = slice_of(self, offset, length(buffer.len()))
            .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        buffer.copy_from_slice(from);
        Ok(())
    }

    fn as_slice(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        length(self.as_slice().len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        Source::read_at(self.as_slice(), offset, buffer)
    }

    fn as_slice(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        (**self).read_at(offset, buffer)
    }

    fn as_slice(&self) -> Option<&[u8]> {
        (**self).as_slice()
    }
}

/// A source and bytes behind it, as one; nothing is copied.
#[derive(Clone, Copy)]
pub(super) struct Chained<'s> {
    pub(super) base: &'s (dyn Source + 's),
    pub(super) appended: &'s [u8],
}

impl Source for Chained<'_> {
    fn len(&self) -> u64 {
        self.base.len().saturating_add(length(self.appended.len()))
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let in_base = self.base.len().saturating_sub(offset).min(length(buffer.len()));
        let (front, back) = usize::try_from(in_base)
            .ok()
            .and_then(|at| buffer.split_at_mut_checked(at))
            .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        if !front.is_empty() {
            self.base.read_at(offset, front)?;
        }
        if back.is_empty() {
            return Ok(());
        }
        Source::read_at(self.appended, offset.saturating_sub(self.base.len()), back)
    }
}

/// The bytes of a range: borrowed from a slice, read from anything else.
///
/// # Errors
///
/// If the range leaves the source or reading fails.
pub(crate) fn read<'s>(
    source: &'s dyn Source,
    start: u64,
    len: u64,
) -> Result<Cow<'s, [u8]>, Error> {
    let short = Error::Source { offset: start, kind: io::ErrorKind::UnexpectedEof };
    if start.checked_add(len).is_none_or(|end| end > source.len()) {
        return Err(short);
    }
    if let Some(all) = source.as_slice() {
        return slice_of(all, start, len).map(Cow::Borrowed).ok_or(short);
    }
    let mut buffer = vec![0; usize::try_from(len).map_err(|_| short)?];
    source
        .read_at(start, &mut buffer)
        .map_err(|error| Error::Source { offset: start, kind: error.kind() })?;
    Ok(Cow::Owned(buffer))
}

fn slice_of(bytes: &[u8], start: u64, len: u64) -> Option<&[u8]> {
    let start = usize::try_from(start).ok()?;
    let end = start.checked_add(usize::try_from(len).ok()?)?;
    bytes.get(start..end)
}

/// The length of something in memory, as file offsets count it.
pub(crate) fn length(len: usize) -> u64 {
    // No platform that Rust runs on has a wider usize than u64.
    u64::try_from(len).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_beyond_the_end_is_an_error_not_a_shorter_read() {
        let bytes = b"0123456789".to_vec();
        assert_eq!(&*read(&bytes, 8, 2).unwrap(), b"89");
        assert!(read(&bytes, 8, 3).is_err());
        assert!(read(&bytes, u64::MAX, 2).is_err());
    }

    #[test]
    fn a_chain_reads_across_its_joint() {
        let base = b"0123".to_vec();
        let chain = Chained { base: &base, appended: b"4567" };
        for (start, len, expected) in
            [(0, 8, "01234567"), (3, 2, "34"), (4, 4, "4567"), (2, 1, "2")]
        {
            assert_eq!(&*read(&chain, start, len).unwrap(), expected.as_bytes());
        }
        assert!(read(&chain, 7, 2).is_err());
        assert_eq!(&*read(&chain, 8, 0).unwrap(), b"");
    }
}
