//! Text set into a box.

use std::fmt;

use time::{OffsetDateTime, UtcOffset};

use super::WritingError;
use super::font_book::{FontBook, Form, Letter};
use super::line_breaking::{self, hangs};
use super::path::Point;
use super::sketch::{Element, Sketch, THICKENING, TextRun};
use crate::contract::{Align, DateStyle, FontSize, Opinion, TextStyle};
use crate::geometry::{Pt, Size};

/// From one baseline to the next, in ems.
const PITCH: f64 = 1.3;
/// What an ideograph's box reaches above and below the baseline, in ems.
const ABOVE: f64 = 0.88;
const BELOW: f64 = 0.12;
/// By how much shrinking type gets smaller at a time, in points.
const STEP: f64 = 0.5;

/// Where the lines stand between the top and the bottom of their box.
///
/// ```
/// assert_eq!(sealwright::appearance::Vertical::default(), sealwright::appearance::Vertical::Middle);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Vertical {
    /// At the top.
    Top,
    /// In the middle.
    #[default]
    Middle,
    /// At the bottom.
    Bottom,
}

/// What happens to a text that does not fit into its box.
///
/// ```
/// assert_eq!(sealwright::appearance::Overflow::default(), sealwright::appearance::Overflow::Refuse);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// It is refused, with the size it needs and the size of the box.
    #[default]
    Refuse,
    /// Its type gets smaller by half points until it fits; below this size it is refused.
    ShrinkTo(FontSize),
}

/// Text to be set into a box (文本): a line, or paragraphs whose lines are broken.
///
/// A line break in the text begins a new line in either case. Lines are broken by Chinese rules
/// (标点避头尾): no closing punctuation at the start of a line, no opening punctuation at its end,
/// Latin words and numbers whole; what is wider than the box all the same is broken anywhere.
/// Nothing that is painted leaves the box. There is no shaping: scripts that need it are refused.
///
/// ```
/// # let bytes = sealwright_testdata::font::NOTO_SANS_SC;
/// use sealwright::appearance::{Font, FontBook, Overflow, TextBlock};
/// use sealwright::contract::{self, FontSize};
/// use sealwright::geometry::{Pt, Size};
///
/// let fonts = FontBook::new().with(contract::Font::Hei, Font::from_bytes(bytes, 0)?)?;
/// let text = TextBlock::paragraphs("本协议由甲方、乙方共同签署，内容如下。");
/// let small = Size::new(Pt(60.0), Pt(20.0))?;
/// assert_eq!(text.sketch(&fonts, small).unwrap_err().code(), "text.overflow");
/// assert!(text.overflow(Overflow::ShrinkTo(FontSize::new(6)?)).sketch(&fonts, small).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TextBlock {
    text: String,
    style: TextStyle,
    wraps: bool,
    vertical: Vertical,
    overflow: Overflow,
    /// As large as fits, whatever the style says.
    fills: bool,
}

