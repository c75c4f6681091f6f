//! Comments on a certified document that permits them (ISO 32000-2 §12.8.2.2, `/P` 3): annotations
//! that are added, changed and taken away, as the lists of pages have them.
//!
//! Widgets are none: they belong to fields, and change as those may. An annotation that was there may
//! be more than one, so whoever else refers to it has to do so as to an annotation.

use std::collections::HashSet;

use crate::pdf::{Dictionary, Error, Object, ObjectId, Spanned};
use crate::report::{ChangeKind, Rule};

use super::annotation_entries::{ALSO_GRAPHICS, is_comment, may_annotate};
use super::places::rectangle;
use super::references::Holder;
use super::step::{Explanation, Step};

/// So many annotations that stand in a list themselves are compared with each other.
const MOST_DIRECT: usize = 100;

/// The keys by which one annotation names another.
const RELATIONS: [&[u8]; 3] = [b"Popup", b"Parent", b"IRT"];

impl Step<'_, '_> {
    /// Whether the list of a page's annotations has those that stayed in their order, and what it got
    /// and lost are comments. Explains them.
    pub(super) fn comments_changed(
        &mut self,
        page: Option<ObjectId>,
        old: &[Spanned],
        new: &[Spanned],
    ) -> Result<bool, Error> {
        let Some(difference) = difference(old, new) else { return Ok(false) };
        let mut found = Vec::new();
        for item in &difference.added {
            let id = item.as_reference();
            if let Some(id) = id.filter(|id| self.is_signature_widget(*id)) {
                if !self.is_placed(id, page) {
                    return Ok(false);
                }
                continue;
            }
            let Some(dictionary) = self.new_comment(item)? else { return Ok(false) };
            found.push((id, dictionary, Rule::AnnotationAdded));
        }
        for item in &difference.removed {
            let id = item.as_reference();
            let Some(was) = self.was(Some(item))? else { continue };
            let Some(was) = was.as_dictionary().filter(|was| is_comment(was)) else {
                return Ok(false);
            };
            found.push((id, was.clone(), Rule::AnnotationRemoved));
        }
        for (id, dictionary, rule) in found {
            self.explain_comment(page, id, &dictionary, rule);
        }
        Ok(true)
    }

    fn explain_comment(
        &mut self,
        page: Option<ObjectId>,
        id: Option<ObjectId>,
        dictionary: &Dictionary,
        rule: Rule,
    ) {
        let explanation = Explanation {
            kind: ChangeKind::Annotation,
            rule,
            breach: None,
            page,
            rect: rectangle(dictionary),
            over_content: false,
        };
        if rule == Rule::AnnotationAdded {
            self.follow(None, Some(&Object::Dictionary(dictionary.clone())));
        }
        self.comments.extend(id.map(|id| (id, rule)));
        match id.filter(|id| self.altered.get(&id.number).is_some_and(|it| it.id == *id)) {
            Some(id) => self.explain_as(id.number, explanation),
            None => self.explain_loose(id, explanation, Some(dictionary.clone())),
        }
    }

    /// A comment that was not there: an object that is new, or one that stands in the list itself.
    fn new_comment(&self, item: &Object) -> Result<Option<Dictionary>, Error> {
        let dictionary = match item {
            Object::Reference(id) => self.new_dictionary(*id).filter(|_| !self.is_explained(*id)),
            Object::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        };
        let Some(dictionary) = dictionary.filter(|it| is_comment(it)).cloned() else {
            return Ok(None);
        };
        for (key, value) in dictionary.iter() {
            let value = self.is_now(Some(value))?;
            if !may_annotate(key, value.as_deref()) {
                return Ok(None);
            }
        }
        let appearance = self.is_now(dictionary.get(b"AP"))?;
        let drawn = appearance.as_deref().map_or(Ok(true), |it| self.are_forms(None, it))?;
        Ok(drawn.then_some(dictionary))
    }

