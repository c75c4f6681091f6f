//! Random edits of a signed file: bytes, objects, cross references, dictionaries of other files, values of
//! fields, comments, validation data.
//!
//! Objects of two files, or of one, rarely stand in for one another unseen. So these edits begin with a
//! revision that is permitted, and exchange what it shows.

use std::collections::BTreeMap;

use sealwright_testdata::appended::{append_table_update, last_size, last_startxref};
use sealwright_testdata::random::Random;

use crate::bases::{Signed, carried};
use crate::changes;

/// The kinds of edit.
pub const KINDS: [&str; 11] = [
    "bytes flipped",
    "bytes moved, doubled, taken out",
    "objects swapped",
    "cross references re-pointed",
    "digits of cross references changed",
    "trailer changed",
    "revision appended",
    "dictionary from another file",
    "field filled",
    "comment put on a page",
    "validation data added",
];

/// Painted over a page, or in a field.
const COVER: &str = "<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << >> \
    /Length 31 >>\nstream\nq 1 0 0 rg 0 0 600 800 re f Q  \nendstream";

/// An edit of a kind; `others` are the files that dictionaries are taken from.
pub fn mutated(base: &Signed, others: &[Signed], kind: usize, random: &mut Random) -> Vec<u8> {
    match KINDS[kind] {
        "bytes flipped" => flipped(&base.bytes, random),
        "bytes moved, doubled, taken out" => moved(&base.bytes, random),
        "objects swapped" => swapped(base, random),
        "cross references re-pointed" => repointed(&base.bytes, random),
        "digits of cross references changed" => miscounted(&base.bytes, random),
        "trailer changed" => renamed(base, random),
        "revision appended" => changes::changed(base, random),
        "dictionary from another file" => spliced(base, others, random),
        "field filled" => filled(base, random),
        "validation data added" => validated(base, random),
        _ => commented(base, random),
    }
}

fn flipped(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        bytes[at] ^= 1 << random.below(8);
    }
    bytes
}

fn moved(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let from = random.below(bytes.len());
    let to = (from + 1 + random.below(400)).min(bytes.len());
    let at = random.below(bytes.len());
    let part = bytes[from..to].to_vec();
    match random.below(4) {
        0 => [&bytes[..from], &bytes[to..]].concat(),
        1 => [&bytes[..at], &part, &bytes[at..]].concat(),
        2 => [bytes, &part].concat(),
        _ => bytes[..at].to_vec(),
    }
}

/// Two objects in each other's place: of the document, or of the document and a permitted revision.
fn swapped(base: &Signed, random: &mut Random) -> Vec<u8> {
    let mut objects = if random.below(3) == 0 { Objects::new() } else { permitted(base, random) };
    let pick = |from: &Objects, random: &mut Random| {
        from.iter()
            .nth(random.below(from.len()))
            .map(|(number, body)| (*number, body.clone()))
            .unwrap()
    };
    let (one, first) = pick(&base.objects, random);
    let beside = !objects.is_empty() && random.below(2) == 0;
    let (two, second) = pick(if beside { &objects } else { &base.objects }, random);
    match random.below(3) {
        // One of them stays what it is.
        0 => objects.extend([(two, first)]),
        1 if beside => objects.extend([(two, second)]),
        _ => objects.extend([(one, second), (two, first)]),
    }
    append_all(base, &objects)
}

/// Objects by their numbers.
type Objects = BTreeMap<u32, Vec<u8>>;

/// What may be appended to most documents: validation data, or a field that is filled.
fn permitted(base: &Signed, random: &mut Random) -> Objects {
    if random.below(2) == 0 {
        store(base)
    } else {
        fill(base, random).unwrap_or_else(|| store(base))
    }
}

