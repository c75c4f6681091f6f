//! Update: the bytes that a signature appends to a document, before and after it is there.
//!
//! [`Update::prepare`] makes a revision that is complete but for its signature: a new field (or an
//! empty one of the document), its widget, the seal, the signature dictionary, and cross references
//! of the kind that the document has. How large the gap for the CMS is comes in as a number; what a
//! CMS is, this module does not know.
//!
//! Nothing of the document is copied or changed, and objects that exist are written again only with
//! the keys that have to change spliced in:
//!
//! | object | what changes |
//! |---|---|
//! | form (made if there is none) | `/Fields` gets the new field, `/SigFlags` becomes 3 |
//! | page | `/Annots` gets the new widget |
//! | existing field | `/V`, and `/AP` of its widget if something is drawn; `/AS` of a check box |
//! | catalog, for a certification | `/Perms /DocMDP` |
//!
//! Before the first signature more may change: [`Filling`] gives pages new content, and fields of the
//! form their values, flags and appearances.
//!
//! # Tagged documents
//!
//! In a tagged document (ISO 32000-2 §14.7) every widget that is added gets a structure element with a
//! text for those who do not see it, and so has every value that is drawn on a page ([`PageContent`]), as
//! long as nobody has signed: afterwards the structure stays as it is, since judges hold any change of
//! it for an attack. [`Tagging`] says what was done about the widgets.
//!
//! # PDF/A
//!
//! A document that claims to be PDF/A (ISO 19005) stays what it claims in what is added to it: fonts are
//! embedded, widgets have an appearance and are printed, colours mean what the output intent says or
//! are calibrated, and where the part knows no transparency there is none ([`TransparencyPolicy`]).
//! Whether the document keeps the standard otherwise is not looked at.
//!
//! # Several parties
//!
//! Where more than one party signs, everything that is not a signature is put into the document
//! before the first one does: [`Preparation`] appends an unsigned revision with the fields of all
//! signers, each locked by its own signer's signature alone. A signer's revision then holds his
//! value, his fields and what is drawn in them. A seal that several places show, or slices of it on
//! the edges of pages (骑缝章), is one signature: each place is a field of its own
//! ([`Request::also`]), and all of them share one value.
//!
//! An XFA form is kept as it is: readers that know XFA may not show a field that stands in the
//! AcroForm alone. Values are not put into its fields ([`FieldProblem::Xfa`], R-DOC-07).
//!
//! ```
//! use sealwright::limits::Limits;
//! use sealwright::pdf::File;
//! use sealwright::update::{Certification, FieldChoice, Request, SubFilter, Update};
//!
//! let bytes = sealwright_testdata::documents::classic_table();
//! let file = File::open(&bytes, Limits::default())?;
//! let at = time::OffsetDateTime::from_unix_timestamp(1_767_225_600)?;
//! let request = Request {
//!     field: FieldChoice::New { name: Some("甲方") },
//!     certification: Some(Certification::FormFilling),
//!     ..Request::invisible(SubFilter::Cades, at)
//! };
//! let update = Update::prepare(&file, &request, 4_096)?;
//! assert_eq!(update.byte_range().numbers()[0], 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod archive;
mod byte_range;
mod choice;
mod content_state;
mod draft;
mod edits;
mod error;
mod field;
mod field_filling;
mod field_problem;
mod field_value;
mod fill;
mod filled_field;
mod filling;
mod form;
mod form_field;
mod marked_pages;
mod meaning;
mod page_content;
mod page_streams;
mod parent_tree;
mod permission;
mod preparation;
mod prepare;
mod preview;
mod regrow;
mod request;
mod resources;
mod self_check;
mod signature_dictionary;
mod structure_tree;
mod text;
mod value_problem;
mod widget;

pub use archive::TransparencyPolicy;
pub use byte_range::ByteRange;
pub use error::Error;
pub use field_filling::FilledFields;
pub use field_problem::FieldProblem;
pub use filling::Filling;
pub use page_content::PageContent;
pub use preparation::{NewField, NewFieldKind, Preparation, PreparedRevision};
pub use prepare::{Covered, Embedded, Resized, SignatureField, Update};
pub use preview::{Impression, Preview};
pub use regrow::{Saved, SavedField};
pub use request::{
    Certification, Drawn, DrawnSeal, FieldChoice, Fill, Part, Picture, Request, Shown, SubFilter,
    Value,
};
pub use structure_tree::Tagging;
pub use value_problem::ValueProblem;
