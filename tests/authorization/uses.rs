//! The check of a use, in its one order.

use sealwright::authorization::{
    ContractFacts, GrantScope, NewGrant, Right, Rights, Seal, SealCommand, SealGrant, UseRequest,
    Validity, check_use,
};
use sealwright::contract::{Review, SealKind};
use sealwright::identity::{ContractId, SlotId};
use sealwright::organization::{By, Employee, Holders, Invitation};
use time::{Duration, OffsetDateTime};

use crate::people::{Company, after, hours, made, person, resigned, start};
use crate::stamps::{new_seal, reason, to_use};

/// What the check of a use is asked in these tests, unless a test says otherwise.
struct Question<'a> {
    company: &'a Company,
    employee: &'a Employee,
    seal: &'a Seal,
    grants: Vec<&'a SealGrant>,
    signs_for: &'a Company,
    contract: &'a str,
    review: Review,
    now: OffsetDateTime,
}

impl<'a> Question<'a> {
    fn of(company: &'a Company, seal: &'a Seal, grants: Vec<&'a SealGrant>) -> Self {
        Self {
            company,
            employee: &company.alice,
            seal,
            grants,
            signs_for: company,
            contract: "con-1",
            review: Review::NotNeeded,
            now: hours(1),
        }
    }

    fn ask(&self) -> Result<String, &'static str> {
        let (contract, slot): (ContractId, SlotId) =
            (self.contract.parse().unwrap(), "slot".parse().unwrap());
        let request = UseRequest {
            employee: self.employee,
            signs_for: &self.signs_for.organization,
            seal: self.seal,
            grants: &self.grants,
            contract: ContractFacts::of(&contract),
            slot: &slot,
            review: self.review,
        };
        check_use(&request, self.now)
            .map(|grant| grant.id().to_string())
            .map_err(|error| error.code())
    }
}

fn limited() -> NewGrant {
    NewGrant {
        validity: Validity::new(hours(0), Some(hours(2))).unwrap(),
        scope: GrantScope::of_lists(["con-1".parse().unwrap()], []).unwrap(),
        ..to_use("g")
    }
}

#[test]
fn r_grant_01_without_a_grant_nobody_uses_a_seal_not_even_the_super_admin() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let manage =
        NewGrant { rights: Rights::of([Right::Manage, Right::Audit]).unwrap(), ..to_use("m") };
    let manages = company.granted(manage, &seal, &company.alice);
    let bobs = company.granted(to_use("b"), &seal, &company.bob);
    let other_seal = company.enabled("t", SealKind::Finance);
    let other = company.granted(to_use("o"), &other_seal, &company.alice);
    let question = Question::of(&company, &seal, vec![&manages, &bobs, &other]);
    for employee in [&company.alice, &company.admin, &company.chief, &company.sealer] {
        let answer = Question { employee, grants: question.grants.clone(), ..question }.ask();
        assert_eq!(answer.unwrap_err(), "grant.not_found");
    }
    let hers = company.granted(to_use("g"), &seal, &company.alice);
    assert_eq!(Question::of(&company, &seal, vec![&bobs, &hers]).ask().unwrap(), "g");
}

#[test]
fn r_grant_02_a_grant_works_within_its_window() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let validity = Validity::new(hours(1), Some(hours(2))).unwrap();
    let grant = company.granted(NewGrant { validity, ..to_use("g") }, &seal, &company.alice);
    let tick = Duration::NANOSECOND;
    for (now, expected) in [
        (hours(1) - tick, Err("grant.not_yet_valid")),
        (hours(1), Ok("g".to_owned())),
        (hours(2) - tick, Ok("g".to_owned())),
        (hours(2), Err("grant.expired")),
    ] {
        let question = Question { now, ..Question::of(&company, &seal, vec![&grant]) };
        assert_eq!(question.ask(), expected);
    }
}

#[test]
fn r_grant_03_a_revoked_grant_never_works_again_and_a_new_one_does() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let grant = company.granted(to_use("g"), &seal, &company.alice);
    let by = By::System;
    let revoked =
        after(&grant, &grant.revoke(None, &seal, &by, &company.facts(), start()).unwrap());
    let question = Question::of(&company, &seal, vec![&revoked]);
    assert_eq!(question.ask().unwrap_err(), "grant.revoked");
    assert!(!revoked.gives(Right::Use, &seal, company.alice.id(), hours(1)));
    let new = company.granted(to_use("new"), &seal, &company.alice);
    assert_eq!(Question::of(&company, &seal, vec![&revoked, &new]).ask().unwrap(), "new");
}

#[test]
fn r_grant_04_a_grant_for_listed_contracts_reaches_no_other() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let grant = company.granted(limited(), &seal, &company.alice);
    let question = Question::of(&company, &seal, vec![&grant]);
    assert!(question.ask().is_ok());
    let elsewhere = Question { contract: "con-2", ..question };
    assert_eq!(elsewhere.ask().unwrap_err(), "grant.scope_excluded");
}

