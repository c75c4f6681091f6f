//! Annotations and fields: what their appearances hide, which are hidden themselves, and which show
//! something other than their value (ISO 32000-2 §12.5 and §12.7).

use std::collections::HashMap;

use super::found::Found;
use super::shown::Shown;
use crate::painting::{Cache, Matrix, State, Walk, numbers, sorted};
use crate::pdf::{
    Content, Dictionary, Error, Field, Object, ObjectId, Operand, Page, Revision, text_string,
};
use crate::report::{Code, Finding};

/// Annotations of one page that are looked at.
const MOST: usize = 20_000;

/// Flags of Table 167: 2 hidden, 32 not viewed.
const HIDDEN: i64 = 2 | 32;
/// 4: printed.
const PRINTED: i64 = 4;

/// The fields of a document by their widgets.
pub(super) struct Fields {
    by_widget: HashMap<ObjectId, Field>,
    /// Appearances are drawn anew, so that none says what is shown.
    anew: bool,
}

/// Draws the annotations of a page over it; tells for each when its drawing began.
pub(super) fn draw<'r, 'f>(
    cache: &mut Cache<'r, 'f>,
    shown: &mut Shown<'_, 'r, 'f>,
    page: &Page,
    (fields, found): (&Fields, &mut Found),
) -> Result<Vec<(u64, ObjectId)>, Error> {
    let revision = shown.revision;
    let (mut drawn, mut unprinted) = (Vec::new(), 0_u64);
    let Some(list) = page.dictionary().get(b"Annots") else { return Ok(drawn) };
    let list = revision.resolve(list)?;
    for item in list.as_array().unwrap_or(&[]).iter().take(MOST) {
        let id = item.value.as_reference().unwrap_or(page.id());
        let annotation = revision.resolve(&item.value)?;
        let Some(annotation) = annotation.as_dictionary() else { continue };
        let kind = annotation.name(b"Subtype");
        let Some(appearance) = appearance(revision, annotation)? else { continue };
        let rect = numbers::<4>(revision, annotation.get(b"Rect"))?;
        let Some(rect) = rect.map(sorted) else { continue };
        if rect[0] >= rect[2] || rect[1] >= rect[3] || matches!(kind, Some(b"Popup")) {
            continue;
        }
        let flags = revision.lookup(annotation, b"F")?.and_then(|it| it.as_integer()).unwrap_or(0);
        let mut place = Finding::new(Code::PrepHiddenAnnotation).about(id);
        (place.page, place.rect) = (Some(page.number()), Some(rect));
        if flags & HIDDEN != 0 {
            found.add(place);
            continue;
        }
        if flags & PRINTED == 0 && !matches!(kind, Some(b"Link" | b"Widget")) {
            unprinted += 1;
        }
        let form = match cache.form(appearance) {
            Ok(Some(form)) => form,
            Ok(None) => continue,
            Err(error) => {
                unreadable(error, &mut place, found)?;
                continue;
            }
        };
        let own = Text::of(revision, annotation, fields.by_widget.get(&id))?;
        if !fields.anew
            && form.bbox.is_some()
            && own.is_some_and(|text| text.differs(&form.content))
        {
            let mut finding = Finding::new(Code::PrepFieldValue).about(id);
            (finding.page, finding.rect) = (place.page, place.rect);
            found.add(finding);
        }
        let hidden = match annotation.get(b"OC") {
            Some(layer) => !shown.layers.shows(revision, layer)?,
            None => false,
        };
        if hidden {
            continue;
        }
        // §12.5.5: what the form's matrix makes of its box is put into the rectangle.
        let own = form.matrix.bounds(form.bbox.unwrap_or([0.0, 0.0, 1.0, 1.0]));
        if own[0] >= own[2] || own[1] >= own[3] {
            continue;
        }
        let mut state = State::new(rect);
        state.ctm = Matrix::onto(own, rect);
        drawn.push((shown.canvas.now(), id));
        shown.lenient = kind == Some(b"Widget");
        Walk::new(cache, shown).form(&form, state)?;
    }
    if unprinted > 0 {
        let mut finding = Finding::new(Code::PrepUnprintedAnnotation).with(unprinted);
        finding.page = Some(page.number());
        found.add(finding.about(page.id()));
    }
    Ok(drawn)
}

/// What cannot be read is told, what cannot be had ends everything.
pub(super) fn unreadable(
    error: Error,
    place: &mut Finding,
    found: &mut Found,
) -> Result<(), Error> {
    match error {
        Error::Limit(_) | Error::Source { .. } | Error::Encrypted(_) => Err(error),
        _ => {
            let odd = place.code == Code::PrepUnreadableObject;
            let code = if odd { Code::PrepUnreadableObject } else { Code::PrepUnreadable };
            let mut finding = Finding::new(code);
            (finding.object, finding.page) = (place.object.take(), place.page);
            found.add(finding);
            Ok(())
        }
    }
}

