//! What commands on a large contract cost, one line a case:
//!
//! ```text
//! domain CASE MICROSECONDS FLOOR_MICROSECONDS RATIO LIMIT_MICROSECONDS
//! ```
//!
//! The contract has 50 signers and 500 controls on 50 pages; all signers are parallel, so the chain
//! looks at each of them. The cases `…_500` are of another one, in which one signer has 500 seals. What
//! is replayed are drafts, values, deadlines and signatures, in the order of a contract's life. FLOOR is SHA-256 over the bytes that the trail makes us hash (for what
//! leaves no entry: over the snapshot, for `authorize` over the id), in the same run: it tells how
//! fast the machine was. A case beyond its limit fails the run. `cargo bench --bench domain`; with
//! `-- once` behind it each case runs once, whatever it takes.

#[path = "../../tests/world/mod.rs"]
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Instant;

use sealwright::audit::Entry;
use sealwright::authorization::{ChainFacts, authorize};
use sealwright::contract::{
    self, Allowance, Application, Command, Contract, ControlKind, DateStyle, Input, IntentMethod,
    IntentProof, Location, Mark, Order, Pick, Placements, Point, ReadingProof, Revised, SealKind,
    Settings, SignedRecord, SigningAttempt, SigningWindow, StartFacts, TextStyle, TimeSource,
};
use sealwright::decision::{Aggregate, Decision, Recorded, Snapshot};
use sealwright::geometry::{PageIndex, Pt};
use sealwright::identity::SlotId;
use sealwright::organization::{By, Employee, Entitlements, ShippedRole, Staff};
use time::Duration;
use world::{Company, Draft, apply, control, digest, document, monday, person, seal_control};

const SIGNERS: usize = 50;
const CONTROLS_EACH: usize = 10;
/// Seals of the one signer who has many.
const SEALS_OF_ONE: usize = 500;
/// Events of the history that is replayed.
const REPLAYED: usize = 10_000;
/// Runs of each case; the median counts.
const RUNS: usize = 201;

struct Case {
    name: &'static str,
    micros: f64,
    floor: f64,
    limit: f64,
}

fn main() {
    let large = Large::build(SIGNERS, controls);
    let filled = Large::build(SIGNERS, |slot, page| {
        let mut controls = controls(slot, page);
        controls.push(field(slot, page));
        controls
    });
    let wide = Large::build(2, |slot, number| match number {
        0 => vec![seal_control("doc", "other", slot, Pt(400.0), Pt(600.0))],
        _ => seals(slot),
    });
    let cases = [
        large.case("open", 100.0, |contract, by, slot| {
            let open = Command::Open {
                slot: slot.clone(),
                entry: contract::Entry::List,
                shown: BTreeSet::new(),
            };
            contract.decide(open, by, monday()).unwrap()
        }),
        large.case("remind", 100.0, |contract, _, slot| {
            let head = large.company.head();
            contract.decide(Command::Remind { slot: slot.clone() }, &head, monday()).unwrap()
        }),
        large.case("extend_deadline", 100.0, |contract, _, _| {
            let to = monday() + Duration::days(400);
            let command = Command::ExtendDeadline { slot: None, to };
            contract.decide(command, &large.company.head(), monday()).unwrap()
        }),
        large.case("assert_signed", 200.0, |contract, by, slot| {
            let record = Command::AssertSigned(Box::new(record(contract, slot)));
            contract.decide(record, by, monday()).unwrap()
        }),
        large.authorize("authorize", 1, 200.0),
        wide.authorize("authorize_500", SEALS_OF_ONE, 2000.0),
        wide.case("assert_signed_500", 2000.0, |contract, by, slot| {
            let record = Command::AssertSigned(Box::new(record(contract, slot)));
            contract.decide(record, by, monday()).unwrap()
        }),
        large.validate("validate"),
        wide.validate("validate_500"),
        large.snapshot(),
        filled.replay(),
    ];
    let mut slow = Vec::new();
    for Case { name, micros, floor, limit } in cases {
        println!("domain {name} {micros:.1} {floor:.1} {:.1} {limit:.0}", micros / floor);
        if micros > limit && !is_once() {
            slow.push(name);
        }
    }
    assert!(slow.is_empty(), "beyond their limits: {slow:?}");
}

