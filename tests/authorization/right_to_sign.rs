//! The permission to sign, which an organization may keep to some of its people.

use sealwright::authorization::{ChainFacts, authorize};
use sealwright::contract::{
    Command, IntentMethod, IntentProof, Pick, Signer, SigningAttempt, SigningWindow,
};
use sealwright::organization::{
    By, DataRange, OrganizationCommand, Permission, Permissions, Settings, Staff,
};

use crate::chain::Deal;
use crate::papers::{Draft, asserted, bound, id};
use crate::people::{Company, after, employee, person, start};
use crate::recording::{honest, store_at};
use crate::stamps::to_use;

/// The company once it has decided what everybody there may do.
fn everyone_may(company: &mut Company, everyone: Permissions) {
    let settings = Settings { everyone, ..Settings::default() };
    let command = OrganizationCommand::ChangeSettings(settings);
    let changed = company.organization.decide(command, &company.by(&company.admin), start());
    company.organization = after(&company.organization, &changed.unwrap());
}

fn nobody() -> Permissions {
    [(Permission::ContractView, DataRange::Own)].into()
}

#[test]
fn r_sign_04_whom_the_organization_does_not_let_sign_signs_nothing() {
    let mut deal = Deal::new();
    let given = deal.authorize().unwrap();
    everyone_may(&mut deal.a, nobody());
    assert_eq!(deal.authorize().unwrap_err().code(), "emp.no_permission");

    // Neither is what was permitted before recorded, nor what the host asserts or begins.
    let by = deal.a.by(&deal.a.alice);
    let record = honest(&deal, &given);
    let refused = store_at(&deal, given, record, &by, start());
    assert_eq!(refused.unwrap_err().code(), "emp.no_permission");
    let until = start() + time::Duration::minutes(5);
    for command in [
        Command::AssertSigned(Box::new(asserted(&deal.contract, "sa"))),
        Command::BeginSigning { slot: id("sa"), until },
    ] {
        let refused = deal.contract.decide(command, &by, start()).unwrap_err();
        assert_eq!(refused.code(), "emp.no_permission");
    }

    let mut settings = nobody();
    settings.insert(Permission::ContractSign, DataRange::Own);
    everyone_may(&mut deal.a, settings);
    assert!(deal.authorize().is_ok());
}

#[test]
fn r_sign_04_who_answers_where_no_human_signs_may_sign_himself() {
    let mut deal = Deal::of(|draft| {
        draft.with(|draft| {
            draft.slots[0].signer = Signer::Auto { seals: ["s".parse().unwrap()].into() };
            draft.controls.retain(|control| !control.kind().is_signature());
        })
    });
    let seals_alone = |deal: &Deal| {
        let picks =
            deal.attempt().choices.into_iter().filter(|it| matches!(it.pick, Pick::Seal(_)));
        picks.fold(SigningAttempt::new(id("sa")), |attempt, it| attempt.choose(it.control, it.pick))
    };
    let code = |deal: &Deal| {
        let (seals, grants) = ([&deal.seal], [&deal.grant]);
        let answers = Some(deal.a.staff(&deal.a.alice));
        let facts = ChainFacts { answers, ..ChainFacts::of(&By::System, &seals, &grants) };
        let attempt = seals_alone(deal);
        let refused =
            authorize(&deal.contract, &attempt, &facts, SigningWindow::NO_MEETING, start());
        refused.unwrap_err().code()
    };
    assert_eq!(code(&deal), "feature.not_entitled");
    everyone_may(&mut deal.a, nobody());
    assert_eq!(code(&deal), "emp.no_permission");
}

/// His right is the slot and the grant: permissions of the subsidiary he has none.
#[test]
fn r_sign_04_an_employee_of_the_parent_needs_no_permission_of_the_subsidiary() {
    let (mut a, parent) = (Company::first(), Company::second());
    let clerk = employee(&parent.organization, "clerk", person("周集团", 250), &[]);
    let contract =
        Draft::between(&a, &parent).with(|draft| draft.slots[0].signer = bound(&clerk)).started(&a);
    let seal = a.enabled("s", sealwright::contract::SealKind::Contract);
    let grant = {
        let to = sealwright::authorization::Grantee {
            employee: &clerk,
            group_parent: Some(parent.organization.id()),
        };
        let (by, new) = (a.keeper(seal.kind()), to_use("g"));
        sealwright::authorization::SealGrant::grant(new, &seal, to, &by, &a.organization, start())
    };
    let grant = crate::people::made(&grant.unwrap());
    everyone_may(&mut a, nobody());
    let by = By::Staff(Staff::of_group(&a.organization, &parent.organization, &clerk).unwrap());
    let shown = contract.documents().iter().map(|it| (it.id().clone(), *it.digest()));
    let proof = IntentProof::new(contract.id().clone(), id("sa"), by.actor(), shown);
    let attempt = Deal::new().attempt().meant(proof.check(IntentMethod::Face, "face-1", start()));
    let (seals, grants) = ([&seal], [&grant]);
    let facts = ChainFacts::of(&by, &seals, &grants);
    let permit = authorize(&contract, &attempt, &facts, SigningWindow::NO_MEETING, start());
    assert!(permit.is_ok(), "{permit:?}");
}