/// A store of validation data that nobody can use, and the catalog that has it; nothing if no object
/// calls itself one.
pub fn store(base: &Signed) -> Objects {
    let next = last_size(&base.bytes);
    let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    let catalog = base.objects.iter().find(|(_, body)| text(body).contains("/Type /Catalog"));
    let Some((catalog, body)) = catalog else { return Objects::new() };
    let body = text(body).replace("/DSS ", "/DSSx ");
    let lists = format!("[{} 0 R]", next + 1);
    let key = "0123456789ABCDEF0123456789ABCDEF01234567";
    let store = format!(
        "<< /Type /DSS /Certs {lists} /CRLs [{} 0 R] /VRI << /{key} << /Cert {lists} >> >> >>",
        next + 2
    );
    let clear = clear(base);
    let stream =
        |data: &str| format!("<< {clear} /Length {} >>\nstream\n{data}\nendstream", data.len());
    Objects::from([
        (*catalog, body.replacen("<<", &format!("<< /DSS {next} 0 R"), 1).into_bytes()),
        (next, store.into_bytes()),
        (next + 1, stream("no certificate").into_bytes()),
        (next + 2, stream("no list").into_bytes()),
    ])
}

/// Validation data, in which something is what it should not be.
fn validated(base: &Signed, random: &mut Random) -> Vec<u8> {
    let mut objects = store(base);
    if objects.is_empty() {
        return changes::changed(base, random);
    }
    let numbers: Vec<u32> = base.objects.keys().copied().collect();
    let (any, new) = (numbers[random.below(numbers.len())], last_size(&base.bytes));
    let refers = |body: &[u8], to: u32| {
        let text = String::from_utf8_lossy(body).into_owned();
        text.replacen(&format!("[{} 0 R]", new + 1), &format!("[{to} 0 R]"), 1).into_bytes()
    };
    match random.below(5) {
        0 => {}
        // An object of the document as validation data, and something else as that object.
        1 => objects.extend([(new, refers(&objects[&new], any))]),
        2 => objects.extend([(new, refers(&objects[&new], any)), (any, cover(base))]),
        3 => objects.extend([(new + 1, cover(base))]),
        _ => objects.extend([(new + 2, base.objects[&any].clone())]),
    }
    append_all(base, &objects)
}

/// What is painted over a page.
fn cover(base: &Signed) -> Vec<u8> {
    COVER.replacen("/Length", &format!("{} /Length", clear(base)), 1).into_bytes()
}

/// Entries of a stream that is read as it stands, where the rest of the document is encrypted.
fn clear(base: &Signed) -> &'static str {
    if carried(&base.bytes).is_empty() {
        return "";
    }
    "/Filter [/Crypt] /DecodeParms [<< /Type /CryptFilterDecodeParms /Name /Identity >>]"
}

/// A section whose rows lead to other objects of the file, or free what is in use.
fn repointed(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let places = headers(bytes);
    if places.is_empty() {
        return flipped(bytes, random);
    }
    let mut rows = String::new();
    for _ in 0..=random.below(3) {
        let (number, generation, own) = places[random.below(places.len())];
        let same: Vec<_> = places.iter().filter(|it| it.0 == number && it.2 != own).collect();
        let at = match random.below(4) {
            0 if !same.is_empty() => same[random.below(same.len())].2,
            1 => own + random.below(40),
            2 => own,
            _ => places[random.below(places.len())].2,
        };
        let word = if random.below(5) == 0 { 'f' } else { 'n' };
        rows += &format!("{number} 1\n{at:010} {generation:05} {word} \n");
    }
    section(bytes, &rows, "")
}

/// The header of every object: number, generation, offset.
fn headers(bytes: &[u8]) -> Vec<(u32, u16, usize)> {
    let text = |range: std::ops::Range<usize>| String::from_utf8_lossy(&bytes[range]).into_owned();
    let mut found = Vec::new();
    for at in bytes.windows(5).enumerate().filter(|(_, it)| *it == b" obj\n").map(|(at, _)| at) {
        let line = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let words = text(line..at);
        let mut words = words.split(' ');
        if let (Some(Ok(number)), Some(Ok(generation)), None) =
            (words.next().map(str::parse), words.next().map(str::parse), words.next())
        {
            found.push((number, generation, line));
        }
    }
    found
}

