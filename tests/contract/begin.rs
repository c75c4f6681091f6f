//! C1 to C6: how a contract comes to be and starts.

use std::collections::BTreeMap;

use sealwright::contract::{
    Allowance, AllowedSeals, Command, Contract, ContractName, Edit, IntentMethod, Membership,
    NewContract, Opening, Party, Phase, Progress, SealKind, Settings, Signer, SlotState,
    StartReview,
};
use sealwright::identity::Factors;
use sealwright::organization::By;

use crate::case::{
    Plan, apply, bound, cc, holder, id, party, reason, refusal, slot, take, told, try_start,
    with_facts,
};
use crate::world::{NOW, World, born, contracts, days};

fn new(id: &str) -> NewContract {
    NewContract::new(id.parse().unwrap(), ContractName::parse("框架协议").unwrap())
}

#[test]
fn c1_creates_a_draft_for_whoever_may_initiate() {
    let world = World::new();
    let staff = world.a.staff("ina");
    let decision = Contract::create(new("c1"), &staff, Allowance::Unlimited, NOW).unwrap();
    assert_eq!(decision.kinds(), ["contract.created"]);
    let (contract, entries) = decision.found().unwrap();
    assert_eq!(contract.phase(), Phase::Draft);
    assert_eq!(contract.initiator().employee.as_str(), "a.ina");
    assert_eq!(entries.len(), 1);
}

#[test]
fn c1_refuses_in_the_order_organization_employee_permission_quota() {
    let mut world = World::new();
    let empty = contracts(world.a.organization.id(), 0);
    let code = |world: &World, name: &str| {
        let staff = world.a.staff(name);
        let created = Contract::create(new("c1"), &staff, Allowance::On(&empty), NOW);
        created.unwrap_err().code()
    };
    assert_eq!(code(&world, "ina"), "feature.quota_exhausted");
    assert_eq!(code(&world, "sally"), "emp.no_permission");
    world.a.suspend();
    assert_eq!(code(&world, "ina"), "org.suspended");
}

#[test]
fn c2_only_a_draft_is_edited_and_only_by_the_initiating_organization() {
    let world = World::new();
    let change = || Command::Edit(Edit::Name { name: ContractName::parse("改").unwrap() });
    let mut contract = Plan::new(&world).draft(&world);
    assert_eq!(refusal(&contract, change(), &world.b.by("boris"), NOW), "emp.not_in_org");
    assert_eq!(refusal(&contract, change(), &world.a.by("sally"), NOW), "emp.no_permission");
    assert_eq!(refusal(&contract, change(), &world.paul(), NOW), "emp.no_permission");
    assert_eq!(refusal(&contract, change(), &world.a.by("ivo"), NOW), "emp.no_permission", "Ina's");
    assert!(contract.decide(change(), &world.a.by("cora"), NOW).is_ok(), "sees to all contracts");
    take(&mut contract, change(), &world.a.by("ina"), NOW);
    assert_eq!(contract.name().as_str(), "改");
    let started = Plan::new(&world).started(&world);
    assert_eq!(refusal(&started, change(), &world.a.by("ina"), NOW), "con.illegal_transition");
}

