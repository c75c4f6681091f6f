//! One seal over the edges of several pages (骑缝章, §5.4): fan the sheets and it appears.

use serde::{Deserialize, Serialize};

use super::super::control::ControlError;
use super::{Measure, PageLength, PageSet, Spot, geometries};
use crate::geometry::{Length, MilliPoints, PageGeometry, PageNumber, Rect, Size};

/// Where the seal is cut off: the edge of the page as displayed.
///
/// ```
/// assert_eq!(sealwright::contract::Edge::default(), sealwright::contract::Edge::Right);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edge {
    /// The right edge.
    #[default]
    Right,
    /// The left edge.
    Left,
    /// The top edge.
    Top,
    /// The bottom edge.
    Bottom,
}

/// How a seal is cut into slices that tile it exactly.
///
/// ```
/// use sealwright::contract::Cut;
/// assert_eq!(Cut::Equal.points(472, 5), Some(vec![0, 94, 188, 283, 377, 472]));
/// assert_eq!(Cut::Equal.points(3, 5), None); // a slice would be nothing
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// All slices alike.
    #[default]
    Equal,
    /// From three slices on, the first and the last are at least so many thousandths of the seal.
    EndsAtLeast(u16),
}

impl Cut {
    /// Where to cut a seal of `length` units into so many pieces: the ends included, ascending.
    /// `None` if a piece would be nothing.
    #[must_use]
    pub fn points(self, length: u64, pieces: u32) -> Option<Vec<u64>> {
        let (length, pieces) = (u128::from(length), u128::from(pieces));
        let ends = self.ends(length, pieces)?;
        let point = |i: u128| match self {
            Self::EndsAtLeast(_) if pieces > 2 && i > 0 && i < pieces => {
                let inner = length.checked_sub(ends * 2)?;
                Some(ends + (i - 1) * inner / (pieces - 2))
            }
            _ => (i * length).checked_div(pieces),
        };
        let points = (0..=pieces).map(|i| u64::try_from(point(i)?).ok());
        let points = points.collect::<Option<Vec<u64>>>()?;
        let tiles = points.windows(2).all(|pair| matches!(pair, [from, to] if from < to));
        tiles.then_some(points)
    }

    /// The width of the first and of the last slice.
    fn ends(self, length: u128, pieces: u128) -> Option<u128> {
        let share = length.checked_div(pieces)?;
        match self {
            Self::EndsAtLeast(per_mille) if pieces > 2 => {
                Some(share.max((length * u128::from(per_mille)).div_ceil(1000)))
            }
            _ => Some(share),
        }
    }
}

/// What to do where fewer than two pages are left (R-CTL-16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SinglePage {
    /// Refuse.
    #[default]
    Refuse,
    /// Apply no cross-page seal.
    Skip,
}

/// What to do where slices would become too thin (R-CTL-17).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThinSlices {
    /// Apply the seal more often, over fewer pages each.
    #[default]
    MoreSeals,
    /// Refuse.
    Refuse,
}

/// A seal over the edges of pages, and all that can be said about it.
///
/// ```
/// use sealwright::contract::{CrossPage, PageSet};
/// use sealwright::geometry::{Mm, PageGeometry, Size};
/// let a4 = PageGeometry::new([0.0, 0.0, 595.276, 841.89], None, 0, 1.0)?;
/// let seal = Size::new(Mm(42.0), Mm(42.0))?;
/// // Two companies on the same edge keep clear of each other.
/// let ours = CrossPage::staggered(0).slices(&[a4; 3], seal)?;
/// let theirs = CrossPage::staggered(1).slices(&[a4; 3], seal)?;
/// assert_eq!((ours.len(), theirs.len()), (3, 3));
/// assert!(!ours[0].spot.overlaps(&theirs[0].spot));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CrossPage {
    pages: PageSet,
    skip_first: u32,
    skip_last: u32,
    edge: Edge,
    along: Measure,
    cut: Cut,
    most_pages: u32,
    /// In thousandths of a millimetre.
    least_slice: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    size: Option<(MilliPoints, MilliPoints)>,
    single_page: SinglePage,
    thin_slices: ThinSlices,
}

/// One slice of a cross-page seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Where it lies.
    pub spot: Spot,
    /// Which of the seals it is part of, from 0: many pages need several.
    pub seal: u32,
    /// Where it begins in the seal, from the left or from the top, in thousandths of a point.
    pub from: MilliPoints,
    /// Where it ends.
    pub to: MilliPoints,
}

impl CrossPage {
    /// How many pages one seal covers at most, unless told otherwise.
    pub const MOST_PAGES: u32 = 20;
    /// The thinnest slice in thousandths of a millimetre, unless told otherwise.
    pub const LEAST_SLICE: u32 = 2000;

    /// Over the right edge of these pages, in the middle, cut equally.
    #[must_use]
    pub fn over(pages: PageSet) -> Self {
        Self {
            pages,
            skip_first: 0,
            skip_last: 0,
            edge: Edge::default(),
            along: Measure::per_mille(500),
            cut: Cut::default(),
            most_pages: Self::MOST_PAGES,
            least_slice: Self::LEAST_SLICE,
            size: None,
            single_page: SinglePage::default(),
            thin_slices: ThinSlices::default(),
        }
    }

