//! The form and its signature fields (ISO 32000-2 §12.7.3 and §12.7.5.5).

use std::collections::HashSet;

use crate::inspection::DocMdp;
use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision, Spanned, text_string};
use crate::report::{ChangeKind, Rule};

use super::entries::may_be;
use super::places::rectangle;
use super::step::{Explanation, Step};
use super::{Breach, ValuePlace};

/// What a new signature field or its widget may hold. No actions among it.
const NEW_FIELD_KEYS: [&[u8]; 27] = [
    b"Type",
    b"Subtype",
    b"FT",
    b"T",
    b"TU",
    b"TM",
    b"F",
    b"Ff",
    b"Rect",
    b"P",
    b"V",
    b"AP",
    b"AS",
    b"MK",
    b"BS",
    b"Border",
    b"DA",
    b"DR",
    b"Q",
    b"Lock",
    b"SV",
    b"Parent",
    b"Kids",
    b"StructParent",
    b"M",
    b"NM",
    b"H",
];

/// What may only be added to a signature field, or to its widget, when it is filled.
const ADDED_ONLY: [&[u8]; 4] = [b"V", b"P", b"Lock", b"SV"];

/// How far up a field's ancestors are followed.
const ANCESTORS: usize = 32;

impl Step<'_, '_> {
    /// Signature fields that were there and empty, and are filled now.
    pub(super) fn filled_fields(&mut self) -> Result<(), Error> {
        let numbers: Vec<u32> = self.altered.keys().copied().collect();
        let mut filled = HashSet::new();
        for number in &numbers {
            filled.extend(self.filled_field(*number)?);
        }
        for number in &numbers {
            self.widget_of_filled(*number, &filled)?;
        }
        Ok(())
    }

    fn filled_field(&mut self, number: u32) -> Result<Option<ObjectId>, Error> {
        let Some(altered) = self.altered.get(&number) else { return Ok(None) };
        let id = altered.id;
        let Some((was, now)) = altered.dictionaries() else { return Ok(None) };
        let (Some(old), Some(new)) = (was.as_dictionary(), now.as_dictionary()) else {
            return Ok(None);
        };
        let was_empty = self.old.lookup(old, b"V")?.is_none();
        if !was_empty || !new.contains(b"V") || !is_signature_field(&self.old, old)? {
            return Ok(None);
        }
        if !self.only_filled(old, new)? {
            return Ok(None);
        }
        let Some(is_timestamp) = self.value_made_here(id, new) else { return Ok(None) };
        let name = full_name(&self.old, old)?;
        let rule = if is_timestamp { Rule::DocumentTimestamp } else { Rule::SignatureFilled };
        let breach = self.breach_of_filling(&name, is_timestamp);
        self.take_field(id, new, rule, breach);
        self.replaced_appearance(id, new);
        self.follow(Some(&*was), Some(&*now));
        Ok(Some(id))
    }

    /// Appearance streams that were overwritten in place, if nothing but this widget used them.
    pub(super) fn replaced_appearance(&mut self, widget: ObjectId, dictionary: &Dictionary) {
        let mut streams = Vec::new();
        if let Some(appearance) = dictionary.get(b"AP").filter(|ap| ap.as_dictionary().is_some()) {
            appearance.for_each_reference(&mut |id| streams.push(id));
        }
        for id in streams {
            let only_here = self.held_only_by(id, |holder| holder == widget);
            let Some(altered) = self.altered.get(&id.number).filter(|altered| altered.id == id)
            else {
                continue;
            };
            let (old, new) = (altered.old.clone(), altered.new.clone());
            if let (true, Some(Object::Stream(_)), Some(Object::Stream(_))) =
                (only_here, old.as_deref(), new.as_deref())
            {
                self.explain_as(id.number, Explanation::new(ChangeKind::XObject, Rule::Dependency));
                self.follow(old.as_deref(), new.as_deref());
            }
        }
    }

    /// Widgets that are objects of their own, of fields that were filled.
    fn widget_of_filled(&mut self, number: u32, filled: &HashSet<ObjectId>) -> Result<(), Error> {
        let Some(altered) = self.altered.get(&number) else { return Ok(()) };
        let id = altered.id;
        let Some((was, now)) = altered.dictionaries() else { return Ok(()) };
        let (Some(old), Some(new)) = (was.as_dictionary(), now.as_dictionary()) else {
            return Ok(());
        };
        let parent = old.reference(b"Parent");
        let is_widget = old.name(b"Subtype") == Some(b"Widget") && !old.contains(b"T");
        if !is_widget || !parent.is_some_and(|parent| filled.contains(&parent)) {
            return Ok(());
        }
        if self.only_filled(old, new)? && !new.contains(b"V") {
            let rule = parent.and_then(|parent| self.explained.get(&parent.number));
            let rule = rule.map_or(Rule::SignatureFilled, |explanation| explanation.rule);
            self.take_field(id, new, rule, None);
            self.replaced_appearance(id, new);
            self.follow(Some(&*was), Some(&*now));
        }
        Ok(())
    }

