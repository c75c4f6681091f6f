//! Contracts from the draft to the last signature: parties, signers, readers, values, records.

use std::collections::BTreeMap;

use sealwright::audit::{HostKey, IdentityReference};
use sealwright::contract::{
    Absolute, Allowance, Cc, CcPermission, CcTime, Command, Contract, ContractName, Control,
    ControlKind, Edit, Entry, Holder, NewContract, NumberStyle, Point, SignedRecord, Signer,
};
use sealwright::geometry::{PageIndex, Pt};
use sealwright::identity::Factors;
use sealwright::organization::{By, ShippedRole};

use crate::case::{Plan, bound, id, reason, record, slot, try_start, with_facts};
use crate::known::{ALICE, BOB, CAROL, EVERYBODY};
use crate::paper;
use crate::watch::{applied, founded, hides_in_debug, hides_in_error};
use crate::world::{Firm, NOW, World};

/// Alice of A starts what Bob of A and Carol of B sign.
pub fn world() -> World {
    let mut a = Firm::active("a", "甲方有限公司", "91350100M000100Y43", 100);
    a.hire("ina", ALICE.person(), &[ShippedRole::Salesperson]);
    a.hire("sally", BOB.person(), &[]);
    let mut b = Firm::active("b", "乙方有限公司", "9144030071526726XG", 200);
    b.hire("bert", CAROL.person(), &[]);
    let c = Firm::active("c", "丙方有限公司", "91440300MA50004950", 300);
    World { a, b, c, paul: ALICE.person(), paul_id: "paul".parse().unwrap() }
}

fn does(contract: &mut Contract, command: Command<'_>, by: &By<'_>) {
    hides_in_debug(&command);
    applied(contract.decide(command, by, NOW).unwrap(), contract);
}

pub fn draft(world: &World, plan: Plan) -> Contract {
    let name = ContractName::parse("框架协议").unwrap();
    let new =
        NewContract { settings: plan.settings, ..NewContract::new("c1".parse().unwrap(), name) };
    let staff = world.a.staff("ina");
    let mut contract = founded(Contract::create(new, &staff, Allowance::Unlimited, NOW).unwrap());
    let people = Edit::People { parties: plan.parties, slots: plan.slots, cc: plan.cc };
    does(&mut contract, Command::Edit(people), &world.a.by("ina"));
    let document = Box::new(paper::document("d1"));
    does(&mut contract, Command::Edit(Edit::DocumentAttached { document }), &world.a.by("ina"));
    for control in plan.controls {
        let edit = Edit::ControlPlaced { control: Box::new(control) };
        does(&mut contract, Command::Edit(edit), &world.a.by("ina"));
    }
    contract
}

pub fn started(world: &World, plan: Plan) -> Contract {
    let mut contract = draft(world, plan);
    let nothing = BTreeMap::new();
    let decision = try_start(&contract, &nothing, &world.a.by("ina"), NOW).unwrap();
    applied(decision.contract, &mut contract);
    contract
}

/// What a signature records, with everybody's reference.
fn signed(contract: &Contract, slot: &str, holder: &Holder) -> Command<'static> {
    let key = HostKey::new(b"thirty-two bytes out of a vault!").unwrap();
    let reference = IdentityReference::new(&key, holder.person.id_document());
    let record = SignedRecord { signer: Some(reference), ..record(contract, slot) };
    Command::AssertSigned(Box::new(record))
}

#[test]
fn r_id_13_a_contract_on_its_way_shows_nobody() {
    let world = world();
    let copy = Cc {
        id: "paul".parse().unwrap(),
        name: ALICE.name().into(),
        mobile: ALICE.mobile().into(),
        permission: CcPermission::View,
        told: CcTime::AtStart,
    };
    let field = paper::field("d1", "who", "sa");
    let place = Absolute::new(PageIndex::FIRST, Point::at(Pt(300.0), Pt(100.0)).unwrap());
    let kind = ControlKind::Number(NumberStyle::default());
    let number = Control::new(paper::key("d1", "number"), kind, id("sa"), place);
    let plan = Plan::new(&world).with(|plan| {
        plan.cc.push(copy);
        plan.controls.extend([field, number]);
    });
    let mut contract = started(&world, plan);
    let (sally, bert) = (world.a.by("sally"), world.b.by("bert"));
    let shown = std::collections::BTreeSet::new();
    does(&mut contract, Command::Open { slot: id("sa"), entry: Entry::List, shown }, &sally);
    let everything: String =
        EVERYBODY.iter().flat_map(|known| [known.name, known.id_number, known.mobile]).collect();
    let values = vec![
        (paper::key("d1", "who"), paper::text(&everything)),
        (paper::key("d1", "number"), paper::text(ALICE.id_number)),
    ];
    does(&mut contract, Command::Fill { slot: id("sa"), values, finished: true }, &sally);
    for (slot, by) in [("sa", &sally), ("sb", &bert)] {
        let holder = contract.slot(&id(slot)).unwrap().signer().holders()[0].clone();
        let command = signed(&contract, slot, &holder);
        does(&mut contract, command, by);
    }
    assert_eq!(contract.phase(), sealwright::contract::Phase::Completed);
    hides_in_debug(&contract);
}

