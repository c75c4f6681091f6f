//! Pages, found by descending the tree (ISO 32000-2 §7.7.3).
//!
//! Only the nodes on the way to the wanted page are read, so that the last of 20,000 pages costs
//! what the first one costs.

use std::collections::HashSet;
use std::sync::Arc;

use super::error::Error;
use super::object::{Dictionary, Object, ObjectId, Spanned};
use super::revision::Revision;
use super::source::length;
use super::store;
use crate::geometry::PageGeometry;
use crate::limits::{Limit, LimitExceeded};

/// A page with the attributes it inherits (§7.7.3.4).
#[derive(Clone, Debug)]
pub struct Page {
    number: u32,
    id: ObjectId,
    dictionary: Dictionary,
    inherited: Arc<Dictionary>,
}

impl Page {
    pub(super) fn new(
        number: u32,
        id: ObjectId,
        dictionary: Dictionary,
        inherited: Arc<Dictionary>,
    ) -> Self {
        Self { number, id, dictionary, inherited }
    }

    /// Its number, from 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The page object.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        self.id
    }

    /// Its own dictionary, without what it inherits.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// An attribute of the page itself or of the nearest node above that has it.
    #[must_use]
    pub fn attribute(&self, key: &[u8]) -> Option<&Object> {
        self.dictionary.get(key).or_else(|| self.inherited.get(key))
    }
}

/// The attributes that pages inherit (Table 31).
pub(super) const INHERITED: [&[u8]; 4] = [b"MediaBox", b"CropBox", b"Rotate", b"Resources"];

