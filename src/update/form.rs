//! The interactive form and the catalog (ISO 32000-2 §12.7.3, §12.8.6): only the keys that have to
//! change do. `/XFA`, `/DA`, `/DR` and `/NeedAppearances` stay as they are.

use super::Error;
use super::edits::{Edits, Located};
use crate::pdf::{ObjectId, Revision};

/// `/SigFlags`: signatures exist, and only appending keeps them (Table 225).
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 3;

/// Lists a new field in the form, which is made if there is none; sets `/SigFlags`.
pub(super) fn enter(
    revision: Revision<'_>,
    new_field: Option<ObjectId>,
    edits: &mut Edits,
) -> Result<(), Error> {
    let catalog = Located::object(revision, revision.catalog_id()?)?;
    let Some(form) = catalog.inside(revision, "AcroForm")? else {
        if let Some(field) = new_field {
            let form =
                format!("<< /Fields [{field} R] /SigFlags {SIGNATURES_EXIST_APPEND_ONLY} >>");
            edits.set(&catalog, "AcroForm", form);
        }
        return Ok(());
    };
    if let Some(field) = new_field {
        edits.push(revision, &form, "Fields", field)?;
    }
    let flags = form.dictionary.integer(b"SigFlags").unwrap_or(0);
    if flags & SIGNATURES_EXIST_APPEND_ONLY != SIGNATURES_EXIST_APPEND_ONLY {
        edits.set(&form, "SigFlags", (flags | SIGNATURES_EXIST_APPEND_ONLY).to_string());
    }
    Ok(())
}

/// Names the certifying signature in `/Perms` (Table 263).
pub(super) fn certify(
    revision: Revision<'_>,
    signature: ObjectId,
    edits: &mut Edits,
) -> Result<(), Error> {
    let catalog = Located::object(revision, revision.catalog_id()?)?;
    match catalog.inside(revision, "Perms")? {
        Some(perms) => edits.set(&perms, "DocMDP", format!("{signature} R")),
        None => edits.set(&catalog, "Perms", format!("<< /DocMDP {signature} R >>")),
    }
    Ok(())
}
