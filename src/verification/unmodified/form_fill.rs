//! Values of form fields other than signatures (ISO 32000-2 §12.8.2.2: filling in forms).
//!
//! A field that was in the form, is not read-only and not locked may get another value and another
//! appearance, and nothing else: its place, its flags and its actions stay as they were signed. So
//! what is filled in shows inside the rectangle that was there for it.

use std::collections::HashSet;

use crate::inspection::DocMdp;
use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision};
use crate::report::{ChangeKind, Rule};

use super::Breach;
use super::entries::may_be;
use super::fields::{ANCESTORS, full_name};
use super::step::{Explanation, Step, rectangle};

/// What may change in a field, or in its widget, beside its value.
const FILLED_KEYS: [&[u8]; 3] = [b"AP", b"AS", b"M"];

/// Bit position 1 of `/Ff` (Table 227), and 17 for buttons (Table 229).
const READ_ONLY: i64 = 1;
const PUSH_BUTTON: i64 = 1 << 16;

impl Step<'_, '_> {
    /// Fields of the form that have another value now.
    pub(super) fn filled_values(&mut self) -> Result<(), Error> {
        let numbers: Vec<u32> = self.altered.keys().copied().collect();
        let mut roots = None;
        for number in numbers {
            let Some(altered) = self.altered.get(&number) else { continue };
            let id = altered.id;
            let Some((was, now)) = altered.dictionaries() else { continue };
            let (Some(old), Some(new)) = (was.as_dictionary(), now.as_dictionary()) else {
                continue;
            };
            let Some(field) = FieldNode::above(&self.old, id, old)? else { continue };
            let roots = match &mut roots {
                Some(roots) => roots,
                None => roots.insert(roots_of(&self.old)?),
            };
            let open = roots.contains(&field.root) && field.may_be_filled();
            if !open || self.is_explained(id) || !self.only_value(&field, old, new)? {
                continue;
            }
            let explanation = Explanation {
                kind: ChangeKind::FormField,
                rule: Rule::FieldFilled,
                breach: self.breach_of_value(&full_name(&self.old, old)?),
                page: new.reference(b"P"),
                rect: rectangle(new),
            };
            self.explain_as(number, explanation);
            self.replaced_appearance(id, new);
            self.follow(Some(&*was), Some(&*now));
        }
        Ok(())
    }

    /// Whether nothing but value and appearance changed, and both are of their kind.
    fn only_value(
        &self,
        field: &FieldNode,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<bool, Error> {
        for key in self.changed_keys(old, new)? {
            let value = self.is_now(new.get(&key))?;
            let of_its_kind = match (key.as_slice(), value.as_deref()) {
                (b"V", Some(value)) => field.is_value(value),
                (b"V", None) => true,
                (b"I", Some(value)) => field.kind == b"Ch" && is_chosen(value),
                (b"I", None) => field.kind == b"Ch",
                (key, value) => FILLED_KEYS.contains(&key) && may_be(key, value),
            };
            if !of_its_kind {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn breach_of_value(&self, name: &str) -> Option<Breach> {
        if self.restrictions.locks.iter().any(|lock| lock.covers(name)) {
            return Some(Breach::Locked);
        }
        match self.restrictions.docmdp {
            Some(level @ DocMdp::NoChanges) => Some(Breach::NotPermitted(level)),
            _ => None,
        }
    }
}

/// What a field, or a widget below one, is, by itself and those above it.
struct FieldNode {
    kind: Vec<u8>,
    flags: i64,
    /// The field at the top.
    root: ObjectId,
}

impl FieldNode {
    /// `None` for what is neither field nor widget.
    fn above(
        view: &Revision<'_>,
        id: ObjectId,
        dictionary: &Dictionary,
    ) -> Result<Option<Self>, Error> {
        let (mut kind, mut flags, mut root) = (None, None, id);
        let mut node = dictionary.clone();
        for _ in 0..ANCESTORS {
            if kind.is_none() {
                let found = view.lookup(&node, b"FT")?;
                kind = found.and_then(|found| found.as_name().map(<[u8]>::to_vec));
            }
            if flags.is_none() {
                flags = view.lookup(&node, b"Ff")?.and_then(|flags| flags.as_integer());
            }
            let Some(parent) = node.reference(b"Parent") else {
                let flags = flags.unwrap_or(0);
                return Ok(kind.map(|kind| Self { kind, flags, root }));
            };
            root = parent;
            node = match view.get(parent)?.map(|found| found.object.value) {
                Some(Object::Dictionary(above)) => above,
                _ => return Ok(None),
            };
        }
        Ok(None)
    }

    fn may_be_filled(&self) -> bool {
        let by_hand = match self.kind.as_slice() {
            b"Tx" | b"Ch" => true,
            b"Btn" => self.flags & PUSH_BUTTON == 0,
            _ => false,
        };
        by_hand && self.flags & READ_ONLY == 0
    }

    fn is_value(&self, value: &Object) -> bool {
        match (self.kind.as_slice(), value) {
            (b"Tx" | b"Ch", Object::String(_)) | (b"Btn", Object::Name(_)) => true,
            (b"Ch", Object::Array(items)) => {
                items.iter().all(|item| item.value.as_string().is_some())
            }
            _ => false,
        }
    }
}

/// Which items of a choice field are chosen (Table 234).
fn is_chosen(value: &Object) -> bool {
    value.as_array().is_some_and(|all| all.iter().all(|item| item.value.as_integer().is_some()))
}

/// The fields at the top of the form.
fn roots_of(view: &Revision<'_>) -> Result<HashSet<ObjectId>, Error> {
    let Some((_, form)) = view.form()? else { return Ok(HashSet::new()) };
    let fields = view.lookup(&form, b"Fields")?;
    let fields = fields.as_deref().and_then(Object::as_array).unwrap_or(&[]);
    Ok(fields.iter().filter_map(|field| field.value.as_reference()).collect())
}
