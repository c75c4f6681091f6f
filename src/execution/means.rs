//! What a host lends to the execution of its contracts.

use std::fmt;

use crate::appearance::{FontBook, Overflow, UploadedPicture};
use crate::contract::Picture;
use crate::limits::{Progress, Unwatched};
use crate::signing::Profile;
use crate::update::{FilledFields, TransparencyPolicy};

/// What a host lends to the execution of its contracts: fonts, pictures, and what it decided once for
/// all of them. The same for every step of a contract.
///
/// ```
/// use sealwright::appearance::FontBook;
/// use sealwright::execution::Means;
/// use sealwright::signing::Profile;
/// let fonts = FontBook::new();
/// let means = Means { profile: Profile::Pkcs7, ..Means::new(&fonts) };
/// assert!(format!("{means:?}").contains("Pkcs7"));
/// ```
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The fonts for what is written: values, dates, opinions.
    pub fonts: &'a FontBook,
    /// What becomes of text that does not fit its box.
    pub overflow: Overflow,
    /// Whether fields of the document's own form that got a value may be changed later.
    pub filled_fields: FilledFields,
    /// Finds the pictures that picture controls name.
    pub pictures: &'a dyn Fn(&Picture) -> Option<UploadedPicture>,
    /// What becomes of transparency in a document that claims to be PDF/A and permits none.
    pub transparency: TransparencyPolicy,
    /// Which rules the signatures keep.
    pub profile: Profile,
    /// Who watches the passes over the documents, and may cancel.
    pub progress: &'a (dyn Progress + Sync),
}

impl<'a> Means<'a> {
    /// With these fonts, and the defaults for everything else.
    #[must_use]
    pub fn new(fonts: &'a FontBook) -> Self {
        Self {
            fonts,
            overflow: Overflow::Refuse,
            filled_fields: FilledFields::default(),
            pictures: &|_| None,
            transparency: TransparencyPolicy::default(),
            profile: Profile::default(),
            progress: &Unwatched,
        }
    }
}

impl fmt::Debug for Means<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Means").field("profile", &self.profile).finish_non_exhaustive()
    }
}
