//! Leaving, with a hand-over.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::{Employee, EmployeeEvent};
use crate::decision::{Claim, Decision, Notice, Recipient};
use crate::identity::ContractId;
use crate::organization::{By, Error, Organization, ProtectedRole};

/// The contracts in which an employee is still awaited, as the host's query finds them.
///
/// ```
/// use sealwright::organization::OpenWork;
/// let work = OpenWork { to_sign: vec!["con_1".parse()?], ..OpenWork::default() };
/// assert_eq!(work.contracts().len(), 1);
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenWork {
    /// He has to sign, now or when it is his turn.
    pub to_sign: Vec<ContractId>,
    /// He has to fill in something.
    pub to_fill: Vec<ContractId>,
    /// A release that he takes part in is under way.
    pub releases: Vec<ContractId>,
}

impl OpenWork {
    /// Each contract once, by id.
    #[must_use]
    pub fn contracts(&self) -> Vec<ContractId> {
        let all = self.to_sign.iter().chain(&self.to_fill).chain(&self.releases);
        all.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Employee {
    pub(super) fn resign(
        &self,
        handover: Option<&Self>,
        open_work: &OpenWork,
        organization: &Organization,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<Decision<Self>, Error> {
        by.require_manager_of(organization)?;
        self.require_replaced(organization)?;
        // Whoever never proved who he is was never awaited anywhere.
        let contracts = if self.is_active() { open_work.contracts() } else { Vec::new() };
        match handover {
            Some(successor) => self.require_fit(successor)?,
            None if contracts.is_empty() => {}
            None => {
                return Err(Error::HandoverRequired { employee: self.id.clone(), contracts });
            }
        }
        let handover_to = handover.map(|successor| successor.id.clone());
        let heir = handover_to.clone().map(Recipient::Employee);
        let decision = by
            .decides(self, now)
            .event(EmployeeEvent::Resigned { handover_to, contracts })
            .notice(Notice::new("emp.resigned", self.recipient()))
            .notices_of(heir.map(|heir| Notice::new("emp.handover", heir).with("from", &self.id)))
            .reading_all(handover);
        let claims: [Claim; 2] = self.claims_given_up();
        Ok(claims.into_iter().fold(decision, Decision::claim))
    }

    /// R-EMP-02: neither position becomes vacant.
    fn require_replaced(&self, organization: &Organization) -> Result<(), Error> {
        let role = if organization.is_super_admin(&self.id) {
            ProtectedRole::SuperAdmin
        } else if self.is_active() && organization.is_legal_representative(&self.person) {
            ProtectedRole::LegalRepresentative
        } else {
            return Ok(());
        };
        Err(Error::ProtectedRole { role })
    }

    fn require_fit(&self, successor: &Self) -> Result<(), Error> {
        let fit = successor.id != self.id
            && successor.organization == self.organization
            && successor.is_active();
        if fit {
            return Ok(());
        }
        let (employee, successor) = (self.id.clone(), successor.id.clone());
        Err(Error::HandoverInvalid { employee, successor })
    }
}
