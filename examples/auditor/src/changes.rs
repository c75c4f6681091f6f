//! What was changed, page by page, and where on them.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::geometry::PdfRect;
use sealwright::pdf::Revision;
use sealwright::report::{Change, ModificationLevel, Report};

use crate::picture::Area;

/// More marks than these are no help on one page.
pub const MOST_MARKS: usize = 60;

/// What one revision changed after somebody had signed.
pub struct ChangedRevision<'r> {
    /// Its number, from 1.
    pub number: u64,
    /// The signatures that were there before.
    pub signed_before: Vec<u64>,
    /// The pages that are known to be changed, in their order.
    pub pages: BTreeMap<u32, Vec<Mark<'r>>>,
    /// What was changed on no page, or on one that is not known.
    pub elsewhere: Vec<&'r Change>,
}

/// A place on a page that was changed, with everything that was changed there.
pub struct Mark<'r> {
    /// Its number on this page, from 1.
    pub number: usize,
    /// Where it is; none if that is not known.
    pub area: Option<Area>,
    /// Whether nothing permits it.
    pub forbidden: bool,
    /// What was changed.
    pub changes: Vec<&'r Change>,
}

impl ChangedRevision<'_> {
    /// Whether something in it is forbidden.
    pub fn is_forbidden(&self) -> bool {
        let mut marks = self.pages.values().flatten();
        marks.any(|mark| mark.forbidden) || self.elsewhere.iter().any(|one| is_forbidden(one))
    }

    /// Whether nothing is known of what it changed.
    pub fn is_unexplained(&self) -> bool {
        self.pages.is_empty() && self.elsewhere.is_empty()
    }

    /// Whether something is forbidden on one page.
    pub fn is_forbidden_on(&self, page: u32) -> bool {
        self.pages.get(&page).is_some_and(|marks| marks.iter().any(|mark| mark.forbidden))
    }
}

/// Whether nothing permits a change.
pub fn is_forbidden(change: &Change) -> bool {
    change.level == ModificationLevel::Forbidden
}

/// Everything that was changed after the first signature, oldest revision first. What one signature
/// forbids is forbidden, whatever others permit.
pub fn changed<'r>(
    report: &'r Report,
    view: impl Fn(u64) -> Option<Revision<'r>>,
) -> Vec<ChangedRevision<'r>> {
    let mut worst: BTreeMap<Key, &Change> = BTreeMap::new();
    let mut revisions: BTreeSet<u64> = BTreeSet::new();
    for signature in &report.signatures {
        for change in &signature.modification.changes {
            revisions.insert(change.revision);
            let known = worst.entry(key(change)).or_insert(change);
            if change.level > known.level {
                *known = change;
            }
        }
        // What cannot be listed may still be seen.
        if let Some(covered) = signature.coverage.revision
            && signature.modification.level == ModificationLevel::Forbidden
            && signature.modification.changes.is_empty()
        {
            revisions.extend(covered.saturating_add(1)..=report.file.revisions);
        }
    }
    revisions.into_iter().map(|number| one(report, number, &worst, view(number))).collect()
}

/// What makes two changes one: revision, object, kind, page and rectangle.
type Key = (u64, Option<String>, String, Option<u32>, Option<[u64; 4]>);

fn key(change: &Change) -> Key {
    let rect = change.rect.map(|rect| rect.map(f64::to_bits));
    let kind = format!("{:?}", change.kind);
    (change.revision, change.object.clone(), kind, change.page, rect)
}

fn one<'r>(
    report: &'r Report,
    number: u64,
    worst: &BTreeMap<Key, &'r Change>,
    view: Option<Revision<'r>>,
) -> ChangedRevision<'r> {
    let earlier = report.signatures.iter();
    let earlier = earlier.filter(|one| one.coverage.revision.is_some_and(|last| last < number));
    let mut changed = ChangedRevision {
        number,
        signed_before: earlier.map(|signature| signature.index).collect(),
        pages: BTreeMap::new(),
        elsewhere: Vec::new(),
    };
    let mut pages: BTreeMap<u32, Vec<&Change>> = BTreeMap::new();
    for change in worst.values().filter(|change| change.revision == number) {
        match change.page {
            Some(page) => pages.entry(page).or_default().push(change),
            None => changed.elsewhere.push(change),
        }
    }
    for (page, changes) in pages {
        let area = |rect| view.and_then(|view| area_on(&view, page, rect));
        changed.pages.insert(page, marks(&changes, area));
    }
    changed.elsewhere.sort_by_key(|change| !is_forbidden(change));
    changed
}