impl Revision<'_> {
    /// The number of pages, as the root of the page tree says.
    ///
    /// # Errors
    ///
    /// If there is no page tree or its count is no number.
    pub fn page_count(&self) -> Result<u32, Error> {
        let root = self.page_tree_root()?;
        let node = self.node(root)?;
        Ok(u32::try_from(self.leaf_count(root, &node)?).unwrap_or(u32::MAX))
    }

    /// The page of a number, from 1.
    ///
    /// # Errors
    ///
    /// If there is no such page, or the tree above it is damaged: a cycle, counts that do not add
    /// up along the way, or nesting beyond [`Limits::depth`](crate::limits::Limits::depth).
    pub fn page(&self, number: u32) -> Result<Page, Error> {
        let root = self.page_tree_root()?;
        let mut id = root;
        let mut inherited: Vec<super::object::DictionaryEntry> = Vec::new();
        let mut parent = None;
        let mut visited = HashSet::new();
        let none = Error::structure(root, "the page tree has no page of this number");
        let mut before = u64::from(number).checked_sub(1).ok_or(none.clone())?;
        loop {
            if !visited.insert(id) {
                return Err(Error::structure(id, "the page tree comes back to this node"));
            }
            let allowed = self.file().limits().depth;
            LimitExceeded::check(Limit::Depth, length(visited.len()), allowed)?;
            let node = self.node(id)?;
            if let Some(parent) = parent
                && node.reference(b"Parent") != Some(parent)
            {
                return Err(Error::structure(id, "/Parent is not the node that has it in /Kids"));
            }
            if is_page(id, &node)? {
                if before != 0 || visited.len() == 1 {
                    return Err(none);
                }
                let inherited = Dictionary::from_entries(inherited).with_the_last_of_each_key();
                return Ok(Page::new(number, id, node, Arc::new(inherited)));
            }
            let attributes = INHERITED.iter().filter_map(|key| node.entry(key).cloned());
            inherited.extend(attributes.collect::<Vec<_>>());
            parent = Some(id);
            (id, before) = self.descend(id, &node, before)?.ok_or(none.clone())?;
        }
    }

    /// A page or node; a stream is neither.
    pub(super) fn node(&self, id: ObjectId) -> Result<Dictionary, Error> {
        match self.get(id)?.map(|found| found.object.value) {
            Some(Object::Dictionary(node)) => Ok(node),
            _ => Err(Error::structure(id, "it stands in the page tree and is not a dictionary")),
        }
    }

    /// The kid of `node` that holds the page `before` pages behind the node's first one.
    fn descend(
        &self,
        id: ObjectId,
        node: &Dictionary,
        mut before: u64,
    ) -> Result<Option<(ObjectId, u64)>, Error> {
        let kids = self.kids(id, node)?;
        let count = self.leaf_count(id, node)?;
        if count == length(kids.len()) {
            // As many pages as kids: each kid is a page, and only the wanted one is read.
            let at = usize::try_from(before).ok().and_then(|index| kids.get(index));
            return at.map(|kid| Ok((kid_reference(id, kid)?, 0))).transpose();
        }
        let mut total = 0;
        let mut found = None;
        for kid in &kids {
            let kid = kid_reference(id, kid)?;
            // Of the kids that are passed by only the count matters.
            let Some(Object::Dictionary(skimmed)) = store::skim(*self, kid)? else {
                return Err(Error::structure(kid, "not a dictionary"));
            };
            let pages = self.leaf_count(kid, &skimmed)?;
            if found.is_none() && before < pages {
                found = Some((kid, before));
            }
            before = before.saturating_sub(pages);
            total += pages;
        }
        if total != count {
            return Err(wrong_count(id));
        }
        Ok(found)
    }

    /// 1 for a page, `/Count` for a node.
    pub(super) fn leaf_count(&self, id: ObjectId, node: &Dictionary) -> Result<u64, Error> {
        if is_page(id, node)? {
            return Ok(1);
        }
        let count = self.lookup(node, b"Count")?.and_then(|count| count.as_integer());
        let count = count.and_then(|count| u64::try_from(count).ok());
        let count =
            count.ok_or(Error::structure(id, "a page tree node without a usable /Count"))?;
        LimitExceeded::check(Limit::Objects, count, self.file().limits().objects)?;
        Ok(count)
    }

    pub(super) fn kids(&self, id: ObjectId, node: &Dictionary) -> Result<Vec<Spanned>, Error> {
        match self.lookup(node, b"Kids")?.map(std::borrow::Cow::into_owned) {
            Some(Object::Array(kids)) => Ok(kids),
            _ => Err(Error::structure(id, "/Kids is not an array")),
        }
    }

    /// The root of the page tree.
    ///
    /// # Errors
    ///
    /// If the catalog names none.
    pub fn page_tree_root(&self) -> Result<ObjectId, Error> {
        let catalog = self.catalog_id()?;
        self.dictionary(catalog)?
            .reference(b"Pages")
            .ok_or(Error::structure(catalog, "the catalog has no /Pages reference"))
    }

    /// The number of the page that an object is, found by walking up; `None` if the object is not
    /// in the page tree.
    ///
    /// # Errors
    ///
    /// If the tree above it is damaged.
    pub fn page_number_of(&self, id: ObjectId) -> Result<Option<u32>, Error> {
        let root = self.page_tree_root()?;
        let (mut id, mut before) = (id, 0_u64);
        let Some(Object::Dictionary(page)) = self.get(id)?.map(|found| found.object.value) else {
            return Ok(None);
        };
        let mut above = page.reference(b"Parent");
        if !page.is_type(b"Page") {
            return Ok(None);
        }
        for _ in 0..self.file().limits().depth {
            if id == root {
                return Ok(u32::try_from(before + 1).ok());
            }
            let Some(parent) = above else { return Ok(None) };
            let node = self.node(parent)?;
            above = node.reference(b"Parent");
            let kids = self.kids(parent, &node)?;
            let ids: Vec<_> = kids.iter().filter_map(|kid| kid.value.as_reference()).collect();
            let Some(at) = ids.iter().position(|kid| *kid == id) else { return Ok(None) };
            if self.leaf_count(parent, &node)? == length(kids.len()) {
                before += length(at);
            } else {
                for kid in ids.iter().take(at) {
                    before += self.leaf_count(*kid, &self.node(*kid)?)?;
                }
            }
            id = parent;
        }
        Ok(None)
    }

    /// Boxes, rotation and unit of a page.
    ///
    /// # Errors
    ///
    /// If the page has no MediaBox, or one of the attributes is not what it should be.
    pub fn page_geometry(&self, page: &Page) -> Result<PageGeometry, Error> {
        let wrong = |problem| Error::structure(page.id, problem);
        let media_box = self.page_box(page, b"MediaBox")?.ok_or(wrong("no MediaBox"))?;
        let crop_box = self.page_box(page, b"CropBox")?;
        let rotate = match page.attribute(b"Rotate") {
            None => 0,
            Some(value) => {
                self.resolve(value)?.as_integer().ok_or(wrong("/Rotate is not an integer"))?
            }
        };
        let user_unit = match page.dictionary.get(b"UserUnit") {
            None => 1.0,
            Some(value) => {
                self.resolve(value)?.as_number().ok_or(wrong("/UserUnit is not a number"))?
            }
        };
        PageGeometry::new(media_box, crop_box, rotate, user_unit)
            .map_err(|_| wrong("boxes, rotation or unit describe no page"))
    }

    fn page_box(&self, page: &Page, key: &[u8]) -> Result<Option<[f64; 4]>, Error> {
        let Some(value) = page.attribute(key) else { return Ok(None) };
        let value = self.resolve(value)?;
        let wrong = || Error::structure(page.id, "a page box is not four numbers");
        let items = value.as_array().ok_or_else(wrong)?;
        let mut corners = [0.0; 4];
        if items.len() != corners.len() {
            return Err(wrong());
        }
        for (corner, item) in corners.iter_mut().zip(items) {
            *corner = self.resolve(&item.value)?.as_number().ok_or_else(wrong)?;
        }
        Ok(Some(corners))
    }
}

