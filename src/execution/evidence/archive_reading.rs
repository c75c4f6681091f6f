//! Reading an archive of strangers: to the letter, or a finding for each thing that is not.
//!
//! Two programs that read the same archive must see the same entries. What lets them differ is
//! refused: bytes that no entry owns, two entries of one name, headers that disagree, forms of the format
//! that the bundle does not need.

use std::collections::BTreeSet;

use super::archive::{
    CENTRAL, END, LOCAL, MADE_BY, MOST_BYTES, MOST_ENTRIES, NEEDED, PERMISSIONS, checksum,
};
use super::finding::{Code, Finding};
use crate::limits::{Limit, LimitExceeded};

/// The longest name of an entry.
const LONGEST_NAME: usize = 200;
const LOCAL_LENGTH: usize = 30;
const CENTRAL_LENGTH: usize = 46;
const END_LENGTH: usize = 22;

/// An entry that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    pub(super) content: &'a [u8],
}

/// What an archive holds, and what is wrong with it. Where something is wrong with its structure, what
/// was read up to there.
#[derive(Default)]
pub(super) struct Entries<'a> {
    pub(super) all: Vec<Entry<'a>>,
    pub(super) findings: Vec<Finding>,
}

/// Whether bytes begin as an archive does.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(&LOCAL.to_le_bytes()) || bytes.starts_with(&END.to_le_bytes())
}

/// Reads all entries.
///
/// # Errors
///
/// If there are more than `most`.
pub(super) fn read(bytes: &[u8], most: u64) -> Result<Entries<'_>, LimitExceeded> {
    let mut entries = Entries::default();
    let Some(end) = End::read(bytes) else {
        let found = "the last 22 bytes are not the end record";
        entries.findings.push(Finding::new(Code::Archive, "the end of an archive", found));
        return Ok(entries);
    };
    if let Some(finding) = end.problem(bytes.len()) {
        entries.findings.push(finding);
        return Ok(entries);
    }
    LimitExceeded::check(Limit::Objects, u64::from(end.entries), most)?;
    let mut walk = Walk { bytes, next: end.offset, local_end: 0, names: BTreeSet::new() };
    for _ in 0..end.entries {
        match walk.entry(end.offset, &mut entries.findings) {
            Ok(entry) => entries.all.push(entry),
            Err(finding) => {
                entries.findings.push(*finding);
                return Ok(entries);
            }
        }
    }
    if walk.local_end != end.offset {
        let (expected, found) =
            (format!("byte {}", walk.local_end), format!("byte {}", end.offset));
        entries.findings.push(Finding::new(Code::ArchiveBytes, expected, found));
    }
    if walk.next != bytes.len() - END_LENGTH {
        let found = format!("byte {}", walk.next);
        let expected = format!("byte {}", bytes.len() - END_LENGTH);
        entries.findings.push(Finding::new(Code::ArchiveBytes, expected, found));
    }
    Ok(entries)
}

/// The end record, which is the end of the file: nothing may follow it.
struct End {
    disks: [u16; 2],
    entries: u16,
    entries_in_all: u16,
    length: usize,
    offset: usize,
    comment: u16,
}

impl End {
    fn read(bytes: &[u8]) -> Option<Self> {
        let at = bytes.len().checked_sub(END_LENGTH)?;
        let record = Fields(bytes.get(at..)?);
        (record.long(0)? == END).then_some(())?;
        Some(Self {
            disks: [record.short(4)?, record.short(6)?],
            entries: record.short(8)?,
            entries_in_all: record.short(10)?,
            length: usize::try_from(record.long(12)?).ok()?,
            offset: usize::try_from(record.long(16)?).ok()?,
            comment: record.short(20)?,
        })
    }

    fn problem(&self, length: usize) -> Option<Finding> {
        let is_wide = |it: usize| u64::try_from(it).is_ok_and(|it| it == MOST_BYTES);
        if is_wide(self.length) || is_wide(self.offset) || usize::from(self.entries) == MOST_ENTRIES
        {
            return Some(Finding::new(Code::ArchiveWide, "sizes of 32 bits", "the 64-bit form"));
        }
        if self.comment != 0 || self.disks != [0, 0] || self.entries != self.entries_in_all {
            let found = "a comment, several disks, or entries elsewhere";
            return Some(Finding::new(Code::ArchiveExtra, "one plain archive", found));
        }
        let end = self.offset.checked_add(self.length).and_then(|it| it.checked_add(END_LENGTH));
        if end != Some(length) {
            let found = end.map_or_else(|| "more".to_owned(), |end| format!("{end} bytes"));
            return Some(Finding::new(Code::ArchiveBytes, format!("{length} bytes"), found));
        }
        None
    }
}

