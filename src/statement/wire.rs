//! DER (X.690) as the statements use it: one element after another, bounded, with one spelling.

use core::time::Duration;

use der::asn1::{AnyRef, GeneralizedTime, OctetStringRef, Utf8StringRef};
use der::{Encode, Reader, SliceReader, Tag, TagNumber, Tagged};
use time::OffsetDateTime;

use super::Error;
use crate::digest::{Digest, DigestAlgorithm};
use crate::limits::{Limit, LimitExceeded, Limits, Meter};

/// `[number]` around one complete element: all tags are explicit.
pub(super) const fn tagged(number: u32) -> Tag {
    Tag::ContextSpecific { constructed: true, number: TagNumber(number) }
}

/// The elements inside another one, taken off the front.
pub(super) struct Elements<'a, 'm> {
    reader: SliceReader<'a>,
    /// Where the first of them begins in the whole.
    base: usize,
    meter: &'m Meter,
}

/// One element.
pub(super) struct Element<'a, 'm> {
    any: AnyRef<'a>,
    offset: usize,
    /// Where its contents begin.
    inside: usize,
    meter: &'m Meter,
}

/// Reads the one element that `bytes` are, with a counter of all elements in it.
pub(super) fn read_whole<T>(
    bytes: &[u8],
    limits: &Limits,
    read: impl FnOnce(Element<'_, '_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    LimitExceeded::check(Limit::ObjectBytes, length, limits.object_bytes)?;
    let meter = Meter::new(Limit::Values, limits.values);
    let mut elements = Elements::of(bytes, 0, &meter)?;
    let whole = elements.any("a statement")?;
    elements.finish()?;
    read(whole)
}

impl<'a, 'm> Elements<'a, 'm> {
    fn of(bytes: &'a [u8], base: usize, meter: &'m Meter) -> Result<Self, Error> {
        let reader = SliceReader::new(bytes)
            .map_err(|_| Error::Malformed { offset: base, wanted: "an element of that length" })?;
        Ok(Self { reader, base, meter })
    }

    fn offset(&self) -> usize {
        self.base.saturating_add(usize::try_from(self.reader.position()).unwrap_or(usize::MAX))
    }

    /// The next element, whatever it is.
    pub(super) fn any(&mut self, wanted: &'static str) -> Result<Element<'a, 'm>, Error> {
        self.meter.spend(1)?;
        let offset = self.offset();
        let any: AnyRef<'a> =
            self.reader.decode().map_err(|_| Error::Malformed { offset, wanted })?;
        let inside = self.offset().saturating_sub(any.value().len());
        Ok(Element { any, offset, inside, meter: self.meter })
    }

    /// The next element, which must have this tag.
    pub(super) fn take(
        &mut self,
        tag: Tag,
        wanted: &'static str,
    ) -> Result<Element<'a, 'm>, Error> {
        let element = self.any(wanted)?;
        if element.any.tag() == tag { Ok(element) } else { Err(element.is_not(wanted)) }
    }

    /// What stands in `[number]`, if that comes next.
    pub(super) fn optional<T>(
        &mut self,
        number: u32,
        read: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if !Tag::peek(&self.reader).is_ok_and(|tag| tag == tagged(number)) {
            return Ok(None);
        }
        self.take(tagged(number), "an optional value")?.inside(read).map(Some)
    }

    /// A SEQUENCE OF with a number of members.
    pub(super) fn list<T>(
        &mut self,
        wanted: &'static str,
        most: usize,
        read: impl FnMut(&mut Self) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.take(Tag::Sequence, wanted)?.members(wanted, most, read)
    }

    /// A SEQUENCE.
    pub(super) fn sequence<T>(
        &mut self,
        wanted: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.take(Tag::Sequence, wanted)?.inside(read)
    }

    pub(super) fn text(&mut self, wanted: &'static str) -> Result<&'a str, Error> {
        let element = self.take(Tag::Utf8String, wanted)?;
        let text = element.any.decode_as::<Utf8StringRef<'a>>();
        text.map(|text| text.as_str()).map_err(|_| element.is_not(wanted))
    }

    /// An INTEGER of at most 32 bits that is not negative.
    pub(super) fn number(&mut self, wanted: &'static str) -> Result<u32, Error> {
        let element = self.take(Tag::Integer, wanted)?;
        element.any.decode_as::<u32>().map_err(|_| element.is_not(wanted))
    }

    pub(super) fn octets_32(&mut self, wanted: &'static str) -> Result<[u8; 32], Error> {
        let element = self.take(Tag::OctetString, wanted)?;
        let octets = element.any.decode_as::<&OctetStringRef>();
        let octets = octets.map_err(|_| element.is_not(wanted))?;
        octets.as_bytes().try_into().map_err(|_| element.is_not(wanted))
    }

    /// A GeneralizedTime in UTC, in whole seconds.
    pub(super) fn time(&mut self, wanted: &'static str) -> Result<OffsetDateTime, Error> {
        let element = self.take(Tag::GeneralizedTime, wanted)?;
        let time = element.any.decode_as::<GeneralizedTime>();
        let time = time.map_err(|_| element.is_not(wanted))?.to_unix_duration().as_secs();
        let time = i64::try_from(time).ok().map(OffsetDateTime::from_unix_timestamp);
        time.and_then(Result::ok).ok_or_else(|| element.is_not(wanted))
    }

    /// What stands there, byte for byte: a structure that is read elsewhere.
    pub(super) fn raw(&mut self, wanted: &'static str) -> Result<Vec<u8>, Error> {
        let element = self.take(Tag::Sequence, wanted)?;
        write(element.any.tag(), element.any.value())
    }

    /// Whether nothing is left.
    pub(super) fn finish(&self) -> Result<(), Error> {
        if self.reader.is_finished() {
            return Ok(());
        }
        Err(Error::Malformed { offset: self.offset(), wanted: "the end" })
    }
}

impl<'a, 'm> Element<'a, 'm> {
    pub(super) fn tag(&self) -> Tag {
        self.any.tag()
    }

    /// Reads what is inside, all of it.
    pub(super) fn inside<T>(
        &self,
        read: impl FnOnce(&mut Elements<'a, 'm>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut elements = Elements::of(self.any.value(), self.inside, self.meter)?;
        let value = read(&mut elements)?;
        elements.finish()?;
        Ok(value)
    }

    /// Reads all that is inside, one like another.
    pub(super) fn members<T>(
        &self,
        wanted: &'static str,
        most: usize,
        mut read: impl FnMut(&mut Elements<'a, 'm>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        self.inside(|members| {
            let mut list = Vec::new();
            while !members.reader.is_finished() {
                check_count(wanted, most, list.len().saturating_add(1))?;
                list.push(read(members)?);
            }
            Ok(list)
        })
    }

    pub(super) fn is_not(&self, wanted: &'static str) -> Error {
        Error::Malformed { offset: self.offset, wanted }
    }
}

/// Whether a list may have so many members.
pub(super) fn check_count(what: &'static str, most: usize, found: usize) -> Result<(), Error> {
    if found > most { Err(Error::TooMany { what, most, found }) } else { Ok(()) }
}

/// Identifier, length and contents.
pub(super) fn write(tag: Tag, content: &[u8]) -> Result<Vec<u8>, Error> {
    let too_long =
        |_| Error::TooMany { what: "bytes of an element", most: 1 << 28, found: content.len() };
    AnyRef::new(tag, content).and_then(|any| any.to_der()).map_err(too_long)
}

/// A SEQUENCE of ready parts.
pub(super) fn write_sequence(parts: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    write(Tag::Sequence, &parts.concat())
}

/// A SEQUENCE OF with a number of members.
pub(super) fn write_list<T>(
    what: &'static str,
    most: usize,
    members: &[T],
    mut write_one: impl FnMut(&T) -> Result<Vec<u8>, Error>,
) -> Result<Vec<u8>, Error> {
    check_count(what, most, members.len())?;
    let members = members.iter().map(&mut write_one).collect::<Result<Vec<_>, _>>()?;
    write_sequence(&members)
}

/// `[number]` around a value, or nothing.
pub(super) fn write_optional<T>(
    number: u32,
    value: Option<T>,
    write_one: impl FnOnce(T) -> Result<Vec<u8>, Error>,
) -> Result<Vec<u8>, Error> {
    value.map_or(Ok(Vec::new()), |value| write(tagged(number), &write_one(value)?))
}

pub(super) fn write_text(text: &str) -> Result<Vec<u8>, Error> {
    write(Tag::Utf8String, text.as_bytes())
}

pub(super) fn write_number(number: u32) -> Result<Vec<u8>, Error> {
    number.to_der().map_err(|_| Error::TooMany { what: "digits", most: 10, found: 0 })
}

pub(super) fn write_octets(octets: &[u8]) -> Result<Vec<u8>, Error> {
    write(Tag::OctetString, octets)
}

/// The instant in whole seconds, from the year 1970 to 9999.
pub(super) fn write_time(time: OffsetDateTime) -> Result<Vec<u8>, Error> {
    let seconds = time.unix_timestamp();
    let outside = || Error::Time { seconds };
    let since = u64::try_from(seconds).map_err(|_| outside())?;
    let time = GeneralizedTime::from_unix_duration(Duration::from_secs(since));
    time.and_then(|time| time.to_der()).map_err(|_| outside())
}

/// A SHA-256, and no other digest.
pub(super) fn write_sha256(digest: &Digest) -> Result<Vec<u8>, Error> {
    match digest.algorithm() {
        DigestAlgorithm::Sha256 => write_octets(digest.as_bytes()),
        found => Err(Error::NotSha256 { found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(
        bytes: &[u8],
        read: impl FnOnce(&mut Elements<'_, '_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        read_whole(bytes, &Limits::default(), |whole| whole.inside(read))
    }

    #[test]
    fn ber_is_not_der() {
        let number = |bytes: &[u8]| read(bytes, |parts| parts.number("a number"));
        assert_eq!(number(&[0x30, 3, 2, 1, 5]), Ok(5));
        for wrong in [
            &[0x30, 0x80, 2, 1, 5, 0, 0][..],
            &[0x30, 0x81, 3, 2, 1, 5],
            &[0x30, 4, 2, 2, 0, 5],
            &[0x30, 3, 2, 1, 0x85],
            &[0x30, 3, 2, 1, 5, 0],
            &[0x30, 5, 2, 1, 5, 5, 0],
            &[0x30, 3, 2, 2, 5],
            &[],
        ] {
            assert_eq!(number(wrong).unwrap_err().code(), "statement.malformed", "{wrong:?}");
        }
        let nine = [0x30, 8, 2, 6, 1, 0, 0, 0, 0, 0];
        assert!(number(&nine).is_err());
    }

    #[test]
    fn an_error_names_the_byte() {
        let wrong = [0x30, 7, 0x30, 5, 2, 1, 5, 4, 0];
        let error = read(&wrong, |parts| {
            parts.sequence("two numbers", |inner| Ok((inner.number("one")?, inner.number("two")?)))
        });
        assert_eq!(error, Err(Error::Malformed { offset: 7, wanted: "two" }));
    }

    #[test]
    fn lists_and_elements_are_counted() {
        let mut bytes = vec![0x30, 8, 0x30, 6];
        bytes.extend([2, 1, 1, 2, 1, 2]);
        let list = |bytes: &[u8], most, limits: &Limits| {
            read_whole(bytes, limits, |whole| {
                whole.inside(|parts| parts.list("numbers", most, |one| one.number("a number")))
            })
        };
        assert_eq!(list(&bytes, 2, &Limits::default()), Ok(vec![1, 2]));
        let many = list(&bytes, 1, &Limits::default());
        assert_eq!(many, Err(Error::TooMany { what: "numbers", most: 1, found: 2 }));
        let limits = Limits { values: 3, ..Limits::default() };
        assert_eq!(list(&bytes, 2, &limits).unwrap_err().code(), "statement.limit");
        let limits = Limits { object_bytes: 9, ..Limits::default() };
        assert_eq!(list(&bytes, 2, &limits).unwrap_err().code(), "statement.limit");
    }

    #[test]
    fn times_are_whole_seconds_from_1970_to_9999() {
        let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        assert_eq!(write_time(at(0)).unwrap()[2..], *b"19700101000000Z");
        assert_eq!(write_time(at(-1)), Err(Error::Time { seconds: -1 }));
        let written = write_sequence(&[write_time(at(1_767_225_600)).unwrap()]).unwrap();
        assert_eq!(read(&written, |parts| parts.time("a time")), Ok(at(1_767_225_600)));
    }
}
