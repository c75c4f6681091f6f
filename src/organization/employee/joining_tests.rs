//! Invitation, approval, activation by matching facts, and changes of facts.

use time::macros::date;

use super::{
    Employee, EmployeeCommand as Command, EmployeeStatus as Status, Holders, Invitation, RealName,
};
use crate::decision::{Aggregate, Claim, ClaimKey, Recipient, Snapshot};
use crate::identity::{Email, Factor, Factors, HongKongMacauPermit, IdDocument, Mobile, Person};
use crate::organization::samples::{
    NOW, active, apply, at, employee, invited, person, person_name, proof, resident_id,
};
use crate::organization::{
    By, Entitlement, Entitlements, Error, Feature, Organization, OrganizationCommand,
    OrganizationStatus, RoleRef, Settings, ShippedRole, Staff, Terms, Window,
};

const NONE: Entitlements<'static> = Entitlements::NONE;

fn staff<'a>(organization: &'a Organization, employee: &'a Employee) -> By<'a> {
    By::Staff(Staff::of(organization, employee).unwrap())
}

fn invite(
    organization: &Organization,
    person: Person,
    holders: &Holders,
    by: &By<'_>,
) -> Result<crate::decision::Decision<Employee>, Error> {
    let id = "zhao".parse().unwrap();
    Employee::invite(id, Invitation::of(person), organization, holders, by, NOW)
}

fn code(employee: &Employee, command: Command<'_>, organization: &Organization) -> &'static str {
    let before = employee.clone();
    let outcome = employee.decide(command, organization, &By::System, NOW);
    assert_eq!(*employee, before);
    outcome.err().map_or("", |error| error.code())
}

fn activate(proof: RealName) -> Command<'static> {
    Command::Activate { proof, entitlements: NONE }
}

#[test]
fn emp_invite_tells_the_person_and_claims_mobile_and_number() {
    let (organization, admin) = active("a", 0);
    let by = staff(&organization, &admin);
    let decision = invite(&organization, person("赵六", 30), &Holders::default(), &by).unwrap();
    assert_eq!(decision.kinds(), ["emp.invited"]);
    assert_eq!(decision.notices()[0].kind, "emp.invited");
    assert_eq!(decision.notices()[0].recipient, Recipient::Employee("zhao".parse().unwrap()));
    let spaces: Vec<_> = decision.claims().iter().map(|claim| claim.key().space()).collect();
    assert_eq!(spaces, ["employee.mobile", "employee.id_number"]);
    assert!(decision.claims().iter().all(|claim| matches!(claim, Claim::Take { .. })));
    assert_eq!(decision.witnesses()[0].id, "a");
    let employee = decision.found().unwrap().0;
    assert_eq!((employee.status(), employee.invitations()), (Status::Invited, 1));
}

#[test]
fn emp_invite_takes_the_permission_and_an_organization_that_is_not_closing() {
    let (organization, _) = active("a", 0);
    let worker = employee(&organization, "worker", person("孙七", 31), &[]);
    let free = Holders::default();
    let error = invite(&organization, person("赵六", 30), &free, &staff(&organization, &worker));
    assert_eq!(error.unwrap_err().code(), "emp.no_permission");
    let new = invited(&organization, "new", person("孙七", 32));
    let error = invite(&organization, person("赵六", 30), &free, &staff(&organization, &new));
    assert_eq!(error.unwrap_err().code(), "emp.not_verified");
    let (closing, _) = at("a", 0, OrganizationStatus::Closing);
    let error = invite(&closing, person("赵六", 30), &free, &By::System).unwrap_err();
    assert_eq!(error.code(), "org.closing");
    let (early, _) = at("a", 0, OrganizationStatus::Registered);
    assert!(invite(&early, person("赵六", 30), &free, &By::System).is_ok());
}

