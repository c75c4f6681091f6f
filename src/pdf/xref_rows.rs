//! The rows of a cross-reference stream (ISO 32000-2 §7.5.8.3).

use super::error::Error;
use super::object::ObjectId;
use super::source::length;
use super::xref::Entry;

/// The decoded rows of a cross-reference stream (§7.5.8.3).
#[derive(Debug)]
pub(super) struct StreamRows {
    /// `(first, count)` of each subsection, sorted by `first`.
    pub(super) runs: Vec<(u64, u64)>,
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

    pub(super) fn lookup(&self, number: u32) -> Result<Option<Entry>, Error> {
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
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, Entry)> {
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
}
