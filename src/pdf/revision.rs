//! The document as of one revision: a view over a suffix of the sections, not a copy.

use std::borrow::Cow;

use super::error::Error;
use super::file::File;
use super::object::{Dictionary, Object, ObjectId, Span, Stream};
use super::startxref::{after_one_line_end, end_of_revision};
use super::store::{self, IndirectObject, Lookup};
use super::window::Ground;
use super::xref::{Entry, Section};

/// Chains of references that lead to references are followed this far.
const REFERENCE_STEPS: usize = 16;

/// `/DecodeParms` is an array of dictionaries of numbers.
const FILTER_DEPTH: usize = 3;

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
        Ok(self.place(number)?.map(|(entry, _)| entry))
    }

    /// The entry, and the end of the revision that wrote it.
    fn place(&self, number: u32) -> Result<Option<(Entry, u64)>, Error> {
        for (section, end) in self.file.sections_from(self.bounds.first_section) {
            if let Some(entry) = section.lookup(self.file.source(), number)? {
                return Ok(Some((entry, end)));
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
        store::decode(self.file, id, &*self.with_direct_filters(stream)?, stream.data)
    }

    /// The dictionary of a stream with nothing indirect in what it says of filters.
    fn with_direct_filters<'s>(&self, stream: &'s Stream) -> Result<Cow<'s, Dictionary>, Error> {
        let indirect = [&b"Filter"[..], b"DecodeParms"].iter().any(|key| {
            let mut found = false;
            let value = stream.dictionary.get(key);
            value.inspect(|value| value.for_each_reference(&mut |_| found = true));
            found
        });
        if !indirect {
            return Ok(Cow::Borrowed(&stream.dictionary));
        }
        let entries = stream.dictionary.entries().iter().cloned().map(|mut entry| {
            if matches!(entry.key.as_slice(), b"Filter" | b"DecodeParms") {
                self.make_direct(&mut entry.value.value, FILTER_DEPTH)?;
            }
            Ok(entry)
        });
        Ok(Cow::Owned(Dictionary::from_entries(entries.collect::<Result<_, Error>>()?)))
    }

    /// Puts values in the place of references, so many levels deep.
    fn make_direct(&self, value: &mut Object, levels: usize) -> Result<(), Error> {
        if let Object::Reference(_) = value {
            *value = self.resolve(value)?.into_owned();
        }
        let Some(levels) = levels.checked_sub(1) else { return Ok(()) };
        match value {
            Object::Array(items) => {
                items.iter_mut().try_for_each(|item| self.make_direct(&mut item.value, levels))
            }
            Object::Dictionary(dictionary) => dictionary
                .values_mut()
                .try_for_each(|entry| self.make_direct(&mut entry.value, levels)),
            _ => Ok(()),
        }
    }

    /// The data of a stream in plain, still encoded; borrowed where the source is a slice and nothing
    /// is encrypted.
    ///
    /// # Errors
    ///
    /// If the source fails, or the document is encrypted and could not be opened.
    pub fn raw(&self, stream: &Stream) -> Result<Cow<'f, [u8]>, Error> {
        let dictionary = self.with_direct_filters(stream)?;
        store::raw(self.file, stream.id, &dictionary, stream.data)
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

    fn place(&self, number: u32) -> Result<Option<(Entry, u64)>, Error> {
        Self::place(self, number)
    }
}

/// Groups sections into revisions, oldest first. `file_end` is the end of the last one.
///
/// A revision ends at the `%%EOF` whose `startxref` names its section. A linearized file has two
/// sections for its first revision: the newer one stands at the front, and the marker that names it
/// follows the older one (ISO 32000-2 Annex F). Everywhere else what is newer stands further back,
/// so that the bytes before an end are all that its revision is made of.
///
/// # Errors
///
/// If sections are out of order, or something stands between the newest section and the file's end.
pub(super) fn bounds(
    ground: Ground<'_>,
    sections: &[Section],
    file_end: u64,
) -> Result<Vec<Bounds>, Error> {
    let mut newest_first = Vec::new();
    let mut index = 0;
    let mut newer_starts = file_end;
    while let Some(section) = sections.get(index) {
        let offset = section.span().start;
        let wrong = |problem| Error::CrossReference { offset, problem };
        let older = match sections.get(index + 1..) {
            Some([older]) if older.span().start >= section.span().end => Some(older),
            _ => None,
        };
        let last = older.unwrap_or(section);
        let end = ending(ground, last.span().end, offset);
        if index == 0 && end != Some(file_end) {
            return Err(wrong("the end of the file does not follow its newest cross references"));
        }
        if older.is_some() && end.is_none() {
            return Err(wrong("/Prev leads forward, and not as in a linearized file"));
        }
        if end.unwrap_or(last.span().end) > newer_starts {
            return Err(wrong("cross-reference sections overlap or are out of order"));
        }
        newest_first.push(Bounds { first_section: index, end });
        newer_starts = offset;
        index += if older.is_some() { 2 } else { 1 };
    }
    newest_first.reverse();
    Ok(newest_first)
}

/// For each of `count` sections, newest first, the end of its revision. Where that could not be
/// found, the end of the next newer revision stands in.
pub(super) fn section_ends(revisions: &[Bounds], count: usize, file_end: u64) -> Vec<u64> {
    let mut ends = Vec::with_capacity(count);
    let mut end = file_end;
    for (index, revision) in revisions.iter().enumerate().rev() {
        let older = index.checked_sub(1).and_then(|index| revisions.get(index));
        end = revision.end.unwrap_or(end);
        ends.resize(older.map_or(count, |older| older.first_section), end);
    }
    ends
}

