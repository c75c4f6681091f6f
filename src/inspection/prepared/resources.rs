//! What content streams refer to by name, read once.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::canvas::Bounds;
use super::font::{Font, contradiction};
use super::found::Found;
use super::graphics::{Matrix, Space};
use crate::pdf::{Dictionary, Error, Object, ObjectId, Revision, Spanned};
use crate::report::{Code, Finding};

/// Decoded bytes of forms that are kept.
const MOST_KEPT: usize = 16 << 20;

/// A form XObject (§8.10).
pub(super) struct Form {
    pub(super) id: ObjectId,
    pub(super) content: Vec<u8>,
    pub(super) matrix: Matrix,
    pub(super) bbox: Option<Bounds>,
    /// Its own resources; without them those of whoever draws it count.
    pub(super) resources: Option<Rc<Resources>>,
}

/// What `Do` draws.
#[derive(Clone)]
pub(super) enum XObject {
    Image { opaque: bool },
    Form(Rc<Form>),
}

/// The categories of a resource dictionary (§7.8.3) that decide what is seen.
#[derive(Default)]
pub(super) struct Resources {
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
        match name {
            b"DeviceGray" | b"G" | b"CalGray" => return Ok(Space::Gray),
            b"DeviceRGB" | b"RGB" => return Ok(Space::Rgb),
            b"DeviceCMYK" | b"CMYK" => return Ok(Space::Cmyk),
            b"Pattern" => return Ok(Space::Pattern),
            _ => {}
        }
        if let Some(known) = self.known_spaces.borrow().get(name) {
            return Ok(*known);
        }
        let found = match revision.lookup(&self.spaces, name)?.as_deref() {
            Some(Object::Name(alias)) => match alias.as_slice() {
                b"DeviceGray" => Space::Gray,
                b"DeviceRGB" => Space::Rgb,
                b"DeviceCMYK" => Space::Cmyk,
                b"Pattern" => Space::Pattern,
                _ => Space::Unknown,
            },
            Some(Object::Array(parts)) => family(revision, parts)?,
            _ => Space::Unknown,
        };
        self.known_spaces.borrow_mut().insert(name.to_vec(), found);
        Ok(found)
    }
}

/// A colour space that has parameters (§8.6.5).
fn family(revision: &Revision<'_>, parts: &[Spanned]) -> Result<Space, Error> {
    let [name, rest @ ..] = parts else { return Ok(Space::Unknown) };
    Ok(match name.value.as_name() {
        Some(b"CalGray") => Space::Gray,
        Some(b"CalRGB") => Space::Rgb,
        Some(b"Pattern") => Space::Pattern,
        Some(b"ICCBased") => {
            let Some(profile) = rest.first() else { return Ok(Space::Unknown) };
            let profile = revision.resolve(&profile.value)?;
            match profile.as_dictionary().and_then(|it| it.integer(b"N")) {
                Some(1) => Space::Gray,
                Some(3) => Space::Rgb,
                Some(4) => Space::Cmyk,
                _ => Space::Unknown,
            }
        }
        _ => Space::Unknown,
    })
}

/// What was read of a document, so that a letterhead on every page costs once.
pub(super) struct Cache<'r, 'f> {
    pub(super) revision: &'r Revision<'f>,
    fonts: HashMap<ObjectId, Rc<Font>>,
    xobjects: HashMap<ObjectId, Option<XObject>>,
    resources: HashMap<ObjectId, Rc<Resources>>,
    reading: HashSet<ObjectId>,
    kept: usize,
}

impl<'r, 'f> Cache<'r, 'f> {
    pub(super) fn new(revision: &'r Revision<'f>) -> Self {
        Self {
            revision,
            fonts: HashMap::new(),
            xobjects: HashMap::new(),
            resources: HashMap::new(),
            reading: HashSet::new(),
            kept: 0,
        }
    }

