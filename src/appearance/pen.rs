//! The way of a pen: where it went, smoothed, and how thick its line is there.

use super::path::Point;

/// Points nearer to each other than this count once, in pixels of a usual canvas.
const NEAR: f64 = 0.3;
/// How far a canvas reports a point from where it was, in pixels of a usual canvas.
const INEXACT: f64 = 0.7;
/// Below this height a canvas is counted in coarser units than pixels, and those two with it.
const USUAL: f64 = 100.0;
/// The speed at which a line is half way between thick and thin: heights of the canvas a
/// millisecond. Who writes slowly crosses it in half a second.
const SPEED: f64 = 0.004;
/// How often the thickness is evened out along a stroke.
const EVEN: usize = 4;

/// A point as it is kept: hundredths of pixels, thousandths of pressure.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) millis: u32,
    pub(super) pressure: Option<u16>,
}

impl Moment {
    /// In pixels, y up.
    fn at(self) -> Point {
        Point::new(f64::from(self.x) / 100.0, -f64::from(self.y) / 100.0)
    }
}

/// Where the pen is, and how thick its line is there, from 0 to 1.
pub(super) type Smooth = Vec<(Point, f64)>;

/// The ways of the pen over a canvas so many pixels high.
pub(super) fn smoothed(strokes: &[Vec<Moment>], height: f64) -> Vec<Smooth> {
    let pressed = varies_in_pressure(strokes);
    let unit = (height / USUAL).min(1.0);
    let of = |stroke: &Vec<Moment>| {
        let moments = distinct(stroke, NEAR * unit);
        let shares = if pressed { pressures(&moments) } else { speeds(&moments, height) };
        let points: Vec<Point> = moments.iter().map(|moment| moment.at()).collect();
        let points = averaged(&points, |a, b, c| steadied(b, a.towards(c, 0.5), INEXACT * unit));
        let mean = |a: f64, b: f64, c: f64| (a + 2.0 * b + c) / 4.0;
        let shares = (0..EVEN).fold(shares, |shares, _| averaged(&shares, mean));
        points.into_iter().zip(tapered(shares)).collect()
    };
    strokes.iter().map(of).collect()
}

/// A mouse presses always alike, as do devices that measure nothing.
fn varies_in_pressure(strokes: &[Vec<Moment>]) -> bool {
    let mut pressures = strokes.iter().flatten().map(|moment| moment.pressure);
    let mut range = (u16::MAX, 0);
    let all = pressures.all(|pressure| {
        let value = pressure.unwrap_or(0);
        range = (range.0.min(value), range.1.max(value));
        pressure.is_some()
    });
    all && range.1.saturating_sub(range.0) > 20
}

/// Without points where the pen stood still: the first one counts, so that a pause makes the way
/// behind it slow.
fn distinct(stroke: &[Moment], near: f64) -> Vec<Moment> {
    let mut kept: Vec<Moment> = Vec::with_capacity(stroke.len());
    for moment in stroke {
        match kept.last() {
            Some(last) if last.at().distance(moment.at()) < near => {}
            _ => kept.push(*moment),
        }
    }
    kept
}

fn pressures(moments: &[Moment]) -> Vec<f64> {
    moments.iter().map(|moment| f64::from(moment.pressure.unwrap_or(0)) / 1000.0).collect()
}

/// The slower, the thicker. Without times, half way.
fn speeds(moments: &[Moment], height: f64) -> Vec<f64> {
    let ways = moments.iter().zip(moments.iter().skip(1));
    let timed = moments.first().map(|it| it.millis) != moments.last().map(|it| it.millis);
    let mut shares: Vec<f64> = ways
        .map(|(from, to)| {
            let millis = f64::from((to.millis - from.millis).max(1));
            let speed = from.at().distance(to.at()) / millis / height;
            if timed { SPEED / (SPEED + speed) } else { 0.5 }
        })
        .collect();
    // A point is as thick as the way to it; a touch as thick as can be.
    shares.insert(0, shares.first().copied().unwrap_or(1.0));
    shares
}

