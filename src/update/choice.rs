//! The items of a choice field (ISO 32000-2 §12.7.5.4).

use super::Error;
use crate::limits::{Limit, Meter};
use crate::pdf::{Field, Object, Revision, text_string};

/// Bit positions 18 and 19 of `/Ff` (Table 233): a combo box, into which other texts may be written.
const EDITABLE: i64 = 3 << 17;

/// What `/V` is for an item: its export value, which may be another text than the one that is shown.
/// The item may be named by either; an editable combo box takes any text.
pub(super) fn export_value(
    revision: Revision<'_>,
    field: &Field,
    wanted: &str,
) -> Result<String, Error> {
    let items = items(revision, field)?;
    let by_export = items.iter().find(|item| item.export == wanted);
    let by_display = || items.iter().find(|item| item.display == wanted);
    match by_export.or_else(by_display) {
        Some(item) => Ok(item.export.clone()),
        None if field.flags & EDITABLE == EDITABLE => Ok(wanted.to_owned()),
        None => Err(Error::NoSuchItem { field: field.id, items: items.len() }),
    }
}

struct Item {
    export: String,
    display: String,
}

/// `/Opt`, its own or inherited: texts, or pairs of export value and what is shown (Table 234).
fn items(revision: Revision<'_>, field: &Field) -> Result<Vec<Item>, Error> {
    let mut listed = revision.lookup(&field.dictionary, b"Opt")?.map(|it| it.into_owned());
    for above in field.ancestors.iter().rev() {
        if listed.is_some() {
            break;
        }
        let above = revision.dictionary(*above)?;
        listed = revision.lookup(&above, b"Opt")?.map(|it| it.into_owned());
    }
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
    for item in listed {
        let item = revision.resolve(&item.value)?;
        let (export, display) = match item.as_array() {
            Some([export, display]) => (text(&export.value)?, text(&display.value)?),
            Some(_) => (None, None),
            None => (text(&item)?, None),
        };
        if let Some(export) = export {
            items.push(Item { display: display.unwrap_or_else(|| export.clone()), export });
        }
    }
    Ok(items)
}
