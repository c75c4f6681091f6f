//! A small PDF writer: objects first, their layout in the file last.
//!
//! One set of objects can be written with a classic table, a cross-reference stream, object streams or
//! both at once, and with every deviation a [`Layout`] names. Bodies are what stands between `obj` and
//! `endobj`, so that a test can write anything, sound or not.
//!
//! ```
//! use sealwright_testdata::pdf::{Layout, Pdf};
//!
//! let mut pdf = Pdf::new();
//! let catalog = pdf.add("<< /Type /Catalog /Pages 2 0 R >>");
//! pdf.add("<< /Type /Pages /Kids [] /Count 0 >>");
//! pdf.trailer(format!("/Root {catalog} 0 R"));
//! assert!(pdf.write(&Layout::default()).starts_with(b"%PDF-1.7"));
//! ```

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};

/// Objects and trailer entries, not yet laid out.
#[derive(Clone, Default)]
pub struct Pdf {
    objects: BTreeMap<u32, Object>,
    trailer: String,
}

#[derive(Clone)]
struct Object {
    generation: u16,
    is_stream: bool,
    body: Vec<u8>,
}

/// How the objects are laid out. The default is a classic table without any deviation.
#[derive(Clone)]
pub struct Layout {
    /// Kind of the cross-reference section.
    pub section: Section,
    /// What stands before `%PDF-`.
    pub before_header: &'static [u8],
    /// Count offsets from `%PDF-` instead of the first byte.
    pub offsets_from_header: bool,
    /// What stands between the last object and the section; `startxref` points at its beginning.
    pub before_section: &'static [u8],
    /// The two bytes that end a line of the table; one byte makes 19-byte entries.
    pub entry_end: &'static [u8],
    /// Added to the true `/Size`.
    pub size_change: i64,
    /// Added to the true `startxref`.
    pub startxref_change: i64,
    /// What stands after `%%EOF` and its line feed.
    pub after_eof: &'static [u8],
}

/// The kinds of cross-reference section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Section {
    /// `xref` and `trailer`.
    Table,
    /// A cross-reference stream that lists every object by offset.
    Stream,
    /// A cross-reference stream, and object streams of so many objects for all that may be in one.
    ObjectStreams(usize),
    /// A table with `/XRefStm`: these objects are free in the table and in an object stream for those
    /// who follow `/XRefStm` (ISO 32000-1, 7.5.8.4).
    Hybrid(Vec<u32>),
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            section: Section::Table,
            before_header: b"",
            offsets_from_header: false,
            before_section: b"",
            entry_end: b" \n",
            size_change: 0,
            startxref_change: 0,
            after_eof: b"",
        }
    }
}

impl Layout {
    /// The default with another kind of section.
    pub fn with(section: Section) -> Self {
        Self { section, ..Self::default() }
    }
}

impl Pdf {
    /// No objects, no trailer entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number the next added object gets.
    pub fn next_number(&self) -> u32 {
        self.objects.last_key_value().map_or(1, |(number, _)| number + 1)
    }

    /// Adds an object that is not a stream and says its number.
    pub fn add(&mut self, body: impl Into<Vec<u8>>) -> u32 {
        let number = self.next_number();
        self.set(number, body);
        number
    }

    /// Adds a stream; `entries` are those of its dictionary except `/Length`.
    pub fn add_stream(&mut self, entries: &str, data: &[u8]) -> u32 {
        let number = self.next_number();
        self.set_stream(number, entries, data);
        number
    }

    /// Puts or replaces the object with this number.
    pub fn set(&mut self, number: u32, body: impl Into<Vec<u8>>) {
        let object = Object { generation: 0, is_stream: false, body: body.into() };
        self.objects.insert(number, object);
    }

    /// Puts or replaces the stream with this number.
    pub fn set_stream(&mut self, number: u32, entries: &str, data: &[u8]) {
        let body = stream_body(entries, data);
        self.objects.insert(number, Object { generation: 0, is_stream: true, body });
    }

    /// Adds an entry to the dictionary with this number.
    pub fn append_entry(&mut self, number: u32, entry: &str) {
        let body = &mut self.objects.get_mut(&number).expect("the object exists").body;
        assert!(body.ends_with(b" >>"), "object {number} is no dictionary");
        body.truncate(body.len() - 2);
        body.extend_from_slice(entry.as_bytes());
        body.extend_from_slice(b" >>");
    }

    /// Gives the object another generation than 0.
    pub fn set_generation(&mut self, number: u32, generation: u16) {
        self.objects.get_mut(&number).expect("the object exists").generation = generation;
    }

    /// Adds entries to the trailer; `/Size` and whatever the layout needs are written anyway.
    pub fn trailer(&mut self, entries: impl AsRef<str>) {
        self.trailer += " ";
        self.trailer += entries.as_ref();
    }

    /// Lays the objects out in the order of their numbers.
    pub fn write(&self, layout: &Layout) -> Vec<u8> {
        let mut writer = Writer::new(layout);
        self.lay_out(&mut writer, self.next_number());
        writer.bytes
    }

