//! Signing with a key that is elsewhere: begin, wait, finish.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::Error;
use super::apply::{Act, Applied, Made, record_made};
use super::documents::Documents;
use super::fields::Fields;
use super::means::Means;
use super::papers;
use super::signing::Signing;
use crate::authorization;
use crate::contract::{Command, Contract, Hold};
use crate::decision::Decision;
use crate::identity::DocumentId;
use crate::placement::PlacementPlan;
use crate::signing::{Finish, SignerAnswer, SignerDescription, Ticket, TicketKey, ToBeSigned};

/// A signing that waits for its key: the hold is to be stored, the tickets put aside, the digests sent
/// to whoever has the key.
#[derive(Debug)]
#[must_use = "nobody else waits until the decision is stored"]
pub struct Begun {
    /// On the contract: others wait until then.
    pub contract: Decision<Contract>,
    /// What waits, one for each document in which the signer has a part.
    pub documents: Vec<Waiting>,
}

/// One document that waits for its signature.
#[derive(Debug)]
pub struct Waiting {
    /// The document.
    pub document: DocumentId,
    /// To be put aside, and handed in with the answer: everything but the document itself.
    pub ticket: Vec<u8>,
    /// For whoever has the key.
    pub to_be_signed: ToBeSigned,
}

/// An answer with its ticket.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The document.
    pub document: DocumentId,
    /// What was put aside.
    pub ticket: Vec<u8>,
    /// What came from whoever has the key.
    pub answer: SignerAnswer,
}

/// Begins the signing of one signer whose key is elsewhere: the chain runs, every document is prepared,
/// and the contract is held for him until `until`, so that nobody signs meanwhile.
///
/// The documents stay as they are. [`finish`](super::finish()) runs the chain again: what was revoked in
/// between is refused.
///
/// # Errors
///
/// As [`apply`](super::apply()); `sign.in_progress` while somebody else's signing waits, until its lease
/// is over.
///
/// ```
/// # use sealwright::contract::Contract;
/// # use sealwright::execution::{self, Begun, Documents, Error, Means, Signing};
/// # use sealwright::signing::{SignerDescription, TicketKey};
/// # use time::{Duration, OffsetDateTime};
/// fn ask_the_cloud(
///     (contract, documents): (&Contract, &Documents<'_>),
///     (signing, means): (&Signing<'_>, &Means<'_>),
///     signer: &SignerDescription,
///     key: &TicketKey,
///     now: OffsetDateTime,
/// ) -> Result<Begun, Error> {
///     let lease = (key, now + Duration::minutes(5));
///     execution::begin(contract, documents, signing, means, signer, lease, now)
/// }
/// ```
pub fn begin(
    contract: &Contract,
    documents: &Documents<'_>,
    signing: &Signing<'_>,
    means: &Means<'_>,
    signer: &SignerDescription,
    (key, until): (&TicketKey, OffsetDateTime),
    now: OffsetDateTime,
) -> Result<Begun, Error> {
    let Signing { attempt, facts, window, .. } = signing;
    let slot = attempt.slot.clone();
    let hold = contract.decide(Command::BeginSigning { slot, until }, facts.by, now)?;
    let permit = authorization::authorize(contract, attempt, facts, *window, now)?;
    papers::check(signing.granted, &permit, signer)?;
    drop(documents.check(contract)?);
    let plan = PlacementPlan::of_started(contract)?;
    let fields = Fields::of(contract, &plan);
    let act = Act { contract, fields: &fields, permit: &permit, signing, means, now };
    let mut waiting = Vec::new();
    for (document, file) in act.documents(documents)? {
        let marks = act.marks(document.id())?;
        let failed = |it| Error::signing(document.id(), it);
        let seal = act.seal(document.id(), file, &marks)?;
        let awaiting = seal.prepare(signer, now).and_then(|it| it.digest()).map_err(failed)?;
        waiting.push(Waiting {
            document: document.id().clone(),
            ticket: awaiting.to_ticket(key, until).map_err(failed)?,
            to_be_signed: awaiting.to_be_signed().map_err(failed)?,
        });
    }
    Ok(Begun { contract: hold, documents: waiting })
}

