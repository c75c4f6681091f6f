//! Recording a signing: the contract, and each grant that was used.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::covering::require_same;
use super::{
    DocumentState, Error, PermitTerm, Seal, SealGrant, SealPermit, SigningPermit, UseOutcome,
    UseRecord,
};
use crate::audit::HostKey;
use crate::contract::{Contract, Group, SignedRecord, SigningWindow};
use crate::decision::{Decision, Witness};
use crate::identity::GrantId;
use crate::organization::By;

/// What a signing is recorded against: seals, grants and the meeting as they are when it is recorded,
/// and the key under which the host's records name people.
#[derive(Clone, Copy, Debug)]
pub struct Register<'a> {
    /// The seals of the permit; others do no harm.
    pub seals: &'a [&'a Seal],
    /// The grants of the permit; others do no harm.
    pub grants: &'a [&'a SealGrant],
    /// The key of [`SignedRecord::signer`]: by it the reference is known to be the signer's.
    pub key: &'a HostKey,
    /// What the meeting says when the signing is recorded, for a contract that is signed at one.
    pub window: SigningWindow<'a>,
}

impl<'a> Register<'a> {
    fn seal_of(&self, permit: &SealPermit) -> Result<&'a Seal, Error> {
        let found = self.seals.iter().find(|seal| *seal.id() == permit.seal);
        found.copied().ok_or_else(|| Error::SealNotFound { seal: permit.seal.clone() })
    }

    fn grant_of(&self, permit: &SealPermit) -> Result<&'a SealGrant, Error> {
        let found = self.grants.iter().find(|grant| *grant.id() == permit.grant);
        found.copied().ok_or_else(|| Error::GrantNotFound {
            seal: permit.seal.clone(),
            who: permit.employee.to_string(),
        })
    }
}

/// What follows when a signing is recorded: to be stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct SigningRecorded {
    /// On the contract. Seals, signer, organization and the meeting are among its witnesses.
    pub contract: Decision<Contract>,
    /// On each grant that was used: one use, whatever the number of controls.
    pub grants: Vec<Decision<SealGrant>>,
}

/// What follows when the signing of a whole group is recorded: to be stored in one transaction.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "nothing has happened until the decisions are stored and applied"]
pub struct GroupSigningRecorded {
    /// On each contract of the group, in its order.
    pub contracts: Vec<Decision<Contract>>,
    /// On each grant that was used: one use for each contract.
    pub grants: Vec<Decision<SealGrant>>,
}

