//! Filled outlines to pixels: as much as drawing a seal takes.

use ttf_parser::OutlineBuilder;

/// A point in pixels from the top left.
pub(crate) type Point = (f64, f64);

/// Scan lines in each row of pixels; within a scan line coverage is exact.
const SCAN_LINES: usize = 8;

/// Closed outlines, filled by the nonzero rule: overlapping outlines of one direction unite.
#[derive(Default)]
pub(crate) struct Outline {
    edges: Vec<(Point, Point)>,
}

impl Outline {
    /// Adds a closed polygon.
    pub fn polygon(&mut self, points: &[Point]) {
        for (index, &from) in points.iter().enumerate() {
            self.edges.push((from, points[(index + 1) % points.len()]));
        }
    }

    /// Adds a circle; one with the other direction cuts a hole.
    pub fn circle(&mut self, center: Point, radius: f64, clockwise: bool) {
        const CORNERS: u32 = 720;
        let points: Vec<Point> = (0..CORNERS)
            .map(|corner| {
                let turn = f64::from(corner) / f64::from(CORNERS) * std::f64::consts::TAU;
                let turn = if clockwise { turn } else { -turn };
                (center.0 + radius * turn.cos(), center.1 + radius * turn.sin())
            })
            .collect();
        self.polygon(&points);
    }

    /// How much of each pixel of a square is covered, from 0 to 255 in sixteen steps, which no eye
    /// tells from more and which compress better, row by row.
    pub fn coverage(&self, side: usize) -> Vec<u8> {
        let mut pixels = vec![0; side * side];
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); side];
        for (index, (from, to)) in self.edges.iter().enumerate() {
            let first = from.1.min(to.1).max(0.0) as usize;
            let last = (from.1.max(to.1).max(0.0) as usize).min(side - 1);
            for row in rows.iter_mut().take(last + 1).skip(first) {
                row.push(index);
            }
        }
        for (y, row) in rows.iter().enumerate() {
            let mut sums = vec![0.0; side];
            for scan_line in 0..SCAN_LINES {
                let y = y as f64 + (scan_line as f64 + 0.5) / SCAN_LINES as f64;
                self.scan(y, row, &mut sums);
            }
            for (pixel, sum) in pixels[y * side..].iter_mut().zip(sums) {
                *pixel = (sum / SCAN_LINES as f64 * 15.0).round() as u8 * 17;
            }
        }
        pixels
    }

    /// Adds what one scan line covers of each pixel.
    fn scan(&self, y: f64, edges: &[usize], sums: &mut [f64]) {
        let mut crossings: Vec<(f64, i32)> = edges
            .iter()
            .filter_map(|&edge| {
                let (from, to) = self.edges[edge];
                let direction = if from.1 < to.1 { 1 } else { -1 };
                let crosses = (from.1 <= y) != (to.1 <= y);
                let x = from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0);
                crosses.then_some((x, direction))
            })
            .collect();
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut winding = 0;
        for (index, &(x, direction)) in crossings.iter().enumerate() {
            winding += direction;
            if winding != 0 {
                let end = crossings.get(index + 1).map_or(x, |next| next.0);
                add_span(x, end, sums);
            }
        }
    }
}

fn add_span(from: f64, to: f64, sums: &mut [f64]) {
    let (from, to) = (from.max(0.0), to.min(sums.len() as f64));
    let mut x = from;
    while x < to {
        let next = (x.floor() + 1.0).min(to);
        sums[x as usize] += next - x;
        x = next;
    }
}

/// Takes a glyph's curves into an outline, each point moved by a function.
pub(crate) struct Pen<'a, F: Fn(Point) -> Point> {
    outline: &'a mut Outline,
    place: F,
    points: Vec<Point>,
}

impl<'a, F: Fn(Point) -> Point> Pen<'a, F> {
    pub fn new(outline: &'a mut Outline, place: F) -> Self {
        Self { outline, place, points: Vec::new() }
    }

    /// Follows a curve in sixteen straight steps.
    fn curve(&mut self, at: impl Fn(f64) -> Point) {
        const STEPS: u32 = 16;
        for step in 1..=STEPS {
            self.points.push(at(f64::from(step) / f64::from(STEPS)));
        }
    }

    fn current(&self) -> Point {
        *self.points.last().expect("an outline begins with a move")
    }
}

impl<F: Fn(Point) -> Point> OutlineBuilder for Pen<'_, F> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.points = vec![(x.into(), y.into())];
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.points.push((x.into(), y.into()));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let [from, over, to] = [self.current(), (x1.into(), y1.into()), (x.into(), y.into())];
        self.curve(|t| between(between(from, over, t), between(over, to, t), t));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let from = self.current();
        let [first, second, to] = [(x1, y1), (x2, y2), (x, y)].map(|(x, y)| (x.into(), y.into()));
        self.curve(|t| {
            let middle = between(first, second, t);
            let start = between(between(from, first, t), middle, t);
            between(start, between(middle, between(second, to, t), t), t)
        });
    }

    fn close(&mut self) {
        let points: Vec<Point> = self.points.drain(..).map(&self.place).collect();
        self.outline.polygon(&points);
    }
}

fn between(from: Point, to: Point, t: f64) -> Point {
    (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_is_exact_for_rectangles_between_pixels() {
        let mut outline = Outline::default();
        outline.polygon(&[(0.5, 1.0), (2.5, 1.0), (2.5, 2.0), (0.5, 2.0)]);
        let half = 8 * 17;
        assert_eq!(outline.coverage(3), [0, 0, 0, half, 255, half, 0, 0, 0]);
    }

    #[test]
    fn an_inner_circle_of_the_other_direction_is_a_hole() {
        let mut outline = Outline::default();
        outline.circle((8.0, 8.0), 7.0, true);
        outline.circle((8.0, 8.0), 4.0, false);
        let pixels = outline.coverage(16);
        assert_eq!((pixels[8 * 16 + 8], pixels[8 * 16 + 2]), (0, 255));
    }
}
