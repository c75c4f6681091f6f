//! What content streams refer to by name, read once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::colour::Space;
use super::font::{Font, Unknown};
use super::matrix::{Bounds, Matrix, sorted};
use crate::pdf::{Dictionary, Error, Object, ObjectId, Page, Revision};

/// Decoded bytes of forms that are kept.
const MOST_KEPT: usize = 16 << 20;

/// A form XObject (§8.10).
pub(crate) struct Form {
    pub(crate) id: ObjectId,
    pub(crate) content: Vec<u8>,
    pub(crate) matrix: Matrix,
    pub(crate) bbox: Option<Bounds>,
    /// Its own resources; without them those of whoever draws it count.
    pub(super) resources: Option<Rc<Resources>>,
}

/// What `Do` draws, and the optional content to which it belongs.
#[derive(Clone)]
pub(super) struct XObject {
    pub(super) drawn: Drawn,
    pub(super) layer: Option<Object>,
}

#[derive(Clone)]
pub(super) enum Drawn {
    Image(Image),
    Form(Rc<Form>),
}

/// What is known of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    /// It covers its whole square.
    Whole,
    /// It has a mask, or parts through which one can see.
    Masked,
    /// It is a mask through which the colour of the state is painted.
    Stencil,
    /// No reader agrees on what it is.
    Unknown,
}

/// The categories of a resource dictionary (§7.8.3) that decide what is seen.
#[derive(Default)]
pub(crate) struct Resources {
    fonts: Dictionary,
    xobjects: Dictionary,
    states: Dictionary,
    spaces: Dictionary,
    properties: Dictionary,
    known_spaces: RefCell<HashMap<Vec<u8>, Space>>,
}

impl Resources {
    fn read(revision: &Revision<'_>, resources: &Dictionary) -> Result<Self, Error> {
        let category = |key: &[u8]| -> Result<Dictionary, Error> {
            Ok(match revision.lookup(resources, key)?.map(|found| found.into_owned()) {
                Some(Object::Dictionary(found)) => found,
                _ => Dictionary::default(),
            })
        };
        Ok(Self {
            fonts: category(b"Font")?,
            xobjects: category(b"XObject")?,
            states: category(b"ExtGState")?,
            spaces: category(b"ColorSpace")?,
            properties: category(b"Properties")?,
            known_spaces: RefCell::default(),
        })
    }

    /// A graphics state parameter dictionary (§8.4.5).
    pub(super) fn state(
        &self,
        revision: &Revision<'_>,
        name: &[u8],
    ) -> Result<Option<Dictionary>, Error> {
        Ok(revision.lookup(&self.states, name)?.and_then(|it| it.as_dictionary().cloned()))
    }

    /// A property list, not resolved: an optional content group is known by its object.
    pub(super) fn property(&self, name: &[u8]) -> Option<&Object> {
        self.properties.get(name)
    }

    pub(super) fn space(&self, revision: &Revision<'_>, name: &[u8]) -> Result<Space, Error> {
        if let Some(space) = Space::of_device(name) {
            return Ok(space);
        }
        if let Some(known) = self.known_spaces.borrow().get(name) {
            return Ok(*known);
        }
        let found = match revision.lookup(&self.spaces, name)? {
            Some(space) => Space::read(revision, &space)?,
            None => Space::Unknown,
        };
        self.known_spaces.borrow_mut().insert(name.to_vec(), found);
        Ok(found)
    }
}

/// What was read of a document, so that a letterhead on every page costs once.
pub(crate) struct Cache<'r, 'f> {
    pub(crate) revision: &'r Revision<'f>,
    unknown: Unknown,
    fonts: HashMap<ObjectId, Rc<Font>>,
    xobjects: HashMap<ObjectId, Option<XObject>>,
    resources: HashMap<ObjectId, Rc<Resources>>,
    kept: usize,
}

impl<'r, 'f> Cache<'r, 'f> {
    pub(crate) fn new(revision: &'r Revision<'f>, unknown: Unknown) -> Self {
        Self {
            revision,
            unknown,
            fonts: HashMap::new(),
            xobjects: HashMap::new(),
            resources: HashMap::new(),
            kept: 0,
        }
    }

    /// The fonts that were used and are objects of their own.
    pub(crate) fn fonts(&self) -> impl Iterator<Item = ObjectId> {
        self.fonts.keys().copied()
    }

    /// The resources of a page or form.
    pub(crate) fn resources(&mut self, entry: Option<&Object>) -> Result<Rc<Resources>, Error> {
        let Some(entry) = entry else { return Ok(Rc::default()) };
        let id = entry.as_reference();
        if let Some(known) = id.and_then(|id| self.resources.get(&id)) {
            return Ok(Rc::clone(known));
        }
        let read = match self.revision.resolve(entry)?.as_dictionary() {
            Some(dictionary) => Rc::new(Resources::read(self.revision, dictionary)?),
            None => Rc::default(),
        };
        if let Some(id) = id {
            self.resources.insert(id, Rc::clone(&read));
        }
        Ok(read)
    }

    pub(super) fn font(&mut self, resources: &Resources, name: &[u8]) -> Result<Rc<Font>, Error> {
        self.font_of(resources.fonts.get(name))
    }

