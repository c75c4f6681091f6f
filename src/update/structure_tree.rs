//! The structure tree of a tagged document (ISO 32000-2 §14.7): every widget that is added to it gets
//! an element, by which a reader that speaks finds it and says what it is.
//!
//! | object | what changes |
//! |---|---|
//! | widget | `/StructParent` |
//! | element, new | `/S /Form`, `/K` an object reference to the widget, `/Alt` |
//! | the root's only element, if it is the document, else the root | `/K` gets the element |
//! | parent tree | an entry; `/ParentTreeNextKey` follows |
//! | page | `/Tabs /S` if it has no order: that of the structure (§12.5) |
//!
//! All of it is done before the first signature only: what judges hold a later change of the structure
//! tree for an attack (pyHanko does, whatever the change). Prepare the fields of all parties first.

use std::collections::BTreeSet;

use super::edits::{Edits, Located};
use super::parent_tree;
use super::text::text_token;
use crate::inspection::claims;
use crate::pdf::{Append, Dictionary, Error, File, Object, ObjectId, Revision};

/// What became of the widgets that were added, in the structure of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tagging {
    /// The document is not tagged (ISO 32000-2 §14.7), or got no widget.
    NotNeeded,
    /// Every widget that was added has a structure element, and a text for those who do not see it.
    Done,
    /// The document is tagged, and widgets were added that its structure does not know: it carried
    /// signatures already, which a change of the structure would break, or its structure is damaged.
    /// Where this must not be, prepare all fields before anybody signs (`update::Preparation`).
    LeftOut,
}

/// A document's structure, and what is added to it.
pub(super) struct StructureTree {
    root: Located,
    /// The root, or the document element below it.
    parent: Located,
    first_key: i64,
    elements: Vec<Element>,
    /// Pages that get an order for their annotations.
    unordered: BTreeSet<ObjectId>,
}

struct Element {
    id: ObjectId,
    widget: ObjectId,
    body: Vec<u8>,
}

impl StructureTree {
    /// That of a tagged document without signatures, if nothing about it is damaged.
    pub(super) fn of(revision: Revision<'_>, signatures: usize) -> Result<Option<Self>, Error> {
        if signatures > 0 || !claims(&revision)?.tagged {
            return Ok(None);
        }
        // Elements name their parent by reference, so the root has to be an object.
        let Some(root) = revision.catalog()?.reference(b"StructTreeRoot") else { return Ok(None) };
        let Ok(root) = Located::object(revision, root) else { return Ok(None) };
        let Some(first_key) = parent_tree::next_key(revision, &root)? else { return Ok(None) };
        let parent = match document_element(revision, &root)? {
            Some(document) => Located::object(revision, document)?,
            None => Located::object(revision, root.id)?,
        };
        let (elements, unordered) = (Vec::new(), BTreeSet::new());
        Ok(Some(Self { root, parent, first_key, elements, unordered }))
    }

    /// An element for a widget that is on a page; what the widget has to say for it.
    pub(super) fn add(
        &mut self,
        widget: ObjectId,
        page: ObjectId,
        text: &str,
        append: &mut Append<'_>,
    ) -> Result<String, Error> {
        let before = i64::try_from(self.elements.len()).unwrap_or(i64::MAX);
        let key = self.first_key.saturating_add(before);
        let parent = self.parent.id;
        let mut body = format!(
            "<< /Type /StructElem /S /Form /P {parent} R /Pg {page} R \
             /K << /Type /OBJR /Obj {widget} R /Pg {page} R >> /Alt "
        )
        .into_bytes();
        body.extend(text_token(text));
        body.extend_from_slice(b" >>");
        self.elements.push(Element { id: append.allocate()?, widget, body });
        if !append.base().dictionary(page)?.contains(b"Tabs") {
            self.unordered.insert(page);
        }
        Ok(format!(" /StructParent {key}"))
    }

    /// Writes the elements, and enters them.
    pub(super) fn edit(&self, append: &mut Append<'_>, edits: &mut Edits) -> Result<(), Error> {
        let revision = append.base();
        let ids: Vec<ObjectId> = self.elements.iter().map(|element| element.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let kids: Vec<String> = ids.iter().map(|id| format!("{id} R")).collect();
        edits.push_kids(revision, &self.parent, kids.join(" ").as_bytes())?;
        parent_tree::enter(revision, &self.root, self.first_key, &ids, append, edits)?;
        for page in &self.unordered {
            edits.set(&Located::object(revision, *page)?, "Tabs", "/S");
        }
        for element in &self.elements {
            append.put(element.id, &element.body);
        }
        Ok(())
    }

    /// Whether every widget leads to its element, and the element to it.
    pub(super) fn reads_back(&self, extended: &File<'_>) -> Result<bool, Error> {
        let latest = extended.latest();
        let root = latest.dictionary(self.root.id)?;
        let parent = latest.dictionary(self.parent.id)?;
        let kids = latest.lookup(&parent, b"K")?;
        let kids = kids.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let listed: BTreeSet<ObjectId> =
            kids.iter().filter_map(|kid| kid.value.as_reference()).collect();
        for element in &self.elements {
            let widget = latest.dictionary(element.widget)?;
            let key = widget.integer(b"StructParent").unwrap_or(-1);
            let found = parent_tree::entry(latest, &root, key)?;
            let leads = found.and_then(|found| found.as_reference()) == Some(element.id);
            if !leads || !listed.contains(&element.id) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The document element, if it is the only one below the root.
fn document_element(revision: Revision<'_>, root: &Located) -> Result<Option<ObjectId>, Error> {
    let Some(kids) = root.dictionary.get(b"K") else { return Ok(None) };
    let resolved = revision.resolve(kids)?;
    let only = match &*resolved {
        Object::Array(items) => match items.as_slice() {
            [only] => only.value.as_reference(),
            _ => None,
        },
        _ => kids.as_reference(),
    };
    let Some(only) = only else { return Ok(None) };
    let Some(found) = revision.get(only)? else { return Ok(None) };
    let element = found.object.value.as_dictionary();
    let is_document = match element {
        Some(element) => stands_for(revision, root, element)? == b"Document",
        None => false,
    };
    Ok(is_document.then_some(only))
}

/// The type of an element; a type of the document's own stands for another (`/RoleMap`, §14.8.4).
fn stands_for(
    revision: Revision<'_>,
    root: &Located,
    element: &Dictionary,
) -> Result<Vec<u8>, Error> {
    let kind = element.name(b"S").unwrap_or(b"");
    let roles = revision.lookup(&root.dictionary, b"RoleMap")?;
    let role = roles.as_deref().and_then(Object::as_dictionary).and_then(|roles| roles.name(kind));
    Ok(role.unwrap_or(kind).to_vec())
}

/// What became of the widgets among these fields that a revision added.
pub(super) fn tagging(
    file: &File<'_>,
    extended: &File<'_>,
    fields: impl IntoIterator<Item = ObjectId>,
) -> Result<Tagging, Error> {
    if !claims(&file.latest())?.tagged {
        return Ok(Tagging::NotNeeded);
    }
    let mut found = Tagging::NotNeeded;
    for field in fields {
        if u64::from(field.number) < file.next_object_number() {
            continue;
        }
        if !extended.latest().dictionary(field)?.contains(b"StructParent") {
            return Ok(Tagging::LeftOut);
        }
        found = Tagging::Done;
    }
    Ok(found)
}
