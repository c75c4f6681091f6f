//! Whether parties, signers, readers and deadlines fit together (C6, R-CON-01, R-CON-02, R-ID-12).

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::error::Error;
use super::order::Order;
use super::signer::{Account, Holder, Signer};
use super::slot::{Slot, SlotState};
use super::state::Contract;
use crate::decision::storable;
use crate::identity::{Person, SlotId};
use crate::organization::{Entitlements, Feature};

/// Under this age nobody signs unless the initiating organization holds the age extension (R-ID-12).
const AGE_OF_SIGNERS: u16 = 18;

impl Contract {
    /// All that is wrong with parties, signers and readers, in the order of C6's guards.
    pub(super) fn problems_of_people(
        &self,
        entitlements: Entitlements<'_>,
        now: OffsetDateTime,
    ) -> Vec<Error> {
        let mut problems = Vec::new();
        match self.slots.len() {
            0 => problems.push(Error::NoSigner),
            found if found > Self::MOST_SIGNERS => {
                problems.push(Error::TooManySigners { found, most: Self::MOST_SIGNERS });
            }
            _ => {}
        }
        problems.extend(self.problems_of_ids());
        for (place, slot) in self.slots.iter().enumerate() {
            let earlier = self.slots.iter().take(place);
            let twin = earlier
                .filter(|other| other.party() == slot.party())
                .find(|other| same_human(other, slot));
            problems.extend(twin.map(|first| Error::DuplicateSigner {
                first: first.id().clone(),
                second: slot.id().clone(),
            }));
        }
        problems.extend(self.problems_of_cc());
        let humans = self.slots.iter().flat_map(|slot| slot.signer().holders());
        problems.extend(
            humans.filter_map(|holder| self.check_age(&holder.person, entitlements, now).err()),
        );
        problems
    }

    /// What is wrong with the deadlines, as they will be from the start on.
    pub(super) fn problems_of_deadlines(&self, now: OffsetDateTime) -> Vec<Error> {
        let deadline = self.deadline_if_started(now);
        let mut problems = Vec::new();
        if deadline <= now {
            problems.push(Error::DeadlineInPast { deadline, now });
        }
        problems.extend(self.check_span(now, deadline).err());
        for slot in &self.slots {
            let Some(own) = slot.plan.deadline else { continue };
            if own <= now {
                problems.push(Error::DeadlineInPast { deadline: own, now });
            } else if own > deadline {
                let slot = slot.id().clone();
                problems.push(Error::DeadlineAfterContract { new: own, contract: deadline, slot });
            }
        }
        problems
    }

    /// That the deadline is not further from the start than its signers' way in allows.
    pub(super) fn check_span(
        &self,
        start: OffsetDateTime,
        deadline: OffsetDateTime,
    ) -> Result<(), Error> {
        let Some(longest) = self.settings.opening.longest_span() else { return Ok(()) };
        let span = deadline - start;
        if span <= longest {
            return Ok(());
        }
        let days = |span: time::Duration| u64::try_from(span.whole_days()).unwrap_or(0);
        let (found, most) = (days(span), days(longest));
        Err(Error::SettingInvalid { setting: "days_to_deadline", found, least: 0, most })
    }

    /// The deadline that the contract gets when it starts now.
    pub(super) fn deadline_if_started(&self, now: OffsetDateTime) -> OffsetDateTime {
        let span = self.settings.opening.default_span();
        let later = || now.checked_add(span).and_then(storable);
        self.deadline.or_else(later).unwrap_or(now)
    }

