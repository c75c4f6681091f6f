//! Values of form fields other than signatures (ISO 32000-2 §12.8.2.2: filling in forms).
//!
//! A field that was in the form, is not read-only and not locked may get another value and another
//! appearance, and nothing else: its place, its flags and its actions stay as they were signed.
//!
//! What is filled in shows inside the rectangle that was there for it: a reader maps the box of an
//! appearance to the widget's `/Rect`, whatever box and matrix it has, and clips to it (§12.5.5). So an
//! appearance has to be a form with a box, and no other is looked for.
//!
//! The fields are those that a reader finds, from the form downwards. What only says that it belongs to
//! a field (`/Parent`) belongs to none, and a value that fields have from above changes for all of them,
//! locked ones too: it stays.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::pdf::{Dictionary, Error, Field, Object, ObjectId};
use crate::report::{ChangeKind, Rule};

use super::Breach;
use super::entries::may_be;
use super::places::rectangle;
use super::step::{Explanation, Step};

/// What may change in a field, or in its widget, beside its value.
const FILLED_KEYS: [&[u8]; 3] = [b"AP", b"AS", b"M"];

/// What makes the content of a form something else than what stands there: other files, PostScript,
/// layers that are switched on and off.
const NO_APPEARANCE: [&[u8]; 4] = [b"Ref", b"OPI", b"PS", b"OC"];

/// Bit position 1 of `/Ff` (Table 227), and 17 for buttons (Table 229).
const READ_ONLY: i64 = 1;
const PUSH_BUTTON: i64 = 1 << 16;

/// The state of a button that is not on.
const OFF: &[u8] = b"Off";

impl Step<'_, '_> {
    /// Fields of the form that have another value now.
    pub(super) fn filled_values(&mut self) -> Result<(), Error> {
        let candidates = self.altered.values().filter(|altered| {
            let was = altered.dictionaries().map(|(was, _)| was);
            let was = was.as_deref().and_then(Object::as_dictionary);
            was.is_some_and(may_be_field) && !self.is_explained(altered.id)
        });
        let candidates: Vec<ObjectId> = candidates.map(|altered| altered.id).collect();
        if candidates.is_empty() {
            return Ok(());
        }
        // Of a form that cannot be read nobody knows what may be filled in.
        let fields = self.old.fields().unwrap_or_default();
        let read = u64::try_from(fields.len()).unwrap_or(u64::MAX);
        self.shared.fields_read.spend(read).map_err(Error::Limit)?;
        let nodes = nodes_of(&fields);
        let changed: BTreeSet<usize> =
            candidates.iter().filter_map(|id| nodes.get(id).copied()).collect();
        for field in changed.iter().filter_map(|index| fields.get(*index)) {
            if may_be_filled(field) && self.is_filled(field)? {
                self.take_value(field)?;
            }
        }
        Ok(())
    }

    /// Whether nothing but value and appearance changed in the field and all its widgets, both are of
    /// their kind, and what is seen is not another state than the value.
    fn is_filled(&self, field: &Field) -> Result<bool, Error> {
        for id in nodes(field) {
            let Some((was, now)) = self.altered_dictionaries(id)? else { return Ok(false) };
            let read_only = |it: &Dictionary| it.integer(b"Ff").unwrap_or(0) & READ_ONLY != 0;
            if read_only(&was) || !self.only_value(field, &was, &now)? {
                return Ok(false);
            }
        }
        self.states_agree(field)
    }

    fn take_value(&mut self, field: &Field) -> Result<(), Error> {
        let breach = self.breach_of_value(&field.name);
        for id in nodes(field) {
            let Some((was, now)) = self.altered_dictionaries(id)? else { continue };
            if self.altered.get(&id.number).is_some_and(|altered| altered.id == id) {
                let explanation = Explanation {
                    kind: ChangeKind::FormField,
                    rule: Rule::FieldFilled,
                    breach,
                    page: now.reference(b"P"),
                    rect: rectangle(&now),
                    over_content: false,
                };
                self.explain_as(id.number, explanation);
            }
            // One that was drawn anew in place is its widget's, whether or not that was written again.
            self.replaced_appearance(id, &now);
            self.follow(Some(&Object::Dictionary(was)), Some(&Object::Dictionary(now)));
        }
        Ok(())
    }

