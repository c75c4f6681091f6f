//! A contract between two organizations, started and driven by short calls.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::contract::{
    Allowance, Application, Cc, CcPermission, CcTime, Command, Contract, ContractName, Control,
    Edit, Entry, Error, Holder, Integrity, Mark, Membership, NewContract, Party, Placements, Rank,
    Reason, Revised, Settings, SignatureMethod, SignedRecord, Signer, SlotPlan, SlotState,
    StartFacts, Started, TimeSource,
};
use sealwright::decision::{Aggregate, Decision};
use sealwright::identity::{Factors, SlotId};
use sealwright::organization::{By, Entitlements};
use time::OffsetDateTime;

use crate::paper;
use crate::world::{Firm, NOW, World, digest};

/// What the initiator writes. By default Sally signs for A, then Bert for B.
pub struct Plan {
    pub id: &'static str,
    pub settings: Settings,
    pub deadline: Option<OffsetDateTime>,
    pub group: Option<Membership>,
    pub parties: Vec<Party>,
    pub slots: Vec<SlotPlan>,
    pub cc: Vec<Cc>,
    pub controls: Vec<Control>,
    pub withheld: BTreeMap<(SlotId, usize), Factors>,
}

impl Plan {
    pub fn new(world: &World) -> Self {
        Self {
            id: "c1",
            settings: Settings::default(),
            deadline: None,
            group: None,
            parties: vec![party("pa", &world.a), party("pb", &world.b)],
            slots: vec![
                slot("sa", "pa", bound(&world.a, "sally"), 1),
                slot("sb", "pb", bound(&world.b, "bert"), 2),
            ],
            cc: Vec::new(),
            controls: vec![paper::seal("d1", "seal_a", "sa"), paper::seal("d1", "seal_b", "sb")],
            withheld: BTreeMap::new(),
        }
    }

    /// With one more signer and his control.
    pub fn and(mut self, slot: SlotPlan) -> Self {
        let control = format!("seal_{}", self.controls.len());
        let party = self.parties.iter().find(|party| party.id == slot.party);
        let place = match party {
            Some(party) if !party.is_organization() => paper::signature,
            _ => paper::seal,
        };
        self.controls.push(place("d1", &control, slot.id.as_str()));
        self.slots.push(slot);
        self
    }

