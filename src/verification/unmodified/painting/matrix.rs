//! Transformations of user space (ISO 32000-2 §8.3.3).

use super::grid::Bounds;

/// `a b c d e f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in super::super) struct Matrix(pub(in super::super) [f64; 6]);

impl Matrix {
    pub(in super::super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This one first, then `after`.
    pub(in super::super) fn then(&self, after: &Self) -> Self {
        let ([a, b, c, d, e, f], [o, p, q, r, s, t]) = (self.0, after.0);
        Self([
            a * o + b * q,
            a * p + b * r,
            c * o + d * q,
            c * p + d * r,
            e * o + f * q + s,
            e * p + f * r + t,
        ])
    }

    pub(in super::super) fn point(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// The box around a transformed box.
    pub(in super::super) fn bounds(&self, [left, bottom, right, top]: Bounds) -> Bounds {
        let corners = [(left, bottom), (right, bottom), (left, top), (right, top)];
        around(corners.map(|corner| self.point(corner)))
    }

    /// How much longer a line of user space becomes, at most.
    pub(in super::super) fn stretch(&self) -> f64 {
        let [a, b, c, d, ..] = self.0;
        a.hypot(b).max(c.hypot(d))
    }
}

/// The box around points.
pub(in super::super) fn around(points: impl IntoIterator<Item = (f64, f64)>) -> Bounds {
    let empty = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    points.into_iter().fold(empty, |[left, bottom, right, top], (x, y)| {
        [left.min(x), bottom.min(y), right.max(x), top.max(y)]
    })
}

/// What two boxes have in common; its sides are turned round if they have nothing.
pub(in super::super) fn common(one: Bounds, other: Bounds) -> Bounds {
    let ([a, b, c, d], [o, p, q, r]) = (one, other);
    [a.max(o), b.max(p), c.min(q), d.min(r)]
}
