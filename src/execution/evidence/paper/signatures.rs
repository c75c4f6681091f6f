//! The chapter on the signatures: who, with what, when, and what it covers.

use super::compose::{Cell, Column, Piece, TEXT, words};
use super::parties::known;
use super::scribe::Scribe;
use super::strip::{AMBER, BLACK, GREEN, RED};
use super::words::Word;
use crate::appearance;
use crate::contract::{Colour, IntentMethod};
use crate::execution::evidence::{SignatureEvidence, SigningEvidence, SigningRecord};
use crate::report::{
    ByteRangeState, Conclusion, IdentityStatus, Integrity, Kind, ModificationLevel,
    SignatureReport, TimeSource,
};

impl Scribe<'_> {
    /// Every signer with his signatures, then those of nobody among them.
    pub(super) fn signatures(&mut self) -> Result<(), appearance::Error> {
        self.page.turn();
        self.page.chapter(self.say(Word::SignaturesChapter))?;
        let evidence = self.evidence;
        for signing in &evidence.signings {
            self.page.heading(2, &self.signer(signing))?;
            let facts = self.signing_facts(signing);
            self.page.facts(facts)?;
            for signature in &signing.signatures {
                self.signature(signature)?;
            }
        }
        self.others()
    }

    fn signing_facts(&self, signing: &SigningEvidence) -> Vec<(&'static str, Cell)> {
        let party = self.evidence.party(signing);
        let organization = party.and_then(|party| party.name.as_deref());
        let organization = organization.unwrap_or_else(|| self.say(Word::NaturalPerson));
        let mut organization = words(organization);
        let recorded = signing.recorded.as_ref();
        if let Some(code) = recorded.and_then(|it| it.uscc.as_ref()) {
            organization.push(Piece::Faint(code.to_string()));
        }
        let person = signing.person.as_deref().unwrap_or_else(|| self.say(Word::NoHuman));
        let mut facts = vec![
            (self.say(Word::Organization), organization),
            (self.say(Word::Signer), words(person)),
        ];
        if !signing.role.is_empty() {
            facts.push((self.say(Word::Capacity), words(&signing.role)));
        }
        match recorded {
            Some(recorded) => facts.extend(self.recorded(recorded)),
            None => facts.push((self.say(Word::SignedAt), words(self.say(Word::NotRecorded)))),
        }
        let custody = match &signing.asserted.custody {
            Some(said) => self.speaker.with(Word::Said, [said.by(), said.reference()]),
            None => self.say(Word::Unknown).to_owned(),
        };
        facts.push((self.say(Word::Custody), words(custody)));
        facts
    }

    /// What the trail says of the signing.
    fn recorded(&self, recorded: &SigningRecord) -> Vec<(&'static str, Cell)> {
        let mut facts = Vec::new();
        if let Some(signer) = &recorded.signer {
            facts.push((self.say(Word::IdentityReference), words(signer.masked())));
        }
        facts.push((self.say(Word::SignedAt), words(self.speaker.moment(recorded.at))));
        let source = match recorded.time_source.as_str() {
            "local" => self.say(Word::TimeLocal).to_owned(),
            authority => self.speaker.with(Word::TimeTrusted, [authority]),
        };
        facts.push((self.say(Word::TimeSource), words(source)));
        let checks = recorded.intent.iter().map(|check| {
            let (method, at) = (self.intent(check.method), self.speaker.moment(check.at));
            let values = [method, check.reference.as_str(), at.as_str()];
            Piece::Words(self.speaker.with(Word::IntentLine, values))
        });
        let checks: Cell = checks.collect();
        let checks = if checks.is_empty() { words(self.say(Word::NotRecorded)) } else { checks };
        facts.push((self.say(Word::Intent), checks));
        let warrant = self.say(match recorded.warrant.as_str() {
            "permitted" => Word::WarrantPermitted,
            _ => Word::WarrantHost,
        });
        facts.push((self.say(Word::Warrant), words(warrant)));
        let client = recorded.client.iter();
        let client: Cell = client
            .map(|(name, value)| Piece::Words(self.speaker.with(Word::Colon, [name, value])))
            .collect();
        if !client.is_empty() {
            facts.push((self.say(Word::Client), client));
        }
        facts
    }

    fn intent(&self, method: IntentMethod) -> &'static str {
        self.say(match method {
            IntentMethod::Face => Word::IntentFace,
            IntentMethod::Password => Word::IntentPassword,
            IntentMethod::CarrierThreeFactor => Word::IntentCarrier,
            IntentMethod::HardwareKey => Word::IntentKey,
            IntentMethod::DeviceFingerprint => Word::IntentFinger,
            IntentMethod::DeviceFace => Word::IntentDeviceFace,
        })
    }

    /// One signature in one document.
    fn signature(&mut self, signature: &SignatureEvidence) -> Result<(), appearance::Error> {
        let document = self.document(&signature.document);
        let Some(report) = self.evidence.signature(signature) else {
            let text = self.speaker.with(Word::NoSignatureIn, [&document]);
            return self.page.heading(3, &text);
        };
        let index = report.index.to_string();
        self.page.heading(3, &self.speaker.with(Word::InDocument, [&index, &document]))?;
        let mut facts = self.judged(report);
        facts.push((self.say(Word::Certificate), self.certificate(signature, report)));
        facts.push((self.say(Word::Algorithm), self.compared(&signature.algorithm)));
        facts.push((self.say(Word::Level), words(report.level.as_str())));
        facts.extend(self.times(report));
        facts.push((self.say(Word::Covers), words(self.coverage(report))));
        facts.push((self.say(Word::ChangedLater), self.later(report)));
        facts.push((self.say(Word::Before), self.compared(&signature.before)));
        facts.push((self.say(Word::After), self.compared(&signature.after)));
        let seals = signature.seals.iter().flat_map(|seal| {
            let named =
                self.speaker.with(Word::SealVersion, [known(&seal.seal), known(&seal.version)]);
            let named = self.speaker.with(Word::Colon, [&seal.control, &named]);
            let grant = self.grant(known(&seal.grant));
            std::iter::once(Piece::Words(named)).chain(grant.into_iter().map(|piece| match piece {
                Piece::Words(text) => Piece::Faint(text),
                other => other,
            }))
        });
        let seals: Cell = seals.collect();
        if !seals.is_empty() {
            facts.push((self.say(Word::Seal), seals));
        }
        let others = signature.others.iter().map(|other| {
            let mark = self.say(match other.mark.as_str() {
                "signature" => Word::MarkSignature,
                "date" => Word::MarkDate,
                "opinion" => Word::MarkOpinion,
                _ => Word::MarkBlock,
            });
            Piece::Words(self.speaker.with(Word::Colon, [&other.control, mark]))
        });
        let others: Cell = others.collect();
        if !others.is_empty() {
            facts.push((self.say(Word::Applied), others));
        }
        facts.extend(self.findings(report));
        self.page.facts(facts)
    }

    /// The judge's answers on bytes and trust.
    fn judged(&self, report: &SignatureReport) -> Vec<(&'static str, Cell)> {
        let (word, colour) = concluded(report.conclusion);
        let integrity = self.say(match report.integrity {
            Integrity::Intact => Word::Intact,
            Integrity::Weak => Word::Weak,
            Integrity::Broken => Word::Broken,
            Integrity::Unsupported => Word::Unjudged,
        });
        let trust = self.say(match report.identity.status {
            IdentityStatus::Trusted | IdentityStatus::TrustedDirectly => Word::Trusted,
            IdentityStatus::Untrusted => Word::Untrusted,
            IdentityStatus::Expired => Word::Expired,
            IdentityStatus::NotYetValid => Word::NotYetValid,
            IdentityStatus::Unsupported | IdentityStatus::Missing => Word::TrustUnjudged,
            IdentityStatus::NotChecked => Word::TrustNotAsked,
        });
        let cell = vec![
            Piece::Toned(self.say(word).to_owned(), colour),
            Piece::Words(integrity.to_owned()),
            Piece::Words(trust.to_owned()),
        ];
        vec![(self.say(Word::Judged), cell)]
    }

    fn certificate(&self, signature: &SignatureEvidence, report: &SignatureReport) -> Cell {
        let identity = &report.identity;
        let subject = identity.subject.as_deref().unwrap_or_else(|| self.say(Word::Unknown));
        let mut cell = words(subject);
        for (word, compared) in
            [(Word::IssuedBy, &signature.issuer), (Word::Serial, &signature.serial)]
        {
            match (&compared.recorded, &compared.shown) {
                (Some(recorded), Some(shown)) if recorded != shown => {
                    let pairs = [(Word::Recorded, recorded), (Word::Shown, shown)];
                    cell.extend(pairs.map(|(source, value)| {
                        let text = self.speaker.with(word, [value]);
                        let text = self.speaker.with(Word::Colon, [self.say(source), &text]);
                        Piece::Toned(text, RED)
                    }));
                }
                _ => cell.push(Piece::Words(self.speaker.with(word, [known(compared)]))),
            }
        }
        if let (Some(from), Some(until)) = (identity.not_before, identity.not_after) {
            let [from, until] = [from, until].map(|at| self.speaker.moment(at));
            cell.push(Piece::Words(self.speaker.with(Word::Validity, [&from, &until])));
        }
        cell
    }

    fn times(&self, report: &SignatureReport) -> Vec<(&'static str, Cell)> {
        let claimed = report.time.claimed.map(|at| self.speaker.moment(at));
        let claimed = claimed.unwrap_or_else(|| self.say(Word::None).to_owned());
        let proven = match (report.time.proven, report.time.source) {
            (Some(at), Some(source)) => {
                let word = match source {
                    TimeSource::SignatureTimestamp => Word::ByTimestamp,
                    TimeSource::DocumentTimestamp => Word::ByDocumentTimestamp,
                };
                self.speaker.with(word, [&self.speaker.moment(at)])
            }
            _ => self.say(Word::NotProven).to_owned(),
        };
        vec![
            (self.say(Word::ClaimedTime), words(claimed)),
            (self.say(Word::ProvenTime), words(proven)),
        ]
    }

    fn coverage(&self, report: &SignatureReport) -> String {
        let coverage = &report.coverage;
        if coverage.byte_range == ByteRangeState::Bad {
            return self.say(Word::CoversBad).to_owned();
        }
        if coverage.whole_file {
            return self.say(Word::CoversAll).to_owned();
        }
        let revision = coverage.revision.map(|number| number.to_string());
        let revision = revision.as_deref().unwrap_or_else(|| self.say(Word::Unknown));
        self.speaker.with(Word::CoversRevision, [revision, &coverage.tail_bytes.to_string()])
    }

    fn later(&self, report: &SignatureReport) -> Cell {
        let (word, colour) = match report.modification.level {
            ModificationLevel::None => (Word::ChangedNothing, BLACK),
            ModificationLevel::Lta => (Word::ChangedLta, BLACK),
            ModificationLevel::Form => (Word::ChangedForm, BLACK),
            ModificationLevel::Annotation => (Word::ChangedAnnotation, BLACK),
            ModificationLevel::Forbidden => (Word::ChangedForbidden, RED),
        };
        match colour {
            BLACK => words(self.say(word)),
            colour => vec![Piece::Toned(self.say(word).to_owned(), colour)],
        }
    }

    fn findings(&self, report: &SignatureReport) -> Option<(&'static str, Cell)> {
        let findings = report.findings.iter().map(|finding| {
            let (code, message) = (finding.code.as_str(), finding.message_in(self.speaker.lang));
            Piece::Words(self.speaker.with(Word::Finding, [code, &message]))
        });
        let findings: Cell = findings.collect();
        (!findings.is_empty()).then(|| (self.say(Word::Findings), findings))
    }

    /// Signatures that belong to no signer: the platform's, time-stamps, strangers'.
    fn others(&mut self) -> Result<(), appearance::Error> {
        let evidence = self.evidence;
        let known: Vec<_> = evidence
            .signings
            .iter()
            .flat_map(|signing| &signing.signatures)
            .filter_map(|it| Some((&it.document, it.index?)))
            .collect();
        let mut rows = Vec::new();
        for (document, report) in &evidence.verdict.reports {
            let others = report.signatures.iter();
            for other in others.filter(|it| !known.contains(&(document, it.index))) {
                rows.push(self.other(self.document(document), other));
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.page.heading(2, self.say(Word::OtherSignatures))?;
        let columns = [
            Column { heading: self.say(Word::Document), share: 2.4 },
            Column { heading: self.say(Word::Field), share: 2.4 },
            Column { heading: self.say(Word::Signed), share: 3.6 },
            Column { heading: self.say(Word::Judged), share: 1.4 },
        ];
        self.page.table(&columns, rows)
    }

    fn other(&self, document: String, report: &SignatureReport) -> Vec<Cell> {
        let kind = self.say(match report.kind {
            Kind::Signature => Word::KindSignature,
            Kind::Timestamp => Word::KindTimestamp,
        });
        let name = report.identity.name();
        let mut by = words(name.unwrap_or_else(|| self.say(Word::Unknown).to_owned()));
        let at = report.time.proven.or(report.time.claimed);
        by.extend(at.map(|at| Piece::Faint(self.speaker.moment(at))));
        let (word, colour) = concluded(report.conclusion);
        let number = self.speaker.with(Word::AtSignature, [&report.index.to_string()]);
        vec![
            vec![Piece::Words(document), Piece::Faint(number)],
            vec![Piece::Words(report.field.clone()), Piece::Faint(kind.to_owned())],
            by,
            vec![Piece::Toned(self.say(word).to_owned(), colour)],
        ]
    }

    /// A paragraph of the usual type.
    pub(super) fn text(&mut self, word: Word) -> Result<(), appearance::Error> {
        self.page.paragraph(self.speaker.say(word), TEXT)
    }
}

/// The judge's answer, and the colour that it is written in.
fn concluded(conclusion: Conclusion) -> (Word, Colour) {
    match conclusion {
        Conclusion::Passed => (Word::Passed, GREEN),
        Conclusion::Failed => (Word::Failed, RED),
        Conclusion::Indeterminate => (Word::Indeterminate, AMBER),
        Conclusion::Unsigned => (Word::Unsigned, RED),
    }
}
