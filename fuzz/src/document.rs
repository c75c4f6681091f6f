//! The reader of documents: whole files, and the parts that a mutation of a whole file seldom reaches
//! because an offset breaks first.

use sealwright::limits::Limits;
use sealwright::pdf::{
    Container, Entry, Error, File, IndirectObject, ObjectId, Parse, Source, text_string as text,
};
use sealwright_testdata::documents;
use sealwright_testdata::pdf::{Layout, deflate};

/// Opens whatever the bytes are and goes through all of it, twice: as a slice, and piece by piece.
/// Both must agree, spans must lie where they belong, and each revision alone must be the document
/// that the view of it shows.
pub fn whole_file(data: &[u8]) {
    let pieces = Pieces(data);
    let (file, other) = match (File::open(data, limits()), File::open(&pieces, limits())) {
        (Ok(file), Ok(other)) => (file, other),
        (file, other) => return assert_eq!(file.err(), other.err()),
    };
    assert_eq!((file.parse(), file.deviations()), (other.parse(), other.deviations()));
    let mut end = 0;
    for (revision, same) in file.revisions().zip(other.revisions()) {
        assert_eq!(revision.span(), same.span());
        let Some(own_end) = revision.end() else { continue };
        assert!(end < own_end && own_end <= file.len(), "ends ascend");
        end = own_end;
    }
    walk(&file);
    let newest = objects(&file);
    assert_eq!(shown(&newest), shown(&objects(&other)));
    for (id, found) in newest {
        if let Ok(Some(found)) = found {
            check_object(&file, id, &found);
        }
    }
    if file.parse() != Parse::Repaired {
        check_revisions(&file, data);
    }
}

/// One object of an otherwise sound document.
pub fn one_object(data: &[u8]) {
    let mut pdf = documents::plain(1);
    pdf.set(12, data);
    whole_file(&pdf.write(&Layout::default()));
}

/// The decoded data of an object stream that holds objects 1 to 4, catalog and pages among them.
pub fn packed_objects(data: &[u8]) {
    whole_file(&packed(data));
}

fn packed(data: &[u8]) -> Vec<u8> {
    let (first, data) = data.split_first().unwrap_or((&0, &[]));
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let packed = deflate(data);
    let holder = bytes.len();
    let head = format!(
        "5 0 obj<</Type/ObjStm/N 4/First {first}/Filter/FlateDecode/Length {}>>stream\n",
        packed.len()
    );
    bytes.extend([head.as_bytes(), &packed, b"\nendstream endobj\n"].concat());
    let section = bytes.len();
    let mut rows: Vec<u8> = (0..4).flat_map(|index| [2, 0, 0, 5, index]).collect();
    for offset in [holder, section] {
        rows.push(1);
        rows.extend(u32::try_from(offset).expect("small").to_be_bytes().iter().skip(1));
        rows.push(0);
    }
    let head = format!(
        "6 0 obj<</Type/XRef/Size 7/Index[1 6]/W[1 3 1]/Root 1 0 R/Length {}>>stream\n",
        rows.len()
    );
    let end = format!("\nendstream endobj\nstartxref\n{section}\n%%EOF\n");
    bytes.extend([head.as_bytes(), &rows, end.as_bytes()].concat());
    bytes
}

/// What stands between the objects of a document and its `startxref`, which names the first byte.
pub fn cross_references(data: &[u8]) {
    let mut bytes = OBJECTS.to_vec();
    let section = bytes.len();
    bytes.extend_from_slice(data);
    bytes.extend(format!("\nstartxref\n{section}\n%%EOF\n").bytes());
    whole_file(&bytes);
}

/// A stream: a zero byte ends its dictionary's entries, its data follows.
pub fn content_stream(data: &[u8]) {
    let at = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    let (entries, rest) = data.split_at(at);
    let rest = rest.get(1..).unwrap_or(&[]);
    let mut body = b"<<".to_vec();
    body.extend(
        [entries, format!("/Length {}>>stream\n", rest.len()).as_bytes(), rest, b"\nendstream"]
            .concat(),
    );
    let mut pdf = documents::plain(1);
    pdf.set(12, body);
    let bytes = pdf.write(&Layout::default());
    let Ok(file) = File::open(&bytes, limits()) else { return };
    let id = ObjectId::new(12, 0);
    let Ok(Some(found)) = file.latest().get(id) else { return };
    let Some(stream) = found.object.value.as_stream() else { return };
    let decoded = file.latest().decoded(id, stream);
    assert_eq!(decoded, file.latest().decoded(id, stream), "the same each time");
    assert!(decoded.map_or(0, |data| data.len() as u64) <= limits().inflated_bytes);
}

