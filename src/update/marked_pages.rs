//! Which numbers (MCID) the marked content of a page gets, and the list of elements by number that the
//! parent tree has for the page (ISO 32000-2 §14.7.5.4).
//!
//! A page that has a list keeps it, and it grows. Numbers begin behind the list and behind every
//! number that the content of the page uses: none has two meanings, and none gets an element that the
//! document did not give it.

use std::collections::{BTreeMap, HashSet};

use super::edits::{Edits, Located};
use super::parent_tree::{self, Held};
use crate::pdf::{Append, Error, Object, ObjectId, Page, Revision};

/// How many numbers without an element all lists together may get: whoever uses large numbers in
/// content would have them listed one by one.
const MOST_UNUSED: usize = 1 << 16;

/// The marked content that is added to pages.
#[derive(Default)]
pub(super) struct MarkedPages {
    lists: Vec<List>,
    /// Which list a page has.
    pages: BTreeMap<ObjectId, usize>,
}

/// The elements of a page's content, by number.
struct List {
    /// The key, as soon as there is one.
    key: Option<i64>,
    /// What the document has.
    old: Option<Held>,
    /// How many numbers are listed, and the first that is free.
    listed: usize,
    first: usize,
    added: Vec<ObjectId>,
}

impl List {
    /// What is to be added to the list, as it stands in a file.
    fn tokens(&self) -> String {
        let unused = std::iter::repeat_n("null".to_owned(), self.first - self.listed);
        let added = self.added.iter().map(|id| format!("{id} R"));
        unused.chain(added).collect::<Vec<_>>().join(" ")
    }
}

impl MarkedPages {
    /// For these pages, each with the first number that its content does not use.
    pub(super) fn of(
        revision: Revision<'_>,
        root: &Located,
        pages: &[(&Page, usize)],
    ) -> Result<Self, Error> {
        let key = |page: &Page| page.dictionary().integer(b"StructParents");
        let keys = pages.iter().filter_map(|(page, _)| key(page));
        let mut held = parent_tree::entries(revision, root, keys)?;
        held.retain(|_, held| held.value.value.as_array().is_some());
        let (mut marked, mut by_key) = (Self::default(), BTreeMap::new());
        for (page, free) in pages {
            let key = key(page).filter(|key| held.contains_key(key));
            let at = match key.and_then(|key| by_key.get(&key).copied()) {
                Some(at) => at,
                None => {
                    let old = key.and_then(|key| held.get(&key)).cloned();
                    let listed = old.as_ref().and_then(|old| old.value.value.as_array());
                    let listed = listed.map_or(0, <[_]>::len);
                    let added = Vec::new();
                    marked.lists.push(List { key, old, listed, first: listed, added });
                    let at = marked.lists.len() - 1;
                    by_key.extend(key.map(|key| (key, at)));
                    at
                }
            };
            if let Some(list) = marked.lists.get_mut(at) {
                list.first = list.first.max(*free);
            }
            marked.pages.insert(page.id(), at);
        }
        marked.leave_out();
        Ok(marked)
    }

    /// Pages keep their content untagged whose numbers are absurd, or that share a list under several
    /// keys.
    fn leave_out(&mut self) {
        let (mut left, mut taken) = (MOST_UNUSED, HashSet::new());
        let is_sound: Vec<bool> = self
            .lists
            .iter()
            .map(|list| {
                let own = list
                    .old
                    .as_ref()
                    .is_none_or(|old| taken.insert((old.id, old.value.span.start)));
                let rest = left.checked_sub(list.first - list.listed);
                left = rest.unwrap_or(left);
                own && rest.is_some()
            })
            .collect();
        self.pages.retain(|_, at| is_sound.get(*at) == Some(&true));
    }

    /// The next number of a page, for this element; `key` is asked for a key if the page has none yet.
    pub(super) fn take(
        &mut self,
        page: ObjectId,
        element: ObjectId,
        key: impl FnOnce(usize) -> i64,
    ) {
        let Some(at) = self.pages.get(&page).copied() else { return };
        if let Some(list) = self.lists.get_mut(at) {
            list.key.get_or_insert_with(|| key(at));
            list.added.push(element);
        }
    }

    /// The number that the next element of a page gets; `None` if the page gets none.
    pub(super) fn next(&self, page: ObjectId) -> Option<usize> {
        let list = self.lists.get(*self.pages.get(&page)?)?;
        Some(list.first + list.added.len())
    }

    /// The key of a page whose content is in the parent tree.
    pub(super) fn key(&self, page: ObjectId) -> Option<i64> {
        self.lists.get(*self.pages.get(&page)?)?.key
    }

    /// Writes a list that is new, and says what stands in the parent tree for it.
    pub(super) fn write_new(&self, at: usize, append: &mut Append<'_>) -> Result<String, Error> {
        let id = append.allocate()?;
        let tokens = self.lists.get(at).map(List::tokens).unwrap_or_default();
        append.put(id, format!("[{tokens}]").as_bytes());
        Ok(format!("{id} R"))
    }

    /// Adds to the lists that the document has.
    pub(super) fn grow(&self, edits: &mut Edits) {
        for list in self.lists.iter().filter(|list| !list.added.is_empty()) {
            if let Some(old) = &list.old {
                edits.push_into(old.id, &old.value, list.tokens().as_bytes());
            }
        }
    }
}

/// What an entry of the parent tree says of a number.
pub(super) fn element_of(list: &Object, mcid: usize) -> Option<ObjectId> {
    list.as_array()?.get(mcid)?.value.as_reference()
}

/// The first number that content does not use, as far as its operands say; that it says so in a string
/// or a comment does no harm.
pub(super) fn first_free_number(content: &[u8]) -> usize {
    const KEY: &[u8] = b"/MCID";
    let numbers = memchr::memmem::find_iter(content, KEY).filter_map(|at| {
        let rest = content.get(at + KEY.len()..)?.trim_ascii_start();
        let rest = rest.strip_prefix(b"+").unwrap_or(rest);
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
        let number = digits.fold(0_usize, |number, digit| {
            number.saturating_mul(10).saturating_add(usize::from(digit - b'0'))
        });
        Some(number.saturating_add(1))
    });
    numbers.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_free_number_is_behind_all_that_content_uses() {
        for (content, free) in [
            ("", 0),
            ("/P <</MCID 0>> BDC EMC /P<</MCID 7/Lang (de)>>BDC EMC /P <</MCID\n3>> BDC", 8),
            ("/P <</MCID 99999999999999999999>> BDC", usize::MAX),
            ("/MCID", 1),
        ] {
            assert_eq!(first_free_number(content.as_bytes()), free, "{content}");
        }
    }
}
