//! R-SIGN-10: that the signer means it.

use time::OffsetDateTime;

use super::super::error::Error;
use super::super::intent::IntentProof;
use super::super::slot::Slot;
use super::super::state::Contract;
use super::{SigningError, SigningPolicy};

impl Contract {
    /// R-SIGN-10: a proof of intent is there; every method in it is allowed to the signer and one at
    /// least is more than his own device; none of it is old, or from the future; it is bound to this
    /// contract and to the present bytes of each of its documents. Where no human acts, nobody means
    /// anything, and no proof is asked for.
    ///
    /// # Errors
    ///
    /// In this order: `sign.intent_missing`, `sign.intent_method_not_allowed`, `sign.intent_stale`,
    /// `sign.intent_binding`.
    pub fn check_intent(
        &self,
        slot: &Slot,
        proof: Option<&IntentProof>,
        policy: &SigningPolicy,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        if slot.signer().is_auto() {
            return Ok(());
        }
        let proof = proof
            .filter(|proof| proof.checks.iter().all(|check| !check.reference.trim().is_empty()));
        let proof = proof.ok_or(SigningError::IntentMissing)?;
        check_methods(slot, proof)?;
        for check in &proof.checks {
            // Differences of instants do not overflow: both lie in the calendar.
            let age = now - check.at;
            if age > policy.intent_lasts || age < -policy.clock_skew {
                return Err(SigningError::IntentStale { at: check.at, now }.into());
            }
        }
        self.check_binding(proof)
    }

    fn check_binding(&self, proof: &IntentProof) -> Result<(), Error> {
        let bound_elsewhere = |what| Err(SigningError::IntentBinding { what }.into());
        if proof.contract != self.id {
            return bound_elsewhere("another contract");
        }
        for document in &self.documents {
            let mut shown = proof.documents.iter().filter(|(id, _)| id == document.id());
            match (shown.next(), shown.next()) {
                (Some((_, digest)), None) if digest == document.digest() => {}
                (Some(_), None) => return bound_elsewhere("other bytes of a document"),
                (Some(_), Some(_)) => return bound_elsewhere("a document in two versions"),
                (None, _) => return bound_elsewhere("fewer documents than the contract has"),
            }
        }
        if proof.documents.len() > self.documents.len() {
            return bound_elsewhere("more documents than the contract has");
        }
        Ok(())
    }
}

fn check_methods(slot: &Slot, proof: &IntentProof) -> Result<(), Error> {
    let allowed = &slot.plan().allowed.intents;
    let methods = || proof.checks.iter().map(|check| check.method);
    if let Some(method) = methods().find(|it| !allowed.is_empty() && !allowed.contains(it)) {
        return Err(SigningError::IntentMethodNotAllowed { method }.into());
    }
    if methods().any(|method| !method.is_device_only()) {
        return Ok(());
    }
    match methods().next() {
        Some(method) => Err(SigningError::IntentDeviceOnly { method }.into()),
        None => Err(SigningError::IntentMissing.into()),
    }
}
