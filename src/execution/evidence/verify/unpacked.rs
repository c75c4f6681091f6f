//! A bundle taken apart, for whoever wants to look at what it holds.

use std::collections::BTreeMap;

use super::contents::{Contents, fits};
use super::{VerifyOptions, archived};
use crate::audit::Entry;
use crate::execution::evidence::bundle::{EVIDENCE, TRAIL, document_entry};
use crate::execution::evidence::{Error, Evidence, trail_lines};
use crate::identity::DocumentId;

/// What a bundle holds, as it says: nothing of it is judged, which is the task of
/// [`verify`](super::verify()).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Unpacked<'b> {
    /// The documents, each as it stands in the bundle.
    pub documents: BTreeMap<DocumentId, &'b [u8]>,
    /// The trail, oldest entry first.
    pub trail: Vec<Entry>,
}

/// Takes a bundle apart. What is missing or cannot be read is left out: the verdict says so.
///
/// # Errors
///
/// As [`verify`](super::verify()).
///
/// ```
/// use sealwright::execution::evidence::{VerifyOptions, unpack};
/// # use sealwright::execution::evidence::Error;
/// # fn lengths(zip: &[u8]) -> Result<(), Error> {
/// let unpacked = unpack(zip, &VerifyOptions::without_trust())?;
/// for (id, pdf) in &unpacked.documents {
///     println!("{id}: {} bytes", pdf.len());
/// }
/// # Ok(())
/// # }
/// let nothing = unpack(b"no archive", &VerifyOptions::without_trust());
/// assert_eq!(nothing.unwrap_err().code(), "evidence.not_a_bundle");
/// ```
pub fn unpack<'b>(bundle: &'b [u8], options: &VerifyOptions<'_>) -> Result<Unpacked<'b>, Error> {
    let contents = Contents::of(&archived(bundle, options)?.all);
    let mut unpacked = Unpacked::default();
    if let Some(bytes) = contents.get(TRAIL) {
        fits(bytes, options)?;
        unpacked.trail = trail_lines::read(bytes).unwrap_or_default();
    }
    let Some(bytes) = contents.get(EVIDENCE) else { return Ok(unpacked) };
    fits(bytes, options)?;
    let Ok(evidence) = serde_json::from_slice::<Evidence>(bytes) else { return Ok(unpacked) };
    for (number, document) in (1_usize..).zip(&evidence.documents) {
        if let Some(bytes) = contents.get(&document_entry(number)) {
            unpacked.documents.insert(document.id.clone(), bytes);
        }
    }
    Ok(unpacked)
}
