//! R-CER-06, Lenient: a contract that is not delivered to a signer whose facts differ, until they are
//! corrected.

use sealwright::contract::{
    Command, Contract, ContractFilter, Holder, Review, Signer, SlotState, Verdict, Viewer,
    contracts_for,
};
use sealwright::identity::{Factor, Factors};
use sealwright::organization::By;
use time::Duration;

use crate::case::{
    Plan, apply, holder, id, open, reason, refusal, sign, signs, slot, take, told, try_start,
};
use crate::world::{NOW, World, person};

fn review(slot: &str, verdict: Verdict, why: Option<&str>) -> Command<'static> {
    Command::Review { slot: id(slot), verdict, reason: why.map(reason) }
}

fn mobile() -> Factors {
    Factors::NONE.with(Factor::Mobile)
}

/// Sally, with another mobile number, or Steve signs for A.
fn either(world: &World) -> Plan {
    let wrong =
        world.a.employee("sally").person().clone().with_mobile(person("x", 999).mobile().clone());
    let holders = vec![Holder::known_by_facts(wrong), holder(&world.a, "steve")];
    Plan::new(world).with_slot("sa", |slot| slot.signer = Signer::Candidates { holders })
}

#[test]
fn r_cer_06_one_candidate_does_not_receive_it_and_another_signs() {
    let world = World::new();
    let plan = either(&world).with(|plan| {
        plan.withheld.insert((id("sa"), 0), mobile());
    });
    let withheld = plan.withheld.clone();
    let mut contract = plan.draft(&world);
    let started = try_start(&contract, &withheld, &world.a.by("ina"), NOW).unwrap().contract;
    assert_eq!(told(&started), ["contract.to_sign", "contract.delivery_withheld"]);
    assert!(started.notices()[1].parameters.contains_key("factors of sa, candidate 1"));
    apply(&mut contract, &started);

    let (sally, steve) = (world.a.by("sally"), world.a.by("steve"));
    let lists = |contract: &Contract, by: &By<'_>| {
        contracts_for([contract], &Viewer::of(by), &ContractFilter::default()).len()
    };
    let slot = contract.slot(&id("sa")).unwrap();
    assert_eq!((slot.withheld_from(0), slot.withheld_from(1)), (mobile(), Factors::NONE));
    let delivered: Vec<_> = slot.delivered().filter_map(Holder::employee_id).collect();
    assert_eq!(delivered, [world.a.employee("steve").id()]);
    assert_eq!((lists(&contract, &sally), lists(&contract, &steve)), (0, 1));
    assert!(contract.shows_documents_to(slot));
    assert_eq!(refusal(&contract, open("sa"), &sally, NOW), "emp.identity_mismatch");
    take(&mut contract, open("sa"), &steve, NOW);
    signs(&mut contract, "sa", &steve);
    assert_eq!(contract.slots()[0].state(), SlotState::Signed);
}

#[test]
fn r_cer_06_is_withheld_from_and_restored_to_each_candidate_by_himself() {
    let world = World::new();
    let mut contract = either(&world).started(&world);
    let ina = world.a.by("ina");
    let withhold = |place| Command::WithholdDelivery { slot: id("sa"), place, factors: mobile() };
    assert_eq!(refusal(&contract, withhold(2), &ina, NOW), "con.not_a_signer");
    for place in [1, 0] {
        take(&mut contract, withhold(place), &ina, NOW);
    }
    assert!(contract.slots()[0].is_withheld());
    let remind = Command::Remind { slot: id("sa") };
    assert_eq!(refusal(&contract, remind.clone(), &ina, NOW), "con.no_channel");

    let restore = |name: &str, person| Command::RestoreDelivery {
        slot: id("sa"),
        person,
        registered: world.a.staff(name),
    };
    let right = world.a.employee("sally").person().clone();
    take(&mut contract, restore("sally", Some(right)), &ina, NOW);
    assert_eq!(contract.slots()[0].withheld_from(0), Factors::NONE);
    assert_eq!(refusal(&contract, restore("sally", None), &ina, NOW), "con.not_pending");
    assert_eq!(refusal(&contract, open("sa"), &world.a.by("steve"), NOW), "emp.identity_mismatch");
    take(&mut contract, remind, &ina, NOW);
    take(&mut contract, open("sa"), &world.a.by("sally"), NOW);
    take(&mut contract, restore("steve", None), &ina, NOW);
    assert!(contract.slots()[0].withheld().is_empty());
}