/// What became of the answers.
#[derive(Debug)]
#[must_use = "nothing has happened until it is stored"]
pub enum Finished {
    /// It is signed.
    Applied(Box<Applied>),
    /// An answer is larger than the room that was kept for it. These tickets replace the old ones of
    /// their documents and want answers of their own; tickets and answers of the other documents stay
    /// good, and so does the hold.
    WaitAgain(Vec<Waiting>),
}

/// Finishes what was begun: the chain runs again on the facts of this moment, every answer is checked
/// against the document that was prepared, and what was made is recorded.
///
/// `signing` brings the same choices and the same pictures as before, and a proof of intent that is
/// still fresh.
///
/// # Errors
///
/// `sign.stale_ticket` for a ticket that was changed, whose time is over, or whose document is not the
/// newest any more: the signer is asked again. `sign.in_progress` while somebody else holds the
/// contract; `sign.permit_changed` if the chain now permits something else; else as
/// [`apply`](super::apply()).
///
/// ```
/// # use sealwright::contract::Contract;
/// # use sealwright::execution::{self, Answered, Documents, Error, Finished, Means, Signing};
/// # use sealwright::signing::TicketKey;
/// # use time::OffsetDateTime;
/// fn answered(
///     (contract, documents): (&Contract, &Documents<'_>),
///     (signing, means): (&Signing<'_>, &Means<'_>),
///     answers: &[Answered],
///     lease: (&TicketKey, OffsetDateTime),
///     now: OffsetDateTime,
/// ) -> Result<(), Error> {
///     match execution::finish(contract, documents, signing, means, answers, lease, now)? {
///         Finished::Applied(applied) => drop(applied), // … one transaction …
///         Finished::WaitAgain(waiting) => drop(waiting), // … ask the key once more …
///     }
///     Ok(())
/// }
/// ```
pub fn finish(
    contract: &Contract,
    documents: &Documents<'_>,
    signing: &Signing<'_>,
    means: &Means<'_>,
    answers: &[Answered],
    (key, until): (&TicketKey, OffsetDateTime),
    now: OffsetDateTime,
) -> Result<Finished, Error> {
    let Signing { attempt, facts, window, .. } = signing;
    let permit = authorization::authorize(contract, attempt, facts, *window, now)?;
    let hashed = documents.check(contract)?;
    let plan = PlacementPlan::of_started(contract)?;
    let fields = Fields::of(contract, &plan);
    let act = Act { contract, fields: &fields, permit: &permit, signing, means, now };
    let answers: BTreeMap<&DocumentId, &Answered> =
        answers.iter().map(|answered| (&answered.document, answered)).collect();
    let hold = contract.hold().filter(|hold| hold.slot == attempt.slot);
    let mut made = Made { ticket: hold.map(|Hold { ticket, .. }| *ticket), ..Made::default() };
    let mut again = Vec::new();
    let mut signer: Option<SignerDescription> = None;
    for (document, file) in act.documents(documents)? {
        let id = document.id();
        let failed = |it| Error::signing(id, it);
        let missing = || Error::AnswerMissing { document: id.clone() };
        let answered = answers.get(id).ok_or_else(missing)?;
        let ticket = Ticket::open(&answered.ticket, key).map_err(failed)?;
        if ticket.base_len() != file.len() {
            let (prepared, found) = (ticket.base_len(), file.len());
            return Err(Error::StaleTicket { document: id.clone(), prepared, found });
        }
        signer.get_or_insert_with(|| ticket.signer().clone());
        let awaiting = ticket.resume_under(file, &permit, now, means.progress).map_err(failed)?;
        match awaiting.finish(answered.answer.clone()).map_err(failed)? {
            Finish::Signed(signed) => {
                made.appended.push(hashed.append((document, file), signed.into_appended())?);
                made.applications.extend(act.marks(id)?.applications);
            }
            Finish::NeedsMore(more) => {
                let awaiting = more.into_awaiting();
                again.push(Waiting {
                    document: id.clone(),
                    ticket: awaiting.to_ticket(key, until).map_err(failed)?,
                    to_be_signed: awaiting.to_be_signed().map_err(failed)?,
                });
            }
        }
    }
    if !again.is_empty() {
        return Ok(Finished::WaitAgain(again));
    }
    let signer = signer.ok_or_else(|| Error::NothingToSign { slot: attempt.slot.clone() })?;
    let record = act.record(&signer, &made, documents)?;
    let applied = record_made(contract, (permit, record), made, signing, now)?;
    Ok(Finished::Applied(Box::new(applied)))
}
