//! Whether the pages still say what was issued.
//!
//! A signature covers what was there before it. Who writes other text into a page after it was issued,
//! and has that signed, breaks no signature; the pages are held against those that were issued.

use std::collections::HashSet;

use super::code::DeviationCode as Code;
use super::verdict::Deviation;
use crate::contract::{Contract, ControlKind, Document};
use crate::pdf::{Dictionary, Error, File, Object, ObjectId, Page, Revision};

/// What a page gets when it is prepared, and its shape, which is compared with the record.
const PREPARED: [&[u8]; 7] =
    [b"Annots", b"StructParents", b"Tabs", b"MediaBox", b"CropBox", b"Rotate", b"UserUnit"];
/// What it gets with the values that are drawn on it.
const DRAWN: [&[u8]; 3] = [b"Contents", b"Resources", b"Group"];
/// What of the catalog says which part of a page is seen.
const LAYERS: &[u8] = b"OCProperties";
/// So many objects of what pages show are looked at.
const MOST: usize = 200_000;

/// Whether values were drawn on the pages of a document before anybody signed: then there is more on
/// them than was issued, and nothing less.
pub(super) fn has_values(contract: &Contract, document: &Document) -> bool {
    let mut controls = contract.controls().iter();
    controls.any(|control| {
        let drawn = !control.kind().is_sign() && *control.kind() != ControlKind::Attachment;
        control.key().document == *document.id() && drawn && control.value().is_some()
    })
}

/// What pages show now and did not when they were issued.
pub(super) fn check(
    file: &File<'_>,
    issued: usize,
    has_values: bool,
) -> Result<Vec<Deviation>, Error> {
    let Some(before) = file.revision(issued) else { return Ok(Vec::new()) };
    let latest = file.latest();
    let redefined = redefined(file, issued)?;
    let pages = |view: Revision<'_>| {
        let mut pages = Vec::new();
        view.each_page(|page| {
            pages.push(page);
            Ok::<(), Error>(())
        })?;
        Ok::<_, Error>(pages)
    };
    let mut found = Vec::new();
    let mut tell = |page: Option<u32>, what: String| {
        let told = Deviation::new(Code::ContentChanged, "as it was issued", what);
        found.push(match page {
            Some(page) => told.on_page(page),
            None => told,
        });
    };
    let mut walk = Walk { view: before, redefined: &redefined, known: HashSet::new() };
    for (was, now) in pages(before)?.into_iter().zip(pages(latest)?) {
        let number = was.number();
        if let Some(key) = changed_key((&was, &now), has_values) {
            tell(Some(number), format!("another /{}", String::from_utf8_lossy(&key)));
            continue;
        }
        let (old, new) = (contents(before, &was)?, contents(latest, &now)?);
        let mut rest = new.iter();
        if !old.iter().all(|id| rest.any(|next| next == id)) {
            tell(Some(number), "other content".to_owned());
        } else if let Some(id) = walk.changed(old.into_iter(), was.attribute(b"Resources"))? {
            tell(Some(number), format!("another object {id}"));
        }
    }
    let layers = |view: Revision<'_>| Ok::<_, Error>(view.catalog()?.get(LAYERS).cloned());
    let (was, now) = (layers(before)?, layers(latest)?);
    if was != now || walk.changed(std::iter::empty(), was.as_ref())?.is_some() {
        tell(None, "other layers".to_owned());
    }
    Ok(found)
}

/// The numbers of objects that stand again in later revisions.
fn redefined(file: &File<'_>, issued: usize) -> Result<HashSet<u32>, Error> {
    let mut numbers = HashSet::new();
    for revision in file.revisions().filter(|it| it.number() > issued) {
        for section in revision.own_sections() {
            numbers.extend(section.entries(file.source())?.into_iter().map(|(number, _)| number));
        }
    }
    Ok(numbers)
}

/// The first entry of a page that differs and may not.
fn changed_key((was, now): (&Page, &Page), has_values: bool) -> Option<Vec<u8>> {
    let (old, new) = (was.dictionary(), now.dictionary());
    let names = |page: &Dictionary| page.iter().map(|(key, _)| key.to_vec()).collect::<Vec<_>>();
    let keys = names(old).into_iter().chain(names(new));
    let may = |key: &[u8]| PREPARED.contains(&key) || has_values && DRAWN.contains(&key);
    keys.into_iter().find(|key| !may(key) && old.get(key) != new.get(key))
}

/// The streams of a page, in their order.
fn contents(view: Revision<'_>, page: &Page) -> Result<Vec<ObjectId>, Error> {
    let Some(value) = page.dictionary().get(b"Contents") else { return Ok(Vec::new()) };
    let found = view.resolve(value)?;
    Ok(match &*found {
        Object::Array(items) => items.iter().filter_map(|it| it.value.as_reference()).collect(),
        _ => value.as_reference().into_iter().collect(),
    })
}

/// What pages showed when they were issued, each object looked at once.
struct Walk<'w, 'f> {
    view: Revision<'f>,
    redefined: &'w HashSet<u32>,
    known: HashSet<ObjectId>,
}

impl Walk<'_, '_> {
    /// The first object below these that stands again later.
    fn changed(
        &mut self,
        roots: impl Iterator<Item = ObjectId>,
        value: Option<&Object>,
    ) -> Result<Option<ObjectId>, Error> {
        let mut waiting: Vec<ObjectId> = roots.collect();
        if let Some(value) = value {
            value.for_each_reference(&mut |id| waiting.push(id));
        }
        while let Some(id) = waiting.pop() {
            if self.known.len() >= MOST || !self.known.insert(id) {
                continue;
            }
            if self.redefined.contains(&id.number) {
                return Ok(Some(id));
            }
            let Some(found) = self.view.get(id)? else { continue };
            let object = &found.object.value;
            let dictionary = match object {
                Object::Stream(stream) => Some(&stream.dictionary),
                other => other.as_dictionary(),
            };
            // A picture may know its page, or its place in the structure: that is not what it shows.
            let leads_away = dictionary.and_then(|it| it.name(b"Type")).is_some_and(|kind| {
                [&b"Page"[..], b"Pages", b"Catalog", b"StructElem", b"Annot"].contains(&kind)
            });
            if !leads_away {
                object.for_each_reference(&mut |id| waiting.push(id));
            }
        }
        Ok(None)
    }
}
