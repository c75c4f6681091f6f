//! Text with positions: what a keyword is looked for in.
//!
//! [`TextLayer`] hands out one page at a time as glyphs with their Unicode text and their outline in
//! the visual page frame. A host that has a text layer of its own (from its renderer, from its OCR)
//! implements it; with the feature `text`, `PdfText` is one for any [`pdf::File`].

#[cfg(feature = "text")]
mod actual_text;
#[cfg(feature = "text")]
mod charmap;
#[cfg(feature = "text")]
mod cmap;
#[cfg(feature = "text")]
mod composite;
#[cfg(feature = "text")]
mod font;
#[cfg(all(test, feature = "text"))]
mod hostile_tests;
#[cfg(feature = "text")]
mod optional_content;
#[cfg(feature = "text")]
mod probe;
#[cfg(feature = "text")]
mod reader;
#[cfg(feature = "text")]
mod show;
#[cfg(feature = "text")]
mod simple;
#[cfg(feature = "text")]
mod state;

use std::ops::Range;

use thiserror::Error as ThisError;

use crate::geometry::{MilliPoints, PageNumber, Size};
use crate::limits::LimitExceeded;
use crate::pdf;

#[cfg(feature = "text")]
pub use reader::PdfText;

/// A document whose text can be searched, one page at a time.
///
/// ```
/// use sealwright::geometry::{MilliPoints, PageNumber, Pt, Size};
/// use sealwright::placement::{Corner, Flow, PageText, TextError, TextLayer};
///
/// /// One page with one word on it.
/// struct Greeting;
/// impl TextLayer for Greeting {
///     fn page_count(&self) -> u32 {
///         1
///     }
///     fn page_size(&mut self, _page: PageNumber) -> Result<Size, TextError> {
///         Ok(Size::new(Pt(595.0), Pt(842.0))?)
///     }
///     fn page_text(&mut self, _page: PageNumber) -> Result<PageText, TextError> {
///         let at = |x, y| Ok::<_, TextError>(Corner { x: MilliPoints::new(x)?, y: MilliPoints::new(y)? });
///         let outline = [at(72_000, 72_000)?, at(84_000, 72_000)?, at(84_000, 84_000)?, at(72_000, 84_000)?];
///         let mut page = PageText::default();
///         page.push("章", outline, Flow::Across, true);
///         Ok(page)
///     }
/// }
/// assert_eq!(Greeting.page_text(PageNumber::new(1)?)?.glyphs().count(), 1);
/// # Ok::<(), TextError>(())
/// ```
pub trait TextLayer {
    /// How many pages there are.
    fn page_count(&self) -> u32;

    /// The size of a page as displayed.
    ///
    /// # Errors
    ///
    /// If there is no such page or it cannot be read.
    fn page_size(&mut self, page: PageNumber) -> Result<Size, TextError>;

    /// The glyphs of a page's own content, in the order in which they are drawn: invisible ones too,
    /// those of annotations not.
    ///
    /// # Errors
    ///
    /// If there is no such page, it cannot be read, or a limit runs out.
    fn page_text(&mut self, page: PageNumber) -> Result<PageText, TextError>;
}

/// A point of the visual page frame: from the top left corner of the page as displayed, y down.
///
/// ```
/// use sealwright::geometry::MilliPoints;
/// let origin = sealwright::placement::Corner { x: MilliPoints::ZERO, y: MilliPoints::ZERO };
/// assert_eq!(origin, Default::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corner {
    /// From the left edge.
    pub x: MilliPoints,
    /// From the upper edge, downwards.
    pub y: MilliPoints,
}

/// Where the next glyph stands, as the reader of this one sees it.
///
/// ```
/// use sealwright::placement::Flow;
/// assert_ne!(Flow::Across, Flow::Down);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flow {
    /// To the right (横排).
    Across,
    /// Below (竖排).
    Down,
}

/// A glyph of a page.
///
/// ```
/// use sealwright::placement::{Flow, PageText};
/// let mut page = PageText::default();
/// page.push("方", Default::default(), Flow::Down, false);
/// let glyph = page.glyphs().next().unwrap();
/// assert_eq!((glyph.text, glyph.visible), ("方", false));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyph<'p> {
    /// What it stands for, as the document says: one character as a rule, several for a ligature.
    pub text: &'p str,
    /// The corners of its cell as its reader sees them: top left, top right, bottom right, bottom
    /// left. The cell is as wide as the glyph's advance and as high as the font.
    pub corners: [Corner; 4],
    /// Where the next glyph stands.
    pub flow: Flow,
    /// Whether it is painted; the text behind a scanned picture is not.
    pub visible: bool,
}

