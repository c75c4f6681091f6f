//! Changing an object by splicing: the original tokens stay byte for byte, only what is set changes
//! (ISO 32000-2 §7.5.6 asks for the whole object again, not for another spelling of it).

use std::borrow::Cow;

use super::error::Error;
use super::object::{Dictionary, ObjectId, Span, Spanned};
use super::revision::Revision;
use super::source::length;
use super::store::IndirectObject;

/// Changes to one object, collected and then applied at once.
pub(crate) struct Splice<'o> {
    id: ObjectId,
    bytes: Cow<'o, [u8]>,
    start: u64,
    changes: Vec<(Span, Vec<u8>)>,
    /// Strings that stand encrypted in the bytes, in plain: what is put into a document is plain.
    strings: Vec<(Span, Vec<u8>)>,
}

impl<'o> Splice<'o> {
    /// Starts from an object as it stands in the file, or in its object stream.
    pub(crate) fn of(revision: Revision<'o>, object: &'o IndirectObject) -> Result<Self, Error> {
        let bytes = object.bytes(revision.file())?;
        let strings = object.plain_strings(revision.file());
        let start = object.object.span.start;
        Ok(Self { id: object.id, bytes, start, changes: Vec::new(), strings })
    }

    /// Sets a key of a dictionary that lies inside the object, at any depth.
    ///
    /// `span` is that of the dictionary, from `<<` to `>>`.
    pub(crate) fn set(&mut self, dictionary: &Dictionary, span: Span, key: &[u8], value: &[u8]) {
        let entry = dictionary.entries().iter().rev().find(|entry| entry.key == key);
        match entry {
            Some(entry) => {
                // The old value may have touched its key, as in `/A/B`: a space never hurts.
                let value = [b" ", value].concat();
                self.changes.push((Span::new(entry.key_span.end, entry.value.span.end), value));
            }
            None => {
                let at = span.end.saturating_sub(2);
                let text = [b"/", key, b" ", value, b" "].concat();
                self.changes.push((Span::new(at, at), text));
            }
        }
    }

    /// Appends an element to an array that lies inside the object.
    pub(crate) fn push(&mut self, array: &Spanned, element: &[u8]) {
        let at = array.span.end.saturating_sub(1);
        self.changes.push((Span::new(at, at), [b" ", element].concat()));
    }

