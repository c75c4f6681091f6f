//! Who in the signed document already refers to an object that a later revision makes.
//!
//! A reference to an object that does not exist is no error: it means `null` (ISO 32000-2 §7.3.10).
//! Whoever prepares a document may leave such references in a page, have it signed, and append the
//! missing object. A later object is therefore new only if nothing before refers to its number.
//! The answer comes from one scan over the older bytes for `N G R`, and over the older object
//! streams, for all wanted objects at once.

use std::collections::{HashMap, HashSet};

use crate::pdf::{Dictionary, Entry, Error, File, Object, ObjectId, Section, Source, Span};
use crate::verification::outside_streams::in_memory;

/// So many that refer to one object are told apart.
const MOST_HOLDERS: usize = 8;

/// Read at a time from a source that is not in memory, and how much of it is read twice.
const CHUNK: u64 = 1 << 20;
const OVERLAP: u64 = 1 << 10;

/// How far back from an `R` its two numbers are looked for.
const LONGEST: usize = 512;

/// Who holds a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// This object, in the file itself or in an object stream.
    Object(ObjectId),
    /// Something else, or one more than are told apart.
    Elsewhere,
}

/// The numbers of the objects that are asked about, each with the offset before which references count.
///
/// The generation does not matter: some readers take `5 3 R` for object 5, whatever its generation.
pub(super) type Wanted = HashMap<u32, u64>;

/// Who refers to the wanted objects.
#[derive(Default)]
pub(super) struct References {
    /// Each holder with the offset of its first reference.
    holders: HashMap<u32, Vec<(Holder, u64)>>,
    /// Where something stands that may refer to anything.
    unclear: Option<u64>,
    /// The object in the file that was found last: where it is, who it is, and the data of a stream.
    last: Option<(Span, ObjectId, Option<Span>)>,
}

impl References {
    /// Scans the older bytes in which objects can stand.
    pub(super) fn to(file: &File<'_>, readable: &[Span], wanted: &Wanted) -> Result<Self, Error> {
        let mut found = Self::default();
        found.holders.extend(wanted.keys().map(|id| (*id, Vec::new())));
        let Some(limit) = wanted.values().max().copied() else { return Ok(found) };
        for span in readable.iter().filter(|span| span.start < limit) {
            let span = Span::new(span.start, span.end.min(limit));
            scan_source(file.source(), span, &mut |number, at| match number {
                Some(number) if wanted.get(&number).is_some_and(|limit| at < *limit) => {
                    found.confirm(file, Some(number), at)
                }
                None if found.unclear.is_none() => found.confirm(file, None, at),
                _ => Ok(()),
            })?;
        }
        found.scan_object_streams(file, wanted, limit)?;
        Ok(found)
    }

    /// Who refers to an object in the bytes before an offset; empty if nobody does.
    pub(super) fn holders(&self, id: ObjectId, before: u64) -> impl Iterator<Item = Holder> {
        let found = self.holders.get(&id.number).map_or(&[][..], Vec::as_slice);
        let unclear = self.unclear.map(|at| (Holder::Elsewhere, at));
        let all = found.iter().copied().chain(unclear);
        all.filter(move |(_, at)| *at < before).map(|(holder, _)| holder)
    }

    /// Whether it was asked who refers to an object.
    pub(super) fn know(&self, id: ObjectId) -> bool {
        self.holders.contains_key(&id.number)
    }

    /// Whether more of an object's holders from here on would say nothing new.
    fn is_known(&self, number: u32, at: u64) -> bool {
        let holders = self.holders.get(&number).map_or(&[][..], Vec::as_slice);
        holders.iter().any(|(holder, first)| *holder == Holder::Elsewhere && *first <= at)
    }

    /// Takes down who refers to an object; to all of them, if there is no number.
    fn note(&mut self, number: Option<u32>, holder: Holder, at: u64) {
        let Some(number) = number else {
            self.unclear = Some(self.unclear.map_or(at, |first| first.min(at)));
            return;
        };
        let holders = self.holders.entry(number).or_default();
        let room = holders.len() < MOST_HOLDERS;
        for holder in [holder, Holder::Elsewhere] {
            match holders.iter_mut().find(|(known, _)| *known == holder) {
                Some((_, first)) => *first = at.min(*first),
                None if room || holder == Holder::Elsewhere => holders.push((holder, at)),
                None => continue,
            }
            return;
        }
    }

