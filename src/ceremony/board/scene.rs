//! What a board says, read off the view: names opened, pictures found, equal marks counted.

use std::collections::HashMap;

use super::super::participant::Role;
use super::super::result_view::{PartyResult, SignResultView, SignerResult};
use super::super::template::Side;
use super::picture::{Album, Shown, Wanted};
use super::words::{Progress, Standing, Words};
use crate::digest::Digest;

/// So many parties stand beside each other on every screen; of more, some stand under others, and
/// the sides of the stage mean nothing for their cards.
const MOST_IN_ONE_ROW: usize = 3;

/// Everything that is drawn, in every shape of the board.
pub(super) struct Scene {
    pub(super) title: String,
    pub(super) date: String,
    pub(super) progress: Progress,
    pub(super) status: &'static str,
    pub(super) signed: usize,
    pub(super) signers: usize,
    /// When the last of all signed.
    pub(super) finished: String,
    pub(super) background: Option<Shown>,
    pub(super) parties: Vec<PartyScene>,
    pub(super) seats: Vec<SeatScene>,
    /// What each is called; how long it is, and the head of its digest.
    pub(super) documents: Vec<(String, String)>,
}

/// The card of a party.
pub(super) struct PartyScene {
    pub(super) name: String,
    pub(super) logo: Option<Shown>,
    pub(super) seals: Vec<MarkScene>,
    pub(super) signers: Vec<SignerScene>,
}

/// The line of a signer.
pub(super) struct SignerScene {
    pub(super) name: String,
    pub(super) standing: Standing,
    pub(super) says: String,
    pub(super) signatures: Vec<MarkScene>,
}

/// One face, applied once or more often.
pub(super) struct MarkScene {
    pub(super) picture: Option<Shown>,
    /// Which one it is, for whoever has no picture of it.
    pub(super) name: String,
    pub(super) digest: String,
    pub(super) count: usize,
}

/// Somebody who sits.
pub(super) struct SeatScene {
    pub(super) name: String,
    pub(super) role: &'static str,
    pub(super) signs: bool,
    pub(super) has_signed: bool,
    pub(super) side: Side,
    pub(super) x: u16,
    pub(super) y: u16,
}

impl Scene {
    pub(super) fn of(view: &SignResultView, words: Words, album: &mut Album<'_>) -> Self {
        let today = view.starts_at.and_then(|at| words.day(at));
        let mut parties: Vec<&PartyResult> = view.parties.iter().collect();
        if parties.len() <= MOST_IN_ONE_ROW {
            // Stable: the organizer comes first where the layout says nothing.
            parties.sort_by_key(|party| match party.side {
                Some(Side::Left) => 0,
                Some(Side::Right) => 2,
                _ => 1,
            });
        }
        let signers: Vec<&SignerResult> =
            view.parties.iter().flat_map(|one| &one.signers).collect();
        let (progress, status) = words.overall(view);
        let last = signers.iter().filter_map(|one| one.signed_at).max();
        Self {
            title: view.title.clone(),
            date: view.starts_at.map_or_else(String::new, |at| words.date(at)),
            progress,
            status,
            signed: signers.iter().filter(|one| one.signed_at.is_some()).count(),
            signers: signers.len(),
            finished: last.map_or_else(String::new, |at| words.moment(at, today)),
            background: view
                .background
                .as_ref()
                .and_then(|picture| album.find(Wanted::Background(picture))),
            parties: parties.iter().map(|one| party(one, words, today, album)).collect(),
            seats: seats(view, words),
            documents: view
                .documents
                .iter()
                .map(|one| {
                    let name = words.titled(one.name.as_str());
                    let pages = words.pages(one.pages);
                    (name, format!("{pages} · {}", head(&one.digest)))
                })
                .collect(),
        }
    }
}

impl PartyScene {
    /// Whether everybody has signed who can.
    pub(super) fn is_done(&self) -> bool {
        !self.signers.is_empty() && self.signers.iter().all(|one| one.standing == Standing::Done)
    }
}

fn party(
    party: &PartyResult,
    words: Words,
    today: Option<time::Date>,
    album: &mut Album<'_>,
) -> PartyScene {
    let mut seals = Vec::new();
    for one in party.signers.iter().flat_map(|signer| &signer.seals) {
        let name = format!("{} v{}", one.seal, one.version);
        seals.push((name, one.face, album.find(Wanted::Seal(one))));
    }
    PartyScene {
        name: party.organization.to_string(),
        logo: party.logo.as_ref().and_then(|logo| album.find(Wanted::Logo(logo))),
        seals: counted(seals),
        signers: party.signers.iter().map(|one| signer(one, words, today, album)).collect(),
    }
}

fn signer(
    signer: &SignerResult,
    words: Words,
    today: Option<time::Date>,
    album: &mut Album<'_>,
) -> SignerScene {
    let (standing, says) = words.signer(signer, today);
    let signatures = signer.signatures.iter().map(|one| {
        let name = words.pick("签名", "Signature").to_owned();
        (name, one.face, album.find(Wanted::Signature(one)))
    });
    SignerScene {
        name: signer.name.get().expose().to_owned(),
        standing,
        says,
        signatures: counted(signatures.collect()),
    }
}

/// Equal marks once each, in the order in which they were first applied.
fn counted(marks: Vec<(String, Digest, Option<Shown>)>) -> Vec<MarkScene> {
    let mut places: HashMap<(String, Digest), usize> = HashMap::new();
    let mut counted: Vec<MarkScene> = Vec::new();
    for (name, digest, picture) in marks {
        let place = *places.entry((name.clone(), digest)).or_insert(counted.len());
        match counted.get_mut(place) {
            Some(mark) => mark.count += 1,
            None => counted.push(MarkScene { picture, name, digest: head(&digest), count: 1 }),
        }
    }
    counted
}

fn seats(view: &SignResultView, words: Words) -> Vec<SeatScene> {
    let signers = view.parties.iter().flat_map(|party| &party.signers);
    let signed: HashMap<_, _> =
        signers.map(|one| (&one.participant, one.signed_at.is_some())).collect();
    let seats = view.seats.iter().map(|seat| SeatScene {
        name: seat.name.get().expose().to_owned(),
        role: words.role(seat.role),
        signs: seat.role == Role::Signer,
        has_signed: signed.get(&seat.participant).copied().unwrap_or(false),
        side: seat.side,
        x: seat.x,
        y: seat.y,
    });
    seats.collect()
}

/// Enough of a digest to tell documents apart by eye.
fn head(digest: &Digest) -> String {
    let head: String = digest.to_hex().chars().take(8).collect();
    format!("{} {head}…", digest.algorithm())
}