impl TextBlock {
    /// A text whose lines are not broken, in the middle of its box: 黑体 of 12 points, black, at the
    /// left.
    #[must_use]
    pub fn line(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            style: TextStyle::default(),
            wraps: false,
            vertical: Vertical::Middle,
            overflow: Overflow::Refuse,
            fills: false,
        }
    }

    /// A text whose lines are broken where they reach the right side of the box, from its top.
    #[must_use]
    pub fn paragraphs(text: impl Into<String>) -> Self {
        Self { wraps: true, vertical: Vertical::Top, ..Self::line(text) }
    }

    /// The date of a signature (签署日期), as its control has it, in the zone of the contract: the
    /// instant 2026-01-05 17:00 UTC is 2026年1月6日 at +08:00.
    #[must_use]
    pub fn sign_date(style: &DateStyle, at: OffsetDateTime, zone: UtcOffset) -> Self {
        Self::line(style.write(at, zone)).style(style.text())
    }

    /// An opinion that a signer confirmed (签批意见).
    #[must_use]
    pub fn opinion(opinion: &Opinion) -> Self {
        Self::paragraphs(opinion.text()).vertical(Vertical::Middle)
    }

    /// A signature that is generated from the name of a person (vendor `SYSTEM_ESIGN`): in one line,
    /// in the middle, as large as the box allows. The style says typeface, colour and weight; hosts
    /// map 仿宋 to a font of handwriting for it, or whatever else they like.
    #[must_use]
    pub fn generated_signature(name: impl Into<String>, style: TextStyle) -> Self {
        let style = TextStyle { align: Align::Center, ..style };
        Self { fills: true, ..Self::line(name).style(style) }
    }

    /// In this style.
    #[must_use]
    pub fn style(self, style: TextStyle) -> Self {
        Self { style, ..self }
    }

    /// At this height of the box.
    #[must_use]
    pub fn vertical(self, vertical: Vertical) -> Self {
        Self { vertical, ..self }
    }

    /// With this answer where it does not fit.
    #[must_use]
    pub fn overflow(self, overflow: Overflow) -> Self {
        Self { overflow, ..self }
    }

    /// Set into a box of this size. Empty text gives a blank sketch.
    ///
    /// # Errors
    ///
    /// [`WritingError::StyleWithoutFont`], [`WritingError::MissingGlyphs`],
    /// [`WritingError::Script`], [`WritingError::TooLong`], [`WritingError::EmptyBox`] and, unless
    /// shrinking helps, [`WritingError::Overflow`] with what the text needs in its own size.
    pub fn sketch(&self, fonts: &FontBook, size: Size) -> Result<Sketch, WritingError> {
        let mut sketch = Sketch::blank(size)?;
        let letters = fonts.letters(&self.text, self.style.font, self.style.bold)?;
        let own = if self.fills {
            self.largest(&letters, &sketch)?
        } else {
            f64::from(self.style.size.points())
        };
        let least = match self.overflow {
            Overflow::Refuse => own,
            Overflow::ShrinkTo(least) => f64::from(least.points()).min(own),
        };
        let wanted = self.set(&letters, own, sketch.width())?;
        let mut lines = wanted.clone();
        while !lines.fit(&sketch) {
            if lines.em - STEP < least {
                let needed = wanted.size();
                return Err(WritingError::Overflow { needed, given: size });
            }
            lines = self.set(&letters, lines.em - STEP, sketch.width())?;
        }
        for run in lines.placed(&sketch, self) {
            sketch.push(Element::Text(run));
        }
        Ok(sketch)
    }

    /// The size of type at which a line fills nine tenths of the box, in tenths of a point.
    fn largest(&self, letters: &[Letter], sketch: &Sketch) -> Result<f64, WritingError> {
        let set = self.set(letters, 1.0, f64::INFINITY)?;
        let (up, down) = set.ems_up_and_down();
        let across = sketch.width() / set.ems_across().max(0.01);
        Ok((across.min(sketch.height() / (up + down)) * 9.0).floor() / 10.0)
    }

    /// The lines at one size of type.
    fn set(&self, letters: &[Letter], em: f64, width: f64) -> Result<Lines, WritingError> {
        let mut lines = Lines { em, lines: Vec::new() };
        for paragraph in letters.split(|letter| letter.form.is_none()) {
            let ranges = if self.wraps {
                let characters: Vec<char> = paragraph.iter().map(|it| it.character).collect();
                let widths: Vec<f64> = paragraph.iter().map(|it| it.advance() * em).collect();
                line_breaking::lines(&characters, &widths, width)
            } else {
                std::iter::once(0..paragraph.len()).collect()
            };
            for range in ranges {
                let line = paragraph.get(range).unwrap_or_default();
                let hanging = line.iter().rev().take_while(|letter| hangs(letter.character));
                let painted = line.len() - hanging.count();
                lines.lines.push(Line::new(line.get(..painted).unwrap_or_default()));
            }
        }
        Ok(lines)
    }
}

impl fmt::Debug for TextBlock {
    /// Without the text, which may be anybody's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextBlock")
            .field("characters", &self.text.chars().count())
            .field("style", &self.style)
            .field("wraps", &self.wraps)
            .field("vertical", &self.vertical)
            .field("overflow", &self.overflow)
            .finish()
    }
}

/// Lines of one size of type.
#[derive(Clone)]
struct Lines {
    /// In points.
    em: f64,
    lines: Vec<Line>,
}

/// A line; lengths in ems, from the beginning of its baseline.
#[derive(Clone)]
struct Line {
    letters: Vec<Letter>,
    advance: f64,
    /// What is painted: left, bottom, right, top; at least the advance from left to right.
    ink: [f64; 4],
}

