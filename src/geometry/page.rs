//! The page: its boxes, its rotation, and the way between the two frames.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::storage::PageFields;
use super::{Coordinate, Error, MilliPoints, PdfRect, Rect, Size};

const MIN_USER_UNIT: f64 = 0.001;
const MAX_USER_UNIT: f64 = 75_000.0;
const MILLIONTHS: i128 = 1_000_000;

/// The number of a page, counted from 1. Serialised as the number.
///
/// ```
/// use sealwright::geometry::PageNumber;
/// assert_eq!(PageNumber::new(3)?.get(), 3);
/// assert!(PageNumber::new(0).is_err());
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageNumber(NonZeroU32);

impl PageNumber {
    /// The page with this number.
    ///
    /// # Errors
    ///
    /// [`Error::PageZero`].
    pub fn new(number: u32) -> Result<Self, Error> {
        NonZeroU32::new(number).map(Self).ok_or(Error::PageZero)
    }

    /// The number, 1 or more.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// How many pages come before it: its index where pages are counted from 0.
    #[must_use]
    pub fn pages_before(self) -> u32 {
        self.0.get() - 1
    }
}

impl From<PageNumber> for NonZeroU32 {
    fn from(number: PageNumber) -> Self {
        number.0
    }
}

impl fmt::Display for PageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// By how much a page is turned clockwise when it is displayed (`/Rotate`, ISO 32000-2 Table 31).
///
/// ```
/// use sealwright::geometry::Rotation;
/// assert_eq!(Rotation::from_degrees(-90)?, Rotation::R270);
/// assert_eq!(Rotation::from_degrees(450)?.degrees(), 90);
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rotation {
    /// Not at all.
    #[default]
    R0,
    /// A quarter turn clockwise.
    R90,
    /// Half a turn.
    R180,
    /// Three quarters clockwise, that is one counter-clockwise.
    R270,
}

impl Rotation {
    /// Any multiple of 90, negative ones included.
    ///
    /// # Errors
    ///
    /// [`Error::Rotation`] for anything else.
    pub fn from_degrees(degrees: i64) -> Result<Self, Error> {
        match degrees.rem_euclid(360) {
            0 => Ok(Self::R0),
            90 => Ok(Self::R90),
            180 => Ok(Self::R180),
            270 => Ok(Self::R270),
            _ => Err(Error::Rotation { degrees }),
        }
    }

    /// 0, 90, 180 or 270.
    #[must_use]
    pub fn degrees(self) -> u16 {
        match self {
            Self::R0 => 0,
            Self::R90 => 90,
            Self::R180 => 180,
            Self::R270 => 270,
        }
    }

    /// Whether what is wide in the file is tall on the screen.
    #[must_use]
    pub fn swaps_axes(self) -> bool {
        matches!(self, Self::R90 | Self::R270)
    }
}

/// Six numbers of a transformation, `a b c d e f` (ISO 32000-2 §8.3.3). `Display` writes them as a
/// content stream does.
///
/// ```
/// use sealwright::geometry::{Pt, Rotation, Matrix, PdfRect};
/// let rect = PdfRect::from_corners([375.0, 200.0, 495.0, 260.0])?;
/// assert_eq!(Matrix::upright(&rect, Rotation::R180).to_string(), "-120 0 0 -60 495 260");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matrix(pub [Coordinate; 6]);

impl Matrix {
    /// The matrix that draws the unit square (an image) over `rect`, so that it stands upright on
    /// a page displayed with this rotation.
    #[must_use]
    pub fn upright(rect: &PdfRect, rotation: Rotation) -> Self {
        let (x, y, zero) = (rect.width(), rect.height(), Coordinate::ZERO);
        let minus = |value: Coordinate| Coordinate::saturating(-i128::from(value.thousandths()));
        Self(match rotation {
            Rotation::R0 => [x, zero, zero, y, rect.llx(), rect.lly()],
            Rotation::R90 => [zero, y, minus(x), zero, rect.urx(), rect.lly()],
            Rotation::R180 => [minus(x), zero, zero, minus(y), rect.urx(), rect.ury()],
            Rotation::R270 => [zero, minus(y), x, zero, rect.llx(), rect.ury()],
        })
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([a, b, c, d, e, g]) = self;
        write!(f, "{a} {b} {c} {d} {e} {g}")
    }
}

