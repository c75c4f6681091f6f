//! Whoever is not an active employee is nobody in a meeting: his facts are what somebody typed.

use super::samples::{END, NOW, Run, World};
use super::*;
use crate::contract::{Command as ContractCommand, Contract, ForwardKind, Reason};
use crate::identity::{Mobile, Person};
use crate::organization::samples::{apply, employee, invited, person, person_name};
use crate::organization::{By, Employee, EmployeeCommand, OpenWork, Staff};
use time::Duration;

fn resigned(world: &World) -> Employee {
    let mut gone = world.signer_b.clone();
    let command = EmployeeCommand::Resign { open_work: OpenWork::default(), handover: None };
    let decision = gone.decide(command, &world.b, &By::System, NOW).unwrap();
    apply(&mut gone, decision);
    gone
}

fn staged(world: &World) -> (Run, Contract, String) {
    let (mut run, contract) = world.live(Policy::default());
    run.must(Command::OpenStage(&[&contract]), &world.host());
    let qr = run.ceremony.sign_qr(contract.id(), &world.keys, &world.host(), run.now).unwrap();
    let text = qr.as_str().to_owned();
    (run, contract, text)
}

#[test]
fn r_cer_11_employees_who_are_not_active_do_not_come_in() {
    let world = World::new();
    let (mut run, ..) = staged(&world);
    let typed = invited(&world.b, "typed", world.signer_b.person().clone());
    let elsewhere = invited(&world.c, "elsewhere", world.signer_b.person().clone());
    for (organization, nobody) in
        [(&world.b, &resigned(&world)), (&world.b, &typed), (&world.c, &elsewhere)]
    {
        let by = By::Staff(Staff::of(organization, nobody).unwrap());
        assert_eq!(run.enter(&by).unwrap_err().code(), "cer.not_invited");
        assert!(MyMeetings::of(&by, [&run.ceremony]).meetings.is_empty());
    }
    run.enter(&world.signer_b()).unwrap();
}

#[test]
fn m15_a_qr_opens_for_active_employees_by_account_or_by_all_their_facts() {
    let world = World::new();
    let (run, contract, text) = staged(&world);
    let scan = |organization, one: &Employee| {
        let by = By::Staff(Staff::of(organization, one).unwrap());
        let found = run.ceremony.resolve_qr(&text, &world.keys, &contract, &by, run.now);
        found.map(|found| found.slots.len()).map_err(|refused| refused.code())
    };
    assert_eq!(scan(&world.b, &world.signer_b), Ok(1));
    assert_eq!(scan(&world.b, &resigned(&world)), Err("con.not_a_signer"));
    let typed = invited(&world.c, "typed", world.signer_b.person().clone());
    assert_eq!(scan(&world.c, &typed), Err("con.not_a_signer"));

    let his = world.signer_b.person();
    let same = employee(&world.c, "same", his.clone(), &[]);
    assert_eq!(scan(&world.c, &same), Ok(1), "whoever is the person may look");
    let mobile = Mobile::parse("13900000001").unwrap();
    let other = Person::new(person_name("别人"), his.id_document().clone(), mobile);
    let other = employee(&world.c, "other", other, &[]);
    assert_eq!(scan(&world.c, &other), Err("con.not_a_signer"));
}

#[test]
fn r_cer_11_strangers_do_not_learn_how_far_a_meeting_is() {
    let world = World::new();
    let stranger = world.stranger();
    let (draft, contract) = world.prepared(Policy::default());
    let (booked, _) = world.booked(Policy::default());
    let (live, _) = world.live(Policy::default());
    for mut run in [draft, booked, live] {
        for command in [
            Command::OpenRoom,
            Command::CloseStage,
            Command::SetConference(None),
            Command::OpenStage(&[&contract]),
            Command::Conclude(&[&contract]),
            Command::Lapse(&[&contract]),
        ] {
            assert_eq!(run.refused(command, &stranger), "cer.not_invited");
        }
        let reason = Reason::parse("改为线下").unwrap();
        let given = [&contract];
        let kept = ContractsOfCancelled::Kept(&given);
        let refused = run.ceremony.cancel(reason, kept, &[], &stranger, NOW).unwrap_err();
        assert_eq!(refused.code(), "cer.not_invited");
    }
    let (mut live, _) = world.live(Policy::default());
    assert_eq!(live.refused(Command::OpenRoom, &world.signer_b()), "cer.illegal_transition");
}

#[test]
fn m16_a_stage_that_nobody_closed_is_closed_when_the_meeting_lapses() {
    let world = World::new();
    let (mut run, contract, _) = staged(&world);
    let over = run.ceremony.lapses_at().unwrap();
    let window = |run: &Run, contract: &Contract, now| {
        contract.check_window(run.ceremony.signing_window(), now).is_ok()
    };
    assert!(window(&run, &contract, over - Duration::SECOND));
    assert!(!window(&run, &contract, over));
    assert!(over > END);

    run.must(Command::CloseStage, &world.host());
    run.now = over;
    assert_eq!(run.refused(Command::OpenStage(&[&contract]), &world.host()), "cer.ended");
    run.now = over - Duration::SECOND;
    run.must(Command::OpenStage(&[&contract]), &world.host());
}

/// The seat belongs to the signer, whoever he is; somebody who sits already has one seat.
#[test]
fn m8_a_seat_goes_over_with_the_slot_and_nobody_sits_twice() {
    let world = World::new();
    let deputy = employee(&world.b, "SB2", person("乙代表", 68), &[]);
    let seat_of = |run: &Run, id: &str| {
        let layout = run.ceremony.layout().unwrap();
        layout.seat_of(&id.parse().unwrap()).map(|(seat, _)| seat.to_string())
    };
    for listens in [false, true] {
        let (mut run, mut contract) = world.prepared(Policy::default());
        let mut people = world.participants();
        if listens {
            let facts = PersonFacts::from(deputy.person());
            people.push(Participant::observer("D".parse().unwrap(), facts));
        }
        world.invite(&mut run, people).unwrap();
        let booking = world.book(&run, &[&contract]).unwrap();
        run.take(&booking.ceremony);
        booking.contracts.iter().for_each(|one| apply(&mut contract, one.clone()));
        let before = seat_of(&run, "SB").expect("signers sit by default");
        assert_eq!(seat_of(&run, "D").is_some(), listens);

        let (slot, to) = ("sb".parse().unwrap(), Staff::of(&world.b, &deputy).unwrap());
        let kind = ForwardKind::ByEmployee;
        let forward = ContractCommand::Forward { slot, from: None, to, kind };
        let forwarded = contract.decide(forward, &world.signer_b(), NOW).unwrap();
        apply(&mut contract, forwarded);
        let followed = run.ceremony.follow(&[&contract], NOW).unwrap();
        let mut expected = vec!["ceremony.signer_replaced"];
        expected.extend(listens.then_some("ceremony.layout_changed"));
        assert_eq!(followed.kinds(), expected);
        let versions = run.ceremony.layout_versions().len();
        run.take(&followed);
        assert_eq!(run.ceremony.layout_versions().len(), versions + usize::from(listens));
        assert_eq!(
            run.ceremony.participant(&"SB".parse().unwrap()).unwrap().facts().name(),
            deputy.person().name()
        );
        let seats = [seat_of(&run, "SB"), seat_of(&run, "D")];
        assert_eq!(seats.iter().flatten().count(), 1, "{seats:?}");
        assert!(listens || seats[0] == Some(before));
    }
}
