//! The few shapes that a board is drawn with, as SVG. Coordinates are units of the drawing, from its
//! top left corner.
//!
//! Paint is given as attributes and not as style, so that a policy which allows no inline style
//! shows the drawing as it is. What `paint` holds comes from this crate alone; every text of somebody
//! else's goes through [`Drawing::text`].

use std::fmt::Write as _;

use super::picture::Shown;
use super::text::{EM, Fitted, escaped, width};

pub(super) const NIGHT: &str = "#0e1c34";
pub(super) const GOLD: &str = "#d8b878";
pub(super) const PAPER: &str = "#fbfaf6";
pub(super) const INK: &str = "#1c2738";
pub(super) const FAINT: &str = "#6a7485";
pub(super) const PALE: &str = "#c3cddd";
pub(super) const GREEN: &str = "#1f7a53";

/// What Chinese systems have, then what others have.
pub(super) const SANS: &str = "PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans CJK SC, \
     Noto Sans SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif";
pub(super) const SERIF: &str = "Source Han Serif SC, Noto Serif CJK SC, Noto Serif SC, Songti SC, \
     STSong, SimSun, serif";

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: i64,
    pub(super) height: i64,
}

impl Area {
    pub(super) fn new(x: i64, y: i64, width: i64, height: i64) -> Self {
        Self { x, y, width: width.max(1), height: height.max(1) }
    }

    pub(super) fn inset(self, by: i64) -> Self {
        Self::new(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)
    }

    /// The upper part, and what is left under it after a gap.
    pub(super) fn below(self, height: i64, gap: i64) -> (Self, Self) {
        let rest = self.height - height - gap;
        (
            Self::new(self.x, self.y, self.width, height),
            Self::new(self.x, self.y + height + gap, self.width, rest),
        )
    }

    /// The left part, and what is left beside it after a gap.
    pub(super) fn beside(self, width: i64, gap: i64) -> (Self, Self) {
        let rest = self.width - width - gap;
        (
            Self::new(self.x, self.y, width, self.height),
            Self::new(self.x + width + gap, self.y, rest, self.height),
        )
    }

    /// The largest square in the middle of it, no larger than `most`.
    pub(super) fn square(self, most: i64) -> Self {
        let side = self.width.min(self.height).min(most);
        self.centred(side, side)
    }

    pub(super) fn centred(self, width: i64, height: i64) -> Self {
        let (x, y) = (self.middle() - width / 2, self.y + (self.height - height) / 2);
        Self::new(x, y, width, height)
    }

    pub(super) fn middle(self) -> i64 {
        self.x + self.width / 2
    }

    pub(super) fn bottom(self) -> i64 {
        self.y + self.height
    }

    pub(super) fn right(self) -> i64 {
        self.x + self.width
    }

    /// `count` areas of one size, in rows of `columns`, the last row in the middle.
    pub(super) fn cells(self, count: usize, columns: usize, gap: i64) -> Vec<Self> {
        let (columns, count) = (columns.max(1), count.max(1));
        let rows = count.div_ceil(columns);
        let width = (self.width - gap * (whole(columns) - 1)) / whole(columns);
        let height = (self.height - gap * (whole(rows) - 1)) / whole(rows);
        let cell = |place: usize| {
            let (row, column) = (place / columns, place % columns);
            let in_row = columns.min(count - row * columns);
            let free = self.width - whole(in_row) * (width + gap) + gap;
            let x = self.x + free / 2 + whole(column) * (width + gap);
            Self::new(x, self.y + whole(row) * (height + gap), width, height)
        };
        (0..count).map(cell).collect()
    }
}

/// A count as a length.
pub(super) fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX / 1_000_000)
}

/// A drawing on its way.
#[derive(Default)]
pub(super) struct Drawing(String);

impl Drawing {
    /// What was drawn: elements, without the one around them.
    pub(super) fn finish(self) -> String {
        self.0
    }

