//! Where a control wants to be: data, as §5.3 of the vocabulary has it. What needs no PDF is judged
//! here; keywords and form fields are looked for elsewhere.

mod absolute;
mod cross_page;
#[cfg(test)]
mod cross_page_tests;
mod keyword;
mod measure;
mod page_set;

use serde::{Deserialize, Serialize};

use super::control::ControlError;
use crate::geometry::{PageGeometry, PageNumber, Rect, Size};

pub use absolute::{Absolute, Anchor, Extent, Origin, Point};
pub use cross_page::{CrossPage, Cut, Edge, SinglePage, Slice, ThinSlices};
pub use keyword::{Keyword, MatchOrder, Relative};
pub use measure::{FractionOfPage, Measure, PageLength, PercentOfPage};
pub use page_set::{PageRange, PageSet};

/// The longest name of a form field that is taken, in characters.
const MOST_FIELD_NAME: usize = 1000;

/// How a control finds its rectangles (定位方式, §5.3 and §5.4).
///
/// ```
/// use sealwright::contract::{Absolute, Location, Point};
/// use sealwright::geometry::{Mm, PageIndex};
/// let location = Location::from(Absolute::new(PageIndex::LAST, Point::at(Mm(130.0), Mm(220.0))?));
/// assert_eq!(location.mode(), "absolute");
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Location {
    /// A rectangle on named pages (vendor code `NORMAL`).
    Absolute(Absolute),
    /// The rectangles of a form field (vendor code `FIELD`).
    Field(FieldName),
    /// Beside words of the text (vendor code `KEYWORD`).
    Keyword(Keyword),
    /// Over the edges of several pages (骑缝, §5.4).
    CrossPage(CrossPage),
}

impl Location {
    /// A stable name of the mode.
    #[must_use]
    pub fn mode(&self) -> &'static str {
        match self {
            Self::Absolute(_) => "absolute",
            Self::Field(_) => "field",
            Self::Keyword(_) => "keyword",
            Self::CrossPage(_) => "cross_page",
        }
    }

    /// Whether somebody has to look into the PDF to know the rectangles.
    #[must_use]
    pub fn needs_document(&self) -> bool {
        matches!(self, Self::Field(_) | Self::Keyword(_))
    }

    /// That what is stored of it can be read back; its pages are not known yet.
    pub(in crate::contract) fn check(&self) -> Result<(), ControlError> {
        match self {
            Self::Absolute(absolute) => absolute.pages().check(),
            Self::CrossPage(cross_page) => cross_page.pages().check(),
            Self::Field(_) | Self::Keyword(_) => Ok(()),
        }
    }

    /// The rectangles, as far as the pages' geometry tells them: `None` where the PDF has to be
    /// looked into. `default_size` stands in where the location names no size. All rectangles lie
    /// inside their page as displayed, resolved page by page (R-CTL-02…04, 16, 17, 22).
    ///
    /// # Errors
    ///
    /// What is wrong with the location, the first page that fails named.
    pub fn spots(
        &self,
        pages: &[PageGeometry],
        default_size: Size,
    ) -> Result<Option<Vec<Spot>>, ControlError> {
        match self {
            Self::Absolute(absolute) => absolute.spots(pages, default_size).map(Some),
            Self::CrossPage(cross_page) => {
                let slices = cross_page.slices(pages, default_size)?;
                Ok(Some(slices.into_iter().map(|slice| slice.spot).collect()))
            }
            Self::Field(_) | Self::Keyword(_) => Ok(None),
        }
    }
}

impl From<Absolute> for Location {
    fn from(absolute: Absolute) -> Self {
        Self::Absolute(absolute)
    }
}

impl From<FieldName> for Location {
    fn from(name: FieldName) -> Self {
        Self::Field(name)
    }
}

impl From<Keyword> for Location {
    fn from(keyword: Keyword) -> Self {
        Self::Keyword(keyword)
    }
}

