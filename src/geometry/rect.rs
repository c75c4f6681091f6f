//! Rectangles in the two frames.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Coordinate, Error, Length, MilliPoints};

/// Width and height as a person sees them.
///
/// ```
/// use sealwright::geometry::{Mm, Size};
/// let size = Size::new(Mm(42.0), Mm(21.0))?;
/// assert_eq!(size.to_string(), "119.055 x 59.528");
/// assert_eq!(size.scaled_to_width(Mm(21.0))?.height().to_string(), "29.764");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "SizeFields", into = "SizeFields")]
pub struct Size {
    width: MilliPoints,
    height: MilliPoints,
}

impl Size {
    /// A size; zero is allowed, as a field that shows nothing has it.
    ///
    /// # Errors
    ///
    /// [`Error::NegativeSize`], and [`Error::Length`] for what is not a number.
    pub fn new(width: impl Into<Length>, height: impl Into<Length>) -> Result<Self, Error> {
        let (width, height) = (width.into().round()?, height.into().round()?);
        if width < MilliPoints::ZERO || height < MilliPoints::ZERO {
            return Err(Error::NegativeSize { width, height });
        }
        Ok(Self { width, height })
    }

    /// The width.
    #[must_use]
    pub fn width(&self) -> MilliPoints {
        self.width
    }

    /// The height.
    #[must_use]
    pub fn height(&self) -> MilliPoints {
        self.height
    }

    /// Whether it has no area.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.width == MilliPoints::ZERO || self.height == MilliPoints::ZERO
    }

    /// The same shape with another width, the height rounded half up. A size without width keeps
    /// its height.
    ///
    /// # Errors
    ///
    /// As [`Size::new`].
    pub fn scaled_to_width(&self, width: impl Into<Length>) -> Result<Self, Error> {
        let width = width.into().round()?;
        let height =
            scale(self.height.thousandths(), width.thousandths(), self.width.thousandths());
        Self::new(width, height.unwrap_or(self.height))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x {}", self.width, self.height)
    }
}

/// A rectangle in the visual page frame: its top left corner, counted from the top left corner of
/// the CropBox as displayed, y down; its size. In thousandths of a point.
///
/// ```
/// use sealwright::geometry::{Mm, Pt, Rect};
/// let rect = Rect::new(Mm(25.4), Pt(36.0), Pt(120.0), Pt(60.0))?;
/// assert_eq!(rect.right().to_string(), "192");
/// assert_eq!(rect.bottom().to_string(), "96");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RectFields", into = "RectFields")]
pub struct Rect {
    x: MilliPoints,
    y: MilliPoints,
    size: Size,
}

impl Rect {
    /// A rectangle from its top left corner and its size. It may lie anywhere, also off the page:
    /// only [`PageGeometry::to_user_space`](super::PageGeometry::to_user_space) knows the page.
    ///
    /// # Errors
    ///
    /// [`Error::NegativeSize`], and [`Error::Length`] for what is not a number.
    pub fn new(
        x: impl Into<Length>,
        y: impl Into<Length>,
        width: impl Into<Length>,
        height: impl Into<Length>,
    ) -> Result<Self, Error> {
        Self::with_size(x, y, Size::new(width, height)?)
    }

    /// A rectangle of a size that exists already.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for what is not a number.
    pub fn with_size(
        x: impl Into<Length>,
        y: impl Into<Length>,
        size: Size,
    ) -> Result<Self, Error> {
        Ok(Self { x: x.into().round()?, y: y.into().round()?, size })
    }

    /// The left edge, from the left edge of the page.
    #[must_use]
    pub fn x(&self) -> MilliPoints {
        self.x
    }

    /// The top edge, from the top edge of the page.
    #[must_use]
    pub fn y(&self) -> MilliPoints {
        self.y
    }

    /// The width.
    #[must_use]
    pub fn width(&self) -> MilliPoints {
        self.size.width
    }

    /// The height.
    #[must_use]
    pub fn height(&self) -> MilliPoints {
        self.size.height
    }

    /// Width and height.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// The right edge, from the left edge of the page.
    #[must_use]
    pub fn right(&self) -> MilliPoints {
        sum(self.x, self.width())
    }

    /// The bottom edge, from the top edge of the page.
    #[must_use]
    pub fn bottom(&self) -> MilliPoints {
        sum(self.y, self.height())
    }