/// What has to be known of a page to put something on it: the box that is displayed, the rotation
/// and the size of a unit. Inherited attributes are already resolved when it is made. Serialised in
/// integers.
///
/// ```
/// use sealwright::geometry::PageGeometry;
/// // The corners may be swapped, the CropBox may be larger than the MediaBox.
/// let crop_box = Some([605.0, 862.0, -10.0, 20.0]);
/// let page = PageGeometry::new([0.0, 0.0, 600.0, 900.0], crop_box, 270, 1.0)?;
/// assert_eq!(page.visible_box().to_string(), "0 20 600 862");
/// assert_eq!(page.visual_size().to_string(), "842 x 600");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PageFields", into = "PageFields")]
pub struct PageGeometry {
    pub(super) media_box: PdfRect,
    pub(super) visible_box: PdfRect,
    pub(super) rotation: Rotation,
    pub(super) user_unit: UserUnit,
}

impl PageGeometry {
    /// From the four page attributes as the file has them (ISO 32000-2 Table 31): a missing
    /// CropBox is the MediaBox; a missing `/Rotate` is 0, a missing `/UserUnit` 1.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for a coordinate that is not a number, [`Error::EmptyPage`],
    /// [`Error::Rotation`] and [`Error::UserUnit`].
    pub fn new(
        media_box: [f64; 4],
        crop_box: Option<[f64; 4]>,
        rotate: i64,
        user_unit: f64,
    ) -> Result<Self, Error> {
        let media_box = PdfRect::from_corners(media_box)?;
        let crop_box = crop_box.map_or(Ok(media_box), PdfRect::from_corners)?;
        let visible_box =
            media_box.intersection(&crop_box).ok_or(Error::EmptyPage { media_box, crop_box })?;
        Ok(Self {
            media_box,
            visible_box,
            rotation: Rotation::from_degrees(rotate)?,
            user_unit: UserUnit::new(user_unit)?,
        })
    }

    /// The MediaBox, its corners in order.
    #[must_use]
    pub fn media_box(&self) -> PdfRect {
        self.media_box
    }

    /// What is displayed: the common part of CropBox and MediaBox (ISO 32000-2 §14.11.2).
    #[must_use]
    pub fn visible_box(&self) -> PdfRect {
        self.visible_box
    }

    /// The rotation when displayed.
    #[must_use]
    pub fn rotation(&self) -> Rotation {
        self.rotation
    }

    /// The size of the page as displayed.
    #[must_use]
    pub fn visual_size(&self) -> Size {
        let width = self.user_unit.to_points(self.visible_box.width());
        let height = self.user_unit.to_points(self.visible_box.height());
        let (width, height) =
            if self.rotation.swaps_axes() { (height, width) } else { (width, height) };
        // Both are positive: the visible box has an area.
        Size::new(width, height).unwrap_or_default()
    }

    /// Where a rectangle of the visual frame lies in the file.
    ///
    /// # Errors
    ///
    /// [`Error::OffPage`], naming the sides, if it leaves the page as displayed.
    pub fn to_user_space(&self, rect: &Rect) -> Result<PdfRect, Error> {
        let page = self.visual_size();
        if let Some(overshoot) = rect.overshoot(page) {
            return Err(Error::OffPage { overshoot, page });
        }
        let (left, top) = (self.user_unit.to_units(rect.x()), self.user_unit.to_units(rect.y()));
        let right = self.user_unit.to_units(rect.right());
        let bottom = self.user_unit.to_units(rect.bottom());
        let page = self.visible_box;
        let after = |edge: Coordinate, distance: i128| {
            Coordinate::saturating(i128::from(edge.thousandths()) + distance)
        };
        let before = |edge: Coordinate, distance: i128| after(edge, -distance);
        let placed = match self.rotation {
            Rotation::R0 => PdfRect::from_coordinates(
                after(page.llx(), left),
                before(page.ury(), bottom),
                after(page.llx(), right),
                before(page.ury(), top),
            ),
            Rotation::R90 => PdfRect::from_coordinates(
                after(page.llx(), top),
                after(page.lly(), left),
                after(page.llx(), bottom),
                after(page.lly(), right),
            ),
            Rotation::R180 => PdfRect::from_coordinates(
                before(page.urx(), right),
                after(page.lly(), top),
                before(page.urx(), left),
                after(page.lly(), bottom),
            ),
            Rotation::R270 => PdfRect::from_coordinates(
                before(page.urx(), bottom),
                before(page.ury(), right),
                before(page.urx(), top),
                before(page.ury(), left),
            ),
        };
        // With a unit below one, rounding may step over the edge by a thousandth of a unit.
        Ok(placed.intersection(&page).unwrap_or(placed))
    }

