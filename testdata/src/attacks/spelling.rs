//! Two readings of one byte string: escapes, comments, keys that stand twice, lengths that lie.

use super::Family;
use super::scene::{
    CATALOG, CONTENT, FIELD, FONT, FREE, LIES, PAGE, PAGES, SAYS, append, content, field, find,
    page, scene, sign, signed_with, text,
};
use crate::appended::last_startxref;
use crate::pdf::Layout;

pub fn family() -> Family {
    let mut family = Family::new(
        "spelling",
        "Müller et al., Processing Dangerous Paths (NDSS 2021); Mladenov et al. (CCS 2019), malformed objects",
    );
    let lies = String::from_utf8(content(LIES)).expect("text");
    let base = signed_with(&[(9, &lies)]);
    let own = page("6 0 R", "");
    let pages = |to: &str| {
        let changed = own.replace("/Contents 4 0 R", to);
        append(&base, &[(PAGE, changed.as_bytes())])
    };
    family.add(
        "escaped_name",
        "compares names before they are decoded",
        pages("/Con#74ents 9 0 R"),
        pages("/Con#74ents 4 0 R"),
    );
    family.add(
        "comment",
        "finds keys in comments",
        pages("/Contents 9 0 R %/Contents 4 0 R\n"),
        pages("/Contents 4 0 R %/Contents 9 0 R\n"),
    );
    let twice = "takes the first of two keys, or the last";
    family.add(
        "key_twice_last",
        twice,
        pages("/Contents 4 0 R /Contents 9 0 R"),
        pages("/Contents 4 0 R"),
    );
    family.add(
        "key_twice_first",
        twice,
        pages("/Contents 9 0 R /Contents 4 0 R"),
        pages("/Contents 4 0 R"),
    );
    let other = field("").replace("/V 8 0 R", "/V 8 0 R /V null");
    family.add(
        "value_twice",
        twice,
        append(&base, &[(FIELD, other.as_bytes())]),
        append(&base, &[(FIELD, field("").as_bytes())]),
    );
    family.add(
        "length_short",
        "looks for endstream, and not at the length",
        append(&base, &[(CONTENT, &measured(SAYS, LIES, true))]),
        append(&base, &[(CONTENT, &content(SAYS))]),
    );
    family.add(
        "length_long",
        "believes the length, and not endstream",
        append(&base, &[(CONTENT, &measured(SAYS, LIES, false))]),
        append(&base, &[(CONTENT, &content(SAYS))]),
    );
    family.add(
        "reference_with_generation",
        "does not look at the generation of a reference",
        pages("/Contents 9 7 R"),
        pages("/Contents 4 0 R"),
    );
    let before = Layout { before_header: &[b' '; 64], ..Layout::default() };
    let counted = Layout { offsets_from_header: true, ..before.clone() };
    family.add(
        "offsets_from_header",
        "counts from the header, where others count from the first byte",
        sign(scene().write(&counted)),
        sign(scene().write(&before)),
    );
    in_front(&mut family);
    family
}

/// Bytes in front of `%PDF`: who counts from there sees another file than who counts from the first.
fn in_front(family: &mut Family) {
    let signed = sign(scene().write(&Layout::default()));
    let room = Layout { before_header: &[b' '; 64], ..Layout::default() };
    let honest = sign(scene().write(&room));
    family.add(
        "bytes_put_in_front",
        "counts from the header, ranges and all, and does not see what stands before it",
        [&b"MZ, and what else makes a program\n"[..], &signed].concat(),
        honest.clone(),
    );
    let other = other_file(last_startxref(&signed) as usize);
    family.add(
        "file_put_in_front",
        "verifies what the second header begins, and shows what the first one begins",
        [&other[..], &signed].concat(),
        honest,
    );
    family.add(
        "two_files_in_one",
        "counts from the header, where others count from the first byte, and all was signed",
        two_files(LIES, 0),
        two_files(SAYS, 1),
    );
}

/// Another file up to its cross references, which stand where those of the file behind it did.
fn other_file(start: usize) -> Vec<u8> {
    let objects: [(u32, Vec<u8>); 5] = [
        (CATALOG, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()),
        (PAGES, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec()),
        (PAGE, page("", "").into_bytes()),
        (CONTENT, content(LIES)),
        (FONT, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec()),
    ];
    let (mut bytes, mut rows) = (b"%PDF-1.7\n".to_vec(), "0 1\n0000000000 65535 f \n".to_owned());
    for (number, body) in objects {
        rows += &format!("{number} 1\n{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{number} 0 obj\n").bytes().chain(body));
        bytes.extend(b"\nendobj\n");
    }
    assert!(bytes.len() < start, "the other file fits");
    bytes.resize(start, b' ');
    bytes.extend(format!("xref\n{rows}trailer\n<< /Size 9 /Root 1 0 R >>\n").bytes());
    bytes
}

/// In a string of the trailer stands another table, where `startxref` leads if one counts from the
/// header; with `more` bytes before that, nothing does.
fn two_files(line: &str, more: usize) -> Vec<u8> {
    let hidden = [b"4 0 obj\n", &content(line)[..], b"\nendobj\n"].concat();
    let laid = |before: usize, table: &str| {
        let mut pdf = scene();
        pdf.set_stream(FREE, "", &hidden);
        pdf.trailer(format!("/Other ({table})"));
        let before_header: &'static [u8] = vec![b' '; before].leak();
        pdf.write(&Layout { before_header, ..Layout::default() })
    };
    let plain = laid(0, "xref");
    let before = find(&plain, b"(xref") + 1 - last_startxref(&plain) as usize;
    let mut rows = "xref\n0 1\n0000000000 65535 f \n".to_owned();
    for number in 1..=FREE {
        let last = |wanted: &str| find(&plain, wanted.as_bytes()) + 1;
        let at = if number == CONTENT {
            // The second of two: the one in the stream.
            let first = last(&format!("\n{number} 0 obj"));
            first + find(&plain[first..], format!("\n{number} 0 obj").as_bytes()) + 1
        } else {
            last(&format!("\n{number} 0 obj"))
        };
        rows += &format!("{number} 1\n{at:010} 00000 n \n");
    }
    let table = format!("{rows}trailer\n<< /Size {} /Root 1 0 R >>", FREE + 1);
    sign(laid(before + more, &table))
}

/// A stream that goes on behind its `/Length`, or ends before it.
fn measured(says: &str, lies: &str, is_short: bool) -> Vec<u8> {
    let (first, second) = (text(says), text(lies));
    let between = b"\nendstream\n".to_vec();
    let data = [&first[..], &between, &second].concat();
    let length = if is_short { first.len() - 3 } else { data.len() };
    let head = format!("<< /Length {length} >>\nstream\n");
    [head.as_bytes(), &data, b"\nendstream"].concat()
}
