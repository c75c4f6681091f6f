//! Where the rectangles of all controls lie: how many there may be, and which sign controls of
//! different owners cover each other (R-CTL-13).

use std::collections::{BTreeMap, BTreeSet};

use super::super::control::{Control, Owner};
use super::super::error::Error;
use super::super::location::Spot;
use super::super::state::Contract;
use super::super::warning::Warning;
use crate::geometry::{PageNumber, Rect};
use crate::identity::DocumentId;

/// In how many warnings one control is named at most: what lies all over a page would otherwise
/// bring one for each pair.
const MOST_PER_CONTROL: u32 = 16;

/// A control, by its place in a list, and its rectangles.
type Placed<'a> = (&'a Control, Vec<Spot>);

/// The rectangle of a sign control on some page.
struct Seen<'a> {
    /// The control's place in the list.
    place: usize,
    owner: &'a Owner,
    rect: &'a Rect,
}

/// The rectangles of the sign controls, page by page.
pub(super) struct Pages<'a> {
    placed: &'a [Placed<'a>],
    pages: BTreeMap<(&'a DocumentId, PageNumber), Vec<Seen<'a>>>,
}

impl<'a> Pages<'a> {
    pub(super) fn of(placed: &'a [Placed<'a>]) -> Self {
        let mut pages: BTreeMap<_, Vec<Seen<'a>>> = BTreeMap::new();
        for (place, (control, spots)) in placed.iter().enumerate() {
            for spot in spots.iter().filter(|_| control.kind().is_sign()) {
                let seen = Seen { place, owner: control.owner(), rect: &spot.rect };
                pages.entry((&control.key().document, spot.page)).or_default().push(seen);
            }
        }
        Self { placed, pages }
    }

    /// That no page is so crowded that nobody could compare what lies on it.
    pub(super) fn check(&self) -> Result<(), Error> {
        let crowd = self.pages.values().map(Vec::len).max().unwrap_or(0);
        Error::check_setting("sign_spots_on_a_page", crowd, 0, Contract::MOST_SPOTS_ON_A_PAGE)
    }

    /// One warning for each pair of sign controls of different owners that cover common ground. A
    /// seal over the same owner's date or name is normal practice.
    ///
    /// On each page what is swept over from the left is compared with what begins before it ends; with
    /// a control that has its warnings nothing is compared any more.
    pub(super) fn overlaps(mut self) -> Vec<Warning> {
        let mut found = Found { pairs: BTreeSet::new(), named: vec![0; self.placed.len()] };
        for seen in self.pages.values_mut() {
            seen.sort_by_key(|seen| seen.rect.x());
            let mut rest = seen.as_slice();
            while let Some((first, later)) = rest.split_first() {
                found.compare(first, later);
                rest = later;
            }
        }
        let key = |place: usize| self.placed.get(place).map(|(control, _)| control.key().clone());
        let warnings = found.pairs.into_iter().filter_map(|(first, second)| {
            Some(Warning::ControlOverlap { first: key(first)?, second: key(second)? })
        });
        warnings.collect()
    }
}

/// What was found so far.
struct Found {
    /// By their places, the smaller one first.
    pairs: BTreeSet<(usize, usize)>,
    /// In how many of them each control is named.
    named: Vec<u32>,
}