#[test]
fn r_emp_01_a_mobile_and_an_identity_number_belong_to_one_employee() {
    let (organization, _) = active("a", 0);
    let other = || Some("other".parse().unwrap());
    let mobile = Holders { mobile: other(), id_number: None };
    let error = invite(&organization, person("赵六", 30), &mobile, &By::System).unwrap_err();
    assert_eq!(error, Error::DuplicateMobile { holder: "other".parse().unwrap() });
    assert_eq!(error.code(), "emp.duplicate_mobile");
    let number = Holders { mobile: None, id_number: other() };
    let error = invite(&organization, person("赵六", 30), &number, &By::System).unwrap_err();
    assert_eq!(error.code(), "emp.duplicate_id_number");
    let own = Some("zhao".parse().unwrap());
    let own = Holders { mobile: own.clone(), id_number: own };
    assert!(invite(&organization, person("赵六", 30), &own, &By::System).is_ok());
}

#[test]
fn r_emp_01_a_second_writer_learns_the_same_from_the_claim() {
    let (organization, _) = active("a", 0);
    let decision =
        invite(&organization, person("赵六", 30), &Holders::default(), &By::System).unwrap();
    let told: Vec<_> = decision
        .claims()
        .iter()
        .map(|claim| match claim {
            Claim::Take { code, owner, .. } => (*code, owner.as_str()),
            Claim::Release { .. } => panic!("nothing to give up"),
        })
        .collect();
    let expected = [("emp.duplicate_mobile", "zhao"), ("emp.duplicate_id_number", "zhao")];
    assert_eq!(told, expected);
}

#[test]
fn emp_invite_assigns_what_exists_and_never_the_super_admin() {
    let (organization, _) = active("a", 0);
    let attempt = |department: Option<&str>, role: Option<RoleRef>| {
        let invitation = Invitation {
            departments: department.into_iter().map(|id| id.parse().unwrap()).collect(),
            roles: role.into_iter().collect(),
            ..Invitation::of(person("赵六", 30))
        };
        let (id, free) = ("zhao".parse().unwrap(), Holders::default());
        Employee::invite(id, invitation, &organization, &free, &By::System, NOW)
            .err()
            .map_or("", |error| error.code())
    };
    assert_eq!(attempt(Some("ghost"), None), "org.department_unknown");
    assert_eq!(attempt(None, Some(RoleRef::Own("ghost".parse().unwrap()))), "org.role_unknown");
    assert_eq!(attempt(None, Some(ShippedRole::SuperAdmin.into())), "emp.protected_role");
    assert_eq!(attempt(None, Some(ShippedRole::SealAdmin.into())), "");
}

#[test]
fn r_id_04_nobody_is_invited_who_is_born_tomorrow() {
    let (organization, _) = active("a", 0);
    let tomorrow = invite(&organization, born("20260106"), &Holders::default(), &By::System);
    assert_eq!(tomorrow.unwrap_err().code(), "identity.id_card_birth_date");
    assert!(invite(&organization, born("20260105"), &Holders::default(), &By::System).is_ok());
    let employee = invited(&organization, "zhao", person("赵六", 30));
    let edit = |person| Command::EditFacts { person, email: None, holders: Holders::default() };
    let late = code(&employee, edit(born("20260106")), &organization);
    assert_eq!(late, "identity.id_card_birth_date");
}

#[test]
fn emp_invite_again_with_the_same_facts_sends_the_notice_again() {
    let (organization, _) = active("a", 0);
    let facts = person("赵六", 30);
    let mut employee = invited(&organization, "zhao", facts.clone());
    let first = invite(&organization, facts.clone(), &Holders::default(), &By::System).unwrap();
    let again = Command::InviteAgain { person: facts.clone() };
    let decision = employee.decide(again.clone(), &organization, &By::System, NOW).unwrap();
    assert_eq!(decision.kinds(), ["emp.invited_again"]);
    assert_eq!(decision.notices()[0].kind, "emp.invited");
    assert_ne!(decision.notices()[0].dedupe_key, first.notices()[0].dedupe_key);
    assert!(decision.claims().is_empty());
    apply(&mut employee, decision);
    assert_eq!((employee.status(), employee.invitations()), (Status::Invited, 2));
    assert_eq!(employee.person(), &facts);

    let other = Command::InviteAgain { person: person("赵六", 31) };
    assert_eq!(code(&employee, other, &organization), "emp.identity_mismatch");
    let decision =
        employee.decide(activate(proof(&facts)), &organization, &By::System, NOW).unwrap();
    apply(&mut employee, decision);
    assert_eq!(code(&employee, again, &organization), "emp.illegal_transition");
}

