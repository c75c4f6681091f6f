//! Files made to exhaust, loop or deceive a reader, and files that are broken.
//!
//! What each would be without its flaw is [`classic_table`], [`xref_stream`] or [`packed_page_tree`].

use super::*;
use crate::appended::{append_table_update, last_startxref};
use crate::pdf::{Layout, Section, deflate, stream_body, write_object};

pub(super) fn list() -> Vec<Document> {
    use Expectation::{Refused, Repaired};
    vec![
        document!(empty_file, Refused),
        document!(not_a_pdf, Refused),
        document!(header_only, Refused),
        document!(truncated_in_the_middle, Repaired),
        document!(truncated_in_the_table, Repaired),
        document!(truncated_before_eof_marker, Repaired),
        document!(nested_brackets_in_catalog, Refused),
        document!(nested_dictionaries_in_trailer, Refused),
        document!(inflate_bomb, Refused),
        document!(packed_page_tree, Expectation::Strict),
        document!(object_stream_inside_itself, Refused),
        document!(object_streams_inside_each_other, Refused),
        document!(object_stream_whose_length_is_inside, Refused),
        document!(prev_points_to_itself, Refused),
        document!(prev_loop, Refused),
        document!(prev_beyond_the_end, Refused),
        document!(endless_subsection, Refused),
        document!(endless_index, Refused),
        document!(reference_to_itself, Refused),
        document!(duplicate_key_in_catalog, Repaired),
        document!(duplicate_key_in_trailer, Repaired),
        document!(number_twice_in_one_section, Repaired),
        document!(number_twice_in_one_stream_section, Repaired),
        document!(hybrid_that_contradicts_itself, Repaired),
    ]
}

/// No bytes at all.
pub fn empty_file() -> Vec<u8> {
    Vec::new()
}

/// A picture.
pub fn not_a_pdf() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".repeat(40)
}

/// The first line of a PDF and nothing else.
pub fn header_only() -> Vec<u8> {
    HEADER.to_vec()
}

const HEADER: &[u8] = b"%PDF-1.7\n";

/// The first half of [`classic_table`].
pub fn truncated_in_the_middle() -> Vec<u8> {
    let mut bytes = classic_table();
    bytes.truncate(bytes.len() / 2);
    bytes
}

/// [`classic_table`] up to the third entry of its table.
pub fn truncated_in_the_table() -> Vec<u8> {
    let mut bytes = classic_table();
    bytes.truncate(last_startxref(&bytes) as usize + 70);
    bytes
}

/// [`classic_table`] without `%%EOF` and without the number after `startxref`.
pub fn truncated_before_eof_marker() -> Vec<u8> {
    let mut bytes = classic_table();
    bytes.truncate(position(&bytes, b"startxref") + "startxref\n".len());
    bytes
}

/// 400 KB of nested arrays in the catalog.
pub fn nested_brackets_in_catalog() -> Vec<u8> {
    let mut pdf = plain(1);
    let [open, close] = ["[", "]"].map(|bracket| bracket.repeat(200_000));
    pdf.append_entry(CATALOG, &format!("/Deep {open}{close}"));
    pdf.write(&Layout::default())
}

/// 400 KB of nested dictionaries in the trailer, never closed.
pub fn nested_dictionaries_in_trailer() -> Vec<u8> {
    let mut pdf = plain(1);
    pdf.trailer("<</A".repeat(100_000));
    pdf.write(&Layout::default())
}

/// Thirty object streams of 10 MB each in a file of 300 KB; every page is in one.
pub fn inflate_bomb() -> Vec<u8> {
    inflating_pages(30, 10_000_000)
}

/// So many pages, each alone in an object stream of so many bytes, most of them spaces.
pub fn inflating_pages(pages: u32, bytes: usize) -> Vec<u8> {
    let mut pdf = plain(pages);
    for page in 0..pages {
        let spaces = " ".repeat(bytes);
        pdf.set(page_number(page), page_body("", page) + &spaces);
    }
    pdf.write(&Layout::with(Section::ObjectStreams(1)))
}

