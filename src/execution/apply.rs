//! Apply: one signer signs all documents of a contract that he has a part in, or none.

use time::OffsetDateTime;

use super::Error;
use super::certifier::certificate_of;
use super::documents::{Appended, Documents};
use super::fields::Fields;
use super::marks::{Maker, Marks};
use super::means::Means;
use super::papers;
use super::postcheck::postcheck;
use super::signing::Signing;
use super::start::has_signatures;
use crate::authorization::{self, Register, SigningPermit, SigningRecorded};
use crate::contract::{
    Application, CertifiedBy, Contract, Document, Integrity, Revised, SignedRecord,
};
use crate::decision::Revision;
use crate::identity::DocumentId;
use crate::pdf::File;
use crate::placement::PlacementPlan;
use crate::signing::{Seal, Signer, SignerDescription};
use crate::update::Certification;

/// A signing that was made: to be stored in one transaction with the bytes.
#[derive(Debug)]
#[must_use = "nothing has happened until the bytes are appended and the decisions are stored"]
pub struct Applied {
    /// What is appended to which document.
    pub documents: Vec<Appended>,
    /// On the contract and on each grant that was used.
    pub recorded: SigningRecorded,
}

/// Signs for one signer (C11): the ordered chain R-SIGN-01 to 13 over all documents of the contract.
///
/// The chain runs once and permits every seal; each document in which the signer has a control gets one
/// revision with one signature, which all his seals in it share; and what was made is recorded as what
/// was permitted. Before that the result is judged, by the code that judges strangers' files: it passes,
/// and every seal that is signed for is seen; with the last signature all documents are judged
/// (R-SIGN-13). That costs a pass over each.
///
/// It is all or nothing: a refusal leaves contract, grants and documents as they are. Whether anybody
/// has signed meanwhile, storing under the decisions' revisions tells.
///
/// For a key that is elsewhere: [`begin`](super::begin()) and [`finish`](super::finish()).
///
/// # Errors
///
/// The first refusal of the chain ([`Error::Refused`]); `doc.missing` and `doc.hash_mismatch` for
/// documents that are not those of the contract; `seal.not_found` and `sign.control_unsigned` for a
/// seal or a signature whose picture was not given; what keeps a document from being signed, the
/// signer's refusal among it; `sign.postcheck`.
///
/// ```
/// # use sealwright::contract::Contract;
/// # use sealwright::execution::{self, Applied, Documents, Error, Means, Signing};
/// # use sealwright::signing::Signer;
/// # use time::OffsetDateTime;
/// fn sign(
///     contract: &Contract,
///     documents: &Documents<'_>,
///     signing: &Signing<'_>,
///     means: &Means<'_>,
///     key: &dyn Signer,
///     now: OffsetDateTime,
/// ) -> Result<(), Error> {
///     let Applied { documents, recorded } =
///         execution::apply(contract, documents, signing, means, key, now)?;
///     // … one transaction: the bytes, the contract's events, each grant's …
///     drop((documents, recorded));
///     Ok(())
/// }
/// ```
pub fn apply(
    contract: &Contract,
    documents: &Documents<'_>,
    signing: &Signing<'_>,
    means: &Means<'_>,
    signer: &dyn Signer,
    now: OffsetDateTime,
) -> Result<Applied, Error> {
    let Signing { attempt, facts, window, .. } = signing;
    let permit = authorization::authorize(contract, attempt, facts, *window, now)?;
    papers::check(signing.granted, &permit, signer.description())?;
    let hashed = documents.check(contract)?;
    let plan = PlacementPlan::of_started(contract)?;
    let fields = Fields::of(contract, &plan);
    let act = Act { contract, fields: &fields, permit: &permit, signing, means, now };
    let mut made = Made::default();
    for (document, file) in act.documents(documents)? {
        let marks = act.marks(document.id())?;
        let signed = act.seal(document.id(), file, &marks)?.sign(signer, now);
        let bytes = signed.map_err(|it| Error::signing(document.id(), it))?.into_appended();
        made.appended.push(hashed.append((document, file), bytes)?);
        made.applications.extend(marks.applications);
    }
    let record = act.record(signer.description(), &made, documents)?;
    record_made(contract, (permit, record), made, signing, now)
}

