//! Giving grants, taking them back, and the check of a use.

use std::num::NonZeroU32;

use sealwright::authorization::{
    GrantScope, GrantStatus, Grantee, NewGrant, PolicyText, Right, Rights, Seal, SealCommand,
    SealFacts, SealGrant, Validity,
};
use sealwright::contract::SealKind;
use sealwright::decision::{Aggregate, Recipient, Recorded};
use sealwright::organization::{By, Employee, Holders, Invitation};

use crate::people::{Company, after, digest, hours, made, person, resigned, start};
use crate::stamps::{new_seal, reason, to_use};

fn grant(
    new: NewGrant,
    seal: &Seal,
    to: &Employee,
    by: &By<'_>,
    company: &Company,
) -> Result<SealGrant, &'static str> {
    SealGrant::grant(new, seal, Grantee::from(to), by, &company.organization, start())
        .map(|decision| made(&decision))
        .map_err(|error| error.code())
}

#[test]
fn grant_is_given_to_an_active_colleague_by_who_may_grant() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let by = company.by(&company.sealer);
    let new = NewGrant { max_uses: NonZeroU32::new(3), ..to_use("g") };
    let to = Grantee::from(&company.alice);
    let decision = SealGrant::grant(new, &seal, to, &by, &company.organization, start()).unwrap();
    assert_eq!(decision.kinds(), ["seal.grant_valid"]);
    let told: Vec<_> = decision.notices().iter().map(|notice| notice.recipient.clone()).collect();
    let [alice, sealer] = [&company.alice, &company.sealer].map(|one| one.id().clone());
    assert_eq!(told, [Recipient::Employee(alice), Recipient::Employee(sealer)]);
    let witnesses: Vec<_> =
        decision.witnesses().iter().map(|witness| witness.kind.as_str()).collect();
    assert_eq!(witnesses, ["organization", "employee", "seal", "employee"]);

    let grant = made(&decision);
    assert_eq!((grant.status(), grant.uses_left()), (GrantStatus::Active, Some(3)));
    assert_eq!((grant.seal(), grant.grantee()), (seal.id(), company.alice.id()));
    assert_eq!((grant.created_at(), grant.grantor()), (start(), &by.actor()));
}

#[test]
fn grant_needs_an_enabled_seal() {
    let company = Company::first();
    let checking = company.create(new_seal("s", SealKind::Contract));
    let disabled = company.command(&company.enabled("t", SealKind::Contract), SealCommand::Disable);
    let by = company.by(&company.sealer);
    for seal in [&checking, &disabled] {
        let answer = grant(to_use("g"), seal, &company.alice, &by, &company);
        assert_eq!(answer.unwrap_err(), "seal.not_enabled");
    }
}

#[test]
fn grant_needs_an_eligible_grantor() {
    let (company, other) = (Company::first(), Company::second());
    let seal = company.enabled("s", SealKind::Contract);
    let strangers = [company.by(&company.alice), other.by(&other.sealer), By::System];
    for by in strangers {
        let answer = grant(to_use("g"), &seal, &company.alice, &by, &company);
        assert_eq!(answer.unwrap_err(), "grant.grantor_ineligible");
    }
    // Somebody else's organization with one's own permission does not help.
    let by = other.by(&other.sealer);
    let answer = grant(to_use("g"), &seal, &other.alice, &by, &other);
    assert_eq!(answer.unwrap_err(), "grant.grantor_ineligible");
    let admin = company.by(&company.admin);
    assert!(grant(to_use("g"), &seal, &company.alice, &admin, &company).is_ok());
    let suspended = company.suspended();
    let by = suspended.by(&suspended.sealer);
    let answer = grant(to_use("g"), &seal, &suspended.alice, &by, &suspended);
    assert_eq!(answer.unwrap_err(), "org.suspended");
}

#[test]
fn grant_needs_an_eligible_grantee() {
    let (company, other) = (Company::first(), Company::second());
    let seal = company.enabled("s", SealKind::Contract);
    let by = company.by(&company.sealer);
    let invitation = Invitation::of(person("新人", 150));
    let id = "new".parse().unwrap();
    let (organization, none) = (&company.organization, Holders::default());
    let invited =
        made(&Employee::invite(id, invitation, organization, &none, &By::System, start()).unwrap());
    for employee in [&other.alice, &invited, &resigned(&company, &company.bob)] {
        let answer = grant(to_use("g"), &seal, employee, &by, &company);
        assert_eq!(answer.unwrap_err(), "grant.grantee_ineligible");
    }
    // In a group, the parent's people may hold it.
    let parent = other.organization.id();
    let to = Grantee { employee: &other.alice, group_parent: Some(parent) };
    assert!(SealGrant::grant(to_use("g"), &seal, to, &by, organization, start()).is_ok());
}

#[test]
fn r_grant_04_a_scope_is_checked_when_the_grant_is_given() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let by = company.by(&company.sealer);
    for scope in [
        GrantScope::Contracts(std::collections::BTreeSet::new()),
        GrantScope::Groups(std::collections::BTreeSet::new()),
        GrantScope::ContractTypes(std::collections::BTreeSet::new()),
        GrantScope::Groups((0..11).map(|n| format!("g{n}").parse().unwrap()).collect()),
        GrantScope::Contracts((0..51).map(|n| format!("c{n}").parse().unwrap()).collect()),
    ] {
        let new = NewGrant { scope, ..to_use("g") };
        let answer = grant(new, &seal, &company.alice, &by, &company);
        assert_eq!(answer.unwrap_err(), "grant.scope_invalid");
    }
}