    pub(super) fn rect(&mut self, area: Area, radius: i64, paint: &str) {
        let Area { x, y, width, height } = area;
        self.push(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" {paint}/>"
        ));
    }

    pub(super) fn circle(&mut self, (x, y): (i64, i64), radius: i64, paint: &str) {
        self.push(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" {paint}/>"));
    }

    pub(super) fn line(&mut self, from: (i64, i64), to: (i64, i64), paint: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.push(format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {paint}/>"));
    }

    pub(super) fn image(&mut self, area: Area, picture: Shown) {
        let Area { x, y, width, height } = area;
        let id = picture.id();
        self.push(format_args!(
            "<use href=\"#{id}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
        ));
    }

    /// One line; the point is where its baseline begins, ends or has its middle.
    pub(super) fn text(&mut self, (x, y): (i64, i64), size: i64, text: &str, paint: &str) {
        if !text.is_empty() {
            let text = escaped(text);
            self.push(format_args!(
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" {paint}>{text}</text>"
            ));
        }
    }

    /// Lines in the middle of an area, both ways.
    pub(super) fn centred(&mut self, area: Area, fit: &Fitted, paint: &str) {
        let height = leading(fit.size) * whole(fit.lines.len());
        let top = area.y + (area.height - height) / 2;
        for (place, line) in fit.lines.iter().enumerate() {
            let paint = format!("text-anchor=\"middle\" {paint}");
            let y = top + leading(fit.size) * whole(place) + baseline(fit.size);
            self.text((area.middle(), y), fit.size, line, &paint);
        }
    }

    /// Lines from the left edge of an area, in the middle of its height.
    pub(super) fn left(&mut self, area: Area, fit: &Fitted, paint: &str) {
        let height = leading(fit.size) * whole(fit.lines.len());
        let top = area.y + (area.height - height) / 2;
        for (place, line) in fit.lines.iter().enumerate() {
            let y = top + leading(fit.size) * whole(place) + baseline(fit.size);
            self.text((area.x, y), fit.size, line, paint);
        }
    }

    /// A small label of its own width, its right end at `right`.
    pub(super) fn label(&mut self, right: (i64, i64), size: i64, text: &str, fill: &str) {
        let (across, (x, y)) = (width(text) * size / EM + size, right);
        let area = Area::new(x - across, y, across, size * 3 / 2);
        self.rect(area, size * 3 / 4, &format!("fill=\"{fill}\""));
        let at = (area.middle(), area.y + area.height / 2 + size * 35 / 100);
        self.text(at, size, text, "text-anchor=\"middle\" fill=\"#ffffff\"");
    }

    /// Elements as they are: never with a text of somebody else's.
    pub(super) fn raw(&mut self, elements: &str) {
        self.0.push_str(elements);
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing into a String does not fail.
        let _ = self.0.write_fmt(element);
        self.0.push('\n');
    }
}

/// The height of one line.
pub(super) fn leading(size: i64) -> i64 {
    size * 13 / 10
}

/// From the top of a line to its baseline.
pub(super) fn baseline(size: i64) -> i64 {
    size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_in_their_area_and_the_last_row_in_its_middle() {
        let area = Area::new(10, 20, 300, 200);
        let cells = area.cells(5, 3, 12);
        assert_eq!(cells.len(), 5);
        for cell in &cells {
            assert!(cell.x >= 10 && cell.right() <= 310, "{cell:?}");
            assert!(cell.y >= 20 && cell.bottom() <= 220, "{cell:?}");
        }
        assert!(cells[3].x > cells[0].x && cells[4].right() < cells[2].right());
        assert_eq!(area.cells(0, 0, 5).len(), 1);
    }

    #[test]
    fn every_text_is_escaped() {
        let mut drawing = Drawing::default();
        drawing.text((1, 2), 3, "</svg><script>", "fill=\"#000\"");
        let drawn = drawing.finish();
        assert!(drawn.contains("&lt;/svg&gt;&lt;script&gt;") && !drawn.contains("<script"));
    }
}