    /// Lays the objects out behind a stream of so many zero bytes, and leaves those bytes to the
    /// caller: they go between the two parts.
    pub fn write_behind_zeros(&self, layout: &Layout, zeros: u64) -> (Vec<u8>, Vec<u8>) {
        let mut writer = Writer::new(layout);
        let number = self.next_number();
        writer.entries.insert(number, Entry::At { offset: writer.offset(), generation: 0 });
        let head = format!("{number} 0 obj\n<< /Length {zeros} >>\nstream\n");
        writer.bytes.extend_from_slice(head.as_bytes());
        let split = writer.bytes.len();
        writer.skipped = zeros;
        writer.bytes.extend_from_slice(b"\nendstream\nendobj\n");
        self.lay_out(&mut writer, number + 1);
        let tail = writer.bytes.split_off(split);
        (writer.bytes, tail)
    }

    /// Objects, then the section; `next` is the first number nobody uses.
    fn lay_out(&self, writer: &mut Writer<'_>, mut next: u32) {
        match &writer.layout.section {
            Section::Table => {
                writer.objects(self.objects.iter());
                writer.table(&self.trailer);
            }
            Section::Stream => {
                writer.objects(self.objects.iter());
                writer.stream(next, &self.trailer);
            }
            Section::ObjectStreams(count) => {
                let packable = |object: &Object| !object.is_stream && object.generation == 0;
                writer.objects(self.objects.iter().filter(|(_, object)| !packable(object)));
                let packed: Vec<_> = self.objects.iter().filter(|(_, o)| packable(o)).collect();
                for group in packed.chunks(*count) {
                    writer.object_stream(next, group);
                    next += 1;
                }
                writer.stream(next, &self.trailer);
            }
            Section::Hybrid(hidden) => {
                let is_hidden = |number: &u32| hidden.contains(number);
                writer.objects(self.objects.iter().filter(|(number, _)| !is_hidden(number)));
                let packed: Vec<_> = self.objects.iter().filter(|(n, _)| is_hidden(n)).collect();
                writer.hybrid(next, &packed, &self.trailer);
            }
        }
    }
}

/// The body of a stream object, for those who put one together by hand.
pub fn stream_body(entries: &str, data: &[u8]) -> Vec<u8> {
    let mut body = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
    body.extend_from_slice(data);
    body.extend_from_slice(b"\nendstream");
    body
}

/// What `/FlateDecode` undoes.
pub fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

/// Where a cross-reference section says an object is.
#[derive(Clone, Copy)]
pub(crate) enum Entry {
    Free { generation: u16 },
    At { offset: u64, generation: u16 },
    Packed { stream: u32, index: usize },
}

pub(crate) type Entries = BTreeMap<u32, Entry>;

/// Bytes written so far and where each object went.
struct Writer<'a> {
    layout: &'a Layout,
    bytes: Vec<u8>,
    /// Bytes that the caller puts in front of the last ones himself.
    skipped: u64,
    entries: Entries,
}

impl<'a> Writer<'a> {
    fn new(layout: &'a Layout) -> Self {
        let mut bytes = layout.before_header.to_vec();
        bytes.extend_from_slice(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
        Self {
            layout,
            bytes,
            skipped: 0,
            entries: Entries::from([(0, Entry::Free { generation: 65535 })]),
        }
    }

    /// Where the next byte goes, counted as the layout counts.
    fn offset(&self) -> u64 {
        let origin =
            if self.layout.offsets_from_header { self.layout.before_header.len() } else { 0 };
        (self.bytes.len() - origin) as u64 + self.skipped
    }

    fn objects<'o>(&mut self, objects: impl Iterator<Item = (&'o u32, &'o Object)>) {
        for (&number, object) in objects {
            self.object(number, object.generation, &object.body);
        }
    }

    fn object(&mut self, number: u32, generation: u16, body: &[u8]) {
        self.entries.insert(number, Entry::At { offset: self.offset(), generation });
        write_object(&mut self.bytes, number, generation, body);
    }

    fn object_stream(&mut self, number: u32, objects: &[(&u32, &Object)]) {
        let (mut index, mut bodies) = (String::new(), Vec::new());
        for (position, (object_number, object)) in objects.iter().enumerate() {
            index += &format!("{object_number} {} ", bodies.len());
            bodies.extend_from_slice(&object.body);
            bodies.push(b'\n');
            let entry = Entry::Packed { stream: number, index: position };
            self.entries.insert(**object_number, entry);
        }
        let (count, first) = (objects.len(), index.len());
        let entries = format!("/Type /ObjStm /N {count} /First {first} /Filter /FlateDecode");
        let data = deflate(&[index.as_bytes(), &bodies].concat());
        self.object(number, 0, &stream_body(&entries, &data));
    }

