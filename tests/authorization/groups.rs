//! Contracts that are signed as one act.

use std::num::NonZeroU32;

use sealwright::authorization::{
    ChainFacts, GrantScope, GroupSigningRecorded, NewGrant, Register, Seal, SealGrant,
    SigningPermit, Validity, authorize, authorize_group, record_group_signing,
};
use sealwright::contract::{
    Contract, Group, IntentMethod, IntentProof, Membership, Pick, ReadingProof, SealKind,
    SignatureMethod, SignedRecord, SigningAttempt, SigningWindow,
};
use time::Duration;

use crate::papers::{Draft, host_key, id, key, permitted};
use crate::people::{Company, after, hours, start};
use crate::stamps::to_use;

struct Bundle {
    a: Company,
    contracts: Vec<Contract>,
    seal: Seal,
    grant: SealGrant,
}

impl Bundle {
    fn with(grant: NewGrant) -> Self {
        Self::of(&["con-1", "con-2"], grant)
    }

    fn of(ids: &[&'static str], grant: NewGrant) -> Self {
        let (a, b) = (Company::first(), Company::second());
        let size = u8::try_from(ids.len()).unwrap();
        let member = Membership::new("bundle".parse().unwrap(), size).unwrap();
        let draft = |id| Draft { id, group: Some(member.clone()), ..Draft::between(&a, &b) };
        let contracts = ids.iter().map(|id| draft(id).started(&a)).collect();
        let seal = a.enabled("s", SealKind::Contract);
        let grant = a.granted(grant, &seal, &a.alice);
        Self { a, contracts, seal, grant }
    }

    fn permit(&self, contract: &Contract) -> Result<SigningPermit, &'static str> {
        let by = self.a.by(&self.a.alice);
        let (seals, grants) = ([&self.seal], [&self.grant]);
        let facts = ChainFacts::of(&by, &seals, &grants);
        authorize(contract, &self.attempt(contract), &facts, SigningWindow::NO_MEETING, start())
            .map_err(|refused| refused.code())
    }

    fn attempt(&self, contract: &Contract) -> SigningAttempt {
        let shown = contract.documents().iter().map(|it| (it.id().clone(), *it.digest()));
        let signer = self.a.alice.id().clone().into();
        let proof = IntentProof::new(contract.id().clone(), id("sa"), signer, shown);
        let seal = || Pick::Seal(self.seal.id().clone());
        SigningAttempt::new(id("sa"))
            .choose(key("seal_a"), seal())
            .choose(key("seal_a2"), seal())
            .choose(key("sign_a"), Pick::Signature(SignatureMethod::FreshStroke))
            .meant(proof.check(IntentMethod::Face, "face-1", start()))
            .read(ReadingProof { shown_for: Duration::seconds(60), reached_end: true })
    }

