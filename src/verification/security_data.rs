//! Validation data that the file carries (ISO 32000-2 §12.8.4.3): read when asked for.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::pdf::{Dictionary, Error, File, Object, Revision};
use crate::pki::{Certificate, ValidationData};

/// The document security store, revision by revision.
pub(super) struct SecurityData<'f> {
    file: &'f File<'f>,
    certificates: OnceCell<Vec<Certificate>>,
    /// By revision; none where there is no store.
    data: RefCell<BTreeMap<usize, Option<Rc<ValidationData>>>>,
}

impl<'f> SecurityData<'f> {
    pub(super) fn of(file: &'f File<'_>) -> Self {
        Self { file, certificates: OnceCell::new(), data: RefCell::default() }
    }

    /// The certificates in the latest store, as many as one signature may carry.
    pub(super) fn certificates(&self) -> &[Certificate] {
        self.certificates.get_or_init(|| {
            let view = self.file.latest();
            let store = store(&view).ok().flatten();
            store.map(|store| certificates(&view, &store)).unwrap_or_default()
        })
    }

    /// Everything in the store of a revision that can be read; none without a store.
    pub(super) fn at(&self, revision: usize) -> Option<Rc<ValidationData>> {
        let mut known = self.data.borrow_mut();
        let data = known.entry(revision).or_insert_with(|| {
            let view = self.file.revision(revision)?;
            let store = store(&view).ok().flatten()?;
            Some(Rc::new(validation_data(&view, &store)))
        });
        data.clone()
    }
}

fn store(view: &Revision<'_>) -> Result<Option<Dictionary>, Error> {
    let catalog = view.catalog()?;
    let store = view.lookup(&catalog, b"DSS")?;
    Ok(store.and_then(|store| store.as_dictionary().cloned()))
}

fn validation_data(view: &Revision<'_>, store: &Dictionary) -> ValidationData {
    let mut data = ValidationData::default();
    certificates(view, store).into_iter().for_each(|found| data.add_certificate(found));
    // What cannot be read is not there.
    for der in streams(view, store, b"OCSPs") {
        let _ = data.add_ocsp_response(&der, view.file().limits());
    }
    for der in streams(view, store, b"CRLs") {
        let _ = data.add_revocation_list(&der);
    }
    data
}

fn certificates(view: &Revision<'_>, store: &Dictionary) -> Vec<Certificate> {
    streams(view, store, b"Certs").filter_map(|der| Certificate::from_der(&der).ok()).collect()
}

/// The data of the streams in an array of the store, as many as one signature may carry certificates.
fn streams(view: &Revision<'_>, store: &Dictionary, key: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let list = view.lookup(store, key).ok().flatten();
    let items = list.as_ref().and_then(|list| list.as_array()).unwrap_or(&[]);
    let most = usize::try_from(view.file().limits().certificates).unwrap_or(usize::MAX);
    let ids: Vec<_> = items.iter().take(most).filter_map(|it| it.value.as_reference()).collect();
    ids.into_iter().filter_map(|id| {
        let Object::Stream(stream) = view.get(id).ok()??.object.value else { return None };
        view.decoded(id, &stream).ok()
    })
}
