//! Object streams (ISO 32000-2 §7.5.7), inflated once and kept under a bound.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::error::Error;
use super::object::{Dictionary, ObjectId, Span, Spanned};
use super::source::length;
use super::syntax::{Fault, Parser, Strictness};
use super::window::Ground;

/// How many decoded bytes are kept; the oldest streams go first.
const KEPT_BYTES: usize = 4 << 20;

/// A decoded object stream.
pub(super) struct ObjectStream {
    /// The decoded bytes; spans of the objects inside count from its first one.
    pub(super) data: Vec<u8>,
    /// `(object number, offset)` in the order of the stream.
    index: Vec<(u32, usize)>,
}

impl ObjectStream {
    pub(super) fn parse(
        id: ObjectId,
        dictionary: &Dictionary,
        data: Vec<u8>,
    ) -> Result<Self, Error> {
        let wrong = |problem| Error::structure(id, problem);
        let number = |key| -> Option<usize> { usize::try_from(dictionary.integer(key)?).ok() };
        if !dictionary.is_type(b"ObjStm") {
            return Err(wrong("a stream whose /Type is not /ObjStm"));
        }
        let count = number(b"N").ok_or(wrong("an object stream without /N"))?;
        let first = number(b"First").ok_or(wrong("an object stream without /First"))?;
        // Each object takes at least four bytes of the index: a count beyond that is a lie.
        if count > data.len() / 4 + 1 || first > data.len() {
            return Err(wrong("/N or /First of an object stream leaves its data"));
        }
        let mut index: Vec<(u32, usize)> = Vec::with_capacity(count);
        let header = data.get(..first).unwrap_or(&data);
        let mut parser = Parser::new(header, 0, true, Strictness::Strict);
        for _ in 0..count {
            let mut next = || -> Result<u64, Fault> {
                parser.skip_white_space();
                parser.unsigned()
            };
            let (Ok(object), Ok(offset)) = (next(), next()) else {
                return Err(wrong("the index of an object stream is cut"));
            };
            let object = u32::try_from(object);
            let offset = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(first));
            let (Ok(object), Some(offset)) = (object, offset.filter(|at| *at <= data.len())) else {
                return Err(wrong("the index of an object stream leaves its data"));
            };
            // Readers that look for the end of an object at the next one rest on the order.
            if index.last().is_some_and(|(_, before)| *before >= offset) {
                return Err(wrong("the objects of an object stream are out of order"));
            }
            index.push((object, offset));
        }
        let mut numbers: Vec<u32> = index.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() < index.len() {
            return Err(wrong("an object stream holds an object number twice"));
        }
        Ok(Self { data, index })
    }

    /// The object at a position of the stream, which must be of the given number.
    pub(super) fn object(
        &self,
        ground: Ground<'_>,
        position: u32,
        number: u32,
    ) -> Result<Spanned, Error> {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let expected = ObjectId::new(number, 0);
        let missing = Error::structure(expected, "its object stream has no object at this index");
        let (found, offset) = self.index.get(position).ok_or(missing)?;
        if *found != number {
            return Err(Error::WrongObject {
                offset: length(*offset),
                expected,
                found: ObjectId::new(*found, 0),
            });
        }
        let next = position.checked_add(1).and_then(|next| self.index.get(next));
        let end = next.map_or(self.data.len(), |(_, next)| *next);
        let bytes = self.data.get(*offset..end).unwrap_or(&[]);
        let parsed = ground.parse(bytes, length(*offset), true, |parser| {
            let value = parser.value()?;
            parser.skip_space();
            match parser.peek() {
                Some(_) => parser.missing("the end of the object, where the next one begins"),
                None => Ok(value),
            }
        })?;
        match parsed {
            Ok(value) => Ok(value),
            Err(Fault::Bad(error)) => Err(error),
            Err(Fault::More) => {
                Err(Error::Syntax { offset: length(*offset), expected: "a whole object" })
            }
        }
    }

    /// The numbers of all objects inside.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        self.index.iter().map(|(number, _)| *number)
    }

    /// The bytes of a span inside.
    pub(super) fn bytes(&self, span: Span) -> Option<&[u8]> {
        self.data.get(usize::try_from(span.start).ok()?..usize::try_from(span.end).ok()?)
    }
}

