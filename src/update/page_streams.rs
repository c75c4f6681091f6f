//! The streams of a page's content, and in which state they leave the page.

use std::collections::HashMap;
use std::sync::Arc;

use super::Error;
use super::content_state::Ending;
use super::marked_pages::first_free_number;
use crate::geometry::PageNumber;
use crate::pdf::{self, Object, ObjectId, Page, Revision};

/// How many streams are remembered, over all lists: beyond that, a list is read again for each page.
const MOST_KEPT: usize = 100_000;

/// What stands under `/Contents`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageStreams {
    /// In the order in which they are painted.
    pub(super) ids: Arc<[ObjectId]>,
    pub(super) ending: Ending,
    /// The first number of marked content (MCID) that none of it uses.
    pub(super) free_number: usize,
}

/// Reads the content of pages. What several of them share, a stream or a list, is read once.
pub(super) struct StreamReader<'f> {
    revision: Revision<'f>,
    /// By the object that `/Contents` refers to.
    lists: HashMap<ObjectId, Arc<[ObjectId]>>,
    read: HashMap<Arc<[ObjectId]>, (Ending, usize)>,
    kept: usize,
}

impl<'f> StreamReader<'f> {
    pub(super) fn new(revision: Revision<'f>) -> Self {
        let (lists, read) = (HashMap::new(), HashMap::new());
        Self { revision, lists, read, kept: 0 }
    }

    /// The content of a page.
    pub(super) fn read(&mut self, number: PageNumber, page: &Page) -> Result<PageStreams, Error> {
        let shared = page.dictionary().reference(b"Contents");
        let known = shared.and_then(|id| self.lists.get(&id)).cloned();
        let ids = match known {
            Some(ids) => ids,
            None => Arc::from(streams(self.revision, page)?),
        };
        let is_kept = self.kept <= MOST_KEPT;
        if let Some(id) = shared.filter(|_| is_kept) {
            self.lists.insert(id, ids.clone());
        }
        if let Some((ending, free_number)) = self.read.get(&ids).copied() {
            return Ok(PageStreams { ids, ending, free_number });
        }
        let (ending, free_number) = self.decode(number, &ids)?;
        if is_kept {
            self.kept += ids.len().max(1);
            self.read.insert(ids.clone(), (ending, free_number));
        }
        Ok(PageStreams { ids, ending, free_number })
    }

    fn decode(&mut self, number: PageNumber, ids: &[ObjectId]) -> Result<(Ending, usize), Error> {
        let mut text = Vec::new();
        for id in ids {
            if let Some(Object::Stream(stream)) = self.revision.get(*id)?.map(|it| it.object.value)
            {
                text.extend(self.revision.decoded(*id, &stream)?);
                // Between two streams there is white space (§7.8.2).
                text.push(b'\n');
            }
        }
        let ending = Ending::of(&text);
        let ending = ending.map_err(|problem| Error::PageContent { page: number, problem })?;
        Ok((ending, first_free_number(&text)))
    }
}

/// The streams under `/Contents`, however they are listed.
fn streams(revision: Revision<'_>, page: &Page) -> Result<Vec<ObjectId>, Error> {
    let wrong = || pdf::Error::structure(page.id(), "/Contents is neither a stream nor an array");
    let is_stream = |id: ObjectId| -> Result<bool, Error> {
        Ok(matches!(revision.get(id)?.map(|it| it.object.value), Some(Object::Stream(_))))
    };
    let items = match page.dictionary().get(b"Contents") {
        None => return Ok(Vec::new()),
        Some(Object::Array(items)) => items.clone(),
        Some(Object::Reference(id)) => match revision.get(*id)?.map(|it| it.object.value) {
            Some(Object::Stream(_)) => return Ok(vec![*id]),
            Some(Object::Array(items)) => items,
            None | Some(Object::Null) => return Ok(Vec::new()),
            Some(_) => return Err(wrong().into()),
        },
        Some(_) => return Err(wrong().into()),
    };
    let mut ids = Vec::with_capacity(items.len());
    for item in &items {
        let id = item.value.as_reference().ok_or_else(wrong)?;
        if is_stream(id)? {
            ids.push(id);
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use sealwright_testdata::documents;
    use sealwright_testdata::pdf::{Layout, deflate};

    use super::*;
    use crate::limits::Limits;
    use crate::pdf::File;

    /// What is under `/Contents` of three pages, of which all that may be decoded is a list of two
    /// streams, once.
    fn read(contents: [&str; 3]) -> Result<Vec<PageStreams>, Error> {
        let mut pdf = documents::plain(3);
        for (page, contents) in (0..).zip(contents) {
            let number = documents::page_number(page);
            let parent = documents::PAGES;
            let head = "<< /Type /Page /MediaBox [0 0 595 842] /Resources << >>";
            pdf.set(number, format!("{head} /Parent {parent} 0 R /Contents {contents} >>"));
        }
        for (number, content) in [(40, "q 1 0 0 1 0 0 cm"), (41, "Q 0 g")] {
            let content = deflate(format!("{content}{}", " ".repeat(10_000)).as_bytes());
            pdf.set_stream(number, "/Filter /FlateDecode", &content);
        }
        pdf.set(42, "[40 0 R 41 0 R]".to_owned());
        let bytes = pdf.write(&Layout::default());
        let limits = Limits { inflated_bytes: 20_100, ..Limits::default() };
        let file = File::open(&bytes, limits).unwrap();
        let mut reader = StreamReader::new(file.latest());
        let pages = (1..=3).map(|number| {
            let page = file.latest().page(number).unwrap();
            reader.read(PageNumber::new(number).unwrap(), &page)
        });
        pages.collect()
    }

    #[test]
    fn what_pages_share_is_decoded_once() {
        let [one, two] = [40, 41].map(|number| ObjectId::new(number, 0));
        for list in ["42 0 R", "[40 0 R 41 0 R]"] {
            let pages = read([list, "42 0 R", list]).unwrap();
            assert!(pages.iter().all(|page| *page.ids == [one, two] && *page == pages[0]));
        }
        let pages = read(["40 0 R", "41 0 R", "40 0 R"]).unwrap();
        assert_eq!((&*pages[0].ids, &*pages[1].ids), (&[one][..], &[two][..]));
        assert_eq!(pages[0], pages[2]);
        assert_ne!(pages[0].ending, pages[1].ending);
        // What is not the same is read anew, and counts.
        let error = read(["42 0 R", "[41 0 R]", "42 0 R"]).unwrap_err();
        assert!(error.to_string().contains("inflated_bytes"), "{error}");
    }
}
