//! A rectangle at a place that the caller names.

use serde::{Deserialize, Serialize};

use super::super::control::ControlError;
use super::{Measure, PageLength, PageSet, Spot, geometries};
use crate::geometry::{MilliPoints, PageGeometry, Rect, Size};

/// From which corner of the page as displayed coordinates are counted.
///
/// ```
/// use sealwright::contract::Origin;
/// assert_eq!(Origin::default(), Origin::TopLeft);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The top left corner, y down.
    #[default]
    TopLeft,
    /// The bottom left corner, y up.
    BottomLeft,
    /// The top right corner, x to the left, y down: a margin that holds on pages of every width.
    TopRight,
    /// The bottom right corner, x to the left, y up.
    BottomRight,
}

impl Origin {
    fn is_right(self) -> bool {
        matches!(self, Self::TopRight | Self::BottomRight)
    }

    fn is_bottom(self) -> bool {
        matches!(self, Self::BottomLeft | Self::BottomRight)
    }

    /// The corner of a control that lies nearest to this corner of the page.
    fn anchor(self) -> Anchor {
        match self {
            Self::TopLeft => Anchor::TopLeft,
            Self::BottomLeft => Anchor::BottomLeft,
            Self::TopRight => Anchor::TopRight,
            Self::BottomRight => Anchor::BottomRight,
        }
    }
}

/// Which point of the control the coordinates name.
///
/// ```
/// use sealwright::contract::Anchor;
/// assert_eq!(Anchor::default(), Anchor::TopLeft);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// Its top left corner.
    #[default]
    TopLeft,
    /// Its bottom left corner.
    BottomLeft,
    /// Its top right corner.
    TopRight,
    /// Its bottom right corner.
    BottomRight,
    /// Its middle.
    Center,
}

/// A point of a page: two coordinates, the corner they are counted from, and what of the control
/// stands there (§5.2). Vendors differ in all three, so all three are said.
///
/// ```
/// use sealwright::contract::{Anchor, Origin, PercentOfPage, Point};
/// let point = Point::at(PercentOfPage(50.0), PercentOfPage(10.0))?
///     .counted_from(Origin::BottomLeft)
///     .anchored(Anchor::Center);
/// assert_ne!(point, Point::at(PercentOfPage(50.0), PercentOfPage(10.0))?);
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Point {
    x: Measure,
    y: Measure,
    origin: Origin,
    anchor: Anchor,
}

impl Point {
    /// The top left corner of the control, counted from the top left corner of the page.
    ///
    /// # Errors
    ///
    /// As [`Measure::new`].
    pub fn at(x: impl Into<PageLength>, y: impl Into<PageLength>) -> Result<Self, ControlError> {
        Ok(Self {
            x: Measure::new(x)?,
            y: Measure::new(y)?,
            origin: Origin::default(),
            anchor: Anchor::default(),
        })
    }

    /// Counted from another corner.
    #[must_use]
    pub fn counted_from(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// Naming another point of the control.
    #[must_use]
    pub fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// The rectangle of this size on a page of that size.
    fn rect(&self, size: Size, page: Size) -> Result<Rect, ControlError> {
        let (width, height) = (size.width().thousandths(), size.height().thousandths());
        let x = self.x.on(page.width()).thousandths();
        let y = self.y.on(page.height()).thousandths();
        let x = if self.origin.is_right() { page.width().thousandths() - x } else { x };
        let y = if self.origin.is_bottom() { page.height().thousandths() - y } else { y };
        let (left, top) = match self.anchor {
            Anchor::TopLeft => (x, y),
            Anchor::BottomLeft => (x, y - height),
            Anchor::TopRight => (x - width, y),
            Anchor::BottomRight => (x - width, y - height),
            Anchor::Center => (x - width / 2, y - height / 2),
        };
        Ok(Rect::with_size(MilliPoints::new(left)?, MilliPoints::new(top)?, size)?)
    }
}

/// Width and height of a control, each in its own unit; shares are of the page's width and height.
///
/// ```
/// use sealwright::contract::Extent;
/// use sealwright::geometry::{Mm, Pt, Size};
/// let extent = Extent::new(Mm(42.0), Pt(30.0))?;
/// let page = Size::new(Pt(595.0), Pt(842.0))?;
/// assert_eq!(extent.on(page)?.to_string(), "119.055 x 30");
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Extent {
    width: Measure,
    height: Measure,
}

impl Extent {
    /// So wide and so high.
    ///
    /// # Errors
    ///
    /// As [`Measure::new`].
    pub fn new(
        width: impl Into<PageLength>,
        height: impl Into<PageLength>,
    ) -> Result<Self, ControlError> {
        Ok(Self { width: Measure::new(width)?, height: Measure::new(height)? })
    }

