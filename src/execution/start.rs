//! Start: everything that is not a signature goes into the documents before the first one does.

use time::OffsetDateTime;

use super::certifier::Certifier;
use super::documents::{Appended, Documents};
use super::fields::{CLOSING, ControlFields, Fields, PLATFORM};
use super::means::Means;
use super::{Error, came_with};
use crate::contract::{Command, Contract, ControlKind, Document, Revised};
use crate::decision::Decision;
use crate::identity::SlotId;
use crate::organization::By;
use crate::pdf::File;
use crate::placement::{PlacementPlan, PlannedDocument};
use crate::signing::{Seal, Signer};
use crate::update::{self, Certification, Filling, NewField, NewFieldKind, Preparation};

/// A contract whose documents are ready to be signed: to be stored in one transaction with the bytes.
#[derive(Debug)]
#[must_use = "nothing has happened until the bytes are appended and the decision is stored"]
pub struct Started {
    /// What is appended to which document.
    pub documents: Vec<Appended>,
    /// On the contract, which knows the documents by their new digests from then on.
    pub contract: Decision<Contract>,
}

/// Prepares the documents of a contract whose signing begins (C11 comes next): the values that were
/// filled in become part of the pages, every field that anybody will sign or fill is made, each locked
/// by its own signer alone, and an invisible one is kept for the time-stamp that closes the contract.
/// Whoever signs later fills his fields and changes nothing else, so that no signature breaks another.
///
/// It is done once, while the contract is in its signing and nobody has signed. Who certifies is
/// recorded in the contract. With a [`Certifier::Platform`] the result carries the platform's signature
/// already.
///
/// Documents are judged as they came, by the code that judges strangers' files: what is left open about
/// an earlier signature could not be mended once somebody has signed.
///
/// A document that came with signatures takes no values and is never certified; whether it takes
/// fields, its own certification says. Where its own fields are enough, it is left as it is.
///
/// # Errors
///
/// `doc.missing` and `doc.hash_mismatch` if the documents are not those of the contract;
/// `con.illegal_transition` if the contract is not at this step, or its documents were prepared
/// before; `con.warning_unacknowledged` for signatures and active content in the documents that nobody
/// acknowledged ([`Error::WarningsOpen`]), and `doc.signature_unsound` for a signature that a document
/// came with and that does not pass ([`Error::CameUnsound`]); everything that is wrong with the values at once ([`update::Error::Values`]); whatever
/// keeps a document from taking fields. Nothing has changed then.
///
/// ```
/// # use sealwright::contract::Contract;
/// # use sealwright::execution::{self, Certifier, Documents, Error, Means, Started};
/// # use sealwright::organization::By;
/// # use time::OffsetDateTime;
/// fn begin(
///     contract: &Contract,
///     documents: &Documents<'_>,
///     means: &Means<'_>,
///     by: &By<'_>,
///     now: OffsetDateTime,
/// ) -> Result<(), Error> {
///     let certifier = Certifier::FirstSigner;
///     let Started { documents, contract } =
///         execution::start(contract, documents, means, certifier, by, now)?;
///     for appended in &documents {
///         // … append `appended.bytes()` to the document at `appended.base_len()` …
///         assert!(!appended.bytes().is_empty());
///     }
///     drop(contract); // … and store the events, all in one transaction
///     Ok(())
/// }
/// ```
pub fn start(
    contract: &Contract,
    documents: &Documents<'_>,
    means: &Means<'_>,
    certifier: Certifier<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<Started, Error> {
    // The contract's own guards first: they cost nothing.
    let composed = |documents| {
        let certified_by = Some(certifier.recorded());
        contract.decide(Command::Compose { documents, certified_by }, by, now)
    };
    drop(composed(Vec::new())?);
    let hashed = documents.check(contract)?;
    if let Some(document) = contract.documents().iter().find(|it| it.digest() != it.original()) {
        return Err(Error::AlreadyStarted { document: document.id().clone() });
    }
    let plan = PlacementPlan::of_started(contract)?;
    let fields = Fields::of(contract, &plan);
    let start = Start { contract, plan: &plan, fields: &fields, means, certifier, now };
    let mut appended = Vec::new();
    for document in contract.documents() {
        came_with::check(contract, document, documents.require(document.id())?)?;
    }
    for (document, planned) in contract.documents().iter().zip(plan.documents()) {
        let file = documents.require(document.id())?;
        let bytes = start.document(document, planned, file)?;
        if !bytes.is_empty() {
            appended.push(hashed.append((document, file), bytes)?);
        }
    }
    let revised: Vec<Revised> = appended.iter().map(|it| it.revised.clone()).collect();
    Ok(Started { contract: composed(revised)?, documents: appended })
}

struct Start<'a> {
    contract: &'a Contract,
    plan: &'a PlacementPlan,
    fields: &'a Fields<'a>,
    means: &'a Means<'a>,
    certifier: Certifier<'a>,
    now: OffsetDateTime,
}