    /// Comments that were there and say something else now.
    pub(super) fn changed_comments(&mut self) -> Result<(), Error> {
        let numbers: Vec<u32> = self.altered.keys().copied().collect();
        for number in numbers {
            let Some(altered) = self.altered.get(&number) else { continue };
            let Some((was, now)) = altered.dictionaries() else { continue };
            let id = altered.id;
            let (Some(old), Some(new)) = (was.as_dictionary(), now.as_dictionary()) else {
                continue;
            };
            if self.is_explained(id) || !is_comment(old) || !is_comment(new) {
                continue;
            }
            let Some(page) = self.commented_page(id)? else { continue };
            if !self.comment_changed(id, old, new)? {
                continue;
            }
            let explanation = Explanation {
                kind: ChangeKind::Annotation,
                rule: Rule::AnnotationChanged,
                breach: None,
                page: Some(page),
                rect: around_both(rectangle(old), rectangle(new)),
                over_content: false,
            };
            self.explain_as(number, explanation);
            self.comments.insert(id, Rule::AnnotationChanged);
            self.replaced_appearance(id, new);
            self.follow(Some(&*was), Some(&*now));
        }
        Ok(())
    }

    fn comment_changed(
        &self,
        id: ObjectId,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<bool, Error> {
        let changed = self.changed_keys(old, new)?;
        for key in &changed {
            let (before, value) = (self.was(old.get(key))?, self.is_now(new.get(key))?);
            let stays = key == b"Subtype";
            if stays
                || !may_annotate(key, before.as_deref())
                || !may_annotate(key, value.as_deref())
            {
                return Ok(false);
            }
        }
        let graphics = changed.iter().any(|key| ALSO_GRAPHICS.contains(&key.as_slice()));
        if graphics && !self.held_by_lists_only(id)? {
            return Ok(false);
        }
        let (was, now) = (self.was(old.get(b"AP"))?, self.is_now(new.get(b"AP"))?);
        now.as_deref().map_or(Ok(true), |now| self.are_forms(was.as_deref(), now))
    }

    /// The page that lists an annotation, if nobody refers to it as to anything else.
    fn commented_page(&self, id: ObjectId) -> Result<Option<ObjectId>, Error> {
        let mut page = None;
        if !self.references.know(id) {
            return Ok(None);
        }
        for holder in self.references.holders(id, self.new.span().start) {
            let Holder::Object(holder) = holder else { return Ok(None) };
            let Some(object) = self.old.get(holder)? else { continue };
            let object = object.object.value;
            match self.role(id, holder, &object)? {
                Role::Page => page = page.or(Some(holder)),
                // A list of its own: the page that has it is told by the annotation.
                Role::List => page = page.or(self.page_told_by(id)?),
                Role::Relation => {}
                Role::Other => return Ok(None),
            }
        }
        Ok(page)
    }

    fn page_told_by(&self, id: ObjectId) -> Result<Option<ObjectId>, Error> {
        let own = self.old.dictionary(id)?;
        Ok(own.reference(b"P"))
    }

    fn held_by_lists_only(&self, id: ObjectId) -> Result<bool, Error> {
        for holder in self.references.holders(id, self.new.span().start) {
            let Holder::Object(holder) = holder else { return Ok(false) };
            let Some(object) = self.old.get(holder)? else { continue };
            if matches!(self.role(id, holder, &object.object.value)?, Role::Relation | Role::Other)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// As what `holder` refers to the annotation `id`.
    fn role(&self, id: ObjectId, holder: ObjectId, object: &Object) -> Result<Role, Error> {
        let all = mentions(object, id);
        if all == 0 {
            // An older state of it did.
            return Ok(Role::Relation);
        }
        let in_key = |dictionary: &Dictionary, key: &[u8]| {
            dictionary.get(key).map_or(0, |value| mentions(value, id))
        };
        Ok(match object {
            Object::Array(_) if self.holds_dictionaries(holder)? => Role::List,
            Object::Dictionary(page) if page.is_type(b"Page") => {
                if in_key(page, b"Annots") == all {
                    Role::Page
                } else {
                    Role::Other
                }
            }
            Object::Dictionary(other) if is_comment(other) => {
                let related: u32 = RELATIONS.iter().map(|key| in_key(other, key)).sum();
                if related == all { Role::Relation } else { Role::Other }
            }
            Object::Dictionary(it) if it.is_type(b"OBJR") && in_key(it, b"Obj") == all => {
                Role::Relation
            }
            Object::Dictionary(it)
                if it.is_type(b"StructElem")
                    && it.reference(b"K").is_none()
                    && in_key(it, b"K") == all =>
            {
                Role::Relation
            }
            _ => Role::Other,
        })
    }

    /// Whether an object is a comment that this revision added.
    pub(super) fn is_new_comment(&self, id: ObjectId) -> bool {
        self.comment_rule(id) == Some(Rule::AnnotationAdded)
    }

    /// The rule by which this revision explains a comment.
    pub(super) fn comment_rule(&self, id: ObjectId) -> Option<Rule> {
        self.comments.get(&id).copied()
    }
}

/// As what somebody refers to an annotation.
enum Role {
    /// Its page.
    Page,
    /// A list of annotations.
    List,
    /// Another annotation, or the structure tree.
    Relation,
    /// Anything else.
    Other,
}

/// What a list got and lost.
struct Difference {
    added: Vec<Object>,
    removed: Vec<Object>,
}

/// None if what stayed is in another order, or stands there twice.
fn difference(old: &[Spanned], new: &[Spanned]) -> Option<Difference> {
    let direct =
        |items: &[Spanned]| items.iter().filter(|item| item.value.as_reference().is_none()).count();
    if direct(old).max(direct(new)) > MOST_DIRECT {
        return None;
    }
    let ids = |items: &[Spanned]| -> HashSet<ObjectId> {
        items.iter().filter_map(|item| item.value.as_reference()).collect()
    };
    let (was, now) = (ids(old), ids(new));
    let stays = |item: &&Spanned, other: &HashSet<ObjectId>, all: &[Spanned]| match item
        .value
        .as_reference()
    {
        Some(id) => other.contains(&id),
        None => all.iter().any(|it| it.value == item.value),
    };
    let kept: Vec<&Object> =
        old.iter().filter(|it| stays(it, &now, new)).map(|it| &it.value).collect();
    let same: Vec<&Object> =
        new.iter().filter(|it| stays(it, &was, old)).map(|it| &it.value).collect();
    let others = |items: &[Spanned], other: &HashSet<ObjectId>, all: &[Spanned]| -> Vec<Object> {
        items.iter().filter(|it| !stays(it, other, all)).map(|it| it.value.clone()).collect()
    };
    let difference = Difference { added: others(new, &was, old), removed: others(old, &now, new) };
    // A list that is what it was, or names one thing twice, is no list of comments that changed.
    let once = difference.added.iter().filter_map(Object::as_reference).collect::<HashSet<_>>();
    let references = difference.added.iter().filter(|it| it.as_reference().is_some()).count();
    (kept == same && once.len() == references).then_some(difference)
}

/// The rectangle around where something was and where it is.
fn around_both(old: Option<[f64; 4]>, new: Option<[f64; 4]>) -> Option<[f64; 4]> {
    let (Some([a, b, c, d]), Some([e, f, g, h])) = (old, new) else { return old.or(new) };
    Some([a.min(e), b.min(f), c.max(g), d.max(h)])
}

/// How often a value refers to an object; some readers do not look at generations.
fn mentions(value: &Object, id: ObjectId) -> u32 {
    let mut count = 0;
    value.for_each_reference(&mut |named| count += u32::from(named.number == id.number));
    count
}