    /// What an object was and is, both dictionaries; the same twice if it was not changed.
    fn altered_dictionaries(
        &self,
        id: ObjectId,
    ) -> Result<Option<(Dictionary, Dictionary)>, Error> {
        let Some(altered) = self.altered.get(&id.number) else {
            let found = self.old.get(id)?.map(|found| found.object.value);
            let Some(Object::Dictionary(same)) = found else { return Ok(None) };
            return Ok(Some((same.clone(), same)));
        };
        if altered.id != id {
            return Ok(None);
        }
        Ok(altered.dictionaries().and_then(|(was, now)| {
            Some((was.as_dictionary()?.clone(), now.as_dictionary()?.clone()))
        }))
    }

    fn only_value(&self, field: &Field, old: &Dictionary, new: &Dictionary) -> Result<bool, Error> {
        for key in self.changed_keys(old, new)? {
            let value = self.is_now(new.get(&key))?;
            let of_its_kind = match (key.as_slice(), value.as_deref()) {
                (b"V", Some(value)) => is_value(field, value),
                (b"V", None) => true,
                (b"I", value) => {
                    field.kind.as_deref() == Some(b"Ch") && value.is_none_or(is_chosen)
                }
                (key, value) => FILLED_KEYS.contains(&key) && may_be(key, value),
            };
            if !of_its_kind {
                return Ok(false);
            }
        }
        let (was, now) = (self.was(old.get(b"AP"))?, self.is_now(new.get(b"AP"))?);
        let (was, now) = (was.as_deref(), now.as_deref());
        now.map_or(Ok(true), |now| self.are_forms(was, now))
    }

