//! Who acts in a slot, after the start: forward (C16), bind (C17), remind (C18), and the delivery to
//! signers whose facts differ (R-CER-06).

use time::OffsetDateTime;

use super::decide::Moment;
use super::error::Error;
use super::event::Event;
use super::phase::Phase;
use super::signer::{Account, Holder, Signer};
use super::slot::{ForwardKind, Slot};
use super::state::Contract;
use crate::decision::Decision;
use crate::identity::{Factor, Factors, Person, SlotId};
use crate::organization::{self, By, DataRange, Entitlements, Permission, Staff};

impl Contract {
    /// C16 for a holder whose resignation was decided in the same breath.
    pub(crate) fn forward_resigned(
        &self,
        slot: SlotId,
        from: Staff<'_>,
        to: &Staff<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        let moment = Moment { contract: self, by, now };
        moment.hand_over(slot, Some(from), to, ForwardKind::Resigned)
    }
}

impl Moment<'_> {
    /// C16. That somebody has resigned is the host's to say: it lifts guards that bind his
    /// colleagues.
    pub(super) fn forward(
        &self,
        slot: SlotId,
        from: Option<Staff<'_>>,
        to: &Staff<'_>,
        kind: ForwardKind,
    ) -> Result<Decision<Contract>, Error> {
        if kind == ForwardKind::Resigned && !self.by.is_operator() {
            let why = "that its holder resigned is said by the host, or comes with his resignation";
            return Err(Error::ForwardForbidden { slot, why });
        }
        self.hand_over(slot, from, to, kind)
    }

    /// C16, whoever says why. All open places of somebody who resigned go over (§2.2): what binds a
    /// holder's own wish does not bind then, what no contract may have does (R-CON-01, R-CON-02).
    fn hand_over(
        &self,
        slot: SlotId,
        from: Option<Staff<'_>>,
        to: &Staff<'_>,
        kind: ForwardKind,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("hand a slot over", Phase::is_open)?;
        let place = contract.slot(&slot)?;
        contract.require_unsigned(place)?;
        let forbidden = |why| Error::ForwardForbidden { slot: slot.clone(), why };
        let by_choice = kind == ForwardKind::ByEmployee;
        if by_choice && contract.has_values_of(place) {
            return Err(Error::AlreadyActed { slot });
        }
        if by_choice && !place.plan.options.may_forward {
            return Err(forbidden("the initiator did not allow it"));
        }
        let (index, holder) = self.holder_to_replace(place, from).ok_or_else(|| {
            forbidden(
                "name the employee who gives it up; a slot with no signer cannot be handed over",
            )
        })?;
        to.require_active()?;
        // A colleague is one of his own organization, not of its parent in a group.
        to.require_member()?;
        let party = contract.party_of(place)?;
        if !party.stands_for(to.organization().id(), to.organization().name()) {
            return Err(organization::Error::NotInOrganization {
                employee: to.employee().id().clone(),
                organization: party.organization_id().unwrap_or(to.organization().id()).clone(),
            }
            .into());
        }
        if !self.may_forward(place, holder, to, kind) {
            return Err(forbidden(
                "its holder, the head of his organization or a colleague with the permission does it",
            ));
        }
        let taker = Holder::employee(to.employee().id().clone(), to.employee().person().clone());
        contract.check_no_twin(place, &taker)?;
        let mut candidates = place.signer().holders().iter();
        if by_choice && candidates.any(|other| other.is_same_human(&taker)) {
            return Err(Error::DuplicateSigner { first: slot.clone(), second: slot });
        }
        contract.check_not_copied(place, &taker)?;
        let giver = self.account_of(holder, from);
        let event = Event::Forwarded { slot, place: index, from: giver, to: Box::new(taker), kind };
        Ok(self
            .decided(event)
            .reading(to.organization())
            .reading(to.employee())
            .reading_all(from.as_ref().map(Staff::employee))
            .notices_of(contract.address(place, "contract.forwarded"))
            .notices_of(contract.call_to_review_again(place))
            .notice(contract.tell_initiator("contract.forwarded").with("slot", place.id())))
    }

    /// The signer who gives the slot up: the only one; of several the one who is named, or who asks.
    fn holder_to_replace<'s>(
        &self,
        slot: &'s Slot,
        from: Option<Staff<'_>>,
    ) -> Option<(usize, &'s Holder)> {
        let mut holders = slot.signer().holders().iter().enumerate();
        match (slot.signer(), from) {
            (Signer::Bound { .. }, None) => holders.next(),
            (_, Some(from)) => holders.find(|(_, holder)| holder.is_employee(from.employee())),
            (_, None) => {
                let party = self.contract.party_of(slot).ok()?;
                holders.find(|(_, holder)| holder.recognise(self.by, party).is_ok())
            }
        }
    }

    /// The holder himself, the head of his organization, or a colleague with the permission.
    fn may_forward(&self, slot: &Slot, holder: &Holder, to: &Staff<'_>, kind: ForwardKind) -> bool {
        match self.by {
            By::System | By::Host(_) => true,
            By::Person { .. } => false,
            By::Staff(staff) => {
                let itself = || {
                    let party = self.contract.party_of(slot);
                    kind == ForwardKind::ByEmployee
                        && party.is_ok_and(|party| holder.recognise(self.by, party).is_ok())
                };
                staff.organization().id() == to.organization().id()
                    && staff.require_active().is_ok()
                    && (staff.is_head()
                        || staff.range(Permission::ContractForward) == Some(DataRange::All)
                        // Who may let somebody go hands over what he leaves behind.
                        || (kind == ForwardKind::Resigned
                            && staff.require(Permission::OrganizationManage).is_ok())
                        || itself())
            }
        }
    }

    /// The account that gives the slot up. Where the slot knew his facts only: of the one who was
    /// named, or the caller's own.
    fn account_of(&self, holder: &Holder, from: Option<Staff<'_>>) -> Account {
        match (&holder.account, self.by) {
            (Account::Unknown, _) if from.is_some() => from
                .map_or(Account::Unknown, |from| Account::Employee(from.employee().id().clone())),
            (Account::Unknown, By::Staff(staff))
                if holder.person.differences(staff.employee().person()).is_empty() =>
            {
                Account::Employee(staff.employee().id().clone())
            }
            (account, _) => account.clone(),
        }
    }

    /// C17.
    pub(super) fn bind_signer(
        &self,
        slot: SlotId,
        holder: Holder,
        entitlements: Entitlements<'_>,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("have a signer named", Phase::is_open)?;
        let place = contract.slot(&slot)?;
        if *place.signer() != Signer::LateBound {
            return Err(Error::SlotNotDynamic { slot, signer: place.signer().code() });
        }
        contract.require_unsigned(place)?;
        self.require_binder(place)?;
        contract.check_account(place, &holder)?;
        contract.check_age(&holder.person, entitlements, self.now)?;
        contract.check_no_twin(place, &holder)?;
        contract.check_not_copied(place, &holder)?;
        Ok(self
            .decided(Event::Bound { slot, holder: Box::new(holder) })
            .reading_all(entitlements.all())
            .notices_of(contract.address_bound(place)))
    }

    /// The initiating organization names signers; so does the organization whose signer it is.
    fn require_binder(&self, slot: &Slot) -> Result<(), Error> {
        if let By::Staff(staff) = self.by
            && let Ok(party) = self.contract.party_of(slot)
            && party.stands_for(staff.organization().id(), staff.organization().name())
        {
            return Ok(staff.require(Permission::ContractForward).or_else(|refused| {
                if staff.require(Permission::ContractInitiate).is_ok() {
                    Ok(())
                } else {
                    Err(refused)
                }
            })?);
        }
        self.require_initiating(Permission::ContractInitiate)
    }

    /// C18.
    pub(super) fn remind(&self, slot: SlotId) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("remind its signers", Phase::is_open)?;
        self.require_initiating(Permission::ContractInitiate)?;
        let place = contract.slot(&slot)?;
        if !place.state.is_pending() {
            return Err(Error::NotPending { slot, state: place.state.name() });
        }
        let Some(notice) = contract.call(place, "contract.reminded") else {
            return Err(Error::NoChannel { slot });
        };
        if place.reminders >= Slot::MOST_REMINDERS {
            let (sent, most) = (place.reminders, Slot::MOST_REMINDERS);
            return Err(Error::ReminderLimit { slot, sent, most });
        }
        Ok(self.decided(Event::Reminded { slot }).notice(notice))
    }

    /// R-CER-06, Lenient.
    pub(super) fn withhold(
        &self,
        slot: SlotId,
        place: usize,
        factors: Factors,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("have its delivery withheld", Phase::is_open)?;
        self.require_initiating(Permission::ContractInitiate)?;
        let found = contract.slot(&slot)?;
        contract.require_unsigned(found)?;
        if found.signer().holders().len() <= place {
            return Err(Error::NotASigner);
        }
        // Lifting it takes the corrected facts: see `restore`.
        Error::check_setting("factors", factors.len(), 1, Factor::ALL.len())?;
        if factors == found.withheld_from(place) {
            return Ok(self.by.decides(contract, self.now));
        }
        let notice = contract.tell_initiator("contract.delivery_withheld").with("slot", &slot);
        let notice = notice.with(&contract.factors_of(&slot, place), factors);
        Ok(self.decided(Event::DeliveryWithheld { slot, place, factors }).notice(notice))
    }

    /// R-CER-06, Lenient.
    pub(super) fn restore(
        &self,
        slot: SlotId,
        person: Option<Person>,
        registered: &Staff<'_>,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("have its delivery restored", Phase::is_open)?;
        self.require_initiating(Permission::ContractInitiate)?;
        let place = contract.slot(&slot)?;
        contract.require_unsigned(place)?;
        if place.withheld().is_empty() {
            return Err(Error::NotPending { slot, state: place.state.name() });
        }
        registered.require_active()?;
        let party = contract.party_of(place)?;
        let id = registered.employee().id().clone();
        let known = Holder::employee(id, registered.employee().person().clone());
        let holders = place.signer().holders();
        // The same account or identity number: whoever has neither is not the signer corrected but
        // another person; see `forward`.
        let index = holders
            .iter()
            .position(|holder| holder.is_same_human(&known))
            .ok_or(Error::NotASigner)?;
        let holder = holders.get(index).ok_or(Error::NotASigner)?;
        if place.withheld_from(index).is_empty() {
            return Err(Error::NotPending { slot, state: place.state.name() });
        }
        let written = person.unwrap_or_else(|| holder.person.clone());
        let corrected = Holder { person: written, account: holder.account.clone() };
        Error::unless_equal(corrected.differences_from(registered, party))?;
        contract.check_no_twin(place, &known)?;
        let next = if *holder == known {
            contract.address_with_task(place)
        } else {
            contract.address_bound(place)
        };
        Ok(self
            .decided(Event::DeliveryRestored { slot, place: index, holder: Box::new(known) })
            .reading(registered.organization())
            .reading(registered.employee())
            .notices_of(next))
    }
}
