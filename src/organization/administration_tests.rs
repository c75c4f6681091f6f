//! What an active organization does: names, super admins, suspension, closing, chart and roles.

use std::collections::BTreeSet;

use super::samples::{
    NOW, active, apply, at, digest, employee, invited, legal_representative, organization_name,
    person, person_name, register_facts, resident_id,
};
use super::{
    By, DataRange, Employee, Error, Label, LegalRepresentative, LicenceField, Logo, Organization,
    OrganizationCommand as Command, OrganizationStatus as Status, Owner, Permission, RegisterFacts,
    Role, RoleRef, Settings, ShippedRole, Staff,
};
use crate::decision::{Aggregate, Claim, Recipient};
use crate::identity::PersonId;

fn staff<'a>(organization: &'a Organization, employee: &'a Employee) -> By<'a> {
    By::Staff(Staff::of(organization, employee).unwrap())
}

fn code(organization: &Organization, command: Command<'_>, by: &By<'_>) -> &'static str {
    organization.decide(command, by, NOW).err().map_or("", |error| error.code())
}

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

#[test]
fn org_change_super_admin_is_for_the_super_admin_and_the_legal_representative() {
    let (mut organization, admin) = active("a", 0);
    let worker = employee(&organization, "worker", person("赵六", 30), &[]);
    let manager = employee(&organization, "it", person("孙七", 31), &[ShippedRole::ItAdmin.into()]);
    let change = || Command::ChangeSuperAdmin { successor: &worker };
    for by in [staff(&organization, &worker), staff(&organization, &manager), By::System] {
        assert_eq!(code(&organization, change(), &by), "emp.protected_role");
    }
    let (id, head): (PersonId, _) = ("p9".parse().unwrap(), legal_representative());
    let by = By::Person { id: &id, person: &head };
    assert_eq!(code(&organization, change(), &by), "");
    let namesake = person("王五", 901);
    let by = By::Person { id: &id, person: &namesake };
    assert_eq!(code(&organization, change(), &by), "emp.protected_role");

    let decision = organization.decide(change(), &staff(&organization, &admin), NOW).unwrap();
    assert_eq!(decision.kinds(), ["org.super_admin_changed"]);
    apply(&mut organization, decision);
    assert!(organization.is_super_admin(worker.id()) && !organization.is_super_admin(admin.id()));
    assert_eq!(code(&organization, change(), &staff(&organization, &admin)), "emp.protected_role");
    let again = organization.decide(change(), &staff(&organization, &worker), NOW).unwrap();
    assert!(again.is_empty());
}

#[test]
fn org_the_trail_says_what_a_role_gives() {
    let (mut organization, admin) = active("a", 0);
    let permissions = [(Permission::SealGrant, DataRange::All)].into();
    let role = Role { name: label("印章"), permissions };
    let define = Command::DefineRole { id: "sealer".parse().unwrap(), role };
    let decision = organization.decide(define, &staff(&organization, &admin), NOW).unwrap();
    let entries = decision.apply_to(&mut organization).unwrap();
    let details = entries[0].details().to_canonical_json();
    let said = r#""permissions":{"seal.grant":"all"},"role":"sealer""#;
    assert!(details.contains(said), "{details}");
}

#[test]
fn org_change_super_admin_takes_an_active_employee_of_the_organization() {
    let (organization, admin) = active("a", 0);
    let (other, _) = active("b", 1);
    let by = staff(&organization, &admin);
    let new = invited(&organization, "new", person("赵六", 30));
    let foreign = employee(&other, "foreign", person("赵六", 31), &[]);
    let change = |successor| Command::ChangeSuperAdmin { successor };
    assert_eq!(code(&organization, change(&new), &by), "emp.not_verified");
    assert_eq!(code(&organization, change(&foreign), &by), "emp.not_in_org");
}

