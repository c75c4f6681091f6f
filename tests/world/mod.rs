//! Two companies and their people, as tests and benches need them: everything goes through the
//! verbs of the domain, in their order.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use sealwright::authorization::{
    ImageFacts, ImageFormat, NewFace, NewGrant, NewSeal, Seal, SealColour, SealCommand, SealFacts,
    SealGrant, SealName, SealRules, SealShape, SealSize, SealSource, Validity,
};
use sealwright::contract::{
    self, Absolute, Allowance, Contract, ContractName, Control, ControlKey, ControlKind, CrossPage,
    DocumentIntake, Edit, Holder, IntakeLimits, Location, NewContract, PageLength, Party, PdfFacts,
    Point, Rank, SealKind, SealMark, Settings, Signer, SlotPlan,
};
use sealwright::decision::{Aggregate, Decision, Recorded};
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::{PageGeometry, PageIndex};
use sealwright::identity::{
    IdDocument, IdDocumentKind, Mobile, OrganizationName, Person, PersonId, PersonName, Uscc,
};
use sealwright::organization::{
    AuthorizationMethod, AuthorizationProof, By, Employee, EmployeeCommand, Entitlement,
    Entitlements, Feature, Holders, Invitation, LegalRepresentative, LicenceFacts, LicenceKind,
    Organization, OrganizationCommand, OrganizationKind, RealName, RegisterFacts, Registration,
    RoleRef, ShippedRole, Staff, Terms, Window,
};
use sealwright::statement::FaceDigest;
use time::{Duration, OffsetDateTime};

/// 2026-01-05 09:00 in Beijing, a Monday.
pub fn monday() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_767_574_800).unwrap()
}

/// A digest of some bytes.
pub fn digest(bytes: impl AsRef<[u8]>) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, bytes.as_ref())
}

/// The state that a decision brings into being.
pub fn founded<A: Aggregate>(decision: &Decision<A>) -> A {
    decision.found().unwrap().0
}

/// Applies a decision.
pub fn apply<A: Aggregate>(decision: &Decision<A>, state: &mut A) {
    decision.apply_to(state).unwrap();
}

/// A person whose numbers are made from `number`, with the right check digit.
pub fn person(name: &str, number: u32) -> Person {
    let number = number % 1000;
    let first = format!("11010119900307{number:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        first.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = char::from(b"10X98765432"[(sum % 11) as usize]);
    Person::new(
        PersonName::parse(name).unwrap(),
        IdDocument::parse(IdDocumentKind::ResidentId, &format!("{first}{check}")).unwrap(),
        Mobile::parse(&format!("13800000{number:03}")).unwrap(),
    )
}

/// What the real-name check found out about a person: that he is who he says.
pub fn proof(person: &Person) -> RealName {
    RealName {
        person: person.clone(),
        birth_date: None,
        document_last_day: None,
        reference: "real-name-check-1".to_owned(),
    }
}

/// A company with its super admin, who is its legal representative too.
pub struct Company {
    pub organization: Organization,
    pub admin: Employee,
}

impl Company {
    /// An active company.
    pub fn active(id: &str, name: &str, uscc: &str, admin: &Person) -> Self {
        let now = monday() - Duration::days(30);
        let host: PersonId = "console".parse().unwrap();
        let by = By::Host(&host);
        let registration = Registration {
            name: OrganizationName::parse(name).unwrap(),
            uscc: Uscc::parse(uscc).unwrap(),
            kind: OrganizationKind::Enterprise,
            licence: LicenceKind::CreditCode,
        };
        let register = RegisterFacts {
            name: registration.name.clone(),
            uscc: registration.uscc,
            legal_representative: admin.name().clone(),
            legal_representative_document: None,
        };
        let decision = Organization::register(id.parse().unwrap(), registration, None, &by, now);
        let mut organization = founded(&decision.unwrap());
        let facts = LicenceFacts {
            legal_representative: Some(LegalRepresentative::identified(
                admin.name().clone(),
                admin.id_document().clone(),
            )),
            licence_digest: Some(digest("licence")),
            ..LicenceFacts::default()
        };
        let mut consent = AuthorizationProof::of(admin.name().clone());
        consent.legal_representative = Some(admin.id_document().clone());
        consent.reference = Some("face-check-1".to_owned());
        for command in [
            OrganizationCommand::SubmitVerification(facts),
            OrganizationCommand::AcceptVerification(register),
            OrganizationCommand::Authorize {
                method: AuthorizationMethod::ApplicantIsLegalRepresentative,
                proof: consent,
            },
        ] {
            let decision = organization.decide(command, &by, now).unwrap();
            apply(&decision, &mut organization);
        }
        let admin = employed(&organization, &format!("{id}-admin"), admin, &[]);
        let command = OrganizationCommand::ActivateSuperAdmin { employee: &admin, holder: None };
        let decision = organization.decide(command, &by, now).unwrap();
        apply(&decision, &mut organization);
        Self { organization, admin }
    }

    /// An active employee with these roles.
    pub fn employ(&self, id: &str, person: &Person, roles: &[ShippedRole]) -> Employee {
        employed(&self.organization, id, person, roles)
    }

    /// The super admin, acting.
    pub fn head(&self) -> By<'_> {
        By::Staff(Staff::of(&self.organization, &self.admin).unwrap())
    }

    /// An employee, acting.
    pub fn by<'a>(&'a self, employee: &'a Employee) -> By<'a> {
        By::Staff(Staff::of(&self.organization, employee).unwrap())
    }

    /// The right to use a feature for a year.
    pub fn entitled(&self, feature: Feature, quota: Option<u64>) -> Entitlement {
        let from = monday() - Duration::days(1);
        let window = Window::new(from, Some(from + Duration::days(365))).unwrap();
        let terms = Terms { quota, ..Terms::within(window) };
        let host: PersonId = "console".parse().unwrap();
        let id = format!("{}-{feature:?}", self.organization.id()).parse().unwrap();
        let decision =
            Entitlement::grant(&id, self.organization.id(), feature, terms, &By::Host(&host), from);
        founded(&decision.unwrap())
    }
}

