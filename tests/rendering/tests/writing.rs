//! Text, ticks and handwriting, rendered and looked at.

use sealwright::appearance::{
    CheckMark, Drawing, Font, FontBook, Handwriting, Sketch, StrokePoint, TextBlock,
};
use sealwright::contract::{self, Colour, DateStyle, TextStyle};
use sealwright::geometry::{Pt, Size};
use sealwright_rendering::{Rendered, drawn_page, golden, poppler, poppler_text, render};
use sealwright_testdata::font::{COLLECTION, DEJAVU_SANS, NOTO_SANS_SC, NOTO_SERIF_SC};
use sealwright_testdata::handwriting;
use time::{OffsetDateTime, UtcOffset};

/// 黑体 with CFF outlines, 宋体 with CFF outlines, 仿宋 with TrueType outlines.
fn fonts() -> FontBook {
    let font = |bytes: &[u8], index| Font::from_bytes(bytes, index).unwrap();
    let fonts = FontBook::new().with(contract::Font::Hei, font(NOTO_SANS_SC, 0)).unwrap();
    let fonts = fonts.with(contract::Font::Song, font(NOTO_SERIF_SC, 0)).unwrap();
    let fonts = fonts.with(contract::Font::FangSong, font(COLLECTION, 1)).unwrap();
    fonts.with_fallback(font(DEJAVU_SANS, 0)).unwrap()
}

fn size(width: f64, height: f64) -> Size {
    Size::new(Pt(width), Pt(height)).unwrap()
}

fn line(text: &str, style: TextStyle, size: Size) -> Drawing {
    TextBlock::line(text).style(style).sketch(&fonts(), size).unwrap().drawing().unwrap()
}

/// The share of dark pixels in a rectangle of pixels.
fn darkness(picture: &Rendered, [left, top, right, bottom]: [usize; 4]) -> f64 {
    let dark = |x, y| picture.at(x, y).iter().all(|value| *value < 128);
    let count = (top..bottom).flat_map(|y| (left..right).map(move |x| (x, y)));
    let count = count.filter(|(x, y)| dark(*x, *y)).count();
    count as f64 / ((right - left) * (bottom - top)) as f64
}

/// Of each glyph, which of sixteen parts of its box are how dark.
fn shapes(font: contract::Font) -> Vec<Vec<u8>> {
    let style = TextStyle { font, ..TextStyle::default() };
    let drawing = line("甲方盖章", style, size(48.0, 12.0));
    let picture = render(&drawn_page((68.0, 32.0), &[(drawing, 10.0, 10.0)]), 8.0);
    let part = |glyph: usize, part: usize| {
        let (left, top) = (80 + glyph * 96 + part % 4 * 24, 80 + part / 4 * 24);
        (darkness(&picture, [left, top, left + 24, top + 24]) * 255.0) as u8
    };
    (0..4).map(|glyph| (0..16).map(|at| part(glyph, at)).collect()).collect()
}

fn difference(a: &[u8], b: &[u8]) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum()
}

#[test]
fn chinese_text_is_neither_blank_nor_boxes() {
    let (cff, truetype) = (shapes(contract::Font::Hei), shapes(contract::Font::FangSong));
    for (glyph, shape) in cff.iter().enumerate() {
        let dark: u32 = shape.iter().map(|part| u32::from(*part)).sum::<u32>() / 16;
        assert!((15..160).contains(&dark), "glyph {glyph} is blank or full: {dark}");
        // The same glyph with the other kind of outlines; no two glyphs alike.
        assert!(difference(shape, &truetype[glyph]) < 80, "{shape:?} {:?}", truetype[glyph]);
        for other in cff.iter().skip(glyph + 1) {
            assert!(difference(shape, other) > 120, "{shape:?} {other:?}");
        }
    }
}

#[test]
fn text_stands_in_the_middle_of_its_box() {
    let drawing = line("盖章", TextStyle::default(), size(60.0, 30.0));
    let picture = render(&drawn_page((80.0, 50.0), &[(drawing, 10.0, 10.0)]), 8.0);
    let rows = |y: usize| darkness(&picture, [0, y, 640, y + 1]) > 0.0;
    let (first, last) = (
        (0..400).find(|y| rows(*y)).expect("text"),
        (0..400).rev().find(|y| rows(*y)).expect("text"),
    );
    // The middle of the box is at 25 points, 200 pixels.
    assert!((first + last).abs_diff(400) < 12, "from {first} to {last}");
}

