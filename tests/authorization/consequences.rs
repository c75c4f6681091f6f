//! What spans aggregates: leaving, new names, closing.

use sealwright::authorization::{
    GrantStatus, Leaving, RevocationCause, SealStatus, change_person, close_organization,
    rename_organization, resign,
};
use sealwright::contract::SealKind;
use sealwright::contract::{
    Command, Contract, ForwardKind, Holder, Party, Phase, Signer, SlotState,
};
use sealwright::decision::Claim;
use sealwright::identity::{Mobile, OrganizationName, PersonName};
use sealwright::organization::{
    By, Employee, EmployeeCommand, EmployeeStatus, Holders, Organization, OrganizationStatus,
    RealName, ShippedRole, Staff,
};

use crate::papers::{Draft, asserted, id, slot};
use crate::people::{Company, after, employee, hours, person, start};
use crate::stamps::to_use;

fn leaving(company: &Company) -> Leaving<'_> {
    Leaving {
        employee: &company.alice,
        organization: &company.organization,
        handover: Some(&company.bob),
        contracts: &[],
        grants: &[],
    }
}

#[test]
fn emp_resign_revokes_grants_and_forwards_open_places() {
    let (a, b) = (Company::first(), Company::second());
    let contract = Draft::between(&a, &b).started(&a);
    let seal = a.enabled("s", SealKind::Contract);
    let [hers, too, bobs] = [
        a.granted(to_use("g1"), &seal, &a.alice),
        a.granted(to_use("g2"), &seal, &a.alice),
        a.granted(to_use("g3"), &seal, &a.bob),
    ];
    let gone = after(&too, &too.revoke(None, &seal, &By::System, &a.facts(), start()).unwrap());
    let facts = Leaving { contracts: &[&contract], grants: &[&hers, &gone, &bobs], ..leaving(&a) };
    let decided = resign(&facts, &a.by(&a.admin), hours(1)).unwrap();

    assert_eq!(after(&a.alice, &decided.employee).status(), EmployeeStatus::Resigned);
    let [revoked] = &decided.grants[..] else { panic!("{:?}", decided.grants) };
    let hers = after(&hers, revoked);
    assert_eq!((hers.id().as_str(), hers.status()), ("g1", GrantStatus::Revoked));
    assert_eq!(hers.revocation().unwrap().cause, RevocationCause::Resigned);

    let [forwarded] = &decided.contracts[..] else { panic!("{:?}", decided.contracts) };
    assert_eq!(forwarded.kinds(), ["contract.forwarded"]);
    let contract = after(&contract, forwarded);
    let place = contract.slot(&id("sa")).unwrap();
    assert_eq!(place.handovers()[0].kind, ForwardKind::Resigned);
    assert_eq!(place.signer().holders()[0].employee_id(), Some(a.bob.id()));
    // Everything rests on the revisions that were looked at.
    assert!(decided.employee.apply_to(&mut a.bob.clone()).is_err());
    let mut moved = hers.clone();
    assert_eq!(revoked.apply_to(&mut moved).unwrap_err().code(), "grant.stale_revision");
}

#[test]
fn emp_resign_needs_a_successor_for_open_work() {
    let (a, b) = (Company::first(), Company::second());
    let contract = Draft::between(&a, &b).started(&a);
    let by = a.by(&a.admin);
    let alone = Leaving { handover: None, contracts: &[&contract], ..leaving(&a) };
    assert_eq!(resign(&alone, &by, start()).unwrap_err().code(), "emp.handover_required");
    let idle = Leaving { handover: None, ..leaving(&a) };
    assert!(resign(&idle, &by, start()).unwrap().contracts.is_empty());
    let himself = Leaving { handover: Some(&a.alice), contracts: &[&contract], ..leaving(&a) };
    assert_eq!(resign(&himself, &by, start()).unwrap_err().code(), "emp.handover_invalid");
    let other = Leaving { handover: Some(&b.bob), contracts: &[&contract], ..leaving(&a) };
    assert_eq!(resign(&other, &by, start()).unwrap_err().code(), "emp.handover_invalid");
    let refused = resign(&leaving(&a), &a.by(&a.bob), start()).unwrap_err();
    assert_eq!(refused.code(), "emp.no_permission");
    let clerk = [ShippedRole::ItAdmin];
    let clerk = employee(&a.organization, "clerk-a", person("钱职员", 160), &clerk);
    let facts = Leaving { contracts: &[&contract], ..leaving(&a) };
    let decided = resign(&facts, &a.by(&clerk), start()).unwrap();
    assert_eq!(decided.contracts.len(), 1, "who may let somebody go may hand over his work");
    let head = Leaving { employee: &a.admin, ..leaving(&a) };
    assert_eq!(resign(&head, &by, start()).unwrap_err().code(), "emp.protected_role");
}

