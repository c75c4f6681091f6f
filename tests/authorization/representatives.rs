//! Another legal representative: the seal of the one before, and what hangs on it.

use std::slice;

use sealwright::authorization::{
    GrantStatus, NewGrant, RepresentativeChange, RevocationCause, Seal, SealCommand, SealGrant,
    SealStatus, change_legal_representative,
};
use sealwright::contract::{ControlKind, Opacity, SealKind};
use sealwright::decision::{Aggregate, Claim};
use sealwright::identity::Person;
use sealwright::organization::{By, Employee, LegalRepresentative, RegisterFacts};

use crate::chain::Deal;
use crate::papers::placed;
use crate::people::{Company, after, digest, employee, hours, made, person, start};
use crate::recording::{honest, store};
use crate::stamps::{new_seal, reason, to_use, uploaded};

fn by_letter(id: &str) -> NewGrant {
    NewGrant { consent: Some(digest("letter")), ..to_use(id) }
}

fn successor() -> Person {
    person("吴继任", 170)
}

fn register(company: &Company, who: &Person) -> RegisterFacts {
    RegisterFacts {
        name: company.organization.name().clone(),
        uscc: *company.organization.uscc(),
        legal_representative: who.name().clone(),
        legal_representative_document: None,
    }
}

fn followed(
    company: &Company,
    who: &Person,
    (seals, grants): (&[&Seal], &[&SealGrant]),
    by: &By<'_>,
) -> Result<RepresentativeChange, &'static str> {
    let named = LegalRepresentative::identified(who.name().clone(), who.id_document().clone());
    let facts = (named, register(company, who));
    change_legal_representative(&company.organization, facts, seals, grants, by, hours(1))
        .map_err(|error| error.code())
}

/// What the host has stored that forgot about seals and grants.
fn forgetful(company: &mut Company, who: &Person) {
    let changed = followed(company, who, (&[], &[]), &By::System).unwrap();
    assert!(changed.seals.is_empty() && changed.grants.is_empty());
    company.organization = after(&company.organization, &changed.organization);
}

/// The company's new chief, who has joined it.
fn joined(company: &Company) -> Employee {
    employee(&company.organization, "heir-a", successor(), &[])
}

/// Alice signs with the legal representative's seal, in controls of its own.
fn deal() -> Deal {
    let mut deal = Deal::of(|draft| {
        draft.with(|draft| {
            let kind =
                || ControlKind::LegalRepSeal { opacity: Opacity::default(), use_seal_size: false };
            draft.controls[0] = placed("seal_a", "sa", 100.0, kind());
            draft.controls[1] = placed("seal_a2", "sa", 300.0, kind());
        })
    });
    deal.seal = deal.a.enabled("s", SealKind::LegalRepresentative);
    deal.grant = deal.a.granted(by_letter("g"), &deal.seal, &deal.a.alice);
    deal
}

