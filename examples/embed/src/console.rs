//! What the host's console does: every step loads what it decides on, asks the engine, and stores
//! the decision.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::authorization::{
    ImageFacts, ImageFormat, NewFace, NewGrant, NewSeal, Seal, SealColour, SealCommand, SealFacts,
    SealGrant, SealName, SealRules, SealShape, SealSize, SealSource, Validity,
};
use sealwright::ceremony::{
    BookingFacts, Ceremony, Command as CeremonyCommand, ContractToStart, LinkKeys, Participant,
    Party as MeetingParty, Policy, Profile,
};
use sealwright::contract::{
    Absolute, Allowance, Command, Contract, ContractName, Control, ControlKey, ControlKind,
    DocumentIntake, Edit, Holder, IntakeLimits, NewContract, Party, PdfFacts, Placements, Point,
    Rank, SealKind, SealMark, Signer, SlotPlan, StartFacts,
};
use sealwright::decision::Decision;
use sealwright::digest::{Digest, DigestAlgorithm};
use sealwright::geometry::{Mm, PageGeometry, PageIndex};
use sealwright::identity::{
    IdDocument, IdDocumentKind, Mobile, OrganizationName, Person, PersonId, PersonName, SlotId,
    Uscc,
};
use sealwright::organization::{
    AuthorizationMethod, AuthorizationProof, By, Employee, EmployeeCommand, Entitlement,
    Entitlements, Feature, Holders, Invitation, LegalRepresentative, LicenceFacts, LicenceKind,
    Organization, OrganizationCommand, OrganizationKind, RealName, RegisterFacts, Registration,
    RoleRef, ShippedRole, Staff, Terms, Window,
};
use sealwright::statement::FaceDigest;
use time::{Duration, OffsetDateTime};

use crate::Error;
use crate::store::Store;

/// What a step of the console comes to.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A person as somebody types him into a form.
pub struct Typed {
    /// His name.
    pub name: &'static str,
    /// His resident identity number.
    pub number: &'static str,
    /// His mobile number.
    pub mobile: &'static str,
}

impl Typed {
    /// The person, if all three facts can be true.
    pub fn person(&self) -> Outcome<Person> {
        Ok(Person::new(
            PersonName::parse(self.name)?,
            IdDocument::parse(IdDocumentKind::ResidentId, self.number)?,
            Mobile::parse(&Mobile::normalize(self.mobile))?,
        ))
    }
}

/// The console of one operator at one moment.
pub struct Console {
    /// The database.
    pub store: Store,
    /// The time: the engine has no clock.
    pub now: OffsetDateTime,
    operator: PersonId,
}

impl Console {
    /// A console over a database.
    pub fn new(store: Store, now: OffsetDateTime) -> Result<Self, Error> {
        Ok(Self { store, now, operator: "console".parse()? })
    }