#[test]
fn emp_resign_leaves_what_is_signed_and_what_is_anothers() {
    let (a, b) = (Company::first(), Company::second());
    let contract = Draft::between(&a, &b).started(&a);
    let record = Box::new(asserted(&contract, "sa"));
    let signed = contract.decide(Command::AssertSigned(record), &a.by(&a.alice), start());
    let signed = after(&contract, &signed.unwrap());
    let facts = Leaving { handover: None, contracts: &[&signed], ..leaving(&a) };
    assert!(resign(&facts, &a.by(&a.admin), start()).unwrap().contracts.is_empty());
    let bob = Leaving { employee: &a.bob, contracts: &[&contract], ..facts };
    assert!(resign(&bob, &a.by(&a.admin), start()).unwrap().contracts.is_empty());
}

#[test]
fn emp_resign_forwards_several_places_and_those_known_by_facts_alone() {
    let (a, b) = (Company::first(), Company::second());
    let by_facts = Signer::bound(Holder::known_by_facts(a.alice.person().clone()));
    let twice = Draft::between(&a, &b).with(|draft| {
        draft.parties.push(crate::papers::party("pc", &a));
        draft.slots.push(slot("sc", "pc", by_facts, 3));
        draft.controls.push(crate::papers::seal("seal_c", "sc", 570.0));
    });
    let mut contract = twice.started(&a);
    let facts = Leaving { contracts: &[&contract.clone()], ..leaving(&a) };
    let decided = resign(&facts, &a.by(&a.admin), start()).unwrap();
    assert_eq!(decided.contracts.len(), 2);
    for decision in &decided.contracts {
        decision.apply_to(&mut contract).unwrap();
    }
    for place in ["sa", "sc"] {
        let holders = contract.slot(&id(place)).unwrap().signer().holders();
        assert_eq!(holders[0].employee_id(), Some(a.bob.id()), "{place}");
    }
}

#[test]
fn emp_resign_forwards_one_of_several_candidates_known_by_facts_alone() {
    let (a, b) = (Company::first(), Company::second());
    let by_facts = |employee: &Employee| Holder::known_by_facts(employee.person().clone());
    let holders = vec![by_facts(&a.admin), by_facts(&a.alice)];
    let mut contract = Draft::between(&a, &b)
        .with(|draft| draft.slots[0].signer = Signer::Candidates { holders })
        .started(&a);
    let facts = Leaving { contracts: &[&contract.clone()], ..leaving(&a) };
    let decided = resign(&facts, &a.by(&a.admin), start()).unwrap();
    decided.contracts[0].apply_to(&mut contract).unwrap();
    let holders = contract.slot(&id("sa")).unwrap().signer().holders();
    assert_eq!(holders[0], by_facts(&a.admin));
    assert_eq!(holders[1].employee_id(), Some(a.bob.id()));
}

#[test]
fn emp_resign_leaves_what_the_same_human_signs_for_another_organization() {
    let (a, b) = (Company::first(), Company::second());
    let by_facts = Signer::bound(Holder::known_by_facts(a.alice.person().clone()));
    let contract = Draft::between(&a, &b)
        .with(|draft| {
            // 乙 is known by its name alone.
            let name = b.organization.name().clone();
            draft.parties[1] = Party::organization("pb".parse().unwrap(), name, None);
            draft.slots[0].signer = crate::papers::bound(&a.bob);
            draft.slots[1].signer = by_facts;
        })
        .started(&a);
    let facts = Leaving { handover: None, contracts: &[&contract], ..leaving(&a) };
    assert!(resign(&facts, &a.by(&a.admin), start()).unwrap().contracts.is_empty());
}

