//! M1 to M6, and M8: preparing a meeting and changing it.

use std::collections::BTreeSet;

use time::Duration;

use super::participant::tests::facts;
use super::samples::{END, NOW, Run, START, ToStart, World, entitlement, kinds_to};
use super::*;
use crate::contract::{Command as ContractCommand, Edit, Reason};
use crate::decision::Aggregate as _;
use crate::organization::samples::{apply, employee, person};
use crate::organization::{By, EmployeeCommand, Entitlements, Feature, OrganizationCommand, Staff};

fn draft(world: &World, by: &Staff<'_>, at: time::OffsetDateTime) -> Result<(), Error> {
    let entitlements = [&world.entitlement];
    let id = "cer_02".parse().unwrap();
    let entitlements = Entitlements::of(&entitlements);
    Ceremony::draft(id, Profile::Strategic, Policy::default(), by, entitlements, at).map(drop)
}

#[test]
fn m1_a_meeting_is_drafted_by_an_entitled_organizer() {
    let world = World::new();
    let run = world.drafted();
    assert_eq!(run.ceremony.phase(), Phase::Draft);
    assert_eq!(run.ceremony.organizer(), world.a.id());
    assert_eq!(run.ceremony.booker(), world.booker.id());
    assert_eq!(run.entries[0].kind(), "ceremony.drafted");
    assert_eq!(run.entries[0].subject(), "ceremony:cer_01");
}

#[test]
fn m1_guards_in_order() {
    let mut world = World::new();
    let code = |world: &World, at| {
        let staff = Staff::of(&world.a, &world.host).unwrap();
        draft(world, &staff, at).unwrap_err().code()
    };
    // The host has no permission to book, whatever the entitlement is.
    assert_eq!(code(&world, NOW), "emp.no_permission");
    let suspend = OrganizationCommand::Suspend { reason: "audit".to_owned() };
    let decision = world.a.decide(suspend, &By::System, NOW + Duration::HOUR).unwrap();
    apply(&mut world.a, decision);
    assert_eq!(code(&world, NOW), "org.suspended");
    let (registered, admin) =
        crate::organization::samples::at("D", 4, crate::organization::OrganizationStatus::Verified);
    let staff = Staff::of(&registered, &admin).unwrap();
    assert_eq!(draft(&world, &staff, NOW).unwrap_err().code(), "org.not_active");
}

#[test]
fn m1_the_entitlement_is_asked_for() {
    let mut world = World::new();
    let code = |world: &World, at| {
        let staff = Staff::of(&world.a, &world.booker).unwrap();
        draft(world, &staff, at).map_err(|refused| refused.code())
    };
    assert_eq!(code(&world, NOW), Ok(()));
    assert_eq!(code(&world, END), Err("feature.expired"));
    world.entitlement = entitlement("E", &world.b, Feature::StrategicSigning, None);
    assert_eq!(code(&world, NOW), Err("feature.not_entitled"));
    world.entitlement = entitlement("E", &world.a, Feature::CrossPageSeal, None);
    assert_eq!(code(&world, NOW), Err("feature.not_entitled"));
}

#[test]
fn m1_a_policy_without_sense_is_refused() {
    let world = World::new();
    let staff = Staff::of(&world.a, &world.booker).unwrap();
    let entitlements = [&world.entitlement];
    let policy = Policy { title_characters: 0, ..Policy::default() };
    let id = "cer_02".parse().unwrap();
    let entitlements = Entitlements::of(&entitlements);
    let refused = Ceremony::draft(id, Profile::Strategic, policy, &staff, entitlements, NOW);
    assert_eq!(refused.unwrap_err().code(), "cer.policy_invalid");
}