#[test]
fn r_cer_06_nobody_withholds_from_a_place_without_a_signer() {
    let world = World::new();
    for key in [("sa", 1), ("sx", 0), ("late", 0)] {
        let plan = Plan::new(&world).and(slot("late", "pb", Signer::LateBound, 3));
        let contract = plan.draft(&world);
        let withheld = [((id(key.0), key.1), mobile())].into();
        let refused = try_start(&contract, &withheld, &world.a.by("ina"), NOW).unwrap_err();
        assert_eq!(refused.code(), "con.plan_inconsistent", "{key:?}");
    }
}

#[test]
fn r_cer_06_what_is_withheld_is_neither_opened_nor_signed_until_corrected() {
    let world = World::new();
    let mobile = Factors::NONE.with(Factor::Mobile);
    let wrong =
        world.a.employee("sally").person().clone().with_mobile(person("x", 999).mobile().clone());
    let plan = Plan::new(&world)
        .with_slot("sa", |slot| slot.signer = Signer::bound(Holder::known_by_facts(wrong.clone())));
    let mut contract = plan.started(&world);
    let (ina, sally) = (world.a.by("ina"), world.a.by("sally"));
    let withhold = |factors| Command::WithholdDelivery { slot: id("sa"), place: 0, factors };
    assert_eq!(refusal(&contract, withhold(mobile), &world.b.by("boris"), NOW), "emp.not_in_org");
    take(&mut contract, withhold(mobile), &ina, NOW);
    assert!(contract.decide(withhold(mobile), &ina, NOW).unwrap().is_empty());
    let nothing = withhold(Factors::NONE);
    assert_eq!(refusal(&contract, nothing, &ina, NOW), "con.setting_invalid", "not a way around");
    assert!(!contract.shows_documents_to(&contract.slots()[0]));
    assert_eq!(refusal(&contract, open("sa"), &sally, NOW), "emp.identity_mismatch");
    assert_eq!(refusal(&contract, sign(&contract, "sa"), &sally, NOW), "emp.identity_mismatch");

    let restore = |person| Command::RestoreDelivery {
        slot: id("sa"),
        person,
        registered: world.a.staff("sally"),
    };
    assert_eq!(refusal(&contract, restore(None), &ina, NOW), "emp.identity_mismatch");
    let other = Command::RestoreDelivery {
        slot: id("sa"),
        person: Some(world.a.employee("steve").person().clone()),
        registered: world.a.staff("steve"),
    };
    assert_eq!(refusal(&contract, other, &ina, NOW), "con.not_a_signer", "another person");
    let right = world.a.employee("sally").person().clone();
    let restored = take(&mut contract, restore(Some(right)), &ina, NOW);
    assert_eq!(restored.told, ["contract.to_sign"]);
    take(&mut contract, open("sa"), &sally, NOW);
    assert_eq!(refusal(&contract, restore(None), &ina, NOW), "con.not_pending");
}

#[test]
fn r_cer_06_what_is_withheld_stays_so_however_well_the_caller_matches() {
    let world = World::new();
    let mut contract = Plan::new(&world).started(&world);
    let factors = Factors::NONE.with(Factor::OrganizationName);
    let withhold = Command::WithholdDelivery { slot: id("sa"), place: 0, factors };
    take(&mut contract, withhold, &By::System, NOW);
    assert_eq!(refusal(&contract, open("sa"), &world.a.by("sally"), NOW), "emp.identity_mismatch");
}

#[test]
fn r_cer_06_restores_to_an_active_employee_who_does_not_sign_already() {
    let mut world = World::new();
    // Steve's account with another number; Steve himself signs elsewhere, known by his facts.
    let right = world.a.employee("steve").person().clone();
    let number = person("x", 777).id_document().clone();
    let (name, mobile) = (right.name().clone(), right.mobile().clone());
    let wrong = sealwright::identity::Person::new(name, number, mobile);
    let almost = Holder::employee(world.a.employee("steve").id().clone(), wrong);
    let facts = Signer::bound(Holder::known_by_facts(right));
    let plan = Plan::new(&world)
        .with_slot("sa", |slot| slot.signer = Signer::bound(almost))
        .and(slot("sa2", "pa", facts, 3));
    let mut contract = plan.started(&world);
    let factors = Factors::NONE.with(Factor::IdNumber);
    for slot in ["sa", "sb"] {
        take(
            &mut contract,
            Command::WithholdDelivery { slot: id(slot), place: 0, factors },
            &By::System,
            NOW,
        );
    }
    let steve = Command::RestoreDelivery {
        slot: id("sa"),
        person: Some(world.a.employee("steve").person().clone()),
        registered: world.a.staff("steve"),
    };
    assert_eq!(refusal(&contract, steve, &world.a.by("ina"), NOW), "con.duplicate_signer");
    world.b.suspend();
    let bert = Command::RestoreDelivery {
        slot: id("sb"),
        person: None,
        registered: world.b.staff("bert"),
    };
    assert_eq!(refusal(&contract, bert, &world.a.by("ina"), NOW), "org.suspended");
}

