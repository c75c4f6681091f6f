//! How long a permit holds, and on which bytes.

use sealwright::authorization::{
    NewGrant, NewSeal, PermitTerm, SealCommand, SigningPermit, Validity,
};
use sealwright::contract::{
    Absolute, Command, Control, ControlKey, ControlKind, Order, Point, SealKind, SealMark,
};
use sealwright::geometry::{PageIndex, Pt};
use time::{Duration, OffsetDateTime};

use crate::chain::Deal;
use crate::papers::{asserted, document, id};
use crate::people::{after, digest, start};
use crate::recording::{honest, store_at};
use crate::stamps::{new_seal, to_use};

/// The answer to a recording at this instant.
fn recorded(deal: &Deal, permit: SigningPermit, now: OffsetDateTime) -> Result<(), &'static str> {
    let record = honest(deal, &permit);
    store_at(deal, permit, record, &deal.a.by(&deal.a.alice), now)
        .map_err(|error| error.code())
        .map(drop)
}

fn ends_at(deal: &Deal, until: OffsetDateTime) {
    let permit = || deal.authorize().unwrap();
    assert_eq!(permit().until(), until);
    assert!(permit().seals().all(|seal| seal.until() == until));
    assert_eq!(recorded(deal, permit(), until - Duration::NANOSECOND), Ok(()));
    assert_eq!(recorded(deal, permit(), until), Err("sign.not_permitted"));
}

fn granted_until(deal: &mut Deal, until: OffsetDateTime) {
    let validity = Validity::new(start(), Some(until)).unwrap();
    deal.grant = deal.a.granted(NewGrant { validity, ..to_use("g") }, &deal.seal, &deal.a.alice);
}

fn sealed_until(deal: &mut Deal, until: OffsetDateTime) {
    let new = NewSeal { valid_until: Some(until), ..new_seal("s", SealKind::Contract) };
    deal.seal = deal.a.command(&deal.a.create(new), SealCommand::Approve);
}

#[test]
fn r_sign_12_a_permit_ends_with_the_first_of_its_seals_and_grants() {
    let minutes = |count| start() + Duration::minutes(count);
    let mut deal = Deal::new();
    ends_at(&deal, deal.authorize().unwrap().at() + SigningPermit::LASTS);

    granted_until(&mut deal, minutes(60));
    ends_at(&deal, deal.authorize().unwrap().at() + SigningPermit::LASTS);
    granted_until(&mut deal, minutes(5));
    ends_at(&deal, minutes(5));

    let mut deal = Deal::new();
    sealed_until(&mut deal, minutes(4));
    ends_at(&deal, minutes(4));
    granted_until(&mut deal, minutes(3));
    ends_at(&deal, minutes(3));
}

/// The proof of intent is bound to every document, and so is the permit: also to one that the record
/// does not touch.
#[test]
fn r_sign_12_a_permit_is_for_the_present_bytes_of_every_document() {
    let mut deal = Deal::of(|draft| {
        draft.with(|draft| {
            draft.settings.order = Order::Parallel;
            draft.documents.push(document("d2", digest("d2")));
            let theirs = ControlKey::new("d2".parse().unwrap(), "seal_b".parse().unwrap());
            let spot = Absolute::new(PageIndex::FIRST, Point::at(Pt(100.0), Pt(700.0)).unwrap());
            let seal = ControlKind::Seal(SealMark::default());
            draft.controls[3] = Control::new(theirs, seal, id("sb"), spot);
        })
    });
    let store = |deal: &Deal, permit: SigningPermit| {
        let mut record = honest(deal, &permit);
        record.documents.retain(|revised| revised.document.as_str() == "d1");
        store_at(deal, permit, record, &deal.a.by(&deal.a.alice), start()).map(drop)
    };
    assert_eq!(store(&deal, deal.authorize().unwrap()), Ok(()));

    let permit = deal.authorize().unwrap();
    let mut theirs = asserted(&deal.contract, "sb");
    theirs.documents.retain(|revised| revised.document.as_str() == "d2");
    let command = Command::AssertSigned(Box::new(theirs));
    let signed = deal.contract.decide(command, &deal.b.by(&deal.b.alice), start()).unwrap();
    deal.contract = after(&deal.contract, &signed);
    match store(&deal, permit).unwrap_err() {
        sealwright::authorization::Error::NotPermitted { term, .. } => {
            assert_eq!(term, PermitTerm::Document("d2".parse().unwrap()));
        }
        other => panic!("{other}"),
    }
}
