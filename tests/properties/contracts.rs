//! Contracts under random commands: order, terminal states, one signature for each slot, bytes that
//! follow from each other, quota.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::contract::{
    Allowance, Cause, ClosingStamp, Command, Contract, ContractName, Document, Edit, Entry, Error,
    ForwardKind, Integrity, NewContract, Phase, Placements, Reason, Revised, SignedRecord, Signer,
    Slot, SlotState, StartFacts, Verdict,
};
use sealwright::decision::Aggregate;
use sealwright::digest::Digest;
use sealwright::identity::{DocumentId, Factor, Factors, SlotId};
use sealwright::organization::{By, Entitlement, Entitlements, Feature, Terms, Window};
use time::{Duration, OffsetDateTime};

use crate::cast::{Cast, Who};
use crate::contract_rules::{look_at, may_follow};
use crate::drafts::{edits, text};
use crate::people::{START, digest};
use crate::sequence::{Choices, Marks, Watched, explore};
use crate::signatures::record;

struct Run<'c> {
    cast: &'c Cast,
    /// What the initiator still wants to write into the draft.
    edits: Vec<Edit>,
    contract: Watched<Contract>,
    quota: Watched<Entitlement>,
    counted: bool,
    now: OffsetDateTime,
    /// The digest that follows from all that was appended, by the book-keeping of the test.
    bytes: BTreeMap<DocumentId, Digest>,
    signed: BTreeMap<SlotId, OffsetDateTime>,
    revisions: usize,
}

impl<'c> Run<'c> {
    fn new(cast: &'c Cast, choices: &mut Choices) -> Self {
        let window = Window::new(START, None).unwrap();
        let terms = Terms { quota: Some(2), ..Terms::within(window) };
        let quota = Entitlement::grant(
            &"quota".parse().unwrap(),
            cast.companies[0].id(),
            Feature::Contracts,
            terms,
            &By::System,
            START,
        );
        let name = ContractName::parse("战略合作协议").unwrap();
        let new = NewContract::new("con_1".parse().unwrap(), name);
        let By::Staff(initiator) = cast.by(cast.manager_of(0)) else { panic!("no employee") };
        let created = Contract::create(new, &initiator, Allowance::Unlimited, START).unwrap();
        let mut edits = edits(cast, choices);
        edits.reverse();
        Self {
            cast,
            edits,
            contract: Watched::begin(&created),
            quota: Watched::begin(&quota.unwrap()),
            counted: choices.percent(70),
            now: START,
            bytes: BTreeMap::new(),
            signed: BTreeMap::new(),
            revisions: 0,
        }
    }

    fn state(&self) -> &Contract {
        self.contract.state()
    }

    /// A command, decided by somebody, stored, and looked at.
    fn ask(&mut self, command: Command<'_>, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let before = self.state().clone();
        let outcome = before.decide(command, &self.cast.by(who), self.now);
        if choices.percent(5) {
            // Another writer was quicker with something else: this one comes too late.
            if let Ok(decision) = outcome {
                self.contract.forget(decision);
            }
            return;
        }
        match self.contract.follow(&before, outcome) {
            Ok(_) => self.look(&before, who, marks),
            Err(error) => marks.reached(error.code()),
        }
    }

    fn look(&mut self, before: &Contract, who: Who, marks: &mut Marks) {
        let after = self.contract.state();
        assert!(may_follow(before.phase(), after.phase()), "{before:?} -> {after:?}");
        let from = usize::try_from(before.revision().get()).unwrap();
        for recorded in &self.contract.events()[from..] {
            let mark = sealwright::decision::Event::kind(&recorded.event);
            marks.reached(mark);
            if before.phase().is_terminal() {
                let closed = ["contract.closed", "document.integrity_checked"].contains(&mark);
                let kept = closed || ["contract.archived", "contract.purged"].contains(&mark);
                assert!(kept, "{mark} in {}", before.phase());
            }
            look_at(recorded, before, self.cast, who, &mut self.bytes, &mut self.signed);
        }
        for slot in after.slots() {
            let at = self.signed.get(slot.id());
            assert_eq!(slot.state() == SlotState::Signed, at.is_some(), "signed stays signed");
            assert!(slot.state() != SlotState::Signed || slot.acted_at() == at.copied());
            assert!(slot.reminders() <= Slot::MOST_REMINDERS);
        }
        if after.phase() == Phase::Completed {
            assert_eq!(self.signed.len(), after.slots().len(), "complete is signed by all");
        }
        if after.started_at().is_some() && !after.is_purged() {
            for document in after.documents() {
                assert_eq!(self.bytes.get(document.id()), Some(document.digest()));
            }
        }
        marks.reached(after.phase());
    }

