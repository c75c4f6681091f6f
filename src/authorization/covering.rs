//! That a record says what was permitted, term by term.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use time::OffsetDateTime;

use super::{Error, PermitTerm, PermittedSignature, SealPermit, SigningPermit};
use crate::audit::HostKey;
use crate::contract::{Application, Contract, ControlKey, IntentCheck, Mark, SignedRecord, Spot};
use crate::digest::Digest;
use crate::identity::{OrganizationId, Uscc};
use crate::organization::By;

/// What stands in a record where the permit has nothing, and the other way round.
const NOTHING: &str = "nothing";

impl SigningPermit {
    /// That the record says what was permitted, while the permit lasts.
    pub(super) fn require_covers(
        &self,
        contract: &Contract,
        record: &SignedRecord,
        key: &HostKey,
        by: &By<'_>,
        now: OffsetDateTime,
    ) -> Result<(), Error> {
        if now >= self.until {
            return Err(differs(PermitTerm::Time, format!("until {}", self.until), now));
        }
        require_same(|| PermitTerm::Contract, &self.contract, contract.id())?;
        require_same(|| PermitTerm::Slot, &self.slot, &record.slot)?;
        require_same(|| PermitTerm::Signer, &self.signer, &by.actor())?;
        require_identity(record, key, by)?;
        self.require_organization(record)?;
        self.require_intent(record)?;
        self.require_present(contract)?;
        self.require_bytes(record)?;
        self.require_marks(record)
    }

    fn require_organization(&self, record: &SignedRecord) -> Result<(), Error> {
        if self.organization == record.organization {
            return Ok(());
        }
        let told = |organization: &Option<(OrganizationId, Uscc)>| match organization {
            Some((id, uscc)) => format!("{id}, {uscc}"),
            None => NOTHING.to_owned(),
        };
        let (permitted, found) = (told(&self.organization), told(&record.organization));
        Err(differs(PermitTerm::Organization, permitted, found))
    }

    fn require_intent(&self, record: &SignedRecord) -> Result<(), Error> {
        if self.intent == record.intent {
            return Ok(());
        }
        let told = |checks: &[IntentCheck]| {
            let one = |check: &IntentCheck| {
                format!("{} {} at {}", check.method, check.reference, check.at)
            };
            let all: Vec<String> = checks.iter().map(one).collect();
            if all.is_empty() { NOTHING.to_owned() } else { all.join(", ") }
        };
        Err(differs(PermitTerm::Intent, told(&self.intent), told(&record.intent)))
    }

    /// That every document is what the signer was shown, whether his record touches it or not.
    fn require_present(&self, contract: &Contract) -> Result<(), Error> {
        let permitted: BTreeMap<_, _> =
            self.documents.iter().map(|state| (&state.document, &state.digest)).collect();
        let present: BTreeMap<_, _> =
            contract.documents().iter().map(|it| (it.id(), it.digest())).collect();
        let all: BTreeSet<_> = permitted.keys().chain(present.keys()).copied().collect();
        for document in all {
            let (permitted, found) = (permitted.get(document), present.get(document));
            if permitted != found {
                let told = |digest: Option<&&Digest>| {
                    digest.map_or_else(|| NOTHING.to_owned(), ToString::to_string)
                };
                let term = PermitTerm::Document(document.clone());
                return Err(differs(term, told(permitted), told(found)));
            }
        }
        Ok(())
    }

    fn require_bytes(&self, record: &SignedRecord) -> Result<(), Error> {
        let permitted: BTreeMap<_, _> =
            self.documents.iter().map(|state| (&state.document, &state.digest)).collect();
        for revised in &record.documents {
            let digest = permitted.get(&revised.document).copied();
            if digest != Some(&revised.before) {
                let term = PermitTerm::Document(revised.document.clone());
                let digest = digest.map_or_else(|| NOTHING.to_owned(), ToString::to_string);
                return Err(differs(term, digest, revised.before));
            }
        }
        Ok(())
    }

    /// Each mark is the permitted one and where it belongs, and none is missing.
    fn require_marks(&self, record: &SignedRecord) -> Result<(), Error> {
        let permitted = Marks {
            permit: self,
            seals: self.seals().map(|permit| (&permit.control, permit)).collect(),
            signatures: self.signatures.iter().map(|it| (&it.control, it)).collect(),
        };
        let mut applied = BTreeSet::new();
        for application in &record.applications {
            permitted.require(application)?;
            self.require_spots(application)?;
            applied.insert(&application.control);
        }
        let mut due = permitted.seals.into_keys().chain(permitted.signatures.into_keys());
        match due.find(|control| !applied.contains(*control)) {
            Some(missing) => {
                let term = PermitTerm::Mark(missing.clone());
                Err(differs(term, "a seal or a signature", NOTHING))
            }
            None => Ok(()),
        }
    }

