//! Who in the signed document already refers to an object that a later revision makes.
//!
//! A reference to an object that does not exist is no error: it means `null` (ISO 32000-2 §7.3.10).
//! Whoever prepares a document may leave such references in a page, have it signed, and append the
//! missing object. A later object is therefore new only if nothing before refers to its number.
//! The answer comes from one scan over the older bytes for `N G R`, and over the older object
//! streams, for all wanted objects at once.

use std::collections::{HashMap, HashSet};

use crate::pdf::{Dictionary, Entry, Error, File, Object, ObjectId, Section, Source, Span};

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

/// The objects that are asked about, each with the offset before which references count.
pub(super) type Wanted = HashMap<ObjectId, u64>;

/// Who refers to the wanted objects.
#[derive(Default)]
pub(super) struct References {
    /// Each holder with the offset of its first reference.
    holders: HashMap<ObjectId, Vec<(Holder, u64)>>,
    /// The object in the file that was found last: where it is, who it is, and the data of a stream.
    last: Option<(Span, ObjectId, Option<Span>)>,
}

impl References {
    /// Scans the older bytes.
    pub(super) fn to(file: &File<'_>, wanted: &Wanted) -> Result<Self, Error> {
        let mut found = Self::default();
        found.holders.extend(wanted.keys().map(|id| (*id, Vec::new())));
        let Some(limit) = wanted.values().max().copied() else { return Ok(found) };
        scan_source(file.source(), limit, &mut |id, at| {
            if wanted.get(&id).is_some_and(|limit| at < *limit) {
                found.confirm(file, id, at)?;
            }
            Ok(())
        })?;
        found.scan_object_streams(file, wanted, limit)?;
        Ok(found)
    }

    /// Who refers to an object in the bytes before an offset; empty if nobody does.
    pub(super) fn holders(&self, id: ObjectId, before: u64) -> impl Iterator<Item = Holder> {
        let found = self.holders.get(&id).map_or(&[][..], Vec::as_slice);
        found.iter().filter(move |(_, at)| *at < before).map(|(holder, _)| *holder)
    }

    /// Whether it was asked who refers to an object.
    pub(super) fn know(&self, id: ObjectId) -> bool {
        self.holders.contains_key(&id)
    }

    /// Whether more of an object's holders from here on would say nothing new.
    fn is_known(&self, id: ObjectId, at: u64) -> bool {
        let holders = self.holders.get(&id).map_or(&[][..], Vec::as_slice);
        holders.iter().any(|(holder, first)| *holder == Holder::Elsewhere && *first <= at)
    }

    fn note(&mut self, id: ObjectId, holder: Holder, at: u64) {
        let holders = self.holders.entry(id).or_default();
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
    fn confirm(&mut self, file: &File<'_>, id: ObjectId, at: u64) -> Result<(), Error> {
        // The trailer names the catalog, which is there, and what no page shows.
        let in_trailer = |section: &Section| {
            let span = section.span();
            span.start <= at && at < span.end
        };
        if self.is_known(id, at) || file.sections().iter().any(in_trailer) {
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
            Some((_, holder, _)) => self.note(id, Holder::Object(*holder), at),
            None => self.note(id, Holder::Elsewhere, at),
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
                scan(&data, &mut |id, at| {
                    if wanted.get(&id).is_some_and(|limit| offset < *limit) {
                        self.note(id, inside.at(at), offset);
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

type Visit<'v> = dyn FnMut(ObjectId, u64) -> Result<(), Error> + 'v;

fn scan_source(source: &dyn Source, limit: u64, visit: &mut Visit<'_>) -> Result<(), Error> {
    let limit = limit.min(source.len());
    if let Some(all) = source.as_slice() {
        let end = usize::try_from(limit).unwrap_or(all.len());
        return scan(all.get(..end).unwrap_or(all), visit);
    }
    let mut start = 0;
    let mut buffer = Vec::new();
    let mut done = 0;
    while start < limit {
        let span = Span::new(start, (start + CHUNK).min(limit));
        buffer.resize(usize::try_from(span.len()).unwrap_or(0), 0);
        source
            .read_at(start, &mut buffer)
            .map_err(|error| Error::Source { offset: start, kind: error.kind() })?;
        scan(&buffer, &mut |id, at| {
            if start + at >= done { visit(id, start + at) } else { Ok(()) }
        })?;
        if span.end >= limit {
            break;
        }
        done = span.end - OVERLAP / 2;
        start = span.end - OVERLAP;
    }
    Ok(())
}

/// Calls `visit` with every `N G R` in `bytes`, and where its `R` stands.
fn scan(bytes: &[u8], visit: &mut Visit<'_>) -> Result<(), Error> {
    for at in memchr::memchr_iter(b'R', bytes) {
        let before = at.checked_sub(1).and_then(|index| bytes.get(index));
        if !before.is_some_and(|byte| is_space(*byte)) {
            continue;
        }
        if bytes.get(at + 1).is_some_and(|next| is_regular(*next)) {
            continue;
        }
        let window = bytes.get(at.saturating_sub(LONGEST)..at).unwrap_or(&[]);
        if let Some(id) = numbers_before(window) {
            visit(id, u64::try_from(at).unwrap_or(u64::MAX))?;
        }
    }
    Ok(())
}

fn numbers_before(window: &[u8]) -> Option<ObjectId> {
    let (generation, rest) = number_before(window)?;
    let (number, _) = number_before(rest)?;
    Some(ObjectId::new(u32::try_from(number).ok()?, u16::try_from(generation).ok()?))
}

/// The number that ends `bytes`, white space and comments behind it skipped, and what is before.
fn number_before(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let rest = without_space_behind(bytes);
    if rest.len() == bytes.len() {
        return None;
    }
    let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (before, digits) = rest.split_at_checked(rest.len().checked_sub(digits)?)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, before))
}

fn without_space_behind(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    loop {
        let end = rest.iter().rposition(|byte| !is_space(*byte)).map_or(0, |at| at + 1);
        let (kept, space) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        // A comment may stand between the tokens, up to the end of its line.
        if !space.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
            return kept;
        }
        let line =
            kept.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
        let comment = kept.get(line..).and_then(|line| memchr::memchr(b'%', line));
        match comment {
            Some(at) => rest = kept.get(..line + at).unwrap_or(&[]),
            None => return kept,
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

    fn found(bytes: &[u8]) -> Vec<(u32, u16)> {
        let mut ids = Vec::new();
        scan(bytes, &mut |id, _| {
            ids.push((id.number, id.generation));
            Ok(())
        })
        .unwrap();
        ids
    }

    #[test]
    fn references_are_found_however_they_are_spaced() {
        assert_eq!(found(b"[1 0 R 22 3 R]/A 0099\t0\r\nR>>"), [(1, 0), (22, 3), (99, 0)]);
        assert_eq!(found(b"7 %one\n%two\r0 % three 4\n R "), [(7, 0)]);
        assert_eq!(found(b"[5 0 R6 0 R]"), [(6, 0)]);
        assert_eq!(found(b"(a) R 1 R x 0 R 1 0R"), []);
    }

    #[test]
    fn a_reference_across_two_reads_is_found_once() {
        let mut bytes = vec![b'x'; 3 << 20];
        for at in [10, (1 << 20) - 3, (1 << 20) - 520, (2 << 20) - 700] {
            bytes[at..at + 7].copy_from_slice(b" 8 0 R ");
        }
        let mut places = Vec::new();
        scan_source(&Device(bytes), u64::MAX, &mut |_, at| {
            places.push(at);
            Ok(())
        })
        .unwrap();
        assert_eq!(places.len(), 4, "{places:?}");
    }
}
