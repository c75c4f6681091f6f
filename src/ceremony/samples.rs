//! Two companies, their people, and a contract between them, for unit tests.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};

use super::{Booking, Error};
use super::{
    BookingFacts, Ceremony, Command, ContractToStart, Entrance, KeyId, LinkKey, LinkKeys,
    Participant, Party, PersonFacts, Policy, Profile, Visitor,
};
use crate::contract::{
    Absolute, Allowance, Application, Command as ContractCommand, Contract, ContractName, Control,
    ControlKey, ControlKind, Document, DocumentIntake, Edit, Holder, IntakeLimits, Integrity, Mark,
    Membership, NewContract, Party as ContractParty, PdfFacts, Placements, Point, Revised,
    SealMark, SignatureMethod, SignedRecord, Signer, SlotPlan, StartFacts, TimeSource,
};
use crate::decision::{Aggregate, Decision, Recorded};
use crate::digest::Digest;
use crate::geometry::{Mm, PageGeometry, PageIndex};
use crate::identity::{DocumentId, Factors, SlotId};
pub(crate) use crate::organization::samples::NOW;
use crate::organization::samples::{active, apply, digest, employee, person};
use crate::organization::{
    By, Employee, Entitlement, Entitlements, Feature, Organization, Staff, Terms, Window,
};

/// The meeting is two days after [`NOW`] and lasts two hours.
pub(crate) const START: OffsetDateTime = time::macros::datetime!(2026-01-07 06:00 UTC);
pub(crate) const END: OffsetDateTime = time::macros::datetime!(2026-01-07 08:00 UTC);

/// Companies A (the organizer) and B with their people: K books, H hosts and SA signs for A, SB for
/// B; C is a company that has nothing to do with it.
pub(crate) struct World {
    pub(crate) a: Organization,
    pub(crate) b: Organization,
    pub(crate) c: Organization,
    pub(crate) booker: Employee,
    pub(crate) host: Employee,
    pub(crate) signer_a: Employee,
    pub(crate) signer_b: Employee,
    pub(crate) stranger: Employee,
    pub(crate) entitlement: Entitlement,
    pub(crate) keys: LinkKeys,
}

impl World {
    pub(crate) fn new() -> Self {
        let (a, booker) = active("A", 1);
        let (b, _) = active("B", 2);
        let (c, stranger) = active("C", 3);
        let host = employee(&a, "H", person("主持人", 41), &[]);
        let signer_a = employee(&a, "SA", person("甲签署", 51), &[]);
        let signer_b = employee(&b, "SB", person("乙签署", 61), &[]);
        let entitlement = entitlement("E", &a, Feature::StrategicSigning, None);
        let keys = LinkKeys::new(key("k1", 7));
        Self { a, b, c, booker, host, signer_a, signer_b, stranger, entitlement, keys }
    }

