//! A coarse picture of a page: which cell was painted last, by what, in which colour.
//!
//! No glyph is drawn. A piece of text is a few points on its line; it is hidden when something opaque
//! was painted over all of them later.

use crate::limits::{Limit, LimitExceeded, Meter};
use crate::painting::{Bounds, Colour};
use crate::pdf::ObjectId;

/// Cells across and down: about three points each on a page of A4.
const SIDE: usize = 256;

/// Points by which a piece of text is known.
pub(super) const POINTS: usize = 8;

/// Pieces of text on one page that are followed; those beyond are not looked at.
const MOST_RUNS: usize = 50_000;

/// What was painted on one cell last.
#[derive(Clone, Copy, Default)]
struct Cell {
    /// When something opaque covered it.
    covered: u64,
    /// When it was painted at all.
    painted: u64,
    /// When an image was painted there.
    pictured: u64,
    colour: Colour,
}

/// A piece of text that was shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The stream in which it stands: a page or a form.
    pub(super) object: ObjectId,
    /// Glyphs that are not white space.
    pub(super) glyphs: u64,
    pub(super) bounds: Bounds,
    pub(super) invisible: bool,
    shown: u64,
    cells: [Option<u16>; POINTS],
}

/// The page as it was painted so far.
pub(super) struct Canvas {
    cells: Vec<Cell>,
    page: Bounds,
    /// Counts paintings; what is older than the page is of another one.
    now: u64,
    began: u64,
    runs: Vec<Run>,
    work: Meter,
}

/// Where a piece of text lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// Nowhere on the page.
    Outside,
    /// On another colour, or one that cannot be told.
    Apart,
    /// On its own colour.
    Same,
}

impl Canvas {
    /// An empty one that may cost so many steps over all pages.
    pub(super) fn new(allowed: u64) -> Self {
        Self {
            cells: vec![Cell::default(); SIDE * SIDE],
            page: [0.0; 4],
            now: 1,
            began: 1,
            runs: Vec::new(),
            work: Meter::new(Limit::Work, allowed),
        }
    }

    /// Begins another page.
    pub(super) fn begin(&mut self, page: Bounds) {
        self.page = page;
        self.now += 1;
        self.began = self.now;
        self.runs.clear();
    }

    /// When the next thing is painted.
    pub(super) fn now(&self) -> u64 {
        self.now
    }

    /// Counts one operator.
    pub(super) fn step(&self) -> Result<(), LimitExceeded> {
        self.work.spend(1)
    }

    /// Something opaque covers `area`.
    pub(super) fn cover(
        &mut self,
        area: Bounds,
        colour: Colour,
        is_image: bool,
    ) -> Result<(), LimitExceeded> {
        self.paint(area, |cell, now| {
            cell.covered = now;
            cell.painted = now;
            cell.colour = colour;
            if is_image {
                cell.pictured = now;
            }
        })
    }

    /// Something is painted in `area` through which the ground may be seen.
    pub(super) fn touch(&mut self, area: Bounds, is_image: bool) -> Result<(), LimitExceeded> {
        self.paint(area, |cell, now| {
            cell.painted = now;
            cell.colour = None;
            if is_image {
                cell.pictured = now;
            }
        })
    }

    fn paint(&mut self, area: Bounds, set: impl Fn(&mut Cell, u64)) -> Result<(), LimitExceeded> {
        self.now += 1;
        let now = self.now;
        let [left, bottom, right, top] = area;
        let across = span(left, right, self.page[0], self.page[2]);
        let down = span(bottom, top, self.page[1], self.page[3]);
        let rows = down.len().max(1).saturating_mul(across.len().max(1));
        self.work.spend(u64::try_from(rows).unwrap_or(u64::MAX))?;
        for row in down {
            let cells = self.cells.get_mut(row * SIDE + across.start..row * SIDE + across.end);
            cells.unwrap_or_default().iter_mut().for_each(|cell| set(cell, now));
        }
        Ok(())
    }

    /// Where these points are.
    pub(super) fn ground(&self, points: &[(f64, f64)], colour: Colour) -> Ground {
        let mut cells = points.iter().filter_map(|point| self.cell(*point)).peekable();
        if cells.peek().is_none() {
            return Ground::Outside;
        }
        let Some(own) = colour else { return Ground::Apart };
        let same = cells.all(|cell| {
            let cell = self.cells.get(usize::from(cell)).copied().unwrap_or_default();
            let behind = if cell.painted > self.began { cell.colour } else { Some([255; 3]) };
            behind.is_some_and(|behind| {
                own.iter().zip(behind).all(|(one, other)| one.abs_diff(other) < 6)
            })
        });
        if same { Ground::Same } else { Ground::Apart }
    }

    /// Notes a piece of text.
    pub(super) fn show(
        &mut self,
        points: &[(f64, f64)],
        (object, glyphs, bounds, invisible): (ObjectId, u64, Bounds, bool),
    ) {
        if self.runs.len() >= MOST_RUNS {
            return;
        }
        self.now += 1;
        let mut cells = [None; POINTS];
        for (cell, point) in cells.iter_mut().zip(points) {
            *cell = self.cell(*point);
        }
        self.runs.push(Run { object, glyphs, bounds, invisible, shown: self.now, cells });
    }

