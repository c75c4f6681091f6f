//! M10 to M14, M16 to M18: the room, the stage, the end.

use std::collections::BTreeSet;

use time::Duration;

use super::samples::{END, NOW, Run, START, ToStart, World, guest, sign};
use super::*;
use crate::contract::{
    Allowance, Command as ContractCommand, Contract, Edit, ForwardKind, Holder,
    Phase as ContractPhase, Signer, SlotPlan,
};
use crate::organization::samples::{apply, employee, person};
use crate::organization::{By, Employee, Entitlements, Staff};

fn enter<'a>(visitor: Visitor<'a>) -> Command<'a> {
    Command::Enter { visitor, entrance: Entrance::List }
}

fn presence(run: &Run, id: &str) -> Presence {
    run.ceremony.participant(&id.parse().unwrap()).unwrap().presence()
}

#[test]
fn m10_the_room_opens_shortly_before_the_start() {
    let world = World::new();
    let (mut run, _) = world.booked(Policy::default());
    run.now = START - Duration::minutes(30) - Duration::SECOND;
    assert_eq!(run.refused(Command::OpenRoom, &world.host()), "cer.too_early");
    run.now += Duration::SECOND;
    assert_eq!(run.refused(Command::OpenRoom, &world.signer_a()), "cer.host_only");
    assert_eq!(run.does(Command::OpenRoom, &By::System).kinds(), ["ceremony.room_opened"]);
    assert_eq!(run.ceremony.phase(), Phase::Live);
    assert_eq!(run.refused(Command::OpenRoom, &world.host()), "cer.illegal_transition");
    // The lead is the embedder's choice.
    let policy = Policy { lead: Duration::DAY, ..Policy::default() };
    let (mut run, _) = world.booked(policy);
    run.now = START - Duration::DAY;
    assert!(run.by(Command::OpenRoom, &world.host()).is_ok());
}

#[test]
fn m10_a_room_whose_time_is_over_does_not_open() {
    let world = World::new();
    let (mut run, _) = world.booked(Policy::default());
    run.now = END + Duration::hours(2);
    assert_eq!(run.refused(Command::OpenRoom, &world.host()), "cer.ended");
}

#[test]
fn m11_guards_in_order() {
    let world = World::new();
    let (mut run, contract) = world.booked(Policy::default());
    // Whoever is not invited learns nothing of the state.
    assert_eq!(run.enter(&world.stranger()).unwrap_err().code(), "cer.not_invited");
    assert_eq!(run.enter(&world.signer_b()).unwrap_err().code(), "cer.not_live");
    run.now = START;
    run.must(Command::OpenRoom, &world.host());
    run.enter(&world.signer_b()).unwrap();
    assert_eq!(presence(&run, "SB"), Presence::Joined);
    assert!(run.does(enter(Visitor::Himself), &world.signer_b()).is_empty(), "he is there");
    run.must(Command::Conclude(&[&contract]), &world.host());
    assert_eq!(run.enter(&world.signer_b()).unwrap_err().code(), "cer.ended");
    assert_eq!(run.enter(&world.stranger()).unwrap_err().code(), "cer.not_invited");
}

#[test]
fn m11_nobody_is_invited_to_a_draft() {
    let world = World::new();
    let (mut run, _) = world.prepared(Policy::default());
    assert_eq!(run.enter(&world.signer_b()).unwrap_err().code(), "cer.not_invited");
}

#[test]
fn r_cer_11_who_comes_by_number_knows_the_number_and_guests_are_vouched_for() {
    let world = World::new();
    let (mut run, _) = world.live(Policy::default());
    let number = ConferenceRef::parse("123 456").unwrap();
    let other = ConferenceRef::parse("654 321").unwrap();
    let by_number =
        |number| Command::Enter { visitor: Visitor::Himself, entrance: Entrance::Number(number) };
    assert_eq!(run.refused(by_number(&number), &world.signer_a()), "cer.not_invited");
    run.must(Command::SetConference(Some(number.clone())), &world.host());
    assert_eq!(run.refused(by_number(&other), &world.signer_a()), "cer.not_invited");
    run.must(by_number(&number), &world.signer_a());

    let facts = guest();
    let operator = "desk".parse().unwrap();
    let vouched = || enter(Visitor::Vouched(&facts));
    assert_eq!(run.refused(vouched(), &world.host()), "cer.host_only");
    run.must(vouched(), &By::Host(&operator));
    assert_eq!(presence(&run, "O"), Presence::Joined);
    assert_eq!(run.refused(enter(Visitor::Himself), &By::System), "cer.not_invited");
}

