//! What a form field and its widgets ask of a value (ISO 32000-2 §12.7.4 and §12.7.5), inherited
//! entries included.

use super::Error;
use super::choice::{self, Item};
use super::field::Choosing;
use crate::appearance::{FieldLayout, WidgetFrame};
use crate::contract::Colour;
use crate::geometry::Rotation;
use crate::pdf::{Dictionary, Field, Object, ObjectId, Revision};
use crate::placement::Placed;

/// Bit position 1 of `/Ff` (Table 227): nobody changes the value.
pub(super) const READ_ONLY: i64 = 1;
/// Of text fields (Table 230): positions 13, 14, 21, 25, 26.
const MULTI_LINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;
const FILE_SELECT: i64 = 1 << 20;
const COMB: i64 = 1 << 24;
const RICH_TEXT: i64 = 1 << 25;
/// Of buttons (Table 229): positions 16 and 17.
const RADIO: i64 = 1 << 15;
const PUSH_BUTTON: i64 = 1 << 16;
/// Of choice fields (Table 233): positions 18, 19, 22.
const COMBO: i64 = 1 << 17;
const EDIT: i64 = 1 << 18;
const MULTI_SELECT: i64 = 1 << 21;

/// The state of a button that is not ticked.
pub(super) const OFF: &[u8] = b"Off";

/// A field of a document, to be asked what it takes.
pub(super) struct FormField<'r> {
    pub(super) field: &'r Field,
    revision: Revision<'r>,
    pub(super) takes: Takes,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// A text.
    Text {
        /// Whether it may have several lines.
        lines: bool,
        /// How many characters it may have.
        most: Option<u16>,
        /// Whether each has a cell of its own; then there are `most` of them.
        comb: bool,
    },
    /// One of its states, or none.
    Button {
        /// Whether one of several widgets is meant.
        radio: bool,
    },
    /// Items of a list.
    Choice {
        /// Whether other texts may be written as well.
        edit: bool,
        /// Whether several may be chosen.
        several: bool,
        /// Whether it shows the one that was chosen, as opposed to a list.
        combo: bool,
    },
    /// Nothing that is filled in; the word for what it is.
    Nothing(&'static str),
}

/// What a widget shows and how.
pub(super) struct FormWidget {
    pub(super) id: ObjectId,
    /// Where, and which way up its contents are.
    pub(super) placed: Placed,
    pub(super) page: ObjectId,
    pub(super) frame: WidgetFrame,
    /// The states that have an appearance (`/AP /N`); none if that is one stream, or nothing.
    pub(super) states: Vec<State>,
}

/// A state of a button's widget.
pub(super) struct State {
    pub(super) name: Vec<u8>,
    /// What it looks like, where that is an object.
    pub(super) form: Option<ObjectId>,
    /// Whether anything is seen of it.
    pub(super) is_drawn: bool,
}

impl<'r> FormField<'r> {
    /// Reads it.
    pub(super) fn of(revision: Revision<'r>, field: &'r Field) -> Result<Self, Error> {
        let has = |flag: i64| field.flags & flag != 0;
        let takes = match field.kind.as_deref() {
            Some(b"Tx") if has(PASSWORD) => Takes::Nothing("a field for a password"),
            Some(b"Tx") if has(RICH_TEXT) => Takes::Nothing("a field for rich text"),
            Some(b"Tx") if has(FILE_SELECT) => Takes::Nothing("a field for the name of a file"),
            Some(b"Tx") => {
                let most = inherited(revision, field, b"MaxLen")?;
                let most = most.and_then(|most| most.as_integer()).filter(|most| *most > 0);
                let most = most.map(|most| u16::try_from(most).unwrap_or(u16::MAX));
                let lines = has(MULTI_LINE);
                Takes::Text { lines, most, comb: has(COMB) && !lines && most.is_some() }
            }
            Some(b"Btn") if has(PUSH_BUTTON) => Takes::Nothing("a push-button"),
            Some(b"Btn") => Takes::Button { radio: has(RADIO) },
            Some(b"Ch") => Takes::Choice {
                edit: has(COMBO) && has(EDIT),
                several: !has(COMBO) && has(MULTI_SELECT),
                combo: has(COMBO),
            },
            Some(b"Sig") => Takes::Nothing("a field for a signature"),
            _ => Takes::Nothing("a field of unknown type"),
        };
        Ok(Self { field, revision, takes })
    }

    /// How its text is set, in one widget.
    pub(super) fn layout(&self) -> FieldLayout {
        match self.takes {
            Takes::Text { comb: true, most: Some(most), .. } => FieldLayout::Comb(most),
            Takes::Text { lines: true, .. } | Takes::Choice { combo: false, .. } => {
                FieldLayout::Lines
            }
            _ => FieldLayout::Line,
        }
    }

    /// `/Q`, of the field, of those above it, or of the form.
    pub(super) fn quadding(&self) -> Result<Option<i64>, Error> {
        let own = inherited(self.revision, self.field, b"Q")?;
        let found = match own {
            Some(own) => Some(own),
            None => match self.revision.form()? {
                Some((_, form)) => self.revision.lookup(&form, b"Q")?.map(|it| it.into_owned()),
                None => None,
            },
        };
        Ok(found.and_then(|found| found.as_integer()))
    }

    /// The items of a choice field; of a button, what its states are called one by one (Table 231).
    pub(super) fn items(&self) -> Result<Vec<Item>, Error> {
        choice::items(self.revision, self.field)
    }

