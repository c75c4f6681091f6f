//! The sheet a seal is drawn on: millimetres from its middle become integers of its box.

use super::lettering::{Letter, Place};
use super::ring::{Ellipse, sine_and_cosine};
use crate::appearance::artwork::{Artwork, Point, Shape, Step};
use crate::appearance::path::{self, Segment};
use crate::authorization::{SealColour, SealSize};

/// How far the control points of a quarter circle are from its ends, as a share of the radius.
const BEND: f64 = 0.552_284_749_8;

/// sin 18° / sin 54°: where the sides of a regular five-pointed star meet, as a share of the
/// distance of its tips (domain §7.5).
pub(super) const STAR: f64 = 0.381_966_011_3;

/// A seal in the making.
pub(super) struct Sheet {
    size: SealSize,
    shapes: Vec<Shape>,
}

impl Sheet {
    pub(super) fn new(size: SealSize) -> Self {
        Self { size, shapes: Vec::new() }
    }

    /// The finished drawing; `text` is what is to be read on it.
    pub(super) fn finish(self, colour: SealColour, text: String) -> Artwork {
        Artwork { size: self.size, colour, text, shapes: self.shapes }
    }

    /// The ellipse that touches all sides.
    pub(super) fn outline(&self) -> Ellipse {
        Ellipse { across: f64::from(self.size.width) / 2.0, up: f64::from(self.size.height) / 2.0 }
    }

    /// A line of `weight` along the inside of an ellipse.
    pub(super) fn ring(&mut self, outer: Ellipse, weight: f64) {
        let mut shape = self.ellipse(outer, 1.0);
        shape.extend(self.ellipse(outer.within(weight), -1.0));
        self.shapes.push(shape);
    }

    /// A line of `weight` along the inside of the sheet's edge.
    pub(super) fn frame(&mut self, weight: f64) {
        let Ellipse { across, up } = self.outline();
        let (x, y) = (across - weight, up - weight);
        let mut shape = self.polygon(&[(-across, -up), (across, -up), (across, up), (-across, up)]);
        shape.extend(self.polygon(&[(-x, -y), (-x, y), (x, y), (x, -y)]));
        self.shapes.push(shape);
    }

    /// A five-pointed star around the middle, one tip up.
    pub(super) fn star(&mut self, tip: f64) {
        let corners: Vec<_> = (0..10)
            .map(|corner| {
                let radius = if corner % 2 == 0 { tip } else { tip * STAR };
                let (sine, cosine) = sine_and_cosine(f64::from(corner) / 10.0);
                (radius * sine, radius * cosine)
            })
            .collect();
        let shape = self.polygon(&corners);
        self.shapes.push(shape);
    }

    /// A letter whose cell fills its place.
    pub(super) fn letter(&mut self, letter: &Letter, place: &Place) {
        let [left, bottom, right, top] = letter.cell;
        let (across, up) = (place.width / (right - left), place.height / (top - bottom));
        let (foot, (x, y)) = (place.stand.foot, place.stand.head);
        let at = |from: path::Point| {
            let side = (from.x - (left + right) / 2.0) * across;
            let rise = (from.y - bottom) * up;
            self.point((foot.0 + y * side + x * rise, foot.1 - x * side + y * rise))
        };
        let step = |segment: &Segment| match *segment {
            Segment::Move(to) => Step::Move(at(to)),
            Segment::Line(to) => Step::Line(at(to)),
            Segment::Cubic(first, second, to) => Step::Curve(at(first), at(second), at(to)),
            Segment::Close => Step::Close,
        };
        let shape: Shape = letter.outline.segments().iter().map(step).collect();
        if !shape.is_empty() {
            self.shapes.push(shape);
        }
    }

    fn ellipse(&self, Ellipse { across, up }: Ellipse, direction: f64) -> Shape {
        let at = |x: f64, y: f64| self.point((x * across, y * up * direction));
        vec![
            Step::Move(at(1.0, 0.0)),
            Step::Curve(at(1.0, BEND), at(BEND, 1.0), at(0.0, 1.0)),
            Step::Curve(at(-BEND, 1.0), at(-1.0, BEND), at(-1.0, 0.0)),
            Step::Curve(at(-1.0, -BEND), at(-BEND, -1.0), at(0.0, -1.0)),
            Step::Curve(at(BEND, -1.0), at(1.0, -BEND), at(1.0, 0.0)),
            Step::Close,
        ]
    }

    fn polygon(&self, corners: &[(f64, f64)]) -> Shape {
        let points = corners.iter().map(|corner| self.point(*corner));
        let mut shape: Shape = points.map(Step::Line).collect();
        if let Some(Step::Line(start)) = shape.first().copied() {
            shape.splice(..1, [Step::Move(start)]);
        }
        shape.push(Step::Close);
        shape
    }

    /// Hundred-thousandths of the sheet, halves rounded up.
    fn point(&self, (x, y): (f64, f64)) -> Point {
        let Ellipse { across, up } = self.outline();
        [x / across, y / up].map(|share| rounded((share + 1.0) * 50_000.0))
    }
}

/// What a hostile font draws far outside is cut to what PDF readers take.
#[expect(clippy::cast_possible_truncation, reason = "cut to what fits before")]
fn rounded(value: f64) -> i32 {
    (value + 0.5).floor().clamp(-3_000_000.0, 3_000_000.0) as i32
}
