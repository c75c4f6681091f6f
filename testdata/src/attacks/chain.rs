//! Cross references: chains that loop or pass something over, rows that stand twice, two sections in one.

use super::Family;
use super::scene::{
    CONTENT, FONT, FREE, LIES, PAGE, SAYS, append, content, page, sign_again, signed, signed_with,
    text,
};
use crate::appended::{last_size, last_startxref};
use crate::pdf::{deflate, stream_body};

pub fn family() -> Family {
    let mut family = Family::new("chain", "qpdf append-xref-loop; ISO 32000-2, 7.5.5 to 7.5.8");
    let base = signed();
    let (size, previous) = (last_size(&base), last_startxref(&base));
    let nothing = |trailer: &str| table(&base, &[], "0 0\n", trailer);
    let usual = format!("/Size {size} /Prev {previous}");
    family.add(
        "previous_is_itself",
        "follows /Prev for ever, or gives up and takes what it has",
        nothing(&format!("/Size {size} /Prev {}", base.len())),
        nothing(&usual),
    );
    family.add(
        "size_cut",
        "keeps to /Size, beyond which every object is missing",
        nothing(&format!("/Size {CONTENT} /Prev {previous}")),
        nothing(&usual),
    );
    let two = sign_again(&base, &[], "", false);
    let (size, last) = (last_size(&two), last_startxref(&two));
    let skips = |to: u64| table(&two, &[], "0 0\n", &format!("/Size {size} /Prev {to}"));
    family.add(
        "passes_a_signature_over",
        "knows the signatures of the form only",
        skips(previous),
        skips(last),
    );
    let size = last_size(&base);
    let lone = |line: &str, trailer: &str| {
        let body = content(line);
        table(&base, &[(CONTENT, &body)], "4 1\nROW4\n", trailer)
    };
    let alone = all_rows(&base, LIES);
    family.add("without_previous", "finds one revision, the last", alone, lone(SAYS, &usual));
    let body = content(LIES);
    let older = super::scene::find(&base, b"\n4 0 obj") + 1;
    let twice = format!("4 1\n{older:010} 00000 n \n4 1\nROW4\n");
    let doubled = table(&base, &[(CONTENT, &body)], &twice, &usual);
    family.add(
        "row_twice",
        "takes the first row of a number, or the last",
        doubled,
        lone(SAYS, &usual),
    );
    let two_ends = |first: &str, second: u64| {
        let bytes = append(&base, &[(CONTENT, &content(SAYS))]);
        let at = last_startxref(&bytes);
        let end = format!("startxref\n{at}\n%%EOF\n");
        let cut = bytes.len() - end.len();
        [&bytes[..cut], format!("{first}startxref\n{second}\n%%EOF\n").as_bytes()].concat()
    };
    let newest = last_startxref(&append(&base, &[(CONTENT, &content(SAYS))]));
    family.add(
        "startxref_twice",
        "takes the first of two ends, or the last",
        two_ends(&format!("startxref\n{newest}\n"), previous),
        two_ends("", newest),
    );
    family.add(
        "freed_and_kept",
        "takes a row that frees for one that says nothing",
        table(&base, &[], "4 1\n0000000000 00001 f \n", &usual),
        table(&base, &[], &format!("4 1\n{older:010} 00000 n \n"), &usual),
    );
    family.add(
        "into_the_middle",
        "trusts a row, and reads an object where none begins",
        table(&base, &[], &format!("4 1\n{:010} 00000 n \n", older + 1), &usual),
        table(&base, &[], &format!("4 1\n{older:010} 00000 n \n"), &usual),
    );
    family.add(
        "hybrid",
        "follows the stream, or the table",
        hybrid(&base, LIES, size),
        hybrid(&base, SAYS, size),
    );
    let drawn = form_to_draw();
    let lies = [&b"1 g 0 140 240 30 re f 0 g "[..], &text(LIES)].concat();
    family.add(
        "hybrid_pair",
        "follows the table, or the stream, and finds half a change in either",
        hybrid_pair(&drawn, "/Y Do", &lies),
        hybrid_pair(&drawn, "", b""),
    );
    let odd = "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>";
    let plain = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
    family.add(
        "object_stream",
        "does not look into object streams",
        packed(&base, odd, ""),
        packed(&base, plain, ""),
    );
    family.add(
        "object_stream_extends",
        "looks into the stream that another one extends",
        packed(&base, odd, "/Extends 9 0 R"),
        packed(&base, plain, "/Extends 9 0 R"),
    );
    family
}

