//! What may be asked of a contract once it exists.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::closing::{CertifiedBy, ClosingStamp};
use super::control::{ControlKey, Input};
use super::edit::Edit;
use super::event::{Cause, Verdict};
use super::reason::Reason;
use super::signed_record::{Integrity, Revised, SignedRecord};
use super::signer::Holder;
use super::slot::{ForwardKind, ViewCheck};
use super::state::Contract;
use crate::identity::{Factors, Person, SlotId};
use crate::organization::{Entitlements, Staff};

/// By which way a signer comes to the contract (C7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// Out of a list of his contracts.
    List,
    /// By a link or a code that was made for him.
    Link,
}

/// What may be asked of a contract by [`Contract::decide`].
///
/// Verbs that touch another aggregate as well have methods of their own: [`Contract::create`],
/// [`Contract::start`], [`Contract::review_start`], [`Contract::cancel`],
/// [`Contract::start_release`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Command<'a> {
    /// C2: change the draft.
    Edit(Edit),
    /// C7: a signer sees the text.
    Open {
        /// His slot.
        slot: SlotId,
        /// How he came.
        entry: Entry,
        /// What he has shown.
        shown: BTreeSet<ViewCheck>,
    },
    /// C8: a signer fills fields.
    Fill {
        /// His slot.
        slot: SlotId,
        /// Controls and their values; a second value replaces the first.
        values: Vec<(ControlKey, Input)>,
        /// Whether he is done; if not, the values are kept and the slot stays open.
        finished: bool,
    },
    /// C9: a signer declines to fill.
    DeclineFill {
        /// His slot.
        slot: SlotId,
        /// Why.
        reason: Reason,
    },
    /// The values, and all fields and locks, were written into the documents. Before the first
    /// signature only: a value that is added later would show as tampering.
    Compose {
        /// The documents that changed.
        documents: Vec<Revised>,
        /// Who certifies them; none if whoever wrote them does not say.
        certified_by: Option<CertifiedBy>,
    },
    /// C10: an organization reviews a signing.
    Review {
        /// The slot.
        slot: SlotId,
        /// What it says.
        verdict: Verdict,
        /// Why; required unless it is [`Verdict::Pass`].
        reason: Option<Reason>,
    },
    /// A signature is about to be made where it takes a while: until then, others wait. Whoever begins
    /// again, on another device or after giving up, gets another ticket and no more time than he had
    /// from the first; once that has passed, he lets others begin for [`Contract::PAUSE_OF_HOLDS`]
    /// (`sign.in_progress`), if there are others whose turn it is.
    BeginSigning {
        /// Who signs.
        slot: SlotId,
        /// Until when at most; no more than [`Contract::LONGEST_HOLD`] from now.
        until: OffsetDateTime,
    },
    /// The signature that was begun will not come.
    AbandonSigning {
        /// Who had begun it.
        slot: SlotId,
    },
    /// C11: a slot was signed, on the host's word alone: **nobody permitted it**. The contract judges
    /// what it knows itself (state, time, person, turn, review, fields, controls, bytes), not the
    /// seals, grants, intent and reading behind it, and the trail says
    /// [`AssertedByHost`](super::Warrant::AssertedByHost).
    /// For hosts with an authorization of their own. Everybody else records with the permit, by
    /// [`record_signing`](crate::authorization::record_signing).
    AssertSigned(Box<SignedRecord>),
    /// A complete contract is closed: its final bytes were checked once more, and each document that is
    /// listed got a time-stamp, the only one that the contract knows.
    Close {
        /// The documents that were stamped, each once.
        stamps: Vec<ClosingStamp>,
        /// What the check of all documents came to, the stamped ones with their stamps.
        integrity: Integrity,
    },
    /// C12: a signer declines.
    Decline {
        /// His slot.
        slot: SlotId,
        /// Why.
        reason: Reason,
    },
    /// C14: the clock says that a deadline passed.
    Expire,
    /// C15: put a deadline off.
    ExtendDeadline {
        /// Whose; none: the contract's.
        slot: Option<SlotId>,
        /// Until when.
        to: OffsetDateTime,
    },
    /// C16: hand a slot over to a colleague.
    Forward {
        /// The slot.
        slot: SlotId,
        /// Who gives it up, where several may act in it and it is not the caller: found by his account
        /// or, where the slot knows his facts only, by his identity document.
        from: Option<Staff<'a>>,
        /// Who takes it.
        to: Staff<'a>,
        /// Why. Only the host and the clock say that somebody resigned; for anybody else it comes
        /// with [`resign`](crate::authorization::resign). What binds a holder who wants to hand over
        /// does not bind then: that the initiator forbade it, and that he filled fields. That nobody
        /// signs twice for a party (R-CON-01), or signs and reads along (R-CON-02), always holds.
        kind: ForwardKind,
    },
    /// C17: name the signer of a late-bound slot.
    BindSigner {
        /// The slot.
        slot: SlotId,
        /// He.
        holder: Holder,
        /// Rights of the initiating organization, for signers under 18.
        entitlements: Entitlements<'a>,
    },
    /// C18: remind a signer.
    Remind {
        /// His slot.
        slot: SlotId,
    },
    /// C19: it is no longer what its signers were shown.
    Invalidate(Cause),
    /// R-CER-06: do not deliver it to a signer whose facts differ from the registered ones.
    WithholdDelivery {
        /// His slot.
        slot: SlotId,
        /// His place among those who may act in it, from 0. Other candidates keep what they have.
        place: usize,
        /// What differs.
        factors: Factors,
    },
    /// R-CER-06: his facts are corrected and now equal those registered.
    RestoreDelivery {
        /// His slot.
        slot: SlotId,
        /// Corrected facts; none if the registered ones were corrected.
        person: Option<Person>,
        /// Who is registered.
        registered: Staff<'a>,
    },
    /// C21: the contract that releases this one is complete.
    CompleteRelease {
        /// That contract.
        release: &'a Contract,
    },
    /// C22: put it into the archive.
    Archive,
    /// C22: drop its documents, controls and values; the trail stays.
    Purge,
}
