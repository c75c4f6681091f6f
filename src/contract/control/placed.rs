//! A control on a document.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::super::location::{Location, Spot};
use super::{
    ControlError, ControlKey, ControlKind, ControlName, ControlProblem, Input, Locks,
    SignatureMethod, Value,
};
use crate::digest::Digest;
use crate::geometry::Size;
use crate::identity::{GrantId, SealId, SlotId};

/// Who completes a control.
///
/// ```
/// use sealwright::contract::Owner;
/// let owner = Owner::Slot("slot_a".parse()?);
/// assert_eq!(owner.slot().map(|slot| slot.as_str()), Some("slot_a"));
/// # Ok::<(), sealwright::identity::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "slot", rename_all = "snake_case")]
pub enum Owner {
    /// The initiator, before the contract starts.
    Initiator,
    /// A signer.
    Slot(SlotId),
}

impl Owner {
    /// The signer's slot, if it is a signer.
    #[must_use]
    pub fn slot(&self) -> Option<&SlotId> {
        match self {
            Self::Initiator => None,
            Self::Slot(slot) => Some(slot),
        }
    }
}

impl From<SlotId> for Owner {
    fn from(slot: SlotId) -> Self {
        Self::Slot(slot)
    }
}

/// What was put into a sign control.
///
/// ```
/// assert_eq!(sealwright::contract::Mark::Date.code(), "date");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mark {
    /// A seal.
    Seal {
        /// Which one.
        seal: SealId,
        /// In which version of its face.
        version: u32,
        /// The digest of the face that is drawn.
        face: Digest,
        /// The grant by which the signer used it.
        grant: GrantId,
    },
    /// A signature.
    Signature {
        /// How it came about.
        method: SignatureMethod,
        /// The digest of what is drawn.
        face: Digest,
    },
    /// The date of signing.
    Date,
    /// The confirmed opinion.
    Opinion,
    /// A signature with the choices and opinions around it.
    Block {
        /// How the signature came about.
        method: SignatureMethod,
        /// The digest of the signature that is drawn.
        face: Digest,
        /// The values of the children, in their order.
        values: Vec<Option<Value>>,
    },
}

impl Mark {
    /// Whether it is a seal or a signature, by which somebody binds himself; a date or an opinion
    /// only stands beside one.
    pub(crate) fn is_of_signer(&self) -> bool {
        matches!(self, Self::Seal { .. } | Self::Signature { .. } | Self::Block { .. })
    }

    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Seal { .. } => "seal",
            Self::Signature { .. } => "signature",
            Self::Date => "date",
            Self::Opinion => "opinion",
            Self::Block { .. } => "block",
        }
    }
}

/// A sign control that was completed: what, when, where.
///
/// ```
/// use sealwright::contract::{Applied, Mark};
/// let applied = Applied { at: time::OffsetDateTime::UNIX_EPOCH, mark: Mark::Date, spots: vec![] };
/// assert!(serde_json::to_string(&applied)?.contains("1970-01-01T00:00:00Z"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// When, UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What.
    pub mark: Mark,
    /// The rectangles it was drawn in.
    pub spots: Vec<Spot>,
}

/// How far a control is (§2.6).
///
/// ```
/// assert_eq!(sealwright::contract::ControlState::default().name(), "empty");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "is", rename_all = "snake_case")]
pub enum ControlState {
    /// Nobody has done anything.
    #[default]
    Empty,
    /// It has a value.
    Filled(Value),
    /// It was signed.
    Applied(Applied),
}

impl ControlState {
    /// A stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Filled(_) => "filled",
            Self::Applied(_) => "applied",
        }
    }
}

