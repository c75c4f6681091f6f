//! Opening a file: from its last bytes to its cross-reference sections, and nothing else.

use std::fmt;

use super::chain::{note_size, offset_in, read_chain};
use super::deviation::{Deviation, Parse};
use super::encryption::{self, Password};
use super::error::Error;
use super::lexical::is_regular;
use super::object_stream::StreamCache;
use super::revision::{Bounds, Revision};
use super::section::read_section;
use super::source::{Chained, Source, length, read};
use super::startxref::{check_origin, find_end};
use super::syntax::Strictness;
use super::window::Ground;
use super::xref::Section;
use super::{repair, revision};
use crate::digest::Hasher;
use crate::limits::{Limit, LimitExceeded, Limits, Meter};

/// So many bytes are read at once where a source has none in memory.
const HASHED_AT_ONCE: usize = 1 << 20;
/// How far from the start `%PDF-` is looked for.
const HEAD: u64 = 1_024;

/// An opened PDF: its cross-reference sections, and objects on demand.
///
/// Opening costs the cross references; a page is parsed when it is asked for. The file is shared
/// between threads by reference.
///
/// ```
/// use sealwright::limits::Limits;
/// use sealwright::pdf::{File, Parse};
///
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
/// assert_eq!(file.parse(), Parse::Strict);
/// assert_eq!(file.revision_count(), 1);
/// # Ok::<(), sealwright::pdf::Error>(())
/// ```
pub struct File<'a> {
    source: Box<dyn Source + 'a>,
    limits: Limits,
    header: Header,
    sections: Vec<Section>,
    revisions: Vec<Bounds>,
    /// For each section, the end of the revision it belongs to.
    section_ends: Vec<u64>,
    parse: Parse,
    deviations: Vec<Deviation>,
    pub(super) encryption: encryption::State,
    pub(super) inflated: Meter,
    pub(super) work: Meter,
    pub(super) streams: StreamCache,
}

/// The version line (ISO 32000-2 §7.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    offset: u64,
    /// `None` if it is not two digits with a point between.
    version: Option<(u8, u8)>,
}

impl<'a> File<'a> {
    /// Opens a document.
    ///
    /// A file whose cross references cannot be followed is searched for objects and comes back as
    /// [`Parse::Repaired`].
    ///
    /// # Errors
    ///
    /// If it is no PDF, a limit runs out, the source fails, or no catalog can be found even by
    /// searching; [`Error::Encrypted`] if the catalog is in an encrypted object stream and the document
    /// could not be opened.
    pub fn open(source: impl Source + 'a, limits: Limits) -> Result<Self, Error> {
        Self::open_by(source, limits, None)
    }

    pub(super) fn open_by(
        source: impl Source + 'a,
        limits: Limits,
        password: Option<&Password>,
    ) -> Result<Self, Error> {
        LimitExceeded::check(Limit::Bytes, source.len(), limits.bytes)?;
        let header = find_header(&source)?;
        let inflated = Meter::new(Limit::InflatedBytes, limits.inflated_bytes);
        let work = Meter::new(Limit::Work, limits.work);
        let mut file = Self {
            source: Box::new(source),
            limits,
            header,
            sections: Vec::new(),
            revisions: Vec::new(),
            section_ends: Vec::new(),
            parse: Parse::Strict,
            deviations: Vec::new(),
            encryption: encryption::State::default(),
            inflated,
            work,
            streams: StreamCache::default(),
        };
        if let Err(error) = file.follow_cross_references(password) {
            if !repair::may_help(&error) {
                return Err(error);
            }
            file.rebuild(&error, password)?;
        }
        Ok(file)
    }