    /// By how much it leaves a page of this size, if it does. Touching an edge is staying inside.
    #[must_use]
    pub fn overshoot(&self, page: Size) -> Option<Overshoot> {
        let beyond = |edge: MilliPoints, limit: MilliPoints| {
            MilliPoints::saturating(
                i128::from(edge.thousandths()) - i128::from(limit.thousandths()),
            )
            .max(MilliPoints::ZERO)
        };
        let overshoot = Overshoot {
            left: beyond(MilliPoints::ZERO, self.x),
            top: beyond(MilliPoints::ZERO, self.y),
            right: beyond(self.right(), page.width),
            bottom: beyond(self.bottom(), page.height),
        };
        (overshoot != Overshoot::default()).then_some(overshoot)
    }
}

impl fmt::Display for Rect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at ({}, {})", self.size, self.x, self.y)
    }
}

/// How a [`Size`] is stored: two integers.
#[derive(Serialize, Deserialize)]
struct SizeFields {
    width: MilliPoints,
    height: MilliPoints,
}

impl From<Size> for SizeFields {
    fn from(Size { width, height }: Size) -> Self {
        Self { width, height }
    }
}

impl TryFrom<SizeFields> for Size {
    type Error = Error;

    fn try_from(SizeFields { width, height }: SizeFields) -> Result<Self, Error> {
        Self::new(width, height)
    }
}

/// How a [`Rect`] is stored: four integers.
#[derive(Serialize, Deserialize)]
struct RectFields {
    x: MilliPoints,
    y: MilliPoints,
    width: MilliPoints,
    height: MilliPoints,
}

impl From<Rect> for RectFields {
    fn from(rect: Rect) -> Self {
        Self { x: rect.x, y: rect.y, width: rect.width(), height: rect.height() }
    }
}

impl TryFrom<RectFields> for Rect {
    type Error = Error;

    fn try_from(fields: RectFields) -> Result<Self, Error> {
        Self::new(fields.x, fields.y, fields.width, fields.height)
    }
}

/// The sides of a page that a rectangle crosses, and by how much; zero for a side it respects.
///
/// ```
/// use sealwright::geometry::{Pt, Rect, Size};
/// let rect = Rect::new(Pt(-1.0), Pt(10.0), Pt(20.0), Pt(95.5))?;
/// let overshoot = rect.overshoot(Size::new(Pt(100.0), Pt(100.0))?).unwrap();
/// assert_eq!(overshoot.to_string(), "1 pt on the left and 5.5 pt at the bottom");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Overshoot {
    /// Beyond the left edge.
    pub left: MilliPoints,
    /// Beyond the top edge.
    pub top: MilliPoints,
    /// Beyond the right edge.
    pub right: MilliPoints,
    /// Beyond the bottom edge.
    pub bottom: MilliPoints,
}

impl fmt::Display for Overshoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sides = [
            (self.left, "on the left"),
            (self.top, "at the top"),
            (self.right, "on the right"),
            (self.bottom, "at the bottom"),
        ];
        let mut separator = "";
        for (amount, side) in sides.iter().filter(|(amount, _)| *amount > MilliPoints::ZERO) {
            write!(f, "{separator}{amount} pt {side}")?;
            separator = " and ";
        }
        Ok(())
    }
}

/// A rectangle in default user space, as PDF writes it: `llx lly urx ury`, y up (ISO 32000-2
/// §7.9.5). Its corners are in order.
///
/// ```
/// use sealwright::geometry::PdfRect;
/// let swapped = PdfRect::from_corners([220.0, 642.5, 100.0, 582.0])?;
/// assert_eq!(swapped.to_string(), "100 582 220 642.5");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PdfRect {
    llx: Coordinate,
    lly: Coordinate,
    urx: Coordinate,
    ury: Coordinate,
}

impl PdfRect {
    /// `[0 0 0 0]`: the rectangle of a signature field that shows nothing (ISO 32000-2
    /// §12.7.5.5).
    pub const INVISIBLE: Self = Self {
        llx: Coordinate::ZERO,
        lly: Coordinate::ZERO,
        urx: Coordinate::ZERO,
        ury: Coordinate::ZERO,
    };

    /// A rectangle from any two diagonally opposite corners, as files have them.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for what is not a number or out of range.
    pub fn from_corners([x0, y0, x1, y1]: [f64; 4]) -> Result<Self, Error> {
        let new = Coordinate::new;
        Ok(Self::from_coordinates(new(x0)?, new(y0)?, new(x1)?, new(y1)?))
    }

    pub(super) fn from_coordinates(
        x0: Coordinate,
        y0: Coordinate,
        x1: Coordinate,
        y1: Coordinate,
    ) -> Self {
        Self { llx: x0.min(x1), lly: y0.min(y1), urx: x0.max(x1), ury: y0.max(y1) }
    }

    /// The lower left corner's x.
    #[must_use]
    pub fn llx(&self) -> Coordinate {
        self.llx
    }

    /// The lower left corner's y.
    #[must_use]
    pub fn lly(&self) -> Coordinate {
        self.lly
    }