/// Reads a text string; what is read can be written and read again.
pub fn text_string(data: &[u8]) {
    let read = text::decode(data);
    assert_eq!(text::decode(&text::encode(&read)), read);
}

/// Sound documents of a few kilobytes, and the hostile ones.
pub fn whole_file_seeds() -> Vec<Vec<u8>> {
    let small = |bytes: &Vec<u8>| bytes.len() < 16_384;
    documents::all().into_iter().map(|document| document.bytes).filter(small).collect()
}

/// Objects of every kind.
pub fn one_object_seeds() -> Vec<Vec<u8>> {
    let objects: [&[u8]; 10] = [
        b"<</A[1 2.5 -3 +.4 true false null]/B(a\\(b\\101)/C<48 65 6>/D/E#46 % comment\n/G 5 0 R>>",
        b"<</Length 3>>stream\r\nabc\nendstream",
        b"<</Length 13 0 R>>stream\nabc\nendstream",
        b"[[[[<</A<</B[(nested (twice))]>>>>]]]]",
        b"null endobj 13 0 obj 3",
        b"(unterminated",
        b"<</A 1/A 2>>",
        b"5 0 R",
        b"<feff7ae0>",
        b"99999999999999999999",
    ];
    objects.iter().map(|object| object.to_vec()).collect()
}

/// The offset of the first object, then index and objects.
pub fn packed_objects_seeds() -> Vec<Vec<u8>> {
    let bodies = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>> ",
        "<</Type/Pages/Count 1/Kids[3 0 R]>> ",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>> ",
        "<</T(name)/FT/Sig>> ",
    ];
    let mut at = 0;
    let mut index = String::new();
    for (number, body) in (1..).zip(bodies) {
        index += &format!("{number} {at} ");
        at += body.len();
    }
    let first = u8::try_from(index.len()).expect("a short index");
    vec![[&[first][..], index.as_bytes(), bodies.concat().as_bytes()].concat()]
}

const OBJECTS: &[u8] = b"%PDF-1.7\n\
    1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n";

/// A table, a stream, and a table whose trailer leads to an older one.
pub fn cross_references_seeds() -> Vec<Vec<u8>> {
    let at = |number: u32| {
        let header = format!("{number} 0 obj");
        let found = OBJECTS.windows(header.len()).position(|window| window == header.as_bytes());
        found.expect("it is there")
    };
    let entries: String = (1..4).map(|number| format!("{:010} 00000 n \n", at(number))).collect();
    let table = format!("xref\n0 4\n0000000000 65535 f \n{entries}trailer<</Size 4/Root 1 0 R>>");
    let rows: Vec<u8> =
        (1..4).flat_map(|number| [1, 0, u8::try_from(at(number)).expect("small"), 0]).collect();
    let stream = [
        &b"4 0 obj<</Type/XRef/Size 4/Index[1 3]/W[1 2 1]/Root 1 0 R/Length 12>>stream\n"[..],
        &rows,
        b"\nendstream endobj",
    ]
    .concat();
    let older = OBJECTS.len();
    let newer =
        format!("{table}\nstartxref\n{older}\n%%EOF\nxref\n0 0\ntrailer<</Size 4/Prev {older}>>");
    vec![table.into_bytes(), stream, newer.into_bytes()]
}

/// Each filter with data that it decodes.
pub fn content_stream_seeds() -> Vec<Vec<u8>> {
    let rows = deflate(&[0, 1, 2, 3, 2, 1, 1, 1, 1, 5, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1]);
    let seed = |entries: &str, data: &[u8]| [entries.as_bytes(), b"\0", data].concat();
    vec![
        seed("", b"BT ET"),
        seed("/Filter/FlateDecode", &deflate(b"BT /F1 12 Tf (text) Tj ET")),
        seed("/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 3>>", &rows),
        seed("/Filter/FlateDecode/DecodeParms<</Predictor 2/Columns 3/Colors 2>>", &rows),
        seed("/Filter[/ASCIIHexDecode/RunLengthDecode]", b"0241424380>"),
        seed("/Filter/ASCII85Decode", b"87cURD]i,\"Ebo80~>"),
        seed(
            "/Filter/LZWDecode/DecodeParms[<</EarlyChange 1>>]",
            &[0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01],
        ),
    ]
}

/// Each encoding.
pub fn text_string_seeds() -> Vec<Vec<u8>> {
    let seeds: [&[u8]; 5] = [
        b"Agreed\x84\xA0",
        b"\xFE\xFF\x7A\xE0\xD8\x3D\xDC\xDD",
        b"\xFF\xFEA\0",
        b"\xEF\xBB\xBF\xE7\xAB\xA0",
        b"\x18\x7F\x9F\xAD",
    ];
    seeds.iter().map(|seed| seed.to_vec()).collect()
}