    /// The visible pieces of text over which something opaque was painted by now, with the time of the
    /// painting; they are not told again.
    pub(super) fn take_hidden(&mut self) -> Vec<(Run, u64)> {
        let cells = &self.cells;
        let mut hidden = Vec::new();
        self.runs.retain(|run| {
            let own = run.cells.iter().flatten().filter_map(|at| cells.get(usize::from(*at)));
            let mut covered = own.map(|cell| cell.covered).peekable();
            let is_there = covered.peek().is_some() && !run.invisible;
            let by =
                covered.try_fold(u64::MAX, |least, at| (at > run.shown).then(|| at.min(least)));
            let by = by.filter(|_| is_there);
            hidden.extend(by.map(|by| (*run, by)));
            by.is_none()
        });
        hidden
    }

    /// The invisible pieces of text under or over which there is no image.
    pub(super) fn invisible(&self) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(|run| {
            let own = run.cells.iter().flatten().filter_map(|at| self.cells.get(usize::from(*at)));
            run.invisible && !own.into_iter().any(|cell| cell.pictured > self.began)
        })
    }

    fn cell(&self, (x, y): (f64, f64)) -> Option<u16> {
        let [left, bottom, right, top] = self.page;
        let inside = left <= x && x < right && bottom <= y && y < top;
        let column = place(x, left, right);
        let row = place(y, bottom, top);
        inside.then(|| u16::try_from(row * SIDE + column).ok()).flatten()
    }
}

/// The cells whose middle lies between `from` and `to`.
fn span(from: f64, to: f64, low: f64, high: f64) -> std::ops::Range<usize> {
    let half = (high - low) / 512.0;
    let start = place(from + half, low, high);
    let end = place(to + half, low, high);
    let all = to + half >= high;
    start..if all { SIDE } else { end.max(start) }
}

/// The column or row of a coordinate, the nearest one for what is outside.
fn place(value: f64, low: f64, high: f64) -> usize {
    let part = (value - low) / (high - low) * 256.0;
    if part.is_nan() || part <= 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
    let at = part.min(255.0) as usize;
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canvas() -> Canvas {
        let mut canvas = Canvas::new(1_000_000);
        canvas.begin([0.0, 0.0, 512.0, 512.0]);
        canvas
    }

    const WORD: [(f64, f64); 2] = [(101.0, 101.0), (141.0, 101.0)];

    fn show(canvas: &mut Canvas, invisible: bool) {
        let bounds = [100.0, 100.0, 150.0, 110.0];
        canvas.show(&WORD, (ObjectId::new(1, 0), 5, bounds, invisible));
    }

    #[test]
    fn text_is_hidden_when_all_of_it_is_covered_later() {
        let mut canvas = canvas();
        canvas.cover([90.0, 90.0, 200.0, 120.0], Some([0; 3]), false).unwrap();
        show(&mut canvas, false);
        assert!(canvas.take_hidden().is_empty(), "it stands on the box");
        canvas.cover([90.0, 90.0, 120.0, 120.0], None, true).unwrap();
        assert!(canvas.take_hidden().is_empty(), "half of it is seen");
        canvas.touch([90.0, 90.0, 200.0, 120.0], false).unwrap();
        assert!(canvas.take_hidden().is_empty(), "it shines through");
        canvas.cover([118.0, 90.0, 200.0, 120.0], None, true).unwrap();
        assert_eq!(canvas.take_hidden().len(), 1, "two strips cover it");
        assert!(canvas.take_hidden().is_empty(), "told once");
    }

    #[test]
    fn another_page_is_white_again() {
        let mut canvas = canvas();
        assert_eq!(canvas.ground(&WORD, Some([255; 3])), Ground::Same);
        canvas.cover([0.0, 0.0, 512.0, 512.0], Some([0, 0, 200]), false).unwrap();
        assert_eq!(canvas.ground(&WORD, Some([255; 3])), Ground::Apart);
        assert_eq!(canvas.ground(&WORD, Some([1, 2, 203])), Ground::Same);
        canvas.begin([0.0, 0.0, 512.0, 512.0]);
        assert_eq!(canvas.ground(&WORD, Some([255; 3])), Ground::Same);
        assert_eq!(canvas.ground(&[(-5.0, 3.0)], Some([255; 3])), Ground::Outside);
    }

    #[test]
    fn invisible_text_belongs_over_a_picture() {
        let mut canvas = canvas();
        show(&mut canvas, true);
        assert_eq!(canvas.invisible().count(), 1);
        canvas.touch([0.0, 0.0, 512.0, 512.0], true).unwrap();
        assert_eq!(canvas.invisible().count(), 0);
    }

    #[test]
    fn painting_ends_at_the_limit() {
        let mut canvas = Canvas::new(100_000);
        canvas.begin([0.0, 0.0, 512.0, 512.0]);
        assert!(canvas.cover([0.0, 0.0, 512.0, 512.0], None, false).is_ok());
        assert!(canvas.cover([0.0, 0.0, 512.0, 512.0], None, false).is_err());
    }
}