    fn table(&mut self, trailer: &str) {
        let startxref = self.offset();
        self.bytes.extend_from_slice(self.layout.before_section);
        let size = self.size();
        for number in 0..size as u32 {
            self.entries.entry(number).or_insert(Entry::Free { generation: 0 });
        }
        let size = size + self.layout.size_change;
        write_table(&mut self.bytes, &self.entries, self.layout.entry_end);
        write!(self.bytes, "trailer\n<< /Size {size}{trailer} >>\n").expect("writing to memory");
        self.end(startxref);
    }

    fn stream(&mut self, number: u32, trailer: &str) {
        let startxref = self.offset();
        self.bytes.extend_from_slice(self.layout.before_section);
        let at = Entry::At { offset: self.offset(), generation: 0 };
        self.entries.insert(number, at);
        let size = self.size() + self.layout.size_change;
        let body = xref_stream_body(&self.entries, &format!("/Size {size}{trailer}"));
        write_object(&mut self.bytes, number, 0, &body);
        self.end(startxref);
    }

    fn hybrid(&mut self, number: u32, hidden: &[(&u32, &Object)], trailer: &str) {
        let in_table = self.entries.clone();
        self.entries.clear();
        self.object_stream(number, hidden);
        let xref_stm = self.offset();
        self.entries.insert(number + 1, Entry::At { offset: xref_stm, generation: 0 });
        let size = self.size();
        let body = xref_stream_body(&self.entries, &format!("/Size {size}{trailer}"));
        write_object(&mut self.bytes, number + 1, 0, &body);

        self.entries = in_table;
        self.entries.insert(number + 1, Entry::Free { generation: 0 });
        self.table(&format!("{trailer} /XRefStm {xref_stm}"));
    }

    fn size(&self) -> i64 {
        self.entries.last_key_value().map_or(0, |(&number, _)| i64::from(number) + 1)
    }

    fn end(&mut self, startxref: u64) {
        let startxref = startxref as i64 + self.layout.startxref_change;
        write!(self.bytes, "startxref\n{startxref}\n%%EOF\n").expect("writing to memory");
        self.bytes.extend_from_slice(self.layout.after_eof);
    }
}

pub(crate) fn write_object(out: &mut Vec<u8>, number: u32, generation: u16, body: &[u8]) {
    writeln!(out, "{number} {generation} obj").expect("writing to memory");
    out.extend_from_slice(body);
    out.extend_from_slice(b"\nendobj\n");
}

/// `xref` and its subsections. Free entries are not linked: each names object 0 as the next.
pub(crate) fn write_table(out: &mut Vec<u8>, entries: &Entries, entry_end: &[u8]) {
    out.extend_from_slice(b"xref\n");
    for (first, run) in subsections(entries) {
        writeln!(out, "{first} {}", run.len()).expect("writing to memory");
        for entry in run {
            match entry {
                Entry::Free { generation } => write!(out, "{:010} {generation:05} f", 0),
                Entry::At { offset, generation } => write!(out, "{offset:010} {generation:05} n"),
                Entry::Packed { .. } => unreachable!("a table cannot say that"),
            }
            .expect("writing to memory");
            out.extend_from_slice(entry_end);
        }
    }
}

/// A cross-reference stream with `/Index`, a PNG predictor and eight bytes for each offset.
pub(crate) fn xref_stream_body(entries: &Entries, trailer: &str) -> Vec<u8> {
    const ROW: usize = 1 + 8 + 2;
    let (mut index, mut rows, mut previous) = (String::new(), Vec::new(), [0u8; ROW]);
    for (first, run) in subsections(entries) {
        index += &format!("{first} {} ", run.len());
        for entry in run {
            let (kind, second, third) = match entry {
                Entry::Free { generation } => (0u8, 0u64, generation),
                Entry::At { offset, generation } => (1, offset, generation),
                Entry::Packed { stream, index } => (2, stream.into(), index as u16),
            };
            let mut row = [0u8; ROW];
            row[0] = kind;
            row[1..9].copy_from_slice(&second.to_be_bytes());
            row[9..].copy_from_slice(&third.to_be_bytes());
            rows.push(2);
            rows.extend(row.iter().zip(previous).map(|(byte, above)| byte.wrapping_sub(above)));
            previous = row;
        }
    }
    let entries = format!(
        "/Type /XRef /W [1 8 2] /Index [{}] {trailer} /Filter /FlateDecode \
         /DecodeParms << /Predictor 12 /Columns {ROW} >>",
        index.trim_end()
    );
    stream_body(&entries, &deflate(&rows))
}

/// Runs of consecutive numbers, each with its first number.
fn subsections(entries: &Entries) -> Vec<(u32, Vec<Entry>)> {
    let mut runs: Vec<(u32, Vec<Entry>)> = Vec::new();
    for (&number, &entry) in entries {
        match runs.last_mut() {
            Some((first, run)) if *first + run.len() as u32 == number => run.push(entry),
            _ => runs.push((number, vec![entry])),
        }
    }
    runs
}