/// A clerk of 乙, the parent in a group, is named as the signer of 甲.
#[test]
fn r_emp_03_somebody_lent_to_a_subsidiary_does_not_leave_before_it_has_a_successor() {
    let (a, b) = (Company::first(), Company::second());
    let mut contract = Draft::between(&a, &b)
        .with(|draft| {
            draft.slots[0].signer = crate::papers::bound(&b.alice);
            draft.slots[1].signer = crate::papers::bound(&b.bob);
        })
        .started(&a);
    let held = contract.clone();
    let facts = Leaving { contracts: &[&held], ..leaving(&b) };
    let by = b.by(&b.admin);
    let refused = |facts: &Leaving<'_>| resign(facts, &by, start()).unwrap_err().code();
    assert_eq!(refused(&Leaving { handover: None, ..facts }), "emp.handover_required");
    // Bob of 乙 is none of 甲's.
    assert_eq!(refused(&facts), "emp.handover_invalid");

    let (to, kind) = (a.staff(&a.bob), ForwardKind::Resigned);
    let from = Staff::of_group(&a.organization, &b.organization, &b.alice).unwrap();
    let forward = Command::Forward { slot: id("sa"), from: Some(from), to, kind };
    contract.decide(forward, &By::System, start()).unwrap().apply_to(&mut contract).unwrap();
    let facts = Leaving { handover: None, contracts: &[&contract], ..facts };
    assert!(resign(&facts, &by, start()).unwrap().contracts.is_empty());
}

#[test]
fn emp_self_change_of_the_name_of_somebody_lent_to_a_subsidiary_ends_its_contract() {
    let (a, b) = (Company::first(), Company::second());
    let contract = Draft::between(&a, &b)
        .with(|draft| {
            draft.slots[0].signer = crate::papers::bound(&b.alice);
            draft.slots[1].signer = crate::papers::bound(&b.bob);
        })
        .started(&a);
    let proof = RealName {
        person: b.alice.person().clone().with_name(PersonName::parse("陈爱莉").unwrap()),
        birth_date: None,
        document_last_day: None,
        reference: "again".to_owned(),
    };
    let name = Some(proof.person.name().clone());
    let holders = Holders::default();
    let change = EmployeeCommand::Change { name, mobile: None, proof, holders };
    let by = b.by(&b.alice);
    let decided = change_person(&b.alice, change, &b.organization, &[&contract], &by, hours(1));
    let [fallen] = &decided.unwrap().contracts[..] else { panic!("one contract falls") };
    assert_eq!(after(&contract, fallen).phase(), Phase::Invalidated);
}

fn renamed(
    company: &Company,
    by: &By<'_>,
    seals: &[&sealwright::authorization::Seal],
    contracts: &[&Contract],
) -> Result<sealwright::authorization::OrganizationRenaming, &'static str> {
    let name = OrganizationName::parse("晨曦科技集团有限公司").unwrap();
    rename_organization(&company.organization, name, seals, contracts, by, hours(1))
        .map_err(|error| error.code())
}

#[test]
fn r_org_04_a_new_name_makes_official_and_contract_seals_and_open_contracts_fall() {
    let (a, b) = (Company::first(), Company::second());
    let seals: Vec<_> = [
        SealKind::Official,
        SealKind::Contract,
        SealKind::Finance,
        SealKind::Personnel,
        SealKind::LegalRepresentative,
    ]
    .into_iter()
    .map(|kind| a.enabled(&kind.to_string(), kind))
    .collect();
    let theirs = b.enabled("theirs", SealKind::Official);
    let void = a.command(
        &seals[1],
        sealwright::authorization::SealCommand::Void { reason: crate::stamps::reason() },
    );
    let mut all: Vec<_> = seals.iter().collect();
    all.extend([&theirs, &void]);
    let open = Draft::between(&a, &b).started(&a);
    let record = Box::new(asserted(&open, "sa"));
    let signed = open.decide(Command::AssertSigned(record), &a.by(&a.alice), start()).unwrap();
    let signed = after(&open, &signed);

    let decided = renamed(&a, &a.by(&a.admin), &all, &[&open, &signed]).unwrap();
    assert_eq!(decided.organization.kinds(), ["org.renamed"]);
    let fallen: Vec<_> = decided.seals.iter().map(|decision| decision.id()).collect();
    assert_eq!(fallen, ["official", "contract"]);
    for (seal, decision) in seals.iter().zip(&decided.seals) {
        assert_eq!(after(seal, decision).status(), SealStatus::Invalid);
        assert_eq!(decision.kinds(), ["seal.invalid"]);
        assert!(matches!(decision.claims()[0], Claim::Release { .. }));
    }
    // The open one falls; that in which the company has signed stays.
    let [contract] = &decided.contracts[..] else { panic!("{:?}", decided.contracts) };
    let contract = after(&open, contract);
    assert_eq!(contract.phase(), Phase::Invalidated);
    assert_eq!(contract.slot(&id("sa")).unwrap().state(), SlotState::Stopped);
}

