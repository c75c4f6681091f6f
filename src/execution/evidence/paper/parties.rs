//! The chapter on the parties and their seals.

use super::compose::{Cell, Column, Piece, TEXT, words};
use super::scribe::Scribe;
use super::strip::{GREY, PALE, Shape, Strip, WHITE, WIDTH};
use super::tree::Role;
use super::words::Word;
use crate::appearance::{self, SealFace, Type};
use crate::execution::evidence::{Evidence, PartyEvidence, SealEvidence, SignatureEvidence};

/// The frame of a picture: its width, the height of the bands above and below, and of what is between.
const FRAME: f64 = 172.0;
const BAND: f64 = 15.0;
const FIELD: f64 = 150.0;
/// The longest side of a picture in it.
const LONGEST: f64 = 136.0;

/// A seal in all places where a party applied it.
struct Applied<'e> {
    id: &'e str,
    version: &'e str,
    first: &'e SealEvidence,
    rows: Vec<Vec<Cell>>,
    seen: u64,
}

impl<'e> Scribe<'e> {
    /// Each party with the seals that it applied, drawn beside where they stand.
    pub(super) fn parties(&mut self) -> Result<(), appearance::Error> {
        self.page.chapter(self.say(Word::PartiesAndSeals))?;
        self.page.paragraph(self.say(Word::CopyNotice), TEXT)?;
        let evidence = self.evidence;
        for party in &evidence.parties {
            let first = self.page.strips.len();
            self.page.heading(2, &self.party(party))?;
            self.party_facts(party)?;
            self.page.hold(first);
            let applied = self.applied(party);
            if applied.is_empty() {
                self.page.paragraph(self.say(Word::NoSeal), TEXT)?;
            }
            for seal in applied {
                self.seal(seal)?;
            }
        }
        Ok(())
    }

    fn party_facts(&mut self, party: &PartyEvidence) -> Result<(), appearance::Error> {
        let mut facts = vec![(self.say(Word::PartyId), words(party.id.as_str()))];
        let signings = self.evidence.signings.iter().filter(|it| it.party == party.id);
        let recorded: Vec<_> = signings.filter_map(|it| it.recorded.as_ref()).collect();
        if let Some(code) = recorded.iter().find_map(|it| it.uscc.as_ref()) {
            facts.push((self.say(Word::CreditCode), words(code.to_string())));
        }
        if !party.role.is_empty() {
            facts.push((self.say(Word::Role), words(&party.role)));
        }
        self.page.facts(facts)
    }

