//! What somebody wrote by hand.

use std::fmt;
use std::sync::Arc;

use super::WritingError;
use super::fit::{Fit, PIXEL, Sizing};
use super::path::{Affine, Path, Point};
use super::pen::{self, Moment, Smooth};
use super::sketch::{Element, Sketch};
use super::stroke_outline::{self, Station};
use crate::contract::Colour;
use crate::digest::{Digest, DigestAlgorithm, Hasher};
use crate::geometry::Size;

/// The largest side of a canvas and the largest distance of a point from its corner, in pixels.
const MOST_PIXELS: f64 = 20_000.0;
/// The smallest side: positions are kept in hundredths, too coarse for shares of a side.
const LEAST_PIXELS: f64 = 8.0;
const MOST_STROKES: usize = 1_000;
const MOST_POINTS: usize = 20_000;
/// Of one stroke; half a minute without lifting the pen.
const MOST_IN_STROKE: usize = 4_000;

/// How thick the pen is at most, in heights of the box, and within which bounds in points.
const PEN: f64 = 0.055;
const PEN_BOUNDS: (f64, f64) = (0.5, 4.0);
/// How thin it gets, in parts of that.
const THINNEST: f64 = 0.3;
/// How far writing that is small on its canvas is enlarged at most, against the whole canvas.
const ENLARGED: f64 = 8.0;
/// What stays empty around it, in sides of the box.
const MARGIN: f64 = 0.04;

/// Where the pen was at one moment, on a canvas whose origin is at the top left.
///
/// ```
/// use sealwright::appearance::StrokePoint;
/// let point = StrokePoint::new(12.5, 40.0, 16).pressed(0.7);
/// assert_eq!(point.pressure, Some(0.7));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StrokePoint {
    /// Pixels from the left.
    pub x: f64,
    /// Pixels from the top.
    pub y: f64,
    /// Milliseconds since whatever moment; the same for all points of a signature.
    pub millis: u32,
    /// 0 to 1, if the device measures it.
    pub pressure: Option<f64>,
}

impl StrokePoint {
    /// A point without pressure.
    #[must_use]
    pub fn new(x: f64, y: f64, millis: u32) -> Self {
        Self { x, y, millis, pressure: None }
    }

    /// The same with a pressure, 0 to 1.
    #[must_use]
    pub fn pressed(self, pressure: f64) -> Self {
        Self { pressure: Some(pressure), ..self }
    }

    fn kept(self, earliest: u32) -> Result<Moment, WritingError> {
        let pressure = match self.pressure {
            Some(value) if (0.0..=1.0).contains(&value) => {
                u16::try_from(hundredths("pressure", value * 10.0, 0.0, 10.0)?).ok()
            }
            Some(value) => {
                let (what, min, max) = ("pressure", 0.0, 1.0);
                return Err(WritingError::StrokeValue { what, value, min, max });
            }
            None => None,
        };
        Ok(Moment {
            x: hundredths("x of a point", self.x, -MOST_PIXELS, 2.0 * MOST_PIXELS)?,
            y: hundredths("y of a point", self.y, -MOST_PIXELS, 2.0 * MOST_PIXELS)?,
            millis: self.millis.max(earliest),
            pressure,
        })
    }
}

/// A handwritten signature (手写签名): the strokes of a pen, a finger or a mouse on a canvas of known
/// size (vendor `HANDWRITE`, `HANDWRITTEN_ESIGN`).
///
/// It is drawn as an outline whose thickness follows the pressure or, where the device measures
/// none, the speed: smooth, with round ends, the same on every machine. What is empty around the
/// strokes is cut off; the rest fills the box without being distorted. A single touch is a dot.
///
/// The strokes are biometric data of a natural person: `Debug` does not show them.
///
/// ```
/// use sealwright::appearance::{Handwriting, StrokePoint};
/// use sealwright::geometry::{Pt, Size};
///
/// let stroke = (0..20).map(|at| {
///     let along = f64::from(at);
///     StrokePoint::new(20.0 + 8.0 * along, 60.0 + 20.0 * (along / 3.0).sin(), at * 16)
/// });
/// let written = Handwriting::new(400.0, 200.0, [stroke])?;
/// let sketch = written.sketch(Size::new(Pt(112.0), Pt(52.0))?)?;
/// assert!(!sketch.is_blank());
/// assert_eq!(written.digest().to_hex().len(), 64); // for the evidence
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Handwriting {
    written: Arc<Written>,
    colour: Colour,
}

