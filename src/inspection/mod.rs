//! What can be said of a PDF without judging a signature: what its signatures permit, what it claims
//! to be, what in it is active or looks made for a later swap, and what common readers stumble over.
//!
//! The permission in force is the strictest of what a certification allows (DocMDP), which fields a
//! signature locks (FieldMDP), and which locks its own field carries.
//!
//! ```
//! use sealwright::inspection::{DocMdp, FieldLock};
//!
//! assert!(DocMdp::NoChanges < DocMdp::FillAndSign);
//! let lock = FieldLock::Include(vec!["party.a".to_owned()]);
//! assert!(lock.covers("party.a.date"));
//! assert!(!lock.covers("party.ab"));
//! ```

mod active_content;
#[cfg(test)]
mod active_content_tests;
mod claims;
mod compatibility;
mod permission;
mod prepared;

pub use active_content::{ActiveContents, ActiveItem, ActiveKind, active_content};
pub use claims::{Claims, IntentColour, PdfA, claims};
pub use compatibility::{PlannedAlgorithm, PlannedDigest, PlannedSigning, compatibility};
pub use permission::{DocMdp, FieldLock, SignaturePermissions, field_lock, signature_permissions};
pub use prepared::{PreparedContents, prepared_content};
