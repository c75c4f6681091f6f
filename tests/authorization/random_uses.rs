//! Permits, records and revocations in any order: no use is lost, none is made up.

use std::num::NonZeroU32;

use proptest::prelude::*;
use sealwright::authorization::{
    NewGrant, Register, SealCommand, SigningPermit, Validity, record_signing,
};
use sealwright::contract::{Contract, SignedRecord, SigningWindow};
use sealwright::organization::By;
use time::Duration;

use crate::chain::Deal;
use crate::papers::{Draft, host_key};
use crate::people::{after, start};
use crate::recording::honest;
use crate::stamps::to_use;

const IDS: [&str; 4] = ["con-1", "con-2", "con-3", "con-4"];

#[derive(Clone, Debug)]
enum Step {
    Authorize(usize),
    Record,
    Revoke,
    Toggle,
    Wait(i64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..IDS.len()).prop_map(Step::Authorize),
        4 => Just(Step::Record),
        1 => Just(Step::Revoke),
        1 => Just(Step::Toggle),
        3 => (0_i64..40).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn grant_random_uses_are_counted_and_never_too_many(
        steps in proptest::collection::vec(step(), 0..30),
        most in 1_u32..4,
        until in 0_i64..200,
    ) {
        let mut deal = Deal::new();
        let mut now = start();
        let [from, until] = [until / 4, until + 1].map(|it| start() + Duration::minutes(it));
        let validity = Validity::new(from, Some(until)).unwrap();
        let new = NewGrant { max_uses: NonZeroU32::new(most), validity, ..to_use("g") };
        deal.grant = deal.a.granted(new, &deal.seal, &deal.a.alice);
        let mut contracts: Vec<Contract> = IDS
            .into_iter()
            .map(|id| Draft { id, ..Draft::between(&deal.a, &deal.b) }.started(&deal.a))
            .collect();
        let mut waiting: Vec<(usize, SigningPermit, SignedRecord)> = Vec::new();
        let (mut uses, mut revoked, mut signed) = (0, false, [false; IDS.len()]);
        for step in steps {
            let enabled = deal.seal.require_enabled().is_ok();
            match step {
                Step::Authorize(which) => {
                    deal.contract = contracts[which].clone();
                    let in_time = from <= now && now < until;
                    let free = !signed[which] && enabled && !revoked && uses < most && in_time;
                    let answer = deal.authorize_anew_at(now);
                    prop_assert_eq!(answer.is_ok(), free);
                    if let Ok(permit) = answer {
                        let record = honest(&deal, &permit);
                        waiting.push((which, permit, record));
                    }
                }
                Step::Record => {
                    let Some((which, permit, record)) = waiting.pop() else { continue };
                    let by = deal.a.by(&deal.a.alice);
                    let (seals, grants) = ([&deal.seal], [&deal.grant]);
                    let register = Register { seals: &seals, grants: &grants, key: &host_key(), window: SigningWindow::NO_MEETING };
                    let contract = &contracts[which];
                    let in_time = now < until && now < permit.at() + SigningPermit::LASTS;
                    let stored =
                        record_signing(contract, permit, record, &register, &by, now);
                    let free = !signed[which] && enabled && !revoked && uses < most && in_time;
                    prop_assert_eq!(stored.is_ok(), free);
                    if let Ok(stored) = stored {
                        contracts[which] = after(contract, &stored.contract);
                        deal.grant = after(&deal.grant, &stored.grants[0]);
                        signed[which] = true;
                        uses += 1;
                    }
                }
                Step::Revoke => {
                    let facts = deal.a.facts();
                    let answer = deal.grant.revoke(None, &deal.seal, &By::System, &facts, now);
                    prop_assert_eq!(answer.is_ok(), !revoked);
                    if let Ok(decision) = answer {
                        deal.grant = after(&deal.grant, &decision);
                    }
                    revoked = true;
                }
                Step::Toggle => {
                    let command = if enabled { SealCommand::Disable } else { SealCommand::Enable };
                    deal.seal = deal.a.command(&deal.seal, command);
                }
                Step::Wait(minutes) => now += Duration::minutes(minutes),
            }
            prop_assert_eq!(deal.grant.uses(), uses);
            prop_assert!(uses <= most);
        }
    }
}
