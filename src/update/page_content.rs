//! Drawings as page content: what is filled in before the first signature (合并填写内容).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Error;
use super::archive::{Drawings, TransparencyPolicy};
use super::edits::Edits;
use super::filled_field::{self, FilledField};
use super::meaning::Meaning;
use super::page_streams::{PageStreams, StreamReader};
use super::permission::Permissions;
use super::resources::{Added, Named, Origin, PageResources, Reader};
use super::self_check::check_structure;
use super::structure_tree::StructureTree;
use crate::appearance::{Drawing, View};
use crate::geometry::{MilliPoints, PageNumber, PdfRect, Size};
use crate::pdf::{self, Append, File, Object, ObjectId, Page, Splice};
use crate::placement::{Placed, PlannedBox, SealSlice};

/// Drawings that are to become part of the pages of a document: values that are filled in before the
/// first signature, a watermark, the picture of a seal in a preview.
///
/// What comes out is an incremental update. Nothing of the document is changed:
///
/// * the content of a page stays as it is, and is put between `q` and `Q` only where it leaves the
///   graphics state changed; the drawings stand in a stream of their own behind it;
/// * a page that has its resources from somewhere else gets a copy with the drawings' names in it, so
///   that no other page changes; pages that share resources share the copy;
/// * a drawing is written once, however many pages show it, and stands upright on every page.
///
/// In a tagged document a drawing with a description (`/ActualText`) is a figure of the structure (ISO
/// 32000-2 §14.7), behind all that there is; one without is an artifact. The values of a
/// [`Filling`](super::Filling) are paragraphs. A damaged structure stays as it is.
///
/// A document that carries signatures is refused: new page content would break them.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let png = sealwright_testdata::seal::PNG;
/// use sealwright::appearance::UploadedPicture;
/// use sealwright::geometry::{Mm, PageNumber, Rect};
/// use sealwright::limits::Limits;
/// use sealwright::pdf::File;
/// use sealwright::placement::Placed;
/// use sealwright::update::PageContent;
///
/// let logo = UploadedPicture::from_bytes(png)?.drawing(Mm(20.0))?;
/// let bytes = sealwright_testdata::documents::classic_table();
/// let file = File::open(&bytes, Limits::default())?;
///
/// let page = PageNumber::new(1)?;
/// let geometry = file.latest().page_geometry(&file.latest().page(1)?)?;
/// let at = Placed::on(page, &geometry, Rect::new(Mm(10.0), Mm(10.0), Mm(20.0), Mm(20.0))?)?;
/// let mut content = PageContent::of(&file)?;
/// content.draw(at, &logo);
/// let appended = content.finish()?;
///
/// let filled = [bytes.as_slice(), &appended].concat();
/// assert_eq!(File::open(&filled, Limits::default())?.revision_count(), 2);
/// # Ok(()) }
/// ```
pub struct PageContent<'f> {
    file: &'f File<'f>,
    drawings: BTreeMap<PageNumber, Vec<Painted>>,
    fields: Vec<FilledField>,
    transparency: TransparencyPolicy,
    /// Whether the structure of a tagged document gets to know what is drawn.
    tags: bool,
}

/// A drawing in its place.
struct Painted {
    placed: Placed,
    drawing: Drawing,
    /// How large it is by itself.
    own: Size,
    slice: Option<SealSlice>,
    meaning: Meaning,
}

impl<'f> PageContent<'f> {
    /// Nothing yet, for this document.
    ///
    /// # Errors
    ///
    /// [`Error::SignedBefore`]; if it was repaired, is closed or forbids this, or has no readable form.
    pub fn of(file: &'f File<'f>) -> Result<Self, Error> {
        file.require(pdf::Permissions::may_modify, "change pages")?;
        let revision = file.latest();
        let signatures = Permissions::read(revision, &revision.fields()?)?.signatures;
        if signatures > 0 {
            return Err(Error::SignedBefore { signatures });
        }
        Ok(Self { tags: true, ..Self::of_copy(file)? })
    }

