//! C20 and C21: a contract that is complete is undone by a second one.

use std::collections::{BTreeMap, BTreeSet};

use sealwright::contract::{
    Command, Contract, ContractName, Error, Holder, Party, Phase, Progress, ReleasePlan,
    ReleaseStarted, Signer, SlotState,
};
use sealwright::organization::{By, Staff};

use crate::case::{
    Plan, apply, bound, holder, id, reason, refusal, sign, signs, slot, take, with_facts,
};
use crate::paper;
use crate::world::{NOW, World, days, digest};

fn complete(world: &World, plan: Plan) -> Contract {
    let mut contract = plan.started(world);
    signs(&mut contract, "sa", &world.a.by("sally"));
    signs(&mut contract, "sb", &world.b.by("bert"));
    assert_eq!(contract.phase(), Phase::Completed);
    contract
}

fn plan(release: &str) -> ReleasePlan<'static> {
    ReleasePlan {
        id: release.parse().unwrap(),
        name: ContractName::parse("解除协议").unwrap(),
        deadline: None,
        document: paper::document("r1"),
        controls: vec![paper::seal("r1", "seal_a", "sa"), paper::seal("r1", "seal_b", "sb")],
        replacements: BTreeMap::new(),
        organizations: &[],
        acknowledged: BTreeSet::new(),
    }
}

fn start(
    contract: &Contract,
    plan: ReleasePlan<'_>,
    previous: Option<&Contract>,
    by: &Staff<'_>,
) -> Result<ReleaseStarted, Error> {
    with_facts(contract, &BTreeMap::new(), |facts| {
        let documents = BTreeMap::from([("r1".parse().unwrap(), digest("r1"))]);
        let facts = sealwright::contract::StartFacts { documents: &documents, ..facts.clone() };
        contract.start_release(plan, previous, &facts, by, NOW)
    })
}

fn code(result: Result<ReleaseStarted, Error>) -> &'static str {
    result.map(drop).unwrap_err().code()
}

fn completed_release(world: &World, contract: &mut Contract) -> Contract {
    let started = start(contract, plan("r"), None, &world.a.staff("cora")).unwrap();
    apply(contract, &started.original);
    let mut release = started.release.found().unwrap().0;
    let act = |release: &mut Contract, slot: &str, by: &By<'_>| {
        let command = sign(release, slot);
        take(release, command, by, NOW);
    };
    act(&mut release, "sa", &world.a.by("sally"));
    act(&mut release, "sb", &world.b.by("bert"));
    release
}

#[test]
fn c20_starts_a_second_contract_with_the_same_signers() {
    let world = World::new();
    let mut contract = complete(&world, Plan::new(&world));
    let started = start(&contract, plan("r"), None, &world.b.staff("boris")).unwrap();
    assert_eq!(started.original.kinds(), ["contract.release_started"]);
    apply(&mut contract, &started.original);
    assert_eq!(contract.phase(), Phase::Completed, "it stays complete meanwhile");
    assert_eq!(contract.released_by().map(|id| id.as_str()), Some("r"));
    let (release, _) = started.release.found().unwrap();
    assert_eq!(release.phase(), Phase::Signing(Progress::None));
    assert_eq!(release.releases(), Some(contract.id()));
    assert_eq!(release.deadline(), Some(NOW + days(7)));
    assert!(release.settings().no_release, "a release is not released again");
    assert_eq!(release.initiator().organization.as_str(), "b");
    let signers = |contract: &Contract| {
        contract.slots().iter().map(|slot| slot.signer().clone()).collect::<Vec<_>>()
    };
    assert_eq!(signers(&release), signers(&contract));
}

#[test]
fn c20_only_a_complete_contract_that_allows_it() {
    let world = World::new();
    let open = Plan::new(&world).started(&world);
    let cora = world.a.staff("cora");
    assert_eq!(code(start(&open, plan("r"), None, &cora)), "con.release_forbidden");
    let excluded = Plan::new(&world).with(|plan| plan.settings.no_release = true);
    let excluded = complete(&world, excluded);
    assert_eq!(code(start(&excluded, plan("r"), None, &cora)), "con.release_forbidden");
    let mut purged = complete(&world, Plan::new(&world));
    take(&mut purged, Command::Purge, &world.a.by("ina"), NOW);
    assert_eq!(code(start(&purged, plan("r"), None, &cora)), "con.release_forbidden");
}

#[test]
fn r_con_04_one_release_at_a_time_by_an_enterprise_party() {
    let world = World::new();
    let mut contract = complete(&world, Plan::new(&world));
    let cora = world.a.staff("cora");
    assert_eq!(
        code(start(&contract, plan("r"), None, &world.c.staff("admin"))),
        "con.release_actor"
    );
    assert_eq!(
        code(start(&contract, plan("r"), None, &world.a.staff("sally"))),
        "emp.no_permission"
    );

    let started = start(&contract, plan("r"), None, &cora).unwrap();
    apply(&mut contract, &started.original);
    let mut release = started.release.found().unwrap().0;
    assert_eq!(code(start(&contract, plan("r2"), None, &cora)), "con.release_exists");
    assert_eq!(code(start(&contract, plan("r2"), Some(&release), &cora)), "con.release_exists");

    // An attempt that failed makes room for another one.
    let cancelled = release.cancel(reason("再议"), &world.a.by("cora"), None, NOW).unwrap();
    apply(&mut release, &cancelled.contract);
    let other = complete(&world, Plan { id: "c9", ..Plan::new(&world) });
    assert_eq!(code(start(&contract, plan("r2"), Some(&other), &cora)), "con.release_exists");
    assert!(start(&contract, plan("r2"), Some(&release), &cora).is_ok());
}

