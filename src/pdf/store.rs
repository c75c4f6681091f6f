//! Objects on demand: from a cross-reference entry to a parsed value.
//!
//! Decryption belongs here, between the raw bytes and the value, and nowhere else: each object when
//! it is asked for. One that needs a key which is not there is a typed refusal.

use std::borrow::Cow;
use std::sync::Arc;

use super::encryption::{Plain, replaced};
use super::error::Error;
use super::file::File;
use super::object::{Dictionary, Object, ObjectId, Span, Spanned, Stream};
use super::object_stream::{ObjectStream, StreamKey};
use super::section::{self, stream_end, stream_start};
use super::source::{length, read};
use super::syntax::Strictness;
use super::xref::Entry;
use crate::limits::Meter;

/// Where an object lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// In the file itself; the span runs from `N G obj` to behind `endobj`.
    File(Span),
    /// In the object stream of this number; spans count from the stream's first decoded byte.
    ObjectStream(u32),
}

impl Container {
    /// The whole object in the file, `N G obj` to `endobj`; `None` in an object stream.
    #[must_use]
    pub fn in_file(self) -> Option<Span> {
        match self {
            Self::File(span) => Some(span),
            Self::ObjectStream(_) => None,
        }
    }
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
    #[cfg(test)]
    pub(super) fn holder_length(&self) -> usize {
        self.holder.as_ref().map_or(0, |stream| stream.data.len())
    }

    /// Its tokens, addressed as its spans address them, with strings in plain.
    pub(crate) fn tokens<'f>(&'f self, file: &'f File<'_>) -> Result<Tokens<'f>, Error> {
        let (bytes, start) = (self.bytes(file)?, self.object.span.start);
        Ok(Tokens { id: self.id, start, bytes, strings: self.plain_strings(file) })
    }

    /// Where strings stand in [`Self::bytes`], and how they are spelt in plain; none in a document
    /// that is not encrypted.
    pub(super) fn plain_strings(&self, file: &File<'_>) -> Vec<Plain> {
        match (file.encryption.security(), self.container) {
            (Some(security), Container::File(_)) => security.plain_strings(self.id, &self.object),
            _ => Vec::new(),
        }
    }

    /// The bytes of the object as they stand, from its first token to its last; for a stream to
    /// behind `endstream`. In an encrypted document, strings are not in plain.
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

/// The tokens of an object; made by [`IndirectObject::tokens`].
pub(crate) struct Tokens<'f> {
    id: ObjectId,
    start: u64,
    bytes: Cow<'f, [u8]>,
    /// Strings that stand encrypted in the bytes, in their order.
    strings: Vec<Plain>,
}

impl Tokens<'_> {
    /// Those of a value inside.
    pub(crate) fn between(&self, span: Span) -> Result<Cow<'_, [u8]>, Error> {
        let wrong = || Error::structure(self.id, "a value lies outside its object");
        let at = |offset: u64| usize::try_from(offset.checked_sub(self.start)?).ok();
        let range = at(span.start).zip(at(span.end));
        let bytes = range.and_then(|(from, to)| self.bytes.get(from..to)).ok_or_else(wrong)?;
        let first = self.strings.partition_point(|(place, _)| place.start < span.start);
        let end = self.strings.partition_point(|(place, _)| place.end <= span.end);
        match self.strings.get(first..end).unwrap_or(&[]) {
            [] => Ok(Cow::Borrowed(bytes)),
            inside => replaced(bytes, span.start, inside).map(Cow::Owned).ok_or_else(wrong),
        }
    }
}

/// Looks an entry up in some view of the file: the newest section that mentions a number wins.
pub(super) trait Lookup: Copy {
    fn file(&self) -> &File<'_>;
    /// The entry of a number, and the end of the revision that wrote it.
    fn place(&self, number: u32) -> Result<Option<(Entry, u64)>, Error>;
}

