//! R-SIGN-01 to 10, each refused and all passed, and that their order is kept.

use std::collections::BTreeMap;
use std::time::Instant;

use time::Duration;

use super::super::samples::{
    Facts, NOW, World, apply, attempt, control, intent, key, seal_kinds, sealed,
};
use super::super::{
    AllowedSeals, Cancellation, Command, Contract, ControlKind, Edit, Input, IntentMethod,
    IntentProof, Order, Pick, ReadingGate, ReadingMode, ReadingProof, ReadingTime, Reason,
    Settings, SignatureMethod, Signer, SigningAttempt, SigningFacts, SigningPolicy, SigningWindow,
    SlotPlan, TextStyle, Verdict, WindowSpan,
};
use crate::decision::Revision;
use crate::digest::{Digest, DigestAlgorithm};
use crate::identity::{Factor, Factors};
use crate::organization::samples::person;
use crate::organization::{By, OrganizationCommand, Staff};

/// The code of the refusal, or `""`.
fn code(contract: &Contract, attempt: &SigningAttempt, by: &By<'_>) -> &'static str {
    let kinds = seal_kinds();
    answer(contract, attempt, &SigningFacts::of(by, &kinds))
}

fn answer(contract: &Contract, attempt: &SigningAttempt, facts: &SigningFacts<'_>) -> &'static str {
    contract.may_sign(attempt, facts, NOW).err().map_or("", |error| error.code())
}

/// The sample contract, its slots changed, started.
fn started_with(world: &World, change: impl FnOnce(&mut Vec<SlotPlan>)) -> Contract {
    let mut contract = world.draft();
    let (parties, mut slots) = (world.parties(), world.slots());
    change(&mut slots);
    world.edit(&mut contract, Edit::People { parties, slots, cc: Vec::new() });
    world.start(contract)
}

fn with_settings(world: &World, settings: Settings) -> Contract {
    let mut contract = world.draft();
    world.edit(&mut contract, Edit::Settings { settings: Box::new(settings) });
    world.start(contract)
}

fn decide(contract: &mut Contract, command: Command<'_>, by: &By<'_>) {
    let decision = contract.decide(command, by, NOW).unwrap();
    apply(contract, decision);
}

#[test]
fn r_sign_01_to_11_let_the_right_attempt_pass_and_change_nothing() {
    let world = World::new();
    let contract = world.started();
    let before = contract.clone();
    let alice = By::Staff(world.alice());
    assert_eq!(code(&contract, &attempt(&contract, "sa", NOW), &alice), "");
    assert_eq!(contract, before);
}

#[test]
fn r_sign_01_a_contract_that_is_not_being_signed() {
    let world = World::new();
    let alice = By::Staff(world.alice());
    let draft = world.draft();
    assert_eq!(code(&draft, &attempt(&draft, "sa", NOW), &alice), "con.illegal_transition");
    let mut cancelled = world.started();
    let reason = Reason::parse("不签了").unwrap();
    let done: Cancellation = cancelled.cancel(reason, &alice, None, NOW).unwrap();
    apply(&mut cancelled, done.contract);
    let facts_of = attempt(&cancelled, "sa", NOW);
    let error = cancelled.check_signing_state().unwrap_err();
    assert!(error.to_string().contains("cancelled"), "{error}");
    assert_eq!(code(&cancelled, &facts_of, &alice), "con.illegal_transition");
}

#[test]
fn r_sign_02_past_the_deadline_of_contract_or_slot() {
    let world = World::new();
    let contract = started_with(&world, |slots| slots[0].deadline = Some(NOW + Duration::HOUR));
    let (alice, kinds) = (By::Staff(world.alice()), seal_kinds());
    let facts = SigningFacts::of(&alice, &kinds);
    for (late, expected) in [(Duration::minutes(59), ""), (Duration::HOUR, "con.deadline_passed")] {
        let now = NOW + late;
        let answer = contract.may_sign(&attempt(&contract, "sa", now), &facts, now);
        assert_eq!(answer.err().map_or("", |error| error.code()), expected);
    }
    let now = contract.deadline().unwrap();
    let contract = world.started();
    let error = contract.may_sign(&attempt(&contract, "sa", now), &facts, now).unwrap_err();
    assert_eq!(error.code(), "con.deadline_passed");
}

#[test]
fn r_sign_03_somebody_else_or_somebody_with_other_facts() {
    let world = World::new();
    let contract = world.started();
    let bob = By::Staff(world.bob());
    assert_eq!(code(&contract, &attempt(&contract, "sa", NOW), &bob), "con.not_a_signer");
    let nowhere = SigningAttempt::new("sx".parse().unwrap());
    assert_eq!(code(&contract, &nowhere, &By::Staff(world.alice())), "con.not_a_signer");
    // The host is not the signer either.
    assert_eq!(code(&contract, &attempt(&contract, "sa", NOW), &By::System), "con.not_a_signer");
    let wrong = started_with(&world, |slots| {
        let mobile = person("x", 999).mobile().clone();
        let Signer::Bound { holder } = &mut slots[0].signer else { panic!("a bound signer") };
        holder.person = holder.person.clone().with_mobile(mobile);
    });
    let alice = By::Staff(world.alice());
    assert_eq!(code(&wrong, &attempt(&wrong, "sa", NOW), &alice), "emp.identity_mismatch");
}

#[test]
fn r_sign_03_somebody_to_whom_it_is_not_delivered() {
    let world = World::new();
    let mut contract = world.started();
    let factors = Factors::default().with_if(Factor::Mobile, true);
    let slot = "sa".parse().unwrap();
    decide(&mut contract, Command::WithholdDelivery { slot, place: 0, factors }, &By::System);
    let alice = By::Staff(world.alice());
    assert_eq!(code(&contract, &attempt(&contract, "sa", NOW), &alice), "emp.identity_mismatch");
}

#[test]
fn r_sign_04_an_organization_or_an_employee_that_is_not_active() {
    let world = World::new();
    let contract = world.started();
    let mut suspended = world.a.clone();
    let command = OrganizationCommand::Suspend { reason: "audit".to_owned() };
    let decision = suspended.decide(command, &By::System, NOW).unwrap();
    apply(&mut suspended, decision);
    let by = By::Staff(Staff::of(&suspended, &world.alice).unwrap());
    assert_eq!(code(&contract, &attempt(&contract, "sa", NOW), &by), "org.suspended");
    let invited =
        crate::organization::samples::invited(&world.a, "alice", world.alice.person().clone());
    let by = By::Staff(Staff::of(&world.a, &invited).unwrap());
    assert_eq!(code(&contract, &attempt(&contract, "sa", NOW), &by), "emp.not_verified");
}

#[test]
fn r_sign_05_a_slot_that_has_acted() {
    let world = World::new();
    let mut stored = serde_json::to_value(world.started()).unwrap();
    stored["slots"][0]["state"] = "signed".into();
    let contract: Contract = serde_json::from_value(stored).unwrap();
    let alice = By::Staff(world.alice());
    assert_eq!(code(&contract, &attempt(&contract, "sa", NOW), &alice), "con.already_acted");
}

#[test]
fn r_sign_06_not_his_turn() {
    let world = World::new();
    let second = |slots: &mut Vec<SlotPlan>| slots[1].rank = super::super::Rank::new(2).unwrap();
    let contract = started_with(&world, second);
    let bob = By::Staff(world.bob());
    let attempt_b = attempt(&contract, "sb", NOW);
    assert_eq!(code(&contract, &attempt_b, &bob), "con.not_your_turn");
    let mut parallel = world.draft();
    let (parties, mut slots) = (world.parties(), world.slots());
    second(&mut slots);
    world.edit(&mut parallel, Edit::People { parties, slots, cc: Vec::new() });
    let settings = Box::new(Settings { order: Order::Parallel, ..Settings::default() });
    world.edit(&mut parallel, Edit::Settings { settings });
    assert_eq!(code(&world.start(parallel), &attempt_b, &bob), "");
}

#[test]
fn r_sign_07_a_review_that_is_pending_or_rejected() {
    let world = World::new();
    let mut contract = started_with(&world, |slots| slots[0].options.needs_review = true);
    let (alice, wanted) = (By::Staff(world.alice()), attempt(&contract, "sa", NOW));
    assert_eq!(code(&contract, &wanted, &alice), "con.review_pending");
    for (verdict, expected) in [(Verdict::Reject, "con.review_rejected"), (Verdict::Pass, "")] {
        let reason = Some(Reason::parse("条款").unwrap());
        let command = Command::Review { slot: "sa".parse().unwrap(), verdict, reason };
        decide(&mut contract, command, &By::System);
        assert_eq!(code(&contract, &wanted, &alice), expected);
    }
}

#[test]
fn r_sign_08_a_text_that_was_not_read() {
    let world = World::new();
    let alice = By::Staff(world.alice());
    let try_to = |contract: &Contract, seconds: i64, reached_end| {
        let shown_for = Duration::seconds(seconds);
        let reading = ReadingProof { shown_for, reached_end };
        code(contract, &attempt(contract, "sa", NOW).read(reading), &alice)
    };
    // Three pages: five seconds.
    let contract = world.started();
    assert_eq!(try_to(&contract, 4, true), "sign.read_time_not_met");
    assert_eq!(try_to(&contract, 5, false), "sign.not_read_to_end");
    assert_eq!(try_to(&contract, 5, true), "");
    let time = Some(ReadingTime::seconds(42).unwrap());
    for (mode, quick, partial) in [
        (ReadingMode::TimeAndBottom, "sign.read_time_not_met", "sign.not_read_to_end"),
        (ReadingMode::Time, "sign.read_time_not_met", ""),
        (ReadingMode::Bottom, "", "sign.not_read_to_end"),
        (ReadingMode::None, "", ""),
    ] {
        let reading = ReadingGate { mode, time };
        let contract = with_settings(&world, Settings { reading, ..Settings::default() });
        assert_eq!(try_to(&contract, 41, true), quick, "{mode:?}");
        assert_eq!(try_to(&contract, 42, false), partial, "{mode:?}");
    }
    // The slot's own gate counts before the contract's.
    let free = ReadingGate { mode: ReadingMode::None, time: None };
    let contract = started_with(&world, |slots| slots[0].options.reading = Some(free));
    assert_eq!(try_to(&contract, 0, false), "");
}

#[test]
fn r_sign_09_required_fields_without_a_value() {
    let world = World::new();
    let mut contract = world.draft();
    let field = control("f", ControlKind::Text(TextStyle::default()), "sa", 440.0);
    world.edit(&mut contract, Edit::ControlPlaced { control: Box::new(field) });
    let mut contract = world.start(contract);
    let slot: crate::identity::SlotId = "sa".parse().unwrap();
    let error = contract.require_fields_filled(&slot).unwrap_err();
    assert_eq!(error.code(), "ctl.required_value_missing");
    assert!(error.to_string().contains("doc_1/f"), "{error}");
    let (alice, values) = (By::Staff(world.alice()), vec![(key("f"), Input::text("x"))]);
    decide(&mut contract, Command::Fill { slot, values, finished: true }, &alice);
    assert_eq!(code(&contract, &attempt(&contract, "sa", NOW), &alice), "");
}

#[test]
fn r_sign_09_comes_before_the_intent_in_a_contract_that_is_being_signed() {
    let world = World::new();
    let mut contract = world.draft();
    let field = control("f", ControlKind::Text(TextStyle::default()), "sa", 440.0);
    let filled = field.clone().filled(&Input::text("x")).unwrap();
    world.edit(&mut contract, Edit::ControlPlaced { control: Box::new(filled) });
    let mut stored = serde_json::to_value(world.start(contract)).unwrap();
    for control in stored["controls"].as_array_mut().unwrap() {
        control["state"] = serde_json::json!({"type": "empty"});
    }
    let contract: Contract = serde_json::from_value(stored).unwrap();
    let mut without = attempt(&contract, "sa", NOW);
    without.intent = None;
    let alice = By::Staff(world.alice());
    assert_eq!(code(&contract, &without, &alice), "ctl.required_value_missing");
}

#[test]
fn r_sign_10_no_proof_of_intent() {
    let world = World::new();
    let contract = world.started();
    let alice = By::Staff(world.alice());
    let with = |proof: Option<IntentProof>| {
        let attempt = SigningAttempt { intent: proof, ..attempt(&contract, "sa", NOW) };
        code(&contract, &attempt, &alice)
    };
    assert_eq!(with(None), "sign.intent_missing");
    let mut unchecked = intent(&contract, "sa", NOW);
    unchecked.checks.clear();
    assert_eq!(with(Some(unchecked)), "sign.intent_missing");
    let unreferenced = intent(&contract, "sa", NOW).check(IntentMethod::Password, " ", NOW);
    assert_eq!(with(Some(unreferenced)), "sign.intent_missing");
}

#[test]
fn r_sign_10_methods_that_are_not_allowed_or_not_enough() {
    let world = World::new();
    let alice = By::Staff(world.alice());
    let by = |contract: &Contract, methods: &[IntentMethod]| {
        let mut proof = intent(contract, "sa", NOW);
        proof.checks.clear();
        let proof = methods.iter().fold(proof, |proof, it| proof.check(*it, "r", NOW));
        code(contract, &attempt(contract, "sa", NOW).meant(proof), &alice)
    };
    use IntentMethod::{DeviceFace, DeviceFingerprint, Face, Password};
    let free = world.started();
    let refused = "sign.intent_method_not_allowed";
    for method in IntentMethod::ALL {
        let expected = if method.is_device_only() { refused } else { "" };
        assert_eq!(by(&free, &[method]), expected, "{method}");
    }
    assert_eq!(by(&free, &[DeviceFace, DeviceFingerprint]), refused);
    assert_eq!(by(&free, &[DeviceFace, Password]), "");
    let strict = started_with(&world, |slots| slots[0].allowed.intents = [Face, DeviceFace].into());
    assert_eq!(by(&strict, &[Password]), refused);
    assert_eq!(by(&strict, &[DeviceFace]), refused);
    assert_eq!(by(&strict, &[Face, Password]), refused);
    assert_eq!(by(&strict, &[Face, DeviceFace]), "");
}

#[test]
fn r_sign_10_a_proof_that_is_old_or_from_the_future() {
    let world = World::new();
    let contract = world.started();
    let (alice, kinds) = (By::Staff(world.alice()), seal_kinds());
    let aged = |age: Duration, policy: SigningPolicy| {
        let facts = SigningFacts { policy, ..SigningFacts::of(&alice, &kinds) };
        answer(&contract, &attempt(&contract, "sa", NOW - age), &facts)
    };
    let (usual, minute) = (SigningPolicy::default(), Duration::MINUTE);
    assert_eq!(aged(minute * 10, usual), "");
    assert_eq!(aged(minute * 10 + Duration::SECOND, usual), "sign.intent_stale");
    assert_eq!(aged(-minute, usual), "");
    assert_eq!(aged(-minute - Duration::SECOND, usual), "sign.intent_stale");
    let strict = SigningPolicy { intent_lasts: minute, clock_skew: Duration::ZERO };
    assert_eq!(aged(minute * 2, strict), "sign.intent_stale");
    assert_eq!(aged(-Duration::SECOND, strict), "sign.intent_stale");
    // One old check spoils the proof.
    let mixed = intent(&contract, "sa", NOW).check(IntentMethod::Password, "p", NOW - minute * 11);
    assert_eq!(
        code(&contract, &attempt(&contract, "sa", NOW).meant(mixed), &alice),
        "sign.intent_stale"
    );
}

#[test]
fn r_sign_10_a_proof_for_something_else() {
    let world = World::new();
    let contract = world.started();
    let alice = By::Staff(world.alice());
    let bound = |change: &dyn Fn(&mut IntentProof)| {
        let mut proof = intent(&contract, "sa", NOW);
        change(&mut proof);
        code(&contract, &attempt(&contract, "sa", NOW).meant(proof), &alice)
    };
    let other = Digest::of(DigestAlgorithm::Sha256, b"other bytes");
    let changes: [&dyn Fn(&mut IntentProof); 8] = [
        &|proof| proof.contract = "con_2".parse().unwrap(),
        &|proof| proof.slot = "sb".parse().unwrap(),
        &|proof| proof.signer = "e:bob".parse().unwrap(),
        &|proof| proof.signer = "p:alice".parse().unwrap(),
        &|proof| proof.documents[0].1 = other,
        &|proof| proof.documents.clear(),
        &|proof| proof.documents.push(("doc_2".parse().unwrap(), other)),
        &|proof| proof.documents.push(("doc_1".parse().unwrap(), other)),
    ];
    for change in changes {
        assert_eq!(bound(change), "sign.intent_binding");
    }
    assert_eq!(bound(&|_| {}), "");
}

#[test]
fn r_sign_08_and_10_ask_nothing_where_no_human_acts() {
    let world = World::new();
    let contract = started_with(&world, |slots| {
        slots[0].signer = Signer::Auto { seals: vec!["seal-a".parse().unwrap()] };
    });
    let with = |seal: &str| {
        SigningAttempt::new("sa".parse().unwrap())
            .choose(key("seal_a"), Pick::Seal(seal.parse().unwrap()))
    };
    let kinds = seal_kinds();
    let answered = SigningFacts::of(&By::System, &kinds).answered_by(world.alice());
    assert_eq!(answer(&contract, &with("seal-a"), &answered), "");
    assert_eq!(answer(&contract, &with("seal-b"), &answered), "seal.type_not_allowed");
    let nobody = SigningFacts { answers: None, ..answered };
    assert_eq!(answer(&contract, &with("seal-a"), &nobody), "con.not_a_signer");
    let human = SigningFacts { by: &By::Staff(world.alice()), ..answered };
    assert_eq!(answer(&contract, &with("seal-a"), &human), "con.not_a_signer");
}

/// Whoever answers has to belong to the party (03) and to be active, as his organization (04), before
/// anybody asks for the turn, the review or the seals.
#[test]
fn r_sign_03_04_who_answers_where_no_human_acts_is_asked_for_in_its_place() {
    let world = World::new();
    let contract = started_with(&world, |slots| {
        slots[1].signer = Signer::Auto { seals: vec!["seal-b".parse().unwrap()] };
        slots[1].rank = super::super::Rank::new(2).unwrap();
        slots[1].options.needs_review = true;
    });
    let kinds = seal_kinds();
    let unsigned = SigningAttempt::new("sb".parse().unwrap());
    let facts = SigningFacts::of(&By::System, &kinds);
    let of = |staff: Staff<'_>| answer(&contract, &unsigned, &facts.answered_by(staff));
    let mut suspended = world.b.clone();
    let command = OrganizationCommand::Suspend { reason: "audit".to_owned() };
    let decision = suspended.decide(command, &By::System, NOW).unwrap();
    apply(&mut suspended, decision);
    let invited =
        crate::organization::samples::invited(&world.b, "bob", world.bob.person().clone());
    assert_eq!(of(world.alice()), "con.not_a_signer");
    assert_eq!(of(Staff::of(&suspended, &invited).unwrap()), "org.suspended");
    assert_eq!(of(Staff::of(&world.b, &invited).unwrap()), "emp.not_verified");
    assert_eq!(of(world.bob()), "con.not_your_turn");
}

/// Everything is wrong at once; mended one after the other, the refusals come in the order of §3.6.
#[test]
fn r_sign_01_to_11_refuse_in_their_order() {
    let world = World::new();
    let mut contract = started_with(&world, |slots| {
        slots[1].rank = super::super::Rank::new(2).unwrap();
        slots[1].options.needs_review = true;
        slots[1].deadline = Some(NOW + Duration::HOUR);
        slots[1].allowed.seals = AllowedSeals::kinds([super::super::SealKind::Official]);
    });
    let kinds = seal_kinds();
    let (alice, bob) = (By::Staff(world.alice()), By::Staff(world.bob()));
    let mut attempt_b = SigningAttempt::new("sb".parse().unwrap());
    let mut seen = Vec::new();
    let mut step = |contract: &Contract, attempt: &SigningAttempt, by, window, late| {
        let facts = SigningFacts::of(by, &kinds).in_window(window);
        let error = contract.may_sign(attempt, &facts, NOW + late).unwrap_err();
        seen.push(error.code());
    };
    let own = "cer_1".parse().unwrap();
    let said = |span| SigningWindow::of_meeting("ceremony", (&own, Revision::NONE), span);
    let (closed, open) = (said(WindowSpan::Closed), said(WindowSpan::Open));
    contract.ceremony = Some(own.clone());
    step(&world.draft(), &attempt_b, &alice, closed, Duration::HOUR);
    step(&contract, &attempt_b, &alice, closed, Duration::HOUR);
    step(&contract, &attempt_b, &alice, closed, Duration::ZERO);
    step(&contract, &attempt_b, &alice, open, Duration::ZERO);
    step(&contract, &attempt_b, &bob, open, Duration::ZERO);
    let mut stored = serde_json::to_value(&contract).unwrap();
    stored["slots"][0]["state"] = "signed".into();
    contract = serde_json::from_value(stored).unwrap();
    step(&contract, &attempt_b, &bob, open, Duration::ZERO);
    let (slot, verdict) = ("sb".parse().unwrap(), Verdict::Pass);
    decide(&mut contract, Command::Review { slot, verdict, reason: None }, &By::System);
    step(&contract, &attempt_b, &bob, open, Duration::ZERO);
    attempt_b.reading = ReadingProof { shown_for: Duration::MINUTE, reached_end: true };
    step(&contract, &attempt_b, &bob, open, Duration::ZERO);
    attempt_b.intent = Some(intent(&contract, "sb", NOW));
    step(&contract, &attempt_b, &bob, open, Duration::ZERO);
    let attempt_b = attempt_b.choose(key("seal_b"), Pick::Signature(SignatureMethod::Generated));
    step(&contract, &attempt_b, &bob, open, Duration::ZERO);
    assert_eq!(
        seen,
        [
            "con.illegal_transition",
            "con.deadline_passed",
            "cer.stage_not_open",
            "con.not_a_signer",
            "con.not_your_turn",
            "con.review_pending",
            "sign.read_time_not_met",
            "sign.intent_missing",
            "sign.control_unsigned",
            "sign.method_not_allowed",
        ]
    );
}

#[test]
fn a_check_of_fifty_signers_and_five_hundred_controls_is_quick_even_unoptimised() {
    let world = World::new();
    let mut contract = world.draft();
    for number in 0..498_u32 {
        let mut control = sealed(&format!("c{number}"), &format!("s{}", number % 48), 0.0);
        control.freeze(vec![super::super::samples::spot(1, 0.0, 0.0)], None);
        contract.controls.push(control);
    }
    let contract = world.start(contract_without_strangers(contract));
    let (alice, kinds) = (By::Staff(world.alice()), seal_kinds());
    let (attempt, facts) = (attempt(&contract, "sa", NOW), SigningFacts::of(&alice, &kinds));
    let begun = Instant::now();
    for _ in 0..100 {
        assert_eq!(answer(&contract, &attempt, &facts), "");
    }
    let took = begun.elapsed() / 100;
    assert!(took.as_millis() < 5, "{took:?}");
}

/// The strangers' controls become optional texts, so that the contract may start.
fn contract_without_strangers(mut contract: Contract) -> Contract {
    let text = || ControlKind::Text(TextStyle::default());
    let owner = "sb".parse::<crate::identity::SlotId>().unwrap();
    for control in contract.controls.iter_mut().skip(2) {
        let key = control.key().clone();
        let place = super::super::samples::last_page(0.0);
        *control = super::super::Control::new(key, text(), owner.clone(), place).optional();
        control.fill(text().read(&Input::text("x")).unwrap());
    }
    let facts: BTreeMap<_, _> = Facts::of(&contract).documents;
    assert_eq!(facts.len(), 1);
    contract
}
