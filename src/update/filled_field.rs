//! A field of the document with its value, before anybody signs: what is written of it.

use super::archive::Drawings;
use super::edits::{Edits, Located};
use super::field_value::{FieldValue, Shown};
use super::form_field::{FormWidget, OFF};
use super::structure_tree::StructureTree;
use super::text::name_token;
use super::{Error, form};
use crate::appearance::{Drawing, Fit, View};
use crate::pdf::{Append, File, Object, ObjectId, Revision, text_string};
use crate::placement::Placed;

/// Writes fields with their values and what is seen of them; readers are to show just that.
pub(super) fn write_all(
    fields: &[FilledField],
    drawings: &mut Drawings,
    append: &mut Append<'_>,
    edits: &mut Edits,
) -> Result<(), Error> {
    if fields.is_empty() {
        return Ok(());
    }
    for field in fields {
        field.write(drawings, append, edits)?;
    }
    form::show_what_is_there(append.base(), edits)?;
    append.put_written(|out| drawings.numbers.write(out));
    Ok(())
}

/// Gives an element to every widget that has none, by which a reader that speaks finds its value.
pub(super) fn tag_all(
    fields: &[FilledField],
    structure: &mut StructureTree,
    append: &mut Append<'_>,
    edits: &mut Edits,
) -> Result<(), Error> {
    let revision = append.base();
    let widgets = fields.iter().flat_map(|field| &field.widgets);
    let widgets: Vec<ObjectId> = widgets.map(|widget| widget.id).collect();
    let tagged = structure.tagged_widgets(revision, &widgets)?;
    for field in fields {
        let text = spoken_name(revision, field.id)?;
        for widget in field.widgets.iter().filter(|widget| !tagged.contains(&widget.id)) {
            let key = structure.add(widget.id, widget.page, &text, append)?;
            edits.set(&Located::object(revision, widget.id)?, "StructParent", key.to_string());
        }
    }
    Ok(())
}

/// What readers call a field: `/TU`, else `/T`.
fn spoken_name(revision: Revision<'_>, field: ObjectId) -> Result<String, Error> {
    let dictionary = revision.dictionary(field)?;
    for key in [b"TU".as_slice(), b"T"] {
        let name = revision.lookup(&dictionary, key)?;
        if let Some(name) = name.as_deref().and_then(Object::as_string) {
            return Ok(text_string::decode(&name.bytes));
        }
    }
    Ok(String::new())
}

/// Reads them back from the extended document.
pub(super) fn check_all(
    fields: &[FilledField],
    file: &File<'_>,
    extended: &File<'_>,
) -> Result<(), Error> {
    let unread = !fields.is_empty() && form::redraws(extended.latest())?;
    if unread {
        return Err(Error::SelfCheck { problem: "readers would draw the values anew" });
    }
    fields.iter().try_for_each(|field| field.check(file, extended))
}

/// A field with the entries that change in it, and its widgets.
#[derive(Clone)]
pub(super) struct FilledField {
    pub(super) id: ObjectId,
    /// Keys of the field and the tokens of their values.
    pub(super) entries: Vec<(&'static str, Vec<u8>)>,
    pub(super) widgets: Vec<FilledWidget>,
}

/// What a widget shows.
#[derive(Clone)]
pub(super) struct FilledWidget {
    id: ObjectId,
    placed: Placed,
    page: ObjectId,
    /// The token of `/AS`, of a button's widget.
    state: Option<Vec<u8>>,
    /// What stays of the appearances for states.
    kept: Vec<(Vec<u8>, ObjectId)>,
    /// What is drawn: for a state, or for all there is.
    drawn: Option<(Option<Vec<u8>>, Drawing)>,
}

impl FilledWidget {
    /// A widget that shows one appearance, whatever it showed before.
    pub(super) fn showing(widget: &FormWidget, drawing: Drawing) -> Self {
        Self { drawn: Some((None, drawing)), ..Self::as_it_was(widget) }
    }

    /// A widget of a button, which is on if it knows the state. `drawing` is for the state that it
    /// gets, where it has no appearance of its own for it.
    pub(super) fn in_state(widget: &FormWidget, state: &[u8], drawing: Option<Drawing>) -> Self {
        let kept = widget.states.iter().filter(|known| drawing.is_none() || known.name != state);
        let kept = kept.filter_map(|known| Some((known.name.clone(), known.form?)));
        Self {
            state: Some(name_token(state)),
            kept: kept.collect(),
            drawn: drawing.map(|drawing| (Some(state.to_vec()), drawing)),
            ..Self::as_it_was(widget)
        }
    }

    fn as_it_was(widget: &FormWidget) -> Self {
        let (id, placed, page) = (widget.id, widget.placed, widget.page);
        Self { id, placed, page, state: None, kept: Vec::new(), drawn: None }
    }

