//! What somebody finds who scans the sign QR (M15), and when he may sign (M16).

use time::OffsetDateTime;

use super::error::Error;
use super::policy::SigningWindowPolicy;
use super::state::{Ceremony, Phase, Stage};
use super::token::LinkKeys;
use crate::contract::{self, Contract, Holder, SigningWindow, Slot, WindowSpan};
use crate::decision::{Aggregate, Evolve};
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

    /// M16: when the meeting lets its contracts be signed (R-SIGN-02a). The signing chain asks for it,
    /// and whoever records a signature; outside of it the answer is `cer.stage_not_open`. It holds no
    /// opinion on deadlines: those are the contract's own.
    ///
    /// A stage that nobody closed is closed when the meeting lapses ([`Ceremony::lapses_at`]). A
    /// meeting that was called off has no contracts any more: those that go on without it are signed
    /// at no meeting. A contract that is not the meeting's does not take its window.
    ///
    /// ```
    /// use sealwright::ceremony::Ceremony;
    /// use sealwright::contract::{Contract, SigningWindow};
    /// use sealwright::identity::CeremonyId;
    ///
    /// /// What a host hands to the signing chain: it loads the meeting that the contract names.
    /// fn window<'a>(
    ///     contract: &Contract,
    ///     load: impl Fn(&CeremonyId) -> &'a Ceremony,
    /// ) -> SigningWindow<'a> {
    ///     match contract.ceremony() {
    ///         Some(meeting) => load(meeting).signing_window(),
    ///         None => SigningWindow::NO_MEETING,
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn signing_window(&self) -> SigningWindow<'_> {
        let span = match (self.phase, self.policy.signing_window) {
            (Phase::Draft | Phase::Cancelled, _) => WindowSpan::Closed,
            (_, SigningWindowPolicy::AnyTimeAfterBooking) => WindowSpan::Open,
            (_, SigningWindowPolicy::OnlyWhileStageOpen) if self.stage == Stage::Open => {
                self.lapses_at().map_or(WindowSpan::Open, WindowSpan::Until)
            }
            (_, SigningWindowPolicy::StageOpenThenUntilDeadline)
                if self.stage != Stage::NotOpened =>
            {
                WindowSpan::Open
            }
            _ => WindowSpan::Closed,
        };
        SigningWindow::of_meeting(Self::SUBJECT, (&self.id, self.revision()), span)
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
