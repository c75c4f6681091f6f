//! The eight kinds of object (ISO 32000-2 §7.3), each value with the place where it was read.

use std::fmt;

/// The number and generation of an indirect object (ISO 32000-2 §7.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId {
    /// Object number, above 0 for every object in use.
    pub number: u32,
    /// Generation number; 0 in most files of today.
    pub generation: u16,
}

impl ObjectId {
    /// An id of the given number and generation.
    #[must_use]
    pub fn new(number: u32, generation: u16) -> Self {
        Self { number, generation }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.generation)
    }
}

/// A half-open range of bytes: `start` is the first one, `end` the one behind the last.
///
/// Offsets count from byte 0 of the file, or from byte 0 of the decoded object stream for an object
/// that lives in one ([`Container`](super::Container) tells which).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset behind the last byte.
    pub end: u64,
}

impl Span {
    /// The range from `start` to just before `end`.
    #[must_use]
    pub fn new(start: u64, end: u64) -> Self {
        Self { start, end }
    }

    /// Its length in bytes; 0 if it is turned around.
    #[must_use]
    pub fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether nothing lies in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether all of `other` lies in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A value and where it stands. Two are equal when their values are: where they stand, how numbers
/// are padded and in which order a dictionary lists its keys does not count.
#[derive(Clone, Debug)]
pub struct Spanned {
    /// The value.
    pub value: Object,
    /// From its first to its last token, delimiters included.
    pub span: Span,
}

impl PartialEq for Spanned {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// A value of one of the kinds of ISO 32000-2 §7.3.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// `null`, also what a reference to a free or missing object means.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number without a point.
    Integer(i64),
    /// A number with a point. Its tokens stay in the file: rewriting it is left to nobody.
    Real(f64),
    /// `/Name`, its `#xx` escapes resolved.
    Name(Vec<u8>),
    /// `(literal)` or `<hexadecimal>`.
    String(StringObject),
    /// `[ … ]`.
    Array(Vec<Spanned>),
    /// `<< … >>`.
    Dictionary(Dictionary),
    /// A dictionary followed by data.
    Stream(Stream),
    /// `12 0 R`.
    Reference(ObjectId),
}

impl Object {
    /// The integer, if it is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(value) = self { Some(*value) } else { None }
    }

    /// The number, integer or real.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            // Numbers beyond 2^53 have no meaning as a length or coordinate.
            #[expect(clippy::cast_precision_loss, reason = "coordinates need no more than 53 bits")]
            Self::Integer(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_boolean(&self) -> Option<bool> {
        if let Self::Boolean(value) = self { Some(*value) } else { None }
    }

    /// The name without its slash, if it is one.
    #[must_use]
    pub fn as_name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_string(&self) -> Option<&StringObject> {
        if let Self::String(string) = self { Some(string) } else { None }
    }

    /// The elements, if it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Spanned]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    /// The dictionary, also that of a stream.
    #[must_use]
    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The stream, if it is one.
    #[must_use]
    pub fn as_stream(&self) -> Option<&Stream> {
        if let Self::Stream(stream) = self { Some(stream) } else { None }
    }

    /// The id it points to, if it is a reference.
    #[must_use]
    pub fn as_reference(&self) -> Option<ObjectId> {
        if let Self::Reference(id) = self { Some(*id) } else { None }
    }

    /// What kind it is, for error messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Real(_) => "real",
            Self::Name(_) => "name",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Dictionary(_) => "dictionary",
            Self::Stream(_) => "stream",
            Self::Reference(_) => "reference",
        }
    }

    /// Calls `visit` with every reference inside, in the order in which they stand.
    pub fn for_each_reference(&self, visit: &mut impl FnMut(ObjectId)) {
        match self {
            Self::Reference(id) => visit(*id),
            Self::Array(items) => {
                items.iter().for_each(|item| item.value.for_each_reference(visit))
            }
            Self::Dictionary(dictionary) => dictionary.for_each_reference(visit),
            Self::Stream(stream) => stream.dictionary.for_each_reference(visit),
            _ => {}
        }
    }
}

/// A string's bytes and how it was spelt. Only the bytes count when two are compared.
#[derive(Clone)]
pub struct StringObject {
    /// The bytes after escapes are resolved, in plain if the document could be opened.
    pub bytes: Vec<u8>,
    /// Whether it stood in `<` and `>`; the gap of a signature must.
    pub hexadecimal: bool,
}

impl PartialEq for StringObject {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl fmt::Debug for StringObject {
    /// Shows the length only: strings of a form hold what people typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "string of {} bytes", self.bytes.len())
    }
}

/// One key of a dictionary with its value.
#[derive(Clone, Debug)]
pub struct DictionaryEntry {
    /// The key without its slash.
    pub key: Vec<u8>,
    /// Where the key's token stands, slash included.
    pub key_span: Span,
    /// The value.
    pub value: Spanned,
}

/// A dictionary (ISO 32000-2 §7.3.7), its entries in the order of the file.
///
/// A key whose value is `null` counts as absent, as the standard says.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    entries: Vec<DictionaryEntry>,
}

impl Dictionary {
    /// A dictionary of these entries; made by the parser, which has looked for duplicate keys.
    pub(crate) fn from_entries(entries: Vec<DictionaryEntry>) -> Self {
        Self { entries }
    }

