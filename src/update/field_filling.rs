//! Values of controls that stand in fields of the document's form: they go into the field.

use std::collections::HashMap;

use super::field::Choosing;
use super::field_value::{Asked, FieldValue, Refusal, Shown};
use super::filled_field::{FilledField, FilledWidget, state_for};
use super::form_field::{FormField, FormWidget, OFF, READ_ONLY};
use super::{Error, FieldProblem, ValueProblem, form};
use crate::appearance::{self, ControlSketcher, Drawing, Sketch};
use crate::contract::{
    Align, Control, ControlKey, ControlKind, DateFormat, FieldName, TextStyle, Value,
};
use crate::geometry::{PageNumber, PdfRect};
use crate::pdf::{Field, ObjectId, Revision};
use crate::placement::{PlanMismatch, PlannedControl};

/// What becomes of a form field of the document once it holds the value of a control.
///
/// ```
/// use sealwright::update::FilledFields;
/// assert_eq!(FilledFields::default(), FilledFields::ReadOnly);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FilledFields {
    /// Nobody changes it any more (bit 1 of `/Ff`, ISO 32000-2 Table 227), nor one whose control was
    /// left empty: after a signature that would be a change of what was signed.
    #[default]
    ReadOnly,
    /// It stays as open as it was: whoever has the document may give it another value, and judges say
    /// of an earlier signature that forms were filled in after it.
    Editable,
}

/// The form of a document while values are put into its fields.
pub(super) struct FormFilling<'r> {
    revision: Revision<'r>,
    fields: &'r [Field],
    choosing: Choosing<'r>,
    /// Which control has which field.
    taken: HashMap<String, ControlKey>,
    is_xfa: bool,
}

/// A field whose appearances are sketched and not yet drawn: `faces` says which sketch is whose.
pub(super) struct SketchedField {
    id: ObjectId,
    value: Option<FieldValue>,
    quadding: Option<i64>,
    flags: Option<i64>,
    widgets: Vec<(FormWidget, Option<usize>)>,
}

impl<'r> FormFilling<'r> {
    /// Reads the form.
    pub(super) fn of(revision: Revision<'r>, fields: &'r [Field]) -> Result<Self, Error> {
        let is_xfa = form::is_xfa(revision)?;
        let choosing = Choosing::of(revision, fields)?;
        Ok(Self { revision, fields, choosing, taken: HashMap::new(), is_xfa })
    }

    /// The field of a control, with the value that it gets; its sketches are added to the others.
    /// None if nothing of it changes.
    pub(super) fn fill(
        &mut self,
        (control, name, planned): (&Control, &FieldName, &PlannedControl),
        sketcher: &ControlSketcher<'_>,
        afterwards: Option<FilledFields>,
        sketches: &mut Vec<Sketch>,
    ) -> Result<Option<SketchedField>, Unfilled> {
        let page = planned.boxes().first().map(|found| found.placed().page());
        let own = |refusal| told(control, name, page, refusal);
        let field = self.field(control, name).map_err(own)?;
        if let Some(other) = self.taken.insert(name.as_str().to_owned(), control.key().clone()) {
            let (control, field) = (control.key().clone(), name.as_str().to_owned());
            return Err(ValueProblem::SameField { control, other, field }.into());
        }
        let read_only = (afterwards == Some(FilledFields::ReadOnly))
            .then_some(field.flags | READ_ONLY)
            .filter(|flags| *flags != field.flags);
        let Some(value) = control.value() else {
            return Ok(read_only.map(|flags| SketchedField::closed(field, flags)));
        };
        let reader = FormField::of(self.revision, field).map_err(|error| own(error.into()))?;
        let read = self.read(&reader, control, value).map_err(own)?;
        let Read { value, widgets, style, quadding } = read;
        if !stands_there(planned, &widgets) {
            let control = control.key().clone();
            return Err(ValueProblem::from(PlanMismatch::OtherPlace { control }).into());
        }
        let mut shown = Vec::with_capacity(widgets.len());
        for widget in widgets {
            let face = sketched(sketcher, &reader, &value, style, &widget).map_err(|error| {
                let (control, page) = (control.key().clone(), Some(widget.placed.page()));
                ValueProblem::Undrawable { control, page, error: Box::new(error) }
            })?;
            let index = face.map(|face| {
                sketches.push(face);
                sketches.len() - 1
            });
            shown.push((widget, index));
        }
        let (id, value, flags) = (field.id, Some(value), read_only);
        Ok(Some(SketchedField { id, value, quadding, flags, widgets: shown }))
    }

