//! The structure tree of a tagged document (ISO 32000-2 §14.7), which gets an element for a new
//! signature field or comment, and an entry in its parent tree.

use std::collections::{BTreeMap, HashSet};

use crate::pdf::{Dictionary, Error, Object, ObjectId};
use crate::report::{ChangeKind, Rule};

use super::altered::Altered;
use super::step::{Explanation, Step};

/// What a new structure element for a signature field may say.
const ELEMENT_KEYS: [&[u8]; 10] =
    [b"Type", b"S", b"NS", b"P", b"Pg", b"K", b"Alt", b"T", b"Lang", b"ID"];

/// What a node of a number tree says (Table 37).
const NODE_KEYS: [&[u8]; 3] = [b"Kids", b"Nums", b"Limits"];

/// Depth of the parent tree, and how many of its entries are compared.
const TREE_DEPTH: u32 = 16;
const TREE_ENTRIES: usize = 1 << 20;

impl Step<'_, '_> {
    /// Explains what a new signature field needs in the structure tree.
    pub(super) fn structure(&mut self) -> Result<(), Error> {
        let left = self.altered.iter().any(|(number, altered)| {
            !self.explained.contains_key(number) && is_structure(altered.new.as_deref())
        });
        if !left {
            return Ok(());
        }
        let elements: Vec<u32> = self.altered.keys().copied().collect();
        for number in elements {
            let Some(altered) = self.altered.get(&number) else { continue };
            let Some((was, now)) = altered.dictionaries() else { continue };
            let (Some(old), Some(new)) = (was.as_dictionary(), now.as_dictionary()) else {
                continue;
            };
            if is_element(old) && is_element(new) && self.element_grew(old, new)? {
                self.explain_structure(number);
            }
        }
        self.structure_root()
    }

    fn explain_structure(&mut self, number: u32) {
        let explanation = Explanation::new(ChangeKind::Structure, Rule::StructureAdded);
        self.explain_as(number, explanation);
    }