/// The honest twin of the four below: catalog and page tree in an object stream.
pub fn packed_page_tree() -> Vec<u8> {
    PackedPages::new().write()
}

/// The object stream with the page tree is said to be inside itself.
pub fn object_stream_inside_itself() -> Vec<u8> {
    let mut packed = PackedPages::new();
    packed.section.push((packed.stream, Row::Packed(packed.stream, 0)));
    packed.write()
}

/// Two object streams, each said to be inside the other.
pub fn object_streams_inside_each_other() -> Vec<u8> {
    let mut packed = PackedPages::new();
    let other = packed.stream + 1;
    packed.section.push((packed.stream, Row::Packed(other, 0)));
    packed.section.push((other, Row::Packed(packed.stream, 0)));
    packed.write()
}

/// The `/Length` of the object stream with the page tree is an object inside that stream.
pub fn object_stream_whose_length_is_inside() -> Vec<u8> {
    let mut packed = PackedPages::new();
    packed.length = Some("3 0 R");
    packed.write()
}

/// The only section names itself as the one before it.
pub fn prev_points_to_itself() -> Vec<u8> {
    let startxref = last_startxref(&classic_table());
    let mut pdf = plain(3);
    pdf.trailer(format!("/Prev {startxref}"));
    pdf.write(&Layout::default())
}

/// Two sections, each of which names the other as the one before it.
pub fn prev_loop() -> Vec<u8> {
    let mut pdf = plain(3);
    pdf.trailer("/Prev 0000000000");
    let base = pdf.write(&Layout::default());
    let update = append_table_update(&base, &[(INFO, 0, b"<< /Title (Changed) >>")], "");
    let last = last_startxref(&update);
    replaced(update, "/Prev 0000000000", &format!("/Prev {last:010}"))
}

/// The section before is said to begin behind the end of the file.
pub fn prev_beyond_the_end() -> Vec<u8> {
    let mut pdf = plain(3);
    pdf.trailer("/Prev 99999999999");
    pdf.write(&Layout::default())
}

/// A table that announces two thousand million entries.
pub fn endless_subsection() -> Vec<u8> {
    let bytes = classic_table();
    let table = position(&bytes, b"\nxref\n0 ") + 1;
    let rest = bytes[table..].iter().position(|&byte| byte == b'0').expect("a subsection") + table;
    let line_end = bytes[rest..].iter().position(|&byte| byte == b'\n').expect("a line") + rest;
    [&bytes[..rest], b"0 2000000000", &bytes[line_end..]].concat()
}

/// A cross-reference stream whose `/Index` announces two thousand million entries.
pub fn endless_index() -> Vec<u8> {
    let bytes = xref_stream();
    let index = position(&bytes, b"/Index [0 ") + "/Index [0 ".len();
    let end = bytes[index..].iter().position(|&byte| byte == b']').expect("an array") + index;
    [&bytes[..index], b"2000000000", &bytes[end..]].concat()
}

/// The page tree is a reference to itself.
pub fn reference_to_itself() -> Vec<u8> {
    let mut pdf = plain(1);
    pdf.set(PAGES, format!("{PAGES} 0 R"));
    pdf.write(&Layout::default())
}

/// A catalog with two page trees.
pub fn duplicate_key_in_catalog() -> Vec<u8> {
    let mut pdf = plain(2);
    let other = pdf.add(page_tree_root(&[page_number(1)]));
    pdf.append_entry(CATALOG, &format!("/Pages {other} 0 R"));
    pdf.write(&Layout::default())
}

/// A trailer with two catalogs.
pub fn duplicate_key_in_trailer() -> Vec<u8> {
    let mut pdf = plain(2);
    let other = pdf.add(page_tree_root(&[page_number(1)]));
    let catalog = pdf.add(format!("<< /Type /Catalog /Pages {other} 0 R >>"));
    pdf.trailer(format!("/Root {catalog} 0 R"));
    pdf.write(&Layout::default())
}

