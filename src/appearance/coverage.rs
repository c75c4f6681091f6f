//! How much of each pixel a filled outline covers, computed exactly.
//!
//! Every edge leaves in each pixel it crosses the area between itself and the pixel's right side,
//! signed by its direction; summed up along a row that is the covered share of each pixel. There is
//! nothing to tune and nothing random, which is why it is here and no rasteriser is depended upon.

/// A point in pixels from the top left.
pub(super) type Spot = (f64, f64);

/// The most straight lines that a curve is drawn with.
const MOST_LINES: u32 = 256;

/// The shares of a picture, being summed up.
pub(super) struct Coverage {
    width: usize,
    height: usize,
    /// `width + 2` a row: what an edge leaves may reach two pixels beyond the last.
    sums: Vec<f64>,
    /// The rows that edges touched.
    touched: std::ops::Range<usize>,
}

impl Coverage {
    /// An empty picture.
    pub(super) fn new(width: usize, height: usize) -> Self {
        let sums = vec![0.0; width.saturating_add(2).saturating_mul(height)];
        Self { width, height, sums, touched: height..0 }
    }

    /// A straight edge. What lies beyond the left or right side counts as lying on it.
    pub(super) fn line(&mut self, from: Spot, to: Spot) {
        let (sign, top, bottom) = if from.1 < to.1 { (1.0, from, to) } else { (-1.0, to, from) };
        let slope = (bottom.0 - top.0) / (bottom.1 - top.1);
        if !slope.is_finite() {
            return; // level edges cover nothing
        }
        let (first, last) = (top.1.max(0.0), bottom.1.min(real(self.height)));
        let mut row = whole(first);
        let mut y = first;
        self.touched.start = self.touched.start.min(row);
        while y < last {
            let below = real(row + 1).min(last);
            let at = |y: f64| (top.0 + slope * (y - top.1)).clamp(0.0, real(self.width));
            self.piece(row, at(y), at(below), sign * (below - y));
            (row, y) = (row + 1, below);
        }
        self.touched.end = self.touched.end.max(row);
    }

    /// A cubic Bézier curve.
    pub(super) fn curve(&mut self, from: Spot, first: Spot, second: Spot, to: Spot) {
        let mut last = from;
        let lines = lines(&[from, first, second, to]);
        for line in 1..=lines {
            let t = f64::from(line) / f64::from(lines);
            let (s, t2) = (1.0 - t, t * t);
            let (a, b, c, d) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t2, t2 * t);
            let mix = |p: f64, q: f64, r: f64, u: f64| a * p + b * q + c * r + d * u;
            let next = (mix(from.0, first.0, second.0, to.0), mix(from.1, first.1, second.1, to.1));
            self.line(last, next);
            last = next;
        }
    }

    /// Adds the outlines since the last call, filled by the nonzero rule, to shares of 0 to 1 that
    /// were there before, as ink on ink; then starts anew.
    pub(super) fn fill(&mut self, shares: &mut [f64]) {
        let touched = std::mem::replace(&mut self.touched, self.height..0);
        let rows = self.sums.chunks_mut(self.width + 2).zip(shares.chunks_mut(self.width.max(1)));
        for (sums, shares) in rows.take(touched.end).skip(touched.start) {
            let mut sum = 0.0;
            for (step, share) in sums.iter_mut().zip(shares) {
                sum += *step;
                let covered = f64::min(f64::abs(sum), 1.0);
                // What rounding leaves of nothing is nothing.
                if covered > 1e-9 {
                    *share += (1.0 - *share) * covered;
                }
                *step = 0.0;
            }
            sums.iter_mut().for_each(|step| *step = 0.0);
        }
    }

    /// A piece of an edge inside one row, from `x` to `end`, `drop` high, signed.
    fn piece(&mut self, row: usize, x: f64, end: f64, drop: f64) {
        let (left, right) = if x < end { (x, end) } else { (end, x) };
        let start = row * (self.width + 2);
        let first = whole(left);
        let last = whole(right);
        let mut add = |pixel: usize, share: f64| {
            if let Some(sum) = self.sums.get_mut(start + pixel) {
                *sum += share;
            }
        };
        if first == last {
            let covered = 1.0 - ((left + right) / 2.0 - real(first));
            add(first, drop * covered);
            add(first + 1, drop * (1.0 - covered));
            return;
        }
        // The covered area of each pixel is the rise of this from its left to its right side.
        let steep = drop / (right - left);
        let covered = |to: f64| {
            let into = to.clamp(left, right) - left;
            steep * (into * into / 2.0 + (to - right).max(0.0) * (right - left))
        };
        let mut before = 0.0;
        for pixel in first..=last + 1 {
            let area = covered(real(pixel + 1)) - covered(real(pixel));
            add(pixel, area - before);
            before = area;
        }
    }
}

