//! A page's resources with more XObjects in them (ISO 32000-2 §7.8.3), and nobody else's touched.
//!
//! A dictionary that stands in the page's own object grows in place. One that other pages may use, by
//! reference or by inheritance, is copied token for token into a new object, once for all pages that
//! have it from there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{
    Append, Dictionary, Error, IndirectObject, Object, ObjectId, Page, Revision, Span, Splice,
};

/// Where a page has its resources from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// They stand in the page's own object.
    Own,
    /// An object of their own, or a node of the page tree above.
    Elsewhere(ObjectId),
    /// Nowhere.
    Nowhere,
}

/// A dictionary with the object in whose text it stands.
struct Found {
    object: IndirectObject,
    dictionary: Dictionary,
    span: Span,
}

/// The resources of one page.
pub(super) struct PageResources {
    pub(super) origin: Origin,
    found: Option<Found>,
    /// `/XObject`, if it stands in an object of its own.
    xobjects: Option<Found>,
}

/// The XObjects that are added: names without slash, and object numbers.
pub(super) type Added = BTreeMap<String, ObjectId>;

impl PageResources {
    pub(super) fn of(revision: Revision<'_>, page: &Page) -> Result<Self, Error> {
        let Some(holder) = holder(revision, page)? else {
            return Ok(Self { origin: Origin::Nowhere, found: None, xobjects: None });
        };
        let found = Found::inside(revision, holder, b"Resources")?;
        let origin = match &found {
            None => Origin::Nowhere,
            Some(found) if found.object.id == page.id() => Origin::Own,
            Some(found) => Origin::Elsewhere(found.object.id),
        };
        let xobjects = match &found {
            Some(found) => match found.dictionary.get(b"XObject") {
                Some(Object::Reference(id)) => Found::object(revision, *id)?,
                _ => None,
            },
            None => None,
        };
        Ok(Self { origin, found, xobjects })
    }

    /// The names of XObjects that are taken.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let entries = self.xobjects().map_or(&[][..], |dictionary| dictionary.entries());
        entries.iter().map(|entry| String::from_utf8_lossy(&entry.key).into_owned()).collect()
    }

    fn xobjects(&self) -> Option<&Dictionary> {
        match &self.xobjects {
            Some(found) => Some(&found.dictionary),
            None => self.found.as_ref()?.dictionary.get(b"XObject").and_then(Object::as_dictionary),
        }
    }

    /// Grows the dictionary in the page's own object.
    pub(super) fn grow(
        &self,
        revision: Revision<'_>,
        added: &Added,
        page: &mut Splice<'_>,
    ) -> Result<(), Error> {
        let Some(found) = &self.found else { return Ok(()) };
        let own = found.dictionary.get_spanned(b"XObject");
        if let Some((xobjects, span)) =
            own.and_then(|own| Some((own.value.as_dictionary()?, own.span)))
        {
            for (name, id) in added {
                page.set(xobjects, span, name.as_bytes(), format!("{id} R").as_bytes());
            }
            return Ok(());
        }
        let body = self.xobject_body(revision, added)?;
        page.set(&found.dictionary, found.span, b"XObject", &body);
        Ok(())
    }

    /// A copy with the additions, as a new object; all other tokens as they are.
    pub(super) fn copy(&self, append: &mut Append<'_>, added: &Added) -> Result<ObjectId, Error> {
        let revision = append.base();
        let mut body = b"<<".to_vec();
        if let Some(found) = &self.found {
            let text = found.text(revision)?;
            for entry in found.dictionary.entries().iter().filter(|it| it.key != b"XObject") {
                body.extend(text.between(entry.key_span.start, entry.value.span.end)?);
                body.push(b' ');
            }
        }
        body.extend_from_slice(b"/XObject ");
        body.extend(self.xobject_body(revision, added)?);
        body.extend_from_slice(b">>");
        let id = append.allocate()?;
        append.put(id, &body);
        Ok(id)
    }

    fn xobject_body(&self, revision: Revision<'_>, added: &Added) -> Result<Vec<u8>, Error> {
        let mut body = b"<<".to_vec();
        let holder = self.xobjects.as_ref().or(self.found.as_ref());
        if let (Some(holder), Some(xobjects)) = (holder, self.xobjects()) {
            let text = holder.text(revision)?;
            for entry in xobjects.entries() {
                body.extend(text.between(entry.key_span.start, entry.value.span.end)?);
                body.push(b' ');
            }
        }
        for (name, id) in added {
            body.extend_from_slice(format!("/{name} {id} R ").as_bytes());
        }
        body.extend_from_slice(b">>");
        Ok(body)
    }
}

/// The page, or the nearest node above it, that has `/Resources`.
fn holder(revision: Revision<'_>, page: &Page) -> Result<Option<IndirectObject>, Error> {
    if page.attribute(b"Resources").is_none() {
        return Ok(None);
    }
    let mut id = page.id();
    for _ in 0..=revision.file().limits().depth {
        let object = revision.get(id)?.ok_or(Error::structure(id, "missing"))?;
        let Object::Dictionary(dictionary) = &object.object.value else { return Ok(None) };
        if dictionary.contains(b"Resources") {
            return Ok(Some(object));
        }
        let Some(parent) = dictionary.reference(b"Parent") else { return Ok(None) };
        id = parent;
    }
    Ok(None)
}

impl Found {
    fn object(revision: Revision<'_>, id: ObjectId) -> Result<Option<Self>, Error> {
        let Some(object) = revision.get(id)? else { return Ok(None) };
        match &object.object.value {
            Object::Null => Ok(None),
            Object::Dictionary(dictionary) => {
                let (dictionary, span) = (dictionary.clone(), object.object.span);
                Ok(Some(Self { object, dictionary, span }))
            }
            _ => Err(Error::structure(id, "resources are not a dictionary")),
        }
    }

    /// The dictionary under a key, direct or behind a reference.
    fn inside(
        revision: Revision<'_>,
        object: IndirectObject,
        key: &[u8],
    ) -> Result<Option<Self>, Error> {
        let wrong = Error::structure(object.id, "resources are not a dictionary");
        let Object::Dictionary(holder) = &object.object.value else { return Err(wrong) };
        match holder.get_spanned(key) {
            None => Ok(None),
            Some(value) => match &value.value {
                Object::Reference(id) => Self::object(revision, *id),
                Object::Dictionary(dictionary) => {
                    let (dictionary, span) = (dictionary.clone(), value.span);
                    Ok(Some(Self { object, dictionary, span }))
                }
                _ => Err(wrong),
            },
        }
    }

    fn text<'f>(&'f self, revision: Revision<'f>) -> Result<Text<'f>, Error> {
        let bytes = self.object.bytes(revision.file())?;
        Ok(Text { id: self.object.id, start: self.object.object.span.start, bytes })
    }
}

/// The text of an object, addressed as its spans address it.
struct Text<'f> {
    id: ObjectId,
    start: u64,
    bytes: Cow<'f, [u8]>,
}

impl Text<'_> {
    fn between(&self, from: u64, to: u64) -> Result<&[u8], Error> {
        let index = |at: u64| usize::try_from(at.checked_sub(self.start)?).ok();
        let slice = index(from).zip(index(to)).and_then(|(from, to)| self.bytes.get(from..to));
        slice.ok_or(Error::structure(self.id, "a value lies outside its object"))
    }
}
