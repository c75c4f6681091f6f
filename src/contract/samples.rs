//! Contracts for unit tests, here and on the floors above: two companies, one signer each.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::{
    Absolute, Account, Allowance, Contract, ContractName, Control, ControlKey, ControlKind,
    Document, DocumentIntake, Edit, Extent, Holder, IntakeLimits, IntentMethod, IntentProof,
    NewContract, Owner, Party, PdfFacts, Pick, Placements, Point, ReadingProof, SealKind, SealMark,
    Signer, SigningAttempt, SlotPlan, Spot, StartFacts,
};
use crate::decision::{Aggregate, Decision};
use crate::digest::{Digest, DigestAlgorithm};
use crate::geometry::{PageGeometry, PageIndex, PageNumber, Pt, Rect};
use crate::identity::{Actor, DocumentId, Factors, SealId, SlotId};
use crate::organization::samples::{NOW as BEFORE, active, employee, person};
use crate::organization::{By, Employee, Entitlements, Organization, RoleRef, ShippedRole, Staff};

/// When contracts are written and signed: a day after their organizations came to be.
pub(crate) const NOW: OffsetDateTime = BEFORE.saturating_add(time::Duration::DAY);

/// Two active organizations, an employee of each who may initiate and sign.
pub(crate) struct World {
    pub(crate) a: Organization,
    pub(crate) alice: Employee,
    pub(crate) b: Organization,
    pub(crate) bob: Employee,
}

impl World {
    pub(crate) fn new() -> Self {
        let (a, _) = active("a", 0);
        let (b, _) = active("b", 1);
        let roles = [RoleRef::Shipped(ShippedRole::ContractAdmin)];
        let alice = employee(&a, "alice", person("张三", 11), &roles);
        let bob = employee(&b, "bob", person("赵六", 12), &roles);
        Self { a, alice, b, bob }
    }

    /// Alice, for organization A.
    pub(crate) fn alice(&self) -> Staff<'_> {
        Staff::of(&self.a, &self.alice).unwrap()
    }

    /// Bob, for organization B.
    pub(crate) fn bob(&self) -> Staff<'_> {
        Staff::of(&self.b, &self.bob).unwrap()
    }

    /// The parties `a` and `b`.
    pub(crate) fn parties(&self) -> Vec<Party> {
        let party = |id: &str, of: &Organization| {
            Party::organization(id.parse().unwrap(), of.name().clone(), Some(of.id().clone()))
        };
        vec![party("a", &self.a), party("b", &self.b)]
    }

    /// The slots `sa` of Alice and `sb` of Bob.
    pub(crate) fn slots(&self) -> Vec<SlotPlan> {
        let slot = |id: &str, party: &str, of: &Employee| {
            let holder = Holder::employee(of.id().clone(), of.person().clone());
            SlotPlan::new(id.parse().unwrap(), party.parse().unwrap(), Signer::bound(holder))
        };
        vec![slot("sa", "a", &self.alice), slot("sb", "b", &self.bob)]
    }

    /// A draft of Alice's without anything in it.
    pub(crate) fn blank(&self) -> Contract {
        let new =
            NewContract::new("con_1".parse().unwrap(), ContractName::parse("采购合同").unwrap());
        let decision = Contract::create(new, &self.alice(), Allowance::Unlimited, NOW);
        decision.unwrap().found().unwrap().0
    }

    /// A draft with two parties, two signers and a document of three pages, no controls.
    pub(crate) fn bare(&self) -> Contract {
        let mut contract = self.blank();
        let (parties, slots, cc) = (self.parties(), self.slots(), Vec::new());
        self.edit(&mut contract, Edit::People { parties, slots, cc });
        let document = Box::new(document("doc_1", 3));
        self.edit(&mut contract, Edit::DocumentAttached { document });
        contract
    }

    /// A draft that may start: each signer seals the last page.
    pub(crate) fn draft(&self) -> Contract {
        let mut contract = self.bare();
        for (id, slot, x) in [("seal_a", "sa", 60.0), ("seal_b", "sb", 300.0)] {
            let control = sealed(id, slot, x);
            self.edit(&mut contract, Edit::ControlPlaced { control: Box::new(control) });
        }
        contract
    }

    /// The draft of [`World::draft`], started.
    pub(crate) fn started(&self) -> Contract {
        self.start(self.draft())
    }

    /// A draft, started by Alice.
    pub(crate) fn start(&self, mut contract: Contract) -> Contract {
        let facts = Facts::of(&contract);
        let decision = contract.start(&facts.start(), &By::Staff(self.alice()), NOW).unwrap();
        apply(&mut contract, decision.contract);
        contract
    }

    /// An edit of Alice's.
    pub(crate) fn edit(&self, contract: &mut Contract, edit: Edit) {
        let command = super::Command::Edit(edit);
        let decision = contract.decide(command, &By::Staff(self.alice()), NOW).unwrap();
        apply(contract, decision);
    }
}