#[test]
fn grant_codes_of_what_cannot_be_said() {
    let until = Some(start());
    assert_eq!(Validity::new(start(), until).unwrap_err().code(), "grant.window_invalid");
    let long = PolicyText::parse(&"字".repeat(301)).unwrap_err();
    assert_eq!(long.code(), "grant.policy_text_too_long");
    let text = PolicyText::parse("只给陈爱丽用").unwrap();
    assert_eq!(format!("{text:?}"), "PolicyText(6 characters)");
}

#[test]
fn r_seal_14_only_the_legal_representative_grants_his_seal_and_by_letter() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::LegalRepresentative);
    let letter = NewGrant { consent: Some(digest("letter")), ..to_use("g") };
    for employee in [&company.admin, &company.sealer] {
        let by = company.by(employee);
        let answer = grant(letter.clone(), &seal, &company.alice, &by, &company);
        assert_eq!(answer.unwrap_err(), "seal.legal_rep_only");
    }
    let chief = company.by(&company.chief);
    let answer = grant(to_use("g"), &seal, &company.alice, &chief, &company);
    assert_eq!(answer.unwrap_err(), "grant.legal_rep_consent_required");
    let given = grant(letter, &seal, &company.alice, &chief, &company).unwrap();
    assert_eq!(given.consent(), Some(digest("letter")));
}

#[test]
fn grant_of_single_contracts_is_given_quietly() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let by = company.by(&company.sealer);
    let scope = GrantScope::of_lists(["c".parse().unwrap()], []).unwrap();
    let new = NewGrant { scope, ..to_use("g") };
    let to = Grantee::from(&company.alice);
    let decision = SealGrant::grant(new, &seal, to, &by, &company.organization, start()).unwrap();
    assert_eq!((decision.kinds(), decision.notices().len()), (vec!["seal.grant_valid"], 0));
}

#[test]
fn grant_is_revoked_once_by_who_may() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let grant = company.granted(to_use("g"), &seal, &company.alice);
    let revoke = |by: &By<'_>, facts: &SealFacts<'_>| {
        grant.revoke(Some(reason()), &seal, by, facts, hours(1)).map_err(|error| error.code())
    };
    let facts = company.facts();
    assert_eq!(revoke(&company.by(&company.alice), &facts).unwrap_err(), "emp.no_permission");
    assert_eq!(revoke(&company.by(&company.bob), &facts).unwrap_err(), "emp.no_permission");
    let other = Company::second();
    assert_eq!(revoke(&other.by(&other.admin), &facts).unwrap_err(), "grant.not_found");
    let theirs = other.facts();
    assert_eq!(revoke(&company.by(&company.admin), &theirs).unwrap_err(), "grant.not_found");
    let manage = NewGrant { rights: Rights::of([Right::Manage]).unwrap(), ..to_use("m") };
    let bobs = company.granted(manage, &seal, &company.bob);
    let with_grant = SealFacts { grants: &[&bobs], ..company.facts() };
    assert!(revoke(&company.by(&company.bob), &with_grant).is_ok());
    for employee in [&company.sealer, &company.admin, &company.chief] {
        assert!(revoke(&company.by(employee), &facts).is_ok());
    }

    let elsewhere = company.enabled("t", SealKind::Finance);
    let error = grant.revoke(None, &elsewhere, &By::System, &facts, start()).unwrap_err();
    assert_eq!(error.code(), "grant.not_found");

    let decision = revoke(&By::System, &facts).unwrap();
    assert_eq!((decision.kinds(), decision.notices().len()), (vec!["seal.grant_invalid"], 2));
    let revoked = after(&grant, &decision);
    assert_eq!(revoked.status(), GrantStatus::Revoked);
    assert_eq!(revoked.revocation().unwrap().at, hours(1));
    let again = revoked.revoke(None, &seal, &By::System, &facts, hours(2)).unwrap_err();
    assert_eq!(again.code(), "grant.already_revoked");
}

#[test]
fn grant_is_revoked_by_its_grantor_while_he_works_here() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let grant = company.granted(to_use("g"), &seal, &company.alice);
    let gone = resigned(&company, &company.sealer);
    let (by, facts) = (company.by(&gone), company.facts());
    let error = grant.revoke(None, &seal, &by, &facts, start()).unwrap_err();
    assert_eq!(error.code(), "emp.no_permission");
    // Somebody without any other right takes back what he gave.
    let manage = NewGrant { rights: Rights::of([Right::Manage]).unwrap(), ..to_use("m") };
    let bobs = company.granted(manage, &seal, &company.bob);
    assert_eq!(bobs.grantor(), &company.by(&company.sealer).actor());
    let id = "chief".parse().unwrap();
    let himself = By::Person { id: &id, person: company.chief.person() };
    assert!(grant.revoke(None, &seal, &himself, &facts, start()).is_ok());
    let suspended = Company::first().suspended();
    let facts = suspended.facts();
    assert!(grant.revoke(None, &seal, &himself, &facts, start()).is_ok(), "nothing is made by it");
}

#[test]
fn grant_is_replayed_from_its_events() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let to = Grantee::from(&company.alice);
    let (by, organization) = (company.by(&company.sealer), &company.organization);
    let given = SealGrant::grant(to_use("g"), &seal, to, &by, organization, start()).unwrap();
    let state = made(&given);
    let ended = state.revoke(Some(reason()), &seal, &by, &company.facts(), hours(1)).unwrap();
    let state = after(&state, &ended);
    let events: Vec<_> = given.events().iter().chain(ended.events()).cloned().collect();
    let stored = serde_json::to_string(&events).unwrap();
    let read: Vec<Recorded<_>> = serde_json::from_str(&stored).unwrap();
    assert_eq!(SealGrant::replay(&read).unwrap(), state);
    let json = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<SealGrant>(&json).unwrap(), state);
}
