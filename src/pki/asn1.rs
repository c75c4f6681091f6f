//! Reading ASN.1 (X.690): DER for certificates, BER as far as CMS in real documents needs it.
//!
//! One element is read at a time, where it stands, without copying and without recursion: the end
//! of an indefinite length is found by a loop that counts open levels up to a limit.

use std::borrow::Cow;

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use super::error::Error;

/// Identifier octets that occur in our structures.
pub(super) mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const UTF8_STRING: u8 = 0x0C;
    pub const TELETEX_STRING: u8 = 0x14;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const UNIVERSAL_STRING: u8 = 0x1C;
    pub const BMP_STRING: u8 = 0x1E;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
    pub const CONSTRUCTED: u8 = 0x20;

    /// `[n]` with a constructed content.
    pub const fn context(number: u8) -> u8 {
        0xA0 | number
    }

    /// `[n]` with a primitive content.
    pub const fn context_primitive(number: u8) -> u8 {
        0x80 | number
    }
}

/// One element: identifier, length and contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// The first identifier octet (class, constructed bit, number; 31 stands for all higher ones).
    pub tag: u8,
    /// Where it begins, counted from the start of the outermost input.
    pub offset: usize,
    /// All of it.
    pub raw: &'a [u8],
    /// Without identifier, length and end-of-contents.
    pub content: &'a [u8],
    /// Whether it was written with an indefinite length.
    pub indefinite: bool,
    depth: u64,
}

impl<'a> Element<'a> {
    /// Reads the elements inside.
    pub fn reader(&self) -> Reader<'a> {
        let trailer = if self.indefinite { 2 } else { 0 };
        let header = self.raw.len().saturating_sub(self.content.len()).saturating_sub(trailer);
        Reader {
            rest: self.content,
            offset: self.offset.saturating_add(header),
            depth: self.depth.saturating_sub(1),
        }
    }

    /// The value of an OCTET STRING, put together if it came in pieces.
    pub fn octets(&self) -> Result<Cow<'a, [u8]>, Error> {
        if self.tag & tag::CONSTRUCTED == 0 {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut joined = Vec::with_capacity(self.content.len());
        let mut open = vec![self.reader()];
        while let Some(reader) = open.last_mut() {
            let Some(piece) = reader.next()? else {
                open.pop();
                continue;
            };
            match piece.tag {
                tag::OCTET_STRING => joined.extend_from_slice(piece.content),
                COMPOSED_OCTETS if piece.depth > 0 => open.push(piece.reader()),
                _ => return Err(Error::malformed(piece.offset, "a piece of an octet string")),
            }
        }
        Ok(Cow::Owned(joined))
    }

    /// The value of a BIT STRING of whole octets.
    pub fn bits(&self) -> Result<&'a [u8], Error> {
        match self.content.split_first() {
            Some((0, bits)) if self.tag == tag::BIT_STRING => Ok(bits),
            _ => Err(Error::malformed(self.offset, "a bit string of whole octets")),
        }
    }

    /// The value of an INTEGER that must be small and not negative.
    pub fn small_integer(&self) -> Result<u64, Error> {
        let wrong = || Error::malformed(self.offset, "a small integer, not negative");
        let first = self.content.first().ok_or_else(wrong)?;
        let significant = self.content.strip_prefix(&[0]).unwrap_or(self.content);
        if self.tag != tag::INTEGER || *first >= 0x80 || significant.len() > 8 {
            return Err(wrong());
        }
        Ok(significant.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// The value of a UTCTime or GeneralizedTime.
    pub fn time(&self) -> Result<OffsetDateTime, Error> {
        let wrong = || Error::malformed(self.offset, "a UTCTime or GeneralizedTime");
        let text = std::str::from_utf8(self.content).map_err(|_| wrong())?;
        match self.tag {
            tag::UTC_TIME => parse_time(text, 2),
            tag::GENERALIZED_TIME => parse_time(text, 4),
            _ => None,
        }
        .ok_or_else(wrong)
    }
}

const COMPOSED_OCTETS: u8 = tag::OCTET_STRING | tag::CONSTRUCTED;

/// Reads one element after the other.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
    /// How many levels of indefinite lengths may lie inside each other; 0 in DER.
    depth: u64,
}

