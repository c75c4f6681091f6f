//! Boxes to tick.

use super::WritingError;
use super::path::{Affine, Path, Point};
use super::sketch::{Element, Sketch};
use crate::contract::Colour;
use crate::geometry::Size;

/// The corners of a tick in a square of side 1, y up, counter-clockwise.
const TICK: [(f64, f64); 6] =
    [(0.42, 0.17), (0.88, 0.78), (0.79, 0.86), (0.41, 0.38), (0.22, 0.59), (0.13, 0.50)];
/// How thick the frame is, in sides of the square.
const FRAME: f64 = 0.07;

/// A box that is ticked or not (勾选框): a square frame as large as fits into the middle of the
/// control, and the tick (√). Both are drawn as paths; no font is needed.
///
/// ```
/// use sealwright::appearance::CheckMark;
/// use sealwright::geometry::{Pt, Size};
/// let size = Size::new(Pt(12.0), Pt(12.0))?;
/// let over_a_printed_box = CheckMark::ticked(false).without_frame().sketch(size)?;
/// assert!(over_a_printed_box.is_blank());
/// assert!(!CheckMark::ticked(false).sketch(size)?.is_blank());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckMark {
    ticked: bool,
    frame: bool,
    colour: Colour,
}

impl CheckMark {
    /// In black, with a frame.
    #[must_use]
    pub fn ticked(ticked: bool) -> Self {
        Self { ticked, frame: true, colour: Colour::default() }
    }

    /// Without its frame, for documents that print it themselves.
    #[must_use]
    pub fn without_frame(self) -> Self {
        Self { frame: false, ..self }
    }

    /// In another colour.
    #[must_use]
    pub fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// In a box of this size.
    ///
    /// # Errors
    ///
    /// [`WritingError::EmptyBox`].
    pub fn sketch(self, size: Size) -> Result<Sketch, WritingError> {
        let mut sketch = Sketch::blank(size)?;
        let (width, height) = (sketch.width(), sketch.height());
        let side = width.min(height);
        let map = Affine::scaled_at(side, (width - side) / 2.0, (height - side) / 2.0);
        let mut path = Path::default();
        if self.frame {
            path.extend(square(0.0, 1.0, false));
            path.extend(square(FRAME, 1.0 - FRAME, true));
        }
        if self.ticked {
            path.extend(Path::polygon(TICK.map(|(x, y)| Point::new(x, y))));
        }
        if !path.is_empty() {
            sketch.push(Element::Fill { path: path.mapped(&map), colour: self.colour });
        }
        Ok(sketch)
    }
}

/// Around the middle, counter-clockwise, or the other way round to be cut out.
fn square(low: f64, high: f64, hole: bool) -> Path {
    let mut corners = [(low, low), (high, low), (high, high), (low, high)];
    if hole {
        corners.reverse();
    }
    Path::polygon(corners.map(|(x, y)| Point::new(x, y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Pt;

    #[test]
    fn the_square_stands_in_the_middle_and_fills_the_box() {
        let size = Size::new(Pt(20.0), Pt(12.0)).unwrap();
        let sketch = CheckMark::ticked(true).sketch(size).unwrap();
        let [Element::Fill { path, .. }] = sketch.elements() else { panic!("one path") };
        assert_eq!(path.bounds(), Some((Point::new(4.0, 0.0), Point::new(16.0, 12.0))));
        let bare = CheckMark::ticked(true).without_frame().sketch(size).unwrap();
        let [Element::Fill { path, .. }] = bare.elements() else { panic!("one path") };
        let (low, high) = path.bounds().unwrap();
        assert!(low.x > 4.0 && high.x < 16.0 && low.y > 0.0 && high.y < 12.0);
    }
}
