//! Where changes are: pages by their numbers, rectangles as the file has them and as people see them.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::geometry::{PageGeometry, PdfRect};
use crate::pdf::{Dictionary, ObjectId, Revision};

/// How many pages of changes are looked up by walking the page tree.
const PAGES_LOOKED_UP: usize = 64;

/// Pages, looked up once for all steps, and not for ever more of them: one that is not looked up is
/// unknown, which allows nothing.
#[derive(Default)]
pub(super) struct Pages {
    known: RefCell<HashMap<ObjectId, Option<Known>>>,
}

/// A page of the page tree; its boxes, if they describe one.
#[derive(Clone, Copy)]
struct Known {
    number: u32,
    geometry: Option<PageGeometry>,
}

impl Pages {
    pub(super) fn number(&self, view: &Revision<'_>, page: ObjectId) -> Option<u32> {
        self.known(view, page).map(|known| known.number)
    }

    pub(super) fn geometry(&self, view: &Revision<'_>, page: ObjectId) -> Option<PageGeometry> {
        self.known(view, page)?.geometry
    }

    /// The number of a page, and where a rectangle of the file is seen on it.
    pub(super) fn seen(
        &self,
        view: &Revision<'_>,
        page: Option<ObjectId>,
        rect: Option<[f64; 4]>,
    ) -> (Option<u32>, Option<[f64; 4]>) {
        let Some(known) = page.and_then(|page| self.known(view, page)) else { return (None, None) };
        let seen = || {
            let rect = PdfRect::from_corners(rect?).ok()?;
            let seen = known.geometry?.to_visual(&rect);
            let sides = [seen.x(), seen.y(), seen.right(), seen.bottom()];
            Some(sides.map(|side| units(side.thousandths())))
        };
        (Some(known.number), seen())
    }

    fn known(&self, view: &Revision<'_>, page: ObjectId) -> Option<Known> {
        let mut known = self.known.borrow_mut();
        if known.len() >= PAGES_LOOKED_UP && !known.contains_key(&page) {
            return None;
        }
        let look = || {
            let number = view.page_number_of(page).ok().flatten()?;
            let page = view.page(number).ok()?;
            Some(Known { number, geometry: view.page_geometry(&page).ok() })
        };
        *known.entry(page).or_insert_with(look)
    }
}

/// What is displayed of a page, in user space: left, bottom, right, top.
pub(super) fn visible_box(geometry: &PageGeometry) -> [f64; 4] {
    let seen = geometry.visible_box();
    let sides = [seen.llx(), seen.lly(), seen.urx(), seen.ury()];
    sides.map(|side| units(side.thousandths()))
}

#[expect(clippy::cast_precision_loss, reason = "lengths and coordinates need no more than 53 bits")]
fn units(thousandths: i64) -> f64 {
    thousandths as f64 / 1000.0
}

/// `/Rect` of an annotation, its corners sorted; none if it is empty.
pub(super) fn rectangle(dictionary: &Dictionary) -> Option<[f64; 4]> {
    let corners = dictionary.get(b"Rect")?.as_array()?;
    let mut numbers = corners.iter().map(|corner| corner.value.as_number());
    let mut next = || numbers.next().flatten();
    let (x1, y1, x2, y2) = (next()?, next()?, next()?, next()?);
    let rect = [x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2)];
    (x1 != x2 && y1 != y2).then_some(rect)
}
