//! Text for whole pages: lines that belong to no box, and a painter that puts them on pages which share
//! their fonts.

use super::drawing::{Category, Drawing, Frame, Resources};
use super::font_book::{FontBook, Letter, Lettering};
use super::line_breaking::{self, hangs};
use super::path::{Point, number};
use super::sketch::{Painter, Programs, TextRun, colour_operator};
use super::text_block::same;
use super::{Error, WritingError};
use crate::contract::{self, Colour};
use crate::geometry::Size;

/// How wide each character of a digest is, in ems: wider than any digit of a usual font.
const CELL: f64 = 0.6;
/// How many digits of a digest stand together, also as a length, and what is free between two such
/// groups, in ems.
const GROUP: usize = 8;
const GROUP_EMS: f64 = 8.0;
const BETWEEN: f64 = 0.35;

/// How a text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Type {
    /// An em, in points.
    pub(crate) size: f64,
    pub(crate) bold: bool,
    pub(crate) colour: Colour,
}

/// Sets text in the fonts of one style.
pub(crate) struct Typesetter<'f> {
    regular: Lettering<'f>,
    bold: Lettering<'f>,
}

/// A line of text that was set.
#[derive(Clone)]
pub(crate) struct SetLine {
    /// From the beginning of the baseline.
    runs: Vec<(TextRun, Vec<f64>)>,
    width: f64,
    /// What is read where the letters stand apart.
    reads: Option<String>,
}

impl<'f> Typesetter<'f> {
    /// In a style of the host's fonts.
    pub(crate) fn new(fonts: &'f FontBook, style: contract::Font) -> Result<Self, WritingError> {
        let (regular, bold) = (fonts.lettering(style, false)?, fonts.lettering(style, true)?);
        Ok(Self { regular, bold })
    }

    /// The lines of a text, none wider than `width`, in points; one at least. A line break in the text
    /// begins a new line.
    pub(crate) fn lines(
        &self,
        text: &str,
        hand: Type,
        width: f64,
    ) -> Result<Vec<SetLine>, WritingError> {
        let letters = self.letters(text, hand)?;
        let mut lines = Vec::new();
        for paragraph in letters.split(|letter| letter.form.is_none()) {
            let characters: Vec<char> = paragraph.iter().map(|it| it.character).collect();
            let widths: Vec<f64> = paragraph.iter().map(|it| it.advance() * hand.size).collect();
            for range in line_breaking::lines(&characters, &widths, width) {
                lines.push(SetLine::of(paragraph.get(range).unwrap_or_default(), hand));
            }
        }
        Ok(lines)
    }

    /// The first line of a text; what does not fit on it is left out.
    pub(crate) fn first_line(
        &self,
        text: &str,
        hand: Type,
        width: f64,
    ) -> Result<SetLine, WritingError> {
        let first = self.lines(text, hand, width)?.into_iter().next();
        Ok(first.unwrap_or_else(|| SetLine::of(&[], hand)))
    }

    /// The lines of a digest or a number of many digits, each as wide as the next, in groups of eight:
    /// two of the same length stand digit below digit. A line holds whole groups, as many as fit; it is
    /// read without the gaps.
    pub(crate) fn digits(
        &self,
        digits: &str,
        hand: Type,
        width: f64,
    ) -> Result<Vec<SetLine>, WritingError> {
        let letters = self.letters(digits, hand)?;
        let cell = letters.iter().map(Letter::advance).fold(CELL, f64::max);
        let of_group = |groups: f64| (groups * (GROUP_EMS * cell + BETWEEN) - BETWEEN) * hand.size;
        // Half a digest, a quarter: lines of one length, whatever the width.
        let fitting = [16_u8, 8, 4, 2].into_iter().find(|it| of_group(f64::from(*it)) <= width);
        let in_line = usize::from(fitting.unwrap_or(1)) * GROUP;
        Ok(letters.chunks(in_line).map(|line| SetLine::spread(line, cell, hand)).collect())
    }

    fn letters(&self, text: &str, hand: Type) -> Result<Vec<Letter>, WritingError> {
        if hand.bold { self.bold.letters(text) } else { self.regular.letters(text) }
    }
}

