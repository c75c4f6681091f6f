//! What the widget of a form field shows of its value (ISO 32000-2 §12.7.4.3): the text inside its
//! border and on its ground, as readers draw it that make appearances themselves.

use super::check_mark::CheckMark;
use super::control_sketch::ControlSketcher;
use super::path::{Path, Point};
use super::sketch::{Element, Sketch};
use super::text_block::{TextBlock, Vertical};
use super::{Error, WritingError};
use crate::contract::{Align, Colour, TextStyle};
use crate::geometry::{MilliPoints, Pt, Size};

/// How far text stays away from the border at the left and the right, and several lines at top and
/// bottom as well, in points.
const PADDING: f64 = 2.0;

/// How the text of a field is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldLayout {
    /// On one line, in the middle of the height.
    Line,
    /// On lines that are broken, from the top.
    Lines,
    /// One character in each of so many cells of equal width.
    Comb(u16),
}

/// What a widget has behind its text and around it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct WidgetFrame {
    /// `/BG` of `/MK`.
    pub(crate) ground: Option<Colour>,
    /// `/BC` of `/MK`.
    pub(crate) border: Option<Colour>,
    /// How thick the border is, in points.
    pub(crate) width: f64,
    /// Whether it is a line at the bottom alone.
    pub(crate) underline: bool,
}

impl ControlSketcher<'_> {
    /// The text of a field in the whole of a widget.
    pub(crate) fn field_text(
        &self,
        text: &str,
        style: TextStyle,
        layout: FieldLayout,
        frame: &WidgetFrame,
        size: Size,
    ) -> Result<Sketch, Error> {
        let sketch = frame.sketch(size)?;
        if let FieldLayout::Comb(cells) = layout {
            return self.comb(text, style, cells, frame.with_cells(cells, sketch));
        }
        let around = frame.inset();
        let beside = around + PADDING;
        let above = if layout == FieldLayout::Lines { beside } else { around };
        let inner = inner(size, beside, above)?;
        let block = match layout {
            FieldLayout::Lines => TextBlock::paragraphs(text).vertical(Vertical::Top),
            _ => TextBlock::line(text),
        };
        let set = self.set(block.style(style), inner)?;
        Ok(sketch.with(length(beside)?, length(above)?, &set))
    }

    /// The cells that stay empty are at the right, on both sides, or at the left of the text.
    fn comb(
        &self,
        text: &str,
        style: TextStyle,
        cells: u16,
        mut sketch: Sketch,
    ) -> Result<Sketch, Error> {
        let size = sketch.size();
        let width = sketch.width() / f64::from(cells.max(1));
        let cell = Size::new(Pt(width), size.height()).map_err(|_| empty(size))?;
        let free = usize::from(cells).saturating_sub(text.chars().count());
        let before = match style.align {
            Align::Left => 0,
            Align::Center => free / 2,
            Align::Right => free,
        };
        let style = TextStyle { align: Align::Center, ..style };
        for (index, character) in text.chars().enumerate().take(usize::from(cells)) {
            let set = self.set(TextBlock::line(character).style(style), cell)?;
            let at = u16::try_from(before.saturating_add(index)).unwrap_or(u16::MAX);
            sketch = sketch.with(length(f64::from(at) * width)?, MilliPoints::ZERO, &set);
        }
        Ok(sketch)
    }

    /// A tick, or none, in the whole of a widget that has no appearance of its own for it.
    pub(crate) fn field_tick(
        &self,
        ticked: bool,
        frame: &WidgetFrame,
        size: Size,
    ) -> Result<Sketch, Error> {
        let around = frame.inset();
        let inner = inner(size, around, around)?;
        let mark = CheckMark::ticked(ticked).without_frame().sketch(inner)?;
        Ok(frame.sketch(size)?.with(length(around)?, length(around)?, &mark))
    }
}

impl WidgetFrame {
    fn inset(&self) -> f64 {
        if self.border.is_some() { self.width } else { 0.0 }
    }

    /// Lines between the cells of a comb, as thick as the border.
    fn with_cells(&self, cells: u16, mut sketch: Sketch) -> Sketch {
        let (width, height) = (sketch.width() / f64::from(cells.max(1)), sketch.height());
        let half = self.inset() / 2.0;
        if let Some(colour) = self.border.filter(|_| !self.underline && half > 0.0 && half < width)
        {
            let mut path = Path::default();
            for cell in 1..cells {
                let x = f64::from(cell) * width;
                path.extend(box_of(x - half, 0.0, x + half, height, false));
            }
            sketch.push(Element::Fill { path, colour });
        }
        sketch
    }

    /// Ground and border alone.
    fn sketch(&self, size: Size) -> Result<Sketch, WritingError> {
        let mut sketch = Sketch::blank(size)?;
        let (width, height) = (sketch.width(), sketch.height());
        if let Some(colour) = self.ground {
            sketch.push(Element::Fill { path: box_of(0.0, 0.0, width, height, false), colour });
        }
        let around = self.inset();
        if let Some(colour) = self.border.filter(|_| around > 0.0) {
            let path = if self.underline {
                box_of(0.0, 0.0, width, around.min(height), false)
            } else {
                let mut path = box_of(0.0, 0.0, width, height, false);
                if 2.0 * around < width.min(height) {
                    path.extend(box_of(around, around, width - around, height - around, true));
                }
                path
            };
            sketch.push(Element::Fill { path, colour });
        }
        Ok(sketch)
    }
}