#[test]
fn r_cer_11_a_denied_entry_is_recorded_and_told_to_the_hosts() {
    let world = World::new();
    let (mut run, _) = world.live(Policy::default());
    let refused = run.enter(&world.stranger()).unwrap_err();
    let denial = || Command::RecordDenial(refused.denial().unwrap());
    assert_eq!(run.refused(denial(), &world.signer_b()), "cer.host_only");
    assert_eq!(run.refused(denial(), &world.stranger()), "cer.not_invited");
    let before = run.ceremony.participants().to_vec();
    let decision = run.does(denial(), &By::System);
    assert_eq!(decision.kinds(), ["ceremony.entry_denied"]);
    let [notice] = decision.notices() else { panic!() };
    assert_eq!(notice.parameters["reason"], "not_invited");
    assert_eq!(run.ceremony.participants(), before);
    assert_eq!(Error::Started.denial(), None);
    assert_eq!(Error::Ended.denial(), Some(DenialReason::Ended));
}

#[test]
fn m11_people_leave_come_back_and_are_sent_out() {
    let world = World::new();
    let (mut run, _) = world.live(Policy::default());
    run.enter(&world.signer_b()).unwrap();
    let leave = || Command::Leave { visitor: Visitor::Himself };
    run.must(leave(), &world.signer_b());
    assert_eq!(presence(&run, "SB"), Presence::Left);
    assert_eq!(run.refused(leave(), &world.stranger()), "cer.not_invited");
    run.enter(&world.signer_b()).unwrap();

    let out = |id: &str| Command::SendOut(id.parse().unwrap());
    assert_eq!(run.refused(out("SB"), &world.signer_a()), "cer.host_only");
    assert_eq!(run.refused(out("X"), &world.host()), "layout.not_participant");
    assert_eq!(run.refused(out("H"), &world.host()), "cer.participant_invalid");
    run.must(out("SB"), &world.host());
    assert_eq!(presence(&run, "SB"), Presence::Denied);
    assert_eq!(run.enter(&world.signer_b()).unwrap_err().code(), "cer.not_invited");
    assert!(!run.ceremony.has_host_joined());
    run.enter(&world.host()).unwrap();
    assert!(run.ceremony.has_host_joined());
}

#[test]
fn m12_the_layout_of_a_live_meeting_is_the_hosts() {
    let world = World::new();
    let (mut run, _) = world.live(Policy::default());
    let plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants());
    let layout = || Command::SetLayout(plan.clone());
    assert_eq!(run.refused(layout(), &world.signer_a()), "cer.host_only");
    assert_eq!(run.refused(layout(), &world.booker()), "cer.host_only");
    assert_eq!(run.ceremony.layout_version(), 1);
    let decision = run.does(layout(), &world.host());
    assert_eq!(decision.kinds(), ["ceremony.layout_changed"]);
    assert!(decision.notices().is_empty());
    assert_eq!(run.ceremony.layout_version(), 2);
}

#[test]
fn m13_the_recording_is_the_hosts() {
    let world = World::new();
    let (mut run, contract) = world.live(Policy::default());
    assert_eq!(run.refused(Command::Record(true), &world.signer_a()), "cer.host_only");
    let kinds = |run: &mut Run, on| run.does(Command::Record(on), &world.host()).kinds();
    assert_eq!(kinds(&mut run, true), ["ceremony.recording_started"]);
    assert!(run.ceremony.is_recording());
    assert!(kinds(&mut run, true).is_empty());
    assert_eq!(kinds(&mut run, false), ["ceremony.recording_stopped"]);
    run.must(Command::Record(true), &world.host());
    run.must(Command::Conclude(&[&contract]), &world.host());
    assert!(!run.ceremony.is_recording());
    assert_eq!(run.refused(Command::Record(true), &world.host()), "cer.illegal_transition");
}