    /// The size on a page of this size.
    ///
    /// # Errors
    ///
    /// [`ControlError::NegativeSize`].
    pub fn on(&self, page: Size) -> Result<Size, ControlError> {
        Ok(Size::new(self.width.on(page.width()), self.height.on(page.height()))?)
    }
}

/// The same rectangle on every page of a set, resolved page by page.
///
/// ```
/// use sealwright::contract::{Absolute, Extent, PageSet, Point};
/// use sealwright::geometry::{Mm, PageGeometry, Pt, Size};
/// let a4 = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0)?;
/// let place = Absolute::new(PageSet::All, Point::at(Pt(100.0), Pt(200.0))?)
///     .sized(Extent::new(Pt(120.0), Pt(60.0))?);
/// let spots = place.spots(&[a4, a4], Size::default())?;
/// assert_eq!(spots.len(), 2);
/// assert_eq!(spots[1].rect.to_string(), "120 x 60 at (100, 200)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Absolute {
    pages: PageSet,
    at: Point,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<Extent>,
}

impl Absolute {
    /// At this point of these pages, in the default size of the control's kind.
    #[must_use]
    pub fn new(pages: impl Into<PageSet>, at: Point) -> Self {
        Self { pages: pages.into(), at, size: None }
    }

    /// In a corner of these pages, so far from both edges: the same margin on every page, however
    /// large it is and however it is turned.
    ///
    /// ```
    /// use sealwright::contract::{Absolute, Origin};
    /// use sealwright::geometry::{Mm, PageGeometry, PageIndex, Size};
    /// let a4 = PageGeometry::new([0.0, 0.0, 595.276, 841.89], None, 0, 1.0)?;
    /// let place = Absolute::in_corner(PageIndex::LAST, Origin::BottomRight, Mm(20.0))?;
    /// let spot = place.spots(&[a4], Size::new(Mm(42.0), Mm(42.0))?)?[0];
    /// assert_eq!(spot.rect.to_string(), "119.055 x 119.055 at (419.528, 666.142)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Measure::new`].
    pub fn in_corner(
        pages: impl Into<PageSet>,
        corner: Origin,
        margin: impl Into<PageLength>,
    ) -> Result<Self, ControlError> {
        let margin = margin.into();
        let at = Point::at(margin, margin)?.counted_from(corner).anchored(corner.anchor());
        Ok(Self::new(pages, at))
    }

    /// In a size of its own.
    #[must_use]
    pub fn sized(self, size: Extent) -> Self {
        Self { size: Some(size), ..self }
    }

    /// The pages.
    #[must_use]
    pub fn pages(&self) -> &PageSet {
        &self.pages
    }

    /// The size it asks for, if any.
    #[must_use]
    pub fn size(&self) -> Option<Extent> {
        self.size
    }

    /// The rectangles in a document of these pages, ascending by page.
    ///
    /// # Errors
    ///
    /// Of the first page that fails: [`ControlError::PageOutOfRange`], [`ControlError::Degenerate`],
    /// [`ControlError::OutOfPage`] naming the sides, and what [`PageSet::resolve`] says.
    pub fn spots(
        &self,
        pages: &[PageGeometry],
        default_size: Size,
    ) -> Result<Vec<Spot>, ControlError> {
        self.spots_by_page(pages, default_size)?.collect()
    }