/// Which object stream: its id and where its data lies. A `/Length` by reference may differ between
/// revisions, so the offset of the object alone does not tell.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct StreamKey {
    pub(super) id: ObjectId,
    pub(super) data: Span,
}

/// Decoded object streams.
#[derive(Default)]
pub(super) struct StreamCache {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    streams: HashMap<StreamKey, (u64, Arc<ObjectStream>)>,
    /// Those that were decoded once, whether or not they are still kept.
    seen: HashSet<StreamKey>,
    bytes: usize,
    clock: u64,
}

impl StreamCache {
    /// The stream of a key, decoded by `decode` unless it is kept; `decode` is told whether it is
    /// the first time.
    pub(super) fn get(
        &self,
        key: StreamKey,
        decode: impl FnOnce(bool) -> Result<ObjectStream, Error>,
    ) -> Result<Arc<ObjectStream>, Error> {
        let first_time = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.clock += 1;
            let clock = kept.clock;
            if let Some((used, stream)) = kept.streams.get_mut(&key) {
                *used = clock;
                return Ok(Arc::clone(stream));
            }
            kept.seen.insert(key)
        };
        let stream = Arc::new(decode(first_time)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(key, Arc::clone(&stream));
        Ok(stream)
    }
}

impl Kept {
    fn insert(&mut self, key: StreamKey, stream: Arc<ObjectStream>) {
        self.bytes += stream.data.len();
        if let Some((_, old)) = self.streams.insert(key, (self.clock, stream)) {
            self.bytes -= old.data.len();
        }
        while self.bytes > KEPT_BYTES && self.streams.len() > 1 {
            let oldest = self.streams.iter().min_by_key(|(_, (used, _))| *used);
            let Some(oldest) = oldest.map(|(key, _)| *key) else { break };
            if let Some((_, stream)) = self.streams.remove(&oldest) {
                self.bytes -= stream.data.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::super::xref::Entry;
    use super::*;
    use crate::limits::{Limit, Limits, Meter};
    use crate::pdf::{File, Object};

    fn stream(count: usize, first: usize, data: &[u8]) -> Result<ObjectStream, Error> {
        let text = format!("<</Type/ObjStm/N {count}/First {first}>>");
        let parsed = Parser::new(text.as_bytes(), 0, true, Strictness::Strict).value();
        let Ok(Spanned { value: Object::Dictionary(dictionary), .. }) = parsed else {
            panic!("a dictionary")
        };
        ObjectStream::parse(ObjectId::new(9, 0), &dictionary, data.to_vec())
    }

    fn object(stream: &ObjectStream, position: u32, number: u32) -> Result<Object, Error> {
        let (limits, source) = (Limits::default(), Vec::new());
        let work = Meter::new(Limit::Work, limits.work);
        let source: &dyn Source = &source;
        let ground =
            Ground { source, limits: &limits, strictness: Strictness::Strict, work: &work };
        stream.object(ground, position, number).map(|found| found.value)
    }

    #[test]
    fn an_object_ends_where_the_next_one_begins() {
        let data = b"4 0 5 2 6 6 1 0 R 7 % comment";
        let found = stream(3, 12, data).unwrap();
        assert_eq!(object(&found, 0, 4).unwrap(), Object::Integer(1));
        assert_eq!(object(&found, 2, 6).unwrap(), Object::Integer(7));
        // 5 begins inside what a reader that goes on would take for the reference `1 0 R`.
        assert!(object(&found, 1, 5).is_err());
        assert!(object(&found, 0, 5).is_err(), "another number stands at this index");
        assert!(object(&found, 3, 7).is_err(), "no object at this index");
        let cut = stream(2, 8, b"4 0 5 3 (a)b").unwrap();
        assert_eq!(object(&cut, 0, 4).unwrap().as_string().unwrap().bytes, b"a");
        assert!(object(&cut, 1, 5).is_err());
    }

    #[test]
    fn an_index_that_lies_is_refused() {
        assert!(stream(2, 8, b"4 0 5 1 1 2").is_ok());
        for (count, first, data) in [
            (3, 8, &b"4 0 5 1 1 2"[..]), // the third pair would lie among the objects
            (2, 6, b"4 0 5 1 1 2"),      // /First cuts the index
            (2, 8, b"4 1 5 0 1 2"),      // out of order
            (2, 8, b"4 0 4 1 1 2"),      // one number twice
            (2, 8, b"4 0 5 9 1 2"),      // behind the end
            (1, 99, b"4 0 1"),           // /First behind the end
            (usize::MAX / 2, 4, b"4 0 1"), // a count that no data could hold
            (1, 4, b"x 0 1"),
            (1, 14, b"4294967296 0  1"),
        ] {
            assert!(stream(count, first, data).is_err(), "{count} {first}");
        }
    }

    #[test]
    fn a_stream_that_fell_out_of_the_cache_does_not_spend_the_budget_twice() {
        let bytes = sealwright_testdata::documents::hostile::inflating_pages(4, 3_000_000);
        let limits = Limits { inflated_bytes: 13_000_000, ..Limits::default() };
        let file = File::open(&bytes, limits).unwrap();
        for _ in 0..3 {
            for page in 1..=4 {
                file.latest().page(page).unwrap();
            }
        }
        assert!(file.work.left() < file.limits().work, "inflating again is work");
    }

    #[test]
    fn a_length_that_changes_between_revisions_gives_each_its_own_objects() {
        use sealwright_testdata::appended::append_stream_update;
        // Uncompressed, so that two lengths both end before white space and `endstream`.
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let body = b"1 0 2 29 <</Type/Catalog/Pages 2 0 R>><</Type/Pages/Kids[]/Count 0>>";
        let holder = bytes.len();
        bytes.extend(b"3 0 obj<</Type/ObjStm/N 2/First 9/Length 4 0 R>>stream\n");
        bytes.extend(body);
        bytes.extend(b"          \nendstream endobj\n");
        let short = bytes.len();
        bytes.extend(format!("4 0 obj {} endobj\n", body.len()).bytes());
        let section = bytes.len();
        let rows: Vec<u8> = [
            [2, 0, 3, 0],
            [2, 0, 3, 1],
            [1, 0, u8::try_from(holder).unwrap(), 0],
            [1, 0, u8::try_from(short).unwrap(), 0],
            [1, 0, u8::try_from(section).unwrap(), 0],
        ]
        .concat();
        bytes.extend(
            format!(
                "5 0 obj<</Type/XRef/Size 6/Index[1 5]/W[1 2 1]/Root 1 0 R/Length {}>>stream\n",
                rows.len()
            )
            .bytes(),
        );
        bytes.extend(rows);
        bytes.extend(format!("\nendstream endobj\nstartxref\n{section}\n%%EOF\n").bytes());
        let longer = format!("{}", body.len() + 10);
        let bytes = append_stream_update(&bytes, &[(4, 0, longer.as_bytes())], "");
        let file = File::open(&bytes, Limits::default()).unwrap();
        assert_eq!(file.revision_count(), 2);
        let id = ObjectId::new(1, 0);
        let lengths: Vec<usize> = [1, 2, 1]
            .map(|number| {
                let revision = file.revision(number).unwrap();
                assert!(matches!(revision.entry(1).unwrap(), Some(Entry::Compressed { .. })));
                revision.get(id).unwrap().unwrap().holder_length()
            })
            .to_vec();
        assert_eq!(lengths, [body.len(), body.len() + 10, body.len()]);
    }
}
