//! Values for fields of other kinds: texts, choices, ticks (ISO 32000-2 §12.7.5.2 to §12.7.5.4).

use super::archive::Drawings;
use super::edits::{Edits, Located};
use super::field::{Choosing, wrong_kind};
use super::field_value::{Asked, Refusal};
use super::form_field::FormField;
use super::permission::Lock;
use super::request::{Fill, Value};
use super::text::name_token;
use super::widget::{Form, Place};
use super::{Error, FieldProblem, form};
use crate::pdf::{Append, Field, Object, ObjectId, Revision};

/// Bit positions 16 and 17 of `/Ff` of a button (Table 229): radio buttons and push-buttons are no
/// check boxes.
const NO_CHECK_BOX: i64 = 3 << 15;

/// Widgets of the signer's own fields that show nothing, before and after: they get a new empty
/// appearance. A validator (pyHanko) takes an appearance that is older than the signature that
/// locks its field for one that was overwritten later.
#[derive(Default)]
pub(super) struct Blank {
    form: Option<ObjectId>,
    widgets: Vec<ObjectId>,
}

/// The appearance of a field that shows nothing.
pub(super) const EMPTY: &[u8] = b"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] \
    /Resources << >> /Length 0 >>\nstream\n\nendstream";

impl Blank {
    /// Finds them among the fields that the signature locks and leaves empty, and those that it
    /// fills without a drawing.
    pub(super) fn find(
        lock: Option<&Lock>,
        filled: &[Filled],
        choosing: &mut Choosing<'_>,
        append: &mut Append<'_>,
    ) -> Result<Self, Error> {
        let revision = append.base();
        let undrawn = filled.iter().flat_map(|filled| &filled.seen);
        let undrawn = undrawn.filter(|seen| seen.form.is_none());
        let mut candidates: Vec<ObjectId> = undrawn.map(|seen| seen.widget).collect();
        if let Some(Lock::Include(names)) = lock {
            candidates.extend(names.iter().flat_map(|name| choosing.left_empty(name)));
        }
        let mut blank = Self::default();
        for widget in candidates {
            if shows_nothing(revision, widget)? {
                blank.widgets.push(widget);
            }
        }
        if !blank.widgets.is_empty() {
            blank.form = Some(append.allocate()?);
        }
        Ok(blank)
    }

    pub(super) fn edit(&self, revision: Revision<'_>, edits: &mut Edits) -> Result<(), Error> {
        let Some(form) = self.form else { return Ok(()) };
        for widget in &self.widgets {
            edits.set(&Located::object(revision, *widget)?, "AP", format!("<< /N {form} R >>"));
        }
        Ok(())
    }

    pub(super) fn write(&self, append: &mut Append<'_>) {
        if let Some(form) = self.form {
            append.put(form, EMPTY);
        }
    }
}

/// Whether a widget's only appearance is a stream without data.
fn shows_nothing(revision: Revision<'_>, widget: ObjectId) -> Result<bool, Error> {
    let dictionary = revision.dictionary(widget)?;
    let Some(appearance) = revision.lookup(&dictionary, b"AP")? else { return Ok(false) };
    let Some(appearance) = appearance.as_dictionary() else { return Ok(false) };
    let normal = revision.lookup(appearance, b"N")?;
    Ok(normal.as_deref().and_then(Object::as_stream).is_some_and(|stream| stream.data.is_empty()))
}

/// A field that gets a value.
pub(super) struct Filled {
    field: ObjectId,
    /// The token of `/V`.
    value: Vec<u8>,
    seen: Vec<Seen>,
}

/// What one widget shows of a value.
struct Seen {
    widget: ObjectId,
    /// The state of a check box, and what it looks like in other states.
    state: Option<State>,
    form: Option<Form>,
}

struct State {
    on: Vec<u8>,
    off: Option<ObjectId>,
}

impl Filled {
    /// Finds the field, and draws what is seen of its value in each of its widgets.
    pub(super) fn new(
        fill: &Fill<'_>,
        choosing: &mut Choosing<'_>,
        drawings: &mut Drawings,
        append: &mut Append<'_>,
    ) -> Result<Self, Error> {
        let field = choosing.empty_field(fill.field)?;
        let unusable = |problem| Error::Widget { field: field.id, problem };
        if form::is_xfa(append.base())? {
            return Err(Error::FieldValue { field: field.id, problem: FieldProblem::Xfa });
        }
        let states = states(fill, field, append.base())?;
        let value = match (fill.value, field.kind.as_deref()) {
            (Value::Text(text), Some(b"Tx")) => written(append.base(), field, text)?,
            (Value::Choice(text), Some(b"Ch")) => written(append.base(), field, text)?,
            (Value::Checked, _) => states.first().map(State::token).unwrap_or_default(),
            _ => return Err(wrong_kind(field)),
        };
        if field.widgets.is_empty() {
            return Err(unusable("has no widget"));
        }
        let mut states = states.into_iter();
        let mut seen = Vec::with_capacity(field.widgets.len());
        for widget in field.widgets.iter().copied() {
            let form = match fill.drawing {
                None => None,
                Some(drawing) => {
                    let place = Place::of_widget(choosing, field, widget)?;
                    let place = place.upright_as_its_widget(append.base())?;
                    place.draw_all(drawing, drawings, append)?
                }
            };
            seen.push(Seen { widget, state: states.next(), form });
        }
        Ok(Self { field: field.id, value, seen })
    }

