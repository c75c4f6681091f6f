//! Two companies and who works there.

use std::collections::BTreeSet;

use sealwright::decision::{Aggregate, Decision};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::identity::{
    IdDocument, IdDocumentKind, Mobile, OrganizationName, Person, PersonId, PersonName, Uscc,
};
use sealwright::organization::{
    AuthorizationMethod, AuthorizationProof, By, Employee, EmployeeCommand, Entitlements, Holders,
    Invitation, LegalRepresentative, LetterReview, LicenceFacts, LicenceKind, OpenWork,
    Organization, OrganizationCommand, OrganizationKind, RealName, RegisterFacts, Registration,
    RoleRef, ShippedRole, Staff,
};
use time::{Duration, OffsetDateTime};

/// When the stories begin: 2026-01-05 01:00:00 UTC.
pub fn start() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_767_574_800).unwrap()
}

pub fn hours(count: i64) -> OffsetDateTime {
    start() + Duration::hours(count)
}

/// What the decision brings into being.
pub fn made<A: Aggregate>(decision: &Decision<A>) -> A {
    decision.found().unwrap().0
}

/// The state after the decision.
pub fn after<A: Aggregate>(state: &A, decision: &Decision<A>) -> A {
    let mut state = state.clone();
    decision.apply_to(&mut state).unwrap();
    state
}

/// A person of 36 years whose identity number ends in this sequence.
pub fn person(name: &str, sequence: u16) -> Person {
    let body = format!("11010519900307{sequence:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = char::from(b"10X98765432"[usize::try_from(sum % 11).unwrap()]);
    let number = format!("{body}{check}");
    Person::new(
        PersonName::parse(name).unwrap(),
        IdDocument::parse(IdDocumentKind::ResidentId, &number).unwrap(),
        Mobile::parse(&format!("13800000{sequence:03}")).unwrap(),
    )
}

/// A company with a super admin, a legal representative, a seal admin and two colleagues.
pub struct Company {
    pub organization: Organization,
    pub admin: Employee,
    pub chief: Employee,
    pub sealer: Employee,
    pub alice: Employee,
    pub bob: Employee,
}

impl Company {
    /// The first company, 甲.
    pub fn first() -> Self {
        Self::new("a", "晨曦科技（深圳）有限公司", "91350100M000100Y43", 100)
    }

    /// The second company, 乙.
    pub fn second() -> Self {
        Self::new("b", "远山贸易有限公司", "91310115MA1H8R7C67", 200)
    }

    fn new(id: &str, name: &str, uscc: &str, people: u16) -> Self {
        let method = AuthorizationMethod::LegalRepresentativeConsent;
        Self::authorized_by(id, name, uscc, people, method)
    }

    pub fn authorized_by(
        id: &str,
        name: &str,
        uscc: &str,
        people: u16,
        method: AuthorizationMethod,
    ) -> Self {
        let mut organization = registered(id, name, uscc);
        let chief = person("王法人", people);
        let admin = person("李超管", people + 1);
        verify(&mut organization, &chief);
        authorize(&mut organization, &chief, &admin, method);
        let hire =
            |organization: &Organization, who: &str, person: Person, roles: &[ShippedRole]| {
                employee(organization, &format!("{who}-{id}"), person, roles)
            };
        let admin = hire(&organization, "admin", admin, &[]);
        let command = OrganizationCommand::ActivateSuperAdmin { employee: &admin, holder: None };
        let active = organization.decide(command, &By::System, start()).unwrap();
        organization = after(&organization, &active);
        let sealer = [ShippedRole::SealAdmin];
        Self {
            chief: hire(&organization, "chief", chief, &[]),
            sealer: hire(&organization, "sealer", person("赵印章", people + 2), &sealer),
            alice: hire(&organization, "alice", person("陈爱丽", people + 3), &[]),
            bob: hire(&organization, "bob", person("孙伯", people + 4), &[]),
            admin,
            organization,
        }
    }

    pub fn by<'a>(&'a self, employee: &'a Employee) -> By<'a> {
        By::Staff(self.staff(employee))
    }

    pub fn staff<'a>(&'a self, employee: &'a Employee) -> Staff<'a> {
        Staff::of(&self.organization, employee).unwrap()
    }

    pub fn suspended(self) -> Self {
        let command = OrganizationCommand::Suspend { reason: "check".to_owned() };
        let decision = self.organization.decide(command, &By::System, start()).unwrap();
        Self { organization: after(&self.organization, &decision), ..self }
    }
}

/// One of the platform's operators.
pub fn operator() -> PersonId {
    "operator".parse().unwrap()
}

pub fn digest(of: &str) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, of.as_bytes())
}

fn registered(id: &str, name: &str, uscc: &str) -> Organization {
    let registration = Registration {
        name: OrganizationName::parse(name).unwrap(),
        uscc: Uscc::parse(uscc).unwrap(),
        kind: OrganizationKind::Enterprise,
        licence: LicenceKind::CreditCode,
    };
    let id = format!("org-{id}").parse().unwrap();
    made(&Organization::register(id, registration, None, &By::System, start()).unwrap())
}

fn verify(organization: &mut Organization, chief: &Person) {
    let facts = LicenceFacts {
        legal_representative: Some(LegalRepresentative::identified(
            chief.name().clone(),
            chief.id_document().clone(),
        )),
        licence_digest: Some(digest("licence")),
        ..LicenceFacts::default()
    };
    let submitted = OrganizationCommand::SubmitVerification(facts);
    *organization =
        after(organization, &organization.decide(submitted, &By::System, start()).unwrap());
    let register = RegisterFacts {
        name: organization.name().clone(),
        uscc: *organization.uscc(),
        legal_representative: chief.name().clone(),
        legal_representative_document: None,
    };
    let accepted = OrganizationCommand::AcceptVerification(register);
    *organization =
        after(organization, &organization.decide(accepted, &By::System, start()).unwrap());
}

fn authorize(
    organization: &mut Organization,
    chief: &Person,
    admin: &Person,
    method: AuthorizationMethod,
) {
    let proof = AuthorizationProof {
        authorized: admin.name().clone(),
        legal_representative: Some(chief.id_document().clone()),
        letter: Some((digest("letter"), LetterReview::Passed)),
        reference: Some("reference".to_owned()),
    };
    let command = OrganizationCommand::Authorize { method, proof };
    *organization =
        after(organization, &organization.decide(command, &By::System, start()).unwrap());
}

/// An employee who has proved who he is.
pub fn employee(
    organization: &Organization,
    id: &str,
    person: Person,
    roles: &[ShippedRole],
) -> Employee {
    let id = id.parse().unwrap();
    let roles: BTreeSet<RoleRef> = roles.iter().copied().map(RoleRef::Shipped).collect();
    let invitation = Invitation { roles, ..Invitation::of(person.clone()) };
    let (by, none) = (By::System, Holders::default());
    let invited =
        made(&Employee::invite(id, invitation, organization, &none, &by, start()).unwrap());
    let proof = RealName {
        person,
        birth_date: None,
        document_last_day: None,
        reference: "real-name".to_owned(),
    };
    let activate = EmployeeCommand::Activate { proof, entitlements: Entitlements::NONE };
    let active = invited.decide(activate, organization, &by, start()).unwrap();
    after(&invited, &active)
}

/// The employee after he left.
pub fn resigned(company: &Company, employee: &Employee) -> Employee {
    let command = EmployeeCommand::Resign { handover: None, open_work: OpenWork::default() };
    let by = By::System;
    after(employee, &employee.decide(command, &company.organization, &by, start()).unwrap())
}
