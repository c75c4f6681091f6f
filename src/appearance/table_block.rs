//! Tables.

use std::fmt;

use super::WritingError;
use super::font_book::{FontBook, Letter};
use super::path::{Affine, Path, Point};
use super::sketch::{Element, Sketch};
use super::text_block::{Overflow, TextBlock, Vertical, first_that_fits};
use crate::contract::{Align, FilledRows, FontSize, TableStyle, TextStyle};
use crate::geometry::{Pt, Size};

/// How thick the lines of a table are, in points.
const LINE: f64 = 0.5;
/// From a line to the text, in points: at the sides, above and below.
const BESIDE: f64 = 3.0;
const ABOVE: f64 = 2.0;
/// The most characters of a table. Its rows and cells have bounds of their own (R-CTL-11).
const MOST_CHARACTERS: usize = 100_000;

/// A table to be set into a box (动态表格): a line around every cell, bold headings in the middle of
/// their columns, text broken inside its cell. Columns are as wide as the shares of the table's style
/// say, over the whole width of the box; rows are as high as their highest cell, from the top of the
/// box. Headings that are all empty are left out.
///
/// A row that does not fit is never cut off or put elsewhere: the table is refused.
///
/// ```
/// # let bytes = sealwright_testdata::font::NOTO_SANS_SC;
/// use sealwright::appearance::{Font, FontBook, TableBlock};
/// use sealwright::contract::{self, FilledRows, TableStyle};
/// use sealwright::geometry::{Pt, Size};
///
/// let fonts = FontBook::new().with(contract::Font::Hei, Font::from_bytes(bytes, 0)?)?;
/// let style = TableStyle::of(["公司名称", "日期"])?.shares([3, 1])?;
/// let table = TableBlock::new(&style, &FilledRows::new([["甲方公司", "2026"]]));
/// assert!(table.sketch(&fonts, Size::new(Pt(300.0), Pt(60.0))?).is_ok());
/// let error = table.sketch(&fonts, Size::new(Pt(300.0), Pt(20.0))?).unwrap_err();
/// assert_eq!(error.code(), "text.overflow");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TableBlock {
    /// The headings, if there are any, and the rows.
    rows: Vec<Vec<String>>,
    headings: bool,
    shares: Vec<u16>,
    style: TextStyle,
    overflow: Overflow,
}

impl TableBlock {
    /// These rows under the headings of the style. Cells beyond its columns are left out.
    #[must_use]
    pub fn new(style: &TableStyle, rows: &FilledRows) -> Self {
        let headings = style.columns().iter().any(|heading| !heading.trim().is_empty());
        let first = headings.then(|| style.columns().to_vec());
        let equal = vec![1; style.columns().len()];
        let shares = style.column_shares();
        Self {
            rows: first.into_iter().chain(rows.expose().iter().cloned()).collect(),
            headings,
            shares: if shares.is_empty() { equal } else { shares.to_vec() },
            style: style.text(),
            overflow: Overflow::Refuse,
        }
    }

    /// With this answer where it does not fit; its type shrinks by whole points.
    #[must_use]
    pub fn overflow(self, overflow: Overflow) -> Self {
        Self { overflow, ..self }
    }

    /// Set into a box of this size.
    ///
    /// # Errors
    ///
    /// As [`TextBlock::sketch`]; [`WritingError::Overflow`] says what the rows need in their own
    /// size of type.
    pub fn sketch(&self, fonts: &FontBook, size: Size) -> Result<Sketch, WritingError> {
        let sketch = Sketch::blank(size)?;
        let length = self.rows.iter().flatten().map(|cell| cell.chars().count()).sum();
        if length > MOST_CHARACTERS {
            return Err(WritingError::TooLong { length, most: MOST_CHARACTERS });
        }
        if self.rows.is_empty() {
            return Ok(sketch);
        }
        let cells = self.cells(fonts)?;
        let own = self.style.size.points();
        let least = match self.overflow {
            Overflow::Refuse => own,
            Overflow::ShrinkTo(least) => least.points().min(own),
        };
        let set = |points| self.set(&cells, points, sketch.width());
        let points = |step: u16| own.saturating_sub(u8::try_from(step).unwrap_or(u8::MAX));
        let fits = |step| set(points(step)).fits(&sketch);
        let Some(step) = first_that_fits(u16::from(own - least), fits) else {
            return Err(WritingError::Overflow { needed: set(own).size(), given: size });
        };
        let grid = set(points(step));
        self.painted(sketch, fonts, &grid)
    }

