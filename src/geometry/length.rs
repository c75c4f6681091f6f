//! Lengths with their unit, and the integers they are rounded to.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Error;

/// The largest magnitude of a length in points and of a coordinate in user space units. A page of
/// 14,400 units with the largest `/UserUnit` stays below it.
const MAX_UNITS: f64 = 1_000_000_000.0;
const MAX_THOUSANDTHS: i64 = 1_000_000_000_000;

/// Points: 1/72 inch, whatever the page's `/UserUnit`.
///
/// ```
/// use sealwright::geometry::{Length, Pt};
/// assert_eq!(Length::from(Pt(119.0551)).round()?.thousandths(), 119_055);
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Pt(pub f64);

/// Millimetres on paper; 25.4 of them are 72 points.
///
/// ```
/// use sealwright::geometry::{Length, Mm};
/// assert_eq!(Length::from(Mm(25.4)).round()?.thousandths(), 72_000);
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Mm(pub f64);

/// A length in one of the units a caller may think in. Functions take `impl Into<Length>`, so that
/// a bare number is refused by the compiler.
///
/// ```
/// use sealwright::geometry::{Length, Mm, Pt};
/// assert_eq!(Length::from(Mm(18.0)).round()?.to_string(), "51.024");
/// assert_eq!(Length::from(Pt(51.0)).round()?.to_string(), "51");
/// assert!(Length::from(Mm(f64::NAN)).round().is_err());
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Length {
    /// Points.
    Pt(Pt),
    /// Millimetres.
    Mm(Mm),
    /// A length that was rounded before.
    MilliPoints(MilliPoints),
}

impl Length {
    /// The length in thousandths of a point, halves rounded up.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if it is not a number or longer than a thousand million points.
    pub fn round(self) -> Result<MilliPoints, Error> {
        match self {
            Self::Pt(Pt(value)) => thousandths(value, value).map(MilliPoints),
            Self::Mm(Mm(value)) => thousandths(value * 72.0 / 25.4, value).map(MilliPoints),
            Self::MilliPoints(value) => Ok(value),
        }
    }
}

impl From<Pt> for Length {
    fn from(value: Pt) -> Self {
        Self::Pt(value)
    }
}

impl From<Mm> for Length {
    fn from(value: Mm) -> Self {
        Self::Mm(value)
    }
}

impl From<MilliPoints> for Length {
    fn from(value: MilliPoints) -> Self {
        Self::MilliPoints(value)
    }
}

/// A length in thousandths of a point (1/72,000 inch): the integer that everything computes with.
/// `Display` shows points, `119.055`. Its magnitude never exceeds a thousand million points, so
/// that sums of a few of them cannot overflow. Serialised as the integer.
///
/// ```
/// use sealwright::geometry::MilliPoints;
/// assert_eq!(MilliPoints::new(119_055)?.to_string(), "119.055");
/// assert!(MilliPoints::new(i64::MAX).is_err());
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "i64", into = "i64")]
pub struct MilliPoints(i64);

impl MilliPoints {
    /// No length at all.
    pub const ZERO: Self = Self(0);

    /// A length of so many thousandths of a point.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if it is longer than a thousand million points.
    pub fn new(thousandths: i64) -> Result<Self, Error> {
        bounded(thousandths).map(Self)
    }

    /// The number of thousandths of a point.
    #[must_use]
    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// From a computation whose result may have grown; what is too long is cut to the longest.
    pub(super) fn saturating(thousandths: i128) -> Self {
        Self(saturate(thousandths))
    }
}

impl TryFrom<i64> for MilliPoints {
    type Error = Error;

    fn try_from(thousandths: i64) -> Result<Self, Error> {
        Self::new(thousandths)
    }
}

impl From<MilliPoints> for i64 {
    fn from(value: MilliPoints) -> Self {
        value.0
    }
}

impl fmt::Display for MilliPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_thousandths(self.0, f)
    }
}

/// A number of default user space, in thousandths of a unit. `Display` writes it as PDF writes
/// numbers: `12`, `-0.5`, `119.055` (ISO 32000-2 §7.3.3).
///
/// ```
/// use sealwright::geometry::Coordinate;
/// assert_eq!(Coordinate::new(-0.5)?.to_string(), "-0.5");
/// assert_eq!(Coordinate::new(595.276)?.thousandths(), 595_276);
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coordinate(i64);