impl SetLine {
    /// The letters as they follow each other, with the spaces at the end, which are not seen.
    fn of(letters: &[Letter], hand: Type) -> Self {
        let hanging = letters.iter().rev().take_while(|letter| hangs(letter.character)).count();
        let painted = letters.get(..letters.len() - hanging).unwrap_or_default();
        let width = painted.iter().map(Letter::advance).sum::<f64>() * hand.size;
        let letters = letters.get(..letters.len() - hanging.saturating_sub(1)).unwrap_or_default();
        Self { runs: runs(letters, &[], hand), width, reads: None }
    }

    /// Each letter in the middle of a cell, in groups.
    fn spread(letters: &[Letter], cell: f64, hand: Type) -> Self {
        let (mut gaps, mut left) = (Vec::with_capacity(letters.len()), 0.0);
        for (index, letter) in letters.iter().enumerate() {
            let between = if index > 0 && index.is_multiple_of(GROUP) { BETWEEN } else { 0.0 };
            let around = (cell - letter.advance()) / 2.0;
            gaps.push(left + between + around);
            left = around;
        }
        let across: f64 =
            letters.iter().map(Letter::advance).sum::<f64>() + gaps.iter().sum::<f64>();
        let reads = Some(letters.iter().map(Letter::text).collect());
        Self { runs: runs(letters, &gaps, hand), width: (across + left) * hand.size, reads }
    }

    /// From the beginning of the line to the end of what is painted, in points.
    pub(crate) fn width(&self) -> f64 {
        self.width
    }

    /// What is read on the line.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        let letters = self.runs.iter().flat_map(|(run, _)| &run.letters);
        letters.map(Letter::text).collect()
    }
}

/// Stretches of one font; `gaps` are what is free before each letter, in ems, or nothing.
fn runs(letters: &[Letter], gaps: &[f64], hand: Type) -> Vec<(TextRun, Vec<f64>)> {
    let (mut placed, mut x, mut first) = (Vec::new(), 0.0, 0);
    for run in letters.chunk_by(|a, b| same(&a.form, &b.form)) {
        let own = gaps.get(first..first + run.len()).unwrap_or_default();
        let at = Point::new(x * hand.size, 0.0);
        let letters = run.to_vec();
        let text = TextRun { letters, at, size: hand.size, colour: hand.colour };
        placed.push((text, own.to_vec()));
        x += run.iter().map(Letter::advance).sum::<f64>() + own.iter().sum::<f64>();
        first += run.len();
    }
    placed
}

/// The fonts of a document's pages, cut down to what all its lines use.
pub(crate) struct PageFonts(Programs);

impl PageFonts {
    /// Of all lines that will be painted.
    pub(crate) fn of<'a>(lines: impl IntoIterator<Item = &'a SetLine>) -> Result<Self, Error> {
        let runs = lines.into_iter().flat_map(|line| line.runs.iter().map(|(run, _)| run));
        Ok(Self(Programs::of_runs(runs)?))
    }
}

/// Paints one page. Lengths are points, the origin is the lower left corner, y goes up.
pub(crate) struct PagePainter<'p>(Painter<'p>);

impl<'p> PagePainter<'p> {
    /// An empty page of this size.
    pub(crate) fn new(fonts: &'p PageFonts, size: Size) -> Self {
        Self(Painter::new(&fonts.0, size))
    }

    /// A line whose baseline begins there.
    pub(crate) fn text(&mut self, line: &SetLine, [x, y]: [f64; 2]) {
        if let Some(reads) = &line.reads {
            let units: String = reads.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
            self.0.line(&format!("/Span<</ActualText<FEFF{units}>>>BDC"));
        }
        for (run, gaps) in &line.runs {
            let at = Point::new(x + run.at.x, y + run.at.y);
            self.0.text(&TextRun { at, ..run.clone() }, gaps);
        }
        if line.reads.is_some() {
            self.0.line("EMC");
        }
    }

