//! Organizations with their people, and persons who sign for themselves.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::decision::Decision;
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::identity::{
    EmployeeId, EntitlementId, IdDocument, IdDocumentKind, Mobile, OrganizationId,
    OrganizationName, Person, PersonId, PersonName, Uscc,
};
use sealwright::organization::{
    AuthorizationMethod, AuthorizationProof, By, Employee, EmployeeCommand, Entitlement,
    Entitlements, Feature, Holders, Invitation, LegalRepresentative, LicenceFacts, LicenceKind,
    Organization, OrganizationCommand, OrganizationKind, RealName, RegisterFacts, Registration,
    ShippedRole, Staff, Terms, Window,
};
use time::{Duration, OffsetDateTime};

/// 2026-01-01T00:00:00Z.
pub const NOW: OffsetDateTime = match OffsetDateTime::from_unix_timestamp(1_767_225_600) {
    Ok(now) => now,
    Err(_) => panic!("a valid time"),
};

pub fn days(days: i64) -> Duration {
    Duration::days(days)
}

/// An organization and everybody who works there, by first name.
pub struct Firm {
    pub organization: Organization,
    people: BTreeMap<&'static str, Employee>,
}

impl Firm {
    /// An active organization whose super admin and legal representative is `admin`.
    pub fn active(id: &str, name: &str, uscc: &str, number: u32) -> Self {
        let head = person("法定", number);
        let registration = Registration {
            name: OrganizationName::parse(name).unwrap(),
            uscc: Uscc::parse(uscc).unwrap(),
            kind: OrganizationKind::Enterprise,
            licence: LicenceKind::CreditCode,
        };
        let id: OrganizationId = id.parse().unwrap();
        let mut organization =
            Organization::register(id.clone(), registration, None, &By::System, NOW)
                .unwrap()
                .found()
                .unwrap()
                .0;
        let known =
            LegalRepresentative::identified(head.name().clone(), head.id_document().clone());
        let licence = LicenceFacts {
            legal_representative: Some(known),
            licence_digest: Some(digest("licence")),
            ..LicenceFacts::default()
        };
        let register = RegisterFacts {
            name: organization.name().clone(),
            uscc: *organization.uscc(),
            legal_representative: head.name().clone(),
            legal_representative_document: None,
        };
        let proof = AuthorizationProof {
            legal_representative: Some(head.id_document().clone()),
            reference: Some("consent-1".to_owned()),
            ..AuthorizationProof::of(head.name().clone())
        };
        let method = AuthorizationMethod::LegalRepresentativeConsent;
        for command in [
            OrganizationCommand::SubmitVerification(licence),
            OrganizationCommand::AcceptVerification(register),
            OrganizationCommand::Authorize { method, proof },
        ] {
            let decision = organization.decide(command, &By::System, NOW).unwrap();
            decision.apply_to(&mut organization).unwrap();
        }
        let mut firm = Self { organization, people: BTreeMap::new() };
        let admin = firm.hire("admin", head, &[]);
        let command = OrganizationCommand::ActivateSuperAdmin {
            employee: &firm.people["admin"],
            holder: None,
        };
        let decision = firm.organization.decide(command, &By::System, NOW).unwrap();
        decision.apply_to(&mut firm.organization).unwrap();
        assert!(firm.organization.is_active());
        assert_eq!(admin.as_str(), format!("{id}.admin"));
        firm
    }

    /// Invites and activates an employee.
    pub fn hire(
        &mut self,
        name: &'static str,
        person: Person,
        roles: &[ShippedRole],
    ) -> EmployeeId {
        let id: EmployeeId = format!("{}.{name}", self.organization.id()).parse().unwrap();
        let invitation = Invitation {
            roles: roles.iter().map(|role| (*role).into()).collect::<BTreeSet<_>>(),
            ..Invitation::of(person.clone())
        };
        let holders = Holders::default();
        let by = By::System;
        let organization = &self.organization;
        let mut employee =
            Employee::invite(id.clone(), invitation, organization, &holders, &by, NOW)
                .unwrap()
                .found()
                .unwrap()
                .0;
        let proof = RealName {
            person,
            birth_date: None,
            document_last_day: None,
            reference: "check-1".to_owned(),
        };
        let command = EmployeeCommand::Activate { proof, entitlements: Entitlements::NONE };
        let decision = employee.decide(command, organization, &by, NOW).unwrap();
        decision.apply_to(&mut employee).unwrap();
        self.people.insert(name, employee);
        id
    }