    /// What stands for the characters of every cell.
    fn cells(&self, fonts: &FontBook) -> Result<Vec<Vec<Vec<Letter>>>, WritingError> {
        let own = self.style.size.points();
        let row = |(index, row): (usize, &Vec<String>)| {
            row.iter().map(|cell| self.cell(index, cell, own).letters(fonts)).collect()
        };
        self.rows.iter().enumerate().map(row).collect()
    }

    /// The sides of columns and rows at one size of type.
    fn set(&self, cells: &[Vec<Vec<Letter>>], points: u8, width: f64) -> Grid {
        let all: f64 = self.shares.iter().copied().map(f64::from).sum();
        let free = width - LINE;
        let columns: Vec<f64> =
            self.shares.iter().map(|share| free * f64::from(*share) / all - LINE).collect();
        let mut grid = Grid { points, width: 0.0, columns, rows: Vec::new() };
        for (index, row) in cells.iter().enumerate() {
            let mut height = 0.0_f64;
            for ((letters, column), share) in row.iter().zip(&grid.columns).zip(&self.shares) {
                let inner = (column - 2.0 * BESIDE).max(0.0);
                let [across, up] = self.cell(index, "", points).needed(letters, inner);
                height = height.max(up);
                let least = across.max(1.0) + 2.0 * BESIDE + LINE;
                grid.width = grid.width.max(least * all / f64::from(*share) + LINE);
            }
            grid.rows.push(height + 2.0 * ABOVE);
        }
        grid
    }

    fn cell(&self, row: usize, text: &str, points: u8) -> TextBlock {
        let is_heading = self.headings && row == 0;
        let size = FontSize::new(points).unwrap_or(self.style.size);
        let align = if is_heading { Align::Center } else { self.style.align };
        let bold = is_heading || self.style.bold;
        let style = TextStyle { size, align, bold, ..self.style };
        TextBlock::paragraphs(text).style(style).vertical(Vertical::Middle)
    }

    fn painted(
        &self,
        mut sketch: Sketch,
        fonts: &FontBook,
        grid: &Grid,
    ) -> Result<Sketch, WritingError> {
        let top = sketch.height();
        for line in grid.lines(top) {
            sketch.push(Element::Fill { path: line, colour: self.style.colour });
        }
        let mut above = LINE;
        for (index, (row, height)) in self.rows.iter().zip(&grid.rows).enumerate() {
            let mut left = LINE;
            for (cell, width) in row.iter().zip(&grid.columns) {
                // A hair more than measured, as sizes are whole thousandths.
                let inner = [width - 2.0 * BESIDE, height - 2.0 * ABOVE].map(|side| side + 0.002);
                let [w, h] = inner.map(Pt);
                let block = self.cell(index, cell, grid.points);
                let text = block.sketch(fonts, Size::new(w, h).unwrap_or_default())?;
                let map =
                    Affine::scaled_at(1.0, left + BESIDE, top - above - ABOVE - text.height());
                let elements = text.elements().to_vec();
                if !elements.is_empty() {
                    sketch.push(Element::Group { map, per_mille: 1000, elements });
                }
                left += width + LINE;
            }
            above += height + LINE;
        }
        Ok(sketch)
    }
}

impl fmt::Debug for TableBlock {
    /// Without what it says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TableBlock")
            .field("rows", &self.rows.len())
            .field("shares", &self.shares)
            .field("style", &self.style)
            .field("overflow", &self.overflow)
            .finish_non_exhaustive()
    }
}

