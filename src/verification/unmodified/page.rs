//! Pages, which may get the widgets of new signature fields, comments where they are permitted, and
//! nothing else.

use crate::pdf::{Dictionary, Error, Object, ObjectId, Spanned};
use crate::report::{ChangeKind, Rule};

use super::step::{Explanation, Step};

impl Step<'_, '_> {
    /// Explains pages, and arrays of annotations, that got new widgets of signature fields.
    pub(super) fn pages(&mut self) -> Result<(), Error> {
        let numbers: Vec<u32> = self.altered.keys().copied().collect();
        for number in numbers {
            let Some(altered) = self.altered.get(&number) else { continue };
            let (id, old, new) = (altered.id, altered.old.clone(), altered.new.clone());
            let allowed = match (old.as_deref(), new.as_deref()) {
                (Some(Object::Dictionary(old)), Some(Object::Dictionary(new)))
                    if old.is_type(b"Page") && new.is_type(b"Page") =>
                {
                    self.page_changed(id, old, new)?
                }
                (Some(old @ Object::Array(_)), Some(new @ Object::Array(_))) => {
                    let page = self.page_with_list(id)?;
                    page.is_some() && self.list_changed(page, Some(old), Some(new))?
                }
                _ => false,
            };
            if allowed && !self.explained.contains_key(&number) {
                self.explain_as(number, Explanation::new(ChangeKind::Page, Rule::Dependency));
            }
        }
        Ok(())
    }

    fn page_changed(
        &mut self,
        page: ObjectId,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<bool, Error> {
        for key in self.changed_keys(old, new)? {
            let (before, after) = (old.get(&key), new.get(&key));
            let allowed = match key.as_slice() {
                b"Annots" => self.annotations(page, before, after)?,
                b"Tabs" => self.tab_order(page, before, after)?,
                b"StructParents" => self.structure_key_added(before, after)?,
                _ => false,
            };
            if !allowed {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `/Annots` of a page: direct or not, all that was there is there, and what is new is the
    /// widget of a signature field that this revision explains.
    fn annotations(
        &mut self,
        page: ObjectId,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let (was, now) = (self.was(old)?, self.is_now(new)?);
        let allowed = self.list_changed(Some(page), was.as_deref(), now.as_deref())?;
        if allowed {
            let explanation = Explanation::new(ChangeKind::Page, Rule::Dependency);
            if new.and_then(Object::as_reference).is_some_and(|id| self.is_new(id)) {
                self.explain_reference(new, explanation);
            }
        }
        Ok(allowed)
    }

    /// `/Tabs` (Table 31): the order of the structure, which tagged documents ask for, may be stated
    /// where none was; any other is for whoever may change annotations.
    fn tab_order(
        &mut self,
        page: ObjectId,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let now = self.is_now(new)?;
        let known = |name: &[u8]| matches!(name, b"R" | b"C" | b"S" | b"A" | b"W");
        if !now.as_deref().is_none_or(|now| now.as_name().is_some_and(known)) {
            return Ok(false);
        }
        let is_structure = now.as_deref().and_then(Object::as_name) == Some(b"S");
        let by_default = old.is_none() && is_structure;
        let rule = if by_default { Rule::StructureOrder } else { Rule::TabOrder };
        let explanation =
            Explanation { page: Some(page), ..Explanation::new(ChangeKind::Page, rule) };
        self.explain_as(page.number, explanation);
        Ok(true)
    }

    /// Whether a list of annotations got widgets of signatures, or comments were made.
    fn list_changed(
        &mut self,
        page: Option<ObjectId>,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        if self.grew_by_widgets(page, old, new)? {
            return Ok(true);
        }
        let empty: &[Spanned] = &[];
        let lists =
            (old.map_or(Some(empty), Object::as_array), new.map_or(Some(empty), Object::as_array));
        let (Some(old), Some(new)) = lists else { return Ok(false) };
        self.comments_changed(page, old, new)
    }

    /// Whether an array has all its old elements in their order, and beyond them only fields and
    /// widgets of signatures that this revision explains: those are on this page, whatever they say.
    fn grew_by_widgets(
        &mut self,
        page: Option<ObjectId>,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let empty: &[Spanned] = &[];
        let old = old.map_or(Some(empty), Object::as_array);
        let (Some(old), Some(new)) = (old, new.and_then(Object::as_array)) else {
            return Ok(false);
        };
        let (mut kept, mut added) = (old.iter().peekable(), Vec::new());
        for item in new {
            if kept.peek().is_some_and(|next| next.value == item.value) {
                kept.next();
                continue;
            }
            let Some(id) = item.value.as_reference() else { return Ok(false) };
            if !self.is_signature_widget(id) {
                return Ok(false);
            }
            added.push(id);
        }
        let placed = added.into_iter().all(|id| self.is_placed(id, page));
        Ok(placed && kept.next().is_none())
    }

    /// Notes on which page a widget stands that a list got: on the page of that list, whatever it says.
    /// An annotation stands in the list of one page (§12.5.2), and what was there is where it was: else
    /// what was seen in one place would show over what was signed in another.
    pub(super) fn is_placed(&mut self, id: ObjectId, page: Option<ObjectId>) -> bool {
        let Some(page) = page.filter(|_| self.is_new(id)) else { return false };
        let first = *self.placed.entry(id).or_insert(page);
        if let Some(explanation) = self.explained.get_mut(&id.number) {
            explanation.page = Some(page);
        }
        first == page
    }

    /// Whether an object is a signature field, or a widget of one, that this revision explains.
    pub(super) fn is_signature_widget(&self, id: ObjectId) -> bool {
        self.explained.get(&id.number).is_some_and(|explanation| {
            explanation.kind == ChangeKind::SignatureField
                && self.altered.get(&id.number).is_some_and(|altered| altered.id == id)
        })
    }
}
