//! What somebody may append: objects of the document with something else in them.

use std::collections::BTreeMap;

use sealwright_testdata::appended::{append_stream_update, append_table_update, last_size};
use sealwright_testdata::random::Random;

use crate::bases::{Signed, carried};

/// Keys under which a page, a field or the catalog shows something.
const KEYS: [&str; 36] = [
    "Contents",
    "Annots",
    "Resources",
    "XObject",
    "Font",
    "MediaBox",
    "CropBox",
    "Rotate",
    "Kids",
    "Parent",
    "Pages",
    "AcroForm",
    "Fields",
    "AP",
    "N",
    "AS",
    "V",
    "DV",
    "Rect",
    "F",
    "FT",
    "T",
    "OC",
    "OCProperties",
    "Extensions",
    "Metadata",
    "DSS",
    "StructTreeRoot",
    "Names",
    "Perms",
    "Group",
    "BBox",
    "Matrix",
    "DR",
    "SigFlags",
    "Type",
];

/// Values that mean something under many of them.
const VALUES: [&str; 14] = [
    "null",
    "0",
    "1",
    "90",
    "[0 0 600 800]",
    "[0 0 10 10]",
    "[2 0 0 2 0 0]",
    "/Sig",
    "/Tx",
    "/Page",
    "/Metadata",
    "/DocTimeStamp",
    "<< >>",
    "(x)",
];

/// What is painted over everything, as a form that may stand in for any other.
const COVER: &str = "<< /Type /XObject /Subtype /Form /BBox [0 0 2000 2000] /Resources << >> \
    /Length 43 >>\nstream\nq 1 0 0 rg 0 0 2000 2000 re f 0 g Q        \nendstream";

/// The document with a revision appended in which some objects are something else.
pub fn changed(base: &Signed, random: &mut Random) -> Vec<u8> {
    let mut objects: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    if !base.honest.is_empty() && random.below(2) == 0 {
        objects.extend(base.honest.clone());
    }
    let mut next = last_size(&base.bytes).max(objects.keys().max().map_or(0, |last| last + 1));
    for _ in 0..=random.below(3) {
        let number = pick(base, &objects, random);
        if random.below(3) == 0 {
            let new = if random.below(2) == 0 { COVER.into() } else { any_body(base, random) };
            objects.insert(next, new);
            next += 1;
        }
        let body = objects.get(&number).or_else(|| base.objects.get(&number)).cloned();
        let body = body.unwrap_or_else(|| COVER.into());
        objects.insert(number, change(&body, (base, next), random));
    }
    let listed: Vec<(u32, u16, &[u8])> =
        objects.iter().map(|(number, body)| (*number, 0, body.as_slice())).collect();
    let own = match random.below(20) {
        0 => format!("/Root {} 0 R", pick(base, &objects, random)),
        1 => format!("/Info {} 0 R", pick(base, &objects, random)),
        _ => String::new(),
    };
    let trailer = carried(&base.bytes) + &own;
    match random.below(3) {
        0 => append_stream_update(&base.bytes, &listed, &trailer),
        _ => append_table_update(&base.bytes, &listed, &trailer),
    }
}

/// One that was there, or one that was just written.
fn pick(base: &Signed, objects: &BTreeMap<u32, Vec<u8>>, random: &mut Random) -> u32 {
    let from = if objects.is_empty() || random.below(2) == 0 { &base.objects } else { objects };
    *from.keys().nth(random.below(from.len())).unwrap()
}

fn any_body(base: &Signed, random: &mut Random) -> Vec<u8> {
    base.objects.values().nth(random.below(base.objects.len())).unwrap().clone()
}

fn change(body: &[u8], (base, next): (&Signed, u32), random: &mut Random) -> Vec<u8> {
    match random.below(8) {
        // Another object in its place.
        0 => any_body(base, random),
        1 => COVER.into(),
        // Another reference.
        2 | 3 => refer(body, next, random),
        // One more entry, or another value for one.
        4 | 5 => entry(body, next, random),
        // Without an entry.
        6 => without(body, random),
        // Other data under the same dictionary.
        _ => data(body, base, random),
    }
}

/// Where the dictionary ends and the data begins.
fn split(body: &[u8]) -> (String, Vec<u8>) {
    let at = body.windows(8).position(|it| it == b"\nstream\n").unwrap_or(body.len());
    (String::from_utf8_lossy(&body[..at]).into_owned(), body[at..].to_vec())
}

fn joined(dictionary: &str, data: &[u8]) -> Vec<u8> {
    [dictionary.as_bytes(), data].concat()
}

/// The places of ` n 0 R`, as numbers.
fn references(text: &str) -> Vec<(usize, usize)> {
    let ends = text.match_indices(" 0 R").map(|(at, _)| at);
    let start =
        |end: usize| text[..end].rfind(|it: char| !it.is_ascii_digit()).map_or(0, |at| at + 1);
    ends.map(|end| (start(end), end)).filter(|(start, end)| start < end).collect()
}

fn refer(body: &[u8], next: u32, random: &mut Random) -> Vec<u8> {
    let (mut text, data) = split(body);
    let found = references(&text);
    if !found.is_empty() {
        let (start, end) = found[random.below(found.len())];
        let other = 1 + random.below(next as usize);
        match random.below(3) {
            // One more beside it: in an array, a list grows.
            0 => text.insert_str(end + 4, &format!(" {other} 0 R")),
            _ => text.replace_range(start..end, &other.to_string()),
        }
    }
    joined(&text, &data)
}

fn entry(body: &[u8], next: u32, random: &mut Random) -> Vec<u8> {
    let (mut text, data) = split(body);
    let openings: Vec<usize> = text.match_indices("<<").map(|(at, _)| at + 2).collect();
    if openings.is_empty() {
        return body.to_vec();
    }
    let at = openings[random.below(openings.len())];
    let key = KEYS[random.below(KEYS.len())];
    let other = 1 + random.below(next as usize);
    let value = match random.below(5) {
        0 => format!("{other} 0 R"),
        1 => format!("[{other} 0 R]"),
        2 => format!("<< /N {other} 0 R /X {other} 0 R >>"),
        _ => VALUES[random.below(VALUES.len())].to_owned(),
    };
    // A key that is there already gets another name: a dictionary with it twice is refused anyway.
    text = text.replace(&format!("/{key} "), &format!("/{key}x "));
    text.insert_str(at.min(text.len()), &format!(" /{key} {value}"));
    joined(&text, &data)
}

fn without(body: &[u8], random: &mut Random) -> Vec<u8> {
    let (mut text, data) = split(body);
    let keys: Vec<usize> = text.match_indices(" /").map(|(at, _)| at + 2).collect();
    if !keys.is_empty() {
        text.insert(keys[random.below(keys.len())], 'x');
    }
    joined(&text, &data)
}

fn data(body: &[u8], base: &Signed, random: &mut Random) -> Vec<u8> {
    let other = any_body(base, random);
    let ((text, own), (_, others)) = (split(body), split(&other));
    if own.is_empty() || others.is_empty() {
        return other;
    }
    let length = others.len() - "\nstream\n".len() - "\nendstream".len();
    let own_length = own.len() - "\nstream\n".len() - "\nendstream".len();
    joined(&text.replace(&format!("/Length {own_length}"), &format!("/Length {length}")), &others)
}
