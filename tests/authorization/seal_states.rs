//! The life of a seal.

use sealwright::authorization::{
    NewGrant, Right, Rights, Seal, SealCommand, SealFacts, SealRules, SealStatus, Validity,
};
use sealwright::contract::SealKind;
use sealwright::decision::{Aggregate, Claim, Recorded, Snapshot};
use sealwright::organization::By;
use sealwright::statement::FaceDigest;

use crate::people::{Company, after, hours, operator, resigned, start};
use crate::stamps::{new_seal, reason, rules, to_use, uploaded};

const EVERY: [SealStatus; 9] = [
    SealStatus::Checking,
    SealStatus::CheckingByAdmin,
    SealStatus::Enabled,
    SealStatus::Rejected,
    SealStatus::Disabled,
    SealStatus::Stopped,
    SealStatus::Void,
    SealStatus::Invalid,
    SealStatus::Deleted,
];

/// A seal in this status, by the way that leads there.
fn seal_in(company: &Company, status: SealStatus) -> Seal {
    let checking = company.create(new_seal("s", SealKind::Contract));
    let enabled = company.command(&checking, SealCommand::Approve);
    let disabled = company.command(&enabled, SealCommand::Disable);
    let system = |command| {
        after(&enabled, &enabled.decide(command, &By::System, &company.facts(), start()).unwrap())
    };
    let seal = match status {
        SealStatus::Checking => checking,
        SealStatus::CheckingByAdmin => {
            let rules = SealRules { reviewed_by_super_admin: true, ..SealRules::default() };
            let facts = SealFacts { rules: &rules, ..company.facts() };
            let by = company.by(&company.sealer);
            let new = new_seal("s", SealKind::Contract);
            crate::people::made(&Seal::create(new, &by, &facts, start()).unwrap())
        }
        SealStatus::Enabled => enabled,
        SealStatus::Rejected => {
            company.command(&checking, SealCommand::Reject { reason: reason() })
        }
        SealStatus::Disabled => disabled,
        SealStatus::Stopped => system(SealCommand::Stop { reason: reason() }),
        SealStatus::Void => system(SealCommand::Void { reason: reason() }),
        SealStatus::Invalid => system(SealCommand::Invalidate),
        SealStatus::Deleted => company.command(&disabled, SealCommand::Delete),
    };
    assert_eq!(seal.status(), status);
    seal
}

/// Tries a command in every status: the statuses from which it leads somewhere, and the codes with
/// which the others refuse. Nothing has changed where it refuses.
fn tried(
    command: &SealCommand,
    by: fn(&Company) -> By<'_>,
) -> Vec<(SealStatus, Result<SealStatus, &'static str>)> {
    let company = Company::first();
    EVERY
        .into_iter()
        .map(|status| {
            let seal = seal_in(&company, status);
            let before = seal.clone();
            let answer = seal.decide(command.clone(), &by(&company), &company.facts(), start());
            assert_eq!(seal, before);
            let answer = answer.map(|decision| after(&seal, &decision).status());
            (status, answer.map_err(|error| error.code()))
        })
        .collect()
}

fn leads(command: &SealCommand, by: fn(&Company) -> By<'_>, to: SealStatus, from: &[SealStatus]) {
    for (status, answer) in tried(command, by) {
        if from.contains(&status) {
            assert_eq!(answer, Ok(to), "{command:?} from {status}");
        } else {
            assert_eq!(answer, Err("seal.illegal_transition"), "{command:?} from {status}");
        }
    }
}

fn sealer(company: &Company) -> By<'_> {
    company.by(&company.sealer)
}

fn system(_: &Company) -> By<'_> {
    By::System
}

#[test]
fn seal_approve_from_checking_to_enabled() {
    let company = Company::first();
    let seal = company.create(new_seal("s", SealKind::Contract));
    let operator = operator();
    let decision = seal
        .decide(SealCommand::Approve, &By::Host(&operator), &company.facts(), hours(1))
        .unwrap();
    assert_eq!(decision.kinds(), ["seal.reviewed"]);
    let approved = after(&seal, &decision);
    assert_eq!(approved.status(), SealStatus::Enabled);
    assert!(approved.require_applicable(hours(1)).is_ok());
    // The organization does not review what it uploaded itself.
    for employee in [&company.admin, &company.sealer] {
        let by = company.by(employee);
        let error = seal.decide(SealCommand::Approve, &by, &company.facts(), start()).unwrap_err();
        assert_eq!(error.code(), "emp.no_permission");
    }
    leads_from_review(&SealCommand::Approve);
}