    /// Keeps a reference unless it stands in the data of a stream, where it means nothing.
    fn confirm(&mut self, file: &File<'_>, number: Option<u32>, at: u64) -> Result<(), Error> {
        // The trailer names the catalog, which is there, and what no page shows. That of a stream is
        // also the dictionary of an object, which anything may refer to.
        let in_trailer = |section: &Section| {
            let span = section.span();
            section.stream_id().is_none() && span.start <= at && at < span.end
        };
        let is_known = number.is_some_and(|number| self.is_known(number, at));
        if is_known || file.sections().iter().any(in_trailer) {
            return Ok(());
        }
        if !self.last.as_ref().is_some_and(|(span, ..)| (span.start..span.end).contains(&at)) {
            self.last = match file.object_around(at)? {
                Some((_, object)) => {
                    let data = match &object.object.value {
                        Object::Stream(stream) => Some(stream.data),
                        _ => None,
                    };
                    Some((object.object.span, object.id, data))
                }
                None => None,
            };
        }
        match &self.last {
            Some((_, _, Some(data))) if (data.start..data.end).contains(&at) => {}
            Some((_, holder, _)) => self.note(number, Holder::Object(*holder), at),
            None => self.note(number, Holder::Elsewhere, at),
        }
        Ok(())
    }

    fn scan_object_streams(
        &mut self,
        file: &File<'_>,
        wanted: &Wanted,
        limit: u64,
    ) -> Result<(), Error> {
        let mut seen = HashSet::new();
        for revision in file.revisions() {
            if revision.span().start >= limit {
                break;
            }
            let mut streams = HashSet::new();
            for section in revision.own_sections() {
                if section.has_compressed() {
                    for (_, entry) in section.entries(file.source())? {
                        if let Entry::Compressed { stream, .. } = entry {
                            streams.insert(stream);
                        }
                    }
                }
            }
            for stream in streams {
                let Some(Entry::InUse { offset, generation }) = revision.entry(stream)? else {
                    continue;
                };
                if offset >= limit || !seen.insert(offset) {
                    continue;
                }
                let id = ObjectId::new(stream, generation);
                let Some(object) = revision.get(id)? else { continue };
                let Object::Stream(parsed) = object.object.value else { continue };
                let data = revision.decoded(id, &parsed)?;
                let inside = Inside::of(&parsed.dictionary, &data);
                scan(&data, &mut |number, at| {
                    let limit = number.map_or(Some(&limit), |number| wanted.get(&number));
                    if limit.is_some_and(|limit| offset < *limit) {
                        self.note(number, inside.at(at), offset);
                    }
                    Ok(())
                })?;
            }
        }
        Ok(())
    }
}

/// The objects of an object stream: where each begins, and its number.
struct Inside(Vec<(u64, u32)>);

impl Inside {
    /// By the index before the objects (§7.5.7).
    fn of(dictionary: &Dictionary, data: &[u8]) -> Self {
        Self::read(dictionary, data).unwrap_or(Self(Vec::new()))
    }

    /// So many pairs as `/N` says: what stands between them and the first object is none.
    fn read(dictionary: &Dictionary, data: &[u8]) -> Option<Self> {
        let first = u64::try_from(dictionary.integer(b"First")?).ok()?;
        let count = u64::try_from(dictionary.integer(b"N")?).ok()?;
        let index = data.get(..usize::try_from(first).ok()?)?;
        let words = index.split(|byte| is_space(*byte)).filter(|word| !word.is_empty());
        let mut numbers = words.map(|word| std::str::from_utf8(word).ok()?.parse::<u64>().ok());
        let mut places = Vec::new();
        for _ in 0..count {
            let (number, offset) = (numbers.next()??, numbers.next()??);
            places.push((first.checked_add(offset)?, u32::try_from(number).ok()?));
        }
        Some(Self(places))
    }

    fn at(&self, offset: u64) -> Holder {
        let behind = self.0.partition_point(|(start, _)| *start <= offset);
        let found = behind.checked_sub(1).and_then(|index| self.0.get(index));
        found.map_or(Holder::Elsewhere, |(_, number)| Holder::Object(ObjectId::new(*number, 0)))
    }
}

/// Gets the number of each reference, none if it is not clear, and the offset of its `R`.
type Visit<'v> = dyn FnMut(Option<u32>, u64) -> Result<(), Error> + 'v;

fn scan_source(source: &dyn Source, part: Span, visit: &mut Visit<'_>) -> Result<(), Error> {
    if let Some(bytes) = in_memory(source, part) {
        return scan(bytes, &mut |id, at| visit(id, part.start + at));
    }
    let mut start = part.start;
    let mut buffer = Vec::new();
    let mut done = start;
    while start < part.end {
        let span = Span::new(start, (start + CHUNK).min(part.end));
        buffer.resize(usize::try_from(span.len()).unwrap_or(0), 0);
        source
            .read_at(start, &mut buffer)
            .map_err(|error| Error::Source { offset: start, kind: error.kind() })?;
        scan(&buffer, &mut |id, at| {
            if start + at >= done { visit(id, start + at) } else { Ok(()) }
        })?;
        if span.end >= part.end {
            break;
        }
        done = span.end - OVERLAP / 2;
        start = span.end - OVERLAP;
    }
    Ok(())
}

