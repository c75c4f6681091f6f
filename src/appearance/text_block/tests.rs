//! Tests of text set into boxes.

use proptest::prelude::*;
use sealwright_testdata::font::{DEJAVU_SANS, NOTO_SANS_SC, NOTO_SERIF_SC};

use time::Duration;

use super::*;
use crate::appearance::Font;
use crate::contract::{self, Colour, ControlKind};

fn fonts() -> FontBook {
    let font = |bytes: &[u8]| Font::from_bytes(bytes, 0).unwrap();
    let fonts = FontBook::new().with(contract::Font::Hei, font(NOTO_SANS_SC)).unwrap();
    let fonts = fonts.with(contract::Font::Song, font(NOTO_SERIF_SC)).unwrap();
    fonts.with_fallback(font(DEJAVU_SANS)).unwrap()
}

fn size(width: f64, height: f64) -> Size {
    Size::new(Pt(width), Pt(height)).unwrap()
}

fn runs(sketch: &Sketch) -> Vec<TextRun> {
    let runs = sketch.elements().iter().map(|element| match element {
        Element::Text(run) => run.clone(),
        _ => panic!("text alone"),
    });
    runs.collect()
}

fn lines(text: &TextBlock, size: Size) -> Vec<String> {
    let read = |run: &TextRun| run.letters.iter().map(|it| it.character).collect();
    runs(&text.sketch(&fonts(), size).unwrap()).iter().map(read).collect()
}

/// Left, bottom, right and top of what is painted.
fn ink(sketch: &Sketch) -> [f64; 4] {
    let mut all = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for run in runs(sketch) {
        let mut x = run.at.x;
        for form in run.letters.iter().filter_map(|letter| letter.form.as_ref()) {
            if let Some([left, bottom, right, top]) = form.ink {
                all[0] = all[0].min(x + left * run.size);
                all[1] = all[1].min(run.at.y + bottom * run.size);
                all[2] = all[2].max(x + right * run.size);
                all[3] = all[3].max(run.at.y + top * run.size);
            }
            x += form.advance * run.size;
        }
    }
    all
}

#[test]
fn a_line_stands_in_the_middle_of_its_box_and_where_it_is_aligned() {
    let at = |align, vertical| {
        let style = TextStyle { align, ..TextStyle::default() };
        let block = TextBlock::line("甲方").style(style).vertical(vertical);
        runs(&block.sketch(&fonts(), size(120.0, 30.0)).unwrap())[0].at
    };
    let middle = at(Align::Left, Vertical::Middle);
    // The ideographs' boxes, 12 points high, 0.12 of them below the baseline.
    assert!((middle.y - (9.0 + 0.12 * 12.0)).abs() < 1e-9 && middle.x.abs() < 1e-9);
    assert!((at(Align::Center, Vertical::Top).x - 48.0).abs() < 1e-9);
    assert!((at(Align::Right, Vertical::Bottom).x - 96.0).abs() < 1e-9);
    assert!((at(Align::Left, Vertical::Top).y - (18.0 + 1.44)).abs() < 1e-9);
    assert!((at(Align::Left, Vertical::Bottom).y - 1.44).abs() < 1e-9);
    let tails = ink(&TextBlock::line("gjpqy").sketch(&fonts(), size(60.0, 14.0)).unwrap());
    assert!(tails[1].abs() < 1e-9, "{tails:?}");
}

#[test]
fn lines_break_where_they_may_and_where_the_text_says() {
    let block = TextBlock::paragraphs("甲方（公司），乙方。\n日期");
    assert_eq!(lines(&block, size(60.0, 90.0)), ["甲方（公", "司），乙", "方。", "日期"]);
    let block = TextBlock::line("甲方\n\n乙方");
    let set = block.sketch(&fonts(), size(60.0, 50.0)).unwrap();
    let runs = runs(&set);
    assert!((runs[0].at.y - runs[1].at.y - 2.0 * PITCH * 12.0).abs() < 1e-9, "an empty line");
}

#[test]
fn an_overflow_says_both_sizes_and_type_shrinks_if_it_may() {
    let block = TextBlock::line("北京上海广州深圳");
    let error = block.sketch(&fonts(), size(60.0, 20.0)).unwrap_err();
    let WritingError::Overflow { needed, given } = error else { panic!("{error}") };
    assert_eq!((needed.width().thousandths(), given), (96_000, size(60.0, 20.0)));
    let shrunk = block.clone().overflow(Overflow::ShrinkTo(FontSize::new(6).unwrap()));
    let set = runs(&shrunk.sketch(&fonts(), size(60.0, 20.0)).unwrap());
    assert!((set[0].size - 7.5).abs() < 1e-9, "{}", set[0].size);
    let error = shrunk.sketch(&fonts(), size(40.0, 20.0)).unwrap_err();
    assert!(error.to_string().contains(&needed.to_string()), "{error}");
}