/// Objects and a table of these rows; `ROW4` is that of the object 4.
fn table(base: &[u8], objects: &[(u32, &[u8])], rows: &str, trailer: &str) -> Vec<u8> {
    let (mut bytes, mut rows) = (base.to_vec(), rows.to_owned());
    for (number, body) in objects {
        let row = format!("{:010} 00000 n ", bytes.len());
        rows = rows.replace(&format!("ROW{number}"), &row);
        bytes.extend(format!("{number} 0 obj\n").bytes().chain(body.iter().copied()));
        bytes.extend(b"\nendobj\n");
    }
    let start = bytes.len();
    let end = format!(
        "xref\n{rows}trailer\n<< /Root 1 0 R /ID [<5EA1> <5EA1>] {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    );
    bytes.extend(end.bytes());
    bytes
}

/// A table of all objects that leads back to none.
fn all_rows(base: &[u8], line: &str) -> Vec<u8> {
    let size = last_size(base);
    let mut rows = format!("0 {size}\n0000000000 65535 f \n");
    for number in 1..size {
        let found = super::scene::find(base, format!("\n{number} 0 obj").as_bytes()) + 1;
        rows += &if number == CONTENT {
            "ROW4\n".to_owned()
        } else {
            format!("{found:010} 00000 n \n")
        };
    }
    table(base, &[(CONTENT, &content(line))], &rows, &format!("/Size {size}"))
}

/// A table that says nothing of the content, and a stream that does.
fn hybrid(base: &[u8], line: &str, size: u32) -> Vec<u8> {
    let mut bytes = base.to_vec();
    let at = bytes.len();
    bytes.extend(format!("{CONTENT} 0 obj\n").bytes().chain(content(line)));
    bytes.extend(b"\nendobj\n");
    let stream = bytes.len();
    let data = row(1, at, 0);
    let entries = format!("/Type /XRef /W [1 4 2] /Index [4 1] /Size {size} /Root 1 0 R");
    bytes.extend(format!("{size} 0 obj\n").bytes().chain(stream_body(&entries, &data)));
    bytes.extend(b"\nendobj\n");
    let previous = last_startxref(base);
    let rows = format!("{size} 1\n0000000000 00000 f \n");
    let trailer = format!("/Size {} /Prev {previous} /XRefStm {stream}", size + 1);
    table(&bytes, &[], &rows, &trailer)
}

const FIRST: u32 = FREE;
const SECOND: u32 = FREE + 1;

/// A form that paints another one, or nothing.
fn painter(paints: &str) -> Vec<u8> {
    let entries = "/Type /XObject /Subtype /Form /BBox [0 0 240 200] \
        /Resources << /XObject << /Y 10 0 R >> >>";
    stream_body(entries, paints.as_bytes())
}

/// What is painted: nothing, or another line.
fn painted(paints: &[u8]) -> Vec<u8> {
    let entries = "/Type /XObject /Subtype /Form /BBox [0 0 240 200] \
        /Resources << /Font << /F 7 0 R >> >>";
    stream_body(entries, paints)
}

/// A signed document whose page shows a form that paints nothing and has another one that does not either.
fn form_to_draw() -> Vec<u8> {
    let string = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    let shown = page("6 0 R", "").replace("/Font <<", "/XObject << /X 9 0 R >> /Font <<");
    let paints = [&text(SAYS)[..], b" /X Do"].concat();
    signed_with(&[
        (PAGE, &shown),
        (CONTENT, &string(stream_body("", &paints))),
        (FIRST, &string(painter(""))),
        (SECOND, &string(painted(b""))),
    ])
}

/// The first form by a table, the second by a stream that the table's trailer names.
fn hybrid_pair(base: &[u8], paints: &str, line: &[u8]) -> Vec<u8> {
    let (size, previous) = (last_size(base), last_startxref(base));
    let mut bytes = base.to_vec();
    let at = bytes.len();
    bytes.extend(format!("{SECOND} 0 obj\n").bytes().chain(painted(line)));
    bytes.extend(b"\nendobj\n");
    let stream = bytes.len();
    let data = row(1, at, 0);
    let entries = format!("/Type /XRef /W [1 4 2] /Index [{SECOND} 1] /Size {size} /Root 1 0 R");
    bytes.extend(format!("{size} 0 obj\n").bytes().chain(stream_body(&entries, &data)));
    bytes.extend(b"\nendobj\n");
    let rows = format!("{FIRST} 1\nROW{FIRST}\n{size} 1\n0000000000 00000 f \n");
    let trailer = format!("/Size {} /Prev {previous} /XRefStm {stream}", size + 1);
    table(&bytes, &[(FIRST, &painter(paints))], &rows, &trailer)
}

/// The font in an object stream.
fn packed(base: &[u8], font: &str, entries: &str) -> Vec<u8> {
    let (previous, stream) = (last_startxref(base), last_size(base));
    let mut bytes = base.to_vec();
    let (index, at) = (format!("{FONT} 0 "), bytes.len());
    let dictionary =
        format!("/Type /ObjStm /N 1 /First {} /Filter /FlateDecode {entries}", index.len());
    let data = deflate(format!("{index}{font}").as_bytes());
    bytes.extend(format!("{stream} 0 obj\n").bytes().chain(stream_body(&dictionary, &data)));
    bytes.extend(b"\nendobj\n");
    let start = bytes.len();
    let data = [row(2, stream as usize, 0), row(1, at, 0), row(1, start, 0)].concat();
    let section = stream + 1;
    let entries = format!(
        "/Type /XRef /W [1 4 2] /Index [{FONT} 1 {stream} 2] /Size {} /Root 1 0 R /ID [<5EA1> <5EA1>] /Prev {previous}",
        section + 1
    );
    bytes.extend(format!("{section} 0 obj\n").bytes().chain(stream_body(&entries, &data)));
    bytes.extend(format!("\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    bytes
}

fn row(kind: u8, second: usize, third: u16) -> Vec<u8> {
    [&[kind][..], &(second as u32).to_be_bytes(), &third.to_be_bytes()].concat()
}
