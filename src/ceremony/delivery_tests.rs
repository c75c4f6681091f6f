//! R-CER-06, Lenient, where any one of several candidates may sign.

use super::samples::{NOW, World};
use super::*;
use crate::contract::{Command as ContractCommand, Edit, Holder, Signer};
use crate::identity::{Factor, Factors, SlotId};
use crate::organization::samples::{apply, employee, person};
use crate::organization::{By, Employee, Staff};

fn holder(of: &Employee) -> Holder {
    Holder::employee(of.id().clone(), of.person().clone())
}

#[test]
fn r_cer_06_lenient_withholds_from_one_candidate_and_not_from_the_other() {
    let world = World::new();
    let policy = Policy { delivery: DeliveryPolicy::Lenient, ..Policy::default() };
    let mut run = world.drafted_with(Profile::Strategic, policy);
    // Of the deputy nothing is registered.
    let deputy = employee(&world.b, "SB2", person("副签", 778), &[]);
    let mut contract = world.contract("con_01");
    let mut slots: Vec<_> = contract.slots().iter().map(|slot| slot.plan().clone()).collect();
    let holders = vec![holder(&world.signer_b), holder(&deputy)];
    slots[1].signer = Signer::Candidates { holders };
    let people = Edit::People { parties: contract.parties().to_vec(), slots, cc: Vec::new() };
    let decision = contract.decide(ContractCommand::Edit(people), &world.booker(), NOW).unwrap();
    apply(&mut contract, decision);

    run.must(world.schedule("战略合作签约仪式"), &world.booker());
    let mut participants = world.participants();
    participants.push(world.signer("SB2", "B", &deputy));
    world.invite(&mut run, participants).unwrap();
    run.must(Command::AttachContracts(&[&contract]), &world.booker());
    let facts = super::samples::ToStart::of(&contract);
    let start = facts.start();
    run.must(Command::FinishControls { contract: &contract, start: &start }, &world.booker());
    let booking = world.book(&run, &[&contract]).unwrap();
    drop(facts);
    run.take(&booking.ceremony);
    booking.contracts.iter().for_each(|one| apply(&mut contract, one.clone()));

    let sb: SlotId = "sb".parse().unwrap();
    let slot = contract.slot(&sb).unwrap();
    let unknown = [Factor::Name, Factor::IdNumber, Factor::Mobile].into_iter().collect();
    assert_eq!((slot.withheld_from(0), slot.withheld_from(1)), (Factors::NONE, unknown));
    let open = |by: &By<'_>| {
        let entry = crate::contract::Entry::List;
        let command = ContractCommand::Open { slot: sb.clone(), entry, shown: Default::default() };
        contract.decide(command, by, NOW).map(drop).map_err(|refused| refused.code())
    };
    let as_deputy = By::Staff(Staff::of(&world.b, &deputy).unwrap());
    assert_eq!(open(&world.signer_b()), Ok(()));
    assert_eq!(open(&as_deputy), Err("emp.identity_mismatch"));

    let staff = Staff::of(&world.b, &deputy).unwrap();
    let redelivered = run.ceremony.redeliver(
        &"SB2".parse().unwrap(),
        None,
        staff,
        &[&contract],
        &world.booker(),
        NOW,
    );
    redelivered.unwrap().contracts.iter().for_each(|one| apply(&mut contract, one.clone()));
    assert!(contract.slot(&sb).unwrap().withheld().is_empty());
}