#[test]
fn m2_title_and_time_are_set_in_a_draft() {
    let world = World::new();
    let mut run = world.drafted();
    let schedule = |title: &str, starts_at, ends_at| Command::SetSchedule {
        title: title.to_owned(),
        starts_at,
        ends_at,
        booked: None,
    };
    let by = world.booker();
    // Title, order, past: the first that fails is told.
    assert_eq!(run.refused(schedule("a\nb", END, START), &by), "cer.title_invalid");
    assert_eq!(run.refused(schedule("签约", END, START), &by), "cer.time_order");
    assert_eq!(run.refused(schedule("签约", NOW, START), &by), "cer.start_in_past");
    let decision = run.does(schedule(" 签约 ", START, END), &by);
    assert_eq!(decision.kinds(), ["ceremony.scheduled"]);
    assert!(decision.notices().is_empty());
    assert_eq!(run.ceremony.title().unwrap().as_str(), "签约");
    assert_eq!(run.ceremony.schedule().unwrap().ends_at(), END);
    assert!(run.does(schedule("签约", START, END), &by).is_empty(), "nothing new");
}

#[test]
fn m2_a_policy_may_allow_other_titles() {
    let world = World::new();
    let policy = Policy { title_characters: 3, ..Policy::default() };
    let mut run = world.drafted_with(Profile::Strategic, policy);
    assert_eq!(run.refused(world.schedule("签约仪式"), &world.booker()), "cer.title_invalid");
    assert!(run.by(world.schedule("签约会"), &world.booker()).is_ok());
}

#[test]
fn m2_only_the_organizers_people_with_the_permission_prepare() {
    let world = World::new();
    let mut run = world.drafted();
    assert_eq!(run.refused(world.schedule("签约"), &world.signer_b()), "cer.not_invited");
    assert_eq!(run.refused(world.schedule("签约"), &By::System), "cer.host_only");
    assert_eq!(run.refused(world.schedule("签约"), &world.signer_a()), "emp.no_permission");
}

#[test]
fn m3_guards_in_order() {
    let world = World::new();
    let mut run = world.drafted();
    let everybody = world.participants();
    let without = |id: &str| -> Vec<_> {
        everybody.iter().filter(|one| one.id().as_str() != id).cloned().collect()
    };
    let mut code = |people| world.invite(&mut run, people).unwrap_err().code();
    assert_eq!(code(without("H")), "cer.no_host");
    let mut strange = without("H");
    let other = world.signer_a.id().clone();
    strange.push(Participant::host("H".parse().unwrap(), other, world.signer_a.person()));
    assert_eq!(code(strange), "cer.host_not_organizer");
    assert_eq!(code(without("SB")), "cer.party_without_signer");
    let mut twice = everybody.clone();
    twice.push(world.signer("SB2", "B", &world.signer_b));
    assert_eq!(code(twice), "cer.participant_duplicate");
    let mut same_id = everybody.clone();
    same_id.push(everybody[0].clone());
    assert_eq!(code(same_id), "cer.participant_invalid");
    let mut no_party = without("SB");
    no_party.push(world.signer("SB", "X", &world.signer_b));
    assert_eq!(code(no_party), "cer.participant_invalid");
    assert!(world.invite(&mut run, everybody.clone()).is_ok());
    assert_eq!(run.ceremony.participants(), everybody);
}

#[test]
fn r_cer_03_a_host_is_an_active_employee_of_the_organizer_by_his_registered_facts() {
    let mut world = World::new();
    let mut run = world.drafted();
    let foreign = [Staff::of(&world.b, &world.signer_b).unwrap()];
    let mut people = world.participants();
    let id = world.signer_b.id().clone();
    people[0] = Participant::host("H".parse().unwrap(), id, world.signer_b.person());
    let command = Command::SetParticipants {
        parties: world.parties(),
        participants: people.clone(),
        hosts: &foreign,
    };
    assert_eq!(run.refused(command, &world.booker()), "cer.host_not_organizer");
    // Other facts than those registered.
    let id = world.host.id().clone();
    people[0] = Participant::host("H".parse().unwrap(), id, &person("冒名", 42));
    assert_eq!(world.invite(&mut run, people).unwrap_err().code(), "cer.host_not_organizer");
    // Somebody who has left.
    let resign = EmployeeCommand::Resign {
        open_work: crate::organization::OpenWork::default(),
        handover: None,
    };
    let decision = world.host.decide(resign, &world.a, &By::System, NOW + Duration::HOUR).unwrap();
    apply(&mut world.host, decision);
    let people = world.participants();
    assert_eq!(world.invite(&mut run, people).unwrap_err().code(), "cer.host_not_organizer");
}