#[test]
fn emp_activate_takes_facts_equal_to_the_invited_ones() {
    let (organization, _) = active("a", 0);
    let facts = person("赵六", 30);
    let employee = invited(&organization, "zhao", facts.clone());
    let differing = |proved: Person| {
        let outcome = employee.decide(activate(proof(&proved)), &organization, &By::System, NOW);
        let error = outcome.unwrap_err();
        assert_eq!(error.code(), "emp.identity_mismatch");
        let Error::IdentityMismatch { factors, .. } = error else { panic!("{error}") };
        factors
    };
    let one = |factor| Factors::NONE.with_if(factor, true);
    assert_eq!(differing(facts.clone().with_name(person_name("赵七"))), one(Factor::Name));
    let mobile = Mobile::parse("13900000000").unwrap();
    assert_eq!(differing(facts.clone().with_mobile(mobile)), one(Factor::Mobile));
    let number =
        Person::new(facts.name().clone(), resident_id("19900307", 77), facts.mobile().clone());
    assert_eq!(differing(number), one(Factor::IdNumber));

    let typed = Person::new(
        person_name(" 赵六 "),
        facts.id_document().clone(),
        Mobile::parse(&Mobile::normalize("+86 138-0000-0030")).unwrap(),
    );
    let decision =
        employee.decide(activate(proof(&typed)), &organization, &By::System, NOW).unwrap();
    assert_eq!(decision.kinds(), ["emp.activated"]);
    let mut employee = employee.clone();
    apply(&mut employee, decision);
    assert_eq!((employee.status(), employee.verified_at()), (Status::Active, Some(NOW)));
    assert!(employee.require_active().is_ok());
    assert_eq!(code(&employee, activate(proof(&facts)), &organization), "emp.illegal_transition");
}

fn born(day: &str) -> Person {
    let mobile = Mobile::parse("13800000040").unwrap();
    Person::new(person_name("小明"), resident_id(day, 40), mobile)
}

#[test]
fn r_id_12_nobody_under_eighteen_joins_without_the_age_extension() {
    let (organization, _) = active("a", 0);
    // NOW is 2026-01-05, nine in the morning in China.
    let grown = invited(&organization, "grown", born("20080105"));
    assert_eq!(code(&grown, activate(proof(grown.person())), &organization), "");
    let young = invited(&organization, "young", born("20080106"));
    assert_eq!(code(&young, activate(proof(young.person())), &organization), "identity.underage");

    let window = Window::new(NOW, None).unwrap();
    let (id, terms) = ("ent".parse().unwrap(), Terms::within(window));
    let extension =
        Entitlement::grant(&id, organization.id(), Feature::AgeExtension, terms, &By::System, NOW);
    let extension = extension.unwrap().found().unwrap().0;
    let held = [&extension];
    let entitled = |held| Command::Activate {
        proof: proof(young.person()),
        entitlements: Entitlements::of(held),
    };
    assert_eq!(code(&young, entitled(&held), &organization), "");
    let (other, _) = active("b", 1);
    let foreign = Entitlement::grant(
        &"ent".parse().unwrap(),
        other.id(),
        Feature::AgeExtension,
        terms,
        &By::System,
        NOW,
    );
    let foreign = foreign.unwrap().found().unwrap().0;
    assert_eq!(code(&young, entitled(&[&foreign]), &organization), "identity.underage");
}

