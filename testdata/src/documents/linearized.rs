//! Linearized files ("fast web view", ISO 32000-1 Annex F).

use std::collections::BTreeMap;

use super::*;
use crate::appended::append_table_update;
use crate::pdf::{Entries, Entry, stream_body, write_object, write_table};

pub(super) fn list() -> Vec<Document> {
    use Deviation::StaleLinearization;
    use Expectation::{Strict, Tolerated};
    vec![
        document!(linearized, Strict),
        document!(linearized_then_revised, Tolerated(StaleLinearization)),
    ]
}

/// Three pages, the first in front, with both hint tables.
pub fn linearized() -> Vec<u8> {
    // Every number in the file has a fixed width: the first pass finds the places, the second writes
    // them down.
    let (_, places) = write(&Places::default());
    let (bytes, confirmed) = write(&places);
    assert_eq!(places, confirmed, "the second pass must not move anything");
    bytes
}

/// [`linearized()`], then a revision that changes the title: the linearization dictionary and the hints
/// speak of a file that is no more.
pub fn linearized_then_revised() -> Vec<u8> {
    append_table_update(&linearized(), &[(TITLE, 0, b"<< /Title (Agreement, signed copy) >>")], "")
}

/// Pages of the document; the first is in the first section of the file.
const COUNT: u32 = 3;

/// Numbers of the second section: pages and contents from the second page on, page tree, information.
const fn later_page(page: u32) -> u32 {
    1 + 2 * (page - 1)
}
const TREE: u32 = 1 + 2 * (COUNT - 1);
const TITLE: u32 = TREE + 1;

/// Numbers of the first section.
const PARAMETERS: u32 = TITLE + 1;
const ROOT: u32 = PARAMETERS + 1;
const HINTS: u32 = ROOT + 1;
const FRONT_PAGE: u32 = HINTS + 1;
const FRONT_CONTENT: u32 = FRONT_PAGE + 1;
const SHARED_FONT: u32 = FRONT_CONTENT + 1;
const SIZE: u32 = SHARED_FONT + 1;

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq)]
struct Places {
    /// Offset and length of each object.
    objects: BTreeMap<u32, (u64, u64)>,
    first_table: u64,
    end_of_first_page: u64,
    main_table: u64,
    length: u64,
}

impl Places {
    fn of(&self, number: u32) -> (u64, u64) {
        self.objects.get(&number).copied().unwrap_or_default()
    }

    /// A table of these objects.
    fn table(&self, numbers: std::ops::Range<u32>) -> Vec<u8> {
        let mut entries: Entries = numbers
            .map(|number| (number, Entry::At { offset: self.of(number).0, generation: 0 }))
            .collect();
        if let Some(first) = entries.get_mut(&0) {
            *first = Entry::Free { generation: 65535 };
        }
        let mut table = Vec::new();
        write_table(&mut table, &entries, b" \n");
        table
    }
}

