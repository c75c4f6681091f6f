//! The document as of one revision: a view over a suffix of the sections, not a copy.

use std::borrow::Cow;

use super::error::Error;
use super::file::{File, after_one_line_end, end_of_revision};
use super::object::{Dictionary, Object, ObjectId, Span, Stream};
use super::source::read;
use super::store::{self, IndirectObject, Lookup};
use super::window::Ground;
use super::xref::{Entry, Section};

/// Chains of references that lead to references are followed this far.
const REFERENCE_STEPS: usize = 16;

/// Where a revision begins in the list of sections, and where its bytes end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Index of its newest section in [`File::sections`].
    pub(super) first_section: usize,
    /// Behind `%%EOF` and one end of line; `None` if no end could be found.
    pub(super) end: Option<u64>,
}

impl Bounds {
    /// The same revision when one newer section stands before it in the list.
    pub(super) fn behind_another_section(&self) -> Self {
        Self { first_section: self.first_section + 1, end: self.end }
    }
}

/// The document as some writer left it. Cheap to copy.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
///
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
/// let latest = file.latest();
/// assert!(latest.catalog()?.is_type(b"Catalog"));
/// assert_eq!(latest.span().end, bytes.len() as u64);
/// # Ok::<(), sealwright::pdf::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Revision<'f> {
    file: &'f File<'f>,
    number: usize,
    start: u64,
    bounds: Bounds,
}

impl<'f> Revision<'f> {
    pub(super) fn new(file: &'f File<'_>, number: usize, start: u64, bounds: Bounds) -> Self {
        Self { file, number, start, bounds }
    }

    /// The file it is a view of.
    #[must_use]
    pub fn file(&self) -> &'f File<'f> {
        self.file
    }

    /// Its number, from 1 for the oldest.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// The bytes that this revision added; empty if its end could not be found.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.start, self.bounds.end.unwrap_or(self.start))
    }

    /// The offset behind its `%%EOF` and one end of line; `None` if no end could be found.
    #[must_use]
    pub fn end(&self) -> Option<u64> {
        self.bounds.end
    }

    /// All sections that count for it, newest first.
    #[must_use]
    pub fn sections(&self) -> &'f [Section] {
        self.file.sections().get(self.bounds.first_section..).unwrap_or(&[])
    }

    /// The sections that this revision itself added, newest first.
    #[must_use]
    pub fn own_sections(&self) -> &'f [Section] {
        let all = self.sections();
        let older = self.number.checked_sub(1).and_then(|number| self.file.revision(number));
        let count = all.len().saturating_sub(older.map_or(0, |older| older.sections().len()));
        all.get(..count).unwrap_or(all)
    }

    /// The trailer of its newest section.
    ///
    /// # Errors
    ///
    /// If there is no section at all.
    pub fn trailer(&self) -> Result<&'f Dictionary, Error> {
        self.sections()
            .first()
            .map(Section::trailer)
            .ok_or(Error::structure(ObjectId::new(0, 0), "no trailer"))
    }

    /// What the cross references of this revision say of an object number.
    ///
    /// # Errors
    ///
    /// If an entry is not spelt as one.
    pub fn entry(&self, number: u32) -> Result<Option<Entry>, Error> {
        for section in self.sections() {
            if let Some(entry) = section.lookup(self.file.source(), number)? {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// An object of this revision; `None` if it is free, missing or of another generation, which
    /// all mean `null` (§7.3.10).
    ///
    /// # Errors
    ///
    /// If the bytes at its place are not that object.
    pub fn get(&self, id: ObjectId) -> Result<Option<IndirectObject>, Error> {
        store::get(*self, id)
    }

    /// The value behind a reference, or the value itself; `null` for what is missing.
    ///
    /// # Errors
    ///
    /// Like [`Revision::get`]; also for references that only lead to each other.
    pub fn resolve<'o>(&self, object: &'o Object) -> Result<Cow<'o, Object>, Error> {
        let Object::Reference(first) = object else { return Ok(Cow::Borrowed(object)) };
        let mut id = *first;
        for _ in 0..REFERENCE_STEPS {
            match self.get(id)?.map(|found| found.object.value) {
                None => return Ok(Cow::Owned(Object::Null)),
                Some(Object::Reference(next)) => id = next,
                Some(value) => return Ok(Cow::Owned(value)),
            }
        }
        Err(Error::structure(*first, "references lead to references without end"))
    }

    /// The resolved value of a dictionary's key; `None` if it is absent or `null`.
    ///
    /// # Errors
    ///
    /// Like [`Revision::resolve`].
    pub fn lookup<'o>(
        &self,
        dictionary: &'o Dictionary,
        key: &[u8],
    ) -> Result<Option<Cow<'o, Object>>, Error> {
        let Some(value) = dictionary.get(key) else { return Ok(None) };
        Ok(Some(self.resolve(value)?).filter(|value| **value != Object::Null))
    }

    /// The object a reference names, as a dictionary.
    ///
    /// # Errors
    ///
    /// If it is missing or of another kind.
    pub fn dictionary(&self, id: ObjectId) -> Result<Dictionary, Error> {
        match self.get(id)?.map(|found| found.object.value) {
            Some(Object::Dictionary(dictionary)) => Ok(dictionary),
            Some(Object::Stream(stream)) => Ok(stream.dictionary),
            _ => Err(Error::structure(id, "not a dictionary")),
        }
    }

    /// The id of the document catalog (§7.7.2).
    ///
    /// # Errors
    ///
    /// If the trailer names none.
    pub fn catalog_id(&self) -> Result<ObjectId, Error> {
        self.trailer()?
            .reference(b"Root")
            .ok_or(Error::structure(ObjectId::new(0, 0), "the trailer has no /Root reference"))
    }

    /// The document catalog (§7.7.2).
    ///
    /// # Errors
    ///
    /// If it is missing or no dictionary.
    pub fn catalog(&self) -> Result<Dictionary, Error> {
        self.dictionary(self.catalog_id()?)
    }

    /// The decoded data of a stream, spent from the file's budget of inflated bytes.
    ///
    /// # Errors
    ///
    /// If a filter fails, is unknown, or the budget runs out.
    pub fn decoded(&self, id: ObjectId, stream: &Stream) -> Result<Vec<u8>, Error> {
        store::decode(self.file, id, stream)
    }

    /// The raw data of a stream, still encoded; borrowed where the source is a slice.
    ///
    /// # Errors
    ///
    /// If the source fails.
    pub fn raw(&self, stream: &Stream) -> Result<Cow<'f, [u8]>, Error> {
        read(self.file.source(), stream.data.start, stream.data.len())
    }
}