/// The text of one page.
///
/// ```
/// let page = sealwright::placement::PageText::default();
/// assert!(page.is_blank() && !page.has_text_layer());
/// ```
#[derive(Clone, Debug, Default)]
pub struct PageText {
    text: String,
    glyphs: Vec<Stored>,
    readable: usize,
    unreadable: usize,
    drawn: bool,
}

#[derive(Clone, Debug)]
struct Stored {
    text: Range<usize>,
    corners: [Corner; 4],
    flow: Flow,
    visible: bool,
}

impl PageText {
    /// Adds a glyph; see [`Glyph`] for the corners.
    pub fn push(&mut self, text: &str, corners: [Corner; 4], flow: Flow, visible: bool) {
        let start = self.text.len();
        self.text.push_str(text);
        self.readable += usize::from(!text.trim().is_empty());
        self.glyphs.push(Stored { text: start..self.text.len(), corners, flow, visible });
    }

    /// Notes a glyph of which nobody knows what it stands for.
    pub fn push_unreadable(&mut self) {
        self.unreadable += 1;
    }

    /// Notes that something other than text is drawn: a picture, a line, a filled shape.
    pub fn note_drawing(&mut self) {
        self.drawn = true;
    }

    /// The glyphs, in the order in which they are drawn.
    pub fn glyphs(&self) -> impl ExactSizeIterator<Item = Glyph<'_>> {
        self.glyphs.iter().map(|glyph| Glyph {
            text: self.text.get(glyph.text.clone()).unwrap_or_default(),
            corners: glyph.corners,
            flow: glyph.flow,
            visible: glyph.visible,
        })
    }

    /// How many glyphs have no way to Unicode.
    #[must_use]
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// Whether the page can be searched (R-CTL-09): it has glyphs that stand for something, and no
    /// more that stand for nothing known.
    #[must_use]
    pub fn has_text_layer(&self) -> bool {
        self.readable > 0 && self.readable >= self.unreadable
    }

    /// Whether nothing at all is drawn on the page.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        !self.drawn && self.unreadable == 0 && self.readable == 0
    }
}

/// Why the text of a document could not be searched.
///
/// ```
/// use sealwright::geometry::PageNumber;
/// let error = sealwright::placement::TextError::PageOutOfRange { page: PageNumber::new(3)?, count: 2 };
/// assert_eq!(error.code(), "ctl.page_out_of_range");
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, ThisError)]
#[non_exhaustive]
pub enum TextError {
    /// There is no such page.
    #[error(
        "there is no page {page} in a document of {count} pages; the first page is 1, the last one \
         {count}"
    )]
    PageOutOfRange {
        /// What was asked for.
        page: PageNumber,
        /// How many pages there are.
        count: u32,
    },
    /// The document cannot be read.
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
    /// A limit ran out.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
    /// A coordinate cannot be.
    #[error(transparent)]
    Geometry(#[from] crate::geometry::Error),
    /// The host cancelled the search.
    #[error("the search was cancelled after {done} of {total} pages; start it again")]
    Cancelled {
        /// How many pages were searched.
        done: u32,
        /// How many were to be.
        total: u32,
    },
}

impl TextError {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PageOutOfRange { .. } => "ctl.page_out_of_range",
            Self::Pdf(error) => error.code(),
            Self::Limit(_) => "doc.limit",
            Self::Geometry(error) => error.code(),
            Self::Cancelled { .. } => "placement.cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ctl_09_more_unknown_than_known_glyphs_are_no_text_layer() {
        let mut page = PageText::default();
        page.push(" ", Default::default(), Flow::Across, true);
        assert!(page.is_blank() && !page.has_text_layer());
        page.push("3", Default::default(), Flow::Across, true);
        assert!(page.has_text_layer());
        page.push_unreadable();
        assert!(page.has_text_layer());
        page.push_unreadable();
        assert!(!page.has_text_layer() && !page.is_blank());
    }
}