#[test]
fn org_change_legal_representative_follows_the_register() {
    let (mut organization, admin) = active("a", 0);
    let successor = person("周八", 40);
    let identified = || {
        LegalRepresentative::identified(successor.name().clone(), successor.id_document().clone())
    };
    let register = RegisterFacts {
        legal_representative: successor.name().clone(),
        ..register_facts(&organization)
    };
    let change = |register: &RegisterFacts| Command::ChangeLegalRepresentative {
        legal_representative: identified(),
        register: register.clone(),
    };
    let by = staff(&organization, &admin);
    let old = register_facts(&organization);
    let error = organization.decide(change(&old), &by, NOW).unwrap_err();
    assert_eq!(error, Error::LicenceMismatch { field: LicenceField::LegalRepresentative });
    let worker = employee(&organization, "worker", person("赵六", 30), &[]);
    let outsider = staff(&organization, &worker);
    assert_eq!(code(&organization, change(&register), &outsider), "emp.protected_role");
    let decision = organization.decide(change(&register), &by, NOW).unwrap();
    apply(&mut organization, decision);
    assert!(organization.is_legal_representative(&successor));
    assert!(!organization.is_legal_representative(&legal_representative()));
}

#[test]
fn org_rename_keeps_the_names_it_had() {
    let (mut organization, admin) = active("a", 0);
    let old = organization.name().clone();
    let new = organization_name("新公司(北京)");
    let rename = || Command::Rename { name: new.clone() };
    let worker = employee(&organization, "it", person("赵六", 30), &[ShippedRole::ItAdmin.into()]);
    for by in [staff(&organization, &worker), By::System] {
        assert_eq!(code(&organization, rename(), &by), "emp.protected_role");
    }
    let decision = organization.decide(rename(), &staff(&organization, &admin), NOW).unwrap();
    assert_eq!(decision.kinds(), ["org.renamed"]);
    assert_eq!(
        decision.notices()[0].recipient,
        Recipient::Administrators(organization.id().clone())
    );
    apply(&mut organization, decision);
    assert_eq!(organization.name(), &new);
    assert_eq!(organization.past_names()[0].name, old);
    assert!(organization.decide(rename(), &staff(&organization, &admin), NOW).unwrap().is_empty());
}

#[test]
fn r_org_04_a_name_that_was_given_up_is_told_apart() {
    let (mut organization, admin) = active("a", 0);
    let old = organization.name().clone();
    assert!(organization.require_name(&old).is_ok());
    for name in ["新公司", "更新公司"] {
        let command = Command::Rename { name: organization_name(name) };
        let decision = organization.decide(command, &staff(&organization, &admin), NOW).unwrap();
        apply(&mut organization, decision);
    }
    assert_eq!(organization.require_name(&old).unwrap_err().code(), "org.name_changed");
    let middle = organization_name("新公司");
    assert_eq!(organization.require_name(&middle).unwrap_err().code(), "org.name_changed");
    assert!(organization.require_name(organization.name()).is_ok());
    let back = Command::Rename { name: old.clone() };
    let decision = organization.decide(back, &staff(&organization, &admin), NOW).unwrap();
    apply(&mut organization, decision);
    assert!(organization.require_name(&old).is_ok(), "a name may be taken up again");
}

#[test]
fn org_suspend_and_resume_by_whoever_did_it() {
    let (mut organization, admin) = active("a", 0);
    let worker = employee(&organization, "worker", person("赵六", 30), &[]);
    let suspend = || Command::Suspend { reason: "audit".to_owned() };
    assert_eq!(
        code(&organization, suspend(), &staff(&organization, &worker)),
        "emp.protected_role"
    );
    let empty = Command::Suspend { reason: String::new() };
    assert_eq!(code(&organization, empty, &By::System), "con.reason_required");

    let own = organization.decide(suspend(), &staff(&organization, &admin), NOW).unwrap();
    let imposed = organization.decide(suspend(), &By::System, NOW).unwrap();
    let mut by_host = organization.clone();
    apply(&mut organization, own);
    apply(&mut by_host, imposed);
    assert_eq!(code(&organization, suspend(), &By::System), "org.suspended");
    assert_eq!(code(&by_host, Command::Resume, &staff(&by_host, &admin)), "emp.protected_role");
    let decision =
        organization.decide(Command::Resume, &staff(&organization, &admin), NOW).unwrap();
    assert_eq!(decision.kinds(), ["org.resumed"]);
    apply(&mut organization, decision);
    assert!(organization.is_active());
    assert_eq!(code(&by_host, Command::Resume, &By::System), "");
}

