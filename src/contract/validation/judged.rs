//! Every control, judged: its owner, its seals, its place.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::super::control::{Control, ControlError, ControlKind, Owner, OwnerKind};
use super::super::document::Document;
use super::super::error::Error;
use super::super::event::Frozen;
use super::super::location::{Location, Spot};
use super::super::party::Party;
use super::super::signer::Signer;
use super::super::slot::Slot;
use super::super::start::StartFacts;
use super::super::state::Contract;
use super::super::warning::Warning;
use super::overlap::Pages;
use super::place::SealFit;
use crate::geometry::Size;
use crate::identity::{DocumentId, SlotId};
use crate::organization::Feature;

/// What came out of the controls.
#[derive(Default)]
pub(super) struct Judged<'a> {
    pub(super) errors: Vec<Error>,
    pub(super) warnings: Vec<Warning>,
    pub(super) frozen: Vec<Frozen>,
    /// Slots that own a control by which they bind themselves on the pages, or one that would be
    /// there but for an error.
    pub(super) with_control: BTreeSet<&'a SlotId>,
}

impl<'a> Judged<'a> {
    pub(super) fn of(
        contract: &'a Contract,
        facts: &'a StartFacts<'_>,
        now: OffsetDateTime,
    ) -> Self {
        let judge = Judge::new(contract, facts);
        let mut judged = Self::default();
        judged.errors.extend(judge.duplicates());
        judged.errors.extend(judge.feature_missing(now));
        judged.errors.extend(judge.foreign_seals_of_slots());
        judged
            .errors
            .extend(contract.keyword_conflicts(facts.placements).into_iter().map(Error::from));
        let mut placed: Vec<(&Control, Vec<Spot>)> = Vec::with_capacity(contract.controls.len());
        let mut number = 0_usize;
        for control in &contract.controls {
            if number > Contract::MOST_SPOTS {
                // Refused in any case: no more rectangles are made.
                judged.count(control);
                continue;
            }
            match judge.control(control) {
                Ok((spots, warning)) => {
                    judged.warnings.extend(warning);
                    if !spots.is_empty() {
                        judged.count(control);
                        number = number.saturating_add(spots.len());
                        placed.push((control, spots));
                    }
                }
                Err(error) => {
                    judged.count(control);
                    judged.errors.push(error);
                }
            }
        }
        let pages = Pages::of(&placed);
        let number = Error::check_setting("spots", number, 0, Contract::MOST_SPOTS);
        match number.and_then(|()| pages.check()) {
            Ok(()) => judged.warnings.extend(pages.overlaps()),
            Err(error) => judged.errors.push(error),
        }
        let frozen = |(control, spots): (&Control, Vec<Spot>)| Frozen {
            control: control.key().clone(),
            spots,
            whole: judge.whole(control),
        };
        judged.frozen = placed.into_iter().map(frozen).collect();
        judged
    }

    fn count(&mut self, control: &'a Control) {
        if control.kind().is_of_signer() {
            self.with_control.extend(control.owner().slot());
        }
    }
}

/// What is looked up for every control.
struct Judge<'a> {
    contract: &'a Contract,
    facts: &'a StartFacts<'a>,
    slots: BTreeMap<&'a SlotId, (&'a Slot, Option<&'a Party>)>,
    documents: BTreeMap<&'a DocumentId, &'a Document>,
}

impl<'a> Judge<'a> {
    fn new(contract: &'a Contract, facts: &'a StartFacts<'_>) -> Self {
        let slots = contract.slots.iter();
        Self {
            contract,
            facts,
            slots: slots.map(|slot| (slot.id(), (slot, contract.party(slot.party())))).collect(),
            documents: contract.documents.iter().map(|it| (it.id(), it)).collect(),
        }
    }

    /// R-CTL-01: two controls of one document with one id. Edits refuse the second; a draft that was
    /// put together elsewhere may still have one.
    fn duplicates(&self) -> Vec<Error> {
        let mut seen = BTreeSet::new();
        let twice = self.contract.controls.iter().filter(|it| !seen.insert(it.key()));
        twice.map(|it| ControlError::IdDuplicate.of(it.key().clone()).into()).collect()
    }

    /// R-CTL-18, where the embedder asks for it.
    fn feature_missing(&self, now: OffsetDateTime) -> Option<Error> {
        let paging = self.contract.controls.iter().any(|control| control.kind().is_paging());
        if !paging || !self.facts.placements.cross_page_is_a_feature {
            return None;
        }
        let organization = &self.contract.initiator.organization;
        let entitled = self.facts.entitlements.require(organization, Feature::CrossPageSeal, now);
        entitled.err().map(Error::from)
    }