#[test]
fn c4_submits_the_start_and_c5_passes_or_rejects_it() {
    let world = World::new();
    let reviewed =
        || Plan::new(&world).with(|plan| plan.settings.start_review = StartReview::ByAnother);
    let mut contract = reviewed().draft(&world);
    let none = Default::default();
    let (ina, cora) = (world.a.by("ina"), world.a.by("cora"));
    let refused = try_start(&contract, &none, &ina, NOW).unwrap_err();
    assert_eq!(refused.code(), "con.illegal_transition");

    let submitted = with_facts(&contract, &none, |facts| contract.submit_start(facts, &ina, NOW));
    let submitted = submitted.unwrap();
    assert_eq!(submitted.kinds(), ["contract.start_review"]);
    apply(&mut contract, &submitted);
    assert_eq!(contract.phase(), Phase::ReviewingStart);

    let review = |contract: &Contract, passed, reason, by: &By<'_>| {
        with_facts(contract, &none, |facts| contract.review_start(passed, reason, facts, by, NOW))
    };
    let code =
        |result: Result<_, sealwright::contract::Error>| result.map(drop).unwrap_err().code();
    assert_eq!(code(review(&contract, true, None, &ina)), "emp.no_permission");
    assert_eq!(code(review(&contract, true, None, &world.b.by("boris"))), "emp.not_in_org");
    assert_eq!(code(review(&contract, false, None, &cora)), "con.reason_required");

    let rejected = review(&contract, false, Some(reason("价格")), &cora).unwrap().contract;
    let mut draft = contract.clone();
    apply(&mut draft, &rejected);
    assert_eq!(draft.phase(), Phase::Draft);

    let passed = review(&contract, true, None, &cora).unwrap().contract;
    assert_eq!(passed.kinds(), ["contract.start_reviewed", "contract.started"]);
    apply(&mut contract, &passed);
    assert_eq!(contract.phase(), Phase::Signing(Progress::None));
    assert_eq!(code(review(&contract, true, None, &cora)), "con.illegal_transition");
}

#[test]
fn c5_the_initiator_reviews_himself_only_where_the_settings_say_so() {
    let world = World::new();
    let plan = Plan::new(&world).with(|plan| plan.settings.start_review = StartReview::ByAnybody);
    let mut contract = plan.draft(&world);
    let none = Default::default();
    let ina = world.a.by("ina");
    let submitted = with_facts(&contract, &none, |facts| contract.submit_start(facts, &ina, NOW));
    apply(&mut contract, &submitted.unwrap());
    let passed =
        with_facts(&contract, &none, |facts| contract.review_start(true, None, facts, &ina, NOW));
    assert!(passed.is_ok());
}

/// Four eyes: neither who wrote it nor who submitted it reviews it.
#[test]
fn c5_who_submitted_it_for_the_initiator_does_not_review_it() {
    let world = World::new();
    let plan = Plan::new(&world).with(|plan| plan.settings.start_review = StartReview::ByAnother);
    let mut contract = plan.draft(&world);
    let none = Default::default();
    let submit = |contract: &mut Contract, who| {
        let by = world.a.by(who);
        let submitted = with_facts(contract, &none, |facts| contract.submit_start(facts, &by, NOW));
        apply(contract, &submitted.unwrap());
    };
    let review = |contract: &Contract, passed: bool, who| {
        let (by, why) = (world.a.by(who), (!passed).then(|| reason("价格")));
        let reviewed = with_facts(contract, &none, |facts| {
            contract.review_start(passed, why, facts, &by, NOW)
        });
        reviewed.map_err(|refused| refused.code())
    };
    submit(&mut contract, "cora");
    assert_eq!(review(&contract, true, "cora").unwrap_err(), "emp.no_permission");
    assert_eq!(review(&contract, true, "ina").unwrap_err(), "emp.no_permission");
    let rejected = review(&contract, false, "admin").unwrap().contract;
    apply(&mut contract, &rejected);
    submit(&mut contract, "ina");
    assert!(review(&contract, true, "cora").is_ok());
}

#[test]
fn c4_no_review_is_submitted_where_none_is_demanded() {
    let world = World::new();
    let contract = Plan::new(&world).draft(&world);
    let none = Default::default();
    let submitted =
        with_facts(&contract, &none, |facts| contract.submit_start(facts, &world.a.by("ina"), NOW));
    assert_eq!(submitted.unwrap_err().code(), "con.illegal_transition");
}