#[test]
fn text_can_be_searched_and_copied() {
    let fonts = fonts();
    let style = |font| TextStyle { font, bold: true, ..TextStyle::default() };
    let sketches =
        [contract::Font::Hei, contract::Font::Song, contract::Font::FangSong].map(|it| {
            let block = TextBlock::line("甲方é（签署日期）").style(style(it));
            block.sketch(&fonts, size(140.0, 20.0)).unwrap()
        });
    let drawings = Sketch::drawings(&sketches).unwrap();
    let placed = drawings.into_iter().zip([10.0, 40.0, 70.0]);
    let placed: Vec<_> = placed.map(|(drawing, top)| (drawing, 10.0, top)).collect();
    let Some(read) = poppler_text(&drawn_page((200.0, 100.0), &placed)) else { return };
    assert_eq!(read.matches("甲方é（签署日期）").count(), 3, "{read}");
}

/// A page with a bit of everything.
fn sample() -> Vec<u8> {
    let fonts = fonts();
    let at = OffsetDateTime::from_unix_timestamp(1_767_632_400).unwrap();
    let zone = UtcOffset::from_hms(8, 0, 0).unwrap();
    let text = "本协议由甲方（上海有限公司）与乙方（Sealwright Ltd.）友好协商，一致订立。";
    let song = TextStyle { font: contract::Font::Song, ..TextStyle::default() };
    let red = TextStyle { bold: true, colour: Colour(200, 0, 0), ..song };
    let strokes = handwriting::signature().into_iter().map(|stroke| {
        let point = |(x, y, millis): (f64, f64, u32)| StrokePoint::new(x, y, millis);
        stroke.into_iter().map(point).collect::<Vec<_>>()
    });
    let (width, height) = handwriting::CANVAS;
    let written = Handwriting::new(width, height, strokes).unwrap();
    let block = |block: TextBlock, size| block.sketch(&fonts, size).unwrap();
    let date = TextBlock::sign_date(&DateStyle::default(), at, zone);
    let parts = [
        (block(TextBlock::paragraphs(text).style(song), size(150.0, 80.0)), 10.0, 10.0),
        (block(date, size(100.0, 20.0)), 10.0, 95.0),
        (block(TextBlock::line("不同意é").style(red), size(60.0, 20.0)), 110.0, 95.0),
        (CheckMark::ticked(true).sketch(size(12.0, 12.0)).unwrap(), 10.0, 120.0),
        (CheckMark::ticked(false).sketch(size(12.0, 12.0)).unwrap(), 30.0, 120.0),
        (written.sketch(size(112.0, 52.0)).unwrap(), 165.0, 20.0),
        (written.colour(Colour(0, 0, 139)).sketch(size(60.0, 52.0)).unwrap(), 190.0, 80.0),
    ];
    let sketches: Vec<Sketch> = parts.iter().map(|(sketch, ..)| sketch.clone()).collect();
    let drawings = Sketch::drawings(&sketches).unwrap();
    let placed = drawings.into_iter().zip(&parts);
    let placed: Vec<_> = placed.map(|(drawing, (_, x, y))| (drawing, *x, *y)).collect();
    drawn_page((290.0, 144.0), &placed)
}

#[test]
fn the_sample_looks_as_it_did() {
    golden("writing", &render(&sample(), 1.5));
}

/// Stroke by stroke two rasterisers differ; where there is ink, and how much, they agree.
#[test]
fn pdftoppm_shows_the_sample_alike() {
    const SCALE: usize = 2;
    let Some(theirs) = poppler(&sample(), 1, 72.0 * SCALE as f64) else { return };
    let ours = render(&sample(), SCALE as f32);
    assert_eq!((ours.width, ours.height), (theirs.width, theirs.height));
    let ink = |picture: &Rendered, x: usize, y: usize| {
        let pixels = (0..8).flat_map(|dy| (0..8).map(move |dx| (x + dx, y + dy)));
        pixels.map(|(x, y)| 255 - i32::from(picture.at(x, y)[1])).sum::<i32>() / 64
    };
    let mut inked = 0;
    for y in (0..ours.height - 7).step_by(8) {
        for x in (0..ours.width - 7).step_by(8) {
            let (one, other) = (ink(&ours, x, y), ink(&theirs, x, y));
            assert!((one - other).abs() < 40, "at ({x}, {y}): {one} and {other}");
            inked += usize::from(one > 20);
        }
    }
    assert!(inked > 200, "{inked}");
}