impl Line {
    fn new(letters: &[Letter]) -> Self {
        let (mut advance, mut ink) = (0.0_f64, [0.0_f64; 4]);
        for form in letters.iter().filter_map(|letter| letter.form.as_ref()) {
            if let Some([left, bottom, right, top]) = form.ink {
                let around = if form.thickened { THICKENING / 2.0 } else { 0.0 };
                ink = [
                    ink[0].min(advance + left - around),
                    ink[1].min(bottom - around),
                    ink[2].max(advance + right + around),
                    ink[3].max(top + around),
                ];
            }
            advance += form.advance;
        }
        ink[2] = ink[2].max(advance);
        Self { letters: letters.to_vec(), advance, ink }
    }

    /// Stretches of one font, and where each begins.
    fn runs(&self) -> Vec<(Vec<Letter>, f64)> {
        let same = |a: &Option<Form>, b: &Option<Form>| match (a, b) {
            (Some(a), Some(b)) => a.font.is(&b.font) && a.thickened == b.thickened,
            _ => false,
        };
        let mut at = 0.0;
        let mut placed = Vec::new();
        for run in self.letters.chunk_by(|a, b| same(&a.form, &b.form)) {
            placed.push((run.to_vec(), at));
            at += run.iter().map(Letter::advance).sum::<f64>();
        }
        placed
    }
}

impl Lines {
    /// The baseline of a line below that of the first one, in ems.
    fn drop(index: usize) -> f64 {
        // No text has more lines than characters.
        f64::from(u16::try_from(index).unwrap_or(u16::MAX)) * PITCH
    }

    fn ems_across(&self) -> f64 {
        self.lines.iter().map(|line| line.ink[2] - line.ink[0]).fold(0.0, f64::max)
    }

    /// How far the lines reach above and below the first baseline, in ems.
    fn ems_up_and_down(&self) -> (f64, f64) {
        let last = Self::drop(self.lines.len().saturating_sub(1));
        let (mut up, mut down) = (ABOVE, last + BELOW);
        for (index, line) in self.lines.iter().enumerate() {
            up = up.max(line.ink[3] - Self::drop(index));
            down = down.max(Self::drop(index) - line.ink[1]);
        }
        (up, down)
    }

    fn fit(&self, sketch: &Sketch) -> bool {
        const HAIR: f64 = 0.001;
        let (up, down) = self.ems_up_and_down();
        self.ems_across() * self.em <= sketch.width() + HAIR
            && (up + down) * self.em <= sketch.height() + HAIR
    }

    /// What the lines need, rounded up to tenths of a point.
    fn size(&self) -> Size {
        let (up, down) = self.ems_up_and_down();
        let tenths = |length: f64| Pt((length * self.em * 10.0 - 0.01).ceil() / 10.0);
        Size::new(tenths(self.ems_across()), tenths(up + down)).unwrap_or_default()
    }

    /// The runs in the box.
    fn placed(&self, sketch: &Sketch, block: &TextBlock) -> Vec<TextRun> {
        let first = self.first_baseline(sketch.height(), block.vertical);
        let mut runs = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let free = sketch.width() - line.advance * self.em;
            let start = match block.style.align {
                Align::Left => 0.0,
                Align::Center => free / 2.0,
                Align::Right => free,
            };
            // Where a letter leans out of its advance, the line moves inwards.
            let right = sketch.width() - line.ink[2] * self.em;
            let start = start.min(right).max(-line.ink[0] * self.em);
            let y = first - Self::drop(index) * self.em;
            for (letters, at) in line.runs() {
                let at = Point::new(start + at * self.em, y);
                runs.push(TextRun { letters, at, size: self.em, colour: block.style.colour });
            }
        }
        runs
    }

    /// The boxes of the ideographs are put where they are wanted; then everything moves inwards as
    /// far as strokes leave the box, as the tail of a `g` does.
    fn first_baseline(&self, height: f64, vertical: Vertical) -> f64 {
        let last = Self::drop(self.lines.len().saturating_sub(1));
        let body = (last + ABOVE + BELOW) * self.em;
        let top = match vertical {
            Vertical::Top => height,
            Vertical::Middle => (height + body) / 2.0,
            Vertical::Bottom => body,
        };
        let (up, down) = self.ems_up_and_down();
        let first = top - ABOVE * self.em;
        first.min(height - up * self.em).max(down * self.em)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sealwright_testdata::font::{DEJAVU_SANS, NOTO_SANS_SC, NOTO_SERIF_SC};

    use super::*;
    use crate::appearance::Font;
    use crate::contract::{self, Colour};

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
}
