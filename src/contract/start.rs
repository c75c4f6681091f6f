//! How a contract starts: C4, C5, C6.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::create::Allowance;
use super::decide::Moment;
use super::error::Error;
use super::event::{Event, Start};
use super::notices::merged;
use super::party::{CcTime, Party};
use super::phase::Phase;
use super::reason::Reason;
use super::settings::StartReview;
use super::slot::Slot;
use super::state::Contract;
use super::validation::Placements;
use crate::decision::{Decision, Notice};
use crate::digest::Digest;
use crate::identity::{CeremonyId, DocumentId, Factors, SlotId};
use crate::organization::{By, Entitlement, Entitlements, Permission};

/// What a start rests on beyond the contract itself.
#[derive(Clone, Debug)]
pub struct StartFacts<'a> {
    /// Where controls by keyword and form field were found on the pages.
    pub placements: &'a Placements,
    /// The digests of the documents' bytes as the host has them now (R-DOC-06).
    pub documents: &'a BTreeMap<DocumentId, Digest>,
    /// Rights of the initiating organization.
    pub entitlements: Entitlements<'a>,
    /// On what the contract's unit of quota is reserved.
    pub quota: Allowance<'a>,
    /// The signers to whom it is not delivered until their facts are corrected, by slot and place
    /// among those who may act there, from 0 (R-CER-06, Lenient).
    pub withheld: &'a BTreeMap<(SlotId, usize), Factors>,
}

/// What a start returns: both decisions are stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct Started {
    /// On the contract.
    pub contract: Decision<Contract>,
    /// On the entitlement whose unit is reserved.
    pub quota: Option<Decision<Entitlement>>,
}

