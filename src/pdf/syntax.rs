//! Tokens and objects (ISO 32000-2 §7.2 and §7.3), every value with its span.
//!
//! The parser works on a window of the file. When the window ends before the object does, it asks
//! for more instead of guessing, so that a source need not lie in memory.

use super::error::Error;
use super::lexical::{is_regular, is_white_space, number, unescape_name};
use super::object::{Dictionary, DictionaryEntry, Object, ObjectId, Span, Spanned};
use super::source::length;
use crate::limits::{Limit, LimitExceeded};

/// Why the parser stopped.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The window ends inside a token or object: read a longer one.
    More,
    /// The bytes are wrong.
    Bad(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Bad(error)
    }
}

/// Nesting beyond this is refused whatever the host allows: the stack of its thread would end.
const DEEPEST: u64 = 500;

pub(super) type Parsed<T> = Result<T, Fault>;

/// How much is forgiven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// One reading or none.
    Strict,
    /// What most viewers would make of it; for files opened in order to be looked at.
    Lenient,
}

/// A parser over a window of bytes.
pub(crate) struct Parser<'b> {
    pub(super) bytes: &'b [u8],
    /// Offset of `bytes[0]`.
    base: u64,
    pub(super) at: usize,
    /// Whether the window reaches the end of the data.
    whole: bool,
    strictness: Strictness,
    depth_allowed: u64,
    values_left: u64,
    values_allowed: u64,
    skims: bool,
}

impl<'b> Parser<'b> {
    pub(crate) fn new(bytes: &'b [u8], base: u64, whole: bool, strictness: Strictness) -> Self {
        Self {
            bytes,
            base,
            at: 0,
            whole,
            strictness,
            skims: false,
            depth_allowed: 64,
            values_left: u64::MAX,
            values_allowed: u64::MAX,
        }
    }

    pub(crate) fn with_limits(mut self, depth: u64, values: u64) -> Self {
        self.depth_allowed = depth.min(DEEPEST);
        self.values_left = values;
        self.values_allowed = values;
        self
    }

    /// Offset of the next byte.
    pub(crate) fn offset(&self) -> u64 {
        self.base.saturating_add(length(self.at))
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or(&[])
    }

    /// The fault of something missing here: more bytes, or an error if there are no more.
    pub(crate) fn missing<T>(&self, expected: &'static str) -> Parsed<T> {
        if self.at >= self.bytes.len() && !self.whole {
            return Err(Fault::More);
        }
        Err(Fault::Bad(Error::Syntax { offset: self.offset(), expected }))
    }