/// Small, so that a run is spent on parsing and not on waiting for a limit.
fn limits() -> Limits {
    Limits {
        objects: 20_000,
        inflated_bytes: 4 << 20,
        work: 16 << 20,
        object_bytes: 1 << 20,
        values: 100_000,
        ..Limits::default()
    }
}

struct Pieces<'b>(&'b [u8]);

impl Source for Pieces<'_> {
    fn len(&self) -> u64 {
        Source::len(self.0)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        self.0.read_at(offset, buffer)
    }
}

type Found = Vec<(ObjectId, Result<Option<IndirectObject>, Error>)>;

/// Every object in use of the newest revision, as far as the sections can be listed.
fn objects(file: &File<'_>) -> Found {
    let mut ids = std::collections::BTreeSet::new();
    for section in file.sections() {
        for (number, entry) in section.entries(file.source()).unwrap_or_default() {
            match entry {
                Entry::InUse { generation, .. } => ids.insert(ObjectId::new(number, generation)),
                Entry::Compressed { .. } => ids.insert(ObjectId::new(number, 0)),
                Entry::Free { .. } => false,
            };
        }
    }
    ids.into_iter().map(|id| (id, file.latest().get(id))).collect()
}

fn shown(found: &Found) -> Vec<String> {
    found.iter().map(|(id, one)| format!("{id} {:?}", one.as_ref().map(value_of))).collect()
}

fn value_of(found: &Option<IndirectObject>) -> Option<&sealwright::pdf::Spanned> {
    found.as_ref().map(|found| &found.object)
}

/// Asks for everything; answers and errors are equally welcome.
fn walk(file: &File<'_>) {
    for revision in file.revisions().take(8) {
        let _ = (revision.catalog(), revision.form(), revision.fields(), revision.page_ids());
        let count = revision.page_count().unwrap_or(0);
        for number in [1, count] {
            let Ok(page) = revision.page(number) else { continue };
            let _ = revision.page_geometry(&page);
            if revision.page_ids().is_ok() && file.parse() != Parse::Repaired {
                assert_eq!(
                    revision.page_number_of(page.id()).ok().flatten().is_some(),
                    page.dictionary().is_type(b"Page")
                );
            }
        }
    }
}

/// An object lies where its container says, and so does what is in it.
fn check_object(file: &File<'_>, id: ObjectId, found: &IndirectObject) {
    assert_eq!(found.id, id);
    if let Container::File(span) = found.container {
        assert!(span.contains(found.object.span) && span.end <= file.len(), "{id}");
        if let Some(stream) = found.object.value.as_stream() {
            assert!(span.contains(stream.data), "{id}");
            let _ = file.latest().decoded(id, stream);
        }
    }
    if let Some(dictionary) = found.object.value.as_dictionary() {
        for entry in dictionary.entries() {
            assert!(found.object.span.contains(entry.key_span), "{id}");
            assert!(found.object.span.contains(entry.value.span), "{id}");
            assert!(entry.key_span.end <= entry.value.span.start, "{id}");
        }
    }
}

/// The bytes up to the end of a revision are a document of their own, the one that the view shows.
fn check_revisions(file: &File<'_>, data: &[u8]) {
    for revision in file.revisions().take(4) {
        let Some(end) = revision.end().and_then(|end| usize::try_from(end).ok()) else { continue };
        let Some(alone) = data.get(..end) else { continue };
        let Ok(alone) = File::open(alone, limits()) else { continue };
        if alone.parse() == Parse::Repaired {
            continue;
        }
        assert_eq!(alone.latest().sections().len(), revision.sections().len());
        for (id, found) in objects(&alone) {
            if let (Ok(Some(one)), Ok(Some(two))) = (&found, &revision.get(id)) {
                assert_eq!((&one.object, one.object.span), (&two.object, two.object.span), "{id}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens_strictly(bytes: &[u8]) -> bool {
        File::open(bytes, limits()).is_ok_and(|file| file.parse() == Parse::Strict)
    }

    #[test]
    fn seeds_of_parts_make_sound_documents() {
        for seed in cross_references_seeds() {
            let section = OBJECTS.len();
            let end = format!("\nstartxref\n{section}\n%%EOF\n");
            let bytes = [OBJECTS, &seed, end.as_bytes()].concat();
            let newer = seed.windows(5).any(|window| window == b"/Prev");
            assert_eq!(opens_strictly(&bytes), !newer, "{}", String::from_utf8_lossy(&seed));
        }
        let bytes = packed(&packed_objects_seeds()[0]);
        assert!(opens_strictly(&bytes));
        assert_eq!(File::open(&bytes, limits()).unwrap().latest().fields().unwrap().len(), 1);
    }
}