impl Found {
    /// Compares a rectangle with those that begin right of its left edge.
    fn compare(&mut self, first: &Seen<'_>, later: &[Seen<'_>]) {
        let (top, right, bottom) = (first.rect.y(), first.rect.right(), first.rect.bottom());
        for other in later.iter().take_while(|other| other.rect.x() < right) {
            if !self.has_room(first.place) {
                return;
            }
            let apart = other.rect.y() >= bottom || other.rect.bottom() <= top;
            if !apart && other.owner != first.owner && self.has_room(other.place) {
                self.add(first.place, other.place);
            }
        }
    }

    fn has_room(&self, control: usize) -> bool {
        self.named.get(control).is_some_and(|count| *count < MOST_PER_CONTROL)
    }

    fn add(&mut self, one: usize, other: usize) {
        if self.pairs.insert((one.min(other), one.max(other))) {
            for control in [one, other] {
                if let Some(count) = self.named.get_mut(control) {
                    *count = count.saturating_add(1);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::samples::{control, key};
    use super::super::super::{ControlKind, SealMark};
    use super::*;
    use crate::geometry::Pt;

    fn spot(page: u32, [x, y, width, height]: [f64; 4]) -> Spot {
        let rect = Rect::new(Pt(x), Pt(y), Pt(width), Pt(height)).unwrap();
        Spot { page: PageNumber::new(page).unwrap(), rect }
    }

    /// Seal controls `c0`, `c1`, … of these slots.
    fn seals(slots: impl IntoIterator<Item = usize>) -> Vec<Control> {
        let kind = || ControlKind::Seal(SealMark::default());
        let seal = |(number, slot): (usize, usize)| {
            control(&format!("c{number}"), kind(), &format!("s{slot}"), 0.0)
        };
        slots.into_iter().enumerate().map(seal).collect()
    }

    fn named(warnings: &[Warning]) -> Vec<(String, String)> {
        let names = warnings.iter().map(|warning| match warning {
            Warning::ControlOverlap { first, second } => {
                (first.control.to_string(), second.control.to_string())
            }
            other => panic!("{other:?}"),
        });
        names.collect()
    }

    #[test]
    fn r_ctl_13_finds_what_comparing_all_with_all_finds() {
        let mut state = 7_u64;
        let mut below = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
            (state >> 33) % bound
        };
        for _ in 0..200 {
            let number = 2 + below(12) as usize;
            let controls = seals((0..number).map(|_| below(3) as usize));
            let mut rect = || [below(400), below(600), 1 + below(190), 1 + below(190)];
            let spots: Vec<Vec<Spot>> = (0..number)
                .map(|at| (0..=at % 3).map(|_| spot(1, rect().map(|it| it as f64))).collect())
                .collect();
            let placed: Vec<_> = controls.iter().zip(spots).collect();
            let mut expected = Vec::new();
            for (at, (one, spots)) in placed.iter().enumerate() {
                for (other, others) in &placed[at + 1..] {
                    let mut pairs = spots.iter().flat_map(|a| others.iter().map(move |b| (a, b)));
                    if one.owner() != other.owner() && pairs.any(|(a, b)| a.overlaps(b)) {
                        let name = |it: &Control| it.key().control.to_string();
                        expected.push((name(one), name(other)));
                    }
                }
            }
            assert_eq!(named(&Pages::of(&placed).overlaps()), expected);
        }
    }

    #[test]
    fn r_ctl_13_edges_that_touch_and_other_pages_and_documents_are_apart() {
        let controls = seals([0, 1, 2, 3]);
        let elsewhere = Control::new(
            crate::contract::ControlKey::new("doc_2".parse().unwrap(), key("c4").control),
            ControlKind::Seal(SealMark::default()),
            Owner::Slot("s4".parse().unwrap()),
            crate::contract::samples::last_page(0.0),
        );
        let here = [100.0, 100.0, 50.0, 50.0];
        let placed = vec![
            (&controls[0], vec![spot(1, here)]),
            (&controls[1], vec![spot(1, [150.0, 100.0, 50.0, 50.0])]),
            (&controls[2], vec![spot(1, [100.0, 150.0, 50.0, 50.0])]),
            (&controls[3], vec![spot(2, here)]),
            (&elsewhere, vec![spot(1, here)]),
        ];
        assert!(Pages::of(&placed).overlaps().is_empty());
    }

    #[test]
    fn r_ctl_13_a_heap_of_controls_names_each_at_most_sixteen_times() {
        let controls = seals((0..120).map(|number| number % 4));
        let placed: Vec<_> = controls
            .iter()
            .map(|control| (control, vec![spot(1, [100.0, 100.0, 50.0, 50.0])]))
            .collect();
        let warnings = named(&Pages::of(&placed).overlaps());
        let mut count = BTreeMap::new();
        for name in warnings.iter().flat_map(|(first, second)| [first, second]) {
            *count.entry(name).or_insert(0) += 1;
        }
        assert_eq!(count.len(), 120, "each of them is named");
        assert!(count.values().all(|count| *count <= MOST_PER_CONTROL));
    }
}