impl Start<'_> {
    /// Values, then fields, then the platform's signature: what is appended, in this order.
    fn document(
        &self,
        document: &Document,
        planned: &PlannedDocument,
        file: &File<'_>,
    ) -> Result<Vec<u8>, Error> {
        let failed = |source: update::Error| Error::update(document.id(), source);
        // What somebody signed takes no values, and does very well without where there are none.
        if has_signatures(file)? && !self.has_values(document) {
            return self.prepared(document, file);
        }
        let mut values = self.filling().merge(planned, file).map_err(failed)?;
        if values.is_empty() {
            return self.prepared(document, file);
        }
        let fields = {
            let filled = File::extended(file, &values)?;
            self.prepared(document, &filled)?
        };
        values.extend(fields);
        Ok(values)
    }

    /// Whether anything but what signers add is to be seen in a document, or is missing.
    fn has_values(&self, document: &Document) -> bool {
        let controls = self.contract.controls().iter();
        let mut own = controls.filter(|control| control.key().document == *document.id());
        own.any(|control| {
            let drawn = !control.kind().is_sign() && *control.kind() != ControlKind::Attachment;
            drawn && (control.value().is_some() || control.is_required())
        })
    }

    fn filling(&self) -> Filling<'_> {
        let Means { fonts, overflow, filled_fields, pictures, .. } = *self.means;
        let filling = Filling::of(self.contract, self.plan, fonts);
        filling.overflow(overflow).filled_fields(filled_fields).pictures(pictures)
    }

    /// The fields of all signers, and the platform's signature over them.
    fn prepared(&self, document: &Document, file: &File<'_>) -> Result<Vec<u8>, Error> {
        let failed = |source: update::Error| Error::update(document.id(), source);
        let slots = self.contract.slots().iter();
        let signers: Vec<(&SlotId, Vec<ControlFields<'_>>)> = slots
            .map(|slot| (slot.id(), self.fields.of_slot(slot.id(), document.id())))
            .filter(|(_, own)| !own.is_empty())
            .collect();
        if signers.is_empty() {
            return Ok(Vec::new());
        }
        let invisible: Vec<String> =
            signers.iter().map(|(slot, _)| self.fields.invisible(slot)).collect();
        let mut preparation = Preparation::default();
        let mut needed = false;
        for ((_, own), invisible) in signers.iter().zip(&invisible) {
            let fields = new_fields(own, invisible);
            if !fields.is_empty() {
                preparation = preparation.signer(fields);
                needed = true;
            }
        }
        // A certification may permit to sign in the fields that are there, and no further one: not
        // even that of the time-stamp.
        if !needed && has_signatures(file)? {
            return Ok(Vec::new());
        }
        let prepared = preparation.closing(CLOSING).append_to(file).map_err(failed)?;
        let mut appended = prepared.into_appended();
        let Certifier::Platform(platform) = self.certifier else { return Ok(appended) };
        // What somebody signed before cannot be certified any more.
        if has_signatures(file)? {
            return Ok(appended);
        }
        let certified = {
            let ready = File::extended(file, &appended)?;
            self.certified(document, &ready, platform)?
        };
        appended.extend(certified);
        Ok(appended)
    }

    fn certified(
        &self,
        document: &Document,
        ready: &File<'_>,
        platform: &dyn Signer,
    ) -> Result<Vec<u8>, Error> {
        Seal::on(ready)
            .invisible()
            .field(PLATFORM)
            .claims_nothing()
            .certify(Certification::FormFilling)
            .profile(self.means.profile)
            .utc_offset(self.contract.settings().utc_offset)
            .progress(self.means.progress)
            .sign(platform, self.now)
            .map(|signed| signed.into_appended())
            .map_err(|source| Error::signing(document.id(), source))
    }
}

/// Whether any signature field has a value.
pub(super) fn has_signatures(file: &File<'_>) -> Result<bool, Error> {
    let fields = file.latest().fields()?;
    Ok(fields.iter().any(|field| field.is_signature() && field.value.is_some()))
}

/// The fields to make for one signer. Without a picture in this document he has an invisible one.
fn new_fields<'f>(own: &'f [ControlFields<'f>], invisible: &'f str) -> Vec<NewField<'f>> {
    let mut fields = Vec::new();
    for it in own.iter().filter(|it| !it.exist) {
        let kind = match it.is_picture() {
            true => NewFieldKind::Signature,
            false => NewFieldKind::Text { lines: it.has_lines() },
        };
        for (name, found) in it.places() {
            let placed = found.placed();
            let field = NewField::new(name, kind).at(placed.page(), placed.rect());
            let label = it.control.name().as_str();
            fields.push(if label.is_empty() { field } else { field.labelled(label) });
        }
    }
    let shows = own.iter().any(|it| it.is_picture() && (it.exist || !it.names.is_empty()));
    let signs = own.iter().any(|it| it.is_picture() && !it.exist);
    if !signs && (!fields.is_empty() || !shows) {
        fields.push(NewField::new(invisible, NewFieldKind::Signature));
    }
    fields
}
