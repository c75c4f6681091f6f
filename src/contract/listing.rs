//! Contract management (合同管理): which contracts somebody sees (R-CER-15).

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::party::{Cc, CcTime};
use super::phase::Phase;
use super::signer::Holder;
use super::slot::Slot;
use super::state::Contract;
use crate::identity::{DepartmentId, EmployeeId, SlotId};
use crate::organization::{By, DataRange, Owner, Permission, Staff};

/// Who looks, authenticated, and what the host knows of his colleagues.
///
/// ```
/// use sealwright::contract::Viewer;
/// use sealwright::organization::By;
/// let viewer = Viewer::of(&By::System);
/// assert!(viewer.departments.is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Viewer<'a> {
    /// Who looks.
    pub by: &'a By<'a>,
    /// The departments of his colleagues: who may see his departments' contracts sees those that
    /// they sign. What was initiated carries its departments itself.
    pub departments: BTreeMap<EmployeeId, BTreeSet<DepartmentId>>,
}

impl<'a> Viewer<'a> {
    /// Somebody, his colleagues' departments unknown.
    #[must_use]
    pub fn of(by: &'a By<'a>) -> Self {
        Self { by, departments: BTreeMap::new() }
    }

    /// With the departments of a colleague.
    #[must_use]
    pub fn colleague(
        mut self,
        employee: EmployeeId,
        departments: impl IntoIterator<Item = DepartmentId>,
    ) -> Self {
        self.departments.insert(employee, departments.into_iter().collect());
        self
    }
}

/// What is looked for; by default everything.
///
/// ```
/// use sealwright::contract::{ContractFilter, Phase};
/// let completed = ContractFilter { phases: [Phase::Completed].into(), ..Default::default() };
/// assert!(!completed.awaiting_me);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContractFilter {
    /// In one of these states; empty: in any.
    pub phases: BTreeSet<Phase>,
    /// With these characters in its name.
    pub name_contains: Option<String>,
    /// What the viewer himself has to do now.
    pub awaiting_me: bool,
    /// Changed at this instant or later.
    pub since: Option<OffsetDateTime>,
    /// Changed before this instant.
    pub until: Option<OffsetDateTime>,
}

impl ContractFilter {
    fn takes(&self, contract: &Contract) -> bool {
        let changed = contract.history.last();
        (self.phases.is_empty() || self.phases.contains(&contract.phase))
            && self.name_contains.as_deref().is_none_or(|it| contract.name.as_str().contains(it))
            && self.since.is_none_or(|since| since <= changed)
            && self.until.is_none_or(|until| changed < until)
    }
}

/// What a contract is to whoever sees it.
///
/// ```
/// assert_ne!(sealwright::contract::Relation::Copied, sealwright::contract::Relation::Initiated);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Relation {
    /// He wrote it.
    Initiated,
    /// He signs, or signed, in these slots.
    Signs(Vec<SlotId>),
    /// It is copied to him.
    Copied,
    /// A colleague wrote it or signs it, and his permission reaches it.
    Colleague,
    /// He runs the host.
    Operator,
}

/// A contract that somebody sees.
///
/// ```
/// use sealwright::contract::{ContractFilter, Viewer, contracts_for};
/// use sealwright::organization::By;
/// assert!(contracts_for([], &Viewer::of(&By::System), &ContractFilter::default()).is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<'c> {
    /// The contract.
    pub contract: &'c Contract,
    /// What it is to him.
    pub relation: Relation,
    /// The slots in which he has to act now.
    pub awaiting: Vec<SlotId>,
    /// Whether he sees the documents, or only that there is such a contract (R-CON-08).
    pub shows_documents: bool,
}

/// The contracts that somebody sees, in the order given (R-CER-15). What does not concern him is
/// left out without a word.
///
/// * A draft is seen by the initiating organization alone; others see a contract once it was started.
/// * An employee sees what he wrote, signs or is copied on, and what his permission `contract.view`
///   reaches of what his colleagues wrote or sign. The head of an organization sees all of it.
/// * A natural person sees what he signs for himself, and what is copied to him.
/// * To whom its delivery is withheld (R-CER-06) a contract does not exist.
/// * Who is copied sees it from when he is told.
/// * Who handed a slot over still finds the contract; it does not await him any more.
///
/// Where the contract hides its documents until a signer's turn (R-CON-08), [`Listed`] shows them to
/// colleagues of a signer when his turn has come, and to whoever is copied when nobody's turn is left
/// to come: he might be one of theirs.
#[must_use]
pub fn contracts_for<'c>(
    contracts: impl IntoIterator<Item = &'c Contract>,
    viewer: &Viewer<'_>,
    filter: &ContractFilter,
) -> Vec<Listed<'c>> {
    let fitting = contracts.into_iter().filter(|contract| filter.takes(contract));
    let seen = fitting.filter_map(|contract| contract.listed_for(viewer));
    seen.filter(|listed| !filter.awaiting_me || !listed.awaiting.is_empty()).collect()
}

