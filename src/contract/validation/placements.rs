//! What somebody who looked into the documents, and at the seals, has found.

use std::collections::{BTreeMap, BTreeSet};

use super::super::control::{ControlError, ControlKey, ControlKind};
use super::super::location::Spot;
use crate::geometry::{PageIndex, PageNumber, Size};
use crate::identity::SealId;

/// What a form field is, as far as a control may stand in it (R-CTL-05).
///
/// ```
/// use sealwright::contract::FieldKind;
/// assert_ne!(FieldKind::EmptySignature, FieldKind::Signed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// A signature field that is not signed: a seal or a signature may stand in it.
    EmptySignature,
    /// A signature field that is signed.
    Signed,
    /// A field that takes data.
    Data,
    /// A field that may not be changed.
    ReadOnly,
}

/// What was found for a control that stands by a keyword or in a form field.
///
/// ```
/// use sealwright::contract::{Located, Spot};
/// use sealwright::geometry::{PageNumber, Pt, Rect};
/// let rect = Rect::new(Pt(72.0), Pt(600.0), Pt(120.0), Pt(120.0))?;
/// let found = Located::Words(vec![Spot { page: PageNumber::new(2)?, rect }]);
/// assert_ne!(found, Located::KeywordNotFound);
/// # Ok::<(), sealwright::geometry::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Located {
    /// The keyword: the rectangle of the control, §5.3's geometry applied, for each match that was
    /// asked for.
    Words(Vec<Spot>),
    /// R-CTL-07: the keyword is nowhere.
    KeywordNotFound,
    /// R-CTL-02: the only page that was to be searched for the keyword does not exist.
    PageOutOfRange {
        /// The page.
        page: PageIndex,
        /// How many pages there are.
        count: u32,
    },
    /// R-CTL-08: there are fewer matches.
    KeywordIndexOutOfRange {
        /// The match that was asked for, from 0.
        index: u32,
        /// How many there are.
        found: u32,
    },
    /// R-CTL-09: a page without text that could be searched.
    NoTextLayer {
        /// The page.
        page: PageNumber,
    },
    /// The form field: one rectangle for each of its widgets.
    Field {
        /// What it is.
        kind: FieldKind,
        /// The rectangles.
        spots: Vec<Spot>,
    },
    /// There is no such field.
    FieldNotFound,
    /// R-CTL-05: the field is there, and nothing of it can be seen or printed.
    FieldUnusable {
        /// Why not: `has no widget`, `is hidden`, …
        why: &'static str,
    },
    /// A signature that the document carries locks the field (ISO 32000-2 §12.8.2.4): whatever is put
    /// into it breaks that signature.
    FieldLocked {
        /// Its full name.
        field: String,
        /// The full name of the signature field that locks it.
        signature: String,
    },
}

/// What somebody who looked into the documents, and at the seals, has found: it goes into the
/// validation as data.
///
/// ```
/// use sealwright::contract::{ControlKey, Located, Placements};
/// let control = ControlKey::new("doc_1".parse()?, "seal_a".parse()?);
/// let placements = Placements::default().found(control.clone(), Located::KeywordNotFound);
/// assert_eq!(placements.of(&control), Some(&Located::KeywordNotFound));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placements {
    located: BTreeMap<ControlKey, Located>,
    seal_sizes: BTreeMap<SealId, Size>,
    shared: BTreeMap<ControlKey, BTreeSet<ControlKey>>,
    pub(super) cross_page_is_a_feature: bool,
}

impl Placements {
    /// With what was found for a control.
    #[must_use]
    pub fn found(mut self, control: ControlKey, located: Located) -> Self {
        self.located.insert(control, located);
        self
    }

    /// With what was found of two controls by keyword: they stand by the very same words. Whether they
    /// may is said when their owners are known (R-CTL-21).
    #[must_use]
    pub fn sharing_words(mut self, control: ControlKey, earlier: ControlKey) -> Self {
        self.shared.entry(control).or_default().insert(earlier);
        self
    }

    /// With the physical size of a seal that a control names. Seals of unknown size are taken to be
    /// 42 mm large.
    #[must_use]
    pub fn seal_size(mut self, seal: SealId, size: Size) -> Self {
        self.seal_sizes.insert(seal, size);
        self
    }

    /// With the check that the initiating organization may use cross-page seals (R-CTL-18), which an
    /// embedder has to ask for.
    #[must_use]
    pub fn cross_page_is_a_feature(self) -> Self {
        Self { cross_page_is_a_feature: true, ..self }
    }

    /// What was found for a control.
    #[must_use]
    pub fn of(&self, control: &ControlKey) -> Option<&Located> {
        self.located.get(control)
    }

    /// The controls that stand by the very same words as this one does.
    pub(super) fn sharing_with(&self, control: &ControlKey) -> impl Iterator<Item = &ControlKey> {
        self.shared.get(control).into_iter().flatten()
    }

    /// The size of the seal that a control will carry, as far as it is known: the largest of those
    /// it names, the default where it names none.
    #[must_use]
    pub fn size_for(&self, kind: &ControlKind) -> Size {
        let named = kind.seal_mark().into_iter().flat_map(|mark| mark.seals.named());
        let default = kind.default_size();
        let size = |seal| self.seal_sizes.get(seal).copied().unwrap_or(default);
        let larger = |a: Size, b: Size| if area(a) < area(b) { b } else { a };
        named.map(size).reduce(larger).unwrap_or(default)
    }
}

fn area(size: Size) -> i128 {
    i128::from(size.width().thousandths()) * i128::from(size.height().thousandths())
}

impl Located {
    /// The rectangles that were found, if this kind of control may stand there.
    ///
    /// # Errors
    ///
    /// What was found instead, or why the field takes no such control (R-CTL-05, 07…09).
    pub fn spots_for(&self, kind: &ControlKind) -> Result<&[Spot], ControlError> {
        spots_of(kind, self)
    }
}

fn spots_of<'l>(kind: &ControlKind, located: &'l Located) -> Result<&'l [Spot], ControlError> {
    let cannot = |why| Err(ControlError::FieldCannotHostSignature { why });
    let marks = kind.is_seal() || kind.is_signature();
    match located {
        Located::Words(spots) if spots.is_empty() => Err(ControlError::KeywordNotFound),
        Located::Words(spots) => Ok(spots),
        Located::KeywordNotFound => Err(ControlError::KeywordNotFound),
        Located::PageOutOfRange { page, count } => {
            Err(ControlError::PageOutOfRange { page: *page, count: *count })
        }
        Located::KeywordIndexOutOfRange { index, found } => {
            Err(ControlError::KeywordIndexOutOfRange { index: *index, found: *found })
        }
        Located::NoTextLayer { page } => Err(ControlError::KeywordNoTextLayer { page: *page }),
        Located::Field { kind: FieldKind::ReadOnly, .. } => cannot("is read-only"),
        Located::Field { kind: FieldKind::Signed, .. } => cannot("is signed already"),
        Located::Field { kind: FieldKind::Data, .. } if marks => cannot("is no signature field"),
        Located::Field { kind: FieldKind::EmptySignature, .. } if !marks => {
            cannot("is for a signature, and the control is none")
        }
        Located::Field { spots, .. } if spots.is_empty() => Err(ControlError::FieldNotFound),
        Located::Field { spots, .. } => Ok(spots),
        Located::FieldNotFound => Err(ControlError::FieldNotFound),
        Located::FieldUnusable { why } => cannot(why),
        Located::FieldLocked { field, signature } => {
            let (field, signature) = (field.clone(), signature.clone());
            Err(ControlError::FieldLocked { field, signature })
        }
    }
}
