//! What can be said of a PDF without judging a signature: what its signatures permit, and what it
//! claims to be.
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

mod claims;
mod permission;

pub use claims::{Claims, IntentColour, PdfA, claims};
pub use permission::{DocMdp, FieldLock, SignaturePermissions, field_lock, signature_permissions};
