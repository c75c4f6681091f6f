//! A contract between two companies, started and ready to be signed.

use std::collections::BTreeMap;

use sealwright::audit::{HostKey, IdentityReference};
use sealwright::authorization::SigningPermit;
use sealwright::contract::{
    Absolute, Allowance, Application, Contract, ContractName, Control, ControlKey, ControlKind,
    Document, DocumentIntake, Edit, Error, Holder, IntakeLimits, Integrity, Mark, Membership,
    NewContract, Party, PdfFacts, Placements, Point, Rank, Revised, SealMark, Settings,
    SignatureMark, SignatureMethod, SignedRecord, Signer, SlotPlan, StartFacts, TimeSource,
};
use sealwright::digest::Digest;
use sealwright::geometry::{PageGeometry, PageIndex, Pt};
use sealwright::identity::{Person, SlotId};
use sealwright::organization::{Employee, Entitlements};

use crate::people::{Company, after, digest, made, start};

/// What the initiator writes, to be changed by a test before the start.
pub struct Draft {
    pub id: &'static str,
    pub settings: Settings,
    pub group: Option<Membership>,
    pub parties: Vec<Party>,
    pub slots: Vec<SlotPlan>,
    pub documents: Vec<Document>,
    pub controls: Vec<Control>,
}

impl Draft {
    /// Alice of 甲 puts two seals and a signature, then Alice of 乙 a seal.
    pub fn between(a: &Company, b: &Company) -> Self {
        Self {
            id: "con-1",
            settings: Settings::default(),
            group: None,
            parties: vec![party("pa", a), party("pb", b)],
            slots: vec![slot("sa", "pa", bound(&a.alice), 1), slot("sb", "pb", bound(&b.alice), 2)],
            documents: vec![document("d1", digest("d1"))],
            controls: vec![
                seal("seal_a", "sa", 100.0),
                seal("seal_a2", "sa", 300.0),
                signature("sign_a", "sa", 500.0),
                seal("seal_b", "sb", 700.0),
            ],
        }
    }

    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The contract as the company's super admin starts it.
    pub fn started(self, by: &Company) -> Contract {
        self.try_start(by).unwrap()
    }

    pub fn try_start(self, by: &Company) -> Result<Contract, Error> {
        let staff = by.staff(&by.admin);
        let initiator = by.by(&by.admin);
        let name = ContractName::parse("框架协议").unwrap();
        let new = NewContract {
            settings: self.settings,
            group: self.group,
            ..NewContract::new(self.id.parse().unwrap(), name)
        };
        let created = Contract::create(new, &staff, Allowance::Unlimited, start()).unwrap();
        let mut contract = made(&created);
        let mut edits =
            vec![Edit::People { parties: self.parties, slots: self.slots, cc: Vec::new() }];
        let attach = |document| Edit::DocumentAttached { document: Box::new(document) };
        edits.extend(self.documents.into_iter().map(attach));
        let place = |control| Edit::ControlPlaced { control: Box::new(control) };
        edits.extend(self.controls.into_iter().map(place));
        for edit in edits {
            let command = sealwright::contract::Command::Edit(edit);
            let decision = contract.decide(command, &initiator, start()).unwrap();
            contract = after(&contract, &decision);
        }
        let documents = contract
            .documents()
            .iter()
            .map(|document| (document.id().clone(), *document.digest()))
            .collect();
        let facts = StartFacts {
            placements: &Placements::default(),
            documents: &documents,
            entitlements: Entitlements::NONE,
            quota: Allowance::Unlimited,
            withheld: &BTreeMap::new(),
        };
        let started = contract.start(&facts, &initiator, start())?;
        Ok(after(&contract, &started.contract))
    }
}

/// One upright A4 page.
pub fn document(id: &str, digest: Digest) -> Document {
    let page = PageGeometry::new([0.0, 0.0, 595.0, 842.0], None, 0, 1.0).unwrap();
    let facts = PdfFacts::of_pages(vec![page]);
    let intake = DocumentIntake::pdf(id.parse().unwrap(), 1000, digest, facts);
    intake.accept(&IntakeLimits::default()).unwrap()
}