#[test]
fn seal_reject_from_checking_to_rejected_with_a_reason() {
    let company = Company::first();
    let rejected = seal_in(&company, SealStatus::Rejected);
    assert!(rejected.require_enabled().is_err());
    leads_from_review(&SealCommand::Reject { reason: reason() });
}

/// From both kinds of review, each by its own reviewer, and from nowhere else.
fn leads_from_review(command: &SealCommand) {
    for (status, answer) in tried(command, system) {
        match status {
            SealStatus::Checking => assert!(answer.is_ok()),
            SealStatus::CheckingByAdmin => assert_eq!(answer, Err("emp.no_permission")),
            _ => assert_eq!(answer, Err("seal.illegal_transition"), "{status}"),
        }
    }
    for (status, answer) in tried(command, |company| company.by(&company.admin)) {
        match status {
            SealStatus::CheckingByAdmin => assert!(answer.is_ok()),
            SealStatus::Checking => assert_eq!(answer, Err("emp.no_permission")),
            _ => assert_eq!(answer, Err("seal.illegal_transition"), "{status}"),
        }
    }
}

#[test]
fn seal_disable_from_enabled_to_disabled() {
    leads(&SealCommand::Disable, sealer, SealStatus::Disabled, &[SealStatus::Enabled]);
}

#[test]
fn seal_enable_from_disabled_to_enabled() {
    leads(&SealCommand::Enable, sealer, SealStatus::Enabled, &[SealStatus::Disabled]);
}

#[test]
fn seal_stop_from_enabled_or_disabled_to_stopped() {
    let from = [SealStatus::Enabled, SealStatus::Disabled];
    let stop = SealCommand::Stop { reason: reason() };
    leads(&stop, sealer, SealStatus::Stopped, &from);
    leads(&stop, system, SealStatus::Stopped, &from);
}

#[test]
fn seal_void_from_enabled_or_disabled_to_void() {
    let from = [SealStatus::Enabled, SealStatus::Disabled];
    let void = SealCommand::Void { reason: reason() };
    leads(&void, sealer, SealStatus::Void, &from);
    leads(&void, system, SealStatus::Void, &from);
}

#[test]
fn seal_invalidate_from_any_live_status_to_invalid() {
    let live: Vec<_> = EVERY.into_iter().filter(|status| status.is_live()).collect();
    assert_eq!(live.len(), 4);
    leads(&SealCommand::Invalidate, system, SealStatus::Invalid, &live);
    let company = Company::first();
    let seal = seal_in(&company, SealStatus::Enabled);
    let by = company.by(&company.admin);
    let error = seal.decide(SealCommand::Invalidate, &by, &company.facts(), start()).unwrap_err();
    assert_eq!(error.code(), "emp.no_permission");
}

#[test]
fn seal_change_face_back_to_checking_with_a_new_version() {
    let from = [SealStatus::Enabled, SealStatus::Disabled];
    leads(&SealCommand::ChangeFace(uploaded(2)), sealer, SealStatus::Checking, &from);

    let company = Company::first();
    let first = seal_in(&company, SealStatus::Enabled);
    let second = company.command(&first, SealCommand::ChangeFace(uploaded(2)));
    assert_eq!(second.current().number, 2);
    assert_eq!(second.current().image.face(), FaceDigest::from_bytes([2; 32]));
    let numbers: Vec<_> = second.versions().map(|version| version.number).collect();
    assert_eq!(numbers, [1, 2]);
    // What was applied before is still found in the register.
    let old = second.version_with(FaceDigest::from_bytes([1; 32])).unwrap();
    assert_eq!(old, first.current());
    assert_eq!(second.version_with(FaceDigest::from_bytes([3; 32])), None);

    let rules = SealRules { reviewed_by_super_admin: true, ..rules().clone() };
    let facts = SealFacts { rules: &rules, ..company.facts() };
    let change = SealCommand::ChangeFace(uploaded(3));
    let by = company.by(&company.sealer);
    let third = after(&first, &first.decide(change, &by, &facts, start()).unwrap());
    assert_eq!(third.status(), SealStatus::CheckingByAdmin);
    let mut broken = uploaded(4);
    broken.image.face = None;
    let error = first.decide(SealCommand::ChangeFace(broken), &by, &facts, start()).unwrap_err();
    assert_eq!(error.code(), "seal.image_decode");
}

