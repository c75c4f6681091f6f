//! R-CTL-13: sign controls of different owners that cover each other.

use std::collections::BTreeSet;

use super::super::control::Control;
use super::super::location::Spot;
use super::super::warning::Warning;
use crate::geometry::MilliPoints;

/// In how many warnings one control is named at most: what lies all over a page would otherwise
/// bring one for each pair.
const MOST_PER_CONTROL: u32 = 16;

/// One warning for each pair of sign controls of different owners that cover common ground. A seal
/// over the same owner's date or name is normal practice.
///
/// Spots are sorted by document, page and left edge, so that only neighbours are compared, and
/// nothing is compared any more with a control that has its warnings.
pub(super) fn overlaps(placed: &[(&Control, Vec<Spot>)]) -> Vec<Warning> {
    let mut spots: Vec<(usize, &Control, &Spot)> = placed
        .iter()
        .enumerate()
        .filter(|(_, (control, _))| control.kind().is_sign())
        .flat_map(|(place, (control, spots))| spots.iter().map(move |spot| (place, *control, spot)))
        .collect();
    spots.sort_by(|(_, a, x), (_, b, y)| {
        let (a, b) = (&a.key().document, &b.key().document);
        a.cmp(b).then(x.page.cmp(&y.page)).then(x.rect.x().cmp(&y.rect.x()))
    });
    let mut pairs = BTreeSet::new();
    let mut named = vec![0_u32; placed.len()];
    for (index, (place, control, spot)) in spots.iter().enumerate() {
        if count_of(&named, *place) >= MOST_PER_CONTROL {
            continue;
        }
        let right: MilliPoints = spot.rect.right();
        let later = spots.iter().skip(index.saturating_add(1)).take_while(|(_, other, next)| {
            next.page == spot.page
                && next.rect.x() < right
                && other.key().document == control.key().document
        });
        for (other_place, other, other_spot) in later {
            if control.owner() == other.owner() || !spot.overlaps(other_spot) {
                continue;
            }
            let pair = (*place.min(other_place), *place.max(other_place));
            if count_of(&named, pair.0) < MOST_PER_CONTROL
                && count_of(&named, pair.1) < MOST_PER_CONTROL
                && pairs.insert(pair)
            {
                for at in [pair.0, pair.1] {
                    if let Some(count) = named.get_mut(at) {
                        *count += 1;
                    }
                }
                if count_of(&named, *place) >= MOST_PER_CONTROL {
                    break;
                }
            }
        }
    }
    let key = |place: usize| placed.get(place).map(|(control, _)| control.key().clone());
    let warnings = pairs.into_iter().filter_map(|(first, second)| {
        Some(Warning::ControlOverlap { first: key(first)?, second: key(second)? })
    });
    warnings.collect()
}

/// In how many warnings a control is named so far.
fn count_of(named: &[u32], control: usize) -> u32 {
    named.get(control).copied().unwrap_or(MOST_PER_CONTROL)
}
