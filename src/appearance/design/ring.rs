//! Where letters stand on the ring of a round or oval seal.
//!
//! Coordinates are millimetres from the seal's centre, x to the right, y up. Sine and cosine are
//! computed here, with additions, multiplications and square roots alone: these are exact to the
//! last bit on every machine, those of the platform are not, and a seal has one digest.

use std::f64::consts::PI;

/// Half a ring is walked in so many steps.
const STEPS: u32 = 1_024;

/// Sine and cosine of an angle in turns: a quarter is a right angle.
pub(super) fn sine_and_cosine(turns: f64) -> (f64, f64) {
    let turns = turns - turns.floor();
    let quarter = (turns * 4.0 + 0.5).floor();
    let (sine, cosine) = near_zero((turns - quarter / 4.0) * 2.0 * PI);
    if !(0.5..=3.5).contains(&quarter) {
        (sine, cosine)
    } else if quarter < 1.5 {
        (cosine, -sine)
    } else if quarter < 2.5 {
        (-sine, -cosine)
    } else {
        (-cosine, sine)
    }
}

/// The series, for angles within an eighth of a turn.
fn near_zero(angle: f64) -> (f64, f64) {
    let square = angle * angle;
    let (mut sine, mut cosine, mut power) = (0.0, 0.0, 1.0);
    for term in 0..10 {
        cosine += power;
        power /= f64::from(2 * term + 1);
        sine += power * angle;
        power *= -square / f64::from(2 * term + 2);
    }
    (sine, cosine)
}

/// An ellipse around the centre; with equal axes, a circle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ellipse {
    /// Half its width.
    pub(super) across: f64,
    /// Half its height.
    pub(super) up: f64,
}

impl Ellipse {
    /// The one whose axes are shorter by as much.
    pub(super) fn within(self, by: f64) -> Self {
        Self { across: self.across - by, up: self.up - by }
    }

    /// Whether a point lies inside or on it.
    pub(super) fn holds(self, (x, y): (f64, f64)) -> bool {
        let (x, y) = (x / self.across, y / self.up);
        self.across > 0.0 && self.up > 0.0 && x * x + y * y <= 1.0
    }
}

/// Where a letter stands: the middle of its foot, and the direction to its head, of length 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stand {
    pub(super) foot: (f64, f64),
    pub(super) head: (f64, f64),
}

/// A band inside an ellipse in which letters stand side by side. Distances along it are measured
/// on its inner edge, where there is least room.
pub(super) struct Band {
    outer: Ellipse,
    height: f64,
    /// Distance from the top, at each step down the right half.
    distances: Vec<f64>,
}

impl Band {
    /// The band of letters of a height below an ellipse.
    pub(super) fn new(outer: Ellipse, height: f64) -> Self {
        let mut band = Self { outer, height, distances: Vec::new() };
        let mut last = band.at(0.0).1.foot;
        let mut distance = 0.0;
        for step in 0..=STEPS {
            let foot = band.at(f64::from(step) / f64::from(STEPS) / 2.0).1.foot;
            let (x, y) = (foot.0 - last.0, foot.1 - last.1);
            distance += (x * x + y * y).sqrt();
            band.distances.push(distance);
            last = foot;
        }
        band
    }

    /// How long the inner edge is, all around.
    pub(super) fn length(&self) -> f64 {
        2.0 * self.distances.last().copied().unwrap_or(0.0)
    }

    /// Upright seen from outside: the foot on the inner edge, `distance` to the right of the top.
    pub(super) fn upright(&self, distance: f64) -> Stand {
        let stand = self.at(self.turns(distance.abs())).1;
        mirrored(stand, distance < 0.0)
    }

    /// Upright seen from inside: the foot on the outer edge, `distance` to the right of the bottom.
    pub(super) fn inverted(&self, distance: f64) -> Stand {
        let (rim, Stand { head: (x, y), .. }) = self.at(self.turns(distance.abs()));
        mirrored(Stand { foot: (rim.0, -rim.1), head: (-x, y) }, distance < 0.0)
    }

