//! The text of a PDF's pages.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_cmap::{CMap, CMapName, CidFamily};

use super::composite::Composite;
use super::font::{Font, numbers};
use super::optional_content::OptionalContent;
use super::show::Show;
use super::simple::Simple;
use super::state::Affine;
use super::{PageText, TextError, TextLayer};
use crate::geometry::{PageGeometry, PageNumber, Rotation, Size};
use crate::limits::{Limit, Meter};
use crate::pdf::{Dictionary, Error, File, Object, ObjectId, Page, Revision, Stream};

/// Fonts that are kept from page to page.
const MOST_FONTS: usize = 256;

/// What setting out with a font costs, in bytes gone through: a direct one is loaded by every content
/// stream that uses it.
const COST_OF_A_FONT: u64 = 128 << 10;

/// XObjects that are kept from page to page.
const MOST_X_OBJECTS: usize = 4096;

/// Decoded bytes of form XObjects that are kept from page to page: letterheads and the like.
const MOST_FORM_BYTES: usize = 4 << 20;

/// The text of a PDF, page by page, as its newest revision shows it (feature `text`).
///
/// It understands `/ToUnicode`, the predefined CMaps with and without embedded fonts, standard
/// encodings, Type 3 fonts, vertical writing, form XObjects, optional content and `/ActualText` of
/// marked content, which stands in the place of what it replaces. What annotations and tiling patterns
/// show is not read. Everything comes through [`File`] and is paid for from its
/// [`Limits`](crate::limits::Limits): `inflated_bytes` for what is decoded, `work` for content that
/// is gone through again and again and for fonts, `values` for the glyphs of one page, `depth` for forms in forms.
/// Nothing of the document is copied; fonts and small forms are kept while this lives.
///
/// CMaps, and simple fonts that leave something open, are shown to the readers of hayro, one at a time.
/// Should one panic, the panic is caught and the font counts as unknown; the host's panic hook hears
/// of it, and with `panic = "abort"` nothing can be caught.
///
/// ```
/// use sealwright::geometry::PageNumber;
/// use sealwright::pdf::File;
/// use sealwright::placement::{PdfText, TextLayer};
/// # let bytes = sealwright_testdata::contract::PDF;
/// let file = File::open(bytes, Default::default())?;
/// let mut text = PdfText::new(&file)?;
/// let first = text.page_text(PageNumber::new(1)?)?;
/// assert!(first.has_text_layer());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PdfText<'f> {
    pub(super) revision: Revision<'f>,
    page_count: u32,
    pub(super) optional_content: OptionalContent,
    pub(super) work: Meter,
    maps: CMaps,
    fonts: HashMap<ObjectId, Option<Rc<Font>>>,
    x_objects: HashMap<ObjectId, XObject>,
    form_bytes: usize,
}

impl<'f> PdfText<'f> {
    /// Of the newest revision of a document.
    ///
    /// # Errors
    ///
    /// If the document has no readable catalog or page tree.
    pub fn new(file: &'f File<'f>) -> Result<Self, TextError> {
        let revision = file.latest();
        Ok(Self {
            revision,
            page_count: revision.page_count()?,
            optional_content: OptionalContent::of(&revision)?,
            work: Meter::new(Limit::Work, file.limits().work),
            maps: CMaps::default(),
            fonts: HashMap::new(),
            x_objects: HashMap::new(),
            form_bytes: 0,
        })
    }

    fn page(&self, page: PageNumber) -> Result<Page, TextError> {
        if page.get() > self.page_count {
            return Err(TextError::PageOutOfRange { page, count: self.page_count });
        }
        Ok(self.revision.page(page.get())?)
    }

    /// The content of a page: its streams, with white space between.
    fn content(&self, page: &Page) -> Result<Vec<u8>, TextError> {
        let Some(contents) = page.dictionary().get(b"Contents") else { return Ok(Vec::new()) };
        let mut parts = Vec::new();
        match &*self.revision.resolve(contents)? {
            Object::Array(items) => parts.extend(items.iter().map(|item| item.value.clone())),
            _ => parts.push(contents.clone()),
        }
        let mut out = Vec::new();
        for part in parts {
            let resolved = self.revision.resolve(&part)?;
            if let (Some(id), Some(stream)) = (part.as_reference(), resolved.as_stream()) {
                out.extend(self.revision.decoded(id, stream)?);
                out.push(b'\n');
            }
        }
        Ok(out)
    }

    /// The font behind an entry of `/Font`; `None` if it is none.
    pub(super) fn font(&mut self, value: &Object) -> Result<Option<Rc<Font>>, TextError> {
        let id = value.as_reference();
        if let Some(known) = id.and_then(|id| self.fonts.get(&id)) {
            return Ok(known.clone());
        }
        let resolved = self.revision.resolve(value)?;
        let font = match resolved.as_dictionary() {
            Some(dictionary) => self.load(dictionary)?.map(Rc::new),
            None => None,
        };
        if let Some(id) = id {
            if self.fonts.len() >= MOST_FONTS {
                self.fonts.clear();
            }
            self.fonts.insert(id, font.clone());
        }
        Ok(font)
    }

    fn load(&mut self, dictionary: &Dictionary) -> Result<Option<Font>, TextError> {
        self.work.spend(COST_OF_A_FONT)?;
        Ok(match dictionary.name(b"Subtype") {
            Some(b"Type0") => {
                Composite::new(&self.revision, &self.work, dictionary, &mut self.maps)?
                    .map(|font| Font::Composite(Box::new(font)))
            }
            Some(_) => {
                Some(Font::Simple(Box::new(Simple::new(&self.revision, &self.work, dictionary)?)))
            }
            None => None,
        })
    }

