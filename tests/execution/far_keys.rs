//! Keys that are elsewhere: begun, waited for, finished; in every order that two hosts can come upon.

use sealwright::contract::Phase;
use sealwright::execution::{self, Answered, Begun, Certifier, Error, Finished};
use sealwright::signing::{Signer, TicketKey};
use time::Duration;

use crate::cast::Cast;
use crate::world::apply;

fn ticket_key() -> TicketKey {
    TicketKey::new(&[7; 32]).unwrap()
}

/// Two parties in no order.
pub fn parallel() -> Cast {
    let pdf = sealwright_testdata::contract::PDF;
    let controls = crate::cast::usual_controls(2);
    let mut cast = Cast::with(2, controls, pdf, |settings| {
        settings.order = sealwright::contract::Order::Parallel;
    });
    cast.start(Certifier::FirstSigner);
    cast
}

/// Begins for a side and stores the hold.
pub fn begin(cast: &mut Cast, number: usize) -> Result<Begun, Error> {
    let documents = cast.documents();
    let description = cast.sides[number].key.description();
    let lease = (&ticket_key(), cast.now + Duration::minutes(5));
    let begun = cast.signing(number, |signing| {
        let means = cast.means();
        execution::begin(&cast.contract, &documents, signing, &means, description, lease, cast.now)
    })?;
    drop(documents);
    apply(&begun.contract, &mut cast.contract);
    Ok(begun)
}

/// What the key says to what waits.
pub fn answered(cast: &Cast, number: usize, begun: &Begun) -> Vec<Answered> {
    let key = &cast.sides[number].key;
    let answer = |waiting: &execution::Waiting| Answered {
        document: waiting.document.clone(),
        ticket: waiting.ticket.clone(),
        answer: key.sign(&waiting.to_be_signed).unwrap(),
    };
    begun.documents.iter().map(answer).collect()
}

/// Finishes for a side, and stores it.
pub fn finish(cast: &mut Cast, number: usize, answers: &[Answered]) -> Result<(), Error> {
    let documents = cast.documents();
    let lease = (&ticket_key(), cast.now + Duration::minutes(5));
    let finished = cast.signing(number, |signing| {
        let means = cast.means();
        execution::finish(&cast.contract, &documents, signing, &means, answers, lease, cast.now)
    })?;
    drop(documents);
    let Finished::Applied(applied) = finished else { panic!("the answers fit") };
    cast.store(number, &applied);
    Ok(())
}

fn both_signed_once(cast: &Cast) {
    let report = cast.report();
    assert!(report.conclusion.is_passed(), "{report}");
    assert_eq!(report.signatures.len(), 2);
    assert_eq!(cast.contract.phase(), Phase::Completed);
}

#[test]
fn one_after_the_other() {
    let mut cast = parallel();
    for number in [1, 0] {
        let begun = begin(&mut cast, number).unwrap();
        assert_eq!(begun.documents.len(), 1);
        let answers = answered(&cast, number, &begun);
        cast.now += Duration::minutes(2);
        finish(&mut cast, number, &answers).unwrap();
    }
    both_signed_once(&cast);
}

#[test]
fn who_comes_while_another_waits_is_told_until_when() {
    let mut cast = parallel();
    let first = begin(&mut cast, 0).unwrap();
    let refused = begin(&mut cast, 1).unwrap_err();
    assert_eq!(refused.code(), "sign.in_progress");
    assert_eq!(cast.sign(1).unwrap_err().code(), "sign.in_progress", "with a key at hand too");
    let answers = answered(&cast, 0, &first);
    finish(&mut cast, 0, &answers).unwrap();
    let second = begin(&mut cast, 1).unwrap();
    let answers = answered(&cast, 1, &second);
    finish(&mut cast, 1, &answers).unwrap();
    both_signed_once(&cast);
}

#[test]
fn an_answer_after_the_lease_was_taken_over_is_stale_and_asked_for_again() {
    for late_first in [true, false] {
        let mut cast = parallel();
        let slow = begin(&mut cast, 0).unwrap();
        let slow = answered(&cast, 0, &slow);
        cast.now += Duration::minutes(6);
        let quick = begin(&mut cast, 1).unwrap();
        let quick = answered(&cast, 1, &quick);
        if late_first {
            let before = cast.bytes.clone();
            assert_eq!(finish(&mut cast, 0, &slow).unwrap_err().code(), "sign.in_progress");
            assert_eq!(cast.bytes, before);
        }
        finish(&mut cast, 1, &quick).unwrap();
        // Its base is not the newest any more.
        assert_eq!(finish(&mut cast, 0, &slow).unwrap_err().code(), "sign.stale_ticket");
        let again = begin(&mut cast, 0).unwrap();
        let again = answered(&cast, 0, &again);
        finish(&mut cast, 0, &again).unwrap();
        both_signed_once(&cast);
    }
}

#[test]
fn an_answer_counts_once() {
    let mut cast = parallel();
    let begun = begin(&mut cast, 0).unwrap();
    let answers = answered(&cast, 0, &begun);
    finish(&mut cast, 0, &answers).unwrap();
    let before = cast.bytes.clone();
    assert_eq!(finish(&mut cast, 0, &answers).unwrap_err().code(), "con.already_acted");
    assert_eq!(cast.bytes, before);
}

#[test]
fn what_was_revoked_in_between_is_refused() {
    let mut cast = parallel();
    let begun = begin(&mut cast, 0).unwrap();
    let answers = answered(&cast, 0, &begun);
    cast.revoke(0);
    assert_eq!(finish(&mut cast, 0, &answers).unwrap_err().code(), "grant.revoked");
}

#[test]
fn an_answer_with_another_ones_ticket_is_refused() {
    let mut cast = parallel();
    let begun = begin(&mut cast, 0).unwrap();
    let mut answers = answered(&cast, 0, &begun);
    let byte = answers[0].ticket.len() / 2;
    answers[0].ticket[byte] ^= 1;
    assert_eq!(finish(&mut cast, 0, &answers).unwrap_err().code(), "sign.stale_ticket");
    assert_eq!(finish(&mut cast, 0, &[]).unwrap_err().code(), "sign.control_unsigned");
}
