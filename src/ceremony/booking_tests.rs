//! M7, M9 and the four-factor match: booking, calling off, delivering later.

use std::collections::BTreeSet;

use time::Duration;

use super::samples::{END, NOW, Run, START, World, entitlement, kinds_to, sign};
use super::*;
use crate::contract::{
    Allowance, Command as ContractCommand, Contract, Control, ControlKind, Edit,
    Phase as ContractPhase, Progress, Reason, SignatureMark,
};
use crate::decision::Channel;
use crate::identity::{Factor, Factors};
use crate::organization::samples::{apply, digest, employee, person};
use crate::organization::{By, EmployeeCommand, Entitlements, Feature, OpenWork, Staff};

fn parts(refused: Error) -> Vec<&'static str> {
    assert_eq!(refused.code(), "cer.incomplete");
    let Error::Incomplete { parts } = refused else { panic!() };
    parts.into_iter().map(Part::code).collect()
}

fn lenient() -> Policy {
    Policy { delivery: DeliveryPolicy::Lenient, ..Policy::default() }
}

pub(super) fn reason() -> Reason {
    Reason::parse("行程冲突").unwrap()
}

fn edited(world: &World, contract: &Contract, edit: Edit) -> Contract {
    let mut edited = contract.clone();
    let decision = edited.decide(ContractCommand::Edit(edit), &world.booker(), NOW).unwrap();
    apply(&mut edited, decision);
    edited
}

