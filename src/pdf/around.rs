//! Which object stands around an offset: from bytes back to the cross references.

use super::error::Error;
use super::file::File;
use super::repair::header_before;
use super::source::{length, read};
use super::store::{Container, IndirectObject};
use super::xref::Entry;

/// How far back the beginning of the object is looked for.
const REACH: u64 = 256 << 10;

/// How many places that look like the beginning of an object are tried.
const TRIES: usize = 64;

impl File<'_> {
    /// The object that the cross references of some revision place around `offset`, with the newest
    /// such revision; `None` if there is none, or it begins more than 256 KiB before.
    ///
    /// # Errors
    ///
    /// If the source fails or an entry of the cross references is not spelt as one.
    pub fn object_around(&self, offset: u64) -> Result<Option<(usize, IndirectObject)>, Error> {
        let start = offset.saturating_sub(REACH);
        let window = read(self.source(), start, offset - start)?;
        let finder = memchr::memmem::FinderRev::new(b"obj");
        for at in finder.rfind_iter(&window).take(TRIES) {
            let Some((id, begin)) = header_before(&window, at) else { continue };
            for number in self.revisions_placing(id.number, start + begin)? {
                let Some(revision) = self.revision(number) else { continue };
                let Ok(Some(object)) = revision.get(id) else { continue };
                if let Container::File(span) = object.container
                    && (span.start..span.end).contains(&offset)
                {
                    return Ok(Some((number, object)));
                }
            }
        }
        Ok(None)
    }

    /// The revisions, newest first, whose own sections place object `number` at `offset`.
    fn revisions_placing(&self, number: u32, offset: u64) -> Result<Vec<usize>, Error> {
        let mut found = Vec::new();
        for revision in self.revisions().rev() {
            for section in revision.own_sections() {
                if let Some(Entry::InUse { offset: at, .. }) =
                    section.lookup(self.source(), number)?
                    && at <= offset
                    && offset - at <= length(SPACE)
                {
                    found.push(revision.number());
                }
            }
        }
        Ok(found)
    }
}

/// How much white space an entry may point to before its object.
const SPACE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn an_object_is_found_from_its_middle_and_nothing_is_found_outside() {
        let bytes = sealwright_testdata::documents::classic_table();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let catalog = memchr::memmem::find(&bytes, b"/Catalog").unwrap();
        let (revision, object) = file.object_around(length(catalog)).unwrap().unwrap();
        assert_eq!(revision, 1);
        assert_eq!(object.id, file.latest().catalog_id().unwrap());
        let table = memchr::memmem::rfind(&bytes, b"startxref").unwrap();
        assert!(file.object_around(length(table)).unwrap().is_none());
    }
}
