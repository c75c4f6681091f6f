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

/// The decoded rows of a cross-reference stream (§7.5.8.3).
#[derive(Debug)]
pub(super) struct StreamRows {
    /// `(first, count)` of each subsection, sorted by `first`.
    runs: Vec<(u64, u64)>,
    /// For each run, the row at which it begins.
    starts: Vec<u64>,
    widths: [usize; 3],
    data: Vec<u8>,
}

impl StreamRows {
    /// Rows of the given `/Index` runs and `/W` widths.
    ///
    /// # Errors
    ///
    /// A problem in words, if the data is shorter than the runs say, a width is above 8, or two
    /// runs overlap.
    pub(super) fn new(
        index: &[(u64, u64)],
        widths: [usize; 3],
        data: Vec<u8>,
    ) -> Result<Self, &'static str> {
        let row = widths.iter().sum::<usize>();
        if row == 0 || widths.iter().any(|width| *width > 8) {
            return Err("/W has a width that no number needs");
        }
        let mut start = 0_u64;
        let mut placed = Vec::with_capacity(index.len());
        for (first, count) in index {
            placed.push((*first, *count, start));
            start = start.checked_add(*count).ok_or("/Index counts beyond all numbers")?;
            if first.checked_add(*count).is_none_or(|end| end > 1 << 32) {
                return Err("/Index counts beyond the highest object number");
            }
        }
        if start.checked_mul(length(row)).is_none_or(|bytes| bytes > length(data.len())) {
            return Err("the cross-reference stream is shorter than /Index says");
        }
        placed.sort_unstable();
        if runs_overlap(placed.iter().map(|(first, count, _)| (*first, *count))) {
            return Err("/Index lists an object number twice");
        }
        let runs = placed.iter().map(|(first, count, _)| (*first, *count)).collect();
        let starts = placed.iter().map(|(_, _, start)| *start).collect();
        Ok(Self { runs, starts, widths, data })
    }

    fn lookup(&self, number: u32) -> Result<Option<Entry>, Error> {
        let number = u64::from(number);
        let after = self.runs.partition_point(|(first, _)| *first <= number);
        let Some(at) = after.checked_sub(1) else { return Ok(None) };
        let (Some((first, count)), Some(start)) = (self.runs.get(at), self.starts.get(at)) else {
            return Ok(None);
        };
        if number - first >= *count {
            return Ok(None);
        }
        let short = Error::structure(ObjectId::new(0, 0), "a cross-reference stream is cut");
        let row = self.row(start + (number - first)).ok_or(short)?;
        self.entry(row).map(Some)
    }

    /// All rows with their object numbers.
    fn iter(&self) -> impl Iterator<Item = (u64, Entry)> {
        let runs = self.runs.iter().zip(&self.starts);
        runs.flat_map(move |((first, count), start)| {
            (0..*count)
                .filter_map(move |at| Some((first + at, self.entry(self.row(start + at)?).ok()?)))
        })
    }

    fn row(&self, index: u64) -> Option<&[u8]> {
        let width: usize = self.widths.iter().sum();
        let at = usize::try_from(index).ok()?.checked_mul(width)?;
        self.data.get(at..at.checked_add(width)?)
    }

    fn entry(&self, mut row: &[u8]) -> Result<Entry, Error> {
        let problem = "a row of a cross-reference stream has a number that is too large";
        let wrong = || Error::structure(ObjectId::new(0, 0), problem);
        let mut fields = [0_u64; 3];
        for (field, width) in fields.iter_mut().zip(self.widths) {
            let (bytes, rest) = row.split_at_checked(width).ok_or_else(wrong)?;
            *field = bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
            row = rest;
        }
        let [kind, second, third] = fields;
        let kind = if self.widths.first() == Some(&0) { 1 } else { kind };
        let generation = || u16::try_from(third).map_err(|_| wrong());
        Ok(match kind {
            // What a free number's next generation would be is of no use to a reader.
            0 => Entry::Free { generation: generation().unwrap_or(u16::MAX) },
            1 => Entry::InUse { offset: second, generation: generation()? },
            2 => Entry::Compressed {
                stream: u32::try_from(second).map_err(|_| wrong())?,
                index: u32::try_from(third).map_err(|_| wrong())?,
            },
            // §7.5.8.3: any other type is a reference to the null object.
            _ => Entry::Free { generation: u16::MAX },
        })
    }
}

/// Whether runs sorted by their first number share a number.
pub(super) fn runs_overlap(runs: impl Iterator<Item = (u64, u64)>) -> bool {
    let mut free_from = 0;
    for (first, count) in runs.filter(|(_, count)| *count > 0) {
        if first < free_from {
            return true;
        }
        free_from = first + count;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_with_the_widths_of_w() {
        let data = vec![1, 0x01, 0x00, 2, 2, 0x00, 0x07, 5, 0, 0, 0, 9];
        let rows = StreamRows::new(&[(10, 2), (3, 1)], [1, 2, 1], data).unwrap();
        assert_eq!(rows.lookup(10).unwrap(), Some(Entry::InUse { offset: 256, generation: 2 }));
        assert_eq!(rows.lookup(11).unwrap(), Some(Entry::Compressed { stream: 7, index: 5 }));
        assert_eq!(rows.lookup(3).unwrap(), Some(Entry::Free { generation: 9 }));
        assert_eq!(rows.lookup(12).unwrap(), None);
        assert_eq!(rows.lookup(2).unwrap(), None);
    }

    #[test]
    fn a_row_has_one_meaning_or_none() {
        let rows = |widths, data: &[u8]| StreamRows::new(&[(0, 1)], widths, data.to_vec());
        let entry = |widths, data: &[u8]| rows(widths, data).unwrap().lookup(0);
        // No first field: type 1; no third: generation or index 0; an unknown type: null.
        let in_use = Some(Entry::InUse { offset: 7, generation: 0 });
        assert_eq!(entry([0, 1, 0], &[7]).unwrap(), in_use);
        assert_eq!(entry([1, 8, 0], &[1, 0, 0, 0, 0, 0, 0, 0, 7]).unwrap(), in_use);
        let packed = Some(Entry::Compressed { stream: 7, index: 0 });
        assert_eq!(entry([1, 1, 0], &[2, 7]).unwrap(), packed);
        assert_eq!(entry([1, 1, 0], &[3, 7]).unwrap(), Some(Entry::Free { generation: 65_535 }));
        // Too large for a generation, a stream's number, an index: not another object's entry.
        assert!(entry([1, 1, 3], &[1, 7, 1, 0, 0]).is_err());
        assert!(entry([1, 5, 1], &[2, 1, 0, 0, 0, 0, 0]).is_err());
        assert!(entry([1, 1, 5], &[2, 7, 1, 0, 0, 0, 0]).is_err());
        assert!(rows([0, 0, 0], &[]).is_err());
        assert!(rows([9, 0, 0], &[0; 9]).is_err());
    }

    #[test]
    fn a_number_listed_twice_or_missing_rows_are_refused() {
        assert!(StreamRows::new(&[(1, 2), (2, 1)], [1, 1, 1], vec![0; 9]).is_err());
        assert!(StreamRows::new(&[(1, 4)], [1, 1, 1], vec![0; 9]).is_err());
        assert!(StreamRows::new(&[(u64::MAX, 4)], [1, 1, 1], vec![0; 90]).is_err());
    }

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