#[test]
fn c6_starts_in_signing_tells_the_first_signer_and_sets_the_deadline() {
    let world = World::new();
    let plan = Plan::new(&world).with(|plan| plan.cc.push(cc("cc1", 900)));
    let mut contract = plan.draft(&world);
    let started = try_start(&contract, &Default::default(), &world.a.by("ina"), NOW).unwrap();
    assert_eq!(started.contract.kinds(), ["contract.started"]);
    assert_eq!(told(&started.contract), ["contract.to_sign"]);
    assert!(started.quota.is_none());
    apply(&mut contract, &started.contract);
    assert_eq!(contract.phase(), Phase::Signing(Progress::None));
    assert_eq!(contract.deadline(), Some(NOW + days(365)));
    let states = contract.slots().iter().map(|slot| slot.state()).collect::<Vec<_>>();
    assert_eq!(states, [SlotState::ToSign, SlotState::WaitingTurn]);
    let again = try_start(&contract, &Default::default(), &world.a.by("ina"), NOW);
    assert_eq!(again.unwrap_err().code(), "con.illegal_transition");
}

#[test]
fn c6_by_code_and_by_setting_the_deadline_differs() {
    let world = World::new();
    let by_code = |deadline| {
        let plan = Plan::new(&world).with(|plan| {
            plan.settings = Settings { opening: Opening::ByCode, ..Settings::default() };
            plan.deadline = deadline;
        });
        let contract = plan.draft(&world);
        try_start(&contract, &Default::default(), &world.a.by("ina"), NOW).map(|started| {
            let mut contract = contract.clone();
            apply(&mut contract, &started.contract);
            contract.deadline().unwrap()
        })
    };
    assert_eq!(by_code(None).unwrap(), NOW + days(7));
    assert_eq!(by_code(Some(NOW + days(30))).unwrap(), NOW + days(30));
    assert_eq!(by_code(Some(NOW + days(31))).unwrap_err().code(), "con.setting_invalid");
    assert_eq!(by_code(Some(NOW)).unwrap_err().code(), "con.deadline_in_past");
}

#[test]
fn c6_refuses_deadlines_of_signers_that_are_past_or_after_the_contracts() {
    let world = World::new();
    let code = |deadline| {
        let plan = Plan::new(&world).with(|plan| plan.deadline = Some(NOW + days(10)));
        let contract = plan.with_slot("sa", |slot| slot.deadline = Some(deadline)).draft(&world);
        try_start(&contract, &Default::default(), &world.a.by("ina"), NOW)
            .map(drop)
            .map_err(|e| e.code())
    };
    assert_eq!(code(NOW), Err("con.deadline_in_past"));
    assert_eq!(code(NOW + days(11)), Err("con.deadline_after_contract"));
    assert_eq!(code(NOW + days(10)), Ok(()));
}

#[test]
fn c6_refuses_a_contract_that_nobody_signs_or_too_many() {
    let world = World::new();
    let start = |plan: Plan| {
        let contract = plan.draft(&world);
        try_start(&contract, &Default::default(), &world.a.by("ina"), NOW).unwrap_err().code()
    };
    let nobody = Plan::new(&world).with(|plan| {
        plan.slots.clear();
        plan.parties.clear();
        plan.controls.clear();
    });
    assert_eq!(start(nobody), "con.no_signer");

    let crowd = (0..51).map(|n| {
        let name = format!("s{n}");
        let person = crate::world::person("众", 500 + n);
        slot(
            &name,
            "pa",
            sealwright::contract::Signer::bound(sealwright::contract::Holder::known_by_facts(
                person,
            )),
            1,
        )
    });
    let contract = Plan::new(&world).draft(&world);
    let parties = vec![party("pa", &world.a)];
    let people = Edit::People { parties, slots: crowd.collect(), cc: Vec::new() };
    let code = refusal(&contract, Command::Edit(people), &world.a.by("ina"), NOW);
    assert_eq!(code, "con.too_many_signers");
}