/// What was changed in one place is one mark; forbidden ones come first.
fn marks<'r>(changes: &[&'r Change], area: impl Fn([f64; 4]) -> Option<Area>) -> Vec<Mark<'r>> {
    let mut marks: Vec<Mark<'r>> = Vec::new();
    let (forbidden, allowed): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|one| is_forbidden(one));
    for change in forbidden.into_iter().chain(allowed) {
        let (place, forbidden) = (change.rect.and_then(&area), is_forbidden(change));
        let same = |mark: &Mark<'_>| mark.area == place && mark.forbidden == forbidden;
        match marks.iter().position(same) {
            Some(known) => marks[known].changes.push(change),
            None if marks.len() < MOST_MARKS => {
                marks.push(Mark { number: 0, area: place, forbidden, changes: vec![change] });
            }
            // The last one takes what is too much.
            None => {
                if let Some(last) = marks.last_mut() {
                    last.forbidden |= forbidden;
                    last.changes.push(change);
                }
            }
        }
    }
    marks.sort_by_key(|mark| (!mark.forbidden, mark.area.is_none()));
    for (mark, number) in marks.iter_mut().zip(1..) {
        mark.number = number;
    }
    marks
}

/// Where a rectangle of a page's user space is seen.
pub fn area_on(view: &Revision<'_>, page: u32, rect: [f64; 4]) -> Option<Area> {
    let geometry = view.page_geometry(&view.page(page).ok()?).ok()?;
    let seen = geometry.to_visual(&PdfRect::from_corners(rect).ok()?);
    let size = geometry.visual_size();
    let share = |part: i64, all: i64| part as f64 / all.max(1) as f64;
    let (width, height) = (size.width().thousandths(), size.height().thousandths());
    let area = Area {
        left: share(seen.x().thousandths(), width),
        top: share(seen.y().thousandths(), height),
        right: share(seen.right().thousandths(), width),
        bottom: share(seen.bottom().thousandths(), height),
    };
    area.on_page()
}

#[cfg(test)]
mod tests {
    use sealwright::report::ChangeKind;

    use super::*;

    fn change(object: &str, page: Option<u32>, level: ModificationLevel) -> Change {
        let json = serde_json::json!({
            "revision": 2, "object": object, "kind": ChangeKind::FormField, "level": level,
            "rule": null, "page": page, "rect": [10.0, 10.0, 20.0, 20.0],
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn one_place_is_one_mark_unless_half_of_it_is_forbidden() {
        let (form, forbidden) = (ModificationLevel::Form, ModificationLevel::Forbidden);
        let changes = [
            change("1 0", Some(1), form),
            change("2 0", Some(1), form),
            change("3 0", Some(1), forbidden),
        ];
        let marks = marks(&changes.iter().collect::<Vec<_>>(), |_| Some(Area::WHOLE));
        let seen: Vec<_> =
            marks.iter().map(|mark| (mark.number, mark.forbidden, mark.changes.len())).collect();
        assert_eq!(seen, [(1, true, 1), (2, false, 2)]);
    }

    #[test]
    fn marks_are_counted_and_what_is_too_much_is_not_lost() {
        let all: Vec<_> = (0..500)
            .map(|number| change(&format!("{number} 0"), Some(1), ModificationLevel::Form))
            .collect();
        let places = std::cell::Cell::new(0.0);
        let area = |_| {
            places.set(places.get() + 0.001);
            Some(Area { left: places.get(), ..Area::WHOLE })
        };
        let marks = marks(&all.iter().collect::<Vec<_>>(), area);
        assert_eq!(marks.len(), MOST_MARKS);
        assert_eq!(marks.iter().map(|mark| mark.changes.len()).sum::<usize>(), 500);
    }
}
