//! What decisions on a meeting rest on: whoever asks, and every aggregate that was looked at.

use std::collections::BTreeSet;

use super::booking_tests::reason;
use super::samples::{NOW, Run, START, ToStart, World};
use super::*;
use crate::decision::Decision;
use crate::organization::{By, Entitlements, Staff};

fn witnesses(decision: &Decision<Ceremony>) -> BTreeSet<String> {
    let all = decision.witnesses().iter();
    let names: Vec<_> = all.map(|one| format!("{}:{}", one.kind, one.id)).collect();
    let each = names.iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(each.len(), names.len(), "each is noted once: {names:?}");
    each
}

fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

const BOOKER: [&str; 2] = ["organization:A", "employee:A-admin"];
const HOST: [&str; 2] = ["organization:A", "employee:H"];

fn with<const N: usize>(asking: [&str; 2], names: [&str; N]) -> BTreeSet<String> {
    &set(asking) | &set(names)
}

fn decided(run: &Run, command: Command<'_>, by: &By<'_>) -> BTreeSet<String> {
    witnesses(&run.ceremony.decide(command, by, run.now).unwrap())
}

#[test]
fn m1_to_m6_what_the_preparation_rests_on() {
    let world = World::new();
    let staff = Staff::of(&world.a, &world.booker).unwrap();
    let (id, entitled) = ("cer_01".parse().unwrap(), [&world.entitlement]);
    let entitled = Entitlements::of(&entitled);
    let drafted = Ceremony::draft(id, Profile::Strategic, Policy::default(), &staff, entitled, NOW);
    assert_eq!(witnesses(&drafted.unwrap()), with(BOOKER, ["entitlement:E"]));

    let (run, contract) = world.prepared(Policy::default());
    let by = world.booker();
    assert_eq!(decided(&run, world.schedule("改期"), &by), set(BOOKER));
    let hosts = [Staff::of(&world.a, &world.host).unwrap()];
    let (parties, participants) = (world.parties(), world.participants());
    let people = Command::SetParticipants { parties, participants, hosts: &hosts };
    assert_eq!(decided(&run, people, &by), with(BOOKER, ["employee:H"]));
    let attach = Command::AttachContracts(&[&contract]);
    assert_eq!(decided(&run, attach, &by), with(BOOKER, ["contract:con_01"]));
    let facts = ToStart::of(&contract);
    let start = crate::contract::StartFacts { entitlements: entitled, ..facts.start() };
    let finish = Command::FinishControls { contract: &contract, start: &start };
    let expected = with(BOOKER, ["contract:con_01", "entitlement:E"]);
    assert_eq!(decided(&run, finish, &by), expected);
}

#[test]
fn m7_m9_what_booking_and_calling_off_rest_on() {
    let world = World::new();
    let (run, contract) = world.prepared(Policy::default());
    let booking = world.book(&run, &[&contract]).unwrap();
    let expected = with(
        BOOKER,
        ["entitlement:E", "employee:H", "employee:SA", "organization:B", "employee:SB"],
    );
    assert_eq!(witnesses(&booking.ceremony), expected);
    let given = [&contract];
    let kept = ContractsOfCancelled::Kept(&given);
    let done = run.ceremony.cancel(reason(), kept, &[], &world.booker(), NOW).unwrap();
    assert_eq!(witnesses(&done.ceremony), set(BOOKER));
}

#[test]
fn m8_m10_to_m18_what_the_meeting_rests_on() {
    let world = World::new();
    let (mut run, contract) = world.booked(Policy::default());
    let (host, both) = (world.host(), with(HOST, ["contract:con_01"]));
    let contracts = [&contract];
    let booked = Some(Rescheduling { contracts: &contracts, keys: &world.keys });
    let Command::SetSchedule { title, starts_at, ends_at, .. } = world.schedule("改期") else {
        panic!()
    };
    let later = Command::SetSchedule { title, starts_at, ends_at, booked };
    assert_eq!(decided(&run, later, &host), both);
    run.now = START;
    run.must(Command::OpenRoom, &host);
    let enter = Command::Enter { visitor: Visitor::Himself, entrance: Entrance::List };
    let signer = set(["organization:B", "employee:SB"]);
    assert_eq!(decided(&run, enter, &world.signer_b()), signer);
    assert_eq!(decided(&run, Command::Record(true), &host), set(HOST));
    assert_eq!(decided(&run, Command::OpenStage(&contracts), &host), both);
    assert_eq!(decided(&run, Command::Conclude(&contracts), &host), both);
    let followed = run.ceremony.follow(&contracts, START).unwrap();
    assert_eq!(witnesses(&followed), set(["contract:con_01"]));
    run.now = run.ceremony.lapses_at().unwrap();
    let lapsed = decided(&run, Command::Lapse(&contracts), &By::System);
    assert_eq!(lapsed, set(["contract:con_01"]));
}
