//! Organizations and people for unit tests, here and on the floors above.

use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::{
    AuthorizationMethod, AuthorizationProof, By, Employee, EmployeeCommand, Entitlements, Holders,
    Invitation, LegalRepresentative, LicenceFacts, LicenceKind, Organization, OrganizationCommand,
    OrganizationKind, OrganizationStatus, RealName, RegisterFacts, Registration, RoleRef,
};
use crate::decision::{Aggregate, Decision};
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::{
    IdDocument, IdDocumentKind, Mobile, OrganizationName, Person, PersonName, Uscc,
};

/// The instant at which samples begin.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-01-05 01:00 UTC);

/// Credit codes with the right check character.
const CODES: [&str; 6] = [
    "91350100M000100Y43",
    "9144030071526726XG",
    "91440300MA50004950",
    "91110000MA00000745",
    "91110000MA0001181R",
    "91110000MA0004518L",
];

/// A credit code by number.
pub(crate) fn uscc(number: usize) -> Uscc {
    Uscc::parse(CODES[number % CODES.len()]).unwrap()
}

/// A digest of anything.
pub(crate) fn digest(text: &str) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, text.as_bytes())
}

pub(crate) fn person_name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

pub(crate) fn organization_name(text: &str) -> OrganizationName {
    OrganizationName::parse(text).unwrap()
}

/// A valid resident number born on `born` (yyyymmdd), told apart by `serial`.
pub(crate) fn resident_id(born: &str, serial: u32) -> IdDocument {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = format!("110101{born}{serial:03}");
    let sum: u32 = digits
        .chars()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.to_digit(10).unwrap() * weight)
        .sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap();
    IdDocument::parse(IdDocumentKind::ResidentId, &format!("{digits}{check}")).unwrap()
}

/// A person by name and number; different numbers share neither document nor mobile.
pub(crate) fn person(name: &str, number: u32) -> Person {
    let mobile = Mobile::parse(&format!("138{number:08}")).unwrap();
    Person::new(person_name(name), resident_id("19900307", number % 1000), mobile)
}

/// What a real-name check of this person returns.
pub(crate) fn proof(person: &Person) -> RealName {
    RealName {
        person: person.clone(),
        birth_date: None,
        document_last_day: None,
        reference: "check-1".to_owned(),
    }
}

/// Applies a decision to the state it was made on.
pub(crate) fn apply<A: Aggregate>(state: &mut A, decision: Decision<A>) {
    decision.apply_to(state).unwrap();
}

/// The organization's legal representative.
pub(crate) fn legal_representative() -> Person {
    person("王五", 900)
}

/// A registered organization, by id and number.
pub(crate) fn registered(id: &str, number: usize) -> Organization {
    let registration = Registration {
        name: organization_name(&format!("{id}公司")),
        uscc: uscc(number),
        kind: OrganizationKind::Enterprise,
        licence: LicenceKind::CreditCode,
    };
    let id = id.parse().unwrap();
    Organization::register(id, registration, None, &By::System, NOW).unwrap().found().unwrap().0
}

/// What is handed in for verification.
pub(crate) fn licence_facts() -> LicenceFacts {
    let known = legal_representative();
    LicenceFacts {
        legal_representative: Some(LegalRepresentative::identified(
            known.name().clone(),
            known.id_document().clone(),
        )),
        licence_digest: Some(digest("licence")),
        ..LicenceFacts::default()
    }
}

/// What the register returns about an organization.
pub(crate) fn register_facts(organization: &Organization) -> RegisterFacts {
    RegisterFacts {
        name: organization.name().clone(),
        uscc: *organization.uscc(),
        legal_representative: legal_representative().name().clone(),
        legal_representative_document: None,
    }
}

/// The legal representative's consent that `authorized` becomes super admin.
pub(crate) fn consent(authorized: PersonName) -> OrganizationCommand<'static> {
    let proof = AuthorizationProof {
        legal_representative: Some(legal_representative().id_document().clone()),
        reference: Some("consent-1".to_owned()),
        ..AuthorizationProof::of(authorized)
    };
    OrganizationCommand::Authorize {
        method: AuthorizationMethod::LegalRepresentativeConsent,
        proof,
    }
}

/// An employee of any organization, invited but not active.
pub(crate) fn invited(organization: &Organization, id: &str, person: Person) -> Employee {
    let (id, holders) = (id.parse().unwrap(), Holders::default());
    Employee::invite(id, Invitation::of(person), organization, &holders, &By::System, NOW)
        .unwrap()
        .found()
        .unwrap()
        .0
}

/// An active employee with roles.
pub(crate) fn employee(
    organization: &Organization,
    id: &str,
    person: Person,
    roles: &[RoleRef],
) -> Employee {
    let invitation =
        Invitation { roles: roles.iter().cloned().collect(), ..Invitation::of(person.clone()) };
    let (id, holders) = (id.parse().unwrap(), Holders::default());
    let decision = Employee::invite(id, invitation, organization, &holders, &By::System, NOW);
    let mut employee = decision.unwrap().found().unwrap().0;
    let command =
        EmployeeCommand::Activate { proof: proof(&person), entitlements: Entitlements::NONE };
    let decision = employee.decide(command, organization, &By::System, NOW + Duration::MINUTE);
    apply(&mut employee, decision.unwrap());
    employee
}

/// An organization that has come as far as `status`, and its (future) super admin, who is active.
pub(crate) fn at(id: &str, number: usize, status: OrganizationStatus) -> (Organization, Employee) {
    use OrganizationCommand as Command;
    let mut organization = registered(id, number);
    let boss = person("李四", 1 + u32::try_from(number).unwrap());
    let admin = employee(&organization, &format!("{id}-admin"), boss.clone(), &[]);
    let found = register_facts(&organization);
    let steps = [
        (OrganizationStatus::Verifying, Command::SubmitVerification(licence_facts())),
        (OrganizationStatus::Verified, Command::AcceptVerification(found)),
        (OrganizationStatus::LegalAuthorized, consent(boss.name().clone())),
        (
            OrganizationStatus::Active,
            Command::ActivateSuperAdmin { employee: &admin, holder: None },
        ),
    ];
    let mut last = match status {
        OrganizationStatus::Rejected => {
            Some(Command::RejectVerification { reason: "unreadable".to_owned() })
        }
        OrganizationStatus::Suspended => Some(Command::Suspend { reason: "audit".to_owned() }),
        OrganizationStatus::Closing | OrganizationStatus::Closed => {
            Some(Command::Close { live_contracts: Vec::new() })
        }
        _ => None,
    };
    let mut now = NOW;
    let mut run = |organization: &mut Organization, command: Command<'_>| {
        now += Duration::MINUTE;
        let decision = organization.decide(command, &By::System, now).unwrap();
        apply(organization, decision);
    };
    for (reached, step) in steps {
        let done = organization.status() == status
            || (status == OrganizationStatus::Rejected
                && organization.status() == OrganizationStatus::Verifying);
        if done {
            break;
        }
        run(&mut organization, step);
        assert_eq!(organization.status(), reached);
    }
    if let Some(command) = last.take() {
        run(&mut organization, command);
    }
    if status == OrganizationStatus::Closed {
        run(&mut organization, Command::FinishClosing { live_contracts: Vec::new() });
    }
    assert_eq!(organization.status(), status);
    (organization, admin)
}

/// An active organization and its super admin.
pub(crate) fn active(id: &str, number: usize) -> (Organization, Employee) {
    at(id, number, OrganizationStatus::Active)
}