/// A pen that is set down or lifted touches the paper lightly, slowly as it may move.
fn tapered(mut shares: Vec<f64>) -> Vec<f64> {
    if let [first, second, .., before_last, last] = shares.as_mut_slice() {
        *first = (*first).min(*second) * 0.6;
        *last = (*last).min(*before_last) * 0.6;
        *second *= 0.85;
        *before_last *= 0.85;
    }
    shares
}

/// A point moved towards the middle of its neighbours, as far as a canvas is inexact: corners stay.
fn steadied(point: Point, middle: Point, inexact: f64) -> Point {
    let share = (inexact / point.distance(middle).max(inexact)).min(0.5);
    point.towards(middle, share)
}

/// Each value with its neighbours; the ends stay.
fn averaged<T: Copy>(values: &[T], mean: impl Fn(T, T, T) -> T) -> Vec<T> {
    let inner = values.windows(3).filter_map(|window| match window {
        [a, b, c] => Some(mean(*a, *b, *c)),
        _ => None,
    });
    let first = values.first().copied();
    let last = values.last().copied().filter(|_| values.len() > 1);
    first.into_iter().chain(inner).chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(x: i32, millis: u32) -> Moment {
        Moment { x: x * 100, y: 0, millis, pressure: None }
    }

    fn shares(moments: Vec<Moment>) -> Vec<f64> {
        let smooth = smoothed(&[moments], 100.0);
        smooth[0].iter().map(|(_, share)| *share).collect()
    }

    #[test]
    fn slow_is_thick_fast_is_thin_and_the_ends_are_light() {
        let even = |step: u32| (0..12).map(|at| moment(at * 4, at as u32 * step)).collect();
        let (slow, fast) = (shares(even(100)), shares(even(2)));
        assert!(slow[6] > 0.8 && fast[6] < 0.25, "{slow:?} {fast:?}");
        assert!(slow[0] < slow[1] && slow[11] < slow[10] && slow[1] < slow[6]);
        assert!(shares(even(0)).iter().skip(2).take(8).all(|share| *share == 0.5));
    }

    #[test]
    fn corners_stay_where_they_are() {
        let y = |at: i32| if at % 2 == 0 { 0 } else { 3_000 };
        let zigzag: Vec<Moment> = (0..9).map(|at| Moment { y: y(at), ..moment(at, 0) }).collect();
        for (moment, (point, _)) in
            zigzag.iter().zip(&smoothed(std::slice::from_ref(&zigzag), 100.0)[0])
        {
            assert!(moment.at().distance(*point) <= INEXACT + 1e-9, "{point:?}");
        }
    }

    #[test]
    fn a_small_canvas_keeps_as_many_points_as_a_large_one() {
        let circle = |radius: f64| -> Vec<Moment> {
            let at = |step: u32| {
                let (sine, cosine) = (f64::from(step) / 20.0).sin_cos();
                let hundredths = |value: f64| (value * radius * 100.0).round() as i32;
                Moment { x: hundredths(cosine), y: hundredths(sine), millis: step, pressure: None }
            };
            (0..40).map(at).collect()
        };
        let drawn = |height: f64| smoothed(&[circle(height / 2.0)], height).remove(0);
        let (small, large) = (drawn(10.0), drawn(1000.0));
        assert_eq!((small.len(), large.len()), (40, 40));
        for ((small, _), (large, _)) in small.iter().zip(&large) {
            let off = Point::new(small.x * 100.0, small.y * 100.0).distance(*large);
            assert!(off < 10.0, "{off} of 1000: {small:?} {large:?}");
        }
    }

    #[test]
    fn where_the_pen_stood_still_counts_once() {
        let standing = vec![moment(0, 0), moment(0, 10), moment(9, 20), moment(9, 900)];
        assert_eq!(shares(standing).len(), 2);
        assert_eq!(shares(vec![moment(3, 0)]), [1.0]);
    }
}