pub fn key(control: &str) -> ControlKey {
    ControlKey::new("d1".parse().unwrap(), control.parse().unwrap())
}

pub fn seal(control: &str, slot: &str, down: f64) -> Control {
    placed(control, slot, down, ControlKind::Seal(SealMark::default()))
}

pub fn signature(control: &str, slot: &str, down: f64) -> Control {
    placed(control, slot, down, ControlKind::Signature(SignatureMark::default()))
}

pub fn placed(control: &str, slot: &str, down: f64, kind: ControlKind) -> Control {
    let spot = Absolute::new(PageIndex::FIRST, Point::at(Pt(100.0), Pt(down)).unwrap());
    Control::new(key(control), kind, id(slot), spot)
}

pub fn party(id: &str, company: &Company) -> Party {
    let organization = &company.organization;
    let name = organization.name().clone();
    Party::organization(id.parse().unwrap(), name, Some(organization.id().clone()))
}

pub fn bound(employee: &Employee) -> Signer {
    Signer::bound(Holder::employee(employee.id().clone(), employee.person().clone()))
}

pub fn slot(id: &str, party: &str, signer: Signer, rank: u32) -> SlotPlan {
    let plan = SlotPlan::new(id.parse().unwrap(), party.parse().unwrap(), signer);
    SlotPlan { rank: Rank::new(rank).unwrap(), ..plan }
}

pub fn id(slot: &str) -> SlotId {
    slot.parse().unwrap()
}

/// The key under which the host's records name people.
pub fn host_key() -> HostKey {
    HostKey::new(b"thirty-two bytes out of a vault!").unwrap()
}

/// What an honest host records of a permit: what it says, signed by this person if by anybody.
pub fn permitted(
    contract: &Contract,
    permit: &SigningPermit,
    signer: Option<&Person>,
) -> SignedRecord {
    let seals = permit.seals().map(|seal| (seal.control().clone(), seal.mark()));
    let face = digest("stroke");
    let signatures = permit.signatures().iter().map(|it| (it.control.clone(), it.mark(face)));
    SignedRecord {
        signer: signer.map(|it| IdentityReference::new(&host_key(), it.id_document())),
        organization: permit.organization().cloned(),
        intent: permit.intent().to_vec(),
        ..record(contract, permit.slot().as_str(), seals.chain(signatures).collect())
    }
}

/// A record with these marks where the plan has them, which changes the document.
pub fn record(contract: &Contract, slot: &str, marks: Vec<(ControlKey, Mark)>) -> SignedRecord {
    let slot = id(slot);
    let planned = |key: &ControlKey| contract.controls().iter().find(|it| it.key() == key);
    let apply = |(control, mark)| {
        let spots = planned(&control).map(|it| it.spots().to_vec()).unwrap_or_default();
        Application { control, mark, spots }
    };
    let revise = |document: &Document| Revised {
        document: document.id().clone(),
        before: *document.digest(),
        after: digest(&format!("{} signed by {slot}", document.digest())),
    };
    SignedRecord {
        applications: marks.into_iter().map(apply).collect(),
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

/// What a host that asserts the authority itself puts into every sign control of a slot.
pub fn asserted(contract: &Contract, slot: &str) -> SignedRecord {
    let mark = |control: &Control| match control.kind().is_signature() {
        true => Mark::Signature { method: SignatureMethod::FreshStroke, face: digest("face") },
        false => Mark::Seal {
            seal: "s".parse().unwrap(),
            version: 1,
            face: digest("face"),
            grant: "g".parse().unwrap(),
        },
    };
    let place = id(slot);
    let controls = contract.sign_controls_of(&place);
    let marks = controls.map(|control| (control.key().clone(), mark(control))).collect();
    record(contract, slot, marks)
}
