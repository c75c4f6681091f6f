//! The one door for commands that touch a contract alone.

use time::OffsetDateTime;

use super::command::Command;
use super::error::Error;
use super::event::Event;
use super::signed_record::SignedRecord;
use super::signer::Holder;
use super::signing::SigningWindow;
use super::slot::Slot;
use super::state::Contract;
use crate::decision::Decision;
use crate::identity::{CeremonyId, SlotId};
use crate::organization::{self, By, Permission};

impl Contract {
    /// Decides a command on the contract as it is.
    ///
    /// ```
    /// # use sealwright::contract::{Command, Contract};
    /// # use sealwright::{identity::SlotId, organization::By};
    /// # use time::OffsetDateTime;
    /// fn remind(
    ///     contract: &mut Contract,
    ///     slot: SlotId,
    ///     by: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<(), Box<dyn std::error::Error>> {
    ///     let decision = contract.decide(Command::Remind { slot }, by, now)?;
    ///     // The host stores the decision here and sends `decision.notices()`.
    ///     decision.apply_to(contract)?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// The guards of the command in the order of §2.5.2, the state first; each [`Command`] names its
    /// transition. `con.illegal_transition` for a member of a group where the group acts as one.
    pub fn decide(
        &self,
        command: Command<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        if let (Some(group), Some(action)) = (&self.group, command.taken_together()) {
            return Err(Error::OneOfAGroup { action, size: group.size() });
        }
        self.decide_as_member(command, by, now)
    }

    /// C11 for whoever holds the permit.
    pub(crate) fn record_permitted(
        &self,
        record: SignedRecord,
        window: SigningWindow<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        if let Some(group) = &self.group {
            return Err(Error::OneOfAGroup { action: "be signed", size: group.size() });
        }
        let moment = Moment { contract: self, by, now };
        moment.record_signed(Box::new(record), Some(window))
    }

    /// M9: its meeting is called off and the contract kept: from now on no meeting says when it may be
    /// signed. Nothing happens to one that has ended, or does not belong to that meeting.
    pub(crate) fn go_on_without(
        &self,
        ceremony: &CeremonyId,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Option<Decision<Self>> {
        let bound = self.ceremony.as_ref() == Some(ceremony) && !self.phase.is_terminal();
        let event = || Event::MeetingCalledOff { ceremony: ceremony.clone() };
        bound.then(|| Moment { contract: self, by, now }.decided(event()))
    }

    /// The same for a contract whose group, if it has one, decides for all its members.
    pub(super) fn decide_as_member(
        &self,
        command: Command<'_>,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        let moment = Moment { contract: self, by, now };
        match command {
            Command::Edit(edit) => moment.edit(edit),
            Command::Open { slot, entry, shown } => moment.open(&slot, entry, &shown),
            Command::Fill { slot, values, finished } => moment.fill(slot, values, finished),
            Command::DeclineFill { slot, reason } => moment.decline_fill(slot, reason),
            Command::Compose { documents, certified_by } => moment.compose(documents, certified_by),
            Command::Review { slot, verdict, reason } => moment.review(slot, verdict, reason),
            Command::BeginSigning { slot, until } => moment.begin_signing(slot, until),
            Command::AbandonSigning { slot } => moment.abandon_signing(slot),
            Command::Close { stamps, integrity } => moment.close(stamps, integrity),
            Command::AssertSigned(record) => moment.record_signed(record, None),
            Command::Decline { slot, reason } => moment.decline(slot, reason),
            Command::Expire => moment.expire(),
            Command::ExtendDeadline { slot, to } => moment.extend_deadline(slot, to),
            Command::Forward { slot, from, to, kind } => moment.forward(slot, from, &to, kind),
            Command::BindSigner { slot, holder, entitlements } => {
                moment.bind_signer(slot, holder, entitlements)
            }
            Command::Remind { slot } => moment.remind(slot),
            Command::Invalidate(cause) => moment.invalidate(cause),
            Command::WithholdDelivery { slot, place, factors } => {
                moment.withhold(slot, place, factors)
            }
            Command::RestoreDelivery { slot, person, registered } => {
                moment.restore(slot, person, &registered)
            }
            Command::CompleteRelease { release } => moment.complete_release(release),
            Command::Archive => moment.archive(),
            Command::Purge => moment.purge(),
        }
    }
}

/// A contract, a caller and the time: what every guard looks at.
#[derive(Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) contract: &'a Contract,
    pub(super) by: &'a By<'a>,
    pub(super) now: OffsetDateTime,
}

impl<'a> Moment<'a> {
    /// A decision that begins with this event. It rests on the employee who asks and on his
    /// organization.
    pub(super) fn decided(&self, event: Event) -> Decision<Contract> {
        self.by.decides(self.contract, self.now).event(event)
    }

    /// The slot, if the caller is its authenticated signer, the contract is delivered to him, and he
    /// and his organization are active (R-SIGN-03, R-SIGN-04).
    pub(super) fn acting_in(&self, slot: &SlotId) -> Result<(&'a Slot, Option<&'a Holder>), Error> {
        let slot = self.contract.slot(slot)?;
        let party = self.contract.party_of(slot)?;
        let holder = slot.recognise(self.by, party)?;
        if let By::Staff(staff) = self.by {
            staff.require_active()?;
        }
        Ok((slot, holder))
    }

    /// That the caller may do this for the initiating organization, and his permission reaches the
    /// initiator's contracts. The host and the clock may.
    pub(super) fn require_initiating(&self, permission: Permission) -> Result<(), Error> {
        match self.by {
            By::System | By::Host(_) => Ok(()),
            By::Staff(staff) => {
                let organization = &self.contract.initiator.organization;
                if staff.organization().id() != organization {
                    return Err(organization::Error::NotInOrganization {
                        employee: staff.employee().id().clone(),
                        organization: organization.clone(),
                    }
                    .into());
                }
                Ok(staff.require_over(permission, self.contract.initiator.responsible())?)
            }
            By::Person { .. } => Err(self.lacks(permission)),
        }
    }

    /// The refusal of a caller without a permission.
    pub(super) fn lacks(&self, permission: Permission) -> Error {
        let actor = self.by.actor().to_string();
        organization::Error::NoPermission { actor, permission }.into()
    }
}
