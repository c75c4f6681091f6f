//! Who may take an organization through its activation, join it, and use its quota.

use super::samples::{
    NOW, active, apply, at, consent, employee, invited, legal_representative, licence_facts,
    person, proof, registered,
};
use super::{
    By, Employee, EmployeeCommand, Entitlement, Entitlements, Feature, Organization,
    OrganizationCommand as Command, OrganizationStatus as Status, Staff, Terms, Window,
};
use crate::decision::Recipient;

fn staff<'a>(organization: &'a Organization, employee: &'a Employee) -> By<'a> {
    By::Staff(Staff::of(organization, employee).unwrap())
}

fn code(organization: &Organization, command: Command<'_>, by: &By<'_>) -> &'static str {
    organization.decide(command, by, NOW).err().map_or("", |error| error.code())
}

#[test]
fn org_activation_is_taken_by_the_applicant_the_legal_representative_and_the_host() {
    let (other, stranger) = active("b", 1);
    let (id, passer, head) = ("p1".parse().unwrap(), person("路人", 77), legal_representative());
    let (waiting, _) = at("a", 0, Status::Verified);
    let steps = || {
        [
            (registered("a", 0), Command::SubmitVerification(licence_facts())),
            (waiting.clone(), consent(person("李四", 1).name().clone())),
        ]
    };
    for (organization, step) in steps() {
        assert_eq!(code(&organization, step, &staff(&other, &stranger)), "emp.not_in_org");
    }
    for (organization, step) in steps() {
        let by = By::Person { id: &id, person: &passer };
        assert_eq!(code(&organization, step, &by), "emp.no_permission");
    }
    // The number on the form is the applicant's word: nobody is known by it before the authorization.
    for (organization, step) in steps() {
        let by = By::Person { id: &id, person: &head };
        assert_eq!(code(&organization, step, &by), "emp.no_permission");
    }
    let (authorized, admin) = at("a", 0, Status::LegalAuthorized);
    let activate = Command::ActivateSuperAdmin { employee: &admin, holder: None };
    assert_eq!(code(&authorized, activate, &By::Person { id: &id, person: &head }), "");
    let [(organization, step), _] = steps();
    assert_eq!(code(&organization, step, &By::System), "");

    let registration = super::Registration {
        name: organization.name().clone(),
        uscc: *organization.uscc(),
        kind: organization.kind(),
        licence: organization.licence(),
    };
    let applicant = By::Person { id: &id, person: &passer };
    let registered =
        Organization::register("a".parse().unwrap(), registration, None, &applicant, NOW);
    let organization = registered.unwrap().found().unwrap().0;
    assert_eq!(code(&organization, Command::SubmitVerification(licence_facts()), &applicant), "");
}

#[test]
fn org_activate_super_admin_may_be_done_by_himself_and_not_by_a_colleague() {
    let (organization, admin) = at("a", 0, Status::LegalAuthorized);
    let colleague = employee(&organization, "colleague", person("赵六", 30), &[]);
    let activate = || Command::ActivateSuperAdmin { employee: &admin, holder: None };
    let by = staff(&organization, &colleague);
    assert_eq!(code(&organization, activate(), &by), "emp.no_permission");
    assert_eq!(code(&organization, activate(), &staff(&organization, &admin)), "");
}

#[test]
fn emp_activate_is_for_the_person_who_was_invited() {
    let (organization, admin) = active("a", 0);
    let (other, stranger) = active("b", 1);
    let zhao = person("赵六", 30);
    let guest = invited(&organization, "zhao", zhao.clone());
    let (id, passer) = ("p1".parse().unwrap(), person("路人", 77));
    let by = |by: &By<'_>| {
        let entitlements = Entitlements::NONE;
        let command = EmployeeCommand::Activate { proof: proof(&zhao), entitlements };
        let decided = guest.decide(command, &organization, by, NOW);
        decided.err().map_or("", |error| error.code())
    };
    assert_eq!(by(&By::Person { id: &id, person: &passer }), "emp.identity_mismatch");
    assert_eq!(by(&staff(&other, &stranger)), "emp.not_in_org");
    assert_eq!(by(&By::Person { id: &id, person: &zhao }), "");
    assert_eq!(by(&staff(&organization, &admin)), "");
    assert_eq!(by(&By::System), "");
}

#[test]
fn emp_who_gets_other_roles_is_told() {
    let (organization, admin) = active("a", 0);
    let mut worker = employee(&organization, "qian", person("钱八", 33), &[]);
    let assign = || EmployeeCommand::Assign {
        departments: Default::default(),
        roles: [super::ShippedRole::ContractAdmin.into()].into(),
    };
    let by = staff(&organization, &admin);
    let decision = worker.decide(assign(), &organization, &by, NOW).unwrap();
    let [told] = decision.notices() else { panic!("{:?}", decision.notices()) };
    assert_eq!(told.kind, "emp.assigned");
    assert_eq!(told.recipient, Recipient::Employee(worker.id().clone()));
    apply(&mut worker, decision);
    assert!(worker.decide(assign(), &organization, &by, NOW).unwrap().notices().is_empty());
}

#[test]
fn r_ent_01_units_are_the_organizations_own() {
    let (organization, admin) = active("a", 0);
    let (other, stranger) = active("b", 1);
    let terms = Terms { quota: Some(3), ..Terms::within(Window::new(NOW, None).unwrap()) };
    let id = "ent".parse().unwrap();
    let granted =
        Entitlement::grant(&id, organization.id(), Feature::Contracts, terms, &By::System, NOW);
    let mut entitlement = granted.unwrap().found().unwrap().0;
    let contract = "con_1".parse().unwrap();
    let foreign = staff(&other, &stranger);
    let refused = entitlement.reserve(&contract, &foreign, NOW).unwrap_err();
    assert_eq!(refused.code(), "feature.not_entitled");
    let own = staff(&organization, &admin);
    let decision = entitlement.reserve(&contract, &own, NOW).unwrap();
    apply(&mut entitlement, decision);
    let refused = entitlement.give_back(&contract, &foreign, NOW).unwrap_err();
    assert_eq!(refused.code(), "feature.not_entitled");
    assert!(entitlement.give_back(&contract, &By::System, NOW).is_ok());
}