#[test]
fn m7_booking_starts_the_contract_and_tells_everybody_once() {
    let world = World::new();
    let (run, contract) = world.prepared(Policy::default());
    let before = run.ceremony.clone();
    let booking = world.book(&run, &[&contract]).unwrap();
    assert_eq!(run.ceremony, before, "a decision changes nothing");
    let kinds = booking.ceremony.kinds();
    let expected = [
        "ceremony.layout_changed",
        "ceremony.booked",
        "ceremony.result_link_issued",
        "ceremony.qr_issued",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(booking.contracts[0].kinds(), ["contract.started"]);
    assert!(booking.quotas.is_empty());
    let told = kinds_to(&booking.ceremony);
    assert!(told.iter().all(|(kind, _)| kind == "ceremony.booked"));
    let told: BTreeSet<_> = told.into_iter().map(|(_, who)| who).collect();
    assert_eq!(told.len(), 4, "{told:?}");

    let (run, contract) = world.booked(Policy::default());
    assert_eq!(run.ceremony.phase(), Phase::Booked);
    assert_eq!(contract.phase(), ContractPhase::Signing(Progress::None));
    assert_eq!(run.ceremony.layout_version(), 1);
    let delivered = run.ceremony.signers().map(|one| one.employee().unwrap().to_string());
    assert_eq!(delivered.collect::<Vec<_>>(), ["SA", "SB"]);
}

#[test]
fn r_cer_09_one_notice_per_participant_and_channel_set() {
    let world = World::new();
    let contract = world.contract("con_01");
    let mut run = world.drafted();
    world.prepare(&mut run, &[&contract]);
    let mut people = world.participants();
    // SA observes as well, on the same channels; somebody wants mail only, somebody nothing.
    people.push(Participant::observer("SA2".parse().unwrap(), world.signer_a.person().into()));
    people[2] = people[2].clone().over([Channel::Email]);
    people[3] = people[3].clone().over([]);
    world.invite(&mut run, people).unwrap();
    let booking = world.book(&run, &[&contract]).unwrap();
    let told = kinds_to(&booking.ceremony);
    assert_eq!(told.len(), 3, "{told:?}");
    let mail = booking.ceremony.notices().iter().find(|one| one.channels == [Channel::Email]);
    assert!(mail.unwrap().parameters.contains_key("starts_at"));
    let keys: BTreeSet<_> = booking.ceremony.notices().iter().map(|one| &one.dedupe_key).collect();
    assert_eq!(keys.len(), 3);
}

#[test]
fn r_cer_07_every_gap_is_named_at_once() {
    let world = World::new();
    let run = world.drafted();
    let refused = world.book(&run, &[]).unwrap_err();
    assert_eq!(refused.code(), "cer.incomplete");
    assert_eq!(parts(refused), ["schedule", "participants", "contract", "controls"]);

    let mut run = world.drafted();
    let contract = world.contract("con_01");
    world.invite(&mut run, world.participants()).unwrap();
    run.must(Command::AttachContracts(&[&contract]), &world.booker());
    let gaps = parts(world.book(&run, &[&contract]).unwrap_err());
    assert_eq!(gaps, ["schedule", "controls"]);

    let (run, contract) = world.prepared(Policy::default());
    let soon = edited(&world, &contract, Edit::Deadline { deadline: Some(START) });
    assert_eq!(parts(world.book(&run, &[&soon]).unwrap_err()), ["deadline"]);
    let past = edited(&world, &contract, Edit::Deadline { deadline: Some(NOW) });
    assert_eq!(parts(world.book(&run, &[&past]).unwrap_err()), ["controls", "deadline"]);
    let exact = edited(&world, &contract, Edit::Deadline { deadline: Some(END) });
    assert!(world.book(&run, &[&exact]).is_ok());
}

#[test]
fn r_cer_01_a_meeting_whose_start_has_passed_is_not_booked() {
    let world = World::new();
    let (mut run, contract) = world.prepared(Policy::default());
    run.now = START;
    let refused = world.book(&run, &[&contract]).unwrap_err();
    assert_eq!(refused, Error::StartInPast { starts_at: START, now: START });
    // With more that is missing it is one gap among others.
    run.ceremony.finished_controls.clear();
    assert_eq!(parts(world.book(&run, &[&contract]).unwrap_err()), ["schedule", "controls"]);
}

#[test]
fn m7_what_changed_since_it_was_attached_is_a_gap() {
    let world = World::new();
    let (run, contract) = world.prepared(Policy::default());
    let people = Edit::People {
        parties: contract.parties()[..1].to_vec(),
        slots: vec![contract.slots()[0].plan().clone()],
        cc: Vec::new(),
    };
    let changed = edited(&world, &contract, people);
    assert!(parts(world.book(&run, &[&changed]).unwrap_err()).contains(&"contract"));
    let mut cancelled = contract.clone();
    let done = contract.cancel(reason(), &world.booker(), None, NOW).unwrap();
    apply(&mut cancelled, done.contract);
    assert!(parts(world.book(&run, &[&cancelled]).unwrap_err()).contains(&"contract"));
    assert_eq!(world.book(&run, &[]).unwrap_err().code(), "cer.contract_state");
}

#[test]
fn m7_guards_before_the_gaps() {
    let mut world = World::new();
    let (run, contract) = world.booked(Policy::default());
    assert_eq!(world.book(&run, &[&contract]).unwrap_err().code(), "cer.illegal_transition");
    let (run, contract) = world.prepared(Policy::default());
    world.entitlement = entitlement("E", &world.c, Feature::StrategicSigning, None);
    assert_eq!(world.book(&run, &[&contract]).unwrap_err().code(), "feature.not_entitled");
}

#[test]
fn r_ent_02_the_entitlement_is_looked_at_again_when_booking() {
    let world = World::new();
    let (run, contract) = world.prepared(Policy::default());
    let facts = super::samples::ToStart::of(&contract);
    let (to_start, registered) = ([facts.to_start()], world.registered());
    let (entitlements, none) = ([&world.entitlement], BTreeSet::new());
    let facts = BookingFacts {
        contracts: &to_start,
        registered: &registered,
        entitlements: Entitlements::of(&entitlements),
        quota: Allowance::Unlimited,
        acknowledged: &none,
        keys: &world.keys,
    };
    // The entitlement of the samples ends with the meeting.
    let refused = run.ceremony.book(&facts, &world.booker(), END).unwrap_err();
    assert_eq!(refused.code(), "feature.expired");
    let refused = run.ceremony.book(&facts, &world.host(), NOW).unwrap_err();
    assert_eq!(refused.code(), "emp.no_permission");
}

fn with_other_facts(
    world: &World,
    change: impl Fn(&crate::identity::Person) -> Participant,
) -> Run {
    let mut run = world.drafted_with(Profile::Strategic, Policy::default());
    run.must(world.schedule("签约"), &world.booker());
    let mut people = world.participants();
    people[2] = change(world.signer_b.person());
    world.invite(&mut run, people).unwrap();
    run
}

/// Which factors of SB differ from what is registered.
fn differing(world: &World, run: &Run) -> Factors {
    let Err(Error::Undeliverable { signers }) =
        run.ceremony.require_deliverable(&world.registered())
    else {
        panic!("deliverable")
    };
    assert_eq!(signers.len(), 1);
    assert_eq!(signers[0].signer.as_str(), "SB");
    signers[0].fields
}

#[test]
fn r_cer_06_each_factor_that_differs_is_named_without_its_value() {
    let world = World::new();
    let sb = |person: &crate::identity::Person| {
        Participant::signer("SB".parse().unwrap(), "B".parse().unwrap(), person)
    };
    let other = person("另一人", 99);
    let cases: [(Run, &[Factor]); 3] = [
        (
            with_other_facts(&world, |known| sb(&known.clone().with_name(other.name().clone()))),
            &[Factor::Name],
        ),
        (
            with_other_facts(&world, |known| {
                sb(&known.clone().with_mobile(other.mobile().clone()))
            }),
            &[Factor::Mobile],
        ),
        (
            with_other_facts(&world, |known| {
                let (name, mobile) = (known.name().clone(), known.mobile().clone());
                sb(&crate::identity::Person::new(name, other.id_document().clone(), mobile))
            }),
            &[Factor::IdNumber],
        ),
    ];
    for (run, expected) in cases {
        assert_eq!(differing(&world, &run), expected.iter().copied().collect());
    }
    let refused = Error::Undeliverable {
        signers: vec![Undeliverable {
            signer: "SB".parse().unwrap(),
            fields: [Factor::Mobile].into_iter().collect(),
        }],
    };
    assert_eq!(refused.code(), "cer.undeliverable");
    assert!(refused.to_string().contains("SB (mobile)"), "{refused}");
}

#[test]
fn r_cer_06_the_name_of_the_organization_is_the_fourth_factor() {
    let world = World::new();
    let mut run = world.drafted();
    let hosts = [Staff::of(&world.a, &world.host).unwrap()];
    let mut parties = world.parties();
    parties[1].organization = crate::identity::OrganizationName::parse("B(旧名)公司").unwrap();
    let participants = world.participants();
    run.must(Command::SetParticipants { parties, participants, hosts: &hosts }, &world.booker());
    let name = [Factor::OrganizationName].into_iter().collect();
    assert_eq!(differing(&world, &run), name);
}

#[test]
fn r_cer_06_nobody_registered_differs_in_everything_and_one_who_left_in_nothing() {
    let mut world = World::new();
    let (run, contract) = world.prepared(Policy::default());
    let Err(Error::Undeliverable { signers }) = run.ceremony.require_deliverable(&[]) else {
        panic!()
    };
    assert_eq!(signers.len(), 2, "all of them at once");
    assert_eq!(signers[0].fields, Factor::ALL.into_iter().collect());
    let resign = EmployeeCommand::Resign { open_work: OpenWork::default(), handover: None };
    let later = NOW + Duration::HOUR;
    let decision = world.signer_b.decide(resign, &world.b, &By::System, later).unwrap();
    apply(&mut world.signer_b, decision);
    assert!(differing(&world, &run).is_empty());
    assert_eq!(world.book(&run, &[&contract]).unwrap_err().code(), "cer.undeliverable");
}

/// A lenient meeting in which SB's registered mobile is another than the booker gave.
fn booked_withheld(world: &mut World) -> (Run, Contract) {
    let (mut run, mut contract) = world.prepared(lenient());
    let moved = world.signer_b.person().clone().with_mobile(person("x", 777).mobile().clone());
    world.signer_b = employee(&world.b, "SB", moved, &[]);
    let booking = world.book(&run, &[&contract]).unwrap();
    run.take(&booking.ceremony);
    let kinds = booking.contracts[0].kinds();
    assert!(kinds.contains(&"contract.delivery_withheld"), "{kinds:?}");
    booking.contracts.iter().for_each(|one| apply(&mut contract, one.clone()));
    (run, contract)
}

#[test]
fn r_cer_06_lenient_books_and_withholds_the_contract_until_the_facts_agree() {
    let mut world = World::new();
    let (mut run, mut contract) = booked_withheld(&mut world);
    let sb = "SB".parse().unwrap();
    let fields = [Factor::Mobile].into_iter().collect();
    let delivery = run.ceremony.participant(&sb).unwrap().delivery();
    assert_eq!(delivery, Some(&Delivery::Withheld { fields }));
    assert_eq!(contract.slots()[1].withheld_from(0), fields);

    let staff = Staff::of(&world.b, &world.signer_b).unwrap();
    let (ceremony, contracts) = (run.ceremony.clone(), [&contract]);
    let redeliver = |signer, corrected, by: &By<'_>| {
        ceremony.redeliver(signer, corrected, staff, &contracts, by, NOW)
    };
    let code = |result: Result<Redelivery, Error>| result.unwrap_err().code();
    assert_eq!(code(redeliver(&sb, None, &world.booker())), "cer.undeliverable");
    let correct = Some(world.signer_b.person());
    assert_eq!(code(redeliver(&sb, correct, &world.signer_a())), "cer.host_only");
    assert_eq!(code(redeliver(&sb, correct, &world.stranger())), "cer.not_invited");
    let sa = "SA".parse().unwrap();
    assert_eq!(code(redeliver(&sa, correct, &world.booker())), "cer.signers_locked");
    let unknown = "X".parse().unwrap();
    assert_eq!(code(redeliver(&unknown, correct, &world.booker())), "layout.not_participant");
    let delivered = redeliver(&sb, correct, &world.booker()).unwrap();
    assert_eq!(delivered.ceremony.kinds(), ["ceremony.delivery_restored"]);
    assert_eq!(delivered.ceremony.notices().len(), 1);
    run.take(&delivered.ceremony);
    delivered.contracts.iter().for_each(|one| apply(&mut contract, one.clone()));
    assert!(contract.slots()[1].withheld().is_empty());
    let signer = run.ceremony.participant(&sb).unwrap();
    assert_eq!(signer.employee(), Some(world.signer_b.id()));
    assert!(signer.facts().is_exactly(world.signer_b.person()));
}

