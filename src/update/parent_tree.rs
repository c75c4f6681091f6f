//! The parent tree of a tagged document (ISO 32000-2 §14.7.5.4): which element each annotation
//! belongs to. It is a number tree (§7.9.7).
//!
//! A tree with `/Kids` gets one more leaf, and nothing else of it is written again. A flat one has
//! all its entries in one array, which is written again with the new ones behind.

use super::edits::{Edits, Located};
use crate::pdf::{Append, Dictionary, Error, Object, ObjectId, Revision};

/// Depth of a tree, and how many of its nodes are looked at.
const DEPTH: usize = 32;
const NODES: usize = 1 << 18;

/// A key that no entry has: behind the last one, and not below `/ParentTreeNextKey`. `None` if the
/// tree is none.
pub(super) fn next_key(revision: Revision<'_>, root: &Located) -> Result<Option<i64>, Error> {
    let announced = root.dictionary.integer(b"ParentTreeNextKey").unwrap_or(0).max(0);
    let mut left = NODES;
    let last = match root.dictionary.get(b"ParentTree") {
        None => Some(-1),
        Some(tree) => last_key(revision, tree, DEPTH, &mut left)?,
    };
    // Keys are far from the largest number, unless somebody plays games.
    let next = last.and_then(|last| last.checked_add(1)).map(|next| next.max(announced));
    Ok(next.filter(|next| *next < i64::from(i32::MAX)))
}

/// The highest key below a node, −1 if there is none; `None` if it is no node.
fn last_key(
    revision: Revision<'_>,
    node: &Object,
    depth: usize,
    left: &mut usize,
) -> Result<Option<i64>, Error> {
    let (Some(deeper), Some(fewer)) = (depth.checked_sub(1), left.checked_sub(1)) else {
        return Ok(None);
    };
    *left = fewer;
    let node = revision.resolve(node)?;
    let dictionary = match &*node {
        Object::Null => return Ok(Some(-1)),
        Object::Dictionary(dictionary) => dictionary,
        _ => return Ok(None),
    };
    // The root has no limits; in a node that has them they say it all.
    if let Some(limit) = limits(revision, dictionary)? {
        return Ok(Some(limit));
    }
    let mut last = -1;
    if let Some(kids) = revision.lookup(dictionary, b"Kids")? {
        for kid in kids.as_array().unwrap_or(&[]) {
            match last_key(revision, &kid.value, deeper, left)? {
                Some(key) => last = last.max(key),
                None => return Ok(None),
            }
        }
    }
    if let Some(numbers) = revision.lookup(dictionary, b"Nums")? {
        let Some(numbers) = numbers.as_array() else { return Ok(None) };
        let (pairs, rest) = numbers.as_chunks::<2>();
        for [key, _] in pairs {
            let Some(key) = key.value.as_integer() else { return Ok(None) };
            last = last.max(key);
        }
        if !rest.is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(last))
}

/// The upper one of `/Limits`.
fn limits(revision: Revision<'_>, node: &Dictionary) -> Result<Option<i64>, Error> {
    let limits = revision.lookup(node, b"Limits")?;
    let limits = limits.as_deref().and_then(Object::as_array);
    Ok(limits.and_then(|limits| limits.get(1)?.value.as_integer()))
}

/// Enters elements under keys that follow each other from `first`, behind all that is there.
pub(super) fn enter(
    revision: Revision<'_>,
    root: &Located,
    first: i64,
    elements: &[ObjectId],
    append: &mut Append<'_>,
    edits: &mut Edits,
) -> Result<(), Error> {
    let entries: Vec<String> =
        (first..).zip(elements).map(|(key, element)| format!("{key} {element} R")).collect();
    let (entries, last) = (entries.join(" "), (first..).zip(elements).last());
    let Some((last, _)) = last else { return Ok(()) };
    match root.inside(revision, "ParentTree")? {
        None => {
            let tree = append.allocate()?;
            append.put(tree, format!("<< /Nums [{entries}] >>").as_bytes());
            edits.set(root, "ParentTree", format!("{tree} R"));
        }
        Some(tree) if tree.dictionary.contains(b"Kids") => {
            let leaf = append.allocate()?;
            let body = format!("<< /Limits [{first} {last}] /Nums [{entries}] >>");
            append.put(leaf, body.as_bytes());
            edits.push(revision, &tree, "Kids", leaf)?;
        }
        Some(tree) => edits.push_text(revision, &tree, "Nums", entries.as_bytes())?,
    }
    edits.set(root, "ParentTreeNextKey", (last + 1).to_string());
    Ok(())
}

/// What stands under a key, as it stands there.
pub(super) fn entry(
    revision: Revision<'_>,
    root: &Dictionary,
    key: i64,
) -> Result<Option<Object>, Error> {
    let mut pending: Vec<Object> = root.get(b"ParentTree").cloned().into_iter().collect();
    for _ in 0..NODES {
        let Some(node) = pending.pop() else { return Ok(None) };
        let node = revision.resolve(&node)?;
        let Some(node) = node.as_dictionary() else { continue };
        if limits(revision, node)?.is_some_and(|last| last < key) {
            continue;
        }
        let numbers = revision.lookup(node, b"Nums")?;
        let numbers = numbers.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let (pairs, _) = numbers.as_chunks::<2>();
        if let Some([_, value]) = pairs.iter().find(|[it, _]| it.value.as_integer() == Some(key)) {
            return Ok(Some(value.value.clone()));
        }
        let kids = revision.lookup(node, b"Kids")?;
        let kids = kids.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        pending.extend(kids.iter().map(|kid| kid.value.clone()));
    }
    Ok(None)
}
