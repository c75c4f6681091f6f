//! The parent tree of a tagged document (ISO 32000-2 §14.7.5.4): which element each annotation
//! belongs to, and each piece of a page's content. It is a number tree (§7.9.7).
//!
//! A tree with `/Kids` gets one more leaf, and nothing else of it is written again. A flat one has
//! all its entries in one array, which is written again with the new ones behind.

use std::collections::BTreeMap;

use super::edits::{Edits, Located};
use crate::pdf::{Append, Dictionary, Error, Object, ObjectId, Revision, Spanned};

/// Depth of a tree, and how many of its nodes and entries are looked at.
const DEPTH: usize = 32;
const STEPS: usize = 1 << 21;

/// An entry of the tree: what stands there, and the object in whose text it does.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) id: ObjectId,
    pub(super) value: Spanned,
}

/// A key that no entry has: behind the last one, not below `/ParentTreeNextKey`, and not one that a
/// page names without having an entry. `None` if the tree is none.
///
/// What `/Limits` say counts like a key, and so does every key, whatever the limits say.
pub(super) fn next_key(revision: Revision<'_>, root: &Located) -> Result<Option<i64>, Error> {
    let mut last = root.dictionary.integer(b"ParentTreeNextKey").unwrap_or(0).saturating_sub(1);
    let mut walk = Walk::of(revision, None);
    if !walk.tree(root, &mut |_, _, _| {})? {
        return Ok(None);
    }
    last = last.max(walk.greatest);
    revision.each_page(|page| {
        last = last.max(page.dictionary().integer(b"StructParents").unwrap_or(-1));
        Ok::<_, Error>(())
    })?;
    // Keys are far from the largest number, unless somebody plays games.
    Ok(last.checked_add(1).filter(|next| *next < i64::from(i32::MAX)))
}