#[test]
fn r_cer_06_whoever_was_not_active_yet_is_delivered_to_once_he_is() {
    let mut world = World::new();
    let (mut run, contract) = world.prepared(lenient());
    let known = world.signer_b.person().clone();
    world.signer_b = crate::organization::samples::invited(&world.b, "SB", known.clone());
    let booking = world.book(&run, &[&contract]).unwrap();
    run.take(&booking.ceremony);
    let sb = "SB".parse().unwrap();
    let withheld = Delivery::Withheld { fields: Factors::NONE };
    assert_eq!(run.ceremony.participant(&sb).unwrap().delivery(), Some(&withheld));
    let redeliver = |world: &World| {
        let staff = Staff::of(&world.b, &world.signer_b).unwrap();
        run.ceremony.redeliver(&sb, None, staff, &[&contract], &world.booker(), NOW)
    };
    assert_eq!(redeliver(&world).unwrap_err().code(), "cer.undeliverable");
    world.signer_b = employee(&world.b, "SB", known, &[]);
    let delivered = redeliver(&world).unwrap();
    assert_eq!(delivered.ceremony.kinds(), ["ceremony.delivery_restored"]);
    assert!(delivered.contracts.is_empty());
}

#[test]
fn m7_warnings_are_acknowledged_by_code() {
    let world = World::new();
    let (mut run, contract) = world.prepared(Policy::default());
    let mut plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants());
    plan.seats.retain(|(_, place)| place.participant.as_str() != "SB");
    run.must(Command::SetLayout(plan), &world.booker());
    let refused = world.book(&run, &[&contract]).unwrap_err();
    assert_eq!(refused.code(), "cer.warning_unacknowledged");
    let Error::WarningUnacknowledged { codes } = refused else { panic!() };
    assert_eq!(codes, ["W-LAYOUT-UNSEATED-SIGNER"]);
    let seen = BTreeSet::from(["W-LAYOUT-UNSEATED-SIGNER".to_owned(), "W-OTHER".to_owned()]);
    let booking = world.book_with(&run, &[&contract], &seen, Allowance::Unlimited).unwrap();
    run.take(&booking.ceremony);
    let kept: Vec<_> = run.ceremony.acknowledged().iter().map(String::as_str).collect();
    assert_eq!(kept, ["W-LAYOUT-UNSEATED-SIGNER"]);
}

