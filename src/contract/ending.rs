//! How a contract ends before it is complete, and how its end is put off or kept: C9, C12 to C15,
//! C19, C22.

use time::OffsetDateTime;

use super::decide::Moment;
use super::error::Error;
use super::event::{Cause, Event};
use super::instant::in_utc;
use super::party::Party;
use super::phase::Phase;
use super::reason::Reason;
use super::signer::Holder;
use super::slot::Slot;
use super::state::Contract;
use crate::decision::Decision;
use crate::identity::SlotId;
use crate::organization::{By, Employee, Entitlement, Organization, Permission};

/// What cancelling returns: both decisions are stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct Cancellation {
    /// On the contract.
    pub contract: Decision<Contract>,
    /// On the entitlement whose unit is returned; none if nothing is.
    pub quota: Option<Decision<Entitlement>>,
}

impl Contract {
    /// C13: withdraws the contract, and returns its quota if no human has signed yet. What was
    /// signed stays signed; the contract is not complete.
    ///
    /// ```
    /// # use sealwright::contract::{Cancellation, Contract, Error, Reason};
    /// # use sealwright::organization::{By, Entitlement};
    /// # use time::OffsetDateTime;
    /// fn withdraw(
    ///     contract: &Contract,
    ///     quota: &Entitlement,
    ///     by: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<Cancellation, Error> {
    ///     contract.cancel(Reason::parse("项目取消")?, by, Some(quota), now)
    /// }
    /// ```
    ///
    /// `quota` is the entitlement of [`Contract::quota`], loaded by the host; it is needed if
    /// [`Contract::returns_quota`].
    ///
    /// # Errors
    ///
    /// `con.illegal_transition` unless draft, in review of its start, filling or signing, and for a
    /// member of a group (see [`Group::cancel`](super::Group::cancel)); `con.cancel_forbidden`;
    /// `con.quota_not_given`.
    pub fn cancel(
        &self,
        reason: Reason,
        by: &By<'_>,
        quota: Option<&Entitlement>,
        now: OffsetDateTime,
    ) -> Result<Cancellation, Error> {
        if let Some(group) = &self.group {
            return Err(Error::OneOfAGroup { action: "be cancelled", size: group.size() });
        }
        self.cancel_as_member(reason, by, quota, now)
    }

    /// The same for a contract whose group, if it has one, is cancelled as a whole.
    pub(crate) fn cancel_as_member(
        &self,
        reason: Reason,
        by: &By<'_>,
        quota: Option<&Entitlement>,
        now: OffsetDateTime,
    ) -> Result<Cancellation, Error> {
        self.require("be cancelled", |phase| !phase.is_terminal())?;
        if !self.may_be_cancelled_by(by) {
            return Err(Error::CancelForbidden);
        }
        let quota = match (&self.quota, quota) {
            (Some(id), given) if self.returns_quota() => {
                let given = given.filter(|given| given.id() == id);
                let missing = || Error::QuotaNotGiven { entitlement: id.clone() };
                Some(self.return_quota(given.ok_or_else(missing)?, by, now)?)
            }
            _ => None,
        };
        let moment = Moment { contract: self, by, now };
        let contract =
            moment.decided(Event::Cancelled { reason }).notices_of(if self.phase.is_open() {
                self.tell_all("contract.cancelled")
            } else {
                Vec::new()
            });
        Ok(Cancellation { contract, quota })
    }

    /// Whether cancelling returns a unit of quota: one is reserved, and no human has signed.
    #[must_use]
    pub fn returns_quota(&self) -> bool {
        self.quota.is_some() && !self.has_human_signature()
    }

    /// The initiator with the permission, the head of his organization, or a colleague who may
    /// cancel and may see it.
    fn may_be_cancelled_by(&self, by: &By<'_>) -> bool {
        match by {
            By::System | By::Host(_) => true,
            By::Person { .. } => false,
            By::Staff(staff) => {
                let initiator = &self.initiator;
                let may =
                    |permission| staff.require_over(permission, initiator.responsible()).is_ok();
                let own = staff.employee().id() == &initiator.employee;
                staff.organization().id() == &initiator.organization
                    && staff.require_active().is_ok()
                    && (staff.is_head()
                        || (may(Permission::ContractCancel)
                            && (own || may(Permission::ContractView))))
            }
        }
    }

