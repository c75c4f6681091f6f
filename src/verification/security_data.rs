//! Validation data that the file carries (ISO 32000-2 §12.8.4.3): read when asked for.

use std::cell::OnceCell;

use crate::pdf::{Dictionary, Error, File, Object, Revision};
use crate::pki::Certificate;

/// The document security store of the latest revision.
pub(super) struct SecurityData<'f> {
    file: &'f File<'f>,
    certificates: OnceCell<Vec<Certificate>>,
}

impl<'f> SecurityData<'f> {
    pub(super) fn of(file: &'f File<'_>) -> Self {
        Self { file, certificates: OnceCell::new() }
    }

    /// The certificates in the store, as many as one signature may carry.
    pub(super) fn certificates(&self) -> &[Certificate] {
        self.certificates.get_or_init(|| read_certificates(self.file).unwrap_or_default())
    }

    /// Whether the store of a revision holds what is needed to check revocation later.
    pub(super) fn has_revocation(&self, revision: usize) -> bool {
        let Some(view) = self.file.revision(revision) else { return false };
        let filled = |store: &Dictionary, key: &[u8]| {
            let value = view.lookup(store, key).ok().flatten();
            value.is_some_and(|value| value.as_array().is_some_and(|items| !items.is_empty()))
        };
        store(&view)
            .ok()
            .flatten()
            .is_some_and(|store| filled(&store, b"CRLs") || filled(&store, b"OCSPs"))
    }
}

fn store(view: &Revision<'_>) -> Result<Option<Dictionary>, Error> {
    let catalog = view.catalog()?;
    let store = view.lookup(&catalog, b"DSS")?;
    Ok(store.and_then(|store| store.as_dictionary().cloned()))
}

fn read_certificates(file: &File<'_>) -> Result<Vec<Certificate>, Error> {
    let view = file.latest();
    let mut found = Vec::new();
    let Some(store) = store(&view)? else { return Ok(found) };
    let Some(list) = view.lookup(&store, b"Certs")? else { return Ok(found) };
    let most = usize::try_from(file.limits().certificates).unwrap_or(usize::MAX);
    for item in list.as_array().unwrap_or(&[]).iter().take(most) {
        let Some(id) = item.value.as_reference() else { continue };
        let Some(object) = view.get(id)? else { continue };
        let Object::Stream(stream) = object.object.value else { continue };
        let Ok(der) = view.decoded(id, &stream) else { continue };
        if let Ok(certificate) = Certificate::from_der(&der) {
            found.push(certificate);
        }
    }
    Ok(found)
}