    /// The seals of a party, each version once.
    fn applied(&self, party: &PartyEvidence) -> Vec<Applied<'e>> {
        let evidence: &'e Evidence = self.evidence;
        let signings = evidence.signings.iter().filter(|it| it.party == party.id);
        let signatures = signings.flat_map(|it| &it.signatures);
        let seals = signatures
            .flat_map(|it: &SignatureEvidence| it.seals.iter().map(move |seal| (it, seal)));
        let mut applied: Vec<Applied<'e>> = Vec::new();
        for (signature, seal) in seals {
            let rows = self.places((&signature.document, &seal.control), &seal.places);
            let (id, version) = (known(&seal.seal), known(&seal.version));
            match applied.iter_mut().find(|it| (it.id, it.version) == (id, version)) {
                Some(same) => {
                    same.rows.extend(rows);
                    same.seen = same.seen.max(seal.seen);
                }
                None => applied.push(Applied { id, version, first: seal, rows, seen: seal.seen }),
            }
        }
        applied
    }

    /// A seal: its picture in a frame, its facts beside it, its places below.
    fn seal(&mut self, seal: Applied<'_>) -> Result<(), appearance::Error> {
        let mut strip = Strip { before: 8.0, keeps: true, ..Strip::default() };
        self.picture(&mut strip, &seal)?;
        let facts = self.seal_facts(&seal);
        let left = FRAME + 16.0;
        self.page.beside(&mut strip, facts, (left, WIDTH - left))?;
        self.page.push(strip);
        self.page.heading(3, self.say(Word::WherePlaced))?;
        let columns = [
            Column { heading: self.say(Word::Document), share: 3.2 },
            Column { heading: self.say(Word::Control), share: 2.2 },
            Column { heading: self.say(Word::Page), share: 0.8 },
            Column { heading: self.say(Word::Place), share: 3.2 },
        ];
        self.page.table(&columns, seal.rows)
    }

    fn seal_facts(&self, seal: &Applied<'_>) -> Vec<(&'static str, Cell)> {
        let first = seal.first;
        let named = self.speaker.with(Word::SealVersion, [seal.id, seal.version]);
        let mut facts = vec![(self.say(Word::Seal), vec![Piece::Strong(named)])];
        if !first.kind.is_empty() {
            facts.push((self.say(Word::SealKind), words(self.seal_kind(&first.kind))));
        }
        if let Some(owner) = &first.owner {
            facts.push((self.say(Word::SealOwner), words(self.organization(owner))));
        }
        facts.push((self.say(Word::SealFace), self.compared(&first.face)));
        let seen = self.speaker.with(Word::SealSeenIn, [&seal.seen.to_string()]);
        facts.push((self.say(Word::SealSeen), words(seen)));
        facts.push((self.say(Word::Grant), self.grant(known(&first.grant))));
        facts
    }

    fn seal_kind(&self, kind: &str) -> String {
        let word = match kind {
            "official" => Word::KindOfficial,
            "contract" => Word::KindContract,
            "finance" => Word::KindFinance,
            "personnel" => Word::KindPersonnel,
            "invoice" => Word::KindInvoice,
            "legal_representative" => Word::KindLegal,
            _ => Word::KindOther,
        };
        self.speaker.with(word, [kind])
    }

    /// A grant with its window.
    pub(super) fn grant(&self, id: &str) -> Cell {
        let Some(grant) = self.evidence.grants.iter().find(|it| it.id.as_str() == id) else {
            return words(if id.is_empty() { self.say(Word::NotRecorded) } else { id });
        };
        let from = self.speaker.moment(grant.from);
        let until = grant.until.map(|at| self.speaker.moment(at));
        let until = until.as_deref().unwrap_or_else(|| self.say(Word::Unlimited));
        let mut cell = words(self.speaker.with(Word::GrantWindow, [id, &from, until]));
        if let Some(at) = grant.revoked_at {
            let at = self.speaker.moment(at);
            cell.push(Piece::Faint(self.speaker.with(Word::GrantRevoked, [&at])));
        }
        cell
    }

    /// The face from the register, if it is the one that was recorded, marked as a copy.
    fn picture(&mut self, strip: &mut Strip, seal: &Applied<'_>) -> Result<(), appearance::Error> {
        let height = FIELD + 2.0 * BAND;
        let (size, colour) = ([FRAME, height], GREY);
        strip.shapes.push(Shape::Frame { at: [0.0, 0.0], size, dash: None, colour });
        strip.height = height + 4.0;
        let face = self.face(seal);
        let expected = known(&seal.first.face);
        match face {
            Some(face) if face.face_digest().to_string() == expected => {
                self.copy(strip, seal, &face)
            }
            Some(face) => {
                let digest = face.face_digest().to_string();
                let digest = digest.get(..16).unwrap_or_default();
                let text = self.speaker.with(Word::OtherPicture, [digest]);
                self.no_picture(strip, &text)
            }
            None => self.no_picture(strip, self.say(Word::NoPicture)),
        }
    }

    fn face(&self, seal: &Applied<'_>) -> Option<SealFace> {
        let (id, version) = (seal.id.parse().ok()?, seal.version.parse().ok()?);
        (self.options.faces?)(&id, version)
    }

    fn copy(
        &mut self,
        strip: &mut Strip,
        seal: &Applied<'_>,
        face: &SealFace,
    ) -> Result<(), appearance::Error> {
        let of = self.page.element(Role::Figure);
        let alternative = self.speaker.with(Word::CopyAlt, [seal.id, seal.version]);
        self.page.tree.describe(of, &alternative);
        let drawing = face.drawing();
        let size = sides(&drawing);
        let at = [(FRAME - size[0]) / 2.0, BAND + (FIELD - size[1]) / 2.0];
        strip.shapes.push(Shape::Picture { drawing, at, size, of });
        let bands = [(0.0, Word::CopyAbove), (FIELD + BAND, Word::CopyBelow)];
        for (top, word) in bands {
            let size = [FRAME, BAND];
            strip.shapes.push(Shape::Fill { at: [0.0, top], size, colour: GREY });
            let hand = Type { size: 7.5, bold: false, colour: WHITE };
            let line = self.page.setter.first_line(self.say(word), hand, FRAME - 8.0)?;
            let at = [(FRAME - line.width()) / 2.0, top + 10.5];
            strip.shapes.push(Shape::Text { line, at, of: None });
        }
        let hand = Type { size: 17.0, bold: false, colour: GREY };
        let line = self.page.setter.first_line(self.say(Word::Copy), hand, FRAME)?;
        let centre = [FRAME / 2.0, BAND + FIELD / 2.0];
        strip.shapes.push(Shape::Slanted { line, centre });
        Ok(())
    }

    fn no_picture(&mut self, strip: &mut Strip, text: &str) -> Result<(), appearance::Error> {
        let of = Some(self.page.element(Role::Paragraph));
        let hand = Type { size: 8.5, bold: false, colour: GREY };
        let lines = self.page.setter.lines(text, hand, FRAME - 24.0)?;
        let words = super::compose::stacked(lines, hand.size, [12.0, BAND + 40.0], of);
        let at = [8.0, BAND];
        let (size, colour) = ([FRAME - 16.0, FIELD], PALE);
        strip.shapes.push(Shape::Frame { at, size, dash: Some(2.0), colour });
        strip.shapes.extend(words.shapes);
        Ok(())
    }
}

/// A fact, from whichever source has it.
pub(super) fn known(compared: &crate::execution::evidence::Compared) -> &str {
    compared.recorded.as_deref().or(compared.shown.as_deref()).unwrap_or_default()
}

/// As large as the seal itself, or as fits.
fn sides(drawing: &appearance::Drawing) -> [f64; 2] {
    let size = drawing.size();
    let [width, height] = [size.width(), size.height()].map(appearance::points);
    let scale = (LONGEST / width.max(height).max(1.0)).min(1.0);
    [width * scale, height * scale]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_either_source_is_known() {
        let of =
            |recorded: Option<&str>, shown: Option<&str>| crate::execution::evidence::Compared {
                recorded: recorded.map(str::to_owned),
                shown: shown.map(str::to_owned),
            };
        assert_eq!(known(&of(Some("a"), Some("b"))), "a");
        assert_eq!(known(&of(None, Some("b"))), "b");
        assert_eq!(known(&of(None, None)), "");
    }
}