#[test]
fn org_close_waits_for_the_last_live_contract() {
    for status in [Status::Active, Status::Suspended] {
        let (mut organization, admin) = at("a", 0, status);
        let live = vec!["con_1".parse().unwrap(), "con_2".parse().unwrap()];
        let error = organization
            .decide(Command::Close { live_contracts: live.clone() }, &By::System, NOW)
            .unwrap_err();
        assert_eq!(error.code(), "org.has_live_contracts");
        assert_eq!(error, Error::HasLiveContracts { contracts: live.clone() });
        let finish = |live_contracts| Command::FinishClosing { live_contracts };
        assert_eq!(code(&organization, finish(Vec::new()), &By::System), "org.activation_order");

        let close = Command::Close { live_contracts: Vec::new() };
        let by = staff(&organization, &admin);
        let decision = organization.decide(close, &by, NOW).unwrap();
        assert_eq!(decision.kinds(), ["org.closing"]);
        apply(&mut organization, decision);
        assert_eq!(organization.status(), Status::Closing);
        assert_eq!(code(&organization, finish(live), &By::System), "org.has_live_contracts");
        let decision = organization.decide(finish(Vec::new()), &By::System, NOW).unwrap();
        assert!(matches!(decision.claims(), [Claim::Release { .. }]), "the code is free again");
        apply(&mut organization, decision);
        assert_eq!(organization.status(), Status::Closed);
    }
}

#[test]
fn org_closed_is_the_end() {
    for status in [Status::Closing, Status::Closed] {
        let (organization, admin) = at("a", 0, status);
        let head = staff(&organization, &admin);
        let commands = || {
            [
                Command::Close { live_contracts: Vec::new() },
                Command::Suspend { reason: "x".to_owned() },
                Command::Resume,
                Command::Rename { name: organization_name("新公司") },
                Command::ChangeSettings(Settings { approve_joins: true, ..Settings::default() }),
            ]
        };
        for by in [head, By::System] {
            for command in commands() {
                assert_eq!(code(&organization, command, &by), "org.closing");
            }
        }
    }
    let (closed, _) = at("a", 0, Status::Closed);
    let finish = Command::FinishClosing { live_contracts: Vec::new() };
    assert_eq!(code(&closed, finish, &By::System), "org.activation_order");
}

#[test]
fn org_logo_has_bounds() {
    let (organization, admin) = active("a", 0);
    let by = staff(&organization, &admin);
    let logo = Logo { digest: digest("logo"), bytes: Logo::MOST_BYTES, width: 4096, height: 1 };
    assert_eq!(code(&organization, Command::SetLogo(Some(logo)), &by), "");
    for wrong in [
        Logo { bytes: Logo::MOST_BYTES + 1, ..logo },
        Logo { bytes: 0, ..logo },
        Logo { width: 4097, ..logo },
        Logo { height: 0, ..logo },
    ] {
        assert_eq!(code(&organization, Command::SetLogo(Some(wrong)), &by), "org.logo_invalid");
    }
    assert!(organization.decide(Command::SetLogo(None), &by, NOW).unwrap().is_empty());
}

#[test]
fn org_manage_is_a_permission() {
    let (organization, _) = active("a", 0);
    let (other, stranger) = active("b", 1);
    let worker = employee(&organization, "worker", person("赵六", 30), &[]);
    let it = employee(&organization, "it", person("孙七", 31), &[ShippedRole::ItAdmin.into()]);
    let settings =
        || Command::ChangeSettings(Settings { approve_joins: true, ..Settings::default() });
    assert_eq!(
        code(&organization, settings(), &staff(&organization, &worker)),
        "emp.no_permission"
    );
    assert_eq!(code(&organization, settings(), &staff(&other, &stranger)), "emp.not_in_org");
    assert_eq!(code(&organization, settings(), &staff(&organization, &it)), "");
    let (id, head): (PersonId, _) = ("p9".parse().unwrap(), legal_representative());
    assert_eq!(code(&organization, settings(), &By::Person { id: &id, person: &head }), "");
    let passer = person("赵六", 32);
    let by = By::Person { id: &id, person: &passer };
    assert_eq!(code(&organization, settings(), &by), "emp.no_permission");
}