/// The walk over the central headers, each with its local header beside it.
struct Walk<'a> {
    bytes: &'a [u8],
    next: usize,
    /// Where the last local entry ends: the next one begins there.
    local_end: usize,
    names: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn entry(
        &mut self,
        central: usize,
        findings: &mut Vec<Finding>,
    ) -> Result<Entry<'a>, Box<Finding>> {
        let cut = || Box::new(Finding::new(Code::Archive, "a header", "the end of the file"));
        let header = Fields(self.bytes.get(self.next..).unwrap_or(&[]));
        if header.long(0) != Some(CENTRAL) {
            let found = format!("other bytes at byte {}", self.next);
            return Err(Box::new(Finding::new(Code::Archive, "a central header", found)));
        }
        let described = header.part(6, 26).ok_or_else(cut)?;
        let described = Described::read(described).ok_or_else(cut)?;
        let plain = [header.short(4), header.short(32), header.short(34), header.short(36)];
        let is_plain = plain == [Some(MADE_BY), Some(0), Some(0), Some(0)];
        let offset = header.size(42).ok_or_else(cut)?;
        let name = header.part(CENTRAL_LENGTH, described.name).ok_or_else(cut)?;
        self.next = self.next.saturating_add(CENTRAL_LENGTH).saturating_add(described.name);
        let name = plain_name(name)?;
        let about = |finding: Finding| Box::new(finding.in_entry(name));
        if let Some(finding) = described.problem() {
            return Err(about(finding));
        }
        // A link to elsewhere is a matter of its permissions.
        if !is_plain || header.long(38) != Some(PERMISSIONS) {
            let found = "a comment, another disk, or a file that is not a plain one";
            return Err(about(Finding::new(Code::ArchiveExtra, "a plain entry", found)));
        }
        if offset != self.local_end {
            let (expected, found) = (format!("byte {}", self.local_end), format!("byte {offset}"));
            return Err(about(Finding::new(Code::ArchiveBytes, expected, found)));
        }
        let content = self.local(offset, central, name, &described).map_err(|it| about(*it))?;
        if !self.names.insert(name.to_ascii_lowercase()) {
            let found = "two entries of this name";
            findings.push(Finding::new(Code::EntryTwice, "one entry", found).in_entry(name));
        }
        let found = checksum(content);
        if found != described.checksum {
            let (expected, found) = (described.checksum, found);
            let (expected, found) = (format!("{expected:08x}"), format!("{found:08x}"));
            findings.push(Finding::new(Code::EntryChecksum, expected, found).in_entry(name));
        }
        Ok(Entry { name, content })
    }

    /// The content, if the local header says the same as the central one.
    fn local(
        &mut self,
        offset: usize,
        central: usize,
        name: &str,
        described: &Described,
    ) -> Result<&'a [u8], Box<Finding>> {
        let differs = |found: &str| {
            Box::new(Finding::new(Code::ArchiveHeaders, "what the central header says", found))
        };
        let header = Fields(self.bytes.get(offset..central).unwrap_or(&[]));
        if header.long(0) != Some(LOCAL) {
            return Err(differs("no local header"));
        }
        let own = header.part(4, 26).and_then(Described::read);
        if own.as_ref() != Some(described) {
            return Err(differs("other values"));
        }
        if header.part(LOCAL_LENGTH, described.name) != Some(name.as_bytes()) {
            return Err(differs("another name"));
        }
        let start = LOCAL_LENGTH + described.name;
        let content = header.part(start, described.length);
        let content = content.ok_or_else(|| differs("fewer bytes"))?;
        self.local_end = offset.saturating_add(start).saturating_add(described.length);
        Ok(content)
    }
}

/// What both headers say of an entry.
#[derive(PartialEq, Eq)]
struct Described {
    needed: u16,
    flags: u16,
    method: u16,
    stamp: u32,
    checksum: u32,
    stored: usize,
    length: usize,
    name: usize,
    extra: u16,
}

impl Described {
    fn read(bytes: &[u8]) -> Option<Self> {
        let fields = Fields(bytes);
        Some(Self {
            needed: fields.short(0)?,
            flags: fields.short(2)?,
            method: fields.short(4)?,
            stamp: fields.long(6)?,
            checksum: fields.long(10)?,
            stored: fields.size(14)?,
            length: fields.size(18)?,
            name: usize::from(fields.short(22)?),
            extra: fields.short(24)?,
        })
    }

    fn problem(&self) -> Option<Finding> {
        /// Encrypted, strongly encrypted, its header masked.
        const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
        let told = |code, expected, found: String| Some(Finding::new(code, expected, found));
        let is_wide = |it: usize| u64::try_from(it).is_ok_and(|it| it == MOST_BYTES);
        if self.flags & ENCRYPTED != 0 {
            return told(Code::ArchiveEncrypted, "readable", "encrypted".to_owned());
        }
        if is_wide(self.stored) || is_wide(self.length) {
            return told(Code::ArchiveWide, "sizes of 32 bits", "the 64-bit form".to_owned());
        }
        if self.method != 0 || self.stored != self.length {
            return told(Code::ArchiveCompressed, "stored", format!("method {}", self.method));
        }
        if self.flags != 0 || self.extra != 0 || self.needed != NEEDED {
            let found = format!("flags {:#06x}, {} more bytes", self.flags, self.extra);
            return told(Code::ArchiveExtra, "a plain entry", found);
        }
        None
    }
}

