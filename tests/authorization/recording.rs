//! What is stored once a signing was made, and who may read it.

use std::num::NonZeroU32;

use sealwright::audit::{HostKey, IdentityReference};
use sealwright::authorization::{
    ChainFacts, Error, NewGrant, Register, Right, Rights, SealCommand, SealGrant, SigningPermit,
    SigningRecorded, UseOutcome, UseRecord, authorize, record_signing,
};
use sealwright::ceremony::{Ceremony, Command, SigningWindowPolicy};
use sealwright::contract::{
    Application, Mark, Phase, Pick, Progress, SealKind, SignatureMethod, SignedRecord,
    SigningWindow,
};
use sealwright::decision::{Aggregate, Witness};
use sealwright::geometry::PageNumber;
use sealwright::organization::By;
use time::OffsetDateTime;

use crate::chain::{Deal, at_meeting, meeting};
use crate::papers::{host_key, key, permitted};
use crate::people::{Company, after, digest, hours, start};
use crate::stamps::{to_use, uploaded};

/// What is recorded of a permit unless a test says otherwise.
pub fn honest(deal: &Deal, permit: &SigningPermit) -> SignedRecord {
    permitted(&deal.contract, permit, Some(deal.a.alice.person()))
}

pub fn store(
    deal: &Deal,
    permit: SigningPermit,
    record: SignedRecord,
) -> Result<SigningRecorded, &'static str> {
    let by = deal.a.by(&deal.a.alice);
    store_by(deal, permit, record, &by)
}

fn store_by(
    deal: &Deal,
    permit: SigningPermit,
    record: SignedRecord,
    by: &By<'_>,
) -> Result<SigningRecorded, &'static str> {
    store_at(deal, permit, record, by, start()).map_err(|error| error.code())
}