#[test]
fn r_seal_13_delete_from_disabled_or_rejected_only() {
    for (status, answer) in tried(&SealCommand::Delete, sealer) {
        let expected = match status {
            SealStatus::Disabled | SealStatus::Rejected => Ok(SealStatus::Deleted),
            SealStatus::Checking | SealStatus::CheckingByAdmin | SealStatus::Enabled => {
                Err("seal.delete_requires_disabled")
            }
            _ => Err("seal.illegal_transition"),
        };
        assert_eq!(answer, expected, "{status}");
    }
}

#[test]
fn seal_delete_is_the_end_and_gives_its_name_back() {
    let company = Company::first();
    let disabled = seal_in(&company, SealStatus::Disabled);
    let by = company.by(&company.sealer);
    let decision = disabled.decide(SealCommand::Delete, &by, &company.facts(), start()).unwrap();
    assert_eq!(decision.kinds(), ["seal.deleted"]);
    let released = |claim: &Claim| matches!(claim, Claim::Release { owner, .. } if owner == "s");
    assert!(!decision.claims().is_empty() && decision.claims().iter().all(released));
    let deleted = after(&disabled, &decision);
    assert_eq!(deleted.status(), SealStatus::Deleted);
    for command in [SealCommand::Enable, SealCommand::ChangeFace(uploaded(2))] {
        let error = deleted.decide(command, &by, &company.facts(), start()).unwrap_err();
        assert_eq!(error.code(), "seal.illegal_transition");
    }
}

#[test]
fn r_seal_14_only_the_legal_representative_disposes_of_his_seal() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::LegalRepresentative);
    let disabled = company.command(&seal, SealCommand::Disable);
    for (seal, command) in [
        (&seal, SealCommand::Disable),
        (&disabled, SealCommand::Enable),
        (&disabled, SealCommand::Delete),
        (&seal, SealCommand::ChangeFace(uploaded(2))),
        (&seal, SealCommand::Stop { reason: reason() }),
        (&seal, SealCommand::Void { reason: reason() }),
    ] {
        for employee in [&company.admin, &company.sealer] {
            let by = company.by(employee);
            let error = seal.decide(command.clone(), &by, &company.facts(), start()).unwrap_err();
            assert_eq!(error.code(), "seal.legal_rep_only", "{command:?}");
        }
        let chief = company.by(&company.chief);
        assert!(seal.decide(command, &chief, &company.facts(), start()).is_ok());
    }
}

#[test]
fn seal_managing_takes_the_permission_or_a_grant_to_manage() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let alice = company.by(&company.alice);
    let refused = |grants: &[&_], now| {
        let facts = SealFacts { grants, ..company.facts() };
        seal.decide(SealCommand::Disable, &alice, &facts, now).map_err(|error| error.code())
    };
    assert_eq!(refused(&[], start()).unwrap_err(), "emp.no_permission");
    let users = company.granted(to_use("use"), &seal, &company.alice);
    assert_eq!(refused(&[&users], start()).unwrap_err(), "emp.no_permission");
    let validity = Validity::new(start(), Some(hours(1))).unwrap();
    let manage =
        NewGrant { rights: Rights::of([Right::Manage]).unwrap(), validity, ..to_use("manage") };
    let bobs = company.granted(
        NewGrant { id: "bob".parse().unwrap(), ..manage.clone() },
        &seal,
        &company.bob,
    );
    assert_eq!(refused(&[&bobs], start()).unwrap_err(), "emp.no_permission");
    let hers = company.granted(manage, &seal, &company.alice);
    assert!(refused(&[&users, &bobs, &hers], start()).is_ok());
    assert_eq!(refused(&[&hers], hours(1)).unwrap_err(), "emp.no_permission");
}

