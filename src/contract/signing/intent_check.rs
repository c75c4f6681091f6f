//! R-SIGN-10: that the signer means it.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::super::error::Error;
use super::super::intent::IntentProof;
use super::super::slot::Slot;
use super::super::state::Contract;
use super::{SigningError, SigningFacts};
use crate::digest::Digest;

impl Contract {
    /// R-SIGN-10: a proof of intent is there; every method in it is allowed to the signer and one at
    /// least is more than his own device; none of it is old, or from the future; it is bound to this
    /// contract, this slot, whoever signs, and the present bytes of each document. Where no human
    /// acts, nobody means anything, and no proof is asked for.
    ///
    /// # Errors
    ///
    /// In this order: `sign.intent_missing`, `sign.intent_method_not_allowed`, `sign.intent_stale`,
    /// `sign.intent_binding`.
    pub fn check_intent(
        &self,
        slot: &Slot,
        proof: Option<&IntentProof>,
        facts: &SigningFacts<'_>,
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
            if age > facts.policy.intent_lasts || age < -facts.policy.clock_skew {
                return Err(SigningError::IntentStale { at: check.at, now }.into());
            }
        }
        require_bound("contract", &proof.contract, &self.id)?;
        require_bound("slot", &proof.slot, slot.id())?;
        require_bound("signer", &proof.signer, &facts.by.actor())?;
        self.check_shown(proof)
    }

    /// That exactly the documents of the contract were shown, each once and as it is now.
    fn check_shown(&self, proof: &IntentProof) -> Result<(), Error> {
        require_bound("number of documents", &proof.documents.len(), &self.documents.len())?;
        let shown: BTreeMap<_, _> =
            proof.documents.iter().map(|(id, digest)| (id, digest)).collect();
        for document in &self.documents {
            let named = |digest: &Digest| format!("{}, {digest}", document.id());
            let proved = shown.get(document.id()).copied();
            let proved = proved.map_or_else(|| "another one".to_owned(), named);
            require_bound("document", &proved, &named(document.digest()))?;
        }
        Ok(())
    }
}

fn require_bound<T: PartialEq + ToString>(
    what: &'static str,
    proved: &T,
    asked: &T,
) -> Result<(), Error> {
    if proved == asked {
        return Ok(());
    }
    let (proved, asked) = (proved.to_string(), asked.to_string());
    Err(SigningError::IntentBinding { what, proved, asked }.into())
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