impl Contract {
    /// What the contract is to somebody; `None` where it is nothing to him.
    #[must_use]
    pub fn listed_for(&self, viewer: &Viewer<'_>) -> Option<Listed<'_>> {
        let slots: Vec<&Slot> =
            self.slots.iter().filter(|slot| self.concerns(slot, viewer.by)).collect();
        let relation = self.relation_to(viewer, &slots)?;
        let pending = slots
            .iter()
            .filter(|slot| slot.state().is_pending() && self.is_signer(slot, viewer.by));
        let shown = match &relation {
            Relation::Initiated | Relation::Operator => true,
            Relation::Signs(_) => slots.iter().any(|slot| self.shows_documents_to(slot)),
            Relation::Colleague => self.shows_documents_to_colleague(viewer),
            Relation::Copied => self.slots.iter().all(|slot| !self.is_hidden_from(slot)),
        };
        Some(Listed {
            contract: self,
            awaiting: pending.map(|slot| slot.id().clone()).collect(),
            relation,
            shows_documents: shown && !self.is_purged(),
        })
    }

    fn relation_to(&self, viewer: &Viewer<'_>, slots: &[&Slot]) -> Option<Relation> {
        let started = self.started_at.is_some();
        match viewer.by {
            By::Host(_) | By::System => return Some(Relation::Operator),
            By::Staff(staff) if !staff.employee().is_active() => return None,
            By::Staff(staff) => {
                let ours = self.initiator.organization == *staff.organization().id();
                if ours && self.initiator.employee == *staff.employee().id() {
                    return Some(Relation::Initiated);
                }
            }
            By::Person { .. } => {}
        }
        if started && !slots.is_empty() {
            return Some(Relation::Signs(slots.iter().map(|slot| slot.id().clone()).collect()));
        }
        if let By::Staff(staff) = viewer.by
            && (self.written_within_reach(staff)
                || self.slots_within_reach(staff, viewer).next().is_some())
        {
            return Some(Relation::Colleague);
        }
        self.cc.iter().any(|cc| self.is_copied(cc, viewer.by)).then_some(Relation::Copied)
    }

    /// Whether he signs in the slot, or did, and the contract is or was delivered to him.
    fn concerns(&self, slot: &Slot, by: &By<'_>) -> bool {
        let actor = by.actor();
        let mut handovers = slot.handovers().iter();
        slot.acted_by() == Some(&actor)
            || handovers.any(|handover| handover.was_delivered && handover.from.is(&actor))
            || self.is_signer(slot, by)
    }

    /// Whether he signs in the slot now: not whoever handed it over.
    fn is_signer(&self, slot: &Slot, by: &By<'_>) -> bool {
        let party = self.party_of(slot);
        party.is_ok_and(|it| slot.recognise(by, it).is_ok_and(|holder| holder.is_some()))
    }

    /// R-CON-08 for a colleague: what his own organization wrote he sees; what it signs, when the
    /// turn of a slot has come that his permission reaches.
    fn shows_documents_to_colleague(&self, viewer: &Viewer<'_>) -> bool {
        let By::Staff(staff) = viewer.by else { return false };
        self.written_within_reach(staff)
            || self.slots_within_reach(staff, viewer).any(|slot| self.shows_documents_to(slot))
    }

    /// Whether an employee's permission to see contracts reaches what his organization wrote.
    fn written_within_reach(&self, staff: &Staff<'_>) -> bool {
        let organization = staff.organization();
        self.initiator.organization == *organization.id()
            && view_range(staff).is_some_and(|range| {
                let owner = self.initiator.responsible();
                range == DataRange::All
                    || organization.reaches(staff.employee(), Permission::ContractView, owner)
            })
    }

    /// The slots of his organization that an employee's permission to see contracts reaches, once it
    /// was started.
    fn slots_within_reach<'a>(
        &'a self,
        staff: &'a Staff<'_>,
        viewer: &'a Viewer<'_>,
    ) -> impl Iterator<Item = &'a Slot> {
        let organization = staff.organization();
        let range = view_range(staff).filter(|_| self.started_at.is_some());
        let reached = move |slot: &Slot| {
            range == Some(DataRange::All)
                || slot.delivered().filter_map(Holder::employee_id).any(|employee| {
                    let departments = viewer.departments.get(employee).unwrap_or(&NOWHERE);
                    let owner = Owner { employee, departments };
                    organization.reaches(staff.employee(), Permission::ContractView, owner)
                })
        };
        self.slots.iter().filter(move |slot| {
            let party = self.party_of(slot);
            range.is_some()
                && party.is_ok_and(|it| it.stands_for(organization.id(), organization.name()))
                && !slot.is_withheld()
                && reached(slot)
        })
    }

    fn is_copied(&self, cc: &Cc, by: &By<'_>) -> bool {
        let told = match cc.told {
            CcTime::AtStart => self.started_at.is_some(),
            CcTime::AtCompletion => matches!(self.phase, Phase::Completed | Phase::Released),
        };
        told && match by {
            By::Staff(staff) => cc.mobile.get() == staff.employee().person().mobile(),
            By::Person { id, person } => cc.id == **id || cc.mobile.get() == person.mobile(),
            By::Host(_) | By::System => true,
        }
    }
}

/// The departments of whom the host told none.
static NOWHERE: BTreeSet<DepartmentId> = BTreeSet::new();

/// How far an employee sees the contracts of his organization; its head sees all of them.
fn view_range(staff: &Staff<'_>) -> Option<DataRange> {
    if staff.is_head() { Some(DataRange::All) } else { staff.range(Permission::ContractView) }
}
