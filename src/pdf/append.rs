//! Appending a revision: new and changed objects, then cross references of the kind that the
//! newest section has (ISO 32000-2 §7.5.6). Nothing that exists is touched.

use std::collections::BTreeMap;

use super::error::Error;
use super::file::File;
use super::object::{Dictionary, ObjectId, Span};
use super::revision::Revision;
use super::source::{length, read};
use super::xref::SectionKind;
use crate::digest::{Digest, DigestAlgorithm};

/// The highest offset that ten digits of a classic table hold.
const TABLE_END: u64 = 9_999_999_999;

/// What stands behind the body of an object.
const END: &[u8] = b"\nendobj\n";

/// Keys of the newest trailer that a further section does not repeat: what it says of itself.
const OWN_KEYS: [&[u8]; 14] = [
    b"Size",
    b"Prev",
    b"XRefStm",
    b"ID",
    b"Type",
    b"W",
    b"Index",
    b"Length",
    b"Filter",
    b"DecodeParms",
    b"F",
    b"FFilter",
    b"FDecodeParms",
    b"DL",
];

/// A revision in the making.
pub(crate) struct Append<'f> {
    revision: Revision<'f>,
    next_number: u64,
    bytes: Vec<u8>,
    places: BTreeMap<u32, Place>,
    /// What could not be encrypted: told when the revision is closed.
    failed: Option<Error>,
}

#[derive(Clone, Copy)]
struct Place {
    generation: u16,
    offset: u64,
}

impl<'f> Append<'f> {
    /// Starts a revision after the newest one.
    ///
    /// # Errors
    ///
    /// If the file was repaired, or is encrypted and could not be opened.
    pub(crate) fn to(file: &'f File<'_>) -> Result<Self, Error> {
        if !file.parse().may_be_signed() {
            let problem = "the file was read by repairing it: it can be inspected, not extended";
            return Err(Error::CrossReference { offset: 0, problem });
        }
        file.encryption.required()?;
        let mut bytes = Vec::new();
        let last = read(file.source(), file.len().saturating_sub(1), 1)?;
        if !matches!(&*last, b"\n" | b"\r") {
            bytes.push(b'\n');
        }
        Ok(Self {
            revision: file.latest(),
            next_number: file.next_object_number(),
            bytes,
            places: BTreeMap::new(),
            failed: None,
        })
    }

    /// Takes up again what was appended to `file` once, to close it anew: `body` without its cross
    /// references, `entries` with the number, generation and offset of each object in it.
    ///
    /// # Errors
    ///
    /// As [`Append::to`].
    pub(crate) fn again(
        file: &'f File<'_>,
        body: Vec<u8>,
        entries: impl IntoIterator<Item = (u32, u16, u64)>,
    ) -> Result<Self, Error> {
        let mut append = Self::to(file)?;
        append.bytes = body;
        for (number, generation, offset) in entries {
            append.places.insert(number, Place { generation, offset });
            append.next_number = append.next_number.max(u64::from(number) + 1);
        }
        Ok(append)
    }

