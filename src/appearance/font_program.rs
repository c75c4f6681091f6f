//! The part of a font that a document needs, as PDF has it.
//!
//! A composite font (ISO 32000-2 §9.7) with the encoding `Identity-H`: its codes are the CIDs, its
//! CIDs the glyphs of the subset. TrueType outlines become a `CIDFontType2` with
//! `/CIDToGIDMap /Identity`, CFF ones a `CIDFontType0` whose program is the bare `CFF` table. Every
//! code has its Unicode value (`/ToUnicode`), so that the text can be searched and copied; `/CIDSet`
//! is complete, as PDF/A-1 asks for it and PDF/A-2 wants it complete where it is there.

use std::collections::BTreeMap;
use std::fmt::Write;

use pdf_writer::types::{SystemInfo, UnicodeCmap};
use pdf_writer::{Name, Str};
use subsetter::GlyphRemapper;
use ttf_parser::{RawFace, Tag};

use super::font::{Font, Outlines};
use super::glyphs::Glyph;
use super::path::number;
use super::seal_face::deflate;
use super::shared::Shared;
use super::{Error, WritingError};
use crate::digest::{Digest, DigestAlgorithm};

/// The tables that subsetting and PDF need; the others cost bytes, and some of them trust.
const TABLES: [&[u8; 4]; 10] =
    [b"CFF ", b"cvt ", b"fpgm", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"prep"];

/// A font as a resource of drawings, with the codes of its glyphs.
pub(super) struct FontProgram {
    /// The Type 0 font dictionary.
    pub(super) resource: Shared,
    codes: BTreeMap<Glyph, (u16, String)>,
}

impl FontProgram {
    /// The program with these glyphs, each with the text that it stands for. The same glyphs of the
    /// same font give the same bytes.
    pub(super) fn new(font: &Font, texts: BTreeMap<Glyph, String>) -> Result<Self, Error> {
        font.check_embedding()?;
        let outlines = font.glyphs()?;
        [Glyph(0)].iter().chain(texts.keys()).try_for_each(|glyph| outlines.check(*glyph))?;
        let mut glyphs = GlyphRemapper::new();
        let codes = texts.into_iter().map(|(glyph, text)| (glyph, (glyphs.remap(glyph.0), text)));
        let codes: BTreeMap<Glyph, (u16, String)> = codes.collect();
        let whole = tables(font)?;
        let subset = subsetter::subset(&whole, 0, &glyphs).map_err(|_| unusable())?;
        let face = RawFace::parse(&subset, 0).map_err(|_| unusable())?;
        let program = match font.outlines() {
            Outlines::TrueType => subset.as_slice(),
            Outlines::Cff => face.table(Tag::from_bytes(b"CFF ")).ok_or_else(unusable)?,
        };
        // With the parts of composite glyphs there are more than those that were asked for.
        let count = match face.table(Tag::from_bytes(b"maxp")).and_then(|table| table.get(4..6)) {
            Some([high, low]) => u16::from_be_bytes([*high, *low]),
            _ => return Err(unusable()),
        };
        let name = format!("{}+{}", tag(program), font.name());
        let descriptor = descriptor(font, &name, program, count)?;
        let resource = resource(font, &name, &codes, &descriptor)?;
        Ok(Self { resource, codes })
    }

    /// The code of a glyph, and what is read where it stands.
    pub(super) fn code(&self, glyph: Glyph) -> Option<(u16, &str)> {
        self.codes.get(&glyph).map(|(code, text)| (*code, text.as_str()))
    }
}

fn unusable() -> Error {
    let reason = "no part of it can be cut out: a table is damaged or missing";
    WritingError::FontFormat { reason }.into()
}