/// Records that a permitted signing was made (C11): on the contract, and on each grant as one use.
///
/// The permit is spent, and **what is recorded is what was permitted**: by whom and for which
/// organization, by which proof of intent, which mark in which control, on which bytes, and in the
/// rectangles of the contract's plan. Certificate, client and time of the record are the host's own to
/// say.
///
/// What may have changed since the permit was given is looked at again: whether it still holds
/// ([`SigningPermit::until`]: no grant and no seal has ended), the bytes of **every** document of the
/// contract, touched or not, the contract's own guards, whether the meeting still lets it be signed
/// ([`Register::window`]), whether each seal is still enabled and valid in that version and no former
/// legal representative's, whether each grant still stands and has a use left. Since everything is
/// stored under the revisions that were looked at, a revocation either comes before, and this
/// refuses, or after, and finds the use recorded.
///
/// ```
/// # use sealwright::authorization::{Error, Register, SigningPermit, SigningRecorded, record_signing};
/// # use sealwright::contract::{Contract, SignedRecord};
/// # use sealwright::organization::By;
/// # use time::OffsetDateTime;
/// fn store(
///     contract: &Contract,
///     (permit, made): (SigningPermit, SignedRecord),
///     register: &Register<'_>,
///     by: &By<'_>,
///     now: OffsetDateTime,
/// ) -> Result<(), Error> {
///     let recorded = record_signing(contract, permit, made, register, by, now)?;
///     let SigningRecorded { contract, grants } = recorded;
///     // … one transaction: the contract's events, each grant's, all under `expected()` …
///     # drop((contract, grants));
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// [`Error::NotPermitted`] if the record says something else than the permit, if the permit is over or
/// a document has other bytes by now, [`Error::SealNotFound`], [`Error::NotEnabled`],
/// [`Error::OutsideValidity`], [`Error::FormerRepresentative`], [`Error::GrantNotFound`],
/// [`Error::Revoked`], [`Error::UsageExhausted`], and those of C11
/// ([`Command::AssertSigned`](crate::contract::Command::AssertSigned)).
pub fn record_signing(
    contract: &Contract,
    permit: SigningPermit,
    record: SignedRecord,
    register: &Register<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<SigningRecorded, Error> {
    permit.require_covers(contract, &record, register.key, by, now)?;
    let seals = seals_of(&permit, register, by, now)?;
    let uses = uses_of(std::slice::from_ref(&permit), register, by, now)?;
    let signed = contract.record_permitted(record, register.window, by, now)?;
    Ok(SigningRecorded { contract: noted(signed, &permit, seals), grants: uses })
}

/// The same for all contracts of a group, which are signed as one act: either all of it is
/// recorded, or nothing. Permits and records are given in the order of the group.
///
/// # Errors
///
/// As [`record_signing`]; `con.group_incomplete` for another number of records.
pub fn record_group_signing(
    group: &Group<'_>,
    signings: Vec<(SigningPermit, SignedRecord)>,
    register: &Register<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<GroupSigningRecorded, Error> {
    let mut seals = Vec::new();
    for (contract, (permit, record)) in group.paired_with(&signings)? {
        permit.require_covers(contract, record, register.key, by, now)?;
        seals.push(seals_of(permit, register, by, now)?);
    }
    let (permits, records): (Vec<_>, Vec<_>) = signings.into_iter().unzip();
    let grants = uses_of(&permits, register, by, now)?;
    let decisions = group.record_permitted(records, register.window, by, now)?;
    let contracts = decisions
        .into_iter()
        .zip(permits.iter().zip(seals))
        .map(|(signed, (permit, seals))| noted(signed, permit, seals))
        .collect();
    Ok(GroupSigningRecorded { contracts, grants })
}

/// With all that the decision rests on.
fn noted(
    signed: Decision<Contract>,
    permit: &SigningPermit,
    seals: Vec<&Seal>,
) -> Decision<Contract> {
    signed.resting_on(permit.witnesses.iter().cloned()).reading_all(seals)
}

/// The seals of a permit, each of them still applicable in the version that was permitted.
fn seals_of<'a>(
    permit: &SigningPermit,
    register: &Register<'a>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<Vec<&'a Seal>, Error> {
    let mut seals: Vec<&Seal> = Vec::new();
    for permit in permit.seals() {
        let seal = register.seal_of(permit)?;
        seal.require_applicable(now)?;
        if let Some(staff) = by.staff() {
            // Where no human signs, the permit's witnesses name the organization.
            seal.require_of_present_representative(staff.organization())?;
        }
        let term = || PermitTerm::Version(permit.seal.clone());
        require_same(term, &permit.version, &seal.current().number)?;
        if !seals.iter().any(|known| known.id() == seal.id()) {
            seals.push(seal);
        }
    }
    Ok(seals)
}

/// One use of each grant for each permit, as one decision for each grant.
fn uses_of(
    permits: &[SigningPermit],
    register: &Register<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<Vec<Decision<SealGrant>>, Error> {
    let mut uses: BTreeMap<&GrantId, Uses<'_>> = BTreeMap::new();
    for permit in permits {
        let mut of_this: BTreeMap<&GrantId, (&SealPermit, UseRecord)> = BTreeMap::new();
        for seal in permit.seals() {
            if let Some((_, record)) = of_this.get_mut(&seal.grant) {
                record.controls.push(seal.control.clone());
            } else {
                of_this.insert(&seal.grant, (seal, seal.use_record(&permit.documents)?));
            }
        }
        for (id, (permitted, record)) in of_this {
            let (grant, seal) = (register.grant_of(permitted)?, register.seal_of(permitted)?);
            let none = || Uses { grant, seal, records: Vec::new(), witnesses: Vec::new() };
            let uses = uses.entry(id).or_insert_with(none);
            uses.records.push(record);
            uses.witnesses.extend(permit.witnesses.iter().cloned());
        }
    }
    uses.into_values().map(|uses| uses.decided(by, now)).collect()
}

/// The uses of one grant.
struct Uses<'a> {
    grant: &'a SealGrant,
    seal: &'a Seal,
    records: Vec<UseRecord>,
    witnesses: Vec<Witness>,
}

impl Uses<'_> {
    fn decided(self, by: &By<'_>, now: OffsetDateTime) -> Result<Decision<SealGrant>, Error> {
        let decision = self.grant.record_uses(self.records, self.seal, by, now)?;
        Ok(decision.resting_on(self.witnesses))
    }
}

impl SealPermit {
    fn use_record(&self, documents: &[DocumentState]) -> Result<UseRecord, Error> {
        let (contract, slot, grant) = (&self.contract, &self.slot, &self.grant);
        let parts = ["used", contract.as_str(), slot.as_str(), self.seal.as_str(), grant.as_str()];
        Ok(UseRecord {
            id: UseRecord::id_of(&parts)?,
            seal: self.seal.clone(),
            kind: self.kind.clone(),
            organization: self.organization.clone(),
            version: self.version,
            face: self.face,
            employee: self.employee.clone(),
            contract: contract.clone(),
            slot: slot.clone(),
            controls: vec![self.control.clone()],
            documents: documents.to_vec(),
            at: self.at,
            outcome: UseOutcome::Used { grant: grant.clone() },
        })
    }
}