struct Written {
    /// In hundredths of pixels.
    canvas: [i32; 2],
    strokes: Vec<Vec<Moment>>,
}

impl Handwriting {
    /// Strokes on a canvas of this size in pixels (8 to 20000 a side, no shares of it), in the order
    /// in which they were written. Strokes without a point are left out; a time that goes back
    /// counts as standing still.
    ///
    /// # Errors
    ///
    /// [`WritingError::NothingWritten`], [`WritingError::StrokeValue`],
    /// [`WritingError::TooManyStrokes`].
    pub fn new<S>(
        width: f64,
        height: f64,
        strokes: impl IntoIterator<Item = S>,
    ) -> Result<Self, WritingError>
    where
        S: IntoIterator<Item = StrokePoint>,
    {
        let canvas = [
            hundredths("canvas's width", width, LEAST_PIXELS, MOST_PIXELS)?,
            hundredths("canvas's height", height, LEAST_PIXELS, MOST_PIXELS)?,
        ];
        let (mut kept, mut points): (Vec<Vec<Moment>>, usize) = (Vec::new(), 0);
        for stroke in strokes {
            let mut moments: Vec<Moment> = Vec::new();
            for point in stroke {
                points += 1;
                check_count("points", points, MOST_POINTS)?;
                check_count("points in a stroke", moments.len() + 1, MOST_IN_STROKE)?;
                let earliest = moments.last().map_or(0, |last| last.millis);
                moments.push(point.kept(earliest)?);
            }
            if !moments.is_empty() {
                kept.push(moments);
                check_count("strokes", kept.len(), MOST_STROKES)?;
            }
        }
        if kept.is_empty() {
            return Err(WritingError::NothingWritten);
        }
        let written = Arc::new(Written { canvas, strokes: kept });
        Ok(Self { written, colour: Colour::default() })
    }

    /// In another colour than black.
    #[must_use]
    pub fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// The digest of the stroke data for the evidence: SHA-256 over `sealwright-strokes-1\0`, the
    /// canvas's width and height and the number of strokes; for each stroke the number of its
    /// points; for each point x, y, milliseconds and pressure. Lengths are in hundredths of a pixel,
    /// pressures in thousandths (0xFFFFFFFF for none), every number four bytes, the highest first.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
        hasher.update(b"sealwright-strokes-1\0");
        let Written { canvas, strokes } = &*self.written;
        let count = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes();
        hasher.update(&canvas[0].to_be_bytes());
        hasher.update(&canvas[1].to_be_bytes());
        hasher.update(&count(strokes.len()));
        for stroke in strokes {
            hasher.update(&count(stroke.len()));
            for moment in stroke {
                hasher.update(&moment.x.to_be_bytes());
                hasher.update(&moment.y.to_be_bytes());
                hasher.update(&moment.millis.to_be_bytes());
                hasher.update(&moment.pressure.map_or(u32::MAX, u32::from).to_be_bytes());
            }
        }
        hasher.finish()
    }

    /// How many points there are.
    #[must_use]
    pub fn points(&self) -> usize {
        self.written.strokes.iter().map(Vec::len).sum()
    }

    /// In a box of this size: as large as it holds, in the middle.
    ///
    /// # Errors
    ///
    /// [`WritingError::EmptyBox`].
    pub fn sketch(&self, size: Size) -> Result<Sketch, WritingError> {
        self.sketch_fitted(Fit::CONTAIN, size)
    }

    /// The same, standing in the box as `fit` says. Its own size is that of 96 pixels an inch.
    ///
    /// # Errors
    ///
    /// As [`Handwriting::sketch`].
    pub fn sketch_fitted(&self, fit: Fit, size: Size) -> Result<Sketch, WritingError> {
        let mut sketch = Sketch::blank(size)?;
        let (low, high) = PEN_BOUNDS;
        let (width, height) = (sketch.width(), sketch.height());
        let thickest = (PEN * height.min(width)).clamp(low, high);
        let strokes =
            pen::smoothed(&self.written.strokes, f64::from(self.written.canvas[1]) / 100.0);
        let map = self.written.fitted(fit, &strokes, [width, height], thickest);
        let radius = |share: f64| thickest * (THINNEST + (1.0 - THINNEST) * share) / 2.0;
        let mut path = Path::default();
        for stroke in &strokes {
            let station =
                |(at, share): &(Point, f64)| Station { at: map.apply(*at), radius: radius(*share) };
            path.extend(stroke_outline::outline(&stroke.iter().map(station).collect::<Vec<_>>()));
        }
        let path = within(&path, width, height);
        sketch.push(Element::Fill { path, colour: self.colour });
        Ok(sketch)
    }
}

