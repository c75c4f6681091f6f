//! How a trail names a person without saying who it is.

use serde::{Deserialize, Serialize};

use super::{Details, Error, HostKey, Value};
use crate::identity::{IdDocument, IdDocumentKind, PersonalFact};

/// The kind under which the host's key fingerprints an identity document.
const FACT: &str = "id_document";

/// A person in a trail: the kind and the mask of the identity document, and the HMAC of the full
/// one under the host's key.
///
/// **Why not a salted hash.** A resident identity number has a region, a birth date, three digits
/// and a check digit: some 10^10 of them are plausible, and a salt that stands beside the hash does
/// not slow down trying them all. Only a key that is kept elsewhere does. The mask makes it worse,
/// since it tells the region's first digits and the last four.
///
/// Whoever has the key can later answer one question, [`IdentityReference::is_of`]: was it this
/// person? `key` says which key was used, so that keys can be changed; a trail whose key is thrown
/// away names nobody any more.
///
/// ```
/// use sealwright::audit::{HostKey, IdentityReference};
/// use sealwright::identity::{IdDocument, IdDocumentKind};
/// let key = HostKey::new(b"thirty-two bytes out of a vault!")?;
/// let document = IdDocument::parse(IdDocumentKind::ResidentId, "11010519491231002X")?;
/// let reference = IdentityReference::new(&key, &document);
/// assert_eq!(reference.masked(), "110***********002X");
/// assert!(reference.is_of(&key, &document));
/// assert!(!serde_json::to_string(&reference)?.contains("11010519491231002X"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct IdentityReference {
    kind: IdDocumentKind,
    masked: String,
    fingerprint: String,
    key: String,
}

impl IdentityReference {
    /// The reference to a person by the identity document.
    #[must_use]
    pub fn new(key: &HostKey, document: &IdDocument) -> Self {
        Self {
            kind: document.kind(),
            masked: document.masked(),
            fingerprint: key.fingerprint(FACT, &document.stored()),
            key: key.id(),
        }
    }

    /// The kind of identity document.
    #[must_use]
    pub fn kind(&self) -> IdDocumentKind {
        self.kind
    }

    /// The mask of its number.
    #[must_use]
    pub fn masked(&self) -> &str {
        &self.masked
    }

    /// HMAC-SHA-256 of kind and full number under the host's key, in hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Which key it was made with: [`HostKey::id`].
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether it refers to the holder of this document. False under another key, whoever it is.
    #[must_use]
    pub fn is_of(&self, key: &HostKey, document: &IdDocument) -> bool {
        self.key == key.id() && *self == Self::new(key, document)
    }
}

/// As details of an entry.
impl From<&IdentityReference> for Value {
    fn from(reference: &IdentityReference) -> Self {
        let details = Details::new()
            .with("fingerprint", reference.fingerprint.as_str())
            .with("key", reference.key.as_str())
            .with("kind", reference.kind.code())
            .with("masked", reference.masked.as_str());
        Self::Map(details)
    }
}

/// A reference as it is stored, before it is known to hide what it should.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    kind: IdDocumentKind,
    masked: String,
    fingerprint: String,
    key: String,
}

impl TryFrom<Stored> for IdentityReference {
    type Error = Error;

    fn try_from(stored: Stored) -> Result<Self, Error> {
        let Stored { kind, masked, fingerprint, key } = stored;
        let is_hex = |text: &str, length| {
            text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        };
        let hides = masked.matches('*').count() >= 4;
        if hides && is_hex(&fingerprint, 64) && is_hex(&key, 16) {
            Ok(Self { kind, masked, fingerprint, key })
        } else {
            Err(Error::Reference)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "11010519491231002X";

    fn key(text: &str) -> HostKey {
        HostKey::new(text.repeat(16).as_bytes()).unwrap()
    }

    fn document(kind: IdDocumentKind) -> IdDocument {
        IdDocument::parse(kind, NUMBER).unwrap()
    }

    #[test]
    fn r_id_13_a_trail_names_a_person_by_mask_and_keyed_digest() {
        let reference = IdentityReference::new(&key("k"), &document(IdDocumentKind::ResidentId));
        assert_eq!(reference.kind(), IdDocumentKind::ResidentId);
        assert_eq!(reference.masked(), "110***********002X");
        let Value::Map(details) = Value::from(&reference) else { panic!() };
        for shown in [format!("{reference:?}"), details.to_canonical_json()] {
            assert!(!shown.contains(NUMBER), "{shown}");
            assert!(shown.contains(reference.fingerprint()), "{shown}");
        }
    }

    #[test]
    fn only_the_same_person_under_the_same_key_is_recognised() {
        let (card, permit) =
            (document(IdDocumentKind::ResidentId), document(IdDocumentKind::ResidencePermit));
        let reference = IdentityReference::new(&key("k"), &card);
        assert!(reference.is_of(&key("k"), &card));
        assert!(!reference.is_of(&key("k"), &permit));
        assert!(!reference.is_of(&key("l"), &card));
        assert_ne!(reference.fingerprint(), IdentityReference::new(&key("l"), &card).fingerprint());
        assert_ne!(reference.key(), key("l").id());
    }

    #[test]
    fn r_id_13_a_stored_reference_that_hides_nothing_is_refused() {
        let reference = IdentityReference::new(&key("k"), &document(IdDocumentKind::ResidentId));
        let json = serde_json::to_string(&reference).unwrap();
        assert_eq!(serde_json::from_str::<IdentityReference>(&json).unwrap(), reference);
        for (from, to) in [
            (reference.masked(), NUMBER),
            (reference.fingerprint(), NUMBER),
            (reference.key(), "vault"),
        ] {
            let wrong = json.replace(from, to);
            let error = serde_json::from_str::<IdentityReference>(&wrong).unwrap_err().to_string();
            assert!(error.starts_with(&Error::Reference.to_string()), "{error}");
        }
        assert_eq!(Error::Reference.code(), "audit.identity_reference");
    }
}