    /// The upper right corner's x.
    #[must_use]
    pub fn urx(&self) -> Coordinate {
        self.urx
    }

    /// The upper right corner's y.
    #[must_use]
    pub fn ury(&self) -> Coordinate {
        self.ury
    }

    /// The extent along x, in user space.
    #[must_use]
    pub fn width(&self) -> Coordinate {
        difference(self.urx, self.llx)
    }

    /// The extent along y, in user space.
    #[must_use]
    pub fn height(&self) -> Coordinate {
        difference(self.ury, self.lly)
    }

    /// Whether it has no area.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.llx == self.urx || self.lly == self.ury
    }

    /// What two rectangles have in common, if that has an area.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let common = Self {
            llx: self.llx.max(other.llx),
            lly: self.lly.max(other.lly),
            urx: self.urx.min(other.urx),
            ury: self.ury.min(other.ury),
        };
        (common.llx < common.urx && common.lly < common.ury).then_some(common)
    }
}

impl fmt::Display for PdfRect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.llx, self.lly, self.urx, self.ury)
    }
}

fn sum(a: MilliPoints, b: MilliPoints) -> MilliPoints {
    MilliPoints::saturating(i128::from(a.thousandths()) + i128::from(b.thousandths()))
}

fn difference(a: Coordinate, b: Coordinate) -> Coordinate {
    Coordinate::saturating(i128::from(a.thousandths()) - i128::from(b.thousandths()))
}

/// `value · numerator / denominator`, halves rounded up; none if the denominator is zero.
fn scale(value: i64, numerator: i64, denominator: i64) -> Option<MilliPoints> {
    let denominator = i128::from(denominator);
    let doubled = i128::from(value) * i128::from(numerator) * 2 + denominator;
    doubled.checked_div_euclid(denominator * 2).map(MilliPoints::saturating)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Mm, Pt};

    fn page() -> Size {
        Size::new(Pt(100.0), Pt(50.0)).unwrap()
    }

    #[test]
    fn touching_the_edges_is_staying_inside() {
        let all = Rect::new(Pt(0.0), Pt(0.0), Pt(100.0), Pt(50.0)).unwrap();
        assert_eq!(all.overshoot(page()), None);
    }

    #[test]
    fn every_side_is_named_with_its_amount() {
        let off = |x, y, w, h| {
            let rect = Rect::new(Pt(x), Pt(y), Pt(w), Pt(h)).unwrap();
            rect.overshoot(page()).unwrap().to_string()
        };
        assert_eq!(off(-0.001, 0.0, 10.0, 10.0), "0.001 pt on the left");
        assert_eq!(off(0.0, -2.0, 10.0, 10.0), "2 pt at the top");
        assert_eq!(off(95.0, 0.0, 10.0, 10.0), "5 pt on the right");
        assert_eq!(off(0.0, 45.0, 10.0, 10.0), "5 pt at the bottom");
        assert_eq!(
            off(-1.0, -1.0, 102.0, 52.5),
            "1 pt on the left and 1 pt at the top and 1 pt on the right and 1.5 pt at the bottom"
        );
    }

    #[test]
    fn a_negative_size_is_no_size() {
        let error = Size::new(Mm(-1.0), Mm(1.0)).unwrap_err();
        assert_eq!(error.code(), "geometry.negative_size");
        assert!(error.to_string().contains("-2.835 by 2.835"), "{error}");
    }

    #[test]
    fn rectangles_survive_storage_and_storage_cannot_forge_one() {
        let rect = Rect::new(Mm(130.0), Mm(220.0), Mm(42.0), Mm(42.0)).unwrap();
        let json = serde_json::to_string(&rect).unwrap();
        assert_eq!(json, r#"{"x":368504,"y":623622,"width":119055,"height":119055}"#);
        assert_eq!(serde_json::from_str::<Rect>(&json).unwrap(), rect);
        let forged = json.replace("\"width\":119055", "\"width\":-1");
        assert!(serde_json::from_str::<Rect>(&forged).is_err());
    }

    #[test]
    fn rectangles_that_only_touch_have_nothing_in_common() {
        let left = PdfRect::from_corners([0.0, 0.0, 10.0, 10.0]).unwrap();
        let right = PdfRect::from_corners([10.0, 0.0, 20.0, 10.0]).unwrap();
        assert_eq!(left.intersection(&right), None);
        assert_eq!(left.intersection(&left), Some(left));
    }

    #[test]
    fn a_size_without_width_cannot_be_scaled_by_it() {
        let line = Size::new(Pt(0.0), Pt(5.0)).unwrap();
        assert_eq!(line.scaled_to_width(Pt(3.0)).unwrap(), Size::new(Pt(3.0), Pt(5.0)).unwrap());
    }
}