    /// Sets the value and the appearances, and nothing else.
    pub(super) fn edit(&self, revision: Revision<'_>, edits: &mut Edits) -> Result<(), Error> {
        let field = Located::object(revision, self.field)?;
        edits.set(&field, "V", self.value.clone());
        for Seen { widget, state, form } in &self.seen {
            let widget = Located::object(revision, *widget)?;
            if let Some(state) = state {
                edits.set(&widget, "AS", state.token());
            }
            match (form, state) {
                (Some(form), None) => edits.set(&widget, "AP", format!("<< /N {} R >>", form.id)),
                (Some(form), Some(state)) => edits.set(&widget, "AP", state.appearances(form.id)),
                (None, _) => {}
            }
        }
        Ok(())
    }

    /// What is seen of it.
    pub(super) fn forms(&self) -> impl Iterator<Item = &Form> {
        self.seen.iter().filter_map(|seen| seen.form.as_ref())
    }

    /// The field.
    pub(super) fn field(&self) -> ObjectId {
        self.field
    }
}

/// The token of a text, or of an item that is called so, if the field takes it.
fn written(revision: Revision<'_>, field: &Field, text: &str) -> Result<Vec<u8>, Error> {
    match FormField::of(revision, field)?.value(Asked::Text(text), &[]) {
        Ok(value) => Ok(value.token),
        Err(Refusal::Update(error)) => Err(error),
        Err(Refusal::Field(problem)) => Err(Error::FieldValue { field: field.id, problem }),
    }
}

/// The ticked state of each widget of a check box; none for other values. All have one name, or it
/// would not be clear which is meant.
fn states(fill: &Fill<'_>, field: &Field, revision: Revision<'_>) -> Result<Vec<State>, Error> {
    if fill.value != Value::Checked {
        return Ok(Vec::new());
    }
    if field.kind.as_deref() != Some(b"Btn") || field.flags & NO_CHECK_BOX != 0 {
        return Err(wrong_kind(field));
    }
    let states = field.widgets.iter().map(|widget| State::of(revision, field, *widget));
    let states: Vec<State> = states.collect::<Result<_, Error>>()?;
    if states.windows(2).any(|pair| matches!(pair, [one, next] if one.on != next.on)) {
        let problem = "has widgets whose ticked states have different names";
        return Err(Error::Widget { field: field.id, problem });
    }
    Ok(states)
}

impl State {
    /// The state in which a check box is ticked: the one that has an appearance and is not `Off`.
    fn of(revision: Revision<'_>, field: &Field, widget: ObjectId) -> Result<Self, Error> {
        let problem = "has a widget without an appearance for being ticked";
        let wrong = || Error::Widget { field: field.id, problem };
        let widget = revision.dictionary(widget)?;
        let appearance = revision.lookup(&widget, b"AP")?.ok_or_else(wrong)?;
        let states = appearance.as_dictionary().ok_or_else(wrong)?;
        let states = revision.lookup(states, b"N")?.ok_or_else(wrong)?;
        let states = match &*states {
            Object::Dictionary(states) => states,
            _ => return Err(wrong()),
        };
        let mut names = states.iter().map(|(key, _)| key).filter(|key| *key != b"Off");
        let on = names.next().ok_or_else(wrong)?.to_vec();
        Ok(Self { on, off: states.reference(b"Off") })
    }

    fn token(&self) -> Vec<u8> {
        name_token(&self.on)
    }

    /// `/AP` with a new appearance for the ticked state.
    fn appearances(&self, form: ObjectId) -> Vec<u8> {
        let mut token = b"<< /N << ".to_vec();
        token.extend(self.token());
        token.extend(format!(" {form} R").into_bytes());
        if let Some(off) = self.off {
            token.extend(format!(" /Off {off} R").into_bytes());
        }
        token.extend_from_slice(b" >> >>");
        token
    }
}