    /// `/StructParents` of a page that had none: a key of the parent tree under which nothing stands.
    pub(super) fn structure_key_added(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let (None, Some(key)) = (old, new.and_then(Object::as_integer)) else { return Ok(false) };
        for view in [self.old, self.new] {
            let catalog = view.catalog()?;
            let Some(root) = catalog.reference(b"StructTreeRoot") else { return Ok(false) };
            let mut tree = Tree::default();
            let root = view.dictionary(root)?;
            if !tree.read(&view, root.get(b"ParentTree"), TREE_DEPTH)?
                || tree.entries.contains_key(&key)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An element that was there: `/K` got new elements and nothing else changed.
    fn element_grew(&mut self, old: &Dictionary, new: &Dictionary) -> Result<bool, Error> {
        let changed = self.changed_keys(old, new)?;
        if changed.iter().any(|key| key != b"K") {
            return Ok(false);
        }
        self.kids_grew_by_elements(old.get(b"K"), new.get(b"K"))
    }

    fn kids_grew_by_elements(
        &mut self,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool, Error> {
        let was = self.list(&self.old.clone(), old)?;
        let now = self.list(&self.new.clone(), new)?;
        let mut kept = was.iter().peekable();
        for item in &now {
            while kept.peek().is_some_and(|next| *next != item && self.is_given_up_kid(next)) {
                kept.next();
            }
            if kept.peek().is_some_and(|next| *next == item) {
                kept.next();
                continue;
            }
            if kept.peek().is_some_and(|next| self.restates_comment(next, item)) {
                kept.next();
                continue;
            }
            let grew = match item.as_reference() {
                Some(id) => self.new_element(id)?,
                None => self.is_kid_of_new(item),
            };
            if !grew {
                return Ok(false);
            }
        }
        let grew = kept.all(|kid| self.is_given_up_kid(kid));
        if grew && new.and_then(Object::as_reference).is_some_and(|id| self.is_new(id)) {
            let explanation = Explanation::new(ChangeKind::Structure, Rule::StructureAdded);
            self.explain_reference(new, explanation);
        }
        Ok(grew)
    }

    /// `/K` as a list: one kid need not be in an array. A reference to an array is followed, one to
    /// an element is the kid.
    fn list(
        &self,
        view: &crate::pdf::Revision<'_>,
        value: Option<&Object>,
    ) -> Result<Vec<Object>, Error> {
        let Some(value) = value else { return Ok(Vec::new()) };
        let resolved = view.resolve(value)?;
        Ok(match &*resolved {
            Object::Array(items) => items.iter().map(|item| item.value.clone()).collect(),
            _ => vec![value.clone()],
        })
    }

    /// A new element whose only content are widgets of signature fields that are explained.
    fn new_element(&mut self, id: ObjectId) -> Result<bool, Error> {
        let Some(dictionary) = self.new_dictionary(id).cloned() else { return Ok(false) };
        if !is_element(&dictionary) || !dictionary.iter().all(|(k, _)| ELEMENT_KEYS.contains(&k)) {
            return Ok(false);
        }
        for kid in self.list(&self.new.clone(), dictionary.get(b"K"))? {
            let kid = self.new.resolve(&kid)?.into_owned();
            if !self.is_kid_of_new(&kid) {
                return Ok(false);
            }
        }
        self.explain_structure(id.number);
        self.follow(None, Some(&Object::Dictionary(dictionary)));
        Ok(true)
    }

    /// Whether a kid is a reference to a widget or comment that this revision added.
    fn is_kid_of_new(&self, kid: &Object) -> bool {
        object_of(kid).is_some_and(|id| self.is_signature_widget(id) || self.is_new_comment(id))
    }

    /// Whether a kid refers to the same comment as before, which this revision changed, and says
    /// nothing more that leads anywhere.
    fn restates_comment(&self, old: &Object, new: &Object) -> bool {
        let comment = object_of(new).filter(|id| object_of(old) == Some(*id));
        let changed = comment.and_then(|id| self.comment_rule(id)) == Some(Rule::AnnotationChanged);
        let (Some(old), Some(new)) = (old.as_dictionary(), new.as_dictionary()) else {
            return false;
        };
        let simple = |value: &Object| {
            !matches!(
                value,
                Object::Array(_) | Object::Dictionary(_) | Object::Stream(_) | Object::Reference(_)
            )
        };
        let plain = |one: &Dictionary, other: &Dictionary| {
            one.iter().all(|(key, value)| other.get(key) == Some(value) || simple(value))
        };
        changed && plain(old, new) && plain(new, old)
    }

    /// Whether a kid refers to a comment that this revision took away.
    fn is_given_up_kid(&self, kid: &Object) -> bool {
        let rule = object_of(kid).and_then(|id| self.comment_rule(id));
        rule == Some(Rule::AnnotationRemoved)
    }

    /// The root: new elements below it, a parent tree with more entries, a higher next key.
    fn structure_root(&mut self) -> Result<(), Error> {
        let (old, new) = (self.old.catalog()?, self.new.catalog()?);
        let Some(root) = new.reference(b"StructTreeRoot") else { return Ok(()) };
        if old.reference(b"StructTreeRoot") != Some(root) {
            return Ok(());
        }
        // The data of a stream may be the content of a page.
        let is_stream = |root: &Altered| root.dictionaries().is_none();
        if self.altered.get(&root.number).is_some_and(is_stream) {
            return Ok(());
        }
        let (old, new) = (self.old.dictionary(root)?, self.new.dictionary(root)?);
        let mut allowed = true;
        for key in self.changed_keys(&old, &new)? {
            allowed &= match key.as_slice() {
                b"K" => self.kids_grew_by_elements(old.get(&key), new.get(&key))?,
                b"ParentTree" => true,
                b"ParentTreeNextKey" => old.integer(&key) <= new.integer(&key),
                _ => false,
            };
        }
        if allowed && self.parent_tree(old.get(b"ParentTree"), new.get(b"ParentTree"))? {
            if self.altered.contains_key(&root.number) {
                self.explain_structure(root.number);
            }
            self.follow(old.get(b"ParentTree"), new.get(b"ParentTree"));
        }
        Ok(())
    }

    /// Compares the parent trees entry by entry: what was there is there, what is new leads to an
    /// explained element.
    fn parent_tree(&mut self, old: Option<&Object>, new: Option<&Object>) -> Result<bool, Error> {
        let (mut was, mut now) = (Tree::default(), Tree::default());
        let whole = was.read(&self.old.clone(), old, TREE_DEPTH)?
            && now.read(&self.new.clone(), new, TREE_DEPTH)?;
        if !whole {
            return Ok(false);
        }
        for (key, value) in &was.entries {
            let after = now.entries.get(key);
            if !self.same(Some(value), after)? || self.leads_to_unexplained(after) {
                return Ok(false);
            }
        }
        for (_, value) in now.entries.iter().filter(|(key, _)| !was.entries.contains_key(key)) {
            let Some(id) = value.as_reference() else { return Ok(false) };
            if !self.is_explained(id) {
                return Ok(false);
            }
        }
        for id in now.nodes {
            let is_new = self.is_new(id);
            if is_new || was.nodes.contains(&id) && self.is_node_only(id) {
                self.explain_structure(id.number);
            }
        }
        for value in now.entries.values() {
            self.follow(None, Some(value));
        }
        Ok(true)
    }

    /// Whether a changed node was nothing else, and still is not.
    fn is_node_only(&self, id: ObjectId) -> bool {
        let Some(altered) = self.altered.get(&id.number) else { return false };
        [&altered.old, &altered.new].into_iter().flatten().all(|node| {
            let keys = |node: &Dictionary| node.iter().all(|(key, _)| NODE_KEYS.contains(&key));
            node.as_dictionary().is_some_and(keys)
        })
    }

    fn leads_to_unexplained(&self, value: Option<&Object>) -> bool {
        let id = value.and_then(Object::as_reference);
        id.is_some_and(|id| {
            self.leads_to_altered(value) && !self.is_explained(id) && !self.is_new(id)
        })
    }
}

/// A number tree (§7.9.7), flattened.
#[derive(Default)]
struct Tree {
    entries: BTreeMap<i64, Object>,
    nodes: HashSet<ObjectId>,
}

impl Tree {
    /// Reads a node and what is below it. False if it is not a tree that can be compared.
    fn read(
        &mut self,
        view: &crate::pdf::Revision<'_>,
        node: Option<&Object>,
        depth: u32,
    ) -> Result<bool, Error> {
        let Some(deeper) = depth.checked_sub(1) else { return Ok(false) };
        let Some(node) = node else { return Ok(true) };
        // A node stands in its tree once, or it could not be read to its end.
        if node.as_reference().is_some_and(|id| !self.nodes.insert(id)) {
            return Ok(false);
        }
        let resolved = view.resolve(node)?;
        let Some(dictionary) = resolved.as_dictionary() else { return Ok(false) };
        if let Some(kids) = view.lookup(dictionary, b"Kids")? {
            for kid in kids.as_array().unwrap_or(&[]) {
                if !self.read(view, Some(&kid.value), deeper)? {
                    return Ok(false);
                }
            }
        }
        let Some(numbers) = view.lookup(dictionary, b"Nums")? else { return Ok(true) };
        let Some(numbers) = numbers.as_array() else { return Ok(false) };
        let (pairs, rest) = numbers.as_chunks::<2>();
        for [key, value] in pairs {
            let Some(key) = key.value.as_integer() else { return Ok(false) };
            if self.entries.insert(key, value.value.clone()).is_some() {
                return Ok(false);
            }
        }
        Ok(rest.is_empty() && self.entries.len() <= TREE_ENTRIES)
    }
}

/// The object that a kid refers to (`OBJR`, Table 358).
fn object_of(kid: &Object) -> Option<ObjectId> {
    let reference = kid.as_dictionary().filter(|kid| kid.is_type(b"OBJR"))?;
    reference.reference(b"Obj")
}

/// Elements need not say what they are; they have a structure type and a parent.
fn is_element(dictionary: &Dictionary) -> bool {
    dictionary.is_type(b"StructElem")
        || (!dictionary.contains(b"Type")
            && dictionary.name(b"S").is_some()
            && dictionary.reference(b"P").is_some())
}

fn is_structure(object: Option<&Object>) -> bool {
    let dictionary = object.and_then(Object::as_dictionary);
    dictionary.is_some_and(|dictionary| {
        is_element(dictionary)
            || dictionary.is_type(b"StructTreeRoot")
            || dictionary.contains(b"Nums")
    })
}