    /// The field of this name, if its document lets anybody fill it in.
    fn field(&self, control: &Control, name: &FieldName) -> Result<&'r Field, Refusal> {
        if self.is_xfa && control.value().is_some() {
            return Err(FieldProblem::Xfa.into());
        }
        let field = self.choosing.named(name.as_str());
        let field = field.ok_or(FieldProblem::Missing { fields: self.fields.len() })?;
        if field.flags & READ_ONLY != 0 {
            return Err(FieldProblem::ReadOnly { flags: field.flags }.into());
        }
        Ok(field)
    }

    fn read(
        &mut self,
        reader: &FormField<'_>,
        control: &Control,
        value: &Value,
    ) -> Result<Read, Refusal> {
        let written = value.written(date_format(control.kind()));
        let asked = match (value, &written) {
            (Value::Checked(on), _) => Asked::Tick(*on),
            (Value::Chosen(items), _) => Asked::Items(items),
            (Value::Ticked(_), _) => Asked::Other("a group of ticks"),
            (Value::Pictures(_), _) => Asked::Other("pictures"),
            (Value::Rows(_), _) => Asked::Other("a table"),
            (_, Some(text)) => Asked::Text(text),
            (_, None) => Asked::Other("this kind of value"),
        };
        let widgets = reader.widgets(&mut self.choosing)?;
        let value = reader.value(asked, &widgets)?;
        let style = text_style(control.kind());
        let (style, quadding) = match &value.shown {
            Shown::Text(_) => aligned(style, reader.quadding()?)?,
            Shown::State(_) => (style, None),
        };
        Ok(Read { value, widgets, style, quadding })
    }

    /// A field, no control's own, that would lose its value if readers were told to show what is
    /// there: it has a value and no appearance, and so far readers draw it (`/NeedAppearances`).
    pub(super) fn undrawn(&self, filled: &[SketchedField]) -> Result<Option<&'r Field>, Error> {
        let own = |field: &&Field| filled.iter().any(|it| it.id == field.id && it.value.is_some());
        if filled.is_empty() || !form::redraws(self.revision)? {
            return Ok(None);
        }
        let others: Vec<&Field> = self.fields.iter().filter(|field| !own(field)).collect();
        form::without_appearance(self.revision, others)
    }
}

/// What a field makes of a value.
struct Read {
    value: FieldValue,
    widgets: Vec<FormWidget>,
    style: TextStyle,
    quadding: Option<i64>,
}

/// Why a field was not filled: a problem of the value, or one of the document.
pub(super) enum Unfilled {
    Value(Box<ValueProblem>),
    Document(Error),
}

impl From<ValueProblem> for Unfilled {
    fn from(problem: ValueProblem) -> Self {
        Self::Value(Box::new(problem))
    }
}

impl SketchedField {
    fn closed(field: &Field, flags: i64) -> Self {
        let flags = Some(flags);
        Self { id: field.id, value: None, quadding: None, flags, widgets: Vec::new() }
    }

    /// With its sketches drawn.
    pub(super) fn drawn(&self, drawings: &[Drawing]) -> FilledField {
        let Some(value) = &self.value else {
            return FilledField::flagged(self.id, self.flags.unwrap_or(READ_ONLY));
        };
        let widgets = self.widgets.iter().filter_map(|(widget, face)| {
            let drawing = face.and_then(|face| drawings.get(face)).cloned();
            match state_for(widget, &value.shown) {
                Some(state) => Some(FilledWidget::in_state(widget, state, drawing)),
                None => Some(FilledWidget::showing(widget, drawing?)),
            }
        });
        let mut filled = FilledField::valued(self.id, value, self.flags, widgets.collect());
        let quadding = self.quadding.map(|side| ("Q", side.to_string().into_bytes()));
        filled.entries.extend(quadding);
        filled
    }
}

