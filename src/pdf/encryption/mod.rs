//! Encrypted documents (ISO 32000-2 §7.6): whether one can be opened, and its objects in plain.
//!
//! Only the standard security handler is known. `lopdf` decrypts too, but whole documents that it has
//! loaded itself, so only the ciphers are taken from elsewhere (the crates that it rests on).
//!
//! What is never encrypted: cross-reference streams, the encryption dictionary itself, objects inside
//! object streams (their stream is), and `/Contents` of signatures.

mod cipher;
mod handler;
mod key;
mod opening;
mod password;
mod permissions;
mod values;
mod writing;

pub use password::Password;
pub use permissions::Permissions;

pub(super) use writing::{Plain, replaced};

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use cipher::Method;
use handler::Filters;

use super::object::ObjectId;

type FileKey = Zeroizing<Vec<u8>>;

/// Whether a document is encrypted, and whether it could be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// It is not.
    None,
    /// It is, and it is open.
    Opened(Opened),
    /// It is, and its strings and streams cannot be read.
    Closed(Closed),
}

/// By which password a document was opened, and what that allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    by: OpenedBy,
    permissions: Permissions,
    agree: bool,
    streams: &'static str,
}

impl Opened {
    /// By whose password.
    #[must_use]
    pub fn by(&self) -> OpenedBy {
        self.by
    }

    /// What the document permits a user. The owner may do everything.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// Whether `/Perms` says what `/P` says (handlers of revision 6): if not, somebody who had no
    /// password changed the permissions, and none is given.
    #[must_use]
    pub fn permissions_agree(&self) -> bool {
        self.agree
    }

    /// The cipher of streams: `RC4`, `AES-128`, `AES-256` or `none`.
    #[must_use]
    pub fn cipher(&self) -> &'static str {
        self.streams
    }
}

/// Whose password opened a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    /// That of its users, the empty one above all: what it permits binds.
    User,
    /// That of its owner, who may do everything.
    Owner,
}

/// Why an encrypted document is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Closed {
    /// The empty password does not open it, and no other was given.
    NoPassword,
    /// The password that was given does not open it.
    WrongPassword,
    /// It is encrypted for the holders of certificates (§7.6.5).
    PublicKey,
    /// Its handler or version is not known.
    Unknown,
    /// Its revisions are not encrypted in the same way.
    Changed,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoPassword => {
                "the empty password does not open it; give the user's or the owner's"
            }
            Self::WrongPassword => "the password that was given does not open it",
            Self::PublicKey => {
                "it is encrypted for certificates, not by a password; give an open copy"
            }
            Self::Unknown => "its security handler is not known; give an open copy",
            Self::Changed => "its revisions are not encrypted in the same way",
        })
    }
}

/// What was found of a document's encryption when it was opened.
#[derive(Clone, Default)]
pub(super) enum State {
    #[default]
    Plain,
    Opened(Arc<Security>),
    Closed(Closed),
}

/// What it takes to read and write strings and streams of an encrypted file.
pub(super) struct Security {
    key: FileKey,
    filters: Filters,
    encrypts_metadata: bool,
    /// The encryption dictionary, if it is an object.
    dictionary: Option<ObjectId>,
    /// The first part of the file's identifier, which old keys depend on.
    pub(super) identifier: Vec<u8>,
    opened: Opened,
}

impl State {
    pub(super) fn protection(&self) -> Protection {
        match self {
            Self::Plain => Protection::None,
            Self::Opened(security) => Protection::Opened(security.opened.clone()),
            Self::Closed(why) => Protection::Closed(*why),
        }
    }

    /// The key, if there is one.
    pub(super) fn security(&self) -> Option<&Arc<Security>> {
        if let Self::Opened(security) = self { Some(security) } else { None }
    }

    /// The same where data is to be read; `None` if it is not encrypted.
    pub(super) fn required(&self) -> Result<Option<&Security>, super::Error> {
        match self {
            Self::Plain => Ok(None),
            Self::Opened(security) => Ok(Some(security)),
            Self::Closed(why) => Err(super::Error::Encrypted(*why)),
        }
    }
}
