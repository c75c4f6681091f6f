//! Names that may belong to one owner only.

use std::fmt;

use crate::audit::HostKey;

/// A name that may belong to one owner only: a credit code, the official seal of an organization,
/// a mobile number within it.
///
/// A host keeps claims under a unique index over [`ClaimKey::index`]; what is personal appears there
/// as an HMAC under the host's key.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimKey {
    space: &'static str,
    scope: String,
    personal: Option<String>,
}

impl ClaimKey {
    /// A name that is no secret: `space` says what is unique, `scope` names it.
    pub(crate) fn new(space: &'static str, scope: impl Into<String>) -> Self {
        Self { space, scope: scope.into(), personal: None }
    }

    /// A personal fact that is unique within a scope.
    pub(crate) fn personal(
        space: &'static str,
        scope: impl Into<String>,
        fact: impl Into<String>,
    ) -> Self {
        Self { space, scope: scope.into(), personal: Some(fact.into()) }
    }

    /// What is unique: `organization.uscc`.
    #[must_use]
    pub fn space(&self) -> &'static str {
        self.space
    }

    /// The text for the unique index. Parts are separated by a unit separator, which no id holds.
    ///
    /// **The key may not change**: under another one a personal fact that is taken looks free, and
    /// what is given up is not found. Give claims a key of their own, so that the one of the records
    /// ([`HostKey::id`]) can change without it. The index cannot be turned back into facts: a host that
    /// wants to be able to change the key, because somebody else has it now, stores each [`ClaimKey`]'s
    /// index under the next key as well, in a second column, from the day on which it plans to, and
    /// lets the old column go once no claim of before that day is left.
    #[must_use]
    pub fn index(&self, key: &HostKey) -> String {
        let Self { space, scope, personal } = self;
        match personal {
            None => format!("{space}\u{1f}{scope}"),
            Some(fact) => format!("{space}\u{1f}{scope}\u{1f}{}", key.fingerprint(space, fact)),
        }
    }
}

impl fmt::Debug for ClaimKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fact = if self.personal.is_some() { "/…" } else { "" };
        write!(f, "{}/{}{fact}", self.space, self.scope)
    }
}

/// A name that an aggregate takes or gives up with a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// The name belongs to the owner from now on. If somebody else has it, the decision must not be
    /// stored.
    Take {
        /// The name.
        key: ClaimKey,
        /// The id of the owner.
        owner: String,
        /// The code to answer with when it is taken: `org.already_exists`.
        code: &'static str,
    },
    /// The owner gives the name up.
    Release {
        /// The name.
        key: ClaimKey,
        /// The id of the owner.
        owner: String,
    },
}

impl Claim {
    /// The owner takes the name; `code` is what a second owner is told.
    pub(crate) fn take(key: ClaimKey, owner: impl fmt::Display, code: &'static str) -> Self {
        Self::Take { key, owner: owner.to_string(), code }
    }

    /// The owner gives the name up.
    pub(crate) fn release(key: ClaimKey, owner: impl fmt::Display) -> Self {
        Self::Release { key, owner: owner.to_string() }
    }

    /// The name.
    #[must_use]
    pub fn key(&self) -> &ClaimKey {
        match self {
            Self::Take { key, .. } | Self::Release { key, .. } => key,
        }
    }
}
