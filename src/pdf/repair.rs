//! Reading a file whose cross references lead nowhere: for inspection only.
//!
//! Every `N G obj` is searched for, and the last one of a number wins. What comes out is never
//! signed and never judged "passed".

use std::collections::BTreeMap;

use super::error::Error;
use super::filter::{self, FilterFault};
use super::lexical::{is_regular, is_white_space};
use super::object::{Dictionary, Object, ObjectId, Span};
use super::object_stream::ObjectStream;
use super::source::{length, read};
use super::window::Ground;
use super::xref::{Entry, Section};
use crate::limits::{Limit, LimitExceeded, Meter};

/// How far into an object its `/Type` is looked for.
const HEAD: usize = 1_024;

/// Whether searching can help against this error. Limits and a failing source are final.
pub(super) fn may_help(error: &Error) -> bool {
    !matches!(
        error,
        Error::NotPdf { .. } | Error::Limit(_) | Error::Source { .. } | Error::Encrypted(_)
    )
}

/// Searches the whole file for objects and trailers.
pub(super) fn rebuild(ground: Ground<'_>, inflated: &Meter) -> Result<Section, Error> {
    let total = ground.source.len();
    LimitExceeded::check(Limit::SearchedBytes, total, ground.limits.searched_bytes)?;
    let bytes = read(ground.source, 0, total)?;
    let mut found = Found::default();
    for at in memchr::memmem::find_iter(&bytes, b"obj") {
        let Some((id, start)) = header_before(&bytes, at) else { continue };
        found.objects.insert(id.number, (start, id.generation));
        LimitExceeded::check(Limit::Objects, length(found.objects.len()), ground.limits.objects)?;
    }
    for at in memchr::memmem::find_iter(&bytes, b"trailer") {
        found.take_trailer(dictionary_at(ground, &bytes, at + 7)?);
    }
    let places: Vec<(u32, u64, u16)> = found
        .objects
        .iter()
        .map(|(number, (at, generation))| (*number, *at, *generation))
        .collect();
    let mut entries: BTreeMap<u32, Entry> = BTreeMap::new();
    for (number, offset, generation) in places {
        entries.insert(number, Entry::InUse { offset, generation });
        let id = ObjectId::new(number, generation);
        found.look_into(ground, &bytes, id, offset, inflated)?;
    }
    for (number, entry) in found.compressed {
        entries.entry(number).or_insert(entry);
    }
    let trailer = match (found.trailer, found.catalog) {
        (Some(trailer), _) => trailer,
        (None, Some(catalog)) => trailer_of(catalog),
        (None, None) => {
            let problem = "no catalog was found by searching the file";
            return Err(Error::CrossReference { offset: 0, problem });
        }
    };
    let span = Span::new(0, total);
    Ok(Section::rebuilt(span, trailer, entries.into_iter().collect()))
}

#[derive(Default)]
struct Found {
    objects: BTreeMap<u32, (u64, u16)>,
    compressed: BTreeMap<u32, Entry>,
    trailer: Option<Dictionary>,
    catalog: Option<ObjectId>,
}

impl Found {
    fn take_trailer(&mut self, candidate: Option<Dictionary>) {
        if let Some(trailer) = candidate.filter(|trailer| trailer.reference(b"Root").is_some()) {
            self.trailer = Some(trailer);
        }
    }