#[test]
fn style_says_font_size_and_colour() {
    let colour = Colour(200, 0, 0);
    let (font, size_) = (contract::Font::Song, FontSize::new(20).unwrap());
    let style = TextStyle { font, size: size_, colour, ..TextStyle::default() };
    let set = TextBlock::line("甲").style(style).sketch(&fonts(), size(60.0, 30.0)).unwrap();
    let run = &runs(&set)[0];
    assert_eq!((run.size, run.colour), (20.0, colour));
    let form = run.letters[0].form.as_ref().unwrap();
    assert_eq!(form.font.name(), "NotoSerifCJKsc-Regular");
}

#[test]
fn a_generated_signature_fills_its_box() {
    let block = TextBlock::generated_signature("王五", TextStyle::default());
    let [left, bottom, right, top] = ink(&block.sketch(&fonts(), size(112.0, 52.0)).unwrap());
    assert!(right - left > 80.0 && top - bottom > 35.0, "{left} {bottom} {right} {top}");
}

#[test]
fn debug_output_does_not_show_the_text() {
    let block = TextBlock::line("王五");
    assert!(!format!("{block:?}").contains('王'));
    let sketch = block.sketch(&fonts(), size(60.0, 20.0)).unwrap();
    assert!(!format!("{sketch:?}").contains('王'));
    assert!(TextBlock::line("").sketch(&fonts(), size(60.0, 20.0)).unwrap().is_blank());
}

proptest! {
    /// A text is refused, or all of it but the spaces at the ends of lines is painted, inside
    /// of its box.
    #[test]
    fn what_is_set_is_complete_and_leaves_its_box_nowhere(
        text in "[甲乙，。（）“”Agjfé0-9 —…\n]{1,40}",
        (width, height) in (10.0..200.0_f64, 10.0..120.0_f64),
        (bold, align) in (any::<bool>(), 0..3_usize),
    ) {
        let align = [Align::Left, Align::Center, Align::Right][align];
        let style = TextStyle { bold, align, ..TextStyle::default() };
        let block = TextBlock::paragraphs(text.clone()).style(style);
        let given = size(width, height);
        match block.sketch(&fonts(), given) {
            Err(error) => prop_assert_eq!(error.code(), "text.overflow"),
            Ok(sketch) => {
                let unspaced = |text: &str| -> String {
                    text.chars().filter(|it| !it.is_whitespace()).collect()
                };
                let read: String = lines(&block, given).concat();
                prop_assert_eq!(unspaced(&read), unspaced(&text));
                if !unspaced(&read).is_empty() {
                    let [left, bottom, right, top] = ink(&sketch);
                    prop_assert!(left > -0.01 && bottom > -0.01, "{} {}", left, bottom);
                    prop_assert!(right < width + 0.01 && top < height + 0.01);
                }
            }
        }
    }
}

#[test]
fn a_name_that_would_be_too_small_to_read_is_refused() {
    let block = TextBlock::generated_signature("王五王五王五王五", TextStyle::default());
    assert!(block.sketch(&fonts(), size(112.0, 52.0)).is_ok());
    let error = block.sketch(&fonts(), size(20.0, 20.0)).unwrap_err();
    let WritingError::Overflow { needed, given } = error else { panic!("{error}") };
    assert_eq!((needed.width().thousandths(), given), (32_000, size(20.0, 20.0)));
    assert!(block.sketch(&fonts(), size(0.5, 0.5)).is_err());
}

#[test]
fn a_date_with_its_time_fits_the_usual_box_alike_on_every_day() {
    let style = DateStyle { with_time: true, ..DateStyle::default() };
    let usual = ControlKind::SignDate(style).default_size();
    let type_size = |days: i64, seconds: i64| {
        let at = OffsetDateTime::UNIX_EPOCH + Duration::days(days) + Duration::seconds(seconds);
        let date = TextBlock::sign_date(&style, at, UtcOffset::UTC);
        runs(&date.sketch(&fonts(), usual).unwrap())[0].size
    };
    // 1970-01-01 00:00:00 is shorter by two digits than 1970-12-31 23:59:59.
    let (short, long) = (type_size(0, 0), type_size(364, 86_399));
    assert!((short - long).abs() < 1e-9, "{short} {long}");
    assert!((8.0..12.0).contains(&long), "{long}");
    let plain =
        TextBlock::sign_date(&DateStyle::default(), OffsetDateTime::UNIX_EPOCH, UtcOffset::UTC);
    assert_eq!(runs(&plain.sketch(&fonts(), usual).unwrap())[0].size, 12.0);
    assert_eq!(plain.sketch(&fonts(), size(20.0, 10.0)).unwrap_err().code(), "text.overflow");
}

#[test]
fn text_that_shows_nothing_fits_everywhere() {
    for text in ["", " ", "\n\n", "\u{200B}", " \r\n"] {
        for block in [TextBlock::line(text), TextBlock::paragraphs(text)] {
            let sketch = block.sketch(&fonts(), size(3.0, 3.0)).unwrap();
            assert!(sketch.is_blank(), "{text:?}");
        }
    }
}
