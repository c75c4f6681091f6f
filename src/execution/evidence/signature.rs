//! Who signed, with what, and what his signatures show.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Asserted;
use super::documents::Read;
use super::record::Compared;
use super::signing_record::{MarkRecord, SigningRecord};
use crate::identity::{ContractId, DocumentId, OrganizationId, PartyId, SlotId};
use crate::report::{Claim, SignatureReport, StatedAuthority, StatedSeal};

/// What one signer did: his signatures in all documents that he had a part in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningEvidence {
    /// His place in the contract.
    pub slot: SlotId,
    /// The party that he signed for.
    pub party: PartyId,
    /// What he is: 法定代表人, 经办人. May be empty.
    pub role: String,
    /// The mask of his name (R-ID-13); none where no human signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// What the host says of his key and his act.
    #[serde(default)]
    pub asserted: Asserted,
    /// What the trail says; none if it has no such entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<SigningRecord>,
    /// His signatures, one for each document.
    pub signatures: Vec<SignatureEvidence>,
}

/// One signature in one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureEvidence {
    /// The document.
    pub document: DocumentId,
    /// Its number in the judge's report of the document; none if the document has no such signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The revision that it ends, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// The field that the judge knows it by; where its value is shared, one of them.
    pub field: String,
    /// The certificates inside, the signer's first, by their fingerprints.
    pub chain: Vec<String>,
    /// The algorithm of the signature by name.
    pub algorithm: Compared,
    /// The serial number of the signer's certificate.
    pub serial: Compared,
    /// The issuer of it.
    pub issuer: Compared,
    /// The digest of the document before it.
    pub before: Compared,
    /// The digest of the document with it.
    pub after: Compared,
    /// The seals that it applies.
    pub seals: Vec<SealEvidence>,
    /// What else was signed or filled: signatures by hand, dates, opinions.
    pub others: Vec<OtherEvidence>,
}

/// A seal in one control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealEvidence {
    /// The control.
    pub control: String,
    /// The seal.
    pub seal: Compared,
    /// The version of its face.
    pub version: Compared,
    /// The digest of its face.
    pub face: Compared,
    /// The grant by which it was used.
    pub grant: Compared,
    /// What kind of seal it is: `official`, `contract`; empty if the register does not have it.
    pub kind: String,
    /// The organization that owns it, as the register has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<OrganizationId>,
    /// In how many places of the signature its face is seen.
    pub seen: u64,
    /// Where it stands: one place, or one for each slice.
    pub places: Vec<PlaceEvidence>,
}

/// Something in a control that is no seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherEvidence {
    /// The control.
    pub control: String,
    /// What it is: `signature`, `date`, `opinion`, `block`.
    pub mark: String,
    /// How a signature by hand came about: `handwritten`, `generated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Where it stands.
    pub places: Vec<PlaceEvidence>,
}

/// A place on a page: a rectangle counted from the top left corner of the page as a person sees it, in
/// thousandths of a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceEvidence {
    /// The field that stands there.
    pub field: String,
    /// The page, from 1.
    pub page: i64,
    /// From the left edge of the page.
    pub left: i64,
    /// From the top edge of the page.
    pub top: i64,
    /// How wide.
    pub width: i64,
    /// How high.
    pub height: i64,
}

impl SigningEvidence {
    /// The same with everything that trail and documents say, whatever stood there.
    pub(super) fn read_from(
        &self,
        contract: &ContractId,
        records: &[SigningRecord],
        read: &[&Read],
    ) -> Self {
        let recorded = records.iter().find(|it| it.slot == self.slot).cloned();
        let signatures = self.signatures.iter().map(|signature| {
            let document = read.iter().find(|it| it.document == signature.document).copied();
            let of = Of { contract, slot: &self.slot, recorded: recorded.as_ref() };
            signature.read_from(&of, document)
        });
        Self { signatures: signatures.collect(), recorded: recorded.clone(), ..self.clone() }
    }
}

/// What record and signature say, by control and by face.
struct Sources<'a> {
    marks: BTreeMap<&'a str, &'a MarkRecord>,
    stated: BTreeMap<&'a str, &'a StatedSeal>,
    /// In how many places each face is seen.
    seen: BTreeMap<&'a str, u64>,
}

impl<'a> Sources<'a> {
    fn of(
        document: &DocumentId,
        recorded: Option<&'a SigningRecord>,
        stated: Option<&'a StatedAuthority>,
        report: Option<&'a SignatureReport>,
    ) -> Self {
        let marks = recorded.into_iter().flat_map(|it| &it.marks);
        let seals = stated.into_iter().flat_map(|it| &it.seals);
        let mut seen = BTreeMap::new();
        for face in report.into_iter().flat_map(|it| &it.faces) {
            *seen.entry(face.digest.as_str()).or_default() += 1;
        }
        Self {
            marks: marks.filter_map(|it| Some((it.control_in(document)?, it))).collect(),
            stated: seals
                .flat_map(|it| it.controls.iter().map(move |control| (control.as_str(), it)))
                .collect(),
            seen,
        }
    }
}

/// What a signature is looked for by.
struct Of<'a> {
    contract: &'a ContractId,
    slot: &'a SlotId,
    recorded: Option<&'a SigningRecord>,
}

impl SignatureEvidence {
    /// Everything that two sources speak of, with its name.
    pub(super) fn compared(&self) -> Vec<(String, &Compared)> {
        let mut all = vec![
            ("algorithm".to_owned(), &self.algorithm),
            ("serial".to_owned(), &self.serial),
            ("issuer".to_owned(), &self.issuer),
            ("before".to_owned(), &self.before),
            ("after".to_owned(), &self.after),
        ];
        for seal in &self.seals {
            let named = |what: &str| format!("{what} {}", seal.control);
            all.push((named("seal"), &seal.seal));
            all.push((named("version"), &seal.version));
            all.push((named("face"), &seal.face));
            all.push((named("grant"), &seal.grant));
        }
        all
    }