#[test]
fn org_whoever_registered_manages_until_there_is_a_super_admin() {
    use super::{LicenceKind, OrganizationKind, Registration};
    let (id, applicant): (PersonId, _) = ("p1".parse().unwrap(), person("李四", 50));
    let by = By::Person { id: &id, person: &applicant };
    let registration = Registration {
        name: organization_name("甲公司"),
        uscc: super::samples::uscc(2),
        kind: OrganizationKind::Enterprise,
        licence: LicenceKind::CreditCode,
    };
    let decision =
        Organization::register("c".parse().unwrap(), registration, None, &by, NOW).unwrap();
    let organization = decision.found().unwrap().0;
    let settings =
        || Command::ChangeSettings(Settings { approve_joins: true, ..Settings::default() });
    assert_eq!(code(&organization, settings(), &by), "");
    let other: PersonId = "p2".parse().unwrap();
    let by = By::Person { id: &other, person: &applicant };
    assert_eq!(code(&organization, settings(), &by), "emp.no_permission");
}

#[test]
fn org_departments_are_added_moved_and_removed() {
    let (mut organization, _) = active("a", 0);
    let run = |organization: &mut Organization, command: Command<'_>| {
        let decision = organization.decide(command, &By::System, NOW).unwrap();
        apply(organization, decision);
    };
    let id = |text: &str| text.parse().unwrap();
    let add = |name: &str, parent: Option<&str>| Command::AddDepartment {
        id: name.parse().unwrap(),
        name: label(name),
        parent: parent.map(|parent| parent.parse().unwrap()),
    };
    run(&mut organization, add("sales", None));
    run(&mut organization, add("north", Some("sales")));
    run(&mut organization, add("law", None));
    let by = By::System;
    assert_eq!(code(&organization, add("law", None), &by), "org.department_taken");
    assert_eq!(code(&organization, add("south", Some("ghost")), &by), "org.department_unknown");
    let cycle = Command::MoveDepartment { id: id("sales"), parent: Some(id("north")) };
    assert_eq!(code(&organization, cycle, &by), "org.department_cycle");
    let remove = |name: &str, members| Command::RemoveDepartment { id: id(name), members };
    assert_eq!(code(&organization, remove("sales", 0), &by), "org.department_in_use");
    assert_eq!(code(&organization, remove("north", 2), &by), "org.department_in_use");
    run(&mut organization, Command::MoveDepartment { id: id("north"), parent: Some(id("law")) });
    run(&mut organization, Command::RenameDepartment { id: id("north"), name: label("北区") });
    let north = organization.departments().get(&id("north")).unwrap();
    assert_eq!((north.name.as_str(), north.parent.clone()), ("北区", Some(id("law"))));
    run(&mut organization, remove("sales", 0));
    assert_eq!(organization.departments().len(), 2);
    let ghost = Command::RenameDepartment { id: id("ghost"), name: label("x") };
    assert_eq!(code(&organization, ghost, &by), "org.department_unknown");
}

#[test]
fn org_own_roles_give_what_they_say_and_no_more() {
    let (mut organization, _) = active("a", 0);
    let id = "counsel".parse().unwrap();
    let role = Role {
        name: label("法务"),
        permissions: [(Permission::ContractView, DataRange::All)].into(),
    };
    let define = Command::DefineRole { id, role };
    let decision = organization.decide(define.clone(), &By::System, NOW).unwrap();
    apply(&mut organization, decision);
    assert!(organization.decide(define, &By::System, NOW).unwrap().is_empty());
    let counsel = employee(
        &organization,
        "c",
        person("赵六", 30),
        &[RoleRef::Own("counsel".parse().unwrap())],
    );
    assert_eq!(organization.range(&counsel, Permission::ContractView), Some(DataRange::All));
    assert_eq!(organization.range(&counsel, Permission::ContractSign), Some(DataRange::Own));
    assert_eq!(organization.range(&counsel, Permission::ContractCancel), None);

    let remove = |id: &str, holders| Command::RemoveRole { id: id.parse().unwrap(), holders };
    assert_eq!(code(&organization, remove("counsel", 1), &By::System), "org.role_in_use");
    assert_eq!(code(&organization, remove("ghost", 0), &By::System), "org.role_unknown");
    let decision = organization.decide(remove("counsel", 0), &By::System, NOW).unwrap();
    apply(&mut organization, decision);
    assert_eq!(
        organization.range(&counsel, Permission::ContractView),
        Some(DataRange::Own),
        "a role that is gone gives nothing"
    );
}