    /// Over the right edge of all pages, where the party of this number (from 0) keeps clear of the
    /// others: 0.35 of the way down, 0.65, then nearer the ends.
    #[must_use]
    pub fn staggered(party: usize) -> Self {
        let along = [350, 650, 50, 950].get(party).copied().unwrap_or(500);
        Self { along: Measure::per_mille(along), ..Self::over(PageSet::All) }
    }

    /// Without the first and the last so many pages of the set.
    #[must_use]
    pub fn skip(self, first: u32, last: u32) -> Self {
        Self { skip_first: first, skip_last: last, ..self }
    }

    /// Over another edge.
    #[must_use]
    pub fn edge(self, edge: Edge) -> Self {
        Self { edge, ..self }
    }

    /// So far along the edge, from the top or from the left: a length, or a share of the room that
    /// the seal leaves.
    ///
    /// # Errors
    ///
    /// As [`Measure::new`].
    pub fn along(self, position: impl Into<PageLength>) -> Result<Self, ControlError> {
        Ok(Self { along: Measure::new(position)?, ..self })
    }

    /// Cut in another way.
    #[must_use]
    pub fn cut(self, cut: Cut) -> Self {
        Self { cut, ..self }
    }

    /// With one seal over at most so many pages.
    #[must_use]
    pub fn most_pages(self, most_pages: u32) -> Self {
        Self { most_pages, ..self }
    }

    /// With slices of at least so many thousandths of a millimetre.
    #[must_use]
    pub fn least_slice(self, micrometres: u32) -> Self {
        Self { least_slice: micrometres, ..self }
    }

    /// In another size than the seal's own; the same on every page.
    ///
    /// # Errors
    ///
    /// [`ControlError::NegativeSize`], [`ControlError::Length`].
    pub fn sized(
        self,
        width: impl Into<Length>,
        height: impl Into<Length>,
    ) -> Result<Self, ControlError> {
        let size = Size::new(width, height)?;
        Ok(Self { size: Some((size.width(), size.height())), ..self })
    }

    /// Otherwise than refusing where fewer than two pages are left.
    #[must_use]
    pub fn single_page(self, policy: SinglePage) -> Self {
        Self { single_page: policy, ..self }
    }

    /// Otherwise than with more seals where slices become too thin.
    #[must_use]
    pub fn thin_slices(self, policy: ThinSlices) -> Self {
        Self { thin_slices: policy, ..self }
    }

    /// The slices on the pages of a document, ascending by page; none where the only page is to be
    /// skipped. The seal is `seal_size` large unless the location says otherwise.
    ///
    /// # Errors
    ///
    /// [`ControlError::PagingNeedsTwoPages`] and [`ControlError::PagingSealsTooShort`] (R-CTL-16),
    /// [`ControlError::PagingSliceTooThin`] (R-CTL-17), and for a slice that leaves its page what [`Spot::check`] says.
    pub fn slices(
        &self,
        pages: &[PageGeometry],
        seal_size: Size,
    ) -> Result<Vec<Slice>, ControlError> {
        let slices = self.unchecked_slices(pages, seal_size)?;
        slices.iter().try_for_each(|slice| slice.spot.check(pages))?;
        Ok(slices)
    }

    /// The same, although a slice may leave its page: for whoever asks [`Spot::check`] of each, so
    /// that what is wrong on one page hides nothing of the others.
    ///
    /// # Errors
    ///
    /// As [`CrossPage::slices`], but for what is said of a single page.
    pub fn unchecked_slices(
        &self,
        pages: &[PageGeometry],
        seal_size: Size,
    ) -> Result<Vec<Slice>, ControlError> {
        let size = self.seal_size(seal_size)?;
        let selected = self.selected(pages)?;
        if selected.len() < 2 && self.single_page == SinglePage::Skip {
            return Ok(Vec::new());
        }
        let groups = self.groups(selected.len(), self.cut_length(size))?;
        let (mut slices, mut rest) = (Vec::with_capacity(selected.len()), selected.as_slice());
        for (seal, length) in (0_u32..).zip(groups) {
            let (group, later) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            rest = later;
            self.slice_group(seal, group, size, &mut slices)?;
        }
        Ok(slices)
    }

    /// How large the whole seal is: the location's own size, or that of the seal.
    ///
    /// # Errors
    ///
    /// [`ControlError::NegativeSize`], which only a forged location has.
    pub fn seal_size(&self, seal: Size) -> Result<Size, ControlError> {
        match self.size {
            Some((width, height)) => Ok(Size::new(width, height)?),
            None => Ok(seal),
        }
    }

    /// Whether it says itself how large the seal is.
    #[must_use]
    pub fn has_own_size(&self) -> bool {
        self.size.is_some()
    }

    pub(super) fn pages(&self) -> &PageSet {
        &self.pages
    }

    /// The edge it lies over.
    #[must_use]
    pub fn over_edge(&self) -> Edge {
        self.edge
    }

