//! A value as a field of a form holds and shows it (ISO 32000-2 §12.7.5.2 to §12.7.5.4).

use super::choice::Item;
use super::form_field::{FormField, FormWidget, OFF, Takes};
use super::text::{name_token, text_token, value_problem};
use super::{Error, FieldProblem};
use crate::pdf::text_string;

/// What the ticked state of a check box is called that has no name for it.
const TICKED: &[u8] = b"Yes";

/// What a field is asked to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked<'a> {
    /// A text.
    Text(&'a str),
    /// Items, by export value or as they are shown.
    Items(&'a [String]),
    /// A tick, or none.
    Tick(bool),
    /// What no field holds: the word for it.
    Other(&'static str),
}

/// A value that a field takes.
pub(super) struct FieldValue {
    /// The token of `/V`.
    pub(super) token: Vec<u8>,
    /// The token of `/I`, where the field has to have it, or must not keep the one it has.
    pub(super) indices: Option<Vec<u8>>,
    pub(super) shown: Shown,
}

/// What is seen of a value.
pub(super) enum Shown {
    /// A text.
    Text(String),
    /// In widgets that have this state it is on; all others are off.
    State(Vec<u8>),
}

/// Why a field holds no value: the field's own reasons, or the document's.
pub(super) enum Refusal {
    Field(FieldProblem),
    Update(Error),
}

impl From<FieldProblem> for Refusal {
    fn from(problem: FieldProblem) -> Self {
        Self::Field(problem)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Widget { problem, .. } => Self::Field(FieldProblem::Widget { problem }),
            other => Self::Update(other),
        }
    }
}

impl From<crate::pdf::Error> for Refusal {
    fn from(error: crate::pdf::Error) -> Self {
        Self::Update(error.into())
    }
}

impl Asked<'_> {
    /// The word for it.
    fn word(self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Items(_) => "a choice",
            Self::Tick(_) => "a tick",
            Self::Other(word) => word,
        }
    }
}

