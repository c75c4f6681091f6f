//! The graphics state as far as it decides what is seen (ISO 32000-2 §8.4).

use std::rc::Rc;

use super::canvas::{Bounds, Colour};
use super::font::Font;

/// `a b c d e f` of §8.3.3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn translation(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then `after`.
    pub(super) fn then(self, after: Self) -> Self {
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

    pub(super) fn point(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Whether upright boxes stay upright.
    pub(super) fn keeps_boxes(self) -> bool {
        let [a, b, c, d, ..] = self.0;
        let small = |value: f64, other: f64| value.abs() <= other.abs() * 1e-4;
        (small(b, a) && small(c, d)) || (small(a, b) && small(d, c))
    }

    /// The box around what becomes of a box.
    pub(super) fn bounds(self, [left, bottom, right, top]: Bounds) -> Bounds {
        let corners = [(left, bottom), (right, bottom), (right, top), (left, top)];
        around(&corners.map(|(x, y)| self.point(x, y)))
    }

    /// By how much lengths upwards grow.
    pub(super) fn height(self) -> f64 {
        let [_, _, c, d, ..] = self.0;
        c.hypot(d)
    }
}

/// The box around points.
pub(super) fn around(points: &[(f64, f64)]) -> Bounds {
    let mut bounds = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for (x, y) in points {
        bounds = [bounds[0].min(*x), bounds[1].min(*y), bounds[2].max(*x), bounds[3].max(*y)];
    }
    bounds
}

/// What both have; turned around if nothing.
pub(super) fn common(one: Bounds, other: Bounds) -> Bounds {
    [one[0].max(other[0]), one[1].max(other[1]), one[2].min(other[2]), one[3].min(other[3])]
}

pub(super) fn is_in((x, y): (f64, f64), bounds: Bounds) -> bool {
    bounds[0] <= x && x <= bounds[2] && bounds[1] <= y && y <= bounds[3]
}

/// What the components of a colour mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Gray,
    Rgb,
    Cmyk,
    Pattern,
    Unknown,
}

impl Space {
    /// What a colour of it looks like.
    pub(super) fn colour(self, components: &[f64]) -> Colour {
        let rgb = match (self, components) {
            (Self::Gray, [gray]) => [*gray; 3],
            (Self::Rgb, [red, green, blue]) => [*red, *green, *blue],
            (Self::Cmyk, [cyan, magenta, yellow, black]) => {
                [cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - black))
            }
            _ => return None,
        };
        Some(rgb.map(|part| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
            let part = (part.clamp(0.0, 1.0) * 255.0).round() as u8;
            part
        }))
    }

    /// Its colour at the start (§8.6.8).
    pub(super) fn initial(self) -> Colour {
        match self {
            Self::Gray | Self::Rgb | Self::Cmyk => Some([0; 3]),
            Self::Pattern | Self::Unknown => None,
        }
    }
}

/// The state that `q` saves.
#[derive(Clone)]
pub(super) struct State {
    pub(super) ctm: Matrix,
    pub(super) clip: Bounds,
    /// Whether the clip is that box and nothing smaller.
    pub(super) clip_is_box: bool,
    pub(super) space: Space,
    pub(super) fill: Colour,
    pub(super) alpha: f64,
    pub(super) normal_blend: bool,
    pub(super) masked: bool,
    /// Whether the group in which all this is painted is opaque itself.
    pub(super) in_opaque_group: bool,
    pub(super) text: TextState,
}

/// §9.3.
#[derive(Clone)]
pub(super) struct TextState {
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) character_space: f64,
    pub(super) word_space: f64,
    pub(super) scale: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) mode: Mode,
}

/// The text rendering mode (§9.3.6) as far as it counts here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// 0.
    Fill,
    /// 3 and 7.
    Invisible,
    /// The others: with an outline.
    Outlined,
}

impl Mode {
    pub(super) fn of(number: f64) -> Self {
        match number.to_bits() {
            bits if bits == 3.0_f64.to_bits() || bits == 7.0_f64.to_bits() => Self::Invisible,
            bits if bits == 0.0_f64.to_bits() => Self::Fill,
            _ => Self::Outlined,
        }
    }
}

impl State {
    /// The state at the start of a page.
    pub(super) fn new(clip: Bounds) -> Self {
        Self {
            ctm: Matrix::IDENTITY,
            clip,
            clip_is_box: true,
            space: Space::Gray,
            fill: Some([0; 3]),
            alpha: 1.0,
            normal_blend: true,
            masked: false,
            in_opaque_group: true,
            text: TextState {
                font: None,
                size: 0.0,
                character_space: 0.0,
                word_space: 0.0,
                scale: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: Mode::Fill,
            },
        }
    }

    /// Whether what is painted now hides what is behind it.
    pub(super) fn is_opaque(&self) -> bool {
        self.alpha > 0.99 && self.normal_blend && !self.masked && self.in_opaque_group
    }

    /// Narrows the clip.
    pub(super) fn clip_to(&mut self, bounds: Bounds, is_box: bool) {
        self.clip = common(self.clip, bounds);
        self.clip_is_box &= is_box;
    }
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
    }

    #[test]
    fn colours_of_all_devices_are_compared_as_one() {
        assert_eq!(Space::Gray.colour(&[1.0]), Some([255; 3]));
        assert_eq!(Space::Cmyk.colour(&[0.0, 0.0, 0.0, 0.0]), Some([255; 3]));
        assert_eq!(Space::Cmyk.colour(&[0.0, 0.0, 0.0, 1.0]), Some([0; 3]));
        assert_eq!(Space::Rgb.colour(&[1.0, 0.0]), None);
        assert_eq!(Space::Unknown.colour(&[1.0]), None);
    }
}
