//! Why a signature cannot be prepared or embedded.

use thiserror::Error;

use super::{FieldProblem, ValueProblem};
use crate::appearance;
use crate::authorization::{DocumentNotPermitted, FaceNotPermitted};
use crate::geometry::{PageNumber, Size};
use crate::pdf::{self, ObjectId};
use crate::placement;

/// Why an update cannot be made. The document is unchanged in every case.
///
/// ```
/// use sealwright::update::Error;
/// let error = Error::DoesNotFit { needed: 9_000, reserved: 8_192 };
/// assert_eq!(error.code(), "sign.does_not_fit");
/// ```
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The document cannot be read where it has to be changed, or may not be signed at all.
    #[error(transparent)]
    Pdf(#[from] pdf::Error),
    /// The wish for a place cannot be met.
    #[error(transparent)]
    Placement(#[from] placement::Error),
    /// A font cannot be cut to what is written with it.
    #[error(transparent)]
    Appearance(#[from] Box<appearance::Error>),
    /// The seal is not the one that was permitted.
    #[error(transparent)]
    Face(#[from] FaceNotPermitted),
    /// The document is not the one that was permitted.
    #[error(transparent)]
    Document(#[from] Box<DocumentNotPermitted>),
    /// The name for a new field cannot be one.
    #[error("the name of the new field {problem}; choose another one, or none")]
    FieldName {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A text cannot be written into the signature.
    #[error("the text for /{key} {problem}; hand in a plain text")]
    Text {
        /// The key of the signature dictionary.
        key: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// `/M` cannot express the time.
    #[error("the time of signing cannot be written: {problem}")]
    Time {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The form has no field of the name that was given.
    #[error(
        "none of the form's {fields} fields has the given name; names are fully qualified, with dots"
    )]
    NoSuchField {
        /// How many fields there are.
        fields: usize,
    },
    /// The field is not for signatures, or not for the value that it should get.
    #[error("field {field} cannot take this value, its /FT is /{kind}; name a field of its kind")]
    FieldKind {
        /// The field.
        field: ObjectId,
        /// Its type.
        kind: String,
    },
    /// The field has a value.
    #[error("field {field} has a value already; name an empty field, each once, or add a new one")]
    AlreadySigned {
        /// The field.
        field: ObjectId,
    },
    /// The field's own flags forbid changing it.
    #[error("field {field} is read-only (/Ff {flags}); ask whoever made the form")]
    ReadOnly {
        /// The field.
        field: ObjectId,
        /// Its flags.
        flags: i64,
    },
    /// The field makes demands on its signature that are not checked here.
    #[error(
        "field {field} demands constraints of its signature (/SV with /Ff {flags}) that are not \
         supported; add a new field"
    )]
    SeedValue {
        /// The field.
        field: ObjectId,
        /// Which constraints are mandatory.
        flags: i64,
    },
    /// The field's widget cannot show anything.
    #[error(
        "nothing can be shown in field {field}, which {problem}; leave it out, or use a new field"
    )]
    Widget {
        /// The field.
        field: ObjectId,
        /// What is in the way.
        problem: &'static str,
    },
    /// The field does not take the value.
    #[error("field {field} {problem}")]
    FieldValue {
        /// The field.
        field: ObjectId,
        /// Why not.
        #[source]
        problem: FieldProblem,
    },
    /// An existing field was named together with something that only a new one can have.
    #[error("field {field} exists: its {what} was decided when it was made; leave it out")]
    DecidedBefore {
        /// The field.
        field: ObjectId,
        /// What only a new field can be given.
        what: &'static str,
    },
    /// A visible seal without a place.
    #[error("a seal in a new field needs a place: give a page and a position")]
    NoPlace,
    /// A document time-stamp was asked for together with something that only a signature has.
    #[error("a document time-stamp has no {what}; leave it out, or sign")]
    BesideTimestamp {
        /// What.
        what: &'static str,
    },
    /// A field that is to be locked does not exist.
    #[error(
        "of the fields to lock, number {index} (from 0) does not exist; names are fully qualified"
    )]
    NoFieldToLock {
        /// Its position in the list.
        index: usize,
    },
    /// An earlier signature locked the field.
    #[error(
        "an earlier signature locks field {field:?} (object {by} says so): a value in it would break \
         that signature; name a field that is not locked"
    )]
    Locked {
        /// The full name of the field.
        field: String,
        /// The signature dictionary with the lock.
        by: ObjectId,
    },
    /// The document was certified: no changes at all.
    #[error(
        "the document is certified with permission {permission}: no further signature is allowed"
    )]
    NoChangesAllowed {
        /// `/P` of the certification.
        permission: i64,
    },
    /// The document was certified: new fields are not among the allowed changes.
    #[error(
        "the document is certified with permission {permission}: existing signature fields may be \
         signed, new ones may not be added; name an existing field"
    )]
    NoNewField {
        /// `/P` of the certification.
        permission: i64,
    },
    /// Only the first signature can certify.
    #[error("the document has {signatures} signatures: only the first one can certify it")]
    CertifiesTooLate {
        /// How many there are.
        signatures: usize,
    },
    /// Fields other than for signatures can be added before the first signature only.
    #[error(
        "the document has {signatures} signatures: fields for values cannot be added any more; \
         prepare it before anybody signs"
    )]
    FieldTooLate {
        /// How many there are.
        signatures: usize,
    },
    /// A signer's fields are to be prepared, and none is for his signature.
    #[error(
        "signer number {signer} (from 0) has no signature field; give him one, invisible if nothing \
         is to be seen"
    )]
    SignerWithoutField {
        /// Which signer.
        signer: usize,
    },
    /// The signature is larger than what was reserved for it. Nothing is cut.
    #[error("a signature of {needed} bytes does not fit the {reserved} bytes that were reserved")]
    DoesNotFit {
        /// Its size in bytes.
        needed: usize,
        /// The size of the gap in bytes.
        reserved: usize,
    },
    /// More room was asked for than any signature needs.
    #[error("a gap of {wanted} bytes was asked for; at most {allowed} are reserved")]
    GapTooLarge {
        /// What was asked for.
        wanted: usize,
        /// What is allowed.
        allowed: usize,
    },
    /// Page content can be added only before the first signature.
    #[error(
        "the document carries {signatures} signatures, which new page content would break; fill in \
         before the first signature, or use form fields"
    )]
    SignedBefore {
        /// How many there are.
        signatures: usize,
    },
    /// Nothing can be painted behind the content of a page.
    #[error(
        "nothing can be painted on page {page} behind what is there: {problem}; have the document \
         written anew by the program that made it"
    )]
    PageContent {
        /// The page.
        page: PageNumber,
        /// What is wrong with its content.
        problem: &'static str,
    },
    /// The document claims to be PDF/A of a part that does not know what would be drawn.
    #[error(
        "the document claims to be PDF/A-{part}, and on page {page} {what} would break that: {rule}; \
         use an opaque picture, have it flattened, or let the claim be broken (TransparencyPolicy)"
    )]
    PdfA {
        /// The part of ISO 19005.
        part: u8,
        /// The page.
        page: PageNumber,
        /// What it does not know.
        what: &'static str,
        /// The rule.
        rule: &'static str,
    },
    /// A slice was cut for a seal of another size or shape: the seal was changed after the contract
    /// was started, or is another one.
    #[error(
        "the slice is of a seal of {whole} points, and this one is {own} points large; seal with the \
         one that the slices were cut for, or say that it may change its size (Fit::CONTAIN) or its \
         shape (Fit::STRETCH)"
    )]
    OtherSize {
        /// The size of the seal, in the width that was asked for.
        own: Size,
        /// The size that the slices make up.
        whole: Size,
    },
    /// A plan was made for another document.
    #[error("the document is not the one that the plan was made for; resolve the plan anew")]
    OtherDocument,
    /// Values that cannot be drawn: all of them, none was left out.
    #[error(
        "{} of the values cannot be drawn, the first for this reason: {}",
        problems.len(),
        problems.first().map(ToString::to_string).unwrap_or_default()
    )]
    Values {
        /// What is wrong, by the order of the contract's controls.
        problems: Vec<ValueProblem>,
    },
    /// The host cancelled.
    #[error("cancelled by the host")]
    Cancelled,
    /// What was written does not read back as it should: a fault of this crate. The caller's file
    /// is unchanged.
    #[error("the update did not pass its own check: {problem}; please report it")]
    SelfCheck {
        /// What did not hold.
        problem: &'static str,
    },
}

