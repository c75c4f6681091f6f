//! The structure tree of a tagged document (ISO 32000-2 §14.7): every widget that is added to it, and
//! everything that is drawn on its pages and has something to say, gets an element, by which a reader
//! that speaks finds it and says what it is.
//!
//! | object | what changes |
//! |---|---|
//! | widget | `/StructParent` |
//! | element of a widget, new | `/S /Form`, `/K` an object reference to the widget, `/Alt` |
//! | content of a page | `/P` or `/Figure` with a number (`/MCID`) that the page has not used |
//! | element of content, new | `/S /P` or `/Figure`, `/Pg`, `/K` the number, `/ActualText` or `/Alt` |
//! | the root's only element, if it is the document, else the root | `/K` gets the element |
//! | parent tree | an entry, or more elements in that of the page; `/ParentTreeNextKey` follows |
//! | page | `/StructParents`; with a new widget `/Tabs /S` if it has no order: that of the structure (§12.5) |
//!
//! All of it is done before the first signature only: what judges hold a later change of the structure
//! tree for an attack (pyHanko does, whatever the change). Prepare the fields of all parties first.

use std::collections::{BTreeMap, BTreeSet};

use super::edits::{Edits, Located};
use super::marked_pages::{MarkedPages, element_of};
use super::meaning::Meaning;
use super::parent_tree;
use super::text::text_token;
use crate::geometry::PdfRect;
use crate::inspection::claims;
use crate::pdf::{Append, Dictionary, Error, File, Object, ObjectId, Page, Revision};

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
    /// What new keys lead to, one behind the other.
    entries: Vec<Entry>,
    elements: Vec<Element>,
    /// Pages that get an order for their annotations.
    unordered: BTreeSet<ObjectId>,
    marked: MarkedPages,
}

enum Entry {
    Element(ObjectId),
    /// The list of a page's content, by its place among the lists.
    Content(usize),
}

struct Element {
    id: ObjectId,
    of: Of,
    body: Vec<u8>,
}

