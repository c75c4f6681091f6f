//! A page's resources with more XObjects in them (ISO 32000-2 §7.8.3), and nobody else's touched.
//!
//! A dictionary that stands in the page's own object grows in place. One that other pages may use, by
//! reference or by inheritance, is copied token for token into a new object, once for all pages that
//! have it from there. A dictionary is read once and copied once, however many pages have it: else a
//! large one that all pages name would need its size for each of them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use crate::pdf::{
    Append, Dictionary, Error, IndirectObject, Object, ObjectId, Page, Revision, Span, Splice,
    Tokens,
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
    found: Option<Rc<Found>>,
    /// `/XObject`, if it stands in an object of its own.
    xobjects: Option<Rc<Found>>,
}

/// The XObjects that are added: names without slash, and object numbers.
pub(super) type Added = BTreeMap<String, ObjectId>;

/// Reads resources, each dictionary that several pages may have once.
pub(super) struct Reader<'f> {
    revision: Revision<'f>,
    objects: HashMap<ObjectId, Option<Rc<Found>>>,
    /// What the pages below a node inherit.
    inherited: HashMap<ObjectId, Option<Rc<Found>>>,
}

impl<'f> Reader<'f> {
    pub(super) fn new(revision: Revision<'f>) -> Self {
        Self { revision, objects: HashMap::new(), inherited: HashMap::new() }
    }

    /// The resources of a page.
    pub(super) fn read(&mut self, page: &Page) -> Result<PageResources, Error> {
        let found = match page.attribute(b"Resources") {
            None => None,
            Some(_) if page.dictionary().contains(b"Resources") => {
                self.inside(page.id(), page.dictionary())?
            }
            Some(_) => match page.dictionary().reference(b"Parent") {
                Some(parent) => self.inherited(parent)?,
                None => None,
            },
        };
        let origin = match &found {
            None => Origin::Nowhere,
            Some(found) if found.object.id == page.id() => Origin::Own,
            Some(found) => Origin::Elsewhere(found.object.id),
        };
        let xobjects = match found.as_ref().and_then(|it| it.dictionary.reference(b"XObject")) {
            Some(id) => self.object(id)?,
            None => None,
        };
        Ok(PageResources { origin, found, xobjects })
    }

    /// `/Resources` of a page or a node, direct or behind a reference.
    fn inside(&mut self, id: ObjectId, holder: &Dictionary) -> Result<Option<Rc<Found>>, Error> {
        if let Some(elsewhere) = holder.reference(b"Resources") {
            return self.object(elsewhere);
        }
        let object = self.revision.get(id)?.ok_or(Error::structure(id, "missing"))?;
        Ok(Some(Rc::new(Found::inside(object, b"Resources")?)))
    }

    /// What the pages below a node have for `/Resources`: that of the nearest node which has it.
    fn inherited(&mut self, node: ObjectId) -> Result<Option<Rc<Found>>, Error> {
        let (mut way, mut next, mut found) = (Vec::new(), Some(node), None);
        let mut left = self.revision.file().limits().depth;
        while let Some(id) = next {
            if let Some(known) = self.inherited.get(&id) {
                found = known.clone();
                break;
            }
            let Some(less) = left.checked_sub(1) else { break };
            left = less;
            way.push(id);
            let dictionary = self.revision.dictionary(id)?;
            if dictionary.contains(b"Resources") {
                found = self.inside(id, &dictionary)?;
                break;
            }
            next = dictionary.reference(b"Parent");
        }
        for id in way {
            self.inherited.insert(id, found.clone());
        }
        Ok(found)
    }

    fn object(&mut self, id: ObjectId) -> Result<Option<Rc<Found>>, Error> {
        if let Some(known) = self.objects.get(&id) {
            return Ok(known.clone());
        }
        let found = Found::object(self.revision, id)?.map(Rc::new);
        self.objects.insert(id, found.clone());
        Ok(found)
    }
}

impl PageResources {
    /// Adds the names of XObjects that begin like this, unless `read` has their dictionary already.
    pub(super) fn names(
        &self,
        prefix: &str,
        read: &mut HashSet<ObjectId>,
        names: &mut HashSet<String>,
    ) {
        let (Some(holder), Some(xobjects)) = (self.holder(), self.xobjects()) else { return };
        if read.insert(holder.object.id) {
            let keys = xobjects.entries().iter().map(|entry| &entry.key);
            let keys = keys.filter(|key| key.starts_with(prefix.as_bytes()));
            names.extend(keys.map(|key| String::from_utf8_lossy(key).into_owned()));
        }
    }

    /// The first number of marked content that no property list here has (`/Properties`, §14.6.2).
    pub(super) fn free_number(&self, revision: Revision<'_>) -> Result<usize, Error> {
        let Some(found) = &self.found else { return Ok(0) };
        let lists = revision.lookup(&found.dictionary, b"Properties")?;
        let Some(lists) = lists.as_deref().and_then(Object::as_dictionary) else { return Ok(0) };
        let mut free = 0;
        for (_, list) in lists.iter() {
            let list = revision.resolve(list)?;
            let number = list.as_dictionary().and_then(|list| list.integer(b"MCID"));
            let number = number.and_then(|number| usize::try_from(number).ok());
            free = free.max(number.map_or(0, |number| number.saturating_add(1)));
        }
        Ok(free)
    }

    /// The object of `/XObject`, if that is one of its own: other dictionaries may name it too.
    pub(super) fn xobjects_elsewhere(&self) -> Option<ObjectId> {
        self.xobjects.as_ref().map(|found| found.object.id)
    }

