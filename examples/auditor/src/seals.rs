//! Where signatures are seen: the widgets of their fields.

use std::collections::{HashMap, HashSet};

use sealwright::pdf::{Error, File, Object, ObjectId, Revision};
use sealwright::report::{Report, SignatureReport};

use crate::changes::area_on;
use crate::picture::Area;

/// So many places of one signature are shown.
pub const MOST_PLACES: usize = 6;
/// So many signatures are shown.
pub const MOST_SIGNATURES: usize = 24;
/// A page is looked for among so many where a widget does not name its own.
const MOST_PAGES: u32 = 2_000;

/// Where signatures are seen, as of the revision in which each was made.
pub struct Place {
    /// The signature, by its index.
    pub signature: u64,
    /// The revision that is meant.
    pub revision: u64,
    /// The page, from 1.
    pub page: u32,
    /// Where on it.
    pub area: Area,
}

/// The places of signatures, and how many are left out.
#[derive(Default)]
pub struct Places {
    /// In the order of signatures and fields.
    pub shown: Vec<Place>,
    /// More places than are shown.
    pub left_out: usize,
}

impl Places {
    /// All that can be found.
    pub fn of(file: &File<'_>, report: &Report) -> Self {
        let mut places = Self::default();
        for signature in report.signatures.iter().take(MOST_SIGNATURES) {
            let latest = report.file.revisions;
            let revision = signature.coverage.revision.unwrap_or(latest);
            let view = usize::try_from(revision).ok().and_then(|number| file.revision(number));
            let Some(view) = view else { continue };
            for (page, area) in places_in(&view, signature, &mut places.left_out) {
                places.shown.push(Place { signature: signature.index, revision, page, area });
            }
        }
        let more = report.signatures.len().saturating_sub(MOST_SIGNATURES);
        places.left_out = places.left_out.saturating_add(more);
        places
    }
}

fn places_in(
    view: &Revision<'_>,
    signature: &SignatureReport,
    left_out: &mut usize,
) -> Vec<(u32, Area)> {
    let fields = view.fields().unwrap_or_default();
    let own = fields.iter().find(|field| field.name == signature.field && field.is_signature());
    let Some(own) = own else { return Vec::new() };
    // Fields that share the value show the same signature.
    let value = own.value.as_ref().and_then(Object::as_reference);
    let shares =
        |id: ObjectId, other: Option<ObjectId>| id == own.id || (value.is_some() && other == value);
    let same = fields
        .iter()
        .filter(|field| shares(field.id, field.value.as_ref().and_then(Object::as_reference)));
    let widgets: Vec<ObjectId> = same.flat_map(|field| field.widgets.iter().copied()).collect();
    let mut places = Vec::new();
    let mut pages = OnPages::default();
    for id in widgets {
        let Some((rect, named)) = rectangle(view, id) else { continue };
        if places.len() >= MOST_PLACES {
            *left_out += 1;
            continue;
        }
        let page = named.and_then(|page| view.page_number_of(page).ok().flatten());
        let Some(page) = page.or_else(|| pages.of(view, id)) else {
            *left_out += 1;
            continue;
        };
        if let Some(area) = area_on(view, page, rect) {
            places.push((page, area));
        }
    }
    places
}

/// Where a widget is, and the page that it names; none if it is nowhere.
fn rectangle(view: &Revision<'_>, id: ObjectId) -> Option<([f64; 4], Option<ObjectId>)> {
    let widget = view.dictionary(id).ok()?;
    let rect = view.lookup(&widget, b"Rect").ok()??;
    let items = rect.as_array()?;
    let mut corners = [0.0; 4];
    if items.len() != corners.len() {
        return None;
    }
    for (corner, item) in corners.iter_mut().zip(items) {
        *corner = view.resolve(&item.value).ok()?.as_number()?;
    }
    let [x0, y0, x1, y1] = corners;
    let seen = (x1 - x0).abs() >= 1.0 && (y1 - y0).abs() >= 1.0;
    seen.then(|| (corners, widget.reference(b"P")))
}

/// The pages that list widgets, found once.
#[derive(Default)]
struct OnPages {
    found: Option<HashMap<ObjectId, u32>>,
}

/// Why a walk over pages ends.
struct Enough;

impl From<Error> for Enough {
    fn from(_: Error) -> Self {
        Self
    }
}

impl OnPages {
    fn of(&mut self, view: &Revision<'_>, widget: ObjectId) -> Option<u32> {
        let found = self.found.get_or_insert_with(|| {
            let mut found = HashMap::new();
            let mut seen = HashSet::new();
            // What cannot be walked has no place to show.
            let _ = view.each_page(|page| {
                if !seen.insert(page.id()) || page.number() > MOST_PAGES {
                    return Err(Enough);
                }
                let annotations = view.lookup(page.dictionary(), b"Annots")?;
                let items = annotations.as_deref().and_then(Object::as_array).unwrap_or_default();
                for id in items.iter().filter_map(|item| item.value.as_reference()) {
                    found.entry(id).or_insert(page.number());
                }
                Ok(())
            });
            found
        });
        found.get(&widget).copied()
    }
}