/// One digit of a table, a `startxref` or a `/Prev`.
fn miscounted(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let words: [&[u8]; 4] = [b" 00000 n", b"startxref\n", b"/Prev ", b"/XRefStm "];
    let word = words[random.below(words.len())];
    let found = bytes.windows(word.len()).enumerate().filter(|(_, it)| *it == word);
    let places: Vec<usize> = found.map(|(at, _)| at).collect();
    let Some(at) = (!places.is_empty()).then(|| places[random.below(places.len())]) else {
        return flipped(&bytes, random);
    };
    let digits = if word[0] == b' ' { at - 10..at } else { at + word.len()..at + word.len() + 4 };
    let at = digits.start + random.below(digits.len());
    if bytes[at].is_ascii_digit() {
        bytes[at] = b'0' + u8::try_from(random.below(10)).unwrap();
    }
    bytes
}

/// A section that lists nothing, and whose trailer says something else.
fn renamed(base: &Signed, random: &mut Random) -> Vec<u8> {
    let size = last_size(&base.bytes) as usize;
    let numbers: Vec<u32> = base.objects.keys().copied().collect();
    let number = numbers[random.below(numbers.len())];
    let sections: Vec<usize> = base
        .bytes
        .windows(4)
        .enumerate()
        .filter(|(_, it)| *it == b"xref")
        .map(|(at, _)| at)
        .collect();
    let trailer = match random.below(5) {
        0 => format!("/Root {number} 0 R"),
        1 => format!("/Info {number} 0 R"),
        2 => format!("/Size {}", random.below(size + 5)),
        3 => format!("/Prev {}", sections[random.below(sections.len())]),
        _ => format!("/Encrypt {number} 0 R"),
    };
    section(&base.bytes, "0 0\n", &trailer)
}

/// Appends a table of these rows; entries of the trailer come before those that belong there.
fn section(bytes: &[u8], rows: &str, trailer: &str) -> Vec<u8> {
    let usual = append_table_update(bytes, &[], &carried(bytes));
    let at = last_startxref(&usual) as usize;
    let text = String::from_utf8_lossy(&usual[at..]).into_owned();
    let own = text.find("trailer\n").unwrap();
    let mut end = text[own..].to_owned();
    for key in ["/Root", "/Info", "/Size", "/Prev", "/Encrypt"] {
        if trailer.starts_with(key) {
            end = end.replacen(&format!("{key} "), &format!("{key}x "), 1);
        }
    }
    let end = end.replacen("<<", &format!("<< {trailer}"), 1);
    [&usual[..at], format!("xref\n{rows}{end}").as_bytes()].concat()
}

/// An object, or one entry of it, is that of another file.
fn spliced(base: &Signed, others: &[Signed], random: &mut Random) -> Vec<u8> {
    let other = &others[random.below(others.len())];
    let pick = |from: &Signed, random: &mut Random| {
        let at = random.below(from.objects.len());
        from.objects.iter().nth(at).map(|(number, body)| (*number, body.clone())).unwrap()
    };
    let ((mut number, mut own), (_, foreign)) = (pick(base, random), pick(other, random));
    let mut objects = if random.below(3) == 0 { Objects::new() } else { permitted(base, random) };
    if let Some((new, body)) = objects.iter().nth(random.below(4)).filter(|_| random.below(2) == 0)
    {
        (number, own) = (*new, body.clone());
    }
    if random.below(2) == 0 {
        objects.insert(number, foreign);
        return append_all(base, &objects);
    }
    // What is between `<<` and the data, put into the object's own dictionary.
    let (own, foreign) = (String::from_utf8_lossy(&own).into_owned(), foreign);
    let foreign = String::from_utf8_lossy(&foreign).into_owned();
    let entries = foreign.strip_prefix("<<").and_then(|rest| rest.split(" >>").next());
    let entries: Vec<&str> = entries.unwrap_or_default().split(" /").skip(1).collect();
    if entries.is_empty() || !own.starts_with("<<") || own.contains("stream\n") {
        objects.insert(number, foreign.into_bytes());
        return append_all(base, &objects);
    }
    let entry = entries[random.below(entries.len())];
    let key = entry.split(' ').next().unwrap_or_default();
    let own = own.replace(&format!(" /{key} "), &format!(" /{key}x "));
    objects.insert(number, own.replacen("<<", &format!("<< /{entry}"), 1).into_bytes());
    append_all(base, &objects)
}