    /// The same for a copy that nobody will sign or keep: a preview may paint over signatures too.
    pub(super) fn of_copy(file: &'f File<'f>) -> Result<Self, Error> {
        Append::to(file)?;
        let transparency = TransparencyPolicy::default();
        let (drawings, fields) = (BTreeMap::new(), Vec::new());
        Ok(Self { file, drawings, fields, transparency, tags: false })
    }

    /// What becomes of transparency in a document that claims to be PDF/A and permits none; refused
    /// unless said otherwise.
    #[must_use]
    pub fn transparency(self, transparency: TransparencyPolicy) -> Self {
        Self { transparency, ..self }
    }

    /// In a rectangle, standing there as [`Drawing::fit`] says: unless told otherwise in its own size,
    /// or smaller where the rectangle is, and in the middle. Later drawings lie over earlier ones.
    pub fn draw(&mut self, placed: Placed, drawing: &Drawing) {
        self.draw_meaning(placed, drawing, Meaning::of(drawing));
    }

    /// The same for a drawing of which more is known than it says itself.
    pub(super) fn draw_meaning(&mut self, placed: Placed, drawing: &Drawing, meaning: Meaning) {
        let (drawing, own) = (drawing.clone(), drawing.size());
        self.add(Painted { placed, drawing, own, slice: None, meaning });
    }

    /// In a rectangle of a plan: a whole control, or the slice of a cross-page seal that it shows.
    pub fn draw_planned(&mut self, planned: &PlannedBox, drawing: &Drawing) {
        self.draw_planned_as(planned, drawing, drawing.size());
    }

    /// The same for a drawing that has another size by itself.
    pub(super) fn draw_planned_as(&mut self, planned: &PlannedBox, drawing: &Drawing, own: Size) {
        let (placed, slice) = (*planned.placed(), planned.slice().copied());
        let (drawing, meaning) = (drawing.clone(), Meaning::of(drawing));
        self.add(Painted { placed, drawing, own, slice, meaning });
    }

    fn add(&mut self, painted: Painted) {
        self.drawings.entry(painted.placed.page()).or_default().push(painted);
    }

    /// Puts a value into a field of the form.
    pub(super) fn fill(&mut self, field: FilledField) {
        self.fields.push(field);
    }

    /// The bytes to be appended to the document; none if nothing was drawn.
    ///
    /// # Errors
    ///
    /// [`Error::PageContent`] for a page behind whose content nothing can be painted, a page that does
    /// not exist or is damaged, [`Error::OtherSize`] for the slice of a seal of another size, [`Error::PdfA`] for
    /// what a document's claim does not permit, and [`Error::SelfCheck`] if the result does not read back.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        if self.drawings.is_empty() && self.fields.is_empty() {
            return Ok(Vec::new());
        }
        let pages = self.pages()?;
        let mut merge = Merge::new(self.file, &pages, self.transparency)?;
        let mut forms = BTreeMap::new();
        for page in &pages {
            let painted = self.drawings.get(&page.number).map_or(&[][..], Vec::as_slice);
            forms.insert(page.number, merge.forms(page, painted)?);
        }
        let copies = merge.shared_resources(&pages, &forms)?;
        let mut edits = Edits::default();
        if self.tags {
            merge.open_structure(&pages)?;
        }
        if let Some(structure) = &mut merge.structure {
            filled_field::tag_all(&self.fields, structure, &mut merge.append, &mut edits)?;
        }
        let mut written = Vec::with_capacity(pages.len());
        for page in &pages {
            let shown = forms.get(&page.number).map_or(&[][..], Vec::as_slice);
            merge.page(page, shown, &copies)?;
            written.push((page, shown));
        }
        let Merge { mut append, mut drawings, structure, .. } = merge;
        filled_field::write_all(&self.fields, &mut drawings, &mut append, &mut edits)?;
        if let Some(structure) = &structure {
            structure.edit(&mut append, &mut edits)?;
        }
        edits.write(&mut append)?;
        let appended = append.finish()?;
        check(self.file, &appended, &written, &self.fields, structure.as_ref())?;
        Ok(appended)
    }

    /// The pages that are drawn on, each read once.
    fn pages(&self) -> Result<Vec<Target>, Error> {
        let revision = self.file.latest();
        let mut targets = Vec::with_capacity(self.drawings.len());
        let mut resources = Reader::new(revision);
        let mut streams = StreamReader::new(revision);
        let mut take = |page: Page| {
            let Ok(number) = PageNumber::new(page.number()) else { return Ok(()) };
            if self.drawings.contains_key(&number) {
                let content = streams.read(number, &page)?;
                let resources = resources.read(&page)?;
                targets.push(Target { number, page, resources, content });
            }
            Ok::<_, Error>(())
        };
        // Asking for a few pages is cheaper than walking, for many it is dearer.
        if self.drawings.len() > 8 {
            revision.each_page(take)?;
        } else {
            for number in self.drawings.keys() {
                take(revision.page(number.get())?)?;
            }
        }
        let found: BTreeSet<_> = targets.iter().map(|target| target.number).collect();
        match self.drawings.keys().find(|number| !found.contains(number)) {
            Some(number) => Err(revision.page(number.get()).map_or_else(Error::from, |_| {
                Error::SelfCheck { problem: "a page that exists was not found" }
            })),
            None => Ok(targets),
        }
    }
}