#[test]
fn r_id_13_who_takes_over_and_who_does_not_receive_it_is_shown_by_id() {
    let mut world = world();
    world.a.hire("steve", ALICE.person().with_mobile(BOB.mobile()), &[]);
    let wrong = BOB.person().with_mobile(CAROL.mobile());
    let plan = Plan::new(&world)
        .with_slot("sa", |slot| slot.signer = Signer::bound(Holder::known_by_facts(wrong.clone())))
        .and(slot("sc", "pb", Signer::LateBound, 3));
    let mut contract = started(&world, plan);
    let ina = world.a.by("ina");
    let factors: Factors = wrong.differences(&BOB.person());
    does(&mut contract, Command::WithholdDelivery { slot: id("sa"), place: 0, factors }, &ina);
    let open = Command::Open { slot: id("sa"), entry: Entry::List, shown: Default::default() };
    let error = contract.decide(open, &world.a.by("sally"), NOW).unwrap_err();
    assert_eq!(error.code(), "emp.identity_mismatch");
    hides_in_error(&error);
    let restore = Command::RestoreDelivery {
        slot: id("sa"),
        person: Some(BOB.person()),
        registered: world.a.staff("sally"),
    };
    does(&mut contract, restore, &ina);
    let forward = Command::Forward {
        slot: id("sa"),
        from: None,
        to: world.a.staff("steve"),
        kind: sealwright::contract::ForwardKind::ByEmployee,
    };
    does(&mut contract, forward, &world.a.by("sally"));
    let holder = Holder::known_by_facts(ALICE.person());
    let bind = Command::BindSigner {
        slot: id("sc"),
        holder,
        entitlements: sealwright::organization::Entitlements::NONE,
    };
    does(&mut contract, bind, &ina);
    let decline = Command::Decline { slot: id("sa"), reason: reason("不同意") };
    does(&mut contract, decline, &world.a.by("steve"));
}

#[test]
fn r_id_13_problems_of_a_draft_and_refusals_name_nobody() {
    let world = world();
    let copy = Cc {
        id: "paul".parse().unwrap(),
        name: BOB.name().into(),
        mobile: BOB.mobile().into(),
        permission: CcPermission::View,
        told: CcTime::AtStart,
    };
    let plan = Plan::new(&world)
        .and(slot("sc", "pa", bound(&world.a, "sally"), 1))
        .with(|plan| plan.cc.extend([copy.clone(), copy.clone()]));
    let contract = draft(&world, plan);
    let nothing = BTreeMap::new();
    let validation = with_facts(&contract, &nothing, |facts| contract.validate(facts, NOW));
    assert!(validation.errors.len() >= 3, "{validation:?}");
    hides_in_debug(&validation);
    for error in &validation.errors {
        hides_in_error(error);
    }

    let contract = started(&world, Plan::new(&world));
    let strangers = [world.paul(), world.b.by("bert"), world.a.by("ina")];
    for by in strangers {
        hides_in_debug(&by);
        let error = contract.decide(
            signed(&contract, "sa", &Holder::known_by_facts(BOB.person())),
            &by,
            NOW,
        );
        hides_in_error(&error.unwrap_err());
    }
    let value = vec![(paper::key("d1", "seal_a"), paper::text(BOB.id_number))];
    let fill = Command::Fill { slot: id("sa"), values: value, finished: true };
    hides_in_debug(&fill);
    hides_in_error(&contract.decide(fill, &world.a.by("sally"), NOW).unwrap_err());
}