#[test]
fn r_grant_05_the_seal_belongs_to_the_organization_that_is_signed_for() {
    let (company, other) = (Company::first(), Company::second());
    let seal = company.enabled("s", SealKind::Contract);
    let grant = company.granted(to_use("g"), &seal, &company.alice);
    let question = Question { signs_for: &other, ..Question::of(&company, &seal, vec![&grant]) };
    assert_eq!(question.ask().unwrap_err(), "seal.not_owned");
}

#[test]
fn r_seal_11_only_an_enabled_seal_within_its_validity_is_used() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let grant = company.granted(to_use("g"), &seal, &company.alice);
    for command in [
        SealCommand::Disable,
        SealCommand::Stop { reason: reason() },
        SealCommand::ChangeFace(crate::stamps::uploaded(2)),
    ] {
        let seal = company.command(&seal, command);
        let question = Question::of(&company, &seal, vec![&grant]);
        assert_eq!(question.ask().unwrap_err(), "seal.not_enabled");
    }
}

/// The fixed order: with everything wrong at once, mending one thing after the other brings the
/// next refusal to light.
#[test]
fn grant_check_use_has_one_order_of_refusals() {
    let (company, other) = (Company::first(), Company::second());
    let gone = resigned(&company, &company.alice);
    let mut new = new_seal("s", SealKind::Contract);
    new.valid_until = Some(hours(5));
    let seal = company.command(&company.create(new), SealCommand::Approve);
    let disabled = company.command(&seal, SealCommand::Disable);
    let window = Validity::new(hours(2), Some(hours(3))).unwrap();
    let grant = company.granted(NewGrant { validity: window, ..limited() }, &seal, &company.alice);
    let revoked =
        after(&grant, &grant.revoke(None, &seal, &By::System, &company.facts(), start()).unwrap());

    let mut question = Question {
        employee: &gone,
        signs_for: &other,
        contract: "con-2",
        review: Review::Pending,
        now: hours(6),
        ..Question::of(&company, &disabled, Vec::new())
    };
    assert_eq!(question.ask().unwrap_err(), "emp.resigned");
    question.employee = &company.alice;
    assert_eq!(question.ask().unwrap_err(), "seal.not_owned");
    question.signs_for = question.company;
    assert_eq!(question.ask().unwrap_err(), "seal.not_enabled");
    question.seal = &seal;
    assert_eq!(question.ask().unwrap_err(), "seal.outside_validity");
    question.now = hours(1);
    assert_eq!(question.ask().unwrap_err(), "grant.not_found");
    question.grants = vec![&revoked];
    assert_eq!(question.ask().unwrap_err(), "grant.revoked");
    question.grants = vec![&revoked, &grant];
    assert_eq!(question.ask().unwrap_err(), "grant.not_yet_valid");
    question.now = hours(3);
    assert_eq!(question.ask().unwrap_err(), "grant.expired");
    question.now = hours(2);
    assert_eq!(question.ask().unwrap_err(), "grant.scope_excluded");
    question.contract = "con-1";
    assert_eq!(question.ask().unwrap_err(), "con.review_pending");
    question.review = Review::Rejected;
    assert_eq!(question.ask().unwrap_err(), "con.review_rejected");
    question.review = Review::Passed;
    assert_eq!(question.ask().unwrap(), "g");
}

#[test]
fn grant_of_several_the_one_that_ends_first_is_used() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let given = |id: &str, until: Option<i64>| {
        let validity = Validity::new(start(), until.map(hours)).unwrap();
        company.granted(NewGrant { validity, ..to_use(id) }, &seal, &company.alice)
    };
    let [open, late, soon, same, over] = [
        given("open", None),
        given("late", Some(9)),
        given("soon", Some(2)),
        given("soon2", Some(2)),
        given("over", Some(1)),
    ];
    let mut grants = vec![&open, &late, &same, &soon, &over];
    for _ in 0..grants.len() {
        grants.rotate_left(1);
        assert_eq!(Question::of(&company, &seal, grants.clone()).ask().unwrap(), "soon");
    }
    let grants = vec![&over, &open];
    assert_eq!(Question::of(&company, &seal, grants).ask().unwrap(), "open");
}

#[test]
fn grant_who_has_not_joined_uses_no_seal() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let grant = company.granted(to_use("g"), &seal, &company.alice);
    let invitation = Invitation::of(person("新人", 151));
    let (id, none) = (company.alice.id().clone(), Holders::default());
    let organization = &company.organization;
    let invited =
        made(&Employee::invite(id, invitation, organization, &none, &By::System, start()).unwrap());
    let question = Question { employee: &invited, ..Question::of(&company, &seal, vec![&grant]) };
    assert_eq!(question.ask().unwrap_err(), "emp.not_verified");
}
