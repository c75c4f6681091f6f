//! The links of a meeting: what the sign QR (签署二维码) and the sign-result link (签署结果页链接)
//! say, sealed with a key of the host's so that nobody else can make one.

use std::fmt;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::error::Error;
use super::link::{LinkId, LinkKind, LinkProblem};
use super::url_text;
use crate::digest::{Digest, DigestAlgorithm, hmac_sha256, hmac_sha256_matches};
use crate::identity::{CeremonyId, ContractId};

const VERSION: u8 = 1;
const MAC_LEN: usize = 32;
const QR_DOMAIN: &[u8] = b"csign-qr-v1\0";
const RESULT_DOMAIN: &[u8] = b"csign-result-v1\0";

/// Whom a result link is made for: it stands where the contract stands in a QR.
const RESULT_AUDIENCE: &str = "host";

/// The longest text that is looked at: every part at its longest, in base64url.
const LONGEST_TEXT: usize = (3 + KeyId::LONGEST + 2 * (1 + 128) + 8 + MAC_LEN) * 4 / 3 + 1;

/// The name of a key, so that keys can be changed while older links still live: 1 to 32 characters
/// of `A-Z a-z 0-9 _ -`. Not a secret: it is written into every link.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

impl KeyId {
    const LONGEST: usize = 32;