    pub(crate) fn booker(&self) -> By<'_> {
        By::Staff(Staff::of(&self.a, &self.booker).unwrap())
    }

    pub(crate) fn host(&self) -> By<'_> {
        By::Staff(Staff::of(&self.a, &self.host).unwrap())
    }

    pub(crate) fn signer_a(&self) -> By<'_> {
        By::Staff(Staff::of(&self.a, &self.signer_a).unwrap())
    }

    pub(crate) fn signer_b(&self) -> By<'_> {
        By::Staff(Staff::of(&self.b, &self.signer_b).unwrap())
    }

    pub(crate) fn stranger(&self) -> By<'_> {
        By::Staff(Staff::of(&self.c, &self.stranger).unwrap())
    }

    pub(crate) fn parties(&self) -> Vec<Party> {
        let party = |id: &str, organization: &Organization| Party {
            id: id.parse().unwrap(),
            organization: organization.name().clone(),
            organization_id: Some(organization.id().clone()),
        };
        vec![party("A", &self.a), party("B", &self.b)]
    }

    pub(crate) fn participants(&self) -> Vec<Participant> {
        let host = self.host.id().clone();
        vec![
            Participant::host("H".parse().unwrap(), host, self.host.person()),
            self.signer("SA", "A", &self.signer_a),
            self.signer("SB", "B", &self.signer_b).with_camera(),
            Participant::observer("O".parse().unwrap(), guest()),
        ]
    }

    pub(crate) fn signer(&self, id: &str, party: &str, employee: &Employee) -> Participant {
        Participant::signer(id.parse().unwrap(), party.parse().unwrap(), employee.person())
    }

    /// A meeting of which nothing is known yet.
    pub(crate) fn drafted(&self) -> Run {
        self.drafted_with(Profile::Strategic, Policy::default())
    }

    pub(crate) fn drafted_with(&self, profile: Profile, policy: Policy) -> Run {
        let staff = Staff::of(&self.a, &self.booker).unwrap();
        let id = "cer_01".parse().unwrap();
        let entitlements = [&self.entitlement];
        let entitlements = Entitlements::of(&entitlements);
        Run::begin(&Ceremony::draft(id, profile, policy, &staff, entitlements, NOW).unwrap())
    }

    pub(crate) fn schedule(&self, title: &str) -> Command<'static> {
        Command::SetSchedule {
            title: title.to_owned(),
            starts_at: START,
            ends_at: END,
            booked: None,
        }
    }

    /// A meeting to which only the booking is missing, and its contract.
    pub(crate) fn prepared(&self, policy: Policy) -> (Run, Contract) {
        let mut run = self.drafted_with(Profile::Strategic, policy);
        let contract = self.contract("con_01");
        self.prepare(&mut run, &[&contract]);
        (run, contract)
    }

    pub(crate) fn prepare(&self, run: &mut Run, contracts: &[&Contract]) {
        run.must(self.schedule("战略合作签约仪式"), &self.booker());
        self.invite(run, self.participants()).unwrap();
        run.must(Command::AttachContracts(contracts), &self.booker());
        for contract in contracts {
            let facts = ToStart::of(contract);
            let start = facts.start();
            run.must(Command::FinishControls { contract, start: &start }, &self.booker());
        }
    }

    pub(crate) fn invite(&self, run: &mut Run, people: Vec<Participant>) -> Result<(), Error> {
        let hosts = [Staff::of(&self.a, &self.host).unwrap()];
        let (parties, participants) = (self.parties(), people);
        let command = Command::SetParticipants { parties, participants, hosts: &hosts };
        run.by(command, &self.booker())
    }

    pub(crate) fn registered(&self) -> [Staff<'_>; 3] {
        [
            Staff::of(&self.a, &self.host).unwrap(),
            Staff::of(&self.a, &self.signer_a).unwrap(),
            Staff::of(&self.b, &self.signer_b).unwrap(),
        ]
    }

    pub(crate) fn book(&self, run: &Run, contracts: &[&Contract]) -> Result<Booking, Error> {
        self.book_with(run, contracts, &BTreeSet::new(), Allowance::Unlimited)
    }

    pub(crate) fn book_with(
        &self,
        run: &Run,
        contracts: &[&Contract],
        acknowledged: &BTreeSet<String>,
        quota: Allowance<'_>,
    ) -> Result<Booking, Error> {
        let facts: Vec<ToStart<'_>> = contracts.iter().map(|one| ToStart::of(one)).collect();
        let to_start: Vec<_> = facts.iter().map(ToStart::to_start).collect();
        let (registered, entitlements) = (self.registered(), [&self.entitlement]);
        let facts = BookingFacts {
            contracts: &to_start,
            registered: &registered,
            entitlements: Entitlements::of(&entitlements),
            quota,
            acknowledged,
            keys: &self.keys,
        };
        run.ceremony.book(&facts, &self.booker(), run.now)
    }

    /// A booked meeting and its started contract.
    pub(crate) fn booked(&self, policy: Policy) -> (Run, Contract) {
        let (mut run, mut contract) = self.prepared(policy);
        let booking = self.book(&run, &[&contract]).unwrap();
        run.take(&booking.ceremony);
        booking.contracts.iter().for_each(|one| apply(&mut contract, one.clone()));
        (run, contract)
    }

    /// A meeting whose room is open.
    pub(crate) fn live(&self, policy: Policy) -> (Run, Contract) {
        let (mut run, contract) = self.booked(policy);
        run.now = START;
        run.must(Command::OpenRoom, &self.host());
        (run, contract)
    }

    /// A contract of A's with a slot and a seal for SA and SB each.
    pub(crate) fn contract(&self, id: &str) -> Contract {
        self.contract_in(id, None)
    }

    /// The same as one of the contracts of a group.
    pub(crate) fn contract_in(&self, id: &str, group: Option<Membership>) -> Contract {
        let staff = Staff::of(&self.a, &self.booker).unwrap();
        let new = NewContract::new(id.parse().unwrap(), ContractName::parse("框架协议").unwrap());
        let new = NewContract { group, ..new };
        let decision = Contract::create(new, &staff, Allowance::Unlimited, NOW).unwrap();
        let mut contract = decision.found().unwrap().0;
        let document = document();
        let seal = |slot: &str, y| {
            let place = Absolute::new(PageIndex::LAST, Point::at(Mm(30.0), Mm(y)).unwrap());
            let key =
                ControlKey::new(document.id().clone(), format!("seal_{slot}").parse().unwrap());
            let slot: SlotId = slot.parse().unwrap();
            Control::new(key, ControlKind::Seal(SealMark::default()), slot, place)
        };
        let party = |id: &str, organization: &Organization| {
            let of = Some(organization.id().clone());
            ContractParty::organization(id.parse().unwrap(), organization.name().clone(), of)
        };
        let slot = |id: &str, party: &str, employee: &Employee| {
            let holder = Holder::employee(employee.id().clone(), employee.person().clone());
            SlotPlan::new(id.parse().unwrap(), party.parse().unwrap(), Signer::bound(holder))
        };
        let edits = [
            Edit::People {
                parties: vec![party("pa", &self.a), party("pb", &self.b)],
                slots: vec![slot("sa", "pa", &self.signer_a), slot("sb", "pb", &self.signer_b)],
                cc: Vec::new(),
            },
            Edit::DocumentAttached { document: Box::new(document.clone()) },
            Edit::ControlPlaced { control: Box::new(seal("sa", 100.0)) },
            Edit::ControlPlaced { control: Box::new(seal("sb", 180.0)) },
        ];
        for edit in edits {
            let command = ContractCommand::Edit(edit);
            let decision = contract.decide(command, &self.booker(), NOW).unwrap();
            apply(&mut contract, decision);
        }
        contract
    }
}