    /// The object with all changes, from its first token to its last.
    ///
    /// # Errors
    ///
    /// If two changes overlap or leave the object: our fault, never the document's.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Error> {
        let mut strings = std::mem::take(&mut self.strings);
        strings.retain(|(at, _)| !self.changes.iter().any(|(span, _)| span.contains(*at)));
        self.changes.extend(strings);
        // Stable: what is inserted at one place keeps the order of the calls.
        self.changes.sort_by_key(|(span, _)| (span.start, span.end));
        let wrong = Error::structure(self.id, "two changes of one object overlap");
        let mut out = Vec::with_capacity(self.bytes.len() + 256);
        let mut copied = self.start;
        for (span, text) in &self.changes {
            out.extend_from_slice(self.slice(copied, span.start).ok_or(wrong.clone())?);
            out.extend_from_slice(text);
            copied = span.end;
        }
        let end = self.start + length(self.bytes.len());
        out.extend_from_slice(self.slice(copied, end).ok_or(wrong)?);
        Ok(out)
    }

    fn slice(&self, from: u64, to: u64) -> Option<&[u8]> {
        let from = usize::try_from(from.checked_sub(self.start)?).ok()?;
        let to = usize::try_from(to.checked_sub(self.start)?).ok()?;
        self.bytes.get(from..to)
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents;
    use sealwright_testdata::pdf::{Layout, Section};

    use super::*;
    use crate::limits::Limits;
    use crate::pdf::{Container, File, Object};

    /// Splices object 20 of a document in which it reads `body`.
    fn spliced_in(
        section: Section,
        body: &str,
        change: impl FnOnce(&mut Splice<'_>, &Spanned),
    ) -> Result<String, Error> {
        let mut pdf = documents::plain(1);
        pdf.set(20, body);
        let bytes = pdf.write(&Layout::with(section));
        let file = File::open(&bytes, Limits::default()).unwrap();
        let object = file.latest().get(ObjectId::new(20, 0)).unwrap().unwrap();
        let mut splice = Splice::of(file.latest(), &object).unwrap();
        change(&mut splice, &object.object);
        splice.finish().map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn spliced(body: &str, change: impl FnOnce(&mut Splice<'_>, &Spanned)) -> String {
        spliced_in(Section::Table, body, change).unwrap()
    }

    fn set(splice: &mut Splice<'_>, at: &Spanned, key: &[u8], value: &[u8]) {
        splice.set(at.value.as_dictionary().unwrap(), at.span, key, value);
    }

    #[test]
    fn without_a_change_every_byte_stays() {
        let body = "<</A#42 1.50/B[ 1  2%c\n]/C<4a 4B>>>";
        assert_eq!(spliced(body, |_, _| {}), body);
        let stream = "<</Length 3>>stream\r\nabc\nendstream";
        assert_eq!(spliced(stream, |_, _| {}), stream);
    }

    #[test]
    fn keys_are_set_and_added_and_what_touches_them_stays() {
        for (body, expected) in [
            ("<</K/V/L 1>>", "<</K 7/L 1>>"),
            ("<</K(v)/L 1>>", "<</K 7/L 1>>"),
            ("<</K[1]>>", "<</K 7>>"),
            ("<</K null>>", "<</K 7>>"),
            ("<</#4B 5 0 R>>", "<</#4B 7>>"),
            ("<<>>", "<</K 7 >>"),
            ("<</L 1>>", "<</L 1/K 7 >>"),
            ("<</L 1 % comment\n>>", "<</L 1 % comment\n/K 7 >>"),
            ("<</L<</K 1>>>>", "<</L<</K 1>>/K 7 >>"),
        ] {
            assert_eq!(spliced(body, |splice, at| set(splice, at, b"K", b"7")), expected);
        }
    }

    #[test]
    fn changes_at_every_depth_are_made_at_once() {
        let result = spliced("<</A<</B[1[2]]>>/C 3>>", |splice, at| {
            let inner = at.value.as_dictionary().unwrap().get_spanned(b"A").unwrap();
            let array = inner.value.as_dictionary().unwrap().get_spanned(b"B").unwrap();
            let nested = &array.value.as_array().unwrap()[1];
            splice.push(array, b"9 0 R");
            splice.push(nested, b"8 0 R");
            set(splice, inner, b"D", b"4");
            set(splice, at, b"C", b"5");
            set(splice, at, b"E", b"6");
            set(splice, at, b"F", b"7");
        });
        assert_eq!(result, "<</A<</B[1[2 8 0 R] 9 0 R]/D 4 >>/C 5/E 6 /F 7 >>");
    }

    #[test]
    fn arrays_grow_whatever_stands_before_their_end() {
        for (body, expected) in [
            ("[]", "[ 5 0 R]"),
            ("[4 0 R]", "[4 0 R 5 0 R]"),
            ("[(a)% comment\n]", "[(a)% comment\n 5 0 R]"),
        ] {
            assert_eq!(spliced(body, |splice, at| splice.push(at, b"5 0 R")), expected);
        }
    }

    #[test]
    fn an_object_of_an_object_stream_is_spliced_like_any_other() {
        let result = spliced_in(Section::ObjectStreams(4), "<</K 1/L[2]>>", |splice, at| {
            set(splice, at, b"K", b"7");
        });
        assert_eq!(result.unwrap(), "<</K 7/L[2]>>");
        let bytes = documents::object_streams();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let catalog = file.latest().get(file.latest().catalog_id().unwrap()).unwrap().unwrap();
        assert!(matches!(catalog.container, Container::ObjectStream(_)));
        assert!(matches!(catalog.object.value, Object::Dictionary(_)));
    }

    #[test]
    fn changes_that_overlap_are_our_mistake_and_an_error() {
        let result = spliced_in(Section::Table, "<</A<</B 1>>>>", |splice, at| {
            let inner = at.value.as_dictionary().unwrap().get_spanned(b"A").unwrap();
            set(splice, inner, b"B", b"2");
            set(splice, at, b"A", b"3");
        });
        assert!(result.is_err());
    }
}
