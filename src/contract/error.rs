//! Why a contract refuses.

use thiserror::Error as ThisError;
use time::OffsetDateTime;

use super::control::{ControlError, ControlKey, ControlProblem};
use super::document::{DocumentError, DocumentProblem};
use super::phase::Phase;
use super::signing::SigningError;
use super::slot::ViewCheck;
use crate::decision::{self, Revision};
use crate::identity::{self, DocumentId, EntitlementId, Factors, SlotId};
use crate::instant::rfc3339;
use crate::organization;

/// Why a contract refuses a command. Nothing has changed then.
///
/// ```
/// use sealwright::contract::Reason;
/// assert_eq!(Reason::parse(" ").unwrap_err().code(), "con.reason_required");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
#[non_exhaustive]
pub enum Error {
    // --- states ---
    /// The state of the contract does not allow it; the state tells why (R-SIGN-01).
    #[error("a contract that is {from} cannot {action}")]
    IllegalTransition {
        /// The state it is in: `expired`, `cancelled`, …
        from: Phase,
        /// What was asked for.
        action: &'static str,
    },
    /// Members of a group are signed, declined, cancelled and extended together.
    #[error("this contract is one of {size} in a group and cannot {action} alone; use the group")]
    OneOfAGroup {
        /// What was asked for.
        action: &'static str,
        /// How many contracts the group has.
        size: u8,
    },
    /// A group needs all its contracts, once each.
    #[error("a group of {expected} contracts was given {found} of them; give each of them once")]
    GroupIncomplete {
        /// How many contracts it has.
        expected: usize,
        /// How many distinct ones of it were given.
        found: usize,
    },
    /// The state has moved on since it was looked at.
    #[error(transparent)]
    Stale(#[from] decision::Stale),

    // --- what the initiator writes ---
    /// The name is empty, too long or holds a character that is not allowed.
    #[error(
        "a contract name has 1 to 200 characters of Chinese, Latin, digits and ()[]-_,;.&+; \
         this one has {length}{}", at(*position)
    )]
    NameInvalid {
        /// Its length in characters.
        length: usize,
        /// The first character that is not allowed, from 1.
        position: Option<usize>,
    },
    /// A setting is outside its bounds.
    #[error("{setting} is {found}, it must be {least} to {most}")]
    SettingInvalid {
        /// Which one.
        setting: &'static str,
        /// What it is.
        found: u64,
        /// The least it may be.
        least: u64,
        /// The most it may be.
        most: u64,
    },
    /// Nobody is to sign.
    #[error("nobody is to sign; add a signer")]
    NoSigner,
    /// Too many signers.
    #[error("there are {found} signers, the most are {most}")]
    TooManySigners {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// The same person signs twice for the same party (R-CON-01).
    #[error("{first} and {second} are the same person for the same party; remove one")]
    DuplicateSigner {
        /// A slot.
        first: SlotId,
        /// Another slot.
        second: SlotId,
    },
    /// The same person is copied twice.
    #[error("the persons copied in places {first} and {second} are the same; remove one")]
    DuplicateCc {
        /// A place in the list, from 1.
        first: usize,
        /// Another one.
        second: usize,
    },
    /// Somebody who is copied is a signer as well (R-CON-02).
    #[error("the person copied in place {place} signs in {slot}; remove the copy")]
    CcIsSigner {
        /// His place in the list, from 1.
        place: usize,
        /// Where he signs.
        slot: SlotId,
    },
    /// A slot names a party that the contract does not have, or an id is used twice.
    #[error("the {what} {id} {problem}")]
    PlanInconsistent {
        /// `party`, `slot`, …
        what: &'static str,
        /// Its id.
        id: String,
        /// What is wrong with it, and what to do.
        problem: &'static str,
    },
    /// A signer has nothing to sign (R-CTL-07): a date or an opinion alone binds nobody.
    #[error(
        "{slot} has no control for a seal or a signature; place one, or let the signer place it"
    )]
    SignerHasNoControl {
        /// His slot.
        slot: SlotId,
    },
    /// A warning was not acknowledged.
    #[error("the warning {code} is not acknowledged; mend its cause or acknowledge it")]
    WarningUnacknowledged {
        /// Its code: `W-SEAL-MISSING`.
        code: &'static str,
    },

    // --- deadlines ---
    /// The deadline has passed already.
    #[error(
        "the deadline {deadline} is not after now, {now}",
        deadline = rfc3339(*deadline), now = rfc3339(*now)
    )]
    DeadlineInPast {
        /// The deadline.
        deadline: OffsetDateTime,
        /// The time that was given.
        now: OffsetDateTime,
    },
    /// The new deadline is not later.
    #[error(
        "the new deadline {new} must be after {than}",
        new = rfc3339(*new), than = rfc3339(*than)
    )]
    DeadlineNotLater {
        /// The new one.
        new: OffsetDateTime,
        /// The old one, or now.
        than: OffsetDateTime,
    },
    /// The deadline is after that of a signer who comes later in the order.
    #[error(
        "the deadline {new} is after {next}, when {slot}, who acts later, must be done",
        new = rfc3339(*new), next = rfc3339(*next)
    )]
    DeadlineAfterNext {
        /// The deadline.
        new: OffsetDateTime,
        /// The deadline of the later signer.
        next: OffsetDateTime,
        /// His slot.
        slot: SlotId,
    },
    /// A signer's deadline is after the contract's.
    #[error(
        "the deadline {new} of {slot} is after that of the contract, {contract}",
        new = rfc3339(*new), contract = rfc3339(*contract)
    )]
    DeadlineAfterContract {
        /// The signer's.
        new: OffsetDateTime,
        /// The contract's.
        contract: OffsetDateTime,
        /// His slot.
        slot: SlotId,
    },
    /// It is too late (R-SIGN-02).
    #[error(
        "the deadline {deadline} has passed, it is {now}; ask the initiator to extend it",
        deadline = rfc3339(*deadline), now = rfc3339(*now)
    )]
    DeadlinePassed {
        /// The deadline.
        deadline: OffsetDateTime,
        /// The time that was given.
        now: OffsetDateTime,
    },
    /// It is too early to expire (C14).
    #[error(
        "no deadline is reached: the next is {deadline}, it is {now}",
        deadline = rfc3339(*deadline), now = rfc3339(*now)
    )]
    DeadlineNotReached {
        /// The next deadline.
        deadline: OffsetDateTime,
        /// The time that was given.
        now: OffsetDateTime,
    },

    /// The instant cannot be stored.
    #[error(
        "{at} is outside the years 0 to 9999 of UTC; give an instant within them",
        at = rfc3339(*at)
    )]
    OutsideCalendar {
        /// The instant, as it was given.
        at: OffsetDateTime,
    },

    // --- who may act, and when ---
    /// The caller does not sign here (R-SIGN-03).
    #[error("the caller is no signer of this contract; only its signers may do this")]
    NotASigner,
    /// This signer comes by a link or a code only (C7).
    #[error("{slot} is entered by its link or code only; open it by one of them")]
    EntryLinkOnly {
        /// The slot.
        slot: SlotId,
    },
    /// Others act first (R-SIGN-06, R-CON-06).
    #[error("it is not the turn of {slot}: {} first", Listed(waiting_for))]
    NotYourTurn {
        /// The slot.
        slot: SlotId,
        /// Who acts first.
        waiting_for: Vec<SlotId>,
    },
    /// The slot has acted (R-SIGN-05).
    #[error("{slot} has acted already; it cannot act again")]
    AlreadyActed {
        /// The slot.
        slot: SlotId,
    },
    /// The slot waits for no approval (C10).
    #[error("{slot} needs no review")]
    NoReviewNeeded {
        /// The slot.
        slot: SlotId,
    },
    /// An approval is missing (R-SIGN-07).
    #[error("{slot} waits for the approval of its organization")]
    ReviewPending {
        /// The slot.
        slot: SlotId,
    },
    /// The approval was refused (R-SIGN-07).
    #[error("the organization of {slot} rejected the signing; have it reviewed again")]
    ReviewRejected {
        /// The slot.
        slot: SlotId,
    },
    /// A reason is missing (R-CON-03).
    #[error("a reason is required; give 1 to 200 characters")]
    ReasonRequired,
    /// A reason is too long (R-CON-03).
    #[error("the reason has {found} characters, the most are {most}")]
    ReasonTooLong {
        /// Its length.
        found: usize,
        /// The greatest length.
        most: usize,
    },
    /// A reason holds an emoji or a control character (R-CON-03).
    #[error("character {position} of the reason is an emoji or a control character; remove it")]
    ReasonInvalid {
        /// The character, from 1.
        position: usize,
    },
    /// This signer may not decline.
    #[error("{slot} may not decline; ask the initiator to cancel")]
    DeclineForbidden {
        /// The slot.
        slot: SlotId,
    },
    /// The actor may not cancel this contract (C13).
    #[error(
        "only the initiator, the head of his organization or a colleague with the right to cancel and to see it may cancel this contract"
    )]
    CancelForbidden,
    /// The slot cannot be handed over, or not by this actor (C16).
    #[error("{slot} cannot be handed over: {why}")]
    ForwardForbidden {
        /// The slot.
        slot: SlotId,
        /// Why, and what to do.
        why: &'static str,
    },
    /// The slot is not one whose signer is named later (C17).
    #[error("{slot} is {signer}, not late-bound; forward it instead")]
    SlotNotDynamic {
        /// The slot.
        slot: SlotId,
        /// What it is.
        signer: &'static str,
    },
    /// It is not this slot's turn to act (C18).
    #[error("{slot} has nothing to do now, it is {state}")]
    NotPending {
        /// The slot.
        slot: SlotId,
        /// Its state.
        state: &'static str,
    },
    /// The signer was reminded often enough (R-CON-05).
    #[error("{slot} was reminded {sent} times, the most are {most}")]
    ReminderLimit {
        /// The slot.
        slot: SlotId,
        /// How often he was.
        sent: u8,
        /// How often he may be.
        most: u8,
    },
    /// The signer cannot be told anything (C18).
    #[error("{slot} has no channel for notices; allow one, or wait for its delivery")]
    NoChannel {
        /// The slot.
        slot: SlotId,
    },

    // --- release (C20, C21) ---
    /// The contract cannot be released.
    #[error("the contract cannot be released: {why}")]
    ReleaseForbidden {
        /// Why.
        why: &'static str,
    },
    /// A release is on its way.
    #[error("the contract is being released by {release} already")]
    ReleaseExists {
        /// The contract that releases it.
        release: identity::ContractId,
    },
    /// The actor belongs to no enterprise party.
    #[error("only an employee of an organization that is a party may release the contract")]
    ReleaseActor,
    /// The other side would be signed automatically.
    #[error("{slot} belongs to another party and cannot be signed automatically in a release")]
    ReleaseAutoSign {
        /// The slot.
        slot: SlotId,
    },

    // --- signing under way ---
    /// Another signature of the contract is being made.
    #[error("{slot} is signing until {until}; try again then", until = rfc3339(*until))]
    InProgress {
        /// Who signs.
        slot: SlotId,
        /// Until when at most.
        until: OffsetDateTime,
    },
    /// The signature was begun again, or given up, since.
    #[error(
        "the signature of {slot} was begun at revision {found}, the one under way at {expected}"
    )]
    StaleTicket {
        /// The slot.
        slot: SlotId,
        /// The revision under which one is under way; [`Revision::NONE`]: none is.
        expected: Revision,
        /// The revision that was given.
        found: Revision,
    },

    // --- facts of the caller ---
    /// The registered facts of the right person differ from those of the slot (R-SIGN-03, R-CER-06).
    #[error("{factors} of the signer differ from what is registered; have them corrected")]
    IdentityMismatch {
        /// What differs.
        factors: Factors,
    },
    /// The signer has not shown what he must before he sees the text (C7).
    #[error("{slot} must show {} first", missing.code())]
    ViewCheckMissing {
        /// The slot.
        slot: SlotId,
        /// What is missing.
        missing: ViewCheck,
    },
    /// The entitlement to which a unit is returned was not given.
    #[error("a unit of {entitlement} is to be returned; load it and give it")]
    QuotaNotGiven {
        /// The entitlement.
        entitlement: EntitlementId,
    },

    // --- documents ---
    /// The contract has no such document.
    #[error("the contract has no document {document}")]
    DocumentUnknown {
        /// The id that was given.
        document: DocumentId,
    },
    /// The bytes are those that were recorded.
    #[error("{document} is as it was recorded; nothing is to be invalidated")]
    DocumentUnchanged {
        /// The document.
        document: DocumentId,
    },
    /// The bytes are not what a signature leaves behind, or the check of the final ones is missing or
    /// failed: nothing is recorded, the contract is not complete (R-SIGN-13).
    #[error(
        "signed documents have one new revision each, and with the last signature an intact integrity check; found {found}; sign again"
    )]
    Postcheck {
        /// What was given.
        found: &'static str,
    },
    /// Controls of the slot got nothing, or twice (R-SIGN-11).
    #[error("every sign control of {slot} is signed once; these are not: {}", Listed(controls))]
    ControlUnsigned {
        /// The slot.
        slot: SlotId,
        /// The controls.
        controls: Vec<ControlKey>,
    },

    // --- of controls and documents ---
    /// Something is wrong with a control.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// Something is wrong with one of the controls.
    #[error(transparent)]
    ControlProblem(#[from] ControlProblem),
    /// Something is wrong with the documents.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Something is wrong with one of the documents.
    #[error(transparent)]
    DocumentProblem(#[from] DocumentProblem),

    /// A signature is refused that the state would allow.
    #[error(transparent)]
    Signing(#[from] SigningError),

    // --- of lower modules ---
    /// An organization or an employee refuses.
    #[error(transparent)]
    Organization(#[from] organization::Error),
    /// A fact is not what it should be.
    #[error(transparent)]
    Identity(#[from] identity::Error),
}

fn at(position: Option<usize>) -> String {
    position.map_or_else(String::new, |position| format!(" and a wrong one in place {position}"))
}

/// Ids, separated by commas.
struct Listed<'a, T>(&'a [T]);

impl<T: std::fmt::Display> std::fmt::Display for Listed<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, id) in self.0.iter().enumerate() {
            write!(f, "{}{id}", if place == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