impl Contract {
    /// C6: starts the contract. The locations of its controls are frozen, its deadline is set, its
    /// first signers are told.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use sealwright::contract::{Allowance, Contract, Error, Placements, StartFacts, Started};
    /// # use sealwright::digest::Digest;
    /// # use sealwright::identity::DocumentId;
    /// # use sealwright::organization::{By, Entitlement, Entitlements};
    /// # use time::OffsetDateTime;
    /// fn start(
    ///     contract: &Contract,
    ///     digests: &BTreeMap<DocumentId, Digest>, // of the bytes as the host has them now
    ///     found: &Placements,                     // where keywords and form fields were found
    ///     quota: &Entitlement,
    ///     by: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<Started, Error> {
    ///     let facts = StartFacts {
    ///         placements: found,
    ///         documents: digests,
    ///         entitlements: Entitlements::NONE,
    ///         quota: Allowance::On(quota),
    ///         withheld: &BTreeMap::new(),
    ///     };
    ///     contract.start(&facts, by, now) // two decisions: on the contract and on the entitlement
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The first of the problems that [`Contract::validate`] lists in the order of the guards, then
    /// `con.warning_unacknowledged{code}`, then `feature.quota_exhausted`. Before them
    /// `con.illegal_transition` unless it is a draft whose start needs no review, and the refusals of
    /// the caller.
    pub fn start(
        &self,
        facts: &StartFacts<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Started, Error> {
        self.start_at(None, facts, by, now)
    }

    /// The same at a meeting, which books it: from then on that meeting says when it may be signed.
    pub(crate) fn start_at(
        &self,
        meeting: Option<&CeremonyId>,
        facts: &StartFacts<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Started, Error> {
        self.require("be started", |phase| phase == Phase::Draft)?;
        if self.settings.start_review != StartReview::NotNeeded {
            let (from, action) = (self.phase, "be started without a review; submit its start");
            return Err(Error::IllegalTransition { from, action });
        }
        Moment { contract: self, by, now }.require_initiating(Permission::ContractInitiate)?;
        self.require_present_name(by)?;
        self.started_from(by.decides(self, now), meeting, facts, by, now)
    }

    /// C4: submits the start for review. The guards are those of C6; the quota is not reserved yet.
    ///
    /// ```
    /// # use sealwright::contract::{Contract, Error, StartFacts};
    /// # use sealwright::{decision::Decision, organization::By};
    /// # use time::OffsetDateTime;
    /// fn submit(
    ///     contract: &Contract,
    ///     facts: &StartFacts<'_>,
    ///     by: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<Decision<Contract>, Error> {
    ///     contract.submit_start(facts, by, now) // Settings::start_review asks for it
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Contract::start`]; `con.illegal_transition` if no review is demanded.
    pub fn submit_start(
        &self,
        facts: &StartFacts<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        let demanded = self.settings.start_review != StartReview::NotNeeded;
        self.require("have its start reviewed", |phase| phase == Phase::Draft && demanded)?;
        let moment = Moment { contract: self, by, now };
        moment.require_initiating(Permission::ContractInitiate)?;
        self.require_present_name(by)?;
        self.start_event(facts, now)?;
        facts.quota.require(&self.initiator.organization, now)?;
        Ok(moment
            .decided(Event::StartSubmitted)
            .reading_all(facts.entitlements.all())
            .notice(self.tell_administrators("contract.start_review")))
    }

    /// C5: reviews the start. Passed, the contract starts as in C6; else it is a draft again.
    ///
    /// ```
    /// # use sealwright::contract::{Contract, Error, Reason, StartFacts, Started};
    /// # use sealwright::organization::By;
    /// # use time::OffsetDateTime;
    /// fn send_back(
    ///     contract: &Contract,
    ///     facts: &StartFacts<'_>,
    ///     by: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<Started, Error> {
    ///     let reason = Reason::parse("请补充附件")?;
    ///     contract.review_start(false, Some(reason), facts, by, now)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `con.illegal_transition` unless it is in review, the refusals of the caller (who is neither
    /// the initiator nor whoever submitted it, unless the settings allow it), `con.reason_required`, and those of C6.
    pub fn review_start(
        &self,
        passed: bool,
        reason: Option<Reason>,
        facts: &StartFacts<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Started, Error> {
        self.require("have its start reviewed", |phase| phase == Phase::ReviewingStart)?;
        let moment = Moment { contract: self, by, now };
        moment.require_initiating(Permission::ContractInitiate)?;
        let own = by.staff().is_some_and(|staff| {
            *staff.employee().id() == self.initiator.employee
                || self.submitted_by.as_ref() == Some(&staff.actor())
        });
        if own && self.settings.start_review == StartReview::ByAnother {
            return Err(moment.lacks(Permission::ContractInitiate));
        }
        if !passed && reason.is_none() {
            return Err(Error::ReasonRequired);
        }
        let decision = moment.decided(Event::StartReviewed { passed, reason });
        if passed {
            self.require_present_name(by)?;
            return self.started_from(decision, None, facts, by, now);
        }
        let contract = decision.notice(self.tell_initiator("contract.start_rejected"));
        Ok(Started { contract, quota: None })
    }

    /// R-ORG-04: a contract is started under the name that its initiating organization has now.
    fn require_present_name(&self, by: &By<'_>) -> Result<(), Error> {
        let Some(organization) = by.staff().map(|staff| staff.organization()) else {
            return Ok(());
        };
        let own =
            self.parties.iter().filter(|party| party.organization_id() == Some(organization.id()));
        for name in own.filter_map(Party::organization_name) {
            organization.require_name(name)?;
        }
        Ok(())
    }

    fn started_from(
        &self,
        decision: Decision<Self>,
        meeting: Option<&CeremonyId>,
        facts: &StartFacts<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Started, Error> {
        let mut start = self.start_event(facts, now)?;
        start.ceremony = meeting.cloned();
        let quota = self.reserve_quota(facts.quota, by, now)?;
        if let (Some(_), Allowance::On(entitlement)) = (&quota, facts.quota) {
            start.quota = Some(entitlement.id().clone());
        }
        let contract = self.with_start(decision, start, facts.withheld);
        let contract = contract.reading_all(facts.entitlements.all());
        Ok(Started { contract, quota })
    }

    /// The decision, with the start, what is withheld from whom, and who is told.
    pub(super) fn with_start(
        &self,
        decision: Decision<Self>,
        start: Start,
        withheld: &BTreeMap<(SlotId, usize), Factors>,
    ) -> Decision<Self> {
        let notices = self.notices_of_start(&start, withheld);
        let decision = decision.event(Event::Started { start: Box::new(start) });
        withheld
            .iter()
            .filter(|(_, factors)| !factors.is_empty())
            .fold(decision, |decision, ((slot, place), factors)| {
                let (slot, place, factors) = (slot.clone(), *place, *factors);
                decision.event(Event::DeliveryWithheld { slot, place, factors })
            })
            .notices_of(notices)
    }

    /// The guards of C6 that look at the contract, and what follows from them.
    pub(super) fn start_event(
        &self,
        facts: &StartFacts<'_>,
        now: OffsetDateTime,
    ) -> Result<Start, Error> {
        let validation = self.validate(facts, now);
        if let Some(problem) = validation.errors.into_iter().next() {
            return Err(problem);
        }
        let open = validation.warnings.iter().map(|warning| warning.code());
        if let Some(code) = open.into_iter().find(|code| !self.acknowledged.contains(code)) {
            return Err(Error::WarningUnacknowledged { code: code.code() });
        }
        let is_signer = |(slot, place): &(SlotId, usize)| {
            self.slot(slot).is_ok_and(|slot| slot.signer().holders().len() > *place)
        };
        if let Some((slot, _)) = facts.withheld.keys().find(|key| !is_signer(key)) {
            return Err(Error::PlanInconsistent {
                what: "slot",
                id: slot.to_string(),
                problem: "has no signer where one is withheld; name those who are listed",
            });
        }
        let fillers: BTreeSet<SlotId> = self
            .slots
            .iter()
            .filter(|slot| {
                self.fill_controls_of(slot.id()).any(|control| control.value().is_none())
            })
            .map(|slot| slot.id().clone())
            .collect();
        Ok(Start {
            deadline: self.deadline_if_started(now),
            fillers,
            frozen: validation.frozen,
            quota: None,
            ceremony: None,
        })
    }

    fn notices_of_start(
        &self,
        start: &Start,
        withheld: &BTreeMap<(SlotId, usize), Factors>,
    ) -> Vec<Notice> {
        let signing = start.fillers.is_empty();
        let first: Vec<&Slot> = if signing {
            self.first_signers().collect()
        } else {
            let fillers = self.slots.iter().filter(|slot| start.fillers.contains(slot.id()));
            self.first_of(fillers.collect()).collect()
        };
        let held: Vec<_> = withheld.iter().filter(|(_, factors)| !factors.is_empty()).collect();
        // Several candidates: the others are told.
        let nobody_left = |slot: &Slot| {
            let found = held.iter().filter(|((of, _), _)| of == slot.id()).count();
            found > 0 && found == slot.signer().holders().len()
        };
        let calls = first.into_iter().filter(|slot| !nobody_left(slot)).filter_map(|slot| {
            if signing { self.call_to_sign(slot) } else { self.call_to_fill(slot) }
        });
        let held = held.iter().map(|((slot, place), factors)| {
            let notice = self.tell_initiator("contract.delivery_withheld").with("slot", slot);
            notice.with(&self.factors_of(slot, *place), factors)
        });
        merged(calls.chain(held).chain(self.tell_cc("contract.started", CcTime::AtStart)))
    }
}