impl Coordinate {
    /// Zero.
    pub const ZERO: Self = Self(0);

    /// A number as a PDF file has it, rounded to thousandths, halves up.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] if it is not a number or its magnitude exceeds a thousand million.
    pub fn new(value: f64) -> Result<Self, Error> {
        thousandths(value, value).map(Self)
    }

    /// The number of thousandths of a unit.
    #[must_use]
    pub fn thousandths(self) -> i64 {
        self.0
    }

    /// From a computation whose result may have grown; what is too large is cut to the largest.
    pub(super) fn saturating(thousandths: i128) -> Self {
        Self(saturate(thousandths))
    }
}

impl fmt::Display for Coordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_thousandths(self.0, f)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the value is finite and within 1e12")]
fn thousandths(value: f64, as_given: f64) -> Result<i64, Error> {
    if value.is_finite() && value.abs() <= MAX_UNITS {
        Ok((value * 1000.0 + 0.5).floor() as i64)
    } else {
        Err(Error::Length { value: as_given, max: MAX_UNITS })
    }
}

#[expect(clippy::cast_precision_loss, reason = "the value is only shown in an error")]
fn bounded(thousandths: i64) -> Result<i64, Error> {
    if (-MAX_THOUSANDTHS..=MAX_THOUSANDTHS).contains(&thousandths) {
        Ok(thousandths)
    } else {
        Err(Error::Length { value: thousandths as f64 / 1000.0, max: MAX_UNITS })
    }
}

fn saturate(thousandths: i128) -> i64 {
    let limit = i128::from(MAX_THOUSANDTHS);
    let sign = if thousandths < 0 { -MAX_THOUSANDTHS } else { MAX_THOUSANDTHS };
    i64::try_from(thousandths.clamp(-limit, limit)).unwrap_or(sign)
}

/// `-1500` → `-1.5`: no exponent, no superfluous zero, as PDF numbers have to be.
fn write_thousandths(value: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (whole, rest) = (value.unsigned_abs() / 1000, value.unsigned_abs() % 1000);
    let sign = if value < 0 { "-" } else { "" };
    if rest == 0 {
        return write!(f, "{sign}{whole}");
    }
    let digits = format!("{rest:03}");
    write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn millimetres_become_the_milli_points_of_the_seal_table() {
        let table = [
            (18.0, 51_024),
            (20.0, 56_693),
            (30.0, 85_039),
            (38.0, 107_717),
            (40.0, 113_386),
            (42.0, 119_055),
            (45.0, 127_559),
            (50.0, 141_732),
            (58.0, 164_409),
        ];
        for (mm, milli_points) in table {
            assert_eq!(
                Length::from(Mm(mm)).round().unwrap().thousandths(),
                milli_points,
                "{mm} mm"
            );
        }
    }

    #[test]
    fn halves_go_up_also_below_zero() {
        let round = |value| Length::from(Pt(value)).round().unwrap().thousandths();
        assert_eq!(round(0.000_5), 1);
        assert_eq!(round(0.000_499), 0);
        assert_eq!(round(-0.000_5), 0);
        assert_eq!(round(-0.001_5), -1);
        assert_eq!(round(-0.001_6), -2);
    }

    #[test]
    fn no_number_and_too_long_are_refused() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.1e9, -1.1e9, f64::MAX] {
            let error = Length::from(Pt(value)).round().unwrap_err();
            assert_eq!(error.code(), "geometry.length");
            assert!(Coordinate::new(value).is_err());
        }
        assert!(Length::from(Mm(f64::MAX)).round().is_err());
        assert!(MilliPoints::new(MAX_THOUSANDTHS).is_ok());
        assert!(MilliPoints::new(MAX_THOUSANDTHS + 1).is_err());
        assert!(serde_json::from_str::<MilliPoints>("9223372036854775807").is_err());
    }

    #[test]
    fn numbers_are_written_as_pdf_has_them() {
        let written = |thousandths| Coordinate(thousandths).to_string();
        assert_eq!(written(0), "0");
        assert_eq!(written(-5), "-0.005");
        assert_eq!(written(1_050), "1.05");
        assert_eq!(written(-842_000), "-842");
        assert_eq!(written(119_055), "119.055");
    }
}