    /// The object in which the names of XObjects stand.
    fn holder(&self) -> Option<&Found> {
        self.xobjects.as_deref().or(self.found.as_deref())
    }

    fn xobjects(&self) -> Option<&Dictionary> {
        match &self.xobjects {
            Some(found) => Some(&found.dictionary),
            None => self.found.as_ref()?.dictionary.get(b"XObject").and_then(Object::as_dictionary),
        }
    }

    /// Grows the dictionary in the page's own object. `copied` is the copy of an `/XObject` that is an
    /// object of its own.
    pub(super) fn grow(
        &self,
        revision: Revision<'_>,
        added: &Added,
        copied: Option<ObjectId>,
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
        let body = self.xobject_value(revision, added, copied)?;
        page.set(&found.dictionary, found.span, b"XObject", &body);
        Ok(())
    }

    /// A copy with the additions, as a new object; all other tokens as they are.
    pub(super) fn copy(
        &self,
        append: &mut Append<'_>,
        added: &Added,
        copied: Option<ObjectId>,
    ) -> Result<ObjectId, Error> {
        let revision = append.base();
        let mut body = b"<<".to_vec();
        if let Some(found) = &self.found {
            let text = found.text(revision)?;
            for entry in found.dictionary.entries().iter().filter(|it| it.key != b"XObject") {
                let span = Span::new(entry.key_span.start, entry.value.span.end);
                body.extend_from_slice(&text.between(span)?);
                body.push(b' ');
            }
        }
        body.extend_from_slice(b"/XObject ");
        body.extend(self.xobject_value(revision, added, copied)?);
        body.extend_from_slice(b">>");
        let id = append.allocate()?;
        append.put(id, &body);
        Ok(id)
    }

    /// A copy of an `/XObject` that is an object of its own, with the additions.
    pub(super) fn copy_xobjects(
        &self,
        append: &mut Append<'_>,
        added: &Added,
    ) -> Result<ObjectId, Error> {
        let body = self.xobject_value(append.base(), added, None)?;
        let id = append.allocate()?;
        append.put(id, &body);
        Ok(id)
    }

    fn xobject_value(
        &self,
        revision: Revision<'_>,
        added: &Added,
        copied: Option<ObjectId>,
    ) -> Result<Vec<u8>, Error> {
        if let Some(copied) = copied {
            return Ok(format!("{copied} R").into_bytes());
        }
        let mut body = b"<<".to_vec();
        if let (Some(holder), Some(xobjects)) = (self.holder(), self.xobjects()) {
            let text = holder.text(revision)?;
            for entry in xobjects.entries() {
                let span = Span::new(entry.key_span.start, entry.value.span.end);
                body.extend_from_slice(&text.between(span)?);
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

/// What XObjects are called; each object that says so is read once.
pub(super) struct Named<'f> {
    revision: Revision<'f>,
    known: HashMap<ObjectId, Rc<XObjects>>,
}

pub(super) type XObjects = HashMap<Vec<u8>, ObjectId>;

impl<'f> Named<'f> {
    pub(super) fn of(revision: Revision<'f>) -> Self {
        Self { revision, known: HashMap::new() }
    }

    /// The names that a page has; `None` if it has no resources.
    pub(super) fn on(&mut self, page: &Dictionary) -> Result<Option<Rc<XObjects>>, Error> {
        match page.get(b"Resources") {
            Some(Object::Reference(id)) => self.at(*id, Self::in_resources).map(Some),
            Some(Object::Dictionary(resources)) => self.in_resources(resources).map(Some),
            _ => Ok(None),
        }
    }

    fn in_resources(&mut self, resources: &Dictionary) -> Result<Rc<XObjects>, Error> {
        match resources.get(b"XObject") {
            Some(Object::Reference(id)) => self.at(*id, |_, xobjects| Ok(Self::listed(xobjects))),
            Some(Object::Dictionary(xobjects)) => Ok(Self::listed(xobjects)),
            _ => Ok(Rc::default()),
        }
    }

    fn at(
        &mut self,
        id: ObjectId,
        read: impl FnOnce(&mut Self, &Dictionary) -> Result<Rc<XObjects>, Error>,
    ) -> Result<Rc<XObjects>, Error> {
        if let Some(known) = self.known.get(&id) {
            return Ok(Rc::clone(known));
        }
        let dictionary = self.revision.dictionary(id)?;
        let names = read(self, &dictionary)?;
        self.known.insert(id, Rc::clone(&names));
        Ok(names)
    }

    fn listed(xobjects: &Dictionary) -> Rc<XObjects> {
        let names = xobjects
            .iter()
            .filter_map(|(name, form)| form.as_reference().map(|form| (name.to_vec(), form)));
        Rc::new(names.collect())
    }
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

    /// The dictionary that stands under a key of an object.
    fn inside(object: IndirectObject, key: &[u8]) -> Result<Self, Error> {
        let wrong = Error::structure(object.id, "resources are not a dictionary");
        let found = object.object.value.as_dictionary().and_then(|holder| holder.get_spanned(key));
        let Some(found) = found else { return Err(wrong) };
        let Object::Dictionary(dictionary) = &found.value else { return Err(wrong) };
        let (dictionary, span) = (dictionary.clone(), found.span);
        Ok(Self { object, dictionary, span })
    }

    fn text<'f>(&'f self, revision: Revision<'f>) -> Result<Tokens<'f>, Error> {
        self.object.tokens(revision.file())
    }
}
