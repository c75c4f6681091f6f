//! Documents of real and unreal sizes, for benches and for limits.
//!
//! None of them is in [`super::all`].

use super::*;
use crate::pdf::{Layout, Section, deflate};
use crate::random::Random;

/// A contract-like document of so many pages: text, a small picture and a link on each, a shared
/// letterhead. 33 KB for 1 page, 160 KB for 10, 1.4 MB for 100, 14 MB for 1000.
pub fn contract_pages(pages: u32, section: Section) -> Vec<u8> {
    let mut random = Random::new(1);
    let mut pdf = plain(pages);
    let letterhead = pdf.add_stream(&image_entries(150, 125), &random.bytes(150 * 125));
    for page in 0..pages {
        let picture = pdf.add_stream(&image_entries(95, 105), &random.bytes(95 * 105));
        let link = pdf.add(format!(
            "<< /Type /Annot /Subtype /Link /Rect [72 20 300 40] /Border [0 0 0] /P {} 0 R \
             /A << /S /URI /URI (https://contract.invalid/clause/{page}) >> >>",
            page_number(page)
        ));
        let resources = pdf.add(format!(
            "<< /Font << /F1 {FONT} 0 R >> /XObject << /Im0 {letterhead} 0 R /Im1 {picture} 0 R >> >>"
        ));
        pdf.add(format!("<< /Type /StructElem /S /Sect /P {CATALOG} 0 R /K {page} >>"));
        let number = page_number(page);
        let text = dense_text(page, &mut random);
        pdf.set_stream(number + 1, "/Filter /FlateDecode", &deflate(text.as_bytes()));
        pdf.set(
            number,
            format!(
                "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 595 842] \
                 /Resources {resources} 0 R /Contents {} 0 R /Annots [{link} 0 R] >>",
                number + 1
            ),
        );
    }
    pdf.write(&Layout::with(section))
}

/// Scanned pages of 1 MB each, incompressible, until the file has at least so many bytes.
pub fn scans(bytes: usize) -> Vec<u8> {
    const SIDE: usize = 1_000;
    let mut random = Random::new(2);
    let pages = bytes.div_ceil(SIDE * SIDE) as u32;
    let mut pdf = plain(pages);
    for page in 0..pages {
        let scan = pdf.add_stream(&image_entries(SIDE, SIDE), &random.bytes(SIDE * SIDE));
        let number = page_number(page);
        pdf.set_stream(number + 1, "", b"q 595 0 0 842 0 0 cm /Scan Do Q");
        pdf.set(
            number,
            format!(
                "<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
                 /Resources << /XObject << /Scan {scan} 0 R >> >> >>",
                number + 1
            ),
        );
    }
    pdf.write(&Layout::default())
}

/// A file of more than 100,000,000 bytes: offsets of nine digits.
pub fn over_hundred_million_bytes() -> Vec<u8> {
    scans(100_000_001)
}

/// One page and so many small objects beside it, with a classic table.
pub fn many_objects(count: u32) -> Vec<u8> {
    let mut pdf = plain(1);
    let root = pdf.add("");
    for object in 0..count {
        pdf.add(format!("<< /Type /StructElem /S /Span /P {root} 0 R /K {object} >>"));
    }
    pdf.set(root, "<< /Type /StructTreeRoot >>");
    pdf.append_entry(CATALOG, &format!("/StructTreeRoot {root} 0 R"));
    pdf.write(&Layout::default())
}

/// A file as its beginning, so many zero bytes, and its end.
pub struct Sparse {
    /// From the first byte of the file.
    pub head: Vec<u8>,
    /// How many zero bytes follow.
    pub gap: u64,
    /// Up to the last byte of the file.
    pub tail: Vec<u8>,
}

impl Sparse {
    /// Length of the file in bytes.
    pub fn len(&self) -> u64 {
        self.head.len() as u64 + self.gap + self.tail.len() as u64
    }

    /// Never: there is always a head.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `out` with the bytes at `offset` and says how many there were before the end.
    pub fn read_at(&self, offset: u64, out: &mut [u8]) -> usize {
        let tail = self.head.len() as u64 + self.gap;
        let count = self.len().saturating_sub(offset).min(out.len() as u64) as usize;
        for (position, byte) in (offset..).zip(&mut out[..count]) {
            *byte = if position >= tail {
                self.tail[(position - tail) as usize]
            } else {
                self.head.get(position as usize).copied().unwrap_or(0)
            };
        }
        count
    }
}

/// Three pages whose objects lie beyond 4 GiB, after a stream of zeros, with a table or a
/// cross-reference stream.
pub fn past_4_gib(section: Section) -> Sparse {
    const GAP: u64 = (1 << 32) + 12_345;
    let (head, tail) = plain(3).write_behind_zeros(&Layout::with(section), GAP);
    Sparse { head, gap: GAP, tail }
}

/// The entries of a grey image of eight bits a pixel.
fn image_entries(width: usize, height: usize) -> String {
    format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} \
         /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
}

/// A page of text that compresses as prose does, to about 4 KB.
fn dense_text(page: u32, random: &mut Random) -> String {
    let mut text = format!(
        "q 60 0 0 50 475 780 cm /Im0 Do Q\nq 40 0 0 50 72 20 cm /Im1 Do Q\n\
        BT /F1 16 Tf 72 790 Td (Agreement, page {}) Tj /F1 8 Tf 0 -24 Td 9 TL\n",
        page + 1
    );
    for _ in 0..75 {
        let words: Vec<String> = (0..12).map(|_| word(random)).collect();
        text += &format!("({}) Tj T*\n", words.join(" "));
    }
    text + "ET"
}

/// Three to nine letters, vowels every other.
fn word(random: &mut Random) -> String {
    let length = 3 + random.below(7);
    (0..length)
        .map(|position| {
            let letters: &[u8] = if position % 2 == 0 { b"bcdfghklmnprstvw" } else { b"aeiou" };
            char::from(letters[random.below(letters.len())])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_real_contracts() {
        for (pages, kilobytes) in [(1, 25..45), (10, 130..190), (100, 1_200..1_600)] {
            for section in [Section::Table, Section::ObjectStreams(100)] {
                let size = contract_pages(pages, section.clone()).len() / 1_000;
                assert!(kilobytes.contains(&size), "{pages} pages, {section:?}: {size} KB");
            }
        }
    }

    #[test]
    fn a_sparse_file_reads_as_if_it_were_whole() {
        let file = Sparse { head: b"head".to_vec(), gap: 1 << 33, tail: b"tail".to_vec() };
        let mut out = [0xFF; 4];
        assert_eq!(file.read_at(2, &mut out), 4);
        assert_eq!(&out, b"ad\0\0");
        assert_eq!(file.read_at(file.len() - 5, &mut out), 4);
        assert_eq!(&out, b"\0tai");
        assert_eq!(file.read_at(file.len() - 1, &mut out), 1);
        assert_eq!(file.read_at(file.len() + 1, &mut out), 0);
    }

    #[test]
    fn objects_behind_the_gap_are_found_beyond_4_gib() {
        let file = past_4_gib(Section::Table);
        let startxref = crate::appended::last_startxref(&file.tail);
        let mut keyword = [0; 4];
        file.read_at(startxref, &mut keyword);
        assert_eq!((startxref > 1 << 32, &keyword), (true, b"xref"));
    }
}
