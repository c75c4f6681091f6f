//! What decisions on seals and grants rest on.

use sealwright::authorization::{
    Leaving, NewGrant, Right, Rights, Seal, SealCommand, SealFacts, resign,
};
use sealwright::contract::SealKind;
use sealwright::decision::{Aggregate, Decision};
use sealwright::organization::By;

use crate::people::{Company, start};
use crate::stamps::{new_seal, to_use};

fn noted<A: Aggregate>(decision: &Decision<A>) -> Vec<String> {
    decision.witnesses().iter().map(|it| format!("{}:{}", it.kind, it.id)).collect()
}

#[test]
fn seal_create_and_change_note_who_asks_his_organization_and_the_grant_to_manage() {
    let a = Company::first();
    let by = a.by(&a.sealer);
    let own = ["organization:org-a".to_owned(), format!("employee:{}", a.sealer.id())];
    let created = Seal::create(new_seal("n", SealKind::Finance), &by, &a.facts(), start()).unwrap();
    assert_eq!(noted(&created), own);

    let seal = a.enabled("s", SealKind::Contract);
    let off = || SealCommand::Disable;
    assert_eq!(noted(&seal.decide(off(), &by, &a.facts(), start()).unwrap()), own);
    let manages = NewGrant { rights: Rights::of([Right::Manage]).unwrap(), ..to_use("m") };
    let manages = a.granted(manages, &seal, &a.bob);
    let facts = SealFacts { grants: &[&manages], ..a.facts() };
    let switched_off = seal.decide(off(), &a.by(&a.bob), &facts, start()).unwrap();
    assert_eq!(noted(&switched_off), ["organization:org-a", "employee:bob-a", "grant:m"]);
    // The host is no aggregate; the organization is.
    let stopped = seal.decide(SealCommand::Invalidate, &By::System, &a.facts(), start()).unwrap();
    assert_eq!(noted(&stopped), ["organization:org-a"]);
}

#[test]
fn grant_revoke_and_resignation_note_what_they_rest_on() {
    let a = Company::first();
    let seal = a.enabled("s", SealKind::Contract);
    let grant = a.granted(to_use("g"), &seal, &a.alice);
    let by = a.by(&a.sealer);
    let sealer = format!("employee:{}", a.sealer.id());
    let revoked = grant.revoke(None, &seal, &by, &a.facts(), start()).unwrap();
    assert_eq!(noted(&revoked), ["organization:org-a", &sealer, "seal:s"]);

    let leaving = Leaving {
        employee: &a.alice,
        organization: &a.organization,
        handover: None,
        contracts: &[],
        grants: &[&grant],
    };
    let left = resign(&leaving, &By::System, start()).unwrap();
    assert_eq!(noted(&left.grants[0]), ["organization:org-a"]);
}
