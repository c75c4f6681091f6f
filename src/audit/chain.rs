//! Entries, the head that grows with each of them, and what a trail shows.

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, UtcOffset};

use super::canonical::{Object, spelt};
use super::hash::Hash;
use super::{Details, Error, HashAlgorithm};

/// What happened, before it has its place in a trail.
///
/// ```
/// use sealwright::audit::{Details, Facts};
/// let at = time::OffsetDateTime::UNIX_EPOCH;
/// let facts = Facts::new(at, "system", "contract.expired", "contract:c1")
///     .from_state("signing")
///     .to_state("expired")
///     .details(Details::new().with("deadline", "1970-01-01T00:00:00Z"));
/// assert_eq!(facts, facts.clone());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    at: OffsetDateTime,
    actor: String,
    kind: String,
    subject: String,
    before: Option<String>,
    after: Option<String>,
    details: Details,
}

impl Facts {
    /// Who did what to whom, and when.
    #[must_use]
    pub fn new(
        at: OffsetDateTime,
        actor: impl Into<String>,
        kind: impl Into<String>,
        subject: impl Into<String>,
    ) -> Self {
        Self {
            at: at.checked_to_offset(UtcOffset::UTC).unwrap_or(at),
            actor: actor.into(),
            kind: kind.into(),
            subject: subject.into(),
            before: None,
            after: None,
            details: Details::new(),
        }
    }

    /// The state of the subject before.
    #[must_use]
    pub fn from_state(self, state: impl Into<String>) -> Self {
        Self { before: Some(state.into()), ..self }
    }

    /// The state of the subject after.
    #[must_use]
    pub fn to_state(self, state: impl Into<String>) -> Self {
        Self { after: Some(state.into()), ..self }
    }

    /// What else there is to say.
    #[must_use]
    pub fn details(self, details: Details) -> Self {
        Self { details, ..self }
    }
}

/// One entry of a trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    seq: u64,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
    actor: String,
    kind: String,
    subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    #[serde(default, skip_serializing_if = "Details::is_empty")]
    details: Details,
    algorithm: HashAlgorithm,
    previous: Hash,
    hash: Hash,
}

impl Entry {
    /// Its number: 0, 1, 2, without gaps.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// When it happened, UTC.
    #[must_use]
    pub fn at(&self) -> OffsetDateTime {
        self.at
    }

    /// Who did it, as [`crate::identity::Actor`] is written.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// What happened, `contract.signed`.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What it happened to, `contract:c1`.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The state of the subject before and after.
    #[must_use]
    pub fn states(&self) -> (Option<&str>, Option<&str>) {
        (self.before.as_deref(), self.after.as_deref())
    }

    /// What else there is to say.
    #[must_use]
    pub fn details(&self) -> &Details {
        &self.details
    }

    /// What chains it to the entry before.
    #[must_use]
    pub fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// The hash of the entry, in hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        self.hash.to_string()
    }

    /// The text that is hashed after the hash of the entry before: canonical JSON.
    #[must_use]
    pub fn to_canonical_json(&self) -> String {
        let mut object = Object::new();
        object.text("actor", &self.actor);
        if let Some(after) = &self.after {
            object.text("after", after);
        }
        object.text("at", &spelt(self.at));
        if let Some(before) = &self.before {
            object.text("before", before);
        }
        if !self.details.is_empty() {
            object.details("details", &self.details);
        }
        object.text("kind", &self.kind);
        object.integer("seq", self.seq);
        object.text("subject", &self.subject);
        object.finish()
    }
}

/// Where a trail ends: how many entries it has, and the hash of the last one.
///
/// Kept elsewhere, it shows later that the trail is complete.
///
/// ```
/// use sealwright::audit::{Facts, HashAlgorithm, Head};
/// let mut head = Head::start(HashAlgorithm::Sha256);
/// let entry = head.append(Facts::new(time::OffsetDateTime::UNIX_EPOCH, "system", "a", "b"));
/// assert_eq!((head.len(), head.hash()), (1, entry.hash()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    algorithm: HashAlgorithm,
    len: u64,
    hash: Hash,
}

impl Head {
    /// The head of a trail that has no entry yet.
    #[must_use]
    pub fn start(algorithm: HashAlgorithm) -> Self {
        Self { algorithm, len: 0, hash: Hash::ZERO }
    }

    /// What chains the trail.
    #[must_use]
    pub fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// How many entries the trail has.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether the trail has no entry yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The hash of the last entry, in hexadecimal digits; zeros if there is none.
    #[must_use]
    pub fn hash(&self) -> String {
        self.hash.to_string()
    }