/// What comes of recording, with the seal and the grant of the deal in the register.
pub fn store_at(
    deal: &Deal,
    permit: SigningPermit,
    record: SignedRecord,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<SigningRecorded, Error> {
    let (seals, grants) = ([&deal.seal], [&deal.grant]);
    let register = Register {
        seals: &seals,
        grants: &grants,
        key: &host_key(),
        window: SigningWindow::NO_MEETING,
    };
    record_signing(&deal.contract, permit, record, &register, by, now)
}

#[test]
fn grant_record_use_with_the_signature_one_use_for_all_controls() {
    let mut deal = Deal::new();
    let limited = NewGrant { max_uses: NonZeroU32::new(1), ..to_use("g") };
    deal.grant = deal.a.granted(limited, &deal.seal, &deal.a.alice);
    let permit = deal.authorize().unwrap();
    let at = permit.at();
    let record = honest(&deal, &permit);
    let recorded = store(&deal, permit, record).unwrap();

    assert_eq!(recorded.contract.kinds(), ["contract.signed"]);
    let contract = after(&deal.contract, &recorded.contract);
    assert_eq!(contract.phase(), Phase::Signing(Progress::Partial));
    let seal = recorded.contract.witnesses().iter().find(|witness| witness.kind == "seal").unwrap();
    assert_eq!((seal.id.as_str(), seal.revision), ("s", deal.seal.revision()));

    let [used] = &recorded.grants[..] else { panic!("{:?}", recorded.grants) };
    assert_eq!((used.kinds(), used.expected()), (vec!["seal.used"], deal.grant.revision()));
    let grant = after(&deal.grant, used);
    assert_eq!((grant.uses(), grant.uses_left()), (1, Some(0)));
    let line = use_in(used);
    assert_eq!(line.controls, [key("seal_a"), key("seal_a2")]);
    assert_eq!((line.at, line.version, line.slot.as_str()), (at, 1, "sa"));
    assert_eq!(line.outcome, UseOutcome::Used { grant: deal.grant.id().clone() });

    deal.grant = grant;
    assert_eq!(deal.authorize().unwrap_err().code(), "grant.usage_exhausted");
}

fn use_in(decision: &sealwright::decision::Decision<SealGrant>) -> UseRecord {
    match &decision.events()[0].event {
        sealwright::authorization::GrantEvent::Used { record } => record.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn grant_a_revocation_between_permit_and_record_blocks() {
    let mut deal = Deal::new();
    let permit = deal.authorize().unwrap();
    let record = honest(&deal, &permit);
    let facts = deal.a.facts();
    let revoked = deal.grant.revoke(None, &deal.seal, &By::System, &facts, start()).unwrap();
    let stale = deal.grant.clone();
    deal.grant = after(&deal.grant, &revoked);
    assert_eq!(store(&deal, permit, record).unwrap_err(), "grant.revoked");

    // Two writers who saw the same grant: whoever comes second is told so.
    deal.grant = stale;
    let permit = deal.authorize().unwrap();
    let record = honest(&deal, &permit);
    let recorded = store(&deal, permit, record).unwrap();
    let mut ended = after(&deal.grant, &revoked);
    let error = recorded.grants[0].apply_to(&mut ended).unwrap_err();
    assert_eq!(error.code(), "grant.stale_revision");
}

#[test]
fn grant_the_last_use_by_somebody_faster_blocks() {
    let mut deal = Deal::new();
    let limited = NewGrant { max_uses: NonZeroU32::new(1), ..to_use("g") };
    deal.grant = deal.a.granted(limited, &deal.seal, &deal.a.alice);
    let [first, second] = [deal.authorize().unwrap(), deal.authorize().unwrap()];
    let [one, two] = [honest(&deal, &first), honest(&deal, &second)];
    let recorded = store(&deal, first, one).unwrap();
    deal.grant = after(&deal.grant, &recorded.grants[0]);
    assert_eq!(store(&deal, second, two).unwrap_err(), "grant.usage_exhausted");
}

#[test]
fn r_sign_02a_a_signature_is_recorded_under_the_window_of_its_meeting_and_rests_on_it() {
    let mut deal = Deal::new();
    let (open, mut closed) = (meeting(&deal, "day-1"), meeting(&deal, "day-1"));
    let other = meeting(&deal, "day-2");
    let shut = Command::SetSigningWindow(SigningWindowPolicy::OnlyWhileStageOpen);
    let shut = closed.decide(shut, &deal.a.by(&deal.a.admin), start()).unwrap();
    closed = after(&closed, &shut);
    deal.contract = at_meeting(&deal.contract, "day-1");
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants, key) = ([&deal.seal], [&deal.grant], host_key());
    let facts = ChainFacts::of(&by, &seals, &grants);
    let recorded = |[asked, found]: [SigningWindow<'_>; 2]| {
        let attempt = deal.attempt();
        let permit = authorize(&deal.contract, &attempt, &facts, asked, start())
            .map_err(|refused| refused.code())?;
        let record = honest(&deal, &permit);
        let register = Register { seals: &seals, grants: &grants, key: &key, window: found };
        record_signing(&deal.contract, permit, record, &register, &by, start())
            .map_err(|refused| refused.code())
    };
    let [own, shut, other] = [&open, &closed, &other].map(Ceremony::signing_window);
    let none = SigningWindow::NO_MEETING;
    for window in [shut, other, none] {
        assert_eq!(recorded([window, own]).unwrap_err(), "cer.stage_not_open", "no permit");
        assert_eq!(recorded([own, window]).unwrap_err(), "cer.stage_not_open", "no record");
    }
    let signed = recorded([own, own]).unwrap().contract;
    let rests_on = |witness: &&Witness| witness.kind == "ceremony";
    let rests_on: Vec<_> = signed.witnesses().iter().filter(rests_on).collect();
    assert_eq!((rests_on.len(), rests_on[0].id.as_str()), (1, "day-1"));
    assert_eq!(rests_on[0].revision, open.revision());
    assert_ne!(rests_on[0].revision, closed.revision(), "whoever shuts the stage first wins");
}

#[test]
fn seal_a_change_between_permit_and_record_blocks() {
    for (command, code) in [
        (SealCommand::Disable, "seal.not_enabled"),
        (SealCommand::ChangeFace(uploaded(2)), "seal.not_enabled"),
    ] {
        let mut deal = Deal::new();
        let permit = deal.authorize().unwrap();
        let record = honest(&deal, &permit);
        deal.seal = deal.a.command(&deal.seal, command);
        assert_eq!(store(&deal, permit, record).unwrap_err(), code);
    }
    // A new version, even of the same picture, takes a new permit.
    for face in [1, 2] {
        let mut deal = Deal::new();
        let permit = deal.authorize().unwrap();
        let record = honest(&deal, &permit);
        let changed = deal.a.command(&deal.seal, SealCommand::ChangeFace(uploaded(face)));
        deal.seal = deal.a.command(&changed, SealCommand::Approve);
        assert_eq!(store(&deal, permit, record).unwrap_err(), "sign.not_permitted");
    }
}

/// Something that a record says and the permit does not.
type Lie<'l> = &'l dyn Fn(&mut SignedRecord);

#[test]
fn r_sign_12_what_was_made_has_to_be_what_was_permitted() {
    let deal = Deal::new();
    let change_mark = |record: &mut SignedRecord, mark: Mark| record.applications[0].mark = mark;
    let lies: [Lie<'_>; 10] = [
        &|record| {
            let Mark::Seal { seal, face, grant, .. } = record.applications[0].mark.clone() else {
                panic!("the first control has a seal")
            };
            change_mark(record, Mark::Seal { seal, version: 2, face, grant });
        },
        &|record| {
            let Mark::Seal { seal, version, grant, .. } = record.applications[0].mark.clone()
            else {
                panic!("the first control has a seal")
            };
            change_mark(record, Mark::Seal { seal, version, face: digest("other"), grant });
        },
        &|record| {
            let face = digest("stroke");
            change_mark(record, Mark::Signature { method: SignatureMethod::FreshStroke, face });
        },
        &|record| {
            let face = digest("stroke");
            let method = SignatureMethod::Generated;
            record.applications[2].mark = Mark::Signature { method, face };
        },
        &|record| drop(record.applications.remove(0)),
        &|record| drop(record.applications.remove(2)),
        &|record| record.applications[2].mark = record.applications[0].mark.clone(),
        &|record| record.slot = "sb".parse().unwrap(),
        &|record| record.documents[0].document = "d2".parse().unwrap(),
        &|record| record.documents[0].before = digest("other bytes"),
    ];
    for (number, lie) in lies.iter().enumerate() {
        let permit = deal.authorize().unwrap();
        let mut record = honest(&deal, &permit);
        lie(&mut record);
        assert_eq!(store(&deal, permit, record).unwrap_err(), "sign.not_permitted", "{number}");
    }
    let permit = deal.authorize().unwrap();
    let record = honest(&deal, &permit);
    let bob = deal.a.by(&deal.a.bob);
    assert_eq!(store_by(&deal, permit, record, &bob).unwrap_err(), "sign.not_permitted");
}

/// What the permit rests on has to be in the record as well: a lie is refused by its term, and the
/// message names both values and nobody.
#[test]
fn r_sign_12_intent_signer_organization_and_places_are_recorded_as_they_were_permitted() {
    let deal = Deal::new();
    let lies: [(&str, Lie<'_>); 14] = [
        ("the proof of intent", &|record| record.intent.clear()),
        ("the proof of intent", &|record| record.intent[0].reference = "face-2".to_owned()),
        ("the proof of intent", &|record| record.intent[0].at += time::Duration::SECOND),
        ("the proof of intent", &|record| record.intent.push(record.intent[0].clone())),
        ("the organization signed for", &|record| record.organization = None),
        ("the organization signed for", &|record| {
            let b = Company::second().organization;
            record.organization = Some((b.id().clone(), *b.uscc()));
        }),
        ("the organization signed for", &|record| {
            let b = Company::second().organization;
            record.organization.as_mut().unwrap().1 = *b.uscc();
        }),
        ("the reference to the signer", &|record| record.signer = None),
        ("the reference to the signer", &|record| record.signer = Some(reference_to_bob())),
        ("the reference to the signer", &|record| {
            let other = HostKey::new(b"another key of thirty-two bytes!").unwrap();
            let alice = Company::first().alice;
            record.signer = Some(IdentityReference::new(&other, alice.person().id_document()));
        }),
        ("the place of d1/seal_a", &|record| record.applications[0].spots.clear()),
        ("the place of d1/seal_a", &|record| {
            let spot = record.applications[0].spots[0];
            record.applications[0].spots.push(spot);
        }),
        ("the place of d1/seal_a", &|record| {
            record.applications[0].spots = record.applications[1].spots.clone();
        }),
        ("the place of d1/sign_a", &|record| {
            record.applications[2].spots[0].page = PageNumber::new(2).unwrap();
        }),
    ];
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants, key) = ([&deal.seal], [&deal.grant], host_key());
    let register =
        Register { seals: &seals, grants: &grants, key: &key, window: SigningWindow::NO_MEETING };
    for (number, (term, lie)) in lies.iter().enumerate() {
        let permit = deal.authorize().unwrap();
        let mut record = honest(&deal, &permit);
        lie(&mut record);
        let refused = record_signing(&deal.contract, permit, record, &register, &by, start());
        let error = refused.unwrap_err();
        let Error::NotPermitted { permitted, found, .. } = &error else { panic!("{error:?}") };
        assert_ne!(permitted, found, "{number}");
        assert!(error.to_string().starts_with(&format!("{term}: ")), "{number}: {error}");
        for person in [deal.a.alice.person(), deal.a.bob.person()] {
            assert!(!error.to_string().contains(&person.id_document().masked()), "{error}");
        }
    }
    let permit = deal.authorize().unwrap();
    let honest = honest(&deal, &permit);
    assert!(store(&deal, permit, honest).is_ok());
}

fn reference_to_bob() -> IdentityReference {
    let bob = Company::first().bob;
    IdentityReference::new(&host_key(), bob.person().id_document())
}

/// What the signer places himself no plan knows: it lies on the pages, and is one of his choices.
#[test]
fn r_sign_12_what_a_signer_places_himself_is_where_he_chose_and_on_the_pages() {
    let deal = Deal::of(|draft| draft.with(|draft| draft.slots[0].options.places_controls = true));
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants, key_of_host) = ([&deal.seal], [&deal.grant], host_key());
    let register = Register {
        seals: &seals,
        grants: &grants,
        key: &key_of_host,
        window: SigningWindow::NO_MEETING,
    };
    let facts = ChainFacts::of(&by, &seals, &grants);
    let recorded = |change: &dyn Fn(&mut SignedRecord)| {
        let attempt = deal.attempt().choose(key("mine"), Pick::Seal(deal.seal.id().clone()));
        let open = SigningWindow::NO_MEETING;
        let permit = authorize(&deal.contract, &attempt, &facts, open, start()).unwrap();
        assert_eq!(permit.spots(&key("mine")), None);
        let mut record = honest(&deal, &permit);
        let place = deal.contract.controls()[0].spots().to_vec();
        let mine = record.applications.iter_mut().find(|it| it.control == key("mine")).unwrap();
        mine.spots = place;
        change(&mut record);
        record_signing(&deal.contract, permit, record, &register, &by, start())
            .map_err(|error| error.code())
            .map(drop)
    };
    fn mine(record: &mut SignedRecord) -> &mut Application {
        record.applications.iter_mut().find(|it| it.control == key("mine")).unwrap()
    }
    assert_eq!(recorded(&|_| {}), Ok(()));
    assert_eq!(recorded(&|record| mine(record).spots.clear()), Err("sign.control_unsigned"));
    let page = PageNumber::new(2).unwrap();
    let off = recorded(&|record| mine(record).spots[0].page = page);
    assert_eq!(off, Err("ctl.page_out_of_range"));
    let other = recorded(&|record| mine(record).control = key("not_chosen"));
    assert_eq!(other, Err("sign.not_permitted"));
    let date = |record: &mut SignedRecord| {
        let application = mine(record).clone();
        let control = key("dated");
        record.applications.push(Application { control, mark: Mark::Date, ..application });
    };
    assert_eq!(recorded(&date), Err("sign.not_permitted"), "a date that nobody chose");
}

/// All that a recorded signing rests on is noted, on the contract's side and on the grant's.
#[test]
fn grant_record_use_notes_what_it_rests_on() {
    let deal = Deal::new();
    let permit = deal.authorize().unwrap();
    let record = honest(&deal, &permit);
    let recorded = store(&deal, permit, record).unwrap();
    let noted = |witnesses: &[Witness]| -> Vec<String> {
        witnesses.iter().map(|it| format!("{}:{}@{}", it.kind, it.id, it.revision.get())).collect()
    };
    let expected = [
        format!("organization:org-a@{}", deal.a.organization.revision().get()),
        format!("employee:alice-a@{}", deal.a.alice.revision().get()),
        format!("seal:s@{}", deal.seal.revision().get()),
    ];
    assert_eq!(noted(recorded.contract.witnesses()), expected);
    assert_eq!(noted(recorded.grants[0].witnesses()), expected);
}

#[test]
fn seal_and_grant_of_a_permit_have_to_be_at_hand() {
    let deal = Deal::new();
    let by = deal.a.by(&deal.a.alice);
    let (seals, grants, key) = ([&deal.seal], [&deal.grant], host_key());
    for (register, code) in [
        (
            Register { seals: &[], grants: &grants, key: &key, window: SigningWindow::NO_MEETING },
            "seal.not_found",
        ),
        (
            Register { seals: &seals, grants: &[], key: &key, window: SigningWindow::NO_MEETING },
            "grant.not_found",
        ),
    ] {
        let permit = deal.authorize().unwrap();
        let record = honest(&deal, &permit);
        let refused = record_signing(&deal.contract, permit, record, &register, &by, start());
        assert_eq!(refused.unwrap_err().code(), code);
    }
}

#[test]
fn seal_use_records_are_read_by_auditors_and_by_who_used_it() {
    let deal = Deal::new();
    let permit = deal.authorize().unwrap();
    let record = honest(&deal, &permit);
    let recorded = store(&deal, permit, record).unwrap();
    let line = use_in(&recorded.grants[0]);
    let (a, seal) = (&deal.a, &deal.seal);
    let may = |by: &By<'_>, grants: &[&SealGrant]| {
        line.require_readable(seal, by, grants, hours(1)).map_err(|error| error.code())
    };
    assert!(may(&a.by(&a.alice), &[]).is_ok(), "she used it");
    assert!(may(&a.by(&a.sealer), &[]).is_ok(), "by his role");
    assert!(may(&a.by(&a.admin), &[]).is_ok());
    assert_eq!(may(&a.by(&a.bob), &[]).unwrap_err(), "emp.no_permission");
    let b = &deal.b;
    assert_eq!(may(&b.by(&b.admin), &[]).unwrap_err(), "emp.no_permission");

    let with = |right, name: &str| {
        let new = NewGrant { rights: Rights::of([right]).unwrap(), ..to_use(name) };
        a.granted(new, seal, &a.bob)
    };
    let (uses, manages, audits) =
        (with(Right::Use, "u"), with(Right::Manage, "m"), with(Right::Audit, "au"));
    let bob = a.by(&a.bob);
    assert_eq!(may(&bob, &[&uses, &manages]).unwrap_err(), "emp.no_permission");
    assert!(may(&bob, &[&uses, &manages, &audits]).is_ok());
    let other = a.enabled("t", SealKind::Finance);
    let new = NewGrant { rights: Rights::of([Right::Audit]).unwrap(), ..to_use("o") };
    let of_other = a.granted(new, &other, &a.bob);
    let elsewhere = line.require_readable(&other, &bob, &[&audits, &of_other], hours(1));
    assert_eq!(elsewhere.unwrap_err().code(), "emp.no_permission");
    // Who has left reads nothing, not even of his own.
    let gone = crate::people::resigned(a, &a.alice);
    assert_eq!(may(&a.by(&gone), &[]).unwrap_err(), "emp.no_permission");
}

#[test]
fn seal_use_denied_tells_the_auditors_once() {
    let deal = Deal::new();
    let facts = deal.a.facts();
    let revoked = deal.grant.revoke(None, &deal.seal, &By::System, &facts, start()).unwrap();
    let deal = Deal { grant: after(&deal.grant, &revoked), ..deal };
    let [one, same, later] = [
        deal.authorize_at(start()),
        deal.authorize_at(start()),
        deal.authorize_at(start() + time::Duration::SECOND),
    ]
    .map(|answer| answer.unwrap_err().denied().unwrap().clone());
    assert_eq!(one, same);
    assert_ne!(one.id, later.id);
    assert_eq!(one.notice().kind, "seal.use_denied");
    assert_ne!(one.notice().dedupe_key, later.notice().dedupe_key);
    let details = one.details().to_canonical_json();
    assert!(details.contains(r#""denied":"grant.revoked""#), "{details}");
}
