//! The path that is being built: its boxes, its lines, and how far it reaches (ISO 32000-2 §8.5.2).

use super::matrix::{Bounds, Matrix, around};

/// Boxes of one path that are known one by one; a path of more counts as one that may have holes.
const MOST_BOXES: usize = 256;

/// Corners of a figure that may be a box: a closed one has five.
const MOST_CORNERS: usize = 8;

/// The path that is being built.
#[derive(Default)]
pub(crate) struct Path {
    boxes: Vec<Bounds>,
    /// Points of a figure that is not a `re`.
    points: Vec<(f64, f64)>,
    last: Option<(f64, f64)>,
    /// Everything that it touches; only if there is anything.
    pub(super) all: Option<Bounds>,
    /// How long its lines are together, in user space of the page; curves as their control points go.
    pub(crate) length: f64,
    /// Whether something in it is no upright box.
    odd: bool,
    pub(super) clips: bool,
}

/// What becomes of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Painted {
    pub(crate) fills: bool,
    pub(crate) strokes: bool,
}

impl Path {
    /// The boxes of which it is made, if it is made of nothing else.
    pub(crate) fn boxes(&self) -> Option<&[Bounds]> {
        (!self.odd && self.boxes.len() <= MOST_BOXES).then_some(&self.boxes)
    }

    /// One of `m l c v y re h`.
    pub(super) fn build(&mut self, operator: &[u8], numbers: &[f64], ctm: Matrix) {
        match (operator, numbers) {
            (b"re", [x, y, width, height]) => {
                self.close_figure();
                let bounds = ctm.bounds([*x, *y, x + width, y + height]);
                self.reach(bounds);
                self.odd |= !ctm.keeps_boxes();
                self.last = Some(ctm.point(*x, *y));
                self.length += 2.0 * (width.abs() * ctm.width() + height.abs() * ctm.height());
                self.keep(bounds);
            }
            (b"m", [x, y]) => {
                self.close_figure();
                self.last = None;
                self.go(ctm.point(*x, *y));
            }
            (b"l", [x, y]) => self.go(ctm.point(*x, *y)),
            (b"h", _) => self.close_figure(),
            _ => {
                self.odd = true;
                for pair in numbers.as_chunks::<2>().0 {
                    self.go(ctm.point(pair[0], pair[1]));
                }
            }
        }
    }

    fn go(&mut self, point: (f64, f64)) {
        self.reach(around(&[point]));
        if let Some(last) = self.last.replace(point) {
            self.length += (point.0 - last.0).hypot(point.1 - last.1);
        }
        if self.points.len() < MOST_CORNERS {
            self.points.push(point);
        } else {
            self.odd = true;
        }
    }

    fn keep(&mut self, bounds: Bounds) {
        if self.boxes.len() <= MOST_BOXES {
            self.boxes.push(bounds);
        }
    }

    fn reach(&mut self, bounds: Bounds) {
        let all = self.all.unwrap_or(bounds);
        self.all = Some([
            all[0].min(bounds[0]),
            all[1].min(bounds[1]),
            all[2].max(bounds[2]),
            all[3].max(bounds[3]),
        ]);
    }

    /// Lines that come to a box are one.
    pub(super) fn close_figure(&mut self) {
        if self.points.is_empty() {
            return;
        }
        let points = &mut self.points;
        if points.len() == 5 && points.first() == points.last() {
            points.pop();
        }
        let upright = |one: &(f64, f64), other: &(f64, f64)| {
            (one.0 - other.0).abs() < 0.01 || (one.1 - other.1).abs() < 0.01
        };
        let next = points.iter().cycle().skip(1);
        let is_box =
            points.len() == 4 && points.iter().zip(next).all(|(one, other)| upright(one, other));
        let bounds = around(points);
        points.clear();
        if is_box {
            self.keep(bounds);
        } else {
            self.odd = true;
        }
    }

    /// Whether it is one box, and the box around all of it.
    pub(super) fn as_clip(&self) -> Option<(Bounds, bool)> {
        self.all.map(|all| (all, !self.odd && self.boxes.len() == 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(operators: &[(&[u8], &[f64])]) -> Path {
        let mut path = Path::default();
        for (operator, numbers) in operators {
            path.build(operator, numbers, Matrix::IDENTITY);
        }
        path.close_figure();
        path
    }

    #[test]
    fn lines_that_come_to_a_box_are_one() {
        let square: [(&[u8], &[f64]); 5] = [
            (b"m", &[0.0, 0.0]),
            (b"l", &[9.0, 0.0]),
            (b"l", &[9.0, 9.0]),
            (b"l", &[0.0, 9.0]),
            (b"h", &[]),
        ];
        assert_eq!(built(&square).boxes(), Some(&[[0.0, 0.0, 9.0, 9.0]][..]));
        let drawn = built(&[(b"re", &[1.0, 1.0, 2.0, 3.0])]);
        assert_eq!(drawn.boxes(), Some(&[[1.0, 1.0, 3.0, 4.0]][..]));
        assert!((drawn.length - 10.0).abs() < 1e-9);
        let curve = built(&[(b"m", &[0.0, 0.0]), (b"c", &[0.0, 5.0, 5.0, 9.0, 9.0, 9.0])]);
        assert_eq!((curve.boxes(), curve.all), (None, Some([0.0, 0.0, 9.0, 9.0])));
    }

    #[test]
    fn a_path_of_very_many_boxes_may_have_holes() {
        let one: (&[u8], &[f64]) = (b"re", &[0.0, 0.0, 1.0, 1.0]);
        assert!(built(&[one; MOST_BOXES]).boxes().is_some());
        assert!(built(&[one; MOST_BOXES + 1]).boxes().is_none());
    }
}