impl Painted {
    /// What is seen in the place.
    fn view(&self) -> Result<View, Error> {
        let (fit, own) = (self.drawing.fit(), self.own);
        let Some(slice) = &self.slice else { return Ok(View::All { fit, own }) };
        let corner = if slice.is_upright_cut() {
            [slice.from, MilliPoints::ZERO]
        } else {
            [MilliPoints::ZERO, slice.from]
        };
        let whole = slice.whole;
        View::part(fit, own, whole, corner).ok_or(Error::OtherSize { own, whole })
    }
}

/// A page that is drawn on.
struct Target {
    number: PageNumber,
    page: Page,
    resources: PageResources,
    /// What is there.
    content: PageStreams,
}

/// A form of one drawing on one page, and where its lower left corner is.
struct Shown {
    name: String,
    form: ObjectId,
    at: PdfRect,
    meaning: Meaning,
}

/// The update in the making.
struct Merge<'f> {
    append: Append<'f>,
    drawings: Drawings,
    structure: Option<StructureTree>,
    /// Forms and streams that are written, by their text: what is the same is written once.
    written: HashMap<Vec<u8>, ObjectId>,
    names: HashMap<ObjectId, String>,
    taken: HashSet<String>,
    /// The number of the last name that was given.
    last_name: usize,
}

/// How the names of drawings begin.
const PREFIX: &str = "Sw";

/// What pages get for resources that do not stand in their own objects.
#[derive(Default)]
struct Copies {
    resources: BTreeMap<Origin, ObjectId>,
    /// Of `/XObject` dictionaries that are objects of their own.
    xobjects: BTreeMap<ObjectId, ObjectId>,
}

impl Copies {
    fn xobjects_of(&self, page: &PageResources) -> Option<ObjectId> {
        page.xobjects_elsewhere().and_then(|id| self.xobjects.get(&id).copied())
    }
}

impl<'f> Merge<'f> {
    fn new(
        file: &'f File<'_>,
        pages: &[Target],
        transparency: TransparencyPolicy,
    ) -> Result<Self, Error> {
        let (mut read, mut taken) = (HashSet::new(), HashSet::new());
        for page in pages {
            page.resources.names(PREFIX, &mut read, &mut taken);
        }
        Ok(Self {
            append: Append::to(file)?,
            drawings: Drawings::of(file.latest(), transparency)?,
            structure: None,
            written: HashMap::new(),
            names: HashMap::new(),
            taken,
            last_name: 0,
        })
    }

    /// Reads the structure of a tagged document, which gets to know what is drawn on these pages.
    fn open_structure(&mut self, pages: &[Target]) -> Result<(), Error> {
        let revision = self.append.base();
        self.structure = StructureTree::of(revision, 0)?;
        let Some(structure) = &mut self.structure else { return Ok(()) };
        let mut free = Vec::with_capacity(pages.len());
        for target in pages {
            let named = target.resources.free_number(revision)?;
            free.push((&target.page, named.max(target.content.free_number)));
        }
        Ok(structure.mark_pages(revision, &free)?)
    }

