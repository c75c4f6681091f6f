//! Fonts of a few kilobytes whose outlines would take years.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use sealwright_testdata::font::{DEJAVU_SANS, NOTO_SANS_SC};
use ttf_parser::{RawFace, Tag};

use super::design::{RoundSeal, SealDesign};
use super::font_program::FontProgram;
use super::{Font, FontBook, WritingError};
use crate::authorization::SealSize;
use crate::contract;

/// How often each part or subroutine shows the next one, over as many levels as readers allow.
const FAN: usize = 60;

/// The font with other tables.
fn with_tables(font: &[u8], tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let face = RawFace::parse(font, 0).unwrap();
    let mut all: BTreeMap<[u8; 4], Vec<u8>> = (face.table_records.into_iter())
        .map(|record| (record.tag.to_bytes(), face.table(record.tag).unwrap().to_vec()))
        .collect();
    all.extend(tables.iter().map(|(tag, table)| (**tag, table.clone())));
    let mut file = font[..4].to_vec();
    file.extend(u16::try_from(all.len()).unwrap().to_be_bytes());
    file.extend([0; 6]);
    let mut offset = 12 + 16 * all.len();
    for (tag, table) in &all {
        file.extend(tag);
        file.extend([0; 4]);
        file.extend(u32::try_from(offset).unwrap().to_be_bytes());
        file.extend(u32::try_from(table.len()).unwrap().to_be_bytes());
        offset += table.len();
    }
    file.extend(all.into_values().flatten());
    file
}

/// Every glyph but the last is built of the one behind it, again and again.
fn truetype_bomb(depth: usize) -> Vec<u8> {
    let face = RawFace::parse(DEJAVU_SANS, 0).unwrap();
    let glyphs = ttf_parser::Face::parse(DEJAVU_SANS, 0).unwrap().number_of_glyphs();
    let (mut glyf, mut loca) = (Vec::new(), Vec::new());
    for glyph in 0..glyphs {
        loca.extend(u32::try_from(glyf.len()).unwrap().to_be_bytes());
        if usize::from(glyph) % depth == depth - 1 || glyph + 1 == glyphs {
            // Nothing is drawn at all: a reader that counts what is drawn counts to zero.
            glyf.extend([0; 12]);
            continue;
        }
        glyf.extend([0xFF, 0xFF, 0, 0, 0, 0, 0, 9, 0, 9]);
        for part in 0..FAN {
            glyf.extend([0, if part + 1 == FAN { 0x02 } else { 0x22 }]);
            glyf.extend((glyph + 1).to_be_bytes());
            glyf.extend([0, 0]);
        }
    }
    loca.extend(u32::try_from(glyf.len()).unwrap().to_be_bytes());
    let mut head = face.table(Tag::from_bytes(b"head")).unwrap().to_vec();
    head[51] = 1;
    with_tables(DEJAVU_SANS, &[(b"glyf", glyf), (b"loca", loca), (b"head", head)])
}

fn index(items: &[Vec<u8>]) -> Vec<u8> {
    let mut out = u16::try_from(items.len()).unwrap().to_be_bytes().to_vec();
    if items.is_empty() {
        return out;
    }
    out.push(4);
    let mut offset = 1_u32;
    for length in items.iter().map(Vec::len).chain([0]) {
        out.extend(offset.to_be_bytes());
        offset += u32::try_from(length).unwrap();
    }
    out.extend(items.concat());
    out
}

/// Global subroutines that each call the next, again and again.
fn cff_bomb(depth: u8, charstring: &[u8]) -> Vec<u8> {
    let glyphs = ttf_parser::Face::parse(NOTO_SANS_SC, 0).unwrap().number_of_glyphs();
    let call = |subroutine: u8| [32 + subroutine, 29];
    let mut subroutines: Vec<Vec<u8>> =
        (1..depth).map(|next| [call(next).repeat(FAN), vec![11]].concat()).collect();
    subroutines.push(vec![11]);
    let start = [vec![1, 0, 4, 4], index(&[b"A".to_vec()])].concat();
    let rest = [index(&[]), index(&subroutines)].concat();
    // One operand of five bytes and its operator: where the charstrings begin.
    let at = start.len() + 11 + 6 + rest.len();
    let top = [&[29][..], &u32::try_from(at).unwrap().to_be_bytes(), &[17]].concat();
    let charstrings = index(&vec![charstring.to_vec(); usize::from(glyphs)]);
    let cff = [start, index(&[top]), rest, charstrings].concat();
    with_tables(NOTO_SANS_SC, &[(b"CFF ", cff)])
}