/// A contract of 50 signers and 500 controls, started, and the events that led there.
struct Large {
    company: Company,
    signers: Vec<Employee>,
    contract: Contract,
    draft: Contract,
    events: Vec<Recorded<contract::Event>>,
}

impl Large {
    /// Signers with the controls of each, by his slot and number.
    fn build(signers: usize, controls: impl Fn(&str, usize) -> Vec<contract::Control>) -> Self {
        let company = Company::active(
            "org_a",
            "晨曦科技(深圳)有限公司",
            "91350100M000100Y43",
            &person("甲主管", 1),
        );
        let clerk = company.employ("clerk", &person("甲经办", 2), &[ShippedRole::ContractAdmin]);
        let signers: Vec<Employee> = (0..signers)
            .map(|number| {
                let number = u32::try_from(number).unwrap() + 10;
                company.employ(&format!("signer_{number}"), &person("签署人", number), &[])
            })
            .collect();
        let settings = Settings { order: Order::Parallel, ..Settings::default() };
        let mut draft = Draft { settings, ..Draft::default() }
            .party("party_a", &company)
            .document(document("doc", SIGNERS));
        for (number, employee) in signers.iter().enumerate() {
            let slot = format!("slot_{number}");
            draft = draft.signer(&slot, "party_a", employee, 1);
            draft.controls.extend(controls(&slot, number));
        }
        let staff = Staff::of(&company.organization, &clerk).unwrap();
        let (draft, mut events) = draft.written("con_1", &staff);
        let mut contract = draft.clone();
        let started = start(&draft, &By::Staff(staff));
        apply(&started, &mut contract);
        events.extend_from_slice(started.events());
        Self { company, signers, contract, draft, events }
    }

    /// The last slot: whatever is searched is searched to the end.
    fn last(&self) -> (By<'_>, SlotId) {
        let slot = self.contract.slots().last().unwrap().id().clone();
        (self.company.by(self.signers.last().unwrap()), slot)
    }