    /// Whether the rename of an organization, given as it was before, ends this contract: it is open,
    /// and a slot of that organization has not acted (R-ORG-04).
    #[must_use]
    pub fn is_invalidated_by_rename_of(&self, organization: &Organization) -> bool {
        self.awaits(|party| party.stands_for(organization.id(), organization.name()))
    }

    /// Whether the contract is open and a slot of such a party has not acted.
    fn awaits(&self, is_it: impl Fn(&Party) -> bool) -> bool {
        self.phase.is_open()
            && self
                .slots
                .iter()
                .filter(|slot| !slot.state.is_over())
                .any(|slot| self.party(slot.party()).is_some_and(&is_it))
    }

    /// The slots of an employee who signs for his organization and has not acted in them: what a
    /// change of his name invalidates, and what he hands over when he resigns. Those in which he
    /// signs for a subsidiary of his organization (集团模式) are among them. Where a slot of his
    /// organization knows its signer by his facts only, the identity document decides.
    pub fn open_slots_of<'a>(
        &'a self,
        employee: &'a Employee,
        organization: &'a Organization,
    ) -> impl Iterator<Item = &'a Slot> {
        let is_he = |slot: &Slot| {
            let party = self.party(slot.party());
            let own =
                party.is_some_and(|party| party.stands_for(organization.id(), organization.name()));
            // An account is his whichever organization of the group he signs for; by his facts the
            // same human may sign for another one in which he has another account.
            let his = |holder: &Holder| match holder.employee_id() {
                Some(id) => id == employee.id(),
                None => own && holder.is_employee(employee),
            };
            slot.signer().holders().iter().any(his)
        };
        let open = self.phase.is_open();
        self.slots.iter().filter(move |slot| open && !slot.state.is_over() && is_he(slot))
    }

    /// C19 where what is no longer true was decided in the same breath: a rename, by whoever may.
    pub(crate) fn invalidated(
        &self,
        cause: Cause,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        Moment { contract: self, by, now }.invalidate_for(cause)
    }
}