/// Counter-clockwise, or the other way round to be cut out.
fn box_of(left: f64, bottom: f64, right: f64, top: f64, hole: bool) -> Path {
    let mut corners = [(left, bottom), (right, bottom), (right, top), (left, top)];
    if hole {
        corners.reverse();
    }
    Path::polygon(corners.map(|(x, y)| Point::new(x, y)))
}

/// What is left of a box between margins.
fn inner(size: Size, beside: f64, above: f64) -> Result<Size, WritingError> {
    let less = |side: MilliPoints, margin: f64| -> Result<MilliPoints, WritingError> {
        let margin = length(margin).map_err(|_| empty(size))?;
        let left = side.thousandths() - 2 * margin.thousandths();
        MilliPoints::new(left.max(0)).map_err(|_| empty(size))
    };
    let inner = Size::new(less(size.width(), beside)?, less(size.height(), above)?);
    inner.map_err(|_| empty(size))
}

fn length(points: f64) -> Result<MilliPoints, WritingError> {
    crate::geometry::Length::from(Pt(points)).round().map_err(|_| empty(Size::default()))
}

fn empty(size: Size) -> WritingError {
    WritingError::EmptyBox { size }
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::font::NOTO_SANS_SC;
    use time::UtcOffset;

    use super::*;
    use crate::appearance::{Font, FontBook};
    use crate::contract;

    fn fonts() -> FontBook {
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        FontBook::new().with(contract::Font::Hei, font).unwrap()
    }

    fn size(width: f64, height: f64) -> Size {
        Size::new(Pt(width), Pt(height)).unwrap()
    }

    /// Where the lower left corner of each group lies.
    fn corners(sketch: &Sketch) -> Vec<(f64, f64)> {
        let groups = sketch.elements().iter().filter_map(|element| match element {
            Element::Group { map, .. } => Some((map.0[4], map.0[5])),
            _ => None,
        });
        groups.collect()
    }

    fn sketched(text: &str, align: Align, layout: FieldLayout, frame: &WidgetFrame) -> Sketch {
        let (fonts, style) = (fonts(), TextStyle { align, ..TextStyle::default() });
        let sketcher = ControlSketcher::new(&fonts, UtcOffset::UTC);
        sketcher.field_text(text, style, layout, frame, size(120.0, 20.0)).unwrap()
    }

    #[test]
    fn a_comb_has_a_character_in_each_cell_from_the_side_that_the_field_says() {
        let frame = WidgetFrame::default();
        let at = |align| corners(&sketched("甲方", align, FieldLayout::Comb(6), &frame));
        assert_eq!(at(Align::Left), [(0.0, 0.0), (20.0, 0.0)]);
        assert_eq!(at(Align::Center), [(40.0, 0.0), (60.0, 0.0)]);
        assert_eq!(at(Align::Right), [(80.0, 0.0), (100.0, 0.0)]);
    }

    #[test]
    fn the_cells_of_a_comb_have_lines_between_them_where_it_has_a_border() {
        let frame = WidgetFrame { border: Some(Colour(0, 0, 0)), width: 1.0, ..Default::default() };
        let sketch = sketched("甲", Align::Left, FieldLayout::Comb(6), &frame);
        let fills = sketch.elements().iter().filter_map(|element| match element {
            Element::Fill { path, .. } => path.bounds(),
            _ => None,
        });
        let fills: Vec<_> = fills.map(|(low, high)| (low.x, high.x)).collect();
        assert_eq!(fills, [(0.0, 120.0), (19.5, 100.5)]);
    }

    #[test]
    fn text_stays_inside_the_border_and_ground_and_border_are_painted_below_it() {
        let frame = WidgetFrame {
            ground: Some(Colour(255, 255, 200)),
            border: Some(Colour(0, 0, 255)),
            width: 2.0,
            underline: false,
        };
        let sketch = sketched("甲方", Align::Left, FieldLayout::Line, &frame);
        assert!(matches!(
            sketch.elements(),
            [Element::Fill { .. }, Element::Fill { .. }, Element::Group { .. }]
        ));
        assert_eq!(corners(&sketch), [(4.0, 2.0)]);
        let line = WidgetFrame { underline: true, ground: None, ..frame };
        let sketch = sketched("甲方", Align::Left, FieldLayout::Line, &line);
        let Element::Fill { path, .. } = &sketch.elements()[0] else { panic!("a line") };
        assert_eq!(path.bounds(), Some((Point::new(0.0, 0.0), Point::new(120.0, 2.0))));
    }

    #[test]
    fn a_border_thicker_than_its_widget_leaves_no_room() {
        let (fonts, frame) = (
            fonts(),
            WidgetFrame { border: Some(Colour(0, 0, 0)), width: 9.0, ..Default::default() },
        );
        let sketcher = ControlSketcher::new(&fonts, UtcOffset::UTC);
        let style = TextStyle::default();
        let error = sketcher
            .field_text("甲", style, FieldLayout::Line, &frame, size(120.0, 18.0))
            .unwrap_err();
        assert_eq!(error.code(), "text.empty_box");
        assert!(sketcher.field_tick(true, &frame, size(40.0, 40.0)).is_ok());
    }
}
