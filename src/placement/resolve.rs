//! From a wish to a rectangle on a page.

use super::Error;
use crate::geometry::{
    self, Length, PageGeometry, PageIndex, PageNumber, PdfRect, Rect, Rotation, Size,
};

/// Where the top left corner of a control is, from the top left corner of the page as a person
/// sees it; x to the right, y down. Each coordinate keeps its unit.
///
/// ```
/// use sealwright::geometry::{Mm, Pt};
/// use sealwright::placement::Position;
/// let position = Position::at(Mm(130.0), Pt(620.0));
/// assert_eq!(position, Position::at(Mm(130.0), Pt(620.0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    x: Length,
    y: Length,
}

impl Position {
    /// So far from the left edge and so far from the top edge.
    #[must_use]
    pub fn at(x: impl Into<Length>, y: impl Into<Length>) -> Self {
        Self { x: x.into(), y: y.into() }
    }
}

/// A wish for a place that knows no document yet: a page and a position on it, and a width if the
/// control's own size is not wanted.
///
/// ```
/// use sealwright::geometry::{Mm, PageIndex};
/// use sealwright::placement::{Placement, Position};
/// let small = Placement::new(PageIndex::FIRST, Position::at(Mm(20.0), Mm(20.0))).width(Mm(30.0));
/// assert_eq!(small.page(), PageIndex::FIRST);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    page: PageIndex,
    position: Position,
    extent: Extent,
}

/// How large the rectangle is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Extent {
    /// As the control itself.
    Own,
    /// In another width, its shape kept.
    Width(Length),
    /// A box, whatever is put into it.
    Box(Length, Length),
}

impl Placement {
    /// A place on one page.
    #[must_use]
    pub fn new(page: PageIndex, position: Position) -> Self {
        Self { page, position, extent: Extent::Own }
    }

    /// With another width than the control's own; its shape is kept. A box stays as large as it is.
    #[must_use]
    pub fn width(self, width: impl Into<Length>) -> Self {
        match self.extent {
            Extent::Box(..) => self,
            Extent::Own | Extent::Width(_) => Self { extent: Extent::Width(width.into()), ..self },
        }
    }

    /// With a box of this size, whatever the size of what is put into it.
    #[must_use]
    pub fn boxed(self, width: impl Into<Length>, height: impl Into<Length>) -> Self {
        Self { extent: Extent::Box(width.into(), height.into()), ..self }
    }

    /// The page that is wished for.
    #[must_use]
    pub fn page(&self) -> PageIndex {
        self.page
    }

    /// The rectangle in a document of `page_count` pages. `own_size` is the control's physical
    /// size; `geometry_of` is asked once, for the page it turns out to be, and its error passed on.
    ///
    /// # Errors
    ///
    /// [`Error::PageOutOfRange`], [`Error::Degenerate`], [`Error::OffPage`] naming page and sides,
    /// or a length that is none.
    pub fn resolve<E: From<Error>>(
        &self,
        own_size: Size,
        page_count: u32,
        geometry_of: impl FnOnce(PageNumber) -> Result<PageGeometry, E>,
    ) -> Result<Placed, E> {
        let page = (self.page.resolve(page_count))
            .ok_or(Error::PageOutOfRange { index: self.page, page_count })?;
        let rect = self.rect(own_size)?;
        let geometry = geometry_of(page)?;
        Ok(Placed::on(page, &geometry, rect)?)
    }

    fn rect(&self, own_size: Size) -> Result<Rect, Error> {
        let size = match self.extent {
            Extent::Own => own_size,
            Extent::Width(width) => own_size.scaled_to_width(width)?,
            Extent::Box(width, height) => Size::new(width, height)?,
        };
        Ok(Rect::with_size(self.position.x, self.position.y, size)?)
    }
}

/// A rectangle that lies on a page of a document, in both frames.
///
/// ```
/// use sealwright::geometry::{PageGeometry, PageNumber, Pt, Rect};
/// use sealwright::placement::Placed;
/// let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 180, 1.0)?;
/// let rect = Rect::new(Pt(100.0), Pt(200.0), Pt(120.0), Pt(60.0))?;
/// let placed = Placed::on(PageNumber::new(1)?, &page, rect)?;
/// assert_eq!(placed.user_space().to_string(), "375 200 495 260");
/// # Ok::<(), sealwright::placement::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    page: PageNumber,
    rect: Rect,
    user_space: PdfRect,
    rotation: Rotation,
}

impl Placed {
    /// A visual rectangle on a page whose geometry is known.
    ///
    /// # Errors
    ///
    /// [`Error::Degenerate`] if nothing could be seen, also for want of a thousandth of a user
    /// space unit, and [`Error::OffPage`].
    pub fn on(page: PageNumber, geometry: &PageGeometry, rect: Rect) -> Result<Self, Error> {
        let degenerate = Error::Degenerate { size: rect.size() };
        if rect.size().is_empty() {
            return Err(degenerate);
        }
        let user_space = geometry.to_user_space(&rect).map_err(|error| match error {
            geometry::Error::OffPage { overshoot, page: size } => {
                Error::OffPage { page, overshoot, size }
            }
            other => Error::Geometry(other),
        })?;
        if user_space.is_empty() {
            return Err(degenerate);
        }
        Ok(Self { page, rect, user_space, rotation: geometry.rotation() })
    }