impl Error {
    /// A stable name of the kind of error, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pdf(error) => error.code(),
            Self::Placement(error) => error.code(),
            Self::Appearance(error) => error.code(),
            Self::Face(error) => error.code(),
            Self::Document(error) => error.code(),
            Self::FieldName { .. } => "sign.field_name",
            Self::Text { .. } => "sign.text",
            Self::Time { .. } => "sign.time",
            Self::NoSuchField { .. } => "ctl.field_not_found",
            Self::FieldKind { .. }
            | Self::AlreadySigned { .. }
            | Self::ReadOnly { .. }
            | Self::SeedValue { .. }
            | Self::Widget { .. } => "ctl.field_cannot_host_signature",
            Self::FieldValue { problem, .. } => problem.code(),
            Self::DecidedBefore { .. } => "sign.decided_before",
            Self::NoPlace => "sign.no_place",
            Self::BesideTimestamp { .. } => "sign.beside_timestamp",
            Self::NoFieldToLock { .. } => "sign.no_field_to_lock",
            Self::Locked { .. } => "ctl.locked",
            Self::NoChangesAllowed { .. } | Self::NoNewField { .. } => "doc.certified_locked",
            Self::CertifiesTooLate { .. } => "sign.certifies_too_late",
            Self::FieldTooLate { .. } => "sign.field_too_late",
            Self::SignerWithoutField { .. } => "sign.signer_without_field",
            Self::DoesNotFit { .. } => "sign.does_not_fit",
            Self::GapTooLarge { .. } => "sign.gap_too_large",
            Self::SignedBefore { .. } => "doc.certified_locked",
            Self::PdfA { .. } => "sign.pdf_a",
            Self::OtherSize { .. } => "sign.seal_size_changed",
            Self::OtherDocument => "doc.hash_mismatch",
            Self::Values { problems } => {
                problems.first().map_or("ctl.value_invalid", ValueProblem::code)
            }
            Self::PageContent { .. } => "doc.malformed",
            Self::Cancelled => "sign.cancelled",
            Self::SelfCheck { .. } => "sign.postcheck",
        }
    }
}