/// A name of plain letters that means one place below the archive on every system.
fn plain_name(name: &[u8]) -> Result<&str, Box<Finding>> {
    let refused = |found: String| Box::new(Finding::new(Code::EntryName, "a plain name", found));
    let told: String = String::from_utf8_lossy(name).chars().take(LONGEST_NAME).collect();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-/".contains(byte);
    let text = std::str::from_utf8(name).ok().filter(|_| name.iter().all(is_plain));
    let text = text.filter(|text| text.len() <= LONGEST_NAME);
    // No step up, nothing hidden, no root, no folder of its own.
    let text =
        text.filter(|text| text.split('/').all(|part| !part.is_empty() && !part.starts_with('.')));
    text.ok_or_else(|| refused(format!("{told:?}")))
}

/// Numbers in little-endian order.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn part(&self, at: usize, length: usize) -> Option<&'a [u8]> {
        self.0.get(at..at.checked_add(length)?)
    }

    fn short(&self, at: usize) -> Option<u16> {
        Some(u16::from_le_bytes(self.part(at, 2)?.try_into().ok()?))
    }

    fn long(&self, at: usize) -> Option<u32> {
        Some(u32::from_le_bytes(self.part(at, 4)?.try_into().ok()?))
    }

    fn size(&self, at: usize) -> Option<usize> {
        usize::try_from(self.long(at)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::execution::evidence::archive::Archive;

    fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = Archive::at(OffsetDateTime::UNIX_EPOCH, 0);
        entries.iter().for_each(|(name, content)| archive.add(name, content).unwrap());
        archive.finish().unwrap()
    }

    fn codes(bytes: &[u8]) -> Vec<&'static str> {
        read(bytes, 100).unwrap().findings.iter().map(|it| it.code.as_str()).collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let bytes = archive(&[("a.txt", b"abc"), ("b/c.txt", b"")]);
        let entries = read(&bytes, 2).unwrap();
        let read_again: Vec<_> = entries.all.iter().map(|it| (it.name, it.content)).collect();
        assert_eq!(read_again, [("a.txt", &b"abc"[..]), ("b/c.txt", b"")]);
        assert!(entries.findings.is_empty());
        assert!(read(&bytes, 1).is_err());
        assert!(codes(&archive(&[])).is_empty());
    }

    #[test]
    fn names_that_lead_elsewhere_or_stand_twice_are_refused() {
        for name in ["../a", "a/../b", "/a", "a/", "a//b", "C:a", "a\\b", ".a", "ä", "a b", ""] {
            assert_eq!(codes(&archive(&[(name, b"x")])), ["bundle.entry_name"], "{name}");
        }
        assert_eq!(codes(&archive(&[("a", b"x"), ("A", b"y")])), ["bundle.entry_twice"]);
        assert_eq!(codes(&archive(&[("a", b"x"), ("a", b"y")])), ["bundle.entry_twice"]);
    }

    #[test]
    fn bytes_that_no_entry_owns_are_found_wherever_they_stand() {
        let bytes = archive(&[("a", b"x"), ("b", b"y")]);
        let with = |at: usize, more: &[u8]| [&bytes[..at], more, &bytes[at..]].concat();
        assert_eq!(codes(&with(0, b"junk")), ["bundle.archive_bytes"]);
        assert_eq!(codes(&with(32, b"junk")), ["bundle.archive_bytes"]);
        assert_eq!(codes(&with(64, b"junk")), ["bundle.archive_bytes"]);
        assert_eq!(codes(&with(bytes.len() - 22, b"junk")), ["bundle.archive_bytes"]);
        assert_eq!(codes(&with(bytes.len(), b"junk")), ["bundle.archive"]);
    }

    #[test]
    fn every_flipped_bit_is_found() {
        let bytes = archive(&[("a.txt", b"abc"), ("b.txt", b"de")]);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                let entries = read(&changed, 100);
                let is_found = entries.as_ref().map_or(true, |it| {
                    let names: Vec<_> = it.all.iter().map(|it| it.name).collect();
                    !it.findings.is_empty() || names != ["a.txt", "b.txt"]
                });
                assert!(is_found, "byte {at}, bit {bit}");
            }
        }
    }

    #[test]
    fn forms_that_a_bundle_does_not_need_have_codes_of_their_own() {
        let bytes = archive(&[("a", b"x")]);
        let central = bytes.len() - 22 - 47;
        let both = |at: usize, value: u8| {
            let mut changed = bytes.clone();
            (changed[4 + at], changed[central + 6 + at]) = (value, value);
            changed
        };
        assert_eq!(codes(&both(2, 1)), ["bundle.archive_encrypted"]);
        assert_eq!(codes(&both(4, 8)), ["bundle.archive_compressed"]);
        assert_eq!(codes(&both(2, 8)), ["bundle.archive_extra"]);
        let mut wide = bytes.clone();
        wide[central + 20..central + 28].fill(0xFF);
        assert_eq!(codes(&wide), ["bundle.archive_wide"]);
        let mut other = bytes.clone();
        other[10] ^= 1;
        assert_eq!(codes(&other), ["bundle.archive_headers"]);
        let mut comment = bytes.clone();
        let end = comment.len() - 2;
        comment[end] = 1;
        assert_eq!(codes(&comment), ["bundle.archive_extra"]);
    }
}
