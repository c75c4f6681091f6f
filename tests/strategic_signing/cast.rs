//! Who takes part, and the meeting and the contract as they go through the walk.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::appearance::design::{RoundSeal, SealDesign};
use sealwright::appearance::{Dpi, Font, SealFace};
use sealwright::audit::{Entry, Verdict, verify};
use sealwright::authorization::{
    NewFace, NewSeal, Seal, SealColour, SealCommand, SealFacts, SealGrant, SealName, SealRules,
    SealShape, SealSize, SealSource,
};
use sealwright::ceremony::{
    Booking, BookingFacts, Ceremony, Command, ContractToStart, Entrance, Error, KeyId, LinkKey,
    LinkKeys, Participant, Party, PersonFacts, Policy, Visitor,
};
use sealwright::contract::{Allowance, Contract, Placements, SealKind, StartFacts};
use sealwright::decision::{Aggregate, Decision, Notice, Recorded};
use sealwright::digest::Digest;
use sealwright::geometry::Mm;
use sealwright::identity::{DocumentId, Factors, Person, PersonId, SlotId};
use sealwright::organization::{By, Employee, Entitlements, ShippedRole, Staff};
use sealwright_testdata::font;
use time::{Duration, OffsetDateTime};

use crate::world::{Company, apply, founded, monday, person};

/// An aggregate with everything that happened to it.
pub struct Story<A: Aggregate> {
    pub state: A,
    pub events: Vec<Recorded<A::Event>>,
    pub entries: Vec<Entry>,
    pub notices: Vec<Notice>,
}

impl<A: Aggregate> Story<A> {
    pub fn begin(decision: &Decision<A>) -> Self {
        let (state, entries) = decision.found().unwrap();
        let (events, notices) = (decision.events().to_vec(), decision.notices().to_vec());
        Self { state, events, entries, notices }
    }

    /// A story of which the beginning is known as events only.
    pub fn of(events: Vec<Recorded<A::Event>>) -> Self {
        let (mut state, entry) = A::found(&events[0]).unwrap();
        let mut entries = vec![entry];
        entries.extend(events[1..].iter().map(|event| state.apply(event).unwrap()));
        Self { state, events, entries, notices: Vec::new() }
    }

    pub fn take(&mut self, decision: &Decision<A>) {
        self.entries.extend(decision.apply_to(&mut self.state).unwrap());
        self.events.extend_from_slice(decision.events());
        self.notices.extend_from_slice(decision.notices());
    }

    pub fn kinds(&self) -> Vec<&str> {
        self.entries.iter().map(Entry::kind).collect()
    }

    pub fn told(&self, kind: &str) -> usize {
        self.notices.iter().filter(|notice| notice.kind == kind).count()
    }

    /// What must hold of every story: the events give the state again, the trail is complete.
    pub fn holds(&self) {
        assert_eq!(A::replay(&self.events).unwrap(), self.state);
        let head = self.state.head();
        assert_eq!(verify(&self.entries, Some(head)).unwrap(), Verdict::Complete);
        assert_eq!(verify(&self.entries, None).unwrap(), Verdict::ConsistentOnly);
        let shorter = &self.entries[..self.entries.len() - 1];
        assert_eq!(verify(shorter, Some(head)).unwrap_err().code(), "audit.head_mismatch");
    }
}

/// The two companies and everybody in the room.
pub struct Cast {
    pub a: Company,
    pub b: Company,
    pub c: Company,
    pub booker: Employee,
    pub host: Employee,
    pub signer_a: Employee,
    pub signer_b: Employee,
    pub observer: Person,
    /// Approved, with what each looks like.
    pub seal_a: (Seal, SealFace),
    pub seal_b: (Seal, SealFace),
    pub grant_a: SealGrant,
    pub grant_b: SealGrant,
    pub keys: LinkKeys,
}

impl Cast {
    /// Steps 1 to 4: companies, people, seals, grants.
    pub fn assemble() -> Self {
        let a = Company::active(
            "org_a",
            "江州澄砚信息技术有限公司",
            "91350100M000100Y43",
            &person("甲法人", 1),
        );
        let b = Company::active(
            "org_b",
            "云泽溯舟供应链管理有限公司",
            "91440300MA50004950",
            &person("乙法人", 2),
        );
        let c = Company::active(
            "org_c",
            "路人商贸有限公司",
            "91110000MA00000745",
            &person("丙法人", 3),
        );
        let booker = a.employ("k", &person("甲预约", 10), &[ShippedRole::ContractAdmin]);
        let host = a.employ("h", &person("甲主持", 11), &[]);
        let signer_a = a.employ("sa", &person("甲签署", 12), &[]);
        let signer_b = b.employ("sb", &person("乙签署", 13), &[]);
        let [seal_a, seal_b] =
            [(&a, "seal_a"), (&b, "seal_b")].map(|(company, id)| uploaded(company, id));
        let grant_a = a.grant("grant_a", &seal_a.0, &signer_a);
        let grant_b = b.grant("grant_b", &seal_b.0, &signer_b);
        let key = LinkKey::new(KeyId::new("2026-01").unwrap(), &[7; 32]).unwrap();
        let keys = LinkKeys::new(key);
        let observer = person("旁听人", 14);
        Self {
            a,
            b,
            c,
            booker,
            host,
            signer_a,
            signer_b,
            observer,
            seal_a,
            seal_b,
            grant_a,
            grant_b,
            keys,
        }
    }

