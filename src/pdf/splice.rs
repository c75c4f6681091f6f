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
}

impl<'o> Splice<'o> {
    /// Starts from an object as it stands in the file, or in its object stream.
    pub(crate) fn of(revision: Revision<'o>, object: &'o IndirectObject) -> Result<Self, Error> {
        let bytes = object.bytes(revision.file())?;
        Ok(Self { id: object.id, bytes, start: object.object.span.start, changes: Vec::new() })
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
