//! The sign-result page (签署结果页): what the host shows on the screen while contracts are signed.

use serde::{Serialize, Serializer};
use time::{OffsetDateTime, UtcOffset};

use super::error::Error;
use super::layout::Layout;
use super::participant::{Participant, Party, Role};
use super::picture::Picture;
use super::state::{Ceremony, Phase};
use super::template::Side;
use super::token::LinkKeys;
use crate::contract::{
    Applied, Contract, ContractName, ControlState, Mark, Settings, SignatureMethod, Slot, SlotState,
};
use crate::digest::Digest;
use crate::identity::{
    ContractId, DocumentId, OrganizationName, ParticipantId, PartyId, PersonName, Personal, SealId,
    SeatId,
};
use crate::organization::By;

/// How far the signing is, all contracts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Overall {
    /// Nobody has signed.
    Waiting,
    /// Somebody has, somebody has not.
    Partial,
    /// Everybody has.
    Completed,
    /// A contract ended without all signatures: declined, cancelled, expired or invalidated.
    Stopped,
}

/// A seal that was applied (R-CER-14): which one, in which version, and the digest of what was
/// drawn, by which the host finds the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppliedSeal {
    /// The contract.
    pub contract: ContractId,
    /// The document in it.
    pub document: DocumentId,
    /// The seal.
    pub seal: SealId,
    /// The version of its face.
    pub version: u32,
    /// The digest of the face that was drawn.
    pub face: Digest,
    /// When, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// A signature that was applied by hand: how it came about, and the digest of what was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppliedSignature {
    /// The contract.
    pub contract: ContractId,
    /// The document in it.
    pub document: DocumentId,
    /// How it came about.
    pub method: SignatureMethod,
    /// The digest of the strokes that were drawn.
    pub face: Digest,
    /// When, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// One signer on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignerResult {
    /// Who.
    pub participant: ParticipantId,
    /// The name to show.
    pub name: Personal<PersonName>,
    /// The state of his slot in each contract where he signs.
    pub states: Vec<(ContractId, SlotState)>,
    /// When he signed the last of them, UTC; none while one is open. A release of the contract since
    /// takes nothing away: he did sign.
    #[serde(with = "time::serde::rfc3339::option")]
    pub signed_at: Option<OffsetDateTime>,
    /// The seals he applied.
    pub seals: Vec<AppliedSeal>,
    /// The signatures he gave.
    pub signatures: Vec<AppliedSignature>,
}

/// One party on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PartyResult {
    /// The party.
    pub party: PartyId,
    /// Its name.
    pub organization: OrganizationName,
    /// Its logo.
    pub logo: Option<Picture>,
    /// The side of the stage where its logo is, else where its first seated signer sits.
    pub side: Option<Side>,
    /// Its signers.
    pub signers: Vec<SignerResult>,
}

/// Somebody on the seat that the layout gives him (座次): signers, observers, and hosts who sit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeatResult {
    /// The seat.
    pub seat: SeatId,
    /// Who sits there.
    pub participant: ParticipantId,
    /// The name to show.
    pub name: Personal<PersonName>,
    /// What he does.
    pub role: Role,
    /// The side of the stage.
    pub side: Side,
    /// From the left edge of the picture, 0 to 1000.
    pub x: u16,
    /// From the top edge of the picture, 0 to 1000.
    pub y: u16,
}

/// A document whose pages the page may show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownDocument {
    /// The contract.
    pub contract: ContractId,
    /// What the contract is called.
    pub name: ContractName,
    /// The document.
    pub document: DocumentId,
    /// The digest of its bytes as they are now.
    pub digest: Digest,
    /// How many pages it has.
    pub pages: u32,
}