    pub fn booker(&self) -> Staff<'_> {
        Staff::of(&self.a.organization, &self.booker).unwrap()
    }

    pub fn by_booker(&self) -> By<'_> {
        By::Staff(self.booker())
    }

    pub fn by_host(&self) -> By<'_> {
        self.a.by(&self.host)
    }

    pub fn by_signer_a(&self) -> By<'_> {
        self.a.by(&self.signer_a)
    }

    pub fn by_signer_b(&self) -> By<'_> {
        self.b.by(&self.signer_b)
    }

    pub fn parties(&self) -> Vec<Party> {
        let party = |id: &str, company: &Company| Party {
            id: id.parse().unwrap(),
            organization: company.organization.name().clone(),
            organization_id: Some(company.organization.id().clone()),
        };
        vec![party("party_a", &self.a), party("party_b", &self.b)]
    }

    /// Host, SA and the observer; SB with the facts that the booker typed.
    pub fn participants(&self, typed_for_sb: &Person) -> Vec<Participant> {
        let host = self.host.id().clone();
        vec![
            Participant::host("H".parse().unwrap(), host, self.host.person()),
            Participant::signer(
                "SA".parse().unwrap(),
                "party_a".parse().unwrap(),
                self.signer_a.person(),
            )
            .with_camera(),
            Participant::signer("SB".parse().unwrap(), "party_b".parse().unwrap(), typed_for_sb)
                .with_camera(),
            Participant::observer("O".parse().unwrap(), self.observer_facts()),
        ]
    }

    pub fn observer_facts(&self) -> PersonFacts {
        PersonFacts::new(self.observer.name().clone(), self.observer.mobile().clone())
    }

    pub fn registered(&self) -> [Staff<'_>; 3] {
        [
            self.booker(),
            Staff::of(&self.a.organization, &self.signer_a).unwrap(),
            Staff::of(&self.b.organization, &self.signer_b).unwrap(),
        ]
    }
}

/// A contract seal with the name of its company, uploaded as a picture and approved.
fn uploaded(company: &Company, id: &str) -> (Seal, SealFace) {
    let font = Font::from_bytes(font::NOTO_SERIF_SC, 0).unwrap();
    let design = RoundSeal::new(company.organization.name().as_str(), SealSize::round(42)).unwrap();
    let design = SealDesign::from(design.line("合同专用章").unwrap());
    let png = design.face(&font).unwrap().to_png(Dpi(300)).unwrap();
    let (face, image) = SealFace::to_register(&png, Mm(42.0), &SealRules::default()).unwrap();
    let record = NewFace {
        source: SealSource::Uploaded,
        image,
        shape: SealShape::Circle,
        size: Some(SealSize::round(42)),
        colour: SealColour::Red,
    };
    let now = monday() - Duration::days(20);
    let (organization, rules) = (&company.organization, SealRules::default());
    let facts = SealFacts { organization, seals: &[], grants: &[], rules: &rules };
    let name = SealName::parse("合同专用章").unwrap();
    let new = NewSeal::new(id.parse().unwrap(), SealKind::Contract, name, record);
    let mut seal = founded(&Seal::create(new, &company.head(), &facts, now).unwrap());
    assert_eq!(seal.require_enabled().unwrap_err().code(), "seal.not_enabled");
    let reviewer: PersonId = "reviewer".parse().unwrap();
    let approved = seal.decide(SealCommand::Approve, &By::Host(&reviewer), &facts, now).unwrap();
    apply(&approved, &mut seal);
    (seal, face)
}

/// What starting a contract rests on, owned.
pub struct ToStart {
    pub placements: Placements,
    pub documents: BTreeMap<DocumentId, Digest>,
    pub withheld: BTreeMap<(SlotId, usize), Factors>,
}

impl ToStart {
    pub fn of(contract: &Contract) -> Self {
        let documents = contract.documents().iter();
        Self {
            placements: Placements::default(),
            documents: documents.map(|one| (one.id().clone(), *one.digest())).collect(),
            withheld: BTreeMap::new(),
        }
    }

    pub fn facts(&self) -> StartFacts<'_> {
        StartFacts {
            placements: &self.placements,
            documents: &self.documents,
            entitlements: Entitlements::of(&[]),
            quota: Allowance::Unlimited,
            withheld: &self.withheld,
        }
    }
}

/// The meeting, at the time that the walk has reached.
pub struct Meeting {
    pub story: Story<Ceremony>,
    pub now: OffsetDateTime,
}

impl Meeting {
    pub fn begin(decision: &Decision<Ceremony>) -> Self {
        Self { story: Story::begin(decision), now: monday() }
    }

    pub fn does(&mut self, command: Command<'_>, by: &By<'_>) {
        let decision = self.story.state.decide(command, by, self.now).unwrap();
        self.story.take(&decision);
    }

    /// The code of the refusal.
    pub fn refuses(&self, command: Command<'_>, by: &By<'_>) -> &'static str {
        self.refusal(command, by).code()
    }

    pub fn refusal(&self, command: Command<'_>, by: &By<'_>) -> Error {
        self.story.state.decide(command, by, self.now).unwrap_err()
    }

    pub fn enter(&mut self, by: &By<'_>) {
        let command = Command::Enter { visitor: Visitor::Himself, entrance: Entrance::List };
        self.does(command, by);
    }

    pub fn book(
        &self,
        cast: &Cast,
        contract: &Contract,
        entitlements: Entitlements<'_>,
    ) -> Result<Booking, Error> {
        let (start, acknowledged) = (ToStart::of(contract), BTreeSet::new());
        let one = ContractToStart {
            contract,
            placements: &start.placements,
            documents: &start.documents,
        };
        let facts = BookingFacts {
            contracts: &[one],
            registered: &cast.registered(),
            entitlements,
            quota: Allowance::Unlimited,
            acknowledged: &acknowledged,
            keys: &cast.keys,
        };
        self.story.state.book(&facts, &cast.by_booker(), self.now)
    }
}

/// The policy of the walk: the defaults, but for what is said.
pub fn policy() -> Policy {
    Policy::default()
}
