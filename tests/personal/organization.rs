//! Organizations and their people.

use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::identity::{EmployeeId, OrganizationName, PersonId, Uscc};
use sealwright::organization::{
    AuthorizationMethod, AuthorizationProof, By, Employee, EmployeeCommand, Entitlements, Holders,
    Invitation, LegalRepresentative, LicenceFacts, LicenceKind, OpenWork, Organization,
    OrganizationCommand, OrganizationKind, RealName, RegisterFacts, Registration, Staff,
};
use time::OffsetDateTime;

use crate::known::{ALICE, BOB, CAROL, Known};
use crate::watch::{applied, founded, hides_in_debug, hides_in_error};

pub fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_767_574_800).unwrap()
}

fn name() -> OrganizationName {
    OrganizationName::parse("晨曦科技(深圳)有限公司").unwrap()
}

fn registered(id: &str, uscc: &str) -> Organization {
    let registration = Registration {
        name: name(),
        uscc: Uscc::parse(uscc).unwrap(),
        kind: OrganizationKind::Enterprise,
        licence: LicenceKind::CreditCode,
    };
    let id = id.parse().unwrap();
    founded(Organization::register(id, registration, None, &By::System, now()).unwrap())
}

fn register_facts(of: &Organization, legal: &Known) -> RegisterFacts {
    RegisterFacts {
        name: of.name().clone(),
        uscc: *of.uscc(),
        legal_representative: legal.name(),
        legal_representative_document: None,
    }
}

fn invited(id: &str, known: &Known, organization: &Organization) -> Employee {
    let mut invitation = Invitation::of(known.person());
    invitation.email = Some(known.email());
    let (id, nobody) = (id.parse().unwrap(), Holders::default());
    founded(Employee::invite(id, invitation, organization, &nobody, &By::System, now()).unwrap())
}

fn proof(known: &Known) -> RealName {
    RealName {
        person: known.person(),
        birth_date: None,
        document_last_day: None,
        reference: "check-1".to_owned(),
    }
}

fn activated(mut employee: Employee, known: &Known, organization: &Organization) -> Employee {
    let command =
        EmployeeCommand::Activate { proof: proof(known), entitlements: Entitlements::of(&[]) };
    let (id, person): (PersonId, _) = ("p".parse().unwrap(), known.person());
    let by = By::Person { id: &id, person: &person };
    applied(employee.decide(command, organization, &by, now()).unwrap(), &mut employee);
    employee
}

/// An active organization whose legal representative and super admin is `known`.
pub fn active(id: &str, uscc: &str, known: &Known) -> (Organization, Employee) {
    let mut organization = registered(id, uscc);
    let facts = LicenceFacts {
        legal_representative: Some(LegalRepresentative::identified(known.name(), known.document())),
        licence_digest: Some(Digest::of(DigestAlgorithm::Sha256, b"licence")),
        ..LicenceFacts::default()
    };
    let found = register_facts(&organization, known);
    let mut proof = AuthorizationProof::of(known.name());
    proof.legal_representative = Some(known.document());
    proof.reference = Some("consent-1".to_owned());
    let method = AuthorizationMethod::LegalRepresentativeConsent;
    for command in [
        OrganizationCommand::SubmitVerification(facts),
        OrganizationCommand::AcceptVerification(found),
        OrganizationCommand::Authorize { method, proof },
    ] {
        hides_in_debug(&command);
        applied(organization.decide(command, &By::System, now()).unwrap(), &mut organization);
    }
    let id = format!("{id}-admin");
    let admin = activated(invited(&id, known, &organization), known, &organization);
    let command = OrganizationCommand::ActivateSuperAdmin { employee: &admin, holder: None };
    applied(organization.decide(command, &By::System, now()).unwrap(), &mut organization);
    (organization, admin)
}

/// An active employee of it.
pub fn employed(id: &str, known: &Known, organization: &Organization) -> Employee {
    activated(invited(id, known, organization), known, organization)
}

