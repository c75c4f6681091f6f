//! Choices that are legal and upset common readers: told before signing, with what to do instead.
//!
//! | finding | who stumbles |
//! |---|---|
//! | fragmented sections | Acrobat rejects earlier signatures (pdf-lib#1388, podofo#4) |
//! | mixed kinds of section | readers see no signature, or call its ranges invalid (pdfsign.js#7, node-signpdf#33, KillerPDF#381, dss-demonstrations#71) |
//! | hybrid file | a stale `/XRefStm` hides the signature (signer-php#24, pyHanko#370) |
//! | long-term data under level 1 | Acrobat and Foxit reject it, ISO 32000-2 lets it pass (pdf-issues#766, jsignpdf#458) |
//! | new fields under level 2 | undefined by the standard (pdf-issues#735) |
//! | `/NeedAppearances` | Acrobat changes the document as it opens it, and asks to save it |
//! | 100,000,000 bytes and more | fixed digits of a byte range overflow in other signers (pyHanko#336) |
//! | PSS, Edwards curves, SHA-3, brainpool | pdfsig 22.12 and older Acrobat do not know them (jsignpdf#255) |

mod algorithm;
mod document;

pub use algorithm::{PlannedAlgorithm, PlannedDigest};

use super::permission::DocMdp;
use crate::pdf::{Error, File};
use crate::report::Finding;

/// What somebody is about to do with a document.
///
/// ```
/// use sealwright::inspection::{PlannedAlgorithm, PlannedSigning, compatibility};
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::report::Code;
///
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
/// assert!(compatibility(&file, &PlannedSigning::default())?.is_empty());
///
/// let planned = PlannedSigning { algorithm: PlannedAlgorithm::Ed25519, ..Default::default() };
/// let found = compatibility(&file, &planned)?;
/// assert_eq!(found[0].code, Code::CompatAlgorithm);
/// assert!(found[0].message.contains("P-256"), "what to do instead");
/// # Ok::<(), sealwright::pdf::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedSigning {
    /// The algorithm of the signature.
    pub algorithm: PlannedAlgorithm,
    /// The digest.
    pub digest: PlannedDigest,
    /// The level of a certification, if the signature is one.
    pub certifies: Option<DocMdp>,
    /// Whether validation data or a document time-stamp is to follow.
    pub long_term: bool,
    /// Fields that are not there yet.
    pub new_fields: u32,
    /// Fields that are to show this one signature: more than one for a cross-page seal (骑缝章).
    pub fields_of_signature: u32,
    /// Whether whoever signs declares the extensions of ISO/TS 32001 and 32002 in the catalog.
    pub declares_extensions: bool,
}

impl Default for PlannedSigning {
    /// What this engine does unless told otherwise.
    fn default() -> Self {
        Self {
            algorithm: PlannedAlgorithm::EcdsaNist,
            digest: PlannedDigest::Sha256,
            certifies: None,
            long_term: false,
            new_fields: 1,
            fields_of_signature: 1,
            declares_extensions: false,
        }
    }
}

/// What common readers stumble over in a document, and in what is planned for it. Nothing here is
/// wrong; each finding tells what to do instead.
///
/// Costs the cross references and the form, not the pages.
///
/// # Errors
///
/// If the catalog, the form or a signature cannot be read.
pub fn compatibility(file: &File<'_>, planned: &PlannedSigning) -> Result<Vec<Finding>, Error> {
    let mut found = Vec::new();
    document::look(file, &mut found)?;
    document::permitted(file, planned, &mut found)?;
    algorithm::look(&file.latest(), planned, &mut found)?;
    Ok(found)
}