#[test]
fn c20_persons_are_not_replaced_and_the_other_side_signs_itself() {
    let world = World::new();
    let paul = Holder::person(world.paul_id.clone(), world.paul.clone());
    let himself = Party::person("pp".parse().unwrap());
    let with_paul = Plan::new(&world).with(|plan| plan.parties.push(himself)).and(slot(
        "sp",
        "pp",
        Signer::bound(paul),
        1,
    ));
    let mut contract = with_paul.started(&world);
    for (slot, by) in
        [("sp", world.paul()), ("sa", world.a.by("sally")), ("sb", world.b.by("bert"))]
    {
        signs(&mut contract, slot, &by);
    }
    let cora = world.a.staff("cora");
    let replacing = |slot: &str, signer| ReleasePlan {
        replacements: BTreeMap::from([(id(slot), signer)]),
        ..plan("r")
    };
    let code = |plan| code(start(&contract, plan, None, &cora));
    assert_eq!(code(replacing("sp", bound(&world.a, "steve"))), "con.release_forbidden");
    assert_eq!(code(replacing("xx", bound(&world.a, "steve"))), "con.not_a_signer");
    let auto = || Signer::Auto { seals: vec!["seal-1".parse().unwrap()] };
    assert_eq!(code(replacing("sb", auto())), "con.release_auto_sign");

    let mut plan = replacing("sa", bound(&world.a, "steve"));
    plan.controls.push(paper::signature("r1", "sign_p", "sp"));
    let started = start(&contract, plan, None, &cora).unwrap();
    let (release, _) = started.release.found().unwrap();
    assert_eq!(release.slot(&id("sa")).unwrap().signer(), &bound(&world.a, "steve"));
}

#[test]
fn c20_of_several_candidates_the_one_who_signed_signs_again() {
    let world = World::new();
    let holders = vec![holder(&world.a, "steve"), holder(&world.a, "sally")];
    let plan_of =
        Plan::new(&world).with_slot("sa", |slot| slot.signer = Signer::Candidates { holders });
    let contract = complete(&world, plan_of);
    let started = start(&contract, plan("r"), None, &world.a.staff("cora")).unwrap();
    let (release, _) = started.release.found().unwrap();
    assert_eq!(release.slot(&id("sa")).unwrap().signer(), &bound(&world.a, "sally"));
}

#[test]
fn c20_leaves_behind_what_the_initiator_kept_to_himself() {
    use sealwright::contract::{AllowedSeals, SealKind, UserData};
    let world = World::new();
    let named = AllowedSeals::ids(["a-1".parse().unwrap()]).or_kinds([SealKind::Contract]);
    let plan_of = Plan::new(&world)
        .with_slot("sa", |slot| slot.allowed.seals = named.clone())
        .with(|plan| plan.settings.user_data = UserData::new("order 7").unwrap());
    let contract = complete(&world, plan_of);

    let seals_of = |by: &Staff<'_>| {
        let started = start(&contract, plan("r"), None, by).unwrap();
        let (release, _) = started.release.found().unwrap();
        assert_eq!(release.settings().user_data, UserData::default());
        release.slot(&id("sa")).unwrap().plan().allowed.seals.clone()
    };
    assert_eq!(seals_of(&world.a.staff("cora")), named, "its own seals stay named");
    let theirs = seals_of(&world.b.staff("boris"));
    assert_eq!(theirs, AllowedSeals::kinds([SealKind::Contract]), "ctl.foreign_seal_id else");
}

#[test]
fn c20_a_party_that_was_renamed_since_signs_under_its_present_name() {
    let mut world = World::new();
    let by_name = |world: &World| {
        let name = world.b.organization.name().clone();
        Party::organization("pb".parse().unwrap(), name, None)
    };
    let unknown = Plan::new(&world).with(|plan| plan.parties[1] = by_name(&world));
    let contracts = [complete(&world, Plan::new(&world)), complete(&world, unknown)];
    world.a.rename("新甲方有限公司");
    world.b.rename("新乙方有限公司");
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    for contract in &contracts {
        let release =
            |by: &Staff<'_>, organizations: &[&sealwright::organization::Organization]| {
                let plan = ReleasePlan { organizations, ..plan("r") };
                start(contract, plan, None, by).unwrap().release
            };
        let sides = [&world.a.organization, &world.b.organization];
        for (by, known) in
            [(world.a.staff("cora"), &sides[1..]), (world.b.staff("boris"), &sides[..1])]
        {
            let decision = release(&by, known);
            let read = decision.witnesses().iter().filter(|it| it.kind == "organization").count();
            assert_eq!(read, 2, "what it rests on is noted");
            let mut release = decision.found().unwrap().0;
            signs(&mut release, "sa", &sally);
            signs(&mut release, "sb", &bert);
            assert_eq!(release.phase(), Phase::Completed);
        }
        // Untold, the new name of the other side is not known.
        let mut release = release(&world.a.staff("cora"), &[]).found().unwrap().0;
        signs(&mut release, "sa", &sally);
        let refused = refusal(&release, sign(&release, "sb"), &bert, NOW);
        assert!(["emp.identity_mismatch", "con.not_a_signer"].contains(&refused), "{refused}");
    }
}