#[test]
fn org_another_legal_representative_ends_the_seal_of_the_one_before_and_its_grants() {
    let (a, b) = (Company::first(), Company::second());
    let [his, finance] = [SealKind::LegalRepresentative, SealKind::Finance]
        .map(|kind| a.enabled(&kind.to_string(), kind));
    let theirs = b.enabled("theirs", SealKind::LegalRepresentative);
    let [alices, bobs] =
        [a.granted(by_letter("g1"), &his, &a.alice), a.granted(by_letter("g2"), &his, &a.bob)];
    let gone = after(&bobs, &bobs.revoke(None, &his, &By::System, &a.facts(), start()).unwrap());
    let of_finance = a.granted(to_use("g3"), &finance, &a.alice);
    let of_theirs = b.granted(by_letter("g4"), &theirs, &b.alice);
    let seals = [&his, &finance, &theirs];
    let grants = [&alices, &gone, &of_finance, &of_theirs];

    let changed = followed(&a, &successor(), (&seals, &grants), &a.by(&a.admin)).unwrap();
    assert_eq!(changed.organization.kinds(), ["org.legal_representative_changed"]);
    let organization = after(&a.organization, &changed.organization);
    assert!(organization.is_legal_representative(&successor()));
    assert_eq!(organization.representative_term(), 1);

    let [fallen] = &changed.seals[..] else { panic!("{:?}", changed.seals) };
    assert_eq!((fallen.id(), fallen.kinds()), ("legal_representative", vec!["seal.invalid"]));
    assert_eq!(after(&his, fallen).status(), SealStatus::Invalid);
    let freed = fallen.claims().iter().filter(|it| matches!(it, Claim::Release { .. })).count();
    assert_eq!(freed, 2, "its name, and that it is the only one");
    let [revoked] = &changed.grants[..] else { panic!("{:?}", changed.grants) };
    let revoked = after(&alices, revoked);
    assert_eq!((revoked.id().as_str(), revoked.status()), ("g1", GrantStatus::Revoked));
    assert_eq!(revoked.revocation().unwrap().cause, RevocationCause::RepresentativeFollowed);
    // Everything rests on the organization that was looked at.
    let rests = |witness: &sealwright::decision::Witness| {
        witness.kind == "organization" && witness.revision == a.organization.revision()
    };
    assert!(fallen.witnesses().iter().any(rests));
    assert!(changed.grants[0].witnesses().iter().any(rests));
}

#[test]
fn org_the_same_legal_representative_or_one_without_right_changes_nothing() {
    let a = Company::first();
    let seal = a.enabled("s", SealKind::LegalRepresentative);
    let grant = a.granted(by_letter("g"), &seal, &a.alice);
    let all = (&[&seal][..], &[&grant][..]);
    let refused = followed(&a, &successor(), all, &a.by(&a.alice)).unwrap_err();
    assert_eq!(refused, "emp.protected_role");
    let same = followed(&a, a.chief.person(), all, &a.by(&a.admin)).unwrap();
    assert!(same.organization.is_empty() && same.seals.is_empty() && same.grants.is_empty());

    let who = LegalRepresentative::named(successor().name().clone());
    let facts = (who, register(&a, a.chief.person()));
    let refused =
        change_legal_representative(&a.organization, facts, all.0, all.1, &By::System, start());
    assert_eq!(refused.unwrap_err().code(), "org.licence_mismatch");
}

/// Another name or another document of the same human: what the seal bears is wrong all the same.
#[test]
fn org_a_legal_representative_of_another_name_makes_his_seal_anew() {
    let a = Company::first();
    let seal = a.enabled("s", SealKind::LegalRepresentative);
    let renamed = a.chief.person().clone().with_name(successor().name().clone());
    let changed = followed(&a, &renamed, (&[&seal], &[]), &By::System).unwrap();
    assert_eq!(changed.seals.len(), 1);
}

#[test]
fn seal_of_every_live_status_falls_with_its_legal_representative() {
    let a = Company::first();
    let checking = a.create(new_seal("s", SealKind::LegalRepresentative));
    let enabled = a.command(&checking, SealCommand::Approve);
    let disabled = a.command(&enabled, SealCommand::Disable);
    let void = a.command(&enabled, SealCommand::Void { reason: reason() });
    for (seal, falls) in [(&checking, 1), (&enabled, 1), (&disabled, 1), (&void, 0)] {
        // Whatever is left of its grants falls as well.
        let grant = a.granted(by_letter("g"), &enabled, &a.alice);
        let changed = followed(&a, &successor(), (&[seal], &[&grant]), &By::System).unwrap();
        let status = seal.status();
        assert_eq!((changed.seals.len(), changed.grants.len()), (falls, 1), "{status}");
    }
}