/// Writes the file with these places in its tables and says where things really are.
fn write(places: &Places) -> (Vec<u8>, Places) {
    let mut file =
        File { bytes: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(), places: Places::default() };
    let (hints, hints_length) = places.of(HINTS);
    file.object(
        PARAMETERS,
        format!(
            "<< /Linearized 1 /L {:010} /H [{hints:010} {hints_length:010}] /O {FRONT_PAGE} \
             /E {:010} /N {COUNT} /T {:010} >>",
            places.length,
            places.end_of_first_page,
            places.main_table + "xref\n0 N".len() as u64,
        ),
    );
    file.places.first_table = file.bytes.len() as u64;
    file.bytes.extend(places.table(PARAMETERS..SIZE));
    file.text(format!(
        "trailer\n<< /Size {SIZE} /Root {ROOT} 0 R /Info {TITLE} 0 R {ID} /Prev {:010} >>\n\
         startxref\n0\n%%EOF\n",
        places.main_table
    ));

    file.object(ROOT, format!("<< /Type /Catalog /Pages {TREE} 0 R >>"));
    file.object(HINTS, hint_stream(places));
    file.object(FRONT_PAGE, page(FRONT_CONTENT));
    file.object(FRONT_CONTENT, stream_body("", content(0).as_bytes()));
    file.object(SHARED_FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
    file.places.end_of_first_page = file.bytes.len() as u64;

    for later in 1..COUNT {
        let number = later_page(later);
        file.object(number, page(number + 1));
        file.object(number + 1, stream_body("", content(later).as_bytes()));
    }
    let kids: Vec<u32> = std::iter::once(FRONT_PAGE).chain((1..COUNT).map(later_page)).collect();
    file.object(TREE, page_tree_root(&kids));
    file.object(TITLE, "<< /Title (Agreement) >>");

    file.places.main_table = file.bytes.len() as u64;
    file.bytes.extend(places.table(0..PARAMETERS));
    file.text(format!(
        "trailer\n<< /Size {PARAMETERS} {ID} >>\nstartxref\n{:010}\n%%EOF\n",
        places.first_table
    ));
    file.places.length = file.bytes.len() as u64;
    (file.bytes, file.places)
}

struct File {
    bytes: Vec<u8>,
    places: Places,
}

impl File {
    fn text(&mut self, text: String) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn object(&mut self, number: u32, body: impl AsRef<[u8]>) {
        let start = self.bytes.len() as u64;
        write_object(&mut self.bytes, number, 0, body.as_ref());
        self.places.objects.insert(number, (start, self.bytes.len() as u64 - start));
    }
}

fn page(content: u32) -> String {
    format!(
        "<< /Type /Page /Parent {TREE} 0 R /MediaBox [0 0 595 842] \
         /Resources << /Font << /F1 {SHARED_FONT} 0 R >> >> /Contents {content} 0 R >>"
    )
}

/// Page offset hint table (F.4.1) and shared object hint table (F.4.2).
fn hint_stream(places: &Places) -> Vec<u8> {
    let front: Vec<u64> = (FRONT_PAGE..=SHARED_FONT).map(|number| places.of(number).1).collect();
    let mut lengths = vec![front.iter().sum()];
    lengths.extend((1..COUNT).map(later_page).map(|n| places.of(n).1 + places.of(n + 1).1));
    let objects: Vec<u64> =
        (0..COUNT).map(|page| if page == 0 { front.len() as u64 } else { 2 }).collect();
    // Only the font is shared: it is the third object of the first page.
    let shared: Vec<u64> = (0..COUNT).map(|page| u64::from(page > 0)).collect();
    let identifiers = vec![2; COUNT as usize - 1];

    // Offsets in hint tables are those of a file without the hint stream.
    let first_page = places.of(FRONT_PAGE).0.saturating_sub(places.of(HINTS).1);

    let mut table = Bits::default();
    for (value, width) in [
        (least(&objects), 32),
        (first_page, 32),
        (BITS, 16),
        (least(&lengths), 32),
        (BITS, 16),
        (0, 32),               // least offset of a content stream
        (0, 16),               // bits of the differences
        (least(&lengths), 32), // contents as long as their pages, as other writers say
        (BITS, 16),
        (1, 16), // bits of the number of shared objects of a page
        (2, 16), // bits of an identifier
        (0, 16), // bits of a fraction's numerator
        (4, 16), // a fraction's denominator
    ] {
        table.push(value, width);
    }
    table.differences(&objects);
    table.differences(&lengths);
    table.column(&shared, 1);
    table.column(&identifiers, 2);
    table.differences(&lengths);
    let shared_table = table.bytes.len();

    for (value, width) in [
        (0, 32), // number and offset of the first object in the shared section: there is none
        (0, 32),
        (front.len() as u64, 32),
        (front.len() as u64, 32),
        (0, 16), // bits of the number of objects in a group
        (least(&front), 32),
        (BITS, 16),
    ] {
        table.push(value, width);
    }
    table.differences(&front);
    table.column(&vec![0; front.len()], 1);
    stream_body(&format!("/S {shared_table:010}"), &table.bytes)
}

/// Bits for the difference of a count or a length to the least one: more than needed, but the same in
/// the first pass, which knows no lengths.
const BITS: u64 = 16;

fn least(values: &[u64]) -> u64 {
    values.iter().copied().min().unwrap_or_default()
}

/// Numbers of any width, the highest bit first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u64,
}

impl Bits {
    fn push(&mut self, value: u64, width: u64) {
        for bit in (0..width).rev() {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.last_mut().expect("just pushed");
            *last |= ((value >> bit & 1) as u8) << (7 - self.used % 8);
            self.used += 1;
        }
    }

    /// One item of every entry, and on to the next whole byte.
    fn column(&mut self, values: &[u64], width: u64) {
        for value in values {
            self.push(*value, width);
        }
        self.used = self.bytes.len() as u64 * 8;
    }

    /// A column of differences to the least value.
    fn differences(&mut self, values: &[u64]) {
        let least = least(values);
        self.column(&values.iter().map(|value| value - least).collect::<Vec<_>>(), BITS);
    }
}