/// The sign-result page as data (S41, S45): small, made of what is there, changing nothing, so that
/// it can be asked for every second.
///
/// It shows names: serialised, they stand inside [`Personal`].
///
/// ```
/// use sealwright::ceremony::{Ceremony, SignResultView};
/// use sealwright::contract::Contract;
///
/// /// What the page polls.
/// fn page(meeting: &Ceremony, contract: &Contract) -> serde_json::Result<String> {
///     serde_json::to_string(&SignResultView::of(meeting, &[contract]))
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignResultView {
    /// The title of the meeting (S14).
    pub title: String,
    /// When it starts, UTC; none while that is not known.
    #[serde(with = "time::serde::rfc3339::option")]
    pub starts_at: Option<OffsetDateTime>,
    /// The offset in which times are shown: that of the first contract, +08:00 without one. In whole
    /// seconds when serialised.
    #[serde(serialize_with = "whole_seconds")]
    pub utc_offset: UtcOffset,
    /// The state of the meeting.
    pub phase: Phase,
    /// How far the signing is.
    pub overall: Overall,
    /// The background; the template's own without one.
    pub background: Option<Picture>,
    /// The parties, the organizer first.
    pub parties: Vec<PartyResult>,
    /// Who sits where; nobody without a layout.
    pub seats: Vec<SeatResult>,
    /// The documents.
    pub documents: Vec<ShownDocument>,
}

impl SignResultView {
    /// What the page shows of a meeting and its contracts as they are. Who may look is not asked
    /// here: see [`Ceremony::resolve_result`].
    #[must_use]
    pub fn of(ceremony: &Ceremony, contracts: &[&Contract]) -> Self {
        let attached = |one: &&&Contract| ceremony.contracts.contains(one.id());
        let contracts: Vec<&Contract> = contracts.iter().filter(attached).copied().collect();
        let parties = ceremony.parties.iter();
        let documents = contracts.iter().flat_map(|contract| {
            contract.documents().iter().map(|document| ShownDocument {
                contract: contract.id().clone(),
                name: contract.name().clone(),
                document: document.id().clone(),
                digest: *document.digest(),
                pages: document.page_count(),
            })
        });
        Self {
            title: ceremony.title.as_ref().map_or_else(String::new, ToString::to_string),
            starts_at: ceremony.schedule.map(|schedule| schedule.starts_at()),
            utc_offset: contracts
                .first()
                .map_or_else(|| Settings::default().utc_offset, |one| one.settings().utc_offset),
            phase: ceremony.phase,
            overall: overall(&contracts),
            background: ceremony.layout().and_then(|layout| layout.background()).cloned(),
            parties: parties.map(|party| party_result(ceremony, party, &contracts)).collect(),
            seats: ceremony.layout().map_or_else(Vec::new, |layout| seats(ceremony, layout)),
            documents: documents.collect(),
        }
    }
}

impl Ceremony {
    /// Opens the sign-result link (S41): for the host and the booker, logged in, or for whoever has
    /// the link, as [`Policy::result_access`](super::Policy) says. It shows and never signs.
    ///
    /// ```
    /// use sealwright::ceremony::{Ceremony, Error, LinkKeys, SignResultView};
    /// use sealwright::contract::Contract;
    /// use sealwright::organization::By;
    /// use time::OffsetDateTime;
    ///
    /// fn open_the_page(
    ///     (meeting, contract): (&Ceremony, &Contract),
    ///     text: &str,
    ///     keys: &LinkKeys,
    ///     viewer: &By<'_>,
    ///     now: OffsetDateTime,
    /// ) -> Result<SignResultView, Error> {
    ///     meeting.resolve_result(text, keys, &[contract], Some(viewer), now)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// `cer.link_forbidden` for a text that is no result link of this meeting, one that was
    /// withdrawn or whose time is over, and for anybody else (R-CER-10).
    pub fn resolve_result(
        &self,
        text: &str,
        keys: &LinkKeys,
        contracts: &[&Contract],
        viewer: Option<&By<'_>>,
        now: OffsetDateTime,
    ) -> Result<SignResultView, Error> {
        self.check_result_link(text, keys, viewer, now)?;
        Ok(SignResultView::of(self, contracts))
    }
}

fn party_result(ceremony: &Ceremony, party: &Party, contracts: &[&Contract]) -> PartyResult {
    let logo = ceremony.layout().and_then(|layout| layout.logo(&party.id));
    let signers = ceremony.signers().filter(|one| one.party() == Some(&party.id));
    PartyResult {
        party: party.id.clone(),
        organization: party.organization.clone(),
        logo: logo.map(|logo| logo.picture.clone()),
        side: ceremony.layout().and_then(|layout| side_of(ceremony, layout, party)),
        signers: signers.map(|signer| signer_result(ceremony, signer, contracts)).collect(),
    }
}