/// A host that stores the change of the organization alone: the chain refuses all the same.
#[test]
fn seal_of_a_former_legal_representative_is_not_applied_whatever_the_host_forgot() {
    let mut deal = deal();
    assert!(deal.authorize().is_ok());
    let permit = deal.authorize().unwrap();

    forgetful(&mut deal.a, &successor());
    assert_eq!(deal.seal.status(), SealStatus::Enabled);
    assert_eq!(deal.grant.status(), GrantStatus::Active);
    let refused = deal.authorize().unwrap_err();
    assert_eq!(refused.code(), "seal.outside_validity");
    assert!(refused.to_string().contains("former legal representative"), "{refused}");
    assert!(refused.denied().is_some(), "a denied use is noted");
    // Neither is a signing recorded that was permitted before.
    let record = honest(&deal, &permit);
    assert_eq!(store(&deal, permit, record).unwrap_err(), "seal.outside_validity");
    // Back in office he makes another one: it is another term.
    let chief = deal.a.chief.person().clone();
    forgetful(&mut deal.a, &chief);
    assert_eq!(deal.authorize().unwrap_err().code(), "seal.outside_validity");
}

#[test]
fn seal_of_a_former_legal_representative_is_put_out_of_force_and_not_into_it() {
    let mut a = Company::first();
    let checking = a.create(new_seal("s", SealKind::LegalRepresentative));
    let enabled = a.command(&checking, SealCommand::Approve);
    let disabled = a.command(&enabled, SealCommand::Disable);
    forgetful(&mut a, &successor());
    let heir = joined(&a);
    let former = std::mem::replace(&mut a.chief, heir);
    let ask = |seal: &Seal, command, by: &By<'_>| {
        seal.decide(command, by, &a.facts(), hours(2))
            .map(|decision| after(seal, &decision).status())
            .map_err(|error| error.code())
    };
    let heir = a.by(&a.chief);
    let over = Err("seal.outside_validity");
    assert_eq!(ask(&checking, SealCommand::Approve, &By::System), over);
    assert_eq!(ask(&disabled, SealCommand::Enable, &heir), over);
    assert_eq!(ask(&enabled, SealCommand::ChangeFace(uploaded(2)), &heir), over);
    let gone = SealCommand::Void { reason: reason() };
    assert_eq!(ask(&enabled, gone.clone(), &a.by(&former)), Err("seal.legal_rep_only"));
    assert_eq!(ask(&enabled, SealCommand::Disable, &heir), Ok(SealStatus::Disabled));
    assert_eq!(ask(&disabled, SealCommand::Delete, &heir), Ok(SealStatus::Deleted));
    assert_eq!(ask(&enabled, gone, &heir), Ok(SealStatus::Void));
    let reject = SealCommand::Reject { reason: reason() };
    assert_eq!(ask(&checking, reject, &By::System), Ok(SealStatus::Rejected));
}

#[test]
fn grant_of_a_former_legal_representatives_seal_is_not_given_and_of_his_successors_is() {
    let mut deal = deal();
    forgetful(&mut deal.a, &successor());
    deal.a.chief = joined(&deal.a);
    let heir = deal.a.by(&deal.a.chief);
    let organization = &deal.a.organization;
    let to = (&deal.a.alice).into();
    let refused = SealGrant::grant(by_letter("h"), &deal.seal, to, &heir, organization, hours(1))
        .unwrap_err();
    assert_eq!(refused.code(), "seal.outside_validity");

    // What is left of the old one is done away with; then he makes his own.
    let facts = deal.a.facts();
    let seals = slice::from_ref(&deal.seal).iter().collect::<Vec<_>>();
    let facts = sealwright::authorization::SealFacts { seals: &seals, ..facts };
    let own = || new_seal("own", SealKind::LegalRepresentative);
    let refused = Seal::create(own(), &heir, &facts, hours(1)).unwrap_err();
    assert_eq!(refused.code(), "seal.legal_rep_exists");
    let void = SealCommand::Void { reason: reason() };
    let gone = after(&deal.seal, &deal.seal.decide(void, &heir, &facts, hours(1)).unwrap());
    let facts = sealwright::authorization::SealFacts { seals: &[&gone], ..facts };
    let made = made(&Seal::create(own(), &heir, &facts, start()).unwrap());
    let seal = deal.a.command(&made, SealCommand::Approve);
    let grant = deal.a.granted(by_letter("h"), &seal, &deal.a.alice);
    (deal.seal, deal.grant) = (seal, grant);
    assert!(deal.authorize().is_ok());
}
