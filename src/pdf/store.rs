//! Objects on demand: from a cross-reference entry to a parsed value.
//!
//! Decryption belongs here, between the raw bytes and the value, and nowhere else; until it is
//! there, an object that needs a key is a typed refusal.

use std::borrow::Cow;
use std::sync::Arc;

use super::error::Error;
use super::file::File;
use super::object::{Object, ObjectId, Span, Spanned, Stream};
use super::object_stream::ObjectStream;
use super::section::{self, stream_end, stream_start};
use super::source::{length, read};
use super::syntax::Strictness;
use super::xref::Entry;

/// Where an object lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// In the file itself; the span runs from `N G obj` to behind `endobj`.
    File(Span),
    /// In the object stream of this number; spans count from the stream's first decoded byte.
    ObjectStream(u32),
}

/// An object that can be referred to.
#[derive(Clone)]
pub struct IndirectObject {
    /// Its number and generation.
    pub id: ObjectId,
    /// Its value with the span of its tokens.
    pub object: Spanned,
    /// Where it lives.
    pub container: Container,
    holder: Option<Arc<ObjectStream>>,
}

impl IndirectObject {
    /// The bytes of the object as they stand, from its first token to its last; for a stream to
    /// behind `endstream`.
    pub(super) fn bytes<'f>(&'f self, file: &'f File<'_>) -> Result<Cow<'f, [u8]>, Error> {
        match &self.holder {
            Some(stream) => stream
                .bytes(self.object.span)
                .map(Cow::Borrowed)
                .ok_or(Error::structure(self.id, "its span leaves the object stream")),
            None => read(file.source(), self.object.span.start, self.object.span.len()),
        }
    }
}

impl std::fmt::Debug for IndirectObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IndirectObject")
            .field("id", &self.id)
            .field("kind", &self.object.value.kind())
            .field("container", &self.container)
            .finish_non_exhaustive()
    }
}

/// Looks an entry up in some view of the file: the newest section that mentions a number wins.
pub(super) trait Lookup: Copy {
    fn file(&self) -> &File<'_>;
    fn entry(&self, number: u32) -> Result<Option<Entry>, Error>;
}

/// The object of an id; `None` if it is free, missing or of another generation (§7.3.10).
pub(super) fn get(view: impl Lookup, id: ObjectId) -> Result<Option<IndirectObject>, Error> {
    match view.entry(id.number)? {
        None | Some(Entry::Free { .. }) => Ok(None),
        Some(Entry::InUse { offset, generation }) => {
            if generation == id.generation {
                in_use(view, id, offset).map(Some)
            } else {
                Ok(None)
            }
        }
        Some(Entry::Compressed { stream, index }) => {
            if id.generation == 0 {
                compressed(view, id, stream, index)
            } else {
                Ok(None)
            }
        }
    }
}

fn in_use(view: impl Lookup, id: ObjectId, offset: u64) -> Result<IndirectObject, Error> {
    let file = view.file();
    let ground = file.ground();
    let lenient = ground.strictness == Strictness::Lenient;
    let (object, data, end) = ground.parse_at(offset, |parser| {
        // An entry may point to the end of line before its object: there is one reading only.
        parser.skip_white_space();
        let found = parser.object_header()?;
        if found != id {
            return Err(Error::WrongObject { offset, expected: id, found }.into());
        }
        let object = parser.value()?;
        parser.skip_space();
        if parser.peek() == Some(b's') {
            return Ok((object, Some(stream_start(parser)?), 0));
        }
        let back = parser.offset();
        match parser.keyword("endobj") {
            Err(super::syntax::Fault::Bad(_)) if lenient => Ok((object, None, back)),
            other => other.map(|()| (object, None, parser.offset())),
        }
    })?;
    let Some(data) = data else {
        let container = Container::File(Span::new(offset, end));
        return Ok(IndirectObject { id, object, container, holder: None });
    };
    let (object, end) = stream(view, id, object, data)?;
    let container = Container::File(Span::new(offset, end));
    Ok(IndirectObject { id, object, container, holder: None })
}

