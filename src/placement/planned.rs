//! The parts of a plan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Placed;
use crate::contract::{
    Absolute, ControlKey, CrossPage, Edge, Extent, Location, Owner, PageRange, PageSet, Point,
    Slice, Spot,
};
use crate::digest::Digest;
use crate::geometry::{MilliPoints, PageGeometry, PageNumber, Rect, Size};
use crate::identity::DocumentId;

/// A document as the plan knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDocument {
    pub(super) id: DocumentId,
    pub(super) digest: Digest,
    pub(super) page_count: u32,
    pub(super) pages: BTreeMap<PageNumber, PageGeometry>,
}

/// A control and its rectangles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedControl {
    pub(super) key: ControlKey,
    pub(super) owner: Owner,
    pub(super) kind: String,
    pub(super) mode: String,
    pub(super) boxes: Vec<PlannedBox>,
}

/// One rectangle of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedBox {
    pub(super) placed: Placed,
    pub(super) slice: Option<SealSlice>,
}

/// Which part of a cross-page seal (骑缝章) a rectangle shows (§5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealSlice {
    /// Which of the seals it is part of, from 0: many pages need several.
    pub seal: u32,
    /// The edge it lies at: at the sides the seal is cut from left to right, at top and bottom from
    /// top to bottom.
    pub edge: Edge,
    /// Where the slice begins in the seal, from its left or its top.
    pub from: MilliPoints,
    /// Where it ends.
    pub to: MilliPoints,
    /// How large the whole seal is.
    pub whole: Size,
}

impl PlannedDocument {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &DocumentId {
        &self.id
    }

    /// The digest of the bytes as they were attached: what everything later is appended to.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// How many pages it has.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        self.page_count
    }

    /// A page that a control stands on.
    #[must_use]
    pub fn page(&self, number: PageNumber) -> Option<&PageGeometry> {
        self.pages.get(&number)
    }
}

impl PlannedControl {
    /// Its document and its id.
    #[must_use]
    pub fn key(&self) -> &ControlKey {
        &self.key
    }

    /// Who completes it.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The stable name of its kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// How it was found: `absolute`, `field`, `keyword` or `cross_page`.
    #[must_use]
    pub fn mode(&self) -> &str {
        &self.mode
    }

    /// Its rectangles.
    #[must_use]
    pub fn boxes(&self) -> &[PlannedBox] {
        &self.boxes
    }

    /// Its rectangles as the contract keeps them.
    #[must_use]
    pub fn spots(&self) -> Vec<Spot> {
        self.boxes.iter().map(PlannedBox::spot).collect()
    }

    /// Its place as plain coordinates, for another contract on a document of the same pages: one
    /// location for each rectangle that differs, with all the pages that have it; several where these
    /// are more ranges than a set may list ([`PageSet::MOST_RANGES`]). Empty for a cross-page seal,
    /// whose slices are no places of their own: its own location is what to copy.
    #[must_use]
    pub fn locations(&self) -> Vec<Location> {
        let mut known: HashMap<Rect, usize> = HashMap::new();
        let mut places: Vec<(Rect, BTreeSet<PageNumber>)> = Vec::new();
        for found in self.boxes.iter().filter(|found| found.slice.is_none()) {
            let rect = found.placed.rect();
            let place = *known.entry(rect).or_insert(places.len());
            if place == places.len() {
                places.push((rect, BTreeSet::new()));
            }
            if let Some((_, pages)) = places.get_mut(place) {
                pages.insert(found.placed.page());
            }
        }
        let mut locations = Vec::with_capacity(places.len());
        for (rect, pages) in places {
            let at = Point::at(rect.x(), rect.y());
            let size = Extent::new(rect.width(), rect.height());
            let (Ok(at), Ok(size)) = (at, size) else { continue };
            for ranges in joined(&pages).chunks(PageSet::MOST_RANGES) {
                let pages = PageSet::Ranges(ranges.to_vec());
                locations.push(Absolute::new(pages, at).sized(size).into());
            }
        }
        locations
    }
}

impl SealSlice {
    /// Whether the seal is cut from left to right, as it is at the sides of a page.
    #[must_use]
    pub fn is_upright_cut(&self) -> bool {
        matches!(self.edge, Edge::Left | Edge::Right)
    }

    /// The slices that these rectangles show of a seal of this size, applied again where it ends;
    /// `None` unless they tile it exactly. No rectangle is of no seal.
    pub(super) fn tiling(edge: Edge, whole: Size, spots: &[Spot]) -> Option<Vec<Self>> {
        let cut = |size: Size| match edge {
            Edge::Left | Edge::Right => (size.width(), size.height()),
            Edge::Top | Edge::Bottom => (size.height(), size.width()),
        };
        let (length, across) = cut(whole);
        let mut slices = Vec::with_capacity(spots.len());
        let (mut seal, mut from) = (0_u32, MilliPoints::ZERO);
        for spot in spots {
            let (thickness, own) = cut(spot.rect.size());
            let to = from.thousandths().checked_add(thickness.thousandths())?;
            let to = MilliPoints::new(to).ok()?;
            if thickness <= MilliPoints::ZERO || to > length || own != across {
                return None;
            }
            slices.push(Self { seal, edge, from, to, whole });
            (seal, from) =
                if to == length { (seal.checked_add(1)?, MilliPoints::ZERO) } else { (seal, to) };
        }
        (from == MilliPoints::ZERO).then_some(slices)
    }

    /// A slice of a seal of this size.
    pub(super) fn of(slice: &Slice, location: &CrossPage, whole: Size) -> Self {
        let Slice { seal, from, to, .. } = *slice;
        Self { seal, edge: location.over_edge(), from, to, whole }
    }
}

impl PlannedBox {
    /// Where it is, in both frames.
    #[must_use]
    pub fn placed(&self) -> &Placed {
        &self.placed
    }

    /// Where it is, as the contract keeps it.
    #[must_use]
    pub fn spot(&self) -> Spot {
        Spot { page: self.placed.page(), rect: self.placed.rect() }
    }

    /// Which part of a cross-page seal it shows; `None` for a whole control.
    #[must_use]
    pub fn slice(&self) -> Option<&SealSlice> {
        self.slice.as_ref()
    }
}

/// Pages that follow each other, as ranges.
fn joined(pages: &BTreeSet<PageNumber>) -> Vec<PageRange> {
    let mut runs: Vec<(PageNumber, PageNumber)> = Vec::new();
    for page in pages {
        match runs.last_mut() {
            Some((_, last)) if last.get().checked_add(1) == Some(page.get()) => *last = *page,
            _ => runs.push((*page, *page)),
        }
    }
    runs.into_iter().map(|(first, last)| PageRange::new(first.into(), last.into())).collect()
}
