//! R-CER-15: who finds which contract in contract management.

use std::collections::BTreeSet;

use super::samples::{NOW, World, apply};
use super::{
    Cc, CcPermission, CcTime, Command, Contract, ContractFilter, Edit, ForwardKind, Holder, Party,
    Phase, Progress, Relation, Settings, Signer, SlotPlan, Viewer, contracts_for,
};
use crate::identity::{DepartmentId, Factor, Factors, PersonId};
use crate::organization::samples::{active, employee, person};
use crate::organization::{
    By, DataRange, Employee, Organization, OrganizationCommand, Permission, RoleRef, ShippedRole,
    Staff,
};

fn sees(contract: &Contract, by: &By<'_>) -> Option<Relation> {
    let all = ContractFilter::default();
    contracts_for([contract], &Viewer::of(by), &all).pop().map(|listed| listed.relation)
}

fn signs(slot: &str) -> Option<Relation> {
    Some(Relation::Signs(vec![slot.parse().unwrap()]))
}

fn with_role(organization: &Organization, id: &str, number: u32, role: ShippedRole) -> Employee {
    employee(organization, id, person("同事", number), &[RoleRef::Shipped(role)])
}

#[test]
fn r_cer_15_both_sides_find_it_and_a_stranger_finds_nothing() {
    let world = World::new();
    let (draft, started) = (world.draft(), world.started());
    let (alice, bob) = (By::Staff(world.alice()), By::Staff(world.bob()));
    assert_eq!(sees(&draft, &alice), Some(Relation::Initiated));
    assert_eq!(sees(&draft, &bob), None);
    assert_eq!(sees(&started, &bob), signs("sb"));
    let (c, admin) = active("c", 2);
    assert_eq!(sees(&started, &By::Staff(Staff::of(&c, &admin).unwrap())), None);
    assert_eq!(sees(&started, &By::System), Some(Relation::Operator));
}

#[test]
fn r_cer_15_colleagues_see_what_their_permission_reaches() {
    let world = World::new();
    let started = world.started();
    let colleague = |of: &Organization, role, number| {
        let employee = with_role(of, "carol", number, role);
        let by = By::Staff(Staff::of(of, &employee).unwrap());
        sees(&started, &by)
    };
    for of in [&world.a, &world.b] {
        let all = Some(Relation::Colleague);
        assert_eq!(colleague(of, ShippedRole::ContractAdmin, 31), all);
        assert_eq!(colleague(of, ShippedRole::Salesperson, 32), None);
    }
    let draft = world.draft();
    let admin = with_role(&world.b, "carol", 33, ShippedRole::ContractAdmin);
    assert_eq!(sees(&draft, &By::Staff(Staff::of(&world.b, &admin).unwrap())), None);
}

#[test]
fn r_cer_15_a_department_sees_what_its_people_sign() {
    let mut world = World::new();
    let department: DepartmentId = "sales".parse().unwrap();
    let name = crate::organization::Label::parse("销售部").unwrap();
    let command = OrganizationCommand::AddDepartment { id: department.clone(), name, parent: None };
    let decision = world.b.decide(command, &By::System, NOW).unwrap();
    apply(&mut world.b, decision);
    let started = world.started();
    let roles = [RoleRef::Shipped(ShippedRole::DepartmentManager)];
    let mut manager = employee(&world.b, "mia", person("经理", 41), &roles);
    let departments: BTreeSet<DepartmentId> = [department.clone()].into();
    let command = crate::organization::EmployeeCommand::Assign {
        departments: departments.clone(),
        roles: roles.into(),
    };
    let decision = manager.decide(command, &world.b, &By::System, NOW).unwrap();
    apply(&mut manager, decision);
    let staff = Staff::of(&world.b, &manager).unwrap();
    assert_eq!(staff.range(Permission::ContractView), Some(DataRange::Department));
    let by = By::Staff(staff);
    assert_eq!(sees(&started, &by), None);
    let knowing = Viewer::of(&by).colleague(world.bob.id().clone(), departments);
    let listed = contracts_for([&started], &knowing, &ContractFilter::default());
    assert_eq!(listed[0].relation, Relation::Colleague);
}

