//! Coordinates and sizes with their unit: points, millimetres, or a share of the page.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::control::ControlError;
use crate::geometry::{Length, MilliPoints, Mm, Pt};

/// A whole page, in the integer that shares are kept in.
const WHOLE: i64 = 1_000_000_000;

/// A share of the page's width or height, 0 to 1.
///
/// ```
/// use sealwright::contract::{FractionOfPage, Measure};
/// assert_eq!(Measure::new(FractionOfPage(0.5))?.to_string(), "50 %");
/// // A percentage taken for a fraction is caught, not drawn a hundred pages away.
/// assert!(Measure::new(FractionOfPage(50.0)).is_err());
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct FractionOfPage(pub f64);

/// A share of the page's width or height in per cent, 0 to 100.
///
/// ```
/// use sealwright::contract::{FractionOfPage, Measure, PercentOfPage};
/// assert_eq!(Measure::new(PercentOfPage(12.5))?, Measure::new(FractionOfPage(0.125))?);
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct PercentOfPage(pub f64);

/// What a caller may give as a coordinate or an extent; a bare number is refused by the compiler.
///
/// ```
/// use sealwright::contract::{PageLength, PercentOfPage};
/// use sealwright::geometry::Mm;
/// assert_ne!(PageLength::from(Mm(42.0)), PageLength::from(PercentOfPage(42.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum PageLength {
    /// A length on paper.
    Length(Length),
    /// A share, 0 to 1.
    Fraction(FractionOfPage),
    /// A share, 0 to 100.
    Percent(PercentOfPage),
}

impl From<Pt> for PageLength {
    fn from(value: Pt) -> Self {
        Self::Length(value.into())
    }
}

impl From<Mm> for PageLength {
    fn from(value: Mm) -> Self {
        Self::Length(value.into())
    }
}

impl From<MilliPoints> for PageLength {
    fn from(value: MilliPoints) -> Self {
        Self::Length(value.into())
    }
}

impl From<FractionOfPage> for PageLength {
    fn from(value: FractionOfPage) -> Self {
        Self::Fraction(value)
    }
}

impl From<PercentOfPage> for PageLength {
    fn from(value: PercentOfPage) -> Self {
        Self::Percent(value)
    }
}

/// A coordinate or an extent, kept in integers: thousandths of a point, or thousand-millionths of
/// the page's width (x, widths) or height (y, heights). Millimetres become points when it is made.
///
/// ```
/// use sealwright::contract::{Measure, PercentOfPage};
/// use sealwright::geometry::{MilliPoints, Mm};
/// let page_width = MilliPoints::new(595_276)?;
/// assert_eq!(Measure::new(Mm(42.0))?.on(page_width).to_string(), "119.055");
/// assert_eq!(Measure::new(PercentOfPage(50.0))?.on(page_width).to_string(), "297.638");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "MeasureFields", into = "MeasureFields")]
pub struct Measure(Inner);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Inner {
    Points(MilliPoints),
    OfPage(i64),
}

impl Measure {
    /// No length at all.
    pub const ZERO: Self = Self(Inner::Points(MilliPoints::ZERO));

    /// So many thousandths of the page, at most all of them.
    pub(super) const fn per_mille(share: u16) -> Self {
        let share = if share > 1000 { 1000 } else { share };
        Self(Inner::OfPage(WHOLE / 1000 * share as i64))
    }

    /// A measure in one of the units.
    ///
    /// # Errors
    ///
    /// [`ControlError::Length`] for what is no number, [`ControlError::ShareOfPage`] for a share
    /// below nothing or above the whole.
    pub fn new(length: impl Into<PageLength>) -> Result<Self, ControlError> {
        Ok(Self(match length.into() {
            PageLength::Length(length) => Inner::Points(length.round()?),
            PageLength::Fraction(FractionOfPage(value)) => Inner::OfPage(share(value, 1.0)?),
            PageLength::Percent(PercentOfPage(value)) => Inner::OfPage(share(value, 100.0)?),
        }))
    }

