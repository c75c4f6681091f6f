//! The chapters on the documents, on the order of events, and on the audit trail.

use time::OffsetDateTime;

use super::compose::{Cell, Column, Piece, words};
use super::scribe::{Scribe, title, value};
use super::words::Word;
use crate::appearance;
use crate::audit::{Entry, HashAlgorithm, Verdict};
use crate::execution::evidence::{DocumentEvidence, RevisionEvidence};

/// What kinds of entries are called, and whether they belong to the timeline.
const EVENTS: &[(&str, Word, bool)] = &[
    ("contract.created", Word::EventCreated, true),
    ("contract.edited", Word::EventEdited, false),
    ("contract.start_review", Word::EventReviewed, false),
    ("contract.start_reviewed", Word::EventReviewed, true),
    ("contract.review_result", Word::EventReviewed, true),
    ("contract.started", Word::EventStarted, true),
    ("contract.opened", Word::EventOpened, false),
    ("contract.filled", Word::EventFilled, true),
    ("contract.signing_begun", Word::EventBegun, false),
    ("contract.signed", Word::EventSigned, true),
    ("contract.completed", Word::EventCompleted, true),
    ("contract.closed", Word::EventClosed, true),
    ("contract.declined", Word::EventDeclined, true),
    ("contract.fill_declined", Word::EventDeclined, true),
    ("contract.cancelled", Word::EventCancelled, true),
    ("contract.expired", Word::EventExpired, true),
    ("contract.deadline_extended", Word::EventExtended, true),
    ("contract.forwarded", Word::EventForwarded, true),
    ("contract.reminded", Word::EventReminded, false),
    ("contract.delivery_withheld", Word::EventWithheld, false),
    ("contract.delivery_restored", Word::EventRestored, false),
    ("contract.release_started", Word::EventReleaseStarted, true),
    ("contract.released", Word::EventReleased, true),
    ("contract.archived", Word::EventArchived, false),
    ("contract.meeting_called_off", Word::EventCalledOff, false),
    ("contract.signing_abandoned", Word::EventAbandoned, false),
    ("contract.bound", Word::EventBound, false),
    ("contract.invalidated", Word::EventInvalidated, true),
    ("contract.purged", Word::EventPurged, true),
    ("document.composed", Word::EventComposed, true),
    ("document.integrity_checked", Word::EventChecked, true),
];

