//! Leaving: who may not, what has to be handed over and to whom.

use super::{Employee, EmployeeCommand as Command, EmployeeEvent, EmployeeStatus, OpenWork};
use crate::decision::{Claim, Recipient};
use crate::organization::samples::{
    NOW, active, apply, employee, invited, legal_representative, person, proof,
};
use crate::organization::{
    By, Entitlements, Error, Organization, OrganizationCommand, ProtectedRole, ShippedRole, Staff,
};

fn work() -> OpenWork {
    OpenWork {
        to_sign: vec!["con_2".parse().unwrap(), "con_1".parse().unwrap()],
        to_fill: vec!["con_1".parse().unwrap()],
        releases: vec!["con_3".parse().unwrap()],
    }
}

fn resign(handover: Option<&Employee>, open_work: OpenWork) -> Command<'_> {
    Command::Resign { handover, open_work }
}

fn refused(employee: &Employee, command: Command<'_>, organization: &Organization) -> Error {
    let before = employee.clone();
    let error = employee.decide(command, organization, &By::System, NOW).unwrap_err();
    assert_eq!(*employee, before);
    error
}

#[test]
fn r_emp_02_neither_super_admin_nor_legal_representative_leaves_before_replacement() {
    let (mut organization, admin) = active("a", 0);
    let head = employee(&organization, "head", legal_representative(), &[]);
    let heir = employee(&organization, "heir", person("赵六", 30), &[]);
    let leave = || resign(Some(&heir), OpenWork::default());
    let error = refused(&admin, leave(), &organization);
    assert_eq!(error, Error::ProtectedRole { role: ProtectedRole::SuperAdmin });
    assert_eq!(error.code(), "emp.protected_role");
    let error = refused(&head, leave(), &organization);
    assert_eq!(error, Error::ProtectedRole { role: ProtectedRole::LegalRepresentative });

    let (id, person) = ("p9".parse().unwrap(), legal_representative());
    let by = By::Person { id: &id, person: &person };
    let change = OrganizationCommand::ChangeSuperAdmin { successor: &heir };
    let decision = organization.decide(change, &by, NOW).unwrap();
    apply(&mut organization, decision);
    assert!(admin.decide(leave(), &organization, &By::System, NOW).is_ok());
    assert_eq!(
        refused(&heir, resign(None, OpenWork::default()), &organization).code(),
        "emp.protected_role"
    );
}

#[test]
fn r_emp_03_open_work_needs_somebody_who_takes_it_over() {
    let (organization, _) = active("a", 0);
    let zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let error = refused(&zhao, resign(None, work()), &organization);
    assert_eq!(error.code(), "emp.handover_required");
    let Error::HandoverRequired { contracts, .. } = error else { panic!("{error}") };
    let ids: Vec<_> = contracts.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["con_1", "con_2", "con_3"], "each contract once");
}

#[test]
fn r_emp_03_an_heir_is_another_active_employee_of_the_organization() {
    let (organization, _) = active("a", 0);
    let (other, _) = active("b", 1);
    let zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let new = invited(&organization, "new", person("孙七", 31));
    let foreign = employee(&other, "foreign", person("孙七", 32), &[]);
    let twin = zhao.clone();
    for heir in [&new, &foreign, &twin] {
        let error = refused(&zhao, resign(Some(heir), work()), &organization);
        assert_eq!(error.code(), "emp.handover_invalid", "{}", heir.id());
    }
}

#[test]
fn emp_resign_hands_over_and_gives_up_what_was_claimed() {
    let (organization, admin) = active("a", 0);
    let mut zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let heir = employee(&organization, "heir", person("孙七", 31), &[]);
    let by = By::Staff(Staff::of(&organization, &admin).unwrap());
    let later = NOW + time::Duration::HOUR;
    let leave = resign(Some(&heir), work());
    let decision = zhao.decide(leave, &organization, &by, later).unwrap();
    assert_eq!(decision.kinds(), ["emp.resigned"]);
    let EmployeeEvent::Resigned { handover_to, contracts } = &decision.events()[0].event else {
        panic!("{:?}", decision.events())
    };
    assert_eq!((handover_to.as_ref(), contracts.len()), (Some(heir.id()), 3));
    assert!(matches!(decision.claims(), [Claim::Release { .. }, Claim::Release { .. }]));
    let told: Vec<_> = decision.notices().iter().map(|notice| notice.recipient.clone()).collect();
    let expected = [zhao.id(), heir.id()].map(|id| Recipient::Employee(id.clone()));
    assert_eq!(told, expected);
    let read: Vec<_> = decision.witnesses().iter().map(|witness| witness.id.as_str()).collect();
    assert_eq!(read, ["a", "a-admin", "heir"], "who asks, for whom, and who takes over");
    apply(&mut zhao, decision);
    assert_eq!(zhao.status(), EmployeeStatus::Resigned);
    assert_eq!((zhao.handover_to(), zhao.resigned_at()), (Some(heir.id()), Some(later)));
}

#[test]
fn emp_resigned_is_the_end() {
    let (organization, _) = active("a", 0);
    let mut zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let decision = zhao.decide(resign(None, OpenWork::default()), &organization, &By::System, NOW);
    apply(&mut zhao, decision.unwrap());
    assert_eq!(zhao.require_active().unwrap_err().code(), "emp.resigned");
    let facts = person("赵六", 30);
    let activate = Command::Activate { proof: proof(&facts), entitlements: Entitlements::NONE };
    let again = Command::InviteAgain { person: facts };
    let assign = Command::Assign { departments: Default::default(), roles: Default::default() };
    for command in
        [activate, again, assign, Command::RequestJoin, resign(None, OpenWork::default())]
    {
        assert_eq!(refused(&zhao, command, &organization).code(), "emp.resigned");
    }
    let manager = employee(&organization, "it", person("孙七", 31), &[ShippedRole::ItAdmin.into()]);
    assert_eq!(
        refused(&manager, resign(Some(&zhao), work()), &organization).code(),
        "emp.handover_invalid"
    );
}

#[test]
fn emp_resign_without_handover_for_whoever_never_proved_who_he_is() {
    let (organization, _) = active("a", 0);
    let zhao = invited(&organization, "zhao", person("赵六", 30));
    let decision = zhao.decide(resign(None, work()), &organization, &By::System, NOW).unwrap();
    assert_eq!(decision.kinds(), ["emp.resigned"]);
    let impostor = invited(&organization, "wang", legal_representative());
    let decision =
        impostor.decide(resign(None, OpenWork::default()), &organization, &By::System, NOW);
    assert!(decision.is_ok(), "an invitation in his name does not make a legal representative");
}

#[test]
fn emp_resign_takes_the_permission_to_manage() {
    let (organization, _) = active("a", 0);
    let zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let by = By::Staff(Staff::of(&organization, &zhao).unwrap());
    let leave = resign(None, OpenWork::default());
    let error = zhao.decide(leave, &organization, &by, NOW).unwrap_err();
    assert_eq!(error.code(), "emp.no_permission");
}