/// A table with two entries for the content of the first page, to different objects.
pub fn number_twice_in_one_section() -> Vec<u8> {
    let [first, second] = [page_number(0) + 1, page_number(1) + 1];
    let bytes = classic_table();
    let offset = position(&bytes, format!("\n{second} 0 obj").as_bytes()) + 1;
    let trailer = position(&bytes, b"trailer\n");
    let twice = format!("{first} 1\n{offset:010} 00000 n \n");
    [&bytes[..trailer], twice.as_bytes(), &bytes[trailer..]].concat()
}

/// A cross-reference stream with two rows for the page tree, to different objects.
pub fn number_twice_in_one_stream_section() -> Vec<u8> {
    let mut packed = PackedPages::new();
    packed.section.push((PAGES, Row::At(HEADER.len() as u64)));
    packed.write()
}

/// A hybrid whose table and stream both say where the content of the first page is, and differ.
pub fn hybrid_that_contradicts_itself() -> Vec<u8> {
    let [first, second] = [page_number(0) + 1, page_number(1) + 1];
    let mut bytes = classic_table();
    let trailer = position(&bytes, b" >>\nstartxref\n");
    bytes.truncate(trailer);
    let table = bytes.split_off(position(&bytes, b"\nxref\n") + 1);
    let offset = position(&bytes, format!("\n{second} 0 obj").as_bytes()) as u64 + 1;
    let xref_stm = bytes.len();
    let rows = row(&Row::At(offset));
    let body = stream_body(&format!("/Type /XRef /Size 99 /W [1 8 2] /Index [{first} 1]"), &rows);
    write_object(&mut bytes, 98, 0, &body);
    let startxref = bytes.len();
    bytes.extend_from_slice(&table);
    let end = format!(" /XRefStm {xref_stm} >>\nstartxref\n{startxref}\n%%EOF\n");
    bytes.extend_from_slice(end.as_bytes());
    bytes
}

/// So many filled signature fields, all of whose values carry `cms` and have their gap near the
/// beginning of the file and their second range up to its end: whoever hashes each signature's own
/// tail hashes `signatures × filler` bytes.
pub fn early_gaps(signatures: u32, filler: usize, cms: &[u8]) -> Vec<u8> {
    const RANGE: &str = "[0 0000000000 0000000000 0000000000]";
    let contents: String = cms.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut pdf = Pdf::new();
    let value = |index: u32| 1 + index;
    let field = |index: u32| 1 + signatures + index;
    for index in 0..signatures {
        pdf.set(
            value(index),
            format!(
                "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached \
                 /ByteRange {RANGE} /Contents <{contents}> >>"
            ),
        );
    }
    let catalog = 1 + 2 * signatures;
    let [pages, page] = [catalog + 1, catalog + 2];
    let mut fields = String::new();
    for index in 0..signatures {
        fields += &format!("{} 0 R ", field(index));
        pdf.set(
            field(index),
            format!(
                "<< /Type /Annot /Subtype /Widget /FT /Sig /T (s{index}) /V {} 0 R /F 132 \
                 /Rect [0 0 0 0] /P {page} 0 R >>",
                value(index)
            ),
        );
    }
    pdf.set(
        catalog,
        format!(
            "<< /Type /Catalog /Pages {pages} 0 R \
             /AcroForm << /SigFlags 3 /Fields [{fields}] >> >>"
        ),
    );
    pdf.set(pages, page_tree_root(&[page]));
    pdf.set(
        page,
        format!("<< /Type /Page /Parent {pages} 0 R /MediaBox [0 0 595 842] /Annots [{fields}] >>"),
    );
    pdf.add_stream("", &vec![b' '; filler]);
    pdf.trailer(format!("/Root {catalog} 0 R"));
    let mut bytes = pdf.write(&Layout::default());

    let mut from = 0;
    for _ in 0..signatures {
        let range = from + position(&bytes[from..], RANGE.as_bytes());
        let gap = range + position(&bytes[range..], b"/Contents <") + "/Contents ".len();
        let end = gap + contents.len() + 2;
        let text = format!("[0 {gap:010} {end:010} {:010}]", bytes.len() - end);
        bytes[range..range + text.len()].copy_from_slice(text.as_bytes());
        from = end;
    }
    bytes
}