    /// The file as it would be with `appended` behind it. Only the section that was appended is
    /// read; the older ones are those of `base`, which is not copied.
    ///
    /// # Errors
    ///
    /// If what was appended does not read to the letter, or does not lead back to `base`.
    pub(crate) fn extended(base: &'a File<'_>, appended: &'a [u8]) -> Result<Self, Error> {
        let mut file = Self {
            source: Box::new(Chained { base: base.source(), appended }),
            limits: base.limits.clone(),
            header: base.header,
            sections: Vec::new(),
            revisions: Vec::new(),
            section_ends: Vec::new(),
            parse: base.parse,
            deviations: base.deviations.clone(),
            encryption: base.encryption.clone(),
            inflated: Meter::new(Limit::InflatedBytes, base.limits.inflated_bytes),
            work: Meter::new(Limit::Work, base.limits.work),
            streams: StreamCache::default(),
        };
        let mut deviations = Vec::new();
        let end = find_end(&*file.source, &mut deviations)?;
        let wrong = |problem| Error::CrossReference { offset: end.section, problem };
        if end.section < base.len() {
            return Err(wrong("what was appended does not name a section of its own"));
        }
        let section = read_section(file.ground(), end.section, &file.inflated, &mut deviations)?;
        let previous = base.sections.first().map(|section| section.span().start);
        if offset_in(section.trailer(), b"Prev", end.section)? != previous {
            return Err(wrong("what was appended does not lead back to the newest section"));
        }
        if !deviations.is_empty() || section.trailer().contains(b"XRefStm") {
            return Err(wrong("what was appended is not to the letter"));
        }
        file.revisions = base.revisions.iter().map(Bounds::behind_another_section).collect();
        file.revisions.push(Bounds { first_section: 0, end: Some(end.after_marker) });
        file.sections = [vec![section], base.sections.clone()].concat();
        file.section_ends = [vec![end.after_marker], base.section_ends.clone()].concat();
        Ok(file)
    }

    fn follow_cross_references(&mut self, password: Option<&Password>) -> Result<(), Error> {
        let mut deviations = Vec::new();
        if self.header.offset > 0 {
            Deviation::JunkBeforeHeader { bytes: self.header.offset }.note(&mut deviations);
        }
        if self.header.version.is_none() {
            let problem = "the header names no version";
            return Err(Error::CrossReference { offset: self.header.offset, problem });
        }
        let end = find_end(&*self.source, &mut deviations)?;
        if self.header.offset > 0 {
            check_origin(&*self.source, self.header.offset, end.section)?;
        }
        let ground = self.ground();
        let sections = read_chain(ground, end.section, &self.inflated, &mut deviations)?;
        let revisions = revision::bounds(ground, &sections, end.after_marker)?;
        self.section_ends = revision::section_ends(&revisions, sections.len(), end.after_marker);
        self.revisions = revisions;
        self.sections = sections;
        note_size(&self.sections, &mut deviations)?;
        if self.linearization_is_stale() {
            Deviation::StaleLinearization.note(&mut deviations);
        }
        self.parse = deviations.iter().map(Deviation::parse).max().unwrap_or(Parse::Strict);
        self.deviations = deviations;
        self.decrypt(password)?;
        self.latest().catalog().map(|_| ())
    }

    fn rebuild(&mut self, because: &Error, password: Option<&Password>) -> Result<(), Error> {
        self.encryption = encryption::State::default();
        self.parse = Parse::Repaired;
        self.deviations = vec![Deviation::Rebuilt { because: because.to_string() }];
        let section = repair::rebuild(self.ground(), &self.inflated)?;
        self.revisions = vec![Bounds { first_section: 0, end: Some(self.source.len()) }];
        self.section_ends = vec![self.source.len()];
        self.sections = vec![section];
        self.streams = StreamCache::default();
        self.decrypt(password)?;
        self.latest().catalog().map(|_| ())
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.source.len()
    }

    /// Never true: an empty file does not open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// The bytes.
    #[must_use]
    pub fn source(&self) -> &(dyn Source + 'a) {
        &*self.source
    }

    /// The limits it was opened with.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes all bytes up into a digest, in one pass.
    pub(crate) fn hash_into(&self, hasher: &mut Hasher) -> Result<(), Error> {
        if let Some(bytes) = self.source.as_slice() {
            hasher.update(bytes);
            return Ok(());
        }
        let (mut buffer, mut offset) = (vec![0; HASHED_AT_ONCE], 0);
        while offset < self.len() {
            let left = usize::try_from(self.len() - offset).unwrap_or(usize::MAX);
            let Some(chunk) = buffer.get_mut(..left.min(HASHED_AT_ONCE)) else { break };
            self.source
                .read_at(offset, chunk)
                .map_err(|error| Error::Source { offset, kind: error.kind() })?;
            hasher.update(chunk);
            offset += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        }
        Ok(())
    }

