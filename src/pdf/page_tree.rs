//! Pages, found by descending the tree (ISO 32000-2 §7.7.3).
//!
//! Only the nodes on the way to the wanted page are read, so that the last of 20,000 pages costs
//! what the first one costs.

use std::collections::HashSet;

use super::error::Error;
use super::object::{Dictionary, Object, ObjectId, Spanned};
use super::revision::Revision;
use super::source::length;
use crate::geometry::PageGeometry;
use crate::limits::{Limit, LimitExceeded};

/// A page with the attributes it inherits (§7.7.3.4).
#[derive(Clone, Debug)]
pub struct Page {
    number: u32,
    id: ObjectId,
    dictionary: Dictionary,
    inherited: Dictionary,
}

impl Page {
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
const INHERITED: [&[u8]; 4] = [b"MediaBox", b"CropBox", b"Rotate", b"Resources"];

impl Revision<'_> {
    /// The number of pages, as the root of the page tree says.
    ///
    /// # Errors
    ///
    /// If there is no page tree or its count is no number.
    pub fn page_count(&self) -> Result<u32, Error> {
        let root = self.page_tree_root()?;
        let node = self.dictionary(root)?;
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
        let mut visited = HashSet::new();
        let none = Error::structure(root, "the page tree has no page of this number");
        let mut before = u64::from(number).checked_sub(1).ok_or(none.clone())?;
        loop {
            if !visited.insert(id) {
                return Err(Error::structure(id, "the page tree comes back to this node"));
            }
            let allowed = self.file().limits().depth;
            LimitExceeded::check(Limit::Depth, length(visited.len()), allowed)?;
            let node = self.dictionary(id)?;
            if !node.contains(b"Kids") {
                if before != 0 || (visited.len() > 1 && node.is_type(b"Pages")) {
                    return Err(none);
                }
                let inherited = Dictionary::from_entries(inherited);
                return Ok(Page { number, id, dictionary: node, inherited });
            }
            let attributes = INHERITED.iter().filter_map(|key| node.entry(key).cloned());
            inherited.extend(attributes.collect::<Vec<_>>());
            (id, before) = self.descend(id, &node, before)?.ok_or(none.clone())?;
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
        let to_kid = |kid: &Spanned| {
            kid.value
                .as_reference()
                .ok_or(Error::structure(id, "/Kids holds something other than references"))
        };
        if count == length(kids.len()) {
            // As many pages as kids: each kid is a page, and only the wanted one is read.
            let at = usize::try_from(before).ok().and_then(|index| kids.get(index));
            return at.map(|kid| Ok((to_kid(kid)?, 0))).transpose();
        }
        let mut total = 0;
        let mut found = None;
        for kid in &kids {
            let kid = to_kid(kid)?;
            let pages = self.leaf_count(kid, &self.dictionary(kid)?)?;
            if found.is_none() && before < pages {
                found = Some((kid, before));
            }
            before = before.saturating_sub(pages);
            total += pages;
        }
        if total != count {
            return Err(Error::structure(id, "/Count is not the number of pages below"));
        }
        Ok(found)
    }

    /// 1 for a page, `/Count` for a node.
    fn leaf_count(&self, id: ObjectId, node: &Dictionary) -> Result<u64, Error> {
        if !node.contains(b"Kids") && !node.is_type(b"Pages") {
            return Ok(1);
        }
        let count = self.lookup(node, b"Count")?.and_then(|count| count.as_integer());
        let count = count.and_then(|count| u64::try_from(count).ok());
        let count =
            count.ok_or(Error::structure(id, "a page tree node without a usable /Count"))?;
        LimitExceeded::check(Limit::Objects, count, self.file().limits().objects)?;
        Ok(count)
    }

    fn kids(&self, id: ObjectId, node: &Dictionary) -> Result<Vec<Spanned>, Error> {
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
        for _ in 0..self.file().limits().depth {
            if id == root {
                return Ok(u32::try_from(before + 1).ok());
            }
            let Some(parent) = self.dictionary(id)?.reference(b"Parent") else { return Ok(None) };
            let node = self.dictionary(parent)?;
            let kids = self.kids(parent, &node)?;
            let ids: Vec<_> = kids.iter().filter_map(|kid| kid.value.as_reference()).collect();
            let Some(at) = ids.iter().position(|kid| *kid == id) else { return Ok(None) };
            if self.leaf_count(parent, &node)? == length(kids.len()) {
                before += length(at);
            } else {
                for kid in ids.iter().take(at) {
                    before += self.leaf_count(*kid, &self.dictionary(*kid)?)?;
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
