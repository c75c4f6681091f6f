//! From the way of a pen to the outline of its line.
//!
//! The way is thinned out as far as the eye does not see it, turned into a centripetal Catmull-Rom
//! spline, and offset to both sides. Where it turns more sharply than its thickness allows it is cut
//! into pieces with round ends: an offset curve would fold there, and fill its folds with holes. All
//! pieces run around in the same sense, so that the non-zero rule fills their union.

use super::path::{Path, Point};

/// By how much thinning out may change the line, in points: a fiftieth of a millimetre.
const TOLERANCE: f64 = 0.06;
/// Parts into which the spline between two stations is divided at most.
const MOST_PARTS: u32 = 6;
/// How long a part is about, in points.
const PART: f64 = 2.4;
/// How far the control points of a quarter of a circle lie from its ends, in radii.
const QUARTER: f64 = 0.552_284_749_830_793_6;
/// The sharpest turn between two parts that is still one piece: its cosine.
const TURN: f64 = 0.8;

/// The middle of a line and half its thickness, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Station {
    pub(super) at: Point,
    pub(super) radius: f64,
}

impl Station {
    fn towards(self, other: Self, t: f64) -> Self {
        let radius = self.radius + (other.radius - self.radius) * t;
        Self { at: self.at.towards(other.at, t), radius }
    }
}

/// The outline of a stroke; of a single station, a dot.
pub(super) fn outline(stations: &[Station]) -> Path {
    let samples = splined(&thinned(stations));
    let mut path = Path::default();
    let mut piece: Vec<Station> = Vec::new();
    for sample in samples {
        if let Some(last) = piece.last().copied().filter(|_| turns(&piece, sample)) {
            path.extend(piece_outline(&piece));
            piece = vec![last];
        }
        piece.push(sample);
    }
    path.extend(piece_outline(&piece));
    path
}

/// The stations that matter (Ramer, Douglas and Peucker), thickness being a dimension as well.
fn thinned(stations: &[Station]) -> Vec<Station> {
    let mut keep = vec![false; stations.len()];
    let mut open = vec![(0, stations.len().saturating_sub(1))];
    while let Some((first, last)) = open.pop() {
        for end in [first, last] {
            if let Some(kept) = keep.get_mut(end) {
                *kept = true;
            }
        }
        let (Some(from), Some(to)) = (stations.get(first), stations.get(last)) else { continue };
        let inner = stations.iter().enumerate().take(last).skip(first + 1);
        let farthest = inner
            .map(|(index, station)| (index, distance(*station, *from, *to)))
            .fold((first, TOLERANCE), |far, next| if next.1 > far.1 { next } else { far });
        if farthest.0 > first {
            open.extend([(first, farthest.0), (farthest.0, last)]);
        }
    }
    stations.iter().zip(keep).filter(|(_, keep)| *keep).map(|(station, _)| *station).collect()
}

/// From a station to the stretch between two others.
fn distance(station: Station, from: Station, to: Station) -> f64 {
    let (dx, dy) = (to.at.x - from.at.x, to.at.y - from.at.y);
    let along = (station.at.x - from.at.x) * dx + (station.at.y - from.at.y) * dy;
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 { (along / length).clamp(0.0, 1.0) } else { 0.0 };
    let nearest = from.towards(to, t);
    station.at.distance(nearest.at).max((station.radius - nearest.radius).abs())
}