#[test]
fn r_cer_15_what_is_withheld_from_a_signer_does_not_exist_for_him() {
    let world = World::new();
    let mut started = world.started();
    let factors = Factors::default().with_if(Factor::Mobile, true);
    let command = Command::WithholdDelivery { slot: "sb".parse().unwrap(), place: 0, factors };
    let decision = started.decide(command, &By::System, NOW).unwrap();
    apply(&mut started, decision);
    assert_eq!(sees(&started, &By::Staff(world.bob())), None);
    let admin = with_role(&world.b, "carol", 33, ShippedRole::ContractAdmin);
    assert_eq!(sees(&started, &By::Staff(Staff::of(&world.b, &admin).unwrap())), None);
}

/// The sample contract where Paul signs for himself as `sp`, and is copied.
fn with_paul(world: &World, id: &PersonId, cc: Vec<Cc>) -> Contract {
    let mut contract = world.draft();
    let (mut parties, mut slots) = (world.parties(), world.slots());
    parties.push(Party::person("p".parse().unwrap()));
    let holder = Holder::person(id.clone(), person("保罗", 51));
    let mut slot =
        SlotPlan::new("sp".parse().unwrap(), "p".parse().unwrap(), Signer::bound(holder));
    slot.options.places_controls = true;
    if cc.is_empty() {
        slots.push(slot);
    } else {
        parties.pop();
    }
    world.edit(&mut contract, Edit::People { parties, slots, cc });
    world.start(contract)
}

#[test]
fn r_cer_15_a_natural_person_sees_what_he_signs_for_himself() {
    let world = World::new();
    let (id, other): (PersonId, PersonId) = ("paul".parse().unwrap(), "eve".parse().unwrap());
    let contract = with_paul(&world, &id, Vec::new());
    let (paul, eve) = (person("保罗", 51), person("夏娃", 52));
    assert_eq!(sees(&contract, &By::Person { id: &id, person: &paul }), signs("sp"));
    assert_eq!(sees(&contract, &By::Person { id: &other, person: &eve }), None);
}

#[test]
fn r_cer_15_who_is_copied_sees_it_from_when_he_is_told() {
    let world = World::new();
    let id: PersonId = "paul".parse().unwrap();
    let paul = person("保罗", 51);
    let by = By::Person { id: &id, person: &paul };
    for (told, expected) in
        [(CcTime::AtStart, Some(Relation::Copied)), (CcTime::AtCompletion, None)]
    {
        let cc = Cc {
            id: id.clone(),
            name: paul.name().clone().into(),
            mobile: paul.mobile().clone().into(),
            permission: CcPermission::View,
            told,
        };
        let contract = with_paul(&world, &id, vec![cc]);
        assert_eq!(sees(&contract, &by), expected);
        let mut stored = serde_json::to_value(contract).unwrap();
        stored["phase"] = serde_json::to_value(Phase::Completed).unwrap();
        let completed: Contract = serde_json::from_value(stored).unwrap();
        assert_eq!(sees(&completed, &by), Some(Relation::Copied));
    }
}

#[test]
fn r_cer_15_filters_narrow_what_is_seen() {
    let world = World::new();
    let (draft, started) = (world.draft(), world.started());
    let alice = By::Staff(world.alice());
    let count = |filter: ContractFilter| {
        contracts_for([&draft, &started], &Viewer::of(&alice), &filter).len()
    };
    let all = ContractFilter::default;
    assert_eq!(count(all()), 2);
    let phases: BTreeSet<Phase> = [Phase::Signing(Progress::None)].into();
    assert_eq!(count(ContractFilter { phases, ..all() }), 1);
    assert_eq!(count(ContractFilter { awaiting_me: true, ..all() }), 1);
    assert_eq!(count(ContractFilter { name_contains: Some("采购".into()), ..all() }), 2);
    assert_eq!(count(ContractFilter { name_contains: Some("租赁".into()), ..all() }), 0);
    assert_eq!(count(ContractFilter { since: Some(NOW), ..all() }), 2);
    assert_eq!(count(ContractFilter { until: Some(NOW), ..all() }), 0);
}