    /// A font, or what stands in for it.
    pub(super) fn font_of(&mut self, entry: Option<&Object>) -> Result<Rc<Font>, Error> {
        let id = entry.and_then(Object::as_reference);
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(Rc::clone(known));
        }
        let found = entry.map(|entry| self.revision.resolve(entry)).transpose()?;
        let read = match found.as_deref().and_then(Object::as_dictionary) {
            Some(font) => Font::read(self.revision, font, self.unknown)?,
            None => Font::unknown(self.unknown),
        };
        let read = Rc::new(read);
        if let Some(id) = id {
            self.fonts.insert(id, Rc::clone(&read));
        }
        Ok(read)
    }

    /// What stands in for a font that cannot be read.
    pub(super) fn unknown_font(&self) -> Rc<Font> {
        Rc::new(Font::unknown(self.unknown))
    }

    /// What a name draws.
    pub(super) fn xobject(
        &mut self,
        resources: &Resources,
        name: &[u8],
    ) -> Result<Option<XObject>, Error> {
        let Some(id) = resources.xobjects.reference(name) else { return Ok(None) };
        if let Some(known) = self.xobjects.get(&id) {
            return Ok(known.clone());
        }
        let read = self.read_xobject(id)?;
        let size = match &read {
            Some(XObject { drawn: Drawn::Form(form), .. }) => form.content.len(),
            _ => 0,
        };
        if self.kept.saturating_add(size) <= MOST_KEPT {
            self.kept += size;
            self.xobjects.insert(id, read.clone());
        }
        Ok(read)
    }

    fn read_xobject(&mut self, id: ObjectId) -> Result<Option<XObject>, Error> {
        let Some(found) = self.revision.get(id)? else { return Ok(None) };
        let Object::Stream(stream) = &found.object.value else { return Ok(None) };
        let drawn = match stream.dictionary.name(b"Subtype") {
            Some(b"Form") => self.form(id)?.map(Drawn::Form),
            Some(b"Image") => Some(Drawn::Image(self.image(&stream.dictionary)?)),
            _ => Some(Drawn::Image(Image::Unknown)),
        };
        let layer = stream.dictionary.get(b"OC").cloned();
        Ok(drawn.map(|drawn| XObject { drawn, layer }))
    }

    fn image(&self, image: &Dictionary) -> Result<Image, Error> {
        let stencil = self.revision.lookup(image, b"ImageMask")?;
        if stencil.is_some_and(|it| it.as_boolean() == Some(true)) {
            return Ok(Image::Stencil);
        }
        let inside = image.integer(b"SMaskInData").unwrap_or(0) != 0;
        let masked = inside || image.contains(b"SMask") || image.contains(b"Mask");
        Ok(if masked { Image::Masked } else { Image::Whole })
    }

    /// A form XObject; `None` if it is none.
    pub(crate) fn form(&mut self, id: ObjectId) -> Result<Option<Rc<Form>>, Error> {
        let Some(found) = self.revision.get(id)? else { return Ok(None) };
        let Object::Stream(stream) = &found.object.value else { return Ok(None) };
        let resources = match stream.dictionary.get(b"Resources") {
            Some(entry) => Some(self.resources(Some(entry))?),
            None => None,
        };
        let matrix = numbers::<6>(self.revision, stream.dictionary.get(b"Matrix"))?;
        let bbox = numbers::<4>(self.revision, stream.dictionary.get(b"BBox"))?;
        Ok(Some(Rc::new(Form {
            id,
            content: self.revision.decoded(id, stream)?,
            matrix: matrix.map_or(Matrix::IDENTITY, Matrix),
            bbox: bbox.map(sorted),
            resources,
        })))
    }
}

/// The content of a page: its streams, one behind the other (§7.8.2).
pub(crate) fn page_content(revision: &Revision<'_>, page: &Page) -> Result<Vec<u8>, Error> {
    let references = |items: &Object| -> Vec<ObjectId> {
        let items = items.as_array().unwrap_or(&[]);
        items.iter().filter_map(|item| item.value.as_reference()).collect()
    };
    let parts = match page.dictionary().get(b"Contents") {
        Some(Object::Reference(id)) => match revision.get(*id)?.map(|found| found.object.value) {
            Some(list @ Object::Array(_)) => references(&list),
            _ => vec![*id],
        },
        Some(list) => references(list),
        None => Vec::new(),
    };
    let mut content = Vec::new();
    for id in parts {
        let Some(found) = revision.get(id)? else { continue };
        if let Object::Stream(stream) = &found.object.value {
            content.extend(revision.decoded(id, stream)?);
            content.push(b'\n');
        }
    }
    Ok(content)
}

/// So many numbers; `None` if there are others.
pub(crate) fn numbers<const N: usize>(
    revision: &Revision<'_>,
    entry: Option<&Object>,
) -> Result<Option<[f64; N]>, Error> {
    let Some(entry) = entry else { return Ok(None) };
    let found = revision.resolve(entry)?;
    let Some(items) = found.as_array().filter(|items| items.len() == N) else { return Ok(None) };
    let mut numbers = [0.0; N];
    for (number, item) in numbers.iter_mut().zip(items) {
        match revision.resolve(&item.value)?.as_number() {
            Some(value) if value.is_finite() => *number = value,
            _ => return Ok(None),
        }
    }
    Ok(Some(numbers))
}