#[test]
fn seal_the_review_of_the_super_admin_is_his_alone() {
    let company = Company::first();
    let seal = seal_in(&company, SealStatus::CheckingByAdmin);
    for employee in [&company.sealer, &company.chief, &company.alice] {
        let by = company.by(employee);
        let error = seal.decide(SealCommand::Approve, &by, &company.facts(), start()).unwrap_err();
        assert_eq!(error.code(), "emp.no_permission");
    }
}

#[test]
fn seal_rights_end_when_their_holder_leaves() {
    let company = Company::first();
    let seal = company.enabled("s", SealKind::Contract);
    let rights = Rights::of([Right::Use, Right::Manage, Right::Audit]).unwrap();
    let all = company.granted(NewGrant { rights, ..to_use("g") }, &seal, &company.alice);
    let gone = resigned(&company, &company.alice);
    for right in [Right::Use, Right::Manage, Right::Audit] {
        let by = company.by(&company.alice);
        assert!(seal.gives(right, &by, &[&all], start()), "{right}");
        assert!(!seal.gives(right, &company.by(&gone), &[&all], start()), "{right}");
        assert!(!seal.gives(right, &By::System, &[&all], start()), "{right}");
    }
}

#[test]
fn seal_to_another_organization_it_does_not_exist() {
    let (company, other) = (Company::first(), Company::second());
    let seal = company.enabled("s", SealKind::Contract);
    let by = other.by(&other.admin);
    for facts in [company.facts(), other.facts()] {
        let error = seal.decide(SealCommand::Disable, &by, &facts, start()).unwrap_err();
        assert_eq!(error.code(), "seal.not_found");
    }
    let error =
        seal.decide(SealCommand::Approve, &By::System, &other.facts(), start()).unwrap_err();
    assert_eq!(error.code(), "seal.not_found");
}

#[test]
fn seal_commands_wait_for_an_active_organization() {
    let company = Company::first();
    let seal = seal_in(&company, SealStatus::Enabled);
    let company = company.suspended();
    let by = company.by(&company.sealer);
    let error = seal.decide(SealCommand::Disable, &by, &company.facts(), start()).unwrap_err();
    assert_eq!(error.code(), "org.suspended");
    // The platform can stop it all the same.
    let stop = SealCommand::Stop { reason: reason() };
    assert!(seal.decide(stop, &By::System, &company.facts(), start()).is_ok());
}

#[test]
fn seal_state_and_events_are_stored_and_replayed() {
    let company = Company::first();
    let mut events: Vec<Recorded<_>> = Vec::new();
    let by = company.by(&company.sealer);
    let created =
        Seal::create(new_seal("s", SealKind::Official), &by, &company.facts(), start()).unwrap();
    let mut seal = crate::people::made(&created);
    events.extend(created.events().iter().cloned());
    for (number, command) in [
        SealCommand::Approve,
        SealCommand::Disable,
        SealCommand::ChangeFace(uploaded(2)),
        SealCommand::Reject { reason: reason() },
        SealCommand::Delete,
    ]
    .into_iter()
    .enumerate()
    {
        let by = if number % 3 == 0 { By::System } else { by };
        let decision = seal.decide(command, &by, &company.facts(), hours(number as i64)).unwrap();
        events.extend(decision.events().iter().cloned());
        decision.apply_to(&mut seal).unwrap();
    }
    assert_eq!(seal.status(), SealStatus::Deleted);
    let stored = serde_json::to_string(&events).unwrap();
    let read: Vec<Recorded<_>> = serde_json::from_str(&stored).unwrap();
    assert_eq!(Seal::replay(&read).unwrap(), seal);
    let snapshot = serde_json::to_string(&Snapshot::of(&seal)).unwrap();
    assert!(snapshot.starts_with(r#"{"format":"sealwright/seal/1""#));
    assert_eq!(serde_json::from_str::<Snapshot<'_, Seal>>(&snapshot).unwrap().into_state(), seal);

    let late = seal_in(&company, SealStatus::Enabled);
    let stale = late.decide(SealCommand::Disable, &by, &company.facts(), start()).unwrap();
    let mut moved = after(&late, &stale);
    assert_eq!(stale.apply_to(&mut moved).unwrap_err().code(), "seal.stale_revision");
}