    /// How many pages each seal covers: as few seals as `most_pages` and the thinnest slice allow,
    /// sizes that differ by one at most, the larger ones first.
    fn groups(&self, pages: usize, length: MilliPoints) -> Result<Vec<usize>, ControlError> {
        if pages < 2 {
            return Err(ControlError::PagingNeedsTwoPages { pages });
        }
        let most = usize::try_from(self.most_pages).unwrap_or(usize::MAX);
        let mut seals = pages.div_ceil(most.max(1));
        if pages / seals < 2 {
            return Err(ControlError::PagingSealsTooShort { pages, most: self.most_pages });
        }
        // Not so many that one would be left with a single page.
        while pages / seals >= 2 {
            let (least, larger) = (pages / seals, pages % seals);
            if self.is_thick_enough(pages.div_ceil(seals), length) {
                return Ok((0..seals).map(|i| least + usize::from(i < larger)).collect());
            }
            if self.thin_slices == ThinSlices::Refuse {
                return Err(self.too_thin(pages.div_ceil(seals), length));
            }
            seals += 1;
        }
        Err(self.too_thin(pages.div_ceil(seals - 1), length))
    }

    fn too_thin(&self, pages: usize, length: MilliPoints) -> ControlError {
        ControlError::PagingSliceTooThin { pages, length, least_micrometres: self.least_slice }
    }

    /// Compared in exact numbers, forgiving half a thousandth of a point that rounding took: a seal
    /// of 40 mm over 20 pages has slices of exactly 2 mm.
    fn is_thick_enough(&self, pieces: usize, length: MilliPoints) -> bool {
        let least = u128::from(self.least_slice);
        let length = u128::try_from(length.thousandths()).unwrap_or(0);
        let pieces = u128::try_from(pieces).unwrap_or(u128::MAX);
        let Some(ends) = self.cut.ends(length, pieces) else { return false };
        // 72,000 milli-points are 25,400 micrometres.
        let fits = |pieces: u128, length: u128| {
            pieces.saturating_mul(least) * 72_000 <= length * 25_400 + 12_700
        };
        let equal = matches!(self.cut, Cut::Equal) || pieces < 3;
        let middle = length.checked_sub(ends * 2);
        (equal && fits(pieces, length))
            || (!equal && fits(1, ends) && middle.is_some_and(|it| fits(pieces - 2, it)))
    }

    /// The extent that is cut: the width at the sides, the height at top and bottom.
    fn cut_length(&self, size: Size) -> MilliPoints {
        match self.edge {
            Edge::Left | Edge::Right => size.width(),
            Edge::Top | Edge::Bottom => size.height(),
        }
    }

    fn selected<'p>(
        &self,
        pages: &'p [PageGeometry],
    ) -> Result<Vec<(PageNumber, &'p PageGeometry)>, ControlError> {
        let every = geometries(&self.pages, pages)?;
        let first = usize::try_from(self.skip_first).unwrap_or(usize::MAX);
        let last = usize::try_from(self.skip_last).unwrap_or(usize::MAX);
        let kept = every.len().saturating_sub(first).saturating_sub(last);
        Ok(every.into_iter().skip(first).take(kept).collect())
    }

    fn slice_group(
        &self,
        seal: u32,
        group: &[(PageNumber, &PageGeometry)],
        size: Size,
        slices: &mut Vec<Slice>,
    ) -> Result<(), ControlError> {
        let length = self.cut_length(size);
        let too_thin = || self.too_thin(group.len(), length);
        let units = u64::try_from(length.thousandths()).map_err(|_| too_thin())?;
        let pieces = u32::try_from(group.len()).map_err(|_| too_thin())?;
        let points = self.cut.points(units, pieces).ok_or_else(too_thin)?;
        for ((page, geometry), ends) in group.iter().zip(points.windows(2)) {
            let [from, to] = ends else { continue };
            let milli = |value: u64| MilliPoints::new(i64::try_from(value).unwrap_or(i64::MAX));
            let (from, to) = (milli(*from)?, milli(*to)?);
            let thickness = MilliPoints::new(to.thousandths() - from.thousandths())?;
            let rect = self.rect(thickness, size, geometry.visual_size())?;
            slices.push(Slice { spot: Spot { page: *page, rect }, seal, from, to });
        }
        Ok(())
    }

    /// A slice flush to its edge.
    fn rect(&self, thickness: MilliPoints, seal: Size, page: Size) -> Result<Rect, ControlError> {
        let minus =
            |a: MilliPoints, b: MilliPoints| MilliPoints::new(a.thousandths() - b.thousandths());
        let zero = MilliPoints::ZERO;
        Ok(match self.edge {
            Edge::Left | Edge::Right => {
                let y = self.along.on(minus(page.height(), seal.height())?);
                let x =
                    if self.edge == Edge::Left { zero } else { minus(page.width(), thickness)? };
                Rect::new(x, y, thickness, seal.height())?
            }
            Edge::Top | Edge::Bottom => {
                let x = self.along.on(minus(page.width(), seal.width())?);
                let y =
                    if self.edge == Edge::Top { zero } else { minus(page.height(), thickness)? };
                Rect::new(x, y, seal.width(), thickness)?
            }
        })
    }
}
