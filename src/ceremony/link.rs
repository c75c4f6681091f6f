//! What a meeting remembers of the links that were made for it: never their text.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::error::Error;
use super::token::KeyId;
use crate::digest::Digest;
use crate::identity::ContractId;

/// What tells one link apart from every other: 32 hexadecimal digits that do not help to make it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LinkId(String);

impl LinkId {
    const DIGITS: usize = 32;

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn from_digest(digest: &Digest) -> Self {
        Self(digest.to_hex().chars().take(Self::DIGITS).collect())
    }
}

impl TryFrom<String> for LinkId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if digits && text.len() == Self::DIGITS {
            Ok(Self(text))
        } else {
            Err(Error::LinkKey { problem: "link id" })
        }
    }
}

impl From<LinkId> for String {
    fn from(id: LinkId) -> Self {
        id.0
    }
}

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a link opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkKind {
    /// The sign QR (签署二维码): leads a signer to this contract while the signing stage is open.
    Sign {
        /// The contract.
        contract: ContractId,
    },
    /// The sign-result link (签署结果页链接): shows who has signed. Reads only, never signs.
    Result,
}

/// One link that was made for a meeting (R-CER-10, R-CER-13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    id: LinkId,
    kind: LinkKind,
    key: KeyId,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    revoked: bool,
}

impl Link {
    pub(super) fn new(id: LinkId, kind: LinkKind, key: KeyId, expires_at: OffsetDateTime) -> Self {
        Self { id, kind, key, expires_at, revoked: false }
    }

    pub(super) fn revoke(&mut self) {
        self.revoked = true;
    }

    /// What tells it apart from every other.
    #[must_use]
    pub fn id(&self) -> &LinkId {
        &self.id
    }

    /// What it opens.
    #[must_use]
    pub fn kind(&self) -> &LinkKind {
        &self.kind
    }

    /// The key that sealed it.
    #[must_use]
    pub fn key(&self) -> &KeyId {
        &self.key
    }

    /// From when on it opens nothing, UTC.
    #[must_use]
    pub fn expires_at(&self) -> OffsetDateTime {
        self.expires_at
    }

    /// Whether it was withdrawn.
    #[must_use]
    pub fn is_revoked(&self) -> bool {
        self.revoked
    }

    /// Whether it opens something at `now`.
    #[must_use]
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        !self.revoked && now < self.expires_at
    }
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LinkProblem {
    /// The text is no link.
    Unreadable,
    /// It was sealed with a key that is not there (any more).
    UnknownKey,
    /// Its seal does not fit what it says.
    Forged,
    /// It opens something else.
    OtherKind,
    /// It belongs to another meeting, or this meeting never issued it.
    OtherMeeting,
    /// It was withdrawn.
    Revoked,
    /// Its time is over.
    Expired,
    /// It is for the host and the booker only.
    NotTheHost,
}

impl fmt::Display for LinkProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "the text is no link",
            Self::UnknownKey => "its key is not known here",
            Self::Forged => "its seal is broken",
            Self::OtherKind => "it opens something else",
            Self::OtherMeeting => "this meeting did not issue it",
            Self::Revoked => "it was withdrawn",
            Self::Expired => "its time is over",
            Self::NotTheHost => "it is for the host and the booker",
        })
    }
}