    /// Gives the facts their place in the trail.
    pub fn append(&mut self, facts: Facts) -> Entry {
        let mut entry = Entry {
            seq: self.len,
            at: facts.at,
            actor: facts.actor,
            kind: facts.kind,
            subject: facts.subject,
            before: facts.before,
            after: facts.after,
            details: facts.details,
            algorithm: self.algorithm,
            previous: self.hash,
            hash: self.hash,
        };
        entry.hash = self.algorithm.hash(&self.hash, &entry.to_canonical_json());
        self.hash = entry.hash;
        self.len = self.len.saturating_add(1);
        entry
    }
}

/// What a trail shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// Every entry is there and unchanged, up to the head that was expected.
    Complete,
    /// The entries follow from each other. Nothing says that they are all, or the first written.
    ConsistentOnly,
}

/// Judges a trail from its first entry on.
///
/// # Errors
///
/// The first thing that is wrong: an entry that was changed, left out or is older than its
/// predecessor, or an end that is not the head expected.
pub fn verify(entries: &[Entry], expected: Option<&Head>) -> Result<Verdict, Error> {
    let algorithm = match (entries.first(), expected) {
        (Some(entry), _) => entry.algorithm,
        (None, Some(head)) => head.algorithm,
        (None, None) => HashAlgorithm::default(),
    };
    let mut head = Head::start(algorithm);
    let mut last: Option<OffsetDateTime> = None;
    for entry in entries {
        let seq = head.len;
        if entry.seq != seq {
            return Err(Error::Gap { seq, found: entry.seq });
        }
        let follows = entry.algorithm == algorithm
            && entry.previous == head.hash
            && entry.hash == algorithm.hash(&head.hash, &entry.to_canonical_json());
        if !follows {
            return Err(Error::ChainBroken { seq });
        }
        if last.is_some_and(|last| entry.at < last) {
            return Err(Error::ClockRegression { seq });
        }
        last = Some(entry.at);
        head.hash = entry.hash;
        head.len = head.len.saturating_add(1);
    }
    match expected {
        None => Ok(Verdict::ConsistentOnly),
        Some(expected) if *expected == head => Ok(Verdict::Complete),
        Some(expected) => Err(Error::HeadMismatch { expected: expected.len, found: head.len }),
    }
}

#[cfg(test)]
mod tests {
    use time::format_description::well_known::Rfc3339;

    use super::*;

    fn at(text: &str) -> OffsetDateTime {
        OffsetDateTime::parse(text, &Rfc3339).unwrap()
    }

    fn published(algorithm: HashAlgorithm) -> [String; 2] {
        let mut head = Head::start(algorithm);
        let first = Facts::new(at("2026-01-05T01:00:00Z"), "e:alice", "contract.created", "c:1");
        let second = Facts::new(at("2026-01-05T10:00:00+08:00"), "e:bob", "contract.signed", "c:1");
        [first, second].map(|facts| head.append(facts).hash())
    }

    #[test]
    fn the_published_vectors() {
        assert_eq!(
            published(HashAlgorithm::Sha256),
            [
                "351378d1b660097ed857dbeaf904f1aaf4daf17673c8d8a6da7c3349fc320d6a",
                "518e3a6b595c7f631b3739f389c350e28feaa64ad7a27275940a6621824abb80",
            ]
        );
    }

    #[cfg(feature = "sm")]
    #[test]
    fn the_published_vectors_with_sm3() {
        assert_eq!(
            published(HashAlgorithm::Sm3),
            [
                "12376201b7c9e905dc21b973be73af6cc982cfd55264dda9498a44d9c47d6b78",
                "3181f7d0f5d4dd557ce5238bfb8785fb86a73f23153d74e8b09dfb0be2acf531",
            ]
        );
    }

    #[test]
    fn the_hashed_text_has_sorted_names_and_nothing_that_is_not_there() {
        let mut head = Head::start(HashAlgorithm::Sha256);
        let facts = Facts::new(at("2026-01-05T01:00:00Z"), "system", "seal.enabled", "seal:s")
            .from_state("checking")
            .to_state("enabled")
            .details(Details::new().with("version", 1));
        assert_eq!(
            head.append(facts).to_canonical_json(),
            concat!(
                r#"{"actor":"system","after":"enabled","at":"2026-01-05T01:00:00Z","#,
                r#""before":"checking","details":{"version":1},"kind":"seal.enabled","#,
                r#""seq":0,"subject":"seal:s"}"#
            )
        );
    }
}