    /// How it parsed. Objects are parsed later: one that is malformed is an error when asked for.
    #[must_use]
    pub fn parse(&self) -> Parse {
        self.parse
    }

    /// Its departures from the standard, each kind once.
    #[must_use]
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// The version of the header, such as `(1, 7)`; the catalog may raise it. `(0, 0)` in a repaired
    /// file that names none.
    #[must_use]
    pub fn header_version(&self) -> (u8, u8) {
        self.header.version.unwrap_or((0, 0))
    }

    /// The cross-reference sections, newest first.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Goes through every entry of every classic table. Opening takes it on trust that entries between
    /// the first and the last one of a subsection are as wide as those: one that is looked up and
    /// stands elsewhere is an error, but a reader that goes word by word would count otherwise.
    ///
    /// Costs about ten nanoseconds for each object; whoever judges a stranger's file should ask.
    ///
    /// # Errors
    ///
    /// The first entry that does not stand where its number puts it.
    pub fn check_tables(&self) -> Result<(), Error> {
        self.sections.iter().try_for_each(|section| section.check_entries(self.source()))
    }

    /// How often the file was written: 1 plus its incremental updates.
    #[must_use]
    pub fn revision_count(&self) -> usize {
        self.revisions.len()
    }

    /// The document as of revision `number`, counted from 1; `None` beyond the last.
    #[must_use]
    pub fn revision(&self, number: usize) -> Option<Revision<'_>> {
        let bounds = number.checked_sub(1).and_then(|index| self.revisions.get(index))?;
        let older = self.revisions.get(..number.saturating_sub(1)).unwrap_or(&[]);
        let start = older.iter().rev().find_map(|before| before.end).unwrap_or(0);
        Some(Revision::new(self, number, start, *bounds))
    }

    /// The document as it is now.
    #[must_use]
    pub fn latest(&self) -> Revision<'_> {
        let whole = Bounds { first_section: 0, end: None };
        self.revision(self.revisions.len())
            .unwrap_or_else(|| Revision::new(self, self.revisions.len(), 0, whole))
    }

    /// All revisions, oldest first.
    pub fn revisions(&self) -> impl DoubleEndedIterator<Item = Revision<'_>> {
        (1..=self.revisions.len()).filter_map(|number| self.revision(number))
    }

    /// The sections from `first` on, newest first, each with the end of its revision.
    pub(super) fn sections_from(&self, first: usize) -> impl Iterator<Item = (&Section, u64)> {
        self.sections.iter().zip(self.section_ends.iter().copied()).skip(first)
    }

    /// One above the highest object number in use, never below the stated `/Size`.
    #[must_use]
    pub fn next_object_number(&self) -> u64 {
        let numbers = self.sections.iter().map(Section::numbers_end).max().unwrap_or(1);
        let stated = self
            .sections
            .first()
            .and_then(|section| section.trailer().integer(b"Size"))
            .and_then(|size| u64::try_from(size).ok())
            .filter(|size| *size <= self.limits.objects);
        numbers.max(stated.unwrap_or(1)).max(1)
    }

    pub(super) fn ground(&self) -> Ground<'_> {
        let strictness = match self.parse {
            Parse::Repaired => Strictness::Lenient,
            _ => Strictness::Strict,
        };
        Ground { source: &*self.source, limits: &self.limits, strictness, work: &self.work }
    }

    /// Whether the first object is a linearization dictionary whose length is not that of the file.
    fn linearization_is_stale(&self) -> bool {
        let dictionary = self.ground().parse_at(self.header.offset, |parser| {
            parser.skip_space();
            parser.object_header()?;
            parser.value()
        });
        dictionary.is_ok_and(|value| {
            value.value.as_dictionary().is_some_and(|dictionary| {
                dictionary.contains(b"Linearized")
                    && dictionary.integer(b"L").and_then(|stated| u64::try_from(stated).ok())
                        != Some(self.len())
            })
        })
    }
}