/// A field gets a value and a look, and sometimes another place as well.
fn filled(base: &Signed, random: &mut Random) -> Vec<u8> {
    fill(base, random).map_or_else(|| commented(base, random), |objects| append_all(base, &objects))
}

/// The objects of a field that is filled; none without fields.
fn fill(base: &Signed, random: &mut Random) -> Option<Objects> {
    let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    let fields = base.objects.iter().map(|(number, body)| (*number, text(body)));
    let fields: Vec<(u32, String)> =
        fields.filter(|(_, it)| it.contains("/FT /Tx") || it.contains("/FT /Btn")).collect();
    if fields.is_empty() {
        return None;
    }
    let (number, body) = &fields[random.below(fields.len())];
    let look = last_size(&base.bytes);
    let mut body = if body.contains("/FT /Btn") {
        let on = body.replace("/AS /Off", "/AS /On");
        if random.below(3) == 0 { on } else { on.replacen("<<", "<< /V /On", 1) }
    } else {
        body.replacen("<<", &format!("<< /V (filled) /AP << /N {look} 0 R >>"), 1)
    };
    if random.below(3) == 0 {
        let entries =
            ["/Rect [0 0 600 800]", "/F 2", "/MK << /BG [1 0 0] >>", "/Ff 1", "/OC 1 0 R"];
        let entry = entries[random.below(entries.len())];
        let key = entry.split(' ').next().unwrap_or_default();
        body = body.replace(&format!("{key} "), &format!("{key}x "));
        body = body.replacen("<<", &format!("<< {entry}"), 1);
    }
    Some(Objects::from([(*number, body.into_bytes()), (look, cover(base))]))
}

/// A comment somewhere on a page.
fn commented(base: &Signed, random: &mut Random) -> Vec<u8> {
    let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    let pages = base.objects.iter().map(|(number, body)| (*number, text(body)));
    let pages: Vec<(u32, String)> = pages.filter(|(_, it)| it.contains("/Type /Page ")).collect();
    if pages.is_empty() {
        return changes::changed(base, random);
    }
    let (number, body) = &pages[random.below(pages.len())];
    let comment = last_size(&base.bytes);
    let listed = if body.contains("/Annots [") {
        body.replacen("/Annots [", &format!("/Annots [{comment} 0 R "), 1)
    } else {
        body.replacen("<<", &format!("<< /Annots [{comment} 0 R]"), 1)
    };
    let kinds =
        ["FreeText", "Stamp", "Square", "Highlight", "Ink", "Text", "Widget", "Redact", "Link"];
    let kind = kinds[random.below(kinds.len())];
    let (left, bottom) = (random.below(500), random.below(700));
    let (right, top) = (left + 10 + random.below(200), bottom + 10 + random.below(200));
    let own = format!(
        "<< /Type /Annot /Subtype /{kind} /Rect [{left} {bottom} {right} {top}] /F 4 /Contents (x) \
         /DA (/Helv 9 Tf) /AP << /N {} 0 R >> >>",
        comment + 1
    );
    let objects = Objects::from([
        (*number, listed.into_bytes()),
        (comment, own.into_bytes()),
        (comment + 1, cover(base)),
    ]);
    append_all(base, &objects)
}

/// The file with these objects in a later revision.
pub fn append_all(base: &Signed, objects: &Objects) -> Vec<u8> {
    let objects: Vec<(u32, u16, &[u8])> =
        objects.iter().map(|(number, body)| (*number, 0, body.as_slice())).collect();
    append_table_update(&base.bytes, &objects, &carried(&base.bytes))
}