/// The end of the revision whose section ends at `at`, if the marker there names `section`.
fn ending(ground: Ground<'_>, at: u64, section: u64) -> Option<u64> {
    let marker = ground.parse_at(at, |parser| {
        parser.skip_space();
        end_of_revision(parser)
    });
    let (named, marker_end) = marker.ok()?;
    if named != section {
        return None;
    }
    after_one_line_end(ground.source, marker_end).ok()
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::appended::{append_table_update, last_startxref};
    use sealwright_testdata::documents;

    use super::super::deviation::Parse;
    use super::*;
    use crate::limits::Limits;

    fn open(bytes: &Vec<u8>) -> File<'_> {
        File::open(bytes, Limits::default()).unwrap()
    }

    fn length_of(bytes: &[u8]) -> u64 {
        u64::try_from(bytes.len()).unwrap()
    }

    /// The only place of `from` overwritten by `to`, which is as long.
    fn overwritten(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
        assert_eq!(from.len(), to.len());
        let at = memchr::memmem::rfind(&bytes, from.as_bytes()).unwrap();
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        bytes
    }

    #[test]
    fn spans_of_revisions_follow_each_other_without_a_gap() {
        for bytes in [documents::three_table_revisions(), documents::linearized_then_revised()] {
            let file = open(&bytes);
            let mut start = 0;
            for revision in file.revisions() {
                assert_eq!(revision.span().start, start);
                assert!(revision.span().end > start);
                start = revision.span().end;
            }
            assert_eq!(start, length_of(&bytes));
        }
    }

    #[test]
    fn filters_and_parameters_by_reference_are_followed() {
        use sealwright_testdata::pdf::{Layout, deflate};
        let mut pdf = documents::plain(1);
        pdf.set(20, "/FlateDecode");
        pdf.set(21, "<</Predictor 22 0 R/Columns 3>>");
        pdf.set(22, "12");
        let rows = deflate(&[0, 1, 2, 3, 2, 1, 1, 1]);
        pdf.set_stream(23, "/Filter[20 0 R]/DecodeParms[21 0 R]", &rows);
        pdf.set_stream(24, "/Filter 24 0 R", &rows);
        let bytes = pdf.write(&Layout::default());
        let file = open(&bytes);
        let decoded = |number| {
            let object = file.latest().get(ObjectId::new(number, 0)).unwrap().unwrap().object.value;
            file.latest().decoded(ObjectId::new(number, 0), object.as_stream().unwrap())
        };
        assert_eq!(decoded(23).unwrap(), [1, 2, 3, 2, 3, 4]);
        assert!(decoded(24).is_err());
    }

    #[test]
    fn a_linearized_file_is_one_revision_of_two_sections() {
        let bytes = documents::linearized_then_revised();
        let file = open(&bytes);
        assert_eq!((file.revision_count(), file.sections().len()), (2, 3));
        let counts: Vec<_> = file.revisions().map(|one| one.own_sections().len()).collect();
        assert_eq!(counts, [2, 1]);
    }

    #[test]
    fn a_second_end_marker_is_not_the_end_of_the_newest_revision() {
        let base = documents::classic_table();
        let section = last_startxref(&base);
        let more = format!("99 0 obj (slipped in) endobj\nstartxref\n{section}\n%%EOF\n");
        let bytes = [&base[..], more.as_bytes()].concat();
        assert_eq!(open(&bytes).parse(), Parse::Repaired);
    }

    #[test]
    fn sections_out_of_order_are_not_followed() {
        // The older revision's table is copied behind the newer one, and /Prev leads there.
        let base = documents::classic_table();
        let first = last_startxref(&base);
        let update = append_table_update(&base, &[(4, 0, b"<< /Title (Changed) >>")], "");
        let second = last_startxref(&update);
        let table = &base[usize::try_from(first).unwrap()..];
        let copied = length_of(&update);
        let end = format!("startxref\n{second}\n%%EOF\n");
        let bytes = [&update[..], table, end.as_bytes()].concat();
        let bytes = overwritten(bytes, &format!("/Prev {first}"), &format!("/Prev {copied}"));
        assert_eq!(open(&bytes).parse(), Parse::Repaired);
    }

    #[test]
    fn an_older_revision_without_its_end_has_none_and_the_next_begins_behind_the_last_known_one() {
        let bytes = documents::three_table_revisions();
        let ends: Vec<_> = open(&bytes).revisions().map(|one| one.end().unwrap()).collect();
        let second = usize::try_from(ends[1]).unwrap();
        let mut bytes = bytes;
        bytes[second - 7..second].copy_from_slice(b"%% end\n");
        let file = open(&bytes);
        assert_eq!((file.parse(), file.revision_count()), (Parse::Strict, 3));
        assert_eq!(file.revision(2).unwrap().end(), None);
        assert!(file.revision(2).unwrap().span().is_empty());
        assert_eq!(file.revision(3).unwrap().span(), Span::new(ends[0], ends[2]));
        assert_eq!(
            file.sections_from(0).map(|(_, end)| end).collect::<Vec<_>>(),
            [ends[2], ends[2], ends[0]]
        );
    }

    #[test]
    fn an_end_marker_far_behind_its_trailer_is_found() {
        let bytes = documents::classic_table();
        let at = memchr::memmem::rfind(&bytes, b"startxref").unwrap();
        let bytes = [&bytes[..at], &b"% padding\n".repeat(100), &bytes[at..]].concat();
        let file = open(&bytes);
        assert_eq!(file.parse(), Parse::Strict);
        assert_eq!(file.latest().end(), Some(length_of(&bytes)));
    }
}