impl fmt::Debug for Handwriting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handwriting")
            .field("strokes", &self.written.strokes.len())
            .field("points", &self.points())
            .finish_non_exhaustive()
    }
}

impl Written {
    /// The map from the canvas into the box.
    fn fitted(&self, fit: Fit, strokes: &[Smooth], size: [f64; 2], pen: f64) -> Affine {
        let points = strokes.iter().flatten().map(|(point, _)| *point);
        let (mut low, mut high) = (Point::new(f64::MAX, f64::MAX), Point::new(f64::MIN, f64::MIN));
        for point in points {
            low = Point::new(low.x.min(point.x), low.y.min(point.y));
            high = Point::new(high.x.max(point.x), high.y.max(point.y));
        }
        // The line is half a pen wider than the way of its middle.
        let free = |side: f64| (side * (1.0 - 2.0 * MARGIN) - pen).max(side / 10.0);
        let room = size.map(free);
        let extent = [high.x - low.x, high.y - low.y].map(|side| side.max(1e-6));
        let (wished, _) = fit.within(extent.map(|side| side * PIXEL), room);
        let canvas = self.canvas.map(|side| f64::from(side) / 100.0);
        let most = match fit.sizing() {
            Sizing::OwnSize => PIXEL,
            Sizing::Contain | Sizing::Stretch => {
                ENLARGED * (size[0] / canvas[0]).min(size[1] / canvas[1])
            }
        };
        let scales = [wished[0] / extent[0], wished[1] / extent[1]].map(|scale| scale.min(most));
        let drawn = [extent[0] * scales[0], extent[1] * scales[1]];
        let corner = fit.alignment().corner(drawn, room);
        let start = |side: f64, room: f64, corner: f64, low: f64, scale: f64| {
            (side - room) / 2.0 + corner - low * scale
        };
        let x = start(size[0], room[0], corner[0], low.x, scales[0]);
        let y = start(size[1], room[1], corner[1], low.y, scales[1]);
        Affine([scales[0], 0.0, 0.0, scales[1], x, y])
    }
}

/// Curves swing out beyond their points: what leaves the box makes the whole a little smaller.
fn within(path: &Path, width: f64, height: f64) -> Path {
    let (low, high) = path.bounds().unwrap_or_default();
    let beyond = |side: f64, low: f64, high: f64| (side - 2.0 * low).max(2.0 * high - side) / side;
    let share = beyond(width, low.x, high.x).max(beyond(height, low.y, high.y)).max(1.0);
    let scale = 1.0 / share;
    let corner = |side: f64| side * (1.0 - scale) / 2.0;
    path.mapped(&Affine::scaled_at(scale, corner(width), corner(height)))
}

#[expect(clippy::cast_possible_truncation, reason = "the value is in range")]
fn hundredths(what: &'static str, value: f64, min: f64, max: f64) -> Result<i32, WritingError> {
    if value.is_finite() && (min..=max).contains(&value) {
        Ok((value * 100.0).round() as i32)
    } else {
        Err(WritingError::StrokeValue { what, value, min, max })
    }
}