/// What a start rests on, owned.
pub(crate) struct ToStart<'a> {
    contract: &'a Contract,
    placements: Placements,
    documents: BTreeMap<DocumentId, Digest>,
    withheld: BTreeMap<(SlotId, usize), Factors>,
}

impl<'a> ToStart<'a> {
    pub(crate) fn of(contract: &'a Contract) -> Self {
        let documents = contract.documents().iter();
        Self {
            contract,
            placements: Placements::default(),
            documents: documents.map(|one| (one.id().clone(), *one.digest())).collect(),
            withheld: BTreeMap::new(),
        }
    }

    pub(crate) fn to_start(&self) -> ContractToStart<'_> {
        let Self { contract, placements, documents, .. } = self;
        ContractToStart { contract, placements, documents }
    }

    pub(crate) fn start(&self) -> StartFacts<'_> {
        StartFacts {
            placements: &self.placements,
            documents: &self.documents,
            entitlements: Entitlements::NONE,
            quota: Allowance::Unlimited,
            withheld: &self.withheld,
        }
    }
}

/// A meeting with everything that happened to it.
pub(crate) struct Run {
    pub(crate) ceremony: Ceremony,
    pub(crate) events: Vec<Recorded<super::Event>>,
    pub(crate) entries: Vec<crate::audit::Entry>,
    pub(crate) now: OffsetDateTime,
}

impl Run {
    fn begin(decision: &Decision<Ceremony>) -> Self {
        let (ceremony, entries) = decision.found().unwrap();
        Self { ceremony, entries, events: decision.events().to_vec(), now: NOW }
    }