    /// Whether everything that an appearance dictionary names, and that it did not name before or that
    /// was changed, is a form with a box and its content in it.
    pub(super) fn are_forms(&self, old: Option<&Object>, new: &Object) -> Result<bool, Error> {
        let (mut known, mut named) = (HashSet::new(), Vec::new());
        if let Some(old) = old {
            old.for_each_reference(&mut |id| {
                known.insert(id);
            });
        }
        new.for_each_reference(&mut |id| named.push(id));
        let looked_at =
            |id: &ObjectId| !known.contains(id) || self.altered.contains_key(&id.number);
        for id in named.into_iter().filter(looked_at) {
            let reference = Object::Reference(id);
            let found = self.is_now(Some(&reference))?;
            let is_form = match found.as_deref() {
                Some(Object::Stream(stream)) => {
                    let dictionary = &stream.dictionary;
                    let bounds = self.is_now(dictionary.get(b"BBox"))?;
                    let bounds = bounds.as_deref().and_then(Object::as_array).unwrap_or(&[]);
                    dictionary.name(b"Subtype") == Some(b"Form")
                        && bounds.len() == 4
                        && bounds.iter().all(|side| side.value.as_number().is_some())
                        && !NO_APPEARANCE.iter().any(|key| dictionary.contains(key))
                }
                _ => false,
            };
            if !is_form {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether every widget is in a state that it has, which is that of the value if it is a button's:
    /// otherwise one reader sees a tick where another one reads that there is none.
    fn states_agree(&self, field: &Field) -> Result<bool, Error> {
        let is_button = field.kind.as_deref() == Some(b"Btn");
        let value = self.state_of(field)?;
        let (mut has_states, mut is_shown) = (false, false);
        for id in &field.widgets {
            let Some((_, widget)) = self.altered_dictionaries(*id)? else { return Ok(false) };
            let state = self.is_now(widget.get(b"AS"))?;
            let state = state.as_deref().and_then(Object::as_name).unwrap_or(OFF).to_vec();
            let states = self.states_in(&widget)?;
            let knows = |name: &[u8]| states.as_ref().is_none_or(|all| all.contains(name));
            if state != OFF && !knows(&state) {
                return Ok(false);
            }
            has_states |= states.is_some();
            is_shown |= states.is_some() && knows(&value);
            let expected = if knows(&value) { value.as_slice() } else { OFF };
            // A widget without appearances for its states may leave all to the value.
            let says = widget.contains(b"AS") || states.is_some();
            if is_button && says && state != expected {
                return Ok(false);
            }
        }
        Ok(!is_button || value == OFF || is_shown || !has_states)
    }

    /// `/V` of a button, its own or inherited, as it is now.
    fn state_of(&self, field: &Field) -> Result<Vec<u8>, Error> {
        let own = self.altered_dictionaries(field.id)?.map(|(_, now)| now).unwrap_or_default();
        if let Some(value) = self.is_now(own.get(b"V"))? {
            return Ok(value.as_name().unwrap_or(OFF).to_vec());
        }
        for above in field.ancestors.iter().rev() {
            let above = self.new.dictionary(*above)?;
            if let Some(value) = self.is_now(above.get(b"V"))? {
                return Ok(value.as_name().unwrap_or(OFF).to_vec());
            }
        }
        Ok(OFF.to_vec())
    }

    /// The names of the states that have an appearance; none if there is but one, or nothing.
    fn states_in(&self, widget: &Dictionary) -> Result<Option<BTreeSet<Vec<u8>>>, Error> {
        let appearance = self.is_now(widget.get(b"AP"))?;
        let appearance = appearance.as_deref().and_then(Object::as_dictionary);
        let Some(appearance) = appearance else { return Ok(None) };
        let normal = self.is_now(appearance.get(b"N"))?;
        Ok(match normal.as_deref() {
            Some(Object::Dictionary(states)) => {
                Some(states.iter().map(|(name, _)| name.to_vec()).collect())
            }
            _ => None,
        })
    }

    fn breach_of_value(&self, name: &str) -> Option<Breach> {
        let locked = self.restrictions.locks.iter().any(|lock| lock.covers(name));
        locked.then_some(Breach::Locked)
    }
}

/// Which field an object is, or is a widget of.
fn nodes_of(fields: &[Field]) -> HashMap<ObjectId, usize> {
    let mut known = HashMap::new();
    for (index, field) in fields.iter().enumerate() {
        known.extend(nodes(field).into_iter().map(|id| (id, index)));
    }
    known
}

/// A field and its widgets.
fn nodes(field: &Field) -> Vec<ObjectId> {
    let widgets = field.widgets.iter().copied().filter(|id| *id != field.id);
    std::iter::once(field.id).chain(widgets).collect()
}

/// Whether a dictionary looks like a field or a widget; pages have a `/Parent` too.
fn may_be_field(dictionary: &Dictionary) -> bool {
    let is_page = dictionary.is_type(b"Page") || dictionary.is_type(b"Pages");
    dictionary.contains(b"FT") || (dictionary.contains(b"Parent") && !is_page)
}

fn may_be_filled(field: &Field) -> bool {
    let by_hand = match field.kind.as_deref() {
        Some(b"Tx" | b"Ch") => true,
        Some(b"Btn") => field.flags & PUSH_BUTTON == 0,
        _ => false,
    };
    by_hand && field.flags & READ_ONLY == 0
}

fn is_value(field: &Field, value: &Object) -> bool {
    match (field.kind.as_deref(), value) {
        (Some(b"Tx" | b"Ch"), Object::String(_)) | (Some(b"Btn"), Object::Name(_)) => true,
        (Some(b"Ch"), Object::Array(items)) => {
            items.iter().all(|item| item.value.as_string().is_some())
        }
        _ => false,
    }
}

/// Which items of a choice field are chosen (Table 234).
fn is_chosen(value: &Object) -> bool {
    value.as_array().is_some_and(|all| all.iter().all(|item| item.value.as_integer().is_some()))
}