    /// R-GRANT-06, for the seals that are named to a slot as a whole.
    fn foreign_seals_of_slots(&self) -> Vec<Error> {
        let slots = self.contract.slots.iter();
        let foreign = slots.filter_map(|slot| {
            let seal = slot.plan().allowed.seals.named().first()?;
            let error = ControlError::ForeignSealId { seal: seal.clone() };
            (!self.is_own(slot.id())).then_some(error.into())
        });
        foreign.collect()
    }

    fn control(&self, control: &Control) -> Result<(Vec<Spot>, Option<Warning>), Error> {
        let key = control.key();
        let document = self
            .documents
            .get(&key.document)
            .ok_or_else(|| Error::DocumentUnknown { document: key.document.clone() })?;
        let told = |error: ControlError| Error::from(error.of(key.clone()));
        self.check_owner(control).map_err(told)?;
        self.check_seals(control).map_err(told)?;
        let spots = self.spots(control, document).map_err(told)?;
        let seal = self.facts.placements.size_for(control.kind());
        let fit = control.check_spots(&spots, document.pages(), seal).map_err(told)?;
        let larger = || Warning::SealLargerThanBox { control: key.clone() };
        Ok((spots, (fit == SealFit::Larger).then(larger)))
    }

    fn slot(&self, control: &Control) -> Option<(&'a Slot, Option<&'a Party>)> {
        control.owner().slot().and_then(|slot| self.slots.get(slot).copied())
    }

    /// R-CTL-06.
    fn check_owner(&self, control: &Control) -> Result<(), ControlError> {
        let owner = match (control.owner(), self.slot(control)) {
            (Owner::Initiator, _) => OwnerKind::Initiator,
            (Owner::Slot(_), Some((slot, Some(party)))) => OwnerKind::of(slot.signer(), party),
            (Owner::Slot(_), _) => return Err(ControlError::NotOwner),
        };
        control.kind().check_owner(owner)
    }

    /// R-GRANT-06, that there is a seal for it at all (R-SIGN-11), and that an automatic signer's
    /// control takes one of his seals (R-CTL-06).
    fn check_seals(&self, control: &Control) -> Result<(), ControlError> {
        let (Some(mark), Some((slot, _))) = (control.kind().seal_mark(), self.slot(control)) else {
            return Ok(());
        };
        let by_slot = !slot.signer().is_auto() && slot.plan().allowed.seals.allows_none();
        if mark.seals.allows_none() || by_slot {
            let owner = "a signer who may use the legal representative's seal alone";
            return Err(ControlError::KindNotAllowedForParty {
                kind: control.kind().code(),
                owner,
            });
        }
        if let Signer::Auto { seals } = slot.signer() {
            let named = mark.seals.named();
            let fits = named.is_empty() || seals.iter().any(|seal| named.contains(seal));
            if seals.is_empty() || !fits {
                let (kind, owner) =
                    (control.kind().code(), "an automatic signer without a seal for it");
                return Err(ControlError::KindNotAllowedForParty { kind, owner });
            }
            return Ok(());
        }
        match mark.seals.named().first() {
            Some(seal) if !self.is_own(slot.id()) => {
                Err(ControlError::ForeignSealId { seal: seal.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Whether the slot signs for the initiator's own organization. Without its id nobody can tell.
    fn is_own(&self, slot: &SlotId) -> bool {
        let party = self.slots.get(slot).and_then(|(_, party)| *party);
        let organization = party.and_then(Party::organization_id);
        organization == Some(&self.contract.initiator.organization)
    }

    /// The size of a whole cross-page seal; its slices were made of it before.
    fn whole(&self, control: &Control) -> Option<Size> {
        let Location::CrossPage(place) = control.location() else { return None };
        place.seal_size(self.facts.placements.size_for(control.kind())).ok()
    }

    fn spots(&self, control: &Control, document: &Document) -> Result<Vec<Spot>, ControlError> {
        let (kind, location) = (control.kind(), control.location());
        control.check_mode()?;
        if let (ControlKind::Watermark(_), Location::Absolute(place)) = (kind, location) {
            // A watermark has pages and no rectangle.
            place.pages().resolve(document.page_count())?;
            return Ok(Vec::new());
        }
        let placements = self.facts.placements;
        if let Some(spots) = location.spots(document.pages(), placements.size_for(kind))? {
            return Ok(spots);
        }
        if let Location::Keyword(keyword) = location {
            keyword.check_page(document.page_count())?;
        }
        let unlocated = || ControlError::Unlocated { mode: location.mode() };
        let located = placements.of(control.key()).ok_or_else(unlocated)?;
        match (located.spots_for(kind), location) {
            (Err(ControlError::KeywordNotFound), Location::Keyword(keyword))
                if keyword.is_optional() =>
            {
                Ok(Vec::new())
            }
            (Err(error), _) => Err(error),
            (Ok(spots), _) => {
                spots.iter().try_for_each(|spot| spot.check(document.pages()))?;
                Ok(spots.to_vec())
            }
        }
    }
}