#[test]
fn r_con_08_the_list_does_not_show_documents_before_the_turn() {
    let world = World::new();
    let mut contract = world.draft();
    let settings = Box::new(Settings { hide_until_turn: true, ..Settings::default() });
    world.edit(&mut contract, Edit::Settings { settings });
    let (parties, mut slots) = (world.parties(), world.slots());
    slots[1].rank = super::Rank::new(2).unwrap();
    world.edit(&mut contract, Edit::People { parties, slots, cc: Vec::new() });
    let contract = world.start(contract);
    let shown = |by: &By<'_>| contract.listed_for(&Viewer::of(by)).unwrap().shows_documents;
    assert!(!shown(&By::Staff(world.bob())));
    assert!(shown(&By::Staff(world.alice())));
}

#[test]
fn r_cer_15_what_was_handed_over_is_found_and_does_not_await_him() {
    let world = World::new();
    let mut contract = world.started();
    let deputy = employee(&world.b, "deputy", person("副签", 61), &[]);
    let clerk = employee(&world.b, "clerk", person("职员", 62), &[]);
    let (to, clerk) = (Staff::of(&world.b, &deputy).unwrap(), Staff::of(&world.b, &clerk).unwrap());
    let forward = |contract: &mut Contract, to| {
        let (slot, kind) = ("sb".parse().unwrap(), ForwardKind::ByEmployee);
        let command = Command::Forward { slot, from: None, to, kind };
        let decision = contract.decide(command, &By::System, NOW).unwrap();
        apply(contract, decision);
    };
    let mut withheld = contract.clone();
    forward(&mut contract, to);
    let bob = By::Staff(world.bob());
    let awaiting = |by: &By<'_>| contract.listed_for(&Viewer::of(by)).unwrap().awaiting;
    assert_eq!(sees(&contract, &bob), signs("sb"));
    assert!(awaiting(&bob).is_empty());
    assert_eq!(awaiting(&By::Staff(to)), ["sb".parse().unwrap()]);
    let filter = ContractFilter { awaiting_me: true, ..ContractFilter::default() };
    assert!(contracts_for([&contract], &Viewer::of(&bob), &filter).is_empty());

    // What the clerk never received stays unknown to him.
    forward(&mut withheld, clerk);
    assert_eq!(sees(&withheld, &By::Staff(clerk)), signs("sb"));
    let factors = Factors::default().with_if(Factor::Mobile, true);
    let slot = "sb".parse().unwrap();
    let command = Command::WithholdDelivery { slot, place: 0, factors };
    let decision = withheld.decide(command, &By::System, NOW).unwrap();
    apply(&mut withheld, decision);
    forward(&mut withheld, to);
    assert_eq!(sees(&withheld, &By::Staff(clerk)), None);
}

#[test]
fn r_con_08_neither_colleagues_of_a_later_signer_nor_readers_see_the_text_before_his_turn() {
    let world = World::new();
    let id: PersonId = "rita".parse().unwrap();
    let rita = person("丽塔", 53);
    let told_at_start = Cc {
        id: id.clone(),
        name: rita.name().clone().into(),
        mobile: rita.mobile().clone().into(),
        permission: CcPermission::View,
        told: CcTime::AtStart,
    };
    let mut contract = world.draft();
    let settings = Box::new(Settings { hide_until_turn: true, ..Settings::default() });
    world.edit(&mut contract, Edit::Settings { settings });
    let (parties, mut slots) = (world.parties(), world.slots());
    slots[1].rank = super::Rank::new(2).unwrap();
    world.edit(&mut contract, Edit::People { parties, slots, cc: vec![told_at_start] });
    let contract = world.start(contract);
    let admin = |of: &Organization| with_role(of, "carol", 33, ShippedRole::ContractAdmin);
    let (ours, theirs) = (admin(&world.a), admin(&world.b));
    let ours = By::Staff(Staff::of(&world.a, &ours).unwrap());
    let theirs = By::Staff(Staff::of(&world.b, &theirs).unwrap());
    let reader = By::Person { id: &id, person: &rita };
    let shown = |contract: &Contract| {
        [&ours, &theirs, &reader]
            .map(|by| contract.listed_for(&Viewer::of(by)).unwrap().shows_documents)
    };
    assert_eq!(shown(&contract), [true, false, false]);

    // When Alice has signed, nobody's turn is left to come.
    let mut stored = serde_json::to_value(&contract).unwrap();
    stored["slots"][0]["state"] = serde_json::to_value(super::SlotState::Signed).unwrap();
    let signed: Contract = serde_json::from_value(stored).unwrap();
    assert_eq!(shown(&signed), [true, true, true]);
}