/// Finishes a stream whose dictionary was parsed and whose data begins at `start`.
fn stream(
    view: impl Lookup,
    id: ObjectId,
    dictionary: Spanned,
    start: u64,
) -> Result<(Spanned, u64), Error> {
    let ground = view.file().ground();
    let span = dictionary.span;
    let Object::Dictionary(dictionary) = dictionary.value else {
        return Err(Error::structure(id, "a stream without a dictionary"));
    };
    let stated = match dictionary.get(b"Length") {
        Some(Object::Integer(value)) => u64::try_from(*value).ok(),
        Some(Object::Reference(reference)) if *reference != id => length_object(view, *reference)?,
        _ => None,
    };
    let checked = stated
        .ok_or(Error::structure(id, "a stream without a usable /Length"))
        .map(|length| Span::new(start, start.saturating_add(length)))
        .and_then(|data| stream_end(ground, data).map(|end| (data, end)));
    let (data, end) = match checked {
        Err(_) if ground.strictness == Strictness::Lenient => search_stream_end(view, id, start)?,
        other => other?,
    };
    // The span runs to behind `endstream`; everything up to `endobj` belongs to the object.
    let tail = read(ground.source, data.end, end.saturating_sub(data.end))?;
    let word = memchr::memmem::find(&tail, b"endstream").unwrap_or(0);
    let span = Span::new(span.start, data.end + length(word) + 9);
    Ok((Spanned { value: Object::Stream(Stream { dictionary, data }), span }, end))
}

/// The value of an indirect `/Length`. It must not need a further stream to be read, or two
/// streams could wait for each other.
fn length_object(view: impl Lookup, id: ObjectId) -> Result<Option<u64>, Error> {
    let value = match view.entry(id.number)? {
        Some(Entry::InUse { offset, generation }) if generation == id.generation => {
            view.file().ground().parse_at(offset, |parser| {
                let found = parser.object_header()?;
                if found != id {
                    return Err(Error::WrongObject { offset, expected: id, found }.into());
                }
                Ok(parser.value()?.value)
            })?
        }
        Some(Entry::Compressed { stream, index }) if id.generation == 0 => {
            match compressed(view, id, stream, index)? {
                Some(object) => object.object.value,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    Ok(value.as_integer().and_then(|value| u64::try_from(value).ok()))
}

fn search_stream_end(view: impl Lookup, id: ObjectId, start: u64) -> Result<(Span, u64), Error> {
    let file = view.file();
    let source = file.source();
    let rest = read(source, start, source.len().saturating_sub(start))?;
    let at = memchr::memmem::find(&rest, b"endstream");
    file.work.spend(length(at.unwrap_or(rest.len())))?;
    let at = at.ok_or(Error::structure(id, "a stream without `endstream`"))?;
    let end = start + length(at);
    Ok((Span::new(start, end), end + 9))
}

fn compressed(
    view: impl Lookup,
    id: ObjectId,
    stream: u32,
    index: u32,
) -> Result<Option<IndirectObject>, Error> {
    let file = view.file();
    if file.is_encrypted() {
        return Err(Error::Encrypted);
    }
    let Some(Entry::InUse { offset, generation }) = view.entry(stream)? else {
        return Err(Error::structure(id, "its object stream is missing or itself compressed"));
    };
    let holder = file.streams.get(offset, || {
        let stream_id = ObjectId::new(stream, generation);
        let holder = container(view, stream_id, offset)?;
        let Object::Stream(parsed) = &holder.value else {
            return Err(Error::structure(stream_id, "not a stream, but objects should live in it"));
        };
        let data = decode(file, stream_id, parsed)?;
        ObjectStream::parse(stream_id, &parsed.dictionary, data)
    })?;
    let found = holder.object(file.ground(), index, id.number)?;
    Ok(found.map(|object| IndirectObject {
        id,
        object,
        container: Container::ObjectStream(stream),
        holder: Some(holder),
    }))
}

/// Parses an object stream's own object; its `/Length` must not live in an object stream (§7.5.7).
fn container(view: impl Lookup, id: ObjectId, offset: u64) -> Result<Spanned, Error> {
    let length = view.file().ground().parse_at(offset, |parser| {
        parser.object_header()?;
        Ok(parser.value()?.value.as_dictionary().and_then(|d| d.reference(b"Length")))
    })?;
    if let Some(length) = length
        && matches!(view.entry(length.number)?, Some(Entry::Compressed { .. }))
    {
        return Err(Error::structure(id, "the /Length of an object stream is itself compressed"));
    }
    in_use(view, id, offset).map(|object| object.object)
}

/// The decoded data of a stream, spent from the file's budget.
pub(super) fn decode(file: &File<'_>, id: ObjectId, stream: &Stream) -> Result<Vec<u8>, Error> {
    if file.is_encrypted() {
        return Err(Error::Encrypted);
    }
    section::decode(file.ground(), id, &stream.dictionary, stream.data, &file.inflated)
}
