//! `/ActualText` of marked content (ISO 32000-2 §14.9.4): what its glyphs stand for together, whatever
//! each of them says.
//!
//! How many characters there are and how many glyphs is not said to agree, so the text is spread evenly
//! over the cells that the glyphs take up.

use super::{Corner, Flow, PageText};
use crate::geometry::MilliPoints;

/// The cell of a glyph that is replaced.
#[derive(Clone, Copy)]
struct Cell {
    corners: [Corner; 4],
    flow: Flow,
}

/// Marked content that is replaced, while it is gone through.
pub(super) struct Replacement {
    text: String,
    cells: Vec<Cell>,
    visible: bool,
}

impl Replacement {
    pub(super) fn new(text: String) -> Self {
        Self { text, cells: Vec::new(), visible: false }
    }

    /// How many characters there are to be shown.
    pub(super) fn characters(&self) -> usize {
        self.text.chars().count()
    }

    /// A glyph on the page that is replaced.
    pub(super) fn cover(&mut self, corners: [Corner; 4], flow: Flow, visible: bool) {
        self.cells.push(Cell { corners, flow });
        self.visible |= visible;
    }

    /// Puts the text in the place of what was covered; without that it has none.
    pub(super) fn write(self, page: &mut PageText) {
        let count = self.characters();
        if self.cells.is_empty() || count == 0 {
            return;
        }
        let mut buffer = [0; 4];
        for (index, character) in self.text.chars().enumerate() {
            // Counted in parts of a cell, of which there are as many as characters.
            let (start, end) = (index * self.cells.len(), (index + 1) * self.cells.len());
            let Some((cell, from)) = self.part(start, count) else { continue };
            let last = self.part(end - 1, count).filter(|(last, _)| follows(&cell, last));
            let (last, to) = match last {
                Some((last, to)) => (last, to + 1),
                None => (cell, count),
            };
            let [from_top, from_bottom] = at(&cell, from, count);
            let [to_top, to_bottom] = at(&last, to, count);
            let corners = match cell.flow {
                Flow::Across => [from_top, to_top, to_bottom, from_bottom],
                Flow::Down => [from_top, from_bottom, to_bottom, to_top],
            };
            page.push(character.encode_utf8(&mut buffer), corners, cell.flow, self.visible);
        }
    }

    /// The cell of a part, and which of its parts it is.
    fn part(&self, part: usize, count: usize) -> Option<(Cell, usize)> {
        Some((*self.cells.get(part.checked_div(count)?)?, part.checked_rem(count)?))
    }
}

/// Both ends of the line across the writing, so many parts along a cell.
fn at(cell: &Cell, part: usize, count: usize) -> [Corner; 2] {
    let [top_left, top_right, bottom_right, bottom_left] = cell.corners;
    match cell.flow {
        Flow::Across => [
            between(top_left, top_right, part, count),
            between(bottom_left, bottom_right, part, count),
        ],
        Flow::Down => [
            between(top_left, bottom_left, part, count),
            between(top_right, bottom_right, part, count),
        ],
    }
}

fn between(one: Corner, other: Corner, part: usize, count: usize) -> Corner {
    let of = |from: MilliPoints, to: MilliPoints| {
        let (from, to) = (i128::from(from.thousandths()), i128::from(to.thousandths()));
        let whole = i128::try_from(count).unwrap_or(1).max(1);
        let moved = from + (to - from) * i128::try_from(part).unwrap_or(0) / whole;
        // Between two lengths there is always a length.
        i64::try_from(moved).ok().and_then(|moved| MilliPoints::new(moved).ok()).unwrap_or_default()
    };
    Corner { x: of(one.x, other.x), y: of(one.y, other.y) }
}

/// Whether a cell stands in line with another, behind it or the same: its middle is no further off the
/// line than half a height.
fn follows(first: &Cell, other: &Cell) -> bool {
    let number = |value: MilliPoints| i128::from(value.thousandths());
    let [start, along, across] = match first.flow {
        Flow::Across => [first.corners[0], first.corners[1], first.corners[3]],
        Flow::Down => [first.corners[0], first.corners[3], first.corners[1]],
    };
    let vector = |to: Corner| (number(to.x) - number(start.x), number(to.y) - number(start.y));
    let (along, across, to) = (vector(along), vector(across), vector(other.corners[0]));
    let product = |a: (i128, i128), b: (i128, i128)| a.0 * b.0 + a.1 * b.1;
    let off = product(to, across).abs();
    first.flow == other.flow && off * 2 <= product(across, across) && product(to, along) >= 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(left: i64, top: i64, width: i64, height: i64) -> [Corner; 4] {
        let at = |x, y| {
            let of = |value| MilliPoints::new(value).unwrap();
            Corner { x: of(x), y: of(y) }
        };
        let (right, bottom) = (left + width, top + height);
        [at(left, top), at(right, top), at(right, bottom), at(left, bottom)]
    }

    fn written(text: &str, cells: &[[Corner; 4]], flow: Flow) -> Vec<(String, i64, i64, i64)> {
        let mut replacement = Replacement::new(text.to_owned());
        cells.iter().for_each(|cell| replacement.cover(*cell, flow, true));
        let mut page = PageText::default();
        replacement.write(&mut page);
        let of = |glyph: super::super::Glyph<'_>| {
            let [top_left, top_right, _, bottom_left] = glyph.corners.map(|corner| match flow {
                Flow::Across => (corner.x.thousandths(), corner.y.thousandths()),
                Flow::Down => (corner.y.thousandths(), corner.x.thousandths()),
            });
            let end = if flow == Flow::Across { top_right.0 } else { bottom_left.0 };
            (glyph.text.to_owned(), top_left.0, end, top_left.1)
        };
        page.glyphs().map(of).collect()
    }

    #[test]
    fn text_is_spread_over_the_cells() {
        let two = [cell(0, 0, 100, 10), cell(100, 0, 100, 10)];
        let part = |text: &str, from, to| (text.to_owned(), from, to, 0);
        assert_eq!(written("甲方", &two, Flow::Across), [part("甲", 0, 100), part("方", 100, 200)]);
        assert_eq!(written("章", &two, Flow::Across), [part("章", 0, 200)]);
        let four: Vec<_> = (0..4).map(|at| part("a", at * 50, at * 50 + 50)).collect();
        assert_eq!(written("aaaa", &two, Flow::Across), four);
        assert!(
            written("", &two, Flow::Across).is_empty() && written("a", &[], Flow::Down).is_empty()
        );
        let three: Vec<_> = written("abc", &two, Flow::Across).into_iter().map(|it| it.1).collect();
        assert_eq!(three, [0, 66, 133]);
    }

    #[test]
    fn a_character_does_not_reach_into_the_next_line() {
        let lines = [cell(100, 0, 100, 10), cell(0, 20, 100, 10)];
        let [only] = written("章", &lines, Flow::Across).try_into().unwrap();
        assert_eq!(only, ("章".to_owned(), 100, 200, 0));
        let column = [cell(0, 0, 10, 100), cell(0, 100, 10, 100)];
        let found = written("盖章", &column, Flow::Down);
        assert_eq!(found, [("盖".to_owned(), 0, 100, 0), ("章".to_owned(), 100, 200, 0)]);
    }
}
