//! M9: calling a meeting off, with its contracts or without.

use std::collections::BTreeSet;

use super::booking_tests::reason;
use super::samples::{NOW, START, World, entitlement, sign};
use super::*;
use crate::contract::{
    Allowance, Contract, Membership, Phase as ContractPhase, SigningWindow, SlotState,
};
use crate::organization::samples::apply;
use crate::organization::{By, Entitlement, Feature};

#[test]
fn m9_host_or_booker_call_off_and_the_contract_with_it() {
    let mut world = World::new();
    world.entitlement = entitlement("E", &world.a, Feature::StrategicSigning, Some(3));
    let (mut run, mut contract) = world.prepared(Policy::default());
    let booking = world.book(&run, &[&contract]).unwrap();
    run.take(&booking.ceremony);
    booking.contracts.iter().for_each(|one| apply(&mut contract, one.clone()));
    booking.quotas.iter().for_each(|one| apply(&mut world.entitlement, one.clone()));
    assert_eq!(world.entitlement.quota().unwrap().left(), 2);

    let contracts = [&contract];
    let given = ContractsOfCancelled::Cancelled(&contracts);
    let cancel = |contracts, by: &By<'_>| {
        run.ceremony.cancel(reason(), contracts, &[&world.entitlement], by, NOW)
    };
    let code = |result: Result<MeetingCancellation, Error>| result.unwrap_err().code();
    assert_eq!(code(cancel(given, &world.signer_a())), "cer.host_only");
    let none = ContractsOfCancelled::Cancelled(&[]);
    assert_eq!(code(cancel(none, &world.booker())), "cer.contract_state");
    let unpaid = run.ceremony.cancel(reason(), given, &[], &world.booker(), NOW);
    assert_eq!(code(unpaid), "con.quota_not_given");
    assert_eq!(run.ceremony.quota(), Some(world.entitlement.id()));
    // The host may call off the meeting, but has no right to the organization's contracts.
    assert_eq!(code(cancel(given, &world.host())), "con.cancel_forbidden");
    assert!(cancel(ContractsOfCancelled::Kept(&contracts), &world.host()).is_ok());

    let done = cancel(given, &world.booker()).unwrap();
    assert_eq!(done.ceremony.kinds(), ["ceremony.cancelled"]);
    assert_eq!(done.ceremony.notices().len(), 4);
    assert_eq!(done.contracts[0].kinds(), ["contract.cancelled"]);
    done.quotas.iter().for_each(|one| apply(&mut world.entitlement, one.clone()));
    assert_eq!(world.entitlement.quota().unwrap().left(), 3);
    run.take(&done.ceremony);
    assert_eq!(run.ceremony.phase(), Phase::Cancelled);
    assert!(run.ceremony.links().iter().all(Link::is_revoked));
    assert_eq!(run.refused(Command::OpenRoom, &world.booker()), "cer.illegal_transition");
}

#[test]
fn m9_a_contract_that_is_kept_can_be_signed_without_the_meeting() {
    let world = World::new();
    let (mut run, contract) = world.booked(Policy::default());
    assert_eq!(contract.ceremony(), Some(run.ceremony.id()));
    let (plain, now) = (SigningWindow::NO_MEETING, run.now);
    let code = |error: crate::contract::Error| error.code();
    let closed = contract.check_window(run.ceremony.signing_window(), now).map_err(code);
    assert_eq!(closed, Err("cer.stage_not_open"));
    assert_eq!(contract.check_window(plain, now).map_err(code), Err("cer.stage_not_open"));
    let given = [&contract];
    let kept = ContractsOfCancelled::Kept(&given);
    let none =
        run.ceremony.cancel(reason(), ContractsOfCancelled::Kept(&[]), &[], &world.host(), NOW);
    assert_eq!(none.unwrap_err().code(), "cer.contract_state");
    let done = run.ceremony.cancel(reason(), kept, &[], &world.host(), NOW).unwrap();
    assert!(done.quotas.is_empty());
    assert_eq!(done.contracts[0].kinds(), ["contract.meeting_called_off"]);
    run.take(&done.ceremony);
    let mut freed = contract.clone();
    apply(&mut freed, done.contracts[0].clone());
    assert_eq!((freed.ceremony(), freed.phase()), (None, contract.phase()));
    assert_eq!(freed.check_window(plain, now), Ok(()));
    assert!(freed.phase().is_signing());
    let again = run.ceremony.cancel(reason(), kept, &[], &world.host(), NOW).unwrap_err();
    assert_eq!(again.code(), "cer.illegal_transition");
}

