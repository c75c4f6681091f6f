//! Signature wrapping: what is signed stays in the file, and the reader looks elsewhere.

use super::Family;
use super::scene::{
    CONTENT, FREE, LIES, SAYS, VALUE, content, find, placeholder, scene, sign, sign_ranges,
    signed_with, value_of,
};
use crate::appended::last_startxref;
use crate::pdf::Layout;

pub fn family() -> Family {
    let mut family = Family::new(
        "wrapping",
        "Mladenov et al. (CCS 2019), signature wrapping; CVE-2018-18689; OpenPDF#158, #159, #487",
    );
    let filler = format!("({})", "x".repeat(900));
    let room = signed_with(&[(FREE, &filler)]);
    family.add(
        "moved_range",
        "takes the second /ByteRange, and hashes the signed bytes where they were moved to",
        moved_range(&room),
        room,
    );

    let honest = sign(scene().write(&Layout::default()));
    let twice = |between: &str| {
        let value = placeholder("").replacen("> >>", &format!("> {between} >>"), 1);
        let mut pdf = scene();
        pdf.set(VALUE, value);
        pdf.write(&Layout::default())
    };
    let wide = |bytes: Vec<u8>, last: &str| {
        let end = find(&bytes, last.as_bytes()) + last.len();
        let len = bytes.len();
        sign_ranges(bytes, |[start, before, _, _]| [start, before, end, len - end])
    };
    let second = format!("/Contents <{}>", "1".repeat(64));
    family.add(
        "second_contents",
        "takes one of two values, and the gap for that of the other",
        wide(twice(&second), &second),
        honest.clone(),
    );
    let reason = "/Reason (whatever)";
    family.add(
        "entry_in_gap",
        "compares the length of the gap, and not where it lies",
        wide(twice(reason), reason),
        sign(twice(reason)),
    );
    let mut pdf = scene();
    pdf.set(VALUE, placeholder("").replacen("/Contents <", "/Contents %words unsigned\n<", 1));
    let commented = pdf.write(&Layout::default());
    family.add(
        "comment_in_gap",
        "skips white space before the value",
        in_comment(commented),
        honest.clone(),
    );
    family.add(
        "literal_string",
        "measures a literal string as if it had two digits for each byte",
        literal(&honest),
        honest.clone(),
    );
    let mut padded = honest.clone();
    let value = value_of(&padded);
    padded[value.end - 21..value.end - 1].copy_from_slice(b"6c696573206c69657321");
    family.add("padding_filled", "does not look behind the value", padded, honest);
    family
}

/// The bytes behind the value go to the end; in their place come another content and a table where
/// `startxref` leads.
fn moved_range(base: &[u8]) -> Vec<u8> {
    let gap = value_of(base);
    let startxref = last_startxref(base) as usize;
    let (before, behind) = (&base[..gap.end], &base[gap.end..]);
    let mut forged = before.to_vec();
    let numbers = forged.len();
    forged.extend(b" /ByteRange [0 1000000001 1000000002 1000000003] >>\nendobj\n");
    let lies = forged.len();
    forged.extend(format!("{CONTENT} 0 obj\n").bytes().chain(content(LIES)));
    forged.extend(b"\nendobj\n");
    assert!(forged.len() <= startxref, "the filler is too short");
    forged.resize(startxref, b'\n');
    let section = String::from_utf8(base[startxref..].to_vec()).expect("a table is text");
    let end = section.find("startxref").expect("a table has an end");
    let row = format!("{:010} 00000 n", find(base, b"\n4 0 obj") + 1);
    forged.extend(section[..end].replacen(&row, &format!("{lies:010} 00000 n"), 1).bytes());
    let second = forged.len();
    forged.extend_from_slice(behind);
    let text = format!("0 {:010} {second:010} {:010}", gap.start, behind.len());
    let at = numbers + find(&forged[numbers..], b"0 1000000001");
    forged[at..at + text.len()].copy_from_slice(text.as_bytes());
    assert!(find(&forged, SAYS.as_bytes()) < lies);
    forged
}

/// Signs with a gap that begins at the comment before the value.
fn in_comment(bytes: Vec<u8>) -> Vec<u8> {
    let comment = find(&bytes, b"%words");
    let gap_end = comment + find(&bytes[comment..], b">") + 1;
    let value = comment + find(&bytes[comment..], b"<");
    // The signer looks for a value right behind its key.
    let mut plain = bytes;
    plain[comment..value].fill(b'0');
    plain[comment] = b'<';
    plain[value] = b'0';
    let mut signed = sign(plain);
    let digits = signed[comment + 1..gap_end - 1].to_vec();
    let digits = &digits[..digits.len() - (value - comment)];
    signed[comment..value].copy_from_slice(b"%words unsigned\n");
    signed[value] = b'<';
    signed[value + 1..gap_end - 1].copy_from_slice(digits);
    signed
}

/// The value as a literal string of the same length.
fn literal(honest: &[u8]) -> Vec<u8> {
    let gap = value_of(honest);
    let digits = std::str::from_utf8(&honest[gap.start + 1..gap.end - 1]).expect("digits");
    let pairs = digits.as_bytes().as_chunks::<2>().0;
    let byte = |pair: &[u8; 2]| {
        let text = std::str::from_utf8(pair).expect("two digits");
        u8::from_str_radix(text, 16).expect("hexadecimal")
    };
    let mut string = vec![b'('];
    for byte in pairs.iter().map(byte) {
        if matches!(byte, b'(' | b')' | b'\\' | b'\r' | b'\n') {
            string.extend(format!("\\{byte:03o}").bytes());
        } else {
            string.push(byte);
        }
    }
    string.resize(gap.len() - 1, 0);
    string.push(b')');
    [&honest[..gap.start], &string, &honest[gap.end..]].concat()
}