    /// The same, told page by page: what is wrong on one page hides nothing of the others.
    ///
    /// # Errors
    ///
    /// What [`PageSet::resolve`] says; everything else is said of its page.
    pub fn spots_by_page<'p>(
        &'p self,
        pages: &'p [PageGeometry],
        default_size: Size,
    ) -> Result<impl Iterator<Item = Result<Spot, ControlError>> + 'p, ControlError> {
        let geometries = geometries(&self.pages, pages)?;
        Ok(geometries.into_iter().map(move |(page, geometry)| {
            let visual = geometry.visual_size();
            let negative = || ControlError::Degenerate { page, size: Size::default() };
            let size = match &self.size {
                Some(extent) => extent.on(visual).map_err(|_| negative())?,
                None => default_size,
            };
            let spot = Spot { page, rect: self.at.rect(size, visual)? };
            spot.check(pages)?;
            Ok(spot)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::PercentOfPage;
    use super::*;
    use crate::geometry::{PageIndex, Pt};

    fn page(width: f64, height: f64, rotate: i64) -> PageGeometry {
        PageGeometry::new([0.0, 0.0, width, height], None, rotate, 1.0).unwrap()
    }

    fn at(x: f64, y: f64) -> Point {
        Point::at(Pt(x), Pt(y)).unwrap()
    }

    fn sized(width: f64, height: f64) -> Extent {
        Extent::new(Pt(width), Pt(height)).unwrap()
    }

    fn code(place: &Absolute, pages: &[PageGeometry]) -> &'static str {
        place.spots(pages, Size::default()).unwrap_err().code()
    }

    #[test]
    fn r_ctl_02_pages_that_do_not_exist() {
        let pages = [page(595.0, 842.0, 0); 3];
        for index in [4, -4] {
            let place = Absolute::new(PageIndex::new(index).unwrap(), at(1.0, 1.0));
            let error = place.spots(&pages, Size::default()).unwrap_err();
            assert_eq!(error.code(), "ctl.page_out_of_range");
            assert!(error.to_string().contains(&format!("no page {index}")), "{error}");
            assert!(error.to_string().contains("3 pages"), "{error}");
        }
    }

    #[test]
    fn r_ctl_03_a_rectangle_without_area() {
        let pages = [page(595.0, 842.0, 0)];
        for size in [(0.0, 10.0), (10.0, 0.0), (-5.0, 10.0), (0.0001, 10.0)] {
            let place = Absolute::new(PageSet::All, at(1.0, 1.0)).sized(sized(size.0, size.1));
            assert_eq!(code(&place, &pages), "ctl.rect_degenerate", "{size:?}");
        }
        let wide = Absolute::new(PageSet::All, at(0.0, 0.0)).sized(sized(595.001, 10.0));
        assert_eq!(code(&wide, &pages), "ctl.rect_out_of_page");
    }

    #[test]
    fn r_ctl_04_inside_the_page_as_displayed() {
        // What is wide in the file is tall on the screen.
        let turned = [page(595.0, 842.0, 90)];
        let place = Absolute::new(PageSet::All, at(700.0, 500.0)).sized(sized(142.0, 95.0));
        assert!(place.spots(&turned, Size::default()).is_ok());
        assert_eq!(code(&place, &[page(595.0, 842.0, 0)]), "ctl.rect_out_of_page");
        let crop = Some([100.0, 100.0, 300.0, 300.0]);
        let cropped = [PageGeometry::new([0.0, 0.0, 595.0, 842.0], crop, 0, 1.0).unwrap()];
        let corner = Absolute::new(PageSet::All, at(150.0, 150.0));
        assert!(corner.clone().sized(sized(50.0, 50.0)).spots(&cropped, Size::default()).is_ok());
        assert_eq!(code(&corner.sized(sized(50.001, 50.0)), &cropped), "ctl.rect_out_of_page");
        let left = Absolute::new(PageSet::All, at(-0.001, 10.0)).sized(sized(9.0, 9.0));
        let error = left.spots(&cropped, Size::default()).unwrap_err();
        assert!(error.to_string().contains("0.001 pt on the left"), "{error}");
    }

    #[test]
    fn r_ctl_22_each_page_by_its_own_size() {
        let pages = [page(595.0, 842.0, 0), page(842.0, 595.0, 0), page(100.0, 842.0, 0)];
        let place = Absolute::new(PageSet::All, at(300.0, 100.0)).sized(sized(42.0, 42.0));
        let error = place.spots(&pages, Size::default()).unwrap_err();
        assert!(error.to_string().contains("page 3"), "{error}");
        // A share of each page stays on each page.
        let middle =
            Point::at(PercentOfPage(50.0), PercentOfPage(50.0)).unwrap().anchored(Anchor::Center);
        let place = Absolute::new(PageSet::All, middle).sized(sized(42.0, 42.0));
        let spots = place.spots(&pages, Size::default()).unwrap();
        let written: Vec<_> = spots.iter().map(|spot| spot.rect.to_string()).collect();
        assert_eq!(
            written,
            ["42 x 42 at (276.5, 400)", "42 x 42 at (400, 276.5)", "42 x 42 at (29, 400)"]
        );
    }

    #[test]
    fn every_origin_and_anchor_names_the_same_rectangle() {
        let pages = [page(595.0, 842.0, 0)];
        for (x, y, origin, anchor) in [
            (100.0, 200.0, Origin::TopLeft, Anchor::TopLeft),
            (100.0, 260.0, Origin::TopLeft, Anchor::BottomLeft),
            (160.0, 230.0, Origin::TopLeft, Anchor::Center),
            (100.0, 642.0, Origin::BottomLeft, Anchor::TopLeft),
            (100.0, 582.0, Origin::BottomLeft, Anchor::BottomLeft),
            (160.0, 612.0, Origin::BottomLeft, Anchor::Center),
            (375.0, 200.0, Origin::TopRight, Anchor::TopRight),
            (375.0, 582.0, Origin::BottomRight, Anchor::BottomRight),
            (435.0, 612.0, Origin::BottomRight, Anchor::Center),
            (495.0, 582.0, Origin::BottomRight, Anchor::BottomLeft),
        ] {
            let point = at(x, y).counted_from(origin).anchored(anchor);
            let place = Absolute::new(PageSet::All, point).sized(sized(120.0, 60.0));
            let spots = place.spots(&pages, Size::default()).unwrap();
            assert_eq!(
                spots[0].rect.to_string(),
                "120 x 60 at (100, 200)",
                "{origin:?} {anchor:?}"
            );
        }
    }
}