    /// The host's own operator.
    pub fn operator(&self) -> By<'_> {
        By::Host(&self.operator)
    }

    /// Account, authorization by the legal representative, super admin: in this order.
    pub fn activate(&mut self, id: &str, name: &str, uscc: &str, head: &Typed) -> Outcome<()> {
        let person = head.person()?;
        let registration = Registration {
            name: OrganizationName::parse(name)?,
            uscc: Uscc::parse(uscc)?,
            kind: OrganizationKind::Enterprise,
            licence: LicenceKind::CreditCode,
        };
        let register = RegisterFacts {
            name: registration.name.clone(),
            uscc: registration.uscc,
            legal_representative: person.name().clone(),
            legal_representative_document: None,
        };
        let decision =
            Organization::register(id.parse()?, registration, None, &self.operator(), self.now)?;
        let mut organization = self.store.create(&decision)?;
        let (name, document) = (person.name().clone(), person.id_document().clone());
        let mut consent = AuthorizationProof::of(name.clone());
        consent.legal_representative = Some(document.clone());
        consent.reference = Some("face-check-1".to_owned());
        for command in [
            OrganizationCommand::SubmitVerification(LicenceFacts {
                legal_representative: Some(LegalRepresentative::identified(name, document)),
                licence_digest: Some(digest("the scanned licence")),
                ..LicenceFacts::default()
            }),
            OrganizationCommand::AcceptVerification(register),
            OrganizationCommand::Authorize {
                method: AuthorizationMethod::ApplicantIsLegalRepresentative,
                proof: consent,
            },
        ] {
            let decision = organization.decide(command, &self.operator(), self.now)?;
            self.store.update(&decision, &mut organization)?;
        }
        let head_id = format!("{id}-head");
        self.hire(id, &head_id, head, &[])?;
        let employee: Employee = self.store.load(&head_id)?;
        // Whether another organization has the credit code, the unique index will tell.
        let command = OrganizationCommand::ActivateSuperAdmin { employee: &employee, holder: None };
        let decision = organization.decide(command, &self.operator(), self.now)?;
        self.store.update(&decision, &mut organization)?;
        Ok(())
    }

    /// Invites an employee, who then proves who he is.
    pub fn hire(
        &mut self,
        organization: &str,
        id: &str,
        typed: &Typed,
        roles: &[ShippedRole],
    ) -> Outcome<()> {
        let organization: Organization = self.store.load(organization)?;
        let person = typed.person()?;
        let mut invitation = Invitation::of(person.clone());
        invitation.roles = roles.iter().map(|role| RoleRef::Shipped(*role)).collect();
        let decision = Employee::invite(
            id.parse()?,
            invitation,
            &organization,
            &Holders::default(),
            &self.operator(),
            self.now,
        )?;
        let mut employee = self.store.create(&decision)?;
        let himself: PersonId = format!("account-of-{id}").parse()?;
        let proof = RealName {
            person: person.clone(),
            birth_date: None,
            document_last_day: None,
            reference: "real-name-check-1".to_owned(),
        };
        let command = EmployeeCommand::Activate { proof, entitlements: Entitlements::of(&[]) };
        let by = By::Person { id: &himself, person: &person };
        let decision = employee.decide(command, &organization, &by, self.now)?;
        self.store.update(&decision, &mut employee)?;
        Ok(())
    }

    /// Entitles an organization to book ten meetings.
    pub fn entitle(&mut self, id: &str, organization: &str) -> Outcome<()> {
        let window = Window::new(self.now, Some(self.now + Duration::days(365)))?;
        let decision = Entitlement::grant(
            &id.parse()?,
            &organization.parse()?,
            Feature::StrategicSigning,
            Terms { quota: Some(10), ..Terms::within(window) },
            &self.operator(),
            self.now,
        )?;
        self.store.create(&decision)?;
        Ok(())
    }

    /// Makes a seal, lets it pass, and grants its use to an employee.
    pub fn seal(&mut self, organization: &str, id: &str, grantee: &str) -> Outcome<()> {
        let owner: Organization = self.store.load(organization)?;
        let head: Employee = self.store.load(format!("{organization}-head"))?;
        let grantee: Employee = self.store.load(grantee)?;
        let by = By::Staff(Staff::of(&owner, &head)?);
        let rules = SealRules::default();
        let facts = SealFacts { organization: &owner, seals: &[], grants: &[], rules: &rules };
        let face = NewFace {
            source: SealSource::Uploaded,
            image: ImageFacts {
                format: Some(ImageFormat::Png),
                bytes: 81_234,
                width: 600,
                height: 600,
                transparent: true,
                source: digest(id),
                face: Some(FaceDigest::from_bytes([7; 32])),
            },
            shape: SealShape::Circle,
            size: Some(SealSize::round(42)),
            colour: SealColour::Red,
        };
        let new = NewSeal::new(id.parse()?, SealKind::Contract, SealName::parse(id)?, face);
        let mut seal = self.store.create(&Seal::create(new, &by, &facts, self.now)?)?;
        let approved = seal.decide(SealCommand::Approve, &self.operator(), &facts, self.now)?;
        self.store.update(&approved, &mut seal)?;
        let validity = Validity::new(self.now, Some(self.now + Duration::days(90)))?;
        let grant = NewGrant::to_use(format!("grant-of-{id}").parse()?, validity);
        let decision = SealGrant::grant(grant, &seal, (&grantee).into(), &by, &owner, self.now)?;
        self.store.create(&decision)?;
        Ok(())
    }

    /// Drafts a contract of one document between two organizations, a seal for each.
    pub fn draft(&mut self, id: &str, clerk: &str, sides: [(&str, &str); 2]) -> Outcome<()> {
        let clerk: Employee = self.store.load(clerk)?;
        let own: Organization = self.store.load(clerk.organization().as_str())?;
        let staff = Staff::of(&own, &clerk)?;
        let new = NewContract::new(id.parse()?, ContractName::parse("采购合同")?);
        let decision = Contract::create(new, &staff, Allowance::Unlimited, self.now)?;
        let mut contract = self.store.create(&decision)?;
        let (mut parties, mut slots, mut controls) = (Vec::new(), Vec::new(), Vec::new());
        for ((organization, signer), x) in sides.into_iter().zip([30.0, 120.0]) {
            let side: Organization = self.store.load(organization)?;
            let signer: Employee = self.store.load(signer)?;
            let (party, slot) = (format!("party-{organization}"), format!("slot-{organization}"));
            let of = Some(side.id().clone());
            parties.push(Party::organization(party.parse()?, side.name().clone(), of));
            let holder = Holder::employee(signer.id().clone(), signer.person().clone());
            let mut plan = SlotPlan::new(slot.parse()?, party.parse()?, Signer::bound(holder));
            plan.rank = Rank::new(u32::try_from(slots.len())? + 1)?;
            slots.push(plan);
            let key = ControlKey::new("doc".parse()?, format!("seal_{organization}").parse()?);
            let place = Absolute::new(PageIndex::LAST, Point::at(Mm(x), Mm(220.0))?);
            let kind = ControlKind::Seal(SealMark::default());
            controls.push(Control::new(key, kind, slot.parse::<SlotId>()?, place));
        }
        let a4 = PageGeometry::new([0.0, 0.0, 595.276, 841.89], None, 0, 1.0)?;
        let facts = PdfFacts::of_pages(vec![a4; 3]);
        let intake = DocumentIntake::pdf("doc".parse()?, 34_567, digest("the PDF"), facts);
        let document = intake.accept(&IntakeLimits::default()).map_err(|problems| {
            problems.into_iter().map(|one| one.to_string()).collect::<String>()
        })?;
        let edits = [
            Edit::People { parties, slots, cc: Vec::new() },
            Edit::DocumentAttached { document: Box::new(document) },
        ];
        let controls =
            controls.into_iter().map(|one| Edit::ControlPlaced { control: Box::new(one) });
        for edit in edits.into_iter().chain(controls) {
            let decision = contract.decide(Command::Edit(edit), &By::Staff(staff), self.now)?;
            self.store.update(&decision, &mut contract)?;
        }
        Ok(())
    }

    /// Books a meeting for a contract: drafted, filled in, booked, and the contract started, the
    /// last two in one transaction.
    pub fn book(
        &mut self,
        id: &str,
        contract: &str,
        entitlement: &str,
        booker: &str,
        signers: [&str; 2],
        keys: &LinkKeys,
    ) -> Outcome<()> {
        let booker: Employee = self.store.load(booker)?;
        let organizer: Organization = self.store.load(booker.organization().as_str())?;
        let staff = Staff::of(&organizer, &booker)?;
        let entitlement: Entitlement = self.store.load(entitlement)?;
        let entitlements = [&entitlement];
        let entitlements = Entitlements::of(&entitlements);
        let decision = draft_meeting(id, &staff, entitlements, self.now)?;
        let mut ceremony = self.store.create(&decision)?;
        let contract: Contract = self.store.load(contract)?;

        let mut people = Vec::new();
        for signer in signers {
            let employee: Employee = self.store.load(signer)?;
            let organization: Organization = self.store.load(employee.organization().as_str())?;
            people.push((organization, employee));
        }
        let (mut parties, mut participants) = (Vec::new(), Vec::new());
        participants.push(Participant::host("host".parse()?, booker.id().clone(), booker.person()));
        for (organization, employee) in &people {
            let party = MeetingParty {
                id: format!("party-{}", organization.id()).parse()?,
                organization: organization.name().clone(),
                organization_id: Some(organization.id().clone()),
            };
            participants.push(Participant::signer(
                employee.id().as_str().parse()?,
                party.id.clone(),
                employee.person(),
            ));
            parties.push(party);
        }

        let documents: BTreeMap<_, _> =
            contract.documents().iter().map(|one| (one.id().clone(), *one.digest())).collect();
        let (placements, withheld) = (Placements::default(), BTreeMap::new());
        let start = StartFacts {
            placements: &placements,
            documents: &documents,
            entitlements,
            quota: Allowance::Unlimited,
            withheld: &withheld,
        };
        let starts_at = self.now + Duration::days(2);
        for command in [
            CeremonyCommand::SetSchedule {
                title: "战略合作签约仪式".to_owned(),
                starts_at,
                ends_at: starts_at + Duration::hours(2),
                booked: None,
            },
            CeremonyCommand::SetParticipants { parties, participants, hosts: &[staff] },
            CeremonyCommand::AttachContracts(&[&contract]),
            CeremonyCommand::FinishControls { contract: &contract, start: &start },
        ] {
            let decision = ceremony.decide(command, &By::Staff(staff), self.now)?;
            self.store.update(&decision, &mut ceremony)?;
        }

        let registered: Vec<Staff<'_>> = people
            .iter()
            .map(|(organization, employee)| Staff::of(organization, employee))
            .collect::<Result<_, _>>()?;
        // The default layout seats everybody and both sides have a seal: nothing to be acknowledged.
        let acknowledged = BTreeSet::new();
        let to_start = [ContractToStart {
            contract: &contract,
            placements: &placements,
            documents: &documents,
        }];
        let facts = BookingFacts {
            contracts: &to_start,
            registered: &registered,
            entitlements,
            quota: Allowance::Unlimited,
            acknowledged: &acknowledged,
            keys,
        };
        let booking = ceremony.book(&facts, &By::Staff(staff), self.now)?;
        let transaction = self.store.begin()?;
        transaction.update(&booking.ceremony, &ceremony)?;
        let mut contract = contract;
        for decision in &booking.contracts {
            contract = transaction.update(decision, &contract)?;
        }
        let mut entitlement = entitlement.clone();
        for decision in &booking.quotas {
            entitlement = transaction.update(decision, &entitlement)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Lets a clerk act.
    pub fn clerk<T>(
        &self,
        clerk: &str,
        act: impl FnOnce(&By<'_>) -> Result<T, sealwright::contract::Error>,
    ) -> Result<T, Error> {
        let clerk: Employee = self.store.load(clerk)?;
        let own: Organization = self.store.load(clerk.organization().as_str())?;
        let staff = Staff::of(&own, &clerk).map_err(sealwright::contract::Error::from)?;
        Ok(act(&By::Staff(staff))?)
    }
}

/// The decision to draft a meeting, not stored yet.
pub fn draft_meeting(
    id: &str,
    staff: &Staff<'_>,
    entitlements: Entitlements<'_>,
    now: OffsetDateTime,
) -> Result<Decision<Ceremony>, sealwright::ceremony::Error> {
    let (profile, policy) = (Profile::Strategic, Policy::default());
    Ceremony::draft(id.parse()?, profile, policy, staff, entitlements, now)
}

fn digest(bytes: &str) -> Digest {
    Digest::of(DigestAlgorithm::Sha256, bytes.as_bytes())
}
