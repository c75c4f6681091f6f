//! Watermarks.

use super::WritingError;
use super::font_book::FontBook;
use super::path::Affine;
use super::sketch::{Element, Sketch};
use super::text_block::TextBlock;
use super::uploaded_picture::UploadedPicture;
use crate::contract::{ImageFit, TextStyle, Watermark, WatermarkPlace};
use crate::geometry::{Pt, Size};

/// From a corner of the page to a watermark in it, in points: half an inch.
const MARGIN: f64 = 36.0;
/// Between two watermarks of a tiled page at density 1, 2 and 3, in points.
const GAPS: [f64; 3] = [160.0, 100.0, 50.0];
/// So many on a page at most, whatever their size.
const MOST: u16 = 2_000;

/// What a watermark shows.
///
/// ```
/// use sealwright::appearance::Stain;
/// assert!(format!("{:?}", Stain::Text("draft")).contains("Text"));
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Stain<'a> {
    /// This text: that of the watermark, or the fact about whoever looks at the document.
    Text(&'a str),
    /// This picture, fitted into a box of this size.
    Picture(&'a UploadedPicture, Size),
}

/// A watermark (水印) over a whole page of this size as displayed: tiled, in a corner or in the
/// middle, turned counter-clockwise, as pale as it says, all of it as one so that nothing shows
/// through. Text is set in one line unless it has line breaks. What a tile leaves of the page is cut
/// off at its edges; a single one is put whole onto the page if it fits at all.
///
/// ```
/// # let bytes = sealwright_testdata::font::NOTO_SANS_SC;
/// use sealwright::appearance::{Font, FontBook, Stain, watermark};
/// use sealwright::contract::{self, Watermark};
/// use sealwright::geometry::{Pt, Size};
///
/// let fonts = FontBook::new().with(contract::Font::Hei, Font::from_bytes(bytes, 0)?)?;
/// let mark = Watermark::text("草稿")?.opacity(200)?.rotation(45)?.density(2)?;
/// let page = Size::new(Pt(595.0), Pt(842.0))?;
/// let sketch = watermark(&mark, Stain::Text("草稿"), &fonts, page)?;
/// assert!(sketch.uses_transparency());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`TextBlock::sketch`]; [`WritingError::EmptyBox`] for a page or a picture without area.
pub fn watermark(
    mark: &Watermark,
    stain: Stain<'_>,
    fonts: &FontBook,
    page: Size,
) -> Result<Sketch, super::Error> {
    let mut sketch = Sketch::blank(page)?;
    if mark.per_mille() == 0 {
        return Ok(sketch);
    }
    let stamp = match stain {
        Stain::Text(text) => one(text, mark.set(), fonts)?,
        Stain::Picture(picture, size) => picture.sketch(ImageFit::Keep, size)?,
    };
    let turn = Turn::of(mark.degrees(), [stamp.width(), stamp.height()]);
    let [width, height] = [sketch.width(), sketch.height()];
    let elements = centres(mark, &turn, [width, height]).into_iter().map(|centre| Element::Group {
        map: turn.about(centre),
        per_mille: 1000,
        elements: stamp.elements().to_vec(),
    });
    let (map, per_mille) = (Affine::scaled_at(1.0, 0.0, 0.0), mark.per_mille());
    let elements = elements.collect();
    sketch.push(Element::Group { map, per_mille, elements });
    Ok(sketch)
}

/// The text in a box that just holds it.
fn one(text: &str, style: TextStyle, fonts: &FontBook) -> Result<Sketch, WritingError> {
    let block = TextBlock::line(text).style(style);
    let least = Size::new(Pt(0.001), Pt(0.001)).unwrap_or_default();
    match block.sketch(fonts, least) {
        Err(WritingError::Overflow { needed, .. }) => block.sketch(fonts, needed),
        other => other,
    }
}

/// A stamp of some size that is turned about its middle.
struct Turn {
    sine: f64,
    cosine: f64,
    /// Width and height before it is turned.
    size: [f64; 2],
    /// Of the upright box around it when it is turned.
    around: [f64; 2],
}

impl Turn {
    fn of(degrees: u16, [width, height]: [f64; 2]) -> Self {
        let (sine, cosine) = match degrees % 360 {
            0 => (0.0, 1.0),
            90 => (1.0, 0.0),
            180 => (0.0, -1.0),
            270 => (-1.0, 0.0),
            other => f64::from(other).to_radians().sin_cos(),
        };
        let (s, c) = (f64::abs(sine), f64::abs(cosine));
        let around = [width * c + height * s, width * s + height * c];
        Self { sine, cosine, size: [width, height], around }
    }

    /// The map that puts the stamp's middle there.
    fn about(&self, [x, y]: [f64; 2]) -> Affine {
        let Self { sine, cosine, size: [width, height], .. } = *self;
        let (dx, dy) = (width / 2.0, height / 2.0);
        let e = x - cosine * dx + sine * dy;
        let f = y - sine * dx - cosine * dy;
        Affine([cosine, sine, -sine, cosine, e, f])
    }
}

/// Where the middles of the stamps are.
fn centres(mark: &Watermark, turn: &Turn, page: [f64; 2]) -> Vec<[f64; 2]> {
    let [across, up] = turn.around;
    let [width, height] = page;
    // As far from the edge as the margin says, but never over the middle of the page.
    let near = |side: f64, extent: f64| (MARGIN + extent / 2.0).min(side / 2.0);
    let (left, bottom) = (near(width, across), near(height, up));
    let (right, top) = (width - left, height - bottom);
    match mark.stands() {
        WatermarkPlace::TopLeft => vec![[left, top]],
        WatermarkPlace::TopRight => vec![[right, top]],
        WatermarkPlace::BottomLeft => vec![[left, bottom]],
        WatermarkPlace::BottomRight => vec![[right, bottom]],
        WatermarkPlace::Centre => vec![[width / 2.0, height / 2.0]],
        WatermarkPlace::Tile => {
            let gap = GAPS.get(usize::from(mark.dense()).saturating_sub(1)).copied();
            tiles([across, up].map(|side| side + gap.unwrap_or(GAPS[0])), page)
        }
    }
}

/// Around the middle of the page, every second row by half a step to the right, until all of the
/// page is covered; on a page that is so large that there would be too many, further apart.
fn tiles(mut step: [f64; 2], [width, height]: [f64; 2]) -> Vec<[f64; 2]> {
    let most = |[across, up]: [f64; 2]| (width / across + 3.0) * (height / up + 3.0);
    while most(step) > f64::from(MOST) {
        step = step.map(|side| side * 1.05);
    }
    let [across, up] = step;
    let steps = |side: f64, step: f64| {
        let count = (side / 2.0 / step).ceil() + 1.0;
        // A page has no more steps than that; a gap is at least 50 points.
        (0_i16..2_000).take_while(move |it| f64::from(*it) <= count).last().unwrap_or(0)
    };
    let (columns, rows) = (steps(width, across), steps(height, up));
    let row = |row: i16| {
        let shift = if row % 2 == 0 { 0.0 } else { across / 2.0 };
        (-columns..=columns).map(move |column| {
            let x = width / 2.0 + f64::from(column) * across + shift;
            [x, height / 2.0 + f64::from(row) * up]
        })
    };
    let seen = |[x, y]: &[f64; 2]| {
        (-across..=width + across).contains(x) && (-up..=height + up).contains(y)
    };
    (-rows..=rows).flat_map(row).filter(seen).collect()
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::faces::upright_png;
    use sealwright_testdata::font::NOTO_SANS_SC;

    use super::*;
    use crate::appearance::Font;
    use crate::contract;

    const A4: [f64; 2] = [595.0, 842.0];

    fn fonts() -> FontBook {
        let font = Font::from_bytes(NOTO_SANS_SC, 0).unwrap();
        FontBook::new().with(contract::Font::Hei, font).unwrap()
    }

    fn page() -> Size {
        Size::new(Pt(A4[0]), Pt(A4[1])).unwrap()
    }

    /// How many stamps there are, and how pale they are together.
    fn stamps(mark: &Watermark) -> (usize, u16) {
        let sketch = watermark(mark, Stain::Text("草稿"), &fonts(), page()).unwrap();
        match sketch.elements() {
            [Element::Group { elements, per_mille, .. }] => (elements.len(), *per_mille),
            _ => (0, 0),
        }
    }

    #[test]
    fn density_and_place_say_how_many_there_are() {
        let mark = || Watermark::text("草稿").unwrap().rotation(45).unwrap();
        let dense = |density| stamps(&mark().density(density).unwrap()).0;
        assert!(dense(1) > 8 && dense(2) > dense(1) && dense(3) > dense(2), "{}", dense(1));
        assert!(dense(3) < usize::from(MOST));
        assert_eq!(stamps(&mark().place(WatermarkPlace::Centre)), (1, 500));
        assert_eq!(stamps(&mark().opacity(0).unwrap()), (0, 0));
    }

    #[test]
    fn a_large_page_is_covered_to_its_corners() {
        for page in [[14_400.0, 14_400.0], [14_400.0, 300.0], [200.0, 14_400.0], [2e6, 2e6]] {
            let found = tiles([90.0, 60.0], page);
            assert!(found.len() <= usize::from(MOST) && found.len() > 100, "{}", found.len());
            let [width, height] = page;
            let gap = (width * height / 500.0).sqrt().max(150.0);
            for corner in [[0.0, 0.0], [width, 0.0], [0.0, height], [width, height]] {
                let near = |at: &[f64; 2]| (at[0] - corner[0]).hypot(at[1] - corner[1]) < gap;
                assert!(found.iter().any(near), "{page:?}: {corner:?}");
            }
        }
        // As dense as asked for where there is room.
        let usual = tiles([90.0, 60.0], A4);
        assert!(usual.windows(2).any(|pair| (pair[1][0] - pair[0][0] - 90.0).abs() < 1e-9));
    }

    #[test]
    fn a_corner_holds_the_whole_stamp() {
        let turn = Turn::of(30, [100.0, 20.0]);
        for place in [
            WatermarkPlace::TopLeft,
            WatermarkPlace::TopRight,
            WatermarkPlace::BottomLeft,
            WatermarkPlace::BottomRight,
        ] {
            let mark = Watermark::text("x").unwrap().place(place);
            let [centre] = centres(&mark, &turn, A4)[..] else { panic!("one") };
            let map = turn.about(centre);
            let (mut nearest, size) = (f64::MAX, turn.size);
            for (x, y) in [(0.0, 0.0), (size[0], 0.0), (0.0, size[1]), (size[0], size[1])] {
                let corner = map.apply(crate::appearance::path::Point::new(x, y));
                nearest = nearest.min(corner.x).min(A4[0] - corner.x);
                nearest = nearest.min(corner.y).min(A4[1] - corner.y);
            }
            assert!((nearest - MARGIN).abs() < 1e-6, "{place:?}: {nearest}");
        }
    }

    #[test]
    fn pictures_are_watermarks_as_well() {
        let picture = UploadedPicture::from_bytes(&upright_png(2)).unwrap();
        let size = Size::new(Pt(80.0), Pt(80.0)).unwrap();
        let mark = Watermark::text("x").unwrap().place(WatermarkPlace::Centre);
        let sketch = watermark(&mark, Stain::Picture(&picture, size), &fonts(), page()).unwrap();
        assert!(sketch.drawing().is_ok() && !sketch.is_blank());
    }
}