#[test]
fn r_cer_04_strategic_signing_has_two_parties_and_general_any_number() {
    let world = World::new();
    let hosts = [Staff::of(&world.a, &world.host).unwrap()];
    let command = |count: usize| {
        let mut parties = world.parties();
        let third = crate::identity::OrganizationName::parse("第三公司").unwrap();
        parties.push(Party {
            id: "C".parse().unwrap(),
            organization: third,
            organization_id: None,
        });
        parties.truncate(count);
        let mut participants = world.participants();
        participants.push(world.signer("SC", "C", &world.stranger));
        participants.retain(|one| {
            one.party().is_none_or(|party| parties.iter().any(|known| known.id == *party))
        });
        Command::SetParticipants { parties, participants, hosts: &hosts }
    };
    let mut strategic = world.drafted();
    for count in [0, 1, 3] {
        assert_eq!(strategic.refused(command(count), &world.booker()), "cer.party_count");
    }
    assert!(strategic.by(command(2), &world.booker()).is_ok());
    let mut general = world.drafted_with(Profile::General, Policy::default());
    assert_eq!(general.refused(command(0), &world.booker()), "cer.party_count");
    for count in [1, 2, 3] {
        assert!(general.by(command(count), &world.booker()).is_ok());
    }
}

#[test]
fn r_cer_04_an_organization_is_one_party() {
    let world = World::new();
    let mut run = world.drafted();
    let hosts = [Staff::of(&world.a, &world.host).unwrap()];
    let mut parties = world.parties();
    parties[1].organization = parties[0].organization.clone();
    parties[1].organization_id = None;
    let participants = world.participants();
    let command = Command::SetParticipants { parties, participants, hosts: &hosts };
    assert_eq!(run.refused(command, &world.booker()), "cer.party_duplicate");
}

#[test]
fn m3_somebody_may_host_and_sign_and_the_organizer_comes_first() {
    let world = World::new();
    let mut run = world.drafted();
    let hosts = [Staff::of(&world.a, &world.signer_a).unwrap()];
    let mut participants = world.participants();
    let id = world.signer_a.id().clone();
    participants[0] = Participant::host("H".parse().unwrap(), id, world.signer_a.person());
    let mut parties = world.parties();
    parties.reverse();
    let command = Command::SetParticipants { parties, participants, hosts: &hosts };
    run.must(command, &world.booker());
    assert_eq!(run.ceremony.parties()[0].id.as_str(), "A");
    assert!(run.ceremony.is_host(&world.signer_a()) && !run.ceremony.is_host(&world.host()));
}

#[test]
fn m4_the_contract_is_a_draft_of_the_organizers_with_the_same_signers() {
    let world = World::new();
    let mut run = world.drafted();
    let contract = world.contract("con_01");
    world.invite(&mut run, world.participants()).unwrap();
    let attach = |run: &mut Run, contract: &crate::contract::Contract| {
        run.by(Command::AttachContracts(&[contract]), &world.booker())
    };
    let mut without_b = contract.clone();
    let people = Edit::People {
        parties: contract.parties()[..1].to_vec(),
        slots: vec![contract.slots()[0].plan().clone()],
        cc: Vec::new(),
    };
    let decision = without_b.decide(ContractCommand::Edit(people), &world.booker(), NOW).unwrap();
    apply(&mut without_b, decision);
    let refused = attach(&mut run, &without_b).unwrap_err();
    let (missing, extra) = (vec!["SB".parse().unwrap()], Vec::new());
    assert_eq!(refused, Error::SignerSetMismatch { missing, extra });
    assert_eq!(refused.code(), "cer.signer_set_mismatch");

    let mut cancelled = contract.clone();
    let reason = Reason::parse("不签了").unwrap();
    let done = cancelled.cancel(reason, &world.booker(), None, NOW).unwrap();
    apply(&mut cancelled, done.contract);
    assert_eq!(attach(&mut run, &cancelled).unwrap_err().code(), "cer.contract_state");

    assert!(attach(&mut run, &contract).is_ok());
    assert_eq!(run.ceremony.contracts(), [contract.id().clone()]);
}

