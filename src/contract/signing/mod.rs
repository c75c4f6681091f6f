//! The signing chain as far as the contract decides it (R-SIGN-01 to 11).
//!
//! Each check is public; [`Contract::may_sign`] runs them in their order, and the first refusal
//! wins. R-SIGN-12 looks at grants and lives above.

mod attempt;
#[cfg(test)]
mod chain_tests;
#[cfg(test)]
mod choice_tests;
mod choices;
mod error;
mod intent_check;
mod window;

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::error::Error;
use super::phase::Phase;
use super::seal_kind::SealKind;
use super::settings::ReadingMode;
use super::signer::Holder;
use super::slot::Slot;
use super::state::Contract;
use crate::identity::SealId;
use crate::organization::{self, By, Permission, Staff};

pub use attempt::{Choice, Pick, ReadingProof, SigningAttempt, SigningPolicy};
pub use error::SigningError;
pub use window::SigningWindow;
pub(crate) use window::WindowSpan;

/// What the signing checks look at besides the contract and the attempt.
///
/// ```
/// use std::collections::BTreeMap;
/// use sealwright::contract::{SealKind, SigningFacts};
/// use sealwright::organization::By;
/// let kinds = BTreeMap::from([("seal_1".parse()?, SealKind::Contract)]);
/// let facts = SigningFacts::of(&By::System, &kinds);
/// assert_eq!(facts.policy.intent_lasts, time::Duration::minutes(10));
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SigningFacts<'a> {
    /// Who signs, authenticated.
    pub by: &'a By<'a>,
    /// Where no human signs (授权签): the employee who answers for it, and for his organization.
    pub answers: Option<Staff<'a>>,
    /// Of which kind the chosen seals are, by the register of seals.
    pub seal_kinds: &'a BTreeMap<SealId, SealKind>,
    /// What the meeting says, for a contract that is signed at one.
    pub window: SigningWindow<'a>,
    /// What the embedder decided otherwise.
    pub policy: SigningPolicy,
}

impl<'a> SigningFacts<'a> {
    /// At no meeting, by the default policy.
    #[must_use]
    pub fn of(by: &'a By<'a>, seal_kinds: &'a BTreeMap<SealId, SealKind>) -> Self {
        let (window, policy) = (SigningWindow::NO_MEETING, SigningPolicy::default());
        Self { by, answers: None, seal_kinds, window, policy }
    }

    /// With the employee who answers for a slot that is signed with no human act.
    #[must_use]
    pub fn answered_by(self, staff: Staff<'a>) -> Self {
        Self { answers: Some(staff), ..self }
    }

    /// On whose behalf of an organization the slot is signed: the signer's, or that of whoever
    /// answers for it. Nobody's for a person who signs for himself.
    #[must_use]
    pub fn staff_in(&self, slot: &Slot) -> Option<Staff<'a>> {
        if slot.signer().is_auto() { self.answers } else { self.by.staff().copied() }
    }

    /// With what the meeting says.
    #[must_use]
    pub fn in_window(self, window: SigningWindow<'a>) -> Self {
        Self { window, ..self }
    }
}

impl Contract {
    /// R-SIGN-01 to 11, in their order, and after 07 that nobody else's signature is under way; the
    /// first refusal wins. Nothing changes.
    ///
    /// # Errors
    ///
    /// `con.illegal_transition`, `con.deadline_passed`, `cer.stage_not_open`, `con.not_a_signer`,
    /// `emp.identity_mismatch`, `org.*`, `emp.*`, `con.already_acted`, `con.not_your_turn`,
    /// `con.review_pending`, `con.review_rejected`, `sign.in_progress`, `sign.read_time_not_met`,
    /// `sign.not_read_to_end`, `ctl.required_value_missing`, `sign.intent_*`,
    /// `sign.control_unsigned`, `ctl.not_owner`, `seal.type_not_allowed`, `sign.method_not_allowed`,
    /// `ctl.value_invalid`.
    pub fn may_sign(
        &self,
        attempt: &SigningAttempt,
        facts: &SigningFacts<'_>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        self.check_signing_state()?;
        let slot = self.slot(&attempt.slot)?;
        self.require_in_time(slot, now)?;
        self.check_window(facts.window, now)?;
        self.check_signer(slot, facts)?;
        Self::check_active(slot, facts)?;
        self.require_unacted(slot)?;
        self.require_turn(slot)?;
        self.require_review(slot)?;
        self.require_no_other_hold(slot.id(), now)?;
        self.check_reading(slot, &attempt.reading)?;
        self.require_fields_filled(slot.id())?;
        self.check_intent(slot, attempt.intent.as_ref(), facts, now)?;
        self.check_choices(slot, &attempt.choices, facts.seal_kinds)
    }