impl Scribe<'_> {
    /// Every document with its revisions.
    pub(super) fn documents(&mut self) -> Result<(), appearance::Error> {
        self.page.chapter(self.say(Word::DocumentsChapter))?;
        self.text(Word::RevisionNotice)?;
        let evidence = self.evidence;
        for document in &evidence.documents {
            self.page.heading(2, title(document))?;
            let facts = self.document_facts(document);
            self.page.facts(facts)?;
            self.page.heading(3, self.say(Word::Revisions))?;
            let columns = [
                Column { heading: self.say(Word::Number), share: 0.7 },
                Column { heading: self.say(Word::Step), share: 2.2 },
                Column { heading: self.say(Word::ByteRange), share: 2.2 },
                Column { heading: self.say(Word::FileDigest), share: 4.3 },
            ];
            let issued = document.issued_length;
            let rows = document.revisions.iter().map(|it| self.revision(it, issued)).collect();
            self.page.table(&columns, rows)?;
        }
        Ok(())
    }

    fn document_facts(&self, document: &DocumentEvidence) -> Vec<(&'static str, Cell)> {
        let bytes = |length: u64, digest: Cell| {
            let mut cell = words(self.speaker.with(Word::Bytes, [&length.to_string()]));
            cell.extend(digest);
            cell
        };
        let (issued, now) = (value(&document.issued.to_string()), self.compared(&document.digest));
        vec![
            (self.say(Word::Document), words(document.id.as_str())),
            (self.say(Word::Pages), words(document.pages.to_string())),
            (self.say(Word::IssuedBytes), bytes(document.issued_length, issued)),
            (self.say(Word::NowBytes), bytes(document.length, now)),
        ]
    }

    /// `issued` bytes were there when the document was issued.
    fn revision(&self, revision: &RevisionEvidence, issued: u64) -> Vec<Cell> {
        let step = match revision.signature {
            Some(number) => self.speaker.with(Word::StepSigned, [&number.to_string()]),
            None if revision.start < issued => self.say(Word::StepIssued).to_owned(),
            None => self.say(Word::StepPrepared).to_owned(),
        };
        vec![
            words(revision.number.to_string()),
            words(step),
            words(format!("{}–{}", revision.start, revision.end)),
            value(&revision.document_digest.to_string()),
        ]
    }

    /// What happened when, from all sources.
    pub(super) fn timeline(&mut self) -> Result<(), appearance::Error> {
        self.page.chapter(self.say(Word::Timeline))?;
        let mut events: Vec<(OffsetDateTime, Vec<Cell>)> = Vec::new();
        let evidence = self.evidence;
        for entry in self.options.trail {
            let known = EVENTS.iter().find(|(kind, _, tells)| *kind == entry.kind() && *tells);
            if let Some((_, word, _)) = known {
                events.push((entry.at(), vec![words(self.say(*word)), self.actor(entry)]));
            }
        }
        if let Some((ceremony, at)) =
            evidence.ceremony.as_ref().and_then(|it| Some((it, it.starts_at?)))
        {
            let organizer = self.organization(&ceremony.organizer);
            events.push((at, vec![words(self.say(Word::EventMeeting)), words(organizer)]));
        }
        for (document, report) in &evidence.verdict.reports {
            let document = self.document(document);
            for signature in &report.signatures {
                let index = signature.index.to_string();
                let of = |word| words(self.speaker.with(word, [&index, &document]));
                let times = [
                    (signature.time.claimed, Word::EventClaimed, Word::EventSigner),
                    (signature.time.proven, Word::EventProven, Word::EventAuthority),
                ];
                for (at, word, by) in times {
                    events.extend(at.map(|at| (at, vec![of(word), words(self.say(by))])));
                }
            }
        }
        events.sort_by_key(|(at, _)| *at);
        let rows = events.into_iter().map(|(at, cells)| {
            let mut row = vec![words(self.speaker.figures(at))];
            row.extend(cells);
            row
        });
        let rows = rows.collect();
        let zone = self.speaker.zone();
        let time = self.speaker.with(Word::Time, [&zone]);
        let columns = [
            Column { heading: &time, share: 2.4 },
            Column { heading: self.say(Word::Event), share: 4.2 },
            Column { heading: self.say(Word::Actor), share: 2.6 },
        ];
        self.page.table(&columns, rows)
    }

    fn actor(&self, entry: &Entry) -> Cell {
        words(entry.actor())
    }

    /// The audit trail, entry by entry.
    pub(super) fn trail(&mut self) -> Result<(), appearance::Error> {
        self.page.turn();
        self.page.chapter(self.say(Word::Trail))?;
        let trail = &self.evidence.trail;
        let verdict = self.say(match trail.verdict {
            Verdict::Complete => Word::TrailComplete,
            Verdict::ConsistentOnly => Word::TrailConsistent,
        });
        let facts = vec![
            (self.say(Word::TrailEntries), words(trail.entries.to_string())),
            (self.say(Word::TrailAlgorithm), words(hash(trail.head.algorithm()))),
            (self.say(Word::HeadHash), vec![Piece::Digits(trail.head.hash())]),
            (self.say(Word::TrailVerdict), words(verdict)),
        ];
        self.page.facts(facts)?;
        self.text(Word::TrailNotice)?;
        let zone = self.speaker.zone();
        let time = self.speaker.with(Word::Time, [&zone]);
        let columns = [
            Column { heading: self.say(Word::Number), share: 0.5 },
            Column { heading: &time, share: 1.45 },
            Column { heading: self.say(Word::Event), share: 2.75 },
            Column { heading: self.say(Word::Actor), share: 1.6 },
            Column { heading: self.say(Word::Hash), share: 3.6 },
        ];
        let rows = self.options.trail.iter().map(|entry| self.entry(entry)).collect();
        self.page.table(&columns, rows)
    }

    fn entry(&self, entry: &Entry) -> Vec<Cell> {
        let known = EVENTS.iter().find(|(kind, ..)| *kind == entry.kind());
        let mut event: Cell = Vec::new();
        event.extend(known.map(|(_, word, _)| Piece::Words(self.say(*word).to_owned())));
        event.push(Piece::Faint(entry.kind().to_owned()));
        if let (Some(before), Some(after)) = entry.states() {
            event.push(Piece::Faint(format!("{before} → {after}")));
        }
        vec![
            words(entry.seq().to_string()),
            words(self.speaker.figures(entry.at())),
            event,
            self.actor(entry),
            vec![Piece::Digits(entry.hash())],
        ]
    }
}

/// The name of the standard: SHA-256, SM3.
fn hash(algorithm: HashAlgorithm) -> String {
    format!("{algorithm:?}").to_uppercase().replace("SHA256", "SHA-256")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_called_as_their_standards_call_them() {
        assert_eq!(hash(HashAlgorithm::Sha256), "SHA-256");
        #[cfg(feature = "sm")]
        assert_eq!(hash(HashAlgorithm::Sm3), "SM3");
    }

    #[test]
    fn every_kind_of_entry_is_called_something() {
        let source = include_str!("../../../contract/event.rs");
        let (_, kinds) = source.split_once("fn kind(&self)").unwrap();
        let (kinds, _) = kinds.split_once("fn details").unwrap();
        let kinds: Vec<&str> = kinds.split('"').skip(1).step_by(2).collect();
        assert!(kinds.len() > 25, "{kinds:?}");
        for kind in kinds {
            assert!(EVENTS.iter().any(|(known, ..)| *known == kind), "{kind}");
        }
    }
}