#[test]
fn m3_as_many_people_and_contracts_as_the_policy_allows() {
    let world = World::new();
    let exact = Policy { most_participants: 4, most_contracts: 1, ..Policy::default() };
    let mut run = world.drafted_with(Profile::Strategic, exact.clone());
    assert!(world.invite(&mut run, world.participants()).is_ok());
    let (one, other) = (world.contract("con_01"), world.contract("con_02"));
    let both = Command::AttachContracts(&[&one, &other]);
    assert_eq!(run.refused(both, &world.booker()), "cer.too_many");
    run.must(Command::AttachContracts(&[&one]), &world.booker());
    let mut run = world.drafted_with(Profile::Strategic, Policy { most_participants: 3, ..exact });
    let refused = world.invite(&mut run, world.participants()).unwrap_err();
    assert_eq!(refused, Error::TooMany { what: "participants", found: 4, most: 3 });
}

#[test]
fn m4_a_slot_of_somebody_else_is_named() {
    let world = World::new();
    let mut run = world.drafted();
    let contract = world.contract("con_01");
    let other = employee(&world.b, "SB9", person("乙另一", 69), &[]);
    let mut people = world.participants();
    people[2] = world.signer("SB", "B", &other);
    world.invite(&mut run, people).unwrap();
    let refused = run.by(Command::AttachContracts(&[&contract]), &world.booker()).unwrap_err();
    let (missing, extra) = (vec!["SB".parse().unwrap()], vec!["sb".parse().unwrap()]);
    assert_eq!(refused, Error::SignerSetMismatch { missing, extra });
}

#[test]
fn m5_the_controls_are_finished_when_validation_finds_nothing() {
    let world = World::new();
    let mut run = world.drafted();
    let contract = world.contract("con_01");
    world.invite(&mut run, world.participants()).unwrap();
    let facts = ToStart::of(&contract);
    let start = facts.start();
    let finish = || Command::FinishControls { contract: &contract, start: &start };
    assert_eq!(run.refused(finish(), &world.booker()), "cer.contract_state");
    run.must(Command::AttachContracts(&[&contract]), &world.booker());
    let late = run.ceremony.decide(
        Command::FinishControls { contract: &contract, start: &start },
        &world.booker(),
        NOW,
    );
    assert_eq!(late.unwrap().kinds(), ["ceremony.controls_finished"]);

    let mut overdue = contract.clone();
    let edit = Edit::Deadline { deadline: Some(NOW) };
    let decision = overdue.decide(ContractCommand::Edit(edit), &world.booker(), NOW).unwrap();
    apply(&mut overdue, decision);
    let facts = ToStart::of(&overdue);
    let start = facts.start();
    let command = Command::FinishControls { contract: &overdue, start: &start };
    let refused = run.by(command, &world.booker()).unwrap_err();
    assert_eq!(refused.code(), "cer.controls_incomplete");
    let Error::ControlsIncomplete { codes, .. } = refused else { panic!() };
    assert_eq!(codes, ["con.deadline_in_past"]);
}

