//! A page in cells: which of them something was painted on.

use crate::painting::{Bounds, common};

/// Cells across and down: about three points each on A4.
const SIDE: u16 = 256;

/// Which parts of a page something was painted on.
#[derive(Clone)]
pub(super) struct Grid {
    page: Bounds,
    cells: Vec<bool>,
}

impl Grid {
    /// Nothing is painted on a page with these corners yet.
    pub(super) fn new(page: Bounds) -> Self {
        Self { page, cells: vec![false; usize::from(SIDE) * usize::from(SIDE)] }
    }

    /// Something is painted somewhere, and nobody knows where.
    pub(super) fn paint_everything(&mut self) {
        self.cells.fill(true);
    }

    /// Something is painted in every cell that a box touches.
    pub(super) fn paint(&mut self, bounds: Bounds) {
        let Some([left, bottom, right, top]) = self.touched(bounds) else { return };
        for row in bottom..=top {
            let start = usize::from(row) * usize::from(SIDE);
            let cells = start + usize::from(left)..=start + usize::from(right);
            if let Some(cells) = self.cells.get_mut(cells) {
                cells.fill(true);
            }
        }
    }

    /// Whether something was painted below a box. Cells that it only grazes do not count, unless it is
    /// smaller than they are.
    pub(super) fn is_painted_below(&self, bounds: Bounds) -> bool {
        let Some([left, bottom, right, top]) = self.within(bounds) else { return false };
        (bottom..=top).any(|row| {
            let start = usize::from(row) * usize::from(SIDE);
            let cells = self.cells.get(start + usize::from(left)..=start + usize::from(right));
            cells.is_some_and(|cells| cells.contains(&true))
        })
    }

    fn touched(&self, bounds: Bounds) -> Option<[u16; 4]> {
        let [left, bottom, right, top] = self.in_cells(bounds)?;
        Some([cell(left), cell(bottom), cell(right), cell(top)])
    }

    fn within(&self, bounds: Bounds) -> Option<[u16; 4]> {
        let [left, bottom, right, top] = self.in_cells(bounds)?;
        let inner = |low: f64, high: f64| {
            let (first, last) = ((low + 0.5).floor(), (high - 0.5).floor());
            if first <= last { (cell(first), cell(last)) } else { (cell(low), cell(high)) }
        };
        let ((left, right), (bottom, top)) = (inner(left, right), inner(bottom, top));
        Some([left, bottom, right, top])
    }

    /// A box in units of cells; none if it is not on the page, or no box.
    fn in_cells(&self, bounds: Bounds) -> Option<[f64; 4]> {
        let [page_left, page_bottom, page_right, page_top] = self.page;
        let (width, height) = (page_right - page_left, page_top - page_bottom);
        if bounds.iter().any(|side| side.is_nan()) {
            // Numbers beyond all bounds: anywhere.
            return Some([0.0, 0.0, f64::from(SIDE), f64::from(SIDE)]);
        }
        let [left, bottom, right, top] = common(bounds, self.page);
        if !(left <= right && bottom <= top && width > 0.0 && height > 0.0) {
            return None;
        }
        let side = f64::from(SIDE);
        Some([
            (left - page_left) / width * side,
            (bottom - page_bottom) / height * side,
            (right - page_left) / width * side,
            (top - page_bottom) / height * side,
        ])
    }
}

/// The cell that a place is in.
fn cell(place: f64) -> u16 {
    let last = SIDE - 1;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is within the cells"
    )]
    let cell = place.clamp(0.0, f64::from(last)) as u16;
    cell.min(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_over_something_is_told_from_what_lies_beside_it() {
        let mut grid = Grid::new([0.0, 0.0, 256.0, 256.0]);
        grid.paint([10.0, 10.0, 50.0, 20.0]);
        assert!(grid.is_painted_below([40.0, 0.0, 100.0, 100.0]));
        assert!(grid.is_painted_below([20.2, 15.2, 20.4, 15.4]), "smaller than a cell");
        assert!(!grid.is_painted_below([60.0, 10.0, 100.0, 20.0]));
        assert!(!grid.is_painted_below([10.0, 22.0, 50.0, 90.0]));
        assert!(!grid.is_painted_below([300.0, 10.0, 400.0, 20.0]), "off the page");
        grid.paint([-50.0, -50.0, -10.0, 900.0]);
        assert!(!grid.is_painted_below([0.0, 30.0, 200.0, 200.0]));
        assert!(grid.is_painted_below([f64::NAN, 0.0, 9.0, 9.0]), "anywhere");
        grid.paint_everything();
        assert!(grid.is_painted_below([0.0, 200.0, 1.0, 201.0]));
        let grid = Grid::new([0.0, 0.0, f64::NAN, 1.0]);
        assert!(!grid.is_painted_below([0.0, 0.0, 1.0, 1.0]));
    }
}
