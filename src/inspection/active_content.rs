//! What in a document may run or change what it shows when it is opened (R-DOC-07): scripts,
//! actions that reach outside, files inside.
//!
//! Everything that the pages and the catalog lead to is gone through, each object once, so that no
//! place is forgotten in which a viewer looks for an action. Left out are only `/Resources` and
//! `/Contents` of what is drawn: no viewer runs anything from them.

use std::collections::{BTreeSet, HashSet};

use crate::geometry::PageNumber;
use crate::limits::{Limit, LimitExceeded};
use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision};

/// How many places are listed; the kinds are complete whatever their number.
const LISTED: usize = 1_000;

/// A kind of active content, as R-DOC-07 names them.
///
/// ```
/// use sealwright::inspection::ActiveKind;
/// assert!(ActiveKind::Script < ActiveKind::EmbeddedFile);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ActiveKind {
    /// A script (ISO 32000-2 §12.6.4.17), or media that runs one (§13.6, §13.7).
    Script,
    /// An action that reaches outside the document: it starts a program (`/Launch`), opens a file
    /// that lies inside (`/GoToE`), takes values from another file (`/ImportData`), or sends them
    /// away and takes what is answered (`/SubmitForm`).
    LaunchAction,
    /// A file inside (§7.11.4).
    EmbeddedFile,
}

/// One place where a document is active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ActiveItem {
    /// What it is.
    pub kind: ActiveKind,
    /// The object in which it stands.
    pub object: ObjectId,
    /// The page that leads to it; `None` if only the catalog or the form does.
    pub page: Option<PageNumber>,
    /// By what it was known, such as `/S /JavaScript`.
    pub mark: &'static str,
}

/// What in a document is active.
///
/// ```
/// use sealwright::inspection::{ActiveKind, active_content};
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright_testdata::{documents, pdf::Layout};
///
/// let mut pdf = documents::plain(1);
/// pdf.append_entry(documents::CATALOG, "/OpenAction << /S /JavaScript /JS (app.beep()) >>");
/// let bytes = pdf.write(&Layout::default());
/// let file = File::open(&bytes, Limits::default())?;
/// let active = active_content(&file.latest())?;
/// assert!(active.kinds().contains(&ActiveKind::Script));
/// assert_eq!(active.items()[0].object.number, documents::CATALOG);
/// # Ok::<(), sealwright::pdf::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActiveContents {
    kinds: BTreeSet<ActiveKind>,
    items: Vec<ActiveItem>,
    count: u64,
    xfa: bool,
}

impl ActiveContents {
    /// The kinds that there are.
    #[must_use]
    pub fn kinds(&self) -> &BTreeSet<ActiveKind> {
        &self.kinds
    }

    /// Where: the first thousand places, those of the pages first.
    #[must_use]
    pub fn items(&self) -> &[ActiveItem] {
        &self.items
    }

    /// How many places there are, those that are not listed among them.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether the form is XFA: its own scripts, and its own idea of what is shown.
    #[must_use]
    pub fn is_xfa(&self) -> bool {
        self.xfa
    }

    /// Whether there is nothing of all this.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty() && !self.xfa
    }

    fn add(&mut self, kind: ActiveKind, object: ObjectId, page: Option<PageNumber>, mark: Mark) {
        self.kinds.insert(kind);
        self.count = self.count.saturating_add(1);
        if self.items.len() < LISTED {
            self.items.push(ActiveItem { kind, object, page, mark });
        }
    }
}

/// Goes through a document for what is active in it. Older revisions are not looked at: what they
/// had and this one has no more does not run.
///
/// `/GoTo`, `/GoToR`, `/URI`, `/Named` and the actions that hide, reset or play are not counted: they
/// ask the reader first, or change nothing that is signed.
///
/// # Errors
///
/// If the page tree, the form or anything else on the way cannot be read, or a limit runs out: what
/// cannot be read is not taken to be absent.
pub fn active_content(revision: &Revision<'_>) -> Result<ActiveContents, Error> {
    let pages = revision.page_ids()?;
    let catalog = revision.catalog_id()?;
    let found = ActiveContents { xfa: is_xfa(revision)?, ..ActiveContents::default() };
    // A destination on another page, or a signature that refers to the catalog, leads no further.
    let known = pages.iter().copied().chain([catalog]).collect();
    let mut search = Search { revision, known, waiting: Vec::new(), later: Vec::new(), found };
    for (number, page) in (1..).zip(pages) {
        search.from(page, PageNumber::new(number).ok())?;
    }
    for id in std::mem::take(&mut search.later) {
        if search.known.insert(id) {
            search.from(id, None)?;
        }
    }
    search.catalog(catalog)?;
    search.from(catalog, None)?;
    Ok(search.found)
}

fn is_xfa(revision: &Revision<'_>) -> Result<bool, Error> {
    let Some((_, form)) = revision.form()? else { return Ok(false) };
    Ok(revision.lookup(&form, b"XFA")?.is_some())
}

type Mark = &'static str;

/// Kinds of action (Table 201) that count.
const ACTIONS: [(&[u8], ActiveKind, Mark); 6] = [
    (b"JavaScript", ActiveKind::Script, "/S /JavaScript"),
    (b"RichMediaExecute", ActiveKind::Script, "/S /RichMediaExecute"),
    (b"Launch", ActiveKind::LaunchAction, "/S /Launch"),
    (b"GoToE", ActiveKind::LaunchAction, "/S /GoToE"),
    (b"ImportData", ActiveKind::LaunchAction, "/S /ImportData"),
    (b"SubmitForm", ActiveKind::LaunchAction, "/S /SubmitForm"),
];