#[test]
fn m14_the_stage_opens_when_the_contract_waits_for_signatures() {
    let world = World::new();
    let (mut run, contract) = world.live(Policy::default());
    assert_eq!(run.refused(Command::OpenStage(&[&contract]), &world.signer_a()), "cer.host_only");
    // The host is asked for before the contract is looked at.
    assert_eq!(run.refused(Command::OpenStage(&[]), &world.signer_a()), "cer.host_only");
    assert_eq!(run.refused(Command::OpenStage(&[]), &world.host()), "cer.contract_state");
    let draft = world.contract("con_01");
    assert_eq!(run.refused(Command::OpenStage(&[&draft]), &world.host()), "cer.contract_state");
    let decision = run.does(Command::OpenStage(&[&contract]), &world.host());
    assert_eq!(decision.kinds(), ["ceremony.signing_stage_opened"]);
    assert!(decision.witnesses().iter().any(|witness| witness.kind == "contract"));
    assert_eq!(run.ceremony.stage(), Stage::Open);
    assert_eq!(run.entries.last().unwrap().states().1, Some("live_signing_open"));
    run.must(Command::CloseStage, &world.host());
    assert_eq!(run.ceremony.stage(), Stage::Closed);
    run.must(Command::OpenStage(&[&contract]), &world.host());
    assert_eq!(run.ceremony.stage(), Stage::Open);
    let (mut booked, contract) = world.booked(Policy::default());
    let early = Command::OpenStage(&[&contract]);
    assert_eq!(booked.refused(early, &world.host()), "cer.illegal_transition");
}

fn windows(world: &World, signing_window: SigningWindowPolicy) -> Vec<bool> {
    let (mut run, contract) = world.live(Policy { signing_window, ..Policy::default() });
    let mut open = Vec::new();
    open.push(contract.check_window(run.ceremony.signing_window(), run.now).is_ok());
    let steps =
        [Command::OpenStage(&[&contract]), Command::CloseStage, Command::Conclude(&[&contract])];
    for step in steps {
        run.must(step, &world.host());
        open.push(contract.check_window(run.ceremony.signing_window(), run.now).is_ok());
    }
    open
}

#[test]
fn m16_the_policy_says_when_signers_may_sign() {
    use SigningWindowPolicy as When;
    let world = World::new();
    let (draft, contract) = world.prepared(Policy::default());
    assert!(!draft.ceremony.signing_window().is_open(NOW));
    assert_eq!(contract.ceremony(), None, "until it is booked");
    // Live, stage open, stage closed, concluded.
    assert_eq!(windows(&world, When::OnlyWhileStageOpen), [false, true, false, false]);
    assert_eq!(windows(&world, When::AnyTimeAfterBooking), [true; 4]);
    assert_eq!(windows(&world, When::StageOpenThenUntilDeadline), [false, true, true, true]);
}

#[test]
fn m16_host_or_booker_may_let_people_sign_after_the_meeting() {
    let world = World::new();
    let (mut run, contract) = world.live(Policy::default());
    run.must(Command::Conclude(&[&contract]), &world.host());
    assert!(contract.check_window(run.ceremony.signing_window(), run.now).is_err());
    let any_time = || Command::SetSigningWindow(SigningWindowPolicy::AnyTimeAfterBooking);
    assert_eq!(run.refused(any_time(), &world.signer_b()), "cer.host_only");
    let decision = run.does(any_time(), &world.booker());
    assert_eq!(decision.kinds(), ["ceremony.signing_window_set"]);
    assert_eq!(contract.check_window(run.ceremony.signing_window(), run.now), Ok(()));
}

fn signed(world: &World, contract: &Contract, slots: &[&str]) -> Contract {
    let mut signed = contract.clone();
    for slot in slots {
        let by = if *slot == "sa" { world.signer_a() } else { world.signer_b() };
        sign(&mut signed, slot, &by, START);
    }
    signed
}

#[test]
fn m17_the_host_concludes_and_the_outcome_is_what_was_signed() {
    let world = World::new();
    let cases: [(&[&str], Outcome); 3] =
        [(&[], Outcome::NotSigned), (&["sa"], Outcome::Partial), (&["sa", "sb"], Outcome::Signed)];
    for (slots, outcome) in cases {
        let (mut run, contract) = world.live(Policy::default());
        run.must(Command::OpenStage(&[&contract]), &world.host());
        let contract = signed(&world, &contract, slots);
        let conclude = Command::Conclude(&[&contract]);
        assert_eq!(run.refused(conclude.clone(), &world.signer_b()), "cer.host_only");
        assert_eq!(run.refused(Command::Conclude(&[]), &world.host()), "cer.contract_state");
        run.must(conclude.clone(), &world.host());
        assert_eq!(run.ceremony.phase(), Phase::Concluded(outcome));
        assert_eq!(run.ceremony.stage(), Stage::Closed);
        assert_eq!(run.refused(conclude, &world.host()), "cer.illegal_transition");
    }
}