/// What a widget shows, where it does not show it already.
fn sketched(
    sketcher: &ControlSketcher<'_>,
    field: &FormField<'_>,
    value: &FieldValue,
    style: TextStyle,
    widget: &FormWidget,
) -> Result<Option<Sketch>, appearance::Error> {
    let size = widget.placed.rect().size();
    match &value.shown {
        Shown::Text(text) => {
            let layout = field.layout();
            sketcher.field_text(text, style, layout, &widget.frame, size).map(Some)
        }
        Shown::State(_) => {
            let state = state_for(widget, &value.shown).unwrap_or(OFF);
            let known = widget.states.iter().find(|known| known.name == state);
            // Off may have no appearance, where others have one.
            let is_shown = known.is_some_and(|known| known.is_drawn);
            if is_shown || (state == OFF && !widget.states.is_empty()) {
                return Ok(None);
            }
            let face = sketcher.field_tick(state != OFF, &widget.frame, size)?;
            Ok(Some(face).filter(|face| state != OFF || !face.is_blank()))
        }
    }
}

/// The document is the one that was planned for, and still the widgets could be elsewhere in a plan
/// that was made for a draft.
fn stands_there(planned: &PlannedControl, widgets: &[FormWidget]) -> bool {
    let key = |page: PageNumber, rect: PdfRect| (page, rect.to_string());
    let mut wanted: Vec<_> = planned
        .boxes()
        .iter()
        .map(|found| key(found.placed().page(), found.placed().user_space()))
        .collect();
    let mut found: Vec<_> = widgets
        .iter()
        .map(|widget| key(widget.placed.page(), widget.placed.user_space()))
        .collect();
    wanted.sort_unstable();
    found.sort_unstable();
    wanted == found
}

/// The field says where its text stands. Where it says nothing the control does, and the field is told.
fn aligned(
    style: TextStyle,
    quadding: Option<i64>,
) -> Result<(TextStyle, Option<i64>), FieldProblem> {
    let field = match quadding {
        Some(1) => Align::Center,
        Some(2) => Align::Right,
        Some(_) => Align::Left,
        None => {
            let told = match style.align {
                Align::Left => None,
                Align::Center => Some(1),
                Align::Right => Some(2),
            };
            return Ok((style, told));
        }
    };
    if style.align != Align::Left && style.align != field {
        return Err(FieldProblem::Alignment { control: style.align, field });
    }
    Ok((TextStyle { align: field, ..style }, None))
}

fn text_style(kind: &ControlKind) -> TextStyle {
    match kind {
        ControlKind::Text(style)
        | ControlKind::MultiLineText(style)
        | ControlKind::Date { style, .. } => *style,
        ControlKind::Fact(fact) => fact.style,
        ControlKind::Number(number) => number.style,
        ControlKind::Selector(selector) => selector.text(),
        _ => TextStyle::default(),
    }
}

/// How a control writes dates.
pub(super) fn date_format(kind: &ControlKind) -> DateFormat {
    match kind {
        ControlKind::Date { format, .. } => *format,
        _ => DateFormat::default(),
    }
}

fn told(
    control: &Control,
    name: &FieldName,
    page: Option<PageNumber>,
    refusal: Refusal,
) -> Unfilled {
    match refusal {
        Refusal::Update(error) => Unfilled::Document(error),
        Refusal::Field(problem) => {
            let (control, field) = (control.key().clone(), name.as_str().to_owned());
            ValueProblem::Field { control, page, field, problem: Box::new(problem) }.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_says_where_its_text_stands_and_the_control_where_it_says_nothing() {
        let style = |align| TextStyle { align, ..TextStyle::default() };
        let read = |align, quadding| {
            aligned(style(align), quadding).map(|(style, told)| (style.align, told))
        };
        assert_eq!(read(Align::Left, None), Ok((Align::Left, None)));
        assert_eq!(read(Align::Right, None), Ok((Align::Right, Some(2))));
        assert_eq!(read(Align::Left, Some(1)), Ok((Align::Center, None)));
        assert_eq!(read(Align::Right, Some(2)), Ok((Align::Right, None)));
        let (control, field) = (Align::Center, Align::Left);
        let error = read(control, Some(0)).unwrap_err();
        assert_eq!(error, FieldProblem::Alignment { control, field });
        assert!(error.to_string().contains("at the left (/Q), the control wants it in the middle"));
    }
}