/// The entries under some keys, wherever in the tree they stand.
pub(super) fn entries(
    revision: Revision<'_>,
    root: &Located,
    wanted: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, Held>, Error> {
    found(Walk::of(revision, None), root, wanted)
}

/// The same as a reader finds them, which goes where the limits lead it.
pub(super) fn entries_by_limits(
    revision: Revision<'_>,
    root: &Located,
    wanted: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, Held>, Error> {
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let between = wanted.iter().min().copied().zip(wanted.iter().max().copied());
    found(Walk::of(revision, between), root, wanted)
}

fn found(
    mut walk: Walk<'_>,
    root: &Located,
    wanted: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, Held>, Error> {
    let mut slots: BTreeMap<i64, Option<Held>> =
        wanted.into_iter().map(|key| (key, None)).collect();
    if !slots.is_empty() {
        walk.tree(root, &mut |key, id, value| {
            if let Some(slot @ None) = slots.get_mut(&key) {
                *slot = Some(Held { id, value: value.clone() });
            }
        })?;
    }
    let revision = walk.revision;
    let mut found = BTreeMap::new();
    for (key, held) in slots {
        if let Some(held) = held
            && let Some((id, value)) = follow(revision, held.id, &held.value)?
        {
            found.insert(key, Held { id, value });
        }
    }
    Ok(found)
}

/// Whoever is told of every entry: its key, the object in whose text it stands, and what stands there.
type Visit<'v> = &'v mut dyn FnMut(i64, ObjectId, &Spanned);

struct Walk<'r> {
    revision: Revision<'r>,
    left: usize,
    /// Whether limits are followed, and between which keys they have led so far.
    heeds_limits: bool,
    between: (i64, i64),
    /// The greatest key, or limit, so far.
    greatest: i64,
}

impl<'r> Walk<'r> {
    /// Of all entries; or of those between two keys, as the limits lead to them.
    fn of(revision: Revision<'r>, between: Option<(i64, i64)>) -> Self {
        let heeds_limits = between.is_some();
        let between = between.unwrap_or((i64::MIN, i64::MAX));
        Self { revision, left: STEPS, heeds_limits, between, greatest: -1 }
    }

    /// The whole tree; whether it is one.
    fn tree(&mut self, root: &Located, visit: Visit<'_>) -> Result<bool, Error> {
        match root.dictionary.get_spanned(b"ParentTree") {
            None => Ok(true),
            Some(tree) => self.node((root.id, tree), DEPTH, self.between, visit),
        }
    }

    fn node(
        &mut self,
        (holder, node): (ObjectId, &Spanned),
        depth: usize,
        mut between: (i64, i64),
        visit: Visit<'_>,
    ) -> Result<bool, Error> {
        let (Some(deeper), true) = (depth.checked_sub(1), self.step(1)) else { return Ok(false) };
        let Some((id, node)) = follow(self.revision, holder, node)? else { return Ok(true) };
        let dictionary = match &node.value {
            Object::Null => return Ok(true),
            Object::Dictionary(dictionary) => dictionary,
            _ => return Ok(false),
        };
        if let Some((first, last)) = limits(self.revision, dictionary)? {
            self.greatest = self.greatest.max(last);
            if self.heeds_limits {
                between = (between.0.max(first), between.1.min(last));
            }
            if between.0 > between.1 {
                return Ok(true);
            }
        }
        if let Some((id, kids)) = self.list(id, dictionary, b"Kids")? {
            for kid in kids.value.as_array().unwrap_or(&[]) {
                if !self.node((id, kid), deeper, between, visit)? {
                    return Ok(false);
                }
            }
        }
        let Some((id, numbers)) = self.list(id, dictionary, b"Nums")? else { return Ok(true) };
        let Some(numbers) = numbers.value.as_array() else { return Ok(false) };
        let (pairs, rest) = numbers.as_chunks::<2>();
        if !rest.is_empty() || !self.step(pairs.len()) {
            return Ok(false);
        }
        for [key, value] in pairs {
            let Some(key) = key.value.as_integer() else { return Ok(false) };
            self.greatest = self.greatest.max(key);
            if between.0 <= key && key <= between.1 {
                visit(key, id, value);
            }
        }
        Ok(true)
    }

    /// What stands under a key, with the object in whose text it does.
    fn list(
        &self,
        id: ObjectId,
        node: &Dictionary,
        key: &[u8],
    ) -> Result<Option<(ObjectId, Spanned)>, Error> {
        let Some(list) = node.get_spanned(key) else { return Ok(None) };
        Ok(follow(self.revision, id, list)?.filter(|(_, list)| list.value != Object::Null))
    }

    fn step(&mut self, steps: usize) -> bool {
        let left = self.left.checked_sub(steps);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

/// A value that stands in an object, or the object that it refers to.
fn follow(
    revision: Revision<'_>,
    id: ObjectId,
    value: &Spanned,
) -> Result<Option<(ObjectId, Spanned)>, Error> {
    match &value.value {
        Object::Reference(to) => Ok(revision.get(*to)?.map(|found| (*to, found.object))),
        _ => Ok(Some((id, value.clone()))),
    }
}

/// `/Limits`.
fn limits(revision: Revision<'_>, node: &Dictionary) -> Result<Option<(i64, i64)>, Error> {
    let limits = revision.lookup(node, b"Limits")?;
    let limits = limits.as_deref().and_then(Object::as_array);
    Ok(limits.and_then(|limits| {
        Some((limits.first()?.value.as_integer()?, limits.get(1)?.value.as_integer()?))
    }))
}

/// Enters values, as they stand in a file, under keys that follow each other from `first`, behind all
/// that is there.
pub(super) fn enter(
    revision: Revision<'_>,
    root: &Located,
    first: i64,
    values: &[String],
    append: &mut Append<'_>,
    edits: &mut Edits,
) -> Result<(), Error> {
    let entries: Vec<String> =
        (first..).zip(values).map(|(key, value)| format!("{key} {value}")).collect();
    let (entries, last) = (entries.join(" "), (first..).zip(values).last());
    let Some((last, _)) = last else { return Ok(()) };
    match root.inside(revision, "ParentTree")? {
        None => {
            let tree = append.allocate()?;
            append.put(tree, format!("<< /Nums [{entries}] >>").as_bytes());
            edits.set(root, "ParentTree", format!("{tree} R"));
        }
        Some(tree) => {
            // A root has no limits; where it has, they would hide what is new.
            if tree.dictionary.contains(b"Limits") {
                let lower = limits(revision, &tree.dictionary)?.map_or(0, |(lower, _)| lower);
                edits.set(&tree, "Limits", format!("[{lower} {last}]"));
            }
            if tree.dictionary.contains(b"Kids") {
                let leaf = append.allocate()?;
                let body = format!("<< /Limits [{first} {last}] /Nums [{entries}] >>");
                append.put(leaf, body.as_bytes());
                edits.push(revision, &tree, "Kids", leaf)?;
            } else {
                edits.push_text(revision, &tree, "Nums", entries.as_bytes())?;
            }
        }
    }
    edits.set(root, "ParentTreeNextKey", (last + 1).to_string());
    Ok(())
}
