//! Recording a signing: the contract, and each grant that was used.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::{
    DocumentState, Error, Seal, SealGrant, SealPermit, SigningPermit, UseOutcome, UseRecord,
};
use crate::contract::{Application, Command, Contract, ControlKey, Group, Mark, SignedRecord};
use crate::decision::Decision;
use crate::identity::{Actor, GrantId};
use crate::organization::By;

/// The seals and grants that a signing rests on, as they are when it is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Register<'a> {
    /// The seals of the permit; others do no harm.
    pub seals: &'a [&'a Seal],
    /// The grants of the permit; others do no harm.
    pub grants: &'a [&'a SealGrant],
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
    /// On the contract. The seals are among its witnesses.
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
/// The permit is spent. What may have changed since it was given is looked at again: the contract's
/// own guards, whether each seal is still enabled in that version, whether each grant still stands
/// and has a use left. Since everything is stored under the revisions that were looked at, a
/// revocation either comes before, and this refuses, or after, and finds the use recorded.
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
/// [`Error::NotPermitted`] if the record says something else than the permit,
/// [`Error::SealNotFound`], [`Error::NotEnabled`], [`Error::GrantNotFound`], [`Error::Revoked`],
/// [`Error::UsageExhausted`], and those of [`Command::RecordSigned`].
pub fn record_signing(
    contract: &Contract,
    permit: SigningPermit,
    record: SignedRecord,
    register: &Register<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<SigningRecorded, Error> {
    permit.require_covers(contract, &record, &by.actor(), now)?;
    let seals = seals_of(&permit, register)?;
    let grants = uses_of(&[permit], register, by, now)?;
    let decision = contract.decide(Command::RecordSigned(Box::new(record)), by, now)?;
    let contract = seals.into_iter().fold(decision, Decision::reading);
    Ok(SigningRecorded { contract, grants })
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
    for (contract, (permit, record)) in group.contracts().iter().zip(&signings) {
        permit.require_covers(contract, record, &by.actor(), now)?;
        seals.push(seals_of(permit, register)?);
    }
    let (permits, records): (Vec<_>, Vec<_>) = signings.into_iter().unzip();
    let grants = uses_of(&permits, register, by, now)?;
    let decisions = group.record_signed(records, by, now)?;
    let contracts = decisions
        .into_iter()
        .zip(seals)
        .map(|(decision, seals)| seals.into_iter().fold(decision, Decision::reading))
        .collect();
    Ok(GroupSigningRecorded { contracts, grants })
}

impl SigningPermit {
    /// That the record says what was permitted: signer, slot, bytes, and each mark in each control,
    /// while the permit lasts.
    fn require_covers(
        &self,
        contract: &Contract,
        record: &SignedRecord,
        actor: &Actor,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        let refuse = |what: &str| Err(Error::NotPermitted { what: what.to_owned() });
        if now - self.at > Self::LASTS {
            return refuse("the time, with a permit as old as that,");
        }
        if self.contract != *contract.id() || self.slot != record.slot {
            return refuse("the contract or the slot");
        }
        if self.signer != *actor {
            return refuse("the signer");
        }
        for revised in &record.documents {
            let same = |state: &DocumentState| {
                state.document == revised.document && state.digest == revised.before
            };
            if !self.documents.iter().any(same) {
                return refuse("the bytes of a document");
            }
        }
        let wrong = record.applications.iter().find(|applied| !self.allows(applied));
        if let Some(Application { control, .. }) = wrong {
            return refuse(&control.to_string());
        }
        let applied =
            |key: &ControlKey| record.applications.iter().any(|applied| applied.control == *key);
        let seals = self.seals().map(|permit| &permit.control);
        let signatures = self.signatures.iter().map(|signature| &signature.control);
        match seals.chain(signatures).find(|control| !applied(control)) {
            Some(missing) => refuse(&missing.to_string()),
            None => Ok(()),
        }
    }

    fn allows(&self, applied: &Application) -> bool {
        match &applied.mark {
            mark @ Mark::Seal { .. } => self
                .seals()
                .any(|permit| permit.control == applied.control && permit.mark() == *mark),
            Mark::Signature { method, .. } | Mark::Block { method, .. } => {
                self.signatures.iter().any(|signature| {
                    signature.control == applied.control && signature.method == *method
                })
            }
            Mark::Date | Mark::Opinion => true,
        }
    }
}

/// The seals of a permit, each of them still enabled in the version that was permitted.
fn seals_of<'a>(permit: &SigningPermit, register: &Register<'a>) -> Result<Vec<&'a Seal>, Error> {
    let mut seals: Vec<&Seal> = Vec::new();
    for permit in permit.seals() {
        let seal = register.seal_of(permit)?;
        seal.require_enabled()?;
        if seal.current().number != permit.version {
            return Err(Error::NotPermitted { what: format!("the face of {}", permit.seal) });
        }
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
    let mut uses: BTreeMap<GrantId, (&SealGrant, Vec<UseRecord>)> = BTreeMap::new();
    for permit in permits {
        let mut of_this: BTreeMap<GrantId, (&SealGrant, UseRecord)> = BTreeMap::new();
        for seal in permit.seals() {
            if let Some((_, record)) = of_this.get_mut(&seal.grant) {
                record.controls.push(seal.control.clone());
            } else {
                let grant = register.grant_of(seal)?;
                of_this.insert(seal.grant.clone(), (grant, seal.use_record(&permit.documents)?));
            }
        }
        for (id, (grant, record)) in of_this {
            uses.entry(id).or_insert_with(|| (grant, Vec::new())).1.push(record);
        }
    }
    uses.into_values().map(|(grant, records)| grant.record_uses(records, by, now)).collect()
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
