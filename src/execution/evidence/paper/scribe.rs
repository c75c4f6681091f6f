//! What the chapters share: the evidence, the language, and how facts become cells.

use super::PaperOptions;
use super::compose::{Cell, Composer, Piece, words};
use super::strip::RED;
use super::words::{Speaker, Word};
use crate::execution::evidence::{
    Compared, DocumentEvidence, Evidence, PartyEvidence, PlaceEvidence, SigningEvidence,
};
use crate::identity::{DocumentId, OrganizationId};

/// Writes the chapters.
pub(super) struct Scribe<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) options: &'a PaperOptions<'a>,
    pub(super) speaker: Speaker,
    pub(super) page: Composer<'a>,
}

impl Scribe<'_> {
    pub(super) fn say(&self, word: Word) -> &'static str {
        self.speaker.say(word)
    }

    /// The name of an organization of the contract, else its id.
    pub(super) fn organization(&self, id: &OrganizationId) -> String {
        let mut parties = self.evidence.parties.iter();
        let party = parties.find(|party| party.organization.as_ref() == Some(id));
        let requester = Some(&self.evidence.requester).filter(|it| it.organization == *id);
        let name = party.and_then(|it| it.name.clone()).or(requester.map(|it| it.name.clone()));
        name.map_or_else(|| id.to_string(), |name| format!("{name} ({id})"))
    }

    /// What a party is called: its role and its name.
    pub(super) fn party(&self, party: &PartyEvidence) -> String {
        let name = party.name.as_deref().unwrap_or_else(|| self.say(Word::NaturalPerson));
        match party.role.as_str() {
            "" => name.to_owned(),
            role => self.speaker.with(Word::SignatureOf, [role, name]),
        }
    }

    /// What a signer is called: his party, and what he is in it.
    pub(super) fn signer(&self, signing: &SigningEvidence) -> String {
        let party = self.evidence.party(signing);
        let party = party.map_or_else(|| signing.party.to_string(), |party| self.party(party));
        match signing.role.as_str() {
            "" => self.speaker.with(Word::SignatureOf, [&party, signing.slot.as_str()]),
            role => self.speaker.with(Word::SignatureOf, [&party, role]),
        }
    }

    /// The file name of a document, else its id.
    pub(super) fn document(&self, id: &DocumentId) -> String {
        let found = self.evidence.documents.iter().find(|document| document.id == *id);
        found.map_or_else(|| id.to_string(), |document| title(document).to_owned())
    }

    /// Two sources of one fact: the fact if they agree, both if not.
    pub(super) fn compared(&self, compared: &Compared) -> Cell {
        let Compared { recorded, shown } = compared;
        match (recorded, shown) {
            (None, None) => vec![Piece::Faint(self.say(Word::NotRecorded).to_owned())],
            (Some(recorded), Some(shown)) if recorded == shown => value(shown),
            (Some(recorded), None) => {
                let mut cell = value(recorded);
                cell.push(Piece::Faint(self.say(Word::Recorded).to_owned()));
                cell
            }
            (None, Some(shown)) => {
                let mut cell = value(shown);
                cell.push(Piece::Faint(self.say(Word::Shown).to_owned()));
                cell
            }
            (Some(recorded), Some(shown)) => {
                let mut cell = vec![Piece::Toned(self.say(Word::Recorded).to_owned(), RED)];
                cell.extend(value(recorded));
                cell.push(Piece::Toned(self.say(Word::Shown).to_owned(), RED));
                cell.extend(value(shown));
                cell
            }
        }
    }

    /// The rows of a table of places: document, control, page, rectangle.
    pub(super) fn places(
        &self,
        (document, control): (&DocumentId, &str),
        places: &[PlaceEvidence],
    ) -> Vec<Vec<Cell>> {
        let row = |place: &PlaceEvidence| {
            let sides = [place.left, place.top, place.width, place.height].map(millimetres);
            let [left, top, width, height] = sides;
            vec![
                words(self.document(document)),
                words(control),
                words(place.page.to_string()),
                words(format!("{left}, {top}, {width} × {height}")),
            ]
        };
        places.iter().map(row).collect()
    }
}

/// What a document is called.
pub(super) fn title(document: &DocumentEvidence) -> &str {
    if document.name.is_empty() { document.id.as_str() } else { &document.name }
}

/// A value that may be a digest: `sha256:`, or digits alone.
pub(super) fn value(text: &str) -> Cell {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    let is_digest = digits.len() >= 32 && digits.bytes().all(|it| it.is_ascii_hexdigit());
    if is_digest { vec![Piece::Digits(digits.to_owned())] } else { words(text) }
}

/// Thousandths of a point in millimetres, with one digit behind the point.
fn millimetres(thousandths: i64) -> String {
    let tenths = (thousandths.unsigned_abs().saturating_mul(254).saturating_add(36_000)) / 72_000;
    let sign = if thousandths < 0 && tenths > 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_in_millimetres() {
        assert_eq!(millimetres(119_055), "42.0");
        assert_eq!(millimetres(-72_000), "-25.4");
        assert_eq!(millimetres(-10), "0.0");
        assert!(millimetres(i64::MIN).starts_with("-256204"));
    }

    #[test]
    fn digests_are_told_apart_from_words() {
        let digest = "ab".repeat(32);
        assert_eq!(value(&format!("sha256:{digest}")), [Piece::Digits(digest.clone())]);
        assert_eq!(value(&digest), [Piece::Digits(digest)]);
        assert_eq!(value("sm3:ab"), words("sm3:ab"));
        assert_eq!(value("RSA"), words("RSA"));
    }
}