    /// Draws what is new and sets it.
    fn write(
        &self,
        drawings: &mut Drawings,
        append: &mut Append<'_>,
        edits: &mut Edits,
    ) -> Result<(), Error> {
        let revision = append.base();
        let widget = Located::object(revision, self.id)?;
        if let Some(state) = &self.state {
            edits.set(&widget, "AS", state.clone());
        }
        let Some((state, drawing)) = &self.drawn else { return Ok(()) };
        let drawing = drawings.admit(revision, self.placed.page(), self.page, drawing)?;
        let mut take = || append.allocate().map(|id| id.number);
        // It was drawn for this very rectangle.
        let view = View::All { fit: Fit::STRETCH, own: drawing.size() };
        let body = drawing.form(&self.placed, view, &mut drawings.numbers, &mut take)?;
        let form = append.allocate()?;
        append.put(form, &body);
        edits.set(&widget, "AP", self.appearances(state.as_deref(), form));
        Ok(())
    }

    fn appearances(&self, state: Option<&[u8]>, form: ObjectId) -> Vec<u8> {
        let Some(state) = state else { return format!("<< /N {form} R >>").into_bytes() };
        let mut token = b"<< /N <<".to_vec();
        for (name, form) in self.kept.iter().map(|(name, id)| (name.as_slice(), id)) {
            token.push(b' ');
            token.extend(name_token(name));
            token.extend(format!(" {form} R").into_bytes());
        }
        token.push(b' ');
        token.extend(name_token(state));
        token.extend(format!(" {form} R >> >>").into_bytes());
        token
    }
}

impl FilledField {
    /// A field that gets no value and its flags alone.
    pub(super) fn flagged(id: ObjectId, flags: i64) -> Self {
        Self { id, entries: vec![("Ff", token(flags))], widgets: Vec::new() }
    }

    /// A field with this value, and these flags if they change.
    pub(super) fn valued(
        id: ObjectId,
        value: &FieldValue,
        flags: Option<i64>,
        widgets: Vec<FilledWidget>,
    ) -> Self {
        let mut entries = vec![("V", value.token.clone())];
        entries.extend(value.indices.clone().map(|indices| ("I", indices)));
        entries.extend(flags.map(|flags| ("Ff", token(flags))));
        Self { id, entries, widgets }
    }

    /// Sets value, flags and appearances.
    fn write(
        &self,
        drawings: &mut Drawings,
        append: &mut Append<'_>,
        edits: &mut Edits,
    ) -> Result<(), Error> {
        let field = Located::object(append.base(), self.id)?;
        for (key, value) in &self.entries {
            edits.set(&field, key, value.clone());
        }
        self.widgets.iter().try_for_each(|widget| widget.write(drawings, append, edits))
    }

    /// Reads it back: what was set is there, what a widget shows is there, and nothing else changed.
    fn check(&self, file: &File<'_>, extended: &File<'_>) -> Result<(), Error> {
        let (before, after) = (file.latest(), extended.latest());
        let wrong = |problem| Error::SelfCheck { problem };
        let own = |id| self.widgets.iter().find(|widget| widget.id == id);
        let ids = self.widgets.iter().map(|widget| widget.id).filter(|id| *id != self.id);
        for id in std::iter::once(self.id).chain(ids) {
            let (old, new) = (before.dictionary(id)?, after.dictionary(id)?);
            let set = |key: &[u8]| {
                let entry =
                    id == self.id && self.entries.iter().any(|(it, _)| it.as_bytes() == key);
                entry || own(id).is_some_and(|_| matches!(key, b"AP" | b"AS" | b"StructParent"))
            };
            let same = old.iter().filter(|(key, _)| !set(key));
            if !same.eq(new.iter().filter(|(key, _)| !set(key))) {
                return Err(wrong("a field lost something else than its value"));
            }
            if let Some(widget) = own(id).filter(|widget| widget.drawn.is_some())
                && !widget.shows(after)?
            {
                return Err(wrong("a widget does not show its value"));
            }
        }
        let field = after.dictionary(self.id)?;
        let all = self
            .entries
            .iter()
            .all(|(key, value)| field.contains(key.as_bytes()) || value.as_slice() == b"null");
        if all { Ok(()) } else { Err(wrong("a field was not filled")) }
    }
}

impl FilledWidget {
    fn shows(&self, revision: Revision<'_>) -> Result<bool, Error> {
        let widget = revision.dictionary(self.id)?;
        let appearances = revision.lookup(&widget, b"AP")?;
        let Some(appearances) = appearances.as_deref().and_then(Object::as_dictionary) else {
            return Ok(false);
        };
        let normal = revision.lookup(appearances, b"N")?;
        let form = match (normal.as_deref(), widget.name(b"AS")) {
            (Some(Object::Dictionary(states)), Some(state)) => {
                revision.lookup(states, state)?.is_some_and(|form| form.as_stream().is_some())
            }
            (Some(Object::Stream(_)), _) => true,
            _ => false,
        };
        Ok(form)
    }
}

/// The state that a widget gets for a value.
pub(super) fn state_for<'s>(widget: &FormWidget, shown: &'s Shown) -> Option<&'s [u8]> {
    match shown {
        Shown::Text(_) => None,
        Shown::State(state) => {
            let nameless = widget.on_states().next().is_none();
            let knows = nameless || widget.on_states().any(|known| known == state);
            Some(if knows { state } else { OFF })
        }
    }
}

fn token(flags: i64) -> Vec<u8> {
    flags.to_string().into_bytes()
}