/// Keys that say it whatever else stands beside them: a script (of `/Rendition` too), the script of
/// a three-dimensional view, the files of a file specification.
const KEYS: [(&[u8], ActiveKind, Mark); 3] = [
    (b"JS", ActiveKind::Script, "/JS"),
    (b"OnInstantiate", ActiveKind::Script, "/OnInstantiate"),
    (b"EF", ActiveKind::EmbeddedFile, "/EF"),
];

/// Types and subtypes that are active by themselves.
const TYPES: [(&[u8], &[u8], ActiveKind, Mark); 3] = [
    (b"Subtype", b"FileAttachment", ActiveKind::EmbeddedFile, "/Subtype /FileAttachment"),
    (b"Subtype", b"RichMedia", ActiveKind::Script, "/Subtype /RichMedia"),
    (b"Type", b"EmbeddedFile", ActiveKind::EmbeddedFile, "/Type /EmbeddedFile"),
];

struct Search<'r, 'f> {
    revision: &'r Revision<'f>,
    /// What was looked at or is waiting for it.
    known: HashSet<ObjectId>,
    waiting: Vec<ObjectId>,
    /// What leads away from a page: the fields above a widget, which have widgets elsewhere.
    later: Vec<ObjectId>,
    found: ActiveContents,
}

impl Search<'_, '_> {
    fn from(&mut self, root: ObjectId, page: Option<PageNumber>) -> Result<(), Error> {
        self.waiting.push(root);
        let allowed = self.revision.file().limits().objects;
        while let Some(id) = self.waiting.pop() {
            let known = u64::try_from(self.known.len()).unwrap_or(u64::MAX);
            LimitExceeded::check(Limit::Objects, known, allowed)?;
            if let Some(object) = self.revision.get(id)? {
                self.value(&object.object.value, id, page)?;
            }
        }
        Ok(())
    }

    /// Looks at a value inside the object `id`. The parser has limited its nesting.
    fn value(
        &mut self,
        value: &Object,
        id: ObjectId,
        page: Option<PageNumber>,
    ) -> Result<(), Error> {
        match value {
            Object::Reference(next) => {
                let is_new = self.known.insert(*next);
                self.waiting.extend(is_new.then_some(*next));
            }
            Object::Array(items) => {
                for item in items {
                    self.value(&item.value, id, page)?;
                }
            }
            Object::Dictionary(dictionary) => self.dictionary(dictionary, id, page)?,
            Object::Stream(stream) => self.dictionary(&stream.dictionary, id, page)?,
            _ => {}
        }
        Ok(())
    }

    fn dictionary(
        &mut self,
        dictionary: &Dictionary,
        id: ObjectId,
        page: Option<PageNumber>,
    ) -> Result<(), Error> {
        self.judge(dictionary, id, page)?;
        for (key, value) in dictionary.iter() {
            match (key, value) {
                (b"Resources" | b"Contents", _) => {}
                (b"Parent", Object::Reference(above)) if page.is_some() => self.later.push(*above),
                _ => self.value(value, id, page)?,
            }
        }
        Ok(())
    }

    /// What the dictionary itself is. An action may spell its kind in an object of its own.
    fn judge(
        &mut self,
        dictionary: &Dictionary,
        id: ObjectId,
        page: Option<PageNumber>,
    ) -> Result<(), Error> {
        let action = self.revision.lookup(dictionary, b"S")?;
        let action = action.as_deref().and_then(Object::as_name);
        let action = ACTIONS.iter().find(|(name, ..)| action == Some(name));
        if let Some((_, kind, mark)) = action {
            self.found.add(*kind, id, page, mark);
        }
        for (key, kind, mark) in KEYS {
            let told = action.is_some_and(|(_, known, _)| *known == kind);
            if !told && self.revision.lookup(dictionary, key)?.is_some() {
                self.found.add(kind, id, page, mark);
            }
        }
        for (key, name, kind, mark) in TYPES {
            let value = self.revision.lookup(dictionary, key)?;
            if value.as_deref().and_then(Object::as_name) == Some(name) {
                self.found.add(kind, id, page, mark);
            }
        }
        Ok(())
    }

    /// What the catalog announces, whether or not it can be recognised below.
    fn catalog(&mut self, id: ObjectId) -> Result<(), Error> {
        let catalog = self.revision.catalog()?;
        if self.revision.lookup(&catalog, b"Collection")?.is_some() {
            self.found.add(ActiveKind::EmbeddedFile, id, None, "/Collection");
        }
        let Some(names) = self.revision.lookup(&catalog, b"Names")? else { return Ok(()) };
        let Some(names) = names.as_dictionary() else {
            return Err(Error::structure(id, "/Names of the catalog is not a dictionary"));
        };
        for (key, kind, mark) in [
            (&b"JavaScript"[..], ActiveKind::Script, "/Names /JavaScript"),
            (b"EmbeddedFiles", ActiveKind::EmbeddedFile, "/Names /EmbeddedFiles"),
        ] {
            if self.has_names(names, key)? {
                self.found.add(kind, id, None, mark);
            }
        }
        Ok(())
    }

    /// Whether a name tree is there and not plainly empty.
    fn has_names(&self, names: &Dictionary, key: &[u8]) -> Result<bool, Error> {
        let Some(tree) = self.revision.lookup(names, key)? else { return Ok(false) };
        let Some(tree) = tree.as_dictionary() else { return Ok(true) };
        for part in [&b"Names"[..], b"Kids"] {
            let part = self.revision.lookup(tree, part)?;
            let is_empty = part.as_deref().is_none_or(|part| part.as_array() == Some(&[]));
            if !is_empty {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