#[test]
fn r_id_12_the_age_of_a_pass_holder_is_what_the_check_says() {
    let (organization, _) = active("a", 0);
    let pass = IdDocument::HongKongMacauPermit(HongKongMacauPermit::parse("H1234567890").unwrap());
    let facts = Person::new(person_name("陈大文"), pass, Mobile::parse("13800000041").unwrap());
    let employee = invited(&organization, "chan", facts.clone());
    let told = |birth_date| RealName { birth_date, ..proof(&facts) };
    let young = told(Some(date!(2010 - 01 - 01)));
    assert_eq!(code(&employee, activate(young), &organization), "identity.underage");
    let grown = told(Some(date!(2000 - 01 - 01)));
    assert_eq!(code(&employee, activate(grown), &organization), "");
    assert_eq!(code(&employee, activate(told(None)), &organization), "org.fact_missing");
}

#[test]
fn emp_activate_takes_a_document_that_is_valid() {
    let (organization, _) = active("a", 0);
    let employee = invited(&organization, "zhao", person("赵六", 30));
    let until =
        |day| activate(RealName { document_last_day: Some(day), ..proof(employee.person()) });
    let expired = code(&employee, until(date!(2026 - 01 - 04)), &organization);
    assert_eq!(expired, "identity.document_expired");
    assert_eq!(code(&employee, until(date!(2026 - 01 - 05)), &organization), "");
}

#[test]
fn emp_activate_compares_before_it_looks_at_age_and_document() {
    let (organization, _) = active("a", 0);
    let young = invited(&organization, "young", born("20150101"));
    let expired = Some(date!(2020 - 01 - 01));
    let other = RealName { document_last_day: expired, ..proof(&person("赵六", 30)) };
    assert_eq!(code(&young, activate(other), &organization), "emp.identity_mismatch");
    let same = RealName { document_last_day: expired, ..proof(young.person()) };
    assert_eq!(code(&young, activate(same), &organization), "identity.underage");
}

fn approving() -> (Organization, Employee) {
    let (mut organization, admin) = active("a", 0);
    let settings = Settings { approve_joins: true, ..Settings::default() };
    let decision = organization
        .decide(OrganizationCommand::ChangeSettings(settings), &By::System, NOW)
        .unwrap();
    apply(&mut organization, decision);
    (organization, admin)
}

#[test]
fn emp_request_join_waits_for_approval() {
    let (organization, admin) = approving();
    let facts = person("赵六", 30);
    let mut employee = invited(&organization, "zhao", facts.clone());
    assert_eq!(code(&employee, activate(proof(&facts)), &organization), "emp.pending_audit");
    let decision = employee.decide(Command::RequestJoin, &organization, &By::System, NOW).unwrap();
    assert_eq!(decision.kinds(), ["emp.join_requested"]);
    assert_eq!(
        decision.notices()[0].recipient,
        Recipient::Administrators(organization.id().clone())
    );
    apply(&mut employee, decision);
    assert_eq!(employee.status(), Status::PendingAudit);
    assert_eq!(employee.require_active().unwrap_err().code(), "emp.pending_audit");
    assert_eq!(code(&employee, Command::RequestJoin, &organization), "emp.illegal_transition");

    let (id, himself) = ("p1".parse().unwrap(), facts.clone());
    let by = By::Person { id: &id, person: &himself };
    let error = employee.decide(activate(proof(&facts)), &organization, &by, NOW).unwrap_err();
    assert_eq!(error.code(), "emp.pending_audit");
    let by = staff(&organization, &admin);
    let other = activate(proof(&person("赵六", 31)));
    let error = employee.decide(other, &organization, &by, NOW).unwrap_err();
    assert_eq!(error.code(), "emp.identity_mismatch");
    let decision = employee.decide(activate(proof(&facts)), &organization, &by, NOW).unwrap();
    apply(&mut employee, decision);
    assert!(employee.is_active());
}

