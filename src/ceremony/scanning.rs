//! What somebody finds who scans the sign QR (M15), and when he may sign (M16).

use time::OffsetDateTime;

use super::error::Error;
use super::policy::SigningWindowPolicy;
use super::state::{Ceremony, Phase, Stage};
use super::token::LinkKeys;
use crate::contract::{self, Contract, Holder, SigningWindow, Slot};
use crate::identity::{ContractId, SlotId};
use crate::organization::By;

/// Where a scanned QR leads: the contract to open (C7), and the places of whoever scanned it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannedQr {
    /// The contract.
    pub contract: ContractId,
    /// The slots that are his; at least one.
    pub slots: Vec<SlotId>,
}

impl Ceremony {
    /// M15: a logged-in person scans the sign QR. Which meeting and which contract to load,
    /// [`LinkKeys::open_qr`] says. Nothing changes: opening the contract is C7, signing is C11.
    ///
    /// ```
    /// use sealwright::ceremony::{Ceremony, Error, LinkKeys, ScannedQr};
    /// use sealwright::contract::Contract;
    /// use sealwright::identity::CeremonyId;
    /// use sealwright::organization::By;
    /// use time::OffsetDateTime;
    ///
    /// fn scanned(
    ///     text: &str,
    ///     keys: &LinkKeys,
    ///     load: impl Fn(&CeremonyId) -> (Ceremony, Contract),
    ///     signer: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<ScannedQr, Error> {
    ///     let claims = keys.open_qr(text)?; // sealed by us, so worth a look into the database
    ///     let (meeting, contract) = load(claims.ceremony());
    ///     meeting.resolve_qr(text, keys, &contract, signer, now)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// In this order: `cer.qr_invalid` for a text that was not sealed with one of the keys;
    /// `cer.qr_expired`; `cer.qr_invalid` for a link of another meeting or another contract, or one
    /// that was withdrawn; `cer.stage_not_open`; `con.not_a_signer`. Whoever is no signer is never
    /// shown the document.
    pub fn resolve_qr(
        &self,
        text: &str,
        keys: &LinkKeys,
        contract: &Contract,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<ScannedQr, Error> {
        self.check_qr(text, keys, contract.id(), now)?;
        let own = contract.slots().iter().filter(|slot| is_his(slot, by));
        let slots: Vec<_> = own.map(|slot| slot.id().clone()).collect();
        if slots.is_empty() {
            return Err(contract::Error::NotASigner.into());
        }
        Ok(ScannedQr { contract: contract.id().clone(), slots })
    }

    /// M16: whether the meeting lets its contracts be signed now (R-SIGN-02a). C11 asks for it;
    /// outside of it the answer is `cer.stage_not_open`. It holds no opinion on deadlines: those are
    /// the contract's own.
    ///
    /// A meeting that was called off while its contracts go on lets them be signed at any time. A
    /// stage that nobody closed is closed when the meeting lapses ([`Ceremony::lapses_at`]). For a
    /// contract that is not the meeting's the window is closed: the host asks the very meeting that
    /// booked the contract.
    ///
    /// ```
    /// use sealwright::ceremony::Ceremony;
    /// use sealwright::contract::{Contract, SigningWindow};
    /// use time::OffsetDateTime;
    ///
    /// /// What a host hands to the signing chain for a contract of this meeting, or of none.
    /// fn window(
    ///     meeting: Option<&Ceremony>,
    ///     contract: &Contract,
    ///     now: OffsetDateTime,
    /// ) -> SigningWindow {
    ///     let of = |meeting: &Ceremony| meeting.signing_window(contract.id(), now);
    ///     meeting.map_or(SigningWindow::Open, of)
    /// }
    /// ```
    #[must_use]
    pub fn signing_window(&self, contract: &ContractId, now: OffsetDateTime) -> SigningWindow {
        if !self.contracts.contains(contract) {
            return SigningWindow::Closed;
        }
        let is_open = match (self.phase, self.policy.signing_window) {
            (Phase::Draft, _) => false,
            (Phase::Cancelled, _) | (_, SigningWindowPolicy::AnyTimeAfterBooking) => true,
            (_, SigningWindowPolicy::OnlyWhileStageOpen) => {
                self.stage == Stage::Open && !self.has_lapsed(now)
            }
            (_, SigningWindowPolicy::StageOpenThenUntilDeadline) => self.stage != Stage::NotOpened,
        };
        if is_open { SigningWindow::Open } else { SigningWindow::Closed }
    }
}

fn is_his(slot: &Slot, by: &By<'_>) -> bool {
    let person = match by {
        By::Staff(staff) if staff.employee().is_active() => staff.employee().person(),
        By::Person { person, .. } => person,
        _ => return false,
    };
    let is_he = |holder: &Holder| {
        holder.account.is(&by.actor()) || holder.person.differences(person).is_empty()
    };
    slot.signer().holders().iter().any(is_he)
}