    fn case(
        &self,
        name: &'static str,
        limit: f64,
        command: impl Fn(&Contract, &By<'_>, &SlotId) -> Decision<Contract>,
    ) -> Case {
        let (by, slot) = self.last();
        let mut state = self.contract.clone();
        let entries = command(&state, &by, &slot).apply_to(&mut state).unwrap();
        let hashed: Vec<String> = entries.iter().map(|entry| entry.to_canonical_json()).collect();
        let (micros, floor) = interleaved(
            || drop(black_box(command(&self.contract, &by, &slot))),
            || hash_all(&hashed),
        );
        Case { name, micros, floor, limit }
    }

    /// The whole chain R-SIGN-01 to 12 for one slot with its seals.
    fn authorize(&self, name: &'static str, seals_due: usize, limit: f64) -> Case {
        let (by, slot) = self.last();
        let seal = self.company.seal("seal", SealKind::Contract);
        let grant = self.company.grant("grant", &seal, self.signers.last().unwrap());
        let contract = &self.contract;
        let shown = contract.documents().iter().map(|one| (one.id().clone(), *one.digest()));
        let (id, signer) = (contract.id().clone(), by.actor());
        let intent = IntentProof::new(id, slot.clone(), signer, shown).check(
            IntentMethod::Face,
            "face-check-1",
            monday(),
        );
        let read = ReadingProof { shown_for: Duration::minutes(3), reached_end: true };
        let mut attempt = SigningAttempt::new(slot.clone()).meant(intent).read(read);
        for control in contract.controls().iter().filter(|one| one.owner().slot() == Some(&slot)) {
            let pick = match control.kind() {
                ControlKind::SignDate(_) => Pick::Date,
                _ => Pick::Seal(seal.id().clone()),
            };
            attempt = attempt.choose(control.key().clone(), pick);
        }
        let (seals, grants) = ([&seal], [&grant]);
        let facts = ChainFacts::of(&by, &seals, &grants);
        let chain = || authorize(contract, &attempt, &facts, SigningWindow::NO_MEETING, monday());
        assert_eq!(chain().unwrap().seals().count(), seals_due);
        let text = contract.id().to_string();
        let (micros, floor) =
            interleaved(|| drop(black_box(chain())), || hash_all(std::slice::from_ref(&text)));
        Case { name, micros, floor, limit }
    }

    fn validate(&self, name: &'static str) -> Case {
        let digests = digests(&self.draft);
        let (placements, withheld) = (Placements::default(), BTreeMap::new());
        let facts = facts(&placements, &digests, &withheld);
        let text = serde_json::to_string(&Snapshot::of(&self.draft)).unwrap();
        let (micros, floor) = interleaved(
            || drop(black_box(self.draft.validate(&facts, monday()))),
            || hash_all(std::slice::from_ref(&text)),
        );
        Case { name, micros, floor, limit: 1000.0 }
    }

    fn snapshot(&self) -> Case {
        let text = serde_json::to_string(&Snapshot::of(&self.contract)).unwrap();
        let (micros, floor) = interleaved(
            || {
                let read: Snapshot<'_, Contract> = serde_json::from_str(&text).unwrap();
                drop(black_box(read.into_state()));
            },
            || hash_all(std::slice::from_ref(&text)),
        );
        Case { name: "snapshot_read", micros, floor, limit: 20_000.0 }
    }

    fn replay(&self) -> Case {
        let History { state, events, entries } = self.history();
        let hashed: Vec<String> = entries.iter().map(|entry| entry.to_canonical_json()).collect();
        let (micros, floor) = interleaved(
            || assert!(black_box(Contract::replay(&events)).unwrap() == state),
            || hash_all(&hashed),
        );
        Case { name: "replay_10000", micros, floor, limit: 100_000.0 }
    }

    /// A third of the history are values, the rest deadlines but for the signatures at its end.
    fn history(&self) -> History {
        let (state, events) = (self.contract.clone(), self.events.clone());
        let mut history = History { state, events, entries: Vec::new() };
        let slots: Vec<_> = self.contract.slots().iter().map(|slot| slot.id().clone()).collect();
        let places = || slots.iter().zip(self.signers.iter().map(|it| self.company.by(it)));
        let fill = |slot: &SlotId, text: usize, finished| {
            let key = self.contract.fill_controls_of(slot).next().unwrap().key().clone();
            let values = vec![(key, Input::text(text.to_string()))];
            Command::Fill { slot: slot.clone(), values, finished }
        };
        for (number, (slot, by)) in (0..REPLAYED / 3).zip(places().cycle()) {
            history.take(fill(slot, number, false), &by);
        }
        for (slot, by) in places() {
            history.take(fill(slot, 0, true), &by);
        }
        let mut deadline = monday() + Duration::days(400);
        while history.events.len() < REPLAYED - SIGNERS {
            deadline += Duration::minutes(1);
            let command = Command::ExtendDeadline { slot: None, to: deadline };
            history.take(command, &self.company.head());
        }
        // The last one would end it, and have the whole document checked.
        for (slot, by) in places().take(SIGNERS - 1) {
            let record = record(&history.state, slot);
            history.take(Command::AssertSigned(Box::new(record)), &by);
        }
        history
    }
}

/// What happened to a contract, as a host keeps it.
struct History {
    state: Contract,
    events: Vec<Recorded<contract::Event>>,
    entries: Vec<Entry>,
}

impl History {
    fn take(&mut self, command: Command<'_>, by: &By<'_>) {
        let decision = self.state.decide(command, by, monday()).unwrap();
        self.entries.extend(decision.apply_to(&mut self.state).unwrap());
        self.events.extend_from_slice(decision.events());
    }
}

fn controls(slot: &str, page: usize) -> Vec<contract::Control> {
    let page = PageIndex::new(i32::try_from(page).unwrap() + 1).unwrap();
    let seal = seal_control("doc", &format!("{slot}_seal"), slot, Pt(400.0), Pt(600.0));
    let dates = (1..CONTROLS_EACH).map(|number| {
        let at = Point::at(Pt(40.0), Pt(60.0 * number as f64)).unwrap();
        let id = format!("{slot}_date_{number}");
        let kind = ControlKind::SignDate(DateStyle::default());
        control("doc", &id, slot, kind, Location::from(contract::Absolute::new(page, at)))
    });
    let mut controls: Vec<_> = dates.collect();
    controls.push(
        seal.moved(contract::Absolute::new(page, Point::at(Pt(400.0), Pt(600.0)).unwrap()))
            .unwrap(),
    );
    controls
}

/// Something that the signer fills in.
fn field(slot: &str, page: usize) -> contract::Control {
    let page = PageIndex::new(i32::try_from(page).unwrap() + 1).unwrap();
    let at = Point::at(Pt(400.0), Pt(100.0)).unwrap();
    let kind = ControlKind::Text(TextStyle::default());
    control("doc", &format!("{slot}_note"), slot, kind, contract::Absolute::new(page, at))
}

/// Ten seals on each page.
fn seals(slot: &str) -> Vec<contract::Control> {
    let seal = |number: usize| {
        let page = PageIndex::new(i32::try_from(number / 10).unwrap() + 1).unwrap();
        let at = Point::at(Pt(40.0), Pt(60.0 * (number % 10) as f64)).unwrap();
        let seal = seal_control("doc", &format!("{slot}_seal_{number}"), slot, Pt(0.0), Pt(0.0));
        seal.moved(contract::Absolute::new(page, at)).unwrap()
    };
    (0..SEALS_OF_ONE).map(seal).collect()
}

fn digests(
    contract: &Contract,
) -> BTreeMap<sealwright::identity::DocumentId, sealwright::digest::Digest> {
    contract.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect()
}

fn facts<'a>(
    placements: &'a Placements,
    documents: &'a BTreeMap<sealwright::identity::DocumentId, sealwright::digest::Digest>,
    withheld: &'a BTreeMap<(SlotId, usize), sealwright::identity::Factors>,
) -> StartFacts<'a> {
    StartFacts {
        placements,
        documents,
        entitlements: Entitlements::of(&[]),
        quota: Allowance::Unlimited,
        withheld,
    }
}

