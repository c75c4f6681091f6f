//! What every step of a contract has to respect.

use std::collections::BTreeMap;

use sealwright::contract::{Contract, Event, Order, Phase, Review, Revised, Slot, SlotState};
use sealwright::decision::Recorded;
use sealwright::digest::Digest;
use sealwright::identity::{DocumentId, Person, SlotId};
use time::OffsetDateTime;

use crate::cast::{Cast, Who};

/// The table of §2.5.2, and nothing else.
pub fn may_follow(from: Phase, to: Phase) -> bool {
    use Phase::{
        Cancelled, Completed, Draft, Expired, FillRejected, Filling, Invalidated, Rejected,
        ReviewingStart, Signing,
    };
    use sealwright::contract::Progress::{None, Partial};
    from == to
        || matches!(
            (from, to),
            (Draft | ReviewingStart, Cancelled | Filling(None) | Signing(None))
                | (Draft, ReviewingStart)
                | (ReviewingStart, Draft)
                | (Filling(None), Filling(Partial))
                | (Filling(_), Signing(None) | FillRejected | Cancelled | Expired | Invalidated)
                | (Signing(None), Signing(Partial))
                | (Signing(_), Completed | Rejected | Cancelled | Expired | Invalidated)
        )
}

/// What every single event has to respect, held against the state that it was decided on.
pub fn look_at(
    recorded: &Recorded<Event>,
    before: &Contract,
    cast: &Cast,
    who: Who,
    bytes: &mut BTreeMap<DocumentId, Digest>,
    signed: &mut BTreeMap<SlotId, OffsetDateTime>,
) {
    match &recorded.event {
        Event::Signed { record, .. } => {
            let slot = before.slot(&record.slot).unwrap();
            assert!(!signed.contains_key(slot.id()), "nobody signs twice");
            let earlier = before.slots().iter().filter(|it| it.plan().rank < slot.plan().rank);
            if before.settings().order == Order::Sequential {
                earlier.for_each(|it| assert_eq!(it.state(), SlotState::Signed, "order is kept"));
            }
            assert!(matches!(slot.review(), Review::NotNeeded | Review::Passed));
            assert!(before.deadline_of(slot).is_some_and(|deadline| recorded.at < deadline));
            let delivered = |facts: &Person| slot.delivered().any(|holder| holder.person == *facts);
            match cast.facts(who) {
                Some(facts) => {
                    assert!(delivered(facts), "nobody signs what was not delivered to him")
                }
                None => assert!(slot.signer().is_auto()),
            }
            let waits = before.hold().filter(|hold| recorded.at < hold.until);
            assert!(waits.is_none_or(|hold| hold.slot == *slot.id()), "others wait");
            advance(bytes, &record.documents);
            signed.insert(slot.id().clone(), recorded.at);
        }
        Event::Composed { documents, .. } => {
            assert!(signed.is_empty(), "nothing is written in after a signature");
            advance(bytes, documents);
        }
        Event::Closed { stamps } => {
            assert_eq!(before.phase(), Phase::Completed, "nothing but a complete one is closed");
            for stamp in stamps {
                let document = before.document(&stamp.revised.document).unwrap();
                assert!(document.closed_by().is_none(), "a document is closed once");
                advance(bytes, std::slice::from_ref(&stamp.revised));
            }
        }
        Event::Filled { .. } => assert!(signed.is_empty(), "no filling after a signature"),
        Event::DeadlineExtended { slot: None, to } => {
            assert!(before.deadline().is_some_and(|deadline| *to > deadline));
        }
        Event::Expired { .. } => {
            let over = |slot: &Slot| before.require_in_time(slot, recorded.at).is_err();
            assert!(before.slots().iter().any(over));
        }
        Event::Forwarded { slot, .. } => {
            assert!(!signed.contains_key(slot), "what is signed is not handed over");
        }
        _ => {}
    }
}

fn advance(bytes: &mut BTreeMap<DocumentId, Digest>, revised: &[Revised]) {
    for Revised { document, before, after } in revised {
        let former = bytes.insert(document.clone(), *after);
        assert_eq!(former.as_ref(), Some(before), "each revision rests on the one before");
    }
}