impl fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("bytes", &self.len())
            .field("parse", &self.parse)
            .field("revisions", &self.revisions.len())
            .finish_non_exhaustive()
    }
}

fn find_header(source: &dyn Source) -> Result<Header, Error> {
    let head = read(source, 0, HEAD.min(source.len()))?;
    let at = memchr::memmem::find(&head, b"%PDF-").ok_or(Error::NotPdf { length: source.len() })?;
    let version = match head.get(at + 5..) {
        Some([major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9', rest @ ..])
            if rest.first().is_none_or(|byte| !is_regular(*byte)) =>
        {
            Some((major - b'0', minor - b'0'))
        }
        _ => None,
    };
    Ok(Header { offset: length(at), version })
}

const _: fn() = || {
    fn is_shared_between_threads<T: Send + Sync>() {}
    is_shared_between_threads::<File<'static>>();
};

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents;

    use super::*;
    use crate::pdf::Entry;

    fn open(bytes: &Vec<u8>) -> File<'_> {
        File::open(bytes, Limits::default()).unwrap()
    }

    fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
        let at = memchr::memmem::rfind(bytes, from.as_bytes()).unwrap();
        [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
    }

    #[test]
    fn in_a_hybrid_file_the_stream_fills_what_the_table_leaves_free() {
        let bytes = documents::hybrid_with_later_revision();
        let file = open(&bytes);
        assert_eq!(file.parse(), Parse::Strict);
        let older = file.revision(1).unwrap();
        let hidden = older.catalog().unwrap().reference(b"Outlines").unwrap();
        assert!(matches!(older.entry(hidden.number).unwrap(), Some(Entry::Compressed { .. })));
        let in_table = older.entry(documents::CATALOG).unwrap();
        assert!(matches!(in_table, Some(Entry::InUse { .. })));
        assert_eq!(older.dictionary(hidden).unwrap().integer(b"Count"), Some(1));
        assert_eq!(file.latest().dictionary(hidden).unwrap().integer(b"Count"), Some(0));
    }

    #[test]
    fn the_stream_of_a_hybrid_section_leads_nowhere_else() {
        let bytes = documents::hybrid();
        assert_eq!(open(&bytes).parse(), Parse::Strict);
        // The comment behind the header makes room: no offset changes.
        let stream = replaced(&bytes, "/Type /XRef", "/Prev 9/Type/XRef");
        let from = memchr::memmem::find(&stream, b"/Prev 9").unwrap();
        let spare = memchr::memmem::find(&stream[from..], b"/ID [<5EA1").unwrap() + from;
        let mut shortened = stream;
        shortened.drain(spare + 7..spare + 13);
        assert_eq!(shortened.len(), bytes.len());
        assert_eq!(open(&shortened).parse(), Parse::Repaired);
    }

    #[test]
    fn a_table_that_reads_otherwise_word_by_word_is_found_when_asked_for() {
        let bytes = documents::classic_table();
        open(&bytes).check_tables().unwrap();
        // An entry of 19 bytes, then one of 21: nothing else moves.
        let entry = |number: usize| {
            let table = memchr::memmem::rfind(&bytes, b"xref\n0 11\n").unwrap();
            table + b"xref\n0 11\n".len() + 20 * number
        };
        let mut shifted = bytes.clone();
        shifted.remove(entry(8) + 18);
        shifted.insert(entry(9) + 18, b' ');
        let file = open(&shifted);
        assert_eq!(file.parse(), Parse::Strict);
        assert!(file.check_tables().is_err());
    }

    #[test]
    fn a_trailer_states_its_size() {
        let bytes = documents::classic_table();
        for other in ["/Sise 11", "/Size -1", "/Size (1"] {
            let bytes = replaced(&bytes, "/Size 11", &format!("{other:<8}"));
            assert_eq!(open(&bytes).parse(), Parse::Repaired, "{other}");
        }
    }

    #[test]
    fn a_chain_of_sections_ends_at_the_limit() {
        let bytes = documents::five_hundred_revisions();
        let open = |revisions| File::open(&bytes, Limits { revisions, ..Limits::default() });
        assert_eq!(open(500).unwrap().revision_count(), 500);
        assert!(matches!(open(499), Err(Error::Limit(_))));
    }
}