    /// The revision that is being extended.
    pub(crate) fn base(&self) -> Revision<'f> {
        self.revision
    }

    /// A number that no object of the file has.
    ///
    /// # Errors
    ///
    /// If the numbers that the standard allows are used up.
    pub(crate) fn allocate(&mut self) -> Result<ObjectId, Error> {
        let number = u32::try_from(self.next_number)
            .ok()
            .filter(|number| u64::from(*number) < u64::from(u32::MAX))
            .ok_or(Error::structure(ObjectId::new(0, 0), "no object number is left"))?;
        self.next_number += 1;
        Ok(ObjectId::new(number, 0))
    }

    /// Writes an object; its body is given in plain, and encrypted if the document is.
    pub(crate) fn put(&mut self, id: ObjectId, body: &[u8]) {
        let (file, base) = (self.revision.file(), self.revision.file().len());
        match file.encryption.security() {
            None => self.put_coded(id, body),
            Some(security) => {
                let coded = security.encrypt(base, id, body);
                self.put_encrypted(id, coded);
            }
        }
    }

    /// Writes a signature dictionary whose `/ByteRange` is still `blank` at this place of its body; the
    /// offset behind its last token, from byte 0 of the extended file. From the blank on, the body is
    /// written as it is.
    pub(crate) fn put_signature(&mut self, id: ObjectId, body: &[u8], blank: usize) -> u64 {
        let (file, base) = (self.revision.file(), self.revision.file().len());
        match file.encryption.security() {
            None => self.put_coded(id, body),
            Some(security) => {
                let coded = security.encrypt_signature(base, id, body, blank);
                self.put_encrypted(id, coded);
            }
        }
        self.offset() - length(END.len())
    }

    fn put_encrypted(&mut self, id: ObjectId, coded: Result<Vec<u8>, Error>) {
        match coded {
            Ok(coded) => self.put_coded(id, &coded),
            Err(error) => self.failed = Some(error),
        }
    }

    fn put_coded(&mut self, id: ObjectId, body: &[u8]) {
        self.note(id);
        self.bytes.extend_from_slice(format!("{} {} obj\n", id.number, id.generation).as_bytes());
        self.bytes.extend_from_slice(body);
        self.bytes.extend_from_slice(END);
    }

    /// Lets `write` append objects that spell their own `N 0 obj` and `endobj`; it answers with the
    /// number of each and where it began, counted from the start of the buffer it is given.
    pub(crate) fn put_written(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Vec<(u32, usize)>) {
        if self.revision.file().is_encrypted() {
            return self.put_each(write);
        }
        let base = self.revision.file().len();
        for (number, at) in write(&mut self.bytes) {
            self.places.insert(number, Place { generation: 0, offset: base + length(at) });
        }
    }

    /// The same for an encrypted document: each object by itself.
    fn put_each(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Vec<(u32, usize)>) {
        let mut plain = Vec::new();
        let mut places = write(&mut plain);
        places.sort_unstable_by_key(|(_, at)| *at);
        let ends = places.iter().skip(1).map(|(_, at)| *at).chain([plain.len()]);
        for ((number, at), end) in places.iter().zip(ends) {
            let id = ObjectId::new(*number, 0);
            let head = format!("{number} 0 obj");
            let body = plain.get(*at..end).and_then(|object| object.strip_prefix(head.as_bytes()));
            let body = body.and_then(|body| {
                let end = memchr::memmem::rfind(body, b"endobj")?;
                body.get(..end).map(<[u8]>::trim_ascii)
            });
            match body {
                Some(body) => self.put(id, body),
                None => self.failed = Some(Error::structure(id, "an object without its ends")),
            }
        }
    }

    fn note(&mut self, id: ObjectId) {
        let place = Place { generation: id.generation, offset: self.offset() };
        self.places.insert(id.number, place);
    }

    /// The offset of the next byte, from byte 0 of the extended file.
    pub(crate) fn offset(&self) -> u64 {
        self.revision.file().len() + length(self.bytes.len())
    }

    /// Closes the revision with its cross references; the appended bytes.
    ///
    /// # Errors
    ///
    /// If an offset does not fit a classic table, the newest trailer is not readable, or an object could
    /// not be encrypted.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Error> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let newest = self
            .revision
            .sections()
            .first()
            .ok_or(Error::structure(ObjectId::new(0, 0), "no cross-reference section"))?;
        match newest.kind() {
            SectionKind::Stream => self.write_stream(newest.trailer(), newest.span().start)?,
            _ => self.write_table(newest.trailer(), newest.span().start)?,
        }
        Ok(self.bytes)
    }

    fn write_table(&mut self, trailer: &Dictionary, previous: u64) -> Result<(), Error> {
        let start = self.offset();
        if start > TABLE_END {
            let problem = "the file is too long for the ten digits of its cross-reference table";
            return Err(Error::CrossReference { offset: start, problem });
        }
        let mut table = b"xref\n".to_vec();
        for run in runs(&self.places) {
            table.extend_from_slice(format!("{} {}\n", run.first, run.places.len()).as_bytes());
            for place in &run.places {
                let line = format!("{:010} {:05} n\r\n", place.offset, place.generation);
                table.extend_from_slice(line.as_bytes());
            }
        }
        table.extend_from_slice(b"trailer\n<<");
        table.extend(self.carried(trailer)?);
        table.extend_from_slice(format!("/Size {}/Prev {previous}", self.next_number).as_bytes());
        table.extend(self.file_identifier(trailer)?);
        table.extend_from_slice(format!(">>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        self.bytes.extend(table);
        Ok(())
    }

    fn write_stream(&mut self, trailer: &Dictionary, previous: u64) -> Result<(), Error> {
        let id = self.allocate()?;
        let start = self.offset();
        self.note(id);
        let width = start.to_be_bytes().iter().skip_while(|byte| **byte == 0).count().max(1);
        let mut index = Vec::new();
        let mut rows = Vec::new();
        for run in runs(&self.places) {
            index.push(format!("{} {}", run.first, run.places.len()));
            for place in &run.places {
                rows.push(1);
                rows.extend(place.offset.to_be_bytes().iter().skip(8 - width));
                rows.extend(place.generation.to_be_bytes());
            }
        }
        let mut object = format!(
            "{} 0 obj\n<</Type/XRef/W[1 {width} 2]/Index[{}]/Size {}/Prev {previous}/Length {}",
            id.number,
            index.join(" "),
            self.next_number,
            rows.len(),
        )
        .into_bytes();
        object.extend(self.carried(trailer)?);
        object.extend(self.file_identifier(trailer)?);
        object.extend_from_slice(b">>\nstream\n");
        object.extend(rows);
        let end = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
        object.extend_from_slice(end.as_bytes());
        self.bytes.extend(object);
        Ok(())
    }

    /// All keys of the newest trailer that are not about its own section, token for token.
    fn carried(&self, trailer: &Dictionary) -> Result<Vec<u8>, Error> {
        let mut carried = Vec::new();
        for entry in trailer.entries() {
            if OWN_KEYS.contains(&entry.key.as_slice()) {
                continue;
            }
            let span = Span::new(entry.key_span.start, entry.value.span.end);
            carried.extend_from_slice(&read(
                self.revision.file().source(),
                span.start,
                span.len(),
            )?);
            carried.push(b' ');
        }
        Ok(carried)
    }

    /// `/ID`: the first part is kept, the second is derived from what this revision appends
    /// (ISO 32000-2 §14.4), so that the same update gives the same bytes.
    fn file_identifier(&self, trailer: &Dictionary) -> Result<Vec<u8>, Error> {
        let digest = Digest::of(DigestAlgorithm::Sha256, &self.bytes).to_hex();
        let changing = digest.get(..32).unwrap_or(&digest);
        let id = match trailer.get(b"ID") {
            Some(id) => Some(self.revision.resolve(id)?.into_owned()),
            None => None,
        };
        let kept = id
            .as_ref()
            .and_then(|id| id.as_array())
            .and_then(<[_]>::first)
            .and_then(|first| first.value.as_string())
            .map(|first| first.bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        // The key of an encrypted document may depend on the first part, also on there being none.
        let kept = match (&kept, self.revision.file().encryption.security()) {
            (Some(kept), _) => kept.clone(),
            (None, None) => changing.to_owned(),
            (None, Some(security)) if security.identifier.is_empty() => return Ok(Vec::new()),
            (None, Some(security)) => {
                security.identifier.iter().map(|byte| format!("{byte:02x}")).collect()
            }
        };
        Ok(format!("/ID[<{kept}><{changing}>]").into_bytes())
    }
}

struct Run {
    first: u32,
    places: Vec<Place>,
}

/// Neighbouring numbers in one run: as few subsections as possible.
fn runs(places: &BTreeMap<u32, Place>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (number, place) in places {
        match runs.last_mut() {
            Some(run) if u64::from(run.first) + length(run.places.len()) == u64::from(*number) => {
                run.places.push(*place);
            }
            _ => runs.push(Run { first: *number, places: vec![*place] }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents;

    use super::*;
    use crate::limits::Limits;
    use crate::pdf::{Entry, Object, Parse};

    /// `base` with what `change` appends to it.
    fn appended(base: &Vec<u8>, change: impl FnOnce(&mut Append<'_>)) -> Vec<u8> {
        let file = File::open(base, Limits::default()).unwrap();
        let mut append = Append::to(&file).unwrap();
        change(&mut append);
        [base.as_slice(), &append.finish().unwrap()].concat()
    }

    #[test]
    fn the_kind_of_the_newest_section_is_kept_and_size_is_exact() {
        for (base, kind) in [
            (documents::classic_table(), SectionKind::Table),
            (documents::hybrid(), SectionKind::Table),
            (documents::linearized(), SectionKind::Table),
            (documents::xref_stream(), SectionKind::Stream),
            (documents::object_streams(), SectionKind::Stream),
            (documents::stream_after_table(), SectionKind::Stream),
        ] {
            let before = File::open(&base, Limits::default()).unwrap();
            let mut new = Vec::new();
            let bytes = appended(&base, |append| {
                for body in [&b"(one)"[..], b"(two)"] {
                    let id = append.allocate().unwrap();
                    append.put(id, body);
                    new.push(id);
                }
                append.put(ObjectId::new(documents::FONT, 0), b"<</Type/Font>>");
            });
            let file = File::open(&bytes, Limits::default()).unwrap();
            assert_eq!(file.revision_count(), before.revision_count() + 1);
            let newest = &file.sections()[0];
            assert_eq!(newest.kind(), kind);
            assert!(!newest.trailer().contains(b"XRefStm"), "never repeated");
            let previous = newest.trailer().integer(b"Prev").unwrap();
            assert_eq!(u64::try_from(previous).unwrap(), before.sections()[0].span().start);
            assert!(!file.deviations().iter().any(|one| one.code() == "doc.size"));
            for (key, value) in before.latest().trailer().unwrap().iter() {
                if !OWN_KEYS.contains(&key) {
                    assert_eq!(newest.trailer().get(key), Some(value));
                }
            }
            for (id, text) in new.iter().zip(["one", "two"]) {
                let object = file.latest().get(*id).unwrap().unwrap().object.value;
                assert_eq!(object.as_string().unwrap().bytes, text.as_bytes());
            }
            let older = file.revision(before.revision_count()).unwrap();
            assert_eq!(older.end(), before.latest().end());
            assert!(older.get(new[0]).unwrap().is_none());
        }
    }

    #[test]
    fn the_identifier_keeps_its_first_part_and_changes_its_second_with_the_content() {
        let base = documents::classic_table();
        let identifier = |body: &[u8]| {
            let bytes = appended(&base, |append| {
                append.put(ObjectId::new(documents::FONT, 0), body);
            });
            let file = File::open(&bytes, Limits::default()).unwrap();
            let id = file.latest().trailer().unwrap().get(b"ID").unwrap().clone();
            let part = |index: usize| match &id.as_array().unwrap()[index].value {
                Object::String(part) => part.bytes.clone(),
                other => panic!("{other:?}"),
            };
            (part(0), part(1))
        };
        let (one, again, other) = (identifier(b"1"), identifier(b"1"), identifier(b"2"));
        assert_eq!(one, again);
        assert_eq!(one.0, other.0);
        assert_ne!(one.1, other.1);
        assert_eq!(one.1.len(), 16);
        assert!(memchr::memmem::find(&base, b"<5EA1").is_some() && one.0.starts_with(b"\x5E\xA1"));
    }

    #[test]
    fn generations_are_kept_and_neighbours_share_a_subsection() {
        let base = documents::generations_above_zero();
        let page = ObjectId::new(documents::page_number(0), 3);
        let bytes = appended(&base, |append| {
            append.put(page, b"<</Changed true>>");
            append.put(ObjectId::new(page.number + 1, 0), b"null");
            append.put(ObjectId::new(1, 0), b"<</Type/Catalog/Pages 2 0 R>>");
        });
        let file = File::open(&bytes, Limits::default()).unwrap();
        assert!(file.latest().dictionary(page).unwrap().contains(b"Changed"));
        let entry = file.sections()[0].lookup(file.source(), page.number).unwrap();
        assert!(matches!(entry, Some(Entry::InUse { generation: 3, .. })));
        let table = memchr::memmem::rfind(&bytes, b"\nxref\n").unwrap();
        let text = String::from_utf8_lossy(&bytes[table..]);
        assert!(text.starts_with("\nxref\n1 1\n"), "{text}");
        assert!(text.contains(&format!("\n{} 2\n", page.number)), "{text}");
    }

    #[test]
    fn a_file_without_an_end_of_line_gets_one() {
        let base = documents::no_line_end_after_eof();
        let bytes = appended(&base, |append| {
            append.put(ObjectId::new(documents::FONT, 0), b"1");
        });
        assert_eq!(bytes[base.len()], b'\n');
        let file = File::open(&bytes, Limits::default()).unwrap();
        assert_eq!(file.parse(), Parse::Strict);
        assert!(file.revision(1).unwrap().end().unwrap() <= u64::try_from(base.len()).unwrap() + 1);
    }

    #[test]
    fn an_unchanged_document_saved_again_is_strict() {
        for base in [documents::classic_table(), documents::object_streams()] {
            let bytes = appended(&base, |_| {});
            let file = File::open(&bytes, Limits::default()).unwrap();
            assert_eq!((file.parse(), file.revision_count()), (Parse::Strict, 2));
        }
    }

    #[test]
    fn what_was_repaired_or_is_closed_is_not_extended() {
        for base in [documents::startxref_one_too_high(), documents::encrypted_with_password()] {
            let file = File::open(&base, Limits::default()).unwrap();
            assert!(Append::to(&file).is_err());
        }
    }
}
