//! All pages at once: the whole tree in one walk (ISO 32000-2 §7.7.3).
//!
//! Asking a flat tree for its pages one by one reads its root as often as it has pages. Whoever needs
//! most of them walks: each node is read once.

use std::collections::HashSet;
use std::sync::Arc;

use super::error::Error;
use super::object::{Dictionary, ObjectId, Spanned};
use super::page_tree::{INHERITED, Page, is_page, kid_reference, wrong_count};
use super::revision::Revision;
use super::source::length;
use crate::geometry::PageGeometry;
use crate::limits::{Limit, LimitExceeded};

impl Revision<'_> {
    /// All pages in order, found by walking the whole tree: what [`page`](Self::page) takes on trust,
    /// that a node with as many kids as pages has pages for kids, is looked at here.
    ///
    /// # Errors
    ///
    /// If the tree is damaged anywhere: a node or page that stands in it twice, a `/Count` that is
    /// not the number of pages below, nesting or number beyond the limits.
    pub fn page_ids(&self) -> Result<Vec<ObjectId>, Error> {
        let mut pages = Vec::new();
        self.walk(|found| {
            pages.push(found.id);
            Ok::<_, Error>(())
        })?;
        Ok(pages)
    }

    /// Visits all pages in order, one at a time, with what each inherits.
    ///
    /// # Errors
    ///
    /// As [`page_ids`](Self::page_ids), a page below a node that is not its `/Parent`, and the first
    /// error of `visit`.
    pub fn each_page<E: From<Error>>(
        &self,
        mut visit: impl FnMut(Page) -> Result<(), E>,
    ) -> Result<(), E> {
        self.walk(|found| {
            if found.dictionary.reference(b"Parent") != Some(found.parent) {
                let problem = "/Parent is not the node that has it in /Kids";
                return Err(Error::structure(found.id, problem).into());
            }
            let inherited = Arc::clone(found.inherited);
            visit(Page::new(found.number, found.id, found.dictionary, inherited))
        })
    }

    /// Boxes, rotation and unit of every page, in order: what a contract keeps of a document.
    ///
    /// ```
    /// use sealwright::limits::Limits;
    /// use sealwright::pdf::File;
    ///
    /// let bytes = sealwright_testdata::documents::inherited_attributes();
    /// let file = File::open(&bytes, Limits::default())?;
    /// let pages = file.latest().page_geometries()?;
    /// assert_eq!(pages.iter().map(|page| page.rotation().degrees()).collect::<Vec<_>>(),
    ///     [90, 90, 270, 270]);
    /// # Ok::<(), sealwright::pdf::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`each_page`](Self::each_page) and [`page_geometry`](Self::page_geometry).
    pub fn page_geometries(&self) -> Result<Vec<PageGeometry>, Error> {
        let mut geometries = Vec::new();
        self.each_page(|page| {
            geometries.push(self.page_geometry(&page)?);
            Ok::<_, Error>(())
        })?;
        Ok(geometries)
    }

    fn walk<E: From<Error>>(
        &self,
        mut visit: impl FnMut(Found<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let limits = self.file().limits();
        let root = self.page_tree_root()?;
        let (mut pages, mut visited) = (0_u64, HashSet::from([root]));
        // Nodes on the way down, each with the kids still to come and the pages there must be then.
        let mut open = vec![self.open_node(root, self.node(root)?, &Arc::default(), 0)?];
        while let Some(node) = open.last_mut() {
            let Some(kid) = node.kids.next() else {
                if pages != node.pages_then {
                    return Err(wrong_count(node.id).into());
                }
                open.pop();
                continue;
            };
            let id = kid_reference(node.id, &kid)?;
            if !visited.insert(id) {
                return Err(Error::structure(id, "it stands in the page tree twice").into());
            }
            check(Limit::Objects, visited.len(), limits.objects)?;
            let dictionary = self.node(id)?;
            if is_page(id, &dictionary)? {
                pages += 1;
                let number = u32::try_from(pages).unwrap_or(u32::MAX);
                let (parent, inherited) = (node.id, &node.inherited);
                visit(Found { number, id, dictionary, parent, inherited })?;
                continue;
            }
            let inherited = Arc::clone(&node.inherited);
            check(Limit::Depth, open.len() + 1, limits.depth)?;
            open.push(self.open_node(id, dictionary, &inherited, pages)?);
        }
        Ok(())
    }

    fn open_node(
        &self,
        id: ObjectId,
        node: Dictionary,
        above: &Arc<Dictionary>,
        before: u64,
    ) -> Result<OpenNode, Error> {
        let kids = self.kids(id, &node)?.into_iter();
        let pages_then = before + self.leaf_count(id, &node)?;
        Ok(OpenNode { id, kids, pages_then, inherited: handed_down(above, &node) })
    }
}