/// What a start rests on, owned.
#[derive(Default)]
pub(crate) struct Facts {
    pub(crate) placements: Placements,
    pub(crate) documents: BTreeMap<DocumentId, Digest>,
    pub(crate) withheld: BTreeMap<(SlotId, usize), Factors>,
}

impl Facts {
    /// The bytes of the contract's documents are what they were.
    pub(crate) fn of(contract: &Contract) -> Self {
        let documents = contract.documents().iter().map(|it| (it.id().clone(), *it.digest()));
        Self { documents: documents.collect(), ..Self::default() }
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

/// Applies a decision to the state it was made on.
pub(crate) fn apply<A: Aggregate>(state: &mut A, decision: Decision<A>) {
    decision.apply_to(state).unwrap();
}

/// A document of so many A4 pages.
pub(crate) fn document(id: &str, pages: usize) -> Document {
    let a4 = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
    let digest = Digest::of(DigestAlgorithm::Sha256, id.as_bytes());
    let facts = PdfFacts::of_pages(vec![a4; pages]);
    let intake = DocumentIntake::pdf(id.parse().unwrap(), 1000, digest, facts);
    intake.accept(&IntakeLimits::default()).unwrap()
}

/// A control of `doc_1`.
pub(crate) fn key(id: &str) -> ControlKey {
    ControlKey::new("doc_1".parse().unwrap(), id.parse().unwrap())
}

/// A place on the last page, 100 points down, of 120 by 120 points.
pub(crate) fn last_page(x: f64) -> Absolute {
    Absolute::new(PageIndex::LAST, Point::at(Pt(x), Pt(100.0)).unwrap())
        .sized(Extent::new(Pt(120.0), Pt(120.0)).unwrap())
}

/// A control of a slot on the last page of `doc_1`.
pub(crate) fn control(id: &str, kind: ControlKind, slot: &str, x: f64) -> Control {
    let owner = Owner::Slot(slot.parse().unwrap());
    Control::new(key(id), kind, owner, last_page(x))
}

/// A seal control of a slot on the last page of `doc_1`.
pub(crate) fn sealed(id: &str, slot: &str, x: f64) -> Control {
    control(id, ControlKind::Seal(SealMark::default()), slot, x)
}

/// A rectangle of 120 by 120 points on a page.
pub(crate) fn spot(page: u32, x: f64, y: f64) -> Spot {
    let rect = Rect::new(Pt(x), Pt(y), Pt(120.0), Pt(120.0)).unwrap();
    Spot { page: PageNumber::new(page).unwrap(), rect }
}

/// A proof of the intent of whoever is bound in a slot, for the contract as it is.
pub(crate) fn intent(contract: &Contract, slot: &str, at: OffsetDateTime) -> IntentProof {
    let slot: SlotId = slot.parse().unwrap();
    let documents = contract.documents().iter().map(|it| (it.id().clone(), *it.digest()));
    let known = contract.slot(&slot).ok().and_then(|slot| slot.signer().holders().first());
    let signer = match known.map(|holder| &holder.account) {
        Some(Account::Employee(id)) => Actor::Employee(id.clone()),
        Some(Account::Person(id)) => Actor::Person(id.clone()),
        Some(Account::Unknown) | None => Actor::System,
    };
    let proof = IntentProof::new(contract.id().clone(), slot, signer, documents);
    proof.check(IntentMethod::Face, "face-1", at)
}

/// An attempt that nothing is wrong with: the slot's seal control `seal_x` with seal `seal-x`, for
/// slot `sx`.
pub(crate) fn attempt(contract: &Contract, slot: &str, now: OffsetDateTime) -> SigningAttempt {
    let name = slot.trim_start_matches('s');
    let reading = ReadingProof { shown_for: time::Duration::minutes(1), reached_end: true };
    SigningAttempt::new(slot.parse().unwrap())
        .choose(key(&format!("seal_{name}")), Pick::Seal(seal_id(&format!("seal-{name}"))))
        .meant(intent(contract, slot, now))
        .read(reading)
}

/// The id of a seal.
pub(crate) fn seal_id(id: &str) -> SealId {
    id.parse().unwrap()
}

/// The register: `seal-a` and `seal-b` are contract seals.
pub(crate) fn seal_kinds() -> BTreeMap<SealId, SealKind> {
    ["seal-a", "seal-b"].map(|id| (seal_id(id), SealKind::Contract)).into()
}
