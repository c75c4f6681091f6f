//! Departments and quotas under random commands: small states that are known in full at each step.

use std::collections::BTreeMap;

use sealwright::identity::{ContractId, OrganizationId};
use sealwright::organization::{
    By, Entitlement, EntitlementCommand, Feature, Label, OrganizationCommand, Terms, Window,
};
use time::Duration;

use crate::people::{START, active};
use crate::sequence::{Choices, Watched, explore};

#[test]
fn org_departments_stay_a_tree() {
    let coverage = explore(96, 200, |choices, marks| {
        let mut organization = active("org_0", 0).0;
        let name = Label::parse("部门").unwrap();
        while choices.more() {
            let department =
                |choices: &mut Choices| format!("dep_{}", choices.below(6)).parse().unwrap();
            let parent = choices.percent(70).then(|| department(choices));
            let id = department(choices);
            let command = match choices.below(5) {
                0 | 1 => OrganizationCommand::AddDepartment { id, name: name.clone(), parent },
                2 | 3 => OrganizationCommand::MoveDepartment { id, parent },
                _ => OrganizationCommand::RemoveDepartment { id, members: choices.below(2) },
            };
            match organization.decide(command, &By::System, START) {
                Ok(decision) => {
                    decision.kinds().into_iter().for_each(|kind| marks.reached(kind));
                    decision.apply_to(&mut organization).unwrap();
                }
                Err(error) => marks.reached(error.code()),
            }
            let all = organization.departments();
            for (id, _) in all.iter() {
                let mut above = Some(id.clone());
                for _ in 0..=all.len() {
                    above = above.and_then(|id| all.get(&id).unwrap().parent.clone());
                }
                assert_eq!(above, None, "{id} lies below itself");
            }
        }
    });
    for mark in ["org.department_moved", "org.department_cycle", "org.department_in_use"] {
        coverage.require(mark, 50);
    }
    coverage.require("org.department_removed", 20);
}

#[test]
fn r_ent_01_random_sequences_conserve_the_quota() {
    let coverage = explore(128, 600, |choices, marks| {
        let organization: OrganizationId = "org_0".parse().unwrap();
        let mut limit = u64::try_from(choices.below(6)).unwrap();
        let until = START + Duration::hours(60);
        let terms =
            Terms { quota: Some(limit), ..Terms::within(Window::new(START, Some(until)).unwrap()) };
        let id = "ent_1".parse().unwrap();
        let decision =
            Entitlement::grant(&id, &organization, Feature::Contracts, terms, &By::System, START);
        let mut watched = Watched::begin(&decision.unwrap());
        // What a contract has of the quota, by the book-keeping of the test.
        let mut reserved: BTreeMap<ContractId, u64> = BTreeMap::new();
        let (mut consumed, mut now) = (0, START);
        while choices.more() {
            now += Duration::minutes(i64::try_from(choices.below(90)).unwrap());
            let contract: ContractId = format!("con_{}", choices.below(5)).parse().unwrap();
            let amount = 1 + u64::try_from(choices.below(2)).unwrap();
            let command = match choices.below(12) {
                0..5 => EntitlementCommand::Reserve { contract: contract.clone(), amount },
                5..8 => EntitlementCommand::Return { contract: contract.clone() },
                8 | 9 => EntitlementCommand::Consume { contract: contract.clone() },
                10 => EntitlementCommand::ChangeQuota {
                    limit: u64::try_from(choices.below(9)).unwrap(),
                },
                _ => EntitlementCommand::Expire,
            };
            let before = watched.state().clone();
            let outcome = before.decide(command.clone(), &By::System, now);
            match watched.follow(&before, outcome) {
                Ok(kinds) => {
                    kinds.into_iter().for_each(|kind| marks.reached(kind));
                    match command {
                        EntitlementCommand::Reserve { contract, amount } => {
                            assert!(now < until, "nothing is reserved after the end");
                            assert_eq!(reserved.insert(contract, amount), None);
                            let used = consumed + reserved.values().sum::<u64>();
                            assert!(used <= limit, "never more than there is");
                        }
                        EntitlementCommand::Return { contract } => {
                            assert!(reserved.remove(&contract).is_some());
                        }
                        EntitlementCommand::Consume { contract } => {
                            consumed += reserved.remove(&contract).unwrap();
                        }
                        EntitlementCommand::ChangeQuota { limit: new } => limit = new,
                        _ => assert!(now >= until),
                    }
                }
                Err(error) => marks.reached(error.code()),
            }
            let quota = watched.state().quota().unwrap();
            assert_eq!((quota.limit(), quota.consumed()), (limit, consumed));
            assert_eq!(quota.reserved(), reserved.values().sum::<u64>());
            assert_eq!(quota.left(), limit.saturating_sub(consumed + quota.reserved()));
        }
        watched.check();
    });
    for mark in [
        "feature.quota_reserved",
        "feature.quota_returned",
        "feature.quota_consumed",
        "feature.quota_exhausted",
        "feature.reservation",
    ] {
        coverage.require(mark, 50);
    }
    coverage.require("feature.expired", 10);
}