    /// Reads a name.
    ///
    /// # Errors
    ///
    /// [`Error::LinkKey`] if it is empty, too long or has other characters.
    pub fn new(name: &str) -> Result<Self, Error> {
        let fits = (1..=Self::LONGEST).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        if fits { Ok(Self(name.to_owned())) } else { Err(Error::LinkKey { problem: "name" }) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for KeyId {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        Self::new(&name)
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

/// A key that seals links. Whoever has it can make links: keep it like a password. Wiped when
/// dropped, never shown.
pub struct LinkKey {
    id: KeyId,
    bytes: Zeroizing<Vec<u8>>,
}

impl LinkKey {
    /// The least number of bytes.
    pub const MINIMUM: usize = 32;

    /// From random bytes of the host's.
    ///
    /// # Errors
    ///
    /// [`Error::LinkKey`] if there are fewer than [`LinkKey::MINIMUM`] bytes.
    pub fn new(id: KeyId, bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() < Self::MINIMUM {
            return Err(Error::LinkKey { problem: "length" });
        }
        Ok(Self { id, bytes: Zeroizing::new(bytes.to_vec()) })
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The keys of a host: one that seals, and earlier ones whose links are still read.
///
/// ```
/// use sealwright::ceremony::{KeyId, LinkKey, LinkKeys};
///
/// // Random bytes that every process of the host has; here they are not random.
/// let older = LinkKey::new(KeyId::new("2026-06")?, &[1; 32])?;
/// let newer = LinkKey::new(KeyId::new("2026-12")?, &[2; 32])?;
/// let keys = LinkKeys::new(newer).and_earlier(older)?;
/// assert_eq!(keys.current().as_str(), "2026-12");
/// # Ok::<(), sealwright::ceremony::Error>(())
/// ```
#[derive(Debug)]
pub struct LinkKeys {
    current: LinkKey,
    earlier: Vec<LinkKey>,
}

impl LinkKeys {
    /// One key that seals and reads.
    #[must_use]
    pub fn new(current: LinkKey) -> Self {
        Self { current, earlier: Vec::new() }
    }

    /// And a key whose links are still read; without it they are unknown.
    ///
    /// # Errors
    ///
    /// [`Error::LinkKey`] if a key of that name is there already.
    pub fn and_earlier(mut self, key: LinkKey) -> Result<Self, Error> {
        if self.find(&key.id).is_some() {
            return Err(Error::LinkKey { problem: "name taken" });
        }
        self.earlier.push(key);
        Ok(self)
    }

    /// The name of the key that seals new links.
    #[must_use]
    pub fn current(&self) -> &KeyId {
        &self.current.id
    }

    /// Reads the text of a sign QR and checks its seal. It says which meeting to load; whether the
    /// link counts is the meeting's to say:
    /// [`Ceremony::resolve_qr`](super::Ceremony::resolve_qr).
    ///
    /// # Errors
    ///
    /// [`Error::QrInvalid`].
    pub fn open_qr(&self, text: &str) -> Result<LinkClaims, Error> {
        let claims = self.open(text).and_then(|claims| match claims.kind {
            LinkKind::Sign { .. } => Ok(claims),
            LinkKind::Result => Err(LinkProblem::OtherKind),
        });
        claims.map_err(|problem| Error::QrInvalid { problem })
    }

    /// Reads the text of a result link and checks its seal; whether the link counts is the
    /// meeting's to say: [`Ceremony::resolve_result`](super::Ceremony::resolve_result).
    ///
    /// # Errors
    ///
    /// [`Error::LinkForbidden`].
    pub fn open_result(&self, text: &str) -> Result<LinkClaims, Error> {
        let claims = self.open(text).and_then(|claims| match claims.kind {
            LinkKind::Result => Ok(claims),
            LinkKind::Sign { .. } => Err(LinkProblem::OtherKind),
        });
        claims.map_err(|problem| Error::LinkForbidden { problem })
    }

    /// The text of a link that was issued under the named key; nothing if that key is gone.
    pub(super) fn text_of(
        &self,
        key: &KeyId,
        ceremony: &CeremonyId,
        kind: &LinkKind,
        expires: i64,
    ) -> Option<LinkText> {
        let key = self.find(key)?;
        let tag = hmac_sha256(&key.bytes, &message(ceremony, kind, expires));
        Some(LinkText::write(&key.id, ceremony, kind, expires, &tag))
    }

    /// What tells the link apart from every other, and gives nothing away.
    pub(super) fn id_of(&self, ceremony: &CeremonyId, kind: &LinkKind, expires: i64) -> LinkId {
        link_id(&hmac_sha256(&self.current.bytes, &message(ceremony, kind, expires)))
    }

    fn open(&self, text: &str) -> Result<LinkClaims, LinkProblem> {
        let sealed = Sealed::read(text).ok_or(LinkProblem::Unreadable)?;
        let key = self.find(&sealed.key).ok_or(LinkProblem::UnknownKey)?;
        let message = message(&sealed.ceremony, &sealed.kind, sealed.expires);
        if !hmac_sha256_matches(&key.bytes, &message, &sealed.tag) {
            return Err(LinkProblem::Forged);
        }
        let expires_at = OffsetDateTime::from_unix_timestamp(sealed.expires)
            .map_err(|_| LinkProblem::Unreadable)?;
        let id = link_id(&sealed.tag);
        Ok(LinkClaims { id, ceremony: sealed.ceremony, kind: sealed.kind, expires_at })
    }

    fn find(&self, id: &KeyId) -> Option<&LinkKey> {
        std::iter::once(&self.current).chain(&self.earlier).find(|key| key.id == *id)
    }
}

/// What a link says, after its seal was found unbroken: made by [`LinkKeys`] alone.
#[derive(Debug, PartialEq, Eq)]
pub struct LinkClaims {
    id: LinkId,
    ceremony: CeremonyId,
    kind: LinkKind,
    expires_at: OffsetDateTime,
}

impl LinkClaims {
    /// What tells the link apart from every other.
    #[must_use]
    pub fn id(&self) -> &LinkId {
        &self.id
    }

    /// The meeting that it belongs to.
    #[must_use]
    pub fn ceremony(&self) -> &CeremonyId {
        &self.ceremony
    }

    /// What it opens.
    #[must_use]
    pub fn kind(&self) -> &LinkKind {
        &self.kind
    }

    /// From when on it opens nothing, UTC.
    #[must_use]
    pub fn expires_at(&self) -> OffsetDateTime {
        self.expires_at
    }
}

/// The text of a link: what a QR holds, or the last part of an address. Whoever has it can use it,
/// so `Debug` does not show it and it is never stored: it is made again from what is.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkText(String);

impl LinkText {
    /// The text: characters that need no escaping in an address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn write(
        key: &KeyId,
        ceremony: &CeremonyId,
        kind: &LinkKind,
        expires: i64,
        tag: &[u8; MAC_LEN],
    ) -> Self {
        let mut bytes = vec![VERSION, kind_byte(kind)];
        for part in [key.as_str(), ceremony.as_str(), audience(kind)] {
            // Names of keys and ids are at most 128 bytes long.
            bytes.push(u8::try_from(part.len()).unwrap_or(u8::MAX));
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.extend_from_slice(&expires.to_be_bytes());
        bytes.extend_from_slice(tag);
        Self(url_text::encode(&bytes))
    }
}

impl fmt::Debug for LinkText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkText(..)")
    }
}

/// A link as it was read: nobody has looked at its seal yet.
struct Sealed {
    kind: LinkKind,
    key: KeyId,
    ceremony: CeremonyId,
    expires: i64,
    tag: [u8; MAC_LEN],
}

impl Sealed {
    fn read(text: &str) -> Option<Self> {
        if text.len() > LONGEST_TEXT {
            return None;
        }
        let bytes = url_text::decode(text)?;
        let ([version, kind], rest) = bytes.split_first_chunk()?;
        let (key, rest) = part(rest)?;
        let (ceremony, rest) = part(rest)?;
        let (audience, rest) = part(rest)?;
        let (expires, tag) = rest.split_first_chunk()?;
        let kind = match kind {
            1 => LinkKind::Sign { contract: audience.parse::<ContractId>().ok()? },
            2 if audience == RESULT_AUDIENCE => LinkKind::Result,
            _ => return None,
        };
        if *version != VERSION {
            return None;
        }
        Some(Self {
            kind,
            key: KeyId::new(key).ok()?,
            ceremony: ceremony.parse().ok()?,
            expires: i64::from_be_bytes(*expires),
            tag: tag.try_into().ok()?,
        })
    }
}

/// A length, then as many bytes of text.
fn part(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (text, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

fn kind_byte(kind: &LinkKind) -> u8 {
    match kind {
        LinkKind::Sign { .. } => 1,
        LinkKind::Result => 2,
    }
}

fn audience(kind: &LinkKind) -> &str {
    match kind {
        LinkKind::Sign { contract } => contract.as_str(),
        LinkKind::Result => RESULT_AUDIENCE,
    }
}

/// What is sealed. Ids hold no NUL, so no two links share a message.
fn message(ceremony: &CeremonyId, kind: &LinkKind, expires: i64) -> Vec<u8> {
    let domain = match kind {
        LinkKind::Sign { .. } => QR_DOMAIN,
        LinkKind::Result => RESULT_DOMAIN,
    };
    let (ceremony, audience) = (ceremony.as_str().as_bytes(), audience(kind).as_bytes());
    [domain, ceremony, &[0], audience, &[0], &expires.to_be_bytes()].concat()
}

/// A digest of the seal: who reads it in a log or a database cannot make the link from it.
fn link_id(tag: &[u8; MAC_LEN]) -> LinkId {
    let named = [b"sealwright-link-1\0".as_slice(), tag].concat();
    LinkId::from_digest(&Digest::of(DigestAlgorithm::Sha256, &named))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXPIRY: i64 = 1_767_578_400;

    fn keys(name: &str, byte: u8) -> LinkKeys {
        LinkKeys::new(key(name, byte))
    }

    fn key(name: &str, byte: u8) -> LinkKey {
        LinkKey::new(KeyId::new(name).unwrap(), &[byte; 32]).unwrap()
    }

    fn ceremony() -> CeremonyId {
        "cer_01".parse().unwrap()
    }

    fn sign() -> LinkKind {
        LinkKind::Sign { contract: "con_01".parse().unwrap() }
    }

    fn text(keys: &LinkKeys, kind: &LinkKind) -> String {
        let text = keys.text_of(keys.current(), &ceremony(), kind, EXPIRY).unwrap();
        text.as_str().to_owned()
    }

    #[test]
    fn m15_the_published_vector_of_the_sign_qr() {
        let tag = hmac_sha256(&[b'k'; 32], &message(&ceremony(), &sign(), EXPIRY));
        let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "4b0b3aa753ad4ed115d9874c39e6b2b406e491ab0765bf11eb03629768186810");
        let bytes = url_text::decode(&text(&keys("k1", b'k'), &sign())).unwrap();
        assert_eq!(&bytes[bytes.len() - 32..], tag);
    }

    #[test]
    fn m15_a_link_says_what_was_sealed() {
        let keys = keys("k1", b'k');
        let claims = keys.open_qr(&text(&keys, &sign())).unwrap();
        assert_eq!((claims.ceremony(), claims.kind()), (&ceremony(), &sign()));
        assert_eq!(claims.expires_at().unix_timestamp(), EXPIRY);
        assert_eq!(*claims.id(), keys.id_of(&ceremony(), &sign(), EXPIRY));
    }

    #[test]
    fn m15_every_changed_letter_is_noticed() {
        let keys = keys("k1", b'k');
        let honest = text(&keys, &sign());
        for at in 0..honest.len() {
            let letter = if honest.as_bytes()[at] == b'A' { "B" } else { "A" };
            let mut changed = honest.clone();
            changed.replace_range(at..=at, letter);
            assert_eq!(keys.open_qr(&changed).unwrap_err().code(), "cer.qr_invalid", "{at}");
        }
        for other in ["", "A", &honest[1..], &format!("{honest}AA"), &"A".repeat(9999)] {
            assert_eq!(keys.open_qr(other).unwrap_err().code(), "cer.qr_invalid");
        }
    }

    #[test]
    fn r_cer_10_a_result_link_is_no_sign_qr_and_the_other_way_round() {
        let keys = keys("k1", b'k');
        let qr = keys.open_qr(&text(&keys, &LinkKind::Result)).unwrap_err();
        assert_eq!(qr.code(), "cer.qr_invalid");
        let result = keys.open_result(&text(&keys, &sign())).unwrap_err();
        assert_eq!(result.code(), "cer.link_forbidden");
        assert!(keys.open_result(&text(&keys, &LinkKind::Result)).is_ok());
        // Even a contract that is named like the audience has another seal.
        let named = LinkKind::Sign { contract: RESULT_AUDIENCE.parse().unwrap() };
        assert_ne!(
            message(&ceremony(), &named, EXPIRY),
            message(&ceremony(), &LinkKind::Result, EXPIRY)
        );
    }

    #[test]
    fn m15_keys_are_told_apart_by_name_and_earlier_ones_still_read() {
        let old = text(&keys("2026-06", 1), &sign());
        let rotated = keys("2026-12", 2).and_earlier(key("2026-06", 1)).unwrap();
        assert!(rotated.open_qr(&old).is_ok());
        for stranger in [keys("2026-12", 1), keys("2026-06", 3)] {
            assert_eq!(stranger.open_qr(&old).unwrap_err().code(), "cer.qr_invalid");
        }
        let twice = rotated.and_earlier(key("2026-12", 4)).unwrap_err();
        assert_eq!(twice.code(), "cer.link_key");
    }

    #[test]
    fn r_cer_10_short_keys_and_odd_names_are_refused_and_nothing_shows_a_key() {
        let id = KeyId::new("k1").unwrap();
        assert_eq!(LinkKey::new(id.clone(), &[7; 31]).unwrap_err().code(), "cer.link_key");
        for name in ["", "a b", "ü", &"k".repeat(33)] {
            assert_eq!(KeyId::new(name).unwrap_err().code(), "cer.link_key");
        }
        let keys = LinkKeys::new(LinkKey::new(id, b"kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk").unwrap());
        let link = keys.text_of(keys.current(), &ceremony(), &sign(), EXPIRY).unwrap();
        assert_eq!(format!("{link:?}"), "LinkText(..)");
        assert!(!format!("{keys:?}").contains("107") && !format!("{keys:?}").contains("kkk"));
    }

    #[test]
    fn m15_the_longest_ids_fit() {
        let keys = keys(&"k".repeat(32), 1);
        let ceremony: CeremonyId = "c".repeat(128).parse().unwrap();
        let kind = LinkKind::Sign { contract: "d".repeat(128).parse().unwrap() };
        let text = keys.text_of(keys.current(), &ceremony, &kind, EXPIRY).unwrap();
        assert_eq!(keys.open_qr(text.as_str()).unwrap().kind(), &kind);
    }

    proptest! {
        #[test]
        fn m15_no_text_makes_the_reader_fall(text: String, bytes: Vec<u8>) {
            let keys = keys("k1", b'k');
            prop_assert!(keys.open_qr(&text).is_err());
            prop_assert!(keys.open_result(&url_text::encode(&bytes)).is_err());
        }
    }
}
