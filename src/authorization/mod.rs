//! On whose word a seal is drawn.
//!
//! The drawing of a seal says who was allowed to use it. Today there is one answer: the host says
//! so. A permit that this crate decides on from a contract, its signers and their grants is a
//! later part of this module; it will be another kind of [`Authority`], and everything that takes
//! an authority will take it too.
//!
//! ```
//! use sealwright::authorization::Authority;
//! // Spelled out by the caller, never a default: nobody checked that this person may use this seal.
//! let authority = Authority::AssertedByHost;
//! assert_eq!(authority.code(), "asserted_by_host");
//! ```

/// On whose word a seal is drawn. There is no default: the caller says it.
///
/// ```
/// use sealwright::authorization::Authority;
/// assert_eq!(format!("{:?}", Authority::AssertedByHost), "AssertedByHost");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Authority {
    /// The host program vouches that this person may use this seal here and now. Nothing was
    /// checked by this crate, and whatever is recorded of the signature says so.
    AssertedByHost,
}

impl Authority {
    /// A stable name of the kind of authority, for records.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::AssertedByHost => "asserted_by_host",
        }
    }
}