#[test]
fn emp_request_join_is_for_organizations_that_approve() {
    let (organization, _) = active("a", 0);
    let employee = invited(&organization, "zhao", person("赵六", 30));
    assert_eq!(code(&employee, Command::RequestJoin, &organization), "emp.illegal_transition");
}

#[test]
fn emp_edit_facts_until_they_are_proved() {
    let (organization, _) = active("a", 0);
    let mut employee = invited(&organization, "zhao", person("赵六", 30));
    let edit = |person: Person, holders| Command::EditFacts {
        person,
        email: Some(Email::parse("zhao@example.com").unwrap()),
        holders,
    };
    let taken = Holders { mobile: Some("other".parse().unwrap()), id_number: None };
    assert_eq!(
        code(&employee, edit(person("赵六", 31), taken), &organization),
        "emp.duplicate_mobile"
    );
    let decision = employee
        .decide(edit(person("赵六", 31), Holders::default()), &organization, &By::System, NOW)
        .unwrap();
    assert_eq!(decision.kinds(), ["emp.edited"]);
    let kinds: Vec<_> = decision
        .claims()
        .iter()
        .map(|claim| (matches!(claim, Claim::Take { .. }), claim.key().space()))
        .collect();
    let expected = [
        (false, "employee.mobile"),
        (true, "employee.mobile"),
        (false, "employee.id_number"),
        (true, "employee.id_number"),
    ];
    assert_eq!(kinds, expected, "what is given up comes before what is taken");
    apply(&mut employee, decision);
    assert_eq!(employee.person(), &person("赵六", 31));
    assert_eq!(employee.email().map(Email::expose), Some("zhao@example.com"));
    let same = edit(person("赵六", 31), Holders::default());
    let decision = employee.decide(same, &organization, &By::System, NOW).unwrap();
    assert!(decision.is_empty());

    let decision = employee
        .decide(activate(proof(&person("赵六", 31))), &organization, &By::System, NOW)
        .unwrap();
    apply(&mut employee, decision);
    let late = edit(person("赵六", 32), Holders::default());
    assert_eq!(code(&employee, late, &organization), "emp.facts_locked");
}

fn change(name: Option<&str>, mobile: Option<&str>, proof: RealName) -> Command<'static> {
    Command::Change {
        name: name.map(person_name),
        mobile: mobile.map(|mobile| Mobile::parse(mobile).unwrap()),
        proof,
        holders: Holders::default(),
    }
}

#[test]
fn emp_self_change_of_name_and_mobile() {
    let (organization, admin) = active("a", 0);
    let mut zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let new = person("赵六", 30)
        .with_name(person_name("赵陆"))
        .with_mobile(Mobile::parse("13900000000").unwrap());
    let both = || change(Some("赵陆"), Some("13900000000"), proof(&new));

    for by in [By::System, staff(&organization, &admin)] {
        let error = zhao.decide(both(), &organization, &by, NOW).unwrap_err();
        assert_eq!(error.code(), "emp.facts_locked", "nobody but the person");
    }
    let himself = zhao.clone();
    let by = staff(&organization, &himself);
    let unproved = change(Some("赵陆"), None, proof(&person("赵六", 30)));
    let error = zhao.decide(unproved, &organization, &by, NOW).unwrap_err();
    assert_eq!(error.code(), "emp.identity_mismatch");

    let decision = zhao.decide(both(), &organization, &by, NOW).unwrap();
    assert_eq!(decision.kinds(), ["emp.changed"]);
    assert!(decision.events()[0].event.changes_name());
    let spaces: Vec<_> = decision.claims().iter().map(|claim| claim.key().space()).collect();
    assert_eq!(spaces, ["employee.mobile", "employee.mobile"]);
    apply(&mut zhao, decision);
    assert_eq!(zhao.person(), &new);

    let again = zhao.decide(both(), &organization, &by, NOW).unwrap();
    assert!(again.is_empty());
    let mobile = new.clone().with_mobile(Mobile::parse("13900000001").unwrap());
    let command = change(None, Some("13900000001"), proof(&mobile));
    let decision = zhao.decide(command, &organization, &by, NOW).unwrap();
    assert!(!decision.events()[0].event.changes_name());
}

