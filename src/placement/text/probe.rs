//! Asking `hayro-font` about one simple font.
//!
//! It is shown the font and nothing else of the document: a PDF of a few objects is written in memory,
//! with the font dictionary's entries that matter and the font program, decoded under the file's
//! [`Limits`](crate::limits::Limits). So neither the size nor the structure of a hostile document
//! reaches it. Should it panic over a font program, the panic is caught (where the host builds with
//! `panic = "abort"` it aborts, as everywhere) and the font counts as unknown.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro_font::hayro_syntax::Pdf;
use hayro_font::hayro_syntax::object::{Dict, ObjectIdentifier};
use hayro_font::{CMapResolverFn, FontCache, FontGlyph, FontQuery, FontResolverFn};

use super::composite::meaning;
use super::font::{Meaning, dictionary_at, stream_at};
use crate::font_file;
use crate::limits::Meter;
use crate::pdf::{Dictionary, Error, Object, Revision};

/// How deep values lie inside each other in what is written.
const DEPTH: u32 = 6;

/// The longest description of a font that is written, its program not counted.
const MOST_BYTES: usize = 1 << 20;

/// What each of the 256 codes stands for, and its advance in thousandths.
pub(super) fn glyphs(
    revision: &Revision<'_>,
    work: &Meter,
    dictionary: &Dictionary,
) -> Result<Vec<(Meaning, f64)>, Error> {
    let bytes = document_of(revision, work, dictionary)?;
    let asked = catch_unwind(AssertUnwindSafe(|| ask(bytes)));
    Ok(asked.ok().flatten().unwrap_or_else(|| vec![(Meaning::Unknown, 0.0); 256]))
}

fn ask(document: Vec<u8>) -> Option<Vec<(Meaning, f64)>> {
    let pdf = Pdf::new(document).ok()?;
    let dictionary = pdf.xref().get::<Dict<'_>>(ObjectIdentifier::new(FONT, 0))?;
    let programs: FontResolverFn = Arc::new(|query| {
        Some(match query {
            FontQuery::Standard(font) => font.get_font_data(),
            FontQuery::Fallback(query) => query.pick_standard_font().get_font_data(),
        })
    });
    let maps: CMapResolverFn = Arc::new(hayro_cmap::load_embedded);
    let font = FontCache::new().font(&dictionary, &programs, &maps)?;
    let glyph = |code: u32| {
        let text = match font.glyph(font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        (meaning(text), font.code_advance(code).x)
    };
    Some((0..=255).map(glyph).collect())
}

/// Object numbers of the document that is shown.
const FONT: u32 = 3;
const PROGRAM: u32 = 4;

/// A document of one font.
fn document_of(
    revision: &Revision<'_>,
    work: &Meter,
    dictionary: &Dictionary,
) -> Result<Vec<u8>, Error> {
    let mut font = Vec::new();
    let keys: [&[u8]; 8] = [
        b"Type",
        b"Subtype",
        b"BaseFont",
        b"FirstChar",
        b"LastChar",
        b"Widths",
        b"Encoding",
        b"FontMatrix",
    ];
    font.extend(b"<<");
    write_entries(&mut font, revision, dictionary, &keys)?;
    let mut program = None;
    if let Some(descriptor) = dictionary_at(revision, dictionary, b"FontDescriptor")? {
        font.extend(b"/FontDescriptor<<");
        let keys: [&[u8]; 6] =
            [b"Type", b"FontName", b"FontFamily", b"Flags", b"MissingWidth", b"FontWeight"];
        write_entries(&mut font, revision, &descriptor, &keys)?;
        for key in [&b"FontFile"[..], b"FontFile2", b"FontFile3"] {
            let Some(data) = stream_at(revision, work, &descriptor, key)? else { continue };
            if font_file::is_costly(&data) {
                break;
            }
            font.extend([b"/", key, format!(" {PROGRAM} 0 R").as_bytes()].concat());
            let mut entries = Vec::new();
            if let Some(stream) = dictionary_at(revision, &descriptor, key)? {
                let keys: [&[u8]; 4] = [b"Subtype", b"Length1", b"Length2", b"Length3"];
                write_entries(&mut entries, revision, &stream, &keys)?;
            }
            program = Some((entries, data));
            break;
        }
        font.extend(b">>");
    }
    font.extend(b">>");

    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[]/Count 0>>".to_vec(),
        font,
    ];
    objects.extend(program.map(|(entries, data)| {
        let length = format!("/Length {}>>stream\n", data.len());
        [b"<<", &entries[..], length.as_bytes(), &data, b"\nendstream"].concat()
    }));
    Ok(with_table(&objects))
}

/// The objects, numbered from 1, with a cross-reference table.
fn with_table(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (number, object) in (1..).zip(objects) {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{number} 0 obj\n").into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let (start, size) = (out.len(), objects.len() + 1);
    out.extend(
        format!(
            "xref\n0 {size}\n{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
        )
        .into_bytes(),
    );
    out
}

fn write_entries(
    out: &mut Vec<u8>,
    revision: &Revision<'_>,
    dictionary: &Dictionary,
    keys: &[&[u8]],
) -> Result<(), Error> {
    for key in keys {
        if let Some(value) = dictionary.get(key) {
            write_name(out, key);
            out.push(b' ');
            write(out, revision, value, DEPTH)?;
        }
    }
    Ok(())
}

/// A value with what it refers to in its place; `null` for what is too deep, too long or a stream.
fn write(
    out: &mut Vec<u8>,
    revision: &Revision<'_>,
    value: &Object,
    depth: u32,
) -> Result<(), Error> {
    let value = revision.resolve(value)?;
    let Some(deeper) = depth.checked_sub(1).filter(|_| out.len() < MOST_BYTES) else {
        out.extend(b"null ");
        return Ok(());
    };
    match &*value {
        Object::Boolean(value) => out.extend(format!("{value} ").into_bytes()),
        Object::Integer(value) => out.extend(format!("{value} ").into_bytes()),
        Object::Real(value) => out.extend(format!("{value:.6} ").into_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::String(string) => {
            out.push(b'<');
            for byte in &string.bytes {
                out.extend(format!("{byte:02X}").into_bytes());
            }
            out.push(b'>');
        }
        Object::Array(items) => {
            out.push(b'[');
            for item in items {
                write(out, revision, &item.value, deeper)?;
                out.push(b' ');
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => {
            out.extend(b"<<");
            for (key, value) in dictionary.iter() {
                write_name(out, key);
                out.push(b' ');
                write(out, revision, value, deeper)?;
            }
            out.extend(b">>");
        }
        Object::Null | Object::Stream(_) | Object::Reference(_) => out.extend(b"null "),
    }
    Ok(())
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+') {
            out.push(*byte);
        } else {
            out.extend(format!("#{byte:02X}").into_bytes());
        }
    }
}
