//! Contracts that are signed as one act.

use std::num::NonZeroU32;

use sealwright::authorization::{
    ChainFacts, GrantScope, GroupSigningRecorded, NewGrant, Register, Seal, SealGrant,
    SigningPermit, authorize, record_group_signing,
};
use sealwright::contract::{
    Contract, Group, IntentMethod, IntentProof, Membership, Pick, ReadingProof, SealKind,
    SignatureMethod, SignedRecord, SigningAttempt, SigningWindow,
};
use time::Duration;

use crate::papers::{Draft, host_key, id, key, permitted};
use crate::people::{Company, after, start};
use crate::stamps::to_use;

struct Bundle {
    a: Company,
    contracts: Vec<Contract>,
    seal: Seal,
    grant: SealGrant,
}

impl Bundle {
    fn with(grant: NewGrant) -> Self {
        let (a, b) = (Company::first(), Company::second());
        let member = Membership::new("bundle".parse().unwrap(), 2).unwrap();
        let contracts = ["con-1", "con-2"]
            .map(|id| {
                Draft { id, group: Some(member.clone()), ..Draft::between(&a, &b) }.started(&a)
            })
            .into();
        let seal = a.enabled("s", SealKind::Contract);
        let grant = a.granted(grant, &seal, &a.alice);
        Self { a, contracts, seal, grant }
    }

    fn permit(&self, contract: &Contract) -> Result<SigningPermit, &'static str> {
        let by = self.a.by(&self.a.alice);
        let (seals, grants) = ([&self.seal], [&self.grant]);
        let facts = ChainFacts::of(&by, &seals, &grants);
        let shown = contract.documents().iter().map(|it| (it.id().clone(), *it.digest()));
        let signer = self.a.alice.id().clone().into();
        let proof = IntentProof::new(contract.id().clone(), id("sa"), signer, shown);
        let seal = || Pick::Seal(self.seal.id().clone());
        let attempt = SigningAttempt::new(id("sa"))
            .choose(key("seal_a"), seal())
            .choose(key("seal_a2"), seal())
            .choose(key("sign_a"), Pick::Signature(SignatureMethod::FreshStroke))
            .meant(proof.check(IntentMethod::Face, "face-1", start()))
            .read(ReadingProof { shown_for: Duration::seconds(60), reached_end: true });
        authorize(contract, &attempt, &facts, SigningWindow::NO_MEETING, start())
            .map_err(|refused| refused.code())
    }

    fn signings(&self) -> Vec<(SigningPermit, SignedRecord)> {
        let one = |contract: &Contract| {
            let permit = self.permit(contract).unwrap();
            let record = permitted(contract, &permit, Some(self.a.alice.person()));
            (permit, record)
        };
        self.contracts.iter().map(one).collect()
    }

    fn store(
        &self,
        signings: Vec<(SigningPermit, SignedRecord)>,
    ) -> Result<GroupSigningRecorded, &'static str> {
        let group = Group::of(self.contracts.iter().collect()).unwrap();
        let (seals, grants) = ([&self.seal], [&self.grant]);
        let register = Register {
            seals: &seals,
            grants: &grants,
            key: &host_key(),
            window: SigningWindow::NO_MEETING,
        };
        let by = self.a.by(&self.a.alice);
        record_group_signing(&group, signings, &register, &by, start())
            .map_err(|error| error.code())
    }
}

#[test]
fn grant_a_group_is_one_decision_on_the_grant_and_one_use_for_each_contract() {
    let bundle = Bundle::with(NewGrant { max_uses: NonZeroU32::new(2), ..to_use("g") });
    let stored = bundle.store(bundle.signings()).unwrap();
    assert_eq!(stored.contracts.len(), 2);
    for (contract, decision) in bundle.contracts.iter().zip(&stored.contracts) {
        let signed = after(contract, decision);
        assert!(signed.slot(&id("sa")).unwrap().state().is_over());
        assert!(decision.witnesses().iter().any(|witness| witness.kind == "seal"));
    }
    let [used] = &stored.grants[..] else { panic!("{:?}", stored.grants) };
    assert_eq!(used.kinds(), ["seal.used", "seal.used"]);
    assert_eq!(after(&bundle.grant, used).uses_left(), Some(0));
}

#[test]
fn grant_a_group_is_signed_as_a_whole_or_not_at_all() {
    let bundle = Bundle::with(NewGrant { max_uses: NonZeroU32::new(1), ..to_use("g") });
    assert_eq!(bundle.store(bundle.signings()).unwrap_err(), "grant.usage_exhausted");

    let bundle = Bundle::with(to_use("g"));
    let mut one = bundle.signings();
    one.pop();
    assert_eq!(bundle.store(one).unwrap_err(), "con.group_incomplete");
    // Whatever else is wrong: what is missing is what has to be brought.
    let mut crossed = bundle.signings();
    crossed.reverse();
    crossed.pop();
    assert_eq!(bundle.store(crossed).unwrap_err(), "con.group_incomplete");
    let mut crossed = bundle.signings();
    crossed.reverse();
    assert_eq!(bundle.store(crossed).unwrap_err(), "sign.not_permitted");
}

#[test]
fn r_grant_04_a_grant_may_be_limited_to_a_group() {
    let limited = |group: &str| {
        let scope = GrantScope::of_lists([], [group.parse().unwrap()]).unwrap();
        let bundle = Bundle::with(NewGrant { scope, ..to_use("g") });
        bundle.permit(&bundle.contracts[0]).map(|permit| permit.seals().count())
    };
    assert_eq!(limited("bundle"), Ok(2));
    assert_eq!(limited("another"), Err("grant.scope_excluded"));
}