    /// R-SIGN-01: the contract is being signed.
    ///
    /// # Errors
    ///
    /// `con.illegal_transition`, which names the state: expired, cancelled, …
    pub fn check_signing_state(&self) -> Result<(), Error> {
        self.require("be signed", Phase::is_signing)
    }

    /// R-SIGN-03: the caller is the slot's signer, equal in all four factors, and the contract is
    /// delivered to him. Where no human signs it is the host or nobody, and an employee of the party
    /// answers for it.
    ///
    /// # Errors
    ///
    /// `con.not_a_signer`, `emp.identity_mismatch`.
    pub fn check_signer<'s>(
        &self,
        slot: &'s Slot,
        facts: &SigningFacts<'_>,
    ) -> Result<Option<&'s Holder>, Error> {
        let party = self.party_of(slot)?;
        let holder = slot.recognise(facts.by, party)?;
        let of_party = |staff: Staff<'_>| {
            party.stands_for(staff.organization().id(), staff.organization().name())
        };
        if slot.signer().is_auto() && !facts.answers.is_some_and(of_party) {
            return Err(Error::NotASigner);
        }
        Ok(holder)
    }

    /// R-SIGN-04: organization and employee are active, and the organization lets him sign: the
    /// signer's, or those who answer where no human signs.
    ///
    /// Whoever belongs to the organization needs the permission `contract.sign`, which everybody has
    /// unless its settings say otherwise. An employee of its parent in a group has no permission
    /// there: his right is the slot that names him, and the grant of the seal.
    ///
    /// # Errors
    ///
    /// `org.not_active`, `org.suspended`, `org.closing`, `emp.not_verified`, `emp.pending_audit`,
    /// `emp.resigned`, `emp.no_permission`.
    pub fn check_active(slot: &Slot, facts: &SigningFacts<'_>) -> Result<(), Error> {
        facts.staff_in(slot).map_or(Ok(()), |staff| Ok(require_to_sign(&staff)?))
    }

    /// R-SIGN-08: the text was shown long enough, and to its end. A slot without a human reads
    /// nothing.
    ///
    /// # Errors
    ///
    /// `sign.read_time_not_met`, `sign.not_read_to_end`.
    pub fn check_reading(&self, slot: &Slot, reading: &ReadingProof) -> Result<(), Error> {
        if slot.signer().is_auto() {
            return Ok(());
        }
        let gate = slot.plan().options.reading.unwrap_or(self.settings.reading);
        let (time, end) = match gate.mode {
            ReadingMode::TimeAndBottom => (true, true),
            ReadingMode::Time => (true, false),
            ReadingMode::Bottom => (false, true),
            ReadingMode::None => (false, false),
        };
        let pages = self.documents.iter().map(|document| u64::from(document.page_count())).sum();
        let least = gate.least_time(pages).duration();
        if time && reading.shown_for < least {
            let shown = reading.shown_for;
            return Err(SigningError::ReadTimeNotMet { shown, least }.into());
        }
        if end && !reading.reached_end {
            return Err(SigningError::NotReadToEnd.into());
        }
        Ok(())
    }
}

/// That he may sign for the organization he acts for (R-SIGN-04).
pub(super) fn require_to_sign(staff: &Staff<'_>) -> Result<(), organization::Error> {
    match staff.require_member() {
        Ok(()) => staff.require(Permission::ContractSign),
        Err(_) => staff.require_active(),
    }
}