    fn edit(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let who =
            if choices.percent(90) { self.cast.manager_of(0) } else { self.cast.anybody(choices) };
        let Some(edit) = self.edits.pop() else { return };
        let before = self.state().clone();
        self.ask(Command::Edit(edit.clone()), who, choices, marks);
        if *self.state() == before {
            self.edits.push(edit);
        }
    }

    fn start(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let manager = self.cast.manager_of(0);
        let who = if choices.percent(80) { manager } else { self.cast.anybody(choices) };
        let before = self.state().clone();
        let quota = self.quota.state().clone();
        let mut documents: BTreeMap<_, _> =
            before.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
        if choices.percent(5) {
            documents.values_mut().for_each(|digest| *digest = crate::people::digest("other"));
        }
        let mut withheld = BTreeMap::new();
        let someone = before.slots().iter().find(|slot| !slot.signer().holders().is_empty());
        if let Some(slot) = someone.filter(|_| choices.percent(10)) {
            let mobile = Factors::NONE.with_if(Factor::Mobile, true);
            withheld.insert((slot.id().clone(), 0), mobile);
        }
        let facts = StartFacts {
            placements: &Placements::default(),
            documents: &documents,
            entitlements: Entitlements::NONE,
            quota: if self.counted { Allowance::On(&quota) } else { Allowance::Unlimited },
            withheld: &withheld,
        };
        let warnings: BTreeSet<_> = before
            .validate(&facts, self.now)
            .warnings
            .iter()
            .map(|warning| warning.code())
            .collect();
        if before.phase() == Phase::Draft && !warnings.is_subset(before.acknowledged()) {
            let edit = Command::Edit(Edit::Acknowledged { warnings });
            if choices.percent(70) {
                return self.ask(edit, manager, choices, marks);
            }
        }
        let by = self.cast.by(who);
        let passed = choices.percent(80);
        let outcome = match before.phase() {
            Phase::ReviewingStart => {
                let reason = choices.percent(90).then(reason);
                before.review_start(passed, reason, &facts, &by, self.now)
            }
            _ if before.settings().start_review != sealwright::contract::StartReview::NotNeeded => {
                let outcome = before.submit_start(&facts, &by, self.now);
                match self.contract.follow(&before, outcome) {
                    Ok(_) => self.look(&before, who, marks),
                    Err(error) => marks.reached(error.code()),
                }
                return;
            }
            _ => before.start(&facts, &by, self.now),
        };
        match outcome {
            Ok(started) => {
                if let Some(reserved) = started.quota {
                    self.quota.follow(&quota, Ok::<_, Error>(reserved)).unwrap();
                }
                self.bytes = documents;
                self.contract.follow(&before, Ok::<_, Error>(started.contract)).unwrap();
                self.look(&before, who, marks);
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    fn cancel(&mut self, who: Who, choices: &mut Choices, marks: &mut Marks) {
        let before = self.state().clone();
        let quota = self.quota.state().clone();
        let given = choices.percent(90).then_some(&quota);
        match before.cancel(reason(), &self.cast.by(who), given, self.now) {
            Ok(cancelled) => {
                let human =
                    self.signed.keys().any(|slot| !before.slot(slot).unwrap().signer().is_auto());
                assert_eq!(cancelled.quota.is_some(), before.quota().is_some() && !human);
                if let Some(returned) = cancelled.quota {
                    self.quota.follow(&quota, Ok::<_, Error>(returned)).unwrap();
                    marks.reached("quota returned");
                }
                self.contract.follow(&before, Ok::<_, Error>(cancelled.contract)).unwrap();
                self.look(&before, who, marks);
            }
            Err(error) => marks.reached(error.code()),
        }
    }

    /// What a signature in this slot would record, at times with a slip in it.
    fn record(&mut self, slot: &Slot, choices: &mut Choices) -> SignedRecord {
        self.revisions += 1;
        let mut record = record(self.contract.state(), slot, self.revisions);
        match choices.below(25) {
            0 => drop(record.applications.pop()),
            1 => record.documents.iter_mut().for_each(|it| it.before = digest("stale")),
            2 => record.integrity = None,
            3 => record.integrity = Some(Integrity::Broken),
            4 | 5 => record.ticket = None,
            _ => {}
        }
        record
    }

    /// Whoever holds the slot, or for a slot without a signer the host.
    fn holder(&self, slot: &Slot, choices: &mut Choices) -> Who {
        let holders = slot.signer().holders();
        if holders.is_empty() {
            return Who::Host;
        }
        self.cast.who_is(&holders[choices.below(holders.len())]).unwrap_or(Who::Host)
    }

    /// What brings the contract on.
    fn go_on(&mut self, choices: &mut Choices, marks: &mut Marks) {
        match self.state().phase() {
            Phase::Draft if !self.edits.is_empty() => return self.edit(choices, marks),
            Phase::Draft | Phase::ReviewingStart => return self.start(choices, marks),
            Phase::Signing(_) if choices.percent(10) => return self.sign_early(choices, marks),
            phase if phase.is_terminal() => return self.anything(choices, marks),
            _ => {}
        }
        let pending: Vec<Slot> = self.state().pending().cloned().collect();
        if pending.is_empty() {
            return;
        }
        let slot = pending[choices.below(pending.len())].clone();
        let who = self.holder(&slot, choices);
        let id = slot.id().clone();
        match slot.state() {
            _ if *slot.signer() == Signer::LateBound => self.bind(&slot, choices, marks),
            SlotState::ToFill => {
                let values = self.state().fill_controls_of(&id);
                let values = values.map(|control| (control.key().clone(), text())).collect();
                let finished = choices.percent(80);
                self.ask(Command::Fill { slot: id, values, finished }, who, choices, marks);
            }
            SlotState::UnderReview => {
                let company =
                    self.cast.company_of(&self.state().party_of(&slot).unwrap().kind).unwrap();
                let reviewer = self.cast.reviewer_of(company);
                let command = Command::Review { slot: id, verdict: Verdict::Pass, reason: None };
                self.ask(command, reviewer, choices, marks);
            }
            _ if choices.percent(15) => {
                let until = self.now + Duration::minutes(20);
                self.ask(Command::BeginSigning { slot: id, until }, who, choices, marks);
            }
            _ => {
                let record = Box::new(self.record(&slot, choices));
                self.ask(Command::AssertSigned(record), who, choices, marks);
            }
        }
    }

    /// Somebody does not wait for his turn.
    fn sign_early(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let waiting = self.state().slots().iter().find(|it| it.state() == SlotState::WaitingTurn);
        let Some(slot) = waiting.cloned() else { return };
        let who = self.holder(&slot, choices);
        let record = Box::new(self.record(&slot, choices));
        self.ask(Command::AssertSigned(record), who, choices, marks);
    }

    fn bind(&mut self, slot: &Slot, choices: &mut Choices, marks: &mut Marks) {
        let company = self.cast.company_of(&self.state().party_of(slot).unwrap().kind);
        let employee = company.unwrap_or(0) * 5 + choices.below(5);
        let known = &self.cast.employees[employee].1;
        let holder =
            sealwright::contract::Holder::employee(known.id().clone(), known.person().clone());
        let command = Command::BindSigner {
            slot: slot.id().clone(),
            holder,
            entitlements: Entitlements::NONE,
        };
        self.ask(command, self.cast.manager_of(0), choices, marks);
    }

    /// Anything at all, by anybody.
    fn anything(&mut self, choices: &mut Choices, marks: &mut Marks) {
        let slots: Vec<Slot> = self.state().slots().to_vec();
        let any = slots.get(choices.below(slots.len())).cloned();
        let id = any.as_ref().map_or("slot_0".parse().unwrap(), |slot| slot.id().clone());
        let who = match (&any, choices.below(5)) {
            (Some(slot), 0 | 1) => self.holder(slot, choices),
            (_, 2) => self.cast.manager_of(0),
            _ => self.cast.anybody(choices),
        };
        let later = self.now + Duration::hours(i64::try_from(choices.below(48)).unwrap());
        let command = match choices.below(25) {
            0 if choices.percent(25) => return self.cancel(who, choices, marks),
            1 | 2 if any.is_some() => {
                Command::AssertSigned(Box::new(self.record(&any.unwrap(), choices)))
            }
            3 => Command::Open { slot: id, entry: Entry::List, shown: BTreeSet::new() },
            4 => {
                let values = self.state().controls().iter().filter(|it| it.kind().is_fill());
                let values = values.map(|it| (it.key().clone(), text())).take(1).collect();
                Command::Fill { slot: id, values, finished: choices.percent(50) }
            }
            5 if choices.percent(60) => Command::DeclineFill { slot: id, reason: reason() },
            6 if choices.percent(40) => Command::Decline { slot: id, reason: reason() },
            7 => Command::Review {
                slot: id,
                verdict: match choices.below(20) {
                    0 => Verdict::Refuse,
                    1..6 => Verdict::Reject,
                    _ => Verdict::Pass,
                },
                reason: choices.percent(70).then(reason),
            },
            8 => Command::BeginSigning {
                slot: id,
                until: self.now + Duration::minutes(i64::try_from(choices.below(40)).unwrap()),
            },
            9 => Command::AbandonSigning { slot: id },
            10 => Command::Expire,
            11 => Command::ExtendDeadline { slot: choices.percent(50).then_some(id), to: later },
            12 => Command::ExtendDeadline { slot: None, to: later + Duration::days(400) },
            13 | 14 => Command::Forward {
                slot: id,
                from: choices.percent(10).then(|| {
                    let somebody = choices.below(self.cast.employees.len());
                    self.cast.staff(somebody)
                }),
                to: self.cast.staff(choices.below(self.cast.employees.len())),
                kind: if choices.percent(70) {
                    ForwardKind::ByEmployee
                } else {
                    ForwardKind::Resigned
                },
            },
            15 | 16 => {
                // Some never tire of reminding.
                let times = if choices.percent(40) { 5 } else { 1 };
                for _ in 0..times {
                    self.ask(Command::Remind { slot: id.clone() }, who, choices, marks);
                }
                return;
            }
            17 if choices.percent(20) => {
                // The host says so; the word of anybody else counts for nothing.
                let who = if choices.percent(70) { Who::Host } else { who };
                let command = Command::Invalidate(Cause::SignerRenamed { slot: id });
                self.ask(command, who, choices, marks);
                return;
            }
            18 => Command::WithholdDelivery {
                slot: id,
                place: choices.below(2),
                factors: Factors::NONE.with_if(Factor::Name, choices.percent(20)),
            },
            19 => {
                let registered = choices.below(self.cast.employees.len());
                let registered = self.cast.staff(registered);
                Command::RestoreDelivery { slot: id, person: None, registered }
            }
            20 => {
                let documents = self.state().documents().iter().map(|document| Revised {
                    document: document.id().clone(),
                    before: *document.digest(),
                    after: digest("composed"),
                });
                Command::Compose { documents: documents.collect(), certified_by: None }
            }
            21 => Command::Archive,
            23 => {
                let mut stamps: Vec<ClosingStamp> =
                    self.state().documents().iter().map(stamp).collect();
                stamps.retain(|_| choices.percent(70));
                Command::Close { stamps, integrity: Integrity::Intact }
            }
            22 if choices.percent(20) => Command::Purge,
            _ => Command::Edit(Edit::Acknowledged { warnings: BTreeSet::new() }),
        };
        self.ask(command, who, choices, marks);
    }
}

fn stamp(document: &Document) -> ClosingStamp {
    ClosingStamp {
        revised: Revised {
            document: document.id().clone(),
            before: *document.digest(),
            after: digest("stamped"),
        },
        field: "closing".to_owned(),
        serial: "01".to_owned(),
        time: START,
        policy: "1.2".to_owned(),
    }
}

fn reason() -> Reason {
    Reason::parse("条款有误").unwrap()
}

#[test]
fn c1_to_c22_random_sequences_keep_every_rule() {
    let cast = Cast::new();
    let coverage = explore(400, 1_000, |choices, marks| {
        let mut run = Run::new(&cast, choices);
        // Some runs go straight to the end, others are full of detours.
        let straight = choices.one_of(&[15, 40, 80]);
        while choices.more() {
            let minutes = if choices.percent(2) { 60 * 24 * 200 } else { choices.below(30) };
            run.now += Duration::minutes(i64::try_from(minutes).unwrap());
            let writing = run.state().phase() == Phase::Draft;
            if choices.percent(if writing { 85 } else { straight }) {
                run.go_on(choices, marks);
            } else {
                run.anything(choices, marks);
            }
            let quota = run.quota.state().quota().unwrap();
            let reserved = u64::from(run.state().quota().is_some());
            assert_eq!(quota.used() + quota.left(), quota.limit());
            let cancelled = run.state().phase() == Phase::Cancelled;
            assert!(quota.used() == reserved || (cancelled && quota.used() == 0));
        }
        run.contract.check();
        run.quota.check();
    });
    for mark in ["contract.started", "signing_partial"] {
        coverage.require(mark, 60);
    }
    coverage.require("completed", 40);
    for mark in ["contract.filled", "contract.review_result", "contract.signing_begun"] {
        coverage.require(mark, 20);
    }
    for mark in ["contract.bound", "con.not_your_turn", "con.not_a_signer"] {
        coverage.require(mark, 10);
    }
    for mark in ["cancelled", "contract.reminded", "con.already_acted"] {
        coverage.require(mark, 5);
    }
    for mark in [
        "con.reminder_limit",
        "contract.closed",
        "contract.forwarded",
        "expired",
        "invalidated",
        "rejected",
        "sign.in_progress",
        "quota returned",
    ] {
        coverage.require(mark, 1);
    }
}