    /// Skips white space and comments.
    pub(crate) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if is_white_space(byte) {
                self.at += 1;
            } else if byte == b'%' {
                let comment = self.rest();
                self.at += memchr::memchr2(b'\n', b'\r', comment).unwrap_or(comment.len());
            } else {
                break;
            }
        }
    }

    /// Skips white space and comments, of which there must be some.
    fn space(&mut self) -> Parsed<()> {
        let before = self.at;
        self.skip_space();
        if self.at == before { self.missing("white space") } else { Ok(()) }
    }

    /// Skips white space, but no comment.
    pub(crate) fn skip_white_space(&mut self) {
        while self.peek().is_some_and(is_white_space) {
            self.at += 1;
        }
    }

    /// Takes `word` if it stands here and no regular character follows it.
    pub(crate) fn keyword(&mut self, word: &'static str) -> Parsed<()> {
        let bytes = word.as_bytes();
        let rest = self.rest();
        if rest.len() <= bytes.len() && !self.whole && bytes.starts_with(rest) {
            return Err(Fault::More);
        }
        let ended = rest.get(bytes.len()).is_none_or(|next| !is_regular(*next));
        if rest.starts_with(bytes) && ended {
            self.at += bytes.len();
            return Ok(());
        }
        self.missing(word)
    }

    /// Takes `word`, whatever follows.
    pub(crate) fn exact(&mut self, word: &'static str) -> Parsed<()> {
        let rest = self.rest();
        if rest.len() < word.len() && !self.whole && word.as_bytes().starts_with(rest) {
            return Err(Fault::More);
        }
        if self.literal(word.as_bytes()) { Ok(()) } else { self.missing(word) }
    }

    /// Takes `bytes` if they stand here, whatever follows. Bytes that the end of the window cuts are
    /// not there: it is for windows that reach the end of the data.
    pub(crate) fn literal(&mut self, bytes: &[u8]) -> bool {
        let found = self.rest().starts_with(bytes);
        if found {
            self.at += bytes.len();
        }
        found
    }

    /// Takes the end of line behind `stream`: LF or CR LF, not CR alone, after which a reader could
    /// not know whether a LF belongs to the data (ISO 32000-2 §7.3.8.1).
    pub(crate) fn line_end_of_stream(&mut self) -> Parsed<()> {
        let lenient = self.strictness == Strictness::Lenient;
        match (self.peek(), self.bytes.get(self.at + 1)) {
            (Some(b'\n'), _) => self.at += 1,
            (Some(b'\r'), Some(b'\n')) => self.at += 2,
            (Some(b'\r'), None) if !self.whole => return Err(Fault::More),
            (Some(b'\r'), _) if lenient => self.at += 1,
            (Some(_), _) if lenient => {}
            _ => return self.missing("an end of line after `stream`"),
        }
        Ok(())
    }

    /// An unsigned number of digits only.
    pub(crate) fn unsigned(&mut self) -> Parsed<u64> {
        let start = self.at;
        let mut value: u64 = 0;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            value = value
                .checked_mul(10)
                .and_then(|value| value.checked_add(u64::from(digit - b'0')))
                .ok_or(Error::Syntax { offset: self.offset(), expected: "a smaller number" })?;
            self.at += 1;
        }
        if self.at == start || (self.at == self.bytes.len() && !self.whole) {
            return self.missing("a number");
        }
        Ok(value)
    }

    /// `12 0 obj`.
    pub(crate) fn object_header(&mut self) -> Parsed<ObjectId> {
        let offset = self.offset();
        let number = self.unsigned()?;
        self.space()?;
        let generation = self.unsigned()?;
        self.space()?;
        if let Err(fault) = self.keyword("obj") {
            // `1 0 objtrue` is one word; some viewers see two.
            let glued = self.strictness == Strictness::Lenient && self.literal(b"obj");
            if !glued {
                return Err(fault);
            }
        }
        let wide = Error::Syntax { offset, expected: "an object number below 2^32" };
        Ok(ObjectId {
            number: u32::try_from(number).map_err(|_| wide.clone())?,
            generation: u16::try_from(generation).map_err(|_| wide)?,
        })
    }

    /// The next object, white space before it skipped.
    pub(crate) fn value(&mut self) -> Parsed<Spanned> {
        self.nested(self.depth_allowed)
    }

    fn nested(&mut self, depth: u64) -> Parsed<Spanned> {
        self.skip_space();
        self.values_left = self.values_left.checked_sub(1).ok_or(Error::Limit(LimitExceeded {
            limit: Limit::Values,
            allowed: self.values_allowed,
        }))?;
        let start = self.offset();
        let value = match self.peek() {
            None => return self.missing("an object"),
            Some(b'/') => Object::Name(self.name()?),
            Some(b'(') => Object::String(self.literal_string()?),
            Some(b'<') => match self.bytes.get(self.at + 1) {
                None => {
                    self.at += 1;
                    return self.missing("a string or dictionary");
                }
                Some(b'<') => Object::Dictionary(self.dictionary(depth)?),
                Some(_) => Object::String(self.hexadecimal_string()?),
            },
            Some(b'[') => Object::Array(self.array(depth)?),
            Some(b't') => self.keyword("true").map(|()| Object::Boolean(true))?,
            Some(b'f') => self.keyword("false").map(|()| Object::Boolean(false))?,
            Some(b'n') => self.keyword("null").map(|()| Object::Null)?,
            Some(_) => self.number_or_reference()?,
        };
        Ok(Spanned { value, span: Span::new(start, self.offset()) })
    }

    fn deeper(&self, depth: u64) -> Parsed<u64> {
        let limit = LimitExceeded { limit: Limit::Depth, allowed: self.depth_allowed };
        depth.checked_sub(1).ok_or(Fault::Bad(Error::Limit(limit)))
    }

    /// From here on, arrays of nothing but integers and references come back empty.
    pub(super) fn skim(&mut self) {
        self.skims = true;
    }

    fn array(&mut self, depth: u64) -> Parsed<Vec<Spanned>> {
        let depth = self.deeper(depth)?;
        self.at += 1;
        if self.skims
            && let rest = self.rest()
            && let Some(end) = memchr::memchr(b']', rest)
            && rest.iter().take(end).fold(true, |all, byte| {
                all & (byte.is_ascii_digit() | matches!(byte, b' ' | b'\r' | b'\n' | b'R'))
            })
        {
            self.at += end + 1;
            return Ok(Vec::new());
        }
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(items);
            }
            items.push(self.nested(depth)?);
        }
    }

    fn dictionary(&mut self, depth: u64) -> Parsed<Dictionary> {
        let depth = self.deeper(depth)?;
        self.at += 2;
        let mut entries: Vec<DictionaryEntry> = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'>') => {
                    if self.literal(b">>") {
                        break;
                    }
                    self.at += 1;
                    return self.missing(">>");
                }
                Some(b'/') => {}
                _ => return self.missing("a key or >>"),
            }
            let start = self.offset();
            let key = self.name()?;
            let key_span = Span::new(start, self.offset());
            let value = self.nested(depth)?;
            entries.push(DictionaryEntry { key, key_span, value });
        }
        let dictionary = Dictionary::from_entries(entries);
        match dictionary.repeated_key() {
            Some(entry) if self.strictness == Strictness::Strict => {
                Err(Fault::Bad(Error::DuplicateKey {
                    offset: entry.key_span.start,
                    key: String::from_utf8_lossy(&entry.key).chars().take(32).collect(),
                }))
            }
            Some(_) => Ok(dictionary.with_the_last_of_each_key()),
            None => Ok(dictionary),
        }
    }

    pub(crate) fn name(&mut self) -> Parsed<Vec<u8>> {
        if self.peek() != Some(b'/') {
            return self.missing("a name");
        }
        self.at += 1;
        let rest = self.rest();
        let end = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        if end == rest.len() && !self.whole {
            return Err(Fault::More);
        }
        let raw = rest.get(..end).unwrap_or(&[]);
        let name = if raw.contains(&b'#') { unescape_name(raw) } else { raw.to_vec() };
        if name.contains(&0) && self.strictness == Strictness::Strict {
            // ISO 32000-2 §7.3.5; some readers end the name there.
            return self.missing("a name without #00");
        }
        self.at += end;
        Ok(name)
    }

    fn number_or_reference(&mut self) -> Parsed<Object> {
        let rest = self.rest();
        let end = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        if end == rest.len() && !self.whole {
            return Err(Fault::More);
        }
        let token = rest.get(..end).unwrap_or(&[]);
        let Some(number) = number(token) else { return self.missing("an object") };
        self.at += end;
        let plain = token.iter().all(u8::is_ascii_digit);
        if let (true, Object::Integer(value)) = (plain, &number)
            && let Some(reference) = self.reference_tail(*value)?
        {
            return Ok(Object::Reference(reference));
        }
        Ok(number)
    }

    /// After the integer `number`: ` 0 R`, or nothing taken.
    fn reference_tail(&mut self, number: i64) -> Parsed<Option<ObjectId>> {
        let back = self.at;
        let Ok(number) = u32::try_from(number) else { return Ok(None) };
        self.skip_space();
        if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            let generation = self.unsigned()?;
            self.skip_space();
            if self.peek() == Some(b'R') {
                let ends = self.bytes.get(self.at + 1).map(|next| !is_regular(*next));
                if ends.is_none() && !self.whole {
                    return Err(Fault::More);
                }
                if let (true, Ok(generation)) = (ends.unwrap_or(true), u16::try_from(generation)) {
                    self.at += 1;
                    return Ok(Some(ObjectId { number, generation }));
                }
            }
        }
        if self.at >= self.bytes.len() && !self.whole {
            return Err(Fault::More);
        }
        self.at = back;
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &[u8]) -> Result<Spanned, Error> {
        Parser::new(text, 100, true, Strictness::Strict).value().map_err(|fault| match fault {
            Fault::Bad(error) => error,
            Fault::More => panic!("the whole input was given"),
        })
    }

    #[test]
    fn spans_at_every_depth_count_from_the_base() {
        let parsed = parse(b"<< /A [1 2 0 R (x)] >>").unwrap();
        assert_eq!(parsed.span, Span::new(100, 122));
        let dictionary = parsed.value.as_dictionary().unwrap();
        let array = dictionary.get_spanned(b"A").unwrap();
        assert_eq!(array.span, Span::new(106, 119));
        let items = array.value.as_array().unwrap();
        assert_eq!(items[1].value, Object::Reference(ObjectId::new(2, 0)));
        assert_eq!(items[1].span, Span::new(109, 114));
    }

    #[test]
    fn numbers_as_the_standard_has_them() {
        assert_eq!(parse(b"-12 ").unwrap().value, Object::Integer(-12));
        assert_eq!(parse(b"+.5").unwrap().value, Object::Real(0.5));
        assert_eq!(parse(b"4.").unwrap().value, Object::Real(4.0));
        assert_eq!(parse(b"00042").unwrap().value, Object::Integer(42));
        assert_eq!(parse(b"-9223372036854775808").unwrap().value, Object::Integer(i64::MIN));
        for bad in [
            &b"--5"[..],
            b"+-3",
            b"0x10",
            b"1e5",
            b"4.5.6",
            b"-",
            b".",
            b"nan",
            b"inf",
            b"9223372036854775808",
            // Two numbers and a word: never a reference to something else.
            b"[1 70000 R]",
            b"[4294967296 0 R]",
        ] {
            assert!(parse(bad).is_err(), "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_even_when_spelt_otherwise() {
        assert!(matches!(parse(b"<</A 1/#41 2>>"), Err(Error::DuplicateKey { offset: 106, .. })));
    }

    #[test]
    fn names_with_escapes() {
        assert_eq!(parse(b"/A#42").unwrap().value, Object::Name(b"AB".to_vec()));
        assert_eq!(parse(b"/").unwrap().value, Object::Name(Vec::new()));
        assert!(parse(b"/A#00B").is_err());
    }

    #[test]
    fn the_words_of_an_object_header_stand_apart() {
        let header =
            |text: &[u8]| Parser::new(text, 0, true, Strictness::Strict).object_header().ok();
        let id = Some(ObjectId::new(1, 0));
        assert_eq!(header(b"1 0 obj "), id);
        assert_eq!(header(b"1 0 obj<<"), id);
        assert_eq!(header(b"1%\n0\r\nobj/"), id);
        for bad in [
            &b"1 0obj"[..],
            b"10 obj",
            b"1 0 objtrue",
            b"1 0 ob",
            b"-1 0 obj",
            b"1 65536 obj",
            b"4294967296 0 obj",
            b"99999999999999999999 0 obj",
        ] {
            assert_eq!(header(bad), None, "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn a_lenient_dictionary_keeps_the_last_of_two_keys() {
        let mut parser = Parser::new(b"<</A 1/B 2/A 3>>", 0, true, Strictness::Lenient);
        let Ok(parsed) = parser.value() else { panic!("lenient") };
        let dictionary = parsed.value.as_dictionary().unwrap();
        let keys: Vec<_> = dictionary.iter().map(|(key, _)| key.to_vec()).collect();
        assert_eq!(keys, [b"B", b"A"]);
        assert_eq!(dictionary.integer(b"A"), Some(3));
    }

    #[test]
    fn nesting_stops_at_the_limit() {
        let deep = [b"[".repeat(400_000), b"]".repeat(400_000)].concat();
        assert!(matches!(parse(&deep), Err(Error::Limit(_))));
    }

    #[test]
    fn every_cut_of_a_window_asks_for_more_and_never_misreads() {
        let text = b"<</Name/V#41/S(a\\)b)/H<0aF>/R 12 0 R/A[1 2 0 R -.5 true null]>> endobj";
        let whole = parse(text).unwrap();
        for cut in 0..text.len() - 7 {
            let mut parser = Parser::new(&text[..cut], 100, false, Strictness::Strict);
            match parser.value() {
                Err(Fault::More) => {}
                Ok(value) => assert_eq!((value.span, &value), (whole.span, &whole)),
                Err(Fault::Bad(error)) => panic!("cut at {cut}: {error}"),
            }
        }
    }
}
