//! Object streams (ISO 32000-2 §7.5.7), inflated once and kept under a bound.

use std::collections::HashMap;
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
        let mut index = Vec::with_capacity(count);
        let mut parser = Parser::new(&data, 0, true, Strictness::Strict);
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
            index.push((object, offset));
        }
        Ok(Self { data, index })
    }

    /// The object at a position of the stream, which must be of the given number.
    pub(super) fn object(
        &self,
        ground: Ground<'_>,
        position: u32,
        number: u32,
    ) -> Result<Option<Spanned>, Error> {
        let at = usize::try_from(position).ok().and_then(|position| self.index.get(position));
        let Some((found, offset)) = at else { return Ok(None) };
        if *found != number {
            return Err(Error::WrongObject {
                offset: length(*offset),
                expected: ObjectId::new(number, 0),
                found: ObjectId::new(*found, 0),
            });
        }
        let bytes = self.data.get(*offset..).unwrap_or(&[]);
        match ground.parse(bytes, length(*offset), true, |parser| parser.value())? {
            Ok(value) => Ok(Some(value)),
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

/// Decoded object streams by the offset at which each begins.
#[derive(Default)]
pub(super) struct StreamCache {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    streams: HashMap<u64, (u64, Arc<ObjectStream>)>,
    bytes: usize,
    clock: u64,
}

impl StreamCache {
    /// The stream that begins at `offset`, decoded by `decode` unless it is kept.
    pub(super) fn get(
        &self,
        offset: u64,
        decode: impl FnOnce() -> Result<ObjectStream, Error>,
    ) -> Result<Arc<ObjectStream>, Error> {
        let hit = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.clock += 1;
            let clock = kept.clock;
            kept.streams.get_mut(&offset).map(|(used, stream)| {
                *used = clock;
                Arc::clone(stream)
            })
        };
        if let Some(stream) = hit {
            return Ok(stream);
        }
        let stream = Arc::new(decode()?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(offset, Arc::clone(&stream));
        Ok(stream)
    }
}

impl Kept {
    fn insert(&mut self, offset: u64, stream: Arc<ObjectStream>) {
        self.bytes += stream.data.len();
        if let Some((_, old)) = self.streams.insert(offset, (self.clock, stream)) {
            self.bytes -= old.data.len();
        }
        while self.bytes > KEPT_BYTES && self.streams.len() > 1 {
            let oldest = self.streams.iter().min_by_key(|(_, (used, _))| *used);
            let Some(oldest) = oldest.map(|(offset, _)| *offset) else { break };
            if let Some((_, stream)) = self.streams.remove(&oldest) {
                self.bytes -= stream.data.len();
            }
        }
    }
}