#[test]
fn org_labels_have_bounds() {
    assert_eq!(Label::parse(&"长".repeat(50)).unwrap().as_str().chars().count(), 50);
    for text in ["", "  ", "a\nb", &"长".repeat(51)] {
        assert_eq!(Label::parse(text).unwrap_err().code(), "org.label_invalid");
    }
    assert!(serde_json::from_str::<Label>("\" \"").is_err());
}

#[test]
fn org_permissions_reach_as_far_as_their_range() {
    let (mut organization, admin) = active("a", 0);
    for (name, parent) in [("sales", None), ("north", Some("sales")), ("law", None)] {
        let command = Command::AddDepartment {
            id: name.parse().unwrap(),
            name: label(name),
            parent: parent.map(|parent: &str| parent.parse().unwrap()),
        };
        let decision = organization.decide(command, &By::System, NOW).unwrap();
        apply(&mut organization, decision);
    }
    let member = |id: &str, number, department: &str, role: ShippedRole| {
        let mut employee = employee(&organization, id, person("赵六", number), &[]);
        let command = super::EmployeeCommand::Assign {
            departments: BTreeSet::from([department.parse().unwrap()]),
            roles: BTreeSet::from([role.into()]),
        };
        let decision = employee.decide(command, &organization, &By::System, NOW).unwrap();
        apply(&mut employee, decision);
        employee
    };
    let boss = member("boss", 60, "sales", ShippedRole::DepartmentManager);
    let seller = member("seller", 61, "north", ShippedRole::Salesperson);
    let counsel = member("counsel", 62, "law", ShippedRole::ContractAdmin);
    let reaches = |who: &Employee, whose: &Employee| {
        let staff = Staff::of(&organization, who).unwrap();
        staff.require_over(Permission::ContractCancel, Owner::from(whose)).is_ok()
    };
    assert!(reaches(&boss, &seller) && reaches(&boss, &boss) && !reaches(&boss, &counsel));
    assert!(reaches(&seller, &seller) && !reaches(&seller, &boss));
    assert!(reaches(&counsel, &seller) && reaches(&admin, &counsel));
    let staff = Staff::of(&organization, &seller).unwrap();
    let error = staff.require_over(Permission::ContractCancel, Owner::from(&boss)).unwrap_err();
    assert_eq!(error.code(), "emp.no_permission");
    let error = staff.require(Permission::SealManage).unwrap_err();
    assert_eq!(
        error,
        Error::NoPermission { actor: "e:seller".to_owned(), permission: Permission::SealManage }
    );
}

#[test]
fn org_roles_give_nothing_to_whoever_is_not_active_or_belongs_elsewhere() {
    let (organization, admin) = active("a", 0);
    let (other, _) = active("b", 1);
    let new = invited(&organization, "new", person("赵六", 30));
    assert_eq!(organization.range(&new, Permission::ContractSign), None);
    assert_eq!(other.range(&admin, Permission::ContractSign), None);
    assert!(organization.permits(&admin, Permission::ContractSign));
}

#[test]
fn org_a_stale_decision_is_refused() {
    let (mut organization, admin) = active("a", 0);
    let by = staff(&organization, &admin);
    let rename = |name: &str| Command::Rename { name: organization_name(name) };
    let (first, second) = (
        organization.decide(rename("一公司"), &by, NOW).unwrap(),
        organization.decide(rename("二公司"), &by, NOW).unwrap(),
    );
    let seen = organization.revision();
    apply(&mut organization, first);
    let before = organization.clone();
    assert_eq!(second.apply_to(&mut organization).unwrap_err().code(), "org.stale_revision");
    assert_eq!(organization, before);
    let error = Error::from(organization.expect(seen).unwrap_err());
    assert_eq!(error.code(), "org.stale_revision");
}

#[test]
fn org_the_legal_representative_is_known_by_name_and_document() {
    let (organization, _) = active("a", 0);
    let head = legal_representative();
    assert!(organization.is_legal_representative(&head));
    let renamed = head.clone().with_name(person_name("王六"));
    assert!(!organization.is_legal_representative(&renamed));
    let other = crate::identity::Person::new(
        head.name().clone(),
        resident_id("19700101", 1),
        head.mobile().clone(),
    );
    assert!(!organization.is_legal_representative(&other));
}