/// A table at one size of type: columns and rows without their lines, in points.
#[derive(Clone)]
struct Grid {
    points: u8,
    /// How wide the table has to be for the widest letter of any cell.
    width: f64,
    columns: Vec<f64>,
    rows: Vec<f64>,
}

impl Grid {
    fn fits(&self, sketch: &Sketch) -> bool {
        const HAIR: f64 = 0.001;
        self.width <= along(&self.columns) + HAIR && self.height() <= sketch.height() + HAIR
    }

    fn height(&self) -> f64 {
        along(&self.rows)
    }

    /// What the table needs, rounded up to tenths of a point.
    fn size(&self) -> Size {
        let tenths = |length: f64| Pt((length * 10.0 - 0.01).ceil() / 10.0);
        let width = self.width.max(along(&self.columns));
        Size::new(tenths(width), tenths(self.height())).unwrap_or_default()
    }

    /// The lines around the cells, under the top of the box.
    fn lines(&self, top: f64) -> Vec<Path> {
        let (width, height) = (along(&self.columns), self.height());
        let mut lines = Vec::with_capacity(self.columns.len() + self.rows.len() + 2);
        let mut y = top;
        for row in std::iter::once(&0.0).chain(&self.rows) {
            y -= if lines.is_empty() { LINE } else { row + LINE };
            lines.push(bar([0.0, y], [width, LINE]));
        }
        let mut x = 0.0;
        lines.push(bar([x, top - height], [LINE, height]));
        for column in &self.columns {
            x += column + LINE;
            lines.push(bar([x, top - height], [LINE, height]));
        }
        lines
    }
}

/// Cells and the lines between and around them.
fn along(sides: &[f64]) -> f64 {
    sides.iter().map(|side| side + LINE).sum::<f64>() + LINE
}