/// A font file with the tables that are needed (OpenType 1.9, Organization of an OpenType Font).
fn tables(font: &Font) -> Result<Vec<u8>, Error> {
    let (bytes, index) = font.file();
    let face = RawFace::parse(bytes, index).map_err(|_| unusable())?;
    let wanted = |tag: &&[u8; 4]| match font.outlines() {
        Outlines::TrueType => **tag != *b"CFF ",
        Outlines::Cff => ![*b"glyf", *b"loca", *b"cvt ", *b"fpgm", *b"prep"].contains(*tag),
    };
    let tables = TABLES.iter().copied().filter(wanted);
    let tables: Vec<(&[u8; 4], &[u8])> =
        tables.filter_map(|tag| Some((tag, face.table(Tag::from_bytes(tag))?))).collect();
    let magic = match font.outlines() {
        Outlines::TrueType => *b"\x00\x01\x00\x00",
        Outlines::Cff => *b"OTTO",
    };
    let short = |value: usize| u16::try_from(value).map_err(|_| unusable());
    let long = |value: usize| u32::try_from(value).map_err(|_| unusable());
    let mut file = magic.to_vec();
    file.extend(short(tables.len())?.to_be_bytes());
    file.extend([0; 6]);
    let mut offset = 12 + 16 * tables.len();
    for (tag, table) in &tables {
        file.extend_from_slice(*tag);
        file.extend([0; 4]);
        file.extend(long(offset)?.to_be_bytes());
        file.extend(long(table.len())?.to_be_bytes());
        offset += table.len().next_multiple_of(4);
    }
    for (_, table) in &tables {
        file.extend_from_slice(table);
        file.resize(file.len().next_multiple_of(4), 0);
    }
    Ok(file)
}

/// Six letters that tell subsets of one font apart (§9.9.2), from the program itself.
fn tag(program: &[u8]) -> String {
    let digest = Digest::of(DigestAlgorithm::Sha256, program);
    digest.as_bytes().iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

/// The font descriptor (Table 120), with the program and the set of CIDs.
fn descriptor(font: &Font, name: &str, program: &[u8], count: u16) -> Result<Shared, Error> {
    let entries = match font.outlines() {
        Outlines::TrueType => format!("/Length1 {}", program.len()),
        Outlines::Cff => "/Subtype/CIDFontType0C".to_owned(),
    };
    let entries = Shared::body().bytes(entries).bytes("/Filter/FlateDecode");
    let file = Shared::stream(entries, deflate(program)?);
    let cid_set = Shared::stream(Shared::body(), cid_set(count));
    let metrics = font.metrics();
    let [left, bottom, right, top] = metrics.bounds.map(thousandths);
    // Symbolic, as the glyphs are not those of Adobe's Latin set (Table 121).
    let italic = if metrics.italic_angle == 0.0 { 0 } else { 64 };
    let flags = 4 + u8::from(metrics.fixed_pitch) + italic;
    // As wide as the weight lets stems be: 88 at 400, as is usual.
    let stem = 50.0 + f64::from(metrics.weight) * f64::from(metrics.weight) / 4225.0;
    let key = match font.outlines() {
        Outlines::TrueType => "FontFile2",
        Outlines::Cff => "FontFile3",
    };
    let body = format!(
        "<</Type/FontDescriptor/FontName/{name}/Flags {flags}\
         /FontBBox[{left} {bottom} {right} {top}]/ItalicAngle {}/Ascent {}/Descent {}\
         /CapHeight {}/StemV {}/CIDSet ",
        number(metrics.italic_angle),
        thousandths(metrics.ascent),
        thousandths(metrics.descent),
        thousandths(metrics.cap_height),
        number(stem.round()),
    );
    let body = Shared::body().bytes(body).reference(&cid_set);
    Ok(body.bytes(format!("/{key} ")).reference(&file).bytes(">>").finish())
}

/// A bit for each CID, the first one the highest of the first byte; all of them are there.
fn cid_set(count: u16) -> Vec<u8> {
    let (whole, rest) = (usize::from(count / 8), count % 8);
    let mut set = vec![0xFF; whole];
    if rest > 0 {
        set.push(!(0xFF >> rest));
    }
    set
}

/// The Type 0 font (Table 119) with its descendant (Table 115).
fn resource(
    font: &Font,
    name: &str,
    codes: &BTreeMap<Glyph, (u16, String)>,
    descriptor: &Shared,
) -> Result<Shared, Error> {
    let (kind, map, suffix) = match font.outlines() {
        Outlines::TrueType => ("CIDFontType2", "/CIDToGIDMap/Identity", ""),
        Outlines::Cff => ("CIDFontType0", "", "-Identity-H"),
    };
    let descendant = format!(
        "<</Type/Font/Subtype/{kind}/BaseFont/{name}{map}\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
         /DW 1000/W[{}]/FontDescriptor ",
        widths(font, codes)?
    );
    let descendant = Shared::body().bytes(descendant).reference(descriptor).bytes(">>").finish();
    let filter = Shared::body().bytes("/Filter/FlateDecode");
    let to_unicode = Shared::stream(filter, deflate(&to_unicode(codes))?);
    let body = format!(
        "<</Type/Font/Subtype/Type0/BaseFont/{name}{suffix}/Encoding/Identity-H/DescendantFonts["
    );
    let body = Shared::body().bytes(body).reference(&descendant).bytes("]/ToUnicode ");
    Ok(body.reference(&to_unicode).bytes(">>").finish())
}

/// The array `/W` (§9.7.4.3); codes follow each other from 1.
fn widths(font: &Font, codes: &BTreeMap<Glyph, (u16, String)>) -> Result<String, Error> {
    let glyphs = font.glyphs()?;
    let mut in_order: Vec<(u16, f64)> =
        codes.iter().map(|(glyph, (code, _))| (*code, glyphs.advance(*glyph))).collect();
    in_order.sort_by_key(|(code, _)| *code);
    let mut widths = String::new();
    for (code, advance) in in_order {
        // Writing to a string cannot fail.
        let _ = if widths.is_empty() {
            write!(widths, "{code}[{}", thousandths(advance))
        } else {
            write!(widths, " {}", thousandths(advance))
        };
    }
    if !widths.is_empty() {
        widths.push(']');
    }
    Ok(widths)
}

/// The character map (§9.10.3).
fn to_unicode(codes: &BTreeMap<Glyph, (u16, String)>) -> Vec<u8> {
    let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };
    let mut map = UnicodeCmap::<u16>::new(Name(b"Adobe-Identity-UCS"), system);
    for (code, text) in codes.values() {
        map.pair_with_multiple(*code, text.chars());
    }
    map.finish().into_vec()
}

