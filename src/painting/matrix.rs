//! Transformations of user space, and boxes in it (ISO 32000-2 §8.3).

/// Left, bottom, right, top in user space.
pub(crate) type Bounds = [f64; 4];

/// `a b c d e f` of §8.3.3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Matrix(pub(crate) [f64; 6]);

impl Matrix {
    pub(crate) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(crate) fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then `after`.
    pub(crate) fn then(self, after: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, t, u] = after.0;
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    pub(crate) fn point(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Whether upright boxes stay upright.
    pub(crate) fn keeps_boxes(self) -> bool {
        let [a, b, c, d, ..] = self.0;
        let small = |value: f64, other: f64| value.abs() <= other.abs() * 1e-4;
        (small(b, a) && small(c, d)) || (small(a, b) && small(d, c))
    }

    /// The box around what becomes of a box.
    pub(crate) fn bounds(self, [left, bottom, right, top]: Bounds) -> Bounds {
        let corners = [(left, bottom), (right, bottom), (right, top), (left, top)];
        around(&corners.map(|(x, y)| self.point(x, y)))
    }

    /// By how much lengths upwards grow.
    pub(crate) fn height(self) -> f64 {
        let [_, _, c, d, ..] = self.0;
        c.hypot(d)
    }

    /// By how much lengths across grow.
    pub(crate) fn width(self) -> f64 {
        let [a, b, ..] = self.0;
        a.hypot(b)
    }

    /// By how much lengths grow, at most.
    pub(crate) fn stretch(self) -> f64 {
        self.width().max(self.height())
    }

    /// What puts one box onto another; a box without a width or height keeps what it has.
    pub(crate) fn onto(from: Bounds, to: Bounds) -> Self {
        let ([a, b, c, d], [left, bottom, right, top]) = (from, to);
        let scale = |own: f64, wanted: f64| if own > 0.0 { wanted / own } else { 1.0 };
        let (x, y) = (scale(c - a, right - left), scale(d - b, top - bottom));
        Self([x, 0.0, 0.0, y, left - a * x, bottom - b * y])
    }
}

/// The box around points; all there is if one of them is beyond all numbers.
pub(crate) fn around(points: &[(f64, f64)]) -> Bounds {
    let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    for (x, y) in points {
        if x.is_nan() || y.is_nan() {
            return [f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY];
        }
        bounds = [bounds[0].min(*x), bounds[1].min(*y), bounds[2].max(*x), bounds[3].max(*y)];
    }
    bounds
}

/// What two boxes have in common; turned around if nothing.
pub(crate) fn common(one: Bounds, other: Bounds) -> Bounds {
    [one[0].max(other[0]), one[1].max(other[1]), one[2].min(other[2]), one[3].min(other[3])]
}

pub(crate) fn is_in((x, y): (f64, f64), bounds: Bounds) -> bool {
    bounds[0] <= x && x <= bounds[2] && bounds[1] <= y && y <= bounds[3]
}

/// The same box with its corners in order.
pub(crate) fn sorted([x, y, z, w]: Bounds) -> Bounds {
    [x.min(z), y.min(w), x.max(z), y.max(w)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_apply_in_the_order_of_the_standard() {
        let matrix = Matrix([2.0, 0.0, 0.0, 3.0, 0.0, 0.0]).then(Matrix::translation(5.0, 7.0));
        assert_eq!(matrix.point(1.0, 1.0), (7.0, 10.0));
        assert_eq!(matrix.bounds([0.0, 0.0, 1.0, 1.0]), [5.0, 7.0, 7.0, 10.0]);
        assert!(Matrix([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]).keeps_boxes());
        assert!(!Matrix([1.0, 1.0, -1.0, 1.0, 0.0, 0.0]).keeps_boxes());
        let onto = Matrix::onto([0.0, 0.0, 2.0, 4.0], [10.0, 10.0, 12.0, 12.0]);
        assert_eq!(onto.bounds([0.0, 0.0, 2.0, 4.0]), [10.0, 10.0, 12.0, 12.0]);
    }

    #[test]
    fn what_is_beyond_all_numbers_may_be_anywhere() {
        let matrix = Matrix([1e308, 0.0, 0.0, 1e308, 0.0, 0.0]);
        let matrix = matrix.then(matrix).bounds([0.0, 0.0, 1.0, 1.0]);
        assert_eq!(common(matrix, [1.0, 2.0, 3.0, 4.0]), [1.0, 2.0, 3.0, 4.0]);
    }
}