    /// The second entry of a key that stands twice.
    pub(super) fn repeated_key(&self) -> Option<&DictionaryEntry> {
        if self.entries.len() <= 16 {
            let mut entries = self.entries.iter().enumerate();
            let earlier = |index: usize| self.entries.iter().take(index);
            return entries
                .find(|(index, entry)| earlier(*index).any(|other| other.key == entry.key))
                .map(|(_, entry)| entry);
        }
        let mut seen = std::collections::HashSet::with_capacity(self.entries.len());
        self.entries.iter().find(|entry| !seen.insert(entry.key.as_slice()))
    }

    /// Without the earlier entries of keys that stand twice: as most viewers read a damaged one, and
    /// as attributes are inherited.
    pub(super) fn with_the_last_of_each_key(mut self) -> Self {
        let mut seen = std::collections::HashSet::new();
        self.entries.reverse();
        self.entries.retain(|entry| seen.insert(entry.key.clone()));
        self.entries.reverse();
        self
    }

    /// The value of a key, given without slash; `None` if it is absent or `null`.
    #[must_use]
    pub fn get(&self, key: &[u8]) -> Option<&Object> {
        self.entry(key).map(|entry| &entry.value.value)
    }

    /// The value of a key with its span.
    #[must_use]
    pub fn get_spanned(&self, key: &[u8]) -> Option<&Spanned> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The whole entry of a key.
    #[must_use]
    pub fn entry(&self, key: &[u8]) -> Option<&DictionaryEntry> {
        self.entries.iter().find(|entry| entry.key == key && entry.value.value != Object::Null)
    }

    /// Whether the key is there with a value other than `null`.
    #[must_use]
    pub fn contains(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    /// All entries, in the order of the file, those with `null` among them.
    #[must_use]
    pub fn entries(&self) -> &[DictionaryEntry] {
        &self.entries
    }

    /// The keys that are there, each once, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.entries
            .iter()
            .filter(|entry| entry.value.value != Object::Null)
            .map(|entry| (entry.key.as_slice(), &entry.value.value))
    }

    /// The value of `key` as a name, `None` if it is absent or of another kind.
    #[must_use]
    pub fn name(&self, key: &[u8]) -> Option<&[u8]> {
        self.get(key).and_then(Object::as_name)
    }

    /// The value of `key` as an integer, `None` if it is absent or of another kind.
    #[must_use]
    pub fn integer(&self, key: &[u8]) -> Option<i64> {
        self.get(key).and_then(Object::as_integer)
    }

    /// The value of `key` as a reference, `None` if it is absent or of another kind.
    #[must_use]
    pub fn reference(&self, key: &[u8]) -> Option<ObjectId> {
        self.get(key).and_then(Object::as_reference)
    }

    /// Whether `/Type` is the given name.
    #[must_use]
    pub fn is_type(&self, name: &[u8]) -> bool {
        self.name(b"Type") == Some(name)
    }

    /// The values, for whoever puts others in the place of references.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Spanned> {
        self.entries.iter_mut().map(|entry| &mut entry.value)
    }

    /// The same with their keys.
    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = (&[u8], &mut Spanned)> {
        self.entries.iter_mut().map(|entry| (entry.key.as_slice(), &mut entry.value))
    }

    fn for_each_reference(&self, visit: &mut impl FnMut(ObjectId)) {
        for entry in &self.entries {
            entry.value.value.for_each_reference(visit);
        }
    }
}

impl PartialEq for Dictionary {
    fn eq(&self, other: &Self) -> bool {
        // Each key stands once: the parser saw to it.
        let (mut one, mut two) =
            (self.iter().collect::<Vec<_>>(), other.iter().collect::<Vec<_>>());
        one.sort_unstable_by_key(|(key, _)| *key);
        two.sort_unstable_by_key(|(key, _)| *key);
        one == two
    }
}

/// A stream: its dictionary and where its data lies (ISO 32000-2 §7.3.8).
///
/// Equality compares dictionaries only; the data is compared by whoever holds the file.
#[derive(Clone, Debug)]
pub struct Stream {
    /// The dictionary before the data.
    pub dictionary: Dictionary,
    /// The raw data in the file, still encoded, and encrypted if the document is.
    pub data: Span,
    /// The object that it is: its key depends on it in an encrypted document.
    pub(super) id: ObjectId,
}

impl PartialEq for Stream {
    fn eq(&self, other: &Self) -> bool {
        self.dictionary == other.dictionary && self.data.len() == other.data.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::syntax::{Parser, Strictness};
    use super::*;

    fn parse(text: &[u8]) -> Spanned {
        let Ok(value) = Parser::new(text, 0, true, Strictness::Strict).value() else {
            panic!("a value")
        };
        value
    }

    #[test]
    fn dictionaries_compare_by_meaning() {
        let one = parse(b"<</A 1/B null/C(x)>>");
        let two = parse(b"<< /C <78> /A 1 >>");
        assert_eq!(one, two);
        assert_ne!(one, parse(b"<</A 2/C(x)>>"));
    }

    #[test]
    fn a_dictionary_of_many_keys_is_compared_in_one_pass() {
        let write = |order: &mut dyn Iterator<Item = u32>| {
            let entries: String = order.map(|key| format!("/K{key} {key}")).collect();
            parse(format!("<<{entries}>>").as_bytes())
        };
        let (one, two) = (write(&mut (0..100_000)), write(&mut (0..100_000).rev()));
        let began = std::time::Instant::now();
        assert_eq!(one, two);
        assert_ne!(one, write(&mut (1..100_001)));
        assert!(began.elapsed() < std::time::Duration::from_secs(5));
    }
}
