//! From headings, paragraphs and tables to strips.

use super::strip::{BLACK, GREY, GROUND, NAVY, PALE, Shape, Strip, WIDTH};
use super::tree::{Element, Role, Tree};
use crate::appearance::{self, SetLine, Type, Typesetter};
use crate::contract::Colour;

/// From one baseline to the next, in ems, and where the first one lies.
const PITCH: f64 = 1.45;
const FIRST: f64 = 1.06;
/// Around the text of a cell: at its sides, above and below it.
const BESIDE: f64 = 4.0;
const ABOVE: f64 = 3.5;
/// A row with more lines than this may go on on the next page.
const MOST_LINES: usize = 14;

pub(super) const TEXT: Type = Type { size: 9.5, bold: false, colour: BLACK };
pub(super) const SMALL: Type = Type { size: 8.5, bold: false, colour: BLACK };
const STRONG: Type = Type { bold: true, ..SMALL };
const FAINT: Type = Type { colour: GREY, ..SMALL };
const HEADING: Type = Type { size: 8.0, bold: true, colour: NAVY };
const DIGITS: Type = Type { size: 7.5, bold: false, colour: BLACK };

/// A part of what a cell holds; each begins a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    Strong(String),
    Faint(String),
    /// Names what follows.
    Label(String),
    /// In a colour: a verdict.
    Toned(String, Colour),
    /// Of many digits, in groups.
    Digits(String),
}

/// What a cell holds.
pub(super) type Cell = Vec<Piece>;

/// A cell of one piece.
pub(super) fn words(text: impl Into<String>) -> Cell {
    vec![Piece::Words(text.into())]
}

/// A column of a table.
pub(super) struct Column<'a> {
    pub(super) heading: &'a str,
    /// How much of the width it gets, against the others.
    pub(super) share: f64,
}

/// Where a reader of the bookmarks gets to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bookmark {
    pub(super) level: u8,
    pub(super) title: String,
    /// The strip.
    pub(super) strip: usize,
}

/// Composes a report from its beginning to its end.
pub(super) struct Composer<'f> {
    pub(super) setter: Typesetter<'f>,
    pub(super) tree: Tree,
    pub(super) strips: Vec<Strip>,
    /// The headings of tables, to be repeated.
    pub(super) heads: Vec<Strip>,
    pub(super) bookmarks: Vec<Bookmark>,
    section: Element,
    turning: bool,
}

impl<'f> Composer<'f> {
    pub(super) fn new(setter: Typesetter<'f>) -> Self {
        Self {
            setter,
            tree: Tree::new(),
            strips: Vec::new(),
            heads: Vec::new(),
            bookmarks: Vec::new(),
            section: Tree::root(),
            turning: false,
        }
    }

    /// A bookmark that leads to the next strip.
    pub(super) fn bookmark(&mut self, level: u8, title: &str) {
        let strip = self.strips.len();
        self.bookmarks.push(Bookmark { level, title: title.to_owned(), strip });
    }

    /// Whether a picture is printed in four colours.
    pub(super) fn has_four_colours(&self) -> bool {
        let shapes = self.strips.iter().flat_map(|strip| &strip.shapes);
        shapes
            .into_iter()
            .any(|shape| matches!(shape, Shape::Picture { drawing, .. } if drawing.traits().cmyk))
    }

    /// What was composed since then stays on the page of what follows.
    pub(super) fn hold(&mut self, since: usize) {
        self.strips.iter_mut().skip(since).for_each(|strip| strip.keeps = true);
    }

    /// What was composed last ends what stays together.
    pub(super) fn release(&mut self) {
        self.strips.last_mut().into_iter().for_each(|strip| strip.keeps = false);
    }

    /// A strip as it is.
    pub(super) fn push(&mut self, mut strip: Strip) {
        strip.turns |= std::mem::take(&mut self.turning);
        self.strips.push(strip);
    }