/// Calls `visit` with every `N G R` in `bytes`, and where its `R` stands. `N GR` is one for some readers.
fn scan(bytes: &[u8], visit: &mut Visit<'_>) -> Result<(), Error> {
    for at in memchr::memchr_iter(b'R', bytes) {
        let before = at.checked_sub(1).and_then(|index| bytes.get(index));
        if !before.is_some_and(|byte| is_space(*byte) || byte.is_ascii_digit()) {
            continue;
        }
        if bytes.get(at + 1).is_some_and(|next| is_regular(*next)) {
            continue;
        }
        let start = at.saturating_sub(LONGEST);
        let found = match numbers_before(bytes.get(start..at).unwrap_or(&[])) {
            Before::Number(number) => Some(number),
            // What stands further away may be anything.
            Before::Start if start > 0 => None,
            Before::Start | Before::Other => continue,
        };
        visit(found, u64::try_from(at).unwrap_or(u64::MAX))?;
    }
    Ok(())
}

/// What stands before an `R`.
enum Before {
    /// The two numbers of a reference; this is the object's.
    Number(u32),
    /// Nothing but what may stand between or in them, up to the start of what was looked at.
    Start,
    /// Something else.
    Other,
}

fn numbers_before(window: &[u8]) -> Before {
    let Some(behind) = without_space_behind(window) else { return Before::Start };
    let Some((_, rest)) = number_before(behind) else { return ended(behind) };
    let Some(numbers) = without_space_behind(rest) else { return Before::Start };
    match number_before(numbers) {
        _ if rest.len() == numbers.len() => ended(rest),
        Some((_, [])) => Before::Start,
        Some((number, _)) => u32::try_from(number).map_or(Before::Other, Before::Number),
        None => ended(numbers),
    }
}

/// What it means that no number, or nothing between two numbers, stands at the end of these bytes.
fn ended(rest: &[u8]) -> Before {
    if rest.is_empty() { Before::Start } else { Before::Other }
}

/// The number that ends `bytes`, and what is before.
fn number_before(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let digits = bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (before, digits) = bytes.split_at_checked(bytes.len().checked_sub(digits)?)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, before))
}

/// The bytes without white space and comments behind them; none if the line before the white space may
/// be the end of a comment that begins further away.
fn without_space_behind(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    loop {
        let end = rest.iter().rposition(|byte| !is_space(*byte)).map_or(0, |at| at + 1);
        let (kept, space) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        // A comment may stand between the tokens, up to the end of its line.
        if kept.is_empty() || !space.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return Some(kept);
        }
        let line = kept.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        let start = line.map_or(0, |at| at + 1);
        let comment = kept.get(start..).and_then(|line| memchr::memchr(b'%', line));
        match (comment, line) {
            (Some(at), _) => rest = kept.get(..start + at).unwrap_or(&[]),
            (None, Some(_)) => return Some(kept),
            // The whole of what was looked at is one line.
            (None, None) if bytes.len() < LONGEST => return Some(kept),
            (None, None) => return None,
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte)
        && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::device::Device;

    fn found(bytes: &[u8]) -> Vec<Option<u32>> {
        let mut numbers = Vec::new();
        scan(bytes, &mut |number, _| {
            numbers.push(number);
            Ok(())
        })
        .unwrap();
        numbers
    }

    #[test]
    fn references_are_found_however_they_are_spaced() {
        assert_eq!(found(b"[1 0 R 22 3 R]/A 0099\t0\r\nR>>"), [Some(1), Some(22), Some(99)]);
        assert_eq!(found(b"[7 %one\n%two\r0 % three 4\n R "), [Some(7)]);
        assert_eq!(found(b"[5 0 R6 0 R]"), [Some(6)]);
        assert_eq!(found(b"[1 0R 2 0%\nR"), [Some(1), Some(2)]);
        assert_eq!(found(b"(a) R 1 R x 0 R 10R"), []);
    }

    #[test]
    fn a_reference_too_long_to_be_looked_at_may_be_any() {
        let long = |between: &str| found(format!("/Key 5 0 {between} R").as_bytes());
        assert_eq!(long(&" ".repeat(600)), [None]);
        assert_eq!(long(&format!("%{}\n", "x".repeat(600))), [None]);
        assert_eq!(long(&format!("{}1", "0".repeat(600))), [None]);
        assert_eq!(long(&"x".repeat(600)), []);
    }

    #[test]
    fn a_reference_across_two_reads_is_found_once() {
        let mut bytes = vec![b'x'; 3 << 20];
        for at in [10, (1 << 20) - 3, (1 << 20) - 520, (2 << 20) - 700] {
            bytes[at..at + 7].copy_from_slice(b" 8 0 R ");
        }
        let mut places = Vec::new();
        let all = Span::new(0, bytes.len() as u64);
        scan_source(&Device(bytes), all, &mut |_, at| {
            places.push(at);
            Ok(())
        })
        .unwrap();
        assert_eq!(places.len(), 4, "{places:?}");
    }
}
