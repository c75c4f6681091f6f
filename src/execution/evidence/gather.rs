//! Gathering: from contract, documents and trail to evidence.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::checklist::ReliabilityChecklist;
use super::documents::{Read, certificates};
use super::record::{
    Assertions, CeremonyEvidence, ClosingEvidence, Compared, ContractEvidence, DocumentEvidence,
    Evidence, Format, GrantEvidence, PartyEvidence, TrailEvidence,
};
use super::signature::{
    OtherEvidence, PlaceEvidence, SealEvidence, SignatureEvidence, SigningEvidence,
};
use super::{Error, asking, signing_record};
use crate::audit::{self, Entry, Head};
use crate::authorization::{Seal, SealGrant};
use crate::ceremony::Ceremony;
use crate::contract::{
    Applied, ClosingStamp, Contract, ControlState, Document, Mark, Party, Slot, SlotState, Spot,
};
use crate::decision::Aggregate;
use crate::execution::fields::{ControlFields, Fields};
use crate::execution::{CheckFacts, Documents, ExecutionVerdict, check};
use crate::identity::{DocumentId, SlotId};
use crate::organization::By;
use crate::placement::PlacementPlan;

/// What evidence is gathered from besides the contract.
#[derive(Clone)]
pub struct EvidenceFacts<'a> {
    /// The newest bytes of all documents of the contract.
    pub documents: &'a Documents<'a>,
    /// The register of seals and grants, and whom the host trusts.
    pub check: CheckFacts<'a>,
    /// The trail of the contract, from its first entry to its last.
    pub trail: &'a [Entry],
    /// The head of the trail, if one was kept where the keeper of the trail cannot write.
    pub head: Option<&'a Head>,
    /// The number that people know the contract by (合同编号).
    pub number: Option<&'a str>,
    /// What the host asserts of each signer.
    pub assertions: Assertions,
    /// The meeting at which it was signed.
    pub ceremony: Option<&'a Ceremony>,
}

impl<'a> EvidenceFacts<'a> {
    /// Without a head from elsewhere, and with nothing asserted.
    #[must_use]
    pub fn new(documents: &'a Documents<'a>, check: CheckFacts<'a>, trail: &'a [Entry]) -> Self {
        let assertions = Assertions::new();
        Self { documents, check, trail, head: None, number: None, assertions, ceremony: None }
    }
}

/// Gathers everything that is known of a contract that was signed (出证).
///
/// Only for contracts that are completed, or released since; only for the super admin or the legal
/// representative of the initiator or of an organization that signed, with the permission
/// `evidence.request`. The documents are judged anew; what is not as the record says is no error and
/// stands in the evidence. It costs a pass over each document.
///
/// # Errors
///
/// `evidence.not_completed`, `evidence.not_party`, then what the organization says of whoever asks,
/// `evidence.not_head`; `doc.missing`; `evidence.foreign_entry`, and what is wrong with the trail: it
/// has to be the whole trail of this contract.
///
/// ```
/// # use sealwright::contract::Contract;
/// # use sealwright::execution::evidence::{self, Error, EvidenceFacts, Shown};
/// # use sealwright::organization::By;
/// # use time::OffsetDateTime;
/// fn what_is_shown(
///     contract: &Contract,
///     facts: &EvidenceFacts<'_>,
///     by: &By<'_>,
///     now: OffsetDateTime,
/// ) -> Result<usize, Error> {
///     let evidence = evidence::gather(contract, facts, by, now)?;
///     assert!(evidence.differences().is_empty(), "the record says what the documents say");
///     let shown = evidence.checklist.signatures.iter().flat_map(|it| &it.conditions);
///     Ok(shown.filter(|it| it.shown == Shown::Proved).count())
/// }
/// ```
pub fn gather(
    contract: &Contract,
    facts: &EvidenceFacts<'_>,
    by: &By<'_>,
    now: OffsetDateTime,
) -> Result<Evidence, Error> {
    let requester = asking::require(contract, by)?;
    let trail = trail(contract, facts)?;
    let mut bytes: BTreeMap<DocumentId, Cow<'_, [u8]>> = BTreeMap::new();
    for document in contract.documents() {
        bytes.insert(document.id().clone(), facts.documents.whole(document.id())?);
    }
    let verdict = check(contract, &bytes, &facts.check)?;
    let read = read(contract, facts, &bytes, &verdict)?;
    let plan = PlacementPlan::of_started(contract).map_err(crate::execution::Error::from)?;
    let fields = Fields::of(contract, &plan);
    let records = signing_record::read(facts.trail);
    let signings = contract.slots().iter().filter(|slot| is_signed(slot));
    let signings: Vec<SigningEvidence> = signings
        .map(|slot| signing(contract, slot, &fields, facts))
        .map(|claimed| claimed.read_from(contract.id(), &records, &read.iter().collect::<Vec<_>>()))
        .collect();
    let checklist = ReliabilityChecklist::of(&signings, &verdict, |signature| {
        let report = verdict.reports.get(&signature.document)?;
        report.signatures.iter().find(|it| Some(it.index) == signature.index)
    });
    Ok(Evidence {
        format: Format::V1,
        gathered_at: now,
        requester,
        contract: contract_evidence(contract, facts.number),
        parties: contract.parties().iter().map(party).collect(),
        ceremony: facts.ceremony.map(ceremony),
        documents: documents(contract, &bytes, &read),
        grants: grants(&signings, facts.check.grants),
        certificates: certificates(&read).iter().map(Into::into).collect(),
        signings,
        trail,
        verdict,
        checklist,
    })
}