#[test]
fn r_cer_06_who_only_shares_a_name_or_a_number_is_no_correction() {
    let world = World::new();
    let (sally, steve) = (world.a.employee("sally").person(), world.a.employee("steve").person());
    // Sally's number and name, Steve's mobile.
    let written = sally.clone().with_mobile(steve.mobile().clone());
    let plan = Plan::new(&world)
        .with_slot("sa", |slot| slot.signer = Signer::bound(Holder::known_by_facts(written)));
    let mut contract = plan.started(&world);
    let factors = Factors::NONE.with(Factor::Mobile);
    take(
        &mut contract,
        Command::WithholdDelivery { slot: id("sa"), place: 0, factors },
        &By::System,
        NOW,
    );
    let restore = |name| Command::RestoreDelivery {
        slot: id("sa"),
        person: Some(world.a.employee(name).person().clone()),
        registered: world.a.staff(name),
    };
    let ina = world.a.by("ina");
    assert_eq!(refusal(&contract, restore("steve"), &ina, NOW), "con.not_a_signer");
    assert!(contract.decide(restore("sally"), &ina, NOW).is_ok());
}

#[test]
fn r_cer_06_corrected_facts_are_opened_and_reviewed_anew() {
    let world = World::new();
    let sally = world.a.employee("sally");
    let other = sally.person().clone().with_mobile(person("x", 999).mobile().clone());
    let known = Holder::employee(sally.id().clone(), other);
    let needing = |holder: Holder| {
        Plan::new(&world).with_slot("sa", |slot| {
            slot.signer = Signer::bound(holder);
            slot.options.needs_review = true;
        })
    };
    let after = |holder: Holder, registered: sealwright::identity::Person| {
        let mut contract = needing(holder).started(&world);
        take(&mut contract, review("sa", Verdict::Pass, None), &world.a.by("vera"), NOW);
        let factors = Factors::NONE.with(Factor::Mobile);
        let withhold = Command::WithholdDelivery { slot: id("sa"), place: 0, factors };
        take(&mut contract, withhold, &By::System, NOW);
        let restore = Command::RestoreDelivery {
            slot: id("sa"),
            person: Some(registered),
            registered: world.a.staff("sally"),
        };
        let restored = contract.decide(restore, &world.a.by("ina"), NOW).unwrap();
        restored.apply_to(&mut contract).unwrap();
        let told = restored.notices()[0].kind.clone();
        (contract.slots()[0].review(), contract.slots()[0].state(), told)
    };
    let right = sally.person().clone();
    let anew = (Review::Pending, SlotState::UnderReview, "contract.review_due".to_owned());
    assert_eq!(after(known, right.clone()), anew);
    let unknown = Holder::known_by_facts(right.clone());
    assert_eq!(after(unknown, right.clone()), anew, "the account is new");
    let same = Holder::employee(sally.id().clone(), right.clone());
    let as_it_was = (Review::Passed, SlotState::ToSign, "contract.to_sign".to_owned());
    assert_eq!(after(same, right), as_it_was);

    // A candidate's account is not bound when he opens; when it is, he opens and begins again.
    let holders = vec![Holder::known_by_facts(sally.person().clone()), holder(&world.a, "steve")];
    let several = Signer::Candidates { holders };
    let mut contract =
        Plan::new(&world).with_slot("sa", |slot| slot.signer = several).started(&world);
    let by = world.a.by("sally");
    take(&mut contract, open("sa"), &by, NOW);
    let until = NOW + Duration::minutes(5);
    take(&mut contract, Command::BeginSigning { slot: id("sa"), until }, &by, NOW);
    let factors = Factors::NONE.with(Factor::Mobile);
    take(
        &mut contract,
        Command::WithholdDelivery { slot: id("sa"), place: 0, factors },
        &By::System,
        NOW,
    );
    assert!(contract.hold().is_some() && contract.slots()[0].opened_at().is_some());
    let registered = world.a.staff("sally");
    let restore = Command::RestoreDelivery { slot: id("sa"), person: None, registered };
    take(&mut contract, restore, &world.a.by("ina"), NOW);
    assert_eq!((contract.hold(), contract.slots()[0].opened_at()), (None, None));
}