impl<'a> Reader<'a> {
    /// Reads DER: no indefinite lengths.
    pub fn der(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, offset: 0, depth: 0 }
    }

    /// Reads BER with at most `depth` levels of indefinite lengths.
    pub fn ber(bytes: &'a [u8], depth: u64) -> Self {
        Self { rest: bytes, offset: 0, depth }
    }

    /// Where the next element begins.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next element, or none at the end.
    pub fn next(&mut self) -> Result<Option<Element<'a>>, Error> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let header = Header::read(self.rest, self.offset)?;
        let body = self.rest.get(header.len..).unwrap_or_default();
        let (content_len, trailer) = match header.content {
            Some(len) => (len, 0),
            None => (self.end_of_contents(&header, body)?, 2),
        };
        let total = header
            .len
            .checked_add(content_len)
            .and_then(|len| len.checked_add(trailer))
            .ok_or_else(|| Error::truncated(self.offset))?;
        let (raw, rest) =
            self.rest.split_at_checked(total).ok_or_else(|| Error::truncated(self.offset))?;
        let content = body.get(..content_len).ok_or_else(|| Error::truncated(self.offset))?;
        let element = Element {
            tag: header.tag,
            offset: self.offset,
            raw,
            content,
            indefinite: header.content.is_none(),
            depth: self.depth,
        };
        self.rest = rest;
        self.offset = self.offset.saturating_add(total);
        Ok(Some(element))
    }

    /// The next element, which must have this tag.
    pub fn expect(&mut self, tag: u8, what: &'static str) -> Result<Element<'a>, Error> {
        let offset = self.offset;
        match self.next()? {
            Some(element) if element.tag == tag => Ok(element),
            _ => Err(Error::malformed(offset, what)),
        }
    }

    /// The next element if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, Error> {
        if self.rest.first() == Some(&tag) { self.next() } else { Ok(None) }
    }

    /// The next element, whatever it is.
    pub fn any(&mut self, what: &'static str) -> Result<Element<'a>, Error> {
        let offset = self.offset;
        self.next()?.ok_or_else(|| Error::malformed(offset, what))
    }

    /// Demands that nothing is left.
    pub fn finish(&self, what: &'static str) -> Result<(), Error> {
        if self.rest.is_empty() { Ok(()) } else { Err(Error::malformed(self.offset, what)) }
    }

    /// The length of contents that run until their end-of-contents octets.
    fn end_of_contents(&self, header: &Header, body: &[u8]) -> Result<usize, Error> {
        if header.tag & tag::CONSTRUCTED == 0 {
            return Err(Error::malformed(self.offset, "a length"));
        }
        let mut open = 1_u64;
        let mut at = 0_usize;
        loop {
            let rest = body.get(at..).unwrap_or_default();
            let offset = self.offset.saturating_add(header.len).saturating_add(at);
            if open > self.depth {
                return Err(Error::TooDeep { offset, allowed: self.depth });
            }
            let inner = Header::read(rest, offset)?;
            if inner.tag == 0 && inner.content == Some(0) {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Ok(at);
                }
            } else if inner.content.is_none() {
                if inner.tag & tag::CONSTRUCTED == 0 {
                    return Err(Error::malformed(offset, "a length"));
                }
                open = open.saturating_add(1);
            }
            at = at
                .checked_add(inner.len)
                .and_then(|at| at.checked_add(inner.content.unwrap_or(0)))
                .filter(|at| *at <= body.len())
                .ok_or_else(|| Error::truncated(offset))?;
        }
    }
}

/// Identifier and length octets.
struct Header {
    tag: u8,
    len: usize,
    /// None: indefinite.
    content: Option<usize>,
}

impl Header {
    fn read(bytes: &[u8], offset: usize) -> Result<Self, Error> {
        let cut = || Error::truncated(offset);
        let mut octets = bytes.iter().copied();
        let tag = octets.next().ok_or_else(cut)?;
        let mut len = 2_usize;
        if tag & 0x1F == 0x1F {
            // Numbers above 30 do not occur in our structures; they are only stepped over.
            loop {
                let more = octets.next().ok_or_else(cut)?;
                len = len.saturating_add(1);
                if more & 0x80 == 0 {
                    break;
                }
            }
        }
        let first = octets.next().ok_or_else(cut)?;
        if first < 0x80 {
            return Ok(Self { tag, len, content: Some(usize::from(first)) });
        }
        if first == 0x80 {
            return Ok(Self { tag, len, content: None });
        }
        let count = usize::from(first & 0x7F);
        if count > 8 {
            return Err(Error::malformed(offset, "a length of at most eight octets"));
        }
        let mut content = 0_u64;
        for _ in 0..count {
            content = content << 8 | u64::from(octets.next().ok_or_else(cut)?);
        }
        let content = usize::try_from(content).map_err(|_| cut())?;
        Ok(Self { tag, len: len.saturating_add(count), content: Some(content) })
    }
}