#[test]
fn c2_a_draft_holds_so_many_parties_and_candidates_and_no_more() {
    let world = World::new();
    let contract = Plan::new(&world).draft(&world);
    let code = |parties: usize, candidates: usize| {
        let parties = vec![party("pa", &world.a); parties];
        let holders = vec![holder(&world.a, "sally"); candidates];
        let slots = vec![slot("sa", "pa", Signer::Candidates { holders }, 1)];
        let people = Command::Edit(Edit::People { parties, slots, cc: Vec::new() });
        let decided = contract.decide(people, &world.a.by("ina"), NOW);
        decided.map(drop).map_err(|refused| refused.code())
    };
    assert_eq!(code(Contract::MOST_PARTIES, Contract::MOST_CANDIDATES), Ok(()));
    assert_eq!(code(1, Contract::MOST_CANDIDATES + 1), Err("con.setting_invalid"));
    assert_eq!(code(Contract::MOST_PARTIES + 1, 2), Err("con.setting_invalid"));
}

#[test]
fn c6_reserves_a_unit_of_quota_in_the_same_transaction() {
    let world = World::new();
    let mut contract = Plan::new(&world).draft(&world);
    let mut quota = contracts(world.a.organization.id(), 1);
    let start = |contract: &Contract, quota: &_| {
        with_facts(contract, &Default::default(), |facts| {
            let mut facts = facts.clone();
            facts.quota = Allowance::On(quota);
            contract.start(&facts, &world.a.by("ina"), NOW)
        })
    };
    let started = start(&contract, &quota).unwrap();
    started.quota.unwrap().apply_to(&mut quota).unwrap();
    apply(&mut contract, &started.contract);
    assert_eq!(contract.quota(), Some(quota.id()));
    assert_eq!(quota.quota().unwrap().left(), 0);

    let second = Plan { id: "c2", ..Plan::new(&world) }.draft(&world);
    assert_eq!(start(&second, &quota).unwrap_err().code(), "feature.quota_exhausted");
}

#[test]
fn r_con_01_the_same_person_signs_once_for_a_party() {
    let world = World::new();
    let start = |plan: Plan| {
        let contract = plan.draft(&world);
        try_start(&contract, &Default::default(), &world.a.by("ina"), NOW)
            .map(drop)
            .map_err(|refused| refused.code())
    };
    let again = slot("sa2", "pa", bound(&world.a, "sally"), 3);
    assert_eq!(start(Plan::new(&world).and(again)), Err("con.duplicate_signer"));

    // Known by his facts only, he is the same person.
    let facts = world.a.employee("sally").person().clone();
    let signer =
        sealwright::contract::Signer::bound(sealwright::contract::Holder::known_by_facts(facts));
    assert_eq!(
        start(Plan::new(&world).and(slot("sa2", "pa", signer, 3))),
        Err("con.duplicate_signer")
    );

    // For another party he may sign as well: a person who is also an organization's employee.
    let himself = Party::person("pp".parse().unwrap());
    let person = sealwright::contract::Holder::person(
        "sally".parse().unwrap(),
        world.a.employee("sally").person().clone(),
    );
    let plan = Plan::new(&world).with(|plan| plan.parties.push(himself)).and(slot(
        "sp",
        "pp",
        sealwright::contract::Signer::bound(person),
        3,
    ));
    assert_eq!(start(plan), Ok(()));
}

#[test]
fn r_con_02_nobody_is_both_signer_and_copied_nor_copied_twice() {
    let world = World::new();
    let start = |copies: Vec<_>| {
        let contract = Plan::new(&world).with(|plan| plan.cc = copies).draft(&world);
        try_start(&contract, &Default::default(), &world.a.by("ina"), NOW)
            .map(drop)
            .map_err(|refused| refused.code())
    };
    let (signer, other) = (102, 901);
    assert_eq!(start(vec![cc("x", signer)]), Err("con.cc_is_signer"));
    assert_eq!(start(vec![cc("x", other), cc("y", other)]), Err("con.duplicate_cc"));
    assert_eq!(start(vec![cc("x", other), cc("x", other + 1)]), Err("con.duplicate_cc"));
    assert_eq!(start(vec![cc("x", other), cc("y", other + 1)]), Ok(()));
}