/// Whether a node of the page tree is a page. One that is both, or names the wrong type, is neither:
/// some readers go by `/Type`, others by `/Kids`.
pub(super) fn is_page(id: ObjectId, node: &Dictionary) -> Result<bool, Error> {
    match (node.contains(b"Kids"), node.name(b"Type")) {
        (true, None | Some(b"Pages")) => Ok(false),
        (false, None | Some(b"Page")) => Ok(true),
        _ => Err(Error::structure(id, "it should be a page or a node of the page tree, not both")),
    }
}

pub(super) fn kid_reference(node: ObjectId, kid: &Spanned) -> Result<ObjectId, Error> {
    kid.value
        .as_reference()
        .ok_or(Error::structure(node, "/Kids holds something other than references"))
}

pub(super) fn wrong_count(node: ObjectId) -> Error {
    Error::structure(node, "/Count is not the number of pages below")
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents::{self, PAGES, page_number};
    use sealwright_testdata::pdf::Layout;

    use super::*;
    use crate::limits::Limits;
    use crate::pdf::File;

    /// What a document with this page tree says; objects 20 and up are its nodes.
    fn tree<T>(root: &str, nodes: &[(u32, &str)], ask: impl FnOnce(Revision<'_>) -> T) -> T {
        let mut pdf = documents::plain(3);
        pdf.set(PAGES, root);
        for (number, node) in nodes {
            pdf.set(*number, *node);
        }
        let bytes = pdf.write(&Layout::default());
        let file = File::open(&bytes, Limits::default()).unwrap();
        ask(file.latest())
    }

    const STREAM: &str =
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 1]/Length 0>>stream\n\nendstream";

    const PAGE: &str = "<</Type/Page/Parent 20 0 R/MediaBox[0 0 1 1]>>";

    #[test]
    fn each_page_is_found_by_number_and_its_number_by_id() {
        for bytes in [
            documents::classic_table(),
            documents::linearized(),
            documents::inherited_attributes(),
            documents::twenty_thousand_pages_balanced(),
            documents::twenty_thousand_pages_flat(),
        ] {
            let file = File::open(&bytes, Limits::default()).unwrap();
            let latest = file.latest();
            let ids = latest.page_ids().unwrap();
            let count = latest.page_count().unwrap();
            assert_eq!(length(ids.len()), u64::from(count));
            for number in [1, 2, count / 2 + 1, count] {
                let id = ids[usize::try_from(number - 1).unwrap()];
                assert_eq!(latest.page(number).unwrap().id(), id);
                assert_eq!(latest.page_number_of(id).unwrap(), Some(number));
            }
            assert!(latest.page(0).is_err());
            assert!(latest.page(count + 1).is_err());
        }
    }

    #[test]
    fn what_is_no_page_has_no_number() {
        let bytes = documents::empty_signature_field_in_hierarchy();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let latest = file.latest();
        let field = latest.fields().unwrap().remove(0);
        for id in [
            latest.page_tree_root().unwrap(),
            latest.catalog_id().unwrap(),
            ObjectId::new(9_999, 0),
            field.id,
            field.ancestors[0],
        ] {
            assert_eq!(latest.page_number_of(id).unwrap(), None, "{id}");
        }
    }

    #[test]
    fn counts_that_lie_are_noticed() {
        let page = page_number(0);
        let kid = format!("<</Type/Pages/Parent 2 0 R/Count 2/Kids[{page} 0 R]>>");
        let root = "<</Type/Pages/Count 3/Kids[20 0 R]>>";
        assert!(tree(root, &[(20, &kid)], |revision| revision.page(1)).is_err());
        assert!(tree(root, &[(20, &kid)], |revision| revision.page_ids()).is_err());
        for count in ["-1", "1.0", "(1)", "99999999999", "null"] {
            let root = format!("<</Type/Pages/Count {count}/Kids[{page} 0 R]>>");
            assert!(tree(&root, &[], |revision| revision.page_count()).is_err(), "{count}");
            assert!(tree(&root, &[], |revision| revision.page(1)).is_err(), "{count}");
        }
    }

    #[test]
    fn as_many_kids_as_pages_may_still_lie_and_the_whole_walk_tells() {
        // Two pages below the first kid, none below the last: three kids, three pages.
        let page = page_number(0);
        let root = format!("<</Type/Pages/Count 3/Kids[20 0 R {page} 0 R 23 0 R]>>");
        let nodes = [
            (20, "<</Type/Pages/Parent 2 0 R/Count 2/Kids[21 0 R 22 0 R]>>"),
            (21, PAGE),
            (22, PAGE),
            (23, "<</Type/Pages/Parent 2 0 R/Count 0/Kids[]>>"),
        ];
        let ids = tree(&root, &nodes, |revision| revision.page_ids()).unwrap();
        assert_eq!(ids.iter().map(|id| id.number).collect::<Vec<_>>(), [21, 22, page]);
    }

    #[test]
    fn a_node_stands_once_below_the_parent_it_names() {
        let page = page_number(0);
        let twice = format!("<</Type/Pages/Count 2/Kids[{page} 0 R {page} 0 R]>>");
        assert!(tree(&twice, &[], |revision| revision.page_ids()).is_err());
        let root = "<</Type/Pages/Count 1/Kids[20 0 R]>>";
        let elsewhere = "<</Type/Page/Parent 5 0 R/MediaBox[0 0 1 1]>>";
        assert!(tree(root, &[(20, elsewhere)], |revision| revision.page(1)).is_err());
        for neither in
            ["<</Type/Page/Parent 2 0 R/Kids[]>>", "<</Type/Pages/Parent 2 0 R>>", "[]", STREAM]
        {
            assert!(tree(root, &[(20, neither)], |revision| revision.page(1)).is_err());
            assert!(tree(root, &[(20, neither)], |revision| revision.page_ids()).is_err());
        }
        let direct = "<</Type/Pages/Count 1/Kids[<</Type/Page>>]>>";
        assert!(tree(direct, &[], |revision| revision.page(1)).is_err());
    }

    #[test]
    fn cycles_and_endless_nesting_end() {
        for bytes in [
            documents::page_tree_with_cycle(),
            documents::page_tree_that_is_its_own_kid(),
            documents::page_tree_too_deep(),
        ] {
            let file = File::open(&bytes, Limits::default()).unwrap();
            let count = file.latest().page_count().unwrap();
            assert!((1..=count).any(|number| file.latest().page(number).is_err()));
            assert!(file.latest().page_ids().is_err());
        }
        let deep = documents::deep_page_tree();
        let file = File::open(&deep, Limits::default()).unwrap();
        assert_eq!(file.latest().page(1).unwrap().id(), file.latest().page_ids().unwrap()[0]);
    }

    #[test]
    fn attributes_come_from_the_nearest_node_above() {
        let bytes = documents::inherited_attributes();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let rotations: Vec<_> = (1..=4)
            .map(|number| {
                let page = file.latest().page(number).unwrap();
                assert!(page.attribute(b"Resources").is_some());
                page.attribute(b"Rotate").and_then(Object::as_integer).unwrap()
            })
            .collect();
        assert_eq!(rotations, [90, 90, 270, 270]);
    }
}