    /// The point on the outer edge, and the stand below it, so many turns clockwise from the top.
    fn at(&self, turns: f64) -> ((f64, f64), Stand) {
        let Ellipse { across, up } = self.outer;
        let (sine, cosine) = sine_and_cosine(turns);
        let rim = (across * sine, up * cosine);
        let (x, y) = (up * sine, across * cosine);
        let length = (x * x + y * y).sqrt();
        let head = (x / length, y / length);
        (rim, Stand { foot: (rim.0 - self.height * head.0, rim.1 - self.height * head.1), head })
    }

    /// How far around something so far from the top is.
    fn turns(&self, distance: f64) -> f64 {
        let after = self.distances.partition_point(|reached| *reached < distance);
        let reached = |step: usize| self.distances.get(step).copied();
        let Some(before) = after.checked_sub(1) else { return 0.0 };
        let (Some(low), Some(high)) = (reached(before), reached(after)) else { return 0.5 };
        let steps = u32::try_from(before).unwrap_or(STEPS);
        let part = if high > low { (distance - low) / (high - low) } else { 0.0 };
        (f64::from(steps) + part) / f64::from(STEPS) / 2.0
    }
}

fn mirrored(stand: Stand, wanted: bool) -> Stand {
    let Stand { foot: (x, y), head: (across, up) } = stand;
    if wanted { Stand { foot: (-x, y), head: (-across, up) } } else { stand }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_are_right_to_the_last_digits() {
        for step in -800..800 {
            let turns = f64::from(step) / 360.0;
            let (sine, cosine) = sine_and_cosine(turns);
            assert!((sine - (turns * 2.0 * PI).sin()).abs() < 1e-14, "{turns}");
            assert!((cosine - (turns * 2.0 * PI).cos()).abs() < 1e-14, "{turns}");
        }
        assert_eq!(sine_and_cosine(0.25), (1.0, 0.0));
        assert_eq!(sine_and_cosine(0.5).1, -1.0);
    }

    /// Written down once: the bits may never change, on any machine.
    #[test]
    fn the_same_bits_everywhere() {
        let (sine, cosine) = sine_and_cosine(0.1);
        assert_eq!(
            (sine.to_bits(), cosine.to_bits()),
            (0x3FE2_CF23_0475_5A5E, 0x3FE9_E377_9B97_F4A8)
        );
    }

    #[test]
    fn a_circle_is_as_long_as_a_circle() {
        let band = Band::new(Ellipse { across: 20.0, up: 20.0 }, 5.0);
        assert!((band.length() - 30.0 * PI).abs() < 1e-3);
        let right = band.upright(7.5 * PI);
        assert!((right.foot.0 - 15.0).abs() < 1e-3 && right.foot.1.abs() < 1e-3);
        assert!((right.head.0 - 1.0).abs() < 1e-6);
        assert_eq!(band.upright(-3.0).foot.0, -band.upright(3.0).foot.0);
    }

    #[test]
    fn at_the_bottom_heads_point_inwards() {
        let band = Band::new(Ellipse { across: 20.0, up: 15.0 }, 2.0);
        let middle = band.inverted(0.0);
        assert_eq!(middle, Stand { foot: (0.0, -15.0), head: (0.0, 1.0) });
        let right = band.inverted(4.0);
        assert!(right.foot.0 > 0.0 && right.head.0 < 0.0 && right.head.1 > 0.0);
    }

    #[test]
    fn equal_distances_are_equal_on_an_oval() {
        let band = Band::new(Ellipse { across: 18.0, up: 13.0 }, 4.0);
        let step = band.length() / 40.0;
        let feet: Vec<_> = (0..21).map(|at| band.upright(step * f64::from(at)).foot).collect();
        for pair in feet.windows(2) {
            let (x, y) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            assert!(((x * x + y * y).sqrt() - step).abs() < 0.1, "{pair:?}");
        }
    }
}