    /// What an entry of `/XObject` shows, kept if it is of use for other pages.
    pub(super) fn x_object(&mut self, value: &Object) -> Result<XObject, TextError> {
        let Some(id) = value.as_reference() else { return Ok(XObject::Nothing) };
        if let Some(known) = self.x_objects.get(&id) {
            return Ok(known.clone());
        }
        let resolved = self.revision.resolve(value)?;
        let Some(stream) = resolved.as_stream() else { return Ok(XObject::Nothing) };
        let found = match stream.dictionary.get(b"OC") {
            Some(group) if !self.optional_content.shows(&self.revision, group)? => XObject::Nothing,
            _ if stream.dictionary.name(b"Subtype") != Some(b"Form") => XObject::Picture,
            _ => XObject::Form(Rc::new(self.form(id, stream)?)),
        };
        let size = if let XObject::Form(form) = &found { form.content.len() } else { 0 };
        if self.form_bytes.saturating_add(size) <= MOST_FORM_BYTES
            && self.x_objects.len() < MOST_X_OBJECTS
        {
            self.form_bytes += size;
            self.x_objects.insert(id, found.clone());
        }
        Ok(found)
    }

    fn form(&self, id: ObjectId, stream: &Stream) -> Result<Form, TextError> {
        let content = match self.revision.decoded(id, stream) {
            Ok(content) => content,
            Err(error @ Error::Limit(_)) => return Err(error.into()),
            // A form that cannot be decoded shows nothing in viewers either.
            Err(_) => Vec::new(),
        };
        let matrix = match self.revision.lookup(&stream.dictionary, b"Matrix")? {
            Some(value) => numbers(&self.revision, &value, 7)?.try_into().map(Affine).ok(),
            None => None,
        };
        let resources = self.revision.lookup(&stream.dictionary, b"Resources")?;
        Ok(Form {
            content,
            matrix: matrix.unwrap_or(Affine::IDENTITY),
            resources: resources.and_then(|value| value.as_dictionary().cloned()).map(Rc::new),
        })
    }
}

/// What `Do` shows.
#[derive(Clone)]
pub(super) enum XObject {
    /// Nothing that anybody sees: hidden, or no XObject.
    Nothing,
    Picture,
    Form(Rc<Form>),
}

/// A form XObject (§8.10).
pub(super) struct Form {
    pub(super) content: Vec<u8>,
    pub(super) matrix: Affine,
    /// Its own resources; without them it uses those of whoever shows it.
    pub(super) resources: Option<Rc<Dictionary>>,
}

impl TextLayer for PdfText<'_> {
    fn page_count(&self) -> u32 {
        self.page_count
    }

    fn page_size(&mut self, page: PageNumber) -> Result<Size, TextError> {
        let page = self.page(page)?;
        Ok(self.revision.page_geometry(&page)?.visual_size())
    }

    fn page_text(&mut self, page: PageNumber) -> Result<PageText, TextError> {
        let page = self.page(page)?;
        let geometry = self.revision.page_geometry(&page)?;
        let content = self.content(&page)?;
        let resources = match page.attribute(b"Resources") {
            Some(value) => self.revision.resolve(value)?.as_dictionary().cloned(),
            None => None,
        };
        let to_visual = to_visual(&geometry);
        let mut show = Show::new(self, geometry.visual_size());
        show.run(&content, Rc::new(resources.unwrap_or_default()), to_visual)?;
        Ok(show.finish())
    }
}

impl std::fmt::Debug for PdfText<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PdfText").field("pages", &self.page_count).finish_non_exhaustive()
    }
}

/// From default user space to points of the visual page frame.
#[expect(clippy::cast_precision_loss, reason = "coordinates stay below 2^53")]
fn to_visual(geometry: &PageGeometry) -> Affine {
    let page = geometry.visible_box();
    let of = |value: i64| value as f64 / 1000.0;
    let (left, bottom) = (of(page.llx().thousandths()), of(page.lly().thousandths()));
    let (right, top) = (of(page.urx().thousandths()), of(page.ury().thousandths()));
    let size = geometry.visual_size();
    let width = if geometry.rotation().swaps_axes() { size.height() } else { size.width() };
    let unit = of(width.thousandths()) / (right - left);
    let turned = match geometry.rotation() {
        Rotation::R0 => Affine([1.0, 0.0, 0.0, -1.0, -left, top]),
        Rotation::R90 => Affine([0.0, 1.0, 1.0, 0.0, -bottom, -left]),
        Rotation::R180 => Affine([-1.0, 0.0, 0.0, 1.0, right, -bottom]),
        Rotation::R270 => Affine([0.0, -1.0, -1.0, 0.0, top, right]),
    };
    turned.then(Affine([unit, 0.0, 0.0, unit, 0.0, 0.0]))
}

/// CMaps by name and by collection, each parsed once.
#[derive(Default)]
pub(super) struct CMaps(HashMap<Vec<u8>, Option<Rc<CMap>>>);

impl CMaps {
    /// A predefined CMap (§9.7.5.2).
    pub(super) fn named(&mut self, name: &[u8]) -> Option<Rc<CMap>> {
        let parse = || match name {
            b"Identity-H" => Some(CMap::identity_h()),
            b"Identity-V" => Some(CMap::identity_v()),
            _ => {
                let data = hayro_cmap::load_embedded(CMapName::from_bytes(name))?;
                CMap::parse(data, hayro_cmap::load_embedded)
            }
        };
        // Only predefined names have a map, and there are 61 of them; others are not remembered.
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let map = Some(Rc::new(parse()?));
        self.0.insert(name.to_vec(), map.clone());
        map
    }

    /// From the CIDs of a character collection to characters.
    pub(super) fn collection(&mut self, family: &CidFamily) -> Option<Rc<CMap>> {
        self.named(family.ucs2_cmap()?.to_bytes())
    }
}