#[test]
fn c20_a_name_that_was_taken_up_later_makes_nobody_a_party() {
    let mut world = World::new();
    let name = world.b.organization.name().clone();
    let by_name = Party::organization("pb".parse().unwrap(), name.clone(), None);
    let contract = complete(&world, Plan::new(&world).with(|plan| plan.parties[1] = by_name));
    let later = NOW + days(1);
    world.b.rename_at("新乙方有限公司", later);
    world.c.rename_at(name.as_str(), later);
    assert_eq!(
        code(start(&contract, plan("r"), None, &world.c.staff("admin"))),
        "con.release_actor"
    );
    assert!(start(&contract, plan("r"), None, &world.b.staff("boris")).is_ok());
}

#[test]
fn c20_a_person_who_signed_for_himself_signs_with_the_facts_that_he_has_now() {
    let world = World::new();
    let paul = Holder::person(world.paul_id.clone(), world.paul.clone());
    let himself = Party::person("pp".parse().unwrap());
    let plan_of = Plan::new(&world).with(|plan| plan.parties.push(himself)).and(slot(
        "sp",
        "pp",
        Signer::bound(paul),
        1,
    ));
    let mut contract = plan_of.started(&world);
    let signers = [("sp", world.paul()), ("sa", world.a.by("sally")), ("sb", world.b.by("bert"))];
    for (slot, by) in signers {
        signs(&mut contract, slot, &by);
    }
    let moved = world.paul.clone().with_mobile(crate::world::person("x", 999).mobile().clone());
    let moved = Signer::bound(Holder::person(world.paul_id.clone(), moved));
    let mut plan =
        ReleasePlan { replacements: BTreeMap::from([(id("sp"), moved.clone())]), ..plan("r") };
    plan.controls.push(paper::signature("r1", "sign_p", "sp"));
    let started = start(&contract, plan, None, &world.a.staff("cora")).unwrap();
    let (release, _) = started.release.found().unwrap();
    assert_eq!(release.slot(&id("sp")).unwrap().signer(), &moved);
}

#[test]
fn c20_who_takes_over_no_longer_reads_along() {
    let world = World::new();
    let mut copied = crate::case::cc("copied", 1);
    copied.mobile = world.a.employee("steve").person().mobile().clone().into();
    let contract = complete(&world, Plan::new(&world).with(|plan| plan.cc.push(copied)));
    let steve = BTreeMap::from([(id("sa"), bound(&world.a, "steve"))]);
    let plan = ReleasePlan { replacements: steve, ..plan("r") };
    let started = start(&contract, plan, None, &world.a.staff("cora")).unwrap();
    assert!(started.release.found().unwrap().0.cc().is_empty());
}

#[test]
fn c21_the_contract_is_released_when_the_second_one_is_complete() {
    let world = World::new();
    let mut contract = complete(&world, Plan::new(&world));
    let by = By::System;
    let release = completed_release(&world, &mut contract);
    assert_eq!(release.phase(), Phase::Completed);
    let other = complete(&world, Plan { id: "c9", ..Plan::new(&world) });
    let code = refusal(&contract, Command::CompleteRelease { release: &other }, &by, NOW);
    assert_eq!(code, "con.release_forbidden");
    let taken = take(&mut contract, Command::CompleteRelease { release: &release }, &by, NOW);
    assert_eq!(taken.kinds, ["contract.released"]);
    assert_eq!(contract.phase(), Phase::Released);
    assert!(contract.slots().iter().all(|slot| slot.state() == SlotState::Released));
    let again = Command::CompleteRelease { release: &release };
    assert_eq!(refusal(&contract, again, &by, NOW), "con.illegal_transition");
    let cora = world.a.staff("cora");
    assert_eq!(
        start(&contract, plan("r2"), Some(&release), &cora).unwrap_err().code(),
        "con.release_forbidden"
    );
}

#[test]
fn c21_waits_for_the_second_contract() {
    let world = World::new();
    let mut contract = complete(&world, Plan::new(&world));
    let started = start(&contract, plan("r"), None, &world.a.staff("cora")).unwrap();
    apply(&mut contract, &started.original);
    let (release, _) = started.release.found().unwrap();
    let early = Command::CompleteRelease { release: &release };
    assert_eq!(refusal(&contract, early, &By::System, NOW), "con.release_forbidden");
}