    /// The resources of a page or form.
    pub(super) fn resources(&mut self, entry: Option<&Object>) -> Result<Rc<Resources>, Error> {
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
        let id = resources.fonts.reference(name);
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(Rc::clone(known));
        }
        let found = self.revision.lookup(&resources.fonts, name)?;
        let read = match found.as_deref().and_then(Object::as_dictionary) {
            Some(font) => Font::read(self.revision, font)?,
            None => Font::unknown(),
        };
        let read = Rc::new(read);
        if let Some(id) = id {
            self.fonts.insert(id, Rc::clone(&read));
        }
        Ok(read)
    }

    /// What a name draws, and the optional content to which it belongs.
    pub(super) fn xobject(
        &mut self,
        resources: &Resources,
        name: &[u8],
    ) -> Result<Option<(XObject, Option<Object>)>, Error> {
        let Some(id) = resources.xobjects.reference(name) else { return Ok(None) };
        let Some(found) = self.revision.get(id)? else { return Ok(None) };
        let Object::Stream(stream) = &found.object.value else { return Ok(None) };
        let layer = stream.dictionary.get(b"OC").cloned();
        if let Some(known) = self.xobjects.get(&id) {
            return Ok(known.clone().map(|known| (known, layer)));
        }
        let read = match stream.dictionary.name(b"Subtype") {
            Some(b"Form") => self.form(id)?.map(XObject::Form),
            Some(b"Image") => {
                let has = |key: &[u8]| stream.dictionary.contains(key);
                let stencil = self.revision.lookup(&stream.dictionary, b"ImageMask")?;
                let stencil = stencil.is_some_and(|it| it.as_boolean() == Some(true));
                let inside = stream.dictionary.integer(b"SMaskInData").unwrap_or(0) != 0;
                let opaque = !stencil && !inside && !has(b"SMask") && !has(b"Mask");
                Some(XObject::Image { opaque })
            }
            _ => None,
        };
        let size = match &read {
            Some(XObject::Form(form)) => form.content.len(),
            _ => 0,
        };
        if self.kept.saturating_add(size) <= MOST_KEPT {
            self.kept += size;
            self.xobjects.insert(id, read.clone());
        }
        Ok(read.map(|read| (read, layer)))
    }

    /// The fonts whose names contradict their text, of those that were used.
    pub(super) fn contradictions(&self, found: &mut Found) -> Result<(), Error> {
        let mut ids: Vec<ObjectId> = self.fonts.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            let Some(font) = self.revision.get(id)? else { continue };
            let Some(font) = font.object.value.as_dictionary() else { continue };
            if let Some(code) = contradiction(self.revision, font)? {
                found.add(Finding::new(Code::PrepFontContradicts).with(code).about(id));
            }
        }
        Ok(())
    }

    /// A form XObject; `None` if it is none, or leads to itself through its resources.
    pub(super) fn form(&mut self, id: ObjectId) -> Result<Option<Rc<Form>>, Error> {
        let Some(found) = self.revision.get(id)? else { return Ok(None) };
        let Object::Stream(stream) = &found.object.value else { return Ok(None) };
        if !self.reading.insert(id) {
            return Ok(None);
        }
        let resources = match stream.dictionary.get(b"Resources") {
            Some(entry) => Some(self.resources(Some(entry))?),
            None => None,
        };
        self.reading.remove(&id);
        let matrix = numbers::<6>(self.revision, stream.dictionary.get(b"Matrix"))?;
        let bbox = numbers::<4>(self.revision, stream.dictionary.get(b"BBox"))?;
        Ok(Some(Rc::new(Form {
            id,
            content: self.revision.decoded(id, stream)?,
            matrix: matrix.map_or(Matrix::IDENTITY, Matrix),
            bbox: bbox.map(|[x, y, z, w]| [x.min(z), y.min(w), x.max(z), y.max(w)]),
            resources,
        })))
    }
}

/// So many numbers; `None` if there are others.
pub(super) fn numbers<const N: usize>(
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