    /// The permits of the whole group, with these grants to share out.
    fn permits(&self, grants: &[&SealGrant]) -> Result<Vec<SigningPermit>, &'static str> {
        let by = self.a.by(&self.a.alice);
        let seals = [&self.seal];
        let facts = ChainFacts::of(&by, &seals, grants);
        let attempts: Vec<_> =
            self.contracts.iter().map(|contract| (self.attempt(contract), facts)).collect();
        let group = Group::of(self.contracts.iter().collect()).unwrap();
        authorize_group(&group, &attempts, SigningWindow::NO_MEETING, start())
            .map_err(|refused| refused.code())
    }

    /// The grant that each contract of the group is signed under.
    fn shared(&self, grants: &[&SealGrant]) -> Result<Vec<String>, &'static str> {
        let permits = self.permits(grants)?;
        let of = |permit: &SigningPermit| permit.seals().next().unwrap().grant().to_string();
        Ok(permits.iter().map(of).collect())
    }

    fn granted(&self, id: &str, most: u32, until: i64, scope: GrantScope) -> SealGrant {
        let validity = Validity::new(start(), Some(hours(until))).unwrap();
        let max_uses = NonZeroU32::new(most);
        let new = NewGrant { max_uses, validity, scope, ..to_use(id) };
        self.a.granted(new, &self.seal, &self.a.alice)
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

#[test]
fn grant_two_of_one_use_serve_a_group_of_two() {
    let bundle = Bundle::with(to_use("unused"));
    let once = |id: &str, until| bundle.granted(id, 1, until, GrantScope::AnyContract);
    let (soon, late) = (once("soon", 5), once("late", 9));
    assert_eq!(bundle.shared(&[&late, &soon]).unwrap(), ["soon", "late"]);
    assert_eq!(bundle.shared(&[&soon]).unwrap_err(), "grant.usage_exhausted");
    let twice = bundle.granted("twice", 2, 3, GrantScope::AnyContract);
    assert_eq!(bundle.shared(&[&late, &twice, &soon]).unwrap(), ["twice", "twice"]);
    assert_eq!(bundle.shared(&[]).unwrap_err(), "grant.not_found");

    // What was permitted is recorded: one use of each.
    let permits = bundle.permits(&[&soon, &late]).unwrap();
    let person = Some(bundle.a.alice.person());
    let signings = bundle.contracts.iter().zip(permits).map(|(contract, permit)| {
        let record = permitted(contract, &permit, person);
        (permit, record)
    });
    let signings = signings.collect();
    let group = Group::of(bundle.contracts.iter().collect()).unwrap();
    let (seals, grants) = ([&bundle.seal], [&soon, &late]);
    let register = Register {
        seals: &seals,
        grants: &grants,
        key: &host_key(),
        window: SigningWindow::NO_MEETING,
    };
    let by = bundle.a.by(&bundle.a.alice);
    let recorded = record_group_signing(&group, signings, &register, &by, start()).unwrap();
    let mut used: Vec<_> =
        recorded.grants.iter().map(|it| (it.id().to_owned(), it.kinds())).collect();
    used.sort();
    let one = || vec!["seal.used"];
    assert_eq!(used, [("late".to_owned(), one()), ("soon".to_owned(), one())]);
}

#[test]
fn grant_that_reaches_one_contract_is_left_to_it_where_another_serves_the_rest() {
    let bundle = Bundle::of(&["con-1", "con-2", "con-3"], to_use("unused"));
    let only = |id: &str, until, contracts: &[&str]| {
        let listed = contracts.iter().map(|id| id.parse().unwrap());
        bundle.granted(id, 1, until, GrantScope::of_lists(listed, []).unwrap())
    };
    // Whoever asks first takes what ends first, and gives way: con-1 to con-2, and that to con-3.
    let (x, y, z) =
        (only("x", 1, &["con-1", "con-2"]), only("y", 2, &["con-1"]), only("z", 3, &["con-3"]));
    assert_eq!(bundle.shared(&[&x, &y, &z]).unwrap(), ["y", "x", "z"]);
    let x = only("x", 1, &["con-1", "con-2", "con-3"]);
    let y = only("y", 2, &["con-1", "con-2"]);
    let z = only("z", 3, &["con-1"]);
    assert_eq!(bundle.shared(&[&z, &x, &y]).unwrap(), ["z", "y", "x"]);
    // Three that all reach the first two only do not serve a third.
    let narrow = |id: &str| only(id, 4, &["con-1", "con-2"]);
    let (p, q, r) = (narrow("p"), narrow("q"), narrow("r"));
    assert_eq!(bundle.shared(&[&p, &q, &r]).unwrap_err(), "grant.scope_excluded");
    let (p, q) = (narrow("p"), only("q", 4, &["con-1", "con-2", "con-3"]));
    assert_eq!(bundle.shared(&[&p, &q]).unwrap_err(), "grant.usage_exhausted");
}

#[test]
fn grant_of_any_number_of_uses_serves_a_group_beside_one_that_does_not() {
    let bundle = Bundle::with(to_use("ever"));
    let once = bundle.granted("once", 1, 5, GrantScope::AnyContract);
    assert_eq!(bundle.shared(&[&bundle.grant, &once]).unwrap(), ["once", "ever"]);
    assert_eq!(bundle.shared(&[&bundle.grant]).unwrap(), ["ever", "ever"]);
}

#[test]
fn grant_a_group_is_permitted_as_a_whole_or_not_at_all() {
    let bundle = Bundle::with(to_use("g"));
    let by = bundle.a.by(&bundle.a.alice);
    let (seals, grants) = ([&bundle.seal], [&bundle.grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let group = Group::of(bundle.contracts.iter().collect()).unwrap();
    let attempt = |number: usize| (bundle.attempt(&bundle.contracts[number]), facts);
    let ask = |attempts: &[_]| {
        authorize_group(&group, attempts, SigningWindow::NO_MEETING, start())
            .map(|permits| permits.len())
            .map_err(|refused| refused.code())
    };
    assert_eq!(ask(&[attempt(0), attempt(1)]), Ok(2));
    assert_eq!(ask(&[attempt(0)]), Err("con.group_incomplete"));
    assert_eq!(ask(&[attempt(1), attempt(0)]), Err("sign.intent_binding"));
    let (mut elsewhere, facts) = attempt(1);
    elsewhere.slot = id("nowhere");
    assert_eq!(ask(&[attempt(0), (elsewhere, facts)]), Err("con.not_a_signer"));
}

/// The largest group with more grants than it can use, none of which serves everything.
#[test]
fn grant_a_group_of_fifty_finds_its_shares_among_many() {
    let ids: Vec<&'static str> =
        (0..50).map(|number| &*Box::leak(format!("con-{number}").into_boxed_str())).collect();
    let bundle = Bundle::of(&ids, to_use("unused"));
    // The grant n reaches the contracts 0 to n, and ends the sooner the more it reaches: whoever
    // comes later pushes all before him on.
    let reaches = |number: usize| {
        let listed = ids[..=number].iter().map(|id| id.parse().unwrap());
        let scope = GrantScope::of_lists(listed, []).unwrap();
        bundle.granted(&format!("g{number}"), 1, 100 - i64::try_from(number).unwrap(), scope)
    };
    let grants: Vec<_> = (0..50).map(reaches).collect();
    let grants: Vec<_> = grants.iter().collect();
    let shares = bundle.shared(&grants).unwrap();
    let expected: Vec<_> = (0..50).map(|number| format!("g{number}")).collect();
    assert_eq!(shares, expected);
    assert_eq!(bundle.shared(&grants[1..]).unwrap_err(), "grant.usage_exhausted");
}