/// The object of an id; `None` if it is free, missing or of another generation (§7.3.10).
pub(super) fn get(view: impl Lookup, id: ObjectId) -> Result<Option<IndirectObject>, Error> {
    match view.place(id.number)? {
        None | Some((Entry::Free { .. }, _)) => Ok(None),
        Some((Entry::InUse { offset, generation }, revision_end)) => {
            if generation == id.generation {
                in_use(view, id, offset, revision_end, false).map(Some)
            } else {
                Ok(None)
            }
        }
        Some((Entry::Compressed { stream, index }, _)) => {
            if id.generation == 0 {
                compressed(view, id, stream, index).map(Some)
            } else {
                Ok(None)
            }
        }
    }
}

/// The value of an object as [`get`] reads it, but with arrays of integers and references left empty. What is
/// not plain in any way is read as always, so that nothing is accepted that [`get`] refuses but
/// what stands inside those arrays.
pub(super) fn skim(view: impl Lookup, id: ObjectId) -> Result<Option<Object>, Error> {
    if let Some((Entry::InUse { offset, generation }, revision_end)) = view.place(id.number)?
        && generation == id.generation
    {
        let skimmed = view.file().ground().parse_at(offset, |parser| {
            let found = parser.object_header()?;
            parser.skim();
            let object = parser.value()?;
            parser.skip_space();
            parser.keyword("endobj")?;
            Ok((found, object.value, parser.offset()))
        });
        if let Ok((found, mut value, end)) = skimmed
            && found == id
            && end <= revision_end
        {
            decrypt_strings(view.file(), id, &mut value)?;
            return Ok(Some(value));
        }
    }
    Ok(get(view, id)?.map(|found| found.object.value))
}

/// The object at an offset; `holds_objects` if it is to be an object stream.
fn in_use(
    view: impl Lookup,
    id: ObjectId,
    offset: u64,
    revision_end: u64,
    holds_objects: bool,
) -> Result<IndirectObject, Error> {
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
    let (mut object, end) = match data {
        None => (object, end),
        Some(data) => stream(view, id, object, data, holds_objects)?,
    };
    check_end(offset, end, revision_end)?;
    decrypt_strings(file, id, &mut object.value)?;
    let container = Container::File(Span::new(offset, end));
    Ok(IndirectObject { id, object, container, holder: None })
}

/// An entry must not lead behind the revision that wrote it: whoever appends could put an object
/// there, and no newer section would tell of it.
fn check_end(offset: u64, end: u64, revision_end: u64) -> Result<(), Error> {
    if end <= revision_end {
        return Ok(());
    }
    let problem = "an object lies behind the end of the revision that refers to it";
    Err(Error::CrossReference { offset, problem })
}

