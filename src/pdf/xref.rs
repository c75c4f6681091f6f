//! Cross-reference sections and their entries (ISO 32000-2 §7.5.4 and §7.5.8).
//!
//! A section of a file with hundreds of thousands of objects is not turned into a map: a classic
//! table has fixed-width entries and is looked up where it stands; a cross-reference stream stays a
//! run of rows.

use std::sync::Arc;

use super::error::Error;
use super::lexical::is_white_space;
use super::object::{Dictionary, ObjectId, Span};
use super::source::{Source, length, read};
use super::xref_rows::StreamRows;

/// What a cross-reference section says of one object number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Not in use.
    Free {
        /// The generation a future object of this number shall have.
        generation: u16,
    },
    /// Begins at an offset of the file.
    InUse {
        /// Offset of `N G obj`, from byte 0 of the file.
        offset: u64,
        /// Its generation.
        generation: u16,
    },
    /// Lives in an object stream (§7.5.7); its generation is 0.
    Compressed {
        /// Object number of the stream.
        stream: u32,
        /// Position in the stream, from 0.
        index: u32,
    },
}

/// How a section is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// A classic table and `trailer` (§7.5.4).
    Table,
    /// A cross-reference stream (§7.5.8).
    Stream,
    /// A classic table whose trailer names a stream in `/XRefStm` (§7.5.8.4).
    Hybrid,
    /// Put together by searching the file for objects: for inspection only.
    Rebuilt,
}

/// One cross-reference section with its trailer.
///
/// Cheap to clone: the rows of a stream are shared.
#[derive(Clone, Debug)]
pub struct Section {
    kind: SectionKind,
    span: Span,
    trailer: Dictionary,
    stream_id: Option<ObjectId>,
    table: Vec<TableRun>,
    rows: Option<Arc<StreamRows>>,
    listed: Vec<(u32, Entry)>,
}

impl Section {
    pub(super) fn from_table(span: Span, trailer: Dictionary, table: Vec<TableRun>) -> Self {
        let listed = Vec::new();
        Self { kind: SectionKind::Table, span, trailer, stream_id: None, table, rows: None, listed }
    }

    pub(super) fn from_stream(
        span: Span,
        id: ObjectId,
        trailer: Dictionary,
        rows: StreamRows,
    ) -> Self {
        Self {
            kind: SectionKind::Stream,
            span,
            trailer,
            stream_id: Some(id),
            table: Vec::new(),
            rows: Some(Arc::new(rows)),
            listed: Vec::new(),
        }
    }

    /// `entries` sorted by number, each number once.
    pub(super) fn rebuilt(span: Span, trailer: Dictionary, entries: Vec<(u32, Entry)>) -> Self {
        Self {
            kind: SectionKind::Rebuilt,
            span,
            trailer,
            stream_id: None,
            table: Vec::new(),
            rows: None,
            listed: entries,
        }
    }

    pub(super) fn add_hybrid_rows(&mut self, rows: Arc<StreamRows>) {
        self.kind = SectionKind::Hybrid;
        self.rows = Some(rows);
    }

    /// The rows of a cross-reference stream, for the hybrid section that names it.
    pub(super) fn into_rows(self) -> Option<Arc<StreamRows>> {
        self.rows
    }

    /// How it is written.
    #[must_use]
    pub fn kind(&self) -> SectionKind {
        self.kind
    }

    /// From `xref`, or the stream's `N G obj`, to the end of the trailer or `endobj`.
    ///
    /// Its start is the offset that `startxref` or `/Prev` names.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The trailer dictionary, or the stream's dictionary which serves as one.
    #[must_use]
    pub fn trailer(&self) -> &Dictionary {
        &self.trailer
    }

    /// The object that a cross-reference stream itself is.
    #[must_use]
    pub fn stream_id(&self) -> Option<ObjectId> {
        self.stream_id
    }

    /// One above the highest object number that it mentions.
    #[must_use]
    pub fn numbers_end(&self) -> u64 {
        let table = self.table.iter().map(|run| run.first + run.count);
        let rows = self.rows.iter().flat_map(|rows| rows.runs.iter().map(|run| run.0 + run.1));
        let listed = self.listed.last().map(|(number, _)| u64::from(*number) + 1);
        table.chain(rows).chain(listed).max().unwrap_or(0)
    }