#[test]
fn r_org_04_the_same_name_or_one_without_right_changes_nothing() {
    let (a, b) = (Company::first(), Company::second());
    let seal = a.enabled("s", SealKind::Official);
    let open = Draft::between(&a, &b).started(&a);
    let refused = renamed(&a, &a.by(&a.alice), &[&seal], &[&open]).unwrap_err();
    assert_eq!(refused, "emp.protected_role");
    let same = a.organization.name().clone();
    let by = a.by(&a.chief);
    let decided =
        rename_organization(&a.organization, same, &[&seal], &[&open], &by, start()).unwrap();
    assert!(decided.organization.is_empty());
    assert!(decided.seals.is_empty() && decided.contracts.is_empty());
}

#[test]
fn emp_self_change_of_the_name_invalidates_open_contracts_and_of_the_mobile_does_not() {
    let (a, b) = (Company::first(), Company::second());
    let open = Draft::between(&a, &b).started(&a);
    let other = Draft::between(&b, &a)
        .with(|draft| draft.slots[1].signer = crate::papers::bound(&a.bob))
        .started(&b);
    let name = PersonName::parse("陈爱莉").unwrap();
    let mobile = Mobile::parse("13900000000").unwrap();
    let change = |name: Option<PersonName>, mobile: Option<Mobile>| {
        let mut person = a.alice.person().clone();
        if let Some(name) = &name {
            person = person.with_name(name.clone());
        }
        if let Some(mobile) = &mobile {
            person = person.with_mobile(mobile.clone());
        }
        let proof = RealName {
            person,
            birth_date: None,
            document_last_day: None,
            reference: "again".to_owned(),
        };
        let command = EmployeeCommand::Change { name, mobile, proof, holders: Holders::default() };
        let by = a.by(&a.alice);
        change_person(&a.alice, command, &a.organization, &[&open, &other], &by, hours(1)).unwrap()
    };
    let decided = change(Some(name), None);
    assert_eq!(decided.employee.kinds(), ["emp.changed"]);
    let [contract] = &decided.contracts[..] else { panic!("{:?}", decided.contracts) };
    assert_eq!(after(&open, contract).phase(), Phase::Invalidated);

    assert!(change(None, Some(mobile.clone())).contracts.is_empty());
    let same = a.alice.person().name().clone();
    assert!(change(Some(same), Some(mobile)).contracts.is_empty());
}

#[test]
fn org_close_waits_for_live_contracts() {
    let (a, b) = (Company::first(), Company::second());
    let open = Draft::between(&a, &b).started(&a);
    let close = |organization: &Organization, contracts: &[&Contract]| {
        close_organization(organization, contracts, &By::System, hours(1))
            .map(|decision| after(organization, &decision).status())
            .map_err(|error| error.code())
    };
    for company in [&a, &b] {
        let refused = close(&company.organization, &[&open]).unwrap_err();
        assert_eq!(refused, "org.has_live_contracts");
    }
    let reason = crate::stamps::reason();
    let cancelled = open.cancel(reason, &a.by(&a.admin), None, start()).unwrap();
    let ended = after(&open, &cancelled.contract);
    assert_eq!(close(&a.organization, &[&ended]).unwrap(), OrganizationStatus::Closing);

    let begun = close_organization(&a.organization, &[], &By::System, hours(1)).unwrap();
    let closing = after(&a.organization, &begun);
    assert_eq!(close(&closing, &[&open]).unwrap_err(), "org.has_live_contracts");
    assert_eq!(close(&closing, &[&ended]).unwrap(), OrganizationStatus::Closed);
}