fn bar([x, y]: [f64; 2], [width, height]: [f64; 2]) -> Path {
    let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
    Path::polygon(corners.map(|(x, y)| Point::new(x, y)))
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::font::NOTO_SANS_SC;

    use super::*;
    use crate::appearance::Font;
    use crate::contract;

    fn fonts() -> FontBook {
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        FontBook::new().with(contract::Font::Hei, font).unwrap()
    }

    fn size(width: f64, height: f64) -> Size {
        Size::new(Pt(width), Pt(height)).unwrap()
    }

    fn style() -> TableStyle {
        TableStyle::of(["公司名称", "日期"]).unwrap().shares([3, 1]).unwrap()
    }

    /// The lines, each left, bottom, right, top, in hundredths of a point; and the number of cells.
    fn parts(sketch: &Sketch) -> (Vec<[i64; 4]>, usize) {
        let (mut lines, mut cells) = (Vec::new(), 0);
        for element in sketch.elements() {
            match element {
                Element::Fill { path, .. } => {
                    let (low, high) = path.bounds().unwrap();
                    let whole = [low.x, low.y, high.x, high.y];
                    lines.push(whole.map(|side| (side * 100.0).round() as i64));
                }
                Element::Group { .. } => cells += 1,
                _ => panic!("lines and cells"),
            }
        }
        (lines, cells)
    }

    #[test]
    fn lines_around_every_cell_and_columns_as_wide_as_they_should_be() {
        let table = TableBlock::new(&style(), &FilledRows::new([["甲方", "2026"], ["乙方", ""]]));
        let sketch = table.sketch(&fonts(), size(200.5, 100.0)).unwrap();
        let (lines, cells) = parts(&sketch);
        assert_eq!(cells, 5, "an empty cell has nothing in it");
        // Four lines across, three down.
        let across: Vec<_> = lines.iter().filter(|it| it[3] - it[1] == 50).collect();
        let down: Vec<_> = lines.iter().filter(|it| it[2] - it[0] == 50).collect();
        assert_eq!((across.len(), down.len()), (4, 3));
        assert_eq!(across[0], &[0, 9950, 20050, 10000]);
        assert_eq!(down.iter().map(|it| it[0]).collect::<Vec<_>>(), [0, 15000, 20000]);
        // Three rows of the same height: one line of 12 points, and what is around it.
        let tops: Vec<_> = across.iter().map(|it| it[3]).collect();
        assert!(tops.windows(2).all(|pair| pair[0] - pair[1] == tops[0] - tops[1]), "{tops:?}");
        assert!(tops[0] - tops[1] >= 1650);
    }

    #[test]
    fn text_is_broken_inside_its_cell_and_its_row_grows() {
        let rows = FilledRows::new([["甲方公司名称签署日期年月日公司名称", "1"], ["1", "1"]]);
        let table = TableBlock::new(&style(), &rows);
        let (lines, _) = parts(&table.sketch(&fonts(), size(160.0, 120.0)).unwrap());
        let tops: Vec<_> = lines.iter().filter(|it| it[3] - it[1] == 50).map(|it| it[3]).collect();
        assert!(tops[1] - tops[2] > tops[2] - tops[3] + 1200, "{tops:?}");
    }

    #[test]
    fn rows_that_do_not_fit_are_refused_or_set_smaller_and_never_cut() {
        let rows = FilledRows::new(vec![["甲方", "2026"]; 4]);
        let table = TableBlock::new(&style(), &rows);
        let error = table.sketch(&fonts(), size(200.0, 60.0)).unwrap_err();
        let WritingError::Overflow { needed, given } = error else { panic!("{error}") };
        assert_eq!(given, size(200.0, 60.0));
        assert!(table.sketch(&fonts(), needed).is_ok(), "{needed}");
        let small = table.clone().overflow(Overflow::ShrinkTo(FontSize::new(6).unwrap()));
        assert!(small.sketch(&fonts(), size(200.0, 60.0)).is_ok());
        assert!(small.sketch(&fonts(), size(200.0, 40.0)).is_err());
        // A column in which no letter has place.
        let error = table.sketch(&fonts(), size(60.0, 900.0)).unwrap_err();
        let WritingError::Overflow { needed, .. } = error else { panic!("{error}") };
        assert!(needed.width() > size(60.0, 1.0).width(), "{needed}");
        assert!(table.sketch(&fonts(), Size::new(needed.width(), Pt(900.0)).unwrap()).is_ok());
        let narrow = TableStyle::of(vec!["甲"; 20]).unwrap();
        let narrow = TableBlock::new(&narrow, &FilledRows::new([["甲"]]));
        let error = narrow.sketch(&fonts(), size(5.0, 200.0)).unwrap_err();
        let WritingError::Overflow { needed, .. } = error else { panic!("{error}") };
        assert!(narrow.sketch(&fonts(), Size::new(needed.width(), Pt(200.0)).unwrap()).is_ok());
    }

    #[test]
    fn headings_that_are_empty_are_left_out() {
        let style = TableStyle::of(["", " "]).unwrap();
        let table = TableBlock::new(&style, &FilledRows::new([["1", "2"]]));
        let (lines, cells) = parts(&table.sketch(&fonts(), size(100.0, 20.0)).unwrap());
        assert_eq!((lines.len(), cells), (5, 2));
        let none = TableBlock::new(&style, &FilledRows::new(Vec::<Vec<String>>::new()));
        assert!(none.sketch(&fonts(), size(100.0, 20.0)).unwrap().is_blank());
    }

    #[test]
    fn a_table_of_too_many_characters_and_a_missing_one_are_refused() {
        let rows = FilledRows::new(vec![["1".repeat(500), String::new()]; 201]);
        let error = TableBlock::new(&style(), &rows).sketch(&fonts(), size(200.0, 9000.0));
        assert_eq!(error.unwrap_err().code(), "text.too_long");
        let error = TableBlock::new(&style(), &FilledRows::new([["𠮷", "1"]]));
        let error = error.sketch(&fonts(), size(200.0, 60.0)).unwrap_err();
        assert!(error.to_string().contains("U+20BB7"), "{error}");
    }

    #[test]
    fn debug_output_says_nothing_of_the_cells() {
        let table = TableBlock::new(&style(), &FilledRows::new([["李四", "1"]]));
        assert!(!format!("{table:?}").contains("李四"));
    }
}