    /// Applies a decision; a refusal is shown to have changed nothing.
    pub(crate) fn by(&mut self, command: Command<'_>, by: &By<'_>) -> Result<(), Error> {
        let before = self.ceremony.clone();
        match self.ceremony.decide(command, by, self.now) {
            Ok(decision) => {
                self.take(&decision);
                Ok(())
            }
            Err(refused) => {
                assert_eq!(self.ceremony, before);
                Err(refused)
            }
        }
    }

    pub(crate) fn must(&mut self, command: Command<'_>, by: &By<'_>) {
        self.by(command, by).unwrap();
    }

    pub(crate) fn does(&mut self, command: Command<'_>, by: &By<'_>) -> Decision<Ceremony> {
        let decision = self.ceremony.decide(command, by, self.now).unwrap();
        self.take(&decision);
        decision
    }

    /// The code of the refusal.
    pub(crate) fn refused(&mut self, command: Command<'_>, by: &By<'_>) -> &'static str {
        self.by(command, by).unwrap_err().code()
    }

    pub(crate) fn take(&mut self, decision: &Decision<Ceremony>) {
        self.entries.extend(decision.apply_to(&mut self.ceremony).unwrap());
        self.events.extend_from_slice(decision.events());
    }

    pub(crate) fn enter(&mut self, by: &By<'_>) -> Result<(), Error> {
        self.by(Command::Enter { visitor: Visitor::Himself, entrance: Entrance::List }, by)
    }
}

/// A guest who is nobody's employee.
pub(crate) fn guest() -> PersonFacts {
    let person = person("旁听人", 71);
    PersonFacts::new(person.name().clone(), person.mobile().clone())
}

pub(crate) fn key(name: &str, byte: u8) -> LinkKey {
    LinkKey::new(KeyId::new(name).unwrap(), &[byte; 32]).unwrap()
}

pub(crate) fn entitlement(
    id: &str,
    organization: &Organization,
    feature: Feature,
    quota: Option<u64>,
) -> Entitlement {
    let window = Window::new(NOW - Duration::DAY, Some(END)).unwrap();
    let terms = Terms { quota, ..Terms::within(window) };
    let id = id.parse().unwrap();
    let decision =
        Entitlement::grant(&id, organization.id(), feature, terms, &By::System, NOW).unwrap();
    decision.found().unwrap().0
}

pub(crate) fn kinds_to<A: Aggregate>(decision: &Decision<A>) -> Vec<(String, String)> {
    let notices = decision.notices().iter();
    notices.map(|one| (one.kind.clone(), format!("{:?}", one.recipient))).collect()
}

/// Signs a slot with a seal named after it.
pub(crate) fn sign(contract: &mut Contract, slot: &str, by: &By<'_>, now: OffsetDateTime) {
    let slot: SlotId = slot.parse().unwrap();
    let own = contract.controls().iter().filter(|control| control.is_of(&slot));
    let applications = own.map(|control| Application {
        control: control.key().clone(),
        mark: match control.kind() {
            ControlKind::Signature(_) => {
                Mark::Signature { method: SignatureMethod::FreshStroke, face: digest("strokes") }
            }
            _ => Mark::Seal {
                seal: format!("seal_{slot}").parse().unwrap(),
                version: 1,
                face: digest("face"),
                grant: "grant".parse().unwrap(),
            },
        },
        spots: control.spots().to_vec(),
    });
    let documents = contract.documents().iter().map(|document| Revised {
        document: document.id().clone(),
        before: *document.digest(),
        after: digest(&format!("after {slot}")),
    });
    let record = SignedRecord {
        slot: slot.clone(),
        signer: None,
        organization: None,
        applications: applications.collect(),
        intent: Vec::new(),
        documents: documents.collect(),
        certificate: None,
        client: BTreeMap::new(),
        time: TimeSource::Local,
        ticket: None,
        integrity: Some(Integrity::Intact),
    };
    let command = ContractCommand::AssertSigned(Box::new(record));
    let decision = contract.decide(command, by, now).unwrap();
    apply(contract, decision);
}

fn document() -> Document {
    let a4 = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
    let facts = PdfFacts::of_pages(vec![a4; 3]);
    let intake = DocumentIntake::pdf("doc_1".parse().unwrap(), 1000, digest("contract"), facts);
    intake.accept(&IntakeLimits::default()).unwrap()
}
