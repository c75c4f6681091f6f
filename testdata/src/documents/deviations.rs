//! One deviation each, from those a strict reader may name and live with to those it must not sign.

use super::*;
use crate::pdf::Layout;

pub(super) fn list() -> Vec<Document> {
    use Deviation::*;
    use Expectation::{Repaired, Strict, Tolerated};
    vec![
        document!(no_line_end_after_eof, Strict),
        document!(carriage_returns_in_table, Strict),
        document!(generations_above_zero, Strict),
        document!(junk_before_header, Tolerated(JunkBeforeHeader)),
        document!(white_space_before_xref, Tolerated(WhiteSpaceBeforeXref)),
        document!(short_entries, Tolerated(ShortEntries)),
        document!(odd_line_ends, Tolerated(OddLineEnds)),
        document!(size_too_small, Tolerated(WrongSize)),
        document!(size_too_large, Tolerated(WrongSize)),
        document!(unused_generation, Tolerated(UnusedGeneration)),
        document!(line_ends_after_eof, Tolerated(LineEndsAfterEof)),
        document!(offsets_from_header, Repaired),
        document!(junk_after_eof, Tolerated(JunkAfterEof)),
        document!(startxref_one_too_high, Repaired),
        document!(startxref_two_too_low, Repaired),
        document!(entry_points_elsewhere, Repaired),
        document!(generation_mismatch, Repaired),
    ]
}

/// The last byte of the file is the `F` of `%%EOF`.
pub fn no_line_end_after_eof() -> Vec<u8> {
    let mut bytes = classic_table();
    bytes.truncate(bytes.trim_ascii_end().len());
    bytes
}

/// Table, trailer and `startxref` with carriage returns alone as ends of line, which is allowed.
pub fn carriage_returns_in_table() -> Vec<u8> {
    let mut bytes = classic_table();
    let table = position(&bytes, b"\nxref\n") + 1;
    bytes[table..].iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b'\r');
    bytes
}

/// Pages and contents with generations 3 and 65534, and references to match.
pub fn generations_above_zero() -> Vec<u8> {
    let mut pdf = plain(2);
    let [first, second] = [page_number(0), page_number(1)];
    pdf.set(PAGES, format!("<< /Type /Pages /Count 2 /Kids [{first} 3 R {second} 0 R] >>"));
    let content = second + 1;
    let page = page_body("", 1).replace(&format!("{content} 0 R"), &format!("{content} 65534 R"));
    pdf.set(second, page);
    pdf.set_generation(first, 3);
    pdf.set_generation(content, 65534);
    pdf.write(&Layout::default())
}

/// A line of text before `%PDF-`, all offsets counted from the first byte of the file.
pub fn junk_before_header() -> Vec<u8> {
    plain(3).write(&Layout { before_header: JUNK, ..Layout::default() })
}

/// A line of text before `%PDF-`, all offsets counted from `%PDF-`.
pub fn offsets_from_header() -> Vec<u8> {
    let layout = Layout { before_header: JUNK, offsets_from_header: true, ..Layout::default() };
    plain(3).write(&layout)
}

/// White space between where `startxref` points and the keyword `xref`.
pub fn white_space_before_xref() -> Vec<u8> {
    plain(3).write(&Layout { before_section: b" \r\n", ..Layout::default() })
}

/// Table entries of 19 bytes, each ended by a line feed alone.
pub fn short_entries() -> Vec<u8> {
    plain(3).write(&Layout { entry_end: b"\n", ..Layout::default() })
}

/// Table entries of 20 bytes, each ended by two carriage returns.
pub fn odd_line_ends() -> Vec<u8> {
    plain(3).write(&Layout { entry_end: b"\r\r", ..Layout::default() })
}

/// `/Size` two less than it should be, so that the last two objects lie beyond it.
pub fn size_too_small() -> Vec<u8> {
    plain(3).write(&Layout { size_change: -2, ..Layout::default() })
}

/// `/Size` a hundred more than it should be.
pub fn size_too_large() -> Vec<u8> {
    plain(3).write(&Layout { size_change: 100, ..Layout::default() })
}

/// An object that says generation 1 where the table says 0, and to which nothing refers.
pub fn unused_generation() -> Vec<u8> {
    let mut pdf = plain(3);
    let spare = pdf.add("(nobody refers to this)");
    replaced(pdf.write(&Layout::default()), &format!("{spare} 0 obj"), &format!("{spare} 1 obj"))
}

/// A page that says generation 1 where the table and its parent say 0.
pub fn generation_mismatch() -> Vec<u8> {
    let page = page_number(1);
    replaced(classic_table(), &format!("{page} 0 obj"), &format!("{page} 1 obj"))
}

/// Empty lines after `%%EOF`.
pub fn line_ends_after_eof() -> Vec<u8> {
    plain(3).write(&Layout { after_eof: b"\r\n\n\r\n", ..Layout::default() })
}

/// A line of text after `%%EOF`.
pub fn junk_after_eof() -> Vec<u8> {
    plain(3).write(&Layout { after_eof: b"<!-- sent by a mail gateway -->\n", ..Layout::default() })
}

/// `startxref` points one byte past the `x` of `xref`.
pub fn startxref_one_too_high() -> Vec<u8> {
    plain(3).write(&Layout { startxref_change: 1, ..Layout::default() })
}

/// `startxref` points two bytes too low, at the `j` that ends the last `endobj`; one byte too low would
/// be [`white_space_before_xref`].
pub fn startxref_two_too_low() -> Vec<u8> {
    plain(3).write(&Layout { startxref_change: -2, ..Layout::default() })
}

/// The table's entry for the second page points into the middle of another object.
pub fn entry_points_elsewhere() -> Vec<u8> {
    let bytes = classic_table();
    let page = position(&bytes, format!("\n{} 0 obj", page_number(1)).as_bytes()) + 1;
    replaced(bytes, &format!("{page:010} 00000 n"), &format!("{:010} 00000 n", page + 7))
}

const JUNK: &[u8] = b"Subject: agreement for signature\r\n";

/// The same bytes with the only occurrence of `from` overwritten by `to`, which is as long.
pub(super) fn replaced(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "offsets must stay");
    let at = position(&bytes, from.as_bytes());
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    bytes
}

/// Where `wanted` first occurs.
pub(super) fn position(bytes: &[u8], wanted: &[u8]) -> usize {
    let found = bytes.windows(wanted.len()).position(|window| window == wanted);
    found.unwrap_or_else(|| panic!("no {:?} in the document", String::from_utf8_lossy(wanted)))
}
