//! Objects that stand in the bytes where no cross reference of any revision leads.

use std::collections::BTreeMap;

use super::found::Found;
use crate::pdf::{Entry, Error, File, ObjectId, Revision, Source};
use crate::report::{Code, Finding};

/// Bytes that are searched at a time.
const CHUNK: u64 = 1 << 20;

/// Bytes of `4294967295 65535 obj`.
const HEADER: usize = 20;

/// Looks for them in the file of a revision, and tells those twice that the revision has elsewhere.
pub(super) fn look(revision: &Revision<'_>, found: &mut Found) -> Result<(), Error> {
    let file = revision.file();
    let known = known(file)?;
    let mut dead = 0_u64;
    let end = revision.end().unwrap_or(file.len());
    for (at, id) in headers(file.source(), end)? {
        // Of a sound object nothing is searched: its data may look like anything.
        let before = known.range(..=at).next_back();
        if before.is_some_and(|(start, end)| *start <= at && at < *end) {
            continue;
        }
        match revision.get(id) {
            Ok(Some(_)) => found.add(Finding::new(Code::PrepDuplicateObject).with(at).about(id)),
            _ => dead += 1,
        }
    }
    if dead > 0 {
        found.add(Finding::new(Code::PrepDeadObjects).with(dead));
    }
    Ok(())
}

/// Where all revisions have objects and sections: from the first byte to behind the last.
fn known(file: &File<'_>) -> Result<BTreeMap<u64, u64>, Error> {
    let mut known: BTreeMap<u64, u64> = BTreeMap::new();
    for revision in file.revisions() {
        for section in revision.own_sections() {
            known.insert(section.span().start, section.span().end);
            for (number, entry) in section.entries(file.source())? {
                let Entry::InUse { offset, generation } = entry else { continue };
                let id = ObjectId::new(number, generation);
                let span = match revision.get(id) {
                    Ok(Some(object)) => object.container.in_file(),
                    _ => None,
                };
                // What cannot be read is there none the less.
                let end = span.map_or(offset + 1, |span| span.end);
                let start = span.map_or(offset, |span| span.start.min(offset));
                let behind = known.entry(start).or_insert(end);
                *behind = end.max(*behind);
            }
        }
    }
    Ok(known)
}

/// Every `number generation obj` of the bytes before `end`, and where it begins.
fn headers(source: &dyn Source, end: u64) -> Result<Vec<(u64, ObjectId)>, Error> {
    let finder = memchr::memmem::Finder::new(b" obj");
    let (mut found, mut from) = (Vec::new(), 0_u64);
    let mut buffer = Vec::new();
    while from < end {
        let length = usize::try_from((end - from).min(CHUNK)).unwrap_or(0);
        buffer.resize(length, 0);
        source
            .read_at(from, &mut buffer)
            .map_err(|error| Error::Source { offset: from, kind: error.kind() })?;
        for at in finder.find_iter(&buffer) {
            let Some((start, id)) = header(&buffer, at) else { continue };
            found.push((from + u64::try_from(start).unwrap_or(0), id));
        }
        let last = u64::try_from(length).unwrap_or(0);
        let kept = u64::try_from(HEADER + 4).unwrap_or(0);
        // A header across the border is found from the next chunk.
        from += if from + last >= end { last } else { last.saturating_sub(kept).max(1) };
    }
    found.sort_unstable_by_key(|(at, _)| *at);
    found.dedup_by_key(|(at, _)| *at);
    Ok(found)
}

/// The header whose ` obj` stands at `at`.
fn header(bytes: &[u8], at: usize) -> Option<(usize, ObjectId)> {
    let after = bytes.get(at + 4);
    if after.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        return None;
    }
    let before = bytes.get(..at)?;
    let generation = digits(before)?;
    let before_generation = before.len() - generation.len();
    let space = before.get(..before_generation)?.strip_suffix(b" ")?;
    let number = digits(space)?;
    let start = space.len() - number.len();
    let value = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse::<u32>().ok();
    let id = ObjectId::new(value(number)?, u16::try_from(value(generation)?).ok()?);
    (id.number > 0).then_some((start, id))
}

/// The digits at the end.
fn digits(bytes: &[u8]) -> Option<&[u8]> {
    let from = bytes.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at + 1);
    bytes.get(from..).filter(|digits| !digits.is_empty() && digits.len() <= 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_across_the_border_of_what_is_read_at_once() {
        let mut bytes = vec![b'.'; usize::try_from(CHUNK).unwrap() - 5];
        bytes.extend(b" 12345 0 obj<<>>endobj 7 1 obj 8 0 object x obj");
        let found = headers(&bytes, u64::try_from(bytes.len()).unwrap()).unwrap();
        let ids: Vec<ObjectId> = found.iter().map(|(_, id)| *id).collect();
        assert_eq!(ids, [ObjectId::new(12345, 0), ObjectId::new(7, 1)]);
        assert_eq!(found[0].0, CHUNK - 4);
    }
}
