//! The items of a choice field, and the names of a button's states (ISO 32000-2 §12.7.5.4, Table 231).

use super::Error;
use super::form_field::inherited;
use crate::limits::{Limit, Meter};
use crate::pdf::{Field, Object, Revision, text_string};

/// An item that a field offers.
pub(super) struct Item {
    /// Its place in `/Opt`.
    pub(super) index: usize,
    /// What `/V` is for it.
    pub(super) export: String,
    /// What is shown.
    pub(super) display: String,
}

/// `/Opt`, its own or inherited: texts, or pairs of export value and what is shown (Table 234).
pub(super) fn items(revision: Revision<'_>, field: &Field) -> Result<Vec<Item>, Error> {
    let listed = inherited(revision, field, b"Opt")?;
    let listed = listed.as_ref().and_then(Object::as_array).unwrap_or(&[]);
    // Many items may be one long text behind a reference.
    let meter = Meter::new(Limit::ObjectBytes, revision.file().limits().object_bytes);
    let text = |object: &Object| -> Result<Option<String>, Error> {
        let object = revision.resolve(object)?;
        let Some(string) = object.as_string() else { return Ok(None) };
        meter
            .spend(u64::try_from(string.bytes.len()).unwrap_or(u64::MAX))
            .map_err(crate::pdf::Error::from)?;
        Ok(Some(text_string::decode(&string.bytes)))
    };
    let mut items = Vec::with_capacity(listed.len());
    for (index, item) in listed.iter().enumerate() {
        let item = revision.resolve(&item.value)?;
        let (export, display) = match item.as_array() {
            Some([export, display]) => (text(&export.value)?, text(&display.value)?),
            Some(_) => (None, None),
            None => (text(&item)?, None),
        };
        if let Some(export) = export {
            let display = display.unwrap_or_else(|| export.clone());
            items.push(Item { index, export, display });
        }
    }
    Ok(items)
}