#[test]
fn m17_a_meeting_ends_by_itself_when_its_contracts_are_completed() {
    let world = World::new();
    let (mut run, contract) = world.live(Policy::default());
    let half = signed(&world, &contract, &["sa"]);
    assert!(run.ceremony.follow(&[&half], START).unwrap().is_empty());
    let whole = signed(&world, &contract, &["sa", "sb"]);
    assert_eq!(whole.phase(), ContractPhase::Completed);
    let decision = run.ceremony.follow(&[&whole], START).unwrap();
    assert_eq!(decision.kinds(), ["ceremony.concluded"]);
    run.take(&decision);
    assert_eq!(run.ceremony.phase(), Phase::Concluded(Outcome::Signed));
    assert!(run.ceremony.follow(&[&whole], START).unwrap().is_empty());
    let refused = run.ceremony.follow(&[], START).unwrap_err();
    assert_eq!(refused.code(), "cer.contract_state");
    // A meeting that is not live yet waits for its time.
    let (booked, _) = world.booked(Policy::default());
    assert!(booked.ceremony.follow(&[&whole], NOW).unwrap().is_empty());
}

#[test]
fn m18_a_meeting_lapses_after_its_end_and_a_grace() {
    let world = World::new();
    for live in [false, true] {
        let (mut run, contract) =
            if live { world.live(Policy::default()) } else { world.booked(Policy::default()) };
        run.now = END + Duration::hours(2) - Duration::SECOND;
        let lapse = Command::Lapse(&[&contract]);
        assert_eq!(run.refused(lapse.clone(), &By::System), "cer.too_early");
        run.now += Duration::SECOND;
        assert_eq!(run.ceremony.lapses_at(), Some(run.now));
        assert_eq!(run.refused(lapse.clone(), &world.signer_a()), "cer.host_only");
        run.must(lapse.clone(), &By::System);
        assert_eq!(run.ceremony.phase(), Phase::Concluded(Outcome::NotSigned));
        assert_eq!(run.entries.last().unwrap().details().get("cause"), Some(&"lapsed".into()));
        assert_eq!(run.refused(lapse, &By::System), "cer.illegal_transition");
    }
    let (mut draft, contract) = world.prepared(Policy::default());
    draft.now = END + Duration::DAY;
    let lapse = Command::Lapse(&[&contract]);
    assert_eq!(draft.refused(lapse, &By::System), "cer.illegal_transition");
}

#[test]
fn m8_a_forwarded_slot_brings_its_new_signer_into_the_meeting() {
    let world = World::new();
    let (mut run, mut contract) = world.booked(Policy::default());
    let deputy = employee(&world.b, "SB2", person("乙代表", 68), &[]);
    let to = Staff::of(&world.b, &deputy).unwrap();
    let slot = "sb".parse().unwrap();
    let forward = ContractCommand::Forward { slot, from: None, to, kind: ForwardKind::ByEmployee };
    let decision = contract.decide(forward, &world.signer_b(), NOW).unwrap();
    apply(&mut contract, decision);
    let decision = run.ceremony.follow(&[&contract], NOW).unwrap();
    assert_eq!(decision.kinds(), ["ceremony.signer_replaced"]);
    assert_eq!(decision.notices().len(), 1);
    run.take(&decision);
    let signer = run.ceremony.participant(&"SB".parse().unwrap()).unwrap();
    assert_eq!(signer.employee(), Some(deputy.id()));
    assert!(run.ceremony.follow(&[&contract], NOW).unwrap().is_empty());
    run.now = START;
    run.must(Command::OpenRoom, &world.host());
    assert_eq!(run.enter(&world.signer_b()).unwrap_err().code(), "cer.not_invited");
    assert!(run.enter(&By::Staff(to)).is_ok());
}

fn forward(world: &World, contract: &mut Contract, from: &Employee, to: &Employee) {
    let staff = |employee| Staff::of(&world.b, employee).unwrap();
    let (slot, to, kind) = ("sb".parse().unwrap(), staff(to), ForwardKind::ByEmployee);
    let forward = ContractCommand::Forward { slot, from: None, to, kind };
    let decision = contract.decide(forward, &By::Staff(staff(from)), NOW).unwrap();
    apply(contract, decision);
}