#[test]
fn emp_self_change_keeps_the_mobile_unique() {
    let (organization, _) = active("a", 0);
    let zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let mobile = Mobile::parse("13900000000").unwrap();
    let command = Command::Change {
        name: None,
        mobile: Some(mobile.clone()),
        proof: proof(&person("赵六", 30).with_mobile(mobile)),
        holders: Holders { mobile: Some("other".parse().unwrap()), id_number: None },
    };
    let error = zhao.decide(command, &organization, &staff(&organization, &zhao), NOW).unwrap_err();
    assert_eq!(error.code(), "emp.duplicate_mobile");
}

#[test]
fn emp_assign_departments_and_roles() {
    let (organization, _) = active("a", 0);
    let mut zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let assign = |roles: &[RoleRef]| Command::Assign {
        departments: Default::default(),
        roles: roles.iter().cloned().collect(),
    };
    let by_himself = zhao
        .decide(
            assign(&[ShippedRole::ItAdmin.into()]),
            &organization,
            &staff(&organization, &zhao),
            NOW,
        )
        .unwrap_err();
    assert_eq!(by_himself.code(), "emp.no_permission");
    let crown = assign(&[ShippedRole::SuperAdmin.into()]);
    assert_eq!(code(&zhao, crown, &organization), "emp.protected_role");
    let decision = zhao
        .decide(assign(&[ShippedRole::SealAdmin.into()]), &organization, &By::System, NOW)
        .unwrap();
    assert_eq!(decision.kinds(), ["emp.assigned"]);
    apply(&mut zhao, decision);
    assert!(zhao.roles().contains(&ShippedRole::SealAdmin.into()));
    let same = assign(&[ShippedRole::SealAdmin.into()]);
    assert!(zhao.decide(same, &organization, &By::System, NOW).unwrap().is_empty());
}

#[test]
fn emp_belongs_to_one_organization() {
    let (organization, _) = active("a", 0);
    let (other, _) = active("b", 1);
    let zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    assert_eq!(Staff::of(&other, &zhao).unwrap_err().code(), "emp.not_in_org");
    assert_eq!(code(&zhao, Command::RequestJoin, &other), "emp.not_in_org");
}

#[test]
fn emp_states_are_stored_with_personal_facts_in_their_place_only() {
    let (organization, _) = active("a", 0);
    let zhao = employee(&organization, "zhao", person("赵六", 30), &[]);
    let text = serde_json::to_string(&Snapshot::of(&zhao)).unwrap();
    let read: Snapshot<'_, Employee> = serde_json::from_str(&text).unwrap();
    assert_eq!(read.into_state(), zhao);
    let number = zhao.person().id_document().number();
    let mobile = zhao.person().mobile().expose();
    for fact in [number, mobile, "赵六"] {
        let shown = text.matches(fact).count();
        let inside = text.matches(&format!("{fact}\"}}")).count();
        assert_eq!((shown, inside), (1, 1), "{fact} stands in one personal object");
    }
    assert_eq!(text.matches("{\"personal\":").count(), 3);
}

#[test]
fn emp_claims_of_two_organizations_do_not_meet() {
    let key = |organization: &Organization| -> ClaimKey {
        let facts = person("赵六", 30);
        let decision = invite(organization, facts, &Holders::default(), &By::System).unwrap();
        decision.claims()[0].key().clone()
    };
    let ((a, _), (b, _)) = (active("a", 0), active("b", 1));
    assert_ne!(key(&a), key(&b));
    assert_eq!(key(&a), key(&a));
    assert_eq!(format!("{:?}", key(&a)), "employee.mobile/a/…");
    assert_eq!(a.revision().get(), 5);
}