    /// Writes what is drawn on one page, as far as it is not written yet.
    fn forms(&mut self, target: &Target, painted: &[Painted]) -> Result<Vec<Shown>, Error> {
        let mut shown = Vec::with_capacity(painted.len());
        for it in painted {
            let (view, Painted { placed, drawing, meaning, .. }) = (it.view()?, it);
            let append = &mut self.append;
            let (revision, page) = (append.base(), target.page.id());
            let drawing = &self.drawings.admit(revision, target.number, page, drawing)?;
            let mut take = || append.allocate().map(|id| id.number);
            let numbers = &mut self.drawings.numbers;
            let body = drawing.form(placed, view, numbers, &mut take)?;
            self.append.put_written(|out| numbers.write(out));
            let form = self.object(body)?;
            let (at, meaning) = (placed.user_space(), meaning.clone());
            shown.push(Shown { name: self.name(form), form, at, meaning });
        }
        Ok(shown)
    }

    /// The object with this body, written if it is new.
    fn object(&mut self, body: Vec<u8>) -> Result<ObjectId, Error> {
        if let Some(id) = self.written.get(&body) {
            return Ok(*id);
        }
        let id = self.append.allocate()?;
        self.append.put(id, &body);
        self.written.insert(body, id);
        Ok(id)
    }

    fn stream(&mut self, data: &[u8]) -> Result<ObjectId, Error> {
        let head = format!("<</Length {}>>\nstream\n", data.len());
        self.object([head.as_bytes(), data, b"\nendstream"].concat())
    }

    /// A name that no page that is drawn on has for anything.
    fn name(&mut self, form: ObjectId) -> String {
        if let Some(name) = self.names.get(&form) {
            return name.clone();
        }
        let name = loop {
            self.last_name += 1;
            let name = format!("{PREFIX}{}", self.last_name);
            if !self.taken.contains(&name) {
                break name;
            }
        };
        self.names.insert(form, name.clone());
        name
    }

    /// For each place that several pages may have their resources from, a copy with all that is drawn
    /// on these pages.
    fn shared_resources(
        &mut self,
        pages: &[Target],
        forms: &BTreeMap<PageNumber, Vec<Shown>>,
    ) -> Result<Copies, Error> {
        let mut xobjects: BTreeMap<ObjectId, (&PageResources, Added)> = BTreeMap::new();
        let mut resources: BTreeMap<Origin, (&PageResources, Added)> = BTreeMap::new();
        for page in pages {
            let own = &page.resources;
            let shown = forms.get(&page.number).map_or(&[][..], Vec::as_slice);
            let shown = || shown.iter().map(|it| (it.name.clone(), it.form));
            if let Some(id) = own.xobjects_elsewhere() {
                xobjects.entry(id).or_insert((own, Added::new())).1.extend(shown());
            }
            if own.origin != Origin::Own {
                resources.entry(own.origin).or_insert((own, Added::new())).1.extend(shown());
            }
        }
        let mut copies = Copies::default();
        for (id, (of, names)) in xobjects {
            copies.xobjects.insert(id, of.copy_xobjects(&mut self.append, &names)?);
        }
        for (origin, (of, names)) in resources {
            let copy = of.copy(&mut self.append, &names, copies.xobjects_of(of))?;
            copies.resources.insert(origin, copy);
        }
        Ok(copies)
    }

