//! The interactive form and the catalog (ISO 32000-2 §12.7.3, §12.8.6): only the keys that have to
//! change do. `/XFA` and `/DA` stay as they are. A signature leaves `/DR` and `/NeedAppearances` alone
//! too; the prepared revision adds a font to the one and turns the other off ([`equip`]), as values
//! before the first signature do ([`show_what_is_there`]).

use super::Error;
use super::edits::{Edits, Located};
use crate::pdf::{Append, Field, ObjectId, Revision};

/// `/SigFlags`: signatures exist, and only appending keeps them (Table 225).
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 3;

/// Lists new fields in the form, which is made if there is none; sets `/SigFlags`.
pub(super) fn enter(
    revision: Revision<'_>,
    new_fields: &[ObjectId],
    edits: &mut Edits,
) -> Result<(), Error> {
    let catalog = Located::object(revision, revision.catalog_id()?)?;
    let Some(form) = catalog.inside(revision, "AcroForm")? else {
        if !new_fields.is_empty() {
            let fields: Vec<String> = new_fields.iter().map(|field| format!("{field} R")).collect();
            let fields = fields.join(" ");
            let form = format!("<< /Fields [{fields}] /SigFlags {SIGNATURES_EXIST_APPEND_ONLY} >>");
            edits.set(&catalog, "AcroForm", form);
        }
        return Ok(());
    };
    for field in new_fields {
        edits.push(revision, &form, "Fields", *field)?;
    }
    let flags = form.dictionary.integer(b"SigFlags").unwrap_or(0);
    if flags & SIGNATURES_EXIST_APPEND_ONLY != SIGNATURES_EXIST_APPEND_ONLY {
        edits.set(&form, "SigFlags", (flags | SIGNATURES_EXIST_APPEND_ONLY).to_string());
    }
    Ok(())
}

/// What prepared fields need of the form beside being listed: the font that their default
/// appearances name, and that readers do not draw them anew. Returns the font's object if it is to
/// be written.
///
/// `/NeedAppearances` would have readers draw every value again, in fonts of their choice. It goes,
/// unless a field of the document has a value and no appearance.
pub(super) fn equip(
    revision: Revision<'_>,
    fields: &[Field],
    append: &mut Append<'_>,
    edits: &mut Edits,
) -> Result<Option<ObjectId>, Error> {
    let catalog = Located::object(revision, revision.catalog_id()?)?;
    if catalog.inside(revision, "Extensions")?.is_none() {
        edits.set(&catalog, "Extensions", PADES);
    }
    let Some(form) = catalog.inside(revision, "AcroForm")? else { return Ok(None) };
    if redraws(revision)? && without_appearance(revision, fields)?.is_none() {
        edits.set(&form, "NeedAppearances", "false");
    }
    let resources = form.inside(revision, "DR")?;
    let fonts = match &resources {
        Some(resources) => resources.inside(revision, "Font")?,
        None => None,
    };
    if fonts.as_ref().is_some_and(|fonts| fonts.dictionary.contains(b"Helv")) {
        return Ok(None);
    }
    let font = append.allocate()?;
    match (&resources, &fonts) {
        (_, Some(fonts)) => edits.set(fonts, "Helv", format!("{font} R")),
        (Some(resources), None) => edits.set(resources, "Font", fonts_with(font)),
        (None, None) => {
            edits.set(&form, "DR", format!("<< /Font {} >>", fonts_with(font)));
        }
    }
    Ok(Some(font))
}

/// A form for a document that has none, with prepared fields.
pub(super) fn make(
    revision: Revision<'_>,
    fields: &[ObjectId],
    append: &mut Append<'_>,
    edits: &mut Edits,
) -> Result<Option<ObjectId>, Error> {
    let catalog = Located::object(revision, revision.catalog_id()?)?;
    let font = append.allocate()?;
    let fields: Vec<String> = fields.iter().map(|field| format!("{field} R")).collect();
    let form = format!(
        "<< /Fields [{}] /SigFlags {SIGNATURES_EXIST_APPEND_ONLY} /DR << /Font {} >> >>",
        fields.join(" "),
        fonts_with(font)
    );
    edits.set(&catalog, "AcroForm", form);
    Ok(Some(font))
}

/// The extension that PAdES is to PDF 1.7 (ETSI EN 319 142-1 §6.2.1; Table 51 of ISO 32000-2).
const PADES: &str = "<< /ESIC << /BaseVersion /1.7 /ExtensionLevel 1 >> >>";

/// The font that default appearances name; readers have it.
pub(super) const HELVETICA: &str =
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

fn fonts_with(font: ObjectId) -> String {
    format!("<< /Helv {font} R >>")
}

/// Whether the form is XFA too: readers of XFA do not look at the values of its fields (R-DOC-07).
pub(super) fn is_xfa(revision: Revision<'_>) -> Result<bool, Error> {
    let Some((_, form)) = revision.form()? else { return Ok(false) };
    Ok(revision.lookup(&form, b"XFA")?.is_some())
}

/// Whether readers are told to draw all values anew.
pub(super) fn redraws(revision: Revision<'_>) -> Result<bool, Error> {
    let Some((_, form)) = revision.form()? else { return Ok(false) };
    let told = revision.lookup(&form, b"NeedAppearances")?;
    Ok(told.and_then(|told| told.as_boolean()) == Some(true))
}

/// Has readers show what is there, since everything that has a value has an appearance.
pub(super) fn show_what_is_there(revision: Revision<'_>, edits: &mut Edits) -> Result<(), Error> {
    let catalog = Located::object(revision, revision.catalog_id()?)?;
    if let Some(form) = catalog.inside(revision, "AcroForm")?
        && redraws(revision)?
    {
        edits.set(&form, "NeedAppearances", "false");
    }
    Ok(())
}

/// The first field with a value and no appearance, signatures aside.
pub(super) fn without_appearance<'f>(
    revision: Revision<'_>,
    fields: impl IntoIterator<Item = &'f Field>,
) -> Result<Option<&'f Field>, Error> {
    for field in fields.into_iter().filter(|field| field.value.is_some() && !field.is_signature()) {
        for widget in &field.widgets {
            if !revision.dictionary(*widget)?.contains(b"AP") {
                return Ok(Some(field));
            }
        }
    }
    Ok(None)
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