    /// How often a subsection begins where the one before it ends: one subsection would have done.
    #[must_use]
    pub fn needless_subsections(&self) -> usize {
        let table: Vec<_> = self.table.iter().map(|run| (run.first, run.count)).collect();
        let rows = self.rows.iter().flat_map(|rows| rows.runs.iter().copied()).collect::<Vec<_>>();
        let follows = |pair: &&[(u64, u64)]| matches!(pair, [one, next] if one.0 + one.1 == next.0);
        [table, rows].iter().map(|runs| runs.windows(2).filter(follows).count()).sum()
    }

    /// Whether it may place objects in object streams: classic tables cannot.
    #[must_use]
    pub fn has_compressed(&self) -> bool {
        self.rows.is_some() || self.kind == SectionKind::Rebuilt
    }

    /// The number of entries, those of a hybrid section's stream counted too.
    #[must_use]
    pub fn entry_count(&self) -> u64 {
        let table: u64 = self.table.iter().map(|run| run.count).sum();
        let rows: u64 = self.rows.iter().flat_map(|rows| rows.runs.iter().map(|run| run.1)).sum();
        table + rows + length(self.listed.len())
    }

    /// What this section alone says of `number`; `None` if it does not mention it.
    ///
    /// In a hybrid section entries in use of the table come first, then the stream, then the
    /// table's free ones (§7.5.8.4).
    ///
    /// # Errors
    ///
    /// If the entry is not spelt as one.
    pub fn lookup(&self, source: &dyn Source, number: u32) -> Result<Option<Entry>, Error> {
        if self.kind == SectionKind::Rebuilt {
            let found = self.listed.binary_search_by_key(&number, |(number, _)| *number);
            return Ok(found.ok().and_then(|at| self.listed.get(at)).map(|(_, entry)| *entry));
        }
        let table = self.table_entry(source, number)?;
        match (&table, &self.rows) {
            (Some(Entry::InUse { .. }), _) | (_, None) => Ok(table),
            (_, Some(rows)) => Ok(rows.lookup(number)?.or(table)),
        }
    }

    /// All numbers that this section mentions, with what it says of them, each number once.
    ///
    /// # Errors
    ///
    /// If an entry is not spelt as one.
    pub fn entries(&self, source: &dyn Source) -> Result<Vec<(u32, Entry)>, Error> {
        let mut numbers: Vec<u32> = self.listed.iter().map(|(number, _)| *number).collect();
        let table = self.table.iter().map(|run| (run.first, run.count));
        let rows = self.rows.iter().flat_map(|rows| rows.runs.iter().copied());
        for (first, count) in table.chain(rows) {
            numbers.extend((first..first + count).filter_map(|number| u32::try_from(number).ok()));
        }
        numbers.sort_unstable();
        numbers.dedup();
        let mut entries = Vec::with_capacity(numbers.len());
        for number in numbers {
            if let Some(entry) = self.lookup(source, number)? {
                entries.push((number, entry));
            }
        }
        Ok(entries)
    }

    /// The first object in use that this section places inside `range`, with its offset.
    ///
    /// # Errors
    ///
    /// If an entry is not spelt as one.
    pub fn first_placed_in(
        &self,
        source: &dyn Source,
        range: Span,
    ) -> Result<Option<(u32, u64)>, Error> {
        if range.is_empty() {
            return Ok(None);
        }
        let inside = |number: u64, entry: Entry| match entry {
            Entry::InUse { offset, .. } if range.start <= offset && offset < range.end => {
                u32::try_from(number).ok().map(|number| (number, offset))
            }
            _ => None,
        };
        for run in &self.table {
            for index in 0..run.count {
                if let Some(found) = inside(run.first + index, run.entry(source, index)?) {
                    return Ok(Some(found));
                }
            }
        }
        let listed = self.listed.iter().map(|(number, entry)| (u64::from(*number), *entry));
        let rows = self.rows.iter().flat_map(|rows| rows.iter());
        Ok(listed.chain(rows).find_map(|(number, entry)| inside(number, entry)))
    }

    /// Goes through every entry of a classic table; opening looks at the first and last ones only.
    pub(super) fn check_entries(&self, source: &dyn Source) -> Result<(), Error> {
        self.table.iter().try_for_each(|run| run.check_entries(source))
    }