#[test]
fn c6_refuses_a_signer_under_eighteen_unless_the_organization_may() {
    let world = World::new();
    let minor = sealwright::contract::Holder::known_by_facts(born("少年", 2010, 77));
    let signer = sealwright::contract::Signer::bound(minor);
    let contract = Plan::new(&world).and(slot("sm", "pb", signer, 3)).draft(&world);
    let by = world.a.by("ina");
    let refused = try_start(&contract, &Default::default(), &by, NOW).unwrap_err();
    assert_eq!(refused.code(), "identity.underage");
    let feature = sealwright::organization::Feature::AgeExtension;
    let right = crate::world::granted(world.a.organization.id(), feature, None);
    let rights = [&right];
    let started = with_facts(&contract, &Default::default(), |facts| {
        let mut facts = facts.clone();
        facts.entitlements = sealwright::organization::Entitlements::of(&rights);
        contract.start(&facts, &by, NOW)
    });
    assert!(started.is_ok());
}

#[test]
fn c6_refuses_plans_whose_ids_do_not_fit_together() {
    let world = World::new();
    let start = |plan: Plan| {
        let contract = plan.draft(&world);
        let refused = try_start(&contract, &Default::default(), &world.a.by("ina"), NOW);
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), "con.plan_inconsistent");
        refused.to_string()
    };
    let lost = start(Plan::new(&world).with_slot("sb", |slot| slot.party = "px".parse().unwrap()));
    assert!(lost.contains("pb has no signer"), "{lost}");
    let twice = start(Plan::new(&world).and(slot("sa", "pa", bound(&world.a, "steve"), 1)));
    assert!(twice.contains("sa is listed twice"), "{twice}");
    let one = sealwright::contract::Signer::Candidates { holders: vec![holder(&world.a, "steve")] };
    let himself = sealwright::contract::Holder::person(world.paul_id.clone(), world.paul.clone());
    let himself = sealwright::contract::Signer::bound(himself);
    let odd = start(Plan::new(&world).with_slot("sa", |slot| slot.signer = himself));
    assert!(odd.contains("of another kind"), "{odd}");
    let few = start(Plan::new(&world).with_slot("sa", |slot| slot.signer = one));
    assert!(few.contains("two candidates"), "{few}");
}

#[test]
fn r_cer_06_a_start_may_withhold_the_delivery_to_a_signer() {
    let world = World::new();
    let factor = Factors::NONE.with(sealwright::identity::Factor::Mobile);
    let plan = Plan::new(&world).with(|plan| {
        plan.withheld.insert((id("sa"), 0), factor);
    });
    let withheld = plan.withheld.clone();
    let mut contract = plan.draft(&world);
    let started = try_start(&contract, &withheld, &world.a.by("ina"), NOW).unwrap().contract;
    assert_eq!(started.kinds(), ["contract.started", "contract.delivery_withheld"]);
    assert_eq!(told(&started), ["contract.delivery_withheld"], "the signer is not told");
    apply(&mut contract, &started);
    assert_eq!(contract.slot(&id("sa")).unwrap().withheld_from(0), factor);
}

#[test]
fn a_membership_is_of_two_to_fifty() {
    for size in [0, 1, 51] {
        let refused = Membership::new("g".parse().unwrap(), size).unwrap_err();
        assert_eq!(refused.code(), "con.setting_invalid");
    }
}

#[test]
fn c6_starts_under_the_present_name_of_the_initiating_organization() {
    let mut world = World::new();
    let contract = Plan::new(&world).draft(&world);
    let reviewed = Plan::new(&world)
        .with(|plan| plan.settings.start_review = StartReview::ByAnother)
        .draft(&world);
    world.a.rename("新甲方有限公司");
    let ina = world.a.by("ina");
    let refused = try_start(&contract, &Default::default(), &ina, NOW).unwrap_err();
    assert_eq!(refused.code(), "org.name_changed");
    let refused =
        with_facts(&reviewed, &Default::default(), |facts| reviewed.submit_start(facts, &ina, NOW));
    assert_eq!(refused.unwrap_err().code(), "org.name_changed");
}