#[test]
fn m9_a_live_meeting_is_concluded_and_not_cancelled() {
    let world = World::new();
    let (run, contract) = world.live(Policy::default());
    let contracts = [&contract];
    let given = ContractsOfCancelled::Cancelled(&contracts);
    let refused = run.ceremony.cancel(reason(), given, &[], &world.booker(), START).unwrap_err();
    assert_eq!(refused.code(), "cer.illegal_transition");
}

#[test]
fn m9_a_draft_tells_nobody_and_signed_contracts_stay_signed() {
    let world = World::new();
    let (run, contract) = world.prepared(Policy::default());
    let contracts = [&contract];
    let given = ContractsOfCancelled::Cancelled(&contracts);
    let done = run.ceremony.cancel(reason(), given, &[], &world.booker(), NOW).unwrap();
    assert!(done.ceremony.notices().is_empty());
    assert_eq!(done.contracts.len(), 1);

    let any_time = SigningWindowPolicy::AnyTimeAfterBooking;
    let policy = Policy { signing_window: any_time, ..Policy::default() };
    let (run, mut contract) = world.booked(policy);
    sign(&mut contract, "sa", &world.signer_a(), NOW);
    sign(&mut contract, "sb", &world.signer_b(), NOW);
    assert_eq!(contract.phase(), ContractPhase::Completed);
    let contracts = [&contract];
    let given = ContractsOfCancelled::Cancelled(&contracts);
    let done = run.ceremony.cancel(reason(), given, &[], &world.booker(), NOW).unwrap();
    assert!(done.contracts.is_empty());
    assert!(contract.slots().iter().all(|slot| slot.state() == SlotState::Signed));
}

/// Two contracts of a group of this size, on the unit of quota each, in a booked meeting.
fn booked_group(world: &World, size: u8) -> (Ceremony, Vec<Contract>, Entitlement) {
    let of = || Some(Membership::new("annexes".parse().unwrap(), size).unwrap());
    let mut contracts = ["con_01", "con_02"].map(|id| world.contract_in(id, of())).to_vec();
    let mut quota = entitlement("Q", &world.a, Feature::Contracts, Some(5));
    let mut run = world.drafted();
    let given: Vec<&Contract> = contracts.iter().collect();
    world.prepare(&mut run, &given);
    let none = BTreeSet::new();
    let booking = world.book_with(&run, &given, &none, Allowance::On(&quota)).unwrap();
    run.take(&booking.ceremony);
    for (contract, decision) in contracts.iter_mut().zip(booking.contracts) {
        apply(contract, decision);
    }
    booking.quotas.into_iter().for_each(|decision| apply(&mut quota, decision));
    assert_eq!(quota.quota().unwrap().left(), 3);
    (run.ceremony, contracts, quota)
}

#[test]
fn m9_a_group_of_contracts_is_called_off_as_a_whole() {
    let world = World::new();
    let (mut meeting, mut contracts, mut quota) = booked_group(&world, 2);
    let given: Vec<&Contract> = contracts.iter().collect();
    let given = ContractsOfCancelled::Cancelled(&given);
    let done = meeting.cancel(reason(), given, &[&quota], &world.booker(), NOW).unwrap();
    assert_eq!((done.contracts.len(), done.quotas.len()), (2, 2));
    let _ = done.ceremony.apply_to(&mut meeting).unwrap();
    for (contract, decision) in contracts.iter_mut().zip(done.contracts) {
        assert_eq!(decision.kinds(), ["contract.cancelled"]);
        apply(contract, decision);
        assert_eq!(contract.phase(), ContractPhase::Cancelled);
    }
    done.quotas.into_iter().for_each(|decision| apply(&mut quota, decision));
    assert_eq!(quota.quota().unwrap().left(), 5);
}

#[test]
fn m9_a_group_with_a_member_outside_the_meeting_is_not_torn_apart() {
    let world = World::new();
    let (meeting, contracts, quota) = booked_group(&world, 3);
    let given: Vec<&Contract> = contracts.iter().collect();
    let cancel = |given| meeting.cancel(reason(), given, &[&quota], &world.booker(), NOW);
    let refused = cancel(ContractsOfCancelled::Cancelled(&given)).unwrap_err();
    assert_eq!(refused.code(), "con.group_incomplete");
    let kept = cancel(ContractsOfCancelled::Kept(&given)).unwrap();
    assert_eq!(kept.contracts.len(), 2, "each goes on without the meeting");
}

#[test]
fn m9_a_contract_that_is_given_twice_is_refused() {
    let world = World::new();
    let (run, contract) = world.booked(Policy::default());
    let twice = [&contract, &contract];
    let given = ContractsOfCancelled::Cancelled(&twice);
    let refused = run.ceremony.cancel(reason(), given, &[], &world.booker(), NOW).unwrap_err();
    assert_eq!(refused.code(), "cer.contract_state");
}
