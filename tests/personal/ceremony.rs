//! A meeting, whose participants the engine knows by name, number and mobile: what it shows to whom.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::ceremony::{
    BookingFacts, Ceremony, Command, ContractToStart, DeliveryPolicy, Entrance, KeyId, LinkKey,
    LinkKeys, MeetingDetails, MyMeetings, Participant, Party, PersonFacts, Policy, Profile,
    SignResultView, Visitor,
};
use sealwright::contract::{Allowance, Contract, Holder, Placements, Signer, StartFacts};
use sealwright::identity::Person;
use sealwright::organization::{By, Entitlements, Feature};
use time::{Duration, OffsetDateTime};

use crate::case::Plan;
use crate::contract::{draft, world};
use crate::known::{ALICE, BOB, CAROL};
use crate::watch::{applied, founded, hides_in_debug, hides_in_error, hides_outside_personal};
use crate::world::{Firm, NOW, World, granted};

const START: OffsetDateTime = NOW.saturating_add(Duration::days(2));

fn keys() -> LinkKeys {
    LinkKeys::new(LinkKey::new(KeyId::new("k1").unwrap(), &[7; 32]).unwrap())
}

fn drafted(world: &World, delivery: DeliveryPolicy) -> Ceremony {
    let entitlement = granted(world.a.organization.id(), Feature::StrategicSigning, None);
    let policy = Policy { delivery, ..Policy::default() };
    let (id, staff) = ("cer_01".parse().unwrap(), world.a.staff("admin"));
    let entitled = [&entitlement];
    let entitlements = Entitlements::of(&entitled);
    let profile = Profile::Strategic;
    founded(Ceremony::draft(id, profile, policy, &staff, entitlements, NOW).unwrap())
}

fn does(ceremony: &mut Ceremony, command: Command<'_>, by: &By<'_>, now: OffsetDateTime) {
    hides_in_debug(&command);
    applied(ceremony.decide(command, by, now).unwrap(), ceremony);
}

fn party(id: &str, firm: &Firm) -> Party {
    Party {
        id: id.parse().unwrap(),
        organization: firm.organization.name().clone(),
        organization_id: Some(firm.organization.id().clone()),
    }
}

fn guest() -> PersonFacts {
    PersonFacts::new(ALICE.name(), CAROL.mobile())
}

fn participants(world: &World, signer: &Person) -> Vec<Participant> {
    let host = world.a.employee("ina").id().clone();
    vec![
        Participant::host("h".parse().unwrap(), host, &ALICE.person()),
        Participant::signer("s1".parse().unwrap(), "pa".parse().unwrap(), signer),
        Participant::signer("s2".parse().unwrap(), "pb".parse().unwrap(), &CAROL.person()),
        Participant::observer("o".parse().unwrap(), guest()),
    ]
}

/// Everything but the booking.
fn prepared(world: &World, contract: &Contract, signer: &Person, how: DeliveryPolicy) -> Ceremony {
    let (mut ceremony, booker) = (drafted(world, how), world.a.by("admin"));
    let schedule = Command::SetSchedule {
        title: "签约仪式".to_owned(),
        starts_at: START,
        ends_at: START + Duration::hours(2),
        booked: None,
    };
    does(&mut ceremony, schedule, &booker, NOW);
    let hosts = [world.a.staff("ina")];
    let people = Command::SetParticipants {
        parties: vec![party("pa", &world.a), party("pb", &world.b)],
        participants: participants(world, signer),
        hosts: &hosts,
    };
    does(&mut ceremony, people, &booker, NOW);
    does(&mut ceremony, Command::AttachContracts(&[contract]), &booker, NOW);
    let documents = contract.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
    let (placements, withheld) = (Placements::default(), BTreeMap::new());
    let start = StartFacts {
        placements: &placements,
        documents: &documents,
        entitlements: Entitlements::NONE,
        quota: Allowance::Unlimited,
        withheld: &withheld,
    };
    does(&mut ceremony, Command::FinishControls { contract, start: &start }, &booker, NOW);
    ceremony
}

fn book(
    world: &World,
    ceremony: &mut Ceremony,
    contract: &mut Contract,
) -> Result<(), sealwright::ceremony::Error> {
    let documents = contract.documents().iter().map(|it| (it.id().clone(), *it.digest())).collect();
    let entitlement = granted(world.a.organization.id(), Feature::StrategicSigning, None);
    let (keys, placements, acknowledged) = (keys(), Placements::default(), BTreeSet::new());
    let entitled = [&entitlement];
    let booking = ceremony.book(
        &BookingFacts {
            contracts: &[ContractToStart {
                contract,
                placements: &placements,
                documents: &documents,
            }],
            registered: &[world.a.staff("ina"), world.a.staff("sally"), world.b.staff("bert")],
            entitlements: Entitlements::of(&entitled),
            quota: Allowance::Unlimited,
            acknowledged: &acknowledged,
            keys: &keys,
        },
        &world.a.by("admin"),
        NOW,
    )?;
    hides_in_debug(&booking);
    applied(booking.ceremony, ceremony);
    booking.contracts.into_iter().for_each(|decision| applied(decision, contract));
    Ok(())
}