    /// With one slot changed.
    pub fn with_slot(mut self, id: &str, change: impl FnOnce(&mut SlotPlan)) -> Self {
        change(self.slots.iter_mut().find(|slot| slot.id.as_str() == id).unwrap());
        self
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The draft, written by Ina of A.
    pub fn draft(self, world: &World) -> Contract {
        let by = world.a.by("ina");
        let new = NewContract {
            settings: self.settings,
            deadline: self.deadline,
            group: self.group,
            ..NewContract::new(self.id.parse().unwrap(), ContractName::parse("框架协议").unwrap())
        };
        let created = Contract::create(new, &world.a.staff("ina"), Allowance::Unlimited, NOW);
        let mut contract = created.unwrap().found().unwrap().0;
        let document = Box::new(paper::document("d1"));
        let mut edits = vec![
            Edit::People { parties: self.parties, slots: self.slots, cc: self.cc },
            Edit::DocumentAttached { document },
        ];
        let place = |control| Edit::ControlPlaced { control: Box::new(control) };
        edits.extend(self.controls.into_iter().map(place));
        for change in edits {
            take(&mut contract, Command::Edit(change), &by, NOW);
        }
        contract
    }

    /// The contract, started by Ina of A.
    pub fn started(self, world: &World) -> Contract {
        let withheld = self.withheld.clone();
        let mut contract = self.draft(world);
        let started = try_start(&contract, &withheld, &world.a.by("ina"), NOW).unwrap();
        started.contract.apply_to(&mut contract).unwrap();
        contract
    }
}

/// Starts with nothing found on the pages, no rights and no quota.
pub fn try_start(
    contract: &Contract,
    withheld: &BTreeMap<(SlotId, usize), Factors>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<Started, Error> {
    with_facts(contract, withheld, |facts| contract.start(facts, by, now))
}

/// Facts for a start: nothing found on the pages, no rights, no quota.
pub fn with_facts<T>(
    contract: &Contract,
    withheld: &BTreeMap<(SlotId, usize), Factors>,
    then: impl FnOnce(&StartFacts<'_>) -> T,
) -> T {
    let documents = contract.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
    let placements = Placements::default();
    then(&StartFacts {
        placements: &placements,
        documents: &documents,
        entitlements: Entitlements::NONE,
        quota: Allowance::Unlimited,
        withheld,
    })
}

/// Decides and applies; the trail grows by one entry for each event.
pub fn take(
    contract: &mut Contract,
    command: Command<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Taken {
    let decision = contract.decide(command, by, now).unwrap();
    apply(contract, &decision);
    let told = told(&decision).into_iter().map(str::to_owned).collect();
    Taken { kinds: decision.kinds(), told }
}

/// What a command brought about.
pub struct Taken {
    /// The kinds of event, in order.
    pub kinds: Vec<&'static str>,
    /// The kinds of notice, in order.
    pub told: Vec<String>,
}

pub fn apply(contract: &mut Contract, decision: &Decision<Contract>) {
    let before = contract.revision().get();
    let entries = decision.apply_to(contract).unwrap();
    assert_eq!(contract.revision().get(), before + entries.len() as u64);
}

/// The code of the refusal.
#[track_caller]
pub fn refusal(
    contract: &Contract,
    command: Command<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> &'static str {
    contract.decide(command, by, now).unwrap_err().code()
}

/// The kinds of notice, in order.
pub fn told(decision: &Decision<Contract>) -> Vec<&str> {
    decision.notices().iter().map(|notice| notice.kind.as_str()).collect()
}

pub fn party(id: &str, firm: &Firm) -> Party {
    let organization = &firm.organization;
    Party::organization(
        id.parse().unwrap(),
        organization.name().clone(),
        Some(organization.id().clone()),
    )
}

pub fn bound(firm: &Firm, name: &str) -> Signer {
    Signer::bound(holder(firm, name))
}

pub fn holder(firm: &Firm, name: &str) -> Holder {
    let employee = firm.employee(name);
    Holder::employee(employee.id().clone(), employee.person().clone())
}

pub fn slot(id: &str, party: &str, signer: Signer, rank: u32) -> SlotPlan {
    let plan = SlotPlan::new(id.parse().unwrap(), party.parse().unwrap(), signer);
    SlotPlan { rank: Rank::new(rank).unwrap(), ..plan }
}

pub fn cc(id: &str, number: u32) -> Cc {
    let person = crate::world::person("抄送", number);
    Cc {
        id: id.parse().unwrap(),
        name: person.name().clone().into(),
        mobile: person.mobile().clone().into(),
        permission: CcPermission::View,
        told: CcTime::AtCompletion,
    }
}

pub fn id(slot: &str) -> SlotId {
    slot.parse().unwrap()
}

pub fn reason(text: &str) -> Reason {
    Reason::parse(text).unwrap()
}

/// The record of a slot that signs each of its controls: a person his signature, others a seal. With
/// the last one the check of the bytes is intact.
pub fn record(contract: &Contract, slot: &str) -> SignedRecord {
    let slot = id(slot);
    let apply = |control: &Control| Application {
        control: control.key().clone(),
        mark: if control.kind().is_signature() {
            Mark::Signature { method: SignatureMethod::FreshStroke, face: digest("strokes") }
        } else {
            Mark::Seal {
                seal: format!("seal-of-{slot}").parse().unwrap(),
                version: 1,
                face: digest("face"),
                grant: "g1".parse().unwrap(),
            }
        },
        spots: Vec::new(),
    };
    let revise = |document: &sealwright::contract::Document| Revised {
        document: document.id().clone(),
        before: *document.digest(),
        after: digest(&format!("{} signed by {slot}", document.digest())),
    };
    SignedRecord {
        applications: contract.sign_controls_of(&slot).map(apply).collect(),
        signer: None,
        organization: None,
        intent: Vec::new(),
        documents: contract.documents().iter().map(revise).collect(),
        certificate: None,
        client: BTreeMap::new(),
        time: TimeSource::Local,
        ticket: None,
        integrity: contract.is_last(&slot).then_some(Integrity::Intact),
        slot,
    }
}

pub fn sign(contract: &Contract, slot: &str) -> Command<'static> {
    Command::AssertSigned(Box::new(record(contract, slot)))
}

/// Signs, now.
pub fn signs(contract: &mut Contract, slot: &str, by: &By<'_>) -> Taken {
    let command = sign(contract, slot);
    take(contract, command, by, NOW)
}

/// A signer looks at the text, out of his list.
pub fn open(slot: &str) -> Command<'static> {
    Command::Open { slot: id(slot), entry: Entry::List, shown: BTreeSet::new() }
}

/// The states of the slots, in order.
pub fn states(contract: &Contract) -> Vec<SlotState> {
    contract.slots().iter().map(|slot| slot.state()).collect()
}