/// What was found out about the picture of a seal.
pub fn picture(name: &str) -> ImageFacts {
    let source = digest(name);
    let mut face = [0; 32];
    face.copy_from_slice(source.as_bytes());
    ImageFacts {
        format: Some(ImageFormat::Png),
        bytes: 81_234,
        width: 600,
        height: 600,
        transparent: true,
        source,
        face: Some(FaceDigest::from_bytes(face)),
    }
}

impl Company {
    /// A seal that was uploaded and let pass.
    pub fn seal(&self, id: &str, kind: SealKind) -> Seal {
        let now = monday() - Duration::days(20);
        let rules = SealRules::default();
        let facts =
            SealFacts { organization: &self.organization, seals: &[], grants: &[], rules: &rules };
        let face = NewFace {
            source: SealSource::Uploaded,
            image: picture(id),
            shape: SealShape::Circle,
            size: Some(SealSize::round(42)),
            colour: SealColour::Red,
        };
        let new = NewSeal::new(id.parse().unwrap(), kind, SealName::parse(id).unwrap(), face);
        let mut seal = founded(&Seal::create(new, &self.head(), &facts, now).unwrap());
        let host: PersonId = "reviewer".parse().unwrap();
        let decision = seal.decide(SealCommand::Approve, &By::Host(&host), &facts, now).unwrap();
        apply(&decision, &mut seal);
        seal
    }

    /// The right of an employee to use a seal, for sixty days.
    pub fn grant(&self, id: &str, seal: &Seal, to: &Employee) -> SealGrant {
        let now = monday() - Duration::days(10);
        let validity = Validity::new(now, Some(now + Duration::days(60))).unwrap();
        let new = NewGrant::to_use(id.parse().unwrap(), validity);
        let decision =
            SealGrant::grant(new, seal, to.into(), &self.head(), &self.organization, now);
        founded(&decision.unwrap())
    }
}

/// A document of so many pages of A4.
pub fn document(id: &str, pages: usize) -> DocumentIntake {
    let page = PageGeometry::new([0.0, 0.0, 595.276, 841.89], None, 0, 1.0).unwrap();
    let facts = PdfFacts::of_pages(vec![page; pages]);
    DocumentIntake::pdf(id.parse().unwrap(), 34_567, digest(id), facts).named("采购合同.pdf")
}

/// A control of a slot, at a place on the last page.
pub fn seal_control(
    document: &str,
    id: &str,
    slot: &str,
    x: impl Into<PageLength>,
    y: impl Into<PageLength>,
) -> Control {
    let at = Point::at(x, y).unwrap();
    let kind = ControlKind::Seal(SealMark::default());
    control(document, id, slot, kind, Absolute::new(PageIndex::LAST, at))
}

