//! What is judged of a place once it is known: whether the kind may stand there, whether all that is
//! drawn stays on the page, and who else stands by the same words.

use std::collections::{BTreeMap, BTreeSet};

use super::super::control::{Control, ControlError, ControlKey, ControlKind, ControlProblem};
use super::super::location::{Keyword, Location, Spot};
use super::super::state::Contract;
use super::placements::Placements;
use crate::geometry::{MilliPoints, PageGeometry, Rect, Size};
use crate::identity::DocumentId;

/// Whether a seal in its own size fits its box (R-CTL-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SealFit {
    /// It does, or it takes the size of the box.
    Fits,
    /// It is larger, and stays on the page.
    Larger,
}

impl Control {
    /// Cross-page kinds lie over the edges of pages, others do not.
    pub(crate) fn check_mode(&self) -> Result<(), ControlError> {
        if self.kind().is_paging() == matches!(self.location(), Location::CrossPage(_)) {
            return Ok(());
        }
        let problem = "no place for its kind: cross-page kinds lie over the edges of pages, \
                       others do not";
        Err(ControlError::ValueInvalid { problem })
    }

    /// What is drawn at these spots stays on the page: the parts of a block or of a group, and a seal
    /// in its own size (R-CTL-15), which is drawn around the middle of its box.
    pub(crate) fn check_spots(
        &self,
        spots: &[Spot],
        pages: &[PageGeometry],
        seal: Size,
    ) -> Result<SealFit, ControlError> {
        let parts: Vec<Rect> = match self.kind() {
            ControlKind::ApprovalBlock(block) => {
                block.children().iter().map(|it| it.rect).collect()
            }
            ControlKind::CheckBoxGroup(group) => group.boxes().to_vec(),
            _ => Vec::new(),
        };
        for spot in spots {
            for part in &parts {
                let (x, y) = (sum(spot.rect.x(), part.x())?, sum(spot.rect.y(), part.y())?);
                let rect = Rect::with_size(x, y, part.size())?;
                Spot { page: spot.page, rect }.check(pages)?;
            }
        }
        if !self.kind().uses_seal_size() || self.kind().is_paging() {
            return Ok(SealFit::Fits);
        }
        let mut fit = SealFit::Fits;
        for spot in spots {
            if seal.width() > spot.rect.width() || seal.height() > spot.rect.height() {
                fit = SealFit::Larger;
            }
            let rect = around_the_middle(&spot.rect, seal)?;
            Spot { page: spot.page, rect }.check(pages)?;
        }
        Ok(fit)
    }
}

impl Contract {
    /// R-CTL-21: one match of a keyword, two owners. What the keywords themselves tell, and what was
    /// found where they are written differently, or count from different ends.
    pub(crate) fn keyword_conflicts(&self, placements: &Placements) -> Vec<ControlProblem> {
        let mut conflicts = self.conflicts_of_keywords();
        let known: BTreeSet<_> = conflicts.iter().map(|known| known.control.clone()).collect();
        let owners: BTreeMap<_, _> =
            self.controls.iter().map(|it| (it.key(), it.owner())).collect();
        for control in self.controls.iter().filter(|control| !known.contains(control.key())) {
            let foreign = |other: &&ControlKey| {
                owners.get(other).is_some_and(|owner| *owner != control.owner())
            };
            let other = placements.sharing_with(control.key()).find(foreign);
            conflicts.extend(other.map(|other| {
                let error = ControlError::KeywordOwnerConflict { other: other.clone() };
                error.of(control.key().clone())
            }));
        }
        conflicts
    }

    fn conflicts_of_keywords(&self) -> Vec<ControlProblem> {
        let mut by_words: BTreeMap<(&DocumentId, String), Vec<(&Control, &Keyword)>> =
            BTreeMap::new();
        for control in &self.controls {
            if let Location::Keyword(keyword) = control.location() {
                let words = keyword.text().split_whitespace().collect();
                let same_words = by_words.entry((&control.key().document, words)).or_default();
                same_words.push((control, keyword));
            }
        }
        let mut conflicts = Vec::new();
        for same_words in by_words.values() {
            for (place, (control, keyword)) in same_words.iter().enumerate() {
                let mut earlier = same_words.iter().take(place);
                let other = earlier.find(|(other, others)| {
                    other.owner() != control.owner() && keyword.may_share_a_match(others)
                });
                conflicts.extend(other.map(|(other, _)| {
                    let error = ControlError::KeywordOwnerConflict { other: other.key().clone() };
                    error.of(control.key().clone())
                }));
            }
        }
        conflicts
    }
}

fn sum(a: MilliPoints, b: MilliPoints) -> Result<MilliPoints, ControlError> {
    Ok(MilliPoints::new(a.thousandths() + b.thousandths())?)
}

/// A rectangle of this size with the same middle.
fn around_the_middle(rect: &Rect, size: Size) -> Result<Rect, ControlError> {
    let start = |from: MilliPoints, had: MilliPoints, has: MilliPoints| {
        MilliPoints::new(from.thousandths() + (had.thousandths() - has.thousandths()) / 2)
    };
    let x = start(rect.x(), rect.width(), size.width())?;
    let y = start(rect.y(), rect.height(), size.height())?;
    Ok(Rect::with_size(x, y, size)?)
}