fn signing_employees(run: &Run) -> Vec<String> {
    run.ceremony.signers().map(|one| one.employee().unwrap().to_string()).collect()
}

#[test]
fn m8_of_two_candidates_only_the_one_who_forwarded_is_replaced() {
    let world = World::new();
    let other = employee(&world.b, "SC", person("丙签署", 62), &[]);
    let deputy = employee(&world.b, "SB2", person("乙代表", 68), &[]);
    let mut contract = world.contract("con_01");
    let holder = |one: &Employee| Holder::employee(one.id().clone(), one.person().clone());
    let [a, b] = contract.slots() else { panic!() };
    let either = Signer::Candidates { holders: vec![holder(&world.signer_b), holder(&other)] };
    let slots = vec![a.plan().clone(), SlotPlan { signer: either, ..b.plan().clone() }];
    let people = Edit::People { parties: contract.parties().to_vec(), slots, cc: Vec::new() };
    let decision = contract.decide(ContractCommand::Edit(people), &world.booker(), NOW).unwrap();
    apply(&mut contract, decision);

    let mut run = world.drafted();
    run.must(world.schedule("签约"), &world.booker());
    let mut people = world.participants();
    people.push(world.signer("SC", "B", &other));
    world.invite(&mut run, people).unwrap();
    run.must(Command::AttachContracts(&[&contract]), &world.booker());
    let facts = ToStart::of(&contract);
    let finish = Command::FinishControls { contract: &contract, start: &facts.start() };
    run.must(finish, &world.booker());
    let mut registered = world.registered().to_vec();
    registered.push(Staff::of(&world.b, &other).unwrap());
    let entitled = [&world.entitlement];
    let facts = BookingFacts {
        contracts: &[facts.to_start()],
        registered: &registered,
        entitlements: Entitlements::of(&entitled),
        quota: Allowance::Unlimited,
        acknowledged: &BTreeSet::new(),
        keys: &world.keys,
    };
    let booking = run.ceremony.book(&facts, &world.booker(), NOW).unwrap();
    run.take(&booking.ceremony);
    booking.contracts.into_iter().for_each(|one| apply(&mut contract, one));

    forward(&world, &mut contract, &world.signer_b, &deputy);
    let decision = run.ceremony.follow(&[&contract], NOW).unwrap();
    assert_eq!(decision.kinds(), ["ceremony.signer_replaced"]);
    run.take(&decision);
    assert_eq!(signing_employees(&run), ["SA", "SB2", "SC"]);
    assert!(run.ceremony.follow(&[&contract], NOW).unwrap().is_empty());
    // The other one hands over later, the first one's deputy hands back.
    let last = employee(&world.b, "SC2", person("丙代表", 69), &[]);
    forward(&world, &mut contract, &other, &last);
    forward(&world, &mut contract, &deputy, &world.signer_b);
    let decision = run.ceremony.follow(&[&contract], NOW).unwrap();
    assert_eq!(decision.notices().len(), 2);
    run.take(&decision);
    assert_eq!(signing_employees(&run), ["SA", "SB", "SC2"]);
    assert!(run.ceremony.follow(&[&contract], NOW).unwrap().is_empty());
}

#[test]
fn m8_a_signer_whose_slots_went_to_two_people_is_replaced_once() {
    let world = World::new();
    let (mut one, mut other) = (world.contract("con_01"), world.contract("con_02"));
    let mut run = world.drafted();
    world.prepare(&mut run, &[&one, &other]);
    let booking = world.book(&run, &[&one, &other]).unwrap();
    run.take(&booking.ceremony);
    let [first, second] = &booking.contracts[..] else { panic!() };
    apply(&mut one, first.clone());
    apply(&mut other, second.clone());
    let deputies = [68, 69].map(|n| employee(&world.b, &format!("D{n}"), person("代表", n), &[]));
    forward(&world, &mut one, &world.signer_b, &deputies[0]);
    // He still signs the other contract himself.
    assert!(run.ceremony.follow(&[&one, &other], NOW).unwrap().is_empty());
    forward(&world, &mut other, &world.signer_b, &deputies[1]);
    let decision = run.ceremony.follow(&[&one, &other], NOW).unwrap();
    assert_eq!((decision.events().len(), decision.notices().len()), (1, 1));
    run.take(&decision);
    assert_eq!(signing_employees(&run), ["SA", "D68"]);
    assert!(run.ceremony.follow(&[&one, &other], NOW).unwrap().is_empty());
}