impl Moment<'_> {
    /// C9.
    pub(super) fn decline_fill(
        &self,
        slot: SlotId,
        reason: Reason,
    ) -> Result<Decision<Contract>, Error> {
        self.contract.require("be declined while filling", Phase::is_filling)?;
        let (place, _) = self.acting_in(&slot)?;
        if !place.fills {
            return Err(Error::NotPending { slot, state: place.state.name() });
        }
        self.contract.require_unacted(place)?;
        if !place.plan.options.may_decline {
            return Err(Error::DeclineForbidden { slot });
        }
        let notices = self.contract.tell_all("contract.fill_declined");
        Ok(self.decided(Event::FillDeclined { slot, reason }).notices_of(notices))
    }

    /// C12.
    pub(super) fn decline(
        &self,
        slot: SlotId,
        reason: Reason,
    ) -> Result<Decision<Contract>, Error> {
        self.contract.require("be declined", Phase::is_signing)?;
        let (place, _) = self.acting_in(&slot)?;
        self.contract.require_unacted(place)?;
        self.contract.require_turn(place)?;
        if !place.plan.options.may_decline {
            return Err(Error::DeclineForbidden { slot });
        }
        let notices = self.contract.tell_all("contract.declined");
        Ok(self.decided(Event::Declined { slot, reason }).notices_of(notices))
    }

    /// C14. The contract's deadline, or that of the slot that is due first among those that have
    /// not acted.
    pub(super) fn expire(&self) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("expire", Phase::is_open)?;
        let open = contract.slots.iter().filter(|slot| !slot.state.is_over());
        let own = open.filter_map(|slot| Some((slot.plan.deadline?, Some(slot.id()))));
        let whole = contract.deadline.map(|deadline| (deadline, None));
        // At the same instant the contract's own deadline goes before that of a slot.
        let next = own.chain(whole).min_by_key(|(deadline, slot)| (*deadline, slot.is_some()));
        let (deadline, slot) = next.unwrap_or((OffsetDateTime::UNIX_EPOCH, None));
        if self.now < deadline {
            return Err(Error::DeadlineNotReached { deadline, now: self.now });
        }
        let notices = contract.tell_all("contract.expired");
        Ok(self.decided(Event::Expired { slot: slot.cloned() }).notices_of(notices))
    }

    /// C15.
    pub(super) fn extend_deadline(
        &self,
        slot: Option<SlotId>,
        to: OffsetDateTime,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("have its deadline extended", Phase::is_open)?;
        self.require_head_or_initiator()?;
        let place = slot.as_ref().map(|id| contract.slot(id)).transpose()?;
        let old = match place {
            Some(place) => contract.deadline_of(place),
            None => contract.deadline,
        };
        let than = old.map_or(self.now, |old| old.max(self.now));
        let to = in_utc(to)?;
        if to <= than {
            return Err(Error::DeadlineNotLater { new: to, than });
        }
        contract.check_span(contract.started_at.unwrap_or(self.now), to)?;
        if let Some(place) = place {
            contract.require_unsigned(place)?;
            contract.check_slot_deadline(place, to)?;
        }
        let told = contract
            .pending()
            .filter(|pending| place.is_none_or(|place| place.id() == pending.id()))
            .filter_map(|slot| contract.tell(slot, "contract.deadline_extended"));
        Ok(self.decided(Event::DeadlineExtended { slot, to }).notices_of(told))
    }

    /// The initiator himself, or the head of his organization; the host and the clock may as well.
    pub(super) fn require_head_or_initiator(&self) -> Result<(), Error> {
        let initiator = &self.contract.initiator;
        match self.by {
            By::Staff(staff)
                if staff.employee().id() != &initiator.employee && !staff.is_head() =>
            {
                self.require_initiating(Permission::ContractInitiate)?;
                Err(self.lacks(Permission::ContractInitiate))
            }
            By::Staff(staff) if staff.is_head() => {
                self.require_initiating(Permission::ContractView)
            }
            _ => self.require_initiating(Permission::ContractInitiate),
        }
    }

    /// C19.
    pub(super) fn invalidate(&self, cause: Cause) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("be invalidated", Phase::is_open)?;
        let may = match cause {
            Cause::DocumentChanged { .. } => contract.may_be_cancelled_by(self.by),
            _ => self.by.is_operator(),
        };
        if !may {
            return Err(self.lacks(Permission::ContractCancel));
        }
        self.invalidate_for(cause)
    }

    fn invalidate_for(&self, cause: Cause) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("be invalidated", Phase::is_open)?;
        match &cause {
            Cause::SignerRenamed { slot } => {
                let slot = contract.slot(slot)?;
                contract.require_unsigned(slot)?;
            }
            Cause::OrganizationRenamed { organization } => {
                // Which organization a party is that is known by its name only, the caller says.
                let may_be = |party: &Party| {
                    party.is_organization()
                        && party.organization_id().is_none_or(|id| id == organization)
                };
                if !contract.awaits(may_be) {
                    return Err(Error::NotASigner);
                }
            }
            Cause::DocumentChanged { document, found } => {
                let recorded = contract
                    .document(document)
                    .ok_or(Error::DocumentUnknown { document: document.clone() })?;
                if recorded.digest() == found {
                    return Err(Error::DocumentUnchanged { document: document.clone() });
                }
            }
        }
        let notices = contract.tell_all("contract.invalidated");
        Ok(self.decided(Event::Invalidated { cause }).notices_of(notices))
    }

    /// C22: into the archive.
    pub(super) fn archive(&self) -> Result<Decision<Contract>, Error> {
        self.contract.require("be archived", Phase::is_terminal)?;
        self.require_head_or_initiator()?;
        if self.contract.archived {
            return Err(Error::IllegalTransition {
                from: self.contract.phase,
                action: "be archived twice",
            });
        }
        Ok(self.decided(Event::Archived))
    }

    /// C22: documents, controls and values are dropped; the trail stays.
    pub(super) fn purge(&self) -> Result<Decision<Contract>, Error> {
        self.contract.require("be purged", Phase::is_terminal)?;
        self.require_head_or_initiator()?;
        if self.contract.purged {
            return Err(Error::IllegalTransition {
                from: self.contract.phase,
                action: "be purged twice",
            });
        }
        Ok(self.decided(Event::Purged))
    }
}