/// The cross-page seal of a party, 0 or 1.
pub fn cross_page_control(document: &str, id: &str, slot: &str, party: usize) -> Control {
    let kind = ControlKind::PagingSeal(SealMark::default());
    control(document, id, slot, kind, CrossPage::staggered(party))
}

/// A control of a slot.
pub fn control(
    document: &str,
    id: &str,
    slot: &str,
    kind: ControlKind,
    location: impl Into<Location>,
) -> Control {
    let key = ControlKey::new(document.parse().unwrap(), id.parse().unwrap());
    let owner: sealwright::identity::SlotId = slot.parse().unwrap();
    Control::new(key, kind, owner, location)
}

/// What a draft has beyond its name.
#[derive(Default)]
pub struct Draft {
    pub settings: Settings,
    pub parties: Vec<Party>,
    pub slots: Vec<SlotPlan>,
    pub documents: Vec<DocumentIntake>,
    pub controls: Vec<Control>,
}

impl Draft {
    /// With a party that an organization is.
    pub fn party(mut self, id: &str, company: &Company) -> Self {
        let organization = &company.organization;
        let (name, own) = (organization.name().clone(), organization.id().clone());
        self.parties.push(Party::organization(id.parse().unwrap(), name, Some(own)));
        self
    }

    /// With a signer for a party.
    pub fn signer(self, slot: &str, party: &str, employee: &Employee, rank: u32) -> Self {
        let holder = Holder::employee(employee.id().clone(), employee.person().clone());
        self.holder(slot, party, holder, rank)
    }

    /// With a signer of whom these facts are given.
    pub fn holder(mut self, slot: &str, party: &str, holder: Holder, rank: u32) -> Self {
        let mut plan =
            SlotPlan::new(slot.parse().unwrap(), party.parse().unwrap(), Signer::bound(holder));
        plan.rank = Rank::new(rank).unwrap();
        self.slots.push(plan);
        self
    }

    /// With a document.
    pub fn document(mut self, document: DocumentIntake) -> Self {
        self.documents.push(document);
        self
    }

    /// With a control.
    pub fn control(mut self, control: Control) -> Self {
        self.controls.push(control);
        self
    }

    /// The contract, drafted by an employee: every command that it took.
    pub fn written(self, id: &str, by: &Staff<'_>) -> (Contract, Vec<Recorded<contract::Event>>) {
        let now = monday() - Duration::days(3);
        let mut new =
            NewContract::new(id.parse().unwrap(), ContractName::parse("采购合同").unwrap());
        new.settings = self.settings;
        let created = Contract::create(new, by, Allowance::Unlimited, now).unwrap();
        let (mut contract, mut events) = (founded(&created), created.events().to_vec());
        let people = Edit::People { parties: self.parties, slots: self.slots, cc: Vec::new() };
        let limits = IntakeLimits::default();
        let documents = self.documents.into_iter().map(|intake| Edit::DocumentAttached {
            document: Box::new(intake.accept(&limits).unwrap()),
        });
        let controls = self
            .controls
            .into_iter()
            .map(|control| Edit::ControlPlaced { control: Box::new(control) });
        for edit in [people].into_iter().chain(documents).chain(controls) {
            let decision =
                contract.decide(contract::Command::Edit(edit), &By::Staff(*by), now).unwrap();
            apply(&decision, &mut contract);
            events.extend_from_slice(decision.events());
        }
        (contract, events)
    }
}

pub fn employed(
    organization: &Organization,
    id: &str,
    person: &Person,
    roles: &[ShippedRole],
) -> Employee {
    let now = monday() - Duration::days(29);
    let host: PersonId = "console".parse().unwrap();
    let mut invitation = Invitation::of(person.clone());
    invitation.roles = roles.iter().map(|role| RoleRef::Shipped(*role)).collect();
    let nobody = Holders::default();
    let decision = Employee::invite(
        id.parse().unwrap(),
        invitation,
        organization,
        &nobody,
        &By::Host(&host),
        now,
    );
    let mut employee = founded(&decision.unwrap());
    let himself: PersonId = format!("p-{id}").parse().unwrap();
    let command =
        EmployeeCommand::Activate { proof: proof(person), entitlements: Entitlements::of(&[]) };
    let by = By::Person { id: &himself, person };
    let decision = employee.decide(command, organization, &by, now).unwrap();
    apply(&decision, &mut employee);
    employee
}