    /// Suspends the organization.
    pub fn suspend(&mut self) {
        let command = OrganizationCommand::Suspend { reason: "审计".to_owned() };
        let decision = self.organization.decide(command, &By::System, NOW).unwrap();
        decision.apply_to(&mut self.organization).unwrap();
    }

    /// Gives the organization another name.
    pub fn rename(&mut self, name: &str) {
        self.rename_at(name, NOW);
    }

    /// Gives the organization another name, later.
    pub fn rename_at(&mut self, name: &str, now: OffsetDateTime) {
        let name = OrganizationName::parse(name).unwrap();
        let by = By::Staff(Staff::of(&self.organization, &self.people["admin"]).unwrap());
        let command = OrganizationCommand::Rename { name };
        let decision = self.organization.decide(command, &by, now).unwrap();
        decision.apply_to(&mut self.organization).unwrap();
    }

    pub fn employee(&self, name: &str) -> &Employee {
        &self.people[name]
    }

    pub fn staff(&self, name: &str) -> Staff<'_> {
        Staff::of(&self.organization, self.employee(name)).unwrap()
    }

    pub fn by(&self, name: &str) -> By<'_> {
        By::Staff(self.staff(name))
    }
}

/// Two organizations and a person who signs for himself.
pub struct World {
    pub a: Firm,
    pub b: Firm,
    pub c: Firm,
    pub paul: Person,
    pub paul_id: PersonId,
}

impl World {
    pub fn new() -> Self {
        use ShippedRole::{ContractAdmin, DepartmentManager, Salesperson, SealUseApprover};
        let mut a = Firm::active("a", "甲方有限公司", "91350100M000100Y43", 100);
        a.hire("ina", person("伊娜", 101), &[Salesperson]);
        a.hire("sally", person("莎莉", 102), &[]);
        a.hire("steve", person("史蒂夫", 103), &[]);
        a.hire("cora", person("科拉", 104), &[ContractAdmin]);
        a.hire("dan", person("丹", 105), &[DepartmentManager]);
        a.hire("vera", person("薇拉", 106), &[SealUseApprover]);
        a.hire("ivo", person("伊沃", 107), &[Salesperson]);
        let mut b = Firm::active("b", "乙方有限公司", "9144030071526726XG", 200);
        b.hire("bert", person("伯特", 201), &[]);
        b.hire("beth", person("贝丝", 202), &[]);
        b.hire("boris", person("鲍里斯", 203), &[SealUseApprover, ContractAdmin]);
        b.hire("bill", person("比尔", 204), &[]);
        let c = Firm::active("c", "丙方有限公司", "91440300MA50004950", 300);
        Self { a, b, c, paul: person("保罗", 400), paul_id: "paul".parse().unwrap() }
    }

    pub fn paul(&self) -> By<'_> {
        By::Person { id: &self.paul_id, person: &self.paul }
    }
}

/// A right to so many contracts.
pub fn contracts(organization: &OrganizationId, limit: u64) -> Entitlement {
    granted(organization, Feature::Contracts, Some(limit))
}

/// A right to a feature, for a year.
pub fn granted(organization: &OrganizationId, feature: Feature, quota: Option<u64>) -> Entitlement {
    let window = Window::new(NOW, Some(NOW + days(3650))).unwrap();
    let terms = Terms { quota, ..Terms::within(window) };
    let id: EntitlementId = format!("{organization}-{}", feature.code()).parse().unwrap();
    let decision: Decision<Entitlement> =
        Entitlement::grant(&id, organization, feature, terms, &By::System, NOW).unwrap();
    decision.found().unwrap().0
}

/// A person born in 1990 whose facts follow from a number below 1000.
pub fn person(name: &str, number: u32) -> Person {
    born(name, 1990, number)
}

/// A person born in March of a year, whose facts follow from a number below 1000.
pub fn born(name: &str, year: u32, number: u32) -> Person {
    let digits = format!("110101{year}0307{number:03}");
    Person::new(
        PersonName::parse(name).unwrap(),
        IdDocument::parse(IdDocumentKind::ResidentId, &checked(&digits)).unwrap(),
        Mobile::parse(&format!("138{:08}", number)).unwrap(),
    )
}

/// A resident id with its check character (GB 11643).
fn checked(digits: &str) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let values = digits.chars().map(|digit| digit.to_digit(10).unwrap());
    let sum: u32 = values.zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    format!(
        "{digits}{}",
        ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum as usize % 11]
    )
}

pub fn digest(text: &str) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, text.as_bytes())
}
