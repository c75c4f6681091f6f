//! The fields of a document, which signature stands in each, and what lies over them.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::geometry::PdfRect;
use crate::pdf::{Error, Field, Object, ObjectId, Revision};
use crate::placement::Placed;
use crate::report::Report;

/// So many annotations of a document are looked at; fields that are not among them are not found.
const MOST_ANNOTATIONS: usize = 200_000;
/// Hidden or NoView: bits 2 and 6 of `/F` (ISO 32000-2 Table 167).
const UNSEEN: i64 = 0b10_0010;
/// Print: bit 3.
const PRINTED: i64 = 0b100;
/// ToggleNoView: bit 9.
const TOGGLED: i64 = 0b1_0000_0000;
/// By how much rectangles may differ that ought to be equal, in thousandths of a unit.
const HAIR: u64 = 10;

/// The fields of a revision by name.
pub(super) struct Form {
    fields: HashMap<String, Field>,
    /// The place in the report of the signature in a field.
    signatures: HashMap<String, usize>,
    /// Names that several fields have.
    doubled: HashSet<String>,
    /// The widgets of fields with a signature, whosever it is.
    signed: HashSet<ObjectId>,
}

impl Form {
    /// Several fields may have one signature; the report names one of them.
    pub(super) fn read(view: Revision<'_>, report: &Report) -> Result<Self, Error> {
        let (mut fields, mut doubled, mut signed) =
            (HashMap::<String, Field>::new(), HashSet::new(), HashSet::new());
        for field in view.fields()? {
            if field.is_signature() && field.value.is_some() {
                signed.extend(field.widgets.iter().copied());
            }
            match fields.entry(field.name.clone()) {
                Entry::Occupied(first) => _ = doubled.insert(first.key().clone()),
                Entry::Vacant(place) => _ = place.insert(field),
            }
        }
        let value = |name: &str| fields.get(name)?.value.as_ref()?.as_reference();
        let known: HashMap<ObjectId, usize> = report
            .signatures
            .iter()
            .enumerate()
            .filter_map(|(place, signature)| Some((value(&signature.field)?, place)))
            .collect();
        let signatures = fields
            .keys()
            .filter_map(|name| Some((name.clone(), *known.get(&value(name)?)?)))
            .collect();
        Ok(Self { fields, signatures, doubled, signed })
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }

    /// Whether several fields have this name: then a reader takes one or the other.
    pub(super) fn is_doubled(&self, name: &str) -> bool {
        self.doubled.contains(name)
    }

    /// The widgets of all fields with a signature.
    pub(super) fn signed(&self) -> &HashSet<ObjectId> {
        &self.signed
    }

    /// The signature in a field, by its place in the report.
    pub(super) fn signature_in(&self, name: &str) -> Option<usize> {
        self.signatures.get(name).copied()
    }

    /// The widgets of these fields.
    pub(super) fn widgets<'n>(&self, names: impl Iterator<Item = &'n String>) -> HashSet<ObjectId> {
        names.filter_map(|name| self.field(name)).flat_map(|it| it.widgets.clone()).collect()
    }
}

/// Whether a field has a value that is not empty.
pub(super) fn is_filled(view: Revision<'_>, field: &Field) -> bool {
    let Some(value) = &field.value else { return false };
    match view.resolve(value).as_deref() {
        Ok(Object::String(text)) => !text.bytes.is_empty(),
        Ok(Object::Null) | Err(_) => false,
        Ok(_) => true,
    }
}