/// A second on a machine that does nothing else; what is looked for would take hours.
const MOST: Duration = Duration::from_secs(8);

#[track_caller]
fn in_time<T>(work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let result = work();
    assert!(began.elapsed() < MOST, "{:?}", began.elapsed());
    result
}

/// What comes of writing, embedding and sealing with a font.
fn tried(font: Vec<u8>) -> Vec<&'static str> {
    let font = match Font::from_bytes(font, 0) {
        Ok(font) => font,
        Err(error) => return vec![error.code()],
    };
    let glyph = font.glyphs().unwrap().of('1').unwrap();
    let book = FontBook::new().with(contract::Font::Hei, font.clone()).unwrap();
    let written = book.letters("1", contract::Font::Hei, false).err().map(|error| error.code());
    let embedded = FontProgram::new(&font, BTreeMap::from([(glyph, "1".to_owned())])).err();
    let seal = SealDesign::from(RoundSeal::new("1111", SealSize::round(42)).unwrap());
    let sealed = seal.face(&font).err().map(|error| error.code());
    [written, embedded.map(|error| error.code()), sealed].map(|it| it.unwrap_or("fine")).into()
}

#[test]
fn parts_of_parts_of_glyphs_are_counted() {
    // Without a stated height the font is asked for that of a letter as soon as it is loaded.
    assert_eq!(in_time(|| tried(truetype_bomb(10))), ["font.format"]);
    assert_eq!(in_time(|| tried(truetype_bomb(40))), ["font.format"]);
    // Nothing is drawn by two levels either, but it is no bomb.
    assert_eq!(in_time(|| tried(truetype_bomb(2)))[..2], ["fine"; 2]);
}

#[test]
fn subroutines_of_subroutines_are_counted() {
    let charstring = [139, 22, 32, 29, 14];
    assert_eq!(in_time(|| tried(cff_bomb(9, &charstring))), ["font.format"; 3]);
    // Deeper than this reader goes, though not than others.
    assert_eq!(in_time(|| tried(cff_bomb(60, &charstring))), ["font.format"; 3]);
    assert_eq!(in_time(|| tried(cff_bomb(2, &charstring)))[..2], ["fine"; 2]);
}

#[test]
fn what_readers_understand_in_different_ways_is_refused() {
    // Stems behind a mask, an index with a fraction, arithmetic, two glyphs in one.
    for charstring in [
        &[139, 139, 1, 19, 0, 139, 139, 1, 14][..],
        &[255, 0, 0, 128, 0, 29, 14],
        &[139, 12, 18, 14],
        &[139, 139, 172, 172, 14],
        &[139; 60],
        &[139, 139, 1, 19],
    ] {
        assert_eq!(tried(cff_bomb(2, charstring))[0], "font.format", "{charstring:?}");
    }
}

#[test]
fn maps_of_characters_are_few() {
    let map = |count: u16, group: u32| {
        let mut cmap = [[0, 0], count.to_be_bytes()].concat();
        let subtable = u32::from(count) * 8 + 4;
        (0..count).for_each(|_| {
            cmap.extend([0, 3, 0, 10]);
            cmap.extend(subtable.to_be_bytes());
        });
        cmap.extend([0, 13, 0, 0]);
        cmap.extend((16 + group * 12).to_be_bytes());
        cmap.extend([0; 4]);
        cmap.extend(group.to_be_bytes());
        cmap.resize(cmap.len() + group as usize * 12, 0);
        Font::from_bytes(with_tables(NOTO_SANS_SC, &[(b"cmap", cmap)]), 0)
    };
    let code = |font: Result<Font, WritingError>| font.err().map(|error| error.code());
    assert_eq!(in_time(|| code(map(65_535, 1))), Some("font.format"));
    assert_eq!(in_time(|| code(map(1, 500_000))), Some("font.format"));
    assert_eq!(code(map(2, 100)), None);
}

#[test]
fn names_are_gone_through_within_bounds() {
    let (count, length) = (60_000_u16, 60_000_u16);
    let mut name = [[0, 0], count.to_be_bytes(), [0, 6]].concat();
    for _ in 0..count {
        // The PostScript name, of Windows, no UTF-16: one half of a pair.
        name.extend([0, 3, 0, 1, 4, 9, 0, 6]);
        name.extend(length.to_be_bytes());
        name.extend([0, 0]);
    }
    name.extend(std::iter::repeat_n(0xD8, usize::from(length)));
    let font = with_tables(NOTO_SANS_SC, &[(b"name", name)]);
    assert_eq!(in_time(|| Font::from_bytes(font, 0)).unwrap().name(), "Unnamed");
}