impl fmt::Display for ControlState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A control (控件): what somebody fills in or signs, and where.
///
/// ```
/// use sealwright::contract::{Absolute, Control, ControlKey, ControlKind, Point, SealMark};
/// use sealwright::geometry::{Mm, PageIndex};
/// let place = Absolute::new(PageIndex::LAST, Point::at(Mm(130.0), Mm(220.0))?);
/// let seal = Control::new(
///     ControlKey::new("doc_1".parse()?, "seal_a".parse()?),
///     ControlKind::Seal(SealMark::default()),
///     "slot_a".parse::<sealwright::identity::SlotId>()?,
///     place,
/// );
/// assert!(seal.is_required()); // as every sign control
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    key: ControlKey,
    #[serde(default)]
    name: ControlName,
    kind: ControlKind,
    owner: Owner,
    location: Location,
    required: bool,
    #[serde(default)]
    locks: Locks,
    #[serde(default)]
    state: ControlState,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    spots: Vec<Spot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whole: Option<Size>,
}

impl Control {
    /// A control that has to be completed, without a name, nothing of it locked.
    #[must_use]
    pub fn new(
        key: ControlKey,
        kind: ControlKind,
        owner: impl Into<Owner>,
        location: impl Into<Location>,
    ) -> Self {
        Self {
            key,
            name: ControlName::default(),
            kind,
            owner: owner.into(),
            location: location.into(),
            required: true,
            locks: Locks::default(),
            state: ControlState::Empty,
            spots: Vec::new(),
            whole: None,
        }
    }

    /// With a name for people.
    #[must_use]
    pub fn named(self, name: ControlName) -> Self {
        Self { name, ..self }
    }

    /// Which may stay empty. Sign controls are required all the same (§2.6).
    #[must_use]
    pub fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// With these locks.
    #[must_use]
    pub fn locked(self, locks: Locks) -> Self {
        Self { locks, ..self }
    }

    /// With the value that was handed in.
    ///
    /// # Errors
    ///
    /// As [`Control::read`].
    pub fn filled(self, input: &Input) -> Result<Self, ControlProblem> {
        let value = self.read(input)?;
        Ok(Self { state: ControlState::Filled(value), ..self })
    }

    /// The same control at another place.
    ///
    /// # Errors
    ///
    /// [`ControlError::Locked`] (R-CTL-20).
    pub fn moved(self, location: impl Into<Location>) -> Result<Self, ControlProblem> {
        self.check_position_lock()?;
        Ok(Self { location: location.into(), ..self })
    }

    /// The same control, place and all, for another owner.
    ///
    /// # Errors
    ///
    /// [`ControlError::Locked`] (R-CTL-20).
    pub fn reassigned(self, owner: impl Into<Owner>) -> Result<Self, ControlProblem> {
        self.check_position_lock()?;
        Ok(Self { owner: owner.into(), ..self })
    }

    /// Its document and its id.
    #[must_use]
    pub fn key(&self) -> &ControlKey {
        &self.key
    }

    /// Its name for people, maybe empty.
    #[must_use]
    pub fn name(&self) -> &ControlName {
        &self.name
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> &ControlKind {
        &self.kind
    }

    /// Who completes it.
    #[must_use]
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Whether the signer of this slot completes it.
    #[must_use]
    pub fn is_of(&self, slot: &SlotId) -> bool {
        self.owner.slot() == Some(slot)
    }

    /// Where it wants to be.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Whether it has to be completed: sign controls always.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.kind.is_sign() || self.required
    }

    /// What of it is locked.
    #[must_use]
    pub fn locks(&self) -> Locks {
        self.locks
    }

    /// How far it is.
    #[must_use]
    pub fn state(&self) -> &ControlState {
        &self.state
    }

