//! The same spot in every vendor's words: units, origins and page numbers of §5.2.

use crate::contract::{
    Absolute, Anchor, ControlError, Extent, FractionOfPage, Origin, PageLength, PercentOfPage,
    Point,
};
use crate::geometry::{self, PageGeometry, PageIndex, PdfRect, Pt, Rect};

/// What a vendor's coordinates name, where his interface does not say it once and for all.
///
/// ```
/// use sealwright::placement::MeaningOfPoint;
/// assert_eq!(MeaningOfPoint::default(), MeaningOfPoint::Corner);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MeaningOfPoint {
    /// The corner of the control that is nearest to the dialect's origin.
    #[default]
    Corner,
    /// The middle of the control.
    Centre,
}

/// How a vendor, or PDF itself, writes a place on a page (§5.2). A bare number means something else in
/// each of them; said through a dialect it means one thing.
///
/// | dialect | unit | origin | point | pages |
/// |---|---|---|---|---|
/// | `Tencent` (腾讯电子签) | points | top left | top left corner (inferred) | from 1, from −1 at the end |
/// | `ESign` (e签宝) | pixels of 1/72 inch | bottom left | corner, in some interfaces the centre | from 1 |
/// | `Kaifangqian` (开放签) | share of the page | bottom left | bottom left corner | from 1 |
/// | `Qiyuesuo` (契约锁) | share of the page | bottom left | bottom left corner | from 1 |
/// | `Junziqian` (君子签) | share of the page | top left | top left corner | from 0, −1 last |
/// | `BestSign` (上上签) | share of the page | not said: `origin` | its corner there | from 1 |
/// | `Documenso` | per cent of the page | top left | top left corner | from 1 |
/// | `DocuSeal` | share of the page | top left | top left corner | from 1 |
/// | `DocuSign` | pixels of 1/72 inch | top left | top left corner | from 1 |
///
/// ```
/// use sealwright::geometry::{PageGeometry, Size};
/// use sealwright::placement::Dialect;
///
/// let a4 = PageGeometry::new([0.0, 0.0, 600.0, 800.0], None, 0, 1.0)?;
/// let theirs = Dialect::Qiyuesuo.place(1, (0.25, 0.5), (0.2, 0.1))?;
/// let ours = Dialect::Tencent.place(1, (150.0, 320.0), (120.0, 80.0))?;
/// assert_eq!(theirs.spots(&[a4], Size::default())?, ours.spots(&[a4], Size::default())?);
///
/// // Points where a percentage is expected are refused, not drawn far away.
/// assert!(Dialect::Documenso.place(1, (150.0, 320.0), (120.0, 80.0)).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// 腾讯电子签.
    Tencent,
    /// e签宝: the coordinates name a corner or, in some interfaces, the centre of the seal.
    ESign(MeaningOfPoint),
    /// 开放签.
    Kaifangqian,
    /// 契约锁.
    Qiyuesuo,
    /// 君子签.
    Junziqian,
    /// 上上签: where fractions are counted from is not said anywhere we could read.
    BestSign {
        /// The corner of the page that they are counted from.
        origin: Origin,
    },
    /// Documenso.
    Documenso,
    /// DocuSeal.
    DocuSeal,
    /// DocuSign.
    DocuSign,
}

impl Dialect {
    /// A rectangle on one page: the page's number, the point and the size as the vendor writes them.
    ///
    /// # Errors
    ///
    /// [`ControlError::PageOfInterface`] for a page that the dialect does not have, a share beyond the page,
    /// or no number.
    pub fn place(
        self,
        page: i32,
        at: (f64, f64),
        size: (f64, f64),
    ) -> Result<Absolute, ControlError> {
        let place = Absolute::new(self.page(page)?, self.point(at.0, at.1)?);
        Ok(place.sized(self.extent(size.0, size.1)?))
    }

    /// The page that the vendor means by a number.
    ///
    /// # Errors
    ///
    /// [`ControlError::PageOfInterface`] for a number that the vendor's interface does not have: what
    /// lies before its first page, or a count from the end where there is none.
    pub fn page(self, number: i32) -> Result<PageIndex, ControlError> {
        let ours = match (self, number) {
            (Self::Junziqian, -1) => Some(number),
            (Self::Junziqian, 0..) => number.checked_add(1),
            (Self::Junziqian, _) | (_, 0) => None,
            (Self::Tencent, _) | (_, 1..) => Some(number),
            _ => None,
        };
        let (first, from_end) =
            (i32::from(self != Self::Junziqian), matches!(self, Self::Tencent | Self::Junziqian));
        let none = ControlError::PageOfInterface { number, first, from_end };
        Ok(PageIndex::new(ours.ok_or(none)?)?)
    }

    /// The point that the vendor means.
    ///
    /// # Errors
    ///
    /// As [`Measure::new`](crate::contract::Measure::new).
    pub fn point(self, x: f64, y: f64) -> Result<Point, ControlError> {
        let origin = self.origin();
        let anchor = match (self, origin) {
            (Self::ESign(MeaningOfPoint::Centre), _) => Anchor::Center,
            (_, Origin::TopLeft) => Anchor::TopLeft,
            (_, Origin::BottomLeft) => Anchor::BottomLeft,
            (_, Origin::TopRight) => Anchor::TopRight,
            (_, Origin::BottomRight) => Anchor::BottomRight,
        };
        Ok(Point::at(self.length(x), self.length(y))?.counted_from(origin).anchored(anchor))
    }

    /// The size that the vendor means.
    ///
    /// # Errors
    ///
    /// As [`Measure::new`](crate::contract::Measure::new).
    pub fn extent(self, width: f64, height: f64) -> Result<Extent, ControlError> {
        Extent::new(self.length(width), self.length(height))
    }

    fn origin(self) -> Origin {
        match self {
            Self::Tencent | Self::Junziqian | Self::Documenso | Self::DocuSeal | Self::DocuSign => {
                Origin::TopLeft
            }
            Self::ESign(_) | Self::Kaifangqian | Self::Qiyuesuo => Origin::BottomLeft,
            Self::BestSign { origin } => origin,
        }
    }

    fn length(self, value: f64) -> PageLength {
        match self {
            // A pixel of theirs is 1/72 inch.
            Self::Tencent | Self::ESign(_) | Self::DocuSign => Pt(value).into(),
            Self::Documenso => PercentOfPage(value).into(),
            Self::Kaifangqian
            | Self::Qiyuesuo
            | Self::Junziqian
            | Self::BestSign { .. }
            | Self::DocuSeal => FractionOfPage(value).into(),
        }
    }

    /// PDF's own words: a rectangle in default user space, `[llx lly urx ury]` in units of
    /// `/UserUnit` times 1/72 inch, as it is seen on the page. The corners may come in any order; the
    /// rectangle may lie off the page.
    ///
    /// ```
    /// use sealwright::geometry::PageGeometry;
    /// use sealwright::placement::Dialect;
    /// let turned = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 90, 1.0)?;
    /// let rect = Dialect::user_space(&turned, [200.0, 100.0, 260.0, 220.0])?;
    /// assert_eq!(rect.to_string(), "120 x 60 at (100, 200)");
    /// # Ok::<(), sealwright::geometry::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`geometry::Error::Length`] for a corner that is no number.
    pub fn user_space(page: &PageGeometry, corners: [f64; 4]) -> Result<Rect, geometry::Error> {
        Ok(page.to_visual(&PdfRect::from_corners(corners)?))
    }
}
