//! What was changed after a signature.

use serde::{Deserialize, Serialize};

/// Everything that was added to the file after a signature.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Modification {
    /// The highest of all changes.
    pub level: ModificationLevel,
    /// The changes, oldest first; forbidden ones are never left out before others.
    pub changes: Vec<Change>,
}

/// How far changes went, least first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ModificationLevel {
    /// Nothing was changed.
    #[default]
    None,
    /// Validation data, document time-stamps and metadata: what keeps a signature checkable.
    Lta,
    /// Signature fields were added or filled, or other form fields got values.
    Form,
    /// Annotations were changed.
    Annotation,
    /// Something was changed that nothing permits.
    Forbidden,
}

/// One object, or part of the file, that was changed in a later revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The revision that changed it, from 1.
    pub revision: u64,
    /// The object, as `number generation`; none for what is no object.
    pub object: Option<String>,
    /// What it is.
    pub kind: ChangeKind,
    /// How far this change goes.
    pub level: ModificationLevel,
    /// The rule that allows it; none if it is forbidden.
    pub rule: Option<Rule>,
    /// The page it is on, from 1; none if it is on no page or the page is unknown.
    pub page: Option<u32>,
    /// Where on the page: left, bottom, right, top in points of the page's user space.
    pub rect: Option<[f64; 4]>,
}

/// What a changed object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// The document catalog.
    Catalog,
    /// The interactive form.
    Form,
    /// A signature field, or a widget of one.
    SignatureField,
    /// A signature value.
    SignatureValue,
    /// A form field of another kind.
    FormField,
    /// A page.
    Page,
    /// A node of the page tree.
    PageTree,
    /// An annotation other than a signature's widget.
    Annotation,
    /// Validation data: `/DSS`, `/VRI` and what they hold.
    SecurityStore,
    /// The information dictionary or XMP metadata.
    Metadata,
    /// The structure tree of a tagged document.
    Structure,
    /// A font.
    Font,
    /// A form or image XObject, or an appearance.
    XObject,
    /// The trailer.
    Trailer,
    /// An object that was there and is not any more.
    Removed,
    /// Bytes that belong to no object.
    Bytes,
    /// Anything else.
    Other,
}

/// The rule that allows a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Rule {
    /// A signature field that was there and empty was filled.
    SignatureFilled,
    /// A new signature field.
    SignatureFieldAdded,
    /// A form field of another kind, neither locked nor read-only, got a value.
    FieldFilled,
    /// A document time-stamp (ISO 32000-2 §12.8.5).
    DocumentTimestamp,
    /// Validation data (ISO 32000-2 §12.8.4.3).
    SecurityStore,
    /// Dates and producer of the document's metadata.
    Metadata,
    /// What a file needs to hold the others: cross references and object streams.
    Container,
    /// The structure tree got an entry for a new signature field.
    StructureAdded,
    /// Developer extensions or a higher version were declared.
    Extensions,
    /// Something that is used by nothing but other allowed changes.
    Dependency,
    /// A new object that nothing uses, and nothing ever referred to.
    Unused,
}