    /// What follows begins a page.
    pub(super) fn turn(&mut self) {
        self.turning = true;
    }

    /// An element of the section that is being composed.
    pub(super) fn element(&mut self, role: Role) -> Element {
        self.tree.add(self.section, role)
    }

    /// A chapter: its heading, and a section around what follows.
    pub(super) fn chapter(&mut self, title: &str) -> Result<(), appearance::Error> {
        self.section = self.tree.add(Tree::root(), Role::Section);
        self.heading(1, title)
    }

    /// A heading of level 1 to 3.
    pub(super) fn heading(&mut self, level: u8, title: &str) -> Result<(), appearance::Error> {
        let (size, before, after) = match level {
            1 => (15.0, 26.0, 8.0),
            2 => (11.5, 18.0, 5.0),
            _ => (9.5, 12.0, 3.0),
        };
        let hand = Type { size, bold: true, colour: NAVY };
        if level < 3 {
            self.bookmark(level, title);
        }
        self.lines(title, hand, (Role::Heading(level), before))?;
        let mut below = Strip { height: after, keeps: true, ..Strip::default() };
        if level == 1 {
            let at = [0.0, 2.0];
            below.shapes.push(Shape::Fill { at, size: [WIDTH, 0.8], colour: NAVY });
            below.height += 2.8;
        }
        self.push(below);
        Ok(())
    }

    /// Lines that stay with each other and with what follows.
    pub(super) fn lines(
        &mut self,
        text: &str,
        hand: Type,
        (role, before): (Role, f64),
    ) -> Result<(), appearance::Error> {
        let of = Some(self.element(role));
        for (index, line) in self.setter.lines(text, hand, WIDTH)?.into_iter().enumerate() {
            let strip = stacked(vec![line], hand.size, [0.0, 0.0], of);
            let before = if index == 0 { before } else { 0.0 };
            self.push(Strip { keeps: true, before, ..strip });
        }
        Ok(())
    }

    /// A paragraph. Its first two lines stay together, and its last two.
    pub(super) fn paragraph(&mut self, text: &str, hand: Type) -> Result<(), appearance::Error> {
        let of = Some(self.element(Role::Paragraph));
        let lines = self.setter.lines(text, hand, WIDTH)?;
        let count = lines.len();
        for (index, line) in lines.into_iter().enumerate() {
            let keeps = count > 1 && (index == 0 || index + 2 == count);
            let before = if index == 0 { 5.0 } else { 0.0 };
            let strip = stacked(vec![line], hand.size, [0.0, 0.0], of);
            self.push(Strip { keeps, before, ..strip });
        }
        Ok(())
    }

    /// A paragraph that everybody shall see: on a ground, with a bar in a colour at its left.
    pub(super) fn callout(
        &mut self,
        text: &str,
        (hand, colour): (Type, Colour),
    ) -> Result<(), appearance::Error> {
        let of = Some(self.element(Role::Paragraph));
        let lines = self.setter.lines(text, hand, WIDTH - 28.0)?;
        let last = lines.len().saturating_sub(1);
        for (index, line) in lines.into_iter().enumerate() {
            let top = if index == 0 { 9.0 } else { 0.0 };
            let mut strip = stacked(vec![line], hand.size, [16.0, top], of);
            strip.height += if index == last { 9.0 } else { 0.0 };
            let around = strip.height;
            let ground = Shape::Fill { at: [0.0, 0.0], size: [WIDTH, around], colour: GROUND };
            let bar = Shape::Fill { at: [0.0, 0.0], size: [4.0, around], colour };
            strip.shapes.splice(0..0, [ground, bar]);
            strip.before = if index == 0 { 8.0 } else { 0.0 };
            strip.height += if index == last { 4.0 } else { 0.0 };
            self.push(Strip { keeps: index < last, ..strip });
        }
        Ok(())
    }