    fn read_from(&self, of: &Of<'_>, read: Option<&Read>) -> Self {
        let report = read.and_then(|read| self.find(of, read));
        let cms = report.and_then(|report| read?.signatures.get(&report.index));
        let certificate = of.recorded.and_then(|it| it.certificate.as_ref());
        let identity = report.map(|it| &it.identity);
        let stated = report.and_then(|it| it.authority.as_deref());
        let stated = stated.filter(|it| it.authentic && it.claim == Claim::Permitted);
        let mut revised = of.recorded.iter().flat_map(|it| &it.documents);
        let revised = revised.find(|it| it.document == self.document);
        let revision = report.and_then(|it| it.coverage.revision);
        let ends_with = |number: u64| {
            let mut revisions = read?.revisions.iter();
            Some(revisions.find(|it| it.number == number)?.document_digest.to_string())
        };
        let sources = Sources::of(&self.document, of.recorded, stated, report);
        let seals = self.seals.iter().map(|it| it.read_from(&sources));
        let others = self.others.iter().map(|it| it.read_from(&sources));
        Self {
            document: self.document.clone(),
            index: report.map(|it| it.index),
            revision,
            field: report.map_or_else(|| self.field.clone(), |it| it.field.clone()),
            chain: cms.map(|it| it.chain.clone()).unwrap_or_default(),
            algorithm: Compared::new(
                certificate.map(|it| it.algorithm.clone()),
                cms.and_then(|it| it.algorithm.clone()),
            ),
            serial: Compared::new(
                certificate.map(|it| it.serial.clone()),
                identity.and_then(|it| it.serial.clone()),
            ),
            issuer: Compared::new(
                certificate.map(|it| it.issuer.clone()),
                identity.and_then(|it| it.issuer.clone()),
            ),
            before: Compared::new(
                revised.map(|it| it.before.to_string()),
                revision.and_then(|number| ends_with(number.checked_sub(1)?)),
            ),
            after: Compared::new(
                revised.map(|it| it.after.to_string()),
                revision.and_then(ends_with),
            ),
            seals: seals.collect(),
            others: others.collect(),
        }
    }

    /// The signature that states this slot of this contract; else the one in a field of the slot.
    fn find<'r>(&self, of: &Of<'_>, read: &'r Read) -> Option<&'r SignatureReport> {
        let states = |it: &&SignatureReport| {
            let stated = it.authority.as_deref().filter(|stated| stated.authentic);
            stated.is_some_and(|stated| {
                stated.slot.as_deref() == Some(of.slot.as_str())
                    && stated.contract.as_ref().is_some_and(|one| one.id == of.contract.as_str())
                    && stated.document.as_ref().is_some_and(|one| one.id == self.document.as_str())
            })
        };
        let places = self.seals.iter().flat_map(|it| &it.places);
        let places = places.chain(self.others.iter().flat_map(|it| &it.places));
        let fields: BTreeSet<&String> = places.map(|it| &it.field).chain([&self.field]).collect();
        let stands = |it: &&SignatureReport| fields.contains(&it.field);
        let all = &read.report.signatures;
        all.iter().find(states).or_else(|| all.iter().find(stands))
    }
}

impl SealEvidence {
    fn read_from(&self, sources: &Sources<'_>) -> Self {
        let mark = sources.marks.get(self.control.as_str()).copied();
        let stated = sources.stated.get(self.control.as_str()).copied();
        let face = mark.and_then(|it| it.face).map(|it| it.to_hex());
        let drawn = face.as_ref().or(stated.map(|it| &it.face));
        let seen = drawn.and_then(|it| sources.seen.get(it.as_str()));
        Self {
            control: self.control.clone(),
            seal: Compared::new(
                mark.and_then(|it| it.seal.as_ref()).map(ToString::to_string),
                stated.map(|it| it.seal.clone()),
            ),
            version: Compared::new(
                mark.and_then(|it| it.version).map(|it| it.to_string()),
                stated.map(|it| it.version.to_string()),
            ),
            face: Compared::new(face.clone(), stated.map(|it| it.face.clone())),
            grant: Compared::new(
                mark.and_then(|it| it.grant.as_ref()).map(ToString::to_string),
                stated.map(|it| it.grant.clone()),
            ),
            kind: self.kind.clone(),
            owner: self.owner.clone(),
            seen: seen.copied().unwrap_or(0),
            places: placed(&self.places, mark),
        }
    }
}

impl OtherEvidence {
    fn read_from(&self, sources: &Sources<'_>) -> Self {
        let Some(mark) = sources.marks.get(self.control.as_str()) else { return self.clone() };
        Self {
            control: self.control.clone(),
            mark: mark.mark.clone(),
            method: mark.method.map(|it| it.code().to_owned()),
            places: placed(&self.places, Some(mark)),
        }
    }
}

/// The places as they were recorded; their fields nobody recorded.
fn placed(places: &[PlaceEvidence], mark: Option<&MarkRecord>) -> Vec<PlaceEvidence> {
    let Some(mark) = mark else { return places.to_vec() };
    let field = |number: usize| places.get(number).or(places.last()).map(|it| it.field.clone());
    let spots = mark.spots.iter().enumerate();
    let places = spots.map(|(number, [page, left, top, width, height])| PlaceEvidence {
        field: field(number).unwrap_or_default(),
        page: *page,
        left: *left,
        top: *top,
        width: *width,
        height: *height,
    });
    places.collect()
}
