//! What one signer brings when he signs.

use std::collections::BTreeMap;
use std::fmt;

use crate::appearance::{SealFace, SignatureFace};
use crate::audit::{HostKey, IdentityReference};
use crate::authorization::ChainFacts;
use crate::contract::{ControlKey, SigningAttempt, SigningWindow, TimeSource};
use crate::identity::SealId;
use crate::organization::By;
use crate::signing::SignedGrant;
use crate::statement::IntentKey;

/// What one signer brings when he signs: what he chose and proved, the facts that the chain looks at,
/// and what his seals and his signature look like.
///
/// ```
/// use sealwright::appearance::SealFace;
/// use sealwright::audit::HostKey;
/// use sealwright::authorization::ChainFacts;
/// use sealwright::contract::{SigningAttempt, SigningWindow};
/// use sealwright::execution::Signing;
/// use sealwright::statement::IntentKey;
///
/// fn brings<'a>(
///     attempt: SigningAttempt,
///     facts: ChainFacts<'a>,
///     window: SigningWindow<'a>,
///     (host, intent): (&'a HostKey, &'a IntentKey),
///     face: &'a dyn Fn(&sealwright::identity::SealId, u32) -> Option<SealFace>,
/// ) -> Signing<'a> {
///     Signing { faces: face, ..Signing::new(attempt, facts, window, host, intent) }
/// }
/// ```
#[derive(Clone)]
pub struct Signing<'a> {
    /// What he chose, how he read, how he showed that he means it.
    pub attempt: SigningAttempt,
    /// Who he is, his seals and grants, and what else the chain looks at.
    pub facts: ChainFacts<'a>,
    /// What the meeting says, for a contract that is signed at one.
    pub window: SigningWindow<'a>,
    /// The key under which the host's records name people.
    pub host_key: &'a HostKey,
    /// The key under which the signature refers to the proof of intent.
    pub intent_key: &'a IntentKey,
    /// Finds what a version of a seal looks like; the permit sees to it that it is that one.
    pub faces: &'a dyn Fn(&SealId, u32) -> Option<SealFace>,
    /// Finds what a signature by hand in this control looks like.
    pub signatures: &'a dyn Fn(&ControlKey) -> Option<SignatureFace<'a>>,
    /// What the custodians of the seals have signed of the grants that they are used under. One that is
    /// given here goes into every signature with a seal of its grant, so that an auditor sees with the
    /// document alone that the seal was granted; one that does not cover what is signed is refused.
    pub granted: &'a [SignedGrant],
    /// What the host knows of the device, as it deems fit for its trail.
    pub client: BTreeMap<String, String>,
    /// Where `now` comes from.
    pub time: TimeSource,
}

impl<'a> Signing<'a> {
    /// Without any pictures yet.
    #[must_use]
    pub fn new(
        attempt: SigningAttempt,
        facts: ChainFacts<'a>,
        window: SigningWindow<'a>,
        host_key: &'a HostKey,
        intent_key: &'a IntentKey,
    ) -> Self {
        Self {
            attempt,
            facts,
            window,
            host_key,
            intent_key,
            faces: &|_, _| None,
            signatures: &|_| None,
            granted: &[],
            client: BTreeMap::new(),
            time: TimeSource::default(),
        }
    }

    /// Whom the record names; nobody where no human acts.
    pub(super) fn signer(&self) -> Option<IdentityReference> {
        let person = match self.facts.by {
            By::Staff(staff) => staff.employee().person(),
            By::Person { person, .. } => person,
            By::Host(_) | By::System => return None,
        };
        Some(IdentityReference::new(self.host_key, person.id_document()))
    }
}

impl fmt::Debug for Signing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signing").field("slot", &self.attempt.slot).finish_non_exhaustive()
    }
}