    /// Where a rectangle of the file is seen. It may lie off the page: foreign files have such.
    #[must_use]
    pub fn to_visual(&self, rect: &PdfRect) -> Rect {
        let page = self.visible_box;
        let distance = |from: Coordinate, to: Coordinate| {
            self.user_unit.to_points(Coordinate::saturating(
                i128::from(to.thousandths()) - i128::from(from.thousandths()),
            ))
        };
        let (left, top, right, bottom) = match self.rotation {
            Rotation::R0 => (
                distance(page.llx(), rect.llx()),
                distance(rect.ury(), page.ury()),
                distance(page.llx(), rect.urx()),
                distance(rect.lly(), page.ury()),
            ),
            Rotation::R90 => (
                distance(page.lly(), rect.lly()),
                distance(page.llx(), rect.llx()),
                distance(page.lly(), rect.ury()),
                distance(page.llx(), rect.urx()),
            ),
            Rotation::R180 => (
                distance(rect.urx(), page.urx()),
                distance(page.lly(), rect.lly()),
                distance(rect.llx(), page.urx()),
                distance(page.lly(), rect.ury()),
            ),
            Rotation::R270 => (
                distance(rect.ury(), page.ury()),
                distance(rect.urx(), page.urx()),
                distance(rect.lly(), page.ury()),
                distance(rect.llx(), page.urx()),
            ),
        };
        let extent = |from: MilliPoints, to: MilliPoints| {
            MilliPoints::saturating(i128::from(to.thousandths()) - i128::from(from.thousandths()))
        };
        // The corners of a `PdfRect` are in order, so neither extent is negative.
        Rect::new(left, top, extent(left, right), extent(top, bottom)).unwrap_or_default()
    }

    /// The matrix that draws an image (the unit square) over `rect`, upright as displayed.
    #[must_use]
    pub fn upright_matrix(&self, rect: &PdfRect) -> Matrix {
        Matrix::upright(rect, self.rotation)
    }
}

/// `/UserUnit` in millionths, so that dividing by it is integer arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UserUnit(pub(super) i128);

impl UserUnit {
    #[expect(clippy::cast_possible_truncation, reason = "the value is between 1e3 and 7.5e10")]
    pub(super) fn new(value: f64) -> Result<Self, Error> {
        if (MIN_USER_UNIT..=MAX_USER_UNIT).contains(&value) {
            Ok(Self((value * 1_000_000.0).round() as i128))
        } else {
            Err(Error::UserUnit { value, min: MIN_USER_UNIT, max: MAX_USER_UNIT })
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "beyond the range the value is only shown")]
    pub(super) fn from_millionths(value: i64) -> Result<Self, Error> {
        Self::new(value as f64 / 1_000_000.0)
    }

    /// Thousandths of a unit; not bounded, since a small unit makes large numbers.
    fn to_units(self, length: MilliPoints) -> i128 {
        round_half_up(i128::from(length.thousandths()) * MILLIONTHS, self.0)
    }

    fn to_points(self, extent: Coordinate) -> MilliPoints {
        MilliPoints::saturating(round_half_up(
            i128::from(extent.thousandths()) * self.0,
            MILLIONTHS,
        ))
    }
}