/// The trail is that of the contract, and all of it.
fn trail(contract: &Contract, facts: &EvidenceFacts<'_>) -> Result<TrailEvidence, Error> {
    let expected = format!("contract:{}", contract.id());
    if let Some(entry) = facts.trail.iter().find(|entry| entry.subject() != expected) {
        let (seq, subject) = (entry.seq(), entry.subject().to_owned());
        return Err(Error::ForeignEntry { seq, subject, expected });
    }
    // The contract's own head comes from the keeper of the trail: with it alone nothing is complete.
    let own = contract.head();
    audit::verify(facts.trail, Some(own))?;
    let verdict = audit::verify(facts.trail, facts.head)?;
    Ok(TrailEvidence { entries: own.len(), head: own.clone(), verdict })
}

fn read(
    contract: &Contract,
    facts: &EvidenceFacts<'_>,
    bytes: &BTreeMap<DocumentId, Cow<'_, [u8]>>,
    verdict: &ExecutionVerdict,
) -> Result<Vec<Read>, Error> {
    let mut all = Vec::new();
    for document in contract.documents() {
        let id = document.id();
        let file = facts.documents.require(id)?;
        let Some((report, bytes)) = verdict.reports.get(id).zip(bytes.get(id)) else { continue };
        all.push(Read::of(id, file, bytes, report, document.length())?);
    }
    Ok(all)
}

fn is_signed(slot: &Slot) -> bool {
    matches!(slot.state(), SlotState::Signed | SlotState::Released)
}

fn contract_evidence(contract: &Contract, number: Option<&str>) -> ContractEvidence {
    ContractEvidence {
        id: contract.id().clone(),
        title: contract.name().as_str().to_owned(),
        number: number.map(str::to_owned),
        phase: contract.phase(),
        initiator: contract.initiator().organization.clone(),
        written_by: contract.initiator().employee.clone(),
        started_at: contract.started_at(),
        deadline: contract.deadline(),
        certified_by: contract.certified_by().map(|it| it.code().to_owned()),
        releases: contract.releases().cloned(),
        released_by: contract.released_by().cloned(),
    }
}

fn party(party: &Party) -> PartyEvidence {
    PartyEvidence {
        id: party.id.clone(),
        role: party.role.as_str().to_owned(),
        name: party.organization_name().map(|name| name.as_str().to_owned()),
        organization: party.organization_id().cloned(),
    }
}

fn ceremony(ceremony: &Ceremony) -> CeremonyEvidence {
    let schedule = ceremony.schedule();
    CeremonyEvidence {
        id: ceremony.id().clone(),
        title: ceremony.title().map(|title| title.as_str().to_owned()),
        organizer: ceremony.organizer().clone(),
        starts_at: schedule.map(|it| it.starts_at()),
        ends_at: schedule.map(|it| it.ends_at()),
        phase: ceremony.phase().name().to_owned(),
    }
}

fn documents(
    contract: &Contract,
    bytes: &BTreeMap<DocumentId, Cow<'_, [u8]>>,
    read: &[Read],
) -> Vec<DocumentEvidence> {
    let one = |document: &Document| {
        let read = read.iter().find(|it| it.document == *document.id());
        let length = bytes.get(document.id()).map_or(0, |it| it.len());
        let found = read.map(|it| format!("sha256:{}", it.report.file.sha256));
        DocumentEvidence {
            id: document.id().clone(),
            name: document.name().to_owned(),
            pages: document.page_count(),
            issued_length: document.length(),
            issued: *document.original(),
            length: u64::try_from(length).unwrap_or(u64::MAX),
            digest: Compared::new(Some(document.digest().to_string()), found),
            closing: document.closed_by().map(closing),
            revisions: read.map(|it| it.revisions.clone()).unwrap_or_default(),
        }
    };
    contract.documents().iter().map(one).collect()
}

