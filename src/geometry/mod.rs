//! Lengths, rectangles and pages: where something stands, and in which frame.
//!
//! Two frames are told apart by type and never mixed:
//!
//! * the *visual page frame* of [`Rect`]: origin at the top left corner of the CropBox as a person
//!   sees the page (after `/Rotate`), x to the right, y **down**, in [`MilliPoints`];
//! * *default user space* of [`PdfRect`]: what the file says, origin wherever the CropBox puts it,
//!   y up, in thousandths of a unit ([`Coordinate`]), a unit being `/UserUnit` times 1/72 inch.
//!
//! [`PageGeometry`] converts between them. Inside, everything is an integer, so that results are
//! the same on every machine; floating point numbers appear only where a caller hands them in.
//!
//! ```
//! use sealwright::geometry::{Mm, PageGeometry, Pt, Rect};
//!
//! // An A4 page that is displayed turned by a quarter.
//! let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 90, 1.0)?;
//! let rect = Rect::new(Pt(100.0), Pt(200.0), Pt(120.0), Pt(60.0))?;
//! let in_file = page.to_user_space(&rect)?;
//! assert_eq!(in_file.to_string(), "200 100 260 220");
//! assert_eq!(page.upright_matrix(&in_file).to_string(), "0 120 -60 0 260 100");
//! assert_eq!(page.to_visual(&in_file), rect);
//!
//! // Millimetres and points are types; a bare number is not a length.
//! assert_eq!(Rect::new(Mm(0.0), Mm(0.0), Mm(42.0), Mm(42.0))?.width().thousandths(), 119_055);
//! # Ok::<(), sealwright::geometry::Error>(())
//! ```

mod length;
mod page;
mod page_index;
mod rect;
mod storage;

use thiserror::Error;

pub use length::{Coordinate, Length, MilliPoints, Mm, Pt};
pub use page::{Matrix, PageGeometry, PageNumber, Rotation};
pub use page_index::PageIndex;
pub use rect::{Overshoot, PdfRect, Rect, Size};

/// Why a length, a rectangle or a page cannot be.
///
/// ```
/// use sealwright::geometry::{Error, Rotation};
/// let error = Rotation::from_degrees(45).unwrap_err();
/// assert_eq!(error.code(), "geometry.rotation");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// A length or coordinate is not a number, or beyond a thousand million units.
    #[error(
        "{value} is not a usable length or coordinate; give a finite number within \u{b1}{max} units"
    )]
    Length {
        /// What was given, in the unit it was given in.
        value: f64,
        /// The largest magnitude that is accepted.
        max: f64,
    },
    /// A rectangle has a negative width or height.
    #[error(
        "a rectangle of {width} by {height} points does not exist; give a width and a height of zero \
         or more"
    )]
    NegativeSize {
        /// The width that was given.
        width: MilliPoints,
        /// The height that was given.
        height: MilliPoints,
    },
    /// `/Rotate` is not a multiple of 90 (ISO 32000-2 Table 31).
    #[error("a page cannot be rotated by {degrees} degrees; /Rotate has to be a multiple of 90")]
    Rotation {
        /// What was given.
        degrees: i64,
    },
    /// `/UserUnit` is not a positive number, or out of any reasonable range.
    #[error("a user unit of {value} does not exist; /UserUnit has to lie between {min} and {max}")]
    UserUnit {
        /// What was given.
        value: f64,
        /// The smallest unit that is accepted.
        min: f64,
        /// The largest unit that is accepted.
        max: f64,
    },
    /// CropBox and MediaBox have no area in common: nothing of the page can be seen.
    #[error(
        "nothing of the page can be seen: the CropBox [{crop_box}] and the MediaBox [{media_box}] \
         have no area in common"
    )]
    EmptyPage {
        /// The MediaBox, with its corners in order.
        media_box: PdfRect,
        /// The CropBox, with its corners in order.
        crop_box: PdfRect,
    },
    /// A rectangle leaves the page.
    #[error(
        "the rectangle leaves the page by {overshoot}; the page as displayed is {page} points in size"
    )]
    OffPage {
        /// Which sides it crosses, and by how much.
        overshoot: Overshoot,
        /// The size of the page as displayed.
        page: Size,
    },
    /// There is no page 0: pages are counted from 1.
    #[error("there is no page 0; the first page is page 1")]
    PageZero,
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "geometry.length",
            Self::NegativeSize { .. } => "geometry.negative_size",
            Self::Rotation { .. } => "geometry.rotation",
            Self::UserUnit { .. } => "geometry.user_unit",
            Self::EmptyPage { .. } => "geometry.empty_page",
            Self::OffPage { .. } => "geometry.off_page",
            Self::PageZero => "geometry.page_zero",
        }
    }
}