/// As many as keep a quarter of a circle within a twentieth of a pixel, whatever its size.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut before")]
fn lines(points: &[Spot]) -> u32 {
    let length: f64 = points
        .windows(2)
        .map(|pair| match pair {
            [(x, y), (u, v)] => ((u - x) * (u - x) + (v - y) * (v - y)).sqrt(),
            _ => 0.0,
        })
        .sum();
    (2.0 * length.sqrt()).ceil().clamp(4.0, f64::from(MOST_LINES)) as u32
}

/// A pixel's number. Coordinates were cut to the picture before.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within a picture")]
fn whole(value: f64) -> usize {
    value.max(0.0) as usize
}

#[expect(clippy::cast_precision_loss, reason = "pixels are counted with fewer than 53 bits")]
fn real(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(width: usize, height: usize, outlines: &[&[Spot]]) -> Vec<f64> {
        let mut coverage = Coverage::new(width, height);
        let mut shares = vec![0.0; width * height];
        for outline in outlines {
            for (index, from) in outline.iter().enumerate() {
                coverage.line(*from, outline[(index + 1) % outline.len()]);
            }
        }
        coverage.fill(&mut shares);
        shares
    }

    #[track_caller]
    fn assert_shares(found: &[f64], expected: &[f64]) {
        let near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(near && found.len() == expected.len(), "{found:?}");
    }

    #[test]
    fn areas_are_exact() {
        let square = [(0.5, 0.25), (2.0, 0.25), (2.0, 1.5), (0.5, 1.5)];
        assert_shares(&filled(3, 2, &[&square]), &[0.375, 0.75, 0.0, 0.25, 0.5, 0.0]);
        let slope = [(0.0, 0.0), (4.0, 1.0), (0.0, 1.0)];
        assert_shares(&filled(4, 1, &[&slope]), &[0.875, 0.625, 0.375, 0.125]);
        let between = [(0.5, 0.0), (2.0, 0.0), (2.0, 1.0), (1.5, 1.0)];
        assert_shares(&filled(2, 1, &[&between]), &[0.125, 0.875]);
    }

    #[test]
    fn a_hole_runs_the_other_way_and_an_overlap_counts_once() {
        let outer = [(0.0, 0.0), (3.0, 0.0), (3.0, 1.0), (0.0, 1.0)];
        let hole = [(1.0, 0.0), (1.0, 1.0), (2.0, 1.0), (2.0, 0.0)];
        assert_shares(&filled(3, 1, &[&outer, &hole]), &[1.0, 0.0, 1.0]);
        assert_shares(&filled(3, 1, &[&outer, &outer]), &[1.0, 1.0, 1.0]);
    }

    #[test]
    fn what_lies_outside_is_cut() {
        let large = [(-10.0, -10.0), (10.0, -10.0), (10.0, 10.0), (-10.0, 10.0)];
        assert_shares(&filled(2, 2, &[&large]), &[1.0; 4]);
        let left = [(-10.0, 0.0), (-5.0, 0.0), (-5.0, 2.0), (-10.0, 2.0)];
        assert_shares(&filled(2, 2, &[&left]), &[0.0; 4]);
    }

    #[test]
    fn the_area_of_a_circle() {
        let mut coverage = Coverage::new(100, 100);
        let (middle, radius, bend) = (50.0, 40.0, 40.0 * 0.552_284_749_8);
        let at = |x: f64, y: f64| (middle + x, middle + y);
        let (r, k) = (radius, bend);
        coverage.curve(at(r, 0.0), at(r, k), at(k, r), at(0.0, r));
        coverage.curve(at(0.0, r), at(-k, r), at(-r, k), at(-r, 0.0));
        coverage.curve(at(-r, 0.0), at(-r, -k), at(-k, -r), at(0.0, -r));
        coverage.curve(at(0.0, -r), at(k, -r), at(r, -k), at(r, 0.0));
        let mut shares = vec![0.0; 10_000];
        coverage.fill(&mut shares);
        let area: f64 = shares.iter().sum();
        let pi = std::f64::consts::PI;
        // A twentieth of a pixel along the edge.
        assert!((area - pi * 1600.0).abs() < 0.05 * 2.0 * pi * 40.0, "{area}");
    }
}