    /// Writes a page again: its content, and its resources.
    fn page(&mut self, target: &Target, shown: &[Shown], copies: &Copies) -> Result<(), Error> {
        let contents = self.contents(target, shown)?;
        let revision = self.append.base();
        let id = target.page.id();
        let object = revision.get(id)?.ok_or(pdf::Error::structure(id, "missing"))?;
        let mut splice = Splice::of(revision, &object)?;
        let (dictionary, span) = (target.page.dictionary(), object.object.span);
        splice.set(dictionary, span, b"Contents", contents.as_bytes());
        let entries = self.structure.as_mut().map(|structure| structure.page_entries(id));
        for (key, value) in entries.unwrap_or_default() {
            splice.set(dictionary, span, key.as_bytes(), value.as_bytes());
        }
        match copies.resources.get(&target.resources.origin) {
            Some(copy) => {
                splice.set(dictionary, span, b"Resources", format!("{copy} R").as_bytes())
            }
            None => {
                let added = shown.iter().map(|it| (it.name.clone(), it.form)).collect();
                let xobjects = copies.xobjects_of(&target.resources);
                target.resources.grow(revision, &added, xobjects, &mut splice)?;
            }
        }
        let body = splice.finish()?;
        self.append.put(id, &body);
        Ok(())
    }

    /// `/Contents`: what was there, isolated where it has to be, and what is drawn.
    fn contents(&mut self, target: &Target, shown: &[Shown]) -> Result<String, Error> {
        let mut streams = Vec::with_capacity(target.content.ids.len() + 2);
        let opening = target.content.ending.opening();
        if !opening.is_empty() {
            streams.push(self.stream(&opening)?);
        }
        streams.extend_from_slice(&target.content.ids);
        let mut drawn = target.content.ending.closing();
        for it in shown {
            let (x, y) = (it.at.llx(), it.at.lly());
            let paint = format!("q 1 0 0 1 {x} {y} cm /{} Do Q\n", it.name);
            let page = target.page.id();
            let mcid = match &mut self.structure {
                Some(structure) => {
                    structure.add_content(page, &it.meaning, it.at, &mut self.append)?
                }
                None => None,
            };
            let opening = it.meaning.opening(mcid, self.drawings.are_tagged());
            let closing = if opening.is_some() { "EMC\n" } else { "" };
            drawn.extend(opening.unwrap_or_default());
            drawn.extend_from_slice(format!("{paint}{closing}").as_bytes());
        }
        streams.push(self.stream(&drawn)?);
        let listed: Vec<String> = streams.iter().map(|id| format!("{id} R")).collect();
        Ok(format!("[{}]", listed.join(" ")))
    }
}

/// Reads the result back: every page is what it was but for its content and resources, has its old
/// streams in their order, and paints what was to be drawn.
fn check(
    file: &File<'_>,
    appended: &[u8],
    written: &[(&Target, &[Shown])],
    fields: &[FilledField],
    structure: Option<&StructureTree>,
) -> Result<(), Error> {
    let wrong = |problem| Error::SelfCheck { problem };
    let extended = File::extended(file, appended)?;
    filled_field::check_all(fields, file, &extended)?;
    check_structure(&extended, structure)?;
    let latest = extended.latest();
    let mut named = Named::of(latest);
    for (target, shown) in written {
        let page = match latest.get(target.page.id())?.map(|found| found.object.value) {
            Some(Object::Dictionary(page)) => page,
            _ => return Err(wrong("a page is gone")),
        };
        let tagged: &[&[u8]] = if structure.is_some() { &[b"StructParents", b"Tabs"] } else { &[] };
        let kept =
            |key: &[u8]| !matches!(key, b"Contents" | b"Resources") && !tagged.contains(&key);
        let same = target.page.dictionary().iter().filter(|(key, _)| kept(key));
        if !same.eq(page.iter().filter(|(key, _)| kept(key))) {
            return Err(wrong("a page lost something else than its content"));
        }
        let listed = page.get(b"Contents").and_then(Object::as_array).unwrap_or(&[]);
        let streams: Vec<_> = listed.iter().filter_map(|it| it.value.as_reference()).collect();
        let ids = &*target.content.ids;
        let old = usize::from(!target.content.ending.is_clean());
        if streams.get(old..old + ids.len()) != Some(ids) {
            return Err(wrong("a page lost content"));
        }
        let names = named.on(&page)?.ok_or(wrong("a page lost its resources"))?;
        for it in *shown {
            let form = names.get(it.name.as_bytes());
            if form != Some(&it.form) || latest.get(it.form)?.is_none() {
                return Err(wrong("a drawing is not among the resources of its page"));
            }
        }
    }
    Ok(())
}
