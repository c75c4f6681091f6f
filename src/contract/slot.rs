//! The place of one signer in a contract, and the state it is in.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::control::{AllowedSeals, SignatureMethod};
use super::error::Error;
use super::intent::IntentMethod;
use super::name::RoleLabel;
use super::order::Rank;
use super::party::Party;
use super::settings::ReadingGate;
use super::signed_record::CertificateRecord;
use super::signer::{Account, Holder, Signer};
use crate::decision::Channel;
use crate::identity::{Actor, Factors, PartyId, SlotId};
use crate::organization::By;

/// The state of a slot (domain §2.5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// The contract has not started.
    NotStarted,
    /// Others act first.
    WaitingTurn,
    /// Fields are to be filled now.
    ToFill,
    /// Fields are filled; signing has not begun.
    Filled,
    /// To be signed now.
    ToSign,
    /// Its turn, but an internal approval is missing.
    UnderReview,
    /// Signed.
    Signed,
    /// Its signer declined.
    Declined,
    /// Its deadline, or the contract's, passed.
    Expired,
    /// The contract was withdrawn.
    Cancelled,
    /// Somebody else ended it, or another candidate signed.
    Stopped,
    /// As seen by somebody who handed it over.
    Forwarded,
    /// Signed once, and released since.
    Released,
}

impl SlotState {
    /// A stable name: `to_sign`, `under_review`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::WaitingTurn => "waiting_turn",
            Self::ToFill => "to_fill",
            Self::Filled => "filled",
            Self::ToSign => "to_sign",
            Self::UnderReview => "under_review",
            Self::Signed => "signed",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Stopped => "stopped",
            Self::Forwarded => "forwarded",
            Self::Released => "released",
        }
    }

    /// Whether nothing is to be done in it any more.
    #[must_use]
    pub fn is_over(self) -> bool {
        !matches!(
            self,
            Self::NotStarted
                | Self::WaitingTurn
                | Self::ToFill
                | Self::Filled
                | Self::ToSign
                | Self::UnderReview
        )
    }

    /// Whether somebody has to act in it now.
    #[must_use]
    pub fn is_pending(self) -> bool {
        matches!(self, Self::ToFill | Self::ToSign | Self::UnderReview)
    }
}

impl fmt::Display for SlotState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the signer must show before he sees the text (查看校验).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewCheck {
    /// That he is who he says (实名).
    RealName,
    /// That he holds the mobile number.
    Mobile,
}

/// What a signer may and must do, beyond signing.
///
/// ```
/// use sealwright::contract::SlotOptions;
/// let options = SlotOptions { may_forward: false, ..SlotOptions::default() };
/// assert!(options.may_decline);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SlotOptions {
    /// He may decline (C9, C12).
    pub may_decline: bool,
    /// He may hand over to a colleague (C16).
    pub may_forward: bool,
    /// His organization must approve first (C10).
    pub needs_review: bool,
    /// He comes by a link or code only, not from a list (C7).
    pub link_only: bool,
    /// He places his sign controls himself when he signs.
    pub places_controls: bool,
    /// What he shows before he sees the text; empty: nothing.
    pub view_checks: BTreeSet<ViewCheck>,
    /// What he reads before he signs; unset: as the contract says.
    pub reading: Option<ReadingGate>,
    /// How he may be told; empty: not at all.
    pub channels: BTreeSet<Channel>,
}

impl Default for SlotOptions {
    fn default() -> Self {
        Self {
            may_decline: true,
            may_forward: true,
            needs_review: false,
            link_only: false,
            places_controls: false,
            view_checks: BTreeSet::new(),
            reading: None,
            channels: Channel::ALL.into_iter().collect(),
        }
    }
}

/// With what a signer may sign, beyond what each control allows. An empty set allows everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Allowed {
    /// How he may prove that he means it.
    pub intents: BTreeSet<IntentMethod>,
    /// How his signature may come about.
    pub methods: BTreeSet<SignatureMethod>,
    /// Which seals; ids for the initiator's own organization only (R-GRANT-06).
    pub seals: AllowedSeals,
}