/// The side of a party's logo, else of the first of its signers who sits.
fn side_of(ceremony: &Ceremony, layout: &Layout, party: &Party) -> Option<Side> {
    let template = layout.template();
    let of_logo = layout.logo(&party.id).and_then(|logo| template.logo(&logo.place));
    let mut signers = ceremony.signers().filter(|one| one.party() == Some(&party.id));
    let mut of_seat = || signers.find_map(|one| template.seat(layout.seat_of(one.id())?.0));
    of_logo.map(|place| place.side).or_else(|| of_seat().map(|seat| seat.side))
}

fn seats(ceremony: &Ceremony, layout: &Layout) -> Vec<SeatResult> {
    let seated = layout.seats().filter_map(|(id, place)| {
        let seat = layout.template().seat(id)?;
        let person = ceremony.participants.iter().find(|one| *one.id() == place.participant)?;
        Some(SeatResult {
            seat: id.clone(),
            participant: person.id().clone(),
            name: person.facts().name().clone().into(),
            role: person.role(),
            side: seat.side,
            x: seat.x,
            y: seat.y,
        })
    });
    seated.collect()
}

fn signer_result(
    ceremony: &Ceremony,
    signer: &Participant,
    contracts: &[&Contract],
) -> SignerResult {
    let slots: Vec<(&Contract, &Slot)> = contracts
        .iter()
        .flat_map(|contract| ceremony.slots_of(signer, contract).map(|slot| (*contract, slot)))
        .collect();
    let signed = |slot: &Slot| matches!(slot.state(), SlotState::Signed | SlotState::Released);
    let all_signed = slots.iter().all(|(_, slot)| signed(slot));
    let last = slots.iter().filter_map(|(_, slot)| slot.acted_at()).max();
    SignerResult {
        participant: signer.id().clone(),
        name: signer.facts().name().clone().into(),
        states: slots.iter().map(|(one, slot)| (one.id().clone(), slot.state())).collect(),
        signed_at: last.filter(|_| all_signed),
        seals: slots.iter().flat_map(|(contract, slot)| seals(contract, slot)).collect(),
        signatures: slots.iter().flat_map(|(contract, slot)| signatures(contract, slot)).collect(),
    }
}

fn seals<'a>(contract: &'a Contract, slot: &'a Slot) -> impl Iterator<Item = AppliedSeal> + 'a {
    applied(contract, slot).filter_map(|(document, applied)| match &applied.mark {
        Mark::Seal { seal, version, face, .. } => Some(AppliedSeal {
            contract: contract.id().clone(),
            document: document.clone(),
            seal: seal.clone(),
            version: *version,
            face: *face,
            at: applied.at,
        }),
        _ => None,
    })
}

fn signatures<'a>(
    contract: &'a Contract,
    slot: &'a Slot,
) -> impl Iterator<Item = AppliedSignature> + 'a {
    applied(contract, slot).filter_map(|(document, applied)| match &applied.mark {
        Mark::Signature { method, face } | Mark::Block { method, face, .. } => {
            Some(AppliedSignature {
                contract: contract.id().clone(),
                document: document.clone(),
                method: *method,
                face: *face,
                at: applied.at,
            })
        }
        _ => None,
    })
}

/// What was applied in the controls of a slot, and in which document.
fn applied<'a>(
    contract: &'a Contract,
    slot: &'a Slot,
) -> impl Iterator<Item = (&'a DocumentId, &'a Applied)> {
    let own = contract.controls().iter().filter(|control| control.is_of(slot.id()));
    own.filter_map(|control| match control.state() {
        ControlState::Applied(applied) => Some((&control.key().document, applied)),
        _ => None,
    })
}

fn overall(contracts: &[&Contract]) -> Overall {
    let completed = contracts.iter().filter(|one| super::live::is_completed(one)).count();
    let signed = |slot: &Slot| slot.state() == SlotState::Signed;
    if !contracts.is_empty() && completed == contracts.len() {
        Overall::Completed
    } else if contracts
        .iter()
        .any(|one| one.phase().is_terminal() && !super::live::is_completed(one))
    {
        Overall::Stopped
    } else if completed > 0 || contracts.iter().any(|one| one.slots().iter().any(signed)) {
        Overall::Partial
    } else {
        Overall::Waiting
    }
}

fn whole_seconds<S: Serializer>(offset: &UtcOffset, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i32(offset.whole_seconds())
}
