//! A whole state under its version tag.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Aggregate;

/// A whole state under its version tag: `{"format": "sealwright/contract/1", "state": …}`.
///
/// A host keeps snapshots so that it need not replay; reading one of another format is refused
/// instead of guessed at.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot<'a, A: Aggregate>(Cow<'a, A>);

impl<'a, A: Aggregate> Snapshot<'a, A> {
    /// The snapshot of a state, to be serialised.
    pub fn of(state: &'a A) -> Self {
        Self(Cow::Borrowed(state))
    }

    /// The state that was read.
    #[must_use]
    pub fn into_state(self) -> A {
        self.0.into_owned()
    }
}

#[derive(Serialize)]
struct Written<'a, A> {
    format: &'static str,
    state: &'a A,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<A> {
    format: String,
    state: A,
}

impl<A: Aggregate> Serialize for Snapshot<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { format: A::FORMAT, state: self.0.as_ref() }.serialize(serializer)
    }
}

impl<'de, A: Aggregate> Deserialize<'de> for Snapshot<'_, A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Read::<A>::deserialize(deserializer)?;
        check_format(A::FORMAT, &read.format)?;
        Ok(Self(Cow::Owned(read.state)))
    }
}

pub(super) fn check_format<E: serde::de::Error>(expected: &str, found: &str) -> Result<(), E> {
    if expected == found {
        return Ok(());
    }
    Err(E::custom(format_args!("this is `{found}`; this version reads `{expected}`")))
}
