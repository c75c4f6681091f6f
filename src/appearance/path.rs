//! Filled outlines: of glyphs, of ticks, of what somebody wrote by hand.

use std::fmt::Write;

use crate::geometry::Coordinate;

/// A point, in whatever frame its path is in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Point {
    pub(super) fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point a share `t` of the way to another one.
    pub(super) fn towards(self, other: Self, t: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        let (x, y) = (other.x - self.x, other.y - self.y);
        (x * x + y * y).sqrt()
    }
}

/// A linear map and a shift: `x' = a x + c y + e`, `y' = b x + d y + f` (ISO 32000-2 §8.3.4).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Affine(pub(super) [f64; 6]);

impl Affine {
    /// Scaled by `scale` first, then moved.
    pub(super) fn scaled_at(scale: f64, x: f64, y: f64) -> Self {
        Self([scale, 0.0, 0.0, scale, x, y])
    }

    pub(super) fn apply(&self, point: Point) -> Point {
        let [a, b, c, d, e, f] = self.0;
        Point::new(a * point.x + c * point.y + e, b * point.x + d * point.y + f)
    }
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Segment {
    Move(Point),
    Line(Point),
    /// Two control points and the end.
    Cubic(Point, Point, Point),
    Close,
}

/// Closed contours, filled where they wind around a point (the non-zero rule).
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Path {
    segments: Vec<Segment>,
}

/// How far the control points of a quarter of a circle lie from its ends, in radii.
const QUARTER: f64 = 0.552_284_749_830_793_6;

impl Path {
    pub(super) fn move_to(&mut self, point: Point) {
        self.segments.push(Segment::Move(point));
    }

    pub(super) fn line_to(&mut self, point: Point) {
        self.segments.push(Segment::Line(point));
    }

    pub(super) fn cubic_to(&mut self, first: Point, second: Point, end: Point) {
        self.segments.push(Segment::Cubic(first, second, end));
    }

    pub(super) fn close(&mut self) {
        self.segments.push(Segment::Close);
    }

    pub(super) fn polygon(corners: impl IntoIterator<Item = Point>) -> Self {
        let mut path = Self::default();
        for corner in corners {
            if path.segments.is_empty() { path.move_to(corner) } else { path.line_to(corner) }
        }
        path.close();
        path
    }

    /// A disc, counter-clockwise where y goes up.
    pub(super) fn circle(centre: Point, radius: f64) -> Self {
        let at = |x: f64, y: f64| Point::new(centre.x + radius * x, centre.y + radius * y);
        let k = QUARTER;
        let mut path = Self::default();
        path.move_to(at(1.0, 0.0));
        path.cubic_to(at(1.0, k), at(k, 1.0), at(0.0, 1.0));
        path.cubic_to(at(-k, 1.0), at(-1.0, k), at(-1.0, 0.0));
        path.cubic_to(at(-1.0, -k), at(-k, -1.0), at(0.0, -1.0));
        path.cubic_to(at(k, -1.0), at(1.0, -k), at(1.0, 0.0));
        path.close();
        path
    }

    pub(super) fn extend(&mut self, other: Self) {
        self.segments.extend(other.segments);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    pub(super) fn mapped(&self, map: &Affine) -> Self {
        let step = |segment: &Segment| match *segment {
            Segment::Move(to) => Segment::Move(map.apply(to)),
            Segment::Line(to) => Segment::Line(map.apply(to)),
            Segment::Cubic(a, b, to) => Segment::Cubic(map.apply(a), map.apply(b), map.apply(to)),
            Segment::Close => Segment::Close,
        };
        Self { segments: self.segments.iter().map(step).collect() }
    }

    /// The lowest and the highest corner of a box that holds the path: of its points, the control
    /// points of its curves included. None if it is empty.
    pub(super) fn bounds(&self) -> Option<(Point, Point)> {
        let points = self.segments.iter().flat_map(|segment| match *segment {
            Segment::Move(to) | Segment::Line(to) => vec![to],
            Segment::Cubic(a, b, to) => vec![a, b, to],
            Segment::Close => vec![],
        });
        points.fold(None, |bounds, point| {
            let (low, high) = bounds.unwrap_or((point, point));
            let low = Point::new(low.x.min(point.x), low.y.min(point.y));
            Some((low, Point::new(high.x.max(point.x), high.y.max(point.y))))
        })
    }

    /// The operators that construct it (ISO 32000-2 Table 58), each followed by a line break.
    pub(super) fn write_pdf(&self, out: &mut Vec<u8>) {
        for segment in &self.segments {
            let line = match *segment {
                Segment::Move(to) => format!("{} m\n", pair(to)),
                Segment::Line(to) => format!("{} l\n", pair(to)),
                Segment::Cubic(a, b, to) => format!("{} {} {} c\n", pair(a), pair(b), pair(to)),
                Segment::Close => "h\n".to_owned(),
            };
            out.extend_from_slice(line.as_bytes());
        }
    }

    /// The data of an SVG path.
    pub(super) fn write_svg(&self, out: &mut String) {
        for segment in &self.segments {
            // Writing to a string cannot fail.
            let _ = match *segment {
                Segment::Move(to) => write!(out, "M{}", pair(to)),
                Segment::Line(to) => write!(out, "L{}", pair(to)),
                Segment::Cubic(a, b, to) => write!(out, "C{} {} {}", pair(a), pair(b), pair(to)),
                Segment::Close => write!(out, "Z"),
            };
        }
    }
}

/// A number as PDF and SVG have it, in thousandths; what is none becomes zero.
pub(super) fn number(value: f64) -> Coordinate {
    Coordinate::new(value).unwrap_or(Coordinate::ZERO)
}

fn pair(point: Point) -> String {
    format!("{} {}", number(point.x), number(point.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_for_both_worlds() {
        let mut path = Path::polygon([Point::new(0.0, 0.0), Point::new(1.5, 0.0)]);
        path.extend(Path::circle(Point::new(0.0, 0.0), 1.0));
        let mut pdf = Vec::new();
        path.write_pdf(&mut pdf);
        let pdf = String::from_utf8(pdf).unwrap();
        assert!(pdf.starts_with("0 0 m\n1.5 0 l\nh\n1 0 m\n1 0.552 0.552 1 0 1 c\n"), "{pdf}");
        let mut svg = String::new();
        path.write_svg(&mut svg);
        assert!(svg.starts_with("M0 0L1.5 0ZM1 0C1 0.552 0.552 1 0 1"), "{svg}");
    }

    #[test]
    fn bounds_follow_a_map() {
        let path =
            Path::circle(Point::new(1.0, 2.0), 1.0).mapped(&Affine::scaled_at(2.0, 10.0, 0.0));
        assert_eq!(path.bounds(), Some((Point::new(10.0, 2.0), Point::new(14.0, 6.0))));
        assert_eq!(Path::default().bounds(), None);
    }
}