impl FormField<'_> {
    /// The value as the field holds it.
    pub(super) fn value(
        &self,
        asked: Asked<'_>,
        widgets: &[FormWidget],
    ) -> Result<FieldValue, Refusal> {
        let kind = |field| Refusal::from(FieldProblem::Kind { field, value: asked.word() });
        match (self.takes, asked) {
            (Takes::Nothing(what), _) => Err(kind(what)),
            (Takes::Text { .. }, Asked::Text(text)) => Ok(self.text(text)?),
            (Takes::Text { .. }, Asked::Items(items)) => Ok(self.text(&items.join("、"))?),
            (Takes::Text { .. }, _) => Err(kind("a text field")),
            (Takes::Choice { .. }, Asked::Text(text)) => self.items_chosen(&[text.to_owned()]),
            (Takes::Choice { .. }, Asked::Items(items)) => self.items_chosen(items),
            (Takes::Choice { .. }, _) => Err(kind("a choice field")),
            (Takes::Button { .. }, Asked::Tick(on)) => Ok(ticked(on, widgets)?),
            (Takes::Button { .. }, Asked::Items([one])) => self.state_called(one, widgets),
            (Takes::Button { .. }, Asked::Items(items)) => {
                Err(FieldProblem::OneItem { chosen: items.len() }.into())
            }
            (Takes::Button { radio: true }, _) => Err(kind("a group of radio buttons")),
            (Takes::Button { radio: false }, _) => Err(kind("a check box")),
        }
    }

    fn text(&self, text: &str) -> Result<FieldValue, FieldProblem> {
        if let Some(problem) = value_problem(text) {
            return Err(FieldProblem::Text { problem });
        }
        if let Takes::Text { lines, most, .. } = self.takes {
            let found = text.split('\n').count();
            if !lines && found > 1 {
                return Err(FieldProblem::SeveralLines { lines: found });
            }
            let characters = text.chars().count();
            if let Some(most) = most.filter(|most| characters > usize::from(*most)) {
                return Err(FieldProblem::TooLong { characters, most });
            }
        }
        Ok(FieldValue {
            token: text_token(text),
            indices: None,
            shown: Shown::Text(text.to_owned()),
        })
    }

    fn items_chosen(&self, wanted: &[String]) -> Result<FieldValue, Refusal> {
        let Takes::Choice { edit, several, .. } = self.takes else {
            return Err(FieldProblem::NoSuchItem { items: 0 }.into());
        };
        if !several && wanted.len() != 1 {
            return Err(FieldProblem::OneItem { chosen: wanted.len() }.into());
        }
        let items = self.items()?;
        let mut chosen: Vec<&Item> = Vec::with_capacity(wanted.len());
        for text in wanted {
            match item_called(&items, text) {
                Some(item) => chosen.push(item),
                None if edit => {
                    let value = self.text(text)?;
                    return Ok(FieldValue { indices: self.no_indices(), ..value });
                }
                None => return Err(FieldProblem::NoSuchItem { items: items.len() }.into()),
            }
        }
        // In the order of the list, as `/I` has them; each once.
        chosen.sort_by_key(|item| item.index);
        chosen.dedup_by_key(|item| item.index);
        let mut exports = Vec::with_capacity(chosen.len());
        for item in &chosen {
            if let Some(problem) = value_problem(&item.export) {
                return Err(FieldProblem::Text { problem }.into());
            }
            exports.push(text_token(&item.export));
        }
        let token = match exports.as_slice() {
            [one] => one.clone(),
            several => [b"[".as_slice(), &several.join(&b' '), b"]"].concat(),
        };
        // Required where several may be chosen, and not to be used where one is (Table 234).
        let indices = match several {
            true => {
                let listed: Vec<String> =
                    chosen.iter().map(|item| item.index.to_string()).collect();
                Some(format!("[{}]", listed.join(" ")).into_bytes())
            }
            false => self.no_indices(),
        };
        let shown: Vec<&str> = chosen.iter().map(|item| item.display.as_str()).collect();
        Ok(FieldValue { token, indices, shown: Shown::Text(shown.join("\n")) })
    }

    /// What was chosen before is not chosen any more.
    fn no_indices(&self) -> Option<Vec<u8>> {
        self.field.dictionary.contains(b"I").then(|| b"null".to_vec())
    }

    /// The state of this name, or the one whose item is called so: the items of a button are those of
    /// its widgets, one by one (Table 231).
    fn state_called(&self, wanted: &str, widgets: &[FormWidget]) -> Result<FieldValue, Refusal> {
        let is_called =
            |name: &[u8]| name == wanted.as_bytes() || text_string::decode(name) == wanted;
        let by_name = widgets.iter().flat_map(FormWidget::on_states).find(|name| is_called(name));
        let by_item = match by_name {
            Some(_) => None,
            None => {
                let items = self.items()?;
                let item = item_called(&items, wanted).map(|item| item.index);
                item.and_then(|index| widgets.get(index)?.on_states().next().map(<[u8]>::to_vec))
            }
        };
        match by_name.map(<[u8]>::to_vec).or(by_item) {
            Some(state) => Ok(state_value(state)),
            None => Err(FieldProblem::NoSuchItem { items: distinct(widgets).len() }.into()),
        }
    }
}

impl FormWidget {
    /// The names of its states but for the one in which it is off.
    pub(super) fn on_states(&self) -> impl Iterator<Item = &[u8]> {
        self.states.iter().map(|state| state.name.as_slice()).filter(|name| *name != OFF)
    }
}

fn item_called<'i>(items: &'i [Item], wanted: &str) -> Option<&'i Item> {
    let by_display = || items.iter().find(|item| item.display == wanted);
    items.iter().find(|item| item.export == wanted).or_else(by_display)
}

fn ticked(on: bool, widgets: &[FormWidget]) -> Result<FieldValue, FieldProblem> {
    if !on {
        return Ok(state_value(OFF.to_vec()));
    }
    let names = distinct(widgets);
    match names.as_slice() {
        [] => Ok(state_value(TICKED.to_vec())),
        [one] => Ok(state_value(one.clone())),
        several => Err(FieldProblem::Ambiguous { states: several.len() }),
    }
}

fn distinct(widgets: &[FormWidget]) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> =
        widgets.iter().flat_map(FormWidget::on_states).map(<[u8]>::to_vec).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn state_value(state: Vec<u8>) -> FieldValue {
    FieldValue { token: name_token(&state), indices: None, shown: Shown::State(state) }
}