/// Finishes a stream whose dictionary was parsed and whose data begins at `start`.
fn stream(
    view: impl Lookup,
    id: ObjectId,
    dictionary: Spanned,
    start: u64,
    holds_objects: bool,
) -> Result<(Spanned, u64), Error> {
    let ground = view.file().ground();
    let span = dictionary.span;
    let Object::Dictionary(dictionary) = dictionary.value else {
        return Err(Error::structure(id, "a stream without a dictionary"));
    };
    let stated = match dictionary.get(b"Length") {
        Some(Object::Integer(value)) => u64::try_from(*value).ok(),
        Some(Object::Reference(reference)) if *reference != id => {
            length_object(view, *reference, holds_objects)?
        }
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
    Ok((Spanned { value: Object::Stream(Stream { dictionary, data, id }), span }, end))
}

/// The value of an indirect `/Length`. That of a stream which holds objects must not live in one
/// (§7.5.7), or two streams could wait for each other.
fn length_object(
    view: impl Lookup,
    id: ObjectId,
    holds_objects: bool,
) -> Result<Option<u64>, Error> {
    let value = match view.place(id.number)? {
        Some((Entry::InUse { offset, generation }, end)) if generation == id.generation => {
            let value = view.file().ground().parse_at(offset, |parser| {
                let found = parser.object_header()?;
                if found != id {
                    return Err(Error::WrongObject { offset, expected: id, found }.into());
                }
                parser.value()
            })?;
            check_end(offset, value.span.end, end)?;
            value.value
        }
        Some((Entry::Compressed { .. }, _)) if holds_objects => {
            let problem = "the /Length of an object stream is itself compressed";
            return Err(Error::structure(id, problem));
        }
        Some((Entry::Compressed { stream, index }, _)) if id.generation == 0 => {
            compressed(view, id, stream, index)?.object.value
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
) -> Result<IndirectObject, Error> {
    let file = view.file();
    file.encryption.required()?;
    let Some((Entry::InUse { offset, generation }, end)) = view.place(stream)? else {
        return Err(Error::structure(id, "its object stream is missing or itself compressed"));
    };
    let stream_id = ObjectId::new(stream, generation);
    let container = in_use(view, stream_id, offset, end, true)?;
    let Object::Stream(parsed) = &container.object.value else {
        return Err(Error::structure(stream_id, "not a stream, but objects should live in it"));
    };
    let key = StreamKey { id: stream_id, data: parsed.data };
    let holder = file.streams.get(key, |first_time| {
        // What did not stay in the cache is inflated again: work, but no new bytes.
        let meter = if first_time { &file.inflated } else { &file.work };
        let dictionary = &parsed.dictionary;
        let data = decode_spending(file, stream_id, dictionary, parsed.data, meter)?;
        ObjectStream::parse(stream_id, dictionary, data)
    })?;
    let object = holder.object(file.ground(), index, id.number)?;
    let container = Container::ObjectStream(stream);
    Ok(IndirectObject { id, object, container, holder: Some(holder) })
}

/// The decoded data of a stream, spent from the file's budget.
pub(super) fn decode(
    file: &File<'_>,
    id: ObjectId,
    dictionary: &Dictionary,
    data: Span,
) -> Result<Vec<u8>, Error> {
    decode_spending(file, id, dictionary, data, &file.inflated)
}

fn decode_spending(
    file: &File<'_>,
    id: ObjectId,
    dictionary: &Dictionary,
    data: Span,
    meter: &Meter,
) -> Result<Vec<u8>, Error> {
    let raw = raw(file, id, dictionary, data)?;
    section::unfilter(id, dictionary, &raw, meter)
}

/// The data of a stream in plain, still encoded. What `dictionary` says of filters must be direct.
pub(super) fn raw<'f>(
    file: &'f File<'_>,
    id: ObjectId,
    dictionary: &Dictionary,
    data: Span,
) -> Result<Cow<'f, [u8]>, Error> {
    let security = file.encryption.required()?;
    let raw = section::encoded(file.ground(), data)?;
    let Some(security) = security else { return Ok(raw) };
    file.work.spend(data.len())?;
    security.decrypt_stream(id, dictionary, &raw).map(Cow::Owned)
}

/// Strings of an object in the file itself; those of an object stream are encrypted with it.
fn decrypt_strings(file: &File<'_>, id: ObjectId, object: &mut Object) -> Result<(), Error> {
    match file.encryption.security() {
        Some(security) => security.decrypt_strings(id, object),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::appended::{append_table_update, last_startxref};
    use sealwright_testdata::documents;

    use super::*;
    use crate::limits::Limits;

    fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
        let at = memchr::memmem::find(bytes, from.as_bytes()).unwrap();
        [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
    }

    #[test]
    fn an_entry_that_leads_behind_its_revision_brings_nothing_to_life() {
        let base = documents::classic_table();
        let table = memchr::memmem::rfind(&base, b"\n0000").unwrap() + 1;
        let entry = std::str::from_utf8(&base[table..table + 18]).unwrap();
        let promised = base.len();
        let mut bytes = replaced(&base, entry, &format!("{promised:010} 00000 n"));
        let number = u32::try_from((table - usize::try_from(last_startxref(&base)).unwrap()) / 20);
        let id = ObjectId::new(number.unwrap(), 0);
        bytes.extend(format!("{} 0 obj\n(sprung to life)\nendobj\n", id.number).bytes());
        let bytes = append_table_update(&bytes, &[(4, 0, b"<< /Title (Changed) >>")], "");
        let file = File::open(&bytes, Limits::default()).unwrap();
        assert_eq!(file.revision_count(), 2);
        for revision in file.revisions() {
            let error = revision.get(id).unwrap_err();
            assert!(error.to_string().contains("behind the end of the revision"), "{error}");
        }
    }

    #[test]
    fn another_generation_or_a_free_number_is_null() {
        let bytes = documents::generations_above_zero();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let latest = file.latest();
        let page = documents::page_number(0);
        assert!(latest.get(ObjectId::new(page, 3)).unwrap().is_some());
        for (number, generation) in [(page, 0), (page, 4), (0, 65_535), (0, 0), (9_999, 0)] {
            assert!(latest.get(ObjectId::new(number, generation)).unwrap().is_none());
        }
        let packed = documents::object_streams();
        let file = File::open(&packed, Limits::default()).unwrap();
        let catalog = ObjectId::new(documents::CATALOG, 1);
        assert!(file.latest().get(catalog).unwrap().is_none(), "packed objects have generation 0");
    }

    /// A document whose object 12 is the given stream, with the data `abc` and its end as given.
    fn with_stream(dictionary: &str, start: &str, end: &str) -> Vec<u8> {
        let mut pdf = documents::plain(1);
        pdf.set(12, format!("{dictionary}{start}abc{end}"));
        pdf.set(13, "3");
        pdf.write(&sealwright_testdata::pdf::Layout::default())
    }

    #[test]
    fn streams_end_where_their_length_says_and_nowhere_else() {
        let data = |dictionary: &str, start: &str, end: &str| {
            let bytes = with_stream(dictionary, start, end);
            let file = File::open(&bytes, Limits::default()).unwrap();
            let object = file.latest().get(ObjectId::new(12, 0))?.unwrap().object.value;
            let stream = object.as_stream().unwrap();
            file.latest().raw(stream).map(|data| data.into_owned())
        };
        let lf = "stream\n";
        for (dictionary, start, end) in [
            ("<</Length 3>>", lf, "\nendstream"),
            ("<</Length 3>>", "\n%comment\nstream\r\n", "\r\nendstream"),
            ("<</Length 3>>", lf, "endstream"),
            ("<</Length 13 0 R>>", lf, "\nendstream\n%comment\n"),
        ] {
            assert_eq!(data(dictionary, start, end).unwrap(), b"abc", "{dictionary}{start}{end}");
        }
        assert_eq!(data("<</Length 0>>", lf, "endstream").ok(), None, "the data is not empty");
        for (dictionary, start, end) in [
            ("<</Length 2>>", lf, "\nendstream"),
            ("<</Length 4>>", lf, "endstream"),
            ("<</Length 3>>", "stream\r", "\nendstream"),
            ("<</Length 3>>", "stream ", "\nendstream"),
            ("<</Length 3>>", "stream", "\nendstream"),
            ("<</Length 3>>", lf, "\n%data?\nendstream"),
            ("<</Length 3>>", lf, "\nendstreams"),
            ("<</Length -3>>", lf, "\nendstream"),
            ("<</Length 3.0>>", lf, "\nendstream"),
            ("<</Length 99999>>", lf, "\nendstream"),
            ("<</Length 9223372036854775807>>", lf, "\nendstream"),
            ("<<>>", lf, "\nendstream"),
            ("<</Length 12 0 R>>", lf, "\nendstream"),
            ("<</Length 1 0 R>>", lf, "\nendstream"),
            ("<</Length 99 0 R>>", lf, "\nendstream"),
            ("[]", lf, "\nendstream"),
        ] {
            assert!(data(dictionary, start, end).is_err(), "{dictionary}{start}{end}");
        }
    }
}
