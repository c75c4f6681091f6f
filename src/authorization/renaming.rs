//! New names, of organizations and of persons: what they make wrong.

use time::OffsetDateTime;

use super::{Error, Seal};
use crate::contract::{Cause, Contract, SealKind};
use crate::decision::Decision;
use crate::identity::{ContractId, OrganizationName};
use crate::organization::{
    By, Employee, EmployeeCommand, Organization, OrganizationCommand, OrganizationStatus,
};

/// What follows when an organization takes another name: to be stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct OrganizationRenaming {
    /// On the organization.
    pub organization: Decision<Organization>,
    /// On each live official and contract seal: it is invalid, and has to be made anew.
    pub seals: Vec<Decision<Seal>>,
    /// On each open contract in which a place of the organization has not acted: it is invalidated.
    pub contracts: Vec<Decision<Contract>>,
}

/// An organization takes another name (企业更名, R-ORG-04). Completed contracts stay; seals of the
/// legal representative, of finance and of personnel stay; new contracts need the new name.
///
/// `seals` are the organization's, `contracts` those in which it is a party; what is not concerned
/// does no harm.
///
/// ```
/// # use sealwright::authorization::{Error, OrganizationRenaming, rename_organization};
/// # use sealwright::identity::OrganizationName;
/// # use sealwright::organization::{By, Organization};
/// # fn example(organization: &Organization, by: &By<'_>, now: time::OffsetDateTime)
/// # -> Result<OrganizationRenaming, Box<dyn std::error::Error>> {
/// let name = OrganizationName::parse("晨曦科技集团有限公司")?;
/// let decisions = rename_organization(organization, name, &[], &[], by, now)?;
/// # Ok(decisions) }
/// ```
///
/// # Errors
///
/// `org.not_active`, `emp.protected_role` to anybody but the super admin and the legal
/// representative.
pub fn rename_organization(
    organization: &Organization,
    name: OrganizationName,
    seals: &[&Seal],
    contracts: &[&Contract],
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<OrganizationRenaming, Error> {
    let decision = organization.decide(OrganizationCommand::Rename { name }, by, now)?;
    if decision.is_empty() {
        return Ok(OrganizationRenaming {
            organization: decision,
            seals: Vec::new(),
            contracts: Vec::new(),
        });
    }
    let seals = seals
        .iter()
        .filter(|seal| seal.organization() == organization.id() && bears_the_name(seal))
        .map(|seal| seal.invalidated(by, now).reading(organization))
        .collect();
    let contracts = contracts
        .iter()
        .filter(|contract| waits_for(contract, organization))
        .map(|contract| {
            let organization = organization.id().clone();
            let cause = Cause::OrganizationRenamed { organization };
            contract.invalidated(cause, by, now)
        })
        .collect::<Result<_, _>>()?;
    Ok(OrganizationRenaming { organization: decision, seals, contracts })
}

fn bears_the_name(seal: &Seal) -> bool {
    seal.status().is_live() && matches!(seal.kind(), SealKind::Official | SealKind::Contract)
}

fn waits_for(contract: &Contract, organization: &Organization) -> bool {
    contract.is_invalidated_by_rename_of(organization)
}

/// What follows when an employee changes facts about himself: to be stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct PersonChange {
    /// On the employee.
    pub employee: Decision<Employee>,
    /// On each open contract in which he has not acted, if his **name** changed: it is invalidated.
    pub contracts: Vec<Decision<Contract>>,
}

/// An employee changes his name or his mobile number. Contracts were written with the old name: the
/// open ones in which he has not acted fall. A new mobile number leaves them as they are.
///
/// `command` is [`EmployeeCommand::Change`]; `contracts` are those in which he has a place.
///
/// ```
/// # use sealwright::authorization::{Error, change_person};
/// # use sealwright::contract::Contract;
/// # use sealwright::organization::{By, EmployeeCommand, Staff};
/// fn fallen(
///     staff: Staff<'_>,
///     change: EmployeeCommand<'_>,
///     contracts: &[&Contract],
///     now: time::OffsetDateTime,
/// ) -> Result<usize, Error> {
///     let (employee, organization) = (staff.employee(), staff.organization());
///     let by = By::Staff(staff);
///     let decisions = change_person(employee, change, organization, contracts, &by, now)?;
///     Ok(decisions.contracts.len())
/// }
/// ```
///
/// # Errors
///
/// Those of [`Employee::decide`].
pub fn change_person(
    employee: &Employee,
    command: EmployeeCommand<'_>,
    organization: &Organization,
    contracts: &[&Contract],
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<PersonChange, Error> {
    let renamed = matches!(
        &command,
        EmployeeCommand::Change { name: Some(name), .. } if name != employee.person().name()
    );
    let decision = employee.decide(command, organization, by, now)?;
    if !renamed || decision.is_empty() {
        return Ok(PersonChange { employee: decision, contracts: Vec::new() });
    }
    let contracts = contracts
        .iter()
        .filter_map(|contract| {
            let slot = contract.open_slots_of(employee, organization).next()?.id().clone();
            let cause = Cause::SignerRenamed { slot };
            Some(contract.invalidated(cause, by, now))
        })
        .collect::<Result<_, _>>()?;
    Ok(PersonChange { employee: decision, contracts })
}

/// An organization begins to wind up, or ends it once it has begun; refused while a contract of its
/// is live, in which it is a party or which it started.
///
/// ```
/// # use sealwright::authorization::{Error, close_organization};
/// # use sealwright::contract::Contract;
/// # use sealwright::organization::{By, Organization};
/// fn wind_up(
///     organization: &mut Organization,
///     contracts: &[&Contract],
///     now: time::OffsetDateTime,
/// ) -> Result<(), Error> {
///     let decision = close_organization(organization, contracts, &By::System, now)?;
///     decision.apply_to(organization)?;
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// `org.has_live_contracts`, and those of [`Organization::decide`].
pub fn close_organization(
    organization: &Organization,
    contracts: &[&Contract],
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<Decision<Organization>, Error> {
    let concerns = |contract: &Contract| {
        contract.initiator().organization == *organization.id()
            || contract
                .parties()
                .iter()
                .any(|party| party.stands_for(organization.id(), organization.name()))
    };
    let live_contracts: Vec<ContractId> = contracts
        .iter()
        .filter(|contract| contract.phase().is_live() && concerns(contract))
        .map(|contract| contract.id().clone())
        .collect();
    let command = if organization.status() == OrganizationStatus::Closing {
        OrganizationCommand::FinishClosing { live_contracts }
    } else {
        OrganizationCommand::Close { live_contracts }
    };
    Ok(organization.decide(command, by, now)?)
}