    /// Names and what they stand for, a row each.
    pub(super) fn facts(&mut self, facts: Vec<(&str, Cell)>) -> Result<(), appearance::Error> {
        let table = self.element(Role::Table);
        let (widths, count) = ([WIDTH * 0.27, WIDTH * 0.73], facts.len());
        for (index, (name, cell)) in facts.into_iter().enumerate() {
            let row = vec![vec![Piece::Faint(name.to_owned())], cell];
            let roles = [Role::RowHead, Role::Cell];
            let mut strips = self.row(table, &widths, (row, &roles))?;
            if let (0, Some(first)) = (index, strips.first_mut()) {
                // One row alone below a heading looks lost.
                (first.before, first.keeps) = (6.0, count > 1);
            }
            if let Some(last) = strips.last_mut().filter(|_| index + 2 == count) {
                // Nor at the top of a page.
                last.keeps = true;
            }
            strips.into_iter().for_each(|strip| self.push(strip));
        }
        Ok(())
    }

    /// A table; its headings are repeated on every page that it goes on to.
    pub(super) fn table(
        &mut self,
        columns: &[Column<'_>],
        rows: Vec<Vec<Cell>>,
    ) -> Result<(), appearance::Error> {
        let table = self.element(Role::Table);
        let shares: f64 = columns.iter().map(|column| column.share).sum();
        let widths: Vec<f64> =
            columns.iter().map(|column| WIDTH * column.share / shares.max(0.01)).collect();
        let of = self.tree.add(table, Role::Row);
        let heads: Vec<Option<Element>> =
            columns.iter().map(|_| Some(self.tree.add(of, Role::ColumnHead))).collect();
        let first = self.head(columns, &widths, &heads)?;
        let again = self.head(columns, &widths, &vec![None; columns.len()])?;
        self.push(Strip { keeps: true, before: 6.0, ..first });
        let head = Some(self.heads.len());
        self.heads.push(again);
        let roles = vec![Role::Cell; columns.len()];
        for row in rows {
            for strip in self.row(table, &widths, (row, &roles))? {
                self.push(Strip { head, ..strip });
            }
        }
        Ok(())
    }

    /// The row of headings.
    fn head(
        &self,
        columns: &[Column<'_>],
        widths: &[f64],
        of: &[Option<Element>],
    ) -> Result<Strip, appearance::Error> {
        let (mut shapes, mut height, mut left) = (Vec::new(), 0.0_f64, 0.0);
        for ((column, width), of) in columns.iter().zip(widths).zip(of) {
            let lines = self.setter.lines(column.heading, HEADING, width - 2.0 * BESIDE)?;
            let cell = stacked(lines, HEADING.size, [left + BESIDE, ABOVE], *of);
            height = height.max(cell.height + ABOVE);
            shapes.extend(cell.shapes);
            left += width;
        }
        shapes.insert(0, Shape::Fill { at: [0.0, 0.0], size: [WIDTH, height], colour: GROUND });
        let at = [0.0, height - 0.6];
        shapes.push(Shape::Fill { at, size: [WIDTH, 0.6], colour: NAVY });
        Ok(Strip { height, shapes, ..Strip::default() })
    }

    /// A row: one strip, or several if it is high, with a rule below the last one.
    fn row(
        &mut self,
        table: Element,
        widths: &[f64],
        (cells, roles): (Vec<Cell>, &[Role]),
    ) -> Result<Vec<Strip>, appearance::Error> {
        let row = self.tree.add(table, Role::Row);
        let mut columns = Vec::new();
        let mut left = 0.0;
        for ((cell, width), role) in cells.into_iter().zip(widths).zip(roles) {
            let of = self.tree.add(row, *role);
            // Several pieces are several paragraphs, or they would be read as one word.
            let owner = |tree: &mut Tree| match cell.len() {
                0 | 1 => of,
                _ => tree.add(of, Role::Paragraph),
            };
            columns.push((self.cell(&cell, width - 2.0 * BESIDE, owner)?, left + BESIDE));
            left += width;
        }
        let most = columns.iter().map(|(lines, _)| lines.len()).max().unwrap_or(0).max(1);
        let mut strips = Vec::new();
        for first in (0..most).step_by(MOST_LINES) {
            let top = if first == 0 { ABOVE } else { 0.0 };
            let (mut shapes, mut height) = (Vec::new(), 0.0_f64);
            for (lines, left) in &columns {
                let mut y = top;
                for (line, size, of) in lines.iter().skip(first).take(MOST_LINES) {
                    let at = [*left, y + FIRST * size];
                    shapes.push(Shape::Text { line: line.clone(), at, of: Some(*of) });
                    y += PITCH * size;
                }
                height = height.max(y);
            }
            strips.push(Strip { height, shapes, ..Strip::default() });
        }
        if let Some(last) = strips.last_mut() {
            last.height += ABOVE;
            let at = [0.0, last.height - 0.4];
            last.shapes.push(Shape::Fill { at, size: [WIDTH, 0.4], colour: PALE });
        }
        Ok(strips)
    }

    /// The lines of a cell, each with its size and with what `owner` makes for its piece.
    fn cell(
        &mut self,
        cell: &Cell,
        width: f64,
        owner: impl Fn(&mut Tree) -> Element,
    ) -> Result<Vec<(SetLine, f64, Element)>, appearance::Error> {
        let mut lines = Vec::new();
        for piece in cell {
            let (set, size) = self.piece(piece, width)?;
            let of = owner(&mut self.tree);
            lines.extend(set.into_iter().map(|line| (line, size, of)));
        }
        Ok(lines)
    }

    fn piece(&self, piece: &Piece, width: f64) -> Result<(Vec<SetLine>, f64), appearance::Error> {
        let (text, hand) = match piece {
            Piece::Words(text) => (text, SMALL),
            Piece::Strong(text) => (text, STRONG),
            Piece::Faint(text) => (text, FAINT),
            Piece::Label(text) => (text, Type { size: 7.5, ..FAINT }),
            Piece::Toned(text, colour) => (text, Type { colour: *colour, ..STRONG }),
            Piece::Digits(digits) => {
                return Ok((self.setter.digits(digits, DIGITS, width)?, DIGITS.size));
            }
        };
        Ok((self.setter.lines(text, hand, width)?, hand.size))
    }

    /// Names and what they stand for, one below the other, at a place of a strip; how high they are.
    pub(super) fn beside(
        &mut self,
        strip: &mut Strip,
        facts: Vec<(&str, Cell)>,
        (left, width): (f64, f64),
    ) -> Result<(), appearance::Error> {
        let mut y = 0.0;
        for (name, cell) in facts {
            let (name, section) = (vec![Piece::Label(name.to_owned())], self.section);
            let owner = |tree: &mut Tree| tree.add(section, Role::Paragraph);
            let mut lines = self.cell(&name, width, owner)?;
            // What stands beside a picture cannot go on on the next page.
            let most = MOST_LINES / 2;
            lines.extend(self.cell(&cell, width, owner)?.into_iter().take(most));
            for (line, size, of) in lines {
                let (at, of) = ([left, y + FIRST * size], Some(of));
                strip.shapes.push(Shape::Text { line, at, of });
                y += PITCH * size;
            }
            y += 4.0;
        }
        strip.height = strip.height.max(y);
        Ok(())
    }
}

/// Lines below each other, at a place.
pub(super) fn stacked(
    lines: Vec<SetLine>,
    size: f64,
    [left, top]: [f64; 2],
    of: Option<Element>,
) -> Strip {
    let mut y = top;
    let shapes = lines.into_iter().map(|line| {
        let at = [left, y + FIRST * size];
        y += PITCH * size;
        Shape::Text { line, at, of }
    });
    let shapes = shapes.collect();
    Strip { height: y, shapes, ..Strip::default() }
}
