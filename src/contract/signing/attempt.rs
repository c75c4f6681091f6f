//! What a signer brings when he wants to sign, and what else the checks look at.

use serde::{Deserialize, Serialize};
use time::Duration;

use super::super::control::{Control, ControlKey, ControlKind, Input, SignatureMethod, Value};
use super::super::error::Error;
use super::super::intent::IntentProof;
use super::choices::read_inputs;
use crate::identity::{SealId, SlotId};

/// With what a signer completes a control.
///
/// ```
/// use sealwright::contract::{Pick, SignatureMethod};
/// assert_ne!(Pick::Signature(SignatureMethod::Generated), Pick::Date);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pick {
    /// This seal. Which kind it is of, the register of seals says:
    /// [`super::SigningFacts::seal_kinds`].
    Seal(SealId),
    /// A signature that came about in this way.
    Signature(SignatureMethod),
    /// The date of signing: the engine writes it, so that it may be left out as well.
    Date,
    /// The opinion, as it was confirmed.
    Opinion(String),
    /// An approval: the signature, and what was handed in for the other children, in their order.
    Block {
        /// How the signature came about.
        method: SignatureMethod,
        /// For each child, what was handed in; nothing for signature and date.
        inputs: Vec<Option<Input>>,
    },
}

impl Pick {
    /// Whether it is a seal or a signature, by which somebody binds himself.
    pub(super) fn is_of_signer(&self) -> bool {
        matches!(self, Self::Seal(_) | Self::Signature(_) | Self::Block { .. })
    }
}

/// A control and with what it is completed.
///
/// ```
/// use sealwright::contract::{Choice, ControlKey, Pick};
/// let control = ControlKey::new("doc_1".parse()?, "seal_a".parse()?);
/// let choice = Choice::new(control, Pick::Seal("seal_1".parse()?));
/// assert_eq!(choice.control.to_string(), "doc_1/seal_a");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The control.
    pub control: ControlKey,
    /// With what.
    pub pick: Pick,
}

impl Choice {
    /// This with that.
    #[must_use]
    pub fn new(control: ControlKey, pick: Pick) -> Self {
        Self { control, pick }
    }

    /// What an approval block gets beside its signature: for each child the value that was handed in
    /// for it. Empty for anything but a block.
    ///
    /// # Errors
    ///
    /// `ctl.required_value_missing`, `ctl.value_invalid`.
    pub fn values(&self, control: &Control) -> Result<Vec<Option<Value>>, Error> {
        match (control.kind(), &self.pick) {
            (ControlKind::ApprovalBlock(block), Pick::Block { inputs, .. }) => {
                read_inputs(&self.control, block, inputs)
            }
            _ => Ok(Vec::new()),
        }
    }
}

/// How a text was read (R-SIGN-08): the host measures it.
///
/// ```
/// use sealwright::contract::ReadingProof;
/// let read = ReadingProof { shown_for: time::Duration::seconds(12), reached_end: true };
/// assert!(read.reached_end);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingProof {
    /// How long it was shown.
    pub shown_for: Duration,
    /// Whether its end was reached.
    pub reached_end: bool,
}

/// A signer wants to sign: what he chose, and what he proves.
///
/// ```
/// use sealwright::contract::{IntentMethod, IntentProof, ReadingProof, SigningAttempt};
/// let now = time::OffsetDateTime::UNIX_EPOCH;
/// let (contract, slot, signer) = ("con_1".parse()?, "slot_a".parse()?, "e:alice".parse()?);
/// let proof =
///     IntentProof::new(contract, slot, signer, []).check(IntentMethod::Face, "face-1", now);
/// let read = ReadingProof { shown_for: time::Duration::seconds(12), reached_end: true };
/// let attempt = SigningAttempt::new("slot_a".parse()?).meant(proof).read(read);
/// assert!(attempt.choices.is_empty());
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningAttempt {
    /// Where he signs.
    pub slot: SlotId,
    /// With what.
    pub choices: Vec<Choice>,
    /// How he showed that he means it; none for a slot that is signed with no human act.
    pub intent: Option<IntentProof>,
    /// How he read the text.
    pub reading: ReadingProof,
}

impl SigningAttempt {
    /// An attempt that brings nothing yet.
    #[must_use]
    pub fn new(slot: SlotId) -> Self {
        Self { slot, choices: Vec::new(), intent: None, reading: ReadingProof::default() }
    }

    /// With one more choice.
    #[must_use]
    pub fn choose(mut self, control: ControlKey, pick: Pick) -> Self {
        self.choices.push(Choice::new(control, pick));
        self
    }

    /// With the proof that he means it.
    #[must_use]
    pub fn meant(self, proof: IntentProof) -> Self {
        Self { intent: Some(proof), ..self }
    }

    /// With how he read the text.
    #[must_use]
    pub fn read(self, reading: ReadingProof) -> Self {
        Self { reading, ..self }
    }

    /// The seals that he chose.
    pub fn seals(&self) -> impl Iterator<Item = (&ControlKey, &SealId)> {
        self.choices.iter().filter_map(|choice| match &choice.pick {
            Pick::Seal(seal) => Some((&choice.control, seal)),
            _ => None,
        })
    }
}

/// What the embedder may decide otherwise about signing.
///
/// ```
/// use sealwright::contract::SigningPolicy;
/// let policy = SigningPolicy { intent_lasts: time::Duration::minutes(5), ..Default::default() };
/// assert_eq!(policy.clock_skew, time::Duration::minutes(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SigningPolicy {
    /// How old a proof of intent may be: 10 minutes.
    pub intent_lasts: Duration,
    /// How far a provider's clock may be ahead: 1 minute.
    pub clock_skew: Duration,
}

impl Default for SigningPolicy {
    fn default() -> Self {
        Self { intent_lasts: Duration::minutes(10), clock_skew: Duration::minutes(1) }
    }
}