    fn only_filled(&self, old: &Dictionary, new: &Dictionary) -> Result<bool, Error> {
        let changed = self.changed_keys(old, new)?;
        for key in changed {
            let now = self.is_now(new.get(&key))?;
            let added_again = ADDED_ONLY.contains(&key.as_slice()) && old.contains(&key);
            if added_again || !may_be(&key, now.as_deref()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// If the value of a field is a signature that this revision made: whether it is a time-stamp.
    fn value_made_here(&self, field: ObjectId, dictionary: &Dictionary) -> Option<bool> {
        let place = match dictionary.get(b"V")? {
            Object::Reference(id) => ValuePlace::Object(*id),
            Object::Dictionary(_) => ValuePlace::Within(field),
            _ => return None,
        };
        if let ValuePlace::Object(id) = place
            && !self.is_new(id)
        {
            return None;
        }
        self.signature_made_here(place).map(|signature| signature.is_timestamp)
    }

    /// A field that an earlier signature locked.
    fn breach_of_filling(&self, name: &str, is_timestamp: bool) -> Option<Breach> {
        let locked = self.restrictions.locks.iter().any(|lock| lock.covers(name));
        (locked && !is_timestamp).then_some(Breach::Locked)
    }

    /// Whether a widget that was not there, such as that of a time-stamp, shows something on a document
    /// that was certified to stay as it is.
    fn breach_of_showing(&self, id: ObjectId, widget: &Dictionary) -> Option<Breach> {
        let level = self.restrictions.docmdp.filter(|level| *level == DocMdp::NoChanges)?;
        let shows = rectangle(widget).is_some() && widget.contains(b"AP");
        (shows && self.is_new(id)).then_some(Breach::NotPermitted(level))
    }

    /// Explains a signature field with its value.
    fn take_field(
        &mut self,
        id: ObjectId,
        dictionary: &Dictionary,
        rule: Rule,
        breach: Option<Breach>,
    ) {
        let explanation = Explanation {
            kind: ChangeKind::SignatureField,
            rule,
            breach,
            page: dictionary.reference(b"P"),
            rect: rectangle(dictionary),
            over_content: false,
        };
        self.explain_as(id.number, explanation);
        if let Some(value) = dictionary.reference(b"V") {
            let mut explanation = Explanation::new(ChangeKind::SignatureValue, rule);
            explanation.breach = breach;
            if self.is_new(value) {
                self.explain_as(value.number, explanation);
                let object = self.altered.get(&value.number).and_then(|a| a.new.clone());
                self.follow(None, object.as_deref());
            }
        }
    }

    /// `/AcroForm` of the catalog. Returns whether it may be what it is now.
    pub(super) fn form(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let (was, now) = self.both(old, new)?;
        let Some(now) = now else { return Ok(was.is_none()) };
        let Object::Dictionary(now) = &*now else { return Ok(false) };
        let empty = Dictionary::default();
        let was = was.as_deref().and_then(Object::as_dictionary).unwrap_or(&empty);
        let mut changed = self.changed_keys(was, now)?;
        for (key, value) in now.iter() {
            if self.leads_to_altered(Some(value)) && !changed.iter().any(|known| known == key) {
                changed.push(key.to_vec());
            }
        }
        let mut allowed = true;
        for key in &changed {
            let (before, after) = (was.get(key), now.get(key));
            allowed &= match key.as_slice() {
                b"Fields" => self.field_list(before, after, [old, new])?,
                b"SigFlags" => flags_grew(before, after),
                b"NeedAppearances" => after.and_then(Object::as_boolean) != Some(true),
                b"DR" => self.resources_grew(before, after, [old, new])?,
                b"DA" => before.is_none(),
                _ => false,
            };
        }
        let kept = old.and_then(Object::as_reference) == new.and_then(Object::as_reference);
        let own = kept || new.and_then(Object::as_reference).is_none_or(|id| self.is_new(id));
        if allowed && own {
            self.explain_reference(new, Explanation::new(ChangeKind::Form, Rule::Dependency));
        }
        Ok(allowed && own)
    }

    /// A list of fields: all that were there are there, and what is new is a signature field. Nobody
    /// but the form has the list.
    fn field_list(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
        form: [Option<&Object>; 2],
    ) -> Result<bool, Error> {
        let (was, now) = (self.was(old)?, self.is_now(new)?);
        let empty: &[Spanned] = &[];
        let was = was.as_deref().map_or(Some(empty), Object::as_array);
        let (Some(was), Some(now)) = (was, now.as_deref().and_then(Object::as_array)) else {
            return Ok(false);
        };
        let known: HashSet<ObjectId> =
            was.iter().filter_map(|item| item.value.as_reference()).collect();
        let mut seen = HashSet::new();
        for item in now {
            let Some(id) = item.value.as_reference() else { return Ok(false) };
            if !seen.insert(id) {
                return Ok(false);
            }
            if known.contains(&id) {
                self.field_below(id)?;
            } else if !self.new_field(id, "", None, ANCESTORS)? {
                return Ok(false);
            }
        }
        let allowed = known.iter().all(|id| seen.contains(id)) && known.len() == was.len();
        let own = new.and_then(Object::as_reference).is_none_or(|id| {
            let kept = old.and_then(Object::as_reference) == Some(id);
            let is_form = |it: ObjectId| {
                form.into_iter().flatten().any(|form| form.as_reference() == Some(it))
            };
            let alone = !self.leads_to_altered(new)
                || self.held_only_by(id, |holder| is_form(holder) || self.is_catalog(holder));
            kept && alone || self.is_new(id)
        });
        if allowed && own {
            self.explain_reference(new, Explanation::new(ChangeKind::Form, Rule::Dependency));
        }
        Ok(allowed && own)
    }

    /// A field that was there and got new signature fields below it.
    fn field_below(&mut self, id: ObjectId) -> Result<(), Error> {
        let Some(altered) = self.altered.get(&id.number).filter(|altered| altered.id == id) else {
            return Ok(());
        };
        let Some((was, now)) = altered.dictionaries() else { return Ok(()) };
        let (Some(old), Some(new)) = (was.as_dictionary(), now.as_dictionary()) else {
            return Ok(());
        };
        if self.is_explained(id) || !old.contains(b"Kids") || old.contains(b"FT") {
            return Ok(());
        }
        let changed = self.changed_keys(old, new)?;
        if changed.iter().any(|key| key != b"Kids") {
            return Ok(());
        }
        if self.kids_grew(old, new)? {
            self.explain_as(id.number, Explanation::new(ChangeKind::Form, Rule::Dependency));
        }
        Ok(())
    }

    fn kids_grew(&mut self, old: &Dictionary, new: &Dictionary) -> Result<bool, Error> {
        let name = full_name(&self.old, old)?;
        let was = self.was(old.get(b"Kids"))?;
        let now = self.is_now(new.get(b"Kids"))?;
        let (Some(Object::Array(was)), Some(Object::Array(now))) = (was.as_deref(), now.as_deref())
        else {
            return Ok(false);
        };
        let ids = |kids: &[Spanned]| -> Option<HashSet<ObjectId>> {
            kids.iter().map(|kid| kid.value.as_reference()).collect()
        };
        let (Some(was), Some(now)) = (ids(was), ids(now)) else { return Ok(false) };
        if !was.is_subset(&now) {
            return Ok(false);
        }
        for id in now.difference(&was) {
            if !self.new_field(*id, &name, None, ANCESTORS)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A field that was not there: a signature field, or a node with nothing but such below it.
    fn new_field(
        &mut self,
        id: ObjectId,
        above: &str,
        inherited_kind: Option<&[u8]>,
        depth: usize,
    ) -> Result<bool, Error> {
        let Some(deeper) = depth.checked_sub(1) else { return Ok(false) };
        let Some(dictionary) = self.new_dictionary(id).cloned() else { return Ok(false) };
        if self.is_explained(id) {
            return Ok(false);
        }
        let known = |key: &[u8]| NEW_FIELD_KEYS.contains(&key);
        if !dictionary.iter().all(|(key, _)| known(key)) {
            return Ok(false);
        }
        let kind = dictionary.name(b"FT").or(inherited_kind).map(<[u8]>::to_vec);
        let name = joined(above, &self.new, &dictionary)?;
        let kids = self.is_now(dictionary.get(b"Kids"))?;
        let kids: Vec<ObjectId> = match kids.as_deref() {
            None => Vec::new(),
            Some(Object::Array(kids)) => {
                kids.iter().filter_map(|kid| kid.value.as_reference()).collect()
            }
            Some(_) => return Ok(false),
        };
        let has_fields =
            kids.iter().any(|kid| self.new_dictionary(*kid).is_some_and(|kid| kid.contains(b"T")));
        if has_fields {
            for kid in &kids {
                if !self.new_field(*kid, &name, kind.as_deref(), deeper)? {
                    return Ok(false);
                }
            }
            self.explain_as(
                id.number,
                Explanation::new(ChangeKind::Form, Rule::SignatureFieldAdded),
            );
            return Ok(true);
        }
        if kind.as_deref() != Some(b"Sig") {
            return Ok(false);
        }
        self.new_signature_field(id, &dictionary, &name, &kids)
    }

    fn new_signature_field(
        &mut self,
        id: ObjectId,
        dictionary: &Dictionary,
        name: &str,
        widgets: &[ObjectId],
    ) -> Result<bool, Error> {
        let made = if dictionary.contains(b"V") {
            match self.value_made_here(id, dictionary) {
                Some(is_timestamp) => Some(is_timestamp),
                None => return Ok(false),
            }
        } else {
            None
        };
        let is_timestamp = made == Some(true);
        let rule = match made {
            Some(true) => Rule::DocumentTimestamp,
            Some(false) => Rule::SignatureFieldAdded,
            None => Rule::EmptyFieldAdded,
        };
        let breach = self
            .breach_of_filling(name, is_timestamp)
            .or_else(|| self.breach_of_showing(id, dictionary));
        for widget in widgets {
            let Some(widget_dictionary) = self.new_dictionary(*widget).cloned() else {
                return Ok(false);
            };
            let plain = widget_dictionary.name(b"Subtype") == Some(b"Widget")
                && widget_dictionary.iter().all(|(key, _)| NEW_FIELD_KEYS.contains(&key))
                && !widget_dictionary.contains(b"V");
            if !plain {
                return Ok(false);
            }
            let breach = breach.or_else(|| self.breach_of_showing(*widget, &widget_dictionary));
            self.take_field(*widget, &widget_dictionary, rule, breach);
            self.follow(None, Some(&Object::Dictionary(widget_dictionary)));
        }
        self.take_field(id, dictionary, rule, breach);
        self.follow(None, Some(&Object::Dictionary(dictionary.clone())));
        Ok(true)
    }
}

/// `/SigFlags`: bits may be added.
fn flags_grew(old: Option<&Object>, new: Option<&Object>) -> bool {
    let bits = |value: Option<&Object>| value.and_then(Object::as_integer).unwrap_or(0);
    let (old, new) = (bits(old), bits(new));
    old & new == old
}

/// Whether a dictionary is a signature field, `/FT` possibly from above.
fn is_signature_field(view: &Revision<'_>, dictionary: &Dictionary) -> Result<bool, Error> {
    let mut node = dictionary.clone();
    for _ in 0..ANCESTORS {
        if let Some(kind) = view.lookup(&node, b"FT")? {
            return Ok(kind.as_name() == Some(b"Sig"));
        }
        let Some(parent) = node.reference(b"Parent") else { return Ok(false) };
        node = view.dictionary(parent)?;
    }
    Ok(false)
}

/// The full name of a field, by its ancestors.
fn full_name(view: &Revision<'_>, dictionary: &Dictionary) -> Result<String, Error> {
    let mut parts = Vec::new();
    let mut node = dictionary.clone();
    for _ in 0..ANCESTORS {
        if let Some(title) = view.lookup(&node, b"T")?
            && let Some(title) = title.as_string()
        {
            parts.push(text_string::decode(&title.bytes));
        }
        let Some(parent) = node.reference(b"Parent") else { break };
        node = view.dictionary(parent)?;
    }
    parts.reverse();
    Ok(parts.join("."))
}

fn joined(above: &str, view: &Revision<'_>, dictionary: &Dictionary) -> Result<String, Error> {
    let title = view.lookup(dictionary, b"T")?;
    let title = title.as_ref().and_then(|title| title.as_string());
    let title = title.map(|title| text_string::decode(&title.bytes)).unwrap_or_default();
    Ok(match (above.is_empty(), title.is_empty()) {
        (true, _) => title,
        (false, true) => above.to_owned(),
        (false, false) => format!("{above}.{title}"),
    })
}
