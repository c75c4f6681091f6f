//! The path that is being built, as far as it is made of boxes (ISO 32000-2 §8.5.2).

use super::canvas::Bounds;
use super::graphics::{Matrix, around};

/// Boxes of one path that are painted one by one; a path of more counts as one that may have holes.
pub(super) const MOST_BOXES: usize = 256;

/// The path that is being built, as far as it is boxes.
#[derive(Default)]
pub(super) struct Path {
    pub(super) boxes: Vec<Bounds>,
    /// Points of a figure that is not a `re`.
    points: Vec<(f64, f64)>,
    /// Everything that it touches; only if there is anything.
    pub(super) all: Option<Bounds>,
    /// Whether something in it is no upright box.
    pub(super) odd: bool,
}

impl Path {
    /// One of `m l c v y re h`.
    pub(super) fn build(&mut self, operator: &[u8], numbers: &[f64], ctm: Matrix) {
        match (operator, numbers) {
            (b"re", [x, y, width, height]) => {
                self.close_figure();
                let bounds = ctm.bounds([*x, *y, x + width, y + height]);
                self.reach(bounds);
                self.odd |= !ctm.keeps_boxes();
                if self.boxes.len() <= MOST_BOXES {
                    self.boxes.push(bounds);
                }
            }
            (b"m", [x, y]) => {
                self.close_figure();
                self.go(ctm.point(*x, *y));
            }
            (b"l", [x, y]) => self.go(ctm.point(*x, *y)),
            (b"h", _) => self.close_figure(),
            _ => {
                self.odd = true;
                for pair in numbers.chunks_exact(2) {
                    if let [x, y] = pair {
                        self.go(ctm.point(*x, *y));
                    }
                }
            }
        }
    }

    fn go(&mut self, point: (f64, f64)) {
        self.reach([point.0, point.1, point.0, point.1]);
        if self.points.len() < 8 {
            self.points.push(point);
        } else {
            self.odd = true;
        }
    }

    fn reach(&mut self, bounds: Bounds) {
        let all = self.all.unwrap_or(bounds);
        self.all = Some([
            all[0].min(bounds[0]).min(bounds[2]),
            all[1].min(bounds[1]).min(bounds[3]),
            all[2].max(bounds[0]).max(bounds[2]),
            all[3].max(bounds[1]).max(bounds[3]),
        ]);
    }

    /// Lines that come to a box are one.
    pub(super) fn close_figure(&mut self) {
        let mut points = std::mem::take(&mut self.points);
        if points.is_empty() {
            return;
        }
        if points.len() == 5 && points.first() == points.last() {
            points.pop();
        }
        let upright = |one: &(f64, f64), other: &(f64, f64)| {
            (one.0 - other.0).abs() < 0.01 || (one.1 - other.1).abs() < 0.01
        };
        let next = points.iter().cycle().skip(1);
        if points.len() == 4 && points.iter().zip(next).all(|(one, other)| upright(one, other)) {
            if self.boxes.len() <= MOST_BOXES {
                self.boxes.push(around(&points));
            }
        } else {
            self.odd = true;
        }
    }
}
