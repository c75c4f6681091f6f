//! Whether a widget is where somebody sees it: listed by a page of the document, inside what that page
//! shows, and not too small.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::geometry::{MilliPoints, PageGeometry, PdfRect};
use crate::pdf::{Error, Object, ObjectId, Page, Revision};

/// The least side of a picture that somebody sees: a millimetre, in thousandths of points.
const LEAST_SIDE: i64 = 2_834;
/// By how much a widget may leave its page, in thousandths of points.
const EDGE: i64 = 1_000;
/// So many pages of one file are looked at.
const MOST_PAGES: u32 = 1_000_000;
/// So many pages are looked up one by one; more are found by going through all of them.
const MOST_LOOKED_UP: usize = 64;

/// A widget that would show something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// `/Rect`: two corners.
    pub(super) rect: [f64; 4],
    /// The page that it says it is on.
    pub(super) page: Option<ObjectId>,
    /// The shorter side of what it shows, in user space units.
    pub(super) least: f64,
}

/// Looks for widgets on pages, and not for ever.
pub(super) struct Pages {
    left: u32,
}

/// Why a walk over pages ends early.
enum Stop {
    AllSeen,
    Unreadable,
}

impl From<Error> for Stop {
    fn from(_: Error) -> Self {
        Self::Unreadable
    }
}

impl Pages {
    pub(super) fn new() -> Self {
        Self { left: MOST_PAGES }
    }

    /// Those of the widgets that somebody sees in a revision; none if its pages cannot be read.
    pub(super) fn seen(
        &mut self,
        view: Revision<'_>,
        widgets: &HashMap<ObjectId, Extent>,
    ) -> HashSet<ObjectId> {
        let mut seen = HashSet::new();
        if widgets.is_empty() {
            return seen;
        }
        look_up(view, widgets, &mut seen);
        if seen.len() == widgets.len() {
            return seen;
        }
        let walk = view.each_page(|page| {
            self.left = self.left.checked_sub(1).ok_or(Stop::Unreadable)?;
            look(view, &page, widgets, &mut seen)?;
            if seen.len() == widgets.len() { Err(Stop::AllSeen) } else { Ok(()) }
        });
        match walk {
            Ok(()) | Err(Stop::AllSeen) => seen,
            Err(Stop::Unreadable) => HashSet::new(),
        }
    }
}

/// Adds those that are on the pages they name, if these are pages of the document.
fn look_up(view: Revision<'_>, widgets: &HashMap<ObjectId, Extent>, seen: &mut HashSet<ObjectId>) {
    let named: BTreeSet<ObjectId> = widgets.values().filter_map(|extent| extent.page).collect();
    if named.len() > MOST_LOOKED_UP {
        return;
    }
    for id in named {
        // A tree that is damaged here is gone through from its root.
        let Ok(Some(number)) = view.page_number_of(id) else { return };
        let Ok(page) = view.page(number) else { return };
        if page.id() != id || look(view, &page, widgets, seen).is_err() {
            return;
        }
    }
}

/// Adds those that are on one page.
fn look(
    view: Revision<'_>,
    page: &Page,
    widgets: &HashMap<ObjectId, Extent>,
    seen: &mut HashSet<ObjectId>,
) -> Result<(), Error> {
    let annotations = view.lookup(page.dictionary(), b"Annots")?;
    let annotations = annotations.as_deref().and_then(Object::as_array).unwrap_or(&[]);
    let listed = annotations.iter().filter_map(|annotation| annotation.value.as_reference());
    let mut geometry = None;
    for id in listed {
        let Some(extent) = widgets.get(&id) else { continue };
        let geometry = match geometry {
            Some(known) => known,
            None => *geometry.insert(view.page_geometry(page)?),
        };
        if extent.is_seen_on(&geometry) {
            seen.insert(id);
        }
    }
    Ok(())
}

impl Extent {
    fn is_seen_on(&self, page: &PageGeometry) -> bool {
        let [x, y, ..] = self.rect;
        let corners = [self.rect, [x, y, x + self.least, y + self.least]];
        let [Ok(rect), Ok(least)] = corners.map(PdfRect::from_corners) else { return false };
        let (rect, least, size) =
            (page.to_visual(&rect), page.to_visual(&least), page.visual_size());
        let inside = |from: MilliPoints, to: MilliPoints, end: MilliPoints| {
            from.thousandths() >= -EDGE && to.thousandths() <= end.thousandths() + EDGE
        };
        inside(rect.x(), rect.right(), size.width())
            && inside(rect.y(), rect.bottom(), size.height())
            && least.width().thousandths() >= LEAST_SIDE
    }
}
