//! A ZIP archive of stored entries, written to the letter (PKWARE APPNOTE 6.3).
//!
//! Nothing is compressed: a document stands in the archive as it is, so that its revisions are ranges of
//! the archive's bytes too, and whoever reads it needs no limits for what comes out. That is so little of
//! the format that it is written here; a library would bring the rest of it along, and none says of two
//! headers that disagree what a judge has to say.

use flate2::Crc;
use time::{OffsetDateTime, UtcOffset};

use super::Error;

pub(super) const LOCAL: u32 = 0x0403_4B50;
pub(super) const CENTRAL: u32 = 0x0201_4B50;
pub(super) const END: u32 = 0x0605_4B50;
/// Sizes from here on need the 64-bit form.
pub(super) const MOST_BYTES: u64 = 0xFFFF_FFFF;
/// Numbers of entries from here on do as well.
pub(super) const MOST_ENTRIES: usize = 0xFFFF;
/// What is needed to read it: 1.0, nothing but stored entries.
pub(super) const NEEDED: u16 = 10;
/// Made by version 2.0 on a system with Unix permissions, which every tool then sets to `rw-r--r--`.
pub(super) const MADE_BY: u16 = 0x0314;
pub(super) const PERMISSIONS: u32 = 0o100_644 << 16;

/// The CRC-32 of an entry.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// An archive that is being written. The same entries give the same bytes.
pub(super) struct Archive {
    bytes: Vec<u8>,
    central: Vec<u8>,
    entries: usize,
    stamp: [u8; 4],
}

impl Archive {
    /// Empty; all entries bear this time, in UTC and to two seconds, as the format has it.
    pub(super) fn at(now: OffsetDateTime, room: usize) -> Self {
        let bytes = Vec::with_capacity(room);
        Self { bytes, central: Vec::new(), entries: 0, stamp: stamp(now) }
    }

    /// Adds an entry. Its name is of plain letters: nobody outside this module chooses one.
    pub(super) fn add(&mut self, name: &str, content: &[u8]) -> Result<(), Error> {
        let offset = self.size(self.bytes.len())?;
        let length = self.size(content.len())?;
        self.size(self.bytes.len().saturating_add(content.len()).saturating_add(name.len()))?;
        if self.entries >= MOST_ENTRIES - 1 {
            return Err(self.too_large());
        }
        let name_length = u16::try_from(name.len()).map_err(|_| self.too_large())?;
        let described = description(self.stamp, checksum(content), length, name_length);
        self.bytes.extend_from_slice(&LOCAL.to_le_bytes());
        self.bytes.extend_from_slice(&described);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(content);
        self.central.extend_from_slice(&CENTRAL.to_le_bytes());
        self.central.extend_from_slice(&MADE_BY.to_le_bytes());
        self.central.extend_from_slice(&described);
        // No comment, on the first disk, no internal attributes.
        self.central.extend_from_slice(&[0; 6]);
        self.central.extend_from_slice(&PERMISSIONS.to_le_bytes());
        self.central.extend_from_slice(&offset.to_le_bytes());
        self.central.extend_from_slice(name.as_bytes());
        self.entries += 1;
        Ok(())
    }

    /// The archive.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Error> {
        let offset = self.size(self.bytes.len())?;
        let length = self.size(self.central.len())?;
        let entries = u16::try_from(self.entries).map_err(|_| self.too_large())?;
        self.bytes.append(&mut self.central);
        self.bytes.extend_from_slice(&END.to_le_bytes());
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.extend_from_slice(&entries.to_le_bytes());
        self.bytes.extend_from_slice(&entries.to_le_bytes());
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(&offset.to_le_bytes());
        self.bytes.extend_from_slice(&[0; 2]);
        Ok(self.bytes)
    }

    /// A size that the format can tell.
    fn size(&self, bytes: usize) -> Result<u32, Error> {
        let size = u32::try_from(bytes).ok().filter(|size| u64::from(*size) < MOST_BYTES);
        size.ok_or_else(|| self.too_large())
    }

    fn too_large(&self) -> Error {
        Error::TooLarge { entries: self.entries, most: MOST_BYTES }
    }
}

/// What local and central header have in common: version, flags, method, time, checksum, sizes, the
/// lengths of name and extra field.
fn description(stamp: [u8; 4], checksum: u32, length: u32, name: u16) -> [u8; 26] {
    let mut described = [0; 26];
    let parts: [(usize, &[u8]); 6] = [
        (0, &NEEDED.to_le_bytes()),
        (6, &stamp),
        (10, &checksum.to_le_bytes()),
        (14, &length.to_le_bytes()),
        (18, &length.to_le_bytes()),
        (22, &name.to_le_bytes()),
    ];
    for (at, bytes) in parts {
        for (to, from) in described.iter_mut().skip(at).zip(bytes) {
            *to = *from;
        }
    }
    described
}

/// Time and date as MS-DOS had them: two seconds, from 1980 to 2107.
fn stamp(now: OffsetDateTime) -> [u8; 4] {
    let now = now.checked_to_offset(UtcOffset::UTC).unwrap_or(now);
    let year = u16::try_from(now.year().clamp(1980, 2107) - 1980).unwrap_or(0);
    let time =
        u16::from(now.hour()) << 11 | u16::from(now.minute()) << 5 | u16::from(now.second()) >> 1;
    let date = year << 9 | u16::from(u8::from(now.month())) << 5 | u16::from(now.day());
    let [a, b] = time.to_le_bytes();
    let [c, d] = date.to_le_bytes();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_the_bytes_that_other_tools_write() {
        let now = OffsetDateTime::from_unix_timestamp(1_767_574_800).unwrap();
        let mut archive = Archive::at(now, 0);
        archive.add("a.txt", b"abc").unwrap();
        let bytes = archive.finish().unwrap();
        assert_eq!(bytes.len(), 30 + 5 + 3 + 46 + 5 + 22);
        assert_eq!(bytes[..4], *b"PK\x03\x04");
        assert_eq!(bytes[14..18], 0x3524_41C2_u32.to_le_bytes(), "the CRC-32 of abc");
        // 2026-01-05 01:00:00: Python's zipfile agrees.
        assert_eq!(bytes[10..14], [0x00, 0x08, 0x25, 0x5C]);
        assert_eq!(bytes[bytes.len() - 22..][..4], *b"PK\x05\x06");
    }

    #[test]
    fn times_before_and_after_the_calendar_of_the_format_are_its_ends() {
        assert_eq!(stamp(OffsetDateTime::UNIX_EPOCH)[2..], [0x21, 0x00]);
        let late = OffsetDateTime::from_unix_timestamp(16_725_225_600).unwrap();
        assert_eq!(stamp(late)[3], 0xFE);
    }
}