/// The normal appearance in its state.
fn appearance(revision: &Revision<'_>, annotation: &Dictionary) -> Result<Option<ObjectId>, Error> {
    let Some(all) = revision.lookup(annotation, b"AP")? else { return Ok(None) };
    let Some(all) = all.as_dictionary() else { return Ok(None) };
    let Some(normal) = all.get(b"N") else { return Ok(None) };
    match &*revision.resolve(normal)? {
        Object::Stream(_) => Ok(normal.as_reference()),
        Object::Dictionary(states) => {
            let state = revision.lookup(annotation, b"AS")?;
            let state = state.as_deref().and_then(Object::as_name);
            Ok(state.and_then(|state| states.reference(state)))
        }
        _ => Ok(None),
    }
}

impl Fields {
    pub(super) fn read(revision: &Revision<'_>, found: &mut Found) -> Result<Self, Error> {
        let mut by_widget = HashMap::new();
        let mut filled = 0_u64;
        for field in revision.fields()? {
            filled += u64::from(field.value.is_some() && !field.is_signature());
            for widget in &field.widgets {
                by_widget.insert(*widget, field.clone());
            }
        }
        let mut anew = false;
        if let Some((id, form)) = revision.form()? {
            let asked = revision.lookup(&form, b"NeedAppearances")?;
            anew = asked.and_then(|it| it.as_boolean()) == Some(true);
            if anew && filled > 0 {
                found.add(Finding::new(Code::PrepNeedAppearances).with(filled).about(id));
            }
        }
        Ok(Self { by_widget, anew })
    }
}

/// `/Ff` of a text field: a password, rich text.
const PASSWORD: i64 = 1 << 13;
const RICH: i64 = 1 << 25;

/// The value of a text field in letters and digits, if nothing formats it.
struct Text(String);

impl Text {
    /// The value of a widget: that of its field, or its own where no field of the form has it.
    fn of(
        revision: &Revision<'_>,
        widget: &Dictionary,
        field: Option<&Field>,
    ) -> Result<Option<Self>, Error> {
        let own = (widget.name(b"FT"), widget.integer(b"Ff").unwrap_or(0), widget.get(b"V"));
        let (kind, flags, value) = match field {
            Some(field) => (field.kind.as_deref(), field.flags, field.value.as_ref()),
            None => own,
        };
        let formats =
            widget.contains(b"AA") || field.is_some_and(|it| it.dictionary.contains(b"AA"));
        if kind != Some(b"Tx") || flags & (PASSWORD | RICH) != 0 || formats {
            return Ok(None);
        }
        let Some(value) = value else { return Ok(None) };
        let Object::String(value) = &*revision.resolve(value)? else { return Ok(None) };
        Ok(Some(Self(letters(text_string::decode(&value.bytes).chars()))))
    }

    /// Whether an appearance shows something else. Only where both are letters and digits of ASCII: a
    /// font may have any other bytes for any characters. A viewer cuts what does not fit.
    fn differs(&self, appearance: &[u8]) -> bool {
        let Some(shown) = shown(appearance).map(|shown| letters(shown.chars())) else {
            return false;
        };
        let plain = self.0.is_ascii() && shown.is_ascii();
        plain && (!self.0.contains(&shown) || (shown.is_empty() && !self.0.is_empty()))
    }
}

fn letters(text: impl Iterator<Item = char>) -> String {
    text.filter(|letter| letter.is_alphanumeric()).take(10_000).collect()
}

/// The text that an appearance shows, if it is written in one byte per character of ASCII.
fn shown(appearance: &[u8]) -> Option<String> {
    let (mut content, mut operands) = (Content::new(appearance), Vec::new());
    let mut text = Vec::new();
    while let Some(operator) = content.next(&mut operands) {
        match operator {
            b"Tj" | b"'" | b"\"" => text.extend(operands.iter().filter_map(string).flatten()),
            b"TJ" => {
                for piece in &operands {
                    if let Operand::Array(pieces) = piece {
                        text.extend(pieces.iter().filter_map(string).flatten());
                    }
                }
            }
            // What is drawn otherwise cannot be read here.
            b"Do" => return None,
            _ => {}
        }
    }
    let plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    text.iter().all(plain).then(|| String::from_utf8(text).ok()).flatten()
}

fn string(operand: &Operand) -> Option<&Vec<u8>> {
    if let Operand::String(bytes) = operand { Some(bytes) } else { None }
}
