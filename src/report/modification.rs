//! What was changed after a signature.

use serde::{Deserialize, Serialize};

use super::attack_family::AttackFamily;

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
    /// The same as a person sees the page: left, top, right, bottom in points from the top left corner
    /// of what is displayed, down and to the right, after rotation, crop and user unit. None where
    /// `page` or `rect` is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<[f64; 4]>,
    /// For a forbidden change the known attack that it reminds of, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resembles: Option<AttackFamily>,
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

macro_rules! rules {
    ($($name:ident $text:literal $clause:literal $doc:literal;)*) => {
        /// The rule that allows a change. The list is closed: a rule keeps its string and its meaning.
        /// [`manual::changes`](crate::manual::changes) says of each from which permission on it holds.
        ///
        /// ```
        /// use sealwright::report::Rule;
        /// assert_eq!(Rule::FieldFilled.as_str(), "field_filled");
        /// assert!(Rule::ALL.contains(&Rule::FieldFilled));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Rule {
            $(
                #[doc = $doc]
                #[serde(rename = $text)]
                $name,
            )*
        }

        impl Rule {
            /// Every rule there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable string.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The clause of ISO 32000-2 that it stands for.
            #[must_use]
            pub fn clause(self) -> &'static str {
                match self { $(Self::$name => $clause,)* }
            }
        }
    };
}

rules! {
    SignatureFilled "signature_filled" "12.7.5.5"
        "A signature field that was there and empty was filled.";
    SignatureFieldAdded "signature_field_added" "12.7.5.5"
        "A new signature field, together with its signature.";
    EmptyFieldAdded "empty_field_added" "12.7.5.5"
        "A new signature field that nobody signed yet.";
    FieldFilled "field_filled" "12.7.5"
        "A form field of another kind, neither locked nor read-only, got a value.";
    DocumentTimestamp "document_timestamp" "12.8.5"
        "A document time-stamp (ISO 32000-2 §12.8.5).";
    AnnotationAdded "annotation_added" "12.5"
        "An annotation that is no field was added (ISO 32000-2 §12.8.2.2, level 3).";
    AnnotationChanged "annotation_changed" "12.5"
        "An annotation that is no field says or shows something else (level 3).";
    AnnotationRemoved "annotation_removed" "12.5"
        "An annotation that is no field was taken off its page (level 3).";
    NamesAdded "names_added" "7.7.4"
        "Icons of annotations were given names (`/Names /AP`, level 3).";
    StructureOrder "structure_order" "12.5.1"
        "A page that stated no order of its annotations has that of the structure (`/Tabs /S`).";
    TabOrder "tab_order" "12.5.1"
        "A page states another order of its annotations (`/Tabs`, level 3).";
    SecurityStore "security_store" "12.8.4.3"
        "Validation data (ISO 32000-2 §12.8.4.3).";
    Metadata "metadata" "14.3"
        "Dates and producer of the document's metadata.";
    Container "container" "7.5.7, 7.5.8"
        "What a file needs to hold the others: cross references and object streams.";
    StructureAdded "structure_added" "14.7"
        "The structure tree follows fields and annotations that were added, changed or removed.";
    Extensions "extensions" "7.12"
        "Developer extensions or a higher version were declared.";
    Dependency "dependency" "7.3.10"
        "Something that is used by nothing but other allowed changes.";
    Restated "restated" "7.3"
        "A new object that says what another one says, in whose place it is referred to.";
    Unused "unused" "7.3.10"
        "A new object that nothing uses, and nothing ever referred to.";
    Freed "freed" "7.5.4"
        "An object was given up that nothing refers to any more.";
}