    /// Notes what an object means for the search: a catalog, a trailer, a holder of objects.
    fn look_into(
        &mut self,
        ground: Ground<'_>,
        bytes: &[u8],
        id: ObjectId,
        offset: u64,
        inflated: &Meter,
    ) -> Result<(), Error> {
        let Ok(at) = usize::try_from(offset) else { return Ok(()) };
        let rest = bytes.get(at..).unwrap_or(&[]);
        let Some(body) = memchr::memmem::find(rest, b"obj") else { return Ok(()) };
        let head = rest.get(body + 3..).unwrap_or(&[]);
        let head = head.get(..head.len().min(HEAD)).unwrap_or(&[]);
        ground.work.spend(length(head.len()))?;
        let mentions = |word: &[u8]| memchr::memmem::find(head, word).is_some();
        if !mentions(b"/Catalog") && !mentions(b"/XRef") && !mentions(b"/ObjStm") {
            return Ok(());
        }
        let Some(dictionary) = dictionary_at(ground, bytes, at + body + 3)? else { return Ok(()) };
        match dictionary.name(b"Type") {
            Some(b"Catalog") => self.catalog = Some(id),
            Some(b"XRef") => self.take_trailer(Some(dictionary)),
            Some(b"ObjStm") => {
                let stream = open_stream(ground, rest, id, &dictionary, inflated)?;
                for (index, number) in stream.iter().flat_map(ObjectStream::numbers).enumerate() {
                    if let Ok(index) = u32::try_from(index) {
                        let entry = Entry::Compressed { stream: id.number, index };
                        self.compressed.insert(number, entry);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The objects in a stream; `None` if they cannot be had.
fn open_stream(
    ground: Ground<'_>,
    object: &[u8],
    id: ObjectId,
    dictionary: &Dictionary,
    inflated: &Meter,
) -> Result<Option<ObjectStream>, Error> {
    let Some(start) = memchr::memmem::find(object, b"stream") else { return Ok(None) };
    let data = object.get(start + 6..).unwrap_or(&[]);
    let data = data.strip_prefix(b"\r\n").or(data.strip_prefix(b"\n")).unwrap_or(data);
    let end = memchr::memmem::find(data, b"endstream");
    ground.work.spend(length(start) + length(end.unwrap_or(data.len())))?;
    let Some(data) = end.and_then(|end| data.get(..end)) else { return Ok(None) };
    match filter::decode(dictionary, data, inflated) {
        Ok(decoded) => Ok(ObjectStream::parse(id, dictionary, decoded).ok()),
        Err(FilterFault::Limit(limit)) => Err(limit.into()),
        Err(FilterFault::Bad(_)) => Ok(None),
    }
}

fn dictionary_at(ground: Ground<'_>, bytes: &[u8], at: usize) -> Result<Option<Dictionary>, Error> {
    let rest = bytes.get(at..).unwrap_or(&[]);
    let reach = usize::try_from(ground.limits.object_bytes).unwrap_or(usize::MAX);
    let window = rest.get(..reach).unwrap_or(rest);
    let parsed = ground.parse(window, length(at), window.len() == rest.len(), |p| p.value())?;
    Ok(parsed.ok().and_then(|value| value.value.as_dictionary().cloned()))
}

/// Reads `N G ` backwards from the `obj` at `at`; the id and where it begins.
pub(super) fn header_before(bytes: &[u8], at: usize) -> Option<(ObjectId, u64)> {
    let before = bytes.get(..at)?;
    let (generation, rest) = number_before(before)?;
    let (number, rest) = number_before(rest)?;
    if rest.last().is_some_and(|byte| is_regular(*byte)) {
        return None;
    }
    let id = ObjectId::new(u32::try_from(number).ok()?, u16::try_from(generation).ok()?);
    (id.number > 0).then_some((id, length(rest.len())))
}

/// The number that ends `bytes`, white space behind it skipped, and what stands before it.
fn number_before(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().rposition(|byte| !is_white_space(*byte))? + 1;
    if end == bytes.len() {
        return None;
    }
    let digits = bytes.get(..end)?;
    let start = digits.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at + 1);
    let text = std::str::from_utf8(digits.get(start..)?).ok()?;
    Some((text.parse().ok()?, digits.get(..start)?))
}

fn trailer_of(catalog: ObjectId) -> Dictionary {
    let entry = super::object::DictionaryEntry {
        key: b"Root".to_vec(),
        key_span: Span::default(),
        value: super::object::Spanned { value: Object::Reference(catalog), span: Span::default() },
    };
    Dictionary::from_entries(vec![entry])
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use sealwright_testdata::documents;

    use crate::limits::{Limit, Limits};
    use crate::pdf::{Error, File, Object, ObjectId, Parse};

    #[test]
    fn the_last_object_of_a_number_wins() {
        let mut bytes = documents::classic_table();
        bytes.truncate(bytes.len() / 2);
        bytes.extend(b"\n3 0 obj (first) endobj 3 1 obj (last) endobj\n13 0 objects\nx4 0 obj 7");
        let file = File::open(&bytes, Limits::default()).unwrap();
        assert_eq!(file.parse(), Parse::Repaired);
        let latest = file.latest();
        assert!(latest.get(ObjectId::new(3, 0)).unwrap().is_none());
        let last = latest.get(ObjectId::new(3, 1)).unwrap().unwrap().object.value;
        assert_eq!(last.as_string().unwrap().bytes, b"last");
        let fourth = latest.get(ObjectId::new(4, 0)).unwrap().unwrap().object.value;
        assert!(matches!(fourth, Object::Dictionary(_)), "`x4` is no number");
    }

    #[test]
    fn objects_in_streams_are_found_too() {
        let mut bytes = documents::object_streams();
        let at = memchr::memmem::rfind(&bytes, b"startxref").unwrap();
        bytes.truncate(at);
        let file = File::open(&bytes, Limits::default()).unwrap();
        assert_eq!(file.parse(), Parse::Repaired);
        assert_eq!(file.latest().page_ids().unwrap().len(), 3);
    }

    #[test]
    fn a_file_that_is_too_long_is_not_searched() {
        let bytes = documents::hostile::truncated_in_the_middle();
        let limits = Limits { searched_bytes: 1_000, ..Limits::default() };
        let error = File::open(&bytes, limits).unwrap_err();
        let Error::Limit(error) = error else { panic!("{error}") };
        assert_eq!(error.limit, Limit::SearchedBytes);
    }

    #[test]
    fn words_that_lead_nowhere_end_at_the_limit_of_work() {
        // Each word begins a string or stream that ends nowhere: the square of a megabyte.
        for word in ["trailer(", "1 0 obj<</Catalog(", "1 0 obj<</Type/ObjStm>>stream ", "1 0 obj"]
        {
            let bytes: Vec<u8> = [
                &b"%PDF-1.7\n"[..],
                (0..1 << 16).map(|n| format!("{n} 0 {word}")).collect::<String>().as_bytes(),
            ]
            .concat();
            let limits = Limits { work: 1 << 28, ..Limits::default() };
            let began = Instant::now();
            assert!(File::open(&bytes, limits).is_err(), "{word}");
            assert!(began.elapsed() < Duration::from_secs(20), "{word}");
        }
    }
}
