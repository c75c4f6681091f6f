//! The approval of an organization before its signer signs (C10).

use super::decide::Moment;
use super::error::Error;
use super::event::{Event, Verdict};
use super::phase::Phase;
use super::reason::Reason;
use super::slot::{Review, Slot};
use super::state::Contract;
use crate::decision::Decision;
use crate::identity::SlotId;
use crate::organization::{self, By, Permission};

impl Moment<'_> {
    /// C10.
    pub(super) fn review(
        &self,
        slot: SlotId,
        verdict: Verdict,
        reason: Option<Reason>,
    ) -> Result<Decision<Contract>, Error> {
        let contract = self.contract;
        contract.require("have a signing reviewed", Phase::is_signing)?;
        let place = contract.slot(&slot)?;
        if place.review == Review::NotNeeded {
            return Err(Error::NoReviewNeeded { slot });
        }
        self.require_reviewer(place)?;
        contract.require_unsigned(place)?;
        if verdict != Verdict::Pass && reason.is_none() {
            return Err(Error::ReasonRequired);
        }
        let due = contract.waiting_for(place).is_empty();
        let notices = match verdict {
            Verdict::Pass if due => contract.tell(place, "contract.to_sign").into_iter().collect(),
            Verdict::Pass => Vec::new(),
            Verdict::Reject => {
                contract.tell(place, "contract.review_rejected").into_iter().collect()
            }
            Verdict::Refuse => contract.tell_all("contract.declined"),
        };
        Ok(self.decided(Event::Reviewed { slot, verdict, reason }).notices_of(notices))
    }

    /// A colleague of the signer who may review the use of seals, but not the signer himself: a gate
    /// that one opens for oneself is none. The host and the clock may.
    fn require_reviewer(&self, slot: &Slot) -> Result<(), Error> {
        let permission = Permission::SealUseReview;
        let party = self.contract.party_of(slot)?;
        match self.by {
            By::System | By::Host(_) => Ok(()),
            By::Person { .. } => Err(self.lacks(permission)),
            By::Staff(staff) => {
                let organization = staff.organization();
                if !party.stands_for(organization.id(), organization.name()) {
                    return Err(organization::Error::NotInOrganization {
                        employee: staff.employee().id().clone(),
                        organization: party.organization_id().unwrap_or(organization.id()).clone(),
                    }
                    .into());
                }
                staff.require(permission)?;
                let mut holders = slot.signer().holders().iter();
                if holders.any(|holder| holder.is_employee(staff.employee())) {
                    return Err(self.lacks(permission));
                }
                Ok(())
            }
        }
    }
}