/// What was made, before it is recorded.
#[derive(Default)]
pub(super) struct Made {
    pub(super) appended: Vec<Appended>,
    pub(super) applications: Vec<Application>,
    /// The hold under which it was made.
    pub(super) ticket: Option<Revision>,
}

/// One signer's act over all documents.
pub(super) struct Act<'a, 's> {
    pub(super) contract: &'a Contract,
    pub(super) fields: &'a Fields<'a>,
    pub(super) permit: &'a SigningPermit,
    pub(super) signing: &'a Signing<'s>,
    pub(super) means: &'a Means<'a>,
    pub(super) now: OffsetDateTime,
}

impl<'a> Act<'a, '_> {
    /// The documents in which the signer has a control.
    pub(super) fn documents<'d>(
        &self,
        documents: &'d Documents<'_>,
    ) -> Result<Vec<(&'a Document, &'d File<'d>)>, Error> {
        let slot = self.permit.slot();
        let placed = self.permit.seals().map(|seal| seal.control());
        let placed = placed.chain(self.permit.signatures().iter().map(|it| &it.control));
        if let Some(control) = placed.into_iter().find(|key| self.permit.spots(key).is_none()) {
            return Err(Error::NoPlan { control: control.clone() });
        }
        let own = |document: &&Document| !self.fields.of_slot(slot, document.id()).is_empty();
        let mine = self.contract.documents().iter().filter(own);
        mine.map(|document| Ok((document, documents.require(document.id())?))).collect()
    }

    pub(super) fn marks(&self, document: &DocumentId) -> Result<Marks<'a>, Error> {
        let Self { contract, permit, signing, means, now, fields } = *self;
        let fields = fields.of_slot(permit.slot(), document);
        Maker { contract, permit, signing, means, now }.marks(fields)
    }

    /// All of it as one signature, stated as permitted.
    pub(super) fn seal<'f>(
        &'f self,
        document: &'f DocumentId,
        file: &'f File<'f>,
        marks: &'f Marks<'_>,
    ) -> Result<Seal<'f>, Error> {
        let Means { profile, transparency, progress, .. } = *self.means;
        let invisible = self.fields.invisible(self.permit.slot());
        let seal = Seal::on(file)
            .profile(profile)
            .utc_offset(self.contract.settings().utc_offset)
            .transparency(transparency)
            .progress(progress)
            .under(self.permit, document, self.signing.intent_key);
        let seal = marks.on(seal, &invisible)?;
        let papers = papers::of_document(self.signing.granted, self.permit, document);
        let seal = papers.fold(seal, Seal::granted_by);
        let by_first = self.contract.certified_by() == Some(&CertifiedBy::FirstSigner);
        let certifies = by_first && !has_signatures(file)?;
        Ok(if certifies { seal.certify(Certification::FormFilling) } else { seal })
    }

    /// What is recorded, once it was judged.
    pub(super) fn record(
        &self,
        signer: &SignerDescription,
        made: &Made,
        documents: &Documents<'_>,
    ) -> Result<SignedRecord, Error> {
        let slot = self.permit.slot();
        let is_last = self.contract.is_last(slot);
        postcheck(self.contract, documents, &made.appended, is_last)?;
        let integrity = is_last.then_some(Integrity::Intact);
        let revised: Vec<Revised> = made.appended.iter().map(|it| it.revised.clone()).collect();
        Ok(SignedRecord {
            slot: slot.clone(),
            signer: self.signing.signer(),
            organization: self.permit.organization().cloned(),
            applications: made.applications.clone(),
            intent: self.permit.intent().to_vec(),
            documents: revised,
            certificate: certificate_of(signer),
            client: self.signing.client.clone(),
            time: self.signing.time.clone(),
            ticket: made.ticket,
            integrity,
        })
    }
}

/// Records what was made as what was permitted.
pub(super) fn record_made(
    contract: &Contract,
    (permit, record): (SigningPermit, SignedRecord),
    made: Made,
    signing: &Signing<'_>,
    now: OffsetDateTime,
) -> Result<Applied, Error> {
    let register = Register {
        seals: signing.facts.seals,
        grants: signing.facts.grants,
        key: signing.host_key,
        window: signing.window,
    };
    let by = signing.facts.by;
    let recorded = authorization::record_signing(contract, permit, record, &register, by, now)?;
    Ok(Applied { documents: made.appended, recorded })
}
