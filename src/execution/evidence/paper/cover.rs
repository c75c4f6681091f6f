//! The first page, and the chapter on the contract.

use time::OffsetDateTime;

use super::compose::{Cell, Piece, TEXT, words};
use super::scribe::{Scribe, title};
use super::strip::{AMBER, GREEN, GREY, LEFT, NAVY, PAGE, RED, Shape, Strip};
use super::tree::Role;
use super::words::Word;
use crate::appearance::{self, Type};
use crate::contract::{Colour, Phase};
use crate::execution::Overall;
use crate::execution::evidence::{Capacity, CeremonyEvidence};

/// The place on the first page that is free for the seal of whoever issues the report: its left and its
/// upper edge and its sides, in points from the upper left corner of the page.
pub(super) const SEAL: [f64; 4] = [PAGE[0] - LEFT - SEAL_SIDE, 618.0, SEAL_SIDE, SEAL_SIDE];
const SEAL_SIDE: f64 = 136.0;
/// Where what else is on the first page ends.
pub(super) const FIRST_END: f64 = SEAL[1] - 12.0;

impl Scribe<'_> {
    /// Title, verdict, and what it is about.
    pub(super) fn cover(&mut self, now: OffsetDateTime) -> Result<(), appearance::Error> {
        let evidence = self.evidence;
        let hand = Type { size: 22.0, bold: true, colour: NAVY };
        self.page.bookmark(1, self.say(Word::Title));
        self.page.lines(self.say(Word::Title), hand, (Role::Heading(1), 0.0))?;
        let shapes = vec![Shape::Fill { at: [0.0, 6.0], size: [60.0, 3.0], colour: RED }];
        self.page.push(Strip { height: 18.0, shapes, keeps: true, ..Strip::default() });
        let hand = Type { size: 14.0, bold: true, ..TEXT };
        self.page.lines(&evidence.contract.title, hand, (Role::Paragraph, 0.0))?;

        let (verdict, colour) = self.verdict();
        let hand = Type { size: 11.0, bold: true, colour };
        self.page.callout(&verdict, (hand, colour))?;

        let facts = self.cover_facts(now);
        self.page.facts(facts)?;
        let hand = Type { size: 8.5, bold: false, colour: GREY };
        self.page.paragraph(self.say(Word::Caution), hand)?;
        let zone = self.speaker.zone();
        self.page.paragraph(&self.speaker.with(Word::Times, [&zone]), hand)
    }

    /// The answer in one sentence.
    fn verdict(&self) -> (String, Colour) {
        let verdict = &self.evidence.verdict;
        let count = verdict.deviations.len().to_string();
        let (word, colour) = match verdict.overall {
            Overall::IntactAllExpected => (Word::VerdictExpected, GREEN),
            Overall::IntactSomeForeign => (Word::VerdictForeign, AMBER),
            Overall::Tampered => (Word::VerdictTampered, RED),
            Overall::NoSignature => (Word::VerdictUnsigned, RED),
            Overall::Malformed => (Word::VerdictMalformed, RED),
        };
        (self.speaker.with(word, [&count]), colour)
    }

    fn cover_facts(&self, now: OffsetDateTime) -> Vec<(&'static str, Cell)> {
        let evidence = self.evidence;
        let contract = &evidence.contract;
        let mut facts = vec![(self.say(Word::ContractId), words(contract.id.as_str()))];
        if let Some(number) = &contract.number {
            facts.push((self.say(Word::ContractNumber), words(number)));
        }
        let parties = evidence.parties.iter().map(|party| Piece::Words(self.party(party)));
        // A page has room for so many; all of them have a chapter.
        let (shown, all) = (8, evidence.parties.len());
        let mut parties: Cell = parties.take(shown).collect();
        if all > shown {
            parties.push(Piece::Faint(format!("… ({all})")));
        }
        facts.push((self.say(Word::Parties), parties));
        let requester = &evidence.requester;
        let capacity = self.say(match requester.capacity {
            Capacity::SuperAdmin => Word::SuperAdmin,
            Capacity::LegalRepresentative => Word::LegalRepresentative,
        });
        let values = [requester.name.as_str(), capacity, requester.employee.as_str()];
        let asked = self.speaker.with(Word::RequestedAs, values);
        facts.push((self.say(Word::Requester), words(asked)));
        if let Some(number) = self.options.number {
            facts.push((self.say(Word::ReportNumber), words(number)));
        }
        facts.push((self.say(Word::IssuedAt), words(self.speaker.moment(now))));
        let gathered = self.speaker.moment(evidence.gathered_at);
        facts.push((self.say(Word::GatheredAt), words(gathered)));
        let head = vec![Piece::Digits(evidence.trail.head.hash())];
        facts.push((self.say(Word::HeadHash), head));
        facts
    }

    /// What the first page has besides: the frame for the issuer's seal.
    pub(super) fn seal_place(&self) -> Result<Vec<Shape>, appearance::Error> {
        let [left, top, width, height] = SEAL;
        let hand = Type { size: 8.0, bold: false, colour: GREY };
        let line = self.page.setter.first_line(self.say(Word::SealPlace), hand, width)?;
        let at = [left + (width - line.width()) / 2.0, top + height + 12.0];
        Ok(vec![
            Shape::Frame { at: [left, top], size: [width, height], dash: Some(3.0), colour: GREY },
            Shape::Text { line, at, of: None },
        ])
    }

    /// The contract as such.
    pub(super) fn contract(&mut self) -> Result<(), appearance::Error> {
        let evidence = self.evidence;
        let contract = &evidence.contract;
        self.page.turn();
        self.page.chapter(self.say(Word::Contract))?;
        let state = match contract.phase {
            Phase::Completed => self.say(Word::StateCompleted),
            Phase::Released => self.say(Word::StateReleased),
            other => other.name(),
        };
        let initiator = self.organization(&contract.initiator);
        let values = [initiator.as_str(), contract.written_by.as_str()];
        let number = contract.number.as_deref().unwrap_or_else(|| self.say(Word::None));
        let mut facts = vec![
            (self.say(Word::ContractTitle), words(&contract.title)),
            (self.say(Word::ContractNumber), words(number)),
            (self.say(Word::ContractId), words(contract.id.as_str())),
            (self.say(Word::State), words(state)),
            (self.say(Word::Initiator), words(self.speaker.with(Word::InitiatedBy, values))),
        ];
        let times = [(Word::StartedAt, contract.started_at), (Word::Deadline, contract.deadline)];
        for (word, at) in times {
            facts.extend(at.map(|at| (self.say(word), words(self.speaker.moment(at)))));
        }
        let linked =
            [(Word::Releases, &contract.releases), (Word::ReleasedBy, &contract.released_by)];
        for (word, id) in linked {
            facts.extend(id.as_ref().map(|id| (self.say(word), words(id.as_str()))));
        }
        facts.push((self.say(Word::Documents), words(self.counted_documents())));
        facts.push((self.say(Word::Signatures), words(self.counted_signatures())));
        self.page.facts(facts)?;
        let names = evidence.documents.iter().map(|document| {
            let name = title(document).to_owned();
            (
                document.id.as_str(),
                vec![Piece::Words(name), Piece::Faint(self.pages(document.pages))],
            )
        });
        let names = names.collect();
        self.page.heading(2, self.say(Word::Documents))?;
        self.page.facts(names)?;
        match &evidence.ceremony {
            Some(ceremony) => self.ceremony(ceremony),
            None => Ok(()),
        }
    }

    fn counted_documents(&self) -> String {
        let documents = &self.evidence.documents;
        let pages: u32 = documents.iter().fold(0, |sum, it| sum.saturating_add(it.pages));
        let (documents, pages) = (documents.len().to_string(), pages.to_string());
        self.speaker.with(Word::CountDocuments, [&documents, &pages])
    }

    fn counted_signatures(&self) -> String {
        let reports = self.evidence.verdict.reports.values();
        let all: usize = reports.map(|report| report.signatures.len()).sum();
        let signers = self.evidence.signings.iter().flat_map(|it| &it.signatures);
        let signers = signers.filter(|it| it.index.is_some()).count().to_string();
        self.speaker.with(Word::CountSignatures, [&all.to_string(), &signers])
    }

    pub(super) fn pages(&self, pages: u32) -> String {
        self.speaker.with(Word::Colon, [self.say(Word::Pages), &pages.to_string()])
    }

    fn ceremony(&mut self, ceremony: &CeremonyEvidence) -> Result<(), appearance::Error> {
        self.page.heading(2, self.say(Word::Meeting))?;
        let mut facts = Vec::new();
        if let Some(title) = &ceremony.title {
            facts.push((self.say(Word::ContractTitle), words(title)));
        }
        facts.push((self.say(Word::MeetingId), words(ceremony.id.as_str())));
        facts.push((self.say(Word::Organizer), words(self.organization(&ceremony.organizer))));
        if let (Some(from), Some(until)) = (ceremony.starts_at, ceremony.ends_at) {
            let [from, until] = [from, until].map(|at| self.speaker.moment(at));
            let planned = self.speaker.with(Word::FromTo, [&from, &until]);
            facts.push((self.say(Word::Planned), words(planned)));
        }
        facts.push((self.say(Word::State), words(&ceremony.phase)));
        self.page.facts(facts)
    }
}