    /// R-ID-12: the person is of age, unless the initiating organization holds the age extension.
    pub(super) fn check_age(
        &self,
        person: &Person,
        entitlements: Entitlements<'_>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        match person.id_document().check_age(AGE_OF_SIGNERS, now) {
            Err(underage) => {
                let holder = &self.initiator.organization;
                let extended = entitlements.require(holder, Feature::AgeExtension, now).is_ok();
                if extended { Ok(()) } else { Err(underage.into()) }
            }
            Ok(()) => Ok(()),
        }
    }

    /// Employees sign for organizations, and persons for themselves.
    pub(super) fn check_account(&self, slot: &Slot, holder: &Holder) -> Result<(), Error> {
        let party = self.party(slot.party());
        let fits = party.is_none_or(|party| match holder.account {
            Account::Unknown => true,
            Account::Employee(_) => party.is_organization(),
            Account::Person(_) => !party.is_organization(),
        });
        if fits {
            return Ok(());
        }
        Err(Error::PlanInconsistent {
            what: "slot",
            id: slot.id().to_string(),
            problem: "has a signer whose account is of another kind than its party; correct it",
        })
    }

    /// R-CON-01: nobody else who signs for the same party is this person.
    pub(super) fn check_no_twin(&self, slot: &Slot, holder: &Holder) -> Result<(), Error> {
        let twin = self.slots.iter().find(|other| {
            other.id() != slot.id()
                && other.party() == slot.party()
                && !matches!(other.state, SlotState::Stopped)
                && other.signer().holders().iter().any(|own| own.is_same_human(holder))
        });
        match twin {
            Some(twin) => {
                let (first, second) = (twin.id().clone(), slot.id().clone());
                Err(Error::DuplicateSigner { first, second })
            }
            None => Ok(()),
        }
    }

    /// R-CON-02: the person does not read along.
    pub(super) fn check_not_copied(&self, slot: &Slot, holder: &Holder) -> Result<(), Error> {
        match self.cc.iter().position(|cc| cc.mobile.get() == holder.person.mobile()) {
            Some(place) => {
                Err(Error::CcIsSigner { place: place.saturating_add(1), slot: slot.id().clone() })
            }
            None => Ok(()),
        }
    }

    /// C15: a slot's deadline is not after the contract's, nor after that of a slot that acts later.
    pub(super) fn check_slot_deadline(
        &self,
        slot: &Slot,
        new: OffsetDateTime,
    ) -> Result<(), Error> {
        let later = self.slots.iter().filter(|other| {
            self.settings.order == Order::Sequential && other.plan.rank > slot.plan.rank
        });
        let next = later
            .filter_map(|other| Some((other.plan.deadline?, other.id())))
            .min_by_key(|(deadline, _)| *deadline);
        if let Some((next, other)) = next.filter(|(next, _)| new > *next) {
            return Err(Error::DeadlineAfterNext { new, next, slot: other.clone() });
        }
        match self.deadline {
            Some(contract) if new > contract => {
                Err(Error::DeadlineAfterContract { new, contract, slot: slot.id().clone() })
            }
            _ => Ok(()),
        }
    }

    /// Ids that are used twice or name nothing, and signers that do not fit their party.
    fn problems_of_ids(&self) -> Vec<Error> {
        let wrong =
            |what, id: &str, problem| Error::PlanInconsistent { what, id: id.to_owned(), problem };
        let mut problems = Vec::new();
        let mut parties = BTreeSet::new();
        for party in &self.parties {
            if !parties.insert(&party.id) {
                problems.push(wrong("party", party.id.as_str(), "is listed twice; remove one"));
            }
            if !self.slots.iter().any(|slot| slot.party() == &party.id) {
                let problem = "has no signer; add one or remove the party";
                problems.push(wrong("party", party.id.as_str(), problem));
            }
        }
        let mut slots: BTreeSet<&SlotId> = BTreeSet::new();
        for slot in &self.slots {
            let id = slot.id();
            if !slots.insert(id) {
                problems.push(wrong("slot", id.as_str(), "is listed twice; remove one"));
            }
            if !parties.contains(slot.party()) {
                problems.push(wrong("slot", id.as_str(), "signs for a party that is not listed"));
            }
            let mut holders = slot.signer().holders().iter();
            problems.extend(holders.find_map(|holder| self.check_account(slot, holder).err()));
            let party = self.party(slot.party());
            if slot.signer().is_auto() && party.is_some_and(|party| !party.is_organization()) {
                let problem = "is signed with no human act, which a person cannot; name the person";
                problems.push(wrong("slot", id.as_str(), problem));
            }
            if let Some(problem) = problem_of_signer(slot).or_else(|| problem_of_intents(slot)) {
                problems.push(wrong("slot", id.as_str(), problem));
            }
        }
        problems
    }

    fn problems_of_cc(&self) -> Vec<Error> {
        let mut problems = Vec::new();
        let most = Self::MOST_CC;
        problems.extend(Error::check_setting("cc", self.cc.len(), 0, most).err());
        for (index, cc) in self.cc.iter().enumerate() {
            let place = index.saturating_add(1);
            let twin = self
                .cc
                .iter()
                .take(index)
                .position(|other| other.id == cc.id || other.mobile == cc.mobile);
            problems.extend(
                twin.map(|first| Error::DuplicateCc {
                    first: first.saturating_add(1),
                    second: place,
                }),
            );
            let signer = self.slots.iter().find(|slot| {
                let mut holders = slot.signer().holders().iter();
                holders.any(|holder| holder.person.mobile() == cc.mobile.get())
            });
            problems
                .extend(signer.map(|slot| Error::CcIsSigner { place, slot: slot.id().clone() }));
        }
        problems
    }
}

fn same_human(one: &Slot, other: &Slot) -> bool {
    let mut holders = one.signer().holders().iter();
    holders.any(|a| other.signer().holders().iter().any(|b| a.is_same_human(b)))
}

fn problem_of_signer(slot: &Slot) -> Option<&'static str> {
    match slot.signer() {
        Signer::Candidates { holders } if holders.len() < 2 => {
            Some("has fewer than two candidates; name two, or bind the one")
        }
        Signer::Candidates { holders } => {
            let repeated = holders.iter().enumerate().any(|(place, holder)| {
                holders.iter().take(place).any(|other| other.is_same_human(holder))
            });
            repeated.then_some("lists a candidate twice; remove one")
        }
        _ => None,
    }
}

/// R-SIGN-10: what his own device says is never enough, so somebody who may bring nothing else could
/// never sign.
fn problem_of_intents(slot: &Slot) -> Option<&'static str> {
    let allowed = &slot.plan().allowed.intents;
    let never = !slot.signer().is_auto()
        && !allowed.is_empty()
        && allowed.iter().all(|method| method.is_device_only());
    never.then_some(
        "may prove by nothing but the signer's own device that he means it; allow another method",
    )
}