    /// A rectangle: its lower left corner, its width and height.
    pub(crate) fn fill(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], colour: Colour) {
        let [x, y, width, height] = [x, y, width, height].map(number);
        self.0.line(&colour_operator(colour, "g", "rg"));
        self.0.line(&format!("{x} {y} {width} {height} re f"));
    }

    /// The outline of a rectangle; dashed, if a length of dashes is given.
    pub(crate) fn frame(
        &mut self,
        [x, y]: [f64; 2],
        [width, height]: [f64; 2],
        (thickness, dash, colour): (f64, Option<f64>, Colour),
    ) {
        let [x, y, width, height, thickness] = [x, y, width, height, thickness].map(number);
        let dash = dash.map(|dash| format!("[{}] 0 d ", number(dash))).unwrap_or_default();
        let stroke = colour_operator(colour, "G", "RG");
        self.0.line(&format!("q {stroke} {thickness} w {dash}{x} {y} {width} {height} re S Q"));
    }

    /// A drawing, opaque, stretched into a rectangle.
    pub(crate) fn drawing(
        &mut self,
        drawing: &Drawing,
        [x, y]: [f64; 2],
        [width, height]: [f64; 2],
    ) {
        let name = self.0.resource(Category::XObject, "P", drawing.xobject());
        let [x, y] = [x, y].map(number);
        let size = match drawing.frame() {
            Frame::Unit => [width, height],
            Frame::Points => {
                let own = drawing.size();
                [
                    width / super::sketch::points(own.width()),
                    height / super::sketch::points(own.height()),
                ]
            }
        };
        let [across, up] = size.map(|share| format!("{share:.6}"));
        self.0.line(&format!("q {across} 0 0 {up} {x} {y} cm /{name} Do Q"));
    }

    /// Operators as they are, on a line of their own.
    pub(crate) fn operators(&mut self, operators: &str) {
        self.0.line(operators);
    }

    /// What was painted, and what it refers to.
    pub(crate) fn finish(self) -> (Vec<u8>, Resources) {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::font::NOTO_SANS_SC;

    use super::*;
    use crate::appearance::Font;
    use crate::geometry::Pt;

    const PLAIN: Type = Type { size: 10.0, bold: false, colour: Colour(0, 0, 0) };

    fn book() -> FontBook {
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        FontBook::new().with(contract::Font::Hei, font).unwrap()
    }

    #[test]
    fn lines_are_broken_by_the_rules_and_none_is_wider_than_the_page() {
        let book = book();
        let setter = Typesetter::new(&book, contract::Font::Hei).unwrap();
        let lines = setter.lines("甲方、乙方 Party A\n由双方共同签署。", PLAIN, 62.0).unwrap();
        let texts: Vec<String> = lines.iter().map(SetLine::text).collect();
        assert_eq!(texts, ["甲方、乙方 ", "Party A", "由双方共同签", "署。"]);
        assert!(lines.iter().all(|line| line.width() <= 62.0));
        assert_eq!(lines[0].width(), 50.0, "the space at the end is not counted");
        assert_eq!(setter.lines("", PLAIN, 62.0).unwrap().len(), 1);
        let missing = setter.lines("龘", PLAIN, 62.0).err().unwrap();
        assert!(missing.to_string().contains("U+9F98"), "{missing}");
    }

    #[test]
    fn digests_stand_digit_below_digit_in_whole_groups() {
        let book = book();
        let setter = Typesetter::new(&book, contract::Font::Hei).unwrap();
        let (first, second) = ("f".repeat(64), "0".repeat(64));
        let lines = |digits: &str, width| setter.digits(digits, PLAIN, width).unwrap();
        assert_eq!(lines(&first, 500.0).len(), 1);
        assert_eq!(lines(&first, 250.0).len(), 2);
        assert_eq!(lines(&first, 110.0).len(), 4);
        assert_eq!(lines(&first, 10.0).len(), 8, "a group is never broken");
        let widths = |digits| lines(digits, 250.0).iter().map(SetLine::width).collect::<Vec<_>>();
        for (a, b) in widths(&first).iter().zip(widths(&second)) {
            assert!((a - b).abs() < 1e-9 && *a <= 250.0);
        }
    }

    #[test]
    fn a_digest_is_read_without_its_gaps() {
        let book = book();
        let setter = Typesetter::new(&book, contract::Font::Hei).unwrap();
        let lines = setter.digits("0123456789abcdef", PLAIN, 200.0).unwrap();
        let fonts = PageFonts::of(&lines).unwrap();
        let mut painter = PagePainter::new(&fonts, Size::new(Pt(200.0), Pt(20.0)).unwrap());
        painter.text(&lines[0], [10.0, 5.0]);
        let (content, _) = painter.finish();
        let content = String::from_utf8(content).unwrap();
        assert!(content.starts_with("/Span<</ActualText<FEFF00300031"), "{content}");
        assert!(
            content.contains(" 10 5 Td [-") && content.trim_end().ends_with("EMC"),
            "{content}"
        );
    }
}