/// One page whose catalog and page tree are in an object stream, and a cross-reference stream whose
/// rows a test can choose. Later rows for a number are added, they do not replace.
struct PackedPages {
    stream: u32,
    length: Option<&'static str>,
    section: Vec<(u32, Row)>,
}

/// At an offset, or in a stream at an index.
enum Row {
    At(u64),
    Packed(u32, u16),
}

impl PackedPages {
    /// Objects 1 to 3 are packed in this order.
    fn new() -> Self {
        let stream = 9;
        let section =
            (0..3).map(|index| (1 + u32::from(index), Row::Packed(stream, index))).collect();
        Self { stream, length: None, section }
    }

    fn write(mut self) -> Vec<u8> {
        let objects = [
            (CATALOG, format!("<< /Type /Catalog /Pages {PAGES} 0 R >> ")),
            (PAGES, page_tree_root(&[page_number(0)])),
            (3, " 100".to_owned()),
        ];
        let mut bytes = HEADER.to_vec();
        let (mut index, mut bodies) = (String::new(), String::new());
        for (number, body) in &objects {
            index += &format!("{number} {} ", bodies.len());
            bodies += body;
        }
        let data = deflate((index.clone() + &bodies).as_bytes());
        let entries = format!("/Type /ObjStm /N 3 /First {} /Filter /FlateDecode", index.len());
        let mut stream = stream_body(&entries, &data);
        if let Some(length) = self.length {
            let (said, wanted) = (format!("/Length {} ", data.len()), format!("/Length {length} "));
            let at = position(&stream, said.as_bytes());
            stream.splice(at..at + said.len(), wanted.bytes());
        }
        let page = format!("<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 595 842] >>");
        for (number, body) in [(self.stream, stream), (page_number(0), page.into_bytes())] {
            // A number the section already speaks about keeps what is said there.
            if !self.section.iter().any(|(known, _)| *known == number) {
                self.section.push((number, Row::At(bytes.len() as u64)));
            }
            write_object(&mut bytes, number, 0, &body);
        }

        let startxref = bytes.len();
        let own = self.section.iter().map(|(number, _)| number + 1).max().unwrap_or_default();
        self.section.push((own, Row::At(startxref as u64)));
        // ISO 32000-2, table 17: `/Index` ascends.
        self.section.sort_by_key(|(number, _)| *number);
        let index: String = self.section.iter().map(|(number, _)| format!("{number} 1 ")).collect();
        let rows: Vec<u8> = self.section.iter().flat_map(|(_, entry)| row(entry)).collect();
        let entries = format!(
            "/Type /XRef /Size {} /Root {CATALOG} 0 R /W [1 8 2] /Index [{index}]",
            own + 1
        );
        write_object(&mut bytes, own, 0, &stream_body(&entries, &rows));
        bytes.extend_from_slice(format!("startxref\n{startxref}\n%%EOF\n").as_bytes());
        bytes
    }
}

/// A row of a cross-reference stream with `/W [1 8 2]`.
fn row(row: &Row) -> Vec<u8> {
    let (kind, second, third) = match row {
        Row::At(offset) => (1, *offset, 0),
        Row::Packed(stream, index) => (2, u64::from(*stream), *index),
    };
    [&[kind][..], &second.to_be_bytes(), &third.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_early_gap_is_its_own_contents() {
        let bytes = early_gaps(3, 5_000, &[0x30, 0x03, 0x02, 0x01, 0x00]);
        let text = String::from_utf8_lossy(&bytes);
        let ranges: Vec<Vec<usize>> = text
            .split("/ByteRange [")
            .skip(1)
            .map(|rest| rest.split(']').next().unwrap())
            .map(|range| range.split(' ').map(|number| number.parse().unwrap()).collect())
            .collect();
        assert_eq!(ranges.len(), 3);
        for range in ranges {
            assert_eq!(&bytes[range[1]..range[2]], b"<3003020100>");
            assert_eq!(range[2] + range[3], bytes.len());
            assert!(range[3] > 5_000);
        }
    }
}