/// What keeps a widget that was made for a control from being seen as it is, always and on paper.
pub(super) fn veiled(view: Revision<'_>, widget: ObjectId) -> Option<&'static str> {
    let Ok(dictionary) = view.dictionary(widget) else { return Some("unreadable") };
    let flags = dictionary.integer(b"F").unwrap_or(0);
    let appearance = view.lookup(&dictionary, b"AP").ok().flatten();
    let appearance = appearance.as_deref().and_then(Object::as_dictionary);
    let only_normal = appearance.is_some_and(|all| all.iter().all(|(key, _)| key == b"N"));
    let reasons = [
        (flags & UNSEEN != 0, "hidden"),
        (flags & TOGGLED != 0, "hidden under the mouse"),
        (flags & PRINTED == 0, "not printed"),
        (dictionary.contains(b"OC"), "in a layer that can be switched off"),
        (!only_normal, "something else under the mouse, or nothing"),
    ];
    reasons.into_iter().find(|(holds, _)| *holds).map(|(_, why)| why)
}

/// An annotation as its page lists it.
struct Annotation {
    id: Option<ObjectId>,
    rect: Option<PdfRect>,
    seen: bool,
}

impl Annotation {
    /// Whether it is drawn where this box is.
    fn is_at(&self, placed: &Placed) -> bool {
        let Some(rect) = self.rect else { return false };
        let planned = placed.user_space();
        let near = |a: crate::geometry::Coordinate, b: crate::geometry::Coordinate| {
            a.thousandths().abs_diff(b.thousandths()) <= HAIR
        };
        near(rect.llx(), planned.llx())
            && near(rect.lly(), planned.lly())
            && near(rect.urx(), planned.urx())
            && near(rect.ury(), planned.ury())
    }

    fn lies_over(&self, placed: &Placed) -> bool {
        let planned = placed.user_space();
        self.seen && self.rect.is_some_and(|rect| rect.intersection(&planned).is_some())
    }
}

/// The annotations of the pages of one revision, each read once.
pub(super) struct Annotations<'f> {
    view: Revision<'f>,
    known: HashMap<u32, Vec<Annotation>>,
    /// On which of the pages that were read an annotation stands.
    pages: HashMap<ObjectId, u32>,
    left: usize,
}

impl<'f> Annotations<'f> {
    pub(super) fn of(view: Revision<'f>) -> Self {
        Self { view, known: HashMap::new(), pages: HashMap::new(), left: MOST_ANNOTATIONS }
    }

    /// Reads these pages.
    pub(super) fn read(&mut self, pages: impl Iterator<Item = u32>) {
        for page in pages {
            if self.known.contains_key(&page) {
                continue;
            }
            let listed = read(self.view, page, self.left).unwrap_or_default();
            self.left = self.left.saturating_sub(listed.len());
            for id in listed.iter().filter_map(|it| it.id) {
                self.pages.entry(id).or_insert(page);
            }
            self.known.insert(page, listed);
        }
    }

    /// The page on which a widget stands, if that was read.
    pub(super) fn page_of(&self, widget: ObjectId) -> Option<u32> {
        self.pages.get(&widget).copied()
    }

    /// Whether a widget is drawn in this box.
    pub(super) fn is_at(&self, widget: ObjectId, placed: &Placed) -> bool {
        let mut listed = self.on(placed.page().get()).iter();
        listed.any(|it| it.id == Some(widget) && it.is_at(placed))
    }

    /// Those of a page, in the order in which they are drawn.
    fn on(&self, page: u32) -> &[Annotation] {
        self.known.get(&page).map_or(&[], Vec::as_slice)
    }

    /// The annotation that is drawn over a widget on its page, if there is one that is not expected
    /// there.
    pub(super) fn over(
        &self,
        widget: ObjectId,
        placed: &Placed,
        expected: &HashSet<ObjectId>,
    ) -> Option<String> {
        let listed = self.on(placed.page().get());
        let behind = listed.iter().position(|it| it.id == Some(widget))?;
        let later = listed.iter().skip(behind.saturating_add(1));
        let strange = later.filter(|it| it.id.is_none_or(|id| !expected.contains(&id)));
        let found = strange.into_iter().find(|it| it.lies_over(placed))?;
        Some(found.id.map_or_else(|| "an annotation".to_owned(), |id| format!("object {id}")))
    }
}

fn read(view: Revision<'_>, page: u32, most: usize) -> Result<Vec<Annotation>, Error> {
    let page = view.page(page)?;
    let Some(list) = view.lookup(page.dictionary(), b"Annots")? else { return Ok(Vec::new()) };
    let listed = list.as_array().unwrap_or(&[]).iter().take(most);
    Ok(listed.map(|item| annotation(view, &item.value)).collect())
}

fn annotation(view: Revision<'_>, item: &Object) -> Annotation {
    let id = item.as_reference();
    let found = view.resolve(item).ok();
    let dictionary = found.as_deref().and_then(Object::as_dictionary);
    let rect = dictionary.and_then(|dictionary| {
        let corners = view.lookup(dictionary, b"Rect").ok()??;
        let numbers = corners.as_array()?.iter().map(|it| it.value.as_number());
        let corners: [f64; 4] = numbers.collect::<Option<Vec<_>>>()?.try_into().ok()?;
        PdfRect::from_corners(corners).ok()
    });
    let flags = dictionary.and_then(|it| it.integer(b"F")).unwrap_or(0);
    Annotation { id, rect, seen: flags & UNSEEN == 0 }
}
