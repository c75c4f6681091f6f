//! On whose word a seal is drawn.

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