fn parse_time(text: &str, year_digits: usize) -> Option<OffsetDateTime> {
    let (year, rest) = text.split_at_checked(year_digits)?;
    let mut year = number(year)?;
    if year_digits == 2 {
        // RFC 5280, 4.1.2.5.1: two digits mean 1950 to 2049.
        year = year.checked_add(if year < 50 { 2000 } else { 1900 })?;
    }
    let (month, rest) = two_digits(rest)?;
    let (day, rest) = two_digits(rest)?;
    let (hour, rest) = two_digits(rest)?;
    let (minute, rest) = two_digits(rest)?;
    let (second, rest) = two_digits(rest).unwrap_or((0, rest));
    let (nanosecond, rest) = fraction(rest)?;
    let date = Date::from_calendar_date(
        i32::try_from(year).ok()?,
        Month::try_from(u8::try_from(month).ok()?).ok()?,
        u8::try_from(day).ok()?,
    )
    .ok()?;
    let time = Time::from_hms_nano(
        u8::try_from(hour).ok()?,
        u8::try_from(minute).ok()?,
        u8::try_from(second).ok()?,
        nanosecond,
    )
    .ok()?;
    PrimitiveDateTime::new(date, time).assume_offset(zone(rest)?).checked_to_offset(UtcOffset::UTC)
}

fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(digits) = text.strip_prefix('.').or_else(|| text.strip_prefix(',')) else {
        return Some((0, text));
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end)?;
    let nine: String = digits.chars().chain(std::iter::repeat('0')).take(9).collect();
    Some((number(&nine)?, rest))
}

fn zone(text: &str) -> Option<UtcOffset> {
    let (ahead, digits) = match text.split_at_checked(1)? {
        ("Z", "") => return Some(UtcOffset::UTC),
        ("+", digits) => (true, digits),
        ("-", digits) => (false, digits),
        _ => return None,
    };
    let (hours, rest) = two_digits(digits)?;
    let (minutes, rest) = two_digits(rest)?;
    let seconds =
        i32::try_from(hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?).ok()?;
    let offset = UtcOffset::from_whole_seconds(if ahead { seconds } else { -seconds }).ok()?;
    rest.is_empty().then_some(offset)
}

fn two_digits(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    Some((number(digits)?, rest))
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(seconds).unwrap()
    }

    fn only(bytes: &[u8]) -> Element<'_> {
        Reader::ber(bytes, 8).next().unwrap().unwrap()
    }

    #[test]
    fn an_indefinite_length_ends_at_its_own_end_of_contents() {
        let bytes = [0x30, 0x80, 0x30, 0x80, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF];
        let element = only(&bytes);
        assert_eq!(element.raw.len(), 11);
        let inner = element.reader().next().unwrap().unwrap();
        assert_eq!((inner.offset, inner.content), (2, &bytes[4..7]));
        assert_eq!(inner.reader().next().unwrap().unwrap().offset, 4);
    }

    #[test]
    fn octets_come_together_from_nested_pieces() {
        let bytes = [0x24, 0x80, 0x04, 1, 1, 0x24, 0x04, 0x04, 2, 2, 3, 0x04, 0, 0, 0];
        assert_eq!(only(&bytes).octets().unwrap().as_ref(), &[1, 2, 3]);
        assert!(only(&[0x24, 0x03, 0x02, 0x01, 0x01]).octets().is_err());
    }

    #[test]
    fn deep_nesting_is_refused_by_a_loop_and_not_by_the_stack() {
        let bytes = [0x30, 0x80].repeat(1_000_000);
        let error = Reader::ber(&bytes, 64).next().unwrap_err();
        assert!(matches!(error, Error::TooDeep { allowed: 64, .. }), "{error}");
        let error = Reader::der(&bytes).next().unwrap_err();
        assert!(matches!(error, Error::TooDeep { allowed: 0, .. }), "{error}");
        let pieces = [0x24, 0x80].repeat(10).into_iter().chain([0; 20]).collect::<Vec<_>>();
        assert!(Reader::ber(&pieces, 8).next().is_err());
    }

    #[test]
    fn lengths_that_lie_are_refused_with_their_offset() {
        for bytes in [&[0x04, 0x05, 1][..], &[0x04], &[0x04, 0x82, 1], &[0x04, 0x89, 1, 2, 3]] {
            assert!(Reader::ber(bytes, 8).next().is_err(), "{bytes:02x?}");
        }
        let huge = [0x04, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        assert!(Reader::ber(&huge, 8).next().is_err());
        let mut inside = only(&[0x30, 0x03, 0x02, 0x05, 1]).reader();
        assert_eq!(inside.next().unwrap_err(), Error::truncated(2));
    }

    #[test]
    fn times_with_fractions_and_zones() {
        let time = |tag, text: &str| {
            let bytes = [&[tag, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
            only(&bytes).time()
        };
        assert_eq!(time(0x17, "261122160000Z").unwrap(), at(1795363200));
        assert_eq!(time(0x17, "500101000000Z").unwrap(), at(-631152000));
        assert_eq!(time(0x17, "2611221600+0800").unwrap(), at(1795334400));
        assert_eq!(
            time(0x18, "20261122160000.25Z").unwrap(),
            at(1795363200) + ::time::Duration::milliseconds(250)
        );
        for wrong in ["20261322160000Z", "20261122160000", "2026112216+000Z", ""] {
            assert!(time(0x18, wrong).is_err(), "{wrong}");
        }
    }
}