impl std::fmt::Debug for Revision<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revision")
            .field("number", &self.number)
            .field("span", &self.span())
            .finish()
    }
}

impl Lookup for Revision<'_> {
    fn file(&self) -> &File<'_> {
        self.file
    }

    fn entry(&self, number: u32) -> Result<Option<Entry>, Error> {
        Self::entry(self, number)
    }
}

/// Groups sections into revisions, oldest first.
///
/// A revision ends at the `%%EOF` whose `startxref` names its section. A linearized file has two
/// sections for its first revision: the newer one stands at the front, and the marker that names it
/// follows the older one (ISO 32000-2 Annex F).
pub(super) fn bounds(ground: Ground<'_>, sections: &[Section], file_end: u64) -> Vec<Bounds> {
    let mut newest_first = Vec::new();
    let mut index = 0;
    while let Some(section) = sections.get(index) {
        let offset = section.span().start;
        let own = ending(ground, section.span().end, offset);
        let partner = sections.get(index + 1).filter(|_| own.is_none());
        let end = own.or(partner.and_then(|older| ending(ground, older.span().end, offset)));
        newest_first
            .push(Bounds { first_section: index, end: end.or((index == 0).then_some(file_end)) });
        index += if own.is_none() && end.is_some() { 2 } else { 1 };
    }
    newest_first.reverse();
    newest_first
}

/// The end of the revision whose section ends at `at`, if the marker there names `section`.
fn ending(ground: Ground<'_>, at: u64, section: u64) -> Option<u64> {
    let tail = read(ground.source, at, 256.min(ground.source.len().checked_sub(at)?)).ok()?;
    let mut parser = super::syntax::Parser::new(&tail, at, true, ground.strictness);
    parser.skip_space();
    let (named, marker_end) = end_of_revision(parser)?;
    if named != section {
        return None;
    }
    after_one_line_end(ground.source, marker_end).ok()
}