impl From<CrossPage> for Location {
    fn from(cross_page: CrossPage) -> Self {
        Self::CrossPage(cross_page)
    }
}

/// The full name of a field of the document's form (ISO 32000-2 §12.7.4.2). One field may have
/// several widgets, hence several rectangles.
///
/// ```
/// use sealwright::contract::FieldName;
/// assert_eq!(FieldName::new("party_a.seal")?.as_str(), "party_a.seal");
/// assert_eq!(FieldName::new("").unwrap_err().code(), "ctl.field_not_found");
/// # Ok::<(), sealwright::contract::ControlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "FieldFields", into = "FieldFields")]
pub struct FieldName(String);

impl FieldName {
    /// A name of 1 to 1000 characters.
    ///
    /// # Errors
    ///
    /// [`ControlError::FieldNotFound`]: no field can have such a name.
    pub fn new(name: impl Into<String>) -> Result<Self, ControlError> {
        let name = name.into();
        if name.is_empty() || name.chars().count() > MOST_FIELD_NAME {
            return Err(ControlError::FieldNotFound);
        }
        Ok(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `{"name": …}`: a tagged enumeration cannot hold a bare string.
#[derive(Serialize, Deserialize)]
struct FieldFields {
    name: String,
}

impl From<FieldName> for FieldFields {
    fn from(name: FieldName) -> Self {
        Self { name: name.0 }
    }
}

impl TryFrom<FieldFields> for FieldName {
    type Error = ControlError;

    fn try_from(fields: FieldFields) -> Result<Self, ControlError> {
        Self::new(fields.name)
    }
}

/// One rectangle on one page, in the visual frame: what a location comes to. Frozen at start; later
/// stages never search again (§2.6).
///
/// ```
/// use sealwright::contract::Spot;
/// use sealwright::geometry::{Mm, PageNumber, Rect};
/// let rect = Rect::new(Mm(130.0), Mm(220.0), Mm(42.0), Mm(42.0))?;
/// let spot = Spot { page: PageNumber::new(3)?, rect };
/// assert!(spot.overlaps(&spot));
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Spot {
    /// The page.
    pub page: PageNumber,
    /// The rectangle on it as displayed, in thousandths of a point.
    pub rect: Rect,
}

impl Spot {
    /// Whether two spots cover common ground; touching is not covering.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let (a, b) = (&self.rect, &other.rect);
        self.page == other.page
            && a.x() < b.right()
            && b.x() < a.right()
            && a.y() < b.bottom()
            && b.y() < a.bottom()
    }

    /// Whether it is a rectangle that can be seen and that lies on a page of the document
    /// (R-CTL-02…04).
    ///
    /// # Errors
    ///
    /// [`ControlError::PageOutOfRange`], [`ControlError::Degenerate`], [`ControlError::OutOfPage`].
    pub fn check(&self, pages: &[PageGeometry]) -> Result<(), ControlError> {
        let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
        let index = usize::try_from(self.page.pages_before()).unwrap_or(usize::MAX);
        let geometry = pages
            .get(index)
            .ok_or(ControlError::PageOutOfRange { page: self.page.into(), count })?;
        if self.rect.size().is_empty() {
            return Err(ControlError::Degenerate { page: self.page, size: self.rect.size() });
        }
        match self.rect.overshoot(geometry.visual_size()) {
            None => Ok(()),
            Some(by) => {
                Err(ControlError::OutOfPage { page: self.page, by, size: geometry.visual_size() })
            }
        }
    }
}

/// The geometry of the pages of a set, each with its number.
fn geometries<'p>(
    set: &PageSet,
    pages: &'p [PageGeometry],
) -> Result<Vec<(PageNumber, &'p PageGeometry)>, ControlError> {
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    let numbers = set.resolve(count)?.into_iter();
    // Resolved numbers exist; what does not is left out rather than counted wrong.
    let at = |page: PageNumber| pages.get(usize::try_from(page.pages_before()).ok()?);
    Ok(numbers.filter_map(|page| Some((page, at(page)?))).collect())
}