fn start(draft: &Contract, by: &By<'_>) -> Decision<Contract> {
    let digests = digests(draft);
    let (placements, withheld) = (Placements::default(), BTreeMap::new());
    draft.start(&facts(&placements, &digests, &withheld), by, monday()).unwrap().contract
}

fn record(contract: &Contract, slot: &SlotId) -> SignedRecord {
    let applications = contract
        .sign_controls_of(slot)
        .map(|control| Application {
            control: control.key().clone(),
            mark: match control.kind() {
                ControlKind::SignDate(_) => Mark::Date,
                _ => Mark::Seal {
                    seal: "seal".parse().unwrap(),
                    version: 1,
                    face: digest("face"),
                    grant: "grant".parse().unwrap(),
                },
            },
            spots: control.spots().to_vec(),
        })
        .collect();
    let revised = contract.documents().iter().map(|it| Revised {
        document: it.id().clone(),
        before: *it.digest(),
        after: digest(format!("signed after {}", it.digest())),
    });
    SignedRecord {
        slot: slot.clone(),
        signer: None,
        organization: None,
        applications,
        intent: Vec::new(),
        documents: revised.collect(),
        certificate: None,
        client: BTreeMap::new(),
        time: TimeSource::Local,
        ticket: None,
        integrity: None,
    }
}

/// Whether each case is to be run once, to see that it does.
fn is_once() -> bool {
    std::env::args().any(|argument| argument == "once")
}

fn hash_all(texts: &[String]) {
    for text in texts {
        black_box(digest(text));
    }
}

/// The medians of two things in microseconds, run in turn.
fn interleaved(mut ours: impl FnMut(), mut floor: impl FnMut()) -> (f64, f64) {
    let time = |work: &mut dyn FnMut()| {
        let began = Instant::now();
        work();
        began.elapsed().as_secs_f64() * 1e6
    };
    let mut times: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    let began = Instant::now();
    for run in 0..if is_once() { 1 } else { RUNS } {
        times[0].push(time(&mut ours));
        times[1].push(time(&mut floor));
        // Slow cases need no two hundred runs to have a median.
        if run >= 10 && began.elapsed().as_secs() > 5 {
            break;
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let [ours, floor] = &mut times;
    (median(ours), median(floor))
}