#[test]
fn m6_every_saved_layout_is_a_version() {
    let world = World::new();
    let mut run = world.drafted();
    world.invite(&mut run, world.participants()).unwrap();
    let plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants());
    assert_eq!(run.ceremony.layout_version(), 0);
    run.must(Command::SetLayout(plan.clone()), &world.booker());
    let mut swapped = plan.clone();
    let (left, right) = (swapped.seats[0].1.clone(), swapped.seats[1].1.clone());
    (swapped.seats[0].1, swapped.seats[1].1) = (right, left);
    run.must(Command::SetLayout(swapped), &world.booker());
    assert_eq!(run.ceremony.layout_version(), 2);
    let [first, second] = run.ceremony.layout_versions() else { panic!() };
    assert_ne!(first, second);
    let mut twice = plan;
    twice.seats.push(("L1".parse().unwrap(), twice.seats[1].1.clone()));
    assert_eq!(run.refused(Command::SetLayout(twice), &world.booker()), "layout.seat_taken");
    // Who is named anew loses his seat, in a version of its own.
    let mut people = world.participants();
    people.retain(|one| one.id().as_str() != "O");
    world.invite(&mut run, people).unwrap();
    assert_eq!(run.ceremony.layout_version(), 3);
    assert!(run.ceremony.layout().unwrap().seat_of(&"O".parse().unwrap()).is_none());
}

#[test]
fn m8_a_booked_meeting_is_rescheduled_and_all_are_told() {
    let world = World::new();
    let (mut run, contract) = world.booked(Policy::default());
    let links: BTreeSet<_> = run.ceremony.links().iter().map(|one| one.id().clone()).collect();
    let contracts = [&contract];
    let booked = Rescheduling { contracts: &contracts, keys: &world.keys };
    let later = |by, booked| Command::SetSchedule {
        title: "改期".to_owned(),
        starts_at: START + by,
        ends_at: END + by,
        booked,
    };
    let tomorrow = || later(Duration::DAY, Some(booked));
    assert_eq!(run.refused(tomorrow(), &world.signer_a()), "cer.host_only");
    assert_eq!(run.refused(later(Duration::DAY, None), &world.host()), "cer.incomplete");
    let none = Rescheduling { contracts: &[], keys: &world.keys };
    assert_eq!(run.refused(later(Duration::DAY, Some(none)), &world.host()), "cer.contract_state");
    let next_year = later(Duration::days(400), Some(booked));
    assert_eq!(run.refused(next_year, &world.host()), "cer.incomplete");
    let decision = run.does(tomorrow(), &world.host());
    assert_eq!(decision.kinds()[0], "ceremony.rescheduled");
    assert_eq!(decision.notices().len(), 4);
    assert!(decision.notices().iter().all(|one| one.kind == "ceremony.rescheduled"));
    // The links live with the new time; the old ones are gone.
    let live: Vec<_> = run.ceremony.links().iter().filter(|one| !one.is_revoked()).collect();
    assert_eq!(live.len(), links.len());
    assert!(live.iter().all(|one| !links.contains(one.id())));
    assert!(live.iter().all(|one| one.expires_at() > END + Duration::DAY));
}

