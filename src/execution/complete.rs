//! Complete: the documents of a contract that everybody signed are checked once more, and closed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::Error;
use super::check::{CheckFacts, ExecutionVerdict, check};
use super::documents::{Appended, Documents};
use super::means::Means;
use super::postcheck::postcheck;
use super::stamping::{Stamping, require_open};
use crate::contract::{ClosingStamp, Command, Contract, Integrity};
use crate::decision::Decision;
use crate::identity::{DocumentId, SlotId};
use crate::organization::By;

/// A contract that was closed: to be stored in one transaction with the bytes.
#[derive(Debug)]
#[must_use = "nothing has happened until the bytes are appended and the decision is stored"]
pub struct Completed {
    /// What is appended to which document; nothing without time-stamps.
    pub documents: Vec<Appended>,
    /// On the contract: the final bytes were found intact, and what was stamped.
    pub contract: Decision<Contract>,
    /// What the check against the register says, if it was asked for.
    pub verdict: Option<ExecutionVerdict>,
}

/// Closes a contract that everybody has signed: the documents are those of the record and pass the
/// judge of strangers' files; with `facts` they are held against record and register
/// ([`check`](super::check())); with `stamping` each of them gets a document time-stamp (ISO 32000-2
/// §12.8.5) in the field that was kept for it since the start, which proves that all signatures existed
/// at that time.
///
/// The time-stamps are recorded in the contract, once and for all documents: any other is foreign when
/// the documents are checked. Without `stamping` it is a check that the trail tells of, and the contract
/// may be closed later.
///
/// It is all or nothing: a refusal leaves contract and documents as they are. An authority may have
/// been asked for nothing then.
///
/// # Errors
///
/// `con.illegal_transition` if somebody has not signed yet ([`Error::NotComplete`] says who), the
/// contract ended otherwise, or it is closed already; `emp.no_permission` unless the host asks;
/// `doc.missing` and `doc.hash_mismatch` for documents that are not those of the contract;
/// `sign.postcheck` if anything deviates or does not pass; whatever is wrong with an answer of the
/// authority (`tsa.…`).
///
/// ```
/// # use sealwright::contract::Contract;
/// # use sealwright::execution::{self, CheckFacts, Completed, Documents, Error, Means, Stamping};
/// # use sealwright::organization::By;
/// # use time::OffsetDateTime;
/// fn close(
///     (contract, documents): (&Contract, &Documents<'_>),
///     (means, facts): (&Means<'_>, &CheckFacts<'_>),
///     stamping: Stamping<'_>,
///     by: &By<'_>,
///     now: OffsetDateTime,
/// ) -> Result<(), Error> {
///     let Completed { documents, contract, .. } = execution::complete(
///         contract, documents, means, Some(facts), Some(stamping), by, now,
///     )?;
///     // … one transaction: append the bytes, store the contract's events …
///     drop((documents, contract));
///     Ok(())
/// }
/// ```
pub fn complete(
    contract: &Contract,
    documents: &Documents<'_>,
    means: &Means<'_>,
    facts: Option<&CheckFacts<'_>>,
    stamping: Option<Stamping<'_>>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<Completed, Error> {
    let closed = |stamps| {
        let integrity = Integrity::Intact;
        contract.decide(Command::Close { stamps, integrity }, by, now)
    };
    require_signed(contract)?;
    // The contract's own guards first: they cost nothing.
    drop(closed(Vec::new())?);
    if stamping.is_some() {
        require_open(contract)?;
    }
    let hashed = documents.check(contract)?;
    let verdict = facts.map(|facts| as_recorded(contract, documents, facts)).transpose()?;
    let (mut appended, mut stamps) = (Vec::new(), Vec::new());
    if let Some(mut stamping) = stamping {
        for document in contract.documents() {
            let file = documents.require(document.id())?;
            let stamped = stamping.stamp(document.id(), file, means, now)?;
            let (facts, field) = (stamped.facts, stamped.update.field_name().to_owned());
            let made = hashed.append((document, file), stamped.update.into_appended())?;
            stamps.push(ClosingStamp {
                revised: made.revised.clone(),
                field,
                serial: facts.serial,
                time: facts.time,
                policy: facts.policy,
            });
            appended.push(made);
        }
    }
    postcheck(contract, documents, &appended, true)?;
    Ok(Completed { documents: appended, contract: closed(stamps)?, verdict })
}

/// That nobody is waited for.
fn require_signed(contract: &Contract) -> Result<(), Error> {
    let waiting = contract.slots().iter().filter(|slot| !slot.state().is_over());
    let waiting: Vec<SlotId> = waiting.map(|slot| slot.id().clone()).collect();
    if contract.phase().is_open() {
        return Err(Error::NotComplete { phase: contract.phase(), waiting });
    }
    Ok(())
}

/// That everything is as record and register have it.
fn as_recorded(
    contract: &Contract,
    documents: &Documents<'_>,
    facts: &CheckFacts<'_>,
) -> Result<ExecutionVerdict, Error> {
    let mut bytes: BTreeMap<DocumentId, Cow<'_, [u8]>> = BTreeMap::new();
    for document in contract.documents() {
        bytes.insert(document.id().clone(), documents.whole(document.id())?);
    }
    let verdict = check(contract, &bytes, facts)?;
    if verdict.is_complete() {
        return Ok(verdict);
    }
    let mut codes: Vec<_> = verdict.deviations.iter().map(|it| it.code).collect();
    codes.sort_unstable();
    codes.dedup();
    Err(Error::Deviates { overall: verdict.overall, codes })
}