/// What the initiator writes of a slot.
///
/// ```
/// use sealwright::contract::{Rank, Signer, SlotOptions, SlotPlan};
/// let plan = SlotPlan {
///     rank: Rank::new(2)?,
///     options: SlotOptions { needs_review: true, ..SlotOptions::default() },
///     ..SlotPlan::new("buyer".parse()?, "party_b".parse()?, Signer::LateBound)
/// };
/// assert!(plan.deadline.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotPlan {
    /// Its id in the contract.
    pub id: SlotId,
    /// The party it signs for.
    pub party: PartyId,
    /// Who signs.
    pub signer: Signer,
    /// What he is: 法定代表人, 经办人.
    pub role: RoleLabel,
    /// His place in the order.
    pub rank: Rank,
    /// Until when, if not as long as the contract is open. Never later than the contract's.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub deadline: Option<OffsetDateTime>,
    /// What he may and must do.
    pub options: SlotOptions,
    /// With what he may sign.
    pub allowed: Allowed,
}

impl SlotPlan {
    /// A slot with defaults: first in the order, open as long as the contract.
    #[must_use]
    pub fn new(id: SlotId, party: PartyId, signer: Signer) -> Self {
        Self {
            id,
            party,
            signer,
            role: RoleLabel::default(),
            rank: Rank::FIRST,
            deadline: None,
            options: SlotOptions::default(),
            allowed: Allowed::default(),
        }
    }

    /// The review that a slot waits for while nobody has reviewed.
    pub(super) fn review_demanded(&self) -> Review {
        if self.options.needs_review { Review::Pending } else { Review::NotNeeded }
    }
}

/// The approval a slot waits for (签署审核).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// None is needed.
    #[default]
    NotNeeded,
    /// Nobody has reviewed yet.
    Pending,
    /// Approved.
    Passed,
    /// Rejected; it may be reviewed again.
    Rejected,
}

/// That a slot was handed over (转交).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Who had it.
    pub from: Account,
    /// Who has it since.
    pub to: Account,
    /// Why.
    pub kind: ForwardKind,
    /// Whether whoever had it had received the contract (R-CER-06); if not, it stays unknown to him.
    pub was_delivered: bool,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// That a contract is not delivered to one of the signers of a slot (R-CER-06, Lenient).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// His place among those who may act in the slot, from 0.
    pub place: usize,
    /// In which factors he differs from the registered employee.
    pub factors: Factors,
}

/// Why a slot is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForwardKind {
    /// An employee wanted it (转交).
    ByEmployee,
    /// The holder left his organization (离职转交). The options of the slot do not stand in the way.
    Resigned,
}

/// The place of one signer in a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub(super) plan: SlotPlan,
    pub(super) state: SlotState,
    pub(super) review: Review,
    /// Has fields to fill before signing begins.
    pub(super) fills: bool,
    pub(super) acted_by: Option<Actor>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) acted_at: Option<OffsetDateTime>,
    /// With which certificate it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) certificate: Option<CertificateRecord>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) opened_at: Option<OffsetDateTime>,
    pub(super) reminders: u8,
    /// Until when at most it makes others wait by what it began, however often it begins.
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) held_until: Option<OffsetDateTime>,
    pub(super) withheld: Vec<Withheld>,
    pub(super) handovers: Vec<Handover>,
}

impl Slot {
    pub(super) fn planned(plan: SlotPlan) -> Self {
        let review = plan.review_demanded();
        Self {
            plan,
            state: SlotState::NotStarted,
            review,
            fills: false,
            acted_by: None,
            acted_at: None,
            certificate: None,
            opened_at: None,
            reminders: 0,
            held_until: None,
            withheld: Vec::new(),
            handovers: Vec::new(),
        }
    }

    /// Its id in the contract.
    #[must_use]
    pub fn id(&self) -> &SlotId {
        &self.plan.id
    }

    /// The party it signs for.
    #[must_use]
    pub fn party(&self) -> &PartyId {
        &self.plan.party
    }

    /// What the initiator wrote, with what was bound, forwarded or extended since.
    #[must_use]
    pub fn plan(&self) -> &SlotPlan {
        &self.plan
    }

    /// Who signs.
    #[must_use]
    pub fn signer(&self) -> &Signer {
        &self.plan.signer
    }

    /// The state it is in.
    #[must_use]
    pub fn state(&self) -> SlotState {
        self.state
    }