#[test]
fn m7_a_missing_seal_is_accepted_for_the_contract_too() {
    let world = World::new();
    let contract = world.contract("con_01");
    // SB signs by hand: nothing of B's is sealed.
    let seal = contract.controls().iter().find(|one| one.is_of(&"sb".parse().unwrap())).unwrap();
    let by_hand = Control::new(
        seal.key().clone(),
        ControlKind::Signature(SignatureMark::default()),
        seal.owner().clone(),
        seal.location().clone(),
    );
    let without = edited(&world, &contract, Edit::ControlRemoved { control: seal.key().clone() });
    let contract = edited(&world, &without, Edit::ControlPlaced { control: Box::new(by_hand) });
    let mut run = world.drafted();
    world.prepare(&mut run, &[&contract]);
    let finished = run.entries.last().unwrap();
    assert_eq!(finished.kind(), "ceremony.controls_finished");
    assert!(finished.details().to_canonical_json().contains("W-SEAL-MISSING"));
    let refused = world.book(&run, &[&contract]).unwrap_err();
    assert_eq!(refused, Error::WarningUnacknowledged { codes: vec!["W-SEAL-MISSING"] });
    let seen = BTreeSet::from(["W-SEAL-MISSING".to_owned()]);
    let booking = world.book_with(&run, &[&contract], &seen, Allowance::Unlimited).unwrap();
    let kinds: Vec<_> = booking.contracts.iter().flat_map(|one| one.kinds()).collect();
    assert_eq!(kinds, ["contract.edited", "contract.started"]);
    let mut started = contract;
    booking.contracts.iter().for_each(|one| apply(&mut started, one.clone()));
    assert!(started.phase().is_signing());
    // R-CER-14: what is not sealed shows as well.
    sign(&mut started, "sa", &world.signer_a(), START);
    sign(&mut started, "sb", &world.signer_b(), START);
    let view = SignResultView::of(&run.ceremony, &[&started]);
    let by_hand = &view.parties[1].signers[0];
    let [signature] = &by_hand.signatures[..] else { panic!("{by_hand:?}") };
    assert_eq!((signature.face, signature.at), (digest("strokes"), START));
    assert!(by_hand.seals.is_empty() && view.parties[0].signers[0].signatures.is_empty());
}

#[test]
fn m7_several_contracts_start_on_one_quota() {
    let world = World::new();
    let (one, other) = (world.contract("con_01"), world.contract("con_02"));
    let mut run = world.drafted();
    world.prepare(&mut run, &[&one, &other]);
    let quota = entitlement("Q", &world.a, Feature::Contracts, Some(5));
    let allowance = Allowance::On(&quota);
    let none = BTreeSet::new();
    let booking = world.book_with(&run, &[&one, &other], &none, allowance).unwrap();
    assert_eq!(booking.contracts.len(), 2);
    let mut left = quota.clone();
    booking.quotas.iter().for_each(|decision| apply(&mut left, decision.clone()));
    assert_eq!(left.quota().unwrap().left(), 3);
    run.take(&booking.ceremony);
    assert_eq!(run.ceremony.links().len(), 3);

    let little = entitlement("Q", &world.a, Feature::Contracts, Some(1));
    let mut run = world.drafted();
    world.prepare(&mut run, &[&one, &other]);
    let refused = world.book_with(&run, &[&one, &other], &none, Allowance::On(&little));
    assert_eq!(refused.unwrap_err().code(), "feature.quota_exhausted");
}