    /// How long it is along an edge of a page, halves rounded up.
    #[must_use]
    pub fn on(self, edge: MilliPoints) -> MilliPoints {
        match self.0 {
            Inner::Points(length) => length,
            Inner::OfPage(share) => {
                let product = i128::from(edge.thousandths()) * i128::from(share);
                let whole = i128::from(WHOLE);
                let rounded = (product * 2 + whole).div_euclid(whole * 2);
                // A share of an edge is never longer than the edge.
                i64::try_from(rounded).ok().and_then(|it| MilliPoints::new(it).ok()).unwrap_or(edge)
            }
        }
    }
}

impl From<MilliPoints> for Measure {
    fn from(length: MilliPoints) -> Self {
        Self(Inner::Points(length))
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Inner::Points(length) => write!(f, "{length} pt"),
            Inner::OfPage(share) => {
                let (whole, rest) = (share / (WHOLE / 100), share % (WHOLE / 100));
                let digits = format!("{rest:07}");
                match digits.trim_end_matches('0') {
                    "" => write!(f, "{whole} %"),
                    digits => write!(f, "{whole}.{digits} %"),
                }
            }
        }
    }
}

/// `{"points":119055}` (thousandths) or `{"of_page":500000000}` (thousand-millionths).
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum MeasureFields {
    Points(MilliPoints),
    OfPage(i64),
}

impl From<Measure> for MeasureFields {
    fn from(measure: Measure) -> Self {
        match measure.0 {
            Inner::Points(length) => Self::Points(length),
            Inner::OfPage(share) => Self::OfPage(share),
        }
    }
}

impl TryFrom<MeasureFields> for Measure {
    type Error = ControlError;

    fn try_from(fields: MeasureFields) -> Result<Self, ControlError> {
        match fields {
            MeasureFields::Points(length) => Ok(length.into()),
            MeasureFields::OfPage(share) if (0..=WHOLE).contains(&share) => {
                Ok(Self(Inner::OfPage(share)))
            }
            MeasureFields::OfPage(share) => {
                Err(ControlError::ShareOfPage { millionths: share / 1000 })
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the value is within the range, or only shown")]
fn share(value: f64, whole: f64) -> Result<i64, ControlError> {
    if value.is_nan() {
        return Err(ControlError::Length);
    }
    if (0.0..=whole).contains(&value) {
        Ok((value / whole * 1e9).round() as i64)
    } else {
        Err(ControlError::ShareOfPage { millionths: (value / whole * 1e6).round() as i64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ctl_04_a_share_beyond_the_page_is_refused_when_it_is_made() {
        for wrong in [-0.01, 1.001, 50.0, f64::INFINITY, f64::NEG_INFINITY] {
            let error = Measure::new(FractionOfPage(wrong)).unwrap_err();
            assert_eq!(error.code(), "ctl.rect_out_of_page", "{wrong}");
        }
        assert!(Measure::new(PercentOfPage(100.1)).is_err());
        assert_eq!(Measure::new(FractionOfPage(f64::NAN)).unwrap_err().code(), "geometry.length");
        assert!(serde_json::from_str::<Measure>(r#"{"of_page":1000000001}"#).is_err());
        assert!(serde_json::from_str::<Measure>(r#"{"of_page":-1}"#).is_err());
    }

    #[test]
    fn measures_are_stored_as_integers() {
        let json = |measure| serde_json::to_string(&measure).unwrap();
        let third = Measure::new(FractionOfPage(1.0 / 3.0)).unwrap();
        assert_eq!(json(Measure::new(Mm(42.0)).unwrap()), r#"{"points":119055}"#);
        assert_eq!(json(third), r#"{"of_page":333333333}"#);
        assert_eq!(serde_json::from_str::<Measure>(&json(third)).unwrap(), third);
        assert_eq!(third.to_string(), "33.3333333 %");
    }

    #[test]
    fn the_whole_page_is_the_whole_page() {
        let edge = MilliPoints::new(841_891).unwrap();
        assert_eq!(Measure::new(PercentOfPage(100.0)).unwrap().on(edge), edge);
        assert_eq!(Measure::new(FractionOfPage(0.5)).unwrap().on(edge).thousandths(), 420_946);
    }
}