fn closing(stamp: &ClosingStamp) -> ClosingEvidence {
    let (serial, policy) = (stamp.serial.clone(), stamp.policy.clone());
    ClosingEvidence { time: stamp.time, serial, policy }
}

/// What the contract says of a signer; the rest is read from trail and documents.
fn signing(
    contract: &Contract,
    slot: &Slot,
    fields: &Fields<'_>,
    facts: &EvidenceFacts<'_>,
) -> SigningEvidence {
    let holders = slot.signer().holders();
    let acted = slot.acted_by();
    let mut signers = holders.iter().filter(|it| acted.is_some_and(|by| it.account.is(by)));
    let signer = signers.next().or(match holders {
        [only] => Some(only),
        _ => None,
    });
    let signatures = contract.documents().iter().filter_map(|document| {
        let own = fields.of_slot(slot.id(), document.id());
        (!own.is_empty()).then(|| signature(slot.id(), document, &own, (fields, facts.check.seals)))
    });
    SigningEvidence {
        slot: slot.id().clone(),
        party: slot.party().clone(),
        role: slot.plan().role.as_str().to_owned(),
        person: signer.map(|it| it.person.name().masked()),
        asserted: facts.assertions.get(slot.id()).cloned().unwrap_or_default(),
        recorded: None,
        signatures: signatures.collect(),
    }
}

fn signature(
    slot: &SlotId,
    document: &Document,
    own: &[ControlFields<'_>],
    (fields, register): (&Fields<'_>, &[&Seal]),
) -> SignatureEvidence {
    let mut signature = SignatureEvidence {
        document: document.id().clone(),
        index: None,
        revision: None,
        field: fields.invisible(slot),
        chain: Vec::new(),
        algorithm: Compared::default(),
        serial: Compared::default(),
        issuer: Compared::default(),
        before: Compared::default(),
        after: Compared::default(),
        seals: Vec::new(),
        others: Vec::new(),
    };
    for it in own {
        let ControlState::Applied(applied) = it.control.state() else { continue };
        let (control, places) = (it.control.key().control.as_str().to_owned(), places(it, applied));
        match &applied.mark {
            Mark::Seal { seal, .. } => {
                let known = register.iter().find(|it| it.id() == seal);
                signature.seals.push(SealEvidence {
                    control,
                    seal: Compared::default(),
                    version: Compared::default(),
                    face: Compared::default(),
                    grant: Compared::default(),
                    kind: known.map(|it| it.kind().to_string()).unwrap_or_default(),
                    owner: known.map(|it| it.organization().clone()),
                    seen: 0,
                    places,
                });
            }
            mark => {
                let mark = mark.code().to_owned();
                signature.others.push(OtherEvidence { control, mark, method: None, places });
            }
        }
    }
    signature
}

fn places(own: &ControlFields<'_>, applied: &Applied) -> Vec<PlaceEvidence> {
    let name = |number: usize| own.names.get(number).or(own.names.last());
    let place = |(number, spot): (usize, &Spot)| PlaceEvidence {
        field: name(number).cloned().unwrap_or_default(),
        page: i64::from(spot.page.get()),
        left: spot.rect.x().thousandths(),
        top: spot.rect.y().thousandths(),
        width: spot.rect.width().thousandths(),
        height: spot.rect.height().thousandths(),
    };
    applied.spots.iter().enumerate().map(place).collect()
}

/// The grants that the record names, as the register has them.
fn grants(signings: &[SigningEvidence], register: &[&SealGrant]) -> Vec<GrantEvidence> {
    let records = signings.iter().filter_map(|it| it.recorded.as_ref());
    let named: BTreeSet<_> =
        records.flat_map(|it| &it.marks).filter_map(|it| it.grant.as_ref()).collect();
    let used = register.iter().filter(|it| named.contains(it.id()));
    let mut all: Vec<GrantEvidence> = used.map(|it| grant(it)).collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all.dedup_by(|one, other| one.id == other.id);
    all
}

fn grant(grant: &SealGrant) -> GrantEvidence {
    GrantEvidence {
        id: grant.id().clone(),
        seal: grant.seal().clone(),
        organization: grant.organization().clone(),
        grantee: grant.grantee().clone(),
        grantor: grant.grantor().to_string(),
        rights: grant.rights().iter().map(|it| it.to_string()).collect(),
        scope: grant.scope().kind().to_owned(),
        from: grant.validity().from(),
        until: grant.validity().until(),
        max_uses: grant.max_uses(),
        granted_at: grant.created_at(),
        revoked_at: grant.revocation().map(|it| it.at),
    }
}
