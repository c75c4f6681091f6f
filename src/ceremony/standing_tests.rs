//! Whoever is not an active employee is nobody in a meeting: his facts are what somebody typed.

use super::samples::{NOW, Run, World};
use super::*;
use crate::contract::Contract;
use crate::identity::{Mobile, Person};
use crate::organization::samples::{apply, employee, invited, person_name};
use crate::organization::{By, Employee, EmployeeCommand, OpenWork, Staff};

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