/// What an element is for.
#[derive(Clone, Copy)]
enum Of {
    Widget(ObjectId),
    Content { page: ObjectId, mcid: usize },
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
        Ok(Some(Self {
            root,
            parent,
            first_key,
            entries: Vec::new(),
            elements: Vec::new(),
            unordered: BTreeSet::new(),
            marked: MarkedPages::default(),
        }))
    }

    /// Content will be added to these pages, each with the first number that its content does not use.
    pub(super) fn mark_pages(
        &mut self,
        revision: Revision<'_>,
        pages: &[(&Page, usize)],
    ) -> Result<(), Error> {
        self.marked = MarkedPages::of(revision, &self.root, pages)?;
        Ok(())
    }

    /// An element for what is drawn on a page, and the number of its marked content; `None` if it is
    /// not read, or the numbers of the page are damaged.
    pub(super) fn add_content(
        &mut self,
        page: ObjectId,
        meaning: &Meaning,
        at: PdfRect,
        append: &mut Append<'_>,
    ) -> Result<Option<usize>, Error> {
        let Some(mcid) = self.marked.next(page).filter(|_| meaning.is_read()) else {
            return Ok(None);
        };
        let id = append.allocate()?;
        let (entries, first) = (&mut self.entries, self.first_key);
        self.marked.take(page, id, |list| key_of(first, entries, Entry::Content(list)));
        let body = meaning.element(self.parent.id, page, mcid, at);
        self.elements.push(Element { id, of: Of::Content { page, mcid }, body });
        Ok(Some(mcid))
    }

    /// An element for a widget that is on a page; the widget's `/StructParent`.
    pub(super) fn add(
        &mut self,
        widget: ObjectId,
        page: ObjectId,
        text: &str,
        append: &mut Append<'_>,
    ) -> Result<i64, Error> {
        let parent = self.parent.id;
        let mut body = format!(
            "<< /Type /StructElem /S /Form /P {parent} R /Pg {page} R \
             /K << /Type /OBJR /Obj {widget} R /Pg {page} R >> /Alt "
        )
        .into_bytes();
        body.extend(text_token(text));
        body.extend_from_slice(b" >>");
        let id = append.allocate()?;
        self.elements.push(Element { id, of: Of::Widget(widget), body });
        if !append.base().dictionary(page)?.contains(b"Tabs") {
            self.unordered.insert(page);
        }
        Ok(key_of(self.first_key, &mut self.entries, Entry::Element(id)))
    }

    /// Which of these widgets have an element.
    pub(super) fn tagged_widgets(
        &self,
        revision: Revision<'_>,
        widgets: &[ObjectId],
    ) -> Result<BTreeSet<ObjectId>, Error> {
        let mut keys = Vec::with_capacity(widgets.len());
        for widget in widgets {
            keys.push((*widget, revision.dictionary(*widget)?.integer(b"StructParent")));
        }
        let entries =
            parent_tree::entries(revision, &self.root, keys.iter().filter_map(|(_, key)| *key))?;
        let is_element = |key: i64| {
            entries.get(&key).is_some_and(|held| held.value.value.as_dictionary().is_some())
        };
        Ok(keys.iter().filter(|(_, key)| key.is_some_and(is_element)).map(|(id, _)| *id).collect())
    }

    /// What a page that is written again anyway gets; [`StructureTree::edit`] leaves it to the caller.
    pub(super) fn page_entries(&mut self, page: ObjectId) -> Vec<(&'static str, String)> {
        let key = self.marked.key(page).map(|key| ("StructParents", key.to_string()));
        let tabs = self.unordered.remove(&page).then(|| ("Tabs", "/S".to_owned()));
        key.into_iter().chain(tabs).collect()
    }

    /// Writes the elements, and enters them.
    pub(super) fn edit(&self, append: &mut Append<'_>, edits: &mut Edits) -> Result<(), Error> {
        let revision = append.base();
        if self.elements.is_empty() {
            return Ok(());
        }
        let kids: Vec<String> =
            self.elements.iter().map(|element| format!("{} R", element.id)).collect();
        edits.push_kids(revision, &self.parent, kids.join(" ").as_bytes())?;
        let mut values = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            values.push(match entry {
                Entry::Element(id) => format!("{id} R"),
                Entry::Content(list) => self.marked.write_new(*list, append)?,
            });
        }
        parent_tree::enter(revision, &self.root, self.first_key, &values, append, edits)?;
        self.marked.grow(edits);
        for page in &self.unordered {
            edits.set(&Located::object(revision, *page)?, "Tabs", "/S");
        }
        for element in &self.elements {
            append.put(element.id, &element.body);
        }
        Ok(())
    }

    /// Whether every widget and every content leads to its element, and the structure to it.
    pub(super) fn reads_back(&self, extended: &File<'_>) -> Result<bool, Error> {
        let latest = extended.latest();
        let root = Located::object(latest, self.root.id)?;
        let parent = latest.dictionary(self.parent.id)?;
        let kids = latest.lookup(&parent, b"K")?;
        let kids = kids.as_deref().and_then(Object::as_array).unwrap_or(&[]);
        let listed: BTreeSet<ObjectId> =
            kids.iter().filter_map(|kid| kid.value.as_reference()).collect();
        let mut keys = BTreeMap::new();
        for element in &self.elements {
            let (holder, key) = element.of.holder();
            if let std::collections::btree_map::Entry::Vacant(new) = keys.entry(holder) {
                new.insert(latest.dictionary(holder)?.integer(key).unwrap_or(-1));
            }
        }
        let entries = parent_tree::entries_by_limits(latest, &root, keys.values().copied())?;
        Ok(self.elements.iter().all(|element| {
            let found = keys.get(&element.of.holder().0).and_then(|key| entries.get(key));
            let leads = found.is_some_and(|found| match element.of {
                Of::Widget(_) => found.id == element.id,
                Of::Content { mcid, .. } => {
                    element_of(&found.value.value, mcid) == Some(element.id)
                }
            });
            leads && listed.contains(&element.id)
        }))
    }
}

impl Of {
    /// What names a key of the parent tree, and under which of its own keys.
    fn holder(self) -> (ObjectId, &'static [u8]) {
        match self {
            Self::Widget(widget) => (widget, b"StructParent"),
            Self::Content { page, .. } => (page, b"StructParents"),
        }
    }
}

/// The key of one more entry.
fn key_of(first: i64, entries: &mut Vec<Entry>, entry: Entry) -> i64 {
    let before = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    entries.push(entry);
    first.saturating_add(before)
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
