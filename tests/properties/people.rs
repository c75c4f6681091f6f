//! People and organizations that the sequences are about.

use sealwright::decision::{Aggregate, Decision};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::identity::{
    IdDocument, IdDocumentKind, Mobile, OrganizationName, Person, PersonName, Uscc,
};
use sealwright::organization::{
    AuthorizationMethod, AuthorizationProof, By, Employee, EmployeeCommand, Entitlements, Holders,
    Invitation, LegalRepresentative, LicenceFacts, LicenceKind, Organization, OrganizationCommand,
    OrganizationKind, RealName, RegisterFacts, Registration, RoleRef,
};
use time::OffsetDateTime;
use time::macros::datetime;

/// When every sequence begins.
pub const START: OffsetDateTime = datetime!(2026-01-05 01:00 UTC);

const NAMES: [&str; 10] =
    ["张三", "李四", "王五", "赵六", "孙七", "周八", "吴九", "郑十", "欧阳娜娜", "阿凡提·买买提"];

const CODES: [&str; 3] = ["91350100M000100Y43", "9144030071526726XG", "91440300MA50004950"];

pub fn name(number: usize) -> PersonName {
    PersonName::parse(NAMES[number % NAMES.len()]).unwrap()
}

pub fn uscc(number: usize) -> Uscc {
    Uscc::parse(CODES[number % CODES.len()]).unwrap()
}

pub fn digest(text: &str) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, text.as_bytes())
}

pub fn mobile(number: usize) -> Mobile {
    Mobile::parse(&format!("138{number:08}")).unwrap()
}

/// A valid resident number; different numbers differ.
pub fn resident_id(number: usize) -> IdDocument {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = format!("11010119900307{number:03}");
    let sum: u32 = digits
        .chars()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.to_digit(10).unwrap() * weight)
        .sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap();
    IdDocument::parse(IdDocumentKind::ResidentId, &format!("{digits}{check}")).unwrap()
}

/// The person of this number: same number, same person.
pub fn person(number: usize) -> Person {
    Person::new(name(number), resident_id(number), mobile(number))
}

/// What a real-name check of this person returns.
pub fn proof(person: &Person) -> RealName {
    RealName {
        person: person.clone(),
        birth_date: None,
        document_last_day: None,
        reference: "check".to_owned(),
    }
}

/// The legal representative of every organization here.
pub fn head() -> Person {
    person(99)
}

pub fn registration(number: usize, code: usize) -> Registration {
    Registration {
        name: OrganizationName::parse(&format!("第{number}公司")).unwrap(),
        uscc: uscc(code),
        kind: OrganizationKind::Enterprise,
        licence: LicenceKind::CreditCode,
    }
}

pub fn licence_facts() -> LicenceFacts {
    let head = head();
    let known = LegalRepresentative::identified(head.name().clone(), head.id_document().clone());
    LicenceFacts {
        legal_representative: Some(known),
        licence_digest: Some(digest("licence")),
        ..LicenceFacts::default()
    }
}

pub fn register_facts(organization: &Organization) -> RegisterFacts {
    RegisterFacts {
        name: organization.name().clone(),
        uscc: *organization.uscc(),
        legal_representative: head().name().clone(),
        legal_representative_document: None,
    }
}

pub fn consent(authorized: PersonName) -> OrganizationCommand<'static> {
    let proof = AuthorizationProof {
        legal_representative: Some(head().id_document().clone()),
        reference: Some("consent".to_owned()),
        ..AuthorizationProof::of(authorized)
    };
    OrganizationCommand::Authorize {
        method: AuthorizationMethod::LegalRepresentativeConsent,
        proof,
    }
}

/// Applies a decision that cannot be refused.
pub fn apply<A: Aggregate, E: std::fmt::Debug>(state: &mut A, decision: Result<Decision<A>, E>) {
    decision.unwrap().apply_to(state).unwrap();
}

/// An active employee.
pub fn employee(
    organization: &Organization,
    id: &str,
    person: Person,
    roles: &[RoleRef],
) -> Employee {
    let roles = roles.iter().cloned().collect();
    let invitation = Invitation { roles, ..Invitation::of(person.clone()) };
    let (id, free) = (id.parse().unwrap(), Holders::default());
    let invited = Employee::invite(id, invitation, organization, &free, &By::System, START);
    let mut employee = invited.unwrap().found().unwrap().0;
    let command =
        EmployeeCommand::Activate { proof: proof(&person), entitlements: Entitlements::NONE };
    let decision = employee.decide(command, organization, &By::System, START);
    apply(&mut employee, decision);
    employee
}

/// An active organization and its super admin, `{id}-admin`, the person of `number`.
pub fn active(id: &str, number: usize) -> (Organization, Employee) {
    let registered = Organization::register(
        id.parse().unwrap(),
        registration(number, number),
        None,
        &By::System,
        START,
    );
    let mut organization = registered.unwrap().found().unwrap().0;
    let admin = employee(&organization, &format!("{id}-admin"), person(number), &[]);
    let found = register_facts(&organization);
    for command in [
        OrganizationCommand::SubmitVerification(licence_facts()),
        OrganizationCommand::AcceptVerification(found),
        consent(admin.person().name().clone()),
        OrganizationCommand::ActivateSuperAdmin { employee: &admin, holder: None },
    ] {
        let decision = organization.decide(command, &By::System, START);
        apply(&mut organization, decision);
    }
    (organization, admin)
}