fn check_count(what: &'static str, count: usize, most: usize) -> Result<(), WritingError> {
    if count > most { Err(WritingError::TooManyStrokes { what, count, most }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::appearance::fit::Alignment;
    use crate::geometry::Pt;

    fn size(width: f64, height: f64) -> Size {
        Size::new(Pt(width), Pt(height)).unwrap()
    }

    fn path(written: &Handwriting, size: Size) -> Path {
        match written.sketch(size).unwrap().elements() {
            [Element::Fill { path, .. }] => path.clone(),
            _ => panic!("one path"),
        }
    }

    fn line(from: (f64, f64), to: (f64, f64)) -> Vec<StrokePoint> {
        let step = |at: u32| f64::from(at) / 10.0;
        let point = |at: u32| {
            let (x, y) = (from.0 + (to.0 - from.0) * step(at), from.1 + (to.1 - from.1) * step(at));
            StrokePoint::new(x, y, at * 16)
        };
        (0..=10).map(point).collect()
    }

    #[test]
    fn writing_is_trimmed_and_fills_its_box_undistorted() {
        // Twice as wide as high, in a corner of its canvas.
        let cross = [line((500.0, 300.0), (700.0, 400.0)), line((500.0, 400.0), (700.0, 300.0))];
        let written = Handwriting::new(1000.0, 500.0, cross).unwrap();
        let (low, high) = path(&written, size(112.0, 104.0)).bounds().unwrap();
        assert!(low.x > 4.0 && low.x < 7.0 && high.x > 105.0 && high.x < 108.0, "{low:?} {high:?}");
        assert!((low.x + high.x - 112.0).abs() < 0.1 && (low.y + high.y - 104.0).abs() < 0.1);
        let shape = (high.x - low.x) / (high.y - low.y);
        assert!((1.85..2.0).contains(&shape), "{shape}");
    }

    #[test]
    fn writing_stands_where_it_is_aligned_and_is_distorted_only_where_that_is_asked_for() {
        let cross = [line((500.0, 300.0), (700.0, 400.0)), line((500.0, 400.0), (700.0, 300.0))];
        let written = Handwriting::new(1000.0, 500.0, cross).unwrap();
        let bounds = |fit| {
            let sketch = written.sketch_fitted(fit, size(200.0, 150.0)).unwrap();
            match sketch.elements() {
                [Element::Fill { path, .. }] => path.bounds().unwrap(),
                _ => panic!("one path"),
            }
        };
        let (low, high) = bounds(Fit::OWN_SIZE.aligned(Alignment::BottomRight));
        // 200 pixels of 96 an inch are 150 points; the line is as thick as ever.
        assert!((150.0..155.0).contains(&(high.x - low.x)), "{low:?} {high:?}");
        assert!(high.x > 188.0 && low.y < 10.0, "{low:?} {high:?}");
        let (low, high) = bounds(Fit::CONTAIN.aligned(Alignment::Top));
        assert!(low.x < 10.0 && high.x > 190.0 && high.y > 140.0, "{low:?} {high:?}");
        let shape = (high.x - low.x) / (high.y - low.y);
        assert!((1.85..2.0).contains(&shape), "{shape}");
        let (low, high) = bounds(Fit::STRETCH);
        assert!(low.y < 10.0 && high.y > 140.0 && low.x < 10.0 && high.x > 190.0);
    }

    #[test]
    fn a_touch_is_a_dot_in_the_middle() {
        for touch in [vec![(70.0, 30.0)], vec![(70.0, 30.0), (70.1, 30.0), (70.0, 30.1)]] {
            let touch = touch.into_iter().map(|(x, y)| StrokePoint::new(x, y, 0));
            let written = Handwriting::new(200.0, 100.0, [touch]).unwrap();
            let (low, high) = path(&written, size(112.0, 52.0)).bounds().unwrap();
            assert!((low.towards(high, 0.5).distance(Point::new(56.0, 26.0))) < 0.01);
            assert!((2.0..4.0).contains(&(high.x - low.x)), "{low:?} {high:?}");
        }
    }

    #[test]
    fn pressure_counts_where_it_is_measured_and_speed_elsewhere() {
        let thickness = |stroke: Vec<StrokePoint>| {
            let written = Handwriting::new(200.0, 100.0, [stroke]).unwrap();
            let (low, high) = path(&written, size(112.0, 52.0)).bounds().unwrap();
            high.y - low.y
        };
        let straight = || line((10.0, 50.0), (190.0, 50.0));
        let pressed = |from: f64, to: f64| -> Vec<StrokePoint> {
            let share = |at: usize| from + (to - from) * at as f64 / 10.0;
            straight().into_iter().enumerate().map(|(at, it)| it.pressed(share(at))).collect()
        };
        let slow: Vec<StrokePoint> =
            straight().into_iter().map(|it| StrokePoint { millis: it.millis * 20, ..it }).collect();
        assert!(thickness(slow) > 1.5 * thickness(straight()));
        assert!(thickness(pressed(0.2, 1.0)) > 1.5 * thickness(pressed(0.1, 0.3)));
        assert_eq!(thickness(pressed(0.5, 0.5)), thickness(straight()));
    }

    #[test]
    fn the_digest_covers_everything_that_was_written() {
        let digest = |width, strokes: Vec<Vec<StrokePoint>>| {
            Handwriting::new(width, 100.0, strokes).unwrap().digest().to_hex()
        };
        let point = StrokePoint::new(1.0, 2.0, 3);
        let base = digest(200.0, vec![vec![point, point]]);
        assert_eq!(base, digest(200.0, vec![vec![], vec![point, point]]));
        let others = [
            digest(201.0, vec![vec![point, point]]),
            digest(200.0, vec![vec![point], vec![point]]),
            digest(200.0, vec![vec![point, StrokePoint { x: 1.01, ..point }]]),
            digest(200.0, vec![vec![point, StrokePoint { y: 2.01, ..point }]]),
            digest(200.0, vec![vec![point, StrokePoint { millis: 4, ..point }]]),
            digest(200.0, vec![vec![point, point.pressed(0.0)]]),
        ];
        for (index, other) in others.iter().enumerate() {
            assert_ne!(*other, base, "{index}");
        }
        // Computed with Python's hashlib and struct.
        let one = digest(200.0, vec![vec![point.pressed(0.5)]]);
        assert_eq!(one, "647822ad3db413b81c65d35d6c2026b7bf30754b98bc46bb471d781e7d2628f8");
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let code = |width, strokes: Vec<Vec<StrokePoint>>| {
            Handwriting::new(width, 100.0, strokes).unwrap_err().code()
        };
        let point = StrokePoint::new(1.0, 1.0, 0);
        assert_eq!(code(200.0, vec![]), "stroke.nothing_written");
        assert_eq!(code(200.0, vec![vec![]]), "stroke.nothing_written");
        assert_eq!(code(0.0, vec![vec![point]]), "stroke.value");
        assert_eq!(code(f64::NAN, vec![vec![point]]), "stroke.value");
        assert_eq!(
            code(200.0, vec![vec![StrokePoint { x: f64::INFINITY, ..point }]]),
            "stroke.value"
        );
        assert_eq!(code(200.0, vec![vec![point.pressed(1.1)]]), "stroke.value");
        assert_eq!(code(200.0, vec![vec![point; 4_001]]), "stroke.too_many");
        assert_eq!(code(200.0, vec![vec![point; 4_000]; 6]), "stroke.too_many");
        assert_eq!(code(200.0, vec![vec![point]; 1_001]), "stroke.too_many");
        let written = Handwriting::new(200.0, 100.0, [[point]]).unwrap();
        assert_eq!(written.sketch(size(0.0, 10.0)).unwrap_err().code(), "text.empty_box");
        assert!(!format!("{written:?}").contains("1.0"));
    }

    #[test]
    fn values_out_of_range_are_told_as_they_were_given() {
        let pressed = |value| {
            let point = StrokePoint::new(1.0, 1.0, 0).pressed(value);
            Handwriting::new(200.0, 100.0, [[point]])
        };
        assert!(pressed(0.0).is_ok() && pressed(1.0).is_ok());
        for (value, shown) in [(1.5, "1.5"), (-0.25, "-0.25"), (f64::NAN, "NaN")] {
            let told = pressed(value).unwrap_err().to_string();
            assert!(told.contains(&format!("is {shown}; it has to be between 0 and 1")), "{told}");
        }
        let shares = Handwriting::new(1.0, 1.0, [[StrokePoint::new(0.5, 0.5, 0)]]).unwrap_err();
        assert!(shares.to_string().contains("between 8 and 20000"), "{shares}");
    }

    proptest! {
        /// Whatever is written, nothing leaves the box.
        #[test]
        fn nothing_leaves_the_box(
            strokes in prop::collection::vec(
                prop::collection::vec((-20.0..220.0_f64, -10.0..110.0_f64, 0..50_u32), 1..30),
                1..6,
            ),
            (width, height) in (8.0..300.0_f64, 8.0..100.0_f64),
        ) {
            let point = |&(x, y, millis): &(f64, f64, u32)| StrokePoint::new(x, y, millis);
            let strokes = strokes.iter().map(|stroke| stroke.iter().map(point).collect::<Vec<_>>());
            let written = Handwriting::new(200.0, 100.0, strokes).unwrap();
            let (low, high) = path(&written, size(width, height)).bounds().unwrap();
            prop_assert!(low.x > -1e-9 && low.y > -1e-9, "{:?}", low);
            prop_assert!(high.x < width + 0.001 && high.y < height + 0.001, "{:?}", high);
        }
    }
}