    /// Its widgets, each in its place and upright as it asks to be.
    pub(super) fn widgets(&self, choosing: &mut Choosing<'_>) -> Result<Vec<FormWidget>, Error> {
        let unusable = |problem| Error::Widget { field: self.field.id, problem };
        let mut widgets = Vec::with_capacity(self.field.widgets.len());
        for id in self.field.widgets.iter().copied() {
            let place = choosing.widget_place(self.field, id)?;
            if place.rect.is_empty() {
                return Err(unusable("has an empty /Rect, it is invisible"));
            }
            let page = self.revision.page(place.number.get())?;
            let geometry = self.revision.page_geometry(&page)?;
            let placed = Placed::on(place.number, &geometry, geometry.to_visual(&place.rect))?;
            let dictionary = self.revision.dictionary(id)?;
            let look = Look { revision: self.revision, dictionary: &dictionary };
            widgets.push(FormWidget {
                id,
                placed: look.turned(placed)?,
                page: place.page,
                frame: look.frame()?,
                states: look.states()?,
            });
        }
        if widgets.is_empty() {
            return Err(unusable("has no widget"));
        }
        Ok(widgets)
    }
}

/// Which way up the contents of a widget are drawn: as its `/MK` says, or, where that says nothing,
/// as a person reads the page.
pub(super) fn upright(
    revision: Revision<'_>,
    widget: ObjectId,
    placed: Placed,
) -> Result<Placed, Error> {
    let dictionary = revision.dictionary(widget)?;
    Look { revision, dictionary: &dictionary }.turned(placed)
}

/// An entry that fields inherit (Table 226).
pub(super) fn inherited(
    revision: Revision<'_>,
    field: &Field,
    key: &[u8],
) -> Result<Option<Object>, Error> {
    if let Some(own) = revision.lookup(&field.dictionary, key)? {
        return Ok(Some(own.into_owned()));
    }
    for above in field.ancestors.iter().rev() {
        let above = revision.dictionary(*above)?;
        if let Some(found) = revision.lookup(&above, key)? {
            return Ok(Some(found.into_owned()));
        }
    }
    Ok(None)
}

/// The dictionary of a widget, as far as it says what is seen.
struct Look<'a> {
    revision: Revision<'a>,
    dictionary: &'a Dictionary,
}

impl Look<'_> {
    fn inside(&self, key: &[u8]) -> Result<Option<Dictionary>, Error> {
        let found = self.revision.lookup(self.dictionary, key)?;
        Ok(found.and_then(|found| found.as_dictionary().cloned()))
    }

    fn turned(&self, placed: Placed) -> Result<Placed, Error> {
        let Some(look) = self.inside(b"MK")? else { return Ok(placed) };
        let turn = self.revision.lookup(&look, b"R")?.and_then(|turn| turn.as_integer());
        // What is no quarter turn means nothing (Table 192).
        match turn.and_then(|turn| Rotation::from_degrees(turn).ok()) {
            Some(turn) => Ok(placed.turned(turn)?),
            None => Ok(placed),
        }
    }

    /// Ground and border. The border is one point thick unless `/BS` or `/Border` say otherwise.
    fn frame(&self) -> Result<WidgetFrame, Error> {
        let look = self.inside(b"MK")?.unwrap_or_default();
        let style = self.inside(b"BS")?;
        let number = |of: &Dictionary, key: &[u8]| {
            Ok::<_, Error>(self.revision.lookup(of, key)?.and_then(|it| it.as_number()))
        };
        let width = match &style {
            Some(style) => number(style, b"W")?,
            None => {
                let border = self.revision.lookup(self.dictionary, b"Border")?;
                let border = border.as_deref().and_then(Object::as_array).unwrap_or(&[]);
                border.get(2).and_then(|width| width.value.as_number())
            }
        };
        let underline = style.is_some_and(|style| style.name(b"S") == Some(b"U"));
        Ok(WidgetFrame {
            ground: self.colour(&look, b"BG")?,
            border: self.colour(&look, b"BC")?,
            width: width.unwrap_or(1.0).clamp(0.0, 100.0),
            underline,
        })
    }

    /// Grey, RGB or CMYK by the number of components; none of them is no colour (Table 192).
    fn colour(&self, look: &Dictionary, key: &[u8]) -> Result<Option<Colour>, Error> {
        let parts = self.revision.lookup(look, key)?;
        let parts = parts.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let parts: Vec<f64> = parts.iter().filter_map(|part| part.value.as_number()).collect();
        let rgb = match parts.as_slice() {
            [grey] => [*grey; 3],
            [red, green, blue] => [*red, *green, *blue],
            [c, m, y, k] => [c, m, y].map(|ink| 1.0 - (ink + k).min(1.0)),
            _ => return Ok(None),
        };
        let [red, green, blue] = rgb.map(byte);
        Ok(Some(Colour(red, green, blue)))
    }

    fn states(&self) -> Result<Vec<State>, Error> {
        let Some(appearances) = self.inside(b"AP")? else { return Ok(Vec::new()) };
        let normal = self.revision.lookup(&appearances, b"N")?;
        let Some(Object::Dictionary(normal)) = normal.as_deref() else { return Ok(Vec::new()) };
        let mut states = Vec::with_capacity(normal.iter().count());
        for (name, form) in normal.iter() {
            let found = self.revision.resolve(form)?;
            let is_drawn = found.as_stream().is_some_and(|stream| !stream.data.is_empty());
            states.push(State { name: name.to_vec(), form: form.as_reference(), is_drawn });
        }
        Ok(states)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share between 0 and 1 times 255 is a byte"
)]
fn byte(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}