/// A page as the walk comes by.
struct Found<'w> {
    number: u32,
    id: ObjectId,
    dictionary: Dictionary,
    parent: ObjectId,
    inherited: &'w Arc<Dictionary>,
}

/// A node of the page tree whose kids are being visited.
struct OpenNode {
    id: ObjectId,
    kids: std::vec::IntoIter<Spanned>,
    pages_then: u64,
    inherited: Arc<Dictionary>,
}

/// What the kids of a node inherit; shared with the node above where it adds nothing.
fn handed_down(above: &Arc<Dictionary>, node: &Dictionary) -> Arc<Dictionary> {
    let own: Vec<_> = INHERITED.iter().filter_map(|key| node.entry(key).cloned()).collect();
    if own.is_empty() {
        return Arc::clone(above);
    }
    let entries = above.entries().iter().cloned().chain(own).collect();
    Arc::new(Dictionary::from_entries(entries).with_the_last_of_each_key())
}

fn check(limit: Limit, found: usize, allowed: u64) -> Result<(), Error> {
    Ok(LimitExceeded::check(limit, length(found), allowed)?)
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents;
    use sealwright_testdata::pdf::Layout;

    use super::*;
    use crate::limits::Limits;
    use crate::pdf::File;

    #[test]
    fn walking_finds_what_asking_page_by_page_finds() {
        for bytes in [
            documents::classic_table(),
            documents::inherited_attributes(),
            documents::linearized(),
            documents::deep_page_tree(),
        ] {
            let file = File::open(&bytes, Limits::default()).unwrap();
            let latest = file.latest();
            let mut numbers = Vec::new();
            latest
                .each_page(|walked| {
                    let asked = latest.page(walked.number())?;
                    assert_eq!(
                        (walked.id(), walked.dictionary()),
                        (asked.id(), asked.dictionary())
                    );
                    for key in INHERITED {
                        assert_eq!(walked.attribute(key), asked.attribute(key));
                    }
                    numbers.push(walked.number());
                    Ok::<_, Error>(())
                })
                .unwrap();
            assert_eq!(numbers, (1..=latest.page_count().unwrap()).collect::<Vec<_>>());
            assert_eq!(latest.page_geometries().unwrap().len(), numbers.len());
        }
    }

    #[test]
    fn a_page_that_names_another_parent_is_refused() {
        let mut pdf = documents::plain(1);
        let page = documents::page_number(0);
        pdf.set(page, "<</Type/Page/Parent 5 0 R/MediaBox[0 0 1 1]>>");
        let bytes = pdf.write(&Layout::default());
        let file = File::open(&bytes, Limits::default()).unwrap();
        assert!(file.latest().page_ids().is_ok());
        assert!(file.latest().page_geometries().is_err());
    }

    #[test]
    fn twenty_thousand_pages_of_a_flat_tree_are_read_once() {
        let bytes = documents::twenty_thousand_pages_flat();
        let file = File::open(&bytes, Limits::default()).unwrap();
        let began = std::time::Instant::now();
        assert_eq!(file.latest().page_geometries().unwrap().len(), 20_000);
        assert!(began.elapsed() < std::time::Duration::from_secs(10), "{:?}", began.elapsed());
    }
}