    /// In a hybrid section: a number that table and stream both have in use, but differently.
    pub(super) fn hybrid_conflict(&self, source: &dyn Source) -> Result<Option<u32>, Error> {
        let Some(rows) = self.rows.as_ref().filter(|_| self.kind == SectionKind::Hybrid) else {
            return Ok(None);
        };
        for (first, count) in &rows.runs {
            for number in (*first..first + count).filter_map(|number| u32::try_from(number).ok()) {
                let table = self.table_entry(source, number)?;
                let row = rows.lookup(number)?;
                let used = |entry: Option<Entry>| !matches!(entry, None | Some(Entry::Free { .. }));
                if used(table) && used(row) && table != row {
                    return Ok(Some(number));
                }
            }
        }
        Ok(None)
    }

    fn table_entry(&self, source: &dyn Source, number: u32) -> Result<Option<Entry>, Error> {
        let number = u64::from(number);
        let runs = self.table.partition_point(|run| run.first <= number);
        let Some(run) = runs.checked_sub(1).and_then(|index| self.table.get(index)) else {
            return Ok(None);
        };
        let index = number - run.first;
        if index >= run.count { Ok(None) } else { run.entry(source, index).map(Some) }
    }
}

/// A subsection of a classic table: `first count`, then entries of one width.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableRun {
    pub(super) first: u64,
    pub(super) count: u64,
    /// Offset of the first entry.
    pub(super) at: u64,
    /// Bytes per entry: 20 as the standard has it, 19 or 21 tolerated.
    pub(super) width: u64,
}

impl TableRun {
    fn entry(&self, source: &dyn Source, index: u64) -> Result<Entry, Error> {
        let at = self.at + index * self.width;
        parse_line(&read(source, at, self.width)?).ok_or(no_entry(at))
    }

    fn check_entries(&self, source: &dyn Source) -> Result<(), Error> {
        const AT_ONCE: u64 = 4_096;
        let mut index = 0;
        while index < self.count {
            let count = AT_ONCE.min(self.count - index);
            let at = self.at + index * self.width;
            let bytes = read(source, at, count * self.width)?;
            let lines = bytes.chunks(usize::try_from(self.width).unwrap_or(20));
            for (start, line) in
                (at..).step_by(usize::try_from(self.width).unwrap_or(20)).zip(lines)
            {
                parse_line(line).ok_or(no_entry(start))?;
            }
            index += count;
        }
        Ok(())
    }
}

fn no_entry(offset: u64) -> Error {
    let problem = "not an entry of ten digits, five digits and `n` or `f`";
    Error::CrossReference { offset, problem }
}

/// An entry with its end of line.
fn parse_line(line: &[u8]) -> Option<Entry> {
    let (entry, line_end) = line.split_at_checked(18)?;
    parse_table_entry(entry).filter(|_| line_end.iter().all(|byte| is_white_space(*byte)))
}

/// `0000000016 00000 n`, the 18 bytes before the end of line.
pub(super) fn parse_table_entry(bytes: &[u8]) -> Option<Entry> {
    let digits = |range: std::ops::Range<usize>| -> Option<u64> {
        let digits = bytes.get(range)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        std::str::from_utf8(digits).ok()?.parse().ok()
    };
    let offset = digits(0..10)?;
    // No reference can name a generation beyond 65535: such an object is as good as free.
    let generation = u16::try_from(digits(11..16)?).ok();
    let reachable = generation.is_some();
    let generation = generation.unwrap_or(u16::MAX);
    match (bytes.get(10)?, bytes.get(16)?, bytes.get(17)?) {
        (b' ', b' ', b'n') if reachable => Some(Entry::InUse { offset, generation }),
        (b' ', b' ', b'n') => Some(Entry::Free { generation }),
        (b' ', b' ', b'f') => Some(Entry::Free { generation }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_entries_have_one_spelling() {
        let entry = parse_table_entry(b"0000000016 00001 n").unwrap();
        assert_eq!(entry, Entry::InUse { offset: 16, generation: 1 });
        let beyond = parse_table_entry(b"0000000016 65536 n").unwrap();
        assert_eq!(beyond, Entry::Free { generation: 65_535 }, "no reference can name it");
        for bad in [
            &b"000000016 00001 n "[..],
            b"0000000016 00001 x",
            b"00000000+6 00001 n",
            b"0000000016\t00001 n",
            b"0000000016 00001\nn",
            b"0000000016 00001 ",
        ] {
            assert_eq!(parse_table_entry(bad), None);
        }
    }
}
