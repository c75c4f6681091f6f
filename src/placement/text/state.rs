//! What the operators of a content stream change, as far as text is concerned (ISO 32000-2 §8.4 and
//! §9.3).

use std::rc::Rc;

use super::font::Font;

/// Transforms points: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Affine(pub(super) [f64; 6]);

impl Affine {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// First this one, then `after`.
    pub(super) fn then(self, after: Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, after.0);
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    pub(super) fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }
}

/// The graphics state that `q` saves: what text needs of it.
#[derive(Clone)]
pub(super) struct State {
    pub(super) ctm: Affine,
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) character_space: f64,
    pub(super) word_space: f64,
    /// Horizontal scaling, 1 for 100 per cent.
    pub(super) scale: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    /// Rendering mode (Table 104): 3 and 7 paint nothing.
    pub(super) mode: i64,
}

impl State {
    pub(super) fn new(ctm: Affine) -> Self {
        Self {
            ctm,
            font: None,
            size: 1.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }

    pub(super) fn paints(&self) -> bool {
        !matches!(self.mode, 3 | 7)
    }
}

/// Where the next glyph goes: the two matrices of a text object (§9.4.1).
#[derive(Clone, Copy)]
pub(super) struct Position {
    pub(super) text: Affine,
    pub(super) line: Affine,
}

impl Position {
    pub(super) const START: Self = Self { text: Affine::IDENTITY, line: Affine::IDENTITY };

    pub(super) fn set(&mut self, matrix: Affine) {
        (self.text, self.line) = (matrix, matrix);
    }

    /// `Td`: to the start of a line, offset from that of this one.
    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.set(Affine::translation(x, y).then(self.line));
    }

    pub(super) fn advance(&mut self, x: f64, y: f64) {
        self.text = Affine::translation(x, y).then(self.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_apply_in_the_order_of_then() {
        let turned = Affine([0.0, 1.0, -1.0, 0.0, 0.0, 0.0]);
        let moved = Affine::translation(10.0, 0.0).then(turned);
        assert_eq!(moved.apply(0.0, 0.0), (0.0, 10.0));
        assert_eq!(turned.then(Affine::translation(10.0, 0.0)).apply(1.0, 0.0), (10.0, 1.0));
    }
}