#[test]
fn r_id_13_a_meeting_from_draft_to_stage_shows_nobody_and_read_models_wrap_names() {
    let world = world();
    let mut contract = draft(&world, Plan::new(&world));
    let strict = DeliveryPolicy::Strict;
    let mut ceremony = prepared(&world, &contract, &BOB.person(), strict);
    book(&world, &mut ceremony, &mut contract).unwrap();

    let (host, sally, bert) = (world.a.by("ina"), world.a.by("sally"), world.b.by("bert"));
    does(&mut ceremony, Command::OpenRoom, &host, START);
    for by in [&host, &sally, &bert] {
        let enter = Command::Enter { visitor: Visitor::Himself, entrance: Entrance::List };
        does(&mut ceremony, enter, by, START);
    }
    let guest = guest();
    let vouched = Visitor::Vouched(&guest);
    let enter = Command::Enter { visitor: vouched, entrance: Entrance::List };
    does(&mut ceremony, enter, &By::System, START);
    does(&mut ceremony, Command::OpenStage(&[&contract]), &host, START);

    let keys = keys();
    for (by, names) in [(&host, 4), (&world.a.by("admin"), 4), (&bert, 4)] {
        let details = MeetingDetails::of(&ceremony, &[&contract], Some(&keys), by, START).unwrap();
        assert_eq!(hides_outside_personal(&details), names);
    }
    let view = SignResultView::of(&ceremony, &[&contract]);
    assert_eq!(
        hides_outside_personal(&view),
        2 + view.seats.len(),
        "two sign, the seated are named"
    );
    let board = sealwright::ceremony::board::Board::of(&view, &()).with_qr("", "text").unwrap();
    hides_in_debug(&board);
    let mine = MyMeetings::list_for(&PersonFacts::from(&BOB.person()), [&ceremony]);
    assert_eq!((mine.meetings.len(), hides_outside_personal(&mine)), (1, 0));
    hides_in_debug(&contract);
}

#[test]
fn r_id_13_who_cannot_be_reached_is_named_by_id_and_factors() {
    let world = world();
    let wrong = BOB.person().with_mobile(ALICE.mobile());
    let holder = Holder::known_by_facts(wrong.clone());
    let plan =
        || Plan::new(&world).with_slot("sa", |slot| slot.signer = Signer::bound(holder.clone()));
    let mut contract = draft(&world, plan());
    let mut ceremony = prepared(&world, &contract, &wrong, DeliveryPolicy::Strict);
    let error = book(&world, &mut ceremony, &mut contract).unwrap_err();
    assert_eq!(error.code(), "cer.undeliverable");
    hides_in_error(&error);

    let mut ceremony = prepared(&world, &contract, &wrong, DeliveryPolicy::Lenient);
    book(&world, &mut ceremony, &mut contract).unwrap();
    let details = MeetingDetails::of(&ceremony, &[&contract], None, &world.a.by("admin"), NOW);
    hides_outside_personal(&details.unwrap());
}

#[test]
fn r_id_13_refusals_name_nobody() {
    let world = world();
    let mut contract = draft(&world, Plan::new(&world));
    let mut ceremony = prepared(&world, &contract, &BOB.person(), DeliveryPolicy::Strict);

    let hosts = [world.a.staff("ina")];
    let mut twice = participants(&world, &BOB.person());
    twice.push(Participant::observer("o2".parse().unwrap(), guest()));
    let people = Command::SetParticipants {
        parties: vec![party("pa", &world.a), party("pb", &world.b)],
        participants: twice,
        hosts: &hosts,
    };
    let error = ceremony.decide(people, &world.a.by("admin"), NOW).unwrap_err();
    assert_eq!(error.code(), "cer.participant_duplicate");
    hides_in_error(&error);

    let other = draft(&world, Plan::new(&world).with(|plan| drop(plan.slots.pop())));
    let attach = Command::AttachContracts(&[&other]);
    let error = ceremony.decide(attach, &world.a.by("admin"), NOW).unwrap_err();
    assert_eq!(error.code(), "cer.signer_set_mismatch");
    hides_in_error(&error);

    book(&world, &mut ceremony, &mut contract).unwrap();
    does(&mut ceremony, Command::OpenRoom, &world.a.by("ina"), START);
    let stranger = PersonFacts::new(BOB.name(), CAROL.mobile());
    let enter = Command::Enter { visitor: Visitor::Vouched(&stranger), entrance: Entrance::List };
    hides_in_debug(&enter);
    let error = ceremony.decide(enter, &By::System, START).unwrap_err();
    assert_eq!(error.code(), "cer.not_invited");
    hides_in_error(&error);
    if let Some(reason) = error.denial() {
        does(&mut ceremony, Command::RecordDenial(reason), &By::System, START);
    }
}
