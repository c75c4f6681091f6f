//! What a host lends to the execution of its contracts.

use std::fmt;

use crate::appearance::{FontBook, Overflow, UploadedPicture};
use crate::contract::Picture;
use crate::limits::{Progress, Unwatched};
use crate::signing::{Profile, Signer};
use crate::update::{FilledFields, TransparencyPolicy};

/// Who certifies a document, so that nothing but filling its fields is permitted afterwards (DocMDP
/// with P = 2, ISO 32000-2 §12.8.2.2). A document that came with signatures is never certified.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub enum Certifier<'a> {
    /// The platform: an invisible signature of its own over the prepared revision. It claims no seal
    /// and is counted as no party. The best choice where the host has a key.
    Platform(&'a dyn Signer),
    /// Whoever signs first. Where he has a cross-page seal, several fields share the certifying
    /// signature.
    #[default]
    FirstSigner,
    /// Nobody.
    Nobody,
}

impl fmt::Debug for Certifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Platform(_) => "Platform",
            Self::FirstSigner => "FirstSigner",
            Self::Nobody => "Nobody",
        })
    }
}

/// What a host lends to the execution of its contracts: fonts, pictures, and what it decided once for
/// all of them. The same for every step of a contract.
///
/// ```
/// use sealwright::appearance::FontBook;
/// use sealwright::execution::{Certifier, Means};
/// let fonts = FontBook::new();
/// let means = Means { certifier: Certifier::Nobody, ..Means::new(&fonts) };
/// assert!(format!("{means:?}").contains("Nobody"));
/// ```
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// The fonts for what is written: values, dates, opinions.
    pub fonts: &'a FontBook,
    /// Who certifies.
    pub certifier: Certifier<'a>,
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
            certifier: Certifier::default(),
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
        f.debug_struct("Means")
            .field("certifier", &self.certifier)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}