    /// Its value, if it has one.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match &self.state {
            ControlState::Filled(value) => Some(value),
            ControlState::Empty | ControlState::Applied(_) => None,
        }
    }

    /// Where it is: the rectangles that were frozen at start; none before.
    #[must_use]
    pub fn spots(&self) -> &[Spot] {
        &self.spots
    }

    /// How large the whole seal is whose slices its rectangles show, in points as displayed: frozen
    /// at start with them. `None` before, and for what is no cross-page seal (骑缝章, §5.4).
    #[must_use]
    pub fn whole(&self) -> Option<Size> {
        self.whole
    }

    /// Whether it has a place on the pages, once the contract has started. A keyword that was not
    /// found, and may be missing, has none; neither has a cross-page seal over a single page, where
    /// that is to be skipped.
    #[must_use]
    pub fn is_on_pages(&self) -> bool {
        !self.spots.is_empty()
    }

    /// Whether it is completed by data, required, and empty (R-CTL-10).
    #[must_use]
    pub fn misses_value(&self) -> bool {
        self.kind.is_fill() && self.required && self.value().is_none()
    }

    /// What was handed in as a value of this control (R-CTL-11).
    ///
    /// # Errors
    ///
    /// [`ControlError::ValueInvalid`]; [`ControlError::Locked`] where its value is (R-CTL-20).
    pub fn read(&self, input: &Input) -> Result<Value, ControlProblem> {
        let set = self.value().is_some() || matches!(self.state, ControlState::Applied(_));
        if self.locks.value && set {
            return Err(ControlError::Locked { what: "value" }.of(self.key.clone()));
        }
        self.kind.read(input).map_err(|error| error.of(self.key.clone()))
    }

    /// A control of a draft: not signed yet, no place frozen, its value one of its kind, and what is
    /// stored of it can be read back.
    pub(in crate::contract) fn check_fresh(&self) -> Result<(), ControlProblem> {
        self.location.check().map_err(|error| error.of(self.key.clone()))?;
        let fits = match &self.state {
            ControlState::Empty => true,
            ControlState::Filled(value) => self.kind.takes(value),
            ControlState::Applied(_) => false,
        };
        if fits && self.spots.is_empty() && self.whole.is_none() {
            return Ok(());
        }
        let problem = "not one that a draft's control of its kind has; place the control anew";
        Err(ControlError::ValueInvalid { problem }.of(self.key.clone()))
    }

    /// The event says that it has this value.
    pub(in crate::contract) fn fill(&mut self, value: Value) {
        self.state = ControlState::Filled(value);
    }

    /// The event says that it was signed.
    pub(in crate::contract) fn apply(&mut self, applied: Applied) {
        self.state = ControlState::Applied(applied);
    }

    /// The event says where it is from now on.
    pub(in crate::contract) fn freeze(&mut self, spots: Vec<Spot>, whole: Option<Size>) {
        (self.spots, self.whole) = (spots, whole);
    }

    fn check_position_lock(&self) -> Result<(), ControlProblem> {
        if self.locks.position {
            return Err(ControlError::Locked { what: "position" }.of(self.key.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::location::{Absolute, Point};
    use super::super::{SealMark, TextStyle};
    use super::*;
    use crate::geometry::{PageIndex, Pt};

    fn control(id: &str, kind: ControlKind) -> Control {
        let key = ControlKey::new("doc".parse().unwrap(), id.parse().unwrap());
        Control::new(key, kind, "a".parse::<SlotId>().unwrap(), at(10.0))
    }

    fn at(x: f64) -> Absolute {
        Absolute::new(PageIndex::FIRST, Point::at(Pt(x), Pt(10.0)).unwrap())
    }

    fn text(id: &str) -> Control {
        control(id, ControlKind::Text(TextStyle::default()))
    }

    #[test]
    fn sign_controls_are_always_required() {
        assert!(control("s", ControlKind::Seal(SealMark::default())).optional().is_required());
        assert!(!text("t").optional().is_required());
        assert!(text("t").misses_value() && !text("t").optional().misses_value());
        assert!(!text("t").filled(&Input::text("x")).unwrap().misses_value());
    }

    #[test]
    fn a_control_survives_storage() {
        let filled = text("t").filled(&Input::text("x")).unwrap().named("备注".parse().unwrap());
        let json = serde_json::to_string(&filled).unwrap();
        assert_eq!(serde_json::from_str::<Control>(&json).unwrap(), filled);
    }
}
