//! What decisions on organizations, employees and entitlements rest on.

use super::samples::{NOW, active, apply, employee, invited, person, proof, resident_id};
use super::{
    By, Employee, EmployeeCommand, Entitlement, Entitlements, Feature, Holders, Invitation,
    Organization, OrganizationCommand, Staff, Terms, Window,
};
use crate::decision::{Aggregate, Decision};
use crate::identity::Person;

fn witnesses<A: Aggregate>(decision: &Decision<A>) -> Vec<&str> {
    decision.witnesses().iter().map(|witness| witness.id.as_str()).collect()
}

fn staff<'a>(organization: &'a Organization, employee: &'a Employee) -> By<'a> {
    By::Staff(Staff::of(organization, employee).unwrap())
}

fn entitled(organization: &Organization, feature: Feature) -> Entitlement {
    let terms = Terms { quota: Some(3), ..Terms::within(Window::new(NOW, None).unwrap()) };
    let id = "ent".parse().unwrap();
    let granted =
        Entitlement::grant(&id, organization.id(), feature, terms, &By::System, NOW).unwrap();
    granted.found().unwrap().0
}

#[test]
fn org_commands_rest_on_the_employee_who_asks() {
    let (organization, admin) = active("a", 0);
    let by = staff(&organization, &admin);
    let suspend = OrganizationCommand::Suspend { reason: "audit".to_owned() };
    assert_eq!(witnesses(&organization.decide(suspend, &by, NOW).unwrap()), ["a-admin"]);
    let heir = employee(&organization, "heir", person("孙七", 31), &[]);
    let change = OrganizationCommand::ChangeSuperAdmin { successor: &heir };
    let decision = organization.decide(change, &by, NOW).unwrap();
    assert_eq!(witnesses(&decision), ["a-admin", "heir"]);
}

#[test]
fn emp_commands_rest_on_the_organization_and_on_who_asks() {
    let (organization, admin) = active("a", 0);
    let by = staff(&organization, &admin);
    let zhao = person("赵六", 30);
    let none = Holders::default();
    let id = "zhao".parse().unwrap();
    let decision =
        Employee::invite(id, Invitation::of(zhao.clone()), &organization, &none, &by, NOW);
    assert_eq!(witnesses(&decision.unwrap()), ["a", "a-admin"]);

    let guest = invited(&organization, "zhao", zhao.clone());
    let worker = employee(&organization, "qian", person("钱八", 33), &[]);
    let renamed = |person: &Person| person.clone().with_name(person.name().clone());
    let again = EmployeeCommand::InviteAgain { person: renamed(&zhao) };
    let edit = EmployeeCommand::EditFacts { person: zhao, email: None, holders: none.clone() };
    let (departments, roles) = (Default::default(), Default::default());
    let assign = EmployeeCommand::Assign { departments, roles };
    for (one, command) in [(&guest, again), (&guest, edit), (&worker, assign)] {
        let decision = one.decide(command, &organization, &by, NOW).unwrap();
        assert_eq!(witnesses(&decision), ["a", "a-admin"]);
    }
    let changed = worker.person().clone().with_mobile(person("x", 34).mobile().clone());
    let change = EmployeeCommand::Change {
        name: None,
        mobile: Some(changed.mobile().clone()),
        proof: proof(&changed),
        holders: none,
    };
    let himself = staff(&organization, &worker);
    let decision = worker.decide(change, &organization, &himself, NOW).unwrap();
    assert_eq!(witnesses(&decision), ["a"], "the employee himself has his own condition");
}

#[test]
fn r_id_12_joining_young_rests_on_the_age_extension() {
    let (organization, _) = active("a", 0);
    let extension = entitled(&organization, Feature::AgeExtension);
    let extension = [&extension];
    let activate = |person: &Person| {
        let guest = invited(&organization, "guest", person.clone());
        let entitlements = Entitlements::of(&extension);
        let command = EmployeeCommand::Activate { proof: proof(person), entitlements };
        guest.decide(command, &organization, &By::System, NOW).unwrap()
    };
    let adult = person("赵六", 30);
    let mobile = adult.mobile().clone();
    let young = Person::new(adult.name().clone(), resident_id("20100307", 7), mobile);
    assert_eq!(witnesses(&activate(&young)), ["ent", "a"]);
    assert_eq!(witnesses(&activate(&adult)), ["a"], "he needs no extension");
}

#[test]
fn r_ent_01_units_of_quota_rest_on_who_asks() {
    let (organization, admin) = active("a", 0);
    let by = staff(&organization, &admin);
    let mut entitlement = entitled(&organization, Feature::Contracts);
    let contract = "con_1".parse().unwrap();
    let decision = entitlement.reserve(&contract, &by, NOW).unwrap();
    assert_eq!(witnesses(&decision), ["a", "a-admin"]);
    apply(&mut entitlement, decision);
    let decision = entitlement.give_back(&contract, &by, NOW).unwrap();
    assert_eq!(witnesses(&decision), ["a", "a-admin"]);
    let id = "ent_2".parse().unwrap();
    let request = Entitlement::request(&id, &organization, Feature::AutoSign, &by, NOW).unwrap();
    assert_eq!(witnesses(&request), ["a", "a-admin"]);
}