#[test]
fn no_two_notices_of_a_start_count_as_the_same() {
    let world = World::new();
    let mobile = Factors::NONE.with(sealwright::identity::Factor::Mobile);
    let late = sealwright::contract::Signer::LateBound;
    let plan = Plan::new(&world)
        .and(slot("s3", "pb", late.clone(), 1))
        .and(slot("s4", "pb", late, 1))
        .with(|plan| plan.withheld = ["sa", "sb"].map(|slot| ((id(slot), 0), mobile)).into());
    let withheld = plan.withheld.clone();
    let contract = plan.draft(&world);
    let started = try_start(&contract, &withheld, &world.a.by("ina"), NOW).unwrap().contract;
    assert_eq!(told(&started), ["contract.signer_missing", "contract.delivery_withheld"]);
    let slots = started.notices().iter().map(|it| it.parameters["slot"].as_str());
    assert_eq!(slots.collect::<Vec<_>>(), ["s3, s4", "sa, sb"]);
}

#[test]
fn c6_needs_a_sign_control_for_each_signer_and_the_warnings_acknowledged() {
    let world = World::new();
    let ina = world.a.by("ina");
    let start = |contract: &Contract| {
        let started = try_start(contract, &Default::default(), &ina, NOW);
        started.map(drop).map_err(|refused| refused.code())
    };
    let bare = Plan::new(&world).with(|plan| plan.controls.truncate(1)).draft(&world);
    assert_eq!(start(&bare), Err("con.signer_has_no_control"));

    let unsealed = |plan: &mut Plan| {
        plan.controls[1] = crate::paper::signature("d1", "sign_b", "sb");
    };
    let mut contract = Plan::new(&world).with(unsealed).draft(&world);
    assert_eq!(start(&contract), Err("con.warning_unacknowledged"));
    let warnings = [sealwright::contract::WarningCode::SealMissing].into();
    take(&mut contract, Command::Edit(Edit::Acknowledged { warnings }), &ina, NOW);
    assert_eq!(start(&contract), Ok(()));
}

#[test]
fn c6_what_nobody_could_ever_sign_does_not_start() {
    let world = World::new();
    let code = |plan: Plan| {
        let draft = plan.draft(&world);
        try_start(&draft, &BTreeMap::new(), &world.a.by("ina"), NOW).map(drop).map_err(|e| e.code())
    };
    let seals = || Signer::Auto { seals: vec!["seal-1".parse().unwrap()] };
    let automatic = Plan::new(&world).with_slot("sb", |slot| slot.signer = seals());
    assert_eq!(code(automatic), Ok(()));
    let person = Plan::new(&world)
        .with(|plan| plan.parties[1] = Party::person("pb".parse().unwrap()))
        .with_slot("sb", |slot| slot.signer = seals());
    assert_eq!(code(person), Err("con.plan_inconsistent"));

    let proofs = |methods: &[IntentMethod]| {
        let methods = methods.iter().copied().collect();
        code(Plan::new(&world).with_slot("sa", |slot| slot.allowed.intents = methods))
    };
    use IntentMethod::{DeviceFace, DeviceFingerprint, Face};
    assert_eq!(proofs(&[DeviceFace, DeviceFingerprint]), Err("con.plan_inconsistent"));
    assert_eq!(proofs(&[DeviceFace, Face]), Ok(()));

    let kinds = |kinds: &[SealKind]| {
        let seals = AllowedSeals::kinds(kinds.iter().cloned());
        code(Plan::new(&world).with_slot("sa", |slot| slot.allowed.seals = seals))
    };
    use SealKind::{Contract as ForContracts, LegalRepresentative};
    assert_eq!(kinds(&[LegalRepresentative]), Err("ctl.kind_not_allowed_for_party"));
    assert_eq!(kinds(&[LegalRepresentative, ForContracts]), Ok(()));
}