#[test]
fn m8_hosts_and_observers_change_and_signers_do_not() {
    let world = World::new();
    let (mut run, _) = world.booked(Policy::default());
    let mut people = world.participants();
    people.remove(2);
    assert_eq!(world.invite(&mut run, people).unwrap_err().code(), "cer.party_without_signer");
    let other = employee(&world.b, "SB9", person("乙另一", 69), &[]);
    let mut people = world.participants();
    people[2] = world.signer("SB", "B", &other);
    assert_eq!(world.invite(&mut run, people).unwrap_err().code(), "cer.signers_locked");

    let mut people = world.participants();
    let guest = facts("新客", "440524188001010014", "13900000000");
    people[3] = Participant::observer("O2".parse().unwrap(), guest);
    let id = world.signer_a.id().clone();
    people[0] = Participant::host("H2".parse().unwrap(), id, world.signer_a.person());
    let hosts = [Staff::of(&world.a, &world.signer_a).unwrap()];
    let (parties, participants) = (world.parties(), people);
    let command = Command::SetParticipants { parties, participants, hosts: &hosts };
    let decision = run.does(command, &world.booker());
    assert_eq!(decision.kinds()[0], "ceremony.host_changed");
    let told = kinds_to(&decision);
    let is_told = |kind: &str, who: &str| {
        told.iter().any(|(told, to)| told == kind && to.contains(&format!("\"{who}\"")))
    };
    assert!(is_told("ceremony.booked", "O2") && is_told("ceremony.booked", "H2"));
    assert!(is_told("ceremony.cancelled", "O") && is_told("ceremony.cancelled", "H"));
    assert!(is_told("ceremony.host_changed", "SB") && !is_told("ceremony.booked", "SB"));
    // What was found out about the signers stays.
    let signer = run.ceremony.participant(&"SB".parse().unwrap()).unwrap();
    assert!(matches!(signer.delivery(), Some(Delivery::Deliverable { .. })));
    assert!(run.ceremony.is_host(&world.signer_a()) && !run.ceremony.is_host(&world.host()));
}

#[test]
fn m8_a_layout_of_a_booked_meeting_is_told_to_those_who_moved() {
    let world = World::new();
    let (mut run, _) = world.booked(Policy::default());
    let mut plan = LayoutPlan::arranged(run.ceremony.parties(), run.ceremony.participants());
    let (one, other) = (plan.seats[0].1.clone(), plan.seats[1].1.clone());
    (plan.seats[0].1, plan.seats[1].1) = (other, one);
    let decision = run.does(Command::SetLayout(plan), &world.host());
    assert_eq!(decision.notices().len(), 2);
    assert_eq!(run.ceremony.layout_version(), 2);
}

#[test]
fn m8_a_started_meeting_keeps_its_time_and_people() {
    let world = World::new();
    let (mut run, _) = world.live(Policy::default());
    assert_eq!(run.refused(world.schedule("签约"), &world.booker()), "cer.started");
    let people = world.participants();
    assert_eq!(world.invite(&mut run, people).unwrap_err().code(), "cer.started");
    assert_eq!(
        run.refused(Command::AttachContracts(&[]), &world.booker()),
        "cer.illegal_transition"
    );
}

#[test]
fn r_cer_05_observers_are_optional() {
    let world = World::new();
    let mut run = world.drafted();
    let mut people = world.participants();
    people.retain(|one| one.role() != Role::Observer);
    assert!(world.invite(&mut run, people).is_ok());
    assert_eq!(run.ceremony.revision().get(), 2);
}

#[test]
fn r_ent_01_strategic_signing_needs_its_entitlement() {
    let world = World::new();
    let staff = Staff::of(&world.a, &world.booker).unwrap();
    let id = "cer_02".parse().unwrap();
    let none = Entitlements::NONE;
    let refused = Ceremony::draft(id, Profile::Strategic, Policy::default(), &staff, none, NOW);
    assert_eq!(refused.unwrap_err().code(), "feature.not_entitled");
}

#[test]
fn m2_another_system_may_say_where_the_meeting_is() {
    let world = World::new();
    let (mut run, _) = world.booked(Policy::default());
    let number = ConferenceRef::parse("123 456").unwrap();
    run.must(Command::SetConference(Some(number.clone())), &By::System);
    assert_eq!(run.ceremony.conference(), Some(&number));
    let taken = Command::SetConference(None);
    assert_eq!(run.refused(taken.clone(), &world.signer_a()), "cer.host_only");
    run.must(taken, &world.host());
    assert_eq!(run.ceremony.conference(), None);
    for text in ["", "a\u{7}b", &"9".repeat(257)] {
        assert_eq!(ConferenceRef::parse(text).unwrap_err().code(), "cer.conference_invalid");
    }
}