/// Points on the spline through the stations, which are among them.
fn splined(stations: &[Station]) -> Vec<Station> {
    let mut samples: Vec<Station> = stations.first().copied().into_iter().collect();
    for (index, (from, to)) in stations.iter().zip(stations.iter().skip(1)).enumerate() {
        let before = index.checked_sub(1).and_then(|at| stations.get(at)).unwrap_or(from);
        let after = stations.get(index + 2).unwrap_or(to);
        let parts = parts(from.at.distance(to.at));
        let curve = Curve::between(before.at, from.at, to.at, after.at);
        for part in 1..=parts {
            let t = f64::from(part) / f64::from(parts);
            let Station { radius, .. } = from.towards(*to, t);
            let sample = Station { at: curve.at(t), radius };
            if samples.last().is_none_or(|last| last.at.distance(sample.at) > 1e-3) {
                samples.push(sample);
            }
        }
    }
    samples
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn parts(length: f64) -> u32 {
    (length / PART).ceil().clamp(1.0, f64::from(MOST_PARTS)) as u32
}

/// A cubic Bézier curve.
struct Curve([Point; 4]);

impl Curve {
    /// The stretch from `b` to `c` of the centripetal Catmull-Rom spline through four points; it
    /// has neither cusps nor loops of its own (Yuksel, Schaefer, Keyser 2011).
    fn between(a: Point, b: Point, c: Point, d: Point) -> Self {
        let [ab, bc, cd] = [a.distance(b), b.distance(c), c.distance(d)];
        let control = |near: Point, far: Point, outer: Point, inner: f64, outer_length: f64| {
            let (p, q) = (inner.sqrt(), outer_length.sqrt());
            let weight = 3.0 * q * (q + p);
            if weight < 1e-9 {
                return near.towards(far, 1.0 / 3.0);
            }
            let own = 2.0 * q * q + 3.0 * q * p + p * p;
            let of = |outer: f64, near: f64, far: f64| {
                (q * q * far - p * p * outer + own * near) / weight
            };
            Point::new(of(outer.x, near.x, far.x), of(outer.y, near.y, far.y))
        };
        Self([b, control(b, c, a, bc, ab), control(c, b, d, bc, cd), c])
    }

    fn at(&self, t: f64) -> Point {
        let [a, b, c, d] = self.0;
        let (ab, bc, cd) = (a.towards(b, t), b.towards(c, t), c.towards(d, t));
        ab.towards(bc, t).towards(bc.towards(cd, t), t)
    }
}

/// Whether the line turns too sharply at the end of a piece to go on to the next sample.
fn turns(piece: &[Station], next: Station) -> bool {
    let [.., before, last] = piece else { return false };
    let (from, to) = (direction(before.at, last.at), direction(last.at, next.at));
    let cosine = from.x * to.x + from.y * to.y;
    let sine = (1.0 - cosine * cosine).max(0.0).sqrt();
    let step = before.at.distance(last.at).min(last.at.distance(next.at));
    cosine < TURN || sine * last.radius > 0.9 * step
}

fn direction(from: Point, to: Point) -> Point {
    let length = from.distance(to).max(1e-9);
    Point::new((to.x - from.x) / length, (to.y - from.y) / length)
}

/// The outline of a piece without sharp turns, counter-clockwise where y goes up.
fn piece_outline(piece: &[Station]) -> Path {
    let (Some(first), Some(last)) = (piece.first(), piece.last()) else {
        return Path::default();
    };
    let start = piece.get(1).map(|next| direction(first.at, next.at));
    let end = piece.len().checked_sub(2).and_then(|at| piece.get(at));
    let end = end.map(|before| direction(before.at, last.at));
    let (Some(start), Some(end)) = (start, end) else {
        return Path::circle(first.at, first.radius);
    };
    let headings: Vec<Point> = (0..piece.len())
        .map(|index| {
            let before = index.checked_sub(1).and_then(|at| piece.get(at)).unwrap_or(first);
            let after = piece.get(index + 1).unwrap_or(last);
            direction(before.at, after.at)
        })
        .collect();
    let side = |sign: f64| -> Vec<Point> {
        let offset = |(station, heading): (&Station, &Point)| {
            let out = sign * station.radius;
            Point::new(station.at.x - heading.y * out, station.at.y + heading.x * out)
        };
        piece.iter().zip(&headings).map(offset).collect()
    };
    let (right, mut left) = (side(-1.0), side(1.0));
    left.reverse();
    let mut path = Path::default();
    path.move_to(right.first().copied().unwrap_or(first.at));
    smooth(&mut path, &right);
    cap(&mut path, *last, end);
    smooth(&mut path, &left);
    cap(&mut path, *first, Point::new(-start.x, -start.y));
    path.close();
    path
}

/// A curve through points, from the first, where the path is already.
fn smooth(path: &mut Path, points: &[Point]) {
    for (index, (from, to)) in points.iter().zip(points.iter().skip(1)).enumerate() {
        let before = index.checked_sub(1).and_then(|at| points.get(at)).unwrap_or(from);
        let after = points.get(index + 2).unwrap_or(to);
        let Curve([_, first, second, end]) = Curve::between(*before, *from, *to, *after);
        path.cubic_to(first, second, end);
    }
}

/// Half a circle around the end of a line that goes this way, from its right side to its left.
fn cap(path: &mut Path, end: Station, way: Point) {
    let at = |along: f64, across: f64| {
        let (along, across) = (along * end.radius, across * end.radius);
        let x = end.at.x + way.x * along - way.y * across;
        let y = end.at.y + way.y * along + way.x * across;
        Point::new(x, y)
    };
    path.cubic_to(at(QUARTER, -1.0), at(1.0, -QUARTER), at(1.0, 0.0));
    path.cubic_to(at(1.0, QUARTER), at(QUARTER, 1.0), at(0.0, 1.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::path::Segment;

    fn stations(points: &[(f64, f64)], radius: f64) -> Vec<Station> {
        points.iter().map(|(x, y)| Station { at: Point::new(*x, *y), radius }).collect()
    }

    fn contours(path: &Path) -> usize {
        path.segments().iter().filter(|segment| **segment == Segment::Close).count()
    }

    /// Twice the area within the end points, positive counter-clockwise; of the first contour.
    fn area(path: &Path) -> f64 {
        let ends = path.segments().iter().filter_map(|segment| match *segment {
            Segment::Move(to) | Segment::Line(to) | Segment::Cubic(.., to) => Some(to),
            Segment::Close => None,
        });
        let ends: Vec<Point> = ends.collect();
        let next = ends.iter().cycle().skip(1);
        ends.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum()
    }

    #[test]
    fn a_straight_line_is_a_strip_with_round_ends() {
        let along: Vec<(f64, f64)> = (0..=50).map(|x| (f64::from(x), 0.0)).collect();
        let path = outline(&stations(&along, 2.0));
        assert_eq!(contours(&path), 1);
        let (low, high) = path.bounds().unwrap();
        assert!(low.distance(Point::new(-2.0, -2.0)) < 1e-9, "{low:?}");
        assert!(high.distance(Point::new(52.0, 2.0)) < 1e-9, "{high:?}");
        assert!(path.segments().len() < 24, "{}", path.segments().len());
        assert!(area(&path) > 2.0 * 50.0 * 4.0);
    }

    #[test]
    fn sharp_turns_become_pieces_of_the_same_sense() {
        let zigzag = outline(&stations(&[(0.0, 0.0), (20.0, 0.0), (1.0, 1.0), (20.0, 2.0)], 1.5));
        assert!(contours(&zigzag) >= 3, "{}", contours(&zigzag));
        let back = outline(&stations(&[(0.0, 0.0), (20.0, 0.0), (0.0, 0.0)], 1.5));
        assert!(contours(&back) >= 2);
        assert!(area(&back) > 0.0);
    }

    #[test]
    fn a_dot_is_a_dot() {
        let dot = outline(&stations(&[(3.0, 4.0)], 1.0));
        assert_eq!(dot, Path::circle(Point::new(3.0, 4.0), 1.0));
        assert!(outline(&[]).is_empty());
        let standing = outline(&stations(&[(3.0, 4.0); 5], 1.0));
        assert_eq!(standing, dot);
    }

    #[test]
    fn a_circle_keeps_its_thickness() {
        let at = |step: u32| f64::from(step) / 40.0 * std::f64::consts::TAU;
        let ring: Vec<(f64, f64)> =
            (0..=40).map(|it| (30.0 * at(it).cos(), 30.0 * at(it).sin())).collect();
        let path = outline(&stations(&ring, 2.0));
        assert_eq!(contours(&path), 1);
        for segment in path.segments() {
            if let Segment::Cubic(.., to) = segment {
                let off = (to.distance(Point::default()) - 30.0).abs();
                assert!(off < 2.0 + 0.1, "{to:?}");
            }
        }
    }
}
