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
/// Below this size of type a name cannot be read, in points.
const LEGIBLE: f64 = 4.0;
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
    /// A text of the same form whose digits, each as wide as the widest, have to fit as well.
    model: Option<String>,
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
            model: None,
        }
    }

    /// A text whose lines are broken where they reach the right side of the box, from its top.
    #[must_use]
    pub fn paragraphs(text: impl Into<String>) -> Self {
        Self { wraps: true, vertical: Vertical::Top, ..Self::line(text) }
    }

    /// The date of a signature (签署日期), as its control has it, in the zone of the contract: the
    /// instant 2026-01-05 17:00 UTC is 2026年1月6日 at +08:00.
    ///
    /// In a box that is too narrow for the longest date of the format, its type shrinks, to 6 points
    /// at least: it is as large on one day as on another, and what fits when a contract is prepared
    /// fits when it is signed.
    #[must_use]
    pub fn sign_date(style: &DateStyle, at: OffsetDateTime, zone: UtcOffset) -> Self {
        // December 20, 1970 has as many digits as any day.
        let longest = OffsetDateTime::UNIX_EPOCH + time::Duration::days(353);
        let model = Some(style.write(longest, UtcOffset::UTC));
        let overflow = Overflow::ShrinkTo(FontSize::SMALLEST);
        Self { model, overflow, ..Self::line(style.write(at, zone)).style(style.text()) }
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
        let letters = self.letters(fonts)?;
        if !letters.iter().any(paints) {
            return Ok(sketch);
        }
        let own = if self.fills {
            self.largest(&letters, &sketch)?
        } else {
            f64::from(self.style.size.points())
        };
        let least = match self.overflow {
            Overflow::Refuse => own,
            Overflow::ShrinkTo(least) => f64::from(least.points()).min(own),
        };
        // What has to fit: the text, or the longest of its form.
        let ruling = self.longest(fonts).filter(|longest| across(longest) > across(&letters));
        let ruling = ruling.as_ref().unwrap_or(&letters);
        let em = |step: u16| own - STEP * f64::from(step);
        let steps = (1..).take_while(|step| em(*step) >= least).last().unwrap_or(0);
        let fits = |step| self.set(ruling, em(step), sketch.width()).fit(&sketch);
        let Some(step) = first_that_fits(steps, fits) else {
            let needed = self.set(ruling, own, sketch.width()).size();
            return Err(WritingError::Overflow { needed, given: size });
        };
        for run in self.set(&letters, em(step), sketch.width()).placed(&sketch, self) {
            sketch.push(Element::Text(run));
        }
        Ok(sketch)
    }

    /// What stands for its characters, whatever the size of type.
    pub(super) fn letters(&self, fonts: &FontBook) -> Result<Vec<Letter>, WritingError> {
        fonts.letters(&self.text, self.style.font, self.style.bold)
    }

    /// How wide what is painted of these letters is in a box of this width, in the block's own size of
    /// type and in points: more than the width where a letter is wider. And how high the box has to be.
    pub(super) fn needed(&self, letters: &[Letter], width: f64) -> [f64; 2] {
        let lines = self.set(letters, f64::from(self.style.size.points()), width);
        let (up, down) = lines.ems_up_and_down();
        [lines.ems_across() * lines.em, (up + down) * lines.em]
    }

    /// The model with whichever digit is the widest, of those that the fonts have.
    fn longest(&self, fonts: &FontBook) -> Option<Vec<Letter>> {
        let model = self.model.as_ref()?;
        let of = |digit: char| {
            let text: String =
                model.chars().map(|it| if it.is_ascii_digit() { digit } else { it }).collect();
            fonts.letters(&text, self.style.font, self.style.bold).ok()
        };
        ('0'..='9').filter_map(of).max_by(|a, b| across(a).total_cmp(&across(b)))
    }

    /// The size of type at which a line fills nine tenths of the box, in tenths of a point.
    fn largest(&self, letters: &[Letter], sketch: &Sketch) -> Result<f64, WritingError> {
        let set = self.set(letters, 1.0, f64::INFINITY);
        let (up, down) = set.ems_up_and_down();
        let across = sketch.width() / set.ems_across().max(0.01);
        let largest = (across.min(sketch.height() / (up + down)) * 9.0).floor() / 10.0;
        if largest < LEGIBLE {
            let needed = self.set(letters, LEGIBLE, f64::INFINITY).size();
            return Err(WritingError::Overflow { needed, given: sketch.size() });
        }
        Ok(largest)
    }

    /// The lines at one size of type.
    fn set(&self, letters: &[Letter], em: f64, width: f64) -> Lines {
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
        lines
    }
}

/// The first of the steps 0 to `last` that fits, none if the last one does not: what fits at one step
/// fits at all that follow.
pub(super) fn first_that_fits(last: u16, fits: impl Fn(u16) -> bool) -> Option<u16> {
    if fits(0) {
        return Some(0);
    }
    if last == 0 || !fits(last) {
        return None;
    }
    let (mut too_large, mut fitting) = (0, last);
    while fitting - too_large > 1 {
        let middle = too_large + (fitting - too_large) / 2;
        if fits(middle) {
            fitting = middle;
        } else {
            too_large = middle;
        }
    }
    Some(fitting)
}

/// Whether a letter shows anything.
fn paints(letter: &Letter) -> bool {
    letter.form.as_ref().is_some_and(|form| form.ink.is_some())
}

/// How far the pen moves, in ems.
fn across(letters: &[Letter]) -> f64 {
    letters.iter().map(Letter::advance).sum()
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
        let mut at = 0.0;
        let mut placed = Vec::new();
        for run in self.letters.chunk_by(|a, b| same(&a.form, &b.form)) {
            placed.push((run.to_vec(), at));
            at += run.iter().map(Letter::advance).sum::<f64>();
        }
        placed
    }
}

/// Whether two letters are painted by one operator: they come from one font, in one weight.
pub(super) fn same(a: &Option<Form>, b: &Option<Form>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.font.is(&b.font) && a.thickened == b.thickened,
        _ => false,
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
mod tests;