    /// The state as one actor sees it: [`SlotState::Stopped`] for a candidate when another one has
    /// signed, [`SlotState::Forwarded`] for somebody who handed it over.
    #[must_use]
    pub fn state_for(&self, actor: &Actor) -> SlotState {
        let holds = self.signer().holders().iter().any(|holder| holder.account.is(actor));
        let had = self.handovers.iter().any(|handover| handover.from.is(actor));
        match &self.acted_by {
            Some(acted) if self.signer().holders().len() > 1 && holds && acted != actor => {
                SlotState::Stopped
            }
            _ if had && !holds => SlotState::Forwarded,
            _ => self.state,
        }
    }

    /// The approval it waits for.
    #[must_use]
    pub fn review(&self) -> Review {
        self.review
    }

    /// Whether it has fields to fill before signing begins.
    #[must_use]
    pub fn fills(&self) -> bool {
        self.fills
    }

    /// Who signed or declined.
    #[must_use]
    pub fn acted_by(&self) -> Option<&Actor> {
        self.acted_by.as_ref()
    }

    /// When somebody signed or declined, UTC.
    #[must_use]
    pub fn acted_at(&self) -> Option<OffsetDateTime> {
        self.acted_at
    }

    /// The certificate that it was signed with, if the record has one.
    #[must_use]
    pub fn certificate(&self) -> Option<&CertificateRecord> {
        self.certificate.as_ref()
    }

    /// When its signer first saw the text, UTC.
    #[must_use]
    pub fn opened_at(&self) -> Option<OffsetDateTime> {
        self.opened_at
    }

    /// How often its signer was reminded, at most [`Slot::MOST_REMINDERS`] times (R-CON-05).
    #[must_use]
    pub fn reminders(&self) -> u8 {
        self.reminders
    }

    /// The greatest number of reminders (R-CON-05).
    pub const MOST_REMINDERS: u8 = 3;

    /// The signers to whom the contract is not delivered, by their places (R-CER-06, Lenient). Other
    /// candidates of the slot are not touched by that.
    #[must_use]
    pub fn withheld(&self) -> &[Withheld] {
        &self.withheld
    }

    /// In which factors the signer in this place, from 0, differs from the registered employee; while
    /// it is not empty the contract is not delivered to him (R-CER-06, Lenient).
    #[must_use]
    pub fn withheld_from(&self, place: usize) -> Factors {
        let found = self.withheld.iter().find(|withheld| withheld.place == place);
        found.map_or(Factors::NONE, |withheld| withheld.factors)
    }

    /// The signers to whom the contract is delivered: those whom a notice to the slot is for.
    pub fn delivered(&self) -> impl Iterator<Item = &Holder> {
        let holders = self.signer().holders().iter().enumerate();
        let delivered = holders.filter(|(place, _)| self.withheld_from(*place).is_empty());
        delivered.map(|(_, holder)| holder)
    }

    /// Whether it has signers, and the contract is delivered to none of them.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        !self.signer().holders().is_empty() && self.delivered().next().is_none()
    }

    /// The signer who is the authenticated caller, and to whom the contract is delivered.
    pub(super) fn recognise(&self, by: &By<'_>, party: &Party) -> Result<Option<&Holder>, Error> {
        let Some((place, holder)) = self.signer().recognise(by, party)? else { return Ok(None) };
        Error::unless_equal(self.withheld_from(place))?;
        Ok(Some(holder))
    }

    /// From now on the contract is withheld from the signer in this place, or delivered to him.
    pub(super) fn withhold(&mut self, place: usize, factors: Factors) {
        self.withheld.retain(|withheld| withheld.place != place);
        if !factors.is_empty() {
            self.withheld.push(Withheld { place, factors });
            self.withheld.sort_by_key(|withheld| withheld.place);
        }
    }

    /// Who handed it to whom, in order.
    #[must_use]
    pub fn handovers(&self) -> &[Handover] {
        &self.handovers
    }
}

impl ForwardKind {
    /// A stable name: `by_employee`, `resigned`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ByEmployee => "by_employee",
            Self::Resigned => "resigned",
        }
    }
}

impl ViewCheck {
    /// A stable name: `real_name`, `mobile`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::RealName => "real_name",
            Self::Mobile => "mobile",
        }
    }
}