fn round_half_up(dividend: i128, divisor: i128) -> i128 {
    (dividend * 2 + divisor).div_euclid(divisor * 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Pt;
    use proptest::prelude::*;

    fn rect() -> Rect {
        Rect::new(Pt(100.0), Pt(200.0), Pt(120.0), Pt(60.0)).unwrap()
    }

    fn page(crop_box: [f64; 4], rotate: i64, user_unit: f64) -> PageGeometry {
        PageGeometry::new([-5000.0, -5000.0, 5000.0, 5000.0], Some(crop_box), rotate, user_unit)
            .unwrap()
    }

    #[test]
    fn every_rotation_on_plain_and_shifted_pages() {
        let vectors = [
            ([0.0, 0.0, 595.0, 842.0], 0, "100 582 220 642", "120 0 0 60 100 582"),
            ([0.0, 0.0, 595.0, 842.0], 90, "200 100 260 220", "0 120 -60 0 260 100"),
            ([0.0, 0.0, 595.0, 842.0], 180, "375 200 495 260", "-120 0 0 -60 495 260"),
            ([0.0, 0.0, 595.0, 842.0], 270, "335 622 395 742", "0 -120 60 0 335 742"),
            ([10.0, 20.0, 605.0, 862.0], 0, "110 602 230 662", "120 0 0 60 110 602"),
            ([10.0, 20.0, 605.0, 862.0], 90, "210 120 270 240", "0 120 -60 0 270 120"),
            ([10.0, 20.0, 605.0, 862.0], 180, "385 220 505 280", "-120 0 0 -60 505 280"),
            ([10.0, 20.0, 605.0, 862.0], 270, "345 642 405 762", "0 -120 60 0 345 762"),
        ];
        for (crop_box, rotate, expected, matrix) in vectors {
            let page = page(crop_box, rotate, 1.0);
            let in_file = page.to_user_space(&rect()).unwrap();
            assert_eq!(in_file.to_string(), expected, "{crop_box:?} turned by {rotate}");
            assert_eq!(page.upright_matrix(&in_file).to_string(), matrix);
            assert_eq!(page.to_visual(&in_file), rect());
        }
    }

    #[test]
    fn a_user_unit_divides() {
        let page = page([10.0, 20.0, 307.5, 441.0], 0, 2.0);
        assert_eq!(page.visual_size().to_string(), "595 x 842");
        assert_eq!(page.to_user_space(&rect()).unwrap().to_string(), "60 311 120 341");
    }

    #[test]
    fn rotations_are_any_multiple_of_a_quarter() {
        for (degrees, expected) in
            [(0, 0), (360, 0), (-90, 270), (-180, 180), (450, 90), (-630, 90)]
        {
            assert_eq!(Rotation::from_degrees(degrees).unwrap().degrees(), expected);
        }
        assert_eq!(Rotation::from_degrees(i64::MIN + 8).unwrap(), Rotation::R0);
        assert_eq!(Rotation::from_degrees(i64::MIN).unwrap_err().code(), "geometry.rotation");
        assert!(Rotation::from_degrees(1).is_err());
    }

    #[test]
    fn a_page_that_shows_nothing_is_no_page() {
        let media_box = [0.0, 0.0, 595.0, 842.0];
        let error =
            PageGeometry::new(media_box, Some([600.0, 0.0, 700.0, 842.0]), 0, 1.0).unwrap_err();
        assert_eq!(error.code(), "geometry.empty_page");
        assert!(error.to_string().contains("[600 0 700 842]"), "{error}");
        assert!(PageGeometry::new([0.0; 4], None, 0, 1.0).is_err());
        for user_unit in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            let error = PageGeometry::new(media_box, None, 0, user_unit).unwrap_err();
            assert_eq!(error.code(), "geometry.user_unit");
        }
    }

    #[test]
    fn a_rectangle_off_the_page_as_displayed_is_refused() {
        // Turned by a quarter the page is 842 wide and 595 high.
        let page = page([0.0, 0.0, 595.0, 842.0], 90, 1.0);
        let low = Rect::new(Pt(700.0), Pt(550.0), Pt(120.0), Pt(60.0)).unwrap();
        assert_eq!(
            page.to_user_space(&low).unwrap_err().to_string(),
            "the rectangle leaves the page by 15 pt at the bottom; the page as displayed is \
             842 x 595 points in size"
        );
    }

    proptest! {
        #[test]
        fn there_and_back_within_a_thousandth(
            origin in (-2000.0..2000.0, -2000.0..2000.0),
            extent in (50.0..2000.0, 50.0..2000.0),
            quarter in -4_i64..8,
            user_unit in prop_oneof![Just(1.0), Just(2.0), 1.0..10.0],
            spot in (0.0..1.0, 0.0..1.0, 0.0..1.0, 0.0..1.0),
        ) {
            let crop_box = [origin.0, origin.1, origin.0 + extent.0, origin.1 + extent.1];
            let page = page(crop_box, quarter * 90, user_unit);
            let size = page.visual_size();
            let (width, height) = (
                size.width().thousandths() as f64 / 1000.0,
                size.height().thousandths() as f64 / 1000.0,
            );
            let (x, y) = (width * spot.0, height * spot.1);
            let rect = Rect::new(
                Pt(x),
                Pt(y),
                Pt((width - x) * spot.2 * 0.99),
                Pt((height - y) * spot.3 * 0.99),
            ).unwrap();
            let in_file = page.to_user_space(&rect).unwrap();
            prop_assert!(in_file.llx() >= page.visible_box().llx());
            prop_assert!(in_file.ury() <= page.visible_box().ury());
            let back = page.to_visual(&in_file);
            // One thousandth of a unit, which is larger than a thousandth of a point here.
            let tolerance = user_unit.ceil() as i64 + 1;
            for (a, b) in [
                (rect.x(), back.x()),
                (rect.y(), back.y()),
                (rect.right(), back.right()),
                (rect.bottom(), back.bottom()),
            ] {
                prop_assert!((a.thousandths() - b.thousandths()).abs() <= tolerance);
            }
        }
    }
}