    /// The page.
    #[must_use]
    pub fn page(&self) -> PageNumber {
        self.page
    }

    /// The rectangle as a person sees it.
    #[must_use]
    pub fn rect(&self) -> Rect {
        self.rect
    }

    /// The rectangle as the file has it: the `/Rect` of a widget.
    #[must_use]
    pub fn user_space(&self) -> PdfRect {
        self.user_space
    }

    /// How the page is turned when displayed.
    #[must_use]
    pub fn rotation(&self) -> Rotation {
        self.rotation
    }

    /// The same place for what stands otherwise than the page is read: turned so far
    /// counter-clockwise in the file, as the contents of a widget may be (`/R` of `/MK`, ISO 32000-2
    /// Table 192). Its rectangle keeps its corner and has the width and height of what is drawn.
    pub(crate) fn turned(self, rotation: Rotation) -> Result<Self, Error> {
        let (own, wanted) = (self.rotation.swaps_axes(), rotation.swaps_axes());
        let rect = match own == wanted {
            true => self.rect,
            false => {
                let (x, y, size) = (self.rect.x(), self.rect.y(), self.rect.size());
                Rect::with_size(x, y, Size::new(size.height(), size.width())?)?
            }
        };
        Ok(Self { rect, rotation, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Mm, Pt};

    fn a4(rotate: i64) -> Result<PageGeometry, Error> {
        Ok(PageGeometry::new([0.0, 0.0, 595.276, 841.89], None, rotate, 1.0)?)
    }

    fn seal() -> Size {
        Size::new(Mm(42.0), Mm(21.0)).unwrap()
    }

    #[test]
    fn a_given_width_keeps_the_shape() {
        let placement = Placement::new(PageIndex::FIRST, Position::at(Mm(10.0), Mm(10.0)));
        let placed = placement.width(Mm(21.0)).resolve(seal(), 1, |_| a4(0)).unwrap();
        assert_eq!(placed.rect().size().to_string(), "59.528 x 29.764");
    }

    #[test]
    fn a_box_is_as_large_as_it_is_said_to_be() {
        let placement = Placement::new(PageIndex::FIRST, Position::at(Mm(10.0), Mm(10.0)));
        let boxed = placement.boxed(Pt(80.0), Pt(70.0)).width(Mm(21.0));
        let placed = boxed.resolve(seal(), 1, |_| a4(0)).unwrap();
        assert_eq!(placed.rect().size().to_string(), "80 x 70");
    }

    #[test]
    fn the_frame_is_the_page_as_displayed() {
        let placement = Placement::new(PageIndex::LAST, Position::at(Mm(250.0), Mm(10.0)));
        assert!(placement.resolve(seal(), 1, |_| a4(90)).is_ok());
        let error = placement.resolve(seal(), 7, |_| a4(0)).unwrap_err();
        assert_eq!(error.code(), "ctl.rect_out_of_page");
        assert_eq!(
            error.to_string(),
            "on page 7 the seal would leave the page by 232.44 pt on the right; move it inwards or \
             make it smaller (the page as displayed is 595.276 x 841.89 points in size)"
        );
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        let placement = Placement::new(PageIndex::LAST, Position::at(Mm(10.0), Mm(10.0)));
        for width in [0.0, 0.0001] {
            let error = placement.width(Pt(width)).resolve(seal(), 1, |_| a4(0)).unwrap_err();
            assert_eq!(error.code(), "ctl.rect_degenerate");
        }
        // Half a thousandth of a user space unit of four points is nothing in the file.
        let coarse = PageGeometry::new([0.0, 0.0, 100.0, 100.0], None, 0, 4.0).unwrap();
        let thin = Rect::new(Pt(1.0), Pt(1.0), Pt(0.001), Pt(1.0)).unwrap();
        let error = Placed::on(PageNumber::new(1).unwrap(), &coarse, thin).unwrap_err();
        assert_eq!(error.code(), "ctl.rect_degenerate");
    }

    #[test]
    fn a_length_that_is_none_is_named() {
        let placement = Placement::new(PageIndex::LAST, Position::at(Mm(f64::NAN), Mm(10.0)));
        let error = placement.resolve(seal(), 1, |_| a4(0)).unwrap_err();
        assert_eq!(error.code(), "geometry.length");
    }

    #[test]
    fn the_page_that_fails_is_the_callers_error() {
        #[derive(Debug)]
        struct Unreadable;
        impl From<Error> for Unreadable {
            fn from(_: Error) -> Self {
                panic!("the placement itself is fine")
            }
        }
        let placement = Placement::new(PageIndex::LAST, Position::at(Mm(1.0), Mm(1.0)));
        let result = placement.resolve(seal(), 1, |_| Err::<PageGeometry, _>(Unreadable));
        assert!(result.is_err());
    }
}