#[test]
fn r_id_13_an_organization_on_its_way_shows_nobody() {
    let (organization, admin) = active("org_a", "91350100M000100Y43", &ALICE);
    assert!(organization.is_active() && admin.is_active());
    hides_in_debug(&By::Person { id: &"p".parse().unwrap(), person: &ALICE.person() });
}

#[test]
fn r_id_13_facts_that_disagree_are_refused_without_being_told() {
    let (organization, _) = active("org_a", "91350100M000100Y43", &ALICE);
    let employee = invited("bob", &BOB, &organization);
    let command = |known| EmployeeCommand::Activate {
        proof: proof(known),
        entitlements: Entitlements::of(&[]),
    };
    let (id, person): (PersonId, _) = ("p".parse().unwrap(), BOB.person());
    let by = By::Person { id: &id, person: &person };
    hides_in_debug(&command(&CAROL));
    let error = employee.decide(command(&CAROL), &organization, &by, now()).unwrap_err();
    assert_eq!(error.code(), "emp.identity_mismatch");
    hides_in_error(&error);

    let other = registered("org_b", "11320000MB151840XJ");
    let mut submitted = other.clone();
    let facts = LicenceFacts {
        legal_representative: Some(LegalRepresentative::named(BOB.name())),
        licence_digest: Some(Digest::of(DigestAlgorithm::Sha256, b"licence")),
        ..LicenceFacts::default()
    };
    let submit = OrganizationCommand::SubmitVerification(facts);
    applied(other.decide(submit, &By::System, now()).unwrap(), &mut submitted);
    let found = OrganizationCommand::AcceptVerification(register_facts(&submitted, &CAROL));
    let error = submitted.decide(found, &By::System, now()).unwrap_err();
    assert_eq!(error.code(), "org.licence_mismatch");
    hides_in_error(&error);
}

#[test]
fn r_id_13_claims_on_numbers_show_their_keyed_digest_only() {
    let (organization, _) = active("org_a", "91350100M000100Y43", &ALICE);
    let holder: EmployeeId = "carol".parse().unwrap();
    for holders in [
        Holders { mobile: Some(holder.clone()), id_number: None },
        Holders { mobile: None, id_number: Some(holder) },
    ] {
        let (id, invitation) = ("bob".parse().unwrap(), Invitation::of(BOB.person()));
        hides_in_debug(&invitation);
        let refused = Employee::invite(id, invitation, &organization, &holders, &By::System, now());
        hides_in_error(&refused.unwrap_err());
    }
}

#[test]
fn r_id_13_what_a_person_changes_and_leaves_shows_nobody() {
    let (organization, admin) = active("org_a", "91350100M000100Y43", &ALICE);
    let mut bob = invited("bob", &BOB, &organization);
    let edited = EmployeeCommand::EditFacts {
        person: BOB.person().with_mobile(CAROL.mobile()),
        email: Some(CAROL.email()),
        holders: Holders::default(),
    };
    applied(bob.decide(edited, &organization, &By::System, now()).unwrap(), &mut bob);

    let mut bob = employed("bob", &BOB, &organization);
    let proven = BOB.person().with_name(CAROL.name()).with_mobile(CAROL.mobile());
    let change = EmployeeCommand::Change {
        name: Some(CAROL.name()),
        mobile: Some(CAROL.mobile()),
        proof: RealName { person: proven, ..proof(&BOB) },
        holders: Holders::default(),
    };
    let himself = bob.clone();
    let by = By::Staff(Staff::of(&organization, &himself).unwrap());
    hides_in_debug(&by);
    applied(bob.decide(change, &organization, &by, now()).unwrap(), &mut bob);

    let open_work = OpenWork { to_sign: vec!["con_1".parse().unwrap()], ..OpenWork::default() };
    let resign = |handover| EmployeeCommand::Resign { handover, open_work: open_work.clone() };
    let error = bob.decide(resign(None), &organization, &By::System, now()).unwrap_err();
    assert_eq!(error.code(), "emp.handover_required");
    hides_in_error(&error);
    let gone = bob.decide(resign(Some(&admin)), &organization, &By::System, now()).unwrap();
    applied(gone, &mut bob);
}
