//! The chapters on what can be shown: the conditions of the law, deviations, how to verify by hand, and
//! the lists of certificates and grants.

use super::compose::{Cell, Column, Piece, SMALL, TEXT, words};
use super::scribe::{Scribe, title};
use super::strip::{AMBER, GREEN};
use super::words::Word;
use crate::appearance::{self, Type};
use crate::execution::Deviation;
use crate::execution::evidence::{GrantEvidence, Reliability, Shown};

impl Scribe<'_> {
    /// Articles 13 and 14, signature by signature.
    pub(super) fn checklist(&mut self) -> Result<(), appearance::Error> {
        self.page.turn();
        self.page.chapter(self.say(Word::Checklist))?;
        self.text(Word::ChecklistNotice)?;
        let evidence = self.evidence;
        for reliability in &evidence.checklist.signatures {
            let signing = evidence.signings.iter().find(|it| it.slot == reliability.slot);
            let name = signing.map_or_else(|| reliability.slot.to_string(), |it| self.signer(it));
            let document = self.document(&reliability.document);
            let first = self.page.strips.len();
            self.page.heading(2, &self.speaker.with(Word::Colon, [&name, &document]))?;
            self.conditions(reliability)?;
            // The five conditions are read together.
            self.page.hold(first);
            self.page.release();
        }
        Ok(())
    }

    fn conditions(&mut self, reliability: &Reliability) -> Result<(), appearance::Error> {
        let columns = [
            Column { heading: self.say(Word::Article), share: 0.9 },
            Column { heading: self.say(Word::Condition), share: 3.4 },
            Column { heading: self.say(Word::Answer), share: 2.6 },
            Column { heading: self.say(Word::Reason), share: 2.8 },
        ];
        let lang = self.speaker.lang;
        let rows = reliability.conditions.iter().map(|condition| {
            let words_of = condition.shown.words(lang);
            let shown = match &condition.shown {
                Shown::Proved => Piece::Toned(words_of, GREEN),
                Shown::AssertedBy { .. } => Piece::Words(words_of),
                Shown::Unknown => Piece::Toned(words_of, AMBER),
            };
            vec![
                words(condition.condition.article()),
                words(condition.condition.words(lang)),
                vec![shown],
                words(condition.reason.words(lang)),
            ]
        });
        let rows = rows.collect();
        self.page.table(&columns, rows)
    }

    /// In what the documents differ from the record.
    pub(super) fn deviations(&mut self) -> Result<(), appearance::Error> {
        self.page.chapter(self.say(Word::Deviations))?;
        self.text(Word::DeviationNotice)?;
        let evidence = self.evidence;
        let deviations = &evidence.verdict.deviations;
        if deviations.is_empty() {
            self.page.callout(self.say(Word::NoDeviation), (TEXT, GREEN))?;
        } else {
            let columns = [
                Column { heading: self.say(Word::Code), share: 2.2 },
                Column { heading: self.say(Word::What), share: 2.8 },
                Column { heading: self.say(Word::Where), share: 2.2 },
                Column { heading: self.say(Word::Values), share: 3.0 },
            ];
            let rows = deviations.iter().map(|it| self.deviation(it)).collect();
            self.page.table(&columns, rows)?;
        }
        self.page.heading(2, self.say(Word::Differences))?;
        let differences = evidence.differences();
        if differences.is_empty() {
            return self.text(Word::NoDifference);
        }
        let columns = [
            Column { heading: self.say(Word::What), share: 2.0 },
            Column { heading: self.say(Word::Where), share: 2.0 },
            Column { heading: self.say(Word::Recorded), share: 3.0 },
            Column { heading: self.say(Word::Shown), share: 3.0 },
        ];
        let rows = differences.iter().map(|it| {
            let mut place = words(self.document(&it.document));
            let slot =
                it.slot.as_ref().map(|slot| self.speaker.with(Word::AtSlot, [slot.as_str()]));
            place.extend(slot.map(Piece::Faint));
            let [recorded, shown] =
                [&it.recorded, &it.shown].map(|text| super::scribe::value(text));
            vec![words(&it.what), place, recorded, shown]
        });
        let rows = rows.collect();
        self.page.table(&columns, rows)
    }

    fn deviation(&self, deviation: &Deviation) -> Vec<Cell> {
        let lang = self.speaker.lang;
        let places = [
            deviation.document.as_ref().map(|it| (Word::AtDocument, it.to_string())),
            deviation.slot.as_ref().map(|it| (Word::AtSlot, it.to_string())),
            deviation.control.as_ref().map(|it| (Word::AtControl, it.to_string())),
            deviation.page.map(|it| (Word::AtPage, it.to_string())),
            deviation.signature.map(|it| (Word::AtSignature, it.to_string())),
        ];
        let places = places.into_iter().flatten();
        let places = places.map(|(word, place)| Piece::Words(self.speaker.with(word, [&place])));
        let values = [deviation.expected.as_str(), deviation.found.as_str()];
        vec![
            words(deviation.code.as_str()),
            words(deviation.code.words(lang)),
            places.collect(),
            words(self.speaker.with(Word::ExpectedFound, values)),
        ]
    }

    /// What everybody can compute himself.
    pub(super) fn verifying(&mut self) -> Result<(), appearance::Error> {
        self.page.chapter(self.say(Word::Verifying))?;
        let document = self.evidence.documents.first();
        let name = document.map_or("contract.pdf", title).to_owned();
        let end = document.and_then(|it| it.revisions.first()).map_or(0, |it| it.end);
        let digest = format!("sha256sum \"{name}\"\nopenssl dgst -sha256 \"{name}\"");
        let prefix = format!("head -c {end} \"{name}\" | sha256sum");
        let judges = format!("pdfsig \"{name}\"\npyhanko sign validate --pretty-print \"{name}\"");
        let end = end.to_string();
        let steps = [
            (self.say(Word::VerifyDigest).to_owned(), Some(digest)),
            (self.speaker.with(Word::VerifyPrefix, [&end]), Some(prefix)),
            (self.say(Word::VerifySignatures).to_owned(), Some(judges)),
            (self.say(Word::VerifyCertificate).to_owned(), None),
            (self.say(Word::VerifySeal).to_owned(), None),
            (self.speaker.with(Word::VerifyTrail, ["csign-audit-v1"]), None),
            (self.say(Word::VerifyReport).to_owned(), None),
        ];
        for (number, (text, command)) in steps.into_iter().enumerate() {
            let number = number + 1;
            self.page.paragraph(&format!("{number}. {text}"), TEXT)?;
            if let Some(command) = command {
                let hand = Type { size: 8.5, ..SMALL };
                self.page.callout(&command, (hand, super::strip::PALE))?;
            }
        }
        Ok(())
    }

    /// Certificates and grants, each once.
    pub(super) fn appendix(&mut self) -> Result<(), appearance::Error> {
        self.page.chapter(self.say(Word::Appendix))?;
        let evidence = self.evidence;
        self.page.heading(2, self.say(Word::CertificatesHeading))?;
        let columns = [
            Column { heading: self.say(Word::SubjectHeading), share: 3.0 },
            Column { heading: self.say(Word::IssuerHeading), share: 2.6 },
            Column { heading: self.say(Word::ValidityHeading), share: 1.7 },
            Column { heading: self.say(Word::Fingerprint), share: 3.3 },
        ];
        let rows = evidence.certificates.iter().map(|it| {
            let serial = self.speaker.with(Word::Serial, [&it.serial]);
            let times =
                [it.not_before, it.not_after].map(|at| Piece::Words(self.speaker.figures(at)));
            vec![
                vec![Piece::Words(it.subject.clone()), Piece::Faint(serial)],
                words(&it.issuer),
                times.to_vec(),
                vec![Piece::Digits(it.fingerprint.to_hex())],
            ]
        });
        let rows = rows.collect();
        self.page.table(&columns, rows)?;
        if evidence.grants.is_empty() {
            return Ok(());
        }
        self.page.heading(2, self.say(Word::GrantsHeading))?;
        let columns = [
            Column { heading: self.say(Word::Grant), share: 2.2 },
            Column { heading: self.say(Word::GrantSeal), share: 2.4 },
            Column { heading: self.say(Word::GrantHolder), share: 2.4 },
            Column { heading: self.say(Word::GrantScope), share: 3.4 },
        ];
        let rows = evidence.grants.iter().map(|it| self.grant_row(it)).collect();
        self.page.table(&columns, rows)
    }

    fn grant_row(&self, grant: &GrantEvidence) -> Vec<Cell> {
        let until = grant.until.map(|at| self.speaker.figures(at));
        let until = until.as_deref().unwrap_or_else(|| self.say(Word::Unlimited));
        let [given, from] = [grant.granted_at, grant.from].map(|at| self.speaker.figures(at));
        let times = self.speaker.with(Word::GrantTimes, [&given, &from, until]);
        let mut scope = vec![Piece::Words(grant.scope.clone()), Piece::Words(times)];
        let uses =
            grant.max_uses.map(|most| self.speaker.with(Word::GrantUses, [&most.to_string()]));
        scope.extend(uses.map(Piece::Faint));
        let revoked = grant.revoked_at.map(|at| self.speaker.figures(at));
        let revoked = revoked.map(|at| self.speaker.with(Word::GrantRevoked, [&at]));
        scope.extend(revoked.map(Piece::Faint));
        let holder = [grant.grantee.as_str(), grant.grantor.as_str()];
        vec![
            vec![Piece::Words(grant.id.to_string()), Piece::Faint(grant.rights.join(", "))],
            vec![
                Piece::Words(grant.seal.to_string()),
                Piece::Faint(self.organization(&grant.organization)),
            ],
            words(self.speaker.with(Word::GrantedTo, holder)),
            scope,
        ]
    }
}