/// Ems in thousandths, as PDF counts in fonts.
fn thousandths(ems: f64) -> crate::geometry::Coordinate {
    number(ems * 1000.0)
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::font::{COLLECTION, DEJAVU_SANS, NOTO_SANS_SC};
    use ttf_parser::Face;

    use super::*;
    use crate::appearance::shared::Numbers;

    fn program(bytes: &[u8], index: u32, text: &str) -> (FontProgram, Vec<u8>) {
        let font = Font::from_bytes(bytes, index).unwrap();
        let glyphs = font.glyphs().unwrap();
        let texts = text.chars().map(|it| (glyphs.of(it).unwrap(), it.to_string())).collect();
        let program = FontProgram::new(&font, texts).unwrap();
        let (mut numbers, mut next, mut out) = (Numbers::default(), 0_u32, Vec::new());
        let mut take = || {
            next += 1;
            Ok::<_, ()>(next)
        };
        numbers.number_of(&program.resource, &mut take).unwrap();
        numbers.write(&mut out);
        (program, out)
    }

    fn text_of(out: &[u8]) -> String {
        String::from_utf8_lossy(out).into_owned()
    }

    /// The inflated stream behind a key of its dictionary.
    fn stream(out: &[u8], key: &str) -> Vec<u8> {
        let at = |from: usize, what: &[u8]| {
            from + out[from..].windows(what.len()).position(|it| it == what).unwrap()
        };
        let start = at(at(0, key.as_bytes()), b"stream\n") + 7;
        let mut inflated = Vec::new();
        let mut decoder = flate2::read::ZlibDecoder::new(&out[start..]);
        std::io::Read::read_to_end(&mut decoder, &mut inflated).unwrap();
        inflated
    }

    #[test]
    fn cff_becomes_a_bare_table_and_truetype_a_font_file() {
        let (_, cff) = program(NOTO_SANS_SC, 0, "甲乙");
        let text = text_of(&cff);
        for part in [
            "/Subtype/CIDFontType0C/Filter",
            "/Subtype/CIDFontType0/",
            "-Identity-H/Encoding/Identity-H",
            "+NotoSansCJKsc-Regular",
            "/W[1[1000 1000]]",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("CIDToGIDMap"));
        assert_eq!(stream(&cff, "CIDFontType0C/")[..2], [1, 0], "the header of a CFF table");

        let (_, truetype) = program(COLLECTION, 1, "甲乙A");
        let text = text_of(&truetype);
        assert!(text.contains("/Subtype/CIDFontType2/"));
        assert!(text.contains("/CIDToGIDMap/Identity") && text.contains("/FontFile2 "));
        let file = stream(&truetype, "/Length1");
        let face = Face::parse(&file, 0).unwrap();
        assert_eq!(face.number_of_glyphs(), 4);
        assert!(face.raw_face().table(Tag::from_bytes(b"name")).is_none());
        assert!(text.contains(&format!("/Length1 {}/", file.len())));
    }

    #[test]
    fn parts_of_composite_glyphs_are_in_the_set_of_cids() {
        let (program, out) = program(DEJAVU_SANS, 0, "é");
        let file = stream(&out, "/Length1");
        let count = Face::parse(&file, 0).unwrap().number_of_glyphs();
        assert!(count > 2, "an e and an accent beside é and .notdef: {count}");
        assert_eq!(program.codes.len(), 1);
        assert_eq!(cid_set(count).len(), 1);
        assert_eq!(cid_set(9), [0xFF, 0x80]);
        assert_eq!(cid_set(16), [0xFF, 0xFF]);
    }

    #[test]
    fn codes_have_their_text_and_the_same_glyphs_the_same_bytes() {
        let (program, first) = program(NOTO_SANS_SC, 0, "章甲");
        let (_, second) = super::tests::program(NOTO_SANS_SC, 0, "甲章");
        assert_eq!(first, second);
        let (_, other) = super::tests::program(NOTO_SANS_SC, 0, "甲");
        let name = |out: &[u8]| text_of(out).split_once("/BaseFont/").unwrap().1[..6].to_owned();
        assert_ne!(name(&first), name(&other));
        assert!(name(&first).bytes().all(|byte| byte.is_ascii_uppercase()));
        let codes: Vec<(u16, &str)> =
            program.codes.keys().map(|glyph| program.code(*glyph).unwrap()).collect();
        assert_eq!(codes, [(1, "甲"), (2, "章")]);
        let map = String::from_utf8(to_unicode(&program.codes)).unwrap();
        assert!(map.contains("<0001> <7532>\n<0002> <7AE0>"), "{map}");
    }

    #[test]
    fn damaged_fonts_are_refused_without_a_panic() {
        for (bytes, index) in [(NOTO_SANS_SC, 0), (COLLECTION, 1), (DEJAVU_SANS, 0)] {
            for at in (0..bytes.len()).step_by(97) {
                let mut damaged = bytes.to_vec();
                damaged[at] ^= 0xFF;
                let Ok(font) = Font::from_bytes(damaged, index) else { continue };
                let Ok(glyphs) = font.glyphs() else { continue };
                let known =
                    "AgéS甲章".chars().filter_map(|it| Some((glyphs.of(it)?, it.to_string())));
                let texts: BTreeMap<Glyph, String> = known.collect();
                for glyph in texts.keys() {
                    let _ = glyphs.outline(*glyph);
                }
                let _ = FontProgram::new(&font, texts);
            }
        }
    }
}