    /// Where the contract's plan says, in any order. What the signer placed himself the plan does not
    /// know; the contract sees to it that it lies on the pages.
    fn require_spots(&self, applied: &Application) -> Result<(), Error> {
        let Some(planned) = self.places.get(&applied.control) else { return Ok(()) };
        let set = |spots: &[Spot]| spots.iter().copied().collect::<HashSet<_>>();
        let (is, planned_set) = (set(&applied.spots), set(planned));
        if planned.len() == applied.spots.len() && planned_set == is {
            return Ok(());
        }
        let term = PermitTerm::Spots(applied.control.clone());
        let missing = planned.iter().find(|spot| !is.contains(spot));
        let strange = applied.spots.iter().find(|spot| !planned_set.contains(spot));
        let found = told_spots(applied.spots.len(), strange);
        Err(differs(term, told_spots(planned.len(), missing), found))
    }
}

/// The marks of a permit by control.
struct Marks<'a> {
    permit: &'a SigningPermit,
    seals: BTreeMap<&'a ControlKey, &'a SealPermit>,
    signatures: BTreeMap<&'a ControlKey, &'a PermittedSignature>,
}

impl Marks<'_> {
    fn require(&self, applied: &Application) -> Result<(), Error> {
        let permitted = self.mark_for(applied);
        if permitted.as_ref() == Some(&applied.mark) {
            return Ok(());
        }
        let permitted = permitted.map_or_else(|| NOTHING.to_owned(), |mark| told(&mark));
        Err(differs(PermitTerm::Mark(applied.control.clone()), permitted, told(&applied.mark)))
    }

    /// What a signature looks like nobody knows before it is made, and the engine writes the date of
    /// a control that the contract knows, chosen or not.
    fn mark_for(&self, applied: &Application) -> Option<Mark> {
        let control = &applied.control;
        if let Some(permit) = self.seals.get(control) {
            return Some(permit.mark());
        }
        if let Some(signature) = self.signatures.get(control) {
            return match &applied.mark {
                Mark::Signature { face, .. } | Mark::Block { face, .. } => {
                    Some(signature.mark(*face))
                }
                _ => None,
            };
        }
        let chosen = self.permit.beside.contains(control);
        match &applied.mark {
            Mark::Date if chosen || self.permit.places.contains_key(control) => Some(Mark::Date),
            Mark::Opinion if chosen => Some(Mark::Opinion),
            _ => None,
        }
    }
}

/// That the record names the human who signs, and nobody where none does.
fn require_identity(record: &SignedRecord, key: &HostKey, by: &By<'_>) -> Result<(), Error> {
    let person = match by {
        By::Staff(staff) => Some(staff.employee().person()),
        By::Person { person, .. } => Some(*person),
        By::Host(_) | By::System => None,
    };
    let found = match (&record.signer, person) {
        (None, None) => return Ok(()),
        (Some(reference), Some(person)) if reference.is_of(key, person.id_document()) => {
            return Ok(());
        }
        (Some(reference), Some(_)) if reference.key() != key.id() => "one under another key",
        (Some(_), _) => "one to somebody else",
        (None, Some(_)) => NOTHING,
    };
    let permitted = person.map_or(NOTHING, |_| "one to the signer under the given key");
    Err(differs(PermitTerm::Identity, permitted, found))
}

pub(super) fn require_same<T: PartialEq + fmt::Display>(
    term: impl FnOnce() -> PermitTerm,
    permitted: &T,
    found: &T,
) -> Result<(), Error> {
    if permitted == found { Ok(()) } else { Err(differs(term(), permitted, found)) }
}

fn differs(term: PermitTerm, permitted: impl ToString, found: impl ToString) -> Error {
    Error::NotPermitted { term, permitted: permitted.to_string(), found: found.to_string() }
}

/// A mark without the words that somebody wrote beside it.
fn told(mark: &Mark) -> String {
    match mark {
        Mark::Seal { seal, version, face, grant } => {
            format!("version {version} of the seal {seal}, {face}, by the grant {grant}")
        }
        Mark::Signature { method, .. } => format!("a signature by {}", method.code()),
        Mark::Block { method, values, .. } => {
            let set = values.iter().flatten().count();
            format!("a signature by {} with {set} values of its choice", method.code())
        }
        other => format!("a {}", other.code()),
    }
}

fn told_spots(count: usize, other: Option<&Spot>) -> String {
    let one = other.map(|spot| format!(", among them {} on page {}", spot.rect, spot.page));
    format!("{count} rectangles{}", one.unwrap_or_default())
}
